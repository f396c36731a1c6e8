//! Projections of stores' logs: models, places, movements, and what they come to.
//!
//! Promises: balances, pieces and 账实不符 of a model are the domain's replay of its movements that count;
//! when some arrive, also late, only the model's rows from the earliest of them on are written again, and
//! where nothing went wrong only those movements are booked again. Left out: scrapping and stocktakes, whose
//! states are read as they are.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use zaigang_domain::event::{EntityId, UserId};
use zaigang_domain::judge::EntityState;
use zaigang_domain::stock::replay::{Fault, Held, Key, Ledger, Line, replay, resume, sort};
use zaigang_domain::stock::{Movement, MovementKind, Part, Slip};

use super::entities::instant;
use super::error::Result;
use super::text;

/// Milliseconds of a day of `stock_day`.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// Models concerned in a transaction.
#[derive(Default)]
pub(crate) struct Moved {
    /// Those whose movements changed.
    since: BTreeMap<String, Since>,
    /// Those of which more or less can be handed out, or that have another minimum.
    weighed: BTreeSet<String>,
}

/// From where on a model is booked again.
struct Since {
    /// The earliest instant concerned, Unix milliseconds.
    at: i64,
    /// Pieces named by movements that are there no more, or are other than they were.
    serials: BTreeSet<String>,
}

impl Moved {
    fn note(&mut self, part: &str, at: i64) -> &mut Since {
        let new = || Since { at, serials: BTreeSet::new() };
        let since = self.since.entry(part.to_owned()).or_insert_with(new);
        since.at = at.min(since.at);
        since
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
             corrects, settles, unreconciled, from_place, to_place, owner, present)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
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
        made.from.as_ref().map(EntityId::as_str),
        made.to.as_ref().map(EntityId::as_str),
        made.owner.code(),
        made.present.as_ref().map(serde_json::to_string).transpose()?,
    ])?;
    moved.note(made.part.as_str(), at);
    if !movement.unreconciled {
        conn.prepare_cached(
            "INSERT INTO stock_day (log, day, movements) VALUES (?1, ?2, 1)
             ON CONFLICT DO UPDATE SET movements = movements + 1",
        )?
        .execute(params![log, at.div_euclid(DAY_MS)])?;
    }
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
    let mut delete = conn.prepare_cached(
        "DELETE FROM stock_movement WHERE entity = ?1 RETURNING part, at, serial, log, unreconciled",
    )?;
    let mut rows = delete.query([entity])?;
    while let Some(row) = rows.next()? {
        let at: i64 = row.get(1)?;
        moved.note(&row.get::<_, String>(0)?, at).serials.extend(row.get::<_, Option<String>>(2)?);
        if !row.get::<_, bool>(4)? {
            forget_of_day(conn, row.get(3)?, at.div_euclid(DAY_MS))?;
        }
    }
    Ok(())
}

