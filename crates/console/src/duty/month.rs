//! One month read from the store, with all that its rules need; and the list of months.

use crate::door::dto::{DoorError, RosterMonthItem, RosterMonths, RosterStage};
use crate::order::{Bound, Desk};
use crate::store::{Person, StoreError};
use jiff::civil::Date;
use std::collections::BTreeMap;
use zaigang_domain::calendar::civil_date;
use zaigang_domain::duty::month::{RosterMonth, Stage, month_days, month_entity};
use zaigang_domain::event::{EntityId, LogName, UserId};
use zaigang_domain::judge::EntityState;
use zaigang_domain::people::Role;

/// A month with its contract and team.
pub(crate) struct Roster {
    /// Contract id.
    pub(crate) contract: String,
    /// Its common log.
    pub(crate) log: LogName,
    /// `roster/<yyyy-mm>`.
    pub(crate) entity: EntityId,
    /// The month with pending events folded in.
    pub(crate) month: RosterMonth,
    /// Contract and calendar in force.
    pub(crate) bound: Bound,
    /// Everybody who may stand in it or stands in it, by division and name.
    pub(crate) team: Vec<Person>,
    /// The person's today.
    pub(crate) today: Date,
}

impl Roster {
    /// Somebody of the team.
    pub(crate) fn person(&self, id: &str) -> Option<&Person> {
        self.team.iter().find(|person| person.id == id)
    }

    /// Name of a person, or the id.
    pub(crate) fn name(&self, id: &str) -> String {
        self.person(id).map_or_else(|| id.to_owned(), |person| person.name.clone())
    }

    /// Name of a post, or the id.
    pub(crate) fn post_name(&self, id: &str) -> String {
        self.month.post(id).map_or_else(|| id.to_owned(), |post| post.name.clone())
    }

    /// Its days.
    pub(crate) fn days(&self) -> Vec<Date> {
        month_days(self.month.first).collect()
    }
}

/// Months there can be.
const FIRST: Date = Date::constant(2000, 1, 1);
const LAST: Date = Date::constant(2100, 12, 1);

/// The first day of `2025-10`.
pub(crate) fn first_day(month: &str) -> Result<Date, DoorError> {
    let date = format!("{}-01", month.trim()).parse::<Date>().ok();
    let known = date.filter(|date| (FIRST..=LAST).contains(date) && month.trim().len() == 7);
    known.ok_or_else(|| DoorError::bad_input("月份写成 2025-10。").at("month"))
}

/// A user id of a request.
pub(crate) fn user_of(text: &str, field: &str) -> Result<UserId, DoorError> {
    UserId::new(text.trim()).map_err(|_| DoorError::bad_input("没有这个人，请重新选择。").at(field))
}

impl RosterStage {
    pub(super) fn of(stage: Stage) -> Self {
        match stage {
            Stage::Draft => Self::Draft,
            Stage::Submitted => Self::Submitted,
            Stage::Approved => Self::Approved,
            Stage::Consented => Self::Consented,
            Stage::Published => Self::Published,
        }
    }
}

