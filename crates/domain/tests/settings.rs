//! 本项目约定: what is refused, what it changes for clocks, what stays open, and what a new version moves.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets a surprise should stop there"
)]

use std::collections::BTreeSet;

use jiff::Timestamp;
use zaigang_domain::calendar::Calendar;
use zaigang_domain::clock::{
    At, Case, CaseEvent, Engine, EventKind, OrderCase, State, Target, TargetClock, Why, impact,
};
use zaigang_domain::contract::{
    Change, OpenQuestion, Profile, SHIPPED, Settings, Text, Topic, diff, open_questions, shipped,
};

fn with(contract: &str, settings: &str) -> Result<Profile, Vec<(u32, String, String)>> {
    let texts = shipped(contract).unwrap();
    let text = format!("contract = \"{contract}\"\n{settings}");
    Profile::load(texts.id, texts.facts, Some(texts.reading), Some(Text { file: "s.toml", text: &text }))
        .map_err(|mistakes| {
            assert!(mistakes.0.iter().all(|mistake| mistake.file == "s.toml"));
            let short = |m: zaigang_domain::mistake::Mistake| (m.line.unwrap(), m.key, m.reason);
            mistakes.0.into_iter().map(short).collect()
        })
}

fn at(text: &str) -> Timestamp {
    format!("2025-{}:00+08:00", text.replace(' ', "T")).parse().unwrap()
}

fn case(object: Option<&str>, level: Option<&str>, events: &[(&str, EventKind)], now: &str) -> Case {
    Case {
        object: object.map(str::to_owned),
        division: None,
        rule: None,
        level: level.map(str::to_owned),
        facts: None,
        windows: Default::default(),
        events: events.iter().map(|(when, kind)| CaseEvent::new(at(when), *kind)).collect(),
        now: At(at(now)),
    }
}

fn clock(profile: &Profile, case: &Case, target: Target) -> TargetClock {
    let calendar = Calendar::builtin();
    let engine = Engine::new(profile, &calendar);
    let report = engine.input(case, "case").unwrap().report(case.now.0);
    report.targets.into_iter().find(|clock| clock.target == target).unwrap_or_else(|| panic!("{case:?}"))
}

const REPORTED: EventKind = EventKind::Reported;

// ---- what is refused

#[test]
fn every_mistake_in_the_settings_is_named_with_its_line() {
    let found = with(
        "guangxi-police",
        r#"warning_percent = [50, 120]
[[system_class]]
object = "99.9"
class = "core"
[[system_class]]
object = "1.1"
class = "huge"
[[limit]]
rule = "L1"
target = "response"
minutes = 10
[[limit]]
rule = "L1"
target = "response"
minutes = 12
[[window]]
name = "工作时间"
divisions = ["Z总队"]
from = "2025-10-02"
to = "2025-10-01"
windows = ["09:00-12:00", "11:00-13:00"]
[[duty_order]]
number = "桂公值〔2025〕1号"
date = "2025-09-20"
title = "国庆值班"
from = "2025-10-08"
to = "2025-10-01"
posts = ["nobody"]
[[vip]]
name = "指挥中心"
kind = "person"
[[pause]]
reason = "等"
rules = ["L9"]
basis = { effective = "2025-01-01", who = "科信办" }
"#,
    )
    .unwrap_err();
    let found: Vec<(u32, &str)> = found.iter().map(|(line, key, _)| (*line, key.as_str())).collect();
    let found: BTreeSet<(u32, &str)> = found.into_iter().collect();
    assert_eq!(
        found,
        BTreeSet::from([
            (2, "warning_percent"),
            (4, "system_class[0].object"),
            (8, "system_class[1].class"),
            (14, "limit[1].rule"),
            (19, "window[0].divisions"),
            (20, "window[0].from"),
            (22, "window[0].windows"),
            (27, "duty_order[0].from"),
            (29, "duty_order[0].posts"),
            (32, "vip[0].kind"),
            (35, "pause[0].rules"),
            (36, "pause[0].basis.paper"),
        ])
    );
}

