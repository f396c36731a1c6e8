//! The door and the way to the centre: one sync driver per profile, and the few calls that need an answer.

use super::Door;
use crate::door::dto::{DoorCode, DoorError};
use crate::session::SessionError;
use crate::store::Topics;
use crate::sync::Request;
use crate::sync::driver::{
    Answer, CentreClient, Driver, Link as _, LinkError, LinkStatus, OnChange, SyncHandle,
};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use zaigang_sync::protocol::EnrolmentCode;

impl Door {
    /// Syncs from now on: at once where the store is open, else after the first log-in. Call it within
    /// a tokio runtime; calling it again does nothing.
    ///
    /// # Errors
    /// Internal when the centre's address in the store cannot be used.
    pub fn start_sync(&self) -> Result<(), DoorError> {
        self.inner.syncs.store(true, Ordering::Relaxed);
        self.ensure_driver()
    }

    /// Ends the driver and waits until it no longer touches the profile.
    pub async fn stop_sync(&self) {
        self.inner.syncs.store(false, Ordering::Relaxed);
        let driver = self.inner.driver.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(driver) = driver {
            driver.shutdown().await;
        }
    }

    pub(super) fn ensure_driver(&self) -> Result<(), DoorError> {
        let mut driver = self.inner.driver.lock().unwrap_or_else(PoisonError::into_inner);
        if driver.is_some() || !self.inner.syncs.load(Ordering::Relaxed) {
            return Ok(());
        }
        let Ok(client) = self.client() else { return Ok(()) };
        let runtime = tokio::runtime::Handle::current();
        let profile = Arc::clone(&self.inner.console);
        *driver =
            Some(Driver::start(&runtime, client, profile, Arc::clone(&self.inner.host), self.on_change()));
        Ok(())
    }

    fn on_change(&self) -> OnChange {
        let inner = Arc::downgrade(&self.inner);
        Arc::new(move |topics: &Topics| {
            if let Some(inner) = inner.upgrade() {
                Self { inner }.push(topics.iter().cloned());
            }
        })
    }

    pub(super) fn sync_handle(&self) -> Option<SyncHandle> {
        self.inner.driver.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(Driver::handle)
    }

    /// Something was written: a round should start soon.
    pub(super) fn wake(&self) {
        if let Some(handle) = self.sync_handle() {
            handle.written();
        }
    }

    /// Gives what was written a chance to reach the centre: one round where anything waits.
    pub async fn flush(&self) {
        let waits =
            self.console().store().is_ok_and(|store| store.pending(1).is_ok_and(|found| !found.is_empty()));
        if waits {
            self.round().await;
        }
    }

    /// One whole round that begins after this call; at once where no driver runs.
    pub async fn round(&self) {
        if let Some(handle) = self.sync_handle() {
            // The sender is dropped when the driver ends: then there is nothing to wait for.
            let _ = handle.sync_now().await;
        }
    }

    pub(super) fn link_status(&self) -> Option<LinkStatus> {
        self.sync_handle().map(|handle| handle.status().borrow().clone())
    }

    /// Sends a request signed by this device.
    pub(super) async fn send_signed(&self, request: Request) -> Result<Answer, Trouble> {
        let client = self.client().map_err(Trouble::No)?;
        client.send(request).await.map_err(Trouble::Link)
    }

    /// Sends the enrolment request to the centre a code names.
    pub(super) async fn send_unsigned(
        &self,
        code: &EnrolmentCode,
        request: Request,
    ) -> Result<Answer, DoorError> {
        let client =
            CentreClient::for_code(code, Arc::clone(&self.inner.host)).map_err(|error| unanswered(&error))?;
        client.send(request).await.map_err(|error| unanswered(&error))
    }

    fn client(&self) -> Result<CentreClient, DoorError> {
        let console = self.console();
        let identity = console.store()?.identity().ok_or(SessionError::NotEnrolled)?;
        CentreClient::new(identity, Arc::clone(&self.inner.host)).map_err(|error| unanswered(&error))
    }
}

/// Why something was not done at the centre.
pub(super) enum Trouble {
    /// What comes before or after the centre said no.
    No(DoorError),
    /// The centre was not reached.
    Link(LinkError),
}

impl<E: Into<DoorError>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::No(error.into())
    }
}

impl Trouble {
    /// As an error, where nothing can be done without the centre.
    pub(super) fn told(self) -> DoorError {
        match self {
            Self::No(error) => error,
            Self::Link(error) => unanswered(&error),
        }
    }
}

fn unanswered(error: &LinkError) -> DoorError {
    DoorError::new(DoorCode::CentreNeeded, format!("这一步需要中心端应答。{}", error.sentence()))
}
