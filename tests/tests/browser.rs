//! The stories in Chromium on the loopback host.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a whole-program test works on files and real time, and fails by panic"
)]

use zaigang_tests::harness::screen::Screen;
use zaigang_tests::harness::screen_story::{tell, tell_a_day};

#[test]
fn the_story_in_a_browser() -> anyhow::Result<()> {
    tell(|dir, name| Screen::browser(dir, &format!("browser-{name}")))
}

#[test]
fn a_day_in_a_browser() -> anyhow::Result<()> {
    tell_a_day(|dir, name| Screen::browser(dir, &format!("browser-{name}")))
}
