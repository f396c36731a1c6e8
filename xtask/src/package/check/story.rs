//! The story: install the earlier packages, work, upgrade, work on, remove; at every turn the data are there.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::Pair;
use super::root::Root;
use super::site::{self, DATA, SETTINGS};
use crate::invocation::{Invocation, on_path};

/// Tells it; the first thing that is not as it should be is the error.
pub(super) fn tell(root: &Root, previous: &Pair, current: &Pair) -> Result<()> {
    install(root, previous)?;
    judge_folder(root)?;
    judge_unit(root)?;
    site::found(root)?;
    fs::write(root.path(SETTINGS), "SERVE_OPTIONS=\"--log-json\"\n").context("changing the settings")?;
    let service = site::serve(root)?;
    site::make_seat(root)?;
    enrol(root)?;
    let first = site::register(root, "核心交换机中断")?;
    site::console(root, &["sync"])?;
    site::look_at_the_web(root)?;
    site::look_at_the_window(root)?;
    service.end();
    println!("installed, founded, enrolled, registered, synced; web and window open");

    install(root, current)?;
    let kept = fs::read_to_string(root.path(SETTINGS)).context("reading the settings")?;
    if kept != "SERVE_OPTIONS=\"--log-json\"\n" {
        bail!("the upgrade changed {SETTINGS}, which the administrator had changed:\n{kept}");
    }
    let service = site::serve(root)?;
    let second = site::register(root, "视频点位离线")?;
    site::console(root, &["sync"])?;
    judge_orders(root, &[&first, &second])?;
    site::console(root, &["verify"])?;
    site::center(root, &["backup", "--to", "/var/lib/zaigang-center/backup.db"])?;
    site::center(root, &["verify"])?;
    service.end();
    println!("upgraded: settings, orders and keys are kept, work goes on");

    remove(root)?;
    install(root, current)?;
    let service = site::serve(root)?;
    judge_orders(root, &[&first, &second])?;
    site::center(root, &["verify"])?;
    service.end();
    println!("removed and purged: the data stayed, and are used again after an installation");
    Ok(())
}

/// Installs both with dpkg, which checks their dependencies, and looks at the versions.
fn install(root: &Root, pair: &Pair) -> Result<()> {
    for file in [&pair.center, &pair.console] {
        let name = file.file_name().context("a package is a file")?;
        let inside = PathBuf::from("/packages").join(name);
        fs::copy(file, root.path(&inside.display().to_string())).context("handing over a package")?;
        root.run(&["dpkg", "--install", "--force-confold", &inside.display().to_string()])?;
        let field = |name: &str| {
            let call = Invocation::words("dpkg-deb --field").arg(file.display().to_string()).arg(name);
            Ok::<_, anyhow::Error>(call.output(&root.folder)?.trim().to_owned())
        };
        let (package, version) = (field("Package")?, field("Version")?);
        let found = root.run(&["dpkg-query", "--show", "--showformat", "${Version} ${Status}", &package])?;
        if found != format!("{version} install ok installed") {
            bail!("{package} {version} is to be installed, dpkg says {found:?}");
        }
        let wrong = root.run(&["dpkg", "--verify", &package])?;
        if wrong.lines().any(|line| !line.contains(" c /etc/")) {
            bail!("files of {package} are not as packed:\n{wrong}");
        }
    }
    Ok(())
}

/// The data belong to the service's own user, and nobody else can look inside.
fn judge_folder(root: &Root) -> Result<()> {
    let found = root.run(&["stat", "--format", "%U:%G %a", DATA])?;
    if found.trim() != "zaigang-center:zaigang-center 700" {
        bail!("{DATA} is {}, it should be zaigang-center:zaigang-center 700", found.trim());
    }
    Ok(())
}

/// systemd understands every line of the unit; asked where it is there to be asked. It is asked outside of the
/// root, so it misses the program.
fn judge_unit(root: &Root) -> Result<()> {
    if on_path("systemd-analyze").is_none() {
        return Ok(());
    }
    let unit = root.path(site::UNIT).display().to_string();
    let said = Invocation::words("systemd-analyze verify --man=no").arg(unit).command(&root.folder).output();
    let said = String::from_utf8_lossy(&said.context("asking systemd")?.stderr).into_owned();
    let about_it =
        |line: &&str| line.contains("zaigang-center.service") && !line.contains(" is not executable: ");
    let found: Vec<&str> = said.lines().filter(about_it).collect();
    if found.is_empty() { Ok(()) } else { bail!("systemd about the unit:\n{}", found.join("\n")) }
}

fn enrol(root: &Root) -> Result<()> {
    let code = site::center(root, &["device", "code", "--log", "c/guangxi-police/d/E总队"])?;
    let code = code.get("text").and_then(Value::as_str).context("no enrolment code")?;
    site::console(root, &["enrol", code, "--name", "值班室1号机"])?;
    site::console(root, &["sync"]).map(|_| ())
}

/// The console lists the orders, and none of them waits for the centre any more.
fn judge_orders(root: &Root, ids: &[&String]) -> Result<()> {
    for id in ids {
        let order = site::console(root, &["order", "show", id])?;
        let pending = order.pointer("/row/pending").and_then(Value::as_u64);
        if pending != Some(0) {
            bail!("order {id} is not at the centre: {order}");
        }
    }
    Ok(())
}

/// Removes and purges both; the data stay, and it is said where.
fn remove(root: &Root) -> Result<()> {
    let before = listing(root)?;
    root.run(&["dpkg", "--remove", "zaigang"])?;
    for act in ["--remove", "--purge"] {
        let said = root.run(&["dpkg", act, "zaigang-center"])?;
        if !said.contains(DATA) {
            bail!("dpkg {act} does not say that {DATA} is kept:\n{said}");
        }
    }
    if root.path("/usr/bin/zaigang-center").exists() || root.path(SETTINGS).exists() {
        bail!("purged, but the program or {SETTINGS} is still there");
    }
    let after = listing(root)?;
    if after != before {
        bail!("removing changed {DATA}:\nbefore\n{before}\nafter\n{after}");
    }
    Ok(())
}

/// Names, sizes and owners of the centre's files.
fn listing(root: &Root) -> Result<String> {
    root.run(&["sh", "-c", &format!("cd {DATA} && find . -type f -printf '%p %s %u\\n' | sort")])
}
