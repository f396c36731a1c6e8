//! The one stream of wakes a driver holds, or tries to.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use zaigang_sync::protocol::Wake;

use super::link::{Link, LinkError};
use super::wake::{Sign, WakeStream};

/// Silence after which the stream is given up: three of the centre's signs of life missed (axum's
/// `KeepAlive` sends one every 15 s).
const SILENCE_MAX: Duration = Duration::from_secs(50);
/// After the first break the stream is opened anew at once, after another soon afterwards only this much
/// later: each break costs a round and shows on the screen.
const REOPEN_MIN: Duration = Duration::from_secs(60);
/// Breaks closer than this are one trouble.
const SOON: Duration = Duration::from_secs(120);

type Opening = Pin<Box<dyn Future<Output = Result<WakeStream, LinkError>> + Send>>;

enum State {
    Closed,
    Opening(Opening),
    Open(WakeStream),
}

/// What there is to know of the stream.
#[derive(Debug)]
pub(super) enum News {
    /// A log has a new head.
    Moved(Wake),
    /// Nothing was heard for too long; it was closed.
    Silent,
    /// It broke, or there is no way to the centre.
    Broken,
    /// The centre answers, but not with a stream.
    Refused,
}

/// The stream of wakes, closed at first.
pub(super) struct WakeSlot {
    state: State,
    not_before: Instant,
    broke_at: Option<Instant>,
}

impl fmt::Debug for WakeSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WakeSlot").field("not_before", &self.not_before).finish_non_exhaustive()
    }
}

impl WakeSlot {
    pub(super) fn new(now: Instant) -> Self {
        Self { state: State::Closed, not_before: now, broke_at: None }
    }

    /// Begins to open the stream unless it is open, or broke too often lately.
    pub(super) fn ensure<L: Link>(&mut self, link: &Arc<L>) {
        if matches!(self.state, State::Closed) && Instant::now() >= self.not_before {
            let link = Arc::clone(link);
            self.state = State::Opening(Box::pin(async move { link.wakes().await }));
        }
    }

    pub(super) fn close(&mut self) {
        self.state = State::Closed;
    }

    /// The next news; never any while closed. May be dropped at any moment: nothing is lost.
    pub(super) async fn news(&mut self) -> News {
        loop {
            match &mut self.state {
                State::Closed => std::future::pending().await,
                State::Opening(opening) => match opening.await {
                    // No round for that: the centre begins the stream with the heads as they are.
                    Ok(stream) => self.state = State::Open(stream),
                    Err(error) => return self.give_up(&error),
                },
                State::Open(stream) => match tokio::time::timeout(SILENCE_MAX, stream.sign()).await {
                    Ok(Ok(Sign::Wake(wake))) => return News::Moved(wake),
                    Ok(Ok(Sign::Alive)) => {}
                    Ok(Err(error)) => {
                        tracing::debug!(%error, "the stream of wakes broke");
                        return self.broke();
                    }
                    Err(_) => {
                        self.state = State::Closed;
                        return News::Silent;
                    }
                },
            }
        }
    }

    fn give_up(&mut self, error: &LinkError) -> News {
        tracing::debug!(%error, "no stream of wakes");
        if matches!(error, LinkError::Offline(_) | LinkError::WrongCentre) {
            return self.broke();
        }
        self.state = State::Closed;
        self.not_before = Instant::now() + REOPEN_MIN;
        News::Refused
    }

    fn broke(&mut self) -> News {
        let now = Instant::now();
        let again = self.broke_at.is_some_and(|at| now.duration_since(at) < SOON);
        self.state = State::Closed;
        self.broke_at = Some(now);
        self.not_before = if again { now + REOPEN_MIN } else { now };
        News::Broken
    }
}
