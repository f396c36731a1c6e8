//! Build tasks of the repository: set-up, tests, a running demo, benchmarks, packages.
//!
//! Everything that CI runs, a developer runs with the same words: `cargo xtask test`. The tasks call the
//! ordinary tools (cargo, npm, apt-get) and say before each call what they call, so that a red step can be
//! repeated by hand. No rule of the product lives here.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a developer's tool: it talks to a terminal, reads the environment and measures time"
)]

mod bench;
mod checks;
mod invocation;
mod metadata;
mod package;
mod run;
mod setup;
mod steps;
mod tally;
mod test;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::workspace::Workspace;

const USAGE: &str = "\
cargo xtask setup                       install what the build needs (Debian), node packages
cargo xtask test                        set up, then everything that CI runs
    --list                              name the steps and stop
    --only STEP[,STEP…]                 these steps only
    --from STEP                         start at this step
cargo xtask run                         start a centre and a console with demo data
    --as engineer|dispatcher|supervisor whose console (default: engineer)
    --web                               in the browser, even where there is a display
    --fresh                             throw the demo's data away first
    --release                           optimised build
cargo xtask package                     .deb of console and centre, checksums and SBOM
    --compat                            also zaigangctl as one file for glibc 2.28
    --debug                             of unoptimised programs
cargo xtask package-check               install them in a clean root, work with them, upgrade (needs root)
    --debug                             of unoptimised programs, as they are built now
    --previous FOLDER                   upgrade from the packages there
cargo xtask bench [ARGUMENTS…]          build optimised and measure
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<ExitCode> {
    let Some((task, rest)) = arguments.split_first() else {
        eprint!("{USAGE}");
        return Ok(ExitCode::from(2));
    };
    match task.as_str() {
        "setup" => setup::setup(&Workspace::find()?, setup::Need::Test).map(|()| ExitCode::SUCCESS),
        "test" => test::test(&Workspace::find()?, &test::Options::parse(rest)?),
        "run" => run::run(&Workspace::find()?, &run::Options::parse(rest)?),
        "package" => package::package(&Workspace::find()?, &package::Options::parse(rest)?),
        "package-check" => package::check(&Workspace::find()?, &package::CheckOptions::parse(rest)?),
        package::INSIDE => package::check_inside(rest),
        "bench" => bench::bench(&Workspace::find()?, rest),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("no task is called {other:?}; `cargo xtask help` lists them"),
    }
}
