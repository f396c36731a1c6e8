//! Duty on screens, one text for windows and browsers: October is drafted, reviewed and published; an
//! engineer without the network gets it at the next sync, punches, hands over to the second user of the same
//! PC and swaps a duty; a holiday plan is approved, printed and closed.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use super::centre::{Account, ENGINEER, RealCentre, SECOND, repository};
use super::screen::Screen;
use super::wait::{PATIENCE, until};

/// Whoever drafts.
const AUTHOR: Account = Account {
    login: "xmjl1",
    name: "演示·周望舒",
    role: "supervisor",
    divisions: &[],
    password: "Paiban-2025",
};
/// Whoever reviews: nobody approves what he submitted.
const REVIEWER: Account = Account {
    login: "xmjl2",
    name: "演示·吴致远",
    role: "supervisor",
    divisions: &[],
    password: "Shenhe-2025",
};
/// Two more to draft with; they never log in.
const OTHERS: [Account; 2] = [
    Account { login: "gcs3", name: "演示·何清越", ..SECOND },
    Account { login: "gcs4", name: "演示·陆言蹊", ..SECOND },
];
/// One post of twelve hours a day, beside the demo's office hours.
const POST: &str = r#"
[[duty_post]]
id = "duty"
name = "值班"
kind = "duty"
shift = "day"
days = "all"
divisions = ["L总队"]
clause = "001:27"
"#;
const PLAN: &str = "2025年国庆节、中秋节保障方案";
/// The way back to the centre is tried with growing pauses.
const BACK_ONLINE: Duration = Duration::from_secs(90);

/// Tells it; `open` gives a screen on a fresh profile's folder, named in pictures by the second argument.
///
/// # Errors
/// Where a screen shows something else.
pub fn tell_of_duty(open: impl Fn(&Path, &str) -> Result<Screen>) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let mut centre = RealCentre::found(dir.path())?;
    furnish(&centre, dir.path())?;
    centre.start()?;
    let sit = |name: &str, folder: &str, account: &Account| -> Result<Screen> {
        let screen = open(&centre.profile(&dir.path().join(folder))?, folder)?;
        screen.enrol(&centre.code(name, &["L总队"])?, name)?;
        screen.log_in(account)?;
        screen.driver.sees("已同步")?;
        Ok(screen)
    };
    let office = sit("项目部1号机", "office", &AUTHOR)?;
    let shared = sit("值班室1号机", "shared", &SECOND)?;
    shared.log_out()?;
    shared.log_in(&ENGINEER)?;

    drafted(&office)?;
    planned(&office)?;
    office.log_out()?;
    office.log_in(&REVIEWER)?;
    reviewed(&office)?;
    shared.to("#/roster?month=2025-10&tab=mine")?;
    shared.driver.sees("尚未发布")?;

    // Published while nobody reaches the centre: the engineer learns of it at the next sync.
    centre.kill()?;
    act(&office, "发布")?;
    office.driver.sees("已发布第 1 版")?;
    centre.start()?;
    shared.driver.sees_within("第 1 版改动了您的班", BACK_ONLINE)?;
    shared.picture("值班表已到")?;
    shared.click_begins("我已知悉")?;
    gone(&shared, "我已知悉")?;

    centre.kill()?;
    punched(&shared)?;
    handed_over(&shared)?;
    asked_to_swap(&shared)?;
    shared.log_out()?;
    shared.log_in(&SECOND)?;
    shared.to("#/roster?month=2025-10&tab=swaps")?;
    shared.click_begins("我同意换")?;
    shared.driver.sees("待审批")?;
    shared.driver.sees("待上传")?;
    shared.picture("离线换班")?;

    centre.start()?;
    synced(&shared)?;
    synced(&office)?;
    office.to("#/roster?month=2025-10&tab=swaps")?;
    office.driver.sees("同意换班")?;
    office.click_begins("同意换班")?;
    office.driver.sees("已批准")?;
    office.picture("换班已批")?;
    office.to("#/handover")?;
    office.driver.sees("已接班")?;
    covered(&office)?;
    synced(&shared)?;
    shared.to("#/roster?month=2025-10&tab=swaps")?;
    shared.driver.sees("已批准")?;
    shared.picture("换到的班")?;
    shared.to("#/coverage")?;
    shared.driver.sees("已总结")?;
    centre.verify()?;
    Ok(())
}

