//! 调拨: what is asked of another store, shipped, and received.

use super::book::{entity, fits_model};
use super::{Shelf, small, unsigned};
use crate::door::dto::{
    DoorError, PartLine, PartTransit, TransferAct as ActArgs, TransferArrive, TransferAsk, TransferDto,
    TransferItem, TransferLineDto, TransferMay, TransferPage, TransferRef, TransferShip, TransferSource,
    TransfersArgs, ViewCount, Written,
};
use crate::order::{Desk, Pen, already, filled, key};
use crate::store::{Act, StoreError};
use serde::Serialize;
use std::collections::BTreeMap;
use zaigang_domain::calendar::{civil_date, format_instant};
use zaigang_domain::contract::{StockStoreKind, StockStoreSetting};
use zaigang_domain::event::{EntityId, EventId, LogKind, LogName};
use zaigang_domain::judge::EntityState;
use zaigang_domain::stock::{
    Arrived, Declined, Item, LINES_MAX, Made, MovementKind, Owner, Shipment, ShipmentAct, ShipmentReturned,
    ShipmentSettled, ShipmentStage, Shipped, Standing, Tracking, Transfer, TransferAct, TransferAsked,
    TransferLine, TransferReceived, TransferStage, TransitRow, WrittenOff, legal_shipment, legal_transfer,
    standing, transit,
};

/// Views with their names.
const VIEWS: &[(&str, &str)] =
    &[("open", "待办"), ("in_transit", "在途"), ("done", "已办结"), ("all", "全部")];
/// Transfers shown of a view at most: the newest.
const SHOWN_MAX: usize = 200;
/// Prefix of numbers.
const NUMBER: &str = "DB";

/// Both halves of a transfer, as far as this console holds them.
#[derive(Debug, Clone, Default)]
pub(super) struct Pair {
    /// The part of both names after the slash.
    local: String,
    /// Log of the store that asks, and its half.
    asks: Option<(LogName, Transfer)>,
    /// Log of the store that ships, and its half.
    ships: Option<(LogName, Shipment)>,
}

impl Pair {
    pub(super) fn transfer(&self) -> Option<&Transfer> {
        self.asks.as_ref().map(|(_, transfer)| transfer)
    }

    pub(super) fn shipment(&self) -> Option<&Shipment> {
        self.ships.as_ref().map(|(_, shipment)| shipment)
    }

    /// The store the parts go to.
    fn to(&self) -> Option<&LogName> {
        let asking = self.asks.as_ref().map(|(log, _)| log);
        asking.or_else(|| self.shipment().map(|shipment| &shipment.to))
    }

    /// The store they come from.
    fn from(&self) -> Option<&LogName> {
        let shipping = self.ships.as_ref().map(|(log, _)| log);
        shipping.or_else(|| self.transfer().map(|transfer| &transfer.asked.from))
    }

    fn number(&self) -> &str {
        let asked = self.transfer().map(|transfer| transfer.asked.number.as_str());
        asked.or_else(|| self.shipment().map(|shipment| shipment.number.as_str())).unwrap_or_default()
    }

    fn standing(&self) -> Option<Standing> {
        standing(self.transfer(), self.shipment())
    }

    fn shipped(&self) -> Option<&Shipment> {
        self.shipment().filter(|shipment| shipment.stage == ShipmentStage::Shipped)
    }

    pub(super) fn rows(&self) -> BTreeMap<Item, TransitRow> {
        transit(self.transfer(), self.shipment())
    }

    fn half(&self, kind: &str) -> Result<EntityId, DoorError> {
        EntityId::new(format!("{kind}/{}", self.local)).map_err(DoorError::broken)
    }
}

fn missing() -> DoorError {
    DoorError::not_found("本机没有这张调拨单，或不在您的负责范围内，请同步后重试。").at("id")
}

/// `风扇 F80`.
fn title(name: &str, model: &str) -> String {
    if model.is_empty() { name.to_owned() } else { format!("{name} {model}") }
}

