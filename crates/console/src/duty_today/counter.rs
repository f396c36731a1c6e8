//! What contracts count of the calls: only where a clause prints a number, with the calls that counted.

use crate::door::dto::CallCounter;
use crate::order::Desk;
use crate::store::StoreError;
use jiff::Timestamp;
use jiff::civil::Date;
use zaigang_domain::calendar::{WorkTime, civil_date};
use zaigang_domain::contract::{CallCounterReading, Profile};
use zaigang_domain::duty::hotline::{Call, Counted, is_counted};

/// Office hours of a contract, to tell which calls came outside them.
pub(super) struct OffHours(Option<WorkTime>);

impl OffHours {
    /// Whether a moment lies outside office hours; `None` where they are not known.
    pub(super) fn at(&self, at: Timestamp) -> Option<bool> {
        self.0.as_ref()?.is_open(at.as_microsecond()).map(|open| !open)
    }
}

impl Desk<'_> {
    pub(super) fn off_hours(&self, contract: &str) -> Result<OffHours, StoreError> {
        let Some(in_force) = self.in_force_of(contract)? else { return Ok(OffHours(None)) };
        let bound = in_force.bound;
        Ok(OffHours(WorkTime::compile(bound.calendar, &bound.profile.hours, None)))
    }

    /// Each counter of the contract in force, with the ids of the calls it counted.
    pub(super) fn call_counters(
        &self,
        contract: &str,
        calls: &[(String, Call)],
        off_hours: &OffHours,
    ) -> Result<Vec<(CallCounter, Vec<String>)>, StoreError> {
        let Some(in_force) = self.in_force_of(contract)? else { return Ok(Vec::new()) };
        let profile = in_force.bound.profile;
        let readings = profile.call_counters.iter();
        Ok(readings.filter_map(|reading| counter(profile, reading, calls, off_hours)).collect())
    }
}

/// `None` where the clause is not in the contract: nothing is shown as its number then.
fn counter(
    profile: &Profile,
    reading: &CallCounterReading,
    calls: &[(String, Call)],
    off_hours: &OffHours,
) -> Option<(CallCounter, Vec<String>)> {
    let rule = profile.rule(&reading.rule)?;
    let since: Option<Date> = profile.settings.acceptance_date;
    let of_period = |call: &&(String, Call)| since.is_none_or(|since| civil_date(call.1.logged.at) >= since);
    let (mut counted, mut unknown) = (Vec::new(), 0_u32);
    for (id, call) in calls.iter().filter(of_period) {
        match is_counted(reading.counted, &call.logged, off_hours.at(call.logged.at)) {
            Some(true) => counted.push(id.clone()),
            Some(false) => {}
            None => unknown += 1,
        }
    }
    let value = u32::try_from(counted.len()).unwrap_or(u32::MAX);
    let every = reading.every == Some(true);
    Some((
        CallCounter {
            rule: rule.id.clone(),
            contract: profile.facts.contract.name.clone(),
            value,
            limit: reading.limit,
            every,
            state: state(value, reading.limit, every).to_owned(),
            text: text(reading, value),
            source: rule.source.clone(),
            clause: rule.definition.clone(),
            words: reading.words.clone(),
            note: reading.note.clone().unwrap_or_default(),
            since: since.map(|since| since.to_string()),
            unknown,
        },
        counted,
    ))
}

/// `every`: the number costs each time it is reached; otherwise it is the most that is allowed.
fn state(value: u32, limit: u32, every: bool) -> &'static str {
    let (part, allowed) =
        if every { (value % limit.max(1), limit.saturating_sub(1)) } else { (value, limit) };
    if (every && value >= limit) || value > limit {
        "reached"
    } else if value > 0 && part + 1 >= allowed {
        "near"
    } else {
        "ok"
    }
}

fn text(reading: &CallCounterReading, value: u32) -> String {
    let what = match reading.counted {
        Counted::Unanswered => "累计无人接听",
        Counted::OffHoursUnreached => "非工作时间联系不上",
    };
    let limit = reading.limit;
    if reading.every == Some(true) {
        let (full, left) = (value / limit.max(1), limit - value % limit.max(1));
        format!("{what} {value} 次，已满 {full} 个 {limit} 次，再有 {left} 次又满")
    } else if value > limit {
        format!("{what} {value} 次，已超过 {limit} 次")
    } else {
        format!("{what} {value} 次，不得超过 {limit} 次")
    }
}

#[cfg(test)]
mod tests {
    use super::state;

    #[test]
    fn how_near_a_number_is() {
        // value, limit, every, state
        let table = [
            (0, 5, false, "ok"),
            (3, 5, false, "ok"),
            (4, 5, false, "near"),
            (5, 5, false, "near"),
            (6, 5, false, "reached"),
            (0, 3, true, "ok"),
            (1, 3, true, "near"),
            (2, 3, true, "near"),
            (3, 3, true, "reached"),
            (4, 3, true, "reached"),
        ];
        for (value, limit, every, expected) in table {
            assert_eq!(state(value, limit, every), expected, "{value} of {limit}");
        }
    }
}
