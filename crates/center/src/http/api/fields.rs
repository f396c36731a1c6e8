//! Reading a JSON body field by field, so that a refusal names the field. Unknown fields are refused:
//! a misspelt one would be lost in silence.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::core::api::ApiError;

/// How a text may be laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    /// One line.
    One,
    /// Several lines.
    Many,
}

/// The fields of an object that are still to be read.
pub(super) struct Fields {
    /// Path of the object, with its dot.
    at: String,
    map: Map<String, Value>,
}

type Read<T> = Result<T, ApiError>;

impl Fields {
    /// The fields of a body.
    pub(super) fn of(body: &[u8]) -> Read<Self> {
        let value: Value = serde_json::from_slice(body).map_err(|error| {
            // The place, not the text: a body may hold personal data.
            let (line, column) = (error.line(), error.column());
            ApiError::BadRequest(format!(
                "请求内容不是正确的 JSON（第 {line} 行第 {column} 列），请改正后重试。"
            ))
        })?;
        match value {
            Value::Object(map) => Ok(Self { at: String::new(), map }),
            _ => Err(ApiError::BadRequest("请求内容须是一个 JSON 对象。".to_owned())),
        }
    }

    fn wrong<T>(&self, key: &str, message: impl Into<String>) -> Read<T> {
        Err(ApiError::field(format!("{}{key}", self.at), message))
    }

    fn take(&mut self, key: &str) -> Option<Value> {
        self.map.remove(key).filter(|value| !value.is_null())
    }

    /// A text without the white space around it; `None` when absent or empty.
    pub(super) fn text(&mut self, key: &str, chars_max: usize, lines: Lines) -> Read<Option<String>> {
        let text = match self.take(key) {
            None => return Ok(None),
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(_) => return self.wrong(key, format!("{key} 须是文字。")),
        };
        if text.chars().count() > chars_max {
            return self.wrong(key, format!("{key} 太长，最多 {chars_max} 字。"));
        }
        let allowed = |c: char| !c.is_control() || (lines == Lines::Many && matches!(c, '\n' | '\r' | '\t'));
        if !text.chars().all(allowed) {
            return self.wrong(key, format!("{key} 含有不能显示的字符，请去掉。"));
        }
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// A text that must be there.
    pub(super) fn required(&mut self, key: &str, chars_max: usize, lines: Lines) -> Read<String> {
        match self.text(key, chars_max, lines)? {
            Some(text) => Ok(text),
            None => self.wrong(key, format!("缺少 {key}，请填写。")),
        }
    }

    /// One of some words.
    pub(super) fn choice(&mut self, key: &str, words: &[&str]) -> Read<Option<String>> {
        match self.text(key, 64, Lines::One)? {
            Some(word) if !words.contains(&word.as_str()) => {
                self.wrong(key, format!("{key} 只能是：{}。", words.join("、")))
            }
            word => Ok(word),
        }
    }

    /// Yes or no.
    pub(super) fn flag(&mut self, key: &str) -> Read<Option<bool>> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(_) => self.wrong(key, format!("{key} 须是 true 或 false。")),
        }
    }

    /// An instant with its offset.
    pub(super) fn instant(&mut self, key: &str) -> Read<Option<Timestamp>> {
        match self.text(key, 64, Lines::One)?.map(|text| text.parse()) {
            None => Ok(None),
            Some(Ok(at)) => Ok(Some(at)),
            Some(Err(_)) => {
                self.wrong(key, format!("{key} 须是带时区的时间，如 2025-10-15T10:30:00+08:00。"))
            }
        }
    }

    /// An object within.
    pub(super) fn object(&mut self, key: &str) -> Read<Option<Self>> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(Self { at: format!("{}{key}.", self.at), map })),
            Some(_) => self.wrong(key, format!("{key} 须是一个 JSON 对象。")),
        }
    }

    /// A list of objects, at least one.
    pub(super) fn objects(&mut self, key: &str, most: usize) -> Read<Vec<Self>> {
        let list = match self.take(key) {
            Some(Value::Array(list)) if (1..=most).contains(&list.len()) => list,
            _ => return self.wrong(key, format!("{key} 须是 1 至 {most} 个 JSON 对象的列表。")),
        };
        let mut found = Vec::with_capacity(list.len());
        for (n, value) in list.into_iter().enumerate() {
            match value {
                Value::Object(map) => found.push(Self { at: format!("{}{key}.{n}.", self.at), map }),
                _ => return self.wrong(&format!("{key}.{n}"), "须是一个 JSON 对象。"),
            }
        }
        Ok(found)
    }

    /// A list of texts, each of one line; none where absent.
    pub(super) fn texts(&mut self, key: &str, most: usize, chars_max: usize) -> Read<Vec<String>> {
        let list = match self.take(key) {
            None => return Ok(Vec::new()),
            Some(Value::Array(list)) if list.len() <= most => list,
            Some(_) => return self.wrong(key, format!("{key} 须是文字的列表，最多 {most} 个。")),
        };
        let mut found = Vec::with_capacity(list.len());
        for value in list {
            let text = value.as_str().map(str::trim).unwrap_or_default();
            let is_sound = (1..=chars_max).contains(&text.chars().count());
            if !is_sound || text.chars().any(char::is_control) {
                return self.wrong(key, format!("{key} 的每一项须是一行文字，1 至 {chars_max} 字。"));
            }
            found.push(text.to_owned());
        }
        Ok(found)
    }

    /// A whole number from 0 to `most`.
    pub(super) fn count(&mut self, key: &str, most: i64) -> Read<Option<u32>> {
        let Some(value) = self.take(key) else { return Ok(None) };
        let count = value.as_i64().filter(|count| (0..=most).contains(count));
        match count.and_then(|count| u32::try_from(count).ok()) {
            Some(count) => Ok(Some(count)),
            None => self.wrong(key, format!("{key} 须是 0 至 {most} 的整数。")),
        }
    }

    /// Nothing is left over.
    pub(super) fn done(self) -> Read<()> {
        match self.map.keys().next() {
            None => Ok(()),
            Some(key) => {
                let key: String = key.chars().take(64).collect();
                self.wrong(&key, "没有这个字段，请核对拼写或查看接口文档。")
            }
        }
    }
}
