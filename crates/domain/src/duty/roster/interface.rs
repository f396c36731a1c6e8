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
use crate::mistake::{Mistake, Mistakes, read_json};

/// The file of `roster draft`, and of `roster check` with the roster in it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(deserialize_with = "month")]
    month: Date,
    people: Vec<Person>,
    posts: Vec<Post>,
    #[serde(default)]
    shift_hours: ShiftHours,
    leave: Vec<Leave>,
    pins: Vec<Pin>,
    wishes: Vec<Wish>,
    rules: Rules,
    assignments: Option<Vec<Assignment>>,
}

/// Hours that replace the usual ones. Named one by one, so that a mistake in them names its place.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ShiftHours {
    day: Option<Vec<ShiftSpan>>,
    night: Option<Vec<ShiftSpan>>,
    #[serde(rename = "24h")]
    full: Option<Vec<ShiftSpan>>,
    #[serde(rename = "5x8")]
    office: Option<Vec<ShiftSpan>>,
}

impl ShiftHours {
    fn by_kind(self) -> BTreeMap<ShiftKind, Vec<ShiftSpan>> {
        let hours = [
            (ShiftKind::Day, self.day),
            (ShiftKind::Night, self.night),
            (ShiftKind::Full, self.full),
            (ShiftKind::Office, self.office),
        ];
        hours.into_iter().filter_map(|(kind, spans)| Some((kind, spans?))).collect()
    }
}

impl File {
    fn split(self) -> (Plan, Option<Vec<Assignment>>) {
        let Self { month, people, posts, shift_hours, leave, pins, wishes, rules, assignments } = self;
        let shift_hours = shift_hours.by_kind();
        (Plan { month, people, posts, shift_hours, leave, pins, wishes, rules }, assignments)
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
    let (plan, assignments) = read_json::<File>(file, text)?.split();
    if assignments.is_some() {
        return Err(misplaced(file, "编排的输入不带排班表；核对排班表请用 roster check"));
    }
    Month::compile(&plan, calendar, hours, file)
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
    let (plan, assignments) = read_json::<File>(file, text)?.split();
    let assignments = assignments.ok_or_else(|| misplaced(file, "须写明要核对的排班表"))?;
    let month = Month::compile(&plan, calendar, hours, file)?;
    let check = Check::new(&month, &assignments, file)?;
    Ok(CheckReport { violations: check.violations(), cost: check.cost() })
}

fn misplaced(file: &str, reason: &str) -> Mistakes {
    let (file, key, reason) = (file.to_owned(), "assignments".to_owned(), reason.to_owned());
    Mistakes(vec![Mistake { file, line: None, key, value: None, reason }])
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
