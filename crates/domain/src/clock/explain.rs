//! Where each clock comes from: its segments over the calendar, its clause, what was agreed, and the
//! events that moved it; as data, and in sentences.

use std::fmt::Write;

use jiff::civil::Date;
use serde::Serialize;

use super::case::Case;
use super::input::Engine;
use super::kind::{EventKind, Limit, LimitUnit, State, Target, TargetCalendar};
use super::report::{Report, TargetClock};
use super::select::Need;
use super::text::{class_name, event_name, limit_text, minutes_text, source_text, state_name, target_name};
use crate::calendar::{Day, civil_date, parse_instant};
use crate::contract::{DayMeaning, Profile, Rule, RuleTarget, WorkdayMeaning};
use crate::mistake::Mistakes;

/// Longest strip of days behind the segments: a year and a month.
pub const DAYS_MAX: usize = 400;

/// One clock with everything that it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation<'p> {
    /// The clock with its segments.
    pub clock: TargetClock,
    /// What the rule says, in the document's words.
    pub clause: &'p str,
    /// Verbatim excerpt of the line that the rule cites.
    pub text: Option<&'p str>,
    /// Days from the start to the deadline or the last segment, whichever is later.
    pub days: Vec<Day<'p>>,
    /// What the contract adds to the clock in words, one sentence each.
    pub notes: Vec<String>,
    /// What was agreed where the document is silent, one sentence each.
    pub settings: Vec<String>,
    /// Events that set or moved it, in order.
    pub moves: Vec<Move>,
}

/// An event that gave a clock another rule, deadline or state than the events before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Move {
    /// When it happened, RFC 3339 in +08:00.
    pub at: String,
    /// What happened.
    pub kind: EventKind,
    /// Whether it was written down after something that happened later.
    pub late: bool,
    /// Rule and deadline before; absent: the clock was not there.
    pub before: Option<(String, Option<String>)>,
    /// Rule and deadline after; absent: the clock is not there any more.
    pub after: Option<(String, Option<String>)>,
    /// In Chinese.
    pub text: String,
}

/// Explains every clock of an order.
///
/// # Errors
/// The mistakes in the case; `file` is only named in them.
pub fn explanations<'p>(
    engine: &'p Engine<'p>,
    case: &Case,
    file: &str,
) -> Result<(Report, Vec<Explanation<'p>>), Mistakes> {
    let report = engine.input(case, file)?.report(case.now.0);
    let prefixes = prefixes(engine, case, file);
    let found = report.targets.iter().enumerate().map(|(index, clock)| {
        let last = !report.targets.iter().skip(index + 1).any(|other| other.target == clock.target);
        let rule = engine.profile().rule(&clock.rule);
        Explanation {
            clause: rule.map_or("", |rule| rule.definition.as_str()),
            text: engine.profile().row("sla", &clock.rule).and_then(|row| row.text.as_deref()),
            days: days(engine, clock),
            notes: rule.map(|rule| notes(engine, rule, clock, case)).unwrap_or_default(),
            settings: settings_used(
                engine.profile(),
                case.object.as_deref(),
                clock,
                case.events.iter().any(|event| event.kind == EventKind::Suspended),
            ),
            moves: if last { moves(&prefixes, clock.target) } else { Vec::new() },
            clock: clock.clone(),
        }
    });
    let found = found.collect();
    Ok((report, found))
}

/// The days behind a clock.
fn days<'p>(engine: &'p Engine<'p>, clock: &TargetClock) -> Vec<Day<'p>> {
    let date = |text: &String| parse_instant(text).ok().map(civil_date);
    let Some(from) = clock.starts_at.as_ref().and_then(date) else { return Vec::new() };
    let last = clock.segments.last().and_then(|segment| date(&segment.to));
    let to: Date = last.max(clock.deadline.as_ref().and_then(date)).unwrap_or(from);
    let dates = from.series(jiff::Span::new().days(1)).take(DAYS_MAX).take_while(|date| *date <= to);
    dates.map(|date| engine.calendar().day(date)).collect()
}

