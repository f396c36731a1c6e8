//! 人员: papers, skills, joining and leaving, phones, deputies and notices of replacement.
//!
//! Name, division and post are the user's; here stands what the contract asks of him beyond an account.
//! Promises: a change relies on what its author saw of each field he changes, so that of two changes of one
//! field the first wins; phones travel sealed. Left out: what a missing paper forbids (the roster says that).

mod judge;
mod rules;

pub(crate) use judge::judge_staff;
pub use judge::{Standing, legal, stands_in};
pub use rules::{Missing, Period, StaffRules, Task, TaskKind, WARN_DAYS, days_before, missing_papers, tasks};

use crate::duty::{counts, given, named};
use crate::event::{EntityId, EventId, Recorded, UserId, event_type};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Name of the sealed part of `staff.noted`, a [`Phones`].
pub const PHONES: &str = "phones";
/// Longest skill, in characters; a guess.
pub const SKILL_CHARS_MAX: usize = 20;
/// Most skills and most notices kept of one person; a guess, far above what one person gives cause for.
pub const LISTED_MAX: usize = 20;

named! {
    /// A paper without which nobody takes a post on site, in the order in which a newcomer gets them.
    pub enum Paper {
        /// 岗前审查; its date is the day it was passed.
        Vetting = "vetting", "岗前审查";
        /// 保密承诺书; its date is the day it was signed.
        Nda = "nda", "保密承诺书";
        /// 采购人备案; its date is the day the buyer confirmed.
        Filing = "filing", "采购人备案";
        /// 工作证; its date is the last day on which it is valid.
        Badge = "badge", "工作证";
    }
}

impl Paper {
    /// Whether its date says until when it holds, not since when.
    pub fn expires(self) -> bool {
        self == Self::Badge
    }
}

/// Who decides instead of an approver, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deputy {
    /// The deputy.
    pub user: UserId,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
}

named! {
    /// Kinds of notices about replacing a person.
    pub enum NoticeKind {
        /// 更换: found unfit by the overseer.
        Replacement = "replacement", "更换人员";
        /// 离职更换.
        Resignation = "resignation", "离职更换";
        /// 更换后仍不合格: one strike.
        Strike = "strike", "更换后仍不合格";
    }
}

/// A notice about replacing a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// Day of the planned change, or of the strike.
    pub date: Date,
    /// The day on which it was sent to the buyer; absent while owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied: Option<Date>,
    /// The day on which the buyer confirmed it (备档).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Date>,
    /// Title and number of the paper, may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub paper: String,
}

/// The sealed part [`PHONES`] of `staff.noted`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Phones {
    /// Mobile phone.
    pub mobile: String,
    /// Extension or short number on site.
    pub extension: String,
}

/// Payload of `staff.noted`, about `staff/<user>`: only what is given is replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Noted {
    /// What he can do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skills: Option<Vec<String>>,
    /// First day under the contract.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub joined: Option<Option<Date>>,
    /// Last day under the contract, included.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub left: Option<Option<Date>>,
    /// Dates of papers; null takes one away.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub papers: BTreeMap<Paper, Option<Date>>,
    /// Who decides for this approver.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub deputy: Option<Option<Deputy>>,
    /// All notices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notices: Option<Vec<Notice>>,
    /// New phones stand in the sealed part [`PHONES`].
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub phones: bool,
}

impl Noted {
    /// Names of the fields it changes, as claims name them in `expect`.
    pub fn fields(&self) -> Vec<String> {
        let whole = [
            ("skills", self.skills.is_some()),
            ("joined", self.joined.is_some()),
            ("left", self.left.is_some()),
            ("deputy", self.deputy.is_some()),
            ("notices", self.notices.is_some()),
            ("phones", self.phones),
        ];
        let whole = whole.into_iter().filter(|(_, given)| *given).map(|(name, _)| name.to_owned());
        whole.chain(self.papers.keys().map(|paper| format!("papers.{}", paper.code()))).collect()
    }
}

