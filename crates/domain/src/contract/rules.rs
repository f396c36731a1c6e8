//! Clock rules: each service level clause turned into targets with limits, starts and ends.
//!
//! The turning is the same for every document: a table from keys to targets, the objects a clause names
//! (or whose text it stands in), and the [`Reading`] for what only words say.

use serde::Serialize;

use super::facts::{Facts, Sla};
use super::objects::Object;
use super::reading::{Reading, RuleReading};
use super::settings::{DayMeaning, Settings, WorkdayMeaning, concerns};
use crate::calendar::Window;
use crate::clock::{EventKind, Limit, LimitUnit, Target, TargetCalendar};

/// One clause as a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// `id` of its row.
    pub id: String,
    /// `document:lines`.
    pub source: String,
    /// What it applies to, in the document's words.
    pub applies_to: String,
    /// What it says, in the document's words.
    pub definition: String,
    /// Which objects it reaches.
    pub scope: Scope,
    /// Level it belongs to.
    pub level: Option<String>,
    /// Levels to which lowering an order also ends the restoration.
    pub downgrade_to: Vec<String>,
    /// When the fault must start.
    pub window: Option<RuleWindow>,
    /// Told from its neighbours by the kind of problem: a person has to choose it.
    pub choose: bool,
    /// On a day off the buyer decides whether anybody comes (001:60, 001:63).
    pub buyer_decides_on_days_off: bool,
    /// What it promises.
    pub targets: Vec<RuleTarget>,
    /// How our reading takes it, where the words do not speak for themselves.
    #[serde(skip)]
    pub note: Option<String>,
}

/// Objects that a rule reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The named objects and their parts.
    Objects(Vec<String>),
    /// The whole contract but for some objects.
    Whole {
        /// Objects it does not reach.
        except: Vec<String>,
    },
}

/// When a fault must start for a rule to apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleWindow {
    /// Name of a window that the case gives; `None`: the printed hours.
    pub name: Option<String>,
    /// Printed hours of a workday.
    pub hours: Vec<Window>,
    /// Inside the window, or outside it.
    pub inside: bool,
}

/// One promise of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleTarget {
    /// What is promised.
    pub target: Target,
    /// By when; `None`: no number is printed.
    pub limit: Option<Limit>,
    /// Where its clock starts.
    pub start: Start,
    /// Events that end it.
    pub ends: Vec<EventKind>,
    /// Calendar of its minutes.
    pub calendar: TargetCalendar,
    /// What a limit in days means.
    pub day: DayMeaning,
    /// When a limit in workdays ends.
    pub workday: WorkdayMeaning,
    /// Whether the limit was agreed by the site instead of printed.
    pub agreed: bool,
}

/// Where a clock starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// At the report (a call counts as it).
    Reported,
    /// Waits until remote help has failed, then counts from the report.
    RemoteFailed,
    /// At the arrival.
    Arrived,
    /// At the restoration that holds.
    Restored,
    /// When the restoration's deadline has passed without it.
    RestorationMissed,
}

impl Rule {
    /// Its promise for a target.
    #[must_use]
    pub fn target(&self, target: Target) -> Option<&RuleTarget> {
        self.targets.iter().find(|promise| promise.target == target)
    }

    /// Whether it reaches an object; `lineage` is the object and what it is part of, empty for none.
    #[must_use]
    pub fn reaches(&self, lineage: &[&str]) -> bool {
        match &self.scope {
            Scope::Objects(ids) => lineage.iter().any(|object| ids.iter().any(|id| id == object)),
            Scope::Whole { except } => !lineage.iter().any(|object| except.iter().any(|id| id == object)),
        }
    }

    /// How specific it is: an object outranks a level, a level outranks the whole contract.
    #[must_use]
    pub fn rank(&self) -> (bool, bool) {
        (matches!(self.scope, Scope::Objects(_)), self.level.is_some())
    }
}

