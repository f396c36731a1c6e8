//! `clock` as the command line runs it: a case in JSON in, the account out.

use super::case::Case;
use super::input::Engine;
use super::report::Report;
use crate::calendar::Calendar;
use crate::contract::Profile;
use crate::mistake::Mistakes;

/// Counts the case in `text`; `file` is only named in mistakes.
///
/// # Errors
/// Every mistake in the case, with key, value and reason.
pub fn run(profile: &Profile, calendar: &Calendar, file: &str, text: &str) -> Result<Report, Mistakes> {
    let case = Case::parse(file, text)?;
    let engine = Engine::new(profile, calendar);
    let report = engine.input(&case, file)?.report(case.now.0);
    Ok(report)
}
