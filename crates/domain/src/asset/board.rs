//! The board of warranty and age (到期看板): how many devices end when, and how old they are.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use std::collections::BTreeMap;

/// So many days before its end a cover is said to end soon (本项目约定: a quarter, in which a renewal is
/// bought).
pub const SOON_DAYS: i32 = 90;
/// Bounds of the ages, in full years: under 1, under 3, under 5, under 8, and above. A guess at what
/// equipment of an office is written off by.
pub const AGE_BOUNDS_YEARS: [i64; 4] = [1, 3, 5, 8];
/// Months told one by one: a year and the month it ends in.
const MONTHS: i32 = 13;
/// Quarters told: three years.
const QUARTERS: i32 = 12;

/// How a device is covered on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cover {
    /// Ended before.
    Expired,
    /// Ends within [`SOON_DAYS`].
    Soon,
    /// Ends later.
    Covered,
    /// No end is stated.
    Unknown,
}

impl Cover {
    /// The cover of a device that ends on a day, that day included.
    #[must_use]
    pub fn of(end: Option<Date>, today: Date) -> Self {
        match end {
            None => Self::Unknown,
            Some(end) if end < today => Self::Expired,
            Some(end) if end <= later(today, SOON_DAYS.days()) => Self::Soon,
            Some(_) => Self::Covered,
        }
    }

    /// Stable word.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Soon => "soon",
            Self::Covered => "covered",
            Self::Unknown => "unknown",
        }
    }
}

/// What the board needs of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    /// Its maintenance object; empty where none is stated.
    pub object: String,
    /// Pieces its card stands for.
    pub quantity: u32,
    /// Last day of its cover.
    pub end: Option<Date>,
    /// First day of use.
    pub since: Option<Date>,
}

/// What ends within a month or a quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodCount {
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// Cards.
    pub cards: u32,
    /// Pieces.
    pub pieces: u32,
}

/// What is of an age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeCount {
    /// Full years from, included.
    pub from_years: i64,
    /// Full years to, excluded; absent: no end.
    pub to_years: Option<i64>,
    /// In use first on this day or later; absent: no bound.
    pub since_from: Option<Date>,
    /// In use first on this day or before.
    pub since_to: Option<Date>,
    /// Cards.
    pub cards: u32,
}

/// How an object's devices are covered, in cards.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObjectCount {
    /// The object.
    pub object: String,
    /// All.
    pub total: u32,
    /// Ended.
    pub expired: u32,
    /// Ending soon.
    pub soon: u32,
    /// No end stated.
    pub unknown: u32,
}

/// The board of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// All cards: with an empty object.
    pub all: ObjectCount,
    /// A year by months, from this month on.
    pub months: Vec<PeriodCount>,
    /// Three years by quarters, from this quarter on.
    pub quarters: Vec<PeriodCount>,
    /// By age; devices whose first day is not stated are in none.
    pub ages: Vec<AgeCount>,
    /// Cards whose first day of use is not stated.
    pub ageless: u32,
    /// Per object, those with most that ended or will first.
    pub objects: Vec<ObjectCount>,
}

/// Counts devices, as they stand on a day.
#[must_use]
pub fn board(devices: &[Dated], today: Date) -> Board {
    let mut objects: BTreeMap<&str, ObjectCount> = BTreeMap::new();
    let mut all = ObjectCount::default();
    for device in devices {
        let cover = Cover::of(device.end, today);
        count(&mut all, cover);
        count(objects.entry(&device.object).or_default(), cover);
    }
    let mut objects: Vec<ObjectCount> = objects
        .into_iter()
        .map(|(object, count)| ObjectCount { object: object.to_owned(), ..count })
        .collect();
    objects.sort_by_key(|row| (std::cmp::Reverse(row.expired + row.soon), row.object.clone()));
    let month = today.first_of_month();
    let quarter = month.checked_sub(i32::from((month.month() - 1) % 3).months()).unwrap_or(month);
    Board {
        all,
        months: (0..MONTHS).map(|n| ending(devices, later(month, n.months()), 1)).collect(),
        quarters: (0..QUARTERS).map(|n| ending(devices, later(quarter, (n * 3).months()), 3)).collect(),
        ages: ages(devices, today),
        ageless: tally(devices.iter().filter(|device| device.since.is_none())),
        objects,
    }
}

fn count(row: &mut ObjectCount, cover: Cover) {
    row.total += 1;
    match cover {
        Cover::Expired => row.expired += 1,
        Cover::Soon => row.soon += 1,
        Cover::Unknown => row.unknown += 1,
        Cover::Covered => {}
    }
}

fn later(day: Date, span: Span) -> Date {
    day.saturating_add(span)
}

fn tally<'d>(devices: impl Iterator<Item = &'d Dated>) -> u32 {
    u32::try_from(devices.count()).unwrap_or(u32::MAX)
}

fn ending(devices: &[Dated], from: Date, months: i32) -> PeriodCount {
    let to = later(from, months.months()).yesterday().unwrap_or(from);
    let within: Vec<&Dated> =
        devices.iter().filter(|device| device.end.is_some_and(|end| (from..=to).contains(&end))).collect();
    PeriodCount {
        from,
        to,
        cards: tally(within.iter().copied()),
        pieces: within.iter().fold(0, |sum, device| sum.saturating_add(device.quantity)),
    }
}

fn ages(devices: &[Dated], today: Date) -> Vec<AgeCount> {
    let bounds = std::iter::once(0).chain(AGE_BOUNDS_YEARS);
    let ends = AGE_BOUNDS_YEARS.into_iter().map(Some).chain([None]);
    let before = |years: i64| today.saturating_sub(years.years());
    bounds
        .zip(ends)
        .map(|(from_years, to_years)| {
            let since_to = (from_years > 0).then(|| before(from_years));
            let since_from = to_years.map(|years| before(years).tomorrow().unwrap_or(today));
            let is_within = |since: Date| {
                since_from.is_none_or(|from| since >= from) && since_to.is_none_or(|to| since <= to)
            };
            let cards = tally(devices.iter().filter(|device| device.since.is_some_and(is_within)));
            AgeCount { from_years, to_years, since_from, since_to, cards }
        })
        .collect()
}