#[test]
fn settings_that_fit_no_rule_are_refused() {
    let refused = |contract: &str, settings: &str, key: &str, reason: &str| {
        let found = with(contract, settings).unwrap_err();
        assert!(found.iter().any(|(_, k, r)| k == key && r.contains(reason)), "{found:?}");
    };
    refused(
        "guangxi-police",
        "[[limit]]\nrule = \"L1\"\ntarget = \"swap\"\nminutes = 5\n",
        "limit[0].target",
        "没有这个时限",
    );
    refused(
        "guangxi-police",
        "[[limit]]\nrule = \"L1\"\ntarget = \"response\"\nminutes = 0\n",
        "limit[0].minutes",
        "不能为 0",
    );
    refused(
        "xuchang",
        "[[limit]]\nrule = \"N036-MAJOR\"\ntarget = \"arrival\"\nminutes = 1439\n",
        "limit[0].minutes",
        "1440 至 2880",
    );
    refused("xuchang", "[[window]]\nname = \"午休\"\nwindows = []\n", "window[0].name", "没有规则使用");
    refused(
        "xuchang",
        "[[answer]]\nquestion = \"nothing\"\ntext = \"好\"\n",
        "answer[0].question",
        "没有这个待答",
    );
    refused("dazhou-onestop", "[[vip]]\nname = \"甲\"\n[[vip]]\nname = \"甲\"\n", "vip[1].name", "写了两次");
}

// ---- what it changes for clocks

#[test]
fn a_named_window_is_known_once_it_is_agreed() {
    let profile = with(
        "xuchang",
        "[[window]]\nname = \"关键运行时段\"\nobjects = [\"89\"]\ndays = \"workday\"\nwindows = [\"08:00-12:00\"]\n\
         [[window]]\nname = \"关键运行时段\"\nobjects = [\"89\"]\nfrom = \"2025-10-01\"\nto = \"2025-10-08\"\nwindows = [\"00:00-24:00\"]\n",
    )
    .unwrap();
    for (when, rule) in [
        ("10-09 08:00", "N089-1-KEY"),
        ("10-09 11:59", "N089-1-KEY"),
        ("10-09 12:00", "N089-1-OFF"),
        ("10-12 09:00", "N089-1-OFF"),
        ("10-11 09:00", "N089-1-KEY"),
        ("10-03 23:00", "N089-1-KEY"),
    ] {
        let case = case(Some("89"), Some("1"), &[(when, REPORTED)], when);
        assert_eq!(clock(&profile, &case, Target::Response).rule, rule, "{when}");
    }
    // Agreed for another object only: still open here.
    let other = case(Some("98"), Some("1"), &[("10-09 08:00", REPORTED)], "10-09 08:00");
    let calendar = Calendar::builtin();
    let engine = Engine::new(&profile, &calendar);
    let report = engine.input(&other, "case").unwrap().report(other.now.0);
    assert!(report.matched.iter().any(|row| row.rule == "N098-1-KEY" && row.why == Why::NeedsWindow));
    // What the case itself gives outranks the settings.
    let mut given = case(Some("89"), Some("1"), &[("10-09 08:00", REPORTED)], "10-09 08:00");
    given.windows.insert("关键运行时段".to_owned(), Vec::new());
    assert_eq!(clock(&profile, &given, Target::Response).rule, "N089-1-OFF");
}

#[test]
fn a_day_can_be_agreed_to_mean_something_else() {
    let due = |settings: &str| {
        let profile = with("guangxi-police", settings).unwrap();
        let events = [("10-09 10:00", REPORTED), ("10-09 11:00", EventKind::Restored)];
        let clock = clock(&profile, &case(None, Some("1"), &events, "10-09 12:00"), Target::Report);
        (clock.limit.unwrap().unit.as_str(), clock.deadline.unwrap(), clock.remaining_minutes.unwrap())
    };
    let text = |due: &str| format!("2025-{due}:00+08:00");
    assert_eq!(due(""), ("day", text("10-12T11:00"), 4260));
    let end_of_date = "[[day_meaning]]\nrules = [\"fault-report-3d\"]\nday = \"end_of_date\"\n";
    assert_eq!(due(end_of_date), ("day", text("10-13T00:00"), 5040));
    // 10 October, the make-up Saturday, 13 October.
    let workday = "[[day_meaning]]\ntargets = [\"report\"]\nday = \"workday\"\n";
    assert_eq!(due(workday), ("workday", text("10-14T00:00"), 6480));
    let hours = "[[office_hours]]\nwindows = [\"09:00-17:00\"]\n";
    assert_eq!(due(&format!("{workday}{hours}")).1, text("10-13T17:00"));
    let midnight = "[[day_meaning]]\nday = \"workday\"\nworkday = \"end_of_date\"\n";
    assert_eq!(due(&format!("{midnight}{hours}")).1, text("10-14T00:00"));
}

