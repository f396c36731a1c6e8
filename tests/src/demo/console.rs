//! A console driven in process: its rounds and log-ins are answered by a centre in the same process.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use zaigang_center::core::Centre;
use zaigang_center::error::CentreError;
use zaigang_console::host::Host;
use zaigang_console::keys::{Cost, NoKeyring};
use zaigang_console::order::Contracts;
use zaigang_console::session::{Console, Profile};
use zaigang_console::sync::{Request, Round, RoundReport};
use zaigang_sync::file::{PATH_FILES_GET, PATH_FILES_HAS, PATH_FILES_PUT};
use zaigang_sync::protocol::{PATH_ENROL, PATH_HELLO, PATH_LOGIN, PATH_PULL, PATH_PUSH};

/// Opens the profile in a folder; nothing but a password opens its store.
///
/// # Errors
/// When the profile cannot be opened.
pub fn open(dir: &Path, host: Arc<dyn Host>, cost: Cost) -> Result<Console> {
    let profile =
        Profile { dir: dir.to_owned(), host, keyring: Box::new(NoKeyring), clocks: Contracts::new(), cost };
    Ok(Console::open(profile)?)
}

/// What the centre answers to a request of a device: HTTP status and body.
///
/// # Errors
/// A request whose path or body this function does not know.
pub fn answer(centre: &mut Centre, device: [u8; 16], request: &Request) -> Result<(u16, Vec<u8>)> {
    fn told<T: serde::Serialize>(reply: Result<T, CentreError>) -> Result<(u16, Vec<u8>)> {
        Ok(match reply {
            Ok(reply) => (200, serde_json::to_vec(&reply)?),
            Err(error) => (400, serde_json::to_vec(&error.reply())?),
        })
    }
    fn bytes(reply: Result<Vec<u8>, CentreError>) -> Result<(u16, Vec<u8>)> {
        Ok(match reply {
            Ok(bytes) => (200, bytes),
            Err(error) => (400, serde_json::to_vec(&error.reply())?),
        })
    }
    let body = &request.body;
    match request.path {
        PATH_ENROL => told(centre.enrol("in process", &serde_json::from_slice(body)?)),
        PATH_HELLO => told(centre.hello(device, &serde_json::from_slice(body)?)),
        PATH_LOGIN => told(centre.login(device, &serde_json::from_slice(body)?)),
        PATH_PUSH => told(centre.push(device, body)),
        PATH_PULL => bytes(centre.pull(device, &serde_json::from_slice(body)?)),
        PATH_FILES_HAS => told(centre.files_has(device, &serde_json::from_slice(body)?)),
        PATH_FILES_PUT => told(centre.files_put(device, body)),
        PATH_FILES_GET => bytes(centre.files_get(device, &serde_json::from_slice(body)?)),
        other => bail!("the centre in process does not answer {other}"),
    }
}

/// Enrols a console with a code.
///
/// # Errors
/// When either side refuses.
pub fn enrol(console: &mut Console, centre: &mut Centre, code: &str, name: &str) -> Result<()> {
    let enrolling = console.begin_enrol(code, name)?;
    let (status, body) = answer(centre, [0; 16], &enrolling.request)?;
    Ok(console.finish_enrol(enrolling, status, &body)?)
}

/// Logs a user in by the centre.
///
/// # Errors
/// When either side refuses.
pub fn log_in(console: &mut Console, centre: &mut Centre, login: &str, password: &str) -> Result<()> {
    let logging_in = console.begin_log_in(login, password)?;
    let (status, body) = answer(centre, device(console)?, &logging_in.request)?;
    Ok(console.finish_log_in(logging_in, status, &body)?)
}

/// Runs a round to its end.
///
/// # Errors
/// When the store fails or the round does not come to a good end.
pub fn sync(console: &mut Console, centre: &mut Centre) -> Result<RoundReport> {
    let host = console.shared_host();
    let device = device(console)?;
    let mut round = Round::new();
    while let Some(request) = round.next(console.store_mut()?, host.as_ref())? {
        let (status, body) = answer(centre, device, &request)?;
        round.on_reply(console.store_mut()?, status, &body)?;
    }
    let report = round.report().clone();
    if !report.is_complete() {
        bail!("a round did not end well: {report:?}");
    }
    console.note_round()?;
    Ok(report)
}

fn device(console: &Console) -> Result<[u8; 16]> {
    Ok(console.store()?.identity().context("the console is not enrolled")?.device)
}
