//! Words that must not stand in a tracked file: one machine's paths, a registry of one's own, unfinished or
//! switched-off work.

use std::fs;

use anyhow::{Context, Result};

use crate::invocation::Invocation;
use crate::steps::no_findings;
use crate::workspace::Workspace;

/// Folders that exist on one machine only. Written in two halves, or this file would be a finding.
const MACHINE_FOLDERS: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];

/// Work that is not finished, in any language.
const UNFINISHED: &[&str] = &[concat!("to", "do!("), concat!("unimple", "mented!("), concat!("FIX", "ME")];

/// Tests that are switched off, by the ending of the file's name.
const SWITCHED_OFF: &[(&str, &[&str])] = &[
    (".rs", &[concat!("#[ig", "nore")]),
    (
        ".ts",
        &["it.only(", "it.skip(", "it.todo(", "test.only(", "test.skip(", "describe.only(", "describe.skip("],
    ),
];

/// Settings by which a checkout would choose where packages come from, by the file's name.
const OWN_REGISTRY: &[(&str, &[&str])] = &[
    (".npmrc", &["registry=", "registry =", "_auth"]),
    (".cargo/config.toml", &["replace-with", "[registries", "[source"]),
    (".yarnrc.yml", &["npmRegistryServer"]),
];

/// Files whose text is not ours to change.
const NOT_OURS: &[&str] = &["LICENSE"];

/// Reads every tracked text file.
pub(crate) fn words(workspace: &Workspace) -> Result<()> {
    let mut findings = Vec::new();
    let tracked = Invocation::words("git ls-files -z").capture(&workspace.root)?;
    for name in tracked.split('\0').filter(|name| !name.is_empty() && !NOT_OURS.contains(name)) {
        let path = workspace.root.join(name);
        if !path.is_file() {
            continue; // removed and not yet committed
        }
        let bytes = fs::read(&path).with_context(|| format!("reading {name}"))?;
        if let Ok(text) = String::from_utf8(bytes) {
            findings.extend(findings_in(name, &text));
        }
    }
    no_findings(&findings)
}

fn findings_in(name: &str, text: &str) -> Vec<String> {
    let by_ending = |table: &'static [(&str, &[&str])]| {
        table.iter().filter(|(ending, _)| name.ends_with(ending)).flat_map(|(_, words)| words.iter().copied())
    };
    let anywhere: Vec<&str> =
        UNFINISHED.iter().copied().chain(by_ending(SWITCHED_OFF)).chain(by_ending(OWN_REGISTRY)).collect();
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let words = anywhere.iter().filter(|word| line.contains(**word));
        let folders = MACHINE_FOLDERS.iter().filter(|folder| starts_a_path(line, folder));
        findings.extend(words.chain(folders).map(|word| format!("{name}:{}: {word}", index + 1)));
    }
    findings
}

/// Whether `folder` stands in the line as the beginning of a path, not inside a longer one or an address.
fn starts_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(start, _)| {
        let before = line.get(..start).and_then(|head| head.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || "._-~@/}*".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_path_is_found_and_a_longer_path_is_not() {
        let folder = concat!("/wo", "rk/");
        assert_eq!(findings_in("a.md", &format!("x\nsee {folder}main")), [format!("a.md:2: {folder}")]);
        assert_eq!(findings_in("a.toml", &format!("dir = \"{folder}x\"")).len(), 1);
        assert!(findings_in("a.ts", &format!("import './features{folder}list'")).is_empty());
        assert!(findings_in("a.md", &format!("https://example.org{folder}x")).is_empty());
    }

    #[test]
    fn unfinished_and_switched_off_work_is_found() {
        assert_eq!(findings_in("a.rs", concat!("to", "do!()")).len(), 1);
        assert_eq!(findings_in("a.rs", concat!("#[ig", "nore = \"slow\"]")).len(), 1);
        assert_eq!(findings_in("a.test.ts", "  it.only('x', () => {})").len(), 1);
        assert!(findings_in("a.rs", "points.iter().skip(1)").is_empty());
    }

    #[test]
    fn a_registry_of_ones_own_is_found_where_it_would_count() {
        assert_eq!(findings_in("ui/.npmrc", "registry=https://example.org").len(), 1);
        assert!(findings_in("ui/.npmrc", "omit-lockfile-registry-resolved=true").is_empty());
        assert_eq!(findings_in(".cargo/config.toml", "[source.crates-io]").len(), 1);
        assert!(findings_in("README.md", "registry=").is_empty());
    }
}
