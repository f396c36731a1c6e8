//! Signing out: what was filled in is checked, orders and clocks are read at that moment.

use super::{not_on_duty, short, text_of};
use crate::door::dto::{DoorError, HandoverSign, MatterDto, SystemDto, ThingDto, Written};
use crate::host::new_id;
use crate::order::{Pen, already, key};
use jiff::civil::Date;
use zaigang_domain::calendar::civil_date;
use zaigang_domain::duty::handover::{
    LINE_CHARS_MAX, LINES_MAX, Matter, MatterKind, NOTE_CHARS_MAX, OrderLine, PostRef, SignedOut, Stage,
    SystemLine, Thing, ThingKind,
};
use zaigang_domain::event::{EntityId, EventId, UserId};

impl Pen<'_> {
    /// Signs a handover, or signs one anew that nobody has accepted yet.
    ///
    /// # Errors
    /// Not allowed; bad input naming the field; not now where it was accepted or changed meanwhile.
    pub fn sign_out(&mut self, args: &HandoverSign) -> Result<Written, DoorError> {
        let key = key(self, "handover", &args.idempotency_key)?;
        if let Some(id) = self.registered_under(&key)? {
            let handover = self.desk().handover_state(id.as_str())?;
            return Ok(already(&id, self.offered_text(handover.signed.to.as_ref())?));
        }
        if !self.desk().works_on_duty() {
            return Err(not_on_duty());
        }
        let signed = self.signed(args)?;
        let mut draft = self.fact("handover.signed_out", &signed)?;
        let id = match args.id.as_deref().filter(|id| !id.is_empty()) {
            None => EntityId::new(format!("handover/{}", EventId(new_id(self.host))))
                .map_err(DoorError::broken)?,
            Some(id) => {
                self.check_again(id, args.signing.as_deref())?;
                draft.expect.insert("signing".to_owned(), args.signing.clone().unwrap_or_default());
                EntityId::new(id).map_err(DoorError::broken)?
            }
        };
        let message = self.offered_text(signed.to.as_ref())?;
        self.put_duty(&id, draft, &key, message)
    }

    fn offered_text(&self, to: Option<&UserId>) -> Result<String, DoorError> {
        let to = self.desk().optional_name(to)?;
        let to = if to.is_empty() { "接班人" } else { to.as_str() };
        Ok(format!("已签字交班，待{to}接班；接班前值班责任仍由您承担"))
    }

    fn check_again(&self, id: &str, signing: Option<&str>) -> Result<(), DoorError> {
        let handover = self.desk().handover_state(id)?;
        if !self.actor.is(handover.out.by.as_ref()) {
            return Err(DoorError::not_allowed("只有交班人本人可以重新签字。"));
        }
        if handover.stage == Stage::Accepted {
            return Err(DoorError::not_now("这次交接班已被接班，不能再改；如有补充请写入值班日志。"));
        }
        if signing != Some(handover.out.event.to_string().as_str()) {
            return Err(DoorError::not_now("这次交接班刚被重新签过，请刷新后再改。"));
        }
        Ok(())
    }

    fn signed(&self, args: &HandoverSign) -> Result<SignedOut, DoorError> {
        let desk = self.desk();
        let (_, log) = desk.common_log(None)?;
        let running = desk.running()?;
        let note = |order: &str| {
            args.notes.iter().find(|(id, _)| id == order).map(|(_, note)| note.as_str()).unwrap_or_default()
        };
        let orders = running.orders.into_iter().map(|line| {
            let note = text_of(note(&line.order), LINE_CHARS_MAX, "notes")?;
            Ok::<_, DoorError>(OrderLine { note, ..line })
        });
        let handovers = desk.last_handovers(&log)?;
        let last = handovers.iter().find(|(_, each)| each.stage == Stage::Accepted);
        let (to, witness) = (
            self.colleague_at(args.to.as_ref(), "to")?,
            self.colleague_at(args.witness.as_ref(), "witness")?,
        );
        if to.is_some() && to == witness {
            return Err(DoorError::bad_input("监交人须是交班人和接班人以外的人，请另选。").at("witness"));
        }
        let signed = SignedOut {
            turn: self.turn(args)?,
            posts: posts(args)?,
            to,
            witness,
            follows: last.map(|(_, handover)| handover.out.event),
            orders: orders.collect::<Result<_, _>>()?,
            orders_left: running.orders_left,
            clocks: running.clocks,
            things: args.things.iter().enumerate().map(thing).collect::<Result<_, _>>()?,
            systems: args.systems.iter().enumerate().map(system).collect::<Result<_, _>>()?,
            matters: self.signed_matters(&args.matters)?,
            note: text_of(&args.note, NOTE_CHARS_MAX, "note")?,
        };
        for (field, length) in [
            ("things", signed.things.len()),
            ("systems", signed.systems.len()),
            ("matters", signed.matters.len()),
        ] {
            if length > LINES_MAX {
                return Err(DoorError::bad_input(format!("最多 {LINES_MAX} 行，请合并或删去。")).at(field));
            }
        }
        if !signed.is_sound() {
            return Err(DoorError::bad_input("交接内容有缺项或重复，请核对后重试。").at("matters"));
        }
        Ok(signed)
    }

    fn turn(&self, args: &HandoverSign) -> Result<String, DoorError> {
        let turn = text_of(&args.turn, LINE_CHARS_MAX, "turn")?;
        Ok(if turn.is_empty() { format!("至 {}", short(self.host.now())) } else { turn })
    }

    /// A colleague who is named, and is not whoever signs.
    fn colleague_at(&self, id: Option<&String>, field: &str) -> Result<Option<UserId>, DoorError> {
        let Some(id) = id.map(|id| id.trim()).filter(|id| !id.is_empty()) else { return Ok(None) };
        let unknown = || DoorError::bad_input("没有这个人，或已停用，请重新选择。").at(field);
        let user = UserId::new(id).map_err(|_| unknown())?;
        if self.store.user(&user)?.is_none_or(|state| state.disabled) {
            return Err(unknown());
        }
        if self.actor.is(Some(&user)) {
            return Err(DoorError::bad_input("不能选本人：交班、接班、监交须是不同的人。").at(field));
        }
        Ok(Some(user))
    }

    fn signed_matters(&self, matters: &[MatterDto]) -> Result<Vec<Matter>, DoorError> {
        let today = civil_date(self.host.now());
        let mut signed = Vec::with_capacity(matters.len());
        for (at, matter) in matters.iter().enumerate() {
            let text = text_of(&matter.text, LINE_CHARS_MAX, &format!("matters.{at}.text"))?;
            if text.is_empty() {
                let message = "这一行没有写内容，请写明或删去。";
                return Err(DoorError::bad_input(message).at(format!("matters.{at}.text")));
            }
            let kind = MatterKind::from_code(&matter.kind).ok_or_else(|| {
                DoorError::bad_input("没有这种事项，请重新选择。").at(format!("matters.{at}.kind"))
            })?;
            let id = matter.id.trim();
            let id = if id.is_empty() { EventId(new_id(self.host)).to_string() } else { id.to_owned() };
            let since = matter.since.parse::<Date>().unwrap_or(today);
            signed.push(Matter { id, kind, text, since, done: matter.done });
        }
        Ok(signed)
    }
}