/// The accounts, and the one post that is agreed.
#[expect(clippy::disallowed_methods, reason = "settings are published from a file")]
fn furnish(centre: &RealCentre, dir: &Path) -> Result<()> {
    for account in [AUTHOR, REVIEWER].iter().chain(&OTHERS) {
        centre.add(account)?;
    }
    let assets = repository().join("assets");
    let demo = std::fs::read_to_string(assets.join("demo/guangxi-police.settings.toml"))?;
    let before = demo.split("[[duty_post]]").next().context("settings begin")?;
    let settings = dir.join("duty.settings.toml");
    std::fs::write(&settings, format!("{before}{POST}")).context("writing settings")?;
    let profile = assets.join("contracts/guangxi-police.toml").display().to_string();
    let settings = settings.display().to_string();
    centre
        .command(&["contract", "publish"], &["--profile", &profile, "--settings", &settings])?
        .ok()
        .map(|_| ())
}

/// October is opened, one duty is pinned, the machine fills the rest, and it goes to review.
fn drafted(screen: &Screen) -> Result<()> {
    screen.to("#/roster?month=2025-10")?;
    screen.driver.click_text("开 2025年10月")?;
    pinned(screen, ENGINEER.name, 15)?;
    screen.driver.click_text("自动编排")?;
    screen.driver.one("#draft-seconds")?;
    screen.driver.click_text("排班")?;
    screen.driver.click_text("采用")?;
    screen.driver.sees("人员齐")?;
    screen.picture("排班草稿")?;
    screen.click_begins("保存")?;
    gone(screen, "保存 ")?;
    act(screen, "送审")
}

/// Puts somebody into the first post of a day of October, and pins him there.
fn pinned(screen: &Screen, name: &str, day: u32) -> Result<()> {
    screen.driver.one(".month-grid")?;
    let script = "
        const heads = [...document.querySelectorAll('.month-grid th.name')];
        return heads.findIndex((e) => e.querySelector('.who')?.textContent.trim() === arguments[0]);";
    let row = until(&format!("the row of {name}"), PATIENCE, || {
        Ok(screen.driver.run(script, json!([name]))?.as_u64())
    })?;
    let cell = screen.driver.one(&format!("#cell-{row}-{}", day - 1))?;
    screen.driver.click(&cell)?;
    let focus = "document.querySelector('.month-grid').focus();";
    screen.driver.run(focus, json!([]))?;
    screen.driver.press("1")?;
    screen.driver.press("p")?;
    screen.driver.one(&format!("#cell-{row}-{} .pin", day - 1))?;
    Ok(())
}

/// Does not wait for the next try by itself.
fn synced(screen: &Screen) -> Result<()> {
    screen.to("#/sync")?;
    screen.click_begins("立即同步")?;
    screen.driver.sees_within("已同步", BACK_ONLINE)
}

/// Waits until words are no longer there.
fn gone(screen: &Screen, words: &str) -> Result<()> {
    until(&format!("that {words} is gone"), PATIENCE, || {
        Ok((!screen.driver.text()?.contains(words)).then_some(()))
    })
}

/// The next step of the month, and its words left empty.
fn act(screen: &Screen, name: &str) -> Result<()> {
    screen.driver.click_text(name)?;
    screen.driver.one("form.say")?;
    screen.click_in("form.say", name)
}

