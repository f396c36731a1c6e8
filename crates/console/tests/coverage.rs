//! 节假日保障 at the door: a plan for 国庆 2025 from the first draft to its summary, and the ledger.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panic and works on real files"
)]

mod site;

use serde_json::json;
use site::seat::Seat;
use site::{CONTRACT, Site, person};
use zaigang_center::core::{CalendarText, NewUser};
use zaigang_console::door::dto::*;
use zaigang_domain::contract::Text;
use zaigang_domain::people::Role;

/// Office hours, and a pair on duty round the clock on days off.
const SETTINGS: &str = r#"contract = "guangxi-police"
acceptance_date = "2024-09-01"
[[office_hours]]
windows = ["08:00-12:00", "14:30-17:30"]
[[duty_post]]
id = "main"
name = "值班主"
kind = "duty"
shift = "24h"
days = "nonworkday"
pair_of = "deputy"
clause = "001:1754"
[[duty_post]]
id = "deputy"
name = "值班副"
kind = "duty"
shift = "24h"
days = "nonworkday"
[duty_rules]
rest_hours_min = 12
consecutive_days_max = 6
shifts_per_day_max = 1
nights_in_row_max = 2
"#;

const LOGINS: [&str; 8] = ["e1", "e2", "e3", "e4", "e5", "e6", "wang", "li"];

/// A site on 25 September 2025, 09:00, with supervisors `boss` and `second` and the buyer's `jia`.
fn site() -> Site {
    let mut site = Site::beginning("2025-09-25T01:00:00Z".parse().unwrap());
    for (login, name, role) in [
        ("boss", "周项", Role::Supervisor),
        ("second", "吴项", Role::Supervisor),
        ("jia", "甲方", Role::BuyerContact),
    ] {
        site.centre.user_add(&person(login, name, role)).unwrap();
    }
    for n in 1..=6 {
        site.centre.user_add(&person(&format!("e{n}"), &format!("工程师{n}"), Role::Engineer)).unwrap();
    }
    site.publish_settled(CONTRACT, Some(Text { file: "settings", text: SETTINGS }));
    site
}

/// Lets hours pass everywhere.
fn pass(site: &Site, seats: &[&Seat], hours: u32) {
    let ms = i64::from(hours) * 3_600_000;
    site.advance_ms(ms);
    for seat in seats {
        seat.host.advance_ms(ms.unsigned_abs());
    }
}

fn sync_all(site: &mut Site, seats: &[&Seat]) {
    for _ in 0..2 {
        for seat in seats {
            seat.sync(site);
        }
    }
}

impl Seat {
    async fn refused(&self, command: &str, args: impl serde::Serialize) -> DoorError {
        self.try_call(command, args).await.unwrap_err()
    }

    async fn plan(&self, id: &str) -> CoverageView {
        self.call("coverage.get", json!({ "id": id })).await
    }

    async fn act(&self, id: &str, act: &str, text: &str) -> Result<Written, DoorError> {
        let key = format!("{act}-{}", text.chars().take(20).collect::<String>());
        let args = json!({ "id": id, "act": act, "text": text, "idempotency_key": key });
        Ok(serde_json::from_value(self.try_call("coverage.act", args).await?).unwrap())
    }

    async fn done(&self, id: &str, kind: &str, slot: &str, found: &str) -> Result<Written, DoorError> {
        let args = json!({ "id": id, "kind": kind, "slot": slot, "fine": found.is_empty(), "text": found,
            "idempotency_key": format!("{kind}-{slot}") });
        Ok(serde_json::from_value(self.try_call("coverage.done", args).await?).unwrap())
    }

    async fn tasks(&self) -> CoverageTasks {
        self.call("coverage.tasks", json!({})).await
    }

    async fn ledger(&self, args: serde_json::Value) -> CoverageLedger {
        self.call("coverage.ledger", args).await
    }
}

