//! Attendance against a naive model, on random weeks.
//!
//! The model is written from the text of the interface: it works on plain minutes since a midnight,
//! looks at every span for every punch and shares no function with the rules under test.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets a surprise should stop there"
)]

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::{Value, json};
use zaigang_domain::attendance::interface::run;

/// Midnight that minute 0 stands for: Saturday 27 September 2025; the next day is a make-up Sunday.
const FIRST: i64 = 27;
const DAYS: i64 = 4;

#[derive(Debug, Clone)]
struct Week {
    late_grace: i64,
    early_grace: i64,
    half_day: i64,
    absent: i64,
    /// (day, from, to) with `to` beyond 1440 on the next day.
    spans: Vec<(i64, i64, i64)>,
    /// (minute, jumped).
    punches: Vec<(i64, bool)>,
    leave: Option<(i64, i64)>,
    trip: Option<(i64, i64)>,
    /// Of each device where the person may punch.
    watermarks: Vec<Option<i64>>,
    now: i64,
}

fn weeks() -> impl Strategy<Value = Week> {
    let minutes = |most: i64| prop_oneof![0..=most, (0..=most / 30).prop_map(|half_hours| half_hours * 30)];
    let span = (-1..=DAYS, minutes(1410), prop_oneof![Just(240), Just(480), Just(1440), 1i64..=1440]);
    let absence = || proptest::option::weighted(0.2, (0..DAYS, 0i64..3));
    (
        (0i64..20, 0i64..20, 1i64..200, 1i64..300),
        proptest::collection::vec(span, 0..7),
        proptest::collection::vec((-400i64..DAYS * 1440 + 600, proptest::bool::weighted(0.1)), 0..14),
        proptest::collection::vec((0usize..7, any::<bool>(), -40i64..40), 0..10),
        (absence(), absence()),
        proptest::collection::vec(
            proptest::option::weighted(0.9, prop_oneof![Just(99_999i64), 0..DAYS * 1440]),
            0..3,
        ),
        prop_oneof![Just(20_000i64), 0..DAYS * 1440 + 1500],
    )
        .prop_map(
            |(
                (late_grace, early_grace, half_day, absent),
                spans,
                wild,
                near,
                (leave, trip),
                watermarks,
                now,
            )| {
                let mut spans: Vec<(i64, i64, i64)> =
                    spans.into_iter().map(|(day, from, length)| (day, from, from + length)).collect();
                spans.sort_by_key(|(day, from, to)| (day * 1440 + from, day * 1440 + to));
                let ends = near.into_iter().filter_map(|(index, begin, off)| {
                    let (day, from, to) = spans.get(index)?;
                    Some((day * 1440 + if begin { *from } else { *to } + off, false))
                });
                let mut punches: Vec<(i64, bool)> = wild.into_iter().chain(ends).collect();
                punches.sort_unstable();
                punches.dedup_by_key(|(at, _)| *at);
                let days = |(from, length): (i64, i64)| (from, from + length);
                let (leave, trip) = (leave.map(days), trip.map(days));
                Week {
                    late_grace,
                    early_grace,
                    half_day,
                    absent,
                    spans,
                    punches,
                    leave,
                    trip,
                    watermarks,
                    now,
                }
            },
        )
}

fn date(day: i64) -> String {
    let number = FIRST + day;
    if number > 30 { format!("2025-10-{:02}", number - 30) } else { format!("2025-09-{number:02}") }
}

fn time(minute: i64) -> String {
    let of_day = minute.rem_euclid(1440);
    format!("{}T{:02}:{:02}:00+08:00", date(minute.div_euclid(1440)), of_day / 60, of_day % 60)
}

fn case(week: &Week) -> String {
    let clock = |minute: i64| format!("{:02}:{:02}", minute % 1440 / 60, minute % 60);
    let shift = |(day, from, to): &(i64, i64, i64)| json!({"person": "p", "date": date(*day), "post": "驻场", "spans": [[clock(*from), clock(*to)]]});
    let punch = |(at, jumped): &(i64, bool)| json!({"person": "p", "at": time(*at), "device": "d0", "trust": if *jumped { "jumped" } else { "offline" }});
    let away = |days: &Option<(i64, i64)>| -> Vec<Value> {
        let entry = |(from, to): &(i64, i64)| json!({"person": "p", "from": date(*from), "to": date(*to), "kind": "k"});
        days.iter().map(entry).collect()
    };
    let mark = |(index, known): (usize, &Option<i64>)| {
        known.map(|minute| json!({"device": format!("d{index}"), "complete_to": time(minute.min(40_000))}))
    };
    json!({
        "rules": {"late_grace_minutes": week.late_grace, "early_grace_minutes": week.early_grace,
                  "half_day_minutes": week.half_day, "absent_minutes": week.absent},
        "people": ["p"], "from": date(0), "to": date(DAYS - 1),
        "shifts": week.spans.iter().rev().map(shift).collect::<Vec<_>>(),
        "punches": week.punches.iter().rev().map(punch).collect::<Vec<_>>(),
        "leave": away(&week.leave), "trips": away(&week.trip),
        "watermarks": week.watermarks.iter().enumerate().filter_map(mark).collect::<Vec<_>>(),
        "devices": {"p": (0..week.watermarks.len()).map(|index| format!("d{index}")).collect::<Vec<_>>()},
        "now": time(week.now),
    })
    .to_string()
}

