//! Accepting, refusing and watching a handover.

use super::{not_on_duty, text_of};
use crate::door::dto::{DoorError, HandoverAnswer, Written};
use crate::order::{Pen, already, key};
use zaigang_domain::duty::handover::{Answer, Handover, NOTE_CHARS_MAX, Stage};
use zaigang_domain::event::EntityId;

impl Pen<'_> {
    /// Says something to the signing that was read: `kind` is `handover.accepted`, `.refused` or `.witnessed`.
    ///
    /// # Errors
    /// Not allowed; not now where it was answered or signed anew meanwhile; bad input naming the field.
    pub fn answer_handover(&mut self, args: &HandoverAnswer, kind: &str) -> Result<Written, DoorError> {
        let key = key(self, &format!("{kind}/{}", args.id), &args.idempotency_key)?;
        let handover = self.desk().handover_state(&args.id)?;
        let id = EntityId::new(args.id.as_str()).map_err(DoorError::broken)?;
        if self.is_repeated(&key)? {
            return Ok(already(&id, answered(kind, &handover)));
        }
        self.check_answer(&handover, kind, args)?;
        let answer =
            Answer { signing: handover.out.event, text: text_of(&args.text, NOTE_CHARS_MAX, "text")? };
        if kind == "handover.refused" && answer.text.is_empty() {
            return Err(DoorError::bad_input("请写明退回的原因，交班人据此改正。").at("text"));
        }
        let mut draft = self.fact(kind, &answer)?;
        draft.expect.insert("signing".to_owned(), handover.out.event.to_string());
        if kind != "handover.witnessed" {
            draft.expect.insert("stage".to_owned(), handover.stage.code().to_owned());
        }
        // A signing that waits for the centre takes this along if it is not taken.
        draft.deps.push(handover.out.event);
        self.put_duty(&id, draft, &key, answered(kind, &handover))
    }

    fn check_answer(&self, handover: &Handover, kind: &str, args: &HandoverAnswer) -> Result<(), DoorError> {
        if self.actor.is(handover.out.by.as_ref()) {
            let message = "交班人不能自己接班或监交，请由接班人登录，或在本机用接班人的密码签字。";
            return Err(DoorError::not_allowed(message).at("login"));
        }
        let watches = self.actor.is(handover.signed.witness.as_ref());
        if kind == "handover.witnessed" {
            return match (watches, handover.witnessed.is_some()) {
                (false, _) => Err(DoorError::not_allowed("只有指定的监交人可以监交签字。").at("login")),
                (_, true) => Err(DoorError::not_now("监交人已经签过字。")),
                (true, false) => same_signing(handover, args),
            };
        }
        if watches {
            return Err(DoorError::not_allowed("监交人不能同时接班，请由另一人接班。").at("login"));
        }
        if !self.desk().works_on_duty() {
            return Err(not_on_duty());
        }
        match handover.stage {
            Stage::Offered => same_signing(handover, args),
            Stage::Refused => Err(DoorError::not_now("这次交接班已被退回，请等交班人改正后重新签字。")),
            Stage::Accepted => {
                let by = self.desk().optional_name(handover.taken_by())?;
                Err(DoorError::not_now(format!("这次交接班已由{by}接班。")))
            }
        }
    }
}

fn same_signing(handover: &Handover, args: &HandoverAnswer) -> Result<(), DoorError> {
    if args.signing == handover.out.event.to_string() {
        return Ok(());
    }
    Err(DoorError::not_now("交班人刚刚改过内容并重新签字，请重新查看后再签。"))
}

fn answered(kind: &str, handover: &Handover) -> String {
    let posts: Vec<&str> = handover.signed.posts.iter().map(|post| post.name.as_str()).collect();
    match kind {
        "handover.accepted" => format!("已接班：{}，自现在起由您值班", posts.join("、")),
        "handover.refused" => "已退回，值班责任仍由交班人承担".to_owned(),
        _ => "已监交签字".to_owned(),
    }
}
