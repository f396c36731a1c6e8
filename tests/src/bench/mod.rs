//! The project's speed bars, each against a floor measured in the same run on the same machine.
//!
//! A figure alone says little on a borrowed two-core machine; its ratio to the floor says how much of
//! what the disk and the processor give is left over for the user.

pub mod apply;
pub mod clocks;
pub mod data;
pub mod duty;
pub mod lists;
pub mod opening;
pub mod start;
pub mod stock;
mod table;
pub mod window;
pub mod wire;

pub use table::{Bar, Percentiles, Row, Table};
