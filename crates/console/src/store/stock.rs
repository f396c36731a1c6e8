//! Projections of stores' logs: models, places, movements, and what they come to.
//!
//! Promises: balances, pieces and 账实不符 of a model are the domain's replay of its movements that count;
//! when some arrive, also late, only the model's rows from the earliest of them on are written again. Left
//! out: scrapping and stocktakes, whose states are read as they are.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};
use zaigang_domain::event::{EntityId, UserId};
use zaigang_domain::judge::EntityState;
use zaigang_domain::stock::replay::{Fault, Key, Ledger, Line, replay, sort};
use zaigang_domain::stock::{Movement, Part, Slip};

use super::error::Result;
use super::text;

/// Models concerned in a transaction.
#[derive(Default)]
pub(crate) struct Moved {
    /// Those whose movements changed, each with the earliest instant concerned.
    since: BTreeMap<String, i64>,
    /// Those of which more or less can be handed out, or that have another minimum.
    weighed: BTreeSet<String>,
}

impl Moved {
    fn note(&mut self, part: &str, at: i64) {
        let since = self.since.entry(part.to_owned()).or_insert(at);
        *since = at.min(*since);
    }
}

/// Writes the projection of an entity of a store's log, or takes it away.
pub(crate) fn write(
    conn: &Connection,
    entity: i64,
    log: i64,
    id: &EntityId,
    state: Option<&EntityState>,
    moved: &mut Moved,
) -> Result<()> {
    match state {
        Some(EntityState::Part(part)) => {
            moved.weighed.insert(id.to_string());
            write_part(conn, entity, log, id, part)
        }
        Some(EntityState::Place(place)) => {
            let kind = place.card.kind;
            weigh_place(conn, log, id, moved)?;
            conn.prepare_cached(
                "INSERT OR REPLACE INTO stock_place (log, id, kind, on_hand) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![log, id.as_str(), kind.code(), kind.is_on_hand()])?;
            Ok(())
        }
        Some(EntityState::Movement(movement)) => write_movement(conn, entity, log, id, movement, moved),
        Some(EntityState::Slip(slip)) => {
            write_slip(conn, entity, log, id, slip)?;
            write_reserved(conn, entity, log, slip, moved)
        }
        // A pending one that was not taken.
        None => remove(conn, entity, log, id, moved),
        Some(_) => Ok(()),
    }
}

fn write_part(conn: &Connection, entity: i64, log: i64, id: &EntityId, part: &Part) -> Result<()> {
    let card = &part.card;
    conn.prepare_cached(
        "INSERT OR REPLACE INTO stock_part
            (entity, log, id, category, name, model, tracking, minimum, closed, pending)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        entity,
        log,
        id.as_str(),
        card.category,
        card.name,
        card.model,
        card.tracking.code(),
        card.minimum,
        card.closed,
        !part.pending.is_empty(),
    ])?;
    let body = format!("{} {} {} {}", card.name, card.model, card.maker, card.compatible.join(" "));
    conn.prepare_cached("DELETE FROM stock_text WHERE rowid = ?1")?.execute([entity])?;
    conn.prepare_cached("INSERT INTO stock_text (rowid, body, initials) VALUES (?1, ?2, ?3)")?
        .execute(params![entity, text::split_cjk(&body), text::initials_column(&card.name)])?;
    Ok(())
}

