//! The order list and the counts of its views, from projection rows.
//!
//! Every list is one pass over the covering index `orders_filter`, over an index already in the right
//! order where there is no condition, or over the rows themselves where a search found few.

use super::clocks::{RULE_BAR, clock_dto, next_clock, report};
use super::contract::Bound;
use super::desk::Desk;
use super::step::date_of;
use crate::door::dto::{DoorError, OrderListArgs, OrderPage, OrderRow, OrderStatusDto, QueueCounts};
use crate::store::{StoreError, kind_code, search_query};
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use std::collections::HashSet;
use zaigang_domain::calendar::{format_instant, midnight};
use zaigang_domain::clock::{Report, Target};
use zaigang_domain::event::UserId;
use zaigang_domain::judge::EntityState;
use zaigang_domain::order::{Order, Status, Wait, waiting};

/// Most rows of one page.
pub(crate) const LIMIT_MAX: u32 = 200;

/// Up to so many orders that a search found are looked up one by one; more are met in a pass over the index.
const FOUND_FEW: usize = 2_000;

/// 待我处理: what the domain says ([`waiting`]), and what the centre did not take of the person's own claims.
const WAITING: &str = "entity IN (SELECT entity FROM order_task WHERE kind = 'waiting' AND who = ?
    UNION SELECT entity.n FROM conflict JOIN entity ON entity.name = conflict.entity
    WHERE conflict.settled IS NULL AND conflict.kind = 'rejected' AND conflict.user = ?)";
/// 待录入, as the domain says ([`Order::is_to_enter`]); word for word the condition of its index.
const TO_ENTER: &str = "to_enter = 1";

/// Conditions of a list, as SQL with its values.
struct Conditions {
    sql: Vec<String>,
    values: Vec<Value>,
    /// The index that a pass goes over.
    index: &'static str,
}

impl Conditions {
    fn new() -> Self {
        Self { sql: Vec::new(), values: Vec::new(), index: "orders_filter" }
    }

    fn plain(&mut self, sql: &str) {
        self.sql.push(sql.to_owned());
    }

    fn with(&mut self, sql: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        self.sql.push(sql.replace('?', &format!("?{}", self.values.len())));
    }

    fn among(&mut self, column: &str, names: &[String]) {
        let marks: Vec<String> = names
            .iter()
            .map(|name| {
                self.values.push(name.clone().into());
                format!("?{}", self.values.len())
            })
            .collect();
        self.sql.push(format!("{column} IN ({})", marks.join(", ")));
    }

    fn text(&self) -> String {
        if self.sql.is_empty() { "1".to_owned() } else { self.sql.join(" AND ") }
    }
}

/// How a list is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Next deadline first, orders without one last, newest first among them.
    Deadline,
    /// Newest first.
    Reported,
    /// By number.
    Number,
    /// What has waited longest for the buyer first.
    Age,
}

impl Sort {
    fn of(args: &OrderListArgs) -> Result<Self, DoorError> {
        Ok(match args.sort.as_deref() {
            None if matches!(args.view.as_str(), "all" | "to_enter") => Self::Reported,
            None if args.view == "to_confirm" => Self::Age,
            None | Some("deadline") => Self::Deadline,
            Some("reported") => Self::Reported,
            Some("number") => Self::Number,
            Some("age") => Self::Age,
            Some(_) => return Err(DoorError::bad_input("没有这种排序方式，请重新选择。").at("sort")),
        })
    }

    /// The column a key is made of besides the time of the report.
    fn column(self) -> &'static str {
        match self {
            Self::Deadline => "next_deadline_at",
            Self::Reported => "NULL",
            Self::Number => "number",
            Self::Age => "restored_at",
        }
    }

    /// The key of a row that reads entity, time of the report, and the column.
    fn key(self, row: &Row<'_>) -> rusqlite::Result<Key> {
        let (entity, reported): (i64, i64) = (row.get(0)?, row.get(1)?);
        Ok(match self {
            Self::Number => (row.get(2)?, 0, 0, entity),
            Self::Reported => (None, 0, -reported, -entity),
            Self::Age => (None, row.get::<_, Option<i64>>(2)?.unwrap_or(i64::MAX), reported, entity),
            Self::Deadline => (None, row.get::<_, Option<i64>>(2)?.unwrap_or(i64::MAX), -reported, entity),
        })
    }

    /// The order of an index of its own, where there is one.
    fn index_order(self) -> Option<&'static str> {
        match self {
            Self::Deadline | Self::Age => None,
            Self::Reported => Some("reported_at DESC, entity DESC"),
            Self::Number => Some("number, entity"),
        }
    }
}

