//! Licences and origins of everything that is compiled in or bundled.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use super::licence::is_permissive;
use crate::metadata::Package;
use crate::steps::no_findings;
use crate::workspace::Workspace;

/// The only place crates may come from; each is pinned by its checksum in `Cargo.lock`.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Licences outside the allow-list that were looked at: (package, licence, why it is all right).
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("cssparser", "MPL-2.0", "used unmodified by tauri; the licence ends at its own files"),
    ("cssparser-macros", "MPL-2.0", "as cssparser"),
    ("dtoa-short", "MPL-2.0", "as cssparser"),
    ("option-ext", "MPL-2.0", "used unmodified by dirs; the licence ends at its own files"),
    ("selectors", "MPL-2.0", "as cssparser"),
    ("axe-core", "MPL-2.0", "used unmodified by the tests; not in what is shipped"),
];

/// Every crate and node package has a permissive licence and a known, checksummed origin.
pub(crate) fn licences(workspace: &Workspace) -> Result<()> {
    let mut findings: Vec<String> = workspace.metadata.packages().iter().flat_map(crate_findings).collect();
    findings.extend(lock_findings(&read(workspace, "Cargo.lock")?));
    let lock: Value = parse(workspace, "ui/package-lock.json")?;
    findings.extend(node_findings(&lock)?);
    findings.extend(node_lock_findings(&parse(workspace, "ui/package.json")?, &lock));
    no_findings(&findings)
}

fn read(workspace: &Workspace, name: &str) -> Result<String> {
    fs::read_to_string(workspace.root.join(name)).with_context(|| format!("reading {name}"))
}

fn parse(workspace: &Workspace, name: &str) -> Result<Value> {
    serde_json::from_str(&read(workspace, name)?).with_context(|| format!("reading {name}"))
}

fn is_allowed(name: &str, licence: &str) -> bool {
    is_permissive(licence)
        || EXCEPTIONS.iter().any(|(package, exact, _)| *package == name && *exact == licence)
}

fn crate_findings(package: &Package) -> Vec<String> {
    let mut findings = Vec::new();
    let (name, version) = (&package.name, &package.version);
    if !is_allowed(name, &package.licence) {
        findings.push(format!("{name} {version}: licence {:?} is not on the allow-list", package.licence));
    }
    if package.source.is_none() && !package.is_member {
        findings.push(format!("{name} {version}: a folder outside this workspace"));
    }
    findings
}

/// The lock file also names the crates of other platforms.
fn lock_findings(cargo_lock: &str) -> Vec<String> {
    let sources = cargo_lock.lines().filter_map(|line| line.strip_prefix("source = "));
    let foreign = sources.map(|source| source.trim_matches('"')).filter(|source| *source != REGISTRY);
    foreign.map(|source| format!("Cargo.lock: {source} is not the registry")).collect()
}

/// Node packages carry no address, so that npm uses whatever registry the machine is set to, and the checksum
/// decides.
fn node_findings(lock: &Value) -> Result<Vec<String>> {
    let packages =
        lock.get("packages").and_then(Value::as_object).context("package-lock.json without packages")?;
    let mut findings = Vec::new();
    for (path, package) in packages.iter().filter(|(path, _)| !path.is_empty()) {
        let text = |key: &str| package.get(key).and_then(Value::as_str);
        let name = path.rsplit("node_modules/").next().unwrap_or(path);
        let licence = text("license").unwrap_or_default();
        if !is_allowed(name, licence) {
            findings.push(format!("{name}: licence {licence:?} is not on the allow-list"));
        }
        if let Some(address) = text("resolved") {
            findings.push(format!("{name}: {address} (npm config set omit-lockfile-registry-resolved true)"));
        }
        if text("integrity").is_none() {
            findings.push(format!("{name}: no checksum in package-lock.json"));
        }
    }
    Ok(findings)
}

/// The lock file was written for this manifest.
fn node_lock_findings(manifest: &Value, lock: &Value) -> Vec<String> {
    let locked = lock.pointer("/packages/").unwrap_or(&Value::Null);
    let stale =
        ["dependencies", "devDependencies"].into_iter().filter(|key| manifest.get(key) != locked.get(key));
    stale
        .map(|key| format!("ui/package-lock.json: {key} are not those of package.json (npm install)"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_git_source_is_found_in_the_lock_file() {
        let lock =
            format!("source = \"{REGISTRY}\"\nsource = \"git+https://example.org/x#1\"\nname = \"x\"\n");
        assert_eq!(lock_findings(&lock), ["Cargo.lock: git+https://example.org/x#1 is not the registry"]);
    }

    #[test]
    fn an_exception_holds_for_its_own_licence_only() {
        assert!(is_allowed("selectors", "MPL-2.0"));
        assert!(!is_allowed("selectors", "GPL-3.0"));
        assert!(!is_allowed("another", "MPL-2.0"));
    }

    #[test]
    fn node_packages_need_licence_and_checksum_and_no_address() {
        let lock = r#"{"packages": {
            "": {"name": "ours"},
            "node_modules/good": {"license": "MIT", "integrity": "sha512-x"},
            "node_modules/a/node_modules/@b/bad": {"license": "GPL-3.0", "resolved": "https://example.org/bad.tgz"}
        }}"#;
        let findings = node_findings(&serde_json::from_str(lock).unwrap()).unwrap();
        assert_eq!(findings.len(), 3, "{findings:?}");
        assert!(findings.iter().all(|finding| finding.starts_with("@b/bad: ")), "{findings:?}");
    }

    #[test]
    fn a_lock_file_of_another_manifest_is_found() {
        let json = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
        let manifest = json(r#"{"dependencies": {"vue": "^3.5"}}"#);
        let lock = |version: &str| {
            json(&format!(r#"{{"packages": {{"": {{"dependencies": {{"vue": "{version}"}}}}}}}}"#))
        };
        assert!(node_lock_findings(&manifest, &lock("^3.5")).is_empty());
        assert_eq!(node_lock_findings(&manifest, &lock("^3.4")).len(), 1);
    }
}