/// Numbers of a clause by target. A printed number of days outranks its conversion to minutes.
fn limits(row: &Sla) -> Vec<(Target, Limit)> {
    use LimitUnit::{Day, Minute, Workday};
    let table: [(Target, Option<u32>, LimitUnit); 18] = [
        (Target::Response, row.response_minutes, Minute),
        (Target::Response, row.response_workdays, Workday),
        (Target::Start, row.start_minutes, Minute),
        (Target::Diagnosis, row.diagnose_minutes, Minute),
        (Target::Solution, row.solution_days, Day),
        (Target::Solution, row.solution_minutes, Minute),
        (Target::Dispatch, row.dispatch_after_minutes, Minute),
        (Target::Arrival, row.arrive_minutes, Minute),
        (Target::Restoration, row.resolve_days, Day),
        (Target::Restoration, row.resolve_minutes, Minute),
        (Target::Restoration, row.resolve_workdays, Workday),
        (Target::Alternative, row.alternative_minutes, Minute),
        (Target::Swap, row.spare_replace_minutes, Minute),
        (Target::Swap, row.swap_hardware_within_minutes, Minute),
        (Target::Escalation, row.escalate_minutes, Minute),
        (Target::Report, row.rca_report_days, Day),
        (Target::Report, row.rca_report_minutes, Minute),
        (Target::Report, None, Workday),
    ];
    let mut found: Vec<(Target, Limit)> = Vec::new();
    for (target, value, unit) in table {
        if let Some(value) = value
            && !found.iter().any(|(known, _)| *known == target)
        {
            found.push((target, Limit { value, unit }));
        }
    }
    found
}

/// All rules of a document in its order.
#[must_use]
pub(super) fn rules_of(
    facts: &Facts,
    reading: Option<&Reading>,
    settings: &Settings,
    objects: &[Object],
    document: &str,
) -> Vec<Rule> {
    let general = reading.and_then(|reading| reading.general_level.as_deref());
    facts
        .sla
        .iter()
        .map(|row| {
            let words = reading.and_then(|reading| reading.rule.iter().find(|words| words.id == row.id));
            Rule {
                id: row.id.clone(),
                source: source_of(document, row.source_line, row.source_line_end),
                applies_to: row.applies_to.clone(),
                definition: row.definition.clone(),
                scope: scope_of(row, words, objects),
                level: row.level.clone().filter(|level| Some(level.as_str()) != general),
                downgrade_to: row.downgrade_to.clone(),
                window: words.and_then(window_of),
                choose: words.and_then(|words| words.choose).unwrap_or(false),
                buyer_decides_on_days_off: row.nonworkday_onsite.as_deref() == Some("buyer_decides"),
                targets: targets_of(row, words, settings),
                note: words.and_then(|words| words.note.clone()),
            }
        })
        .collect()
}

/// `001:52-54`, or `001:245` for a single line.
#[must_use]
pub fn source_of(document: &str, line: u32, end: Option<u32>) -> String {
    match end.filter(|end| *end != line) {
        Some(end) => format!("{document}:{line}-{end}"),
        None => format!("{document}:{line}"),
    }
}

fn scope_of(row: &Sla, words: Option<&RuleReading>, objects: &[Object]) -> Scope {
    if let Some(named) = words.map(|words| &words.objects).filter(|named| !named.is_empty()) {
        return Scope::Objects(named.clone());
    }
    let named: Vec<String> =
        row.object_nos.iter().cloned().chain(row.needs.iter().map(u32::to_string)).collect();
    if !named.is_empty() {
        return Scope::Objects(named);
    }
    let lines: Vec<u32> = std::iter::once(row.source_line).chain(row.also_lines.iter().copied()).collect();
    let around = |object: &&Object| lines.iter().any(|line| (object.lines.0..=object.lines.1).contains(line));
    let around: Vec<String> = objects.iter().filter(around).map(|object| object.id.clone()).collect();
    if around.is_empty() {
        Scope::Whole { except: words.map(|words| words.except.clone()).unwrap_or_default() }
    } else {
        Scope::Objects(around)
    }
}

