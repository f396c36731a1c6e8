//! Attendance at the edges of its rules, through the interface of the command line.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets a surprise should stop there"
)]

use serde_json::{Value, json};
use zaigang_domain::attendance::interface::{codes, run};

/// One person on two spans on 9 October 2025, with complete data, asked the next day at noon.
fn case() -> Value {
    json!({
        "rules": {"late_grace_minutes": 5, "early_grace_minutes": 5, "half_day_minutes": 60, "absent_minutes": 180},
        "people": ["jia"], "from": "2025-10-09", "to": "2025-10-09",
        "shifts": [{"person": "jia", "date": "2025-10-09", "post": "驻场",
                    "spans": [["08:00", "12:00"], ["15:00", "18:00"]]}],
        "punches": [], "leave": [], "trips": [],
        "watermarks": [{"device": "pc1", "complete_to": "2025-10-10T12:00:00+08:00"}],
        "devices": {"jia": ["pc1"]},
        "now": "2025-10-10T12:00:00+08:00",
    })
}

/// Punches of `jia` at times of 9 October; `24:10` is ten minutes past the following midnight.
fn punches(times: &[&str]) -> Value {
    times.iter().map(|time| punch(time, "ok")).collect()
}

fn punch(time: &str, trust: &str) -> Value {
    let (hour, rest) = time.split_once(':').unwrap();
    let hour: u32 = hour.parse().unwrap();
    let seconds = if rest.len() == 2 { ":00" } else { "" };
    let at = format!("2025-10-{:02}T{:02}:{rest}{seconds}+08:00", 9 + hour / 24, hour % 24);
    json!({"person": "jia", "at": at, "device": "pc1", "trust": trust})
}

fn days(case: &Value) -> Vec<Value> {
    let report = serde_json::to_value(run("case.json", &case.to_string()).unwrap()).unwrap();
    report["days"].as_array().unwrap().clone()
}

/// Result, minutes late, minutes early, results of the spans, why.
fn summary(day: &Value) -> String {
    let spans: Vec<&str> =
        day["spans"].as_array().unwrap().iter().map(|span| span["result"].as_str().unwrap()).collect();
    format!(
        "{} {} {} [{}] {}",
        day["result"].as_str().unwrap(),
        day["minutes_late"],
        day["minutes_early"],
        spans.join(" "),
        day["why"].as_str().unwrap()
    )
}

#[track_caller]
fn assert_day(case: &Value, expected: &str) {
    assert_eq!(summary(&days(case)[0]), expected);
}

#[test]
fn two_spans_by_their_punches() {
    for (times, expected) in [
        (&["08:00", "12:00", "15:00", "18:00"][..], "normal 0 0 [normal normal] in_time"),
        // Grace: five minutes are none, also with 59 seconds more; the sixth counts all six.
        (&["08:05:59", "12:00", "15:00", "17:55"], "normal 0 0 [normal normal] in_time"),
        (&["08:06", "12:00", "15:00", "18:00"], "late 6 0 [late normal] late"),
        (&["08:00", "12:00", "15:00", "17:54"], "early_leave 0 6 [normal early_leave] early_leave"),
        (&["08:06", "12:00", "15:00", "17:54"], "late_early 6 6 [late early_leave] late_early"),
        (&["08:10", "11:40", "15:00", "18:00"], "late_early 10 20 [late_early normal] late_early"),
        // Half a day and absence begin exactly at their minutes.
        (&["08:59", "12:00", "15:00", "18:00"], "late 59 0 [late normal] late"),
        (&["09:00", "12:00", "15:00", "18:00"], "half_day 60 0 [half_day normal] half_day_minutes"),
        (&["10:59", "12:00", "15:00", "18:00"], "half_day 179 0 [half_day normal] half_day_minutes"),
        (&["11:00", "12:00", "15:00", "18:00"], "half_day 180 0 [absent normal] span_absent"),
        (&[], "absent 0 0 [absent absent] no_punch"),
        (&["08:00", "12:00"], "half_day 0 0 [normal absent] span_absent"),
        // A lone punch is the nearer end; in the very middle it is `out`.
        (&["09:59", "15:00", "18:00"], "half_day 119 0 [half_day normal] half_day_minutes"),
        (&["10:00", "15:00", "18:00"], "half_day 0 120 [half_day normal] half_day_minutes"),
        (&["08:00", "15:00", "18:00"], "missing_punch 0 0 [missing_punch normal] missing_out"),
        (&["08:00", "12:00", "18:10"], "missing_punch 0 0 [normal missing_punch] missing_in"),
        (&["08:20", "15:00", "18:00"], "missing_punch 20 0 [missing_punch normal] missing_out"),
        // Exactly between the spans a punch serves the earlier one.
        (&["08:00", "13:30", "15:00", "18:00"], "normal 0 0 [normal normal] in_time"),
        (&["08:00", "13:31", "18:00"], "missing_punch 0 0 [missing_punch normal] missing_out"),
        // Four hours reach exactly, a second more does not; in between, the extremes count.
        (&["04:00", "12:00", "15:00", "22:00"], "normal 0 0 [normal normal] in_time"),
        (&["03:59:59", "12:00", "15:00", "22:00"], "missing_punch 0 0 [missing_punch normal] missing_in"),
        (&["08:00", "12:00", "15:00", "22:00:01"], "missing_punch 0 0 [normal missing_punch] missing_out"),
        (&["08:00", "09:00", "11:00", "12:30", "15:00", "18:00"], "normal 0 0 [normal normal] in_time"),
        // The same instant twice is one punch.
        (&["08:00", "08:00", "15:00", "18:00"], "missing_punch 0 0 [missing_punch normal] missing_out"),
    ] {
        let mut case = case();
        case["punches"] = punches(times);
        assert_eq!(summary(&days(&case)[0]), expected, "{times:?}");
    }
}

