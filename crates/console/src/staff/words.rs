//! `staff.noted` in one Chinese sentence, for timelines and the conflict box. Never a phone.

use crate::order::Desk;
use crate::store::StoreError;
use jiff::civil::Date;
use zaigang_domain::duty::staff::{Noted, Paper};

impl Desk<'_> {
    /// What was noted.
    pub(crate) fn staff_text(&self, payload: &str) -> Result<String, StoreError> {
        let Ok(noted) = serde_json::from_str::<Noted>(payload) else {
            return Ok("内容来自更新的程序版本，升级后可读。".to_owned());
        };
        let date = |date: Option<Date>| date.map_or_else(|| "清除".to_owned(), |date| date.to_string());
        let mut parts = Vec::new();
        if let Some(skills) = &noted.skills {
            parts.push(format!("技能：{}", skills.join("、")));
        }
        parts.extend(noted.joined.map(|joined| format!("到场：{}", date(joined))));
        parts.extend(noted.left.map(|left| format!("离场：{}", date(left))));
        for (paper, day) in &noted.papers {
            parts.push(format!("{}：{}", paper_word(*paper), date(*day)));
        }
        match &noted.deputy {
            Some(Some(deputy)) => {
                let name = self.name(deputy.user.as_str())?;
                parts.push(format!("代理人：{name}（{} 至 {}）", deputy.from, deputy.to));
            }
            Some(None) => parts.push("取消代理人".to_owned()),
            None => {}
        }
        for notice in noted.notices.iter().flatten() {
            parts.push(format!("{} {}", notice.kind.title(), notice.date));
        }
        if noted.phones {
            parts.push("更新电话".to_owned());
        }
        Ok(parts.join("；"))
    }
}

fn paper_word(paper: Paper) -> String {
    if paper.expires() { format!("{}有效期至", paper.title()) } else { paper.title().to_owned() }
}
