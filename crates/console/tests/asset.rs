//! Devices at the door: cards changed field by field, sealed addresses, refused secrets, two cards of one serial
//! number, history from orders and stock, the board, tables there and back, the contracts' own lists, scans.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panic and works on real files"
)]

mod site;

use std::sync::LazyLock;

use serde_json::{Value, json};
use site::seat::Seat;
use site::{CONTRACT, LOG, Site, person};
use zaigang_center::core::NewUser;
use zaigang_console::door::dto::*;
use zaigang_domain::contract::{Profile, SHIPPED};
use zaigang_domain::people::Role;

const STORE: &str = "c/guangxi-police/s/main";
/// The first object of the contract that E总队 answers for.
fn object() -> &'static str {
    static FOUND: LazyLock<String> = LazyLock::new(|| {
        let profile = Profile::builtin(CONTRACT).unwrap().unwrap();
        let own = profile.objects.iter().find(|object| object.division.as_deref() == Some("E总队"));
        own.unwrap().id.clone()
    });
    &FOUND
}

/// A site with a supervisor 周 (`boss`) and an overseer (`watch`). The clock stands at 09:00 of Wednesday
/// 2025-10-15.
fn site() -> Site {
    let mut site = Site::new();
    let people = [("boss", "周衡", Role::Supervisor), ("watch", "孙监", Role::Overseer)];
    for (login, name, role) in people {
        let divisions = vec!["E总队".to_owned()];
        site.centre.user_add(&NewUser { divisions, ..person(login, name, role) }).unwrap();
    }
    site.publish_settled(CONTRACT, None);
    site
}

async fn note(seat: &Seat, key: &str, card: Value) -> String {
    let args = json!({ "division": "E总队", "card": card, "idempotency_key": key });
    let done: Written = seat.call("asset.note", args).await;
    done.id
}

async fn get(seat: &Seat, id: &str) -> AssetDetail {
    seat.call("asset.get", json!({ "id": id })).await
}

async fn list(seat: &Seat, args: Value) -> Vec<String> {
    let page: AssetPage = seat.call("asset.list", args).await;
    page.rows.into_iter().map(|row| row.name).collect()
}

async fn refused(seat: &Seat, command: &str, args: Value) -> (DoorCode, String, String) {
    let error = seat.try_call(command, args).await.unwrap_err();
    (error.code, error.field.unwrap_or_default(), error.message)
}

#[tokio::test]
async fn a_card_is_found_by_name_number_place_and_initials() {
    let mut site = site();
    let wang = Seat::new(&mut site, "wang", 1);
    let core = json!({ "name": "核心交换机", "object": object(), "network": "police", "maker": "华为", "model": "S12708",
        "serial": "SN-1001", "place": "信息中心三楼", "room": "主机房", "rack": "A03", "rack_unit": "12-14",
        "since": "2020-01-10", "warranty_end": "2025-12-01", "supplier": "甲公司" });
    let id = note(&wang, "a", core).await;
    note(
        &wang,
        "b",
        json!({ "name": "视频存储", "model": "CX-2", "network": "视频专网", "warranty_end": "2024-01-01" }),
    )
    .await;
    note(
        &wang,
        "c",
        json!({ "name": "打印机", "quantity": 12, "unit": "台", "maintenance_end": "2027-01-01" }),
    )
    .await;
    for (text, found) in [
        ("核心", "核心交换机"),
        ("机", "打印机"),
        ("hxjh", "核心交换机"),
        ("s127", "核心交换机"),
        ("sn-1001", "核心交换机"),
        ("三楼", "核心交换机"),
        ("A03", "核心交换机"),
        ("cx", "视频存储"),
    ] {
        let names = list(&wang, json!({ "text": text })).await;
        assert!(names.iter().any(|name| name == found), "{text}: {names:?}");
    }
    assert_eq!(list(&wang, json!({ "text": "机" })).await.len(), 2, "one character");
    assert_eq!(list(&wang, json!({ "view": "soon" })).await, ["核心交换机"]);
    assert_eq!(list(&wang, json!({ "view": "expired" })).await, ["视频存储"]);
    assert_eq!(list(&wang, json!({ "network": "video" })).await, ["视频存储"]);
    assert_eq!(list(&wang, json!({ "object": object() })).await, ["核心交换机"]);
    assert_eq!(list(&wang, json!({ "object": "-" })).await.len(), 2);
    assert_eq!(list(&wang, json!({ "place": "信息中心三楼" })).await, ["核心交换机"]);
    assert_eq!(
        list(&wang, json!({ "end_from": "2025-12-01", "end_to": "2025-12-01" })).await,
        ["核心交换机"]
    );
    assert_eq!(list(&wang, json!({ "since_to": "2020-12-31" })).await, ["核心交换机"]);
    let page: AssetPage = wang.call("asset.list", json!({})).await;
    let counts: Vec<(&str, u32)> = page.counts.iter().map(|view| (view.view.as_str(), view.count)).collect();
    let expected = [("all", 3), ("soon", 1), ("expired", 1), ("in_repair", 0), ("stopped", 0), ("twin", 0)];
    assert_eq!(counts, expected);
    let row = get(&wang, &id).await.row;
    assert_eq!((row.cover.as_str(), row.cover_days), ("soon", Some(47)));
    assert_eq!(row.spot, "信息中心三楼 主机房 A03 12-14U");
    assert_eq!(refused(&wang, "asset.list", json!({ "view": "x" })).await.1, "view");
    let form: AssetForm = wang.call("asset.form", json!({})).await;
    assert_eq!((form.places, form.makers), (vec!["信息中心三楼".to_owned()], vec!["华为".to_owned()]));
}

