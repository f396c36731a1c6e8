//! 排班: months of duty as screens use them: list, grid, checks, review, swaps, drafts, ledger.
//!
//! Promises: what may be done is the domain's word; breaches that block publishing are found again when it
//! is published; a proposal of the machine is written only when a person saves it. Left out: leave, papers
//! and skills (their own entities), who is on duty now, and how a grid looks.

mod chart;
mod check;
mod compare;
mod draft;
mod import;
mod ledger;
mod month;
mod print;
mod review;
mod swap;
mod team;
mod view;
mod words;
mod write;

pub(crate) use import::{date_in, rows_below, table_of};
pub(crate) use month::first_day;
pub(crate) use team::members_of;
pub(crate) use words::weekday;
