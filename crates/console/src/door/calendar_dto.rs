//! What crosses the door about calendar packs.

use super::dto::{DayDto, SettingOrder};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A notice in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CalendarPackDto {
    /// The year it arranges.
    pub year: i16,
    /// Title of the notice.
    pub title: String,
    /// Number of the notice.
    pub number: String,
    /// Date of the notice.
    pub issued: String,
    /// Where it is printed.
    pub source: String,
    /// It comes with the program; otherwise it was published.
    pub shipped: bool,
}

/// Reply: the packs in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CalendarList {
    /// By year.
    pub packs: Vec<CalendarPackDto>,
    /// One published here waits for the centre.
    pub pending: bool,
    /// May publish one.
    pub may_publish: bool,
}

/// Request: what a pack would change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CalendarArgs {
    /// The file's text, JSON.
    pub text: String,
}

/// Request: publish a pack.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CalendarPublish {
    /// The file's text, JSON.
    pub text: String,
    /// Open orders to be bound to it with the same act, by id.
    pub rebind: Vec<String>,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// A date that the pack sees differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CalendarChange {
    /// The date.
    pub date: String,
    /// As it is now.
    pub before: DayDto,
    /// As it would be.
    pub after: DayDto,
}

/// Published shifts of a date that would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CalendarShift {
    /// The date.
    pub date: String,
    /// What changes: `正常上班 33 人 → 0 人；值班主改为须设岗`.
    pub text: String,
}

/// Reply: what a pack would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CalendarPreview {
    /// The year it arranges.
    pub year: i16,
    /// Title of the notice.
    pub title: String,
    /// Number of the notice.
    pub number: String,
    /// Date of the notice.
    pub issued: String,
    /// The very pack is in use already.
    pub known: bool,
    /// Days that change.
    pub days: Vec<CalendarChange>,
    /// Published shifts that change.
    pub shifts: Vec<CalendarShift>,
    /// Open orders whose clocks would run otherwise if bound to it.
    pub orders: Vec<SettingOrder>,
    /// Open orders within reach, changed or not.
    pub open_orders: u32,
    /// Whether whoever publishes may also bind open orders to it.
    pub may_rebind: bool,
}
