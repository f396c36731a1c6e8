//! Work orders as screens and the command line use them: lists, one order, steps, registration.
//!
//! Promises: lists are queries on projection rows with a limit and an index; clocks are derived at
//! "now" only for the rows returned; what may be done and what is written is the domain's word.
//! Left out: rights (the door asked before) and how events are stored (crate `store`).

mod clocks;
mod contract;
mod desk;
mod detail;
mod explain;
mod list;
mod timeline;
mod words;

pub use contract::{Bound, Contracts};
pub use desk::Desk;
