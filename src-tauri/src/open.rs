//! Opens a file with the system's program for it.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// The system's own opener: it knows which program a type belongs to.
#[cfg(target_os = "linux")]
const OPENER: &str = "xdg-open";
#[cfg(windows)]
const OPENER: &str = "explorer";
#[cfg(target_os = "macos")]
const OPENER: &str = "open";

/// Starts it and does not wait for it to end: it may last as long as the person reads.
///
/// # Errors
/// When there is no such program.
pub(crate) fn open(path: &Path) -> io::Result<()> {
    let mut child = Command::new(OPENER)
        .arg(path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    // Waited for, so that nothing of it is left over in the table of processes.
    std::thread::spawn(move || child.wait());
    Ok(())
}
