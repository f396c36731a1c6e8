//! Rows about entities, devices, users and codes.

use rusqlite::{Connection, OptionalExtension as _, params};
use zaigang_domain::judge::EntityState;
use zaigang_sync::envelope::Id;

use super::rows::{AccountRow, DeviceRow, StopRow, id, signed, unsigned};
use crate::error::{CentreError, Result};

/// State of an entity and the time of its last accepted event.
pub(crate) type EntityRow = (Option<EntityState>, i64);

pub(crate) fn entity(conn: &Connection, log: i64, name: &str) -> Result<Option<EntityRow>> {
    let mut statement =
        conn.prepare_cached("SELECT state, effective_at FROM entity WHERE log = ?1 AND name = ?2")?;
    let mut rows = statement.query(params![log, name])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let state = row.get_ref(0)?.as_str_or_null().unwrap_or_default();
    Ok(Some((state.map(serde_json::from_str).transpose()?, row.get(1)?)))
}

/// Names of a log's entities of a kind that have a row.
pub(crate) fn entity_names(conn: &Connection, log: i64, kind: &str) -> Result<Vec<String>> {
    // '0' is the character after '/': all names of a kind lie between.
    let mut statement =
        conn.prepare_cached("SELECT name FROM entity WHERE log = ?1 AND name >= ?2 AND name < ?3")?;
    let names =
        statement.query_map(params![log, format!("{kind}/"), format!("{kind}0")], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn put_entity(
    conn: &Connection,
    log: i64,
    name: &str,
    state: Option<&EntityState>,
    at: i64,
) -> Result<()> {
    let state = state.map(serde_json::to_string).transpose()?;
    conn.prepare_cached(
        "INSERT INTO entity (log, name, state, effective_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (log, name) DO UPDATE SET state = excluded.state, effective_at = excluded.effective_at",
    )?
    .execute(params![log, name, state, at])?;
    Ok(())
}

/// Forgets all states, to be folded anew.
pub(crate) fn drop_entities(conn: &Connection) -> Result<()> {
    conn.execute("DELETE FROM entity", [])?;
    Ok(())
}

/// All states of one kind (`user`, `device`, …) of a log, by name.
pub(crate) fn entities(conn: &Connection, log: i64, kind: &str) -> Result<Vec<(String, EntityState)>> {
    let mut statement = conn.prepare_cached(
        "SELECT name, state FROM entity WHERE log = ?1 AND name >= ?2 || '/' AND name < ?2 || '0'
         AND state IS NOT NULL ORDER BY name",
    )?;
    let mut rows = statement.query(params![log, kind])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let state: String = row.get(1)?;
        found.push((row.get(0)?, serde_json::from_str(&state)?));
    }
    Ok(found)
}

pub(crate) fn device(conn: &Connection, device: Id) -> Result<Option<DeviceRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT name, public_key, logs, classes, revoked, incarnation FROM device WHERE device = ?1",
    )?;
    let mut rows = statement.query([device])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let key = row.get_ref(1)?.as_blob().unwrap_or_default();
    Ok(Some(DeviceRow {
        name: row.get(0)?,
        public_key: key
            .try_into()
            .map_err(|_| CentreError::Store("a device key has the wrong length".into()))?,
        logs: serde_json::from_str(row.get_ref(2)?.as_str().unwrap_or_default())?,
        classes: serde_json::from_str(row.get_ref(3)?.as_str().unwrap_or_default())?,
        revoked: row.get(4)?,
        incarnation: row.get(5)?,
    }))
}

pub(crate) fn put_device(conn: &Connection, device: Id, row: &DeviceRow) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO device (device, name, public_key, logs, classes, revoked, incarnation)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (device) DO UPDATE SET name = excluded.name, public_key = excluded.public_key,
             logs = excluded.logs, classes = excluded.classes, revoked = excluded.revoked,
             incarnation = excluded.incarnation",
    )?
    .execute(params![
        device,
        row.name,
        row.public_key,
        serde_json::to_string(&row.logs)?,
        serde_json::to_string(&row.classes)?,
        row.revoked,
        row.incarnation
    ])?;
    Ok(())
}

pub(crate) fn devices(conn: &Connection) -> Result<Vec<Id>> {
    let mut statement = conn.prepare_cached("SELECT device FROM device ORDER BY device")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(id(row.get_ref(0)?.as_blob().unwrap_or_default())?);
    }
    Ok(found)
}

pub(crate) fn insert_user_key(conn: &Connection, user: &str, device: &str, key: &[u8; 32]) -> Result<()> {
    conn.prepare_cached("INSERT OR IGNORE INTO user_key (user, device, public_key) VALUES (?1, ?2, ?3)")?
        .execute(params![user, device, key])?;
    Ok(())
}

pub(crate) fn user_keys(conn: &Connection, user: &str, device: &str) -> Result<Vec<[u8; 32]>> {
    let mut statement =
        conn.prepare_cached("SELECT public_key FROM user_key WHERE user = ?1 AND device = ?2")?;
    let mut rows = statement.query(params![user, device])?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(0)?.as_blob().unwrap_or_default();
        keys.push(
            bytes.try_into().map_err(|_| CentreError::Store("a user key has the wrong length".into()))?,
        );
    }
    Ok(keys)
}

pub(crate) fn watermark(conn: &Connection, device: Id, log: i64) -> Result<Option<i64>> {
    Ok(conn
        .prepare_cached("SELECT complete_to FROM watermark WHERE device = ?1 AND log = ?2")?
        .query_row(params![device, log], |row| row.get(0))
        .optional()?)
}

