//! Stock at the door: parts received, asked for and issued, used on orders, lent, repaired, scrapped, counted by
//! two, imported; and the last part used by two engineers offline.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panic and works on real files"
)]

mod site;

use serde_json::{Value, json};
use site::seat::Seat;
use site::{CONTRACT, LOG, Site, person};
use zaigang_center::core::NewUser;
use zaigang_console::door::dto::*;
use zaigang_domain::contract::Text;
use zaigang_domain::people::Role;

const STORE: &str = "c/guangxi-police/s/main";

/// A site with one store, where 钱 (`keeper`) keeps it and 周 (`boss`) supervises. The clock stands at 09:00 of
/// Wednesday 2025-10-15.
fn site() -> Site {
    let mut site = Site::new();
    for (login, name, role) in [
        ("keeper", "钱库", Role::StoreKeeper),
        ("boss", "周衡", Role::Supervisor),
        ("watch", "孙监", Role::Overseer),
    ] {
        let divisions = vec!["E总队".to_owned()];
        site.centre.user_add(&NewUser { divisions, ..person(login, name, role) }).unwrap();
    }
    let settings = "contract = \"guangxi-police\"\n[[stock_store]]\nid = \"main\"\nname = \"信息中心备件库\"\n\
        divisions = [\"E总队\"]\nplace = \"一楼库房\"\n\
        basis = { effective = \"2025-09-20\", who = \"科信办\", paper = \"备件管理办法\" }\n";
    site.publish_settled(CONTRACT, Some(Text { file: "settings", text: settings }));
    site
}

/// What was stocked first happened within this time after the start.
const STOCKED_MS: u64 = 30 * 60_000;
const MINUTE_MS: u64 = 60_000;

/// Somebody logged in at a console of his own, once everything is stocked.
fn seat(site: &mut Site, login: &str, seed: u64) -> Seat {
    let seat = Seat::holding(site, login, seed, &[LOG, STORE]);
    seat.host.advance_ms(STOCKED_MS);
    seat
}

/// A minute goes by everywhere: what happens at one instant has no order.
fn tick(site: &Site, seats: &[&Seat]) {
    site.advance_ms(60_000);
    seats.iter().for_each(|seat| seat.host.advance_ms(MINUTE_MS));
}

/// The keeper, before anything is stocked.
fn keeper(site: &mut Site) -> Seat {
    Seat::holding(site, "keeper", 1, &[LOG, STORE])
}

/// A store with a place each, a plain model of 4 and a model by serial numbers with S1 to S3.
struct Stock {
    shelf: String,
    cabinet: String,
    loan: String,
    vendor: String,
    removed: String,
    fan: String,
    disk: String,
}

async fn note_place(seat: &Seat, name: &str, kind: &str, parent: Option<&str>) -> String {
    let args =
        json!({ "name": name, "kind": kind, "parent": parent, "idempotency_key": format!("place {name}") });
    let done: Written = seat.call("stock.note_place", args).await;
    done.id
}

async fn note_part(seat: &Seat, card: Value) -> String {
    let key = format!("part {}", card["name"]);
    let done: Written = seat.call("stock.note_part", json!({ "card": card, "idempotency_key": key })).await;
    done.id
}

async fn stocked(site: &Site, keeper: &Seat) -> Stock {
    let shelf = note_place(keeper, "主库", "store", None).await;
    let cabinet = note_place(keeper, "应急柜", "cabinet", Some(&shelf)).await;
    let loan = note_place(keeper, "借出", "loan", None).await;
    let vendor = note_place(keeper, "厂商", "vendor", None).await;
    let removed = note_place(keeper, "坏件区", "removed", None).await;
    let fan = json!({ "name": "风扇", "model": "F80", "unit": "个", "category": "配件", "minimum": 2 });
    let fan = note_part(keeper, fan).await;
    let disk = json!({ "name": "硬盘", "model": "ST4000", "unit": "块", "category": "存储", "tracking": "serial",
        "minimum": 2, "storage_medium": true });
    let disk = note_part(keeper, disk).await;
    keeper.host.advance_ms(MINUTE_MS);
    let _: Written = keeper
        .call(
            "stock.move",
            json!({ "kind": "received", "lines": [{ "part": fan, "quantity": 4 }], "to": shelf, "document": "入-1", "idempotency_key": "in fan" }),
        )
        .await;
    let _: Written = keeper
        .call(
            "stock.move",
            json!({ "kind": "received", "lines": [{ "part": disk, "serials": ["S1", "S2", "S3"] }], "to": shelf, "idempotency_key": "in disk" }),
        )
        .await;
    keeper.host.advance_ms(STOCKED_MS - MINUTE_MS);
    site.advance_ms(i64::try_from(STOCKED_MS).unwrap());
    Stock { shelf, cabinet, loan, vendor, removed, fan, disk }
}

async fn part(seat: &Seat, id: &str) -> PartDetail {
    seat.call("stock.part", json!({ "id": id })).await
}

async fn order(seat: &Seat, title: &str) -> String {
    let args = RegisterArgs {
        kind: "incident".into(),
        title: title.into(),
        division: "E总队".into(),
        level: Some("2".into()),
        level_reason: Some("测试".into()),
        reporter_unit: "科信处".into(),
        idempotency_key: format!("order {title}"),
        ..RegisterArgs::default()
    };
    let done: Written = seat.call("order.register", args).await;
    done.id
}

fn on_hand(detail: &PartDetail) -> (i32, u32, i32) {
    (detail.row.on_hand, detail.row.reserved, detail.row.available)
}

