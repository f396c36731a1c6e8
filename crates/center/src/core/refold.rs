//! States are folds of the entries: a program that folds otherwise than the one before it folds them anew
//! when it opens the store. Verdicts are not given again, and the other derived tables stay as they are.

use zaigang_domain::event::EntityId;
use zaigang_sync::commit::Commit;
use zaigang_sync::envelope::{CENTRE_EVENT_BYTES_MAX, Envelope};

use super::Centre;
use super::work::{Work, made_of};
use crate::error::{CentreError, Result};
use crate::store::{self, EntryRow, LogRow};

/// Version of the folds: raise it when a fold makes something else of entries that are there already.
pub(super) const FOLD_VERSION: u32 = 3;

/// Entries folded between two writes.
const BATCH: usize = 1_000;
/// Bytes of entries read at once.
const BATCH_BYTES: usize = 64 << 20;

impl Centre {
    /// Folds all entities from the entries when another version of the folds wrote their states.
    pub(super) fn refold(&mut self) -> Result<()> {
        if store::fold_version(&self.conn)? == FOLD_VERSION {
            return Ok(());
        }
        self.transact(|work| {
            // Another process may have done it while this one waited for its turn.
            if store::fold_version(work.conn)? == FOLD_VERSION {
                return Ok(());
            }
            store::drop_entities(work.conn)?;
            work.cache.entities.clear();
            for (name, row) in store::logs(work.conn)? {
                work.refold_log(&name, row)?;
            }
            store::put_fold_version(work.conn, FOLD_VERSION)
        })
    }
}

impl Work<'_> {
    fn refold_log(&mut self, name: &str, row: LogRow) -> Result<()> {
        let mut seq = 0;
        loop {
            let entries = store::entries(self.conn, row.n, seq, BATCH, BATCH_BYTES)?;
            let Some(last) = entries.last() else { return Ok(()) };
            seq = last.seq;
            for entry in &entries {
                self.refold_entry(&LogRow { seq: entry.seq, ..row }, entry)
                    .map_err(|error| CentreError::Store(format!("log {name} seq {}: {error}", entry.seq)))?;
            }
            self.write_entities()?;
            self.cache.trim();
        }
    }

    fn refold_entry(&mut self, at: &LogRow, entry: &EntryRow) -> Result<()> {
        let (_, content) = Envelope::decode(&entry.envelope, CENTRE_EVENT_BYTES_MAX)
            .map_err(|error| CentreError::Store(error.to_string()))?;
        let commit = Commit::decode(&entry.commit).map_err(|error| CentreError::Store(error.to_string()))?;
        let Ok(entity) = EntityId::new(content.entity.as_str()) else { return Ok(()) };
        self.fold(at, &content, &entity, &made_of(&commit))
    }
}
