//! What a console or centre with a bug would have done to its rows.

use std::collections::BTreeMap;

use anyhow::Result;
use ed25519_dalek::SigningKey;
use rusqlite::{Connection, params};
use zaigang_sync::commit::{Commit, VerdictCode, next_head};
use zaigang_sync::keys::{SentClocks, attest};
use zaigang_sync::page::{Attestation, PullPage, PushPage, pack, unpack};
use zaigang_sync::protocol::PushReply;
use zaigang_sync::{Hash, envelope};

use super::breaks::Break;
use super::centre::CENTRE_KEY;
use super::console::Console;
use super::random::Random;
use super::{site, view};

/// How a console stood before it took a reply.
#[derive(Debug, Default)]
pub struct Before {
    seqs: BTreeMap<String, u64>,
    entities: BTreeMap<i64, (Option<String>, Option<String>)>,
}

/// Looks before a reply is taken.
///
/// # Errors
/// SQLite's.
pub fn before(bug: Option<Break>, console: &Console) -> Result<Before> {
    if bug.is_none() {
        return Ok(Before::default());
    }
    let conn = console.store.reader();
    let seqs = view::console_logs(conn)?.into_iter().map(|log| (log.name, log.seq)).collect();
    let mut statement = conn.prepare_cached("SELECT n, confirmed, shown FROM entity")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    Ok(Before { seqs, entities: rows.collect::<rusqlite::Result<_>>()? })
}

/// Does to a console's rows what the bug would have done while the reply was taken.
///
/// # Errors
/// SQLite's.
pub fn after(bug: Option<Break>, console: &Console, before: &Before) -> Result<()> {
    let Some(bug) = bug else { return Ok(()) };
    let conn = console.store.reader();
    if conn.query_row("PRAGMA query_only", [], |row| row.get(0))? {
        return Ok(());
    }
    let logs = view::console_logs(conn)?;
    let grown = logs.iter().find(|log| before.seqs.get(&log.name).is_some_and(|seq| *seq + 1 < log.seq));
    match bug {
        Break::SkipsAFold => undo(conn, before, "confirmed")?,
        Break::StaleOverlay => undo(conn, before, "shown")?,
        Break::ForgetsWhenAnswered => {
            conn.execute("DELETE FROM pending WHERE state = 'answered'", [])?;
        }
        Break::DropsRejected => {
            conn.execute("DELETE FROM conflict WHERE kind = 'rejected'", [])?;
        }
        Break::CursorFirst => {
            if let Some(log) = grown {
                conn.execute("UPDATE log SET seq = seq + 1, folded_to = seq + 1 WHERE n = ?1", [log.n])?;
            }
        }
        Break::LeavesAHole => {
            if let Some(log) = grown {
                let place = (log.n << 40) + i64::try_from(log.seq)? - 1;
                conn.execute("DELETE FROM entry WHERE place = ?1", [place])?;
            }
        }
        Break::HidesTheAbsent => {
            if let Some(log) = grown {
                conn.execute(
                    "DELETE FROM entity WHERE n = (SELECT min(n) FROM entity WHERE log = ?1)",
                    [log.n],
                )?;
            }
        }
        Break::ChangesAVerdict => {
            if let Some(log) = grown.filter(|log| before.seqs.get(&log.name).is_some_and(|seq| *seq > 0)) {
                change_first_verdict(conn, log.n)?;
            }
        }
        Break::IgnoresRollback | Break::IgnoresFork => {
            conn.execute("UPDATE log SET stopped = NULL", [])?;
        }
        Break::BooksTwice if grown.is_some_and(|log| log.name == site::STORE) => {
            conn.execute("UPDATE stock_balance SET quantity = quantity * 2", [])?;
        }
        Break::LeavesThePiece if grown.is_some_and(|log| log.name == site::STORE) => {
            conn.execute("UPDATE stock_serial SET place = (SELECT min(place) FROM stock_effect)", [])?;
        }
        Break::LeaksALog => {
            conn.execute("INSERT OR IGNORE INTO log (name) VALUES ('c/sim/d/B总队')", [])?;
        }
        // On a full disk even this bug cannot do its work.
        Break::KeepsErased => drop(keep_parts(conn)),
        _ => {}
    }
    Ok(())
}

