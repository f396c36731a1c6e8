//! From punches to days.
//!
//! Where the interface leaves something open, this is the choice (本项目约定):
//! a punch exactly between two spans serves the earlier one; of leave and a trip on one day leave counts,
//! and both count also on a day without a shift, since leave takes shifts out of the roster; several
//! punches at one instant are one; minutes late and early are whole ones, before grace is looked at; a
//! span with only one punch waits for the watermarks even where its minutes already make half a day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use super::case::{Absence, Case, Punch, Trust};
use super::report::{Day, DayResult, Report, SpanDay, sentence};
use super::why::Why;
use crate::calendar::{DAY, MINUTE, instant};

/// Most days one question may ask for, counted over all people.
pub const DERIVED_DAYS_MAX: i64 = 1_000_000;

/// How far from a span a punch can serve it: four hours (INTERFACES).
const REACH: i64 = 4 * 60 * MINUTE;
/// How long after a span's end its punches are waited for: 30 minutes (INTERFACES).
const SETTLING: i64 = 30 * MINUTE;

/// Derives every day that `case` asks for; the case must have passed [`Case::check`].
#[must_use]
pub fn derive(case: &Case) -> Report {
    let punches = by_person(&case.punches, |punch| &punch.person);
    let shifts = by_person(&case.shifts, |shift| &shift.person);
    let days = case.people.iter().flat_map(|name| {
        let mut spans: Vec<Served> = Vec::new();
        for shift in shifts.get(name.as_str()).into_iter().flatten() {
            spans.extend(shift.spans.iter().map(|span| Served::new(shift.date, span.on(shift.date))));
        }
        serve(&mut spans, punches.get(name.as_str()).map_or(&[], Vec::as_slice));
        Person::new(case, name, spans).days()
    });
    Report { days: days.collect() }
}

fn by_person<T>(items: &[T], person: impl Fn(&T) -> &String) -> BTreeMap<&str, Vec<&T>> {
    let mut map: BTreeMap<&str, Vec<&T>> = BTreeMap::new();
    for item in items {
        map.entry(person(item)).or_default().push(item);
    }
    map
}

/// A span with the punches that serve it, by instant; times are microseconds.
#[derive(Debug, Clone)]
struct Served {
    date: Date,
    from: i64,
    to: i64,
    punches: BTreeMap<i64, Trust>,
}

impl Served {
    fn new(date: Date, ends: [Timestamp; 2]) -> Self {
        let [from, to] = ends.map(Timestamp::as_microsecond);
        Self { date, from, to, punches: BTreeMap::new() }
    }

    /// How far a moment lies outside.
    fn distance(&self, at: i64) -> i64 {
        (self.from - at).max(at - self.to).max(0)
    }

    /// Of several records of one instant the most trusted counts.
    fn take(&mut self, at: i64, trust: Trust) {
        let known = self.punches.entry(at).or_insert(trust);
        if *known == Trust::Jumped {
            *known = trust;
        }
    }

    /// The earliest punch and the latest; a lone one is the beginning if it is nearer to that.
    fn ends(&self) -> [Option<(i64, Trust)>; 2] {
        let first = self.punches.first_key_value().map(|(at, trust)| (*at, *trust));
        let last = self.punches.last_key_value().map(|(at, trust)| (*at, *trust));
        match first {
            Some((at, _)) if self.punches.len() == 1 => {
                let begins = (at - self.from).abs() < (at - self.to).abs();
                if begins { [first, None] } else { [None, last] }
            }
            _ => [first, last],
        }
    }
}

/// Gives each punch to the span it is nearest to, within reach. Sorts the spans.
fn serve(spans: &mut [Served], punches: &[&Punch]) {
    spans.sort_by_key(|span| (span.from, span.to));
    for punch in punches {
        let at = punch.at.0.as_microsecond();
        // A span lasts a day at most, so none that begins before this can reach it.
        let low = spans.partition_point(|span| span.from < at - REACH - DAY);
        let near = spans.iter_mut().skip(low).take_while(|span| span.from <= at + REACH);
        let nearest = near.min_by_key(|span| span.distance(at));
        if let Some(span) = nearest.filter(|span| span.distance(at) <= REACH) {
            span.take(at, punch.trust);
        }
    }
}

struct Person<'a> {
    case: &'a Case,
    name: &'a str,
    spans: Vec<Served>,
    /// Where he may punch, each with how far its data is known.
    devices: BTreeMap<&'a str, Option<i64>>,
}

impl<'a> Person<'a> {
    fn new(case: &'a Case, name: &'a str, spans: Vec<Served>) -> Self {
        let known = |device: &str| {
            let marks = case.watermarks.iter().filter(|mark| mark.device == device);
            marks.map(|mark| mark.complete_to.0.as_microsecond()).max()
        };
        let devices = case.devices.get(name).into_iter().flatten();
        let devices = devices.map(|device| (device.as_str(), known(device))).collect();
        Self { case, name, spans, devices }
    }

    fn days(&self) -> Vec<Day> {
        let mut spans: BTreeMap<Date, Vec<&Served>> = BTreeMap::new();
        for span in &self.spans {
            spans.entry(span.date).or_default().push(span);
        }
        let dates = self.case.from.series(jiff::Span::new().days(1));
        let dates = dates.take_while(|date| *date <= self.case.to);
        dates.map(|date| self.day(date, spans.get(&date).map_or(&[], Vec::as_slice))).collect()
    }

