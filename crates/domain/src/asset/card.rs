//! The card of a device, its life-cycle state, and their fold.

use crate::duty::named;
use crate::event::{EntityId, EntityKind, EventId, Recorded, Verdict};
use crate::stock::Sheet;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest name, model, maker, place and the like, in characters.
const LINE_CHARS_MAX: usize = 100;
/// Longest remark or reason, in characters.
const TEXT_CHARS_MAX: usize = 500;
/// Most pieces one card stands for: a guess, above the largest row of the lists (350).
const QUANTITY_MAX: u32 = 100_000;
/// Most characters of an address field: a few addresses with what they are for.
const ADDRESS_CHARS_MAX: usize = 200;

/// Name of the sealed part of `asset.noted`, an [`Addresses`].
pub const ADDRESSES: &str = "addresses";

named! {
    /// The network a device stands in (001:735 speaks of the police network's media apart).
    pub enum Network {
        /// 公安网.
        Police = "police", "公安网";
        /// 视频专网.
        Video = "video", "视频专网";
        /// 政务外网.
        Government = "government", "政务外网";
        /// 互联网.
        Internet = "internet", "互联网";
        /// Anything else, or none.
        Other = "other", "其他";
    }
}

named! {
    /// Life-cycle states of a device.
    #[derive(Default)]
    pub enum LifeState {
        /// 在用.
        #[default]
        InUse = "in_use", "在用";
        /// 备用.
        Standby = "standby", "备用";
        /// 维修中.
        InRepair = "in_repair", "维修中";
        /// 停用.
        Stopped = "stopped", "停用";
        /// 已拆除.
        Removed = "removed", "已拆除";
        /// 已报废.
        Scrapped = "scrapped", "已报废";
    }
}

impl LifeState {
    /// Whether the device still stands at the site.
    #[must_use]
    pub fn is_living(self) -> bool {
        !matches!(self, Self::Removed | Self::Scrapped)
    }
}

/// What a card says. A card may stand for several alike pieces, as the contracts' lists do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AssetCard {
    /// Name.
    pub name: String,
    /// Maintenance object, by its id in the contract.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub object: String,
    /// Network; absent: not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<Network>,
    /// Maker.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub maker: String,
    /// 规格型号.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// 序列号.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub serial: String,
    /// How many pieces it stands for; 1 where it has a serial number.
    pub quantity: u32,
    /// 单位.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Place: building, floor.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// 机房.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub room: String,
    /// 机柜.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rack: String,
    /// U 位: `12` or `12-14`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rack_unit: String,
    /// First day of use, from which its age counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// Last day of the maker's warranty (质保).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warranty_end: Option<Date>,
    /// Last day of bought maintenance (维保).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maintenance_end: Option<Date>,
    /// Supplier.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub supplier: String,
    /// The device it is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<EntityId>,
    /// The row of the contract's list it was taken from, by its id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub listed: String,
    /// Remark.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl AssetCard {
    /// `核心交换机 S5720`.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.name, self.model).trim().to_owned()
    }

    /// Last day on which anybody answers for it: warranty or maintenance, whichever ends later.
    #[must_use]
    pub fn cover_end(&self) -> Option<Date> {
        self.warranty_end.max(self.maintenance_end)
    }

    /// The card with some fields of another one; as it is where they do not make a card.
    #[must_use]
    pub fn with(&self, other: &Self, fields: &[impl AsRef<str>]) -> Self {
        let object = |card: &Self| match serde_json::to_value(card) {
            Ok(serde_json::Value::Object(object)) => object,
            _ => serde_json::Map::new(),
        };
        let (mut merged, other) = (object(self), object(other));
        for field in fields.iter().map(AsRef::as_ref).filter(|field| Self::FIELDS.contains(field)) {
            match other.get(field) {
                Some(value) => merged.insert(field.to_owned(), value.clone()),
                None => merged.remove(field),
            };
        }
        serde_json::from_value(merged.into()).unwrap_or_else(|_| self.clone())
    }

    /// Its texts by the names of their fields.
    pub(super) fn texts(&self) -> [(&'static str, &str); 14] {
        [
            ("name", &self.name),
            ("object", &self.object),
            ("maker", &self.maker),
            ("model", &self.model),
            ("serial", &self.serial),
            ("unit", &self.unit),
            ("place", &self.place),
            ("room", &self.room),
            ("rack", &self.rack),
            ("rack_unit", &self.rack_unit),
            ("supplier", &self.supplier),
            ("listed", &self.listed),
            ("note", &self.note),
            ("parent", self.parent.as_ref().map_or("", EntityId::as_str)),
        ]
    }

    /// The first field whose text looks like a secret.
    #[must_use]
    pub fn secret_in(&self) -> Option<&'static str> {
        self.texts().into_iter().find(|(_, text)| super::looks_secret(text)).map(|(field, _)| field)
    }

    /// The first field that is missing or too long, or `None`.
    #[must_use]
    pub fn fault_in(&self) -> Option<&'static str> {
        let fits = |field: &str, text: &str| match field {
            "note" => is_words(text),
            "name" => !text.is_empty() && is_line(text),
            _ => is_line(text),
        };
        let texts = self.texts();
        let long = texts.into_iter().find(|(field, text)| !fits(field, text)).map(|(field, _)| field);
        let counted =
            (1..=QUANTITY_MAX).contains(&self.quantity) && (self.serial.is_empty() || self.quantity == 1);
        let parent = self.parent.as_ref().is_none_or(|parent| parent.kind() == EntityKind::Asset);
        long.or((!counted).then_some("quantity")).or((!parent).then_some("parent"))
    }
}

