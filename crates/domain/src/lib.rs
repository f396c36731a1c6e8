//! Rules of the console as plain functions: no clock, no file, no database.
//!
//! Everything here is a function of its arguments. Shells read clocks and files and hand the contents in.

pub mod asset;
pub mod attendance;
pub mod calendar;
pub mod clock;
pub mod contract;
pub mod duty;
pub mod event;
pub mod file;
pub mod judge;
pub mod mistake;
pub mod order;
pub mod people;
pub mod record;
pub mod stock;
