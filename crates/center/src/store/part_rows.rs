//! What travels beside entries: sealed parts and devices' signatures.

use rusqlite::{Connection, params};
use zaigang_sync::envelope::{Id, SealedPart};
use zaigang_sync::keys::SentClocks;
use zaigang_sync::page::Attestation;

use super::rows::{id, signed, unsigned, wrong};
use super::{place, seq_of};
use crate::error::Result;

pub(crate) fn insert_part(
    conn: &Connection,
    log: i64,
    seq: u64,
    class: &str,
    part: &SealedPart,
) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO sealed (place, part, class, salt, content) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![place(log, seq), part.index, class, &part.salt[..], part.part])?;
    Ok(())
}

/// Sealed parts of the entries `from..=to` of a log: (seq, class, part).
pub(crate) fn parts(
    conn: &Connection,
    log: i64,
    from: u64,
    to: u64,
) -> Result<Vec<(u64, String, SealedPart)>> {
    let mut statement = conn.prepare_cached(
        "SELECT place, class, part, salt, content FROM sealed WHERE place BETWEEN ?1 AND ?2 ORDER BY place, part",
    )?;
    let mut rows = statement.query(params![place(log, from), place(log, to)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let salt = id(row.get_ref(3)?.as_blob().unwrap_or_default())?;
        let part = SealedPart { index: row.get(2)?, salt: salt.into(), part: row.get(4)? };
        found.push((seq_of(row.get(0)?), row.get(1)?, part));
    }
    Ok(found)
}

/// Removes the sealed parts of an event of a log: all, or the one with this index.
pub(crate) fn erase_parts(conn: &Connection, log: i64, event: Id, part: Option<u8>) -> Result<()> {
    conn.prepare_cached(
        "DELETE FROM sealed WHERE place = (SELECT place FROM entry WHERE id = ?1 AND log = ?2)
         AND (?3 IS NULL OR part = ?3)",
    )?
    .execute(params![event, log, part])?;
    Ok(())
}

pub(crate) fn insert_attestation(conn: &Connection, log: i64, by: &Attestation) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO attestation (place, sent_wall_at, sent_boot_id, sent_uptime_ms, signature)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        place(log, by.seq),
        by.sent.wall_at,
        by.sent.boot_id.as_slice(),
        signed(by.sent.uptime_ms),
        by.signature.as_slice()
    ])?;
    Ok(())
}

pub(crate) fn attestations(conn: &Connection, log: i64, from: u64, to: u64) -> Result<Vec<Attestation>> {
    let mut statement = conn.prepare_cached(
        "SELECT place, sent_wall_at, sent_boot_id, sent_uptime_ms, signature FROM attestation
         WHERE place BETWEEN ?1 AND ?2 ORDER BY place",
    )?;
    let mut rows = statement.query(params![place(log, from), place(log, to)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(4)?.as_blob().unwrap_or_default();
        let signature: [u8; 64] = bytes.try_into().or_else(|_| wrong("a signature"))?;
        let sent = SentClocks {
            wall_at: row.get(1)?,
            boot_id: id(row.get_ref(2)?.as_blob().unwrap_or_default())?.into(),
            uptime_ms: unsigned(row.get(3)?),
        };
        found.push(Attestation { seq: seq_of(row.get(0)?), sent, signature: signature.into() });
    }
    Ok(found)
}
