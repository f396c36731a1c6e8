//! Between the form's values (JSON) and the settings text (TOML).
//!
//! Values keep whatever was typed: what they may be is the reader's to say, which the text goes through
//! next. The text is written in the order of the schema, so that equal values give equal bytes.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Map, Value};

use super::super::settings::Settings;
use super::schema::{FieldKind, SECTIONS, Section};

/// The settings as the form shows them: section → rows (or one row), row → field → value. Absent values
/// are left out, lists stay even where they are empty.
#[must_use]
pub fn values_of(settings: &Settings) -> Map<String, Value> {
    let Ok(Value::Object(tables)) = serde_json::to_value(settings) else { return Map::new() };
    let values = SECTIONS.iter().filter_map(|section| {
        let value = match section.key {
            "acceptance" => acceptance(section, &tables)?,
            "warning_percent" => warning(&tables)?,
            key if section.single => flat(section, tables.get(key).filter(|row| !row.is_null())?),
            key => tables.get(key)?.as_array()?.iter().map(|row| flat(section, row)).collect(),
        };
        Some((section.key.to_owned(), value))
    });
    values.collect()
}

fn acceptance(section: &Section, tables: &Map<String, Value>) -> Option<Value> {
    let date = tables.get("acceptance_date").filter(|date| !date.is_null())?;
    let basis = tables.get("acceptance_basis").cloned().unwrap_or_default();
    Some(flat(section, &serde_json::json!({ "date": date, "basis": basis })))
}

fn warning(tables: &Map<String, Value>) -> Option<Value> {
    let percent = tables.get("warning_percent")?;
    let any = percent.as_array().is_some_and(|points| !points.is_empty());
    any.then(|| serde_json::json!({ "percent": percent }))
}

/// A stored row with the keys of its basis dotted and its windows as they are written.
pub(super) fn flat(section: &Section, row: &Value) -> Value {
    let fields = section.all_fields().filter_map(|field| {
        let value = field.key.split('.').try_fold(row, |at, key| at.get(key))?;
        let value = match (field.kind, value.as_array()) {
            (FieldKind::Windows, Some(windows)) => windows.iter().map(window).collect(),
            _ => value.clone(),
        };
        (!value.is_null()).then(|| (field.key.to_owned(), value))
    });
    Value::Object(fields.collect())
}

/// `08:00-12:00` of a pair of times.
fn window(value: &Value) -> Value {
    match value.as_array().map(Vec::as_slice) {
        Some([Value::String(from), Value::String(to)]) => format!("{from}-{to}").into(),
        _ => value.clone(),
    }
}

/// What cannot be made a settings text at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValuesError {
    /// Not a JSON object.
    #[error("约定的内容须为一个 JSON 对象")]
    NotAnObject,
    /// A value that the text cannot hold.
    #[error("约定的内容无法写成文本：{0}")]
    Unwritable(String),
}

/// The settings text of a contract with these values. `note` is kept where the values have none.
///
/// # Errors
/// [`ValuesError`]; values that the settings do not allow are the reader's to refuse.
pub fn settings_text(contract: &str, note: Option<&str>, values: &str) -> Result<String, ValuesError> {
    let Ok(Value::Object(values)) = serde_json::from_str(values) else {
        return Err(ValuesError::NotAnObject);
    };
    let text = toml::to_string(&document(contract, note, &values));
    text.map_err(|error| ValuesError::Unwritable(error.to_string()))
}

