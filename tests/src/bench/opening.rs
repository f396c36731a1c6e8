//! Opening an order on which much was written.

use anyhow::{Context, Result, ensure};
use jiff::{SignedDuration, Timestamp};
use zaigang_console::order::Desk;
use zaigang_domain::event::UserId;
use zaigang_domain::order::{Step, StepInput, Then};
use zaigang_domain::people::{Actor, Doer, Role};

use super::data::Console;
use super::{Bar, Percentiles, Table};
use crate::demo::assets::Assets;
use crate::demo::cases::cases;
use crate::demo::plan::{Act, PlannedOrder, What};
use crate::harness::wait::timed;

/// Entries of its timeline, files among them.
const ENTRIES: usize = 200;
/// Files.
const FILES: usize = 20;
/// Times it is opened.
const TIMES: usize = 40;

/// That order: a fault of the demo on which much more was written.
///
/// # Errors
/// When the demo's texts lack it.
pub fn order(assets: &Assets) -> Result<PlannedOrder> {
    let order = cases(assets)?.into_iter().find(|case| case.form.level.as_deref() == Some("1"));
    let mut order = order.context("the demo has no fault of level 1")?;
    let engineer = assets.logins.login.iter().find(|login| login.role == "engineer");
    let by = engineer.context("no engineer can log in")?.login.clone();
    let reported_at = order.form.reported_at;
    // Registering writes two.
    let what = |n: usize| {
        if n < FILES + 2 {
            return What::File(format!("现场{n:02}.png"));
        }
        let text = format!("第 {n} 次核对：积压仍在下降，继续观察。");
        What::Take(Step::Note, StepInput::of(&[("text", &text)]))
    };
    let whats = (2..ENTRIES).map(what);
    let whats = std::iter::once(What::Register(Then::Accept)).chain(whats);
    let acts: Result<Vec<Act>> = (4..)
        .zip(whats)
        .map(|(half_minutes, what)| {
            let at = reported_at.checked_add(SignedDuration::from_secs(30 * half_minutes))?;
            Ok(Act { at, by: by.clone(), what })
        })
        .collect();
    order.acts = acts?;
    Ok(order)
}

/// Measures and adds a line.
///
/// # Errors
/// When the order is not there whole, or the desk refuses.
pub fn measure(console: &Console, assets: &Assets, now: Timestamp, table: &mut Table) -> Result<()> {
    let actor = Actor {
        doer: Doer::User(UserId::new("u1")?),
        roles: vec![Role::Engineer, Role::Dispatcher, Role::Supervisor],
        contracts: Vec::new(),
        divisions: Vec::new(),
        ..Actor::centre()
    };
    let desk = Desk { store: &console.store, contracts: &console.contracts, actor: &actor, now };
    let number = order(assets)?.form.number;
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let (detail, took) = timed(|| desk.order_detail(&number));
        let detail = detail.map_err(|error| anyhow::anyhow!("{number}: {error:?}"))?;
        let (entries, files) = (detail.timeline.len(), detail.files.len());
        ensure!((entries, files) == (ENTRIES, FILES), "{entries} entries, {files} files");
        times.push(took);
    }
    let spread = Percentiles::of(times);
    let what = format!("opening an order with {ENTRIES} entries and {FILES} files, p99");
    table.add(what, spread.p99, "ms", Bar::Below(100.0)).spread = Some(spread);
    Ok(())
}
