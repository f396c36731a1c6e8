//! The sync client. A round is a state machine without I/O ([`Round`]): the simulator and the tests
//! drive it against a centre in process, the real driver by HTTPS.

pub mod driver;
mod round;

pub use round::{Request, Round, RoundReport, signed_headers};
