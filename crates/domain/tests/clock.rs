//! Clocks: the rule sets of all five documents, and the traps that turn a clock wrong.
//!
//! Times are written as `MM-DD HH:MM[:SS]` of 2025 in +08:00 and cases as short JSON.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets a surprise should stop there"
)]

use serde_json::{Value, json};
use zaigang_domain::calendar::Calendar;
use zaigang_domain::clock::{Why, interface};
use zaigang_domain::contract::{Profile, Text, shipped};

/// `10-09 08:00` as RFC 3339.
fn t(text: &str) -> String {
    let (date, time) = text.split_once(' ').unwrap();
    let seconds = if time.len() == 5 { ":00" } else { "" };
    format!("2025-{date}T{time}{seconds}+08:00")
}

fn e(at: &str, kind: &str) -> Value {
    json!({"at": t(at), "kind": kind})
}

fn with(mut event: Value, key: &str, value: &str) -> Value {
    event[key] = json!(value);
    event
}

fn case(object: Value, level: Value, events: &[Value], now: &str) -> Value {
    json!({"object": object, "division": null, "rule": null, "level": level, "windows": {}, "events": events, "now": t(now)})
}

fn profile(contract: &str) -> Profile {
    Profile::builtin(contract).unwrap().unwrap()
}

fn count(profile: &Profile, case: &Value) -> Result<Value, String> {
    interface::run(profile, &Calendar::builtin(), "case.json", &case.to_string())
        .map(|report| serde_json::to_value(report).unwrap())
        .map_err(|mistakes| mistakes.to_string())
}

fn run(contract: &str, case: &Value) -> Value {
    count(&profile(contract), case).unwrap()
}

fn police(level: &str, events: &[Value], now: &str) -> Value {
    run("guangxi-police", &case(Value::Null, json!(level), events, now))
}

/// All clocks of a target.
fn all(report: &Value, target: &str) -> Vec<Value> {
    report["targets"].as_array().unwrap().iter().filter(|clock| clock["target"] == target).cloned().collect()
}

/// The only clock of a target.
fn one(report: &Value, target: &str) -> Value {
    let clocks = all(report, target);
    assert_eq!(clocks.len(), 1, "{target} in {report:#}");
    clocks[0].clone()
}

