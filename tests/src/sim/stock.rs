//! The store of a run: what people book there, and the naive ledger that every console must show (I17).
//!
//! The ledger shares no code with the domain's replay: it adds up plain JSON, in the order of instants and
//! ids, as SYNC 22 says.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use rusqlite::Connection;
use serde_json::{Value, json};
use zaigang_console::host::new_id;
use zaigang_console::store::Draft;
use zaigang_domain::event::{EntityId, EventId, LogName, UserId};
use zaigang_domain::judge::EntityState;
use zaigang_domain::people::{Actor, Role};
use zaigang_domain::stock::{Take, TakeStage};
use zaigang_sync::envelope::{CENTRE_EVENT_BYTES_MAX, Envelope};

use super::console::Console;
use super::random::Random;
use super::script::{self, Act};
use super::site::STORE;
use super::view::Entry;

const PARTS: [&str; 2] = ["part/plain", "part/pieces"];
const PLACES: [&str; 3] = ["place/a", "place/b", "place/c"];
const SERIALS: [&str; 4] = ["S1", "S2", "S3", "S4"];
const OWNERS: [&str; 2] = ["buyer", "supplier"];
/// What engineers book, and what only a supervisor books.
const BY_ENGINEERS: [&str; 3] = ["issued", "returned", "replaced"];
const BY_SUPERVISORS: [&str; 4] = ["received", "transferred", "corrected", "issued"];

/// Something somebody books, or does about a stocktake.
///
/// # Errors
/// SQLite's.
pub fn act(console: &Console, random: &mut Random) -> Result<Option<Act>> {
    let Some(logged_in) = &console.logged_in else { return Ok(None) };
    let actor = script::actor(console, &logged_in.user)?;
    let take = if random.chance(30) { newest_take(console)? } else { None };
    let begins = random.chance(8);
    match take {
        Some((id, take)) => about(console, &actor, &logged_in.user, id, &take, random),
        None if begins && actor.has(Role::Supervisor) => {
            let id = fresh(console, "stocktake")?;
            written(console, id, "stocktake.opened", &json!({ "name": "盘点" }), Vec::new()).map(Some)
        }
        None => movement(console, &actor, random).map(Some),
    }
}

fn fresh(console: &Console, kind: &str) -> Result<EntityId> {
    Ok(EntityId::new(format!("{kind}/{}", EventId(new_id(console.host.as_ref()))))?)
}

fn written(
    console: &Console,
    entity: EntityId,
    kind: &str,
    payload: &Value,
    deps: Vec<EventId>,
) -> Result<Act> {
    let draft = Draft { deps, ..Draft::fact(kind, payload.to_string(), console.host_now()) };
    Ok(Act { log: LogName::new(STORE)?, entity, drafts: vec![draft], name: kind.to_owned() })
}

