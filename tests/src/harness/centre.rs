//! A real centre: the program `zaigang-center` on loopback with TLS, founded and furnished by its own
//! command line.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;
use zaigang_center::host::{DEMO_CLOCK, Host as _, SystemHost};

use super::programs::{Running, Said, program, run};
use super::webdriver::free_port;

/// Contract of the tests.
pub const CONTRACT: &str = "guangxi-police";

/// Somebody who can log in.
#[derive(Debug, Clone, Copy)]
pub struct Account {
    /// Log-in name.
    pub login: &'static str,
    /// Name shown.
    pub name: &'static str,
    /// Role.
    pub role: &'static str,
    /// Divisions; empty means all.
    pub divisions: &'static [&'static str],
    /// Password.
    pub password: &'static str,
}

/// An engineer of the twelfth division.
pub const ENGINEER: Account = Account {
    login: "gcs1",
    name: "演示·林一舟",
    role: "engineer",
    divisions: &["L总队"],
    password: "Zhuchang-2025",
};
/// Another one.
pub const SECOND: Account = Account {
    login: "gcs2",
    name: "演示·宋知远",
    role: "engineer",
    divisions: &["L总队"],
    password: "Beiqin-2025",
};
/// The service desk.
pub const DESK: Account = Account {
    login: "fwt1",
    name: "演示·傅小台",
    role: "dispatcher",
    divisions: &[],
    password: "Paidan-2025",
};

/// A centre in a folder, running or not.
#[derive(Debug)]
pub struct RealCentre {
    dir: PathBuf,
    /// Its address, such as `127.0.0.1:7443`.
    pub address: String,
    /// From the real clock to the tests' own, milliseconds.
    offset_ms: i64,
    running: Option<Running>,
}

/// When the tests begin: what they do must not depend on the day they are run on.
const NOW: &str = "2025-10-15T10:30:00+08:00";

#[expect(clippy::disallowed_methods, reason = "the tests' clock is a file")]
fn set_clock(dir: &Path, offset_ms: i64) -> Result<()> {
    std::fs::create_dir_all(dir).with_context(|| format!("making {}", dir.display()))?;
    std::fs::write(dir.join(DEMO_CLOCK), offset_ms.to_string()).context("setting a clock")
}

/// The repository's folder.
#[must_use]
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

impl RealCentre {
    /// Founds a centre, publishes contract and calendar, adds three accounts. It does not run yet.
    ///
    /// # Errors
    /// When a command fails.
    pub fn found(dir: &Path) -> Result<Self> {
        let address = format!("127.0.0.1:{}", free_port()?);
        let center = dir.join("center");
        let real = SystemHost::new(&center.join("high-water.json")).now_ms();
        let now: jiff::Timestamp = NOW.parse().context("the tests' moment")?;
        let offset_ms = now.as_millisecond() - real;
        let centre = Self { dir: center, address, offset_ms, running: None };
        set_clock(&centre.dir, offset_ms)?;
        let listen = centre.address.clone();
        centre
            .command(&["init"], &["--site", "测试现场", "--listen", &listen, "--name", "127.0.0.1"])?
            .ok()?;
        let assets = repository().join("assets");
        let text = |path: PathBuf| path.display().to_string();
        let profile = text(assets.join("contracts/guangxi-police.toml"));
        let settings = text(assets.join("demo/guangxi-police.settings.toml"));
        centre.command(&["contract", "publish"], &["--profile", &profile, "--settings", &settings])?.ok()?;
        for year in ["2024", "2025", "2026"] {
            let file = text(assets.join(format!("calendars/{year}.json")));
            centre.command(&["calendar", "publish"], &["--file", &file])?.ok()?;
        }
        for account in [ENGINEER, SECOND, DESK] {
            centre.add(&account)?;
        }
        Ok(centre)
    }

    /// A folder for a console whose clock goes with this centre's.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn profile(&self, dir: &Path) -> Result<PathBuf> {
        set_clock(dir, self.offset_ms)?;
        Ok(dir.to_owned())
    }

    /// Adds a user.
    ///
    /// # Errors
    /// When the command fails.
    #[expect(clippy::disallowed_methods, reason = "passwords are given in a file")]
    pub fn add(&self, account: &Account) -> Result<()> {
        let file = self.dir.join("password");
        std::fs::write(&file, account.password).context("writing a password file")?;
        let file = file.display().to_string();
        let mut words = vec!["--login", account.login, "--name", account.name, "--role", account.role];
        words.extend(["--contract", CONTRACT, "--password-file", &file]);
        words.extend(account.divisions.iter().flat_map(|division| ["--division", division]));
        self.command(&["user", "add"], &words)?.ok().map(|_| ())
    }

    /// Runs `zaigang-center` on this folder.
    ///
    /// # Errors
    /// When it cannot be run.
    pub fn command(&self, what: &[&str], words: &[&str]) -> Result<Said> {
        let mut command = Command::new(program("zaigang-center")?);
        run(command.arg("--json").args(what).arg("--dir").arg(&self.dir).args(words))
    }

    /// A fresh enrolment code for the twelfth division, or for all the divisions named.
    ///
    /// # Errors
    /// When the command fails.
    pub fn code(&self, name: &str, divisions: &[&str]) -> Result<String> {
        let logs: Vec<String> =
            divisions.iter().map(|division| format!("c/{CONTRACT}/d/{division}")).collect();
        let mut words = vec!["--name", name];
        words.extend(logs.iter().flat_map(|log| ["--log", log.as_str()]));
        let said = self.command(&["device", "code"], &words)?.json()?;
        Ok(said.get("text").and_then(Value::as_str).context("no code")?.to_owned())
    }

    /// Starts to serve, and returns once it listens.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start(&mut self) -> Result<()> {
        let mut command = Command::new(program("zaigang-center")?);
        command
            .arg("--json")
            .args(["serve", "--demo", "--listen", &self.address])
            .arg("--dir")
            .arg(&self.dir);
        let mut running = Running::start(&mut command)?;
        running.wait_for_line("that it listens", |line| line.contains("listening").then_some(()))?;
        self.running = Some(running);
        Ok(())
    }

    /// Kills it as a power cut would.
    ///
    /// # Errors
    /// When it did not run.
    pub fn kill(&mut self) -> Result<()> {
        self.running.take().context("the centre does not run")?.kill()
    }

    /// What it says of itself: logs with seq and head.
    ///
    /// # Errors
    /// When the command fails.
    pub fn status(&self) -> Result<Value> {
        self.command(&["status"], &[])?.json()
    }

    /// Checks all records, chains, signatures and derived data.
    ///
    /// # Errors
    /// When it finds something wrong.
    pub fn verify(&self) -> Result<Value> {
        self.command(&["verify"], &[])?.json()
    }

    /// Folder of the centre.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}
