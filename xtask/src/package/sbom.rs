//! The list of all that is inside, as CycloneDX 1.6 JSON (ECMA-424): crates from cargo's own answer with their
//! checksums in `Cargo.lock`, node packages that the UI bundles from `package-lock.json`.
//!
//! Written here and not by cargo-cyclonedx, which writes one file a crate, knows no node packages, and would be
//! one more program to build. Two builds of one commit give the same bytes: no time and no random number is in
//! it.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use base64::Engine as _;
use serde_json::{Value, json};

use crate::metadata::{Metadata, Part};
use crate::workspace::Workspace;

/// Crates that only a build script uses, but whose C sources end up in the program.
const SOURCES_OF_BUILD_SCRIPTS: &[&str] = &["openssl-src"];

/// Programs that are handed over together.
pub(super) struct Bundle<'a> {
    /// Name of the whole.
    pub(super) name: &'a str,
    /// Cargo's answer for the features they are built with.
    pub(super) metadata: &'a Metadata,
    /// Their crates.
    pub(super) members: &'a [&'a str],
}

/// A node package inside the UI.
pub(super) struct NodePackage {
    /// Its folder, from `ui`.
    pub(super) path: String,
    /// Its name, with its scope.
    pub(super) name: String,
    /// Its version.
    pub(super) version: String,
    licence: String,
    /// `sha512-…` in base64.
    integrity: String,
}

/// The document.
pub(super) fn write(workspace: &Workspace, bundle: &Bundle<'_>, version: &str) -> Result<String> {
    let lock = workspace.root.join("Cargo.lock");
    let lock = fs::read_to_string(&lock).with_context(|| format!("reading {}", lock.display()))?;
    let checksums = crate_checksums(&lock);
    let parts = bundle.metadata.behind(bundle.members);
    let node = bundled_node_packages(workspace)?;
    let mut components: Vec<Value> = parts.iter().map(|part| crate_component(part, &checksums)).collect();
    for package in &node {
        components.push(node_component(package)?);
    }
    let document = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": {
            "type": "application", "bom-ref": bundle.name, "name": bundle.name, "version": version,
            "licenses": [{ "expression": "Apache-2.0" }],
        } },
        "components": components,
        "dependencies": dependencies(bundle, &parts, &node),
    });
    Ok(serde_json::to_string_pretty(&document).context("writing the list of components")? + "\n")
}

/// The packages of the lock file that are not for development alone.
pub(super) fn bundled_node_packages(workspace: &Workspace) -> Result<Vec<NodePackage>> {
    let file = workspace.ui().join("package-lock.json");
    let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    let lock = serde_json::from_str(&text).with_context(|| format!("reading {}", file.display()))?;
    node_packages(&lock)
}

fn node_packages(lock: &Value) -> Result<Vec<NodePackage>> {
    let packages =
        lock.get("packages").and_then(Value::as_object).context("package-lock.json without packages")?;
    let is_bundled =
        |package: &Value| ["dev", "devOptional", "optional"].iter().all(|key| package.get(key).is_none());
    packages
        .iter()
        .filter(|(path, package)| !path.is_empty() && is_bundled(package))
        .map(|(path, package)| {
            let text = |key: &str| {
                let value = package.get(key).and_then(Value::as_str).map(str::to_owned);
                value.with_context(|| format!("package-lock.json: {path} without {key}"))
            };
            let name = path.rsplit("node_modules/").next().unwrap_or(path).to_owned();
            let (path, version) = (path.clone(), text("version")?);
            Ok(NodePackage { path, name, version, licence: text("license")?, integrity: text("integrity")? })
        })
        .collect()
}

/// Whether code of it can be in the program.
pub(super) fn is_inside(part: &Part) -> bool {
    part.is_compiled_in || SOURCES_OF_BUILD_SCRIPTS.contains(&part.package.name.as_str())
}

fn crate_component(part: &Part, checksums: &BTreeMap<(String, String), String>) -> Value {
    let package = &part.package;
    let mut component = json!({
        "type": "library",
        "bom-ref": crate_address(&package.name, &package.version),
        "name": package.name,
        "version": package.version,
        "scope": if is_inside(part) { "required" } else { "excluded" },
        "licenses": [{ "expression": package.licence.replace('/', " OR ") }],
        "purl": crate_address(&package.name, &package.version),
    });
    if let (Some(checksum), Some(fields)) = (checksums.get(&package.key()), component.as_object_mut()) {
        fields.insert("hashes".to_owned(), json!([{ "alg": "SHA-256", "content": checksum }]));
    }
    component
}