/// The plan that is proposed for 国庆, with a 封网.
async fn proposed(boss: &Seat) -> CoverageForm {
    let list: CoverageList = boss.call("coverage.list", json!({})).await;
    assert!(list.may_plan && list.plans.is_empty());
    let mut form = list.unplanned.into_iter().next().unwrap();
    assert_eq!((form.from.as_str(), form.to.as_str()), ("2025-10-01", "2025-10-08"));
    form.freezes = vec![CoverageFreezeForm {
        from: "2025-09-30T18:00:00+08:00".into(),
        to: "2025-10-09T08:00:00+08:00".into(),
        what: "核心业务系统".into(),
    }];
    form.fallback = "主链路中断时启用备用链路，并电话报采购人主管部门".into();
    form
}

/// The plan of `boss`, approved by `second`, with everybody up to date.
async fn approved(site: &mut Site, boss: &Seat, second: &Seat) -> String {
    let plan = proposed(boss).await;
    let args = CoveragePlanArgs { id: None, plan, idempotency_key: "p".into() };
    let id = boss.call::<Written>("coverage.plan", args).await.id;
    boss.act(&id, "submit", "").await.unwrap();
    sync_all(site, &[boss, second]);
    second.act(&id, "approve", "").await.unwrap();
    sync_all(site, &[second, boss]);
    id
}

#[tokio::test]
async fn a_plan_is_written_reviewed_consented_to_and_changed() {
    let mut site = site();
    let (boss, second) = (Seat::new(&mut site, "boss", 1), Seat::new(&mut site, "second", 2));
    let jia = Seat::new(&mut site, "jia", 3);
    let plan = proposed(&boss).await;
    let with = |plan: CoverageForm| CoveragePlanArgs { id: None, plan, idempotency_key: "p".into() };
    for (bad, field) in [
        (CoverageForm { name: " ".into(), ..plan.clone() }, "name"),
        (CoverageForm { to: "2025-09-30".into(), ..plan.clone() }, "to"),
        (CoverageForm { from: "10.1".into(), ..plan.clone() }, "from"),
        (CoverageForm { reports: vec!["25:00".into()], ..plan.clone() }, "reports"),
        (CoverageForm { occasion: "party".into(), ..plan.clone() }, "occasion"),
    ] {
        let error = boss.refused("coverage.plan", with(bad)).await;
        assert_eq!((error.code, error.field.as_deref()), (DoorCode::BadInput, Some(field)), "{error}");
    }
    let error = jia.refused("coverage.plan", with(plan.clone())).await;
    assert_eq!(error.code, DoorCode::NotAllowed, "{error}");
    let id = boss.call::<Written>("coverage.plan", with(plan.clone())).await.id;
    assert_eq!(boss.call::<Written>("coverage.plan", with(plan.clone())).await.id, id, "once");
    let list: CoverageList = boss.call("coverage.list", json!({})).await;
    assert_eq!((list.plans.len(), list.unplanned.len()), (1, 0));

    boss.act(&id, "submit", "").await.unwrap();
    let error = boss.act(&id, "approve", "").await.unwrap_err();
    assert_eq!(error.code, DoorCode::NotAllowed, "{error}");
    sync_all(&mut site, &[&boss, &second, &jia]);
    assert_eq!(second.tasks().await.waiting[0].act, "待审核");
    assert_eq!(second.act(&id, "return", " ").await.unwrap_err().field.as_deref(), Some("text"));
    second.act(&id, "return", "补上备件清单").await.unwrap();
    sync_all(&mut site, &[&second, &boss]);
    let mut better = boss.plan(&id).await.plan;
    better.spares =
        vec![CoverageSpareForm { name: "交换机电源".into(), quantity: 2, place: "备件库".into() }];
    let change = CoveragePlanArgs { id: Some(id.clone()), plan: better, idempotency_key: "c".into() };
    let _: Written = boss.call("coverage.plan", change).await;
    boss.act(&id, "submit", "again").await.unwrap();
    sync_all(&mut site, &[&boss, &second]);
    second.act(&id, "approve", "").await.unwrap();
    sync_all(&mut site, &[&second, &boss, &jia]);
    jia.act(&id, "consent", "").await.unwrap();
    sync_all(&mut site, &[&jia, &boss]);
    let view = boss.plan(&id).await;
    assert_eq!((view.row.stage.as_str(), view.version), ("consented", 2));
    assert_eq!(view.consent.as_deref(), Some("采购人已在工作台上同意"));
    let stages: Vec<&str> = view.acts.iter().map(|act| act.stage_name.as_str()).collect();
    assert_eq!(stages, ["编制中", "待审核", "编制中", "编制中", "待审核", "已审核", "采购人已同意"]);
    assert_eq!(view.acts[2].text, "补上备件清单");
}