/// What the clause adds in words.
fn notes(engine: &Engine<'_>, rule: &Rule, clock: &TargetClock, case: &Case) -> Vec<String> {
    let mut found = Vec::new();
    let reported = case.events.iter().find(|event| event.kind == EventKind::Reported);
    let worked = reported.and_then(|event| engine.calendar().day(civil_date(event.at.0)).kind.is_worked());
    if rule.buyer_decides_on_days_off && worked == Some(false) {
        found.push(format!("报修日不是工作日，是否到场由采购人决定（{}）", rule.source));
    }
    if clock.limit.is_none() {
        found.push("文件没有写数字：只显示已用时间，不判按时或超时".to_owned());
    }
    let shares = |target: Target| rule.target(target).and_then(|promise| promise.limit) == clock.limit;
    let shared = matches!(clock.target, Target::Swap | Target::Restoration)
        && clock.limit.is_some()
        && rule.target(Target::Swap).is_some()
        && shares(Target::Swap)
        && shares(Target::Restoration);
    if shared {
        found.push("修复与换件共用这一时限，须留出换件的时间".to_owned());
    }
    let ends = rule.target(clock.target).map(|promise| promise.ends.as_slice()).unwrap_or_default();
    if clock.target == Target::Restoration && ends.len() > 1 {
        let ends: Vec<&str> = ends.iter().map(|kind| event_name(*kind)).collect();
        found.push(format!("以下任一项完成即止：{}", ends.join("、")));
    }
    found
}

/// What was agreed where the document is silent and bears on a clock, each as one sentence;
/// `suspended`: the order has been suspended.
#[must_use]
pub fn settings_used(
    profile: &Profile,
    object: Option<&str>,
    clock: &TargetClock,
    suspended: bool,
) -> Vec<String> {
    let settings = &profile.settings;
    let promise = profile.rule(&clock.rule).and_then(|rule| rule.target(clock.target));
    let mut used = Vec::new();
    if let (Some(limit), Some(promise)) = (clock.limit, promise) {
        used.extend(unit_meaning(limit, promise).map(str::to_owned));
        if promise.agreed {
            used.push(format!("时限 {} 由现场约定，代替文件所印（本项目约定）", limit_text(limit)));
        }
    }
    match promise.map(|promise| promise.calendar) {
        Some(TargetCalendar::Office) => used.push("只在办公时间内计时（本项目约定）".to_owned()),
        _ => used.push("自然时间连续计时，不分昼夜和节假日；文件没有写明只计工作时间".to_owned()),
    }
    if suspended {
        let stops = |reason: &&str| settings.stops(reason, &clock.rule, clock.target);
        used.push(pauses(settings.pause.iter().map(|pause| pause.reason.as_str()).filter(stops).collect()));
    }
    if let Some((id, class)) = object.and_then(|id| Some((id, profile.object(id)?.class?))) {
        let class = class_name(class.as_str());
        used.push(format!("对象 {id} 列为{class}（本项目约定）"));
    }
    let points = settings.warning_points(&clock.rule, clock.target);
    if !points.is_empty() && clock.limit.is_some() {
        let points: Vec<String> = points.iter().map(|percent| format!("{percent}%")).collect();
        used.push(format!("用去 {} 时预警（本项目约定）", points.join("、")));
    }
    let over = clock.remaining_minutes.filter(|left| *left < 0);
    if clock.state == State::Breached || over.is_some() {
        let over = over.map(|left| format!("，已超 {}", minutes_text(left))).unwrap_or_default();
        used.push(format!("恰在时限那一刻完成算按时{over}"));
    }
    used
}

