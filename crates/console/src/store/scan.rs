//! Entities of one kind, by a scan over their names.

use rusqlite::params;
use zaigang_domain::event::LogName;
use zaigang_domain::judge::EntityState;

use super::Store;
use super::error::Result;

/// An entity as a scan finds it.
#[derive(Debug, Clone)]
pub struct Scanned {
    /// Its name, such as `handover/…`.
    pub name: String,
    /// Its shown state.
    pub state: EntityState,
}

impl Store {
    /// The shown states of a log's entities whose names are `<noun>/…`, by name.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`], [`super::StoreError::Json`].
    pub fn states(&self, log: &LogName, noun: &str) -> Result<Vec<Scanned>> {
        // '0' is the character after '/': all names of this kind lie between.
        let mut statement = self.conn.prepare_cached(
            "SELECT entity.name, coalesce(shown, confirmed) AS state
             FROM entity JOIN log ON log.n = entity.log
             WHERE entity.name >= ?1 AND entity.name < ?2 AND log.name = ?3 AND state IS NOT NULL
             ORDER BY entity.name",
        )?;
        let mut rows = statement.query(params![format!("{noun}/"), format!("{noun}0"), log.as_str()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            found.push(Scanned { name: row.get(0)?, state: serde_json::from_str(text)? });
        }
        Ok(found)
    }
}
