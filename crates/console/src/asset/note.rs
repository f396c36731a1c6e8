//! Noting a card, and changing a device's state.

use super::card::life_of;
use super::table::label;
use crate::door::dto::{AddressesDto, AssetCardDto, AssetChange, AssetNote, DoorError, Written};
use crate::host::new_id;
use crate::order::{Desk, Pen, already, filled, key, stated_date};
use crate::store::{Draft, SealedDraft};
use jiff::civil::Date;
use zaigang_domain::asset::{
    ADDRESSES, Addresses, Asset, AssetCard, Changed, LifeState, Network, Noted, legal_change,
};
use zaigang_domain::calendar::civil_date;
use zaigang_domain::event::{EntityId, EventId};
use zaigang_domain::stock::{Sheet as _, entity_of};

/// How deep devices are part of each other at most.
const DEPTH_MAX: usize = 8;

/// Why a secret is refused.
pub(super) fn secret(field: &str) -> DoorError {
    let message = format!(
        "“{}”里像是写了口令或密钥。本系统不保存任何口令：请删去口令，只写由谁保管、存放在哪里。",
        label(field)
    );
    DoorError::bad_input(message)
}

impl Pen<'_> {
    /// Notes a device: a new card, or what changed of a known one.
    ///
    /// # Errors
    /// Bad input naming the field, also where a text looks like a secret; not allowed for buyer and overseer;
    /// not now where somebody changed the same field meanwhile.
    pub fn note_asset(&mut self, args: &AssetNote) -> Result<Written, DoorError> {
        let key = key(self, "asset/note", &args.idempotency_key)?;
        self.desk().notes_assets()?;
        let card = self.desk().asset_card(&args.card)?;
        let message = format!("已登记设备 {}", card.title());
        if let Some(id) = self.registered_under(&key)? {
            return Ok(already(&id, message));
        }
        let sealed = args.addresses.as_ref().map(sealed).transpose()?;
        match filled(args.id.as_ref()) {
            None => self.note_new(args, card, sealed, &key, message),
            Some(id) => self.note_known(args, &id, card, sealed, &key, message),
        }
    }

    fn note_new(
        &mut self,
        args: &AssetNote,
        card: AssetCard,
        sealed: Option<SealedDraft>,
        key: &str,
        message: String,
    ) -> Result<Written, DoorError> {
        let desk = self.desk();
        let site = desk.asset_site()?;
        let log = site.home(&card.object, args.division.as_deref())?.log.clone();
        desk.check_serial(&site, &card, None)?;
        let life = match filled(args.life.as_ref()) {
            None => LifeState::default(),
            Some(life) => {
                life_of(&life).ok_or_else(|| DoorError::bad_input("没有这个状态，请重新选择。").at("life"))?
            }
        };
        let id = entity_of("asset", EventId(new_id(self.host)));
        let drafts = self.asset_drafts(&card, sealed, life)?;
        let changed = self.append(&log, &id, drafts, key)?.changed;
        Ok(Written { id: id.to_string(), message, changed: changed.into_iter().collect() })
    }

    /// The events of a new device.
    pub(super) fn asset_drafts(
        &self,
        card: &AssetCard,
        sealed: Option<SealedDraft>,
        life: LifeState,
    ) -> Result<Vec<Draft>, DoorError> {
        let noted = Noted { card: card.clone(), fields: Vec::new(), addresses: sealed.is_some() };
        let mut first = self.fact("asset.noted", &noted)?;
        first.sealed = sealed.into_iter().collect();
        let mut drafts = vec![first];
        if life != LifeState::default() {
            let on = civil_date(self.host.now());
            let mut then = self.fact("asset.changed", &change(life, on, "建卡时的状态"))?;
            then.after = vec![0];
            drafts.push(then);
        }
        Ok(drafts)
    }

    fn note_known(
        &mut self,
        args: &AssetNote,
        id: &str,
        card: AssetCard,
        sealed: Option<SealedDraft>,
        key: &str,
        message: String,
    ) -> Result<Written, DoorError> {
        let desk = self.desk();
        let site = desk.asset_site()?;
        let (home, id, asset) = desk.asset_of(&site, id)?;
        let log = home.log.clone();
        if site.home(&card.object, Some(&home.name))?.log != log {
            let message = "设备不能改到别的部门：请在本部门登记拆除，再在新部门建卡。";
            return Err(DoorError::bad_input(message).at("card.object"));
        }
        let card = match &args.seen {
            None => card,
            Some(seen) => merged(&asset.card, &card, &desk.asset_card(seen)?)?,
        };
        desk.check_parent_of(&site, &id, &card)?;
        if asset.card.serial != card.serial {
            desk.check_serial(&site, &card, Some(&id))?;
        }
        let draft = self.asset_change(&asset, &card, sealed)?;
        let Some(draft) = draft else { return Ok(already(&id, "没有改动".to_owned())) };
        self.put(&log, &id, draft, key, message)
    }

    /// The event that changes a card, relying on each field it changes; none where nothing differs.
    pub(super) fn asset_change(
        &self,
        asset: &Asset,
        card: &AssetCard,
        sealed: Option<SealedDraft>,
    ) -> Result<Option<Draft>, DoorError> {
        let mut fields: Vec<&str> = card.differing(&asset.card);
        fields.extend(sealed.is_some().then_some(ADDRESSES));
        if fields.is_empty() {
            return Ok(None);
        }
        let noted = Noted {
            card: card.clone(),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            addresses: sealed.is_some(),
        };
        let mut draft = self.fact("asset.noted", &noted)?;
        draft.sealed = sealed.into_iter().collect();
        for field in fields {
            draft.expect.extend(asset.field(field).map(|seen| (field.to_owned(), seen)));
        }
        draft.deps = asset.pending.clone();
        Ok(Some(draft))
    }

    /// Puts a device into another state of its life.
    ///
    /// # Errors
    /// Bad input naming the field; not now where it is in that state already or was scrapped.
    pub fn change_asset(&mut self, args: &AssetChange) -> Result<Written, DoorError> {
        let key = key(self, "asset/change", &args.idempotency_key)?;
        let desk = self.desk();
        desk.notes_assets()?;
        let site = desk.asset_site()?;
        let (home, id, asset) = desk.asset_of(&site, &args.id)?;
        let log = home.log.clone();
        let life = life_of(&args.life);
        let life = life.ok_or_else(|| DoorError::bad_input("请选择状态。").at("life"))?;
        let message = format!("已登记 {} 为{}", asset.card.title(), life.title());
        if self.is_repeated(&key)? {
            return Ok(already(&id, message));
        }
        let today = civil_date(self.host.now());
        let on = stated_date(args.on.as_deref(), "on")?.unwrap_or(today);
        if on > today {
            return Err(DoorError::bad_input("日期不能晚于今天；将来的变动请到时再登记。").at("on"));
        }
        let order = match filled(args.order.as_ref()) {
            Some(order) => Some(self.desk().order(&order).map_err(|error| error.at("order"))?.0),
            None => None,
        };
        let changed = Changed {
            order,
            receiver: args.receiver.trim().to_owned(),
            pass_no: args.pass_no.trim().to_owned(),
            ..change(life, on, args.reason.trim())
        };
        if let Some(field) = changed.fault_in() {
            let text = match field {
                "reason" => &changed.reason,
                "receiver" => &changed.receiver,
                _ => &changed.pass_no,
            };
            if zaigang_domain::asset::looks_secret(text) {
                return Err(secret(field).at(field));
            }
            return Err(DoorError::bad_input(format!("请填写{}，不要超过规定长度。", label(field))).at(field));
        }
        legal_change(&asset, &changed, self.actor)?;
        let mut draft = self.fact("asset.changed", &changed)?;
        draft.expect.insert("life".to_owned(), asset.life.code().to_owned());
        draft.deps = asset.pending.clone();
        self.put(&log, &id, draft, &key, message)
    }
}

