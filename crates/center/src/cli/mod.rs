//! The command line. Each command does one thing and says so as text or, with `--json`, as JSON.

mod args;
mod dir;
mod people;
mod places;
mod secret;
mod serving;
mod sources;

pub use args::Args;

use std::io::Write as _;
use std::process::ExitCode;

use serde::Serialize;

use crate::error::CentreError;
use args::Command;

/// How a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// A file, an argument or a value is wrong.
    #[error("{0}")]
    Input(String),
    /// The rules or the state do not allow it.
    #[error("{0}")]
    NotAllowed(String),
    /// Something was found wrong, or failed.
    #[error("{0}")]
    Failed(String),
    /// The centre's own.
    #[error(transparent)]
    Centre(#[from] CentreError),
}

impl CliError {
    pub(crate) fn failed(what: &str) -> impl Fn(std::io::Error) -> Self {
        move |error| Self::Failed(format!("{what}: {error}"))
    }

    fn exit_code(&self) -> u8 {
        match self {
            Self::Input(_) | Self::Centre(CentreError::BadRequest(_) | CentreError::WeakPassword(_)) => 2,
            Self::NotAllowed(_) | Self::Centre(CentreError::Refused(_)) => 3,
            Self::Failed(_) | Self::Centre(_) => 1,
        }
    }

    fn text(&self) -> String {
        match self {
            // The sentence for people is Chinese; where it hides the detail, the detail follows.
            Self::Centre(CentreError::BadRequest(detail)) => detail.clone(),
            Self::Centre(error @ (CentreError::WeakPassword(_) | CentreError::Refused(_))) => error.message(),
            Self::Centre(error) => format!("{}（{error}）", error.message()),
            other => other.to_string(),
        }
    }
}

/// What a command answers.
pub(crate) struct Answer {
    json: serde_json::Value,
    text: String,
}

impl Answer {
    pub(crate) fn new(json: impl Serialize, text: impl Into<String>) -> Result<Self, CliError> {
        let json = serde_json::to_value(json).map_err(|error| CliError::Failed(error.to_string()))?;
        Ok(Self { json, text: text.into() })
    }
}

/// Runs a command to its exit code: 0 ok, 1 failed, 2 bad input, 3 not allowed.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    match answer(args) {
        Ok(answer) => {
            say(&answer, args.json);
            ExitCode::SUCCESS
        }
        Err(error) => {
            // Nowhere left to complain to when stderr is closed.
            let _ = writeln!(std::io::stderr(), "{}", error.text());
            ExitCode::from(error.exit_code())
        }
    }
}

/// Writes an answer; a closed pipe is the reader's wish.
pub(crate) fn say(answer: &Answer, json: bool) {
    let text = if json { answer.json.to_string() } else { answer.text.clone() };
    if !text.is_empty() {
        let mut out = std::io::stdout();
        let _ = writeln!(out, "{text}").and_then(|()| out.flush());
    }
}

fn answer(args: &Args) -> Result<Answer, CliError> {
    match &args.command {
        Command::Init(init) => dir::init(init),
        Command::Serve(serve) => serving::run(serve, args.json),
        Command::User(user) => people::user(user),
        Command::Device(device) => people::device(device),
        Command::Source(source) => sources::source(source),
        Command::Contract(contract) => places::contract(contract),
        Command::Calendar(calendar) => places::calendar(calendar),
        Command::Status(at) => places::status(at),
        Command::Backup(backup) => places::backup(backup),
        Command::Restore(restore) => places::restore(restore),
        Command::Verify(at) => places::verify(at),
    }
}
