//! Where a clock comes from: its segments over the calendar, what changed it, and what was agreed.

use super::clocks::{case_at, clock_dto, idle, is_owed, rule_choice};
use super::desk::Desk;
use super::words::short_instant;
use crate::door::dto::{DayDto, DoorError, ExplainDto, MoveDto, SegmentDto, TimelineEntry};
use jiff::civil::Date;
use zaigang_domain::calendar::{Calendar, DayKind, civil_date, parse_instant};
use zaigang_domain::clock::{DAYS_MAX, Explanation, Move, Target, TargetClock, explanations, target_name};
use zaigang_domain::contract::{Rule, Start};

/// Events that set or move any clock, besides those that end the one asked about.
const MOVERS: &[&str] = &[
    "order.registered",
    "order.level_changed",
    "order.rule_chosen",
    "order.rebound",
    "order.suspended",
    "order.resumed",
    "order.restored",
    "order.reopened",
    "order.closed",
    "order.merged",
];

impl Desk<'_> {
    /// Explains one clock of an order.
    ///
    /// # Errors
    /// Not found when the order or the clock is not there; bad input for an unknown target.
    pub fn explain(&self, id_or_number: &str, target: &str) -> Result<ExplainDto, DoorError> {
        let (id, order) = self.order(id_or_number)?;
        let wanted: Target = target
            .parse()
            .map_err(|()| DoorError::bad_input("没有这种时限，请从工单的时限中选择。").at("target"))?;
        let unknown = || DoorError::not_found("本机尚无此工单所用的合同版本，同步完成后才能说明时限。");
        let bound = self.bound(&order).ok_or_else(unknown)?;
        let case = case_at(bound.profile, &order, self.now);
        let (report, explained) = explanations(bound.engine, &case, &order.number)
            .inspect_err(
                |mistakes| tracing::error!(order = %order.number, %mistakes, "an order makes no case"),
            )
            .map_err(|_| unknown())?;
        // A lowered level leaves two restorations; the last one is in force.
        let is_asked =
            |one: &Explanation<'_>| one.clock.target == wanted && is_owed(order.kind, one.clock.target);
        let one = explained.into_iter().rfind(is_asked).ok_or_else(|| {
            DoorError::not_found(format!(
                "此工单没有“{}”时限：没有规则适用，或还需先定级、选定规则。",
                target_name(wanted)
            ))
        })?;
        let clock = clock_dto(bound.profile, &one.clock);
        let is_ahead = order.ahead(self.now).is_some();
        let planned = order
            .scheduled_at
            .map(|at| format!("预约工单：自预约时间 {} 起计时，此前不计，本项目约定。", short_instant(at)));
        let rule = bound.profile.rule(&one.clock.rule);
        let matched = report.matched.iter().filter(|row| row.target == wanted);
        Ok(ExplainDto {
            clock: if is_ahead { idle(clock) } else { clock },
            segments: one.clock.segments.iter().map(segment).collect(),
            days: days_of(bound.calendar, &one.clock),
            events: self.events_of(id.as_str(), rule, wanted)?,
            matched: matched.map(|row| rule_choice(bound.profile, row)).collect(),
            text: one.text.map(str::to_owned),
            notes: planned.into_iter().chain(one.notes).collect(),
            moves: one.moves.into_iter().map(moved).collect(),
            settings: one.settings,
        })
    }

    fn events_of(
        &self,
        id: &str,
        rule: Option<&Rule>,
        target: Target,
    ) -> Result<Vec<TimelineEntry>, DoorError> {
        let promise = rule.and_then(|rule| rule.target(target));
        let starts = match promise.map(|promise| promise.start) {
            Some(Start::Arrived) => Some("order.arrived"),
            Some(Start::RemoteFailed) => Some("order.remote_failed"),
            _ => None,
        };
        let ends: Vec<String> = promise
            .map(|p| p.ends.iter().map(|kind| format!("order.{}", kind.as_str())).collect())
            .unwrap_or_default();
        let concerns = |entry: &TimelineEntry| {
            let kind = entry.kind.as_str();
            let counts = matches!(entry.verdict.as_str(), "accepted" | "pending");
            counts && (MOVERS.contains(&kind) || starts == Some(kind) || ends.iter().any(|end| end == kind))
        };
        Ok(self.timeline(id)?.into_iter().filter(concerns).collect())
    }
}

fn moved(one: Move) -> MoveDto {
    let due = |terms: Option<(String, Option<String>)>| {
        let at = terms?.1.and_then(|deadline| parse_instant(&deadline).ok());
        Some(at.map_or_else(|| "尚无期限".to_owned(), |at| format!("到期 {}", short_instant(at))))
    };
    let (before, after) = (due(one.before), due(one.after));
    MoveDto { at: one.at, late: one.late, text: one.text, before, after }
}

fn segment(segment: &zaigang_domain::clock::Segment) -> SegmentDto {
    SegmentDto {
        from: segment.from.clone(),
        to: segment.to.clone(),
        counted: segment.counted,
        why: segment.why.code().to_owned(),
        text: segment.text.to_owned(),
    }
}

/// The days from the start to the deadline or the last segment, whichever is later.
fn days_of(calendar: &Calendar, clock: &TargetClock) -> Vec<DayDto> {
    let date = |text: &String| parse_instant(text).ok().map(civil_date);
    let Some(from) = clock.starts_at.as_ref().and_then(date) else { return Vec::new() };
    let last = clock.segments.last().and_then(|segment| date(&segment.to));
    let to = last.max(clock.deadline.as_ref().and_then(date)).unwrap_or(from);
    days(calendar, from, to).collect()
}

/// Calendar days from one date to another, both included.
pub(crate) fn days(calendar: &Calendar, from: Date, to: Date) -> impl Iterator<Item = DayDto> + '_ {
    let dates = from.series(jiff::Span::new().days(1)).take(DAYS_MAX).take_while(move |date| *date <= to);
    dates.map(|date| day_dto(calendar, date))
}

/// One calendar day.
pub(crate) fn day_dto(calendar: &Calendar, date: Date) -> DayDto {
    let day = calendar.day(date);
    let kind = day_code(day.kind).to_owned();
    DayDto { date: date.to_string(), kind, holiday: day.holiday.map(str::to_owned) }
}

/// Stable word of a kind of day.
pub(crate) fn day_code(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Statutory => "statutory",
        DayKind::Substitute => "substitute",
        DayKind::Bridge => "bridge",
        DayKind::Makeup => "makeup",
        DayKind::Weekend => "weekend",
        DayKind::Workday => "workday",
        DayKind::Unannounced => "unannounced",
    }
}
