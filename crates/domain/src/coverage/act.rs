//! What may be done to a plan, by whom, and the judge's word on it: one table for both ends.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Time;

use super::plan::{
    Consent, Done, LISTED_MAX, Plan, PlanStage, PlanState, SPAN_DAYS_MAX, TEXT_CHARS_MAX, Words,
};
use crate::event::{Class, EventId, Reason, event_type};
use crate::judge::{Incoming, Judgement};
use crate::people::{Actor, Role};

/// Why an act is not possible; a Chinese sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objection {
    /// Not at this stage.
    Stage(String),
    /// Not by this person.
    Person(&'static str),
    /// Not with this content: field and sentence.
    Content(&'static str, String),
}

impl Objection {
    /// The sentence.
    #[must_use]
    pub fn sentence(&self) -> &str {
        match self {
            Self::Stage(text) | Self::Content(_, text) => text,
            Self::Person(text) => text,
        }
    }
}

/// Stages from which an act is possible.
fn stages(kind: &str) -> &'static [PlanStage] {
    use PlanStage::{Approved, Consented, Draft, Submitted};
    match kind {
        "coverage.changed" => &[Draft, Approved, Consented],
        "coverage.submitted" => &[Draft],
        "coverage.returned" | "coverage.approved" => &[Submitted],
        "coverage.consented" => &[Approved],
        "coverage.closed" => &[Approved, Consented],
        "coverage.cancelled" => &[Draft, Submitted, Approved, Consented],
        _ => &[],
    }
}

/// Whether a person may take this claim on a plan as it stands.
///
/// # Errors
/// What is in the way: the stage first, then the person.
pub fn allows(kind: &str, state: &PlanState, actor: &Actor) -> Result<(), Objection> {
    if !stages(kind).contains(&state.stage) {
        return Err(Objection::Stage(format!("方案现为“{}”，不能这样做。", state.stage.title())));
    }
    let is_own = actor.is(state.submitter.as_ref()) || actor.is(state.author.as_ref());
    if kind == "coverage.approved" && is_own {
        return Err(Objection::Person("编制或送审的人不能审核自己的方案，请由另一位项目经理审核。"));
    }
    let needs_supervisor = !matches!(kind, "coverage.consented") || !actor.has(Role::BuyerContact);
    if needs_supervisor && !actor.has(Role::Supervisor) {
        return Err(Objection::Person("只有项目经理可以办理。"));
    }
    Ok(())
}

/// Whether a plan can be carried out as it is written: dates, times, lengths.
///
/// # Errors
/// The first field in the way.
pub fn sound(plan: &Plan) -> Result<(), Objection> {
    let wrong = |field, text: String| Err(Objection::Content(field, text));
    if plan.name.trim().is_empty() || plan.name.chars().count() > 60 {
        return wrong("name", "请填写方案名称，最多 60 字。".into());
    }
    if plan.from > plan.to {
        return wrong("to", format!("结束日期 {} 早于开始日期 {}。", plan.to, plan.from));
    }
    if usize::try_from((plan.to - plan.from).get_days()).unwrap_or(usize::MAX) >= SPAN_DAYS_MAX {
        return wrong("to", format!("一份方案最多 {SPAN_DAYS_MAX} 天，请分开编制。"));
    }
    for (field, times) in [("patrols", &plan.patrols), ("reports", &plan.reports)] {
        let mut seen = BTreeSet::new();
        for time in times {
            if Time::strptime("%H:%M", time).is_err() || time.len() != 5 || !seen.insert(time) {
                return wrong(field, format!("“{time}”不是时刻或重复，应如 09:00。"));
            }
        }
    }
    let mut keys = BTreeSet::new();
    for check in &plan.checks {
        if check.what.trim().is_empty() || check.key.is_empty() || !keys.insert(&check.key) {
            return wrong("checks", "每项检查须写明检查内容。".into());
        }
    }
    if let Some(freeze) = plan.freezes.iter().find(|freeze| freeze.from >= freeze.to) {
        return wrong("freezes", format!("封网“{}”的结束时间须晚于开始时间。", freeze.what));
    }
    let lists = [
        ("escalation", plan.escalation.len()),
        ("checks", plan.checks.len()),
        ("spares", plan.spares.len()),
        ("patrols", plan.patrols.len()),
        ("reports", plan.reports.len()),
        ("freezes", plan.freezes.len()),
    ];
    if let Some((field, _)) = lists.into_iter().find(|(_, count)| *count > LISTED_MAX) {
        return wrong(field, format!("最多 {LISTED_MAX} 项。"));
    }
    if plan.fallback.chars().count() > TEXT_CHARS_MAX {
        return wrong("fallback", format!("应急措施最多 {TEXT_CHARS_MAX} 字。"));
    }
    Ok(())
}

/// What a claim written now relies on: the stage, and for a change or an approval the version seen.
#[must_use]
pub fn expectations(kind: &str, state: &PlanState) -> BTreeMap<String, String> {
    let fields: &[&str] = match kind {
        "coverage.changed" | "coverage.approved" | "coverage.consented" => &["stage", "version"],
        _ => &["stage"],
    };
    fields.iter().filter_map(|field| Some(((*field).to_owned(), state.field(field)?))).collect()
}

/// The judge's word on an event of `coverage/<id>`.
pub(crate) fn judge_coverage(
    state: Option<&PlanState>,
    incoming: &Incoming<'_>,
    actor: &Actor,
) -> Judgement {
    if !is_readable(incoming) {
        return Judgement::rejected(Reason::Malformed, None);
    }
    let Some(state) = state else {
        return if incoming.kind == "coverage.planned" {
            Judgement::ACCEPTED
        } else {
            Judgement::parked(Reason::NoEntity)
        };
    };
    if incoming.kind == "coverage.planned" {
        return Judgement::rejected(Reason::AlreadyExists, winner(state, "version"));
    }
    if event_type(incoming.kind).is_some_and(|row| row.class == Class::Fact) {
        return Judgement::ACCEPTED;
    }
    for (field, expected) in incoming.expect {
        match state.field(field) {
            None => return Judgement::parked(Reason::UnknownType),
            Some(now) if now != *expected => {
                return Judgement::rejected(Reason::StateChanged, winner(state, field));
            }
            Some(_) => {}
        }
    }
    match allows(incoming.kind, state, actor) {
        Ok(()) => Judgement::ACCEPTED,
        Err(Objection::Person(_)) => Judgement::parked(Reason::NoRight),
        Err(_) => Judgement::rejected(Reason::NotLegalNow, winner(state, "stage")),
    }
}

fn winner(state: &PlanState, field: &str) -> Option<EventId> {
    state.touched.get(field).copied()
}

fn is_readable(incoming: &Incoming<'_>) -> bool {
    fn reads<T: serde::de::DeserializeOwned>(payload: &str) -> Option<T> {
        serde_json::from_str(payload).ok()
    }
    match incoming.kind {
        "coverage.planned" | "coverage.changed" => {
            reads::<Plan>(incoming.payload).is_some_and(|plan| sound(&plan).is_ok())
        }
        "coverage.consented" => reads::<Consent>(incoming.payload).is_some(),
        "coverage.checked" | "coverage.patrolled" | "coverage.reported" => {
            reads::<Done>(incoming.payload).is_some_and(|done| !done.slot.is_empty())
        }
        _ => reads::<Words>(incoming.payload).is_some(),
    }
}
