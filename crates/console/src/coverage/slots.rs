//! What is due under a plan: checks before it, patrols and reports of each of its days.

use crate::door::dto::CoverageSlot;
use crate::order::Desk;
use crate::store::StoreError;
use jiff::Timestamp;
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Time};
use zaigang_domain::calendar::{ZONE, format_instant};
use zaigang_domain::coverage::{Fact, PlanState};

/// By when a check is due on its day. 本项目约定.
const CHECK_BY: Time = Time::constant(18, 0, 0, 0);

/// What is due once.
pub(super) struct Due {
    /// `check|patrol|report`.
    pub(super) kind: &'static str,
    /// [`zaigang_domain::coverage::Done::slot`].
    pub(super) slot: String,
    title: String,
    date: Date,
    at: Timestamp,
}

impl Due {
    pub(super) fn is_overdue(&self, state: &PlanState, now: Timestamp) -> bool {
        state.stage.is_in_force() && self.at < now && self.done(state).is_none()
    }

    /// What was told of it last.
    pub(super) fn done<'a>(&self, state: &'a PlanState) -> Option<&'a Fact> {
        let facts = match self.kind {
            "check" => &state.checked,
            "patrol" => &state.patrolled,
            _ => &state.reported,
        };
        facts.iter().rfind(|fact| fact.done.slot == self.slot)
    }
}

/// Everything due under a plan, by time.
pub(super) fn dues(state: &PlanState) -> Vec<Due> {
    let plan = &state.plan;
    let mut found = Vec::new();
    for check in &plan.checks {
        let date = plan.from.saturating_sub(i64::from(check.days_before).days());
        found.extend(due("check", check.key.clone(), check.what.clone(), date, CHECK_BY));
    }
    for date in plan.from.series(1.day()).take_while(|date| *date <= plan.to) {
        for (kind, name, times) in [("patrol", "特巡", &plan.patrols), ("report", "报告", &plan.reports)] {
            for text in times {
                let Ok(time) = Time::strptime("%H:%M", text) else { continue };
                found.extend(due(kind, format!("{date} {text}"), format!("{name} {text}"), date, time));
            }
        }
    }
    found.sort_by(|a, b| (a.at, a.kind, &a.slot).cmp(&(b.at, b.kind, &b.slot)));
    found
}

fn due(kind: &'static str, slot: String, title: String, date: Date, time: Time) -> Option<Due> {
    let at = ZONE.to_timestamp(DateTime::from_parts(date, time)).ok()?;
    Some(Due { kind, slot, title, date, at })
}

impl Desk<'_> {
    pub(super) fn slot_dto(&self, due: &Due, state: &PlanState) -> Result<CoverageSlot, StoreError> {
        let fact = due.done(state);
        let by = fact.and_then(|fact| fact.by.as_ref()).map(|by| self.name(by.as_str())).transpose()?;
        Ok(CoverageSlot {
            kind: due.kind.to_owned(),
            slot: due.slot.clone(),
            title: due.title.clone(),
            date: due.date.to_string(),
            due_at: format_instant(due.at),
            overdue: due.is_overdue(state, self.now),
            fine: fact.map(|fact| fact.done.fine),
            text: fact.map(|fact| fact.done.text.clone()).unwrap_or_default(),
            by: by.unwrap_or_default(),
            at: fact.map(|fact| format_instant(fact.at)),
        })
    }
}
