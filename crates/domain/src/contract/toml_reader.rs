//! Reads TOML into typed rows and reports every mistake with its line, not only the first.
//!
//! A row type is declared once with [`row!`]: the fields are the keys it knows. Unknown keys, missing
//! keys and wrong types are all collected; a row with a mistake is left out of the result, so that the
//! rows after it are still checked.

use std::ops::Range;

use jiff::civil::Date;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::calendar::{MonthDay, Window};
use crate::mistake::{Mistake, Mistakes};

/// A TOML text, parsed once: read as a typed row, and row by row as it stands.
pub(crate) struct Source<'a> {
    file: &'a str,
    text: &'a str,
    root: Spanned<DeTable<'a>>,
    /// Byte at which each line after the first begins.
    breaks: Vec<usize>,
}

/// One row of an array of tables as it stands, whatever its schema says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RawRow<'s> {
    /// Name of the table.
    pub(crate) table: &'s str,
    /// Place in the table, from 0.
    pub(crate) index: usize,
    keys: &'s DeTable<'s>,
}

impl<'a> Source<'a> {
    /// Parses the text.
    ///
    /// # Errors
    /// Every mistake of syntax.
    pub(crate) fn open(file: &'a str, text: &'a str) -> Result<Self, Mistakes> {
        let (root, errors) = DeTable::parse_recoverable(text);
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let source = Self { file, text, root, breaks: breaks.collect() };
        let found: Vec<Mistake> = errors
            .iter()
            .map(|error| source.mistake(error.span().unwrap_or(0..0), "TOML", None, error.message()))
            .collect();
        if found.is_empty() { Ok(source) } else { Err(Mistakes(found)) }
    }

    /// Reads the whole text as one row type.
    ///
    /// # Errors
    /// Every mistake found.
    pub(crate) fn read<T: Row>(&self) -> Result<T, Mistakes> {
        let mut document = Document { source: self, found: Vec::new() };
        let row = T::read(&mut RowReader {
            table: self.root.get_ref(),
            path: String::new(),
            span: 0..0,
            document: &mut document,
        });
        match row {
            Some(row) if document.found.is_empty() => Ok(row),
            _ => Err(Mistakes(document.found)),
        }
    }

    /// Every row of every top-level array of tables, table by table.
    pub(crate) fn rows(&self) -> impl Iterator<Item = RawRow<'_>> {
        let arrays = self.root.get_ref().iter().filter_map(|(name, value)| match value.get_ref() {
            DeValue::Array(values) => Some((name.get_ref().as_ref(), values)),
            _ => None,
        });
        arrays.flat_map(|(table, values)| {
            values.iter().enumerate().filter_map(move |(index, value)| match value.get_ref() {
                DeValue::Table(keys) => Some(RawRow { table, index, keys }),
                _ => None,
            })
        })
    }

    /// Every top-level key that is not an array of tables, as JSON.
    pub(crate) fn heads(&self) -> impl Iterator<Item = (&str, serde_json::Value)> {
        let is_table = |value: &Spanned<DeValue<'_>>| matches!(value.get_ref(), DeValue::Table(_));
        let heads = self.root.get_ref().iter().filter(move |(_, value)| match value.get_ref() {
            DeValue::Array(values) => !values.iter().all(is_table),
            _ => true,
        });
        heads.map(|(name, value)| (name.get_ref().as_ref(), json(value.get_ref())))
    }

    /// Line of the row's first key, counted from 1.
    pub(crate) fn line(&self, row: RawRow<'_>) -> u32 {
        let first = row.keys.iter().map(|(key, _)| key.span().start).min().unwrap_or(0);
        self.line_at(first)
    }

    /// A mistake in one key of a row; it names the value and its line.
    pub(crate) fn mistake_in(&self, row: RawRow<'_>, key: &str, reason: &str) -> Mistake {
        let path = format!("{}[{}].{key}", row.table, row.index);
        let found = row.keys.iter().find(|(name, _)| name.get_ref().as_ref() == key);
        let span = found.map_or_else(
            || row.keys.iter().map(|(key, _)| key.span()).min_by_key(|span| span.start).unwrap_or(0..0),
            |(_, value)| value.span(),
        );
        let value = found.and_then(|(_, value)| self.text.get(value.span()));
        self.mistake(span, &path, value, reason)
    }

    /// A mistake in a top-level key.
    pub(crate) fn mistake_at(&self, key: &str, reason: &str) -> Mistake {
        let found = self.root.get_ref().iter().find(|(name, _)| name.get_ref().as_ref() == key);
        let span = found.map_or(0..0, |(_, value)| value.span());
        self.mistake(span.clone(), key, self.text.get(span), reason)
    }

    fn mistake(&self, span: Range<usize>, key: &str, value: Option<&str>, reason: &str) -> Mistake {
        Mistake {
            file: self.file.to_owned(),
            line: Some(self.line_at(span.start)),
            key: key.to_owned(),
            value: value.map(|text| shorten(text.trim())),
            reason: reason.to_owned(),
        }
    }

    fn line_at(&self, byte: usize) -> u32 {
        u32::try_from(self.breaks.partition_point(|start| *start <= byte) + 1).unwrap_or(u32::MAX)
    }
}

