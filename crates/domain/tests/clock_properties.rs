//! Properties of every clock, on random orders under all shipped contracts.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets a surprise should stop there"
)]

use std::sync::OnceLock;

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::Value;
use zaigang_domain::calendar::{Calendar, civil_date, parse_instant};
use zaigang_domain::clock::{
    At, Case, CaseEvent, CaseFacts, Engine, EventKind, Report, State, Target, TargetClock, explain,
    explanations,
};
use zaigang_domain::contract::{Profile, SHIPPED, Text, shipped};

const MINUTE: i64 = 60_000_000;

/// Every shipped profile, and 001 on office hours with a reason that stops clocks.
fn profiles() -> &'static Vec<Profile> {
    static PROFILES: OnceLock<Vec<Profile>> = OnceLock::new();
    PROFILES.get_or_init(|| {
        let texts = shipped("guangxi-police").unwrap();
        let settings = "contract = \"guangxi-police\"\n[[office_hours]]\nwindows = [\"08:00-12:00\", \"15:00-24:00\"]\n[[calendar]]\nrules = [\"L1\", \"L2\", \"L3\", \"L4\"]\ncalendar = \"office\"\n[[pause]]\nreason = \"停\"\n";
        let office = Profile::load(texts.id, texts.facts, Some(texts.reading), Some(Text { file: "s", text: settings })).unwrap();
        SHIPPED.iter().map(|shipped| shipped.load().unwrap()).chain([office]).collect()
    })
}

fn calendar() -> &'static Calendar {
    static CALENDAR: OnceLock<Calendar> = OnceLock::new();
    CALENDAR.get_or_init(Calendar::builtin)
}

fn base() -> i64 {
    parse_instant("2025-09-26T16:00:00+08:00").unwrap().as_microsecond()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_microsecond(base() + seconds * 1_000_000).unwrap()
}

#[derive(Debug, Clone)]
struct Draft {
    profile: usize,
    object: Option<usize>,
    level: usize,
    rule: Option<usize>,
    events: Vec<(i64, usize, usize)>,
    now: i64,
}

fn drafts() -> impl Strategy<Value = Draft> {
    let event = (prop_oneof![0i64..600, 0i64..20_000, 0i64..400_000], 0..EventKind::ALL.len(), 0usize..8);
    let many = proptest::collection::vec(event, 0..10);
    (
        0usize..6,
        proptest::option::of(0usize..200),
        0usize..6,
        proptest::option::of(0usize..300),
        many,
        0i64..900_000,
    )
        .prop_map(|(profile, object, level, rule, events, now)| Draft {
            profile,
            object,
            level,
            rule,
            events,
            now,
        })
}

/// A case in which as many of the drafted events stand as the rules of sequence allow.
fn case_of(draft: &Draft, profile: &Profile) -> Case {
    let object = draft.object.and_then(|index| profile.objects.get(index)).map(|object| object.id.clone());
    let levels = profile.levels(object.as_deref());
    let level = levels.get(draft.level).map(|level| (*level).to_owned());
    let mut drafted = draft.events.clone();
    drafted.sort_by_key(|(seconds, ..)| *seconds);
    let mut case = Case {
        object,
        division: None,
        rule: draft.rule.and_then(|index| profile.rules.get(index)).map(|rule| rule.id.clone()),
        level,
        facts: Some(CaseFacts::default()),
        windows: Default::default(),
        events: vec![CaseEvent::new(at(0), EventKind::Reported)],
        now: At(at(draft.now)),
    };
    for (seconds, kind, detail) in drafted {
        let kind = EventKind::ALL[kind];
        let mut event = CaseEvent::new(at(seconds), kind);
        match kind {
            EventKind::Reported => continue,
            EventKind::LevelChanged => event.level = levels.get(detail).map(|level| (*level).to_owned()),
            EventKind::Suspended => event.reason = Some(if detail % 2 == 0 { "停" } else { "等" }.to_owned()),
            EventKind::RuleChosen => {
                let rule = profile.rules.get(detail).filter(|rule| !rule.targets.is_empty());
                event.rule = rule.map(|rule| rule.id.clone());
                event.target = rule.map(|rule| rule.targets[0].target);
            }
            _ => {}
        }
        case.events.push(event);
        let now = std::mem::replace(&mut case.now, At(at(1_000_000)));
        if case.check(profile, "x").is_err() {
            case.events.pop();
        }
        case.now = now;
    }
    case
}

fn micro(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_microsecond()
}

