//! The store: one encrypted SQLite file that holds the logs, this device's pending events and every
//! projection the screens read.
//!
//! Promises: what the logs hold is kept byte for byte; every write is one transaction, so that events,
//! folds, projections and cursors never disagree; shown state = fold(confirmed ++ pending) (I16); every
//! derived table can be rebuilt from zero. One process owns a profile, one connection writes.
//!
//! Left out: rights (the door checks them), the network (`sync` drives it) and the clock (the host's).

mod append;
mod apply;
mod asset;
mod attendance;
mod clocks;
mod conflict;
mod draft;
mod entities;
mod error;
mod export;
mod file;
mod files;
mod folder;
mod logs;
mod meta;
mod migrate;
mod orders;
mod outbox;
mod read;
mod rebuild;
mod site;
mod stock;
mod tasks;
mod text;
mod verify;

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use zaigang_sync::page::ChainHeads;

pub use append::{Act, Author, Draft, SealedDraft, Written};
pub use apply::{Applied, HIDDEN_MAX};
pub use attendance::Enrolled;
pub use clocks::{ClockProjector, NoClocks, OrderClocks, Publication, PublicationHead};
pub use conflict::{Conflict, ConflictKind, Settled};
pub use error::{Result, StoreError};
pub use export::{Backup, ExportedLine};
pub use file::{LOCK_FILE, ProfileLock, STORE_FILE, StoreKey, own_profile};
pub(crate) use file::{opens_with, private as private_file};
pub use files::{EAGER_BYTES_MAX, FilePlan, FileRow, FileTraffic, PictureRow};
pub use logs::{LogRow, Stop};
pub use meta::Identity;
pub use migrate::STORE_VERSION;
pub(crate) use orders::kind_code;
pub use outbox::{Outbox, OutboxEntry};
pub(crate) use read::WORKERS;
pub use read::{Committed, PendingInfo, Person, Step};
pub(crate) use stock::DAY_MS;
pub(crate) use text::alike_any;
pub use text::{alike_query, alike_words, initials, search_query};
pub use verify::{Problem, Report};

/// Version of the folds and projections: raise it when a fold changes, and stores refold at open.
pub const FOLD_VERSION: u32 = 8;

/// Kinds of data a write made stale, as the screens know them: `orders`, `order:<id>`, `sync`,
/// `counts`, `session`.
pub type Topics = BTreeSet<String>;

/// The open store.
pub struct Store {
    pub(crate) conn: Connection,
    dir: PathBuf,
    key: StoreKey,
    clocks: Arc<dyn ClockProjector>,
    /// Ends of all chains by log, as committed: a copy of the table, kept to check pages without reading it again.
    chains: HashMap<i64, ChainHeads>,
    identity: Option<Identity>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the store in `dir`, creating it where there is none, and refolds what an older program
    /// folded. `suffix` ends the name under which a damaged file is set aside: the host's time.
    /// The caller holds the profile's lock ([`own_profile`]).
    ///
    /// # Errors
    /// [`StoreError::Newer`], [`StoreError::Damaged`] (call again for a fresh store), [`StoreError::Sqlite`].
    pub fn open(dir: &Path, key: &StoreKey, clocks: Arc<dyn ClockProjector>, suffix: &str) -> Result<Self> {
        let conn = file::open(dir, key, suffix)?;
        let mut store = Self {
            conn,
            dir: dir.to_owned(),
            key: key.clone(),
            clocks,
            chains: HashMap::new(),
            identity: None,
        };
        store.identity = meta::load_identity(&store.conn)?;
        if logs::any_unfolded(&store.conn, FOLD_VERSION)? {
            store.rebuild()?;
        }
        store.sweep_files()?;
        Ok(store)
    }

    /// The connection, for queries on the projections. Writing through it breaks every promise.
    #[must_use]
    pub fn reader(&self) -> &Connection {
        &self.conn
    }

    /// Folder of the profile.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Replaces how clocks are projected, and projects all open orders again.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn set_clocks(&mut self, clocks: Arc<dyn ClockProjector>) -> Result<()> {
        self.clocks = clocks;
        let clocks = Arc::clone(&self.clocks);
        let tx = self.begin()?;
        orders::reproject(&tx, clocks.as_ref(), None)?;
        Ok(tx.commit()?)
    }

    /// Starts the one writing transaction.
    pub(crate) fn begin(&mut self) -> Result<Transaction<'_>> {
        Ok(self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    /// Gives the store another key.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn rekey(&mut self, key: &StoreKey) -> Result<()> {
        // SQLCipher rewrites every page in one transaction; outside WAL the old pages cannot stay in a log.
        self.conn.execute_batch("PRAGMA journal_mode = DELETE;")?;
        self.conn.execute_batch(&file::key_pragma("rekey", key))?;
        self.conn.execute_batch("PRAGMA journal_mode = WAL;")?;
        self.key = key.clone();
        Ok(())
    }
}
