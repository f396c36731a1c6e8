//! 考勤: punching, one's own day, the month of the colleagues, and corrections.
//!
//! Promises: every result is derived when it is shown, from what the common log holds; nothing derived is
//! stored, so that a late sync gives the same answer on every console. Left out: the rules themselves
//! (`domain::attendance`) and the roster, whose final view says what has to be worked ([`shifts`]).

mod close;
mod compare;
mod day;
mod export;
mod month;
mod overtime;
mod proposal;
mod shifts;
mod spotcheck;
mod words;
mod write;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use zaigang_domain::attendance::{
    Case, Day, MonthKept, PersonMonth, Punch, Rules, Watermark, counting, derive,
};
use zaigang_domain::clock::At;
use zaigang_domain::duty::leave::LeaveKind;
use zaigang_domain::event::{LogName, UserId};
use zaigang_domain::people::Role;

use crate::door::dto::DoorError;
use crate::order::{Desk, InForce};
use crate::store::{Enrolled, Person};

/// Roles that see everybody of their scope.
const OVERSEEING: [Role; 3] = [Role::Dispatcher, Role::Supervisor, Role::Overseer];

/// What the attendance of some people over some days is derived from, and the days.
struct Derived {
    contract: String,
    log: LogName,
    in_force: InForce,
    people: Vec<Person>,
    kept: BTreeMap<String, Vec<(PersonMonth, MonthKept)>>,
    rostered: shifts::Rostered,
    rules: Rules,
    /// People in order, of each the days in order.
    days: Vec<Day>,
}

impl Derived {
    /// The leave of a day, where the day is one.
    fn away(&self, day: &Day) -> Option<LeaveKind> {
        self.rostered.due.away.get(&(day.person.clone(), day.date)).copied()
    }
}

impl Desk<'_> {
    /// Derives the days of the people that `wanted` keeps, from `from` to `to`.
    fn derive(&self, from: Date, to: Date, wanted: impl Fn(&Person) -> bool) -> Result<Derived, DoorError> {
        let (contract, log) = self.common_log(None)?;
        let in_force = self.in_force_of(&contract)?.ok_or_else(|| {
            DoorError::not_now(
                "本机还没有这份合同的现行版本，无法推算考勤。请先同步；仍没有时请联系管理员发布合同。",
            )
        })?;
        let mut people = self.workers_under(&contract)?;
        let (first, last) = (day_before(from), day_after(to));
        let mut rostered = self.due(&people, &log, &in_force, (first, last))?;
        people.retain(|one| one.onsite && wanted(one));
        let mut kept: BTreeMap<String, Vec<(PersonMonth, MonthKept)>> = BTreeMap::new();
        for one in &people {
            let Ok(user) = UserId::new(&one.id) else { continue };
            kept.insert(one.id.clone(), self.store.attendance(&log, &user, first, last)?);
        }
        let devices = self.store.devices_of(&log)?;
        let rules = in_force.bound.profile.settings.attendance_rules();
        let asked = |id: &str| people.iter().any(|one| one.id == id);
        rostered.due.shifts.retain(|shift| asked(&shift.person));
        rostered.due.away.retain(|(person, _), _| asked(person));
        let (leave, trips) = rostered.due.absences();
        let case = Case {
            rules,
            people: people.iter().map(|one| one.id.clone()).collect(),
            from,
            to,
            shifts: rostered.due.shifts.clone(),
            punches: kept.iter().flat_map(|(person, months)| punches_of(person, months)).collect(),
            leave,
            trips,
            watermarks: self.marks(&log, &devices)?,
            devices: people.iter().map(|one| (one.id.clone(), names(&devices))).collect(),
            now: At(self.now),
        };
        let days = derive(&case).days;
        Ok(Derived { contract, log, in_force, people, kept, rostered, rules, days })
    }

    /// Watermarks under the devices' names, as people know them.
    fn marks(&self, log: &LogName, devices: &[Enrolled]) -> Result<Vec<Watermark>, DoorError> {
        let known = self.store.watermarks(log)?;
        let mark = |device: &Enrolled| {
            known.get(&device.id).map(|at| Watermark { device: label(device), complete_to: At(*at) })
        };
        Ok(devices.iter().filter_map(mark).collect())
    }

    /// Whether a person's attendance may be looked at: one's own, and that of one's scope for those who oversee.
    fn may_see(&self, person: &Person, contract: &str) -> bool {
        let own = self.actor.user().is_some_and(|user| user.as_str() == person.id);
        let oversees = OVERSEEING.iter().any(|role| self.actor.has(*role));
        own || (oversees && self.reaches(person, contract))
    }

    fn reaches(&self, person: &Person, contract: &str) -> bool {
        self.actor.reaches(contract)
            && (self.actor.divisions.is_empty()
                || person.divisions.is_empty()
                || person.divisions.iter().any(|division| self.actor.covers(contract, division)))
    }
}

fn punches_of(person: &str, months: &[(PersonMonth, MonthKept)]) -> Vec<Punch> {
    counting(months.iter().map(|(_, month)| month))
        .into_iter()
        .map(|(at, trust)| Punch { person: person.to_owned(), at: At(at), device: String::new(), trust })
        .collect()
}

/// A device as people know it; two of one name are told apart by their ids.
fn label(device: &Enrolled) -> String {
    let short: String = device.id.chars().take(6).collect();
    format!("{}（{short}）", device.name)
}

fn names(devices: &[Enrolled]) -> Vec<String> {
    devices.iter().map(label).collect()
}

/// The division a person is counted with.
fn division_of(person: &Person) -> &str {
    person.divisions.first().map_or("", String::as_str)
}

fn day_before(date: Date) -> Date {
    date.yesterday().unwrap_or(date)
}

fn day_after(date: Date) -> Date {
    date.tomorrow().unwrap_or(date)
}

/// The first day of `2025-10`, or of the month of `today`.
fn month_of(text: Option<&str>, today: Date) -> Result<Date, DoorError> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map_or_else(|| Ok(today.first_of_month()), crate::duty::first_day)
}

fn clock_text(at: Timestamp) -> String {
    zaigang_domain::calendar::ZONE.to_datetime(at).strftime("%H:%M").to_string()
}

/// The rules in words, with where they stand.
fn rules_text(derived: &Derived) -> String {
    let Rules { late_grace_minutes, early_grace_minutes, half_day_minutes, absent_minutes } = derived.rules;
    let agreed = !derived.in_force.bound.profile.settings.attendance.is_empty();
    let source = if agreed {
        "本项目约定"
    } else {
        "程序默认，待项目经理在“本项目约定”中确认"
    };
    format!(
        "迟到宽限 {late_grace_minutes} 分钟，早退宽限 {early_grace_minutes} 分钟；满 {half_day_minutes} 分钟记半天，满 {absent_minutes} 分钟记旷工（{source}）。"
    )
}
