//! Models: lists, one with its ledger, and what to buy.

use super::{Shelf, many, page, small, unsigned};
use crate::door::dto::{
    BalanceDto, DoorError, PartArgs, PartCard as CardDto, PartDetail, PartRow, ReorderRow, SerialDto,
    StockChart, StockChartRow, StockPage, StockPartsArgs, ViewCount,
};
use crate::order::{Desk, filled, instant_text};
use crate::store::{StoreError, search_query};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension as _, params, params_from_iter};
use std::collections::BTreeMap;
use zaigang_domain::calendar::civil_date;
use zaigang_domain::judge::EntityState;
use zaigang_domain::stock::{Charge, Owner, Part, PartCard};

/// Views with their names.
const VIEWS: &[(&str, &str)] = &[
    ("all", "在用"),
    ("below_minimum", "低于下限"),
    ("in_repair", "在修"),
    ("on_loan", "借出"),
    ("discrepant", "账实不符"),
    ("closed", "已停用"),
];

/// Days the forecast looks back (a guess: a quarter).
const LOOK_BACK_DAYS: i64 = 90;
/// Lines of a chart at most.
const CHART_DAYS_MAX: usize = 400;

fn view_condition(view: &str) -> Option<&'static str> {
    Some(match view {
        "" | "all" => "p.closed = 0",
        "below_minimum" => "p.low = 1",
        "in_repair" => "p.in_repair <> 0",
        "on_loan" => "p.on_loan <> 0",
        "discrepant" => "p.faulty = 1",
        "closed" => "p.closed = 1",
        _ => return None,
    })
}

struct Sums {
    on_hand: i64,
    reserved: i64,
    in_repair: i64,
    on_loan: i64,
    faulty: bool,
}