impl RawRow<'_> {
    /// A key as JSON.
    pub(crate) fn value(&self, key: &str) -> Option<serde_json::Value> {
        let found = self.keys.iter().find(|(name, _)| name.get_ref().as_ref() == key);
        found.map(|(_, value)| json(value.get_ref()))
    }

    /// All keys as JSON.
    pub(crate) fn fields(&self) -> std::collections::BTreeMap<String, serde_json::Value> {
        self.keys.iter().map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref()))).collect()
    }

    /// The words of a key: a text, a number, or each of a list of them.
    pub(crate) fn words(&self, key: &str) -> Vec<String> {
        fn word(value: &serde_json::Value) -> Option<String> {
            match value {
                serde_json::Value::String(text) => Some(text.clone()),
                serde_json::Value::Number(number) => Some(number.to_string()),
                _ => None,
            }
        }
        match self.value(key) {
            Some(serde_json::Value::Array(values)) => values.iter().filter_map(word).collect(),
            Some(value) => word(&value).into_iter().collect(),
            None => Vec::new(),
        }
    }
}

/// A text being read, with the mistakes found in it so far.
pub(crate) struct Document<'t> {
    source: &'t Source<'t>,
    found: Vec<Mistake>,
}

impl Document<'_> {
    fn refuse(&mut self, span: Range<usize>, key: &str, value: Option<&str>, reason: &str) {
        self.found.push(self.source.mistake(span, key, value, reason));
    }
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(80).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// A table whose keys are known.
pub(crate) trait Row: Sized {
    /// Reads one table; `None` when it has a mistake, which is then recorded.
    fn read(reader: &mut RowReader<'_, '_>) -> Option<Self>;
}

/// One table being read.
pub(crate) struct RowReader<'d, 't> {
    table: &'d DeTable<'d>,
    path: String,
    span: Range<usize>,
    document: &'d mut Document<'t>,
}

impl RowReader<'_, '_> {
    /// The value of a key.
    pub(crate) fn take<T: Value>(&mut self, key: &'static str) -> Option<T> {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        let found =
            self.table.iter().find(|(name, _)| name.get_ref().as_ref() == key).map(|(_, value)| value);
        let Some(value) = found else {
            let missing = T::missing();
            if missing.is_none() {
                self.document.refuse(self.span.clone(), &path, None, "缺少必填的键");
            }
            return missing;
        };
        T::read(&mut ValueReader { value, path, document: &mut *self.document })
    }

    /// Refuses every key that is not in `known`.
    pub(crate) fn refuse_unknown(&mut self, known: &[&str]) {
        let path = if self.path.is_empty() { String::new() } else { format!("{}.", self.path) };
        for (name, value) in self.table {
            if !known.contains(&name.get_ref().as_ref()) {
                let text = self.document.source.text.get(value.span());
                self.document.refuse(name.span(), &format!("{path}{}", name.get_ref()), text, "不认识的键");
            }
        }
    }
}

/// One value being read.
pub(crate) struct ValueReader<'d, 't> {
    value: &'d Spanned<DeValue<'d>>,
    path: String,
    document: &'d mut Document<'t>,
}

impl ValueReader<'_, '_> {
    fn refuse<T>(&mut self, reason: &str) -> Option<T> {
        let text = self.document.source.text.get(self.value.span());
        self.document.refuse(self.value.span(), &self.path, text, reason);
        None
    }

    fn text(&mut self) -> Option<String> {
        match self.value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            _ => self.refuse("应为文字"),
        }
    }

    pub(crate) fn parsed<T: std::str::FromStr>(&mut self, reason: &str) -> Option<T> {
        let text = self.text()?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(_) => self.refuse(reason),
        }
    }
}

/// A type that a key can have.
pub(crate) trait Value: Sized {
    /// Reads the value; `None` when it is refused, which is then recorded.
    fn read(reader: &mut ValueReader<'_, '_>) -> Option<Self>;

    /// What a missing key means; `None`: the key is required.
    fn missing() -> Option<Self> {
        None
    }
}

impl<T: Value> Value for Option<T> {
    fn read(reader: &mut ValueReader<'_, '_>) -> Option<Self> {
        T::read(reader).map(Some)
    }

    fn missing() -> Option<Self> {
        Some(None)
    }
}

impl Value for String {
    fn read(reader: &mut ValueReader<'_, '_>) -> Option<Self> {
        reader.text()
    }
}

