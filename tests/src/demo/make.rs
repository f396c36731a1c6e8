//! The demo's folders: a centre and a console for each log-in that has one, enrolled and synced.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::Parser as _;
use zaigang_center::core::Centre;
use zaigang_center::host::{DEMO_CLOCK, Host as _, SystemHost, read_text};
use zaigang_console::host::FixedHost;
use zaigang_console::keys::Cost;
use zaigang_sync::hex;

use super::assets::{Assets, Login};
use super::cases::cases;
use super::console;
use super::duty::Duty;
use super::feed::Feed;
use super::plan::{Plan, SEED, Scale};
use super::site::{Judged, MovingHost, Site};

/// Names inside the centre's folder, as `zaigang-center init` makes them.
pub const DATABASE: &str = "centre.db";
/// The high-water mark beside it.
pub const MARK: &str = "high-water.json";
const SIGNING_KEY: &str = "keys/signing.key";

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// Orders.
    pub orders: u64,
    /// Verdicts over all events.
    pub judged: Judged,
}

/// Makes everything in `dir`, for a centre that will listen on `listen`. With `orders`, about so many over
/// a year instead of the forty-five days.
///
/// # Errors
/// When the folder is in use or any part refuses.
#[expect(clippy::disallowed_methods, reason = "the maker of folders writes files")]
pub fn make(dir: &Path, listen: SocketAddr, orders: Option<u32>, cost: Cost) -> Result<Made> {
    let assets = Assets::load()?;
    let now = assets.logins.now;
    let scale = orders.map_or(Scale::demo(now), |orders| Scale::orders(now, orders));
    let center = dir.join("center");
    std::fs::create_dir_all(dir).with_context(|| format!("making {}", dir.display()))?;
    let start = jiff::Timestamp::from_microsecond(zaigang_domain::calendar::midnight(scale.from))?;
    found(&center, &assets.logins.site, listen, start)?;

    let host = MovingHost::new(start, SEED, &center.join(MARK));
    let centre = Centre::open(&center.join(DATABASE), Arc::clone(&host) as Arc<_>, &signing_key(&center)?)?;
    let mut site = Site::furnish(&assets, centre, host)?;
    let mut feed = Feed::new(Plan::new(&assets, scale), cases(&assets)?).with(Duty::new(&assets)?);
    if orders.is_some() {
        site.work_in_days(&mut feed, scale)?
    } else {
        site.work(&mut feed, scale)?
    }
    if site.judged.rejected + site.judged.parked > 0 {
        bail!("the demo's work was not all taken: {:?}", site.judged);
    }
    site.say_complete()?;
    for login in &assets.logins.login {
        enrolled_console(dir, &mut site, login, cost)
            .with_context(|| format!("making the console of {}", login.login))?;
    }
    let accounts = serde_json::to_string_pretty(&accounts(&assets))?;
    std::fs::write(dir.join("accounts.json"), accounts).context("writing accounts.json")?;
    let starts_at_ms = now.as_millisecond().to_string();
    std::fs::write(dir.join("starts-at-ms"), starts_at_ms).context("writing starts-at-ms")?;
    Ok(Made { orders: feed.orders(), judged: site.judged })
}

/// Founds the centre as an administrator would have done at `start`.
#[expect(clippy::disallowed_methods, reason = "the maker of folders writes files")]
fn found(center: &Path, site: &str, listen: SocketAddr, start: jiff::Timestamp) -> Result<()> {
    let offset_ms = start.as_millisecond() - SystemHost::new(&center.join(MARK)).now_ms();
    std::fs::create_dir_all(center).with_context(|| format!("making {}", center.display()))?;
    std::fs::write(center.join(DEMO_CLOCK), offset_ms.to_string()).context("setting the centre's clock")?;
    let words = ["zaigang-center", "init", "--dir"].map(str::to_owned).into_iter();
    let words = words.chain([center.display().to_string(), "--site".to_owned(), site.to_owned()]);
    let words = words.chain([
        "--listen".to_owned(),
        listen.to_string(),
        "--name".to_owned(),
        listen.ip().to_string(),
    ]);
    let arguments =
        zaigang_center::cli::Args::try_parse_from(words).context("the centre's command line has changed")?;
    let _ = zaigang_center::cli::run(&arguments);
    std::fs::remove_file(center.join(DEMO_CLOCK)).context("taking the centre's clock away")?;
    // It told people why, if not.
    if center.join(DATABASE).is_file() {
        Ok(())
    } else {
        bail!("the centre was not founded in {}", center.display())
    }
}

/// The signing key of a founded centre.
///
/// # Errors
/// When it is not there or not a key.
pub fn signing_key(center: &Path) -> Result<[u8; 32]> {
    let text = read_text(&center.join(SIGNING_KEY))?.context("the centre has no signing key")?;
    hex::decode(text.trim()).context("the centre's signing key cannot be read")
}

