//! Another program registers an order, or sends an alarm that goes into one.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use zaigang_domain::calendar::ZONE;
use zaigang_domain::clock::level_of;
use zaigang_domain::contract::Profile;
use zaigang_domain::event::{EntityId, EventId, LogName};
use zaigang_domain::judge::EntityState;
use zaigang_domain::order::payload::{Facts, Registered, Reporter};
use zaigang_domain::order::{
    Order, OrderKind, Status, Step, StepInput, Then, decide, fit, order_number, register,
};
use zaigang_domain::people::Deed;
use zaigang_sync::hex;

use super::{ApiError, Caller, Found, Once, Told};
use crate::core::Centre;
use crate::core::in_force::InForce;
use crate::core::work::Work;
use crate::error::{CentreError, Result as CentreResult};
use crate::store::{self, AlarmRow, OrderName};

/// How far the caller's clock may run ahead. A guess, as for consoles.
const AHEAD_MAX: SignedDuration = SignedDuration::from_secs(60);
/// How long ago a report may lie: an older one is a mistake of the caller. A guess.
const AGO_MAX: SignedDuration = SignedDuration::from_hours(31 * 24);
/// Longest text kept of a further alarm, in characters: storms repeat themselves. A guess.
const AGAIN_CHARS_MAX: usize = 1_000;
/// How many mergings are followed to the order an alarm belongs to now.
const MERGINGS_MAX: usize = 8;

/// What a program asks to be registered. Empty texts are absent ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderAsk {
    /// One line, up to 200 characters.
    pub title: String,
    /// Description.
    pub detail: String,
    /// Incident or service request.
    pub kind: OrderKind,
    /// Division; may be left out by a source with only one.
    pub division: Option<String>,
    /// Maintenance object, by its id in the contract.
    pub object: Option<String>,
    /// Level as the contract prints it; without one it follows from the facts where the contract's table
    /// gives exactly one.
    pub level: Option<String>,
    /// Why this level, where the table says otherwise.
    pub level_reason: Option<String>,
    /// Facts for the level.
    pub facts: Facts,
    /// Why it is registered late, or outside the object's service period.
    pub reason: Option<String>,
    /// Who reported it; travels sealed.
    pub reporter: Option<Reporter>,
    /// The reporter's unit.
    pub reporter_unit: String,
    /// When it was reported; now where absent.
    pub reported_at: Option<Timestamp>,
    /// Its number in the other program.
    pub external_no: Option<String>,
    /// Alarms of the source with the same key go into one order while it is worked on.
    pub alarm_key: Option<String>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct OrderTold {
    /// Id of the order.
    pub(super) id: String,
    /// Its number.
    pub(super) number: String,
    /// Status.
    pub(super) status: &'static str,
    /// It went into an order that was there.
    pub(super) merged: bool,
    /// Alarms in that order; absent where it did not come as an alarm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) alarms: Option<u32>,
}

impl OrderTold {
    pub(super) fn of(found: &Found, merged: bool) -> Self {
        Self {
            id: found.entity.local().to_owned(),
            number: found.order.number.clone(),
            status: found.order.status.code(),
            merged,
            alarms: found.order.alarms.map(|alarms| alarms.count),
        }
    }
}

impl Centre {
    /// Registers an order for a source: 201; or lets an alarm go into the open order of its key: 200.
    ///
    /// # Errors
    /// [`ApiError`]; nothing is committed then.
    pub fn order_register(&mut self, source: &str, once: &Once, ask: &OrderAsk) -> Result<Told, ApiError> {
        self.once(source, Deed::Register, once, |work, caller| {
            if let Some(key) = &ask.alarm_key
                && let Some(found) = work.order_of_alarms(caller, key)?
            {
                let found = work.alarm_again(caller, found, &again_text(ask))?;
                return Ok((200, OrderTold::of(&found, true)));
            }
            let found = work.register(caller, ask)?;
            if let Some(key) = &ask.alarm_key {
                work.remember_alarm(caller, found.entity.as_str(), key, &found)?;
            }
            Ok((201, OrderTold::of(&found, false)))
        })
    }
}

