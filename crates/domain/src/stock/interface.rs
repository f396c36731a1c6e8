//! `stock replay` as the command line runs it: movements in JSON in, balances out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use super::MovementKind;
use super::replay::{Key, Line, replay, sort};
use crate::calendar::{format_instant, parse_instant};
use crate::clock::At;
use crate::mistake::{Mistake, Mistakes, read_json};

/// One movement of the file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Movement {
    id: String,
    at: At,
    kind: MovementKind,
    model: String,
    #[serde(deserialize_with = "stated")]
    serial: Option<String>,
    quantity: i64,
    #[serde(deserialize_with = "stated")]
    from: Option<String>,
    #[serde(deserialize_with = "stated")]
    to: Option<String>,
    owner: String,
    #[serde(deserialize_with = "stated")]
    order: Option<String>,
}

/// A key that must be written even where its value is null.
fn stated<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(source)
}

/// What `stock replay` prints; lists sorted by (model, place, owner).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Balances, zero ones left out.
    pub balances: Vec<Balance>,
    /// Pieces at a place.
    pub serials: Vec<Serial>,
    /// 账实不符.
    pub discrepancies: Vec<Discrepancy>,
}

/// How many there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// Model.
    pub model: String,
    /// Place.
    pub place: String,
    /// Owner.
    pub owner: String,
    /// How many; below zero is listed as a discrepancy too.
    pub quantity: i64,
}

/// Where a piece is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Serial {
    /// Serial number.
    pub serial: String,
    /// Model.
    pub model: String,
    /// Place.
    pub place: String,
    /// Owner.
    pub owner: String,
}

/// 账实不符.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Discrepancy {
    /// Model.
    pub model: String,
    /// Place.
    pub place: String,
    /// Owner.
    pub owner: String,
    /// The lowest balance, or 1 where only a piece was booked out of a place where it was not.
    pub quantity: i64,
    /// The first instant, RFC 3339 in +08:00.
    pub since: String,
    /// Movements that touched it meanwhile, by (at, id).
    pub movements: Vec<String>,
}

/// Replays the movements in `text` up to `at`, included; `file` is only named in mistakes.
///
/// # Errors
/// Every mistake in the file and in `at`, with key, value and reason.
pub fn run(file: &str, text: &str, at: &str) -> Result<Report, Mistakes> {
    let at = parse_instant(at).map_err(|reason| Mistakes(vec![Mistake::at("--at", "at", at, reason)]))?;
    let movements: Vec<Movement> = read_json(file, text)?;
    let once = checked(&movements, file)?;
    Ok(report(&once, at))
}

/// Each movement once.
fn checked<'m>(movements: &'m [Movement], file: &str) -> Result<Vec<&'m Movement>, Mistakes> {
    let mut seen: BTreeMap<&str, &Movement> = BTreeMap::new();
    let mut found = Vec::new();
    for (index, movement) in movements.iter().enumerate() {
        let mut refuse = |key: &str, value: &str, reason: &str| {
            found.push(Mistake::at(file, format!("[{index}].{key}"), value, reason));
        };
        movement.check(&mut refuse);
        match seen.get(movement.id.as_str()) {
            Some(first) if *first != movement => {
                refuse("id", &movement.id, "与前面一条编号相同而内容不同，无法判断哪一条为准");
            }
            Some(_) => {}
            None => {
                seen.insert(&movement.id, movement);
            }
        }
    }
    if found.is_empty() { Ok(seen.into_values().collect()) } else { Err(Mistakes(found)) }
}

impl Movement {
    fn check(&self, refuse: &mut impl FnMut(&str, &str, &str)) {
        for (key, text) in [("id", &self.id), ("model", &self.model), ("owner", &self.owner)] {
            if text.trim().is_empty() {
                refuse(key, text, "不能为空");
            }
        }
        let named = [("serial", &self.serial), ("from", &self.from), ("to", &self.to)];
        for (key, text) in named {
            if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
                refuse(key, "", "不能为空；没有时写 null");
            }
        }
        let quantity = self.quantity.to_string();
        match self.kind {
            MovementKind::Counted if self.quantity < 0 => {
                refuse("quantity", &quantity, "盘点数不能小于 0");
            }
            MovementKind::Counted | MovementKind::Corrected if self.to.is_none() => {
                refuse("to", "null", "盘点与更正须写明 to");
            }
            MovementKind::Counted | MovementKind::Corrected => {}
            _ if self.quantity <= 0 => refuse("quantity", &quantity, "数量须大于 0"),
            _ => {}
        }
    }

    fn line(&self) -> Line<'_> {
        Line {
            id: &self.id,
            at: self.at.0,
            kind: self.kind,
            model: &self.model,
            serial: self.serial.as_deref(),
            present: None,
            quantity: self.quantity,
            from: self.from.as_deref(),
            to: self.to.as_deref(),
            owner: &self.owner,
        }
    }
}

fn report(movements: &[&Movement], at: Timestamp) -> Report {
    let mut lines: Vec<Line<'_>> =
        movements.iter().map(|movement| movement.line()).filter(|line| line.at <= at).collect();
    sort(&mut lines);
    let ledger = replay(&lines);
    let serials: BTreeSet<(Key<'_>, &str)> = ledger
        .serials
        .iter()
        .map(|((model, serial), held)| (Key { model, place: held.place, owner: held.owner }, *serial))
        .collect();
    let balance = |(key, quantity): (&Key<'_>, &i64)| Balance {
        model: key.model.to_owned(),
        place: key.place.to_owned(),
        owner: key.owner.to_owned(),
        quantity: *quantity,
    };
    let serial = |(key, serial): (Key<'_>, &str)| Serial {
        serial: serial.to_owned(),
        model: key.model.to_owned(),
        place: key.place.to_owned(),
        owner: key.owner.to_owned(),
    };
    Report {
        balances: ledger.balances.iter().map(balance).collect(),
        serials: serials.into_iter().map(serial).collect(),
        discrepancies: ledger
            .faults
            .iter()
            .map(|(key, fault)| Discrepancy {
                model: key.model.to_owned(),
                place: key.place.to_owned(),
                owner: key.owner.to_owned(),
                quantity: fault.quantity(),
                since: format_instant(fault.since),
                movements: fault
                    .movements
                    .iter()
                    .filter_map(|at| lines.get(*at))
                    .map(|line| line.id.to_owned())
                    .collect(),
            })
            .collect(),
    }
}
