//! The load of a year: what each person held in the published months.

use super::check::load_dto;
use crate::door::dto::{DoorError, LedgerPersonDto, RosterLedger, RosterLedgerArgs};
use crate::order::{Bound, Desk};
use jiff::civil::{Date, date};
use std::collections::BTreeMap;
use zaigang_domain::calendar::Calendar;
use zaigang_domain::duty::layers::post_spans;
use zaigang_domain::duty::month::{Place, RosterMonth};
use zaigang_domain::duty::roster::{Load, Worked, ledger};

/// What the numbers mean.
const NOTE: &str = "按已发布版本（含已批准的换班）统计；备勤单列，不计入时数。调休天数为建议：非备勤班次开始于休息日的，每班一天，本项目约定。";

/// Shifts held in a published month; takeovers count for whoever stands in the roster.
pub(super) fn worked(month: &RosterMonth, bound: Bound) -> Vec<Worked> {
    let mut found = Vec::new();
    for (key, people) in month.held() {
        let Some(at) = Place::of_key(&key) else { continue };
        let Some(post) = month.post(&at.post) else { continue };
        let spans = post_spans(post.shift, at.date, &bound.profile.hours, bound.calendar);
        let minutes = spans.iter().map(|(from, to)| u32::from(to - from)).sum();
        found.extend(people.iter().map(|person| Worked {
            person: person.to_string(),
            date: at.date,
            minutes,
            night: post.shift.is_night(),
            standby: post.is_standby(),
        }));
    }
    found
}

/// The load of a year with the days it counts.
pub(super) struct Year {
    /// The year.
    pub(super) year: i16,
    /// Months that count.
    pub(super) months: Vec<Date>,
    /// Every shift.
    pub(super) worked: Vec<Worked>,
    /// Sums by person.
    pub(super) loads: BTreeMap<String, Load>,
    /// The calendar in force.
    pub(super) calendar: &'static Calendar,
}

impl Desk<'_> {
    pub(super) fn year(&self, year: u32) -> Result<Year, DoorError> {
        let number = i16::try_from(year).ok().filter(|year| (2000..=2100).contains(year));
        let number = number.ok_or_else(|| DoorError::bad_input("年份写成四位数字，如 2025。").at("year"))?;
        let (contract, log) = self.common_log(None)?;
        let bound = self.roster_bound(&contract)?;
        let states = self.roster_states(&log, date(number, 1, 1), date(number, 12, 1))?;
        let published: Vec<&RosterMonth> =
            states.values().filter(|month| month.published.is_some()).collect();
        let worked: Vec<Worked> = published.iter().flat_map(|month| worked(month, bound)).collect();
        let loads = ledger(bound.calendar, worked.iter().cloned());
        let months = published.iter().map(|month| month.first).collect();
        Ok(Year { year: number, months, worked, loads, calendar: bound.calendar })
    }

    /// The load of a year.
    ///
    /// # Errors
    /// Bad input for a year outside 2000-2100.
    pub fn roster_ledger(&self, args: &RosterLedgerArgs) -> Result<RosterLedger, DoorError> {
        let year = self.year(args.year)?;
        let mut people = Vec::new();
        for person in self.store.people()? {
            let load = year.loads.get(&person.id);
            if load.is_none() && (person.disabled || !person.onsite) {
                continue;
            }
            let load = load.cloned().unwrap_or_default();
            people.push(LedgerPersonDto {
                owed_days: f64::from(owed(&year, &person.id)),
                division: person.divisions.join("、"),
                load: load_dto(&load),
                holidays: load.duty.holidays.clone(),
                id: person.id,
                name: person.name,
            });
        }
        people.sort_by(|a, b| (&a.division, &a.name, &a.id).cmp(&(&b.division, &b.name, &b.id)));
        Ok(RosterLedger {
            year: args.year,
            months: year.months.iter().map(super::month::month_name).collect(),
            holidays: holidays(&year),
            people,
            note: NOTE.to_owned(),
        })
    }
}

/// Shifts on duty that began on a day off.
fn owed(year: &Year, person: &str) -> u32 {
    let off = |one: &&Worked| {
        one.person == person && !one.standby && year.calendar.day(one.date).kind.is_worked() == Some(false)
    };
    u32::try_from(year.worked.iter().filter(off).count()).unwrap_or(u32::MAX)
}

/// Headings of the year's holidays in its order.
fn holidays(year: &Year) -> Vec<String> {
    let first = date(year.year, 1, 1);
    let mut names: Vec<String> = Vec::new();
    let days = first.series(jiff::Span::new().days(1)).take_while(|day| day.year() == year.year);
    for day in days {
        let day = year.calendar.day(day);
        if let Some(name) = day.holiday.filter(|_| day.kind.is_worked() == Some(false))
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}
