//! What a contract's common log holds of attendance: punches by person and month, and up to when the data
//! of each device is complete.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use zaigang_domain::attendance::{MonthKept, PersonMonth};
use zaigang_domain::event::LogName;
use zaigang_domain::judge::EntityState;

use super::Store;
use super::error::Result;

/// A console enrolled at the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolled {
    /// Its id, as in `device/<id>`.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Store {
    /// Punches and corrections of the months from `first` to `last` (first days, both included).
    ///
    /// # Errors
    /// As [`Store::entity`].
    pub fn attendance(
        &self,
        log: &LogName,
        first: Date,
        last: Date,
    ) -> Result<Vec<(PersonMonth, MonthKept)>> {
        let mut found = Vec::new();
        // '0' is the character after '/': all names of this kind lie between.
        for (name, state) in self.states(log, "attendance/", "attendance0")? {
            let month = name.strip_prefix("attendance/").and_then(PersonMonth::parse);
            if let (Some(month), EntityState::Attendance(kept)) = (month, state)
                && (first..=last).contains(&month.first)
            {
                found.push((month, kept));
            }
        }
        Ok(found)
    }

    /// Up to when everything each device wrote into a log is known, by device id.
    ///
    /// # Errors
    /// As [`Store::entity`].
    pub fn watermarks(&self, log: &LogName) -> Result<BTreeMap<String, Timestamp>> {
        let states = self.states(log, "device/", "device0")?.into_iter();
        Ok(states
            .filter_map(|(name, state)| match state {
                EntityState::Watermark(mark) => {
                    Some((name.strip_prefix("device/")?.to_owned(), mark.complete_to))
                }
                _ => None,
            })
            .collect())
    }

    /// Consoles that hold a log and are not revoked.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`], [`super::StoreError::Json`].
    pub fn devices_of(&self, log: &LogName) -> Result<Vec<Enrolled>> {
        let mut statement =
            self.conn.prepare_cached("SELECT id, name, logs FROM device WHERE revoked = 0 ORDER BY id")?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let logs: Vec<String> = serde_json::from_str(&row.get::<_, String>(2)?)?;
            if logs.iter().any(|name| name == log.as_str()) {
                found.push(Enrolled { id: row.get(0)?, name: row.get(1)? });
            }
        }
        Ok(found)
    }

    /// Shown states of the entities of a log whose names lie in a range.
    fn states(&self, log: &LogName, from: &str, to: &str) -> Result<Vec<(String, EntityState)>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT entity.name, coalesce(shown, confirmed) AS state FROM entity
             JOIN log ON log.n = entity.log
             WHERE entity.name >= ?1 AND entity.name < ?2 AND log.name = ?3 AND state IS NOT NULL
             ORDER BY entity.name",
        )?;
        let mut rows = statement.query([from, to, log.as_str()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push((row.get(0)?, serde_json::from_str(&row.get::<_, String>(1)?)?));
        }
        Ok(found)
    }
}
