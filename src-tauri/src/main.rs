//! The desktop shell: one window, one command, a tray icon and notifications.
//!
//! It opens the profile as its owner, hands every call of the window to the door and every push of
//! the door to the window. It decides nothing.
#![cfg_attr(windows, windows_subsystem = "windows")]

mod arguments;
mod notify;
mod open;
mod paint;
mod shell;
mod tray;

use std::process::ExitCode;

fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).with_ansi(false).init();
    let dir = match arguments::profile_dir() {
        Ok(dir) => dir,
        Err(error) => return failed(&error),
    };
    match shell::run(&dir) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

/// Says why the window does not open: in the log, and on the desktop, where there may be no terminal.
fn failed(error: &anyhow::Error) -> ExitCode {
    tracing::error!("{error:#}");
    notify::show_and_wait("在岗无法启动", &format!("{error:#}"));
    ExitCode::FAILURE
}
