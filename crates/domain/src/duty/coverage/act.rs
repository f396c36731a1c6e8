//! What may be done to a plan, by whom, and the judge's word on it: one table for both ends.

use super::plan::{
    Consent, Done, LISTED_MAX, Plan, PlanStage, PlanState, SPAN_DAYS_MAX, Said, TEXT_CHARS_MAX,
};
use crate::duty::{Objection, is_optional_text, is_text};
use crate::event::{Class, Reason, event_type};
use crate::judge::{Incoming, Judgement, expectation};
use crate::people::{Actor, Role};
use jiff::civil::Time;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

/// Longest name and longest line of a list, in characters. A guess.
const LINE_CHARS_MAX: usize = 100;
/// Longest summary, in characters. A guess; keeps the event well under its 64 KiB.
const SUMMARY_CHARS_MAX: usize = 4 * TEXT_CHARS_MAX;

/// A plan that cannot be carried out as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsound {
    /// The field at fault.
    pub field: &'static str,
    /// Chinese sentence.
    pub message: String,
}

/// Stages from which an act is possible.
fn stages(kind: &str) -> &'static [PlanStage] {
    use PlanStage::{Approved, Consented, Draft, Submitted};
    match kind {
        "coverage.changed" => &[Draft, Approved, Consented],
        "coverage.submitted" => &[Draft],
        "coverage.returned" => &[Submitted, Approved],
        "coverage.approved" => &[Submitted],
        "coverage.consented" => &[Approved],
        "coverage.closed" => &[Approved, Consented],
        "coverage.cancelled" => &[Draft, Submitted, Approved, Consented],
        _ => &[],
    }
}

/// Whether a person may take this claim on a plan as it stands. `alone`: nobody else could approve, and the
/// event will say so.
///
/// # Errors
/// What is in the way: the stage first, then the person.
pub fn legal(kind: &str, state: &PlanState, actor: &Actor, alone: bool) -> Result<(), Objection> {
    if !stages(kind).contains(&state.stage) {
        let text = format!("方案现为“{}”，不能这样做；请刷新后按现状办理。", state.stage.title());
        let winner = state.touched.get("stage").copied();
        return Err(Objection { winner, ..Objection::new(Reason::NotLegalNow, text) });
    }
    let buyer = matches!(kind, "coverage.consented" | "coverage.returned") && actor.has(Role::BuyerContact);
    if !buyer && !supervises(actor, &state.plan) {
        let text = "只有项目经理可以办理，且方案须在其负责的总队内。";
        return Err(Objection::new(Reason::NoRight, text));
    }
    let own = actor.user().is_some_and(|user| state.is_by(user));
    if kind == "coverage.approved" && own && !alone {
        let text = "编制或送审的人不审核自己的方案，请由另一位项目经理审核。";
        return Err(Objection::new(Reason::OwnRequest, text));
    }
    Ok(())
}

/// A plan of the whole contract is its supervisors'; one of divisions is that of those who reach them all.
fn supervises(actor: &Actor, plan: &Plan) -> bool {
    let reached = !plan.divisions.is_empty()
        && plan.divisions.iter().all(|division| actor.divisions.contains(division));
    actor.has(Role::Supervisor) && (actor.divisions.is_empty() || reached)
}

/// Whether a plan can be carried out as it is written: dates, times, lengths.
///
/// # Errors
/// The first field in the way.
pub fn sound(plan: &Plan) -> Result<(), Unsound> {
    span(plan)?;
    lengths(plan)?;
    times("patrols", &plan.patrols)?;
    times("reports", &plan.reports)?;
    checks(plan)?;
    match plan.freezes.iter().find(|freeze| freeze.from >= freeze.to || freeze.what.is_empty()) {
        Some(_) => Err(wrong("freezes", "每段封网须写明范围，且结束晚于开始。")),
        None => Ok(()),
    }
}

fn wrong(field: &'static str, message: impl Into<String>) -> Unsound {
    Unsound { field, message: message.into() }
}

fn span(plan: &Plan) -> Result<(), Unsound> {
    if !is_text(&plan.name, LINE_CHARS_MAX) {
        return Err(wrong("name", format!("请填写方案名称，最多 {LINE_CHARS_MAX} 字。")));
    }
    if plan.from > plan.to {
        return Err(wrong("to", format!("结束日期 {} 早于开始日期 {}。", plan.to, plan.from)));
    }
    let days = usize::try_from((plan.to - plan.from).get_days()).unwrap_or(usize::MAX);
    if days >= SPAN_DAYS_MAX {
        return Err(wrong("to", format!("一份方案最多 {SPAN_DAYS_MAX} 天，请分开编制。")));
    }
    Ok(())
}

