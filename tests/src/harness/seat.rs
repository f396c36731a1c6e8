//! A console behind its door, in process, with its real sync driver: what a screen would ask, asked by a
//! test.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use zaigang_console::door::dto::DoorError;
use zaigang_console::door::{Caller, Door};
use zaigang_console::host::SystemHost;
use zaigang_console::keys::{Cost, Keyring, NoKeyring};
use zaigang_console::order::Contracts;
use zaigang_console::session::{Console, Profile};

use super::centre::Account;
use super::wait::{PATIENCE, until};

/// Looked at again when nothing was pushed for so long.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// A seat at a console.
pub struct Seat {
    door: Door,
    runtime: tokio::runtime::Runtime,
}

impl Seat {
    /// Opens a profile without a keyring and lets it sync.
    ///
    /// # Errors
    /// When the profile cannot be opened.
    pub fn open(dir: &Path) -> Result<Self> {
        Self::with_keyring(dir, Box::new(NoKeyring))
    }

    /// Opens a profile and lets it sync.
    ///
    /// # Errors
    /// When the profile cannot be opened.
    pub fn with_keyring(dir: &Path, keyring: Box<dyn Keyring>) -> Result<Self> {
        let contracts = Contracts::new();
        let clocks = Arc::<Contracts>::clone(&contracts);
        let host = Arc::new(SystemHost::of_profile(dir)?);
        let profile = Profile { dir: dir.to_owned(), host, keyring, clocks, cost: Cost::TEST };
        let door = Door::new(Console::open(profile)?, contracts);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let entered = runtime.enter();
        let started = door.start_sync();
        drop(entered);
        started.map_err(told)?;
        Ok(Self { door, runtime })
    }

    /// Calls a command; the error is the door's.
    ///
    /// # Errors
    /// As the screen would get it.
    pub fn ask(&self, command: &str, args: Value) -> Result<Value, DoorError> {
        self.runtime.block_on(self.door.call(command, args, Caller::CommandLine))
    }

    /// Calls a command that must succeed.
    ///
    /// # Errors
    /// With the door's words.
    pub fn call(&self, command: &str, args: Value) -> Result<Value> {
        self.ask(command, args).map_err(told).with_context(|| command.to_owned())
    }

    /// Enrols with a code and logs in.
    ///
    /// # Errors
    /// When either is refused.
    pub fn take(&self, code: &str, name: &str, account: &Account) -> Result<()> {
        self.call("session.enrol", json!({ "code": code, "device_name": name }))?;
        self.log_in(account)
    }

    /// Logs in.
    ///
    /// # Errors
    /// When it is refused.
    pub fn log_in(&self, account: &Account) -> Result<()> {
        let args = json!({ "login": account.login, "password": account.password });
        self.call("session.log_in", args).map(|_| ())
    }

    /// One whole round now; says how the console then stands with the centre.
    ///
    /// # Errors
    /// When the door fails.
    pub fn sync(&self) -> Result<Value> {
        self.call("sync.now", json!({}))
    }

    /// Takes a step on an order.
    ///
    /// # Errors
    /// When the door refuses.
    pub fn step(&self, order: &str, step: &str, fields: Value) -> Result<Value> {
        let key = format!("{order}/{step}/{fields}");
        let text = fields.get("text").cloned().unwrap_or(Value::Null);
        let args = json!({ "order_id": order, "step": step, "text": text, "fields": fields, "idempotency_key": key });
        self.call("order.step", args)
    }

    /// One order.
    ///
    /// # Errors
    /// When it is not here.
    pub fn order(&self, id: &str) -> Result<Value> {
        self.call("order.get", json!({ "id": id }))
    }

    /// Looks at once, after every push, and now and then, until `look` sees it.
    ///
    /// # Errors
    /// When it does not come in time.
    pub fn wait<T>(
        &self,
        what: &str,
        limit: Duration,
        look: impl Fn(&Self) -> Result<Option<T>>,
    ) -> Result<T> {
        let mut pushes = self.door.pushes();
        until(what, limit, || {
            if let Some(seen) = look(self)? {
                return Ok(Some(seen));
            }
            let next = async { tokio::time::timeout(LOOK_AGAIN, pushes.recv()).await };
            match self.runtime.block_on(next) {
                Ok(Err(RecvError::Closed)) => bail!("the door is closed"),
                // A push, or none: how the console stands with the centre changes without one.
                _ => Ok(None),
            }
        })
    }

    /// As [`Seat::wait`], with all patience.
    ///
    /// # Errors
    /// As [`Seat::wait`].
    pub fn wait_for<T>(&self, what: &str, look: impl Fn(&Self) -> Result<Option<T>>) -> Result<T> {
        self.wait(what, PATIENCE, look)
    }

    /// The door itself.
    #[must_use]
    pub fn door(&self) -> &Door {
        &self.door
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.runtime.block_on(self.door.stop_sync());
    }
}

fn told(error: DoorError) -> anyhow::Error {
    anyhow::anyhow!("{:?}: {}", error.code, error.message)
}
