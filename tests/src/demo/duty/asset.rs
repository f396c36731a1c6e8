//! Devices: some two hundred on the contract's objects, noted in the first days by the engineers of their
//! divisions. Some are past their warranty, some soon will be, a few are in repair or removed.

use anyhow::{Context, Result};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use zaigang_domain::asset::{ADDRESSES, Addresses, AssetCard, Changed, LifeState, Network, Noted};
use zaigang_domain::event::EntityId;
use zaigang_domain::order::SealedPart;

use super::{Act, Turn, days_later, draft, moment, on_site};
use crate::demo::assets::Assets;
use crate::demo::plan::SEED;
use crate::demo::random::Random;
use crate::demo::write::Fleet;

/// Purpose of the generator's branch.
const PURPOSE: u64 = 0xA55E7;

/// A device with who notes it.
#[derive(Debug, Clone)]
pub(super) struct Event {
    login: String,
    card: AssetCard,
    addresses: Addresses,
    /// The state it came into, on which day and why.
    changed: Option<Changed>,
}

/// Name, maker, model, network, room, years it is written off by.
type Model = (&'static str, &'static str, &'static str, Network, &'static str, i64);

const MODELS: &[Model] = &[
    ("应用服务器", "演示厂商甲", "R2-2U32C", Network::Police, "主机房", 6),
    ("数据库服务器", "演示厂商甲", "R4-4U64C", Network::Police, "主机房", 6),
    ("磁盘阵列", "演示厂商乙", "DS-480T", Network::Police, "主机房", 6),
    ("接入交换机", "演示厂商丙", "SW-48GE", Network::Police, "弱电间", 8),
    ("汇聚交换机", "演示厂商丙", "SW-24XG", Network::Police, "主机房", 8),
    ("视频存储", "演示厂商丁", "VS-48", Network::Video, "视频机房", 5),
    ("视频解码器", "演示厂商丁", "VD-16", Network::Video, "指挥大厅", 5),
    ("防火墙", "演示厂商戊", "FW-10G", Network::Government, "主机房", 6),
    ("安全接入网关", "演示厂商戊", "SG-2000", Network::Internet, "边界区", 6),
    ("服务器密码机", "演示厂商己", "HSM-1U", Network::Police, "主机房", 8),
    ("会议终端", "演示厂商庚", "MT-4K", Network::Video, "会议室", 5),
    ("UPS 主机", "演示厂商辛", "UPS-40K", Network::Other, "配电间", 8),
];
const PLACES: &[&str] = &["信息中心三楼", "信息中心负一层", "指挥中心一楼", "办公楼二楼"];

/// Every device, a minute each, on the first days.
pub(super) fn turns(assets: &Assets, now: Date) -> Result<Vec<Turn>> {
    let begin = moment(date(2025, 9, 9), 10, 0)?;
    let devices = devices(assets, now);
    (0..)
        .zip(devices)
        .map(|(n, device)| {
            Ok((begin.checked_add(SignedDuration::from_mins(n))?, Act::Asset(Box::new(device))))
        })
        .collect()
}

fn devices(assets: &Assets, now: Date) -> Vec<Event> {
    let mut random = Random::new(SEED).branch(PURPOSE);
    let mut found = Vec::new();
    for object in &assets.profile.objects {
        let Some(division) = &object.division else { continue };
        let engineer = on_site(assets).find(|person| {
            person.divisions.contains(division) && person.roles.iter().any(|role| role == "engineer")
        });
        let Some(engineer) = engineer else { continue };
        for _ in 0..random.between(3, 5) {
            let n = found.len();
            let Some(model) = random.pick(MODELS) else { continue };
            found.push(device(&mut random, &engineer.login, (&object.id, n), model, now));
        }
    }
    found
}

fn device(random: &mut Random, login: &str, (object, n): (&str, usize), model: &Model, now: Date) -> Event {
    let (name, maker, kind, network, room, years) = *model;
    let age = random.between(60, years * 365 + 400);
    let since = days_later(now, -i32::try_from(age).unwrap_or(0));
    // Three years from the maker; every third is kept on by bought maintenance.
    let warranty_end = days_later(since, 3 * 365);
    let maintenance_end =
        random.chance(333).then(|| days_later(now, i32::try_from(random.between(-60, 400)).unwrap_or(0)));
    let card = AssetCard {
        name: name.to_owned(),
        object: object.to_owned(),
        network: Some(network),
        maker: maker.to_owned(),
        model: kind.to_owned(),
        serial: format!("YS{}{n:04}", kind.chars().filter(char::is_ascii_alphanumeric).collect::<String>()),
        quantity: 1,
        unit: "台".to_owned(),
        place: random.pick(PLACES).copied().unwrap_or_default().to_owned(),
        room: room.to_owned(),
        rack: format!("A{:02}", random.between(1, 12)),
        rack_unit: random.between(1, 40).to_string(),
        since: Some(since),
        warranty_end: Some(warranty_end),
        maintenance_end,
        supplier: "演示供应商".to_owned(),
        ..AssetCard::default()
    };
    let ip = format!("192.0.2.{} （演示）", random.between(1, 254));
    let addresses = Addresses { ip, mac: String::new() };
    let changed = match random.between(0, 29) {
        0 => Some((LifeState::InRepair, "一路电源模块故障，已报修")),
        1 => Some((LifeState::Standby, "新设备上线后转为备用")),
        2 => Some((LifeState::Stopped, "业务迁移，暂时停用")),
        3 => Some((LifeState::Removed, "机房改造拆除")),
        _ => None,
    };
    let changed = changed.map(|(life, reason)| Changed {
        life,
        on: date(2025, 9, 9),
        reason: reason.to_owned(),
        order: None,
        receiver: if life.is_living() { String::new() } else { "甲方资产管理员".to_owned() },
        pass_no: String::new(),
    });
    Event { login: login.to_owned(), card, addresses, changed }
}

pub(super) fn note(fleet: &mut Fleet<'_>, event: &Event, at: Timestamp) -> Result<()> {
    let entity = EntityId::new(format!("asset/{}", fleet.fresh(at)))?;
    let mut first =
        draft("asset.noted", &Noted { card: event.card.clone(), fields: Vec::new(), addresses: true }, at)?;
    first.sealed = vec![SealedPart { name: ADDRESSES, json: serde_json::to_string(&event.addresses)? }];
    let mut drafts = vec![first];
    if let Some(changed) = &event.changed {
        let mut then = draft("asset.changed", changed, at)?;
        then.expect.insert("life".to_owned(), LifeState::default().code().to_owned());
        then.after = vec![0];
        drafts.push(then);
    }
    fleet.tell(&event.login, &entity, at, &drafts).with_context(|| event.card.title())
}
