//! A month of duty, `roster/<yyyy-mm>` in a contract's common log: its cells, review, versions, swaps and
//! takeovers.
//!
//! Promises: state is a fold of events; `decide` (console) and `judge` (centre) ask the same table
//! ([`table::ROWS`]); a cell is a claim of its own, so that edits of other cells both stand; what is
//! published and past stays as it is. Left out: rules about people and hours ([`super::roster`]), whose
//! breaches the console holds against publishing, and the view of who works when ([`super::layers`]).

mod decide;
mod fold;
pub(crate) mod judge;
pub mod payload;
mod state;
pub mod table;

pub use decide::{
    CELLS_PER_EVENT_MAX, CellEdit, act, ask_swap, decide_swap, edit, month_days, month_entity, open,
};
pub use fold::fold_month;
pub use state::{
    Acted, Cell, Comment, Confirmation, Consent, Place, RosterMonth, Stage, Swap, SwapState, Takeover,
    TakeoverState, Version, Waiver, WishOf,
};

#[cfg(test)]
mod tests;
