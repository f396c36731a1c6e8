//! What the whole-program tests share: finding and running the programs, waiting for what can be seen,
//! driving a window.

pub mod centre;
pub mod command_line;
pub mod duty_story;
pub mod programs;
pub mod remote;
pub mod screen;
pub mod screen_story;
pub mod seat;
pub mod wait;
pub mod webdriver;
