//! A small random generator that gives the same numbers on every machine: SplitMix64, integers only.
//!
//! Not for keys: those of the demo's devices are derived from it on purpose, since the demo is public.

/// SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A generator that follows from a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A generator of its own for one purpose, so that more draws elsewhere change nothing here.
    #[must_use]
    pub fn branch(&self, purpose: u64) -> Self {
        let mut branch = Self(self.0 ^ purpose.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        branch.next_u64();
        branch
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        low.saturating_add(i64::try_from(self.next_u64() % span).unwrap_or(0))
    }

    /// True in `per_mille` of a thousand cases.
    pub fn chance(&mut self, per_mille: i64) -> bool {
        self.between(0, 999) < per_mille
    }

    /// Mostly near `usual`, never below `low`, in one case of five up to `high`.
    pub fn skewed(&mut self, low: i64, usual: i64, high: i64) -> i64 {
        if self.chance(800) { self.between(low, usual) } else { self.between(usual, high) }
    }

    /// One of the items; `None` of an empty list.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let last = i64::try_from(items.len()).ok()?.checked_sub(1).filter(|last| *last >= 0)?;
        let index = self.between(0, last);
        items.get(usize::try_from(index).ok()?)
    }

    /// An index, as often as its weight says.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: i64 = weights.iter().copied().map(i64::from).sum();
        let mut left = self.between(0, total.saturating_sub(1).max(0));
        for (index, weight) in weights.iter().enumerate() {
            left = left.saturating_sub(i64::from(*weight));
            if left < 0 {
                return index;
            }
        }
        0
    }

    /// Fills bytes.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            for (to, from) in chunk.iter_mut().zip(self.next_u64().to_le_bytes()) {
                *to = from;
            }
        }
    }

    /// A UUIDv7 at a moment given in Unix milliseconds.
    pub fn uuid_v7(&mut self, at_ms: i64) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        let [_, _, t @ ..] = at_ms.to_be_bytes();
        for (to, from) in bytes.iter_mut().zip(t) {
            *to = from;
        }
        if let Some(byte) = bytes.get_mut(6) {
            *byte = (*byte & 0x0f) | 0x70;
        }
        if let Some(byte) = bytes.get_mut(8) {
            *byte = (*byte & 0x3f) | 0x80;
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_the_published_ones() {
        // First outputs of SplitMix64 for the seed 1234567.
        let mut random = Random::new(1_234_567);
        assert_eq!(random.next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(random.next_u64(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn draws_stay_in_their_bounds() {
        let mut random = Random::new(7);
        for _ in 0..1_000 {
            assert!((3..=9).contains(&random.between(3, 9)));
            assert!(random.weighted(&[0, 5, 0]) == 1);
            assert!((1..=100).contains(&random.skewed(1, 10, 100)));
        }
        assert_eq!(random.pick::<u8>(&[]), None);
        let uuid = random.uuid_v7(0x0123_4567_89ab);
        assert_eq!(uuid[..6], [0x01, 0x23, 0x45, 0x67, 0x89, 0xab]);
        assert_eq!((uuid[6] >> 4, uuid[8] >> 6), (7, 2));
    }
}