#[tokio::test]
async fn of_two_offline_changes_the_second_reads_what_came_first() {
    let mut site = site();
    let (boss, second) = (Seat::new(&mut site, "boss", 1), Seat::new(&mut site, "second", 2));
    let id = approved(&mut site, &boss, &second).await;
    for (seat, text) in [(&boss, "一"), (&second, "二")] {
        let plan = CoverageForm { fallback: text.into(), ..seat.plan(&id).await.plan };
        let args = CoveragePlanArgs { id: Some(id.clone()), plan, idempotency_key: "c".into() };
        let _: Written = seat.call("coverage.plan", args).await;
    }
    sync_all(&mut site, &[&boss, &second]);
    assert_eq!(second.plan(&id).await.plan.fallback, "一");
    let conflicts: Vec<ConflictDto> = second.call("sync.conflicts", json!({})).await;
    assert_eq!(conflicts[0].order, "保障方案“2025年国庆节、中秋节保障方案”");
    assert!(conflicts[0].winner.as_deref().unwrap().contains("周项"), "{:?}", conflicts[0]);
}

#[tokio::test]
async fn consent_on_paper_names_the_paper() {
    let mut site = site();
    let (boss, second) = (Seat::new(&mut site, "boss", 1), Seat::new(&mut site, "second", 2));
    let id = approved(&mut site, &boss, &second).await;
    let consent = |unit: &str, paper: &str, date: Option<&str>| json!({ "id": id, "act": "consent", "unit": unit, "paper": paper, "date": date, "idempotency_key": "c" });
    for (args, field) in [
        (consent("", "确认单", Some("2025-09-26")), "unit"),
        (consent("科信办", "", Some("2025-09-26")), "paper"),
        (consent("科信办", "确认单", None), "date"),
        (consent("科信办", "确认单", Some("9月26日")), "date"),
    ] {
        assert_eq!(boss.refused("coverage.act", args).await.field.as_deref(), Some(field));
    }
    let _: Written = boss.call("coverage.act", consent("科信办", "确认单", Some("2025-09-26"))).await;
    sync_all(&mut site, &[&boss, &second]);
    let view = second.plan(&id).await;
    assert_eq!(view.consent.as_deref(), Some("科信办于 2025-09-26 同意，凭确认单"));
}

