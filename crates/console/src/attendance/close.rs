//! Closing days, and opening them again.
//!
//! A day is closed once it is over, every result is certain, and no correction of it waits.

use jiff::ToSpan as _;
use jiff::civil::Date;
use std::collections::BTreeMap;
use zaigang_domain::attendance::{
    ClosedDays, Closing, Day, DayClosed, DayReopened, DayResult, DeputyOf, Reopening, closing_of, may_close,
};
use zaigang_domain::calendar::{ZONE, civil_date};
use zaigang_domain::event::LogName;
use zaigang_domain::judge::{Beside, EntityState};

use super::Derived;
use super::write::worded;
use crate::door::dto::{AttendanceClose, AttendanceReopen, DoorError, Written};
use crate::order::{Desk, Pen, already, date_of, key};
use crate::store::StoreError;

/// Most days closed at once.
const DAYS_MAX: i32 = 31;
/// Names told of in one message.
const NAMES_MAX: usize = 5;

impl Desk<'_> {
    /// The closed days of the month of a date.
    pub(super) fn closed_days(&self, date: Date) -> Result<ClosedDays, DoorError> {
        let (_, log) = self.common_log(None)?;
        let state = self.store.entity_in(log.as_str(), closing_of(date).as_str())?;
        Ok(match state {
            Some(EntityState::AttendanceMonth(days)) => *days,
            _ => ClosedDays::default(),
        })
    }

    /// As whom the person closes days: himself, or whose deputy; `None` where he may not.
    pub(super) fn closes_as(&self, contract: &str) -> Result<Option<Option<DeputyOf>>, DoorError> {
        if may_close(self.actor, contract, None, &Beside::default()) {
            return Ok(Some(None));
        }
        let team = self.team(Some(contract))?;
        let chiefs = team.chiefs(self.actor).into_iter();
        let deputies = chiefs.map(|for_user| DeputyOf { for_user, on: team.today });
        let may = |deputy: &DeputyOf| may_close(self.actor, contract, Some(deputy), &team.beside);
        Ok(deputies.into_iter().find(may).map(Some))
    }

    pub(super) fn closing_text(&self, closing: &Closing) -> Result<String, StoreError> {
        let by = self.optional_name(closing.by.as_ref())?;
        let stead = match &closing.for_user {
            Some(chief) => format!("（代{}）", self.name(chief.as_str())?),
            None => String::new(),
        };
        Ok(format!("{by}{stead} {} 关账", moment(closing.at)))
    }

    pub(super) fn reopening_text(&self, one: &Reopening) -> Result<String, StoreError> {
        let by = self.optional_name(one.by.as_ref())?;
        Ok(format!("{by} {} 重开：{}", moment(one.at), one.reason))
    }
}

fn moment(at: jiff::Timestamp) -> String {
    ZONE.to_datetime(at).strftime("%m-%d %H:%M").to_string()
}