fn document(contract: &str, note: Option<&str>, values: &Map<String, Value>) -> Table {
    let mut keys = vec![("contract".to_owned(), Node::Leaf(contract.into()))];
    let note = values.get("note").and_then(Value::as_str).or(note).filter(|note| !note.is_empty());
    keys.extend(note.map(|note| ("note".to_owned(), Node::Leaf(note.into()))));
    keys.extend(SECTIONS.iter().filter(|section| section.single).flat_map(|section| once(section, values)));
    for section in SECTIONS.iter().filter(|section| !section.single) {
        let Some(rows) = values.get(section.key).filter(|rows| !is_nothing(rows)) else { continue };
        let rows = match rows {
            Value::Array(rows) => Node::List(rows.iter().map(|value| row(section, value)).collect()),
            other => Node::Leaf(other.clone()),
        };
        keys.push((section.key.to_owned(), rows));
    }
    let known = |key: &str| matches!(key, "contract" | "note") || SECTIONS.iter().any(|one| one.key == key);
    let unknown = values.iter().filter(|(key, value)| !known(key) && !is_nothing(value));
    keys.extend(unknown.map(|(key, value)| (key.clone(), Node::Leaf(value.clone()))));
    keys.sort_by_key(|(_, node)| !matches!(node, Node::Leaf(_)));
    Table(keys)
}

/// The top-level keys of a section that stands once.
fn once(section: &Section, values: &Map<String, Value>) -> Vec<(String, Node)> {
    let Some(value) = values.get(section.key).filter(|value| !is_nothing(value)) else { return Vec::new() };
    let Node::Table(Table(keys)) = row(section, value) else {
        return vec![(section.key.to_owned(), Node::Leaf(value.clone()))];
    };
    if !matches!(section.key, "acceptance" | "warning_percent") {
        // A table of its own; one without any key says nothing.
        let table = (!keys.is_empty()).then(|| (section.key.to_owned(), Node::Table(Table(keys))));
        return table.into_iter().collect();
    }
    let renamed = |key: String| match (section.key, key.as_str()) {
        ("acceptance", "date") => "acceptance_date".to_owned(),
        ("acceptance", "basis") => "acceptance_basis".to_owned(),
        (own, "percent") => own.to_owned(),
        (own, other) => format!("{own}.{other}"),
    };
    keys.into_iter().map(|(key, node)| (renamed(key), node)).collect()
}

/// A row in the order of the schema, its basis last; keys nobody knows stay, for the reader to refuse.
fn row(section: &Section, value: &Value) -> Node {
    let Value::Object(given) = value else { return Node::Leaf(value.clone()) };
    let mut keys = Vec::new();
    for field in section.fields {
        keys.extend(leaf(field.key, given.get(field.key)));
    }
    let known = |key: &str| section.all_fields().any(|field| field.key == key);
    for (key, value) in given.iter().filter(|(key, _)| !known(key) && !key.starts_with("basis")) {
        keys.extend(leaf(key, Some(value)));
    }
    let basis = basis_of(given);
    if !basis.is_empty() {
        keys.push(("basis".to_owned(), Node::Table(Table(basis))));
    }
    Node::Table(Table(keys))
}

/// The basis, whether its keys are dotted or nested.
fn basis_of(given: &Map<String, Value>) -> Vec<(String, Node)> {
    let nested = given.get("basis").and_then(Value::as_object);
    let value = |key: &str| given.get(&format!("basis.{key}")).or_else(|| nested?.get(key));
    let mut keys: Vec<&str> = vec!["effective", "who", "paper"];
    let others = given.keys().filter_map(|key| key.strip_prefix("basis."));
    for key in others.chain(nested.into_iter().flat_map(|nested| nested.keys().map(String::as_str))) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys.into_iter().filter_map(|key| leaf(key, value(key))).collect()
}

fn leaf(key: &str, value: Option<&Value>) -> Option<(String, Node)> {
    let value = value.filter(|value| !is_nothing(value))?;
    Some((key.to_owned(), Node::Leaf(value.clone())))
}

/// An empty field of a form says nothing.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.is_empty(),
        _ => false,
    }
}

/// A TOML table whose keys keep their order.
struct Table(Vec<(String, Node)>);

enum Node {
    Leaf(Value),
    Table(Table),
    List(Vec<Node>),
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, node) in &self.0 {
            map.serialize_entry(key, node)?;
        }
        map.end()
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Leaf(value) => value.serialize(serializer),
            Self::Table(table) => table.serialize(serializer),
            Self::List(nodes) => {
                let mut list = serializer.serialize_seq(Some(nodes.len()))?;
                for node in nodes {
                    list.serialize_element(node)?;
                }
                list.end()
            }
        }
    }
}
