//! 加班: written down, decided, and shown beside the days of work elsewhere (公出), which are leave.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use zaigang_domain::attendance::{
    Overtime, OvertimeAct, OvertimeAsked, OvertimeWithdrawn, counting, overtime_legal, overtime_of,
};
use zaigang_domain::calendar::{civil_date, format_instant};
use zaigang_domain::duty::leave::{Decided, Stage};
use zaigang_domain::event::{EntityId, EventId, LogName, UserId};
use zaigang_domain::judge::EntityState;
use zaigang_domain::people::Role;

use super::clock_text;
use super::write::worded;
use crate::door::dto::{
    DoorError, OvertimeArgs, OvertimeAsk, OvertimeDecide, OvertimeList, OvertimeRef, OvertimeRow, TripRow,
    Written,
};
use crate::host::new_id;
use crate::order::{Desk, Pen, already, filled, key, stated_time};
use crate::staff::{Team, colleague};
use crate::store::StoreError;

/// How far ahead or back overtime is written down, in days. A guess: a month.
const DAYS_APART_MAX: i64 = 31;

impl Desk<'_> {
    /// Overtime and trips of a month, and whatever waits for a decision.
    ///
    /// # Errors
    /// Bad input for an unreadable month; not now where this console holds no common log.
    pub fn overtime_list(&self, args: &OvertimeArgs) -> Result<OvertimeList, DoorError> {
        let team = self.team(None)?;
        let first = super::month_of(args.month.as_deref(), team.today)?;
        let mut rows = Vec::new();
        for (id, overtime) in self.overtimes(&team.log)? {
            let waits = overtime.stage == Stage::Asked;
            let within = civil_date(overtime.asked.from).first_of_month() == first;
            if (waits || (within && overtime.stage != Stage::Withdrawn)) && self.sees(&team, &overtime) {
                rows.push(self.overtime_row(&team, &id, &overtime)?);
            }
        }
        rows.sort_by(|a, b| b.from.cmp(&a.from).then_with(|| a.id.cmp(&b.id)));
        let mut people: Vec<_> = team.people.iter().collect();
        people.retain(|person| self.writes_for(&team, &person.id));
        people.sort_by_key(|person| (!self.is_me(&person.id), person.name.clone()));
        Ok(OvertimeList {
            month: first.strftime("%Y-%m").to_string(),
            rows,
            trips: self.trips(&team, first)?,
            people: people.into_iter().map(colleague).collect(),
            me: self.actor.user().map(ToString::to_string).unwrap_or_default(),
        })
    }

    fn trips(&self, team: &Team, first: Date) -> Result<Vec<TripRow>, DoorError> {
        let mut found = Vec::new();
        for (id, leave) in crate::staff::leaves_beside(team) {
            let shown =
                leave.kind.is_work() && leave.is_live() && leave.overlaps(first, first.last_of_month());
            let seen =
                team.person(leave.person.as_str()).is_some_and(|one| self.may_see(one, &team.contract));
            if shown && seen {
                found.push(TripRow {
                    id: id.to_string(),
                    name: self.name(leave.person.as_str())?,
                    kind_name: leave.kind.title().to_owned(),
                    from: leave.from.to_string(),
                    to: leave.to.to_string(),
                    stage_name: leave.stage.title().to_owned(),
                });
            }
        }
        found.sort_by(|a, b| (&b.from, &a.name).cmp(&(&a.from, &b.name)));
        Ok(found)
    }

    fn overtimes(&self, log: &LogName) -> Result<Vec<(EntityId, Overtime)>, StoreError> {
        let states = self.store.states(log, "overtime")?.into_iter();
        Ok(states
            .filter_map(|(id, state)| match state {
                EntityState::Overtime(overtime) => Some((id, *overtime)),
                _ => None,
            })
            .collect())
    }

    /// Granted overtime that begins in a month, in minutes by person.
    pub(super) fn overtime_minutes(
        &self,
        log: &LogName,
        first: Date,
    ) -> Result<BTreeMap<String, u32>, StoreError> {
        let mut sums: BTreeMap<String, u32> = BTreeMap::new();
        for (_, overtime) in self.overtimes(log)? {
            let within = civil_date(overtime.asked.from).first_of_month() == first;
            if within && overtime.stage == Stage::Approved {
                *sums.entry(overtime.asked.person.to_string()).or_default() += minutes(&overtime);
            }
        }
        Ok(sums)
    }

    fn sees(&self, team: &Team, overtime: &Overtime) -> bool {
        let person = &overtime.asked.person;
        let scope = team.person(person.as_str()).is_some_and(|one| self.may_see(one, &team.contract));
        scope || self.actor.is(overtime.asked_by.as_ref()) || self.approver_for(team, person).is_some()
    }

    fn writes_for(&self, team: &Team, person: &str) -> bool {
        let desk = [Role::Supervisor, Role::Dispatcher].iter().any(|role| self.actor.has(*role));
        let covered = team.person(person).is_some_and(|one| self.reaches(one, &team.contract));
        self.is_me(person) || (desk && covered)
    }

    fn overtime_row(
        &self,
        team: &Team,
        id: &EntityId,
        overtime: &Overtime,
    ) -> Result<OvertimeRow, DoorError> {
        let Overtime { asked, .. } = overtime;
        let person = team.person(asked.person.as_str());
        let legal = |act: OvertimeAct| {
            overtime_legal(Some(overtime), &act, self.actor, &team.contract, &team.beside).is_ok()
        };
        let for_user = self.approver_for(team, &asked.person).flatten();
        let decided = Decided { approve: true, on: team.today, for_user, words: String::new() };
        let behalf = overtime.asked_by.as_ref().filter(|by| **by != asked.person);
        Ok(OvertimeRow {
            id: id.to_string(),
            person: asked.person.to_string(),
            name: self.name(asked.person.as_str())?,
            division: person.map(|person| person.divisions.join("、")).unwrap_or_default(),
            from: format_instant(asked.from),
            to: format_instant(asked.to),
            minutes: minutes(overtime),
            work: asked.work.clone(),
            by: behalf.map(|by| self.name(by.as_str())).transpose()?,
            stage: overtime.stage.code().to_owned(),
            stage_name: overtime.stage.title().to_owned(),
            decision: self.overtime_decision(overtime)?,
            punches: self.punches_in(&team.log, asked)?,
            may_decide: legal(OvertimeAct::Decided(decided)),
            may_withdraw: legal(OvertimeAct::Withdrawn),
            pending: !overtime.pending.is_empty(),
        })
    }

    fn overtime_decision(&self, overtime: &Overtime) -> Result<String, StoreError> {
        let Some(said) = &overtime.decision else { return Ok(String::new()) };
        let by = self.optional_name(said.by.as_ref())?;
        let chief = self.optional_name(said.for_user.as_ref())?;
        let chief = if chief.is_empty() { chief } else { format!("（代{chief}）") };
        let yes = if said.approve { "同意" } else { "不同意" };
        let words = if said.words.is_empty() { String::new() } else { format!("：{}", said.words) };
        Ok(format!("{by}{chief} {yes}{words}"))
    }

    /// Punches of the person within the overtime, and of half an hour before and after it.
    fn punches_in(&self, log: &LogName, asked: &OvertimeAsked) -> Result<Vec<String>, StoreError> {
        let margin = jiff::SignedDuration::from_mins(30);
        let (from, to) = (asked.from - margin, asked.to + margin);
        // A correction of the day before may set a punch after midnight aside.
        let first = super::day_before(civil_date(from));
        let months = self.store.attendance(log, &asked.person, first, civil_date(to))?;
        let mut own: Vec<Timestamp> = counting(months.iter().map(|(_, month)| month))
            .into_iter()
            .map(|(at, _)| at)
            .filter(|at| (from..=to).contains(at))
            .collect();
        own.sort_unstable();
        Ok(own.into_iter().map(clock_text).collect())
    }

    fn overtime(&self, id: &str) -> Result<(EntityId, Overtime, Team), DoorError> {
        let missing = || DoorError::not_found("本机没有这条加班记录，请同步后重试。").at("id");
        let team = self.team(None)?;
        let name = EntityId::new(id.trim()).map_err(|_| missing())?;
        match self.store.entity_in(team.log.as_str(), name.as_str())? {
            Some(EntityState::Overtime(overtime)) => Ok((name, *overtime, team)),
            _ => Err(missing()),
        }
    }
}

