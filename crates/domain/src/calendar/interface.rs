//! `calendar days`: the days of a span as the command line prints them.

use jiff::civil::Date;
use serde::Serialize;

use super::{Calendar, DayKind, OfficeHours, Window, YEAR_MAX, YEAR_MIN};

/// One printed day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PrintedDay {
    /// The date.
    pub date: Date,
    /// What it is.
    pub kind: DayKind,
    /// Heading of the notice's item, verbatim.
    pub holiday: Option<String>,
    /// Office windows; `None` where none are stated, empty when there is no work.
    pub windows: Option<Vec<Window>>,
}

/// A span that is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("--{key} {value}：{reason}")]
pub struct BadSpan {
    /// `from` or `to`.
    pub key: &'static str,
    /// The refused text.
    pub value: String,
    /// Why, in Chinese.
    pub reason: &'static str,
}

/// Reads a date of a span.
///
/// # Errors
/// [`BadSpan`] when the text is not `YYYY-MM-DD` of the years 1900-2100.
pub fn parse_date(key: &'static str, text: &str) -> Result<Date, BadSpan> {
    let refuse = |reason| BadSpan { key, value: text.to_owned(), reason };
    if text.len() != 10 {
        return Err(refuse("不是日期，应写成 2025-10-01"));
    }
    let date: Date = text.parse().map_err(|_| refuse("不是日期，应写成 2025-10-01"))?;
    if (YEAR_MIN..=YEAR_MAX).contains(&date.year()) {
        Ok(date)
    } else {
        Err(refuse("年份须在 1900 至 2100 之间"))
    }
}

/// The days from `from` to `to`, both included; `hours` is `None` without a contract.
///
/// # Errors
/// [`BadSpan`] when a date is unreadable or `from` is later than `to`.
pub fn days(
    calendar: &Calendar,
    hours: Option<&OfficeHours>,
    from: &str,
    to: &str,
) -> Result<Vec<PrintedDay>, BadSpan> {
    let (first, last) = (parse_date("from", from)?, parse_date("to", to)?);
    if first > last {
        return Err(BadSpan { key: "from", value: from.to_owned(), reason: "晚于 --to" });
    }
    let dates = first.series(jiff::Span::new().days(1)).take_while(|date| *date <= last);
    Ok(dates.map(|date| printed(calendar, hours, date)).collect())
}

fn printed(calendar: &Calendar, hours: Option<&OfficeHours>, date: Date) -> PrintedDay {
    let day = calendar.day(date);
    let windows = hours.and_then(|hours| hours.windows(day, None)).map(<[Window]>::to_vec);
    PrintedDay { date, kind: day.kind, holiday: day.holiday.map(str::to_owned), windows }
}
