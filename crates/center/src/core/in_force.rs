//! The versions in force for orders that the centre registers.

use std::sync::Arc;

use zaigang_domain::calendar::Calendar;
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
        let version = match self.site_state(&format!("contract/{contract}"))? {
            Some(EntityState::Contract(published)) => published.versions.last().cloned(),
            _ => None,
        };
        let Some(version) = version else { return Ok(None) };
        let profile = self.profile(contract, &version)?;
        let calendar_hash = self.calendar_hash()?;
        Ok(Some(InForce { profile, contract_hash: version.hash, calendar_hash }))
    }

    /// A version, read once and kept: what has this hash never changes.
    fn profile(&mut self, contract: &str, version: &PublishedVersion) -> Result<Arc<Profile>> {
        if let Some(known) = self.cache.profiles.get(&version.hash) {
            return Ok(known.clone());
        }
        let facts = Text { file: contract, text: &version.content };
        let reading = version.reading.as_deref().map(|text| Text { file: "reading", text });
        let settings = version.settings.as_deref().map(|text| Text { file: "settings", text });
        let profile = Profile::load(contract, facts, reading, settings).map_err(|mistakes| {
            CentreError::Store(format!("a published contract cannot be read: {mistakes}"))
        })?;
        let profile = Arc::new(profile);
        self.cache.profiles.insert(version.hash.clone(), profile.clone());
        Ok(profile)
    }

    /// The newest published notice, or the ones that come with the program: as consoles choose it.
    fn calendar_hash(&mut self) -> Result<String> {
        let Some(site) = self.log(SITE) else { return Ok(Calendar::builtin().version().to_owned()) };
        let newest = store::entities(self.conn, site.n, "calendar")?.pop();
        let version = match newest {
            Some((_, EntityState::Calendar(published))) => published.versions.last().map(|v| v.hash.clone()),
            _ => None,
        };
        Ok(version.unwrap_or_else(|| Calendar::builtin().version().to_owned()))
    }
}
