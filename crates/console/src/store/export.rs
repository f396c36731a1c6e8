//! The way out that always works: unsent and rejected work as JSON lines, and a copy of the whole store.

use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use zaigang_domain::event::EventId;
use zaigang_sync::envelope::{CENTRE_EVENT_BYTES_MAX, Envelope};

use super::error::{Result, StoreError};
use super::file::key_pragma;
use super::read::blob;
use super::{STORE_FILE, STORE_VERSION, Store, StoreKey};

/// One line of an export: a pending event or an item of the conflict box, readable and complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportedLine {
    /// `pending`, `rejected`, `unreconciled` or `parked`.
    pub state: String,
    /// Event id.
    pub id: String,
    /// Log.
    pub log: String,
    /// Entity id.
    pub entity: String,
    /// Event type.
    pub kind: String,
    /// Who.
    pub user: Option<String>,
    /// When it happened by the person's account, RFC 3339.
    pub claimed_at: String,
    /// Payload as entered.
    pub payload: String,
    /// Stable code of the centre's reason.
    pub reason: Option<String>,
    /// The envelope's bytes, base64, for pending events: what the centre would have got.
    pub envelope: Option<String>,
    /// Sealed parts by name: the file is as confidential as they are.
    pub sealed: Vec<(String, String)>,
}

/// A finished backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The copy, encrypted with the key given.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
}

impl Store {
    /// Writes pending events and open items of the conflict box as JSON lines; tells how many.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::File`].
    pub fn export(&self, out: &mut dyn Write) -> Result<usize> {
        let lines = self.exported_lines()?;
        for line in &lines {
            let mut text = serde_json::to_string(line)?;
            text.push('\n');
            out.write_all(text.as_bytes()).map_err(StoreError::file("writing the export"))?;
        }
        Ok(lines.len())
    }

    /// The lines of an export.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn exported_lines(&self) -> Result<Vec<ExportedLine>> {
        let mut lines = Vec::new();
        let mut statement = self.conn.prepare("SELECT envelope FROM pending ORDER BY n")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            lines.push(self.pending_line(blob(row, 0)?)?);
        }
        for item in self.conflicts()? {
            lines.push(ExportedLine {
                state: match item.kind {
                    super::ConflictKind::Rejected => "rejected",
                    super::ConflictKind::Unreconciled => "unreconciled",
                    super::ConflictKind::Parked => "parked",
                }
                .to_owned(),
                id: item.id.to_string(),
                log: item.log,
                entity: item.entity,
                kind: item.act,
                user: item.user,
                claimed_at: super::entities::instant(item.at).to_string(),
                payload: item.payload,
                reason: item.reason,
                envelope: None,
                sealed: Vec::new(),
            });
        }
        Ok(lines)
    }

    fn pending_line(&self, bytes: &[u8]) -> Result<ExportedLine> {
        let (_, content) = Envelope::decode(bytes, CENTRE_EVENT_BYTES_MAX)?;
        let id = EventId(*content.id);
        let mut sealed = Vec::new();
        for part in &content.sealed {
            if let Some(text) = self.sealed_part(id, &part.name)? {
                sealed.push((part.name.clone(), text));
            }
        }
        Ok(ExportedLine {
            state: "pending".to_owned(),
            id: id.to_string(),
            log: content.log,
            entity: content.entity,
            kind: content.kind,
            user: content.user,
            claimed_at: super::entities::instant(content.claimed_at).to_string(),
            payload: content.payload,
            reason: None,
            envelope: Some(STANDARD.encode(bytes)),
            sealed,
        })
    }

    /// Copies the store into a new file encrypted with `key`, or with its own key where none is given.
    /// Nothing readable is written on the way. The contents of files lie beside the store and are not copied:
    /// those at the centre are fetched again, those that have not reached it stay with the profile only.
    ///
    /// # Errors
    /// [`StoreError::File`] when `to` exists or cannot be made, [`StoreError::Sqlite`].
    pub fn backup(&mut self, to: &Path, key: Option<&StoreKey>) -> Result<Backup> {
        super::file::private(std::fs::OpenOptions::new().create_new(true).write(true))
            .open(to)
            .map_err(StoreError::file("creating the backup"))?;
        let key = key_pragma("key", key.unwrap_or(&self.key));
        // The same quoted literal as in `PRAGMA key = …;`
        let literal = key.trim_start_matches("PRAGMA key = ").trim_end_matches(';');
        let path = to.to_string_lossy().replace('\'', "''");
        let attach = zeroize::Zeroizing::new(format!("ATTACH DATABASE '{path}' AS copy KEY {literal}"));
        self.conn.execute_batch(&attach)?;
        let copied = self
            .conn
            .query_row("SELECT sqlcipher_export('copy')", [], |_| Ok(()))
            .and_then(|()| self.conn.execute_batch(&format!("PRAGMA copy.user_version = {STORE_VERSION}")));
        self.conn.execute_batch("DETACH DATABASE copy")?;
        copied?;
        let bytes = std::fs::metadata(to).map_err(StoreError::file("looking at the backup"))?.len();
        Ok(Backup { path: to.to_owned(), bytes })
    }

    /// Where the store lies.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.dir().join(STORE_FILE)
    }
}
