//! A step on an order: decided by the domain, written once.

use super::clocks::report;
use super::desk::Desk;
use super::pen::{Pen, scoped_key};
use crate::door::dto::{DoorError, StepArgs, Written};
use crate::store::Draft;
use jiff::Timestamp;
use jiff::civil::Date;
use zaigang_domain::calendar::parse_instant;
use zaigang_domain::clock::{State, minutes_text, target_name};
use zaigang_domain::event::{EntityId, LogName};
use zaigang_domain::order::table::row;
use zaigang_domain::order::{FieldKind, Order, Status, Step, StepInput, decide};

impl Pen<'_> {
    /// Takes a step. The same idempotency key twice has one effect and one answer.
    ///
    /// # Errors
    /// What the domain refuses; bad input for an unknown step, time or field.
    pub fn step(&mut self, args: &StepArgs) -> Result<Written, DoorError> {
        let (id, order) = self.desk().order(&args.order_id)?;
        let step = step_of(&args.step)?;
        let key = key(self, &format!("step/{}", id.local()), &args.idempotency_key)?;
        if self.is_repeated(&key)? {
            return self.written(&id, step, Vec::new());
        }
        let input = self.desk().input(&order, step, args)?;
        let drafts = decide(&order, step, &input, self.actor, self.host.now())?;
        let log = LogName::division(&order.contract, &order.division).map_err(DoorError::broken)?;
        let written = self.append(&log, &id, drafts.into_iter().map(Draft::from).collect(), &key)?;
        self.written(&id, step, written.changed.into_iter().collect())
    }

    fn written(&self, id: &EntityId, step: Step, changed: Vec<String>) -> Result<Written, DoorError> {
        let name = row(step).map_or("", |row| row.name);
        let order = self.desk().order(id.as_str()).ok();
        let next = order.and_then(|(_, order)| next_text(&self.desk(), &order));
        let next = next.map(|next| format!("，{next}")).unwrap_or_default();
        Ok(Written { id: id.to_string(), message: format!("{}{next}", done(step, name)), changed })
    }
}

/// The caller's key as it is remembered.
pub(crate) fn key(pen: &Pen<'_>, kind: &str, key: &str) -> Result<String, DoorError> {
    scoped_key(pen.actor, kind, key).ok_or_else(|| {
        DoorError::bad_input("缺少本次操作的防重编号（1 至 128 个字符），请刷新界面后重试。")
            .at("idempotency_key")
    })
}

pub(crate) fn step_of(code: &str) -> Result<Step, DoorError> {
    Step::from_code(code).ok_or_else(|| {
        DoorError::bad_input(format!("没有“{code}”这一步，请从工单可做的步骤中选择。")).at("step")
    })
}

/// `已接单`, `已登记“备注”`.
fn done(step: Step, name: &str) -> String {
    match step {
        Step::Note
        | Step::Call
        | Step::Urge
        | Step::Supervise
        | Step::Reconcile
        | Step::ChooseRule
        | Step::NoteVendor
        | Step::NoteKnowledge
        | Step::ChangeLevel => {
            format!("已记录“{name}”")
        }
        _ => format!("已{name}"),
    }
}

/// `15分钟内响应`: the clock due next.
pub(crate) fn next_text(desk: &Desk<'_>, order: &Order) -> Option<String> {
    if order.status >= Status::Restored {
        return None;
    }
    if let Some(at) = order.ahead(desk.now) {
        return Some(format!("预约 {}，届时开始计时", super::words::short_instant(at)));
    }
    let report = report(desk.bound(order)?, order, desk.now)?;
    let running = report.targets.iter().filter(|clock| clock.state == State::Running);
    let next = running.filter_map(|clock| Some((clock.remaining_minutes?, clock.target))).min()?;
    Some(format!("{}内{}", minutes_text(next.0), target_name(next.1)))
}

/// An instant of a request, if one is given.
pub(crate) fn stated_time(text: Option<&str>, field: &str) -> Result<Option<Timestamp>, DoorError> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map(|text| {
        parse_instant(text).map_err(|why| DoorError::bad_input(format!("时间写法不对：{why}。")).at(field))
    })
    .transpose()
}

/// A date of a request, if one is given.
pub(crate) fn stated_date(text: Option<&str>, field: &str) -> Result<Option<Date>, DoorError> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map(|text| date_of(text, field)).transpose()
}

/// A date of a request.
pub(crate) fn date_of(text: &str, field: &str) -> Result<Date, DoorError> {
    text.trim().parse().map_err(|_| DoorError::bad_input("日期写法不对，应如 2025-10-01。").at(field))
}

