//! Rosters: checks after an edit, the first draft, drafts after five seconds against the best known, a
//! year's load, and the month grid as the browser paints it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use jiff::civil::date;
use serde_json::{Value, json};
use zaigang_domain::calendar::{Calendar, OfficeHours};
use zaigang_domain::duty::roster::interface::read_plan;
use zaigang_domain::duty::roster::{Assignment, Check, Drafter, Month, Worked, draft, ledger, steps_for};

use super::{Bar, Percentiles, Table};
use crate::harness::centre::repository;
use crate::harness::programs::{run_within, tool};
use crate::harness::wait::timed;

/// What a supervisor waits for (DESIGN: five seconds unless he stops it).
const DRAFT: Duration = Duration::from_secs(5);
/// Edits whose checks are measured.
const EDITS: usize = 200;
/// People of the year's load.
const PEOPLE: usize = 100;
/// The month whose checks are measured: 63 people, every day of 31 filled.
const FULL: &str = "full-grid";

/// A committed month with the best roster that is known of it.
struct Instance {
    name: String,
    month: Month,
    /// Turns that stay open in it.
    open: u32,
    cost: f64,
}

/// Measures all of it and adds lines. Drafts take up to five seconds for each instance.
///
/// # Errors
/// When an instance cannot be read, or a tool of the browser is missing.
pub fn measure(table: &mut Table) -> Result<()> {
    let instances = instances()?;
    let full = instances.iter().find(|one| one.name == FULL).context("no full grid")?;
    edits(&full.month, table)?;
    first_drafts(&instances, table);
    for instance in &instances {
        five_seconds(instance, table)?;
    }
    year(table)?;
    grid(table)
}

fn folder() -> PathBuf {
    repository().join("crates/domain/tests/rosters")
}

/// The instances of `best.tsv`, which says where its figures come from.
#[expect(clippy::disallowed_methods, reason = "instances are files of the repository")]
fn instances() -> Result<Vec<Instance>> {
    let text = std::fs::read_to_string(folder().join("best.tsv")).context("reading best.tsv")?;
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        let mut cells = row.split('\t');
        let mut cell = || cells.next().with_context(|| format!("best.tsv: {row}"));
        let (name, open, cost) = (cell()?.to_owned(), cell()?.parse()?, cell()?.parse()?);
        let file = format!("{name}.json");
        let text = std::fs::read_to_string(folder().join(&file)).with_context(|| file.clone())?;
        let month = read_plan(&Calendar::builtin(), &OfficeHours::default(), &file, &text)
            .map_err(|mistakes| anyhow::anyhow!("{mistakes}"))?;
        Ok(Instance { name, month, open, cost })
    })
    .collect()
}

/// What the console does after each edit: the whole month checked, every breach listed, the cost.
fn edits(month: &Month, table: &mut Table) -> Result<()> {
    let mut roster = draft(month, 1, 0, &mut || false).assignments;
    let (mut checked, mut plain) = (Vec::with_capacity(EDITS), Vec::with_capacity(EDITS));
    for n in 0..EDITS {
        let last = roster.len().checked_sub(1 + n % roster.len()).context("an empty roster")?;
        let edited = roster.remove(last);
        let (found, took) = timed(|| {
            let check = Check::new(month, &roster, "bench").map_err(|error| anyhow::anyhow!("{error}"))?;
            Ok::<_, anyhow::Error>((check.violations().len(), check.cost().total()))
        });
        ensure!(found?.0 > 0, "a turn was taken out and nothing is missed");
        checked.push(took);
        plain.push(timed(|| std::hint::black_box(counted(&roster))).1);
        roster.push(edited);
    }
    let (spread, floor) = (Percentiles::of(checked), Percentiles::of(plain));
    let row = table.add("roster: checks after one edit, 63 × 31, p99", spread.p99, "ms", Bar::Below(20.0));
    row.floor = Some(floor.p99);
    row.spread = Some(spread);
    Ok(())
}

/// The floor of checks: who holds how much, counted once.
fn counted(roster: &[Assignment]) -> usize {
    let mut held: std::collections::BTreeMap<(&str, &str), u32> = std::collections::BTreeMap::new();
    for one in roster {
        *held.entry((one.person.as_str(), one.post.as_str())).or_default() += 1;
    }
    held.len()
}

fn first_drafts(instances: &[Instance], table: &mut Table) {
    let (mut first, mut seated) = (Vec::new(), Vec::new());
    for instance in instances {
        first.push(timed(|| std::hint::black_box(Drafter::new(&instance.month, 1, 0).answer())).1);
        // Nothing is faster than to make the month ready and ask nothing of it.
        seated.push(timed(|| std::hint::black_box(instance.month.clone())).1);
    }
    let (spread, floor) = (Percentiles::of(first), Percentiles::of(seated));
    let row = table.add("roster: first draft, the slowest instance", spread.max, "ms", Bar::Below(1_000.0));
    row.floor = Some(floor.max);
    row.spread = Some(spread);
}

