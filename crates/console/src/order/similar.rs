//! Open orders like the one being registered: so that one fault is not registered twice.

use super::desk::Desk;
use crate::door::dto::{DoorError, SimilarAsk, SimilarOrder};
use crate::store::{StoreError, alike_query, alike_words};
use rusqlite::params;
use std::collections::HashMap;

/// Most orders shown.
const SHOWN_MAX: usize = 5;
/// How far back is looked. 本项目约定: no document says.
const DAYS_BACK: i64 = 30;
/// Most open orders looked at, the newest first.
const LOOKED_AT_MAX: u32 = 2_000;

/// An open order of the last days.
struct Candidate {
    entity: i64,
    reported_at: i64,
    same_object: bool,
    /// Words that it shares.
    shared: usize,
}

impl Desk<'_> {
    /// Open orders of the last thirty days on the same object, or with at least half of the words.
    ///
    /// # Errors
    /// Internal when the store fails.
    pub fn similar(&self, ask: &SimilarAsk) -> Result<Vec<SimilarOrder>, DoorError> {
        let words = alike_words(&ask.title);
        let mut found = self.open_lately(ask.object.trim())?;
        self.count_words(&words, &mut found)?;
        let enough = words.len().div_ceil(2).max(1);
        found.retain(|one| one.same_object || one.shared >= enough);
        found.sort_by_key(|one| {
            let alike = one.shared >= enough;
            std::cmp::Reverse((one.same_object && alike, alike, one.shared, one.reported_at))
        });
        let shown = found.iter().take(SHOWN_MAX).filter_map(|one| {
            let why = match (one.same_object, one.shared >= enough) {
                (true, true) => "同一对象，文字相近",
                (true, false) => "同一对象",
                _ => "文字相近",
            };
            let row = self.row_of(one.entity).transpose()?;
            Some(row.map(|row| SimilarOrder { row, why: why.to_owned() }))
        });
        Ok(shown.collect::<Result<_, _>>()?)
    }

    fn open_lately(&self, object: &str) -> Result<Vec<Candidate>, StoreError> {
        let since = self.now.as_millisecond() - DAYS_BACK * 86_400_000;
        let mut statement = self.store.reader().prepare_cached(
            "SELECT entity, reported_at, contract, division, coalesce(object, '')
             FROM orders INDEXED BY orders_filter
             WHERE open = 1 AND reported_at >= ?1 AND kind <> 'work_record'
             ORDER BY reported_at DESC LIMIT ?2",
        )?;
        let mut rows = statement.query(params![since, LOOKED_AT_MAX])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            if self.actor.covers(&row.get::<_, String>(2)?, &row.get::<_, String>(3)?) {
                let of: String = row.get(4)?;
                let same_object = !object.is_empty() && of == object;
                found.push(Candidate {
                    entity: row.get(0)?,
                    reported_at: row.get(1)?,
                    same_object,
                    shared: 0,
                });
            }
        }
        Ok(found)
    }

    /// Counts for each candidate the words that the full-text index finds in it.
    fn count_words(&self, words: &[String], found: &mut [Candidate]) -> Result<(), StoreError> {
        let Some(oldest) = found.iter().map(|one| one.entity).min() else { return Ok(()) };
        let mut places: HashMap<i64, usize> = HashMap::new();
        for (place, one) in found.iter().enumerate() {
            places.insert(one.entity, place);
        }
        let mut statement = self
            .store
            .reader()
            .prepare_cached("SELECT rowid FROM order_text WHERE order_text MATCH ?1 AND rowid >= ?2")?;
        for word in words {
            let mut rows = statement.query(params![alike_query(word), oldest])?;
            while let Some(row) = rows.next()? {
                let at = places.get(&row.get::<_, i64>(0)?);
                if let Some(one) = at.and_then(|at| found.get_mut(*at)) {
                    one.shared += 1;
                }
            }
        }
        Ok(())
    }
}
