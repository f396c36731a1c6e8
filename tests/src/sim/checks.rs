//! The invariants of SYNC 6, checked on the rows of the real files after each step and at rest.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail, ensure};
use rusqlite::{Connection, params};
use zaigang_domain::event::{EntityId, EventId, Recorded, UserId, Verdict};
use zaigang_domain::judge::{EntityState, fold_entity};
use zaigang_sync::Hash;
use zaigang_sync::commit::VerdictCode;
use zaigang_sync::envelope::{CENTRE_EVENT_BYTES_MAX, Content, Envelope};

use super::console::Console;
use super::oracle::Oracle;
use super::site::STORE;
use super::stock::{self, Move};
use super::view::{self, Entry, Log};

/// What was seen of a console before: nothing of it may be taken back.
#[derive(Debug, Default, Clone)]
pub struct Memory {
    logs: BTreeMap<String, LogMemory>,
    /// Entities once shown, by log: they stay (I21).
    entities: BTreeSet<(String, String)>,
}

impl Memory {
    /// The file is another one now: compare everything again.
    pub fn look_again(&mut self) {
        for log in self.logs.values_mut() {
            log.compared = None;
        }
    }
}

#[derive(Debug, Default, Clone)]
struct LogMemory {
    epoch: Option<Vec<u8>>,
    seq: u64,
    head: Hash,
    /// Id → verdict and record as first shown (I2).
    verdicts: BTreeMap<[u8; 16], Hash>,
    /// Folded by the check itself from the raw entries (I16, I1).
    states: BTreeMap<String, EntityState>,
    /// Movements that count, as the raw entries tell of them (I17).
    moves: Vec<Move>,
    /// Head at which the stored states were last compared.
    compared: Option<Hash>,
}

/// What all stores must agree on: states at a head, by log (I1).
#[derive(Debug, Default)]
pub struct Agreement {
    at: BTreeMap<(String, Hash), Hash>,
}

impl Agreement {
    fn hold(&mut self, who: &str, log: &str, head: Hash, states: &BTreeMap<String, String>) -> Result<()> {
        let text = serde_json::to_vec(states)?;
        let hash = zaigang_sync::hash::digest(zaigang_sync::hash::Use::Request, &[&text]);
        let known = *self.at.entry((log.to_owned(), head)).or_insert(hash);
        ensure!(known == hash, "I1: {who} shows another state of {log} at the same head {head}");
        Ok(())
    }
}

/// Checks one console after a step.
///
/// # Errors
/// The invariant that does not hold.
pub fn console(console: &Console, memory: &mut Memory, agreement: &mut Agreement) -> Result<()> {
    let conn = console.store.reader();
    let who = format!("console {}", console.index);
    for log in view::console_logs(conn)? {
        let seen = memory.logs.entry(log.name.clone()).or_default();
        cursor(conn, &log, seen).with_context(|| format!("{who}, {}", log.name))?;
        if seen.compared.replace(log.head) != Some(log.head) {
            let states = view::console_states(conn, log.n)?;
            let folded: BTreeMap<String, String> = seen
                .states
                .iter()
                .map(|(k, v)| Ok((k.clone(), serde_json::to_string(v)?)))
                .collect::<Result<_>>()?;
            if states != folded {
                let odd = states.iter().find(|(k, v)| folded.get(*k) != Some(v));
                bail!("I1: {who} keeps another state of {} than its entries give: {odd:?}", log.name);
            }
            agreement.hold(&who, &log.name, log.head, &states)?;
            for name in states.keys() {
                memory.entities.insert((log.name.clone(), name.clone()));
            }
        }
        overlay(conn, &log, &memory.logs).with_context(|| who.clone())?;
        if log.name == STORE {
            let moves = memory.logs.get(STORE).map(|seen| seen.moves.as_slice()).unwrap_or_default();
            stock::holds(conn, log.n, moves).with_context(|| who.clone())?;
        }
    }
    absence(conn, memory).with_context(|| who.clone())?;
    nothing_lost(console, conn).with_context(|| who.clone())
}

