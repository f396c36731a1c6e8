//! Where things lie in this checkout.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::metadata::Metadata;

/// The checkout and the folder cargo builds into.
pub(crate) struct Workspace {
    /// Folder of the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder; follows `CARGO_TARGET_DIR`.
    pub(crate) target: PathBuf,
    /// What `cargo metadata` said at the start.
    pub(crate) metadata: Metadata,
}

impl Workspace {
    /// Asks cargo; fails when `Cargo.lock` does not fit the manifests.
    pub(crate) fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
        let metadata = Metadata::ask(root)?;
        Ok(Self { root: root.to_owned(), target: metadata.target_directory()?, metadata })
    }

    /// The Vue application.
    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// Tools built for the tests, kept out of the user's own `~/.cargo/bin`.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Folder of the programs built with the given profile.
    pub(crate) fn programs(&self, release: bool) -> PathBuf {
        self.target.join(if release { "release" } else { "debug" })
    }
}
