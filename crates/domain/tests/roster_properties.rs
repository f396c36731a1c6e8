//! Properties of rosters on random months, against a checker of its own: written from the interface, over
//! half-hours on a plain JSON input, and sharing nothing with the rules but the calendar.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets a surprise should stop there"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use jiff::ToSpan;
use jiff::civil::Date;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::{Value, json};
use zaigang_domain::calendar::{Calendar, DayKind, OfficeHours};
use zaigang_domain::duty::roster::interface::{check, read_plan};
use zaigang_domain::duty::roster::{Check, Draft, Load, Worked, draft, ledger};

type Breach = (String, String, Option<String>, String);

fn calendar() -> &'static Calendar {
    static CALENDAR: OnceLock<Calendar> = OnceLock::new();
    CALENDAR.get_or_init(Calendar::builtin)
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

fn date(value: &Value) -> Date {
    text(value).parse().unwrap()
}

fn by_id<'v>(input: &'v Value, kind: &str, id: &str) -> &'v Value {
    list(&input[kind]).iter().find(|row| text(&row["id"]) == id).unwrap()
}

fn days_of(input: &Value) -> Vec<Date> {
    let first: Date = format!("{}-01", text(&input["month"])).parse().unwrap();
    (0..31).map(|n| first + n.days()).filter(|day| day.month() == first.month()).collect()
}

fn required(post: &Value, day: Date) -> i64 {
    let kind = calendar().day(day).kind;
    let worked = matches!(kind, DayKind::Workday | DayKind::Makeup);
    let runs = match &post["days"] {
        Value::String(word) => match word.as_str() {
            "all" => true,
            "workday" => worked,
            "nonworkday" => !worked,
            _ => kind == DayKind::Statutory,
        },
        dates => list(dates).iter().any(|stated| date(stated) == day),
    };
    if runs { post["count"].as_i64().unwrap() } else { 0 }
}

/// Half-hours since 2024, one by one.
fn half_hours(shift: &str, day: Date) -> BTreeSet<i64> {
    let base = i64::from((day - Date::constant(2024, 1, 1)).get_days()) * 48;
    let hours: Vec<(i64, i64)> = match shift {
        "day" => vec![(16, 40)],
        "night" => vec![(40, 64)],
        "24h" => vec![(16, 64)],
        _ => vec![(16, 24), (30, 36)],
    };
    hours.into_iter().flat_map(|(from, to)| from..to).map(|half| base + half).collect()
}

struct Turn {
    post: String,
    day: Date,
    halves: BTreeSet<i64>,
    standby: bool,
    night: bool,
    inside: bool,
}

fn turns_of(input: &Value, person: &str, roster: &[Value]) -> Vec<Turn> {
    let turn = |post: &str, day: Date, inside: bool| {
        let stated = by_id(input, "posts", post);
        let shift = text(&stated["shift"]);
        Turn {
            post: post.to_owned(),
            day,
            halves: half_hours(shift, day),
            standby: stated["standby"].as_bool().unwrap(),
            night: shift == "night" || shift == "24h",
            inside,
        }
    };
    let who = by_id(input, "people", person);
    let mut turns: Vec<Turn> = list(&who["history"]["last"])
        .iter()
        .map(|last| turn(text(&last["post"]), date(&last["date"]), false))
        .collect();
    let own = roster.iter().filter(|row| text(&row["person"]) == person);
    turns.extend(own.map(|row| turn(text(&row["post"]), date(&row["date"]), true)));
    turns
        .sort_by_key(|turn| (*turn.halves.first().unwrap(), *turn.halves.last().unwrap(), turn.post.clone()));
    turns
}

