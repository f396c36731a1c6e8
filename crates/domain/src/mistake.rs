//! A mistake in a file that someone wrote: where it is and why it is refused.
//!
//! Packs, profiles, settings and cases are all read by people and machines that need the same five
//! facts, so every reader in this crate reports this one type. Readers collect mistakes; they do not
//! stop at the first.

use std::fmt;

use serde::Serialize;

/// One mistake in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// Name of the file as the caller gave it.
    pub file: String,
    /// Line, counted from 1; absent where the format gives none (then `key` is a path).
    pub line: Option<u32>,
    /// Key or path inside the file, such as `sla[3].response_minutes` or `/items/2/makeup/0`.
    pub key: String,
    /// The refused value as written; absent where the key itself is the mistake.
    pub value: Option<String>,
    /// Why it is refused, in Chinese.
    pub reason: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(out, ":{line}")?;
        }
        write!(out, ": {}", self.key)?;
        if let Some(value) = &self.value {
            write!(out, " = {value}")?;
        }
        write!(out, ": {}", self.reason)
    }
}

/// All mistakes found in one or more files; never empty when returned as an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{}", .0.iter().map(Mistake::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Mistakes(pub Vec<Mistake>);