fn movement(console: &Console, actor: &Actor, random: &mut Random) -> Result<Act> {
    let kinds: &[&str] = if actor.has(Role::Supervisor) { &BY_SUPERVISORS } else { &BY_ENGINEERS };
    let kind = random.pick(kinds).copied().unwrap_or("issued");
    let pick = |list: &[&'static str], random: &mut Random| random.pick(list).copied().unwrap_or_default();
    let part = pick(&PARTS, random);
    let (from, to) = (random.below(3), random.below(2));
    let (from, to) = (PLACES.get(from), PLACES.get((from + 1 + to) % 3));
    let mut payload = json!({ "kind": kind, "part": part, "owner": pick(&OWNERS, random), "quantity": 1 });
    let mut set = |name: &str, value: Value| {
        if let Some(fields) = payload.as_object_mut() {
            fields.insert(name.to_owned(), value);
        }
    };
    if matches!(kind, "issued" | "transferred") {
        set("from", json!(from));
    }
    if matches!(kind, "received" | "returned" | "replaced" | "transferred" | "corrected") {
        set("to", json!(to));
    }
    if kind == "replaced" {
        set("fate", json!({ "fate": "kept" }));
    }
    let down = kind == "corrected" && random.chance(50);
    if part == "part/pieces" {
        set("serial", json!(pick(&SERIALS, random)));
        set("quantity", json!(if down { -1 } else { 1 }));
    } else {
        let quantity = random.between(1, 5);
        set("quantity", json!(if down { -quantity } else { quantity }));
    }
    let mut act = written(console, fresh(console, "movement")?, "movement.made", &payload, Vec::new())?;
    // Written down up to two hours after it happened.
    let late = random.between(0, 7_200_000);
    for draft in &mut act.drafts {
        draft.claimed_at -= late;
    }
    act.name = kind.to_owned();
    Ok(act)
}

fn newest_take(console: &Console) -> Result<Option<(EntityId, Take)>> {
    let mut statement = console.store.reader().prepare_cached(
        "SELECT entity.name, coalesce(shown, confirmed) FROM entity JOIN log ON log.n = entity.log
         WHERE log.name = ?1 AND entity.name LIKE 'stocktake/%' AND coalesce(shown, confirmed) IS NOT NULL
         ORDER BY entity.name DESC LIMIT 1",
    )?;
    let mut rows = statement.query([STORE])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let state: EntityState = serde_json::from_str(&row.get::<_, String>(1)?)?;
    let id = EntityId::new(row.get::<_, String>(0)?)?;
    // One whose adjustment is booked is over.
    Ok(state.take().filter(|take| take.stage != TakeStage::Cancelled).map(|take| (id, take.clone())))
}

fn about(
    console: &Console,
    actor: &Actor,
    user: &UserId,
    id: EntityId,
    take: &Take,
    random: &mut Random,
) -> Result<Option<Act>> {
    let supervises = actor.has(Role::Supervisor);
    let place = random.pick(&PLACES).copied().unwrap_or_default();
    let say = |kind: &str, payload: Value| {
        written(console, id.clone(), kind, &payload, take.pending.clone()).map(|mut act| {
            for draft in &mut act.drafts {
                if kind != "stocktake.counted" {
                    draft.expect.insert("stage".to_owned(), take.stage.code().to_owned());
                }
            }
            Some(act)
        })
    };
    match take.stage {
        TakeStage::Counting if supervises && random.chance(40) => {
            say("stocktake.closed", json!({ "found": 1 }))
        }
        TakeStage::Counting => say(
            "stocktake.counted",
            json!({ "lines": [{ "part": "part/plain", "place": place, "owner": "buyer", "quantity": 3 }] }),
        ),
        TakeStage::Closed if take.signatures.iter().all(|signature| signature.by != *user) => {
            say("stocktake.signed", json!({}))
        }
        TakeStage::Signed if supervises => say("stocktake.adjusted", json!({})),
        TakeStage::Adjusted if supervises && random.chance(60) => {
            let payload = if random.chance(50) {
                json!({ "kind": "counted", "part": "part/plain", "owner": "buyer", "quantity": random.between(0, 4),
                    "to": place, "take": id })
            } else {
                let found: Vec<&str> = SERIALS.into_iter().filter(|_| random.chance(40)).collect();
                json!({ "kind": "counted", "part": "part/pieces", "owner": "buyer", "quantity": found.len(),
                    "to": place, "take": id, "present": found })
            };
            let mut act = written(
                console,
                fresh(console, "movement")?,
                "movement.made",
                &payload,
                take.pending.clone(),
            )?;
            // It counts from when it was counted.
            for draft in &mut act.drafts {
                draft.claimed_at = take.at.as_millisecond();
            }
            act.name = "counted".to_owned();
            Ok(Some(act))
        }
        _ => Ok(None),
    }
}

/// A movement that counts, from the bytes of its event.
#[derive(Debug, Clone)]
pub struct Move {
    at: i64,
    id: String,
    payload: Value,
}

impl Move {
    /// Of a committed entry; absent for what is no accepted movement.
    ///
    /// # Errors
    /// A payload that is not JSON.
    pub fn confirmed(entry: &Entry) -> Result<Option<Self>> {
        if entry.content.kind != "movement.made" || entry.verdict() != "accepted" {
            return Ok(None);
        }
        let payload = serde_json::from_str(&entry.content.payload)?;
        Ok(Some(Self { at: entry.commit.effective_at, id: entry.content.entity.clone(), payload }))
    }

    fn text(&self, name: &str) -> Option<String> {
        self.payload.get(name)?.as_str().map(str::to_owned)
    }
}

/// Model, place and owner → how many.
type Balances = BTreeMap<(String, String, String), i64>;
/// Model and serial number → place and owner.
type Pieces = BTreeMap<(String, String), (String, String)>;

/// What movements come to, added up one by one.
fn ledger(mut moves: Vec<Move>) -> (Balances, Pieces) {
    moves.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let (mut balances, mut pieces) = (Balances::new(), Pieces::new());
    for one in &moves {
        let (part, owner) = (one.text("part").unwrap_or_default(), one.text("owner").unwrap_or_default());
        let (from, to) = (one.text("from"), one.text("to"));
        let quantity = one.payload.get("quantity").and_then(Value::as_i64).unwrap_or(0);
        let absolute = matches!(one.text("kind").as_deref(), Some("counted" | "corrected"));
        let is_count = one.text("kind").as_deref() == Some("counted");
        if let Some(from) = from.clone().filter(|_| !absolute) {
            *balances.entry((part.clone(), from, owner.clone())).or_default() -= quantity;
        }
        if let Some(to) = to.clone() {
            let balance = balances.entry((part.clone(), to, owner.clone())).or_default();
            *balance = if is_count { quantity } else { *balance + quantity };
        }
        if let (Some(present), Some(to)) = (one.payload.get("present").and_then(Value::as_array), &to) {
            pieces.retain(|(model, _), held| *model != part || *held != (to.clone(), owner.clone()));
            for serial in present.iter().filter_map(Value::as_str) {
                pieces.insert((part.clone(), serial.to_owned()), (to.clone(), owner.clone()));
            }
        }
        let Some(serial) = one.text("serial") else { continue };
        let piece = (part, serial);
        if from.is_some() && !absolute {
            pieces.remove(&piece);
        }
        let Some(to) = to else { continue };
        if !(absolute && quantity <= 0) {
            pieces.insert(piece, (to, owner));
        } else if pieces.get(&piece).is_some_and(|(place, _)| *place == to) {
            pieces.remove(&piece);
        }
    }
    balances.retain(|_, quantity| *quantity != 0);
    (balances, pieces)
}

/// I17: the console's balances and pieces are the sum of the movements that count, its own waiting ones too;
/// and what moved between places is neither more nor less.
///
/// # Errors
/// When they are not.
pub fn holds(conn: &Connection, log: i64, confirmed: &[Move]) -> Result<()> {
    let mut moves = confirmed.to_vec();
    let mut statement = conn.prepare_cached("SELECT envelope FROM pending WHERE log = ?1 ORDER BY n")?;
    let mut rows = statement.query([log])?;
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(0)?;
        let (_, content) = Envelope::decode(&bytes, CENTRE_EVENT_BYTES_MAX)?;
        if content.kind == "movement.made" {
            let payload = serde_json::from_str(&content.payload)?;
            moves.push(Move { at: content.claimed_at, id: content.entity, payload });
        }
    }
    conserves(&moves)?;
    let (balances, pieces) = ledger(moves);
    let mut statement =
        conn.prepare_cached("SELECT part, place, owner, quantity FROM stock_balance WHERE log = ?1")?;
    let shown = statement
        .query_map([log], |row| Ok(((row.get(0)?, row.get(1)?, row.get(2)?), row.get(3)?)))?
        .collect::<rusqlite::Result<Balances>>()?;
    ensure!(shown == balances, "I17: balances are {shown:?}, the movements give {balances:?}");
    let mut statement =
        conn.prepare_cached("SELECT part, serial, place, owner FROM stock_serial WHERE log = ?1")?;
    let shown = statement
        .query_map([log], |row| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?))))?
        .collect::<rusqlite::Result<Pieces>>()?;
    ensure!(shown == pieces, "I17: pieces are at {shown:?}, the movements leave them at {pieces:?}");
    Ok(())
}

