//! Registering an order: its number, the contract in force, and what follows at once.

use super::behalf::remote_of;
use super::current::InForce;
use super::desk::Desk;
use super::pen::Pen;
use super::step::{key, next_text, stated_time};
use crate::door::dto::{DoorCode, DoorError, LevelFacts, RegisterArgs, Written};
use crate::host::new_id;
use crate::store::Draft;
use jiff::Timestamp;
use zaigang_domain::calendar::ZONE;
use zaigang_domain::event::{EntityId, EventId, LogName, UserId};
use zaigang_domain::order::payload::{Facts, Registered, Reporter};
use zaigang_domain::order::{Order, OrderKind, Then, fit, order_number, register};
use zaigang_domain::people::Role;

const CHANNELS: &[&str] = &["", "dispatch", "phone", "onsite", "alarm", "inspection", "platform"];

impl Pen<'_> {
    /// Registers an order, and dispatches or takes it where the form says so.
    ///
    /// # Errors
    /// Bad input naming the field; not allowed outside the person's scope.
    pub fn register(&mut self, args: &RegisterArgs) -> Result<Written, DoorError> {
        let key = key(self, "register", &args.idempotency_key)?;
        if let Some(id) = self.registered_under(&key)? {
            return self.registered(&id, Vec::new());
        }
        let now = self.host.now();
        let (form, _) = self.desk().form_of(args, now)?;
        let then = then(args, &form, self)?;
        let reporter = args.reporter.clone().map(|r| Reporter {
            name: r.name,
            phone: r.phone,
            room: r.room,
            extension: r.extension,
        });
        let (id, changed) = self.write_order(&form, reporter.as_ref(), then, now, &key)?;
        self.registered(&id, changed)
    }

    /// Writes a registration under a number of its own.
    ///
    /// # Errors
    /// What the domain refuses; no number is used up then.
    pub(crate) fn write_order(
        &mut self,
        form: &Registered,
        reporter: Option<&Reporter>,
        then: Then,
        now: Timestamp,
        key: &str,
    ) -> Result<(EntityId, Vec<String>), DoorError> {
        let log = LogName::division(&form.contract, &form.division).map_err(DoorError::broken)?;
        // Asked once without a number, so that a refused form uses none up.
        let number = "-".to_owned();
        register(&Registered { number, ..form.clone() }, reporter, then.clone(), self.actor, now)?;
        let form = Registered { number: self.next_number(&form.division, now)?, ..form.clone() };
        let drafts = register(&form, reporter, then, self.actor, now)?;
        let id = EntityId::order(EventId(new_id(self.host)));
        let written = self.append(&log, &id, drafts.into_iter().map(Draft::from).collect(), key)?;
        Ok((id, written.changed.into_iter().collect()))
    }

    /// The order registered under a key before.
    pub(crate) fn registered_under(&self, key: &str) -> Result<Option<EntityId>, DoorError> {
        if !self.is_repeated(key)? {
            return Ok(None);
        }
        let ids: String = self
            .store
            .reader()
            .query_row("SELECT ids FROM idempotency WHERE key = ?1", [key], |row| row.get(0))
            .map_err(crate::store::StoreError::from)?;
        let ids: Vec<EventId> = serde_json::from_str(&ids).map_err(DoorError::broken)?;
        let Some(first) = ids.first() else { return Ok(None) };
        let event = self.store.event(*first)?;
        Ok(event.and_then(|event| EntityId::new(event.entity).ok()))
    }

    fn registered(&self, id: &EntityId, changed: Vec<String>) -> Result<Written, DoorError> {
        let (_, order) = self.desk().order(id.as_str())?;
        let next = next_text(&self.desk(), &order).map(|next| format!("，{next}")).unwrap_or_default();
        Ok(Written { id: id.to_string(), message: format!("已登记 {}{next}", order.number), changed })
    }

    /// 总队-日期-设备-序号: unique without asking anybody, since the device is part of it.
    pub(crate) fn next_number(&mut self, division: &str, now: Timestamp) -> Result<String, DoorError> {
        let date = ZONE.to_datetime(now).strftime("%Y%m%d").to_string();
        let device = self.store.identity().map(crate::store::Identity::device_text).unwrap_or_default();
        let device: String = device.chars().take(4).collect();
        let serial = self.store.next_order_serial(&date)?;
        Ok(order_number(division, now, &device, serial))
    }
}