fn lengths(plan: &Plan) -> Result<(), Unsound> {
    let lists = [
        ("divisions", plan.divisions.len()),
        ("escalation", plan.escalation.len()),
        ("checks", plan.checks.len()),
        ("spares", plan.spares.len()),
        ("patrols", plan.patrols.len()),
        ("reports", plan.reports.len()),
        ("freezes", plan.freezes.len()),
    ];
    if let Some((field, _)) = lists.into_iter().find(|(_, count)| *count > LISTED_MAX) {
        return Err(wrong(field, format!("最多 {LISTED_MAX} 项。")));
    }
    let line = |text: &String| is_text(text, LINE_CHARS_MAX);
    if !plan.escalation.iter().all(line) {
        return Err(wrong("escalation", format!("每行须写明岗位或单位，最多 {LINE_CHARS_MAX} 字。")));
    }
    if !plan.spares.iter().all(|spare| line(&spare.name) && is_optional_text(&spare.place, LINE_CHARS_MAX)) {
        return Err(wrong("spares", format!("每项备件须写明名称，最多 {LINE_CHARS_MAX} 字。")));
    }
    if !is_optional_text(&plan.fallback, TEXT_CHARS_MAX) {
        return Err(wrong("fallback", format!("应急措施最多 {TEXT_CHARS_MAX} 字。")));
    }
    if !is_optional_text(&plan.paper, LINE_CHARS_MAX) {
        return Err(wrong("paper", format!("依据文件最多 {LINE_CHARS_MAX} 字。")));
    }
    Ok(())
}

fn times(field: &'static str, times: &[String]) -> Result<(), Unsound> {
    let mut seen = BTreeSet::new();
    for time in times {
        if Time::strptime("%H:%M", time).is_err() || time.len() != 5 || !seen.insert(time) {
            return Err(wrong(field, format!("“{time}”不是时刻或重复，应如 09:00。")));
        }
    }
    Ok(())
}

fn checks(plan: &Plan) -> Result<(), Unsound> {
    let mut keys = BTreeSet::new();
    for check in &plan.checks {
        if !is_text(&check.what, LINE_CHARS_MAX) || check.key.is_empty() || !keys.insert(&check.key) {
            return Err(wrong("checks", format!("每项检查须写明内容，最多 {LINE_CHARS_MAX} 字。")));
        }
    }
    Ok(())
}

/// What a claim written now relies on: the stage, and for a change or a consent the version seen.
#[must_use]
pub fn expectations(kind: &str, state: &PlanState) -> BTreeMap<String, String> {
    let fields: &[&str] = match kind {
        "coverage.changed" | "coverage.approved" | "coverage.consented" => &["stage", "version"],
        _ => &["stage"],
    };
    fields.iter().filter_map(|field| Some(((*field).to_owned(), state.field(field)?))).collect()
}

/// The judge's word on an event of `coverage/<id>`.
pub(crate) fn judge_coverage(state: Option<&PlanState>, incoming: &Incoming<'_>, actor: &Actor) -> Judgement {
    if !is_readable(incoming, actor) {
        return Judgement::rejected(Reason::Malformed, None);
    }
    let Some(state) = state else { return first(incoming, actor) };
    if incoming.kind == "coverage.planned" {
        return Judgement::rejected(Reason::AlreadyExists, state.touched.get("version").copied());
    }
    if event_type(incoming.kind).is_some_and(|row| row.class == Class::Fact) {
        return Judgement::ACCEPTED;
    }
    let alone = read::<Said>(incoming).is_some_and(|said| said.alone);
    expectation(state, incoming).unwrap_or_else(|| match legal(incoming.kind, state, actor, alone) {
        Ok(()) => Judgement::ACCEPTED,
        Err(objection) => objection.judgement(),
    })
}

/// A plan begins with a supervisor whose divisions it stays in.
fn first(incoming: &Incoming<'_>, actor: &Actor) -> Judgement {
    match read::<Plan>(incoming).filter(|_| incoming.kind == "coverage.planned") {
        Some(plan) if supervises(actor, &plan) => Judgement::ACCEPTED,
        Some(_) => Judgement::parked(Reason::NoRight),
        None => Judgement::parked(Reason::NoEntity),
    }
}

fn read<T: DeserializeOwned>(incoming: &Incoming<'_>) -> Option<T> {
    serde_json::from_str(incoming.payload).ok()
}

fn is_readable(incoming: &Incoming<'_>, actor: &Actor) -> bool {
    match incoming.kind {
        "coverage.planned" | "coverage.changed" => {
            read::<Plan>(incoming).is_some_and(|plan| sound(&plan).is_ok())
        }
        // What is recorded for the buyer names a unit and a paper; his own account needs neither.
        "coverage.consented" => read::<Consent>(incoming).is_some_and(|consent| {
            actor.has(Role::BuyerContact) || (!consent.unit.is_empty() && !consent.paper.is_empty())
        }),
        "coverage.checked" | "coverage.patrolled" | "coverage.reported" => read::<Done>(incoming)
            .is_some_and(|done| {
                !done.slot.is_empty()
                    && is_optional_text(&done.text, TEXT_CHARS_MAX)
                    && (done.fine || !done.text.is_empty())
            }),
        "coverage.returned" | "coverage.closed" | "coverage.cancelled" => {
            read::<Said>(incoming).is_some_and(|said| is_text(&said.text, SUMMARY_CHARS_MAX))
        }
        _ => read::<Said>(incoming).is_some(),
    }
}
