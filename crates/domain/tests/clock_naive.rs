//! The clock against a naive model that walks minute by minute.
//!
//! The model is written from docs of the interface, not from the engine: it takes from a profile only what
//! its rules say (data), knows the holidays of autumn 2025 by heart, and shares no function with the engine.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets a surprise should stop there"
)]

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use zaigang_domain::calendar::Calendar;
use zaigang_domain::clock::{
    At, Case, CaseEvent, Engine, EventKind, LimitUnit, State, Target, TargetCalendar, TargetClock,
};
use zaigang_domain::contract::{Profile, Rule, RuleTarget, SHIPPED, Scope, Start, Text, shipped};

const CASES: u64 = 10_000;
const DAY: i64 = 1440;
/// Minutes that the model knows: September 26 to December 2025.
const HORIZON: i64 = 90 * DAY;

/// Days since Friday 26 September 2025 that are off, by the notice for 2025; 28 September (2) and
/// 11 October (15) are a Sunday and a Saturday to be worked.
fn is_worked(day: i64) -> bool {
    let weekend = matches!(day.rem_euclid(7), 1 | 2);
    let holiday = (5..=12).contains(&day);
    matches!(day, 2 | 15) || !(weekend || holiday)
}

// ---- the model

/// A contract for the model: its rules, and its office hours as minutes of a worked day.
struct Site<'p> {
    profile: &'p Profile,
    hours: Vec<(i64, i64)>,
    /// Reason that stops clocks.
    stops: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq)]
struct Event {
    at: i64,
    kind: EventKind,
    level: Option<String>,
    reason: Option<&'static str>,
    chosen: Option<(String, Target)>,
}

/// A random order in minutes since midnight of 26 September 2025.
#[derive(Debug, Clone)]
struct Order {
    object: Option<String>,
    level: Option<String>,
    rule: Option<String>,
    windows: BTreeMap<String, Vec<(i64, i64)>>,
    /// Sorted; the first is the report.
    events: Vec<Event>,
    now: i64,
}

/// What the model says of one clock.
#[derive(Debug, Clone, PartialEq)]
struct Expected {
    target: Target,
    rule: String,
    starts_at: Option<i64>,
    deadline: Option<i64>,
    state: State,
    ended: Option<(i64, EventKind)>,
    counted: i64,
    remaining: Option<i64>,
    /// For each minute from the start to the end or now: does it count.
    minutes: Vec<bool>,
}

type Promise<'p> = (&'p Rule, &'p RuleTarget);

struct Model<'a, 'p> {
    site: &'a Site<'p>,
    order: &'a Order,
    /// (level, number of events seen while it held), in order.
    levels: Vec<(Option<String>, usize)>,
}

impl<'a, 'p> Model<'a, 'p> {
    fn new(site: &'a Site<'p>, order: &'a Order) -> Self {
        let mut levels = Vec::new();
        let mut level = order.level.clone();
        for (index, event) in order.events.iter().enumerate() {
            if event.kind == EventKind::LevelChanged {
                levels.push((level, index));
                level = event.level.clone();
            }
        }
        levels.push((level, order.events.len()));
        Self { site, order, levels }
    }

    fn lineage(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut next = self.order.object.clone();
        while let Some(id) = next {
            next = self.site.profile.objects.iter().find(|o| o.id == id).and_then(|o| o.parent.clone());
            found.push(id);
        }
        found
    }

    fn reaches(&self, rule: &Rule) -> bool {
        let lineage = self.lineage();
        match &rule.scope {
            Scope::Objects(ids) => ids.iter().any(|id| lineage.contains(id)),
            Scope::Whole { except } => !except.iter().any(|id| lineage.contains(id)),
        }
    }

