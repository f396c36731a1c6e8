//! The central server: it gives every event its place and its verdict, and wakes the consoles.
//!
//! [`core`] is the whole of it without a network, driven in process by tests and the simulator;
//! [`http`] puts it behind TLS. Deliberately absent: rules (crate `zaigang-domain`), formats and
//! signatures (crate `zaigang-sync`), and any way to change or delete what was committed.

pub mod cli;
pub mod core;
pub mod error;
pub mod host;
pub mod http;
pub mod store;
pub mod tls;
