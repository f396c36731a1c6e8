//! Writing attendance: a punch, a correction asked for, a correction decided.

use jiff::Timestamp;
use zaigang_domain::attendance::{
    CorrectionAsked, CorrectionDecided, MonthKept, PersonMonth, Punched, WORDS_CHARS_MAX, may_decide,
};
use zaigang_domain::calendar::civil_date;
use zaigang_domain::event::{EntityId, EventId, LogName, UserId};
use zaigang_domain::judge::EntityState;
use zaigang_domain::people::Role;

use super::{clock_text, day_after, day_before, division_of};
use crate::door::dto::{CorrectionAsk, CorrectionDecide, DoorError, Written};
use crate::order::{Pen, already, date_of, key, stated_time};
use crate::store::Person;

impl Pen<'_> {
    /// Punches for whoever holds the pen, now.
    ///
    /// # Errors
    /// Not allowed for somebody who is not on site; not now without a common log.
    pub fn punch(&mut self, idempotency_key: &str) -> Result<Written, DoorError> {
        let (user, person, log) = self.punching()?;
        let key = key(self, "punch", idempotency_key)?;
        let now = self.host.now();
        let entity = PersonMonth::at(&user, now).entity().map_err(DoorError::broken)?;
        let message = format!("{} 已打卡 {}", person.name, clock_text(now));
        if self.is_repeated(&key)? {
            return Ok(already(&entity, message));
        }
        let place = self.store.identity().map(|identity| identity.device_name.clone()).unwrap_or_default();
        let draft = self.fact("attendance.punched", &Punched { place })?;
        self.put(&log, &entity, draft, &key, message)
    }

    fn punching(&self) -> Result<(UserId, Person, LogName), DoorError> {
        let (contract, log) = self.desk().common_log(None)?;
        let user = self.actor.user().cloned();
        let mut people = self.desk().workers_under(&contract)?.into_iter();
        let mine = people.find(|one| user.as_ref().is_some_and(|user| user.as_str() == one.id));
        match (user.clone(), mine.filter(|person| person.onsite)) {
            (Some(user), Some(person)) => Ok((user, person, log)),
            _ => Err(DoorError::not_allowed("考勤只记驻场人员。您的账号不是驻场人员，如有误请联系管理员。")),
        }
    }

    /// Asks for a correction of one's own attendance.
    ///
    /// # Errors
    /// Bad input naming the field: nothing to correct, a time outside the day, no reason, words too long.
    pub fn ask_correction(&mut self, args: &CorrectionAsk) -> Result<Written, DoorError> {
        let (user, person, log) = self.punching()?;
        let key = key(self, "attendance.correction_asked", &args.idempotency_key)?;
        let asked = self.asked(args, &person)?;
        let of = PersonMonth { user, first: asked.date.first_of_month() };
        let entity = of.entity().map_err(DoorError::broken)?;
        let message = format!("已申请更正 {} 的考勤，待项目经理审批", asked.date);
        if self.is_repeated(&key)? {
            return Ok(already(&entity, message));
        }
        let draft = self.fact("attendance.correction_asked", &asked)?;
        self.put(&log, &entity, draft, &key, message)
    }

    fn asked(&self, args: &CorrectionAsk, person: &Person) -> Result<CorrectionAsked, DoorError> {
        let date = date_of(&args.date, "date")?;
        let set_aside = args.set_aside.iter().map(|id| id.parse::<EventId>()).collect::<Result<Vec<_>, _>>();
        let set_aside = set_aside
            .map_err(|_| DoorError::bad_input("没有这次打卡，请刷新后重新选择。").at("set_aside"))?;
        let asked = CorrectionAsked {
            date,
            division: division_of(person).to_owned(),
            came_at: stated_time(args.came_at.as_deref(), "came_at")?,
            left_at: stated_time(args.left_at.as_deref(), "left_at")?,
            set_aside,
            reason: worded(&args.reason, "reason", "原因")?,
            evidence: worded(&args.evidence, "evidence", "依据")?,
        };
        if asked.reason.is_empty() {
            return Err(DoorError::bad_input("请写明原因。").at("reason"));
        }
        if asked.came_at.is_none() && asked.left_at.is_none() && asked.set_aside.is_empty() {
            let message = "请填写要补的上班或下班时间，或选择不计的打卡。";
            return Err(DoorError::bad_input(message).at("came_at"));
        }
        self.open_day(date)?;
        for (at, field) in [(asked.came_at, "came_at"), (asked.left_at, "left_at")] {
            near(at, date, self.host.now(), field)?;
        }
        match (asked.came_at, asked.left_at) {
            (Some(came), Some(left)) if left <= came => {
                Err(DoorError::bad_input("下班时间须晚于上班时间。").at("left_at"))
            }
            _ => Ok(asked),
        }
    }

    /// Decides about a colleague's correction; signed by the own key.
    ///
    /// # Errors
    /// Not found, not allowed about oneself or outside one's scope, not now once decided, bad input for a
    /// refusal without words.
    pub fn decide_correction(&mut self, args: &CorrectionDecide) -> Result<Written, DoorError> {
        let gone = || DoorError::not_found("没有这条更正申请，请刷新后重试。").at("id");
        let entity = EntityId::new(args.entity.trim()).map_err(|_| gone())?;
        let id: EventId = args.id.trim().parse().map_err(|_| gone())?;
        let of = PersonMonth::parse(entity.local()).ok_or_else(gone)?;
        let key = key(self, "attendance.correction_decided", &args.idempotency_key)?;
        let name = self.store.person_name(of.user.as_str())?;
        let message = format!("已{}{name}的更正申请", if args.approved { "同意" } else { "退回" });
        if self.is_repeated(&key)? {
            return Ok(already(&entity, message));
        }
        let (contract, log) = self.desk().common_log(None)?;
        let Some(EntityState::Attendance(month)) = self.store.entity(entity.as_str())? else {
            return Err(gone());
        };
        self.decidable(&month, &of, id, &contract)?;
        let words = worded(&args.words, "words", "意见")?;
        if !args.approved && words.is_empty() {
            return Err(DoorError::bad_input("不同意时请写明理由。").at("words"));
        }
        let decided = CorrectionDecided { asked: id, approved: args.approved, words };
        let draft = self.fact("attendance.correction_decided", &decided)?;
        self.put(&log, &entity, draft, &key, message)
    }

    /// Corrections are of open days.
    fn open_day(&self, date: jiff::civil::Date) -> Result<(), DoorError> {
        if self.desk().closed_days(date)?.days.contains_key(&date) {
            let message =
                format!("{date} 的考勤已经关账，不能更正。确需更正时，请项目经理写明理由重开这一天。");
            return Err(DoorError::not_now(message).at("date"));
        }
        Ok(())
    }

    fn decidable(
        &self,
        month: &MonthKept,
        of: &PersonMonth,
        id: EventId,
        contract: &str,
    ) -> Result<(), DoorError> {
        let correction = month.corrections.iter().find(|one| one.id == id);
        let correction =
            correction.ok_or_else(|| DoorError::not_found("没有这条更正申请，请刷新后重试。").at("id"))?;
        let supervisor = self.actor.has(Role::Supervisor);
        if !supervisor || !may_decide(self.actor, &of.user, contract, &correction.asked.division) {
            return Err(DoorError::not_allowed("更正由负责该总队的项目经理审批，不能审批自己的申请。"));
        }
        self.open_day(correction.asked.date)?;
        match &correction.decision {
            None => Ok(()),
            Some(_) => Err(DoorError::not_now("这条申请已经审批，请刷新后查看。")),
        }
    }
}

pub(super) fn worded(text: &str, field: &'static str, label: &str) -> Result<String, DoorError> {
    let text = text.trim();
    if text.chars().count() > WORDS_CHARS_MAX {
        let message = format!("{label}太长，最多 {WORDS_CHARS_MAX} 字。");
        return Err(DoorError::bad_input(message).at(field));
    }
    Ok(text.to_owned())
}

/// A stated time must lie on the shift's day or the one next to it, and not ahead.
fn near(
    at: Option<Timestamp>,
    date: jiff::civil::Date,
    now: Timestamp,
    field: &'static str,
) -> Result<(), DoorError> {
    let Some(at) = at else { return Ok(()) };
    if at > now {
        return Err(DoorError::bad_input("不能填写还没有到的时间。").at(field));
    }
    if (day_before(date)..=day_after(date)).contains(&civil_date(at)) {
        return Ok(());
    }
    Err(DoorError::bad_input("时间须在当天或相邻的一天。").at(field))
}
