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
mod slot;
mod status;
mod wake;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::task::JoinHandle;

pub use backoff::{PAUSE_MAX, PAUSE_MIN, pause};
pub use client::CentreClient;
pub use link::{Answer, Link, LinkError, OfflineReason};
pub use status::LinkStatus;
pub use wake::{WakeError, WakeStream};

use super::{Request, Round, RoundReport};
use crate::host::Host;
use crate::session::Console;
use crate::store::{Result, Store, StoreError, Topics};

/// Requests of `sync_now` that may wait at one time: more are answered by the same round anyway.
const ASKED_MAX: usize = 64;

/// What the driver needs of the open profile. Called on threads that may block; an implementation holds
/// the store for one call, so never while the network is slow.
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

    /// A round went to its end, well or not.
    ///
    /// # Errors
    /// [`crate::store::StoreError`].
    fn on_end(&self, report: &RoundReport) -> Result<()>;

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

/// A console shared with the door.
impl Syncable for Mutex<Console> {
    fn next_request(&self, round: &mut Round) -> Result<Option<Request>> {
        let mut console = held(self);
        let host = console.shared_host();
        round.next(open(&mut console)?, host.as_ref())
    }

    fn on_reply(&self, round: &mut Round, answer: &Answer) -> Result<()> {
        round.on_reply(open(&mut held(self))?, answer.status, &answer.body)
    }

    fn on_end(&self, report: &RoundReport) -> Result<()> {
        if report.is_complete()
            && let Err(error) = held(self).note_round()
        {
            tracing::warn!(%error, "names for the log-in form were not kept");
        }
        Ok(())
    }

    fn last_synced_at(&self) -> Result<Option<i64>> {
        open(&mut held(self))?.last_synced_at()
    }

    fn is_behind(&self, log: &str, seq: u64) -> Result<bool> {
        let rows = open(&mut held(self))?.logs()?;
        // A log not held here yet is one the next hello tells of.
        Ok(rows.iter().find(|row| row.name == log).is_none_or(|row| row.seq < seq))
    }
}

fn held(console: &Mutex<Console>) -> MutexGuard<'_, Console> {
    // Every write is one transaction: a panic elsewhere left nothing half done in the file.
    console.lock().unwrap_or_else(PoisonError::into_inner)
}

fn open(console: &mut Console) -> Result<&mut Store> {
    console.store_mut().map_err(|_| StoreError::NotEnrolled)
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
    /// [`CentreClient`] of its identity, `profile` an `Arc<Mutex<Console>>`.
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
