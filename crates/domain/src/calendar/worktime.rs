//! Working time compiled to intervals with prefix sums: adding and measuring are binary searches.
//!
//! Instants are microseconds since 1970. Intervals are half-open; adjacent ones are joined. Nothing is
//! known outside the announced years, so every answer that would need such a day is `None`.

use jiff::civil::Date;

use super::hours::OfficeHours;
use super::notices::{Calendar, dates_of};
use super::zone::{DAY, MINUTE, midnight};

/// Compiled working time of one division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkTime {
    starts: Vec<i64>,
    /// Working time before the interval of the same index.
    before: Vec<i64>,
    lengths: Vec<i64>,
    /// Spans of announced years, ascending and apart.
    known: Vec<(i64, i64)>,
}

impl WorkTime {
    /// Compiles the announced years; `None` when no office hours are stated.
    #[must_use]
    pub fn compile(calendar: &Calendar, hours: &OfficeHours, division: Option<&str>) -> Option<Self> {
        if !hours.are_stated() {
            return None;
        }
        let mut intervals = Vec::new();
        let mut known: Vec<(i64, i64)> = Vec::new();
        for year in calendar.announced_years() {
            for date in dates_of(year) {
                let start = midnight(date);
                match known.last_mut() {
                    Some(last) if last.1 == start => last.1 = start + DAY,
                    _ => known.push((start, start + DAY)),
                }
                let windows = hours.windows(calendar.day(date), division).unwrap_or_default();
                intervals.extend(windows.iter().map(|window| {
                    (start + i64::from(window.from) * MINUTE, start + i64::from(window.to) * MINUTE)
                }));
            }
        }
        Some(Self::from_intervals(intervals, known))
    }

    /// From intervals inside the known spans; both ascending.
    #[must_use]
    pub fn from_intervals(intervals: impl IntoIterator<Item = (i64, i64)>, known: Vec<(i64, i64)>) -> Self {
        let mut compiled = Self { starts: Vec::new(), before: Vec::new(), lengths: Vec::new(), known };
        let mut total = 0;
        let mut end = i64::MIN;
        for (from, to) in intervals {
            let from = from.max(end);
            if from >= to {
                continue;
            }
            match compiled.lengths.last_mut() {
                Some(length) if end == from => *length += to - from,
                _ => {
                    compiled.starts.push(from);
                    compiled.before.push(total);
                    compiled.lengths.push(to - from);
                }
            }
            total += to - from;
            end = to;
        }
        compiled
    }

    /// Whether work is done at the instant; `None` outside the announced years.
    #[must_use]
    pub fn is_open(&self, at: i64) -> Option<bool> {
        self.known_around(at).filter(|(_, to)| at < *to)?;
        let Some((start, _, length)) = self.interval(self.index_at(at)?) else { return Some(false) };
        Some(at < start + length)
    }

    /// Working time between two instants as far as it is announced: unannounced days count nothing.
    #[must_use]
    pub fn measure_known(&self, from: i64, to: i64) -> i64 {
        self.position(to) - self.position(from)
    }

    /// Working time between two instants, negative when `to` is earlier; `None` where a day is unknown.
    #[must_use]
    pub fn measure(&self, from: i64, to: i64) -> Option<i64> {
        if from == to {
            return Some(0);
        }
        let (known_from, known_to) = self.known_around(from.min(to))?;
        if from.max(to) > known_to || from.min(to) < known_from {
            return None;
        }
        Some(self.position(to) - self.position(from))
    }

    /// The instant `duration` of working time away.
    ///
    /// Forwards it is the earliest such instant (a window's end, not the next window's start), backwards
    /// the latest; so walking there and back returns from every instant inside a window.
    #[must_use]
    pub fn walk(&self, from: i64, duration: i64) -> Option<i64> {
        if duration == 0 {
            return Some(from);
        }
        let (known_from, known_to) = self.known_around(from)?;
        let target = self.position(from) + duration;
        let found = if duration > 0 { self.earliest(target) } else { self.latest(target) }?;
        (known_from..=known_to).contains(&found).then_some(found)
    }

    /// The next instant after `at` where work starts or stops, or where announced years begin or end.
    #[must_use]
    pub fn next_edge(&self, at: i64) -> Option<i64> {
        let running = self.index_at(at).and_then(|index| self.interval(index));
        let stop = running.map(|(start, _, length)| start + length).filter(|stop| *stop > at);
        let next = self.starts.get(self.starts.partition_point(|start| *start <= at)).copied();
        let known = self.known.iter().flat_map(|(from, to)| [*from, *to]).find(|edge| *edge > at);
        [stop, next, known].into_iter().flatten().min()
    }

    fn known_around(&self, at: i64) -> Option<(i64, i64)> {
        let index = self.known.partition_point(|(from, _)| *from <= at).checked_sub(1)?;
        self.known.get(index).copied().filter(|(_, to)| at <= *to)
    }

    fn index_at(&self, at: i64) -> Option<usize> {
        Some(self.starts.partition_point(|start| *start <= at).wrapping_sub(1))
    }

    fn interval(&self, index: usize) -> Option<(i64, i64, i64)> {
        Some((*self.starts.get(index)?, *self.before.get(index)?, *self.lengths.get(index)?))
    }

    /// Working time from the beginning of the table to the instant.
    fn position(&self, at: i64) -> i64 {
        match self.index_at(at).and_then(|index| self.interval(index)) {
            Some((start, before, length)) => before + (at - start).min(length),
            None => 0,
        }
    }

    fn earliest(&self, position: i64) -> Option<i64> {
        let index = self.before.partition_point(|before| *before < position).checked_sub(1)?;
        let (start, before, length) = self.interval(index)?;
        let offset = position - before;
        (offset <= length).then_some(start + offset)
    }

    fn latest(&self, position: i64) -> Option<i64> {
        let index = self.before.partition_point(|before| *before <= position).checked_sub(1)?;
        let (start, before, length) = self.interval(index)?;
        let offset = position - before;
        (offset <= length).then_some(start + offset)
    }
}

/// The last instant of a date's work: the end of its last window, or 24:00 where no hours are stated.
#[must_use]
pub(crate) fn end_of_work(
    calendar: &Calendar,
    hours: &OfficeHours,
    division: Option<&str>,
    date: Date,
) -> i64 {
    let windows = hours.windows(calendar.day(date), division).unwrap_or_default();
    let last = windows.last().map_or(DAY, |window| i64::from(window.to) * MINUTE);
    midnight(date) + last
}
