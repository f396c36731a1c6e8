//! The driver's task: one round after the other, and the waiting between them.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::Instant;
use zaigang_sync::protocol::{PATH_HELLO, Wake};

use super::backoff;
use super::link::{Answer, Link, LinkError};
use super::slot::{News, WakeSlot};
use super::status::{End, LinkStatus, Next, Standing};
use super::{OnChange, Syncable};
use crate::door::dto::LinkState;
use crate::host::Host;
use crate::store::{Result, StoreError, Topics};
use crate::sync::{Request, Round, RoundReport};

/// From one round to the next when nothing happens: the wake may have been lost.
const QUIET: Duration = Duration::from_secs(60);
/// How often screens are told of pages while a long round goes on.
const PROGRESS: Duration = Duration::from_secs(2);
/// A round that takes longer is shown as one: shorter ones would only make the screen flicker.
const SLOW: Duration = Duration::from_secs(1);

/// All the task is given.
pub(super) struct Parts<L> {
    pub(super) link: Arc<L>,
    pub(super) profile: Arc<dyn Syncable>,
    pub(super) host: Arc<dyn Host>,
    pub(super) on_change: OnChange,
    pub(super) status: watch::Sender<LinkStatus>,
    pub(super) written: Arc<Notify>,
    pub(super) asked: mpsc::Receiver<oneshot::Sender<LinkStatus>>,
    pub(super) stopped: watch::Receiver<()>,
}

/// Runs until the driver is dropped.
pub(super) async fn run<L: Link>(parts: Parts<L>) {
    let synced = last_synced_at(&parts.profile).await;
    parts.status.send_modify(|status| status.last_synced_at = synced);
    let due = Instant::now();
    let mut task = Task {
        parts,
        wakes: WakeSlot::new(due),
        due,
        failures: 0,
        online: true,
        waiting: vec![],
        stopped: vec![],
    };
    loop {
        task.gather();
        let Some(end) = task.round().await else { return };
        task.settle(&end).await;
        task.answer();
        if task.wait().await.is_none() {
            return;
        }
    }
}

/// What came of a request.
type Sent = std::result::Result<Answer, LinkError>;

struct Task<L> {
    parts: Parts<L>,
    wakes: WakeSlot,
    /// When the next round starts if nothing else starts one.
    due: Instant,
    /// Failed rounds in a row.
    failures: u32,
    /// Whether the centre took the last round: only then is it told of each write.
    online: bool,
    /// Who asked for this round.
    waiting: Vec<oneshot::Sender<LinkStatus>>,
    /// Logs that stood still after the last round.
    stopped: Vec<String>,
}

impl<L: Link> Task<L> {
    /// Takes together all reasons for the round about to start.
    fn gather(&mut self) {
        let _ = self.parts.written.notified().now_or_never();
        while let Ok(done) = self.parts.asked.try_recv() {
            self.waiting.push(done);
        }
        if !self.waiting.is_empty() {
            self.show(|status| status.state = LinkState::Syncing);
        }
    }

    /// Tells all who asked how it went.
    fn answer(&mut self) {
        for done in self.waiting.drain(..) {
            // Whoever does not listen any more does not want to know.
            let _ = done.send(self.parts.status.borrow().clone());
        }
    }

    /// Waits for a reason to start a round; nothing when the driver was dropped.
    async fn wait(&mut self) -> Option<()> {
        loop {
            let Parts { asked, written, stopped, .. } = &mut self.parts;
            let news = tokio::select! {
                biased;
                _ = stopped.changed() => return None,
                Some(done) = asked.recv() => {
                    self.waiting.push(done);
                    return Some(());
                }
                () = tokio::time::sleep_until(self.due) => return Some(()),
                () = written.notified(), if self.online => return Some(()),
                news = self.wakes.news(), if self.online => news,
            };
            if self.is_reason(news).await {
                return Some(());
            }
        }
    }

    async fn is_reason(&mut self, news: News) -> bool {
        match news {
            News::Moved(Wake { log, seq }) => {
                let profile = Arc::clone(&self.parts.profile);
                // A store that fails is for the round to report.
                blocking(move || profile.is_behind(&log, seq)).await.unwrap_or(true)
            }
            News::Silent => true,
            News::Broken => {
                self.show(|status| *status = status.broken());
                true
            }
            News::Refused => false,
        }
    }

    /// One round to its end; nothing when the driver was dropped meanwhile.
    async fn round(&mut self) -> Option<End> {
        let mut round = Round::new();
        let mut answer = None;
        let mut told_at = Instant::now();
        let slow_at = told_at + SLOW;
        loop {
            let profile = Arc::clone(&self.parts.profile);
            let (back, next) = step(profile, round, answer).await;
            round = back;
            if told_at.elapsed() >= PROGRESS {
                self.tell(round.report());
                told_at = Instant::now();
            }
            let request = match next {
                Ok(Some(request)) => request,
                Ok(None) => break,
                Err(error) => return Some(self.left(&round, End::Store(error))),
            };
            // A hello that nobody answers says nothing new of a centre that was not there before.
            let shows = request.path != PATH_HELLO || self.online;
            answer = match self.send(request, shows.then_some(slow_at)).await? {
                Ok(answer) => Some(answer),
                Err(error) => return Some(self.left(&round, End::Link(error))),
            };
        }
        self.tell(round.report());
        self.stopped.clone_from(&round.report().stopped);
        Some(End::Report(round.report().clone()))
    }

