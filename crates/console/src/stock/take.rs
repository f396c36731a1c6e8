//! 盘点: opened, counted by several, closed, signed by two, adjusted.

use super::book::entity;
use super::parts::owner_of;
use super::{Shelf, small, unsigned};
use crate::door::dto::{
    CountRow, DoorError, SignatureDto, TakeAct as ActArgs, TakeCount, TakeDto, TakeMay, TakeOpen, TakeRow,
    VarianceRow, Written,
};
use crate::order::{Desk, Pen, already, filled, key};
use crate::store::{Act, StoreError};
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use zaigang_domain::calendar::{civil_date, format_instant};
use zaigang_domain::event::EntityId;
use zaigang_domain::judge::EntityState;
use zaigang_domain::stock::{
    Book, Closed, Count, Counted, LINES_MAX, Made, MovementKind, Opened, Owner, Signed, Take, TakeAct,
    TakeStage, Tracking, Variance, legal_take, variance,
};

/// Stocktakes shown at most.
const SHOWN_MAX: u32 = 100;

/// Whether somebody has to do something about a stocktake.
pub(super) fn is_open(stage: TakeStage) -> bool {
    !matches!(stage, TakeStage::Adjusted | TakeStage::Cancelled)
}

type Found = (Shelf, EntityId, Take);

