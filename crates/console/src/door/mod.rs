//! The one door: every shell calls the same typed commands here, and nothing else.
//!
//! Promises: rights and the stage of the session are checked in one place before any handler runs;
//! every error has a stable code and a Chinese sentence; a write made twice under one idempotency
//! key has one effect. Left out: how a call travels (Tauri, loopback HTTP, the owner's socket).

mod asset_dto;
mod attendance_dto;
mod buyer_dto;
mod calendar_dto;
mod checks;
mod contract_dto;
mod coverage_dto;
pub mod dto;
mod duty;
mod duty_dto;
mod dutylog_dto;
mod error;
mod file;
mod file_dto;
mod handlers;
mod handover_dto;
mod hotline_dto;
mod leave_dto;
mod overtime_dto;
mod personal;
mod record_dto;
mod roster;
mod roster_dto;
mod session;
mod settings;
mod spotcheck_dto;
mod staff_dto;
mod status;
mod stock_dto;
mod sync;
mod table;
mod typescript;
mod watch;

pub use file::{Download, Opener};
pub use table::{COMMANDS, CommandSpec, Right, Works, command};
pub use typescript::typescript;

use crate::file::staging::Staging;
use crate::host::Host;
use crate::order::{Contracts, Desk, Pen};
use crate::session::{Console, Session, SessionError};
use crate::sync::driver::Driver;
use dto::{DoorError, PushDto};
use serde_json::Value;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tokio::sync::broadcast;

/// Pushes a slow listener may lag behind before it has to read everything again.
const PUSHES_KEPT: usize = 256;

/// How long after a push reads count as the screen's own refresh, in milliseconds. A guess.
const SCREEN_READS_FOR_MS: i64 = 2_000;

/// Which shell a call came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// The desktop window.
    Desktop,
    /// A browser on the loopback host.
    Web,
    /// The command line.
    CommandLine,
}

/// The door of one profile; cheap to clone.
#[derive(Clone)]
pub struct Door {
    inner: Arc<Inner>,
}

struct Inner {
    console: Arc<Mutex<Console>>,
    contracts: Arc<Contracts>,
    host: Arc<dyn Host>,
    driver: Mutex<Option<Driver>>,
    /// Whether a driver shall run once the store is open.
    syncs: AtomicBool,
    pushes: broadcast::Sender<PushDto>,
    /// Last call of a person, Unix milliseconds by the host.
    active_at: AtomicI64,
    /// Files handed in and not added yet.
    staging: Mutex<Staging>,
    /// Opens files with the system's programs, where the shell can.
    opener: OnceLock<Opener>,
    /// Last push, Unix milliseconds by the host: reads right after it are the screen's own.
    pushed_at: AtomicI64,
}