/// The card as it stands with what the author changed of the one he saw.
///
/// # Errors
/// Not now where somebody changed the same field meanwhile.
fn merged(now: &AssetCard, card: &AssetCard, seen: &AssetCard) -> Result<AssetCard, DoorError> {
    let mine = card.differing(seen);
    if let Some(field) = now.differing(seen).into_iter().find(|field| mine.contains(field)) {
        let message = format!("“{}”刚被他人改过，请按现状重新填写。", label(field));
        return Err(DoorError::not_now(message).at(format!("card.{field}")));
    }
    Ok(now.with(card, &mine))
}

pub(super) fn change(life: LifeState, on: Date, reason: &str) -> Changed {
    Changed {
        life,
        on,
        reason: reason.to_owned(),
        order: None,
        receiver: String::new(),
        pass_no: String::new(),
    }
}

impl Desk<'_> {
    pub(super) fn notes_assets(&self) -> Result<(), DoorError> {
        if self.may_note_assets() {
            return Ok(());
        }
        Err(DoorError::not_allowed("设备卡片由驻场工程师、服务台、库管员或项目经理登记。"))
    }

    /// A card as it is written, checked by its fields.
    pub(super) fn asset_card(&self, dto: &AssetCardDto) -> Result<AssetCard, DoorError> {
        let parent = self.asset_named(&dto.parent, "card.parent")?;
        card_of(dto, parent)
    }

    /// A serial number is that of one living device, as far as this console knows.
    pub(super) fn check_serial(
        &self,
        site: &super::Site,
        card: &AssetCard,
        but: Option<&EntityId>,
    ) -> Result<(), DoorError> {
        let twins = self.living_with(site, &card.serial, but)?;
        let Some(twin) = twins.first() else { return Ok(()) };
        let message = format!("序列号与“{}”相同。请核对；那一台已不在的，先登记拆除或报废。", twin.title);
        Err(DoorError::bad_input(message).at("card.serial"))
    }

    fn check_parent_of(&self, site: &super::Site, id: &EntityId, card: &AssetCard) -> Result<(), DoorError> {
        let mut at = card.parent.clone();
        for _ in 0..DEPTH_MAX {
            let Some(parent) = at else { return Ok(()) };
            if parent == *id {
                break;
            }
            at = self.asset_of(site, parent.as_str()).ok().and_then(|(_, _, asset)| asset.card.parent);
        }
        Err(DoorError::bad_input("上级设备不能是自己或自己的下级，最多 8 层。").at("card.parent"))
    }
}

