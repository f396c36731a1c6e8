//! What goes to the buyer and comes from him: the record of an order on paper and in his own platform,
//! his platform's dispatches, and lists taken out as files.
//!
//! Promises: whatever leaves the program is a right ([`zaigang_domain::people::EXPORTS`]), carries a
//! watermark and is one `export.made`; a dry run writes nothing. Left out: how a file reaches the disc or
//! the printer (the shell's), and confirmations, which are steps on an order.

mod entry;
mod export;
mod import;
mod platform;
mod record;
mod sheet;

pub(crate) use export::{Made, watermark};
