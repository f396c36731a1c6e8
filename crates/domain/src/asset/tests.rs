use super::*;
use crate::event::{EntityId, EventId, LogName, Reason, Recorded, UserId, Verdict};
use crate::judge::{EntityState, Incoming, fold_entity, judge};
use crate::people::{Actor, DeviceState, Role, UserState};
use crate::stock::Sheet as _;
use jiff::Timestamp;
use jiff::civil::date;
use std::collections::BTreeMap;

fn actor(role: Role) -> Actor {
    let state = UserState { roles: vec![role], ..UserState::default() };
    Actor::of(UserId::new("u1").unwrap(), &state, Some(&DeviceState::default()), true)
}

fn id(n: u8) -> EventId {
    EventId([n; 16])
}

fn card() -> AssetCard {
    AssetCard {
        name: "核心交换机".into(),
        model: "S5720".into(),
        serial: "SN-1".into(),
        quantity: 1,
        ..AssetCard::default()
    }
}

fn noted(card: &AssetCard) -> String {
    serde_json::to_string(&Noted { card: card.clone(), ..Noted::default() }).unwrap()
}

fn changed(life: LifeState) -> String {
    let changed = Changed {
        life,
        on: date(2025, 10, 15),
        reason: "更换".into(),
        order: None,
        receiver: String::new(),
        pass_no: String::new(),
    };
    serde_json::to_string(&changed).unwrap()
}

/// The centre: judges and folds one event.
struct Centre {
    state: Option<EntityState>,
}

impl Centre {
    fn put(
        &mut self,
        n: u8,
        kind: &str,
        payload: &str,
        expect: &[(&str, &str)],
        role: Role,
    ) -> (Verdict, Option<Reason>) {
        let log = LogName::division("guangxi-police", "E总队").unwrap();
        let entity = EntityId::new("asset/1").unwrap();
        let expect: BTreeMap<String, String> =
            expect.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let incoming = Incoming {
            id: id(n),
            kind,
            tv: 1,
            log: &log,
            entity: &entity,
            expect: &expect,
            payload,
            consent_signed: false,
        };
        let judged = judge(self.state.as_ref(), &incoming, &actor(role), &[]);
        let event = Recorded {
            id: id(n),
            kind,
            tv: 1,
            user: None,
            entity: &entity,
            seq: Some(u64::from(n)),
            effective_at: Timestamp::UNIX_EPOCH,
            claimed_at: Timestamp::UNIX_EPOCH,
            trust: None,
            verdict: Some(judged.verdict),
            deps: &[],
            payload,
        };
        self.state = fold_entity(self.state.take(), &event);
        (judged.verdict, judged.reason)
    }

    fn asset(&self) -> &Asset {
        self.state.as_ref().and_then(EntityState::asset).unwrap()
    }
}

#[test]
fn text_that_gives_a_secret_is_told_from_names_of_equipment() {
    let secret = [
        "口令：Admin@123",
        "密码为abc123",
        "密码是：Abc@12",
        "root 密码 P@ssw0rd",
        "登录密码Admin@2024",
        "pwd=abc",
        "PASSWORD: hunter2",
        "ｐｗｄ＝ａｂｃ１",
        "管理口 key: 8f3a",
        "api token=ab12",
        "SNMP community: public",
        "团体字：public",
        "第一行\n口令: x9y8",
        "密钥=MIIE",
        "passwd \"q1w2e3\"",
    ];
    for text in secret {
        assert!(looks_secret(text), "{text}");
    }
    let plain = [
        "",
        "服务器密码机 SJJ1012",
        "密码键盘 K100",
        "密钥管理系统",
        "USB Key 2000",
        "密码：见保险柜",
        "口令由甲方保管",
        "密码 A1",
        "monkey: banana",
        "keyboard: K120",
        "动态口令卡",
        "12-14",
        "bypass: yes",
        "国密密码卡 PCI-E",
    ];
    for text in plain {
        assert!(!looks_secret(text), "{text}");
    }
}

