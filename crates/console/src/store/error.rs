//! What can go wrong with the store.

use std::path::PathBuf;

use zaigang_sync::envelope::EnvelopeError;
use zaigang_sync::page::PageError;

/// What can go wrong with the store; a variant for each thing a caller treats differently.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process owns this profile.
    #[error("another program already uses this profile")]
    InUse,
    /// SQLite files on network drives break: locks and shared memory do not hold there.
    #[error("the profile lies on a network drive ({0}); choose a local disk")]
    NetworkDrive(String),
    /// Written by a newer program.
    #[error("the store has version {found}, newer than this program's {known}")]
    Newer {
        /// Version found.
        found: u32,
        /// Highest version known.
        known: u32,
    },
    /// Damaged; set aside under another name, for it may hold work that was never sent.
    #[error("the store is damaged and was set aside as {}: {detail}", aside.display())]
    Damaged {
        /// Where it lies now.
        aside: PathBuf,
        /// What SQLite said.
        detail: String,
    },
    /// The log was stopped by a fork, a rollback or a breaker.
    #[error("log {log} is stopped: {reason}")]
    Stopped {
        /// The log.
        log: String,
        /// Stable word.
        reason: String,
    },
    /// No such log on this device.
    #[error("this device does not hold log {0}")]
    NoSuchLog(String),
    /// A page failed its checks; nothing of it was stored.
    #[error(transparent)]
    Page(#[from] PageError),
    /// An own event cannot be built.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The device is not enrolled yet.
    #[error("this device is not enrolled")]
    NotEnrolled,
    /// Something stored does not have the shape it must have.
    #[error("stored {0} is not what it must be")]
    Malformed(&'static str),
    /// SQLite.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// Files.
    #[error("{doing}: {source}")]
    File {
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// JSON of a projection.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

impl StoreError {
    pub(crate) fn file(doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::File { doing, source }
    }

    /// Whether SQLite says that the file itself is broken or not readable with its key.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        matches!(self, Self::Sqlite(rusqlite::Error::SqliteFailure(error, _))
            if matches!(error.code, DatabaseCorrupt | NotADatabase))
    }
}

/// Result of store operations.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
