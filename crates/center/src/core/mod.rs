//! The centre without a network: it judges pages and keeps the logs.
//!
//! [`Centre`] is a plain synchronous struct over one SQLite file. It is told the time and given
//! randomness by a [`Host`], so a simulator can drive it in process. Several `Centre`s, also in
//! several processes, may work on one file: writers take turns by BEGIN IMMEDIATE, and whoever
//! finds that another has committed drops its cache.
//!
//! What it promises: a verdict is answered only after its commit is on disk; a page is taken whole
//! or not at all; the only order is that of `seq`; nothing that was stored is ever changed.

pub mod api;
mod cache;
mod devices;
mod enrol;
mod files;
mod groups;
mod hello;
mod in_force;
mod judging;
mod login;
mod mark;
mod own;
mod password;
mod project;
mod publish;
mod pull;
mod push;
mod refold;
mod sources;
mod status;
mod take;
mod users;
mod verify;
mod work;

use std::path::Path;
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use rusqlite::Connection;
use zaigang_sync::envelope::Id;
use zaigang_sync::protocol::Wake;

use crate::error::{CentreError, Result};
use crate::host::Host;
use crate::store::{self, Backup, FileBox, Meta};
use cache::Cache;
use work::Work;

pub use devices::{CodeRequest, DeviceListing, NewCode};
pub use enrol::CODE_LIFE_MINUTES;
pub use login::{LOCK_AFTER_FAILURES, LOCK_MINUTES, OFFLINE_DAYS};
pub use password::{PASSWORD_CHARS_MIN, check_policy};
pub use publish::{CalendarText, ContractTexts, PublishedAs};
pub use sources::{AddedSource, NewSource, SourceListing};
pub use status::{LogStatus, Status, StopStatus};
pub use users::{NewUser, UserListing};
pub use verify::{BadRow, Verified};

/// What a centre is founded with.
#[derive(Debug, Clone, Default)]
pub struct Founding {
    /// Name of the site.
    pub site: String,
    /// Address that enrolment codes give, such as `https://10.0.0.5:7443`.
    pub address: String,
    /// Pin of the CA that enrolment codes give.
    pub ca_pin: String,
    /// The site's recovery key (age recipient).
    pub recovery: Option<String>,
}

/// The central server without its network.
pub struct Centre {
    conn: Connection,
    host: Arc<dyn Host>,
    key: SigningKey,
    meta: Meta,
    cache: Cache,
    files: FileBox,
    wakes: Vec<Wake>,
}

impl std::fmt::Debug for Centre {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Centre").field("site", &self.meta.site).finish_non_exhaustive()
    }
}

impl Centre {
    /// Founds a new centre in a new file. `signing_key` is the private half of its Ed25519 key; keep it elsewhere.
    ///
    /// # Errors
    /// [`CentreError::Store`], also when the file is there already.
    pub fn create(
        path: &Path,
        host: Arc<dyn Host>,
        signing_key: &[u8; 32],
        founding: &Founding,
    ) -> Result<Self> {
        let conn = store::create(path)?;
        let key = SigningKey::from_bytes(signing_key);
        let random = |host: &dyn Host| {
            let mut id: Id = [0; 16];
            host.fill(&mut id);
            id
        };
        let meta = Meta {
            server_id: random(&*host),
            epoch: random(&*host),
            site: founding.site.clone(),
            address: founding.address.clone(),
            ca_pin: founding.ca_pin.clone(),
            device: random(&*host),
            incarnation: 1,
            public_key: key.verifying_key().to_bytes(),
            recovery: founding.recovery.clone(),
            created_at: host.now_ms(),
        };
        store::insert_meta(&conn, &meta)?;
        store::put_fold_version(&conn, refold::FOLD_VERSION)?;
        let files = FileBox::beside(path);
        let mut centre = Self { conn, host, key, meta, cache: Cache::default(), files, wakes: Vec::new() };
        centre.enrol_itself()?;
        Ok(centre)
    }

