//! 去向: the board of where colleagues are, and the one key that says so.
//!
//! Promises: what was said on an earlier day is told as old, never as if it held now. Left out: whether
//! anybody is on duty or present (the roster and attendance say that).

use crate::door::dto::{DoorError, WhereaboutsBoard, WhereaboutsItem, WhereaboutsTell, Written};
use crate::order::{Desk, Pen, instant_text, key, stated_time};
use crate::store::{Draft, Person};
use zaigang_domain::calendar::{civil_date, format_instant};
use zaigang_domain::event::{LogKind, LogName, UserId};
use zaigang_domain::people::{PLACE_CHARS_MAX, Role, Told, Where, Whereabouts, may_tell, whereabouts_of};

/// Roles whose people stand on the board.
const BOARD: [Role; 4] = [Role::Engineer, Role::Dispatcher, Role::Supervisor, Role::StoreKeeper];

impl Desk<'_> {
    /// Everybody who works here, oneself first, then by division and name.
    ///
    /// # Errors
    /// Internal when the store fails.
    pub fn whereabouts(&self) -> Result<WhereaboutsBoard, DoorError> {
        let told = self.store.whereabouts()?;
        let people = self.store.people()?;
        let me = self.actor.user().map(UserId::as_str);
        let on_board = |person: &&Person| {
            let works = BOARD.iter().any(|role| person.roles.iter().any(|code| code == role.code()));
            !person.disabled && works && (person.onsite || told.contains_key(&person.id))
        };
        let mut items = Vec::new();
        for person in people.iter().filter(on_board) {
            items.push(self.whereabouts_item(
                person,
                told.get(&person.id),
                me == Some(person.id.as_str()),
            )?);
        }
        items.sort_by_key(|item| (!item.mine, item.division.clone(), item.name.clone()));
        let choices = Where::ALL.map(|place| (place.code().to_owned(), place.title().to_owned())).to_vec();
        Ok(WhereaboutsBoard { items, choices, may_tell_others: self.may_tell_others() })
    }

    fn may_tell_others(&self) -> bool {
        self.actor.has(Role::Dispatcher) || self.actor.has(Role::Supervisor)
    }

    fn whereabouts_item(
        &self,
        person: &Person,
        said: Option<&Whereabouts>,
        mine: bool,
    ) -> Result<WhereaboutsItem, DoorError> {
        let by = said.and_then(|said| said.by.as_ref()).filter(|by| by.as_str() != person.id);
        Ok(WhereaboutsItem {
            id: person.id.clone(),
            name: person.name.clone(),
            initials: person.initials.clone(),
            division: person.divisions.join("、"),
            at: said.map(|said| said.told.at.code().to_owned()),
            text: said.map_or("未说明", |said| said.told.at.title()).to_owned(),
            place: said.map(|said| said.told.place.clone()).unwrap_or_default(),
            since: said.map(|said| format_instant(said.since)),
            back_at: said.and_then(|said| said.told.back_at).map(format_instant),
            late: said.and_then(|said| said.told.back_at).is_some_and(|back| back < self.now),
            old: said.is_some_and(|said| civil_date(said.since) != civil_date(self.now)),
            by: by.map(|by| self.store.person_name(by.as_str())).transpose()?,
            pending: said.is_some_and(|said| said.pending),
            mine,
        })
    }

    /// The log of what all divisions share: the common one of the first contract that reaches so far.
    pub(crate) fn common_log(&self) -> Result<LogName, DoorError> {
        let names = self.store.logs()?.into_iter().filter_map(|log| LogName::new(log.name).ok());
        let mut reached = names
            .filter(|log| matches!(log.kind(), LogKind::Common { contract } if self.actor.reaches(contract)));
        reached.next().ok_or_else(|| DoorError::not_now("本机没有登记到您所在合同的公共数据，请联系管理员。"))
    }
}

impl Pen<'_> {
    /// Says where somebody is: oneself, or whoever called the desk.
    ///
    /// # Errors
    /// Bad input for an unknown person, place or time; not allowed to speak for another.
    pub fn tell_whereabouts(&mut self, args: &WhereaboutsTell) -> Result<Written, DoorError> {
        let person = self.told_person(args.person.as_deref())?;
        let key = key(self, &format!("whereabouts/{person}"), &args.idempotency_key)?;
        let told = told(args, self.host.now())?;
        let (name, text) = (self.store.person_name(person.as_str())?, told.at.title());
        let message = if self.actor.is(Some(&person)) {
            format!("去向已改为“{text}”")
        } else {
            format!("已登记{name}去向“{text}”")
        };
        let entity = whereabouts_of(&person);
        if self.is_repeated(&key)? {
            return Ok(Written { id: entity.to_string(), message, changed: Vec::new() });
        }
        let log = self.desk().common_log()?;
        let payload = serde_json::to_string(&told).map_err(DoorError::broken)?;
        let draft = Draft::fact("whereabouts.told", payload, self.host.now().as_millisecond());
        let written = self.append(&log, &entity, vec![draft], &key)?;
        Ok(Written { id: entity.to_string(), message, changed: written.changed.into_iter().collect() })
    }

    fn told_person(&self, person: Option<&str>) -> Result<UserId, DoorError> {
        let own = self.actor.user().map(UserId::as_str).unwrap_or_default();
        let person = person.map(str::trim).filter(|person| !person.is_empty()).unwrap_or(own);
        let unknown = || DoorError::bad_input("没有这个人，或已停用，请重新选择。").at("person");
        let id = UserId::new(person).map_err(|_| unknown())?;
        if self.store.user(&id)?.is_none_or(|user| user.disabled) {
            return Err(unknown());
        }
        if !may_tell(self.actor, person) {
            return Err(DoorError::not_allowed("只能登记自己的去向；他人的去向由服务台或项目经理代为登记。"));
        }
        Ok(id)
    }
}

fn told(args: &WhereaboutsTell, now: jiff::Timestamp) -> Result<Told, DoorError> {
    let at = Where::from_code(&args.at)
        .ok_or_else(|| DoorError::bad_input("没有这种去向，请重新选择。").at("at"))?;
    let place = args.place.trim();
    if place.chars().count() > PLACE_CHARS_MAX {
        return Err(DoorError::bad_input(format!("地点太长，最多 {PLACE_CHARS_MAX} 字。")).at("place"));
    }
    let back_at = stated_time(args.back_at.as_deref(), "back_at")?;
    if let Some(back) = back_at.filter(|back| *back <= now) {
        let message =
            format!("预计返回 {} 已经过去，请改为之后的时间。", instant_text(back.as_millisecond()));
        return Err(DoorError::bad_input(message).at("back_at"));
    }
    Ok(Told { at, place: place.to_owned(), back_at })
}
