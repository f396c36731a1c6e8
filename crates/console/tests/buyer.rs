//! What goes to the buyer and comes from him, through the door: confirmations, his platform, sheets, files.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panic and works on real files"
)]

mod site;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use site::seat::At;
use site::{PASSWORD, Site, person};
use zaigang_center::core::NewUser;
use zaigang_console::door::dto::*;
use zaigang_domain::people::Role;
use zaigang_report::{Column, Table, read_xlsx, xlsx};

/// A door at which `login` is logged in: `wang` and `zhao` of the site, and four of these tests.
fn at(login: &str) -> At {
    let mut site = Site::published();
    for (login, role, divisions) in [
        ("qian", Role::Engineer, vec!["E总队".to_owned()]),
        ("admin", Role::Administrator, vec![]),
        ("buyer", Role::BuyerContact, vec!["E总队".to_owned()]),
        ("overseer", Role::Overseer, vec![]),
    ] {
        let new = NewUser { divisions, ..person(login, &format!("{}甲", role.title()), role) };
        site.centre.user_add(&new).unwrap();
    }
    At::new(site, login)
}

impl At {
    async fn refused(&self, command: &str, args: impl serde::Serialize) -> DoorError {
        self.try_call(command, args).await.unwrap_err()
    }

    async fn register(&self, title: &str) -> String {
        let args = RegisterArgs {
            kind: "incident".into(),
            title: title.into(),
            division: "E总队".into(),
            level: Some("2".into()),
            level_reason: Some("测试".into()),
            reporter_unit: "科信处".into(),
            reporter: Some(ReporterDto {
                name: "周某".into(),
                phone: "8001".into(),
                room: "301".into(),
                extension: String::new(),
            }),
            idempotency_key: title.into(),
            ..RegisterArgs::default()
        };
        self.call::<Written>("order.register", args).await.id
    }

    async fn step(&self, id: &str, step: &str, fields: &[(&str, &str)]) {
        let args = StepArgs {
            order_id: id.into(),
            step: step.into(),
            text: Some("好".into()),
            fields: fields.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect(),
            idempotency_key: format!("{step}{fields:?}"),
            ..StepArgs::default()
        };
        let _: Written = self.call("order.step", args).await;
    }

    async fn order(&self, id: &str) -> OrderDetail {
        self.call("order.get", json!({ "id": id })).await
    }

    async fn list(&self, view: &str) -> Vec<OrderRow> {
        self.call::<OrderPage>("order.list", json!({ "view": view, "limit": 200 })).await.rows
    }

    /// One round with the centre, which takes what waits.
    fn settle(&mut self) {
        self.seat.sync(&mut self.site);
        let mut console = self.door.console();
        let store = console.store_mut().unwrap();
        assert_eq!(store.waiting().unwrap(), 0);
        assert_eq!(store.conflicts().unwrap(), []);
        assert_eq!(store.verify().unwrap().problems, []);
    }

    /// Payloads of the exports kept in the site log.
    fn exports(&self) -> Vec<Value> {
        let console = self.door.console();
        let store = console.store().unwrap();
        let mut statement =
            store.reader().prepare("SELECT name FROM entity WHERE name LIKE 'export/%' ORDER BY n").unwrap();
        let names = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        names
            .map(|name| serde_json::from_str(&store.timeline(&name.unwrap()).unwrap()[0].payload).unwrap())
            .collect()
    }
}

fn mark(rows: &[(&str, &str)], key: &str) -> EnterArgs {
    let rows = rows.iter().map(|(id, no)| EnterRow { order_id: (*id).into(), number: (*no).into() });
    EnterArgs { rows: rows.collect(), claimed_at: None, idempotency_key: key.into() }
}

fn export(what: &str, format: &str, key: &str) -> ExportArgs {
    let list =
        OrderListArgs { view: "all".into(), division: Some("E总队".into()), ..OrderListArgs::default() };
    ExportArgs {
        what: what.into(),
        ids: vec![],
        list: Some(list),
        format: format.into(),
        idempotency_key: key.into(),
    }
}

