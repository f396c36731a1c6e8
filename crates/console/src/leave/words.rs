//! `leave.*` in one Chinese sentence, for the conflict box and winners. Never the reason.

use super::act::span_text;
use crate::order::Desk;
use crate::store::StoreError;
use zaigang_domain::duty::leave::{Act, Asked};
use zaigang_domain::judge::EntityState;

impl Desk<'_> {
    /// What was asked, decided or answered.
    pub(crate) fn leave_text(&self, kind: &str, payload: &str) -> Result<String, StoreError> {
        let Some(act) = Act::read(kind, payload) else {
            return Ok("内容来自更新的程序版本，升级后可读。".to_owned());
        };
        let yes = |approve: bool| if approve { "同意" } else { "不同意" };
        let with = |text: String, words: &str| match words {
            "" => text,
            words => format!("{text}；{words}"),
        };
        Ok(match act {
            Act::Asked(asked) => self.asked_text(&asked)?,
            Act::Withdrawn(_) => String::new(),
            Act::Decided(p) => with(yes(p.approve).to_owned(), &p.words),
            Act::Substituted(p) => format!("替班人：{}", self.name(p.person.as_str())?),
            Act::Answered(p) => with(format!("{}：{}", p.step.title(), yes(p.approve)), &p.words),
        })
    }

    fn asked_text(&self, asked: &Asked) -> Result<String, StoreError> {
        let name = self.name(asked.person.as_str())?;
        let emergency = if asked.emergency { "（紧急）" } else { "" };
        let substitute = asked.substitute.as_ref().map(|user| self.name(user.as_str())).transpose()?;
        let substitute = substitute.map(|name| format!("；替班人：{name}")).unwrap_or_default();
        let (kind, span) = (asked.kind.title(), span_text(asked.from, asked.to));
        Ok(format!("{name} {kind} {span}{emergency}{substitute}"))
    }

    /// Whose leave an entity is, for messages; of one that was not taken, by the request itself.
    pub(crate) fn leave_title(
        &self,
        entity: &str,
        kind: &str,
        payload: &str,
    ) -> Result<Option<String>, StoreError> {
        if !entity.starts_with("leave/") {
            return Ok(None);
        }
        if let Some(EntityState::Leave(leave)) = self.store.entity(entity)? {
            let name = self.name(leave.person.as_str())?;
            return Ok(Some(format!(
                "请假：{name} {} {}",
                leave.kind.title(),
                span_text(leave.from, leave.to)
            )));
        }
        Ok(Some(match Act::read(kind, payload) {
            Some(Act::Asked(asked)) => format!("请假：{}", self.asked_text(&asked)?),
            _ => "请假（未被中心端采纳）".to_owned(),
        }))
    }
}
