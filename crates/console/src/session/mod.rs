//! The console of one profile: who is at it, which store is open, and how people come and go.
//!
//! Everything here is synchronous. What needs the centre is cut in two: a `begin_…` that gives the
//! request, and a `finish_…` that takes the reply, so that no lock is held while the network is slow.
//!
//! Left out: what a user may do (the door asks the domain) and when to lock an idle screen (the door counts).

mod enrol;
mod error;
mod log_in;
mod password;
mod visit;

use std::path::PathBuf;
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use zaigang_domain::event::{EntityId, LogName, UserId};
use zaigang_sync::envelope::Id;

use crate::host::{Host, random_id};
use crate::keys::{Cost, Keyring, Slots};
use crate::store::{
    Author, ClockProjector, Draft, ProfileLock, Store, StoreError, StoreKey, Written, own_profile,
};
use crate::sync::{Request, signed_headers};

pub use enrol::Enrolling;
pub use error::SessionError;
pub use log_in::LoggingIn;
pub use password::ChangingPassword;

/// Result of session operations.
pub type Result<T, E = SessionError> = std::result::Result<T, E>;

/// What a console is made of.
pub struct Profile {
    /// Folder of the profile, on a local disk.
    pub dir: PathBuf,
    /// Clock and randomness.
    pub host: Arc<dyn Host>,
    /// The system's keyring.
    pub keyring: Box<dyn Keyring>,
    /// How clocks are projected.
    pub clocks: Arc<dyn ClockProjector>,
    /// Cost of deriving keys from passwords.
    pub cost: Cost,
}

/// Who is logged in.
#[derive(Clone)]
pub struct Session {
    /// The user.
    pub user: UserId,
    /// Log-in name.
    pub login: String,
    /// The session's id.
    pub id: Id,
    /// When it began.
    pub from: Timestamp,
    /// Whether the centre checked the password at log-in.
    pub online: bool,
    /// The screen is locked.
    pub locked: bool,
    /// The password must be changed before anything else.
    pub must_change_password: bool,
    key: SigningKey,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("user", &self.user)
            .field("locked", &self.locked)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// The session as the author of events.
    #[must_use]
    pub fn author(&self) -> Author<'_> {
        Author { user: &self.user, session: self.id, key: &self.key }
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.wipe_opened();
    }
}

/// How far the session at this console is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// No centre known yet.
    NotEnrolled,
    /// Nobody logged in.
    LoggedOut,
    /// Someone is logged in but the screen is locked.
    Locked,
    /// Ready for work.
    Open,
}

/// The console of one profile.
pub struct Console {
    profile: Profile,
    slots: Option<Slots>,
    store: Option<Store>,
    /// The open store's key, to make slots of.
    key: Option<StoreKey>,
    session: Option<Session>,
    trouble: Option<String>,
    _lock: ProfileLock,
}

impl std::fmt::Debug for Console {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console")
            .field("dir", &self.profile.dir)
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}

impl Console {
    /// Takes ownership of a profile and opens its store where the keyring, or a device nobody logged in
    /// to yet, allows it.
    ///
    /// # Errors
    /// [`SessionError::Store`] when the profile is in use, on a network drive, or its store is newer or
    /// damaged (call again for a fresh one); [`SessionError::Keys`].
    pub fn open(profile: Profile) -> Result<Self> {
        let lock = own_profile(&profile.dir)?;
        let slots = Slots::load(&profile.dir)?;
        let mut console =
            Self { profile, slots, store: None, key: None, session: None, trouble: None, _lock: lock };
        console.wipe_opened();
        if let Some(key) = console.unattended_key() {
            console.open_store(key)?;
        }
        Ok(console)
    }

    /// What was opened in other programs does not outlive the session.
    pub(crate) fn wipe_opened(&self) {
        crate::file::opened::wipe(&self.profile.dir);
    }

    fn unattended_key(&self) -> Option<StoreKey> {
        let slots = self.slots.as_ref()?;
        let by_keyring = slots.open_by_keyring(self.profile.keyring.as_ref());
        let Some(bootstrap) = slots.bootstrap_key() else { return by_keyring };
        // Between enrolment and the end of the first log-in the store may have either key.
        let candidates = [by_keyring, Some(bootstrap)];
        candidates.into_iter().flatten().find(|key| crate::store::opens_with(&self.profile.dir, key))
    }