impl Value for bool {
    fn read(reader: &mut ValueReader<'_, '_>) -> Option<Self> {
        match reader.value.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            _ => reader.refuse("应为 true 或 false"),
        }
    }
}

impl Value for u32 {
    fn read(reader: &mut ValueReader<'_, '_>) -> Option<Self> {
        let DeValue::Integer(number) = reader.value.get_ref() else {
            return reader.refuse("应为不小于 0 的整数");
        };
        match Self::from_str_radix(number.as_str(), number.radix()) {
            Ok(value) => Some(value),
            Err(_) => reader.refuse("应为不小于 0 的整数"),
        }
    }
}

impl Value for f64 {
    fn read(reader: &mut ValueReader<'_, '_>) -> Option<Self> {
        let text = match reader.value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
            DeValue::Float(number) => number.as_str().to_owned(),
            _ => return reader.refuse("应为数字"),
        };
        match text.parse::<Self>() {
            Ok(value) if value.is_finite() => Some(value),
            _ => reader.refuse("应为数字"),
        }
    }
}

impl Value for Date {
    fn read(reader: &mut ValueReader<'_, '_>) -> Option<Self> {
        reader.parsed("应为日期，写成 \"2025-10-01\"")
    }
}

impl Value for Window {
    fn read(reader: &mut ValueReader<'_, '_>) -> Option<Self> {
        reader.parsed("应为时段，写成 \"08:00-12:00\"，末尾可到 24:00")
    }
}

impl Value for MonthDay {
    fn read(reader: &mut ValueReader<'_, '_>) -> Option<Self> {
        reader.parsed("应为月日，写成 \"05-01\"")
    }
}

impl<T: Value> Value for Vec<T> {
    fn read(reader: &mut ValueReader<'_, '_>) -> Option<Self> {
        let DeValue::Array(values) = reader.value.get_ref() else { return reader.refuse("应为列表") };
        let read = values.iter().enumerate().map(|(index, value)| {
            T::read(&mut ValueReader {
                value,
                path: format!("{}[{index}]", reader.path),
                document: &mut *reader.document,
            })
        });
        let read: Vec<Option<T>> = read.collect();
        read.into_iter().collect()
    }

    fn missing() -> Option<Self> {
        Some(Self::new())
    }
}

/// Any value, kept as JSON: for keys that no rule reads.
impl Value for serde_json::Value {
    fn read(reader: &mut ValueReader<'_, '_>) -> Option<Self> {
        Some(json(reader.value.get_ref()))
    }
}

fn json(value: &DeValue<'_>) -> serde_json::Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).unwrap_or_default().into()
        }
        DeValue::Float(number) => number.as_str().parse::<f64>().unwrap_or_default().into(),
        DeValue::Boolean(flag) => (*flag).into(),
        DeValue::Datetime(at) => at.to_string().into(),
        DeValue::Array(values) => values.iter().map(|value| json(value.get_ref())).collect(),
        DeValue::Table(table) => {
            table.iter().map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref()))).collect()
        }
    }
}

/// Reads a nested table as a row: the glue that [`row!`] gives every row type.
pub(crate) fn read_nested<T: Row>(reader: &mut ValueReader<'_, '_>) -> Option<T> {
    let DeValue::Table(table) = reader.value.get_ref() else { return reader.refuse("应为一张表") };
    let span =
        table.iter().map(|(key, _)| key.span()).min_by_key(|span| span.start).unwrap_or(reader.value.span());
    T::read(&mut RowReader { table, path: reader.path.clone(), span, document: &mut *reader.document })
}

/// The key behind a field name: `use` for `r#use`.
pub(crate) fn plain(field: &'static str) -> &'static str {
    field.strip_prefix("r#").unwrap_or(field)
}

/// Declares a row type: a public struct whose fields are the keys of the table.
macro_rules! row {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$key_meta:meta])* $key:ident: $kind:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize)]
        pub struct $name {
            $(
                #[doc = concat!("Key `", stringify!($key), "`.")]
                $(#[$key_meta])*
                pub $key: $kind,
            )*
        }

        impl $crate::contract::toml_reader::Row for $name {
            fn read(reader: &mut $crate::contract::toml_reader::RowReader<'_, '_>) -> Option<Self> {
                $(let $key = reader.take::<$kind>($crate::contract::toml_reader::plain(stringify!($key)));)*
                reader.refuse_unknown(&[$($crate::contract::toml_reader::plain(stringify!($key))),*]);
                Some(Self { $($key: $key?),* })
            }
        }

        impl $crate::contract::toml_reader::Value for $name {
            fn read(reader: &mut $crate::contract::toml_reader::ValueReader<'_, '_>) -> Option<Self> {
                $crate::contract::toml_reader::read_nested(reader)
            }
        }
    };
}
pub(crate) use row;
