//! The ledger as lines, what there was at an instant, 账实不符, loans and repairs.

use super::parts::{balance_dto, part_filter};
use super::usage::OBJECT_OF;
use super::{Shelf, page, small};
use crate::door::dto::{
    BalanceAt, BalanceAtArgs, DiscrepancyDto, DoorError, FateDto, LedgerArgs, LedgerPage, MovementRow,
    OutstandingDto,
};
use crate::order::{Desk, filled, instant_text, short_instant, stated_date, stated_time};
use crate::store::{DAY_MS, StoreError};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension as _, params, params_from_iter};
use std::collections::{BTreeMap, BTreeSet};
use zaigang_domain::calendar::{civil_date, format_instant, midnight};
use zaigang_domain::event::EntityId;
use zaigang_domain::judge::EntityState;
use zaigang_domain::order::payload::Swapped;
use zaigang_domain::stock::{Fate, Movement, MovementKind, Owner};

/// Movements of orders that tell of an exchange: by order, absent where this console does not hold it.
type Halves = BTreeMap<String, Option<BTreeSet<String>>>;

impl Desk<'_> {
    /// Movements of one order tell of themselves in its `order.swapped`; `None` where the order is not here.
    pub(super) fn told_by(&self, order: &str) -> Result<Option<BTreeSet<String>>, StoreError> {
        if self.store.log_of(order)?.is_none() {
            return Ok(None);
        }
        let mut told = BTreeSet::new();
        for step in self.store.timeline(order)? {
            if step.kind == "order.swapped"
                && let Ok(swapped) = serde_json::from_str::<Swapped>(&step.payload)
                && let Some(half) = swapped.stock
            {
                told.extend(half.movements.iter().map(ToString::to_string));
            }
        }
        Ok(Some(told))
    }

    pub(super) fn movement_row(
        &self,
        shelf: &Shelf,
        id: &str,
        halves: &mut Halves,
    ) -> Result<Option<MovementRow>, DoorError> {
        let state = self.in_store(shelf, id)?;
        let Some(movement) = state.as_ref().and_then(EntityState::movement) else { return Ok(None) };
        let made = &movement.made;
        let (part_name, unit) = self.part_head(shelf, made.part.as_str())?;
        let order_id = made.order.as_ref().map(|order| order.entity.to_string());
        let told = match &order_id {
            None => None,
            Some(order) => {
                if !halves.contains_key(order) {
                    halves.insert(order.clone(), self.told_by(order)?);
                }
                halves.get(order).cloned().flatten()
            }
        };
        let uses = matches!(made.kind, MovementKind::Issued | MovementKind::Replaced);
        let slip = match &made.slip {
            None => None,
            Some(slip) => self.in_store(shelf, slip.as_str())?.as_ref().and_then(EntityState::slip).cloned(),
        };
        // What was handed out beforehand is not on the order until it is used.
        let used = made.kind == MovementKind::Replaced || slip.as_ref().is_none_or(|slip| slip.asked.taken);
        let is_half = uses && used && told.as_ref().is_some_and(|told| !told.contains(id));
        let slip = slip.map(|slip| slip.asked.number).unwrap_or_default();
        let corrected: Option<i64> = self
            .store
            .reader()
            .prepare_cached("SELECT 1 FROM stock_movement WHERE corrects = ?1 LIMIT 1")
            .and_then(|mut statement| statement.query_row([id], |row| row.get(0)).optional())
            .map_err(StoreError::from)?;
        let path = |place: &Option<EntityId>| {
            place.as_ref().map(|place| shelf.path(place.as_str())).unwrap_or_default()
        };
        Ok(Some(MovementRow {
            id: id.to_owned(),
            at: format_instant(movement.at),
            kind: made.kind.code().to_owned(),
            kind_name: made.kind.title().to_owned(),
            part: made.part.to_string(),
            part_name,
            unit,
            serial: made.serial.clone().unwrap_or_default(),
            batch: made.batch.clone().unwrap_or_default(),
            quantity: small(made.quantity),
            change: small(self.change_on_hand(shelf, id, movement)?),
            balance: None,
            from: path(&made.from),
            to: path(&made.to),
            owner: made.owner.code().to_owned(),
            custodian: self.optional_name(made.custodian.as_ref())?,
            order: made.order.as_ref().map(|order| order.number.clone()).unwrap_or_default(),
            order_id: order_id.filter(|_| told.is_some()),
            reason: made.reason.clone(),
            document: made.document.clone(),
            slip,
            slip_id: made.slip.as_ref().map(ToString::to_string),
            due: made.due.map(|due| due.to_string()),
            fate: made.fate.as_ref().map(fate_dto),
            by: match &made.source {
                Some(source) => format!("{}（外部平台）", source.name),
                None => self.optional_name(movement.by.as_ref())?,
            },
            pending: movement.pending,
            unreconciled: if movement.unreconciled { UNRECONCILED.to_owned() } else { String::new() },
            half: if is_half { NO_ORDER_HALF.to_owned() } else { String::new() },
            corrected: corrected.is_some(),
        }))
    }

    fn change_on_hand(&self, shelf: &Shelf, id: &str, movement: &Movement) -> Result<i64, StoreError> {
        Ok(self
            .store
            .reader()
            .prepare_cached(
                "SELECT coalesce(sum(e.change), 0) FROM stock_effect e
                 LEFT JOIN stock_place l ON l.log = e.log AND l.id = e.place
                 WHERE e.log = ?1 AND e.part = ?2 AND e.at = ?3 AND e.id = ?4 AND coalesce(l.on_hand, 1) = 1",
            )?
            .query_row(
                params![shelf.n, movement.made.part.as_str(), movement.at.as_millisecond(), id],
                |row| row.get(0),
            )?)
    }

    /// Lines of one model, newest first, each with what was on hand after it.
    pub(super) fn part_ledger(
        &self,
        shelf: &Shelf,
        part: &str,
        (offset, limit): (u32, u32),
    ) -> Result<(Vec<MovementRow>, u32), DoorError> {
        let conn = self.store.reader();
        let total = conn
            .prepare_cached("SELECT count(*) FROM stock_movement WHERE log = ?1 AND part = ?2")
            .and_then(|mut count| count.query_row(params![shelf.n, part], |row| row.get(0)))
            .map_err(StoreError::from)?;
        let rows: Vec<(String, i64)> = conn
            .prepare_cached(
                "SELECT id, at FROM stock_movement WHERE log = ?1 AND part = ?2
                 ORDER BY at DESC, id DESC LIMIT ?3 OFFSET ?4",
            )
            .and_then(|mut list| {
                let page = params![shelf.n, part, limit, offset];
                list.query_map(page, |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
            .map_err(StoreError::from)?;
        let Some((newest, at)) = rows.first() else { return Ok((Vec::new(), total)) };
        // From what there is now, back over what this page does not show.
        let later: i64 = conn
            .prepare_cached(
                "SELECT coalesce(sum(e.change), 0) FROM stock_effect e
                 LEFT JOIN stock_place l ON l.log = e.log AND l.id = e.place
                 WHERE e.log = ?1 AND e.part = ?2 AND (e.at, e.id) > (?3, ?4) AND coalesce(l.on_hand, 1) = 1",
            )
            .and_then(|mut sum| sum.query_row(params![shelf.n, part, at, newest], |row| row.get(0)))
            .map_err(StoreError::from)?;
        let mut balance = self.on_hand(shelf, part)? - later;
        let mut halves = Halves::new();
        let mut found = Vec::with_capacity(rows.len());
        for (id, _) in &rows {
            if let Some(row) = self.movement_row(shelf, id, &mut halves)? {
                let change = i64::from(row.change);
                found.push(MovementRow { balance: Some(small(balance)), ..row });
                balance -= change;
            }
        }
        Ok((found, total))
    }

    /// Lines of the ledger, newest first.
    ///
    /// # Errors
    /// Bad input naming the field; not now where this console holds no store's log.
    pub fn stock_ledger(&self, args: &LedgerArgs) -> Result<LedgerPage, DoorError> {
        let shelf = self.shelf(args.store.as_deref())?;
        // A filter that finds few comes first: the index by time is for what it leaves over.
        let few = filled(args.text.as_ref()).or_else(|| filled(args.order.as_ref())).is_some();
        let mut conditions = vec![if few { "+log = ?1" } else { "log = ?1" }.to_owned()];
        let mut values = vec![Value::from(shelf.n)];
        let mut add = |sql: &str, value: Value| {
            values.push(value);
            conditions.push(sql.replace('#', &format!("?{}", values.len())));
        };
        if let Some(kind) = filled(args.kind.as_ref()) {
            add("kind = #", Value::from(kind));
        }
        let start = |date| Value::from(midnight(date) / 1_000);
        if let Some(from) = stated_date(args.from.as_deref(), "from")? {
            add("at >= #", start(from));
        }
        if let Some(to) = stated_date(args.to.as_deref(), "to")? {
            add("at < #", start(to.tomorrow().unwrap_or(to)));
        }
        if let Some(text) = filled(args.text.as_ref()) {
            add(BY_TEXT, Value::from(text));
        }
        if let Some(order) = filled(args.order.as_ref()) {
            add("order_id = #", Value::from(order));
        }
        if let Some(part) = filled(args.part.as_ref()) {
            add("part = #", Value::from(part));
        }
        if let Some(object) = filled(args.object.as_ref()) {
            add(&format!("{OBJECT_OF} = #"), Value::from(object));
        }
        if args.used {
            conditions.push("kind IN ('issued', 'returned') AND unreconciled = 0".to_owned());
        }
        if args.unreconciled {
            conditions.push("unreconciled = 1".to_owned());
        }
        let filter = conditions.join(" AND ");
        let conn = self.store.reader();
        // Without a condition the days tell how many there are.
        let count = if conditions.len() == 1 && !few {
            "SELECT (SELECT coalesce(sum(movements), 0) FROM stock_day WHERE log = ?1)
                + (SELECT count(*) FROM stock_movement WHERE log = ?1 AND unreconciled = 1)"
                .to_owned()
        } else {
            format!("SELECT count(*) FROM stock_movement m WHERE {filter}")
        };
        let total: u32 = conn
            .prepare_cached(&count)
            .and_then(|mut count| count.query_row(params_from_iter(values.iter()), |row| row.get(0)))
            .map_err(StoreError::from)?;
        let (offset, limit) = page(args.offset, args.limit);
        let sql = format!(
            "SELECT id FROM stock_movement m WHERE {filter} ORDER BY at DESC, id DESC LIMIT {limit} OFFSET {offset}"
        );
        let ids: Vec<String> = conn
            .prepare_cached(&sql)
            .and_then(|mut list| list.query_map(params_from_iter(values.iter()), |row| row.get(0))?.collect())
            .map_err(StoreError::from)?;
        Ok(LedgerPage { total, rows: self.movement_rows(&shelf, &ids)? })
    }

    pub(super) fn movement_rows(&self, shelf: &Shelf, ids: &[String]) -> Result<Vec<MovementRow>, DoorError> {
        let mut halves = Halves::new();
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            rows.extend(self.movement_row(shelf, id, &mut halves)?);
        }
        Ok(rows)
    }

    /// What there was at an instant, some models at a time: each balance is one seek in the effects.
    ///
    /// # Errors
    /// Bad input for an instant that is none.
    pub fn stock_balance_at(&self, args: &BalanceAtArgs) -> Result<BalanceAt, DoorError> {
        let shelf = self.shelf(args.store.as_deref())?;
        let at = stated_time(Some(&args.at), "at")?
            .ok_or_else(|| DoorError::bad_input("请填写时刻。").at("at"))?;
        let millis = at.as_millisecond();
        let (mut filter, mut values) = part_filter(&shelf, None, filled(args.text.as_ref()), None);
        values.push(Value::from(millis));
        filter.push_str(&format!(" AND p.first_at <= ?{}", values.len()));
        let conn = self.store.reader();
        let total = conn
            .prepare_cached(&format!("SELECT count(*) FROM stock_part p WHERE {filter}"))
            .and_then(|mut count| count.query_row(params_from_iter(values.iter()), |row| row.get(0)))
            .map_err(StoreError::from)?;
        let (offset, limit) = page(args.offset, args.limit);
        let sql = format!(
            "SELECT p.id FROM stock_part p WHERE {filter}
             ORDER BY p.category, p.name, p.model, p.entity LIMIT {limit} OFFSET {offset}"
        );
        let parts: Vec<String> = conn
            .prepare_cached(&sql)
            .and_then(|mut list| list.query_map(params_from_iter(values.iter()), |row| row.get(0))?.collect())
            .map_err(StoreError::from)?;
        let mut balances = Vec::new();
        for part in &parts {
            let head = self.part_head(&shelf, part)?;
            for (place, owner, quantity) in self.balances_at(&shelf, part, millis)? {
                balances.push(balance_dto(&shelf, part, &head, (&place, &owner, quantity)));
            }
        }
        Ok(BalanceAt {
            at: format_instant(at),
            total,
            balances,
            movements: self.movements_to(&shelf, millis)?,
        })
    }

    /// What there was of a model at an instant, by place and owner; zero is left out.
    fn balances_at(
        &self,
        shelf: &Shelf,
        part: &str,
        millis: i64,
    ) -> Result<Vec<(String, String, i64)>, StoreError> {
        let conn = self.store.reader();
        let mut next = conn.prepare_cached(
            "SELECT place, owner FROM stock_effect WHERE log = ?1 AND part = ?2 AND (place, owner) > (?3, ?4)
             ORDER BY place, owner LIMIT 1",
        )?;
        let mut last = conn.prepare_cached(
            "SELECT balance FROM stock_effect
             WHERE log = ?1 AND part = ?2 AND place = ?3 AND owner = ?4 AND at <= ?5
             ORDER BY at DESC, id DESC, n DESC LIMIT 1",
        )?;
        let mut found = Vec::new();
        let (mut place, mut owner) = (String::new(), String::new());
        loop {
            let after = params![shelf.n, part, place, owner];
            let key: Option<(String, String)> =
                next.query_row(after, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let Some(key) = key else { return Ok(found) };
            (place, owner) = key;
            let balance: Option<i64> =
                last.query_row(params![shelf.n, part, place, owner, millis], |row| row.get(0)).optional()?;
            if let Some(quantity) = balance.filter(|quantity| *quantity != 0) {
                found.push((place.clone(), owner.clone(), quantity));
            }
        }
    }

    /// Movements that count up to an instant, included.
    fn movements_to(&self, shelf: &Shelf, millis: i64) -> Result<u32, StoreError> {
        let day = millis.div_euclid(DAY_MS);
        Ok(self
            .store
            .reader()
            .prepare_cached(
                "SELECT (SELECT coalesce(sum(movements), 0) FROM stock_day WHERE log = ?1 AND day < ?2)
                    + (SELECT count(*) FROM stock_movement WHERE log = ?1 AND at BETWEEN ?3 AND ?4)
                    - (SELECT count(*) FROM stock_movement
                        WHERE log = ?1 AND at BETWEEN ?3 AND ?4 AND unreconciled = 1)",
            )?
            .query_row(params![shelf.n, day, day * DAY_MS, millis], |row| row.get(0))?)
    }

    /// 账实不符 of a store.
    ///
    /// # Errors
    /// Not now where this console holds no store's log.
    pub fn stock_discrepancies(&self, store: Option<&str>) -> Result<Vec<DiscrepancyDto>, DoorError> {
        let shelf = self.shelf(store)?;
        self.discrepancies_of(&shelf, None)
    }

    /// 账实不符 of a store, or of one of its models.
    pub(super) fn discrepancies_of(
        &self,
        shelf: &Shelf,
        part: Option<&str>,
    ) -> Result<Vec<DiscrepancyDto>, DoorError> {
        type Row = (String, String, String, i64, i64, String, String);
        let rows: Vec<Row> = self
            .store
            .reader()
            .prepare_cached(
                "SELECT part, place, owner, lowest, since, movements, serials FROM stock_fault
                 WHERE log = ?1 AND part = coalesce(?2, part) AND open = 1 ORDER BY since, part, place, owner",
            )
            .and_then(|mut statement| {
                statement
                    .query_map(params![shelf.n, part], |row| {
                        Ok((
                            row.get(0)?,
                            row.get(1)?,
                            row.get(2)?,
                            row.get(3)?,
                            row.get(4)?,
                            row.get(5)?,
                            row.get(6)?,
                        ))
                    })?
                    .collect()
            })
            .map_err(StoreError::from)?;
        let mut found = Vec::with_capacity(rows.len());
        for (part, place, owner, lowest, since, movements, serials) in rows {
            let movements: Vec<String> = serde_json::from_str(&movements).map_err(StoreError::from)?;
            let serials: Vec<String> = serde_json::from_str(&serials).map_err(StoreError::from)?;
            let now = self.balance(shelf, &part, &place, Owner::from_code(&owner).unwrap_or_default())?;
            let (part_name, unit) = self.part_head(shelf, &part)?;
            let (path, when) = (shelf.path(&place), short_instant(crate::order::instant(since)));
            let text = if lowest < 0 {
                format!(
                    "自 {when} 起账上低于零，最低 {lowest} {unit}，现为 {now} {unit}。请清点实物，补记漏记的入库或更正。"
                )
            } else {
                let serials = serials.join("、");
                format!("序列号 {serials} 于 {when} 从{path}出库，账上当时不在此处。请核对实物与序列号。")
            };
            found.push(DiscrepancyDto {
                id: format!("{part}|{place}|{owner}"),
                kind: if lowest < 0 { "below_zero" } else { "misplaced" }.to_owned(),
                text,
                part,
                part_name,
                unit,
                place,
                place_name: path,
                owner,
                serial: serials.join("、"),
                quantity: small(if lowest < 0 { lowest } else { 1 }),
                now: small(now),
                since: instant_text(since),
                movements: self.movement_rows(shelf, &movements)?,
                may_settle: now >= 0 && self.store_may().keep,
            });
        }
        Ok(found)
    }

    /// Loans of a store that are still out.
    ///
    /// # Errors
    /// Not now where this console holds no store's log.
    pub fn stock_loans(&self, store: Option<&str>) -> Result<Vec<OutstandingDto>, DoorError> {
        let shelf = self.shelf(store)?;
        self.outstanding(&shelf, MovementKind::Borrowed)
    }

    /// What of a store is at a vendor.
    ///
    /// # Errors
    /// Not now where this console holds no store's log.
    pub fn stock_repairs(&self, store: Option<&str>) -> Result<Vec<OutstandingDto>, DoorError> {
        let shelf = self.shelf(store)?;
        self.outstanding(&shelf, MovementKind::SentToRepair)
    }

    /// Movements of a kind that are not wholly answered.
    pub(super) fn outstanding(
        &self,
        shelf: &Shelf,
        kind: MovementKind,
    ) -> Result<Vec<OutstandingDto>, DoorError> {
        let sql = format!(
            "SELECT m.id, {LEFT} AS still_out FROM stock_movement m
             WHERE m.log = ?1 AND m.kind = ?2 AND m.unreconciled = 0 AND still_out > 0 ORDER BY m.at, m.id"
        );
        let rows: Vec<(String, i64)> = self
            .store
            .reader()
            .prepare_cached(&sql)
            .and_then(|mut list| {
                list.query_map(params![shelf.n, kind.code()], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
            .map_err(StoreError::from)?;
        let today = civil_date(self.now);
        let mut found = Vec::new();
        for (id, left) in rows {
            let state = self.in_store(shelf, &id)?;
            let Some(made) = state.as_ref().and_then(EntityState::movement).map(|m| m.made.clone()) else {
                continue;
            };
            let Some(row) = self.movement_row(shelf, &id, &mut Halves::new())? else { continue };
            let late = made.due.and_then(|due| due.until(today).ok()).map_or(0, |span| span.get_days());
            let text = match made.due {
                None => "没有约定归还日期".to_owned(),
                Some(due) if late > 0 => format!("{} 到期，已逾期 {late} 天", due.strftime("%m-%d")),
                Some(due) => format!("{} 到期", due.strftime("%m-%d")),
            };
            found.push(OutstandingDto {
                movement: row,
                part: made.part.to_string(),
                quantity: small(left),
                place: made.to.as_ref().map(ToString::to_string).unwrap_or_default(),
                custodian: made.custodian.as_ref().map(ToString::to_string),
                due: made.due.map(|due| due.to_string()),
                overdue: late > 0,
                text,
            });
        }
        found.sort_by_key(|row| (row.due.is_none(), row.due.clone(), row.movement.at.clone()));
        Ok(found)
    }

    /// How many of a loan or repair are still out.
    pub(super) fn left(&self, shelf: &Shelf, id: &str) -> Result<i64, StoreError> {
        let sql = format!("SELECT {LEFT} FROM stock_movement m WHERE m.log = ?1 AND m.id = ?2");
        let found = self
            .store
            .reader()
            .prepare_cached(&sql)?
            .query_row(params![shelf.n, id], |row| row.get(0))
            .optional()?;
        Ok(found.unwrap_or(0))
    }
}

/// Movements of a piece, a paper or an order, each by its own index.
const BY_TEXT: &str = "entity IN (
    SELECT entity FROM stock_movement WHERE serial = #
    UNION SELECT entity FROM stock_movement WHERE document = # AND document <> ''
    UNION SELECT entity FROM stock_movement WHERE order_number = # AND order_number <> '')";

/// What of a movement `m` nothing answers yet.
const LEFT: &str = "m.quantity - coalesce((SELECT sum(a.quantity) FROM stock_movement a
    WHERE a.answers = m.id AND a.unreconciled = 0), 0)";

pub(super) fn fate_dto(fate: &Fate) -> FateDto {
    FateDto {
        fate: fate.fate.code().to_owned(),
        name: fate.fate.title().to_owned(),
        receiver: fate.receiver.clone(),
        witness: fate.witness.clone(),
        pass_no: fate.pass_no.clone(),
        released_by: fate.released_by.clone(),
    }
}

const UNRECONCILED: &str = "它所依据的领用单、报废或盘点未被采纳，没有计入结存；实物若已动用，请另行登记。";
const NO_ORDER_HALF: &str = "工单中没有这次更换的记录，请在工单中补记“更换备件”。";
