//! Versions of the store: each step is one SQL text, applied in one transaction, kept in `user_version`.

use rusqlite::{Connection, TransactionBehavior};

use super::error::{Result, StoreError};

/// The steps, oldest first; the number of steps is this program's version of the store.
const STEPS: &[&str] = &[
    include_str!("../../../../migrations/console/0001_store.sql"),
    include_str!("../../../../migrations/console/0002_order_lists.sql"),
    include_str!("../../../../migrations/console/0003_published_reading.sql"),
    include_str!("../../../../migrations/console/0004_sent_clocks.sql"),
    include_str!("../../../../migrations/console/0005_settings_and_rules.sql"),
    include_str!("../../../../migrations/console/0006_buyer.sql"),
    include_str!("../../../../migrations/console/0007_working.sql"),
    include_str!("../../../../migrations/console/0008_files.sql"),
    include_str!("../../../../migrations/console/0009_stock.sql"),
    include_str!("../../../../migrations/console/0010_stock_sums.sql"),
    include_str!("../../../../migrations/console/0011_assets.sql"),
];

/// Version of the store this program writes.
pub const STORE_VERSION: u32 = STEPS.len() as u32;

/// Brings the store to this program's version.
///
/// # Errors
/// [`StoreError::Newer`] when it is past that already; [`StoreError::Sqlite`].
pub(crate) fn migrate(conn: &mut Connection) -> Result<()> {
    let found = version(conn)?;
    if found > STORE_VERSION {
        return Err(StoreError::Newer { found, known: STORE_VERSION });
    }
    for (step, sql) in (1_u32..).zip(STEPS).filter(|(step, _)| *step > found) {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "user_version", step)?;
        tx.commit()?;
    }
    Ok(())
}

/// Version of an open store.
pub(crate) fn version(conn: &Connection) -> Result<u32> {
    Ok(conn.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}