/// What is known of one person under one contract.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Staff {
    /// What he can do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// First day under the contract; absent where nobody said: since ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joined: Option<Date>,
    /// Last day under the contract, included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<Date>,
    /// Dates of papers: passed, signed, confirmed, or valid to.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub papers: BTreeMap<Paper, Date>,
    /// Who decides for this approver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deputy: Option<Deputy>,
    /// Notices, in the order given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// The event whose sealed part holds his phones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phones_in: Option<EventId>,
    /// Per field: the event that changed it last.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub touched: BTreeMap<String, EventId>,
    /// Own events that wait for the centre.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<EventId>,
    /// Type names of a newer program seen here; not empty means read-only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

impl Staff {
    /// The present value of a field a claim can name in `expect`; empty text where there is none, `None`
    /// where no such field is known.
    pub fn field(&self, name: &str) -> Option<String> {
        let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        Some(match name {
            "skills" => self.skills.join("、"),
            "joined" => date(self.joined),
            "left" => date(self.left),
            "deputy" => {
                self.deputy.as_ref().map(|d| format!("{} {} {}", d.user, d.from, d.to)).unwrap_or_default()
            }
            "notices" => self.notices.iter().map(notice_text).collect::<Vec<_>>().join(";"),
            "phones" => self.phones_in.map(|id| id.to_string()).unwrap_or_default(),
            _ => date(self.papers.get(&Paper::from_code(name.strip_prefix("papers.")?)?).copied()),
        })
    }

    /// Events that wait for the centre and on which a change of these fields stands.
    pub fn stands_on(&self, fields: &[String]) -> Vec<EventId> {
        let last = fields.iter().filter_map(|field| self.touched.get(field));
        last.filter(|event| self.pending.contains(event)).copied().collect()
    }

    /// Who decides for him on a day, if anybody does.
    pub fn deputy_on(&self, date: Date) -> Option<&UserId> {
        let holds = |deputy: &&Deputy| (deputy.from..=deputy.to).contains(&date);
        self.deputy.as_ref().filter(holds).map(|deputy| &deputy.user)
    }

    fn apply(&mut self, noted: Noted, event: EventId) {
        for field in noted.fields() {
            self.touched.insert(field, event);
        }
        if let Some(skills) = noted.skills {
            self.skills = skills;
        }
        if let Some(joined) = noted.joined {
            self.joined = joined;
        }
        if let Some(left) = noted.left {
            self.left = left;
        }
        for (paper, date) in noted.papers {
            match date {
                Some(date) => self.papers.insert(paper, date),
                None => self.papers.remove(&paper),
            };
        }
        if let Some(deputy) = noted.deputy {
            self.deputy = deputy;
        }
        if let Some(notices) = noted.notices {
            self.notices = notices;
        }
        if noted.phones {
            self.phones_in = Some(event);
        }
    }
}

fn notice_text(notice: &Notice) -> String {
    let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let Notice { kind, date: day, applied, confirmed, paper } = notice;
    format!("{} {day} {} {} {paper}", kind.code(), date(*applied), date(*confirmed))
}

/// Whether a person is under the contract on a day.
pub fn present(staff: Option<&Staff>, date: Date) -> bool {
    staff.is_none_or(|staff| {
        staff.joined.is_none_or(|joined| joined <= date) && staff.left.is_none_or(|left| date <= left)
    })
}

/// `staff/<user>`.
///
/// # Panics
/// Never: a user id has the shape of the second part.
pub fn staff_of(user: &UserId) -> EntityId {
    EntityId::new(format!("staff/{user}")).expect("a user id is a part of a name")
}

/// Folds an event of `staff/<user>`. Rejected and parked ones change nothing.
pub fn fold_staff(state: Option<Staff>, event: &Recorded<'_>) -> Option<Staff> {
    if !counts(event) {
        return state;
    }
    let known = event_type(event.kind).is_some_and(|row| (1..=row.tv).contains(&event.tv));
    let noted =
        serde_json::from_str::<Noted>(event.payload).ok().filter(|_| known && event.kind == "staff.noted");
    let mut staff = state.unwrap_or_default();
    match noted {
        Some(noted) => staff.apply(noted, event.id),
        None if !staff.unknown.iter().any(|kind| kind == event.kind) => {
            staff.unknown.push(event.kind.to_owned())
        }
        None => {}
    }
    if event.is_pending() {
        staff.pending.push(event.id);
    }
    Some(staff)
}

#[cfg(test)]
mod tests;
