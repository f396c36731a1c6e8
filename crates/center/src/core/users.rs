//! Users from the centre's side.

use serde::Serialize;
use zaigang_domain::event::UserId;
use zaigang_domain::judge::EntityState;
use zaigang_domain::people::{Role, UserState};
use zaigang_sync::hex;

use super::work::{SITE, Work};
use super::{Centre, password};
use crate::error::{CentreError, Result};
use crate::store::{self, AccountRow};

/// A user to be added.
#[derive(Debug, Clone, Default)]
pub struct NewUser {
    /// Log-in name, unique.
    pub login: String,
    /// Name shown.
    pub name: String,
    /// Roles held.
    pub roles: Vec<Role>,
    /// Contracts the roles hold for; empty means all.
    pub contracts: Vec<String>,
    /// Divisions the roles hold for; empty means all.
    pub divisions: Vec<String>,
    /// Contract post, such as `P02`.
    pub post: Option<String>,
    /// Not on site: others record for this person.
    pub remote: bool,
    /// Password; absent makes a one-time one that must be changed.
    pub password: Option<String>,
}

/// A user in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserListing {
    /// User id.
    pub user: String,
    /// The user as the site log tells, without keys.
    #[serde(flatten)]
    pub state: UserState,
}

impl Centre {
    /// Adds a user. Gives the id and, where none was given, the one-time password.
    ///
    /// # Errors
    /// [`CentreError::BadRequest`], [`CentreError::WeakPassword`], [`CentreError::Refused`] when the
    /// log-in name is taken, [`CentreError::Store`].
    pub fn user_add(&mut self, new: &NewUser) -> Result<(String, Option<String>)> {
        let login = new.login.trim();
        if login.is_empty()
            || login.chars().count() > 64
            || login.chars().any(|c| c.is_whitespace() || c.is_control())
        {
            return Err(CentreError::BadRequest("登录名须为 1 至 64 个字符，不含空白".into()));
        }
        if new.name.trim().is_empty() || new.roles.is_empty() {
            return Err(CentreError::BadRequest("姓名和角色不能为空".into()));
        }
        let (phc, one_time) = self.new_password(login, new.password.as_deref())?;
        let user = self.transact(|work| {
            if work.user_of(login)?.is_some() {
                return Err(CentreError::Refused(format!("登录名 {login} 已存在。")));
            }
            let user = format!("u{}", hex::encode(&work.random::<6>()));
            work.act_on_site("user", &user, "user.added", payload(new, login))?;
            let row = AccountRow { user: user.clone(), phc: phc.clone(), must_change: one_time.is_some() };
            store::put_account(work.conn, login, &row, work.now_ms())?;
            Ok(user)
        })?;
        Ok((user, one_time))
    }

    /// Disables a user: what the user does from here on is parked.
    ///
    /// # Errors
    /// [`CentreError::BadRequest`] when there is no such log-in name, [`CentreError::Store`].
    pub fn user_disable(&mut self, login: &str) -> Result<()> {
        self.transact(|work| {
            let user = work.known_user(login)?;
            work.act_on_site("user", &user, "user.disabled", serde_json::json!({}))
        })
    }

    /// Sets a new password: the given one, or a one-time one that is answered.
    ///
    /// # Errors
    /// As [`Centre::user_add`].
    pub fn user_reset(&mut self, login: &str, given: Option<&str>) -> Result<Option<String>> {
        let (phc, one_time) = self.new_password(login, given)?;
        self.transact(|work| {
            let user = work.known_user(login)?;
            work.act_on_site("user", &user, "user.reset", serde_json::json!({}))?;
            let row = AccountRow { user, phc: phc.clone(), must_change: one_time.is_some() };
            store::put_account(work.conn, login, &row, work.now_ms())?;
            store::drop_guards(work.conn, &format!("login/{login}"), 0)
        })?;
        Ok(one_time)
    }

    /// All users.
    ///
    /// # Errors
    /// [`CentreError::Store`].
    pub fn user_list(&mut self) -> Result<Vec<UserListing>> {
        self.look(|work| {
            let Some(site) = work.log(SITE) else { return Ok(Vec::new()) };
            let users = store::entities(work.conn, site.n, "user")?;
            Ok(users.into_iter().filter_map(|(name, state)| listing(&name, state)).collect())
        })
    }

    fn new_password(&self, login: &str, given: Option<&str>) -> Result<(String, Option<String>)> {
        match given {
            Some(given) => {
                password::check_policy(login, given)?;
                Ok((password::hash(&*self.host, given)?, None))
            }
            None => {
                let one_time = password::one_time(&*self.host);
                Ok((password::hash(&*self.host, &one_time)?, Some(one_time)))
            }
        }
    }
}

impl Work<'_> {
    /// The user with a log-in name; also one whom an administrator added from a console, who has
    /// no password yet.
    fn user_of(&self, login: &str) -> Result<Option<String>> {
        if let Some(account) = store::account(self.conn, login)? {
            return Ok(Some(account.user));
        }
        let Some(site) = self.log(SITE) else { return Ok(None) };
        let users = store::entities(self.conn, site.n, "user")?;
        let mut listings = users.into_iter().filter_map(|(name, state)| listing(&name, state));
        Ok(listings.find(|user| user.state.login == login).map(|user| user.user))
    }

    fn known_user(&self, login: &str) -> Result<String> {
        self.user_of(login)?.ok_or_else(|| CentreError::BadRequest(format!("没有登录名 {login}")))
    }
}

fn payload(new: &NewUser, login: &str) -> serde_json::Value {
    let roles: Vec<&str> = new.roles.iter().map(|role| role.code()).collect();
    serde_json::json!({
        "login": login,
        "name": new.name.trim(),
        "roles": roles,
        "contracts": new.contracts,
        "divisions": new.divisions,
        "post": new.post,
        "onsite": !new.remote,
    })
}

fn listing(name: &str, state: EntityState) -> Option<UserListing> {
    let user = UserId::new(name.strip_prefix("user/")?).ok()?;
    let EntityState::User(state) = state else { return None };
    Some(UserListing { user: user.to_string(), state: UserState { keys: Default::default(), ..state } })
}
