//! Clocks of one order, and walking along working time, on one core.

use anyhow::{Context, Result};
use zaigang_domain::calendar::{Calendar, WorkTime};
use zaigang_domain::clock::{Case, Engine};
use zaigang_domain::contract::SHIPPED;

use super::{Bar, Table};
use crate::demo::assets::Assets;
use crate::harness::wait::timed;

const ORDERS: u32 = 400_000;
const WALKS: u32 = 10_000_000;

/// An order that has everything: a call, an arrival, a suspension over a holiday, a raised level.
const CASE: &str = r#"{
  "object": "12.1", "division": "L总队", "rule": null, "level": "3",
  "facts": {"system_class": "important", "share": "under_half", "vip": false, "security_event": false, "request": false},
  "windows": {},
  "events": [
    {"at": "2025-09-29T09:10:00+08:00", "kind": "reported"},
    {"at": "2025-09-29T09:13:00+08:00", "kind": "dispatched"},
    {"at": "2025-09-29T09:31:00+08:00", "kind": "accepted"},
    {"at": "2025-09-29T09:52:00+08:00", "kind": "arrived"},
    {"at": "2025-09-29T10:20:00+08:00", "kind": "diagnosed"},
    {"at": "2025-09-30T17:00:00+08:00", "kind": "suspended", "reason": "备件在途"},
    {"at": "2025-10-09T08:40:00+08:00", "kind": "resumed"},
    {"at": "2025-10-09T09:00:00+08:00", "kind": "level_changed", "level": "2"}
  ],
  "now": "2025-10-15T10:30:00+08:00"
}"#;

/// Measures both and adds lines.
///
/// # Errors
/// When the case or the calendar cannot be read.
pub fn measure(assets: &Assets, table: &mut Table) -> Result<()> {
    let calendar = Calendar::builtin();
    let engine = Engine::new(&assets.profile, &calendar);
    let case = Case::parse("case", CASE).map_err(|mistakes| anyhow::anyhow!("{mistakes}"))?;
    let input = engine.input(&case, "case").map_err(|mistakes| anyhow::anyhow!("{mistakes}"))?;
    let now = case.now.0;

    let (targets, took) = timed(|| {
        let mut targets = 0_usize;
        for second in 0..ORDERS {
            let at = now.saturating_add(jiff::SignedDuration::from_secs(i64::from(second))).unwrap_or(now);
            for tick in input.ticks(std::hint::black_box(at)) {
                std::hint::black_box(tick);
                targets += 1;
            }
        }
        targets
    });
    let rate = f64::from(ORDERS) / took.as_secs_f64();
    table.add("clocks of one order, all targets, at a moment", rate, "orders/s", Bar::AtLeast(200_000.0));
    table.notes.push(format!("targets of that order: {}", targets / usize::try_from(ORDERS)?));

    let from_events = ORDERS / 10;
    let (done, took) = timed(|| {
        for _ in 0..from_events {
            let input = engine.input(std::hint::black_box(&case), "case").ok()?;
            for tick in input.ticks(now) {
                std::hint::black_box(tick);
            }
        }
        Some(())
    });
    done.context("a case that was read cannot be read again")?;
    let rate = f64::from(from_events) / took.as_secs_f64();
    table.add("the same from its events", rate, "orders/s", Bar::None);
    contracts(table)?;
    walks(assets, &calendar, table)
}

/// Reading and checking all shipped contracts.
fn contracts(table: &mut Table) -> Result<()> {
    let (loaded, took) =
        timed(|| SHIPPED.iter().map(|shipped| shipped.load().map(|profile| profile.rows.len())).collect());
    let loaded: Result<Vec<usize>, _> = loaded;
    let rows: usize = loaded?.iter().sum();
    table.add("reading and checking the five contracts", took.as_secs_f64() * 1e3, "ms", Bar::Below(200.0));
    table.notes.push(format!("rows of those contracts: {rows}"));
    Ok(())
}

fn walks(assets: &Assets, calendar: &Calendar, table: &mut Table) -> Result<()> {
    let time =
        WorkTime::compile(calendar, &assets.profile.hours, Some("L总队")).context("no office hours")?;
    let start = zaigang_domain::calendar::midnight(jiff::civil::date(2025, 1, 2));
    const MINUTE: i64 = 60_000_000;
    let (sum, took) = timed(|| {
        let mut sum = 0_i64;
        for n in 0..i64::from(WALKS) {
            let from = start + (n % 300_000) * MINUTE;
            sum = sum.wrapping_add(time.walk(std::hint::black_box(from), (n % 2_880) * MINUTE).unwrap_or(0));
        }
        sum
    });
    std::hint::black_box(sum);
    table.add(
        "deadline walks over working time",
        f64::from(WALKS) / took.as_secs_f64(),
        "walks/s",
        Bar::AtLeast(5e6),
    );
    Ok(())
}
