//! What the whole-program tests share: finding and running the programs, waiting for what can be seen,
//! driving a window.

pub mod programs;
pub mod wait;
pub mod webdriver;
