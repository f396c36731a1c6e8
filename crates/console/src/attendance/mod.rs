//! 考勤: punching, one's own day, the month of the colleagues, and corrections.
//!
//! Promises: every result is derived when it is shown, from what the common log holds; nothing derived is
//! stored, so that a late sync gives the same answer on every console. Left out: the rules themselves
//! (`domain::attendance`) and the roster: [`shifts`] is the one place that says what has to be worked.

mod day;
mod month;
mod shifts;
mod write;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use zaigang_domain::attendance::{Case, Day, MonthKept, PersonMonth, Punch, Rules, Watermark, derive};
use zaigang_domain::calendar::interface::parse_date;
use zaigang_domain::clock::At;
use zaigang_domain::event::{LogKind, LogName};
use zaigang_domain::people::Role;

use crate::door::dto::DoorError;
use crate::order::{Desk, InForce};
use crate::store::{Enrolled, Person};

/// Roles whose people punch.
const PUNCHING: [Role; 4] = [Role::Engineer, Role::Dispatcher, Role::Supervisor, Role::StoreKeeper];
/// Roles that see everybody of their scope.
const OVERSEEING: [Role; 3] = [Role::Dispatcher, Role::Supervisor, Role::Overseer];

/// What the attendance of some people over some days is derived from, and the days.
struct Derived {
    contract: String,
    in_force: InForce,
    people: Vec<Person>,
    kept: BTreeMap<String, Vec<(PersonMonth, MonthKept)>>,
    rules: Rules,
    /// People in order, of each the days in order.
    days: Vec<Day>,
}

impl Desk<'_> {
    /// Derives the days of the people that `wanted` keeps, from `from` to `to`.
    fn derive(&self, from: Date, to: Date, wanted: impl Fn(&Person) -> bool) -> Result<Derived, DoorError> {
        let log = self.common_log()?;
        let contract = contract_of(&log).to_owned();
        let in_force = self.in_force_of(&contract)?.ok_or_else(|| {
            DoorError::not_now(
                "本机还没有这份合同的现行版本，无法推算考勤。请先同步；仍没有时请联系管理员发布合同。",
            )
        })?;
        let people: Vec<Person> =
            self.store.people()?.into_iter().filter(|one| punches(one, &contract) && wanted(one)).collect();
        let (first, last) = (day_before(from), day_after(to));
        let kept = self.store.attendance(&log, first.first_of_month(), last.first_of_month())?;
        let kept = kept.into_iter().filter(|(of, _)| people.iter().any(|one| one.id == of.user.as_str()));
        let mut by_person: BTreeMap<String, Vec<(PersonMonth, MonthKept)>> = BTreeMap::new();
        for (of, month) in kept {
            by_person.entry(of.user.to_string()).or_default().push((of, month));
        }
        let devices = self.store.devices_of(&log)?;
        let rules = in_force.bound.profile.settings.attendance_rules();
        let case = Case {
            rules,
            people: people.iter().map(|one| one.id.clone()).collect(),
            from,
            to,
            shifts: people.iter().flat_map(|one| shifts::shifts_of(&in_force, one, first, last)).collect(),
            punches: by_person.iter().flat_map(|(person, months)| punches_of(person, months)).collect(),
            leave: Vec::new(),
            trips: Vec::new(),
            watermarks: self.marks(&log, &devices)?,
            devices: people.iter().map(|one| (one.id.clone(), names(&devices))).collect(),
            now: At(self.now),
        };
        let days = derive(&case).days;
        Ok(Derived { contract, in_force, people, kept: by_person, rules, days })
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

/// Whether a person's presence is counted here.
fn punches(person: &Person, contract: &str) -> bool {
    let works = PUNCHING.iter().any(|role| person.roles.iter().any(|code| code == role.code()));
    let here = person.contracts.is_empty() || person.contracts.iter().any(|name| name == contract);
    person.onsite && !person.disabled && works && here
}

fn punches_of(person: &str, months: &[(PersonMonth, MonthKept)]) -> Vec<Punch> {
    let counting = months.iter().flat_map(|(_, month)| month.counting());
    counting
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

fn contract_of(log: &LogName) -> &str {
    match log.kind() {
        LogKind::Common { contract } => contract,
        _ => "",
    }
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

fn date_of(text: &str, field: &'static str) -> Result<Date, DoorError> {
    parse_date(field, text.trim())
        .map_err(|bad| DoorError::bad_input(format!("“{}”{}。", bad.value, bad.reason)).at(field))
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
