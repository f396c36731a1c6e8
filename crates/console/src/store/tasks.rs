//! What orders ask of people, and the knowledge in them: small tables beside the list, so that its
//! queues need no column of their own in the covering index.

use rusqlite::{Connection, params};
use zaigang_domain::order::{Order, Status, waiting};

use super::clocks::OrderClocks;
use super::error::Result;
use super::text;

/// Writes what an order asks for, instead of what it asked before.
pub(crate) fn write(conn: &Connection, entity: i64, order: &Order, clocks: &OrderClocks) -> Result<()> {
    forget(conn, entity)?;
    let mut insert = conn.prepare_cached(
        "INSERT OR IGNORE INTO order_task (kind, who, entity, due_at) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for (user, _) in waiting(order) {
        insert.execute(params!["waiting", user.as_str(), entity, clocks.next_deadline_at])?;
    }
    if order.status != Status::Merged
        && let Some(due_at) = clocks.report_due_at
    {
        insert.execute(params!["report", "", entity, due_at])?;
    }
    if order.status.is_open()
        && let Some(planned_at) = order.scheduled_at
    {
        insert.execute(params!["planned", "", entity, planned_at.as_millisecond()])?;
    }
    Ok(())
}

/// Removes what an order asked for.
pub(crate) fn forget(conn: &Connection, entity: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM order_task WHERE entity = ?1")?.execute([entity])?;
    Ok(())
}

/// Writes the knowledge of an order where there is any; `replace` where there was before.
pub(crate) fn index(conn: &Connection, entity: i64, order: &Order, replace: bool) -> Result<()> {
    if replace {
        unindex(conn, entity)?;
    }
    let Some(last) = order.knowledge.last() else { return Ok(()) };
    conn.prepare_cached("INSERT INTO knowledge (entity, object, at) VALUES (?1, ?2, ?3)")?
        .execute(params![entity, order.object, last.at.as_millisecond()])?;
    conn.prepare_cached("INSERT INTO knowledge_text (rowid, body, initials) VALUES (?1, ?2, ?3)")?
        .execute(params![entity, text::split_cjk(&words(order)), text::initials_column(&order.title)])?;
    Ok(())
}

/// Removes the knowledge of an order.
pub(crate) fn unindex(conn: &Connection, entity: i64) -> Result<()> {
    if conn.prepare_cached("DELETE FROM knowledge WHERE entity = ?1")?.execute([entity])? > 0 {
        conn.prepare_cached("DELETE FROM knowledge_text WHERE rowid = ?1")?.execute([entity])?;
    }
    Ok(())
}

/// Title and knowledge of an order, as searched.
fn words(order: &Order) -> String {
    order.knowledge.iter().fold(order.title.clone(), |text, known| {
        format!("{text} {} {} {}", known.symptom, known.cause, known.steps)
    })
}
