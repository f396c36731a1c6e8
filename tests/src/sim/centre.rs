//! The centre in the simulator: the real one on a real file, with a clock and a high-water mark of
//! the simulator's own.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use rusqlite::{Connection, OpenFlags};
use zaigang_center::core::Centre;
use zaigang_center::error::CentreError;
use zaigang_center::host::Host;
use zaigang_console::sync::Request;
use zaigang_sync::envelope::Id;
use zaigang_sync::protocol::{HelloRequest, PATH_HELLO, PATH_PULL, PATH_PUSH, PullRequest};

use super::console::Reply;
use super::random::Random;

/// The centre's private key in every run.
pub const CENTRE_KEY: [u8; 32] = [42; 32];

/// Clock, randomness and mark of the centre.
#[derive(Debug)]
pub struct CentreHost {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    now_ms: i64,
    random: Random,
    mark: Option<String>,
}

impl CentreHost {
    /// A host at a time.
    #[must_use]
    pub fn new(now_ms: i64, seed: u64) -> Self {
        Self { inner: Mutex::new(Inner { now_ms, random: Random::new(seed), mark: None }) }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets time pass.
    pub fn advance_ms(&self, ms: u64) {
        self.with(|i| i.now_ms = i.now_ms.saturating_add_unsigned(ms));
    }

    /// The mark kept.
    pub fn mark(&self) -> Option<String> {
        self.with(|i| i.mark.clone())
    }

    /// Puts a mark in place.
    pub fn set_mark(&self, mark: Option<String>) {
        self.with(|i| i.mark = mark);
    }
}

impl Host for CentreHost {
    fn now_ms(&self) -> i64 {
        self.with(|i| i.now_ms)
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.with(|i| {
            for byte in bytes {
                *byte = (i.random.draw() >> 32) as u8;
            }
        });
    }

    fn high_water(&self) -> io::Result<Option<String>> {
        Ok(self.mark())
    }

    fn keep_high_water(&self, text: &str) -> io::Result<()> {
        self.set_mark(Some(text.to_owned()));
        Ok(())
    }
}

/// The centre.
pub struct SimCentre {
    /// Its file.
    pub path: PathBuf,
    /// The open centre.
    pub centre: Centre,
    /// Its host.
    pub host: Arc<CentreHost>,
    /// A second connection, for looking.
    pub look: Connection,
}

impl SimCentre {
    /// Opens the centre's file.
    ///
    /// # Errors
    /// What the centre says.
    pub fn open(path: &Path, host: Arc<CentreHost>) -> Result<Self, CentreError> {
        let centre = open_centre(path, &host)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let look = Connection::open_with_flags(path, flags)?;
        look.execute_batch("PRAGMA synchronous = OFF; PRAGMA busy_timeout = 0;")?;
        Ok(Self { path: path.to_owned(), centre, host, look })
    }

    /// Opens the file again, as after a crash or a restore.
    ///
    /// # Errors
    /// What the centre says.
    pub fn reopen(self) -> Result<Self, CentreError> {
        let Self { path, centre, host, look } = self;
        drop(look);
        drop(centre);
        Self::open(&path, host)
    }

    /// Answers a request of an authenticated device. Pages are kept small, so that runs have many.
    pub fn answer(&mut self, device: Id, request: &Request, bytes_max: u32) -> Reply {
        let body = match request.path {
            PATH_HELLO => self.hello(device, &request.body),
            PATH_PUSH => self.centre.push(device, &request.body).and_then(|reply| json(&reply)),
            PATH_PULL => self.pull(device, &request.body, bytes_max),
            other => Err(CentreError::BadRequest(other.to_owned())),
        };
        match body {
            Ok(body) => Reply { status: 200, body },
            Err(error) => Reply { status: 400, body: json(&error.reply()).unwrap_or_default() },
        }
    }

    fn hello(&mut self, device: Id, body: &[u8]) -> Result<Vec<u8>, CentreError> {
        let hello: HelloRequest = read(body)?;
        json(&self.centre.hello(device, &hello)?)
    }

    fn pull(&mut self, device: Id, body: &[u8], bytes_max: u32) -> Result<Vec<u8>, CentreError> {
        let pull: PullRequest = read(body)?;
        self.centre.pull(device, &PullRequest { bytes_max, ..pull })
    }
}

fn open_centre(path: &Path, host: &Arc<CentreHost>) -> Result<Centre, CentreError> {
    Centre::open(path, Arc::clone(host) as Arc<dyn Host>, &CENTRE_KEY)
}

fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, CentreError> {
    serde_json::from_slice(body).map_err(|error| CentreError::BadRequest(error.to_string()))
}

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>, CentreError> {
    Ok(serde_json::to_vec(value)?)
}
