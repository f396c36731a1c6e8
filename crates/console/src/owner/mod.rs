//! One owner process per profile: it holds the store and serves the door on a local socket.
//!
//! Promises: the socket lies in the profile's folder (0700), is readable by its owner only (0600), and
//! every peer's user id is checked; lines of JSON, each bounded. Left out: who logs in (the door's), and
//! Windows, where a named pipe would stand in: see [`serve`] and [`attach`] there.

mod message;
mod open;
#[cfg(unix)]
mod socket;
#[cfg(not(unix))]
mod unproven;

pub use message::{Answer, Call, LINE_BYTES_MAX, Line};
pub use open::open_door;
#[cfg(unix)]
pub use socket::{Attached, Serving, attach, serve};
#[cfg(not(unix))]
pub use unproven::{Attached, Serving, attach, serve};

/// Name of the socket in a profile's folder.
pub const SOCKET_FILE: &str = "owner.sock";