/// A card of what was typed.
pub(super) fn card_of(dto: &AssetCardDto, parent: Option<EntityId>) -> Result<AssetCard, DoorError> {
    let text = |text: &String| text.trim().to_owned();
    let date = |text: &String, field: &str| {
        let date = stated_date(Some(text), field);
        date.map_err(|error| error.at(format!("card.{field}")))
    };
    let network = match dto.network.trim() {
        "" => None,
        word => Some(
            Network::ALL
                .into_iter()
                .find(|network| network.code() == word || network.title() == word)
                .ok_or_else(|| {
                    let names = Network::ALL.map(Network::title).join("、");
                    DoorError::bad_input(format!("网络只能填{names}。")).at("card.network")
                })?,
        ),
    };
    let card = AssetCard {
        name: text(&dto.name),
        object: text(&dto.object),
        network,
        maker: text(&dto.maker),
        model: text(&dto.model),
        serial: text(&dto.serial),
        quantity: dto.quantity.max(1),
        unit: text(&dto.unit),
        place: text(&dto.place),
        room: text(&dto.room),
        rack: text(&dto.rack),
        rack_unit: text(&dto.rack_unit),
        since: date(&dto.since, "since")?,
        warranty_end: date(&dto.warranty_end, "warranty_end")?,
        maintenance_end: date(&dto.maintenance_end, "maintenance_end")?,
        supplier: text(&dto.supplier),
        parent,
        listed: text(&dto.listed),
        note: text(&dto.note),
    };
    if let Some(field) = card.secret_in() {
        return Err(secret(field).at(format!("card.{field}")));
    }
    if let Some(field) = card.fault_in() {
        let message = match field {
            "name" => "请填写设备名称：一行，不超过 100 字。".to_owned(),
            "quantity" => "数量须是 1 至 100000；有序列号的一台一张卡片，数量填 1。".to_owned(),
            "note" => "备注不超过 500 字。".to_owned(),
            _ => format!("“{}”只写一行，不超过 100 字。", label(field)),
        };
        return Err(DoorError::bad_input(message).at(format!("card.{field}")));
    }
    for (field, end) in [("warranty_end", card.warranty_end), ("maintenance_end", card.maintenance_end)] {
        if let (Some(since), Some(end)) = (card.since, end)
            && end < since
        {
            let message = format!("{}早于启用日期，请改正。", label(field));
            return Err(DoorError::bad_input(message).at(format!("card.{field}")));
        }
    }
    Ok(card)
}

pub(super) fn sealed(addresses: &AddressesDto) -> Result<SealedDraft, DoorError> {
    let addresses = Addresses { ip: addresses.ip.trim().to_owned(), mac: addresses.mac.trim().to_owned() };
    if let Some(field) = addresses.fault_in() {
        let text = if field == "ip" { &addresses.ip } else { &addresses.mac };
        let error = if zaigang_domain::asset::looks_secret(text) {
            secret(field)
        } else {
            DoorError::bad_input(format!("“{}”只写一行，不超过 200 字。", label(field)))
        };
        return Err(error.at(format!("addresses.{field}")));
    }
    let json = serde_json::to_string(&addresses).map_err(DoorError::broken)?;
    Ok(SealedDraft { name: ADDRESSES.to_owned(), class: "personal".to_owned(), json })
}
