//! A console with its door, as a screen uses it.

use std::ops::Deref;
use std::sync::Arc;

use serde_json::Value;
use zaigang_console::door::dto::DoorError;
use zaigang_console::door::{Caller, Door};
use zaigang_console::host::FixedHost;
use zaigang_console::order::Contracts;
use zaigang_console::sync::Round;

use super::{LOG, PASSWORD, Pc, Site};

/// A door at which somebody is logged in, with all that the centre had by then.
pub(crate) struct Seat {
    pub(crate) door: Door,
    pub(crate) contracts: Arc<Contracts>,
    pub(crate) host: Arc<FixedHost>,
    pub(crate) dir: tempfile::TempDir,
}

impl Seat {
    pub(crate) fn new(site: &mut Site, login: &str, seed: u64) -> Self {
        Self::holding(site, login, seed, &[LOG])
    }

    /// The same at a console that holds these logs.
    pub(crate) fn holding(site: &mut Site, login: &str, seed: u64, logs: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut pc = Pc::holding(site, dir.path(), seed, false, logs);
        pc.log_in(site, login, PASSWORD).unwrap();
        pc.sync(site).unwrap();
        let contracts = Contracts::new();
        pc.console.store_mut().unwrap().set_clocks(Arc::<Contracts>::clone(&contracts)).unwrap();
        let Pc { console, host, .. } = pc;
        Self { door: Door::new(console, Arc::clone(&contracts)), contracts, host, dir }
    }

    pub(crate) async fn call<T: serde::de::DeserializeOwned>(
        &self,
        command: &str,
        args: impl serde::Serialize,
    ) -> T {
        serde_json::from_value(self.try_call(command, args).await.unwrap()).unwrap()
    }

    pub(crate) async fn try_call(
        &self,
        command: &str,
        args: impl serde::Serialize,
    ) -> Result<Value, DoorError> {
        self.door.call(command, serde_json::to_value(args).unwrap(), Caller::Web).await
    }

    /// Id of a user.
    pub(crate) fn user(&self, login: &str) -> String {
        let console = self.door.console();
        let people = console.store().unwrap().people().unwrap();
        people.into_iter().find(|person| person.login == login).unwrap().id
    }

    /// One round with the centre.
    pub(crate) fn sync(&self, site: &mut Site) {
        let mut round = Round::new();
        let mut console = self.door.console();
        for _ in 0..1_000 {
            let next = round.next(console.store_mut().unwrap(), self.host.as_ref()).unwrap();
            let Some(request) = next else { return };
            let (status, body) = site.answer(&console, &request).unwrap();
            round.on_reply(console.store_mut().unwrap(), status, &body).unwrap();
        }
        panic!("a round must end");
    }

    /// Somebody else logs in here, through the centre.
    pub(crate) fn hand_over(&self, site: &mut Site, login: &str) {
        let mut console = self.door.console();
        console.log_out().unwrap();
        let logging_in = console.begin_log_in(login, PASSWORD).unwrap();
        let (status, body) = site.answer(&console, &logging_in.request).unwrap();
        console.finish_log_in(logging_in, status, &body).unwrap();
    }
}

/// A seat and the site it belongs to.
pub(crate) struct At {
    pub(crate) seat: Seat,
    pub(crate) site: Site,
}

impl At {
    pub(crate) fn new(mut site: Site, login: &str) -> Self {
        Self { seat: Seat::new(&mut site, login, 1), site }
    }
}

impl Deref for At {
    type Target = Seat;

    fn deref(&self) -> &Seat {
        &self.seat
    }
}
