//! The clock of one order: built once from its case, then asked as often as the wall needs.
//!
//! [`Engine`] holds what all orders of a contract share; [`ClockInput`] what one order owes. A deadline
//! or state at another moment needs no allocation; [`ClockInput::report`] gives the full account.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::case::Case;
use super::code::Why;
use super::kind::{EventKind, LimitUnit, State, Target};
use super::level::level_of;
use super::report::{Matched, Report, Segment, TargetClock};
use super::select::{Candidate, Selection};
use super::slot::{
    Due, End, Slot, SlotStart, Span, ceil_minutes, due_after, floor_minutes, microseconds,
    runs_on_office_hours,
};
use super::timeline::{Suspension, Timeline};
use crate::calendar::{Calendar, DAY, WorkTime, civil_date, end_of_work, format_instant, instant, midnight};
use crate::contract::{DayMeaning, Profile, Rule, RuleTarget, Start, WorkdayMeaning};
use crate::mistake::Mistakes;

/// A contract and a calendar, ready to count.
#[derive(Debug, Clone)]
pub struct Engine<'p> {
    profile: &'p Profile,
    calendar: &'p Calendar,
    /// Office hours by division; empty where no clock runs on them.
    work: BTreeMap<Option<String>, WorkTime>,
}

impl<'p> Engine<'p> {
    /// Compiles office hours where some clock of the contract runs on them.
    #[must_use]
    pub fn new(profile: &'p Profile, calendar: &'p Calendar) -> Self {
        let needed = profile.rules.iter().flat_map(|rule| &rule.targets).any(runs_on_office_hours);
        let divisions = profile.divisions.iter().cloned().map(Some).chain([None]).filter(|_| needed);
        let work = divisions
            .filter_map(|division| {
                WorkTime::compile(calendar, &profile.hours, division.as_deref()).map(|work| (division, work))
            })
            .collect();
        Self { profile, calendar, work }
    }

    /// Reads what one order owes from its case.
    ///
    /// # Errors
    /// The mistakes in the case; `file` is only named in them.
    pub fn input(&'p self, case: &Case, file: &str) -> Result<ClockInput<'p>, Mistakes> {
        case.check(self.profile, file)?;
        Ok(Builder::new(self, case).build())
    }

    /// The contract.
    #[must_use]
    pub fn profile(&self) -> &'p Profile {
        self.profile
    }

    /// The calendar.
    #[must_use]
    pub fn calendar(&self) -> &'p Calendar {
        self.calendar
    }

    fn work(&self, division: Option<&str>) -> Option<&WorkTime> {
        self.work.get(&division.map(str::to_owned)).or_else(|| self.work.get(&None))
    }
}

/// What one order owes.
#[derive(Debug, Clone)]
pub struct ClockInput<'p> {
    level: Option<String>,
    matched: Vec<Candidate<'p>>,
    slots: Vec<Slot<'p>>,
}

/// One clock at one moment, without its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tick<'p> {
    /// What it counts towards.
    pub target: Target,
    /// Its rule.
    pub rule: &'p Rule,
    /// How it stands.
    pub state: State,
    /// Last moment in time; `None` while waiting, paused, void or without a number.
    pub deadline: Option<Timestamp>,
    /// Whole minutes left, rounded up; negative when overdue; `None` once ended.
    pub remaining_minutes: Option<i64>,
}

impl<'p> ClockInput<'p> {
    /// The level at the moment the case was taken.
    #[must_use]
    pub fn level(&self) -> Option<&str> {
        self.level.as_deref()
    }

    /// Every rule that matches, by target.
    #[must_use]
    pub fn matched(&self) -> &[Candidate<'p>] {
        &self.matched
    }

    /// All clocks at a moment not before the last event.
    pub fn ticks(&self, now: Timestamp) -> impl Iterator<Item = Tick<'p>> + '_ {
        let now = now.as_microsecond();
        self.slots.iter().map(move |slot| Tick {
            target: slot.promise.target,
            rule: slot.rule,
            state: slot.state(now),
            deadline: slot.deadline(now).map(instant),
            remaining_minutes: slot.remaining_minutes(now),
        })
    }

    /// The nearest deadline that is neither met nor passed at a moment.
    #[must_use]
    pub fn next_deadline(&self, now: Timestamp) -> Option<Timestamp> {
        let now = now.as_microsecond();
        let running = self.slots.iter().filter(|slot| slot.state(now) == State::Running);
        running.filter_map(|slot| slot.deadline(now)).min().map(instant)
    }