impl Desk<'_> {
    /// A page of the list.
    ///
    /// # Errors
    /// Bad input for an unknown view, sort, date or status; internal when the store fails.
    pub fn orders(&self, args: &OrderListArgs) -> Result<OrderPage, DoorError> {
        let (entities, total) = self.listed(args, args.limit.clamp(1, LIMIT_MAX))?;
        Ok(self.page(&entities, total)?)
    }

    /// The orders of a list in its order, by their place in the store, at most `limit` from its beginning,
    /// and how many there are in all.
    ///
    /// # Errors
    /// As [`Desk::orders`].
    pub(crate) fn listed(&self, args: &OrderListArgs, limit: u32) -> Result<(Vec<i64>, u32), DoorError> {
        let sort = Sort::of(args)?;
        let conditions = self.conditions(args)?;
        let found = match args.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => match found(self.store.reader(), text)? {
                Some(found) => Some(found),
                None => return Ok((Vec::new(), 0)),
            },
            None => None,
        };
        let conn = self.store.reader();
        let everything = found.is_none() && conditions.sql.is_empty();
        Ok(match sort.index_order().filter(|_| everything) {
            Some(order) => ordered(conn, order, args.offset, limit)?,
            None => {
                let keys = match &found {
                    Some(found) if found.len() <= FOUND_FEW => keys_of(conn, &conditions, found, sort)?,
                    _ => filtered(conn, &conditions, found.as_ref(), sort)?,
                };
                let total = u32::try_from(keys.len()).unwrap_or(u32::MAX);
                (pick(keys, args.offset as usize, limit as usize), total)
            }
        })
    }

    /// Counts of the views.
    ///
    /// # Errors
    /// Internal when the store fails.
    pub fn counts(&self) -> Result<QueueCounts, DoorError> {
        let mut scope = Conditions::new();
        scope.values.push(self.me().into());
        scope.values.push(self.now.as_millisecond().into());
        self.scope(&mut scope);
        let sql = format!(
            "SELECT count(*) FILTER (WHERE assignee = ?1), count(*), count(*) FILTER (WHERE assignee IS NULL),
                count(*) FILTER (WHERE next_deadline_at >= ?2 AND next_warn_at <= ?2),
                count(*) FILTER (WHERE next_deadline_at < ?2),
                count(*) FILTER (WHERE status = 'restored'), count(*) FILTER (WHERE unreconciled > 0),
                count(*) FILTER (WHERE {})
             FROM orders INDEXED BY orders_filter WHERE open = 1 AND {}",
            WAITING.replace('?', "?1"),
            scope.text()
        );
        let mut statement = self.store.reader().prepare_cached(&sql).map_err(StoreError::from)?;
        let to_enter = self.count(&format!("orders INDEXED BY orders_to_enter WHERE {TO_ENTER}"))?;
        let report_due =
            self.count("order_task JOIN orders USING (entity) WHERE order_task.kind = 'report'")?;
        let counts = statement.query_row(params_from_iter(&scope.values), |row| {
            Ok(QueueCounts {
                to_enter,
                mine: row.get(0)?,
                division: row.get(1)?,
                unassigned: row.get(2)?,
                due_soon: row.get(3)?,
                broken: row.get(4)?,
                to_confirm: row.get(5)?,
                unreconciled: row.get(6)?,
                open: row.get(1)?,
                waiting: row.get(7)?,
                report_due,
            })
        });
        Ok(counts.map_err(StoreError::from)?)
    }

    /// How many orders of the person's scope there are `from` a table under a condition.
    fn count(&self, from: &str) -> Result<u32, StoreError> {
        let mut scope = Conditions::new();
        self.scope(&mut scope);
        let sql = format!("SELECT count(*) FROM {from} AND {}", scope.text());
        let mut statement = self.store.reader().prepare_cached(&sql)?;
        Ok(statement.query_row(params_from_iter(&scope.values), |row| row.get(0))?)
    }

    fn me(&self) -> String {
        self.actor.user().map(ToString::to_string).unwrap_or_default()
    }

    fn scope(&self, conditions: &mut Conditions) {
        if !self.actor.contracts.is_empty() {
            conditions.among("contract", &self.actor.contracts);
        }
        if !self.actor.divisions.is_empty() {
            conditions.among("division", &self.actor.divisions);
        }
    }

    fn conditions(&self, args: &OrderListArgs) -> Result<Conditions, DoorError> {
        let mut all = Conditions::new();
        self.view(&args.view, &mut all)?;
        self.scope(&mut all);
        statuses(&args.statuses, &mut all);
        for (column, value) in [
            ("division = ?", &args.division),
            ("object = ?", &args.object),
            ("level = ?", &args.level),
            ("kind = ?", &args.kind),
            ("assignee = ?", &args.assignee),
            ("contract = ?", &args.contract),
        ] {
            if let Some(value) = value {
                all.with(column, value.clone());
            }
        }
        if let Some(rule) = &args.rule {
            all.with("instr(rules, ?) > 0", format!("{RULE_BAR}{rule}{RULE_BAR}"));
        }
        if let Some(from) = &args.from {
            all.with("reported_at >= ?", date(from, "from")?);
        }
        if let Some(to) = &args.to {
            all.with("reported_at < ?", date(to, "to")? + 86_400_000);
        }
        Ok(all)
    }

    fn view(&self, view: &str, all: &mut Conditions) -> Result<(), DoorError> {
        let now = self.now.as_millisecond();
        if !matches!(view, "all" | "" | "report_due" | "to_enter") {
            all.plain("open = 1");
        }
        match view {
            "all" | "open" | "division" | "" => {}
            "mine" => all.with("assignee = ?", self.me()),
            "unassigned" => all.plain("assignee IS NULL"),
            "due_soon" => {
                all.with("next_deadline_at >= ?", now);
                all.with("next_warn_at <= ?", now);
            }
            "broken" => all.with("next_deadline_at < ?", now),
            "waiting" => all.with(WAITING, self.me()),
            "report_due" => all.plain("entity IN (SELECT entity FROM order_task WHERE kind = 'report')"),
            "to_confirm" => all.plain("status = 'restored'"),
            "to_enter" => {
                all.plain(TO_ENTER);
                all.index = "orders_to_enter";
            }
            "unreconciled" => all.plain("unreconciled > 0"),
            _ => return Err(DoorError::bad_input("没有这个列表，请从左侧重新选择。").at("view")),
        }
        Ok(())
    }

    fn page(&self, entities: &[i64], total: u32) -> Result<OrderPage, StoreError> {
        let rows = entities.iter().filter_map(|entity| self.row_of(*entity).transpose());
        Ok(OrderPage { rows: rows.collect::<Result<_, _>>()?, total, now: format_instant(self.now) })
    }

    pub(crate) fn row_of(&self, entity: i64) -> Result<Option<OrderRow>, StoreError> {
        self.order_at(entity)?.map(|(id, order)| self.row(id, &order)).transpose()
    }

    /// The order at a place in the store.
    pub(crate) fn order_at(&self, entity: i64) -> Result<Option<(String, Order)>, StoreError> {
        let mut statement = self
            .store
            .reader()
            .prepare_cached("SELECT name, coalesce(shown, confirmed) FROM entity WHERE n = ?1")?;
        let mut rows = statement.query([entity])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        let state: EntityState = serde_json::from_str(text)?;
        let EntityState::Order(order) = state else { return Ok(None) };
        Ok(Some((row.get(0)?, *order)))
    }

    /// Why an order waits for whoever asks.
    fn waits(&self, id: &str, order: &Order) -> Result<Vec<String>, StoreError> {
        let mine = |user: &UserId| self.actor.is(Some(user));
        let asked = waiting(order).into_iter().filter(|(user, _)| mine(user));
        let mut texts: Vec<String> = asked.map(|(_, wait)| wait_text(wait).to_owned()).collect();
        let refused: bool = self
            .store
            .reader()
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM conflict
                 WHERE entity = ?1 AND settled IS NULL AND kind = 'rejected' AND user = ?2)",
            )?
            .query_row([id, &self.me()], |row| row.get(0))?;
        if refused {
            texts.push("未被采纳".to_owned());
        }
        Ok(texts)
    }

    /// One row: the only place where a list derives clocks.
    pub(crate) fn row(&self, id: String, order: &Order) -> Result<OrderRow, StoreError> {
        let bound = self.bound(order);
        let report = bound.and_then(|bound| report(bound, order, self.now));
        self.row_with(id, order, bound, report.as_ref())
    }

    /// The same for one whose clocks were counted already.
    pub(crate) fn row_with(
        &self,
        id: String,
        order: &Order,
        bound: Option<Bound>,
        report: Option<&Report>,
    ) -> Result<OrderRow, StoreError> {
        let next = bound
            .zip(report)
            .and_then(|(bound, report)| next_clock(report).map(|clock| clock_dto(bound.profile, clock)));
        let object = order.object.as_deref().map(|no| object_text(bound, no));
        let ahead = self.ahead(order);
        let waits = self.waits(&id, order)?;
        Ok(OrderRow {
            id,
            number: order.number.clone(),
            title: order.title.clone(),
            kind: kind_code(order.kind).to_owned(),
            status: status_dto(order),
            level: order.level.clone(),
            division: order.division.clone(),
            object: object.unwrap_or_default(),
            assignee: order.assignee.as_ref().map(|user| self.name(user.as_str())).transpose()?,
            reported_at: format_instant(order.reported_at),
            // A fault report stays owed when the order is closed; what lies ahead has no clock yet.
            next_clock: next
                .filter(|clock| order.status.is_open() || clock.target == Target::Report.as_str())
                .filter(|_| ahead.is_none()),
            waits,
            pending: order.pending,
            unreconciled: u32::try_from(order.unreconciled.len()).unwrap_or(u32::MAX),
            scheduled_at: ahead.map(format_instant),
            late_minutes: order.late_minutes(),
            voided: order.voided,
            waits_since: order.waits_for_buyer_since().map(format_instant),
            external_no: order.external_no.clone(),
            entered: order.entered.is_some(),
            alarms: order.alarms.map_or(0, |alarms| alarms.count),
        })
    }
}

