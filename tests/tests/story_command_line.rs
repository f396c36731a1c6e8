//! The same story by `zaigangctl` alone: every act a process of its own, some of them killed half-way.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a whole-program test works on files and real time, and fails by panic"
)]

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use zaigang_tests::harness::centre::{Account, DESK, ENGINEER, RealCentre, SECOND};
use zaigang_tests::harness::command_line::CommandLine;
use zaigang_tests::harness::seat::Seat;
use zaigang_tests::harness::wait::until;

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

struct Site {
    _dir: tempfile::TempDir,
    centre: RealCentre,
    desk: CommandLine,
    first: CommandLine,
    second: CommandLine,
}

impl Site {
    fn open() -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let mut centre = RealCentre::found(dir.path())?;
        centre.start()?;
        let console = |name: &str, folder: &str, account| -> Result<CommandLine> {
            let console = CommandLine::new(&centre.profile(&dir.path().join(folder))?, account)?;
            let code = centre.code(name, &["L总队"])?;
            console.run_as_nobody(&["enrol", &code, "--name", name])?.ok()?;
            console.run(&["sync", "--json"])?.ok()?;
            Ok(console)
        };
        let desk = console("服务台1号机", "desk", &DESK)?;
        let first = console("值班室1号机", "first", &ENGINEER)?;
        let second = console("值班室2号机", "second", &SECOND)?;
        Ok(Self { _dir: dir, centre, desk, first, second })
    }

    fn register(&self) -> Result<String> {
        let written = self.desk.run(&[
            "order",
            "register",
            "--title",
            "平台级联断开（柳州）",
            "--division",
            "L总队",
            "--object",
            "12.6",
            "--level",
            "2",
            "--system-class",
            "core",
            "--share",
            "under_half",
            "--unit",
            "指挥中心",
            "--to",
            "pool",
            "--json",
        ])?;
        Ok(text(&written.json()?, "/id"))
    }
}

fn notes(order: &Value) -> Vec<String> {
    let timeline = order["timeline"].as_array().cloned().unwrap_or_default();
    timeline
        .iter()
        .filter(|line| text(line, "/kind") == "order.noted")
        .map(|line| text(line, "/text"))
        .collect()
}

#[test]
fn the_whole_story_from_a_shell() -> Result<()> {
    let mut site = Site::open()?;
    let id = site.register()?;
    for console in [&site.first, &site.second] {
        console.run(&["sync", "--json"])?.ok()?;
        let order = console.run(&["order", "show", &id, "--json"])?.json()?;
        assert_eq!(text(&order, "/row/status"), "dispatched");
    }

    site.centre.kill()?;
    site.first.run(&["order", "accept", &id, "--text", "我来处理。"])?.ok()?;
    site.first.run(&["order", "arrive", &id])?.ok()?;
    site.first.run(&["order", "restore", &id, "--text", "更新证书并重新注册。"])?.ok()?;
    site.second.run(&["order", "accept", &id, "--text", "我离得近，我去。"])?.ok()?;
    site.second.run(&["order", "arrive", &id, "--text", "我也到了。"])?.ok()?;
    let refused =
        site.second.run(&["order", "confirm", &id, "--set", "who=演示用户07", "--set", "way=phone"])?;
    assert_ne!(refused.code, 0, "not restored yet, by what this console knows");

    site.centre.start()?;
    for console in [&site.first, &site.second, &site.first, &site.desk] {
        console.run(&["sync", "--json"])?.ok()?;
    }
    for console in [&site.desk, &site.first, &site.second] {
        let order = console.run(&["order", "show", &id, "--json"])?.json()?;
        assert_eq!(text(&order, "/row/assignee"), ENGINEER.name);
        assert_eq!(text(&order, "/row/status"), "restored");
        let timeline = order["timeline"].as_array().context("no timeline")?;
        let kept = timeline
            .iter()
            .find(|line| text(line, "/verdict") == "rejected")
            .context("the losing claim is kept")?;
        assert!(text(kept, "/text").contains("我离得近，我去。"), "{kept}");
        console.run(&["verify", "--json"])?.ok()?;
    }
    let status = site.second.run(&["status", "--json"])?.json()?;
    assert!(status.to_string().contains("\"conflicts\":2"), "the claim and the arrival: {status}");
    site.centre.verify()?;
    Ok(())
}

