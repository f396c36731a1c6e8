//! The search: first answer, then steps at a falling temperature, again and again from the best.

#![expect(clippy::indexing_slicing, reason = "seats, cells and people are numbered by the state")]

use std::collections::BTreeMap;

use super::super::check::{Check, Rule};
use super::super::month::{Month, Place};
use super::bound::{Bound, bound};
use super::random::Random;
use super::state::{NOBODY, State};
use super::{Blocked, Draft, Gap, blocked};

/// Steps of a draft for each turn to be filled: about two seconds for 63 people and a month of ten posts.
const STEPS_PER_SEAT: u64 = 12_000;
/// Bounds on the steps of a draft.
const STEPS_MIN: u64 = 400_000;
const STEPS_MAX: u64 = 6_000_000;
/// Steps of the first round for each turn; each further round has twice as many as the one before.
const ROUND_PER_SEAT: u64 = 300;
/// Temperatures in hundredths of a cost of 1, at the begin of the first round, of later ones, and at the
/// end of each. A first choice that serves the instances of crates/domain/tests/rosters; not tuned.
const HOT: i64 = 300;
const WARM: i64 = 120;
const COLD: i64 = 5;

/// Most turns that are dealt anew in one step, and how many days they may lie apart at least.
const REBUILT_MAX: usize = 5;
const REBUILT_DAYS: usize = 3;
/// One step in this many deals turns anew: by exchanges alone the search ended short of the optimum of some
/// tiny months, such as `a_tiny_month_is_filled_as_far_and_as_well_as_it_can_be` draws. How many is a guess.
const REBUILD_ONE_IN: usize = 8;

/// Steps after which a draft of a month ends by itself, whatever the time.
#[must_use]
pub fn steps_for(month: &Month) -> u64 {
    let needed = (0..month.posts_count())
        .flat_map(|post| (0..month.days_count()).map(move |day| u64::from(month.needed(post, day))));
    (needed.sum::<u64>() * STEPS_PER_SEAT).clamp(STEPS_MIN, STEPS_MAX)
}

/// A draft on its way; it can be asked for its answer at any time and told to go on.
#[derive(Debug, Clone)]
pub struct Drafter<'m> {
    state: State<'m>,
    random: Random,
    bound: Bound,
    best: Best,
    steps: u64,
    steps_max: u64,
    round: Round,
}

#[derive(Debug, Clone)]
struct Best {
    empty: usize,
    units: i64,
    people: Vec<u16>,
}

/// A stretch of steps at a falling temperature.
#[derive(Debug, Clone, Copy)]
struct Round {
    done: u64,
    length: u64,
    hot: i64,
    temperature: i64,
}

impl<'m> Drafter<'m> {
    /// Makes the first answer; `steps_max` bounds what [`Drafter::run`] does altogether.
    #[must_use]
    pub fn new(month: &'m Month, seed: u64, steps_max: u64) -> Self {
        let mut state = State::new(month);
        let mut random = Random::new(seed);
        construct(&mut state, &mut random);
        let length = (state.free.len() as u64 * ROUND_PER_SEAT).max(10_000);
        let bound = bound(&state);
        let best = Best { empty: state.empty, units: state.units(), people: people_of(&state) };
        let round = Round { done: 0, length, hot: HOT, temperature: 0 };
        let mut drafter = Self { state, random, bound, best, steps: 0, steps_max, round };
        drafter.cool();
        drafter
    }