#[tokio::test]
async fn addresses_travel_sealed_and_only_who_works_there_sees_them() {
    let mut site = site();
    let wang = Seat::new(&mut site, "wang", 1);
    let args = json!({ "division": "E总队", "card": { "name": "防火墙" }, "addresses": { "ip": "10.1.2.3", "mac": "00:11:22:33:44:55" },
        "idempotency_key": "a" });
    let done: Written = wang.call("asset.note", args).await;
    wang.sync(&mut site);
    let li = Seat::new(&mut site, "li", 2);
    let seen = get(&li, &done.id).await;
    assert_eq!(seen.addresses.unwrap().ip, "10.1.2.3");
    let card = json!({ "name": "防火墙", "place": "二楼" });
    let _: Written =
        li.call("asset.note", json!({ "id": done.id, "card": card, "idempotency_key": "b" })).await;
    assert_eq!(get(&li, &done.id).await.addresses.unwrap().mac, "00:11:22:33:44:55", "left as they are");
    li.sync(&mut site);
    let watch = Seat::new(&mut site, "watch", 3);
    let seen = get(&watch, &done.id).await;
    assert!(seen.has_addresses && seen.addresses.is_none() && !seen.may_see_addresses && !seen.may_note);
    let told = refused(&watch, "asset.note", json!({ "card": card, "idempotency_key": "c" })).await;
    assert_eq!(told.0, DoorCode::NotAllowed);
    for text in seen.history.iter().map(|line| &line.text) {
        assert!(!text.contains("10.1"), "{text}");
    }
}

#[tokio::test]
async fn a_secret_is_refused_and_the_message_names_its_field() {
    let mut site = site();
    let wang = Seat::new(&mut site, "wang", 1);
    let cases = [
        (json!({ "card": { "name": "交换机", "note": "口令：Admin@123" } }), "card.note", "备注"),
        (json!({ "card": { "name": "交换机 pwd=abc1" } }), "card.name", "名称"),
        (json!({ "card": { "name": "交换机", "supplier": "密码 Admin@1" } }), "card.supplier", "供应商"),
        (
            json!({ "card": { "name": "交换机" }, "addresses": { "ip": "10.1.1.1 password: a1b2" } }),
            "addresses.ip",
            "IP 地址",
        ),
    ];
    for (mut args, field, name) in cases {
        args["division"] = json!("E总队");
        args["idempotency_key"] = json!(field);
        let (code, at, message) = refused(&wang, "asset.note", args).await;
        assert_eq!((code, at.as_str()), (DoorCode::BadInput, field));
        assert!(message.contains(name) && message.contains("不保存任何口令"), "{message}");
    }
    let id = note(&wang, "ok", json!({ "name": "服务器密码机", "model": "SJJ1012" })).await;
    let args = json!({ "id": id, "life": "stopped", "reason": "密码：abc123", "idempotency_key": "s" });
    assert_eq!(refused(&wang, "asset.change", args).await.1, "reason");
    let table = "名称\t备注\n路由器\tSNMP community: public";
    let told: AssetImportPreview =
        wang.call("asset.import_preview", json!({ "text": table, "division": "E总队" })).await;
    assert_eq!((told.mistakes[0].row, told.mistakes[0].column.as_str()), (2, "备注"));
}

