//! A clean root: what debootstrap would make, from the packages installed here and without a download.
//!
//! It holds the essential packages of Debian, what the packages under test depend on, what those depend on, and
//! dpkg's own records of just these. So dpkg checks the dependencies for real, and a library that a package
//! forgot to name is not there. Nothing of the checkout is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::Pair;
use crate::invocation::Invocation;

const STATUS: &str = "/var/lib/dpkg/status";
const RECORDS: &str = "/var/lib/dpkg/info";
/// Folders that no package has, or that the kernel fills.
const FOLDERS: &[&str] = &[
    "proc",
    "sys",
    "dev",
    "run",
    "tmp",
    "packages",
    "var/lib/dpkg/info",
    "var/lib/dpkg/updates",
    "var/lib/dpkg/triggers",
];
/// Folders of `usr` that the root has links to, where `/usr` is merged.
const MERGED: &[&str] = &["bin", "sbin", "lib", "lib64"];
/// What maintainer scripts made here, and the new root needs: log-in rules, the choice of alternatives.
const MADE_BY_SCRIPTS: &[&str] = &["/etc/pam.d", "/etc/alternatives", "/etc/nsswitch.conf"];

/// A root one can step into.
pub(super) struct Root {
    /// Its folder outside.
    pub(super) folder: PathBuf,
}

impl Root {
    /// A program inside, as root, with nothing of this environment.
    pub(super) fn command(&self, words: &[&str]) -> Invocation {
        let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        Invocation::words("chroot")
            .arg(self.folder.display().to_string())
            .args(["/usr/bin/env", "-i", path, "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"])
            .args(words.iter().copied())
    }

    /// Runs a program inside to its end; gives what it wrote.
    pub(super) fn run(&self, words: &[&str]) -> Result<String> {
        self.command(words).output(&self.folder)
    }

    /// A path inside, seen from outside.
    pub(super) fn path(&self, inside: &str) -> PathBuf {
        self.folder.join(inside.trim_start_matches('/'))
    }
}

/// Makes the root in `folder` and mounts what the kernel gives; the mounts end with this process's namespace.
pub(super) fn make(folder: &Path, packages: &[&Pair]) -> Result<Root> {
    let status = fs::read_to_string(STATUS).with_context(|| format!("reading {STATUS}"))?;
    let installed = installed(&status);
    let mut wanted = Vec::new();
    for file in packages.iter().flat_map(|pair| [&pair.console, &pair.center]) {
        let depends = Invocation::words("dpkg-deb --field").arg(file.display().to_string()).arg("Depends");
        wanted.extend(relations(depends.output(Path::new("/"))?.trim()));
    }
    let chosen = closure(&installed, wanted)?;
    lay_out(folder)?;
    copy_files(folder, &chosen)?;
    write_records(folder, &status, &chosen)?;
    write_people(folder)?;
    mount(folder)?;
    let root = Root { folder: folder.to_owned() };
    root.run(&["ldconfig"])?;
    println!("clean root: {} packages of Debian", chosen.len());
    Ok(root)
}

/// A package that is installed here.
#[derive(Debug, Default)]
struct Stanza {
    essential: bool,
    needs: Vec<Vec<String>>,
    provides: Vec<String>,
}

/// What dpkg has fully installed, by name.
fn installed(status: &str) -> BTreeMap<&str, Stanza> {
    let paragraphs =
        status.split("\n\n").filter(|paragraph| paragraph.contains("\nStatus: install ok installed"));
    paragraphs
        .filter_map(|paragraph| {
            let field = |name: &str| {
                paragraph
                    .lines()
                    .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
                    .unwrap_or_default()
            };
            let mut needs = relations(field("Pre-Depends"));
            needs.extend(relations(field("Depends")));
            let stanza = Stanza {
                essential: field("Essential") == "yes",
                needs,
                provides: relations(field("Provides")).concat(),
            };
            Some((paragraph.lines().find_map(|line| line.strip_prefix("Package: "))?, stanza))
        })
        .collect()
}

/// `a (>= 1), b:any | c` → a; b or c. Versions are dpkg's to check.
fn relations(field: &str) -> Vec<Vec<String>> {
    let name = |one: &str| one.split([' ', '(', ':']).next().unwrap_or_default().to_owned();
    let groups = field.split(',').map(str::trim).filter(|group| !group.is_empty());
    groups.map(|group| group.split('|').map(|one| name(one.trim())).collect()).collect()
}

/// The essential packages, the wanted ones, and all that these need.
fn closure<'a>(installed: &BTreeMap<&'a str, Stanza>, wanted: Vec<Vec<String>>) -> Result<BTreeSet<&'a str>> {
    let mut chosen: BTreeSet<&str> = BTreeSet::new();
    let essential = installed.iter().filter(|(_, stanza)| stanza.essential);
    let mut open: Vec<Vec<String>> =
        essential.map(|(name, _)| vec![(*name).to_owned()]).chain(wanted).collect();
    while let Some(alternatives) = open.pop() {
        let provides = |stanza: &Stanza, name: &String| stanza.provides.contains(name);
        let real = alternatives.iter().find_map(|name| installed.get_key_value(name.as_str()));
        let found = real.or_else(|| {
            installed.iter().find(|(_, stanza)| alternatives.iter().any(|name| provides(stanza, name)))
        });
        let Some((name, stanza)) = found else {
            bail!("{} is not installed here; the package under test needs it", alternatives.join(" or "));
        };
        if chosen.insert(name) {
            open.extend(stanza.needs.iter().cloned());
        }
    }
    Ok(chosen)
}