    fn open_store(&mut self, key: StoreKey) -> Result<()> {
        if self.store.is_some() {
            return Ok(());
        }
        let suffix = self.profile.host.now().strftime("%Y%m%d-%H%M%S").to_string();
        let opened = Store::open(&self.profile.dir, &key, Arc::clone(&self.profile.clocks), &suffix);
        if let Err(StoreError::Damaged { aside, .. }) = &opened {
            let name = aside.file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.trouble = Some(format!(
                "本机数据库已损坏，原文件保留为“{name}”，请联系管理员；其中可能有未发送的记录。"
            ));
        }
        self.store = Some(opened?);
        self.key = Some(key);
        Ok(())
    }

    /// How far the session is.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match (&self.slots, &self.session) {
            (None, _) => Stage::NotEnrolled,
            (Some(_), None) => Stage::LoggedOut,
            (Some(_), Some(session)) if session.locked => Stage::Locked,
            (Some(_), Some(_)) => Stage::Open,
        }
    }

    /// Clock and randomness.
    #[must_use]
    pub fn host(&self) -> &dyn Host {
        self.profile.host.as_ref()
    }

    /// Clock and randomness, to keep.
    #[must_use]
    pub fn shared_host(&self) -> Arc<dyn Host> {
        Arc::clone(&self.profile.host)
    }

    /// What the profile's folder says in the clear: names for the log-in form.
    #[must_use]
    pub fn slots(&self) -> Option<&Slots> {
        self.slots.as_ref()
    }

    /// Something a person must know about this profile, in Chinese.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Who is logged in, locked or not.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The open store.
    ///
    /// # Errors
    /// [`SessionError::NotEnrolled`], [`SessionError::StoreClosed`].
    pub fn store(&self) -> Result<&Store> {
        self.store.as_ref().ok_or(if self.slots.is_some() {
            SessionError::StoreClosed
        } else {
            SessionError::NotEnrolled
        })
    }

    /// The open store, to write.
    ///
    /// # Errors
    /// As [`Console::store`].
    pub fn store_mut(&mut self) -> Result<&mut Store> {
        let closed = if self.slots.is_some() { SessionError::StoreClosed } else { SessionError::NotEnrolled };
        self.store.as_mut().ok_or(closed)
    }

    /// Writes own events about one entity as one group, by whoever is logged in.
    ///
    /// # Errors
    /// [`SessionError::LogInNeeded`], [`SessionError::Locked`], [`SessionError::Store`].
    pub fn append(
        &mut self,
        log: &LogName,
        entity: &EntityId,
        drafts: Vec<Draft>,
        key: Option<&str>,
    ) -> Result<Written> {
        let session = self.session.as_ref().ok_or(SessionError::LogInNeeded)?;
        if session.locked {
            return Err(SessionError::Locked);
        }
        let store = self.store.as_mut().ok_or(SessionError::StoreClosed)?;
        Ok(store.append(self.profile.host.as_ref(), log, entity, drafts, Some(session.author()), key)?)
    }

    /// The headers that authenticate a request of this device; `None` before enrolment.
    #[must_use]
    pub fn sign(&self, request: &Request) -> Option<[(&'static str, String); 3]> {
        let identity = self.store.as_ref()?.identity()?;
        Some(signed_headers(identity, random_id(self.host()), request.path, &request.body))
    }

    /// Locks the screen.
    pub fn lock(&mut self) {
        self.wipe_opened();
        if let Some(session) = &mut self.session {
            session.locked = true;
        }
    }

    /// After a complete round: names for the log-in form, and which password resets are known by now.
    ///
    /// # Errors
    /// [`SessionError::Store`], [`SessionError::Keys`].
    pub fn note_round(&mut self) -> Result<()> {
        let (Some(slots), Some(store)) = (&mut self.slots, &self.store) else { return Ok(()) };
        let mut changed = false;
        for slot in &mut slots.users {
            let Some(user) =
                UserId::new(slot.user.as_str()).ok().map(|id| store.user(&id)).transpose()?.flatten()
            else {
                continue;
            };
            if slot.resets.is_none() || slot.name != user.name {
                slot.resets = slot.resets.or(Some(user.resets));
                slot.name = user.name;
                changed = true;
            }
        }
        if changed {
            slots.save()?;
        }
        Ok(())
    }
}
