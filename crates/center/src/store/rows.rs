//! Rows, and the statements that read and write them. Hot ones are prepared once.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use zaigang_sync::Hash;
use zaigang_sync::chain::ChainHead;
use zaigang_sync::envelope::Id;

use super::{place, seq_of};
use crate::error::{CentreError, Result};

/// Which centre a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// The centre.
    pub server_id: Id,
    /// Random; new after each restore.
    pub epoch: Id,
    /// Name of the site.
    pub site: String,
    /// Address given in enrolment codes.
    pub address: String,
    /// Pin of the CA given in enrolment codes.
    pub ca_pin: String,
    /// The centre's own device id.
    pub device: Id,
    /// Incarnation of the centre's own chains.
    pub incarnation: u32,
    /// Its Ed25519 public key.
    pub public_key: [u8; 32],
    /// The site's recovery key (age recipient).
    pub recovery: Option<String>,
    /// When it was founded, Unix milliseconds.
    pub created_at: i64,
}

/// A log and its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogRow {
    /// Key of the row.
    pub n: i64,
    /// Last seq.
    pub seq: u64,
    /// Head hash there.
    pub head: Hash,
}

/// A device as the centre needs it for every request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// Its name.
    pub name: String,
    /// Its Ed25519 public key.
    pub public_key: [u8; 32],
    /// Logs it is enrolled for.
    pub logs: Vec<String>,
    /// Classes of sealed parts it may get.
    pub classes: Vec<String>,
    /// Revoked: gets nothing, what it sends is parked.
    pub revoked: bool,
    /// Its incarnation.
    pub incarnation: u32,
}

/// A log-in name with its password hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// User id.
    pub user: String,
    /// Argon2id hash in PHC form.
    pub phc: String,
    /// Must be changed at the next log-in.
    pub must_change: bool,
}

/// A stopped chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopRow {
    /// The device.
    pub device: Id,
    /// Its incarnation.
    pub incarnation: u32,
    /// The log.
    pub log: String,
    /// Where the histories part.
    pub device_seq: u64,
    /// When it was noticed, Unix milliseconds.
    pub at: i64,
}

/// An entry of a log as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// Place in the log.
    pub seq: u64,
    /// The device that wrote it.
    pub device: Id,
    /// Its envelope.
    pub envelope: Vec<u8>,
    /// Its commit record.
    pub commit: Vec<u8>,
}

/// An entry to be inserted.
pub(crate) struct NewEntry<'a> {
    pub(crate) log: i64,
    pub(crate) seq: u64,
    pub(crate) id: Id,
    pub(crate) device: Id,
    pub(crate) incarnation: u32,
    pub(crate) device_seq: u64,
    pub(crate) event_hash: Hash,
    pub(crate) head: Hash,
    pub(crate) entity: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) verdict: u8,
    pub(crate) effective_at: i64,
    pub(crate) envelope: &'a [u8],
    pub(crate) commit: &'a [u8],
}

pub(super) fn wrong<T>(what: &str) -> Result<T> {
    Err(CentreError::Store(format!("{what} has the wrong length")))
}

pub(crate) fn id(bytes: &[u8]) -> Result<Id> {
    bytes.try_into().or_else(|_| wrong("an id"))
}

pub(crate) fn hash(bytes: &[u8]) -> Result<Hash> {
    Hash::from_slice(bytes).map_or_else(|| wrong("a hash"), Ok)
}

fn key(bytes: &[u8]) -> Result<[u8; 32]> {
    bytes.try_into().or_else(|_| wrong("a key"))
}

pub(crate) fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(crate) fn insert_meta(conn: &Connection, meta: &Meta) -> Result<()> {
    conn.execute(
        "INSERT INTO meta (one, server_id, epoch, site, address, ca_pin, device, incarnation, public_key, recovery,
                           created_at)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            meta.server_id,
            meta.epoch,
            meta.site,
            meta.address,
            meta.ca_pin,
            meta.device,
            meta.incarnation,
            meta.public_key,
            meta.recovery,
            meta.created_at
        ],
    )?;
    Ok(())
}

