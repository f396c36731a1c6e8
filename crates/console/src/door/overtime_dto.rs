//! What crosses the door about overtime (加班) and work elsewhere (公出).
//!
//! Instants are RFC 3339 in +08:00, dates `2025-10-01`.

use super::dto::Colleague;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Request: overtime of a month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct OvertimeArgs {
    /// `2025-10`; the present one when absent.
    pub month: Option<String>,
}

/// Overtime and trips of a month, and whatever waits for a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OvertimeList {
    /// `2025-10`.
    pub month: String,
    /// Those that begin in the month and all that wait, latest first.
    pub rows: Vec<OvertimeRow>,
    /// Days of work elsewhere in the month: leave of the kinds 公出 and 培训.
    pub trips: Vec<TripRow>,
    /// Colleagues for whom this user may write it down, himself first.
    pub people: Vec<Colleague>,
    /// User id of whoever asks.
    pub me: String,
}

/// One record of overtime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OvertimeRow {
    /// Entity id, `overtime/…`.
    pub id: String,
    /// User id.
    pub person: String,
    /// Name.
    pub name: String,
    /// Divisions, joined.
    pub division: String,
    /// Beginning.
    pub from: String,
    /// End.
    pub to: String,
    /// How long, in minutes.
    pub minutes: u32,
    /// What for.
    pub work: String,
    /// Who wrote it down, where that was another.
    pub by: Option<String>,
    /// `asked`, `approved`, `refused`, `withdrawn`.
    pub stage: String,
    /// Chinese name of the stage.
    pub stage_name: String,
    /// Who decided, when and in which words; empty while it waits.
    pub decision: String,
    /// Punches that lie in it, as `21:05`: what bears it out.
    pub punches: Vec<String>,
    /// Whoever looks may decide.
    pub may_decide: bool,
    /// Whoever looks may take it back.
    pub may_withdraw: bool,
    /// Still waits for the centre.
    pub pending: bool,
}

/// Work elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TripRow {
    /// Entity id, `leave/…`.
    pub id: String,
    /// Name.
    pub name: String,
    /// 公出 or 培训.
    pub kind_name: String,
    /// First day.
    pub from: String,
    /// Last day, included.
    pub to: String,
    /// Chinese name of the stage.
    pub stage_name: String,
}

/// Request: write overtime down, for oneself or for a colleague (代记).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct OvertimeAsk {
    /// User id; absent: oneself.
    pub person: Option<String>,
    /// Beginning.
    pub from: String,
    /// End.
    pub to: String,
    /// What for.
    pub work: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: take overtime back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct OvertimeRef {
    /// Entity id.
    pub id: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: grant overtime or refuse it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct OvertimeDecide {
    /// Entity id.
    pub id: String,
    /// Granted or not.
    pub approve: bool,
    /// Words; owed where it is not granted.
    pub words: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}
