//! `cargo xtask run`: a centre and an enrolled console with demo data, until Ctrl+C.
//!
//! A second call in another terminal, with another `--as`, finds the centre running and starts only its own
//! console: so two people's work can be watched side by side.

pub(crate) mod children;
mod demo;
mod programs;

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::invocation::Invocation;
use crate::setup;
use crate::workspace::Workspace;
use children::Child;
use demo::Demo;
use programs::Programs;

/// How long a centre may take to open its port; it opens a small store in well under a second.
const START_LIMIT: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(100);

/// What the caller typed after `run`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    role: String,
    fresh: bool,
    web: bool,
    release: bool,
}

impl Options {
    /// Reads `--as ROLE`, `--fresh`, `--web` and `--release`.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self { role: "engineer".to_owned(), fresh: false, web: false, release: false };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--as" => options.role = words.next().context("--as wants a role")?.clone(),
                "--fresh" => options.fresh = true,
                "--web" => options.web = true,
                "--release" => options.release = true,
                _ => bail!("`cargo xtask run` does not know {word:?}"),
            }
        }
        if !demo::ROLES.contains(&options.role.as_str()) {
            bail!("--as is one of {}, not {:?}", demo::ROLES.join(", "), options.role);
        }
        Ok(options)
    }
}

/// Sets up, builds, starts, waits for the console to end, ends the centre.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    setup::setup(workspace, setup::Need::Run)?;
    build_ui(workspace)?;
    let programs = Programs::build(workspace, options.release)?;

    let folder = workspace.root.join("run");
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let lock = fs::File::create(folder.join("center.lock")).context("making run/center.lock")?;
    let center_runs = lock.try_lock().is_err();
    if center_runs && options.fresh {
        bail!("a centre is running on run/; end it before --fresh");
    }
    let demo = if center_runs {
        Demo::open(&folder)?
    } else {
        Demo::prepare(workspace, &programs, &folder, options.fresh)?
    };
    let mut center = if center_runs { None } else { Some(start_center(workspace, &programs, &demo)?) };

    print!("{}", demo.accounts_table()?);
    println!("centre: https://{}   data: {}   Ctrl+C ends everything\n", demo.listen(), folder.display());

    let console_folder = demo.console(&options.role);
    let console = if options.web || !has_display() {
        programs.web_console(&console_folder)
    } else {
        programs.window(&console_folder)
    };
    let mut console = Child::start(&console, &workspace.root)?;
    let outcome = wait(&mut console, center.as_mut());
    console.end();
    if let Some(center) = center {
        center.end();
    }
    outcome
}

/// Until the console ends, which ends the task, or the centre does, which is an error.
fn wait(console: &mut Child, mut center: Option<&mut Child>) -> Result<ExitCode> {
    loop {
        if let Some(status) = console.ended()? {
            return Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        if let Some(status) = center.as_mut().map(|center| center.ended()).transpose()?.flatten() {
            bail!("the centre ended with {status}");
        }
        std::thread::sleep(POLL);
    }
}

fn start_center(workspace: &Workspace, programs: &Programs, demo: &Demo) -> Result<Child> {
    let mut center = Child::start(&programs.center(&demo.center(), demo.listen()), &workspace.root)?;
    let began = Instant::now();
    while TcpStream::connect_timeout(&demo.listen(), POLL).is_err() {
        if let Some(status) = center.ended()? {
            bail!("the centre ended with {status} before it answered");
        }
        if began.elapsed() > START_LIMIT {
            center.end();
            bail!("the centre did not answer on {} within {} s", demo.listen(), START_LIMIT.as_secs());
        }
        std::thread::sleep(POLL);
    }
    Ok(center)
}

/// Builds `ui/dist` when a source is newer than it.
pub(crate) fn build_ui(workspace: &Workspace) -> Result<()> {
    let ui = workspace.ui();
    let built = ui.join("dist/index.html");
    let sources = ["src", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts"];
    if sources.iter().any(|name| has_newer(&ui.join(name), &built)) {
        Invocation::words("npm run --silent build").inside("ui").run(&workspace.root)?;
    }
    Ok(())
}

fn has_newer(source: &Path, made: &Path) -> bool {
    if !source.exists() {
        return false;
    }
    // A folder's own time changes when a file in it is removed.
    setup::is_newer(source, made).unwrap_or(true)
        || fs::read_dir(source)
            .is_ok_and(|entries| entries.flatten().any(|entry| has_newer(&entry.path(), made)))
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn is_free(address: SocketAddr) -> bool {
    TcpListener::bind(address).is_ok()
}

/// A port nobody listens on now.
fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("looking for a free port")?;
    listener.local_addr().context("asking for the free port")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Options> {
        Options::parse(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn the_engineer_is_shown_unless_another_role_is_named() {
        assert_eq!(parse(&[]).unwrap().role, "engineer");
        let options = parse(&["--as", "supervisor", "--web", "--fresh"]).unwrap();
        assert_eq!(options, Options { role: "supervisor".into(), fresh: true, web: true, release: false });
    }

    #[test]
    fn an_unknown_role_is_named_with_the_known_ones() {
        assert!(parse(&["--as", "auditor"]).unwrap_err().to_string().contains("dispatcher"));
        assert!(parse(&["--as"]).is_err());
    }

    #[test]
    fn a_port_in_use_is_not_free() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        assert!(!is_free(listener.local_addr().unwrap()));
    }
}