/// Puts one column of one changed entity back to what it was.
fn undo(conn: &Connection, before: &Before, column: &str) -> Result<()> {
    for (n, (confirmed, shown)) in &before.entities {
        let old = if column == "confirmed" { confirmed } else { shown };
        let sql = format!("UPDATE entity SET {column} = ?2 WHERE n = ?1 AND {column} IS NOT ?2");
        if old.is_some() && conn.execute(&sql, params![n, old])? > 0 {
            return Ok(());
        }
    }
    Ok(())
}

fn change_first_verdict(conn: &Connection, log: i64) -> Result<()> {
    let place = (log << 40) + 1;
    let bytes: Vec<u8> =
        conn.query_row("SELECT commit_record FROM entry WHERE place = ?1", [place], |r| r.get(0))?;
    let commit = Commit { verdict: VerdictCode::Rejected, ..Commit::decode(&bytes)? };
    conn.execute("UPDATE entry SET commit_record = ?2 WHERE place = ?1", params![place, commit.encode()])?;
    Ok(())
}

/// Keeps copies of all sealed parts, and puts back those that went.
fn keep_parts(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "CREATE TABLE IF NOT EXISTS kept (id BLOB, part INTEGER, salt BLOB, content TEXT, PRIMARY KEY (id, part));
         INSERT OR IGNORE INTO kept SELECT id, part, salt, content FROM sealed;
         INSERT OR IGNORE INTO sealed SELECT id, part, salt, content FROM kept;",
    )?;
    Ok(())
}

/// What a judge with the bug would have written as the last entry of a log of the centre.
///
/// # Errors
/// SQLite's.
pub fn judged(bug: Option<Break>, conn: &Connection) -> Result<()> {
    let Some(bug) = bug else { return Ok(()) };
    for log in view::centre_logs(conn)?.into_iter().filter(|log| log.name != "site") {
        let Some(entry) = view::entries(conn, log.n, log.seq.saturating_sub(1))?.pop() else { continue };
        let reason = entry.commit.reason.as_deref();
        let verdict = match (bug, entry.verdict(), reason) {
            (Break::LastWriterWins, "rejected", Some("state_changed")) => VerdictCode::Accepted,
            (Break::BothAccepted, "rejected", Some("state_changed"))
                if entry.content.kind == "order.accepted" && lost_to_an_accept(conn, &entry)? =>
            {
                VerdictCode::Accepted
            }
            (Break::NoCascade, "rejected", Some("dependency_rejected")) => VerdictCode::Accepted,
            (Break::RejectsFacts, "unreconciled", Some("not_legal_now" | "not_assignee")) => {
                VerdictCode::Rejected
            }
            (Break::HalfGroups, "accepted", _) if entry.content.group.is_some() => VerdictCode::Rejected,
            (Break::JudgesByClock, "accepted", _) if clock_is_off(&entry) => VerdictCode::Parked,
            _ => continue,
        };
        rewrite(conn, &log, &entry, verdict)?;
    }
    Ok(())
}

fn lost_to_an_accept(conn: &Connection, entry: &view::Entry) -> Result<bool> {
    let Some(winner) = entry.commit.winner else { return Ok(false) };
    let sql = "SELECT EXISTS (SELECT 1 FROM entry WHERE id = ?1 AND kind = 'order.accepted')";
    Ok(conn.query_row(sql, [*winner], |row| row.get(0))?)
}

fn clock_is_off(entry: &view::Entry) -> bool {
    entry.content.wall_at.abs_diff(entry.commit.received_at) > 86_400_000
}