#[tokio::test]
async fn parts_come_in_and_are_found_again() {
    let mut site = site();
    let keeper = keeper(&mut site);
    let stock = stocked(&site, &keeper).await;
    let stores: StockStores = keeper.call("stock.stores", json!({})).await;
    let store = &stores.stores[0];
    assert_eq!((store.id.as_str(), store.name.as_str(), store.parts), (STORE, "信息中心备件库", 2));
    assert!(store.may.keep && store.may.export && !store.may.adjust);
    assert!(store.basis.contains("本项目约定") && store.media_rule.contains("留存甲方"));

    let page: StockPage = keeper.call("stock.parts", json!({ "text": "yp" })).await;
    assert_eq!(page.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["硬盘"]);
    assert_eq!(page.rows[0].places, "主库 3");
    let page: StockPage = keeper.call("stock.parts", json!({ "text": "S2", "place": stock.shelf })).await;
    assert_eq!(page.total, 1, "by serial number, inside a place");
    let page: StockPage = keeper.call("stock.parts", json!({ "text": "没有" })).await;
    assert_eq!((page.total, page.counts[0].count), (0, 2));

    let moved = json!({ "kind": "transferred", "lines": [{ "part": stock.disk, "serials": ["S3"] }], "from": stock.shelf,
        "to": stock.cabinet, "reason": "备应急", "idempotency_key": "move" });
    let first: Written = keeper.call("stock.move", &moved).await;
    let again: Written = keeper.call("stock.move", &moved).await;
    assert_eq!(first.id, again.id, "a repeat does nothing");
    let disk = part(&keeper, &stock.disk).await;
    assert_eq!((on_hand(&disk), disk.ledger_total), ((3, 0, 3), 4));
    let last = &disk.ledger[0];
    assert_eq!((last.kind.as_str(), last.change, last.balance), ("transferred", 0, Some(3)));
    assert_eq!((last.from.as_str(), last.to.as_str()), ("主库", "主库 / 应急柜"));
    assert_eq!(
        disk.serials.iter().map(|row| row.place_name.as_str()).collect::<Vec<_>>(),
        ["主库", "主库", "主库 / 应急柜"]
    );

    let hits: ScanReply = keeper.call("stock.scan", json!({ "code": "S3" })).await;
    assert_eq!((hits.hits[0].kind.as_str(), hits.hits[0].id.as_str()), ("serial", stock.disk.as_str()));
    let hits: ScanReply = keeper.call("stock.scan", json!({ "code": "没有这个" })).await;
    assert!(hits.hits.is_empty() && hits.hint.contains("入库"));

    for (args, field) in [
        (json!({ "kind": "received", "lines": [{ "part": stock.fan, "quantity": 1 }] }), "to"),
        (
            json!({ "kind": "received", "lines": [{ "part": stock.disk, "quantity": 1 }], "to": stock.shelf }),
            "lines.0.serials",
        ),
        (
            json!({ "kind": "received", "lines": [{ "part": stock.disk, "serials": ["A", "A"] }], "to": stock.shelf }),
            "lines.0.serials",
        ),
        (json!({ "kind": "issued", "part": stock.fan, "quantity": 1, "from": stock.shelf }), "kind"),
        (
            json!({ "kind": "corrected", "lines": [{ "part": stock.fan, "quantity": -1 }], "to": stock.shelf }),
            "reason",
        ),
        (
            json!({ "kind": "borrowed", "lines": [{ "part": stock.fan, "quantity": 1 }], "from": stock.shelf, "to": stock.cabinet }),
            "to",
        ),
    ] {
        let mut args = args;
        args["idempotency_key"] = json!("bad");
        let error = keeper.try_call("stock.move", args).await.unwrap_err();
        assert_eq!(
            (error.code, error.field.as_deref()),
            (DoorCode::BadInput, Some(field)),
            "{}",
            error.message
        );
    }

    keeper.sync(&mut site);
    let wang = seat(&mut site, "wang", 2);
    let seen = part(&wang, &stock.disk).await;
    assert_eq!(on_hand(&seen), (3, 0, 3));
    let args = json!({ "kind": "received", "lines": [{ "part": stock.fan, "quantity": 1 }], "to": stock.shelf, "idempotency_key": "x" });
    assert_eq!(wang.try_call("stock.move", args).await.unwrap_err().code, DoorCode::NotAllowed);
    let outside = Seat::new(&mut site, "li", 3);
    let none: StockStores = outside.call("stock.stores", json!({})).await;
    assert!(none.stores.is_empty() && none.hint.contains("管理员"));
    assert_eq!(outside.try_call("stock.parts", json!({})).await.unwrap_err().code, DoorCode::NotNow);
    let verified: VerifyDto = keeper.call("audit.verify", json!({})).await;
    assert!(verified.problems.is_empty(), "{:?}", verified.problems);
}

#[tokio::test]
async fn a_slip_is_asked_approved_and_issued_by_another() {
    let mut site = site();
    let keeper = keeper(&mut site);
    let stock = stocked(&site, &keeper).await;
    keeper.sync(&mut site);
    let wang = seat(&mut site, "wang", 2);
    let order_id = order(&wang, "风扇异响").await;
    let lines = json!([{ "part": stock.fan, "quantity": 3 }]);
    let asked: Written =
        wang.call("stock.ask", json!({ "order": order_id, "lines": lines, "idempotency_key": "a" })).await;
    assert!(asked.message.contains("待审批"), "{}", asked.message);
    wang.sync(&mut site);
    keeper.sync(&mut site);
    let slips: SlipPage = keeper.call("stock.slips", json!({})).await;
    let slip = &slips.rows[0];
    assert_eq!((slips.total, slip.stage.as_str(), slip.asker_name.as_str()), (1, "asked", "王强"));
    assert!(slip.may.decide && !slip.may.issue && slip.number.starts_with("LY-"));
    let own = wang.try_call("stock.approve", json!({ "id": asked.id, "idempotency_key": "b" })).await;
    assert_eq!(own.unwrap_err().code, DoorCode::NotAllowed);
    let early = keeper.try_call("stock.issue", json!({ "id": asked.id, "idempotency_key": "c" })).await;
    assert_eq!(early.unwrap_err().code, DoorCode::NotNow);
    let _: Written = keeper.call("stock.approve", json!({ "id": asked.id, "idempotency_key": "d" })).await;
    assert_eq!(on_hand(&part(&keeper, &stock.fan).await), (4, 3, 1), "kept for the slip");
    let below: StockPage = keeper.call("stock.parts", json!({ "view": "below_minimum" })).await;
    assert_eq!((below.rows[0].name.as_str(), below.rows[0].alert.as_str()), ("风扇", "below"));
    let reorder: Vec<ReorderRow> = keeper.call("stock.reorder", json!({})).await;
    assert_eq!(reorder[0].suggested, 1, "{}", reorder[0].why);
    let _: Written = keeper.call("stock.issue", json!({ "id": asked.id, "idempotency_key": "e" })).await;
    keeper.sync(&mut site);
    wang.sync(&mut site);
    let fan = part(&wang, &stock.fan).await;
    assert_eq!(on_hand(&fan), (1, 0, 1));
    let line = &fan.ledger[0];
    assert_eq!((line.kind.as_str(), line.change, line.custodian.as_str()), ("issued", -3, "王强"));
    assert!(
        line.half.is_empty() && line.order_id.is_some(),
        "handed out and not used yet: nothing is missing"
    );

    // What was handed out is used on the order, and the old part comes back.
    tick(&site, &[&keeper, &wang]);
    let line = json!({ "slip": asked.id, "line": { "part": stock.fan, "quantity": 1 },
        "old": { "fate": { "fate": "scrapped", "receiver": "库房" } } });
    let used = json!({ "order": order_id, "lines": [line], "text": "更换风扇", "idempotency_key": "f" });
    let _: Written = wang.call("stock.use", used).await;
    let form: UseForm = wang.call("stock.use_form", json!({ "id": order_id })).await;
    let kinds: Vec<&str> = form.movements.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!((kinds, form.missing.len()), (vec!["issued", "replaced"], 0));
    assert!(form.movements.iter().all(|row| row.half.is_empty()));
    let back = json!({ "slip": asked.id, "line": 0, "old": { "fate": { "fate": "returned" } }, "idempotency_key": "g" });
    let _: Written = wang.call("stock.return_old", back).await;
    let slip: SlipDto = wang.call("stock.slip", json!({ "id": asked.id })).await;
    assert_eq!((slip.lines[0].old_returned, slip.returned[0].as_str()), (Some(true), "风扇 F80，返厂"));
    let sheet: StockSheet =
        wang.call("stock.print", json!({ "form": "slip", "id": asked.id, "idempotency_key": "h" })).await;
    let head: Vec<&str> = sheet.head.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(head, ["单号", "日期", "领用人/部门", "工单号/用途", "备件库", "状态"]);
    let signed: Vec<&str> = sheet.signatures.iter().map(|field| field.text.as_str()).collect();
    assert_eq!(signed, ["王强", "钱库", "钱库"]);
    assert_eq!(sheet.rows[0][6], "已交回");
    assert!(sheet.watermark.contains("王强"));
    let found: ScanReply = wang.call("stock.scan", json!({ "code": slip.number })).await;
    assert_eq!((found.hits[0].kind.as_str(), found.hits[0].id.as_str()), ("slip", asked.id.as_str()));
    let waiting: SlipPage = wang.call("stock.slips", json!({})).await;
    let mine: SlipPage = wang.call("stock.slips", json!({ "view": "mine", "order": order_id })).await;
    assert_eq!((waiting.total, mine.total, mine.rows.len()), (0, 1, 1));
    let below: StockPage = wang.call("stock.parts", json!({ "view": "below_minimum" })).await;
    assert_eq!(below.total, 1, "one of at least two is there");
    let verified: VerifyDto = wang.call("audit.verify", json!({})).await;
    assert!(verified.problems.is_empty(), "{:?}", verified.problems);
}

