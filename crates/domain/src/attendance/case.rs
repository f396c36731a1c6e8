//! The input: what is known about some people over a span of days, as JSON or as a value.
//!
//! Reading refuses unknown keys and unreadable values; a case that was read here and [`Case::check`]ed
//! can be derived without further errors.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::derive::DERIVED_DAYS_MAX;
use crate::calendar::interface::parse_date;
use crate::calendar::{MINUTE, instant, midnight, minute_of_day};
use crate::clock::At;
use crate::mistake::{Mistake, Mistakes, read_json};

/// Minutes in a day.
const DAY_MINUTES: u16 = 24 * 60;

/// People, their shifts and their punches, at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// From how many minutes on something counts.
    pub rules: Rules,
    /// Whose days are asked for, in the order of the answer.
    pub people: Vec<String>,
    /// First day asked for.
    #[serde(deserialize_with = "date")]
    pub from: Date,
    /// Last day asked for.
    #[serde(deserialize_with = "date")]
    pub to: Date,
    /// Shifts, also of the days next to those asked for: punches near midnight serve the nearer one.
    pub shifts: Vec<Shift>,
    /// Punches in any order.
    pub punches: Vec<Punch>,
    /// Leave; outranks trips.
    pub leave: Vec<Absence>,
    /// Trips; both outrank punches.
    pub trips: Vec<Absence>,
    /// How far what was written at a device is known; the latest of a device counts.
    pub watermarks: Vec<Watermark>,
    /// Where each person may punch.
    pub devices: BTreeMap<String, Vec<String>>,
    /// The moment of the question.
    pub now: At,
}

/// From how many minutes on something counts; all are site settings (本项目约定), no contract states one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Lateness up to this many minutes is none.
    pub late_grace_minutes: u32,
    /// Leaving up to this many minutes early is none.
    pub early_grace_minutes: u32,
    /// From this many minutes on, late or early, the span is half a day lost.
    pub half_day_minutes: u32,
    /// From this many minutes on, late or early, the span is lost.
    pub absent_minutes: u32,
}

/// What somebody has to work on one date.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Who.
    pub person: String,
    /// The date it begins.
    #[serde(deserialize_with = "date")]
    pub date: Date,
    /// Its spans; a shift without any asks for no punch.
    pub spans: Vec<DutySpan>,
    /// Its post.
    pub post: String,
}

/// A span of a shift, in minutes after the midnight its date begins with; half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DutySpan {
    /// First minute, 0-1439.
    pub from: u16,
    /// First minute after it, later than `from` by at most a day: beyond 1440 it is the next day.
    pub to: u16,
}

impl DutySpan {
    /// From two times of day; the end is on the next day if it is not later than the beginning.
    ///
    /// # Errors
    /// The reason in Chinese, when one is not a time of day.
    pub fn new(from: &str, to: &str) -> Result<Self, String> {
        let minute =
            |text: &str| minute_of_day(text).ok_or_else(|| format!("“{text}”不是时刻，应写成 08:00"));
        let (from, to) = (minute(from)?, minute(to)?);
        if from >= DAY_MINUTES {
            return Err("时段不能从 24:00 开始，应写成次日的 00:00".to_owned());
        }
        Ok(Self { from, to: if to <= from { to + DAY_MINUTES } else { to } })
    }

    /// Both ends on a date.
    #[must_use]
    pub fn on(self, date: Date) -> [Timestamp; 2] {
        [self.from, self.to].map(|minute| instant(midnight(date) + i64::from(minute) * MINUTE))
    }

    /// Both ends as times of day.
    #[must_use]
    pub fn bounds(self) -> [String; 2] {
        let wrap = |minute: u16| if minute > DAY_MINUTES { minute - DAY_MINUTES } else { minute };
        [self.from, wrap(self.to)].map(|minute| format!("{:02}:{:02}", minute / 60, minute % 60))
    }
}

impl<'de> Deserialize<'de> for DutySpan {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let [from, to] = <[String; 2]>::deserialize(source)?;
        Self::new(&from, &to).map_err(serde::de::Error::custom)
    }
}

impl Serialize for DutySpan {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.bounds().serialize(out)
    }
}

/// How far the time of a punch can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// Agrees with the other evidence.
    Ok,
    /// The clock was set while it ran.
    Jumped,
    /// Written without the centre; counts as ok.
    Offline,
}

