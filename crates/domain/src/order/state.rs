//! What an order is at a moment of its log.

use crate::calendar::civil_date;
use crate::event::{EntityId, EventId, UserId};
use crate::order::payload::{Facts, RemoteWork, WorkRecord};
use crate::people::Source;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Kind of work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// 故障.
    #[default]
    Incident,
    /// 服务请求.
    Request,
    /// 工作记录: the daily services in one line.
    WorkRecord,
    /// 变更.
    Change,
    /// 问题.
    Problem,
    /// 巡检发现.
    Finding,
}

/// Where an order stands. Being suspended is a flag over it ([`Order::suspended`]).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 已登记.
    #[default]
    Registered,
    /// 已派单.
    Dispatched,
    /// 已接单.
    Accepted,
    /// 已到场.
    Arrived,
    /// 已采取应急办法.
    WorkedAround,
    /// 已恢复, waits for the buyer.
    Restored,
    /// 采购人已确认.
    Confirmed,
    /// 已关闭.
    Closed,
    /// 已并单.
    Merged,
}

impl Status {
    /// All statuses.
    pub const ALL: [Self; 9] = [
        Self::Registered,
        Self::Dispatched,
        Self::Accepted,
        Self::Arrived,
        Self::WorkedAround,
        Self::Restored,
        Self::Confirmed,
        Self::Closed,
        Self::Merged,
    ];

    /// Stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Dispatched => "dispatched",
            Self::Accepted => "accepted",
            Self::Arrived => "arrived",
            Self::WorkedAround => "worked_around",
            Self::Restored => "restored",
            Self::Confirmed => "confirmed",
            Self::Closed => "closed",
            Self::Merged => "merged",
        }
    }

    /// Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Registered => "已登记",
            Self::Dispatched => "已派单",
            Self::Accepted => "已接单",
            Self::Arrived => "已到场",
            Self::WorkedAround => "已采取应急办法",
            Self::Restored => "已恢复",
            Self::Confirmed => "已确认",
            Self::Closed => "已关闭",
            Self::Merged => "已并单",
        }
    }

    /// Whether work goes on (not restored, confirmed, closed or merged).
    pub fn is_in_work(self) -> bool {
        self < Self::Restored
    }

    /// Whether it still needs anybody.
    pub fn is_open(self) -> bool {
        self < Self::Closed
    }
}

/// Kinds of marks on an order's clocks; the words are those of INTERFACES `clock`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the event type of the same name")]
pub enum MarkKind {
    Reported,
    Dispatched,
    Responded,
    Accepted,
    WorkStarted,
    Diagnosed,
    SolutionGiven,
    AlternativeGiven,
    RemoteFailed,
    Arrived,
    Suspended,
    Resumed,
    Workaround,
    Restored,
    Swapped,
    Escalated,
    ReportSubmitted,
    LevelChanged,
    RuleChosen,
    Reopened,
    Closed,
}

/// One event of an order as its clocks need it. The list in [`Order::marks`] is always a legal
/// input of `domain::clock`: `at` never falls, no suspension within one, no second restoration
/// without reopening between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The time that counts.
    pub at: Timestamp,
    /// What happened.
    pub kind: MarkKind,
    /// Level, for `reported` and `level_changed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Reason, for `suspended`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Rule, for `rule_chosen`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Target, for `rule_chosen`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

impl Mark {
    /// A mark without particulars.
    pub fn new(at: Timestamp, kind: MarkKind) -> Self {
        Self { at, kind, level: None, reason: None, rule: None, target: None }
    }
}

/// A registration later than this after the report is flagged and owes a reason. 本项目约定: the
/// contract names no number.
pub const LATE_AFTER: SignedDuration = SignedDuration::from_mins(30);

/// Whether what happened at `reported_at` and was written down at `registered_at` counts as written down
/// afterwards (补录): a report after [`LATE_AFTER`], a work record on a later date (+08:00), since daily
/// services are written down in the course of the day. 本项目约定.
pub fn is_late(kind: OrderKind, reported_at: Timestamp, registered_at: Timestamp) -> bool {
    match kind {
        OrderKind::WorkRecord => civil_date(registered_at) > civil_date(reported_at),
        _ => registered_at.duration_since(reported_at) > LATE_AFTER,
    }
}

/// How a cooperation stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssistState {
    /// Asked for.
    #[default]
    Asked,
    /// Accepted.
    Accepted,
    /// Ended, accepted before or not.
    Finished,
}

/// A colleague or unit asked to assist (协办).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assist {
    /// The event that asked.
    pub id: EventId,
    /// The colleague.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<UserId>,
    /// The unit, where it has no account here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// For what.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// How it stands.
    pub state: AssistState,
}

/// An urge (催办) or supervision (督办) that nobody in charge has answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Urge {
    /// When it was urged last.
    pub at: Timestamp,
    /// How many times since the last answer.
    pub times: u32,
}

/// A return (退单) after which nobody has been in charge again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// When.
    pub at: Timestamp,
    /// Whose dispatch it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<UserId>,
}

/// What somebody wrote down for whoever meets the same again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Knowledge {
    /// The event.
    pub id: EventId,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// What was seen.
    pub symptom: String,
    /// Why it was so.
    pub cause: String,
    /// What helped.
    pub steps: String,
}

/// That a record stands in the buyer's own platform, under [`Order::external_no`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Who entered it, or registered it from the platform's dispatch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// When, by that person's account.
    pub at: Timestamp,
}

fn is_false(value: &bool) -> bool {
    !*value
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// Alarms of one fault, merged into its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarms {
    /// How many, the first included.
    pub count: u32,
    /// When the last one came.
    pub last_at: Timestamp,
}