impl Work<'_> {
    /// The order that alarms with this key go into, while it is worked on: one that was restored since had
    /// another fault.
    pub(super) fn order_of_alarms(
        &mut self,
        caller: &Caller,
        merge_key: &str,
    ) -> CentreResult<Option<Found>> {
        let Some(row) = store::last_alarm(self.conn, &caller.source, merge_key)? else { return Ok(None) };
        let found = self.order_merged_into(row.log, row.name)?;
        Ok(found.filter(|Found { order, .. }| {
            order.status.is_in_work()
                && !order.is_read_only()
                && caller.actor.covers(&order.contract, &order.division)
        }))
    }

    /// The order that one of a log was merged into, over any further mergings; itself where it was not.
    pub(super) fn order_merged_into(&mut self, log: i64, mut name: String) -> CentreResult<Option<Found>> {
        for _ in 0..MERGINGS_MAX {
            let Some(found) = self.held_order(log, &name)? else { return Ok(None) };
            match &found.order.merged_into {
                Some(into) if found.order.status == Status::Merged => name.clone_from(into),
                _ => return Ok(Some(found)),
            }
        }
        Ok(None)
    }

    /// An order of a log as it stands in this transaction.
    pub(super) fn held_order(&mut self, log: i64, name: &str) -> CentreResult<Option<Found>> {
        let Some(EntityState::Order(order)) = &self.held(log, name)?.state else { return Ok(None) };
        let order = Order::clone(order);
        let log = LogName::division(&order.contract, &order.division);
        let entity = EntityId::new(name);
        Ok(log.ok().zip(entity.ok()).map(|(log, entity)| Found { log, entity, order }))
    }

    /// Notes a further alarm on an order.
    pub(super) fn alarm_again(
        &mut self,
        caller: &Caller,
        found: Found,
        text: &str,
    ) -> Result<Found, ApiError> {
        let input = StepInput::of(&[("text", text)]);
        let drafts = decide(&found.order, Step::Alarm, &input, &caller.actor, self.now)?;
        self.act_for(&caller.actor, &found.log, &found.entity, &drafts)?;
        Ok(self.order_now(found.log, found.entity)?)
    }

    /// Keeps that an alarm was taken, and which order it went into.
    pub(super) fn remember_alarm(
        &mut self,
        caller: &Caller,
        alarm: &str,
        merge_key: &str,
        found: &Found,
    ) -> Result<(), ApiError> {
        let log = self.log_or_new(found.log.as_str())?.n;
        let name = found.entity.as_str().to_owned();
        let row = AlarmRow { merge_key: merge_key.to_owned(), log, name, resolved: false };
        Ok(store::insert_alarm(self.conn, &caller.source, alarm, &row, self.now_ms())?)
    }

    fn order_now(&mut self, log: LogName, entity: EntityId) -> CentreResult<Found> {
        let n = self.log_or_new(log.as_str())?.n;
        let lost = || CentreError::Store("an order vanished while it was written".into());
        self.held_order(n, entity.as_str())?.ok_or_else(lost)
    }

    /// Registers a new order, and dispatches it to the pool where the source is set up so.
    pub(super) fn register(&mut self, caller: &Caller, ask: &OrderAsk) -> Result<Found, ApiError> {
        let contract = &caller.state.contract;
        let in_force = self
            .contract_in_force(contract)?
            .ok_or_else(|| ApiError::NotNow(format!("合同 {contract} 尚未在中心端发布，请联系管理员。")))?;
        let division = self.division(caller, ask.division.as_deref(), &in_force.profile)?;
        self.refuse_known_number(caller, ask)?;
        let mut form = form(caller, ask, division, &in_force, reported_at(ask, self.now)?);
        fit(&form, &in_force.profile)?;
        form.number = self.next_number(&form.division)?;
        let then = if caller.state.pool { Then::Pool } else { Then::Nothing };
        let drafts = register(&form, ask.reporter.as_ref(), then, &caller.actor, self.now)?;
        let log = LogName::division(contract, &form.division)
            .map_err(|error| CentreError::Store(error.to_string()))?;
        let entity = EntityId::order(EventId(self.new_id()));
        self.act_for(&caller.actor, &log, &entity, &drafts)?;
        Ok(self.order_now(log, entity)?)
    }

    /// The division asked for, or the only one of the source.
    fn division(&self, caller: &Caller, asked: Option<&str>, profile: &Profile) -> Result<String, ApiError> {
        let division = match (asked, caller.state.divisions.as_slice()) {
            (Some(asked), _) => asked,
            (None, [only]) => only,
            (None, _) => return Err(ApiError::field("division", "请写明部门：对接系统可用的部门不止一个。")),
        };
        if !self.knows_division(&caller.state.contract, division, profile) {
            return Err(ApiError::field("division", "合同中没有这个部门，请按合同的叫法填写。"));
        }
        if !caller.actor.covers(&caller.state.contract, division) {
            let name = &caller.state.name;
            return Err(ApiError::NotAllowed(format!(
                "对接系统“{name}”没有获准“{division}”，请联系管理员。"
            )));
        }
        Ok(division.to_owned())
    }

    /// An external number stands for one order of a source; a repeated one is told which.
    fn refuse_known_number(&mut self, caller: &Caller, ask: &OrderAsk) -> Result<(), ApiError> {
        let Some(number) = &ask.external_no else { return Ok(()) };
        let own = |found: &&Found| found.order.source.as_ref().is_some_and(|by| by.id == caller.source);
        match self.orders_named(OrderName::External(number))?.iter().find(own) {
            Some(found) => Err(ApiError::Exists { order: found.entity.local().to_owned() }),
            None => Ok(()),
        }
    }

    /// A number as devices give it. After a restore of the centre its mark is another: numbers given
    /// since that backup are unknown here and stay theirs.
    fn next_number(&mut self, division: &str) -> CentreResult<String> {
        let mut device: String = hex::encode(&self.meta.device).chars().take(4).collect();
        if self.meta.incarnation > 1 {
            device.push_str(&self.meta.incarnation.to_string());
        }
        let day = ZONE.to_datetime(self.now).strftime("%Y%m%d").to_string();
        let serial = store::next_serial(self.conn, &day)?;
        Ok(order_number(division, self.now, &device, serial))
    }
}

