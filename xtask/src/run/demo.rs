//! The demo's data: made once by `zaigang-demo` into the target folder, copied to `run/`, used there.
//!
//! A made demo holds `center/`, one folder for each role's enrolled console, `accounts.json` (a list of
//! `{"user", "name", "role", "password"}`), `starts-at-ms` (the demo's "now", Unix milliseconds) and, written
//! here, `listen`: the address the consoles know.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::programs::Programs;
use super::{free_address, is_free};
use crate::setup;
use crate::workspace::Workspace;

/// Whose consoles a demo has, by folder name.
pub(crate) const ROLES: &[&str] = &["engineer", "dispatcher", "supervisor"];

const LISTEN: &str = "listen";
const ACCOUNTS: &str = "accounts.json";
/// Written by the maker: the demo's "now" when it begins, Unix milliseconds.
const STARTS_AT: &str = "starts-at-ms";
/// Read by centre and consoles: milliseconds to add to the clock.
const CLOCK: &str = "demo-clock";

/// A demo in use.
pub(crate) struct Demo {
    folder: PathBuf,
    listen: SocketAddr,
}

impl Demo {
    /// The demo in `folder` as it stands.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let file = folder.join("demo").join(LISTEN);
        let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        let listen =
            text.trim().parse().with_context(|| format!("reading the address in {}", file.display()))?;
        Ok(Self { folder: folder.join("demo"), listen })
    }

    /// Keeps what is in `folder`; copies a new demo there when there is none, or `fresh` is asked for.
    pub(crate) fn prepare(
        workspace: &Workspace,
        programs: &Programs,
        folder: &Path,
        fresh: bool,
    ) -> Result<Self> {
        let used = folder.join("demo");
        if fresh || !used.join(LISTEN).is_file() {
            remove(&used)?;
            copy(&made(workspace, programs)?, &used)?;
            set_clocks(&used)?;
        }
        let demo = Self::open(folder)?;
        if !is_free(demo.listen) {
            bail!("{} is in use, and the demo's consoles know their centre by it; try --fresh", demo.listen);
        }
        Ok(demo)
    }

    /// Where the centre listens.
    pub(crate) fn listen(&self) -> SocketAddr {
        self.listen
    }

    /// The centre's folder.
    pub(crate) fn center(&self) -> PathBuf {
        self.folder.join("center")
    }

    /// The folder of a role's console.
    pub(crate) fn console(&self, role: &str) -> PathBuf {
        self.folder.join(role)
    }

    /// Who can log in, as a table.
    pub(crate) fn accounts_table(&self) -> Result<String> {
        let file = self.folder.join(ACCOUNTS);
        let bytes = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
        table(&bytes).with_context(|| format!("reading {}", file.display()))
    }
}

/// The made demo; made anew when its maker is newer, or its port is taken.
fn made(workspace: &Workspace, programs: &Programs) -> Result<PathBuf> {
    let folder = workspace.target.join("demo");
    let stamp = folder.join(LISTEN);
    let known: Option<SocketAddr> = fs::read_to_string(&stamp).ok().and_then(|text| text.trim().parse().ok());
    let usable = known.is_some_and(is_free) && !setup::is_newer(&programs.demo_file(), &stamp)?;
    if !usable {
        remove(&folder)?;
        let listen = match known.filter(|address| is_free(*address)) {
            Some(address) => address,
            None => free_address()?,
        };
        println!("making the demo's data");
        programs.demo(&folder, listen).run(&workspace.root)?;
        fs::write(&stamp, listen.to_string()).with_context(|| format!("writing {}", stamp.display()))?;
    }
    Ok(folder)
}

/// Tells centre and consoles how far the demo's time is from this machine's: the demo begins now, and
/// goes on whenever it is started again.
fn set_clocks(used: &Path) -> Result<()> {
    let file = used.join(STARTS_AT);
    let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    let starts_at: i64 = text.trim().parse().with_context(|| format!("reading {}", file.display()))?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock stands before 1970")?;
    let offset = starts_at - i64::try_from(now.as_millis()).context("the clock stands too late")?;
    for folder in ROLES.iter().copied().chain(["center"]) {
        let file = used.join(folder).join(CLOCK);
        fs::write(&file, offset.to_string()).with_context(|| format!("writing {}", file.display()))?;
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    Ok(())
}

/// Copies a folder with its permissions, the stamp last: a copy that was cut short is not taken for a demo.
fn copy(from: &Path, to: &Path) -> Result<()> {
    copy_all(from, to)?;
    fs::copy(from.join(LISTEN), to.join(LISTEN)).context("copying the demo's address")?;
    Ok(())
}

fn copy_all(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("making {}", to.display()))?;
    let permissions =
        fs::metadata(from).with_context(|| format!("looking at {}", from.display()))?.permissions();
    fs::set_permissions(to, permissions).with_context(|| format!("protecting {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("listing {}", from.display()))? {
        let entry = entry.with_context(|| format!("listing {}", from.display()))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy_all(&source, &target)?;
        } else if entry.file_name() != LISTEN {
            fs::copy(&source, &target).with_context(|| format!("copying {}", source.display()))?;
        }
    }
    Ok(())
}

fn table(accounts: &[u8]) -> Result<String> {
    let accounts: Value = serde_json::from_slice(accounts).context("parsing")?;
    let accounts = accounts.as_array().context("not a list")?;
    let mut lines = vec!["log in as          password             role          name".to_owned()];
    for account in accounts {
        let text = |key: &str| account.get(key).and_then(Value::as_str).with_context(|| format!("no {key}"));
        let (user, password, role, name) = (text("user")?, text("password")?, text("role")?, text("name")?);
        lines.push(format!("{user:<18} {password:<20} {role:<13} {name}"));
    }
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_become_a_table() {
        let json = r#"[{"user": "yanshijia", "name": "演示甲", "role": "engineer", "password": "x"}]"#;
        let shown = table(json.as_bytes()).unwrap();
        assert_eq!(shown.lines().count(), 2);
        assert!(shown.ends_with("engineer      演示甲\n"), "{shown}");
        assert!(table(b"[{}]").is_err());
        assert!(table(b"{}").is_err());
    }

    #[test]
    fn a_copy_keeps_content_and_permissions_and_opens() {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(format!("xtask-demo-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("run/demo"));
        fs::create_dir_all(from.join("center")).unwrap();
        fs::write(from.join("center/key"), "secret").unwrap();
        fs::set_permissions(from.join("center/key"), fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(from.join(LISTEN), "127.0.0.1:4321").unwrap();

        copy(&from, &to).unwrap();

        assert_eq!(fs::read_to_string(to.join("center/key")).unwrap(), "secret");
        assert_eq!(fs::metadata(to.join("center/key")).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Demo::open(&folder.join("run")).unwrap().listen().port(), 4321);
        fs::remove_dir_all(folder).unwrap();
    }
}
