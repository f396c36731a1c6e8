//! The stories on screens, one text for windows and browsers: a fault is dispatched, two work on it
//! offline, one wins and the other's text is kept; and a day of one engineer by keyboard.

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
        seated(screen, &centre, name, account)
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

/// Enrols a console and logs somebody in there.
fn seated(screen: Screen, centre: &RealCentre, name: &str, account: &Account) -> Result<Screen> {
    screen.enrol(&centre.code(name, &["L总队"])?, name)?;
    screen.log_in(account)?;
    screen.driver.sees("已同步")?;
    screen.picture("今日")?;
    Ok(screen)
}

const REPLAY: &str = "录像回放失败（南宁）";
/// A picture of one dot.
const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
const ESCAPE: &str = "\u{E00C}";

/// Tells a day: registered afterwards, worked on with a picture, signed by the buyer, closed with what was
/// learnt and found again; a line of daily work; where one is.
///
/// # Errors
/// Where the screen shows something else.
pub fn tell_a_day(open: impl Fn(&Path, &str) -> Result<Screen>) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let mut centre = RealCentre::found(dir.path())?;
    centre.start()?;
    let screen = open(&centre.profile(&dir.path().join("day"))?, "day")?;
    let screen = seated(screen, &centre, "值班室1号机", &ENGINEER)?;
    worked_on(&screen)?;
    signed(&screen)?;
    told_where(&screen)?;
    learnt(&screen)?;
    recorded(&screen)?;
    screen.driver.sees_within("已同步", BACK_ONLINE)?;
    centre.verify()?;
    Ok(())
}

/// Registered two hours after the call, taken, and restored with a picture.
fn worked_on(screen: &Screen) -> Result<()> {
    screen.register_late("12.6", REPLAY, "08:05", "先到机房处理，处理完补录。")?;
    screen.driver.sees("补录")?;
    screen.driver.sees("先到机房处理")?;
    screen.step_by_key("a", |_| Ok(()))?;
    screen.attach("机柜.png", PICTURE)?;
    screen.step_by_key("s", |form| form.fill("#step-text", "清理过期录像并调整策略，回放正常。"))?;
    screen.driver.sees("已恢复")
}

/// The sheet is looked at, signed on paper, and the signature is noted.
fn signed(screen: &Screen) -> Result<()> {
    screen.driver.click_text("记录单")?;
    screen.driver.one(".leaf")?;
    screen.driver.sees("用户签字")?;
    screen.picture("记录单")?;
    screen.press(ESCAPE)?;
    screen.driver.one("article.detail")?;
    screen.step_by_key("c", |form| {
        form.fill("#step-who", "演示用户01")?;
        form.choose_words("#step-way", "签字单")?;
        form.fill("#step-paper", "QZ-1015-01")
    })?;
    screen.driver.sees("QZ-1015-01")
}

/// 去向 by two keys.
fn told_where(screen: &Screen) -> Result<()> {
    screen.press("g")?;
    screen.driver.one(".choices button")?;
    screen.driver.press("2")?;
    let told = "
        const chips = [...document.querySelectorAll('button.chip')];
        return !document.querySelector('.choices') && chips.some((e) => e.innerText.includes('机房'));";
    until("机房 in the frame", PATIENCE, || {
        Ok((screen.driver.run(told, json!([]))? == json!(true)).then_some(()))
    })
}

/// Closed with what was learnt; two characters find it again. What is done is still to be entered.
fn learnt(screen: &Screen) -> Result<()> {
    screen.step_by_key("z", |form| {
        form.fill("#step-symptom", "实时预览正常，历史画面黑屏")?;
        form.fill("#step-cause", "存储池写满")?;
        form.fill("#step-steps", "先清理到期录像，再把告警线调到八成")
    })?;
    screen.driver.sees("已关闭")?;
    screen.picture("已关闭")?;
    screen.to("#/knowledge")?;
    screen.fill("input[aria-label='检索处理经验']", "黑屏")?;
    screen.driver.sees("告警线调到八成")?;
    screen.picture("经验")?;
    screen.to("#/platform")?;
    screen.driver.sees(REPLAY)?;
    screen.picture("待录入")
}

/// A line of daily work, from cell to cell.
fn recorded(screen: &Screen) -> Result<()> {
    screen.to("#/records")?;
    for (cell, text) in [
        ("object", "12.6"),
        ("category", "rcwh"),
        ("title", "日志备份"),
        ("minutes", "20"),
        ("confirmed", "科信处值班员"),
    ] {
        screen.fill(&format!("input[id^='rec-'][id$='-{cell}']"), text)?;
    }
    screen.send("input[id^='rec-'][id$='-title']")?;
    screen.driver.sees("刚记录“日志备份”")?;
    screen.picture("工作记录")
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
