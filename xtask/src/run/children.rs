//! Started programs that do not outlive this one.

use std::path::Path;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::invocation::{Invocation, on_path};

/// How long a program may take to close its store after it was asked to end.
const END_LIMIT: Duration = Duration::from_secs(5);

/// A running program.
///
/// Ctrl+C reaches it directly, since it shares the terminal. If this program is killed alone, the kernel ends
/// it too, where util-linux's `setpriv` is there to ask for that.
pub(crate) struct Child(std::process::Child);

impl Child {
    /// Starts it; its output goes to the terminal.
    pub(crate) fn start(call: &Invocation, root: &Path) -> Result<Self> {
        let bound = match on_path("setpriv") {
            Some(_) => call.clone().under(Invocation::words("setpriv --pdeathsig TERM")),
            None => call.clone(),
        };
        bound.command(root).spawn().map(Self).with_context(|| format!("starting {call}"))
    }

    /// Its exit status, once it has ended.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.0.try_wait().context("looking after a program")
    }

    /// Asks it to end, then insists.
    pub(crate) fn end(mut self) {
        if !matches!(self.0.try_wait(), Ok(None)) {
            return; // its number may be another program's by now
        }
        let _ = std::process::Command::new("kill").arg(self.0.id().to_string()).status();
        let began = Instant::now();
        while began.elapsed() < END_LIMIT && matches!(self.0.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_ended_and_a_finished_one_is_noticed() {
        let root = std::env::temp_dir();
        let began = Instant::now();
        Child::start(&Invocation::words("sleep 60"), &root).unwrap().end();
        assert!(began.elapsed() < END_LIMIT, "asking is enough");

        let mut short = Child::start(&Invocation::words("true"), &root).unwrap();
        while short.ended().unwrap().is_none() {
            std::thread::yield_now();
        }
        short.end();
    }
}
