//! A console in process that reaches a real centre over TLS: for tests that must see and bend every byte
//! between them.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use zaigang_console::host::SystemHost;
use zaigang_console::keys::{Cost, Keyring, NoKeyring};
use zaigang_console::order::Contracts;
use zaigang_console::session::{Console, Profile};
use zaigang_console::sync::driver::{Answer, CentreClient, Link, LinkError};
use zaigang_console::sync::{Request, Round, RoundReport};
use zaigang_sync::protocol::EnrolmentCode;

/// A console and its way to the centre.
pub struct Remote {
    /// The console.
    pub console: Console,
    client: Option<CentreClient>,
    runtime: tokio::runtime::Runtime,
}

impl Remote {
    /// Opens the profile in a folder without a keyring.
    ///
    /// # Errors
    /// When the profile cannot be opened.
    pub fn open(dir: &Path) -> Result<Self> {
        Self::with_keyring(dir, Box::new(NoKeyring))
    }

    /// Opens the profile in a folder.
    ///
    /// # Errors
    /// When the profile cannot be opened.
    pub fn with_keyring(dir: &Path, keyring: Box<dyn Keyring>) -> Result<Self> {
        let host = Arc::new(SystemHost::of_profile(dir)?);
        let profile =
            Profile { dir: dir.to_owned(), host, keyring, clocks: Contracts::new(), cost: Cost::TEST };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self { console: Console::open(profile)?, client: None, runtime })
    }

    /// Enrols with a code.
    ///
    /// # Errors
    /// When either side refuses.
    pub fn enrol(&mut self, code: &str, name: &str) -> Result<()> {
        let enrolling = self.console.begin_enrol(code, name)?;
        let client = CentreClient::for_code(&enrolling.code, self.console.shared_host())?;
        let request = enrolling.request.clone();
        let answer = self.runtime.block_on(client.send(request))?;
        Ok(self.console.finish_enrol(enrolling, answer.status, &answer.body)?)
    }

    /// Asks the centre of another code with this code's other parts: whom the console would talk to.
    ///
    /// # Errors
    /// What the connection says.
    pub fn knock(&self, code: &EnrolmentCode, request: Request) -> Result<Answer, LinkError> {
        let client = CentreClient::for_code(code, self.console.shared_host())?;
        self.runtime.block_on(client.send(request))
    }

    /// Sends a request as this device.
    ///
    /// # Errors
    /// When the centre does not answer.
    pub fn send(&mut self, request: Request) -> Result<Answer> {
        if self.client.is_none() {
            let identity = self.console.store()?.identity().context("not enrolled")?.clone();
            self.client = Some(CentreClient::new(&identity, self.console.shared_host())?);
        }
        let client = self.client.as_ref().context("no client")?;
        Ok(self.runtime.block_on(client.send(request))?)
    }

    /// Logs in by the centre.
    ///
    /// # Errors
    /// When either side refuses.
    pub fn log_in(&mut self, login: &str, password: &str) -> Result<()> {
        let logging_in = self.console.begin_log_in(login, password)?;
        let answer = self.send(logging_in.request.clone())?;
        Ok(self.console.finish_log_in(logging_in, answer.status, &answer.body)?)
    }

    /// Runs a round; `stop_at` is shown each request and may end the round before it is sent.
    ///
    /// # Errors
    /// When the store or the connection fails.
    pub fn round(
        &mut self,
        mut stop_at: impl FnMut(&Request) -> bool,
    ) -> Result<(RoundReport, Option<Request>)> {
        let host = self.console.shared_host();
        let mut round = Round::new();
        while let Some(request) = round.next(self.console.store_mut()?, host.as_ref())? {
            if stop_at(&request) {
                return Ok((round.report().clone(), Some(request)));
            }
            let answer = self.send(request)?;
            round.on_reply(self.console.store_mut()?, answer.status, &answer.body)?;
        }
        Ok((round.report().clone(), None))
    }

    /// Runs a whole round that must end well.
    ///
    /// # Errors
    /// When it does not.
    pub fn sync(&mut self) -> Result<RoundReport> {
        let (report, _) = self.round(|_| false)?;
        if !report.is_complete() {
            bail!("a round did not end well: {report:?}");
        }
        self.console.note_round()?;
        Ok(report)
    }
}
