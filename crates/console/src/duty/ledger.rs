//! The load of a year: what each person held in the published months.

use super::check::load_dto;
use crate::door::dto::{
    DoorError, LedgerPersonDto, OwedDayDto, OwedLeaveDto, OwedPersonDto, RosterLedger, RosterLedgerArgs,
    RosterOwed,
};
use crate::order::{Bound, Desk};
use crate::store::Person;
use jiff::civil::{Date, date};
use std::collections::BTreeMap;
use zaigang_domain::calendar::Calendar;
use zaigang_domain::duty::layers::post_spans;
use zaigang_domain::duty::leave::{DutyDay, Leave, LeaveKind, Owed, days_owed, workdays};
use zaigang_domain::duty::month::{Place, RosterMonth};
use zaigang_domain::duty::roster::{Load, Worked, ledger};
use zaigang_domain::event::UserId;

/// What the numbers mean.
const NOTE: &str =
    "按已发布版本（含已批准的换班）统计；备勤单列，不计入时数。调休天数为建议，来源见“调休”页。";

/// How 调休 is counted.
const OWED_NOTE: &str = "按已发布版本统计，只是建议，由项目经理决定：休息日有班（备勤除外）的，每天换一天，本项目约定；法定节假日当天的班按规定支付加班费，不折调休（劳动法第四十四条）。已批准的调休按其中的工作日扣减。";

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
    /// Names of the posts a person had on a date, standby aside.
    held: BTreeMap<(String, Date), Vec<String>>,
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
        let held = held(&published);
        Ok(Year { year: number, months, worked, held, loads, calendar: bound.calendar })
    }

    /// 调休 of a year: earned, booked and left.
    ///
    /// # Errors
    /// Bad input for a year outside 2000-2100.
    pub fn roster_owed(&self, args: &RosterLedgerArgs) -> Result<RosterOwed, DoorError> {
        let year = self.year(args.year)?;
        let (_, log) = self.common_log(None)?;
        let facts = self.staff_facts(&log)?;
        let leaves: Vec<&Leave> = facts
            .leaves()
            .filter(|leave| leave.kind == LeaveKind::Compensatory && leave.from.year() == year.year)
            .collect();
        let duty = year.duty();
        let mut people = Vec::new();
        for person in self.store.people()? {
            let Ok(user) = UserId::new(&person.id) else { continue };
            let owed = days_owed(&user, &duty, leaves.iter().copied(), year.calendar);
            let nothing = owed == Owed::default();
            if nothing && (person.disabled || !person.onsite) {
                continue;
            }
            people.push(self.owed_dto(&year, &person, &user, &owed, &leaves));
        }
        people.sort_by(|a, b| (!a.mine, &a.division, &a.name).cmp(&(!b.mine, &b.division, &b.name)));
        Ok(RosterOwed {
            year: args.year,
            months: year.months.iter().map(super::month::month_name).collect(),
            people,
            note: OWED_NOTE.to_owned(),
        })
    }

    fn owed_dto(
        &self,
        year: &Year,
        person: &Person,
        user: &UserId,
        owed: &Owed,
        leaves: &[&Leave],
    ) -> OwedPersonDto {
        let day = |date: &Date| OwedDayDto {
            date: date.to_string(),
            posts: year
                .held
                .get(&(person.id.clone(), *date))
                .map(|names| names.join("、"))
                .unwrap_or_default(),
            holiday: year.calendar.day(*date).holiday.map(str::to_owned),
        };
        let asked = leaves.iter().filter(|leave| &leave.person == user && leave.is_live() && !leave.counts());
        let asked = asked.map(|leave| OwedLeaveDto {
            from: leave.from.to_string(),
            to: leave.to.to_string(),
            days: workdays(leave.from, leave.to, year.calendar).unwrap_or(0),
            asked: true,
        });
        let taken = owed.taken.iter().map(|taken| OwedLeaveDto {
            from: taken.from.to_string(),
            to: taken.to.to_string(),
            days: taken.days,
            asked: false,
        });
        let mut booked: Vec<OwedLeaveDto> = taken.chain(asked).collect();
        booked.sort_by(|a, b| a.from.cmp(&b.from));
        OwedPersonDto {
            id: person.id.clone(),
            name: person.name.clone(),
            division: person.divisions.join("、"),
            mine: self.is_me(&person.id),
            earned: owed.earned.iter().map(day).collect(),
            statutory: owed.statutory.iter().map(day).collect(),
            booked,
            booked_days: owed.taken.iter().map(|taken| taken.days).sum(),
            left_days: i32::try_from(owed.balance()).unwrap_or(i32::MAX),
        }
    }

    /// The load of a year.
    ///
    /// # Errors
    /// Bad input for a year outside 2000-2100.
    pub fn roster_ledger(&self, args: &RosterLedgerArgs) -> Result<RosterLedger, DoorError> {
        let year = self.year(args.year)?;
        let duty = year.duty();
        let mut people = Vec::new();
        for person in self.store.people()? {
            let load = year.loads.get(&person.id);
            if load.is_none() && (person.disabled || !person.onsite) {
                continue;
            }
            let load = load.cloned().unwrap_or_default();
            people.push(LedgerPersonDto {
                owed_days: earned(&year, &duty, &person.id),
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

impl Year {
    /// Days on which people had duty, standby aside.
    fn duty(&self) -> Vec<DutyDay> {
        let days = self
            .held
            .keys()
            .filter_map(|(person, date)| Some(DutyDay { person: UserId::new(person).ok()?, date: *date }));
        days.collect()
    }
}

/// Posts by person and date, standby aside.
fn held(months: &[&RosterMonth]) -> BTreeMap<(String, Date), Vec<String>> {
    let mut held: BTreeMap<(String, Date), Vec<String>> = BTreeMap::new();
    for month in months {
        for (key, people) in month.held() {
            let Some(at) = Place::of_key(&key) else { continue };
            let Some(post) = month.post(&at.post).filter(|post| !post.is_standby()) else { continue };
            for person in &people {
                held.entry((person.to_string(), at.date)).or_default().push(post.name.clone());
            }
        }
    }
    held
}

/// Days off that somebody earned by duty.
fn earned(year: &Year, duty: &[DutyDay], person: &str) -> f64 {
    let Ok(user) = UserId::new(person) else { return 0.0 };
    let days = days_owed(&user, duty, [], year.calendar).earned.len();
    u32::try_from(days).map_or(0.0, f64::from)
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
