//! Asking, taking back, deciding, naming a substitute and answering: one act each, checked by the domain.

use crate::door::dto::{DoorError, LeaveAnswer, LeaveAsk, LeaveDecide, LeaveRef, LeaveSubstitute, Written};
use crate::host::new_id;
use crate::order::{Desk, Pen, already, filled, key, stated_date};
use crate::staff::Team;
use crate::store::SealedDraft;
use jiff::civil::Date;
use serde::Serialize;
use zaigang_domain::duty::leave::{
    Act, Answered, Asked, Consent, Decided, Leave, LeaveKind, REASON, Step, Substituted, Why, Withdrawn,
    leave_of, legal,
};
use zaigang_domain::event::{EntityId, EventId, LogKind, LogName, UserId};

/// Longest reason and longest words, in characters.
const TEXT_CHARS_MAX: usize = 200;

impl Desk<'_> {
    /// The request that a form makes.
    ///
    /// # Errors
    /// Bad input naming the field.
    pub(super) fn asked(&self, args: &LeaveAsk) -> Result<Asked, DoorError> {
        let own = self.actor.user().map(ToString::to_string).unwrap_or_default();
        let user = |id: String, field: &str| {
            UserId::new(id).map_err(|_| DoorError::bad_input("人员编号不对，请重新选择。").at(field))
        };
        let kind = LeaveKind::from_code(&args.kind);
        let substitute = filled(args.substitute.as_ref());
        Ok(Asked {
            person: user(filled(args.person.as_ref()).unwrap_or(own), "person")?,
            kind: kind.ok_or_else(|| DoorError::bad_input("请选择请假类别。").at("kind"))?,
            from: owed(&args.from, "from", "请填写起日。")?,
            to: owed(&args.to, "to", "请填写止日。")?,
            emergency: args.emergency,
            substitute: substitute.map(|id| user(id, "substitute")).transpose()?,
        })
    }

    /// A leave with the people of its contract.
    fn leave(&self, id: &str) -> Result<(EntityId, Leave, Team), DoorError> {
        let missing = || DoorError::not_found("本机没有这份请假，请同步后重试。").at("id");
        let log = self.store.log_of(id)?.and_then(|log| LogName::new(log).ok()).ok_or_else(missing)?;
        let LogKind::Common { contract } = log.kind() else { return Err(missing()) };
        let team = self.team(Some(contract))?;
        let name = EntityId::new(id).map_err(|_| missing())?;
        let leave = team.beside.entities.get(&name).and_then(|state| state.leave()).cloned();
        Ok((name, leave.ok_or_else(missing)?, team))
    }
}

fn owed(text: &str, field: &str, missing: &str) -> Result<Date, DoorError> {
    stated_date(Some(text), field)?.ok_or_else(|| DoorError::bad_input(missing).at(field))
}

fn words(text: &str, field: &str) -> Result<String, DoorError> {
    let text = text.trim();
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(DoorError::bad_input(format!("太长，最多 {TEXT_CHARS_MAX} 字。")).at(field));
    }
    Ok(text.to_owned())
}

