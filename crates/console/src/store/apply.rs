//! A pulled page becomes part of the store: checked whole first, then one transaction for entries,
//! folds, overlay, verdicts on own events, cursor and head. A page that fails any check changes nothing.

use rusqlite::{Transaction, params};
use zaigang_domain::record::Erased;
use zaigang_sync::chain::ChainHead;
use zaigang_sync::commit::VerdictCode;
use zaigang_sync::envelope::Id;
use zaigang_sync::page::{Attestation, ChainHeads, CheckedEntry, Expected, PullPage, check_pull};

use super::entities::{Entities, Foldable};
use super::error::{Result, StoreError};
use super::logs::{LogRow, Stop};
use super::meta::Identity;
use super::{FOLD_VERSION, Store, Topics, conflict, files, logs, meta, orders, outbox};

/// A page that would hide more entities at once than this waits for a person: a guess, well above
/// what a dispatcher merges in a day.
pub const HIDDEN_MAX: usize = 100;

/// Entries between two checkpoints of a log's head (SYNC 15).
const CHECKPOINT_EVERY: u64 = 256;

/// What applying a page did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Entries stored.
    pub entries: usize,
    /// Last seq stored now.
    pub seq: u64,
    /// Whether the log goes on beyond this page.
    pub more: bool,
    /// Kinds of data made stale.
    pub changed: Topics,
    /// Own events that were not simply accepted.
    pub conflicts: usize,
}

impl Store {
    /// Checks a pulled page against the cursor and the chains, then stores and folds it in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Page`] when a check fails, [`StoreError::Stopped`] when the log is or must be
    /// stopped (fork, breaker), [`StoreError::Sqlite`]. Nothing of the page is stored then.
    pub fn apply_page(&mut self, log: &str, page: &PullPage) -> Result<Applied> {
        let log = logs::find(&self.conn, log)?;
        if let Some(reason) = &log.stopped {
            return Err(StoreError::Stopped { log: log.name.clone(), reason: reason.clone() });
        }
        let identity = self.identity.clone().ok_or(StoreError::NotEnrolled)?;
        let (checked, chains) = self.check(&log, page, &identity)?;
        if self.contradicts_own(&log, &checked, &identity)? {
            return Err(self.stop(&log, Stop::Fork));
        }
        match self.write_page(&log, page, &checked, &identity)? {
            Some(applied) => {
                self.chains.insert(log.n, chains);
                Ok(applied)
            }
            None => Err(self.stop(&log, Stop::Breaker)),
        }
    }

    fn stop(&mut self, log: &LogRow, stop: Stop) -> StoreError {
        match self.stop_log(&log.name, stop) {
            Ok(()) => StoreError::Stopped { log: log.name.clone(), reason: stop.code().into() },
            Err(error) => error,
        }
    }

    fn check(
        &mut self,
        log: &LogRow,
        page: &PullPage,
        identity: &Identity,
    ) -> Result<(Vec<CheckedEntry>, ChainHeads)> {
        let mut chains = match self.chains.get(&log.n) {
            Some(chains) => chains.clone(),
            None => logs::load_chains(&self.conn, log.n)?,
        };
        let expected = Expected {
            server_id: identity.server_id,
            // The first page of a log tells its epoch; from then on it must stay.
            epoch: log.epoch.unwrap_or(*page.epoch),
            log: &log.name,
            after_seq: log.seq,
            head: log.head,
            centre_key: identity.centre_key,
        };
        let mut keys = self.device_keys()?;
        keys.insert(identity.device, identity.device_key.verifying_key().to_bytes());
        let checked = check_pull(page, &expected, &mut chains, &mut keys)?;
        Ok((checked, chains))
    }