impl Desk<'_> {
    /// Logs of stores this console holds, within the person's reach.
    fn store_logs(&self) -> Result<Vec<LogName>, StoreError> {
        let logs = self.store.logs()?.into_iter().filter_map(|row| LogName::new(row.name).ok());
        let reached = logs.filter(
            |log| matches!(log.kind(), LogKind::Store { contract, .. } if self.actor.reaches(contract)),
        );
        Ok(reached.collect())
    }

    /// All transfers this console knows a half of, by id.
    fn pairs(&self) -> Result<BTreeMap<String, Pair>, StoreError> {
        let mut pairs: BTreeMap<String, Pair> = BTreeMap::new();
        for log in self.store_logs()? {
            for kind in ["transfer", "shipment"] {
                for (id, state) in self.store.states(&log, kind)? {
                    let pair = pairs.entry(id.local().to_owned()).or_default();
                    id.local().clone_into(&mut pair.local);
                    match state {
                        EntityState::Transfer(transfer) => pair.asks = Some((log.clone(), *transfer)),
                        EntityState::Shipment(shipment) => pair.ships = Some((log.clone(), *shipment)),
                        _ => {}
                    }
                }
            }
        }
        Ok(pairs)
    }

    /// Transfers that concern a store.
    fn pairs_of(&self, shelf: &Shelf) -> Result<Vec<Pair>, StoreError> {
        let concerned = |pair: &Pair| pair.to() == Some(&shelf.log) || pair.from() == Some(&shelf.log);
        Ok(self.pairs()?.into_values().filter(concerned).collect())
    }

    /// Transfers of a store that somebody has to do something about.
    pub(super) fn open_transfers(&self, shelf: &Shelf) -> Result<usize, StoreError> {
        let open = |pair: &Pair| pair.standing().is_some_and(Standing::is_open);
        Ok(self.pairs_of(shelf)?.iter().filter(|pair| open(pair)).count())
    }

    /// The transfer of that id, whichever half names it.
    fn pair(&self, id: &str) -> Result<Pair, DoorError> {
        let local = id.trim().split_once('/').map(|(_, local)| local).ok_or_else(missing)?;
        let mut pair = Pair { local: local.to_owned(), ..Pair::default() };
        for log in self.store_logs()? {
            let half = |kind: &str| self.store.entity_in(log.as_str(), &format!("{kind}/{local}"));
            if let Some(EntityState::Transfer(transfer)) = half("transfer")? {
                pair.asks = Some((log.clone(), *transfer));
            }
            if let Some(EntityState::Shipment(shipment)) = half("shipment")? {
                pair.ships = Some((log.clone(), *shipment));
            }
        }
        if pair.asks.is_none() && pair.ships.is_none() { Err(missing()) } else { Ok(pair) }
    }

    /// The transfer of a store with that number or id: its id and number.
    pub(super) fn transfer_numbered(
        &self,
        shelf: &Shelf,
        code: &str,
    ) -> Result<Option<(String, String)>, DoorError> {
        for pair in self.pairs_of(shelf)? {
            let id = pair.half("transfer")?.to_string();
            if pair.number() == code || id == code {
                return Ok(Some((id, pair.number().to_owned())));
            }
        }
        Ok(None)
    }

    fn store_setting(&self, log: &LogName) -> Result<Option<&'static StockStoreSetting>, StoreError> {
        let LogKind::Store { contract, store } = log.kind() else { return Ok(None) };
        let profile = self.in_force_of(contract)?.map(|in_force| in_force.bound.profile);
        Ok(profile.and_then(|profile| profile.settings.stock_store.iter().find(|row| row.id == store)))
    }

    fn store_name(&self, log: &LogName) -> Result<String, StoreError> {
        let setting = self.store_setting(log)?;
        Ok(setting.map_or_else(|| log.to_string(), |setting| setting.name.clone()))
    }

    /// Stores that can be asked: those of the contract's settings and those this console holds, but this one;
    /// the centre's first.
    fn transfer_sources(&self, shelf: &Shelf) -> Result<Vec<TransferSource>, DoorError> {
        let held = self.store_logs()?;
        let profile = self.in_force_of(&shelf.contract)?.map(|in_force| in_force.bound.profile);
        let settings = profile.map(|profile| profile.settings.stock_store.as_slice()).unwrap_or_default();
        let mut logs: Vec<LogName> =
            settings.iter().filter_map(|row| LogName::store(&shelf.contract, &row.id).ok()).collect();
        let others: Vec<LogName> = held.iter().filter(|log| !logs.contains(log)).cloned().collect();
        logs.extend(others);
        let mut sources = Vec::with_capacity(logs.len());
        for log in logs.into_iter().filter(|log| *log != shelf.log) {
            let setting = self.store_setting(&log)?;
            sources.push(TransferSource {
                name: self.store_name(&log)?,
                central: setting.is_some_and(|row| row.kind == Some(StockStoreKind::Centre)),
                held: held.contains(&log),
                id: log.to_string(),
            });
        }
        sources.sort_by_key(|source| !source.central);
        Ok(sources)
    }

    /// Transfers of a store, those that wait first, then the newest.
    ///
    /// # Errors
    /// Bad input for an unknown view; not now where this console holds no store's log.
    pub fn stock_transfers(&self, args: &TransfersArgs) -> Result<TransferPage, DoorError> {
        let shelf = self.shelf(args.store.as_deref())?;
        let view = filled(args.view.as_ref()).unwrap_or_else(|| "open".to_owned());
        if VIEWS.iter().all(|(known, _)| *known != view) {
            return Err(DoorError::bad_input("没有这个视图，请重新选择。").at("view"));
        }
        let mut pairs: Vec<(Standing, Pair)> =
            self.pairs_of(&shelf)?.into_iter().filter_map(|pair| Some((pair.standing()?, pair))).collect();
        let fits = |view: &str, standing: Standing| match view {
            "open" => standing.is_open(),
            "in_transit" => matches!(standing, Standing::InTransit | Standing::Differs),
            "done" => !standing.is_open(),
            _ => true,
        };
        let counts = VIEWS
            .iter()
            .map(|(view, name)| ViewCount {
                view: (*view).to_owned(),
                name: (*name).to_owned(),
                count: super::many(pairs.iter().filter(|(standing, _)| fits(view, *standing)).count()),
            })
            .collect();
        pairs.retain(|(standing, _)| fits(&view, *standing));
        pairs.sort_by(|a, b| (!a.0.is_open(), &b.1.local).cmp(&(!b.0.is_open(), &a.1.local)));
        let rows: Result<Vec<TransferDto>, DoorError> =
            pairs.iter().take(SHOWN_MAX).map(|(_, pair)| self.transfer_dto(&shelf, pair)).collect();
        Ok(TransferPage { counts, rows: rows?, sources: self.transfer_sources(&shelf)? })
    }

    /// One transfer, as a store sees it.
    ///
    /// # Errors
    /// Not found for one that is not here.
    pub fn stock_transfer(&self, args: &TransferRef) -> Result<TransferDto, DoorError> {
        let pair = self.pair(&args.id)?;
        let shelf = self.shelf_of_pair(&pair, args.store.as_deref())?;
        self.transfer_dto(&shelf, &pair)
    }

    /// The store from which a transfer is looked at: the one named, else the one it goes to, else the other.
    fn shelf_of_pair(&self, pair: &Pair, store: Option<&str>) -> Result<Shelf, DoorError> {
        let sides = [pair.to(), pair.from()].into_iter().flatten();
        let named = store.map(str::trim).filter(|store| !store.is_empty());
        for side in sides {
            if named.is_none_or(|named| side.as_str() == named)
                && let Ok(shelf) = self.shelf(Some(side.as_str()))
            {
                return Ok(shelf);
            }
        }
        Err(missing())
    }

    /// The model of a store with that name and 规格型号, in use.
    fn part_named(&self, shelf: &Shelf, name: &str, model: &str) -> Result<Option<String>, StoreError> {
        let found = self
            .store
            .reader()
            .prepare_cached(
                "SELECT id FROM stock_part WHERE log = ?1 AND name = ?2 AND model = ?3 AND closed = 0 ORDER BY entity",
            )?
            .query_row(rusqlite::params![shelf.n, name, model], |row| row.get(0));
        Ok(rusqlite::OptionalExtension::optional(found)?)
    }

    /// The store's own model of an item: as it named it in its half, else by name.
    fn own_part(&self, shelf: &Shelf, pair: &Pair, item: &Item) -> Result<Option<String>, StoreError> {
        let own: &[TransferLine] = match (&pair.asks, &pair.ships) {
            (Some((log, transfer)), _) if *log == shelf.log => &transfer.asked.lines,
            (_, Some((log, shipment))) if *log == shelf.log => &shipment.lines,
            _ => &[],
        };
        let named = own.iter().find(|line| line.name == item.name && line.model == item.model);
        match named {
            Some(line) => Ok(Some(line.part.to_string())),
            None => self.part_named(shelf, &item.name, &item.model),
        }
    }

    fn transfer_dto(&self, shelf: &Shelf, pair: &Pair) -> Result<TransferDto, DoorError> {
        let is_in = pair.to() == Some(&shelf.log);
        let other = if is_in { pair.from() } else { pair.to() };
        let other = other.ok_or_else(missing)?;
        let held = self.store_logs()?;
        let (standing, shipped) = (pair.standing().ok_or_else(missing)?, pair.shipped());
        let (transfer, shipment) = (pair.transfer(), pair.shipment());
        let days = shipped.map_or(0, |shipment| self.days_since(shipment));
        let mut lines = Vec::new();
        for (item, row) in pair.rows() {
            lines.push(self.transfer_line(shelf, pair, &item, &row)?);
        }
        let mut receipts = Vec::new();
        for receipt in transfer.map(|transfer| transfer.receipts.as_slice()).unwrap_or_default() {
            receipts.push(self.arrived("收货", receipt)?);
        }
        for back in shipment.map(|shipment| shipment.returns.as_slice()).unwrap_or_default() {
            receipts.push(self.arrived("退回入库", back)?);
        }
        if let Some(settlement) = shipment.and_then(|shipment| shipment.settlement.as_ref()) {
            receipts.push(format!("结清差异 {}：{}", self.said(Some(settlement))?, settlement.words));
        }
        let decision = transfer.and_then(|transfer| transfer.decision.as_ref());
        let pending = transfer.is_some_and(|transfer| !transfer.pending.is_empty())
            || shipment.is_some_and(|shipment| !shipment.pending.is_empty());
        let order = transfer.and_then(|transfer| transfer.asked.order.as_ref());
        let at = transfer.map(|transfer| transfer.at).or_else(|| shipment.map(|shipment| shipment.said.at));
        Ok(TransferDto {
            id: pair.half("transfer")?.to_string(),
            store: shelf.log.to_string(),
            number: pair.number().to_owned(),
            role: if is_in { "in" } else { "out" }.to_owned(),
            other: other.to_string(),
            other_name: self.store_name(other)?,
            other_held: held.contains(other),
            stage: standing.code().to_owned(),
            stage_name: standing.title().to_owned(),
            at: at.map(format_instant).unwrap_or_default(),
            asker_name: self.optional_name(transfer.and_then(|transfer| transfer.by.as_ref()))?,
            reason: transfer.map(|transfer| transfer.asked.reason.clone()).unwrap_or_default(),
            order: order.map(|order| order.number.clone()).unwrap_or_default(),
            decided: self.said(decision)?,
            words: decision.map(|said| said.words.clone()).unwrap_or_default(),
            shipped: self.said(shipment.map(|shipment| &shipment.said))?,
            ship_words: shipment.map(|shipment| shipment.said.words.clone()).unwrap_or_default(),
            carrier: shipment.map(|shipment| shipment.carrier.clone()).unwrap_or_default(),
            document: shipment.map(|shipment| shipment.document.clone()).unwrap_or_default(),
            days,
            receipts,
            notes: notes(pair, standing, is_in, held.contains(other)),
            lines,
            may: self.transfer_may(pair, standing, is_in),
            pending,
        })
    }

    fn days_since(&self, shipment: &Shipment) -> u32 {
        let (from, today) = (civil_date(shipment.said.at), civil_date(self.now));
        from.until(today).map_or(0, |span| unsigned(i64::from(span.get_days())))
    }

    /// `收货 钱库 10-15 09:00：外箱破损`.
    fn arrived(&self, what: &str, arrived: &Arrived) -> Result<String, StoreError> {
        let said = self.said(Some(&arrived.said))?;
        let words = &arrived.said.words;
        let words = if words.is_empty() { String::new() } else { format!("：{words}") };
        Ok(format!("{what} {said}{words}"))
    }

    fn transfer_line(
        &self,
        shelf: &Shelf,
        pair: &Pair,
        item: &Item,
        row: &TransitRow,
    ) -> Result<TransferLineDto, DoorError> {
        let own = self.own_part(shelf, pair, item)?;
        let card = match &own {
            Some(id) => {
                self.in_store(shelf, id)?.as_ref().and_then(EntityState::part).map(|p| p.card.clone())
            }
            None => None,
        };
        let available = match &own {
            Some(id) => self.available(shelf, id)?,
            None => 0,
        };
        Ok(TransferLineDto {
            part: own.unwrap_or_default(),
            tracking: card.map_or(Tracking::Plain, |card| card.tracking).code().to_owned(),
            item: TransferItem {
                name: item.name.clone(),
                model: item.model.clone(),
                owner: item.owner.code().to_owned(),
            },
            unit: row.unit.clone(),
            asked: unsigned(row.asked),
            shipped: unsigned(row.shipped),
            received: unsigned(row.received),
            returned: unsigned(row.returned),
            settled: small(row.settled),
            in_transit: small(if pair.shipped().is_some() { row.in_transit() } else { 0 }),
            missing: row.missing.clone(),
            strange: row.strange.clone(),
            available: small(available),
        })
    }

    /// Whether this person keeps a side's store.
    fn keeps_store(&self, log: Option<&LogName>) -> bool {
        log.is_some_and(|log| self.store_may().keep && self.shelf(Some(log.as_str())).is_ok())
    }

    /// What may be done from the side that looks at it.
    fn transfer_may(&self, pair: &Pair, standing: Standing, is_in: bool) -> TransferMay {
        let asks = is_in && self.keeps_store(pair.to());
        let ships = !is_in && self.keeps_store(pair.from());
        let decided = zaigang_domain::stock::Decided { words: "-".to_owned() };
        let of_transfer = |act: &TransferAct| legal_transfer(pair.transfer(), act, self.actor);
        let approve = of_transfer(&TransferAct::Approved(decided.clone()));
        let receive = TransferAct::Received(TransferReceived { lines: Vec::new(), words: "-".to_owned() });
        let settle = ShipmentAct::Settled(ShipmentSettled { lines: Vec::new(), words: "-".to_owned() });
        let settle = legal_shipment(pair.shipment(), &settle, self.actor);
        let is_out = pair.shipped().is_some();
        let own = is_out && self.is_shipper(pair);
        let why_not = match (&approve, standing) {
            (Err(objection), Standing::Asked) if asks => objection.message.clone(),
            (_, Standing::Differs) if ships => {
                settle.as_ref().err().map(|objection| objection.message.clone()).unwrap_or_default()
            }
            (_, Standing::InTransit) if asks && own => OWN_SHIPMENT.to_owned(),
            _ => String::new(),
        };
        let differs = standing == Standing::Differs;
        TransferMay {
            decide: asks && approve.is_ok(),
            cancel: asks && !is_out && of_transfer(&TransferAct::Cancelled(decided)).is_ok(),
            ship: ships && matches!(standing, Standing::Approved | Standing::Unshipped),
            receive: asks
                && !own
                && of_transfer(&receive).is_ok()
                && matches!(standing, Standing::InTransit | Standing::Differs | Standing::Approved),
            take_back: ships && matches!(standing, Standing::InTransit | Standing::Differs),
            settle: ships && differs && settle.is_ok(),
            why_not,
        }
    }

    fn is_shipper(&self, pair: &Pair) -> bool {
        self.actor.is(pair.shipment().and_then(|shipment| shipment.said.by.as_ref()))
    }

    /// What of a store's models is on the way, in and out.
    pub(super) fn part_transit(&self, shelf: &Shelf) -> Result<Vec<(String, PartTransit)>, DoorError> {
        let mut found = Vec::new();
        for pair in self.pairs_of(shelf)? {
            let Some(shipment) = pair.shipped() else { continue };
            let is_in = pair.to() == Some(&shelf.log);
            let other = if is_in { pair.from() } else { pair.to() };
            let other_name = other.map(|log| self.store_name(log)).transpose()?.unwrap_or_default();
            for (item, row) in pair.rows().iter().filter(|(_, row)| row.in_transit() != 0) {
                let Some(part) = self.own_part(shelf, &pair, item)? else { continue };
                let transit = PartTransit {
                    transfer: pair.half("transfer")?.to_string(),
                    number: pair.number().to_owned(),
                    role: if is_in { "in" } else { "out" }.to_owned(),
                    other_name: other_name.clone(),
                    quantity: small(row.in_transit()),
                    days: self.days_since(shipment),
                };
                found.push((part, transit));
            }
        }
        Ok(found)
    }

    /// The store and the transfer of an act of its asking half.
    fn asking(&self, id: &str) -> Result<(Shelf, Pair, Transfer), DoorError> {
        let pair = self.pair(id)?;
        let (log, transfer) = pair.asks.clone().ok_or_else(|| DoorError::not_now(NO_ASKING))?;
        let shelf = self.shelf(Some(log.as_str())).map_err(|_| DoorError::not_allowed(NOT_ASKING))?;
        self.keeps()?;
        Ok((shelf, pair, transfer))
    }

    /// The shipping store of a transfer.
    fn shipping(&self, id: &str) -> Result<(Shelf, Pair), DoorError> {
        let pair = self.pair(id)?;
        let log = pair.from().ok_or_else(missing)?;
        if !self.store_logs()?.contains(log) {
            let name = self.store_name(log)?;
            let message = format!("本机没有{name}的数据，请在发货库的工作台办理，或请管理员为本机增加该库。");
            return Err(DoorError::not_now(message));
        }
        let shelf = self.shelf(Some(log.as_str())).map_err(|_| DoorError::not_allowed(NOT_SHIPPING))?;
        self.keeps()?;
        Ok((shelf, pair))
    }

    fn asked_lines(&self, shelf: &Shelf, lines: &[PartLine]) -> Result<Vec<TransferLine>, DoorError> {
        if !(1..=LINES_MAX).contains(&lines.len()) {
            let message = format!("请填写要调拨的备件，1 至 {LINES_MAX} 行。");
            return Err(DoorError::bad_input(message).at("lines"));
        }
        let mut found: Vec<TransferLine> = Vec::with_capacity(lines.len());
        for (at, line) in lines.iter().enumerate() {
            let field = format!("lines.{at}.");
            let card =
                self.part(shelf, line.part.trim()).map_err(|error| error.at(format!("{field}part")))?.card;
            if line.quantity == 0 {
                return Err(DoorError::bad_input("请填写数量。").at(format!("{field}quantity")));
            }
            let part = entity(&line.part, &format!("{field}part"))?;
            if found.iter().any(|known| known.part == part) {
                return Err(DoorError::bad_input("同一型号填了两行，请合并。").at(format!("{field}part")));
            }
            found.push(TransferLine {
                part,
                name: card.name,
                model: card.model,
                unit: card.unit,
                quantity: line.quantity,
                serials: Vec::new(),
                batch: None,
                owner: Owner::default(),
            });
        }
        Ok(found)
    }

    /// What of a form arrived or came back, with its movements; `kind` says which.
    fn arrivals(
        &self,
        shelf: &Shelf,
        pair: &Pair,
        args: &TransferArrive,
        kind: MovementKind,
    ) -> Result<(Vec<TransferLine>, Vec<Made>), DoorError> {
        let rows = pair.rows();
        let (mut lines, mut made) = (Vec::new(), Vec::new());
        let half = if kind == MovementKind::Received { "transfer" } else { "shipment" };
        for (at, line) in args.lines.iter().enumerate() {
            let field = format!("lines.{at}.");
            if line.quantity == 0 && line.serials.is_empty() {
                continue;
            }
            let item = item_of(&line.item, &field)?;
            let row = rows.get(&item).ok_or_else(|| {
                DoorError::bad_input("调拨单上没有这个型号，请刷新后重试。").at(format!("{field}item"))
            })?;
            let part = match filled(line.part.as_ref()) {
                Some(part) => Some(part),
                None => self.own_part(shelf, pair, &item)?,
            };
            let part = part.ok_or_else(|| {
                let message = format!(
                    "本库没有型号“{}”，请先登记型号，或选择本库对应的型号。",
                    title(&item.name, &item.model)
                );
                DoorError::bad_input(message).at(format!("{field}part"))
            })?;
            let card = self.part(shelf, &part).map_err(|error| error.at(format!("{field}part")))?.card;
            let pieces = self.pieces(&card, &line.serials, i64::from(line.quantity), &field)?;
            let place = filled(line.to.as_ref()).or_else(|| filled(args.to.as_ref()));
            let to = self.place_of(shelf, place.as_ref(), "to")?;
            let to = to.ok_or_else(|| DoorError::bad_input("请选择入到哪个库位。").at("to"))?;
            let part = entity(&part, &format!("{field}part"))?;
            lines.push(TransferLine {
                part: part.clone(),
                name: item.name.clone(),
                model: item.model.clone(),
                unit: row.unit.clone(),
                quantity: unsigned(pieces.iter().map(|(_, quantity)| quantity).sum()),
                serials: pieces.iter().filter_map(|(serial, _)| serial.clone()).collect(),
                batch: filled(Some(&line.batch)),
                owner: item.owner,
            });
            for (serial, quantity) in pieces {
                made.push(Made {
                    serial,
                    batch: filled(Some(&line.batch)),
                    to: Some(to.clone()),
                    document: pair.number().to_owned(),
                    reason: args.words.trim().to_owned(),
                    transfer: Some(pair.half(half)?),
                    ..Made::new(kind, part.clone(), quantity, item.owner)
                });
            }
        }
        Ok((lines, made))
    }
}