#[tokio::test]
async fn two_at_once_change_one_card_and_each_field_is_the_firsts() {
    let mut site = site();
    let wang = Seat::new(&mut site, "wang", 1);
    let id = note(&wang, "a", json!({ "name": "核心交换机" })).await;
    wang.sync(&mut site);
    let li = Seat::new(&mut site, "li", 2);
    let change = |card: Value, key: &str| json!({ "id": id, "card": card, "seen": { "name": "核心交换机" }, "idempotency_key": key });
    let _: Written =
        wang.call("asset.note", change(json!({ "name": "核心交换机", "place": "三楼" }), "b")).await;
    let _: Written = li.call("asset.note", change(json!({ "name": "核心交换机", "rack": "A03" }), "c")).await;
    let _: Written = li
        .call(
            "asset.change",
            json!({ "id": id, "life": "in_repair", "reason": "电源故障", "idempotency_key": "d" }),
        )
        .await;
    wang.sync(&mut site);
    li.sync(&mut site);
    wang.sync(&mut site);
    let seen = get(&wang, &id).await;
    assert_eq!((seen.card.place.as_str(), seen.card.rack.as_str()), ("三楼", "A03"), "both stand");
    assert_eq!((seen.row.life.as_str(), seen.life_text.as_str()), ("in_repair", "电源故障"));
    let stale =
        refused(&li, "asset.note", change(json!({ "name": "核心交换机", "place": "四楼" }), "e")).await;
    assert_eq!((stale.0, stale.1.as_str()), (DoorCode::NotNow, "card.place"), "the text stays in the form");
    let history: Vec<&str> = seen.history.iter().map(|line| line.text.as_str()).collect();
    assert!(history.iter().any(|text| text.contains("位置 空 → 三楼")), "{history:?}");
    assert!(history.iter().any(|text| text.contains("维修中：电源故障")), "{history:?}");
}