fn assert_account(clock: &TargetClock, now: i64) {
    let started = clock.starts_at.as_deref().map(micro);
    let stop = clock.ended_at.as_deref().map_or(now, micro);
    let segments: Vec<(i64, i64, bool)> =
        clock.segments.iter().map(|s| (micro(&s.from), micro(&s.to), s.counted)).collect();
    match started {
        None => assert!(segments.is_empty() && clock.counted_minutes == 0, "{clock:?}"),
        Some(start) if start == stop => assert!(segments.is_empty(), "{clock:?}"),
        Some(start) => {
            assert_eq!((segments.first().unwrap().0, segments.last().unwrap().1), (start, stop), "{clock:?}");
        }
    }
    assert!(segments.iter().all(|(from, to, _)| from < to), "{clock:?}");
    for (pair, whys) in segments.windows(2).zip(clock.segments.windows(2)) {
        assert_eq!(pair[0].1, pair[1].0, "no hole: {clock:?}");
        assert!((whys[0].counted, whys[0].why) != (whys[1].counted, whys[1].why), "merged: {clock:?}");
    }
    let counted: i64 = segments.iter().filter(|(.., counted)| *counted).map(|(from, to, _)| to - from).sum();
    assert_eq!(clock.counted_minutes, counted.div_euclid(MINUTE), "{clock:?}");
}

