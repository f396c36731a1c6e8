//! What crosses the door about work records (工作记录), work done by colleagues who have no post on site
//! (代记), and orders that look like the one being registered.
//!
//! Instants are RFC 3339 in +08:00, dates `2025-10-01`; `source` is `001:1196` or `本项目约定`.

use super::dto::{ObjectDto, OrderRow, PersonDto};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a colleague worked who has no post on site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RemoteDto {
    /// `phone` or `visit`.
    pub way: String,
    /// Number of the entry permit of a visit.
    pub entry_permit: Option<String>,
    /// Who went along on a visit: a post.
    pub escort: Option<String>,
    /// Person-days used, with at most one decimal: `0.5`.
    pub person_days: Option<String>,
}

/// Request: open orders like the one being registered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SimilarAsk {
    /// Object number.
    pub object: String,
    /// Title as typed so far.
    pub title: String,
}

/// An open order like the one being registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SimilarOrder {
    /// The order.
    pub row: OrderRow,
    /// Why it is shown: `同一对象`, `文字相近`.
    pub why: String,
}

/// A category of work records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordCategoryDto {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub source: String,
    /// Pinyin initials.
    pub initials: String,
    /// The authorisation's number is asked for.
    pub authorised: bool,
    /// Whether all was normal is asked for.
    pub inspected: bool,
    /// Who confirmed on the buyer's side is asked for.
    pub confirmed: bool,
}

/// Who records for colleagues of a division.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CaretakerDto {
    /// The division.
    pub division: String,
    /// Whether the person at this console may.
    pub may: bool,
    /// Chinese sentence: who may, or that nobody was named.
    pub text: String,
}

/// What the record page needs in one read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordForm {
    /// Divisions this person may record for.
    pub divisions: Vec<String>,
    /// Objects.
    pub objects: Vec<ObjectDto>,
    /// Categories; none where the contract version has none yet.
    pub categories: Vec<RecordCategoryDto>,
    /// Colleagues without a post on site.
    pub colleagues: Vec<PersonDto>,
    /// Per division, who records for them.
    pub caretakers: Vec<CaretakerDto>,
    /// This person's templates.
    pub templates: Vec<RecordTemplate>,
    /// Whether this person writes records (an engineer).
    pub may_add: bool,
    /// The standing reminder above every composer.
    pub reminder: String,
}

/// A line to be filled in again and again: everything but time and people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RecordTemplate {
    /// Name it is called by.
    pub name: String,
    /// Object number.
    pub object: String,
    /// Category.
    pub category: String,
    /// What was done.
    pub title: String,
    /// What came of it.
    pub result: String,
    /// Minutes.
    pub minutes: u32,
    /// `normal`, `abnormal` or absent.
    pub inspection: Option<String>,
}

/// Request: keep these templates instead of the ones before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordTemplates {
    /// At most thirty.
    pub templates: Vec<RecordTemplate>,
}

/// One work record to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RecordLine {
    /// When it was done, if not now.
    pub at: Option<String>,
    /// Object number; may be empty for work on no single object.
    pub object: String,
    /// The device, by id or serial number.
    #[ts(optional = nullable)]
    pub asset: Option<String>,
    /// Division, where the object names none.
    pub division: String,
    /// Category.
    pub category: String,
    /// What was done.
    pub title: String,
    /// What came of it.
    pub result: String,
    /// Minutes it took.
    pub minutes: u32,
    /// Who confirmed on the buyer's side: a unit or post.
    pub confirmed_by: String,
    /// Number of the authorisation.
    pub authorisation: Option<String>,
    /// `normal` or `abnormal`.
    pub inspection: Option<String>,
    /// Why it is written down on a later day or outside the service period.
    pub reason: Option<String>,
    /// The colleague who did it (user id).
    pub on_behalf: Option<String>,
    /// How that colleague worked.
    pub remote: Option<RemoteDto>,
}

/// Request: write work records, all or none. A field at fault is named `lines.0.minutes`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RecordAdd {
    /// One to fifty.
    pub lines: Vec<RecordLine>,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Request: the work records of a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RecordDayArgs {
    /// The date; today when absent.
    pub date: Option<String>,
    /// Only those the person wrote.
    pub mine: bool,
}

/// The work records of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordDay {
    /// The date.
    pub date: String,
    /// Oldest first, void ones included.
    pub rows: Vec<RecordRow>,
    /// Of those that count.
    pub totals: RecordTotals,
    /// The last earlier date on which the person wrote records, of the past thirty-one days.
    pub previous: Option<String>,
}

/// One work record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordRow {
    /// Entity id of its order.
    pub id: String,
    /// Number.
    pub number: String,
    /// When it was done.
    pub at: String,
    /// Object number; empty for none.
    pub object_no: String,
    /// Object number and name.
    pub object: String,
    /// Division.
    pub division: String,
    /// What was done.
    pub title: String,
    /// What it says beyond.
    pub record: RecordDto,
    /// Who wrote it.
    pub by: String,
    /// Whether the person at this console wrote it.
    pub mine: bool,
    /// Written down on a later day.
    pub late: bool,
    /// Wrongly made: counts nowhere.
    pub voided: bool,
    /// Still open: it was registered without being finished.
    pub open: bool,
    /// Events waiting for the centre's verdict.
    pub pending: u32,
}

/// What a work record says beyond its title.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordDto {
    /// Category.
    pub category: String,
    /// Minutes it took.
    pub minutes: u32,
    /// What came of it.
    pub result: String,
    /// Who confirmed on the buyer's side.
    pub confirmed_by: String,
    /// Number of the authorisation.
    pub authorisation: Option<String>,
    /// `normal` or `abnormal`.
    pub inspection: Option<String>,
    /// Name of the colleague who did it.
    pub on_behalf: Option<String>,
    /// How that colleague worked.
    pub remote: Option<RemoteDto>,
}

/// Sums of a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordTotals {
    /// Records.
    pub count: u32,
    /// Their minutes.
    pub minutes: u32,
    /// Inspections that found all normal.
    pub normal: u32,
    /// Inspections that did not.
    pub abnormal: u32,
    /// Records without a confirmation of the buyer's side.
    pub unconfirmed: u32,
    /// By category, most minutes first.
    pub categories: Vec<RecordSum>,
}

/// Sum of a category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordSum {
    /// Category.
    pub category: String,
    /// Records.
    pub count: u32,
    /// Their minutes.
    pub minutes: u32,
}
