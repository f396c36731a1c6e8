//! Duty: who holds which post on which day.

pub mod layers;
pub mod month;
pub mod roster;
