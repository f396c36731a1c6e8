//! Rows about other programs: their keys, the answers they got, their alarms, the names they ask by.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::error::Result;

pub(crate) fn insert_source_key(conn: &Connection, key_hash: &[u8; 32], source: &str) -> Result<()> {
    conn.execute("INSERT INTO source_key (key_hash, source) VALUES (?1, ?2)", params![key_hash, source])?;
    Ok(())
}

/// The source with this key.
pub(crate) fn source_of_key(conn: &Connection, key_hash: &[u8; 32]) -> Result<Option<String>> {
    Ok(conn
        .prepare_cached("SELECT source FROM source_key WHERE key_hash = ?1")?
        .query_row([key_hash], |row| row.get(0))
        .optional()?)
}

/// Forgets the keys of a source.
pub(crate) fn drop_source_keys(conn: &Connection, source: &str) -> Result<()> {
    conn.execute("DELETE FROM source_key WHERE source = ?1", [source])?;
    Ok(())
}

/// An answer given under an idempotency key.
pub(crate) struct ReplyRow {
    pub(crate) request_hash: Vec<u8>,
    pub(crate) status: u16,
    pub(crate) reply: String,
}

pub(crate) fn source_reply(conn: &Connection, source: &str, key: &str) -> Result<Option<ReplyRow>> {
    Ok(conn
        .prepare_cached(
            "SELECT request_hash, status, reply FROM source_reply WHERE source = ?1 AND key = ?2",
        )?
        .query_row([source, key], |row| {
            Ok(ReplyRow { request_hash: row.get(0)?, status: row.get(1)?, reply: row.get(2)? })
        })
        .optional()?)
}

pub(crate) fn insert_source_reply(
    conn: &Connection,
    source: &str,
    key: &str,
    row: &ReplyRow,
    at: i64,
) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO source_reply (source, key, request_hash, status, reply, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![source, key, row.request_hash, row.status, row.reply, at])?;
    Ok(())
}

/// Forgets the answers given before.
pub(crate) fn drop_source_replies(conn: &Connection, before: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM source_reply WHERE at < ?1")?.execute([before])?;
    Ok(())
}

/// An alarm and the order it went into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AlarmRow {
    pub(crate) merge_key: String,
    pub(crate) log: i64,
    pub(crate) name: String,
    pub(crate) resolved: bool,
}

fn alarm_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<AlarmRow> {
    Ok(AlarmRow { merge_key: row.get(0)?, log: row.get(1)?, name: row.get(2)?, resolved: row.get(3)? })
}

pub(crate) fn alarm(conn: &Connection, source: &str, alarm: &str) -> Result<Option<AlarmRow>> {
    Ok(conn
        .prepare_cached("SELECT merge_key, log, name, resolved FROM alarm WHERE source = ?1 AND alarm = ?2")?
        .query_row([source, alarm], alarm_row)
        .optional()?)
}

/// The last alarm of a source with this merge key.
pub(crate) fn last_alarm(conn: &Connection, source: &str, merge_key: &str) -> Result<Option<AlarmRow>> {
    Ok(conn
        .prepare_cached(
            "SELECT merge_key, log, name, resolved FROM alarm WHERE source = ?1 AND merge_key = ?2
             ORDER BY at DESC LIMIT 1",
        )?
        .query_row([source, merge_key], alarm_row)
        .optional()?)
}

pub(crate) fn insert_alarm(
    conn: &Connection,
    source: &str,
    alarm: &str,
    row: &AlarmRow,
    at: i64,
) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO alarm (source, alarm, merge_key, log, name, at, resolved) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![source, alarm, row.merge_key, row.log, row.name, at, row.resolved])?;
    Ok(())
}

pub(crate) fn resolve_alarm(conn: &Connection, source: &str, alarm: &str) -> Result<()> {
    conn.prepare_cached("UPDATE alarm SET resolved = 1 WHERE source = ?1 AND alarm = ?2")?
        .execute([source, alarm])?;
    Ok(())
}

/// The next serial of a day, from 1.
pub(crate) fn next_serial(conn: &Connection, day: &str) -> Result<u32> {
    Ok(conn
        .prepare_cached(
            "INSERT INTO order_serial (day, last) VALUES (?1, 1)
             ON CONFLICT (day) DO UPDATE SET last = last + 1 RETURNING last",
        )?
        .query_row([day], |row| row.get(0))?)
}

pub(crate) fn insert_order_name(
    conn: &Connection,
    log: i64,
    name: &str,
    number: &str,
    external_no: Option<&str>,
) -> Result<()> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO order_name (number, log, name, external_no) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![number, log, name, external_no])?;
    Ok(())
}

/// What an order is asked for by.
#[derive(Debug, Clone, Copy)]
pub(crate) enum OrderName<'a> {
    /// The number printed on forms.
    Number(&'a str),
    /// The number at the platform it came from.
    External(&'a str),
}

/// Orders with this name, newest id last: (log key, entity).
pub(crate) fn orders_named(conn: &Connection, by: OrderName<'_>, limit: u32) -> Result<Vec<(i64, String)>> {
    let (sql, value) = match by {
        OrderName::Number(number) => {
            ("SELECT log, name FROM order_name WHERE number = ?1 ORDER BY name LIMIT ?2", number)
        }
        OrderName::External(number) => {
            ("SELECT log, name FROM order_name WHERE external_no = ?1 ORDER BY name LIMIT ?2", number)
        }
    };
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(params![value, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