impl Desk<'_> {
    /// The input of a step, with the fields checked that only contract and store can check.
    pub(crate) fn input(&self, order: &Order, step: Step, args: &StepArgs) -> Result<StepInput, DoorError> {
        let mut fields = args.fields.clone();
        if let Some(text) = &args.text {
            fields.entry("text".to_owned()).or_insert_with(|| text.clone());
        }
        for field in row(step).map_or(&[][..], |row| row.fields).iter().filter(|f| f.kind == FieldKind::Time)
        {
            if let Some(at) = stated_time(fields.get(field.key).map(String::as_str), field.key)? {
                fields.insert(field.key.to_owned(), at.to_string());
            }
        }
        for key in ["to", "on_behalf", "escort"] {
            if !matches!(step, Step::Escalate | Step::SubmitReport | Step::Call)
                && let Some(user) = fields.get(key).filter(|user| !user.trim().is_empty())
            {
                self.check_person(order, key, user)?;
            }
        }
        if let Some(typed) = fields.get("asset") {
            let found = self.asset_named(typed, "asset")?;
            fields.insert("asset".to_owned(), found.map(|id| id.to_string()).unwrap_or_default());
        }
        match step {
            Step::Call => self.check_callee(fields.get("to"))?,
            Step::ChangeLevel => self.check_level(order, fields.get("level"))?,
            Step::ChooseRule => self.check_rule(order, fields.get("rule"), fields.get("target"))?,
            Step::Rebind => {
                self.check_versions(order, fields.get("contract_hash"), fields.get("calendar_hash"))?
            }
            Step::Merge => {
                let into = fields.get("into").map(String::as_str).unwrap_or_default();
                let (into, other) = self.order(into).map_err(|error| error.at("into"))?;
                if other.number == order.number {
                    return Err(DoorError::bad_input("不能并入自己，请填写另一张工单的编号。").at("into"));
                }
                fields.insert("into".to_owned(), into.to_string());
            }
            _ => {}
        }
        Ok(StepInput { claimed_at: stated_time(args.claimed_at.as_deref(), "claimed_at")?, fields })
    }

    fn check_person(&self, order: &Order, key: &str, user: &str) -> Result<(), DoorError> {
        let people = self.store.people()?;
        if super::detail::workers(&people, order).any(|person| person.id == user.trim()) {
            return Ok(());
        }
        Err(DoorError::bad_input("所选人员不负责此部门的工单，或已停用，请另选。").at(key))
    }

    /// Also a project manager can be called, who works on no order.
    fn check_callee(&self, user: Option<&String>) -> Result<(), DoorError> {
        let user = user.map(|user| user.trim()).unwrap_or_default();
        if user.is_empty() || self.store.people()?.iter().any(|one| one.id == user && !one.disabled) {
            return Ok(());
        }
        Err(DoorError::bad_input("没有这个人，或已停用，请另选。").at("to"))
    }

    fn check_level(&self, order: &Order, level: Option<&String>) -> Result<(), DoorError> {
        let Some(bound) = self.bound(order) else { return Ok(()) };
        let object = order.object.as_deref().filter(|id| bound.profile.object(id).is_some());
        let levels = bound.profile.levels(object);
        if level.is_none_or(|level| level.trim().is_empty() || levels.contains(&level.trim())) {
            return Ok(());
        }
        let known = if levels.is_empty() {
            "该对象没有级别".to_owned()
        } else {
            format!("可选：{}", levels.join("、"))
        };
        Err(DoorError::bad_input(format!("合同中没有这个级别。{known}。")).at("level"))
    }

    fn check_rule(
        &self,
        order: &Order,
        rule: Option<&String>,
        target: Option<&String>,
    ) -> Result<(), DoorError> {
        let Some(bound) = self.bound(order) else {
            return Err(DoorError::not_now("本机尚无此工单所用的合同版本，同步完成后再选定规则。"));
        };
        let (Some(rule), Some(target)) = (rule, target) else { return Ok(()) };
        let promised = target.parse().ok().and_then(|target| bound.profile.rule(rule)?.target(target));
        if promised.is_some() {
            return Ok(());
        }
        Err(DoorError::bad_input("这条规则没有所选的时限，请重新选择规则或时限。").at("rule"))
    }

    fn check_versions(
        &self,
        order: &Order,
        contract: Option<&String>,
        calendar: Option<&String>,
    ) -> Result<(), DoorError> {
        let (Some(contract), Some(calendar)) = (contract, calendar) else { return Ok(()) };
        let entity = format!("contract/{}", order.contract);
        let versions = self.store.publication_heads(Some(&entity))?;
        if !versions.iter().any(|version| &version.hash == contract && !version.is_pending) {
            return Err(DoorError::bad_input("没有发布过这个合同版本，请重新选择。").at("contract_hash"));
        }
        let builtin = zaigang_domain::calendar::Calendar::builtin();
        let published = self.store.publication(calendar)?.is_some_and(|v| v.entity.starts_with("calendar/"));
        if published || builtin.version() == calendar {
            return Ok(());
        }
        Err(DoorError::bad_input("没有发布过这个日历版本，请重新选择。").at("calendar_hash"))
    }
}