    /// The full account at a moment not before the last event.
    #[must_use]
    pub fn report(&self, now: Timestamp) -> Report {
        let now = now.as_microsecond();
        Report {
            level: self.level.clone(),
            matched: self.matched.iter().map(matched).collect(),
            targets: self.slots.iter().map(|slot| clock(slot, now)).collect(),
        }
    }
}

fn matched(candidate: &Candidate<'_>) -> Matched {
    Matched {
        target: candidate.promise.target,
        rule: candidate.rule.id.clone(),
        source: source(candidate.rule, candidate.promise),
        suggested: candidate.suggested,
        why: candidate.why,
        needs: candidate.needs.clone(),
    }
}

fn source(rule: &Rule, promise: &RuleTarget) -> String {
    if promise.agreed { "setting".to_owned() } else { rule.source.clone() }
}

fn clock(slot: &Slot<'_>, now: i64) -> TargetClock {
    let text = |at: i64| format_instant(instant(at));
    TargetClock {
        target: slot.promise.target,
        rule: slot.rule.id.clone(),
        source: source(slot.rule, slot.promise),
        limit: slot.promise.limit,
        starts_at: slot.started(now).map(text),
        deadline: slot.deadline(now).map(text),
        state: slot.state(now),
        ended_at: slot.end.map(|end| text(end.at)),
        ended_by: slot.end.map(|end| end.by),
        counted_minutes: floor_minutes(slot.counted(now)),
        remaining_minutes: slot.remaining_minutes(now),
        segments: slot.segments(now).into_iter().map(segment).collect(),
    }
}

fn segment(span: Span) -> Segment {
    Segment {
        from: format_instant(instant(span.from)),
        to: format_instant(instant(span.to)),
        counted: matches!(span.why, Why::Running | Why::PauseNotInContract),
        why: span.why,
        text: span.why.text(),
    }
}

/// A stretch of an order at one level; `until` is the index of the event that ends it.
#[derive(Debug, Clone)]
struct Stage<'a, 'p> {
    level: Option<&'a str>,
    until: usize,
    candidates: Vec<Candidate<'p>>,
}

type Choice<'p> = (&'p Rule, &'p RuleTarget);

struct Builder<'a, 'p> {
    engine: &'p Engine<'p>,
    case: &'a Case,
    timeline: Timeline,
    selection: Selection<'p>,
    stages: Vec<Stage<'a, 'p>>,
    chosen: BTreeMap<Target, Choice<'p>>,
    work: Option<&'p WorkTime>,
}

