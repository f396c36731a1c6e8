//! One device: card, addresses for whoever may see them, relatives, history.

use super::Site;
use super::list::row_of;
use super::table::label;
use crate::door::dto::{
    AddressesDto, AssetCardDto, AssetDetail, AssetHistory, AssetLink, AssetRef, Choice, DoorError,
};
use crate::order::{Desk, instant_text};
use crate::store::{Step, StoreError};
use rusqlite::params;
use std::collections::BTreeMap;
use zaigang_domain::asset::{
    ADDRESSES, Addresses, Asset, AssetCard, Changed, LifeState, Network, Noted, next_states, serial_key,
};
use zaigang_domain::calendar::civil_date;
use zaigang_domain::event::{EntityId, Verdict};
use zaigang_domain::judge::EntityState;
use zaigang_domain::order::OrderKind;
use zaigang_domain::order::payload::Inspection;
use zaigang_domain::stock::Sheet as _;

/// Most lines of a history.
const HISTORY_MAX: usize = 200;

impl Desk<'_> {
    /// One device.
    ///
    /// # Errors
    /// Not found for one that is not here.
    pub fn asset(&self, args: &AssetRef) -> Result<AssetDetail, DoorError> {
        let site = self.asset_site()?;
        let (home, id, asset) = self.asset_of(&site, args.id.trim())?;
        let twins = self.asset_twins(&site, &id, &asset)?;
        let addresses = self.addresses(&asset)?;
        let next = if self.may_note_assets() { next_states(asset.life, self.actor) } else { Vec::new() };
        Ok(AssetDetail {
            row: row_of(&site, (home, &id), &asset, !twins.is_empty(), civil_date(self.now)),
            card: card_dto(&asset.card),
            life_on: asset.changed.as_ref().map(|changed| changed.on.to_string()),
            life_text: asset.changed.as_ref().map(changed_text).unwrap_or_default(),
            has_addresses: asset.addresses_in.is_some(),
            may_see_addresses: self.sees_addresses(),
            addresses,
            may_note: self.may_note_assets(),
            next: next
                .into_iter()
                .map(|life| Choice { value: life.code().to_owned(), label: life.title().to_owned() })
                .collect(),
            parent: asset.card.parent.as_ref().and_then(|parent| self.asset_link(&site, parent.as_str())),
            children: self.asset_children(&site, &id)?,
            twins,
            listed_text: listed_text(&site, &home.contract, &asset.card.listed),
            history: self.asset_history(&id, &asset)?,
        })
    }

    fn addresses(&self, asset: &Asset) -> Result<Option<AddressesDto>, StoreError> {
        let Some(event) = asset.addresses_in.filter(|_| self.sees_addresses()) else { return Ok(None) };
        let Some(text) = self.store.sealed_part(event, ADDRESSES)? else { return Ok(None) };
        let Addresses { ip, mac } = serde_json::from_str(&text)?;
        Ok(Some(AddressesDto { ip, mac }))
    }

    /// Other devices by name; those that are not here are left out.
    pub(crate) fn asset_links(&self, ids: &[EntityId]) -> Result<Vec<AssetLink>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let site = self.asset_site()?;
        Ok(ids.iter().filter_map(|id| self.asset_link(&site, id.as_str())).collect())
    }

    fn asset_link(&self, site: &Site, id: &str) -> Option<AssetLink> {
        let (_, id, asset) = self.asset_of(site, id).ok()?;
        let title = format!("{} {}", asset.card.title(), asset.card.serial).trim().to_owned();
        Some(AssetLink { id: id.to_string(), title, life_name: asset.life.title().to_owned() })
    }

    fn asset_children(&self, site: &Site, id: &EntityId) -> Result<Vec<AssetLink>, StoreError> {
        let mut list = self.store.reader().prepare_cached(
            "SELECT id FROM asset WHERE parent = ?1 ORDER BY name, model, entity LIMIT 200",
        )?;
        let ids = list.query_map([id.as_str()], |row| row.get(0))?;
        let ids: Vec<String> = ids.collect::<rusqlite::Result<_>>()?;
        Ok(ids.iter().filter_map(|id| self.asset_link(site, id)).collect())
    }

    fn asset_twins(&self, site: &Site, id: &EntityId, asset: &Asset) -> Result<Vec<AssetLink>, StoreError> {
        if asset.card.serial.is_empty() || !asset.life.is_living() {
            return Ok(Vec::new());
        }
        self.living_with(site, &asset.card.serial, Some(id))
    }

    /// Living devices with a serial number, but for one.
    pub(super) fn living_with(
        &self,
        site: &Site,
        serial: &str,
        but: Option<&EntityId>,
    ) -> Result<Vec<AssetLink>, StoreError> {
        let mut list = self.store.reader().prepare_cached(
            "SELECT id FROM asset WHERE serial = ?1 AND serial <> '' AND living = 1 AND id <> ?2",
        )?;
        let but = but.map_or("", EntityId::as_str);
        let ids = list.query_map(params![serial_key(serial), but], |row| row.get(0))?;
        let ids: Vec<String> = ids.collect::<rusqlite::Result<_>>()?;
        Ok(ids.iter().filter_map(|id| self.asset_link(site, id)).collect())
    }

    fn asset_history(&self, id: &EntityId, asset: &Asset) -> Result<Vec<AssetHistory>, DoorError> {
        let mut history = self.card_history(id)?;
        history.extend(self.order_history(id)?);
        history.extend(self.stock_history(&asset.card.serial)?);
        history.sort_by(|a, b| b.at.cmp(&a.at));
        history.truncate(HISTORY_MAX);
        Ok(history)
    }

    fn card_history(&self, id: &EntityId) -> Result<Vec<AssetHistory>, DoorError> {
        let mut before: Option<AssetCard> = None;
        let mut history = Vec::new();
        for step in self.store.timeline(id.as_str())? {
            let (kind, kind_name, text) = match step.kind.as_str() {
                "asset.noted" => {
                    let Ok(noted) = serde_json::from_str::<Noted>(&step.payload) else { continue };
                    let text = noted_text(before.as_ref(), &noted);
                    if is_taken(&step) {
                        before = Some(match &before {
                            Some(before) => after(before, &noted),
                            None => noted.card,
                        });
                    }
                    ("card", "卡片", text)
                }
                "asset.changed" => {
                    let Ok(changed) = serde_json::from_str::<Changed>(&step.payload) else { continue };
                    let text = format!("{} {}：{}", changed.on, changed.life.title(), changed_text(&changed));
                    ("life", "状态", text)
                }
                _ => continue,
            };
            history.push(AssetHistory {
                kind: kind.to_owned(),
                kind_name: kind_name.to_owned(),
                at: instant_text(step.at()),
                text,
                by: self.step_author(&step)?,
                order: None,
                part: None,
                pending: step.committed.is_none(),
                refused: !is_taken(&step),
            });
        }
        Ok(history)
    }

    fn step_author(&self, step: &Step) -> Result<String, StoreError> {
        Ok(step.user.as_deref().map(|user| self.name(user)).transpose()?.unwrap_or_default())
    }

    /// Orders that name the device, inspections among them.
    fn order_history(&self, id: &EntityId) -> Result<Vec<AssetHistory>, DoorError> {
        let mut list = self
            .store
            .reader()
            .prepare_cached(
                "SELECT orders.id FROM asset_order JOIN orders ON orders.entity = asset_order.entity
                 WHERE asset_order.asset = ?1 ORDER BY orders.reported_at DESC LIMIT 200",
            )
            .map_err(StoreError::from)?;
        let ids: Vec<String> = list
            .query_map([id.as_str()], |row| row.get(0))
            .and_then(Iterator::collect)
            .map_err(StoreError::from)?;
        let mut history = Vec::with_capacity(ids.len());
        for id in ids {
            let Ok((id, order)) = self.order(&id) else { continue };
            let inspected = order.record.as_ref().and_then(|record| record.inspection);
            let inspects = inspected.is_some() || order.kind == OrderKind::Finding;
            let found = match inspected {
                Some(Inspection::Normal) => "，正常",
                Some(Inspection::Abnormal) => "，异常",
                None => "",
            };
            let by = order.on_behalf.as_ref().or(order.assignee.as_ref()).or(order.registered_by.as_ref());
            history.push(AssetHistory {
                kind: if inspects { "inspection" } else { "order" }.to_owned(),
                kind_name: if inspects { "巡检" } else { "工单" }.to_owned(),
                at: instant_text(order.reported_at.as_millisecond()),
                text: format!("{} {}{found}（{}）", order.number, order.title, order.status.title()),
                by: self.optional_name(by)?,
                order: Some(id.to_string()),
                part: None,
                pending: order.pending > 0,
                refused: false,
            });
        }
        Ok(history)
    }

    /// What stores booked under the serial number: it came from one, or was taken out and kept.
    fn stock_history(&self, serial: &str) -> Result<Vec<AssetHistory>, DoorError> {
        if serial.is_empty() {
            return Ok(Vec::new());
        }
        let mut list = self
            .store
            .reader()
            .prepare_cached(
                "SELECT log.name, stock_movement.id FROM stock_movement JOIN log ON log.n = stock_movement.log
                 WHERE serial = ?1 ORDER BY at DESC LIMIT 200",
            )
            .map_err(StoreError::from)?;
        let found: Vec<(String, String)> = list
            .query_map([serial], |row| Ok((row.get(0)?, row.get(1)?)))
            .and_then(Iterator::collect)
            .map_err(StoreError::from)?;
        let mut history = Vec::with_capacity(found.len());
        for (log, id) in found {
            let state = self.store.entity_in(&log, &id)?;
            let Some(movement) = state.as_ref().and_then(EntityState::movement) else { continue };
            let made = &movement.made;
            let part = self.store.entity_in(&log, made.part.as_str())?;
            let name = part.as_ref().and_then(EntityState::part).map(|part| part.card.title());
            let order = made.order.as_ref();
            let under = order.map(|order| format!("，工单 {}", order.number)).unwrap_or_default();
            history.push(AssetHistory {
                kind: "stock".to_owned(),
                kind_name: "备件".to_owned(),
                at: instant_text(movement.at.as_millisecond()),
                text: format!("{} {}{under}", made.kind.title(), name.unwrap_or_default()),
                by: self.optional_name(movement.by.as_ref())?,
                order: order.map(|order| order.entity.to_string()),
                part: Some(made.part.to_string()),
                pending: movement.pending,
                refused: movement.unreconciled,
            });
        }
        Ok(history)
    }
}