#[tokio::test]
async fn one_serial_number_on_two_offline_consoles_is_told_and_nothing_lost() {
    let mut site = site();
    let wang = Seat::new(&mut site, "wang", 1);
    let li = Seat::new(&mut site, "li", 2);
    let first = note(&wang, "a", json!({ "name": "磁盘阵列", "serial": "SN 77" })).await;
    let args =
        json!({ "division": "E总队", "card": { "name": "阵列", "serial": "sn77" }, "idempotency_key": "x" });
    let (code, at, message) = refused(&wang, "asset.note", args).await;
    assert_eq!((code, at.as_str()), (DoorCode::BadInput, "card.serial"));
    assert!(message.contains("磁盘阵列"), "{message}");
    let second = note(&li, "b", json!({ "name": "存储", "serial": "sn77" })).await;
    for seat in [&wang, &li, &wang] {
        seat.sync(&mut site);
    }
    for seat in [&wang, &li] {
        assert_eq!(list(seat, json!({ "view": "twin" })).await.len(), 2);
        assert_eq!(get(seat, &first).await.twins[0].id, second);
    }
    let args = json!({ "id": second, "life": "removed", "reason": "登记重复", "idempotency_key": "r" });
    let _: Written = li.call("asset.change", args).await;
    assert!(list(&li, json!({ "view": "twin" })).await.is_empty(), "settled");
    assert_eq!(list(&li, json!({ "view": "stopped" })).await, ["存储"]);
    let report: VerifyDto = li.call("audit.verify", json!({})).await;
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

#[tokio::test]
async fn the_history_names_orders_inspections_and_pieces_of_the_store() {
    let mut site = site();
    let wang = Seat::holding(&mut site, "wang", 1, &[LOG, STORE]);
    let id = note(&wang, "a", json!({ "name": "核心交换机", "serial": "SN-1", "object": object() })).await;
    let order = RegisterArgs {
        kind: "incident".into(),
        title: "端口不通".into(),
        division: "E总队".into(),
        level: Some("2".into()),
        level_reason: Some("测试".into()),
        reporter_unit: "科信处".into(),
        asset: Some("sn-1".into()),
        idempotency_key: "o".into(),
        ..RegisterArgs::default()
    };
    let done: Written = wang.call("order.register", &order).await;
    let unknown = RegisterArgs { asset: Some("SN-404".into()), idempotency_key: "p".into(), ..order.clone() };
    let told = refused(&wang, "order.register", serde_json::to_value(&unknown).unwrap()).await;
    assert_eq!(told.1, "asset");
    let other = RegisterArgs {
        title: "风扇异响".into(),
        asset: None,
        dispatch_to: Some(wang.user("wang")),
        idempotency_key: "q".into(),
        ..order.clone()
    };
    let second: Written = wang.call("order.register", &other).await;
    let step = |step: &str, key: &str, fields: Value| json!({ "order_id": second.id, "step": step, "text": "看过", "claimed_at": null, "fields": fields, "idempotency_key": key });
    let _: Written = wang.call("order.step", step("diagnose", "s2", json!({ "asset": "SN-1" }))).await;
    let detail = get(&wang, &id).await;
    let orders: Vec<Option<&str>> =
        detail.history.iter().filter(|line| line.kind == "order").map(|line| line.order.as_deref()).collect();
    assert!(
        orders.contains(&Some(done.id.as_str())) && orders.contains(&Some(second.id.as_str())),
        "{orders:?}"
    );
    let form: RecordForm = wang.call("record.form", json!({})).await;
    let category = form.categories.iter().find(|category| category.inspected).unwrap();
    let line = json!({ "object": "", "division": "E总队", "category": category.name, "title": "机房巡检",
        "minutes": 20, "inspection": "normal", "asset": id });
    let _: Written = wang.call("record.add", json!({ "lines": [line], "idempotency_key": "rec" })).await;
    let detail = get(&wang, &id).await;
    let inspected = detail.history.iter().find(|line| line.kind == "inspection").unwrap();
    assert!(inspected.text.contains("机房巡检，正常"), "{}", inspected.text);
    let hits: ScanReply = wang.call("stock.scan", json!({ "store": null, "code": "SN-1" })).await;
    assert_eq!((hits.hits[0].kind.as_str(), &hits.hits[0].id), ("asset", &id));
    let hits: ScanReply = wang.call("stock.scan", json!({ "store": null, "code": id })).await;
    assert_eq!(hits.hits[0].id, id);
}

#[tokio::test]
async fn the_board_counts_what_its_lists_show() {
    let mut site = site();
    let wang = Seat::new(&mut site, "wang", 1);
    let ends = ["2025-10-14", "2025-10-20", "2026-01-13", "2026-01-14", "2027-02-01"];
    for (at, end) in ends.iter().enumerate() {
        let card = json!({ "name": format!("设备{at}"), "warranty_end": end, "since": "2021-01-01", "object": object() });
        note(&wang, end, card).await;
    }
    let board: AssetBoard =
        wang.call("asset.board", json!({ "theme": "light", "width": 600, "height": 200 })).await;
    assert_eq!((board.all.total, board.all.expired, board.all.soon), (5, 1, 2));
    assert!(board.svg.contains("25-10") && board.basis.contains("本项目约定"));
    for count in board.months.iter().chain(&board.quarters) {
        let args = json!({ "end_from": count.from, "end_to": count.to });
        assert_eq!(list(&wang, args).await.len(), count.count as usize, "{}", count.label);
    }
    for count in &board.ages {
        let args = json!({ "since_from": count.from, "since_to": count.to });
        assert_eq!(list(&wang, args).await.len(), count.count as usize, "{}", count.label);
    }
    assert_eq!((board.objects[0].object.as_str(), board.objects[0].total), (object(), 5));
}

/// Every row of the five contracts' lists.
fn contracts_lists() -> Vec<(String, zaigang_domain::contract::facts::Asset)> {
    let rows = SHIPPED.iter().flat_map(|shipped| {
        let facts = shipped.load().unwrap().facts;
        facts.asset.into_iter().map(|row| (format!("{}/{}", shipped.id, row.id), row))
    });
    rows.collect()
}

#[tokio::test]
async fn the_lists_of_all_five_contracts_go_in_as_one_table_and_come_out_the_same() {
    let mut site = site();
    let wang = Seat::new(&mut site, "wang", 1);
    let rows = contracts_lists();
    assert_eq!(rows.len(), 449);
    let mut table = "名称\t规格型号\t数量\t单位\t位置\t清单行号\t备注".to_owned();
    let one_line = |text: &Option<String>| {
        text.clone()
            .unwrap_or_default()
            .replace(['\n', '\t', '"'], " ")
            .chars()
            .take(90)
            .collect::<String>()
            .trim()
            .to_owned()
    };
    for (id, row) in &rows {
        let quantity = row.quantity.unwrap_or(1).max(1);
        let cells = [
            one_line(&Some(row.name.clone())),
            one_line(&row.model),
            quantity.to_string(),
            one_line(&row.unit),
            one_line(&row.place),
            id.clone(),
            one_line(&row.params),
        ];
        table.push('\n');
        table.push_str(&cells.join("\t"));
    }
    // A mistake anywhere, and nothing is written.
    let bad = table.replacen("\t1\t", "\t一\t", 1);
    let source = |text: &str| json!({ "text": text, "division": "E总队" });
    let told: AssetImportPreview = wang.call("asset.import_preview", source(&bad)).await;
    assert_eq!(told.mistakes.len(), 1);
    assert_eq!(told.mistakes[0].column, "数量");
    let accept = |text: &str, digest: &str, key: &str| json!({ "source": source(text), "digest": digest, "idempotency_key": key });
    let told = refused(&wang, "asset.import", accept(&bad, &told.digest, "bad")).await;
    assert_eq!(told.0, DoorCode::NotNow);
    let page: AssetPage = wang.call("asset.list", json!({})).await;
    assert_eq!(page.total, 0);

    let told: AssetImportPreview = wang.call("asset.import_preview", source(&table)).await;
    assert_eq!(told.mistakes, []);
    assert_eq!((told.rows, told.added, told.changed), (449, 449, 0));
    let _: Written = wang.call("asset.import", accept(&table, &told.digest, "good")).await;
    let again: Written = wang.call("asset.import", accept(&table, &told.digest, "good")).await;
    assert!(again.message.contains("已经导入"));
    wang.sync(&mut site);
    let page: AssetPage = wang.call("asset.list", json!({ "limit": 10 })).await;
    assert_eq!((page.total, page.rows.len()), (449, 10));

    // By the row of the list it is found again; by id after an export.
    let told: AssetImportPreview = wang.call("asset.import_preview", source(&table)).await;
    assert_eq!((told.same, told.added, told.changed), (449, 0, 0));
    let export =
        json!({ "what": "list", "list": { "division": "E总队" }, "format": "csv", "idempotency_key": "out" });
    let file: ExportedFile = wang.call("asset.export", export).await;
    assert_eq!(file.rows, 449);
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, &file.base64).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let text = text.trim_start_matches('\u{feff}');
    let told: AssetImportPreview = wang.call("asset.import_preview", source(text)).await;
    assert_eq!((told.mistakes.len(), told.same, told.changed), (0, 449, 0), "{:?}", told.mistakes.first());
    let edited = text.replacen(",在用,", ",停用,", 1);
    let told: AssetImportPreview = wang.call("asset.import_preview", source(&edited)).await;
    assert_eq!((told.same, told.changed), (448, 1));
    assert!(told.differences[0].text.contains("状态 在用 → 停用"), "{:?}", told.differences[0]);
}