/// What is in all places together is what came in less what went out.
fn conserves(moves: &[Move]) -> Result<()> {
    let counted: BTreeSet<Option<String>> = moves
        .iter()
        .filter(|one| one.text("kind").as_deref() == Some("counted"))
        .map(|one| one.text("part"))
        .collect();
    let moves: Vec<Move> = moves.iter().filter(|one| !counted.contains(&one.text("part"))).cloned().collect();
    let crossing = |one: &Move| {
        let quantity = one.payload.get("quantity").and_then(Value::as_i64).unwrap_or(0);
        match (one.text("from"), one.text("to")) {
            (Some(_), None) => -quantity,
            (None, Some(_)) => quantity,
            _ => 0,
        }
    };
    let in_all: i64 = moves.iter().map(crossing).sum();
    let there: i64 = ledger(moves).0.values().sum();
    ensure!(there == in_all, "I17: {there} are there, {in_all} came in and did not go out");
    Ok(())
}

/// What a run met of its store, for those who ask whether it proves anything.
///
/// # Errors
/// SQLite's.
pub fn met(conn: &Connection, counts: &mut BTreeMap<String, u32>) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "SELECT 'stock below zero', count(*) FROM stock_fault WHERE lowest < 0
         UNION ALL SELECT 'stock piece elsewhere', count(*) FROM stock_fault WHERE serials <> '[]'
         UNION ALL SELECT 'stock ' || kind, count(*) FROM stock_movement WHERE unreconciled = 0 GROUP BY kind",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        *counts.entry(row.get(0)?).or_default() += row.get::<_, u32>(1)?;
    }
    Ok(())
}
