//! Transfers at the door: a site's store asks the centre's, which ships; what is in transit is seen on both
//! sides, a difference is told, and two who receive the same parcel offline do not double it.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panic and works on real files"
)]

mod site;

use serde_json::{Value, json};
use site::seat::Seat;
use site::{CONTRACT, Site, person};
use zaigang_center::core::NewUser;
use zaigang_console::door::dto::*;
use zaigang_domain::contract::Text;
use zaigang_domain::people::Role;

const HERE: &str = "c/guangxi-police/s/main";
const HUB: &str = "c/guangxi-police/s/hub";
const MINUTE_MS: u64 = 60_000;

/// A site with its own store, kept by 钱 and supervised by 周, and the centre's, kept by 吴 and supervised by 郑.
fn site() -> Site {
    let mut site = Site::new();
    for (login, name, role, division) in [
        ("keeper", "钱库", Role::StoreKeeper, "E总队"),
        ("second", "冯库", Role::StoreKeeper, "E总队"),
        ("boss", "周衡", Role::Supervisor, "E总队"),
        ("hub", "吴库", Role::StoreKeeper, "A总队"),
        ("chief", "郑衡", Role::Supervisor, "A总队"),
    ] {
        let divisions = vec![division.to_owned()];
        site.centre.user_add(&NewUser { divisions, ..person(login, name, role) }).unwrap();
    }
    let basis = "basis = { effective = \"2025-09-20\", who = \"科信办\", paper = \"备件管理办法\" }";
    let settings = format!(
        "contract = \"guangxi-police\"\n[[stock_store]]\nid = \"main\"\nname = \"现场备件库\"\n\
         divisions = [\"E总队\"]\n{basis}\n[[stock_store]]\nid = \"hub\"\nname = \"中心备件库\"\n\
         kind = \"centre\"\ndivisions = [\"A总队\"]\n{basis}\n"
    );
    site.publish_settled(CONTRACT, Some(Text { file: "settings", text: &settings }));
    site
}

/// A store's place and its fan and disk.
struct Shelf {
    place: String,
    fan: String,
    disk: String,
}

/// Notes a place and two models, and receives `fans` and the disks of these numbers.
async fn stocked(seat: &Seat, store: &str, fans: u32, disks: &[&str]) -> Shelf {
    let place: Written = seat
        .call(
            "stock.note_place",
            json!({ "store": store, "name": "主库", "kind": "store", "idempotency_key": format!("p{store}") }),
        )
        .await;
    let mut parts = Vec::new();
    for (name, tracking) in [("风扇", "plain"), ("硬盘", "serial")] {
        let card = json!({ "name": name, "model": "M1", "unit": "个", "tracking": tracking, "minimum": 2 });
        let key = format!("{name}{store}");
        let args = json!({ "store": store, "card": card, "idempotency_key": key });
        let noted: Written = seat.call("stock.note_part", args).await;
        parts.push(noted.id);
    }
    seat.host.advance_ms(MINUTE_MS);
    let mut lines = Vec::new();
    if fans > 0 {
        lines.push(json!({ "part": parts[0], "quantity": fans }));
    }
    if !disks.is_empty() {
        lines.push(json!({ "part": parts[1], "serials": disks }));
    }
    if !lines.is_empty() {
        let moved = json!({ "store": store, "kind": "received", "lines": lines, "to": place.id,
            "idempotency_key": format!("in{store}") });
        let _: Written = seat.call("stock.move", moved).await;
    }
    seat.host.advance_ms(MINUTE_MS);
    Shelf { place: place.id, fan: parts.remove(0), disk: parts.remove(0) }
}

fn round(site: &mut Site, seats: &[&Seat]) {
    for _ in 0..2 {
        seats.iter().for_each(|seat| seat.sync(site));
    }
}

/// A minute goes by everywhere: what happens at one instant has no order.
fn tick(site: &Site, seats: &[&Seat]) {
    site.advance_ms(i64::try_from(MINUTE_MS).unwrap());
    seats.iter().for_each(|seat| seat.host.advance_ms(MINUTE_MS));
}

async fn seen(seat: &Seat, store: &str, id: &str) -> TransferDto {
    seat.call("stock.transfer", json!({ "id": id, "store": store })).await
}

async fn part(seat: &Seat, id: &str) -> PartDetail {
    seat.call("stock.part", json!({ "id": id })).await
}

async fn refused(seat: &Seat, command: &str, mut args: Value) -> DoorError {
    args["idempotency_key"] = json!("refused");
    seat.try_call(command, args).await.unwrap_err()
}