impl Door {
    /// The door of a console. `contracts` is what the console projects clocks with.
    #[must_use]
    pub fn new(console: Console, contracts: Arc<Contracts>) -> Self {
        let (pushes, _) = broadcast::channel(PUSHES_KEPT);
        let inner = Inner {
            active_at: AtomicI64::new(console.host().evidence().wall_at),
            host: console.shared_host(),
            console: Arc::new(Mutex::new(console)),
            contracts,
            pushes,
            driver: Mutex::new(None),
            syncs: AtomicBool::new(false),
            staging: Mutex::default(),
            opener: OnceLock::new(),
            pushed_at: AtomicI64::new(0),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Calls a command.
    ///
    /// # Errors
    /// A [`DoorError`] with a stable code, as the shell should pass it on.
    pub async fn call(&self, name: &str, args: Value, caller: Caller) -> Result<Value, DoorError> {
        let spec = command(name).ok_or_else(|| DoorError::unknown_command(name))?;
        let door = self.clone();
        let checked = tokio::task::spawn_blocking(move || checks::check(&door.console(), spec));
        if let Err(error) = checked.await.map_err(DoorError::broken)? {
            tracing::info!(command = name, ?caller, code = ?error.code, "call refused");
            return Err(error);
        }
        self.note_activity(name);
        table::route(self, &caller, name, args).await
    }

    /// Follows pushes from now on.
    #[must_use]
    pub fn pushes(&self) -> broadcast::Receiver<PushDto> {
        self.inner.pushes.subscribe()
    }

    /// Tells every listener which topics are stale now.
    pub fn push(&self, changed: impl IntoIterator<Item = String>) {
        let changed: Vec<String> = changed.into_iter().map(topic).collect();
        if !changed.is_empty() {
            self.send(PushDto { changed, reminders: Vec::new() });
        }
    }

    fn send(&self, push: PushDto) {
        self.inner.pushed_at.store(self.inner.host.evidence().wall_at, Ordering::Relaxed);
        // Without a listener there is nobody to tell.
        let _ = self.inner.pushes.send(push);
    }

    /// The console, for the sync driver. Never held across a wait for the network.
    pub fn console(&self) -> MutexGuard<'_, Console> {
        self.inner.console.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call as a sign of a person, but for what screens ask by themselves.
    fn note_activity(&self, name: &str) {
        let now = self.inner.host.evidence().wall_at;
        let pushed_ms_ago = now - self.inner.pushed_at.load(Ordering::Relaxed);
        let by_itself = matches!(
            name,
            "session.get" | "sync.status" | "order.counts" | "today.get" | "duty.now" | "duty.wall"
        ) || (name != "order.step" && (0..SCREEN_READS_FOR_MS).contains(&pushed_ms_ago));
        if !by_itself {
            self.inner.active_at.store(now, Ordering::Relaxed);
        }
    }

    /// Reads as whoever is logged in.
    fn read<T>(&self, read: impl FnOnce(&Desk<'_>) -> Result<T, DoorError>) -> Result<T, DoorError> {
        let console = self.console();
        let user = &console.session().ok_or(SessionError::LogInNeeded)?.user;
        let store = console.store()?;
        let actor = store.actor(user)?;
        let now = console.host().now();
        read(&Desk { store, contracts: &self.inner.contracts, actor: &actor, now })
    }

    /// Writes as whoever is logged in, and tells listeners and the driver what changed.
    fn write(
        &self,
        write: impl FnOnce(&mut Pen<'_>) -> Result<dto::Written, DoorError>,
    ) -> Result<dto::Written, DoorError> {
        let (_, written) = self.written(|pen| Ok(((), write(pen)?)))?;
        Ok(written)
    }

    /// The same for a write that answers something of its own.
    fn write_with<T>(
        &self,
        write: impl FnOnce(&mut Pen<'_>) -> Result<(T, dto::Written), DoorError>,
    ) -> Result<T, DoorError> {
        Ok(self.written(write)?.0)
    }

    fn written<T>(
        &self,
        write: impl FnOnce(&mut Pen<'_>) -> Result<(T, dto::Written), DoorError>,
    ) -> Result<(T, dto::Written), DoorError> {
        let done = {
            let mut console = self.console();
            let session = console.session().cloned().ok_or(SessionError::LogInNeeded)?;
            self.write_under(&mut console, &session, write)?
        };
        Ok(self.told(done))
    }

    /// Writes under a session of this console.
    fn write_under<T>(
        &self,
        console: &mut Console,
        session: &Session,
        write: impl FnOnce(&mut Pen<'_>) -> Result<T, DoorError>,
    ) -> Result<T, DoorError> {
        let host = console.shared_host();
        let store = console.store_mut()?;
        let actor = store.actor(&session.user)?;
        let contracts = &self.inner.contracts;
        write(&mut Pen { store, contracts, host: host.as_ref(), actor: &actor, author: session.author() })
    }

    /// Tells listeners and the driver what a write changed.
    fn told<T>(&self, (reply, mut written): (T, dto::Written)) -> (T, dto::Written) {
        written.changed = written.changed.into_iter().map(topic).collect();
        self.push(written.changed.iter().cloned());
        self.wake();
        (reply, written)
    }
}

/// A topic as screens know it: the store names an order `order:<uuid>`, screens by its entity id.
fn topic(name: String) -> String {
    match name.strip_prefix("order:") {
        Some(id) if !id.starts_with("order/") => format!("order:order/{id}"),
        _ => name,
    }
}
