//! How long to wait after a failure: doubling from one second to a minute, with full jitter, so that
//! consoles that lost the centre together do not all come back at once.
//!
//! Source of the rule: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015-03-04. The two
//! limits are this project's guess: a second is felt as "at once", a minute as "still alive".

use std::time::Duration;

/// Cap of the first pause; none is shorter than half of it, or a refusing port would be hammered.
pub const PAUSE_MIN: Duration = Duration::from_secs(1);
/// Cap of every pause.
pub const PAUSE_MAX: Duration = Duration::from_secs(60);

/// The pause after the `failures`-th failure in a row (from 1), between half [`PAUSE_MIN`] and the
/// cap of that failure, spread evenly by `random`.
#[must_use]
pub fn pause(failures: u32, random: u64) -> Duration {
    let doublings = failures.saturating_sub(1).min(6);
    let cap = PAUSE_MIN.saturating_mul(1 << doublings).min(PAUSE_MAX);
    let floor_ms = PAUSE_MIN.as_millis() as u64 / 2;
    let span_ms = cap.as_millis() as u64 - floor_ms;
    Duration::from_millis(floor_ms + random % (span_ms + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute() {
        let longest = |failures| (0..70_000).map(|random| pause(failures, random)).max().unwrap();
        let seconds: Vec<u64> = (0..9).map(|failures| longest(failures).as_secs()).collect();
        assert_eq!(seconds, [1, 1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(longest(u32::MAX), PAUSE_MAX);
    }

    #[test]
    fn jitter_is_full_but_never_nothing() {
        for failures in [1, 3, 9, u32::MAX] {
            assert_eq!(pause(failures, 0), Duration::from_millis(500));
            assert!(pause(failures, u64::MAX) >= Duration::from_millis(500));
        }
        assert_ne!(pause(7, 1), pause(7, 40_000));
    }
}
