//! The local application: encrypted store, projections, sync client, keys and sessions, and the door
//! through which the user interface calls it.
//!
//! Left out on purpose: windows and sockets (the shells') and every rule of the business (`domain`).

mod asset;
mod attendance;
mod buyer;
mod calendar;
mod contract;
mod coverage;
pub mod door;
mod duty;
mod duty_today;
mod file;
pub mod host;
pub mod keys;
mod leave;
pub mod order;
pub mod owner;
mod record;
pub mod reminder;
pub mod session;
mod staff;
mod stock;
pub mod store;
pub mod sync;
pub mod today;
mod whereabouts;
