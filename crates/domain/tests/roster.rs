//! Rosters by example: every hard rule at its edges, the cost by the formula, drafts, repair, what to lift,
//! and bad input.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets a surprise should stop there"
)]

use jiff::civil::date;
use serde_json::{Value, json};
use zaigang_domain::calendar::{Calendar, OfficeHours, Season, Window};
use zaigang_domain::duty::roster::interface::{CheckReport, check, read_plan};
use zaigang_domain::duty::roster::{
    Assignment, Draft, Leave, Month, Rule, draft, ledger, repair, steps_for, ways_to_fill,
};

fn person(id: &str) -> Value {
    json!({"id": id, "name": id, "skills": [], "joined": "2025-01-01", "left": null,
        "history": {"hours": 0, "nights": 0, "weekends": 0, "holidays": {}, "last": []}})
}

fn post(id: &str, shift: &str, days: Value) -> Value {
    json!({"id": id, "kind": "值班", "shift": shift, "days": days, "count": 1, "skill": null,
        "not_same_as": null, "standby": false})
}

fn standby(id: &str, shift: &str, days: Value) -> Value {
    let mut post = post(id, shift, days);
    post["standby"] = json!(true);
    post
}

/// October 2025 with people a, b and the given posts.
fn plan(posts: &[Value]) -> Value {
    json!({
        "month": "2025-10", "people": [person("a"), person("b")], "posts": posts,
        "shift_hours": {"5x8": [["08:00", "12:00"], ["15:00", "18:00"]]},
        "leave": [], "pins": [], "wishes": [],
        "rules": {"rest_hours_min": 12, "consecutive_days_max": 6, "shifts_per_day_max": 1, "nights_in_row_max": 2},
    })
}

fn on(day: i8) -> String {
    date(2025, 10, day).to_string()
}

/// Rows of (person, post, day of October).
fn rows(turns: &[(&str, &str, i8)]) -> Value {
    turns
        .iter()
        .map(|(person, post, day)| json!({"person": person, "post": post, "date": on(*day)}))
        .collect()
}

fn checked(plan: &Value, turns: &[(&str, &str, i8)]) -> CheckReport {
    let mut input = plan.clone();
    input["assignments"] = rows(turns);
    check(&Calendar::builtin(), &OfficeHours::default(), "f.json", &input.to_string()).unwrap()
}

/// Breaches but for the uncovered, as `rule person post day`.
#[track_caller]
fn assert_broken(plan: &Value, turns: &[(&str, &str, i8)], expected: &[&str]) {
    let found: Vec<String> = checked(plan, turns)
        .violations
        .iter()
        .filter(|violation| violation.rule != Rule::Uncovered)
        .map(|violation| {
            let person = violation.person.as_deref().unwrap_or("-");
            format!("{} {person} {} {}", violation.rule.as_str(), violation.post, violation.date.day())
        })
        .collect();
    assert_eq!(found, expected);
}

fn month(plan: &Value) -> Month {
    read_plan(&Calendar::builtin(), &OfficeHours::default(), "f.json", &plan.to_string()).unwrap()
}

fn drafted(plan: &Value) -> Draft {
    draft(&month(plan), 0, 20_000, &mut || false)
}

fn dates(days: &[i8]) -> Value {
    days.iter().map(|day| on(*day)).collect()
}

#[test]
fn a_day_then_a_night_leaves_no_rest_and_a_night_then_a_day_overlaps_nothing() {
    let mut plan = plan(&[post("d", "day", json!("all")), post("n", "night", json!("all"))]);
    plan["rules"]["shifts_per_day_max"] = json!(2);
    assert_broken(&plan, &[("a", "d", 3), ("a", "n", 3)], &["rest a n 3"]);
    assert_broken(&plan, &[("a", "n", 3), ("a", "d", 4)], &["rest a d 4"]);
    assert_broken(&plan, &[("a", "d", 3), ("a", "d", 4)], &[]);
    // Twelve hours are enough, a second less would not be: half-open windows.
    assert_broken(&plan, &[("a", "n", 3), ("a", "n", 4)], &[]);
    plan["rules"]["rest_hours_min"] = json!(12.5);
    assert_broken(&plan, &[("a", "n", 3), ("a", "n", 4)], &["rest a n 4"]);
}

