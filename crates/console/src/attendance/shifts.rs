//! What each person has to work: the office hours of his division on workdays.
//!
//! The roster's published shifts take this function's place once there are any; nothing else here asks
//! where a shift comes from.

use jiff::civil::Date;
use zaigang_domain::attendance::{DutySpan, Shift};
use zaigang_domain::calendar::Window;

use super::division_of;
use crate::order::InForce;
use crate::store::Person;

/// Shifts of a person from `from` to `to`, both included; none where no office hours are stated.
pub(super) fn shifts_of(in_force: &InForce, person: &Person, from: Date, to: Date) -> Vec<Shift> {
    let (profile, calendar) = (in_force.bound.profile, in_force.bound.calendar);
    let division = Some(division_of(person)).filter(|name| !name.is_empty());
    let dates = from.series(jiff::Span::new().days(1)).take_while(|date| *date <= to);
    let shift = |date: Date| {
        let windows = profile.hours.windows(calendar.day(date), division)?;
        let spans: Vec<DutySpan> = windows.iter().map(|window| span(*window)).collect();
        let post = person.post.clone().unwrap_or_default();
        (!spans.is_empty()).then(|| Shift { person: person.id.clone(), date, spans, post })
    };
    dates.filter_map(shift).collect()
}

fn span(window: Window) -> DutySpan {
    DutySpan { from: window.from, to: window.to }
}