fn is_line(text: &str) -> bool {
    text.trim() == text && text.chars().count() <= LINE_CHARS_MAX && !text.chars().any(char::is_control)
}

fn is_words(text: &str) -> bool {
    text.trim() == text
        && text.chars().count() <= TEXT_CHARS_MAX
        && !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t')
}

fn date_text(date: Option<Date>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}

impl Sheet for AssetCard {
    const NOTED: &'static str = "asset.noted";
    const FIELDS: &'static [&'static str] = &[
        "name",
        "object",
        "network",
        "maker",
        "model",
        "serial",
        "quantity",
        "unit",
        "place",
        "room",
        "rack",
        "rack_unit",
        "since",
        "warranty_end",
        "maintenance_end",
        "supplier",
        "parent",
        "listed",
        "note",
    ];

    fn field(&self, name: &str) -> Option<String> {
        Some(match name {
            "network" => self.network.map(Network::code).unwrap_or_default().to_owned(),
            "quantity" => self.quantity.to_string(),
            "since" => date_text(self.since),
            "warranty_end" => date_text(self.warranty_end),
            "maintenance_end" => date_text(self.maintenance_end),
            _ => self.texts().into_iter().find(|(field, _)| *field == name)?.1.to_owned(),
        })
    }

    fn is_sound(&self) -> bool {
        self.fault_in().is_none()
    }
}

/// A serial number as it is compared: without spaces, letters large.
#[must_use]
pub fn serial_key(serial: &str) -> String {
    serial.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

/// `asset.noted`: the whole card. New addresses stand in the sealed part [`ADDRESSES`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// The card.
    #[serde(flatten)]
    pub card: AssetCard,
    /// The fields its author changed; the others stand as they are, whatever the card says of them. Empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The sealed part holds the addresses from now on, none too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub addresses: bool,
}

/// The sealed part [`ADDRESSES`] of `asset.noted`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Addresses {
    /// Network addresses, as written.
    pub ip: String,
    /// Hardware addresses, as written.
    pub mac: String,
}