#[tokio::test]
async fn an_emergency_use_is_booked_first_and_approved_afterwards() {
    let mut site = site();
    let keeper = keeper(&mut site);
    let stock = stocked(&site, &keeper).await;
    keeper.sync(&mut site);
    let wang = seat(&mut site, "wang", 2);
    let order_id = order(&wang, "硬盘故障").await;
    let use_of = |fate: Value, key: &str| {
        let line = json!({ "line": { "part": stock.disk, "serials": ["S1"] },
            "old": { "serial": "OLD-1", "place": stock.removed, "fate": fate } });
        json!({ "order": order_id, "lines": [line], "text": "更换硬盘", "idempotency_key": key })
    };
    let leaves = wang.try_call("stock.use", use_of(json!({ "fate": "returned" }), "a")).await.unwrap_err();
    assert_eq!(leaves.field.as_deref(), Some("lines.0.old.fate.released_by"));
    assert!(
        leaves.message.contains("留存甲方") && leaves.message.contains("本项目约定"),
        "{}",
        leaves.message
    );
    let mut bare = use_of(json!({}), "n");
    bare["lines"][0]["old"]["serial"] = json!("");
    let error = wang.try_call("stock.use", &bare).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("lines.0.old.serial"), "{}", error.message);
    let used: Written = wang.call("stock.use", use_of(json!({}), "b")).await;
    assert_eq!(used.id, order_id);
    let disk = part(&wang, &stock.disk).await;
    assert_eq!(on_hand(&disk), (2, 0, 2), "what lies in 坏件区 is not at hand");
    let fate = disk.ledger.iter().find_map(|row| row.fate.clone()).unwrap();
    assert_eq!(fate.name, "留存甲方", "the default of a storage medium");
    let old = disk.serials.iter().find(|row| row.serial == "OLD-1").unwrap();
    assert_eq!((old.place_name.as_str(), old.owner.as_str()), ("坏件区", "buyer"));
    let detail: OrderDetail = wang.call("order.get", json!({ "id": order_id })).await;
    assert!(detail.timeline.iter().any(|entry| entry.kind == "order.swapped"));

    wang.sync(&mut site);
    keeper.sync(&mut site);
    let slips: SlipPage = keeper.call("stock.slips", json!({})).await;
    let slip = &slips.rows[0];
    assert_eq!(
        (slip.stage.as_str(), slip.due.as_deref(), slip.overdue),
        ("taken", Some("2025-10-16"), false)
    );
    keeper.host.advance_ms((48) * 3_600_000);
    let late: SlipDto = keeper.call("stock.slip", json!({ "id": slip.id })).await;
    assert!(late.overdue);
    let _: Written = keeper.call("stock.approve", json!({ "id": slip.id, "idempotency_key": "c" })).await;
    let done: SlipDto = keeper.call("stock.slip", json!({ "id": slip.id })).await;
    assert_eq!((done.stage.as_str(), done.due), ("issued", None));
}

#[tokio::test]
async fn several_parts_are_used_in_one_go_or_not_at_all() {
    let mut site = site();
    let keeper = keeper(&mut site);
    let stock = stocked(&site, &keeper).await;
    keeper.sync(&mut site);
    let wang = seat(&mut site, "wang", 2);
    let order_id = order(&wang, "机柜检修").await;
    let lines = |serial: &str| {
        json!([
            { "line": { "part": stock.fan, "quantity": 2 } },
            { "line": { "part": stock.disk, "serials": ["S1"] },
                "old": { "serial": "OLD-1", "place": stock.removed } },
            { "line": { "part": stock.disk, "serials": [serial] },
                "old": { "serial": "OLD-2", "place": stock.removed } },
        ])
    };
    let args = |serial: &str, key: &str| json!({ "order": order_id, "lines": lines(serial), "idempotency_key": key });
    let twice = wang.try_call("stock.use", args("S1", "a")).await.unwrap_err();
    assert_eq!(twice.field.as_deref(), Some("lines.2.serials"), "{}", twice.message);
    let nothing = json!({ "order": order_id, "lines": [], "idempotency_key": "none" });
    assert_eq!(wang.try_call("stock.use", nothing).await.unwrap_err().field.as_deref(), Some("lines"));
    assert_eq!(on_hand(&part(&wang, &stock.fan).await).0, 4, "nothing of it was booked");
    let _: Written = wang.call("stock.use", args("S2", "b")).await;
    let again: Written = wang.call("stock.use", args("S2", "b")).await;
    assert_eq!(again.id, order_id);
    assert_eq!(on_hand(&part(&wang, &stock.fan).await).0, 2);
    let slips: SlipPage = wang.call("stock.slips", json!({ "view": "mine" })).await;
    assert_eq!((slips.total, slips.rows[0].lines.len()), (1, 3), "one slip for all that was taken");
    let detail: OrderDetail = wang.call("order.get", json!({ "id": order_id })).await;
    let told: Vec<&str> = detail
        .timeline
        .iter()
        .filter(|entry| entry.kind == "order.swapped")
        .map(|entry| entry.kind.as_str())
        .collect();
    assert_eq!(told.len(), 3);
    let form: UseForm = wang.call("stock.use_form", json!({ "id": order_id })).await;
    assert!(
        form.missing.is_empty() && form.movements.iter().all(|row| row.half.is_empty()),
        "{:?}",
        form.missing
    );
    wang.sync(&mut site);
    keeper.sync(&mut site);
    let disk = part(&keeper, &stock.disk).await;
    assert_eq!((on_hand(&disk).0, disk.discrepancies.len()), (1, 0));
}