/// Why an order waits for somebody, as said to him.
fn wait_text(wait: Wait) -> &'static str {
    match wait {
        Wait::Assigned => "待接单",
        Wait::Urged => "被催办",
        Wait::Assist => "请您协办",
        Wait::Returned => "被退单",
    }
}

/// Number and name of an object.
pub(crate) fn object_text(bound: Option<Bound>, no: &str) -> String {
    match bound.and_then(|bound| bound.profile.object(no)) {
        Some(object) => format!("{no} {}", object.name),
        None => no.to_owned(),
    }
}

/// The status a list shows: being suspended hides what is under it.
pub(crate) fn status_dto(order: &Order) -> OrderStatusDto {
    if order.suspended {
        return OrderStatusDto::Suspended;
    }
    match order.status {
        Status::Registered => OrderStatusDto::Registered,
        Status::Dispatched => OrderStatusDto::Dispatched,
        Status::Accepted => OrderStatusDto::Accepted,
        Status::Arrived => OrderStatusDto::Arrived,
        Status::WorkedAround => OrderStatusDto::WorkedAround,
        Status::Restored => OrderStatusDto::Restored,
        Status::Confirmed => OrderStatusDto::Confirmed,
        Status::Closed => OrderStatusDto::Closed,
        Status::Merged => OrderStatusDto::Merged,
    }
}

