//! Full-text search over every row of a document.

use super::labels::{field_label, is_place, table_title, word};
use crate::door::dto::{DoorError, RowArgs, RowField, RowItem, RowPage};
use crate::order::{Desk, LIMIT_MAX};
use serde_json::Value;
use zaigang_domain::contract::FactRow;

impl Desk<'_> {
    /// A page of the rows in which all words typed occur: in the id, the verbatim text, the source, or a
    /// field as people read it.
    ///
    /// # Errors
    /// Not found for an unknown contract.
    pub fn contract_rows(&self, args: &RowArgs) -> Result<RowPage, DoorError> {
        let profile = self.newest(&args.contract)?.profile;
        let typed = args.search.to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let table = args.table.as_deref().filter(|table| !table.is_empty());
        let rows = profile.rows.iter().filter(|row| table.is_none_or(|table| row.kind == table));
        let found: Vec<&FactRow> = rows.filter(|row| has_all(row, &words)).collect();
        let limit = usize::try_from(args.limit.clamp(1, LIMIT_MAX)).unwrap_or(1);
        let shown = found.iter().skip(usize::try_from(args.offset).unwrap_or(usize::MAX)).take(limit);
        Ok(RowPage {
            rows: shown.map(|row| item(row)).collect(),
            total: u32::try_from(found.len()).unwrap_or(u32::MAX),
        })
    }
}

fn has_all(row: &FactRow, words: &[&str]) -> bool {
    if words.is_empty() {
        return true;
    }
    let mut text = format!("{}\n{}\n{}", row.id, row.source, row.text.as_deref().unwrap_or_default());
    for (_, value) in row.fields.iter().filter(|(key, _)| !is_place(key)) {
        text.push('\n');
        text.push_str(&value_text(value));
    }
    let text = text.to_lowercase();
    words.iter().all(|word| text.contains(word))
}

fn item(row: &FactRow) -> RowItem {
    let fields = row.fields.iter().filter(|(key, _)| !is_place(key));
    let field = |(key, value): (&String, &Value)| RowField {
        label: field_label(key).to_owned(),
        value: value_text(value),
    };
    RowItem {
        table: row.kind.clone(),
        table_title: table_title(&row.kind).to_owned(),
        id: row.id.clone(),
        source: row.source.clone(),
        text: row.text.clone(),
        fields: fields.map(field).collect(),
    }
}

/// A value as people read it.
pub(super) fn value_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => if *flag { "是" } else { "否" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => word(text).to_owned(),
        Value::Array(values) => values.iter().map(value_text).collect::<Vec<_>>().join("、"),
        Value::Object(map) => {
            let pairs = map.iter().filter(|(key, _)| !is_place(key));
            let pairs = pairs.map(|(key, value)| format!("{}：{}", field_label(key), value_text(value)));
            pairs.collect::<Vec<_>>().join("，")
        }
    }
}