#[test]
fn a_reason_may_stop_some_clocks_only() {
    let profile =
        with("guangxi-police", "[[pause]]\nreason = \"等\"\ntargets = [\"restoration\"]\n").unwrap();
    let mut order = case(None, Some("1"), &[("10-09 10:00", REPORTED)], "10-09 10:10");
    let mut suspended = CaseEvent::new(at("10-09 10:05"), EventKind::Suspended);
    suspended.reason = Some("等".to_owned());
    order.events.push(suspended);
    assert_eq!(clock(&profile, &order, Target::Restoration).state, State::Paused);
    let response = clock(&profile, &order, Target::Response);
    assert_eq!((response.state, response.counted_minutes), (State::Running, 10));
    assert_eq!(response.segments[1].why, Why::PauseNotInContract);
}

#[test]
fn the_strictest_rule_is_suggested_where_that_is_agreed() {
    let order = case(Some("5.1"), Some("1"), &[("10-09 10:00", REPORTED)], "10-09 10:00");
    let specific = with("guangxi-police", "").unwrap();
    assert_eq!(clock(&specific, &order, Target::Response).rule, "E-1h-24h");
    let strict =
        with("guangxi-police", "[[precedence]]\ntargets = [\"response\"]\nprefer = \"strict\"\n").unwrap();
    assert_eq!(clock(&strict, &order, Target::Response).rule, "L1");
    let calendar = Calendar::builtin();
    let engine = Engine::new(&strict, &calendar);
    let report = engine.input(&order, "case").unwrap().report(order.now.0);
    let why =
        |rule: &str| report.matched.iter().find(|row| row.target == Target::Response && row.rule == rule);
    assert_eq!(why("L1").unwrap().why, Why::AgreedPrecedence);
    assert_eq!(why("E-1h-24h").unwrap().why, Why::BehindAgreed);
}

#[test]
fn hours_agreed_for_a_later_day_hold_from_that_day() {
    let profile = with(
        "guangxi-police",
        "[[office_hours]]\nwindows = [\"08:00-12:00\"]\n[[office_hours]]\nwindows = [\"09:00-13:00\"]\n\
         basis = { effective = \"2025-10-10\", who = \"科信办\", paper = \"作息时间通知\" }\n",
    )
    .unwrap();
    let calendar = Calendar::builtin();
    let hours =
        |date: jiff::civil::Date| profile.hours.windows(calendar.day(date), None).unwrap()[0].to_string();
    assert_eq!(hours(jiff::civil::date(2025, 10, 9)), "08:00-12:00");
    assert_eq!(hours(jiff::civil::date(2025, 10, 10)), "09:00-13:00");
}

#[test]
fn warning_points_and_users_are_read_by_rule_and_object() {
    let profile = with(
        "xuchang",
        "warning_percent = [80, 50]\n[[warning]]\nrules = [\"N092-FAULT\", \"PDT-FAULT\"]\ntargets = [\"swap\"]\npercent = [50]\n\
         [[system_class]]\nobject = \"92\"\nclass = \"core\"\nusers = 300\n",
    )
    .unwrap();
    let points = |rule: &str, target| profile.settings.warning_points(rule, target);
    assert_eq!(points("N092-FAULT", Target::Swap), [50]);
    assert_eq!(points("N092-FAULT", Target::Restoration), [50, 80]);
    assert_eq!((profile.settings.users("92"), profile.settings.users("93")), (Some(300), None));
}

// ---- what stays open

fn asked(profile: &Profile) -> Vec<OpenQuestion> {
    open_questions(profile, &profile.settings)
}

fn ids(profile: &Profile) -> BTreeSet<String> {
    asked(profile).into_iter().map(|question| question.id).collect()
}