fn status_code(status: OrderStatusDto) -> Option<&'static str> {
    Some(match status {
        OrderStatusDto::Suspended => return None,
        OrderStatusDto::Registered => "registered",
        OrderStatusDto::Dispatched => "dispatched",
        OrderStatusDto::Accepted => "accepted",
        OrderStatusDto::Arrived => "arrived",
        OrderStatusDto::WorkedAround => "worked_around",
        OrderStatusDto::Restored => "restored",
        OrderStatusDto::Confirmed => "confirmed",
        OrderStatusDto::Closed => "closed",
        OrderStatusDto::Merged => "merged",
    })
}

fn statuses(wanted: &[OrderStatusDto], all: &mut Conditions) {
    if wanted.is_empty() {
        return;
    }
    let codes: Vec<String> =
        wanted.iter().filter_map(|s| status_code(*s)).map(|c| format!("'{c}'")).collect();
    let plain = format!("(suspended = 0 AND status IN ({}))", codes.join(", "));
    let suspended = wanted.contains(&OrderStatusDto::Suspended);
    all.plain(&if suspended { format!("({plain} OR suspended = 1)") } else { plain });
}

fn date(text: &str, field: &str) -> Result<i64, DoorError> {
    Ok(midnight(date_of(text, field)?) / 1_000)
}

