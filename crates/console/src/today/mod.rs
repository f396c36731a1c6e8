//! The page a day begins with, and the chart of met and missed clocks.

mod chart;
mod settled;

use crate::door::dto::{DoorError, OrderListArgs, OrderRow, TargetCount, TodayDto};
use crate::order::Desk;
use jiff::civil::Date;
use std::collections::BTreeMap;
use zaigang_domain::calendar::{Calendar, DayKind, civil_date, format_instant, instant, midnight};
use zaigang_domain::clock::Target;

/// Rows of each queue on the page.
const ROWS: u32 = 50;
/// Days looked ahead for holidays and make-up days.
const DAYS_AHEAD: i64 = 14;

impl Desk<'_> {
    /// The Today page.
    ///
    /// # Errors
    /// Internal when the store fails.
    pub fn today(&self) -> Result<TodayDto, DoorError> {
        let today = civil_date(self.now);
        let calendar = self.calendar()?;
        Ok(TodayDto {
            day: crate::order::day_dto(&calendar, today),
            mine: self.queue("mine")?,
            unassigned: self.queue("unassigned")?,
            waiting: self.queue("waiting")?,
            reports: self.queue("report_due")?,
            counts: self.counts()?,
            today: self.settled_today(today)?,
            conflicts: self.conflicts()?,
            upcoming: upcoming(&calendar, today),
            now: format_instant(self.now),
        })
    }

    fn queue(&self, view: &str) -> Result<Vec<OrderRow>, DoorError> {
        let args = OrderListArgs { view: view.to_owned(), limit: ROWS, ..OrderListArgs::default() };
        Ok(self.orders(&args)?.rows)
    }

    fn settled_today(&self, today: Date) -> Result<Vec<TargetCount>, DoorError> {
        let mut counts: BTreeMap<Target, (u32, u32)> = BTreeMap::new();
        for clock in self.settled_clocks(instant(midnight(today)))? {
            let (met, missed) = counts.entry(clock.target).or_default();
            *(if clock.met { met } else { missed }) += 1;
        }
        let row = |(target, (met, missed)): (Target, (u32, u32))| TargetCount {
            target: target.as_str().to_owned(),
            name: zaigang_domain::clock::target_name(target).to_owned(),
            met,
            missed,
        };
        Ok(counts.into_iter().map(row).collect())
    }
}

/// Days off that are not plain weekends, and make-up days, of the next two weeks.
pub(crate) fn upcoming(calendar: &Calendar, today: Date) -> Vec<crate::door::dto::DayDto> {
    let Ok(last) = today.checked_add(jiff::Span::new().days(DAYS_AHEAD)) else { return Vec::new() };
    let special = |date: &Date| {
        matches!(
            calendar.day(*date).kind,
            DayKind::Statutory | DayKind::Substitute | DayKind::Bridge | DayKind::Makeup
        )
    };
    let dates = today.series(jiff::Span::new().days(1)).take_while(|date| *date <= last);
    dates.filter(special).map(|date| crate::order::day_dto(calendar, date)).collect()
}
