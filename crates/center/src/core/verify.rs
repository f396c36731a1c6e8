//! Checking the whole store: every hash, chain, head and signature, and the derived tables against
//! a rebuild from nothing.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use rusqlite::Connection;
use serde::Serialize;
use zaigang_domain::event::{EntityId, Issuer, Verdict, event_type};
use zaigang_domain::judge::EntityState;
use zaigang_sync::chain::{ChainHead, Fit, fit};
use zaigang_sync::commit::{Commit, next_head};
use zaigang_sync::envelope::{CENTRE_EVENT_BYTES_MAX, Content, Envelope, Id, Place, SealedPart};
use zaigang_sync::keys::{verify_attestation, verify_consent};
use zaigang_sync::page::Attestation;
use zaigang_sync::{Hash, hex};

use super::Centre;
use super::cache::Cache;
use super::work::{Made, Ready, SITE, Work, made_of, verdict_code};
use crate::error::Result;
use crate::host::Host;
use crate::store::{self, LogRow, Meta, WholeEntry};

/// Entries checked between two writes of the rebuild.
const BATCH: u32 = 1_000;

/// The first thing found wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadRow {
    /// The log; empty where it is none's.
    pub log: String,
    /// The seq; 0 where it is none's.
    pub seq: u64,
    /// What is wrong.
    pub what: String,
}

/// What was checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Entries per log.
    pub logs: BTreeMap<String, u64>,
    /// Files whose content was checked.
    pub files: u64,
    /// Files named whose content has not come yet: no fault.
    pub files_missing: u64,
    /// The first bad row; absent when all is well.
    pub bad: Option<BadRow>,
}

/// An entry, decoded and found to fit its own hashes.
struct Sound {
    place: Place,
    event_hash: Hash,
    content_hash: Hash,
    content: Content,
    user_signature: Option<[u8; 64]>,
    made: Made,
}

/// Ends of chains and how far each is signed, within one log.
#[derive(Default)]
struct Chains {
    heads: HashMap<(Id, u32), (ChainHead, u64)>,
    /// Last seq signed of each.
    signed: HashMap<(Id, u32), u64>,
}

impl Centre {
    /// Checks everything; the store is only read.
    ///
    /// # Errors
    /// [`crate::error::CentreError::Store`] when it cannot even be read.
    pub fn verify(&mut self) -> Result<Verified> {
        let mut rebuild = Rebuild {
            conn: store::in_memory()?,
            cache: Cache::default(),
            meta: self.meta.clone(),
            key: self.key.clone(),
            host: self.host.clone(),
        };
        let mut verified = self.look(|work| {
            if let Some(what) = store::damage(work.conn)? {
                return Ok(Verified { bad: Some(bad("", 0, what)), ..Verified::default() });
            }
            let mut verified = Verified::default();
            let mut logs = store::logs(work.conn)?;
            // Keys and sessions come from the site log: it is replayed first.
            logs.sort_by_key(|(name, _)| (name != SITE, name.clone()));
            for (name, row) in logs {
                store::copy_log(&rebuild.conn, row.n, &name)?;
                verified.bad = check_log(work, &mut rebuild, &name, &row)?;
                if verified.bad.is_some() {
                    return Ok(verified);
                }
                verified.logs.insert(name, row.seq);
            }
            verified.bad = compare(work, &rebuild.conn)?;
            Ok(verified)
        })?;
        if verified.bad.is_none() {
            verified.bad = self.check_files(&mut verified)?;
        }
        Ok(verified)
    }

    /// The content of every file against its hash; erased ones must be gone.
    fn check_files(&self, verified: &mut Verified) -> Result<Option<BadRow>> {
        for (name, log) in store::logs(&self.conn)? {
            for file in store::files_of(&self.conn, log.n)? {
                let stored = self.files.stored(&name, file.hash)?;
                let what = match (file.erased, stored.whole) {
                    (true, _) if stored.bytes > 0 => "was erased and is still there",
                    (true, _) => continue,
                    (false, false) => {
                        verified.files_missing += 1;
                        continue;
                    }
                    (false, true) if self.files.is_sound(&name, file.hash, file.bytes)? => {
                        verified.files += 1;
                        continue;
                    }
                    (false, true) => "does not fit its hash",
                };
                return Ok(Some(bad(&name, 0, format!("the file {} {what}", file.hash))));
            }
        }
        Ok(None)
    }
}