/// I5, I6, I2 and the chain of heads, from the entries that are new since the last look.
fn cursor(conn: &Connection, log: &Log, seen: &mut LogMemory) -> Result<()> {
    if seen.epoch.is_some() && seen.epoch == log.epoch {
        ensure!(log.seq >= seen.seq, "I5: cursor went back from {} to {}", seen.seq, log.seq);
    }
    ensure!(log.folded_to == log.seq, "I5: cursor {} beyond what is folded {}", log.seq, log.folded_to);
    let new = view::entries(conn, log.n, seen.seq)?;
    let mut head = seen.head;
    for (entry, seq) in new.iter().zip(seen.seq + 1..) {
        ensure!(entry.seq == seq, "I6: entry {seq} is missing, {} stands there", entry.seq);
        head = entry.head_after(head);
        fold(&mut seen.states, entry)?;
        seen.moves.extend(Move::confirmed(entry)?);
        let record = zaigang_sync::hash::digest(zaigang_sync::hash::Use::Commit, &[&entry.commit_bytes]);
        ensure!(seen.verdicts.insert(*entry.content.id, record).is_none(), "I4: {} stands twice", entry.id());
    }
    let last = seen.seq + new.len() as u64;
    ensure!(last == log.seq, "I5: cursor {} but entries up to {last}", log.seq);
    ensure!(head == log.head, "I5: the head is not the one the entries give");
    (seen.seq, seen.head, seen.epoch) = (log.seq, head, log.epoch.clone());
    Ok(())
}

fn fold(states: &mut BTreeMap<String, EntityState>, entry: &Entry) -> Result<()> {
    let name = entry.content.entity.clone();
    let Ok(entity) = EntityId::new(name.clone()) else { return Ok(()) };
    let verdict = Verdict::from_code(entry.verdict());
    let at = jiff::Timestamp::from_millisecond(entry.commit.effective_at)?;
    let state = fold_content(states.remove(&name), &entity, &entry.content, Some(entry.seq), at, verdict)?;
    if let Some(state) = state {
        states.insert(name, state);
    }
    Ok(())
}

fn fold_content(
    state: Option<EntityState>,
    entity: &EntityId,
    content: &Content,
    seq: Option<u64>,
    effective_at: jiff::Timestamp,
    verdict: Option<Verdict>,
) -> Result<Option<EntityState>> {
    let deps: Vec<EventId> = content.deps.iter().map(|d| EventId(**d)).collect();
    let user = content.user.clone().and_then(|u| UserId::new(u).ok());
    let recorded = Recorded {
        id: EventId(*content.id),
        kind: &content.kind,
        tv: content.tv,
        user: user.as_ref(),
        entity,
        seq,
        effective_at,
        claimed_at: jiff::Timestamp::from_millisecond(content.claimed_at)?,
        // Only attendance asks for it, and the simulation has no punches.
        trust: None,
        verdict,
        deps: &deps,
        payload: &content.payload,
    };
    Ok(fold_entity(state, &recorded))
}

/// I16: what is shown is fold(confirmed ++ pending), from raw rows.
fn overlay(conn: &Connection, log: &Log, seen: &BTreeMap<String, LogMemory>) -> Result<()> {
    let mut wanted: BTreeMap<String, Option<EntityState>> = BTreeMap::new();
    let mut statement = conn.prepare_cached("SELECT envelope FROM pending WHERE log = ?1 ORDER BY n")?;
    let mut rows = statement.query([log.n])?;
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(0)?;
        let (_, content) = Envelope::decode(&bytes, CENTRE_EVENT_BYTES_MAX)?;
        let Ok(entity) = EntityId::new(content.entity.clone()) else { continue };
        let confirmed = || seen.get(&log.name).and_then(|l| l.states.get(&content.entity)).cloned();
        let before = wanted.remove(&content.entity).unwrap_or_else(confirmed);
        let at = jiff::Timestamp::from_millisecond(content.claimed_at)?;
        wanted.insert(content.entity.clone(), fold_content(before, &entity, &content, None, at, None)?);
    }
    let mut statement = conn.prepare_cached("SELECT name, shown FROM entity WHERE log = ?1")?;
    let mut rows = statement.query([log.n])?;
    while let Some(row) = rows.next()? {
        let (name, shown): (String, Option<String>) = (row.get(0)?, row.get(1)?);
        let expected = wanted.remove(&name).flatten().map(|s| serde_json::to_string(&s)).transpose()?;
        ensure!(shown == expected, "I16: {name} shows {shown:?} instead of {expected:?}");
    }
    wanted.retain(|_, state| state.is_some());
    ensure!(wanted.is_empty(), "I16: nothing is shown of {:?}", wanted.keys());
    Ok(())
}

