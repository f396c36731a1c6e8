//! Logging in: by the centre where it answers, against the cached slot where it does not.

use ed25519_dalek::SigningKey;
use jiff::SignedDuration;
use zaigang_domain::event::{DeviceId, EntityId, LogName, UserId};
use zaigang_domain::people::SessionState;
use zaigang_sync::hex;
use zaigang_sync::keys::{SessionClaim, verify_user_key};
use zaigang_sync::protocol::{LogInReply, LogInRequest, PATH_LOGIN};
use zeroize::Zeroizing;

use super::error::refusal;
use super::{Console, Result, Session, SessionError};
use crate::host::random_id;
use crate::keys::{NewSlot, open_recovery, seal_for_recovery};
use crate::store::{Author, Draft, StoreError, StoreKey};
use crate::sync::Request;

/// Wrong tries in a row after which a log-in name waits (the brief; the centre's number too).
const LOCK_AFTER_FAILURES: u32 = 5;
/// How long it waits.
const LOCK_MS: i64 = 15 * 60_000;
/// How long a session lasts at most by its own account: a 24-hour duty. For display; closing is an event.
const SESSION_LENGTH: SignedDuration = SignedDuration::from_hours(24);

/// An online log-in under way.
pub struct LoggingIn {
    /// The request, to be signed by the device ([`Console::sign`]).
    pub request: Request,
    login: String,
    password: Zeroizing<String>,
    key: SigningKey,
}

/// Somebody whose password was right.
struct Known {
    user: UserId,
    user_key: SigningKey,
    must_change_password: bool,
}

impl Console {
    /// Prepares an online log-in. Opens the store with the password where nothing else did.
    ///
    /// # Errors
    /// [`SessionError::TooManyFailures`], [`SessionError::StoreClosed`] when neither the keyring, nor a
    /// colleague's log-in, nor this password opens the store, so that the device cannot sign.
    pub fn begin_log_in(&mut self, login: &str, password: &str) -> Result<LoggingIn> {
        let login = login.trim();
        self.refuse_while_locked(login)?;
        let opened = self.try_slot(login, password);
        if self.store.is_none() {
            let Some((key, _)) = &opened else {
                self.count_failure(login)?;
                return Err(SessionError::StoreClosed);
            };
            self.open_store(key.clone())?;
        }
        // The same key again where the password still opens it: acts signed with it stay this device's.
        let key = opened.map_or_else(|| self.new_user_key(), |(_, key)| key);
        let request = LogInRequest {
            login: login.to_owned(),
            password: password.to_owned(),
            user_key: hex::encode(key.verifying_key().as_bytes()),
        };
        let body = serde_json::to_vec(&request).map_err(|error| SessionError::Garbled(error.to_string()))?;
        Ok(LoggingIn {
            request: Request { path: PATH_LOGIN, body },
            login: login.to_owned(),
            password: Zeroizing::new(password.to_owned()),
            key,
        })
    }

    fn new_user_key(&self) -> SigningKey {
        let mut secret = Zeroizing::new([0; 32]);
        self.host().random(secret.as_mut_slice());
        SigningKey::from_bytes(&secret)
    }

    /// Takes the centre's answer: renews the user's slot and opens the session.
    ///
    /// # Errors
    /// [`SessionError::WrongPassword`], [`SessionError::TooManyFailures`], [`SessionError::Centre`],
    /// [`SessionError::Garbled`] when the certificate is not the centre's.
    pub fn finish_log_in(&mut self, logging_in: LoggingIn, status: u16, body: &[u8]) -> Result<()> {
        if status != 200 {
            return match refusal(status, body) {
                SessionError::Centre(reply) if reply.code == "wrong_password" => {
                    self.count_failure(&logging_in.login)?;
                    Err(SessionError::WrongPassword)
                }
                other => Err(other),
            };
        }
        let reply: LogInReply =
            serde_json::from_slice(body).map_err(|error| SessionError::Garbled(error.to_string()))?;
        self.check_certificate(&reply, &logging_in.key)?;
        let user =
            UserId::new(reply.user.as_str()).map_err(|error| SessionError::Garbled(error.to_string()))?;
        let name = self.store()?.person_name(user.as_str())?;
        let slot = NewSlot {
            user: user.as_str(),
            login: &logging_in.login,
            name: if name == user.as_str() { &logging_in.login } else { &name },
            verified_at: self.host().evidence().wall_at,
            offline_days: reply.offline_days,
            must_change_password: reply.must_change_password,
            user_key: &logging_in.key,
        };
        self.keep_slot(&slot, &logging_in.password)?;
        self.start(user, &logging_in.login, logging_in.key, true, reply.must_change_password)
    }