#[tokio::test]
async fn it_is_carried_out_by_checks_patrols_and_reports_and_closed_with_a_summary() {
    let mut site = site();
    let (boss, second) = (Seat::new(&mut site, "boss", 1), Seat::new(&mut site, "second", 2));
    let engineer = Seat::new(&mut site, "e1", 3);
    let id = approved(&mut site, &boss, &second).await;
    let all = [&boss, &second, &engineer];
    sync_all(&mut site, &all);
    assert_eq!(engineer.tasks().await.due, [], "six days before nothing is due");

    pass(&site, &all, 72);
    let due = engineer.tasks().await.due;
    let titles: Vec<&str> = due.iter().map(|task| task.title.as_str()).collect();
    assert_eq!(titles, ["机房环境、供电和空调巡检", "核心系统、网络设备和备份检查"], "three days before");
    assert_eq!(due[0].due_at, "2025-09-28T18:00:00+08:00");
    engineer.done(&id, "check", &due[0].slot, "").await.unwrap();
    engineer.done(&id, "check", &due[1].slot, "一块电源告警，已更换").await.unwrap();
    assert_eq!(engineer.done(&id, "check", "9", "").await.unwrap_err().field.as_deref(), Some("slot"));

    // 1 October, 10:00: a patrol is late, the report is to come, the net is closed.
    pass(&site, &all, 73);
    let tasks = engineer.tasks().await;
    let seen: Vec<(&str, bool)> = tasks.due.iter().map(|task| (task.title.as_str(), task.overdue)).collect();
    assert_eq!(seen[2..], [("特巡 09:00", true), ("报告 16:00", false), ("特巡 21:00", false)]);
    assert_eq!((seen.len(), tasks.freezes[0].what.as_str()), (5, "核心业务系统"));
    engineer.done(&id, "patrol", "2025-10-01 09:00", "").await.unwrap();
    let error = engineer.done(&id, "report", "2025-10-02 16:00", "").await.unwrap_err();
    assert_eq!(error.code, DoorCode::NotNow, "{error}");
    engineer.done(&id, "report", "2025-10-01 16:00", "").await.unwrap();
    sync_all(&mut site, &all);
    let view = boss.plan(&id).await;
    let report = view.slots.iter().find(|slot| slot.slot == "2025-10-01 16:00").unwrap();
    assert_eq!((report.fine, report.by.as_str()), (Some(true), "工程师1"), "零报告");
    assert_eq!((view.row.overdue, view.row.next_title.as_str()), (2, "特巡 21:00"), "two checks were left");

    let print = json!({ "id": id, "idempotency_key": "pr" });
    let paper: CoverageView = engineer.call("coverage.print", print.clone()).await;
    assert!(paper.watermark.contains("工程师1"), "{}", paper.watermark);
    assert_eq!(engineer.refused("coverage.print", print).await.code, DoorCode::NotNow, "each copy is kept");

    pass(&site, &all, 8 * 24);
    assert_eq!(engineer.tasks().await.missed, 22, "8 days of three, less two done");
    assert_eq!(boss.tasks().await.waiting[0].act, "待总结");
    let summary = boss.plan(&id).await.summary;
    assert!(summary.contains("特巡应 16 次，已做 1 次；报告应 8 次，已做 1 次"), "{summary}");
    assert!(summary.contains("核心系统、网络设备和备份检查：一块电源告警，已更换"), "{summary}");
    let error = engineer.act(&id, "close", &summary).await.unwrap_err();
    assert_eq!(error.code, DoorCode::NotAllowed, "{error}");
    boss.act(&id, "close", &summary).await.unwrap();
    sync_all(&mut site, &all);
    let view = engineer.plan(&id).await;
    assert_eq!(
        (view.row.stage.as_str(), view.summary.as_str(), view.row.overdue),
        ("closed", summary.as_str(), 0)
    );
    assert_eq!(engineer.tasks().await, CoverageTasks::default());
}

#[tokio::test]
async fn a_freeze_stands_among_the_checks_of_the_month() {
    let mut site = site();
    let (boss, second) = (Seat::new(&mut site, "boss", 1), Seat::new(&mut site, "second", 2));
    approved(&mut site, &boss, &second).await;
    for month in ["2025-09", "2025-10"] {
        let args = json!({ "month": month, "idempotency_key": month });
        let _: Written = boss.call("roster.open", args).await;
        let view: RosterView = boss.call("roster.get", json!({ "month": month })).await;
        let problem = view.problems.iter().find(|one| one.rule == "freeze").unwrap();
        let first = if month == "2025-09" { "2025-09-30" } else { "2025-10-01" };
        assert_eq!((problem.severity.as_str(), problem.date.as_deref()), ("soft", Some(first)));
        assert!(
            problem.text.starts_with("09-30 18:00 至 10-09 08:00 封网：核心业务系统"),
            "{}",
            problem.text
        );
    }
}