    /// Whether the fault started when the rule wants it to; `None`: not known.
    fn started_right(&self, rule: &Rule) -> Option<bool> {
        let Some(window) = &rule.window else { return Some(true) };
        let at = self.order.events[0].at;
        let in_hours = |hours: &[(i64, i64)]| {
            is_worked(at.div_euclid(DAY)) && hours.iter().any(|(from, to)| (*from..*to).contains(&(at % DAY)))
        };
        let inside = match &window.name {
            None => {
                let hours: Vec<(i64, i64)> =
                    window.hours.iter().map(|w| (i64::from(w.from), i64::from(w.to))).collect();
                in_hours(&hours)
            }
            Some(name) => match self.order.windows.get(name) {
                Some(pairs) => pairs.iter().any(|(from, to)| (*from..*to).contains(&at)),
                None if self.site.profile.office_windows.contains(name) && !self.site.hours.is_empty() => {
                    in_hours(&self.site.hours)
                }
                None => return None,
            },
        };
        Some(inside == window.inside)
    }

    /// The one most specific rule for a target at a level.
    fn suggested(&self, target: Target, level: Option<&str>) -> Option<Promise<'p>> {
        let profile: &'p Profile = self.site.profile;
        let own_scheme = profile.rules.iter().any(|rule| {
            rule.level.is_some() && matches!(rule.scope, Scope::Objects(_)) && self.reaches(rule)
        });
        let ready = |rule: &&Rule| {
            let own = matches!(rule.scope, Scope::Objects(_));
            let level_fits = match &rule.level {
                None => true,
                Some(of) => Some(of.as_str()) == level && own == own_scheme,
            };
            level_fits && !rule.choose && self.reaches(rule) && self.started_right(rule) == Some(true)
        };
        let promised = profile.rules.iter().filter(ready).flat_map(|rule| {
            rule.targets.iter().filter(|one| one.target == target).map(move |one| (rule, one))
        });
        let mut promised: Vec<Promise<'p>> = promised.collect();
        if promised.iter().any(|(_, one)| one.limit.is_some()) {
            promised.retain(|(_, one)| one.limit.is_some());
        }
        let rank = |rule: &Rule| {
            2 * u8::from(matches!(rule.scope, Scope::Objects(_))) + u8::from(rule.level.is_some())
        };
        let best = promised.iter().map(|(rule, _)| rank(rule)).max()?;
        promised.retain(|(rule, _)| rank(rule) == best);
        (promised.len() == 1).then(|| promised[0])
    }

    /// The rule that a person chose for a target: the last choice, else the forced rule.
    fn chosen(&self, target: Target) -> Option<Promise<'p>> {
        let profile: &'p Profile = self.site.profile;
        let find = |id: &str| {
            let rule = profile.rules.iter().find(|rule| rule.id == id)?;
            Some((rule, rule.targets.iter().find(|one| one.target == target)?))
        };
        let choices = self.order.events.iter().filter_map(|event| event.chosen.as_ref());
        let last = choices.rev().find(|(_, of)| *of == target);
        match last {
            Some((id, _)) => find(id),
            None => find(self.order.rule.as_deref()?),
        }
    }

    fn choice(&self, target: Target, stage: usize) -> Option<Promise<'p>> {
        self.chosen(target).or_else(|| self.suggested(target, self.levels[stage].0.as_deref()))
    }

    fn first(&self, until: usize, wanted: impl Fn(usize, EventKind) -> bool) -> Option<usize> {
        (0..until).find(|index| wanted(*index, self.order.events[*index].kind))
    }

    fn at(&self, index: usize) -> i64 {
        self.order.events[index].at
    }

    fn end(&self, index: usize) -> (i64, EventKind) {
        (self.at(index), self.order.events[index].kind)
    }

    /// Stretches between a restoration and the reopening that undid it, and what ends the target for good.
    fn continued(&self, ends: &[EventKind], until: usize) -> (Vec<(i64, i64)>, Option<usize>) {
        let mut gaps = Vec::new();
        let (mut stopped, mut ended) = (None, None);
        for index in 0..until {
            let kind = self.order.events[index].kind;
            if kind == EventKind::Reopened {
                gaps.extend(stopped.map(|from| (self.at(from), self.at(index))));
                (stopped, ended) = (None, None);
                continue;
            }
            if ends.contains(&kind) {
                ended = ended.or(Some(index));
            }
            if kind == EventKind::Restored || ends.contains(&kind) {
                stopped = stopped.or(Some(index));
            }
        }
        (gaps, ended)
    }

    fn reopened_since(&self, index: usize) -> bool {
        self.order.events[index..].iter().any(|event| event.kind == EventKind::Reopened)
    }

    fn restorations(&self) -> Vec<Expected> {
        let mut found = Vec::new();
        for stage in 0..self.levels.len() {
            let Some((rule, promise)) = self.choice(Target::Restoration, stage) else { continue };
            let until = self.levels[stage].1;
            let (gaps, ended) = self.continued(&promise.ends, until);
            let start = match promise.start {
                Start::Arrived => self
                    .first(ended.unwrap_or(until), |_, kind| kind == EventKind::Arrived)
                    .map(|i| self.at(i)),
                _ => Some(self.at(0)),
            };
            let clock = |end| self.clock((rule, promise), start, end, false, &gaps);
            if stage + 1 == self.levels.len() {
                found.push(clock(ended.map(|index| self.end(index))));
            } else if let Some(ended) = ended {
                if !self.reopened_since(until) {
                    found.push(clock(Some(self.end(ended))));
                    break;
                }
            } else {
                let next = self.levels[stage + 1].0.as_ref();
                let lowered = next.is_some_and(|level| rule.downgrade_to.contains(level));
                if lowered && self.chosen(Target::Restoration).is_none() {
                    found.push(clock(Some(self.end(until))));
                }
            }
        }
        found
    }

    fn report(&self) -> Option<Expected> {
        for stage in 0..self.levels.len() {
            let Some((rule, promise)) = self.choice(Target::Report, stage) else { continue };
            let until = self.levels[stage].1;
            let (gaps, ended) = self.continued(&promise.ends, until);
            let last = stage + 1 == self.levels.len();
            if !last && (ended.is_none() || self.reopened_since(until)) {
                continue;
            }
            let before = ended.unwrap_or(until);
            let start = match promise.start {
                Start::Restored => {
                    let mut standing = None;
                    for index in 0..before {
                        match self.order.events[index].kind {
                            EventKind::Restored => standing = Some(self.at(index)),
                            EventKind::Reopened => standing = None,
                            _ => {}
                        }
                    }
                    standing
                }
                _ => Some(self.at(0)),
            };
            return Some(self.clock((rule, promise), start, ended.map(|i| self.end(i)), false, &gaps));
        }
        None
    }

    /// When the order was restored: by the event itself, or by what ends the restoration of its rule.
    fn restored(&self, stage: usize) -> Option<usize> {
        (0..=stage).find_map(|stage| {
            let ends = self.choice(Target::Restoration, stage).map(|(_, promise)| promise.ends.clone());
            self.first(self.levels[stage].1, |_, kind| {
                kind == EventKind::Restored || ends.as_ref().is_some_and(|ends| ends.contains(&kind))
            })
        })
    }

    fn single(&self, target: Target, restoration: Option<&Expected>) -> Option<Expected> {
        for stage in 0..self.levels.len() {
            let Some((rule, promise)) = self.choice(target, stage) else { continue };
            let until = self.levels[stage].1;
            let own = self.first(until, |index, kind| {
                let helped = |kind| kind == EventKind::RemoteFailed;
                let early = target == Target::Dispatch
                    && kind == EventKind::Dispatched
                    && !self.order.events[..index].iter().any(|event| helped(event.kind));
                promise.ends.contains(&kind) && !early
            });
            let restored = self.restored(stage).filter(|index| own.is_none_or(|own| own > *index));
            // What starts a clock must come before what ends it.
            let before = restored.or(own).unwrap_or(until);
            let start = match promise.start {
                Start::RemoteFailed => {
                    self.first(before, |_, kind| kind == EventKind::RemoteFailed).map(|_| self.at(0))
                }
                Start::RestorationMissed => restoration.and_then(|restoration| {
                    let due = restoration.deadline?;
                    let in_time = restoration.ended.is_some_and(|(at, _)| at <= due);
                    let given = own.is_some_and(|own| self.at(own) <= due);
                    let passed = restoration.ended.is_some() || own.is_some() || self.order.now > due;
                    (!in_time && !given && passed).then_some(due)
                }),
                _ => Some(self.at(0)),
            };
            let last = stage + 1 == self.levels.len();
            let Some(restored) = restored else {
                if last || own.is_some() {
                    let end = own.map(|index| self.end(index));
                    return Some(self.clock((rule, promise), start, end, false, &[]));
                }
                continue;
            };
            let start = start.filter(|start| *start <= self.at(restored));
            let at_restoration = self.clock((rule, promise), start, Some(self.end(restored)), false, &[]);
            let overdue = at_restoration.deadline.is_some_and(|due| due < self.at(restored));
            if !overdue {
                let end = Some(self.end(restored));
                return Some(self.clock((rule, promise), start, end, true, &[]));
            }
            if last || own.is_some() {
                let end = own.map(|index| self.end(index));
                return Some(self.clock((rule, promise), start, end, false, &[]));
            }
        }
        None
    }

    /// Walks a clock minute by minute.
    fn clock(
        &self,
        (rule, promise): Promise<'p>,
        start: Option<i64>,
        ended: Option<(i64, EventKind)>,
        void: bool,
        gaps: &[(i64, i64)],
    ) -> Expected {
        let stop = ended.map_or(self.order.now, |(at, _)| at);
        // An open stretch has no end; what begins when the clock has ended does not matter to it.
        let limit_of = |to: i64| ended.map_or(to, |(at, _)| to.min(at));
        let mut stops: Vec<(i64, i64)> = gaps.iter().map(|(from, to)| (*from, limit_of(*to))).collect();
        stops.extend(self.suspensions().into_iter().map(|(from, to)| (from, limit_of(to))));
        stops.retain(|(from, to)| from < to && start.is_some_and(|start| *to > start));
        let stopped = |minute: i64| stops.iter().find(|(from, to)| (*from..*to).contains(&minute)).copied();
        let office = promise.calendar == TargetCalendar::Office
            && promise.limit.is_some_and(|limit| limit.unit == LimitUnit::Minute);
        let open = |minute: i64| {
            let hours = &self.site.hours;
            !office
                || is_worked(minute.div_euclid(DAY))
                    && hours.iter().any(|(from, to)| (*from..*to).contains(&minute.rem_euclid(DAY)))
        };
        let counts = |minute: i64| stopped(minute).is_none() && open(minute);
        let minutes: Vec<bool> = start.map(|start| (start..stop).map(counts).collect()).unwrap_or_default();
        let counted = i64::try_from(minutes.iter().filter(|counts| **counts).count()).unwrap();

        // The deadline: walk until the limit is used up; then wait out a stop that begins there.
        let (mut due, mut held) = (None, false);
        if let (Some(start), Some(limit)) = (start, promise.limit) {
            let value = i64::from(limit.value);
            let need = match limit.unit {
                LimitUnit::Minute => value,
                LimitUnit::Day => value * DAY,
                LimitUnit::Workday => self.end_of_workday(start, value) - start,
            };
            let counts =
                |minute: i64| stopped(minute).is_none() && (limit.unit != LimitUnit::Minute || open(minute));
            let (mut minute, mut left) = (start, need);
            while left > 0 && minute < HORIZON {
                left -= i64::from(counts(minute));
                minute += 1;
            }
            while let Some((_, to)) = stopped(minute).filter(|_| left == 0) {
                minute = to;
            }
            held = minute >= HORIZON;
            due = (!held).then_some(minute);
        }
        let judged = promise.limit.is_some();
        let state = match (ended, start) {
            (Some(_), _) if void => State::Void,
            (Some(_), _) if !judged => State::NoLimit,
            (Some((at, _)), Some(_)) if due.is_some_and(|due| at > due) => State::Breached,
            (Some(_), _) => State::Met,
            (None, None) => State::Waiting,
            (None, _) if !judged => State::NoLimit,
            (None, _) if held => State::Paused,
            (None, _) if due.is_some_and(|due| self.order.now > due) => State::MissedOpen,
            (None, _) => State::Running,
        };
        let remaining = match (promise.limit, due) {
            _ if ended.is_some() || start.is_none() => None,
            (None, _) => None,
            (Some(limit), _) if limit.unit == LimitUnit::Minute => Some(i64::from(limit.value) - counted),
            (Some(_), Some(due)) => Some(due - self.order.now),
            (Some(limit), None) => {
                (limit.unit == LimitUnit::Day).then(|| i64::from(limit.value) * DAY - counted)
            }
        };
        Expected {
            target: promise.target,
            rule: rule.id.clone(),
            starts_at: start,
            deadline: due.filter(|_| !void),
            state,
            ended,
            counted,
            remaining,
            minutes,
        }
    }

    /// Suspensions that stop clocks; an open one lasts for ever.
    fn suspensions(&self) -> Vec<(i64, i64)> {
        let mut found: Vec<(i64, i64, bool)> = Vec::new();
        for event in &self.order.events {
            match event.kind {
                EventKind::Suspended => {
                    found.push((
                        event.at,
                        HORIZON,
                        event.reason.is_some() && event.reason == self.site.stops,
                    ));
                }
                EventKind::Resumed => found.last_mut().unwrap().1 = event.at,
                _ => {}
            }
        }
        found.into_iter().filter(|(.., stops)| *stops).map(|(from, to, _)| (from, to)).collect()
    }

    fn end_of_workday(&self, start: i64, count: i64) -> i64 {
        let mut day = start.div_euclid(DAY);
        let mut left = count;
        while left > 0 {
            day += 1;
            left -= i64::from(is_worked(day));
        }
        day * DAY + self.site.hours.last().map_or(DAY, |(_, to)| *to)
    }

    fn all(&self) -> Vec<Expected> {
        let restorations = self.restorations();
        let mut found = Vec::new();
        for target in Target::ALL {
            match target {
                Target::Restoration => found.extend(restorations.iter().cloned()),
                Target::Report => found.extend(self.report()),
                _ => found.extend(self.single(*target, restorations.last())),
            }
        }
        found
    }
}