#[test]
fn the_police_contract_leaves_these_open() {
    let ids = ids(&Profile::builtin("guangxi-police").unwrap().unwrap());
    for id in [
        "office-hours",
        "window:工作时间",
        "system-class",
        "users",
        "pause",
        "days",
        "precedence",
        "calendar",
        "days-off",
        "basis",
        "level-gap:general/half_or_more",
        "level-overlap:core/individual",
        "level-overlap:security_event/individual",
        "level-overlap:general/individual",
        "solution-or-restored",
        "offhours-limit",
        "number:offhours-reach",
    ] {
        assert!(ids.contains(id), "{id} in {ids:?}");
    }
    assert!(!ids.contains("acceptance-date") && !ids.contains("vip"), "the shipped settings hold them");
}

#[test]
fn every_question_says_from_which_clause_and_what_it_blocks() {
    for shipped in SHIPPED {
        let profile = shipped.load().unwrap();
        let found = open_questions(&profile, &Settings::none(shipped.id));
        let distinct: BTreeSet<&str> = found.iter().map(|question| question.id.as_str()).collect();
        assert_eq!(distinct.len(), found.len(), "{}", shipped.id);
        for question in found {
            assert!(!question.question.is_empty() && !question.blocks.is_empty(), "{question:?}");
            let general = matches!(question.topic, Topic::Pause | Topic::Calendar | Topic::Basis);
            assert!(general || !question.sources.is_empty(), "{question:?}");
            let document = format!("{}:", profile.document);
            assert!(question.sources.iter().all(|source| source.starts_with(&document)), "{question:?}");
            assert!(question.rules.iter().all(|rule| profile.rule(rule).is_some()), "{question:?}");
        }
    }
}

#[test]
fn each_entry_closes_its_question() {
    let closes = |contract: &str, id: &str, settings: &str| {
        let before = with(contract, "").unwrap();
        assert!(ids(&before).contains(id), "{id}");
        let after = with(contract, settings).unwrap_or_else(|mistakes| panic!("{id}: {mistakes:?}"));
        assert!(!ids(&after).contains(id), "{id}");
    };
    closes("guangxi-police", "acceptance-date", "acceptance_date = \"2024-09-01\"\n");
    closes("guangxi-police", "office-hours", "[[office_hours]]\nwindows = [\"09:00-17:00\"]\n");
    closes("guangxi-police", "window:工作时间", "[[office_hours]]\nwindows = [\"09:00-17:00\"]\n");
    closes("guangxi-police", "vip", "[[vip]]\nname = \"指挥中心值班室\"\nkind = \"room\"\n");
    closes("guangxi-police", "pause", "[[pause]]\nreason = \"待采购人停机窗口\"\nparty = \"buyer\"\n");
    closes("guangxi-police", "days", "[[day_meaning]]\nday = \"hours_24\"\n");
    closes("guangxi-police", "precedence", "[[precedence]]\nprefer = \"specific\"\n");
    closes("guangxi-police", "calendar", "[[calendar]]\ncalendar = \"elapsed\"\n");
    closes(
        "guangxi-police",
        "duty-order",
        "[[duty_order]]\nnumber = \"值班〔2025〕3号\"\ndate = \"2025-09-20\"\ntitle = \"国庆值班\"\nfrom = \"2025-10-01\"\nto = \"2025-10-08\"\n",
    );
    closes(
        "guangxi-police",
        "level-gap:general/half_or_more",
        "[[answer]]\nquestion = \"level-gap:general/half_or_more\"\ntext = \"按2级\"\nbasis = { effective = \"2025-01-01\", who = \"科信办\", paper = \"复函\" }\n",
    );
    closes(
        "guangxi-police",
        "number:offhours-reach",
        "[[limit]]\nrule = \"offhours-reach\"\ntarget = \"arrival\"\nminutes = 60\n",
    );
    closes(
        "xuchang",
        "window:关键运行时段",
        "[[window]]\nname = \"关键运行时段\"\nwindows = [\"08:00-18:00\"]\n",
    );
    closes("xuchang", "core-systems", "[[business_system]]\nobject = \"2\"\nkind = \"core\"\n");
    closes("xuchang", "workdays", "[[day_meaning]]\nworkday = \"end_of_work\"\n");
    closes(
        "xuchang",
        "range:N036-MAJOR",
        "[[limit]]\nrule = \"N036-MAJOR\"\ntarget = \"arrival\"\nminutes = 1440\n",
    );
    closes("dazhou-onestop", "window:上班时间", "[[office_hours]]\nwindows = [\"09:00-17:00\"]\n");
}

