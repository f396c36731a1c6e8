//! What is due under a plan: checks before it, patrols and reports of each of its days.

use super::plan::{Fact, PlanState};
use crate::calendar::ZONE;
use crate::duty::named;
use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, ToSpan as _};

/// By when a check is due on its day. 本项目约定.
const CHECK_BY: Time = Time::constant(18, 0, 0, 0);

named! {
    /// What kind of thing is due.
    pub enum DueKind {
        /// 保障前检查.
        Check = "check", "保障前检查";
        /// 特巡.
        Patrol = "patrol", "特巡";
        /// 定时报告.
        Report = "report", "报告";
    }
}

impl DueKind {
    /// The event that says that it was done.
    #[must_use]
    pub fn event(self) -> &'static str {
        match self {
            Self::Check => "coverage.checked",
            Self::Patrol => "coverage.patrolled",
            Self::Report => "coverage.reported",
        }
    }
}

/// What is due once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What kind.
    pub kind: DueKind,
    /// Names it, as [`super::Done::slot`] does.
    pub slot: String,
    /// What it is, for people: `机房巡检`, `特巡 09:00`.
    pub title: String,
    /// The date it is due.
    pub date: Date,
    /// The moment it is due.
    pub at: Timestamp,
}

impl Due {
    /// Whether it should have been done by now and was not; nothing is overdue under a plan not in force.
    #[must_use]
    pub fn is_overdue(&self, state: &PlanState, now: Timestamp) -> bool {
        state.stage.is_in_force() && self.at < now && self.done(state).is_none()
    }

    /// What was told of it last.
    #[must_use]
    pub fn done<'a>(&self, state: &'a PlanState) -> Option<&'a Fact> {
        let facts = match self.kind {
            DueKind::Check => &state.checked,
            DueKind::Patrol => &state.patrolled,
            DueKind::Report => &state.reported,
        };
        facts.iter().rfind(|fact| fact.done.slot == self.slot)
    }
}

/// Everything due under a plan, by time.
#[must_use]
pub fn dues(state: &PlanState) -> Vec<Due> {
    let plan = &state.plan;
    let mut found = Vec::new();
    for check in &plan.checks {
        let date = plan.from.saturating_sub(i64::from(check.days_before).days());
        found.extend(due(DueKind::Check, check.key.clone(), check.what.clone(), date, CHECK_BY));
    }
    for date in plan.from.series(1.day()).take_while(|date| *date <= plan.to) {
        for (kind, times) in [(DueKind::Patrol, &plan.patrols), (DueKind::Report, &plan.reports)] {
            for text in times {
                let Ok(time) = Time::strptime("%H:%M", text) else { continue };
                let title = format!("{} {text}", kind.title());
                found.extend(due(kind, format!("{date} {text}"), title, date, time));
            }
        }
    }
    found.sort_by(|a, b| (a.at, a.kind, &a.slot).cmp(&(b.at, b.kind, &b.slot)));
    found
}

fn due(kind: DueKind, slot: String, title: String, date: Date, time: Time) -> Option<Due> {
    let at = ZONE.to_timestamp(DateTime::from_parts(date, time)).ok()?;
    Some(Due { kind, slot, title, date, at })
}
