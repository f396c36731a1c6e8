//! The state of a month, and what stands in its cells.

use super::payload::{At, Consented, DutyPost, DutyRules};
use crate::clock::words;
use crate::event::{EventId, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

words! {
    /// How far a month is.
    pub enum Stage {
        /// 编制中
        Draft = "draft",
        /// 待审核
        Submitted = "submitted",
        /// 已审核
        Approved = "approved",
        /// 采购人已同意
        Consented = "consented",
        /// 已发布
        Published = "published",
    }
}

impl Stage {
    /// Chinese name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Draft => "编制中",
            Self::Submitted => "待审核",
            Self::Approved => "待采购人同意",
            Self::Consented => "待发布",
            Self::Published => "已发布",
        }
    }
}

words! {
    /// How far a swap is.
    pub enum SwapState {
        /// 待对方同意
        Asked = "asked",
        /// 待审批
        Accepted = "accepted",
        /// 对方不同意
        Declined = "declined",
        /// 已撤回
        Withdrawn = "withdrawn",
        /// 已批准
        Approved = "approved",
        /// 未批准
        Refused = "refused",
    }
}

impl SwapState {
    /// Chinese name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Asked => "待对方同意",
            Self::Accepted => "待审批",
            Self::Declined => "对方不同意",
            Self::Withdrawn => "已撤回",
            Self::Approved => "已批准",
            Self::Refused => "未批准",
        }
    }
}

words! {
    /// How far a takeover is.
    pub enum TakeoverState {
        /// 待补批
        Open = "open",
        /// 已认可
        Approved = "approved",
        /// 未认可
        Refused = "refused",
    }
}

/// A date and a post.
pub type Place = At;

impl At {
    /// The cell's name in states and in what claims rely on: `2025-10-03/duty`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}", self.date, self.post)
    }

    /// The cell of a name.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        let (date, post) = key.split_once('/')?;
        Some(Self { date: date.parse().ok()?, post: post.to_owned() })
    }
}

/// A cell as it is being worked on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Who, sorted.
    pub people: Vec<UserId>,
    /// The event that set it last.
    pub event: EventId,
    /// Who set it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// Still waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

/// Why a breach is let pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// The reason.
    pub reason: String,
    /// Who let it pass.
    pub by: Option<UserId>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Its event.
    pub id: EventId,
    /// The date it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The post it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// The words.
    pub text: String,
    /// Who.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// Still waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

/// What somebody wishes for a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WishOf {
    /// Who.
    pub person: UserId,
    /// The date.
    pub date: Date,
    /// A shift, or none.
    pub on: bool,
    /// 1-3.
    pub weight: u32,
}

/// An act of the review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted {
    /// `opened`, `submitted`, `returned`, `approved`, `consented`, `published`.
    pub act: String,
    /// Who.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// What was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Still waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

/// The buyer's consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Who wrote it: the buyer's account, or whoever recorded it.
    pub by: Option<UserId>,
    /// What was written.
    #[serde(flatten)]
    pub said: Consented,
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its number, from 1.
    pub n: u32,
    /// When.
    pub at: Timestamp,
    /// Who published it.
    pub by: Option<UserId>,
    /// Who submitted it.
    pub submitted_by: Option<UserId>,
    /// Who approved it.
    pub approved_by: Option<UserId>,
    /// The buyer's consent.
    pub consent: Option<Consent>,
    /// What was said to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Cells that it changed, as they stood before.
    pub before: BTreeMap<String, Vec<UserId>>,
}

/// Whether somebody knows what the last version that concerned him asks of him.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The version that changed his duties last.
    pub version: u32,
    /// When he saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Timestamp>,
    /// When he confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
}

/// A swap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// The event that asked.
    pub id: EventId,
    /// Who asked.
    pub by: UserId,
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
    /// How far it is.
    pub state: SwapState,
    /// When it was asked.
    pub at: Timestamp,
    /// The version it was decided on.
    #[serde(default)]
    pub version: u32,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<UserId>,
    /// What was said last.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Who consented for the buyer and on which paper.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub consent: String,
    /// Its last event.
    pub event: EventId,
    /// Still waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

/// A duty taken over at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Takeover {
    /// Its event.
    pub id: EventId,
    /// The duty.
    pub place: At,
    /// Since when.
    pub from: Timestamp,
    /// Who took over.
    pub person: UserId,
    /// Who had it.
    pub instead_of: UserId,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Who wrote it down.
    pub by: Option<UserId>,
    /// How far it is.
    pub state: TakeoverState,
    /// What was said to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Its last event.
    pub event: EventId,
    /// Still waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