/// Version of the folds whose states the store holds.
pub(crate) fn fold_version(conn: &Connection) -> Result<u32> {
    Ok(conn.query_row("SELECT fold_version FROM meta WHERE one = 1", [], |row| row.get(0))?)
}

pub(crate) fn put_fold_version(conn: &Connection, version: u32) -> Result<()> {
    conn.execute("UPDATE meta SET fold_version = ?1 WHERE one = 1", [version])?;
    Ok(())
}

pub(crate) fn update_epoch(conn: &Connection, meta: &Meta) -> Result<()> {
    conn.execute(
        "UPDATE meta SET epoch = ?1, incarnation = ?2 WHERE one = 1",
        params![meta.epoch, meta.incarnation],
    )?;
    Ok(())
}

pub(crate) fn read_meta(conn: &Connection) -> Result<Meta> {
    conn.query_row_and_then(
        "SELECT server_id, epoch, site, address, ca_pin, device, incarnation, public_key, recovery, created_at
         FROM meta WHERE one = 1",
        [],
        |row| {
            Ok(Meta {
                server_id: id(row.get_ref(0)?.as_blob().unwrap_or_default())?,
                epoch: id(row.get_ref(1)?.as_blob().unwrap_or_default())?,
                site: row.get(2)?,
                address: row.get(3)?,
                ca_pin: row.get(4)?,
                device: id(row.get_ref(5)?.as_blob().unwrap_or_default())?,
                incarnation: row.get(6)?,
                public_key: key(row.get_ref(7)?.as_blob().unwrap_or_default())?,
                recovery: row.get(8)?,
                created_at: row.get(9)?,
            })
        },
    )
}

pub(crate) fn logs(conn: &Connection) -> Result<Vec<(String, LogRow)>> {
    let mut statement = conn.prepare_cached("SELECT name, n, seq, head FROM log ORDER BY name")?;
    let mut rows = statement.query([])?;
    let mut logs = Vec::new();
    while let Some(row) = rows.next()? {
        let head = hash(row.get_ref(3)?.as_blob().unwrap_or_default())?;
        logs.push((row.get(0)?, LogRow { n: row.get(1)?, seq: unsigned(row.get(2)?), head }));
    }
    Ok(logs)
}

pub(crate) fn insert_log(conn: &Connection, name: &str) -> Result<LogRow> {
    conn.prepare_cached("INSERT INTO log (name) VALUES (?1)")?.execute([name])?;
    Ok(LogRow { n: conn.last_insert_rowid(), seq: 0, head: Hash::ZERO })
}

pub(crate) fn advance_log(conn: &Connection, row: &LogRow) -> Result<()> {
    conn.prepare_cached("UPDATE log SET seq = ?2, head = ?3 WHERE n = ?1")?.execute(params![
        row.n,
        signed(row.seq),
        row.head.0
    ])?;
    Ok(())
}

/// Inserts an entry; `false` when its id is taken.
pub(crate) fn insert_entry(conn: &Connection, entry: &NewEntry<'_>) -> Result<bool> {
    let inserted = conn
        .prepare_cached(
            "INSERT INTO entry (place, id, log, device, incarnation, device_seq, event_hash, head, entity, kind,
                                verdict, effective_at, envelope, commit_record)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
             ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![
            place(entry.log, entry.seq),
            entry.id,
            entry.log,
            entry.device,
            entry.incarnation,
            signed(entry.device_seq),
            entry.event_hash.0,
            entry.head.0,
            entry.entity,
            entry.kind,
            entry.verdict,
            entry.effective_at,
            entry.envelope,
            entry.commit
        ])?;
    Ok(inserted == 1)
}