fn forget_of_day(conn: &Connection, log: i64, day: i64) -> Result<()> {
    conn.prepare_cached("UPDATE stock_day SET movements = movements - 1 WHERE log = ?1 AND day = ?2")?
        .execute(params![log, day])?;
    conn.prepare_cached("DELETE FROM stock_day WHERE log = ?1 AND day = ?2 AND movements = 0")?
        .execute(params![log, day])?;
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

/// Books the models whose movements changed, and weighs all that are concerned against their minimum.
pub(crate) fn refold(conn: &Connection, log: i64, moved: &Moved) -> Result<()> {
    for (part, since) in &moved.since {
        let of = Model { conn, log, part };
        let touched = of.forget_effects(since.at)?;
        if !of.go_on(since, touched)? {
            of.begin_anew(since.at)?;
        }
    }
    for part in moved.since.keys().chain(&moved.weighed) {
        weigh(conn, log, part)?;
    }
    Ok(())
}

/// What lists of models ask for.
fn weigh(conn: &Connection, log: i64, part: &str) -> Result<()> {
    let (on_hand, in_repair, on_loan): (i64, i64, i64) = conn
        .prepare_cached(
            "SELECT coalesce(sum(b.quantity) FILTER (WHERE coalesce(l.on_hand, 1) = 1), 0),
                coalesce(sum(b.quantity) FILTER (WHERE l.kind = 'vendor'), 0),
                coalesce(sum(b.quantity) FILTER (WHERE l.kind = 'loan'), 0)
             FROM stock_balance b LEFT JOIN stock_place l ON l.log = b.log AND l.id = b.place
             WHERE b.log = ?1 AND b.part = ?2",
        )?
        .query_row(params![log, part], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let reserved: i64 = conn
        .prepare_cached("SELECT coalesce(sum(quantity), 0) FROM stock_reserved WHERE log = ?1 AND part = ?2")?
        .query_row(params![log, part], |row| row.get(0))?;
    conn.prepare_cached(
        "UPDATE stock_part SET on_hand = ?3, reserved = ?4, in_repair = ?5, on_loan = ?6,
            low = closed = 0 AND minimum > 0 AND minimum > ?3 - ?4,
            faulty = EXISTS (SELECT 1 FROM stock_fault f WHERE f.log = ?1 AND f.part = ?2 AND f.open = 1),
            first_at = (SELECT min(e.at) FROM stock_effect e WHERE e.log = ?1 AND e.part = ?2)
         WHERE log = ?1 AND id = ?2",
    )?
    .execute(params![log, part, on_hand, reserved, in_repair, on_loan])?;
    Ok(())
}

/// A movement that counts, as the ledger needs it.
struct Booked {
    id: String,
    at: i64,
    kind: MovementKind,
    quantity: i64,
    serial: Option<String>,
    present: Option<Vec<String>>,
    from: Option<String>,
    to: Option<String>,
    owner: String,
    settles: bool,
}

impl Booked {
    /// Columns of `stock_movement`, as [`Booked::read`] takes them.
    const COLUMNS: &'static str =
        "id, at, kind, quantity, serial, present, from_place, to_place, owner, settles";

    fn read(row: &Row<'_>) -> Result<Option<Self>> {
        let text = |at: usize| row.get_ref(at)?.as_str_or_null().map_err(rusqlite::Error::from);
        let Some(kind) = text(2)?.and_then(MovementKind::from_code) else { return Ok(None) };
        Ok(Some(Self {
            id: row.get(0)?,
            at: row.get(1)?,
            kind,
            quantity: row.get(3)?,
            serial: row.get(4)?,
            present: text(5)?.map(serde_json::from_str).transpose()?,
            from: row.get(6)?,
            to: row.get(7)?,
            owner: row.get(8)?,
            settles: row.get(9)?,
        }))
    }

    fn line<'a>(&'a self, part: &'a str) -> Line<'a> {
        Line {
            id: &self.id,
            at: instant(self.at),
            kind: self.kind,
            model: part,
            serial: self.serial.as_deref(),
            present: self.present.as_deref(),
            quantity: self.quantity,
            from: self.from.as_deref(),
            to: self.to.as_deref(),
            owner: &self.owner,
        }
    }

    /// Where it leaves the piece it names, whatever was before: absent where that depends on it.
    fn leaves(&self) -> Option<Option<&str>> {
        let absolute = matches!(self.kind, MovementKind::Counted | MovementKind::Corrected);
        match (&self.from, &self.to) {
            (_, Some(_)) if absolute && self.quantity <= 0 => None,
            (_, Some(to)) => Some(Some(to)),
            (Some(_), None) if !absolute => Some(None),
            _ => None,
        }
    }
}

/// The key of a balance among those of its model: place and owner.
type Spot = (String, String);

/// A model of a store.
struct Model<'a> {
    conn: &'a Connection,
    log: i64,
    part: &'a str,
}

impl Model<'_> {
    /// Drops what movements from an instant on did; gives the balances they did it to.
    fn forget_effects(&self, since: i64) -> Result<BTreeSet<Spot>> {
        let mut delete = self.conn.prepare_cached(
            "DELETE FROM stock_effect WHERE log = ?1 AND part = ?2 AND at >= ?3 RETURNING place, owner",
        )?;
        let rows =
            delete.query_map(params![self.log, self.part, since], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Its movements from an instant on, in no order.
    fn booked(&self, since: i64) -> Result<Vec<Booked>> {
        let sql = format!(
            "SELECT {} FROM stock_movement WHERE log = ?1 AND part = ?2 AND at >= ?3 AND unreconciled = 0",
            Booked::COLUMNS
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params![self.log, self.part, since])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.extend(Booked::read(row)?);
        }
        Ok(found)
    }

    /// Replays everything: what went wrong, and counts that name pieces, tell of more than one instant.
    fn begin_anew(&self, since: i64) -> Result<()> {
        let booked = self.booked(i64::MIN)?;
        let mut lines: Vec<Line<'_>> = booked.iter().map(|one| one.line(self.part)).collect();
        sort(&mut lines);
        let ledger = replay(&lines);
        write_effects(self.conn, self.log, self.part, since, &lines, &ledger)?;
        write_outcome(self.conn, self.log, self.part, &lines, &ledger, &settled_at(&booked))
    }

    /// Books what happened from an instant on upon what there was before. Gives up where that does not tell
    /// enough: where a balance was below zero or a piece misplaced, and where a count named all pieces.
    fn go_on(&self, since: &Since, mut touched: BTreeSet<Spot>) -> Result<bool> {
        let booked = self.booked(since.at)?;
        if self.is_at_fault()? || booked.iter().any(|one| one.present.is_some()) {
            return Ok(false);
        }
        for one in &booked {
            let places = [&one.from, &one.to].into_iter().flatten();
            touched.extend(places.map(|place| (place.clone(), one.owner.clone())));
        }
        let named = booked.iter().filter_map(|one| one.serial.as_deref());
        let named: BTreeSet<&str> = named.chain(since.serials.iter().map(String::as_str)).collect();
        let Some(held) = self.held_before(&named, since.at)? else { return Ok(false) };
        let before = Ledger {
            balances: self.balances_before(&touched)?,
            serials: held
                .iter()
                .filter_map(|(serial, last)| Some(((self.part, *serial), last.held()?)))
                .collect(),
            ..Ledger::default()
        };
        let mut lines: Vec<Line<'_>> = booked.iter().map(|one| one.line(self.part)).collect();
        sort(&mut lines);
        let ledger = resume(before, &lines);
        if !ledger.faults.is_empty() {
            return Ok(false);
        }
        write_effects(self.conn, self.log, self.part, since.at, &lines, &ledger)?;
        for (place, owner) in &touched {
            let key = Key { model: self.part, place, owner };
            write_balance(self.conn, self.log, &key, ledger.balances.get(&key).copied().unwrap_or(0))?;
        }
        for serial in named {
            write_serial(self.conn, self.log, self.part, serial, ledger.serials.get(&(self.part, serial)))?;
        }
        Ok(true)
    }

    fn is_at_fault(&self) -> Result<bool> {
        Ok(self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM stock_fault WHERE log = ?1 AND part = ?2)")?
            .query_row(params![self.log, self.part], |row| row.get(0))?)
    }

    /// What there was before the effects that were dropped.
    fn balances_before<'a>(&'a self, touched: &'a BTreeSet<Spot>) -> Result<BTreeMap<Key<'a>, i64>> {
        let mut last = self.conn.prepare_cached(
            "SELECT balance FROM stock_effect WHERE log = ?1 AND part = ?2 AND place = ?3 AND owner = ?4
             ORDER BY at DESC, id DESC, n DESC LIMIT 1",
        )?;
        let mut found = BTreeMap::new();
        for (place, owner) in touched {
            let balance: Option<i64> =
                last.query_row(params![self.log, self.part, place, owner], |row| row.get(0)).optional()?;
            found.insert(Key { model: self.part, place, owner }, balance.unwrap_or(0));
        }
        Ok(found)
    }

    /// The last movements of pieces before an instant; absent where one does not tell where it left its piece,
    /// or a count named all pieces of a place.
    fn held_before<'a>(
        &self,
        serials: &BTreeSet<&'a str>,
        since: i64,
    ) -> Result<Option<Vec<(&'a str, Last)>>> {
        let mut found = Vec::new();
        if serials.is_empty() {
            return Ok(Some(found));
        }
        let counted: bool = self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM stock_movement WHERE log = ?1 AND part = ?2 AND present IS NOT NULL)",
            )?
            .query_row(params![self.log, self.part], |row| row.get(0))?;
        if counted {
            return Ok(None);
        }
        let mut last = self.conn.prepare_cached(&format!(
            "SELECT {} FROM stock_movement
             WHERE serial = ?3 AND +log = ?1 AND +part = ?2 AND at < ?4 AND unreconciled = 0
             ORDER BY at DESC, id DESC LIMIT 1",
            Booked::COLUMNS
        ))?;
        for serial in serials {
            let mut rows = last.query(params![self.log, self.part, serial, since])?;
            let Some(row) = rows.next()? else { continue };
            let Some(booked) = Booked::read(row)? else { continue };
            if booked.leaves().is_none() {
                return Ok(None);
            }
            found.push((*serial, Last(booked)));
        }
        Ok(Some(found))
    }
}

