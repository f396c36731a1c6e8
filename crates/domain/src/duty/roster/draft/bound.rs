//! What no roster of a plan can undercut.
//!
//! Each sum of squares is bounded by itself: its turns are dealt one by one to whoever has fewest, as if
//! nothing but eligibility bound them. The parts add up to a bound of the whole, which holds while no more
//! turns stay open than must. People not present the whole month may take turns off the others.

#![expect(clippy::indexing_slicing, reason = "cells and people are numbered by the state")]

use super::super::cells::Cell;
use super::super::cost::{METRICS, WEIGHTS};
use super::super::input::Want;
use super::super::month::Month;
use super::state::{NOBODY, State};

/// The least that stays empty, and the least cost of a roster with that many empty.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    pub(super) empty: usize,
    /// In whole units of the cost.
    pub(super) units: i64,
}

/// The bound of a state's plan; the state may be filled or not.
pub(super) fn bound(state: &State<'_>) -> Bound {
    let open: Vec<usize> = (0..state.cells.list.len()).map(|cell| must_stay_open(state, cell)).collect();
    let fairness: i64 = (0..METRICS).map(|metric| WEIGHTS[metric] * spread(state, &open, metric)).sum();
    let scale = state.unit() / 1000;
    Bound { empty: open.iter().sum(), units: fairness * 1000 + missed(state) * scale }
}

/// Turns of a cell for which there are not enough people at all.
fn must_stay_open(state: &State<'_>, cell: usize) -> usize {
    let (mut free, mut pinned) = (0, 0);
    for (seat, movable) in state.seats_of(cell) {
        free += usize::from(movable);
        pinned += usize::from(!movable && state.seats[seat].person != NOBODY);
    }
    // Whoever is pinned there is eligible, or the pin would have been left out.
    free.saturating_sub(state.cells.eligible[cell].len().saturating_sub(pinned))
}

/// Least n·Σx² − (Σx)² of what a metric counts.
fn spread(state: &State<'_>, open: &[usize], metric: usize) -> i64 {
    let month = state.month;
    let cells: Vec<usize> =
        (0..state.cells.list.len()).filter(|cell| counts(month, &state.cells.list[*cell], metric)).collect();
    let kept_open = |cell: usize| {
        let seats = state.seats_of(cell);
        seats.filter(|(seat, movable)| !movable && state.seats[*seat].person == NOBODY).count()
    };
    let turns: usize =
        cells.iter().map(|cell| state.cells.list[*cell].needed - open[*cell] - kept_open(*cell)).sum();
    let mut present = Vec::new();
    let mut elsewhere = 0;
    for person in 0..month.people_count() {
        let cap = cap(state, &cells, person);
        if month.is_present(person) {
            present.push((history(month, person, metric), cap));
        } else {
            elsewhere += cap;
        }
    }
    least_spread(&present, turns, turns.saturating_sub(elsewhere))
}

/// Most turns of these cells that somebody can hold.
fn cap(state: &State<'_>, cells: &[usize], person: usize) -> usize {
    let mut held = 0;
    let mut on_day = [0usize; 31];
    for cell in cells.iter().filter(|cell| state.cells.may_hold(person, **cell)) {
        let stated = &state.cells.list[*cell];
        let limit = if stated.standby { usize::MAX } else { state.month.shifts_per_day_max() };
        if on_day[stated.day] < limit {
            on_day[stated.day] += 1;
            held += 1;
        }
    }
    held
}

fn history(month: &Month, person: usize, metric: usize) -> i64 {
    let history = &month.plan.people[person].history;
    match metric {
        1 => i64::from(history.nights),
        2 => history.holidays.values().copied().map(i64::from).sum(),
        _ => 0,
    }
}

fn counts(month: &Month, cell: &Cell, metric: usize) -> bool {
    let standby = metric >= 3;
    cell.standby == standby
        && match metric % 3 {
            0 => true,
            1 => cell.night,
            _ => month.days[cell.day].holiday_off.is_some(),
        }
}

/// Deals turns to whoever has fewest and room; the least spread between `turns_min` and `turns` of them.
fn least_spread(people: &[(i64, usize)], turns: usize, turns_min: usize) -> i64 {
    let n = people.len() as i64;
    let mut counts: Vec<(i64, usize)> = people.to_vec();
    let (mut sum, mut squares) = (0i64, 0i64);
    for (count, _) in &counts {
        sum += count;
        squares += count * count;
    }
    let mut least = if turns_min == 0 { n * squares - sum * sum } else { i64::MAX };
    for dealt in 1..=turns {
        let next = counts.iter_mut().filter(|(_, room)| *room > 0).min_by_key(|(count, _)| *count);
        let Some((count, room)) = next else { break };
        squares += 2 * *count + 1;
        sum += 1;
        *count += 1;
        *room -= 1;
        if dealt >= turns_min {
            least = least.min(n * squares - sum * sum);
        }
    }
    // People run out of room before the least number of turns: nothing is known.
    if least == i64::MAX { 0 } else { least }
}

/// Wishes that no roster can grant, in thousandths.
fn missed(state: &State<'_>) -> i64 {
    let month = state.month;
    let missed = month.plan.wishes.iter().filter(|wish| {
        let at = month.person_index(&wish.person).zip(month.day_index(wish.date));
        let Some((person, day)) = at else { return false };
        let cells = (0..state.cells.list.len()).filter(|cell| state.cells.list[*cell].day == day);
        match wish.want {
            Want::On => !cells.clone().any(|cell| state.cells.may_hold(person, cell)),
            Want::Off => cells.clone().any(|cell| is_pinned(state, person, cell)),
        }
    });
    missed.map(|wish| wish.weight.0).sum()
}

fn is_pinned(state: &State<'_>, person: usize, cell: usize) -> bool {
    let mut seats = state.seats_of(cell);
    seats.any(|(seat, movable)| !movable && usize::from(state.seats[seat].person) == person)
}