    /// Whether further steps are useless or used up.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.steps >= self.steps_max || self.state.free.is_empty() || self.is_proven()
    }

    /// Takes some steps more.
    pub fn run(&mut self, steps: u64) {
        let end = self.steps.saturating_add(steps).min(self.steps_max);
        while self.steps < end && !self.is_done() {
            self.steps += 1;
            self.round.done += 1;
            if self.round.done.is_multiple_of(256) {
                self.cool();
            }
            self.step();
        }
    }

    /// The best roster so far.
    #[must_use]
    pub fn answer(&self) -> Draft {
        let mut state = self.state.clone();
        restore(&mut state, &self.best.people);
        fill_greedily(&mut state);
        let places: Vec<Place> = places_of(&state);
        let check = Check::of_places(state.month, &places);
        Draft {
            assignments: check.assignments(),
            gaps: gaps(&state, &check),
            cost: check.cost(),
            steps: self.steps,
            proven_best: self.is_proven(),
        }
    }

    fn is_proven(&self) -> bool {
        self.best.empty == self.bound.empty && self.best.units <= self.bound.units
    }

    fn step(&mut self) {
        let (empty, units) = (self.state.empty, self.state.units());
        let mark = self.state.mark();
        let seat = self.state.free[self.random.below(self.state.free.len())];
        if empty > self.bound.empty && self.random.below(8) == 0 {
            self.mend();
        } else if self.random.below(REBUILD_ONE_IN) == 0 {
            self.rebuild(seat);
        } else if self.random.below(2) == 0 {
            self.hand_over(seat);
        } else {
            self.exchange(seat);
        }
        if self.state.mark() == mark {
            return;
        }
        let fewer = self.state.empty < empty;
        let more = self.state.units() - units;
        let taken = fewer || (self.state.empty == empty && self.random.takes(more, self.round.temperature));
        if taken {
            self.state.keep();
            self.note();
        } else {
            self.state.undo_to(mark);
        }
    }

    /// Somebody else takes a turn, or somebody an empty one.
    fn hand_over(&mut self, seat: usize) {
        let held = self.state.seats[seat];
        let eligible = &self.state.cells.eligible[held.cell];
        if eligible.is_empty() {
            return;
        }
        let person = eligible[self.random.below(eligible.len())];
        if person != held.person && self.state.can_take(usize::from(person), held.cell) {
            self.state.set(seat, person);
        }
    }

    /// Two turns exchange their people; one of them may be empty.
    fn exchange(&mut self, seat: usize) {
        let other = self.state.free[self.random.below(self.state.free.len())];
        let (mine, theirs) = (self.state.seats[seat], self.state.seats[other]);
        if mine.cell == theirs.cell || mine.person == theirs.person {
            return;
        }
        let state = &mut self.state;
        if !state.may_seat(mine.person, theirs.cell) || !state.may_seat(theirs.person, mine.cell) {
            return;
        }
        let mark = state.mark();
        state.set(seat, NOBODY);
        state.set(other, NOBODY);
        if state.can_seat(mine.person, theirs.cell) && state.can_seat(theirs.person, mine.cell) {
            state.set(other, mine.person);
            state.set(seat, theirs.person);
        } else {
            state.undo_to(mark);
        }
    }

    /// Somebody leaves what keeps him from an empty turn, and others take that over.
    fn mend(&mut self) {
        let start = self.random.below(self.state.free.len());
        let free = self.state.free.len();
        let empty = (0..free)
            .map(|offset| self.state.free[(start + offset) % free])
            .find(|seat| self.state.seats[*seat].person == NOBODY);
        let Some(seat) = empty else { return };
        let cell = self.state.seats[seat].cell;
        let eligible = &self.state.cells.eligible[cell];
        if eligible.is_empty() {
            return;
        }
        let person = usize::from(eligible[self.random.below(eligible.len())]);
        let mark = self.state.mark();
        let Some(left) = self.make_room(person, cell) else { return self.state.undo_to(mark) };
        self.state.set(seat, person as u16);
        for seat in left {
            self.refill(seat);
        }
    }

    /// Takes somebody from at most two turns so that he can take a cell; `None` when that is not enough.
    fn make_room(&mut self, person: usize, cell: usize) -> Option<Vec<usize>> {
        let mut left = self.state.conflicting_seats(person, cell);
        if left.len() > 2 || left.iter().any(|seat| !self.state.is_movable(*seat)) {
            return None;
        }
        for seat in &left {
            self.state.set(*seat, NOBODY);
        }
        let day = self.state.cells.list[cell].day;
        while !self.state.can_take(person, cell) {
            let near = self.state.seats_near(person, day, 7);
            if left.len() >= 2 || near.is_empty() {
                return None;
            }
            let seat = near[self.random.below(near.len())];
            self.state.set(seat, NOBODY);
            left.push(seat);
        }
        Some(left)
    }

    /// A few turns close together are emptied and dealt anew: chains of exchanges in one step.
    fn rebuild(&mut self, middle: usize) {
        let free = &self.state.free;
        let at = free.partition_point(|seat| *seat < middle);
        let reach = REBUILT_MAX.max(free.len() * REBUILT_DAYS / self.state.month.days_count());
        let near = at.saturating_sub(reach)..(at + reach + 1).min(free.len());
        let mut seats = vec![middle];
        for _ in 0..1 + self.random.below(REBUILT_MAX - 1) {
            let seat = free[near.start + self.random.below(near.len())];
            if !seats.contains(&seat) {
                seats.push(seat);
            }
        }
        for seat in &seats {
            self.state.set(*seat, NOBODY);
        }
        while !seats.is_empty() {
            let seat = seats.swap_remove(self.random.below(seats.len()));
            self.refill(seat);
        }
    }

    fn refill(&mut self, seat: usize) {
        let cell = self.state.seats[seat].cell;
        let eligible = &self.state.cells.eligible[cell];
        let start = self.random.below(eligible.len().max(1));
        let takers = eligible.iter().cycle().skip(start).take(eligible.len());
        let taker = takers.copied().find(|person| self.state.can_take(usize::from(*person), cell));
        if let Some(person) = taker {
            self.state.set(seat, person);
        }
    }

    fn note(&mut self) {
        let (empty, units) = (self.state.empty, self.state.units());
        if (empty, units) < (self.best.empty, self.best.units) {
            self.best.empty = empty;
            self.best.units = units;
            for (kept, seat) in self.best.people.iter_mut().zip(&self.state.seats) {
                *kept = seat.person;
            }
        }
    }

    /// The temperature of the moment; a round that is over is followed by a longer one from the best.
    fn cool(&mut self) {
        if self.round.done >= self.round.length {
            self.round = Round { done: 0, length: self.round.length * 2, hot: WARM, temperature: 0 };
            restore(&mut self.state, &self.best.people);
        }
        let part = self.round.done as f64 / self.round.length as f64;
        let (hot, cold) = (self.round.hot as f64, COLD as f64);
        let hundredths = (hot * (cold / hot).powf(part)).round() as i64;
        self.round.temperature = self.state.unit() * hundredths / 100;
    }
}