/// The last movement of a piece, which says where it left it.
struct Last(Booked);

impl Last {
    fn held(&self) -> Option<Held<'_>> {
        let place = self.0.leaves()??;
        Some(Held { place, owner: &self.0.owner, since: instant(self.0.at), by: &self.0.id })
    }
}

/// When 账实不符 of a place and owner was noted as cleared up last.
fn settled_at(booked: &[Booked]) -> BTreeMap<Spot, i64> {
    let mut settled = BTreeMap::new();
    for one in booked {
        if let (true, Some(place)) = (one.settles, &one.to) {
            let last = settled.entry((place.clone(), one.owner.clone())).or_insert(i64::MIN);
            *last = one.at.max(*last);
        }
    }
    settled
}

/// Writes what lines from an instant on did; what they did before was dropped.
fn write_effects(
    conn: &Connection,
    log: i64,
    part: &str,
    since: i64,
    lines: &[Line<'_>],
    ledger: &Ledger<'_>,
) -> Result<()> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO stock_effect (log, part, place, owner, at, id, n, change, balance)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let (mut n, mut before) = (0_i64, None);
    for effect in &ledger.effects {
        let Some(line) = lines.get(effect.line) else { continue };
        n = if before.replace(effect.line) == Some(effect.line) { n + 1 } else { 0 };
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

fn write_balance(conn: &Connection, log: i64, key: &Key<'_>, quantity: i64) -> Result<()> {
    let Key { model, place, owner } = key;
    if quantity == 0 {
        conn.prepare_cached(
            "DELETE FROM stock_balance WHERE log = ?1 AND part = ?2 AND place = ?3 AND owner = ?4",
        )?
        .execute(params![log, model, place, owner])?;
        return Ok(());
    }
    conn.prepare_cached(
        "INSERT INTO stock_balance (log, part, place, owner, quantity) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET quantity = ?5",
    )?
    .execute(params![log, model, place, owner, quantity])?;
    Ok(())
}

fn write_serial(
    conn: &Connection,
    log: i64,
    part: &str,
    serial: &str,
    held: Option<&Held<'_>>,
) -> Result<()> {
    let Some(held) = held else {
        conn.prepare_cached("DELETE FROM stock_serial WHERE log = ?1 AND part = ?2 AND serial = ?3")?
            .execute(params![log, part, serial])?;
        return Ok(());
    };
    conn.prepare_cached(
        "INSERT OR REPLACE INTO stock_serial (log, part, serial, place, owner, since, movement)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        log,
        part,
        serial,
        held.place,
        held.owner,
        held.since.as_millisecond(),
        held.by
    ])?;
    Ok(())
}

fn write_outcome(
    conn: &Connection,
    log: i64,
    part: &str,
    lines: &[Line<'_>],
    ledger: &Ledger<'_>,
    settled: &BTreeMap<Spot, i64>,
) -> Result<()> {
    for table in ["stock_balance", "stock_serial", "stock_fault"] {
        conn.prepare_cached(&format!("DELETE FROM {table} WHERE log = ?1 AND part = ?2"))?
            .execute(params![log, part])?;
    }
    for (key, quantity) in &ledger.balances {
        write_balance(conn, log, key, *quantity)?;
    }
    for ((_, serial), held) in &ledger.serials {
        write_serial(conn, log, part, serial, Some(held))?;
    }
    for (key, fault) in &ledger.faults {
        let now = ledger.balances.get(key).copied().unwrap_or(0);
        let noted = settled
            .iter()
            .find(|((place, owner), _)| place == key.place && owner == key.owner)
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
