//! What crosses the door about attendance (考勤).
//!
//! Instants are RFC 3339 in +08:00, dates `2025-10-01`; `result` is a stable word of the domain, `letter`
//! what the sheet shows for it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Request: a punch, now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PunchArgs {
    /// Log-in name of a colleague at this console; absent: whoever is logged in.
    pub login: Option<String>,
    /// The colleague's own password; empty for whoever is logged in.
    pub password: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: the attendance of a month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AttendanceMonthArgs {
    /// `2025-10`; absent: this month.
    pub month: Option<String>,
    /// Division; absent: all.
    pub division: Option<String>,
}

/// Request: one day of one person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AttendanceDayArgs {
    /// User id.
    pub person: String,
    /// Date.
    pub date: String,
}

/// Request: a correction of one's own attendance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CorrectionAsk {
    /// Date of the shift.
    pub date: String,
    /// When he came, if a punch is to be added.
    pub came_at: Option<String>,
    /// When he left, if a punch is to be added.
    pub left_at: Option<String>,
    /// Ids of punches to be set aside.
    pub set_aside: Vec<String>,
    /// Why.
    pub reason: String,
    /// What shows it.
    pub evidence: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: a decision about a colleague's correction.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CorrectionDecide {
    /// Entity of the correction.
    pub entity: String,
    /// Its id.
    pub id: String,
    /// Whether it counts from now on.
    pub approved: bool,
    /// Words for the person; needed for a refusal.
    pub words: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// One's own attendance now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MyAttendance {
    /// Name.
    pub name: String,
    /// Today, and yesterday where its shift reaches into today or is not settled.
    pub days: Vec<AttendanceDay>,
    /// What comes next, in words: `下一时段 08:00—12:00`.
    pub next: String,
    /// The rules in words, with where they stand.
    pub rules: String,
}

/// One day of one person, with all it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttendanceDay {
    /// User id.
    pub person: String,
    /// Name.
    pub name: String,
    /// Date.
    pub date: String,
    /// Weekday in Chinese.
    pub weekday: String,
    /// Stable word of the result.
    pub result: String,
    /// Chinese name of the result.
    pub title: String,
    /// Why, in words.
    pub text: String,
    /// Spans to be worked.
    pub spans: Vec<AttendanceSpan>,
    /// Punches that may serve them, by time.
    pub punches: Vec<PunchDto>,
    /// Corrections of this day.
    pub corrections: Vec<CorrectionDto>,
    /// One's own day, still open: a correction can be asked for.
    pub may_ask: bool,
    /// Who closed it and when, in words; absent while it is open.
    pub closed: Option<String>,
    /// How often and why it was opened again, newest last.
    pub reopened: Vec<String>,
    /// Whoever looks may close it now, or open it again.
    pub may_close: bool,
    /// The rules in words.
    pub rules: String,
}

/// A span of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttendanceSpan {
    /// Beginning.
    pub from: String,
    /// End.
    pub to: String,
    /// The punch that counts as coming.
    pub punched_in: Option<String>,
    /// The punch that counts as leaving.
    pub punched_out: Option<String>,
    /// Stable word of the result.
    pub result: String,
    /// Chinese name of the result.
    pub title: String,
    /// Why, in words.
    pub text: String,
    /// Names of the devices whose data the result waits for.
    pub waits_for: Vec<String>,
}

/// A punch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PunchDto {
    /// Its id.
    pub id: String,
    /// When, by the time that counts.
    pub at: String,
    /// Name of the console.
    pub place: String,
    /// How far to trust the time, in words; absent where there is nothing to say.
    pub trust_text: Option<String>,
    /// Still waits for the centre.
    pub pending: bool,
    /// Set aside by an approved correction.
    pub set_aside: bool,
}

/// A correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CorrectionDto {
    /// Its id.
    pub id: String,
    /// Its entity, for a decision.
    pub entity: String,
    /// User id.
    pub person: String,
    /// Name.
    pub name: String,
    /// Date of the shift.
    pub date: String,
    /// What is asked, in words.
    pub asked: String,
    /// Why.
    pub reason: String,
    /// What shows it.
    pub evidence: String,
    /// When it was asked.
    pub at: String,
    /// `waiting`, `approved`, `refused`.
    pub state: String,
    /// Who decided and what he said; empty while it waits.
    pub decision: String,
    /// Still waits for the centre.
    pub pending: bool,
    /// Whoever looks may decide.
    pub may_decide: bool,
}

/// The attendance of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttendanceMonth {
    /// `2025-10`.
    pub month: String,
    /// Name of the contract.
    pub contract: String,
    /// Divisions to choose from.
    pub divisions: Vec<String>,
    /// Days.
    pub days: Vec<MonthDayDto>,
    /// People by division and name.
    pub rows: Vec<AttendanceRow>,
    /// Corrections of the month that wait, oldest first.
    pub corrections: Vec<CorrectionDto>,
    /// What the letters mean, in the order of the legend.
    pub legend: Vec<LegendItem>,
    /// Neither contract nor settings state office hours: nobody has a shift.
    pub hours_missing: bool,
    /// The rules in words.
    pub rules: String,
    /// Whoever looks may close days and open them again.
    pub may_close: bool,
    /// As of when.
    pub as_of: String,
}

