//! A console driven by `zaigangctl` alone, one process a command, as from a shell script.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::centre::Account;
use super::programs::{Running, Said, program, run};

/// A profile's folder and who uses it.
#[derive(Debug)]
pub struct CommandLine {
    dir: PathBuf,
    login: &'static str,
    password_file: PathBuf,
}

impl CommandLine {
    /// A person at a profile.
    ///
    /// # Errors
    /// When the password file cannot be written.
    #[expect(clippy::disallowed_methods, reason = "passwords are given in a file")]
    pub fn new(dir: &Path, account: &Account) -> Result<Self> {
        let password_file = dir.with_extension("password");
        std::fs::write(&password_file, account.password).context("writing a password file")?;
        Ok(Self { dir: dir.to_owned(), login: account.login, password_file })
    }

    /// The profile's folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    fn command(&self) -> Result<Command> {
        let mut command = Command::new(program("zaigangctl")?);
        // A host without a keyring: nothing but the password opens the store.
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent").arg("--dir").arg(&self.dir);
        Ok(command)
    }

    fn logged_in(&self) -> Result<Command> {
        let mut command = self.command()?;
        command.arg("--login").arg(self.login).arg("--password-file").arg(&self.password_file);
        Ok(command)
    }

    /// Runs a command as this person.
    ///
    /// # Errors
    /// When it cannot be run.
    pub fn run(&self, words: &[&str]) -> Result<Said> {
        run(self.logged_in()?.args(words))
    }

    /// Runs a command without logging in.
    ///
    /// # Errors
    /// When it cannot be run.
    pub fn run_as_nobody(&self, words: &[&str]) -> Result<Said> {
        run(self.command()?.args(words))
    }

    /// Starts a command as this person and leaves it running.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(&self, words: &[&str]) -> Result<Running> {
        Running::start(self.logged_in()?.args(words))
    }
}