pub(crate) fn put_watermark(conn: &Connection, device: Id, log: i64, complete_to: i64) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO watermark (device, log, complete_to) VALUES (?1, ?2, ?3)
         ON CONFLICT (device, log) DO UPDATE SET complete_to = max(complete_to, excluded.complete_to)",
    )?
    .execute(params![device, log, complete_to])?;
    Ok(())
}

pub(crate) fn account(conn: &Connection, login: &str) -> Result<Option<AccountRow>> {
    Ok(conn
        .prepare_cached("SELECT user, phc, must_change FROM account WHERE login = ?1")?
        .query_row([login], |row| {
            Ok(AccountRow { user: row.get(0)?, phc: row.get(1)?, must_change: row.get(2)? })
        })
        .optional()?)
}

pub(crate) fn put_account(conn: &Connection, login: &str, row: &AccountRow, at: i64) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO account (user, login, phc, must_change, changed_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (user) DO UPDATE SET phc = excluded.phc, must_change = excluded.must_change,
             changed_at = excluded.changed_at",
    )?
    .execute(params![row.user, login, row.phc, row.must_change, at])?;
    Ok(())
}

/// Follows a user's log-in name; a name that is another's already stays with that one.
pub(crate) fn rename_account(conn: &Connection, user: &str, login: &str) -> Result<()> {
    conn.prepare_cached("UPDATE OR IGNORE account SET login = ?2 WHERE user = ?1")?
        .execute(params![user, login])?;
    Ok(())
}

/// An enrolment code as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EnrolmentRow {
    pub(crate) name: String,
    pub(crate) logs: Vec<String>,
    pub(crate) classes: Vec<String>,
    pub(crate) expires_at: i64,
    /// Device and key that used it.
    pub(crate) used: Option<(Id, Vec<u8>)>,
}

pub(crate) fn insert_enrolment(conn: &Connection, secret_hash: &[u8; 32], row: &EnrolmentRow) -> Result<()> {
    conn.execute(
        "INSERT INTO enrolment (secret_hash, name, logs, classes, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            secret_hash,
            row.name,
            serde_json::to_string(&row.logs)?,
            serde_json::to_string(&row.classes)?,
            row.expires_at
        ],
    )?;
    Ok(())
}

pub(crate) fn enrolment(conn: &Connection, secret_hash: &[u8; 32]) -> Result<Option<EnrolmentRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT name, logs, classes, expires_at, used_by, used_key FROM enrolment WHERE secret_hash = ?1",
    )?;
    let mut rows = statement.query([secret_hash])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let used_by: Option<Vec<u8>> = row.get(4)?;
    let used_key: Option<Vec<u8>> = row.get(5)?;
    let used = match (used_by, used_key) {
        (Some(device), Some(key)) => Some((id(&device)?, key)),
        _ => None,
    };
    Ok(Some(EnrolmentRow {
        name: row.get(0)?,
        logs: serde_json::from_str(row.get_ref(1)?.as_str().unwrap_or_default())?,
        classes: serde_json::from_str(row.get_ref(2)?.as_str().unwrap_or_default())?,
        expires_at: row.get(3)?,
        used,
    }))
}

pub(crate) fn use_enrolment(
    conn: &Connection,
    secret_hash: &[u8; 32],
    device: Id,
    key: &[u8; 32],
) -> Result<()> {
    conn.execute(
        "UPDATE enrolment SET used_by = ?2, used_key = ?3 WHERE secret_hash = ?1",
        params![secret_hash, device, key],
    )?;
    Ok(())
}

/// Failed tries under one name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct GuardRow {
    pub(crate) failures: u32,
    pub(crate) last_at: i64,
    pub(crate) locked_until: i64,
}

pub(crate) fn guard(conn: &Connection, name: &str) -> Result<GuardRow> {
    Ok(conn
        .prepare_cached("SELECT failures, last_at, locked_until FROM guard WHERE name = ?1")?
        .query_row([name], |row| {
            Ok(GuardRow { failures: row.get(0)?, last_at: row.get(1)?, locked_until: row.get(2)? })
        })
        .optional()?
        .unwrap_or_default())
}

pub(crate) fn put_guard(conn: &Connection, name: &str, row: &GuardRow) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO guard (name, failures, last_at, locked_until) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (name) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at,
             locked_until = excluded.locked_until",
    )?
    .execute(params![name, row.failures, row.last_at, row.locked_until])?;
    Ok(())
}

/// Forgets a guard, and all that were last touched before `before`: names are chosen by strangers.
pub(crate) fn drop_guards(conn: &Connection, name: &str, before: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM guard WHERE name = ?1 OR (last_at < ?2 AND locked_until < ?2)")?
        .execute(params![name, before])?;
    Ok(())
}

pub(crate) fn insert_stop(conn: &Connection, stop: &StopRow, page: &[u8]) -> Result<()> {
    conn.prepare_cached(
        "INSERT OR IGNORE INTO stopped (device, incarnation, log, device_seq, at, page) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![stop.device, stop.incarnation, stop.log, signed(stop.device_seq), stop.at, page])?;
    Ok(())
}

pub(crate) fn is_stopped(conn: &Connection, device: Id, incarnation: u32, log: &str) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT 1 FROM stopped WHERE device = ?1 AND incarnation = ?2 AND log = ?3")?
        .exists(params![device, incarnation, log])?)
}

pub(crate) fn stops(conn: &Connection) -> Result<Vec<StopRow>> {
    let mut statement =
        conn.prepare_cached("SELECT device, incarnation, log, device_seq, at FROM stopped ORDER BY at, log")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(StopRow {
            device: id(row.get_ref(0)?.as_blob().unwrap_or_default())?,
            incarnation: row.get(1)?,
            log: row.get(2)?,
            device_seq: unsigned(row.get(3)?),
            at: row.get(4)?,
        });
    }
    Ok(found)
}