#[tokio::test]
async fn open_orders_follow_a_new_calendar_in_the_act_that_publishes_it() {
    let mut site = site();
    let chief = NewUser {
        roles: vec![Role::Administrator, Role::Supervisor],
        ..person("chief", "郑总", Role::Administrator)
    };
    site.centre.user_add(&chief).unwrap();
    site.centre.user_add(&person("admin", "管理员", Role::Administrator)).unwrap();
    let (chief, admin) = (Seat::new(&mut site, "chief", 1), Seat::new(&mut site, "admin", 2));
    let wang = Seat::new(&mut site, "wang", 3);
    let order = RegisterArgs {
        kind: "incident".into(),
        title: "平台级联断开".into(),
        division: "E总队".into(),
        level: Some("2".into()),
        level_reason: Some("测试".into()),
        idempotency_key: "o".into(),
        ..RegisterArgs::default()
    };
    let order: Written = wang.call("order.register", order).await;
    sync_all(&mut site, &[&wang, &chief, &admin]);
    let preview: CalendarPreview = admin.call("calendar.preview", json!({ "text": corrected() })).await;
    assert!(!preview.may_rebind);
    let args = json!({ "text": corrected(), "rebind": [order.id], "idempotency_key": "k" });
    let error = admin.refused("calendar.publish", args.clone()).await;
    assert_eq!(error.field.as_deref(), Some("rebind"), "{error}");
    let preview: CalendarPreview = chief.call("calendar.preview", json!({ "text": corrected() })).await;
    assert!(preview.may_rebind && preview.open_orders == 1);
    let _: Written = chief.call("calendar.publish", args.clone()).await;
    let _: Written = chief.call("calendar.publish", args).await;
    sync_all(&mut site, &[&chief, &wang]);
    let seen: OrderDetail = wang.call("order.get", json!({ "id": order.id })).await;
    let bound: Vec<_> = seen.timeline.iter().filter(|entry| entry.kind == "order.rebound").collect();
    assert_eq!(bound.len(), 1, "the same key twice has one effect");
    assert_eq!(bound[0].verdict, "accepted");
    assert!(bound[0].text.contains("更正"), "{bound:?}");
    let target = json!({ "order_id": order.id, "target": "restoration" });
    let explained: ExplainDto = wang.call("order.explain", target).await;
    assert!(explained.events.iter().any(|entry| entry.kind == "order.rebound"), "visible in the clock");
}

/// The month of October drafted, reviewed and published.
async fn rostered(site: &mut Site, boss: &Seat, second: &Seat) -> RosterView {
    let month = json!({ "month": "2025-10", "idempotency_key": "r" });
    let _: Written = boss.call("roster.open", month.clone()).await;
    let draft = json!({ "month": "2025-10", "keep": "all", "seconds": 1, "seed": 7 });
    let proposal: RosterProposal = boss.call("roster.draft", draft).await;
    let edit = RosterEdit {
        month: "2025-10".into(),
        cells: proposal.cells,
        idempotency_key: "e".into(),
        ..Default::default()
    };
    let _: Written = boss.call("roster.edit", edit).await;
    let _: Written = boss.call("roster.submit", month.clone()).await;
    sync_all(site, &[boss, second]);
    let _: Written = second.call("roster.approve", month.clone()).await;
    sync_all(site, &[second, boss]);
    let consent = json!({ "month": "2025-10", "who": "科信办", "date": "2025-09-25", "paper": "值班表确认单",
        "idempotency_key": "c" });
    let _: Written = boss.call("roster.consent", consent).await;
    let _: Written = boss.call("roster.publish", month).await;
    sync_all(site, &[boss, second]);
    boss.call("roster.get", json!({ "month": "2025-10" })).await
}

fn line<'a>(ledger: &'a CoverageLedger, id: &str) -> &'a CoverageLine {
    ledger.lines.iter().find(|line| line.id == id).unwrap()
}