fn is_taken(step: &Step) -> bool {
    step.committed.as_ref().is_none_or(|committed| committed.verdict == Verdict::Accepted)
}

/// Reason, receiver and paper of a change of state.
fn changed_text(changed: &Changed) -> String {
    let more = [("接收人 ", &changed.receiver), ("出门条 ", &changed.pass_no)];
    let said = more.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| format!("{name}{text}"));
    std::iter::once(changed.reason.clone()).chain(said).collect::<Vec<_>>().join("，")
}

/// The card once a change was taken.
fn after(before: &AssetCard, noted: &Noted) -> AssetCard {
    if noted.fields.is_empty() { noted.card.clone() } else { before.with(&noted.card, &noted.fields) }
}

fn noted_text(before: Option<&AssetCard>, noted: &Noted) -> String {
    let mut texts = Vec::new();
    match before {
        None => texts.push("建立卡片".to_owned()),
        Some(before) => {
            let now = after(before, noted);
            texts.extend(changes(before, &now).into_iter().map(|(_, text)| text));
        }
    }
    if noted.addresses {
        texts.push("登记地址".to_owned());
    }
    if texts.is_empty() { "没有改动".to_owned() } else { texts.join("；") }
}

/// The fields in which a card differs from the one before, with what it was and is.
pub(super) fn changes(before: &AssetCard, now: &AssetCard) -> Vec<(&'static str, String)> {
    let shown = |card: &AssetCard, field: &str| {
        let text = match field {
            "network" => card.network.map(Network::title).unwrap_or_default().to_owned(),
            _ => card.field(field).unwrap_or_default(),
        };
        if text.is_empty() { "空".to_owned() } else { text }
    };
    let differing = now.differing(before).into_iter();
    differing
        .map(|field| (field, format!("{} {} → {}", label(field), shown(before, field), shown(now, field))))
        .collect()
}

