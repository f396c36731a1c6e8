//! The output of a clock, field by field as the command line prints it.

use serde::Serialize;

use super::code::Why;
use super::kind::{EventKind, Limit, State, Target};
use super::select::Need;

/// What an order owes at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The level now; `None`: not decided.
    pub level: Option<String>,
    /// Every rule that matches, by target.
    pub matched: Vec<Matched>,
    /// The clocks that run, by target.
    pub targets: Vec<TargetClock>,
}

/// A rule that matches, for one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matched {
    /// The target.
    pub target: Target,
    /// Id of the rule.
    pub rule: String,
    /// `document:lines` of the rule, or `setting`.
    pub source: String,
    /// Whether it is the one suggested.
    pub suggested: bool,
    /// Why.
    pub why: Why,
    /// What has to be known before it can be suggested.
    pub needs: Vec<Need>,
}

/// One clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetClock {
    /// What it counts towards.
    pub target: Target,
    /// Id of its rule.
    pub rule: String,
    /// `document:lines` of the rule, or `setting`.
    pub source: String,
    /// The limit; `None`: the rule states no number.
    pub limit: Option<Limit>,
    /// True start, RFC 3339 in +08:00.
    pub starts_at: Option<String>,
    /// Last moment in time, RFC 3339 in +08:00.
    pub deadline: Option<String>,
    /// How it stands.
    pub state: State,
    /// When it ended, RFC 3339 in +08:00.
    pub ended_at: Option<String>,
    /// What ended it.
    pub ended_by: Option<EventKind>,
    /// Whole minutes counted, rounded down.
    pub counted_minutes: i64,
    /// Whole minutes left, rounded up; negative when overdue.
    pub remaining_minutes: Option<i64>,
    /// Counted and uncounted stretches from the start to the end or now, without hole.
    pub segments: Vec<Segment>,
}

/// A stretch of a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// Its beginning, RFC 3339 in +08:00.
    pub from: String,
    /// Its end, RFC 3339 in +08:00.
    pub to: String,
    /// Whether it counts.
    pub counted: bool,
    /// Why.
    pub why: Why,
    /// The sentence of `why`.
    pub text: &'static str,
}
