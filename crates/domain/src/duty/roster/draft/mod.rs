//! The draft by the machine: fills what is open under the hard rules, cheaply.
//!
//! A constructive first answer, then simulated annealing with three moves (another person, two people
//! exchange, an empty turn pulled through another) over exact integer costs. The search never leaves the
//! hard rules, so every answer can be shown. It depends on plan, seed and number of steps alone: time
//! only ends it, through the `should_stop` that a shell hands in. docs/decisions/0012-roster-draft.md
//! compares it with an exact solver.

mod bound;
mod random;
mod search;
mod state;

use jiff::civil::Date;
use serde::Serialize;

use super::check::{Check, Rule};
use super::cost::Cost;
use super::input::Assignment;
use super::month::Month;
pub use search::{Drafter, steps_for};

/// Steps between two looks at `should_stop`.
const BATCH: u64 = 2048;

/// A drafted roster.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Draft {
    /// Who holds what, sorted by (date, post, person).
    pub assignments: Vec<Assignment>,
    /// What stays open, sorted by (date, post).
    pub gaps: Vec<Gap>,
    /// What it costs.
    pub cost: Cost,
    /// Steps taken to find it.
    #[serde(skip)]
    pub steps: u64,
    /// Whether no roster of the plan has fewer open turns, nor as few at a lower cost.
    pub proven_best: bool,
}

/// Turns of a post and date that nobody may hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Id of the post.
    pub post: String,
    /// The date.
    pub date: Date,
    /// How many people are missing; 0 where a pin was left out of a cell that is full without it.
    pub missing: u32,
    /// Who cannot be put there by which rule, sorted by person and rule.
    pub why: Vec<Blocked>,
}

/// A person kept from a turn by a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Blocked {
    /// Id of the person.
    pub person: String,
    /// The rule that the assignment would break.
    pub rule: Rule,
}

/// Drafts a month: at most `steps` steps, fewer when it is proven best or `should_stop` says so.
#[must_use]
pub fn draft(month: &Month, seed: u64, steps: u64, should_stop: &mut dyn FnMut() -> bool) -> Draft {
    let mut drafter = Drafter::new(month, seed, steps);
    while !drafter.is_done() && !should_stop() {
        drafter.run(BATCH);
    }
    drafter.answer()
}

/// The rules against each person in a cell that he does not hold, sorted.
pub(super) fn blocked(check: &Check<'_>, post: usize, day: usize) -> Vec<Blocked> {
    let month = check.month();
    let places = (0..month.people_count()).map(|person| super::month::Place { person, post, day });
    let mut why: Vec<Blocked> = places
        .filter(|place| !check.holds(*place))
        .flat_map(|place| {
            let person = month.person_id(place.person).to_owned();
            check.rules_against(place).into_iter().map(move |rule| Blocked { person: person.clone(), rule })
        })
        .collect();
    why.sort_by(|a, b| (&a.person, a.rule.as_str()).cmp(&(&b.person, b.rule.as_str())));
    why
}
