//! First pages of lists, as a screen asks for them.

use std::time::Duration;

use anyhow::{Context, Result};
use jiff::Timestamp;
use zaigang_console::door::dto::{OrderListArgs, OrderStatusDto};
use zaigang_console::order::Desk;
use zaigang_domain::event::UserId;
use zaigang_domain::people::{Actor, Doer, Role};

use super::data::Console;
use super::{Bar, Percentiles, Table};
use crate::demo::assets::Assets;
use crate::harness::wait::timed;

/// Times each question is asked.
const TIMES: usize = 40;

/// Measures views, combinations and searches.
///
/// # Errors
/// A list that the desk refuses.
pub fn measure(console: &Console, assets: &Assets, now: Timestamp, table: &mut Table) -> Result<()> {
    let people: Vec<(String, String)> = people(console)?;
    let user = people.first().map(|(id, _)| id.clone()).context("nobody is known at the console")?;
    let actor = Actor {
        doer: Doer::User(UserId::new(user.clone())?),
        roles: vec![Role::Engineer, Role::Dispatcher, Role::Supervisor],
        contracts: Vec::new(),
        divisions: Vec::new(),
        ..Actor::centre()
    };
    let desk = Desk { store: &console.store, contracts: &console.contracts, actor: &actor, now };
    let mut single = views();
    single.extend(filters(&user));
    add(&desk, "saved view or single filter, first page", &single, Bar::Below(20.0), table)?;
    add(&desk, "any combination of filters, first page", &combinations(&user), Bar::Below(60.0), table)?;
    add(&desk, "search by text, number, pinyin", &searches(assets), Bar::Below(50.0), table)?;
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let (counts, took) = timed(|| desk.counts());
        counts.map_err(|error| anyhow::anyhow!("counts: {error:?}"))?;
        times.push(took);
    }
    let spread = Percentiles::of(times);
    table.add("counts of all queues, p99", spread.p99, "ms", Bar::None).spread = Some(spread);
    Ok(())
}

fn people(console: &Console) -> Result<Vec<(String, String)>> {
    let conn = console.store.reader();
    let mut statement = conn.prepare(
        "SELECT assignee, count(*) FROM orders WHERE assignee IS NOT NULL GROUP BY 1 ORDER BY 2 DESC",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.to_string())))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn page(view: &str) -> OrderListArgs {
    OrderListArgs { view: view.to_owned(), limit: 50, ..OrderListArgs::default() }
}

fn views() -> Vec<OrderListArgs> {
    [
        "mine",
        "waiting",
        "division",
        "unassigned",
        "due_soon",
        "broken",
        "to_confirm",
        "report_due",
        "to_enter",
        "unreconciled",
        "open",
        "all",
    ]
    .map(page)
    .into()
}

fn filters(user: &str) -> Vec<OrderListArgs> {
    let all = || page("all");
    vec![
        OrderListArgs { statuses: vec![OrderStatusDto::Closed], ..all() },
        OrderListArgs { statuses: vec![OrderStatusDto::Suspended], ..all() },
        OrderListArgs { division: Some("L总队".to_owned()), ..all() },
        OrderListArgs { object: Some("12.6".to_owned()), ..all() },
        OrderListArgs { level: Some("2".to_owned()), ..all() },
        OrderListArgs { kind: Some("incident".to_owned()), ..all() },
        OrderListArgs { assignee: Some(user.to_owned()), ..all() },
        OrderListArgs { from: Some("2025-09-01".to_owned()), ..all() },
        OrderListArgs { to: Some("2024-12-31".to_owned()), ..all() },
    ]
}

fn combinations(user: &str) -> Vec<OrderListArgs> {
    let mut all = Vec::new();
    for sort in ["deadline", "reported", "number"] {
        let base = || OrderListArgs { sort: Some(sort.to_owned()), ..page("all") };
        all.extend([
            OrderListArgs {
                division: Some("L总队".to_owned()),
                level: Some("3".to_owned()),
                kind: Some("incident".to_owned()),
                ..base()
            },
            OrderListArgs {
                statuses: vec![OrderStatusDto::Closed, OrderStatusDto::Confirmed],
                assignee: Some(user.to_owned()),
                ..base()
            },
            OrderListArgs {
                object: Some("8.1".to_owned()),
                from: Some("2025-01-01".to_owned()),
                to: Some("2025-06-30".to_owned()),
                ..base()
            },
            OrderListArgs {
                division: Some("H总队".to_owned()),
                statuses: vec![OrderStatusDto::Closed],
                kind: Some("request".to_owned()),
                from: Some("2025-03-01".to_owned()),
                ..base()
            },
            OrderListArgs {
                kind: Some("work_record".to_owned()),
                division: Some("L总队".to_owned()),
                offset: 5_000,
                ..base()
            },
            OrderListArgs {
                view: "open".to_owned(),
                division: Some("L总队".to_owned()),
                level: Some("4".to_owned()),
                ..base()
            },
            OrderListArgs {
                search: Some("硬盘".to_owned()),
                division: Some("L总队".to_owned()),
                kind: Some("incident".to_owned()),
                ..base()
            },
        ]);
    }
    all
}

fn searches(assets: &Assets) -> Vec<OrderListArgs> {
    let mut words = vec![
        "硬盘".to_owned(),
        "会议室无声音".to_owned(),
        "权限".to_owned(),
        "L-20250".to_owned(),
        "L-20250915-00-0001".to_owned(),
        "zhqxkt".to_owned(),
        "yp".to_owned(),
        "终端 登录".to_owned(),
    ];
    words.extend(assets.work.theme.iter().filter_map(|theme| theme.request.first()).take(4).cloned());
    words.into_iter().map(|search| OrderListArgs { search: Some(search), ..page("all") }).collect()
}

fn add(desk: &Desk<'_>, what: &str, questions: &[OrderListArgs], bar: Bar, table: &mut Table) -> Result<()> {
    let mut times: Vec<Duration> = Vec::new();
    let mut slowest = (Duration::ZERO, String::new());
    for question in questions {
        for _ in 0..TIMES {
            let (page, took) = timed(|| desk.orders(question));
            page.map_err(|error| anyhow::anyhow!("{question:?}: {error:?}"))?;
            times.push(took);
            if took > slowest.0 {
                slowest = (took, format!("{question:?}"));
            }
        }
    }
    let spread = Percentiles::of(times);
    table.add(format!("{what}, p99"), spread.p99, "ms", bar).spread = Some(spread);
    table.notes.push(format!(
        "slowest of “{what}”: {:.1} ms, {}",
        slowest.0.as_secs_f64() * 1_000.0,
        slowest.1
    ));
    Ok(())
}