    fn check_certificate(&self, reply: &LogInReply, key: &SigningKey) -> Result<()> {
        let identity = self.store()?.identity().ok_or(SessionError::NotEnrolled)?;
        let public = key.verifying_key().to_bytes();
        let valid = hex::decode(&reply.certificate).is_some_and(|certificate| {
            verify_user_key(&identity.centre_key, &reply.user, identity.device, &public, &certificate)
        });
        if valid { Ok(()) } else { Err(SessionError::Garbled("certificate".into())) }
    }

    /// Makes or renews a user's slot. The first one ends the bootstrap: the store gets a key that never
    /// lay readable beside it.
    pub(super) fn keep_slot(&mut self, slot: &NewSlot<'_>, password: &str) -> Result<()> {
        let host = std::sync::Arc::clone(&self.profile.host);
        let slots = self.slots.as_mut().ok_or(SessionError::NotEnrolled)?;
        let store = self.store.as_mut().ok_or(SessionError::StoreClosed)?;
        let present = self.key.clone().ok_or(SessionError::StoreClosed)?;
        let bootstrapping = slots.bootstrap_key().is_some();
        let key = if bootstrapping {
            let mut key = StoreKey::new([0; 32]);
            host.random(key.as_mut_slice());
            key
        } else {
            present
        };
        slots
            .put_user(host.as_ref(), self.profile.cost, slot, password, &key)
            .ok_or_else(|| SessionError::Garbled("password cost".into()))?;
        let keyring = self.profile.keyring.as_ref();
        if bootstrapping || slots.open_by_keyring(keyring).is_none() {
            slots.put_keyring(host.as_ref(), keyring, &key);
        }
        if bootstrapping || slots.recovery.is_none() {
            let recipient = store.identity().and_then(|identity| identity.recovery.clone());
            slots.recovery = recipient.and_then(|recipient| seal_for_recovery(&recipient, &key));
        }
        slots.failures.remove(slot.login);
        // Saved with both keys first: a crash before, between or after leaves one that opens.
        slots.save()?;
        if bootstrapping {
            store.rekey(&key)?;
            slots.set_bootstrap(None);
            slots.save()?;
        }
        self.key = Some(key);
        Ok(())
    }

    /// Logs in without the centre, against the slot of an earlier online log-in.
    ///
    /// # Errors
    /// [`SessionError::NeverOnline`], [`SessionError::WrongPassword`], [`SessionError::TooManyFailures`],
    /// [`SessionError::OfflineExpired`], [`SessionError::ResetSince`], [`SessionError::Disabled`].
    pub fn log_in_offline(&mut self, login: &str, password: &str) -> Result<()> {
        let login = login.trim();
        let known = self.known(login, password)?;
        self.start(known.user, login, known.user_key, false, known.must_change_password)
    }

    /// Somebody acts once by his own password while another is logged in: opens a session of his beside
    /// that one. Whoever calls must end it with [`Console::end_visit`].
    ///
    /// # Errors
    /// As [`Console::log_in_offline`].
    pub fn begin_visit(&mut self, login: &str, password: &str) -> Result<Session> {
        let login = login.trim();
        let known = self.known(login, password)?;
        let session = Session {
            user: known.user,
            login: login.to_owned(),
            id: random_id(self.host()),
            from: zaigang_domain::event::to_milliseconds(self.host().now()),
            online: false,
            locked: false,
            must_change_password: known.must_change_password,
            key: known.user_key,
        };
        self.write_opened(&session)?;
        Ok(session)
    }

    /// Ends a session that [`Console::begin_visit`] opened.
    ///
    /// # Errors
    /// [`SessionError::Store`].
    pub fn end_visit(&mut self, session: &Session) -> Result<()> {
        self.write_closed(session)
    }

