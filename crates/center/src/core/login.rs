//! Log-ins and passwords. Wrong tries are counted per log-in name, known or not.

use zaigang_domain::event::{EntityId, UserId};
use zaigang_domain::judge::EntityState;
use zaigang_sync::envelope::Id;
use zaigang_sync::hex;
use zaigang_sync::keys::certify_user_key;
use zaigang_sync::protocol::{LogInReply, LogInRequest, PasswordRequest};

use super::work::Work;
use super::{Centre, password};
use crate::error::{CentreError, Result};
use crate::store::{self, AccountRow, GuardRow};

/// Failures after which a log-in name is locked (the brief; GB/T 22239-2019 8.1.4.1 b).
pub const LOCK_AFTER_FAILURES: u32 = 5;
/// How long it stays locked.
pub const LOCK_MINUTES: i64 = 15;
/// Days an offline log-in works after an online one: this project's guess, a settings matter later.
pub const OFFLINE_DAYS: u32 = 30;

const LOCK_MS: i64 = LOCK_MINUTES * 60_000;

impl Centre {
    /// Checks a user's password and certifies the user's key on this device.
    ///
    /// # Errors
    /// [`CentreError::WrongPassword`] also for unknown and disabled users, [`CentreError::Locked`],
    /// [`CentreError::Revoked`], [`CentreError::Unauthorized`], [`CentreError::BadRequest`], [`CentreError::Store`].
    pub fn login(&mut self, device: Id, request: &LogInRequest) -> Result<LogInReply> {
        let key =
            hex::decode::<32>(&request.user_key).ok_or_else(|| CentreError::BadRequest("user_key".into()))?;
        let account = self.check_password(device, &request.login, &request.password)?;
        self.transact(|work| {
            work.certify(device, &account.user, &key)?;
            let certificate = certify_user_key(work.key, &account.user, device, &key);
            Ok(LogInReply {
                user: account.user.clone(),
                certificate: hex::encode(&certificate),
                must_change_password: account.must_change,
                offline_days: OFFLINE_DAYS,
            })
        })
    }

    /// Changes a user's own password.
    ///
    /// # Errors
    /// As [`Centre::login`], and [`CentreError::WeakPassword`].
    pub fn change_password(&mut self, device: Id, request: &PasswordRequest) -> Result<()> {
        let account = self.check_password(device, &request.login, &request.old_password)?;
        password::check_policy(&request.login, &request.new_password)?;
        if request.new_password == request.old_password {
            return Err(CentreError::WeakPassword("新密码不能与原密码相同。"));
        }
        let phc = password::hash(&*self.host, &request.new_password)?;
        self.transact(|work| {
            let row = AccountRow { user: account.user.clone(), phc: phc.clone(), must_change: false };
            store::put_account(work.conn, &request.login, &row, work.now_ms())
        })
    }

    /// The account, if the password is right. Hashing happens outside any transaction, so a slow
    /// check holds nobody up.
    fn check_password(&mut self, device: Id, login: &str, given: &str) -> Result<AccountRow> {
        let guard = guard_name(login);
        let (account, enabled) = self.look(|work| {
            let row = work.device(device)?.ok_or(CentreError::Unauthorized)?;
            if row.revoked {
                return Err(CentreError::Revoked);
            }
            work.refuse_locked(&guard)?;
            let account = store::account(work.conn, login)?;
            let enabled = match &account {
                Some(account) => work.is_enabled(&account.user)?,
                None => false,
            };
            Ok((account, enabled))
        })?;
        let fits = password::fits(account.as_ref().map(|account| account.phc.as_str()), given);
        match account {
            Some(account) if fits && enabled => {
                self.transact(|work| store::drop_guards(work.conn, &guard, work.now_ms() - LOCK_MS))?;
                Ok(account)
            }
            _ => Err(self.transact(|work| work.count_failure(&guard, LOCK_AFTER_FAILURES))?),
        }
    }
}

fn guard_name(login: &str) -> String {
    // Names are a stranger's choice: cut, so that a row stays small.
    format!("login/{}", login.chars().take(64).collect::<String>())
}

impl Work<'_> {
    fn is_enabled(&mut self, user: &str) -> Result<bool> {
        let Ok(user) = UserId::new(user) else { return Ok(false) };
        let state = self.site_state(EntityId::user(&user).as_str())?;
        Ok(matches!(state, Some(EntityState::User(state)) if !state.disabled))
    }

    /// Refuses while a guard is locked.
    pub(super) fn refuse_locked(&self, guard: &str) -> Result<()> {
        let left_ms = store::guard(self.conn, guard)?.locked_until - self.now_ms();
        if left_ms <= 0 {
            return Ok(());
        }
        Err(CentreError::Locked { retry_after_seconds: seconds(left_ms) })
    }

    /// Counts a failure and gives the error to answer it with. Committed, unlike the failed act.
    pub(super) fn count_failure(&self, guard: &str, lock_after: u32) -> Result<CentreError> {
        let now = self.now_ms();
        let before = store::guard(self.conn, guard)?;
        let stale =
            now - before.last_at > LOCK_MS || (before.locked_until != 0 && before.locked_until <= now);
        let failures = if stale { 1 } else { before.failures.saturating_add(1) };
        let locked_until = if failures >= lock_after { now + LOCK_MS } else { 0 };
        store::put_guard(self.conn, guard, &GuardRow { failures, last_at: now, locked_until })?;
        if locked_until == 0 {
            return Ok(CentreError::WrongPassword);
        }
        Ok(CentreError::Locked { retry_after_seconds: seconds(LOCK_MS) })
    }

    /// Appends the certification of a user's key on a device, unless it is certified already.
    fn certify(&mut self, device: Id, user: &str, key: &[u8; 32]) -> Result<()> {
        if self.user_keys(user, device)?.contains(key) {
            return Ok(());
        }
        let payload = serde_json::json!({ "device": hex::encode(&device), "public_key": hex::encode(key) });
        self.act_on_site("user", user, "user.key_certified", payload)
    }
}

fn seconds(ms: i64) -> u32 {
    u32::try_from((ms + 999) / 1_000).unwrap_or(u32::MAX)
}
