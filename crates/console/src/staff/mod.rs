//! 人员: what is known of the people of a contract beyond their accounts, and what is to be done about them.
//!
//! Promises: phones are read from their sealed part, for whoever may call colleagues, and stand in no list;
//! each rule names its clause or 本项目约定. Left out: leave (`leave`) and what a roster makes of papers.

mod note;
mod words;

use crate::door::dto::{
    Colleague, DeputyDto, DoorError, NoticeDto, PaperDto, PaperRule, PhonesDto, StaffArgs, StaffDetail,
    StaffList, StaffRef, StaffRow, StaffTask,
};
use crate::order::Desk;
use crate::store::{Person, StoreError};
use jiff::civil::Date;
use std::collections::BTreeSet;
use zaigang_domain::calendar::civil_date;
use zaigang_domain::duty::staff::{
    Missing, Notice, PHONES, Paper, Phones, Staff, StaffRules, Task, WARN_DAYS, days_before, legal,
    missing_papers, present, staff_of, tasks,
};
use zaigang_domain::duty::{AGREED, staff};
use zaigang_domain::event::{EntityId, LogName, UserId};
use zaigang_domain::judge::{Beside, EntityState};
use zaigang_domain::people::{Actor, Role};

/// Whether a person may see colleagues' phones: those who call them for work.
pub(crate) fn may_see_phones(actor: &Actor, contract: &str) -> bool {
    let calls = [Role::Engineer, Role::Dispatcher, Role::Supervisor];
    actor.enabled && actor.reaches(contract) && calls.iter().any(|role| actor.has(*role))
}

/// The people of one contract with what is known of them, read once.
pub(crate) struct Team {
    /// Contract id.
    pub(crate) contract: String,
    /// Its common log.
    pub(crate) log: LogName,
    /// What it asks of people.
    pub(crate) rules: StaffRules,
    /// Its name.
    pub(crate) contract_name: String,
    /// Those who work under it, by name.
    pub(crate) people: Vec<Person>,
    /// Users, staff facts and leaves, for the rules.
    pub(crate) beside: Beside,
    /// The day.
    pub(crate) today: Date,
}

impl Team {
    /// What is known of a person.
    pub(crate) fn staff(&self, user: &str) -> Option<&Staff> {
        known(&self.beside, user)
    }

    /// A worker by id.
    pub(crate) fn person(&self, user: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == user)
    }

    /// Approvers for whom `actor` decides today.
    pub(crate) fn chiefs(&self, actor: &Actor) -> Vec<UserId> {
        let named = |person: &&Person| {
            let deputy = self.staff(&person.id).and_then(|staff| staff.deputy_on(self.today));
            deputy.is_some_and(|deputy| actor.is(Some(deputy)))
        };
        self.people.iter().filter(named).filter_map(|person| UserId::new(&person.id).ok()).collect()
    }
}

