//! Maintenance objects: the systems and equipment under contract, and when they are in service.

use jiff::civil::Date;
use serde::Serialize;

use super::facts::{Facts, Period};
use crate::clock::SystemClass;

/// One object, whatever table the document keeps it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Object {
    /// `id` of its row, or the 需求 number as text.
    pub id: String,
    /// Its name as printed.
    pub name: String,
    /// 总队, or the unit that owns it.
    pub division: Option<String>,
    /// First and last line of its text.
    pub lines: (u32, u32),
    /// The object it is part of.
    pub parent: Option<String>,
    /// How long it is served.
    pub term: ServiceTerm,
    /// Class from the site's list.
    pub class: Option<SystemClass>,
    /// `document:line` of its row.
    pub source: String,
}

/// How long an object is served, as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceTerm {
    /// Printed dates, both included.
    Dates {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// Months from the acceptance.
    Months(u32),
    /// Days from the acceptance.
    Days(u32),
    /// Nothing printed.
    Unstated,
}

impl ServiceTerm {
    /// First and last day of service; `None` while the acceptance is not entered or nothing is printed.
    #[must_use]
    pub fn span(self, acceptance: Option<Date>) -> Option<(Date, Date)> {
        match self {
            Self::Dates { from, to } => Some((from, to)),
            Self::Months(months) => {
                let from = acceptance?;
                let end = from.checked_add(jiff::Span::new().months(months)).ok()?;
                Some((from, end.yesterday().ok()?))
            }
            Self::Days(days) => {
                let from = acceptance?;
                let end = from.checked_add(jiff::Span::new().days(days)).ok()?;
                Some((from, end.yesterday().ok()?))
            }
            Self::Unstated => None,
        }
    }
}

/// Whether the object is in service on a date; `None` where that cannot be known yet.
#[must_use]
pub fn in_service(object: &Object, acceptance: Option<Date>, date: Date) -> Option<bool> {
    object.term.span(acceptance).map(|(from, to)| (from..=to).contains(&date))
}

/// All objects of a document in its order; `document` is its number, such as `001`.
#[must_use]
pub(super) fn objects_of(facts: &Facts, document: &str) -> Vec<Object> {
    let general = facts
        .contract
        .period
        .iter()
        .find(|period| period.object_no.is_none() && facts.contract.period.len() > 1);
    let general = general.or(match facts.contract.period.as_slice() {
        [only] => Some(only),
        _ => None,
    });
    let own = |no: &str| facts.contract.period.iter().find(|period| period.object_no.as_deref() == Some(no));
    let from_table = facts.maintenance_object.iter().map(|row| {
        let printed = match (
            row.service_start,
            row.service_end,
            row.service_months,
            row.period_months,
            row.period_days,
        ) {
            (Some(from), Some(to), ..) => ServiceTerm::Dates { from, to },
            (_, _, Some(months), ..) | (_, _, _, Some(months), _) => ServiceTerm::Months(months),
            (.., Some(days)) => ServiceTerm::Days(days),
            _ => term_of(row.no.as_deref().and_then(own).or(general)),
        };
        Object {
            id: row.id.clone(),
            name: row.name.clone(),
            division: row.division.clone(),
            lines: (row.source_line, row.source_line_end.unwrap_or(row.source_line)),
            parent: row.parent.clone(),
            term: printed,
            class: None,
            source: format!("{document}:{}", row.source_line),
        }
    });
    let from_requirements = facts.requirement.iter().map(|row| Object {
        id: row.number.to_string(),
        name: row.name.clone(),
        division: row.owner_unit.clone(),
        lines: (row.source_line, row.source_line),
        parent: None,
        term: facts
            .contract
            .service_years
            .map_or(ServiceTerm::Unstated, |years| ServiceTerm::Months(years * 12)),
        class: None,
        source: format!("{document}:{}", row.source_line),
    });
    from_table.chain(from_requirements).collect()
}

fn term_of(period: Option<&Period>) -> ServiceTerm {
    let Some(period) = period else { return ServiceTerm::Unstated };
    match (period.start_date, period.end_date, period.months, period.days) {
        (Some(from), Some(to), ..) => ServiceTerm::Dates { from, to },
        (_, _, Some(months), _) => ServiceTerm::Months(months),
        (.., Some(days)) => ServiceTerm::Days(days),
        _ => ServiceTerm::Unstated,
    }
}
