//! The settings form: values ↔ text, mistakes found again in the form, changes in words.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panic")]

use serde_json::{Value, json};
use zaigang_domain::contract::form::{
    FormProblem, SECTIONS, choices_of, entry_changes, problem_of, settings_text, values_of,
};
use zaigang_domain::contract::{Profile, Text, open_questions, shipped};

const DEMO: &str = include_str!("../../../assets/demo/guangxi-police.settings.toml");

fn load(settings: &str) -> Result<Profile, Vec<FormProblem>> {
    let shipped = shipped("guangxi-police").unwrap();
    let settings = Text { file: "settings", text: settings };
    Profile::load("guangxi-police", shipped.facts, Some(shipped.reading), Some(settings))
        .map_err(|mistakes| mistakes.0.iter().map(problem_of).collect())
}

fn text(values: &Value) -> String {
    settings_text("guangxi-police", Some("说明"), &values.to_string()).unwrap()
}

fn full() -> Value {
    let basis = json!({"effective": "2025-10-01", "who": "科信办", "paper": "确认单（2025-09-28）"});
    json!({
        "acceptance": {"date": "2024-09-01", "basis.effective": "2024-09-01", "basis.who": "科信办",
            "basis.paper": "阶段验收意见"},
        "warning_percent": {"percent": [50, 80]},
        "office_hours": [
            {"from": "05-01", "to": "10-31", "windows": ["08:00-12:00", "15:00-18:00"], "basis": basis},
            {"from": "11-01", "to": "04-30", "divisions": ["E总队"], "windows": ["08:00-12:00"], "note": "冬"},
        ],
        "day": [{"date": "2025-10-09", "windows": [], "reason": "停电"}],
        "window": [{"name": "工作时间以外", "windows": ["18:00-24:00"]}],
        "pause": [{"reason": "等采购人停机窗口", "rules": ["L1"], "targets": ["restoration"], "party": "buyer"}],
        "vip": [{"name": "厅领导办公室", "kind": "room", "division": "E总队"}],
        "system_class": [{"object": "1.1", "class": "core", "users": 120}],
        "business_system": [{"object": "1.1", "kind": "core"}],
        "limit": [{"rule": "L1", "target": "response", "minutes": 10, "basis.effective": "2025-10-01",
            "basis.who": "科信办", "basis.paper": "确认单"}],
        "calendar": [{"targets": ["report"], "calendar": "office"}],
        "day_meaning": [{"day": "workday", "workday": "end_of_date"}],
        "precedence": [{"objects": ["1.1"], "prefer": "strict"}],
        "warning": [{"rules": ["L1"], "percent": [30]}],
        "duty_order": [{"number": "桂公传〔2025〕1号", "date": "2025-09-20", "title": "国庆值守",
            "from": "2025-10-01", "to": "2025-10-08", "posts": ["P01"]}],
        "stock_store": [{"id": "main", "name": "备件库", "divisions": ["E总队"], "media_clause": "002:5270"}],
        "file": [{"types": ["jpg", "pdf"]}],
        "platform": [{"name": "智能运维平台", "entry": ["title", "number"], "dispatch": ["external_no", "title"]}],
        "answer": [],
        "record_category": [{"name": "会议保障", "needs": "confirmation", "note": "会前一小时到场"}],
        "caretaker": [{"divisions": ["C总队"], "posts": ["P02"]}],
        "duty_post": [
            {"id": "duty-main", "name": "值班主", "kind": "duty", "shift": "24h", "days": "all", "count": 1,
                "pair_of": "duty-deputy", "presence": "onsite", "call_in_minutes": 30},
            {"id": "duty-deputy", "name": "值班副", "kind": "duty", "shift": "24h"},
        ],
        "duty_rules": {"rest_hours_min": 12, "consecutive_days_max": 6, "shifts_per_day_max": 1,
            "nights_in_row_max": 2, "onsite_min": 20, "swap_consent": "buyer", "basis.effective": "2025-09-20",
            "basis.who": "科信办", "basis.paper": "值班管理办法"},
        "attendance": [{"late_grace_minutes": 10, "early_grace_minutes": 5, "half_day_minutes": 60,
                        "absent_minutes": 180}],
    })
}

#[test]
fn every_entry_of_the_settings_has_a_section() {
    let profile = load(DEMO).unwrap();
    let Value::Object(tables) = serde_json::to_value(&profile.settings).unwrap() else { panic!() };
    for table in tables.keys().filter(|key| !matches!(key.as_str(), "contract" | "note")) {
        let table = if table.starts_with("acceptance_") { "acceptance" } else { table.as_str() };
        assert!(SECTIONS.iter().any(|section| section.key == table), "{table}");
    }
}

#[test]
fn values_make_a_text_that_gives_the_same_values_and_the_same_text() {
    for settings in [DEMO, shipped("guangxi-police").unwrap().settings.unwrap().text] {
        let profile = load(settings).unwrap();
        let values = Value::Object(values_of(&profile.settings));
        let made = settings_text("guangxi-police", profile.settings.note.as_deref(), &values.to_string());
        let made = made.unwrap();
        let again = load(&made).unwrap();
        assert_eq!(again.settings, profile.settings);
        let values = Value::Object(values_of(&again.settings)).to_string();
        let note = again.settings.note.as_deref();
        assert_eq!(settings_text("guangxi-police", note, &values).unwrap(), made);
        assert!(entry_changes(&profile, &again).is_empty());
    }
}

