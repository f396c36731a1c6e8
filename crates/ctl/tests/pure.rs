//! The pure commands as a script sees them: stdout, stderr and exit codes.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets a surprise should stop there"
)]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::{Value, json};

fn zaigangctl(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zaigangctl")).args(arguments).output().unwrap()
}

fn printed(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "messages only on failure");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Asserts bad input: exit code 2, nothing on stdout, a message that names all of `words`.
#[track_caller]
fn assert_refused(output: &Output, words: &[&str]) {
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(output.stdout.is_empty(), "nothing is printed for bad input");
    for word in words {
        assert!(message.contains(word), "{word} in {message}");
    }
}

/// A file that is gone when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    #[expect(clippy::disallowed_methods, reason = "the command under test reads files")]
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("zaigangctl-{}-{name}", std::process::id()));
        std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn case(level: &str) -> String {
    json!({
        "object": null, "division": null, "rule": null, "level": level, "windows": {},
        "events": [{"at": "2025-10-01T08:00:00+08:00", "kind": "reported"}], "now": "2025-10-01T08:05:00+08:00",
    })
    .to_string()
}

#[test]
fn calendar_days_prints_one_row_a_day() {
    let days =
        printed(&zaigangctl(&["calendar", "days", "--from", "2025-10-08", "--to", "2025-10-09", "--json"]));
    assert_eq!(
        days,
        json!([
            {"date": "2025-10-08", "kind": "bridge", "holiday": "国庆节、中秋节", "windows": null},
            {"date": "2025-10-09", "kind": "workday", "holiday": null, "windows": null},
        ])
    );
    let at = |contract: &str| {
        let days = [
            "calendar",
            "days",
            "--from",
            "2025-10-09",
            "--to",
            "2025-10-09",
            "--contract",
            contract,
            "--json",
        ];
        printed(&zaigangctl(&days))[0]["windows"].clone()
    };
    assert_eq!(at("guangxi-petition"), json!([["08:00", "12:00"], ["14:30", "18:30"]]));
    assert_eq!(at("guangxi-police"), Value::Null);
}

#[test]
fn bad_spans_and_contracts_are_refused() {
    let days = |from: &str, to: &str| zaigangctl(&["calendar", "days", "--from", from, "--to", to, "--json"]);
    assert_refused(&days("2025-10-02", "2025-10-01"), &["--from", "2025-10-02"]);
    assert_refused(&days("2025-02-30", "2025-10-01"), &["--from", "2025-02-30"]);
    assert_refused(&days("2025-01-01", "2101-01-01"), &["--to", "2101-01-01"]);
    let unknown =
        ["calendar", "days", "--from", "2025-01-01", "--to", "2025-01-01", "--contract", "nowhere", "--json"];
    assert_refused(&zaigangctl(&unknown), &["--contract", "nowhere"]);
}

#[test]
fn clock_counts_a_case() {
    let file = Scratch::new("good.json", &case("1"));
    let report =
        printed(&zaigangctl(&["clock", "--contract", "guangxi-police", "--file", file.path(), "--json"]));
    assert_eq!(report["level"], "1");
    assert_eq!(report["targets"][0]["deadline"], "2025-10-01T08:15:00+08:00");
    assert_eq!(report["targets"][0]["remaining_minutes"], 10);
}

#[test]
fn a_bad_case_names_file_key_and_value() {
    let file = Scratch::new("bad.json", &case("9"));
    let clock =
        |contract: &str, file: &str| zaigangctl(&["clock", "--contract", contract, "--file", file, "--json"]);
    assert_refused(&clock("guangxi-police", file.path()), &[file.path(), "level", "9"]);
    assert_refused(&clock("nowhere", file.path()), &["--contract", "nowhere"]);
    assert_refused(&clock("guangxi-police", "/no/such/file"), &["/no/such/file"]);
    assert_refused(&zaigangctl(&["clock", "--contract", "guangxi-police", "--json"]), &["--file"]);
}

#[test]
fn codes_are_listed() {
    let codes = printed(&zaigangctl(&["clock", "--codes", "--json"]));
    assert!(codes.as_array().unwrap().iter().any(|row| row["code"] == "pause_not_in_contract"));
}

#[test]
fn profile_and_settings_replace_the_shipped_ones() {
    let settings = Scratch::new(
        "settings.toml",
        "contract = \"guangxi-police\"\n[[office_hours]]\nwindows = [\"09:00-17:00\"]\n",
    );
    let days = [
        "calendar",
        "days",
        "--from",
        "2025-10-09",
        "--to",
        "2025-10-09",
        "--contract",
        "guangxi-police",
        "--json",
    ];
    let with = [&days[..], &["--settings", settings.path()]].concat();
    assert_eq!(printed(&zaigangctl(&with))[0]["windows"], json!([["09:00", "17:00"]]));
    let broken = Scratch::new("profile.toml", "[contract]\nid = \"x\"\nnmae = 1\n");
    let output = zaigangctl(&["contract", "check", "--profile", broken.path(), "--json"]);
    assert_refused(&output, &[broken.path(), ":3:", "contract.nmae", "contract.name", "contract.buyer"]);
}

