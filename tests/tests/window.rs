//! The stories in the built program's own window.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a whole-program test works on files and real time, and fails by panic"
)]

use zaigang_tests::harness::duty_story::tell_of_duty;
use zaigang_tests::harness::screen::Screen;
use zaigang_tests::harness::screen_story::{tell, tell_a_day};

#[test]
fn the_story_in_a_window() -> anyhow::Result<()> {
    tell(|dir, name| Screen::window(dir, &format!("window-{name}")))
}

#[test]
fn a_day_in_a_window() -> anyhow::Result<()> {
    tell_a_day(|dir, name| Screen::window(dir, &format!("window-{name}")))
}

#[test]
fn a_month_of_duty_in_a_window() -> anyhow::Result<()> {
    tell_of_duty(|dir, name| Screen::window(dir, &format!("window-duty-{name}")))
}