fn item_of(item: &TransferItem, field: &str) -> Result<Item, DoorError> {
    let owner = Owner::from_code(item.owner.trim());
    let owner =
        owner.ok_or_else(|| DoorError::bad_input("归属不对，请刷新后重试。").at(format!("{field}item")))?;
    Ok(Item { name: item.name.clone(), model: item.model.clone(), owner })
}

/// What is worth saying about a transfer: halves that are missing, and 账实不符.
fn notes(pair: &Pair, standing: Standing, is_in: bool, other_held: bool) -> Vec<String> {
    let mut notes = Vec::new();
    let cancelled = pair.transfer().is_some_and(|transfer| transfer.stage == TransferStage::Cancelled);
    if cancelled && pair.shipped().is_some() {
        notes.push("申请已撤回，但备件已经发出：收到的请照常收货，未收到的由发货库退回入库。".to_owned());
    }
    if !other_held && standing.is_open() {
        notes.push(
            if is_in {
                "本机没有发货库的数据，看不到发货情况；货到了可先按交接单收货，两边同步后自动核对。"
            } else {
                "本机没有收货库的数据，看不到收货情况；请对方收货后核对，或请管理员为本机增加该库。"
            }
            .to_owned(),
        );
    }
    if standing == Standing::Unshipped && other_held {
        notes.push("已收货，发货库还没有发货记录；请同步，仍没有的请发货库补记发货。".to_owned());
    }
    if standing != Standing::Differs {
        return notes;
    }
    for (item, row) in pair.rows() {
        let (name, unit) = (title(&item.name, &item.model), &row.unit);
        let left = row.in_transit();
        if left > 0 {
            notes.push(format!(
                "账实不符：{name} 发 {}，收 {}，短少 {left} {unit}",
                row.shipped, row.received
            ));
        } else if left < 0 {
            notes.push(format!(
                "账实不符：{name} 发 {}，收 {}，多出 {} {unit}",
                row.shipped, row.received, -left
            ));
        }
        if !row.missing.is_empty() && !row.strange.is_empty() {
            let (missing, strange) = (row.missing.join("、"), row.strange.join("、"));
            notes.push(format!("账实不符：{name} 未见序列号 {missing}，收到发货单上没有的 {strange}"));
        }
    }
    notes
}

