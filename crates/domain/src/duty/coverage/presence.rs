//! Who was on duty on which day, and whether something proves it.

use super::ledger::DutyDay;
use crate::calendar::{instant, midnight};
use crate::contract::facts::Coverage;
use crate::contract::source_of;
use crate::duty::layers::{Member, Shift};
use crate::duty::month::payload::DutyPost;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// How far before or after a shift a sign of presence still belongs to it: the next one comes early, the
/// last one leaves late. 本项目约定.
const SLACK: SignedDuration = SignedDuration::from_hours(2);

/// Minutes of a day.
const DAY: u16 = 1_440;

/// A sign that somebody was there: a signature under a handover that was accepted, or a punch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// User id.
    pub person: String,
    /// The post it is for; absent: any.
    pub post: Option<String>,
    /// When, by the time that counts.
    pub at: Timestamp,
}

/// The published roster of a month as the ledger needs it.
#[derive(Debug, Clone, Copy)]
pub struct Roster<'a> {
    /// Shifts of its final view.
    pub shifts: &'a [Shift],
    /// Its posts.
    pub posts: &'a [DutyPost],
    /// The people of the contract.
    pub members: &'a [Member],
}

/// The days of duty of a month. A post whose clause is that of a coverage row serves that row alone; any
/// other serves all.
#[must_use]
pub fn duty_days(
    roster: Roster<'_>,
    rows: &[Coverage],
    document: &str,
    presence: &[Presence],
) -> Vec<DutyDay> {
    let posts: BTreeMap<&str, &DutyPost> = roster.posts.iter().map(|post| (post.id.as_str(), post)).collect();
    let divisions: BTreeMap<&str, &str> = roster
        .members
        .iter()
        .filter_map(|member| Some((member.id.as_str(), member.division.as_deref()?)))
        .collect();
    let mut signs: BTreeMap<&str, Vec<&Presence>> = BTreeMap::new();
    for sign in presence {
        signs.entry(&sign.person).or_default().push(sign);
    }
    for own in signs.values_mut() {
        own.sort_by_key(|sign| sign.at);
    }
    let day = |shift: &Shift| {
        let post = shift.post.as_deref().and_then(|id| posts.get(id));
        let own = signs.get(shift.person.as_str());
        DutyDay {
            date: shift.date,
            person: shift.person.clone(),
            division: divisions.get(shift.person.as_str()).map(|division| (*division).to_owned()),
            serves: post.map(|post| served(post, rows, document)).unwrap_or_default(),
            onsite: post.is_none_or(|post| post.onsite) && !shift.standby,
            proven: own.is_some_and(|signs| is_proven(shift, signs)),
        }
    };
    roster.shifts.iter().map(day).collect()
}

/// Minutes of a date in which nobody holds a duty post, standby and office hours left aside; shifts of the
/// day before that reach into it count.
#[must_use]
pub fn unattended_minutes(shifts: &[Shift], date: Date) -> u32 {
    let mut spans: Vec<(u16, u16)> = Vec::new();
    for shift in shifts.iter().filter(|shift| shift.post.is_some() && !shift.standby) {
        if shift.date == date {
            spans.extend(&shift.spans);
        } else if shift.date.tomorrow().ok() == Some(date) {
            spans.extend(
                shift.spans.iter().map(|(from, to)| (from.saturating_sub(DAY), to.saturating_sub(DAY))),
            );
        }
    }
    spans.sort_unstable();
    let (mut open, mut covered_to) = (0, 0);
    for (from, to) in spans {
        open += from.min(DAY).saturating_sub(covered_to);
        covered_to = covered_to.max(to.min(DAY));
    }
    u32::from(open + (DAY - covered_to))
}

fn served(post: &DutyPost, rows: &[Coverage], document: &str) -> BTreeSet<String> {
    let Some(clause) = &post.clause else { return BTreeSet::new() };
    let lines = |row: &Coverage| {
        let all = std::iter::once(row.source_line).chain(row.also_lines.iter().copied());
        all.map(|line| source_of(document, line, None)).any(|source| source == *clause)
    };
    rows.iter().filter(|row| lines(row)).map(|row| row.id.clone()).collect()
}

/// Whether one of a person's signs, which are in order, belongs to a shift.
fn is_proven(shift: &Shift, signs: &[&Presence]) -> bool {
    let begin = shift.spans.iter().map(|span| span.0).min();
    let end = shift.spans.iter().map(|span| span.1).max();
    let (Some(begin), Some(end)) = (begin, end) else { return false };
    let at = |minutes: u16| instant(midnight(shift.date) + i64::from(minutes) * 60_000_000);
    let (from, to) = (at(begin) - SLACK, at(end) + SLACK);
    let first = signs.partition_point(|sign| sign.at < from);
    let mut near = signs.iter().skip(first).take_while(|sign| sign.at <= to);
    near.any(|sign| sign.post.is_none() || sign.post == shift.post)
}
