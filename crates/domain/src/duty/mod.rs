//! Duty: who holds which post on which day.

pub mod roster;
