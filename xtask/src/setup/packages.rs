//! System packages: asked from dpkg on Debian, looked for by program and library elsewhere.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Result, bail};

use crate::invocation::{Invocation, on_path};
use crate::workspace::Workspace;

/// What the machine is made ready for; the later one includes the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// Building the programs and using them.
    Run,
    /// Also the tests, with a window and a browser.
    Test,
}

/// One Debian package and how to see without dpkg that its content is there.
struct Package {
    name: &'static str,
    need: Need,
    probe: Probe,
}

enum Probe {
    /// A program on `PATH`.
    Program(&'static str),
    /// A library that pkg-config knows.
    Library(&'static str),
    /// A font with Chinese letters.
    ChineseFont,
}

const PACKAGES: &[Package] = &[
    package("build-essential", Need::Run, Probe::Program("cc")),
    package("pkg-config", Need::Run, Probe::Program("pkg-config")),
    package("libssl-dev", Need::Run, Probe::Library("libcrypto")), // SQLCipher
    package("libwebkit2gtk-4.1-dev", Need::Run, Probe::Library("webkit2gtk-4.1")), // the window
    package("libayatana-appindicator3-dev", Need::Run, Probe::Library("ayatana-appindicator3-0.1")), // the tray
    package("fonts-noto-cjk", Need::Run, Probe::ChineseFont),
    package("webkit2gtk-driver", Need::Test, Probe::Program("WebKitWebDriver")),
    package("xvfb", Need::Test, Probe::Program("xvfb-run")),
    package("xauth", Need::Test, Probe::Program("xauth")),
    package("dbus-x11", Need::Test, Probe::Program("dbus-run-session")),
    package("gnome-keyring", Need::Test, Probe::Program("gnome-keyring-daemon")),
    package("chromium", Need::Test, Probe::Program("chromium")),
    package("chromium-driver", Need::Test, Probe::Program("chromedriver")),
    package("iproute2", Need::Test, Probe::Program("ip")), // the test without a network
];

const fn package(name: &'static str, need: Need, probe: Probe) -> Package {
    Package { name, need, probe }
}

/// Installs what is missing on Debian, with root or sudo; elsewhere, or without either, names it and stops.
pub(crate) fn packages(workspace: &Workspace, need: Need) -> Result<()> {
    let wanted: Vec<&Package> = PACKAGES.iter().filter(|package| package.need <= need).collect();
    if !is_debian(&fs::read_to_string("/etc/os-release").unwrap_or_default()) {
        let missing: Vec<&str> = wanted
            .iter()
            .filter(|package| !package.probe.succeeds(workspace))
            .map(|package| package.name)
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        bail!("this is not Debian; install what Debian calls {} and start again", missing.join(" "));
    }
    let missing = missing_from_dpkg(workspace, &wanted)?;
    if missing.is_empty() {
        return Ok(());
    }
    install(workspace, &missing)?;
    let still = missing_from_dpkg(workspace, &wanted)?;
    if still.is_empty() { Ok(()) } else { bail!("apt-get did not install {}", still.join(" ")) }
}

fn missing_from_dpkg<'a>(workspace: &Workspace, wanted: &[&'a Package]) -> Result<Vec<&'a str>> {
    let names = wanted.iter().map(|package| package.name);
    let query =
        Invocation::words("dpkg-query -W -f").arg("${Package} ${db:Status-Status}\n").args(names.clone());
    let answer = query.capture(&workspace.root)?; // unknown packages are only said on standard error
    let installed = installed(&answer);
    Ok(names.filter(|name| !installed.contains(name)).collect())
}

fn install(workspace: &Workspace, missing: &[&str]) -> Result<()> {
    let install =
        Invocation::words("apt-get install -y --no-install-recommends").args(missing.iter().copied());
    let is_root = Invocation::words("id -u").capture(&workspace.root)?.trim() == "0";
    if !is_root && on_path("sudo").is_none() {
        bail!("packages are missing; as root: {install}");
    }
    let as_root = |call: Invocation| {
        let call = call.under(Invocation::words("env DEBIAN_FRONTEND=noninteractive"));
        if is_root { call } else { call.under(Invocation::words("sudo")) }
    };
    println!("installing {}", missing.join(" "));
    if let Err(error) = as_root(Invocation::words("apt-get update -q")).run(&workspace.root) {
        println!("{error:#}; trying with the lists that are there");
    }
    as_root(install).run(&workspace.root)
}

impl Probe {
    fn succeeds(&self, workspace: &Workspace) -> bool {
        let says_something =
            |call: Invocation| call.capture(&workspace.root).is_ok_and(|answer| !answer.trim().is_empty());
        match self {
            Self::Program(name) => on_path(name).is_some(),
            Self::Library(name) => says_something(Invocation::words("pkg-config --modversion").arg(*name)),
            Self::ChineseFont => says_something(Invocation::words("fc-list :lang=zh")),
        }
    }
}

/// Whether `/etc/os-release` names Debian or something made from it.
fn is_debian(os_release: &str) -> bool {
    os_release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .flat_map(|value| value.trim_matches('"').split_whitespace())
        .any(|id| id == "debian")
}

/// The packages that dpkg calls installed; one that was removed and left its settings does not count.
fn installed(dpkg_answer: &str) -> BTreeSet<&str> {
    dpkg_answer.lines().filter_map(|line| line.strip_suffix(" installed")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_its_children_are_known() {
        assert!(is_debian("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n"));
        assert!(is_debian("ID=ubuntu\nID_LIKE=debian\n"));
        assert!(is_debian("ID=kylin\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_debian("ID=fedora\nPRETTY_NAME=\"not debian\"\n"));
        assert!(!is_debian(""));
    }

    #[test]
    fn removed_and_unknown_packages_are_not_installed() {
        let answer = "xvfb installed\nchromium config-files\nxauth not-installed\nlibssl-dev installed\n";
        assert_eq!(installed(answer), BTreeSet::from(["xvfb", "libssl-dev"]));
    }

    #[test]
    fn tests_need_all_that_running_needs() {
        let count = |need| PACKAGES.iter().filter(|package| package.need <= need).count();
        assert!(count(Need::Run) < count(Need::Test));
        assert_eq!(count(Need::Test), PACKAGES.len());
    }
}