// ---- random orders

/// SplitMix64: the same orders on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        if items.is_empty() { None } else { Some(&items[self.below(items.len())]) }
    }

    fn minutes(&mut self, most: usize) -> i64 {
        i64::try_from(self.below(most)).unwrap()
    }
}

const WINDOWS: [&str; 3] = ["上班时间", "工作时间", "关键运行时段"];

fn order(random: &mut Random, site: &Site<'_>) -> Order {
    let profile = site.profile;
    let with_rules: Vec<&str> = profile
        .rules
        .iter()
        .filter_map(|rule| match &rule.scope {
            Scope::Objects(ids) => ids.first().map(String::as_str),
            Scope::Whole { .. } => None,
        })
        .collect();
    let object = match random.below(5) {
        0 => None,
        1 => random.pick(&profile.objects).map(|object| object.id.clone()),
        _ => random.pick(&with_rules).map(|id| (*id).to_owned()),
    };
    let levels: Vec<String> = profile.levels(object.as_deref()).into_iter().map(str::to_owned).collect();
    let level = if random.one_in(5) { None } else { random.pick(&levels).cloned() };
    let rules: Vec<&Rule> = profile.rules.iter().filter(|rule| !rule.targets.is_empty()).collect();
    let rule = if random.one_in(6) { random.pick(&rules).map(|rule| rule.id.clone()) } else { None };
    let reported = random.minutes(20 * 1440);
    let mut windows = BTreeMap::new();
    for name in WINDOWS {
        if random.one_in(2) {
            let from = reported - random.minutes(600);
            windows.insert(name.to_owned(), vec![(from, from + random.minutes(900))]);
        }
    }
    let mut events =
        vec![Event { at: reported, kind: EventKind::Reported, level: None, reason: None, chosen: None }];
    let mut at = reported;
    for _ in 0..random.below(11) {
        at += match random.below(5) {
            0 => 0,
            1 => random.minutes(20),
            2 | 3 => random.minutes(300),
            _ => random.minutes(4000),
        };
        // Often exactly where a limit runs out.
        if random.one_in(6) {
            let limits: Vec<i64> = rules
                .iter()
                .flat_map(|rule| &rule.targets)
                .filter_map(|one| one.limit.filter(|limit| limit.unit == LimitUnit::Minute))
                .map(|limit| reported + i64::from(limit.value))
                .filter(|due| *due >= at)
                .collect();
            at = random.pick(&limits).copied().unwrap_or(at);
        }
        let kind = *random.pick(EventKind::ALL).unwrap();
        let mut event = Event { at, kind, level: None, reason: None, chosen: None };
        match kind {
            EventKind::Reported => continue,
            EventKind::LevelChanged => match random.pick(&levels) {
                Some(level) => event.level = Some(level.clone()),
                None => continue,
            },
            EventKind::Suspended => event.reason = Some(if random.one_in(2) { "停" } else { "等" }),
            EventKind::RuleChosen => {
                let rule = random.pick(&rules).unwrap();
                let target = random.pick(&rule.targets).unwrap().target;
                event.chosen = Some((rule.id.clone(), target));
            }
            _ => {}
        }
        if is_legal(&events, &event) {
            events.push(event);
        }
    }
    let now = at + if random.one_in(3) { 0 } else { random.minutes(6000) };
    Order { object, level, rule, windows, events, now }
}

