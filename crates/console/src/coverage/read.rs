//! Plans as screens show them.

use super::slots::dues;
use crate::door::dto::{
    CoverageAct, CoverageCheckForm, CoverageForm, CoverageFreezeForm, CoverageList, CoverageMay, CoverageRef,
    CoverageRow, CoverageSpareForm, CoverageSuggestion, CoverageView, DoorError,
};
use crate::order::Desk;
use crate::store::StoreError;
use jiff::ToSpan as _;
use jiff::civil::Date;
use std::collections::BTreeMap;
use zaigang_domain::calendar::{civil_date, format_instant};
use zaigang_domain::coverage::{Consent, Plan, PlanStage, PlanState, allows};
use zaigang_domain::event::{EntityId, LogKind, LogName};
use zaigang_domain::judge::EntityState;
use zaigang_domain::people::Role;

/// How far ahead holidays without a plan are told, in days. 本项目约定.
const AHEAD_DAYS: i64 = 60;

impl Desk<'_> {
    /// The plans this console holds and the holidays that have none yet.
    ///
    /// # Errors
    /// Internal when the store fails.
    pub fn coverage_plans(&self) -> Result<CoverageList, DoorError> {
        let today = civil_date(self.now);
        let mut plans = self.plans()?;
        plans.sort_by_key(|(id, state)| (order_of(state, today), id.clone()));
        let unplanned = self.unplanned(&plans, today)?;
        Ok(CoverageList {
            plans: plans.iter().map(|(id, state)| self.coverage_row(id, state, today)).collect(),
            unplanned,
            may_plan: self.actor.has(Role::Supervisor),
        })
    }

    /// One plan with all that is due under it.
    ///
    /// # Errors
    /// Not found for one that is not here.
    pub fn coverage_plan(&self, args: &CoverageRef) -> Result<CoverageView, DoorError> {
        let (id, state) = self.plan(&args.id)?;
        let due = dues(&state);
        let slots = due.iter().map(|due| self.slot_dto(due, &state)).collect::<Result<_, _>>()?;
        let mut acts = Vec::with_capacity(state.acts.len());
        for act in &state.acts {
            let by = act.by.as_ref().map(|by| self.name(by.as_str())).transpose()?.unwrap_or_default();
            acts.push(CoverageAct {
                stage_name: act.stage.title().to_owned(),
                by,
                at: format_instant(act.at),
                text: act.text.clone(),
            });
        }
        let lead = state.plan.lead.as_ref().map(|lead| self.name(lead.as_str())).transpose()?;
        Ok(CoverageView {
            row: self.coverage_row(&id, &state, civil_date(self.now)),
            plan: form_of(&state.plan),
            version: state.version,
            lead_name: lead.unwrap_or_default(),
            consent: state.consent.as_ref().map(consent_text),
            acts,
            slots,
            duty: self.coverage_duty(&state.plan)?,
            may: self.coverage_may(&state),
            summary: summary_of(&state),
        })
    }

    /// A plan by its id.
    pub(super) fn plan(&self, id: &str) -> Result<(EntityId, PlanState), DoorError> {
        let missing = || DoorError::not_found("本机没有这份保障方案，可能刚编制、尚未同步到本机。");
        let id = EntityId::new(id).map_err(|_| missing())?;
        match self.store.entity(id.as_str())? {
            Some(EntityState::Coverage(state)) => Ok((id, *state)),
            _ => Err(missing()),
        }
    }

    fn plans(&self) -> Result<Vec<(EntityId, PlanState)>, StoreError> {
        let states = self.store.entities_of("coverage")?;
        Ok(states
            .into_iter()
            .filter_map(|(id, state)| match state {
                EntityState::Coverage(state) => Some((id, *state)),
                _ => None,
            })
            .collect())
    }

    fn coverage_row(&self, id: &EntityId, state: &PlanState, today: Date) -> CoverageRow {
        let due = dues(state);
        let checks: Vec<_> = due.iter().filter(|due| due.kind == "check").collect();
        let plan = &state.plan;
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let ahead = plan.from.since(today).map_or(0, |span| span.get_days());
        CoverageRow {
            id: id.to_string(),
            name: plan.name.clone(),
            occasion: plan.occasion.title().to_owned(),
            from: plan.from.to_string(),
            to: plan.to.to_string(),
            stage: state.stage.code().to_owned(),
            stage_name: state.stage.title().to_owned(),
            days_ahead: (plan.to >= today).then(|| u32::try_from(ahead).unwrap_or(0)),
            overdue: count(due.iter().filter(|due| due.is_overdue(state, self.now)).count()),
            checks_done: count(checks.iter().filter(|due| due.done(state).is_some()).count()),
            checks: count(checks.len()),
            pending: state.pending,
        }
    }

    fn coverage_may(&self, state: &PlanState) -> CoverageMay {
        let may = |kind: &str| !state.newer && allows(kind, state, self.actor).is_ok();
        let field = [Role::Engineer, Role::Dispatcher, Role::Supervisor];
        CoverageMay {
            change: may("coverage.changed"),
            submit: may("coverage.submitted"),
            give_back: may("coverage.returned"),
            approve: may("coverage.approved"),
            consent: may("coverage.consented"),
            close: may("coverage.closed"),
            cancel: may("coverage.cancelled"),
            record: state.stage.is_in_force() && field.iter().any(|role| self.actor.has(*role)),
        }
    }

    /// Holidays ahead that no plan covers.
    fn unplanned(
        &self,
        plans: &[(EntityId, PlanState)],
        today: Date,
    ) -> Result<Vec<CoverageSuggestion>, StoreError> {
        let calendar = self.calendar()?;
        let mut spans: BTreeMap<Date, (String, Date)> = BTreeMap::new();
        let mut first = None;
        for date in today.series(1.day()).take_while(|date| *date <= today.saturating_add(AHEAD_DAYS.days())) {
            let day = calendar.day(date);
            let holiday = day.holiday.filter(|_| day.kind.is_worked() == Some(false));
            first = holiday.and_then(|_| first.or(Some(date)));
            if let (Some(first), Some(name)) = (first, holiday) {
                spans.insert(first, (name.to_owned(), date));
            }
        }
        let covered = |from: Date, to: Date| {
            plans.iter().any(|(_, state)| {
                state.stage != PlanStage::Cancelled && state.plan.from <= to && from <= state.plan.to
            })
        };
        Ok(spans
            .into_iter()
            .filter(|(from, (_, to))| !covered(*from, *to))
            .map(|(from, (name, to))| CoverageSuggestion {
                name: format!("{}年{name}保障方案", from.year()),
                occasion: "statutory_holiday".to_owned(),
                from: from.to_string(),
                to: to.to_string(),
            })
            .collect())
    }

    /// The common log of the first contract this person works for.
    pub(super) fn coverage_log(&self) -> Result<LogName, DoorError> {
        let names = self.store.logs()?.into_iter().filter_map(|log| LogName::new(log.name).ok());
        let mut reached = names
            .filter(|log| matches!(log.kind(), LogKind::Common { contract } if self.actor.reaches(contract)));
        reached.next().ok_or_else(|| {
            DoorError::not_now("本机没有登记到您所在合同的公共数据，无法编制保障方案。请联系管理员。")
        })
    }
}

