//! The built programs as children that do not outlive their test.

use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::wait::{PATIENCE, until};

/// A built program: where `ZAIGANG_PROGRAMS` says, else beside the tests' own folder.
///
/// # Errors
/// When it is not there, with how to build it.
#[expect(clippy::disallowed_methods, reason = "the test command says where the programs are")]
pub fn program(name: &str) -> Result<PathBuf> {
    let folder = match std::env::var_os("ZAIGANG_PROGRAMS") {
        Some(folder) => PathBuf::from(folder),
        None => {
            let own = std::env::current_exe().context("asking for the test's own path")?;
            // target/debug/deps/story-… or target/debug/bench
            let folder = own.parent().context("a program has a folder")?;
            if folder.ends_with("deps") {
                folder.parent().context("deps lies in a folder")?.to_owned()
            } else {
                folder.to_owned()
            }
        }
    };
    let path = folder.join(name);
    if !path.is_file() {
        bail!("{} is not there; `cargo build --workspace --bins` makes it", path.display());
    }
    Ok(path)
}

/// A tool of the system that a test cannot do without.
///
/// # Errors
/// When it is not on the path, naming the Debian package.
#[expect(clippy::disallowed_methods, reason = "tools are looked for on the path")]
pub fn tool(name: &str, package: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file()).with_context(
        || format!("{name} is not on PATH; Debian has it in {package}, and `cargo xtask setup` installs it"),
    )
}

/// A running program, its output kept line by line; killed when dropped.
#[derive(Debug)]
pub struct Running {
    name: String,
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Running {
    /// Starts it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(command: &mut Command) -> Result<Self> {
        let name =
            Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A group of its own, so that what it starts ends with it.
        command.process_group(0);
        let mut child = command.spawn().with_context(|| format!("starting {name}"))?;
        let lines = Arc::new(Mutex::new(Vec::new()));
        if let Some(out) = child.stdout.take() {
            keep_lines(out, &lines);
        }
        if let Some(err) = child.stderr.take() {
            keep_lines(err, &lines);
        }
        Ok(Self { name, child, lines })
    }

    /// Process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Everything it said so far.
    #[must_use]
    pub fn said(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for a line that `find` takes something from.
    ///
    /// # Errors
    /// When the program ends or says nothing of the kind in time.
    pub fn wait_for_line<T>(&mut self, what: &str, mut find: impl FnMut(&str) -> Option<T>) -> Result<T> {
        let mut looked_at = 0;
        until(what, PATIENCE, || {
            let said = self.said();
            let fresh = said.get(looked_at..).unwrap_or_default();
            looked_at = said.len();
            if let Some(found) = fresh.iter().find_map(|line| find(line)) {
                return Ok(Some(found));
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended with {status} before {what}:\n{}", self.name, self.said().join("\n"));
            }
            Ok(None)
        })
        .with_context(|| format!("{} said:\n{}", self.name, self.said().join("\n")))
    }

    /// Whether it has ended.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn has_ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait().context("looking after a program")?.is_some())
    }

    /// Kills it as a power cut would, and waits until it is gone.
    ///
    /// # Errors
    /// When the system does not say that it is gone.
    pub fn kill(mut self) -> Result<()> {
        self.end_all();
        self.child.wait().context("waiting for a killed program")?;
        Ok(())
    }

    fn end_all(&mut self) {
        let _ = Command::new("kill")
            .args(["-9", "--", &format!("-{}", self.child.id())])
            .stderr(Stdio::null())
            .status();
        let _ = self.child.kill();
    }

    /// Asks it to end and waits.
    ///
    /// # Errors
    /// When it does not end in time.
    pub fn end(mut self) -> Result<ExitStatus> {
        Command::new("kill").arg(self.child.id().to_string()).status().context("asking a program to end")?;
        until(&format!("the end of {}", self.name), PATIENCE, || Ok(self.child.try_wait()?))
    }

    /// Its exit status, once it ended by itself.
    ///
    /// # Errors
    /// When it does not end in time.
    pub fn ended(&mut self) -> Result<ExitStatus> {
        until(&format!("the end of {}", self.name), PATIENCE, || Ok(self.child.try_wait()?))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end_all();
        let _ = self.child.wait();
    }
}

fn keep_lines(stream: impl Read + Send + 'static, lines: &Arc<Mutex<Vec<String>>>) {
    let lines = Arc::clone(lines);
    // Ends with the stream, which ends with the program.
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            let Ok(line) = line else { break };
            lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    });
}

/// What a finished command said.
#[derive(Debug)]
pub struct Said {
    /// Exit code, -1 when killed.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Said {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Itself, if it succeeded.
    ///
    /// # Errors
    /// With everything it said, if not.
    pub fn ok(self) -> Result<Self> {
        if self.code == 0 { Ok(self) } else { bail!("exit code {}: {}{}", self.code, self.err, self.out) }
    }

    /// Its output as JSON.
    ///
    /// # Errors
    /// When it failed or said no JSON.
    pub fn json(self) -> Result<serde_json::Value> {
        let said = self.ok()?;
        serde_json::from_str(&said.out).with_context(|| format!("not JSON: {}", said.out))
    }
}

/// Runs a command to its end, with a limit.
///
/// # Errors
/// When it cannot be started or does not end.
pub fn run(command: &mut Command) -> Result<Said> {
    run_within(command, PATIENCE)
}

/// Runs a command to its end within a limit; kills it after that.
///
/// # Errors
/// When it cannot be started or does not end.
pub fn run_within(command: &mut Command, limit: Duration) -> Result<Said> {
    let name = format!("{:?}", command.get_program());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().with_context(|| format!("starting {name}"))?;
    let id = child.id();
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let _ = sender.send(child.wait_with_output());
    });
    match receiver.recv_timeout(limit) {
        Ok(output) => Ok(Said::of(&output.with_context(|| format!("waiting for {name}"))?)),
        Err(_) => {
            let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
            bail!("{name} did not end within {} s", limit.as_secs())
        }
    }
}