fn naive(input: &Value, roster: &[Value]) -> BTreeSet<Breach> {
    let mut found = BTreeSet::new();
    for post in list(&input["posts"]) {
        for day in days_of(input) {
            let here =
                roster.iter().filter(|row| row["post"] == post["id"] && date(&row["date"]) == day).count();
            let rule = match i64::try_from(here).unwrap().cmp(&required(post, day)) {
                std::cmp::Ordering::Less => "uncovered",
                std::cmp::Ordering::Greater => "overstaffed",
                std::cmp::Ordering::Equal => continue,
            };
            found.insert((day.to_string(), text(&post["id"]).to_owned(), None, rule.to_owned()));
        }
    }
    for pin in list(&input["pins"]) {
        if !roster.contains(pin) {
            let person = Some(text(&pin["person"]).to_owned());
            found.insert((
                text(&pin["date"]).to_owned(),
                text(&pin["post"]).to_owned(),
                person,
                "pin_lost".to_owned(),
            ));
        }
    }
    for person in list(&input["people"]) {
        naive_person(input, person, roster, &mut found);
    }
    found
}

fn naive_person(input: &Value, person: &Value, roster: &[Value], found: &mut BTreeSet<Breach>) {
    let id = text(&person["id"]);
    let rules = &input["rules"];
    let turns = turns_of(input, id, roster);
    let mut broken = |turn: &Turn, rule: &str| {
        if turn.inside {
            found.insert((turn.day.to_string(), turn.post.clone(), Some(id.to_owned()), rule.to_owned()));
        }
    };
    for (index, turn) in turns.iter().enumerate() {
        let post = by_id(input, "posts", &turn.post);
        if turn.day < date(&person["joined"])
            || person["left"].as_str().is_some_and(|left| turn.day > left.parse::<Date>().unwrap())
        {
            broken(turn, "not_member");
        }
        let away = |leave: &&Value| {
            text(&leave["person"]) == id && date(&leave["from"]) <= turn.day && turn.day <= date(&leave["to"])
        };
        if list(&input["leave"]).iter().any(|leave| away(&leave)) {
            broken(turn, "on_leave");
        }
        if post["skill"].is_string() && !list(&person["skills"]).contains(&post["skill"]) {
            broken(turn, "skill");
        }
        if turns
            .iter()
            .any(|other| other.inside && other.day == turn.day && post["not_same_as"] == other.post.as_str())
        {
            broken(turn, "same_person");
        }
        let before = &turns[..index];
        let overlap = |other: &&Turn| {
            !other.halves.is_disjoint(&turn.halves)
                && match (other.standby, turn.standby) {
                    (true, false) => turn.night,
                    (false, true) => other.night,
                    _ => true,
                }
        };
        let same_day = before.iter().filter(|other| other.day == turn.day && !other.standby).count() + 1;
        let crowded = !turn.standby && same_day as u64 > rules["shifts_per_day_max"].as_u64().unwrap();
        if crowded || before.iter().any(|other| overlap(&other)) {
            broken(turn, "double_booking");
        }
        let rest = |other: &Turn| {
            let gap = turn.halves.first().unwrap() - other.halves.last().unwrap() - 1;
            !turn.standby
                && !other.standby
                && other.halves.is_disjoint(&turn.halves)
                && (gap.max(0) as f64) / 2.0 < rules["rest_hours_min"].as_f64().unwrap()
        };
        if before.iter().any(rest) {
            broken(turn, "rest");
        }
    }
    for (limit, rule, nights) in
        [("consecutive_days_max", "consecutive", false), ("nights_in_row_max", "nights", true)]
    {
        let counts = |turn: &&Turn| !turn.standby && (turn.night || !nights);
        let dates: BTreeSet<Date> = turns.iter().filter(counts).map(|turn| turn.day).collect();
        for day in &dates {
            let row = (0..400i32).take_while(|back| dates.contains(&(*day - back.days()))).count();
            if row as u64 > rules[limit].as_u64().unwrap() {
                broken(turns.iter().filter(counts).find(|turn| turn.day == *day).unwrap(), rule);
            }
        }
    }
}

