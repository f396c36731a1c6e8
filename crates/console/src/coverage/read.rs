//! Plans as screens show them.

use super::Found;
use super::form::{begun, form_of, spare_form};
use crate::door::dto::{
    CoverageAct, CoverageChoice, CoverageForm, CoverageList, CoverageMay, CoverageRow, CoverageSlot,
    CoverageView, DoorError,
};
use crate::order::Desk;
use crate::store::StoreError;
use jiff::ToSpan as _;
use jiff::civil::Date;
use std::collections::BTreeMap;
use zaigang_domain::calendar::{civil_date, format_instant};
use zaigang_domain::duty::coverage::{Consent, Due, DueKind, Occasion, PlanStage, PlanState, dues};
use zaigang_domain::event::EntityId;
use zaigang_domain::people::Role;

/// How far ahead holidays without a plan are told, in days. 本项目约定.
const AHEAD_DAYS: i64 = 60;

/// Who writes down checks, patrols and reports.
const FIELD: [Role; 3] = [Role::Engineer, Role::Dispatcher, Role::Supervisor];

impl Desk<'_> {
    /// The plans of the contract, the holidays that have none yet, and what a new one can choose from.
    ///
    /// # Errors
    /// Not now where this console holds no common log; internal when the store fails.
    pub fn coverage_plans(&self) -> Result<CoverageList, DoorError> {
        let (contract, log) = self.common_log(None)?;
        let today = civil_date(self.now);
        let mut plans = self.plans(&log)?;
        plans.sort_by_key(|(id, state)| (order_of(state, today), id.clone()));
        let people = self.workers_under(&contract)?;
        let leads = people.iter().filter(|person| FIELD.iter().any(|role| person.has(*role)));
        let divisions: Vec<String> = self.divisions()?.into_iter().map(|(_, name)| name).collect();
        Ok(CoverageList {
            unplanned: self
                .unplanned(&plans, today, AHEAD_DAYS)?
                .into_iter()
                .map(|form| self.with_spares(form))
                .collect::<Result<_, _>>()?,
            plans: plans.iter().map(|(id, state)| self.coverage_row(id, state)).collect(),
            may_plan: self.actor.enabled && self.actor.has(Role::Supervisor),
            blank: self.with_spares(begun(String::new(), Occasion::KeyPeriod, today, today))?,
            occasions: Occasion::ALL
                .map(|one| CoverageChoice { value: one.code().to_owned(), text: one.title().to_owned() })
                .to_vec(),
            leads: leads
                .map(|person| CoverageChoice { value: person.id.clone(), text: person.name.clone() })
                .collect(),
            own_divisions: self.actor.divisions.clone(),
            divisions,
            today: today.to_string(),
        })
    }

    /// One plan with all that is due under it.
    ///
    /// # Errors
    /// Not found for one that is not here.
    pub fn coverage_plan(&self, id: &str) -> Result<CoverageView, DoorError> {
        let found = self.found_plan(id)?;
        let state = &found.state;
        let slots = dues(state).iter().map(|due| self.slot_dto(due, state)).collect::<Result<_, _>>()?;
        let acts = state.acts.iter().map(|act| {
            Ok::<_, StoreError>(CoverageAct {
                stage_name: act.stage.title().to_owned(),
                by: self.optional_name(act.by.as_ref())?,
                at: format_instant(act.at),
                text: act.text.clone(),
            })
        });
        Ok(CoverageView {
            row: self.coverage_row(&found.id, state),
            plan: form_of(&state.plan),
            version: state.version,
            lead_name: self.optional_name(state.plan.lead.as_ref())?,
            consent: state.consent.as_ref().map(consent_text),
            acts: acts.collect::<Result<_, _>>()?,
            slots,
            duty: self.coverage_duty(&state.plan, &found.contract, &found.log)?,
            may: self.coverage_may(&found)?,
            summary: state.summary().map_or_else(|| drafted_summary(state), str::to_owned),
            contract: self.duty_contract_name(&found.contract)?,
            printed: format!("第 {} 版 · {}", state.version, self.log_head(&found.log)?),
            watermark: String::new(),
        })
    }

    pub(super) fn coverage_row(&self, id: &EntityId, state: &PlanState) -> CoverageRow {
        let (due, plan, today) = (dues(state), &state.plan, civil_date(self.now));
        let checks: Vec<&Due> = due.iter().filter(|due| due.kind == DueKind::Check).collect();
        let ahead = plan.from.since(today).map_or(0, |span| span.get_days());
        let next = due.iter().find(|due| due.done(state).is_none() && due.at >= self.now);
        let next = next.filter(|_| state.stage.is_in_force());
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
            next_title: next.map(|due| due.title.clone()).unwrap_or_default(),
            next_at: next.map(|due| format_instant(due.at)),
            pending: state.pending,
        }
    }

    fn slot_dto(&self, due: &Due, state: &PlanState) -> Result<CoverageSlot, StoreError> {
        let fact = due.done(state);
        Ok(CoverageSlot {
            kind: due.kind.code().to_owned(),
            slot: due.slot.clone(),
            title: due.title.clone(),
            date: due.date.to_string(),
            due_at: format_instant(due.at),
            overdue: due.is_overdue(state, self.now),
            fine: fact.map(|fact| fact.done.fine),
            text: fact.map(|fact| fact.done.text.clone()).unwrap_or_default(),
            by: self.optional_name(fact.and_then(|fact| fact.by.as_ref()))?,
            at: fact.map(|fact| format_instant(fact.at)),
        })
    }

    fn coverage_may(&self, found: &Found) -> Result<CoverageMay, StoreError> {
        let may = |kind: &str| self.may_act(kind, &found.contract, &found.state);
        Ok(CoverageMay {
            change: may("coverage.changed")?,
            submit: may("coverage.submitted")?,
            give_back: may("coverage.returned")?,
            approve: may("coverage.approved")?,
            consent: may("coverage.consented")?,
            consent_by_account: self.actor.has(Role::BuyerContact),
            close: may("coverage.closed")?,
            cancel: may("coverage.cancelled")?,
            record: self.records_coverage(&found.state),
        })
    }

    /// Whether the person may write down what is done under a plan.
    pub(super) fn records_coverage(&self, state: &PlanState) -> bool {
        let field = FIELD.iter().any(|role| self.actor.has(*role));
        self.actor.enabled && field && state.stage.is_in_force() && state.unknown.is_empty()
    }

    /// A form with the spares the stores hold, to be changed by hand.
    fn with_spares(&self, form: CoverageForm) -> Result<CoverageForm, DoorError> {
        let spares = self.plan_spares()?.iter().map(spare_form).collect();
        Ok(CoverageForm { spares, ..form })
    }

    /// Holidays of the next days that no plan covers, each with the form it would begin with.
    pub(super) fn unplanned(
        &self,
        plans: &[(EntityId, PlanState)],
        today: Date,
        days: i64,
    ) -> Result<Vec<CoverageForm>, StoreError> {
        let calendar = self.calendar()?;
        let mut spans: BTreeMap<Date, (String, Date)> = BTreeMap::new();
        let mut first = None;
        for date in today.series(1.day()).take_while(|date| *date <= today.saturating_add(days.days())) {
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
        let open = spans.into_iter().filter(|(from, (_, to))| !covered(*from, *to));
        let form = |(from, (name, to)): (Date, (String, Date))| {
            begun(format!("{}年{name}保障方案", from.year()), Occasion::StatutoryHoliday, from, to)
        };
        Ok(open.map(form).collect())
    }
}

pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
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

fn consent_text(consent: &Consent) -> String {
    match consent.date {
        Some(date) => format!("{}于 {date} 同意，凭{}", consent.unit, consent.paper),
        None => "采购人已在工作台上同意".to_owned(),
    }
}

/// What was done in numbers, and what was found: the first draft of a summary.
fn drafted_summary(state: &PlanState) -> String {
    let due = dues(state);
    let mut parts = vec![format!("{}（{} 至 {}）", state.plan.name, state.plan.from, state.plan.to)];
    for kind in DueKind::ALL {
        let all: Vec<&Due> = due.iter().filter(|due| due.kind == kind).collect();
        let done = all.iter().filter(|due| due.done(state).is_some()).count();
        if !all.is_empty() {
            parts.push(format!("{}应 {} 次，已做 {done} 次", kind.title(), all.len()));
        }
    }
    let mut lines = vec![format!("{}。", parts.join("；"))];
    lines.extend(due.iter().filter_map(|due| {
        let fact = due.done(state).filter(|fact| !fact.done.text.is_empty())?;
        Some(format!("{} {}：{}", due.date, due.title, fact.done.text))
    }));
    lines.join("\n")
}