pub(crate) fn chain_head(conn: &Connection, device: Id, incarnation: u32, log: i64) -> Result<ChainHead> {
    let found: Option<(i64, Vec<u8>)> = conn
        .prepare_cached(
            "SELECT device_seq, event_hash FROM entry WHERE device = ?1 AND incarnation = ?2 AND log = ?3
             ORDER BY device_seq DESC LIMIT 1",
        )?
        .query_row(params![device, incarnation, log], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match found {
        None => Ok(ChainHead::default()),
        Some((seq, bytes)) => Ok(ChainHead { device_seq: unsigned(seq), event_hash: hash(&bytes)? }),
    }
}

/// An entry of a device's chain: its hash, seq and commit record.
pub(crate) struct ChainEntry {
    pub(crate) event_hash: Hash,
    pub(crate) seq: u64,
    pub(crate) commit: Vec<u8>,
}

pub(crate) fn chain_entry(
    conn: &Connection,
    device: Id,
    incarnation: u32,
    log: i64,
    device_seq: u64,
) -> Result<Option<ChainEntry>> {
    let mut statement = conn.prepare_cached(
        "SELECT event_hash, place, commit_record FROM entry
         WHERE device = ?1 AND incarnation = ?2 AND log = ?3 AND device_seq = ?4",
    )?;
    let mut rows = statement.query(params![device, incarnation, log, signed(device_seq)])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let event_hash = hash(row.get_ref(0)?.as_blob().unwrap_or_default())?;
    Ok(Some(ChainEntry { event_hash, seq: seq_of(row.get(1)?), commit: row.get(2)? }))
}

/// The envelope stored under an event id, with its log's key.
pub(crate) fn envelope_of(conn: &Connection, event: Id) -> Result<Option<Vec<u8>>> {
    Ok(conn
        .prepare_cached("SELECT envelope FROM entry WHERE id = ?1")?
        .query_row([event], |row| row.get(0))
        .optional()?)
}

/// Verdict byte of an event of a log, if the centre has it.
pub(crate) fn verdict_of(conn: &Connection, log: i64, event: Id) -> Result<Option<u8>> {
    Ok(conn
        .prepare_cached("SELECT verdict FROM entry WHERE id = ?1 AND log = ?2")?
        .query_row(params![event, log], |row| row.get(0))
        .optional()?)
}

/// Head hash of a log after `seq`; zeros for 0, `None` past its end.
pub(crate) fn head_at(conn: &Connection, log: i64, seq: u64) -> Result<Option<Hash>> {
    if seq == 0 {
        return Ok(Some(Hash::ZERO));
    }
    let bytes: Option<Vec<u8>> = conn
        .prepare_cached("SELECT head FROM entry WHERE place = ?1")?
        .query_row([place(log, seq)], |row| row.get(0))
        .optional()?;
    bytes.map(|bytes| hash(&bytes)).transpose()
}

/// Up to `limit` entries after `seq`, stopping once `bytes_max` is reached; at least one if any.
pub(crate) fn entries(
    conn: &Connection,
    log: i64,
    after: u64,
    limit: usize,
    bytes_max: usize,
) -> Result<Vec<EntryRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT place, device, envelope, commit_record FROM entry WHERE place > ?1 AND place < ?2
         ORDER BY place LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![place(log, after), place(log + 1, 0), limit])?;
    let (mut found, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let entry = entry_row(row)?;
        bytes += entry.envelope.len() + entry.commit.len();
        if bytes > bytes_max && !found.is_empty() {
            break;
        }
        found.push(entry);
    }
    Ok(found)
}

fn entry_row(row: &Row<'_>) -> Result<EntryRow> {
    Ok(EntryRow {
        seq: seq_of(row.get(0)?),
        device: id(row.get_ref(1)?.as_blob().unwrap_or_default())?,
        envelope: row.get(2)?,
        commit: row.get(3)?,
    })
}

/// Entries of a log that are (unreconciled, parked).
pub(crate) fn count_open(conn: &Connection, log: i64) -> Result<(u64, u64)> {
    let (unreconciled, parked) = conn
        .prepare_cached(
            "SELECT count(*) FILTER (WHERE verdict = 1), count(*) FILTER (WHERE verdict = 3) FROM entry
             WHERE place > ?1 AND place < ?2",
        )?
        .query_row(params![place(log, 0), place(log + 1, 0)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((unsigned(unreconciled), unsigned(parked)))
}