/// An order: the fold of its events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Number printed on forms.
    pub number: String,
    /// Kind.
    pub kind: OrderKind,
    /// One line.
    pub title: String,
    /// Description.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// Devices it names: the one it was registered for, and those named by steps since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assets: Vec<EntityId>,
    /// Contract id.
    pub contract: String,
    /// Division.
    pub division: String,
    /// Maintenance object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// How it came.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub channel: String,
    /// Reporter's unit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reporter_unit: String,
    /// Number in the buyer's own platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_no: Option<String>,
    /// Entered in the buyer's own platform: 已录入.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entered: Option<Entry>,
    /// The program that registered it, where no user did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Alarms merged into it; absent where it came otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarms: Option<Alarms>,
    /// Who registered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_by: Option<UserId>,
    /// When it was reported: the true start of its clocks.
    pub reported_at: Timestamp,
    /// When the work is planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_at: Option<Timestamp>,
    /// Why it was registered late or outside the service period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_reason: Option<String>,
    /// When it was written down, where that was later than the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_at: Option<Timestamp>,
    /// What a work record says beyond its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<WorkRecord>,
    /// 代记: the colleague who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf: Option<UserId>,
    /// How that colleague worked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote: Option<RemoteWork>,
    /// A work record that was wrongly made: it stays, and counts nowhere.
    #[serde(default, skip_serializing_if = "is_false")]
    pub voided: bool,
    /// Facts the level was derived from.
    #[serde(default)]
    pub facts: Facts,
    /// Fault level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Why this level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level_reason: Option<String>,
    /// Status without the suspension.
    pub status: Status,
    /// Suspended over that status.
    #[serde(default, skip_serializing_if = "is_false")]
    pub suspended: bool,
    /// Who is in charge: dispatched to, or has accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<UserId>,
    /// Dispatched to the division's pool.
    #[serde(default, skip_serializing_if = "is_false")]
    pub pool: bool,
    /// Who dispatched it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatched_by: Option<UserId>,
    /// Given back, and not taken again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Returned>,
    /// Urged, and not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urged: Option<Urge>,
    /// Who was asked to assist, oldest first, at most [`Self::LISTED_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assists: Vec<Assist>,
    /// What was written down for next time, oldest first, at most [`Self::LISTED_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub knowledge: Vec<Knowledge>,
    /// The order it was merged into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<String>,
    /// Contract version bound to it.
    pub contract_hash: String,
    /// Calendar version bound to it.
    pub calendar_hash: String,
    /// Chosen rule per target.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<String, String>,
    /// What its clocks are derived from.
    pub marks: Vec<Mark>,
    /// Per field a claim can rely on: the event that changed it last. It names winners.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub touched: BTreeMap<String, EventId>,
    /// Facts kept as unreconciled and not yet looked at, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreconciled: Vec<EventId>,
    /// Pending claims (and a pending registration) in this state: what the next step stands on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending_claims: Vec<EventId>,
    /// Pending events of the overlay, all classes.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub pending: u32,
    /// Claims that lost.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rejected: u32,
    /// Events that wait for a release.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub parked: u32,
    /// Type names of a newer program seen here (at most eight); not empty means read-only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
    /// Time of the last event that counted: the lower bound of the next one's.
    pub last_at: Timestamp,
    /// Last seq folded, whatever its verdict.
    #[serde(default)]
    pub seq: u64,
}

impl Order {
    /// Most entries of knowledge and of assists kept in the state of one order: the log keeps all.
    /// A guess, far above what one job gives cause for.
    pub const LISTED_MAX: usize = 16;

    /// Whether events of a newer program forbid any step here.
    pub fn is_read_only(&self) -> bool {
        !self.unknown.is_empty()
    }

    /// Whole minutes between report and registration where it was written down afterwards ([`is_late`]).
    pub fn late_minutes(&self) -> Option<u32> {
        let at = self.registered_at.filter(|at| is_late(self.kind, self.reported_at, *at))?;
        u32::try_from(at.duration_since(self.reported_at).as_mins()).ok()
    }

    /// The planned moment while it lies ahead: until then its clocks stand still.
    pub fn ahead(&self, now: Timestamp) -> Option<Timestamp> {
        self.scheduled_at.filter(|at| *at > now)
    }

    /// Nobody in charge: registered, returned, or in the pool.
    pub fn is_unassigned(&self) -> bool {
        self.assignee.is_none()
    }

    /// Since when it waits for the buyer's confirmation: its last restoration. `None` in any other status.
    pub fn waits_for_buyer_since(&self) -> Option<Timestamp> {
        if self.status != Status::Restored {
            return None;
        }
        self.marks.iter().rev().find(|mark| mark.kind == MarkKind::Restored).map(|mark| mark.at)
    }

    /// Whether it is still to be entered in the buyer's own platform (待录入): the work is done, counts, and
    /// stands under no other order. An order under way is not yet to be entered; it can be.
    pub fn is_to_enter(&self) -> bool {
        let done = matches!(self.status, Status::Restored | Status::Confirmed | Status::Closed);
        done && !self.voided && self.entered.is_none()
    }

    /// The present value of a field a claim can name in `expect`; empty text where there is
    /// none, `None` where no such field is known.
    pub fn field(&self, name: &str) -> Option<String> {
        let text = match name {
            "status" => self.status.code().to_owned(),
            "assignee" => self.assignee.as_ref().map(ToString::to_string).unwrap_or_default(),
            "suspended" => self.suspended.to_string(),
            "level" => self.level.clone().unwrap_or_default(),
            "contract_hash" => self.contract_hash.clone(),
            "calendar_hash" => self.calendar_hash.clone(),
            _ => {
                let target = name.strip_prefix("rule.")?;
                self.rules.get(target).cloned().unwrap_or_default()
            }
        };
        Some(text)
    }
}