#[tokio::test]
async fn records_leave_the_list_once_entered_and_a_later_number_corrects() {
    let mut at = at("wang");
    let (one, two) = (at.register("打不开").await, at.register("很慢").await);
    assert!(at.list("to_enter").await.is_empty(), "nothing is done yet");
    at.step(&one, "restore", &[]).await;
    let counts: QueueCounts = at.call("order.counts", json!({})).await;
    assert_eq!((at.list("to_enter").await.len(), counts.to_enter), (1, 1));
    at.step(&two, "restore", &[]).await;
    assert_eq!(at.list("to_enter").await.len(), 2);
    let twice = at.refused("platform.enter", mark(&[(&one, "IT-1"), (&two, "IT-1")], "k1")).await;
    assert_eq!((twice.code, twice.field.as_deref()), (DoorCode::BadInput, Some(two.as_str())));
    let bad = at.refused("platform.enter", mark(&[(&one, "IT-1"), (&two, "IT 2")], "k2")).await;
    assert_eq!(bad.field.as_deref(), Some(two.as_str()));
    assert_eq!(at.list("to_enter").await.len(), 2, "all or none");
    let _: Written = at.call("platform.enter", mark(&[(&one, "IT-1"), (&two, "IT-2")], "k3")).await;
    let again: Written = at.call("platform.enter", mark(&[(&one, "IT-1"), (&two, "IT-2")], "k3")).await;
    assert!(again.changed.is_empty(), "the same key has one effect");
    assert_eq!(at.call::<QueueCounts>("order.counts", json!({})).await.to_enter, 0);
    at.step(&two, "enter", &[("number", "IT-3")]).await;
    let order = at.order(&two).await;
    assert_eq!((order.row.entered, order.row.external_no.as_deref()), (true, Some("IT-3")));
    let entered: Vec<_> = order.timeline.iter().filter(|entry| entry.kind == "order.entered").collect();
    assert_eq!(entered.len(), 2);
    assert!(entered[1].text.contains("平台单号：IT-3"), "{}", entered[1].text);
    at.settle();
    assert_eq!(at.order(&two).await.row.external_no.as_deref(), Some("IT-3"));
    assert!(at.list("to_enter").await.is_empty());
}

#[tokio::test]
async fn what_waits_longest_for_the_buyer_comes_first_and_nothing_confirms_itself() {
    let mut at = at("wang");
    let mut ids = Vec::new();
    for title in ["甲", "乙", "丙"] {
        ids.push(at.register(title).await);
    }
    for id in [&ids[1], &ids[2], &ids[0]] {
        at.host.advance_ms(3_600_000);
        at.site.advance_ms(3_600_000);
        at.step(id, "restore", &[]).await;
    }
    at.step(&ids[1], "note", &[]).await;
    let titles = |rows: Vec<OrderRow>| rows.into_iter().map(|row| row.title).collect::<Vec<_>>();
    assert_eq!(titles(at.list("to_confirm").await), ["乙", "丙", "甲"]);
    at.settle();
    at.host.advance_ms(90 * 24 * 3_600_000);
    at.door.look().unwrap();
    let _: SessionDto = at.call("session.unlock", json!({ "password": PASSWORD })).await;
    let rows = at.list("to_confirm").await;
    assert!(rows.iter().all(|row| row.status == OrderStatusDto::Restored && row.waits_since.is_some()));
    assert_eq!(titles(rows), ["乙", "丙", "甲"]);
}

#[tokio::test]
async fn the_overseer_notes_a_spot_check_and_the_buyer_confirms_by_account() {
    let mut at = at("wang");
    let id = at.register("打不开").await;
    at.step(&id, "restore", &[]).await;
    at.settle();
    at.seat.hand_over(&mut at.site, "overseer");
    assert_eq!(at.refused("order.register", RegisterArgs::default()).await.code, DoorCode::NotAllowed);
    let found = [("who", "周监理"), ("unit", "某监理公司"), ("found", "记录属实"), ("asks", "补照片")];
    at.step(&id, "spot_check", &found).await;
    at.settle();
    at.seat.hand_over(&mut at.site, "wang");
    let account = StepArgs {
        order_id: id.clone(),
        step: "confirm".into(),
        fields: [("who", "科长"), ("way", "account"), ("satisfaction", "fairly")]
            .map(|(k, v)| (k.into(), v.into()))
            .into(),
        idempotency_key: "c".into(),
        ..StepArgs::default()
    };
    let refused = at.refused("order.step", account.clone()).await;
    assert_eq!(refused.field.as_deref(), Some("way"), "that is the buyer's own word");
    at.seat.hand_over(&mut at.site, "buyer");
    let _: Written = at.call("order.step", account).await;
    at.settle();
    let order = at.order(&id).await;
    let text = |kind: &str| order.timeline.iter().find(|entry| entry.kind == kind).unwrap().text.clone();
    assert_eq!(
        text("order.spot_checked"),
        "好；抽查人：周监理；单位：某监理公司；抽查情况：记录属实；整改要求：补照片"
    );
    assert!(text("order.confirmed").contains("满意度：基本满意"), "{}", text("order.confirmed"));
    assert_eq!(order.row.status, OrderStatusDto::Confirmed);
}

