//! What screens read of single things. Lists are queries on the projections ([`Store::reader`]).

use rusqlite::{OptionalExtension as _, Row, params};
use std::collections::BTreeMap;
use zaigang_domain::event::{EntityId, EventId, UserId, Verdict};
use zaigang_domain::judge::{EntityState, Trust};
use zaigang_domain::order::Order;
use zaigang_domain::people::{Actor, DeviceState, UserState, Whereabouts};
use zaigang_sync::commit::{Commit, TrustCode};
use zaigang_sync::envelope::{CENTRE_EVENT_BYTES_MAX, Content, Envelope, Id};

use super::Store;
use super::clocks::{
    PUBLICATION, Publication, PublicationHead, publication_by_hash, publication_heads, read_publication,
};
use super::entities::verdict;
use super::error::Result;
use super::logs::SEQ_BITS;

/// One event of a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Event id.
    pub id: EventId,
    /// Log.
    pub log: String,
    /// What it is about.
    pub entity: String,
    /// Event type.
    pub kind: String,
    /// Payload version.
    pub tv: u16,
    /// Who.
    pub user: Option<String>,
    /// The device that wrote it.
    pub device: Id,
    /// Payload, JSON.
    pub payload: String,
    /// When it happened by the person's account, Unix milliseconds.
    pub claimed_at: i64,
    /// The device's clock when it was written, Unix milliseconds.
    pub wall_at: i64,
    /// What the centre added; absent while pending.
    pub committed: Option<Committed>,
}

/// What the centre added to an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Place in the log.
    pub seq: u64,
    /// Verdict.
    pub verdict: Verdict,
    /// Stable reason code.
    pub reason: Option<String>,
    /// The event that won.
    pub winner: Option<EventId>,
    /// The centre's clock then, Unix milliseconds.
    pub received_at: i64,
    /// The time that counts, Unix milliseconds.
    pub effective_at: i64,
    /// How far to trust it.
    pub trust: Trust,
}

impl Step {
    /// The time that counts: effective where judged, else claimed.
    #[must_use]
    pub fn at(&self) -> i64 {
        self.committed.as_ref().map_or(self.claimed_at, |committed| committed.effective_at)
    }
}

/// A pending event as the sync page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingInfo {
    /// Event id.
    pub id: EventId,
    /// Entity id.
    pub entity: String,
    /// Event type.
    pub kind: String,
    /// When it happened by the person's account, Unix milliseconds.
    pub claimed_at: i64,
}

/// A person of the site log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// User id.
    pub id: String,
    /// Log-in name.
    pub login: String,
    /// Name shown.
    pub name: String,
    /// Pinyin initials of the name.
    pub initials: String,
    /// Stable words of the roles.
    pub roles: Vec<String>,
    /// Contracts the roles hold for; empty means all.
    pub contracts: Vec<String>,
    /// Divisions the roles hold for; empty means all.
    pub divisions: Vec<String>,
    /// Contract post.
    pub post: Option<String>,
    /// On site.
    pub onsite: bool,
    /// Disabled.
    pub disabled: bool,
}

fn trust(code: TrustCode) -> Trust {
    match code {
        TrustCode::Exact => Trust::Exact,
        TrustCode::Corrected => Trust::Corrected,
        TrustCode::Bounded => Trust::Bounded,
        TrustCode::Clamped => Trust::Clamped,
        TrustCode::Claimed => Trust::Claimed,
    }
}

fn step(envelope: &[u8], commit: Option<&[u8]>) -> Result<Step> {
    let (envelope, content) = Envelope::decode(envelope, CENTRE_EVENT_BYTES_MAX)?;
    let commit = commit.map(Commit::decode).transpose()?;
    let Content { id, log, entity, kind, tv, user, payload, claimed_at, wall_at, .. } = content;
    Ok(Step {
        id: EventId(*id),
        log,
        entity,
        kind,
        tv,
        user,
        device: *envelope.device,
        payload,
        claimed_at,
        wall_at,
        committed: commit.map(|commit| Committed {
            seq: commit.seq,
            verdict: verdict(commit.verdict),
            reason: commit.reason,
            winner: commit.winner.map(|id| EventId(*id)),
            received_at: commit.received_at,
            effective_at: commit.effective_at,
            trust: trust(commit.trust),
        }),
    })
}

fn read_person(row: &Row<'_>) -> Result<Person> {
    let list = |at: usize| -> Result<Vec<String>> {
        Ok(serde_json::from_str(row.get_ref(at)?.as_str().map_err(rusqlite::Error::from)?)?)
    };
    Ok(Person {
        id: row.get(0)?,
        login: row.get(1)?,
        name: row.get(2)?,
        initials: row.get(3)?,
        roles: list(4)?,
        contracts: list(5)?,
        divisions: list(6)?,
        post: row.get(7)?,
        onsite: row.get(8)?,
        disabled: row.get(9)?,
    })
}

