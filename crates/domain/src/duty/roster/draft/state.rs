//! A roster under change: whoever is put somewhere breaks no hard rule, and every change can be undone.

#![expect(clippy::indexing_slicing, reason = "seats, cells and people are numbered here")]

use std::collections::BTreeSet;
use std::ops::Range;

use super::super::cells::Cells;
use super::super::cost::Counts;
use super::super::month::{Month, Place};

/// Nobody.
pub(super) const NOBODY: u16 = u16::MAX;

/// One turn to be filled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seat {
    pub(super) cell: usize,
    pub(super) person: u16,
}

/// Who sits where, with everything that makes rules and cost quick to see.
#[derive(Debug, Clone)]
pub(super) struct State<'m> {
    pub(super) month: &'m Month,
    pub(super) cells: Cells,
    pub(super) seats: Vec<Seat>,
    /// Seats the search may change: neither pinned nor kept for a pin that was left out.
    pub(super) free: Vec<usize>,
    /// Pins that were left out, with whether their seat is kept open.
    pub(super) left_out: Vec<(Place, bool)>,
    /// By cell, its seats.
    of_cell: Vec<Range<usize>>,
    movable: Vec<bool>,
    /// By person, a bit for each cell held.
    held: Vec<u64>,
    people: Vec<PersonDays>,
    counts: Counts,
    /// Seats to be filled that are empty.
    pub(super) empty: usize,
    log: Vec<(usize, u16)>,
}

/// The days of one person, standby left out.
#[derive(Debug, Clone)]
struct PersonDays {
    shifts: [u8; 31],
    nights: [u8; 31],
    days_mask: u32,
    nights_mask: u32,
    /// Dates in a row up to the end of the month before, with a shift and with a night.
    row_before: u32,
    nights_before: u32,
}

impl<'m> State<'m> {
    /// Empty but for the pins that break nothing.
    pub(super) fn new(month: &'m Month) -> Self {
        let cells = Cells::new(month);
        let mut seats = Vec::new();
        let mut of_cell = Vec::with_capacity(cells.list.len());
        for (cell, stated) in cells.list.iter().enumerate() {
            of_cell.push(seats.len()..seats.len() + stated.needed);
            seats.extend((0..stated.needed).map(|_| Seat { cell, person: NOBODY }));
        }
        let mut state = Self {
            month,
            held: vec![0; cells.words * month.people_count()],
            people: (0..month.people_count()).map(|person| PersonDays::new(month, person)).collect(),
            counts: Counts::new(month),
            empty: seats.len(),
            movable: vec![true; seats.len()],
            free: Vec::new(),
            left_out: Vec::new(),
            log: Vec::new(),
            cells,
            seats,
            of_cell,
        };
        state.pin();
        state.free = (0..state.seats.len()).filter(|seat| state.movable[*seat]).collect();
        state
    }

    /// Seats the pins that break nothing, in their order; each other keeps a seat of its cell open while
    /// there is one.
    fn pin(&mut self) {
        let mut seen = BTreeSet::new();
        let mut stuck = Vec::new();
        for pin in &self.month.plan.pins {
            let Ok(place) = self.month.place(pin) else { continue };
            if !seen.insert(place) {
                continue;
            }
            match self.open_seat(place) {
                Some((cell, seat)) if self.can_take(place.person, cell) => {
                    self.movable[seat] = false;
                    self.set(seat, place.person as u16);
                }
                _ => stuck.push(place),
            }
        }
        for place in stuck {
            let seat = self.open_seat(place).map(|(_, seat)| seat);
            if let Some(seat) = seat {
                self.movable[seat] = false;
                self.empty -= 1;
            }
            self.left_out.push((place, seat.is_some()));
        }
        self.log.clear();
    }

    /// The cell of a place and a seat of it that no pin has taken.
    fn open_seat(&self, place: Place) -> Option<(usize, usize)> {
        let cell = self.cells.index(place.post, place.day)?;
        let seat = self.of_cell[cell].clone().find(|seat| self.movable[*seat])?;
        Some((cell, seat))
    }

    /// Whether somebody, or nobody, may sit in a cell when nothing else is held.
    pub(super) fn may_seat(&self, person: u16, cell: usize) -> bool {
        person == NOBODY || self.cells.may_hold(usize::from(person), cell)
    }

    /// Whether somebody, or nobody, may sit in a cell beside what is held.
    pub(super) fn can_seat(&self, person: u16, cell: usize) -> bool {
        person == NOBODY || self.can_take(usize::from(person), cell)
    }

    /// The cost in whole units.
    pub(super) fn units(&self) -> i64 {
        self.counts.cost().units()
    }

    pub(super) fn unit(&self) -> i64 {
        2000 * (0..self.month.people_count()).filter(|person| self.month.is_present(*person)).count().max(1)
            as i64
    }