impl Pen<'_> {
    /// Asks for leave, for oneself or written down for a colleague (代记).
    ///
    /// # Errors
    /// Bad input naming the field; not now for a leave that overlaps another.
    pub fn ask_leave(&mut self, args: &LeaveAsk) -> Result<Written, DoorError> {
        let key = key(self, "leave/ask", &args.idempotency_key)?;
        let asked = self.desk().asked(args)?;
        let (name, kind) = (self.store.person_name(asked.person.as_str())?, asked.kind.title());
        let span = span_text(asked.from, asked.to);
        let next = if asked.emergency {
            "，即时生效，请在一个工作日内补办同意"
        } else {
            "，待审批"
        };
        let message = if self.actor.is(Some(&asked.person)) {
            format!("已申请{kind} {span}{next}")
        } else {
            format!("已代{name}登记{kind} {span}{next}")
        };
        if let Some(id) = self.registered_under(&key)? {
            return Ok(already(&id, message));
        }
        let reason = words(&args.reason, "reason")?;
        if reason.is_empty() {
            return Err(DoorError::bad_input("请填写事由；事由加密保存，只有审批人看得到。").at("reason"));
        }
        let team = self.desk().team(args.contract.as_deref())?;
        let act = Act::Asked(asked.clone());
        legal(None, &act, self.actor, &team.contract, &team.beside)?;
        let mut draft = self.fact("leave.asked", &asked)?;
        let json = serde_json::to_string(&Why { text: reason }).map_err(DoorError::broken)?;
        draft.sealed = vec![SealedDraft { name: REASON.to_owned(), class: "personal".to_owned(), json }];
        let id = leave_of(EventId(new_id(self.host)));
        self.put(&team.log, &id, draft, &key, message)
    }

    /// Takes a leave back before it begins.
    ///
    /// # Errors
    /// Not allowed for another's; not now once it has begun.
    pub fn withdraw_leave(&mut self, args: &LeaveRef) -> Result<Written, DoorError> {
        let (id, leave, team) = self.desk().leave(&args.id)?;
        let payload = Withdrawn { on: team.today };
        let act = Act::Withdrawn(payload.clone());
        let act = LeaveAct { kind: "leave.withdrawn", field: "stage", act, payload };
        self.write_leave((id, leave, team), &args.idempotency_key, act, "已撤回请假")
    }

    /// Grants a leave or refuses it, as approver or as his deputy.
    ///
    /// # Errors
    /// Bad input for a refusal without words; not allowed about oneself or outside one's scope and dates.
    pub fn decide_leave(&mut self, args: &LeaveDecide) -> Result<Written, DoorError> {
        let (id, leave, team) = self.desk().leave(&args.id)?;
        let words = words(&args.words, "words")?;
        if words.is_empty() && !args.approve {
            return Err(DoorError::bad_input("不批准须写明理由。").at("words"));
        }
        let for_user = self.desk().approver_for(&team, &leave.person).flatten();
        let payload = Decided { approve: args.approve, on: team.today, for_user, words };
        let act = Act::Decided(payload.clone());
        let act = LeaveAct { kind: "leave.decided", field: "stage", act, payload };
        let message = if args.approve { "已批准请假" } else { "已退回请假申请" };
        self.write_leave((id, leave, team), &args.idempotency_key, act, message)
    }

    /// Names who takes the place of the one away.
    ///
    /// # Errors
    /// Bad input for somebody who is away himself or not under the contract.
    pub fn name_substitute(&mut self, args: &LeaveSubstitute) -> Result<Written, DoorError> {
        let (id, leave, team) = self.desk().leave(&args.id)?;
        let person = UserId::new(args.person.trim());
        let person = person.map_err(|_| DoorError::bad_input("请选择替班人。").at("person"))?;
        let message = format!("已指定{}替班，待其同意", self.store.person_name(person.as_str())?);
        let payload = Substituted { person };
        let act = Act::Substituted(payload.clone());
        let act = LeaveAct { kind: "leave.substituted", field: "substitute", act, payload };
        self.write_leave((id, leave, team), &args.idempotency_key, act, &message)
    }

    /// The next word of the chain: the substitute's, the project manager's, or the buyer's.
    ///
    /// # Errors
    /// Bad input for a consent without unit, paper or date; not allowed; not now when it is another's turn.
    pub fn answer_substitute(&mut self, args: &LeaveAnswer) -> Result<Written, DoorError> {
        let (id, leave, team) = self.desk().leave(&args.id)?;
        let step = Step::from_code(&args.step);
        let step = step.ok_or_else(|| DoorError::bad_input("没有这一步，请刷新后重试。").at("step"))?;
        let words = words(&args.words, "words")?;
        if words.is_empty() && !args.approve {
            return Err(DoorError::bad_input("不同意须写明理由。").at("words"));
        }
        let told = [&args.unit, &args.paper, &args.date].iter().any(|text| !text.trim().is_empty());
        let consent = (step == Step::Buyer && told).then(|| consent_of(args)).transpose()?;
        let for_user = match step {
            Step::Manager => self.desk().approver_for(&team, &leave.person).flatten(),
            Step::Substitute | Step::Buyer => None,
        };
        let payload = Answered { step, approve: args.approve, on: team.today, for_user, words, consent };
        let act = Act::Answered(payload.clone());
        let act = LeaveAct { kind: "leave.substitute_decided", field: "substitute", act, payload };
        let message = match (step, args.approve) {
            (_, false) => "已记录：不同意替班",
            (Step::Substitute, true) => "已同意替班，待项目经理同意",
            (Step::Manager, true) => "已同意替班，待采购人同意",
            (Step::Buyer, true) => "采购人已同意，替班生效",
        };
        self.write_leave((id, leave, team), &args.idempotency_key, act, message)
    }

    fn write_leave<P: Serialize>(
        &mut self,
        (id, leave, team): (EntityId, Leave, Team),
        key_text: &str,
        act: LeaveAct<P>,
        message: &str,
    ) -> Result<Written, DoorError> {
        let key = key(self, &format!("{}/{}", act.kind, id.local()), key_text)?;
        let message = message.to_owned();
        if self.is_repeated(&key)? {
            return Ok(already(&id, message));
        }
        legal(Some(&leave), &act.act, self.actor, &team.contract, &team.beside)?;
        let mut draft = self.fact(act.kind, &act.payload)?;
        draft.expect.extend(leave.field(act.field).map(|seen| (act.field.to_owned(), seen)));
        draft.deps = leave.stands_on(act.field);
        self.put(&team.log, &id, draft, &key, message)
    }
}

/// An act with its payload, and the field on which it relies.
struct LeaveAct<P> {
    kind: &'static str,
    field: &'static str,
    act: Act,
    payload: P,
}

fn consent_of(args: &LeaveAnswer) -> Result<Consent, DoorError> {
    let text = |text: &str, field: &str, missing: &str| {
        let text = words(text, field)?;
        if text.is_empty() { Err(DoorError::bad_input(missing).at(field)) } else { Ok(text) }
    };
    Ok(Consent {
        unit: text(&args.unit, "unit", "请写明采购人的单位或岗位，不写姓名。")?,
        paper: text(&args.paper, "paper", "请写明凭据，如报备单名称和编号。")?,
        date: Some(owed(&args.date, "date", "请填写采购人同意的日期。")?),
    })
}

/// `10-20` or `10-20 至 10-22`.
pub(super) fn span_text(from: Date, to: Date) -> String {
    let day = |date: Date| date.strftime("%m-%d").to_string();
    if from == to { day(from) } else { format!("{} 至 {}", day(from), day(to)) }
}