impl Desk<'_> {
    /// Models of a store.
    ///
    /// # Errors
    /// Bad input for an unknown view; not now where this console holds no store's log.
    pub fn stock_parts(&self, args: &StockPartsArgs) -> Result<StockPage, DoorError> {
        let shelf = self.shelf(args.store.as_deref())?;
        let view = args.view.as_deref().unwrap_or("all");
        let condition = view_condition(view)
            .ok_or_else(|| DoorError::bad_input("没有这个视图，请重新选择。").at("view"))?;
        let mut counts = Vec::new();
        if args.offset == 0 {
            for (view, name) in VIEWS {
                let count = self.part_count(&shelf, view)?;
                counts.push(ViewCount { view: (*view).to_owned(), name: (*name).to_owned(), count });
            }
        }
        let (text, place) = (filled(args.text.as_ref()), filled(args.place.as_ref()));
        let is_narrowed = text.is_some() || place.is_some() || filled(args.category.as_ref()).is_some();
        let (inner, values) = part_filter(&shelf, args.category.as_ref(), text, place);
        let (offset, limit) = page(args.offset, args.limit);
        let list = |tail: &str| -> Result<Vec<String>, StoreError> {
            let sql = format!(
                "SELECT p.id FROM stock_part p WHERE {inner} AND {condition}
                 ORDER BY p.category, p.name, p.model, p.entity {tail}"
            );
            let mut list = self.store.reader().prepare_cached(&sql)?;
            let ids = list.query_map(params_from_iter(values.iter()), |row| row.get(0))?;
            Ok(ids.collect::<rusqlite::Result<_>>()?)
        };
        // What is searched for is found once, and counted as it is found.
        let (total, ids) = if is_narrowed {
            let all = list("")?;
            let shown = all.iter().skip(offset as usize).take(limit as usize).cloned().collect();
            (many(all.len()), shown)
        } else {
            let known = counts.iter().find(|count| count.view == view).map(|count| count.count);
            let total = known.map_or_else(|| self.part_count(&shelf, view), Ok)?;
            (total, list(&format!("LIMIT {limit} OFFSET {offset}"))?)
        };
        let rows: Result<Vec<PartRow>, DoorError> = ids.iter().map(|id| self.part_row(&shelf, id)).collect();
        let mut rows = rows?;
        self.note_arriving(&shelf, &mut rows)?;
        Ok(StockPage { total, rows, counts })
    }

    /// Models of a view.
    pub(super) fn part_count(&self, shelf: &Shelf, view: &str) -> Result<u32, StoreError> {
        let Some(condition) = view_condition(view) else { return Ok(0) };
        let sql = format!("SELECT count(*) FROM stock_part p WHERE p.log = ?1 AND {condition}");
        Ok(self.store.reader().prepare_cached(&sql)?.query_row([shelf.n], |row| row.get(0))?)
    }

    fn sums(&self, shelf: &Shelf, part: &str) -> Result<Sums, StoreError> {
        let found = self
            .store
            .reader()
            .prepare_cached(
                "SELECT on_hand, reserved, in_repair, on_loan, faulty FROM stock_part WHERE log = ?1 AND id = ?2",
            )?
            .query_row(params![shelf.n, part], |row| {
                Ok(Sums {
                    on_hand: row.get(0)?,
                    reserved: row.get(1)?,
                    in_repair: row.get(2)?,
                    on_loan: row.get(3)?,
                    faulty: row.get(4)?,
                })
            })
            .optional()?;
        Ok(found.unwrap_or(Sums { on_hand: 0, reserved: 0, in_repair: 0, on_loan: 0, faulty: false }))
    }

    /// What there is of a model at places it can be handed out from.
    pub(super) fn on_hand(&self, shelf: &Shelf, part: &str) -> Result<i64, StoreError> {
        Ok(self.sums(shelf, part)?.on_hand)
    }

    /// What can be handed out of a model now.
    pub(super) fn available(&self, shelf: &Shelf, part: &str) -> Result<i64, StoreError> {
        let sums = self.sums(shelf, part)?;
        Ok(sums.on_hand - sums.reserved)
    }

    /// The model of that id.
    pub(super) fn part(&self, shelf: &Shelf, part: &str) -> Result<Part, DoorError> {
        let state = self.in_store(shelf, part)?;
        state.as_ref().and_then(EntityState::part).cloned().ok_or_else(|| {
            DoorError::not_found("本机没有这个备件型号，请同步后重试，或先在库存中登记型号。").at("part")
        })
    }

    pub(super) fn part_row(&self, shelf: &Shelf, id: &str) -> Result<PartRow, DoorError> {
        let part = self.part(shelf, id)?;
        let (card, sums) = (&part.card, self.sums(shelf, id)?);
        let available = sums.on_hand - sums.reserved;
        let (alert, alert_text) = alert(card, available, sums.in_repair);
        let places: Vec<String> = self
            .balances(shelf, id)?
            .iter()
            .map(|row| format!("{} {}", row.place_name, row.quantity))
            .collect();
        Ok(PartRow {
            id: id.to_owned(),
            name: card.name.clone(),
            category: card.category.clone(),
            maker: card.maker.clone(),
            model: card.model.clone(),
            unit: card.unit.clone(),
            tracking: card.tracking.code().to_owned(),
            minimum: card.minimum,
            on_hand: small(sums.on_hand),
            reserved: unsigned(sums.reserved),
            available: small(available),
            in_repair: small(sums.in_repair),
            on_loan: small(sums.on_loan),
            arriving: 0,
            discrepancy: sums.faulty,
            alert: alert.to_owned(),
            alert_text,
            places: places.join("，"),
            storage_medium: card.storage_medium,
            closed: card.closed,
            pending: !part.pending.is_empty(),
        })
    }

    /// What of models is on the way here.
    fn note_arriving(&self, shelf: &Shelf, rows: &mut [PartRow]) -> Result<(), DoorError> {
        for (part, transit) in self.part_transit(shelf)?.iter().filter(|(_, transit)| transit.role == "in") {
            for row in rows.iter_mut().filter(|row| row.id == *part) {
                row.arriving = row.arriving.saturating_add(transit.quantity);
            }
        }
        Ok(())
    }

    fn balances(&self, shelf: &Shelf, part: &str) -> Result<Vec<BalanceDto>, StoreError> {
        let conn = self.store.reader();
        let mut statement = conn.prepare_cached(
            "SELECT place, owner, quantity FROM stock_balance WHERE log = ?1 AND part = ?2 ORDER BY place, owner",
        )?;
        let rows: Vec<(String, String, i64)> = statement
            .query_map(params![shelf.n, part], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let head = self.part_head(shelf, part)?;
        let mut found: Vec<BalanceDto> = rows
            .into_iter()
            .map(|(place, owner, quantity)| balance_dto(shelf, part, &head, (&place, &owner, quantity)))
            .collect();
        found.sort_by(|a, b| (&a.place_name, &a.owner).cmp(&(&b.place_name, &b.owner)));
        Ok(found)
    }

    /// One model with its ledger.
    ///
    /// # Errors
    /// Not found for one that is not here.
    pub fn stock_part(&self, args: &PartArgs) -> Result<PartDetail, DoorError> {
        let shelf = self.shelf_of(&args.id)?;
        let part = self.part(&shelf, &args.id)?;
        let (ledger, ledger_total) = self.part_ledger(&shelf, &args.id, page(args.offset, args.limit))?;
        let mut row = [self.part_row(&shelf, &args.id)?];
        self.note_arriving(&shelf, &mut row)?;
        let [row] = row;
        let transit = self.part_transit(&shelf)?.into_iter().filter(|(part, _)| *part == args.id);
        Ok(PartDetail {
            store: shelf.log.to_string(),
            row,
            transit: transit.map(|(_, transit)| transit).collect(),
            card: card_dto(&part.card),
            balances: self.balances(&shelf, &args.id)?,
            serials: self.serials(&shelf, &args.id)?,
            ledger,
            ledger_total,
            discrepancies: self.discrepancies_of(&shelf, Some(&args.id))?,
            chart: self.stock_chart(&shelf, &part.card, args)?,
            forecast: self.forecast(&shelf, &args.id, &part.card)?,
        })
    }

    pub(super) fn serials(&self, shelf: &Shelf, part: &str) -> Result<Vec<SerialDto>, DoorError> {
        type Row = (String, String, String, i64, String);
        let rows: Vec<Row> = self
            .store
            .reader()
            .prepare_cached(
                "SELECT serial, place, owner, since, movement FROM stock_serial
                 WHERE log = ?1 AND part = ?2 ORDER BY serial",
            )
            .and_then(|mut statement| {
                statement
                    .query_map(params![shelf.n, part], |row| {
                        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
                    })?
                    .collect()
            })
            .map_err(StoreError::from)?;
        let (part_name, _) = self.part_head(shelf, part)?;
        let mut found = Vec::with_capacity(rows.len());
        for (serial, place, owner, since, movement) in rows {
            let state = self.in_store(shelf, &movement)?;
            let made = state.as_ref().and_then(EntityState::movement).map(|movement| &movement.made);
            found.push(SerialDto {
                serial,
                part: part.to_owned(),
                part_name: part_name.clone(),
                batch: made.and_then(|made| made.batch.clone()).unwrap_or_default(),
                place_name: shelf.path(&place),
                place,
                owner,
                custodian: self.optional_name(made.and_then(|made| made.custodian.as_ref()))?,
                since: instant_text(since),
            });
        }
        Ok(found)
    }

    /// What was on hand at the end of each day on which something moved.
    fn stock_chart(&self, shelf: &Shelf, card: &PartCard, args: &PartArgs) -> Result<StockChart, DoorError> {
        let rows: Vec<(i64, i64)> = self
            .store
            .reader()
            .prepare_cached(
                "SELECT e.at, e.change FROM stock_effect e LEFT JOIN stock_place l ON l.log = e.log AND l.id = e.place
                 WHERE e.log = ?1 AND e.part = ?2 AND coalesce(l.on_hand, 1) = 1 ORDER BY e.at, e.id, e.n",
            )
            .and_then(|mut statement| {
                statement
                    .query_map(params![shelf.n, args.id], |row| Ok((row.get(0)?, row.get(1)?)))?
                    .collect()
            })
            .map_err(StoreError::from)?;
        let mut days: BTreeMap<jiff::civil::Date, i64> = BTreeMap::new();
        let mut on_hand = 0;
        for (at, change) in rows {
            on_hand += change;
            days.insert(civil_date(crate::order::instant(at)), on_hand);
        }
        let skipped = days.len().saturating_sub(CHART_DAYS_MAX);
        let days: Vec<(jiff::civil::Date, i64)> = days.into_iter().skip(skipped).collect();
        let svg = if args.width == 0 || days.is_empty() {
            String::new()
        } else {
            let theme =
                if args.theme == "dark" { zaigang_report::Theme::Dark } else { zaigang_report::Theme::Light };
            let end = civil_date(self.now);
            zaigang_report::stock_line(&days, i64::from(card.minimum), end, theme, args.width, args.height)
                .map_err(DoorError::broken)?
        };
        let row = |(date, on_hand): &(jiff::civil::Date, i64)| StockChartRow {
            date: date.to_string(),
            on_hand: small(*on_hand),
        };
        Ok(StockChart { svg, rows: days.iter().map(row).collect() })
    }

    /// How many were handed out or used up in the last days.
    fn used(&self, shelf: &Shelf, part: &str) -> Result<i64, StoreError> {
        let since = self.now.as_millisecond() - LOOK_BACK_DAYS * 24 * 3_600_000;
        let used: i64 = self
            .store
            .reader()
            .prepare_cached(
                "SELECT coalesce(-sum(e.change), 0) FROM stock_effect e
                 JOIN stock_movement m ON m.log = e.log AND m.part = e.part AND m.at = e.at AND m.id = e.id
                 WHERE e.log = ?1 AND e.part = ?2 AND e.at >= ?3 AND m.kind IN ('issued', 'returned')",
            )?
            .query_row(params![shelf.n, part, since], |row| row.get(0))?;
        Ok(used.max(0))
    }

    fn forecast(&self, shelf: &Shelf, part: &str, card: &PartCard) -> Result<String, DoorError> {
        let (used, available) = (self.used(shelf, part)?, self.available(shelf, part)?);
        let unit = &card.unit;
        if used == 0 {
            return Ok(format!("近 {LOOK_BACK_DAYS} 天没有领用，可用 {available} {unit}。"));
        }
        let days = available.max(0) * LOOK_BACK_DAYS / used;
        Ok(format!(
            "近 {LOOK_BACK_DAYS} 天领用 {used} {unit}（领用和调拨出库减退库），按此推算可用的 {available} {unit}约可用 {days} 天。"
        ))
    }

    /// What to buy.
    ///
    /// # Errors
    /// Not now where this console holds no store's log.
    pub fn stock_reorder(&self, store: Option<&str>) -> Result<Vec<ReorderRow>, DoorError> {
        let shelf = self.shelf(store)?;
        let mut rows = Vec::new();
        let mut parts = self.part_rows(&shelf, "below_minimum")?;
        self.note_arriving(&shelf, &mut parts)?;
        for part in parts {
            let used = self.used(&shelf, &part.id)?;
            let month = (used + 2) / 3;
            let wanted = i64::from(part.minimum) + month;
            let coming = i64::from(part.in_repair) + i64::from(part.arriving);
            let suggested = unsigned(wanted - i64::from(part.available) - coming);
            let why = format!(
                "下限 {} + 一个月用量 {month}（近 {LOOK_BACK_DAYS} 天领用 {used}）− 可用 {} − 在修 {} − 调拨在途 {}",
                part.minimum, part.available, part.in_repair, part.arriving
            );
            rows.push(ReorderRow { part, used_90: unsigned(used), suggested, why });
        }
        Ok(rows)
    }
}

