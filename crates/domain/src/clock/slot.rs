//! One clock as intervals: everything about it that does not depend on the moment of the question.
//!
//! All instants and durations are microseconds. A slot is built once per order; its state, deadline and
//! remaining minutes at any later moment are then a handful of comparisons.

use super::code::Why;
use super::kind::{EventKind, LimitUnit, State, TargetCalendar};
use crate::calendar::{MINUTE, WorkTime};
use crate::contract::{DayMeaning, Rule, RuleTarget};

/// A clock of an order.
#[derive(Debug, Clone)]
pub(super) struct Slot<'p> {
    pub(super) rule: &'p Rule,
    pub(super) promise: &'p RuleTarget,
    pub(super) start: SlotStart,
    pub(super) end: Option<End>,
    /// Stretches that do not count, ascending and apart; the last may be open (`i64::MAX`).
    pub(super) uncounted: Vec<Span>,
    /// Suspensions that are shown but count.
    pub(super) shown: Vec<Span>,
    pub(super) due: Due,
    /// Office hours the minutes run on; `None`: every minute counts.
    pub(super) work: Option<&'p WorkTime>,
}

/// Where a clock starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SlotStart {
    /// What starts it has not happened.
    Waiting,
    /// At an instant that has passed.
    At(i64),
    /// At an instant, once that has passed.
    After(i64),
}

/// What ended a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    pub(super) at: i64,
    pub(super) by: EventKind,
    pub(super) void: bool,
}

/// A stretch with its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) why: Why,
}

/// When a clock is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// At an instant.
    At(i64),
    /// Not while it is stopped.
    Stopped,
    /// The calendar needed is not announced.
    Unknown,
    /// No number, or not started.
    Never,
}

impl Slot<'_> {
    /// The true start, once it has come.
    pub(super) fn started(&self, now: i64) -> Option<i64> {
        match self.start {
            SlotStart::At(at) => Some(at),
            SlotStart::After(at) => (self.end.is_some() || now > at).then_some(at),
            SlotStart::Waiting => None,
        }
    }

    pub(super) fn state(&self, now: i64) -> State {
        let started = self.started(now);
        match (self.end, self.promise.limit, self.due) {
            (Some(End { void: true, .. }), ..) => State::Void,
            (Some(_), None, _) => State::NoLimit,
            (Some(end), _, Due::At(due)) if started.is_some() && end.at > due => State::Breached,
            (Some(_), ..) => State::Met,
            (None, ..) if started.is_none() => State::Waiting,
            (None, None, _) => State::NoLimit,
            (None, _, Due::Stopped) => State::Paused,
            (None, _, Due::At(due)) if now > due => State::MissedOpen,
            (None, ..) => State::Running,
        }
    }

    /// The deadline to show: none while waiting, paused, void or without a number.
    pub(super) fn deadline(&self, now: i64) -> Option<i64> {
        let void = self.end.is_some_and(|end| end.void);
        match self.due {
            Due::At(due) if !void && self.started(now).is_some() => Some(due),
            _ => None,
        }
    }

    /// Counted time up to the end or now.
    pub(super) fn counted(&self, now: i64) -> i64 {
        let Some(start) = self.started(now) else { return 0 };
        let stop = self.end.map_or(now, |end| end.at);
        let mut at = start;
        let mut counted = 0;
        for span in &self.uncounted {
            counted += self.measure(at, span.from.min(stop));
            at = at.max(span.to);
        }
        counted + self.measure(at, stop)
    }

    /// Whole minutes left, rounded up; `None` once ended, before the start and without a deadline to count to.
    pub(super) fn remaining_minutes(&self, now: i64) -> Option<i64> {
        let limit = self.promise.limit.filter(|_| self.end.is_none() && self.started(now).is_some())?;
        let left = match (limit.unit, self.due) {
            (_, Due::Never | Due::Unknown) => return None,
            (LimitUnit::Minute, _) => microseconds(limit) - self.counted(now),
            (_, Due::At(due)) => due - now,
            (LimitUnit::Day, Due::Stopped) if self.promise.day == DayMeaning::Hours24 => {
                microseconds(limit) - self.counted(now)
            }
            (_, Due::Stopped) => return None,
        };
        Some(ceil_minutes(left))
    }

    /// Stretches from the start to the end or now: boundaries first, then the reason of each.
    pub(super) fn segments(&self, now: i64) -> Vec<Span> {
        let Some(start) = self.started(now) else { return Vec::new() };
        let stop = self.end.map_or(now, |end| end.at);
        let mut edges = vec![start, stop];
        for span in self.uncounted.iter().chain(&self.shown) {
            edges.extend([span.from, span.to]);
        }
        if let Some(work) = self.work {
            let mut next = work.next_edge(start);
            while let Some(edge) = next.filter(|edge| *edge < stop) {
                edges.push(edge);
                next = work.next_edge(edge);
            }
        }
        edges.retain(|edge| (start..=stop).contains(edge));
        edges.sort_unstable();
        edges.dedup();
        let mut segments: Vec<Span> = Vec::new();
        for (from, to) in edges.iter().zip(edges.iter().skip(1)) {
            let why = self.why_at(*from);
            match segments.last_mut() {
                Some(last) if last.why == why => last.to = *to,
                _ => segments.push(Span { from: *from, to: *to, why }),
            }
        }
        segments
    }

    fn why_at(&self, at: i64) -> Why {
        let around =
            |spans: &[Span]| spans.iter().find(|span| span.from <= at && at < span.to).map(|span| span.why);
        if let Some(why) = around(&self.uncounted) {
            return why;
        }
        match self.work.map(|work| work.is_open(at)) {
            Some(Some(false)) => Why::OutsideHours,
            Some(None) => Why::Unannounced,
            _ => around(&self.shown).unwrap_or(Why::Running),
        }
    }

    fn measure(&self, from: i64, to: i64) -> i64 {
        if from >= to {
            return 0;
        }
        self.work.map_or(to - from, |work| work.measure_known(from, to))
    }
}