fn unit_meaning(limit: Limit, promise: &RuleTarget) -> Option<&'static str> {
    match (limit.unit, promise.day, promise.workday) {
        (LimitUnit::Minute, ..) => None,
        (LimitUnit::Day, DayMeaning::EndOfDate, _) => Some("第末天 24:00 为止（本项目约定）"),
        (LimitUnit::Day, ..) => Some("一天按 24 小时计（本项目约定）"),
        (LimitUnit::Workday, _, WorkdayMeaning::EndOfDate) => {
            Some("工作日自起算日的次日数起，到第末个工作日 24:00 为止（本项目约定）")
        }
        (LimitUnit::Workday, ..) => Some("工作日自起算日的次日数起，到第末个工作日下班为止（本项目约定）"),
    }
}

fn pauses(listed: Vec<&str>) -> String {
    if listed.is_empty() {
        return "合同没有列出停表理由，现场也未约定：挂起只作记录，照常计时（本项目约定）".to_owned();
    }
    format!("只有因“{}”挂起才停表（本项目约定）", listed.join("”“"))
}

/// The order after each of its events: the event, and the clocks as they then stood.
struct Prefix {
    at: String,
    kind: EventKind,
    late: bool,
    clocks: Vec<TargetClock>,
}

fn prefixes(engine: &Engine<'_>, case: &Case, file: &str) -> Vec<Prefix> {
    let order = case.sequence();
    let mut found = Vec::with_capacity(order.len());
    for count in 1..=order.len() {
        let events = order.iter().take(count).filter_map(|index| case.event(*index).cloned()).collect();
        let Some((position, event)) = order.get(count - 1).and_then(|at| Some((*at, case.event(*at)?)))
        else {
            continue;
        };
        let then = Case { events, now: event.at, ..case.clone() };
        let Ok(input) = engine.input(&then, file) else { continue };
        found.push(Prefix {
            at: crate::calendar::format_instant(event.at.0),
            kind: event.kind,
            late: case.events.iter().take(position).any(|earlier| earlier.at > event.at),
            clocks: input.report(then.now.0).targets,
        });
    }
    found
}

/// Events after which a target has another rule or deadline.
fn moves(prefixes: &[Prefix], target: Target) -> Vec<Move> {
    let mut before: Option<(String, Option<String>)> = None;
    let mut found = Vec::new();
    for prefix in prefixes {
        let clock = prefix.clocks.iter().rfind(|clock| clock.target == target);
        let after = clock.map(|clock| (clock.rule.clone(), clock.deadline.clone()));
        if after != before {
            let text = move_text(prefix, before.as_ref(), after.as_ref());
            let (at, kind, late) = (prefix.at.clone(), prefix.kind, prefix.late);
            found.push(Move { at, kind, late, before: before.take(), after: after.clone(), text });
        }
        before = after;
    }
    found
}

fn move_text(
    prefix: &Prefix,
    before: Option<&(String, Option<String>)>,
    after: Option<&(String, Option<String>)>,
) -> String {
    let due = |terms: &(String, Option<String>)| terms.1.as_deref().map_or("尚无".to_owned(), short);
    let what = match (before, after) {
        (None, Some(after)) => format!("起用规则 {}，时限 {}", after.0, due(after)),
        (Some(before), None) => format!("规则 {} 不再适用，原时限 {}", before.0, due(before)),
        (Some(before), Some(after)) if before.0 == after.0 => {
            format!("规则 {}，时限 {} → {}", after.0, due(before), due(after))
        }
        (Some(before), Some(after)) => {
            format!("规则 {} → {}，时限 {} → {}", before.0, after.0, due(before), due(after))
        }
        (None, None) => String::new(),
    };
    let late = if prefix.late { "（补记）" } else { "" };
    format!("{} {}{late}：{what}", short(&prefix.at), event_name(prefix.kind))
}

/// `2025-10-09 08:00` of an RFC 3339 instant, with seconds only where there are any.
fn short(instant: &str) -> String {
    let text = instant.get(..19).unwrap_or(instant).replace('T', " ");
    text.strip_suffix(":00").map_or(text.clone(), str::to_owned)
}

