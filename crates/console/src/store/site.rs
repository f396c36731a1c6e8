//! Projections of the site log: people, devices, published contracts and calendars.

use rusqlite::{Connection, params};
use zaigang_domain::event::EntityId;
use zaigang_domain::judge::EntityState;
use zaigang_domain::people::{DeviceState, Published, Role, UserState};

use super::error::Result;
use super::{Topics, text};

/// Writes the projection of an entity of the site log; hashes of versions new here go to `published`.
pub(crate) fn write(
    conn: &Connection,
    id: &EntityId,
    state: &EntityState,
    topics: &mut Topics,
    published: &mut Vec<String>,
) -> Result<()> {
    match state {
        EntityState::User(user) => {
            topics.insert("session".into());
            person(conn, id.local(), user)
        }
        EntityState::Device(state) => device(conn, id.local(), state),
        EntityState::Contract(versions) | EntityState::Calendar(versions) => {
            topics.extend(["orders".to_owned(), "contract".to_owned()]);
            publications(conn, id.as_str(), versions, published)
        }
        EntityState::Whereabouts(_) => {
            topics.insert("whereabouts".into());
            Ok(())
        }
        EntityState::Roster(_) => {
            topics.extend(["roster".to_owned(), format!("roster:{}", id.local())]);
            Ok(())
        }
        EntityState::Staff(_) => {
            topics.insert("staff".into());
            Ok(())
        }
        EntityState::Leave(_) => {
            topics.insert("leave".into());
            Ok(())
        }
        EntityState::Handover(_) | EntityState::Hotline(_) | EntityState::DutyLog(_) => {
            topics.insert("duty".into());
            Ok(())
        }
        EntityState::Attendance(_)
        | EntityState::AttendanceMonth(_)
        | EntityState::Overtime(_)
        | EntityState::SpotCheck(_)
        | EntityState::Watermark(_) => {
            topics.insert("attendance".into());
            Ok(())
        }
        EntityState::Coverage(_) => {
            topics.insert("coverage".into());
            Ok(())
        }
        // What orders and stores hold is projected beside their entities.
        EntityState::Asset(_)
        | EntityState::Part(_)
        | EntityState::Place(_)
        | EntityState::Movement(_)
        | EntityState::Slip(_)
        | EntityState::Scrapping(_)
        | EntityState::Take(_)
        | EntityState::Transfer(_)
        | EntityState::Shipment(_)
        | EntityState::Order(_)
        | EntityState::Session(_)
        | EntityState::Source(_)
        | EntityState::Unknown { .. } => Ok(()),
    }
}

fn person(conn: &Connection, id: &str, user: &UserState) -> Result<()> {
    let roles: Vec<&str> = user.roles.iter().copied().map(Role::code).collect();
    conn.prepare_cached(
        "INSERT OR REPLACE INTO person
            (id, login, name, initials, roles, contracts, divisions, post, onsite, disabled, resets)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        id,
        user.login,
        user.name,
        text::initials(&user.name),
        serde_json::to_string(&roles)?,
        serde_json::to_string(&user.contracts)?,
        serde_json::to_string(&user.divisions)?,
        user.post,
        user.onsite,
        user.disabled,
        user.resets,
    ])?;
    Ok(())
}

fn device(conn: &Connection, id: &str, device: &DeviceState) -> Result<()> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO device (id, name, public_key, logs, revoked) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        id,
        device.name,
        device.public_key,
        serde_json::to_string(&device.logs)?,
        device.revoked
    ])?;
    Ok(())
}

fn publications(
    conn: &Connection,
    entity: &str,
    versions: &Published,
    published: &mut Vec<String>,
) -> Result<()> {
    let known = hashes(conn, entity)?;
    // A pending version that was not taken leaves nothing behind, also where another took its place.
    let kept = known.iter().zip(&versions.versions).take_while(|(known, row)| **known == row.hash).count();
    conn.prepare_cached("DELETE FROM publication WHERE entity = ?1 AND version > ?2")?
        .execute(params![entity, kept])?;
    let mut insert = conn.prepare_cached(
        "INSERT INTO publication
            (entity, version, hash, title, accepted_on, content, reading, settings, event)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for (version, row) in (1_u32..).zip(&versions.versions).skip(kept) {
        insert.execute(params![
            entity,
            version,
            row.hash,
            row.title,
            row.accepted_on,
            row.content,
            row.reading,
            row.settings,
            row.by.map(|event| event.0)
        ])?;
        published.push(row.hash.clone());
    }
    Ok(())
}

fn hashes(conn: &Connection, entity: &str) -> Result<Vec<String>> {
    let mut statement =
        conn.prepare_cached("SELECT hash FROM publication WHERE entity = ?1 ORDER BY version")?;
    Ok(statement.query_map([entity], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}
