//! 调休: days owed for duty on days off, and days taken for them.
//!
//! Proposals only: nothing is granted by it. Duty on a statutory holiday is counted apart, since a day off
//! does not make up for it (劳动法第四十四条: 法定休假日 is paid).

use super::{Leave, LeaveKind, Stage, dates};
use crate::calendar::{Calendar, DayKind};
use crate::event::UserId;
use jiff::civil::Date;

/// Duty of a person that began on a day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DutyDay {
    /// Who.
    pub person: UserId,
    /// The day on which the shift began.
    pub date: Date,
}

/// A 调休 that was granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// Workdays in it.
    pub days: u32,
}

/// What a person is owed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owed {
    /// Days off on which he had duty, ascending, without statutory holidays.
    pub earned: Vec<Date>,
    /// Statutory holidays on which he had duty, ascending: paid, not taken off.
    pub statutory: Vec<Date>,
    /// What he took.
    pub taken: Vec<Taken>,
}

impl Owed {
    /// Days left; negative when more was taken than earned.
    #[must_use]
    pub fn balance(&self) -> i64 {
        let taken: u32 = self.taken.iter().map(|taken| taken.days).sum();
        i64::try_from(self.earned.len()).unwrap_or(i64::MAX) - i64::from(taken)
    }
}

/// What a person is owed by his duty and leaves. Several shifts that begin on one day are one day; days of
/// years that are not announced count nowhere.
#[must_use]
pub fn days_owed<'l>(
    person: &UserId,
    duty: &[DutyDay],
    leaves: impl IntoIterator<Item = &'l Leave>,
    calendar: &Calendar,
) -> Owed {
    let mut days: Vec<Date> = duty.iter().filter(|day| &day.person == person).map(|day| day.date).collect();
    days.sort_unstable();
    days.dedup();
    let mut owed = Owed::default();
    for date in days {
        match calendar.day(date).kind {
            DayKind::Statutory => owed.statutory.push(date),
            DayKind::Weekend | DayKind::Substitute | DayKind::Bridge => owed.earned.push(date),
            DayKind::Workday | DayKind::Makeup | DayKind::Unannounced => {}
        }
    }
    let own = leaves.into_iter().filter(|leave| {
        &leave.person == person && leave.kind == LeaveKind::Compensatory && leave.stage == Stage::Approved
    });
    owed.taken = own
        .map(|leave| {
            let worked = |date: &Date| calendar.day(*date).kind.is_worked() == Some(true);
            let days = dates(leave.from, leave.to).filter(worked).count();
            Taken { from: leave.from, to: leave.to, days: u32::try_from(days).unwrap_or(u32::MAX) }
        })
        .collect();
    owed.taken.sort_by_key(|taken| taken.from);
    owed
}