#[tokio::test]
async fn a_list_leaves_as_a_file_with_a_watermark_and_is_kept() {
    let mut at = at("qian");
    let id = at.register("=1+1").await;
    at.host.advance_ms(60_000);
    let file: ExportedFile = at.call("export.make", export("orders", "xlsx", "k1")).await;
    assert_eq!((file.rows, file.name.ends_with(".xlsx")), (1, true));
    let bytes = STANDARD.decode(&file.base64).unwrap();
    let cells = read_xlsx(&bytes).unwrap();
    assert_eq!(cells[0][0], "单号");
    assert_eq!(cells[1][1], "=1+1", "text, as typed");
    assert!(!cells.concat().iter().any(|cell| cell.contains("周某") || cell.contains("8001")));
    let again = at.refused("export.make", export("orders", "xlsx", "k1")).await;
    assert_eq!(again.code, DoorCode::NotNow, "a copy without an event of its own");
    let file: ExportedFile = at.call("export.make", export("orders", "csv", "k2")).await;
    let text = String::from_utf8(STANDARD.decode(&file.base64).unwrap()).unwrap();
    assert!(text.starts_with("\u{feff}单号,标题,") && text.contains(",'=1+1,"));
    assert!(text.trim_end().ends_with("导出：驻场工程师甲（qian）2025-10-15 09:01，值班室1号机"), "{text}");
    let entries = ExportArgs { ids: vec![id], list: None, ..export("entries", "text", "k3") };
    let file: ExportedFile = at.call("export.make", entries).await;
    let line = String::from_utf8(STANDARD.decode(&file.base64).unwrap()).unwrap();
    assert!(line.contains("\t=1+1\tE总队\t") && line.contains("\t周某\t8001\t301\t"), "{line}");
    let kept = at.exports();
    assert_eq!(kept.len(), 3);
    assert_eq!(kept[0]["hash"], blake3::hash(&bytes).to_hex().to_string());
    assert_eq!((&kept[0]["rows"], &kept[0]["format"]), (&json!(1), &json!("xlsx")));
    assert_eq!(kept[0]["what"], "工单，部门 E总队");
    at.settle();
    assert_eq!(at.exports().len(), 3, "the centre takes them");
}

#[tokio::test]
async fn exports_are_a_right() {
    // who, what, narrowed to one division, allowed
    let table = [
        ("qian", "orders", false, true),
        ("wang", "orders", false, false),
        ("wang", "orders", true, true),
        ("wang", "entries", false, false),
        ("zhao", "entries", false, true),
        ("admin", "orders", false, true),
        ("admin", "entries", false, false),
        ("buyer", "orders", true, false),
        ("overseer", "orders", true, false),
    ];
    for (login, what, narrowed, allowed) in table {
        let at = at(login);
        let mut args = export(what, "csv", "k");
        if !narrowed {
            args.list.as_mut().unwrap().division = None;
        }
        let reply = at.try_call("export.make", args).await;
        match reply {
            Ok(_) => assert!(allowed, "{login} {what}"),
            Err(error) => {
                assert_eq!(error.code, DoorCode::NotAllowed, "{login} {what}: {}", error.message);
                assert!(!allowed, "{login} {what}");
                assert!(at.exports().is_empty());
            }
        }
    }
    let at = at("admin");
    assert_eq!(
        at.refused("sheet.get", json!({ "list": { "view": "all" } })).await.code,
        DoorCode::NotAllowed
    );
    let wrong = at.refused("export.make", export("orders", "pdf", "k")).await;
    assert_eq!((wrong.code, wrong.field.as_deref()), (DoorCode::BadInput, Some("format")));
}

