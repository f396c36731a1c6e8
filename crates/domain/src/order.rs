//! Work orders: payloads, the fold, the one table of legal steps, and decisions.
//!
//! Promises: state is a fold of events and nothing else; `decide` (console), `judge` (centre) and
//! the list of steps a screen offers all read the same table ([`table::STEPS`]); no event is ever
//! the reason for a panic. Left out: clocks (they are derived from [`Order::marks`] by
//! [`crate::clock`]), sealed parts and the content of files.

mod decide;
mod files;
mod fold;
pub mod payload;
mod register;
mod state;
pub mod table;

pub use decide::{Draft, Refusal, RefusalCode, SealedPart, StepInput, decide, steps};
pub use files::{NewFile, add_files};
pub use fold::{fold, would_count};
pub use register::{Then, register};
pub use state::{Mark, MarkKind, Order, OrderKind, Status};
pub use table::{Field, FieldKind, Step, StepOffer};

#[cfg(test)]
pub(crate) mod tests;
