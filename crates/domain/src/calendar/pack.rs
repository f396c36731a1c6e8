//! A State Council notice as a file: spans, make-up days and statutory days of one year.
//!
//! A pack can be imported from any text; nothing of it counts until all of it is sound.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::notices::{YEAR_MAX, YEAR_MIN};
use crate::mistake::{Mistake, Mistakes};

/// The notice for one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Version of this format; 1.
    pub schema: u32,
    /// Year the notice arranges; its spans may reach into the December before.
    pub year: i16,
    /// Title of the notice.
    pub title: String,
    /// Number of the notice, such as `国办发明电〔2024〕12号`; identifies the pack.
    pub number: String,
    /// Date of the notice.
    pub issued: Date,
    /// Where the notice is printed.
    pub source: String,
    /// Version of the 全国年节及纪念日放假办法 that names the statutory days.
    pub statutory_source: String,
    /// The items of the notice in its order.
    pub items: Vec<Item>,
}

/// One item of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Heading, verbatim.
    pub heading: String,
    /// Text of the item, verbatim.
    pub text: String,
    /// First day off, natural weekends included.
    pub from: Date,
    /// Last day off, included.
    pub to: Date,
    /// Saturdays and Sundays to be worked for this item.
    pub makeup: Vec<Date>,
    /// Days of the span that the 办法 names.
    pub statutory: Vec<StatutoryDay>,
}

/// A day named by the 全国年节及纪念日放假办法; its lunar date is data, not computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatutoryDay {
    /// The civil date.
    pub date: Date,
    /// Its name, such as `除夕` or `正月初一`.
    pub name: String,
}

impl Pack {
    /// Reads a pack from JSON text; `file` is only named in mistakes.
    ///
    /// # Errors
    /// Every mistake found: broken JSON with its line, else the JSON pointer of each unsound value.
    pub fn parse(file: &str, text: &str) -> Result<Self, Mistakes> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let pack: Self = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = error.path().to_string();
            let inner = error.into_inner();
            let line = u32::try_from(inner.line()).ok().filter(|line| *line > 0);
            Mistakes(vec![Mistake {
                file: file.to_owned(),
                line,
                key: path,
                value: None,
                reason: inner.to_string(),
            }])
        })?;
        reader.end().map_err(|error| {
            let line = u32::try_from(error.line()).ok();
            Mistakes(vec![Mistake {
                file: file.to_owned(),
                line,
                key: "/".to_owned(),
                value: None,
                reason: error.to_string(),
            }])
        })?;
        let mistakes = Check { file, found: Vec::new() }.pack(&pack);
        if mistakes.is_empty() { Ok(pack) } else { Err(Mistakes(mistakes)) }
    }
}

/// The packs of a published text: one, or a list of them.
///
/// # Errors
/// As [`Pack::parse`], for the first that cannot be read.
pub fn read_packs(file: &str, text: &str) -> Result<Vec<Pack>, Mistakes> {
    match serde_json::from_str::<Vec<serde_json::Value>>(text) {
        Ok(list) => list.iter().map(|pack| Pack::parse(file, &pack.to_string())).collect(),
        Err(_) => Ok(vec![Pack::parse(file, text)?]),
    }
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

struct Check<'a> {
    file: &'a str,
    found: Vec<Mistake>,
}

impl Check<'_> {
    fn pack(mut self, pack: &Pack) -> Vec<Mistake> {
        if pack.schema != 1 {
            self.refuse("/schema", pack.schema, "只认识第 1 版格式");
        }
        if !(YEAR_MIN..=YEAR_MAX).contains(&pack.year) {
            self.refuse("/year", pack.year, "年份须在 1900 至 2100 之间");
        }
        if pack.items.is_empty() {
            self.refuse("/items", "[]", "通知至少有一条安排");
        }
        let mut taken = BTreeSet::new();
        for (index, item) in pack.items.iter().enumerate() {
            self.item(pack.year, index, item, &mut taken);
        }
        self.found
    }

    fn item(&mut self, year: i16, index: usize, item: &Item, taken: &mut BTreeSet<Date>) {
        let at = |key: &str| format!("/items/{index}/{key}");
        if item.heading.is_empty() {
            self.refuse(&at("heading"), "\"\"", "标题不能为空");
        }
        if item.from > item.to {
            self.refuse(&at("from"), item.from, "放假首日晚于末日");
            return;
        }
        if item.to.year() != year
            || item.from.year() < year - 1
            || (item.from.year() < year && item.from.month() != 12)
        {
            self.refuse(&at("from"), item.from, "放假日期须在本年，或从上年 12 月起");
            return;
        }
        for date in item.days() {
            if !taken.insert(date) {
                self.refuse(&at("from"), date, "同一日期出现在两条安排中");
            }
        }
        for (position, date) in item.makeup.iter().enumerate() {
            let key = format!("/items/{index}/makeup/{position}");
            if !is_weekend(*date) {
                self.refuse(&key, date, "补班日须是周六或周日");
            }
            if date.year() != year && !(date.year() == year - 1 && date.month() == 12) {
                self.refuse(&key, date, "补班日须在本年或上年 12 月");
            }
            if !taken.insert(*date) {
                self.refuse(&key, date, "同一日期出现在两条安排中");
            }
        }
        let mut named = BTreeSet::new();
        for (position, day) in item.statutory.iter().enumerate() {
            let key = format!("/items/{index}/statutory/{position}/date");
            if day.date < item.from || day.date > item.to {
                self.refuse(&key, day.date, "法定假日须在放假起止日期之内");
            }
            if !named.insert(day.date) {
                self.refuse(&key, day.date, "法定假日重复");
            }
        }
    }

    fn refuse(&mut self, key: &str, value: impl ToString, reason: &str) {
        self.found.push(Mistake::at(self.file, key, value.to_string(), reason));
    }
}

impl Item {
    /// Every day of the span, both ends included; at most 400, so that a wrong year cannot hang a reader.
    pub fn days(&self) -> impl Iterator<Item = Date> + '_ {
        self.from.series(jiff::Span::new().days(1)).take(400).take_while(|date| *date <= self.to)
    }
}