fn is_legal(before: &[Event], event: &Event) -> bool {
    let last = |kinds: &[EventKind]| before.iter().rev().map(|e| e.kind).find(|kind| kinds.contains(kind));
    let suspended = last(&[EventKind::Suspended, EventKind::Resumed]) == Some(EventKind::Suspended);
    let restored = last(&[EventKind::Restored, EventKind::Reopened]) == Some(EventKind::Restored);
    let closed = last(&[EventKind::Closed, EventKind::Reopened]) == Some(EventKind::Closed);
    let after_close =
        matches!(event.kind, EventKind::ReportSubmitted | EventKind::RuleChosen | EventKind::Reopened);
    match event.kind {
        _ if closed && !after_close => false,
        EventKind::Suspended => !suspended,
        EventKind::Resumed => suspended,
        EventKind::Restored => !restored,
        EventKind::Reopened => restored || closed,
        _ => true,
    }
}

// ---- the comparison

fn instant(minute: i64) -> Timestamp {
    "2025-09-26T00:00:00+08:00".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute)
}

fn minute(text: &str) -> i64 {
    let since = text.parse::<Timestamp>().unwrap().duration_since(instant(0));
    assert_eq!(since.as_secs() % 60, 0, "{text}");
    since.as_secs() / 60
}