impl Pen<'_> {
    /// An act on a half, where it is legal.
    fn half_act(
        &self,
        log: &LogName,
        id: EntityId,
        kind: &str,
        payload: &impl Serialize,
        expect: &[(&str, String)],
        deps: &[EventId],
    ) -> Result<Act, DoorError> {
        let mut draft = self.fact(kind, payload)?;
        draft.expect.extend(expect.iter().map(|(field, seen)| ((*field).to_owned(), seen.clone())));
        draft.deps = deps.to_vec();
        Ok(Act { log: log.clone(), entity: id, drafts: vec![draft], stands_on: None })
    }

    /// Asks another store for parts.
    ///
    /// # Errors
    /// Bad input naming the field; not allowed for others than keeper and supervisor.
    pub fn ask_transfer(&mut self, args: &TransferAsk) -> Result<Written, DoorError> {
        let key = key(self, "stock/transfer", &args.idempotency_key)?;
        let desk = self.desk();
        desk.keeps()?;
        let shelf = desk.shelf(args.store.as_deref())?;
        let sources = desk.transfer_sources(&shelf)?;
        let source = sources.iter().find(|source| source.id == args.from.trim());
        let source = source
            .ok_or_else(|| DoorError::bad_input("请选择向哪个库申请；本库不能向自己调拨。").at("from"))?;
        if args.reason.trim().is_empty() {
            return Err(DoorError::bad_input("请写明调拨事由。").at("reason"));
        }
        let message = format!("已向{}申请调拨，待审批", source.name);
        let from = LogName::new(source.id.clone()).map_err(DoorError::broken)?;
        let lines = desk.asked_lines(&shelf, &args.lines)?;
        let order = desk.order_ref(args.order.as_ref())?;
        if let Some(id) = self.registered_under(&key)? {
            return Ok(already(&id, message));
        }
        let now = self.host.now();
        let number = self.next_number(NUMBER, now)?;
        let asked = TransferAsked { number, from, lines, reason: args.reason.trim().to_owned(), order };
        if !asked.is_sound() {
            return Err(DoorError::bad_input("内容过长，请核对事由和数量。").at("reason"));
        }
        let (draft, id) = (self.fact("transfer.asked", &asked)?, self.new_entity("transfer"));
        self.put(&shelf.log, &id, draft, &key, message)
    }

    /// Approves, refuses or takes back a request.
    ///
    /// # Errors
    /// Bad input for a refusal without words; not allowed about one's own; not now once it was shipped.
    pub fn decide_transfer(&mut self, args: &ActArgs, kind: &'static str) -> Result<Written, DoorError> {
        let (shelf, pair, transfer) = self.desk().asking(&args.id)?;
        let key = key(self, &format!("{kind}/{}", pair.local), &args.idempotency_key)?;
        let payload = zaigang_domain::stock::Decided { words: args.words.trim().to_owned() };
        let (act, message) = match kind {
            "transfer.approved" => (TransferAct::Approved(payload.clone()), "已批准"),
            "transfer.refused" => (TransferAct::Refused(payload.clone()), "已退回"),
            _ => (TransferAct::Cancelled(payload.clone()), "已撤回"),
        };
        let (id, message) = (pair.half("transfer")?, format!("{message}调拨单 {}", pair.number()));
        if self.is_repeated(&key)? {
            return Ok(already(&id, message));
        }
        if kind == "transfer.refused" && payload.words.is_empty() {
            return Err(DoorError::bad_input("不批准须写明理由。").at("words"));
        }
        if kind == "transfer.cancelled" && pair.shipped().is_some() {
            return Err(DoorError::not_now("备件已经发出，不能再撤回；请收货，或由发货库退回入库。"));
        }
        legal_transfer(Some(&transfer), &act, self.actor)?;
        let stage = [("stage", transfer.stage.code().to_owned())];
        let act = self.half_act(&shelf.log, id, kind, &payload, &stage, &transfer.pending)?;
        self.put_acts(&[act], &key, message)
    }

    /// Ships what was approved, or says that it cannot be had.
    ///
    /// # Errors
    /// Bad input naming the field; not allowed for others than the shipping store's keeper and supervisor; not
    /// now before it is approved, or twice.
    pub fn ship_transfer(&mut self, args: &TransferShip) -> Result<Written, DoorError> {
        let (shelf, pair) = self.desk().shipping(&args.id)?;
        let key = key(self, &format!("shipment/{}", pair.local), &args.idempotency_key)?;
        let (id, number) = (pair.half("shipment")?, pair.number().to_owned());
        let message = if args.decline {
            format!("已答复调拨单 {number}：无法供货")
        } else {
            format!("已按调拨单 {number} 发货，在途")
        };
        if self.is_repeated(&key)? {
            return Ok(already(&id, message));
        }
        let (to, transfer) = pair.asks.clone().ok_or_else(|| DoorError::not_now(NO_ASKING))?;
        let words = args.words.trim().to_owned();
        if args.decline {
            if words.is_empty() {
                return Err(DoorError::bad_input("无法供货须写明缘由。").at("words"));
            }
            let declined = Declined { number, to, words };
            legal_shipment(pair.shipment(), &ShipmentAct::Declined(declined.clone()), self.actor)?;
            let act = self.half_act(&shelf.log, id, "shipment.declined", &declined, &[], &[])?;
            return self.put_acts(&[act], &key, message);
        }
        // What arrived before the shipment was noted is noted afterwards.
        if !matches!(pair.standing(), Some(Standing::Approved | Standing::Unshipped)) {
            let now = pair.standing().map(Standing::title).unwrap_or_default();
            let message = format!("调拨单现为“{now}”，批准以后、发货以前才能发货，请查看现状。");
            return Err(DoorError::not_now(message));
        }
        let (lines, movements) = self.desk().shipped_lines(&shelf, &transfer, &args.lines)?;
        let shipped = Shipped {
            number: number.clone(),
            to,
            lines,
            carrier: args.carrier.trim().to_owned(),
            document: args.document.trim().to_owned(),
            words,
        };
        let text = serde_json::to_string(&shipped).map_err(DoorError::broken)?;
        let act = ShipmentAct::read("shipment.shipped", &text)
            .ok_or_else(|| DoorError::bad_input("内容过长或不完整，请核对承运和单号。").at("carrier"))?;
        legal_shipment(pair.shipment(), &act, self.actor)?;
        let mut acts = vec![self.half_act(&shelf.log, id.clone(), "shipment.shipped", &shipped, &[], &[])?];
        for made in movements {
            let made = Made {
                document: number.clone(),
                reason: transfer.asked.reason.clone(),
                transfer: Some(id.clone()),
                ..made
            };
            acts.push(self.booking(&shelf, &made, self.host.now(), Some(0))?);
        }
        self.put_acts(&acts, &key, message)
    }

    /// Receives what arrived: all of it, less or more. What differs is told, not refused.
    ///
    /// # Errors
    /// Bad input naming the field; not allowed for others than the asking store's keeper and supervisor, and for
    /// whoever shipped it.
    pub fn receive_transfer(&mut self, args: &TransferArrive) -> Result<Written, DoorError> {
        let (shelf, pair, transfer) = self.desk().asking(&args.id)?;
        let key = key(self, &format!("transfer.received/{}", pair.local), &args.idempotency_key)?;
        let id = pair.half("transfer")?;
        if self.is_repeated(&key)? {
            return Ok(already(&id, format!("已收货，调拨单 {}", pair.number())));
        }
        if pair.shipped().is_some() && self.desk().is_shipper(&pair) {
            return Err(DoorError::not_allowed(OWN_SHIPMENT));
        }
        let (lines, movements) = self.desk().arrivals(&shelf, &pair, args, MovementKind::Received)?;
        let payload = TransferReceived { lines, words: args.words.trim().to_owned() };
        if payload.lines.is_empty() && payload.words.is_empty() {
            let message = "请填写实收的数量或序列号；一件没有收到的，请在说明中写明情况。";
            return Err(DoorError::bad_input(message).at("lines"));
        }
        legal_transfer(Some(&transfer), &TransferAct::Received(payload.clone()), self.actor)?;
        let said = fits_receipt(&pair, &payload);
        if let (Some(said), true) = (&said, payload.words.is_empty()) {
            let message = format!("收货与发货不符（{said}），请在说明中写明情况。");
            return Err(DoorError::bad_input(message).at("words"));
        }
        let message = match said {
            None => format!("已收货，调拨单 {}", pair.number()),
            Some(said) => format!("已收货，调拨单 {} 账实不符：{said}", pair.number()),
        };
        let expect = [("receipts", transfer.receipts.len().to_string())];
        let act = self.half_act(&shelf.log, id, "transfer.received", &payload, &expect, &transfer.pending)?;
        self.book_half(&shelf, act, &movements, &key, message)
    }

    /// Takes parts back into the shipping store.
    ///
    /// # Errors
    /// Bad input naming the field; not now where nothing is on the way.
    pub fn take_back_transfer(&mut self, args: &TransferArrive) -> Result<Written, DoorError> {
        let (shelf, pair) = self.desk().shipping(&args.id)?;
        let key = key(self, &format!("shipment.returned/{}", pair.local), &args.idempotency_key)?;
        let (id, message) = (pair.half("shipment")?, format!("已退回入库，调拨单 {}", pair.number()));
        if self.is_repeated(&key)? {
            return Ok(already(&id, message));
        }
        let shipment = pair.shipment().cloned().ok_or_else(missing)?;
        let (lines, movements) = self.desk().arrivals(&shelf, &pair, args, MovementKind::Returned)?;
        if lines.is_empty() {
            return Err(DoorError::bad_input("请填写退回的数量或序列号。").at("lines"));
        }
        if args.words.trim().is_empty() {
            return Err(DoorError::bad_input("退回须写明缘由。").at("words"));
        }
        let payload = ShipmentReturned { lines, words: args.words.trim().to_owned() };
        legal_shipment(Some(&shipment), &ShipmentAct::Returned(payload.clone()), self.actor)?;
        let expect = [("returns", shipment.returns.len().to_string())];
        let act = self.half_act(&shelf.log, id, "shipment.returned", &payload, &expect, &shipment.pending)?;
        self.book_half(&shelf, act, &movements, &key, message)
    }

    /// Clears up what differs between shipped and received.
    ///
    /// # Errors
    /// Bad input without words; not allowed for whoever shipped it; not now where nothing differs.
    pub fn settle_transfer(&mut self, args: &ActArgs) -> Result<Written, DoorError> {
        let (shelf, pair) = self.desk().shipping(&args.id)?;
        let key = key(self, &format!("shipment.settled/{}", pair.local), &args.idempotency_key)?;
        let (id, message) = (pair.half("shipment")?, format!("已结清调拨单 {} 的差异", pair.number()));
        if self.is_repeated(&key)? {
            return Ok(already(&id, message));
        }
        if args.words.trim().is_empty() {
            return Err(DoorError::bad_input("请写明差异如何处理、依据的单据。").at("words"));
        }
        let shipment = pair.shipment().cloned().ok_or_else(missing)?;
        let differing = pair.rows().into_iter().filter(|(_, row)| row.in_transit() != 0);
        let mut lines: Vec<WrittenOff> =
            differing.map(|(item, row)| WrittenOff { item, quantity: row.in_transit() }).collect();
        if pair.standing() != Some(Standing::Differs) || lines.is_empty() {
            return Err(DoorError::not_now("这张调拨单没有数量差异；序列号不符的请先更正两边的台账。"));
        }
        lines.truncate(LINES_MAX);
        let payload = ShipmentSettled { lines, words: args.words.trim().to_owned() };
        legal_shipment(Some(&shipment), &ShipmentAct::Settled(payload.clone()), self.actor)?;
        let expect = [
            ("settled", shipment.settled.len().to_string()),
            ("returns", shipment.returns.len().to_string()),
        ];
        let act = self.half_act(&shelf.log, id, "shipment.settled", &payload, &expect, &shipment.pending)?;
        self.put_acts(&[act], &key, message)
    }

    fn book_half(
        &mut self,
        shelf: &Shelf,
        act: Act,
        movements: &[Made],
        key: &str,
        message: String,
    ) -> Result<Written, DoorError> {
        let mut acts = vec![act];
        for made in movements {
            acts.push(self.booking(shelf, made, self.host.now(), Some(0))?);
        }
        self.put_acts(&acts, key, message)
    }
}

