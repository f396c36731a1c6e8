//! Clocks that were met or missed lately, from the projection rows.

use crate::order::{Desk, RowClock};
use crate::store::StoreError;
use jiff::Timestamp;
use rusqlite::params;
use zaigang_domain::clock::Target;

/// A clock that was met or missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SettledClock {
    /// What it counted towards.
    pub(crate) target: Target,
    /// When it was settled: at its end or its deadline, whichever came first.
    pub(crate) at: i64,
    /// In time.
    pub(crate) met: bool,
}

impl Desk<'_> {
    /// Clocks settled from `from` on, in the person's scope: ended ones, and overdue ones not ended.
    pub(crate) fn settled_clocks(&self, from: Timestamp) -> Result<Vec<SettledClock>, StoreError> {
        let (from, now) = (from.as_millisecond(), self.now.as_millisecond());
        // What ended since then moved the order since then; what is overdue lies among the open ones.
        let mut statement = self.store.reader().prepare_cached(
            "SELECT contract, division, clocks FROM orders WHERE entity IN (
                SELECT entity FROM orders INDEXED BY orders_last_at WHERE last_at >= ?1
                UNION
                SELECT entity FROM orders INDEXED BY orders_filter WHERE open = 1 AND next_deadline_at < ?2)",
        )?;
        let mut rows = statement.query(params![from, now])?;
        let mut settled = Vec::new();
        while let Some(row) = rows.next()? {
            let text = |at: usize| row.get_ref(at)?.as_str().map_err(rusqlite::Error::from);
            if !self.actor.covers(text(0)?, text(1)?) {
                continue;
            }
            let clocks: Vec<RowClock> = serde_json::from_str(text(2)?)?;
            settled
                .extend(clocks.iter().filter_map(|clock| settled_clock(clock, now)).filter(|c| c.at >= from));
        }
        Ok(settled)
    }
}

fn settled_clock(clock: &RowClock, now: i64) -> Option<SettledClock> {
    let (deadline, target) = (clock.deadline?, clock.target.parse().ok()?);
    match clock.state.as_str() {
        "met" => Some(SettledClock { target, at: clock.ended_at?.min(deadline), met: true }),
        "breached" => Some(SettledClock { target, at: deadline, met: false }),
        "running" | "missed_open" if deadline < now => {
            Some(SettledClock { target, at: deadline, met: false })
        }
        _ => None,
    }
}