impl Desk<'_> {
    /// Stocktakes of a store, newest first.
    ///
    /// # Errors
    /// Not now where this console holds no store's log.
    pub fn stock_takes(&self, store: Option<&str>) -> Result<Vec<TakeRow>, DoorError> {
        let shelf = self.shelf(store)?;
        let mut takes: Vec<(EntityId, Take)> = Vec::new();
        for (id, state) in self.store.newest_states(&shelf.log, "stocktake", SHOWN_MAX)? {
            takes.extend(state.take().cloned().map(|take| (id, take)));
        }
        takes.sort_by_key(|(_, take)| std::cmp::Reverse((take.at, take.first)));
        takes.iter().map(|(id, take)| self.take_row(&shelf, id, take)).collect()
    }

    fn take_row(&self, shelf: &Shelf, id: &EntityId, take: &Take) -> Result<TakeRow, DoorError> {
        let counters: BTreeSet<&str> = take.lines.iter().map(|line| line.by.as_str()).collect();
        let counters: Result<Vec<String>, StoreError> =
            counters.into_iter().map(|by| self.name(by)).collect();
        let places: Vec<String> = take.opened.places.iter().map(|place| shelf.path(place.as_str())).collect();
        Ok(TakeRow {
            id: id.to_string(),
            name: take.opened.name.clone(),
            stage: take.stage.code().to_owned(),
            stage_name: take.stage.title().to_owned(),
            places: if places.is_empty() { "全部库位".to_owned() } else { places.join("、") },
            blind: take.opened.blind,
            at: format_instant(take.at),
            by: self.optional_name(take.by.as_ref())?,
            counted: u32::try_from(take.counts().len()).unwrap_or(u32::MAX),
            counters: counters?.join("、"),
            differs: take
                .closed
                .as_ref()
                .map(|(_, closed)| u32::try_from(closed.differences.len()).unwrap_or(u32::MAX)),
            pending: !take.pending.is_empty(),
        })
    }

    pub(super) fn take(&self, id: &str) -> Result<Found, DoorError> {
        let shelf = self.shelf_of(id.trim())?;
        let state = self.in_store(&shelf, id.trim())?;
        let take = state.as_ref().and_then(EntityState::take).cloned();
        let take = take.ok_or_else(|| DoorError::not_found("本机没有这次盘点，请同步后重试。").at("id"))?;
        Ok((shelf, entity(id, "id")?, take))
    }

    /// One stocktake.
    ///
    /// # Errors
    /// Not found for one that is not here.
    pub fn stock_take(&self, id: &str) -> Result<TakeDto, DoorError> {
        let (shelf, id, take) = self.take(id)?;
        let scope = scope(&shelf, &take);
        let mut places = self.places_dto(&shelf)?;
        places.retain(|place| scope.contains(&place.id) && !place.closed);
        let hidden = take.opened.blind && take.stage == TakeStage::Counting;
        let mut lines = Vec::new();
        for line in take.lines.iter().rev() {
            let mine = self.actor.is(Some(&line.by));
            if hidden && !mine {
                continue;
            }
            let (part_name, unit) = self.part_head(&shelf, line.count.part.as_str())?;
            let book = (!hidden).then(|| self.book_of(&shelf, &line.count, line.at)).transpose()?;
            lines.push(CountRow {
                part: line.count.part.to_string(),
                part_name,
                unit,
                place: line.count.place.to_string(),
                place_name: shelf.path(line.count.place.as_str()),
                serial: line.count.serial.clone().unwrap_or_default(),
                batch: line.count.batch.clone().unwrap_or_default(),
                owner: line.count.owner.code().to_owned(),
                quantity: line.count.quantity,
                book: book.map(small),
                by: self.name(line.by.as_str())?,
                at: format_instant(line.at),
                pending: line.pending,
                mine,
            });
        }
        let mut rows = Vec::new();
        for difference in take.closed.iter().flat_map(|(_, closed)| &closed.differences) {
            let (part_name, unit) = self.part_head(&shelf, difference.part.as_str())?;
            rows.push(VarianceRow {
                kind: difference.kind.code().to_owned(),
                kind_name: difference.kind.title().to_owned(),
                part: difference.part.to_string(),
                part_name,
                unit,
                place: difference.place.to_string(),
                place_name: shelf.path(difference.place.as_str()),
                book_place: difference
                    .book_place
                    .as_ref()
                    .map(|place| shelf.path(place.as_str()))
                    .unwrap_or_default(),
                serial: difference.serial.clone().unwrap_or_default(),
                owner: difference.owner.code().to_owned(),
                book: small(difference.book),
                counted: unsigned(difference.counted),
            });
        }
        let mut signatures = Vec::new();
        for signature in take.signatures.iter().chain(&take.adjusted) {
            signatures.push(SignatureDto {
                name: self.name(signature.by.as_str())?,
                user: signature.by.to_string(),
                at: format_instant(signature.at),
            });
        }
        Ok(TakeDto {
            store: shelf.log.to_string(),
            row: self.take_row(&shelf, &id, &take)?,
            places,
            lines,
            disputes: self.disputes(&shelf, &take)?,
            found: take.closed.as_ref().map_or(0, |(_, closed)| closed.found),
            variance: rows,
            closed_at: take.closed.as_ref().map(|(at, _)| format_instant(*at)),
            signatures,
            cancelled: match &take.cancelled {
                Some(said) => format!("{}：{}", self.said(Some(said))?, said.words),
                None => String::new(),
            },
            may: self.take_may(&take),
        })
    }

    fn take_may(&self, take: &Take) -> TakeMay {
        let can = self.store_may();
        let legal = |act: TakeAct| legal_take(Some(take), &act, self.actor);
        let sign = legal(TakeAct::Signed(Signed::default()));
        TakeMay {
            count: can.count && take.stage == TakeStage::Counting,
            close: can.keep && take.stage == TakeStage::Counting,
            sign: sign.is_ok(),
            adjust: can.adjust && legal(TakeAct::Adjusted(Signed::default())).is_ok(),
            cancel: can.keep && legal(TakeAct::Cancelled(Signed::default())).is_ok(),
            why_not: match sign {
                Err(objection) if take.stage == TakeStage::Closed => objection.message,
                _ => String::new(),
            },
        }
    }

    fn disputes(&self, shelf: &Shelf, take: &Take) -> Result<Vec<String>, DoorError> {
        let mut told = Vec::new();
        for lines in take.disagreements() {
            let Some(first) = lines.first() else { continue };
            let (part, _) = self.part_head(shelf, first.count.part.as_str())?;
            let place = shelf.path(first.count.place.as_str());
            let counts: Result<Vec<String>, StoreError> = lines
                .iter()
                .map(|line| Ok(format!("{} {}", self.name(line.by.as_str())?, line.count.quantity)))
                .collect();
            let serial = first.count.serial.clone().map(|serial| format!(" {serial}")).unwrap_or_default();
            told.push(format!(
                "{place} 的 {part}{serial}：两人清点不一致（{}），请复点。",
                counts?.join("，")
            ));
        }
        for (part, serial, places) in take.counted_twice() {
            let (part, _) = self.part_head(shelf, part.as_str())?;
            let places: Vec<String> = places.into_iter().map(|place| shelf.path(place.as_str())).collect();
            told.push(format!("{part} 序列号 {serial} 在 {} 都点到了，请核对。", places.join("、")));
        }
        Ok(told)
    }

    /// What the book said when a line was counted: of a piece whether it is there, else the balance.
    fn book_of(&self, shelf: &Shelf, count: &Count, at: Timestamp) -> Result<i64, StoreError> {
        let key = count.key();
        match &count.serial {
            Some(serial) => Ok(self
                .store
                .reader()
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM stock_serial WHERE log = ?1 AND part = ?2 AND serial = ?3 AND place = ?4)",
                )?
                .query_row(params![shelf.n, key.model, serial, key.place], |row| row.get(0))?),
            None => self.balance_then(shelf, key.model, key.place, count.owner, at),
        }
    }

    fn balance_then(
        &self,
        shelf: &Shelf,
        part: &str,
        place: &str,
        owner: Owner,
        at: Timestamp,
    ) -> Result<i64, StoreError> {
        let found = self
            .store
            .reader()
            .prepare_cached(
                "SELECT balance FROM stock_effect WHERE log = ?1 AND part = ?2 AND place = ?3 AND owner = ?4 AND at <= ?5
                 ORDER BY at DESC, id DESC, n DESC LIMIT 1",
            )?
            .query_row(params![shelf.n, part, place, owner.code(), at.as_millisecond()], |row| row.get(0))
            .optional()?;
        Ok(found.unwrap_or(0))
    }

    /// The book of a stocktake: of what was counted when it was counted, of the rest now.
    fn book(&self, shelf: &Shelf, take: &Take) -> Result<Book, DoorError> {
        let scope = scope(shelf, take);
        let mut book = Book::default();
        let conn = self.store.reader();
        let balances: Vec<(String, String, String, i64)> = conn
            .prepare_cached(
                "SELECT part, place, owner, quantity FROM stock_balance
                 WHERE log = ?1 AND place IN (SELECT value FROM json_each(?2))",
            )
            .and_then(|mut list| {
                let places = serde_json::to_string(&scope).unwrap_or_default();
                list.query_map(params![shelf.n, places], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })?
                .collect()
            })
            .map_err(StoreError::from)?;
        let mut parts = BTreeSet::new();
        for (part, place, owner, quantity) in balances {
            let owner = Owner::from_code(&owner).unwrap_or_default();
            parts.insert(part.clone());
            book.balances.insert((entity(&part, "id")?, entity(&place, "id")?, owner), quantity);
        }
        for line in take.counts() {
            let count = &line.count;
            parts.insert(count.part.to_string());
            let then =
                self.balance_then(shelf, count.part.as_str(), count.place.as_str(), count.owner, line.at)?;
            book.balances.insert((count.part.clone(), count.place.clone(), count.owner), then);
        }
        for part in parts {
            let tracking = self.part(shelf, &part)?.card.tracking;
            if tracking != Tracking::Serial {
                continue;
            }
            let id = entity(&part, "id")?;
            for held in self.serials(shelf, &part)? {
                let owner = Owner::from_code(&held.owner).unwrap_or_default();
                book.serials.insert((id.clone(), held.serial), (entity(&held.place, "id")?, owner));
            }
            book.by_serial.insert(id);
        }
        Ok(book)
    }
}

