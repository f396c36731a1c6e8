//! The ledger: from movements to balances, serial numbers and 账实不符.
//!
//! Promises: a pure function of the movements, whatever order they came in; a movement that does not fit is
//! booked and listed, never refused. Left out: which movements count (verdicts), and reading a file
//! ([`super::interface`]).

use super::MovementKind;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A movement as the ledger needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its id, which settles the order within an instant.
    pub id: &'a str,
    /// When it counts from.
    pub at: Timestamp,
    /// What kind.
    pub kind: MovementKind,
    /// Of which model.
    pub model: &'a str,
    /// Of which piece.
    pub serial: Option<&'a str>,
    /// For a count: all serial numbers found at its place; those that were thought there are there no more.
    pub present: Option<&'a [String]>,
    /// How many: signed for a correction, absolute for a count.
    pub quantity: i64,
    /// Place it leaves.
    pub from: Option<&'a str>,
    /// Place it goes to.
    pub to: Option<&'a str>,
    /// Whose it is.
    pub owner: &'a str,
}

/// What has a balance: a model at a place, by owner. Sorts as the lists of the interface do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key<'a> {
    /// Model.
    pub model: &'a str,
    /// Place.
    pub place: &'a str,
    /// Owner.
    pub owner: &'a str,
}

/// Who holds a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held<'a> {
    /// Place.
    pub place: &'a str,
    /// Owner.
    pub owner: &'a str,
    /// Since when.
    pub since: Timestamp,
    /// The movement that brought it there.
    pub by: &'a str,
}

/// A piece that was booked out of a place where it was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misplaced<'a> {
    /// Its serial number.
    pub serial: &'a str,
    /// When.
    pub at: Timestamp,
    /// The movement.
    pub by: &'a str,
    /// Where it was then; absent: nowhere.
    pub was: Option<&'a str>,
}

/// 账实不符 of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault<'a> {
    /// The lowest balance; 0 where it never fell below zero.
    pub lowest: i64,
    /// The first instant.
    pub since: Timestamp,
    /// The last instant at which the balance was below zero or a piece was misplaced.
    pub last: Timestamp,
    /// Movements that touched it meanwhile: places in the sorted lines.
    pub movements: BTreeSet<usize>,
    /// Pieces booked out though they were elsewhere.
    pub misplaced: Vec<Misplaced<'a>>,
}

/// What one movement did to one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect<'a> {
    /// Which movement: its place in the sorted lines.
    pub line: usize,
    /// The key.
    pub key: Key<'a>,
    /// By how much the balance changed.
    pub change: i64,
    /// The balance after it.
    pub balance: i64,
}

/// What the movements come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger<'a> {
    /// Balances, zero ones left out.
    pub balances: BTreeMap<Key<'a>, i64>,
    /// Pieces at a place, by model and serial number.
    pub serials: BTreeMap<(&'a str, &'a str), Held<'a>>,
    /// 账实不符.
    pub faults: BTreeMap<Key<'a>, Fault<'a>>,
    /// What each movement did, in their order.
    pub effects: Vec<Effect<'a>>,
}

/// Sorts movements as the ledger counts them: by instant, then id.
pub fn sort(lines: &mut [Line<'_>]) {
    lines.sort_by_key(|line| (line.at, line.id));
}

/// Books movements that were sorted by [`sort`].
#[must_use]
pub fn replay<'a>(lines: &[Line<'a>]) -> Ledger<'a> {
    resume(Ledger::default(), lines)
}

