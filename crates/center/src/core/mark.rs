//! The high-water mark: a small text outside the database that says how far the centre had come.
//!
//! Kept after each commit, compared at start. A database put back from an older copy is behind its
//! mark; serving from it would tell consoles another history under the same name.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use zaigang_sync::{Hash, hex};

use super::cache::Cache;
use crate::error::{CentreError, Result};
use crate::host::Host;
use crate::store::{self, Meta};

#[derive(Debug, Serialize, Deserialize)]
struct Mark {
    server_id: String,
    epoch: String,
    /// Log → (seq, head hash in hex).
    logs: BTreeMap<String, (u64, String)>,
}

/// Keeps the mark. Called after a commit: it may lag behind the database, never lead it.
pub(super) fn keep(cache: &Cache, host: &dyn Host, meta: &Meta) -> Result<()> {
    let logs = cache.logs.iter().map(|(name, row)| (name.clone(), (row.seq, row.head.to_hex()))).collect();
    let mark = Mark { server_id: hex::encode(&meta.server_id), epoch: hex::encode(&meta.epoch), logs };
    let text = serde_json::to_string(&mark)?;
    host.keep_high_water(&text).map_err(|error| CentreError::Store(format!("high-water mark: {error}")))
}

/// Compares the database with the mark.
pub(super) fn check(conn: &Connection, host: &dyn Host, meta: &Meta) -> Result<()> {
    let text = host.high_water().map_err(|error| CentreError::Store(format!("high-water mark: {error}")))?;
    // A power cut can leave the file empty: then there is nothing to compare with.
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(()) };
    let mark: Mark = serde_json::from_str(&text)
        .map_err(|error| CentreError::Store(format!("the high-water mark cannot be read: {error}")))?;
    if mark.server_id != hex::encode(&meta.server_id) {
        return Err(CentreError::Store("the high-water mark is another centre's".into()));
    }
    if mark.epoch != hex::encode(&meta.epoch) {
        return Err(CentreError::CentreRolledBack("another epoch".into()));
    }
    let logs: BTreeMap<String, store::LogRow> = store::logs(conn)?.into_iter().collect();
    for (name, (seq, head)) in mark.logs {
        let Some(row) = logs.get(&name) else {
            return Err(CentreError::CentreRolledBack(format!("log {name} is missing")));
        };
        if row.seq < seq {
            return Err(CentreError::CentreRolledBack(format!(
                "log {name} ends at {} and had {seq}",
                row.seq
            )));
        }
        if store::head_at(conn, row.n, seq)? != Hash::from_hex(&head) {
            return Err(CentreError::CentreRolledBack(format!("log {name} went another way before {seq}")));
        }
    }
    Ok(())
}