/// The cost by the formula, in plain floating point.
fn naive_cost(input: &Value, roster: &[Value]) -> (f64, f64) {
    let days = days_of(input);
    let present: Vec<&Value> = list(&input["people"])
        .iter()
        .filter(|who| date(&who["joined"]) <= days[0])
        .filter(|who| {
            who["left"].as_str().is_none_or(|left| left.parse::<Date>().unwrap() >= *days.last().unwrap())
        })
        .collect();
    let mut fairness = 0.0;
    for standby in [false, true] {
        let sums: Vec<[f64; 3]> = present
            .iter()
            .map(|who| {
                let history = &who["history"];
                let holidays: u64 =
                    history["holidays"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
                let mut sums = [0.0, history["nights"].as_u64().unwrap() as f64, holidays as f64];
                if standby {
                    sums = [0.0; 3];
                }
                for turn in turns_of(input, text(&who["id"]), roster)
                    .iter()
                    .filter(|turn| turn.inside && turn.standby == standby)
                {
                    let day = calendar().day(turn.day);
                    let off = !matches!(day.kind, DayKind::Workday | DayKind::Makeup);
                    sums[0] += 1.0;
                    sums[1] += f64::from(u8::from(turn.night));
                    sums[2] += f64::from(u8::from(off && day.holiday.is_some()));
                }
                sums
            })
            .collect();
        for (metric, weight) in [1.0, 2.0, 4.0].into_iter().enumerate() {
            let mean = sums.iter().map(|sums| sums[metric]).sum::<f64>() / sums.len().max(1) as f64;
            let spread: f64 = sums.iter().map(|sums| (sums[metric] - mean).powi(2)).sum();
            fairness += spread * weight * if standby { 0.5 } else { 1.0 };
        }
    }
    let missed = list(&input["wishes"]).iter().filter(|wish| {
        let works = roster.iter().any(|row| row["person"] == wish["person"] && row["date"] == wish["date"]);
        works == (wish["want"] == "off")
    });
    (fairness, missed.map(|wish| wish["weight"].as_f64().unwrap()).sum())
}

/// A random month: some people, posts of all kinds, leave, pins, wishes, and a roster of anything.
fn inputs() -> impl Strategy<Value = (Value, Vec<Value>)> {
    let month = prop::sample::select(vec!["2025-01", "2025-02", "2025-09", "2025-10", "2026-02"]);
    let person = (any::<bool>(), 0u32..4, 0u32..3, 0usize..6, 0usize..40, 0usize..4);
    let post = (0usize..4, 0usize..5, 0u32..3, any::<bool>(), 0usize..6, prop::bool::weighted(0.3));
    let place = (0usize..8, 0usize..5, 1i32..=28);
    (
        month,
        prop::collection::vec(person, 1..8),
        prop::collection::vec(post, 1..5),
        prop::collection::vec((0usize..8, 1i32..=28, 0i32..6), 0..4),
        prop::collection::vec(place.clone(), 0..4),
        prop::collection::vec((0usize..8, 1i32..=28, any::<bool>(), 0u32..20), 0..8),
        (prop::sample::select(vec![0.0, 0.5, 11.0, 12.0, 24.5, 48.0]), 0u32..7, 0u32..3, 0u32..4),
        prop::collection::vec(place, 0..60),
    )
        .prop_map(|(month, people, posts, leave, pins, wishes, rules, roster)| {
            let on = |day: i32| format!("{month}-{day:02}");
            let first: Date = on(1).parse().unwrap();
            let who = |index: usize| format!("p{:02}", index % people.len());
            let what = |index: usize| format!("post{}", index % posts.len());
            let people_rows: Vec<Value> = people
                .iter()
                .enumerate()
                .map(|(index, (skilled, nights, holidays, last, bounds, at))| {
                    json!({
                        "id": who(index), "name": who(index), "skills": if *skilled { vec!["net"] } else { vec![] },
                        "joined": if *bounds < 4 { on(9) } else { "2020-01-01".to_owned() },
                        "left": if (4..8).contains(bounds) { json!(on(20)) } else { Value::Null },
                        "history": {"hours": 7.5, "nights": nights, "weekends": 1, "holidays": {"元旦": holidays},
                            "last": (1..=*last as i32).map(|back| json!({"post": what(*at), "date": (first - back.days()).to_string()})).collect::<Vec<_>>()},
                    })
                })
                .collect();
            let post_rows: Vec<Value> = posts
                .iter()
                .enumerate()
                .map(|(index, (shift, days, count, skilled, other, standby))| {
                    let days = match days {
                        4 => json!([on(1), on(2), on(8), on(11)]),
                        word => ["all", "workday", "nonworkday", "statutory"][*word].into(),
                    };
                    let shift = ["day", "night", "24h", "5x8"][*shift];
                let other = (*other < 4 && what(*other) != what(index)).then(|| what(*other));
                    json!({"id": what(index), "kind": "值班", "shift": shift, "days": days,
                        "count": count, "skill": skilled.then_some("net"), "not_same_as": other, "standby": standby})
                })
                .collect();
            let rows = |places: Vec<(usize, usize, i32)>| -> Vec<Value> {
                places.into_iter().map(|(person, post, day)| json!({"person": who(person), "post": what(post), "date": on(day)})).collect()
            };
            let input = json!({
                "month": month, "people": people_rows, "posts": post_rows,
                "shift_hours": {"5x8": [["08:00", "12:00"], ["15:00", "18:00"]]},
                "leave": leave.into_iter().map(|(person, from, days)| {
                    let from: Date = on(from).parse().unwrap();
                    json!({"person": who(person), "from": from.to_string(), "to": (from + days.days()).to_string()})
                }).collect::<Vec<_>>(),
                "pins": rows(pins),
                "wishes": wishes.into_iter().map(|(person, day, on_duty, weight)| {
                    json!({"person": who(person), "date": on(day), "want": if on_duty { "on" } else { "off" }, "weight": f64::from(weight) / 2.0})
                }).collect::<Vec<_>>(),
                "rules": {"rest_hours_min": rules.0, "consecutive_days_max": rules.1, "shifts_per_day_max": rules.2, "nights_in_row_max": rules.3},
            });
            (input, rows(roster))
        })
}

fn breaches(input: &Value, roster: &[Value]) -> (Vec<Breach>, f64, f64) {
    let mut input = input.clone();
    input["assignments"] = json!(roster);
    let report = check(calendar(), &OfficeHours::default(), "f", &input.to_string()).unwrap();
    let breaches = report.violations.iter().map(|violation| {
        let (post, rule) = (violation.post.clone(), violation.rule.as_str().to_owned());
        (violation.date.to_string(), post, violation.person.clone(), rule)
    });
    (breaches.collect(), report.cost.fairness(), report.cost.wishes())
}

fn drafted(input: &Value, seed: u64, steps: u64) -> (Draft, Vec<Value>) {
    let month = read_plan(calendar(), &OfficeHours::default(), "f", &input.to_string()).unwrap();
    let found = draft(&month, seed, steps, &mut || false);
    let roster = found.assignments.iter().map(|turn| serde_json::to_value(turn).unwrap()).collect();
    (found, roster)
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn a_check_says_what_the_naive_checker_says((input, roster) in inputs()) {
        let (found, fairness, wishes) = breaches(&input, &roster);
        prop_assert!(found.is_sorted());
        prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), naive(&input, &roster));
        let (naive_fairness, naive_wishes) = naive_cost(&input, &roster);
        prop_assert!((fairness - naive_fairness).abs() < 1e-6, "{} {}", fairness, naive_fairness);
        prop_assert!((wishes - naive_wishes).abs() < 1e-9);
    }

    #[test]
    fn edits_one_by_one_come_to_the_same((input, roster) in inputs(), cut in 0usize..60) {
        let month = read_plan(calendar(), &OfficeHours::default(), "f", &input.to_string()).unwrap();
        let turns: Vec<_> = roster.iter().map(|row| serde_json::from_value(row.clone()).unwrap()).collect();
        let cut = cut.min(turns.len());
        let mut edited = Check::new(&month, &turns[..cut], "f").unwrap();
        for turn in &turns[cut..] {
            prop_assert!(edited.add(turn));
        }
        for turn in &turns[..cut] {
            prop_assert!(edited.remove(turn));
        }
        let whole = Check::new(&month, &turns[cut..], "f").unwrap();
        prop_assert_eq!(edited.violations(), whole.violations());
        prop_assert_eq!(edited.cost(), whole.cost());
        prop_assert_eq!(edited.assignments(), whole.assignments());
    }

    #[test]
    fn a_draft_breaks_nothing_and_lists_every_gap((input, _) in inputs(), seed in any::<u64>()) {
        let (found, roster) = drafted(&input, seed, 2500);
        let allowed = ["uncovered", "pin_lost"];
        for breach in naive(&input, &roster) {
            prop_assert!(allowed.contains(&breach.3.as_str()), "{:?}", breach);
            let gap = found.gaps.iter().find(|gap| gap.date.to_string() == breach.0 && gap.post == breach.1);
            prop_assert!(gap.is_some(), "{:?} is not listed", breach);
            if let Some(person) = breach.2 {
                prop_assert!(gap.unwrap().why.iter().any(|blocked| blocked.person == person));
            }
        }
        for post in list(&input["posts"]) {
            for day in days_of(&input) {
                let held = roster.iter().filter(|row| row["post"] == post["id"] && date(&row["date"]) == day).count();
                let gaps = found.gaps.iter().filter(|gap| gap.post == text(&post["id"]) && gap.date == day);
                let missing: u32 = gaps.map(|gap| gap.missing).sum();
                prop_assert_eq!(held as i64 + i64::from(missing), required(post, day));
            }
        }
        let (again, _) = drafted(&input, seed, 2500);
        prop_assert_eq!(&found, &again);
        let (fairness, wishes) = naive_cost(&input, &roster);
        prop_assert!((found.cost.total() - fairness - wishes).abs() < 1e-6);
    }

    #[test]
    fn a_blocked_person_would_break_that_rule((input, _) in inputs(), seed in any::<u64>()) {
        let (found, roster) = drafted(&input, seed, 500);
        let before = naive(&input, &roster);
        for gap in found.gaps.iter().filter(|gap| gap.missing > 0) {
            for blocked in &gap.why {
                let mut more = roster.clone();
                more.push(json!({"person": blocked.person, "post": gap.post, "date": gap.date.to_string()}));
                let after = naive(&input, &more);
                let rule = blocked.rule.as_str();
                let new = after.difference(&before).any(|breach| breach.3 == rule && breach.2.as_ref() == Some(&blocked.person));
                prop_assert!(new, "{:?} in {:?}", blocked, gap);
            }
        }
    }

    #[test]
    fn the_ledger_is_a_recount((_, roster) in inputs(), kinds in prop::collection::vec((any::<bool>(), any::<bool>(), 1u32..2000), 60)) {
        let shifts: Vec<Worked> = roster.iter().zip(&kinds).map(|(row, (night, standby, minutes))| Worked {
            person: text(&row["person"]).to_owned(), date: date(&row["date"]), minutes: *minutes, night: *night, standby: *standby,
        }).collect();
        let loads = ledger(calendar(), shifts.clone());
        let people: BTreeSet<&String> = shifts.iter().map(|shift| &shift.person).collect();
        prop_assert_eq!(loads.keys().collect::<BTreeSet<_>>(), people);
        for (person, Load { duty, standby }) in &loads {
            for (tally, apart) in [(duty, false), (standby, true)] {
                let own: Vec<&Worked> = shifts.iter().filter(|shift| &shift.person == person && shift.standby == apart).collect();
                let off = |shift: &&&Worked| !matches!(calendar().day(shift.date).kind, DayKind::Workday | DayKind::Makeup);
                let named = |shift: &Worked| calendar().day(shift.date).holiday;
                prop_assert_eq!(tally.shifts as usize, own.len());
                prop_assert_eq!(tally.minutes, own.iter().map(|shift| shift.minutes).sum::<u32>());
                prop_assert_eq!(tally.nights as usize, own.iter().filter(|shift| shift.night).count());
                prop_assert_eq!(tally.weekends as usize, own.iter().filter(off).filter(|shift| named(shift).is_none()).count());
                let mut holidays: BTreeMap<String, u32> = BTreeMap::new();
                for shift in own.iter().filter(off) {
                    if let Some(name) = named(shift) {
                        *holidays.entry(name.to_owned()).or_default() += 1;
                    }
                }
                prop_assert_eq!(&tally.holidays, &holidays);
            }
        }
    }
}

