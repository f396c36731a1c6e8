//! The wall: running clocks by next deadline, duty, the day. Readable from afar and by anybody who passes:
//! neither titles (free text of callers) nor reporters nor phones.

use crate::door::dto::{DoorError, OrderListArgs, OrderRow, WallClock, WallDto};
use crate::order::Desk;
use zaigang_domain::calendar::civil_date;

/// Clocks sent: more than the largest wall holds.
const CLOCKS_MAX: u32 = 40;

impl Desk<'_> {
    /// The wall.
    ///
    /// # Errors
    /// As [`Desk::duty_now`].
    pub fn wall(&self) -> Result<WallDto, DoorError> {
        let args = OrderListArgs { view: "open".into(), limit: CLOCKS_MAX, ..OrderListArgs::default() };
        let page = self.orders(&args)?;
        let counts = self.counts()?;
        let (today, calendar) = (civil_date(self.now), self.calendar()?);
        Ok(WallDto {
            open: page.total,
            clocks: page.rows.into_iter().filter_map(clock).collect(),
            broken: counts.broken,
            unassigned: counts.unassigned,
            duty: self.duty_now()?,
            day: crate::order::day_dto(&calendar, today),
            upcoming: crate::today::upcoming(&calendar, today),
        })
    }
}

fn clock(row: OrderRow) -> Option<WallClock> {
    let clock = row.next_clock?;
    Some(WallClock {
        number: row.number,
        object: row.object,
        division: row.division,
        level: row.level,
        assignee: row.assignee,
        target: clock.name,
        state: clock.state,
        deadline: clock.deadline,
        remaining_minutes: clock.remaining_minutes,
        warn_minutes: clock.warn_minutes,
        limit_minutes: clock.limit_minutes,
    })
}