#[test]
fn a_text_with_an_entry_of_each_kind_loads() {
    let mut values = full();
    let names = choices_of(&load(DEMO).unwrap(), zaigang_domain::contract::form::ChoiceSource::Windows);
    values["window"][0]["name"] = json!(names[0].value);
    let profile = load(&text(&values)).unwrap_or_else(|problems| panic!("{problems:?}\n{}", text(&values)));
    let question = open_questions(&profile, &profile.settings)[0].id.clone();
    values["answer"] = json!([{"question": question, "text": "由科信办决定"}]);
    let profile = load(&text(&values)).unwrap();
    for section in SECTIONS {
        let now = values_of(&profile.settings);
        assert!(now.get(section.key).is_some_and(|value| value != &json!([])), "{}", section.key);
    }
    let values = Value::Object(values_of(&profile.settings));
    assert_eq!(load(&text(&values)).unwrap().settings, profile.settings);
}

#[test]
fn mistakes_are_found_again_in_the_form() {
    let cases = [
        (json!({"acceptance": {"date": "去年"}}), ("acceptance", None, "date")),
        (
            json!({"acceptance": {"date": "2024-09-01", "basis.who": "科信办"}}),
            ("acceptance", None, "basis.effective"),
        ),
        (json!({"warning_percent": {"percent": [0]}}), ("warning_percent", None, "percent")),
        (json!({"day": [{"reason": "停电"}]}), ("day", Some(0), "date")),
        (
            json!({"office_hours": [{}, {"windows": ["08:00-12:00", "11:00-13:00"]}]}),
            ("office_hours", Some(1), "windows"),
        ),
        (json!({"office_hours": [{"windows": ["8点"]}]}), ("office_hours", Some(0), "windows")),
        (json!({"system_class": [{"object": "99", "class": "core"}]}), ("system_class", Some(0), "object")),
        (
            json!({"limit": [{"rule": "L1", "target": "response", "minutes": "十"}]}),
            ("limit", Some(0), "minutes"),
        ),
        (
            json!({"vip": [{"name": "甲", "basis": {"who": "科信办", "paper": "单", "effective": "x"}}]}),
            ("vip", Some(0), "basis.effective"),
        ),
        (json!({"vip": [{"name": "甲", "colour": "red"}]}), ("vip", Some(0), "colour")),
        (json!({"answer": [{"question": "none", "text": "是"}]}), ("answer", Some(0), "question")),
        (json!({"record_category": [{"name": "甲"}, {"name": "甲"}]}), ("record_category", Some(1), "name")),
        (json!({"record_category": [{"name": "甲", "needs": "x"}]}), ("record_category", Some(0), "needs")),
        (
            json!({"caretaker": [{"divisions": ["Z总队"], "posts": ["P02"]}]}),
            ("caretaker", Some(0), "divisions"),
        ),
        (json!({"caretaker": [{"divisions": ["C总队"], "posts": ["P99"]}]}), ("caretaker", Some(0), "posts")),
        (
            json!({"duty_post": [{"id": "a/b", "name": "值班", "kind": "duty", "shift": "24h"}]}),
            ("duty_post", Some(0), "id"),
        ),
        (
            json!({"duty_post": [{"id": "a", "name": "值班", "kind": "duty", "shift": "24h", "pair_of": "a"}]}),
            ("duty_post", Some(0), "pair_of"),
        ),
        (json!({"duty_rules": {"rest_hours_min": 12}}), ("duty_rules", None, "consecutive_days_max")),
        (json!({"colour": [{"name": "甲"}]}), ("colour", None, "")),
    ];
    for (values, (section, row, field)) in cases {
        let problems = load(&text(&values)).unwrap_err();
        let field = Some(field.to_owned()).filter(|field| !field.is_empty());
        assert!(
            problems.iter().any(|one| one.section == section && one.row == row && one.field == field),
            "{values}: {problems:?}"
        );
    }
    for values in ["", "[]", "7", "{\"day\":"] {
        assert!(settings_text("guangxi-police", None, values).is_err(), "{values}");
    }
}

#[test]
fn changes_are_told_entry_by_entry() {
    let before = load(DEMO).unwrap();
    let mut values = Value::Object(values_of(&before.settings));
    values["office_hours"][0]["windows"] = json!(["08:00-12:00", "14:30-17:30"]);
    values["pause"] = json!([{"reason": "等停机窗口"}]);
    values["vip"].as_array_mut().unwrap().remove(0);
    values["acceptance"]["date"] = json!("2024-09-02");
    let changes = entry_changes(&before, &load(&text(&values)).unwrap());
    let told: Vec<_> = changes
        .iter()
        .map(|one| (one.section, one.title.as_str(), one.before.is_some(), one.after.is_some()))
        .collect();
    assert_eq!(
        told,
        [
            ("acceptance", "服务起算日", true, true),
            ("office_hours", "办公时间：05-01，10-31", true, true),
            ("pause", "停表理由：等停机窗口", false, true),
            ("vip", "VIP 名单：厅领导办公室", true, false),
        ]
    );
    let hours = &changes[1];
    assert!(hours.after.as_ref().unwrap().contains("时段：08:00-12:00、14:30-17:30"), "{hours:?}");
}
