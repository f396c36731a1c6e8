//! Whole-program tests, simulations and benchmarks.

pub mod bench;
pub mod demo;
pub mod harness;
pub mod sim;