    /// Sends a request; from `slow_at` on, waiting for its answer is shown. Nothing when the driver was
    /// dropped meanwhile.
    async fn send(&mut self, request: Request, slow_at: Option<Instant>) -> Option<Sent> {
        let link = Arc::clone(&self.parts.link);
        let sent = link.send(request);
        tokio::pin!(sent);
        if let Some(slow_at) = slow_at {
            let soon = tokio::time::timeout_at(slow_at, &mut sent);
            if let Ok(answer) = unless_stopped(&mut self.parts.stopped, soon).await? {
                return Some(answer);
            }
            self.show(LinkStatus::at_work);
        }
        unless_stopped(&mut self.parts.stopped, sent).await
    }

    /// A round broken off: what it stored stays, and is told.
    fn left(&self, round: &Round, end: End) -> End {
        self.tell(round.report());
        end
    }

    /// Tells the screens what became stale, if anything did.
    fn tell(&self, report: &RoundReport) {
        let moved = report.pushed + report.pulled + report.conflicts + report.files > 0;
        if moved || report.stopped != self.stopped {
            (self.parts.on_change)(&report.changed);
        }
    }

    /// Shows how the round ended and sets the time of the next.
    async fn settle(&mut self, end: &End) {
        let synced = match end {
            End::Report(report) => self.ended(report).await,
            End::Link(_) | End::Store(_) => None,
        };
        if let End::Store(error) = end {
            tracing::error!(%error, "a round of sync failed in the store");
        }
        let Standing { state, trouble, next } = Standing::after(end);
        let files_left = matches!(end, End::Report(report) if report.files_left);
        let pause = self.pause(next);
        // Events come first in each round; a large file goes on in the next.
        let pause = if files_left && next == Next::Online { Duration::ZERO } else { pause };
        self.due = Instant::now() + pause;
        let next_try_at = (next != Next::Online).then(|| self.now_ms().saturating_add(millis(pause)));
        self.show(|status| {
            let last_synced_at = synced.or(status.last_synced_at);
            *status = LinkStatus { state, last_synced_at, next_try_at, trouble };
        });
        if self.online {
            self.wakes.ensure(&self.parts.link);
        } else {
            self.wakes.close();
        }
    }

    async fn ended(&mut self, report: &RoundReport) -> Option<i64> {
        let profile = Arc::clone(&self.parts.profile);
        let report = report.clone();
        if let Err(error) = blocking(move || profile.on_end(&report)).await {
            tracing::error!(%error, "the end of a round was not noted");
        }
        last_synced_at(&self.parts.profile).await
    }

    fn pause(&mut self, next: Next) -> Duration {
        self.online = next == Next::Online;
        match next {
            Next::Online | Next::Slow => {
                self.failures = 0;
                QUIET
            }
            Next::BackOff { at_least } => {
                self.failures = self.failures.saturating_add(1);
                let mut random = [0; 8];
                self.parts.host.random(&mut random);
                backoff::pause(self.failures, u64::from_le_bytes(random)).max(at_least)
            }
        }
    }

    fn now_ms(&self) -> i64 {
        self.parts.host.evidence().wall_at
    }

    /// Changes the status; those who watch and the screens hear of it only if it is another then.
    fn show(&self, change: impl FnOnce(&mut LinkStatus)) {
        let is_other = self.parts.status.send_if_modified(|status| {
            let before = status.clone();
            change(status);
            *status != before
        });
        if is_other {
            (self.parts.on_change)(&Topics::from(["sync".to_owned()]));
        }
    }
}

/// Hands the round its answer and takes its next request, in one turn at the store.
async fn step(
    profile: Arc<dyn Syncable>,
    round: Round,
    answer: Option<Answer>,
) -> (Round, Result<Option<Request>>) {
    let mut round = round;
    let turn = tokio::task::spawn_blocking(move || {
        let took = answer.map_or(Ok(()), |answer| profile.on_reply(&mut round, &answer));
        let next = took.and_then(|()| profile.next_request(&mut round));
        (round, next)
    });
    turn.await.unwrap_or_else(|_| (Round::new(), Err(PANICKED)))
}

async fn last_synced_at(profile: &Arc<dyn Syncable>) -> Option<i64> {
    let profile = Arc::clone(profile);
    blocking(move || profile.last_synced_at()).await.unwrap_or_else(|error| {
        tracing::error!(%error, "the time of the last round was not read");
        None
    })
}

/// The store's code panicked; the panic hook has said where.
const PANICKED: StoreError = StoreError::Malformed("step of a round");

async fn blocking<T: Send + 'static>(act: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(act).await.unwrap_or(Err(PANICKED))
}

async fn unless_stopped<T>(stopped: &mut watch::Receiver<()>, act: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        _ = stopped.changed() => None,
        done = act => Some(done),
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
