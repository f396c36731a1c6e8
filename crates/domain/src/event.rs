//! Events: what they are called, who may issue them, and what a fold is given.
//!
//! Promises: one static table ([`TYPES`]) says everything about a type that rules, the centre and
//! the consoles need; a type that is not in it is still representable, stored and relayed.
//! Left out on purpose: envelopes, chains and signatures (crate `zaigang-sync`) and any clock.

mod ids;
mod types;
mod verdict;

pub use ids::{BadId, DeviceId, EntityId, EntityKind, EventId, LogKind, LogName, UserId};
pub use types::{Class, EventType, Home, Issuer, TYPES, event_type};
pub use verdict::{Reason, Verdict};

use jiff::Timestamp;

/// One event as a fold sees it: committed with a verdict, or pending in the outbox (`verdict` and
/// `seq` absent). The overlay of pending events uses the very same folds.
#[derive(Debug, Clone, Copy)]
pub struct Recorded<'a> {
    /// The event's id.
    pub id: EventId,
    /// Type name, such as `order.accepted`; may be one this program does not know.
    pub kind: &'a str,
    /// Version of the payload's shape.
    pub tv: u16,
    /// Who did it; the centre itself when absent.
    pub user: Option<&'a UserId>,
    /// What it is about.
    pub entity: &'a EntityId,
    /// Place in its log; absent while pending.
    pub seq: Option<u64>,
    /// The time that counts, from the commit record; `claimed_at` while pending.
    pub effective_at: Timestamp,
    /// The time the person states.
    pub claimed_at: Timestamp,
    /// How far that time can be trusted, from the commit record; absent while pending.
    pub trust: Option<crate::judge::Trust>,
    /// The centre's verdict; absent while pending.
    pub verdict: Option<Verdict>,
    /// Events this one stands on.
    pub deps: &'a [EventId],
    /// The payload, JSON, exactly as stored.
    pub payload: &'a str,
}

impl Recorded<'_> {
    /// Whether it is still waiting for the centre.
    pub fn is_pending(&self) -> bool {
        self.verdict.is_none()
    }
}

/// Cuts an instant to whole milliseconds, the precision in which all times are kept.
pub fn to_milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}