fn listed_text(site: &Site, contract: &str, listed: &str) -> String {
    let facts = site.contracts().find(|(id, _)| *id == contract).map(|(_, it)| &it.bound.profile.facts);
    let row = facts.and_then(|facts| facts.asset.iter().find(|row| row.id == listed));
    match row {
        Some(row) => format!("合同设备清单 {} 第 {} 行：{}", row.id, row.source_line, row.name),
        None if listed.is_empty() => String::new(),
        None => format!("合同设备清单 {listed}"),
    }
}

/// A card as forms edit it.
pub(super) fn card_dto(card: &AssetCard) -> AssetCardDto {
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
    AssetCardDto {
        name: card.name.clone(),
        object: card.object.clone(),
        network: card.network.map(Network::code).unwrap_or_default().to_owned(),
        maker: card.maker.clone(),
        model: card.model.clone(),
        serial: card.serial.clone(),
        quantity: card.quantity,
        unit: card.unit.clone(),
        place: card.place.clone(),
        room: card.room.clone(),
        rack: card.rack.clone(),
        rack_unit: card.rack_unit.clone(),
        since: date(card.since),
        warranty_end: date(card.warranty_end),
        maintenance_end: date(card.maintenance_end),
        supplier: card.supplier.clone(),
        parent: card.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
        listed: card.listed.clone(),
        note: card.note.clone(),
    }
}

/// Cards by id, as an import compares them.
pub(super) type Known = BTreeMap<String, (usize, EntityId, Asset)>;

/// The state of a word or Chinese name.
pub(super) fn life_of(text: &str) -> Option<LifeState> {
    let text = text.trim();
    LifeState::ALL.into_iter().find(|life| life.code() == text || life.title() == text)
}
