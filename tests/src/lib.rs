//! Whole-program tests, simulations and benchmarks.

pub mod demo;
pub mod harness;
pub mod sim;
