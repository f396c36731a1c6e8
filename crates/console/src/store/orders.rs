//! The order list: one row per order, written from its shown state.

use rusqlite::{Connection, params};
use zaigang_domain::judge::EntityState;
use zaigang_domain::order::{Order, OrderKind};

use super::clocks::{ClockProjector, publication_by_hash};
use super::error::Result;
use super::{asset, tasks, text};

/// Stable word of a kind, as stored.
pub(crate) fn kind_code(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::Incident => "incident",
        OrderKind::Request => "request",
        OrderKind::WorkRecord => "work_record",
        OrderKind::Change => "change",
        OrderKind::Problem => "problem",
        OrderKind::Finding => "finding",
    }
}

const WRITE: &str = "
    INSERT INTO orders (entity, log, id, number, title, kind, status, suspended, open, level, contract, division,
        object, assignee, pool, reported_at, last_at, next_target, next_deadline_at, next_warn_at, breached, clocks,
        pending, unreconciled, read_only, contract_hash, calendar_hash, seq, rules, external_no, entered,
        to_enter, restored_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
        ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33)
    ON CONFLICT (entity) DO UPDATE SET number = ?4, title = ?5, kind = ?6, status = ?7, suspended = ?8, open = ?9,
        level = ?10, contract = ?11, division = ?12, object = ?13, assignee = ?14, pool = ?15, reported_at = ?16,
        last_at = ?17, next_target = ?18, next_deadline_at = ?19, next_warn_at = ?20, breached = ?21, clocks = ?22,
        pending = ?23, unreconciled = ?24, read_only = ?25, contract_hash = ?26, calendar_hash = ?27, seq = ?28,
        rules = ?29, external_no = ?30, entered = ?31, to_enter = ?32, restored_at = ?33";

/// Writes the row of an order.
pub(crate) fn write(
    conn: &Connection,
    entity: i64,
    log: i64,
    id: &str,
    order: &Order,
    clocks: &dyn ClockProjector,
) -> Result<()> {
    let clocks = clocks.project(order, &|hash| publication_by_hash(conn, hash).ok().flatten());
    conn.prepare_cached(WRITE)?.execute(params![
        entity,
        log,
        id,
        order.number,
        order.title,
        kind_code(order.kind),
        order.status.code(),
        order.suspended,
        order.status.is_open(),
        order.level,
        order.contract,
        order.division,
        order.object,
        order.assignee.as_ref().map(|user| user.as_str()),
        order.pool,
        order.reported_at.as_millisecond(),
        order.last_at.as_millisecond(),
        clocks.next_target,
        clocks.next_deadline_at,
        clocks.next_warn_at,
        clocks.breached,
        clocks.clocks,
        order.pending,
        order.unreconciled.len(),
        order.is_read_only(),
        order.contract_hash,
        order.calendar_hash,
        order.seq,
        clocks.rules,
        order.external_no,
        order.entered.is_some(),
        order.is_to_enter(),
        order.waits_for_buyer_since().map(|at| at.as_millisecond()),
    ])?;
    asset::name(conn, entity, Some(order))?;
    tasks::write(conn, entity, order, &clocks)
}

/// Writes the search text of an order, instead of the one before where there was one.
pub(crate) fn index(conn: &Connection, entity: i64, order: &Order, replace: bool) -> Result<()> {
    if replace {
        conn.prepare_cached("DELETE FROM order_text WHERE rowid = ?1")?.execute([entity])?;
    }
    let result = order.record.as_ref().map_or("", |record| record.result.as_str());
    let body = format!("{} {} {} {result}", order.title, order.detail, order.reporter_unit);
    conn.prepare_cached("INSERT INTO order_text (rowid, number, body, initials) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            entity,
            order.number,
            text::split_cjk(&body),
            text::initials_column(&order.title)
        ])?;
    tasks::index(conn, entity, order, replace)
}

/// Removes an order from list and search: its pending registration was not taken, its text is in the conflict box.
pub(crate) fn remove(conn: &Connection, entity: i64) -> Result<()> {
    let removed = conn.prepare_cached("DELETE FROM orders WHERE entity = ?1")?.execute([entity])?;
    if removed > 0 {
        conn.prepare_cached("DELETE FROM order_text WHERE rowid = ?1")?.execute([entity])?;
        asset::name(conn, entity, None)?;
        tasks::forget(conn, entity)?;
        tasks::unindex(conn, entity)?;
    }
    Ok(())
}

/// Projects the clocks again of all orders, or of those bound to one version that only now became known.
pub(crate) fn reproject(conn: &Connection, clocks: &dyn ClockProjector, hash: Option<&str>) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "SELECT entity.n, entity.log, entity.name, coalesce(entity.shown, entity.confirmed)
         FROM orders JOIN entity ON entity.n = orders.entity
         WHERE ?1 IS NULL OR contract_hash = ?1 OR calendar_hash = ?1",
    )?;
    let mut rows = statement.query([hash])?;
    while let Some(row) = rows.next()? {
        let state: EntityState =
            serde_json::from_str(row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?)?;
        if let Some(order) = state.order() {
            write(conn, row.get(0)?, row.get(1)?, &row.get::<_, String>(2)?, order, clocks)?;
        }
    }
    Ok(())
}