/// A plan for the holiday just past, from the form as it begins, sent to review.
fn planned(screen: &Screen) -> Result<()> {
    screen.to("#/coverage")?;
    screen.driver.click_text("编制方案")?;
    for (field, text) in [("#cov-name", PLAN), ("#cov-from", "2025-10-01"), ("#cov-to", "2025-10-08")] {
        screen.paste(field, text)?;
    }
    screen.driver.click_text("节假日")?;
    screen.driver.click_text("保存")?;
    screen.driver.click_text("送审")?;
    screen.driver.sees("待审核")?;
    screen.picture("保障方案")
}

/// A word to the author, approval, and the buyer's consent from a paper.
fn reviewed(screen: &Screen) -> Result<()> {
    screen.to("#/roster?month=2025-10")?;
    screen.driver.one(".month-grid")?;
    screen.driver.click_text("意见")?;
    screen.paste(".comments textarea", "国庆期间请各自留好电话。")?;
    screen.click_begins("写下")?;
    screen.driver.sees("国庆期间请各自留好电话。")?;
    act(screen, "审核通过")?;
    screen.driver.click_text("登记采购人同意")?;
    screen.paste("input[aria-label='同意的单位或岗位']", "信息化部门")?;
    screen.paste("input[aria-label='依据文件']", "值班表确认单")?;
    screen.picture("采购人同意")?;
    screen.click_in("form.say", "登记采购人同意")
}

/// One key, five seconds, and it is written.
fn punched(screen: &Screen) -> Result<()> {
    screen.to("#/attendance")?;
    screen.driver.one("section.punch .big")?;
    screen.press("\u{E007}")?;
    screen.driver.sees("秒后打卡")?;
    screen.picture("打卡")?;
    screen.driver.sees("已打卡")
}

/// Signed by the one, accepted by the other on the same PC with his own password.
fn handed_over(screen: &Screen) -> Result<()> {
    screen.to("#/handover")?;
    screen.driver.click_text("填写交接班")?;
    screen.choose("#ho-to", SECOND.name)?;
    screen.click_begins("签字交班")?;
    screen.driver.sees("尚未接班")?;
    screen.driver.click_text("接班签字")?;
    screen.paste("#answer-password", SECOND.password)?;
    screen.picture("接班签字")?;
    screen.click_begins("签字接班")?;
    screen.driver.sees("已接班")
}

/// A duty of his still to come, offered to the colleague.
fn asked_to_swap(screen: &Screen) -> Result<()> {
    screen.to("#/roster?month=2025-10&tab=mine")?;
    screen.click_in(".mine tbody tr:last-child", "申请换班")?;
    screen.choose("#swap-with", SECOND.name)?;
    screen.fill("#swap-reason", "家中有事")?;
    screen.click_begins("发出申请")?;
    screen.driver.sees("待其答复")
}

/// The plan is approved, consented to, printed and closed with its summary.
fn covered(screen: &Screen) -> Result<()> {
    screen.to("#/coverage")?;
    screen.driver.click_text("审核通过")?;
    screen.driver.click_text("记录采购人同意")?;
    for (field, text) in
        [("#cov-unit", "信息化部门"), ("#cov-paper", "保障方案确认单"), ("#cov-date", "2025-10-14")]
    {
        screen.paste(field, text)?;
    }
    screen.click_begins("记录同意")?;
    screen.driver.sees("采购人已同意")?;
    // The system's dialog cannot be driven: what it would print is looked at instead.
    screen.driver.run("window.print = () => { window.printed = true; };", json!([]))?;
    screen.driver.click_text("打印")?;
    screen.driver.one(".print-only section[aria-label='保障方案']")?;
    until("that it is printed", PATIENCE, || {
        Ok((screen.driver.run("return window.printed ?? false", json!([]))? == json!(true)).then_some(()))
    })?;
    screen.driver.click_text("总结")?;
    screen.driver.one("#cov-text")?;
    screen.click_begins("总结并结束")?;
    screen.driver.sees("已总结")?;
    screen.picture("保障总结")
}