/// Places of a stocktake, those inside them included.
fn scope(shelf: &Shelf, take: &Take) -> Vec<String> {
    if take.opened.places.is_empty() {
        return shelf
            .places
            .iter()
            .filter(|(_, card)| {
                card.kind.is_on_hand() || card.kind == zaigang_domain::stock::PlaceKind::Removed
            })
            .map(|(id, _)| id.to_string())
            .collect();
    }
    let mut found: BTreeSet<String> = BTreeSet::new();
    for place in &take.opened.places {
        found.extend(shelf.inside(place.as_str()));
    }
    found.into_iter().collect()
}

impl Pen<'_> {
    /// Opens a stocktake.
    ///
    /// # Errors
    /// Bad input naming the field; not allowed for others than keeper and supervisor.
    pub fn open_take(&mut self, args: &TakeOpen) -> Result<Written, DoorError> {
        let key = key(self, "stock/take", &args.idempotency_key)?;
        self.desk().keeps()?;
        if let Some(id) = self.registered_under(&key)? {
            return Ok(already(&id, "盘点已开始".to_owned()));
        }
        let desk = self.desk();
        let shelf = desk.shelf(args.store.as_deref())?;
        let mut places = Vec::with_capacity(args.places.len());
        for place in &args.places {
            places.extend(desk.place_of(&shelf, Some(place), "places")?);
        }
        let name = filled(Some(&args.name)).unwrap_or_else(|| {
            let today = civil_date(self.host.now());
            let quarter = ["一", "二", "三", "四"];
            let at = usize::try_from((today.month() - 1) / 3).unwrap_or(0);
            format!("{}年第{}季度盘点", today.year(), quarter.get(at).unwrap_or(&""))
        });
        let opened = Opened { name: name.clone(), places, blind: args.blind };
        let text = serde_json::to_string(&opened).map_err(DoorError::broken)?;
        if TakeAct::read("stocktake.opened", &text).is_none() {
            return Err(DoorError::bad_input("名称过长，或库位太多。").at("name"));
        }
        let (draft, id) = (self.fact("stocktake.opened", &opened)?, self.new_entity("stocktake"));
        self.put(&shelf.log, &id, draft, &key, format!("已开始{name}"))
    }

    /// Notes what was counted.
    ///
    /// # Errors
    /// Bad input naming the field; not now once the counting ended.
    pub fn count_take(&mut self, args: &TakeCount) -> Result<Written, DoorError> {
        let found = self.desk().take(&args.id)?;
        let key = key(self, &format!("stocktake.counted/{}", found.1.local()), &args.idempotency_key)?;
        let message = format!("已记 {} 行", args.lines.len());
        if self.is_repeated(&key)? {
            return Ok(already(&found.1, message));
        }
        if !self.desk().store_may().count {
            return Err(DoorError::not_allowed("清点由库管员、项目经理、服务台或驻场工程师登记。"));
        }
        if args.lines.is_empty() || args.lines.len() > LINES_MAX {
            return Err(DoorError::bad_input(format!("一次记 1 至 {LINES_MAX} 行。")).at("lines"));
        }
        let (shelf, _, take) = &found;
        let places = scope(shelf, take);
        let desk = self.desk();
        let mut lines = Vec::with_capacity(args.lines.len());
        for (at, line) in args.lines.iter().enumerate() {
            let at = |field: &str| format!("lines.{at}.{field}");
            let card = desk.part(shelf, line.part.trim()).map_err(|error| error.at(at("part")))?.card;
            let place = desk.place_of(shelf, Some(&line.place), &at("place"))?;
            let place = place.ok_or_else(|| DoorError::bad_input("请选择库位。").at(at("place")))?;
            if !places.iter().any(|id| id.as_str() == place.as_str()) {
                return Err(DoorError::bad_input("这个库位不在本次盘点范围内。").at(at("place")));
            }
            let serial = filled(Some(&line.serial));
            if (card.tracking == Tracking::Serial) != serial.is_some() {
                let message = match card.tracking {
                    Tracking::Serial => format!("{}按序列号管理，请逐件填写或扫描序列号。", card.title()),
                    Tracking::Batch | Tracking::Plain => {
                        format!("{}不按序列号管理，请填写数量。", card.title())
                    }
                };
                return Err(DoorError::bad_input(message).at(at("serial")));
            }
            if serial.is_some() && line.quantity > 1 {
                return Err(DoorError::bad_input("一个序列号只有一件，请填 0 或 1。").at(at("quantity")));
            }
            let part = entity(&line.part, &at("part"))?;
            let owner = match owner_of(&line.owner)? {
                Some(owner) => owner,
                None => desk.book_owner(shelf, part.as_str(), place.as_str(), serial.as_deref())?,
            };
            let batch = filled(Some(&line.batch));
            lines.push(Count { part, place, owner, serial, batch, quantity: line.quantity });
        }
        let payload = Counted { lines };
        let text = serde_json::to_string(&payload).map_err(DoorError::broken)?;
        let act = TakeAct::read("stocktake.counted", &text)
            .ok_or_else(|| DoorError::bad_input("数量或序列号过长，请核对。").at("lines"))?;
        self.put_take(&found, "stocktake.counted", &act, &payload, false, &key, message)
    }

    #[expect(clippy::too_many_arguments, reason = "one act with all it is made of")]
    fn put_take(
        &mut self,
        found: &Found,
        kind: &str,
        act: &TakeAct,
        payload: &impl Serialize,
        is_claim: bool,
        key: &str,
        message: String,
    ) -> Result<Written, DoorError> {
        let act = self.take_act(found, kind, act, payload, is_claim)?;
        self.put_acts(&[act], key, message)
    }

    fn take_act(
        &self,
        (shelf, id, take): &Found,
        kind: &str,
        act: &TakeAct,
        payload: &impl Serialize,
        is_claim: bool,
    ) -> Result<Act, DoorError> {
        legal_take(Some(take), act, self.actor)?;
        let mut draft = self.fact(kind, payload)?;
        if is_claim {
            draft.expect.insert("stage".to_owned(), take.stage.code().to_owned());
        }
        draft.deps = take.pending.clone();
        Ok(Act { log: shelf.log.clone(), entity: id.clone(), drafts: vec![draft], stands_on: None })
    }

    /// Ends the counting and fixes the variance.
    ///
    /// # Errors
    /// Not now while two people disagree; not allowed for others than keeper and supervisor.
    pub fn close_take(&mut self, args: &ActArgs) -> Result<Written, DoorError> {
        let found = self.desk().take(&args.id)?;
        let key = key(self, &format!("stocktake.closed/{}", found.1.local()), &args.idempotency_key)?;
        if self.is_repeated(&key)? {
            return Ok(already(&found.1, "清点已结束".to_owned()));
        }
        let desk = self.desk();
        desk.keeps()?;
        let (shelf, _, take) = &found;
        if let Some(dispute) = desk.disputes(shelf, take)?.first() {
            return Err(DoorError::not_now(format!("还有清点不一致的：{dispute}")));
        }
        if take.stage == TakeStage::Counting && take.lines.is_empty() {
            return Err(DoorError::not_now("还没有清点任何一行。"));
        }
        let closed: Closed = variance(take, &desk.book(shelf, take)?);
        let message = match closed.differences.len() {
            0 => "清点已结束，账实相符，待两人签字".to_owned(),
            n => format!("清点已结束，{n} 项差异，待两人签字"),
        };
        let act = TakeAct::Closed(closed.clone());
        self.put_take(&found, "stocktake.closed", &act, &closed, true, &key, message)
    }

    /// Signs the variance.
    ///
    /// # Errors
    /// Not allowed twice for one person; not now before the counting ended.
    pub fn sign_take(&mut self, args: &ActArgs) -> Result<Written, DoorError> {
        let found = self.desk().take(&args.id)?;
        let key = key(self, &format!("stocktake.signed/{}", found.1.local()), &args.idempotency_key)?;
        let message = "已在盘点表上签字".to_owned();
        if self.is_repeated(&key)? {
            return Ok(already(&found.1, message));
        }
        let payload = Signed { words: args.words.trim().to_owned() };
        let act = TakeAct::Signed(payload.clone());
        // Two may sign at once, each for himself.
        self.put_take(&found, "stocktake.signed", &act, &payload, false, &key, message)
    }

    /// Approves the adjustments and books them.
    ///
    /// # Errors
    /// Not allowed for others than the supervisor; not now before two signed.
    pub fn adjust_take(&mut self, args: &ActArgs) -> Result<Written, DoorError> {
        let found = self.desk().take(&args.id)?;
        let key = key(self, &format!("stocktake.adjusted/{}", found.1.local()), &args.idempotency_key)?;
        if self.is_repeated(&key)? {
            return Ok(already(&found.1, "盘点差异已入账".to_owned()));
        }
        if !self.desk().store_may().adjust {
            return Err(DoorError::not_allowed("盘点差异由项目经理批准入账。"));
        }
        let (shelf, id, take) = &found;
        let payload = Signed { words: args.words.trim().to_owned() };
        let act = TakeAct::Adjusted(payload.clone());
        let mut acts = vec![self.take_act(&found, "stocktake.adjusted", &act, &payload, true)?];
        for (made, at) in adjustments(take) {
            let made = Made { take: Some(id.clone()), reason: take.opened.name.clone(), ..made };
            acts.push(self.booking(shelf, &made, at, Some(0))?);
        }
        let message = format!("盘点差异已入账，{} 笔", acts.len() - 1);
        self.put_acts(&acts, &key, message)
    }

    /// Gives a stocktake up: what was counted stays to be read, and nothing is booked.
    ///
    /// # Errors
    /// Bad input without a reason; not allowed for others than keeper and supervisor; not now once it is
    /// adjusted or given up.
    pub fn cancel_take(&mut self, args: &ActArgs) -> Result<Written, DoorError> {
        let found = self.desk().take(&args.id)?;
        let key = key(self, &format!("stocktake.cancelled/{}", found.1.local()), &args.idempotency_key)?;
        let message = format!("已取消{}，账面不变", found.2.opened.name);
        if self.is_repeated(&key)? {
            return Ok(already(&found.1, message));
        }
        self.desk().keeps()?;
        let payload = Signed { words: args.words.trim().to_owned() };
        if payload.words.is_empty() {
            return Err(DoorError::bad_input("取消盘点须写明缘由。").at("words"));
        }
        let act = TakeAct::Cancelled(payload.clone());
        self.put_take(&found, "stocktake.cancelled", &act, &payload, true, &key, message)
    }
}