/// The first answer: the scarcest cells first, each to whom it costs least.
fn construct(state: &mut State<'_>, random: &mut Random) {
    let mut order: Vec<(usize, usize, usize)> = state
        .free
        .iter()
        .map(|seat| {
            let cell = state.seats[*seat].cell;
            let spare = state.cells.eligible[cell].len().saturating_sub(state.cells.list[cell].needed);
            (spare, random.below(1 << 20), *seat)
        })
        .collect();
    order.sort_unstable();
    for (_, _, seat) in order {
        fill(state, seat, random.below(1 << 16));
    }
    state.keep();
}

fn fill_greedily(state: &mut State<'_>) {
    for seat in state.free.clone() {
        if state.seats[seat].person == NOBODY {
            fill(state, seat, 0);
        }
    }
}

/// Gives an empty seat to whom it costs least; of equals to the first after `start`.
fn fill(state: &mut State<'_>, seat: usize, start: usize) {
    let cell = state.seats[seat].cell;
    let count = state.cells.eligible[cell].len();
    let mut best: Option<(i64, u16)> = None;
    for offset in 0..count {
        let person = state.cells.eligible[cell][(start + offset) % count];
        if !state.can_take(usize::from(person), cell) {
            continue;
        }
        let mark = state.mark();
        state.set(seat, person);
        let units = state.units();
        state.undo_to(mark);
        if best.is_none_or(|(least, _)| units < least) {
            best = Some((units, person));
        }
    }
    if let Some((_, person)) = best {
        state.set(seat, person);
    }
}

fn people_of(state: &State<'_>) -> Vec<u16> {
    state.seats.iter().map(|seat| seat.person).collect()
}

fn restore(state: &mut State<'_>, people: &[u16]) {
    for seat in state.free.clone() {
        if state.seats[seat].person != people[seat] {
            state.set(seat, NOBODY);
        }
    }
    for seat in state.free.clone() {
        if state.seats[seat].person != people[seat] {
            state.set(seat, people[seat]);
        }
    }
    state.keep();
}

fn places_of(state: &State<'_>) -> Vec<Place> {
    let seats = state.seats.iter().filter(|seat| seat.person != NOBODY);
    seats
        .map(|seat| {
            let cell = &state.cells.list[seat.cell];
            Place { person: usize::from(seat.person), post: cell.post, day: cell.day }
        })
        .collect()
}

fn gaps(state: &State<'_>, check: &Check<'_>) -> Vec<Gap> {
    let month = state.month;
    let mut open: BTreeMap<(usize, usize), (u32, Vec<Blocked>)> = BTreeMap::new();
    for seat in state.free.iter().map(|seat| state.seats[*seat]).filter(|seat| seat.person == NOBODY) {
        let cell = &state.cells.list[seat.cell];
        let entry =
            open.entry((cell.post, cell.day)).or_insert_with(|| (0, blocked(check, cell.post, cell.day)));
        entry.0 += 1;
    }
    for (place, seat_kept) in &state.left_out {
        let entry = open.entry((place.post, place.day)).or_default();
        entry.0 += u32::from(*seat_kept);
        let mut rules = check.rules_against(*place);
        if check.filled(place.post, place.day) >= month.needed(place.post, place.day) {
            rules.push(Rule::Overstaffed);
        }
        let person = month.person_id(place.person).to_owned();
        entry.1.extend(rules.into_iter().map(|rule| Blocked { person: person.clone(), rule }));
    }
    let mut gaps: Vec<Gap> = open
        .into_iter()
        .map(|((post, day), (missing, mut why))| {
            why.sort_by(|a, b| (&a.person, a.rule.as_str()).cmp(&(&b.person, b.rule.as_str())));
            why.dedup();
            Gap { post: month.post_id(post).to_owned(), date: month.date(day), missing, why }
        })
        .collect();
    gaps.sort_by(|a, b| (a.date, &a.post).cmp(&(b.date, &b.post)));
    gaps
}