#[test]
fn every_shipped_contract_checks_and_shows() {
    for contract in ["guangxi-petition", "guangxi-police", "xuchang", "shaanxi-civil", "dazhou-onestop"] {
        assert_eq!(
            printed(&zaigangctl(&["contract", "check", "--contract", contract, "--json"]))["ok"],
            true
        );
        assert_eq!(
            printed(&zaigangctl(&["contract", "show", "--contract", contract, "--json"]))["contract"],
            contract
        );
    }
}

#[test]
fn rows_are_listed_with_their_keys() {
    let rows = |arguments: &[&str]| {
        printed(&zaigangctl(
            &[&["contract", "show", "--rows", "--json", "--contract"][..], arguments].concat(),
        ))
    };
    assert_eq!(rows(&["xuchang"]).as_array().unwrap().len(), 1206);
    let onsite = rows(&["xuchang", "--kind", "onsite"]);
    assert_eq!((&onsite[0]["id"], &onsite[25]["id"]), (&json!("ON-01"), &json!("ON-26")));
    let needs = rows(&["xuchang", "--kind", "requirement"]);
    assert_eq!((&needs[108]["id"], &needs[108]["text"]), (&json!("N109"), &Value::Null));
    let unknown = ["contract", "show", "--contract", "xuchang", "--rows", "--kind", "nothing"];
    assert_refused(&zaigangctl(&unknown), &["--kind", "nothing"]);
}

#[test]
fn the_manifest_is_the_committed_one() {
    let output = zaigangctl(&["contract", "manifest"]);
    assert_eq!(output.status.code(), Some(0));
    let committed = include_str!("../../../assets/contracts/manifest.tsv");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), committed.trim_end());
}

#[test]
fn a_corrected_profile_is_compared_with_the_shipped_one() {
    let shipped = include_str!("../../../assets/contracts/guangxi-police.toml");
    let corrected = shipped.replacen("response_minutes = 15", "response_minutes = 20", 1);
    let file = Scratch::new("corrected.toml", &corrected);
    let diff = ["contract", "diff", "--contract", "guangxi-police", "--profile", file.path()];
    let found = printed(&zaigangctl(&[&diff[..], &["--json"]].concat()));
    assert_eq!(found["rows"].as_array().unwrap().len(), 1);
    assert_eq!((&found["rows"][0]["kind"], &found["rows"][0]["id"]), (&json!("sla"), &json!("L1")));
    assert_eq!(found["rules"][0]["rule"], "L1");
    let text = zaigangctl(&diff);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(
        text.contains("response_minutes：15 → 20") && text.contains("15分钟") && text.contains("20分钟"),
        "{text}"
    );
    // Two files: the corrected one as the earlier.
    let back = [&diff[..4], &["--before", file.path(), "--json"]].concat();
    assert_eq!(printed(&zaigangctl(&back))["rows"][0]["fields"][0]["after"], 15);
    let same = zaigangctl(&diff[..4]);
    assert!(String::from_utf8_lossy(&same.stdout).contains("没有差别"));
    assert_refused(&zaigangctl(&["contract", "diff", "--contract", "nowhere"]), &["nowhere"]);
}