#[test]
fn an_entry_without_a_paper_stays_open() {
    let basis = "basis = { effective = \"2025-01-01\", who = \"科信办\", paper = \"会议纪要 2025-01\" }\n";
    let vip = "[[vip]]\nname = \"指挥中心值班室\"\n";
    let profile = with("guangxi-police", vip).unwrap();
    let open = open_questions(&profile, &profile.settings);
    let papers = open.iter().find(|question| question.id == "basis").unwrap();
    assert!(papers.blocks.ends_with("：VIP 名单 1 条"), "in the words of the form: {}", papers.blocks);
    assert!(!ids(&with("guangxi-police", &format!("{vip}{basis}")).unwrap()).contains("basis"));
}

// ---- what a new version moves

fn corrected(from: &str, to: &str) -> Profile {
    let texts = shipped("guangxi-police").unwrap();
    let facts = texts.facts.text.replacen(from, to, 1);
    assert_ne!(facts, texts.facts.text);
    Profile::load(texts.id, Text { file: "f", text: &facts }, Some(texts.reading), texts.settings).unwrap()
}

#[test]
fn a_corrected_profile_says_what_it_means_for_clocks() {
    let before = Profile::builtin("guangxi-police").unwrap().unwrap();
    let found = diff(&before, &corrected("response_minutes = 15", "response_minutes = 20"));
    assert_eq!(found.rows.len(), 1);
    let row = &found.rows[0];
    assert_eq!((row.change, row.kind.as_str(), row.id.as_str()), (Change::Changed, "sla", "L1"));
    assert_eq!(row.fields[0].path, "response_minutes");
    assert_eq!(found.rules.len(), 1);
    assert_eq!(found.rules[0].rule, "L1");
    let meaning = &found.rules[0].meaning[0];
    assert!(meaning.contains("15分钟") && meaning.contains("20分钟"), "{meaning}");
    // A corrected note changes a row and no clock.
    let noted = diff(&before, &corrected("Calendar or working days not stated.", "Not stated."));
    assert_eq!((noted.rows.len(), noted.rules.len()), (1, 0));
    assert!(diff(&before, &before).is_empty());
}

#[test]
fn added_and_removed_rows_are_told_apart_by_key() {
    let before = Profile::builtin("guangxi-police").unwrap().unwrap();
    let renamed = corrected("id = \"list\"", "id = \"other\"");
    let found: Vec<(Change, String)> =
        diff(&before, &renamed).rows.into_iter().map(|row| (row.change, row.id)).collect();
    assert!(found.contains(&(Change::Added, "other".to_owned())), "{found:?}");
    assert!(found.contains(&(Change::Removed, "list".to_owned())), "{found:?}");
    let head = diff(&before, &corrected("months = 21", "months = 20"));
    assert_eq!(head.rows[0].kind, "contract");
    assert!(head.rows[0].fields[0].path.starts_with("period["), "{:?}", head.rows[0].fields);
    let settings = with("guangxi-police", "[[vip]]\nname = \"指挥中心值班室\"\n").unwrap();
    let entries = diff(&before, &settings).settings;
    assert!(entries.iter().any(|entry| entry.change == Change::Removed && entry.table == "system_class"));
    assert!(!entries.iter().any(|entry| entry.table == "vip" && entry.change == Change::Added));
}

