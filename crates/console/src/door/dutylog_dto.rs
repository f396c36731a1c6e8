//! What crosses the door about 值班日志 and 日报.
//!
//! Instants are RFC 3339 in +08:00, dates `2025-10-15`.

use super::hotline_dto::LinkedOrder;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Request: a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DutyDayArgs {
    /// The day; absent: today.
    pub date: Option<String>,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DutyNote {
    /// Event id.
    pub id: String,
    /// When it happened.
    pub at: String,
    /// What.
    pub text: String,
    /// Orders it is about.
    pub orders: Vec<LinkedOrder>,
    /// Who wrote it.
    pub by: String,
    /// By whoever asks.
    pub mine: bool,
    /// What stood there before, oldest first.
    pub before: Vec<String>,
    /// Waits for the centre.
    pub pending: bool,
}

/// An entry drafted from the day's events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftedNote {
    /// Tells it from others: not offered again once it is noted.
    pub key: String,
    /// When it happened.
    pub at: String,
    /// What.
    pub text: String,
    /// Orders it is about.
    pub orders: Vec<LinkedOrder>,
}

/// A count of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DayCount {
    /// Stable word.
    pub key: String,
    /// Its Chinese name.
    pub name: String,
    /// How many.
    pub count: u32,
}

/// A day's report, as drafted or as sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DayReport {
    /// Event id; empty: a draft.
    pub id: String,
    /// Counts, in the order shown.
    pub counts: Vec<DayCount>,
    /// 当日已解决的问题.
    pub solved: String,
    /// 超时或未完成的问题.
    pub unsolved: String,
    /// 值班、巡检与交接情况.
    pub duty: String,
    /// 次日事项.
    pub next: String,
    /// Who sent it.
    pub by: String,
    /// When.
    pub at: Option<String>,
    /// Who received it.
    pub received_by: String,
    /// When.
    pub received_at: Option<String>,
    /// What was said to it.
    pub received_text: String,
    /// Waits for the centre.
    pub pending: bool,
}

/// A clause that asks for the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReportClause {
    /// `000:35`.
    pub source: String,
    /// What it asks.
    pub text: String,
}

/// A day of duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DutyDay {
    /// The day.
    pub date: String,
    /// Notes that stand, by time.
    pub notes: Vec<DutyNote>,
    /// Entries that suggest themselves.
    pub drafts: Vec<DraftedNote>,
    /// The report that stands; absent: none was sent.
    pub report: Option<DayReport>,
    /// Reports sent before it.
    pub reports_before: u32,
    /// What a report would say now.
    pub draft: DayReport,
    /// Names of the project managers it goes to.
    pub managers: Vec<String>,
    /// Clauses that ask for it; empty: 本项目约定.
    pub clauses: Vec<ReportClause>,
    /// Name of the contract.
    pub contract: String,
    /// Whether this person writes notes and sends the report.
    pub may_write: bool,
    /// Whether he receives it.
    pub may_receive: bool,
    /// The standing reminder above the form.
    pub reminder: String,
    /// What a printed page names.
    pub version: String,
    /// On paper only: who printed it.
    pub watermark: String,
}

/// Request: write a note.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DutyNoteArgs {
    /// The day it belongs to.
    pub date: String,
    /// When it happened; absent: now.
    pub at: Option<String>,
    /// What.
    pub text: String,
    /// Orders, by id or number.
    pub orders: Vec<String>,
    /// The note it takes the place of.
    pub replaces: Option<String>,
    /// The drafted entry it was made of.
    pub drafted: Option<String>,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Request: send the day's report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DutyReportArgs {
    /// The day.
    pub date: String,
    /// The report it takes the place of, as was shown; absent: none.
    pub before: Option<String>,
    /// 当日已解决的问题.
    pub solved: String,
    /// 超时或未完成的问题.
    pub unsolved: String,
    /// 值班、巡检与交接情况.
    pub duty: String,
    /// 次日事项.
    pub next: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Request: mark a report as received.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DutyReceiveArgs {
    /// The day.
    pub date: String,
    /// The report.
    pub report: String,
    /// What is said to it.
    pub text: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}