/// A limit as microseconds on its calendar; a workday has no fixed length and gives 0.
pub(super) fn microseconds(limit: super::kind::Limit) -> i64 {
    match limit.unit {
        LimitUnit::Minute => i64::from(limit.value) * MINUTE,
        LimitUnit::Day => i64::from(limit.value) * 24 * 60 * MINUTE,
        LimitUnit::Workday => 0,
    }
}

/// The moment a limit runs out, stepping over what does not count.
///
/// A stretch that begins exactly when the limit runs out still moves it: the clock stands at zero.
pub(super) fn due_after(start: i64, limit: i64, uncounted: &[Span], work: Option<&WorkTime>) -> Due {
    let mut at = start;
    let mut left = limit;
    for span in uncounted.iter().filter(|span| span.to > start && span.from < span.to) {
        match walk(at, left, work) {
            Some(due) if due < span.from => return Due::At(due),
            None if span.to == i64::MAX => return Due::Stopped,
            _ => {}
        }
        if span.to == i64::MAX {
            return Due::Stopped;
        }
        if span.from > at {
            let Some(passed) = work.map_or(Some(span.from - at), |work| work.measure(at, span.from)) else {
                return Due::Unknown;
            };
            left -= passed;
        }
        at = at.max(span.to);
    }
    walk(at, left, work).map_or(Due::Unknown, Due::At)
}

fn walk(at: i64, left: i64, work: Option<&WorkTime>) -> Option<i64> {
    match work {
        None => Some(at + left),
        Some(work) => work.walk(at, left),
    }
}

/// Whether minutes of a promise run on office hours.
pub(super) fn runs_on_office_hours(promise: &RuleTarget) -> bool {
    promise.calendar == TargetCalendar::Office
        && promise.limit.is_some_and(|limit| limit.unit == LimitUnit::Minute)
}

pub(super) fn floor_minutes(microseconds: i64) -> i64 {
    microseconds.div_euclid(MINUTE)
}

pub(super) fn ceil_minutes(microseconds: i64) -> i64 {
    -((-microseconds).div_euclid(MINUTE))
}
