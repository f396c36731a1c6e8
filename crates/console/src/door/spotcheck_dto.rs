//! What crosses the door about spot checks of presence (抽查).
//!
//! Instants are RFC 3339 in +08:00.

use super::dto::Colleague;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Request: checks of a month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SpotArgs {
    /// `2025-10`; the present one when absent.
    pub month: Option<String>,
}

/// Checks of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SpotList {
    /// `2025-10`.
    pub month: String,
    /// Latest first: of one's scope for those who oversee, else one's own.
    pub rows: Vec<SpotRow>,
    /// Whom this user may check.
    pub people: Vec<Colleague>,
    /// Whoever looks may note a check.
    pub may_note: bool,
    /// The rule about explanations, with where it stands.
    pub rule: String,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SpotRow {
    /// Entity id, `spotcheck/…`.
    pub id: String,
    /// User id.
    pub person: String,
    /// Name.
    pub name: String,
    /// Divisions, joined.
    pub division: String,
    /// When.
    pub at: String,
    /// Whether he was there.
    pub found: bool,
    /// Who looked: a unit, or the name of whoever noted it.
    pub checker: String,
    /// 去向 at that moment, in words.
    pub told: String,
    /// In words.
    pub note: String,
    /// Explanations, oldest first.
    pub explained: Vec<SpotExplanation>,
    /// `found`, `owed`, `overdue`, `explained`, `late`.
    pub state: String,
    /// Chinese name of the state.
    pub state_name: String,
    /// Whoever looks may explain it.
    pub may_explain: bool,
    /// Still waits for the centre.
    pub pending: bool,
}

/// An explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SpotExplanation {
    /// In the person's words.
    pub words: String,
    /// When.
    pub at: String,
}

/// Request: note a check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SpotNote {
    /// User id.
    pub person: String,
    /// When; absent: now.
    pub at: Option<String>,
    /// Whether he was there.
    pub found: bool,
    /// Unit or post of whoever looked; empty: this user.
    pub unit: String,
    /// In words.
    pub note: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: explain a check of oneself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SpotExplain {
    /// Entity id.
    pub id: String,
    /// In one's words.
    pub words: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}