#[tokio::test]
async fn the_contracts_own_list_is_offered_and_taken_once() {
    let mut site = site();
    let divisions = vec!["L总队".to_owned()];
    let liu = NewUser { divisions, ..person("liu", "刘强", Role::Engineer) };
    site.centre.user_add(&liu).unwrap();
    let liu = Seat::holding(&mut site, "liu", 1, &["c/guangxi-police/d/L总队"]);
    let source = json!({ "listed": true, "division": "L总队" });
    let told: AssetImportPreview = liu.call("asset.import_preview", &source).await;
    assert_eq!(told.mistakes, []);
    assert!(told.added > 0, "L总队 has rows of its own");
    let accept = json!({ "source": source, "digest": told.digest, "idempotency_key": "a" });
    let _: Written = liu.call("asset.import", accept).await;
    let page: AssetPage = liu.call("asset.list", json!({})).await;
    assert_eq!(page.total, told.added);
    let detail = get(&liu, &page.rows[0].id).await;
    assert!(detail.listed_text.contains("合同设备清单"), "{}", detail.listed_text);
    let _: Written = liu
        .call("asset.note", json!({ "id": page.rows[0].id, "card": AssetCardDto { place: "三楼".into(), ..detail.card.clone() },
            "idempotency_key": "b" }))
        .await;
    let told: AssetImportPreview = liu.call("asset.import_preview", &source).await;
    assert_eq!((told.added, told.changed), (0, 0), "what is known beyond the list is kept");
}

