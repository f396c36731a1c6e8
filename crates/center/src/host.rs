//! The world outside the core: clock, randomness and the one file kept beside the database.
//!
//! The core is told all of it through [`Host`], so that tests and the simulator decide what time it
//! is. [`SystemHost`] is the real one; nothing else in this crate reads a clock or draws a number.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What the core asks of the world.
pub trait Host: Send + Sync {
    /// The centre's clock, Unix milliseconds.
    fn now_ms(&self) -> i64;

    /// Fills `bytes` with randomness fit for secrets.
    fn fill(&self, bytes: &mut [u8]);

    /// The high-water mark as last kept, if there is one.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    fn high_water(&self) -> io::Result<Option<String>>;

    /// Keeps the high-water mark outside the database, replacing the old one at once or not at all.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn keep_high_water(&self, text: &str) -> io::Result<()>;
}

/// A file beside the database whose text is added to the clock, in milliseconds: only a demo has one.
pub const DEMO_CLOCK: &str = "demo-clock";

/// The real clock, the system's random source and a file.
#[derive(Debug)]
pub struct SystemHost {
    mark: PathBuf,
    /// Several connections of one process keep the mark; they take turns.
    turn: Mutex<()>,
    /// Added to the clock, milliseconds: 0 but for a demo.
    offset_ms: i64,
    demo: bool,
}

impl SystemHost {
    /// Keeps the high-water mark in this file.
    #[must_use]
    pub fn new(mark: &Path) -> Self {
        Self { mark: mark.to_owned(), turn: Mutex::new(()), offset_ms: 0, demo: false }
    }

    /// Shifts the clock as the demo in `dir` says, if there is a demo ([`DEMO_CLOCK`]).
    ///
    /// # Errors
    /// When the file is there and holds no whole number.
    pub fn with_demo_clock(mut self, dir: &Path) -> io::Result<Self> {
        if let Some(text) = read_text(&dir.join(DEMO_CLOCK))? {
            self.offset_ms = text.trim().parse().map_err(io::Error::other)?;
            self.demo = true;
        }
        Ok(self)
    }

    /// Whether a demo shifts its clock.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.demo
    }
}

impl Host for SystemHost {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now_ms(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond().saturating_add(self.offset_ms)
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that draws randomness")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the system's random source works, or nothing is safe");
    }

    fn high_water(&self) -> io::Result<Option<String>> {
        read_text(&self.mark)
    }

    fn keep_high_water(&self, text: &str) -> io::Result<()> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        replace_file(&self.mark, text.as_bytes(), Durability::Lazy)
    }
}

/// Whether a replaced file must survive a power cut at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Synced before it takes the old one's place.
    Synced,
    /// Whole, but perhaps the older one after a power cut.
    Lazy,
}

/// Text of a file; `None` when there is no such file.
///
/// # Errors
/// When it is there and cannot be read.
#[expect(clippy::disallowed_methods, reason = "host: files are read here")]
pub fn read_text(path: &Path) -> io::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Bytes of a file.
///
/// # Errors
/// When it cannot be read.
#[expect(clippy::disallowed_methods, reason = "host: files are read here")]
pub fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    std::fs::read(path)
}

/// Writes a file beside its place, readable by the owner only, and moves it there.
///
/// # Errors
/// When it cannot be written; the old file is then untouched.
pub fn replace_file(path: &Path, bytes: &[u8], durability: Durability) -> io::Result<()> {
    use std::io::Write as _;
    // One process may write while another does: each has its own temporary file.
    let next = path.with_extension(format!("{}.next", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&next)?;
    file.write_all(bytes)?;
    if durability == Durability::Synced {
        file.sync_all()?;
    }
    std::fs::rename(&next, path)
}

/// Size and BLAKE3 (hex) of a file.
///
/// # Errors
/// When it cannot be read.
#[expect(clippy::disallowed_methods, reason = "host: files are opened here")]
pub fn checksum(path: &Path) -> io::Result<(u64, String)> {
    let mut hasher = blake3::Hasher::new();
    let bytes = io::copy(&mut std::fs::File::open(path)?, &mut hasher)?;
    Ok((bytes, hasher.finalize().to_hex().to_string()))
}

/// A lock on a directory, held while it lives: one serving process, or one restore.
#[derive(Debug)]
pub struct DirLock(#[expect(dead_code, reason = "the lock lasts as long as the open file")] std::fs::File);

impl DirLock {
    /// Takes the lock; `None` when another process holds it.
    ///
    /// # Errors
    /// When the lock file cannot be made.
    pub fn take(path: &Path) -> io::Result<Option<Self>> {
        let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(error),
        }
    }
}
