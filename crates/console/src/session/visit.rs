//! A second person signs at a console where another is logged in, with his own password.
//!
//! Promises: the password is checked as at a log-in without the centre, with the same counting of wrong
//! tries; the visit is a session of its own in the log, opened before the act and closed after it; who is
//! logged in stays logged in. Left out: whether a shared PC is a good place for the act.

use super::{Console, Result, Session, SessionError};

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
        let session = self.open_slot(login.trim(), password)?;
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