#[test]
fn killed_in_the_middle_of_an_act_nothing_is_lost_or_doubled() -> Result<()> {
    let mut site = Site::open()?;
    let id = site.register()?;
    site.first.run(&["sync", "--json"])?.ok()?;
    site.centre.kill()?;

    let wal = site.first.dir().join("store.db-wal");
    let stamp = || fs::metadata(&wal).map(|file| (file.len(), file.modified().ok())).ok();
    for round in 0..6_u32 {
        let (note, key) = (format!("第{round}次备注"), format!("note-{round}"));
        let act = ["order", "note", &id, "--text", &note, "--key", &key, "--json"];
        let before = stamp();
        let mut running = site.first.start(&act)?;
        // Killed after so many changes of the write-ahead log: the log-in writes first, then the note.
        let mut seen = before;
        let mut changes = 0;
        until("a change or the end", Duration::from_secs(60), || {
            let now = stamp();
            if now != seen {
                seen = now;
                changes += 1;
            }
            Ok((changes > round || running.has_ended()?).then_some(()))
        })?;
        running.kill()?;
        let order = site.first.run(&["order", "show", &id, "--json"])?.json()?;
        let written = notes(&order).iter().filter(|text| text.contains(&note)).count();
        assert!(written <= 1, "round {round}: {:?}", notes(&order));
        // The shell script does it again, with the same key.
        site.first.run(&act)?.ok()?;
        let order = site.first.run(&["order", "show", &id, "--json"])?.json()?;
        assert_eq!(notes(&order).iter().filter(|text| text.contains(&note)).count(), 1, "round {round}");
    }

    site.centre.start()?;
    site.first.run(&["sync", "--json"])?.ok()?;
    site.second.run(&["sync", "--json"])?.ok()?;
    let order = site.second.run(&["order", "show", &id, "--json"])?.json()?;
    assert_eq!(notes(&order).len(), 6, "all six, once each, at another console: {:?}", notes(&order));
    site.first.run(&["verify", "--json"])?.ok()?;
    site.centre.verify()?;
    Ok(())
}

#[test]
fn bad_files_are_named_by_file_line_and_key() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let console = CommandLine::new(&dir.path().join("unused"), &ENGINEER)?;
    let profile = dir.path().join("guangxi-police.toml");
    let good = fs::read_to_string(
        zaigang_tests::harness::centre::repository().join("assets/contracts/guangxi-police.toml"),
    )?;
    let bad = good.replacen("response_minutes = 15", "response_minutes = \"soon\"", 1);
    let line = bad.lines().position(|line| line.contains("\"soon\"")).context("the profile has changed")? + 1;
    fs::write(&profile, bad)?;
    let case = dir.path().join("case.json");
    let reported = json!({"object": null, "division": null, "rule": null, "level": null, "windows": {},
        "events": [{"at": "2025-10-15T10:00:00+08:00", "kind": "reported"}], "now": "2025-10-15T10:30:00+08:00"});
    fs::write(&case, reported.to_string())?;
    let (profile, case) = (profile.display().to_string(), case.display().to_string());
    let said = console.run_as_nobody(&[
        "clock",
        "--contract",
        "guangxi-police",
        "--profile",
        &profile,
        "--file",
        &case,
        "--json",
    ])?;
    assert_eq!(said.code, 2, "{}{}", said.out, said.err);
    for part in ["guangxi-police.toml", "response_minutes", &line.to_string(), "soon"] {
        assert!(said.err.contains(part), "the message names {part}: {}", said.err);
    }
    assert!(said.out.is_empty(), "nothing but the message: {}", said.out);

    fs::write(dir.path().join("bad.json"), "{\"object\": 1}")?;
    let file = dir.path().join("bad.json").display().to_string();
    let said =
        console.run_as_nobody(&["clock", "--contract", "guangxi-police", "--file", &file, "--json"])?;
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("bad.json") && said.err.contains("object"), "{}", said.err);

    let said = console.run_as_nobody(&[
        "calendar",
        "days",
        "--from",
        "2025-10-08",
        "--to",
        "2025-10-01",
        "--json",
    ])?;
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("2025-10-08"), "{}", said.err);
    Ok(())
}