#[tokio::test]
async fn every_number_of_the_boards_is_a_sum_of_what_its_list_shows() {
    let mut site = site();
    let keeper = keeper(&mut site);
    let stock = stocked(&site, &keeper).await;
    keeper.sync(&mut site);
    let none: UsageBoard = keeper.call("stock.usage", json!({ "width": 600 })).await;
    assert!(none.models.is_empty() && none.model_svg.is_empty());
    let wang = seat(&mut site, "wang", 2);
    let order_id = order(&wang, "机柜检修").await;
    let lines = json!([
        { "line": { "part": stock.fan, "quantity": 3 } },
        { "line": { "part": stock.disk, "serials": ["S1"] } },
    ]);
    let _: Written =
        wang.call("stock.use", json!({ "order": order_id, "lines": lines, "idempotency_key": "u" })).await;
    let back = json!({ "kind": "returned", "lines": [{ "part": stock.fan, "quantity": 1 }], "to": stock.shelf, "idempotency_key": "r" });
    let _: Written = wang.call("stock.move", back).await;

    let board: UsageBoard = wang.call("stock.usage", json!({ "width": 600 })).await;
    let used: Vec<(&str, i32)> = board.models.iter().map(|row| (row.id.as_str(), row.quantity)).collect();
    assert_eq!(used, [(stock.fan.as_str(), 2), (stock.disk.as_str(), 1)]);
    assert!(board.model_svg.contains("风扇") && board.how.contains("减退库"), "{}", board.how);
    let mut listed = 0;
    for (by, rows) in [("part", &board.models), ("object", &board.objects)] {
        for row in rows {
            let args = json!({ by: row.id, "used": true, "from": board.from });
            let page: LedgerPage = wang.call("stock.ledger", args).await;
            let signed = page
                .rows
                .iter()
                .map(|line| if line.kind == "issued" { line.quantity } else { -line.quantity });
            assert_eq!(signed.sum::<i32>(), row.quantity, "{by} {}", row.name);
            listed += 1;
        }
    }
    assert_eq!(listed, board.models.len() + board.objects.len());
    assert!(
        board.objects.iter().any(|row| row.id == "-"),
        "what came back is for no order: {:?}",
        board.objects
    );

    let ageing: AgeingBoard = wang.call("stock.ageing", json!({ "width": 600 })).await;
    let there: i32 = ageing.parts.iter().map(|part| part.on_hand).sum();
    let by_age: u32 = ageing.rows.iter().map(|row| row.quantity).sum();
    assert_eq!((there, by_age), (4, 4), "two fans and two disks");
    let of_age: AgeingBoard = wang.call("stock.ageing", json!({ "age": "d90" })).await;
    assert_eq!(u32::try_from(of_age.parts.len()).unwrap(), ageing.rows[0].models);
    let unknown = wang.try_call("stock.ageing", json!({ "age": "x" })).await.unwrap_err();
    assert_eq!(unknown.field.as_deref(), Some("age"));

    // A view of models is kept beside those of orders.
    let view =
        |list: &str, key: &str| json!({ "list": list, "name": "我的", "query": { key: "below_minimum" } });
    let views = json!([view("orders", "view"), view("stock", "view")]);
    let kept: PersonalDto = wang.call("personal.save", json!({ "views": views })).await;
    assert_eq!(kept.views.len(), 2);
    let foreign =
        wang.try_call("personal.save", json!({ "views": [view("stock", "level")] })).await.unwrap_err();
    assert_eq!(foreign.field.as_deref(), Some("views"));
}

#[tokio::test]
async fn several_pieces_are_scrapped_in_one_go_or_not_at_all() {
    let mut site = site();
    let keeper = keeper(&mut site);
    let stock = stocked(&site, &keeper).await;
    let ask = |serial: &str, key: &str| {
        json!({ "lines": [{ "part": stock.fan, "quantity": 1 }, { "part": stock.disk, "serials": ["S1", serial] }],
            "reason": "损坏", "fate": { "fate": "kept" }, "idempotency_key": key })
    };
    let twice = keeper.try_call("stock.scrap", ask("S1", "a")).await.unwrap_err();
    assert_eq!(twice.field.as_deref(), Some("lines.1.serials"), "{}", twice.message);
    let scraps: Vec<ScrapDto> = keeper.call("stock.scraps", json!({})).await;
    assert!(scraps.is_empty());
    let _: Written = keeper.call("stock.scrap", ask("S2", "b")).await;
    let scraps: Vec<ScrapDto> = keeper.call("stock.scraps", json!({})).await;
    assert_eq!(scraps.len(), 3, "each piece is signed for");
}

#[tokio::test]
async fn the_last_part_used_by_two_offline_is_told_and_settled() {
    let mut site = site();
    let keeper = keeper(&mut site);
    let stock = stocked(&site, &keeper).await;
    let less = json!({ "kind": "corrected", "lines": [{ "part": stock.fan, "quantity": -3 }], "to": stock.shelf, "reason": "清点", "idempotency_key": "less" });
    let _: Written = keeper.call("stock.move", less).await;
    keeper.sync(&mut site);
    let (wang, li) = (seat(&mut site, "wang", 2), seat(&mut site, "li", 3));
    for (seat, title) in [(&wang, "一楼"), (&li, "二楼")] {
        tick(&site, &[&keeper, &wang, &li]);
        let id = order(seat, title).await;
        let args = json!({ "order": id, "lines": [{ "line": { "part": stock.fan, "quantity": 1 } }], "text": "换风扇", "idempotency_key": title });
        let _: Written = seat.call("stock.use", args).await;
        assert_eq!(on_hand(&part(seat, &stock.fan).await).0, 0, "each took the last one");
    }
    for seat in [&wang, &li, &keeper, &wang, &li] {
        seat.sync(&mut site);
    }
    let mut told = Vec::new();
    for seat in [&keeper, &wang, &li] {
        let open: Vec<DiscrepancyDto> = seat.call("stock.discrepancies", json!({})).await;
        assert_eq!((open.len(), open[0].quantity, open[0].now), (1, -1, -1));
        assert_eq!(open[0].movements.len(), 1, "the one that took it below zero");
        told.push(open[0].movements[0].id.clone());
        assert_eq!(on_hand(&part(seat, &stock.fan).await).0, -1, "neither use was refused");
    }
    assert_eq!(told[0], told[1]);
    let conflicts: Vec<ConflictDto> = li.call("sync.conflicts", json!({})).await;
    assert!(conflicts.is_empty(), "a use is a fact");

    let fault = format!("{}|{}|supplier", stock.fan, stock.shelf);
    let settle = |quantity: i32, key: &str| {
        json!({ "kind": "corrected", "lines": [{ "part": stock.fan, "quantity": quantity }], "to": stock.shelf, "settles": fault,
            "reason": "上月入库一个漏记", "idempotency_key": key })
    };
    let _: Written = keeper.call("stock.move", settle(1, "settle")).await;
    let open: Vec<DiscrepancyDto> = keeper.call("stock.discrepancies", json!({})).await;
    assert!(open.is_empty(), "balance 0 and noted");
    let gone = keeper.try_call("stock.move", settle(1, "again")).await.unwrap_err();
    assert_eq!(gone.field.as_deref(), Some("settles"));
    keeper.sync(&mut site);
    wang.sync(&mut site);
    let open: Vec<DiscrepancyDto> = wang.call("stock.discrepancies", json!({})).await;
    assert!(open.is_empty());
    let before: BalanceAt = wang.call("stock.balance_at", json!({ "at": "2025-10-14T00:00:00+08:00" })).await;
    assert_eq!((before.balances.len(), before.total, before.movements), (0, 0, 0));
    for seat in [&keeper, &wang, &li] {
        let verified: VerifyDto = seat.call("audit.verify", json!({})).await;
        assert!(verified.problems.is_empty(), "{:?}", verified.problems);
    }
}

