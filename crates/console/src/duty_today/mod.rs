//! Duty today: who is on duty, 交接班, 值班电话记录, 值班日志 with 日报, and the wall.
//!
//! Promises: whatever is told of orders is told within the reader's scope; numbers shown as a contract's
//! have a clause of it; nothing of the buyer's people is on the wall. Left out: making the roster.

mod answer;
mod call;
mod counter;
mod day;
mod form;
mod handover;
mod now;
mod print;
mod report;
mod roster;
mod sign;
mod wall;

use crate::door::dto::{DoorError, LinkedOrder, Written};
use crate::order::{Desk, Pen};
use crate::store::{Draft, StoreError};
use zaigang_domain::calendar::ZONE;
use zaigang_domain::event::{EntityId, LogName};
use zaigang_domain::judge::EntityState;
use zaigang_domain::people::Role;

/// Who works in turns: writes calls and notes, hands over and takes over.
const ON_DUTY: [Role; 3] = [Role::Engineer, Role::Dispatcher, Role::Supervisor];

impl Desk<'_> {
    pub(crate) fn works_on_duty(&self) -> bool {
        self.actor.enabled && ON_DUTY.iter().any(|role| self.actor.has(*role))
    }

    /// An order as it may be named to whoever asks.
    fn linked_order(&self, id: &str) -> Result<LinkedOrder, StoreError> {
        let order = self.store.order(id)?;
        let shown =
            |order: &zaigang_domain::order::Order| self.actor.covers(&order.contract, &order.division);
        Ok(match order {
            Some((_, order)) => LinkedOrder {
                id: id.to_owned(),
                title: if shown(&order) { order.title.clone() } else { String::new() },
                number: order.number,
            },
            None => LinkedOrder { id: id.to_owned(), number: String::new(), title: String::new() },
        })
    }

    fn linked_orders(&self, ids: &[String]) -> Result<Vec<LinkedOrder>, StoreError> {
        ids.iter().map(|id| self.linked_order(id)).collect()
    }

    /// Name of a contract for people.
    pub(crate) fn duty_contract_name(&self, contract: &str) -> Result<String, StoreError> {
        let in_force = self.in_force_of(contract)?;
        Ok(in_force
            .map_or_else(|| contract.to_owned(), |found| found.bound.profile.facts.contract.name.clone()))
    }

    /// `公共日志第 12 条 a81f03c2`: how far the data reached that a page was made of.
    pub(crate) fn log_head(&self, log: &LogName) -> Result<String, StoreError> {
        let found = self.store.logs()?.into_iter().find(|row| row.name == log.as_str());
        Ok(found.map_or_else(String::new, |row| {
            let head: String = row.head.to_hex().chars().take(8).collect();
            format!("公共日志第 {} 条 {head}", row.seq)
        }))
    }
}

impl Pen<'_> {
    /// Writes one event about an entity of the common log.
    fn put_duty(
        &mut self,
        entity: &EntityId,
        draft: Draft,
        key: &str,
        message: String,
    ) -> Result<Written, DoorError> {
        let (_, log) = self.desk().common_log(None)?;
        self.put(&log, entity, draft, key, message)
    }
}

/// `10-15 08:00` in +08:00.
fn short(at: jiff::Timestamp) -> String {
    ZONE.to_datetime(at).strftime("%m-%d %H:%M").to_string()
}

/// The states of a scan that are of one kind.
fn only<T>(found: Vec<(EntityId, EntityState)>, pick: impl Fn(EntityState) -> Option<T>) -> Vec<(String, T)> {
    found.into_iter().filter_map(|(name, state)| Some((name.to_string(), pick(state)?))).collect()
}

/// A text of a request, trimmed and not too long.
fn text_of(text: &str, chars_max: usize, field: &str) -> Result<String, DoorError> {
    let text = text.trim();
    if text.chars().count() > chars_max {
        return Err(DoorError::bad_input(format!("文字太长，最多 {chars_max} 字。")).at(field));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(DoorError::bad_input("文字中有不可见的控制字符，请删去后重试。").at(field));
    }
    Ok(text.to_owned())
}

fn not_on_duty() -> DoorError {
    DoorError::not_allowed("值班记录由驻场工程师、服务台或项目经理办理。")
}
