//! Clocks: what an order owes by when, derived from its events, the contract and the calendar.
//!
//! A clock is never stored; it is a function of (events, contract version, calendar version, now).
//! [`Engine`] and [`ClockInput`] serve the console, [`interface`] the command line.

mod assistant;
mod case;
mod code;
mod explain;
mod impact;
mod input;
pub mod interface;
mod kind;
mod level;
mod report;
mod select;
mod slot;
mod text;
mod timeline;

pub(crate) use assistant::fault_text;
pub use assistant::{
    LevelAdvice, LevelChoice, LevelClause, LevelOutcome, LevelQuestion, level_advice, level_clauses,
    shares_of,
};
pub use case::{At, Case, CaseEvent, CaseFacts};
pub(crate) use code::codes;
pub use code::{Code, Why};
pub use explain::{DAYS_MAX, Explanation, Move, explain, explanations, settings_used};
pub use impact::{OrderCase, OrderChange, TargetChange, Terms, impact};
pub use input::{ClockInput, Engine, Tick, minutes_between};
pub(crate) use kind::words;
pub use kind::{EventKind, Limit, LimitUnit, Share, State, Subject, SystemClass, Target, TargetCalendar};
pub use level::{level_of, levels_that_fit};
pub use report::{Matched, Report, Segment, TargetClock};
pub use select::{Candidate, Need};
pub(crate) use text::event_name;
pub use text::{
    class_name, level_name, limit_text, minutes_text, source_text, start_name, state_name, target_name,
};
