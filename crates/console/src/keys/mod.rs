//! Keys at rest: the store's random key in slots, each of which opens it by itself.
//!
//! A slot per user who logged in here (wrapped by the password), one in the system's keyring for an
//! unattended start, one sealed to the site's recovery key. Passwords are never stored: a slot that
//! opens is the verifier. The file beside the store names log-in names, for the log-in form must offer
//! them before anything can be read; nothing else in it is readable.

mod keyring;
mod recovery;
mod slots;
mod wrap;

pub use keyring::{Keyring, MemoryKeyring, NoKeyring, SystemKeyring};
pub use recovery::{open_recovery, seal_for_recovery};
pub(crate) use slots::NewSlot;
pub use slots::{KeyError, SLOTS_FILE, Slots, UserSlot};
pub use wrap::{Cost, Wrapped};
