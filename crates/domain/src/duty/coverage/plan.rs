//! A coverage plan 保障方案: who covers a span, what is looked at before and during it, and its summary.
//!
//! Claims (`coverage.planned`, `changed`, `submitted`, `returned`, `approved`, `consented`, `closed`,
//! `cancelled`) rely on `version` and `stage`; facts (`checked`, `patrolled`, `reported`) are kept whatever
//! the stage. That a plan is needed at all, and its parts, are 本项目约定 unless the row it serves says so.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ledger::{Period, Span};
use crate::duty::{counts, named};
use crate::event::{EventId, Recorded, UserId, event_type};

/// Longest span of one plan, in days: a quarter. A guess.
pub const SPAN_DAYS_MAX: usize = 92;
/// Most entries of any list of a plan. A guess; keeps the event well under its 64 KiB.
pub const LISTED_MAX: usize = 100;
/// Longest single text, in characters. A guess.
pub const TEXT_CHARS_MAX: usize = 1_000;
/// What facts a plan keeps of each kind, newest last.
const FACTS_MAX: usize = 400;

named! {
    /// What a plan is for: the kind of the coverage rows it serves, or of its own.
    #[derive(Default)]
    pub enum Occasion {
        /// 法定节假日.
        #[default]
        StatutoryHoliday = "statutory_holiday", "节假日";
        /// 周末.
        Weekend = "weekend", "周末";
        /// 两会.
        TwoSessions = "two_sessions", "两会";
        /// 东盟博览会.
        Expo = "expo", "博览会";
        /// 重保: other congresses, activities, inspections.
        KeyPeriod = "key_period", "重保";
        /// 封网, 演练 and other arrangements.
        Other = "other", "其他";
    }
}

impl Occasion {
    /// Kinds of coverage rows whose days it names; the calendar names those of holidays and weekends.
    fn serves(self) -> &'static [&'static str] {
        match self {
            Self::TwoSessions => &["two_sessions"],
            Self::Expo => &["expo"],
            Self::KeyPeriod => &["key_period", "event", "rotation_24h"],
            Self::StatutoryHoliday | Self::Weekend | Self::Other => &[],
        }
    }
}

/// Something to be looked at before the span.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Check {
    /// Names it within the plan; never reused for another.
    pub key: String,
    /// What.
    pub what: String,
    /// Days before the first day: 3 and 1 as a rule (002:1327: 长假到来前 3 天提前检查).
    pub days_before: u8,
}

/// A span in which nothing is changed 封网.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// From.
    pub from: Timestamp,
    /// To, not included.
    pub to: Timestamp,
    /// What stays as it is.
    pub what: String,
}

/// A spare to be at hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SpareNeed {
    /// Name and model.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// Where it lies.
    pub place: String,
}

/// Payload of `coverage.planned` and `coverage.changed`: the whole plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Its name, such as `2025年国庆、中秋保障方案`.
    pub name: String,
    /// What it is for.
    pub occasion: Occasion,
    /// First date.
    pub from: Date,
    /// Last date, included.
    pub to: Date,
    /// Divisions; empty: all of the contract.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub divisions: Vec<String>,
    /// Who leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<UserId>,
    /// Whom to tell, in this order: posts and units, never a name or phone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub escalation: Vec<String>,
    /// Looked at before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// Spares at hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spares: Vec<SpareNeed>,
    /// 特巡 times of each day, `HH:MM`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patrols: Vec<String>,
    /// Report times of each day, `HH:MM`; with nothing to tell a 零报告 is due all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<String>,
    /// Somebody on site round the clock.
    #[serde(default)]
    pub round_the_clock: bool,
    /// 封网.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub freezes: Vec<Freeze>,
    /// What is done when it comes to the worst.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fallback: String,
    /// The paper that asks for it: title with number or date.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub paper: String,
}

named! {
    /// Where a plan stands.
    #[derive(Default)]
    pub enum PlanStage {
        /// Being written.
        #[default]
        Draft = "draft", "编制中";
        /// Waits for approval.
        Submitted = "submitted", "待审核";
        /// Approved, in force.
        Approved = "approved", "已审核";
        /// The buyer agreed too.
        Consented = "consented", "采购人已同意";
        /// Over, with a summary.
        Closed = "closed", "已总结";
        /// Given up.
        Cancelled = "cancelled", "已取消";
    }
}

impl PlanStage {
    /// Whether people follow it.
    #[must_use]
    pub fn is_in_force(self) -> bool {
        matches!(self, Self::Approved | Self::Consented)
    }
}

/// Payload of `coverage.consented`: how the buyer agreed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Consent {
    /// Unit or post that agreed, never a person's name.
    pub unit: String,
    /// Date on the paper; absent where he agreed with his own account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The paper: title with number or date.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub paper: String,
}

/// Payload of `coverage.checked`, `coverage.patrolled` and `coverage.reported`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Done {
    /// `checks[].key`, or `2025-10-01 09:00`: the date with the planned time.
    pub slot: String,
    /// Nothing amiss; of a report: 零报告.
    pub fine: bool,
    /// What was found.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// Payload of the acts that carry words or none: `coverage.submitted`, `returned`, `approved`, `closed`,
/// `cancelled`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    /// The words: why it is returned or cancelled, the summary.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Approved by whoever wrote it, since nobody else may.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
}

/// A fact of a plan with who and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What was done.
    pub done: Done,
    /// By whom.
    pub by: Option<UserId>,
    /// The time that counts.
    pub at: Timestamp,
}

