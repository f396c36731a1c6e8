//! Projection of devices: a row, search text, and which orders name them.
//!
//! Promises: of living devices with one serial number each is marked as a twin, in whatever order they came.
//! Left out: addresses, which are sealed, and history, which is read when a card is opened.

use rusqlite::{Connection, OptionalExtension as _, params};
use zaigang_domain::asset::{Asset, Network, serial_key};
use zaigang_domain::event::EntityId;
use zaigang_domain::order::Order;

use super::error::Result;
use super::text;

/// Writes the row of a device, or takes it away where there is none any more.
pub(crate) fn write(
    conn: &Connection,
    entity: i64,
    log: i64,
    id: &EntityId,
    asset: Option<&Asset>,
) -> Result<()> {
    let before: Option<String> = conn
        .prepare_cached("SELECT serial FROM asset WHERE entity = ?1")?
        .query_row([entity], |row| row.get(0))
        .optional()?;
    if before.is_some() {
        conn.prepare_cached("DELETE FROM asset WHERE entity = ?1")?.execute([entity])?;
        conn.prepare_cached("DELETE FROM asset_text WHERE rowid = ?1")?.execute([entity])?;
    }
    let now = asset.map(|asset| serial_key(&asset.card.serial));
    if let Some(asset) = asset {
        insert(conn, entity, log, id, asset)?;
    }
    for serial in before.iter().chain(now.iter().filter(|now| before.as_ref() != Some(*now))) {
        mark_twins(conn, serial)?;
    }
    Ok(())
}

fn insert(conn: &Connection, entity: i64, log: i64, id: &EntityId, asset: &Asset) -> Result<()> {
    let card = &asset.card;
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    conn.prepare_cached(
        "INSERT INTO asset
            (entity, log, id, object, network, place, name, model, serial, listed, quantity, life, living,
             cover_end, since, parent, pending)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?
    .execute(params![
        entity,
        log,
        id.as_str(),
        card.object,
        card.network.map(Network::code).unwrap_or_default(),
        card.place,
        card.name,
        card.model,
        serial_key(&card.serial),
        card.listed,
        card.quantity,
        asset.life.code(),
        asset.life.is_living(),
        date(card.cover_end()),
        date(card.since),
        card.parent.as_ref().map(EntityId::as_str),
        !asset.pending.is_empty(),
    ])?;
    let body = [
        &card.name,
        &card.maker,
        &card.model,
        &card.serial,
        &card.place,
        &card.room,
        &card.rack,
        &card.supplier,
        &card.listed,
        &card.note,
    ]
    .map(String::as_str)
    .join(" ");
    let initials = text::initials_column(&format!("{} {} {}", card.name, card.place, card.room));
    conn.prepare_cached("INSERT INTO asset_text (rowid, body, initials) VALUES (?1, ?2, ?3)")?
        .execute(params![entity, text::split_cjk(&body), initials])?;
    Ok(())
}

fn mark_twins(conn: &Connection, serial: &str) -> Result<()> {
    if serial.is_empty() {
        return Ok(());
    }
    conn.prepare_cached(
        "UPDATE asset SET twin = living = 1
            AND (SELECT count(*) FROM asset other WHERE other.serial = ?1 AND other.living = 1) > 1
         WHERE serial = ?1",
    )?
    .execute([serial])?;
    Ok(())
}

/// Writes which devices an order names, instead of those it named before.
pub(crate) fn name(conn: &Connection, entity: i64, order: Option<&Order>) -> Result<()> {
    conn.prepare_cached("DELETE FROM asset_order WHERE entity = ?1")?.execute([entity])?;
    for asset in order.map(|order| order.assets.as_slice()).unwrap_or_default() {
        conn.prepare_cached("INSERT OR IGNORE INTO asset_order (asset, entity) VALUES (?1, ?2)")?
            .execute(params![asset.as_str(), entity])?;
    }
    Ok(())
}