/// Running first, then what lies ahead, then what is over, latest first.
fn order_of(state: &PlanState, today: Date) -> (u8, i64) {
    let plan = &state.plan;
    let days = |date: Date| date.since(today).map_or(0, |span| i64::from(span.get_days()));
    let over = plan.to < today || matches!(state.stage, PlanStage::Closed | PlanStage::Cancelled);
    match over {
        true => (2, -days(plan.to)),
        false if plan.from <= today => (0, days(plan.to)),
        false => (1, days(plan.from)),
    }
}

fn form_of(plan: &Plan) -> CoverageForm {
    CoverageForm {
        name: plan.name.clone(),
        occasion: plan.occasion.code().to_owned(),
        from: plan.from.to_string(),
        to: plan.to.to_string(),
        divisions: plan.divisions.clone(),
        lead: plan.lead.as_ref().map(ToString::to_string),
        escalation: plan.escalation.clone(),
        checks: plan
            .checks
            .iter()
            .map(|check| CoverageCheckForm {
                key: check.key.clone(),
                what: check.what.clone(),
                days_before: check.days_before,
            })
            .collect(),
        spares: plan
            .spares
            .iter()
            .map(|spare| CoverageSpareForm {
                name: spare.name.clone(),
                quantity: spare.quantity,
                place: spare.place.clone(),
            })
            .collect(),
        patrols: plan.patrols.clone(),
        reports: plan.reports.clone(),
        round_the_clock: plan.round_the_clock,
        freezes: plan
            .freezes
            .iter()
            .map(|freeze| CoverageFreezeForm {
                from: format_instant(freeze.from),
                to: format_instant(freeze.to),
                what: freeze.what.clone(),
            })
            .collect(),
        fallback: plan.fallback.clone(),
        paper: plan.paper.clone(),
    }
}

fn consent_text(consent: &Consent) -> String {
    match consent.date {
        Some(date) => format!("{}于 {date} 书面同意，凭《{}》", consent.unit, consent.paper),
        None => format!("{}已在工作台上同意", consent.unit),
    }
}

/// What was done in numbers, and what was found: the first draft of a summary.
fn summary_of(state: &PlanState) -> String {
    let due = dues(state);
    let of = |kind: &str| due.iter().filter(|due| due.kind == kind).collect::<Vec<_>>();
    let mut text = format!("{}（{} 至 {}）", state.plan.name, state.plan.from, state.plan.to);
    for (kind, name) in [("check", "保障前检查"), ("patrol", "特巡"), ("report", "报告")] {
        let all = of(kind);
        if !all.is_empty() {
            let done = all.iter().filter(|due| due.done(state).is_some()).count();
            text.push_str(&format!("；{name}应 {} 次，已做 {done} 次", all.len()));
        }
    }
    text.push('。');
    for due in &due {
        if let Some(fact) = due.done(state).filter(|fact| !fact.done.fine && !fact.done.text.is_empty()) {
            text.push_str(&format!("\n{}：{}", due.slot, fact.done.text));
        }
    }
    text
}
