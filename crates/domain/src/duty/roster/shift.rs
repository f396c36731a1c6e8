//! Shifts: their kinds, their hours, and one of them at its place in time.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

use crate::calendar::{Calendar, MINUTE, OfficeHours, Window, instant, midnight, minute_of_day};
use crate::clock::words;

/// Minutes in a day.
pub(super) const DAY_MINUTES: i64 = 24 * 60;

words! {
    /// Which hours a post has.
    pub enum ShiftKind {
        /// 08:00-20:00 白班
        Day = "day",
        /// 20:00-08:00 夜班
        Night = "night",
        /// 08:00-08:00 全天
        Full = "24h",
        /// Office windows 正常班
        Office = "5x8",
    }
}

impl ShiftKind {
    /// Whether it counts as a night.
    #[must_use]
    pub fn is_night(self) -> bool {
        matches!(self, Self::Night | Self::Full)
    }

    /// Its hours on a date. The office shift has the windows of the date or, on a day off, those of a
    /// working day in the season; `None` where no windows are stated.
    #[must_use]
    pub fn spans_on(self, date: Date, office: &OfficeHours, calendar: &Calendar) -> Option<Vec<ShiftSpan>> {
        let hours = |from: u16, to: u16| Some(vec![ShiftSpan { from: from * 60, to: to * 60 }]);
        match self {
            Self::Day => hours(8, 20),
            Self::Night => hours(20, 32),
            Self::Full => hours(8, 32),
            Self::Office => {
                let own = office.windows(calendar.day(date), None).filter(|windows| !windows.is_empty());
                let windows = own.or_else(|| office.usual_windows(date, None))?;
                (!windows.is_empty()).then(|| windows.iter().copied().map(ShiftSpan::from).collect())
            }
        }
    }
}

/// Part of a shift in minutes after the midnight with which its date begins; half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShiftSpan {
    /// First minute, 0-1439.
    pub from: u16,
    /// First minute after it, later than `from`; over 1440 on the next day.
    pub to: u16,
}

impl ShiftSpan {
    /// Both ends on a date.
    #[must_use]
    pub fn on(self, date: Date) -> [Timestamp; 2] {
        [self.from, self.to].map(|minute| instant(midnight(date) + i64::from(minute) * MINUTE))
    }
}

impl From<Window> for ShiftSpan {
    fn from(window: Window) -> Self {
        Self { from: window.from, to: window.to }
    }
}

impl<'de> Deserialize<'de> for ShiftSpan {
    /// Reads `["20:00", "08:00"]`; an end not after the begin is on the next day.
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let [from, to] = <[String; 2]>::deserialize(source)?;
        let refuse = |text: &str| -> D::Error {
            serde::de::Error::custom(format!("“{text}”不是钟点，应写成 08:00；起点至 23:59，终点至 24:00"))
        };
        let first = minute_of_day(&from).filter(|minute| *minute < 1440).ok_or_else(|| refuse(&from))?;
        let last = minute_of_day(&to).ok_or_else(|| refuse(&to))?;
        Ok(Self { from: first, to: if last <= first { last + 1440 } else { last } })
    }
}

/// A shift at its place in time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn<'m> {
    /// Index of the post.
    pub(super) post: usize,
    /// Days after the first of the month; negative before it.
    pub(super) day: i64,
    /// Its parts, ascending and apart; never empty.
    pub(super) spans: &'m [ShiftSpan],
    /// Whether it is standby.
    pub(super) standby: bool,
    /// Whether its kind is night or 24h.
    pub(super) night: bool,
}

impl Turn<'_> {
    /// Its first minute, counted from the begin of the month.
    pub(super) fn start(&self) -> i64 {
        self.day * DAY_MINUTES + self.spans.first().map_or(0, |span| i64::from(span.from))
    }

    /// The first minute after it.
    pub(super) fn end(&self) -> i64 {
        self.day * DAY_MINUTES + self.spans.last().map_or(0, |span| i64::from(span.to))
    }

    /// Minutes of work in it.
    pub(super) fn minutes(&self) -> i64 {
        self.spans.iter().map(|span| i64::from(span.to - span.from)).sum()
    }

    /// Whether a minute belongs to both.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        if self.end() <= other.start() || other.end() <= self.start() {
            return false;
        }
        let at = |turn: &Self, span: &ShiftSpan| {
            let base = turn.day * DAY_MINUTES;
            (base + i64::from(span.from), base + i64::from(span.to))
        };
        self.spans.iter().any(|mine| {
            let (from, to) = at(self, mine);
            other.spans.iter().map(|span| at(other, span)).any(|(start, end)| from < end && start < to)
        })
    }

    /// Whether one person cannot hold both because of their hours. Standby goes with day and office
    /// shifts, not with other standby nor with a night or 24h shift in the same hours.
    pub(super) fn clashes(&self, other: &Self) -> bool {
        let excluded = match (self.standby, other.standby) {
            (false, false) | (true, true) => true,
            (true, false) => other.night,
            (false, true) => self.night,
        };
        excluded && self.overlaps(other)
    }

    /// Whether `later`, which begins not before this one, leaves too little rest after it.
    pub(super) fn starves(&self, later: &Self, rest_thousandths: i64) -> bool {
        if self.standby || later.standby || self.overlaps(later) {
            return false;
        }
        let gap_minutes = (later.start() - self.end()).max(0);
        // Thousandths of an hour against minutes, without a fraction.
        gap_minutes * 1000 < rest_thousandths * 60
    }
}
