//! The sync client. A round is a state machine without I/O ([`Round`]): the simulator and the tests
//! drive it against a centre in process, the real driver by HTTPS.

pub mod driver;
mod files;
mod requests;
mod round;

pub use requests::{Request, signed_headers};
pub use round::{Round, RoundReport};
