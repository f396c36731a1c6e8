//! The sync driver with a console, a centre in process and a link the tests can cut. The runtime's clock
//! stands still and jumps to the next timer when nothing else is left to do: minutes take no time.

#![allow(clippy::unwrap_used, reason = "tests stop where they are wrong")]

mod site;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use site::{LOG, PASSWORD, Pc, Site};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use zaigang_console::door::dto::LinkState;
use zaigang_console::store::{Result, Topics};
use zaigang_console::sync::driver::{
    Answer, Driver, Link, LinkError, LinkStatus, OfflineReason, SyncHandle, Syncable, WakeStream,
};
use zaigang_console::sync::{Request, Round, RoundReport};
use zaigang_sync::protocol::ErrorReply;

type Bytes = Result<Vec<u8>, String>;

/// A console the test and the driver share.
struct Shared(Mutex<Pc>);

impl Shared {
    fn pc(&self) -> MutexGuard<'_, Pc> {
        self.0.lock().unwrap()
    }
}

impl Syncable for Shared {
    fn next_request(&self, round: &mut Round) -> Result<Option<Request>> {
        let mut pc = self.pc();
        let host = pc.host.clone();
        round.next(pc.console.store_mut().unwrap(), host.as_ref())
    }

    fn on_reply(&self, round: &mut Round, answer: &Answer) -> Result<()> {
        round.on_reply(self.pc().console.store_mut().unwrap(), answer.status, &answer.body)
    }

    fn on_end(&self, _: &RoundReport) -> Result<()> {
        Ok(())
    }

    fn last_synced_at(&self) -> Result<Option<i64>> {
        self.pc().console.store().unwrap().last_synced_at()
    }

    fn is_behind(&self, log: &str, seq: u64) -> Result<bool> {
        Ok(self.pc().console.store().unwrap().log(log)?.seq < seq)
    }
}

/// The network between the console and the centre.
struct Net {
    site: Mutex<Site>,
    shared: Arc<Shared>,
    /// What every request meets instead of an answer.
    fault: Mutex<Option<LinkError>>,
    /// Requests hang for ever.
    hangs: AtomicBool,
    /// Streams of wakes end as soon as they are open.
    flaps: AtomicBool,
    sent: AtomicUsize,
    wakes: Mutex<Option<UnboundedSender<Bytes>>>,
    opening: watch::Sender<usize>,
}

#[derive(Clone)]
struct Cable(Arc<Net>);

impl Link for Cable {
    async fn send(&self, request: Request) -> Result<Answer, LinkError> {
        self.0.sent.fetch_add(1, Ordering::Relaxed);
        if self.0.hangs.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        if let Some(fault) = self.0.fault.lock().unwrap().clone() {
            return Err(fault);
        }
        let pc = self.0.shared.pc();
        let (status, body) = self.0.site.lock().unwrap().answer(&pc.console, &request).unwrap();
        Ok(Answer { status, body })
    }

    async fn wakes(&self) -> Result<WakeStream, LinkError> {
        let (sender, receiver) = unbounded_channel();
        if !self.0.flaps.load(Ordering::Relaxed) {
            *self.0.wakes.lock().unwrap() = Some(sender);
        }
        self.0.opening.send_modify(|opened| *opened += 1);
        Ok(WakeStream::new(futures_util::stream::unfold(
            receiver,
            |mut receiver: UnboundedReceiver<Bytes>| async {
                receiver.recv().await.map(|chunk| (chunk, receiver))
            },
        )))
    }
}

struct Rig {
    net: Arc<Net>,
    shared: Arc<Shared>,
    driver: Driver,
    handle: SyncHandle,
    status: watch::Receiver<LinkStatus>,
    changes: UnboundedReceiver<Topics>,
    _dir: tempfile::TempDir,
}

/// A console with one event to send, and its driver, started under this fault.
fn rig(fault: Option<LinkError>) -> Rig {
    let mut site = Site::new();
    let dir = tempfile::tempdir().unwrap();
    let mut pc = Pc::enrolled(&mut site, dir.path(), 1, true);
    pc.log_in(&mut site, "wang", PASSWORD).unwrap();
    pc.sync(&mut site).unwrap();
    pc.register("启动前登记");
    let host = pc.host.clone();
    let shared = Arc::new(Shared(Mutex::new(pc)));
    let net = Arc::new(Net {
        site: Mutex::new(site),
        shared: Arc::clone(&shared),
        fault: Mutex::new(fault),
        hangs: AtomicBool::new(false),
        flaps: AtomicBool::new(false),
        sent: AtomicUsize::new(0),
        wakes: Mutex::new(None),
        opening: watch::Sender::new(0),
    });
    let (sender, changes) = unbounded_channel();
    let driver = Driver::start(
        &tokio::runtime::Handle::current(),
        Cable(Arc::clone(&net)),
        shared.clone(),
        host,
        Arc::new(move |topics| sender.send(topics.clone()).unwrap_or_default()),
    );
    let handle = driver.handle();
    let status = handle.status();
    Rig { net, shared, driver, handle, status, changes, _dir: dir }
}

