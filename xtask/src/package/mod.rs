//! `cargo xtask package`: what an administrator is handed, in `target/packages/release` (or `debug`).
//!
//! Two Debian packages, on demand the command line as one file for older systems, a list of all that is inside
//! (CycloneDX) and the SHA-256 of each file. The packages are put together by dpkg's own tools; why, stands in
//! `docs/decisions/0010-packages.md`.

mod archive;
mod check;
mod compat;
mod content;
mod notices;
mod sbom;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::invocation::Invocation;
use crate::run::build_ui;
use crate::setup;
use crate::workspace::Workspace;

pub(crate) use check::{INSIDE, Options as CheckOptions, check, check_debug, check_inside};

/// The programs that are shipped, and the crate of each.
const PROGRAMS: &[&str] = &["zaigang", "zaigangctl", "zaigang-center"];
const MEMBERS: &[&str] = &["zaigang", "zaigang-ctl", "zaigang-center"];

/// What the caller typed after `package`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    debug: bool,
    compat: bool,
}

impl Options {
    /// Reads `--debug` and `--compat`.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        for word in arguments {
            match word.as_str() {
                "--debug" => options.debug = true,
                "--compat" => options.compat = true,
                _ => bail!("`cargo xtask package` does not know {word:?}"),
            }
        }
        Ok(options)
    }
}

/// Builds the programs and packs them.
pub(crate) fn package(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    setup::setup(workspace, setup::Need::Run)?;
    build_ui(workspace)?;
    build(workspace, !options.debug)?;
    let folder = folder(workspace, !options.debug);
    empty(&folder)?;
    let version = version(workspace)?;
    pack(workspace, !options.debug, &version, &folder)?;
    if options.compat {
        compat::build(workspace, !options.debug, &version, &folder)?;
    }
    let bill = folder.join(format!("zaigang-{version}.cdx.json"));
    let text = sbom::write(workspace, &bundle(workspace), &version)?;
    fs::write(&bill, text).with_context(|| format!("writing {}", bill.display()))?;
    write_sums(&folder)?;
    println!("packages: {}", folder.display());
    Ok(ExitCode::SUCCESS)
}

/// Packs both packages of already built programs under a version number; gives their files.
fn pack(workspace: &Workspace, release: bool, version: &str, folder: &Path) -> Result<Vec<PathBuf>> {
    let notices = notices::gather(workspace, &bundle(workspace))?;
    let programs = workspace.programs(release);
    let contents = [content::console(workspace), content::center(workspace)];
    contents
        .iter()
        .map(|content| archive::build(workspace, content, &programs, &notices, version, release, folder))
        .collect()
}

/// What the packages hold.
fn bundle(workspace: &Workspace) -> sbom::Bundle<'_> {
    sbom::Bundle { name: "zaigang", metadata: &workspace.metadata, members: MEMBERS }
}

/// Builds only what is shipped, so that no other member's features get in.
fn build(workspace: &Workspace, release: bool) -> Result<()> {
    let call = Invocation::words("cargo build --locked");
    let call = MEMBERS.iter().fold(call, |call, member| call.args(["--package", member]));
    let call = PROGRAMS.iter().fold(call, |call, program| call.args(["--bin", program]));
    let call = if release { call.arg("--release") } else { call };
    call.run(&workspace.root)
}

/// Where the packages of a profile lie.
fn folder(workspace: &Workspace, release: bool) -> PathBuf {
    workspace.target.join("packages").join(if release { "release" } else { "debug" })
}

/// The version of this checkout.
fn version(workspace: &Workspace) -> Result<String> {
    let members = workspace.metadata.members();
    let shell = members.iter().find(|member| member.name == "zaigang").context("no crate zaigang")?;
    Ok(shell.version.clone())
}

/// `SHA256SUMS` of all files beside it, as `sha256sum --check` reads it.
fn write_sums(folder: &Path) -> Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let entry = entry.with_context(|| format!("listing {}", folder.display()))?;
        if entry.path().is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    let call = Invocation::words("sha256sum --").args(names);
    let file = folder.join("SHA256SUMS");
    fs::write(&file, call.output(folder)?).with_context(|| format!("writing {}", file.display()))
}

/// An empty folder, whatever was there.
fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("emptying {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_known_or_named() {
        let parse =
            |words: &[&str]| Options::parse(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        assert_eq!(parse(&["--compat"]).unwrap(), Options { debug: false, compat: true });
        assert_eq!(parse(&["--debug"]).unwrap(), Options { debug: true, compat: false });
        assert!(parse(&["--rpm"]).unwrap_err().to_string().contains("--rpm"));
    }

    #[test]
    fn sums_cover_every_file_and_can_be_checked() {
        let folder = std::env::temp_dir().join(format!("xtask-sums-{}", std::process::id()));
        empty(&folder).unwrap();
        fs::write(folder.join("b.deb"), "b").unwrap();
        fs::write(folder.join("a.deb"), "a").unwrap();
        write_sums(&folder).unwrap();
        let sums = fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
        let names: Vec<&str> = sums.lines().filter_map(|line| line.split_whitespace().last()).collect();
        assert_eq!(names, ["a.deb", "b.deb"]);
        let check = Invocation::words("sha256sum --check --strict SHA256SUMS");
        check.output(&folder).unwrap();
        fs::write(folder.join("a.deb"), "changed").unwrap();
        assert!(check.output(&folder).is_err());
        fs::remove_dir_all(folder).unwrap();
    }
}