#[tokio::test]
async fn the_ledger_counts_the_published_roster_and_what_handovers_and_punches_prove() {
    let mut site = site();
    let (boss, second) = (Seat::new(&mut site, "boss", 1), Seat::new(&mut site, "second", 2));
    let october = json!({ "from": "2025-10-01", "to": "2025-10-31" });
    let before = boss.ledger(october.clone()).await;
    let row = line(&before, "L-nonworkday-duty");
    assert_eq!((row.calendar_days, row.planned_days, row.short_days), (13, 0, Some(13)));
    let view = rostered(&mut site, &boss, &second).await;
    let ledger = boss.ledger(october.clone()).await;
    let row = line(&ledger, "L-nonworkday-duty");
    assert_eq!((row.source.as_str(), row.owed.as_str()), ("001:1754", "每一天"));
    assert_eq!((row.planned_days, row.proven_days, row.short_days), (13, 0, Some(0)));
    assert_eq!(row.days[0].planned, 2, "the pair: one post names the clause, the other serves all");
    assert!(!line(&ledger, "support-7x24").counted);

    // The holder of 1 October hands over to that of 2 October on that morning.
    let holder = |date: &str| {
        let cell = view.cells.iter().find(|cell| cell.date == date && cell.post == "main").unwrap();
        let id = &cell.people[0].id;
        LOGINS.into_iter().find(|login| boss.user(login) == *id).unwrap()
    };
    let [a, b, c] = [("2025-10-01", 4), ("2025-10-02", 5), ("2025-10-03", 6)]
        .map(|(date, n)| Seat::new(&mut site, holder(date), n));
    let all = [&boss, &second, &a, &b, &c];
    pass(&site, &all, 6 * 24 + 23);
    let sign = json!({ "turn": "10-01 08:00 至 10-02 08:00", "posts": [{ "id": "main", "name": "值班主" }],
        "to": b.user(holder("2025-10-02")), "idempotency_key": "h" });
    let id = a.call::<Written>("handover.sign_out", sign).await.id;
    sync_all(&mut site, &all);
    assert_eq!(
        line(&boss.ledger(october.clone()).await, "L-nonworkday-duty").proven_days,
        0,
        "not accepted yet"
    );
    let seen: HandoverDto = b.call("handover.get", json!({ "id": id })).await;
    let accept = json!({ "id": id, "signing": seen.signing, "text": "", "idempotency_key": "x" });
    let _: Written = b.call("handover.accept", accept).await;
    sync_all(&mut site, &all);
    let ledger = boss.ledger(october.clone()).await;
    let row = line(&ledger, "L-nonworkday-duty");
    let states: Vec<&str> = row.days.iter().take(3).map(|day| day.state.as_str()).collect();
    assert_eq!((states, row.proven_days), (vec!["proven", "proven", "planned"], 2));

    // That of 3 October comes, and nobody hands anything over.
    pass(&site, &all, 24);
    let punch = json!({ "login": null, "password": "", "idempotency_key": "p" });
    let _: Written = c.call("attendance.punch", punch).await;
    sync_all(&mut site, &all);
    let ledger = boss.ledger(october).await;
    let row = line(&ledger, "L-nonworkday-duty");
    assert_eq!((row.days[2].state.as_str(), row.proven_days), ("proven", 3), "by his punch");
}

#[tokio::test]
async fn the_documents_own_arithmetic_is_shown_with_its_lines() {
    let mut site = site();
    site.publish("guangxi-petition");
    let boss = Seat::holding(&mut site, "boss", 1, &["c/guangxi-petition/common"]);
    let ledger = boss.ledger(json!({ "contract": "guangxi-petition" })).await;
    assert_eq!((ledger.from.as_str(), ledger.to.as_str()), ("2025-01-01", "2025-12-31"));
    let row = line(&ledger, "p1-holiday");
    assert_eq!((row.owed.as_str(), row.calendar_days, row.short_days), ("每年不少于 36 天", 28, Some(36)));
    assert_eq!(line(&ledger, "p1-weekend").short_days, None, "约 binds nobody");
    assert_eq!(line(&ledger, "dynamic-pair").people, 2);
    assert_eq!(
        ledger.oddities[0],
        CoverageOddity {
            text: "网上信访信息系统：节假日 36 天 + 周末 98 天 + 2025 年日历上的工作日 248 天 = 382 天，全年 365 天，多 17 天".into(),
            sources: vec!["000:40".into(), "000:46".into()],
        }
    );
    let error = boss.refused("coverage.ledger", json!({ "from": "2025-01-01", "to": "2026-01-02" })).await;
    assert_eq!(error.field.as_deref(), Some("to"), "{error}");
}

/// The notice of 2026 with 元旦 cut to one day and its make-up day gone, as a file.
fn corrected() -> String {
    let text = include_str!("../../../assets/calendars/2026.json");
    let mut pack: serde_json::Value = serde_json::from_str(text).unwrap();
    pack["number"] = "更正".into();
    pack["items"][0]["to"] = "2026-01-01".into();
    pack["items"][0]["makeup"] = json!([]);
    pack.to_string()
}