fn assert_state(clock: &TargetClock, now: i64) {
    let deadline = clock.deadline.as_deref().map(micro);
    let ended = clock.ended_at.as_deref().map(micro);
    assert_eq!(clock.ended_at.is_some(), clock.ended_by.is_some());
    match clock.state {
        State::Waiting => assert!(clock.starts_at.is_none() && deadline.is_none() && ended.is_none()),
        State::Paused => assert!(deadline.is_none() && ended.is_none()),
        State::Void => assert!(deadline.is_none() && ended.is_some()),
        State::NoLimit => assert!(clock.limit.is_none() && deadline.is_none()),
        State::Running => {
            assert!(ended.is_none() && deadline.is_none_or(|deadline| now <= deadline), "{clock:?}")
        }
        State::MissedOpen => assert!(ended.is_none() && deadline.unwrap() < now, "{clock:?}"),
        State::Met => assert!(deadline.is_none_or(|deadline| ended.unwrap() <= deadline), "{clock:?}"),
        State::Breached => assert!(deadline.unwrap() < ended.unwrap(), "{clock:?}"),
    }
    let open = matches!(clock.state, State::Running | State::Paused | State::MissedOpen);
    assert!(open || clock.remaining_minutes.is_none(), "{clock:?}");
    if clock.state == State::MissedOpen {
        assert!(clock.remaining_minutes.unwrap() <= 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 500,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_account_is_whole(draft in drafts()) {
        let profile = &profiles()[draft.profile];
        let case = case_of(&draft, profile);
        let engine = Engine::new(profile, calendar());
        let input = engine.input(&case, "x").unwrap();
        let report: Report = input.report(case.now.0);
        let now = case.now.0.as_microsecond();
        for clock in &report.targets {
            assert_account(clock, now);
            assert_state(clock, now);
        }
        for target in Target::ALL.iter().filter(|target| **target != Target::Restoration) {
            prop_assert!(report.targets.iter().filter(|clock| clock.target == *target).count() <= 1);
        }
        for target in Target::ALL {
            prop_assert!(report.matched.iter().filter(|row| row.target == *target && row.suggested).count() <= 1);
        }
    }

    /// The fast path says what the full account says.
    #[test]
    fn ticks_agree_with_the_account(draft in drafts(), later in 0i64..200_000) {
        let profile = &profiles()[draft.profile];
        let case = case_of(&draft, profile);
        let engine = Engine::new(profile, calendar());
        let input = engine.input(&case, "x").unwrap();
        let now = at(draft.now + later);
        let report = input.report(now);
        for (tick, clock) in input.ticks(now).zip(&report.targets) {
            prop_assert_eq!((tick.target, tick.state, tick.remaining_minutes), (clock.target, clock.state, clock.remaining_minutes));
            prop_assert_eq!(tick.deadline.map(zaigang_domain::calendar::format_instant), clock.deadline.clone());
        }
    }

    /// What is explained is what is counted: the same clocks, all their days, and moves that end at the deadline.
    #[test]
    fn explanations_agree_with_the_account(draft in drafts()) {
        let profile = &profiles()[draft.profile];
        let case = case_of(&draft, profile);
        let engine = Engine::new(profile, calendar());
        let (report, explained) = explanations(&engine, &case, "x").unwrap();
        prop_assert_eq!(&report, &engine.input(&case, "x").unwrap().report(case.now.0));
        prop_assert_eq!(explained.len(), report.targets.len());
        for (one, clock) in explained.iter().zip(&report.targets) {
            prop_assert_eq!(&one.clock, clock);
            for segment in &clock.segments {
                let date = civil_date(segment.from.parse().unwrap());
                prop_assert!(one.days.iter().any(|day| day.date == date), "{} in {:?}", date, one.days);
            }
            let last = one.moves.last().and_then(|moved| moved.after.as_ref());
            // A deadline that comes with time alone (an alternative) has no event that moved it.
            let by_event = clock.target != Target::Alternative;
            if let Some((rule, deadline)) = last.filter(|_| by_event) {
                prop_assert_eq!((rule, deadline), (&clock.rule, &clock.deadline));
            }
        }
        prop_assert!(explain(&report, &explained).contains("级别"));
    }

    /// A clock is a function of its events: their order in the file does not matter when instants differ.
    #[test]
    fn the_order_in_the_file_does_not_matter(draft in drafts()) {
        let profile = &profiles()[draft.profile];
        let mut case = case_of(&draft, profile);
        let mut seen = std::collections::BTreeSet::new();
        prop_assume!(case.events.iter().all(|event| seen.insert(event.at)));
        let engine = Engine::new(profile, calendar());
        let before = engine.input(&case, "x").unwrap().report(case.now.0);
        case.events.reverse();
        prop_assert_eq!(before, engine.input(&case, "x").unwrap().report(case.now.0));
    }

    /// Oracle: count the minutes one by one until the limit is used up, and compare the deadline.
    #[test]
    fn a_deadline_is_where_the_counted_minutes_reach_the_limit(
        stops in proptest::collection::btree_set(1i64..700, 0..8),
        reported in 0i64..20_000,
    ) {
        let profile = &profiles()[5];
        let shift = |minute: i64| at((reported + minute) * 60);
        let mut events = vec![CaseEvent::new(shift(0), EventKind::Reported)];
        let mut stops: Vec<i64> = stops.into_iter().collect();
        stops.truncate(stops.len() / 2 * 2);
        for (index, minute) in stops.iter().enumerate() {
            let kind = if index % 2 == 0 { EventKind::Suspended } else { EventKind::Resumed };
            let mut event = CaseEvent::new(shift(*minute), kind);
            event.reason = Some("停".to_owned());
            events.push(event);
        }
        let case = Case {
            object: None, division: None, rule: None, level: Some("1".to_owned()), facts: None,
            windows: Default::default(), events, now: At(shift(800)),
        };
        let engine = Engine::new(profile, calendar());
        let report = engine.input(&case, "x").unwrap().report(case.now.0);
        let clock = report.targets.iter().find(|clock| clock.target == Target::Restoration).unwrap();
        let stopped = |minute: i64| stops.chunks(2).any(|pair| pair[0] <= minute && minute < pair[1]);
        let works = |minute: i64| {
            let civil = zaigang_domain::calendar::ZONE.to_datetime(shift(minute));
            let hour = civil.hour();
            let open = (8..12).contains(&hour) || (15..24).contains(&hour);
            open && calendar().day(civil.date()).kind.is_worked() == Some(true)
        };
        let mut counted = 0;
        let mut minute = 0;
        while counted < 240 {
            counted += i64::from(works(minute) && !stopped(minute));
            minute += 1;
        }
        // A clock at zero does not move on by itself, but a stop that begins there takes it along.
        while let Some(pair) = stops.chunks(2).find(|pair| pair[0] <= minute && minute < pair[1]) {
            minute = pair[1];
        }
        prop_assert_eq!(clock.deadline.as_deref().map(micro), Some(shift(minute).as_microsecond()));
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let _ = Case::parse("x", &text);
        let _ = Profile::load("x", Text { file: "x", text: &text }, None, None);
        let _ = parse_instant(&text);
    }
}

#[test]
fn every_rule_of_every_contract_can_be_forced() {
    for profile in profiles() {
        let engine = Engine::new(profile, calendar());
        for rule in profile.rules.iter().filter(|rule| !rule.targets.is_empty()) {
            let mut case = Case {
                object: None,
                division: None,
                rule: Some(rule.id.clone()),
                level: None,
                facts: None,
                windows: Default::default(),
                events: vec![CaseEvent::new(at(0), EventKind::Reported)],
                now: At(at(0)),
            };
            let report = engine.input(&case, "x").unwrap().report(at(0));
            for promise in &rule.targets {
                let clock = report.targets.iter().find(|clock| clock.target == promise.target).unwrap();
                assert_eq!((&clock.rule, clock.limit), (&rule.id, promise.limit));
            }
            case.rule = None;
            let open: Value = serde_json::to_value(engine.input(&case, "x").unwrap().report(at(0))).unwrap();
            assert!(open["targets"].is_array());
        }
    }
}
