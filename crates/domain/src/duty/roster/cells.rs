//! What has to be filled, as cells of post and day, with who may fill each and which exclude each other.

#![expect(clippy::indexing_slicing, reason = "cells are numbered here and only here")]

use super::check::personal_rules;
use super::month::Month;
use super::shift::{DAY_MINUTES, Turn};

/// A post on a day that needs somebody.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) post: usize,
    pub(super) day: usize,
    pub(super) needed: usize,
    pub(super) standby: bool,
    pub(super) night: bool,
}

/// All cells of a month.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    pub(super) list: Vec<Cell>,
    /// By cell, who may hold it when holding nothing else in the month, ascending.
    pub(super) eligible: Vec<Vec<u16>>,
    /// By cell, one bit for each cell the same person cannot hold beside it.
    conflicts: Vec<u64>,
    /// Words of a row of bits.
    pub(super) words: usize,
}

impl Cells {
    pub(super) fn new(month: &Month) -> Self {
        let mut list = Vec::new();
        for day in 0..month.days_count() {
            for post in 0..month.posts_count() {
                let needed = month.needed(post, day) as usize;
                if needed > 0 {
                    let turn = month.turn(post, day);
                    list.push(Cell { post, day, needed, standby: turn.standby, night: turn.night });
                }
            }
        }
        let eligible = list.iter().map(|cell| eligible(month, cell)).collect();
        let words = list.len().div_ceil(64);
        let mut cells = Self { conflicts: vec![0; words * list.len()], list, eligible, words };
        cells.enter_conflicts(month);
        cells
    }

    pub(super) fn index(&self, post: usize, day: usize) -> Option<usize> {
        self.list.binary_search_by_key(&(day, post), |cell| (cell.day, cell.post)).ok()
    }

    pub(super) fn may_hold(&self, person: usize, cell: usize) -> bool {
        self.eligible[cell].binary_search(&(person as u16)).is_ok()
    }

    /// The row of bits of a cell.
    pub(super) fn conflicts(&self, cell: usize) -> &[u64] {
        &self.conflicts[cell * self.words..(cell + 1) * self.words]
    }

    fn enter_conflicts(&mut self, month: &Month) {
        let rest_days = (month.rest_thousandths() * 60 / 1000 / DAY_MINUTES).min(31) as usize;
        let reach = rest_days + 3;
        for first in 0..self.list.len() {
            for second in first..self.list.len() {
                let (a, b) = (self.list[first], self.list[second]);
                if b.day > a.day + reach {
                    break;
                }
                if first == second || exclude(month, &a, &b) {
                    self.conflicts[first * self.words + second / 64] |= 1 << (second % 64);
                    self.conflicts[second * self.words + first / 64] |= 1 << (first % 64);
                }
            }
        }
    }
}

fn eligible(month: &Month, cell: &Cell) -> Vec<u16> {
    let alone = [(cell.day, cell.post)];
    let people = (0..month.people_count()).filter(|person| personal_rules(month, *person, &alone).is_empty());
    // A month has at most a thousand people.
    people.map(|person| person as u16).collect()
}

/// Whether one person can never hold both.
fn exclude(month: &Month, a: &Cell, b: &Cell) -> bool {
    let (first, second) = (month.turn(a.post, a.day), month.turn(b.post, b.day));
    let starved = |earlier: &Turn<'_>, later: &Turn<'_>| {
        earlier.start() <= later.start() && earlier.starves(later, month.rest_thousandths())
    };
    let same_day = a.day == b.day;
    let crowded = same_day && !a.standby && !b.standby && month.shifts_per_day_max() == 1;
    let twins = same_day && (month.other(a.post) == Some(b.post) || month.other(b.post) == Some(a.post));
    crowded || twins || first.clashes(&second) || starved(&first, &second) || starved(&second, &first)
}
