//! What differs between two versions of the settings, entry by entry, in words.

use serde_json::Value;

use super::super::diff::{Change, diff};
use super::super::profile::Profile;
use super::choices::choices_of;
use super::schema::{Field, SECTIONS, Section};
use super::text::{flat, values_of};

/// An entry that came, went or differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryChange {
    /// Key of the section.
    pub section: &'static str,
    /// Title of the section with what the entry is about.
    pub title: String,
    /// Before, in words; absent: it was not there.
    pub before: Option<String>,
    /// After, in words; absent: it is not there any more.
    pub after: Option<String>,
}

/// The entries that differ, in the order of the form.
#[must_use]
pub fn entry_changes(before: &Profile, after: &Profile) -> Vec<EntryChange> {
    let changed = diff(before, after).settings;
    let mut found = Vec::new();
    for section in SECTIONS {
        let here = changed.iter().filter(|change| section.holds(&change.table));
        if section.single {
            found.extend(here.take(1).map(|_| once(section, before, after)));
            continue;
        }
        let of = |wanted: Change| {
            let entries = here.clone().filter(move |change| change.change == wanted);
            entries.map(|change| flat(section, &change.entry)).collect::<Vec<_>>()
        };
        found.extend(paired(section, &of(Change::Removed), of(Change::Added), before, after));
    }
    found
}

fn once(section: &'static Section, before: &Profile, after: &Profile) -> EntryChange {
    let text = |profile: &Profile| {
        values_of(&profile.settings).get(section.key).map(|row| entry_text(section, row, profile))
    };
    EntryChange {
        section: section.key,
        title: section.title.to_owned(),
        before: text(before),
        after: text(after),
    }
}

/// Entries that went beside those that came for the same thing.
fn paired(
    section: &'static Section,
    gone: &[Value],
    mut come: Vec<Value>,
    before: &Profile,
    after: &Profile,
) -> Vec<EntryChange> {
    let change = |old: Option<&Value>, new: Option<&Value>| EntryChange {
        section: section.key,
        title: title(section, new.or(old).unwrap_or(&Value::Null), after),
        before: old.map(|row| entry_text(section, row, before)),
        after: new.map(|row| entry_text(section, row, after)),
    };
    let mut found = Vec::new();
    for old in gone {
        let same = |new: &Value| section.identity.iter().all(|key| new.get(*key) == old.get(*key));
        let new = come.iter().position(same).map(|at| come.remove(at));
        found.push(change(Some(old), new.as_ref()));
    }
    found.extend(come.iter().map(|new| change(None, Some(new))));
    found
}

fn title(section: &Section, row: &Value, profile: &Profile) -> String {
    let fields = section.fields.iter().filter(|field| section.identity.contains(&field.key));
    let words: Vec<String> = fields.filter_map(|field| value_text(field, row, profile)).collect();
    if words.is_empty() {
        return section.title.to_owned();
    }
    format!("{}：{}", section.title, words.join("，"))
}

/// An entry as one line.
fn entry_text(section: &Section, row: &Value, profile: &Profile) -> String {
    let fields = section.all_fields();
    let words =
        fields.filter_map(|field| Some(format!("{}：{}", field.label, value_text(field, row, profile)?)));
    words.collect::<Vec<_>>().join("；")
}

fn value_text(field: &Field, row: &Value, profile: &Profile) -> Option<String> {
    let value = row.get(field.key)?;
    let choices = choices_of(profile, field.choices);
    let word = |value: &Value| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        choices.iter().find(|choice| choice.value == text).map_or(text, |choice| choice.label.clone())
    };
    match value {
        Value::Null => None,
        Value::Array(values) if values.is_empty() => None,
        Value::Array(values) => Some(values.iter().map(word).collect::<Vec<_>>().join("、")),
        other => Some(word(other)),
    }
}
