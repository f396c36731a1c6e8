//! Publishing a pack from a console: the administrator's act, judged by the centre.

use super::read;
use crate::door::dto::{CalendarPublish, DoorError, Written};
use crate::order::{Pen, already, key};
use serde_json::json;
use zaigang_domain::event::{EntityId, LogName};
use zaigang_domain::people::{PublishedVersion, Role};

impl Pen<'_> {
    /// Publishes a pack together with those in use for other years.
    ///
    /// # Errors
    /// Bad input where it cannot be read; not now where nothing would change or another waits for the
    /// centre; not allowed but for an administrator.
    pub fn publish_calendar(&mut self, args: &CalendarPublish) -> Result<Written, DoorError> {
        if !self.actor.has(Role::Administrator) {
            return Err(DoorError::not_allowed("日历由系统管理员发布，也可在中心端发布。"));
        }
        let pack = read(&args.text)?;
        let key = key(self, "calendar", &args.idempotency_key)?;
        let message = format!("已发布 {} 年日历，中心端确认后对新工单和排班生效", pack.year);
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
        let payload = json!({
            "hash": PublishedVersion::text_hash(&content, None, None),
            "title": pack.title,
            "content": content,
        });
        let draft = self.fact("calendar.published", &payload)?;
        self.put(&LogName::site(), &entity, draft, &key, message)
    }
}
