//! The driver: runs rounds against the centre by HTTPS when there is a reason to, and says how the
//! console stands with it.
//!
//! Promises: a round at start, after each local write, when the centre wakes us, every minute and on
//! demand; a lost centre shows at the first failure; a round that changes nothing changes nothing on
//! the screen either; while the centre is away tries are spread by back-off, and an outcome that time
//! does not heal is asked about once a minute only. Nothing is asked of any other host.
//!
//! Left out: what a round says ([`super::Round`]), and what people may do (the door).

mod backoff;
mod client;
mod link;
mod pin;
mod run;
mod status;
mod wake;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::task::JoinHandle;

pub use backoff::{PAUSE_MAX, PAUSE_MIN, pause};
pub use client::CentreClient;
pub use link::{Answer, Link, LinkError, OfflineReason};
pub use status::LinkStatus;
pub use wake::{WakeError, WakeStream};

use super::{Request, Round};
use crate::host::Host;
use crate::store::{Result, Store, Topics};

/// Requests of `sync_now` that may wait at one time: more are answered by the same round anyway.
const ASKED_MAX: usize = 64;

/// What the driver needs of the open profile. Called on a thread that may block.
pub trait Syncable: Send + Sync + 'static {
    /// The round's next request ([`Round::next`]).
    ///
    /// # Errors
    /// [`crate::store::StoreError`].
    fn next_request(&self, round: &mut Round) -> Result<Option<Request>>;

    /// Hands the round the reply to its last request ([`Round::on_reply`]).
    ///
    /// # Errors
    /// [`crate::store::StoreError`].
    fn on_reply(&self, round: &mut Round, answer: &Answer) -> Result<()>;

    /// When the last complete round ended, Unix milliseconds.
    ///
    /// # Errors
    /// [`crate::store::StoreError`].
    fn last_synced_at(&self) -> Result<Option<i64>>;

    /// Whether this console lacks something of `log` up to `seq`.
    ///
    /// # Errors
    /// [`crate::store::StoreError`].
    fn is_behind(&self, log: &str, seq: u64) -> Result<bool>;
}

/// A store shared by the session and the driver: each step of a round holds it for one transaction.
#[derive(Clone)]
pub struct SharedStore {
    /// The store.
    pub store: Arc<Mutex<Store>>,
    /// The host's clock and randomness.
    pub host: Arc<dyn Host>,
}

impl std::fmt::Debug for SharedStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedStore").finish_non_exhaustive()
    }
}

impl SharedStore {
    fn with<T>(&self, act: impl FnOnce(&mut Store) -> T) -> T {
        // Every write is one transaction: a panic elsewhere left nothing half done in the file.
        act(&mut self.store.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Syncable for SharedStore {
    fn next_request(&self, round: &mut Round) -> Result<Option<Request>> {
        self.with(|store| round.next(store, self.host.as_ref()))
    }

    fn on_reply(&self, round: &mut Round, answer: &Answer) -> Result<()> {
        self.with(|store| round.on_reply(store, answer.status, &answer.body))
    }

    fn last_synced_at(&self) -> Result<Option<i64>> {
        self.with(|store| store.last_synced_at())
    }

    fn is_behind(&self, log: &str, seq: u64) -> Result<bool> {
        // A log not held here yet is one the next hello tells of.
        self.with(|store| Ok(store.logs()?.iter().find(|row| row.name == log).is_none_or(|row| row.seq < seq)))
    }
}

/// Is told which kinds of data a round made stale. Must return at once.
pub type OnChange = Arc<dyn Fn(&Topics) + Send + Sync>;

/// The running driver. Dropping it ends it at its next wait; [`Driver::shutdown`] also waits for that.
#[derive(Debug)]
pub struct Driver {
    handle: SyncHandle,
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

/// Asks a driver for rounds and tells how it stands. Clones are cheap; all are useless, but harmless,
/// once the driver has ended.
#[derive(Debug, Clone)]
pub struct SyncHandle {
    status: watch::Receiver<LinkStatus>,
    written: Arc<Notify>,
    asked: mpsc::Sender<oneshot::Sender<LinkStatus>>,
}

impl Driver {
    /// Starts on `runtime`, with a round at once. The device is enrolled; `link` is usually a
    /// [`CentreClient`] of its identity, `profile` a [`SharedStore`].
    #[must_use]
    pub fn start<L: Link>(
        runtime: &tokio::runtime::Handle,
        link: L,
        profile: Arc<dyn Syncable>,
        host: Arc<dyn Host>,
        on_change: OnChange,
    ) -> Self {
        let (status_tx, status) = watch::channel(LinkStatus::starting());
        let (stop, stopped) = watch::channel(());
        let (asked, asked_rx) = mpsc::channel(ASKED_MAX);
        let written = Arc::new(Notify::new());
        let parts = run::Parts {
            link: Arc::new(link),
            profile,
            host,
            on_change,
            status: status_tx,
            written: Arc::clone(&written),
            asked: asked_rx,
            stopped,
        };
        let task = runtime.spawn(run::run(parts));
        Self { handle: SyncHandle { status, written, asked }, stop, task }
    }

    /// A handle to give away.
    #[must_use]
    pub fn handle(&self) -> SyncHandle {
        self.handle.clone()
    }

    /// Ends the driver and waits until it no longer touches the profile. A round under way is left:
    /// what it stored stays true.
    pub async fn shutdown(self) {
        drop(self.stop);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the sync driver ended badly");
        }
    }
}

impl SyncHandle {
    /// How the console stands with the centre, and each change of that.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<LinkStatus> {
        self.status.clone()
    }

    /// Something was written here: push it. Calls while a round runs make one more round.
    pub fn written(&self) {
        self.written.notify_one();
    }

    /// Asks for a round now, whatever the back-off. The receiver gets the status after a whole round
    /// that began later than this call; it fails when the driver has ended or too many wait.
    #[must_use]
    pub fn sync_now(&self) -> oneshot::Receiver<LinkStatus> {
        let (done, receiver) = oneshot::channel();
        // A refused request drops `done`, which the receiver notices.
        let _ = self.asked.try_send(done);
        receiver
    }
}
