//! 值班电话记录, 值班日志 and 日报 at the door.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panic and works on real files"
)]

mod site;

use serde_json::json;
use site::Site;
use site::person;
use site::seat::Seat;
use zaigang_console::door::dto::*;
use zaigang_domain::contract::Text;
use zaigang_domain::people::Role;

/// A site whose office hours are agreed on: without them nothing is outside of them.
fn staffed() -> Site {
    let mut site = Site::new();
    let agreed = zaigang_domain::contract::shipped("guangxi-police").unwrap().settings.unwrap().text;
    let hours = "[[office_hours]]\nwindows = [\"09:00-12:00\", \"13:00-18:00\"]\n";
    let text = format!("{agreed}\n{hours}");
    site.publish_settled("guangxi-police", Some(Text { file: "settings", text: &text }));
    site.centre.user_add(&person("sun", "孙经理", Role::Supervisor)).unwrap();
    site.centre.user_add(&person("jian", "监理", Role::Overseer)).unwrap();
    site
}

impl Seat {
    async fn ring(&self, at: &str, missed: Option<&str>, key: &str) -> String {
        let args = json!({
            "at": format!("{at}:00+08:00"), "missed": missed, "text": "打不开网页", "unit": "科信处", "minutes": 4,
            "caller": { "name": "周某", "phone": "8001" }, "idempotency_key": key,
        });
        self.call::<Written>("hotline.log", args).await.id
    }

    async fn page(&self, args: serde_json::Value) -> HotlinePage {
        self.call("hotline.list", args).await
    }

    async fn day(&self, date: &str) -> DutyDay {
        self.call("dutylog.day", json!({ "date": date })).await
    }
}

#[tokio::test]
async fn calls_are_counted_as_the_clause_says_and_lead_to_orders() {
    let mut site = staffed();
    let (a, b) = (Seat::new(&mut site, "wang", 1), Seat::new(&mut site, "jian", 2));
    // Now is 2025-10-15 09:00, a Wednesday.
    a.ring("2025-10-14T10:00", Some("away"), "in office hours").await;
    a.ring("2025-10-14T23:00", Some("away"), "at night").await;
    a.ring("2025-10-12T10:00", Some("unreached"), "on a Sunday").await;
    a.ring("2025-10-13T23:00", Some("caller"), "hung up").await;
    let call = a.ring("2025-10-14T22:00", None, "answered").await;
    let page = a.page(json!({})).await;
    assert_eq!((page.total, page.missed), (5, 4));
    let [counter] = &page.counters[..] else { panic!("{:?}", page.counters) };
    assert_eq!((counter.value, counter.limit, counter.every), (2, 3, true), "{counter:?}");
    assert_eq!((counter.source.as_str(), counter.state.as_str()), ("001:1935", "near"));
    assert!(counter.words.contains("每累计发生三次"), "{counter:?}");
    let counted = a.page(json!({ "rule": counter.rule })).await;
    let at: Vec<&str> = counted.rows.iter().map(|row| &row.at[..16]).collect();
    assert_eq!(at, ["2025-10-14T23:00", "2025-10-12T10:00"], "which calls counted");
    assert!(counted.rows.iter().all(|row| row.ours && row.off_hours == Some(true)));

    let register = json!({
        "kind": "incident", "title": "打不开网页", "division": "E总队", "level": "2", "level_reason": "测试",
        "channel": "phone", "idempotency_key": "r1",
    });
    let order = a.call::<Written>("order.register", register).await.id;
    let link = json!({ "id": call, "order_id": order, "idempotency_key": "l1" });
    a.call::<Written>("hotline.link", &link).await;
    a.call::<Written>("hotline.link", json!({ "id": call, "order_id": order, "idempotency_key": "l2" }))
        .await;
    let page = a.page(json!({})).await;
    let row = page.rows.iter().find(|row| row.id == call).unwrap();
    assert_eq!(row.orders.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), [order.as_str()]);
    assert_eq!(row.caller.as_ref().unwrap().phone, "8001");

    a.sync(&mut site);
    b.sync(&mut site);
    let seen = b.page(json!({})).await;
    let row = seen.rows.iter().find(|row| row.id == call).unwrap();
    assert_eq!((row.caller.as_ref(), row.unit.as_str()), (None, "科信处"), "an overseer sees no caller");
    assert!(!seen.may_log);

    for (args, field) in [
        (json!({ "text": "", "idempotency_key": "x" }), "text"),
        (json!({ "missed": "moon", "idempotency_key": "x" }), "missed"),
        (json!({ "at": "2025-10-16T00:00:00+08:00", "text": "x", "idempotency_key": "x" }), "at"),
        (json!({ "text": "x", "minutes": 5000, "idempotency_key": "x" }), "minutes"),
        (json!({ "text": "x", "unit": "字".repeat(61), "idempotency_key": "x" }), "unit"),
    ] {
        let error = a.try_call("hotline.log", args).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (DoorCode::BadInput, Some(field)), "{error}");
    }
}

#[tokio::test]
async fn a_contract_without_such_a_clause_shows_no_number() {
    let mut site = Site::new();
    site.publish_settled("guangxi-police", None);
    let a = Seat::new(&mut site, "wang", 1);
    a.ring("2025-10-14T23:00", Some("away"), "k").await;
    let page = a.page(json!({})).await;
    let [counter] = &page.counters[..] else { panic!("{:?}", page.counters) };
    assert_eq!((counter.value, counter.unknown), (0, 1), "without office hours it is not known: {counter:?}");
    let bare = Seat::new(&mut Site::new(), "wang", 1);
    bare.ring("2025-10-14T23:00", Some("away"), "k").await;
    assert_eq!(bare.page(json!({})).await.counters, [], "no contract, no number");
}