fn window_of(words: &RuleReading) -> Option<RuleWindow> {
    (words.window.is_some() || !words.hours.is_empty()).then(|| RuleWindow {
        name: words.window.clone(),
        hours: words.hours.clone(),
        inside: words.inside.unwrap_or(true),
    })
}

fn targets_of(row: &Sla, words: Option<&RuleReading>, settings: &Settings) -> Vec<RuleTarget> {
    let mut promised: Vec<(Target, Option<Limit>)> =
        limits(row).into_iter().map(|(target, limit)| (target, Some(limit))).collect();
    for target in words.map(|words| words.unnumbered.as_slice()).unwrap_or_default() {
        if !promised.iter().any(|(known, _)| known == target) {
            promised.push((*target, None));
        }
    }
    promised.sort_by_key(|(target, _)| *target);
    promised.into_iter().map(|(target, limit)| promise(row, words, settings, target, limit)).collect()
}

fn promise(
    row: &Sla,
    words: Option<&RuleReading>,
    settings: &Settings,
    target: Target,
    limit: Option<Limit>,
) -> RuleTarget {
    let agreed = settings.limit.iter().find(|agreed| agreed.rule == row.id && agreed.target == target);
    let calendar = settings
        .calendar
        .iter()
        .find(|choice| concerns(&choice.rules, &choice.targets, &row.id, target))
        .map_or(TargetCalendar::Elapsed, |choice| choice.calendar);
    let (day, workday) = settings.day_meaning(&row.id, target);
    let printed = limit.map(|limit| match limit.unit {
        LimitUnit::Day if day == DayMeaning::Workday => Limit { unit: LimitUnit::Workday, ..limit },
        _ => limit,
    });
    RuleTarget {
        target,
        limit: agreed.map(|agreed| Limit { value: agreed.minutes, unit: LimitUnit::Minute }).or(printed),
        start: start_of(row, words, target),
        ends: ends_of(words, target),
        calendar,
        day,
        workday,
        agreed: agreed.is_some(),
    }
}

fn start_of(row: &Sla, words: Option<&RuleReading>, target: Target) -> Start {
    let waits = words.is_some_and(|words| words.after_remote_failed.contains(&target));
    let report_from = words.and_then(|words| words.report_from);
    match target {
        _ if waits => Start::RemoteFailed,
        Target::Restoration if row.resolve_from.as_deref() == Some("arrival") => Start::Arrived,
        Target::Alternative => Start::RestorationMissed,
        Target::Report if report_from == Some(EventKind::Restored) => Start::Restored,
        _ => Start::Reported,
    }
}

fn ends_of(words: Option<&RuleReading>, target: Target) -> Vec<EventKind> {
    use EventKind::{
        Accepted, AlternativeGiven, Arrived, Diagnosed, Dispatched, Escalated, ReportSubmitted, Responded,
        Restored, SolutionGiven, Swapped, WorkStarted,
    };
    let read = words.map(|words| words.restoration_ends.as_slice()).unwrap_or_default();
    match target {
        Target::Response => vec![Responded, Accepted, WorkStarted, Arrived, Restored],
        Target::Start => vec![WorkStarted],
        Target::Diagnosis => vec![Diagnosed],
        Target::Solution => vec![SolutionGiven],
        Target::Dispatch => vec![Dispatched, Arrived],
        Target::Arrival => vec![Arrived],
        Target::Restoration if !read.is_empty() => read.to_vec(),
        Target::Restoration => vec![Restored],
        Target::Alternative => vec![AlternativeGiven],
        Target::Swap => vec![Swapped],
        Target::Escalation => vec![Escalated],
        Target::Report => vec![ReportSubmitted],
    }
}
