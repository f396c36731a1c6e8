//! The settings as a form: what it asks, what stands in it, the text that its values make, and what is
//! wrong with them or changes by them.
//!
//! Promises: every entry of the settings has a section; equal values give the same text; a mistake of the
//! reader is found again at its section, row and field. Left out: who may publish (the judge says) and
//! how a form looks.

mod changes;
mod choices;
mod schema;
mod text;

pub use changes::{EntryChange, entry_changes};
pub use choices::{FormChoice, choices_of};
pub use schema::{BASIS, ChoiceSource, Field, FieldKind, SECTIONS, Section, section_of};
pub use text::{ValuesError, settings_text, values_of};

use super::profile::Profile;
use super::questions::OpenQuestion;
use super::reading::Topic;
use super::settings::Settings;
use crate::mistake::Mistake;

/// Where in the form a mistake of the settings text lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormProblem {
    /// Key of the section; empty where it belongs to none.
    pub section: String,
    /// Row, from 0; absent for a section that stands once.
    pub row: Option<u32>,
    /// Field, where one is at fault.
    pub field: Option<String>,
    /// What is wrong, in Chinese.
    pub message: String,
}

/// The place of a mistake in the form.
#[must_use]
pub fn problem_of(mistake: &Mistake) -> FormProblem {
    let message = match &mistake.value {
        Some(value) => format!("{}：{}", mistake.reason, value.trim_matches('"')),
        None => mistake.reason.clone(),
    };
    let (head, rest) = mistake.key.split_once('.').unwrap_or((&mistake.key, ""));
    let (table, row) = indexed(head);
    let field = plain(rest);
    let (section, row, field) = match table {
        "acceptance_date" => ("acceptance", None, "date".to_owned()),
        "acceptance_basis" if field.is_empty() => ("acceptance", None, "basis.effective".to_owned()),
        "acceptance_basis" => ("acceptance", None, format!("basis.{field}")),
        "warning_percent" => ("warning_percent", None, "percent".to_owned()),
        table => (table, row, field),
    };
    let field = Some(field).filter(|field| !field.is_empty());
    FormProblem { section: section.to_owned(), row, field, message }
}

/// `window` and 2 of `window[2]`.
fn indexed(text: &str) -> (&str, Option<u32>) {
    let Some((name, index)) = text.split_once('[') else { return (text, None) };
    (name, index.trim_end_matches(']').parse().ok())
}

/// A path without places in lists: `windows[1]` is `windows`.
fn plain(path: &str) -> String {
    path.split('.').map(|part| indexed(part).0).collect::<Vec<_>>().join(".")
}

/// The section that answers a question: for entries without a paper, the first that has some.
#[must_use]
pub fn section_for(profile: &Profile, question: &OpenQuestion) -> &'static str {
    if question.topic != Topic::Basis {
        return question.topic.section();
    }
    without_basis(&profile.settings).first().map_or("answer", |(section, _)| section.key)
}

/// Sections with entries that rest on no paper, in the order of the form, and how many each has.
pub(super) fn without_basis(settings: &Settings) -> Vec<(&'static Section, usize)> {
    let values = values_of(settings);
    let bare = |row: &serde_json::Value| row.get("basis.who").is_none();
    let count = |section: &Section| match values.get(section.key) {
        Some(serde_json::Value::Array(rows)) => rows.iter().filter(|row| bare(row)).count(),
        row => usize::from(row.is_some_and(bare)),
    };
    let sections = SECTIONS.iter().filter(|section| section.has_basis);
    sections.map(|section| (section, count(section))).filter(|(_, count)| *count > 0).collect()
}