#[test]
fn more_shifts_a_day_than_allowed_and_overlaps_are_one_double_booking() {
    let posts =
        [post("d", "day", json!("all")), post("w", "24h", json!("all")), post("o", "5x8", json!("all"))];
    let mut plan = plan(&posts);
    plan["rules"]["rest_hours_min"] = json!(0);
    assert_broken(&plan, &[("a", "d", 9), ("a", "w", 9)], &["double_booking a w 9"]);
    // Equal begins: the one that ends later is the later one.
    plan["rules"]["shifts_per_day_max"] = json!(3);
    assert_broken(&plan, &[("a", "d", 9), ("a", "o", 9)], &["double_booking a d 9"]);
    assert_broken(&plan, &[("a", "w", 9), ("a", "d", 10)], &[]);
    assert_broken(&plan, &[("a", "d", 9), ("a", "d", 9)], &["overstaffed - d 9", "double_booking a d 9"]);
}

#[test]
fn standby_lies_beside_work_but_not_beside_nights_nor_other_standby() {
    let posts = [
        post("d", "day", json!("all")),
        post("n", "night", json!("all")),
        post("o", "5x8", json!("all")),
        standby("s", "24h", json!("all")),
        standby("t", "night", json!("all")),
        standby("u", "day", json!("all")),
    ];
    let plan = plan(&posts);
    assert_broken(&plan, &[("a", "d", 9), ("a", "s", 9)], &[]);
    assert_broken(&plan, &[("a", "o", 9), ("a", "s", 9), ("a", "o", 10)], &[]);
    assert_broken(&plan, &[("a", "n", 9), ("a", "s", 9)], &["double_booking a n 9"]);
    assert_broken(&plan, &[("a", "s", 9), ("a", "t", 9)], &["double_booking a t 9"]);
    // The standby ends when the next one begins, and day standby is over when the night begins.
    assert_broken(&plan, &[("a", "s", 9), ("a", "s", 10), ("a", "u", 11), ("a", "n", 11)], &[]);
    // Neither rest, rows nor nights are broken by standby.
    let week: Vec<(&str, &str, i8)> = (1..=9).map(|day| ("a", "s", day)).collect();
    assert_broken(&plan, &week, &[]);
}

#[test]
fn rows_are_counted_by_the_date_of_the_begin_and_go_on_from_the_month_before() {
    let posts = [post("d", "day", json!("all")), post("n", "night", json!("all"))];
    let mut plan = plan(&posts);
    let seven: Vec<(&str, &str, i8)> = (1..=8).map(|day| ("a", "d", day)).collect();
    assert_broken(&plan, &seven, &["consecutive a d 7", "consecutive a d 8"]);
    assert_broken(&plan, &[("a", "n", 1), ("a", "n", 2), ("a", "n", 3)], &["nights a n 3"]);
    plan["people"][0]["history"]["last"] =
        json!([{"post": "n", "date": "2025-09-29"}, {"post": "n", "date": "2025-09-30"}]);
    assert_broken(&plan, &[("a", "n", 1)], &["nights a n 1"]);
    assert_broken(&plan, &[("a", "d", 1)], &["rest a d 1"]);
    assert_broken(&plan, &[("a", "n", 2)], &[]);
}

#[test]
fn leave_and_membership_include_both_ends_and_look_at_the_begin() {
    let posts = [post("n", "night", json!("all")), standby("s", "24h", json!("all"))];
    let mut plan = plan(&posts);
    plan["leave"] = json!([{"person": "a", "from": on(10), "to": on(12)}]);
    plan["people"][1]["joined"] = json!(on(10));
    plan["people"][1]["left"] = json!(on(12));
    assert_broken(&plan, &[("a", "n", 9), ("a", "n", 13)], &[]);
    assert_broken(&plan, &[("a", "n", 10), ("a", "s", 12)], &["on_leave a n 10", "on_leave a s 12"]);
    assert_broken(&plan, &[("b", "n", 10), ("b", "n", 12)], &[]);
    assert_broken(&plan, &[("b", "n", 9), ("b", "n", 13)], &["not_member b n 9", "not_member b n 13"]);
}