impl Desk<'_> {
    /// The lines of a shipment as the other store is told of them, with their movements.
    fn shipped_lines(
        &self,
        shelf: &Shelf,
        transfer: &Transfer,
        lines: &[PartLine],
    ) -> Result<(Vec<TransferLine>, Vec<Made>), DoorError> {
        if !(1..=LINES_MAX).contains(&lines.len()) {
            return Err(DoorError::bad_input("请填写发出的备件，至少一行。").at("lines"));
        }
        let (mut told, mut movements): (Vec<TransferLine>, Vec<Made>) = (Vec::new(), Vec::new());
        for (at, line) in lines.iter().enumerate() {
            let (_, made) = self.handed_out(shelf, line, at)?;
            let card = self.part(shelf, line.part.trim())?.card;
            // Under the name the other store asked by, so that it finds its own model.
            let asked =
                transfer.asked.lines.iter().find(|asked| fits_model(&card, &asked.name, &asked.model));
            let (name, model) = asked.map_or_else(
                || (card.name.clone(), card.model.clone()),
                |asked| (asked.name.clone(), asked.model.clone()),
            );
            for made in &made {
                let same = told.iter_mut().find(|line| {
                    line.part == made.part && line.owner == made.owner && line.batch == made.batch
                });
                let quantity = unsigned(made.quantity);
                match same {
                    Some(line) => {
                        line.quantity = line.quantity.saturating_add(quantity);
                        line.serials.extend(made.serial.clone());
                    }
                    None => told.push(TransferLine {
                        part: made.part.clone(),
                        name: name.clone(),
                        model: model.clone(),
                        unit: card.unit.clone(),
                        quantity,
                        serials: made.serial.clone().into_iter().collect(),
                        batch: made.batch.clone(),
                        owner: made.owner,
                    }),
                }
            }
            movements.extend(made);
        }
        Ok((told, movements))
    }
}

