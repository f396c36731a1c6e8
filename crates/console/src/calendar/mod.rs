//! Calendar packs at the console: those in use, what another would change, and publishing it.
//!
//! Promises: nothing counts before it is published, and what it changes is shown first: days, published
//! shifts, clocks of open orders; those ticked are bound to it by a step of their own in the same
//! transaction. Left out: reading a pack (the domain).

mod preview;
mod publish;

use crate::door::dto::{CalendarList, CalendarPackDto, DoorError};
use crate::order::Desk;
use zaigang_domain::calendar::{Calendar, Pack};
use zaigang_domain::people::Role;

impl Desk<'_> {
    /// The packs in use.
    ///
    /// # Errors
    /// Internal when the store fails.
    pub fn calendar_packs(&self) -> Result<CalendarList, DoorError> {
        let (calendar, builtin) = (self.calendar()?, Calendar::builtin());
        Ok(CalendarList {
            packs: calendar.packs().map(|pack| pack_dto(pack, &builtin)).collect(),
            pending: self.calendar_is_pending()?,
            may_publish: self.actor.enabled && self.actor.has(Role::Administrator),
        })
    }
}

fn pack_dto(pack: &Pack, builtin: &Calendar) -> CalendarPackDto {
    CalendarPackDto {
        year: pack.year,
        title: pack.title.clone(),
        number: pack.number.clone(),
        issued: pack.issued.to_string(),
        source: pack.source.clone(),
        shipped: is_shipped(pack, builtin),
    }
}

fn is_shipped(pack: &Pack, builtin: &Calendar) -> bool {
    builtin.packs().any(|known| known == pack)
}

/// A pack as somebody chose it.
fn read(text: &str) -> Result<Pack, DoorError> {
    Pack::parse("日历文件", text).map_err(|mistakes| {
        let first = mistakes.0.first().map(|one| format!("{}：{}", one.key, one.reason)).unwrap_or_default();
        let more = mistakes.0.len().saturating_sub(1);
        let more = if more > 0 { format!("；另有 {more} 处") } else { String::new() };
        DoorError::bad_input(format!("这份日历文件不能用（{first}{more}）。请改正文件后重新导入。"))
            .at("text")
    })
}
