//! Scenarios of judging.
