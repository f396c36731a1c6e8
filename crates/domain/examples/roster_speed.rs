//! How fast rosters are drafted and checked: one line for each file given, on one core.
//!
//! `cargo run --release -p zaigang-domain --example roster_speed -- crates/domain/tests/rosters/*.json`

#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program that measures")]

use std::time::{Duration, Instant};

use zaigang_domain::calendar::{Calendar, OfficeHours};
use zaigang_domain::duty::roster::interface::read_plan;
use zaigang_domain::duty::roster::{Check, Drafter, Month, draft, steps_for};
use zaigang_domain::mistake::Mistakes;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path)?;
        let month = read_plan(&Calendar::builtin(), &OfficeHours::default(), &path, &text)?;
        measure(&path, &month)?;
    }
    Ok(())
}

fn measure(path: &str, month: &Month) -> Result<(), Mistakes> {
    let begin = Instant::now();
    let first = Drafter::new(month, 1, 0).answer();
    let first_in = begin.elapsed();
    let after = |seconds: u64| {
        let begin = Instant::now();
        draft(month, 1, u64::MAX, &mut || begin.elapsed() >= Duration::from_secs(seconds))
    };
    let (one, five) = (after(1), after(5));
    let begin = Instant::now();
    let whole = draft(month, 1, steps_for(month), &mut || false);
    let whole_in = begin.elapsed();
    let (checked, edited) = check_times(month, &whole.assignments)?;
    let gaps: u32 = whole.gaps.iter().map(|gap| gap.missing).sum();
    println!(
        "{path}: first {:.4} in {first_in:?}; 1 s {:.4}; 5 s {:.4} ({} steps, proven {}); {} steps {:.4} in {whole_in:?}, {gaps} open; check {checked:?}, one edit {edited:?}",
        first.cost.total(),
        one.cost.total(),
        five.cost.total(),
        five.steps,
        five.proven_best,
        whole.steps,
        whole.cost.total(),
    );
    Ok(())
}

/// Times of a whole check and of what one edit costs, violations and cost included.
fn check_times(
    month: &Month,
    roster: &[zaigang_domain::duty::roster::Assignment],
) -> Result<(Duration, Duration), Mistakes> {
    let begin = Instant::now();
    let mut check = Check::new(month, roster, "roster")?;
    let violations = check.violations().len();
    let checked = begin.elapsed();
    let begin = Instant::now();
    let mut edits = 0;
    for turn in roster.iter().take(100) {
        check.remove(turn);
        edits += usize::from(check.violations().len() >= violations);
        check.add(turn);
    }
    let each = begin.elapsed() / u32::try_from(edits.max(1)).unwrap_or(1);
    Ok((checked, each))
}