impl Desk<'_> {
    /// A month that was opened.
    pub(crate) fn roster(&self, month: &str) -> Result<Roster, DoorError> {
        let first = first_day(month)?;
        let (contract, log) = self.common_log(None)?;
        let entity = month_entity(first);
        let Some(EntityState::Roster(state)) = self.store.entity_in(log.as_str(), entity.as_str())? else {
            return Err(DoorError::not_found(format!(
                "{} 月的排班表还没有开，请项目经理先开这个月。",
                first.strftime("%Y 年 %-m")
            )));
        };
        let bound = self.roster_bound(&contract)?;
        let team = self.month_team(&contract, &state)?;
        Ok(Roster { contract, log, entity, month: *state, bound, team, today: civil_date(self.now) })
    }

    pub(crate) fn roster_bound(&self, contract: &str) -> Result<Bound, DoorError> {
        let in_force = self.in_force_of(contract)?;
        in_force
            .map(|in_force| in_force.bound)
            .ok_or_else(|| DoorError::not_now("本机尚无这份合同的已发布版本，同步完成后再排班。"))
    }

    /// Everybody who works under the contract, and whoever stands in the month's cells.
    fn month_team(&self, contract: &str, month: &RosterMonth) -> Result<Vec<Person>, DoorError> {
        let standing: Vec<&UserId> = month.cells.values().flat_map(|cell| &cell.people).collect();
        let mut team = self.store.people()?;
        team.retain(|person| {
            person.works_under(contract) || standing.iter().any(|id| id.as_str() == person.id)
        });
        team.sort_by(|a, b| (&a.divisions, &a.name, &a.id).cmp(&(&b.divisions, &b.name, &b.id)));
        Ok(team)
    }

    /// Months of the contract that begin from one day on up to another, by first day.
    pub(crate) fn roster_states(
        &self,
        log: &LogName,
        from: Date,
        to: Date,
    ) -> Result<BTreeMap<Date, RosterMonth>, StoreError> {
        let end = to.last_of_month().tomorrow().unwrap_or(to);
        let states = self.store.states_between(log, month_entity(from).as_str(), month_entity(end).as_str());
        let months = states?.into_iter().filter_map(|(_, state)| match state {
            EntityState::Roster(month) => Some((month.first, *month)),
            _ => None,
        });
        Ok(months.collect())
    }

    /// The months there are.
    ///
    /// # Errors
    /// Not now where the console has no common log; internal when the store fails.
    pub fn roster_months(&self) -> Result<RosterMonths, DoorError> {
        let (contract, log) = self.common_log(None)?;
        let states = self.roster_states(&log, FIRST, LAST)?;
        let bound = self.roster_bound(&contract).ok();
        let today = civil_date(self.now);
        let this = today.first_of_month();
        let next = this.last_of_month().tomorrow().unwrap_or(this);
        let may_open = self.actor.has(Role::Supervisor) && self.actor.divisions.is_empty();
        let no_posts = bound.is_none_or(|bound| bound.profile.settings.duty_post.is_empty());
        let to_open = |first: &Date| may_open && !no_posts && !states.contains_key(first);
        let openable: Vec<String> =
            [this, next].iter().filter(|first| to_open(first)).map(month_name).collect();
        let hint = match (states.is_empty(), no_posts, may_open) {
            (_, true, true) => Some("还没有约定值班岗位：请先在“合同—本项目约定—值班岗位”中写明并发布。"),
            (true, _, false) => Some("还没有排班表。项目经理开月并发布后，这里会显示。"),
            _ => None,
        };
        let months = states.values().rev().map(|month| self.roster_item(month, bound, today)).collect();
        let current =
            if states.contains_key(&this) || openable.contains(&month_name(&this)) { this } else { next };
        let known = states.contains_key(&current).then_some(current);
        let current = known.or(states.keys().next_back().copied()).unwrap_or(current);
        Ok(RosterMonths { months, current: month_name(&current), openable, hint: hint.map(str::to_owned) })
    }

    fn roster_item(&self, month: &RosterMonth, bound: Option<Bound>, today: Date) -> RosterMonthItem {
        let me = self.actor.user().map(UserId::as_str).unwrap_or_default();
        RosterMonthItem {
            month: month.name(),
            stage: RosterStage::of(month.stage),
            version: month.version(),
            changed: month.published.is_some() && !month.changes(today).is_empty(),
            gaps: bound.map_or(0, |bound| super::check::gaps(month, bound.calendar)),
            to_confirm: month.confirmations.get(me).is_some_and(|known| known.confirmed_at.is_none()),
            pending: month.pending,
        }
    }
}

pub(crate) fn month_name(first: &Date) -> String {
    first.strftime("%Y-%m").to_string()
}
