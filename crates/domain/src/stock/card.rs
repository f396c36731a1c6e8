//! Models (备件型号) and places (库位): cards that are noted whole and changed field by field.

use super::{Charge, NAME_CHARS_MAX, PlaceKind, Tracking, counts, is_kind, is_line, is_words};
use crate::event::{EntityId, EventId, Recorded};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Largest minimum: a guess, far above any store-room's.
const MINIMUM_MAX: u32 = 100_000;
/// Most devices a model is said to fit.
const COMPATIBLE_MAX: usize = 50;
/// How deep places lie in each other at most.
const DEPTH_MAX: usize = 8;

/// A card that is written whole; claims rely on the fields they change.
pub trait Sheet: Clone + PartialEq + DeserializeOwned {
    /// The event that writes it.
    const NOTED: &'static str;
    /// Names of its fields.
    const FIELDS: &'static [&'static str];

    /// The value of a field as text; `None` where no such field is known.
    fn field(&self, name: &str) -> Option<String>;

    /// Whether its texts keep to their limits and nothing needed is missing.
    fn is_sound(&self) -> bool;

    /// Names of the fields that differ.
    fn differing(&self, other: &Self) -> Vec<&'static str> {
        Self::FIELDS.iter().copied().filter(|name| self.field(name) != other.field(name)).collect()
    }
}

/// `part.noted`: a model's card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PartCard {
    /// `硬盘`.
    pub name: String,
    /// Category.
    pub category: String,
    /// Maker.
    pub maker: String,
    /// 规格型号.
    pub model: String,
    /// Unit: `块`.
    pub unit: String,
    /// How pieces are told apart.
    pub tracking: Tracking,
    /// Least that shall be available; 0: none stated.
    pub minimum: u32,
    /// Devices it fits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compatible: Vec<String>,
    /// Who pays; absent: not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charge: Option<Charge>,
    /// For a capped charge: up to how much, and where that stands.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub charge_limit: String,
    /// A storage medium: once removed it stays with the buyer unless released in writing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub storage_medium: bool,
    /// Remark.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Not in use any more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
}

impl PartCard {
    /// `硬盘 ST4000NM`.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.name, self.model).trim().to_owned()
    }
}

impl Sheet for PartCard {
    const NOTED: &'static str = "part.noted";
    const FIELDS: &'static [&'static str] = &[
        "name",
        "category",
        "maker",
        "model",
        "unit",
        "tracking",
        "minimum",
        "compatible",
        "charge",
        "charge_limit",
        "storage_medium",
        "note",
        "closed",
    ];

    fn field(&self, name: &str) -> Option<String> {
        Some(match name {
            "name" => self.name.clone(),
            "category" => self.category.clone(),
            "maker" => self.maker.clone(),
            "model" => self.model.clone(),
            "unit" => self.unit.clone(),
            "tracking" => self.tracking.code().to_owned(),
            "minimum" => self.minimum.to_string(),
            "compatible" => self.compatible.join("\n"),
            "charge" => self.charge.map(Charge::code).unwrap_or_default().to_owned(),
            "charge_limit" => self.charge_limit.clone(),
            "storage_medium" => self.storage_medium.to_string(),
            "note" => self.note.clone(),
            "closed" => self.closed.to_string(),
            _ => return None,
        })
    }

    fn is_sound(&self) -> bool {
        let lines = [&self.name, &self.category, &self.maker, &self.model, &self.unit];
        !self.name.is_empty()
            && !self.unit.is_empty()
            && lines.into_iter().chain(&self.compatible).all(|text| is_line(text, NAME_CHARS_MAX))
            && self.compatible.len() <= COMPATIBLE_MAX
            && self.minimum <= MINIMUM_MAX
            && is_line(&self.charge_limit, NAME_CHARS_MAX)
            && is_words(&self.note)
    }
}

