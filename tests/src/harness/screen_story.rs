//! The story on screens: a fault is dispatched, two work on it offline, one wins and the other's text is
//! kept. One text for windows and browsers.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;

use super::centre::{Account, DESK, ENGINEER, RealCentre, SECOND};
use super::screen::Screen;
use super::wait::{PATIENCE, until};

const TITLE: &str = "平台级联断开（柳州）";
/// The way back to the centre is tried with growing pauses.
const BACK_ONLINE: Duration = Duration::from_secs(90);

/// Tells it; `open` gives a screen on a fresh profile's folder, named in pictures by the second argument.
///
/// # Errors
/// Where a screen shows something else.
pub fn tell(open: impl Fn(&Path, &str) -> Result<Screen>) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let mut centre = RealCentre::found(dir.path())?;
    centre.start()?;
    let sit = |name: &str, folder: &str, account: &Account| -> Result<Screen> {
        let screen = open(&centre.profile(&dir.path().join(folder))?, folder)?;
        screen.enrol(&centre.code(name, &["L总队"])?, name)?;
        screen.log_in(account)?;
        screen.driver.sees("已同步")?;
        screen.picture("今日")?;
        Ok(screen)
    };
    let desk = sit("服务台1号机", "desk", &DESK)?;
    let first = sit("值班室1号机", "first", &ENGINEER)?;
    let second = sit("值班室2号机", "second", &SECOND)?;
    for screen in [&first, &second] {
        screen.to("#/orders?view=open")?;
    }

    desk.register("12.6", TITLE)?;
    desk.picture("待接单")?;
    for screen in [&first, &second] {
        // Nobody touched these: the list shows it by itself.
        screen.driver.sees_within(TITLE, Duration::from_secs(10))?;
        screen.open(TITLE)?;
    }
    first.picture("工单")?;

    centre.kill()?;
    first.step("接单", Some("我来处理。"))?;
    // The power of this PC fails while the arrival is being written: what was said before is there, the
    // arrival is there whole or not at all, and the way back in needs no centre.
    first.step_into_a_power_cut("到场")?;
    let first = open(&dir.path().join("first"), "first-again")?;
    first.log_in(&ENGINEER)?;
    first.open(TITLE)?;
    first.driver.sees("我来处理。")?;
    if !arrived(&first)? {
        first.step("到场", None)?;
    }
    until("the arrival in the timeline", PATIENCE, || Ok(arrived(&first)?.then_some(())))?;
    second.step("接单", Some("我离得近，我去。"))?;
    first.driver.sees("待上传")?;
    first.picture("离线到场")?;

    centre.start()?;
    first.driver.sees_within("已同步", BACK_ONLINE)?;
    second.driver.sees_within("已同步", BACK_ONLINE)?;
    // Whoever reached the centre first has won; the other is told who, and keeps every word.
    let first_lost = until("one that lost", BACK_ONLINE, || {
        let lost =
            |screen: &Screen| Ok::<_, anyhow::Error>(!screen.driver.all(".chip .conflicts")?.is_empty());
        Ok((lost(&first)? || lost(&second)?).then_some(lost(&first)?))
    })?;
    let (winner, loser, winner_is, words) = if first_lost {
        (&second, &first, SECOND.name, "我来处理。")
    } else {
        (&first, &second, ENGINEER.name, "我离得近，我去。")
    };
    loser.to("#/sync")?;
    loser.driver.sees("未被采纳")?;
    loser.driver.sees(words)?;
    loser.driver.sees(winner_is)?;
    loser.picture("冲突")?;
    winner.step("恢复", Some("更新证书并重新注册，目录与预览恢复。"))?;
    winner.picture("已恢复")?;
    desk.driver.sees_within("更新证书并重新注册", Duration::from_secs(20))?;
    desk.picture("看到恢复")?;
    let arrivals = count(&desk, "到场")?;
    ensure!(arrivals == 1, "{arrivals} arrivals, where there was one whatever happened to the PC");
    centre.verify()?;
    Ok(())
}

/// Whether the order that is open shows an arrival.
fn arrived(screen: &Screen) -> Result<bool> {
    Ok(count(screen, "到场")? > 0)
}

/// How many lines of the open order's timeline are headed so.
fn count(screen: &Screen, act: &str) -> Result<u64> {
    let script = "return [...document.querySelectorAll('.timeline .head strong')].filter((e) => e.textContent.trim() === arguments[0]).length";
    Ok(screen.driver.run(script, json!([act]))?.as_u64().unwrap_or(0))
}
