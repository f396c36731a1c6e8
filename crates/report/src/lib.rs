//! What leaves the program as a picture or a document; so far charts.
//!
//! Promises: a function of its arguments, drawn as SVG text; fonts are named by CSS family and never
//! measured here, so that no font file is needed and the reader's own are used. Left out: reading
//! data (the caller hands in numbers) and Chinese texts other than the chart's own labels.

mod met_missed;

pub use met_missed::{ChartError, Theme, WeekBar, met_missed};