#[tokio::test]
async fn loans_and_repairs_come_back() {
    let mut site = site();
    let keeper = keeper(&mut site);
    let stock = stocked(&site, &keeper).await;
    let lent = json!({ "kind": "borrowed", "lines": [{ "part": stock.fan, "quantity": 2 }], "from": stock.shelf, "to": stock.loan,
        "custodian": keeper.user("wang"), "due": "2025-10-20", "idempotency_key": "lent" });
    let lent: Written = keeper.call("stock.move", lent).await;
    assert_eq!(on_hand(&part(&keeper, &stock.fan).await).0, 2);
    let back = |quantity: i32, key: &str| {
        json!({ "kind": "given_back", "lines": [{ "part": stock.fan, "quantity": quantity }], "from": stock.loan, "to": stock.shelf,
            "answers": lent.id, "idempotency_key": key })
    };
    let _: Written = keeper.call("stock.move", back(1, "back")).await;
    keeper.host.advance_ms((24 * 8) * 3_600_000);
    let loans: Vec<OutstandingDto> = keeper.call("stock.loans", json!({})).await;
    assert_eq!(
        (loans[0].quantity, loans[0].overdue, loans[0].text.as_str()),
        (1, true, "10-20 到期，已逾期 3 天")
    );
    let too_many = keeper.try_call("stock.move", back(2, "more")).await.unwrap_err();
    assert_eq!(too_many.field.as_deref(), Some("lines.0.quantity"));
    let _: Written = keeper.call("stock.move", back(1, "rest")).await;
    let loans: Vec<OutstandingDto> = keeper.call("stock.loans", json!({})).await;
    assert!(loans.is_empty());

    let sent = json!({ "kind": "sent_to_repair", "lines": [{ "part": stock.disk, "serials": ["S2"] }], "from": stock.shelf,
        "to": stock.vendor, "reason": "异响", "document": "送修-1", "idempotency_key": "sent" });
    let sent: Written = keeper.call("stock.move", sent).await;
    let disk = part(&keeper, &stock.disk).await;
    assert_eq!((disk.row.on_hand, disk.row.in_repair), (2, 1));
    let repairs: Vec<OutstandingDto> = keeper.call("stock.repairs", json!({})).await;
    assert_eq!(repairs[0].movement.serial, "S2");
    let other = json!({ "kind": "back_from_repair", "lines": [{ "part": stock.disk, "serials": ["S9"] }], "from": stock.vendor,
        "to": stock.shelf, "answers": sent.id, "idempotency_key": "other" });
    assert_eq!(
        keeper.try_call("stock.move", other).await.unwrap_err().field.as_deref(),
        Some("lines.0.serials")
    );
    let home = json!({ "kind": "back_from_repair", "lines": [{ "part": stock.disk, "serials": ["S2"] }], "from": stock.vendor,
        "to": stock.shelf, "answers": sent.id, "idempotency_key": "home" });
    let _: Written = keeper.call("stock.move", home).await;
    assert_eq!(part(&keeper, &stock.disk).await.row.in_repair, 0);
    let register: StockSheet =
        keeper.call("stock.print", json!({ "form": "repair_records", "idempotency_key": "p" })).await;
    let kinds: Vec<&str> = register.rows.iter().map(|row| row[1].as_str()).collect();
    assert_eq!((register.title.as_str(), kinds), ("维修记录表", vec!["送修", "修回"]));
}

#[tokio::test]
async fn scrapping_takes_two_signatures() {
    let mut site = site();
    let keeper = keeper(&mut site);
    let stock = stocked(&site, &keeper).await;
    let ask = |fate: Value, key: &str| json!({ "lines": [{ "part": stock.disk, "serials": ["S3"] }], "reason": "坏道过多", "fate": fate, "idempotency_key": key });
    let refused = keeper.try_call("stock.scrap", ask(json!({}), "a")).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("fate.released_by"), "a storage medium stays");
    let fate =
        json!({ "fate": "erased", "receiver": "保密办", "witness": "监理", "released_by": "放行单 7 号" });
    let asked: Written = keeper.call("stock.scrap", ask(fate, "b")).await;
    let own = keeper
        .try_call("stock.scrap_sign", json!({ "id": asked.id, "approve": true, "idempotency_key": "c" }))
        .await;
    assert_eq!(own.unwrap_err().code, DoorCode::NotAllowed);
    assert_eq!(on_hand(&part(&keeper, &stock.disk).await).0, 3, "nothing left yet");
    keeper.sync(&mut site);
    let boss = seat(&mut site, "boss", 2);
    let scraps: Vec<ScrapDto> = boss.call("stock.scraps", json!({})).await;
    assert!(scraps[0].may_sign && scraps[0].signatures.len() == 1);
    let _: Written = boss
        .call("stock.scrap_sign", json!({ "id": asked.id, "approve": true, "idempotency_key": "d" }))
        .await;
    boss.sync(&mut site);
    keeper.sync(&mut site);
    let disk = part(&keeper, &stock.disk).await;
    assert_eq!((on_hand(&disk).0, disk.ledger[0].kind.as_str()), (2, "scrapped"));
    let scraps: Vec<ScrapDto> = keeper.call("stock.scraps", json!({})).await;
    let names: Vec<&str> = scraps[0].signatures.iter().map(|signature| signature.name.as_str()).collect();
    assert_eq!((scraps[0].stage.as_str(), names), ("signed", vec!["钱库", "周衡"]));
    let gone: ScanReply = keeper.call("stock.scan", json!({ "code": "S3" })).await;
    assert!(gone.hint.contains("报废"), "{}", gone.hint);
}

