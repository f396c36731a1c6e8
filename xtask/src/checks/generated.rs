//! Generated TypeScript is what the generator writes today.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::invocation::Invocation;
use crate::steps::no_findings;
use crate::workspace::Workspace;

/// Where the generator writes.
const FOLDER: &str = "ui/src/generated";

/// The generator: an example of `zaigang-console`, built with everything else, run at the root of the checkout.
const GENERATOR: &str = "examples/generate_types";

/// Runs the generator and compares the folder before and after. Afterwards the folder is up to date, so that
/// a developer only has to commit it.
pub(crate) fn generated(workspace: &Workspace) -> Result<()> {
    let program = workspace.programs(false).join(GENERATOR);
    if !program.is_file() {
        bail!("{} is not built: cargo build --workspace --all-targets", program.display());
    }
    let folder = workspace.root.join(FOLDER);
    let before = contents(&folder)?;
    Invocation::program(&program).run(&workspace.root)?;
    no_findings(&differences(&before, &contents(&folder)?))
}

type Contents = BTreeMap<PathBuf, Vec<u8>>;

fn contents(folder: &Path) -> Result<Contents> {
    let mut found = Contents::new();
    let Ok(entries) = fs::read_dir(folder) else { return Ok(found) };
    for entry in entries {
        let path = entry.with_context(|| format!("listing {}", folder.display()))?.path();
        if path.is_dir() {
            found.extend(contents(&path)?);
        } else {
            let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            found.insert(path, bytes);
        }
    }
    Ok(found)
}

fn differences(before: &Contents, after: &Contents) -> Vec<String> {
    let written = after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes)).map(|(path, _)| path);
    let removed = before.keys().filter(|path| !after.contains_key(*path));
    written.chain(removed).map(|path| format!("{} was not up to date; it is now", path.display())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_new_and_removed_files_are_found() {
        let files = |pairs: &[(&str, &str)]| -> Contents {
            pairs.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).collect()
        };
        let before = files(&[("same", "1"), ("changed", "1"), ("removed", "1")]);
        let after = files(&[("same", "1"), ("changed", "2"), ("new", "1")]);
        let found = differences(&before, &after);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(differences(&before, &before).is_empty());
    }
}
