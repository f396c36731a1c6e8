//! From the start of the program to the log-in form and the first list, and the memory it takes, on a
//! profile with all the work in it. A process of its own, without a window.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use zaigang_console::door::{Caller, Door};
use zaigang_console::host::{FixedHost, Host as _, SystemHost};
use zaigang_console::keys::{Cost, NoKeyring};
use zaigang_console::order::Contracts;
use zaigang_console::session::{Console, Profile};

use super::data::Data;
use super::{Bar, Percentiles, Table};
use crate::demo::assets::Login;
use crate::demo::{console, plan::SEED};
use crate::harness::programs::Running;
use crate::harness::wait::timed;

/// Starts timed.
const STARTS: usize = 5;

/// Measures and adds lines; gives the profile's folder and who can log in there.
///
/// # Errors
/// When the profile cannot be made or the child fails.
pub fn measure(data: &mut Data<'_>, table: &mut Table) -> Result<(PathBuf, Login)> {
    let dir = data.dir.join("start");
    let account = data.site.assets.logins.login.iter().find(|login| login.role == "dispatcher");
    let account = account.context("no dispatcher can log in")?.clone();
    {
        let host = Arc::new(FixedHost::new(data.site.assets.logins.now, SEED));
        let mut made = console::open(&dir, host, Cost::PRODUCT)?;
        let logs = data.site.logs(&[])?;
        let mut code = data.site.device_code("bench", logs)?;
        // Nobody listens there: whoever logs in is told so at once, and goes on offline.
        "https://127.0.0.1:9".clone_into(&mut code.centre);
        let code = code.to_text();
        console::enrol(&mut made, &mut data.site.centre, &code, "bench")?;
        console::log_in(&mut made, &mut data.site.centre, &account.login, &account.password)?;
        console::sync(&mut made, &mut data.site.centre)?;
        made.log_out()?;
        console::sync(&mut made, &mut data.site.centre)?;
    }
    // The clock of the data, or the log-in would be years after the last one.
    let offset = data.site.assets.logins.now.as_millisecond() - SystemHost::new().now().as_millisecond();
    set_clock(&dir, offset)?;
    let (mut ready, mut log_in, mut list, mut pss) = (Vec::new(), Vec::new(), Vec::new(), 0.0_f64);
    for _ in 0..STARTS {
        let mut child = Command::new(std::env::current_exe()?);
        child.arg("--start").arg(&dir).args([&account.login, &account.password]);
        let (running, took) = timed(|| -> Result<Running> {
            let mut running = Running::start(&mut child)?;
            running.wait_for_line("that it is ready", |line| (line == "ready").then_some(()))?;
            Ok(running)
        });
        ready.push(took);
        let told: Value = running?
            .wait_for_line("its times", |line| serde_json::from_str(line).ok().filter(Value::is_object))?;
        let ms = |key: &str| told.get(key).and_then(Value::as_f64).unwrap_or(f64::MAX) / 1_000.0;
        log_in.push(std::time::Duration::from_secs_f64(ms("log_in_ms")));
        list.push(std::time::Duration::from_secs_f64(ms("list_ms")));
        pss = pss.max(told.get("pss_mb").and_then(Value::as_f64).unwrap_or(f64::MAX));
    }
    let add = |table: &mut Table, what: &str, times, bar| {
        let spread = Percentiles::of(times);
        table.add(what, spread.max, "ms", bar).spread = Some(spread);
    };
    add(table, "start to log-in form, without a window, slowest", ready, Bar::Below(700.0));
    add(table, "log-in offline: password, store opened, slowest", log_in, Bar::None);
    add(table, "first page of all orders after it, slowest", list, Bar::None);
    table.add("memory of the core with that list shown", pss, "MB PSS", Bar::Below(150.0));
    Ok((dir, account))
}

/// What the started child does: opens the profile, says so, logs in, lists, and says how long it took.
///
/// # Errors
/// When the door refuses.
pub fn child(dir: &Path, login: &str, password: &str, mut say: impl FnMut(&str)) -> Result<()> {
    let contracts = Contracts::new();
    let profile = Profile {
        dir: dir.to_owned(),
        host: Arc::new(SystemHost::of_profile(dir)?),
        keyring: Box::new(NoKeyring),
        clocks: Arc::<Contracts>::clone(&contracts),
        cost: Cost::PRODUCT,
    };
    let mut console = Console::open(profile)?;
    say("ready");
    let (logged_in, log_in) = timed(|| console.log_in_offline(login, password));
    logged_in?;
    let door = Door::new(console, contracts);
    let runtime = tokio::runtime::Runtime::new()?;
    let args = json!({"view": "all", "search": null, "statuses": [], "division": null, "object": null, "level": null,
        "kind": null, "assignee": null, "from": null, "to": null, "sort": null, "offset": 0, "limit": 50});
    let (page, list) = timed(|| runtime.block_on(door.call("order.list", args, Caller::Desktop)));
    let page = page.map_err(|error| anyhow::anyhow!("{}", error.message))?;
    let total = page.get("total").and_then(Value::as_u64).unwrap_or(0);
    anyhow::ensure!(total > 0, "the profile shows no orders");
    let ms = |time: std::time::Duration| time.as_secs_f64() * 1_000.0;
    say(&json!({ "log_in_ms": ms(log_in), "list_ms": ms(list), "pss_mb": pss_mb()? }).to_string());
    Ok(())
}

/// Proportional share of memory of this process, in megabytes.
#[expect(clippy::disallowed_methods, reason = "the kernel tells it in a file")]
fn pss_mb() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup").context("reading the memory in use")?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).context("no Pss")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse::<f64>()? / 1_024.0)
}

#[expect(clippy::disallowed_methods, reason = "the profile's clock is a file")]
fn set_clock(dir: &Path, offset_ms: i64) -> Result<()> {
    std::fs::write(dir.join(zaigang_console::host::DEMO_CLOCK), offset_ms.to_string())
        .context("setting a clock")
}