impl Rig {
    async fn until(&mut self, state: LinkState) -> LinkStatus {
        self.status.wait_for(|status| status.state == state).await.unwrap().clone()
    }

    async fn until_open(&self, times: usize) {
        self.net.opening.subscribe().wait_for(|opened| *opened >= times).await.unwrap();
    }

    fn cut(&self, fault: LinkError) {
        *self.net.fault.lock().unwrap() = Some(fault);
    }

    fn mend(&self) {
        *self.net.fault.lock().unwrap() = None;
    }

    fn sent(&self) -> usize {
        self.net.sent.load(Ordering::Relaxed)
    }

    /// Requests that leave in this many seconds of the runtime's clock.
    async fn requests_in(&self, seconds: u64) -> usize {
        let before = self.sent();
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        self.sent() - before
    }

    fn seq(&self) -> u64 {
        self.shared.pc().console.store().unwrap().log(LOG).unwrap().seq
    }

    fn write(&self) {
        self.shared.pc().register("再登记一条");
        self.handle.written();
    }

    /// The next change that is of more than how the console stands with the centre.
    async fn changed(&mut self) -> Topics {
        loop {
            let topics = self.changes.recv().await.unwrap();
            if topics != standing() {
                return topics;
            }
        }
    }

    /// What the screens were told since the last look.
    fn told(&mut self) -> Vec<Topics> {
        std::iter::from_fn(|| self.changes.try_recv().ok()).collect()
    }
}

/// What a change of the standing alone makes stale.
fn standing() -> Topics {
    Topics::from(["sync".to_owned()])
}

const UNREACHABLE: LinkError = LinkError::Offline(OfflineReason::Unreachable);

fn refused(code: &str, retry_after_seconds: Option<u32>) -> LinkError {
    LinkError::Refused(ErrorReply {
        code: code.into(), message: "请稍后再试。".into(), retry_after_seconds
    })
}