#[tokio::test]
async fn two_count_blind_on_two_consoles_while_a_third_issues() {
    let mut site = site();
    let keeper = keeper(&mut site);
    let stock = stocked(&site, &keeper).await;
    let opened: Written =
        keeper.call("stock.take_open", json!({ "blind": true, "idempotency_key": "o" })).await;
    keeper.sync(&mut site);
    let (li, boss) = (seat(&mut site, "li", 2), seat(&mut site, "boss", 3));
    let take = async |seat: &Seat| -> TakeDto { seat.call("stock.take", json!({ "id": opened.id })).await };
    assert_eq!(take(&li).await.row.name, "2025年第四季度盘点");
    let count = async |seat: &Seat, lines: Value, key: &str| -> Written {
        seat.call("stock.take_count", json!({ "id": opened.id, "lines": lines, "idempotency_key": key }))
            .await
    };
    // S1 lies in the cabinet, S2 is missing, S7 is nobody's; of four fans three are there.
    let fans = |n: u32| json!({ "part": stock.fan, "place": stock.shelf, "quantity": n });
    let piece = |serial: &str, place: &str| json!({ "part": stock.disk, "place": place, "serial": serial, "quantity": 1 });
    count(&keeper, json!([fans(3), piece("S3", &stock.shelf)]), "k").await;
    count(&li, json!([fans(4), piece("S1", &stock.cabinet), piece("S7", &stock.cabinet)]), "l").await;
    assert!(take(&li).await.lines.iter().all(|line| line.mine && line.book.is_none()), "blind");
    for seat in [&keeper, &li, &keeper, &boss] {
        seat.sync(&mut site);
    }
    let early = boss.try_call("stock.take_close", json!({ "id": opened.id, "idempotency_key": "x" })).await;
    let early = early.unwrap_err();
    assert!(early.code == DoorCode::NotNow && early.message.contains("两人清点不一致"), "{}", early.message);
    count(&li, json!([fans(3)]), "l2").await;
    li.sync(&mut site);
    // Handed out after it was counted: it stays handed out after the adjustment.
    let wang = seat(&mut site, "wang", 4);
    for seat in [&keeper, &li, &boss, &wang] {
        seat.host.advance_ms(30 * 60_000);
    }
    site.advance_ms(30 * 60_000);
    let order_id = order(&wang, "机房高温").await;
    let used = json!({ "order": order_id, "lines": [{ "line": { "part": stock.fan, "quantity": 1 } }], "text": "换风扇", "idempotency_key": "u" });
    let _: Written = wang.call("stock.use", used).await;
    for seat in [&wang, &keeper, &boss] {
        seat.sync(&mut site);
    }
    let _: Written =
        keeper.call("stock.take_close", json!({ "id": opened.id, "idempotency_key": "cl" })).await;
    let closed = take(&keeper).await;
    let variance: Vec<(&str, &str, i32, u32)> = closed
        .variance
        .iter()
        .map(|row| (row.kind.as_str(), row.serial.as_str(), row.book, row.counted))
        .collect();
    let mut expected = vec![
        ("missing", "", 4, 3),
        ("misplaced", "S1", 0, 1),
        ("missing", "S2", 1, 0),
        ("surplus", "S7", 0, 1),
    ];
    let mut told = variance.clone();
    told.sort_unstable();
    expected.sort_unstable();
    assert_eq!(told, expected);
    let _: Written =
        keeper.call("stock.take_sign", json!({ "id": opened.id, "idempotency_key": "s1" })).await;
    let twice = keeper.try_call("stock.take_sign", json!({ "id": opened.id, "idempotency_key": "s2" })).await;
    assert_eq!(twice.unwrap_err().code, DoorCode::NotAllowed);
    for seat in [&keeper, &li] {
        seat.sync(&mut site);
    }
    let _: Written = li.call("stock.take_sign", json!({ "id": opened.id, "idempotency_key": "s3" })).await;
    for seat in [&li, &boss, &keeper] {
        seat.sync(&mut site);
    }
    let not_his =
        keeper.try_call("stock.take_adjust", json!({ "id": opened.id, "idempotency_key": "ad" })).await;
    assert_eq!(not_his.unwrap_err().code, DoorCode::NotAllowed);
    let _: Written =
        boss.call("stock.take_adjust", json!({ "id": opened.id, "idempotency_key": "ad" })).await;
    boss.sync(&mut site);
    keeper.sync(&mut site);
    let done = take(&keeper).await;
    assert_eq!((done.row.stage.as_str(), done.signatures.len()), ("adjusted", 3));
    assert_eq!(on_hand(&part(&keeper, &stock.fan).await).0, 2, "three counted, one handed out since");
    let disk = part(&keeper, &stock.disk).await;
    let at: Vec<(&str, &str)> =
        disk.serials.iter().map(|row| (row.serial.as_str(), row.place_name.as_str())).collect();
    assert_eq!(at, [("S1", "主库 / 应急柜"), ("S3", "主库"), ("S7", "主库 / 应急柜")]);
    assert_eq!(disk.row.on_hand, 3);
    let sheet: StockSheet =
        keeper.call("stock.print", json!({ "form": "take", "id": opened.id, "idempotency_key": "p" })).await;
    assert!(sheet.title == "盘点表" && sheet.note.contains("错位"), "{}", sheet.note);
}

#[tokio::test]
async fn an_old_part_whose_number_cannot_be_read_is_booked_with_the_reason() {
    let mut site = site();
    let keeper = keeper(&mut site);
    let stock = stocked(&site, &keeper).await;
    keeper.sync(&mut site);
    let wang = seat(&mut site, "wang", 2);
    let order_id = order(&wang, "硬盘烧毁").await;
    let line = json!({ "line": { "part": stock.disk, "serials": ["S1"] },
        "old": { "unreadable": "铭牌烧毁", "quantity": 3, "place": stock.removed } });
    let used = json!({ "order": order_id, "lines": [line], "text": "更换硬盘", "idempotency_key": "u" });
    let _: Written = wang.call("stock.use", used).await;
    let form: UseForm = wang.call("stock.use_form", json!({ "id": order_id })).await;
    let old = form.movements.iter().find(|row| row.kind == "replaced").unwrap();
    assert_eq!((old.serial.as_str(), old.quantity), ("", 1), "one piece, whatever is said");
    assert_eq!(old.reason, "更换硬盘；序列号无法辨认：铭牌烧毁");
    let disk = part(&wang, &stock.disk).await;
    assert_eq!(disk.balances.iter().map(|row| row.quantity).collect::<Vec<_>>(), [2, 1]);
    assert!(disk.discrepancies.is_empty());
    let slip: SlipPage = wang.call("stock.slips", json!({ "view": "mine" })).await;
    let back = json!({ "slip": slip.rows[0].id, "line": 0, "old": { "unreadable": "被水浸" }, "idempotency_key": "r" });
    let _: Written = wang.call("stock.return_old", back).await;
    let slip: SlipDto = wang.call("stock.slip", json!({ "id": slip.rows[0].id })).await;
    assert_eq!(slip.returned[0], "硬盘 ST4000，序列号无法辨认：被水浸，留存甲方");
}

#[tokio::test]
async fn lines_of_one_booking_are_booked_together_or_not_at_all() {
    let mut site = site();
    let keeper = keeper(&mut site);
    let stock = stocked(&site, &keeper).await;
    let booking = |lines: Value, key: &str| {
        json!({ "kind": "transferred", "from": stock.shelf, "to": stock.cabinet, "lines": lines,
            "idempotency_key": key })
    };
    let fans = json!({ "part": stock.fan, "quantity": 2 });
    let disks = |serials: Value| json!({ "part": stock.disk, "serials": serials });
    for (lines, field) in [
        (json!([]), "lines"),
        (json!([fans, disks(json!([]))]), "lines.1.serials"),
        (json!([fans, { "part": stock.fan, "quantity": 0 }]), "lines.1.quantity"),
        (json!([disks(json!(["S1"])), disks(json!(["S2", "S1"]))]), "lines.1.serials"),
    ] {
        let error = keeper.try_call("stock.move", booking(lines, "bad")).await.unwrap_err();
        assert_eq!(
            (error.code, error.field.as_deref()),
            (DoorCode::BadInput, Some(field)),
            "{}",
            error.message
        );
    }
    let two = json!({ "kind": "corrected", "to": stock.shelf, "reason": "清点", "corrects": "movement/none",
        "lines": [fans, fans], "idempotency_key": "two" });
    let error = keeper.try_call("stock.move", two).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("lines"), "a correction of one movement has one line");
    assert_eq!(part(&keeper, &stock.fan).await.ledger_total, 1, "nothing of it is booked");

    let both = booking(json!([fans, disks(json!(["S1", "S3"]))]), "both");
    let first: Written = keeper.call("stock.move", &both).await;
    let again: Written = keeper.call("stock.move", &both).await;
    assert_eq!((first.message.as_str(), &first.id), ("已登记移库 2 行", &again.id));
    let (fan, disk) = (part(&keeper, &stock.fan).await, part(&keeper, &stock.disk).await);
    assert_eq!((fan.ledger_total, disk.ledger_total), (2, 5), "a repeat books nothing");
    assert_eq!(
        (fan.row.places.as_str(), disk.row.places.as_str()),
        ("主库 2，主库 / 应急柜 2", "主库 1，主库 / 应急柜 2")
    );
    assert_eq!((fan.ledger[0].balance, fan.ledger[1].balance), (Some(4), Some(4)));
    let older: PartDetail =
        keeper.call("stock.part", json!({ "id": stock.disk, "offset": 3, "limit": 2 })).await;
    let balances: Vec<Option<i32>> = older.ledger.iter().map(|row| row.balance).collect();
    assert_eq!(balances, [Some(2), Some(1)], "each page goes on from the one before");
}

