//! Waiting for something that can be seen, with an end.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long anything may take on two busy cores before a test calls it missing.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Looks until `look` sees it; says what was missing when it does not come.
///
/// # Errors
/// When it was not seen within `limit`, or looking failed.
#[expect(clippy::disallowed_methods, reason = "a test's patience is measured")]
pub fn until<T>(what: &str, limit: Duration, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let began = Instant::now();
    loop {
        if let Some(seen) = look()? {
            return Ok(seen);
        }
        if began.elapsed() > limit {
            bail!("not seen within {} s: {what}", limit.as_secs());
        }
        std::thread::park_timeout(LOOK_EVERY);
    }
}

/// Runs it and says how long it took.
#[expect(clippy::disallowed_methods, reason = "benchmarks and bars measure time")]
pub fn timed<T>(act: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = act();
    (done, began.elapsed())
}