#[test]
fn a_night_shift_takes_the_punches_of_both_dates() {
    let mut case = case();
    case["to"] = json!("2025-10-10");
    case["shifts"] = json!([
        {"person": "jia", "date": "2025-10-09", "post": "值班", "spans": [["20:00", "08:00"]]},
        {"person": "jia", "date": "2025-10-10", "post": "驻场", "spans": [["10:00", "11:00"]]},
    ]);
    case["punches"] = punches(&["19:55", "24:00", "32:03", "34:00", "35:00"]);
    let found = days(&case);
    let night = &found[0]["spans"][0];
    assert_eq!(night["from"], "2025-10-09T20:00:00+08:00");
    assert_eq!(night["to"], "2025-10-10T08:00:00+08:00");
    assert_eq!(night["in"], "2025-10-09T19:55:00+08:00");
    assert_eq!(night["out"], "2025-10-10T08:03:00+08:00", "the punch at midnight lies between");
    assert_eq!(summary(&found[0]), "normal 0 0 [normal] in_time");
    assert_eq!(summary(&found[1]), "normal 0 0 [normal] in_time");

    // Asked only for the second day, the first day's shift still keeps its punch.
    case["from"] = json!("2025-10-10");
    assert_eq!(days(&case), found[1..]);
}

#[test]
fn a_span_to_midnight_and_one_around_the_clock() {
    let mut case = case();
    case["watermarks"][0]["complete_to"] = json!("2025-10-11T00:00:00+08:00");
    for (span, times) in [
        (["16:00", "24:00"], ["16:00", "24:00"]),
        (["16:00", "00:00"], ["16:00", "24:00"]),
        (["08:00", "08:00"], ["08:00", "32:00"]),
    ] {
        case["shifts"][0]["spans"] = json!([span]);
        case["punches"] = punches(&times);
        assert_day(&case, "normal 0 0 [normal] in_time");
    }
}

#[test]
fn a_makeup_saturday_is_a_day_like_any_and_a_day_without_shift_is_rest() {
    let mut case = case();
    (case["from"], case["to"]) = (json!("2025-10-11"), json!("2025-10-12"));
    case["shifts"] =
        json!([{"person": "jia", "date": "2025-10-11", "post": "驻场", "spans": [["08:00", "12:00"]]}]);
    case["watermarks"][0]["complete_to"] = json!("2025-10-13T00:00:00+08:00");
    case["now"] = json!("2025-10-13T00:00:00+08:00");
    let found: Vec<String> = days(&case).iter().map(summary).collect();
    assert_eq!(found, ["absent 0 0 [absent] no_punch", "rest 0 0 [] no_shift"]);
}