fn write_movement(
    conn: &Connection,
    entity: i64,
    log: i64,
    id: &EntityId,
    movement: &Movement,
    moved: &mut Moved,
) -> Result<()> {
    forget_movement(conn, entity, moved)?;
    let (made, at) = (&movement.made, movement.at.as_millisecond());
    conn.prepare_cached(
        "INSERT INTO stock_movement
            (entity, log, id, part, at, kind, quantity, serial, order_id, order_number, document, slip, answers,
             corrects, settles, unreconciled)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?
    .execute(params![
        entity,
        log,
        id.as_str(),
        made.part.as_str(),
        at,
        made.kind.code(),
        made.quantity,
        made.serial,
        made.order.as_ref().map(|order| order.entity.as_str()),
        made.order.as_ref().map_or("", |order| order.number.as_str()),
        made.document,
        made.slip.as_ref().map(EntityId::as_str),
        made.answers.as_ref().map(EntityId::as_str),
        made.corrects.as_ref().map(EntityId::as_str),
        made.settles,
        movement.unreconciled,
    ])?;
    moved.note(made.part.as_str(), at);
    Ok(())
}

/// What lies at a place may count, or not any more, once its kind is noted anew.
fn weigh_place(conn: &Connection, log: i64, place: &EntityId, moved: &mut Moved) -> Result<()> {
    let mut parts =
        conn.prepare_cached("SELECT DISTINCT part FROM stock_balance WHERE log = ?1 AND place = ?2")?;
    let mut rows = parts.query(params![log, place.as_str()])?;
    while let Some(row) = rows.next()? {
        moved.weighed.insert(row.get(0)?);
    }
    Ok(())
}

fn forget_movement(conn: &Connection, entity: i64, moved: &mut Moved) -> Result<()> {
    let mut delete =
        conn.prepare_cached("DELETE FROM stock_movement WHERE entity = ?1 RETURNING part, at")?;
    let mut rows = delete.query([entity])?;
    while let Some(row) = rows.next()? {
        moved.note(&row.get::<_, String>(0)?, row.get(1)?);
    }
    Ok(())
}

fn write_slip(conn: &Connection, entity: i64, log: i64, id: &EntityId, slip: &Slip) -> Result<()> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO stock_slip (entity, log, id, number, asker, order_id, at, waits)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        entity,
        log,
        id.as_str(),
        slip.asked.number,
        slip.by.as_ref().map(UserId::as_str),
        slip.asked.order.as_ref().map(|order| order.entity.as_str()),
        slip.at.as_millisecond(),
        slip.waits(),
    ])?;
    Ok(())
}

fn forget_reserved(conn: &Connection, entity: i64, moved: &mut Moved) -> Result<()> {
    let mut delete = conn.prepare_cached("DELETE FROM stock_reserved WHERE entity = ?1 RETURNING part")?;
    let mut rows = delete.query([entity])?;
    while let Some(row) = rows.next()? {
        moved.weighed.insert(row.get(0)?);
    }
    Ok(())
}

fn write_reserved(conn: &Connection, entity: i64, log: i64, slip: &Slip, moved: &mut Moved) -> Result<()> {
    forget_reserved(conn, entity, moved)?;
    if !slip.reserves() {
        return Ok(());
    }
    let mut insert = conn.prepare_cached(
        "INSERT INTO stock_reserved (entity, n, log, part, quantity) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (n, line) in (0_i64..).zip(slip.lines()) {
        insert.execute(params![entity, n, log, line.part.as_str(), line.quantity])?;
        moved.weighed.insert(line.part.to_string());
    }
    Ok(())
}

fn remove(conn: &Connection, entity: i64, log: i64, id: &EntityId, moved: &mut Moved) -> Result<()> {
    forget_movement(conn, entity, moved)?;
    forget_reserved(conn, entity, moved)?;
    conn.prepare_cached("DELETE FROM stock_slip WHERE entity = ?1")?.execute([entity])?;
    weigh_place(conn, log, id, moved)?;
    conn.prepare_cached("DELETE FROM stock_place WHERE log = ?1 AND id = ?2")?
        .execute(params![log, id.as_str()])?;
    if conn.prepare_cached("DELETE FROM stock_part WHERE entity = ?1")?.execute([entity])? > 0 {
        conn.prepare_cached("DELETE FROM stock_text WHERE rowid = ?1")?.execute([entity])?;
    }
    Ok(())
}

/// Replays the models whose movements changed, and weighs all that are concerned against their minimum.
pub(crate) fn refold(conn: &Connection, log: i64, moved: &Moved) -> Result<()> {
    for (part, since) in &moved.since {
        let movements = movements_of(conn, log, part)?;
        let mut lines: Vec<Line<'_>> = movements.iter().map(|(id, _, movement)| movement.line(id)).collect();
        sort(&mut lines);
        let ledger = replay(&lines);
        let settled = settled_at(&movements);
        write_effects(conn, log, part, *since, &lines, &ledger)?;
        write_outcome(conn, log, part, &lines, &ledger, &settled)?;
    }
    let mut weigh = conn.prepare_cached(
        "UPDATE stock_part AS p SET low = closed = 0 AND minimum > 0 AND minimum >
            (SELECT coalesce(sum(b.quantity), 0) FROM stock_balance b
                LEFT JOIN stock_place l ON l.log = b.log AND l.id = b.place
                WHERE b.log = p.log AND b.part = p.id AND coalesce(l.on_hand, 1) = 1)
            - (SELECT coalesce(sum(r.quantity), 0) FROM stock_reserved r
                WHERE r.log = p.log AND r.part = p.id)
         WHERE log = ?1 AND id = ?2",
    )?;
    for part in moved.since.keys().chain(&moved.weighed) {
        weigh.execute(params![log, part])?;
    }
    Ok(())
}

