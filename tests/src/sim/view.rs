//! What lies in the files, read by plain SQL and decoded by the frozen format only: the checks look
//! at rows, not at what a store's functions say of them.

use std::collections::BTreeMap;

use anyhow::Result;
use rusqlite::Connection;
use zaigang_sync::Hash;
use zaigang_sync::commit::{Commit, VerdictCode, next_head};
use zaigang_sync::envelope::{CENTRE_EVENT_BYTES_MAX, Content, Envelope, Place};

/// An entry of a log.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Place in the log.
    pub seq: u64,
    /// Place in its device's chain.
    pub place: Place,
    /// Hash of the event.
    pub event_hash: Hash,
    /// What happened.
    pub content: Content,
    /// Whether it carries a user's signature.
    pub signed: bool,
    /// The centre's record.
    pub commit: Commit,
    /// The record's bytes.
    pub commit_bytes: Vec<u8>,
}

impl Entry {
    fn decode(seq: u64, envelope: &[u8], commit: &[u8]) -> Result<Self> {
        let (outer, content) = Envelope::decode(envelope, CENTRE_EVENT_BYTES_MAX)?;
        let place = Place {
            device: *outer.device,
            incarnation: outer.incarnation,
            device_seq: outer.device_seq,
            prev: Hash(*outer.prev),
        };
        Ok(Self {
            seq,
            place,
            event_hash: outer.event_hash(&content.log),
            signed: outer.user_signature.is_some(),
            content,
            commit: Commit::decode(commit)?,
            commit_bytes: commit.to_vec(),
        })
    }

    /// Event id as text.
    #[must_use]
    pub fn id(&self) -> String {
        id_text(&self.content.id)
    }

    /// The verdict's word.
    #[must_use]
    pub fn verdict(&self) -> &'static str {
        verdict_word(self.commit.verdict)
    }

    /// Head hash after this entry.
    #[must_use]
    pub fn head_after(&self, head: Hash) -> Hash {
        next_head(head, self.event_hash, &self.commit_bytes)
    }
}

/// The word of a verdict.
#[must_use]
pub fn verdict_word(code: VerdictCode) -> &'static str {
    match code {
        VerdictCode::Accepted => "accepted",
        VerdictCode::Unreconciled => "unreconciled",
        VerdictCode::Rejected => "rejected",
        VerdictCode::Parked => "parked",
    }
}

/// An event id as text.
#[must_use]
pub fn id_text(id: &[u8; 16]) -> String {
    zaigang_domain::event::EventId(*id).to_string()
}

/// One log of a store.
#[derive(Debug, Clone)]
pub struct Log {
    /// Number in the store.
    pub n: i64,
    /// Name.
    pub name: String,
    /// Last seq stored.
    pub seq: u64,
    /// Head there.
    pub head: Hash,
    /// Consoles only: last seq folded.
    pub folded_to: u64,
    /// Consoles only: epoch.
    pub epoch: Option<Vec<u8>>,
    /// Consoles only: why it is stopped.
    pub stopped: Option<String>,
}

/// The logs of a console's store.
///
/// # Errors
/// SQLite's.
pub fn console_logs(conn: &Connection) -> Result<Vec<Log>> {
    let mut statement =
        conn.prepare_cached("SELECT n, name, seq, head, folded_to, epoch, stopped FROM log ORDER BY name")?;
    let rows = statement.query_map([], |row| {
        Ok(Log {
            n: row.get(0)?,
            name: row.get(1)?,
            seq: row.get(2)?,
            head: Hash(row.get(3)?),
            folded_to: row.get(4)?,
            epoch: row.get(5)?,
            stopped: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The logs of the centre's store.
///
/// # Errors
/// SQLite's.
pub fn centre_logs(conn: &Connection) -> Result<Vec<Log>> {
    let mut statement = conn.prepare_cached("SELECT n, name, seq, head FROM log ORDER BY name")?;
    let rows = statement.query_map([], |row| {
        let seq = row.get(2)?;
        let head = Hash(row.get(3)?);
        Ok(Log { n: row.get(0)?, name: row.get(1)?, seq, head, folded_to: seq, epoch: None, stopped: None })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Entries of a log after a seq; both stores keep them alike.
///
/// # Errors
/// SQLite's, or what is not an envelope.
pub fn entries(conn: &Connection, log: i64, after: u64) -> Result<Vec<Entry>> {
    let base = log << 40;
    let mut statement = conn.prepare_cached(
        "SELECT place, envelope, commit_record FROM entry WHERE place > ?1 AND place < ?2 ORDER BY place",
    )?;
    let mut rows = statement.query([base + i64::try_from(after)?, base + (1 << 40)])?;
    let mut list = Vec::new();
    while let Some(row) = rows.next()? {
        let place: i64 = row.get(0)?;
        let (envelope, commit): (Vec<u8>, Vec<u8>) = (row.get(1)?, row.get(2)?);
        list.push(Entry::decode(u64::try_from(place - base)?, &envelope, &commit)?);
    }
    Ok(list)
}

/// Confirmed states of a log by entity, as stored by a console.
///
/// # Errors
/// SQLite's.
pub fn console_states(conn: &Connection, log: i64) -> Result<BTreeMap<String, String>> {
    states(conn, "SELECT name, confirmed FROM entity WHERE log = ?1 AND confirmed IS NOT NULL", log)
}

/// States of a log by entity, as stored by the centre.
///
/// # Errors
/// SQLite's.
pub fn centre_states(conn: &Connection, log: i64) -> Result<BTreeMap<String, String>> {
    states(conn, "SELECT name, state FROM entity WHERE log = ?1 AND state IS NOT NULL", log)
}

fn states(conn: &Connection, sql: &str, log: i64) -> Result<BTreeMap<String, String>> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([log], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Every row of every table as one hash: whether anything at all changed.
///
/// # Errors
/// SQLite's.
pub fn whole(conn: &Connection) -> Result<Hash> {
    use rusqlite::types::ValueRef;
    use zaigang_sync::hash::{Use, digest};
    let mut names = conn.prepare_cached(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE '%VIRTUAL%' ORDER BY name",
    )?;
    let names: Vec<String> = names.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut hash = Hash::ZERO;
    for name in names {
        let mut statement = conn.prepare_cached(&format!("SELECT * FROM \"{name}\""))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut bytes = name.clone().into_bytes();
            for column in 0..columns {
                match row.get_ref(column)? {
                    ValueRef::Null => bytes.push(0),
                    ValueRef::Integer(i) => bytes.extend(i.to_le_bytes()),
                    ValueRef::Real(r) => bytes.extend(r.to_le_bytes()),
                    ValueRef::Text(text) | ValueRef::Blob(text) => bytes.extend(text),
                }
                bytes.push(0xFF);
            }
            hash = digest(Use::Request, &[&hash.0, &bytes]);
        }
    }
    Ok(hash)
}
