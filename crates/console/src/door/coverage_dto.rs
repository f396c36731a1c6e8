//! What crosses the door about coverage 保障: plans, what was done under them, and the ledger.

use super::dto::DayDto;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A plan in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageRow {
    /// `coverage/<id>`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What for, in Chinese.
    pub occasion: String,
    /// First date, `2025-10-01`.
    pub from: String,
    /// Last date.
    pub to: String,
    /// `draft|submitted|approved|consented|closed|cancelled`.
    pub stage: String,
    /// The same in Chinese.
    pub stage_name: String,
    /// Days until it begins; 0 while it runs, absent once over.
    pub days_ahead: Option<u32>,
    /// Checks, patrols and reports that are due and not done.
    pub overdue: u32,
    /// Checks done, of all.
    pub checks_done: u32,
    /// Checks in all.
    pub checks: u32,
    /// What is due next under a plan in force; empty: nothing.
    pub next_title: String,
    /// When, RFC 3339.
    pub next_at: Option<String>,
    /// Some of it waits for the centre.
    pub pending: bool,
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageChoice {
    /// Its word or id.
    pub value: String,
    /// For people.
    pub text: String,
}

/// Reply: the plans, those that matter now first, and what a new one can choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageList {
    /// Plans: running, ahead by date, then those over, latest first.
    pub plans: Vec<CoverageRow>,
    /// Holidays of the next 60 days without a plan, each with the form it would begin with.
    pub unplanned: Vec<CoverageForm>,
    /// The form of any other plan.
    pub blank: CoverageForm,
    /// Kinds of occasions.
    pub occasions: Vec<CoverageChoice>,
    /// People who can lead.
    pub leads: Vec<CoverageChoice>,
    /// Divisions this console knows.
    pub divisions: Vec<String>,
    /// Divisions whoever asks is limited to; empty: none.
    pub own_divisions: Vec<String>,
    /// May write a plan.
    pub may_plan: bool,
    /// The date.
    pub today: String,
}

/// A plan as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CoverageForm {
    /// Its name.
    pub name: String,
    /// `statutory_holiday|weekend|two_sessions|expo|key_period|other`.
    pub occasion: String,
    /// First date.
    pub from: String,
    /// Last date.
    pub to: String,
    /// Divisions; none: all.
    pub divisions: Vec<String>,
    /// User id of whoever leads.
    pub lead: Option<String>,
    /// Whom to tell, in this order: posts and units.
    pub escalation: Vec<String>,
    /// Looked at before.
    pub checks: Vec<CoverageCheckForm>,
    /// Spares at hand.
    pub spares: Vec<CoverageSpareForm>,
    /// 特巡 times, `HH:MM`.
    pub patrols: Vec<String>,
    /// Report times, `HH:MM`.
    pub reports: Vec<String>,
    /// Somebody on site round the clock.
    pub round_the_clock: bool,
    /// 封网 spans.
    pub freezes: Vec<CoverageFreezeForm>,
    /// What is done when it comes to the worst.
    pub fallback: String,
    /// The paper that asks for it.
    pub paper: String,
}

/// Something to be looked at before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CoverageCheckForm {
    /// Names it within the plan; empty for a new one.
    pub key: String,
    /// What.
    pub what: String,
    /// Days before the first day.
    pub days_before: u8,
}

/// A spare at hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CoverageSpareForm {
    /// Name and model.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// Where.
    pub place: String,
}

/// A 封网 span.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CoverageFreezeForm {
    /// From, RFC 3339.
    pub from: String,
    /// To, not included.
    pub to: String,
    /// What stays as it is.
    pub what: String,
}

