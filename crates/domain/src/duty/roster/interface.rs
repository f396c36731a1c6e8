//! `roster draft` and `roster check` as the command line runs them: JSON in, JSON out.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::check::{Check, Violation};
use super::cost::Cost;
use super::draft::Draft;
use super::input::{Assignment, Leave, Person, Pin, Plan, Post, Rules, Wish};
use super::month::Month;
use super::shift::{ShiftKind, ShiftSpan};
use crate::calendar::{Calendar, OfficeHours, YEAR_MAX, YEAR_MIN};
use crate::mistake::{Mistakes, read_json};

/// The file of `roster draft`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftFile {
    #[serde(deserialize_with = "month")]
    month: Date,
    people: Vec<Person>,
    posts: Vec<Post>,
    #[serde(default)]
    shift_hours: BTreeMap<ShiftKind, Vec<ShiftSpan>>,
    leave: Vec<Leave>,
    pins: Vec<Pin>,
    wishes: Vec<Wish>,
    rules: Rules,
}

/// The file of `roster check`: the same with a roster.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckFile {
    #[serde(deserialize_with = "month")]
    month: Date,
    people: Vec<Person>,
    posts: Vec<Post>,
    #[serde(default)]
    shift_hours: BTreeMap<ShiftKind, Vec<ShiftSpan>>,
    leave: Vec<Leave>,
    pins: Vec<Pin>,
    wishes: Vec<Wish>,
    rules: Rules,
    assignments: Vec<Assignment>,
}

impl From<DraftFile> for Plan {
    fn from(file: DraftFile) -> Self {
        let DraftFile { month, people, posts, shift_hours, leave, pins, wishes, rules } = file;
        Self { month, people, posts, shift_hours, leave, pins, wishes, rules }
    }
}

/// What `roster check` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckReport {
    /// What the roster breaks, sorted by (date, post, person, rule).
    pub violations: Vec<Violation>,
    /// What it costs.
    pub cost: Cost,
}

/// What `roster draft` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DraftReport {
    /// The roster and what stays open.
    #[serde(flatten)]
    pub draft: Draft,
    /// Seconds it took, as the shell measured them.
    pub seconds: f64,
}

/// Reads the month that a file for `roster draft` states; `file` is only named in mistakes.
///
/// # Errors
/// Every mistake in the file, with key, value and reason.
pub fn read_plan(
    calendar: &Calendar,
    hours: &OfficeHours,
    file: &str,
    text: &str,
) -> Result<Month, Mistakes> {
    let plan: DraftFile = read_json(file, text)?;
    Month::compile(plan.into(), calendar, hours, file)
}

/// Checks the roster in a file for `roster check`; `file` is only named in mistakes.
///
/// # Errors
/// Every mistake in the file, with key, value and reason.
pub fn check(
    calendar: &Calendar,
    hours: &OfficeHours,
    file: &str,
    text: &str,
) -> Result<CheckReport, Mistakes> {
    let read: CheckFile = read_json(file, text)?;
    let CheckFile { month, people, posts, shift_hours, leave, pins, wishes, rules, assignments } = read;
    let plan = Plan { month, people, posts, shift_hours, leave, pins, wishes, rules };
    let month = Month::compile(plan, calendar, hours, file)?;
    let check = Check::new(&month, &assignments, file)?;
    Ok(CheckReport { violations: check.violations(), cost: check.cost() })
}

fn month<'de, D: Deserializer<'de>>(source: D) -> Result<Date, D::Error> {
    let refuse = || -> D::Error {
        serde::de::Error::custom("不是月份，应写成 2025-10，年份在 1900 至 2100 之间")
    };
    let text = String::deserialize(source)?;
    if text.len() != 7 {
        return Err(refuse());
    }
    let date: Date = format!("{text}-01").parse().map_err(|_| refuse())?;
    if (YEAR_MIN..=YEAR_MAX).contains(&date.year()) { Ok(date) } else { Err(refuse()) }
}
