//! The licence texts of everything that is compiled in or bundled: what permissive licences ask for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::sbom::{Bundle, bundled_node_packages, is_inside};
use crate::workspace::Workspace;

/// How the files with such a text begin, in capitals.
const NAMES: &[&str] = &["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"];

/// All texts, each once, under the names of the packages that carry it.
pub(super) fn gather(workspace: &Workspace, bundle: &Bundle<'_>) -> Result<String> {
    let mut by_text: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for part in bundle.metadata.behind(bundle.members) {
        let package = &part.package;
        if is_inside(&part) && !package.is_member {
            add(&package.folder, &format!("{} {}", package.name, package.version), &mut by_text)?;
        }
    }
    for node in bundled_node_packages(workspace)? {
        let folder = workspace.ui().join(&node.path);
        add(&folder, &format!("{} {}", node.name, node.version), &mut by_text)?;
    }
    Ok(shown(&by_text))
}

fn add(folder: &Path, user: &str, by_text: &mut BTreeMap<String, BTreeSet<String>>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let entry = entry.with_context(|| format!("listing {}", folder.display()))?;
        let name = entry.file_name().to_string_lossy().to_uppercase();
        if !entry.path().is_file() || !NAMES.iter().any(|known| name.starts_with(known)) {
            continue;
        }
        if let Ok(text) = fs::read_to_string(entry.path()) {
            by_text.entry(text.trim().to_owned()).or_default().insert(user.to_owned());
        }
    }
    Ok(())
}

fn shown(by_text: &BTreeMap<String, BTreeSet<String>>) -> String {
    let mut sections: Vec<(&BTreeSet<String>, &String)> =
        by_text.iter().map(|(text, users)| (users, text)).collect();
    sections.sort();
    let mut out = "Third-party software in these programs, and its licence texts.\n".to_owned();
    for (users, text) in sections {
        let users: Vec<&str> = users.iter().map(String::as_str).collect();
        let _ = write!(out, "\n{}\n{}\n\n{text}\n", "-".repeat(78), users.join(", "));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_many_carry_is_written_once() {
        let folder = std::env::temp_dir().join(format!("xtask-notices-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("LICENSE-MIT"), "permission\n").unwrap();
        fs::write(folder.join("lib.rs"), "code").unwrap();
        let mut by_text = BTreeMap::new();
        add(&folder, "b 1", &mut by_text).unwrap();
        add(&folder, "a 2", &mut by_text).unwrap();
        let text = shown(&by_text);
        assert!(text.contains("a 2, b 1\n\npermission\n"), "{text}");
        assert_eq!(text.matches("permission").count(), 1);
        assert!(!text.contains("code"));
        fs::remove_dir_all(folder).unwrap();
    }
}
