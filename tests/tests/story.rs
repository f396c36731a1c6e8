//! The story of one fault, told by the whole program without a window: a real centre over TLS, consoles with
//! their real sync drivers, power cuts on both sides.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a whole-program test works on files and real time, and fails by panic"
)]

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use zaigang_tests::harness::centre::{DESK, ENGINEER, RealCentre, SECOND};
use zaigang_tests::harness::seat::Seat;

/// A fault of the twelfth division for anyone of its engineers.
fn register_to_pool(desk: &Seat, title: &str) -> Result<String> {
    let written = desk.call(
        "order.register",
        json!({
            "kind": "incident", "title": title, "detail": "前端均在线，平台侧无画面。",
            "division": "L总队", "object": "12.6", "level": "2",
            "facts": {"object": "12.6", "system_class": "core", "share": "under_half", "vip": false, "security_event": false, "request": false},
            "channel": "phone", "reporter_unit": "指挥中心",
            "reporter": {"name": "演示用户07", "phone": "内线 60007", "room": "3楼07室"},
            "idempotency_key": title,
        }),
    )?;
    let id = text(&written, "/id");
    desk.step(&id, "dispatch", json!({}))?;
    Ok(id)
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn verdicts(order: &Value, act: &str) -> Vec<String> {
    let timeline = order.get("timeline").and_then(Value::as_array).cloned().unwrap_or_default();
    timeline.iter().filter(|line| text(line, "/kind") == act).map(|line| text(line, "/verdict")).collect()
}

/// Whether nothing waits for the centre.
fn is_sent(seat: &Seat) -> Result<Option<()>> {
    let status = seat.call("sync.status", json!({}))?;
    let sent =
        status.get("waiting").and_then(Value::as_u64) == Some(0) && text(&status, "/state") == "synced";
    Ok(sent.then_some(()))
}

struct Site {
    _dir: tempfile::TempDir,
    centre: RealCentre,
    desk: Seat,
    first: Seat,
    second: Seat,
}

impl Site {
    fn open() -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let mut centre = RealCentre::found(dir.path())?;
        centre.start()?;
        let all = ["A总队", "L总队"];
        let seat = |name: &str, folder: &str, divisions: &[&str], account| -> Result<Seat> {
            let seat = Seat::open(&centre.profile(&dir.path().join(folder))?)?;
            seat.take(&centre.code(name, divisions)?, name, account)?;
            seat.wait_for("the first round", is_sent)?;
            Ok(seat)
        };
        let desk = seat("服务台1号机", "desk", &all, &DESK)?;
        let first = seat("值班室1号机", "first", &["L总队"], &ENGINEER)?;
        let second = seat("值班室2号机", "second", &["L总队"], &SECOND)?;
        Ok(Self { _dir: dir, centre, desk, first, second })
    }
}

#[test]
fn a_dispatched_fault_reaches_the_other_console_within_a_second() -> Result<()> {
    let site = Site::open()?;
    // The first order also lets the driver open its stream of wakes.
    let warm = register_to_pool(&site.desk, "视频点位离线3路（南宁）")?;
    site.first.wait_for("the first order", |seat| Ok(seat.order(&warm).ok()))?;

    let began = Instant::now();
    let id = register_to_pool(&site.desk, "平台级联断开（柳州）")?;
    let seen = site.first.wait("the dispatched order", Duration::from_secs(1), |seat| {
        let Ok(order) = seat.order(&id) else { return Ok(None) };
        Ok((text(&order, "/row/status") == "dispatched").then_some(order))
    })?;
    let took = began.elapsed();
    assert!(took < Duration::from_secs(1), "dispatched at one console, seen at the other after {took:?}");
    let targets: Vec<String> =
        seen["clocks"].as_array().context("no clocks")?.iter().map(|clock| text(clock, "/target")).collect();
    assert!(targets.contains(&"response".to_owned()), "a level-2 fault owes a response: {targets:?}");
    Ok(())
}