/// Five turns and three people, so that every roster can be tried.
fn tiny() -> impl Strategy<Value = Value> {
    let person = (0u32..4, 0u32..3, any::<bool>(), 0usize..10);
    let wish = (0usize..3, 1i32..=5, any::<bool>(), 0u32..8);
    (
        prop::collection::vec(person, 1..4),
        prop::collection::vec(wish, 0..4),
        (prop::sample::select(vec!["day", "24h"]), any::<bool>(), 1u32..4),
        prop::collection::vec((0usize..3, 1i32..=5), 0..2),
    )
        .prop_map(|(people, wishes, (shift, standby, row), leave)| {
            let who = |index: usize| format!("p{}", index % people.len());
            let on = |day: i32| format!("2025-10-{:02}", day + 5);
            json!({
                "month": "2025-10",
                "people": people.iter().enumerate().map(|(index, (nights, holidays, skilled, joined))| json!({
                    "id": who(index), "name": "", "skills": if *skilled { vec!["net"] } else { vec![] },
                    "joined": if *joined == 0 { "2025-10-08" } else { "2025-01-01" }, "left": null,
                    "history": {"hours": 0, "nights": nights, "weekends": 0, "holidays": {"春节": holidays}, "last": []},
                })).collect::<Vec<_>>(),
                "posts": [
                    {"id": "a", "kind": "值班", "shift": shift, "days": [on(1), on(2), on(3)], "count": 1, "skill": null, "not_same_as": null, "standby": standby},
                    {"id": "b", "kind": "值班", "shift": "day", "days": [on(3), on(5)], "count": 1, "skill": "net", "not_same_as": "a", "standby": false},
                ],
                "leave": leave.into_iter().map(|(person, day)| json!({"person": who(person), "from": on(day), "to": on(day)})).collect::<Vec<_>>(),
                "pins": [],
                "wishes": wishes.into_iter().map(|(person, day, duty, weight)| json!({
                    "person": who(person), "date": on(day), "want": if duty { "on" } else { "off" }, "weight": weight,
                })).collect::<Vec<_>>(),
                "rules": {"rest_hours_min": 12, "consecutive_days_max": row, "shifts_per_day_max": 1, "nights_in_row_max": 3},
            })
        })
}

