//! `cargo xtask bench`: the optimised benchmark program, with the caller's arguments.

use std::process::ExitCode;

use anyhow::Result;

use crate::invocation::Invocation;
use crate::workspace::Workspace;

/// Builds and runs it; the table it prints is the result.
pub(crate) fn bench(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let call = Invocation::words("cargo run --release --locked -p zaigang-tests --bin bench --");
    call.args(arguments).run(&workspace.root)?;
    Ok(ExitCode::SUCCESS)
}
