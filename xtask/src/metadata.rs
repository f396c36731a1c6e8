//! What `cargo metadata` says about this workspace, as far as the checks need it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::invocation::Invocation;

/// The platform whose dependencies are looked at: the one that is shipped and tested.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// The parsed answer.
pub(crate) struct Metadata(Value);

/// One package, ours or not.
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// SPDX expression, empty when the package states none.
    pub(crate) licence: String,
    /// `None` for a folder of this checkout.
    pub(crate) source: Option<String>,
    /// Folder of its `Cargo.toml`.
    pub(crate) folder: PathBuf,
    /// What its `Cargo.toml` names.
    pub(crate) dependencies: Vec<Dependency>,
    /// Whether it is a member of this workspace.
    pub(crate) is_member: bool,
}

/// One line of a package's dependency tables.
pub(crate) struct Dependency {
    /// Name in the registry.
    pub(crate) name: String,
    /// Name in the sources: the rename if there is one, with underscores.
    pub(crate) identifier: String,
    /// Whether only `build.rs` can use it.
    pub(crate) is_build: bool,
    /// Whether it is a folder of this checkout.
    pub(crate) is_path: bool,
}

impl Metadata {
    /// Asks cargo, with `--locked`.
    pub(crate) fn ask(root: &Path) -> Result<Self> {
        Self::ask_with(root, &[])
    }

    /// Asks cargo with features (`crate/feature`) besides the default ones.
    pub(crate) fn ask_with(root: &Path, features: &[&str]) -> Result<Self> {
        let call =
            Invocation::words("cargo metadata --format-version 1 --locked --filter-platform").arg(PLATFORM);
        let call = features.iter().fold(call, |call, feature| call.args(["--features", feature]));
        Self::parse(&call.output(root)?)
    }

    fn parse(json: &str) -> Result<Self> {
        serde_json::from_str(json).map(Self).context("reading the answer of cargo metadata")
    }

    /// Cargo's target folder.
    pub(crate) fn target_directory(&self) -> Result<PathBuf> {
        let folder = self.0.get("target_directory").and_then(Value::as_str);
        folder.map(PathBuf::from).context("cargo metadata names no target folder")
    }

    /// All packages of [`PLATFORM`]'s dependency graph.
    pub(crate) fn packages(&self) -> Vec<Package> {
        let members: BTreeSet<&str> = list(&self.0, "workspace_members").filter_map(Value::as_str).collect();
        let resolved = self.0.get("resolve").unwrap_or(&Value::Null);
        let used: BTreeSet<&str> = list(resolved, "nodes").map(|node| text(node, "id")).collect();
        list(&self.0, "packages")
            .filter(|package| used.contains(text(package, "id")))
            .map(|package| Package::read(package, members.contains(text(package, "id"))))
            .collect()
    }

    /// What takes part in building these members, themselves included, sorted by name and version.
    pub(crate) fn behind(&self, members: &[&str]) -> Vec<Part> {
        let resolved = self.0.get("resolve").unwrap_or(&Value::Null);
        let nodes: BTreeMap<&str, &Value> =
            list(resolved, "nodes").map(|node| (text(node, "id"), node)).collect();
        let packages: BTreeMap<&str, &Value> =
            list(&self.0, "packages").map(|package| (text(package, "id"), package)).collect();
        let own: BTreeSet<&str> = list(&self.0, "workspace_members").filter_map(Value::as_str).collect();
        let is_root = |id: &&str| {
            own.contains(id)
                && packages.get(id).is_some_and(|package| members.contains(&text(package, "name")))
        };
        let roots: Vec<&str> = nodes.keys().copied().filter(is_root).collect();
        let compiled = reached(&nodes, &roots, &["normal"]);
        let all = reached(&nodes, &roots, &["normal", "build"]);
        let mut parts: Vec<Part> = all
            .iter()
            .filter_map(|id| {
                Some(Part {
                    package: Package::read(packages.get(id)?, own.contains(id)),
                    is_compiled_in: compiled.contains(id),
                    needs: needs(nodes.get(id)?, &["normal", "build"])
                        .filter_map(|id| packages.get(id))
                        .map(|package| {
                            (text(package, "name").to_owned(), text(package, "version").to_owned())
                        })
                        .collect(),
                })
            })
            .collect();
        parts.sort_by_key(|part| part.package.key());
        parts
    }

    /// The crates of this workspace.
    pub(crate) fn members(&self) -> Vec<Package> {
        self.packages().into_iter().filter(|package| package.is_member).collect()
    }
}

/// A package and its part in a program.
pub(crate) struct Part {
    /// The package.
    pub(crate) package: Package,
    /// Whether its code can be in the program; else only a build script uses it.
    pub(crate) is_compiled_in: bool,
    /// Name and version of the packages it needs for that.
    pub(crate) needs: BTreeSet<(String, String)>,
}

