//! The sync protocol without any I/O: envelopes, chains, commit records, pages, cursors and keys.
//!
//! Everything here is a plain function of bytes. Stores, sockets, clocks and random numbers belong
//! to the console and the centre. What is stored or sent is frozen: golden bytes in `tests/` fail
//! when an encoding changes.
//!
//! Deliberately absent: bundles (the same pages in a file), snapshots and re-supply.

pub mod chain;
pub mod code;
pub mod commit;
pub mod cursor;
pub mod envelope;
pub mod file;
pub mod hash;
pub mod hex;
pub mod keys;
pub mod page;
pub mod protocol;

pub use hash::Hash;
