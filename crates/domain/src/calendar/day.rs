//! One date as the notices describe it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a date is, by the State Council's notices and the 全国年节及纪念日放假办法.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A day named by the 全国年节及纪念日放假办法, also when it falls on a Saturday or Sunday.
    Statutory,
    /// 补假: a weekday off that makes up for a statutory day on a Saturday or Sunday.
    Substitute,
    /// 调休放假: any other weekday off in a notice.
    Bridge,
    /// 调休补班: a Saturday or Sunday to be worked.
    Makeup,
    /// An ordinary Saturday or Sunday.
    Weekend,
    /// An ordinary Monday to Friday.
    Workday,
    /// A day of a year without a notice.
    Unannounced,
}

impl DayKind {
    /// Whether people work on such a day; `None` when no notice says so yet.
    #[must_use]
    pub fn is_worked(self) -> Option<bool> {
        match self {
            Self::Workday | Self::Makeup => Some(true),
            Self::Unannounced => None,
            Self::Statutory | Self::Substitute | Self::Bridge | Self::Weekend => Some(false),
        }
    }
}

/// A date with its kind and, inside the span or the make-up days of a notice's item, its heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Day<'a> {
    /// The civil date in +08:00.
    pub date: Date,
    /// What the date is.
    pub kind: DayKind,
    /// Heading of the notice's item, verbatim, such as `国庆节、中秋节`.
    pub holiday: Option<&'a str>,
}