/// Asked by 钱 for 5 fans and 2 disks, and approved by 周.
async fn approved(keeper: &Seat, here: &Shelf) -> String {
    let lines = json!([{ "part": here.fan, "quantity": 5 }, { "part": here.disk, "quantity": 2 }]);
    let args =
        json!({ "store": HERE, "from": HUB, "lines": lines, "reason": "低于下限", "idempotency_key": "ask" });
    let asked: Written = keeper.call("stock.transfer_ask", &args).await;
    let again: Written = keeper.call("stock.transfer_ask", &args).await;
    assert_eq!(asked.id, again.id, "a repeat does nothing");
    let own = refused(keeper, "stock.transfer_approve", json!({ "id": asked.id })).await;
    assert_eq!(own.code, DoorCode::NotAllowed, "{}", own.message);
    asked.id
}

fn item(name: &str) -> Value {
    json!({ "name": name, "model": "M1", "owner": "supplier" })
}

#[tokio::test]
async fn parts_go_from_the_centres_store_to_a_sites_and_what_differs_is_told() {
    let mut site = site();
    let keeper = Seat::holding(&mut site, "keeper", 1, &[HERE, HUB]);
    let boss = Seat::holding(&mut site, "boss", 2, &[HERE, HUB]);
    let hub = Seat::holding(&mut site, "hub", 3, &[HERE, HUB]);
    let chief = Seat::holding(&mut site, "chief", 4, &[HERE, HUB]);
    let all = [&keeper, &boss, &hub, &chief];
    let here = stocked(&keeper, HERE, 1, &[]).await;
    let there = stocked(&hub, HUB, 9, &["D1", "D2", "D3"]).await;
    tick(&site, &all);
    tick(&site, &all);
    let page: TransferPage = keeper.call("stock.transfers", json!({ "store": HERE })).await;
    let source = &page.sources[0];
    assert_eq!((source.id.as_str(), source.central, source.held), (HUB, true, true));
    let id = approved(&keeper, &here).await;
    round(&mut site, &all);
    let early = refused(&hub, "stock.transfer_ship", json!({ "id": id, "lines": [] })).await;
    assert_eq!(early.code, DoorCode::NotNow, "{}", early.message);
    let _: Written = boss.call("stock.transfer_approve", json!({ "id": id, "idempotency_key": "ok" })).await;
    round(&mut site, &all);

    // The shipping store's keeper books out, and nobody else.
    let waits = seen(&hub, HUB, &id).await;
    assert_eq!((waits.role.as_str(), waits.stage.as_str(), waits.may.ship), ("out", "approved", true));
    assert!(!waits.may.decide && !waits.may.receive);
    let lines =
        json!([{ "part": there.fan, "quantity": 5 }, { "part": there.disk, "serials": ["D1", "D2"] }]);
    let ship =
        json!({ "id": id, "lines": lines, "carrier": "专车", "document": "出-7", "idempotency_key": "ship" });
    let other = refused(&keeper, "stock.transfer_ship", ship.clone()).await;
    assert_eq!(other.code, DoorCode::NotAllowed, "{}", other.message);
    tick(&site, &all);
    let done: Written = hub.call("stock.transfer_ship", ship).await;
    assert!(done.message.contains("在途"), "{}", done.message);
    round(&mut site, &all);
    for (seat, store, shelf, role, on_hand, arriving) in
        [(&hub, HUB, &there, "out", 4, 0), (&keeper, HERE, &here, "in", 1, 5)]
    {
        let card = part(seat, &shelf.fan).await;
        assert_eq!((card.row.on_hand, card.row.arriving), (on_hand, arriving));
        let transit = &card.transit[0];
        assert_eq!((transit.quantity, transit.role.as_str()), (5, role));
        let transfer = seen(seat, store, &id).await;
        assert_eq!((transfer.stage.as_str(), transfer.carrier.as_str()), ("in_transit", "专车"));
        let page: TransferPage =
            seat.call("stock.transfers", json!({ "store": store, "view": "in_transit" })).await;
        assert_eq!((page.rows.len(), page.counts[1].count), (1, 1));
    }
    let reorder: Vec<ReorderRow> = keeper.call("stock.reorder", json!({ "store": HERE })).await;
    let fans = reorder.iter().find(|row| row.part.name == "风扇").unwrap();
    assert_eq!(fans.suggested, 0, "what is on the way is not asked for again: {}", fans.why);

    // One fan short and another disk: told, and not refused.
    site.advance_ms(3 * 24 * 3_600_000);
    all.iter().for_each(|seat| seat.host.advance_ms(3 * 24 * 3_600_000));
    let late = seen(&keeper, HERE, &id).await;
    assert_eq!((late.days, late.may.receive), (3, true));
    let args = json!({ "id": id, "to": here.place, "lines": [
        { "item": item("风扇"), "quantity": 4 }, { "item": item("硬盘"), "serials": ["D1", "D2"] }] });
    let silent = refused(&keeper, "stock.transfer_receive", args.clone()).await;
    assert_eq!(silent.field.as_deref(), Some("words"), "{}", silent.message);
    assert!(silent.message.contains("风扇 M1 短 1 个"), "{}", silent.message);
    let mut words = args.clone();
    words["words"] = json!("外箱破损");
    words["idempotency_key"] = json!("receive");
    let _: Written = keeper.call("stock.transfer_receive", &words).await;
    let again: Written = keeper.call("stock.transfer_receive", &words).await;
    assert!(again.changed.is_empty(), "a repeat does nothing");
    round(&mut site, &all);
    let differs = seen(&hub, HUB, &id).await;
    assert_eq!((differs.stage.as_str(), differs.may.settle), ("differs", false), "not by who shipped it");
    assert!(differs.notes[0].contains("账实不符：风扇 M1 发 5，收 4，短少 1 个"), "{:?}", differs.notes);
    let sheet: StockSheet = hub
        .call(
            "stock.print",
            json!({ "store": HUB, "form": "transfer", "id": id, "idempotency_key": "print" }),
        )
        .await;
    let signed: Vec<&str> = sheet.signatures.iter().map(|field| field.text.as_str()).collect();
    assert_eq!(signed, ["钱库", "周衡", "吴库", "钱库"]);
    let settle =
        json!({ "id": id, "words": "运输中丢失，承运方赔付，单据 赔-3", "idempotency_key": "settle" });
    assert_eq!(refused(&hub, "stock.transfer_settle", settle.clone()).await.code, DoorCode::NotAllowed);
    let _: Written = chief.call("stock.transfer_settle", settle).await;
    round(&mut site, &all);
    let done = seen(&keeper, HERE, &id).await;
    assert_eq!((done.stage.as_str(), done.notes.len()), ("done", 0), "{:?}", done.notes);
    assert_eq!(part(&keeper, &here.fan).await.row.on_hand, 5);
    assert_eq!(part(&keeper, &here.disk).await.serials.len(), 2);
    assert!(part(&hub, &there.fan).await.transit.is_empty());
    for seat in all {
        let verified: VerifyDto = seat.call("audit.verify", json!({})).await;
        assert!(verified.problems.is_empty(), "{:?}", verified.problems);
    }
}