#[test]
fn what_is_open_is_listed_with_clause_and_effect() {
    let found = printed(&zaigangctl(&["contract", "questions", "--contract", "guangxi-police", "--json"]));
    let window = found.as_array().unwrap().iter().find(|row| row["id"] == "window:工作时间").unwrap();
    assert_eq!((&window["topic"], &window["sources"]), (&json!("window"), &json!(["001:1935"])));
    let text = zaigangctl(&["contract", "questions", "--contract", "guangxi-police"]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    for words in ["“工作时间”从几点到几点", "001:1935", "offhours-reach 不能自动选用"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn a_clock_is_explained_in_words() {
    let mut order: Value = serde_json::from_str(&case("1")).unwrap();
    order["events"] = json!([
        {"at": "2025-10-01T08:00:00+08:00", "kind": "reported"},
        {"at": "2025-10-01T10:00:00+08:00", "kind": "suspended", "reason": "等备件"},
        {"at": "2025-10-01T09:00:00+08:00", "kind": "level_changed", "level": "3"},
    ]);
    order["now"] = json!("2025-10-01T11:00:00+08:00");
    let file = Scratch::new("explain.json", &order.to_string());
    let clock = ["clock", "--contract", "guangxi-police", "--file", file.path(), "--explain"];
    let text = zaigangctl(&clock);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    for words in [
        "001:58-60",
        "原文 “3级：优先级为中的事件”",
        "2025-10-01 法定假日·国庆节、中秋节",
        "照常计时",
        "是否到场由采购人决定",
        "级别变更（补记）",
        "规则 L1 → L3，时限 2025-10-01 12:00 → 2025-10-02 08:00",
        "自然时间连续计时",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let data = printed(&zaigangctl(&[&clock[..], &["--json"]].concat()));
    let restoration =
        data["explained"].as_array().unwrap().iter().rfind(|one| one["clock"]["target"] == "restoration");
    let moves = restoration.unwrap()["moves"].as_array().unwrap().clone();
    assert_eq!((&moves[1]["kind"], &moves[1]["late"]), (&json!("level_changed"), &json!(true)));
}

/// October 2025 with two people, a night post on two days and a standby post on one.
fn roster() -> Value {
    let person = |id: &str| {
        json!({"id": id, "name": id, "skills": [], "joined": "2024-09-02", "left": null,
            "history": {"hours": 0, "nights": 0, "weekends": 0, "holidays": {}, "last": []}})
    };
    let post = |id: &str, shift: &str, days: Value, standby: bool| {
        json!({"id": id, "kind": "值班", "shift": shift, "days": days, "count": 1, "skill": null,
            "not_same_as": null, "standby": standby})
    };
    json!({
        "month": "2025-10", "people": [person("p01"), person("p02")],
        "posts": [post("night", "night", json!(["2025-10-01", "2025-10-02"]), false), post("standby", "24h", json!(["2025-10-11"]), true)],
        "leave": [{"person": "p02", "from": "2025-10-02", "to": "2025-10-02"}], "pins": [], "wishes": [],
        "rules": {"rest_hours_min": 12, "consecutive_days_max": 6, "shifts_per_day_max": 1, "nights_in_row_max": 1},
    })
}

fn roster_command(command: &str, file: &Scratch, more: &[&str]) -> Output {
    let arguments = ["roster", command, "--contract", "guangxi-police", "--file", file.path(), "--json"];
    zaigangctl(&[&arguments[..], more].concat())
}

#[test]
fn a_roster_is_drafted_and_its_check_finds_nothing() {
    let file = Scratch::new("roster.json", &roster().to_string());
    let mut draft = printed(&roster_command("draft", &file, &["--seconds", "1", "--seed", "3"]));
    assert!(draft["seconds"].take().as_f64().unwrap() < 1.5);
    let turn = |person: &str, post: &str, date: &str| json!({"person": person, "post": post, "date": date});
    assert_eq!(draft["assignments"][0], turn("p02", "night", "2025-10-01"));
    assert_eq!(draft["assignments"][1], turn("p01", "night", "2025-10-02"));
    assert_eq!(draft["assignments"].as_array().unwrap().len(), 3);
    assert_eq!(draft["gaps"], json!([]));
    // One standby shift of 24 hours among two: ½·(½ + 2·½).
    assert_eq!(draft["cost"], json!({"total": 0.75, "fairness": 0.75, "wishes": 0.0}));
    assert_eq!(draft["proven_best"], true);
    let mut input = roster();
    input["assignments"] = draft["assignments"].clone();
    let file = Scratch::new("checked.json", &input.to_string());
    let report = printed(&roster_command("check", &file, &[]));
    assert_eq!(report, json!({"violations": [], "cost": draft["cost"]}));
}

#[test]
fn violations_and_gaps_are_no_failure() {
    let mut input = roster();
    input["assignments"] = json!([{"person": "p02", "post": "night", "date": "2025-10-02"}]);
    let file = Scratch::new("broken.json", &input.to_string());
    let report = printed(&roster_command("check", &file, &[]));
    let rules: Vec<&str> =
        report["violations"].as_array().unwrap().iter().map(|row| row["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["uncovered", "on_leave", "uncovered"]);
    assert_eq!(report["violations"][0]["person"], Value::Null);
    input.as_object_mut().unwrap().remove("assignments");
    input["people"].as_array_mut().unwrap().pop();
    input["leave"] = json!([]);
    let file = Scratch::new("gap.json", &input.to_string());
    let draft = printed(&roster_command("draft", &file, &[]));
    let gap = &draft["gaps"][0];
    assert_eq!((&gap["missing"], &gap["why"]), (&json!(1), &json!([{"person": "p01", "rule": "nights"}])));
}

#[test]
fn a_bad_roster_names_file_key_and_value() {
    let refused = |change: &dyn Fn(&mut Value), words: &[&str]| {
        let mut input = roster();
        change(&mut input);
        let file = Scratch::new("bad-roster.json", &input.to_string());
        assert_refused(&roster_command("draft", &file, &[]), &[&[file.path()][..], words].concat());
    };
    refused(&|input| input["month"] = json!("2031-10"), &["month", "2031-10"]);
    refused(&|input| input["leave"][0]["person"] = json!("p99"), &["leave[0].person", "p99"]);
    refused(&|input| input["assignments"] = json!([]), &["assignments"]);
    // 001 states no office hours, and neither do the settings that come with it.
    refused(&|input| input["posts"][0]["shift"] = json!("5x8"), &["posts[0].shift", "5x8"]);
    refused(&|input| input["shift_hours"] = json!({"5x8": [["8:00", "12:00"]]}), &["shift_hours", "8:00"]);
    let file = Scratch::new("seconds.json", &roster().to_string());
    assert_refused(&roster_command("draft", &file, &["--seconds", "soon"]), &["--seconds", "soon"]);
    assert_refused(&roster_command("check", &file, &[]), &["assignments"]);
}

/// The example of the manual page, so that the page stays true.
fn attendance_example() -> (String, String) {
    let page = include_str!("../../../docs/manual/16-attendance-command.md");
    let fenced = |mark: &str| page.split(mark).nth(1).unwrap().split("```").next().unwrap().to_owned();
    let shown = fenced("```text\n");
    (fenced("```json\n"), shown.split_once('\n').unwrap().1.to_owned())
}

#[test]
fn attendance_derive_prints_what_the_manual_shows() {
    let (example, shown) = attendance_example();
    let scratch = Scratch::new("attendance.json", &example);
    let derive = |more: &[&str]| {
        let given = ["attendance", "derive", "--contract", "guangxi-police", "--file", scratch.path()];
        zaigangctl(&[&given[..], more].concat())
    };
    assert_eq!(String::from_utf8(derive(&[]).stdout).unwrap(), shown);
    let days = printed(&derive(&["--json"]));
    assert_eq!(days["days"][0]["result"], "missing_punch");
    assert_eq!(days["days"][0]["spans"][0]["in"], "2025-10-11T08:12:00+08:00");
    assert_eq!(days["days"][1]["why"], "no_shift");
    let codes = printed(&zaigangctl(&["attendance", "derive", "--codes", "--json"]));
    assert!(codes.as_array().unwrap().iter().any(|code| code["code"] == "not_complete"));
}

#[test]
fn attendance_derive_refuses_bad_input() {
    let (example, _) = attendance_example();
    let late = Scratch::new(
        "late.json",
        &example.replace("\"late_grace_minutes\": 5", "\"late_grace_minutes\": -5"),
    );
    let given = |contract: &'static str, path: &str| {
        zaigangctl(&["attendance", "derive", "--contract", contract, "--file", path, "--json"])
    };
    assert_refused(&given("guangxi-police", late.path()), &["late.json", "rules.late_grace_minutes", "-5"]);
    assert_refused(&given("nobody", late.path()), &["--contract", "nobody"]);
    assert_refused(&given("guangxi-police", "missing.json"), &["missing.json"]);
}

/// The example of the manual page, so that the page stays true.
#[test]
fn stock_replay_prints_what_the_manual_shows() {
    let page = include_str!("../../../docs/manual/21-stock-command.md");
    let fenced = |mark: &str| page.split(mark).nth(1).unwrap().split("```").next().unwrap().to_owned();
    let (example, shown) = (fenced("```json\n"), fenced("```text\n"));
    let shown = shown.split_once('\n').unwrap().1.to_owned();
    let scratch = Scratch::new("stock.json", &example);
    let replay = |at: &str, more: &[&str]| {
        let given = ["stock", "replay", "--file", scratch.path(), "--at", at];
        zaigangctl(&[&given[..], more].concat())
    };
    let noon = "2025-10-15T12:00:00+08:00";
    assert_eq!(String::from_utf8(replay(noon, &[]).stdout).unwrap(), shown);
    let report = printed(&replay(noon, &["--json"]));
    assert_eq!(report["discrepancies"][0]["movements"], json!(["3"]));
    let before = printed(&replay("2025-10-15T01:30:00Z", &["--json"]));
    assert_eq!(
        before["serials"],
        json!([{ "serial": "S1", "model": "硬盘 4T", "place": "主库", "owner": "supplier" }])
    );
    assert_refused(&replay("noon", &["--json"]), &["--at", "noon"]);
    let other = Scratch::new("other.json", &example.replace("\"id\": \"2\"", "\"id\": \"1\""));
    let given = ["stock", "replay", "--file", other.path(), "--at", noon, "--json"];
    assert_refused(&zaigangctl(&given), &["other.json", "[1].id", "编号相同"]);
}