impl<'a, 'p: 'a> Builder<'a, 'p> {
    fn new(engine: &'p Engine<'p>, case: &'a Case) -> Self {
        let timeline = Timeline::new(case);
        let selection = Selection::new(engine.profile, engine.calendar, case, instant(timeline.reported()));
        let mut builder = Self {
            engine,
            case,
            selection,
            stages: Vec::new(),
            chosen: BTreeMap::new(),
            work: engine.work(case.division.as_deref()),
            timeline,
        };
        builder.stages = builder.stages();
        builder.chosen = builder.chosen();
        builder
    }

    fn build(mut self) -> ClockInput<'p> {
        let restorations = self.restorations();
        let mut slots = Vec::with_capacity(Target::ALL.len());
        for target in Target::ALL {
            match target {
                Target::Restoration => slots.extend(restorations.iter().cloned()),
                _ => slots.extend(self.settled(*target, restorations.last())),
            }
        }
        let last = self.stages.pop();
        let level = last.as_ref().and_then(|stage| stage.level).map(str::to_owned);
        let matched = self.matched(last.map(|stage| stage.candidates).unwrap_or_default());
        ClockInput { level, matched, slots }
    }

    /// The levels of the order, one stage each.
    fn stages(&self) -> Vec<Stage<'a, 'p>> {
        let case = self.case;
        let end = self.timeline.events.len();
        let stage = |level, until| Stage { level, until, candidates: self.selection.candidates(level) };
        let mut level = case.reported_level().or_else(|| self.proposed_level());
        let mut stages = Vec::new();
        for (index, entry) in self.timeline.events.iter().enumerate() {
            if entry.kind == EventKind::LevelChanged {
                stages.push(stage(level, index));
                level = case.event(entry.position).and_then(|event| event.level.as_deref());
            }
        }
        stages.push(stage(level, end));
        stages
    }

    /// What the level matrix says, where the object's own scheme has that level.
    fn proposed_level(&self) -> Option<&'a str> {
        let profile = self.engine.profile;
        let level = level_of(&profile.level_cases, self.case.facts.as_ref()?)?;
        profile.levels(self.case.object.as_deref()).contains(&level).then_some(level)
    }

    /// Rules that people chose: the case's rule for all its targets, then each choice for one target.
    fn chosen(&self) -> BTreeMap<Target, Choice<'p>> {
        let profile = self.engine.profile;
        let forced = self.case.rule.as_deref().and_then(|id| profile.rule(id));
        let mut chosen: BTreeMap<Target, Choice<'p>> = forced
            .into_iter()
            .flat_map(|rule| rule.targets.iter().map(move |promise| (promise.target, (rule, promise))))
            .collect();
        for entry in self.timeline.events.iter().filter(|entry| entry.kind == EventKind::RuleChosen) {
            let event = self.case.event(entry.position);
            let choice = event.and_then(|event| {
                let (rule, target) = (profile.rule(event.rule.as_deref()?)?, event.target?);
                Some((target, (rule, rule.target(target)?)))
            });
            chosen.extend(choice);
        }
        chosen
    }

    /// The candidates with what people chose, which may be a rule that does not match by itself.
    fn matched(&self, mut candidates: Vec<Candidate<'p>>) -> Vec<Candidate<'p>> {
        for (target, (rule, promise)) in &self.chosen {
            let known = candidates
                .iter_mut()
                .find(|candidate| candidate.promise.target == *target && candidate.rule.id == rule.id);
            match known {
                Some(candidate) => candidate.why = Why::Chosen,
                None => {
                    let after = candidates.partition_point(|candidate| candidate.promise.target <= *target);
                    let why = Why::Chosen;
                    candidates
                        .insert(after, Candidate { rule, promise, suggested: false, why, needs: Vec::new() });
                }
            }
        }
        candidates
    }

    fn choice(&self, target: Target, stage: &Stage<'a, 'p>) -> Option<Choice<'p>> {
        let suggested =
            |candidate: &&Candidate<'p>| candidate.suggested && candidate.promise.target == target;
        let by_rule =
            || stage.candidates.iter().find(suggested).map(|candidate| (candidate.rule, candidate.promise));
        self.chosen.get(&target).copied().or_else(by_rule)
    }

    /// The restoration: one clock, and one more for each allowed downgrade while it was open.
    fn restorations(&self) -> Vec<Slot<'p>> {
        let mut slots = Vec::new();
        let chosen = self.chosen.contains_key(&Target::Restoration);
        let total = self.timeline.events.len();
        for (index, stage) in self.stages.iter().enumerate() {
            let Some((rule, promise)) = self.choice(Target::Restoration, stage) else { continue };
            let next = self.stages.get(index + 1);
            let Some(next) = next else {
                slots.push(self.continuing(rule, promise, total, None));
                break;
            };
            let slot = self.continuing(rule, promise, stage.until, None);
            let reopened = self.timeline.first(EventKind::Reopened, stage.until, total).is_some();
            if slot.end.is_some() && !reopened {
                slots.push(slot);
                break;
            }
            let lowered =
                next.level.is_some_and(|level| rule.downgrade_to.iter().any(|other| other == level));
            if slot.end.is_none() && lowered && !chosen {
                slots.push(self.continuing(rule, promise, stage.until, Some(stage.until)));
            }
        }
        slots
    }

    /// Any other target: the first stage that ends it keeps it, else the last stage has it.
    fn settled(&self, target: Target, restoration: Option<&Slot<'p>>) -> Option<Slot<'p>> {
        let total = self.timeline.events.len();
        for stage in &self.stages {
            let Some((rule, promise)) = self.choice(target, stage) else { continue };
            let slot = match target {
                Target::Report => self.continuing(rule, promise, stage.until, None),
                _ => self.single(rule, promise, stage.until, restoration),
            };
            let reopened = target == Target::Report
                && self.timeline.first(EventKind::Reopened, stage.until, total).is_some();
            if stage.until == total || (slot.end.is_some() && !reopened) {
                return Some(slot);
            }
        }
        None
    }

    /// Restoration and report: a reopening continues them, and the time since they ended does not count.
    fn continuing(
        &self,
        rule: &'p Rule,
        promise: &'p RuleTarget,
        until: usize,
        lowered_at: Option<usize>,
    ) -> Slot<'p> {
        let timeline = &self.timeline;
        let mut gaps = Vec::new();
        let mut end = timeline.first_end(promise.target, &promise.ends, 0, until);
        let mut from = 0;
        while let Some(reopened) = timeline.first(EventKind::Reopened, from, until) {
            let restored = timeline.first(EventKind::Restored, from, reopened);
            let ended = end.filter(|end| *end < reopened);
            if let Some(stopped) = [restored, ended].into_iter().flatten().min() {
                gaps.push(Span {
                    from: timeline.at(stopped),
                    to: timeline.at(reopened),
                    why: Why::RestoredUntilReopened,
                });
            }
            from = reopened + 1;
            end = timeline.first_end(promise.target, &promise.ends, from, until);
        }
        let start = self.start(promise, end, until);
        let end = match (end, lowered_at) {
            (Some(index), _) => Some(self.end(index, false)),
            (None, Some(index)) => Some(self.end(index, false)),
            (None, None) => None,
        };
        self.slot(rule, promise, start, end, gaps)
    }

    /// A target that ends once; the restoration of the order makes it void if nothing was due yet.
    fn single(
        &self,
        rule: &'p Rule,
        promise: &'p RuleTarget,
        until: usize,
        restoration: Option<&Slot<'p>>,
    ) -> Slot<'p> {
        let own = self.timeline.first_end(promise.target, &promise.ends, 0, until);
        let restored = self.restored(until);
        let in_time = own.filter(|own| restored.is_none_or(|restored| *own <= restored));
        // What would start it after the restoration starts nothing: by then it was void.
        let ended = in_time.or(restored).or(own);
        let start = match promise.start {
            Start::RestorationMissed => self.missed(restoration, own),
            _ => self.start(promise, ended, until),
        };
        let (Some(restored), None) = (restored, in_time) else {
            return self.slot(rule, promise, start, own.map(|index| self.end(index, false)), Vec::new());
        };
        // What was due before the restoration stays owed; everything else falls away with it.
        let late = self.slot(rule, promise, start, own.map(|index| self.end(index, false)), Vec::new());
        let before = self.slot(rule, promise, start, Some(self.end(restored, false)), Vec::new());
        let started =
            !matches!(start, SlotStart::Waiting) && start_instant(start) <= self.timeline.at(restored);
        let overdue = matches!(before.due, Due::At(due) if started && due < self.timeline.at(restored));
        if overdue {
            return late;
        }
        let start = if started { start } else { SlotStart::Waiting };
        self.slot(rule, promise, start, Some(self.end(restored, true)), Vec::new())
    }

    fn end(&self, index: usize, void: bool) -> End {
        End { at: self.timeline.at(index), by: self.timeline.kind(index).unwrap_or(EventKind::Closed), void }
    }

    /// Index of the event that first restored the order or ended its restoration, under the level in
    /// force or an earlier one: a new level's rule is asked from the true start on.
    fn restored(&self, until: usize) -> Option<usize> {
        self.stages.iter().find_map(|stage| {
            let ends = self.choice(Target::Restoration, stage).map(|(_, promise)| promise.ends.as_slice());
            (0..stage.until.min(until)).find(|index| {
                let kind = self.timeline.kind(*index);
                kind == Some(EventKind::Restored)
                    || kind.is_some_and(|kind| ends.is_some_and(|ends| ends.contains(&kind)))
            })
        })
    }

    fn start(&self, promise: &RuleTarget, end: Option<usize>, until: usize) -> SlotStart {
        let timeline = &self.timeline;
        // What starts a clock must come before what ends it.
        let before = end.unwrap_or(until);
        let at = match promise.start {
            Start::Reported => Some(timeline.reported()),
            Start::RemoteFailed => {
                timeline.first(EventKind::RemoteFailed, 0, before).map(|_| timeline.reported())
            }
            Start::Arrived => timeline.first(EventKind::Arrived, 0, before).map(|index| timeline.at(index)),
            Start::Restored => timeline.standing_restoration(before).map(|index| timeline.at(index)),
            Start::RestorationMissed => None,
        };
        at.map_or(SlotStart::Waiting, SlotStart::At)
    }

    /// The start of what is owed once the restoration has missed its deadline.
    fn missed(&self, restoration: Option<&Slot<'p>>, own: Option<usize>) -> SlotStart {
        let Some((Due::At(due), end)) = restoration.map(|slot| (slot.due, slot.end)) else {
            return SlotStart::Waiting;
        };
        if end.is_some_and(|end| end.at <= due) || own.is_some_and(|own| self.timeline.at(own) <= due) {
            return SlotStart::Waiting;
        }
        if end.is_some() { SlotStart::At(due) } else { SlotStart::After(due) }
    }

    fn slot(
        &self,
        rule: &'p Rule,
        promise: &'p RuleTarget,
        start: SlotStart,
        end: Option<End>,
        gaps: Vec<Span>,
    ) -> Slot<'p> {
        let from = start_instant(start);
        let to = end.map_or(i64::MAX, |end| end.at);
        let clip = |span: &Span| {
            let clipped = Span { from: span.from.max(from), to: span.to.min(to), why: span.why };
            (clipped.from < clipped.to).then_some(clipped)
        };
        let (stopping, shown): (Vec<Span>, Vec<Span>) = self
            .timeline
            .suspensions
            .iter()
            .filter_map(|suspension| clip(&self.suspension(suspension, rule, promise)))
            .partition(|span| span.why == Why::PauseListed);
        let gaps: Vec<Span> = gaps.iter().filter_map(clip).collect();
        let uncounted = union(gaps, stopping);
        let work = self.work.filter(|_| runs_on_office_hours(promise));
        let due = match start {
            SlotStart::Waiting => Due::Never,
            SlotStart::At(_) | SlotStart::After(_) => self.due(promise, from, &uncounted, work),
        };
        Slot { rule, promise, start, end, uncounted, shown, due, work }
    }

    fn suspension(&self, suspension: &Suspension, rule: &Rule, promise: &RuleTarget) -> Span {
        let reason = self.case.event(suspension.position).and_then(|event| event.reason.as_deref());
        let settings = &self.engine.profile.settings;
        let listed = reason.is_some_and(|reason| settings.stops(reason, &rule.id, promise.target));
        let why = if listed { Why::PauseListed } else { Why::PauseNotInContract };
        Span { from: suspension.from, to: suspension.to, why }
    }

    fn due(&self, promise: &RuleTarget, start: i64, uncounted: &[Span], work: Option<&WorkTime>) -> Due {
        let Some(limit) = promise.limit else { return Due::Never };
        if runs_on_office_hours(promise) && work.is_none() {
            return Due::Unknown;
        }
        match (limit.unit, promise.day) {
            (LimitUnit::Workday, _) => self.due_on_workday(promise, limit.value, start, uncounted),
            (LimitUnit::Day, DayMeaning::EndOfDate) => {
                let date = civil_date(instant(start)).checked_add(jiff::Span::new().days(limit.value));
                let end = date.ok().map(|date| midnight(date) + DAY);
                end.map_or(Due::Unknown, |end| due_after(start, end - start, uncounted, None))
            }
            _ => due_after(start, microseconds(limit), uncounted, work),
        }
    }

    /// The end of the n-th workday after the start day.
    fn due_on_workday(&self, promise: &RuleTarget, count: u32, start: i64, uncounted: &[Span]) -> Due {
        let engine = self.engine;
        let Some(date) = engine.calendar.workday_after(civil_date(instant(start)), count) else {
            return Due::Unknown;
        };
        let end = match promise.workday {
            WorkdayMeaning::EndOfDate => midnight(date) + DAY,
            WorkdayMeaning::EndOfWork => {
                end_of_work(engine.calendar, &engine.profile.hours, self.case.division.as_deref(), date)
            }
        };
        due_after(start, end - start, uncounted, None)
    }
}

fn start_instant(start: SlotStart) -> i64 {
    match start {
        SlotStart::At(at) | SlotStart::After(at) => at,
        SlotStart::Waiting => i64::MAX,
    }
}

/// Both lists as one, ascending and apart; where they overlap the first list's reason stands.
fn union(first: Vec<Span>, second: Vec<Span>) -> Vec<Span> {
    let mut merged = first.clone();
    for span in second {
        let mut from = span.from;
        for gap in first.iter().filter(|gap| gap.from < span.to && gap.to > span.from) {
            if from < gap.from {
                merged.push(Span { from, to: gap.from, why: span.why });
            }
            from = from.max(gap.to);
        }
        if from < span.to {
            merged.push(Span { from, to: span.to, why: span.why });
        }
    }
    merged.sort_by_key(|span| span.from);
    merged
}

/// Whole minutes from one instant to another, rounded up; negative when `to` is earlier.
#[must_use]
pub fn minutes_between(from: Timestamp, to: Timestamp) -> i64 {
    ceil_minutes(to.as_microsecond() - from.as_microsecond())
}
