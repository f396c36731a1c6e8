//! Whole-program tests, simulations and benchmarks.