    /// Checks a password against the slot of an earlier online log-in, and opens the store with it.
    fn known(&mut self, login: &str, password: &str) -> Result<Known> {
        self.refuse_while_locked(login)?;
        let slot = self.slots.as_ref().ok_or(SessionError::NotEnrolled)?.user(login);
        let slot = slot.cloned().ok_or(SessionError::NeverOnline)?;
        let Some((key, user_key)) = slot.open(password) else {
            self.count_failure(login)?;
            return Err(SessionError::WrongPassword);
        };
        let now = self.notice_time()?;
        if now > slot.offline_until() {
            return Err(SessionError::OfflineExpired { days: slot.offline_days });
        }
        self.open_store(key)?;
        let user =
            UserId::new(slot.user.as_str()).map_err(|error| SessionError::Garbled(error.to_string()))?;
        if let Some(state) = self.store()?.user(&user)? {
            if state.disabled {
                return Err(SessionError::Disabled);
            }
            if slot.resets.is_some_and(|known| known < state.resets) {
                return Err(SessionError::ResetSince);
            }
        }
        self.forget_failures(login)?;
        Ok(Known { user, user_key, must_change_password: slot.must_change_password })
    }

    /// Opens the store with the site's recovery identity, when no password and no keyring does.
    ///
    /// # Errors
    /// [`SessionError::WrongPassword`] when that identity does not open it.
    pub fn recover(&mut self, identity: &str) -> Result<()> {
        let slots = self.slots.as_ref().ok_or(SessionError::NotEnrolled)?;
        let sealed = slots.recovery.as_deref().ok_or(SessionError::StoreClosed)?;
        let key = open_recovery(identity, sealed).ok_or(SessionError::WrongPassword)?;
        self.open_store(key)
    }

    /// Signs and writes `session.opened`. Whoever was logged in before is logged out first, also one
    /// whose program ended without a word.
    fn start(
        &mut self,
        user: UserId,
        login: &str,
        key: SigningKey,
        online: bool,
        must_change: bool,
    ) -> Result<()> {
        self.log_out()?;
        self.close_stale(&key)?;
        self.store_mut()?.drop_drafts_of_others(user.as_str())?;
        let from = zaigang_domain::event::to_milliseconds(self.host().now());
        let session = Session {
            user,
            login: login.to_owned(),
            id: random_id(self.host()),
            from,
            online,
            locked: false,
            must_change_password: must_change,
            key,
        };
        self.write_opened(&session)?;
        self.store_mut()?.note_session(Some((session.id, session.user.as_str())))?;
        self.session = Some(session);
        Ok(())
    }

    /// Closes a session that was left open when the program ended. `key` signs nothing here: closing is
    /// no act of consent.
    fn close_stale(&mut self, key: &SigningKey) -> Result<()> {
        let Some((id, user)) = self.store()?.noted_session()? else { return Ok(()) };
        if let Ok(user) = UserId::new(user) {
            let from = self.host().now();
            let (login, key) = (String::new(), key.clone());
            let stale = Session {
                user,
                login,
                id,
                from,
                online: false,
                locked: true,
                must_change_password: false,
                key,
            };
            self.write_closed(&stale)?;
        }
        Ok(self.store_mut()?.note_session(None)?)
    }

    fn write_opened(&mut self, session: &Session) -> Result<()> {
        let identity = self.store()?.identity().ok_or(SessionError::NotEnrolled)?;
        let until = session.from.checked_add(SESSION_LENGTH).unwrap_or(session.from);
        let claim = SessionClaim {
            session: session.id,
            user: session.user.as_str(),
            device: identity.device,
            from: session.from.as_millisecond(),
            until: until.as_millisecond(),
        };
        let device = DeviceId::new(identity.device_text()).map_err(|_| StoreError::Malformed("device"))?;
        let state = SessionState {
            user: session.user.clone(),
            device,
            from: session.from,
            until,
            online: session.online,
            sig: hex::encode(&claim.sign(&session.key)),
            closed: None,
        };
        self.write_session_event(
            session,
            "session.opened",
            serde_json::to_string(&state).map_err(StoreError::from)?,
        )
    }