/// How far the draft after five seconds is above the best known, with as few turns open.
fn five_seconds(instance: &Instance, table: &mut Table) -> Result<()> {
    let (found, took) = timed(|| {
        let began = Clock::start();
        draft(&instance.month, 1, steps_for(&instance.month), &mut || began.is_over(DRAFT))
    });
    let open: u32 = found.gaps.iter().map(|gap| gap.missing).sum();
    ensure!(open == instance.open, "{}: {open} turns are open", instance.name);
    let above = (found.cost.total() / instance.cost - 1.0) * 100.0;
    let what = format!("roster: {} after {:.1} s, above the best known", instance.name, took.as_secs_f64());
    table.add(what, above, "%", Bar::Below(5.0));
    table.notes.push(format!(
        "{}: {:.4} against {:.4} of the exact solver, {open} open",
        instance.name,
        found.cost.total(),
        instance.cost
    ));
    Ok(())
}

/// The machine's clock, looked at between batches of steps.
struct Clock(std::time::Instant);

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "benchmarks measure time")]
    fn start() -> Self {
        Self(std::time::Instant::now())
    }

    fn is_over(&self, limit: Duration) -> bool {
        self.0.elapsed() >= limit
    }
}

/// A year of 100 people: twelve full months added up.
fn year(table: &mut Table) -> Result<()> {
    let calendar = Calendar::builtin();
    let mut worked: Vec<Worked> = Vec::new();
    for number in 1..=12 {
        let first = date(2025, number, 1);
        let plan = busy_month(&first.strftime("%Y-%m").to_string()).to_string();
        let month = read_plan(&calendar, &OfficeHours::default(), "bench", &plan)
            .map_err(|mistakes| anyhow::anyhow!("{mistakes}"))?;
        let roster = draft(&month, 1, 0, &mut || false).assignments;
        worked.extend(month.worked(&roster));
    }
    let rows = worked.clone();
    let (loads, took) = timed(|| ledger(&calendar, rows));
    let (plain, floor) = timed(|| {
        let mut sums: std::collections::BTreeMap<&str, u32> = std::collections::BTreeMap::new();
        for one in &worked {
            *sums.entry(one.person.as_str()).or_default() += one.minutes;
        }
        sums.len()
    });
    ensure!(loads.len() == PEOPLE && plain == PEOPLE, "{} of {PEOPLE} people have shifts", loads.len());
    let what = format!("roster: a year's load of {PEOPLE} people");
    let row = table.add(what, took.as_secs_f64() * 1e3, "ms", Bar::Below(100.0));
    row.floor = Some(floor.as_secs_f64() * 1e3);
    table.notes.push(format!("shifts of that year: {}", worked.len()));
    Ok(())
}

fn busy_month(month: &str) -> Value {
    let person = |n: usize| {
        json!({"id": format!("p{n:03}"), "name": format!("p{n:03}"), "skills": [], "joined": "2024-01-01",
            "left": null, "history": {"hours": 0, "nights": 0, "weekends": 0, "holidays": {}, "last": []}})
    };
    let post = |id: &str, shift: &str, days: &str, count: u32, standby: bool| {
        json!({"id": id, "kind": "duty", "shift": shift, "days": days, "count": count, "skill": null,
            "not_same_as": null, "standby": standby})
    };
    json!({
        "month": month,
        "people": (0..PEOPLE).map(person).collect::<Vec<_>>(),
        "posts": [
            post("office", "day", "workday", 60, false),
            post("night", "night", "all", 4, false),
            post("weekend", "24h", "nonworkday", 8, false),
            post("standby", "24h", "all", 6, true),
        ],
        "leave": [], "pins": [], "wishes": [],
        "rules": {"rest_hours_min": 12, "consecutive_days_max": 6, "shifts_per_day_max": 1, "nights_in_row_max": 2},
    })
}

/// The grid of 63 × 31 in Chromium: from a key to the frame it is drawn in. The floor is a frame in which
/// nothing happened. Built and served without the programs, by the made-up data of `ui/dev`.
fn grid(table: &mut Table) -> Result<()> {
    let ui = repository().join("ui");
    if !ui.join("dist-mock").is_dir() {
        table
            .notes
            .push("the month grid was not painted: `npm run build:mock` in ui makes what is".to_owned());
        return Ok(());
    }
    let painted = painted(&ui)?;
    let figure = |key: &str| {
        let value = painted.get(key).and_then(Value::as_f64);
        value.with_context(|| format!("gridspeed says nothing of {key}"))
    };
    let row = table.add("roster: grid paints an edit, median", figure("edit")?, "ms", Bar::Below(50.0));
    row.floor = Some(figure("frame")?);
    table.add("roster: the page's own work for it and a move", figure("own")?, "ms", Bar::Below(50.0));
    Ok(())
}

fn painted(ui: &Path) -> Result<Value> {
    let mut command = Command::new(tool("node", "nodejs")?);
    command.args(["dev/gridspeed.mjs", "--json"]).current_dir(ui);
    let said = run_within(&mut command, Duration::from_secs(120))?;
    let last = said.out.lines().last().with_context(|| format!("gridspeed: {}", said.err))?;
    serde_json::from_str(last).with_context(|| format!("gridspeed said {last}{}", said.err))
}