impl Desk<'_> {
    /// The people of a contract, or of the first whose common log is here and which reaches so far.
    ///
    /// # Errors
    /// Not now when this console holds no such log; internal when the store fails.
    pub(crate) fn team(&self, contract: Option<&str>) -> Result<Team, DoorError> {
        let (contract, log) = self.common_log(contract).map_err(|error| error.at("contract"))?;
        let in_force = self.in_force_of(&contract)?;
        let profile = in_force.map(|in_force| in_force.bound.profile);
        Ok(Team {
            contract_name: profile
                .map_or(contract.as_str(), |profile| profile.facts.contract.name.as_str())
                .to_owned(),
            rules: profile.map(StaffRules::of).unwrap_or_default(),
            people: self.workers_under(&contract)?,
            beside: self.beside(&log)?,
            today: civil_date(self.now),
            contract,
            log,
        })
    }

    pub(crate) fn workers_under(&self, contract: &str) -> Result<Vec<Person>, StoreError> {
        Ok(self.store.people()?.into_iter().filter(|person| person.works_under(contract)).collect())
    }

    /// What the contract's log tells of its people: staff facts and leaves.
    pub(crate) fn staff_facts(&self, log: &LogName) -> Result<Beside, StoreError> {
        let (staff, leaves) = (self.store.states(log, "staff")?, self.store.states(log, "leave")?);
        Ok(Beside { entities: staff.into_iter().chain(leaves).collect() })
    }

    /// What the rules of leave and staff are shown: that, and everybody's account.
    fn beside(&self, log: &LogName) -> Result<Beside, StoreError> {
        let mut beside = self.staff_facts(log)?;
        beside.entities.extend(self.store.states(&LogName::site(), "user")?);
        Ok(beside)
    }

    /// Everybody under a contract.
    ///
    /// # Errors
    /// Not now where this console holds no common log.
    pub fn staff(&self, args: &StaffArgs) -> Result<StaffList, DoorError> {
        let team = self.team(args.contract.as_deref())?;
        let mut people =
            team.people.iter().map(|person| self.staff_row(&team, person)).collect::<Result<Vec<_>, _>>()?;
        people.sort_by_key(|row| (!row.mine, row.division.clone(), row.name.clone()));
        let mut tasks: Vec<StaffTask> =
            team.people.iter().flat_map(|person| tasks_of(&team, person)).collect();
        tasks.sort_by_key(|task| (task.due.is_none(), task.due.clone(), task.name.clone()));
        let skills: BTreeSet<String> = people.iter().flat_map(|row| row.skills.iter().cloned()).collect();
        Ok(StaffList {
            papers: Paper::ALL.map(|paper| paper_rule(&team, paper)).to_vec(),
            today: team.today.to_string(),
            contract: team.contract,
            contract_name: team.contract_name,
            people,
            tasks,
            skills: skills.into_iter().collect(),
        })
    }

    /// The whole of one person.
    ///
    /// # Errors
    /// Not now where this console holds no common log; not found for somebody else.
    pub fn staff_detail(&self, args: &StaffRef) -> Result<StaffDetail, DoorError> {
        let team = self.team(args.contract.as_deref())?;
        let person = team.person(&args.user).ok_or_else(unknown_person)?;
        let (user, log) = (UserId::new(&person.id).map_err(|_| unknown_person())?, team.log.as_str());
        let mut told = self.store.timeline(staff_of(&user).as_str())?;
        told.retain(|step| step.log == log);
        let others = team.people.iter().filter(|other| other.id != person.id);
        Ok(StaffDetail {
            row: self.staff_row(&team, person)?,
            may_see_phones: self.sees_phones(&team.contract, &person.id),
            phones: self
                .phones(&team.contract, &team.beside, &person.id)?
                .map(|Phones { mobile, extension }| PhonesDto { mobile, extension }),
            tasks: tasks_of(&team, person),
            timeline: self.entries(told)?,
            deputies: others.map(colleague).collect(),
        })
    }

    fn sees_phones(&self, contract: &str, user: &str) -> bool {
        self.is_me(user) || may_see_phones(self.actor, contract)
    }

    /// Whether that is whoever asks.
    pub(crate) fn is_me(&self, user: &str) -> bool {
        self.actor.user().is_some_and(|me| me.as_str() == user)
    }

    /// A person's phones, for whoever may see them on this device.
    pub(crate) fn phones(
        &self,
        contract: &str,
        facts: &Beside,
        user: &str,
    ) -> Result<Option<Phones>, StoreError> {
        let noted = known(facts, user).and_then(|staff| staff.phones_in);
        let Some(event) = noted.filter(|_| self.sees_phones(contract, user)) else { return Ok(None) };
        let Some(text) = self.store.sealed_part(event, PHONES)? else { return Ok(None) };
        Ok(Some(serde_json::from_str(&text)?))
    }

    fn staff_row(&self, team: &Team, person: &Person) -> Result<StaffRow, StoreError> {
        let staff = team.staff(&person.id);
        let missing = missing(team, person);
        let roles = person.roles.iter().filter_map(|code| Role::from_code(code)).map(Role::title);
        Ok(StaffRow {
            id: person.id.clone(),
            name: person.name.clone(),
            initials: person.initials.clone(),
            division: person.divisions.join("、"),
            post: person.post.clone().unwrap_or_default(),
            roles: roles.collect::<Vec<_>>().join("、"),
            onsite: person.onsite,
            skills: staff.map(|staff| staff.skills.clone()).unwrap_or_default(),
            joined: staff.and_then(|staff| staff.joined).map(|date| date.to_string()),
            left: staff.and_then(|staff| staff.left).map(|date| date.to_string()),
            present: present(staff, team.today),
            papers: Paper::ALL.map(|paper| paper_dto(team, person, &missing, paper)).to_vec(),
            missing: u32::try_from(missing.len()).unwrap_or(u32::MAX),
            has_phone: staff.is_some_and(|staff| staff.phones_in.is_some()),
            deputy: self.deputy_dto(team, staff)?,
            notices: staff
                .map(|s| s.notices.iter().map(|n| notice_dto(n, &team.rules)).collect())
                .unwrap_or_default(),
            tasks: u32::try_from(tasks_of(team, person).len()).unwrap_or(u32::MAX),
            pending: staff.is_some_and(|staff| !staff.pending.is_empty()),
            mine: self.is_me(&person.id),
            may_note: self.may_note(team, person).to_owned(),
            may_name_deputy: self.may_name_deputy(team, person),
        })
    }

    fn deputy_dto(&self, team: &Team, staff: Option<&Staff>) -> Result<Option<DeputyDto>, StoreError> {
        let Some(deputy) = staff.and_then(|staff| staff.deputy.as_ref()) else { return Ok(None) };
        Ok(Some(DeputyDto {
            user: deputy.user.to_string(),
            name: self.name(deputy.user.as_str())?,
            from: deputy.from.to_string(),
            to: deputy.to.to_string(),
            now: (deputy.from..=deputy.to).contains(&team.today),
        }))
    }

    fn may_be_noted(&self, team: &Team, person: &Person, noted: &staff::Noted) -> bool {
        let user = UserId::new(&person.id);
        user.is_ok_and(|user| legal(noted, &user, self.actor, &team.contract, &team.beside).is_ok())
    }

    fn may_note(&self, team: &Team, person: &Person) -> &'static str {
        let everything = staff::Noted { skills: Some(Vec::new()), ..staff::Noted::default() };
        let phones = staff::Noted { phones: true, ..staff::Noted::default() };
        if self.may_be_noted(team, person, &everything) {
            "all"
        } else if self.may_be_noted(team, person, &phones) {
            "phones"
        } else {
            "none"
        }
    }

    fn may_name_deputy(&self, team: &Team, person: &Person) -> bool {
        person.has(Role::Supervisor)
            && self.may_be_noted(
                team,
                person,
                &staff::Noted { deputy: Some(None), ..staff::Noted::default() },
            )
    }

    /// Staff facts of a person under the contract of an entity name, for messages.
    pub(crate) fn staff_title(&self, entity: &str) -> Result<Option<String>, StoreError> {
        let Some(user) = entity.strip_prefix("staff/") else { return Ok(None) };
        Ok(Some(format!("人员资料“{}”", self.name(user)?)))
    }
}