/// The condition that picks models `p`, and its values.
pub(super) fn part_filter(
    shelf: &Shelf,
    category: Option<&String>,
    text: Option<String>,
    place: Option<String>,
) -> (String, Vec<Value>) {
    let mut values = vec![Value::from(shelf.n)];
    let mut bind = |value: String| {
        values.push(Value::from(value));
        format!("?{}", values.len())
    };
    let mut conditions = vec!["p.log = ?1".to_owned()];
    if let Some(category) = filled(category) {
        conditions.push(format!("p.category = {}", bind(category)));
    }
    if let Some(text) = text {
        let serial = bind(text.clone());
        let by_serial = format!(
            "SELECT t.entity FROM stock_serial s JOIN stock_part t ON t.log = s.log AND t.id = s.part
             WHERE s.serial = {serial} AND s.log = ?1"
        );
        let found = match search_query(&text).map(&mut bind) {
            Some(query) => {
                format!("SELECT rowid FROM stock_text WHERE stock_text MATCH {query} UNION {by_serial}")
            }
            None => by_serial,
        };
        conditions.push(format!("p.entity IN ({found})"));
    }
    if let Some(place) = place {
        let inside = bind(serde_json::to_string(&shelf.inside(&place)).unwrap_or_default());
        conditions.push(format!(
            "p.id IN (SELECT part FROM stock_balance WHERE log = ?1 AND place IN (SELECT value FROM json_each({inside})))"
        ));
    }
    (conditions.join(" AND "), values)
}