#[tokio::test]
async fn a_stocktake_given_up_books_nothing_and_keeps_its_reason() {
    let mut site = site();
    let keeper = keeper(&mut site);
    let stock = stocked(&site, &keeper).await;
    let opened: Written = keeper.call("stock.take_open", json!({ "idempotency_key": "o" })).await;
    let lines = json!([{ "part": stock.fan, "place": stock.shelf, "quantity": 1 }]);
    let count = json!({ "id": opened.id, "lines": lines, "idempotency_key": "c" });
    let _: Written = keeper.call("stock.take_count", &count).await;
    keeper.sync(&mut site);
    let wang = seat(&mut site, "wang", 2);
    let cancel = |words: &str, key: &str| json!({ "id": opened.id, "words": words, "idempotency_key": key });
    let error = wang.try_call("stock.take_cancel", cancel("重开", "x")).await.unwrap_err();
    assert_eq!(error.code, DoorCode::NotAllowed, "{}", error.message);
    let error = keeper.try_call("stock.take_cancel", cancel(" ", "y")).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (DoorCode::BadInput, Some("words")));
    let open: TakeDto = keeper.call("stock.take", json!({ "id": opened.id })).await;
    assert!(open.may.cancel && open.cancelled.is_empty());

    let first: Written = keeper.call("stock.take_cancel", cancel("改为分库盘点", "z")).await;
    let again: Written = keeper.call("stock.take_cancel", cancel("改为分库盘点", "z")).await;
    assert_eq!(first.id, again.id, "a repeat does nothing");
    keeper.sync(&mut site);
    wang.sync(&mut site);
    let done: TakeDto = wang.call("stock.take", json!({ "id": opened.id })).await;
    assert_eq!((done.row.stage.as_str(), done.lines.len()), ("cancelled", 1));
    assert!(
        done.cancelled.contains("钱库") && done.cancelled.ends_with("：改为分库盘点"),
        "{}",
        done.cancelled
    );
    assert!(!done.may.count && !done.may.cancel);
    let late = keeper.try_call("stock.take_close", cancel("", "l")).await.unwrap_err();
    assert_eq!(late.code, DoorCode::NotNow);
    assert_eq!(on_hand(&part(&wang, &stock.fan).await).0, 4, "the book is as it was");
    let stores: StockStores = wang.call("stock.stores", json!({})).await;
    assert_eq!(stores.stores[0].takes_open, 0);
}

#[tokio::test]
async fn two_keepers_issue_one_slip_and_one_is_kept_aside() {
    let mut site = site();
    let keeper = keeper(&mut site);
    let stock = stocked(&site, &keeper).await;
    keeper.sync(&mut site);
    let (wang, boss) = (seat(&mut site, "wang", 2), seat(&mut site, "boss", 3));
    let lines = json!([{ "part": stock.fan, "quantity": 1 }]);
    let asked: Written =
        wang.call("stock.ask", json!({ "lines": lines, "reason": "巡检备用", "idempotency_key": "a" })).await;
    wang.sync(&mut site);
    keeper.sync(&mut site);
    let _: Written = keeper.call("stock.approve", json!({ "id": asked.id, "idempotency_key": "b" })).await;
    keeper.sync(&mut site);
    boss.sync(&mut site);
    for seat in [&keeper, &boss] {
        let _: Written = seat.call("stock.issue", json!({ "id": asked.id, "idempotency_key": "i" })).await;
    }
    for seat in [&keeper, &boss, &keeper] {
        seat.sync(&mut site);
    }
    for seat in [&keeper, &boss] {
        assert_eq!(on_hand(&part(seat, &stock.fan).await).0, 3, "counted once");
        let aside: LedgerPage = seat.call("stock.ledger", json!({ "unreconciled": true })).await;
        assert_eq!((aside.total, aside.rows[0].by.as_str()), (1, "周衡"));
        assert!(aside.rows[0].unreconciled.contains("未被采纳"));
    }
}

#[tokio::test]
async fn a_table_with_a_mistake_changes_nothing() {
    let mut site = site();
    let keeper = keeper(&mut site);
    let stock = stocked(&site, &keeper).await;
    let head =
        "型号编号\t名称\t类别\t品牌\t规格型号\t单位\t管理方式\t下限\t存储介质\t库位\t归属\t序列号\t期初数量";
    let good = format!(
        "{head}\n{}\t风扇\t配件\t\tF80\t个\t按数量\t5\t\t\t\t\t\n\t内存\t配件\t金士顿\tD4-32\t条\t按序列号\t1\t\t二号库\t甲方\tM1\t1\n\t内存\t配件\t金士顿\tD4-32\t条\t按序列号\t1\t\t二号库\t甲方\tM2\t1",
        stock.fan
    );
    let bad = format!("{good}\n\t电源\t配件\t\tP1\t\t按数量\t一\t\t\t\t\t3");
    let preview: StockImportPreview = keeper.call("stock.import_preview", json!({ "text": bad })).await;
    let wrong: Vec<(u32, &str)> =
        preview.mistakes.iter().map(|mistake| (mistake.row, mistake.column.as_str())).collect();
    assert_eq!(wrong, [(5, "下限"), (5, "单位")]);
    let refused = keeper
        .try_call(
            "stock.import",
            json!({ "source": { "text": bad }, "digest": preview.digest, "idempotency_key": "i" }),
        )
        .await;
    assert_eq!(refused.unwrap_err().code, DoorCode::NotNow);
    let page: StockPage = keeper.call("stock.parts", json!({})).await;
    assert_eq!(page.total, 2, "nothing of it");

    let preview: StockImportPreview = keeper.call("stock.import_preview", json!({ "text": good })).await;
    assert!(preview.mistakes.is_empty(), "{:?}", preview.mistakes);
    assert_eq!((preview.added, preview.changed, preview.received), (1, 1, 2));
    assert_eq!(preview.places, ["二号库"]);
    assert!(preview.differences[0].text.contains("下限 2 → 5"), "{:?}", preview.differences[0]);
    let accept = json!({ "source": { "text": good }, "digest": preview.digest, "document": "期初", "idempotency_key": "j" });
    let _: Written = keeper.call("stock.import", &accept).await;
    let again: Written = keeper.call("stock.import", &accept).await;
    assert!(again.message.contains("已经导入"));
    let page: StockPage = keeper.call("stock.parts", json!({ "text": "内存" })).await;
    assert_eq!((page.rows[0].on_hand, page.rows[0].places.as_str()), (2, "二号库 2"));
    assert_eq!(part(&keeper, &stock.fan).await.row.minimum, 5);

    // What is exported is read back as it is.
    let file: ExportedFile = keeper
        .call("stock.export", json!({ "what": "template", "format": "xlsx", "idempotency_key": "t" }))
        .await;
    let same: StockImportPreview = keeper.call("stock.import_preview", json!({ "file": file.base64 })).await;
    assert!(
        same.mistakes.is_empty() && same.differences.is_empty(),
        "{:?}{:?}",
        same.mistakes,
        same.differences
    );
    assert_eq!((same.rows, same.same), (3, 3));

    // What was looked at is what is taken: a store that changed since is looked at again.
    let more = format!("{head}\n{}\t风扇\t配件\t\tF80\t个\t按数量\t9\t\t\t\t\t", stock.fan);
    let seen: StockImportPreview = keeper.call("stock.import_preview", json!({ "text": more })).await;
    let accept =
        |key: &str| json!({ "source": { "text": more }, "digest": seen.digest, "idempotency_key": key });
    let _: Written = keeper.call("stock.import", accept("k")).await;
    let stale = keeper.try_call("stock.import", accept("l")).await.unwrap_err();
    assert_eq!((stale.code, stale.field.as_deref()), (DoorCode::NotNow, Some("digest")));
    for what in ["parts", "balances", "ledger", "reorder", "repairs", "damages", "removals"] {
        let args = json!({ "what": what, "format": "csv", "idempotency_key": what });
        let file: ExportedFile = keeper.call("stock.export", args).await;
        assert!(file.name.ends_with(".csv"), "{what}");
    }
    keeper.hand_over(&mut site, "watch");
    let args = json!({ "what": "parts", "format": "csv", "idempotency_key": "w" });
    assert_eq!(keeper.try_call("stock.export", args).await.unwrap_err().code, DoorCode::NotAllowed);
}