/// Request: hand the sheets of a month to the printer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AttendancePrint {
    /// Which month and division.
    #[serde(flatten)]
    pub month: AttendanceMonthArgs,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Reply: a month to be printed, one sheet a division.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttendanceSheets {
    /// The month.
    pub month: AttendanceMonth,
    /// Written on each sheet.
    pub watermark: String,
}

/// A day of the month's head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MonthDayDto {
    /// Date.
    pub date: String,
    /// Day of the month.
    pub day: u32,
    /// Weekday in one character.
    pub weekday: String,
    /// `节`, `放`, `班`, or empty.
    pub badge: String,
    /// Nobody works by the calendar.
    pub off: bool,
    /// Closed: corrections only after it is opened again.
    pub closed: bool,
    /// People whose day came to something else since it was closed.
    pub changed: u32,
}

/// A letter with what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LegendItem {
    /// Stable word of the result.
    pub result: String,
    /// Letter.
    pub letter: String,
    /// Chinese name.
    pub title: String,
}

/// A person's month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttendanceRow {
    /// User id.
    pub person: String,
    /// Name.
    pub name: String,
    /// Division.
    pub division: String,
    /// Contract post.
    pub post: String,
    /// One for each day.
    pub cells: Vec<AttendanceCell>,
    /// Sums.
    pub totals: AttendanceTotals,
}

/// One day in the matrix.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttendanceCell {
    /// Stable word of the result; empty for a day to come.
    pub result: String,
    /// Letter of the day.
    pub letter: String,
    /// Letter of the spans that begin before noon; empty where there is none.
    pub morning: String,
    /// Letter of the spans that begin from noon on.
    pub afternoon: String,
    /// Why, in words.
    pub text: String,
}

/// Sums of a person's month, in days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttendanceTotals {
    /// 应出勤: days with a shift so far.
    pub due: u32,
    /// 实出勤: of these, days somebody was there.
    pub present: u32,
    /// 迟到: days late.
    pub late: u32,
    /// 早退: days left early.
    pub early: u32,
    /// 缺卡.
    pub missing: u32,
    /// 半天.
    pub half: u32,
    /// 旷工.
    pub absent: u32,
    /// 事假.
    pub personal: u32,
    /// 病假.
    pub sick: u32,
    /// 年休假.
    pub annual: u32,
    /// 调休.
    pub compensatory: u32,
    /// 婚假、产假、陪产假、丧假.
    pub other_leave: u32,
    /// 公出、培训.
    pub trip: u32,
    /// 值班: days at a post of the roster.
    pub duty: u32,
    /// 加班, granted, in minutes.
    pub overtime_minutes: u32,
    /// 待定.
    pub unknown: u32,
}

/// Request: close a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AttendanceClose {
    /// First day to close, `2025-10-15`.
    pub from: String,
    /// Last day to close, included.
    pub to: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: open a closed day again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AttendanceReopen {
    /// The day.
    pub date: String,
    /// Why.
    pub reason: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: compare a list of the buyer's with a month. Nothing is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AttendanceCompareArgs {
    /// `2025-10`; absent: this month.
    pub month: Option<String>,
    /// A pasted table: lines, cells between tabs.
    pub text: Option<String>,
    /// An XLSX file, Base64; goes before the text.
    pub file: Option<String>,
}

/// What a list of the buyer's says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttendanceCompare {
    /// `2025-10`.
    pub month: String,
    /// People of the month found in the list.
    pub people: u32,
    /// Cells compared.
    pub compared: u32,
    /// Cells that differ, by date.
    pub differences: Vec<AttendanceDifference>,
    /// People of the month that the list does not name.
    pub missing: Vec<String>,
    /// Lines and marks that could not be read.
    pub mistakes: Vec<String>,
    /// Differences and mistakes not told of.
    pub untold: u32,
}

/// A cell that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttendanceDifference {
    /// User id.
    pub person: String,
    /// Name.
    pub name: String,
    /// Division.
    pub division: String,
    /// Date.
    pub date: String,
    /// `上午`, `下午`; empty for the whole day.
    pub half: String,
    /// Our letters.
    pub ours: String,
    /// What the list says.
    pub theirs: String,
    /// Why ours is what it is.
    pub text: String,
}

/// Exceptions of a month as proposals for the assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttendanceProposals {
    /// `2025-10`.
    pub month: String,
    /// By date.
    pub rows: Vec<AttendanceProposal>,
    /// What the contract says of being away.
    pub clauses: Vec<AwayClauseDto>,
    /// How it is meant.
    pub note: String,
}

/// One exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttendanceProposal {
    /// User id.
    pub person: String,
    /// Name.
    pub name: String,
    /// Division.
    pub division: String,
    /// Date.
    pub date: String,
    /// Stable word: `absent`, `half_day`, `not_found`, `late`, `early_leave`, `missing_punch`.
    pub breach: String,
    /// Chinese name.
    pub title: String,
    /// Why, in words.
    pub text: String,
    /// Whether the clauses about being away speak of it.
    pub by_contract: bool,
    /// Where it stands, if they do not.
    pub source: String,
}

/// A clause about being away, with what the proposals come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AwayClauseDto {
    /// `001:1933`.
    pub source: String,
    /// Its words.
    pub words: String,
    /// Who scores it; empty where the document does not say.
    pub scored_by: String,
    /// Points taken each time; absent where the clause prints none.
    pub points: Option<String>,
    /// Proposals it speaks of.
    pub count: u32,
    /// Their points together.
    pub sum: Option<String>,
}