#[test]
fn a_bad_calendar_is_named_by_the_centre_that_refuses_it() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let centre = RealCentre::found(dir.path())?;
    let before = centre.status()?;
    let good =
        fs::read_to_string(zaigang_tests::harness::centre::repository().join("assets/calendars/2025.json"))?;
    let mut pack: Value = serde_json::from_str(&good)?;
    pack["year"] = json!("next");
    let file = dir.path().join("2025.json");
    fs::write(&file, pack.to_string())?;
    let said = centre.command(&["calendar", "publish"], &["--file", &file.display().to_string()])?;
    assert_eq!(said.code, 2, "{}{}", said.out, said.err);
    for part in ["2025.json", "year", "next"] {
        assert!(said.err.contains(part), "the message names {part}: {}", said.err);
    }
    assert_eq!(centre.status()?["logs"], before["logs"], "nothing was published");
    Ok(())
}

#[test]
fn a_month_is_shown_and_published_from_a_shell() -> Result<()> {
    const BOSS: Account = Account {
        login: "xmjl1",
        name: "演示·周望舒",
        role: "supervisor",
        divisions: &[],
        password: "Paiban-2025",
    };
    let dir = tempfile::tempdir()?;
    let mut centre = RealCentre::found(dir.path())?;
    centre.add(&BOSS)?;
    centre.start()?;
    let profile = centre.profile(&dir.path().join("office"))?;
    let seat = Seat::open(&profile)?;
    seat.take(&centre.code("项目部1号机", &["L总队"])?, "项目部1号机", &BOSS)?;
    let boss = CommandLine::new(&profile, &BOSS)?;
    let month = json!({ "month": "2025-10", "idempotency_key": "m" });
    seat.call("roster.open", month.clone())?;
    let draft = json!({ "month": "2025-10", "keep": "all", "seconds": 1, "seed": 1 });
    let cells = seat.call("roster.draft", draft)?["cells"].clone();
    seat.call("roster.edit", json!({ "month": "2025-10", "cells": cells, "idempotency_key": "e" }))?;
    seat.call("roster.submit", month.clone())?;
    seat.call("roster.approve", month)?;
    let consent = json!({ "month": "2025-10", "who": "信息化部门", "date": "2025-10-14", "paper": "确认单",
        "idempotency_key": "c" });
    seat.call("roster.consent", consent)?;
    drop(seat);

    let shown = boss.run(&["roster", "month", "2025-10", "--json"])?.json()?;
    assert_eq!(text(&shown, "/stage"), "consented");
    let said = boss.run(&["roster", "month", "2025-10"])?.ok()?;
    assert!(said.out.contains("2025-10-15\t周三\t带班：空　值班主："), "{}", said.out);
    assert!(said.out.contains("\t须解决\t"), "four people do not fill six posts: {}", said.out);
    let refused = boss.run(&["roster", "publish", "2025-10"])?;
    assert!(refused.code != 0 && refused.err.contains("不能发布"), "{}{}", refused.out, refused.err);
    let unknown = boss.run(&["roster", "month", "2025-12"])?;
    assert!(unknown.code != 0 && unknown.err.contains("还没有开"), "{}{}", unknown.out, unknown.err);
    Ok(())
}