impl Desk<'_> {
    /// Whose a thing is by the book; the supplier's where it is not in it.
    fn book_owner(
        &self,
        shelf: &Shelf,
        part: &str,
        place: &str,
        serial: Option<&str>,
    ) -> Result<Owner, StoreError> {
        let conn = self.store.reader();
        let owner: Option<String> = match serial {
            Some(serial) => conn
                .prepare_cached(
                    "SELECT owner FROM stock_serial WHERE log = ?1 AND part = ?2 AND serial = ?3",
                )?
                .query_row(params![shelf.n, part, serial], |row| row.get(0))
                .optional()?,
            None => conn
                .prepare_cached(
                    "SELECT owner FROM stock_balance WHERE log = ?1 AND part = ?2 AND place = ?3
                     ORDER BY quantity DESC LIMIT 1",
                )?
                .query_row(params![shelf.n, part, place], |row| row.get(0))
                .optional()?,
        };
        Ok(owner.and_then(|owner| Owner::from_code(&owner)).unwrap_or_default())
    }
}

/// The movements that bring the book to what was counted: each balance that differs is set as of the moment
/// it was counted; a piece that the book has at a place which was not counted is taken off there.
fn adjustments(take: &Take) -> Vec<(Made, Timestamp)> {
    let Some((closed_at, closed)) = &take.closed else { return Vec::new() };
    let mut keys: BTreeMap<(EntityId, EntityId, Owner), bool> = BTreeMap::new();
    let mut made = Vec::new();
    let counted = take.counts();
    for difference in &closed.differences {
        let by_serial = difference.serial.is_some();
        keys.insert((difference.part.clone(), difference.place.clone(), difference.owner), by_serial);
        let Some(book_place) =
            difference.book_place.as_ref().filter(|_| difference.kind == Variance::Misplaced)
        else {
            continue;
        };
        let was_counted =
            counted.iter().any(|line| line.count.part == difference.part && line.count.place == *book_place);
        let has_others = closed
            .differences
            .iter()
            .any(|other| other.part == difference.part && other.place == *book_place);
        if was_counted || has_others {
            keys.insert((difference.part.clone(), book_place.clone(), difference.owner), by_serial);
        } else {
            let taken_off = Made {
                serial: difference.serial.clone(),
                to: Some(book_place.clone()),
                ..Made::new(MovementKind::Corrected, difference.part.clone(), -1, difference.owner)
            };
            made.push((taken_off, *closed_at));
        }
    }
    for ((part, place, owner), by_serial) in keys {
        let here: Vec<_> = counted
            .iter()
            .filter(|line| line.count.part == part && line.count.place == place && line.count.owner == owner)
            .collect();
        let quantity: i64 = here.iter().map(|line| i64::from(line.count.quantity)).sum();
        let at = here.iter().map(|line| line.at).max().unwrap_or(*closed_at);
        let present = by_serial.then(|| {
            let found = here.iter().filter(|line| line.count.quantity > 0);
            found.filter_map(|line| line.count.serial.clone()).collect()
        });
        let counted =
            Made { to: Some(place), present, ..Made::new(MovementKind::Counted, part, quantity, owner) };
        made.push((counted, at));
    }
    made
}
