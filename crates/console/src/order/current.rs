//! The versions in force for new orders.

use super::contract::Bound;
use super::desk::Desk;
use crate::store::StoreError;
use zaigang_domain::calendar::Calendar;
use zaigang_domain::event::{LogKind, LogName};

/// What a new order of a division is bound to.
#[derive(Debug, Clone)]
pub(crate) struct InForce {
    /// Contract id.
    pub(crate) contract: String,
    /// Its version.
    pub(crate) contract_hash: String,
    /// The calendar's version.
    pub(crate) calendar_hash: String,
    /// Both, read.
    pub(crate) bound: Bound,
}

impl Desk<'_> {
    /// The divisions this console holds and the person works for, with their contract.
    pub(crate) fn divisions(&self) -> Result<Vec<(String, String)>, StoreError> {
        let mut found = Vec::new();
        for log in self.store.logs()? {
            let Ok(name) = LogName::new(log.name) else { continue };
            if let LogKind::Division { contract, division } = name.kind()
                && self.actor.covers(contract, division)
            {
                found.push((contract.to_owned(), division.to_owned()));
            }
        }
        Ok(found)
    }

    /// The versions in force for a division, or for the first one where none is named.
    pub(crate) fn in_force(&self, division: Option<&str>) -> Result<Option<InForce>, StoreError> {
        let divisions = self.divisions()?;
        let mut fitting = divisions.iter().filter(|(_, name)| division.is_none_or(|wanted| wanted == name));
        match fitting.next() {
            Some((contract, _)) => self.in_force_of(contract),
            None => Ok(None),
        }
    }

    /// The versions in force for a contract.
    pub(crate) fn in_force_of(&self, contract: &str) -> Result<Option<InForce>, StoreError> {
        let versions = self.store.publication_heads(Some(&format!("contract/{contract}")))?;
        // What waits for the centre may yet be refused: nothing new is bound to it.
        let Some(latest) = versions.iter().rfind(|version| !version.is_pending) else { return Ok(None) };
        let calendar_hash = self.calendar_hash()?;
        Ok(self.version(&latest.hash, &calendar_hash).map(|bound| InForce {
            contract: contract.to_owned(),
            contract_hash: latest.hash.clone(),
            calendar_hash,
            bound,
        }))
    }

    /// Whether a calendar published here waits for the centre.
    pub(crate) fn calendar_is_pending(&self) -> Result<bool, StoreError> {
        let all = self.store.publication_heads(None)?;
        Ok(all.iter().any(|version| version.is_pending && version.entity.starts_with("calendar/")))
    }

    /// The newest published notice, or the ones that come with the program.
    fn calendar_hash(&self) -> Result<String, StoreError> {
        let all = self.store.publication_heads(None)?;
        // As with contracts: what waits for the centre may yet be refused.
        let mut published = all.iter().filter(|version| !version.is_pending);
        let published = published.rfind(|version| version.entity.starts_with("calendar/"));
        Ok(published.map_or_else(|| Calendar::builtin().version().to_owned(), |version| version.hash.clone()))
    }

    /// The calendar in force, with or without a contract.
    pub(crate) fn calendar(&self) -> Result<Calendar, StoreError> {
        let hash = self.calendar_hash()?;
        Ok(super::contract::calendar(self.store.publication(&hash)?.as_ref()))
    }
}
