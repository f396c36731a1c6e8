//! From an order to its clocks: the case the engine counts, and the shapes lists and details show.

use super::contract::Bound;
use crate::door::dto::{ClockDto, RuleChoice};
use crate::store::OrderClocks;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use zaigang_domain::calendar::parse_instant;
use zaigang_domain::clock::{
    At, Case, CaseEvent, ClockInput, EventKind, LimitUnit, Matched, Need, Report, State, Target, TargetClock,
    limit_text, source_text, target_name,
};
use zaigang_domain::contract::Profile;
use zaigang_domain::order::{Mark, MarkKind, Order, OrderKind};

/// Share of a limit after which a clock counts as "soon" where the site settled none, in percent. A guess.
const WARN_PERCENT: u32 = 80;
/// Point by which an exchange of a part is decided, in percent of its limit. 本项目约定: half of it.
const DECIDE_PERCENT: u32 = 50;

/// Stands before and after each rule in a row's list of them.
pub(crate) const RULE_BAR: &str = "|";

/// A clock as kept in the projection row; instants in Unix milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RowClock {
    /// Target.
    pub(crate) target: String,
    /// Id of the rule it runs under.
    pub(crate) rule: String,
    /// Start.
    pub(crate) starts_at: Option<i64>,
    /// Deadline.
    pub(crate) deadline: Option<i64>,
    /// When it begins to count as "soon".
    pub(crate) warn_at: Option<i64>,
    /// When it ended.
    pub(crate) ended_at: Option<i64>,
    /// State at the order's last event.
    pub(crate) state: String,
}

/// The clocks of an order; `None` where its events do not make a case, which the fold rules out.
pub(crate) fn input(bound: Bound, order: &Order, now: Timestamp) -> Option<ClockInput<'static>> {
    let case = case(bound.profile, order, now);
    bound
        .engine
        .input(&case, &order.number)
        .inspect_err(|mistakes| tracing::error!(order = %order.number, %mistakes, "an order makes no case"))
        .ok()
}

/// The full account of an order at `now`; `None` also for a daily record, which owes nothing.
pub(crate) fn report(bound: Bound, order: &Order, now: Timestamp) -> Option<Report> {
    if order.kind == OrderKind::WorkRecord {
        return None;
    }
    // A clock is never asked about a moment before what is already known.
    let now = latest(order).max(now);
    let mut report = input(bound, order, now)?.report(now);
    report.targets.retain(|clock| is_owed(order.kind, clock.target));
    Some(report)
}

/// A fault report is owed for faults alone: every rule with that target speaks of 故障 (001:1921, and its
/// like in the other documents), never of requests. A daily record owes no limit at all: nobody reported
/// anything that could be answered in time.
pub(crate) fn is_owed(kind: OrderKind, target: Target) -> bool {
    match kind {
        OrderKind::WorkRecord => false,
        OrderKind::Incident => true,
        _ => target != Target::Report,
    }
}

/// The case of an order at `now`, or at its last event where that is later.
pub(crate) fn case_at(profile: &Profile, order: &Order, now: Timestamp) -> Case {
    case(profile, order, latest(order).max(now))
}

fn latest(order: &Order) -> Timestamp {
    order.marks.iter().map(|mark| mark.at).max().unwrap_or(order.reported_at)
}

/// What the engine counts: names the contract does not know are left out, for an order may carry
/// an object or level of another version.
fn case(profile: &Profile, order: &Order, now: Timestamp) -> Case {
    let object = order.object.clone().filter(|id| profile.object(id).is_some());
    let levels = profile.levels(object.as_deref());
    let known = |level: &String| levels.contains(&level.as_str());
    let events = order.marks.iter().filter_map(|mark| event(profile, mark, &known)).collect();
    let first = order.marks.first().and_then(|mark| mark.level.clone());
    Case {
        division: Some(order.division.clone()).filter(|name| profile.divisions.contains(name)),
        rule: None,
        level: first.filter(known),
        facts: Some(order.facts.case()),
        windows: BTreeMap::new(),
        events,
        now: At(now),
        object,
    }
}

