//! Whole rows, read to be checked.

use rusqlite::{Connection, params};
use zaigang_sync::Hash;
use zaigang_sync::envelope::Id;

use super::rows::{hash, id, unsigned};
use super::{place, seq_of};
use crate::error::Result;

/// Every column of an entry.
pub(crate) struct WholeEntry {
    pub(crate) seq: u64,
    pub(crate) id: Id,
    pub(crate) log: i64,
    pub(crate) device: Id,
    pub(crate) incarnation: u32,
    pub(crate) device_seq: u64,
    pub(crate) event_hash: Hash,
    pub(crate) head: Hash,
    pub(crate) entity: String,
    pub(crate) kind: String,
    pub(crate) verdict: u8,
    pub(crate) effective_at: i64,
    pub(crate) envelope: Vec<u8>,
    pub(crate) commit: Vec<u8>,
}

/// Up to `limit` whole entries of a log after `seq`.
pub(crate) fn whole_entries(conn: &Connection, log: i64, after: u64, limit: u32) -> Result<Vec<WholeEntry>> {
    let mut statement = conn.prepare_cached(
        "SELECT place, id, log, device, incarnation, device_seq, event_hash, head, entity, kind, verdict,
                effective_at, envelope, commit_record
         FROM entry WHERE place > ?1 AND place < ?2 ORDER BY place LIMIT ?3",
    )?;
    let mut rows = statement.query(params![place(log, after), place(log + 1, 0), limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let blob = |at: usize| row.get_ref(at).map(|value| value.as_blob().unwrap_or_default());
        found.push(WholeEntry {
            seq: seq_of(row.get(0)?),
            id: id(blob(1)?)?,
            log: row.get(2)?,
            device: id(blob(3)?)?,
            incarnation: row.get(4)?,
            device_seq: unsigned(row.get(5)?),
            event_hash: hash(blob(6)?)?,
            head: hash(blob(7)?)?,
            entity: row.get(8)?,
            kind: row.get(9)?,
            verdict: row.get(10)?,
            effective_at: row.get(11)?,
            envelope: row.get(12)?,
            commit: row.get(13)?,
        });
    }
    Ok(found)
}

/// Derived tables with their rows as text, in an order that does not depend on history.
const DERIVED: [(&str, &str); 6] = [
    ("entity", "SELECT log, name, coalesce(state, '') || ' ' || effective_at FROM entity ORDER BY log, name"),
    (
        "device",
        "SELECT 0, lower(hex(device)), name || hex(public_key) || logs || classes || revoked || incarnation
                FROM device ORDER BY device",
    ),
    (
        "user_key",
        "SELECT 0, user, device || ' ' || hex(public_key) FROM user_key ORDER BY user, device, public_key",
    ),
    (
        "order_name",
        "SELECT log, name, number || ' ' || coalesce(external_no, '') FROM order_name ORDER BY log, name",
    ),
    (
        "file",
        "SELECT log, lower(hex(hash)), place || ' ' || hex(event) || part || ' ' || bytes || class || hex(device) || erased FROM file
         ORDER BY log, hash, place",
    ),
    ("watermark", "SELECT log, lower(hex(device)), complete_to FROM watermark ORDER BY log, device"),
];

/// The first derived row that differs between two databases: (table, log key, name).
pub(crate) fn first_difference(
    a: &Connection,
    b: &Connection,
) -> Result<Option<(&'static str, i64, String)>> {
    for (table, sql) in DERIVED {
        let (mut of_a, mut of_b) = (a.prepare(sql)?, b.prepare(sql)?);
        let (mut rows_a, mut rows_b) = (of_a.query([])?, of_b.query([])?);
        loop {
            let (row_a, row_b) = (row(rows_a.next()?)?, row(rows_b.next()?)?);
            if row_a != row_b {
                let (log, name, _) = row_a.or(row_b).unwrap_or_default();
                return Ok(Some((table, log, name)));
            }
            if row_a.is_none() {
                break;
            }
        }
    }
    Ok(None)
}

fn row(row: Option<&rusqlite::Row<'_>>) -> Result<Option<(i64, String, String)>> {
    Ok(match row {
        None => None,
        Some(row) => Some((row.get(0)?, row.get(1)?, format!("{:?}", row.get_ref(2)?))),
    })
}

/// Seq of the last entry about an entity; 0 when there is none.
pub(crate) fn last_seq_about(conn: &Connection, log: i64, entity: &str) -> Result<u64> {
    let last: Option<i64> = conn.query_row(
        "SELECT max(place) FROM entry WHERE log = ?1 AND entity = ?2",
        params![log, entity],
        |row| row.get(0),
    )?;
    Ok(last.map_or(0, seq_of))
}

/// Lets an empty database know a log under the same key.
pub(crate) fn copy_log(to: &Connection, n: i64, name: &str) -> Result<()> {
    to.execute("INSERT INTO log (n, name) VALUES (?1, ?2)", params![n, name])?;
    Ok(())
}

/// What SQLite itself finds wrong, if anything.
pub(crate) fn damage(conn: &Connection) -> Result<Option<String>> {
    let found: String = conn.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
    Ok((found != "ok").then_some(found))
}
