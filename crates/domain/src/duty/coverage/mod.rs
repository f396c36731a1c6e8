//! 节假日保障: what a contract asks to have covered, what is planned for a span, and what was done.
//!
//! Promises: obligations are the document's rows and keep their source; how their days are counted where
//! the document does not say is our reading and says so; nothing counts as done without proof. Left out:
//! who is on duty (the roster) and when people came (attendance).

mod act;
mod due;
mod ledger;
mod plan;
mod presence;

pub(crate) use act::judge_coverage;
pub use act::{Unsound, expectations, legal, sound};
pub use due::{Due, DueKind, dues};
pub use ledger::{
    CoverageDay, DayState, DutyDay, Ledger, Line, Measure, Oddity, Owed, Period, Qualifier, Span, ledger,
};
pub use plan::{
    Act, Check, Consent, Done, Fact, Freeze, LISTED_MAX, Occasion, Plan, PlanStage, PlanState, SPAN_DAYS_MAX,
    Said, SpareNeed, TEXT_CHARS_MAX, fold_coverage,
};
pub use presence::{Presence, Roster, duty_days, unattended_minutes};

#[cfg(test)]
mod tests;