/// Everything in Chinese: the level, one block per clock, the rules that match.
#[must_use]
pub fn explain(report: &Report, explained: &[Explanation<'_>]) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "级别：{}", report.level.as_deref().unwrap_or("未定"));
    for one in explained {
        let _ = write_clock(&mut out, one);
    }
    let _ = writeln!(out, "\n适用的规则（＊为建议采用）：");
    for row in &report.matched {
        let mark = if row.suggested { "＊" } else { "　" };
        let needs: Vec<&str> = row.needs.iter().map(|need| need_text(*need)).collect();
        let needs = if needs.is_empty() { String::new() } else { format!("（缺{}）", needs.join("、")) };
        let _ = writeln!(
            out,
            "{mark}{} {} [{}] {}{needs}",
            target_name(row.target),
            row.rule,
            source_text(&row.source),
            row.why.text()
        );
    }
    out
}

fn write_clock(out: &mut String, one: &Explanation<'_>) -> std::fmt::Result {
    let clock = &one.clock;
    let limit = clock.limit.map_or("未写明时限".to_owned(), limit_text);
    writeln!(out, "\n【{}】{}，{limit}", target_name(clock.target), state_name(clock.state))?;
    writeln!(out, "  规则 {} [{}] {}", clock.rule, source_text(&clock.source), one.clause)?;
    if let Some(text) = one.text {
        writeln!(out, "  原文 “{}”", text.replace(['\t', '\n'], " "))?;
    }
    if let Some(start) = &clock.starts_at {
        writeln!(out, "  起算 {}", short(start))?;
    }
    if let Some(deadline) = &clock.deadline {
        writeln!(out, "  时限 {}", short(deadline))?;
    }
    if let (Some(at), Some(by)) = (&clock.ended_at, clock.ended_by) {
        writeln!(out, "  结束 {}，{}", short(at), event_name(by))?;
    }
    write!(out, "  已计 {}", minutes_text(clock.counted_minutes))?;
    match clock.remaining_minutes {
        Some(left) if left < 0 => writeln!(out, "，已超 {}", minutes_text(left))?,
        Some(left) => writeln!(out, "，还剩 {}", minutes_text(left))?,
        None => writeln!(out)?,
    }
    for segment in &clock.segments {
        let counted = if segment.counted { "计　" } else { "不计" };
        writeln!(out, "  {counted} {} 至 {}：{}", short(&segment.from), short(&segment.to), segment.text)?;
    }
    write_days(out, &one.days)?;
    for text in &one.notes {
        writeln!(out, "  合同 {text}")?;
    }
    for text in &one.settings {
        writeln!(out, "  约定 {text}")?;
    }
    for moved in &one.moves {
        writeln!(out, "  变化 {}", moved.text)?;
    }
    Ok(())
}

/// The days that are not plain workdays, each with what it is.
fn write_days(out: &mut String, days: &[Day<'_>]) -> std::fmt::Result {
    use crate::calendar::DayKind;
    let words = |day: &Day<'_>| {
        let kind = match day.kind {
            DayKind::Workday => return None,
            DayKind::Statutory => "法定假日",
            DayKind::Substitute => "补假",
            DayKind::Bridge => "调休放假",
            DayKind::Makeup => "调休补班",
            DayKind::Weekend => "周末",
            DayKind::Unannounced => "放假安排尚未公布",
        };
        let holiday = day.holiday.map(|name| format!("·{name}")).unwrap_or_default();
        Some(format!("{} {kind}{holiday}", day.date))
    };
    let words: Vec<String> = days.iter().filter_map(words).collect();
    if words.is_empty() { Ok(()) } else { writeln!(out, "  日历 {}", words.join("，")) }
}

fn need_text(need: Need) -> &'static str {
    match need {
        Need::Level => "级别",
        Need::Rule => "选定的规则",
        Need::Windows => "时段",
        Need::Calendar => "放假安排",
    }
}