/// What a receipt would leave differing, in words; `None` where it fits or nothing is known of the shipment.
fn fits_receipt(pair: &Pair, received: &TransferReceived) -> Option<String> {
    pair.shipped()?;
    let mut after = pair.transfer()?.clone();
    let said = zaigang_domain::stock::Said { by: None, at: after.at, words: String::new() };
    after.receipts.push(Arrived { said, lines: received.lines.clone() });
    let differing = transit(Some(&after), pair.shipment()).into_iter().filter_map(|(item, row)| {
        let name = title(&item.name, &item.model);
        match row.in_transit() {
            0 if row.strange.is_empty() => None,
            0 => Some(format!("{name} 序列号不符 {}", row.strange.join("、"))),
            short @ 1.. => Some(format!("{name} 短 {short} {}", row.unit)),
            over => Some(format!("{name} 多 {} {}", -over, row.unit)),
        }
    });
    let differing: Vec<String> = differing.collect();
    if differing.is_empty() { None } else { Some(differing.join("，")) }
}

const NO_ASKING: &str = "本机没有申请库的数据，看不到这张调拨单的申请；请管理员为本机增加该库后再发货。";
const NOT_ASKING: &str = "只有收货库的库管员或项目经理可以办理申请、审批和收货。";
const NOT_SHIPPING: &str = "只有发货库的库管员或项目经理可以发货、退回入库和结清差异。";
const OWN_SHIPMENT: &str = "发货人不能替收货库收货，请收货库的另一位库管员或项目经理办理。";
