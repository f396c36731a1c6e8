//! Attendance: what a day was, derived from punches, shifts, leave and the rules of the site.
//!
//! Nothing here is stored: a day is a function of (rules, shifts, punches, leave, trips, watermarks,
//! devices, now), so that a punch that arrives late changes the day on every console alike.
//! Absence is concluded only from watermarks (SYNC section 5); until then a day is *unknown*.
//! Left out: who may punch, correct or close (`people`, the console), and what a day costs.

mod case;
mod derive;
pub mod interface;
mod log;
mod report;
mod why;

pub use case::{Absence, Case, DutySpan, Punch, Rules, Shift, Trust, Watermark};
pub use derive::{DERIVED_DAYS_MAX, derive};
pub use log::{
    Correction, CorrectionAsked, CorrectionDecided, Decision, MonthKept, PersonMonth, PunchKept, Punched,
    WORDS_CHARS_MAX, fold_month, follows_its_entity, may_decide, objection,
};
pub use report::{Day, DayResult, Report, SpanDay};
pub use why::Why;
