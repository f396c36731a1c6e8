//! The contract and calendar versions that orders are bound to, read once and kept.

use super::clocks;
use crate::store::{ClockProjector, OrderClocks, Publication};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use zaigang_domain::calendar::{Calendar, read_packs};
use zaigang_domain::clock::Engine;
use zaigang_domain::contract::{Profile, Text};
use zaigang_domain::order::Order;

/// A contract version with a calendar version, ready to count.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    /// The contract.
    pub profile: &'static Profile,
    /// The calendar.
    pub calendar: &'static Calendar,
    /// Both, compiled.
    pub engine: &'static Engine<'static>,
}

/// Versions known so far, by hash.
///
/// A version never changes and a site has few, so each lives as long as the process: its rules can
/// then be borrowed from anywhere.
#[derive(Debug, Default)]
pub struct Contracts {
    profiles: Mutex<HashMap<String, Option<&'static Profile>>>,
    /// By contract hash, calendar hash, and whether the calendar is the one named.
    bound: Mutex<HashMap<(String, String, bool), Bound>>,
}

impl Contracts {
    /// An empty cache.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// What an order is bound to; `None` where its contract version is not here or cannot be read.
    ///
    /// A calendar that is not here yet is counted by the program's own until it comes: only a binding
    /// to the very calendar named is final.
    pub fn bound(
        &self,
        contract_hash: &str,
        calendar_hash: &str,
        published: &dyn Fn(&str) -> Option<Publication>,
    ) -> Option<Bound> {
        let key = |is_final| (contract_hash.to_owned(), calendar_hash.to_owned(), is_final);
        if let Some(bound) = lock(&self.bound).get(&key(true)) {
            return Some(*bound);
        }
        let version = published(calendar_hash);
        let is_final = version.is_some() || calendar_hash == builtin_version();
        if let Some(bound) = lock(&self.bound).get(&key(is_final)) {
            return Some(*bound);
        }
        let profile = self.profile(contract_hash, published)?;
        let calendar: &'static Calendar = Box::leak(Box::new(calendar(version.as_ref())));
        let engine: &'static Engine<'static> = Box::leak(Box::new(Engine::new(profile, calendar)));
        let bound = Bound { profile, calendar, engine };
        Some(*lock(&self.bound).entry(key(is_final)).or_insert(bound))
    }

    /// A contract version; `None` where it is not here or cannot be read.
    pub(crate) fn profile(
        &self,
        hash: &str,
        published: &dyn Fn(&str) -> Option<Publication>,
    ) -> Option<&'static Profile> {
        if let Some(known) = lock(&self.profiles).get(hash) {
            return *known;
        }
        // A version that is not here yet may come later: only what was read is remembered.
        let version = published(hash)?;
        let profile: Option<&'static Profile> = read(&version).map(|profile| &*Box::leak(Box::new(profile)));
        *lock(&self.profiles).entry(hash.to_owned()).or_insert(profile)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Version of the calendar that comes with the program.
fn builtin_version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| Calendar::builtin().version().to_owned())
}

/// Reads a published contract, from the texts that were published and no others.
fn read(version: &Publication) -> Option<Profile> {
    let id = version.entity.strip_prefix("contract/")?;
    let facts = Text { file: id, text: &version.content };
    let reading = version.reading.as_deref().map(|text| Text { file: "reading", text });
    let settings = version.settings.as_deref().map(|text| Text { file: "settings", text });
    Profile::load(id, facts, reading, settings)
        .inspect_err(
            |mistakes| tracing::error!(contract = id, %mistakes, "a published contract cannot be read"),
        )
        .ok()
}

/// The notices compiled in, with a published pack (or list of packs) over them.
pub(crate) fn calendar(version: Option<&Publication>) -> Calendar {
    let builtin = Calendar::builtin();
    let Some(version) = version.filter(|version| version.entity.starts_with("calendar/")) else {
        return builtin;
    };
    match read_packs(&version.entity, &version.content) {
        Ok(packs) => packs.into_iter().fold(builtin, |calendar, pack| calendar.with_pack(pack)),
        Err(mistakes) => {
            tracing::error!(%mistakes, "a published calendar cannot be read");
            builtin
        }
    }
}

impl ClockProjector for Contracts {
    fn project(&self, order: &Order, published: &dyn Fn(&str) -> Option<Publication>) -> OrderClocks {
        let bound = self.bound(&order.contract_hash, &order.calendar_hash, published);
        bound.map_or_else(
            || OrderClocks { clocks: "[]".to_owned(), ..OrderClocks::default() },
            |bound| clocks::projected(bound, order),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zaigang_domain::contract::shipped;
    use zaigang_domain::people::PublishedVersion;

    fn contract(reading: Option<&str>) -> Publication {
        let texts = shipped("guangxi-police").unwrap();
        let settings = texts.settings.map(|settings| settings.text);
        Publication {
            entity: "contract/guangxi-police".into(),
            version: 1,
            hash: PublishedVersion::text_hash(texts.facts.text, reading, settings),
            title: "001".into(),
            accepted_on: None,
            content: texts.facts.text.into(),
            reading: reading.map(Into::into),
            settings: settings.map(Into::into),
        }
    }

    /// What a program ships may be older or newer than what was published: it must not matter.
    #[test]
    fn a_contract_is_read_as_it_was_published_and_not_as_the_program_ships_it() {
        let shipped = shipped("guangxi-police").unwrap().reading.text;
        let (with, without) = (contract(Some(shipped)), contract(None));
        assert_ne!(with.hash, without.hash, "another reading is another version");
        let contracts = Contracts::new();
        let both = [with.clone(), without.clone()];
        let published = |hash: &str| both.iter().find(|version| version.hash == hash).cloned();
        let cases = |hash: &str| contracts.bound(hash, "k", &published).unwrap().profile.level_cases.len();
        assert!(cases(&with.hash) > 0);
        assert_eq!(cases(&without.hash), 0);
    }

    /// An order may come before the calendar its registrar already had.
    #[test]
    fn a_calendar_that_comes_later_takes_the_place_of_the_programs_own() {
        let texts = shipped("guangxi-police").unwrap();
        let contract = contract(Some(texts.reading.text));
        let pack =
            include_str!("../../../../assets/calendars/2025.json").replace("关于2025年", "更正关于2025年");
        let calendar = Publication {
            entity: "calendar/2031".into(),
            hash: PublishedVersion::text_hash(&pack, None, None),
            content: pack,
            reading: None,
            settings: None,
            ..contract.clone()
        };
        let contracts = Contracts::new();
        let version = |known: &[&Publication]| {
            let published = |hash: &str| {
                known.iter().find(|version| version.hash == hash).map(|version| (*version).clone())
            };
            contracts.bound(&contract.hash, &calendar.hash, &published).unwrap().calendar.version().to_owned()
        };
        let before = version(&[&contract]);
        assert_eq!(before, builtin_version());
        assert_eq!(version(&[&contract]), before);
        let after = version(&[&contract, &calendar]);
        assert_ne!(after, before, "the calendar that came is used");
        // From then on it needs no look at the store.
        assert_eq!(version(&[&contract]), after);
    }
}
