//! The layers of a month: template < leave < cells < swaps and takeovers. What people hold in the end.
//!
//! Everybody else (attendance, duty now, coverage, prints) reads the final view of the published version
//! and nothing else. Nobody holds anything on a day of leave: what he would have held is a hole until a
//! revision, a swap or a takeover fills it.

use super::month::payload::DutyPost;
use super::month::{Place, RosterMonth, Takeover, TakeoverState, month_days};
use super::roster::{Leave, ShiftKind};
use crate::calendar::{Calendar, DayKind, OfficeHours, ZONE};
use crate::contract::DutyDays;
use crate::event::UserId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// Minutes of a day.
const DAY: u16 = 1440;

/// Somebody as the template sees him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// User id.
    pub id: String,
    /// Whose office hours he keeps; absent: the contract's.
    pub division: Option<String>,
    /// On site: only these have a template.
    pub onsite: bool,
    /// First day; absent: not known, counts as always.
    pub joined: Option<Date>,
    /// Last day, included.
    pub left: Option<Date>,
}

impl Member {
    /// Whether he belongs to the team on a date.
    #[must_use]
    pub fn is_here(&self, date: Date) -> bool {
        self.joined.is_none_or(|joined| joined <= date) && self.left.is_none_or(|left| date <= left)
    }
}

/// From which layer a shift comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Office hours.
    Template,
    /// A published cell.
    Roster,
    /// A decided swap.
    Swap,
    /// A takeover.
    Takeover,
}

/// What somebody holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Shift {
    /// The date on which it begins.
    pub date: Date,
    /// Post id; absent for office hours.
    pub post: Option<String>,
    /// User id.
    pub person: String,
    /// Parts in minutes after that date's midnight, half-open; over 1440 on the next day.
    pub spans: Vec<(u16, u16)>,
    /// Beside normal work.
    pub standby: bool,
    /// From which layer.
    pub origin: Origin,
}

/// A place that somebody would have held who is away.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Hole {
    /// The date.
    pub date: Date,
    /// Post id.
    pub post: String,
    /// Who is away.
    pub person: String,
}

/// What is held in the end, by date, post and person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FinalView {
    /// Shifts.
    pub shifts: Vec<Shift>,
    /// Places left by leave.
    pub holes: Vec<Hole>,
}

/// The published version of a month with everything on top of it; without one only the template stands.
#[must_use]
pub fn final_view(
    month: &RosterMonth,
    members: &[Member],
    hours: &OfficeHours,
    leave: &[Leave],
    calendar: &Calendar,
) -> FinalView {
    let mut view = FinalView::default();
    for (key, people) in month.held() {
        let Some(at) = Place::of_key(&key) else { continue };
        let Some(post) = month.post(&at.post) else { continue };
        let spans = post_spans(post.shift, at.date, hours, calendar);
        for person in people {
            let parts = parts(month, &at, &person);
            let relieved = parts.len() > 1;
            for (holder, origin, from, until) in parts {
                // Who took over was there, whatever his leave says.
                if origin != Origin::Takeover && !relieved && is_away(leave, holder.as_str(), at.date) {
                    let (date, post) = (at.date, at.post.clone());
                    view.holes.push(Hole { date, post, person: holder.to_string() });
                    continue;
                }
                let spans: Vec<_> = spans.iter().filter_map(|span| cut(*span, from, until)).collect();
                if !spans.is_empty() {
                    let (post_id, standby) = (Some(post.id.clone()), post.is_standby());
                    let person = holder.to_string();
                    view.shifts.push(Shift { date: at.date, post: post_id, person, spans, standby, origin });
                }
            }
        }
    }
    let office = template(month.first, members, hours, leave, calendar, &view.shifts);
    view.shifts.extend(office);
    view.shifts.sort();
    view.holes.sort();
    view
}

/// A month for which nothing is rostered: everybody on site keeps his office hours.
#[must_use]
pub fn template_view(
    first: Date,
    members: &[Member],
    hours: &OfficeHours,
    leave: &[Leave],
    calendar: &Calendar,
) -> FinalView {
    let mut shifts = template(first, members, hours, leave, calendar, &[]);
    shifts.sort();
    FinalView { shifts, holes: Vec::new() }
}

