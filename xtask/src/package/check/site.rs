//! A small site in the clean root: the centre as its unit starts it, and one console of one user.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::root::Root;
use crate::invocation::Invocation;
use crate::run::children::Child;

/// Where the centre's data lie, by its unit.
pub(super) const DATA: &str = "/var/lib/zaigang-center";
/// The settings of the service.
pub(super) const SETTINGS: &str = "/etc/default/zaigang-center";
/// The unit of the service.
pub(super) const UNIT: &str = "/lib/systemd/system/zaigang-center.service";
const LISTEN: &str = "127.0.0.1:7443";
/// The user of the operating system at the console.
const SEAT: &str = "duty";
const LOGIN: &str = "wang";
/// The same at every start: it protects nothing but this check.
const PASSWORD: &str = "Correct-Horse-7";
const PASSWORD_FILE: &str = "/run/password";

/// How long a program may take to come up on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(100);

/// Runs a command of the centre as its administrator does.
pub(super) fn center(root: &Root, words: &[&str]) -> Result<Value> {
    let who = ["runuser", "-u", "zaigang-center", "--", "zaigang-center", "--json"];
    json(&root.run(&[&who, words, &["--dir", DATA]].concat())?)
}

/// Founds the centre and furnishes it from what its package brought.
pub(super) fn found(root: &Root) -> Result<()> {
    center(root, &["init", "--site", "某市公安局", "--listen", LISTEN, "--name", "127.0.0.1"])?;
    let contracts = "/usr/share/zaigang-center/contracts/guangxi-police";
    let (profile, settings) = (format!("{contracts}.toml"), format!("{contracts}.settings.toml"));
    center(root, &["contract", "publish", "--profile", &profile, "--settings", &settings])?;
    for year in ["2024", "2025", "2026"] {
        let file = format!("/usr/share/zaigang-center/calendars/{year}.json");
        center(root, &["calendar", "publish", "--file", &file])?;
    }
    fs::write(root.path(PASSWORD_FILE), PASSWORD).context("writing the password")?;
    root.run(&["chmod", "644", PASSWORD_FILE])?;
    let person = ["--login", LOGIN, "--name", "王强", "--role", "engineer", "--password-file", PASSWORD_FILE];
    center(root, &[&["user", "add"], &person[..]].concat())?;
    Ok(())
}

/// Starts the service with the words of its unit, as its user, until it listens.
pub(super) fn serve(root: &Root) -> Result<Program> {
    let read = |inside: &str| {
        fs::read_to_string(root.path(inside)).with_context(|| format!("reading {inside} of the root"))
    };
    let (unit, settings) = (read(UNIT)?, read(SETTINGS)?);
    let words = service_words(&unit, &settings)?;
    let user = field(&unit, "User").context("the unit names no user")?;
    let as_user = format!("setpriv --reuid={user} --regid={user} --init-groups --no-new-privs");
    let words: Vec<&str> = as_user.split_whitespace().chain(words.iter().map(String::as_str)).collect();
    let mut service = Program::start(root, &root.command(&words), "center.log")?;
    service.until("the centre to listen", || TcpStream::connect(LISTEN).is_ok())?;
    Ok(service)
}

/// The line of `ExecStart` with the settings put in.
fn service_words(unit: &str, settings: &str) -> Result<Vec<String>> {
    let line = field(unit, "ExecStart").context("the unit starts nothing")?;
    let options = field(settings, "SERVE_OPTIONS").unwrap_or_default().trim_matches('"');
    Ok(line.replace("$SERVE_OPTIONS", options).split_whitespace().map(str::to_owned).collect())
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
}

/// Makes the console's user.
pub(super) fn make_seat(root: &Root) -> Result<()> {
    root.run(&["adduser", "--quiet", "--disabled-password", "--gecos", "", SEAT]).map(|_| ())
}

/// Runs `zaigangctl` for the person at the console.
pub(super) fn console(root: &Root, words: &[&str]) -> Result<Value> {
    let program = ["zaigangctl", "--login", LOGIN, "--password-file", PASSWORD_FILE];
    let line = [&program, words, &["--json"]].concat().join(" ");
    json(&root.run(&["runuser", "-l", SEAT, "-c", &line])?)
}

/// Registers an order; gives its id.
pub(super) fn register(root: &Root, title: &str) -> Result<String> {
    let words =
        ["order", "register", "--division", "E总队", "--level", "1", "--level-reason", "测试", "--title"];
    let written = console(root, &[&words[..], &[title]].concat())?;
    Ok(written.get("id").and_then(Value::as_str).context("no id of an order")?.to_owned())
}

