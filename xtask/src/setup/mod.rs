//! What a machine needs before it can build, run or test: system packages, Node, node packages, tauri-driver.

mod packages;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::invocation::{Invocation, on_path};
use crate::workspace::Workspace;

pub(crate) use packages::{Need, packages};

/// The oldest Node that vite 7 runs on.
const NODE_OLDEST: (u32, u32) = (20, 19);

/// Speaks WebDriver to the built window.
const TAURI_DRIVER_VERSION: &str = "2.1.0";

/// Everything at once.
pub(crate) fn setup(workspace: &Workspace, need: Need) -> Result<()> {
    packages(workspace, need)?;
    node_packages(workspace)?;
    if need == Need::Test {
        tauri_driver(workspace)?;
    }
    Ok(())
}

/// Installs what the lock file names when it is newer than what was installed last.
///
/// Not `npm ci`: it refuses a lock file without the optional packages of other platforms, and npm writes such a
/// lock file wherever the registry does not offer them. `--no-save` keeps to the locked versions and checksums
/// and leaves the lock file alone; that it fits `package.json` is checked with the licences.
pub(crate) fn node_packages(workspace: &Workspace) -> Result<()> {
    let version = Invocation::words("node --version").capture(&workspace.root).unwrap_or_default();
    let (major, minor) = NODE_OLDEST;
    if node_version(&version).is_none_or(|found| found < NODE_OLDEST) || on_path("npm").is_none() {
        let found = if version.is_empty() { "none" } else { version.trim() };
        bail!("Node {major}.{minor} or later with npm is needed, {found} found; install it and start again");
    }
    let installed = workspace.ui().join("node_modules/.package-lock.json");
    if is_newer(&workspace.ui().join("package-lock.json"), &installed)? {
        Invocation::words("npm install --no-save --no-audit --no-fund").inside("ui").run(&workspace.root)?;
    }
    Ok(())
}

/// Builds tauri-driver into the target folder unless that version is there.
pub(crate) fn tauri_driver(workspace: &Workspace) -> Result<()> {
    let installed = fs::read_to_string(workspace.tools().join(".crates.toml")).unwrap_or_default();
    if names_tauri_driver(&installed) && tauri_driver_path(workspace).is_file() {
        return Ok(());
    }
    Invocation::words("cargo install --locked --quiet tauri-driver --version")
        .arg(TAURI_DRIVER_VERSION)
        .arg("--root")
        .arg(workspace.tools().display().to_string())
        .run(&workspace.root)
}

/// Where [`tauri_driver`] puts it.
pub(crate) fn tauri_driver_path(workspace: &Workspace) -> PathBuf {
    workspace.tools().join("bin/tauri-driver")
}

/// Whether `made` is missing or older than `source`.
pub(crate) fn is_newer(source: &Path, made: &Path) -> Result<bool> {
    let Ok(made) = fs::metadata(made) else { return Ok(true) };
    let source_time = fs::metadata(source).and_then(|file| file.modified());
    let source_time = source_time.with_context(|| format!("looking at {}", source.display()))?;
    Ok(source_time > made.modified().context("reading the time of a file")?)
}

fn names_tauri_driver(crates_toml: &str) -> bool {
    crates_toml.contains(&format!("\"tauri-driver {TAURI_DRIVER_VERSION} "))
}

/// `v20.19.2` → (20, 19).
fn node_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_node_is_compared_as_numbers() {
        assert_eq!(node_version("v20.19.2\n"), Some((20, 19)));
        assert!(node_version("v20.9.0").unwrap() < NODE_OLDEST);
        assert!(node_version("v22.1.0").unwrap() > NODE_OLDEST);
        assert_eq!(node_version("not found"), None);
    }

    #[test]
    fn only_the_wanted_tauri_driver_counts() {
        let line =
            |version: &str| format!("[v1]\n\"tauri-driver {version} (registry+x)\" = [\"tauri-driver\"]\n");
        assert!(names_tauri_driver(&line(TAURI_DRIVER_VERSION)));
        assert!(!names_tauri_driver(&line("2.0.9")));
    }
}