/// Names of the targets in the output.
fn names(report: &Value) -> Vec<String> {
    report["targets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|clock| clock["target"].as_str().unwrap().to_owned())
        .collect()
}

fn matched(report: &Value, target: &str, rule: &str) -> Value {
    let rows = report["matched"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["target"] == target && row["rule"] == rule);
    let rows: Vec<&Value> = rows.collect();
    assert_eq!(rows.len(), 1, "{target} {rule} in {:#}", report["matched"]);
    rows[0].clone()
}

fn is_matched(report: &Value, target: &str, rule: &str) -> bool {
    report["matched"].as_array().unwrap().iter().any(|row| row["target"] == target && row["rule"] == rule)
}

/// Asserts some keys of a clock; instants in the short form.
#[track_caller]
fn assert_clock(clock: &Value, expected: &[(&str, Value)]) {
    for (key, value) in expected {
        let instant = matches!(*key, "starts_at" | "deadline" | "ended_at");
        let value = match value.as_str() {
            Some(text) if instant => json!(t(text)),
            _ => value.clone(),
        };
        assert_eq!(clock[*key], value, "{key} of {clock:#}");
    }
}

fn whys(clock: &Value) -> Vec<(String, bool)> {
    clock["segments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|segment| (segment["why"].as_str().unwrap().to_owned(), segment["counted"].as_bool().unwrap()))
        .collect()
}

fn office_police(windows: &str, more: &str) -> Profile {
    let texts = shipped("guangxi-police").unwrap();
    let settings = format!(
        "contract = \"guangxi-police\"\n\n[[office_hours]]\nwindows = {windows}\n\n[[calendar]]\nrules = [\"L1\", \"L2\", \"L3\", \"L4\"]\ntargets = [\"restoration\"]\ncalendar = \"office\"\n\n[[pause]]\nreason = \"待采购人停机窗口\"\n{more}"
    );
    Profile::load(texts.id, texts.facts, Some(texts.reading), Some(Text { file: "s.toml", text: &settings }))
        .unwrap()
}

// ---- 001: levels, response, restoration, report

#[test]
fn the_whole_output_of_a_simple_case() {
    let events = [e("10-01 08:00", "reported"), e("10-01 08:05:30", "accepted")];
    let report = police("1", &events, "10-01 09:00:30");
    assert_eq!(
        report,
        json!({
            "level": "1",
            "matched": [
                {"target": "response", "rule": "L1", "source": "001:52-54", "suggested": true, "why": "most_specific", "needs": []},
                {"target": "arrival", "rule": "offhours-reach", "source": "001:1935", "suggested": false, "why": "needs_window", "needs": ["windows"]},
                {"target": "restoration", "rule": "L1", "source": "001:52-54", "suggested": true, "why": "most_specific", "needs": []},
                {"target": "report", "rule": "fault-report-3d", "source": "001:1921", "suggested": true, "why": "most_specific", "needs": []},
            ],
            "targets": [
                {"target": "response", "rule": "L1", "source": "001:52-54", "limit": {"value": 15, "unit": "minute"},
                 "starts_at": t("10-01 08:00"), "deadline": t("10-01 08:15"), "state": "met", "ended_at": t("10-01 08:05:30"),
                 "ended_by": "accepted", "counted_minutes": 5, "remaining_minutes": null,
                 "segments": [{"from": t("10-01 08:00"), "to": t("10-01 08:05:30"), "counted": true, "why": "running", "text": "计时"}]},
                {"target": "restoration", "rule": "L1", "source": "001:52-54", "limit": {"value": 240, "unit": "minute"},
                 "starts_at": t("10-01 08:00"), "deadline": t("10-01 12:00"), "state": "running", "ended_at": null,
                 "ended_by": null, "counted_minutes": 60, "remaining_minutes": 180,
                 "segments": [{"from": t("10-01 08:00"), "to": t("10-01 09:00:30"), "counted": true, "why": "running", "text": "计时"}]},
                {"target": "report", "rule": "fault-report-3d", "source": "001:1921", "limit": {"value": 3, "unit": "day"},
                 "starts_at": null, "deadline": null, "state": "waiting", "ended_at": null, "ended_by": null,
                 "counted_minutes": 0, "remaining_minutes": null, "segments": []},
            ],
        })
    );
}

#[test]
fn each_level_has_its_limits() {
    for (level, response, restoration) in [
        ("1", "08:15", "10-01 12:00"),
        ("2", "08:30", "10-01 16:00"),
        ("3", "08:45", "10-02 08:00"),
        ("4", "09:00", "10-03 08:00"),
    ] {
        let report = police(level, &[e("10-01 08:00", "reported")], "10-01 08:00");
        assert_clock(&one(&report, "response"), &[("deadline", json!(format!("10-01 {response}")))]);
        assert_clock(&one(&report, "restoration"), &[("deadline", json!(restoration))]);
    }
}

#[test]
fn exactly_at_the_deadline_is_in_time_and_a_second_later_is_not() {
    for (ended, state) in [("08:14:59", "met"), ("08:15:00", "met"), ("08:15:01", "breached")] {
        let events = [e("10-01 08:00", "reported"), e(&format!("10-01 {ended}"), "responded")];
        assert_eq!(one(&police("1", &events, "10-01 09:00"), "response")["state"], state, "{ended}");
    }
    for (now, state, left) in [
        ("08:14:59", "running", 1),
        ("08:15:00", "running", 0),
        ("08:15:01", "missed_open", 0),
        ("08:16:01", "missed_open", -1),
        ("08:17:00", "missed_open", -2),
    ] {
        let report = police("1", &[e("10-01 08:00", "reported")], &format!("10-01 {now}"));
        assert_clock(
            &one(&report, "response"),
            &[("state", json!(state)), ("remaining_minutes", json!(left))],
        );
    }
}

#[test]
fn minutes_counted_are_floored_and_minutes_left_are_ceiled() {
    let report = police("1", &[e("10-01 08:00", "reported")], "10-01 08:00:59");
    assert_clock(
        &one(&report, "response"),
        &[("counted_minutes", json!(0)), ("remaining_minutes", json!(15))],
    );
    let report = police("1", &[e("10-01 08:00", "reported")], "10-01 08:01:01");
    assert_clock(
        &one(&report, "response"),
        &[("counted_minutes", json!(1)), ("remaining_minutes", json!(14))],
    );
}

#[test]
fn response_ends_at_the_first_of_its_events() {
    for kind in ["responded", "accepted", "work_started", "arrived"] {
        let events = [e("10-01 08:00", "reported"), e("10-01 08:10", kind), e("10-01 08:12", "responded")];
        assert_clock(
            &one(&police("1", &events, "10-01 08:20"), "response"),
            &[("ended_at", json!("10-01 08:10")), ("ended_by", json!(kind))],
        );
    }
    let events = [e("10-01 08:00", "reported"), e("10-01 08:10", "restored")];
    assert_clock(
        &one(&police("1", &events, "10-01 08:20"), "response"),
        &[("ended_by", json!("restored")), ("state", json!("met"))],
    );
    for kind in ["dispatched", "diagnosed", "remote_failed", "escalated"] {
        let events = [e("10-01 08:00", "reported"), e("10-01 08:10", kind)];
        assert_eq!(one(&police("1", &events, "10-01 08:12"), "response")["state"], "running", "{kind}");
    }
}

#[test]
fn a_workaround_does_not_end_the_restoration_of_001() {
    let events = [e("10-01 08:00", "reported"), e("10-01 09:00", "workaround")];
    assert_eq!(one(&police("1", &events, "10-01 10:00"), "restoration")["state"], "running");
}

#[test]
fn the_report_is_due_three_days_of_24_hours_after_restoration() {
    let events = [e("10-01 08:00", "reported"), e("10-01 10:00", "restored")];
    let report = police("1", &events, "10-02 10:00:30");
    assert_clock(
        &one(&report, "report"),
        &[
            ("starts_at", json!("10-01 10:00")),
            ("deadline", json!("10-04 10:00")),
            ("state", json!("running")),
            ("counted_minutes", json!(1440)),
            ("remaining_minutes", json!(2880)),
        ],
    );
    let mut late = events.to_vec();
    late.push(e("10-04 10:00:01", "report_submitted"));
    assert_eq!(one(&police("1", &late, "10-05 08:00"), "report")["state"], "breached");
}

#[test]
fn a_report_may_follow_the_closing() {
    let events = [
        e("10-01 08:00", "reported"),
        e("10-01 10:00", "restored"),
        e("10-01 11:00", "closed"),
        e("10-03 11:00", "report_submitted"),
    ];
    assert_clock(
        &one(&police("1", &events, "10-05 08:00"), "report"),
        &[("state", json!("met")), ("ended_by", json!("report_submitted"))],
    );
}

#[test]
fn closing_ends_nothing() {
    let events = [e("10-01 08:00", "reported"), e("10-01 08:01", "closed")];
    let report = police("1", &events, "10-01 08:10");
    assert_eq!(one(&report, "restoration")["state"], "running");
    assert_eq!(one(&report, "response")["state"], "running");
}

// ---- 001: level

fn level_for(facts: Value) -> Value {
    let mut case = case(Value::Null, Value::Null, &[e("10-01 08:00", "reported")], "10-01 08:00");
    case["facts"] = facts;
    run("guangxi-police", &case)["level"].clone()
}

#[test]
fn the_level_matrix_of_001() {
    let table = [
        (json!({"vip": true}), json!("1")),
        (json!({"vip": true, "system_class": "general", "share": "individual"}), json!("1")),
        (json!({"system_class": "core", "share": "half_or_more"}), json!("1")),
        (json!({"security_event": true, "share": "half_or_more"}), json!("1")),
        (json!({"system_class": "core", "share": "under_half"}), json!("2")),
        (json!({"security_event": true, "share": "under_half"}), json!("2")),
        (json!({"system_class": "important", "share": "half_or_more"}), json!("2")),
        (json!({"system_class": "important", "share": "under_half"}), json!("3")),
        (json!({"system_class": "important", "share": "individual"}), json!("3")),
        (json!({"system_class": "general", "share": "under_half"}), json!("3")),
        (json!({"request": true, "share": "half_or_more"}), json!("3")),
        (json!({"request": true, "share": "under_half"}), json!("4")),
        (json!({"request": true, "share": "individual"}), json!("4")),
        // Two levels fit.
        (json!({"system_class": "core", "share": "individual"}), Value::Null),
        (json!({"security_event": true, "share": "individual"}), Value::Null),
        (json!({"system_class": "general", "share": "individual"}), Value::Null),
        // None fits.
        (json!({"system_class": "general", "share": "half_or_more"}), Value::Null),
        // Not enough is known.
        (json!({"system_class": "core"}), Value::Null),
        (json!({"share": "half_or_more"}), Value::Null),
        (json!({}), Value::Null),
        (Value::Null, Value::Null),
    ];
    for (facts, level) in table {
        assert_eq!(level_for(facts.clone()), level, "{facts}");
    }
}

#[test]
fn a_stated_level_outranks_the_matrix() {
    let mut case = case(Value::Null, json!("3"), &[e("10-01 08:00", "reported")], "10-01 08:00");
    case["facts"] = json!({"vip": true});
    assert_eq!(run("guangxi-police", &case)["level"], "3");
    let event = with(e("10-01 08:00", "reported"), "level", "2");
    let own = self::case(Value::Null, Value::Null, &[event], "10-01 08:00");
    assert_eq!(run("guangxi-police", &own)["level"], "2");
}

#[test]
fn without_a_level_rules_with_one_are_listed_and_not_suggested() {
    let report = run(
        "guangxi-police",
        &case(Value::Null, Value::Null, &[e("10-01 08:00", "reported")], "10-01 08:00"),
    );
    assert_eq!(report["level"], Value::Null);
    for rule in ["L1", "L2", "L3", "L4"] {
        let row = matched(&report, "restoration", rule);
        assert_eq!((&row["suggested"], &row["needs"]), (&json!(false), &json!(["level"])));
    }
    assert_eq!(names(&report), ["report"]);
}

#[test]
fn an_own_rule_outranks_the_level_even_where_it_is_looser() {
    let report = run(
        "guangxi-police",
        &case(json!("5.1"), json!("1"), &[e("10-01 08:00", "reported")], "10-01 08:00"),
    );
    assert_clock(
        &one(&report, "response"),
        &[("rule", json!("E-1h-24h")), ("deadline", json!("10-01 09:00"))],
    );
    assert_eq!(matched(&report, "response", "L1")["suggested"], false);
    assert_clock(&one(&report, "restoration"), &[("rule", json!("L1"))]);
}

#[test]
fn own_rules_reach_only_their_objects() {
    let report = run(
        "guangxi-police",
        &case(json!("1.1"), json!("1"), &[e("10-01 08:00", "reported")], "10-01 08:00"),
    );
    assert!(!is_matched(&report, "response", "E-1h-24h"));
    assert_eq!(names(&report), ["response", "restoration", "report"]);
    let report = run(
        "guangxi-police",
        &case(json!("8.7"), json!("2"), &[e("10-01 08:00", "reported")], "10-01 08:00"),
    );
    assert_clock(
        &one(&report, "solution"),
        &[("rule", json!("H87-1h-12h")), ("deadline", json!("10-01 20:00"))],
    );
    assert_clock(&one(&report, "response"), &[("deadline", json!("10-01 09:00"))]);
}

#[test]
fn a_rule_without_a_number_stands_back_where_one_has_it() {
    let report = run(
        "guangxi-police",
        &case(
            json!("8.4"),
            json!("2"),
            &[e("10-01 08:00", "reported"), e("10-01 09:00", "arrived")],
            "10-01 10:00",
        ),
    );
    assert_eq!(matched(&report, "response", "H84-specified")["why"], "no_number");
    assert_clock(&one(&report, "response"), &[("rule", json!("L2"))]);
    assert_clock(
        &one(&report, "arrival"),
        &[
            ("rule", json!("H84-specified")),
            ("state", json!("no_limit")),
            ("limit", Value::Null),
            ("deadline", Value::Null),
            ("remaining_minutes", Value::Null),
            ("ended_at", json!("10-01 09:00")),
            ("ended_by", json!("arrived")),
            ("counted_minutes", json!(60)),
        ],
    );
}

// ---- 001: arrival after failed remote help

#[test]
fn arrival_waits_for_failed_remote_help_and_then_counts_from_the_report() {
    let object = json!("5.3");
    let mut events = vec![e("10-01 08:00", "reported")];
    let waiting = run("guangxi-police", &case(object.clone(), json!("2"), &events, "10-03 08:00"));
    assert_clock(
        &one(&waiting, "arrival"),
        &[
            ("state", json!("waiting")),
            ("starts_at", Value::Null),
            ("deadline", Value::Null),
            ("segments", json!([])),
            ("counted_minutes", json!(0)),
        ],
    );
    events.push(e("10-01 10:00", "remote_failed"));
    let running = run("guangxi-police", &case(object.clone(), json!("2"), &events, "10-01 11:00"));
    assert_clock(
        &one(&running, "arrival"),
        &[
            ("state", json!("running")),
            ("starts_at", json!("10-01 08:00")),
            ("deadline", json!("10-02 08:00")),
            ("counted_minutes", json!(180)),
        ],
    );
    events.push(e("10-02 08:00:01", "arrived"));
    let late = run("guangxi-police", &case(object, json!("2"), &events, "10-02 11:00"));
    assert_eq!(one(&late, "arrival")["state"], "breached");
}

#[test]
fn coming_at_once_meets_an_arrival_that_never_started() {
    let events =
        [e("10-01 08:00", "reported"), e("10-01 09:00", "arrived"), e("10-01 10:00", "remote_failed")];
    let report = run("guangxi-police", &case(json!("5.3"), json!("2"), &events, "10-01 11:00"));
    assert_clock(
        &one(&report, "arrival"),
        &[("state", json!("met")), ("starts_at", Value::Null), ("ended_by", json!("arrived"))],
    );
}

#[test]
fn what_is_not_yet_due_falls_away_with_the_restoration() {
    let events = [
        e("10-01 08:00", "reported"),
        e("10-01 09:00", "remote_failed"),
        e("10-01 10:00", "restored"),
        e("10-01 12:00", "arrived"),
    ];
    let report = run("guangxi-police", &case(json!("5.3"), json!("2"), &events, "10-01 13:00"));
    assert_clock(
        &one(&report, "arrival"),
        &[
            ("state", json!("void")),
            ("deadline", Value::Null),
            ("ended_at", json!("10-01 10:00")),
            ("ended_by", json!("restored")),
            ("starts_at", json!("10-01 08:00")),
            ("counted_minutes", json!(120)),
            ("remaining_minutes", Value::Null),
        ],
    );
    let waiting = [e("10-01 08:00", "reported"), e("10-01 10:00", "restored")];
    let report = run("guangxi-police", &case(json!("5.3"), json!("2"), &waiting, "10-01 13:00"));
    assert_clock(
        &one(&report, "arrival"),
        &[("state", json!("void")), ("starts_at", Value::Null), ("segments", json!([]))],
    );
}

#[test]
fn what_was_due_before_the_restoration_stays_owed() {
    let mut events =
        vec![e("10-01 08:00", "reported"), e("10-01 09:00", "remote_failed"), e("10-02 09:00", "restored")];
    let report = run("guangxi-police", &case(json!("5.3"), json!("4"), &events, "10-02 10:00"));
    assert_clock(
        &one(&report, "arrival"),
        &[("state", json!("missed_open")), ("remaining_minutes", json!(-120)), ("ended_at", Value::Null)],
    );
    events.push(e("10-02 11:00", "arrived"));
    let report = run("guangxi-police", &case(json!("5.3"), json!("4"), &events, "10-02 12:00"));
    assert_clock(
        &one(&report, "arrival"),
        &[("state", json!("breached")), ("ended_at", json!("10-02 11:00"))],
    );
    // Due exactly at the restoration is not yet past.
    let exact =
        [e("10-01 08:00", "reported"), e("10-01 09:00", "remote_failed"), e("10-02 08:00", "restored")];
    assert_eq!(
        one(&run("guangxi-police", &case(json!("5.3"), json!("4"), &exact, "10-02 10:00")), "arrival")["state"],
        "void"
    );
}

/// Found by the naive model: help that fails after the restoration starts no arrival.
#[test]
fn remote_help_that_fails_after_the_restoration_starts_nothing() {
    let events =
        [e("10-01 08:00", "reported"), e("10-03 08:00", "restored"), e("10-03 09:00", "remote_failed")];
    let report = run("guangxi-police", &case(json!("5.3"), json!("4"), &events, "10-03 10:00"));
    assert_clock(
        &one(&report, "arrival"),
        &[
            ("state", json!("void")),
            ("starts_at", Value::Null),
            ("ended_at", json!("10-03 08:00")),
            ("counted_minutes", json!(0)),
        ],
    );
}

// ---- level changes

/// Found by the naive model: an open restoration is asked again from the true start, and what it meets
/// there voids the other targets too.
#[test]
fn a_raised_level_finds_the_workaround_that_was_given_before() {
    let events = [
        e("10-09 08:00", "reported"),
        e("10-09 08:10", "workaround"),
        with(e("10-09 08:20", "level_changed"), "level", "1"),
    ];
    let report = xuchang("1", json!("3"), &events, "10-09 08:30");
    assert_clock(
        &one(&report, "restoration"),
        &[("rule", json!("GEN-SYS-1")), ("state", json!("met")), ("ended_at", json!("10-09 08:10"))],
    );
    assert_clock(
        &one(&report, "arrival"),
        &[("state", json!("void")), ("ended_at", json!("10-09 08:10")), ("ended_by", json!("workaround"))],
    );
}

#[test]
fn an_allowed_downgrade_ends_the_old_restoration_and_a_new_one_follows_from_the_true_start() {
    let events = [
        e("10-01 08:00", "reported"),
        e("10-01 08:20", "responded"),
        with(e("10-01 11:00", "level_changed"), "level", "3"),
    ];
    let report = police("1", &events, "10-01 13:00");
    assert_eq!(report["level"], "3");
    let clocks = all(&report, "restoration");
    assert_eq!(clocks.len(), 2);
    assert_clock(
        &clocks[0],
        &[
            ("rule", json!("L1")),
            ("state", json!("met")),
            ("ended_at", json!("10-01 11:00")),
            ("ended_by", json!("level_changed")),
            ("counted_minutes", json!(180)),
        ],
    );
    assert_clock(
        &clocks[1],
        &[
            ("rule", json!("L3")),
            ("state", json!("running")),
            ("starts_at", json!("10-01 08:00")),
            ("deadline", json!("10-02 08:00")),
            ("counted_minutes", json!(300)),
        ],
    );
    // The response had ended: it keeps its result under level 1.
    assert_clock(&one(&report, "response"), &[("rule", json!("L1")), ("state", json!("breached"))]);
}

#[test]
fn a_late_downgrade_is_a_breach() {
    let events = [e("10-01 08:00", "reported"), with(e("10-01 12:00:01", "level_changed"), "level", "2")];
    let clocks = all(&police("1", &events, "10-01 13:00"), "restoration");
    assert_eq!((&clocks[0]["state"], &clocks[1]["state"]), (&json!("breached"), &json!("running")));
}

#[test]
fn a_downgrade_that_the_rule_does_not_name_only_recomputes() {
    let events = [e("10-01 08:00", "reported"), with(e("10-01 11:00", "level_changed"), "level", "4")];
    let report = police("3", &events, "10-01 13:00");
    assert_clock(&one(&report, "restoration"), &[("rule", json!("L4")), ("deadline", json!("10-03 08:00"))]);
    assert_clock(&one(&report, "response"), &[("rule", json!("L4")), ("state", json!("missed_open"))]);
}

#[test]
fn a_level_raised_while_suspended_keeps_the_true_start() {
    let events = [
        e("10-01 08:00", "reported"),
        with(e("10-01 09:00", "suspended"), "reason", "等备件"),
        with(e("10-01 09:30", "level_changed"), "level", "1"),
        e("10-01 10:00", "resumed"),
    ];
    let report = police("2", &events, "10-01 12:30");
    assert_clock(
        &one(&report, "restoration"),
        &[
            ("rule", json!("L1")),
            ("starts_at", json!("10-01 08:00")),
            ("deadline", json!("10-01 12:00")),
            ("state", json!("missed_open")),
            ("remaining_minutes", json!(-30)),
            ("counted_minutes", json!(270)),
        ],
    );
}

#[test]
fn two_downgrades_leave_their_trace() {
    let events = [
        e("10-01 08:00", "reported"),
        with(e("10-01 09:00", "level_changed"), "level", "2"),
        with(e("10-01 10:00", "level_changed"), "level", "3"),
    ];
    let clocks = all(&police("1", &events, "10-01 13:00"), "restoration");
    let rules: Vec<&Value> = clocks.iter().map(|clock| &clock["rule"]).collect();
    assert_eq!(rules, ["L1", "L2", "L3"]);
}

#[test]
fn a_level_given_later_starts_its_clocks_at_the_report() {
    let events = [
        e("10-01 08:00", "reported"),
        e("10-01 08:10", "responded"),
        with(e("10-01 09:00", "level_changed"), "level", "2"),
    ];
    let report = run("guangxi-police", &case(Value::Null, Value::Null, &events, "10-01 10:00"));
    assert_clock(
        &one(&report, "response"),
        &[("rule", json!("L2")), ("state", json!("met")), ("ended_at", json!("10-01 08:10"))],
    );
    assert_clock(&one(&report, "restoration"), &[("deadline", json!("10-01 16:00"))]);
}

#[test]
fn a_change_after_the_restoration_changes_no_result() {
    let events = [
        e("10-01 08:00", "reported"),
        e("10-01 09:00", "restored"),
        with(e("10-01 09:30", "level_changed"), "level", "2"),
    ];
    let report = police("1", &events, "10-01 10:00");
    assert_clock(&one(&report, "restoration"), &[("rule", json!("L1")), ("state", json!("met"))]);
}

#[test]
fn a_forced_rule_outlives_a_downgrade() {
    let events = [e("10-01 08:00", "reported"), with(e("10-01 09:00", "level_changed"), "level", "2")];
    let mut forced = case(Value::Null, json!("1"), &events, "10-01 10:00");
    forced["rule"] = json!("L1");
    assert_clock(
        &one(&run("guangxi-police", &forced), "restoration"),
        &[("rule", json!("L1")), ("state", json!("running"))],
    );
}

// ---- suspensions

#[test]
fn a_suspension_without_a_listed_reason_is_shown_and_counted() {
    let events = [
        e("10-01 08:00", "reported"),
        with(e("10-01 09:00", "suspended"), "reason", "等备件"),
        e("10-01 10:00", "resumed"),
    ];
    let clock = one(&police("1", &events, "10-01 11:00"), "restoration");
    assert_clock(
        &clock,
        &[("deadline", json!("10-01 12:00")), ("counted_minutes", json!(180)), ("state", json!("running"))],
    );
    assert_eq!(
        whys(&clock),
        [
            ("running".to_owned(), true),
            ("pause_not_in_contract".to_owned(), true),
            ("running".to_owned(), true)
        ]
    );
    let open = [e("10-01 08:00", "reported"), with(e("10-01 09:00", "suspended"), "reason", "等备件")];
    assert_clock(
        &one(&police("1", &open, "10-01 11:00"), "restoration"),
        &[("state", json!("running")), ("deadline", json!("10-01 12:00"))],
    );
}

#[test]
fn a_suspension_of_no_length_leaves_no_trace() {
    let events = [
        e("10-01 08:00", "reported"),
        with(e("10-01 09:00", "suspended"), "reason", "等备件"),
        e("10-01 09:00", "resumed"),
    ];
    let clock = one(&police("1", &events, "10-01 11:00"), "restoration");
    assert_eq!(whys(&clock), [("running".to_owned(), true)]);
    assert_clock(&clock, &[("deadline", json!("10-01 12:00"))]);
}

fn pausing() -> Profile {
    let texts = shipped("guangxi-police").unwrap();
    let settings = "contract = \"guangxi-police\"\n[[pause]]\nreason = \"待采购人停机窗口\"\n";
    Profile::load(texts.id, texts.facts, Some(texts.reading), Some(Text { file: "s.toml", text: settings }))
        .unwrap()
}

fn paused(at: &str) -> Value {
    with(e(at, "suspended"), "reason", "待采购人停机窗口")
}

#[test]
fn a_listed_reason_stops_the_clock_and_moves_the_deadline() {
    let events = [e("10-01 08:00", "reported"), paused("10-01 09:00"), e("10-01 10:00", "resumed")];
    let clock = one(
        &count(&pausing(), &case(Value::Null, json!("1"), &events, "10-01 11:00")).unwrap(),
        "restoration",
    );
    assert_clock(
        &clock,
        &[
            ("deadline", json!("10-01 13:00")),
            ("counted_minutes", json!(120)),
            ("remaining_minutes", json!(120)),
        ],
    );
    assert_eq!(
        whys(&clock),
        [("running".to_owned(), true), ("pause_listed".to_owned(), false), ("running".to_owned(), true)]
    );
}

#[test]
fn while_stopped_there_is_no_deadline() {
    let events = [e("10-01 08:00", "reported"), e("10-01 08:01", "accepted"), paused("10-01 09:00")];
    let report = count(&pausing(), &case(Value::Null, json!("1"), &events, "10-02 11:00")).unwrap();
    assert_clock(
        &one(&report, "restoration"),
        &[
            ("state", json!("paused")),
            ("deadline", Value::Null),
            ("remaining_minutes", json!(180)),
            ("counted_minutes", json!(60)),
        ],
    );
    // What was already missed stays missed.
    let late = [e("10-01 08:00", "reported"), paused("10-01 09:00")];
    let report = count(&pausing(), &case(Value::Null, json!("1"), &late, "10-01 11:00")).unwrap();
    assert_clock(
        &one(&report, "response"),
        &[("state", json!("missed_open")), ("deadline", json!("10-01 08:15"))],
    );
}

#[test]
fn restored_while_stopped_is_judged_by_what_counted() {
    let events = [e("10-01 08:00", "reported"), paused("10-01 09:00"), e("10-01 20:00", "restored")];
    let clock = one(
        &count(&pausing(), &case(Value::Null, json!("1"), &events, "10-02 11:00")).unwrap(),
        "restoration",
    );
    assert_clock(
        &clock,
        &[("state", json!("met")), ("counted_minutes", json!(60)), ("ended_at", json!("10-01 20:00"))],
    );
}

// ---- office hours by settings

#[test]
fn made_out_of_hours_counts_from_the_next_window() {
    let profile = office_police("[\"08:00-12:00\", \"15:00-18:00\"]", "");
    let report =
        count(&profile, &case(Value::Null, json!("1"), &[e("10-08 20:00", "reported")], "10-09 09:30"))
            .unwrap();
    let clock = one(&report, "restoration");
    assert_clock(
        &clock,
        &[
            ("starts_at", json!("10-08 20:00")),
            ("deadline", json!("10-09 12:00")),
            ("counted_minutes", json!(90)),
            ("remaining_minutes", json!(150)),
        ],
    );
    assert_eq!(whys(&clock), [("outside_hours".to_owned(), false), ("running".to_owned(), true)]);
    // The response runs on every minute.
    assert_clock(&one(&report, "response"), &[("state", json!("missed_open"))]);
}

#[test]
fn made_exactly_at_a_windows_end_counts_from_the_next_window() {
    let profile = office_police("[\"08:00-12:00\", \"15:00-18:00\"]", "");
    let report =
        count(&profile, &case(Value::Null, json!("1"), &[e("10-09 12:00", "reported")], "10-09 15:30"))
            .unwrap();
    let clock = one(&report, "restoration");
    assert_clock(
        &clock,
        &[("deadline", json!("10-10 09:00")), ("counted_minutes", json!(30)), ("state", json!("running"))],
    );
    assert_eq!(whys(&clock), [("outside_hours".to_owned(), false), ("running".to_owned(), true)]);
}

#[test]
fn a_pause_over_a_holiday_and_a_makeup_saturday() {
    let profile = office_police("[\"08:00-12:00\", \"15:00-18:00\"]", "");
    // Tuesday 30 September 17:00, stopped 17:30 until Friday 10 October 17:30: the make-up Saturday counts.
    let events = [e("09-30 17:00", "reported"), paused("09-30 17:30"), e("10-10 17:30", "resumed")];
    let report = count(&profile, &case(Value::Null, json!("1"), &events, "10-11 09:00")).unwrap();
    let clock = one(&report, "restoration");
    assert_clock(
        &clock,
        &[
            ("counted_minutes", json!(120)),
            ("deadline", json!("10-11 11:00")),
            ("remaining_minutes", json!(120)),
        ],
    );
    assert_eq!(
        whys(&clock),
        [
            ("running".to_owned(), true),
            ("pause_listed".to_owned(), false),
            ("running".to_owned(), true),
            ("outside_hours".to_owned(), false),
            ("running".to_owned(), true)
        ]
    );
}

#[test]
fn a_window_that_ends_at_midnight_hands_over_to_the_next_day() {
    let profile = office_police("[\"00:00-24:00\"]", "");
    let report =
        count(&profile, &case(Value::Null, json!("1"), &[e("10-09 22:00", "reported")], "10-10 01:00"))
            .unwrap();
    let clock = one(&report, "restoration");
    assert_clock(&clock, &[("deadline", json!("10-10 02:00")), ("counted_minutes", json!(180))]);
    assert_eq!(whys(&clock), [("running".to_owned(), true)]);
    let evening = office_police("[\"20:00-24:00\"]", "");
    let report =
        count(&evening, &case(Value::Null, json!("1"), &[e("10-09 20:00", "reported")], "10-10 08:00"))
            .unwrap();
    assert_clock(
        &one(&report, "restoration"),
        &[
            ("deadline", json!("10-10 00:00")),
            ("state", json!("missed_open")),
            ("remaining_minutes", json!(0)),
        ],
    );
}

#[test]
fn a_calendar_changed_afterwards_keeps_the_start_and_moves_the_deadline() {
    let profile = office_police("[\"08:00-12:00\", \"15:00-18:00\"]", "");
    let case = case(Value::Null, json!("1"), &[e("10-10 17:00", "reported")], "10-11 09:00").to_string();
    let with = |calendar: &Calendar| {
        let report = interface::run(&profile, calendar, "case.json", &case).unwrap();
        one(&serde_json::to_value(report).unwrap(), "restoration")
    };
    let before = Calendar::builtin();
    assert_clock(&with(&before), &[("starts_at", json!("10-10 17:00")), ("deadline", json!("10-11 11:00"))]);
    let mut pack = before.packs().find(|pack| pack.year == 2025).unwrap().clone();
    pack.items.last_mut().unwrap().makeup.retain(|day| day.month() == 9);
    assert_clock(
        &with(&before.with_pack(pack)),
        &[("starts_at", json!("10-10 17:00")), ("deadline", json!("10-13 11:00"))],
    );
}

#[test]
fn a_clock_that_needs_an_unannounced_year_has_no_deadline() {
    let profile = office_police("[\"08:00-12:00\"]", "");
    let mut case = case(Value::Null, json!("4"), &[], "10-01 08:00");
    case["events"] = json!([{"at": "2026-12-31T11:00:00+08:00", "kind": "reported"}]);
    case["now"] = json!("2027-01-05T09:00:00+08:00");
    let clock = one(&count(&profile, &case).unwrap(), "restoration");
    assert_clock(
        &clock,
        &[("deadline", Value::Null), ("remaining_minutes", Value::Null), ("state", json!("running"))],
    );
    assert_eq!(whys(&clock).last().unwrap().0, "unannounced");
}

#[test]
fn an_agreed_limit_is_marked_as_a_setting() {
    let profile = office_police(
        "[\"08:00-12:00\"]",
        "\n[[limit]]\nrule = \"L1\"\ntarget = \"response\"\nminutes = 10\n",
    );
    let report =
        count(&profile, &case(Value::Null, json!("1"), &[e("10-09 08:00", "reported")], "10-09 08:00"))
            .unwrap();
    assert_clock(
        &one(&report, "response"),
        &[("source", json!("setting")), ("deadline", json!("10-09 08:10"))],
    );
}

#[test]
fn off_hours_are_known_once_the_site_states_its_hours() {
    let profile = office_police("[\"08:00-12:00\", \"15:00-18:00\"]", "");
    let at =
        |when: &str| count(&profile, &case(Value::Null, json!("1"), &[e(when, "reported")], when)).unwrap();
    assert!(!is_matched(&at("10-09 09:00"), "arrival", "offhours-reach"));
    for off in ["10-09 13:00", "10-09 20:00", "10-04 09:00"] {
        assert_clock(
            &one(&at(off), "arrival"),
            &[("state", json!("no_limit")), ("rule", json!("offhours-reach"))],
        );
    }
}

// ---- reopening

#[test]
fn reopening_continues_the_restoration_and_moves_its_deadline() {
    let events = [
        e("10-01 08:00", "reported"),
        e("10-01 08:05", "accepted"),
        e("10-01 10:00", "restored"),
        e("10-01 15:00", "reopened"),
    ];
    let clock = one(&police("1", &events, "10-01 16:00"), "restoration");
    assert_clock(
        &clock,
        &[
            ("state", json!("running")),
            ("starts_at", json!("10-01 08:00")),
            ("deadline", json!("10-01 17:00")),
            ("counted_minutes", json!(180)),
            ("remaining_minutes", json!(60)),
            ("ended_at", Value::Null),
        ],
    );
    assert_eq!(
        whys(&clock),
        [
            ("running".to_owned(), true),
            ("restored_until_reopened".to_owned(), false),
            ("running".to_owned(), true)
        ]
    );
    let mut again = events.to_vec();
    again.push(e("10-01 17:00:01", "restored"));
    assert_clock(
        &one(&police("1", &again, "10-01 18:00"), "restoration"),
        &[("state", json!("breached")), ("ended_at", json!("10-01 17:00:01"))],
    );
}

#[test]
fn reopening_does_not_heal_a_breach() {
    let events = [e("10-01 08:00", "reported"), e("10-01 13:00", "restored"), e("10-01 15:00", "reopened")];
    assert_clock(
        &one(&police("1", &events, "10-01 16:00"), "restoration"),
        &[
            ("state", json!("missed_open")),
            ("deadline", json!("10-01 12:00")),
            ("counted_minutes", json!(360)),
            ("remaining_minutes", json!(-120)),
        ],
    );
}

#[test]
fn restored_at_the_deadline_and_reopened_leaves_no_minute() {
    let events = [e("10-01 08:00", "reported"), e("10-01 12:00", "restored"), e("10-01 15:00", "reopened")];
    assert_clock(
        &one(&police("1", &events, "10-01 15:00"), "restoration"),
        &[("state", json!("running")), ("deadline", json!("10-01 15:00")), ("remaining_minutes", json!(0))],
    );
    assert_eq!(one(&police("1", &events, "10-01 15:00:01"), "restoration")["state"], "missed_open");
}

#[test]
fn the_report_counts_from_the_restoration_that_holds() {
    let mut events =
        vec![e("10-01 08:00", "reported"), e("10-01 10:00", "restored"), e("10-02 10:00", "reopened")];
    assert_clock(
        &one(&police("1", &events, "10-02 12:00"), "report"),
        &[("state", json!("waiting")), ("starts_at", Value::Null)],
    );
    events.push(e("10-03 10:00", "restored"));
    assert_clock(
        &one(&police("1", &events, "10-03 12:00"), "report"),
        &[("starts_at", json!("10-03 10:00")), ("deadline", json!("10-06 10:00"))],
    );
}

#[test]
fn reopening_leaves_other_results_alone() {
    let events = [
        e("10-01 08:00", "reported"),
        e("10-01 09:00", "restored"),
        e("10-01 10:00", "reopened"),
        e("10-01 10:30", "remote_failed"),
        e("10-01 11:00", "arrived"),
    ];
    let report = run("guangxi-police", &case(json!("5.3"), json!("2"), &events, "10-01 12:00"));
    assert_clock(&one(&report, "arrival"), &[("state", json!("void")), ("ended_at", json!("10-01 09:00"))]);
    assert_clock(&one(&report, "response"), &[("state", json!("met")), ("ended_by", json!("restored"))]);
}

#[test]
fn reopened_after_closing_without_restoration_simply_goes_on() {
    let events = [e("10-01 08:00", "reported"), e("10-01 09:00", "closed"), e("10-01 10:00", "reopened")];
    let clock = one(&police("1", &events, "10-01 11:00"), "restoration");
    assert_clock(&clock, &[("counted_minutes", json!(180)), ("deadline", json!("10-01 12:00"))]);
    assert_eq!(whys(&clock), [("running".to_owned(), true)]);
}

#[test]
fn reopening_after_a_workaround_counts_nothing_since_the_workaround() {
    let mut events =
        vec![e("10-09 08:00", "reported"), e("10-09 08:30", "workaround"), e("10-09 09:00", "restored")];
    events.push(e("10-09 10:00", "reopened"));
    let clock = one(&xuchang("2", json!("1"), &events, "10-09 10:10"), "restoration");
    assert_clock(
        &clock,
        &[("counted_minutes", json!(40)), ("deadline", json!("10-09 10:30")), ("state", json!("running"))],
    );
}

// ---- choosing

#[test]
fn a_forced_rule_covers_its_targets_only() {
    let mut case = case(json!("5.1"), json!("1"), &[e("10-01 08:00", "reported")], "10-01 08:00");
    case["rule"] = json!("L3");
    let report = run("guangxi-police", &case);
    assert_clock(&one(&report, "response"), &[("rule", json!("L3")), ("deadline", json!("10-01 08:45"))]);
    assert_clock(&one(&report, "restoration"), &[("rule", json!("L3"))]);
    assert_clock(&one(&report, "arrival"), &[("rule", json!("E-1h-24h"))]);
    assert_eq!(matched(&report, "response", "E-1h-24h")["suggested"], true);
}

#[test]
fn a_choice_overrides_one_target_and_the_last_choice_counts() {
    let choose = |at: &str, rule: &str| with(with(e(at, "rule_chosen"), "rule", rule), "target", "response");
    let events = [e("10-01 08:00", "reported"), choose("10-01 09:00", "L4"), choose("10-01 10:00", "L1")];
    let report = run("guangxi-police", &case(json!("5.1"), json!("2"), &events, "10-01 11:00"));
    assert_clock(&one(&report, "response"), &[("rule", json!("L1")), ("deadline", json!("10-01 08:15"))]);
    assert_clock(&one(&report, "restoration"), &[("rule", json!("L2"))]);
    let before = run("guangxi-police", &case(json!("5.1"), json!("2"), &events, "10-01 09:30"));
    assert_clock(&one(&before, "response"), &[("rule", json!("L4"))]);
}

// ---- 000

#[test]
fn petition_interfaces_need_a_choice() {
    let plain = case(json!("1.1"), Value::Null, &[e("10-01 08:00", "reported")], "10-01 08:00");
    let report = run("guangxi-petition", &plain);
    for rule in ["sms-fault", "sms-provider", "realname-fault", "realname-provider"] {
        let row = matched(&report, "restoration", rule);
        assert_eq!((&row["suggested"], &row["needs"]), (&json!(false), &json!(["rule"])), "{rule}");
    }
    let mut chosen = plain;
    chosen["rule"] = json!("sms-provider");
    assert_clock(
        &one(&run("guangxi-petition", &chosen), "restoration"),
        &[("deadline", json!("10-01 09:00"))],
    );
}

#[test]
fn petition_platform_has_its_own_levels() {
    let severe = case(json!("2"), json!("严重故障"), &[e("10-01 08:00", "reported")], "10-01 08:00");
    let report = run("guangxi-petition", &severe);
    assert_clock(
        &one(&report, "response"),
        &[("rule", json!("bigdata-severe")), ("deadline", json!("10-01 08:20"))],
    );
    assert_clock(&one(&report, "restoration"), &[("deadline", json!("10-01 12:00"))]);
    let problem = case(
        json!("2"),
        json!("严重问题"),
        &[e("10-01 08:00", "reported"), e("10-01 08:31", "escalated")],
        "10-01 09:00",
    );
    let report = run("guangxi-petition", &problem);
    assert_clock(
        &one(&report, "escalation"),
        &[("state", json!("breached")), ("deadline", json!("10-01 08:30"))],
    );
    assert!(
        count(
            &profile("guangxi-petition"),
            &case(json!("1.1"), json!("严重故障"), &[e("10-01 08:00", "reported")], "10-01 08:00")
        )
        .is_err()
    );
}

// ---- 003

#[test]
fn civil_restoration_starts_at_the_arrival() {
    let mut events = vec![e("10-01 08:00", "reported")];
    let now = |events: &[Value], now: &str| {
        run("shaanxi-civil", &case(Value::Null, json!("紧急故障"), events, now))
    };
    let waiting = now(&events, "10-01 09:00");
    assert_clock(&one(&waiting, "restoration"), &[("state", json!("waiting")), ("starts_at", Value::Null)]);
    assert_clock(&one(&waiting, "arrival"), &[("deadline", json!("10-01 10:00"))]);
    assert_clock(&one(&waiting, "alternative"), &[("state", json!("waiting"))]);
    events.push(e("10-01 09:30", "arrived"));
    assert_clock(
        &one(&now(&events, "10-01 10:00"), "restoration"),
        &[
            ("starts_at", json!("10-01 09:30")),
            ("deadline", json!("10-01 11:30")),
            ("counted_minutes", json!(30)),
        ],
    );
    assert_eq!(one(&now(&events, "10-01 11:30"), "alternative")["state"], "waiting");
    let missed = now(&events, "10-01 11:31");
    assert_eq!(one(&missed, "restoration")["state"], "missed_open");
    assert_clock(
        &one(&missed, "alternative"),
        &[
            ("state", json!("running")),
            ("starts_at", json!("10-01 11:30")),
            ("deadline", json!("10-01 13:30")),
        ],
    );
    events.push(e("10-01 13:00", "alternative_given"));
    assert_clock(
        &one(&now(&events, "10-01 14:00"), "alternative"),
        &[("state", json!("met")), ("counted_minutes", json!(90))],
    );
}

#[test]
fn civil_restored_before_anybody_came_is_met() {
    let events = [e("10-01 08:00", "reported"), e("10-01 08:20", "restored")];
    let report = run("shaanxi-civil", &case(Value::Null, json!("一般故障"), &events, "10-01 09:00"));
    assert_clock(
        &one(&report, "restoration"),
        &[
            ("state", json!("met")),
            ("starts_at", Value::Null),
            ("deadline", Value::Null),
            ("segments", json!([])),
            ("ended_at", json!("10-01 08:20")),
        ],
    );
    assert_clock(&one(&report, "arrival"), &[("state", json!("void"))]);
    assert_clock(&one(&report, "alternative"), &[("state", json!("void")), ("starts_at", Value::Null)]);
    assert_clock(&one(&report, "response"), &[("state", json!("met")), ("ended_by", json!("restored"))]);
}

#[test]
fn civil_alternative_after_a_late_restoration() {
    let missed = [e("10-01 08:00", "reported"), e("10-01 09:00", "arrived"), e("10-01 11:30", "restored")];
    let report = run("shaanxi-civil", &case(Value::Null, json!("紧急故障"), &missed, "10-01 18:00"));
    assert_clock(&one(&report, "restoration"), &[("state", json!("breached"))]);
    assert_clock(
        &one(&report, "alternative"),
        &[
            ("state", json!("void")),
            ("starts_at", json!("10-01 11:00")),
            ("ended_at", json!("10-01 11:30")),
            ("counted_minutes", json!(30)),
        ],
    );
    let late = [e("10-01 08:00", "reported"), e("10-01 09:00", "arrived"), e("10-01 14:00", "restored")];
    let report = run("shaanxi-civil", &case(Value::Null, json!("紧急故障"), &late, "10-01 18:00"));
    assert_clock(
        &one(&report, "alternative"),
        &[("state", json!("missed_open")), ("deadline", json!("10-01 13:00"))],
    );
}

#[test]
fn civil_restored_exactly_at_the_deadline_owes_no_alternative() {
    let events = [e("10-01 08:00", "reported"), e("10-01 09:00", "arrived"), e("10-01 11:00", "restored")];
    let report = run("shaanxi-civil", &case(Value::Null, json!("紧急故障"), &events, "10-01 18:00"));
    assert_eq!(one(&report, "restoration")["state"], "met");
    assert_clock(&one(&report, "alternative"), &[("state", json!("void")), ("starts_at", Value::Null)]);
}

#[test]
fn civil_problem_rule_stands_behind_the_levels() {
    let leveled = run(
        "shaanxi-civil",
        &case(Value::Null, json!("紧急故障"), &[e("10-01 08:00", "reported")], "10-01 08:00"),
    );
    assert_eq!(matched(&leveled, "restoration", "problem-24h")["suggested"], false);
    let open =
        run("shaanxi-civil", &case(Value::Null, Value::Null, &[e("10-01 08:00", "reported")], "10-01 08:00"));
    assert_clock(
        &one(&open, "restoration"),
        &[("rule", json!("problem-24h")), ("deadline", json!("10-02 08:00"))],
    );
}

// ---- 004

#[test]
fn onestop_kinds_need_a_choice_and_hours_a_window() {
    let mut plain = case(Value::Null, Value::Null, &[e("10-09 09:00", "reported")], "10-09 09:00");
    let report = run("dazhou-onestop", &plain);
    assert_eq!(report["targets"], json!([]));
    assert_eq!(matched(&report, "response", "consult-work")["needs"], json!(["rule", "windows"]));
    assert_eq!(matched(&report, "restoration", "data-normal")["needs"], json!(["level", "rule"]));
    assert_eq!(matched(&report, "restoration", "defect")["needs"], json!(["rule"]));
    plain["windows"] = json!({"上班时间": [[t("10-09 09:00"), t("10-09 17:00")]]});
    let inside = run("dazhou-onestop", &plain);
    assert!(
        is_matched(&inside, "response", "consult-work") && !is_matched(&inside, "response", "consult-off")
    );
    plain["windows"] = json!({"上班时间": [[t("10-09 08:00"), t("10-09 09:00")]]});
    let outside = run("dazhou-onestop", &plain);
    assert!(
        !is_matched(&outside, "response", "consult-work") && is_matched(&outside, "response", "consult-off")
    );
    plain["windows"] = json!({"上班时间": []});
    assert!(is_matched(&run("dazhou-onestop", &plain), "response", "consult-off"));
}

#[test]
fn onestop_defects_run_in_days() {
    let mut plain = case(Value::Null, Value::Null, &[e("10-09 09:00", "reported")], "10-10 08:00");
    plain["rule"] = json!("defect");
    let report = run("dazhou-onestop", &plain);
    assert_clock(
        &one(&report, "solution"),
        &[
            ("limit", json!({"value": 1, "unit": "day"})),
            ("deadline", json!("10-10 09:00")),
            ("remaining_minutes", json!(60)),
        ],
    );
    assert_clock(
        &one(&report, "restoration"),
        &[("limit", json!({"value": 5, "unit": "day"})), ("deadline", json!("10-14 09:00"))],
    );
}

// ---- 002

fn xuchang(object: &str, level: Value, events: &[Value], now: &str) -> Value {
    run("xuchang", &case(json!(object), level, events, now))
}

#[test]
fn a_workaround_ends_the_two_highest_levels() {
    for (level, state) in [("1", "met"), ("2", "met"), ("3", "running")] {
        let events = [e("10-09 08:00", "reported"), e("10-09 08:30", "workaround")];
        let report = xuchang("2", json!(level), &events, "10-09 08:45");
        assert_clock(&one(&report, "restoration"), &[("state", json!(state))]);
    }
    let report = xuchang("2", json!("1"), &[e("10-09 08:00", "reported")], "10-09 08:00");
    assert_clock(
        &one(&report, "report"),
        &[("starts_at", json!("10-09 08:00")), ("deadline", json!("10-09 16:00"))],
    );
}

#[test]
fn links_follow_link_levels_only() {
    let report = xuchang("109", json!("1"), &[e("10-09 08:00", "reported")], "10-09 08:00");
    assert_clock(
        &one(&report, "response"),
        &[("rule", json!("GEN-LINK-1")), ("deadline", json!("10-09 08:15"))],
    );
    assert_clock(
        &one(&report, "swap"),
        &[("rule", json!("GEN-LINK-SPARE")), ("deadline", json!("10-09 12:00"))],
    );
    assert!(!is_matched(&report, "response", "GEN-SYS-1"));
    assert!(
        count(
            &profile("xuchang"),
            &case(json!("109"), json!("3"), &[e("10-09 08:00", "reported")], "10-09 08:00")
        )
        .is_err()
    );
}

#[test]
fn levels_of_another_scheme_are_never_mapped_by_number() {
    let mut keyed = case(json!("89"), json!("1"), &[e("10-09 08:00", "reported")], "10-09 08:00");
    let open = run("xuchang", &keyed);
    assert_eq!(matched(&open, "response", "N089-1-KEY")["needs"], json!(["windows"]));
    assert_eq!(matched(&open, "response", "N089-1-OFF")["needs"], json!(["windows"]));
    assert_eq!(matched(&open, "response", "GEN-SYS-1")["needs"], json!(["level"]));
    assert_eq!(matched(&open, "response", "GEN-SYS-4")["needs"], json!(["level"]));
    assert!(!is_matched(&open, "response", "N089-2-OFF"));
    assert_eq!(open["targets"], json!([]));
    keyed["windows"] = json!({"关键运行时段": [[t("10-09 08:00"), t("10-09 10:00")]]});
    assert_clock(
        &one(&run("xuchang", &keyed), "response"),
        &[("rule", json!("N089-1-KEY")), ("deadline", json!("10-09 08:05"))],
    );
    keyed["windows"] = json!({"关键运行时段": [[t("10-09 06:00"), t("10-09 08:00")]]});
    assert_clock(
        &one(&run("xuchang", &keyed), "response"),
        &[("rule", json!("N089-1-OFF")), ("deadline", json!("10-09 08:10"))],
    );
    assert!(
        count(
            &profile("xuchang"),
            &case(json!("89"), json!("4"), &[e("10-09 08:00", "reported")], "10-09 08:00")
        )
        .is_err()
    );
}

#[test]
fn a_major_fault_of_73_has_no_number() {
    let report = xuchang("73", json!("重大故障"), &[e("10-09 08:00", "reported")], "10-09 09:00");
    assert_clock(&one(&report, "diagnosis"), &[("state", json!("missed_open"))]);
    assert_clock(
        &one(&report, "restoration"),
        &[("state", json!("no_limit")), ("rule", json!("N073-MAJOR")), ("counted_minutes", json!(60))],
    );
}

#[test]
fn the_hours_of_13_are_in_the_rule() {
    // A Saturday to be worked, a working evening, a holiday.
    for (at, rule) in [
        ("10-11 09:00", "N013-ATTACK-WORK"),
        ("10-09 18:00", "N013-ATTACK-OFF"),
        ("10-09 17:59", "N013-ATTACK-WORK"),
        ("10-03 09:00", "N013-ATTACK-OFF"),
    ] {
        let report = xuchang("13", Value::Null, &[e(at, "reported")], at);
        assert_eq!(matched(&report, "response", rule)["needs"], json!(["rule"]), "{at}");
        let other = if rule.ends_with("OFF") { "N013-ATTACK-WORK" } else { "N013-ATTACK-OFF" };
        assert!(!is_matched(&report, "response", other), "{at}");
    }
    let mut forced = case(
        json!("13"),
        Value::Null,
        &[e("10-09 09:00", "reported"), e("10-09 09:50", "solution_given")],
        "10-09 12:00",
    );
    forced["rule"] = json!("N013-ATTACK-WORK");
    let report = run("xuchang", &forced);
    assert_clock(
        &one(&report, "restoration"),
        &[("state", json!("met")), ("ended_by", json!("solution_given"))],
    );
    assert_clock(&one(&report, "solution"), &[("state", json!("met"))]);
}

#[test]
fn five_and_its_kin_wait_for_the_kind_of_problem() {
    let report = xuchang("5", json!("3"), &[e("10-09 08:00", "reported")], "10-09 08:00");
    for (target, rule) in [
        ("response", "N005-COLUMN"),
        ("start", "N005-FAULT"),
        ("restoration", "N005-FAULT"),
        ("start", "N005-RESTORE"),
    ] {
        assert_eq!(matched(&report, target, rule)["needs"], json!(["rule"]), "{rule}");
    }
    assert!(all(&report, "start").is_empty());
    assert_clock(&one(&report, "restoration"), &[("rule", json!("GEN-SYS-3"))]);
}

#[test]
fn a_workday_limit_ends_with_the_nth_workday() {
    let mut column = case(json!("5"), Value::Null, &[e("09-30 10:00", "reported")], "10-09 23:00");
    column["rule"] = json!("N005-COLUMN");
    let report = run("xuchang", &column);
    assert_clock(
        &one(&report, "response"),
        &[
            ("limit", json!({"value": 1, "unit": "workday"})),
            ("deadline", json!("10-10 00:00")),
            ("remaining_minutes", json!(60)),
        ],
    );
    let mut complaint = case(json!("89"), Value::Null, &[e("10-09 10:00", "reported")], "10-09 11:00");
    complaint["rule"] = json!("N089-COMPLAINT");
    // Five workdays after Thursday 9 October: 10, 11 (make-up), 13, 14, 15.
    assert_clock(&one(&run("xuchang", &complaint), "restoration"), &[("deadline", json!("10-16 00:00"))]);
}

#[test]
fn a_workday_limit_ends_with_the_last_window_where_hours_are_known() {
    let texts = shipped("xuchang").unwrap();
    let settings = Text {
        file: "s",
        text: "contract = \"xuchang\"\n[[office_hours]]\nwindows = [\"08:30-12:00\", \"14:00-17:30\"]\n",
    };
    let profile = Profile::load(texts.id, texts.facts, Some(texts.reading), Some(settings)).unwrap();
    let mut column = case(json!("5"), Value::Null, &[e("09-30 10:00", "reported")], "10-01 10:00");
    column["rule"] = json!("N005-COLUMN");
    assert_clock(&one(&count(&profile, &column).unwrap(), "response"), &[("deadline", json!("10-09 17:30"))]);
}

#[test]
fn dispatch_counts_only_after_failed_remote_help() {
    let mut events = vec![e("10-09 08:00", "reported"), e("10-09 08:05", "dispatched")];
    let running = xuchang("66", json!("3"), &events, "10-09 09:00");
    assert_clock(
        &one(&running, "dispatch"),
        &[("state", json!("running")), ("deadline", json!("10-09 10:00"))],
    );
    events.extend([e("10-09 09:30", "remote_failed"), e("10-09 09:40", "dispatched")]);
    assert_clock(
        &one(&xuchang("66", json!("3"), &events, "10-09 11:00"), "dispatch"),
        &[("ended_at", json!("10-09 09:40")), ("state", json!("met"))],
    );
    let came = [e("10-09 08:00", "reported"), e("10-09 08:30", "arrived")];
    assert_clock(
        &one(&xuchang("66", json!("3"), &came, "10-09 11:00"), "dispatch"),
        &[("ended_by", json!("arrived"))],
    );
}

#[test]
fn a_swap_ends_the_restoration_of_44() {
    let events = [e("10-09 08:00", "reported"), e("10-09 08:20", "arrived"), e("10-09 08:50", "swapped")];
    let report = xuchang("44", json!("3"), &events, "10-09 10:00");
    assert_clock(
        &one(&report, "restoration"),
        &[("rule", json!("N044-HARDWARE")), ("state", json!("met")), ("ended_by", json!("swapped"))],
    );
    assert_clock(&one(&report, "arrival"), &[("state", json!("met"))]);
}

#[test]
fn the_longest_distance_holds_for_36_unless_agreed() {
    let mut far = case(
        json!("36"),
        json!("2"),
        &[e("10-09 08:00", "reported"), e("10-09 09:00", "remote_failed")],
        "10-09 10:00",
    );
    let open = run("xuchang", &far);
    assert_eq!(matched(&open, "arrival", "N036-MAJOR")["needs"], json!(["rule"]));
    assert!(all(&open, "arrival").is_empty());
    far["rule"] = json!("N036-MAJOR");
    assert_clock(
        &one(&run("xuchang", &far), "arrival"),
        &[("limit", json!({"value": 2880, "unit": "minute"})), ("deadline", json!("10-11 08:00"))],
    );
}

#[test]
fn swap_and_repair_of_92_share_two_hours() {
    let report = xuchang("92", json!("1"), &[e("10-09 08:00", "reported")], "10-09 08:00");
    for target in ["swap", "restoration"] {
        assert_clock(
            &one(&report, target),
            &[("rule", json!("N092-FAULT")), ("deadline", json!("10-09 10:00"))],
        );
    }
}

#[test]
fn an_emergency_measure_ends_the_restoration_of_66() {
    let events = [e("10-09 08:00", "reported"), e("10-09 19:59", "workaround")];
    let report = xuchang("66", json!("1"), &events, "10-09 21:00");
    assert_clock(
        &one(&report, "restoration"),
        &[("rule", json!("N066-FAULT")), ("state", json!("met")), ("ended_by", json!("workaround"))],
    );
    // 立即响应 has no number, so the general ten minutes stand; a workaround is no response.
    assert_clock(
        &one(&report, "response"),
        &[("rule", json!("GEN-SYS-1")), ("state", json!("missed_open")), ("deadline", json!("10-09 08:10"))],
    );
}

#[test]
fn a_swap_after_two_hours_is_late_for_both_clocks_of_95() {
    let events = [e("10-09 08:00", "reported"), e("10-09 10:01", "swapped"), e("10-09 10:05", "restored")];
    let report = xuchang("95", json!("2"), &events, "10-09 11:00");
    for target in ["swap", "restoration"] {
        assert_clock(
            &one(&report, target),
            &[("rule", json!("PDT-FAULT")), ("deadline", json!("10-09 10:00")), ("state", json!("breached"))],
        );
    }
}

#[test]
fn outside_work_time_72_has_no_own_rule() {
    let mut night = case(json!("72"), json!("1"), &[e("10-09 20:00", "reported")], "10-09 20:00");
    night["windows"] = json!({"工作时间": [[t("10-09 08:00"), t("10-09 18:00")]]});
    let report = run("xuchang", &night);
    assert!(!is_matched(&report, "restoration", "N072-FIXED"));
    assert_clock(&one(&report, "restoration"), &[("rule", json!("GEN-SYS-1"))]);
    assert!(all(&report, "arrival").is_empty());
}

#[test]
fn an_agreed_distance_shortens_the_arrival_of_36() {
    let texts = shipped("xuchang").unwrap();
    let settings = Text {
        file: "s",
        text: "contract = \"xuchang\"\n[[limit]]\nrule = \"N036-MAJOR\"\ntarget = \"arrival\"\nminutes = 1440\n",
    };
    let profile = Profile::load(texts.id, texts.facts, Some(texts.reading), Some(settings)).unwrap();
    let mut near = case(
        json!("36"),
        json!("1"),
        &[e("10-09 08:00", "reported"), e("10-09 09:00", "remote_failed")],
        "10-09 10:00",
    );
    near["rule"] = json!("N036-MAJOR");
    assert_clock(
        &one(&count(&profile, &near).unwrap(), "arrival"),
        &[("source", json!("setting")), ("deadline", json!("10-10 08:00"))],
    );
}

// ---- input

#[test]
fn events_are_sorted_and_later_ones_ignored() {
    let events = [
        e("10-01 09:30", "restored"),
        e("10-01 08:05", "accepted"),
        e("10-01 08:00", "reported"),
        e("10-01 11:00", "reopened"),
        e("10-01 10:30", "restored"),
    ];
    let report = police("1", &events, "10-01 10:00");
    assert_clock(
        &one(&report, "restoration"),
        &[("state", json!("met")), ("ended_at", json!("10-01 09:30"))],
    );
}

#[test]
fn offsets_are_read_and_output_is_in_plus_eight() {
    let mut case = case(Value::Null, json!("1"), &[], "10-01 08:00");
    case["events"] = json!([{"at": "2025-10-01T00:00:00Z", "kind": "reported"}]);
    assert_clock(&one(&run("guangxi-police", &case), "response"), &[("starts_at", json!("10-01 08:00"))]);
}

/// Every bad case is refused with a message that names the file, the key and the value.
#[test]
fn bad_input_is_refused_with_its_key() {
    let good = case(
        json!("5.1"),
        json!("1"),
        &[e("10-01 08:00", "reported"), e("10-01 08:10", "accepted")],
        "10-01 09:00",
    );
    assert!(count(&profile("guangxi-police"), &good).is_ok());
    let reported = || e("10-01 08:00", "reported");
    let changed = |key: &str, value: Value| {
        let mut bad = good.clone();
        bad[key] = value;
        bad
    };
    let events = |more: &[Value]| changed("events", [&[reported()], more].concat().into());
    let suspended = |at: &str| with(e(at, "suspended"), "reason", "等");
    let mut cases = vec![
        ("object", changed("object", json!("99.9"))),
        ("object", changed("object", json!(5))),
        ("division", changed("division", json!("Z总队"))),
        ("rule", changed("rule", json!("L9"))),
        ("level", changed("level", json!("5"))),
        ("windows", changed("windows", json!({"午休": []}))),
        ("windows", changed("windows", json!({"关键运行时段": [[t("10-01 09:00"), t("10-01 08:00")]]}))),
        ("windows", changed("windows", json!({"关键运行时段": [[t("10-01 09:00")]]}))),
        ("windows", changed("windows", Value::Null)),
        ("facts", changed("facts", json!({"system_class": "huge"}))),
        ("facts", changed("facts", json!({"people": 3}))),
        ("events", changed("events", json!([]))),
        ("events", changed("events", json!([e("10-01 08:10", "accepted")]))),
        ("events", events(&[reported()])),
        ("events", events(&[e("10-01 07:00", "accepted")])),
        ("events", events(&[e("10-01 08:10", "vanished")])),
        ("events", events(&[with(e("10-01 08:10", "accepted"), "who", "x")])),
        ("events", events(&[json!({"kind": "accepted"})])),
        ("events", events(&[json!({"at": "2025-10-01 08:10", "kind": "accepted"})])),
        ("events", events(&[e("10-01 08:10", "level_changed")])),
        ("events", events(&[with(e("10-01 08:10", "level_changed"), "level", "7")])),
        ("events", events(&[e("10-01 08:10", "suspended")])),
        ("events", events(&[suspended("10-01 08:10"), suspended("10-01 08:20")])),
        ("events", events(&[e("10-01 08:10", "resumed")])),
        ("events", events(&[e("10-01 08:10", "reopened")])),
        ("events", events(&[e("10-01 08:10", "workaround"), e("10-01 08:20", "reopened")])),
        ("events", events(&[e("10-01 08:10", "restored"), e("10-01 08:20", "restored")])),
        ("events", events(&[e("10-01 08:10", "closed"), e("10-01 08:20", "arrived")])),
        ("events", events(&[e("10-01 08:10", "closed"), e("10-01 08:20", "closed")])),
        ("events", events(&[e("10-01 08:10", "rule_chosen")])),
        ("events", events(&[with(e("10-01 08:10", "rule_chosen"), "rule", "L1")])),
        ("events", events(&[with(with(e("10-01 08:10", "rule_chosen"), "rule", "L1"), "target", "swap")])),
        (
            "events",
            events(&[with(with(e("10-01 08:10", "rule_chosen"), "rule", "L9"), "target", "response")]),
        ),
        ("events", changed("events", json!([with(reported(), "level", "2")]))),
        ("now", changed("now", json!("yesterday"))),
        ("events", changed("now", json!(t("10-01 07:59")))),
        ("extra", changed("extra", json!(1))),
    ];
    for key in ["object", "division", "rule", "level", "windows", "events", "now"] {
        let mut bad = good.clone();
        bad.as_object_mut().unwrap().remove(key);
        cases.push((key, bad));
    }
    for (key, bad) in cases {
        let message = count(&profile("guangxi-police"), &bad).expect_err(&format!("{bad} must be refused"));
        assert!(message.contains("case.json") && message.contains(key), "{bad}: {message}");
    }
    for text in ["", "[]", "{", "null", "{\"object\": null}"] {
        assert!(interface::run(&profile("guangxi-police"), &Calendar::builtin(), "case.json", text).is_err());
    }
}

#[test]
fn a_closed_order_can_still_be_reopened_and_reported() {
    let events = [
        e("10-01 08:00", "reported"),
        e("10-01 08:30", "restored"),
        e("10-01 09:00", "closed"),
        e("10-01 09:10", "report_submitted"),
        e("10-01 10:00", "reopened"),
        e("10-01 10:30", "restored"),
    ];
    assert_clock(
        &one(&police("1", &events, "10-01 11:00"), "restoration"),
        &[("state", json!("met")), ("counted_minutes", json!(60))],
    );
}

#[test]
fn every_why_has_a_sentence() {
    let codes = Why::CODES;
    assert!(codes.iter().any(|code| code.code == "pause_not_in_contract"));
    let distinct: std::collections::BTreeSet<&str> = codes.iter().map(|code| code.code).collect();
    assert_eq!(distinct.len(), codes.len());
    assert!(codes.iter().all(|code| !code.text.is_empty()));
}