#[tokio::test]
async fn a_sheet_tells_the_whole_record_and_printing_is_kept() {
    let mut at = at("wang");
    let id = at.register("会议终端离线").await;
    at.step(&id, "accept", &[]).await;
    at.host.advance_ms(20 * 60_000);
    at.step(&id, "arrive", &[]).await;
    at.step(&id, "swap", &[("old_serial", "A1"), ("new_serial", "B2")]).await;
    at.host.advance_ms(20 * 60_000);
    at.step(&id, "restore", &[("cause", "主板坏")]).await;
    let other = at.register("另一张").await;
    let page: SheetPage = at.call("sheet.get", json!({ "list": { "view": "to_confirm" } })).await;
    assert_eq!(page.sheets.len(), 1, "{other} is not restored");
    let sheet = &page.sheets[0];
    assert_eq!((sheet.reporter.as_str(), sheet.phone.as_str(), sheet.room.as_str()), ("周某", "8001", "301"));
    assert_eq!((sheet.division.as_str(), sheet.reporter_unit.as_str()), ("E总队", "科信处"));
    assert_eq!(
        [&sheet.reported_at, &sheet.responded_at, &sheet.arrived_at, &sheet.restored_at],
        ["2025-10-15 09:00", "2025-10-15 09:00", "2025-10-15 09:20", "2025-10-15 09:40"]
    );
    assert_eq!(
        sheet.parts,
        [SheetPart { text: "好".into(), old_serial: "A1".into(), new_serial: "B2".into() }]
    );
    assert!(sheet.handling.contains("10-15 09:40 恢复：好；原因分析：主板坏"), "{}", sheet.handling);
    assert_eq!((sheet.result.as_str(), sheet.satisfaction.as_str()), ("已恢复", ""));
    assert!(sheet.contract.contains("集中运维服务"), "{}", sheet.contract);
    assert!(page.watermark.is_empty() && at.exports().is_empty(), "looking is not printing");
    let print = json!({ "ids": [id], "idempotency_key": "p1" });
    let page: SheetPage = at.call("sheet.print", &print).await;
    assert_eq!(page.watermark, "打印：王强（wang）2025-10-15 09:40，值班室1号机");
    assert_eq!(at.refused("sheet.print", &print).await.code, DoorCode::NotNow);
    assert_eq!(at.exports()[0]["export"], "sheets");
    at.step(&id, "confirm", &[("who", "科长"), ("way", "paper"), ("satisfaction", "satisfied")]).await;
    let page: SheetPage = at.call("sheet.get", json!({ "ids": [id] })).await;
    assert_eq!(
        (page.sheets[0].satisfaction.as_str(), page.sheets[0].confirmed_by.as_str()),
        ("satisfied", "科长")
    );
    at.step(&id, "reopen", &[("reason", "又坏了")]).await;
    let page: SheetPage = at.call("sheet.get", json!({ "ids": [id] })).await;
    assert_eq!((page.sheets[0].satisfaction.as_str(), page.sheets[0].restored_at.as_str()), ("", ""));
    let nothing =
        at.refused("sheet.print", json!({ "list": { "view": "broken" }, "idempotency_key": "p2" })).await;
    assert_eq!(nothing.code, DoorCode::BadInput);
    at.settle();
}

const DISPATCHES: &str = "平台单号\t标题\t部门\t级别\t报修人\t电话\t报修时间\n\
    IT-1\t打不开\tE总队\t2级\t周某\t8001\t2025-10-15 08:30\n\
    IT-2\t很慢\t\t\t\t\t\n\
    IT-3\t没有这个部门\t火星总队\t\t\t\t\n\
    IT-4\t没有这个级别\tE总队\t9级\t\t\t\n\
    \t没有单号\tE总队\t\t\t\t\n\
    IT-6\t将来的事\tE总队\t\t\t\t2025-10-15 09:30\n";

fn import(text: &str, accept: &[u32], key: &str) -> Value {
    json!({ "text": text, "accept": accept, "idempotency_key": key })
}