#[test]
fn pair_skill_and_pin() {
    let mut second = post("second", "day", json!("all"));
    second["not_same_as"] = json!("main");
    second["skill"] = json!("net");
    let mut plan = plan(&[post("main", "night", json!("all")), second]);
    plan["rules"]["shifts_per_day_max"] = json!(2);
    plan["rules"]["rest_hours_min"] = json!(0);
    plan["pins"] = rows(&[("b", "main", 5)]);
    assert_broken(
        &plan,
        &[("a", "main", 3), ("a", "second", 3)],
        &["same_person a second 3", "skill a second 3", "pin_lost b main 5"],
    );
}

#[test]
fn the_days_of_a_post_follow_the_notice() {
    let posts = [
        post("work", "day", json!("workday")),
        post("off", "day", json!("nonworkday")),
        post("law", "day", json!("statutory")),
    ];
    let needed = |name: &str, post: &str| {
        let mut plan = plan(&posts);
        plan["month"] = json!(name);
        let month = month(&plan);
        month.dates().filter(|day| month.required(post, *day) > 0).map(|day| day.day()).collect::<Vec<i8>>()
    };
    // Make-up days are workdays: Sunday 09-28 and Saturday 10-11.
    assert!(needed("2025-09", "work").contains(&28));
    assert!(needed("2025-10", "work").contains(&11));
    assert_eq!(needed("2025-10", "off"), [1, 2, 3, 4, 5, 6, 7, 8, 12, 18, 19, 25, 26]);
    // 国庆 10-01 to 03 and 中秋 10-06; the Spring Festivals of 2025 (01-28 to 31) and 2026 (02-16 to 19).
    assert_eq!(needed("2025-10", "law"), [1, 2, 3, 6]);
    assert_eq!(needed("2025-01", "law"), [1, 28, 29, 30, 31]);
    assert_eq!(needed("2026-02", "law"), [16, 17, 18, 19]);
    assert!(needed("2025-01", "work").contains(&26), "Sunday 2025-01-26 is worked");
    assert!(needed("2026-02", "work").contains(&14), "Saturday 2026-02-14 is worked");
}