/// A notice of 2027 with 元旦 alone, as a file.
fn of_2027() -> String {
    let mut pack: serde_json::Value = serde_json::from_str(&corrected().replace("2026-", "2027-")).unwrap();
    pack["year"] = 2027.into();
    pack["items"] = json!([pack["items"][0]]);
    pack.to_string()
}

#[tokio::test]
async fn a_calendar_shows_what_it_changes_before_an_administrator_publishes_it() {
    let mut site = site();
    site.centre.user_add(&person("admin", "管理员", Role::Administrator)).unwrap();
    let (boss, second) = (Seat::new(&mut site, "boss", 1), Seat::new(&mut site, "second", 2));
    let admin = Seat::new(&mut site, "admin", 3);
    let error = boss.refused("calendar.preview", json!({ "text": "{\"schema\":1}" })).await;
    assert_eq!(error.field.as_deref(), Some("text"), "{error}");
    let args = json!({ "text": corrected() });
    let preview: CalendarPreview = boss.call("calendar.preview", args).await;
    let days: Vec<&str> = preview.days.iter().map(|day| day.date.as_str()).collect();
    assert_eq!(days, ["2026-01-02", "2026-01-03", "2026-01-04"]);
    assert_eq!(
        (preview.days[0].before.kind.as_str(), preview.days[0].after.kind.as_str()),
        ("bridge", "workday")
    );
    assert!(!preview.known && preview.shifts.is_empty());

    // A correction of the year whose October is published moves shifts.
    rostered(&mut site, &boss, &second).await;
    let text = include_str!("../../../assets/calendars/2025.json").replace("2025-10-08", "2025-10-07");
    let preview: CalendarPreview = boss.call("calendar.preview", json!({ "text": text })).await;
    assert_eq!(preview.shifts[0].date, "2025-10-08");
    let text = &preview.shifts[0].text;
    assert!(
        text.starts_with("正常上班 0 人 → ") && text.ends_with("；值班主改为不设岗；值班副改为不设岗"),
        "{text}"
    );

    let publish = json!({ "text": corrected(), "idempotency_key": "k" });
    assert_eq!(boss.refused("calendar.publish", publish.clone()).await.code, DoorCode::NotAllowed);
    let _: Written = admin.call("calendar.publish", publish.clone()).await;
    let list: CalendarList = admin.call("calendar.list", json!({})).await;
    assert!(list.pending && list.packs.iter().all(|pack| pack.shipped), "it counts once the centre took it");
    sync_all(&mut site, &[&admin, &boss]);
    let list: CalendarList = boss.call("calendar.list", json!({})).await;
    assert_eq!(list.packs.iter().find(|pack| !pack.shipped).unwrap().number, "更正");
    let next = json!({ "text": of_2027(), "idempotency_key": "n" });
    let _: Written = admin.call("calendar.publish", next).await;
    sync_all(&mut site, &[&admin, &boss]);
    let list: CalendarList = boss.call("calendar.list", json!({})).await;
    let published: Vec<i16> = list.packs.iter().filter(|pack| !pack.shipped).map(|pack| pack.year).collect();
    assert_eq!(published, [2026, 2027], "a later one keeps the earlier");
    let again = json!({ "text": corrected(), "idempotency_key": "o" });
    assert_eq!(admin.refused("calendar.publish", again).await.code, DoorCode::NotNow);
    // So does the centre's own command, for a year before the latest.
    let text = corrected().replace("更正", "再次更正");
    site.centre.calendar_publish(CalendarText { file: "2026.json", text: &text }).unwrap();
    sync_all(&mut site, &[&boss]);
    let list: CalendarList = boss.call("calendar.list", json!({})).await;
    let numbers =
        list.packs.iter().filter(|pack| !pack.shipped).map(|pack| (pack.year, pack.number.as_str()));
    assert_eq!(numbers.collect::<Vec<_>>(), [(2026, "再次更正"), (2027, "更正")]);
}
