//! Copies of the database while it is in use.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde::Serialize;

use crate::error::{CentreError, Result};

/// A finished copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Backup {
    /// Where it is.
    pub file: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// BLAKE3 of the file, hex; also in `<file>.b3` beside it, as `b3sum --check` reads it.
    pub blake3: String,
    /// Files copied beside it.
    pub files: u64,
    /// Their size.
    pub file_bytes: u64,
}

/// Copies the database as one transaction sees it to a new file, or into an empty one, whose mode
/// then is the caller's choice.
///
/// # Errors
/// [`CentreError::Store`], also when the target is there already or the copy does not check.
pub fn back_up(
    conn: &Connection,
    to: &Path,
    checksum: impl FnOnce(&Path) -> std::io::Result<(u64, String)>,
) -> Result<Backup> {
    if to.metadata().is_ok_and(|file| file.len() > 0) {
        return Err(CentreError::Store(format!("{} is there already", to.display())));
    }
    let target = to.to_str().ok_or_else(|| CentreError::Store("the file's name is not text".into()))?;
    conn.execute("VACUUM INTO ?1", [target])?;
    let copy = Connection::open(to)?;
    let sound: String = copy.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
    drop(copy);
    if sound != "ok" {
        return Err(CentreError::Store(format!("the copy is damaged: {sound}")));
    }
    let (bytes, blake3) = checksum(to).map_err(|error| CentreError::Store(error.to_string()))?;
    Ok(Backup { file: to.to_owned(), bytes, blake3, files: 0, file_bytes: 0 })
}