#[test]
fn a_corrected_profile_moves_open_orders_and_leaves_closed_ones() {
    let calendar = Calendar::builtin();
    let before = Profile::builtin("guangxi-police").unwrap().unwrap();
    let after = corrected("response_minutes = 15", "response_minutes = 20");
    let (before, after) = (Engine::new(&before, &calendar), Engine::new(&after, &calendar));
    let open = case(None, Some("1"), &[("10-09 10:00", REPORTED)], "10-09 10:05");
    let other = case(None, Some("2"), &[("10-09 10:00", REPORTED)], "10-09 10:05");
    let course =
        [("10-09 10:00", REPORTED), ("10-09 10:18", EventKind::Restored), ("10-09 10:30", EventKind::Closed)];
    let closed = case(None, Some("1"), &course, "10-09 11:00");
    let again = [&course[..], &[("10-09 10:40", EventKind::Reopened)]].concat();
    let reopened = case(None, Some("1"), &again, "10-09 11:00");
    let orders = [("A", &open), ("B", &other), ("C", &closed), ("D", &reopened)];
    let orders = orders.map(|(order, case)| OrderCase { order, case });
    let found = impact(&before, &after, &orders);
    let moved: Vec<&str> = found.iter().map(|change| change.order.as_str()).collect();
    assert_eq!(moved, ["A", "D"]);
    let target = &found[0].targets[0];
    let deadline =
        |terms: &Option<zaigang_domain::clock::Terms>| terms.as_ref().unwrap().deadline.clone().unwrap();
    assert_eq!(target.target, Target::Response);
    assert_eq!(deadline(&target.before), "2025-10-09T10:15:00+08:00");
    assert_eq!(deadline(&target.after), "2025-10-09T10:20:00+08:00");
    // The reopened one would lose its breach: shown before anybody agrees to it.
    let terms = &found[1].targets[0];
    let states = [&terms.before, &terms.after].map(|terms| terms.as_ref().unwrap().state);
    assert_eq!(states, [State::Breached, State::Met]);
}

#[test]
fn settings_move_open_orders_and_leave_closed_ones() {
    let calendar = Calendar::builtin();
    let before = with("guangxi-police", "").unwrap();
    let after = with(
        "guangxi-police",
        "[[office_hours]]\nwindows = [\"08:00-12:00\"]\n[[calendar]]\ntargets = [\"restoration\"]\ncalendar = \"office\"\n",
    )
    .unwrap();
    let (before, after) = (Engine::new(&before, &calendar), Engine::new(&after, &calendar));
    let open = case(None, Some("1"), &[("10-09 11:00", REPORTED)], "10-09 11:05");
    let closed = case(
        None,
        Some("1"),
        &[("10-09 11:00", REPORTED), ("10-09 18:00", EventKind::Closed)],
        "10-09 19:00",
    );
    let orders = [("open", &open), ("closed", &closed)].map(|(order, case)| OrderCase { order, case });
    let found = impact(&before, &after, &orders);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].order.as_str(), found[0].targets[0].target), ("open", Target::Restoration));
}

#[test]
fn an_order_whose_level_is_gone_is_named_not_counted() {
    let calendar = Calendar::builtin();
    let before = Profile::builtin("guangxi-petition").unwrap().unwrap();
    let texts = shipped("guangxi-petition").unwrap();
    let facts = texts.facts.text.replace("level = \"严重故障\"", "level = \"特别严重故障\"");
    let after = Profile::load(texts.id, Text { file: "f", text: &facts }, Some(texts.reading), None).unwrap();
    let order = case(Some("2"), Some("严重故障"), &[("10-09 10:00", REPORTED)], "10-09 10:05");
    let (before, after) = (Engine::new(&before, &calendar), Engine::new(&after, &calendar));
    let found = impact(&before, &after, &[OrderCase { order: "A", case: &order }]);
    assert!(found[0].unreadable.as_ref().unwrap().contains("严重故障"));
}

/// The example shows every kind of entry, and each is sound.
#[test]
fn the_example_shows_every_kind_of_entry() {
    let texts = shipped("guangxi-police").unwrap();
    let text = include_str!("../../../assets/contracts/example.settings.toml");
    let settings = Some(Text { file: "example", text });
    let profile = Profile::load(texts.id, texts.facts, Some(texts.reading), settings).unwrap();
    let shown = serde_json::to_value(&profile.settings).unwrap();
    for (key, value) in shown.as_object().unwrap() {
        let empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        assert!(!empty, "{key}");
    }
    // A season in summer, the rest of the year, one division of its own.
    let calendar = Calendar::builtin();
    let hours = |date: jiff::civil::Date, division| {
        profile.hours.windows(calendar.day(date), division).unwrap()[0].to_string()
    };
    assert_eq!(hours(jiff::civil::date(2025, 7, 1), None), "08:00-12:00");
    assert_eq!(hours(jiff::civil::date(2025, 11, 3), None), "08:30-12:00");
    assert_eq!(hours(jiff::civil::date(2025, 11, 3), Some("L总队")), "08:00-24:00");
    assert_eq!(hours(jiff::civil::date(2025, 12, 31), Some("L总队")), "08:30-12:00");
}
