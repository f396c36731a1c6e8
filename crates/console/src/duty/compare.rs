//! What two versions of a month differ in, and its events in words.

use super::check::Cells;
use super::month::Roster;
use crate::door::dto::{DoorError, RosterChangeDto, RosterCompare, RosterCompareArgs};
use crate::order::Desk;
use crate::store::StoreError;
use serde_json::Value;
use std::collections::BTreeSet;
use zaigang_domain::duty::month::payload::Edited;
use zaigang_domain::duty::month::{Place, month_entity};
use zaigang_domain::event::UserId;
use zaigang_domain::judge::EntityState;

/// Cells listed in words; the rest is counted.
const CELLS_TOLD_MAX: usize = 20;

impl Desk<'_> {
    /// Cells in which two versions differ.
    ///
    /// # Errors
    /// Bad input for a version that does not exist.
    pub fn roster_compare(&self, args: &RosterCompareArgs) -> Result<RosterCompare, DoorError> {
        let roster = self.roster(&args.month)?;
        let version = |n: u32, field: &str| {
            let cells = roster.month.cells_of(n);
            cells.ok_or_else(|| DoorError::bad_input(format!("没有第 {n} 版，请重新选择。")).at(field))
        };
        let (a, b) = (version(args.a, "a")?, version(args.b, "b")?);
        Ok(RosterCompare { a: args.a, b: args.b, changes: changes(&a, &b) })
    }

    /// What was entered with an event about a month, in words.
    pub(crate) fn roster_text(&self, kind: &str, payload: &Value) -> Result<String, StoreError> {
        let Ok(edited) = serde_json::from_value::<Edited>(payload.clone()) else {
            return self.plain_roster_text(kind, payload);
        };
        if kind != "roster.edited" {
            return self.plain_roster_text(kind, payload);
        }
        let first = edited.cells.first().map(|cell| cell.date).or(edited.pins.first().map(|pin| pin.date));
        let state = first.map(|date| self.store.entity(month_entity(date.first_of_month()).as_str()));
        let state = state.transpose()?.flatten();
        let post_name = |id: &str| match &state {
            Some(EntityState::Roster(month)) => {
                month.post(id).map_or_else(|| id.to_owned(), |post| post.name.clone())
            }
            _ => id.to_owned(),
        };
        let mut parts = Vec::new();
        for cell in edited.cells.iter().take(CELLS_TOLD_MAX) {
            let names = cell.people.iter().map(|id| self.name(id.as_str()));
            let names = names.collect::<Result<Vec<_>, _>>()?.join("、");
            let names = if names.is_empty() { "（空）".to_owned() } else { names };
            parts.push(format!("{} {}：{names}", cell.date.strftime("%m-%d"), post_name(&cell.post)));
        }
        if edited.cells.len() > CELLS_TOLD_MAX {
            parts.push(format!("等 {} 格", edited.cells.len()));
        }
        if !edited.pins.is_empty() {
            parts.push(format!("固定标记 {} 处", edited.pins.len()));
        }
        if !edited.note.is_empty() {
            parts.push(edited.note);
        }
        Ok(parts.join("；"))
    }

    /// Words, people and dates of the other acts.
    fn plain_roster_text(&self, kind: &str, payload: &Value) -> Result<String, StoreError> {
        let text = |path: &str| {
            path.split('.')
                .try_fold(payload, |at, key| at.get(key))
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let mut parts = Vec::new();
        for (path, label, is_user) in PARTICULARS {
            let value = text(path);
            if value.is_empty() {
                continue;
            }
            let value = if *is_user { self.name(value)? } else { value.to_owned() };
            parts.push(format!("{label}{value}"));
        }
        let answer = payload.get("approve").or_else(|| payload.get("accept")).and_then(Value::as_bool);
        if let (Some(answer), true) = (answer, kind.starts_with("roster.swap") || kind.contains("takeover")) {
            parts.insert(0, if answer { "同意" } else { "不同意" }.to_owned());
        }
        Ok(parts.join("；"))
    }
}

/// Keys of payloads that people read: path, label, whether it is a user.
const PARTICULARS: &[(&str, &str, bool)] = &[
    ("date", "", false),
    ("mine.date", "让出：", false),
    ("theirs.date", "换得：", false),
    ("with", "对方：", true),
    ("person", "人员：", true),
    ("instead_of", "顶替：", true),
    ("who", "同意单位：", false),
    ("paper", "依据：", false),
    ("reason", "", false),
    ("text", "", false),
];

/// Cells in which two sets differ, by date and post.
pub(super) fn changes(a: &Cells, b: &Cells) -> Vec<RosterChangeDto> {
    let keys: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    let ids = |cells: &Cells, key: &str| -> Vec<String> {
        cells.get(key).into_iter().flatten().map(ToString::to_string).collect()
    };
    let differing = keys.into_iter().filter(|key| ids(a, key) != ids(b, key));
    let change = |key: &String| {
        let at = Place::of_key(key)?;
        let (before, after) = (ids(a, key), ids(b, key));
        Some(RosterChangeDto { date: at.date.to_string(), post: at.post, before, after })
    };
    differing.filter_map(change).collect()
}

/// A swap or takeover in one line.
pub(super) fn place_text(roster: &Roster, at: &Place, person: &UserId) -> String {
    format!("{} {} {}", at.date.strftime("%m-%d"), roster.post_name(&at.post), roster.name(person.as_str()))
}
