//! The soft cost of a roster, exact.
//!
//! fairness = Σ(shifts − mean)² + 2·Σ(nights − mean)² + 4·Σ(named-holiday shifts − mean)² over the people
//! present the whole month, with nights and holidays of their history; the same sums of standby shifts
//! count half, apart. wishes = Σ weight of those missed. With n people Σ(x − mean)² is (n·Σx² − (Σx)²)/n,
//! so everything is kept as integers over 2n and turned into a number only when printed. The history
//! carries no number of shifts, and none for standby: there both begin at 0.

#![expect(clippy::indexing_slicing, reason = "people and days are indices of the compiled month")]

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::input::Want;
use super::month::{Month, Place};

/// What a roster costs; costs of one plan can be subtracted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Fairness times `scale`.
    fairness: i64,
    /// Missed wishes in thousandths.
    wishes: i64,
    /// Twice the number of people present the whole month, at least 2.
    scale: i64,
}

impl Cost {
    /// Fairness and wishes together.
    #[must_use]
    pub fn total(self) -> f64 {
        self.units() as f64 / (self.scale * 1000) as f64
    }

    /// Unfairness of shifts, nights and holidays.
    #[must_use]
    pub fn fairness(self) -> f64 {
        self.fairness as f64 / self.scale as f64
    }

    /// Weight of the wishes missed.
    #[must_use]
    pub fn wishes(self) -> f64 {
        self.wishes as f64 / 1000.0
    }

    /// By how much this cost is above another of the same plan; negative when below.
    #[must_use]
    pub fn above(self, other: Self) -> f64 {
        (self.units() - other.units()) as f64 / (self.scale * 1000) as f64
    }

    /// The total in whole units of 1/(1000·scale).
    pub(super) fn units(self) -> i64 {
        self.fairness * 1000 + self.wishes * self.scale
    }
}

impl Serialize for Cost {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut fields = out.serialize_struct("Cost", 3)?;
        fields.serialize_field("total", &self.total())?;
        fields.serialize_field("fairness", &self.fairness())?;
        fields.serialize_field("wishes", &self.wishes())?;
        fields.end()
    }
}

/// What is counted: shifts, nights, named-holiday shifts; then the same of standby.
pub(super) const METRICS: usize = 6;
/// Weight of each, in halves.
pub(super) const WEIGHTS: [i64; METRICS] = [2, 4, 8, 1, 2, 4];

/// Running sums from which the cost follows at any moment.
#[derive(Debug, Clone)]
pub(super) struct Counts {
    /// By person.
    counts: Vec<[i64; METRICS]>,
    present: Vec<bool>,
    sums: [i64; METRICS],
    squares: [i64; METRICS],
    /// By person and day.
    shifts: Vec<Vec<u16>>,
    /// By person and day, thousandths wished (on, off).
    wishes: Vec<Vec<(i64, i64)>>,
    missed: i64,
    people: i64,
}

impl Counts {
    pub(super) fn new(month: &Month) -> Self {
        let (people, days) = (month.people_count(), month.days_count());
        let present: Vec<bool> = (0..people).map(|person| month.is_present(person)).collect();
        let mut counts = Self {
            counts: vec![[0; METRICS]; people],
            people: present.iter().filter(|present| **present).count().max(1) as i64,
            present,
            sums: [0; METRICS],
            squares: [0; METRICS],
            shifts: vec![vec![0; days]; people],
            wishes: vec![vec![(0, 0); days]; people],
            missed: 0,
        };
        for (person, stated) in month.plan.people.iter().enumerate() {
            let holidays: i64 = stated.history.holidays.values().copied().map(i64::from).sum();
            counts.step(person, 1, i64::from(stated.history.nights));
            counts.step(person, 2, holidays);
        }
        for wish in &month.plan.wishes {
            let at = month.person_index(&wish.person).zip(month.day_index(wish.date));
            let Some((person, day)) = at else { continue };
            let cell = &mut counts.wishes[person][day];
            match wish.want {
                Want::On => {
                    cell.0 += wish.weight.0;
                    counts.missed += wish.weight.0;
                }
                Want::Off => cell.1 += wish.weight.0,
            }
        }
        counts
    }

    pub(super) fn add(&mut self, month: &Month, place: Place) {
        self.change(month, place, 1);
        let shifts = &mut self.shifts[place.person][place.day];
        *shifts += 1;
        if *shifts == 1 {
            let (on, off) = self.wishes[place.person][place.day];
            self.missed += off - on;
        }
    }

    pub(super) fn remove(&mut self, month: &Month, place: Place) {
        self.change(month, place, -1);
        let shifts = &mut self.shifts[place.person][place.day];
        *shifts -= 1;
        if *shifts == 0 {
            let (on, off) = self.wishes[place.person][place.day];
            self.missed += on - off;
        }
    }

    pub(super) fn cost(&self) -> Cost {
        let n = self.people;
        let spread = |metric: usize| n * self.squares[metric] - self.sums[metric] * self.sums[metric];
        let fairness = (0..METRICS).map(|metric| WEIGHTS[metric] * spread(metric)).sum();
        Cost { fairness, wishes: self.missed, scale: 2 * n }
    }

    fn change(&mut self, month: &Month, place: Place, by: i64) {
        let post = month.post(place.post);
        let first = if post.standby { 3 } else { 0 };
        self.step(place.person, first, by);
        if post.shift.is_night() {
            self.step(place.person, first + 1, by);
        }
        if month.days[place.day].holiday_off.is_some() {
            self.step(place.person, first + 2, by);
        }
    }

    fn step(&mut self, person: usize, metric: usize, by: i64) {
        if !self.present[person] {
            return;
        }
        let count = &mut self.counts[person][metric];
        self.squares[metric] += by * (2 * *count + by);
        self.sums[metric] += by;
        *count += by;
    }
}
