//! What all requests share.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::HeaderMap;
use tokio::sync::{broadcast, watch};
use zaigang_sync::envelope::Id;
use zaigang_sync::hex;
use zaigang_sync::keys::verify_request;
use zaigang_sync::protocol::{HEADER_DEVICE, HEADER_NONCE, HEADER_SIGNATURE, Wake};

use super::api::Limiter;
use crate::core::Centre;
use crate::error::{CentreError, Result};
use crate::host::Host;

/// Wakes held for a console that reads slowly; when it misses some it is told all heads again.
const WAKES_HELD: usize = 256;

/// Which of the connections an act uses.
#[derive(Debug, Clone, Copy)]
pub(super) enum Desk {
    /// Pages are judged here.
    Pushes,
    /// Hello, pull, keys.
    Reads,
    /// Passwords and enrolment.
    Accounts,
    /// The content of files.
    Files,
}

/// What all requests share.
pub struct App {
    pushes: Mutex<Centre>,
    reads: Mutex<Centre>,
    accounts: Mutex<Centre>,
    files: Mutex<Centre>,
    wakes: broadcast::Sender<Wake>,
    /// Last seq told per log, so that the poll tells only what nobody told yet.
    told: Mutex<HashMap<String, u64>>,
    stopping: watch::Sender<bool>,
    /// How often each source asked lately.
    pub(super) limiter: Mutex<Limiter>,
    server_id: Id,
    pub(super) host: Arc<dyn Host>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}

/// A panic in one request must not end the others; the core takes a half-done transaction back.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl App {
    /// Opens the centre's file four times.
    ///
    /// # Errors
    /// As [`Centre::open`].
    pub fn open(database: &Path, host: Arc<dyn Host>, signing_key: &[u8; 32]) -> Result<Arc<Self>> {
        let open = || Centre::open(database, host.clone(), signing_key);
        let reads = open()?;
        let app = Self {
            server_id: reads.meta().server_id,
            pushes: Mutex::new(open()?),
            reads: Mutex::new(reads),
            accounts: Mutex::new(open()?),
            files: Mutex::new(open()?),
            wakes: broadcast::channel(WAKES_HELD).0,
            told: Mutex::default(),
            stopping: watch::Sender::new(false),
            limiter: Mutex::default(),
            host: host.clone(),
        };
        Ok(Arc::new(app))
    }

    /// Runs an act on one of the connections, off the threads that serve sockets, and wakes consoles.
    pub(super) async fn on<T: Send + 'static>(
        self: &Arc<Self>,
        desk: Desk,
        act: impl FnOnce(&mut Centre) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let app = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let mut centre = lock(match desk {
                Desk::Pushes => &app.pushes,
                Desk::Reads => &app.reads,
                Desk::Accounts => &app.accounts,
                Desk::Files => &app.files,
            });
            let done = act(&mut centre);
            let wakes = centre.take_wakes();
            drop(centre);
            app.tell(wakes);
            done
        });
        done.await.unwrap_or_else(|error| Err(CentreError::Store(format!("a request failed: {error}"))))
    }

    /// The device that signed a request; also a revoked one, which may still hand over its work.
    pub(super) async fn signed(self: &Arc<Self>, headers: &HeaderMap, path: &str, body: &[u8]) -> Result<Id> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let device: Option<Id> = text(HEADER_DEVICE).and_then(hex::decode);
        let nonce: Option<Id> = text(HEADER_NONCE).and_then(hex::decode);
        let signature = text(HEADER_SIGNATURE).and_then(hex::decode::<64>);
        let (Some(device), Some(nonce), Some(signature)) = (device, nonce, signature) else {
            return Err(CentreError::Unauthorized);
        };
        let key = self.on(Desk::Reads, move |centre| centre.device_key(device)).await?;
        match key {
            Some((key, _)) if verify_request(&key, path, self.server_id, nonce, body, &signature) => {
                Ok(device)
            }
            _ => Err(CentreError::Unauthorized),
        }
    }

    /// Wakes consoles for logs that grew.
    pub(super) fn tell(&self, wakes: Vec<Wake>) {
        let mut told = lock(&self.told);
        for wake in wakes {
            let last = told.entry(wake.log.clone()).or_default();
            if wake.seq > *last {
                *last = wake.seq;
                // Nobody listening is no fault.
                let _ = self.wakes.send(wake);
            }
        }
    }

    /// Looks for commits of other processes and wakes consoles for them.
    pub(super) async fn look_around(self: &Arc<Self>, seen: &mut Option<i64>) -> Result<()> {
        let mut mine = *seen;
        let (heads, now) = self
            .on(Desk::Reads, move |centre| {
                let heads = centre.changed_heads(&mut mine)?;
                Ok((heads, mine))
            })
            .await?;
        *seen = now;
        self.tell(heads.unwrap_or_default());
        Ok(())
    }

    pub(super) fn listen(&self) -> (broadcast::Receiver<Wake>, watch::Receiver<bool>) {
        (self.wakes.subscribe(), self.stopping.subscribe())
    }

    /// Ends the streams of wakes, which would not end by themselves.
    pub(super) fn stop(&self) {
        self.stopping.send_replace(true);
    }
}
