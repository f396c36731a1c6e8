//! The host: clocks, randomness and nothing else. The only place of this crate that reads them.
//!
//! Everything above is told the time, so that tests and simulations decide it ([`FixedHost`]) and a
//! demo can run at a moment of its own ([`DEMO_CLOCK`]).

use std::io;
use std::path::Path;
use std::sync::Mutex;

use jiff::Timestamp;

/// A file in the profile whose text is added to the wall clock, in milliseconds: only a demo has one.
pub const DEMO_CLOCK: &str = "demo-clock";

/// What the host can say of a moment: evidence for the centre, which decides what it proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// The wall clock, Unix milliseconds.
    pub wall_at: i64,
    /// Identity of the boot.
    pub boot_id: [u8; 16],
    /// Milliseconds since that boot.
    pub uptime_ms: u64,
}

impl Evidence {
    /// The wall clock as an instant, in whole milliseconds.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.wall_at).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Clocks and randomness.
pub trait Host: Send + Sync {
    /// The moment, with its evidence.
    fn evidence(&self) -> Evidence;

    /// Fills `bytes` with randomness fit for keys.
    fn random(&self, bytes: &mut [u8]);

    /// Whether "now" is a demo's own.
    fn is_demo(&self) -> bool {
        false
    }

    /// The wall clock.
    fn now(&self) -> Timestamp {
        self.evidence().now()
    }
}

/// Sixteen random bytes, as a nonce or an id without order.
pub fn random_id(host: &dyn Host) -> [u8; 16] {
    let mut bytes = [0; 16];
    host.random(&mut bytes);
    bytes
}

/// A UUIDv7 of the host's clock and randomness.
pub fn new_id(host: &dyn Host) -> [u8; 16] {
    let mut random = [0; 10];
    host.random(&mut random);
    let millis = u64::try_from(host.evidence().wall_at).unwrap_or(0);
    *uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().as_bytes()
}

/// The real host.
#[derive(Debug)]
pub struct SystemHost {
    boot_id: [u8; 16],
    /// Added to the wall clock, milliseconds: 0 but for a demo.
    offset_ms: i64,
    demo: bool,
    started: std::time::Instant,
}

impl Default for SystemHost {
    fn default() -> Self {
        Self::new()
    }
}

impl SystemHost {
    /// The host as it is.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the host: the one reader of clocks")]
    pub fn new() -> Self {
        Self { boot_id: boot_id(), offset_ms: 0, demo: false, started: std::time::Instant::now() }
    }

    /// The host of a profile: as it is, or at the moment of a demo where `dir` holds one ([`DEMO_CLOCK`]).
    ///
    /// # Errors
    /// When the file is there and holds no whole number.
    #[expect(clippy::disallowed_methods, reason = "this is the host: the one reader of the demo's clock")]
    pub fn of_profile(dir: &Path) -> io::Result<Self> {
        let host = Self::new();
        match std::fs::read_to_string(dir.join(DEMO_CLOCK)) {
            Ok(text) => {
                let offset_ms = text.trim().parse().map_err(io::Error::other)?;
                Ok(Self { offset_ms, demo: true, ..host })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(host),
            Err(error) => Err(error),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "this is the host: the one reader of the uptime counter")]
    fn uptime_ms(&self) -> u64 {
        let text = std::fs::read_to_string("/proc/uptime").unwrap_or_default();
        let seconds = text.split_whitespace().next().and_then(|word| word.parse::<f64>().ok());
        match seconds {
            // Whole milliseconds of a positive number of seconds: the cast loses nothing that counts.
            Some(seconds) if seconds >= 0.0 => (seconds * 1_000.0) as u64,
            _ => u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }
}

impl Host for SystemHost {
    #[expect(clippy::disallowed_methods, reason = "this is the host: the one reader of the wall clock")]
    fn evidence(&self) -> Evidence {
        Evidence {
            wall_at: Timestamp::now().as_millisecond().saturating_add(self.offset_ms),
            boot_id: self.boot_id,
            uptime_ms: self.uptime_ms(),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "this is the host: the one source of randomness")]
    fn random(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the system gives random numbers: without them no key is safe");
    }

    fn is_demo(&self) -> bool {
        self.demo
    }
}

/// The kernel's boot id, or one drawn at random, which then holds for this process only.
#[expect(clippy::disallowed_methods, reason = "this is the host: the one reader of the boot id")]
fn boot_id() -> [u8; 16] {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    uuid::Uuid::parse_str(text.trim()).map_or_else(
        |_| {
            let mut bytes = [0; 16];
            getrandom::fill(&mut bytes).expect("the system gives random numbers");
            bytes
        },
        |id| *id.as_bytes(),
    )
}

/// A host whose clock stands until it is moved and whose randomness follows from a seed.
#[derive(Debug)]
pub struct FixedHost {
    inner: Mutex<Fixed>,
}

#[derive(Debug)]
struct Fixed {
    evidence: Evidence,
    seed: u64,
    drawn: u64,
}

impl FixedHost {
    /// A host at `now` with a seed.
    #[must_use]
    pub fn new(now: Timestamp, seed: u64) -> Self {
        let mut boot_id = [0; 16];
        boot_id[..8].copy_from_slice(&seed.to_le_bytes());
        let evidence = Evidence { wall_at: now.as_millisecond(), boot_id, uptime_ms: 3_600_000 };
        Self { inner: Mutex::new(Fixed { evidence, seed, drawn: 0 }) }
    }

    fn with<T>(&self, change: impl FnOnce(&mut Fixed) -> T) -> T {
        change(&mut self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Lets time pass, wall clock and uptime alike.
    pub fn advance_ms(&self, ms: u64) {
        self.with(|fixed| {
            fixed.evidence.wall_at =
                fixed.evidence.wall_at.saturating_add(i64::try_from(ms).unwrap_or(i64::MAX));
            fixed.evidence.uptime_ms = fixed.evidence.uptime_ms.saturating_add(ms);
        });
    }

    /// Puts the wall clock elsewhere, the uptime counter untouched: someone set the clock.
    pub fn set_wall(&self, now: Timestamp) {
        self.with(|fixed| fixed.evidence.wall_at = now.as_millisecond());
    }

    /// Starts another boot.
    pub fn reboot(&self) {
        self.with(|fixed| {
            fixed.evidence.boot_id[15] = fixed.evidence.boot_id[15].wrapping_add(1);
            fixed.evidence.uptime_ms = 1_000;
        });
    }
}

impl Host for FixedHost {
    fn evidence(&self) -> Evidence {
        self.with(|fixed| fixed.evidence)
    }

    fn random(&self, bytes: &mut [u8]) {
        self.with(|fixed| {
            for chunk in bytes.chunks_mut(32) {
                fixed.drawn = fixed.drawn.wrapping_add(1);
                let block = zaigang_sync::hash::digest(
                    zaigang_sync::hash::Use::Request,
                    &[b"fixed host", &fixed.seed.to_le_bytes(), &fixed.drawn.to_le_bytes()],
                );
                for (to, from) in chunk.iter_mut().zip(block.0) {
                    *to = from;
                }
            }
        });
    }
}