fn then(args: &RegisterArgs, form: &Registered, pen: &Pen<'_>) -> Result<Then, DoorError> {
    // What is recorded for a colleague is that colleague's work from the start.
    if let Some(colleague) = &form.on_behalf {
        let is_engineer = pen.actor.has(Role::Engineer);
        return Ok(if is_engineer { Then::Accept } else { Then::DispatchTo(colleague.clone()) });
    }
    let Some(to) = args.dispatch_to.as_deref().map(str::trim).filter(|to| !to.is_empty()) else {
        return Ok(Then::Nothing);
    };
    if to == "pool" {
        return Ok(Then::Pool);
    }
    let user =
        UserId::new(to).map_err(|_| DoorError::bad_input("人员编号不对，请重新选择。").at("dispatch_to"))?;
    if pen.actor.is(Some(&user)) && pen.actor.has(Role::Engineer) {
        return Ok(Then::Accept);
    }
    let divisions = pen.desk().divisions()?;
    let contract =
        divisions.iter().find(|(_, name)| *name == args.division).map(|(contract, _)| contract.as_str());
    let people = pen.store.people()?;
    if !people
        .iter()
        .any(|p| p.id == to && super::detail::works_for(p, contract.unwrap_or_default(), &args.division))
    {
        return Err(DoorError::bad_input("所选人员不负责此部门的工单，或已停用，请另选。").at("dispatch_to"));
    }
    Ok(Then::DispatchTo(user))
}

impl Desk<'_> {
    /// The versions in force for a division that the person registers for at this console.
    ///
    /// # Errors
    /// Bad input for another division; not now while no contract version is here.
    pub(crate) fn registrable(&self, division: &str) -> Result<InForce, DoorError> {
        let divisions = self.divisions()?;
        if !divisions.iter().any(|(_, name)| name == division) {
            let message = "请选择本机登记的、您负责的部门。";
            return Err(DoorError::bad_input(message).at("division"));
        }
        self.in_force(Some(division))?.ok_or_else(|| {
            DoorError::new(
                DoorCode::NotNow,
                "中心端还没有把合同版本同步到本机，暂不能登记。请先同步，仍没有时请联系管理员发布合同。",
            )
        })
    }

    /// The form that a request makes, checked against the contract.
    ///
    /// # Errors
    /// As [`Desk::registrable`]; bad input naming the field at fault.
    pub(crate) fn form_of(
        &self,
        args: &RegisterArgs,
        now: Timestamp,
    ) -> Result<(Registered, InForce), DoorError> {
        let in_force = self.registrable(&args.division)?;
        let reported_at = stated_time(args.reported_at.as_deref(), "reported_at")?.unwrap_or(now);
        let scheduled_at = stated_time(args.scheduled_at.as_deref(), "scheduled_at")?;
        if !CHANNELS.contains(&args.channel.as_str()) {
            return Err(DoorError::bad_input("没有这种来源，请重新选择。").at("channel"));
        }
        let form = Registered {
            number: String::new(),
            kind: kind(&args.kind)?,
            title: args.title.trim().to_owned(),
            detail: args.detail.trim().to_owned(),
            object: filled(Some(&args.object)),
            division: args.division.clone(),
            level: filled(args.level.as_ref()),
            level_reason: filled(args.level_reason.as_ref()),
            facts: facts(&args.facts),
            channel: args.channel.clone(),
            reported_at,
            reporter_unit: args.reporter_unit.trim().to_owned(),
            contract: in_force.contract.clone(),
            contract_hash: in_force.contract_hash.clone(),
            calendar_hash: in_force.calendar_hash.clone(),
            scheduled_at,
            late_reason: filled(args.reason.as_ref()),
            external_no: None,
            registered_at: None,
            record: None,
            on_behalf: self.colleague(&in_force, &args.division, args.on_behalf.as_ref())?,
            remote: remote_of(args.remote.as_ref())?,
            source: None,
            alarm_key: None,
            asset: self.asset_named(args.asset.as_deref().unwrap_or_default(), "asset")?,
        };
        fit(&form, in_force.bound.profile)?;
        Ok((form, in_force))
    }
}

/// A text that says something, trimmed.
pub(crate) fn filled(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn kind(word: &str) -> Result<OrderKind, DoorError> {
    Ok(match word {
        "" | "incident" => OrderKind::Incident,
        "request" => OrderKind::Request,
        "work_record" => OrderKind::WorkRecord,
        "change" => OrderKind::Change,
        "problem" => OrderKind::Problem,
        "finding" => OrderKind::Finding,
        _ => return Err(DoorError::bad_input("没有这种工单类型，请重新选择。").at("kind")),
    })
}

/// The facts of a form as the order keeps them.
pub(crate) fn facts(facts: &LevelFacts) -> Facts {
    Facts {
        system_class: facts.system_class.clone(),
        share: facts.share.clone(),
        vip: facts.vip,
        security_event: facts.security_event,
        request: facts.request,
    }
}

/// An order as it would be with this form: to show its clocks before it is written.
pub(crate) fn imagined(
    in_force: &InForce,
    object: Option<String>,
    division: &str,
    level: Option<String>,
    at: Timestamp,
) -> Order {
    use zaigang_domain::order::{Mark, MarkKind};
    Order {
        contract: in_force.contract.clone(),
        division: division.to_owned(),
        object,
        reported_at: at,
        level: level.clone(),
        contract_hash: in_force.contract_hash.clone(),
        calendar_hash: in_force.calendar_hash.clone(),
        marks: vec![Mark { level, ..Mark::new(at, MarkKind::Reported) }],
        ..Order::default()
    }
}
