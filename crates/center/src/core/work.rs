//! One transaction's view of the store: cached reads, the entries it appends, the folds it makes.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use rusqlite::Connection;
use zaigang_domain::event::{EntityId, EventId, Reason, Recorded, UserId, Verdict};
use zaigang_domain::judge::{EntityState, Judgement, Trust, fold_entity};
use zaigang_sync::chain::ChainHead;
use zaigang_sync::commit::{COMMIT_VERSION, Commit, TrustCode, VerdictCode, next_head};
use zaigang_sync::envelope::{Content, Id, Place, SealedPart};
use zaigang_sync::protocol::Wake;
use zaigang_sync::{Hash, hex};

use super::cache::{Cache, Held};
use crate::error::{CentreError, Result};
use crate::host::Host;
use crate::store::{self, DeviceRow, LogRow, Meta, NewEntry};

/// The log of users, devices and sessions.
pub(crate) const SITE: &str = "site";

/// An event ready to be given a place in its log.
pub(crate) struct Ready<'a> {
    pub(crate) place: Place,
    pub(crate) event_hash: Hash,
    pub(crate) content: &'a Content,
    pub(crate) envelope: &'a [u8],
    pub(crate) parts: &'a [SealedPart],
}

/// What was made of an event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Made {
    pub(crate) judgement: Judgement,
    pub(crate) effective_at: Timestamp,
    pub(crate) trust: Trust,
}

/// An event in its place.
pub(crate) struct Placed {
    pub(crate) seq: u64,
    pub(crate) commit: Vec<u8>,
}

/// One transaction.
pub(crate) struct Work<'c> {
    pub(crate) conn: &'c Connection,
    pub(crate) cache: &'c mut Cache,
    pub(crate) meta: &'c Meta,
    pub(crate) key: &'c SigningKey,
    pub(crate) host: &'c dyn Host,
    pub(crate) now: Timestamp,
    grown: BTreeSet<String>,
}