    fn day(&self, date: Date, spans: &[&Served]) -> Day {
        let away = |absences: &[Absence]| absences.iter().any(|absence| absence.covers(self.name, date));
        let excused = if away(&self.case.leave) {
            Some((DayResult::Leave, Why::OnLeave))
        } else if away(&self.case.trips) {
            Some((DayResult::Trip, Why::OnTrip))
        } else {
            None
        };
        let spans: Vec<SpanDay> = spans.iter().map(|span| self.span(span, excused)).collect();
        let (result, why) = excused.unwrap_or_else(|| whole(&spans));
        Day {
            person: self.name.to_owned(),
            date,
            result,
            minutes_late: spans.iter().map(|span| span.minutes_late).sum(),
            minutes_early: spans.iter().map(|span| span.minutes_early).sum(),
            text: sentence(why, &spans),
            spans,
            why,
        }
    }

    fn span(&self, span: &Served, excused: Option<(DayResult, Why)>) -> SpanDay {
        let [punched_in, punched_out] = span.ends();
        let mut day = SpanDay {
            from: instant(span.from),
            to: instant(span.to),
            punched_in: punched_in.map(|(at, _)| instant(at)),
            punched_out: punched_out.map(|(at, _)| instant(at)),
            result: DayResult::Unknown,
            why: Why::NotOver,
            minutes_late: 0,
            minutes_early: 0,
            waits_for: Vec::new(),
        };
        if let Some((result, why)) = excused {
            (day.result, day.why) = (result, why);
            return day;
        }
        let rules = self.case.rules;
        let beyond = |punched: Option<i64>, grace: u32| {
            punched.map(whole_minutes).filter(|minutes| *minutes > grace).unwrap_or(0)
        };
        let late = beyond(punched_in.map(|(at, _)| at - span.from), rules.late_grace_minutes);
        let early = beyond(punched_out.map(|(at, _)| span.to - at), rules.early_grace_minutes);
        let (result, why) = self.concluded(&day, late, early);
        let needs_all = result == DayResult::Absent || punched_in.is_none() || punched_out.is_none();
        let behind = if needs_all { self.behind(span.to) } else { Vec::new() };
        let jumped = [punched_in, punched_out].into_iter().flatten().any(|(_, trust)| trust == Trust::Jumped);
        let open = if self.case.now.0.as_microsecond() < span.to {
            Some(Why::NotOver)
        } else if self.devices.is_empty() {
            Some(Why::NoDevice)
        } else if jumped {
            Some(Why::ClockJumped)
        } else if !behind.is_empty() {
            Some(Why::NotComplete)
        } else {
            None
        };
        match open {
            Some(why) => day.why = why,
            None => {
                (day.result, day.why, day.minutes_late, day.minutes_early) = (result, why, late, early);
            }
        }
        if day.why == Why::NotComplete {
            day.waits_for = behind;
        }
        day
    }

    /// What a span comes to where nothing forbids a conclusion.
    fn concluded(&self, span: &SpanDay, late: u32, early: u32) -> (DayResult, Why) {
        let (rules, most) = (self.case.rules, late.max(early));
        match (span.punched_in, span.punched_out) {
            (None, None) => (DayResult::Absent, Why::NoPunch),
            _ if most >= rules.absent_minutes => (DayResult::Absent, Why::AbsentMinutes),
            _ if most >= rules.half_day_minutes => (DayResult::HalfDay, Why::HalfDayMinutes),
            (None, _) => (DayResult::MissingPunch, Why::MissingIn),
            (_, None) => (DayResult::MissingPunch, Why::MissingOut),
            _ => on_time(late, early),
        }
    }

    /// Devices not known to be complete past a span's end and the time to settle.
    fn behind(&self, to: i64) -> Vec<String> {
        let behind = self.devices.iter().filter(|(_, known)| known.is_none_or(|at| at <= to + SETTLING));
        behind.map(|(device, _)| (*device).to_owned()).collect()
    }
}

fn whole_minutes(microseconds: i64) -> u32 {
    u32::try_from(microseconds.div_euclid(MINUTE)).unwrap_or(0)
}

fn on_time(late: u32, early: u32) -> (DayResult, Why) {
    match (late > 0, early > 0) {
        (true, true) => (DayResult::LateEarly, Why::LateEarly),
        (true, false) => (DayResult::Late, Why::Late),
        (false, true) => (DayResult::EarlyLeave, Why::EarlyLeave),
        (false, false) => (DayResult::Normal, Why::InTime),
    }
}

/// What the spans of a day come to together.
fn whole(spans: &[SpanDay]) -> (DayResult, Why) {
    let results: BTreeSet<DayResult> = spans.iter().map(|span| span.result).collect();
    let why_of = |result| spans.iter().find(|span| span.result == result).map(|span| span.why);
    if spans.is_empty() {
        return (DayResult::Rest, Why::NoShift);
    }
    if let Some(why) = why_of(DayResult::Unknown) {
        return (DayResult::Unknown, why);
    }
    if let Some(why) = why_of(DayResult::Absent) {
        let all = results.len() == 1;
        return if all { (DayResult::Absent, why) } else { (DayResult::HalfDay, Why::SpanAbsent) };
    }
    for result in [DayResult::HalfDay, DayResult::MissingPunch] {
        if let Some(why) = why_of(result) {
            return (result, why);
        }
    }
    on_time(
        spans.iter().map(|span| span.minutes_late).sum(),
        spans.iter().map(|span| span.minutes_early).sum(),
    )
}