/// I21: what was shown stays.
fn absence(conn: &Connection, memory: &Memory) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM entity JOIN log ON log.n = entity.log
         WHERE log.name = ?1 AND entity.name = ?2 AND confirmed IS NOT NULL)",
    )?;
    for (log, name) in &memory.entities {
        let there: bool = statement.query_row([log, name], |row| row.get(0))?;
        ensure!(there, "I21: {name} of {log} is gone");
    }
    Ok(())
}

/// I3: every own event is pending or in the log; what was not simply accepted is in the box with
/// its text.
fn nothing_lost(console: &Console, conn: &Connection) -> Result<()> {
    let mut pending = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM pending WHERE id = ?1)")?;
    let mut entry = conn.prepare_cached("SELECT max(verdict) FROM entry WHERE id = ?1")?;
    let mut conflict =
        conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM conflict WHERE id = ?1 AND payload = ?2)")?;
    for (id, made) in &console.made {
        let verdict: Option<i64> = entry.query_row([id.0], |row| row.get(0))?;
        match verdict {
            None => {
                let waits: bool = pending.query_row([id.0], |row| row.get(0))?;
                ensure!(waits, "I3: {} {id} of {} is nowhere", made.kind, made.log);
            }
            Some(0) => {}
            Some(_) => {
                let kept: bool = conflict.query_row(params![id.0, made.payload], |row| row.get(0))?;
                ensure!(kept, "I3: {} {id} was not accepted and is not in the box", made.kind);
            }
        }
    }
    Ok(())
}

/// I2: every verdict once shown is still the one in the file.
///
/// # Errors
/// When one is not.
pub fn verdicts_stand(console: &Console, memory: &Memory) -> Result<()> {
    let conn = console.store.reader();
    for log in view::console_logs(conn)? {
        let Some(seen) = memory.logs.get(&log.name) else { continue };
        for entry in view::entries(conn, log.n, 0)? {
            let record = zaigang_sync::hash::digest(zaigang_sync::hash::Use::Commit, &[&entry.commit_bytes]);
            let shown = seen.verdicts.get(&*entry.content.id);
            ensure!(shown == Some(&record), "I2: the verdict on {} is another than was shown", entry.id());
        }
    }
    Ok(())
}

/// What was seen of the centre before.
#[derive(Debug, Default)]
pub struct CentreMemory {
    logs: BTreeMap<String, LogMemory>,
    chains: BTreeMap<(String, [u8; 16], u32), (u64, Hash)>,
    /// Facts never rejected for state, whatever the oracle says (I14).
    groups: BTreeMap<[u8; 16], Vec<Member>>,
}

/// Checks the centre after a step; returns the entries that are new, for the oracle.
///
/// # Errors
/// The invariant that does not hold.
pub fn centre(conn: &Connection, memory: &mut CentreMemory, agreement: &mut Agreement) -> Result<Vec<Entry>> {
    let mut all = Vec::new();
    for log in view::centre_logs(conn)? {
        let CentreMemory { logs, chains, groups } = memory;
        let seen = logs.entry(log.name.clone()).or_default();
        let new = view::entries(conn, log.n, seen.seq)?;
        for entry in &new {
            chain(chains, &log.name, entry)?;
            fate(entry)?;
            if let Some(group) = &entry.content.group {
                let counts =
                    matches!(entry.commit.verdict, VerdictCode::Accepted | VerdictCode::Unreconciled)
                        && entry.commit.reason.as_deref() != Some("group_failed");
                groups.entry(*group.id).or_default().push(Member { of: group.n, counts });
            }
        }
        cursor(conn, &log, seen).with_context(|| format!("centre, {}", log.name))?;
        if seen.compared.replace(log.head) != Some(log.head) {
            agreement.hold("centre", &log.name, log.head, &view::centre_states(conn, log.n)?)?;
        }
        all.extend(new);
    }
    atomic(&memory.groups)?;
    Ok(all)
}

