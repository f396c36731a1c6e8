//! 节假日保障: what a contract asks to have covered, what was planned for a span, and what was done.
//!
//! Promises: obligations are the document's rows and keep their source; how their days are counted where
//! the document does not say is our reading and says so; nothing is counted as done without proof. Left
//! out: who is on duty (the roster) and when they came (attendance).

mod act;
mod ledger;
mod plan;

pub(crate) use act::judge_coverage;
pub use act::{Objection, allows, expectations, sound};

pub use ledger::{
    CoverageDay, DayState, DutyDay, Ledger, Line, Measure, Oddity, Owed, Period, Qualifier, Span, ledger,
};
pub use plan::{
    Act, Check, Consent, Done, Fact, Freeze, LISTED_MAX, Occasion, Plan, PlanStage, PlanState, SPAN_DAYS_MAX,
    SpareNeed, TEXT_CHARS_MAX, Words, fold_coverage,
};

#[cfg(test)]
mod tests;
