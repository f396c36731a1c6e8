//! Work orders as screens and the command line use them: lists, one order, steps, registration.
//!
//! Promises: lists are queries on projection rows with a limit and an index; clocks are derived at
//! "now" only for the rows returned; what may be done and what is written is the domain's word.
//! Left out: rights (the door asked before) and how events are stored (crate `store`).

mod advice;
mod alarm;
mod behalf;
mod bulk;
mod clocks;
mod conflicts;
mod contract;
mod current;
mod desk;
mod detail;
mod explain;
mod files;
mod form;
mod knowledge;
mod list;
mod pen;
mod register;
mod similar;
mod step;
mod timeline;
mod vendor;
mod words;

pub(crate) use behalf::{remote_dto, remote_of};
pub(crate) use clocks::{RULE_BAR, RowClock, case_at, is_owed};
pub(crate) use contract::calendar;
pub use contract::{Bound, Contracts};
pub(crate) use current::InForce;
pub use desk::Desk;
pub(crate) use detail::may_see_reporter;
pub(crate) use explain::{day_code, day_dto};
pub(crate) use files::PIECE_BYTES;
pub(crate) use form::{REMINDER, objects_of};
pub(crate) use list::{LIMIT_MAX, object_text, status_dto};
pub use pen::Pen;
pub(crate) use pen::already;
pub(crate) use register::filled;
pub(crate) use step::{date_of, key, stated_date, stated_time};
pub(crate) use words::{instant, instant_text, kind_name, short_instant};