/// Movements of a model that count, with their states.
pub(crate) fn movements_of(conn: &Connection, log: i64, part: &str) -> Result<Vec<(String, i64, Movement)>> {
    let mut statement = conn.prepare_cached(
        "SELECT stock_movement.id, stock_movement.entity, coalesce(entity.shown, entity.confirmed)
         FROM stock_movement JOIN entity ON entity.n = stock_movement.entity
         WHERE stock_movement.log = ?1 AND part = ?2 AND unreconciled = 0",
    )?;
    let mut rows = statement.query(params![log, part])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let state = serde_json::from_str(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)?;
        if let EntityState::Movement(movement) = state {
            found.push((row.get(0)?, row.get(1)?, *movement));
        }
    }
    Ok(found)
}

/// When 账实不符 of a place and owner was noted as cleared up last.
fn settled_at(movements: &[(String, i64, Movement)]) -> BTreeMap<(String, &'static str), i64> {
    let mut settled = BTreeMap::new();
    for (_, _, movement) in movements {
        if let (true, Some(place)) = (movement.made.settles, &movement.made.to) {
            let last = settled.entry((place.to_string(), movement.made.owner.code())).or_insert(i64::MIN);
            *last = movement.at.as_millisecond().max(*last);
        }
    }
    settled
}

fn write_effects(
    conn: &Connection,
    log: i64,
    part: &str,
    since: i64,
    lines: &[Line<'_>],
    ledger: &Ledger<'_>,
) -> Result<()> {
    conn.prepare_cached("DELETE FROM stock_effect WHERE log = ?1 AND part = ?2 AND at >= ?3")?
        .execute(params![log, part, since])?;
    let mut insert = conn.prepare_cached(
        "INSERT INTO stock_effect (log, part, place, owner, at, id, n, change, balance)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for (n, effect) in (0_i64..).zip(&ledger.effects) {
        let Some(line) = lines.get(effect.line) else { continue };
        let at = line.at.as_millisecond();
        if at >= since {
            let Key { place, owner, .. } = effect.key;
            insert.execute(params![
                log,
                part,
                place,
                owner,
                at,
                line.id,
                n,
                effect.change,
                effect.balance
            ])?;
        }
    }
    Ok(())
}

fn write_outcome(
    conn: &Connection,
    log: i64,
    part: &str,
    lines: &[Line<'_>],
    ledger: &Ledger<'_>,
    settled: &BTreeMap<(String, &'static str), i64>,
) -> Result<()> {
    for table in ["stock_balance", "stock_serial", "stock_fault"] {
        conn.prepare_cached(&format!("DELETE FROM {table} WHERE log = ?1 AND part = ?2"))?
            .execute(params![log, part])?;
    }
    let mut balance = conn.prepare_cached(
        "INSERT INTO stock_balance (log, part, place, owner, quantity) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (key, quantity) in &ledger.balances {
        balance.execute(params![log, part, key.place, key.owner, quantity])?;
    }
    let mut serial = conn.prepare_cached(
        "INSERT INTO stock_serial (log, part, serial, place, owner, since, movement)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for ((_, name), held) in &ledger.serials {
        serial.execute(params![
            log,
            part,
            name,
            held.place,
            held.owner,
            held.since.as_millisecond(),
            held.by
        ])?;
    }
    for (key, fault) in &ledger.faults {
        let now = ledger.balances.get(key).copied().unwrap_or(0);
        let noted = settled
            .iter()
            .find(|((place, owner), _)| place == key.place && *owner == key.owner)
            .is_some_and(|(_, at)| *at >= fault.last.as_millisecond());
        write_fault(conn, log, key, fault, lines, now < 0 || !noted)?;
    }
    Ok(())
}

fn write_fault(
    conn: &Connection,
    log: i64,
    key: &Key<'_>,
    fault: &Fault<'_>,
    lines: &[Line<'_>],
    is_open: bool,
) -> Result<()> {
    let movements: Vec<&str> =
        fault.movements.iter().filter_map(|at| lines.get(*at)).map(|line| line.id).collect();
    let serials: Vec<&str> = fault.misplaced.iter().map(|piece| piece.serial).collect();
    conn.prepare_cached(
        "INSERT INTO stock_fault (log, part, place, owner, lowest, since, last, movements, serials, open)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        log,
        key.model,
        key.place,
        key.owner,
        fault.lowest,
        fault.since.as_millisecond(),
        fault.last.as_millisecond(),
        serde_json::to_string(&movements)?,
        serde_json::to_string(&serials)?,
        is_open,
    ])?;
    Ok(())
}
