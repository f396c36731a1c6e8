//! Server-sent events: a console hears of a commit as soon as it is on disk.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::{Stream, StreamExt as _, stream};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use zaigang_sync::envelope::Id;
use zaigang_sync::protocol::{PATH_WAKE, Wake};

use super::app::{App, Desk};
use super::error::HttpError;
use crate::error::CentreError;

/// A line now and then, so that a dead connection is noticed by both ends.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// The log that says who may hold what.
const SITE: &str = "site";

/// One console's ear.
struct Ear {
    app: Arc<App>,
    device: Id,
    logs: Vec<String>,
    wakes: Receiver<Wake>,
    stopping: watch::Receiver<bool>,
}

/// Answers with a stream of [`Wake`]s: first the heads as they are, then every change.
pub(super) async fn wake(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, HttpError> {
    let device = app.signed(&headers, PATH_WAKE, &body).await?;
    // Listen before looking: a commit in between is heard twice rather than never.
    let (wakes, stopping) = app.listen();
    let mut ear = Ear { app, device, logs: Vec::new(), wakes, stopping };
    let first = ear.look().await?;
    if ear.logs.is_empty() {
        return Err(HttpError(CentreError::Revoked));
    }
    let later = stream::unfold(ear, |mut ear| async move { ear.next().await.map(|wakes| (wakes, ear)) });
    let events = stream::once(async { first })
        .chain(later)
        .flat_map(stream::iter)
        .map(|wake| Ok(Event::default().json_data(&wake).unwrap_or_default()));
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

impl Ear {
    /// All heads of the device's logs; notes which logs these are.
    async fn look(&mut self) -> crate::error::Result<Vec<Wake>> {
        let device = self.device;
        let (logs, heads) = self
            .app
            .on(Desk::Reads, move |centre| {
                let logs = centre.device_logs(device)?;
                let heads = centre.changed_heads(&mut None)?.unwrap_or_default();
                Ok((logs, heads))
            })
            .await?;
        self.logs = logs;
        Ok(heads.into_iter().filter(|head| self.logs.contains(&head.log)).collect())
    }

    /// The next wakes for this device; `None` ends the stream: it was revoked, or the centre stops.
    async fn next(&mut self) -> Option<Vec<Wake>> {
        loop {
            let heard = tokio::select! {
                heard = self.wakes.recv() => heard,
                _ = self.stopping.changed() => return None,
            };
            match heard {
                Ok(wake) if wake.log == SITE => {
                    // The site log may have revoked the device or given it another log.
                    let heads = self.look().await.ok()?;
                    return (!self.logs.is_empty()).then_some(heads);
                }
                Ok(wake) if self.logs.contains(&wake.log) => return Some(vec![wake]),
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => return self.look().await.ok(),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}
