//! Attendance: what a day was, derived from punches, shifts, leave and the rules of the site.
//!
//! Nothing here is stored: a day is a function of (rules, shifts, punches, leave, trips, watermarks,
//! devices, now), so that a punch that arrives late changes the day on every console alike.
//! Absence is concluded only from watermarks (SYNC section 5); until then a day is *unknown*.
//! Beside the days: 加班, 抽查记录 and the closing of days, each an entity of the common log.
//! Left out: what a day costs.

mod case;
mod closing;
mod compare;
mod derive;
mod due;
pub mod interface;
mod log;
mod overtime;
mod proposal;
mod report;
mod spotcheck;
mod why;

pub use case::{Absence, Case, Punch, Rules, Shift, Trust, Watermark};
pub(crate) use closing::judge_closing;
pub use closing::{
    ClosedDays, Closing, DayClosed, DayReopened, DeputyOf, Reopening, closing_of, fold_closing, may_close,
};
pub use compare::{agree, marks};
pub use derive::{DERIVED_DAYS_MAX, derive};
pub use due::Due;
pub(crate) use log::judge_attendance;
pub use log::{
    Correction, CorrectionAsked, CorrectionDecided, Decision, MonthKept, PersonMonth, PunchKept, Punched,
    WORDS_CHARS_MAX, counting, fold_attendance, follows_its_entity, is_aside, may_decide, objection,
};
pub(crate) use overtime::judge_overtime;
pub use overtime::{
    OVERTIME_MINUTES_MAX, Overtime, OvertimeAct, OvertimeAsked, OvertimeWithdrawn, fold_overtime,
    overtime_legal, overtime_of,
};
pub use proposal::{AwayClause, Breach, Proposal, away_clauses, proposals};
pub use report::{Day, DayResult, Report, SpanDay, waiting_text};
pub(crate) use spotcheck::judge_spotcheck;
pub use spotcheck::{
    Explanation, SpotCheck, SpotExplained, SpotNoted, ToldThen, UNIT_CHARS_MAX, fold_spotcheck, spotcheck_of,
};
pub use why::Why;
