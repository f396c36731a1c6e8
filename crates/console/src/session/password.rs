//! Changing the own password: at the centre first, then the slot here is wrapped anew.

use zaigang_sync::protocol::{PATH_PASSWORD, PasswordRequest};
use zeroize::Zeroizing;

use super::error::refusal;
use super::{Console, Result, SessionError};
use crate::keys::NewSlot;
use crate::sync::Request;

/// A password change under way.
pub struct ChangingPassword {
    /// The request, to be signed by the device.
    pub request: Request,
    new: Zeroizing<String>,
}

impl Console {
    /// Prepares a change of the own password.
    ///
    /// # Errors
    /// [`SessionError::LogInNeeded`], [`SessionError::WrongPassword`], [`SessionError::TooManyFailures`].
    pub fn begin_change_password(&mut self, old: &str, new: &str) -> Result<ChangingPassword> {
        let login = self.session.as_ref().ok_or(SessionError::LogInNeeded)?.login.clone();
        self.refuse_while_locked(&login)?;
        if self.try_slot(&login, old).is_none() {
            self.count_failure(&login)?;
            return Err(SessionError::WrongPassword);
        }
        let request = PasswordRequest { login, old_password: old.to_owned(), new_password: new.to_owned() };
        let body = serde_json::to_vec(&request).map_err(|error| SessionError::Garbled(error.to_string()))?;
        let request = Request { path: PATH_PASSWORD, body };
        Ok(ChangingPassword { request, new: Zeroizing::new(new.to_owned()) })
    }

    /// Takes the centre's answer and wraps the slot with the new password.
    ///
    /// # Errors
    /// [`SessionError::Centre`]: the old password still holds then.
    pub fn finish_change_password(
        &mut self,
        changing: &ChangingPassword,
        status: u16,
        body: &[u8],
    ) -> Result<()> {
        if status != 200 {
            return Err(refusal(status, body));
        }
        let session = self.session.clone().ok_or(SessionError::LogInNeeded)?;
        let slots = self.slots.as_ref().ok_or(SessionError::NotEnrolled)?;
        let known = slots.user(&session.login).cloned().ok_or(SessionError::NeverOnline)?;
        let slot = NewSlot {
            user: &known.user,
            login: &known.login,
            name: &known.name,
            verified_at: self.host().evidence().wall_at,
            offline_days: known.offline_days,
            must_change_password: false,
            user_key: &session.key,
        };
        self.keep_slot(&slot, &changing.new)?;
        if let Some(session) = &mut self.session {
            session.must_change_password = false;
        }
        Ok(())
    }
}
