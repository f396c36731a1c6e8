//! What some rules are shown beside the entity of an event: who a person is, who stands in for him, what
//! other requests of his there are.
//!
//! The caller fetches what [`wanted`] names, from the confirmed states of the event's own log and the site
//! log; the rules stay functions of their arguments.

use super::{EntityState, Incoming};
use crate::attendance::{
    ClosedDays, CorrectionAsked, CorrectionDecided, DayClosed, DayReopened, MonthKept, OvertimeAct,
    closing_of,
};
use crate::duty::leave::{Act, Leave};
use crate::duty::staff::{Noted, Staff, staff_of};
use crate::event::{EntityId, UserId};
use crate::people::UserState;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// One thing a rule asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A user, of the site log.
    User(UserId),
    /// An entity of the event's own log.
    Entity(EntityId),
    /// All entities of a kind in the event's own log.
    All(&'static str),
}

/// States beside the one that is judged, by name. What is not there is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beside {
    /// They.
    pub entities: BTreeMap<EntityId, EntityState>,
}

impl Beside {
    /// A user.
    pub fn user(&self, user: &UserId) -> Option<&UserState> {
        match self.entities.get(&EntityId::user(user)) {
            Some(EntityState::User(state)) => Some(state),
            _ => None,
        }
    }

    /// What is known of a person under the contract.
    pub fn staff(&self, user: &UserId) -> Option<&Staff> {
        self.entities.get(&staff_of(user)).and_then(EntityState::staff)
    }

    /// The closed days of the month of a date.
    pub fn closed_days(&self, date: Date) -> Option<&ClosedDays> {
        self.entities.get(&closing_of(date)).and_then(EntityState::closed_days)
    }

    /// Requests for leave.
    pub fn leaves(&self) -> impl Iterator<Item = &Leave> {
        self.entities.values().filter_map(EntityState::leave)
    }
}

/// What the rules of an event's type ask for beside its entity.
pub fn wanted(state: Option<&EntityState>, incoming: &Incoming<'_>) -> Vec<Wanted> {
    if incoming.kind == "staff.noted" {
        return of_staff(incoming);
    }
    if let Some(act) = OvertimeAct::read(incoming.kind, incoming.payload) {
        return of_overtime(state, act);
    }
    if incoming.kind.starts_with("attendance_month.") {
        return of_closing(incoming);
    }
    if incoming.kind.starts_with("attendance.correction_") {
        return of_correction(state.and_then(EntityState::attendance), incoming);
    }
    if incoming.kind == "movement.made" {
        return crate::stock::wanted_of(incoming);
    }
    let Some(act) = Act::read(incoming.kind, incoming.payload) else { return Vec::new() };
    of_leave(state.and_then(EntityState::leave), &act)
}

/// Whoever the closer stands in for.
fn of_closing(incoming: &Incoming<'_>) -> Vec<Wanted> {
    let closed = serde_json::from_str::<DayClosed>(incoming.payload).ok().and_then(|closed| closed.deputy);
    let opened = || serde_json::from_str::<DayReopened>(incoming.payload).ok()?.deputy;
    let deputy = closed.or_else(opened);
    chief(deputy.as_ref().map(|deputy| &deputy.for_user))
}

/// Whether the day is closed that a correction is about.
fn of_correction(month: Option<&MonthKept>, incoming: &Incoming<'_>) -> Vec<Wanted> {
    let asked = serde_json::from_str::<CorrectionAsked>(incoming.payload).ok().map(|asked| asked.date);
    let decided = serde_json::from_str::<CorrectionDecided>(incoming.payload).ok();
    let decided = decided.and_then(|decided| Some(month?.correction(decided.asked)?.asked.date));
    asked.or(decided).map(|date| Wanted::Entity(closing_of(date))).into_iter().collect()
}

fn of_overtime(state: Option<&EntityState>, act: OvertimeAct) -> Vec<Wanted> {
    let known = state.and_then(EntityState::overtime).map(|overtime| overtime.asked.person.clone());
    match act {
        OvertimeAct::Asked(asked) => vec![Wanted::User(asked.person)],
        OvertimeAct::Withdrawn => Vec::new(),
        OvertimeAct::Decided(p) => {
            known.map(Wanted::User).into_iter().chain(chief(p.for_user.as_ref())).collect()
        }
    }
}

/// An approver for whom somebody stands in, and whom he named.
fn chief(for_user: Option<&UserId>) -> Vec<Wanted> {
    let both =
        for_user.into_iter().flat_map(|user| [Wanted::User(user.clone()), Wanted::Entity(staff_of(user))]);
    both.collect()
}

/// What an act about a leave asks for.
fn of_leave(leave: Option<&Leave>, act: &Act) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = leave.map(|leave| Wanted::User(leave.person.clone())).into_iter().collect();
    match act {
        Act::Asked(asked) => {
            wanted.push(Wanted::User(asked.person.clone()));
            wanted.extend(asked.substitute.clone().map(Wanted::User));
            wanted.push(Wanted::All("leave"));
        }
        Act::Substituted(named) => wanted.extend([Wanted::User(named.person.clone()), Wanted::All("leave")]),
        Act::Decided(p) => wanted.extend(chief(p.for_user.as_ref())),
        Act::Answered(p) => wanted.extend(chief(p.for_user.as_ref())),
        Act::Withdrawn(_) => {}
    }
    wanted
}

fn of_staff(incoming: &Incoming<'_>) -> Vec<Wanted> {
    let readable = serde_json::from_str::<Noted>(incoming.payload).is_ok();
    let person = UserId::new(incoming.entity.local()).ok().filter(|_| readable);
    person.map(Wanted::User).into_iter().collect()
}
