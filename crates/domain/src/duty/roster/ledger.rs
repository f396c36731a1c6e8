//! The load ledger: what each person has borne over any span of shifts.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::input::Assignment;
use super::month::Month;
use crate::calendar::{Calendar, DayKind};

/// One shift that somebody had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worked {
    /// Id of the person.
    pub person: String,
    /// The date it began.
    pub date: Date,
    /// Minutes of work in it.
    pub minutes: u32,
    /// Whether it counts as a night.
    pub night: bool,
    /// Whether it was standby.
    pub standby: bool,
}

/// Sums of one kind of shift.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Shifts.
    pub shifts: u32,
    /// Minutes of work.
    pub minutes: u32,
    /// Night shifts: night and 24h.
    pub nights: u32,
    /// Shifts on Saturdays and Sundays off that belong to no named holiday.
    pub weekends: u32,
    /// Shifts on the days off of each named holiday, by its heading in the notice.
    pub holidays: BTreeMap<String, u32>,
}

/// What one person has borne.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Load {
    /// Duty.
    pub duty: Tally,
    /// Standby, apart.
    pub standby: Tally,
}

/// Adds up shifts by person; a shift counts on the date it begins.
pub fn ledger(calendar: &Calendar, worked: impl IntoIterator<Item = Worked>) -> BTreeMap<String, Load> {
    let mut loads: BTreeMap<String, Load> = BTreeMap::new();
    for shift in worked {
        let load = loads.entry(shift.person).or_default();
        let tally = if shift.standby { &mut load.standby } else { &mut load.duty };
        tally.shifts += 1;
        tally.minutes += shift.minutes;
        tally.nights += u32::from(shift.night);
        let day = calendar.day(shift.date);
        match day.holiday.filter(|_| day.kind.is_worked() == Some(false)) {
            Some(name) => *tally.holidays.entry(name.to_owned()).or_default() += 1,
            None => tally.weekends += u32::from(day.kind == DayKind::Weekend),
        }
    }
    loads
}

impl Month {
    /// Assignments as shifts with their hours; those the month does not know are left out.
    pub fn worked<'m>(&'m self, assignments: &'m [Assignment]) -> impl Iterator<Item = Worked> + 'm {
        let places = assignments.iter().filter_map(|assignment| self.place(assignment).ok());
        places.map(|place| {
            let turn = self.turn(place.post, place.day);
            Worked {
                person: self.person_id(place.person).to_owned(),
                date: self.date(place.day),
                minutes: u32::try_from(turn.minutes()).unwrap_or(u32::MAX),
                night: turn.night,
                standby: turn.standby,
            }
        })
    }
}