fn event(profile: &Profile, mark: &Mark, known: &dyn Fn(&String) -> bool) -> Option<CaseEvent> {
    let mut event = CaseEvent::new(mark.at, event_kind(mark.kind));
    match mark.kind {
        MarkKind::LevelChanged => event.level = Some(mark.level.clone().filter(|level| known(level))?),
        MarkKind::Suspended => {
            let reason = mark.reason.clone().filter(|reason| !reason.trim().is_empty());
            event.reason = Some(reason.unwrap_or_else(|| "未说明".to_owned()));
        }
        MarkKind::RuleChosen => {
            let target: Target = mark.target.as_deref()?.parse().ok()?;
            let rule = profile.rule(mark.rule.as_deref()?)?;
            rule.target(target)?;
            (event.rule, event.target) = (Some(rule.id.clone()), Some(target));
        }
        _ => {}
    }
    Some(event)
}

fn event_kind(kind: MarkKind) -> EventKind {
    match kind {
        MarkKind::Reported => EventKind::Reported,
        MarkKind::Dispatched => EventKind::Dispatched,
        MarkKind::Responded => EventKind::Responded,
        MarkKind::Accepted => EventKind::Accepted,
        MarkKind::WorkStarted => EventKind::WorkStarted,
        MarkKind::Diagnosed => EventKind::Diagnosed,
        MarkKind::SolutionGiven => EventKind::SolutionGiven,
        MarkKind::AlternativeGiven => EventKind::AlternativeGiven,
        MarkKind::RemoteFailed => EventKind::RemoteFailed,
        MarkKind::Arrived => EventKind::Arrived,
        MarkKind::Suspended => EventKind::Suspended,
        MarkKind::Resumed => EventKind::Resumed,
        MarkKind::Workaround => EventKind::Workaround,
        MarkKind::Restored => EventKind::Restored,
        MarkKind::Swapped => EventKind::Swapped,
        MarkKind::Escalated => EventKind::Escalated,
        MarkKind::ReportSubmitted => EventKind::ReportSubmitted,
        MarkKind::LevelChanged => EventKind::LevelChanged,
        MarkKind::RuleChosen => EventKind::RuleChosen,
        MarkKind::Reopened => EventKind::Reopened,
        MarkKind::Closed => EventKind::Closed,
    }
}

/// What the projection row keeps: a function of the order and its contract, never of "now".
pub(crate) fn projected(bound: Bound, order: &Order) -> OrderClocks {
    let at = latest(order);
    let Some(report) = report(bound, order, at) else {
        return OrderClocks { clocks: "[]".to_owned(), ..OrderClocks::default() };
    };
    let rows: Vec<RowClock> = report.targets.iter().map(|clock| row_clock(bound.profile, clock)).collect();
    let open = rows.iter().filter(|row| is_open(&row.state));
    let next =
        open.clone().filter_map(|row| Some((row.deadline?, row))).min_by_key(|(deadline, _)| *deadline);
    OrderClocks {
        next_target: next.map(|(_, row)| row.target.clone()),
        next_deadline_at: next.map(|(deadline, _)| deadline),
        next_warn_at: open.clone().filter_map(|row| row.warn_at).min(),
        breached: u32::try_from(rows.iter().filter(|row| row.state == "breached").count())
            .unwrap_or(u32::MAX),
        report_due_at: open
            .clone()
            .find(|row| row.target == Target::Report.as_str())
            .and_then(|row| row.deadline),
        rules: rules_text(&rows),
        clocks: serde_json::to_string(&rows).unwrap_or_else(|_| "[]".to_owned()),
    }
}

/// `|L1|E-1h-24h|`: each rule once, in order, so that one is found by its id between bars.
fn rules_text(rows: &[RowClock]) -> String {
    let rules: BTreeSet<&str> = rows.iter().map(|row| row.rule.as_str()).collect();
    rules.iter().fold(String::new(), |text, rule| {
        let text = if text.is_empty() { RULE_BAR.to_owned() } else { text };
        text + rule + RULE_BAR
    })
}

fn is_open(state: &str) -> bool {
    matches!(state, "running" | "missed_open")
}

fn row_clock(profile: &Profile, clock: &TargetClock) -> RowClock {
    let (starts_at, deadline) = (millis(clock.starts_at.as_deref()), millis(clock.deadline.as_deref()));
    let warn = i64::from(warn_minutes(profile, clock)) * 60_000;
    RowClock {
        target: clock.target.as_str().to_owned(),
        rule: clock.rule.clone(),
        starts_at,
        deadline,
        warn_at: deadline.map(|deadline| deadline - warn),
        ended_at: millis(clock.ended_at.as_deref()),
        state: clock.state.as_str().to_owned(),
    }
}

