//! Writing: one person, under one session, on one console.

use super::contract::Contracts;
use super::desk::Desk;
use crate::door::dto::{DoorError, Written as Done};
use crate::host::Host;
use crate::store::{Author, Draft, Store, StoreError, Written};
use rusqlite::OptionalExtension as _;
use serde::Serialize;
use zaigang_domain::event::{EntityId, LogName};
use zaigang_domain::people::Actor;

/// Longest idempotency key taken.
const KEY_CHARS_MAX: usize = 128;

/// What a write needs.
pub struct Pen<'a> {
    /// The store.
    pub store: &'a mut Store,
    /// Contract versions read so far.
    pub contracts: &'a Contracts,
    /// Clock and randomness.
    pub host: &'a dyn Host,
    /// Who acts.
    pub actor: &'a Actor,
    /// His session and key.
    pub author: Author<'a>,
}

impl Pen<'_> {
    /// The same person reading, now.
    pub(crate) fn desk(&self) -> Desk<'_> {
        Desk { store: self.store, contracts: self.contracts, actor: self.actor, now: self.host.now() }
    }

    /// Whether a key was used before: what stands then must not be decided again.
    pub(crate) fn is_repeated(&self, key: &str) -> Result<bool, StoreError> {
        let found: Option<i64> = self
            .store
            .reader()
            .prepare_cached("SELECT 1 FROM idempotency WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()?;
        Ok(found.is_some())
    }

    /// An event by its payload, said now.
    pub(crate) fn fact(&self, kind: &str, payload: &impl Serialize) -> Result<Draft, DoorError> {
        let payload = serde_json::to_string(payload).map_err(DoorError::broken)?;
        Ok(Draft::fact(kind, payload, self.host.now().as_millisecond()))
    }

    /// Writes one event about an entity.
    pub(crate) fn put(
        &mut self,
        log: &LogName,
        entity: &EntityId,
        draft: Draft,
        key: &str,
        message: String,
    ) -> Result<Done, DoorError> {
        let changed = self.append(log, entity, vec![draft], key)?.changed;
        Ok(Done { id: entity.to_string(), message, changed: changed.into_iter().collect() })
    }

    pub(crate) fn append(
        &mut self,
        log: &LogName,
        entity: &EntityId,
        drafts: Vec<Draft>,
        key: &str,
    ) -> Result<Written, StoreError> {
        self.store.append(self.host, log, entity, drafts, Some(self.author), Some(key))
    }
}

/// The answer to a key that was used before: what was written then.
pub(crate) fn already(entity: &EntityId, message: String) -> Done {
    Done { id: entity.to_string(), message, changed: Vec::new() }
}

/// The key under which a write is remembered: the caller's, told apart by person and kind of write.
pub(crate) fn scoped_key(actor: &Actor, kind: &str, key: &str) -> Option<String> {
    let key = key.trim();
    if key.is_empty() || key.chars().count() > KEY_CHARS_MAX {
        return None;
    }
    let user = actor.user().map(ToString::to_string).unwrap_or_default();
    Some(format!("{kind}/{user}/{key}"))
}