fn bad(log: &str, seq: u64, what: impl Into<String>) -> BadRow {
    BadRow { log: log.to_owned(), seq, what: what.into() }
}

/// A second store, in memory, in which the derived tables are built again.
struct Rebuild {
    conn: Connection,
    cache: Cache,
    meta: Meta,
    key: SigningKey,
    host: Arc<dyn Host>,
}

impl Rebuild {
    fn work(&mut self) -> Work<'_> {
        self.cache.trim();
        Work::new(&self.conn, &mut self.cache, &self.meta, &self.key, &*self.host)
    }
}

fn check_log(work: &Work<'_>, rebuild: &mut Rebuild, name: &str, row: &LogRow) -> Result<Option<BadRow>> {
    let mut at = LogRow { seq: 0, head: Hash::ZERO, ..*row };
    let mut chains = Chains::default();
    loop {
        let entries = store::whole_entries(work.conn, row.n, at.seq, BATCH)?;
        let Some(last) = entries.last().map(|entry| entry.seq) else { break };
        let signatures = store::attestations(work.conn, row.n, at.seq + 1, last)?;
        let parts = store::parts(work.conn, row.n, at.seq + 1, last)?;
        let mut rebuild = rebuild.work();
        for entry in &entries {
            let of = |what: &'static str| Some(bad(name, at.seq + 1, what));
            if entry.seq != at.seq + 1 || entry.log != row.n {
                return Ok(of("a seq is missing"));
            }
            let sound = match read(entry, name, at.head) {
                Ok(sound) => sound,
                Err(what) => return Ok(of(what)),
            };
            at = LogRow { seq: entry.seq, head: entry.head, ..at };
            let of = |what: &'static str| Some(bad(name, entry.seq, what));
            if !chains.advance(&sound, entry.seq) {
                return Ok(of("the chain of its device is broken"));
            }
            let own = |part: &&(u64, String, SealedPart)| part.0 == entry.seq;
            if !parts.iter().filter(own).all(|(_, class, part)| part_fits(&sound.content, class, part)) {
                return Ok(of("a sealed part does not fit its digest"));
            }
            if let Some(what) = unauthorised(&mut rebuild, &sound)? {
                return Ok(of(what));
            }
            apply(&mut rebuild, &at, entry, &sound)?;
            let signature = signatures.iter().find(|signature| signature.seq == entry.seq);
            if let Some(signature) = signature
                && !chains.attest(&mut rebuild, &sound, signature)?
            {
                return Ok(of("the signature of its device is wrong"));
            }
        }
        rebuild.finish()?;
    }
    if at.seq != row.seq || at.head != row.head {
        return Ok(Some(bad(name, row.seq, "the log's head is not that of its last entry")));
    }
    Ok(chains.unsigned().map(|seq| bad(name, seq, "no signature of its device covers it")))
}

fn read(entry: &WholeEntry, log: &str, head: Hash) -> std::result::Result<Sound, &'static str> {
    let (envelope, content) = Envelope::decode(&entry.envelope, CENTRE_EVENT_BYTES_MAX)
        .map_err(|_| "the envelope cannot be read")?;
    let commit = Commit::decode(&entry.commit).map_err(|_| "the commit record cannot be read")?;
    let event_hash = envelope.event_hash(log);
    if content.log != log || event_hash != entry.event_hash || *commit.event_hash != event_hash.0 {
        return Err("the event hash does not match");
    }
    if commit.seq != entry.seq || next_head(head, event_hash, &entry.commit) != entry.head {
        return Err("the head does not follow from the entry before");
    }
    let made = made_of(&commit);
    let columns = *content.id == entry.id
        && *envelope.device == entry.device
        && envelope.incarnation == entry.incarnation
        && envelope.device_seq == entry.device_seq
        && content.entity == entry.entity
        && content.kind == entry.kind
        && verdict_code(made.judgement.verdict) as u8 == entry.verdict
        && commit.effective_at == entry.effective_at;
    if !columns {
        return Err("a column differs from the envelope or the commit record");
    }
    let place = Place {
        device: entry.device,
        incarnation: entry.incarnation,
        device_seq: entry.device_seq,
        prev: Hash(*envelope.prev),
    };
    let user_signature = envelope.user_signature.map(|signature| *signature);
    Ok(Sound { place, event_hash, content_hash: envelope.content_hash(), content, user_signature, made })
}