/// (result, late, early, in, out) of one span.
type Span = (&'static str, i64, i64, Option<i64>, Option<i64>);

/// The span a punch serves: the nearest, of equals the first.
fn served(week: &Week, at: i64) -> Option<usize> {
    let mut best: Option<(i64, usize)> = None;
    for (index, (day, from, to)) in week.spans.iter().enumerate() {
        let (from, to) = (day * 1440 + from, day * 1440 + to);
        let distance = if at < from {
            from - at
        } else if at > to {
            at - to
        } else {
            0
        };
        if distance <= 240 && best.is_none_or(|(known, _)| distance < known) {
            best = Some((distance, index));
        }
    }
    best.map(|(_, index)| index)
}

fn span(week: &Week, index: usize) -> Span {
    let (day, from, to) = week.spans[index];
    let (from, to) = (day * 1440 + from, day * 1440 + to);
    let mine: Vec<(i64, bool)> =
        week.punches.iter().copied().filter(|(at, _)| served(week, *at) == Some(index)).collect();
    let (mut begin, mut end) = (mine.first().copied(), mine.last().copied());
    if mine.len() == 1 {
        let at = mine[0].0;
        if (at - from).abs() < (at - to).abs() { end = None } else { begin = None }
    }
    let late = begin.map_or(0, |(at, _)| at - from);
    let early = end.map_or(0, |(at, _)| to - at);
    let late = if late > week.late_grace { late } else { 0 };
    let early = if early > week.early_grace { early } else { 0 };
    let lost = mine.is_empty() || late >= week.absent || early >= week.absent;
    let result = if lost {
        "absent"
    } else if late >= week.half_day || early >= week.half_day {
        "half_day"
    } else if begin.is_none() || end.is_none() {
        "missing_punch"
    } else if late > 0 && early > 0 {
        "late_early"
    } else if late > 0 {
        "late"
    } else if early > 0 {
        "early_leave"
    } else {
        "normal"
    };
    let complete = week.watermarks.iter().all(|known| known.is_some_and(|minute| minute > to + 30));
    let depends = lost || begin.is_none() || end.is_none();
    let jumped = begin.is_some_and(|(_, jumped)| jumped) || end.is_some_and(|(_, jumped)| jumped);
    let unknown = week.now < to || week.watermarks.is_empty() || jumped || (depends && !complete);
    let ends = (begin.map(|(at, _)| at), end.map(|(at, _)| at));
    if unknown { ("unknown", 0, 0, ends.0, ends.1) } else { (result, late, early, ends.0, ends.1) }
}

fn expected(week: &Week, day: i64) -> Value {
    let mine: Vec<usize> = (0..week.spans.len()).filter(|index| week.spans[*index].0 == day).collect();
    let within = |days: Option<(i64, i64)>| days.is_some_and(|(from, to)| from <= day && day <= to);
    let away = if within(week.leave) {
        Some("leave")
    } else if within(week.trip) {
        Some("trip")
    } else {
        None
    };
    let mut spans: Vec<Span> = mine.iter().map(|index| span(week, *index)).collect();
    if let Some(away) = away {
        for span in &mut spans {
            (span.0, span.1, span.2) = (away, 0, 0);
        }
    }
    let (late, early) =
        (spans.iter().map(|span| span.1).sum::<i64>(), spans.iter().map(|span| span.2).sum::<i64>());
    let any = |result: &str| spans.iter().any(|span| span.0 == result);
    let result = if let Some(away) = away {
        away
    } else if spans.is_empty() {
        "rest"
    } else if any("unknown") {
        "unknown"
    } else if spans.iter().all(|span| span.0 == "absent") {
        "absent"
    } else if any("absent") || any("half_day") {
        "half_day"
    } else if any("missing_punch") {
        "missing_punch"
    } else {
        match (late > 0, early > 0) {
            (true, true) => "late_early",
            (true, false) => "late",
            (false, true) => "early_leave",
            (false, false) => "normal",
        }
    };
    let shown = |span: &Span| json!([span.0, span.3.map(time), span.4.map(time)]);
    json!([date(day), result, late, early, spans.iter().map(shown).collect::<Vec<_>>()])
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4000,
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("proptest-regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_day_is_as_the_model_says(week in weeks()) {
        let report = serde_json::to_value(run("week.json", &case(&week)).unwrap()).unwrap();
        let shown = |day: &Value| {
            let spans = day["spans"].as_array().unwrap().iter().map(|span| json!([span["result"], span["in"], span["out"]]));
            json!([day["date"], day["result"], day["minutes_late"], day["minutes_early"], spans.collect::<Vec<_>>()])
        };
        let found: Vec<Value> = report["days"].as_array().unwrap().iter().map(shown).collect();
        let expected: Vec<Value> = (0..DAYS).map(|day| expected(&week, day)).collect();
        prop_assert_eq!(found, expected);
    }

    /// The order in which things arrived changes nothing.
    #[test]
    fn order_of_arrival_changes_nothing(week in weeks()) {
        let mut shuffled: Value = serde_json::from_str(&case(&week)).unwrap();
        for key in ["shifts", "punches", "watermarks"] {
            shuffled[key].as_array_mut().unwrap().reverse();
        }
        let report = |text: &str| serde_json::to_value(run("week.json", text).unwrap()).unwrap();
        prop_assert_eq!(report(&case(&week)), report(&shuffled.to_string()));
    }
}
