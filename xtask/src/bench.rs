//! `cargo xtask bench`: the optimised benchmark program, with the caller's arguments.

use std::process::ExitCode;

use anyhow::Result;

use crate::invocation::Invocation;
use crate::run;
use crate::setup::{self, Need};
use crate::workspace::Workspace;

/// The part of the benchmark that opens windows.
const WINDOW: &str = "window";
/// The part that paints the month grid in a browser, with made-up data.
const DUTY: &str = "duty";

/// Builds and runs it; the table it prints is the result.
pub(crate) fn bench(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let build = Invocation::words("cargo build --release --locked");
    if runs(arguments, DUTY) {
        setup::setup(workspace, Need::Test)?;
        Invocation::words("npm run --silent build:mock").inside("ui").run(&workspace.root)?;
    }
    if runs(arguments, WINDOW) {
        setup::setup(workspace, Need::Test)?;
        run::build_ui(workspace)?;
        build.args(["--workspace", "--bins", "--example", "empty_window"]).run(&workspace.root)?;
    } else {
        build.args(["-p", "zaigang-tests", "--bin", "bench"]).run(&workspace.root)?;
    }
    let program = workspace.programs(true).join("bench");
    Invocation::program(&program).args(arguments).run(&workspace.root)?;
    Ok(ExitCode::SUCCESS)
}

/// Whether all parts run, or those named hold this one.
fn runs(arguments: &[String], part: &str) -> bool {
    let mut words = arguments.iter().skip_while(|word| *word != "--only").skip(1);
    words.next().is_none_or(|parts| parts.split(',').any(|named| named == part))
}

#[cfg(test)]
mod tests {
    use super::{DUTY, WINDOW, runs};

    #[test]
    fn a_part_is_prepared_only_where_it_is_measured() {
        for (words, opens) in [
            ("", true),
            ("--orders 10", true),
            ("--only lists", false),
            ("--orders 10 --only start,window", true),
        ] {
            let arguments: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
            assert_eq!(runs(&arguments, WINDOW), opens, "{words}");
        }
        assert!(runs(&["--only".to_owned(), "duty".to_owned()], DUTY));
    }
}
