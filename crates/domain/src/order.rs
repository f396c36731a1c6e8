//! Work orders: payloads, the fold, the one table of legal steps, and decisions.
//!
//! Promises: state is a fold of events and nothing else; `decide` (console), `judge` (centre) and
//! the list of steps a screen offers all read the same table ([`table::STEPS`]); no event is ever
//! the reason for a panic. Left out: clocks (they are derived from [`Order::marks`] by
//! [`crate::clock`]), sealed parts and the content of files.

pub mod classes;
mod decide;
mod files;
mod fit;
mod fold;
mod likeness;
pub mod payload;
pub mod platform;
mod register;
mod state;
pub mod table;
mod waiting;

pub use decide::{Draft, Refusal, RefusalCode, SealedPart, StepInput, assists, decide, steps};
pub use files::{NewFile, add_files};
pub use fit::{fit, object_fits};
pub use fold::{fold, would_count};
pub use likeness::likeness;
pub use register::{TITLE_CHARS_MAX, Then, order_number, register};
pub use state::{
    Alarms, Assist, AssistState, Entry, Knowledge, LATE_AFTER, Mark, MarkKind, Order, OrderKind, Returned,
    Status, Urge, is_late,
};
pub use table::{Field, FieldKind, Step, StepOffer};
pub use waiting::{Wait, waiting};

#[cfg(test)]
pub(crate) mod tests;
