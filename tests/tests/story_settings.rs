//! The settings of a site, told by the whole program: published by supervisors with and without the
//! centre, and kept when the centre corrects the facts.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a whole-program test works on files and real time, and fails by panic"
)]

use anyhow::{Context, Result};
use serde_json::{Value, json};
use zaigang_tests::harness::centre::{Account, CONTRACT, DESK, ENGINEER, RealCentre, repository};
use zaigang_tests::harness::seat::Seat;

const SUPERVISOR: Account = Account {
    login: "jl1",
    name: "演示·经理甲",
    role: "supervisor",
    divisions: &[],
    password: "Jingli-2025",
};
const SECOND: Account = Account {
    login: "jl2",
    name: "演示·经理乙",
    role: "supervisor",
    divisions: &[],
    password: "Jingli-2026",
};

struct Site {
    dir: tempfile::TempDir,
    centre: RealCentre,
    desk: Seat,
    engineer: Seat,
    boss: Seat,
    other: Seat,
}

impl Site {
    fn open() -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let mut centre = RealCentre::found(dir.path())?;
        centre.add(&SUPERVISOR)?;
        centre.add(&SECOND)?;
        centre.start()?;
        let seat = |name: &str, folder: &str, account| -> Result<Seat> {
            let seat = Seat::open(&centre.profile(&dir.path().join(folder))?)?;
            seat.take(&centre.code(name, &["L总队"])?, name, account)?;
            seat.wait_for("the first round", is_sent)?;
            Ok(seat)
        };
        let desk = seat("服务台1号机", "desk", &DESK)?;
        let engineer = seat("值班室1号机", "engineer", &ENGINEER)?;
        let boss = seat("经理1号机", "boss", &SUPERVISOR)?;
        let other = seat("经理2号机", "other", &SECOND)?;
        Ok(Self { dir, centre, desk, engineer, boss, other })
    }

    fn seats(&self) -> [&Seat; 4] {
        [&self.desk, &self.engineer, &self.boss, &self.other]
    }

    /// Everybody's work at the centre, and everybody's at everybody's.
    fn settle(&self) -> Result<()> {
        for seat in self.seats().into_iter().chain(self.seats()) {
            seat.sync()?;
            seat.wait_for("the work at the centre", is_sent)?;
        }
        Ok(())
    }
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn is_sent(seat: &Seat) -> Result<Option<()>> {
    let status = seat.call("sync.status", json!({}))?;
    let sent =
        status.get("waiting").and_then(Value::as_u64) == Some(0) && text(&status, "/state") == "synced";
    Ok(sent.then_some(()))
}

fn register(seat: &Seat, title: &str) -> Result<String> {
    let written = seat.call(
        "order.register",
        json!({ "kind": "incident", "title": title, "division": "L总队", "object": "12.6", "level": "2",
            "level_reason": "演示", "idempotency_key": title }),
    )?;
    Ok(text(&written, "/id"))
}

fn due(seat: &Seat, order: &str) -> Result<String> {
    let order = seat.order(order)?;
    let clocks = order["clocks"].as_array().context("clocks are a list")?;
    let clock = clocks.iter().find(|clock| text(clock, "/target") == "restoration");
    Ok(text(clock.context("no restoration")?, "/deadline"))
}

fn form(seat: &Seat) -> Result<(Value, Value)> {
    let form = seat.call("setting.form", json!({ "contract": CONTRACT }))?;
    let values = serde_json::from_str(&text(&form, "/values"))?;
    Ok((form, values))
}

fn publish(seat: &Seat, form: &Value, values: &Value, rebind: &[&str], key: &str) -> Result<Value> {
    seat.call(
        "setting.publish",
        json!({ "contract": CONTRACT, "values": values.to_string(), "base_hash": form["base_hash"],
            "note": "科信办确认单（2025-09-28）", "rebind": rebind, "idempotency_key": key }),
    )
}

/// Other office hours, a pause reason, and restorations that count office hours only.
fn agreed(values: &mut Value) {
    values["office_hours"] = json!([{ "windows": ["09:00-12:00", "14:00-17:00"] }]);
    values["pause"] = json!([{ "reason": "等采购人停机窗口", "party": "buyer" }]);
    values["calendar"] = json!([{ "targets": ["restoration"], "calendar": "office" }]);
}

fn close(site: &Site, order: &str) -> Result<()> {
    for step in ["accept", "arrive", "restore"] {
        site.engineer.step(order, step, json!({ "text": "好" }))?;
    }
    site.engineer.step(order, "confirm", json!({ "who": "值班员", "unit": "指挥中心", "way": "phone" }))?;
    site.engineer.step(order, "close", json!({})).map(|_| ())
}

