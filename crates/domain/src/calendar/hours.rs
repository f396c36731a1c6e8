//! Office hours: the windows of a working day, by season and division, with the buyer's own days.
//!
//! They come from a contract that prints them or from the site's settings; where neither does they are
//! unknown, which is not the same as closed.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::day::Day;

/// A half-open window of a day, in minutes after midnight; `to` may be 1440 (24:00).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// First minute, 0-1439.
    pub from: u16,
    /// First minute after it, 1-1440, later than `from`.
    pub to: u16,
}

impl FromStr for Window {
    type Err = String;

    /// Reads `08:00-12:00`; the end may be `24:00`.
    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("“{text}”不是时段，应写成 08:00-12:00，末尾可到 24:00");
        let (from, to) = text.split_once('-').ok_or_else(refuse)?;
        let (from, to) = (minute_of_day(from).ok_or_else(refuse)?, minute_of_day(to).ok_or_else(refuse)?);
        if from < to {
            Ok(Self { from, to })
        } else {
            Err(format!("时段“{text}”的起点不早于终点"))
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [from, to] = self.bounds();
        write!(out, "{from}-{to}")
    }
}

impl Window {
    /// Both ends as `HH:MM`.
    #[must_use]
    pub fn bounds(self) -> [String; 2] {
        [self.from, self.to].map(|minute| format!("{:02}:{:02}", minute / 60, minute % 60))
    }
}

impl Serialize for Window {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.bounds().serialize(out)
    }
}

/// Minutes after midnight of `HH:MM`, up to `24:00`.
pub(crate) fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !two_digits(hour) || !two_digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= 24 * 60).then_some(total)
}

/// A day of the year without a year, such as `05-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MonthDay {
    /// Month, 1-12.
    pub month: i8,
    /// Day, 1-31.
    pub day: i8,
}

impl TryFrom<String> for MonthDay {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<MonthDay> for String {
    fn from(day: MonthDay) -> Self {
        format!("{:02}-{:02}", day.month, day.day)
    }
}

impl FromStr for MonthDay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("“{text}”不是月日，应写成 05-01");
        let (month, day) = text.split_once('-').ok_or_else(refuse)?;
        let (month, day) = (month.parse().map_err(|_| refuse())?, day.parse().map_err(|_| refuse())?);
        // 2024 is a leap year, so 02-29 is a day of the year.
        Date::new(2024, month, day).map(|_| Self { month, day }).map_err(|_| refuse())
    }
}

/// Hours of one season for some divisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Season {
    /// First day of the year it holds; absent: the whole year.
    pub from: Option<MonthDay>,
    /// Last day of the year it holds, included; a season may pass over New Year.
    pub to: Option<MonthDay>,
    /// First date it holds at all; absent: always.
    pub since: Option<Date>,
    /// Divisions it holds for; empty: all.
    pub divisions: Vec<String>,
    /// Windows of a working day, ascending, apart.
    pub windows: Vec<Window>,
    /// Where it is stated: `000:27` or `setting`.
    pub source: String,
}

impl Season {
    fn holds(&self, date: Date, division: Option<&str>) -> bool {
        let here = self.divisions.is_empty()
            || division.is_some_and(|name| self.divisions.iter().any(|d| d == name));
        let begun = self.since.is_none_or(|since| since <= date);
        here && begun && self.covers(MonthDay { month: date.month(), day: date.day() })
    }

    fn covers(&self, day: MonthDay) -> bool {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from <= to => (from..=to).contains(&day),
            (Some(from), Some(to)) => day >= from || day <= to,
            (Some(from), None) => day >= from,
            (None, Some(to)) => day <= to,
            (None, None) => true,
        }
    }
}

/// The buyer's own arrangement for one date: it replaces the windows and leaves the kind as announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayOverride {
    /// The date.
    pub date: Date,
    /// Divisions it holds for; empty: all.
    pub divisions: Vec<String>,
    /// Windows to be worked; empty: none.
    pub windows: Vec<Window>,
    /// Why, as the buyer put it.
    pub reason: String,
}

/// All office hours of a site; no seasons: not stated anywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct OfficeHours {
    /// Seasons; those that name a division outrank those for all, then the earlier counts.
    pub seasons: Vec<Season>,
    /// The buyer's own days.
    pub days: Vec<DayOverride>,
}

impl OfficeHours {
    /// Whether any hours are stated.
    #[must_use]
    pub fn are_stated(&self) -> bool {
        !self.seasons.is_empty()
    }

    /// Windows of a date; `None` when hours are not stated, empty when there is no work.
    #[must_use]
    pub fn windows(&self, day: Day<'_>, division: Option<&str>) -> Option<&[Window]> {
        let own = |own: &&DayOverride| {
            own.date == day.date
                && (own.divisions.is_empty()
                    || division.is_some_and(|name| own.divisions.iter().any(|d| d == name)))
        };
        if let Some(own) = self.days.iter().find(own) {
            return Some(&own.windows);
        }
        if !self.are_stated() {
            return None;
        }
        if day.kind.is_worked() != Some(true) {
            return Some(&[]);
        }
        let named = self.seasons.iter().filter(|season| !season.divisions.is_empty());
        let general = self.seasons.iter().filter(|season| season.divisions.is_empty());
        named
            .chain(general)
            .find(|season| season.holds(day.date, division))
            .map(|season| season.windows.as_slice())
    }
}