#[test]
fn two_work_offline_on_one_order_and_one_wins() -> Result<()> {
    let mut site = Site::open()?;
    let id = register_to_pool(&site.desk, "平台级联断开（柳州）")?;
    for seat in [&site.first, &site.second] {
        seat.wait_for("the dispatched order", |seat| {
            let order = seat.order(&id).ok();
            Ok(order.filter(|order| text(order, "/row/status") == "dispatched"))
        })?;
    }

    site.centre.kill()?;

    // Both work on; each sees his own work, marked as waiting.
    site.first.step(&id, "accept", json!({"text": "我来处理。"}))?;
    site.first.step(&id, "arrive", json!({"text": "已到机房。"}))?;
    site.first.step(&id, "restore", json!({"text": "更新证书并重新注册，目录与预览恢复。"}))?;
    site.second.step(&id, "accept", json!({"text": "我离得近，我去。"}))?;
    site.second.step(&id, "arrive", json!({"text": "我也到了机房。"}))?;
    site.second.step(&id, "restore", json!({"text": "我重启了级联服务。"}))?;
    for seat in [&site.first, &site.second] {
        let row = seat.order(&id)?["row"].clone();
        assert_eq!((text(&row, "/status").as_str(), row["pending"].as_u64()), ("restored", Some(3)));
    }

    site.centre.start()?;
    site.first.sync()?;
    site.first.wait_for("the first one's work at the centre", is_sent)?;
    site.second.sync()?;
    site.second.wait_for("the second one's work at the centre", is_sent)?;

    // One has won; the other's claim is rejected naming him, his facts are kept for the desk.
    let order = site.first.order(&id)?;
    assert_eq!(text(&order, "/row/assignee"), ENGINEER.name);
    let conflicts = site.second.call("sync.conflicts", json!({}))?;
    let conflicts = conflicts.as_array().context("conflicts are a list")?.clone();
    let of_kind = |kind: &str| conflicts.iter().filter(|one| text(one, "/kind") == kind).collect::<Vec<_>>();
    let rejected = of_kind("rejected");
    assert_eq!(rejected.len(), 1, "{conflicts:?}");
    assert!(text(rejected[0], "/winner").contains(ENGINEER.name), "the winner is named: {:?}", rejected[0]);
    assert!(text(rejected[0], "/text").contains("我离得近，我去。"), "the text is kept: {:?}", rejected[0]);
    let unreconciled = of_kind("unreconciled");
    assert_eq!(unreconciled.len(), 2, "arrival and restoration: {conflicts:?}");
    assert!(unreconciled.iter().any(|one| text(one, "/text").contains("我重启了级联服务。")));

    // Everybody sees the same, with both texts.
    site.desk.sync()?;
    site.first.sync()?;
    for seat in [&site.desk, &site.first, &site.second] {
        let order = seat.order(&id)?;
        assert_eq!(verdicts(&order, "order.accepted"), ["accepted", "rejected"]);
        assert_eq!(verdicts(&order, "order.arrived"), ["accepted", "unreconciled"]);
        assert_eq!(verdicts(&order, "order.restored"), ["accepted", "unreconciled"]);
        assert_eq!(order["row"]["unreconciled"].as_u64(), Some(2));
        let verified = seat.call("audit.verify", json!({}))?;
        assert_eq!(verified["ok"], json!(true), "{verified}");
    }
    let verified = site.centre.verify()?;
    assert!(
        verified.to_string().contains("\"problems\":[]") || !verified.to_string().contains("bad\":[{"),
        "{verified}"
    );
    Ok(())
}

#[test]
fn a_tampered_row_is_found_on_either_side() -> Result<()> {
    let mut site = Site::open()?;
    let id = register_to_pool(&site.desk, "平台级联断开（柳州）")?;
    site.desk.wait_for("the order at the centre", is_sent)?;
    site.centre.kill()?;
    assert_eq!(site.centre.command(&["verify"], &[])?.code, 0, "untouched");

    // One bit of the last event of the centre.
    let conn = rusqlite::Connection::open(site.centre.dir().join("centre.db"))?;
    bend_last(&conn)?;
    drop(conn);
    let said = site.centre.command(&["verify"], &[])?;
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);

    let backdoor = site.desk.door().console();
    bend_last(backdoor.store()?.reader())?;
    drop(backdoor);
    let verified = site.desk.call("audit.verify", json!({}))?;
    assert_eq!(verified["ok"], json!(false), "{verified}");
    assert_ne!(verified["problems"], json!([]), "it says where");
    assert!(site.desk.order(&id).is_ok(), "and still shows what it has");
    Ok(())
}

/// Changes one bit in the middle of the last event.
fn bend_last(conn: &rusqlite::Connection) -> Result<()> {
    let last = "SELECT place, envelope FROM entry ORDER BY place DESC LIMIT 1";
    let (place, mut envelope): (i64, Vec<u8>) =
        conn.query_row(last, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let middle = envelope.len() / 2;
    envelope[middle] ^= 1;
    conn.execute("UPDATE entry SET envelope = ?2 WHERE place = ?1", rusqlite::params![place, envelope])?;
    Ok(())
}