#[test]
fn leave_and_trips_outrank_punches_and_leave_outranks_trips() {
    let mut case = case();
    case["to"] = json!("2025-10-10");
    case["punches"] = punches(&["09:30", "12:00"]);
    let away = json!([{"person": "jia", "from": "2025-10-09", "to": "2025-10-10", "kind": "年休假"}]);
    case["trips"] = away.clone();
    let found: Vec<String> = days(&case).iter().map(summary).collect();
    assert_eq!(found, ["trip 0 0 [trip trip] on_trip", "trip 0 0 [] on_trip"], "also without a shift");
    case["leave"] = away;
    assert_day(&case, "leave 0 0 [leave leave] on_leave");
    case["leave"][0]["person"] = json!("yi");
    case["trips"][0]["from"] = json!("2025-10-10");
    assert_day(&case, "half_day 90 0 [half_day absent] span_absent");
}

#[test]
fn absence_waits_for_every_device() {
    let mut case = case();
    case["shifts"][0]["spans"] = json!([["08:00", "12:00"]]);
    case["devices"]["jia"] = json!(["pc1", "pc2"]);
    let unknown = "unknown 0 0 [unknown] not_complete";
    for (complete_to, expected) in [
        ("2025-10-09T12:30:00+08:00", unknown),
        ("2025-10-09T12:30:01+08:00", "absent 0 0 [absent] no_punch"),
    ] {
        case["watermarks"] = json!([
            {"device": "pc1", "complete_to": "2025-10-10T12:00:00+08:00"},
            {"device": "pc2", "complete_to": complete_to},
            {"device": "pc2", "complete_to": "2025-10-08T00:00:00+08:00"},
        ]);
        assert_day(&case, expected);
    }
    case["watermarks"] = json!([]);
    for (times, expected) in [
        (&[][..], unknown),
        // A missing punch may still come, also behind one that makes half a day.
        (&["08:00"], unknown),
        (&["09:30"], unknown),
        // An earlier punch may still come and turn absence into something else.
        (&["11:30", "12:00"], unknown),
        (&["08:00", "12:00"], "normal 0 0 [normal] in_time"),
        (&["08:30", "12:00"], "late 30 0 [late] late"),
        (&["09:30", "12:00"], "half_day 90 0 [half_day] half_day_minutes"),
    ] {
        case["punches"] = punches(times);
        assert_day(&case, expected);
    }
    case["punches"] = punches(&["08:00"]);
    assert_eq!(days(&case)[0]["text"], "可打卡设备的数据尚未到齐：08:00—12:00 等待 pc1、pc2");
}

#[test]
fn what_cannot_be_known_is_unknown() {
    let times = ["08:00", "12:00", "15:00", "18:00"];
    for (change, expected) in [
        (json!({"now": "2025-10-09T17:59:59+08:00"}), "unknown 0 0 [normal unknown] not_over"),
        (json!({"now": "2025-10-09T18:00:00+08:00"}), "normal 0 0 [normal normal] in_time"),
        (json!({"devices": {}}), "unknown 0 0 [unknown unknown] no_device"),
        (json!({"devices": {"jia": []}}), "unknown 0 0 [unknown unknown] no_device"),
    ] {
        let mut case = case();
        case["punches"] = punches(&times);
        case.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert_day(&case, expected);
    }
    for (time, trust, expected) in [
        ("08:00", "jumped", "unknown 0 0 [unknown normal] clock_jumped"),
        ("12:00", "jumped", "unknown 0 0 [unknown normal] clock_jumped"),
        ("10:00", "jumped", "normal 0 0 [normal normal] in_time"),
        ("08:00", "offline", "normal 0 0 [normal normal] in_time"),
    ] {
        let mut case = case();
        let others = times.iter().filter(|other| **other != time).map(|other| punch(other, "ok"));
        case["punches"] = others.chain([punch(time, trust)]).collect();
        assert_eq!(summary(&days(&case)[0]), expected, "{time} {trust}");
    }
}

