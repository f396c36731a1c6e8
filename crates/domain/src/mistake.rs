//! A mistake in a file that someone wrote: where it is and why it is refused.
//!
//! Packs, profiles, settings and cases are all read by people and machines that need the same five
//! facts, so every reader in this crate reports this one type. Readers collect mistakes; they do not
//! stop at the first.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

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

/// Reads one JSON document; `file` is only named in mistakes.
///
/// # Errors
/// The first mistake that keeps it from being read, with its path and value.
pub fn read_json<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Mistakes> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let key = error.path().to_string();
        let value = value_at(text, &key);
        let inner = error.into_inner();
        broken(file, &inner, key, value)
    })?;
    reader.end().map_err(|error| broken(file, &error, ".".to_owned(), None))?;
    Ok(read)
}

fn broken(file: &str, error: &serde_json::Error, key: String, value: Option<String>) -> Mistakes {
    let line = u32::try_from(error.line()).ok().filter(|line| *line > 0);
    Mistakes(vec![Mistake { file: file.to_owned(), line, key, value, reason: error.to_string() }])
}

/// The value under a path such as `events[2].kind`, for the message.
fn value_at(text: &str, path: &str) -> Option<String> {
    let root: serde_json::Value = serde_json::from_str(text).ok()?;
    let mut value = &root;
    for part in path.split(['.', '[', ']']).filter(|part| !part.is_empty()) {
        value = match part.parse::<usize>() {
            Ok(index) if value.is_array() => value.get(index)?,
            _ => value.get(part)?,
        };
    }
    Some(value.to_string().chars().take(80).collect())
}