    /// Opens an existing centre.
    ///
    /// # Errors
    /// [`CentreError::CentreRolledBack`] when the file is older than the high-water mark beside it,
    /// [`CentreError::NewerFile`], [`CentreError::Store`] also when `signing_key` is another centre's.
    pub fn open(path: &Path, host: Arc<dyn Host>, signing_key: &[u8; 32]) -> Result<Self> {
        let conn = store::open(path)?;
        let key = SigningKey::from_bytes(signing_key);
        let meta = store::read_meta(&conn)?;
        if meta.public_key != key.verifying_key().to_bytes() {
            return Err(CentreError::Store(
                "the signing key is not the one this database was founded with".into(),
            ));
        }
        mark::check(&conn, &*host, &meta)?;
        let files = FileBox::beside(path);
        let mut centre = Self { conn, host, key, meta, cache: Cache::default(), files, wakes: Vec::new() };
        centre.refold()?;
        // A crash may have come between an erasure and this.
        centre.drop_erased_files()?;
        Ok(centre)
    }

    /// Opens a centre whose database was put back from a copy, as a new epoch: consoles find at
    /// first contact that the history is another one, and the centre's own chains begin anew.
    ///
    /// # Errors
    /// As [`Centre::open`], but for the high-water mark, which is set anew.
    pub fn begin_epoch(path: &Path, host: Arc<dyn Host>, signing_key: &[u8; 32]) -> Result<Self> {
        let conn = store::open(path)?;
        let key = SigningKey::from_bytes(signing_key);
        let mut meta = store::read_meta(&conn)?;
        if meta.public_key != key.verifying_key().to_bytes() {
            return Err(CentreError::Store(
                "the signing key is not the one this database was founded with".into(),
            ));
        }
        host.fill(&mut meta.epoch);
        meta.incarnation += 1;
        store::update_epoch(&conn, &meta)?;
        let files = FileBox::beside(path);
        let mut centre = Self { conn, host, key, meta, cache: Cache::default(), files, wakes: Vec::new() };
        centre.refold()?;
        refresh(&centre.conn, &mut centre.cache)?;
        mark::keep(&centre.cache, &*centre.host, &centre.meta)?;
        Ok(centre)
    }

    /// Which centre this is.
    #[must_use]
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Logs that grew since the last call, to wake consoles with.
    pub fn take_wakes(&mut self) -> Vec<Wake> {
        std::mem::take(&mut self.wakes)
    }

    /// Heads of all logs when another connection has committed since `seen`, which is brought up to date.
    ///
    /// # Errors
    /// [`CentreError::Store`].
    pub fn changed_heads(&mut self, seen: &mut Option<i64>) -> Result<Option<Vec<Wake>>> {
        let now = store::data_version(&self.conn)?;
        if *seen == Some(now) {
            return Ok(None);
        }
        *seen = Some(now);
        let heads = store::logs(&self.conn)?;
        Ok(Some(heads.into_iter().map(|(log, row)| Wake { log, seq: row.seq }).collect()))
    }

    /// Copies the database to a new file while it is in use, and the files it names to a folder beside
    /// that ([`files_beside`]). `checksum` gives size and hash of a file.
    ///
    /// # Errors
    /// [`CentreError::Store`].
    pub fn back_up(
        &self,
        to: &Path,
        checksum: impl FnOnce(&Path) -> std::io::Result<(u64, String)>,
    ) -> Result<Backup> {
        let mut made = store::back_up(&self.conn, to, checksum)?;
        let folder = FileBox::at(files_beside(to));
        for (name, log) in store::logs(&self.conn)? {
            for file in store::files_of(&self.conn, log.n)?.iter().filter(|file| !file.erased) {
                if self.files.stored(&name, file.hash)?.whole {
                    made.file_bytes += self.files.copy(&folder, &name, file.hash)?;
                    made.files += 1;
                }
            }
        }
        Ok(made)
    }