fn part_fits(content: &Content, class: &str, part: &SealedPart) -> bool {
    let reference = content.sealed.get(usize::from(part.index));
    reference.is_some_and(|reference| *reference.digest == part.digest().0 && reference.class == class)
}

/// Why an event that took effect should not have: nobody's session, or consent without signature.
fn unauthorised(rebuild: &mut Work<'_>, sound: &Sound) -> Result<Option<&'static str>> {
    let content = &sound.content;
    if sound.made.judgement.verdict != Verdict::Accepted || sound.place.device == rebuild.meta.device {
        return Ok(None);
    }
    let (Some(row), Some(user)) = (event_type(&content.kind), &content.user) else {
        return Ok(Some("it was accepted without a known type and user"));
    };
    if row.issuer != Issuer::Anyone {
        let session = content.session.map(|session| format!("session/{}", hex::encode(&session[..])));
        let state = match &session {
            Some(session) => rebuild.site_state(session)?,
            None => None,
        };
        let device = hex::encode(&sound.place.device);
        let open = matches!(state, Some(EntityState::Session(session))
            if session.user.as_str() == user && session.device.as_str() == device);
        if !open {
            return Ok(Some("its user had no session on that device"));
        }
    }
    if row.consent {
        let keys = rebuild.user_keys(user, sound.place.device)?;
        let signed = |signature| keys.iter().any(|key| verify_consent(key, sound.content_hash, signature));
        if !sound.user_signature.as_ref().is_some_and(signed) {
            return Ok(Some("the signature of its user is wrong"));
        }
    }
    Ok(None)
}

fn apply(rebuild: &mut Work<'_>, at: &LogRow, entry: &WholeEntry, sound: &Sound) -> Result<()> {
    rebuild.cache.logs.insert(sound.content.log.clone(), *at);
    let ready = Ready {
        place: sound.place,
        event_hash: sound.event_hash,
        content: &sound.content,
        envelope: &entry.envelope,
        parts: &[],
    };
    rebuild.apply(at, &ready, &sound.made)
}

impl Chains {
    fn advance(&mut self, sound: &Sound, seq: u64) -> bool {
        let (head, last) = self.heads.entry((sound.place.device, sound.place.incarnation)).or_default();
        let next = fit(*head, &sound.place) == Fit::Next;
        *head = ChainHead { device_seq: sound.place.device_seq, event_hash: sound.event_hash };
        *last = seq;
        next
    }

    /// Notes a signature; `false` when it is not by the device's key.
    fn attest(&mut self, rebuild: &mut Work<'_>, sound: &Sound, by: &Attestation) -> Result<bool> {
        let Some(device) = rebuild.device(sound.place.device)? else { return Ok(false) };
        let chain = (sound.place.device, sound.place.incarnation);
        let last = self.heads.get(&chain).map_or(0, |(_, last)| *last);
        self.signed.insert(chain, last);
        Ok(verify_attestation(&device.public_key, sound.event_hash, &by.sent, &by.signature))
    }

    /// The first seq whose chain no signature covers up to its end.
    fn unsigned(&self) -> Option<u64> {
        let open = self.heads.iter().filter(|(chain, (_, last))| self.signed.get(*chain) != Some(last));
        open.map(|(_, (_, last))| *last).min()
    }
}

fn compare(work: &Work<'_>, rebuilt: &rusqlite::Connection) -> Result<Option<BadRow>> {
    let Some((table, log, name)) = store::first_difference(work.conn, rebuilt)? else { return Ok(None) };
    let log_name = store::logs(work.conn)?.into_iter().find(|(_, row)| row.n == log).map(|(name, _)| name);
    let seq = match EntityId::new(name.as_str()) {
        Ok(entity) => store::last_seq_about(work.conn, log, entity.as_str())?,
        Err(_) => 0,
    };
    let what = format!("the derived row {table} {name} is not what the entries give");
    Ok(Some(bad(&log_name.unwrap_or_default(), seq, what)))
}
