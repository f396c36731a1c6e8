//! Whole-program tests, simulations and benchmarks.

pub mod demo;