    /// Runs `act` in one writing transaction: all of it is on disk when this returns, or nothing.
    fn transact<T>(&mut self, act: impl FnOnce(&mut Work<'_>) -> Result<T>) -> Result<T> {
        self.attempt(act)
    }

    /// As [`Centre::transact`], for acts that fail in their own words.
    fn attempt<T, E: From<CentreError>>(
        &mut self,
        act: impl FnOnce(&mut Work<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.begin("BEGIN IMMEDIATE")?;
        let done = self.run(act);
        match done.and_then(|(value, wakes)| {
            self.commit()?;
            Ok((value, wakes))
        }) {
            Ok((value, wakes)) => {
                self.after_commit(wakes)?;
                Ok(value)
            }
            Err(error) => {
                self.cache.clear();
                if !self.conn.is_autocommit() {
                    self.conn.execute_batch("ROLLBACK").map_err(CentreError::from)?;
                }
                Err(error)
            }
        }
    }

    fn commit(&self) -> Result<()> {
        self.conn.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }

    fn run<T, E: From<CentreError>>(
        &mut self,
        act: impl FnOnce(&mut Work<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<(T, Vec<Wake>), E> {
        let mut work = self.work()?;
        let value = act(&mut work)?;
        let wakes = work.finish()?;
        Ok((value, wakes))
    }

    fn begin(&mut self, how: &str) -> Result<()> {
        if !self.conn.is_autocommit() {
            // A panic left a transaction half done.
            self.conn.execute_batch("ROLLBACK")?;
            self.cache.clear();
        }
        self.conn.prepare_cached(how)?.execute([])?;
        Ok(())
    }

    fn work(&mut self) -> Result<Work<'_>> {
        refresh(&self.conn, &mut self.cache)?;
        Ok(Work::new(&self.conn, &mut self.cache, &self.meta, &self.key, &*self.host))
    }

    /// Runs `look` in one reading transaction.
    fn look<T>(&mut self, look: impl FnOnce(&mut Work<'_>) -> Result<T>) -> Result<T> {
        self.glance(look)
    }

    /// As [`Centre::look`], for reads that fail in their own words.
    fn glance<T, E: From<CentreError>>(
        &mut self,
        look: impl FnOnce(&mut Work<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.begin("BEGIN")?;
        let seen = self.work().map_err(E::from).and_then(|mut work| look(&mut work));
        self.commit()?;
        seen
    }

    fn after_commit(&mut self, wakes: Vec<Wake>) -> Result<()> {
        self.cache.trim();
        if std::mem::take(&mut self.cache.files_erased) {
            self.drop_erased_files()?;
        }
        if !wakes.is_empty() {
            mark::keep(&self.cache, &*self.host, &self.meta)?;
        }
        self.wakes.extend(wakes);
        Ok(())
    }
}

/// The folder of files that belongs to a backup.
#[must_use]
pub fn files_beside(backup: &Path) -> std::path::PathBuf {
    let mut name = backup.as_os_str().to_owned();
    name.push(".files");
    name.into()
}

/// Puts the files of a backup beside the database that was restored from it; those that are there stay.
/// Gives how many the backup held.
///
/// # Errors
/// [`CentreError::Store`].
pub fn restore_files(centre: &Centre, backup: &Path) -> Result<u64> {
    let from = FileBox::at(files_beside(backup));
    let mut found = 0;
    for (name, log) in store::logs(&centre.conn)? {
        for file in store::files_of(&centre.conn, log.n)?.iter().filter(|file| !file.erased) {
            if from.stored(&name, file.hash)?.whole {
                from.copy(&centre.files, &name, file.hash)?;
                found += 1;
            }
        }
    }
    Ok(found)
}

/// Drops the cache when another connection has committed; loads the heads when there are none.
fn refresh(conn: &Connection, cache: &mut Cache) -> Result<()> {
    let now = store::data_version(conn)?;
    if cache.data_version != Some(now) {
        cache.clear();
        cache.data_version = Some(now);
        cache.logs = store::logs(conn)?.into_iter().collect();
    }
    Ok(())
}