/// Something due under a plan, done or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageSlot {
    /// `check|patrol|report`.
    pub kind: String,
    /// Names it in [`CoverageDoneArgs::slot`].
    pub slot: String,
    /// What it is, for people: `机房巡检`, `特巡 09:00`.
    pub title: String,
    /// Date it is due.
    pub date: String,
    /// When it is due, RFC 3339.
    pub due_at: String,
    /// Due and not done.
    pub overdue: bool,
    /// Done: nothing amiss (报告: 零报告).
    pub fine: Option<bool>,
    /// What was found.
    pub text: String,
    /// Who did it last.
    pub by: String,
    /// When.
    pub at: Option<String>,
}

/// A step of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageAct {
    /// Stage it led to, in Chinese.
    pub stage_name: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: String,
    /// Words with it.
    pub text: String,
}

/// A post on a day of a plan, from the published roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageDutyPost {
    /// Its name.
    pub name: String,
    /// Where; empty: not said.
    pub place: String,
    /// Names of those on it.
    pub people: Vec<String>,
    /// How many are lacking.
    pub lacking: u32,
}

/// A day of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageDutyDay {
    /// The day.
    pub day: DayDto,
    /// The roster of its month is published.
    pub published: bool,
    /// Minutes without anybody on duty where the plan asks for somebody round the clock; else 0.
    pub unattended_minutes: u32,
    /// Posts needed or held.
    pub posts: Vec<CoverageDutyPost>,
}

/// What this person may do with a plan now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageMay {
    /// Change it.
    pub change: bool,
    /// Ask for approval.
    pub submit: bool,
    /// Send it back.
    pub give_back: bool,
    /// Approve it.
    pub approve: bool,
    /// Agree to it for the buyer, or record that he agreed.
    pub consent: bool,
    /// It is the buyer's own account that agrees.
    pub consent_by_account: bool,
    /// Sum it up.
    pub close: bool,
    /// Give it up.
    pub cancel: bool,
    /// Write down checks, patrols and reports.
    pub record: bool,
}

/// Request: one plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageRef {
    /// `coverage/<id>`.
    pub id: String,
}

/// Reply: one plan, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageView {
    /// As in the list.
    pub row: CoverageRow,
    /// As it is written.
    pub plan: CoverageForm,
    /// Grows with each change.
    pub version: u32,
    /// Name of whoever leads.
    pub lead_name: String,
    /// How the buyer agreed, in a sentence.
    pub consent: Option<String>,
    /// Steps so far.
    pub acts: Vec<CoverageAct>,
    /// What is due under it, in order.
    pub slots: Vec<CoverageSlot>,
    /// Who is on duty, day by day.
    pub duty: Vec<CoverageDutyDay>,
    /// What this person may do.
    pub may: CoverageMay,
    /// The summary; before it is closed a draft from what was done, to be edited.
    pub summary: String,
    /// Name of the contract.
    pub contract: String,
    /// Version and how far the data reached, for paper.
    pub printed: String,
    /// Watermark of a print; empty on the screen.
    pub watermark: String,
}

/// Something due today under a plan in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageTask {
    /// `coverage/<id>`.
    pub plan: String,
    /// Name of the plan.
    pub name: String,
    /// `check|patrol|report`.
    pub kind: String,
    /// As in [`CoverageSlot::slot`].
    pub slot: String,
    /// What it is.
    pub title: String,
    /// When it is due, RFC 3339.
    pub due_at: String,
    /// Due and not done.
    pub overdue: bool,
}

/// A plan that waits for whoever asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageWaiting {
    /// `coverage/<id>`.
    pub plan: String,
    /// Its name.
    pub name: String,
    /// What for: `待审核`.
    pub act: String,
}

/// A 封网 span in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageFreeze {
    /// `coverage/<id>`.
    pub plan: String,
    /// Name of the plan.
    pub name: String,
    /// From, RFC 3339.
    pub from: String,
    /// To, not included.
    pub to: String,
    /// What stays as it is.
    pub what: String,
}

