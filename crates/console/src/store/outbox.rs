//! The outbox: own events on their way to the centre, in chain order. A row leaves only when its
//! commit was pulled, so that nothing is lost whatever happens on the way.

use rusqlite::{Connection, OptionalExtension as _, params};
use zaigang_sync::Hash;
use zaigang_sync::envelope::{DEVICE_EVENT_BYTES_MAX, Envelope, SealedPart};

use super::Store;
use super::error::Result;
use super::logs::{self, LogRow};

/// An own event on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Place in this device's chain.
    pub device_seq: u64,
    /// Its hash there.
    pub event_hash: Hash,
    /// The envelope's bytes.
    pub envelope: Vec<u8>,
    /// Its sealed parts.
    pub parts: Vec<SealedPart>,
}

/// A run of own events of one log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outbox {
    /// The events, in the order of device_seq.
    pub entries: Vec<OutboxEntry>,
}

impl Outbox {
    /// Leaves out the members of a group whose end did not fit, unless nothing else would be left.
    fn end_at_group(&mut self) -> Result<()> {
        let Some(last) = self.entries.last() else { return Ok(()) };
        let (_, content) = Envelope::decode(&last.envelope, DEVICE_EVENT_BYTES_MAX)?;
        let Some(group) = content.group.filter(|group| group.i + 1 < group.n) else { return Ok(()) };
        let kept = self.entries.len().saturating_sub(usize::from(group.i) + 1);
        if kept > 0 {
            self.entries.truncate(kept);
        }
        Ok(())
    }
}

/// Hash of the own event at a place: of a pending one, or zero-knowledge (`None`) where none is pending.
pub(crate) fn hash_at(
    conn: &Connection,
    log: i64,
    incarnation: u32,
    device_seq: u64,
) -> Result<Option<Hash>> {
    Ok(conn
        .prepare_cached(
            "SELECT event_hash FROM pending WHERE log = ?1 AND incarnation = ?2 AND device_seq = ?3",
        )?
        .query_row(params![log, incarnation, device_seq], |row| row.get(0).map(Hash))
        .optional()?)
}

fn parts(conn: &Connection, id: &[u8]) -> Result<Vec<SealedPart>> {
    let mut statement =
        conn.prepare_cached("SELECT part, salt, content FROM sealed WHERE id = ?1 ORDER BY part")?;
    let rows = statement.query_map([id], |row| {
        Ok(SealedPart { index: row.get(0)?, salt: row.get::<_, [u8; 16]>(1)?.into(), part: row.get(2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

impl Store {
    /// Own events of a log after `device_seq`, at most `events_max` and about `bytes_max` of envelopes;
    /// a group is not cut in two where it fits a page.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn outbox(&self, log: &LogRow, after: u64, events_max: usize, bytes_max: usize) -> Result<Outbox> {
        let Some(identity) = &self.identity else { return Ok(Outbox::default()) };
        let mut statement = self.conn.prepare_cached(
            "SELECT device_seq, event_hash, envelope, id FROM pending
             WHERE log = ?1 AND incarnation = ?2 AND device_seq > ?3 ORDER BY device_seq LIMIT ?4",
        )?;
        let mut rows = statement.query(params![log.n, identity.incarnation, after, events_max])?;
        let mut outbox = Outbox::default();
        let mut bytes = 0;
        while let Some(row) = rows.next()? {
            let envelope: Vec<u8> = row.get(2)?;
            bytes += envelope.len();
            if bytes > bytes_max && !outbox.entries.is_empty() {
                break;
            }
            let parts = parts(&self.conn, row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?)?;
            let event_hash = Hash(row.get(1)?);
            outbox.entries.push(OutboxEntry { device_seq: row.get(0)?, event_hash, envelope, parts });
        }
        outbox.end_at_group()?;
        Ok(outbox)
    }

    /// Marks own events up to a place as held by the centre. They stay until their commit is pulled.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn mark_answered(&mut self, log: &LogRow, up_to: u64) -> Result<()> {
        let Some(identity) = &self.identity else { return Ok(()) };
        self.conn
            .prepare_cached(
                "UPDATE pending SET state = 'answered'
                 WHERE log = ?1 AND incarnation = ?2 AND device_seq <= ?3 AND state = 'pending'",
            )?
            .execute(params![log.n, identity.incarnation, up_to])?;
        Ok(())
    }

    /// Whether the own event at a place is the one of that hash: `false` is a fork of this device's chain.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn own_chain_has(&self, log: &LogRow, device_seq: u64, event_hash: Hash) -> Result<bool> {
        let Some(identity) = &self.identity else { return Ok(false) };
        if device_seq == 0 {
            return Ok(true);
        }
        let acknowledged = self.acknowledged(log)?;
        if acknowledged.device_seq == device_seq {
            return Ok(acknowledged.event_hash == event_hash);
        }
        Ok(hash_at(&self.conn, log.n, identity.incarnation, device_seq)? == Some(event_hash))
    }

    /// Number of own events whose commit was not pulled yet.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn waiting(&self) -> Result<u32> {
        Ok(self.conn.prepare_cached("SELECT count(*) FROM pending")?.query_row([], |row| row.get(0))?)
    }

    /// Everything done on this device up to this time (Unix milliseconds) has reached the centre; `now`
    /// where nothing waits.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn complete_to(&self, now: i64) -> Result<i64> {
        let oldest: Option<i64> = self
            .conn
            .prepare_cached("SELECT min(wall_at) FROM pending WHERE state = 'pending'")?
            .query_row([], |row| row.get(0))?;
        Ok(oldest.map_or(now, |oldest| oldest.saturating_sub(1).min(now)))
    }

    /// Logs with own events that the centre does not hold yet, the site log first.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn logs_with_outbox(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for log in logs::all(&self.conn)? {
            let any: bool = self
                .conn
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM pending WHERE log = ?1 AND state = 'pending')")?
                .query_row([log.n], |row| row.get(0))?;
            if any {
                names.push(log.name);
            }
        }
        Ok(names)
    }
}