fn posts(args: &HandoverSign) -> Result<Vec<PostRef>, DoorError> {
    if args.posts.is_empty() {
        return Err(DoorError::bad_input("请勾选交出的岗位。").at("posts"));
    }
    let post = |post: &crate::door::dto::PostRefDto| {
        let (id, name) =
            (text_of(&post.id, LINE_CHARS_MAX, "posts")?, text_of(&post.name, LINE_CHARS_MAX, "posts")?);
        Ok::<_, DoorError>(PostRef { name: if name.is_empty() { id.clone() } else { name }, id })
    };
    args.posts.iter().map(post).collect()
}

fn thing((at, thing): (usize, &ThingDto)) -> Result<Thing, DoorError> {
    let field = |key: &str| format!("things.{at}.{key}");
    let name = text_of(&thing.name, LINE_CHARS_MAX, &field("name"))?;
    if name.is_empty() {
        return Err(DoorError::bad_input("请写明是什么物品，或删去这一行。").at(field("name")));
    }
    let kind = ThingKind::from_code(&thing.kind)
        .ok_or_else(|| DoorError::bad_input("没有这种物品，请重新选择。").at(field("kind")))?;
    Ok(Thing { kind, name, count: thing.count, note: text_of(&thing.note, LINE_CHARS_MAX, &field("note"))? })
}

fn system((at, row): (usize, &SystemDto)) -> Result<SystemLine, DoorError> {
    let note = text_of(&row.note, LINE_CHARS_MAX, &format!("systems.{at}.note"))?;
    if !row.normal && note.is_empty() {
        let message =
            format!("{}标为异常，请写明现象。", if row.name.is_empty() { &row.object } else { &row.name });
        return Err(DoorError::bad_input(message).at(format!("systems.{at}.note")));
    }
    Ok(SystemLine { object: row.object.clone(), normal: row.normal, note })
}
