//! Where an order's deadlines come from: told from outside, so that the store knows no contract.

use rusqlite::{Connection, OptionalExtension as _};
use zaigang_domain::event::EventId;
use zaigang_domain::order::Order;

use super::error::Result;

/// What a list needs of an order's clocks. A function of the order and its contract alone, never of "now".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderClocks {
    /// Target of the earliest deadline that has not ended.
    pub next_target: Option<String>,
    /// That deadline, Unix milliseconds.
    pub next_deadline_at: Option<i64>,
    /// When the first warning is due, Unix milliseconds.
    pub next_warn_at: Option<i64>,
    /// Targets that ended late.
    pub breached: u32,
    /// When the fault report is due that is owed and not submitted, Unix milliseconds.
    pub report_due_at: Option<i64>,
    /// Ids of the rules they run under, each between bars: `|L1|E-1h-24h|`; empty where there is none.
    pub rules: String,
    /// JSON list of `{target, rule, starts_at, deadline, warn_at, ended_at, state}`, instants in Unix milliseconds.
    pub clocks: String,
}

/// A published version of a contract or calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// `contract/…` or `calendar/…`.
    pub entity: String,
    /// Version, from 1.
    pub version: u32,
    /// Hash of all its texts, hex.
    pub hash: String,
    /// Title or version name for people.
    pub title: String,
    /// Start of service, for contracts.
    pub accepted_on: Option<String>,
    /// The text itself.
    pub content: String,
    /// Our reading of the contract's words, for contracts.
    pub reading: Option<String>,
    /// The site's settings text, for contracts.
    pub settings: Option<String>,
}

/// A published version without its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicationHead {
    /// `contract/…` or `calendar/…`.
    pub entity: String,
    /// Version, from 1.
    pub version: u32,
    /// Hash of all its texts, hex.
    pub hash: String,
    /// Title or version name for people.
    pub title: String,
    /// Date of acceptance, `2025-10-01`.
    pub accepted_on: Option<String>,
    /// Event that published it.
    pub event: Option<EventId>,
    /// That event waits for the centre: the version may yet be refused.
    pub is_pending: bool,
}

/// Derives the clocks of an order.
pub trait ClockProjector: Send + Sync {
    /// The clocks of `order`; `published` finds a version by its hash.
    fn project(&self, order: &Order, published: &dyn Fn(&str) -> Option<Publication>) -> OrderClocks;
}

/// No clocks at all: for stores whose lists show none.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoClocks;

impl ClockProjector for NoClocks {
    fn project(&self, _: &Order, _: &dyn Fn(&str) -> Option<Publication>) -> OrderClocks {
        OrderClocks { clocks: "[]".into(), ..OrderClocks::default() }
    }
}

pub(crate) const PUBLICATION: &str =
    "SELECT entity, version, hash, title, accepted_on, content, reading, settings FROM publication";

pub(crate) fn read_publication(row: &rusqlite::Row<'_>) -> rusqlite::Result<Publication> {
    Ok(Publication {
        entity: row.get(0)?,
        version: row.get(1)?,
        hash: row.get(2)?,
        title: row.get(3)?,
        accepted_on: row.get(4)?,
        content: row.get(5)?,
        reading: row.get(6)?,
        settings: row.get(7)?,
    })
}

/// Versions without their texts, of one entity or of all, oldest first.
pub(crate) fn publication_heads(conn: &Connection, entity: Option<&str>) -> Result<Vec<PublicationHead>> {
    let mut statement = conn.prepare_cached(
        "SELECT entity, version, hash, title, accepted_on, event,
            EXISTS (SELECT 1 FROM pending WHERE pending.id = publication.event)
         FROM publication WHERE ?1 IS NULL OR entity = ?1 ORDER BY entity, version",
    )?;
    let rows = statement.query_map([entity], |row| {
        Ok(PublicationHead {
            entity: row.get(0)?,
            version: row.get(1)?,
            hash: row.get(2)?,
            title: row.get(3)?,
            accepted_on: row.get(4)?,
            event: row.get::<_, Option<[u8; 16]>>(5)?.map(EventId),
            is_pending: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A version by its hash.
pub(crate) fn publication_by_hash(conn: &Connection, hash: &str) -> Result<Option<Publication>> {
    Ok(conn
        .prepare_cached(&format!("{PUBLICATION} WHERE hash = ?1 ORDER BY entity, version LIMIT 1"))?
        .query_row([hash], read_publication)
        .optional()?)
}
