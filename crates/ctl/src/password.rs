//! Passwords: from a file, or asked for without echo.

use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::shell::{Failure, read_text};

/// Reads a password: the first line of `file`, else what is typed.
///
/// # Errors
/// Bad input when the file cannot be read or nothing was typed.
pub(crate) fn read(file: Option<&Path>, prompt: &str) -> Result<String, Failure> {
    let line = match file {
        Some(file) => read_text(file)?.lines().next().unwrap_or_default().to_owned(),
        None => ask(prompt)?,
    };
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() {
        return Err(Failure::BadInput("没有输入密码".to_owned()));
    }
    Ok(password)
}

fn ask(prompt: &str) -> Result<String, Failure> {
    let stdin = std::io::stdin();
    let is_terminal = stdin.is_terminal();
    if is_terminal {
        write!(std::io::stderr(), "{prompt}")?;
        std::io::stderr().flush()?;
    }
    let _quiet = is_terminal.then(Quiet::new);
    let mut line = String::new();
    stdin.lock().read_line(&mut line)?;
    if is_terminal {
        writeln!(std::io::stderr())?;
    }
    Ok(line)
}

/// The terminal without echo, until dropped.
struct Quiet;

impl Quiet {
    fn new() -> Self {
        stty("-echo");
        Self
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        stty("echo");
    }
}

/// Where there is no `stty` (Windows), the password is seen while it is typed.
fn stty(setting: &str) {
    let _ = Command::new("stty").arg(setting).stdout(Stdio::null()).stderr(Stdio::null()).status();
}
