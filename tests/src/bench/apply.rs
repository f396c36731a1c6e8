//! Applying confirmed events to a console's store, against writing the same final rows plainly.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use zaigang_console::store::{NoClocks, STORE_FILE, Store, StoreKey, initials};

use super::data::{Console, Data, STORE_KEY};
use super::{Bar, Table};
use crate::harness::wait::timed;

/// Events in a batch of the floor.
pub(super) const BATCH: i64 = 1_000;

/// Pulls everything into a fresh console: verified, folded, committed.
///
/// # Errors
/// A page that is not taken.
pub fn fill(data: &mut Data<'_>, name: &str) -> Result<(Console, u64, Duration)> {
    let mut console = data.console(name)?;
    let (mut events, mut time) = (0, Duration::ZERO);
    for log in console.logs.clone() {
        loop {
            let page = data.page(&console, &log)?;
            if page.entries.is_empty() {
                break;
            }
            let (applied, took) = timed(|| console.store.apply_page(&log, &page));
            time += took;
            events += u64::try_from(applied?.entries)?;
        }
    }
    Ok((console, events, time))
}

/// Measures both and adds a line.
///
/// # Errors
/// When either fails.
pub fn measure(data: &mut Data<'_>, table: &mut Table) -> Result<Console> {
    let (console, events, time) = fill(data, "apply")?;
    let floor = floor(&console, &data.dir)?;
    let rate = per_second(events, time);
    table.add(format!("apply {events} confirmed events"), rate, "events/s", Bar::ShareOfFloor(0.4)).floor =
        Some(per_second(events, floor));
    Ok(console)
}

/// Events in a second.
#[must_use]
pub fn per_second(events: u64, time: Duration) -> f64 {
    let events = u32::try_from(events).unwrap_or(u32::MAX);
    f64::from(events) / time.as_secs_f64().max(1e-9)
}

/// The rows of one batch, by statement.
pub(super) type Rows = Vec<Vec<Value>>;

/// Writes the final rows of a store to an empty one with the same tables, indexes, cipher and sync,
/// with prepared statements, a thousand events a transaction. Only the writing is timed.
///
/// # Errors
/// When a store cannot be read or written.
pub fn floor(console: &Console, dir: &Path) -> Result<Duration> {
    let dir = dir.join("floor");
    let target = empty(&dir)?;
    let source = console.store.reader();
    // Which orders end in which batch, found without reading all of them each time.
    source.execute_batch(
        "CREATE TEMP TABLE last_of AS SELECT entity, log, seq FROM orders;
         CREATE INDEX temp.last_of_seq ON last_of (log, seq);",
    )?;
    let mut time = Duration::ZERO;
    for n in column(source, "SELECT n FROM log ORDER BY n")? {
        let last =
            column(source, &format!("SELECT seq FROM log WHERE n = {n}"))?.first().copied().unwrap_or(0);
        let mut from = 0;
        while from < last {
            let to = (from + BATCH).min(last);
            let batch = batch(source, n, from, to)?;
            let (written, took) = timed(|| write(&target, &batch));
            written?;
            time += took;
            from = to;
        }
    }
    source.execute_batch("DROP TABLE temp.last_of")?;
    std::fs::remove_dir_all(&dir).context("removing the floor's folder")?;
    Ok(time)
}

/// An empty store of this very version, with its tables and indexes, in a new folder.
///
/// # Errors
/// When it cannot be made.
pub(super) fn empty(dir: &Path) -> Result<Connection> {
    std::fs::create_dir_all(dir).context("making the floor's folder")?;
    drop(Store::open(dir, &StoreKey::new(STORE_KEY), std::sync::Arc::new(NoClocks), "bench")?);
    keyed(&dir.join(STORE_FILE))
}

fn keyed(path: &Path) -> Result<Connection> {
    let conn = Connection::open(path)?;
    let key: String = STORE_KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    conn.execute_batch(&format!("PRAGMA cipher_log = off; PRAGMA key = \"x'{key}'\";"))?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;
         PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536;
         PRAGMA wal_autocheckpoint = 4000;",
    )?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(conn)
}

/// Final rows of the events `from < seq <= to` of a log and of what they left last.
fn batch(source: &Connection, log: i64, from: i64, to: i64) -> Result<Vec<(String, Rows)>> {
    let (low, high) = ((log << 40) + from, (log << 40) + to);
    let places = format!("place > {low} AND place <= {high}");
    let finals =
        format!("SELECT entity FROM temp.last_of WHERE log = {log} AND seq > {from} AND seq <= {to}");
    let mut tables = vec![
        rows(source, "entry", &places)?,
        rows(source, "sealed", &format!("id IN (SELECT id FROM entry WHERE {places})"))?,
        rows(source, "attestation", &places)?,
        rows(source, "checkpoint", &places)?,
        rows(source, "entity", &format!("n IN ({finals})"))?,
        rows(source, "orders", &format!("entity IN ({finals})"))?,
    ];
    tables.push(texts(source, &finals)?);
    Ok(tables)
}

pub(super) fn rows(source: &Connection, table: &str, of: &str) -> Result<(String, Rows)> {
    let mut statement = source.prepare_cached(&format!("SELECT * FROM {table} WHERE {of}"))?;
    let names = statement.column_names().collect::<Vec<_>>().join(", ");
    let width = statement.column_count();
    let marks = vec!["?"; width].join(", ");
    let mut found = statement.query([])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push((0..width).map(|at| row.get::<_, Value>(at)).collect::<rusqlite::Result<_>>()?);
    }
    Ok((format!("INSERT INTO {table} ({names}) VALUES ({marks})"), rows))
}

/// Search rows: the index keeps no text, so it is made again from the orders.
fn texts(source: &Connection, finals: &str) -> Result<(String, Rows)> {
    let mut statement = source.prepare_cached(&format!(
        "SELECT entity, number, title, coalesce(entity.shown, entity.confirmed)
         FROM orders JOIN entity ON entity.n = orders.entity WHERE orders.entity IN ({finals})"
    ))?;
    let mut found = statement.query([])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let title: String = row.get(2)?;
        let state: serde_json::Value = serde_json::from_str(&row.get::<_, String>(3)?)?;
        let order = state.pointer("/order").or_else(|| state.pointer("/Order")).unwrap_or(&state);
        let part =
            |key: &str| order.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let body = format!("{title} {} {}", part("detail"), part("reporter_unit"));
        let split: String =
            body.chars().flat_map(|c| if c.is_ascii() { vec![c] } else { vec![' ', c, ' '] }).collect();
        let runs = initials(&title);
        let suffixes: Vec<&str> = runs.char_indices().filter_map(|(at, _)| runs.get(at..)).collect();
        rows.push(vec![row.get(0)?, row.get(1)?, Value::Text(split), Value::Text(suffixes.join(" "))]);
    }
    Ok(("INSERT INTO order_text (rowid, number, body, initials) VALUES (?, ?, ?, ?)".to_owned(), rows))
}

pub(super) fn write(target: &Connection, batch: &[(String, Rows)]) -> Result<()> {
    let transaction = target.unchecked_transaction()?;
    for (sql, rows) in batch {
        let mut statement = transaction.prepare_cached(sql)?;
        for row in rows {
            statement.execute(params_from_iter(row))?;
        }
    }
    Ok(transaction.commit()?)
}

pub(super) fn column(conn: &Connection, sql: &str) -> Result<Vec<i64>> {
    let mut statement = conn.prepare(sql)?;
    let values = statement.query_map([], |row| row.get(0))?;
    Ok(values.collect::<rusqlite::Result<_>>()?)
}