impl Store {
    /// The shown state of an entity: confirmed events with pending ones folded in.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`], [`super::StoreError::Json`].
    pub fn entity(&self, name: &str) -> Result<Option<EntityState>> {
        let text: Option<Option<String>> = self
            .conn
            .prepare_cached(
                "SELECT coalesce(shown, confirmed) FROM entity WHERE name = ?1 ORDER BY n LIMIT 1",
            )?
            .query_row([name], |row| row.get(0))
            .optional()?;
        Ok(text.flatten().map(|text| serde_json::from_str(&text)).transpose()?)
    }

    /// The shown state of an order, by its entity id or its number.
    ///
    /// # Errors
    /// As [`Store::entity`].
    pub fn order(&self, id_or_number: &str) -> Result<Option<(EntityId, Order)>> {
        let id: Option<String> = self
            .conn
            .prepare_cached("SELECT id FROM orders WHERE id = ?1 OR number = ?1 ORDER BY entity LIMIT 1")?
            .query_row([id_or_number], |row| row.get(0))
            .optional()?;
        let Some(id) = id else { return Ok(None) };
        let Some(EntityState::Order(order)) = self.entity(&id)? else { return Ok(None) };
        Ok(EntityId::new(id).ok().map(|id| (id, *order)))
    }

    /// The log an entity lives in.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn log_of(&self, entity: &str) -> Result<Option<String>> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT log.name FROM entity JOIN log ON log.n = entity.log WHERE entity.name = ?1 ORDER BY entity.n",
            )?
            .query_row([entity], |row| row.get(0))
            .optional()?)
    }

    /// All events of an entity: committed ones by seq, then pending ones in the order written.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`], [`super::StoreError::Envelope`].
    pub fn timeline(&self, entity: &str) -> Result<Vec<Step>> {
        let mut steps = Vec::new();
        let mut committed = self.conn.prepare_cached(
            "SELECT envelope, commit_record FROM entry JOIN entity ON entity.n = entry.entity
             WHERE entity.name = ?1 ORDER BY entry.place",
        )?;
        let mut rows = committed.query([entity])?;
        while let Some(row) = rows.next()? {
            steps.push(step(blob(row, 0)?, Some(blob(row, 1)?))?);
        }
        let mut pending = self.conn.prepare_cached(
            "SELECT envelope FROM pending JOIN entity ON entity.n = pending.entity
             WHERE entity.name = ?1 ORDER BY pending.n",
        )?;
        let mut rows = pending.query([entity])?;
        while let Some(row) = rows.next()? {
            steps.push(step(blob(row, 0)?, None)?);
        }
        Ok(steps)
    }

    /// One event, committed or pending.
    ///
    /// # Errors
    /// As [`Store::timeline`].
    pub fn event(&self, id: EventId) -> Result<Option<Step>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT envelope, commit_record FROM entry WHERE id = ?1
             UNION ALL SELECT envelope, NULL FROM pending WHERE id = ?1",
        )?;
        let mut rows = statement.query([id.0])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let commit = row.get_ref(1)?.as_blob_or_null().map_err(rusqlite::Error::from)?;
        Ok(Some(step(blob(row, 0)?, commit)?))
    }

    /// A sealed part of an event, JSON; absent when this device may not see it or it was erased.
    ///
    /// # Errors
    /// As [`Store::timeline`].
    pub fn sealed_part(&self, id: EventId, name: &str) -> Result<Option<String>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT envelope FROM entry WHERE id = ?1 UNION ALL SELECT envelope FROM pending WHERE id = ?1",
        )?;
        let mut rows = statement.query([id.0])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let (_, content) = Envelope::decode(blob(row, 0)?, CENTRE_EVENT_BYTES_MAX)?;
        let Some(part) = content.sealed.iter().position(|part| part.name == name) else { return Ok(None) };
        Ok(self
            .conn
            .prepare_cached("SELECT content FROM sealed WHERE id = ?1 AND part = ?2")?
            .query_row(params![id.0, part], |row| row.get(0))
            .optional()?)
    }

    /// Own events waiting for the centre, oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn pending(&self, limit: u32) -> Result<Vec<PendingInfo>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT pending.id, entity.name, pending.kind, pending.claimed_at
             FROM pending JOIN entity ON entity.n = pending.entity ORDER BY pending.n LIMIT ?1",
        )?;
        let rows = statement.query_map([limit], |row| {
            Ok(PendingInfo {
                id: EventId(row.get(0)?),
                entity: row.get(1)?,
                kind: row.get(2)?,
                claimed_at: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Everyone of the site log, by name.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`], [`super::StoreError::Json`].
    pub fn people(&self) -> Result<Vec<Person>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, login, name, initials, roles, contracts, divisions, post, onsite, disabled
             FROM person ORDER BY name, id",
        )?;
        let mut rows = statement.query([])?;
        let mut people = Vec::new();
        while let Some(row) = rows.next()? {
            people.push(read_person(row)?);
        }
        Ok(people)
    }

    /// The shown states of all entities of a kind, such as `coverage`, by name.
    ///
    /// # Errors
    /// As [`Store::entity`].
    pub fn entities_of(&self, kind: &str) -> Result<Vec<(EntityId, EntityState)>> {
        // '0' is the character after '/': all names of this kind lie between.
        let mut statement = self.conn.prepare_cached(
            "SELECT name, coalesce(shown, confirmed) AS state FROM entity
             WHERE name >= ?1 || '/' AND name < ?1 || '0' AND state IS NOT NULL ORDER BY name, log",
        )?;
        let mut rows = statement.query([kind])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let name: String = row.get(0)?;
            let state = serde_json::from_str(&row.get::<_, String>(1)?)?;
            found.extend(EntityId::new(name).ok().map(|name| (name, state)));
        }
        Ok(found)
    }

    /// What was told last of where each person is, by user id; of one told in several logs the later word.
    ///
    /// # Errors
    /// As [`Store::entity`].
    pub fn whereabouts(&self) -> Result<BTreeMap<String, Whereabouts>> {
        let mut found: BTreeMap<String, Whereabouts> = BTreeMap::new();
        for (entity, state) in self.entities_of("whereabouts")? {
            let EntityState::Whereabouts(said) = state else { continue };
            let user = entity.local().to_owned();
            if found.get(&user).is_none_or(|before| before.since <= said.since) {
                found.insert(user, said);
            }
        }
        Ok(found)
    }

    /// The name of a user, or the id where the site log does not tell.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn person_name(&self, id: &str) -> Result<String> {
        let name: Option<String> = self
            .conn
            .prepare_cached("SELECT name FROM person WHERE id = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        Ok(name.unwrap_or_else(|| id.to_owned()))
    }

    /// A user's state.
    ///
    /// # Errors
    /// As [`Store::entity`].
    pub fn user(&self, id: &UserId) -> Result<Option<UserState>> {
        Ok(match self.entity(EntityId::user(id).as_str())? {
            Some(EntityState::User(user)) => Some(user),
            _ => None,
        })
    }

    /// A user as rights see him, on this device, under an open session.
    ///
    /// # Errors
    /// As [`Store::entity`].
    pub fn actor(&self, id: &UserId) -> Result<Actor> {
        let Some(user) = self.user(id)? else { return Ok(Actor::unknown(id.clone())) };
        let device = match &self.identity {
            Some(identity) => self.entity(&format!("device/{}", identity.device_text()))?,
            None => None,
        };
        let device = match device {
            Some(EntityState::Device(device)) => device,
            // Not pulled yet: the centre will know.
            _ => DeviceState::default(),
        };
        Ok(Actor::of(id.clone(), &user, Some(&device), true))
    }

    /// All versions of a contract or calendar, or of all of them, oldest first.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn publications(&self, entity: Option<&str>) -> Result<Vec<Publication>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "{PUBLICATION} WHERE ?1 IS NULL OR entity = ?1 ORDER BY entity, version"
        ))?;
        Ok(statement.query_map([entity], read_publication)?.collect::<rusqlite::Result<_>>()?)
    }

    /// As [`Store::publications`], without the texts.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn publication_heads(&self, entity: Option<&str>) -> Result<Vec<PublicationHead>> {
        publication_heads(&self.conn, entity)
    }

    /// A version of a contract or calendar by its hash.
    ///
    /// # Errors
    /// [`super::StoreError::Sqlite`].
    pub fn publication(&self, hash: &str) -> Result<Option<Publication>> {
        publication_by_hash(&self.conn, hash)
    }

    /// Name of a log and seq of a place, for messages.
    pub(crate) fn describe_place(&self, place: i64) -> Result<(String, u64)> {
        let name: Option<String> = self
            .conn
            .prepare_cached("SELECT name FROM log WHERE n = ?1")?
            .query_row([place >> SEQ_BITS], |row| row.get(0))
            .optional()?;
        Ok((name.unwrap_or_default(), (place & ((1 << SEQ_BITS) - 1)).unsigned_abs()))
    }
}

pub(crate) fn blob<'r>(row: &'r Row<'_>, at: usize) -> Result<&'r [u8]> {
    Ok(row.get_ref(at)?.as_blob().map_err(rusqlite::Error::from)?)
}
