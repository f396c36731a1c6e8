//! The centre's database: one plain SQLite file, its migrations and its rows.
//!
//! WAL, synchronous FULL, one writer at a time by BEGIN IMMEDIATE, also across processes: the
//! command line may write while the server runs. A newer file is refused; nothing is ever deleted
//! but a sealed part that was erased.

mod backup;
mod check_rows;
mod file_box;
mod file_rows;
mod part_rows;
mod rows;
mod site_rows;
mod source_rows;

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::error::{CentreError, Result};

pub use backup::{Backup, back_up};
pub(crate) use check_rows::*;
pub(crate) use file_box::FileBox;
pub(crate) use file_rows::*;
pub(crate) use part_rows::*;
pub(crate) use rows::*;
pub use rows::{AccountRow, DeviceRow, EntryRow, LogRow, Meta, StopRow};
pub(crate) use site_rows::*;
pub(crate) use source_rows::*;

const MIGRATIONS: &[&str] = &[
    include_str!("../../../../migrations/center/sqlite/0001_store.sql"),
    include_str!("../../../../migrations/center/sqlite/0002_evidence.sql"),
    include_str!("../../../../migrations/center/sqlite/0003_sources.sql"),
    include_str!("../../../../migrations/center/sqlite/0004_files.sql"),
    include_str!("../../../../migrations/center/sqlite/0005_folds.sql"),
];
/// How long a writer waits for another process's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Prepared statements kept; more than there are.
const STATEMENTS: usize = 96;

/// Bits of `entry.place` that hold the seq.
const SEQ_BITS: u32 = 40;

/// `log.n * 2^40 + seq`.
pub(crate) fn place(log: i64, seq: u64) -> i64 {
    (log << SEQ_BITS) | i64::try_from(seq).unwrap_or(i64::MAX)
}

/// The seq of a place.
pub(crate) fn seq_of(place: i64) -> u64 {
    u64::try_from(place & ((1 << SEQ_BITS) - 1)).unwrap_or(0)
}

/// Makes a new database file.
///
/// # Errors
/// [`CentreError::Store`], also when the file is there already.
pub(crate) fn create(path: &Path) -> Result<Connection> {
    if path.exists() {
        return Err(CentreError::Store(format!("{} is there already", path.display())));
    }
    let mut conn = Connection::open(path)?;
    prepare(&conn)?;
    migrate(&mut conn)?;
    Ok(conn)
}

/// Opens an existing database file and brings it up to this program's version.
///
/// # Errors
/// [`CentreError::NewerFile`] and [`CentreError::Store`].
pub(crate) fn open(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(path, flags)
        .map_err(|error| CentreError::Store(format!("{}: {error}", path.display())))?;
    prepare(&conn)?;
    migrate(&mut conn)?;
    Ok(conn)
}

/// An empty database in memory, to rebuild the derived tables in.
pub(crate) fn in_memory() -> Result<Connection> {
    let mut conn = Connection::open_in_memory()?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    migrate(&mut conn)?;
    Ok(conn)
}

fn prepare(conn: &Connection) -> Result<()> {
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.pragma_update(None, "journal_mode", "wal")?;
    conn.pragma_update(None, "synchronous", "full")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "temp_store", "memory")?;
    conn.pragma_update(None, "cache_size", -64_000)?;
    Ok(())
}

fn migrate(conn: &mut Connection) -> Result<()> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let found = version(conn)?;
    if found > known {
        return Err(CentreError::NewerFile { found, known });
    }
    if found == known {
        return Ok(());
    }
    let transaction = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Another process may have migrated while this one waited for its turn.
    let from = version(&transaction)?;
    for (n, sql) in (1..).zip(MIGRATIONS).filter(|(n, _)| *n > from) {
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", n)?;
    }
    transaction.commit()?;
    Ok(())
}

fn version(conn: &Connection) -> Result<i64> {
    Ok(conn.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Changes when another connection has committed.
pub(crate) fn data_version(conn: &Connection) -> Result<i64> {
    Ok(conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_file_is_refused_and_untouched() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("c.db");
        create(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        assert!(
            matches!(open(&path), Err(CentreError::NewerFile { found: 99, known }) if known == MIGRATIONS.len() as i64)
        );
    }

    #[test]
    fn places_keep_logs_apart() {
        assert_eq!(seq_of(place(7, 5)), 5);
        assert!(place(7, (1 << 40) - 1) < place(8, 0));
    }
}