/// A month of duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterMonth {
    /// Its first day.
    pub first: Date,
    /// Contract version it was opened with.
    pub contract_hash: String,
    /// Calendar version it was opened with.
    pub calendar_hash: String,
    /// Posts to be filled.
    pub posts: Vec<DutyPost>,
    /// Limits.
    pub rules: DutyRules,
    /// How far it is.
    pub stage: Stage,
    /// Cells as they are worked on, by [`At::key`]; empty ones stay, naming who emptied them.
    pub cells: BTreeMap<String, Cell>,
    /// Cells of the last version; absent while nothing is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<BTreeMap<String, Vec<UserId>>>,
    /// Versions, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Version>,
    /// Pinned people by cell.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pins: BTreeMap<String, BTreeSet<UserId>>,
    /// Breaches let pass, by [`super::payload::waiver_key`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub waivers: BTreeMap<String, Waiver>,
    /// Comments, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<Comment>,
    /// Wishes by date and person.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub wishes: BTreeMap<String, WishOf>,
    /// Swaps, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub swaps: Vec<Swap>,
    /// Takeovers, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub takeovers: Vec<Takeover>,
    /// Who knows of the version that changed his duties last.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub confirmations: BTreeMap<String, Confirmation>,
    /// Acts of the review, oldest first.
    pub acts: Vec<Acted>,
    /// The buyer's consent to what is under review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    /// Who submitted what is under review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted_by: Option<UserId>,
    /// Who approved what is under review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<UserId>,
    /// The latest day on which somebody changed or published it, by his own account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// The event that opened it.
    pub opened: EventId,
    /// The event that changed the stage last.
    pub staged: EventId,
    /// Events waiting for the centre.
    #[serde(default)]
    pub pending: u32,
    /// Types of a newer program.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

impl RosterMonth {
    /// Most comments, swaps and takeovers kept each.
    pub const LISTED_MAX: usize = 500;

    /// `2025-10`.
    #[must_use]
    pub fn name(&self) -> String {
        self.first.strftime("%Y-%m").to_string()
    }

    /// Its last day.
    #[must_use]
    pub fn last(&self) -> Date {
        self.first.last_of_month()
    }