/// One punch.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Punch {
    /// Who.
    pub person: String,
    /// When.
    pub at: At,
    /// Where.
    pub device: String,
    /// How far `at` can be trusted.
    pub trust: Trust,
}

/// Leave or a trip, in whole days.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// Who.
    pub person: String,
    /// First day.
    #[serde(deserialize_with = "date")]
    pub from: Date,
    /// Last day, included.
    #[serde(deserialize_with = "date")]
    pub to: Date,
    /// What kind; free words, as settings may add kinds.
    pub kind: String,
}

impl Absence {
    /// Whether it is about that person and day.
    #[must_use]
    pub fn covers(&self, person: &str, date: Date) -> bool {
        self.person == person && (self.from..=self.to).contains(&date)
    }
}

/// Everything a device wrote before a moment has arrived.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watermark {
    /// The device.
    pub device: String,
    /// The moment.
    pub complete_to: At,
}

fn date<'de, D: Deserializer<'de>>(source: D) -> Result<Date, D::Error> {
    let text = String::deserialize(source)?;
    parse_date("date", &text).map_err(|bad| serde::de::Error::custom(bad.reason))
}

impl Case {
    /// Reads a case from JSON text; `file` is only named in mistakes.
    ///
    /// # Errors
    /// The first mistake that keeps it from being read, with its path and value.
    pub fn parse(file: &str, text: &str) -> Result<Self, Mistakes> {
        read_json(file, text)
    }

    /// Checks what single values cannot show: order of dates, names given twice or not at all, limits.
    ///
    /// # Errors
    /// Every mistake found.
    pub fn check(&self, file: &str) -> Result<(), Mistakes> {
        let mut check = Check { case: self, file, found: Vec::new() };
        check.span();
        check.rules();
        check.people();
        check.absences("leave", &self.leave);
        check.absences("trips", &self.trips);
        if check.found.is_empty() { Ok(()) } else { Err(Mistakes(check.found)) }
    }
}

struct Check<'a> {
    case: &'a Case,
    file: &'a str,
    found: Vec<Mistake>,
}

impl Check<'_> {
    fn span(&mut self) {
        let (from, to) = (self.case.from, self.case.to);
        if from > to {
            return self.refuse("from", &from.to_string(), "晚于 to");
        }
        let days = from.until(to).map_or(i64::MAX, |span| i64::from(span.get_days()) + 1);
        let people = i64::try_from(self.case.people.len()).unwrap_or(i64::MAX);
        if days.saturating_mul(people) > DERIVED_DAYS_MAX {
            let reason = format!("人数乘天数超过 {DERIVED_DAYS_MAX}，请缩短日期或分次计算");
            self.refuse("to", &to.to_string(), &reason);
        }
    }

    fn rules(&mut self) {
        let rules = self.case.rules;
        for (key, minutes) in
            [("half_day_minutes", rules.half_day_minutes), ("absent_minutes", rules.absent_minutes)]
        {
            if minutes == 0 {
                self.refuse(&format!("rules.{key}"), "0", "须大于 0，否则按时打卡也会算作缺勤");
            }
        }
    }

    fn people(&mut self) {
        let mut seen = BTreeSet::new();
        for (index, person) in self.case.people.iter().enumerate() {
            if person.is_empty() {
                self.refuse(&format!("people[{index}]"), "", "须写明人员");
            } else if !seen.insert(person) {
                self.refuse(&format!("people[{index}]"), person, "重复");
            }
        }
    }

    fn absences(&mut self, key: &str, absences: &[Absence]) {
        for (index, absence) in absences.iter().enumerate() {
            if absence.from > absence.to {
                self.refuse(&format!("{key}[{index}].from"), &absence.from.to_string(), "晚于 to");
            }
            if absence.kind.trim().is_empty() {
                self.refuse(&format!("{key}[{index}].kind"), &absence.kind, "须写明种类");
            }
        }
    }

    fn refuse(&mut self, key: &str, value: &str, reason: &str) {
        self.found.push(Mistake {
            file: self.file.to_owned(),
            line: None,
            key: key.to_owned(),
            value: Some(value.to_owned()),
            reason: reason.to_owned(),
        });
    }
}