#[tokio::test]
async fn a_table_from_the_template_comes_back_as_its_difference() {
    let mut site = site();
    let wang = Seat::new(&mut site, "wang", 1);
    let head = "名称\t网络\t序列号\t状态\t质保到期\t上级设备";
    let good = format!("{head}\n机柜\t\tR-1\t在用\t\t\n服务器\t公安网\tS-1\t备用\t2026-01-01\t");
    let source = |text: &str| json!({ "text": text, "division": "E总队" });
    let wrong = format!(
        "{good}\n\t公安网\tS-2\t在用\t\t\n路由\t内网\tS-3\t在用\t\t\n网关\t\tS-1\t在用\t2026/1/1\t\n网闸\t\tS-4\t坏\t\tR-9\n网闸\t\tr-1\t在用\t\t"
    );
    let told: AssetImportPreview = wang.call("asset.import_preview", source(&wrong)).await;
    let at: Vec<(u32, &str)> =
        told.mistakes.iter().map(|mistake| (mistake.row, mistake.column.as_str())).collect();
    assert_eq!(at, [(4, "名称"), (5, "网络"), (6, "质保到期"), (7, "上级设备"), (8, "序列号")]);
    let unknown: AssetImportPreview =
        wang.call("asset.import_preview", source("名称\t密码\n网闸\tabc")).await;
    assert_eq!((unknown.mistakes[0].row, unknown.mistakes[0].column.as_str()), (1, "密码"));
    let told: AssetImportPreview = wang.call("asset.import_preview", source(&good)).await;
    let accept = json!({ "source": source(&good), "digest": told.digest, "idempotency_key": "a" });
    let _: Written = wang.call("asset.import", accept).await;
    let page: AssetPage = wang.call("asset.list", json!({ "text": "S-1" })).await;
    assert_eq!((page.rows[0].life.as_str(), page.rows[0].network.as_str()), ("standby", "police"));
    let export = |key: &str| json!({ "what": "list", "list": { "division": "E总队" }, "format": "xlsx", "idempotency_key": key });
    let file: ExportedFile = wang.call("asset.export", export("x")).await;
    let told: AssetImportPreview = wang.call("asset.import_preview", json!({ "file": file.base64 })).await;
    assert_eq!((told.rows, told.same), (2, 2), "{:?}", told.mistakes);
    let stale = json!({ "source": source(&good), "digest": told.digest, "idempotency_key": "b" });
    assert_eq!(refused(&wang, "asset.import", stale).await.1, "digest");
    let _: Written = wang
        .call("asset.change", json!({ "id": page.rows[0].id, "life": "scrapped", "reason": "主板烧毁", "receiver": "保密办", "pass_no": "出-7", "idempotency_key": "c" }))
        .await;
    for what in ["template", "damages", "removals"] {
        let args = json!({ "what": what, "list": { "division": "E总队" }, "format": "csv", "idempotency_key": what });
        let file: ExportedFile = wang.call("asset.export", args).await;
        assert_eq!(file.rows, u32::from(what != "template"), "{what}");
    }
    wang.hand_over(&mut site, "watch");
    assert_eq!(refused(&wang, "asset.export", export("w")).await.0, DoorCode::NotAllowed);
}