#[test]
fn two_changes_of_different_fields_stand_and_of_the_same_the_second_loses() {
    let mut centre = Centre { state: None };
    let first = card();
    assert_eq!(centre.put(1, "asset.noted", &noted(&first), &[], Role::Engineer).0, Verdict::Accepted);
    let placed = AssetCard { place: "三楼".into(), ..first.clone() };
    let told = centre.put(2, "asset.noted", &noted(&placed), &[("place", "")], Role::Dispatcher);
    assert_eq!(told.0, Verdict::Accepted);
    let elsewhere = AssetCard { place: "四楼".into(), ..first.clone() };
    let lost = centre.put(3, "asset.noted", &noted(&elsewhere), &[("place", "")], Role::Engineer);
    assert_eq!(lost, (Verdict::Rejected, Some(Reason::StateChanged)));
    // Who saw neither and changed another field alone takes nothing back.
    let racked = AssetCard { rack: "A03".into(), ..first };
    let racked = Noted { card: racked, fields: vec!["rack".into()], addresses: false };
    let racked = serde_json::to_string(&racked).unwrap();
    let told = centre.put(4, "asset.noted", &racked, &[("rack", "")], Role::Engineer);
    assert_eq!((told.0, centre.asset().card.rack.as_str()), (Verdict::Accepted, "A03"));
    assert_eq!(centre.asset().card.place, "三楼");
    assert_eq!(centre.asset().touched.get("place"), Some(&id(2)));
}

#[test]
fn states_change_with_day_and_reason_and_the_second_of_two_loses() {
    let mut centre = Centre { state: None };
    let waits = centre.put(1, "asset.changed", &changed(LifeState::Removed), &[], Role::Engineer);
    assert_eq!(waits, (Verdict::Parked, Some(Reason::NoEntity)));
    centre.put(2, "asset.noted", &noted(&card()), &[], Role::Engineer);
    let expect = [("life", "in_use")];
    let removed = centre.put(3, "asset.changed", &changed(LifeState::Removed), &expect, Role::Engineer);
    assert_eq!(removed.0, Verdict::Accepted);
    assert_eq!(centre.asset().life, LifeState::Removed);
    assert!(!centre.asset().life.is_living());
    let late = centre.put(4, "asset.changed", &changed(LifeState::InRepair), &expect, Role::Engineer);
    assert_eq!(late, (Verdict::Rejected, Some(Reason::StateChanged)));
    let expect = [("life", "removed")];
    centre.put(5, "asset.changed", &changed(LifeState::Scrapped), &expect, Role::StoreKeeper);
    let expect = [("life", "scrapped")];
    let back = centre.put(6, "asset.changed", &changed(LifeState::InUse), &expect, Role::Engineer);
    assert_eq!(back, (Verdict::Rejected, Some(Reason::NotLegalNow)), "a scrapped device stays so");
    let back = centre.put(7, "asset.changed", &changed(LifeState::InUse), &expect, Role::Supervisor);
    assert_eq!(back.0, Verdict::Accepted, "but for who puts a mistake right");
}

#[test]
fn the_centre_refuses_what_no_form_would_write() {
    let whole = card();
    let no_reason = r#"{"life":"stopped","on":"2025-10-15","reason":""}"#;
    let table: &[(&str, String)] = &[
        ("asset.noted", noted(&AssetCard { note: "口令：Admin@123".into(), ..whole.clone() })),
        ("asset.noted", noted(&AssetCard { name: String::new(), ..whole.clone() })),
        ("asset.noted", noted(&AssetCard { quantity: 2, ..whole.clone() })),
        (
            "asset.noted",
            noted(&AssetCard { parent: Some(EntityId::new("asset/1").unwrap()), ..whole.clone() }),
        ),
        (
            "asset.noted",
            noted(&AssetCard { parent: Some(EntityId::new("order/1").unwrap()), ..whole.clone() }),
        ),
        ("asset.changed", no_reason.to_owned()),
        ("asset.changed", changed(LifeState::InRepair).replace("更换", "密码=abc1")),
    ];
    for (kind, payload) in table {
        let told = Centre { state: None }.put(1, kind, payload, &[], Role::Supervisor);
        assert_eq!(told, (Verdict::Rejected, Some(Reason::Malformed)), "{payload}");
    }
    let buyer = Centre { state: None }.put(1, "asset.noted", &noted(&whole), &[], Role::BuyerContact);
    assert_eq!(buyer, (Verdict::Parked, Some(Reason::NoRight)));
}