#[test]
fn people_stand_in_their_order_and_others_are_left_out() {
    let mut case = case();
    case["people"] = json!(["yi", "jia"]);
    case["to"] = json!("2025-10-10");
    case["punches"] =
        json!([{"person": "bing", "at": "2025-10-09T08:00:00+08:00", "device": "pc9", "trust": "ok"}]);
    let found = days(&case);
    let order: Vec<String> = found.iter().map(|day| format!("{} {}", day["person"], day["date"])).collect();
    assert_eq!(
        order,
        [r#""yi" "2025-10-09""#, r#""yi" "2025-10-10""#, r#""jia" "2025-10-09""#, r#""jia" "2025-10-10""#]
    );
}

#[test]
fn the_shape_is_exact() {
    let mut case = case();
    case["punches"] = punches(&["08:12", "12:00", "15:00"]);
    assert_eq!(
        days(&case)[0],
        json!({
            "person": "jia", "date": "2025-10-09", "result": "missing_punch",
            "minutes_late": 12, "minutes_early": 0,
            "spans": [
                {"from": "2025-10-09T08:00:00+08:00", "to": "2025-10-09T12:00:00+08:00",
                 "in": "2025-10-09T08:12:00+08:00", "out": "2025-10-09T12:00:00+08:00", "result": "late"},
                {"from": "2025-10-09T15:00:00+08:00", "to": "2025-10-09T18:00:00+08:00",
                 "in": "2025-10-09T15:00:00+08:00", "out": null, "result": "missing_punch"},
            ],
            "why": "missing_out", "text": "缺下班打卡：08:00—12:00 迟到 12 分钟；15:00—18:00 缺下班打卡",
        })
    );
}

#[test]
fn bad_input_names_key_and_value() {
    for (pointer, value, words) in [
        ("/rules/late_grace_minutes", json!(-1), ["rules.late_grace_minutes", "-1"]),
        ("/rules/half_day_minutes", json!(0), ["rules.half_day_minutes", "0"]),
        ("/rules/absent_minutes", json!(0), ["rules.absent_minutes", "0"]),
        ("/from", json!("2025-10-10"), ["from", "2025-10-10"]),
        ("/from", json!("2025-1-1"), ["from", "2025-1-1"]),
        ("/to", json!("2025-02-30"), ["to", "2025-02-30"]),
        ("/now", json!("2025-10-10T12:00:00"), ["now", "2025-10-10T12:00:00"]),
        ("/people", json!(["jia", "jia"]), ["people[1]", "jia"]),
        ("/shifts/0/spans/0", json!(["08:00", "25:00"]), ["shifts[0].spans[0]", "25:00"]),
        ("/shifts/0/spans/0", json!(["24:00", "08:00"]), ["shifts[0].spans[0]", "24:00"]),
        ("/shifts/0/spans/0", json!(["08:00"]), ["shifts[0].spans[0]", "08:00"]),
        ("/shifts/0/date", json!("2101-01-01"), ["shifts[0].date", "2101-01-01"]),
        (
            "/leave",
            json!([{"person": "jia", "from": "2025-10-09", "to": "2025-10-08", "kind": "事假"}]),
            ["leave[0].from", "2025-10-09"],
        ),
        (
            "/trips",
            json!([{"person": "jia", "from": "2025-10-09", "to": "2025-10-09", "kind": ""}]),
            ["trips[0].kind", ""],
        ),
        (
            "/punches",
            json!([{"person": "jia", "at": "2025-10-09T08:00:00+08:00", "device": "pc1", "trust": "good"}]),
            ["punches[0].trust", "good"],
        ),
        ("/extra", json!(1), ["extra", "unknown field"]),
    ] {
        let mut case = case();
        match case.pointer_mut(pointer) {
            Some(place) => *place = value,
            None => {
                case.as_object_mut().unwrap().insert(pointer.trim_start_matches('/').to_owned(), value);
            }
        }
        let message = run("case.json", &case.to_string()).unwrap_err().to_string();
        for word in words.iter().chain(&["case.json"]) {
            assert!(message.contains(word), "{word} in {message}");
        }
    }
    for key in ["rules", "people", "shifts", "trips", "devices", "now"] {
        let mut case = case();
        case.as_object_mut().unwrap().remove(key);
        let message = run("case.json", &case.to_string()).unwrap_err().to_string();
        assert!(message.contains(key), "{key} in {message}");
    }
}

#[test]
fn codes_are_stable_and_told_apart() {
    let names: Vec<&str> = codes().iter().map(|code| code.code).collect();
    assert_eq!(
        names.join(" "),
        "no_shift on_leave on_trip in_time late early_leave late_early missing_in missing_out \
         half_day_minutes span_absent no_punch absent_minutes not_over no_device clock_jumped not_complete"
    );
}
