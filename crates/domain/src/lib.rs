//! Rules of the console as plain functions: no clock, no file, no database.
//!
//! Everything here is a function of its arguments. Shells read clocks and files and hand the contents in.

pub mod calendar;
pub mod mistake;