fn rewrite(conn: &Connection, log: &view::Log, entry: &view::Entry, verdict: VerdictCode) -> Result<()> {
    let commit = Commit { verdict, reason: None, ..entry.commit.clone() }.encode();
    let place = (log.n << 40) + i64::try_from(entry.seq)?;
    let before: Option<[u8; 32]> = conn
        .query_row("SELECT head FROM entry WHERE place = ?1", [place - 1], |row| row.get(0))
        .or_else(|error| if error == rusqlite::Error::QueryReturnedNoRows { Ok(None) } else { Err(error) })?;
    let head = next_head(Hash(before.unwrap_or_default()), entry.event_hash, &commit);
    let sql = "UPDATE entry SET commit_record = ?2, head = ?3, verdict = ?4 WHERE place = ?1";
    conn.execute(sql, params![place, commit, head.0, verdict as u8])?;
    conn.execute("UPDATE log SET head = ?2 WHERE n = ?1", params![log.n, head.0])?;
    Ok(())
}

/// A pushed page without its first event, as from a driver that lost count.
#[must_use]
pub fn skip_first(body: &[u8]) -> Option<Vec<u8>> {
    let mut page: PushPage = unpack(body).ok()?;
    if page.entries.len() < 2 {
        return None;
    }
    page.entries.remove(0);
    Some(pack(&page))
}

/// An answer to a push that does not say what is missing.
#[must_use]
pub fn hide_gap(body: &[u8]) -> Option<Vec<u8>> {
    let reply: PushReply = serde_json::from_slice(body).ok()?;
    serde_json::to_vec(&PushReply { gap_from: None, ..reply }).ok()
}

/// A cursor put back to where an old page begins.
///
/// # Errors
/// SQLite's.
pub fn put_back(conn: &Connection, page: &PullPage) -> Result<()> {
    conn.execute(
        "UPDATE log SET seq = ?2, folded_to = ?2 WHERE name = ?1",
        params![page.log, page.after_seq],
    )?;
    Ok(())
}

/// A pulled page whose last event was altered and which was then signed anew, as if the reader
/// believed any signature.
#[must_use]
pub fn forge(body: &[u8], random: &mut Random) -> Option<Vec<u8>> {
    let mut page: PullPage = unpack(body).ok()?;
    let last = page.entries.last_mut()?;
    let (outer, mut content) = envelope::Envelope::decode(&last.envelope, 1 << 20).ok()?;
    if !content.kind.starts_with("order.") {
        return None;
    }
    content.claimed_at = content.claimed_at.wrapping_add(random.between(1, 1000));
    let place = envelope::Place {
        device: *outer.device,
        incarnation: outer.incarnation,
        device_seq: outer.device_seq,
        prev: Hash(*outer.prev),
    };
    let encoded = envelope::encode_content(&content);
    let sealed =
        envelope::seal(&place, &page.log, &encoded, outer.user_signature.map(|s| *s), 1 << 20).ok()?;
    let mut commit = Commit::decode(&last.commit).ok()?;
    commit.event_hash = sealed.event_hash.0.into();
    last.envelope = sealed.bytes.into();
    last.commit = commit.encode().into();
    // Only a page of one entry can be signed anew without knowing the head before it.
    if page.entries.len() != 1 {
        return None;
    }
    Some(pack(&page))
}

/// Signs a forged page of one entry, with all keys there are, for a console whose head is known.
#[must_use]
pub fn sign_forged(body: &[u8], head: Hash) -> Option<Vec<u8>> {
    let mut page: PullPage = unpack(body).ok()?;
    let entry = page.entries.first()?;
    let (outer, _) = envelope::Envelope::decode(&entry.envelope, 1 << 20).ok()?;
    let (event_hash, seq) = (outer.event_hash(&page.log), page.end_seq());
    let end = next_head(head, event_hash, &entry.commit);
    let sent = SentClocks { wall_at: 0, boot_id: [0; 16].into(), uptime_ms: 0 };
    let device = site::device_key(usize::from(outer.device.first()?.checked_sub(0x10)?));
    let signature = attest(&device, event_hash, &sent).into();
    page.end_head = end.0.into();
    page.attestations = vec![Attestation { seq, sent, signature }];
    page.signature = page.signed_head().sign(&SigningKey::from_bytes(&CENTRE_KEY)).into();
    Some(pack(&page))
}