/// What a further alarm says: its line, and what else it told.
fn again_text(ask: &OrderAsk) -> String {
    let text =
        if ask.detail.is_empty() { ask.title.clone() } else { format!("{}\n{}", ask.title, ask.detail) };
    text.chars().take(AGAIN_CHARS_MAX).collect()
}

/// When it was reported: a caller's clock that runs a little ahead is put right.
fn reported_at(ask: &OrderAsk, now: Timestamp) -> Result<Timestamp, ApiError> {
    let Some(at) = ask.reported_at else { return Ok(now) };
    let ahead = at.duration_since(now);
    if ahead > AHEAD_MAX {
        return Err(ApiError::field("reported_at", "报障时间不能晚于现在，请核对时钟和时区。"));
    }
    if -ahead > AGO_MAX {
        return Err(ApiError::field(
            "reported_at",
            "报障时间早于 31 天前，请核对后重试；确需补录的请在工作台登记。",
        ));
    }
    Ok(at.min(now))
}

fn form(
    caller: &Caller,
    ask: &OrderAsk,
    division: String,
    in_force: &InForce,
    reported_at: Timestamp,
) -> Registered {
    let channel = if ask.alarm_key.is_some() { "alarm" } else { "platform" };
    Registered {
        number: String::new(),
        kind: ask.kind,
        title: ask.title.clone(),
        detail: ask.detail.clone(),
        object: ask.object.clone(),
        division,
        level: ask.level.clone().or_else(|| level(ask, &in_force.profile)),
        level_reason: ask.level_reason.clone(),
        facts: ask.facts.clone(),
        channel: channel.to_owned(),
        reported_at,
        reporter_unit: ask.reporter_unit.clone(),
        contract: caller.state.contract.clone(),
        contract_hash: in_force.contract_hash.clone(),
        calendar_hash: in_force.calendar_hash.clone(),
        scheduled_at: None,
        late_reason: ask.reason.clone(),
        external_no: ask.external_no.clone(),
        registered_at: None,
        record: None,
        on_behalf: None,
        remote: None,
        source: None,
        alarm_key: ask.alarm_key.clone(),
        asset: None,
    }
}

/// The level that the contract's own table gives; none where a person has to say.
fn level(ask: &OrderAsk, profile: &Profile) -> Option<String> {
    let mut facts = ask.facts.clone();
    facts.take_class(profile, ask.object.as_deref());
    let level = level_of(&profile.level_cases, &facts.case())?;
    profile.levels(ask.object.as_deref()).contains(&level).then(|| level.to_owned())
}
