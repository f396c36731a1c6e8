//! What coverage asks of a person today: for 今日, for the order form, and for the handover.

use super::read::count;
use crate::door::dto::{CoverageFreeze, CoverageTask, CoverageTasks, CoverageWaiting, DoorError};
use crate::order::Desk;
use crate::store::StoreError;
use jiff::ToSpan as _;
use jiff::civil::Date;
use zaigang_domain::calendar::{civil_date, format_instant};
use zaigang_domain::duty::coverage::{Due, DueKind, Freeze, Plan, PlanState, dues};
use zaigang_domain::event::{EntityId, LogName};

/// How far ahead holidays without a plan are told on 今日, in days.
const AHEAD_DAYS: i64 = 14;
/// How far ahead a handover tells of a plan, in days: that of its earliest checks.
const NOTICE_DAYS: i64 = 3;

impl Desk<'_> {
    /// What is due today under the plans in force, what waits for this person's word, and what has no plan.
    ///
    /// # Errors
    /// Not now where this console holds no common log; internal when the store fails.
    pub fn coverage_tasks(&self) -> Result<CoverageTasks, DoorError> {
        let (contract, log) = self.common_log(None)?;
        let plans = self.plans(&log)?;
        let mut tasks = CoverageTasks { freezes: self.freezes(&plans), ..CoverageTasks::default() };
        for (id, state) in &plans {
            let due = dues(state);
            tasks.due.extend(
                due.iter().filter(|due| self.is_today(due, state)).map(|due| self.task(id, state, due)),
            );
            tasks.missed += count(due.iter().filter(|due| self.is_missed(due, state)).count());
            let waits = [
                ("coverage.approved", "待审核"),
                ("coverage.consented", "待采购人同意"),
                ("coverage.closed", "待总结"),
            ];
            // Once the span is over only its summary is asked for.
            let over = state.plan.to < civil_date(self.now);
            for (kind, act) in waits {
                if (kind == "coverage.closed") == over && self.may_act(kind, &contract, state)? {
                    let (plan, name) = (id.to_string(), state.plan.name.clone());
                    tasks.waiting.push(CoverageWaiting { plan, name, act: act.to_owned() });
                }
            }
        }
        tasks.due.sort_by(|a, b| (&a.due_at, &a.slot).cmp(&(&b.due_at, &b.slot)));
        if self.actor.has(zaigang_domain::people::Role::Supervisor) && self.actor.reaches(&contract) {
            let open = self.unplanned(&plans, civil_date(self.now), AHEAD_DAYS)?;
            tasks.unplanned = open.into_iter().map(|form| form.name).collect();
        }
        Ok(tasks)
    }

    /// A check until it is done or the span is over; patrols and reports on their day.
    fn is_today(&self, due: &Due, state: &PlanState) -> bool {
        let today = civil_date(self.now);
        let open = self.records_coverage(state) && due.done(state).is_none() && due.date <= today;
        open && match due.kind {
            DueKind::Check => today <= state.plan.to,
            DueKind::Patrol | DueKind::Report => due.date == today,
        }
    }

    /// Patrols and reports of days gone by that nobody did.
    fn is_missed(&self, due: &Due, state: &PlanState) -> bool {
        self.records_coverage(state)
            && due.kind != DueKind::Check
            && due.date < civil_date(self.now)
            && due.done(state).is_none()
    }

    fn task(&self, id: &EntityId, state: &PlanState, due: &Due) -> CoverageTask {
        CoverageTask {
            plan: id.to_string(),
            name: state.plan.name.clone(),
            kind: due.kind.code().to_owned(),
            slot: due.slot.clone(),
            title: due.title.clone(),
            due_at: format_instant(due.at),
            overdue: due.is_overdue(state, self.now),
        }
    }

    /// 封网 spans in force that are not over.
    fn freezes(&self, plans: &[(EntityId, PlanState)]) -> Vec<CoverageFreeze> {
        let in_force = plans.iter().filter(|(_, state)| state.stage.is_in_force());
        let spans =
            in_force.flat_map(|(id, state)| state.plan.freezes.iter().map(move |span| (id, state, span)));
        spans
            .filter(|(_, _, span)| span.to > self.now)
            .map(|(id, state, span)| CoverageFreeze {
                plan: id.to_string(),
                name: state.plan.name.clone(),
                from: format_instant(span.from),
                to: format_instant(span.to),
                what: span.what.clone(),
            })
            .collect()
    }

    /// 封网 of the plans in force that reach into a span of days, with the plan they stand in.
    pub(crate) fn freezes_between(
        &self,
        log: &LogName,
        from: Date,
        to: Date,
    ) -> Result<Vec<(Plan, Freeze)>, StoreError> {
        let touches = |freeze: &Freeze| civil_date(freeze.from) <= to && civil_date(freeze.to) >= from;
        let in_force = self.plans(log)?.into_iter().filter(|(_, state)| state.stage.is_in_force());
        let spans = in_force.flat_map(|(_, state)| {
            let spans: Vec<_> = state.plan.freezes.iter().filter(|one| touches(one)).cloned().collect();
            spans.into_iter().map(move |freeze| (state.plan.clone(), freeze))
        });
        Ok(spans.collect())
    }

    /// Plans in force that run or begin soon: id within the handover, and words.
    pub(crate) fn coverage_notices(&self) -> Result<Vec<(String, String)>, StoreError> {
        let Ok((_, log)) = self.common_log(None) else { return Ok(Vec::new()) };
        let today = civil_date(self.now);
        let soon = today.saturating_add(NOTICE_DAYS.days());
        let near = |state: &PlanState| {
            state.stage.is_in_force() && state.plan.from <= soon && today <= state.plan.to
        };
        let plans = self.plans(&log)?;
        let notice = |(id, state): &(EntityId, PlanState)| {
            let freezes: Vec<&str> = state.plan.freezes.iter().map(|span| span.what.as_str()).collect();
            let frozen = if freezes.is_empty() {
                String::new()
            } else {
                format!("，封网：{}", freezes.join("、"))
            };
            let day = |date: jiff::civil::Date| date.strftime("%m-%d").to_string();
            let text =
                format!("{}（{} 至 {}{frozen}）", state.plan.name, day(state.plan.from), day(state.plan.to));
            (format!("coverage-{}", id.local()), text)
        };
        Ok(plans.iter().filter(|(_, state)| near(state)).map(notice).collect())
    }
}
