//! One call of another program, which can be run and can be shown as a line for the shell.

use std::fmt;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::tally::Tally;

/// Variables that `cargo run` sets for this program and that must not reach a cargo started from here.
const INHERITED_FROM_CARGO_RUN: &[&str] = &["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];

/// A program with its arguments, folder and additional environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invocation {
    program: String,
    arguments: Vec<String>,
    folder: Option<String>,
    environment: Vec<(String, String)>,
}

impl Invocation {
    /// `words` are the program and its arguments, none of which contains a space.
    pub(crate) fn words(words: &str) -> Self {
        let mut words = words.split_whitespace().map(str::to_owned);
        let program = words.next().unwrap_or_default();
        Self { program, arguments: words.collect(), folder: None, environment: Vec::new() }
    }

    /// A program by its path.
    pub(crate) fn program(path: &Path) -> Self {
        let program = path.display().to_string();
        Self { program, arguments: Vec::new(), folder: None, environment: Vec::new() }
    }

    /// Adds one argument as it stands.
    pub(crate) fn arg(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Adds arguments as they stand.
    pub(crate) fn args<I: IntoIterator<Item = S>, S: Into<String>>(mut self, arguments: I) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Runs it in a folder of the checkout.
    pub(crate) fn inside(mut self, folder: &str) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// Sets a variable for it.
    pub(crate) fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// Runs it under another program: `self`'s words become the last arguments of `outer`.
    pub(crate) fn under(self, outer: Self) -> Self {
        let mut environment = outer.environment;
        environment.extend(self.environment);
        let mut arguments = outer.arguments;
        arguments.push(self.program);
        arguments.extend(self.arguments);
        Self { program: outer.program, arguments, folder: self.folder, environment }
    }

    /// Runs it to its end with the terminal's own output; an exit code other than 0 is an error.
    pub(crate) fn run(&self, root: &Path) -> Result<()> {
        let status = self.command(root).status().with_context(|| format!("starting {}", self.program))?;
        if !status.success() {
            bail!("{} ended with {status}", self.program);
        }
        Ok(())
    }

    /// Like [`Self::run`], but its output passes through here to `out`, and the closing lines of test runners
    /// in it are added up.
    pub(crate) fn run_counting(&self, root: &Path, tally: &mut Tally, out: &mut impl Write) -> Result<()> {
        let (reader, writer) = std::io::pipe().context("making a pipe")?;
        let mut command = self.command(root);
        if std::io::stdout().is_terminal() {
            command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
        }
        command.stdout(writer.try_clone().context("sharing a pipe")?).stderr(writer);
        let mut child = command.spawn().with_context(|| format!("starting {}", self.program))?;
        drop(command); // our ends of the pipe, or the reading below never ends
        let mut line = Vec::new();
        let mut reader = BufReader::new(reader);
        while reader.read_until(b'\n', &mut line).context("reading a program's output")? > 0 {
            out.write_all(&line).context("passing a program's output on")?;
            tally.hear(&String::from_utf8_lossy(&line));
            line.clear();
        }
        let status = child.wait().context("waiting for a program")?;
        if !status.success() {
            bail!("{} ended with {status}", self.program);
        }
        Ok(())
    }

    /// Runs it silently; gives what it wrote to standard output, whatever its exit code.
    pub(crate) fn capture(&self, root: &Path) -> Result<String> {
        let output = self
            .command(root)
            .stderr(Stdio::null())
            .output()
            .with_context(|| format!("starting {}", self.program))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs it silently; gives what it wrote to standard output. An exit code other than 0 is an error with what
    /// it wrote to standard error.
    pub(crate) fn output(&self, root: &Path) -> Result<String> {
        let output = self.command(root).output().with_context(|| format!("starting {}", self.program))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("`{self}` ended with {}\n{}", output.status, said.trim_end());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// The command as the standard library wants it; standard input is closed.
    pub(crate) fn command(&self, root: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::null());
        command.current_dir(self.folder.as_ref().map_or_else(|| root.to_owned(), |folder| root.join(folder)));
        for (name, _) in std::env::vars_os() {
            let shown = name.to_string_lossy();
            if INHERITED_FROM_CARGO_RUN.iter().any(|prefix| shown.starts_with(prefix)) {
                command.env_remove(&name);
            }
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

impl fmt::Display for Invocation {
    /// A line that can be pasted into a shell at the root of the checkout.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(folder) = &self.folder {
            write!(out, "cd {folder} && ")?;
        }
        for (name, value) in &self.environment {
            write!(out, "{name}={} ", quoted(value))?;
        }
        write!(out, "{}", quoted(&self.program))?;
        self.arguments.iter().try_for_each(|argument| write!(out, " {}", quoted(argument)))
    }
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// The first file of that name in a folder of `PATH`.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_shown_as_a_line_for_the_shell() {
        let call = Invocation::words("cargo doc --no-deps").env("RUSTDOCFLAGS", "-D warnings").inside("ui");
        assert_eq!(call.to_string(), "cd ui && RUSTDOCFLAGS='-D warnings' cargo doc --no-deps");
        assert_eq!(Invocation::words("echo").arg("it's").arg("").to_string(), r"echo 'it'\''s' ''");
    }

    #[test]
    fn an_outer_program_comes_first_and_both_environments_count() {
        let inner = Invocation::words("cargo test").env("A", "1");
        let both = inner.under(Invocation::words("xvfb-run -a").env("B", "2"));
        assert_eq!(both.to_string(), "B=2 A=1 xvfb-run -a cargo test");
    }

    #[test]
    fn a_failing_program_is_an_error_and_its_output_is_counted() {
        let root = std::env::temp_dir();
        let script = "echo 'test result: FAILED. 2 passed; 1 failed; 0 ignored'; exit 3";
        let (mut tally, mut heard) = (Tally::default(), Vec::new());
        let error =
            Invocation::words("sh -c").arg(script).run_counting(&root, &mut tally, &mut heard).unwrap_err();
        assert!(error.to_string().contains("exit status: 3"), "{error}");
        assert_eq!(tally, Tally { passed: 2, failed: 1 });
        assert!(heard.starts_with(b"test result"));
    }
}
