//! Every row of a document's facts with its key, whether or not a rule reads it.
//!
//! Typed tables ([`super::facts`]) are what rules act on; this is the whole document, so that nothing of
//! it can be dropped in silence: a manifest of counts and hashes per table is committed beside the
//! profiles and compared by a test.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;

use super::profile::Profile;
use super::rules::source_of;
use super::toml_reader::{RawRow, Source};

/// One row of a document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FactRow {
    /// Kind of the row: the name of its table.
    pub kind: String,
    /// Its id inside the table. Rows without one get it: a 需求 `N` and its number, an on-site row `ON-`
    /// and its place.
    pub id: String,
    /// `document:lines`.
    pub source: String,
    /// Verbatim excerpt of the document; absent where the file has none.
    pub text: Option<String>,
    /// All keys of the row as written.
    pub fields: BTreeMap<String, Value>,
    /// Line in the profile's file.
    #[serde(skip)]
    pub file_line: u32,
}

/// A part of the file that is not a table of rows: the head of the contract, its working hours.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeadPart {
    /// Its key.
    pub name: String,
    /// Its content.
    pub content: Value,
}

/// Count and hash of one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableDigest {
    /// Name of the table, or of a head part.
    pub kind: String,
    /// Rows; 0 for a head part.
    pub rows: usize,
    /// BLAKE3 over all rows in their order, 64 hex digits.
    pub hash: String,
}

/// The id of a row: its own, else the one that its kind gives.
pub(super) fn id_of(row: RawRow<'_>) -> Option<String> {
    let own = row.words("id").into_iter().next();
    own.or_else(|| match row.table {
        "requirement" => row.words("number").first().map(|number| format!("N{number}")),
        "onsite" => Some(format!("ON-{:02}", row.index + 1)),
        _ => None,
    })
}

/// All rows of a file, table by table in its order; a row without an id (a mistake) is left out.
pub(super) fn rows_of(source: &Source<'_>, document: &str) -> Vec<FactRow> {
    let row = |row: RawRow<'_>| {
        let line = |key: &str| row.value(key)?.as_u64().and_then(|line| u32::try_from(line).ok());
        Some(FactRow {
            kind: row.table.to_owned(),
            id: id_of(row)?,
            source: source_of(document, line("source_line").unwrap_or_default(), line("source_line_end")),
            text: row.value("source_text").and_then(|text| text.as_str().map(str::to_owned)),
            fields: row.fields(),
            file_line: source.line(row),
        })
    };
    source.rows().filter_map(row).collect()
}

/// The head parts of a file.
pub(super) fn heads_of(source: &Source<'_>) -> Vec<HeadPart> {
    source.heads().map(|(name, content)| HeadPart { name: name.to_owned(), content }).collect()
}

impl Profile {
    /// The row of a kind with an id.
    #[must_use]
    pub fn row(&self, kind: &str, id: &str) -> Option<&FactRow> {
        self.rows.iter().find(|row| row.kind == kind && row.id == id)
    }

    /// Counts and hashes of the document: its head parts, then its tables.
    #[must_use]
    pub fn digests(&self) -> Vec<TableDigest> {
        let heads = self.heads.iter().map(|head| TableDigest {
            kind: head.name.clone(),
            rows: 0,
            hash: blake3::hash(canonical(&head.content).as_bytes()).to_hex().to_string(),
        });
        let tables = self.rows.chunk_by(|one, other| one.kind == other.kind).map(digest);
        heads.chain(tables).collect()
    }
}

fn digest(rows: &[FactRow]) -> TableDigest {
    let mut hasher = blake3::Hasher::new();
    for row in rows {
        let fields: Vec<String> =
            row.fields.iter().map(|(key, value)| format!("{key}={}", canonical(value))).collect();
        let words =
            [row.id.as_str(), &row.source, row.text.as_deref().unwrap_or("\u{0}"), &fields.join("\n")];
        for word in words {
            hasher.update(&u64::try_from(word.len()).unwrap_or(u64::MAX).to_le_bytes());
            hasher.update(word.as_bytes());
        }
    }
    TableDigest {
        kind: rows.first().map(|row| row.kind.clone()).unwrap_or_default(),
        rows: rows.len(),
        hash: hasher.finalize().to_hex().to_string(),
    }
}

/// JSON with sorted keys, whatever map the library is built with.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<(&String, &Value)> = map.iter().collect();
            keys.sort_by_key(|(key, _)| *key);
            let keys: Vec<String> =
                keys.into_iter().map(|(key, value)| format!("{key:?}:{}", canonical(value))).collect();
            format!("{{{}}}", keys.join(","))
        }
        Value::Array(values) => {
            format!("[{}]", values.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

/// The manifest of some profiles: one line a table, `contract`, `kind`, `rows` and `hash` between tabs.
#[must_use]
pub fn manifest<'a>(profiles: impl IntoIterator<Item = &'a Profile>) -> String {
    let mut out = String::new();
    for profile in profiles {
        for digest in profile.digests() {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{}\t{}\t{}\t{}", profile.id, digest.kind, digest.rows, digest.hash);
        }
    }
    out
}
