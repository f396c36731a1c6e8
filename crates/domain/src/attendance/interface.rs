//! `attendance derive` as the command line runs it: a case in JSON in, the days out.

use super::{Case, Report, derive};
use crate::mistake::Mistakes;

/// Derives the case in `text`; `file` is only named in mistakes.
///
/// # Errors
/// Every mistake in the case, with key, value and reason.
pub fn run(file: &str, text: &str) -> Result<Report, Mistakes> {
    let case = Case::parse(file, text)?;
    case.check(file)?;
    Ok(derive(&case))
}
