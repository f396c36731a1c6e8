//! The versions in force for orders that the centre registers.

use std::sync::Arc;

use zaigang_domain::calendar::{Calendar, read_packs};
use zaigang_domain::contract::{Profile, Text};
use zaigang_domain::judge::EntityState;
use zaigang_domain::people::PublishedVersion;

use super::work::{SITE, Work};
use crate::error::{CentreError, Result};
use crate::store;

/// What a new order is bound to.
pub(super) struct InForce {
    /// The contract, read.
    pub(super) profile: Arc<Profile>,
    /// Its version.
    pub(super) contract_hash: String,
    /// The calendar's version.
    pub(super) calendar_hash: String,
}

impl Work<'_> {
    /// The newest versions of a contract and of the calendar; `None` while the contract is not published.
    pub(super) fn contract_in_force(&mut self, contract: &str) -> Result<Option<InForce>> {
        let version = self.version_in_force(contract)?;
        let Some(contract_hash) = version.map(|version| version.hash.clone()) else { return Ok(None) };
        let profile = match self.cache.profiles.get(&contract_hash) {
            Some(known) => known.clone(),
            None => {
                let Some(version) = self.version_in_force(contract)? else { return Ok(None) };
                let profile = read(contract, version)?;
                // Read once and kept: what has this hash never changes.
                self.cache.profiles.insert(contract_hash.clone(), profile.clone());
                profile
            }
        };
        let calendar_hash = self.calendar_hash()?;
        Ok(Some(InForce { profile, contract_hash, calendar_hash }))
    }

    /// The newest published version of a contract.
    pub(super) fn version_in_force(&mut self, contract: &str) -> Result<Option<&PublishedVersion>> {
        Ok(match self.site_state(&format!("contract/{contract}"))? {
            Some(EntityState::Contract(published)) => published.versions.last(),
            _ => None,
        })
    }

    /// The newest published notice, or the ones that come with the program: as consoles choose it.
    fn calendar_hash(&mut self) -> Result<String> {
        let published = self.calendar_published()?;
        Ok(published.map_or_else(|| Calendar::builtin().version().to_owned(), |version| version.hash))
    }

    /// The calendar in force: the notices that come with the program, and the published ones over them; one
    /// that cannot be read counts for nothing, as at consoles.
    pub(super) fn calendar_in_force(&self) -> Result<Calendar> {
        let published = self.calendar_published()?;
        let packs = published.and_then(|version| read_packs("calendar", &version.content).ok());
        let packs = packs.into_iter().flatten();
        Ok(packs.fold(Calendar::builtin(), |calendar, pack| calendar.with_pack(pack)))
    }

    /// Of the calendars published that of the latest year, in its newest version.
    fn calendar_published(&self) -> Result<Option<PublishedVersion>> {
        let Some(site) = self.log(SITE) else { return Ok(None) };
        Ok(match store::entities(self.conn, site.n, "calendar")?.pop() {
            Some((_, EntityState::Calendar(mut published))) => published.versions.pop(),
            _ => None,
        })
    }
}

fn read(contract: &str, version: &PublishedVersion) -> Result<Arc<Profile>> {
    let facts = Text { file: contract, text: &version.content };
    let reading = version.reading.as_deref().map(|text| Text { file: "reading", text });
    let settings = version.settings.as_deref().map(|text| Text { file: "settings", text });
    Profile::load(contract, facts, reading, settings)
        .map(Arc::new)
        .map_err(|mistakes| CentreError::Store(format!("a published contract cannot be read: {mistakes}")))
}
