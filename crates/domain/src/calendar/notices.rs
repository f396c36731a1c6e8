//! The calendar of all announced years: a table of days built from packs.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use serde::Serialize;

use super::day::{Day, DayKind};
use super::pack::{Item, Pack};

/// First supported year.
pub const YEAR_MIN: i16 = 1900;
/// Last supported year.
pub const YEAR_MAX: i16 = 2100;

/// What is known about each date, and from which notices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    packs: BTreeMap<i16, Pack>,
    headings: Vec<String>,
    years: BTreeMap<i16, Vec<Cell>>,
    version: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    kind: DayKind,
    heading: Option<u16>,
}

/// A date that two calendars see differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayChange {
    /// The date.
    pub date: Date,
    /// Its kind before.
    pub before: DayKind,
    /// Its kind after.
    pub after: DayKind,
    /// Its heading before.
    pub holiday_before: Option<String>,
    /// Its heading after.
    pub holiday_after: Option<String>,
}

impl Calendar {
    /// The notices compiled into the program: 2024, 2025 and 2026.
    #[must_use]
    pub fn builtin() -> Self {
        let texts = [
            ("2024.json", include_str!("../../../../assets/calendars/2024.json")),
            ("2025.json", include_str!("../../../../assets/calendars/2025.json")),
            ("2026.json", include_str!("../../../../assets/calendars/2026.json")),
        ];
        Self::from_packs(
            texts
                .into_iter()
                .map(|(file, text)| Pack::parse(file, text).expect("shipped packs are checked by a test")),
        )
    }

    /// A calendar of the given notices; of two for one year the later counts.
    #[must_use]
    pub fn from_packs(packs: impl IntoIterator<Item = Pack>) -> Self {
        let packs: BTreeMap<i16, Pack> = packs.into_iter().map(|pack| (pack.year, pack)).collect();
        let version = version_of(&packs);
        let mut calendar = Self {
            years: packs.keys().map(|year| (*year, plain_year(*year))).collect(),
            packs,
            headings: Vec::new(),
            version,
        };
        for pack in calendar.packs.clone().values() {
            for item in &pack.items {
                calendar.enter(item);
            }
        }
        calendar
    }

    /// This calendar with one notice added or replaced; compare with [`Calendar::changes_to`] first.
    #[must_use]
    pub fn with_pack(&self, pack: Pack) -> Self {
        Self::from_packs(self.packs.values().cloned().chain([pack]))
    }

    /// A notice with those in use for other years, as they are published together, and the year under which.
    ///
    /// Of all calendars published that of the latest year counts, alone: a notice for an earlier year
    /// stands under the latest year too, or it would never count.
    ///
    /// # Panics
    /// Never: there is at least the notice itself.
    #[must_use]
    pub fn published_with(&self, pack: Pack) -> (i16, Vec<Pack>) {
        let next = self.with_pack(pack);
        let (year, _) = next.packs.last_key_value().expect("a notice was added");
        (*year, next.packs.into_values().collect())
    }

    /// The notices in use, by year.
    pub fn packs(&self) -> impl Iterator<Item = &Pack> {
        self.packs.values()
    }

    /// BLAKE3 of the notices in use, as 64 hex digits: the calendar version bound to an order.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether a notice for the year is known.
    #[must_use]
    pub fn is_announced(&self, year: i16) -> bool {
        self.years.contains_key(&year)
    }

    /// Years with a notice, ascending.
    pub fn announced_years(&self) -> impl Iterator<Item = i16> + '_ {
        self.years.keys().copied()
    }

    /// What a date is.
    #[must_use]
    pub fn day(&self, date: Date) -> Day<'_> {
        let cell = self.cell(date).unwrap_or(Cell { kind: DayKind::Unannounced, heading: None });
        let holiday =
            cell.heading.and_then(|index| self.headings.get(usize::from(index))).map(String::as_str);
        Day { date, kind: cell.kind, holiday }
    }

    /// The n-th worked day after `date`, which itself does not count; `None` past the announced years.
    #[must_use]
    pub fn workday_after(&self, date: Date, n: u32) -> Option<Date> {
        let mut left = n;
        let mut current = date;
        while left > 0 {
            current = current.tomorrow().ok()?;
            if self.day(current).kind.is_worked()? {
                left -= 1;
            }
        }
        Some(current)
    }

    /// Every date that `next` sees differently, ascending: to be shown before a changed pack counts.
    #[must_use]
    pub fn changes_to(&self, next: &Self) -> Vec<DayChange> {
        let years: BTreeSet<i16> = self.announced_years().chain(next.announced_years()).collect();
        let days = years.into_iter().flat_map(dates_of);
        days.filter_map(|date| {
            let (before, after) = (self.day(date), next.day(date));
            (before != after).then(|| DayChange {
                date,
                before: before.kind,
                after: after.kind,
                holiday_before: before.holiday.map(str::to_owned),
                holiday_after: after.holiday.map(str::to_owned),
            })
        })
        .collect()
    }

    fn cell(&self, date: Date) -> Option<Cell> {
        let index = usize::try_from(date.day_of_year()).ok()?.checked_sub(1)?;
        self.years.get(&date.year())?.get(index).copied()
    }

    fn enter(&mut self, item: &Item) {
        let heading = u16::try_from(self.headings.len()).ok();
        self.headings.push(item.heading.clone());
        let kinds = kinds_of(item);
        for (date, kind) in kinds {
            let index = usize::try_from(date.day_of_year()).unwrap_or(0).saturating_sub(1);
            if let Some(cell) = self.years.get_mut(&date.year()).and_then(|year| year.get_mut(index)) {
                *cell = Cell { kind, heading };
            }
        }
    }
}

/// Kinds of the days of one item. A statutory day on a weekend is made up for by the first weekday off
/// after it that is neither statutory nor already given; every weekday off that remains is a bridge.
fn kinds_of(item: &Item) -> BTreeMap<Date, DayKind> {
    let statutory: BTreeSet<Date> = item.statutory.iter().map(|day| day.date).collect();
    let mut kinds: BTreeMap<Date, DayKind> = item
        .days()
        .map(|date| {
            let kind = match (statutory.contains(&date), is_weekend(date)) {
                (true, _) => DayKind::Statutory,
                (false, true) => DayKind::Weekend,
                (false, false) => DayKind::Bridge,
            };
            (date, kind)
        })
        .collect();
    for date in statutory.into_iter().filter(|date| is_weekend(*date)) {
        let next = kinds.range_mut(date..).find(|(_, kind)| **kind == DayKind::Bridge);
        if let Some((_, kind)) = next {
            *kind = DayKind::Substitute;
        }
    }
    kinds.extend(item.makeup.iter().map(|date| (*date, DayKind::Makeup)));
    kinds
}

fn plain_year(year: i16) -> Vec<Cell> {
    dates_of(year)
        .map(|date| Cell {
            kind: if is_weekend(date) { DayKind::Weekend } else { DayKind::Workday },
            heading: None,
        })
        .collect()
}

pub(super) fn dates_of(year: i16) -> impl Iterator<Item = Date> {
    let first = Date::new(year, 1, 1).unwrap_or(Date::MAX);
    first.series(jiff::Span::new().days(1)).take_while(move |date| date.year() == year)
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn version_of(packs: &BTreeMap<i16, Pack>) -> String {
    let mut hasher = blake3::Hasher::new();
    for pack in packs.values() {
        let text = serde_json::to_string(pack).expect("a pack is plain data");
        hasher.update(text.as_bytes());
        hasher.update(b"\n");
    }
    hasher.finalize().to_hex().to_string()
}