fn lay_out(folder: &Path) -> Result<()> {
    for name in FOLDERS {
        fs::create_dir_all(folder.join(name)).with_context(|| format!("making {name} in the root"))?;
    }
    for name in MERGED {
        if fs::read_link(Path::new("/").join(name)).is_ok() {
            let target = format!("usr/{name}");
            fs::create_dir_all(folder.join(&target))
                .with_context(|| format!("making {target} in the root"))?;
            std::os::unix::fs::symlink(&target, folder.join(name))
                .with_context(|| format!("linking {name}"))?;
        }
    }
    Ok(())
}

/// Copies what the packages own. What is not there, such as documents that an image leaves out, is not missed.
fn copy_files(folder: &Path, chosen: &BTreeSet<&str>) -> Result<()> {
    let owned =
        Invocation::words("dpkg-query --listfiles").args(chosen.iter().copied()).output(Path::new("/"))?;
    let names: BTreeSet<&str> = owned.lines().filter(|line| line.starts_with('/') && *line != "/.").collect();
    let listed = folder.join("packages/files");
    let mut list = fs::File::create(&listed).context("listing the files of the root")?;
    for name in names {
        if fs::symlink_metadata(name).is_ok() {
            list.write_all(name.trim_start_matches('/').as_bytes())
                .context("listing the files of the root")?;
            list.write_all(b"\0").context("listing the files of the root")?;
        }
    }
    let copy = "tar --directory=/ --create --no-recursion --null --files-from=\"$1\" --file=- \
                | tar --directory=\"$2\" --extract --preserve-permissions --keep-directory-symlink --file=-";
    let shown = |path: &Path| path.display().to_string();
    Invocation::words("sh -c")
        .arg(copy)
        .args(["sh".to_owned(), shown(&listed), shown(folder)])
        .output(folder)?;
    for name in MADE_BY_SCRIPTS.iter().filter(|name| Path::new(name).exists()) {
        let to = folder.join(name.trim_start_matches('/'));
        let call =
            Invocation::words("cp --archive --no-target-directory").args([(*name).to_owned(), shown(&to)]);
        call.output(folder)?;
    }
    fs::remove_file(&listed).context("removing the list of files")
}

/// dpkg's records, of the chosen packages alone. Their triggers stay behind: caches are not under test.
fn write_records(folder: &Path, status: &str, chosen: &BTreeSet<&str>) -> Result<()> {
    let is_chosen = |paragraph: &&str| {
        paragraph
            .lines()
            .find_map(|line| line.strip_prefix("Package: "))
            .is_some_and(|name| chosen.contains(name))
    };
    let paragraphs: Vec<&str> = status.split("\n\n").filter(is_chosen).map(str::trim).collect();
    let records = folder.join("var/lib/dpkg");
    fs::write(records.join("status"), paragraphs.join("\n\n") + "\n").context("writing dpkg's status")?;
    for entry in fs::read_dir(RECORDS).with_context(|| format!("listing {RECORDS}"))? {
        let entry = entry.with_context(|| format!("listing {RECORDS}"))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let package = name.rsplit_once('.').map_or("", |(stem, _)| stem);
        let package = package.split(':').next().unwrap_or_default();
        if name == "format" || chosen.contains(package) {
            let to = records.join("info").join(&name);
            fs::copy(entry.path(), &to).with_context(|| format!("copying {name}"))?;
        }
    }
    Ok(())
}

/// The users and groups of a new Debian.
fn write_people(folder: &Path) -> Result<()> {
    for name in ["passwd", "group"] {
        let master = format!("/usr/share/base-passwd/{name}.master");
        fs::copy(&master, folder.join("etc").join(name)).with_context(|| format!("copying {master}"))?;
    }
    fs::write(folder.join("etc/hosts"), "127.0.0.1 localhost\n").context("writing /etc/hosts of the root")
}

fn mount(folder: &Path) -> Result<()> {
    let at = |name: &str| folder.join(name).display().to_string();
    let calls = [
        Invocation::words("mount --make-rprivate /"),
        Invocation::words("mount -t proc proc").arg(at("proc")),
        Invocation::words("mount --rbind /dev").arg(at("dev")),
        Invocation::words("mount -t tmpfs -o mode=1777 tmpfs").arg(at("tmp")),
        Invocation::words("mount -t tmpfs tmpfs").arg(at("run")),
        Invocation::words("ip link set lo up"),
    ];
    calls.iter().try_for_each(|call| call.output(folder).map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: &str = "Package: dash\nEssential: yes\nStatus: install ok installed\nPre-Depends: libc6 (>= 2.34), debianutils\n\nPackage: libc6\nStatus: install ok installed\nArchitecture: amd64\n\nPackage: debianutils\nStatus: install ok installed\n\nPackage: mawk\nStatus: install ok installed\nProvides: awk, new-awk (= 1)\n\nPackage: gone\nStatus: deinstall ok config-files\n\nPackage: chromium\nStatus: install ok installed\nDepends: awk\n";

    #[test]
    fn the_root_holds_what_is_essential_or_needed_and_no_more() {
        let installed = installed(STATUS);
        assert!(!installed.contains_key("gone"));
        let names = |field: &str| {
            closure(&installed, relations(field)).map(|names| names.into_iter().collect::<Vec<_>>())
        };
        assert_eq!(names("").unwrap(), ["dash", "debianutils", "libc6"]);
        assert_eq!(names("nothing | awk:any (>= 1)").unwrap(), ["dash", "debianutils", "libc6", "mawk"]);
        assert!(names("gone").unwrap_err().to_string().contains("gone is not installed here"));
    }
}
