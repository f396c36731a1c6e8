//! Noting something of a person: only what changed travels, and it relies on what its author saw.

use super::unknown_person;
use crate::door::dto::{DeputyAsk, DoorError, NoticeDto, PhonesDto, StaffNote, Written};
use crate::order::{Pen, already, key, stated_date};
use crate::store::SealedDraft;
use jiff::civil::Date;
use std::collections::BTreeMap;
use zaigang_domain::duty::staff::{
    Deputy, LISTED_MAX, Noted, Notice, NoticeKind, PHONES, Paper, Phones, SKILL_CHARS_MAX, Staff, legal,
    staff_of,
};
use zaigang_domain::event::UserId;

/// Longest phone number and longest name of a paper, in characters.
const PHONE_CHARS_MAX: usize = 20;
const PAPER_CHARS_MAX: usize = 60;

impl Pen<'_> {
    /// Notes something of a person.
    ///
    /// # Errors
    /// Bad input naming the field; not allowed to note this of him; not found.
    pub fn note_staff(&mut self, args: &StaffNote) -> Result<Written, DoorError> {
        let key = key(self, &format!("staff/{}", args.user), &args.idempotency_key)?;
        let team = self.desk().team(args.contract.as_deref())?;
        let name = team.person(&args.user).ok_or_else(unknown_person)?.name.clone();
        let user = UserId::new(&args.user).map_err(|_| unknown_person())?;
        let entity = staff_of(&user);
        let message = format!("已登记{name}的资料");
        if self.is_repeated(&key)? {
            return Ok(already(&entity, message));
        }
        let absent = Staff::default();
        let staff = team.beside.staff(&user).unwrap_or(&absent);
        let noted = changed(noted(args)?, staff);
        if noted == Noted::default() {
            return Err(DoorError::bad_input("没有改动，不需要保存。"));
        }
        check_deputy(&noted, &team.people)?;
        legal(&noted, &user, self.actor, &team.contract, &team.beside)?;
        let mut draft = self.fact("staff.noted", &noted)?;
        draft.expect = expected(&noted, staff);
        draft.deps = staff.stands_on(&noted.fields());
        draft.sealed = sealed(args.phones.as_ref().filter(|_| noted.phones))?;
        self.put(&team.log, &entity, draft, &key, message)
    }
}

/// What a claim relies on: each field it changes, as its author saw it.
fn expected(noted: &Noted, staff: &Staff) -> BTreeMap<String, String> {
    noted.fields().into_iter().filter_map(|field| Some((field.clone(), staff.field(&field)?))).collect()
}

fn check_deputy(noted: &Noted, people: &[crate::store::Person]) -> Result<(), DoorError> {
    let known = |deputy: &Deputy| people.iter().any(|person| person.id == deputy.user.as_str());
    if noted.deputy.iter().flatten().all(known) {
        return Ok(());
    }
    Err(DoorError::bad_input("代理人须是本合同的在用人员，请重新选择。").at("deputy"))
}

/// Only what differs from what stands there.
fn changed(noted: Noted, staff: &Staff) -> Noted {
    let Noted { skills, joined, left, papers, deputy, notices, phones } = noted;
    let differs = |paper: &Paper, date: &Option<Date>| staff.papers.get(paper).copied() != *date;
    Noted {
        skills: skills.filter(|skills| *skills != staff.skills),
        joined: joined.filter(|joined| *joined != staff.joined),
        left: left.filter(|left| *left != staff.left),
        papers: papers.into_iter().filter(|(paper, date)| differs(paper, date)).collect(),
        deputy: deputy.filter(|deputy| *deputy != staff.deputy),
        notices: notices.filter(|notices| *notices != staff.notices),
        phones,
    }
}

fn noted(args: &StaffNote) -> Result<Noted, DoorError> {
    let mut papers = BTreeMap::new();
    for (code, date) in &args.papers {
        let paper =
            Paper::from_code(code).ok_or_else(|| DoorError::bad_input("没有这种证件材料。").at("papers"))?;
        papers.insert(paper, stated_date(Some(date), &format!("papers.{code}"))?);
    }
    let given = |text: &Option<String>, field: &str| {
        text.as_ref().map(|text| stated_date(Some(text), field)).transpose()
    };
    let (joined, left) = (given(&args.joined, "joined")?, given(&args.left, "left")?);
    if let (Some(Some(joined)), Some(Some(left))) = (joined, left)
        && left < joined
    {
        return Err(DoorError::bad_input("离场日期早于到场日期，请改正。").at("left"));
    }
    Ok(Noted {
        skills: args.skills.as_ref().map(|skills| read_skills(skills)).transpose()?,
        joined,
        left,
        papers,
        deputy: args.deputy.as_ref().map(deputy).transpose()?,
        notices: args.notices.as_ref().map(|notices| read_notices(notices)).transpose()?,
        phones: args.phones.is_some(),
    })
}