/// I6: the centre has all of a device's chain, and it is one chain.
fn chain(
    chains: &mut BTreeMap<(String, [u8; 16], u32), (u64, Hash)>,
    log: &str,
    entry: &Entry,
) -> Result<()> {
    let key = (log.to_owned(), entry.place.device, entry.place.incarnation);
    let (seq, hash) = chains.get(&key).copied().unwrap_or((0, Hash::ZERO));
    ensure!(entry.place.device_seq == seq + 1, "I6: chain goes from {seq} to {}", entry.place.device_seq);
    ensure!(entry.place.prev == hash, "I6: event {} continues another chain", entry.id());
    chains.insert(key, (entry.place.device_seq, entry.event_hash));
    Ok(())
}

/// I14: no fact is rejected for state.
fn fate(entry: &Entry) -> Result<()> {
    let reason = entry.commit.reason.as_deref();
    let for_state = entry.commit.verdict == VerdictCode::Rejected
        && !matches!(reason, Some("malformed" | "group_failed"));
    ensure!(
        !for_state || !Oracle::is_fact(&entry.content.kind),
        "I14: a fact was rejected: {}",
        entry.content.kind
    );
    Ok(())
}

/// A member of a group as committed.
#[derive(Debug)]
struct Member {
    of: u16,
    counts: bool,
}

/// I15: of a group either all members count or none.
fn atomic(groups: &BTreeMap<[u8; 16], Vec<Member>>) -> Result<()> {
    for (id, members) in groups {
        let size = members.first().map_or(0, |m| usize::from(m.of));
        ensure!(members.len() == size, "I15: group {} has {} of {size}", view::id_text(id), members.len());
        let counting = members.iter().filter(|m| m.counts).count();
        ensure!(
            counting == 0 || counting == size,
            "I15: group {} counts by half: {members:?}",
            view::id_text(id)
        );
    }
    Ok(())
}

/// Who holds each order, told by the log alone (I10).
#[derive(Debug, Default)]
pub struct Accepts {
    standing: BTreeMap<(String, String), [u8; 16]>,
    accepted: BTreeSet<[u8; 16]>,
}

impl Accepts {
    /// Takes a committed entry: of two accepts one stands, and the other names what won over it.
    ///
    /// # Errors
    /// I10.
    pub fn tell(&mut self, entry: &Entry) -> Result<()> {
        let (kind, verdict) = (entry.content.kind.as_str(), entry.commit.verdict);
        let order = (entry.content.log.clone(), entry.content.entity.clone());
        let lost =
            verdict == VerdictCode::Rejected && entry.commit.reason.as_deref() == Some("state_changed");
        if kind == "order.accepted" && lost {
            let named = entry.commit.winner.is_some_and(|winner| self.accepted.contains(&*winner));
            ensure!(named, "I10: {} lost to nobody", entry.id());
            ensure!(!entry.content.payload.is_empty(), "I10: the text of {} is gone", entry.id());
        }
        if verdict != VerdictCode::Accepted {
            return Ok(());
        }
        self.accepted.insert(*entry.content.id);
        match kind {
            "order.accepted" => {
                let before = self.standing.insert(order, *entry.content.id);
                ensure!(before.is_none(), "I10: {} was accepted twice", entry.content.entity);
            }
            "order.returned" | "order.transferred" | "order.dispatched" | "order.reopened" => {
                self.standing.remove(&order);
            }
            _ => {}
        }
        Ok(())
    }
}
