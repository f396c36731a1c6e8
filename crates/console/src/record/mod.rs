//! 工作记录: the daily services in one line each, what a day comes to, and the lines a person keeps to fill
//! in again.
//!
//! Promises: a record is an order registered and closed in one group; several are written all or none; a
//! record wrongly made is void by another event and counts nowhere. Left out: what a record must say by its
//! kind (the domain) and who may write one (the door and the domain).

mod add;
mod day;
mod form;
mod templates;
