//! What has to be worked: the roster's final view, without standby, and the days of leave in it.
//!
//! A day of leave is one on which there would have been something to work; a day off within a long leave
//! stays a day off. Who took over a duty on a day of his leave was there: that day is no leave.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::case::{Absence, Shift};
use crate::duty::layers::{self, FinalView};
use crate::duty::leave::{Leave, LeaveKind};
use crate::duty::roster::ShiftSpan;

/// What some people have to work over some months.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Due {
    /// Shifts that ask for punches; their post is the roster's id, empty for office hours.
    pub shifts: Vec<Shift>,
    /// Days on which leave takes the place of work, by person and date.
    pub away: BTreeMap<(String, Date), LeaveKind>,
    /// Days with a turn at a post of the roster, by person and date.
    on_duty: BTreeSet<(String, Date)>,
}

impl Due {
    /// Adds a month: its final view, and the same as if nobody were on leave.
    pub fn add(&mut self, view: &FinalView, without_leave: &FinalView, leaves: &[&Leave]) {
        let asks = |shift: &&layers::Shift| !shift.standby;
        let held: BTreeSet<(&str, Date)> =
            view.shifts.iter().filter(asks).map(|shift| (shift.person.as_str(), shift.date)).collect();
        for shift in without_leave.shifts.iter().filter(asks) {
            let on = |leave: &&&Leave| {
                leave.counts()
                    && leave.person.as_str() == shift.person
                    && leave.overlaps(shift.date, shift.date)
            };
            if let Some(leave) = leaves.iter().find(on)
                && !held.contains(&(shift.person.as_str(), shift.date))
            {
                self.away.insert((shift.person.clone(), shift.date), leave.kind);
            }
        }
        for shift in view.shifts.iter().filter(asks) {
            if shift.post.is_some() {
                self.on_duty.insert((shift.person.clone(), shift.date));
            }
            self.shifts.push(due_shift(shift));
        }
    }

    /// The days of leave, and of work elsewhere, as the days are derived from them.
    #[must_use]
    pub fn absences(&self) -> (Vec<Absence>, Vec<Absence>) {
        let days = self.away.iter().map(|((person, date), kind)| {
            let (from, to) = (*date, *date);
            (kind.is_work(), Absence { person: person.clone(), from, to, kind: kind.code().to_owned() })
        });
        let (trips, leave): (Vec<_>, Vec<_>) = days.partition(|(is_trip, _)| *is_trip);
        let only = |days: Vec<(bool, Absence)>| days.into_iter().map(|(_, day)| day).collect();
        (only(leave), only(trips))
    }

    /// Whether somebody has a turn at a post on a date, beside or instead of office hours.
    #[must_use]
    pub fn on_duty(&self, person: &str, date: Date) -> bool {
        self.on_duty.contains(&(person.to_owned(), date))
    }
}

fn due_shift(shift: &layers::Shift) -> Shift {
    Shift {
        person: shift.person.clone(),
        date: shift.date,
        spans: shift.spans.iter().map(|(from, to)| ShiftSpan { from: *from, to: *to }).collect(),
        post: shift.post.clone().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duty::layers::Origin;
    use crate::duty::leave::Stage;
    use crate::event::{EventId, UserId};
    use jiff::Timestamp;
    use jiff::civil::date;

    fn shift(person: &str, day: i8, post: Option<&str>, origin: Origin) -> layers::Shift {
        let (post, standby) = (post.map(str::to_owned), post == Some("standby"));
        let spans = vec![(480, 720)];
        layers::Shift { date: date(2025, 10, day), post, person: person.into(), spans, standby, origin }
    }

    fn leave(person: &str, kind: LeaveKind, days: (i8, i8), stage: Stage) -> Leave {
        Leave {
            person: UserId::new(person).unwrap(),
            kind,
            from: date(2025, 10, days.0),
            to: date(2025, 10, days.1),
            emergency: false,
            asked_by: None,
            asked_at: Timestamp::UNIX_EPOCH,
            asked_in: EventId([1; 16]),
            stage,
            decision: None,
            substitute: None,
            touched: BTreeMap::new(),
            pending: Vec::new(),
            unknown: Vec::new(),
        }
    }

    fn view(shifts: &[layers::Shift]) -> FinalView {
        FinalView { shifts: shifts.to_vec(), holes: Vec::new() }
    }

    #[test]
    fn leave_is_counted_where_there_was_work_and_standby_asks_for_no_punch() {
        let office = |day| shift("wang", day, None, Origin::Template);
        let taken = shift("wang", 17, Some("duty"), Origin::Takeover);
        let standby = shift("wang", 14, Some("standby"), Origin::Roster);
        let all = [office(14), office(15), office(16), office(17), standby.clone(), taken.clone()];
        let leaves = [
            leave("wang", LeaveKind::Sick, (15, 15), Stage::Approved),
            leave("wang", LeaveKind::Trip, (16, 19), Stage::Approved),
            leave("wang", LeaveKind::Annual, (14, 14), Stage::Asked),
        ];
        let mut due = Due::default();
        due.add(&view(&[office(14), standby, taken]), &view(&all), &leaves.iter().collect::<Vec<_>>());
        let away: Vec<_> = due.away.iter().map(|((_, date), kind)| (date.day(), *kind)).collect();
        assert_eq!(away, [(15, LeaveKind::Sick), (16, LeaveKind::Trip)]);
        let days: Vec<_> = due.shifts.iter().map(|shift| (shift.date.day(), shift.post.as_str())).collect();
        assert_eq!(days, [(14, ""), (17, "duty")]);
        let (leave, trips) = due.absences();
        assert_eq!((leave.len(), trips.len(), trips[0].kind.as_str()), (1, 1, "trip"));
        assert!(due.on_duty("wang", date(2025, 10, 17)) && !due.on_duty("wang", date(2025, 10, 14)));
    }
}
