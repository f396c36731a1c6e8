//! Payloads of `roster.*`. Additive only: unknown keys are tolerated, absent ones have a default.

use crate::contract::{DutyDays, DutyKind};
use crate::duty::roster::ShiftKind;
use crate::event::UserId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A post as the month keeps it: later settings do not reach it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyPost {
    /// Its id: letters, digits, `-` and `_`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What kind of duty.
    pub kind: DutyKind,
    /// Which hours.
    pub shift: ShiftKind,
    /// Which days.
    pub days: DutyDays,
    /// These dates of the month and no others; empty: as `days` says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<Date>,
    /// First date, included; absent: no bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Last date, included; absent: no bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// People it needs.
    pub count: u32,
    /// A skill that its holder needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<String>,
    /// The other post of a pair: never the same person on one date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair_of: Option<String>,
    /// Held at the buyer's site.
    #[serde(default)]
    pub onsite: bool,
    /// Minutes within which its holder has to be there when called in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_in_minutes: Option<u32>,
    /// Divisions whose people may hold it; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub divisions: Vec<String>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Clause of the contract that asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// The paper on which it was agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
}

impl DutyPost {
    /// 备勤: beside normal work.
    #[must_use]
    pub fn is_standby(&self) -> bool {
        self.kind == DutyKind::Standby
    }
}

/// Limits of the month's rules; 本项目约定, no contract here states one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DutyRules {
    /// Least hours between two shifts.
    pub rest_hours_min: u32,
    /// Most dates in a row on which a shift begins.
    pub consecutive_days_max: u32,
    /// Most shifts that begin on one date.
    pub shifts_per_day_max: u32,
    /// Most dates in a row on which a night shift begins.
    pub nights_in_row_max: u32,
    /// Fewest people on site on a workday; 0: nothing agreed.
    #[serde(skip_serializing_if = "is_zero")]
    pub onsite_min: u32,
    /// Whether a swap needs the buyer's consent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub swap_consent: bool,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Default for DutyRules {
    /// Where nothing is agreed: guesses, shown as 本项目约定，缺省.
    fn default() -> Self {
        Self {
            rest_hours_min: 12,
            consecutive_days_max: 6,
            shifts_per_day_max: 1,
            nights_in_row_max: 2,
            onsite_min: 0,
            swap_consent: false,
        }
    }
}

/// `roster.opened`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Contract version in force.
    pub contract_hash: String,
    /// Calendar version in force.
    pub calendar_hash: String,
    /// Posts to be filled.
    pub posts: Vec<DutyPost>,
    /// Limits.
    #[serde(default)]
    pub rules: DutyRules,
}

/// Who shall stand in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellSet {
    /// The date.
    pub date: Date,
    /// Post id.
    pub post: String,
    /// Who; nobody when empty.
    #[serde(default)]
    pub people: Vec<UserId>,
}

/// A pin set or taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinSet {
    /// The date.
    pub date: Date,
    /// Post id.
    pub post: String,
    /// Who.
    pub person: UserId,
    /// Set, or taken away.
    #[serde(default)]
    pub pinned: bool,
}

/// `roster.edited`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// The author's today.
    pub on: Date,
    /// Cells as they shall be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<CellSet>,
    /// Pins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<PinSet>,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// `roster.waived`: a breach that is let pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waived {
    /// Code of the rule.
    pub rule: String,
    /// The date, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Post id, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// Who, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<UserId>,
    /// Why; taken back when empty.
    #[serde(default)]
    pub reason: String,
}

impl Waived {
    /// The breach as a key.
    #[must_use]
    pub fn key(&self) -> String {
        waiver_key(&self.rule, self.date, self.post.as_deref(), self.person.as_ref().map(UserId::as_str))
    }
}

/// The key of a breach: rule, date, post and person, where it has them.
#[must_use]
pub fn waiver_key(rule: &str, date: Option<Date>, post: Option<&str>, person: Option<&str>) -> String {
    let date = date.map(|date| date.to_string()).unwrap_or_default();
    format!("{rule}/{date}/{}/{}", post.unwrap_or_default(), person.unwrap_or_default())
}

/// `roster.commented`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commented {
    /// The date it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The post it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// The words.
    pub text: String,
}

/// `roster.wished`: of whoever writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wished {
    /// The date.
    pub date: Date,
    /// `on`, `off`, or `none` to take it back.
    pub want: String,
    /// 1-3.
    #[serde(default)]
    pub weight: u32,
}

/// `roster.submitted`, `returned`, `approved`, `published`, `seen`, `confirmed`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    /// What is said to it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The version published, seen or confirmed.
    #[serde(skip_serializing_if = "is_zero")]
    pub version: u32,
    /// The author's today, where it is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// Approved by whoever submitted it, as nobody else holds the role.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
}

/// `roster.consented`: by the buyer's account, or recorded from a paper.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Consented {
    /// Unit or post that consented, never a person's name; empty for the buyer's own account.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub who: String,
    /// Date of the consent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The paper.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub paper: String,
}

/// A date and a post.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct At {
    /// The date.
    pub date: Date,
    /// Post id.
    pub post: String,
}

/// `roster.swap_asked`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapAsked {
    /// The author's today.
    pub on: Date,
    /// The duty given.
    pub mine: At,
    /// To whom.
    pub with: UserId,
    /// His duty taken in return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs: Option<At>,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// `roster.swap_accepted`: the colleague's answer, or the asker's taking back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapAnswered {
    /// Event id of the asking.
    pub swap: String,
    /// Yes or no.
    #[serde(default)]
    pub accept: bool,
    /// What is said to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// `roster.swap_decided` and `roster.takeover_decided`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Event id of the asking or takeover.
    pub of: String,
    /// The author's today.
    pub on: Date,
    /// Yes or no.
    #[serde(default)]
    pub approve: bool,
    /// What is said to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Unit or post that consented for the buyer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub consent_who: String,
    /// The paper of that consent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub consent_paper: String,
}

/// `roster.taken_over`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenOver {
    /// The duty.
    #[serde(flatten)]
    pub at: At,
    /// Since when.
    pub from: Timestamp,
    /// Who took over.
    pub person: UserId,
    /// Who had it.
    pub instead_of: UserId,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}