fn millis(text: Option<&str>) -> Option<i64> {
    text.and_then(|text| parse_instant(text).ok()).map(|at| at.as_millisecond())
}

/// Minutes before the deadline at which a clock counts as "soon": the last warning point of the settings; for a
/// part to be exchanged the first, which is the point to decide by.
fn warn_minutes(profile: &Profile, clock: &TargetClock) -> u32 {
    let points = profile.settings.warning_points(&clock.rule, clock.target);
    let points = points.into_iter().filter(|percent| *percent < 100);
    let percent = match clock.target {
        // Early: whether the part is here is decided while another can still be fetched.
        Target::Swap => points.min().unwrap_or(DECIDE_PERCENT),
        _ => points.max().unwrap_or(WARN_PERCENT),
    };
    let left = u64::from(100 - percent) * u64::from(limit_minutes(clock).unwrap_or(0));
    u32::try_from(left.div_ceil(100)).unwrap_or(u32::MAX)
}

/// The limit in minutes; a workday limit has the length it turned out to have.
fn limit_minutes(clock: &TargetClock) -> Option<u32> {
    let limit = clock.limit?;
    match limit.unit {
        LimitUnit::Minute => Some(limit.value),
        LimitUnit::Day => limit.value.checked_mul(1440),
        LimitUnit::Workday => {
            let span = millis(clock.deadline.as_deref())? - millis(clock.starts_at.as_deref())?;
            u32::try_from(span / 60_000).ok()
        }
    }
}

/// A clock of work planned ahead: it has its terms and does not run yet.
pub(crate) fn idle(clock: ClockDto) -> ClockDto {
    ClockDto { state: State::Waiting.as_str().to_owned(), remaining_minutes: None, ..clock }
}

/// A clock as screens show it.
pub(crate) fn clock_dto(profile: &Profile, clock: &TargetClock) -> ClockDto {
    ClockDto {
        target: clock.target.as_str().to_owned(),
        name: target_name(clock.target).to_owned(),
        state: clock.state.as_str().to_owned(),
        starts_at: clock.starts_at.clone(),
        deadline: clock.deadline.clone(),
        ended_at: clock.ended_at.clone(),
        limit_minutes: limit_minutes(clock),
        limit_text: clock.limit.map_or_else(|| "未写明时限".to_owned(), limit_text),
        remaining_minutes: clock.remaining_minutes.map(clamp),
        warn_minutes: warn_minutes(profile, clock),
        rule: clock.rule.clone(),
        source: source_text(&clock.source).to_owned(),
        clause: profile.rule(&clock.rule).map(|rule| rule.definition.clone()).unwrap_or_default(),
    }
}

fn clamp(minutes: i64) -> i32 {
    i32::try_from(minutes).unwrap_or(if minutes < 0 { i32::MIN } else { i32::MAX })
}

/// The clock a list shows: the one due next, or the worst broken one.
pub(crate) fn next_clock(report: &Report) -> Option<&TargetClock> {
    let open =
        report.targets.iter().filter(|clock| matches!(clock.state, State::Running | State::MissedOpen));
    open.filter(|clock| clock.deadline.is_some())
        .min_by(|a, b| a.remaining_minutes.cmp(&b.remaining_minutes).then(a.target.cmp(&b.target)))
        .or_else(|| report.targets.iter().find(|clock| clock.state == State::Paused))
}

/// A matching rule as screens show it.
pub(crate) fn rule_choice(profile: &Profile, row: &Matched) -> RuleChoice {
    let needs = row.needs.iter().map(|need| match need {
        Need::Level => "level",
        Need::Rule => "rule",
        Need::Windows => "windows",
        Need::Calendar => "calendar",
    });
    RuleChoice {
        target: row.target.as_str().to_owned(),
        target_name: target_name(row.target).to_owned(),
        rule: row.rule.clone(),
        source: source_text(&row.source).to_owned(),
        clause: profile.rule(&row.rule).map(|rule| rule.definition.clone()).unwrap_or_default(),
        suggested: row.suggested,
        why: row.why.text().to_owned(),
        needs: needs.map(str::to_owned).collect(),
    }
}