pub(super) fn balance_dto(
    shelf: &Shelf,
    part: &str,
    head: &(String, String),
    (place, owner, quantity): (&str, &str, i64),
) -> BalanceDto {
    let kind = shelf.place(place).map(|(_, card)| card.kind.code()).unwrap_or_default();
    BalanceDto {
        part: part.to_owned(),
        part_name: head.0.clone(),
        unit: head.1.clone(),
        place: place.to_owned(),
        place_name: shelf.path(place),
        place_kind: kind.to_owned(),
        owner: owner.to_owned(),
        quantity: small(quantity),
    }
}

fn alert(card: &PartCard, available: i64, in_repair: i64) -> (&'static str, String) {
    let (minimum, unit) = (i64::from(card.minimum), &card.unit);
    if minimum == 0 || card.closed || available >= minimum {
        return ("none", String::new());
    }
    let repair = if in_repair > 0 { format!("；在修 {in_repair} {unit}") } else { String::new() };
    let text = format!("可用 {available} {unit}，下限 {minimum} {unit}{repair}");
    match available {
        _ if available + in_repair >= minimum => ("covered", format!("{text}，修回后可补足")),
        ..=0 => ("out", text),
        _ => ("below", text),
    }
}

pub(super) fn card_dto(card: &PartCard) -> CardDto {
    CardDto {
        name: card.name.clone(),
        category: card.category.clone(),
        maker: card.maker.clone(),
        model: card.model.clone(),
        unit: card.unit.clone(),
        tracking: card.tracking.code().to_owned(),
        minimum: card.minimum,
        compatible: card.compatible.clone(),
        charge: card.charge.map(Charge::code).unwrap_or_default().to_owned(),
        charge_limit: card.charge_limit.clone(),
        storage_medium: card.storage_medium,
        note: card.note.clone(),
        closed: card.closed,
    }
}

/// The owner of a word; of none, whatever lies at the place.
pub(super) fn owner_of(text: &str) -> Result<Option<Owner>, DoorError> {
    match text.trim() {
        "" => Ok(None),
        text => Owner::from_code(text)
            .map(Some)
            .ok_or_else(|| DoorError::bad_input("归属只能是甲方或供应商，请重新选择。").at("owner")),
    }
}
