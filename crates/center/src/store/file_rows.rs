//! Files that accepted events name.

use rusqlite::{Connection, params};
use zaigang_sync::Hash;
use zaigang_sync::envelope::Id;

use super::place;
use super::rows::{hash, id, signed, unsigned};
use crate::error::Result;

/// A file as one event names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileRow {
    /// Of the encrypted content.
    pub(crate) hash: Hash,
    /// Of the encrypted content.
    pub(crate) bytes: u64,
    /// The event that names it.
    pub(crate) event: Id,
    /// Of its sealed parts, the one with the key.
    pub(crate) part: u8,
    /// Class of that part.
    pub(crate) class: String,
    /// That wrote the event.
    pub(crate) device: Id,
    /// Its content is gone for good.
    pub(crate) erased: bool,
}

pub(crate) fn insert_file(conn: &Connection, log: i64, seq: u64, file: &FileRow) -> Result<()> {
    conn.prepare_cached(
        "INSERT OR IGNORE INTO file (log, hash, place, event, part, bytes, class, device, erased)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        log,
        file.hash.0,
        place(log, seq),
        file.event,
        file.part,
        signed(file.bytes),
        file.class,
        file.device,
        file.erased
    ])?;
    Ok(())
}

/// How the events of a log name a file, the first first.
pub(crate) fn files_named(conn: &Connection, log: i64, of: Hash) -> Result<Vec<FileRow>> {
    rows(
        conn,
        "SELECT hash, bytes, event, part, class, device, erased FROM file WHERE log = ?1 AND hash = ?2 ORDER BY place",
        params![log, of.0],
    )
}

/// Files of a log, each once: erased where no event names it any more.
pub(crate) fn files_of(conn: &Connection, log: i64) -> Result<Vec<FileRow>> {
    rows(
        conn,
        "SELECT hash, bytes, event, part, class, device, min(erased) FROM file WHERE log = ?1 GROUP BY hash ORDER BY hash",
        params![log],
    )
}

/// Files of a log that no event names any more, whose content has to go.
pub(crate) fn files_erased(conn: &Connection, log: i64) -> Result<Vec<Hash>> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT hash FROM file AS gone WHERE log = ?1 AND erased = 1
         AND NOT EXISTS (SELECT 1 FROM file WHERE log = ?1 AND hash = gone.hash AND erased = 0)",
    )?;
    let mut rows = statement.query([log])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(hash(row.get_ref(0)?.as_blob().unwrap_or_default())?);
    }
    Ok(found)
}

/// Marks the files that an event of a log names as erased: all, or those whose key is in this part.
pub(crate) fn erase_files_of(conn: &Connection, log: i64, event: Id, part: Option<u8>) -> Result<()> {
    conn.prepare_cached(
        "UPDATE file SET erased = 1 WHERE event = ?1 AND log = ?2 AND (?3 IS NULL OR part = ?3)",
    )?
    .execute(params![event, log, part])?;
    Ok(())
}

/// Marks a file of a log as erased, whatever names it.
pub(crate) fn erase_file(conn: &Connection, log: i64, of: Hash) -> Result<()> {
    conn.prepare_cached("UPDATE file SET erased = 1 WHERE log = ?1 AND hash = ?2")?
        .execute(params![log, of.0])?;
    Ok(())
}

fn rows(conn: &Connection, sql: &str, args: &[&dyn rusqlite::ToSql]) -> Result<Vec<FileRow>> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(args)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(FileRow {
            hash: hash(row.get_ref(0)?.as_blob().unwrap_or_default())?,
            bytes: unsigned(row.get(1)?),
            event: id(row.get_ref(2)?.as_blob().unwrap_or_default())?,
            part: row.get(3)?,
            class: row.get(4)?,
            device: id(row.get_ref(5)?.as_blob().unwrap_or_default())?,
            erased: row.get(6)?,
        });
    }
    Ok(found)
}
