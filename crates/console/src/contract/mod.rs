//! Contracts as screens show them, and the settings of a site: read, tried out, published.
//!
//! Promises: everything comes from the versions published in the site log, none from what the program
//! ships; trying settings out writes nothing; publishing them is one act with the orders bound to them.
//! Left out: what settings may say (the domain reads them) and who wins (the centre judges).

mod form;
mod labels;
mod list;
mod preview;
mod publish;
mod questions;
mod rows;
mod version;
mod view;
