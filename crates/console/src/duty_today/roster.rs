//! What duty today needs of the published roster.

use crate::door::dto::DoorError;
use crate::order::Desk;
use jiff::ToSpan as _;
use jiff::civil::{Date, Time};
use std::collections::BTreeMap;
use zaigang_domain::calendar::civil_date;
use zaigang_domain::duty::layers::{self, final_view};
use zaigang_domain::duty::now::Shift;
use zaigang_domain::event::{LogName, UserId};

/// The final view of the published months around now.
#[derive(Debug, Default)]
pub(super) struct Rostered {
    /// Turns from two days back to a week ahead.
    pub(super) shifts: Vec<Shift>,
    /// Names of posts by id, in the order of the roster.
    pub(super) posts: BTreeMap<String, String>,
    /// Whether a month that holds now is published.
    pub(super) published: bool,
}

impl Desk<'_> {
    /// The published roster around now; nothing while none is published.
    pub(super) fn rostered(&self, contract: &str, log: &LogName) -> Result<Rostered, DoorError> {
        let mut found = Rostered::default();
        let Some(in_force) = self.in_force_of(contract)? else { return Ok(found) };
        let today = civil_date(self.now);
        let (from, to) = (today.saturating_sub(2.days()), today.saturating_add(7.days()));
        let (members, leave) = self.members(contract, log)?;
        for (first, month) in self.roster_states(log, from.first_of_month(), to)? {
            if month.published.is_none() {
                continue;
            }
            found.published |= first == today.first_of_month();
            found.posts.extend(month.posts.iter().map(|post| (post.id.clone(), post.name.clone())));
            let bound = &in_force.bound;
            let view = final_view(&month, &members, &bound.profile.hours, &leave, bound.calendar);
            found.shifts.extend(view.shifts.iter().filter_map(|shift| turn(shift, (from, to))));
        }
        Ok(found)
    }
}

/// A shift at a post; office hours are no turn of duty.
fn turn(shift: &layers::Shift, (from, to): (Date, Date)) -> Option<Shift> {
    let post = shift.post.clone().filter(|_| (from..=to).contains(&shift.date))?;
    let spans = shift.spans.iter().map(|(begin, end)| (time(*begin), time(*end))).collect();
    Some(Shift {
        person: UserId::new(&shift.person).ok()?,
        date: shift.date,
        post,
        spans,
        standby: shift.standby,
    })
}

/// The time of day so many minutes after midnight, of that day or the next.
fn time(minutes: u16) -> Time {
    let of_day = minutes % 1_440;
    let part = |value: u16| i8::try_from(value).unwrap_or(0);
    Time::constant(part(of_day / 60), part(of_day % 60), 0, 0)
}
