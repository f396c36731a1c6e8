//! What crosses the door about people (人员): papers, skills, phones, deputies and notices.
//!
//! Dates are `2025-10-01`; an empty date takes one away. `source` is `001:31` or `本项目约定`.

use super::dto::TimelineEntry;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Request: the people of a contract.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StaffArgs {
    /// Contract id; the first that reaches so far when absent.
    pub contract: Option<String>,
}

/// Request: one person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StaffRef {
    /// Contract id, as in [`StaffArgs`].
    pub contract: Option<String>,
    /// User id.
    pub user: String,
}

/// Everybody under a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StaffList {
    /// Contract id.
    pub contract: String,
    /// Its name.
    pub contract_name: String,
    /// The day it is for.
    pub today: String,
    /// Oneself first, then by division and name.
    pub people: Vec<StaffRow>,
    /// What is to be done about them, dated ones first.
    pub tasks: Vec<StaffTask>,
    /// Skills in use, for the form.
    pub skills: Vec<String>,
    /// Papers that are asked for, in their order, with their clause.
    pub papers: Vec<PaperRule>,
}

/// A paper that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PaperRule {
    /// `vetting|nda|filing|badge`.
    pub paper: String,
    /// `岗前审查`.
    pub name: String,
    /// Its date says until when it holds.
    pub expires: bool,
    /// Where it is asked for.
    pub source: String,
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StaffRow {
    /// User id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Pinyin initials of the name.
    pub initials: String,
    /// Divisions, joined; empty for all.
    pub division: String,
    /// Contract post, such as `P02`; empty where none is set.
    pub post: String,
    /// Chinese names of the roles, joined.
    pub roles: String,
    /// On site.
    pub onsite: bool,
    /// What he can do.
    pub skills: Vec<String>,
    /// First day under the contract.
    pub joined: Option<String>,
    /// Last day under the contract.
    pub left: Option<String>,
    /// Under the contract today.
    pub present: bool,
    /// His papers, all of them in their order.
    pub papers: Vec<PaperDto>,
    /// Papers that keep him from a post on site.
    pub missing: u32,
    /// A phone is known, whether or not this person may see it.
    pub has_phone: bool,
    /// Who decides for him.
    pub deputy: Option<DeputyDto>,
    /// Notices about replacing him.
    pub notices: Vec<NoticeDto>,
    /// What is to be done about him.
    pub tasks: u32,
    /// Waits for the centre.
    pub pending: bool,
    /// The person who asks.
    pub mine: bool,
    /// What this user may note: `all|phones|none`.
    pub may_note: String,
    /// This user may name his deputy.
    pub may_name_deputy: bool,
}

/// One paper of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PaperDto {
    /// `vetting|nda|filing|badge`.
    pub paper: String,
    /// Its date, if noted.
    pub date: Option<String>,
    /// `ok|soon|expired|missing|not_needed`.
    pub state: String,
}

/// Who decides instead of an approver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeputyDto {
    /// User id.
    pub user: String,
    /// Name.
    pub name: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Holds today.
    pub now: bool,
}

/// A notice about replacing a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoticeDto {
    /// `replacement|resignation|strike`.
    pub kind: String,
    /// `更换人员`.
    #[serde(default)]
    pub name: String,
    /// Day of the planned change, or of the strike.
    pub date: String,
    /// Until when the buyer has to be asked, where the contract says so.
    #[serde(default)]
    pub apply_by: Option<String>,
    /// When the buyer was asked.
    pub applied: Option<String>,
    /// When the buyer confirmed.
    pub confirmed: Option<String>,
    /// Title and number of the paper.
    pub paper: String,
}

/// Something to be done about a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StaffTask {
    /// User id.
    pub user: String,
    /// Name.
    pub name: String,
    /// What.
    pub text: String,
    /// Until when.
    pub due: Option<String>,
    /// That day is past.
    pub overdue: bool,
    /// Where it is asked for.
    pub source: String,
}

/// Phones of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PhonesDto {
    /// Mobile phone.
    pub mobile: String,
    /// Extension or short number on site.
    pub extension: String,
}

/// The whole of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StaffDetail {
    /// His row.
    pub row: StaffRow,
    /// This user may see phones.
    pub may_see_phones: bool,
    /// They, where this person and device may see them.
    pub phones: Option<PhonesDto>,
    /// What is to be done about him.
    pub tasks: Vec<StaffTask>,
    /// Who noted what, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// Colleagues who could be his deputy.
    pub deputies: Vec<Colleague>,
}

/// A colleague who can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Colleague {
    /// User id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Pinyin initials.
    pub initials: String,
    /// Divisions, joined.
    pub division: String,
    /// On site.
    pub onsite: bool,
}

/// Request: note something of a person. What is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StaffNote {
    /// Contract id, as in [`StaffArgs`].
    pub contract: Option<String>,
    /// User id.
    pub user: String,
    /// All skills.
    pub skills: Option<Vec<String>>,
    /// First day; empty takes it away.
    pub joined: Option<String>,
    /// Last day; empty takes it away.
    pub left: Option<String>,
    /// Dates by paper; empty takes one away.
    pub papers: BTreeMap<String, String>,
    /// His deputy; an empty user takes him away.
    pub deputy: Option<DeputyAsk>,
    /// All notices.
    pub notices: Option<Vec<NoticeDto>>,
    /// All phones.
    pub phones: Option<PhonesDto>,
    /// Same key twice = one effect.
    pub idempotency_key: String,
}

/// A deputy to be named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DeputyAsk {
    /// User id; empty takes the deputy away.
    pub user: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
}
