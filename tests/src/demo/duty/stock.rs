//! The store-room: places, models, what came in and went out, and a slip that waits.
//!
//! One model is below its minimum, one loan is overdue, one piece is at the maker's, and of one thing more
//! was taken than the book had. From the centre's store one transfer is on the way and another is asked for.

use anyhow::{Context, Result};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use zaigang_domain::event::{EntityId, LogName};
use zaigang_domain::judge::EntityState;
use zaigang_domain::stock::{
    Asked, Decided, Fate, Made, MovementKind, Owner, PartCard, PlaceCard, PlaceKind, Shipped, SlipLine,
    Tracking, TransferAsked, TransferLine,
};

use super::{Act, SUPERVISOR, Turn, days_later, draft, moment};
use crate::demo::write::Fleet;

/// Whoever asks for parts today.
const ASKER: &str = "xiayunqi";

/// Whoever keeps the centre's store, and approves what the site's asks of it.
const HUB_KEEPER: &str = "yezhiqiu";
/// The centre's store.
const HUB: &str = "hub";

/// What is done in the store-room.
#[derive(Debug, Clone, Copy)]
pub(super) enum Event {
    /// A place is noted.
    Place(&'static str, PlaceKind, &'static str),
    /// A model is noted, and its first pieces come in.
    Model(&'static Model),
    /// Something goes out or comes back.
    Move(&'static Move),
    /// Parts are asked for.
    Ask(&'static str, u32, &'static str),
    /// The centre's store is filled, and ships what was asked and approved.
    Ship,
    /// Something more is asked of it.
    Want(&'static str, u32, &'static str),
}

/// A model of the catalogue.
#[derive(Debug)]
pub(super) struct Model {
    name: &'static str,
    category: &'static str,
    model: &'static str,
    unit: &'static str,
    tracking: Tracking,
    minimum: u32,
    storage_medium: bool,
    place: &'static str,
    /// Pieces that come in on the first day.
    first: u32,
}

/// One movement of one model, days before the demo's own.
#[derive(Debug)]
pub(super) struct Move {
    kind: MovementKind,
    name: &'static str,
    quantity: u32,
    /// Place it comes from and goes to.
    way: [Option<&'static str>; 2],
    when: (i32, i8, i8),
    reason: &'static str,
    /// Days after the day of the demo on which it is due back.
    due: Option<i32>,
}

const ROOM: &str = "信息中心备件库";
const SHELF_A: &str = "A 架";
const SHELF_B: &str = "B 架";
const VENDOR: &str = "厂商维修";
const LOAN: &str = "借出";
const REMOVED: &str = "坏件区";

const PLACES: &[(&str, PlaceKind, &str)] = &[
    (ROOM, PlaceKind::Store, ""),
    (SHELF_A, PlaceKind::Cabinet, ROOM),
    (SHELF_B, PlaceKind::Cabinet, ROOM),
    (REMOVED, PlaceKind::Removed, ROOM),
    (VENDOR, PlaceKind::Vendor, ""),
    (LOAN, PlaceKind::Loan, ""),
];

const fn model(
    name: &'static str,
    [category, model, unit, place]: [&'static str; 4],
    tracking: Tracking,
    minimum: u32,
    first: u32,
) -> Model {
    Model { name, category, model, unit, tracking, minimum, storage_medium: false, place, first }
}

const fn medium(model: Model) -> Model {
    Model { storage_medium: true, ..model }
}

use Tracking::{Batch, Plain, Serial};

static MODELS: &[Model] = &[
    medium(model("SAS 硬盘", ["存储部件", "2.4TB 10K", "块", SHELF_A], Serial, 4, 6)),
    medium(model("SATA 硬盘", ["存储部件", "8TB 7.2K", "块", SHELF_A], Serial, 4, 8)),
    medium(model("固态硬盘", ["存储部件", "960GB", "块", SHELF_A], Serial, 2, 4)),
    model("内存条", ["服务器部件", "DDR4 32GB", "条", SHELF_A], Serial, 4, 8),
    model("服务器电源模块", ["服务器部件", "1200W", "个", SHELF_A], Serial, 2, 3),
    model("服务器风扇模块", ["服务器部件", "2U", "个", SHELF_A], Plain, 2, 6),
    model("RAID 卡电池", ["服务器部件", "通用", "块", SHELF_A], Plain, 2, 3),
    model("万兆光模块", ["网络部件", "SFP+ 多模 850nm", "只", SHELF_B], Plain, 8, 20),
    model("千兆光模块", ["网络部件", "SFP 单模 1310nm", "只", SHELF_B], Plain, 8, 16),
    model("光纤跳线", ["线缆", "LC-LC 双芯 5m", "根", SHELF_B], Plain, 10, 40),
    model("六类网线", ["线缆", "3m", "根", SHELF_B], Plain, 20, 60),
    model("接入交换机", ["网络设备", "24 口千兆", "台", ROOM], Serial, 1, 2),
    model("UPS 蓄电池", ["机房基础设施", "12V 100Ah", "节", ROOM], Batch, 4, 8),
    model("精密空调滤网", ["机房基础设施", "通用", "张", ROOM], Plain, 4, 10),
    model("无线话筒电池", ["会议设备", "AA 充电", "节", SHELF_B], Plain, 4, 4),
    model("HDMI 线", ["会议设备", "10m", "根", SHELF_B], Plain, 2, 5),
];

const fn moved(
    kind: MovementKind,
    name: &'static str,
    quantity: u32,
    way: [Option<&'static str>; 2],
    when: (i32, i8, i8),
    reason: &'static str,
) -> Move {
    Move { kind, name, quantity, way, when, reason, due: None }
}

use MovementKind::{Borrowed, Issued, Received, Replaced, SentToRepair};

static MOVES: &[Move] = &[
    moved(Issued, "SATA 硬盘", 1, [Some(SHELF_A), None], (29, 10, 20), "更换录像存储故障盘"),
    moved(Replaced, "SATA 硬盘", 1, [None, Some(REMOVED)], (29, 15, 0), "换下的故障盘，留存甲方"),
    moved(Issued, "万兆光模块", 2, [Some(SHELF_B), None], (27, 9, 40), "汇聚交换机光衰过大"),
    moved(Issued, "SAS 硬盘", 1, [Some(SHELF_A), None], (22, 16, 5), "数据库存储故障盘"),
    moved(Issued, "光纤跳线", 6, [Some(SHELF_B), None], (21, 11, 0), "机柜理线更换"),
    moved(Issued, "SAS 硬盘", 1, [Some(SHELF_A), None], (16, 9, 10), "数据库存储故障盘"),
    moved(
        SentToRepair,
        "服务器电源模块",
        1,
        [Some(SHELF_A), Some(VENDOR)],
        (15, 14, 30),
        "风扇异响，返厂检测",
    ),
    moved(Issued, "六类网线", 12, [Some(SHELF_B), None], (13, 10, 0), "值班室工位调整"),
    Move {
        due: Some(-2),
        ..moved(Borrowed, "接入交换机", 1, [Some(ROOM), Some(LOAN)], (9, 9, 30), "长假保障临时接入点")
    },
    moved(Issued, "精密空调滤网", 4, [Some(ROOM), None], (8, 15, 20), "季度更换"),
    moved(Issued, "SAS 硬盘", 1, [Some(SHELF_A), None], (6, 20, 40), "12.9 存储热备盘补充"),
    moved(Issued, "无线话筒电池", 4, [Some(SHELF_B), None], (5, 8, 50), "会议室话筒换电池"),
    moved(Received, "万兆光模块", 6, [None, Some(SHELF_B)], (2, 16, 10), "季度补货到货"),
    moved(Issued, "无线话筒电池", 2, [Some(SHELF_B), None], (1, 8, 55), "视频会议前更换，现场取用"),
];

pub(super) fn turns(today: Date) -> Result<Vec<Turn>> {
    let begin = jiff::civil::date(2025, 9, 9);
    let mut events: Vec<(Timestamp, Event)> = Vec::new();
    for (minute, (name, kind, parent)) in (0..).zip(PLACES) {
        events.push((moment(begin, 14, minute)?, Event::Place(name, *kind, parent)));
    }
    for (minute, model) in (0..).zip(MODELS) {
        events.push((moment(begin, 15, minute)?, Event::Model(model)));
    }
    for one in MOVES {
        let (days, hour, minute) = one.when;
        events.push((moment(days_later(today, -days), hour, minute)?, Event::Move(one)));
    }
    events.push((moment(today, 9, 12)?, Event::Ask("SAS 硬盘", 1, "12.9 服务器硬盘预警，提前备换")));
    events.push((moment(days_later(today, -3), 10, 5)?, Event::Ship));
    events.push((moment(today, 9, 20)?, Event::Want("SAS 硬盘", 4, "低于下限，补到下限")));
    Ok(events.into_iter().map(|(at, event)| (at, Act::Stock(event))).collect())
}

pub(super) fn keep(fleet: &mut Fleet<'_>, event: &Event, at: Timestamp) -> Result<()> {
    match event {
        Event::Place(name, kind, parent) => {
            let parent = (!parent.is_empty()).then(|| place(fleet, parent)).transpose()?;
            let card = PlaceCard { name: (*name).to_owned(), kind: *kind, parent, ..PlaceCard::default() };
            let entity = EntityId::new(format!("place/{}", fleet.fresh(at)))?;
            fleet.tell(SUPERVISOR, &entity, at, &[draft("place.noted", &card, at)?])
        }
        Event::Model(model) => note(fleet, model, at),
        Event::Move(one) => {
            let from = one.way[0].map(|name| place(fleet, name)).transpose()?;
            let to = one.way[1].map(|name| place(fleet, name)).transpose()?;
            let today = zaigang_domain::calendar::civil_date(at);
            let due = one.due.map(|days| days_later(today, one.when.0 + days));
            let (part, tracking) = part(fleet, one.name)?;
            for n in 0..if tracking == Serial { one.quantity } else { 1 } {
                let serial =
                    (tracking == Serial).then(|| serial_at(fleet, &part, from.as_ref(), n)).flatten();
                let quantity = if tracking == Serial { 1 } else { i64::from(one.quantity) };
                let made = Made {
                    serial: serial.or_else(|| (tracking == Serial).then(|| format!("OLD-{}", one.when.0))),
                    batch: (tracking == Batch).then(|| FIRST_BATCH.to_owned()),
                    from: from.clone(),
                    to: to.clone(),
                    reason: one.reason.to_owned(),
                    due,
                    // What is taken out of a device stays with the buyer.
                    fate: (one.kind == Replaced).then(Fate::default),
                    ..Made::new(one.kind, part.clone(), quantity, owner(one.kind))
                };
                book(fleet, &made, at)?;
            }
            Ok(())
        }
        Event::Ask(name, quantity, reason) => {
            let (part, _) = part(fleet, name)?;
            let lines = vec![SlipLine { part, quantity: *quantity, serials: Vec::new(), place: None }];
            let asked = Asked {
                number: "LY-20251015-0001".to_owned(),
                order: None,
                lines,
                reason: (*reason).to_owned(),
                emergency: false,
                taken: false,
            };
            let entity = EntityId::new(format!("slip/{}", fleet.fresh(at)))?;
            fleet.tell(ASKER, &entity, at, &[draft("slip.asked", &asked, at)?])
        }
        Event::Ship => ship(fleet, at),
        Event::Want(name, quantity, reason) => {
            let asked = wanted(fleet, ("DB-20251015-0001", name, *quantity, reason))?;
            let entity = EntityId::new(format!("transfer/{}", fleet.fresh(at)))?;
            fleet.tell(HUB_KEEPER, &entity, at, &[draft("transfer.asked", &asked, at)?])
        }
    }
}

/// What of the centre's store is asked: number, model, how many, why.
fn wanted(
    fleet: &Fleet<'_>,
    (number, name, quantity, reason): (&str, &str, u32, &str),
) -> Result<TransferAsked> {
    let (part, _) = part(fleet, name)?;
    let model = MODELS.iter().find(|model| model.name == name).with_context(|| format!("no model {name}"))?;
    Ok(TransferAsked {
        number: number.to_owned(),
        from: LogName::store("guangxi-police", HUB)?,
        lines: vec![told(model, part, quantity)],
        reason: reason.to_owned(),
        order: None,
    })
}

fn told(model: &Model, part: EntityId, quantity: u32) -> TransferLine {
    TransferLine {
        part,
        name: model.name.to_owned(),
        model: model.model.to_owned(),
        unit: model.unit.to_owned(),
        quantity,
        serials: Vec::new(),
        batch: None,
        owner: Owner::Supplier,
    }
}

/// Transceivers are asked for, approved, and shipped from the centre's store, which has just been filled.
fn ship(fleet: &mut Fleet<'_>, at: Timestamp) -> Result<()> {
    let later = |minutes: i64| at + SignedDuration::from_mins(minutes);
    let model = MODELS.iter().find(|model| model.name == "千兆光模块").context("no transceiver")?;
    let asked = wanted(fleet, ("DB-20251012-0001", model.name, 12, "分支机构割接备用"))?;
    let id = fleet.fresh(at);
    let (transfer, shipment) =
        (EntityId::new(format!("transfer/{id}"))?, EntityId::new(format!("shipment/{id}"))?);
    fleet.tell(SUPERVISOR, &transfer, at, &[draft("transfer.asked", &asked, at)?])?;
    let approved = draft("transfer.approved", &Decided::default(), later(1))?;
    fleet.tell(HUB_KEEPER, &transfer, later(1), &[approved])?;

    let mut hub = |entity: &EntityId, minutes: i64, drafted| {
        fleet.tell_store(HUB, HUB_KEEPER, entity, later(minutes), &[drafted])
    };
    let room = EntityId::new(format!("place/{id}"))?;
    let card = PlaceCard { name: "中心库房".to_owned(), kind: PlaceKind::Store, ..PlaceCard::default() };
    hub(&room, 2, draft("place.noted", &card, later(2))?)?;
    let part = EntityId::new(format!("part/{id}"))?;
    let card = PartCard {
        name: model.name.to_owned(),
        category: model.category.to_owned(),
        model: model.model.to_owned(),
        unit: model.unit.to_owned(),
        minimum: 20,
        ..PartCard::default()
    };
    hub(&part, 3, draft("part.noted", &card, later(3))?)?;
    let received = Made {
        to: Some(room.clone()),
        document: "ZX-RK-20250901".to_owned(),
        reason: "中心库年度备货".to_owned(),
        ..Made::new(Received, part.clone(), 60, Owner::Supplier)
    };
    let first = EntityId::new(format!("movement/{id}"))?;
    hub(&first, 4, draft("movement.made", &received, later(4))?)?;
    let shipped = Shipped {
        number: asked.number.clone(),
        to: LogName::store("guangxi-police", "main")?,
        lines: vec![told(model, part.clone(), 12)],
        carrier: "专车".to_owned(),
        document: "ZX-CK-0117".to_owned(),
        words: String::new(),
    };
    hub(&shipment, 6, draft("shipment.shipped", &shipped, later(6))?)?;
    let left = Made {
        from: Some(room),
        document: asked.number,
        reason: asked.reason,
        transfer: Some(shipment),
        ..Made::new(Issued, part, 12, Owner::Supplier)
    };
    let second = EntityId::new(format!("movement/{}", fleet.fresh(later(6))))?;
    fleet.tell_store(HUB, HUB_KEEPER, &second, later(6), &[draft("movement.made", &left, later(6))?])
}

/// Batch of what came in by batch.
const FIRST_BATCH: &str = "2025-08";

/// What came out of a device of the buyer is the buyer's.
fn owner(kind: MovementKind) -> Owner {
    if kind == Replaced { Owner::Buyer } else { Owner::Supplier }
}

fn note(fleet: &mut Fleet<'_>, model: &Model, at: Timestamp) -> Result<()> {
    let card = PartCard {
        name: model.name.to_owned(),
        category: model.category.to_owned(),
        model: model.model.to_owned(),
        unit: model.unit.to_owned(),
        tracking: model.tracking,
        minimum: model.minimum,
        storage_medium: model.storage_medium,
        ..PartCard::default()
    };
    let part = EntityId::new(format!("part/{}", fleet.fresh(at)))?;
    fleet.tell(SUPERVISOR, &part, at, &[draft("part.noted", &card, at)?])?;
    let to = Some(place(fleet, model.place)?);
    let pieces = if model.tracking == Serial { model.first } else { 1 };
    for n in 1..=pieces {
        let quantity = if model.tracking == Serial { 1 } else { i64::from(model.first) };
        let made = Made {
            serial: (model.tracking == Serial).then(|| serial(model.model, n)),
            batch: (model.tracking == Batch).then(|| FIRST_BATCH.to_owned()),
            to: to.clone(),
            reason: "项目进场首批备件".to_owned(),
            document: "YS-RK-20250909".to_owned(),
            ..Made::new(Received, part.clone(), quantity, Owner::Supplier)
        };
        book(fleet, &made, at)?;
    }
    Ok(())
}

/// `YS24TB10K-001`: what is a letter or digit of the model, and a number.
fn serial(model: &str, n: u32) -> String {
    let word: String = model.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("YS{word}-{n:03}")
}

fn book(fleet: &mut Fleet<'_>, made: &Made, at: Timestamp) -> Result<()> {
    let entity = EntityId::new(format!("movement/{}", fleet.fresh(at)))?;
    fleet.tell(SUPERVISOR, &entity, at, &[draft("movement.made", made, at)?])
}

fn place(fleet: &Fleet<'_>, name: &str) -> Result<EntityId> {
    let mut named = fleet.states().filter_map(|(id, state)| match state {
        EntityState::Place(place) if place.card.name == name => Some(id),
        _ => None,
    });
    Ok(EntityId::new(named.next().with_context(|| format!("no place {name}"))?.as_str())?)
}

fn part(fleet: &Fleet<'_>, name: &str) -> Result<(EntityId, Tracking)> {
    let mut named = fleet.states().filter_map(|(id, state)| match state {
        EntityState::Part(part) if part.card.name == name => Some((id, part.card.tracking)),
        _ => None,
    });
    let (id, tracking) = named.next().with_context(|| format!("no model {name}"))?;
    Ok((EntityId::new(id.as_str())?, tracking))
}

/// A piece that came into a place and has not left it.
fn serial_at(fleet: &Fleet<'_>, part: &EntityId, place: Option<&EntityId>, n: u32) -> Option<String> {
    let movements = || {
        fleet.states().filter_map(|(_, state)| match state {
            EntityState::Movement(movement) if movement.made.part == *part => Some(&movement.made),
            _ => None,
        })
    };
    let left: Vec<&String> = movements()
        .filter(|made| made.from.as_ref() == place)
        .filter_map(|made| made.serial.as_ref())
        .collect();
    let mut here: Vec<&String> = movements()
        .filter(|made| place.is_some() && made.to.as_ref() == place)
        .filter_map(|made| made.serial.as_ref())
        .filter(|serial| !left.contains(serial))
        .collect();
    here.sort();
    here.get(n as usize).map(|serial| (*serial).clone())
}