/// Unix milliseconds as an instant; what no clock can show becomes the nearest it can.
pub(crate) fn instant(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(if ms < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

impl<'c> Work<'c> {
    pub(super) fn new(
        conn: &'c Connection,
        cache: &'c mut Cache,
        meta: &'c Meta,
        key: &'c SigningKey,
        host: &'c dyn Host,
    ) -> Self {
        let now = instant(host.now_ms());
        Self { conn, cache, meta, key, host, now, grown: BTreeSet::new() }
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.now.as_millisecond()
    }

    /// Random bytes.
    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.host.fill(&mut bytes);
        bytes
    }

    /// A log's row, if it has entries.
    pub(crate) fn log(&self, name: &str) -> Option<LogRow> {
        self.cache.logs.get(name).copied()
    }

    /// A log's row, made when there is none yet.
    pub(crate) fn log_or_new(&mut self, name: &str) -> Result<LogRow> {
        if let Some(row) = self.log(name) {
            return Ok(row);
        }
        let row = store::insert_log(self.conn, name)?;
        self.cache.logs.insert(name.to_owned(), row);
        Ok(row)
    }

    /// A device, if it is enrolled.
    pub(crate) fn device(&mut self, device: Id) -> Result<Option<DeviceRow>> {
        match self.cache.devices.entry(device) {
            Entry::Occupied(known) => Ok(known.get().clone()),
            Entry::Vacant(slot) => Ok(slot.insert(store::device(self.conn, device)?).clone()),
        }
    }

    /// The end of a device's chain.
    pub(crate) fn chain(&mut self, device: Id, incarnation: u32, log: i64) -> Result<ChainHead> {
        match self.cache.chains.entry((device, incarnation, log)) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(slot) => Ok(*slot.insert(store::chain_head(self.conn, device, incarnation, log)?)),
        }
    }

    /// Keys certified for a user on a device.
    pub(crate) fn user_keys(&mut self, user: &str, device: Id) -> Result<&[[u8; 32]]> {
        let device = hex::encode(&device);
        match self.cache.user_keys.entry((user.to_owned(), device)) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(slot) => {
                let keys = store::user_keys(self.conn, &slot.key().0, &slot.key().1)?;
                Ok(slot.insert(keys))
            }
        }
    }

    /// An entity as it stands in this transaction.
    pub(crate) fn held(&mut self, log: i64, name: &str) -> Result<&mut Held> {
        let of_log = self.cache.entities.entry(log).or_default();
        if !of_log.contains_key(name) {
            let (state, effective_at) = store::entity(self.conn, log, name)?.unwrap_or_default();
            of_log.insert(name.to_owned(), Held { state, effective_at, dirty: false });
        }
        of_log
            .get_mut(name)
            .ok_or_else(|| CentreError::Store("the cache lost what was just put there".into()))
    }

    /// Names of a log's entities of a kind, those of this transaction included.
    pub(crate) fn names_of(&self, log: i64, kind: &str) -> Result<BTreeSet<EntityId>> {
        let mut names = store::entity_names(self.conn, log, kind)?;
        let prefix = format!("{kind}/");
        let of_log = self.cache.entities.get(&log).into_iter().flat_map(HashMap::keys);
        names.extend(of_log.filter(|name| name.starts_with(&prefix)).cloned());
        Ok(names.into_iter().filter_map(|name| EntityId::new(name).ok()).collect())
    }

    /// State of an entity of the site log.
    pub(crate) fn site_state(&mut self, name: &str) -> Result<Option<&EntityState>> {
        let Some(site) = self.log(SITE) else { return Ok(None) };
        Ok(self.held(site.n, name)?.state.as_ref())
    }

    /// Gives an event its seq, its commit record and its effect.
    pub(crate) fn append(&mut self, event: &Ready<'_>, made: &Made) -> Result<Placed> {
        let content = event.content;
        let mut log = self.log_or_new(&content.log)?;
        let commit = self.commit_record(log.seq + 1, event.event_hash, made).encode();
        log.seq += 1;
        log.head = next_head(log.head, event.event_hash, &commit);
        self.insert(&log, event, made, &commit)?;
        self.cache.logs.insert(content.log.clone(), log);
        let head = ChainHead { device_seq: event.place.device_seq, event_hash: event.event_hash };
        self.cache.chains.insert((event.place.device, event.place.incarnation, log.n), head);
        if !self.grown.contains(&content.log) {
            self.grown.insert(content.log.clone());
        }
        self.apply(&log, event, made)?;
        Ok(Placed { seq: log.seq, commit })
    }

    fn commit_record(&self, seq: u64, event_hash: Hash, made: &Made) -> Commit {
        Commit {
            v: COMMIT_VERSION,
            seq,
            event_hash: event_hash.0.into(),
            verdict: verdict_code(made.judgement.verdict),
            reason: made.judgement.reason.map(|reason| reason.code().to_owned()),
            winner: made.judgement.winner.map(|id| id.0.into()),
            received_at: self.now_ms(),
            effective_at: made.effective_at.as_millisecond(),
            trust: trust_code(made.trust),
        }
    }

    fn insert(&self, log: &LogRow, event: &Ready<'_>, made: &Made, commit: &[u8]) -> Result<()> {
        let content = event.content;
        let inserted = store::insert_entry(
            self.conn,
            &NewEntry {
                log: log.n,
                seq: log.seq,
                id: *content.id,
                device: event.place.device,
                incarnation: event.place.incarnation,
                device_seq: event.place.device_seq,
                event_hash: event.event_hash,
                head: log.head,
                entity: &content.entity,
                kind: &content.kind,
                verdict: verdict_code(made.judgement.verdict) as u8,
                effective_at: made.effective_at.as_millisecond(),
                envelope: event.envelope,
                commit,
            },
        )?;
        if !inserted {
            return Err(CentreError::BadRequest(super::take::ID_TAKEN.into()));
        }
        for part in event.parts {
            let class =
                content.sealed.get(usize::from(part.index)).map_or("", |sealed| sealed.class.as_str());
            store::insert_part(self.conn, log.n, log.seq, class, part)?;
        }
        Ok(())
    }

    /// Lets an event that has its place take effect on the derived tables.
    pub(crate) fn apply(&mut self, log: &LogRow, event: &Ready<'_>, made: &Made) -> Result<()> {
        let Ok(entity) = EntityId::new(event.content.entity.as_str()) else { return Ok(()) };
        self.fold(log, event.content, &entity, made)?;
        self.project_files(log, event, made.judgement.verdict)?;
        if made.judgement.verdict == Verdict::Accepted {
            self.project(log, event, &entity)?;
        }
        Ok(())
    }

    /// Folds an event into its entity; not yet written to the row.
    pub(crate) fn fold(
        &mut self,
        log: &LogRow,
        content: &Content,
        entity: &EntityId,
        made: &Made,
    ) -> Result<()> {
        let user = content.user.as_deref().and_then(|user| UserId::new(user).ok());
        let deps: Vec<EventId> = content.deps.iter().map(|id| EventId(**id)).collect();
        let recorded = Recorded {
            id: EventId(*content.id),
            kind: &content.kind,
            tv: content.tv,
            user: user.as_ref(),
            entity,
            seq: Some(log.seq),
            effective_at: made.effective_at,
            claimed_at: instant(content.claimed_at),
            trust: Some(made.trust),
            verdict: Some(made.judgement.verdict),
            deps: &deps,
            payload: &content.payload,
        };
        let accepted = made.judgement.verdict == Verdict::Accepted;
        let held = self.held(log.n, entity.as_str())?;
        held.state = fold_entity(held.state.take(), &recorded);
        if accepted {
            held.effective_at = held.effective_at.max(made.effective_at.as_millisecond());
        }
        if !std::mem::replace(&mut held.dirty, true) {
            self.cache.dirty.insert((log.n, entity.as_str().to_owned()));
        }
        Ok(())
    }

    /// Writes the states that are still only in memory.
    pub(super) fn write_entities(&mut self) -> Result<()> {
        for (log, name) in std::mem::take(&mut self.cache.dirty) {
            let Some(held) = self.cache.entities.get_mut(&log).and_then(|of_log| of_log.get_mut(&name))
            else {
                return Err(CentreError::Store("a changed entity left the cache".into()));
            };
            held.dirty = false;
            store::put_entity(self.conn, log, &name, held.state.as_ref(), held.effective_at)?;
        }
        Ok(())
    }

    /// Writes what is still only in memory; gives the logs that grew.
    pub(super) fn finish(mut self) -> Result<Vec<Wake>> {
        self.write_entities()?;
        let mut wakes = Vec::with_capacity(self.grown.len());
        for name in self.grown {
            if let Some(row) = self.cache.logs.get(&name) {
                store::advance_log(self.conn, row)?;
                wakes.push(Wake { log: name, seq: row.seq });
            }
        }
        Ok(wakes)
    }
}

