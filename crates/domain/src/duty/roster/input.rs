//! What a month is made of, as people state it; the same values are read from JSON and from a store.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::shift::{ShiftKind, ShiftSpan};
use crate::calendar::interface::parse_date;
use crate::clock::words;

/// Everything a month's roster is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// First day of the month.
    pub month: Date,
    /// Who may be rostered.
    pub people: Vec<Person>,
    /// What has to be held.
    pub posts: Vec<Post>,
    /// Hours that replace the usual ones of a shift.
    pub shift_hours: BTreeMap<ShiftKind, Vec<ShiftSpan>>,
    /// Who is away.
    pub leave: Vec<Leave>,
    /// Assignments that stand; of two that exclude each other the earlier in this list.
    pub pins: Vec<Pin>,
    /// What people would like.
    pub wishes: Vec<Wish>,
    /// Limits of hard rules.
    pub rules: Rules,
}

/// Somebody who may be rostered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Unique id.
    pub id: String,
    /// Name in messages.
    pub name: String,
    /// Skills, as posts ask for them.
    pub skills: Vec<String>,
    /// First day on the list.
    #[serde(deserialize_with = "date")]
    pub joined: Date,
    /// Last day on the list, included.
    #[serde(deserialize_with = "stated_date")]
    pub left: Option<Date>,
    /// What was done before the month.
    pub history: History,
}

/// What somebody did before the month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// Hours on duty.
    pub hours: Thousandths,
    /// Night shifts.
    pub nights: u32,
    /// Weekend shifts.
    pub weekends: u32,
    /// Shifts on the days off of each named holiday.
    pub holidays: BTreeMap<String, u32>,
    /// The last shifts before the month, for rest and rows.
    pub last: Vec<LastShift>,
}

/// A shift held before the month.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastShift {
    /// Id of the post.
    pub post: String,
    /// The date it began.
    #[serde(deserialize_with = "date")]
    pub date: Date,
}

/// Something to be held on certain days by a number of people.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// Unique id.
    pub id: String,
    /// What it is called: 值班, 备勤, 带班.
    pub kind: String,
    /// Which hours.
    pub shift: ShiftKind,
    /// Which days.
    pub days: PostDays,
    /// How many people.
    pub count: u32,
    /// A skill that its holder needs.
    #[serde(deserialize_with = "stated")]
    pub skill: Option<String>,
    /// Id of a post that its holder must not hold on the same date.
    #[serde(deserialize_with = "stated")]
    pub not_same_as: Option<String>,
    /// 备勤: reachable beside normal work.
    pub standby: bool,
}

/// The days of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostDays {
    /// Every day.
    All,
    /// Workdays and make-up workdays.
    Workday,
    /// All other announced days.
    Nonworkday,
    /// Days named by the 全国年节及纪念日放假办法.
    Statutory,
    /// These days of the month.
    Dates(Vec<Date>),
}

/// Days away, whole, both included.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leave {
    /// Id of the person.
    pub person: String,
    /// First day away.
    #[serde(deserialize_with = "date")]
    pub from: Date,
    /// Last day away.
    #[serde(deserialize_with = "date")]
    pub to: Date,
}

/// Somebody at a post on a date; the date is the one on which the shift begins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// Id of the person.
    pub person: String,
    /// Id of the post.
    pub post: String,
    /// The date on which it begins.
    #[serde(deserialize_with = "date")]
    pub date: Date,
}

/// An assignment that a draft may not change.
pub type Pin = Assignment;

words! {
    /// What somebody would like on a date.
    pub enum Want {
        /// To have a shift that begins then.
        On = "on",
        /// To have none.
        Off = "off",
    }
}

/// What somebody would like.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// Id of the person.
    pub person: String,
    /// The date.
    #[serde(deserialize_with = "date")]
    pub date: Date,
    /// A shift or none; standby counts as one.
    pub want: Want,
    /// What missing it adds to the cost.
    pub weight: Thousandths,
}

/// Limits of hard rules; all are site settings, no contract here states one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Least hours between the end of a shift and the begin of the next.
    pub rest_hours_min: Thousandths,
    /// Most dates in a row on which a shift begins.
    pub consecutive_days_max: u32,
    /// Most shifts that begin on one date.
    pub shifts_per_day_max: u32,
    /// Most dates in a row on which a night shift begins.
    pub nights_in_row_max: u32,
}

/// A number from 0 to 1,000,000 with at most three decimals, exact.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Thousandths(pub i64);

impl Thousandths {
    /// A whole number.
    #[must_use]
    pub fn whole(number: u32) -> Self {
        Self(i64::from(number) * 1000)
    }
}

impl<'de> Deserialize<'de> for Thousandths {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let refuse = || D::Error::custom("应为 0 至 1000000 的数，至多三位小数");
        let number = f64::deserialize(source)?;
        let scaled = number * 1000.0;
        let whole = scaled.round();
        let exact = (0.0..=1e9).contains(&scaled) && (scaled - whole).abs() < 1e-6;
        // The range was checked, so the conversion keeps every digit.
        if exact { Ok(Self(whole as i64)) } else { Err(refuse()) }
    }
}

impl<'de> Deserialize<'de> for PostDays {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_any(DaysVisitor)
    }
}

struct DaysVisitor;

impl<'de> Visitor<'de> for DaysVisitor {
    type Value = PostDays;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("all、workday、nonworkday、statutory 或日期的列表")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<PostDays, E> {
        match text {
            "all" => Ok(PostDays::All),
            "workday" => Ok(PostDays::Workday),
            "nonworkday" => Ok(PostDays::Nonworkday),
            "statutory" => Ok(PostDays::Statutory),
            _ => Err(E::unknown_variant(text, &["all", "workday", "nonworkday", "statutory"])),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<PostDays, A::Error> {
        let mut dates = Vec::new();
        while let Some(text) = list.next_element::<String>()? {
            dates.push(date_of::<A::Error>(&text)?);
        }
        Ok(PostDays::Dates(dates))
    }
}

fn date_of<E: Error>(text: &str) -> Result<Date, E> {
    parse_date("date", text).map_err(|bad| E::custom(format!("{text}：{}", bad.reason)))
}

fn date<'de, D: Deserializer<'de>>(source: D) -> Result<Date, D::Error> {
    date_of(&String::deserialize(source)?)
}

fn stated_date<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Date>, D::Error> {
    Option::<String>::deserialize(source)?.map(|text| date_of(&text)).transpose()
}

/// A key that must be written even where its value is null.
fn stated<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(source)
}