/// A step of a plan with who and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Stage it led to.
    pub stage: PlanStage,
    /// By whom.
    pub by: Option<UserId>,
    /// The time that counts.
    pub at: Timestamp,
    /// Words with it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// A plan as its events tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanState {
    /// The plan as it was changed last.
    pub plan: Plan,
    /// Grows with each change; 1 at first.
    pub version: u32,
    /// Where it stands.
    pub stage: PlanStage,
    /// Who wrote it, or changed it last.
    pub author: Option<UserId>,
    /// Who asked for approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitter: Option<UserId>,
    /// How the buyer agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    /// Steps so far, oldest first.
    pub acts: Vec<Act>,
    /// Checks done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checked: Vec<Fact>,
    /// 特巡 done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patrolled: Vec<Fact>,
    /// Reports given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reported: Vec<Fact>,
    /// Event that set a field last, to name the winner over a lost claim.
    pub touched: BTreeMap<String, EventId>,
    /// Some of it still waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// Types of a newer program that were seen here: it can only be looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

impl PlanState {
    /// What a claim can rely on.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        match name {
            "stage" => Some(self.stage.code().to_owned()),
            "version" => Some(self.version.to_string()),
            _ => None,
        }
    }

    /// Whether somebody wrote it as it stands, or asked for its approval.
    #[must_use]
    pub fn is_by(&self, user: &UserId) -> bool {
        [&self.author, &self.submitter].into_iter().any(|by| by.as_ref() == Some(user))
    }

    /// The summary, once it is closed.
    #[must_use]
    pub fn summary(&self) -> Option<&str> {
        let last = self.acts.last().filter(|act| act.stage == PlanStage::Closed)?;
        Some(&last.text)
    }

    /// The days it names for coverage rows that no calendar knows; none while it is not in force.
    #[must_use]
    pub fn spans(&self) -> Vec<Span> {
        let follows = self.stage.is_in_force() || self.stage == PlanStage::Closed;
        let period = Period { from: self.plan.from, to: self.plan.to };
        let kinds = if follows { self.plan.occasion.serves() } else { &[] };
        kinds.iter().map(|kind| Span { kind: (*kind).to_owned(), period }).collect()
    }

    fn step(&mut self, stage: PlanStage, event: &Recorded<'_>, text: String) {
        self.stage = stage;
        self.touched.insert("stage".to_owned(), event.id);
        self.acts.push(Act { stage, by: event.user.cloned(), at: event.effective_at, text });
    }
}

/// Folds an event of `coverage/<id>`. A rejected, parked or unreadable one changes nothing.
#[must_use]
pub fn fold_coverage(state: Option<PlanState>, event: &Recorded<'_>) -> Option<PlanState> {
    if !counts(event) {
        return state;
    }
    let Some(mut state) = state else { return founded(event) };
    state.pending |= event.is_pending();
    match event.kind {
        "coverage.changed" => change(&mut state, event),
        "coverage.submitted" => {
            state.submitter = event.user.cloned();
            state.step(PlanStage::Submitted, event, String::new());
        }
        "coverage.returned" => state.step(PlanStage::Draft, event, words(event)),
        "coverage.approved" => state.step(PlanStage::Approved, event, String::new()),
        "coverage.consented" => {
            state.consent = serde_json::from_str(event.payload).ok();
            state.step(PlanStage::Consented, event, String::new());
        }
        "coverage.closed" => state.step(PlanStage::Closed, event, words(event)),
        "coverage.cancelled" => state.step(PlanStage::Cancelled, event, words(event)),
        "coverage.checked" => keep(&mut state.checked, event),
        "coverage.patrolled" => keep(&mut state.patrolled, event),
        "coverage.reported" => keep(&mut state.reported, event),
        kind if event_type(kind).is_none() && !state.unknown.iter().any(|known| known == kind) => {
            state.unknown.push(kind.to_owned());
        }
        _ => {}
    }
    Some(state)
}

fn founded(event: &Recorded<'_>) -> Option<PlanState> {
    let plan: Plan = serde_json::from_str(event.payload).ok().filter(|_| event.kind == "coverage.planned")?;
    let mut state = PlanState {
        plan,
        version: 1,
        stage: PlanStage::Draft,
        author: event.user.cloned(),
        submitter: None,
        consent: None,
        acts: Vec::new(),
        checked: Vec::new(),
        patrolled: Vec::new(),
        reported: Vec::new(),
        touched: BTreeMap::from([("version".to_owned(), event.id)]),
        pending: event.is_pending(),
        unknown: Vec::new(),
    };
    state.step(PlanStage::Draft, event, String::new());
    Some(state)
}

/// What was approved is approved anew after a change.
fn change(state: &mut PlanState, event: &Recorded<'_>) {
    let Ok(plan) = serde_json::from_str(event.payload) else { return };
    state.plan = plan;
    state.version = state.version.saturating_add(1);
    state.touched.insert("version".to_owned(), event.id);
    state.author = event.user.cloned();
    (state.submitter, state.consent) = (None, None);
    state.step(PlanStage::Draft, event, String::new());
}

fn keep(facts: &mut Vec<Fact>, event: &Recorded<'_>) {
    let Ok(done) = serde_json::from_str(event.payload) else { return };
    if facts.len() < FACTS_MAX {
        facts.push(Fact { done, by: event.user.cloned(), at: event.effective_at });
    }
}

fn words(event: &Recorded<'_>) -> String {
    serde_json::from_str::<Said>(event.payload).map(|said| said.text).unwrap_or_default()
}