#[tokio::test]
async fn two_who_receive_the_same_parcel_offline_do_not_double_it() {
    let mut site = site();
    let keeper = Seat::holding(&mut site, "keeper", 1, &[HERE, HUB]);
    let second = Seat::holding(&mut site, "second", 2, &[HERE, HUB]);
    let hub = Seat::holding(&mut site, "hub", 3, &[HERE, HUB]);
    let all = [&keeper, &second, &hub];
    let here = stocked(&keeper, HERE, 0, &[]).await;
    let there = stocked(&hub, HUB, 9, &[]).await;
    tick(&site, &all);
    tick(&site, &all);
    let id = approved(&keeper, &here).await;
    round(&mut site, &all);
    let _: Written =
        second.call("stock.transfer_approve", json!({ "id": id, "idempotency_key": "ok" })).await;
    round(&mut site, &all);
    tick(&site, &all);
    let lines = json!([{ "part": there.fan, "quantity": 5 }]);
    let _: Written =
        hub.call("stock.transfer_ship", json!({ "id": id, "lines": lines, "idempotency_key": "s" })).await;
    round(&mut site, &all);
    tick(&site, &all);
    for (seat, key) in [(&keeper, "a"), (&second, "b")] {
        let args = json!({ "id": id, "to": here.place, "lines": [{ "item": item("风扇"), "quantity": 5 }],
            "idempotency_key": key });
        let _: Written = seat.call("stock.transfer_receive", args).await;
        assert_eq!(part(seat, &here.fan).await.row.on_hand, 5);
    }
    round(&mut site, &all);
    for seat in [&keeper, &second] {
        let card = part(seat, &here.fan).await;
        assert_eq!((card.row.on_hand, card.transit.len()), (5, 0), "received once");
        let lost = card.ledger.iter().filter(|row| !row.unreconciled.is_empty()).count();
        assert_eq!(lost, 1, "and the other stays on the list");
    }
    let left = part(&hub, &there.fan).await;
    assert_eq!((left.row.on_hand, left.transit.len()), (4, 0));
    assert_eq!(seen(&hub, HUB, &id).await.stage.as_str(), "done");
}