    fn write_closed(&mut self, session: &Session) -> Result<()> {
        let closed = self.store()?.session_closed()?;
        self.write_session_event(
            session,
            "session.closed",
            serde_json::to_string(&closed).map_err(StoreError::from)?,
        )
    }

    fn write_session_event(&mut self, session: &Session, kind: &str, payload: String) -> Result<()> {
        let entity = EntityId::new(format!("session/{}", hex::encode(&session.id)))
            .map_err(|_| StoreError::Malformed("session"))?;
        let author = Author { user: &session.user, session: session.id, key: &session.key };
        let host = std::sync::Arc::clone(&self.profile.host);
        let draft = Draft::fact(kind, payload, host.evidence().wall_at);
        match self.store_mut()?.append(
            host.as_ref(),
            &LogName::site(),
            &entity,
            vec![draft],
            Some(author),
            None,
        ) {
            // A stopped site log must not keep anyone from seeing and exporting what is here.
            Ok(_) | Err(StoreError::Stopped { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Logs out: an event closes the session. The store stays open, so that sync goes on.
    ///
    /// # Errors
    /// [`SessionError::Store`].
    pub fn log_out(&mut self) -> Result<()> {
        self.wipe_opened();
        if let Some(session) = self.session.take() {
            self.write_closed(&session)?;
            self.store_mut()?.note_session(None)?;
        }
        Ok(())
    }

    /// Unlocks the screen with the password of whoever is logged in.
    ///
    /// # Errors
    /// [`SessionError::LogInNeeded`], [`SessionError::WrongPassword`], [`SessionError::TooManyFailures`].
    pub fn unlock(&mut self, password: &str) -> Result<()> {
        let login = self.session.as_ref().ok_or(SessionError::LogInNeeded)?.login.clone();
        self.refuse_while_locked(&login)?;
        if self.try_slot(&login, password).is_none() {
            self.count_failure(&login)?;
            return Err(SessionError::WrongPassword);
        }
        self.forget_failures(&login)?;
        if let Some(session) = &mut self.session {
            session.locked = false;
        }
        Ok(())
    }

    pub(super) fn try_slot(&self, login: &str, password: &str) -> Option<(StoreKey, SigningKey)> {
        self.slots.as_ref()?.user(login)?.open(password)
    }

    /// The latest time ever seen here: setting the clock back makes no log-in younger and no wait shorter.
    fn notice_time(&mut self) -> Result<i64> {
        let wall_at = self.host().evidence().wall_at;
        let slots = self.slots.as_mut().ok_or(SessionError::NotEnrolled)?;
        slots.seen_at = slots.seen_at.max(wall_at);
        Ok(slots.seen_at)
    }

    pub(super) fn refuse_while_locked(&mut self, login: &str) -> Result<()> {
        // By the wall clock alone: after a clock that ran ahead nobody should wait for years.
        let now = self.host().evidence().wall_at;
        let slots = self.slots.as_ref().ok_or(SessionError::NotEnrolled)?;
        let left = slots.failures.get(login).map_or(0, |failures| failures.locked_until - now);
        if left <= 0 || left > LOCK_MS {
            return Ok(());
        }
        Err(SessionError::TooManyFailures {
            retry_after_seconds: u32::try_from((left + 999) / 1_000).unwrap_or(900),
        })
    }

    pub(super) fn count_failure(&mut self, login: &str) -> Result<()> {
        let now = self.host().evidence().wall_at;
        let slots = self.slots.as_mut().ok_or(SessionError::NotEnrolled)?;
        // Names are a stranger's choice: only those known here are counted, the centre counts the others.
        if slots.user(login).is_none() {
            return Ok(());
        }
        let failures = slots.failures.entry(login.to_owned()).or_default();
        failures.count += 1;
        if failures.count >= LOCK_AFTER_FAILURES {
            failures.locked_until = now.saturating_add(LOCK_MS);
            failures.count = 0;
        }
        Ok(slots.save()?)
    }

    fn forget_failures(&mut self, login: &str) -> Result<()> {
        let slots = self.slots.as_mut().ok_or(SessionError::NotEnrolled)?;
        slots.failures.remove(login);
        Ok(slots.save()?)
    }
}
