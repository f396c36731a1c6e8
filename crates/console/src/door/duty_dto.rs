//! What crosses the door about duty today: who is on duty, and the wall.
//!
//! Instants are RFC 3339 in +08:00. Nothing here names anybody of the buyer.

use super::dto::DayDto;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A colleague at a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SeatPerson {
    /// User id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Divisions, for people.
    pub division: String,
    /// Whoever asks.
    pub mine: bool,
}

/// A turn to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SeatNext {
    /// Names.
    pub names: Vec<String>,
    /// From when.
    pub from: String,
}

/// A post now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SeatDto {
    /// Post id.
    pub post: String,
    /// Its name.
    pub name: String,
    /// 备勤.
    pub standby: bool,
    /// Who is on duty; empty: nobody until the next turn.
    pub people: Vec<SeatPerson>,
    /// Since when.
    pub since: Option<String>,
    /// Until when; absent where no roster tells.
    pub until: Option<String>,
    /// Who comes next.
    pub next: Option<SeatNext>,
    /// `rostered|accepted|held_over|vacant`.
    pub standing: String,
    /// Why it is so, where that is not plain: `交接班未完成，应由李敏接班`.
    pub note: String,
}

/// What whoever asks has to do with duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MyDuty {
    /// Names of his posts.
    pub posts: Vec<String>,
    /// On duty now.
    pub on: bool,
    /// Until when (on duty), or from when (not yet); absent where no roster tells.
    pub at: Option<String>,
    /// Others at the same posts, and who stands by.
    pub partners: Vec<String>,
    /// How the handover stands: `尚未交班`, `已交班，待李敏接班`.
    pub handover: String,
    /// The handover that waits for him or by him.
    pub handover_id: Option<String>,
}

/// Who is on duty now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DutyNow {
    /// Posts, seats before 备勤.
    pub seats: Vec<SeatDto>,
    /// In one line: `值班：王强 / 备勤：李敏 至 08:00`; empty where nobody is known.
    pub line: String,
    /// What whoever asks has to do with it; absent: nothing.
    pub mine: Option<MyDuty>,
    /// A roster is published that says it.
    pub published: bool,
    /// Where there is nothing to show: why, and what to do.
    pub note: String,
    /// How old the data is, in seconds; absent before the first sync.
    pub age_seconds: Option<u32>,
    /// Older than what is believed: later handovers elsewhere may be missing.
    pub stale: bool,
    /// The moment it tells of.
    pub now: String,
}

/// A running clock on the wall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WallClock {
    /// Number of the order.
    pub number: String,
    /// Maintenance object, number and name; empty: none was named.
    pub object: String,
    /// Division.
    pub division: String,
    /// Level.
    pub level: Option<String>,
    /// Who works on it.
    pub assignee: Option<String>,
    /// Name of the target: `恢复`.
    pub target: String,
    /// `running|paused|missed_open`.
    pub state: String,
    /// When it is due.
    pub deadline: Option<String>,
    /// Whole minutes left, negative when over.
    pub remaining_minutes: Option<i32>,
    /// `soon` is shown from this many minutes before the deadline.
    pub warn_minutes: u32,
    /// The whole limit in minutes where it is one in minutes.
    pub limit_minutes: Option<u32>,
}

/// The wall: what a duty room has to see from afar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WallDto {
    /// Running clocks by next deadline, as many as fit.
    pub clocks: Vec<WallClock>,
    /// Open orders in all.
    pub open: u32,
    /// Of these with a clock over its limit.
    pub broken: u32,
    /// Orders nobody has taken.
    pub unassigned: u32,
    /// Who is on duty.
    pub duty: DutyNow,
    /// Today.
    pub day: DayDto,
    /// Holidays and make-up days of the next two weeks.
    pub upcoming: Vec<DayDto>,
}
