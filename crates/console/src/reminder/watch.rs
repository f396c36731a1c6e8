//! What to watch for a person, from the projection rows; and what was told, kept over restarts.

use super::{Told, Watched, WatchedClock};
use crate::order::{Desk, RowClock, instant};
use crate::store::{Store, StoreError};
use zaigang_domain::order::Status;
use zaigang_domain::people::Role;

/// Most open orders watched for one person.
const WATCHED_MAX: u32 = 2_000;
const SETTING: &str = "reminders_told";

/// The open orders that concern the person of this desk: his own; those nobody has, for who can take or
/// dispatch them; broken ones of his scope, for who answers for them.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn watched(desk: &Desk<'_>) -> Result<Vec<Watched>, StoreError> {
    let me = desk.actor.user().map(ToString::to_string).unwrap_or_default();
    let takes = desk.actor.has(Role::Engineer) || desk.actor.has(Role::Dispatcher);
    let answers = desk.actor.has(Role::Supervisor) || desk.actor.has(Role::Dispatcher);
    let mut statement = desk.store.reader().prepare_cached(
        "SELECT orders.id, number, title, assignee, contract, division, clocks, status, planned.due_at
         FROM orders LEFT JOIN order_task AS planned
            ON planned.kind = 'planned' AND planned.who = '' AND planned.entity = orders.entity
         WHERE orders.entity IN (
            SELECT entity FROM orders INDEXED BY orders_filter WHERE open = 1
                AND (assignee = ?1 OR (assignee IS NULL AND ?2) OR (next_deadline_at < ?3 AND ?4))
            ORDER BY next_deadline_at IS NULL, next_deadline_at LIMIT ?5)",
    )?;
    let now = desk.now.as_millisecond();
    let mut rows = statement.query(rusqlite::params![me, takes, now, answers, WATCHED_MAX])?;
    let mut watched = Vec::new();
    while let Some(row) = rows.next()? {
        if !desk.actor.covers(&row.get::<_, String>(4)?, &row.get::<_, String>(5)?) {
            continue;
        }
        let assignee: Option<String> = row.get(3)?;
        let planned = row.get::<_, Option<i64>>(8)?.map(instant);
        // Work planned ahead is nobody's news before its time.
        let is_ahead = planned.is_some_and(|at| at > desk.now);
        let clocks: Vec<RowClock> = serde_json::from_str(&row.get::<_, String>(6)?)?;
        watched.push(Watched {
            id: row.get(0)?,
            number: row.get(1)?,
            title: row.get(2)?,
            planned,
            is_news: match &assignee {
                _ if is_ahead => false,
                None => takes,
                // Its time has come, also for who accepted it long before.
                Some(user) if planned.is_some() => *user == me,
                // What he accepted is no news to him, whoever gave it to him.
                Some(user) => *user == me && row.get::<_, String>(7)? == Status::Dispatched.code(),
            },
            assignee: assignee.unwrap_or_default(),
            clocks: clocks.iter().filter_map(clock).collect(),
        });
    }
    Ok(watched)
}

fn clock(clock: &RowClock) -> Option<WatchedClock> {
    if !matches!(clock.state.as_str(), "running" | "missed_open") {
        return None;
    }
    Some(WatchedClock {
        target: clock.target.parse().ok()?,
        deadline: instant(clock.deadline?),
        warn_at: instant(clock.warn_at?),
    })
}

/// What was told to a user on this console before; `None` at the first start.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn load_told(store: &Store, user: &str) -> Result<Option<Told>, StoreError> {
    let text = store.setting(&format!("{SETTING}/{user}"))?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Keeps what was told.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn save_told(store: &mut Store, user: &str, told: &Told) -> Result<(), StoreError> {
    store.set_setting(&format!("{SETTING}/{user}"), &serde_json::to_string(told)?)
}
