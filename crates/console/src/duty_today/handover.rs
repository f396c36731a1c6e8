//! Handovers as they are read: the list, and one of them.

use super::form::{matter_dto, matter_kinds, thing_dto, thing_kinds};
use crate::door::dto::{DoorError, HandoverDto, HandoverRow};
use crate::order::Desk;
use crate::store::StoreError;
use zaigang_domain::calendar::format_instant;
use zaigang_domain::duty::handover::{Handover, Stage};
use zaigang_domain::judge::EntityState;

impl Desk<'_> {
    /// The last handovers, newest first.
    ///
    /// # Errors
    /// As [`Desk::duty_now`].
    pub fn handovers(&self) -> Result<Vec<HandoverRow>, DoorError> {
        let (_, log) = self.common_log(None)?;
        let last = self.last_handovers(&log)?;
        let rows = last.iter().map(|(id, handover)| self.handover_row(id, handover));
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One handover.
    ///
    /// # Errors
    /// Not found; as [`Desk::duty_now`].
    pub fn handover(&self, id: &str) -> Result<HandoverDto, DoorError> {
        let (contract, log) = self.common_log(None)?;
        let handover = self.handover_state(id)?;
        let signed = &handover.signed;
        let row = self.handover_row(id, &handover)?;
        let mine = self.actor.is(handover.out.by.as_ref());
        let watches = self.actor.is(signed.witness.as_ref());
        let answered = handover.stage == Stage::Accepted;
        let event: String = handover.out.event.to_string().chars().take(8).collect();
        Ok(HandoverDto {
            row,
            contract: self.duty_contract_name(&contract)?,
            signing: handover.out.event.to_string(),
            orders: signed.orders.iter().map(|line| self.order_line(line, None)).collect::<Result<_, _>>()?,
            orders_left: signed.orders_left,
            clocks: signed.clocks.iter().map(|line| self.clock_line(line)).collect::<Result<_, _>>()?,
            things: signed.things.iter().map(thing_dto).collect(),
            systems: signed
                .systems
                .iter()
                .map(|line| self.system_line(&contract, line))
                .collect::<Result<_, _>>()?,
            matters: signed.matters.iter().map(matter_dto).collect(),
            note: signed.note.clone(),
            answer: handover.answer.as_ref().map(|answer| answer.text.clone()).unwrap_or_default(),
            witness: self.optional_name(signed.witness.as_ref())?,
            witnessed_at: handover.witnessed.as_ref().map(|seen| format_instant(seen.at)),
            may_answer: handover.stage == Stage::Offered && self.works_on_duty() && !mine && !watches,
            may_witness: watches && handover.witnessed.is_none(),
            may_sign: mine && !answered,
            signers: Vec::new(),
            version: format!("第 {} 次签 · 记录 {event} · {}", handover.signings, self.log_head(&log)?),
            watermark: String::new(),
            thing_kinds: thing_kinds(),
            matter_kinds: matter_kinds(),
        })
    }

    pub(super) fn handover_state(&self, id: &str) -> Result<Handover, DoorError> {
        let (_, log) = self.common_log(None)?;
        match self.store.entity_in(log.as_str(), id)? {
            Some(EntityState::Handover(handover)) => Ok(*handover),
            _ => Err(DoorError::not_found("本机没有这次交接班，刚签的可能尚未同步到本机。")),
        }
    }

    fn handover_row(&self, id: &str, handover: &Handover) -> Result<HandoverRow, StoreError> {
        let signed = &handover.signed;
        let answer = handover.answer.as_ref();
        let mine = self.actor.is(handover.out.by.as_ref());
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let names: Vec<&str> = signed.posts.iter().map(|post| post.name.as_str()).collect();
        Ok(HandoverRow {
            id: id.to_owned(),
            at: format_instant(handover.out.at),
            by: self.optional_name(handover.out.by.as_ref())?,
            turn: signed.turn.clone(),
            posts: names.join("、"),
            to: self.optional_name(signed.to.as_ref())?,
            answered_by: self.optional_name(answer.and_then(|answer| answer.by.as_ref()))?,
            answered_at: answer.map(|answer| format_instant(answer.at)),
            stage: handover.stage.code().to_owned(),
            stage_name: handover.stage.title().to_owned(),
            signings: handover.signings,
            orders: count(signed.orders.len()).saturating_add(signed.orders_left),
            near: count(signed.clocks.iter().filter(|clock| clock.near).count()),
            matters: count(signed.open_matters().count()),
            waits: match handover.stage {
                Stage::Offered => !mine && self.actor.is(signed.to.as_ref()),
                Stage::Refused => mine,
                Stage::Accepted => false,
            },
            pending: handover.pending,
        })
    }
}