#[tokio::test(start_paused = true)]
async fn what_was_written_before_the_start_and_since_is_pushed() {
    let mut rig = rig(None);
    assert!(rig.changed().await.contains("orders"));
    let status = rig.until(LinkState::Synced).await;
    assert_eq!((status.trouble, status.next_try_at), (None, None));
    assert!(status.last_synced_at.is_some());
    let seq = rig.seq();
    rig.write();
    assert!(rig.changed().await.contains("orders"));
    assert!(rig.seq() > seq, "the own echo is stored");
    rig.driver.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_wake_brings_what_another_console_wrote_and_an_old_one_nothing() {
    let mut rig = rig(None);
    rig.changed().await;
    rig.until(LinkState::Synced).await;
    rig.until_open(1).await;
    let dir = tempfile::tempdir().unwrap();
    let seq = rig.seq();
    {
        let mut site = rig.net.site.lock().unwrap();
        let mut other = Pc::enrolled(&mut site, dir.path(), 2, true);
        other.log_in(&mut site, "li", PASSWORD).unwrap();
        other.sync(&mut site).unwrap();
        other.register("另一台登记");
        other.sync(&mut site).unwrap();
    }
    let wake = |seq| Ok(format!("data: {{\"log\":\"{LOG}\",\"seq\":{seq}}}\n\n").into_bytes());
    let sender = rig.net.wakes.lock().unwrap().clone().unwrap();
    sender.send(wake(seq + 1)).unwrap();
    rig.changed().await;
    assert!(rig.seq() > seq);
    let seq = rig.seq();
    sender.send(wake(seq)).unwrap();
    assert_eq!(rig.requests_in(5).await, 0, "what is held already wakes nobody");
}

#[tokio::test(start_paused = true)]
async fn a_lost_centre_shows_at_the_first_failure_and_its_return_soon() {
    let mut rig = rig(None);
    rig.until(LinkState::Synced).await;
    rig.cut(UNREACHABLE);
    let cut_at = tokio::time::Instant::now();
    rig.write();
    let status = rig.until(LinkState::Offline).await;
    assert_eq!(cut_at.elapsed(), Duration::ZERO);
    assert!(status.trouble.unwrap().contains("连接不上中心"));
    assert!(status.next_try_at.is_some() && status.last_synced_at.is_some());
    let tries = rig.requests_in(600).await;
    assert!((10..60).contains(&tries), "{tries} tries in ten minutes");
    rig.mend();
    let mended_at = tokio::time::Instant::now();
    rig.until(LinkState::Synced).await;
    assert!(mended_at.elapsed() <= Duration::from_secs(60));
    assert_eq!(rig.shared.pc().console.store().unwrap().conflict_count().unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_screens_are_told_of_each_change_of_the_standing() {
    let mut rig = rig(None);
    rig.until(LinkState::Synced).await;
    rig.told();
    rig.cut(UNREACHABLE);
    rig.write();
    rig.until(LinkState::Offline).await;
    assert_eq!(rig.told(), [standing()]);
    rig.mend();
    rig.until(LinkState::Synced).await;
    assert!(rig.told().contains(&standing()));
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_centre_that_hangs_shows_after_a_second() {
    let mut rig = rig(None);
    rig.until(LinkState::Synced).await;
    rig.told();
    rig.net.hangs.store(true, Ordering::Relaxed);
    let hung_at = tokio::time::Instant::now();
    rig.write();
    rig.until(LinkState::Syncing).await;
    assert_eq!(hung_at.elapsed(), Duration::from_secs(1));
    assert_eq!(rig.told(), [standing()]);
}

#[tokio::test(start_paused = true)]
async fn a_broken_stream_of_wakes_shows_at_once() {
    let mut rig = rig(None);
    rig.until(LinkState::Synced).await;
    rig.until_open(1).await;
    rig.cut(UNREACHABLE);
    let cut_at = tokio::time::Instant::now();
    *rig.net.wakes.lock().unwrap() = None;
    rig.until(LinkState::Offline).await;
    assert_eq!(cut_at.elapsed(), Duration::ZERO);
    rig.mend();
    rig.until(LinkState::Synced).await;
    rig.until_open(2).await;
}

#[tokio::test(start_paused = true)]
async fn streams_that_break_at_once_make_no_storm() {
    let mut rig = rig(None);
    rig.net.flaps.store(true, Ordering::Relaxed);
    rig.until(LinkState::Synced).await;
    rig.requests_in(600).await;
    let opened = *rig.net.opening.borrow();
    assert!(opened <= 13, "{opened} streams in ten minutes");
    assert!(rig.sent() <= 40, "{} requests in ten minutes", rig.sent());
}

#[tokio::test(start_paused = true)]
async fn a_silent_stream_is_opened_anew() {
    let mut rig = rig(None);
    rig.until(LinkState::Synced).await;
    rig.until_open(1).await;
    let silent = rig.net.wakes.lock().unwrap().clone().unwrap();
    rig.until_open(2).await;
    assert!(silent.is_closed());
    assert_eq!(rig.status.borrow().state, LinkState::Synced);
}

#[tokio::test(start_paused = true)]
async fn quiet_rounds_change_nothing_on_the_screen() {
    let mut rig = rig(None);
    rig.changed().await;
    let before = rig.until(LinkState::Synced).await;
    rig.told();
    assert!(rig.requests_in(600).await >= 10);
    assert_eq!(rig.told(), [] as [Topics; 0], "no topic went stale");
    assert_eq!(*rig.status.borrow(), before, "the host's clock stands, so even the time is the same");
    assert!(!rig.status.has_changed().unwrap(), "watchers were not even woken");
}

#[tokio::test(start_paused = true)]
async fn what_time_does_not_heal_is_asked_about_once_a_minute() {
    for (fault, state) in
        [(LinkError::WrongCentre, LinkState::WrongCentre), (refused("revoked", None), LinkState::Revoked)]
    {
        let mut rig = rig(Some(fault));
        rig.until(state).await;
        rig.write();
        let tries = rig.requests_in(600).await;
        assert!((9..=10).contains(&tries), "{tries} tries in ten minutes");
        rig.mend();
        rig.until(LinkState::Synced).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_centre_that_asks_for_patience_gets_it() {
    let mut rig = rig(Some(refused("too_many", Some(300))));
    let status = rig.until(LinkState::Offline).await;
    assert_eq!(status.trouble.as_deref(), Some("请稍后再试。"));
    assert_eq!(rig.requests_in(299).await, 0);
    assert_eq!(rig.requests_in(2).await, 1);
}

#[tokio::test(start_paused = true)]
async fn sync_now_answers_after_a_whole_round_whatever_the_back_off() {
    let mut rig = rig(Some(UNREACHABLE));
    rig.until(LinkState::Offline).await;
    assert_eq!(rig.handle.sync_now().await.unwrap().state, LinkState::Offline);
    rig.mend();
    let asked_at = tokio::time::Instant::now();
    let (one, two) = (rig.handle.sync_now(), rig.handle.sync_now());
    assert_eq!(one.await.unwrap().state, LinkState::Synced);
    assert_eq!(two.await.unwrap().state, LinkState::Synced);
    assert_eq!(asked_at.elapsed(), Duration::ZERO);
    assert!(rig.seq() > 0);
}

#[tokio::test(start_paused = true)]
async fn it_ends_in_the_middle_of_a_request() {
    let rig = rig(None);
    rig.net.hangs.store(true, Ordering::Relaxed);
    while rig.sent() == 0 {
        tokio::task::yield_now().await;
    }
    let asked = rig.handle.sync_now();
    rig.driver.shutdown().await;
    assert!(asked.await.is_err(), "nobody answers any more");
    assert_eq!(Arc::strong_count(&rig.shared), 2, "only the test and its network hold the console");
}