/// Reply: what coverage asks of a person today.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageTasks {
    /// Checks, patrols and reports of today that nobody did yet.
    pub due: Vec<CoverageTask>,
    /// Patrols and reports of days gone by that nobody did.
    pub missed: u32,
    /// Plans that wait for his word.
    pub waiting: Vec<CoverageWaiting>,
    /// Holidays of the next 14 days without a plan, for a supervisor.
    pub unplanned: Vec<String>,
    /// 封网 spans in force that are not over.
    pub freezes: Vec<CoverageFreeze>,
}

/// Request: write a plan, or change one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CoveragePlanArgs {
    /// The plan changed; absent: a new one.
    pub id: Option<String>,
    /// The plan.
    pub plan: CoverageForm,
    /// Same key twice = one effect.
    pub idempotency_key: String,
}

/// Request: take a plan a step further.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CoverageActArgs {
    /// `coverage/<id>`.
    pub id: String,
    /// `submit|return|approve|consent|close|cancel`.
    pub act: String,
    /// Words: why returned or cancelled, the summary.
    pub text: String,
    /// Consent: unit or post of the buyer.
    pub unit: String,
    /// Consent on paper: its date.
    pub date: Option<String>,
    /// Consent on paper: title with number.
    pub paper: String,
    /// Same key twice = one effect.
    pub idempotency_key: String,
}

/// Request: write down a check, a patrol or a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CoverageDoneArgs {
    /// `coverage/<id>`.
    pub id: String,
    /// `check|patrol|report`.
    pub kind: String,
    /// [`CoverageSlot::slot`].
    pub slot: String,
    /// Nothing amiss (报告: 零报告).
    pub fine: bool,
    /// What was found.
    pub text: String,
    /// Same key twice = one effect.
    pub idempotency_key: String,
}

/// Request: the coverage ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CoverageLedgerArgs {
    /// Contract; absent: the person's first one.
    pub contract: Option<String>,
    /// First date; absent: of this year.
    pub from: Option<String>,
    /// Last date; absent: of this year.
    pub to: Option<String>,
}

/// One day of a row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LedgerDayDto {
    /// The date.
    pub date: String,
    /// Holiday it belongs to.
    pub holiday: Option<String>,
    /// People on the roster.
    pub planned: u32,
    /// Of them, presence proven.
    pub proven: u32,
    /// `proven|planned|thin|empty`.
    pub state: String,
}

/// A row of the contract with its days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageLine {
    /// Id of the contract's row.
    pub id: String,
    /// Document and lines.
    pub source: String,
    /// What it is about.
    pub applies_to: String,
    /// The obligation in the document's words.
    pub obligation: String,
    /// How it is counted; our reading.
    pub measure: String,
    /// Counted by days at all.
    pub counted: bool,
    /// Days owed as printed: `每年不少于 36 天`, `每年约 5 天`, `每一天`.
    pub owed: String,
    /// People owed at once.
    pub people: u32,
    /// Days of that kind in the period.
    pub calendar_days: u32,
    /// Days with enough people on the roster.
    pub planned_days: u32,
    /// Days with proof.
    pub proven_days: u32,
    /// Days still short; absent where the figure binds nobody, or is one of a year and another period is counted.
    pub short_days: Option<u32>,
    /// The days.
    pub days: Vec<LedgerDayDto>,
}

/// Printed figures that do not add up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageOddity {
    /// What does not fit.
    pub text: String,
    /// Document and lines of the figures.
    pub sources: Vec<String>,
}

/// Reply: the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageLedger {
    /// Contract.
    pub contract: String,
    /// Its title.
    pub title: String,
    /// First date counted.
    pub from: String,
    /// Last date counted.
    pub to: String,
    /// Rows in the document's order.
    pub lines: Vec<CoverageLine>,
    /// Printed figures that do not add up.
    pub oddities: Vec<CoverageOddity>,
    /// Years of the period without a notice: their days off are not counted.
    pub unannounced_years: Vec<i16>,
    /// When this console last heard of the others: later signatures may be missing.
    pub synced_at: Option<String>,
}
