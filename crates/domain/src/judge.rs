//! The centre's judgement of one event, and the time it counts from.
//!
//! Promises: a pure function of the confirmed state, the event, the person and the verdicts of
//! what it stands on; no wall clock decides a verdict; facts are never rejected for state.
//! Left out: groups (all or nothing is the caller's transaction) and signatures (sync).

mod beside;
mod entity;
mod time;

pub use beside::{Beside, Wanted, wanted};
pub use entity::{EntityState, Watermark, fold_entity};
pub use time::{Evidence, TOLERANCE, Trust, effective};

use crate::attendance::{ClosedDays, Overtime};
use crate::duty::coverage::PlanState;
use crate::duty::handover::Handover;
use crate::duty::leave::Leave;
use crate::duty::staff::Staff;
use crate::event::Issuer;
use crate::event::{
    Class, EntityId, EventId, EventType, LogKind, LogName, Reason, UserId, Verdict, event_type,
};
use crate::order::Order;
use crate::order::payload::Registered;
use crate::order::table::{self, Objection};
use crate::people::{Actor, Source, may};
use crate::record::{Erased, Released};
use std::collections::BTreeMap;

/// An event to be judged.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    /// Its id.
    pub id: EventId,
    /// Type name.
    pub kind: &'a str,
    /// Payload version.
    pub tv: u16,
    /// Log it was sent to.
    pub log: &'a LogName,
    /// What it is about.
    pub entity: &'a EntityId,
    /// What a claim relies on.
    pub expect: &'a BTreeMap<String, String>,
    /// Payload, JSON.
    pub payload: &'a str,
    /// Whether it carries a valid signature of the user's own key.
    pub consent_signed: bool,
}

/// How an event this one stands on was judged; `verdict` absent when the centre has no such event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DepVerdict {
    /// Its id.
    pub id: EventId,
    /// Its verdict.
    pub verdict: Option<Verdict>,
}

/// Verdict, why, and who won instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it was not simply accepted.
    pub reason: Option<Reason>,
    /// The event that won over a rejected claim, or the dependency that failed.
    pub winner: Option<EventId>,
}

impl Judgement {
    pub(crate) const ACCEPTED: Self = Self { verdict: Verdict::Accepted, reason: None, winner: None };

    /// Parked for this reason.
    pub fn parked(reason: Reason) -> Self {
        Self { verdict: Verdict::Parked, reason: Some(reason), winner: None }
    }

    /// Rejected for this reason.
    pub fn rejected(reason: Reason, winner: Option<EventId>) -> Self {
        Self { verdict: Verdict::Rejected, reason: Some(reason), winner }
    }

    pub(crate) fn unreconciled(reason: Reason, winner: Option<EventId>) -> Self {
        Self { verdict: Verdict::Unreconciled, reason: Some(reason), winner }
    }

    /// What a claim loses by, a fact is only unreconciled by.
    pub(crate) fn lost(class: Class, reason: Reason, winner: Option<EventId>) -> Self {
        match class {
            Class::Claim => Self::rejected(reason, winner),
            Class::Fact => Self::unreconciled(reason, winner),
        }
    }
}

/// Judges one event against the confirmed state of its entity (`None` when it has none yet), for types that
/// ask for nothing beside it ([`wanted`]).
pub fn judge(
    state: Option<&EntityState>,
    incoming: &Incoming<'_>,
    actor: &Actor,
    deps: &[DepVerdict],
) -> Judgement {
    judge_beside(state, incoming, actor, deps, &Beside::default())
}

/// Judges one event as [`judge`] does, shown what it [`wanted`] beside its entity.
pub fn judge_beside(
    state: Option<&EntityState>,
    incoming: &Incoming<'_>,
    actor: &Actor,
    deps: &[DepVerdict],
    beside: &Beside,
) -> Judgement {
    let Some(row) = known(incoming) else { return Judgement::parked(Reason::UnknownType) };
    standing(row, incoming, actor)
        .or_else(|| consent(row, incoming))
        .or_else(|| dependencies(row, deps))
        .unwrap_or_else(|| on_state(row, state, incoming, actor, beside))
}