fn read_skills(skills: &[String]) -> Result<Vec<String>, DoorError> {
    let mut read: Vec<String> = Vec::new();
    for skill in skills.iter().map(|skill| skill.trim()).filter(|skill| !skill.is_empty()) {
        if skill.chars().count() > SKILL_CHARS_MAX || skill.contains('、') {
            let message = format!("技能“{skill}”太长或含顿号，每项最多 {SKILL_CHARS_MAX} 字。");
            return Err(DoorError::bad_input(message).at("skills"));
        }
        if !read.iter().any(|known| known == skill) {
            read.push(skill.to_owned());
        }
    }
    if read.len() > LISTED_MAX {
        return Err(DoorError::bad_input(format!("技能最多 {LISTED_MAX} 项。")).at("skills"));
    }
    Ok(read)
}

fn deputy(ask: &DeputyAsk) -> Result<Option<Deputy>, DoorError> {
    if ask.user.trim().is_empty() {
        return Ok(None);
    }
    let user = UserId::new(ask.user.trim());
    let user = user.map_err(|_| DoorError::bad_input("代理人编号不对，请重新选择。").at("deputy"))?;
    let owed =
        |date: Option<Date>| date.ok_or_else(|| DoorError::bad_input("请填写代理的起止日期。").at("deputy"));
    let (from, to) =
        (owed(stated_date(Some(&ask.from), "deputy")?)?, owed(stated_date(Some(&ask.to), "deputy")?)?);
    if to < from {
        return Err(DoorError::bad_input("代理的止日早于起日，请改正。").at("deputy"));
    }
    Ok(Some(Deputy { user, from, to }))
}

fn read_notices(notices: &[NoticeDto]) -> Result<Vec<Notice>, DoorError> {
    if notices.len() > LISTED_MAX {
        return Err(DoorError::bad_input(format!("更换记录最多 {LISTED_MAX} 条。")).at("notices"));
    }
    notices.iter().map(read_notice).collect()
}

fn read_notice(notice: &NoticeDto) -> Result<Notice, DoorError> {
    let field = "notices";
    let kind = NoticeKind::from_code(&notice.kind);
    let kind = kind.ok_or_else(|| DoorError::bad_input("没有这种更换记录，请重新选择。").at(field))?;
    let date = stated_date(Some(&notice.date), field)?;
    let date = date.ok_or_else(|| DoorError::bad_input("更换记录须填日期。").at(field))?;
    let applied = stated_date(notice.applied.as_deref(), field)?;
    let confirmed = stated_date(notice.confirmed.as_deref(), field)?;
    let paper = notice.paper.trim();
    if paper.chars().count() > PAPER_CHARS_MAX {
        return Err(DoorError::bad_input(format!("文件名称太长，最多 {PAPER_CHARS_MAX} 字。")).at(field));
    }
    if confirmed.is_some() && applied.is_none() {
        return Err(DoorError::bad_input("先填申请日期，再填采购人确认日期。").at(field));
    }
    Ok(Notice { kind, date, applied, confirmed, paper: paper.to_owned() })
}

fn sealed(phones: Option<&PhonesDto>) -> Result<Vec<SealedDraft>, DoorError> {
    let Some(PhonesDto { mobile, extension }) = phones else { return Ok(Vec::new()) };
    let number = |text: &str, field: &str| {
        let text = text.trim();
        let fits = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' '));
        if fits && text.len() <= PHONE_CHARS_MAX {
            return Ok(text.to_owned());
        }
        let message = format!("电话只能含数字、+、- 和空格，最多 {PHONE_CHARS_MAX} 位。");
        Err(DoorError::bad_input(message).at(field))
    };
    let phones = Phones { mobile: number(mobile, "mobile")?, extension: number(extension, "extension")? };
    let json = serde_json::to_string(&phones).map_err(DoorError::broken)?;
    Ok(vec![SealedDraft { name: PHONES.to_owned(), class: "personal".to_owned(), json }])
}
