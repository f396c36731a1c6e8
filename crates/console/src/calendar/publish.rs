//! Publishing a pack from a console: the administrator's act, judged by the centre, with the open orders that
//! shall count by it.

use super::read;
use crate::door::dto::{CalendarPublish, DoorError, Written};
use crate::order::{Pen, already, key};
use crate::store::Act;
use serde_json::json;
use zaigang_domain::event::{EntityId, LogName};
use zaigang_domain::people::{PublishedVersion, Role};

impl Pen<'_> {
    /// Publishes a pack together with those in use for other years, and binds the orders named to them in
    /// the same transaction: their share of the centre's verdict waits for the calendar's.
    ///
    /// # Errors
    /// Bad input where it cannot be read; not now where nothing would change or another waits for the
    /// centre, or where an order may not be bound; not allowed but for an administrator. Nothing is written
    /// then.
    pub fn publish_calendar(&mut self, args: &CalendarPublish) -> Result<Written, DoorError> {
        if !self.actor.has(Role::Administrator) {
            return Err(DoorError::not_allowed("日历由系统管理员发布，也可在中心端发布。"));
        }
        let pack = read(&args.text)?;
        let key = key(self, "calendar", &args.idempotency_key)?;
        let orders = match args.rebind.len() {
            0 => String::new(),
            count => format!("，{count} 张工单换用"),
        };
        let message = format!("已发布 {} 年日历{orders}，中心端确认后对新工单和排班生效", pack.year);
        if let Some(entity) = self.registered_under(&key)? {
            return Ok(already(&entity, message));
        }
        let desk = self.desk();
        if desk.calendar_is_pending()? {
            return Err(DoorError::not_now("已有一份日历等待中心端确认，同步后再发布。"));
        }
        let before = desk.calendar()?;
        if before.with_pack(pack.clone()).version() == before.version() {
            return Err(DoorError::not_now("这份日历与现行的相同，不必发布。"));
        }
        let (year, packs) = before.published_with(pack.clone());
        let entity = EntityId::new(format!("calendar/{year}")).map_err(DoorError::broken)?;
        let content = serde_json::to_string(&packs).map_err(DoorError::broken)?;
        let hash = PublishedVersion::text_hash(&content, None, None);
        let payload = json!({
            "hash": hash,
            "title": pack.title,
            "content": content,
        });
        let draft = self.fact("calendar.published", &payload)?;
        let (log, id) = (LogName::site(), entity.to_string());
        let mut acts = vec![Act { log, entity, drafts: vec![draft], stands_on: None }];
        let reason = format!("换用 {} 年放假安排（{}）", pack.year, pack.number);
        for order in &args.rebind {
            let (id, order) = self.desk().order(order).map_err(|error| error.at("rebind"))?;
            let contract_hash = order.contract_hash.clone();
            acts.push(self.rebound(id, &order, &contract_hash, &hash, &reason)?);
        }
        let written = self.store.append_acts(self.host, &acts, Some(self.author), Some(&key))?;
        Ok(Written { id, message, changed: written.changed.into_iter().collect() })
    }
}
