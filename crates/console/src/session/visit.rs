//! A second person signs at a console where another is logged in, with his own password.
//!
//! Promises: the password is checked as at a log-in without the centre, with the same counting of wrong
//! tries; the visit is a session of its own in the log, opened before the act and closed after it; who is
//! logged in stays logged in. Left out: whether a shared PC is a good place for the act.

use super::{Console, Result, Session, SessionError};
use crate::host::random_id;
use zaigang_domain::event::UserId;

impl Console {
    /// Opens a session for somebody who logged in here before.
    ///
    /// # Errors
    /// [`SessionError::LogInNeeded`] while nobody is logged in, [`SessionError::Locked`],
    /// [`SessionError::NeverOnline`], [`SessionError::WrongPassword`], [`SessionError::TooManyFailures`],
    /// [`SessionError::OfflineExpired`], [`SessionError::ResetSince`], [`SessionError::Disabled`].
    pub(crate) fn begin_visit(&mut self, login: &str, password: &str) -> Result<Session> {
        if self.session().ok_or(SessionError::LogInNeeded)?.locked {
            return Err(SessionError::Locked);
        }
        let login = login.trim();
        let (slot, key) = self.open_slot(login, password)?;
        self.forget_failures(login)?;
        let user =
            UserId::new(slot.user.as_str()).map_err(|error| SessionError::Garbled(error.to_string()))?;
        let session = Session {
            user,
            login: login.to_owned(),
            id: random_id(self.host()),
            from: zaigang_domain::event::to_milliseconds(self.host().now()),
            online: false,
            locked: false,
            must_change_password: slot.must_change_password,
            key,
        };
        self.write_opened(&session)?;
        Ok(session)
    }

    /// Closes it.
    ///
    /// # Errors
    /// [`SessionError::Store`].
    pub(crate) fn end_visit(&mut self, session: &Session) -> Result<()> {
        self.write_closed(session)
    }
}
