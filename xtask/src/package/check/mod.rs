//! `cargo xtask package-check`: the packages, installed by dpkg in a clean root, work and keep what they hold.
//!
//! The clean root is a minimal Debian copied from this machine ([`root`]). All runs in namespaces of its own:
//! the machine's packages, users, ports and files are not touched, no network is there, and when the check ends
//! the kernel ends whatever it started. Stepping into a root needs to be root.

mod root;
mod site;
mod story;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use super::{empty, folder, pack, version};
use crate::invocation::{Invocation, on_path};
use crate::workspace::Workspace;

/// The task that this program starts itself with, inside the namespaces.
pub(crate) const INSIDE: &str = "package-check-inside";

/// What the caller typed after `package-check`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    debug: bool,
    previous: Option<PathBuf>,
}

impl Options {
    /// Reads `--debug` and `--previous FOLDER`.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--debug" => options.debug = true,
                "--previous" => {
                    options.previous = Some(words.next().context("--previous wants a folder")?.into());
                }
                _ => bail!("`cargo xtask package-check` does not know {word:?}"),
            }
        }
        Ok(options)
    }
}

/// The packages of one version.
#[derive(Debug, Clone)]
struct Pair {
    console: PathBuf,
    center: PathBuf,
}

/// Checks the packages of a release, or makes some of the debug programs and checks those. Without packages of
/// a real earlier version, the same programs under an earlier number are upgraded from.
pub(crate) fn check(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let release = !options.debug;
    let version = version(workspace)?;
    let current = folder(workspace, release);
    let scratch = workspace.target.join("packages/check");
    remove(workspace, &scratch)?;
    if options.debug {
        empty(&current)?;
        pack(workspace, release, &version, &current)?;
    }
    let previous = if let Some(folder) = &options.previous {
        folder.clone()
    } else {
        let folder = scratch.join("previous");
        empty(&folder)?;
        pack(workspace, release, &format!("{version}~previous"), &folder)?;
        folder
    };
    let (previous, current) = (pair(&previous)?, pair(&current)?);
    let root = scratch.join("root");
    // As built now: a step before may have built this very program anew under a running one.
    let program = workspace.programs(false).join("xtask");
    let call = Invocation::words("unshare --mount --net --ipc --uts --pid --fork --kill-child --mount-proc")
        .arg(program.display().to_string())
        .arg(INSIDE)
        .args(
            [&root, &previous.console, &previous.center, &current.console, &current.center]
                .map(|path| shown(path)),
        );
    as_root(workspace, call)?.run(&workspace.root)?;
    remove(workspace, &scratch)?;
    Ok(ExitCode::SUCCESS)
}

/// The step of `cargo xtask test`: the debug programs as they are built.
pub(crate) fn check_debug(workspace: &Workspace) -> Result<()> {
    check(workspace, &Options { debug: true, previous: None }).map(|_| ())
}

/// The part inside the namespaces: root, previous console, previous centre, console, centre.
pub(crate) fn check_inside(arguments: &[String]) -> Result<ExitCode> {
    let [root, old_console, old_center, console, center] = arguments else {
        bail!("{INSIDE} is not called by hand")
    };
    let previous = Pair { console: old_console.into(), center: old_center.into() };
    let current = Pair { console: console.into(), center: center.into() };
    let root = root::make(Path::new(root), &[&previous, &current])?;
    story::tell(&root, &previous, &current)?;
    Ok(ExitCode::SUCCESS)
}

/// Removes the folder of a check, also that of one which was cut short: what is in it belongs to root.
fn remove(workspace: &Workspace, scratch: &Path) -> Result<()> {
    let call = Invocation::words("rm --recursive --force --one-file-system").arg(shown(scratch));
    as_root(workspace, call)?.run(&workspace.root)
}

fn as_root(workspace: &Workspace, call: Invocation) -> Result<Invocation> {
    if Invocation::words("id -u").output(&workspace.root)?.trim() == "0" {
        return Ok(call);
    }
    if on_path("sudo").is_none() {
        bail!("installing packages in a clean root needs root, or sudo");
    }
    Ok(call.under(Invocation::words("sudo")))
}

/// The one package of each kind in a folder.
fn pair(folder: &Path) -> Result<Pair> {
    let mut files = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("{} (cargo xtask package)", folder.display()))?
    {
        files.push(entry.with_context(|| format!("listing {}", folder.display()))?.path());
    }
    let one = |prefix: &str| {
        let is_it = |file: &&PathBuf| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(prefix) && name.ends_with(".deb")
        };
        let mut found = files.iter().filter(is_it);
        match (found.next(), found.next()) {
            (Some(file), None) => Ok(file.clone()),
            (first, _) => {
                let number = if first.is_some() { "more than one" } else { "no" };
                bail!("{}: {number} {prefix}*.deb (cargo xtask package)", folder.display())
            }
        }
    };
    Ok(Pair { console: one("zaigang_")?, center: one("zaigang-center_")? })
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_known_or_named() {
        let parse =
            |words: &[&str]| Options::parse(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        let expected = Options { debug: true, previous: Some("old".into()) };
        assert_eq!(parse(&["--debug", "--previous", "old"]).unwrap(), expected);
        assert!(parse(&["--previous"]).is_err());
        assert!(parse(&["--keep"]).is_err());
    }

    #[test]
    fn there_is_one_package_of_each_kind() {
        let folder = std::env::temp_dir().join(format!("xtask-pair-{}", std::process::id()));
        empty(&folder).unwrap();
        fs::write(folder.join("zaigang_1_amd64.deb"), "").unwrap();
        assert!(pair(&folder).unwrap_err().to_string().contains("no zaigang-center_"));
        fs::write(folder.join("zaigang-center_1_amd64.deb"), "").unwrap();
        assert!(pair(&folder).unwrap().console.ends_with("zaigang_1_amd64.deb"));
        fs::write(folder.join("zaigang_2_amd64.deb"), "").unwrap();
        assert!(pair(&folder).unwrap_err().to_string().contains("more than one zaigang_"));
        fs::remove_dir_all(folder).unwrap();
    }
}
