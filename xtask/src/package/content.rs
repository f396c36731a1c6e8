//! What each package installs. Whoever adds a file to a package adds a row here, or puts it below
//! `packaging/<name>/files`, which is laid over the root of the system as it is.

use std::path::PathBuf;

use crate::workspace::Workspace;

/// One package.
pub(super) struct Content {
    /// Its name for dpkg.
    pub(super) name: &'static str,
    /// The folder with `control`, maintainer scripts and `files`.
    pub(super) sources: PathBuf,
    /// Programs, put into `usr/bin`.
    pub(super) programs: &'static [&'static str],
    /// Other files or folders of the checkout, and where they go, without the leading `/`.
    pub(super) files: Vec<(PathBuf, &'static str)>,
}

/// The console: window, command line, and the UI that the command line serves to a browser.
pub(super) fn console(workspace: &Workspace) -> Content {
    let root = |name: &str| workspace.root.join(name);
    Content {
        name: "zaigang",
        sources: root("packaging/console"),
        programs: &["zaigang", "zaigangctl"],
        files: vec![
            (root("ui/dist"), "usr/share/zaigang/ui"),
            (root("assets/icons/32x32.png"), "usr/share/icons/hicolor/32x32/apps/cn.zaigang.console.png"),
            (root("assets/icons/128x128.png"), "usr/share/icons/hicolor/128x128/apps/cn.zaigang.console.png"),
            (root("assets/icons/256x256.png"), "usr/share/icons/hicolor/256x256/apps/cn.zaigang.console.png"),
            (root("assets/icons/icon.svg"), "usr/share/icons/hicolor/scalable/apps/cn.zaigang.console.svg"),
            (root("docs/manual"), "usr/share/doc/zaigang/manual"),
            (root("docs/OPERATIONS.md"), "usr/share/doc/zaigang/OPERATIONS.md"),
            (root("docs/入网备案.md"), "usr/share/doc/zaigang/入网备案.md"),
            (root("CHANGELOG.md"), "usr/share/doc/zaigang/CHANGELOG.md"),
        ],
    }
}

/// The centre, with the contracts and calendars that can be published there.
pub(super) fn center(workspace: &Workspace) -> Content {
    let root = |name: &str| workspace.root.join(name);
    Content {
        name: "zaigang-center",
        sources: root("packaging/center"),
        programs: &["zaigang-center"],
        files: vec![
            (root("assets/contracts"), "usr/share/zaigang-center/contracts"),
            (root("assets/calendars"), "usr/share/zaigang-center/calendars"),
            (root("docs/OPERATIONS.md"), "usr/share/doc/zaigang-center/OPERATIONS.md"),
            (root("docs/API.md"), "usr/share/doc/zaigang-center/API.md"),
            (root("docs/openapi.json"), "usr/share/doc/zaigang-center/openapi.json"),
            (root("docs/入网备案.md"), "usr/share/doc/zaigang-center/入网备案.md"),
            (root("CHANGELOG.md"), "usr/share/doc/zaigang-center/CHANGELOG.md"),
        ],
    }
}
