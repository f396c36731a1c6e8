//! `attendance derive` as the command line runs it: a case in JSON in, the days out.

use serde::Serialize;

use super::{Case, Report, Why, derive};
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

/// A code with its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Code {
    /// The code, stable.
    pub code: &'static str,
    /// Its sentence in Chinese.
    pub text: &'static str,
}

/// Every code that a day can carry in `why`.
#[must_use]
pub fn codes() -> Vec<Code> {
    Why::ALL.iter().map(|why| Code { code: why.code(), text: why.text() }).collect()
}