/// What is known of a person under the contract.
pub(crate) fn known<'a>(facts: &'a Beside, user: &str) -> Option<&'a Staff> {
    facts.staff(&UserId::new(user).ok()?)
}

/// Somebody who can be chosen.
pub(crate) fn colleague(person: &Person) -> Colleague {
    Colleague {
        id: person.id.clone(),
        name: person.name.clone(),
        initials: person.initials.clone(),
        division: person.divisions.join("、"),
        onsite: person.onsite,
    }
}

fn unknown_person() -> DoorError {
    DoorError::not_found("没有这个人，或已停用、不在本合同，请刷新后重新选择。").at("user")
}

/// Papers that keep a person from a post on site; none for whoever holds none.
fn missing(team: &Team, person: &Person) -> Vec<Missing> {
    let staff = team.staff(&person.id);
    let gone = staff.and_then(|staff| staff.left).is_some_and(|left| left < team.today);
    if person.onsite && !gone { missing_papers(staff, team.today, &team.rules) } else { Vec::new() }
}

fn tasks_of(team: &Team, person: &Person) -> Vec<StaffTask> {
    let dto = |task: Task| StaffTask {
        user: person.id.clone(),
        name: person.name.clone(),
        text: task.text,
        overdue: task.due.is_some_and(|due| due < team.today),
        due: task.due.map(|date| date.to_string()),
        source: task.clause.unwrap_or_else(|| AGREED.to_owned()),
    };
    tasks(team.staff(&person.id), person.onsite, team.today, &team.rules).into_iter().map(dto).collect()
}

fn paper_rule(team: &Team, paper: Paper) -> PaperRule {
    PaperRule {
        paper: paper.code().to_owned(),
        name: paper.title().to_owned(),
        expires: paper.expires(),
        source: team.rules.papers.get(&paper).cloned().unwrap_or_else(|| AGREED.to_owned()),
    }
}

fn paper_dto(team: &Team, person: &Person, missing: &[Missing], paper: Paper) -> PaperDto {
    let date = team.staff(&person.id).and_then(|staff| staff.papers.get(&paper)).copied();
    let soon = date.is_some_and(|date| paper.expires() && days_before(team.today, date) <= WARN_DAYS);
    let state = match missing.iter().find(|missing| missing.paper == paper) {
        Some(missing) if missing.expired => "expired",
        Some(_) => "missing",
        None if date.is_none() => "not_needed",
        None if soon && person.onsite => "soon",
        None => "ok",
    };
    PaperDto {
        paper: paper.code().to_owned(),
        date: date.map(|date| date.to_string()),
        state: state.to_owned(),
    }
}

fn notice_dto(notice: &Notice, rules: &StaffRules) -> NoticeDto {
    let date = |date: Option<Date>| date.map(|date| date.to_string());
    NoticeDto {
        kind: notice.kind.code().to_owned(),
        name: notice.kind.title().to_owned(),
        date: notice.date.to_string(),
        apply_by: rules.apply_by(notice.kind, notice.date).map(|(by, _)| by.to_string()),
        applied: date(notice.applied),
        confirmed: date(notice.confirmed),
        paper: notice.paper.clone(),
    }
}

/// The leaves that stand beside, with their names.
pub(crate) fn leaves_beside(
    team: &Team,
) -> impl Iterator<Item = (&EntityId, &zaigang_domain::duty::leave::Leave)> {
    team.beside.entities.iter().filter_map(|(name, state)| match state {
        EntityState::Leave(leave) => Some((name, &**leave)),
        _ => None,
    })
}