#[test]
fn uncovered_and_overstaffed_stand_once_for_each_post_and_date_and_all_is_sorted() {
    let mut two = post("b", "day", dates(&[9, 10]));
    two["count"] = json!(3);
    let report = checked(
        &plan(&[two, post("a", "night", dates(&[9]))]),
        &[("a", "a", 9), ("b", "a", 9), ("a", "b", 20)],
    );
    let found: Vec<_> = report
        .violations
        .iter()
        .map(|violation| {
            (
                violation.rule.as_str(),
                violation.person.as_deref(),
                violation.post.as_str(),
                violation.date.day(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("overstaffed", None, "a", 9),
            ("uncovered", None, "b", 9),
            ("uncovered", None, "b", 10),
            ("overstaffed", None, "b", 20),
        ]
    );
    assert!(report.violations[1].text.contains("缺 3 人"));
}

#[test]
fn the_cost_follows_the_formula() {
    let mut plan = plan(&[post("n", "night", json!("all")), standby("s", "24h", json!("all"))]);
    plan["people"][0]["history"]["nights"] = json!(2);
    plan["people"][1]["history"]["holidays"] = json!({"春节": 1, "清明节": 2});
    plan["wishes"] = json!([
        {"person": "a", "date": on(1), "want": "off", "weight": 1.5},
        {"person": "b", "date": on(20), "want": "on", "weight": 2},
        {"person": "b", "date": on(21), "want": "off", "weight": 9},
    ]);
    let cost = checked(&plan, &[("a", "n", 1), ("a", "n", 3), ("a", "s", 11)]).cost;
    // Shifts 2, 0: 2. Nights 4, 0: 2·8. Holidays 2, 3: 4·½. Standby 1, 0: ½·(½ + 2·½); 10-11 is no day off.
    assert!((cost.fairness() - (2.0 + 16.0 + 2.0 + 0.75)).abs() < 1e-12);
    assert!((cost.wishes() - 3.5).abs() < 1e-12);
    assert!((cost.total() - 24.25).abs() < 1e-12);
    // Who joins in the month has no part in fairness.
    plan["people"][1]["joined"] = json!(on(2));
    assert!((checked(&plan, &[("a", "n", 1), ("a", "n", 3)]).cost.fairness()).abs() < 1e-12);
}

#[test]
fn office_hours_come_from_the_settings_or_the_file() {
    let mut input = plan(&[post("o", "5x8", json!("workday"))]);
    input.as_object_mut().unwrap().remove("shift_hours");
    let text = input.to_string();
    let refused =
        read_plan(&Calendar::builtin(), &OfficeHours::default(), "f.json", &text).unwrap_err().to_string();
    assert!(refused.contains("f.json: posts[0].shift = 5x8"), "{refused}");
    let windows = ["08:00-12:00", "14:30-18:00"].map(|window| window.parse::<Window>().unwrap()).to_vec();
    let season =
        Season { from: None, to: None, since: None, divisions: vec![], windows, source: "setting".into() };
    let hours = OfficeHours { seasons: vec![season], days: vec![] };
    let month = read_plan(&Calendar::builtin(), &hours, "f.json", &text).unwrap();
    let roster = [Assignment { person: "a".into(), post: "o".into(), date: date(2025, 10, 11) }];
    let loads = ledger(&Calendar::builtin(), month.worked(&roster));
    assert_eq!(loads["a"].duty.minutes, 450);
    assert_eq!(
        (loads["a"].duty.weekends, loads["a"].duty.holidays.len()),
        (0, 0),
        "a make-up Saturday is work"
    );
}

#[test]
fn bad_input_names_file_key_and_value() {
    let good = plan(&[post("d", "day", json!("all"))]);
    let cases: &[(&str, Value, &str)] = &[
        ("/month", json!("2025-13"), "month = \"2025-13\""),
        ("/month", json!("2031-10"), "month = 2031-10"),
        ("/people/1/id", json!("a"), "people[1].id = a"),
        ("/people/0/left", json!("2024-01-01"), "people[0].left = 2024-01-01"),
        ("/people/0/history/nights", json!(-1), "people[0].history.nights = -1"),
        (
            "/people/0/history/last",
            json!([{"post": "x", "date": "2025-09-30"}]),
            "people[0].history.last[0].post = x",
        ),
        (
            "/people/0/history/last",
            json!([{"post": "d", "date": "2025-10-01"}]),
            "people[0].history.last[0].date = 2025-10-01",
        ),
        ("/posts/0/shift", json!("evening"), "posts[0].shift = \"evening\""),
        ("/posts/0/days", json!("never"), "posts[0].days = \"never\""),
        ("/posts/0/days", json!(["2025-11-01"]), "posts[0].days[0] = 2025-11-01"),
        ("/posts/0/not_same_as", json!("x"), "posts[0].not_same_as = x"),
        ("/posts/0/count", json!(1.5), "posts[0].count = 1.5"),
        ("/shift_hours", json!({"day": [["08:00", "25:00"]]}), "shift_hours.day[0]"),
        (
            "/shift_hours",
            json!({"day": [["12:00", "18:00"], ["08:00", "11:00"]]}),
            "shift_hours.day = 12:00-18:00 08:00-11:00",
        ),
        ("/shift_hours", json!({"evening": []}), "shift_hours"),
        ("/leave", json!([{"person": "z", "from": "2025-10-01", "to": "2025-10-01"}]), "leave[0].person = z"),
        (
            "/leave",
            json!([{"person": "a", "from": "2025-10-02", "to": "2025-10-01"}]),
            "leave[0].from = 2025-10-02",
        ),
        ("/pins", json!([{"person": "a", "post": "d", "date": "2025-09-30"}]), "pins[0].date = 2025-09-30"),
        ("/pins", json!([{"person": "a", "post": "d", "date": "2025-10-1"}]), "pins[0].date = \"2025-10-1\""),
        (
            "/wishes",
            json!([{"person": "a", "date": "2025-10-01", "want": "off", "weight": -1}]),
            "wishes[0].weight = -1",
        ),
        (
            "/wishes",
            json!([{"person": "a", "date": "2025-10-01", "want": "maybe", "weight": 1}]),
            "wishes[0].want = \"maybe\"",
        ),
        ("/rules", json!({}), "rest_hours_min"),
    ];
    for (pointer, value, expected) in cases {
        let mut input = good.clone();
        *input.pointer_mut(pointer).unwrap() = value.clone();
        let refused = read_plan(&Calendar::builtin(), &OfficeHours::default(), "f.json", &input.to_string());
        let message = refused.expect_err(expected).to_string();
        assert!(message.starts_with("f.json") && message.contains(expected), "{expected} in {message}");
    }
    let mut input = good.clone();
    input["extra"] = json!(1);
    assert!(read_plan(&Calendar::builtin(), &OfficeHours::default(), "f", &input.to_string()).is_err());
    input = good.clone();
    input["people"][0].as_object_mut().unwrap().remove("left");
    assert!(read_plan(&Calendar::builtin(), &OfficeHours::default(), "f", &input.to_string()).is_err());
    input = good;
    input["assignments"] = rows(&[("a", "d", 1), ("z", "d", 1)]);
    let refused =
        check(&Calendar::builtin(), &OfficeHours::default(), "f.json", &input.to_string()).unwrap_err();
    assert!(refused.to_string().contains("assignments[1].person = z"), "{refused}");
}

#[test]
fn a_pin_that_breaks_a_rule_is_left_out_and_its_turn_stays_open() {
    let mut plan = plan(&[post("d", "day", dates(&[9, 10, 11]))]);
    plan["leave"] = json!([{"person": "a", "from": on(9), "to": on(9)}]);
    plan["pins"] = rows(&[("a", "d", 9), ("b", "d", 10), ("a", "d", 10)]);
    let found = drafted(&plan);
    let gaps: Vec<_> = found
        .gaps
        .iter()
        .map(|gap| {
            (
                gap.date.day(),
                gap.missing,
                gap.why.iter().map(|why| (why.person.as_str(), why.rule)).collect::<Vec<_>>(),
            )
        })
        .collect();
    assert_eq!(gaps, [(9, 1, vec![("a", Rule::OnLeave)]), (10, 0, vec![("a", Rule::Overstaffed)])]);
    assert_eq!(found.assignments.len(), 2);
    assert!(found.assignments.iter().any(|turn| turn.person == "b" && turn.date.day() == 10));
}

#[test]
fn what_nobody_can_do_is_a_gap_with_everyone_and_his_rule() {
    let mut plan = plan(&[post("d", "day", dates(&[9])), post("n", "night", dates(&[9]))]);
    plan["people"].as_array_mut().unwrap().push(person("c"));
    plan["posts"][1]["skill"] = json!("net");
    plan["people"][2]["skills"] = json!(["net"]);
    plan["leave"] =
        json!([{"person": "a", "from": on(9), "to": on(9)}, {"person": "c", "from": on(8), "to": on(9)}]);
    let found = drafted(&plan);
    assert_eq!(
        found.assignments,
        [Assignment { person: "b".into(), post: "d".into(), date: date(2025, 10, 9) }]
    );
    assert!(found.proven_best, "one person and one turn");
    let why: Vec<_> = found.gaps[0].why.iter().map(|why| (why.person.as_str(), why.rule.as_str())).collect();
    assert_eq!(
        why,
        [
            ("a", "on_leave"),
            ("a", "skill"),
            ("b", "double_booking"),
            ("b", "rest"),
            ("b", "skill"),
            ("c", "on_leave")
        ]
    );
    let lifts = ways_to_fill(&month(&plan), &found.assignments, "n", date(2025, 10, 9), "f").unwrap();
    // a's set contains c's, so it is no way of its own; b would need three rules lifted.
    let lifts: Vec<_> = lifts.iter().map(|lift| (lift.rules.clone(), lift.people.join(","))).collect();
    let of_b = vec![Rule::DoubleBooking, Rule::Rest, Rule::Skill];
    assert_eq!(lifts, [(vec![Rule::OnLeave], "c".to_owned()), (of_b, "b".to_owned())]);
}

#[test]
fn repair_ranks_by_changes_then_cost_and_says_why_not() {
    let mut plan = plan(&[post("d", "day", dates(&[9, 10])), post("n", "night", dates(&[9]))]);
    let people = plan["people"].as_array_mut().unwrap();
    people.extend([person("c"), person("d"), person("e")]);
    people[2]["history"]["nights"] = json!(3);
    people[4]["joined"] = json!(on(20));
    let turn = |person: &str, post: &str, day: i8| Assignment {
        person: person.into(),
        post: post.into(),
        date: date(2025, 10, day),
    };
    let roster = [turn("a", "d", 9), turn("b", "n", 9), turn("d", "d", 10)];
    let leave = [Leave { person: "b".into(), from: date(2025, 10, 9), to: date(2025, 10, 9) }];
    let repaired = repair(&month(&plan), &roster, &leave, "f").unwrap();
    let offer = &repaired.offers[0];
    assert_eq!((offer.post.as_str(), offer.absent.as_str(), offer.date.day()), ("n", "b", 9));
    let ranked: Vec<_> =
        offer.replacements.iter().map(|way| (way.person.as_str(), way.changes.len())).collect();
    // c is free; a gives his day shift to c, d the next day's to a third.
    assert_eq!(ranked[0], ("c", 1));
    assert!(ranked[1..].iter().all(|(person, changes)| *changes == 2 && ["a", "d"].contains(person)));
    assert_eq!(ranked.len(), 3);
    let others: Vec<_> =
        offer.others.iter().map(|other| (other.person.as_str(), other.rules.clone())).collect();
    assert_eq!(others, [("e", vec![Rule::NotMember])]);
    assert!(repaired.assignments.contains(&turn("c", "n", 9)) && repaired.assignments.len() == 3);
    let effect = offer.replacements[0].cost_change;
    assert!((repaired.cost.total() - offer.replacements[0].cost.total()).abs() < 1e-12 && effect > 0.0);
    assert!(
        repair(&month(&plan), &roster, &[Leave { person: "z".into(), ..leave[0].clone() }], "f").is_err()
    );
}

/// What is kept in tests/rosters.
const INSTANCES: [(&str, &str); 6] = [
    ("october-2025-police", include_str!("rosters/october-2025-police.json")),
    ("tight-leave", include_str!("rosters/tight-leave.json")),
    ("infeasible", include_str!("rosters/infeasible.json")),
    ("rest-24h", include_str!("rosters/rest-24h.json")),
    ("full-grid", include_str!("rosters/full-grid.json")),
    ("large-63x31", include_str!("rosters/large-63x31.json")),
];

/// Turns that stay open in an instance (in the large one a pin on a day of leave) and the least cost under
/// it, proven by an exact solver (docs/decisions/0012-roster-draft.md).
fn best(name: &str) -> (u32, f64) {
    let rows = include_str!("rosters/best.tsv").lines().map(|row| row.split('\t').collect::<Vec<_>>());
    let row = rows.into_iter().find(|cells| cells[0] == name).unwrap();
    (row[1].parse().unwrap(), row[2].parse().unwrap())
}

#[test]
fn the_kept_instances_come_within_five_percent_of_the_best_known() {
    for (name, text) in INSTANCES {
        let (missing, best) = best(name);
        let month = read_plan(&Calendar::builtin(), &OfficeHours::default(), name, text).unwrap();
        let found = draft(&month, 1, steps_for(&month).min(600_000), &mut || false);
        let open: u32 = found.gaps.iter().map(|gap| gap.missing).sum();
        assert_eq!(open, missing, "{name}");
        let cost = found.cost.total();
        assert!(cost <= best * 1.05, "{name}: {cost} against {best}");
        assert!(cost >= best - 1e-3, "{name}: {cost} is below what was proven to be least, {best}");
    }
}

#[test]
fn steps_and_seed_alone_decide() {
    let month = read_plan(&Calendar::builtin(), &OfficeHours::default(), "f", INSTANCES[0].1).unwrap();
    let whole = draft(&month, 7, 30_000, &mut || false);
    let mut asked = 0;
    let stopped = draft(&month, 7, 1_000_000, &mut || {
        asked += 1;
        asked > 3
    });
    assert_eq!(stopped.steps, 3 * 2048, "time only ends it, between batches");
    assert_eq!(draft(&month, 7, 3 * 2048, &mut || false).assignments, stopped.assignments);
    assert_eq!(draft(&month, 7, 30_000, &mut || false), whole);
    assert_ne!(draft(&month, 8, 30_000, &mut || false).assignments, whole.assignments);
}
