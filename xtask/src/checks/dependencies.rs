//! Direct dependencies: each is used, and each has its reason in `docs/DEPENDENCIES.md`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::metadata::Package;
use crate::steps::no_findings;
use crate::workspace::Workspace;

/// The page with the reasons.
const PAGE: &str = "docs/DEPENDENCIES.md";

/// Node packages that no source names, because a tool finds them by itself: (package, why).
const NODE_UNNAMED: &[(&str, &str)] = &[];

/// Compares manifests, sources and the page.
pub(crate) fn dependencies(workspace: &Workspace) -> Result<()> {
    let read =
        |name: &str| fs::read_to_string(workspace.root.join(name)).with_context(|| format!("reading {name}"));
    let members = workspace.metadata.members();
    let crates: BTreeSet<String> = members
        .iter()
        .flat_map(|member| &member.dependencies)
        .filter(|dependency| !dependency.is_path)
        .map(|dependency| dependency.name.clone())
        .collect();
    let manifest: Value =
        serde_json::from_str(&read("ui/package.json")?).context("reading ui/package.json")?;
    let shipped = node_dependencies(&manifest, "dependencies");
    let node: BTreeSet<String> =
        shipped.union(&node_dependencies(&manifest, "devDependencies")).cloned().collect();

    let page = read(PAGE)?;
    let mut findings = compare("Rust", &crates, &reasons(&page, "## Rust"));
    findings.extend(compare("UI", &node, &reasons(&page, "## UI")));
    for name in workspace_dependencies(&read("Cargo.toml")?) {
        if !crates.contains(&name) && !members.iter().any(|member| member.name == name) {
            findings.push(format!("Cargo.toml: no crate uses the shared version of {name}"));
        }
    }
    for member in &members {
        findings.extend(unused_crates(member)?);
    }
    findings.extend(unused_node(&workspace.ui(), &shipped)?);
    no_findings(&findings)
}

fn compare(what: &str, used: &BTreeSet<String>, explained: &BTreeSet<String>) -> Vec<String> {
    let without_reason =
        used.difference(explained).map(|name| format!("{PAGE}, {what}: no reason for {name}"));
    let without_use =
        explained.difference(used).map(|name| format!("{PAGE}, {what}: {name} is no dependency"));
    without_reason.chain(without_use).collect()
}

/// The names in the first column of the tables under a heading: ``| `name` | reason |``. A row without a
/// reason counts as no row.
fn reasons(page: &str, heading: &str) -> BTreeSet<String> {
    page.lines()
        .skip_while(|line| !line.starts_with(heading))
        .skip(1)
        .take_while(|line| !line.starts_with("## "))
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"))
        .filter(|(_, reason)| reason.chars().any(char::is_alphanumeric))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// The keys of `[workspace.dependencies]` that come from a registry. One line each, as they are written here.
fn workspace_dependencies(manifest: &str) -> Vec<String> {
    manifest
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with('#') && !line.contains("path ="))
        .filter_map(|line| line.split_once(" ="))
        .map(|(name, _)| name.trim().to_owned())
        .collect()
}

fn node_dependencies(manifest: &Value, key: &str) -> BTreeSet<String> {
    manifest.get(key).and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

/// Dependencies whose identifier begins no path in the crate's sources. A comment or a module of the same name
/// can fool it; a dependency forgotten in the manifest is found.
fn unused_crates(member: &Package) -> Result<Vec<String>> {
    let build = fs::read_to_string(member.folder.join("build.rs")).unwrap_or_default();
    let mut sources = String::new();
    for folder in ["src", "tests", "examples", "benches"] {
        gather(&member.folder.join(folder), &["rs"], &mut sources)?;
    }
    let is_used =
        |identifier: &str, is_build: bool| names_crate(if is_build { &build } else { &sources }, identifier);
    let unused = member.dependencies.iter().filter(|one| !is_used(&one.identifier, one.is_build));
    Ok(unused.map(|one| format!("{}: nothing uses {}", member.name, one.name)).collect())
}

fn unused_node(ui: &Path, shipped: &BTreeSet<String>) -> Result<Vec<String>> {
    let mut sources = fs::read_to_string(ui.join("vite.config.ts")).unwrap_or_default();
    gather(&ui.join("src"), &["ts", "vue", "css"], &mut sources)?;
    let is_named = |name: &str| {
        ['"', '\''].iter().any(|quote| {
            sources.contains(&format!("{quote}{name}{quote}")) || sources.contains(&format!("{quote}{name}/"))
        }) || NODE_UNNAMED.iter().any(|(package, _)| *package == name)
    };
    Ok(shipped.iter().filter(|name| !is_named(name)).map(|name| format!("ui: nothing uses {name}")).collect())
}

/// Appends every file below `folder` with one of the extensions; a folder that is not there is empty.
fn gather(folder: &Path, extensions: &[&str], sources: &mut String) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry.with_context(|| format!("listing {}", folder.display()))?.path();
        if path.is_dir() {
            gather(&path, extensions, sources)?;
        } else if path.extension().is_some_and(|found| extensions.iter().any(|wanted| found == *wanted)) {
            sources
                .push_str(&fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?);
        }
    }
    Ok(())
}

/// Whether `identifier::…` or `use identifier` stands in the text.
fn names_crate(text: &str, identifier: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    text.match_indices(identifier).any(|(start, _)| {
        let before = text.get(..start).unwrap_or_default();
        let after = text.get(start + identifier.len()..).unwrap_or_default();
        let begins = !before.ends_with(joins) || before.ends_with(" ::");
        begins && (after.starts_with("::") || (before.ends_with("use ") && !after.starts_with(joins)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_counts_as_used_only_where_it_begins_a_path() {
        let cases = [
            ("use serde::Serialize;", "serde", true),
            ("use serde_json::Value;", "serde", false),
            ("#[tokio::main]", "tokio", true),
            ("use age;", "age", true),
            ("use age as sealing;", "age", true),
            ("the age of a page", "age", false),
            ("use crate::age::seal;", "age", false),
            ("use agent;", "age", false),
            ("", "age", false),
        ];
        for (text, identifier, expected) in cases {
            assert_eq!(names_crate(text, identifier), expected, "{identifier} in {text}");
        }
    }

    #[test]
    fn the_page_and_the_manifests_are_compared_both_ways() {
        let page = "# D\n\n## Rust\n\n| crate | why |\n| --- | --- |\n| `a` | needed |\n| `b` | |\n| `z` | gone |\n\n## UI\n\n| `vue` | the UI |\n";
        let used = BTreeSet::from(["a".to_owned(), "b".to_owned()]);
        let findings = compare("Rust", &used, &reasons(page, "## Rust"));
        assert_eq!(findings.len(), 2, "{findings:?}");
        assert!(findings.iter().any(|finding| finding.ends_with("no reason for b")));
        assert!(findings.iter().any(|finding| finding.ends_with("z is no dependency")));
        assert_eq!(reasons(page, "## UI"), BTreeSet::from(["vue".to_owned()]));
    }

    #[test]
    fn shared_versions_are_read_from_the_root_manifest() {
        let manifest = "[workspace]\n\n[workspace.dependencies]\nours = { path = \"x\" }\n\n# why\nage = { version = \"1\" }\nanyhow = \"1\"\n\n[workspace.lints]\nother = 1\n";
        assert_eq!(workspace_dependencies(manifest), ["age", "anyhow"]);
    }
}
