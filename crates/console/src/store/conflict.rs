//! The conflict box: own events that the centre did not simply accept, with their text intact, until
//! a person settles them.

use rusqlite::{Connection, Row, Transaction, params};
use zaigang_domain::event::EventId;
use zaigang_sync::commit::VerdictCode;
use zaigang_sync::page::CheckedEntry;

use super::Store;
use super::entities::verdict;
use super::error::Result;

/// Why an item is in the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConflictKind {
    /// A claim that lost.
    Rejected,
    /// A fact that does not fit.
    Unreconciled,
    /// Waits for a release.
    Parked,
}

impl ConflictKind {
    fn from_code(code: &str) -> Self {
        match code {
            "unreconciled" => Self::Unreconciled,
            "parked" => Self::Parked,
            _ => Self::Rejected,
        }
    }
}

/// How an item was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Done again on the present state.
    Redone,
    /// Given up by its author; the text stays in the log.
    GivenUp,
}

impl Settled {
    fn code(self) -> &'static str {
        match self {
            Self::Redone => "redone",
            Self::GivenUp => "given_up",
        }
    }
}

/// An item of the box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The event.
    pub id: EventId,
    /// Its log.
    pub log: String,
    /// Its place there.
    pub seq: u64,
    /// Entity id.
    pub entity: String,
    /// Why it is here.
    pub kind: ConflictKind,
    /// Event type.
    pub act: String,
    /// Who did it.
    pub user: Option<String>,
    /// When, by the person's own account, Unix milliseconds.
    pub at: i64,
    /// Payload as entered, JSON.
    pub payload: String,
    /// Stable code of the centre's reason.
    pub reason: Option<String>,
    /// The event that won.
    pub winner: Option<EventId>,
    /// How it was settled, if it is.
    pub settled: Option<String>,
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Conflict> {
    Ok(Conflict {
        id: EventId(row.get(0)?),
        log: row.get(1)?,
        seq: row.get(2)?,
        entity: row.get(3)?,
        kind: ConflictKind::from_code(row.get_ref(4)?.as_str()?),
        act: row.get(5)?,
        user: row.get(6)?,
        at: row.get(7)?,
        payload: row.get(8)?,
        reason: row.get(9)?,
        winner: row.get::<_, Option<[u8; 16]>>(10)?.map(EventId),
        settled: row.get(11)?,
    })
}

const COLUMNS: &str =
    "SELECT id, log, seq, entity, kind, act, user, at, payload, reason, winner, settled FROM conflict";

/// Puts an own event into the box.
pub(crate) fn keep(tx: &Transaction<'_>, log: &str, entry: &CheckedEntry) -> Result<()> {
    let content = &entry.event.content;
    tx.prepare_cached(
        "INSERT OR IGNORE INTO conflict (id, log, seq, entity, kind, act, user, at, payload, reason, winner)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        content.id.as_slice(),
        log,
        entry.commit.seq,
        content.entity,
        verdict(entry.commit.verdict).code(),
        content.kind,
        content.user,
        content.claimed_at,
        content.payload,
        entry.commit.reason,
        entry.commit.winner.as_ref().map(|id| id.as_slice()),
    ])?;
    Ok(())
}

/// A fact that the dispatcher looked at, or a parked event that was released, needs nobody here any more.
pub(crate) fn settle_reconciled(tx: &Transaction<'_>, entry: &CheckedEntry) -> Result<()> {
    #[derive(serde::Deserialize)]
    struct Names {
        event: EventId,
    }
    let how = match entry.event.content.kind.as_str() {
        "order.reconciled" => "reconciled",
        "record.released" => "released",
        _ => return Ok(()),
    };
    if entry.commit.verdict != VerdictCode::Accepted {
        return Ok(());
    }
    if let Ok(names) = serde_json::from_str::<Names>(&entry.event.content.payload) {
        tx.prepare_cached(
            "UPDATE conflict SET settled = ?2, settled_at = ?3 WHERE id = ?1 AND settled IS NULL",
        )?
        .execute(params![names.event.0, how, entry.commit.received_at])?;
    }
    Ok(())
}

pub(crate) fn open_items(conn: &Connection) -> Result<Vec<Conflict>> {
    let mut statement =
        conn.prepare_cached(&format!("{COLUMNS} WHERE settled IS NULL ORDER BY at, id LIMIT 1000"))?;
    Ok(statement.query_map([], read_row)?.collect::<rusqlite::Result<_>>()?)
}

impl Store {
    /// Items that need a person, oldest first, at most 1,000.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn conflicts(&self) -> Result<Vec<Conflict>> {
        open_items(&self.conn)
    }

    /// One item, settled or not.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn conflict(&self, id: EventId) -> Result<Option<Conflict>> {
        let mut statement = self.conn.prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?;
        Ok(statement.query_map([id.0], read_row)?.next().transpose()?)
    }

    /// Number of items that need a person.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn conflict_count(&self) -> Result<u32> {
        Ok(self
            .conn
            .prepare_cached("SELECT count(*) FROM conflict WHERE settled IS NULL")?
            .query_row([], |row| row.get(0))?)
    }

    /// Settles an item; tells whether it was open. `now` in Unix milliseconds.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn settle_conflict(&mut self, id: EventId, how: Settled, now: i64) -> Result<bool> {
        let changed = self
            .conn
            .prepare_cached(
                "UPDATE conflict SET settled = ?2, settled_at = ?3 WHERE id = ?1 AND settled IS NULL",
            )?
            .execute(params![id.0, how.code(), now])?;
        Ok(changed > 0)
    }
}
