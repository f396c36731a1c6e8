//! The product's programs and how each is called. Whoever changes their command line changes it here.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::invocation::Invocation;
use crate::workspace::Workspace;

const CENTER: &str = "zaigang-center";
const COMMAND_LINE: &str = "zaigangctl";
const WINDOW: &str = "zaigang";
const DEMO: &str = "zaigang-demo";

/// The built programs.
pub(crate) struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// Builds them all in one call, because cargo unifies features over what is named.
    pub(crate) fn build(workspace: &Workspace, release: bool) -> Result<Self> {
        let build = Invocation::words("cargo build --locked");
        let build = [CENTER, COMMAND_LINE, WINDOW, DEMO]
            .iter()
            .fold(build, |call, name| call.arg("--bin").arg(*name));
        let build = if release { build.arg("--release") } else { build };
        build.arg("--workspace").run(&workspace.root)?;
        Ok(Self { folder: workspace.programs(release) })
    }

    /// The central server on a prepared folder.
    pub(crate) fn center(&self, folder: &Path, listen: SocketAddr) -> Invocation {
        self.call(CENTER)
            .args(["serve", "--demo"])
            .arg("--dir")
            .arg(shown(folder))
            .arg("--listen")
            .arg(listen.to_string())
    }

    /// The console in a browser; it prints its address and a one-time code.
    pub(crate) fn web_console(&self, folder: &Path) -> Invocation {
        self.call(COMMAND_LINE).arg("--dir").arg(shown(folder)).args(["web", "--listen", "127.0.0.1:0"])
    }

    /// The console in a window.
    pub(crate) fn window(&self, folder: &Path) -> Invocation {
        self.call(WINDOW).arg("--dir").arg(shown(folder))
    }

    /// Makes the demo's folders, for a centre that will listen on the given address.
    pub(crate) fn demo(&self, folder: &Path, listen: SocketAddr) -> Invocation {
        self.call(DEMO).arg("--dir").arg(shown(folder)).arg("--listen").arg(listen.to_string())
    }

    /// The file of the demo's maker; its age decides whether the demo is still right.
    pub(crate) fn demo_file(&self) -> PathBuf {
        self.folder.join(DEMO)
    }

    fn call(&self, name: &str) -> Invocation {
        Invocation::program(&self.folder.join(name))
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