#[test]
fn settings_move_the_orders_ticked_and_leave_the_others_and_what_is_closed() -> Result<()> {
    let site = Site::open()?;
    let orders = ["工单甲", "工单乙", "工单丙"].map(|title| register(&site.desk, title));
    let [ticked, kept, closed] = orders;
    let (ticked, kept, closed) = (ticked?, kept?, closed?);
    site.settle()?;
    close(&site, &closed)?;
    site.settle()?;
    let before = [due(&site.boss, &ticked)?, due(&site.boss, &kept)?, due(&site.boss, &closed)?];

    let (shown, mut values) = form(&site.boss)?;
    agreed(&mut values);
    let args = json!({ "contract": CONTRACT, "values": values.to_string() });
    let preview = site.boss.call("setting.preview", args)?;
    assert_eq!(preview["problems"], json!([]));
    assert_eq!(preview["orders"].as_array().map(Vec::len), Some(2), "{preview}");
    publish(&site.boss, &shown, &values, &[&ticked], "first")?;
    site.settle()?;

    for seat in [&site.boss, &site.desk, &site.engineer] {
        assert_ne!(due(seat, &ticked)?, before[0]);
        assert_eq!([due(seat, &kept)?, due(seat, &closed)?], before[1..]);
        assert_eq!(seat.call("audit.verify", json!({}))?["ok"], json!(true));
    }
    assert_eq!(due(&site.desk, &ticked)?, due(&site.boss, &ticked)?);

    // The centre corrects the facts: settings stay, and what is bound or closed keeps its deadline.
    let after = due(&site.desk, &ticked)?;
    let facts = std::fs::read_to_string(repository().join("assets/contracts/guangxi-police.toml"))?;
    let corrected = facts.replace("resolve_minutes = 480", "resolve_minutes = 60");
    assert_ne!(corrected, facts);
    let file = site.dir.path().join("guangxi-police.toml");
    std::fs::write(&file, corrected)?;
    site.centre.command(&["contract", "publish"], &["--profile", &file.display().to_string()])?.ok()?;
    site.settle()?;
    let (shown, values) = form(&site.desk)?;
    assert_eq!(shown["version"], json!(3));
    assert_eq!(text(&values, "/pause/0/reason"), "等采购人停机窗口");
    assert_eq!([due(&site.desk, &ticked)?, due(&site.desk, &kept)?], [after.clone(), before[1].clone()]);
    assert_eq!(due(&site.desk, &closed)?, before[2]);
    let fresh = register(&site.desk, "工单丁")?;
    assert_ne!(due(&site.desk, &fresh)?, after, "a new order follows the corrected facts");
    Ok(())
}

#[test]
fn two_publish_without_the_centre_and_one_wins() -> Result<()> {
    let mut site = Site::open()?;
    let order = register(&site.desk, "工单甲")?;
    site.settle()?;
    let before = due(&site.other, &order)?;
    site.centre.kill()?;

    let (shown, mut first) = form(&site.boss)?;
    first["vip"].as_array_mut().context("a list")?.push(json!({ "name": "总值班室" }));
    publish(&site.boss, &shown, &first, &[], "first")?;
    let (shown, mut second) = form(&site.other)?;
    agreed(&mut second);
    publish(&site.other, &shown, &second, &[&order], "second")?;
    assert_ne!(due(&site.other, &order)?, before, "shown at once, marked as waiting");

    site.centre.start()?;
    site.boss.sync()?;
    site.boss.wait_for("the first one's settings at the centre", is_sent)?;
    site.settle()?;

    let conflicts = site.other.call("sync.conflicts", json!({}))?;
    let conflicts = conflicts.as_array().context("a list")?;
    let lost = conflicts.iter().find(|item| text(item, "/act") == "发布项目约定").context("no conflict")?;
    assert!(text(lost, "/winner").contains(SUPERVISOR.name), "{lost}");
    assert!(text(lost, "/text").contains("等采购人停机窗口"), "its text is kept: {lost}");
    assert_eq!(conflicts.len(), 2, "with what stood on it: {conflicts:?}");
    for seat in site.seats() {
        assert_eq!(due(seat, &order)?, before);
        let (shown, values) = form(seat)?;
        assert_eq!(shown["version"], json!(2));
        assert!(values["vip"].to_string().contains("总值班室"));
        assert_eq!(seat.call("audit.verify", json!({}))?["ok"], json!(true));
    }
    site.centre.kill()?;
    assert_eq!(site.centre.command(&["verify"], &[])?.code, 0);
    Ok(())
}
