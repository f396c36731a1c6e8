//! What each person has to work: the final view of the published roster, and office hours where nothing is
//! rostered.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use std::collections::BTreeMap;
use zaigang_domain::attendance::Due;
use zaigang_domain::duty::layers::{final_view, template_view};
use zaigang_domain::event::LogName;

use crate::duty::members_of;
use crate::order::{Desk, InForce};
use crate::store::{Person, StoreError};

/// What has to be worked, with the names of the posts.
#[derive(Default)]
pub(super) struct Rostered {
    pub(super) due: Due,
    /// Names of posts by id.
    pub(super) posts: BTreeMap<String, String>,
}

impl Desk<'_> {
    /// What everybody of the contract has to work from `from` to `to`, both included. `people` are all who
    /// work under it: a swap may move a turn from any of them to another.
    pub(super) fn due(
        &self,
        people: &[Person],
        log: &LogName,
        in_force: &InForce,
        (from, to): (Date, Date),
    ) -> Result<Rostered, StoreError> {
        let facts = self.staff_facts(log)?;
        let (members, absent) = members_of(people, &facts);
        let leaves: Vec<_> = facts.leaves().collect();
        let months = self.roster_states(log, from.first_of_month(), to)?;
        let (hours, calendar) = (&in_force.bound.profile.hours, in_force.bound.calendar);
        let mut found = Rostered::default();
        for first in firsts(from, to) {
            let month = months.get(&first).filter(|month| month.published.is_some());
            let view = |leave: &[_]| match month {
                Some(month) => final_view(month, &members, hours, leave, calendar),
                None => template_view(first, &members, hours, leave, calendar),
            };
            found.due.add(&view(&absent), &view(&[]), &leaves);
            let posts = month.into_iter().flat_map(|month| &month.posts);
            found.posts.extend(posts.map(|post| (post.id.clone(), post.name.clone())));
        }
        found.due.shifts.retain(|shift| (from..=to).contains(&shift.date));
        found.due.away.retain(|(_, date), _| (from..=to).contains(date));
        Ok(found)
    }
}

/// First days of the months that have a day of the span.
fn firsts(from: Date, to: Date) -> impl Iterator<Item = Date> {
    let month: Span = 1.month();
    from.first_of_month().series(month).take_while(move |first| *first <= to)
}