/// Orders that a search finds: by text, number, or pinyin initials. `None`: nothing searchable was typed.
fn found(conn: &Connection, typed: &str) -> Result<Option<HashSet<i64>>, StoreError> {
    let mut found = HashSet::new();
    let query = search_query(typed);
    if let Some(query) = &query {
        let mut statement = conn.prepare_cached("SELECT rowid FROM order_text WHERE order_text MATCH ?1")?;
        let mut rows = statement.query([query])?;
        while let Some(row) = rows.next()? {
            found.insert(row.get(0)?);
        }
    }
    // A number holds Chinese and dashes, which the text search splits: its beginning is looked up whole.
    let mut statement =
        conn.prepare_cached("SELECT entity FROM orders WHERE number >= ?1 AND number < ?1 || char(1114111)")?;
    let mut rows = statement.query([typed])?;
    while let Some(row) = rows.next()? {
        found.insert(row.get(0)?);
    }
    Ok((query.is_some() || !found.is_empty()).then_some(found))
}

/// A page without any condition: the index has the order already.
fn ordered(conn: &Connection, order: &str, offset: u32, limit: u32) -> Result<(Vec<i64>, u32), StoreError> {
    let total = conn.prepare_cached("SELECT count(*) FROM orders")?.query_row([], |row| row.get(0))?;
    let mut statement =
        conn.prepare_cached(&format!("SELECT entity FROM orders ORDER BY {order} LIMIT ?1 OFFSET ?2"))?;
    let rows = statement.query_map([limit, offset], |row| row.get(0))?;
    Ok((rows.collect::<rusqlite::Result<_>>()?, total))
}

/// Key of a row in the list's order; the entity makes it total.
type Key = (Option<String>, i64, i64, i64);

/// Keys of what passes the conditions: one pass over the covering index.
fn filtered(
    conn: &Connection,
    conditions: &Conditions,
    found: Option<&HashSet<i64>>,
    sort: Sort,
) -> Result<Vec<Key>, StoreError> {
    // Naming both values of its first column lets the index be entered by division even where a view asks
    // for open and closed orders alike.
    let sql = format!(
        "SELECT entity, reported_at, {} FROM orders INDEXED BY {} WHERE open IN (0, 1) AND {}",
        sort.column(),
        conditions.index,
        conditions.text()
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(&conditions.values))?;
    let mut keys: Vec<Key> = Vec::new();
    while let Some(row) = rows.next()? {
        let entity: i64 = row.get(0)?;
        if found.is_none_or(|found| found.contains(&entity)) {
            keys.push(sort.key(row)?);
        }
    }
    Ok(keys)
}

/// Keys of those among a few found that pass the conditions, each looked up by itself.
fn keys_of(
    conn: &Connection,
    conditions: &Conditions,
    found: &HashSet<i64>,
    sort: Sort,
) -> Result<Vec<Key>, StoreError> {
    let at = conditions.values.len() + 1;
    let sql = format!(
        "SELECT entity, reported_at, {} FROM orders WHERE entity = ?{at} AND {}",
        sort.column(),
        conditions.text()
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut keys = Vec::with_capacity(found.len());
    for entity in found {
        let values = conditions.values.iter().cloned().chain([Value::Integer(*entity)]);
        let mut rows = statement.query(params_from_iter(values))?;
        if let Some(row) = rows.next()? {
            keys.push(sort.key(row)?);
        }
    }
    Ok(keys)
}

/// The entities at `offset..offset + limit` of the sorted keys, without sorting the rest.
fn pick(mut keys: Vec<Key>, offset: usize, limit: usize) -> Vec<i64> {
    let end = offset.saturating_add(limit).min(keys.len());
    if offset >= end {
        return Vec::new();
    }
    if end < keys.len() {
        keys.select_nth_unstable(end - 1);
        keys.truncate(end);
    }
    keys.sort_unstable();
    keys.into_iter().skip(offset).map(|(.., entity)| entity.abs()).collect()
}