#[tokio::test]
async fn a_console_without_the_other_stores_log_says_which_half_it_lacks() {
    let mut site = site();
    let keeper = Seat::holding(&mut site, "keeper", 1, &[HERE]);
    let boss = Seat::holding(&mut site, "boss", 2, &[HERE]);
    let hub = Seat::holding(&mut site, "hub", 3, &[HERE, HUB]);
    let all = [&keeper, &boss, &hub];
    let here = stocked(&keeper, HERE, 0, &[]).await;
    let there = stocked(&hub, HUB, 9, &["D1"]).await;
    tick(&site, &all);
    tick(&site, &all);
    let id = approved(&keeper, &here).await;
    round(&mut site, &all);
    let _: Written = boss.call("stock.transfer_approve", json!({ "id": id, "idempotency_key": "ok" })).await;
    round(&mut site, &all);
    let known = seen(&keeper, HERE, &id).await;
    assert_eq!((known.stage.as_str(), known.other_held), ("approved", false));
    assert!(known.notes[0].contains("没有发货库的数据"), "{:?}", known.notes);
    let ship = refused(&keeper, "stock.transfer_ship", json!({ "id": id, "lines": [] })).await;
    assert_eq!(ship.code, DoorCode::NotNow, "{}", ship.message);
    tick(&site, &all);
    // It arrives before this console could ever know that it was shipped.
    let args = json!({ "id": id, "to": here.place, "lines": [{ "item": item("风扇"), "quantity": 5 }],
        "idempotency_key": "r" });
    let _: Written = keeper.call("stock.transfer_receive", args).await;
    round(&mut site, &all);
    let unshipped = seen(&hub, HUB, &id).await;
    assert_eq!(unshipped.stage.as_str(), "unshipped", "{:?}", unshipped.notes);
    assert!(unshipped.notes[0].contains("补记发货") && unshipped.may.ship, "{:?}", unshipped.notes);
    let lines = json!([{ "part": there.fan, "quantity": 5 }]);
    let _: Written =
        hub.call("stock.transfer_ship", json!({ "id": id, "lines": lines, "idempotency_key": "s" })).await;
    round(&mut site, &all);
    assert_eq!(seen(&hub, HUB, &id).await.stage.as_str(), "done");
    assert_eq!(part(&hub, &there.fan).await.row.on_hand, 4);
    let outside = refused(&hub, "stock.transfer_cancel", json!({ "id": id })).await;
    assert_eq!(outside.code, DoorCode::NotAllowed, "the asking store's act: {}", outside.message);
}

#[tokio::test]
async fn what_a_store_owes_is_told_to_whoever_keeps_it() {
    let mut site = site();
    let keeper = Seat::holding(&mut site, "boss", 1, &[HERE, "c/guangxi-police/common"]);
    let here = stocked(&keeper, HERE, 9, &["D1"]).await;
    let loan: Written = keeper
        .call(
            "stock.note_place",
            json!({ "store": HERE, "name": "借出", "kind": "loan", "idempotency_key": "loan" }),
        )
        .await;
    let lent = json!({ "store": HERE, "kind": "borrowed", "lines": [{ "part": here.disk, "serials": ["D1"] }],
        "from": here.place, "to": loan.id, "reason": "借网安支队", "due": "2025-10-20", "idempotency_key": "lend" });
    let _: Written = keeper.call("stock.move", lent).await;
    let told = |matters: &StockMatters| -> Vec<(String, bool)> {
        matters.matters.iter().map(|each| (each.kind.clone(), each.overdue)).collect()
    };
    let none: StockMatters = keeper.call("stock.matters", json!({})).await;
    assert_eq!(told(&none), [], "neither the loan nor the quarter is due");
    let handover: HandoverForm = keeper.call("handover.form", json!({})).await;
    let thing = handover.things.iter().find(|thing| thing.name.contains("D1")).unwrap();
    assert_eq!((thing.kind.as_str(), thing.count), ("part", 1));
    assert!(thing.note.contains("借网安支队"), "{}", thing.note);
    let plans: CoverageList = keeper.call("coverage.list", json!({})).await;
    let spares: Vec<(&str, u32)> =
        plans.blank.spares.iter().map(|spare| (spare.name.as_str(), spare.quantity)).collect();
    assert!(spares.contains(&("风扇 M1", 2)) && spares.contains(&("硬盘 M1", 0)), "{spares:?}");
    // Ten weeks later the loan is overdue and the quarter nearly over; after New Year its stocktake is owed.
    for (days, expected) in [(70, [("loan", true), ("take", false)]), (12, [("loan", true), ("take", true)])]
    {
        keeper.host.advance_ms(days * 24 * 3_600_000);
        let matters: StockMatters = keeper.call("stock.matters", json!({})).await;
        let expected: Vec<(String, bool)> =
            expected.map(|(kind, overdue)| (kind.to_owned(), overdue)).to_vec();
        let mut found = told(&matters);
        found.sort();
        assert_eq!(found, expected, "{:?}", matters.matters);
    }
    let list: SpareListDto = keeper.call("stock.spares", json!({ "store": HERE })).await;
    assert!(
        list.rows.is_empty() && list.required.is_none() && list.hint.contains("没有逐项列出"),
        "{}",
        list.hint
    );
}
