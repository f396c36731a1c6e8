//! Duty: who holds which post on which day, what is known of the people on site, who is away when, coverage of
//! holidays and key periods, and duty today: who is on duty now, 交接班, 值班电话记录, 值班日志 and 日报.
//!
//! Promises: plain functions of states, events and calendar; what a rule rests on is said with its clause,
//! and what has none is called 本项目约定; nothing here holds a reporter's name or phone (the hotline's caller
//! travels sealed). Left out: attendance, and what a screen shows.

pub mod coverage;
pub mod dutylog;
pub mod handover;
pub mod hotline;
mod judge;
pub mod layers;
pub mod leave;
pub mod month;
mod named;
pub mod now;
pub mod roster;
pub mod staff;

pub(crate) use judge::{on_dutylog, on_handover, on_hotline};
pub(crate) use named::named;

use crate::event::{EventId, Reason, Recorded, UserId, Verdict};
use crate::judge::{Beside, Judgement};
use crate::people::{Actor, Role, UserState};
use serde::{Deserialize, Deserializer};

/// Where a rule stands that no clause of the contract states.
pub const AGREED: &str = "本项目约定";

/// Why an act of duty is not taken: for the centre its reason and winner, for the person his sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// The reason a verdict carries.
    pub reason: Reason,
    /// The event that came first, where one did.
    pub winner: Option<EventId>,
    /// Chinese sentence: what is wrong and what to do.
    pub message: String,
}

impl Objection {
    pub(crate) fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, winner: None, message: message.into() }
    }

    /// The centre's verdict for it: what a right or a name could still make good waits, the rest has lost.
    pub(crate) fn judgement(&self) -> Judgement {
        match self.reason {
            Reason::NoRight | Reason::NoEntity => Judgement::parked(self.reason),
            _ => Judgement::rejected(self.reason, self.winner),
        }
    }
}

/// The user of that name.
///
/// # Errors
/// Nobody has it here, or not yet.
pub(crate) fn subject<'b>(person: &UserId, beside: &'b Beside) -> Result<&'b UserState, Objection> {
    let unknown = || Objection::new(Reason::NoEntity, "站点中没有这个人，请同步后重试。");
    beside.user(person).ok_or_else(unknown)
}

/// Whether one of a user's divisions lies in the scope of `actor`, as does the contract.
pub(crate) fn covers_user(actor: &Actor, contract: &str, user: &UserState) -> bool {
    let all = user.divisions.is_empty() && actor.reaches(contract);
    all || user.divisions.iter().any(|division| actor.covers(contract, division))
}

/// Whether a user works under a contract: known, not disabled, and in its scope.
pub(crate) fn works_under(user: &UserState, contract: &str) -> bool {
    !user.disabled && (user.contracts.is_empty() || user.contracts.iter().any(|id| id == contract))
}

/// A user's rights as those of an actor: for whoever stands in for him.
pub(crate) fn as_actor(id: &UserId, user: &UserState) -> Option<Actor> {
    let supervises = user.roles.contains(&Role::Supervisor) && !user.disabled;
    supervises.then(|| Actor::of(id.clone(), user, None, true))
}

/// Tells `"field": null` (take it away) from no such field at all (leave it).
pub(crate) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    de: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(de).map(Some)
}

/// Whether a fold applies the event: pending counts as accepted, unreconciled moves nothing.
fn counts(event: &Recorded<'_>) -> bool {
    matches!(event.verdict, None | Some(Verdict::Accepted))
}

/// Whether a text is trimmed, of one to `max` characters, and has no control character but line ends.
fn is_text(text: &str, max: usize) -> bool {
    !text.is_empty() && is_optional_text(text, max)
}

/// As [`is_text`], or empty.
fn is_optional_text(text: &str, max: usize) -> bool {
    text.trim() == text
        && text.chars().count() <= max
        && !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t')
}