#[tokio::test]
async fn dispatches_are_tried_out_then_registered() {
    let mut at = at("wang");
    let preview: ImportPreview = at.call("platform.preview", json!({ "text": DISPATCHES })).await;
    assert_eq!((preview.fresh, preview.differing, preview.same, preview.bad), (2, 0, 0, 4));
    let places: Vec<_> = preview
        .rows
        .iter()
        .flat_map(|row| row.mistakes.iter().map(|m| (row.row, m.column.as_str())))
        .collect();
    assert_eq!(places, [(4, "部门"), (5, "级别"), (6, "平台单号"), (7, "报修时间")]);
    assert!(at.list("all").await.is_empty(), "a dry run writes nothing");
    let bad = at.refused("platform.import", import(DISPATCHES, &[2, 4], "k0")).await;
    assert_eq!((bad.code, bad.field.as_deref()), (DoorCode::NotNow, Some("accept")));
    assert!(at.list("all").await.is_empty(), "all or none");
    let _: Written = at.call("platform.import", import(DISPATCHES, &[2, 3], "k1")).await;
    let _: Written = at.call("platform.import", import(DISPATCHES, &[2, 3], "k1")).await;
    let mut rows = at.list("all").await;
    rows.sort_by(|a, b| a.external_no.cmp(&b.external_no));
    assert_eq!(rows.len(), 2, "the same key has one effect");
    assert!(rows.iter().all(|row| row.entered), "it stands in the platform already");
    at.step(&rows[0].id, "restore", &[]).await;
    assert!(at.list("to_enter").await.is_empty());
    let order = at.order(&rows[0].id).await;
    assert_eq!((order.channel.as_str(), order.row.level.as_deref()), ("platform", Some("2")));
    assert_eq!(order.row.reported_at, "2025-10-15T08:30:00+08:00");
    assert_eq!(order.reporter.unwrap().name, "周某");
    let changed = DISPATCHES.replace("打不开", "打不开了").replace("2级", "3级");
    let preview: ImportPreview = at.call("platform.preview", json!({ "text": changed })).await;
    assert_eq!((preview.fresh, preview.differing, preview.same), (0, 1, 1));
    assert_eq!(
        preview.rows[0].differences,
        [
            ImportDifference {
                field: "标题".into(), ours: "打不开".into(), theirs: "打不开了".into()
            },
            ImportDifference { field: "级别".into(), ours: "2级".into(), theirs: "3级".into() },
        ]
    );
    assert_eq!(preview.rows[0].order_number.as_ref(), Some(&rows[0].number));
    let stale = at.refused("platform.import", import(DISPATCHES, &[2], "k2")).await;
    assert_eq!(stale.code, DoorCode::NotNow, "it was registered meanwhile");
    at.settle();
    assert_eq!(at.list("all").await.len(), 2);
}

#[tokio::test]
async fn dispatches_come_as_xlsx_and_what_is_none_is_refused() {
    let at = at("zhao");
    let table = Table {
        title: "派单".into(),
        columns: ["平台单号", "标题", "运维对象"].map(|name| Column { name: name.into(), width: 10 }).into(),
        rows: vec![
            vec!["IT-1".into(), "打不开".into(), String::new()],
            vec!["IT-2".into(), "很慢".into(), "没有的对象".into()],
        ],
        watermark: String::new(),
    };
    let file = STANDARD.encode(xlsx(&table).unwrap());
    let preview: ImportPreview = at.call("platform.preview", json!({ "file": file })).await;
    assert_eq!((preview.fresh, preview.bad), (1, 1));
    assert_eq!((preview.rows[1].row, preview.rows[1].mistakes[0].column.as_str()), (3, "运维对象"));
    for file in ["!", &STANDARD.encode("not a file")] {
        let error = at.refused("platform.preview", json!({ "file": file })).await;
        assert_eq!((error.code, error.field.as_deref()), (DoorCode::BadInput, Some("file")));
    }
    let empty: ImportPreview = at.call("platform.preview", json!({ "text": " \n" })).await;
    assert_eq!((empty.rows.len(), empty.mistakes.len()), (0, 1));
}

#[test]
fn what_is_to_be_entered_is_found_without_touching_the_rows() {
    let at = at("wang");
    let console = at.door.console();
    let sql = "EXPLAIN QUERY PLAN SELECT entity, reported_at, NULL FROM orders INDEXED BY orders_to_enter
               WHERE open IN (0, 1) AND to_enter = 1 AND contract IN ('c') AND division IN ('E总队')";
    let plan: String = console.store().unwrap().reader().query_row(sql, [], |row| row.get(3)).unwrap();
    assert!(plan.contains("USING COVERING INDEX orders_to_enter"), "{plan}");
}