/// Every roster that breaks nothing but leaves turns open: the fewest open, then the lowest cost.
fn best_by_trial(input: &Value) -> (usize, f64) {
    let cells: Vec<(Value, String)> = days_of(input)
        .into_iter()
        .flat_map(|day| list(&input["posts"]).iter().map(move |post| (post, day)))
        .filter(|(post, day)| required(post, *day) > 0)
        .map(|(post, day)| (post["id"].clone(), day.to_string()))
        .collect();
    let people = list(&input["people"]).len();
    let mut best = (usize::MAX, f64::INFINITY);
    for code in 0..(people + 1).pow(cells.len() as u32) {
        let mut rest = code;
        let mut roster = Vec::new();
        for (post, day) in &cells {
            let person = rest % (people + 1);
            rest /= people + 1;
            if person > 0 {
                roster.push(json!({"person": input["people"][person - 1]["id"], "post": post, "date": day}));
            }
        }
        let open = cells.len() - roster.len();
        if open > best.0 || naive(input, &roster).iter().any(|breach| breach.3 != "uncovered") {
            continue;
        }
        let (fairness, wishes) = naive_cost(input, &roster);
        if open < best.0 || fairness + wishes < best.1 {
            best = (open, fairness + wishes);
        }
    }
    best
}

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn a_tiny_month_is_filled_as_far_and_as_well_as_it_can_be(input in tiny()) {
        let (found, roster) = drafted(&input, 1, 20_000);
        let (open, cost) = best_by_trial(&input);
        prop_assert_eq!(found.gaps.iter().map(|gap| gap.missing as usize).sum::<usize>(), open);
        prop_assert!((found.cost.total() - cost).abs() < 1e-9, "{} {} {:?}", found.cost.total(), cost, roster);
    }
}