fn minutes(overtime: &Overtime) -> u32 {
    u32::try_from(overtime.asked.minutes()).unwrap_or_default()
}

impl Pen<'_> {
    /// Writes overtime down, for oneself or for a colleague (代记).
    ///
    /// # Errors
    /// Bad input naming the field; not allowed for somebody outside one's scope; not now where it overlaps
    /// another of the same person.
    pub fn ask_overtime(&mut self, args: &OvertimeAsk) -> Result<Written, DoorError> {
        let key = key(self, "overtime.asked", &args.idempotency_key)?;
        let asked = self.overtime_asked(args)?;
        let name = self.store.person_name(asked.person.as_str())?;
        let span = format!("{} {}—{}", civil_date(asked.from), clock_text(asked.from), clock_text(asked.to));
        let message = if self.actor.is(Some(&asked.person)) {
            format!("已登记加班 {span}，待审批")
        } else {
            format!("已代{name}登记加班 {span}，待审批")
        };
        if let Some(id) = self.registered_under(&key)? {
            return Ok(already(&id, message));
        }
        let team = self.desk().team(None)?;
        let act = OvertimeAct::Asked(asked.clone());
        overtime_legal(None, &act, self.actor, &team.contract, &team.beside)?;
        let known = self.desk().overtimes(&team.log)?;
        let twice = known.iter().find(|(_, one)| {
            one.is_live() && one.asked.person == asked.person && one.overlaps(asked.from, asked.to)
        });
        if let Some((_, one)) = twice {
            let (from, to) = (clock_text(one.asked.from), clock_text(one.asked.to));
            let message = format!(
                "与已登记的加班 {} {from}—{to} 重叠，请改时间或先撤回那一条。",
                civil_date(one.asked.from)
            );
            return Err(DoorError::not_now(message).at("from"));
        }
        let draft = self.fact("overtime.asked", &asked)?;
        let id = overtime_of(EventId(new_id(self.host)));
        self.put(&team.log, &id, draft, &key, message)
    }

    fn overtime_asked(&self, args: &OvertimeAsk) -> Result<OvertimeAsked, DoorError> {
        let own = self.actor.user().map(ToString::to_string).unwrap_or_default();
        let person = UserId::new(filled(args.person.as_ref()).unwrap_or(own))
            .map_err(|_| DoorError::bad_input("人员编号不对，请重新选择。").at("person"))?;
        let time = |text: &str, field: &'static str, missing: &str| {
            stated_time(Some(text), field)?.ok_or_else(|| DoorError::bad_input(missing).at(field))
        };
        let from = time(&args.from, "from", "请填写开始时间。")?;
        let to = time(&args.to, "to", "请填写结束时间。")?;
        let work = worded(&args.work, "work", "工作内容")?;
        if work.is_empty() {
            return Err(DoorError::bad_input("请写明加班做什么，如“夜间割接”。").at("work"));
        }
        let asked = OvertimeAsked { person, from, to, work, order: None };
        if !asked.is_sound() {
            return Err(DoorError::bad_input("结束须晚于开始，一条最长 24 小时；更长的请分条登记。").at("to"));
        }
        let apart = (from.as_second() - self.host.now().as_second()).abs() / 86_400;
        if apart > DAYS_APART_MAX {
            return Err(DoorError::bad_input("加班须在一个月内登记，请核对日期。").at("from"));
        }
        Ok(asked)
    }

    /// Takes overtime back before it is decided.
    ///
    /// # Errors
    /// Not allowed for another's; not now once it is decided.
    pub fn withdraw_overtime(&mut self, args: &OvertimeRef) -> Result<Written, DoorError> {
        let key = key(self, "overtime.withdrawn", &args.idempotency_key)?;
        let (id, overtime, team) = self.desk().overtime(&args.id)?;
        let message = "已撤回加班登记".to_owned();
        if self.is_repeated(&key)? {
            return Ok(already(&id, message));
        }
        overtime_legal(Some(&overtime), &OvertimeAct::Withdrawn, self.actor, &team.contract, &team.beside)?;
        let mut draft = self.fact("overtime.withdrawn", &OvertimeWithdrawn {})?;
        draft.expect.extend(overtime.field("stage").map(|seen| ("stage".to_owned(), seen)));
        draft.deps = overtime.stands_on();
        self.put(&team.log, &id, draft, &key, message)
    }

    /// Grants overtime or refuses it, as approver or as his deputy; signed by the own key.
    ///
    /// # Errors
    /// Bad input for a refusal without words; not allowed about oneself or outside one's scope and dates; not
    /// now once it is decided.
    pub fn decide_overtime(&mut self, args: &OvertimeDecide) -> Result<Written, DoorError> {
        let key = key(self, "overtime.decided", &args.idempotency_key)?;
        let (id, overtime, team) = self.desk().overtime(&args.id)?;
        let name = self.store.person_name(overtime.asked.person.as_str())?;
        let message = format!("已{}{name}的加班", if args.approve { "同意" } else { "退回" });
        if self.is_repeated(&key)? {
            return Ok(already(&id, message));
        }
        let words = worded(&args.words, "words", "意见")?;
        if words.is_empty() && !args.approve {
            return Err(DoorError::bad_input("不同意须写明理由。").at("words"));
        }
        let for_user = self.desk().approver_for(&team, &overtime.asked.person).flatten();
        let decided = Decided { approve: args.approve, on: team.today, for_user, words };
        let act = OvertimeAct::Decided(decided.clone());
        overtime_legal(Some(&overtime), &act, self.actor, &team.contract, &team.beside)?;
        let mut draft = self.fact("overtime.decided", &decided)?;
        draft.expect.extend(overtime.field("stage").map(|seen| ("stage".to_owned(), seen)));
        draft.deps = overtime.stands_on();
        self.put(&team.log, &id, draft, &key, message)
    }
}
