//! The demo site: forty-five days of made-up work at document 001's buyer, from a fixed seed.
//!
//! In three layers: [`assets`] (committed texts), [`plan`] (who does what when, plain data), and
//! [`mod@write`] (real events in real chains). The same plan at another [`plan::Scale`] feeds the
//! benchmark. Everything follows from the seed, on every machine alike.

pub mod assets;
pub mod cases;
pub mod console;
pub mod course;
pub mod duty;
pub mod feed;
pub mod make;
pub mod plan;
pub mod random;
pub mod site;
pub mod write;
