//! What crosses the door about 值班电话记录.
//!
//! Instants are RFC 3339 in +08:00. The caller's name and phone are there for those alone who may see a
//! reporter.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The caller, sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CallerDto {
    /// Name.
    pub name: String,
    /// Phone.
    pub phone: String,
}

/// Request: the calls of a span.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct HotlineListArgs {
    /// First day; absent: 30 days back.
    pub from: Option<String>,
    /// Last day, included; absent: today.
    pub to: Option<String>,
    /// Only missed ones.
    pub missed: bool,
    /// Only those a counter counts: its rule.
    pub rule: Option<String>,
}

/// An order that came of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LinkedOrder {
    /// Entity id.
    pub id: String,
    /// Number; empty where it is not here.
    pub number: String,
    /// Title; empty where the reader's scope does not reach.
    pub title: String,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HotlineRow {
    /// Entity id.
    pub id: String,
    /// When it rang.
    pub at: String,
    /// Why it was missed, a code; absent: answered.
    pub missed: Option<String>,
    /// The same in Chinese; empty: answered.
    pub missed_text: String,
    /// Missed for a cause that is the supplier's.
    pub ours: bool,
    /// Outside office hours; absent where these are not known.
    pub off_hours: Option<bool>,
    /// The caller's unit.
    pub unit: String,
    /// The caller; absent where the reader may not see or none was noted.
    pub caller: Option<CallerDto>,
    /// What it was about.
    pub text: String,
    /// How long it took, in minutes.
    pub minutes: u32,
    /// Who logged it.
    pub by: String,
    /// Orders that came of it.
    pub orders: Vec<LinkedOrder>,
    /// Rules whose counter counts it.
    pub counted: Vec<String>,
    /// Waits for the centre.
    pub pending: bool,
}

/// What a clause counts of the calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CallCounter {
    /// Rule id.
    pub rule: String,
    /// Contract's name.
    pub contract: String,
    /// Calls counted.
    pub value: u32,
    /// The number the clause prints.
    pub limit: u32,
    /// `每满 3 次` (true) or `不超过 5 次` (false).
    pub every: bool,
    /// `ok|near|reached`: at the limit or over it, one before it, else.
    pub state: String,
    /// `累计未接 2 次，条款上限 5 次`.
    pub text: String,
    /// Where the clause stands: `003:150`.
    pub source: String,
    /// The clause.
    pub clause: String,
    /// The words that print the number, verbatim.
    pub words: String,
    /// What is not counted, and from when.
    pub note: String,
    /// First day counted; absent: from the first call on.
    pub since: Option<String>,
    /// Calls that could not be judged, for office hours are not known.
    pub unknown: u32,
}

/// The calls of a span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HotlinePage {
    /// Newest first.
    pub rows: Vec<HotlineRow>,
    /// Calls of the span in all.
    pub total: u32,
    /// Missed of them.
    pub missed: u32,
    /// What contracts count; empty: none prints a number.
    pub counters: Vec<CallCounter>,
    /// Causes: code, name, whether it is the supplier's.
    pub causes: Vec<(String, String, bool)>,
    /// First day of the span.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Whether this person logs calls.
    pub may_log: bool,
    /// The standing reminder above the form.
    pub reminder: String,
}

/// Request: log a call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct HotlineLog {
    /// When it rang; absent: now.
    pub at: Option<String>,
    /// Why it was missed; absent: answered.
    pub missed: Option<String>,
    /// The caller's unit.
    pub unit: String,
    /// The caller.
    pub caller: CallerDto,
    /// What it was about.
    pub text: String,
    /// How long it took, in minutes.
    pub minutes: u32,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Request: link an order to a call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct HotlineLink {
    /// The call.
    pub id: String,
    /// The order.
    pub order_id: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}