    /// Number of the version published last; 0 for none.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.versions.last().map_or(0, |version| version.n)
    }

    /// The post with an id.
    #[must_use]
    pub fn post(&self, id: &str) -> Option<&DutyPost> {
        self.posts.iter().find(|post| post.id == id)
    }

    /// Whether a date and a post belong to it.
    #[must_use]
    pub fn has(&self, at: &At) -> bool {
        at.date.first_of_month() == self.first && self.post(&at.post).is_some()
    }

    /// Dates before this are published and past, going by `on`, the author's today.
    #[must_use]
    pub fn frozen_before(&self, on: Date) -> Option<Date> {
        self.published.as_ref().map(|_| self.on.map_or(on, |known| known.max(on)))
    }

    /// Who stands in a cell as it is worked on.
    #[must_use]
    pub fn people(&self, key: &str) -> &[UserId] {
        self.cells.get(key).map_or(&[], |cell| &cell.people)
    }

    /// Who holds a published cell, with the swaps decided since; takeovers change no holder of the day.
    #[must_use]
    pub fn holders(&self, key: &str) -> Vec<UserId> {
        let mut people =
            self.published.as_ref().and_then(|cells| cells.get(key)).cloned().unwrap_or_default();
        for swap in self.swaps.iter().filter(|swap| self.is_on_top(swap)) {
            apply(swap, key, &mut people);
        }
        people
    }

    fn is_on_top(&self, swap: &Swap) -> bool {
        swap.state == SwapState::Approved && swap.version == self.version()
    }

    /// Names of all published cells with somebody in them.
    pub fn held(&self) -> impl Iterator<Item = (String, Vec<UserId>)> + '_ {
        let keys = self.published.iter().flat_map(BTreeMap::keys);
        keys.map(|key| (key.clone(), self.holders(key))).filter(|(_, people)| !people.is_empty())
    }

    /// Whether somebody holds a cell by a swap.
    #[must_use]
    pub fn came_by_swap(&self, at: &At, person: &UserId) -> bool {
        self.swaps.iter().filter(|swap| swap.state == SwapState::Approved).any(|swap| {
            (swap.mine == *at && swap.with == *person)
                || (swap.theirs.as_ref() == Some(at) && swap.by == *person)
        })
    }

    /// The cells of a version as they were held in the end; 0 is what is worked on.
    #[must_use]
    pub fn cells_of(&self, version: u32) -> Option<BTreeMap<String, Vec<UserId>>> {
        if version == 0 {
            let cells = self.cells.iter().map(|(key, cell)| (key.clone(), cell.people.clone()));
            return Some(cells.filter(|(_, people)| !people.is_empty()).collect());
        }
        if version > self.version() {
            return None;
        }
        if version == self.version() {
            return Some(self.held().collect());
        }
        let mut cells = self.published.clone()?;
        for later in self.versions.iter().rev().take_while(|later| later.n > version) {
            cells.extend(later.before.clone());
        }
        cells.retain(|_, people| !people.is_empty());
        Some(cells)
    }

    /// Cells in which what is worked on differs from what is held, and would by publishing on that day.
    #[must_use]
    pub fn changes(&self, on: Date) -> Vec<String> {
        let frozen = self.frozen_before(on);
        let mut keys: BTreeSet<&String> = self.cells.keys().collect();
        keys.extend(self.published.iter().flat_map(BTreeMap::keys));
        let open =
            |key: &str| frozen.is_none_or(|frozen| At::of_key(key).is_some_and(|at| at.date >= frozen));
        let differs = |key: &str| self.people(key) != self.holders(key);
        keys.into_iter().filter(|key| open(key) && differs(key)).cloned().collect()
    }

    /// A swap.
    #[must_use]
    pub fn swap(&self, id: &str) -> Option<&Swap> {
        self.swaps.iter().find(|swap| swap.id.to_string() == id)
    }

    /// A takeover.
    #[must_use]
    pub fn takeover(&self, id: &str) -> Option<&Takeover> {
        self.takeovers.iter().find(|takeover| takeover.id.to_string() == id)
    }

    /// Whether both ends of a swap hold what they would give, and nobody would stand in a cell twice.
    #[must_use]
    pub fn can_swap(&self, by: &UserId, mine: &At, with: &UserId, theirs: Option<&At>) -> bool {
        let holds = |at: &At, person: &UserId| self.holders(&at.key()).contains(person);
        let gives = holds(mine, by) && !holds(mine, with);
        gives && by != with && theirs.is_none_or(|theirs| holds(theirs, with) && !holds(theirs, by))
    }
}

/// What a claim on a month can rely on.
impl crate::judge::Fields for RosterMonth {
    fn field(&self, name: &str) -> Option<String> {
        if let Some(swap) = name.strip_prefix("swap/") {
            return Some(self.swap(swap).map(|swap| swap.state.as_str().to_owned()).unwrap_or_default());
        }
        if let Some(takeover) = name.strip_prefix("takeover/") {
            let state = self.takeover(takeover).map(|takeover| takeover.state.as_str().to_owned());
            return Some(state.unwrap_or_default());
        }
        match name {
            "stage" => Some(self.stage.as_str().to_owned()),
            "version" => Some(self.version().to_string()),
            key => {
                let at = At::of_key(key)?;
                self.has(&at).then(|| joined(self.people(key)))
            }
        }
    }

    fn touched(&self, name: &str) -> Option<EventId> {
        if let Some(swap) = name.strip_prefix("swap/") {
            return self.swap(swap).map(|swap| swap.event);
        }
        if let Some(takeover) = name.strip_prefix("takeover/") {
            return self.takeover(takeover).map(|takeover| takeover.event);
        }
        match name {
            "stage" | "version" => Some(self.staged),
            key => Some(self.cells.get(key).map_or(self.opened, |cell| cell.event)),
        }
    }
}

/// Ids in one text, as claims name what stands in a cell.
pub(super) fn joined(people: &[UserId]) -> String {
    people.iter().map(UserId::as_str).collect::<Vec<_>>().join(",")
}

/// What a swap does to the people of a cell; nothing where its person does not stand there any more.
pub(super) fn apply(swap: &Swap, key: &str, people: &mut Vec<UserId>) {
    if swap.mine.key() == key {
        replace(people, &swap.by, &swap.with);
    }
    if swap.theirs.as_ref().is_some_and(|theirs| theirs.key() == key) {
        replace(people, &swap.with, &swap.by);
    }
}

fn replace(people: &mut Vec<UserId>, gone: &UserId, come: &UserId) {
    if !people.contains(gone) {
        return;
    }
    people.retain(|person| person != gone);
    if !people.contains(come) {
        people.push(come.clone());
    }
    people.sort();
}