/// Who holds a place one after the other: the holder, then each who took over, from which minute to which.
fn parts(month: &RosterMonth, at: &Place, person: &UserId) -> Vec<(UserId, Origin, u16, u16)> {
    let origin = if month.came_by_swap(at, person) { Origin::Swap } else { Origin::Roster };
    let mut taken: Vec<&Takeover> = month.takeovers.iter().filter(|one| one.place == *at).collect();
    taken.retain(|one| one.state != TakeoverState::Refused);
    taken.sort_by_key(|one| (one.from, one.id));
    let mut parts = vec![(person.clone(), origin, 0, 2 * DAY)];
    for one in taken {
        let Some(last) = parts.last_mut() else { break };
        if last.0 == one.instead_of {
            let minute = minute_of(at.date, one.from).max(last.2);
            last.3 = minute;
            parts.push((one.person.clone(), Origin::Takeover, minute, 2 * DAY));
        }
    }
    parts
}

/// Minutes after a date's midnight, held within the date and the next.
fn minute_of(date: Date, at: Timestamp) -> u16 {
    let at = ZONE.to_datetime(at);
    let days = date.until(at.date()).map_or(0, |span| i64::from(span.get_days()));
    let minute = days * i64::from(DAY) + i64::from(at.hour()) * 60 + i64::from(at.minute());
    u16::try_from(minute.clamp(0, i64::from(2 * DAY))).unwrap_or(0)
}

/// The part of a span between two minutes.
fn cut(span: (u16, u16), from: u16, until: u16) -> Option<(u16, u16)> {
    let (first, last) = (span.0.max(from), span.1.min(until));
    (first < last).then_some((first, last))
}

/// Hours of a shift that begins on a date; none where office hours are asked for and not stated.
#[must_use]
pub fn post_spans(shift: ShiftKind, date: Date, hours: &OfficeHours, calendar: &Calendar) -> Vec<(u16, u16)> {
    let spans = shift.spans_on(date, hours, calendar).unwrap_or_default();
    spans.into_iter().map(|span| (span.from, span.to)).collect()
}

fn office(date: Date, division: Option<&str>, hours: &OfficeHours, calendar: &Calendar) -> Vec<(u16, u16)> {
    let windows = hours.windows(calendar.day(date), division).unwrap_or_default();
    windows.iter().map(|window| (window.from, window.to)).collect()
}

/// Office hours of everybody on site, but where he is away or holds a shift in the same hours.
fn template(
    first: Date,
    members: &[Member],
    hours: &OfficeHours,
    leave: &[Leave],
    calendar: &Calendar,
    held: &[Shift],
) -> Vec<Shift> {
    let mut shifts = Vec::new();
    for member in members.iter().filter(|member| member.onsite) {
        for date in month_days(first) {
            let spans = office(date, member.division.as_deref(), hours, calendar);
            let clashes = |shift: &Shift| {
                let same = shift.person == member.id && shift.date == date && !shift.standby;
                same && shift.spans.iter().any(|one| spans.iter().any(|two| one.0 < two.1 && two.0 < one.1))
            };
            let stands = member.is_here(date) && !spans.is_empty() && !is_away(leave, &member.id, date);
            if stands && !held.iter().any(clashes) {
                shifts.push(Shift {
                    date,
                    post: None,
                    person: member.id.clone(),
                    spans,
                    standby: false,
                    origin: Origin::Template,
                });
            }
        }
    }
    shifts
}

/// Whether somebody is away on a date.
#[must_use]
pub fn is_away(leave: &[Leave], person: &str, date: Date) -> bool {
    leave.iter().any(|one| one.person == person && (one.from..=one.to).contains(&date))
}

/// Whether a post is to be filled on a date; never on a day that is not announced, but for posts of all days
/// and those that list their dates.
#[must_use]
pub fn is_needed(post: &DutyPost, date: Date, calendar: &Calendar) -> bool {
    let bounded = post.from.is_none_or(|from| from <= date) && post.to.is_none_or(|to| date <= to);
    if !post.dates.is_empty() {
        return bounded && post.dates.contains(&date);
    }
    let kind = calendar.day(date).kind;
    bounded
        && match post.days {
            DutyDays::All => true,
            DutyDays::Workday => kind.is_worked() == Some(true),
            DutyDays::Nonworkday => kind.is_worked() == Some(false),
            DutyDays::Statutory => kind == DayKind::Statutory,
        }
}