impl Pen<'_> {
    /// Closes days; signed by the own key.
    ///
    /// # Errors
    /// Not allowed but for a project manager of the whole contract; bad input for a day to come; not now while
    /// a result is not certain or a correction waits, naming whose.
    pub fn close_days(&mut self, args: &AttendanceClose) -> Result<Written, DoorError> {
        let (from, to) = (date_of(&args.from, "from")?, date_of(&args.to, "to")?);
        let key = key(self, "attendance_month.closed", &args.idempotency_key)?;
        let entity = closing_of(from);
        let (contract, log, deputy) = self.closer()?;
        let message = if from == to {
            format!("{from} 的考勤已关账")
        } else {
            format!("{from} 至 {to} 的考勤已关账")
        };
        if self.is_repeated(&key)? {
            return Ok(already(&entity, message));
        }
        let days = from.until(to).map_or(0, |span| span.get_days());
        if to < from || days >= DAYS_MAX || from.first_of_month() != to.first_of_month() {
            return Err(DoorError::bad_input("请选同一个月内的起止日期，止日不早于起日。").at("to"));
        }
        let today = civil_date(self.host.now());
        if to >= today {
            return Err(DoorError::bad_input("当天和以后的日期还不能关账，请选到昨天为止。").at("to"));
        }
        let desk = self.desk();
        let derived = desk.derive(from, to, |person| person.reaches(&contract))?;
        let known = desk.closed_days(from)?;
        let dates: Vec<Date> = from.series(1.day()).take_while(|date| *date <= to).collect();
        let open = dates.into_iter().filter(|date| !known.days.contains_key(date));
        let mut drafts = Vec::new();
        for date in open {
            ready(&derived, date)?;
            let closed = DayClosed { date, results: results(&derived, date), deputy: deputy.clone() };
            let mut draft = self.fact("attendance_month.closed", &closed)?;
            draft.expect.insert(date.to_string(), "open".to_owned());
            drafts.push(draft);
        }
        if drafts.is_empty() {
            return Err(DoorError::not_now("这些日期都已经关账。"));
        }
        let changed = self.append(&log, &entity, drafts, &key)?.changed;
        Ok(Written { id: entity.to_string(), message, changed: changed.into_iter().collect() })
    }

    /// Opens a closed day again; signed by the own key.
    ///
    /// # Errors
    /// As [`Self::close_days`]; bad input without a reason; not now for a day that is open.
    pub fn reopen_day(&mut self, args: &AttendanceReopen) -> Result<Written, DoorError> {
        let date = date_of(&args.date, "date")?;
        let key = key(self, "attendance_month.reopened", &args.idempotency_key)?;
        let entity = closing_of(date);
        let (_, log, deputy) = self.closer()?;
        let message = format!("{date} 的考勤已重开，更正后请重新关账");
        if self.is_repeated(&key)? {
            return Ok(already(&entity, message));
        }
        let reason = worded(&args.reason, "reason", "理由")?;
        if reason.is_empty() {
            return Err(DoorError::bad_input("请写明重开的理由。").at("reason"));
        }
        if !self.desk().closed_days(date)?.days.contains_key(&date) {
            return Err(DoorError::not_now("这一天没有关账，不需要重开。"));
        }
        let mut draft = self.fact("attendance_month.reopened", &DayReopened { date, reason, deputy })?;
        draft.expect.insert(date.to_string(), "closed".to_owned());
        self.put(&log, &entity, draft, &key, message)
    }

    fn closer(&self) -> Result<(String, LogName, Option<DeputyOf>), DoorError> {
        let (contract, log) = self.desk().common_log(None)?;
        let standing = self.desk().closes_as(&contract)?;
        let refused = || {
            DoorError::not_allowed("关账和重开由负责整份合同的项目经理办理，他不在时由其指定的代理人办理。")
        };
        standing.map(|deputy| (contract, log, deputy)).ok_or_else(refused)
    }
}

/// What each person's day came to.
fn results(derived: &Derived, date: Date) -> BTreeMap<String, String> {
    let days = derived.days.iter().filter(|day| day.date == date && day.result != DayResult::Rest);
    days.map(|day| (day.person.clone(), day.result.code().to_owned())).collect()
}

/// Whether a day can be closed.
fn ready(derived: &Derived, date: Date) -> Result<(), DoorError> {
    let name = |id: &str| derived.people.iter().find(|one| one.id == id).map_or("", |one| one.name.as_str());
    let of_day = derived.days.iter().filter(|day| day.date == date);
    let unknown = |day: &&Day| day.result == DayResult::Unknown;
    let unknown: Vec<&str> = of_day.filter(unknown).map(|day| name(&day.person)).collect();
    if !unknown.is_empty() {
        let message = format!("{date} 还不能关账：{}待定，请等数据到齐或先更正。", listed(&unknown));
        return Err(DoorError::not_now(message));
    }
    let asked = |(person, months): (&String, &Vec<(_, zaigang_domain::attendance::MonthKept)>)| {
        let mut waiting = months.iter().flat_map(|(_, month)| &month.corrections);
        let waits = waiting.any(|one| one.asked.date == date && one.decision.is_none());
        waits.then(|| name(person).to_owned())
    };
    let waiting: Vec<String> = derived.kept.iter().filter_map(asked).collect();
    if waiting.is_empty() {
        return Ok(());
    }
    let waiting: Vec<&str> = waiting.iter().map(String::as_str).collect();
    Err(DoorError::not_now(format!("{date} 还不能关账：{}的更正待审批。", listed(&waiting))))
}

fn listed(names: &[&str]) -> String {
    let shown: Vec<&str> = names.iter().copied().take(NAMES_MAX).collect();
    match names.len() - shown.len() {
        0 => format!("{} ", shown.join("、")),
        _ => format!("{} 等 {} 人", shown.join("、"), names.len()),
    }
}