impl Addresses {
    /// The field that is too long, of several lines or looks like a secret, or `None`.
    #[must_use]
    pub fn fault_in(&self) -> Option<&'static str> {
        let fits = |text: &str| {
            text.chars().count() <= ADDRESS_CHARS_MAX
                && !text.chars().any(char::is_control)
                && !super::looks_secret(text)
        };
        [("ip", &self.ip), ("mac", &self.mac)]
            .into_iter()
            .find(|(_, text)| !fits(text))
            .map(|(field, _)| field)
    }
}

/// `asset.changed`: the device is in another state of its life from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The state.
    pub life: LifeState,
    /// From which day on.
    pub on: Date,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// The order it was done under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<EntityId>,
    /// Whoever took a removed or scrapped device over.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub receiver: String,
    /// 出门条号.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pass_no: String,
}

impl Changed {
    /// The first field that is missing, too long or looks like a secret, or `None`.
    #[must_use]
    pub fn fault_in(&self) -> Option<&'static str> {
        let fits = |text: &str| !super::looks_secret(text);
        let order = self.order.as_ref().is_none_or(|order| order.kind() == EntityKind::Order);
        if self.reason.is_empty() || !is_words(&self.reason) || !fits(&self.reason) {
            Some("reason")
        } else if !is_line(&self.receiver) || !fits(&self.receiver) {
            Some("receiver")
        } else if !is_line(&self.pass_no) || !fits(&self.pass_no) {
            Some("pass_no")
        } else {
            (!order).then_some("order")
        }
    }
}

/// A device at a moment of its log: `asset/<event id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// The card.
    pub card: AssetCard,
    /// Its state.
    #[serde(default)]
    pub life: LifeState,
    /// Since when and why it is in that state; absent while it is as it was noted first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<Changed>,
    /// The event whose sealed part holds its addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addresses_in: Option<EventId>,
    /// The event that noted it first.
    pub first: EventId,
    /// Per field: the event that changed it last.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub touched: BTreeMap<String, EventId>,
    /// Own events that wait for the centre.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<EventId>,
}

impl Asset {
    /// A field of the card, its state, or the event that holds its addresses.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        match name {
            "life" => Some(self.life.code().to_owned()),
            ADDRESSES => Some(self.addresses_in.map(|id| id.to_string()).unwrap_or_default()),
            _ => self.card.field(name),
        }
    }
}

/// Folds an event of a device. Pending counts as accepted.
pub fn fold_asset(state: Option<Asset>, event: &Recorded<'_>) -> Option<Asset> {
    if !matches!(event.verdict, None | Some(Verdict::Accepted)) {
        return state;
    }
    let mut asset = match (event.kind, state) {
        ("asset.noted", state) => {
            let Ok(noted) = serde_json::from_str::<Noted>(event.payload) else { return state };
            note(state, noted, event.id)
        }
        ("asset.changed", Some(mut asset)) => {
            let Ok(changed) = serde_json::from_str::<Changed>(event.payload) else { return Some(asset) };
            asset.life = changed.life;
            asset.changed = Some(changed);
            asset.touched.insert("life".to_owned(), event.id);
            asset
        }
        (_, state) => return state,
    };
    if event.is_pending() {
        asset.pending.push(event.id);
    }
    Some(asset)
}

fn note(state: Option<Asset>, noted: Noted, id: EventId) -> Asset {
    let is_new = state.is_none();
    let mut asset = state.unwrap_or_else(|| Asset {
        card: noted.card.clone(),
        life: LifeState::default(),
        changed: None,
        addresses_in: None,
        first: id,
        touched: BTreeMap::new(),
        pending: Vec::new(),
    });
    let whole = is_new || noted.fields.is_empty();
    let card = if whole { noted.card } else { asset.card.with(&noted.card, &noted.fields) };
    for field in card.differing(&asset.card) {
        asset.touched.insert(field.to_owned(), id);
    }
    asset.card = card;
    if noted.addresses {
        asset.addresses_in = Some(id);
        asset.touched.insert(ADDRESSES.to_owned(), id);
    }
    asset
}