/// Books movements that were sorted by [`sort`] on what those of earlier instants came to. Effects and faults
/// are only those of `lines`, by their places among them.
#[must_use]
pub fn resume<'a>(before: Ledger<'a>, lines: &[Line<'a>]) -> Ledger<'a> {
    let mut ledger = Ledger { faults: BTreeMap::new(), effects: Vec::new(), ..before };
    let mut from = 0;
    while let Some(first) = lines.get(from) {
        let same = lines.iter().skip(from).take_while(|line| line.at == first.at).count();
        let begin = ledger.effects.len();
        for (index, line) in lines.iter().enumerate().skip(from).take(same) {
            ledger.book(index, line);
        }
        ledger.look_at(lines, begin);
        from += same;
    }
    ledger.balances.retain(|_, quantity| *quantity != 0);
    ledger
}

impl<'a> Ledger<'a> {
    fn book(&mut self, index: usize, line: &Line<'a>) {
        let key = |place| Key { model: line.model, place, owner: line.owner };
        match line.kind {
            MovementKind::Counted => {
                let before = line.to.map_or(0, |to| self.balance(key(to)));
                self.add(index, line.to.map(key), line.quantity.saturating_sub(before));
            }
            MovementKind::Corrected => self.add(index, line.to.map(key), line.quantity),
            _ => {
                self.add(index, line.from.map(key), line.quantity.saturating_neg());
                self.add(index, line.to.map(key), line.quantity);
            }
        }
        self.hand_on(index, line);
    }

    fn balance(&self, key: Key<'a>) -> i64 {
        self.balances.get(&key).copied().unwrap_or(0)
    }

    fn add(&mut self, line: usize, key: Option<Key<'a>>, change: i64) {
        let Some(key) = key else { return };
        let balance = self.balances.entry(key).or_insert(0);
        *balance = balance.saturating_add(change);
        self.effects.push(Effect { line, key, change, balance: *balance });
    }

    /// Moves the pieces a movement names.
    fn hand_on(&mut self, index: usize, line: &Line<'a>) {
        if let (Some(present), Some(to)) = (line.present, line.to) {
            self.serials.retain(|(model, _), held| {
                !(*model == line.model && held.place == to && held.owner == line.owner)
            });
            for serial in present {
                self.hold(line, serial.as_str(), to);
            }
        }
        let Some(serial) = line.serial else { return };
        let absolute = matches!(line.kind, MovementKind::Counted | MovementKind::Corrected);
        if let Some(from) = line.from.filter(|_| !absolute) {
            self.take_out(index, line, serial, from);
        }
        match line.to {
            // A count of none, or a correction downwards: it is not there.
            Some(to) if absolute && line.quantity <= 0 => {
                let there = self.serials.get(&(line.model, serial)).is_some_and(|held| held.place == to);
                if there {
                    self.serials.remove(&(line.model, serial));
                }
            }
            Some(to) => self.hold(line, serial, to),
            None => {}
        }
    }

    fn hold(&mut self, line: &Line<'a>, serial: &'a str, place: &'a str) {
        let held = Held { place, owner: line.owner, since: line.at, by: line.id };
        self.serials.insert((line.model, serial), held);
    }

    fn take_out(&mut self, index: usize, line: &Line<'a>, serial: &'a str, from: &'a str) {
        let was = self.serials.remove(&(line.model, serial)).map(|held| held.place);
        if was == Some(from) {
            return;
        }
        let key = Key { model: line.model, place: from, owner: line.owner };
        let fault = self.fault(key, line.at);
        fault.misplaced.push(Misplaced { serial, at: line.at, by: line.id, was });
        fault.movements.insert(index);
    }

    /// Looks at the balances an instant touched, after all its movements.
    fn look_at(&mut self, lines: &[Line<'a>], begin: usize) {
        let touched: Vec<Effect<'a>> = self.effects.iter().skip(begin).copied().collect();
        for effect in touched {
            let (balance, Some(line)) = (self.balance(effect.key), lines.get(effect.line)) else { continue };
            if balance < 0 {
                let fault = self.fault(effect.key, line.at);
                fault.lowest = fault.lowest.min(balance);
                fault.movements.insert(effect.line);
            }
        }
    }

    fn fault(&mut self, key: Key<'a>, at: Timestamp) -> &mut Fault<'a> {
        let new = Fault { lowest: 0, since: at, last: at, movements: BTreeSet::new(), misplaced: Vec::new() };
        let fault = self.faults.entry(key).or_insert(new);
        fault.last = fault.last.max(at);
        fault
    }
}

impl Fault<'_> {
    /// The lowest balance, or 1 where only pieces were misplaced.
    #[must_use]
    pub fn quantity(&self) -> i64 {
        if self.lowest < 0 { self.lowest } else { 1 }
    }
}