/// `place.noted`: a place's card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlaceCard {
    /// Name.
    pub name: String,
    /// The place it lies in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<EntityId>,
    /// Kind.
    pub kind: PlaceKind,
    /// Remark.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Not in use any more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
}

impl Sheet for PlaceCard {
    const NOTED: &'static str = "place.noted";
    const FIELDS: &'static [&'static str] = &["name", "parent", "kind", "note", "closed"];

    fn field(&self, name: &str) -> Option<String> {
        Some(match name {
            "name" => self.name.clone(),
            "parent" => self.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
            "kind" => self.kind.code().to_owned(),
            "note" => self.note.clone(),
            "closed" => self.closed.to_string(),
            _ => return None,
        })
    }

    fn is_sound(&self) -> bool {
        !self.name.is_empty()
            && is_line(&self.name, NAME_CHARS_MAX)
            && !self.name.contains('/')
            && self.parent.as_ref().is_none_or(|parent| is_kind(parent, "place"))
            && is_words(&self.note)
    }
}

/// A card at a moment of its log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted<C> {
    /// It.
    pub card: C,
    /// The event that noted it first.
    pub first: EventId,
    /// Per field: the event that changed it last.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub touched: BTreeMap<String, EventId>,
    /// Own events that wait for the centre.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<EventId>,
}

/// A model: `part/<event id>`.
pub type Part = Noted<PartCard>;
/// A place: `place/<event id>`.
pub type Place = Noted<PlaceCard>;

/// Folds an event of a card.
pub fn fold_noted<C: Sheet>(state: Option<Noted<C>>, event: &Recorded<'_>) -> Option<Noted<C>> {
    let card = serde_json::from_str::<C>(event.payload).ok();
    let Some(card) = card.filter(|_| counts(event) && event.kind == C::NOTED) else { return state };
    let mut noted = match state {
        None => Noted { card, first: event.id, touched: BTreeMap::new(), pending: Vec::new() },
        Some(mut noted) => {
            for field in card.differing(&noted.card) {
                noted.touched.insert(field.to_owned(), event.id);
            }
            Noted { card, ..noted }
        }
    };
    if event.is_pending() {
        noted.pending.push(event.id);
    }
    Some(noted)
}

/// Places as a tree, each after the one it lies in, by name: its id, depth and path. A place whose parent is
/// not known, or that lies in itself, stands at the top.
#[must_use]
pub fn tree(places: &BTreeMap<EntityId, PlaceCard>) -> Vec<(EntityId, usize, String)> {
    let mut children: BTreeMap<Option<&EntityId>, Vec<(&str, &EntityId)>> = BTreeMap::new();
    for (id, card) in places {
        let parent = card.parent.as_ref().filter(|parent| reaches_top(places, parent, id));
        children.entry(parent).or_default().push((&card.name, id));
    }
    children.values_mut().for_each(|list| list.sort());
    let mut out = Vec::with_capacity(places.len());
    let mut stack: Vec<(&EntityId, usize, String)> = Vec::new();
    let push = |stack: &mut Vec<_>, under: Option<&EntityId>, depth: usize, path: &str| {
        for (name, id) in children.get(&under).into_iter().flatten().rev() {
            let path = if path.is_empty() { (*name).to_owned() } else { format!("{path} / {name}") };
            stack.push((*id, depth, path));
        }
    };
    push(&mut stack, None, 0, "");
    while let Some((id, depth, path)) = stack.pop() {
        push(&mut stack, Some(id), depth + 1, &path);
        out.push((id.clone(), depth, path));
    }
    out
}

fn reaches_top(places: &BTreeMap<EntityId, PlaceCard>, parent: &EntityId, id: &EntityId) -> bool {
    let mut seen = BTreeSet::from([id]);
    let mut at = Some(parent);
    while let Some(id) = at {
        let Some(card) = places.get(id) else { return seen.len() > 1 };
        if !seen.insert(id) || seen.len() > DEPTH_MAX {
            return false;
        }
        at = card.parent.as_ref();
    }
    true
}