fn enrolled_console(dir: &Path, site: &mut Site<'_>, login: &Login, cost: Cost) -> Result<()> {
    let (Some(folder), Some(name)) = (&login.console, &login.device) else { return Ok(()) };
    let now = jiff::Timestamp::from_millisecond(site.host.now_ms())?;
    let seed =
        login.login.bytes().fold(SEED, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut console = console::open(&dir.join(folder), Arc::new(FixedHost::new(now, seed)), cost)?;
    let logs = site.logs(&login.divisions)?;
    let code = site.device_code(name, logs)?.to_text();
    console::enrol(&mut console, &mut site.centre, &code, name)?;
    console::log_in(&mut console, &mut site.centre, &login.login, &login.password)?;
    console::sync(&mut console, &mut site.centre)?;
    // The log-out is an event of its own; the second round takes it to the centre.
    console.log_out()?;
    console::sync(&mut console, &mut site.centre)?;
    Ok(())
}

fn accounts(assets: &Assets) -> serde_json::Value {
    let accounts = assets.logins.login.iter().map(|login| {
        serde_json::json!({
            "user": login.login,
            "name": assets.person(&login.login).map_or("", |person| person.name.as_str()),
            "role": login.role,
            "password": login.password,
        })
    });
    accounts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use zaigang_console::door::dto::{AttendanceMonthArgs, HotlineListArgs};
    use zaigang_console::order::{Contracts, Desk};
    use zaigang_console::session::Stage;
    use zaigang_domain::event::UserId;
    use zaigang_domain::people::{Actor, Doer, Role};

    #[test]
    fn every_console_of_the_demo_opens_with_its_password_and_verifies() {
        let dir = tempfile::tempdir().unwrap();
        let made = make(dir.path(), "127.0.0.1:9".parse().unwrap(), Some(300), Cost::TEST).unwrap();
        assert!(made.orders > 200, "{made:?}");
        let assets = Assets::load().unwrap();
        for login in assets.logins.login.iter().filter(|login| login.console.is_some()) {
            let folder = dir.path().join(login.console.as_ref().unwrap());
            let host = Arc::new(FixedHost::new(assets.logins.now, 1));
            let mut console = console::open(&folder, host, Cost::TEST).unwrap();
            assert_eq!(console.stage(), Stage::LoggedOut, "{}", login.login);
            console.log_in_offline(&login.login, &login.password).unwrap();
            let report = console.store_mut().unwrap().verify().unwrap();
            assert!(report.problems.is_empty(), "{}: {:?}", login.login, report.problems);
        }
        assert!(dir.path().join("accounts.json").is_file());
        duty_is_there(&assets, &dir.path().join("engineer"));
    }

    /// What the console makes of the demo's duty on the engineer's first screens.
    fn duty_is_there(assets: &Assets, folder: &Path) {
        let login = &assets.logins.login[0];
        let mut console =
            console::open(folder, Arc::new(FixedHost::new(assets.logins.now, 2)), Cost::TEST).unwrap();
        console.log_in_offline(&login.login, &login.password).unwrap();
        let store = console.store().unwrap();
        let id =
            store.people().unwrap().into_iter().find(|person| person.name.contains("任平生")).unwrap().id;
        let actor = Actor {
            doer: Doer::User(UserId::new(id).unwrap()),
            roles: vec![Role::Engineer],
            contracts: vec![assets.profile.id.clone()],
            divisions: login.divisions.clone(),
            ..Actor::centre()
        };
        let desk = Desk { store, contracts: &Contracts::new(), actor: &actor, now: assets.logins.now };
        let october = desk.roster_view("2025-10").unwrap();
        assert_eq!(october.stage_text, "已发布（第 1 版）");
        let hard: Vec<_> = october.problems.iter().filter(|one| one.severity == "hard").collect();
        assert!(hard.is_empty(), "{hard:?}");
        let now = desk.duty_now().unwrap();
        let standing =
            |post: &str| now.seats.iter().find(|seat| seat.post == post).unwrap().standing.as_str();
        assert_eq!(["lead", "duty-main", "duty-deputy"].map(standing), ["accepted", "held_over", "accepted"]);
        assert!(now.mine.unwrap().handover.ends_with("已交班，待您接班"));
        assert!(desk.duty_day(Some("2025-10-14")).unwrap().report.unwrap().received_at.is_some());
        let attendance = desk.attendance_month(&AttendanceMonthArgs::default()).unwrap();
        let own = attendance.rows.iter().find(|row| row.name.contains("任平生")).unwrap();
        let results: Vec<&str> = own.cells.iter().take(14).map(|cell| cell.result.as_str()).collect();
        assert!(results.contains(&"normal") && !results.contains(&"unknown"), "{results:?}");
        assert_eq!(desk.hotline(&HotlineListArgs::default()).unwrap().total, 6);
    }
}
