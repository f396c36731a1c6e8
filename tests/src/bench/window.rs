//! The real window: how long it takes to the log-in form and to the first list, what memory WebKit takes,
//! and how soon an order dispatched at one console shows in the window of another. The floor is an empty
//! window of the same build, opened by the same driver.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use super::{Bar, Percentiles, Table};
use crate::demo::assets::Login;
use crate::harness::centre::{DESK, ENGINEER, RealCentre};
use crate::harness::screen::Screen;
use crate::harness::wait::{PATIENCE, timed, until};

/// Windows opened of each kind.
const STARTS: usize = 5;
/// Orders dispatched from one window to the other.
const DISPATCHES: usize = 5;

/// Measures the window on a profile with all the work in it and adds lines.
///
/// # Errors
/// When a tool is missing or a screen does not show what it should.
pub fn measure(profile: &Path, account: &Login, table: &mut Table) -> Result<()> {
    let (mut empty, mut form, mut list) = (Vec::new(), Vec::new(), Vec::new());
    let (mut empty_mb, mut full_mb) = (f64::MAX, 0.0_f64);
    for n in 0..STARTS {
        let (screen, took) = timed(|| Screen::empty_window(&profile.with_extension("empty"), "empty"));
        let screen = screen?;
        empty.push(took);
        // The process that draws the page comes after the window.
        screen.driver.one("body")?;
        empty_mb = empty_mb.min(webkit_mb(screen.driver.id())?);
        screen.driver.close()?;

        let (screen, took) = timed(|| -> Result<Screen> {
            let screen = Screen::window(profile, &format!("bench{n}"))?;
            screen.driver.one("#login")?;
            Ok(screen)
        });
        let screen = screen?;
        form.push(took);
        screen.paste("#login", &account.login)?;
        screen.paste("#password", &account.password)?;
        let (listed, took) = timed(|| -> Result<()> {
            screen.driver.press(ENTER)?;
            screen.driver.one(".line").map(|_| ())
        });
        listed?;
        list.push(took);
        screen.to("#/orders?view=all")?;
        screen.driver.one(".line")?;
        full_mb = full_mb.max(webkit_mb(screen.driver.id())?);
        screen.driver.close()?;
    }
    let (empty, form) = (Percentiles::of(empty), Percentiles::of(form));
    let row =
        table.add("window: start to log-in form, above the floor", form.p50 - empty.p50, "ms", BAR_START);
    (row.spread, row.floor) = (Some(form), Some(empty.p50));
    let list = Percentiles::of(list);
    let row = table.add("window: log in (Argon2 included) to first list", list.p50, "ms", Bar::Below(500.0));
    row.spread = Some(list);
    let row = table.add("window: memory of WebKit above the floor", full_mb - empty_mb, "MB PSS", BAR_MEMORY);
    row.floor = Some(empty_mb);
    dispatches(table)
}

/// The key, as WebDriver writes it.
const ENTER: &str = "\u{E007}";

const BAR_START: Bar = Bar::Below(700.0);
const BAR_MEMORY: Bar = Bar::Below(100.0);

/// Two windows at a real centre: from the key that dispatches to the line in the other's list.
fn dispatches(table: &mut Table) -> Result<()> {
    let dir = tempfile::tempdir().context("making a folder")?;
    let mut centre = RealCentre::found(dir.path())?;
    centre.start()?;
    let sit = |folder: &str, account| -> Result<Screen> {
        let screen = Screen::window(&centre.profile(&dir.path().join(folder))?, folder)?;
        screen.enrol(&centre.code(folder, &["L总队"])?, folder)?;
        screen.log_in(account)?;
        screen.driver.sees("已同步")?;
        Ok(screen)
    };
    let (desk, engineer) = (sit("desk", &DESK)?, sit("engineer", &ENGINEER)?);
    engineer.to("#/orders?view=open")?;
    let mut times: Vec<Duration> = Vec::new();
    for n in 1..=DISPATCHES {
        let title = format!("平台级联断开，第{n}次");
        desk.fill_register("12.6", &title)?;
        let (seen, took) = timed(|| -> Result<()> {
            desk.send_register()?;
            until("the dispatched order", PATIENCE, || {
                let script =
                    "return document.querySelector('.lines, main')?.innerText.includes(arguments[0])";
                Ok((engineer.driver.run(script, json!([title]))? == json!(true)).then_some(()))
            })
        });
        seen?;
        times.push(took);
    }
    let spread = Percentiles::of(times);
    table
        .add("window: dispatched here to seen there, slowest", spread.max, "ms", Bar::Below(1_000.0))
        .spread = Some(spread);
    Ok(())
}

/// Proportional share of memory of WebKit's processes below a process, in megabytes.
#[expect(clippy::disallowed_methods, reason = "the kernel tells it in files")]
fn webkit_mb(root: u32) -> Result<f64> {
    let mut parents: Vec<(u32, u32, String)> = Vec::new();
    for entry in std::fs::read_dir("/proc").context("listing processes")? {
        let Ok(pid) = entry?.file_name().to_string_lossy().parse::<u32>() else { continue };
        // A process may end while it is looked at.
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { continue };
        let Some((name, rest)) = stat.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')) else {
            continue;
        };
        let parent = rest.split_whitespace().nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
        parents.push((pid, parent, name.to_owned()));
    }
    let mut below = vec![root];
    let mut kilobytes = 0.0_f64;
    while let Some(at) = below.pop() {
        for (pid, _, name) in parents.iter().filter(|(_, parent, _)| *parent == at) {
            below.push(*pid);
            if name.starts_with("WebKit") && !name.starts_with("WebKitWebDriver") {
                let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
                let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or("0 kB");
                kilobytes += line.trim().trim_end_matches("kB").trim().parse::<f64>()?;
            }
        }
    }
    anyhow::ensure!(kilobytes > 0.0, "no process of WebKit is there");
    Ok(kilobytes / 1_024.0)
}