    /// Seats that the search may fill, and that are taken by pins, of a cell.
    pub(super) fn seats_of(&self, cell: usize) -> impl Iterator<Item = (usize, bool)> + '_ {
        self.of_cell[cell].clone().map(|seat| (seat, self.movable[seat]))
    }

    /// Puts somebody or nobody on a seat; the caller asked [`Self::can_take`].
    pub(super) fn set(&mut self, seat: usize, person: u16) {
        self.log.push((seat, self.seats[seat].person));
        self.put(seat, person);
    }

    /// How many changes there were; see [`Self::undo_to`].
    pub(super) fn mark(&self) -> usize {
        self.log.len()
    }

    /// Takes changes back, the newest first, until `mark` are left.
    pub(super) fn undo_to(&mut self, mark: usize) {
        while self.log.len() > mark {
            if let Some((seat, person)) = self.log.pop() {
                self.put(seat, person);
            }
        }
    }

    /// Makes the changes so far final.
    pub(super) fn keep(&mut self) {
        self.log.clear();
    }

    /// Whether somebody may hold a cell beside what he holds.
    pub(super) fn can_take(&self, person: usize, cell: usize) -> bool {
        self.cells.may_hold(person, cell)
            && !self.is_in_conflict(person, cell)
            && self.rows_allow(person, cell)
    }

    fn is_in_conflict(&self, person: usize, cell: usize) -> bool {
        let held = self.held_bits(person);
        held.iter().zip(self.cells.conflicts(cell)).any(|(held, conflict)| held & conflict != 0)
    }

    fn held_bits(&self, person: usize) -> &[u64] {
        &self.held[person * self.cells.words..(person + 1) * self.cells.words]
    }

    /// Whether shifts a day and the rows of days and nights leave room.
    pub(super) fn rows_allow(&self, person: usize, cell: usize) -> bool {
        let stated = &self.cells.list[cell];
        if stated.standby {
            return true;
        }
        let (days, rules) = (&self.people[person], &self.month.plan.rules);
        let row = |mask: u32, before: u32, limit: u32| row_through(mask, stated.day, before) <= limit;
        usize::from(days.shifts[stated.day]) < self.month.shifts_per_day_max()
            && row(days.days_mask, days.row_before, rules.consecutive_days_max)
            && (!stated.night || row(days.nights_mask, days.nights_before, rules.nights_in_row_max))
    }

    /// Seats of somebody that exclude a cell; none when it is rows that keep him from it.
    pub(super) fn conflicting_seats(&self, person: usize, cell: usize) -> Vec<usize> {
        let bits = self.held_bits(person).iter().zip(self.cells.conflicts(cell)).enumerate();
        let mut seats = Vec::new();
        for (word, (held, conflict)) in bits {
            let mut left = held & conflict;
            while left != 0 {
                let cell = word * 64 + left.trailing_zeros() as usize;
                seats.extend(self.seat_of(person, cell));
                left &= left - 1;
            }
        }
        seats
    }

    /// Movable seats of somebody within `reach` days of a day, standby left out.
    pub(super) fn seats_near(&self, person: usize, day: usize, reach: usize) -> Vec<usize> {
        let mut seats = Vec::new();
        for (word, held) in self.held_bits(person).iter().enumerate() {
            let mut left = *held;
            while left != 0 {
                let cell = word * 64 + left.trailing_zeros() as usize;
                let stated = &self.cells.list[cell];
                if !stated.standby && stated.day.abs_diff(day) <= reach {
                    seats.extend(self.seat_of(person, cell).filter(|seat| self.movable[*seat]));
                }
                left &= left - 1;
            }
        }
        seats
    }

    pub(super) fn is_movable(&self, seat: usize) -> bool {
        self.movable[seat]
    }

    fn seat_of(&self, person: usize, cell: usize) -> Option<usize> {
        self.of_cell[cell].clone().find(|seat| usize::from(self.seats[*seat].person) == person)
    }

    fn put(&mut self, seat: usize, person: u16) {
        let Seat { cell, person: before } = self.seats[seat];
        if before != NOBODY {
            self.count(usize::from(before), cell, false);
            self.empty += 1;
        }
        if person != NOBODY {
            self.count(usize::from(person), cell, true);
            self.empty -= 1;
        }
        self.seats[seat].person = person;
    }

    fn count(&mut self, person: usize, cell: usize, enters: bool) {
        let stated = self.cells.list[cell];
        self.held[person * self.cells.words + cell / 64] ^= 1 << (cell % 64);
        if !stated.standby {
            self.people[person].count(stated.day, stated.night, enters);
        }
        let place = Place { person, post: stated.post, day: stated.day };
        if enters {
            self.counts.add(self.month, place);
        } else {
            self.counts.remove(self.month, place);
        }
    }
}

impl PersonDays {
    fn new(month: &Month, person: usize) -> Self {
        let row = |nights: bool| {
            let mut length = 0u32;
            let worked = |day: i64| {
                month
                    .last_turns(person)
                    .any(|turn| turn.day == day && !turn.standby && (turn.night || !nights))
            };
            while worked(-1 - i64::from(length)) {
                length += 1;
            }
            length
        };
        Self {
            shifts: [0; 31],
            nights: [0; 31],
            days_mask: 0,
            nights_mask: 0,
            row_before: row(false),
            nights_before: row(true),
        }
    }

    fn count(&mut self, day: usize, night: bool, enters: bool) {
        let step = |count: &mut u8, mask: &mut u32| {
            *count = if enters { *count + 1 } else { *count - 1 };
            let bit = 1 << day;
            *mask = if *count > 0 { *mask | bit } else { *mask & !bit };
        };
        step(&mut self.shifts[day], &mut self.days_mask);
        if night {
            step(&mut self.nights[day], &mut self.nights_mask);
        }
    }
}

/// Length of the row of dates that a date joins, with those before the month.
fn row_through(mask: u32, day: usize, before: u32) -> u32 {
    let left = if day == 0 { 0 } else { (mask << (32 - day)).leading_ones() };
    let right = (mask >> (day + 1)).trailing_ones();
    let history = if left as usize == day { before } else { 0 };
    history + left + 1 + right
}