/// The installed UI comes over the installed web host.
pub(super) fn look_at_the_web(root: &Root) -> Result<()> {
    let line = "exec zaigangctl web --listen 127.0.0.1:7080 --json";
    let call = root.command(&["runuser", "-l", SEAT, "-c", line]);
    let mut web = Program::start(root, &call, "web.log")?;
    web.until("the web host to listen", || TcpStream::connect("127.0.0.1:7080").is_ok())?;
    let page = ask("127.0.0.1:7080", "/");
    web.end();
    let page = page?;
    if !page.starts_with("HTTP/1.1 200") || !page.contains("<script") {
        bail!("zaigangctl web does not serve the UI:\n{page}");
    }
    Ok(())
}

fn ask(address: &str, path: &str) -> Result<String> {
    use std::io::{Read as _, Write as _};
    let mut stream = TcpStream::connect(address).context("calling the web host")?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")
        .context("asking")?;
    let mut page = String::new();
    stream.read_to_string(&mut page).context("reading the answer")?;
    Ok(page)
}

/// The installed window opens its profile and shows a page: its socket and WebKit's process are there.
pub(super) fn look_at_the_window(root: &Root) -> Result<()> {
    let sockets = root.path("/tmp/.X11-unix");
    let shared = Path::new("/tmp/.X11-unix");
    fs::create_dir_all(shared)
        .and_then(|()| fs::create_dir_all(&sockets))
        .context("making a display's folder")?;
    let shown = |path: &Path| path.display().to_string();
    Invocation::words("mount --bind").args([shown(shared), shown(&sockets)]).output(&root.folder)?;
    let seat = root.run(&["getent", "passwd", SEAT])?;
    let home = seat.split(':').nth(5).context("the console's user has no home")?;
    let socket = root.path(home).join(".local/share/zaigang/owner.sock");

    let inside = root.command(&["runuser", "-l", SEAT, "-c"]);
    let script = format!("exec {inside} \"DISPLAY=$DISPLAY exec zaigang\"");
    let call =
        Invocation::words("xvfb-run -a -s").arg("-screen 0 1366x768x24 -ac").args(["sh", "-c"]).arg(script);
    let mut window = Program::start(root, &call, "window.log")?;
    window.until("the window to open", || socket.exists() && runs("WebKitWebProces"))?;
    window.end();
    Ok(())
}

/// Whether a program of that name (its first 15 letters) runs in this namespace.
fn runs(name: &str) -> bool {
    let Ok(processes) = fs::read_dir("/proc") else { return false };
    processes
        .flatten()
        .any(|process| fs::read_to_string(process.path().join("comm")).is_ok_and(|comm| comm.trim() == name))
}

/// A started program, and the file it talks into.
pub(super) struct Program {
    child: Child,
    log: PathBuf,
}

impl Program {
    fn start(root: &Root, call: &Invocation, log: &str) -> Result<Self> {
        let log = root.path("run").join(log);
        let quiet = Invocation::words("sh -c").arg("log=$0; exec \"$@\" >\"$log\" 2>&1");
        let quiet = call.clone().under(quiet.arg(log.display().to_string()));
        Ok(Self { child: Child::start(&quiet, &root.folder)?, log })
    }

    /// Waits for something it does; an error says what it said.
    fn until(&mut self, what: &str, is_so: impl Fn() -> bool) -> Result<()> {
        let began = Instant::now();
        let said = || fs::read_to_string(&self.log).unwrap_or_default();
        while !is_so() {
            if let Some(status) = self.child.ended()? {
                bail!("waiting for {what}: the program ended with {status}\n{}", said());
            }
            if began.elapsed() > START_LIMIT {
                bail!("waited {} s for {what}\n{}", START_LIMIT.as_secs(), said());
            }
            std::thread::sleep(POLL);
        }
        Ok(())
    }

    /// Asks it to end, and waits for that.
    pub(super) fn end(self) {
        self.child.end();
    }
}

fn json(text: &str) -> Result<Value> {
    serde_json::from_str(text).with_context(|| format!("reading the answer {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_starts_with_the_words_of_its_unit_and_settings() {
        let unit = "[Service]\nUser=zaigang-center\nExecStart=/usr/bin/x serve --dir /d $SERVE_OPTIONS\n";
        let words = |settings: &str| service_words(unit, settings).unwrap().join(" ");
        assert_eq!(words("# x\nSERVE_OPTIONS=\"\"\n"), "/usr/bin/x serve --dir /d");
        assert_eq!(words("SERVE_OPTIONS=\"--log-json\"\n"), "/usr/bin/x serve --dir /d --log-json");
        assert!(service_words("[Service]\n", "").is_err());
    }
}
