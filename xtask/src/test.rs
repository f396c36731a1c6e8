//! `cargo xtask test`: all that CI runs, quick failures first.
//!
//! The order also keeps two cores from building twice: the window's assets come before anything that compiles
//! the shell; clippy and the documentation share their metadata builds; every program, example and test comes
//! from one `--workspace --all-targets` build, because cargo unifies features over the packages named, and
//! naming fewer would compile much again. For the same reason programs are started by path, not by `cargo run`.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::invocation::{Invocation, on_path};
use crate::steps::{Step, run_all};
use crate::workspace::Workspace;
use crate::{checks, package, setup};

/// What the caller typed after `test`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    list: bool,
    only: Vec<String>,
    from: Option<String>,
}

impl Options {
    /// Reads `--list`, `--only A,B` and `--from A`.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().with_context(|| format!("{word} wants the name of a step"));
            match word.as_str() {
                "--list" => options.list = true,
                "--only" => options.only.extend(value()?.split(',').map(str::to_owned)),
                "--from" => options.from = Some(value()?.clone()),
                _ => bail!("`cargo xtask test` does not know {word:?}"),
            }
        }
        Ok(options)
    }

    /// The steps asked for; a name that fits none is an error.
    fn choose(&self, steps: Vec<Step>) -> Result<Vec<Step>> {
        let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
        if let Some(unknown) = self.only.iter().chain(&self.from).find(|name| !names.contains(&name.as_str()))
        {
            bail!("no step is called {unknown:?}; there are {}", names.join(", "));
        }
        let first = self.from.as_deref().and_then(|from| names.iter().position(|name| *name == from));
        let wanted = |step: &Step| self.only.is_empty() || self.only.iter().any(|name| name == step.name);
        Ok(steps.into_iter().skip(first.unwrap_or(0)).filter(wanted).collect())
    }
}

/// Runs the chosen steps; all of them without options.
pub(crate) fn test(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let steps = options.choose(steps(workspace))?;
    if options.list {
        steps.iter().for_each(|step| println!("{:>14}  {}", step.name, step.again()));
        return Ok(ExitCode::SUCCESS);
    }
    make_test_home(workspace)?;
    Ok(if run_all(workspace, &steps) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn steps(workspace: &Workspace) -> Vec<Step> {
    let cargo = Invocation::words;
    let npm = |words: &str| Invocation::words(words).inside("ui");
    vec![
        Step::task("packages", |workspace| setup::packages(workspace, setup::Need::Test)),
        Step::task("node-packages", setup::node_packages),
        Step::call("fmt", cargo("cargo fmt --all --check")),
        Step::task("words", checks::words),
        Step::task("licences", checks::licences),
        Step::task("dependencies", checks::dependencies),
        Step::call("ui-lint", npm("npm run --silent lint")),
        Step::count("ui-tests", npm("npm run --silent test")),
        Step::call("ui-build", npm("npm run --silent build")), // vue-tsc, then vite
        Step::call("clippy", cargo("cargo clippy --locked --workspace --all-targets -- -D warnings")),
        Step::call(
            "doc",
            cargo("cargo doc --locked --workspace --no-deps").env("RUSTDOCFLAGS", "-D warnings"),
        ),
        Step::call("build", cargo("cargo build --locked --workspace --all-targets")),
        Step::task("generated", checks::generated),
        Step::task("package-check", package::check_debug),
        Step::count("doc-tests", cargo("cargo test --locked --workspace --doc")),
        Step::task("tauri-driver", setup::tauri_driver),
        Step::count("tests", in_a_desktop(workspace, rust_tests())),
    ]
}

/// nextest where the machine has it (quicker, one process a test), else what cargo brings.
fn rust_tests() -> Invocation {
    if on_path("cargo-nextest").is_some() {
        Invocation::words(
            "cargo nextest run --locked --workspace --no-fail-fast --config-file xtask/nextest.toml",
        )
    } else {
        Invocation::words("cargo test --locked --workspace --all-targets --no-fail-fast")
    }
}

/// A display, a message bus and a home of their own: tests open windows and keyrings, never the caller's.
///
/// The end-to-end tests find the programs by `ZAIGANG_PROGRAMS` and the WebDriver proxy by
/// `ZAIGANG_TAURI_DRIVER`.
fn in_a_desktop(workspace: &Workspace, tests: Invocation) -> Invocation {
    let home = test_home(workspace);
    let inside = |name: &str| home.join(name).display().to_string();
    let desktop = Invocation::words("dbus-run-session -- xvfb-run -a -s")
        .arg("-screen 0 1920x1080x24")
        .env("XDG_RUNTIME_DIR", inside("runtime"))
        .env("XDG_DATA_HOME", inside("data"))
        .env("XDG_CONFIG_HOME", inside("config"))
        .env("XDG_CACHE_HOME", inside("cache"))
        .env("ZAIGANG_PROGRAMS", workspace.programs(false).display().to_string())
        .env("ZAIGANG_TAURI_DRIVER", setup::tauri_driver_path(workspace).display().to_string());
    tests.under(desktop)
}

fn test_home(workspace: &Workspace) -> std::path::PathBuf {
    workspace.target.join("test-home")
}

fn make_test_home(workspace: &Workspace) -> Result<()> {
    let home = test_home(workspace);
    if home.exists() {
        fs::remove_dir_all(&home).with_context(|| format!("emptying {}", home.display()))?;
    }
    for name in ["runtime", "data", "config", "cache"] {
        let folder = home.join(name);
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        made.with_context(|| format!("making {}", folder.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Vec<Step> {
        ["a", "b", "c"].map(|name| Step::task(name, |_| Ok(()))).into()
    }

    fn chosen(arguments: &[&str]) -> Result<Vec<&'static str>> {
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        Ok(Options::parse(&arguments)?.choose(three())?.iter().map(|step| step.name).collect())
    }

    #[test]
    fn steps_are_chosen_by_name() {
        assert_eq!(chosen(&[]).unwrap(), ["a", "b", "c"]);
        assert_eq!(chosen(&["--only", "c,a"]).unwrap(), ["a", "c"]);
        assert_eq!(chosen(&["--from", "b"]).unwrap(), ["b", "c"]);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        assert!(chosen(&["--only", "d"]).unwrap_err().to_string().contains("a, b, c"));
        assert!(chosen(&["--only"]).is_err());
        assert!(chosen(&["--quick"]).is_err());
    }
}
