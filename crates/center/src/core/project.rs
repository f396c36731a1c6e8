//! What accepted site events mean for the tables that every request reads.

use serde::Deserialize;
use zaigang_domain::event::EntityId;
use zaigang_domain::judge::EntityState;
use zaigang_domain::people::DeviceState;
use zaigang_domain::record::Erased;
use zaigang_sync::envelope::{Content, Id};
use zaigang_sync::hex;

use super::work::{Ready, Work};
use crate::error::Result;
use crate::store::{self, DeviceRow, LogRow};

/// Class of sealed parts that every device of a log gets, unless its enrolment says otherwise.
pub(super) const CLASS_PERSONAL: &str = "personal";

/// What `device.enrolled` and `device.changed` say beyond the domain's device.
#[derive(Deserialize)]
struct DeviceExtra {
    sealed: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct KeyCertified {
    device: String,
    public_key: String,
}

#[derive(Deserialize)]
struct Watermark {
    device: String,
    complete_to: jiff::Timestamp,
}

impl Work<'_> {
    /// Brings the derived tables up to date with an accepted event.
    pub(super) fn project(&mut self, log: &LogRow, event: &Ready<'_>, entity: &EntityId) -> Result<()> {
        let content = event.content;
        match content.kind.as_str() {
            "device.enrolled" | "device.changed" | "device.revoked" => {
                self.project_device(log, content, entity)
            }
            "order.registered" | "order.entered" => self.project_order(log, entity),
            "user.changed" => self.project_user(log, entity),
            "user.key_certified" => self.project_user_key(content, entity),
            "record.erased" => match serde_json::from_str::<Erased>(&content.payload) {
                Ok(erased) => {
                    self.erase_files(log, &erased)?;
                    store::erase_parts(self.conn, log.n, erased.event.0, erased.part)
                }
                Err(_) => Ok(()),
            },
            "device.watermark" => self.project_watermark(log, content),
            _ => Ok(()),
        }
    }

    fn project_device(&mut self, log: &LogRow, content: &Content, entity: &EntityId) -> Result<()> {
        let Some(device) = device_of(entity) else { return Ok(()) };
        let Some(EntityState::Device(state)) = self.held(log.n, entity.as_str())?.state.clone() else {
            return Ok(());
        };
        let Some(public_key) = hex::decode(&state.public_key) else { return Ok(()) };
        let before = self.device(device)?;
        let stated =
            serde_json::from_str::<DeviceExtra>(&content.payload).ok().and_then(|extra| extra.sealed);
        let classes = stated
            .or_else(|| before.as_ref().map(|row| row.classes.clone()))
            .unwrap_or_else(|| vec![CLASS_PERSONAL.to_owned()]);
        let DeviceState { name, logs, revoked, .. } = state;
        let row = DeviceRow {
            name,
            public_key,
            logs: logs.into_iter().map(String::from).collect(),
            classes,
            revoked,
            incarnation: before.map_or(1, |row| row.incarnation),
        };
        store::put_device(self.conn, device, &row)?;
        self.cache.devices.insert(device, Some(row));
        Ok(())
    }

    fn project_order(&mut self, log: &LogRow, entity: &EntityId) -> Result<()> {
        let Some(EntityState::Order(order)) = &self.held(log.n, entity.as_str())?.state else {
            return Ok(());
        };
        let (number, external_no) = (order.number.clone(), order.external_no.clone());
        store::insert_order_name(self.conn, log.n, entity.as_str(), &number, external_no.as_deref())
    }

    /// A user's log-in name may have changed.
    fn project_user(&mut self, log: &LogRow, entity: &EntityId) -> Result<()> {
        let Some(user) = entity.as_str().strip_prefix("user/") else { return Ok(()) };
        let Some(EntityState::User(state)) = &self.held(log.n, entity.as_str())?.state else { return Ok(()) };
        let login = state.login.clone();
        store::rename_account(self.conn, user, &login)
    }

    fn project_user_key(&mut self, content: &Content, entity: &EntityId) -> Result<()> {
        let Some(user) = entity.as_str().strip_prefix("user/") else { return Ok(()) };
        let Ok(certified) = serde_json::from_str::<KeyCertified>(&content.payload) else { return Ok(()) };
        let Some(key) = hex::decode::<32>(&certified.public_key) else { return Ok(()) };
        store::insert_user_key(self.conn, user, &certified.device, &key)?;
        self.cache.user_keys.remove(&(user.to_owned(), certified.device));
        Ok(())
    }

    fn project_watermark(&mut self, log: &LogRow, content: &Content) -> Result<()> {
        let Ok(mark) = serde_json::from_str::<Watermark>(&content.payload) else { return Ok(()) };
        let Some(device) = hex::decode(&mark.device) else { return Ok(()) };
        store::put_watermark(self.conn, device, log.n, mark.complete_to.as_millisecond())
    }
}

fn device_of(entity: &EntityId) -> Option<Id> {
    entity.as_str().strip_prefix("device/").and_then(hex::decode)
}