#[tokio::test]
async fn a_day_is_noted_drafted_reported_and_received() {
    let mut site = staffed();
    let (a, m) = (Seat::new(&mut site, "wang", 1), Seat::new(&mut site, "sun", 2));
    let register = json!({
        "kind": "incident", "title": "打不开网页", "division": "E总队", "level": "2", "level_reason": "测试",
        "idempotency_key": "r1",
    });
    let order = a.call::<Written>("order.register", register).await.id;
    a.ring("2025-10-15T08:10", Some("busy"), "h1").await;
    let day = a.day("2025-10-15").await;
    let [first, second] = &day.drafts[..] else { panic!("{:?}", day.drafts) };
    assert!(first.text.starts_with("未接电话（占线）"), "{first:?}");
    assert!(second.text.starts_with("故障登记：") && second.orders[0].id == order, "{second:?}");
    assert!(day.clauses.is_empty(), "001 asks for no daily report: 本项目约定");
    assert_eq!(day.managers, ["孙经理"]);

    let note = json!({
        "date": "2025-10-15", "at": second.at, "text": second.text, "orders": [order], "drafted": second.key,
        "idempotency_key": "n1",
    });
    a.call::<Written>("dutylog.note", &note).await;
    a.call::<Written>("dutylog.note", &note).await;
    let day = a.day("2025-10-15").await;
    assert_eq!((day.notes.len(), day.drafts.len()), (1, 1), "taken over once, not offered again");
    let better = json!({
        "date": "2025-10-15", "at": day.notes[0].at, "text": "已转网络组", "orders": [],
        "replaces": day.notes[0].id, "idempotency_key": "n2",
    });
    a.call::<Written>("dutylog.note", better).await;
    let day = a.day("2025-10-15").await;
    assert_eq!(
        (day.notes.len(), day.notes[0].text.as_str(), day.notes[0].before.len()),
        (1, "已转网络组", 1)
    );

    let count = |report: &DayReport, key: &str| report.counts.iter().find(|c| c.key == key).map(|c| c.count);
    assert_eq!(count(&day.draft, "kind.incident"), Some(1));
    assert_eq!((count(&day.draft, "open"), count(&day.draft, "hotline.missed")), (Some(1), Some(1)));
    assert!(day.draft.unsolved.contains("打不开网页"), "{}", day.draft.unsolved);
    let report = |before: Option<&str>, solved: &str, key: &str| json!({ "date": "2025-10-15", "before": before, "solved": solved, "idempotency_key": key });
    let error = a.try_call("dutylog.report", report(None, " ", "d0")).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("solved"));
    let told = a.call::<Written>("dutylog.report", report(None, "无", "d1")).await.message;
    assert_eq!(told, "日报已报送 孙经理");
    let error = a.try_call("dutylog.report", report(None, "另一稿", "d2")).await.unwrap_err();
    assert_eq!(error.code, DoorCode::NotNow, "it does not know of the first: {error}");
    a.sync(&mut site);
    m.sync(&mut site);

    let day = m.day("2025-10-15").await;
    let sent = day.report.unwrap();
    assert!(day.may_receive && !a.day("2025-10-15").await.may_receive);
    assert_eq!((sent.solved.as_str(), sent.by.as_str(), count(&sent, "open")), ("无", "王强", Some(1)));
    let receive = json!({ "date": "2025-10-15", "report": sent.id, "text": "已阅", "idempotency_key": "v1" });
    let error = a.try_call("dutylog.receive", &receive).await.unwrap_err();
    assert_eq!(error.code, DoorCode::NotAllowed);
    m.call::<Written>("dutylog.receive", &receive).await;
    m.sync(&mut site);
    a.sync(&mut site);
    let day = a.day("2025-10-15").await;
    let received = day.report.unwrap();
    assert_eq!((received.received_by.as_str(), received.received_text.as_str()), ("孙经理", "已阅"));

    a.call::<Written>("dutylog.report", report(Some(&received.id), "改正后的一稿", "d3")).await;
    let day = a.day("2025-10-15").await;
    assert_eq!(
        (day.reports_before, day.report.unwrap().received_by.as_str()),
        (1, ""),
        "a new text, not received"
    );
    let page: DutyDay = a.call("dutylog.print", json!({ "id": "2025-10-15", "idempotency_key": "p1" })).await;
    assert!(page.version.starts_with("第 2 稿") && page.watermark.contains("王强"), "{}", page.version);
    let error = a.try_call("dutylog.day", json!({ "date": "2025-10-16" })).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("date"), "a day to come has no log");
}

#[tokio::test]
async fn the_petition_contract_asks_for_the_report_in_its_own_words() {
    let mut site = Site::new();
    site.publish("guangxi-petition");
    let code = zaigang_center::core::CodeRequest {
        logs: vec!["c/guangxi-petition/common".into()],
        ..Default::default()
    };
    let dir = tempfile::tempdir().unwrap();
    let host = std::sync::Arc::new(zaigang_console::host::FixedHost::new(site::start(), 9));
    let pc = site::Pc::open(dir.path(), host, None).unwrap();
    let code = site.centre.device_code(&code).unwrap();
    let mut pc = site::Pc::enrolled_by(&mut site, pc, &code);
    pc.log_in(&mut site, "wang", site::PASSWORD).unwrap();
    pc.sync(&mut site).unwrap();
    let contracts = zaigang_console::order::Contracts::new();
    let seat = Seat {
        door: zaigang_console::door::Door::new(pc.console, std::sync::Arc::clone(&contracts)),
        contracts,
        host: pc.host,
        dir,
    };
    let clauses = seat.day("2025-10-15").await.clauses;
    let sources: Vec<&str> = clauses.iter().map(|clause| clause.source.as_str()).collect();
    assert_eq!(sources, ["000:35", "000:433"]);
}