#[test]
fn every_field_is_named_once_and_can_be_relied_on() {
    let card = card();
    for field in AssetCard::FIELDS {
        assert!(card.field(field).is_some(), "{field}");
    }
    for (field, _) in card.texts() {
        assert!(AssetCard::FIELDS.contains(&field), "{field}");
    }
    assert_eq!(card.field("from_2031"), None);
}

/// The bytes of these payloads are in logs for ever.
#[test]
fn payloads_are_frozen_and_tolerant() {
    let json = r#"{"name":"核心交换机","model":"S5720","serial":"SN-1","quantity":1}"#;
    assert_eq!(noted(&card()), json);
    let newer = r#"{"name":"交换机","quantity":1,"from_2031":[1],"addresses":true}"#;
    let read: Noted = serde_json::from_str(newer).unwrap();
    assert!(read.addresses && read.card.serial.is_empty());
    assert_eq!(changed(LifeState::Removed), r#"{"life":"removed","on":"2025-10-15","reason":"更换"}"#);
}

#[test]
fn serial_numbers_are_compared_without_case_and_spaces() {
    assert_eq!(serial_key(" sn-1 a "), "SN-1A");
}

#[test]
fn the_board_counts_months_quarters_ages_and_objects() {
    let today = date(2025, 11, 15);
    let device = |object: &str, end: Option<jiff::civil::Date>, since: Option<jiff::civil::Date>| Dated {
        object: object.into(),
        quantity: 2,
        end,
        since,
    };
    let devices = [
        device("1.1", Some(date(2025, 11, 14)), Some(date(2024, 11, 16))),
        device("1.1", Some(date(2025, 11, 15)), Some(date(2024, 11, 15))),
        device("2.1", Some(date(2026, 2, 13)), Some(date(2017, 1, 1))),
        device("2.1", Some(date(2026, 2, 14)), None),
        device("", None, Some(date(2022, 11, 15))),
    ];
    let covers: Vec<Cover> = devices.iter().map(|device| Cover::of(device.end, today)).collect();
    assert_eq!(covers, [Cover::Expired, Cover::Soon, Cover::Soon, Cover::Covered, Cover::Unknown]);
    let board = board(&devices, today);
    assert_eq!((board.all.total, board.all.expired, board.all.soon, board.all.unknown), (5, 1, 2, 1));
    let november = &board.months[0];
    assert_eq!((november.from, november.to), (date(2025, 11, 1), date(2025, 11, 30)));
    assert_eq!((november.cards, november.pieces), (2, 4));
    assert_eq!(board.months[3].cards, 2, "February");
    assert_eq!(board.months.len(), 13);
    assert_eq!((board.quarters[0].from, board.quarters[0].cards), (date(2025, 10, 1), 2));
    assert_eq!((board.quarters[1].to, board.quarters[1].cards), (date(2026, 3, 31), 2));
    let ages: Vec<u32> = board.ages.iter().map(|age| age.cards).collect();
    assert_eq!(ages, [1, 1, 1, 0, 1]);
    assert_eq!(board.ageless, 1);
    let first: Vec<&str> = board.objects.iter().map(|row| row.object.as_str()).collect();
    assert_eq!(first, ["1.1", "2.1", ""]);
}