/// All nodes reached from some over dependencies of the given kinds.
fn reached<'a>(nodes: &BTreeMap<&'a str, &'a Value>, from: &[&'a str], kinds: &[&str]) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = from.to_vec();
    while let Some(id) = open.pop() {
        if found.insert(id)
            && let Some(node) = nodes.get(id)
        {
            open.extend(needs(node, kinds));
        }
    }
    found
}

/// The packages a node needs for one of the kinds; cargo writes the kind `normal` as null.
fn needs<'a>(node: &'a Value, kinds: &[&str]) -> impl Iterator<Item = &'a str> {
    list(node, "deps")
        .filter(|one| {
            list(one, "dep_kinds")
                .any(|kind| kinds.contains(&kind.get("kind").and_then(Value::as_str).unwrap_or("normal")))
        })
        .map(|one| text(one, "pkg"))
}

impl Package {
    /// Name and version.
    pub(crate) fn key(&self) -> (String, String) {
        (self.name.clone(), self.version.clone())
    }

    fn read(package: &Value, is_member: bool) -> Self {
        Self {
            name: text(package, "name").to_owned(),
            version: text(package, "version").to_owned(),
            licence: text(package, "license").to_owned(),
            source: package.get("source").and_then(Value::as_str).map(str::to_owned),
            folder: Path::new(text(package, "manifest_path")).parent().unwrap_or(Path::new("")).to_owned(),
            dependencies: list(package, "dependencies").map(Dependency::read).collect(),
            is_member,
        }
    }
}

impl Dependency {
    fn read(dependency: &Value) -> Self {
        let name = text(dependency, "name");
        let rename = dependency.get("rename").and_then(Value::as_str);
        Self {
            name: name.to_owned(),
            identifier: rename.unwrap_or(name).replace('-', "_"),
            is_build: text(dependency, "kind") == "build",
            is_path: dependency.get("path").is_some_and(Value::is_string),
        }
    }
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_tests_or_build_scripts_use_is_told_apart() {
        let json = r#"{
            "workspace_members": ["shell", "tests"],
            "resolve": {"nodes": [
                {"id": "shell", "deps": [
                    {"pkg": "core", "dep_kinds": [{"kind": null}]},
                    {"pkg": "cc", "dep_kinds": [{"kind": "build"}]},
                    {"pkg": "proptest", "dep_kinds": [{"kind": "dev"}]}]},
                {"id": "core", "deps": []},
                {"id": "cc", "deps": [{"pkg": "shlex", "dep_kinds": [{"kind": null}]}]},
                {"id": "shlex", "deps": []},
                {"id": "tests", "deps": [{"pkg": "proptest", "dep_kinds": [{"kind": null}]}]},
                {"id": "proptest", "deps": []}]},
            "packages": [
                {"id": "shell", "name": "shell", "version": "1"}, {"id": "core", "name": "core", "version": "1"},
                {"id": "cc", "name": "cc", "version": "1"}, {"id": "shlex", "name": "shlex", "version": "1"},
                {"id": "tests", "name": "tests", "version": "1"},
                {"id": "proptest", "name": "proptest", "version": "1"}]}"#;
        let parts = Metadata::parse(json).unwrap().behind(&["shell"]);
        let seen: Vec<_> =
            parts.iter().map(|part| (part.package.name.as_str(), part.is_compiled_in)).collect();
        assert_eq!(seen, [("cc", false), ("core", true), ("shell", true), ("shlex", false)]);
        let shell = parts.iter().find(|part| part.package.name == "shell").unwrap();
        assert_eq!(shell.needs.len(), 2, "{:?}", shell.needs);
    }

    #[test]
    fn reads_members_dependencies_and_leaves_out_other_platforms() {
        let json = r#"{
            "target_directory": "/t",
            "workspace_members": ["ours"],
            "resolve": {"nodes": [{"id": "ours"}, {"id": "theirs"}]},
            "packages": [
                {"id": "ours", "name": "ours", "version": "0.1.0", "license": "Apache-2.0", "source": null,
                 "manifest_path": "/r/ours/Cargo.toml", "dependencies": [
                    {"name": "ts-rs", "kind": null, "rename": null},
                    {"name": "tauri-build", "kind": "build", "rename": "shell-build"},
                    {"name": "domain", "kind": null, "path": "/r/domain"}]},
                {"id": "theirs", "name": "theirs", "version": "1.0.0", "license": "MIT", "source": "registry+x",
                 "manifest_path": "/c/theirs/Cargo.toml", "dependencies": []},
                {"id": "for-windows", "name": "windows", "manifest_path": "", "dependencies": []}
            ]}"#;
        let metadata = Metadata::parse(json).unwrap();
        assert_eq!(metadata.packages().len(), 2);
        let [ours] = &metadata.members()[..] else { panic!("one member") };
        assert_eq!(ours.folder, Path::new("/r/ours"));
        let seen: Vec<_> =
            ours.dependencies.iter().map(|d| (d.identifier.as_str(), d.is_build, d.is_path)).collect();
        assert_eq!(seen, [("ts_rs", false, false), ("shell_build", true, false), ("domain", false, true)]);
    }
}
