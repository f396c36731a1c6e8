//! Duty: who holds which post on which day, what is known of the people on site, and who is away when.
//!
//! Promises: plain functions of states, events and calendar; what a rule rests on is said with its clause,
//! and what has none is called 本项目约定. Left out: attendance, and what a screen shows.

pub mod layers;
pub mod leave;
pub mod month;
pub mod roster;
pub mod staff;

use crate::event::{EventId, Reason, UserId};
use crate::judge::Judgement;
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
