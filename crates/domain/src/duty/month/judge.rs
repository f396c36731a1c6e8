//! The centre's judgement of `roster.*`.

use super::payload::Opened;
use super::state::RosterMonth;
use super::table::{self, Objection};
use crate::event::{Class, EventType, Reason};
use crate::judge::{EntityState, Incoming, Judgement, expectation};
use crate::people::{Actor, Role};
use std::collections::BTreeSet;

/// Judges an event about `roster/<yyyy-mm>`.
pub(crate) fn judge_month(
    row: &EventType,
    state: Option<&EntityState>,
    incoming: &Incoming<'_>,
    actor: &Actor,
) -> Judgement {
    let month = match state {
        Some(EntityState::Roster(month)) => month,
        Some(_) => return Judgement::rejected(Reason::Malformed, None),
        None if incoming.kind == "roster.opened" => return opening(incoming, actor),
        None => return Judgement::parked(Reason::NoEntity),
    };
    if incoming.kind == "roster.opened" {
        return Judgement::rejected(Reason::AlreadyExists, Some(month.opened));
    }
    let lost = if row.class == Class::Claim { expectation(&**month, incoming) } else { None };
    lost.unwrap_or_else(|| legal(row, month, incoming, actor))
}

fn legal(row: &EventType, month: &RosterMonth, incoming: &Incoming<'_>, actor: &Actor) -> Judgement {
    let Err(objection) = table::allows(incoming.kind, month, actor, incoming.payload) else {
        return Judgement::ACCEPTED;
    };
    match objection {
        Objection::Content => Judgement::rejected(Reason::Malformed, None),
        Objection::Person => Judgement::parked(Reason::NoRight),
        Objection::Now(winner) => Judgement::lost(row.class, Reason::NotLegalNow, winner),
        Objection::Own => Judgement::lost(row.class, Reason::OwnRequest, None),
        Objection::Past => Judgement::lost(row.class, Reason::PastFrozen, Some(month.staged)),
    }
}

/// A month is opened by a supervisor of the whole contract, with posts that can be told apart.
fn opening(incoming: &Incoming<'_>, actor: &Actor) -> Judgement {
    if !actor.has(Role::Supervisor) || !actor.divisions.is_empty() {
        return Judgement::parked(Reason::NoRight);
    }
    let named = format!("{}-01", incoming.entity.local()).parse::<jiff::civil::Date>();
    match serde_json::from_str::<Opened>(incoming.payload) {
        Ok(opened) if named.is_ok() && is_sound(&opened) => Judgement::ACCEPTED,
        _ => Judgement::rejected(Reason::Malformed, None),
    }
}

fn is_sound(opened: &Opened) -> bool {
    let mut seen = BTreeSet::new();
    !opened.posts.is_empty()
        && opened.posts.iter().all(|post| {
            !post.id.is_empty() && !post.id.contains('/') && post.count > 0 && seen.insert(post.id.as_str())
        })
}
