//! Knowledge found again: by full text, and for an order by its object and title.
//!
//! It lives in the orders that hold it, hence in the log of their division, and is shown to those whose
//! scope covers that.

use super::desk::Desk;
use super::list::object_text;
use super::words::instant_text;
use crate::door::dto::{DoorError, KnowledgeArgs, KnowledgeDto};
use crate::store::{StoreError, alike_any, search_query};
use rusqlite::params;
use std::collections::BTreeMap;
use zaigang_domain::judge::EntityState;
use zaigang_domain::order::{Knowledge, Order, likeness};

/// Most entries of one answer.
const ENTRIES_MAX: usize = 50;
/// Orders looked at to find those alike, by object and by title each.
const CANDIDATES: u32 = 60;
/// Suggestions shown with an order.
const SUGGESTED: usize = 5;
/// What the same object adds to the likeness of titles, in percent. A guess.
const SAME_OBJECT: u32 = 40;
/// Less alike than this is no suggestion, in percent. A guess.
const ALIKE_MIN: u32 = 30;

/// An order with knowledge: its id and state.
type Found = (String, Box<Order>);

impl Desk<'_> {
    /// Knowledge by text, or worth knowing for an order: newest or most alike first.
    ///
    /// # Errors
    /// Not found where the order is; internal when the store fails.
    pub fn knowledge(&self, args: &KnowledgeArgs) -> Result<Vec<KnowledgeDto>, DoorError> {
        if let Some(id) = &args.order_id {
            return self.suggested(id);
        }
        let found = match args.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            None => self.knowing("SELECT entity FROM knowledge ORDER BY at DESC LIMIT ?1", None)?,
            Some(text) => match search_query(text) {
                None => Vec::new(),
                Some(query) => self.knowing(
                    "SELECT rowid FROM knowledge_text WHERE knowledge_text MATCH ?2 ORDER BY rank LIMIT ?1",
                    Some(&query),
                )?,
            },
        };
        let entries = found.iter().flat_map(|found| found.1.knowledge.iter().rev().map(move |k| (found, k)));
        entries.take(ENTRIES_MAX).map(|(found, known)| Ok(self.known(found, known, "")?)).collect()
    }

    fn suggested(&self, id: &str) -> Result<Vec<KnowledgeDto>, DoorError> {
        let (id, order) = self.order(id)?;
        let mut found = match &order.object {
            Some(object) => self.knowing(
                "SELECT entity FROM knowledge WHERE object = ?2 ORDER BY at DESC LIMIT ?1",
                Some(object),
            )?,
            None => Vec::new(),
        };
        if let Some(query) = alike_any(&order.title) {
            found.extend(self.knowing(
                "SELECT rowid FROM knowledge_text WHERE knowledge_text MATCH ?2 ORDER BY rank LIMIT ?1",
                Some(&query),
            )?);
        }
        // By id, so that one found both ways counts once.
        let mut found: BTreeMap<String, Box<Order>> = found.into_iter().collect();
        found.remove(id.as_str());
        let mut scored: Vec<(u32, Found)> =
            found.into_iter().map(|found| (alike(&order, &found.1), found)).collect();
        scored.retain(|(score, _)| *score >= ALIKE_MIN);
        scored.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.1.last_at.cmp(&a.1.1.last_at)));
        let best = scored.iter().take(SUGGESTED);
        let entry = |(_, found): &(u32, Found)| {
            let why = if same_object(&order, &found.1) { "同一对象" } else { "标题相近" };
            found.1.knowledge.last().map(|known| self.known(found, known, why))
        };
        Ok(best.filter_map(entry).collect::<Result<_, StoreError>>()?)
    }

    /// The orders a query over entities finds, within the person's scope.
    fn knowing(&self, sql: &str, value: Option<&str>) -> Result<Vec<Found>, StoreError> {
        let mut statement = self.store.reader().prepare_cached(&format!(
            "SELECT name, coalesce(shown, confirmed) FROM entity WHERE n IN ({sql})"
        ))?;
        let mut rows = match value {
            Some(value) => statement.query(params![CANDIDATES, value])?,
            None => statement.query(params![CANDIDATES])?,
        };
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            let EntityState::Order(order) = serde_json::from_str(text)? else { continue };
            if self.actor.covers(&order.contract, &order.division) {
                found.push((row.get(0)?, order));
            }
        }
        found.sort_by_key(|(_, order)| std::cmp::Reverse(order.knowledge.last().map(|known| known.at)));
        Ok(found)
    }

    fn known(&self, (id, order): &Found, known: &Knowledge, why: &str) -> Result<KnowledgeDto, StoreError> {
        let object = order.object.as_deref().map(|no| object_text(self.bound(order), no));
        let by = known.by.as_ref().map(|user| self.name(user.as_str())).transpose()?;
        Ok(KnowledgeDto {
            id: known.id.to_string(),
            order_id: id.clone(),
            number: order.number.clone(),
            title: order.title.clone(),
            object: object.unwrap_or_default(),
            symptom: known.symptom.clone(),
            cause: known.cause.clone(),
            steps: known.steps.clone(),
            by: by.unwrap_or_default(),
            at: instant_text(known.at.as_millisecond()),
            why: why.to_owned(),
        })
    }

    /// Open orders of the same division that may be the same fault, most alike first: as numbers and titles.
    pub(crate) fn alike_open(&self, order: &Order) -> Result<Vec<(String, String)>, StoreError> {
        let mut statement = self.store.reader().prepare_cached(
            "SELECT number, title, object FROM orders INDEXED BY orders_filter
             WHERE open = 1 AND division = ?1 AND contract = ?2",
        )?;
        let mut rows = statement.query(params![order.division, order.contract])?;
        let mut found: Vec<(u32, String, String)> = Vec::new();
        while let Some(row) = rows.next()? {
            let (number, title): (String, String) = (row.get(0)?, row.get(1)?);
            let same = order.object.is_some() && row.get::<_, Option<String>>(2)? == order.object;
            let score = likeness(&order.title, &title) + if same { SAME_OBJECT } else { 0 };
            if number != order.number && score >= ALIKE_MIN {
                found.push((score, number, title));
            }
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| b.1.cmp(&a.1)));
        found.truncate(SUGGESTED);
        Ok(found.into_iter().map(|(_, number, title)| (number, title)).collect())
    }
}

fn same_object(a: &Order, b: &Order) -> bool {
    a.object.is_some() && a.object == b.object && a.contract == b.contract
}

fn alike(order: &Order, other: &Order) -> u32 {
    let same = if same_object(order, other) { SAME_OBJECT } else { 0 };
    likeness(&order.title, &other.title) + same
}
