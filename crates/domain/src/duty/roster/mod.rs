//! The roster of one month: what it is made of, what it breaks, what it costs, and how the machine
//! fills, mends and adds it up.
//!
//! A [`Plan`] is what people state: posts, people, leave, pins, wishes, rules. [`Month::compile`] checks
//! it against calendar and office hours; from then on people, posts and days are indices and nothing can
//! fail. Hard rules are the words of [`Rule`]; the cost is exact ([`Cost`]). Events, publishing and
//! layers are not here: they hand assignments in and take assignments out.

mod cells;
mod check;
mod cost;
mod draft;
mod input;
pub mod interface;
mod ledger;
mod lift;
mod month;
mod repair;
mod shift;

pub use check::{Check, Rule, Violation};
pub use cost::Cost;
pub use draft::{Blocked, Draft, Drafter, Gap, draft, steps_for};
pub use input::{
    Assignment, History, LastShift, Leave, Person, Pin, Plan, Post, PostDays, Rules, Thousandths, Want, Wish,
};
pub use ledger::{Load, Tally, Worked, ledger};
pub use lift::{Lift, ways_to_fill};
pub use month::Month;
pub use repair::{Change, Offer, Refusal, Repair, Replacement, repair};
pub use shift::{ShiftKind, ShiftSpan};
