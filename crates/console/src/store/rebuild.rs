//! Folds and projections from zero: after an upgrade that changed a fold, and to prove that they hold.

use rusqlite::{Connection, Transaction, params};
use zaigang_sync::commit::Commit;
use zaigang_sync::envelope::{CENTRE_EVENT_BYTES_MAX, Envelope};

use super::clocks::ClockProjector;
use super::entities::{Entities, Foldable};
use super::error::Result;
use super::logs::{self, LogRow};
use super::read::blob;
use super::{FOLD_VERSION, Store, Topics, files};

/// Entries folded before their entities are written.
const CHUNK: u64 = 2_000;

impl Store {
    /// Folds everything from zero and writes every projection anew, in one transaction.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`], [`super::StoreError::Envelope`]; nothing is changed then.
    pub fn rebuild(&mut self) -> Result<()> {
        let clocks = std::sync::Arc::clone(&self.clocks);
        let tx = self.begin()?;
        rebuild_in(&tx, clocks.as_ref())?;
        Ok(tx.commit()?)
    }
}

/// Rebuilds inside a transaction, which [`super::verify`] takes back.
pub(crate) fn rebuild_in(tx: &Transaction<'_>, clocks: &dyn ClockProjector) -> Result<()> {
    tx.execute_batch(
        "UPDATE entity SET confirmed = NULL, shown = NULL;
         DELETE FROM orders;
         INSERT INTO order_text (order_text) VALUES ('delete-all');
         DELETE FROM order_task;
         DELETE FROM knowledge;
         INSERT INTO knowledge_text (knowledge_text) VALUES ('delete-all');
         DELETE FROM person;
         DELETE FROM device;
         DELETE FROM publication;
         DELETE FROM file;
         DELETE FROM asset;
         INSERT INTO asset_text (asset_text) VALUES ('delete-all');
         DELETE FROM asset_order;
         DELETE FROM stock_part;
         INSERT INTO stock_text (stock_text) VALUES ('delete-all');
         DELETE FROM stock_place;
         DELETE FROM stock_movement;
         DELETE FROM stock_day;
         DELETE FROM stock_effect;
         DELETE FROM stock_balance;
         DELETE FROM stock_serial;
         DELETE FROM stock_fault;
         DELETE FROM stock_slip;
         DELETE FROM stock_reserved;",
    )?;
    // The site log comes first: clocks need its contracts and calendars.
    for log in logs::all(tx)? {
        let mut from = 1;
        while from <= log.seq {
            let to = log.seq.min(from + CHUNK - 1);
            fold_range(tx, &log, from, to, clocks)?;
            from = to + 1;
        }
        overlay_untouched(tx, &log, clocks)?;
        tx.execute(
            "UPDATE log SET folded_to = seq, fold_version = ?2 WHERE n = ?1",
            params![log.n, FOLD_VERSION],
        )?;
    }
    files::note_pending(tx)
}

fn fold_range(
    conn: &Connection,
    log: &LogRow,
    from: u64,
    to: u64,
    clocks: &dyn ClockProjector,
) -> Result<()> {
    let mut entities = Entities::new(conn, log.n)?;
    let mut statement = conn.prepare_cached(
        "SELECT envelope, commit_record FROM entry WHERE place BETWEEN ?1 AND ?2 ORDER BY place",
    )?;
    let mut rows = statement.query([log.place(from), log.place(to)])?;
    while let Some(row) = rows.next()? {
        let (_, content) = Envelope::decode(blob(row, 0)?, CENTRE_EVENT_BYTES_MAX)?;
        let commit = Commit::decode(blob(row, 1)?)?;
        let entity = entities.get(&content.entity)?;
        entity.fold(&Foldable::new(&content, Some(&commit)));
        files::note_entry(conn, log.n, entity.n, &content, commit.verdict)?;
    }
    drop(rows);
    entities.save(clocks, &mut Topics::new())?;
    Ok(())
}

/// Entities that only pending events are about.
fn overlay_untouched(conn: &Connection, log: &LogRow, clocks: &dyn ClockProjector) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT entity.name FROM pending JOIN entity ON entity.n = pending.entity WHERE pending.log = ?1",
    )?;
    let names: Vec<String> =
        statement.query_map([log.n], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut entities = Entities::new(conn, log.n)?;
    for name in &names {
        entities.get(name)?;
    }
    entities.save(clocks, &mut Topics::new())?;
    Ok(())
}