/// 名称,单位,类别,规格型号,下限,库位,期初数量,备注 and two rows, as Excel saves CSV in China (GB18030); the
/// minimum of the second row is 两.
const CSV_WITH_A_MISTAKE: &str = "w/uzxiy1pc67LMDgsfAsuea48dDNusUsz8LP3iy/4s67LMbas/XK/cG/LLG416INCrXn1LTEo7/pLL/pLLXn1LQsUC03NTAsMizW97/iLDQsIsjf0+AsIMjIsuWwziINCsz4z98suPksz9/AwixMQy0zLMG9LNb3v+IsMTAsDQo=";
/// The same with a 5 there.
const CSV: &str = "w/uzxiy1pc67LMDgsfAsuea48dDNusUsz8LP3iy/4s67LMbas/XK/cG/LLG416INCrXn1LTEo7/pLL/pLLXn1LQsUC03NTAsMizW97/iLDQsIsjf0+AsIMjIsuWwziINCsz4z98suPksz9/AwixMQy0zLDUs1ve/4iwxMCwNCg==";

#[tokio::test]
async fn a_csv_file_is_a_table_like_any_other() {
    let mut site = site();
    let keeper = keeper(&mut site);
    stocked(&site, &keeper).await;
    let bad: StockImportPreview =
        keeper.call("stock.import_preview", json!({ "file": CSV_WITH_A_MISTAKE })).await;
    let wrong: Vec<(u32, &str)> =
        bad.mistakes.iter().map(|mistake| (mistake.row, mistake.column.as_str())).collect();
    assert_eq!(wrong, [(3, "下限")]);
    let good: StockImportPreview = keeper.call("stock.import_preview", json!({ "file": CSV })).await;
    assert_eq!((good.added, good.received, good.mistakes.len()), (2, 14, 0), "{:?}", good.mistakes);
    let accept = json!({ "source": { "file": CSV }, "digest": good.digest, "idempotency_key": "csv" });
    let _: Written = keeper.call("stock.import", accept).await;
    let page: StockPage = keeper.call("stock.parts", json!({ "text": "电源模块" })).await;
    assert_eq!((page.rows[0].on_hand, page.rows[0].minimum), (4, 2));
    assert_eq!(part(&keeper, &page.rows[0].id).await.card.note, "冗余, 热插拔");

    // What is exported as CSV, with its mark and watermark, is read back as it is.
    let args = json!({ "what": "template", "format": "csv", "idempotency_key": "t" });
    let file: ExportedFile = keeper.call("stock.export", args).await;
    let same: StockImportPreview = keeper.call("stock.import_preview", json!({ "file": file.base64 })).await;
    assert!(
        same.mistakes.is_empty() && same.differences.is_empty(),
        "{:?}{:?}",
        same.mistakes,
        same.differences
    );
    assert_eq!((same.rows, same.same), (4, 4));
    let binary =
        keeper.try_call("stock.import_preview", json!({ "file": "0M8R4KGxGuEAAAAA" })).await.unwrap_err();
    assert_eq!(binary.field.as_deref(), Some("file"), "{}", binary.message);
}

#[tokio::test]
async fn cards_are_changed_field_by_field() {
    let mut site = site();
    let keeper = keeper(&mut site);
    let stock = stocked(&site, &keeper).await;
    keeper.sync(&mut site);
    let boss = seat(&mut site, "boss", 2);
    let seen = part(&boss, &stock.fan).await.card;
    let note = async |seat: &Seat, card: &PartCard, key: &str| {
        let args = json!({ "id": stock.fan, "card": card, "seen": seen, "idempotency_key": key });
        seat.try_call("stock.note_part", args).await
    };
    note(&keeper, &PartCard { minimum: 3, ..seen.clone() }, "k").await.unwrap();
    note(&boss, &PartCard { note: "夏季多备".into(), minimum: 3, ..seen.clone() }, "b").await.unwrap();
    for seat in [&keeper, &boss, &keeper] {
        seat.sync(&mut site);
    }
    let conflicts: Vec<ConflictDto> = boss.call("sync.conflicts", json!({})).await;
    assert_eq!(conflicts.len(), 1, "both changed the minimum: the second loses and keeps his text");
    assert_eq!(part(&boss, &stock.fan).await.card.minimum, 3);
    let stale = note(&keeper, &PartCard { minimum: 9, ..seen.clone() }, "k2").await.unwrap_err();
    assert_eq!((stale.code, stale.field.as_deref()), (DoorCode::NotNow, Some("card.minimum")));
    let tracked = json!({ "id": stock.fan, "card": PartCard { tracking: "serial".into(), minimum: 3, ..seen.clone() }, "idempotency_key": "t" });
    let error = keeper.try_call("stock.note_part", tracked).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("card.tracking"));
    let closed =
        json!({ "id": stock.shelf, "name": "主库", "kind": "store", "closed": true, "idempotency_key": "c" });
    let error = keeper.try_call("stock.note_place", closed).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("closed"), "something lies there");
    let inside = json!({ "id": stock.shelf, "name": "主库", "kind": "store", "parent": stock.cabinet, "idempotency_key": "p" });
    assert_eq!(
        keeper.try_call("stock.note_place", inside).await.unwrap_err().field.as_deref(),
        Some("parent")
    );
}
