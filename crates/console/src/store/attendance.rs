//! What a contract's common log holds of attendance: punches by person and month, and up to when the data
//! of each device is complete.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use zaigang_domain::attendance::{MonthKept, PersonMonth};
use zaigang_domain::event::{LogName, UserId};
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
    /// Punches and corrections of a person's months from that of `from` to that of `to`, in order.
    ///
    /// # Errors
    /// As [`Store::entity`].
    pub fn attendance(
        &self,
        log: &LogName,
        user: &UserId,
        from: Date,
        to: Date,
    ) -> Result<Vec<(PersonMonth, MonthKept)>> {
        let name = |date: Date| {
            let month = PersonMonth { user: user.clone(), first: date.first_of_month() };
            format!("attendance/{month}")
        };
        let end = to.last_of_month().tomorrow().unwrap_or(to);
        let mut found = Vec::new();
        for (name, state) in self.states_between(log, &name(from), &name(end))? {
            // Between the names of two months may stand that of a user whose id goes on with a month.
            let month = PersonMonth::parse(name.local()).filter(|month| month.user == *user);
            if let (Some(month), EntityState::Attendance(kept)) = (month, state) {
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
        let states = self.states(log, "device")?.into_iter();
        Ok(states
            .filter_map(|(name, state)| match state {
                EntityState::Watermark(mark) => Some((name.local().to_owned(), mark.complete_to)),
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
}
