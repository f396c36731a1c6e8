//! What crosses the door about leave (请假), decisions and substitutes.
//!
//! Dates are `2025-10-01`, both ends of a span are included; instants are RFC 3339 in +08:00.

use super::dto::{Colleague, DayDto};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Request: leaves of a month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LeaveArgs {
    /// Contract id; the first that reaches so far when absent.
    pub contract: Option<String>,
    /// `2025-10`; the present one when absent.
    pub month: Option<String>,
}

/// Leaves of a month, and whatever waits for a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LeaveList {
    /// Contract id.
    pub contract: String,
    /// `2025-10`.
    pub month: String,
    /// The day it is for.
    pub today: String,
    /// Its days.
    pub days: Vec<DayDto>,
    /// Those that touch the month, all that wait, and one's own last ones; newest first day first.
    pub leaves: Vec<LeaveRow>,
    /// Kinds in the order of their keys.
    pub kinds: Vec<LeaveKindDto>,
    /// Colleagues, for the form.
    pub people: Vec<Colleague>,
    /// User id of whoever asks.
    pub me: String,
    /// For whom this user decides today as a deputy: names, joined.
    pub deputy_for: String,
    /// The clause about substitutes, or that the contract has none.
    pub substitute_rule: String,
    /// Where it stands.
    pub substitute_source: String,
}

/// A kind of leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LeaveKindDto {
    /// Stable word.
    pub code: String,
    /// `事假`.
    pub name: String,
    /// `事`.
    pub letter: String,
}

/// One leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LeaveRow {
    /// Entity id, `leave/…`.
    pub id: String,
    /// User id of whoever is away.
    pub person: String,
    /// His name.
    pub name: String,
    /// His divisions, joined.
    pub division: String,
    /// Stable word of the kind.
    pub kind: String,
    /// `事假`.
    pub kind_name: String,
    /// `事`.
    pub letter: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Days.
    pub days: u32,
    /// Workdays; absent where a year is not announced.
    pub workdays: Option<u32>,
    /// It holds at once; consent follows.
    pub emergency: bool,
    /// Why, for those who may read it.
    pub reason: Option<String>,
    /// `asked|approved|refused|withdrawn`.
    pub stage: String,
    /// `待审批`.
    pub stage_name: String,
    /// He is away by it: granted, or an emergency.
    pub counts: bool,
    /// The request and the decision, then the substitute's chain, in their order.
    pub steps: Vec<LeaveStep>,
    /// Name of the substitute named last.
    pub substitute: Option<String>,
    /// `named|agreed|managed|consented|refused`.
    pub substitute_stage: Option<String>,
    /// `待替班人同意`.
    pub substitute_name: Option<String>,
    /// He takes the place now.
    pub stands_in: bool,
    /// Until when consent is owed to an emergency.
    pub due: Option<String>,
    /// That day is past.
    pub overdue: bool,
    /// What this user may do.
    pub may: LeaveMay,
    /// Waits for the centre.
    pub pending: bool,
    /// Of the person who asks.
    pub mine: bool,
}

/// What a user may do about a leave now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LeaveMay {
    /// Take it back.
    pub withdraw: bool,
    /// Decide.
    pub decide: bool,
    /// Name a substitute.
    pub substitute: bool,
    /// Say a word in the chain: `substitute|manager|buyer`.
    pub answer: Option<String>,
    /// That word is the buyer's, recorded for him: unit, paper and date are asked for.
    pub records_buyer: bool,
}

/// A step of a leave or its chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LeaveStep {
    /// `asked|decision|substitute|manager|buyer`.
    pub step: String,
    /// `项目经理`.
    pub name: String,
    /// `done|waiting|next|refused`: waiting comes after the next.
    pub state: String,
    /// Who said so, or who is asked.
    pub by: String,
    /// When.
    pub at: Option<String>,
    /// What was said, and the paper.
    pub text: String,
}

/// Request: ask for leave.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LeaveAsk {
    /// Contract id, as in [`LeaveArgs`].
    pub contract: Option<String>,
    /// User id; oneself when absent.
    pub person: Option<String>,
    /// Stable word of the kind.
    pub kind: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Why; travels sealed.
    pub reason: String,
    /// It holds at once.
    pub emergency: bool,
    /// User id of the substitute.
    pub substitute: Option<String>,
    /// Same key twice = one effect.
    pub idempotency_key: String,
}

/// What a request would come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LeaveCheck {
    /// Days.
    pub days: u32,
    /// Workdays; absent where a year is not announced.
    pub workdays: Option<u32>,
    /// Why it would be refused.
    pub problem: Option<String>,
    /// Until when consent would be owed.
    pub due: Option<String>,
}

/// Request: take a leave back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LeaveRef {
    /// Entity id.
    pub id: String,
    /// Same key twice = one effect.
    pub idempotency_key: String,
}

/// Request: decide about a leave.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LeaveDecide {
    /// Entity id.
    pub id: String,
    /// Granted or not.
    pub approve: bool,
    /// In words; owed where it is not granted.
    pub words: String,
    /// Same key twice = one effect.
    pub idempotency_key: String,
}

/// Request: name a substitute.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LeaveSubstitute {
    /// Entity id.
    pub id: String,
    /// User id.
    pub person: String,
    /// Same key twice = one effect.
    pub idempotency_key: String,
}

/// Request: the next word of the chain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LeaveAnswer {
    /// Entity id.
    pub id: String,
    /// `substitute|manager|buyer`: the step the screen showed as next.
    pub step: String,
    /// Yes or no.
    pub approve: bool,
    /// In words.
    pub words: String,
    /// Unit or post of the buyer, where his consent is recorded for him.
    pub unit: String,
    /// The paper, or how it was said.
    pub paper: String,
    /// The day of the consent.
    pub date: String,
    /// Same key twice = one effect.
    pub idempotency_key: String,
}