fn node_component(package: &NodePackage) -> Result<Value> {
    let (name, version) = (&package.name, &package.version);
    let digest = package.integrity.strip_prefix("sha512-").with_context(|| format!("{name}: no SHA-512"))?;
    let digest = base64::engine::general_purpose::STANDARD.decode(digest);
    let digest = digest.with_context(|| format!("{name}: reading its checksum"))?;
    let content: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(json!({
        "type": "library",
        "bom-ref": node_address(name, version),
        "name": name,
        "version": version,
        "scope": "required",
        "licenses": [{ "expression": package.licence }],
        "purl": node_address(name, version),
        "hashes": [{ "alg": "SHA-512", "content": content }],
    }))
}

/// Which crate needs which; the node packages all lie in the UI, which the programs carry.
fn dependencies(bundle: &Bundle<'_>, parts: &[Part], node: &[NodePackage]) -> Vec<Value> {
    let members = parts.iter().filter(|part| bundle.members.contains(&part.package.name.as_str()));
    let own = members.map(|part| crate_address(&part.package.name, &part.package.version));
    let of_ui = node.iter().map(|package| node_address(&package.name, &package.version));
    let whole = json!({ "ref": bundle.name, "dependsOn": own.chain(of_ui).collect::<Vec<_>>() });
    let crates = parts.iter().map(|part| {
        let needs: Vec<String> =
            part.needs.iter().map(|(name, version)| crate_address(name, version)).collect();
        json!({ "ref": crate_address(&part.package.name, &part.package.version), "dependsOn": needs })
    });
    std::iter::once(whole).chain(crates).collect()
}

/// Package URL, see the purl specification's type `cargo`.
fn crate_address(name: &str, version: &str) -> String {
    format!("pkg:cargo/{name}@{}", version.replace('+', "%2B"))
}

/// Package URL of type `npm`: the `@` of a scope is escaped.
fn node_address(name: &str, version: &str) -> String {
    format!("pkg:npm/{}@{version}", name.replace('@', "%40"))
}

/// Checksums by name and version. The lock file writes the three lines of a package one after another.
fn crate_checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let (mut name, mut version, mut checksums) = (String::new(), String::new(), BTreeMap::new());
    for line in lock.lines() {
        let Some((key, value)) = line.split_once(" = ") else { continue };
        let value = value.trim_matches('"').to_owned();
        match key {
            "name" => name = value,
            "version" => version = value,
            "checksum" => drop(checksums.insert((name.clone(), version.clone()), value)),
            _ => {}
        }
    }
    checksums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_belong_to_name_and_version() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1\"\nchecksum = \"x\"\n\n[[package]]\nname = \"a\"\nversion = \"2\"\nchecksum = \"y\"\n\n[[package]]\nname = \"ours\"\nversion = \"0\"\n";
        let checksums = crate_checksums(lock);
        assert_eq!(checksums.len(), 2);
        assert_eq!(checksums[&("a".to_owned(), "2".to_owned())], "y");
    }

    #[test]
    fn node_packages_for_development_stay_out_and_scopes_are_escaped() {
        let lock = json!({ "packages": {
            "": {"name": "ui"},
            "node_modules/@vue/shared": {"version": "3.5.0", "license": "MIT", "integrity": "sha512-AAE="},
            "node_modules/vite": {"version": "7.0.0", "license": "MIT", "integrity": "sha512-AAE=", "dev": true},
        }});
        let found = node_packages(&lock).unwrap();
        let [shared] = &found[..] else { panic!("one is bundled, {} found", found.len()) };
        let component = node_component(shared).unwrap();
        assert_eq!(component["purl"], "pkg:npm/%40vue/shared@3.5.0");
        assert_eq!(component["hashes"][0]["content"], "0001");
        let broken = json!({ "packages": { "node_modules/x": {"version": "1", "license": "MIT"} } });
        assert!(node_packages(&broken).is_err(), "no checksum, no entry");
    }
}