fn case(order: &Order) -> Case {
    let event = |event: &Event| CaseEvent {
        level: event.level.clone(),
        reason: event.reason.map(str::to_owned),
        rule: event.chosen.as_ref().map(|(rule, _)| rule.clone()),
        target: event.chosen.as_ref().map(|(_, target)| *target),
        ..CaseEvent::new(instant(event.at), event.kind)
    };
    let pairs = |pairs: &Vec<(i64, i64)>| {
        pairs.iter().map(|(from, to)| [At(instant(*from)), At(instant(*to))]).collect()
    };
    Case {
        object: order.object.clone(),
        division: None,
        rule: order.rule.clone(),
        level: order.level.clone(),
        facts: None,
        windows: order.windows.iter().map(|(name, of)| (name.clone(), pairs(of))).collect(),
        events: order.events.iter().map(event).collect(),
        now: At(instant(order.now)),
    }
}

fn found(clock: &TargetClock) -> Expected {
    let minutes = clock.segments.iter().flat_map(|segment| {
        let span = minute(&segment.to) - minute(&segment.from);
        std::iter::repeat_n(segment.counted, usize::try_from(span).unwrap())
    });
    Expected {
        target: clock.target,
        rule: clock.rule.clone(),
        starts_at: clock.starts_at.as_deref().map(minute),
        deadline: clock.deadline.as_deref().map(minute),
        state: clock.state,
        ended: clock.ended_at.as_deref().map(minute).zip(clock.ended_by),
        counted: clock.counted_minutes,
        remaining: clock.remaining_minutes,
        minutes: minutes.collect(),
    }
}

