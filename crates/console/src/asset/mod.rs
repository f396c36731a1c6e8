//! 设备: devices under contract as screens use them: lists, cards with their history, the board, tables.
//!
//! Promises: a person sees the devices of the divisions he works for; what may change is asked of the domain;
//! of two changes to one field the first stands and the second keeps its text. Left out: the rules (domain),
//! and the consoles of this program.

mod board;
mod card;
mod find;
mod import;
mod list;
mod note;
mod table;

pub(crate) use find::Site;

/// Lines of a page where nothing is said, and at most.
const PAGE: (u32, u32) = (100, 500);
/// Most devices of a file or a preview. A guess: far above the largest list (369 rows).
const ROWS_MAX: usize = 10_000;
