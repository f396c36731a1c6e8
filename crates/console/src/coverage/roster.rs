//! Who is on duty under a plan or in a period, by the published rosters, and what proves it.

use crate::door::dto::{CoverageDutyDay, CoverageDutyPost, DoorError};
use crate::order::{Desk, day_dto};
use crate::store::StoreError;
use jiff::ToSpan as _;
use jiff::civil::Date;
use std::collections::BTreeMap;
use zaigang_domain::attendance::{Trust, counting};
use zaigang_domain::calendar::Calendar;
use zaigang_domain::duty::coverage::{Period, Plan, Presence, unattended_minutes};
use zaigang_domain::duty::handover::Handover;
use zaigang_domain::duty::layers::{FinalView, Member, Shift, final_view, is_needed};
use zaigang_domain::duty::month::RosterMonth;
use zaigang_domain::event::{LogName, UserId};

/// A published month and what people hold in the end.
pub(crate) struct Published {
    pub(crate) month: RosterMonth,
    pub(crate) view: FinalView,
}

impl Desk<'_> {
    /// The published months that touch a period as a calendar sees them, with the people of the contract.
    pub(crate) fn published_months(
        &self,
        contract: &str,
        log: &LogName,
        period: Period,
        calendar: &Calendar,
    ) -> Result<(Vec<Published>, Vec<Member>), DoorError> {
        let Some(in_force) = self.in_force_of(contract)? else { return Ok((Vec::new(), Vec::new())) };
        let (members, leave) = self.members(contract, log)?;
        let months = self.roster_states(log, period.from.first_of_month(), period.to)?;
        let hours = &in_force.bound.profile.hours;
        let published = months.into_values().filter(|month| month.published.is_some()).map(|month| {
            let view = final_view(&month, &members, hours, &leave, calendar);
            Published { month, view }
        });
        Ok((published.collect(), members))
    }

    /// What proves that people were there: their signatures under handovers that were accepted, and in a
    /// period their punches whose time can be trusted.
    pub(super) fn presence(
        &self,
        log: &LogName,
        people: &[Member],
        period: Period,
    ) -> Result<Vec<Presence>, StoreError> {
        // The last night ends on the day after.
        let to = period.to.saturating_add(1.day());
        let handovers = self.handovers_between(log, period.from, to)?;
        let mut found: Vec<Presence> = handovers.iter().flat_map(|(_, handover)| signs(handover)).collect();
        for person in people {
            let Ok(user) = UserId::new(&person.id) else { continue };
            let months = self.store.attendance(log, &user, period.from, to)?;
            let punches = counting(months.iter().map(|(_, month)| month)).into_iter();
            let trusted = punches.filter(|(_, trust)| *trust != Trust::Jumped);
            found.extend(trusted.map(|(at, _)| Presence { person: person.id.clone(), post: None, at }));
        }
        Ok(found)
    }

    /// Who is on duty on each day of a plan, by post; a post nobody holds on a day that needs it is a gap.
    pub(super) fn coverage_duty(
        &self,
        plan: &Plan,
        contract: &str,
        log: &LogName,
    ) -> Result<Vec<CoverageDutyDay>, DoorError> {
        let calendar = self.calendar()?;
        // The night before the first day reaches into it.
        let period = Period { from: plan.from.saturating_sub(1.day()), to: plan.to };
        let (months, _) = self.published_months(contract, log, period, &calendar)?;
        let names: BTreeMap<String, String> =
            self.store.people()?.into_iter().map(|person| (person.id, person.name)).collect();
        let shifts: Vec<Shift> = months.iter().flat_map(|each| each.view.shifts.iter().cloned()).collect();
        let dates = plan.from.series(1.day()).take_while(|date| *date <= plan.to);
        Ok(dates
            .map(|date| {
                let month = months.iter().find(|each| each.month.first == date.first_of_month());
                CoverageDutyDay {
                    day: day_dto(&calendar, date),
                    published: month.is_some(),
                    unattended_minutes: match month {
                        Some(_) if plan.round_the_clock => unattended_minutes(&shifts, date),
                        _ => 0,
                    },
                    posts: month
                        .map(|each| posts_on(each, date, plan, &calendar, &names))
                        .unwrap_or_default(),
                }
            })
            .collect())
    }
}

fn signs(handover: &Handover) -> Vec<Presence> {
    let Some(taken) = handover.taken_by() else { return Vec::new() };
    let given = handover.out.by.as_ref().map(|by| (by, handover.out.at));
    let taken = handover.answer.as_ref().map(|answer| (taken, answer.at));
    let both = || given.into_iter().chain(taken);
    let sign = |post: &str, (person, at): (&UserId, jiff::Timestamp)| Presence {
        person: person.to_string(),
        post: Some(post.to_owned()),
        at,
    };
    let posts = handover.signed.posts.iter();
    posts.flat_map(|post| both().map(|each| sign(&post.id, each))).collect()
}

fn posts_on(
    published: &Published,
    date: Date,
    plan: &Plan,
    calendar: &Calendar,
    names: &BTreeMap<String, String>,
) -> Vec<CoverageDutyPost> {
    let of_plan = |divisions: &[String]| {
        plan.divisions.is_empty()
            || divisions.is_empty()
            || divisions.iter().any(|division| plan.divisions.contains(division))
    };
    let posts = published.month.posts.iter().filter(|post| of_plan(&post.divisions));
    posts
        .filter_map(|post| {
            let held = published
                .view
                .shifts
                .iter()
                .filter(|shift| shift.date == date && shift.post.as_deref() == Some(post.id.as_str()));
            let people: Vec<String> =
                held.map(|shift| names.get(&shift.person).unwrap_or(&shift.person).clone()).collect();
            let needed = is_needed(post, date, calendar);
            let lacking = if needed {
                usize::try_from(post.count).unwrap_or(0).saturating_sub(people.len())
            } else {
                0
            };
            (needed || !people.is_empty()).then(|| CoverageDutyPost {
                name: post.name.clone(),
                place: post.place.clone().unwrap_or_default(),
                people,
                lacking: u32::try_from(lacking).unwrap_or(u32::MAX),
            })
        })
        .collect()
}
