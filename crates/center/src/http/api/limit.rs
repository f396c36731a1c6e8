//! How often each source may ask: an even rate with a small burst, by the clock it is given.

use std::collections::HashMap;

/// Callers remembered at most; those who are within their rate need not be.
const CALLERS_MAX: usize = 1_024;
/// Requests that may come at once, at least. A guess: a program that starts asks a few things.
const BURST_MIN: u32 = 5;
const MINUTE_US: i64 = 60_000_000;

/// Per caller the moment, in microseconds, at which its requests so far are paid for (GCRA).
#[derive(Debug, Default)]
pub(in crate::http) struct Limiter {
    paid_at: HashMap<String, i64>,
}

impl Limiter {
    /// Counts a request of `who`, who may ask `per_minute` times a minute, ten seconds' worth of it at once.
    ///
    /// # Errors
    /// Seconds to wait, at least 1, when it is one too many; it is then not counted.
    pub(in crate::http) fn take(&mut self, who: &str, per_minute: u32, now_ms: i64) -> Result<(), u32> {
        let now = now_ms.saturating_mul(1_000);
        let interval = MINUTE_US / i64::from(per_minute.max(1));
        let burst = i64::from((per_minute / 6).max(BURST_MIN));
        if self.paid_at.len() >= CALLERS_MAX {
            self.paid_at.retain(|_, paid_at| *paid_at > now);
        }
        // A clock that ran back must not shut anyone out for longer than the burst.
        let known = self.paid_at.get(who).copied().unwrap_or(now);
        let paid_at = known.clamp(now, now.saturating_add(burst * interval));
        let early = paid_at - now - (burst - 1) * interval;
        if early > 0 {
            return Err(u32::try_from((early + 999_999).div_euclid(1_000_000)).unwrap_or(u32::MAX));
        }
        self.paid_at.insert(who.to_owned(), paid_at + interval);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_an_even_rate() {
        let mut limiter = Limiter::default();
        let mut at = |ms| limiter.take("s1", 60, ms);
        for _ in 0..10 {
            assert_eq!(at(0), Ok(()));
        }
        assert_eq!(at(0), Err(1), "one second each from here on");
        assert_eq!(at(999), Err(1));
        assert_eq!(at(1_001), Ok(()));
        assert_eq!(at(1_001), Err(1));
        for second in 2..100 {
            assert_eq!(at(second * 1_000 + 1), Ok(()), "{second}");
        }
        for _ in 0..10 {
            assert_eq!(at(200_000), Ok(()), "saved up again");
        }
        assert!(at(200_000).is_err());
    }

    #[test]
    fn callers_do_not_pay_for_each_other_and_a_clock_that_runs_back_shuts_nobody_out() {
        let mut limiter = Limiter::default();
        let hour = 3_600_000;
        for _ in 0..10 {
            assert_eq!(limiter.take("s1", 60, hour), Ok(()));
        }
        assert!(limiter.take("s1", 60, hour).is_err());
        assert_eq!(limiter.take("s2", 60, hour), Ok(()));
        let wait = limiter.take("s1", 60, 0).unwrap_err();
        assert!(wait <= 10, "{wait}");
    }

    #[test]
    fn strangers_do_not_fill_the_memory() {
        let mut limiter = Limiter::default();
        for n in 0..5_000 {
            assert_eq!(limiter.take(&format!("peer/{n}"), 60, n * 2_000), Ok(()));
        }
        assert!(limiter.paid_at.len() <= CALLERS_MAX, "{}", limiter.paid_at.len());
    }
}