pub(crate) fn verdict_code(verdict: Verdict) -> VerdictCode {
    match verdict {
        Verdict::Accepted => VerdictCode::Accepted,
        Verdict::Unreconciled => VerdictCode::Unreconciled,
        Verdict::Rejected => VerdictCode::Rejected,
        Verdict::Parked => VerdictCode::Parked,
    }
}

pub(crate) fn verdict_of_code(code: VerdictCode) -> Verdict {
    match code {
        VerdictCode::Accepted => Verdict::Accepted,
        VerdictCode::Unreconciled => Verdict::Unreconciled,
        VerdictCode::Rejected => Verdict::Rejected,
        VerdictCode::Parked => Verdict::Parked,
    }
}

pub(crate) fn verdict_of_byte(byte: u8) -> Option<Verdict> {
    match byte {
        0 => Some(Verdict::Accepted),
        1 => Some(Verdict::Unreconciled),
        2 => Some(Verdict::Rejected),
        3 => Some(Verdict::Parked),
        _ => None,
    }
}

fn trust_code(trust: Trust) -> TrustCode {
    match trust {
        Trust::Exact => TrustCode::Exact,
        Trust::Corrected => TrustCode::Corrected,
        Trust::Bounded => TrustCode::Bounded,
        Trust::Clamped => TrustCode::Clamped,
        Trust::Claimed => TrustCode::Claimed,
    }
}

pub(crate) fn trust_of_code(code: TrustCode) -> Trust {
    match code {
        TrustCode::Exact => Trust::Exact,
        TrustCode::Corrected => Trust::Corrected,
        TrustCode::Bounded => Trust::Bounded,
        TrustCode::Clamped => Trust::Clamped,
        TrustCode::Claimed => Trust::Claimed,
    }
}

/// The judgement that a stored commit record tells.
pub(crate) fn made_of(commit: &Commit) -> Made {
    Made {
        judgement: Judgement {
            verdict: verdict_of_code(commit.verdict),
            reason: commit.reason.as_deref().and_then(Reason::from_code),
            winner: commit.winner.map(|id| EventId(*id)),
        },
        effective_at: instant(commit.effective_at),
        trust: trust_of_code(commit.trust),
    }
}