    /// Whether the page holds events of this device that this store did not write, or wrote otherwise.
    fn contradicts_own(&self, log: &LogRow, checked: &[CheckedEntry], identity: &Identity) -> Result<bool> {
        for entry in checked.iter().filter(|entry| is_own(entry, identity)) {
            let place = entry.event.place;
            let known = outbox::hash_at(&self.conn, log.n, place.incarnation, place.device_seq)?;
            if known != Some(entry.event.event_hash) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Writes everything, or nothing where the page would hide too much (`None`).
    fn write_page(
        &mut self,
        log: &LogRow,
        page: &PullPage,
        checked: &[CheckedEntry],
        identity: &Identity,
    ) -> Result<Option<Applied>> {
        let clocks = std::sync::Arc::clone(&self.clocks);
        let tx = self.begin()?;
        let mut changed = Topics::new();
        let mut entities = Entities::new(&tx, log.n)?;
        let (mut conflicts, mut erased) = (0, false);
        for (entry, raw) in checked.iter().zip(&page.entries) {
            let entity = entities.get(&entry.event.content.entity)?;
            write_entry(&tx, log, entry, (&raw.envelope, &raw.commit), entity.n)?;
            erased |= entry.event.content.kind == "record.erased";
            conflicts += usize::from(settle_own(&tx, log, entry, identity)?);
            entity.fold(&Foldable::new(&entry.event.content, Some(&entry.commit)));
        }
        let saved = entities.save(clocks.as_ref(), &mut changed)?;
        if saved.hidden > HIDDEN_MAX && !is_released(&tx, &log.name)? {
            return Ok(None);
        }
        for hash in &saved.published {
            orders::reproject(&tx, clocks.as_ref(), Some(hash))?;
        }
        finish(&tx, log, page, checked)?;
        tx.commit()?;
        if erased {
            self.drop_erased_files()?;
        }
        changed.insert("sync".into());
        let applied =
            Applied { entries: checked.len(), seq: page.end_seq(), more: page.more(), changed, conflicts };
        Ok(Some(applied))
    }
}

fn is_own(entry: &CheckedEntry, identity: &Identity) -> bool {
    entry.event.place.device == identity.device && entry.event.place.incarnation == identity.incarnation
}

fn is_released(tx: &Transaction<'_>, log: &str) -> Result<bool> {
    let name = format!("breaker_released/{log}");
    let released = meta::get(tx, &name)?.is_some();
    tx.execute("DELETE FROM meta WHERE name = ?1", [name])?;
    Ok(released)
}

fn write_entry(
    tx: &Transaction<'_>,
    log: &LogRow,
    entry: &CheckedEntry,
    (envelope, commit): (&[u8], &[u8]),
    entity: i64,
) -> Result<()> {
    let content = &entry.event.content;
    let place = log.place(entry.commit.seq);
    tx.prepare_cached(
        "INSERT INTO entry (place, id, entity, kind, verdict, envelope, commit_record)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        place,
        content.id.as_slice(),
        entity,
        content.kind,
        entry.commit.verdict as u8,
        envelope,
        commit
    ])?;
    for part in &entry.event.parts {
        write_part(tx, &content.id, part.index, part.salt.as_slice(), &part.part)?;
    }
    files::note_entry(tx, log.n, entity, content, entry.commit.verdict)?;
    if entry.commit.seq.is_multiple_of(CHECKPOINT_EVERY) {
        tx.prepare_cached("INSERT INTO checkpoint (place, head) VALUES (?1, ?2)")?
            .execute(params![place, entry.head.0])?;
    }
    if content.kind == "record.erased" && entry.commit.verdict == VerdictCode::Accepted {
        erase(tx, log, &content.payload)?;
    }
    Ok(())
}

/// Keeps a sealed part; one that is here already is the same, for its digest is in the chain.
pub(crate) fn write_part(tx: &Transaction<'_>, id: &Id, part: u8, salt: &[u8], content: &str) -> Result<()> {
    tx.prepare_cached("INSERT OR IGNORE INTO sealed (id, part, salt, content) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![id, part, salt, content])?;
    Ok(())
}

/// Removes part and salt of the event of this log that an erasure names; the chain holds only their digest.
fn erase(tx: &Transaction<'_>, log: &LogRow, payload: &str) -> Result<()> {
    if let Ok(Erased { event, part, .. }) = serde_json::from_str(payload) {
        tx.prepare_cached(
            "DELETE FROM sealed WHERE id = (SELECT id FROM entry WHERE id = ?1 AND place BETWEEN ?2 AND ?3)
             AND (?4 IS NULL OR part = ?4)",
        )?
        .execute(params![event.0, log.place(0), log.place(u64::MAX), part])?;
    }
    Ok(())
}

/// One's own echo confirms: the pending row goes, and what was not simply accepted goes to the conflict
/// box with its text. Tells whether it did.
fn settle_own(tx: &Transaction<'_>, log: &LogRow, entry: &CheckedEntry, identity: &Identity) -> Result<bool> {
    conflict::settle_reconciled(tx, entry)?;
    if entry.event.place.device != identity.device {
        return Ok(false);
    }
    tx.prepare_cached("DELETE FROM pending WHERE id = ?1")?.execute([entry.event.content.id.as_slice()])?;
    if entry.commit.verdict == VerdictCode::Accepted {
        return Ok(false);
    }
    conflict::keep(tx, &log.name, entry)?;
    Ok(true)
}

/// Chains, attestations, cursor and head.
fn finish(tx: &Transaction<'_>, log: &LogRow, page: &PullPage, checked: &[CheckedEntry]) -> Result<()> {
    let mut heads = ChainHeads::new();
    for entry in checked {
        let place = entry.event.place;
        let head = ChainHead { device_seq: place.device_seq, event_hash: entry.event.event_hash };
        heads.insert((place.device, place.incarnation), head);
    }
    let mut statement = tx.prepare_cached(
        "INSERT INTO chain (log, device, incarnation, device_seq, event_hash) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET device_seq = ?4, event_hash = ?5",
    )?;
    for ((device, incarnation), head) in heads {
        statement.execute(params![log.n, device, incarnation, head.device_seq, head.event_hash.0])?;
    }
    for attestation in &page.attestations {
        write_attestation(tx, log, attestation)?;
    }
    let head = checked.last().map_or(log.head, |entry| entry.head);
    tx.prepare_cached(
        "UPDATE log SET epoch = ?2, seq = ?3, head = ?4, folded_to = ?3, fold_version = ?5 WHERE n = ?1",
    )?
    .execute(params![log.n, page.epoch.as_slice(), page.end_seq(), head.0, FOLD_VERSION])?;
    Ok(())
}

fn write_attestation(tx: &Transaction<'_>, log: &LogRow, by: &Attestation) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO attestation (place, sent_wall_at, sent_boot_id, sent_uptime_ms, signature)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        log.place(by.seq),
        by.sent.wall_at,
        by.sent.boot_id.as_slice(),
        by.sent.uptime_ms,
        by.signature.as_slice()
    ])?;
    Ok(())
}
