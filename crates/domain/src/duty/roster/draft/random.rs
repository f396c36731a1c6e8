//! The numbers a draft is thrown with: SplitMix64, and whole-number draws for accepting a worse roster.
//! Both are the same on every machine, so that a seed names a roster.

#![expect(clippy::indexing_slicing, reason = "the table has a row for every draw")]

/// Rows of the table of draws.
const DRAWS: usize = 1024;

/// A seeded source of numbers (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
#[derive(Debug, Clone)]
pub(super) struct Random {
    state: u64,
    draws: Vec<i64>,
}

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        // −ln of evenly spaced probabilities, in 1024ths; rounding makes it the same everywhere.
        let draw = |row: usize| -((row as f64 + 0.5) / DRAWS as f64).ln() * DRAWS as f64;
        Self { state: seed, draws: (0..DRAWS).map(|row| draw(row).round() as i64).collect() }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is above 0 and below 2³².
    pub(super) fn below(&mut self, end: usize) -> usize {
        (((self.next() >> 32) * end as u64) >> 32) as usize
    }

    /// Whether a change that costs `more` is taken at a temperature: with probability e^(−more/temperature).
    pub(super) fn takes(&mut self, more: i64, temperature: i64) -> bool {
        if more <= 0 {
            return true;
        }
        let row = self.below(DRAWS);
        more.saturating_mul(DRAWS as i64) <= temperature.saturating_mul(self.draws[row])
    }
}