fn known(incoming: &Incoming<'_>) -> Option<&'static EventType> {
    event_type(incoming.kind).filter(|row| (1..=row.tv).contains(&incoming.tv))
}

/// Device, user, session and right, in the order in which they can be put right.
fn standing(row: &EventType, incoming: &Incoming<'_>, actor: &Actor) -> Option<Judgement> {
    let reason = if !actor.device_active {
        Reason::DeviceRevoked
    } else if !actor.enabled {
        Reason::UserDisabled
    } else if !actor.session_open && row.issuer != Issuer::Anyone {
        Reason::NoSession
    } else if !may(actor, incoming.kind, incoming.log) {
        Reason::NoRight
    } else {
        return None;
    };
    Some(Judgement::parked(reason))
}

fn consent(row: &EventType, incoming: &Incoming<'_>) -> Option<Judgement> {
    (row.consent && !incoming.consent_signed).then(|| Judgement::rejected(Reason::NoConsent, None))
}

fn dependencies(row: &EventType, deps: &[DepVerdict]) -> Option<Judgement> {
    let with = |verdict| deps.iter().find(|d| d.verdict == verdict);
    if let Some(dep) = with(Some(Verdict::Rejected)) {
        return Some(Judgement::lost(row.class, Reason::DependencyRejected, Some(dep.id)));
    }
    if with(Some(Verdict::Parked)).is_some() {
        return Some(Judgement::parked(Reason::DependencyParked));
    }
    with(None).map(|_| Judgement::parked(Reason::DependencyMissing))
}

fn on_state(
    row: &EventType,
    state: Option<&EntityState>,
    incoming: &Incoming<'_>,
    actor: &Actor,
    beside: &Beside,
) -> Judgement {
    if serde_json::from_str::<serde::de::IgnoredAny>(incoming.payload).is_err() {
        return Judgement::rejected(Reason::Malformed, None);
    }
    match incoming.kind {
        "record.erased" => return entity::readable::<Erased>(incoming),
        "record.released" => return entity::readable::<Released>(incoming),
        "device.watermark" => return Judgement::ACCEPTED,
        _ => {}
    }
    match state {
        Some(state) if state.is_read_only() => Judgement::parked(Reason::ReadOnly),
        Some(EntityState::Order(order)) => on_order(row, order, incoming, actor),
        Some(_) => entity::on_site_entity(row, state, incoming, actor, beside),
        None if incoming.kind == "order.registered" => registration(incoming, actor),
        None if incoming.kind.starts_with("order.") => Judgement::parked(Reason::NoEntity),
        None => entity::on_site_entity(row, None, incoming, actor, beside),
    }
}

fn registration(incoming: &Incoming<'_>, actor: &Actor) -> Judgement {
    let in_its_log = |form: &Registered| {
        incoming.log.kind() == LogKind::Division { contract: &form.contract, division: &form.division }
    };
    match serde_json::from_str::<Registered>(incoming.payload) {
        Ok(form) if in_its_log(&form) && names_its_source(incoming, actor) => Judgement::ACCEPTED,
        _ => Judgement::rejected(Reason::Malformed, None),
    }
}

fn on_order(row: &EventType, order: &Order, incoming: &Incoming<'_>, actor: &Actor) -> Judgement {
    let log_fits =
        incoming.log.kind() == LogKind::Division { contract: &order.contract, division: &order.division };
    let readable = crate::order::payload::is_readable(incoming.kind, incoming.payload);
    if !log_fits || !readable || !names_its_source(incoming, actor) {
        return Judgement::rejected(Reason::Malformed, None);
    }
    if incoming.kind == "order.registered" {
        return Judgement::unreconciled(Reason::AlreadyExists, winner(order, "registered"));
    }
    let lost = if row.class == Class::Claim { expectation(order, incoming) } else { None };
    if let Some(lost) = lost {
        return lost;
    }
    let doer = on_behalf(incoming.payload);
    match table::allows(incoming.kind, order, actor, doer.as_ref()) {
        Ok(()) => Judgement::ACCEPTED,
        Err(Objection::Status) => Judgement::lost(row.class, Reason::NotLegalNow, winner(order, "status")),
        Err(Objection::Person) => Judgement::lost(row.class, Reason::NotAssignee, winner(order, "assignee")),
    }
}

/// An event without a user says which program it comes from; readers have nothing else to go by.
fn names_its_source(incoming: &Incoming<'_>, actor: &Actor) -> bool {
    actor.source().is_none_or(|source| Source::named_in(incoming.payload).as_ref() == Some(source))
}

/// What a claim on an entity can rely on: its fields by name.
pub(crate) trait Fields {
    /// The present value of a field; empty text where there is none, `None` where no such field is known.
    fn field(&self, name: &str) -> Option<String>;

    /// The event that set a field last.
    fn touched(&self, name: &str) -> Option<EventId>;
}

/// States that keep the event that set a field last by the field's name.
macro_rules! touched_by_name {
    ($($state:ty),*) => {
        $(impl Fields for $state {
            fn field(&self, name: &str) -> Option<String> {
                self.field(name)
            }

            fn touched(&self, name: &str) -> Option<EventId> {
                self.touched.get(name).copied()
            }
        })*
    };
}

touched_by_name!(Order, Handover, Leave, Overtime, ClosedDays, PlanState, Staff);

/// The first field, by name, on which the claim relied and which is otherwise now.
pub(crate) fn expectation(state: &impl Fields, incoming: &Incoming<'_>) -> Option<Judgement> {
    for (field, expected) in incoming.expect {
        match state.field(field) {
            None => return Some(Judgement::parked(Reason::UnknownType)),
            Some(now) if now != *expected => {
                return Some(Judgement::rejected(Reason::StateChanged, state.touched(field)));
            }
            Some(_) => {}
        }
    }
    None
}

fn winner(order: &Order, field: &str) -> Option<EventId> {
    order.touched.get(field).copied()
}

fn on_behalf(payload: &str) -> Option<UserId> {
    #[derive(serde::Deserialize)]
    struct OnBehalf {
        #[serde(default)]
        on_behalf: Option<UserId>,
    }
    serde_json::from_str::<OnBehalf>(payload).ok()?.on_behalf
}

#[cfg(test)]
mod tests;