/// A contract with its office hours and the reason that stops its clocks.
type Agreed = (Profile, Vec<(i64, i64)>, Option<&'static str>);

/// The shipped contracts, and three with office hours, a reason that stops clocks and clocks on hours.
fn profiles() -> Vec<Agreed> {
    let plain = SHIPPED.iter().map(|shipped| {
        let profile = shipped.load().unwrap();
        let printed = profile.facts.working_hours.as_ref().map(|hours| hours.onsite_slots.clone());
        let hours =
            printed.unwrap_or_default().iter().map(|w| (i64::from(w.from), i64::from(w.to))).collect();
        (profile, hours, None)
    });
    let hours = vec![(8 * 60, 12 * 60), (15 * 60, 24 * 60)];
    let agreed = [
        ("guangxi-police", "[[calendar]]\nrules = [\"L1\", \"L2\", \"L3\", \"L4\"]\ncalendar = \"office\"\n"),
        ("xuchang", "[[calendar]]\ntargets = [\"restoration\", \"report\"]\ncalendar = \"office\"\n"),
        ("shaanxi-civil", "[[calendar]]\ncalendar = \"office\"\n"),
    ];
    let agreed = agreed.into_iter().map(|(id, more)| {
        let texts = shipped(id).unwrap();
        let settings = format!(
            "contract = \"{id}\"\n[[office_hours]]\nwindows = [\"08:00-12:00\", \"15:00-24:00\"]\n[[pause]]\nreason = \"停\"\n{more}"
        );
        let settings = Text { file: "s", text: &settings };
        let profile = Profile::load(id, texts.facts, Some(texts.reading), Some(settings)).unwrap();
        (profile, hours.clone(), Some("停"))
    });
    plain.chain(agreed).collect()
}

#[test]
fn ten_thousand_random_orders_agree_with_a_walk_over_every_minute() {
    let profiles = profiles();
    let calendar = Calendar::builtin();
    let engines: Vec<Engine<'_>> =
        profiles.iter().map(|(profile, ..)| Engine::new(profile, &calendar)).collect();
    let mut states: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 0..CASES {
        let mut random = Random(seed);
        let which = random.below(profiles.len());
        let (profile, hours, stops) = &profiles[which];
        let site = Site { profile, hours: hours.clone(), stops: *stops };
        let order = order(&mut random, &site);
        let report = engines[which].input(&case(&order), "case").unwrap().report(instant(order.now));
        let engine: Vec<Expected> = report.targets.iter().map(found).collect();
        let model = Model::new(&site, &order).all();
        let brief = |clocks: &[Expected]| -> Vec<Expected> {
            clocks.iter().map(|clock| Expected { minutes: Vec::new(), ..clock.clone() }).collect()
        };
        assert_eq!(brief(&engine), brief(&model), "seed {seed}, {}: {order:#?}", profile.id);
        assert_eq!(engine, model, "segments of seed {seed}");
        for clock in &model {
            *states.entry(clock.state.as_str()).or_default() += 1;
        }
    }
    // The orders are not all alike: every state was met often.
    assert_eq!(states.len(), State::ALL.len(), "{states:?}");
    assert!(states.values().all(|count| *count > 200), "{states:?}");
}
