//! Devices from the centre's side: codes, the list, revoking.

use serde::Serialize;
use zaigang_sync::envelope::Id;
use zaigang_sync::hex;
use zaigang_sync::protocol::EnrolmentCode;

use super::Centre;
use super::enrol::{CODE_LIFE_MINUTES, secret_hash, with_implied};
use super::project::CLASS_PERSONAL;
use crate::error::{CentreError, Result};
use crate::store::{self, EnrolmentRow};

/// Asks for an enrolment code.
#[derive(Debug, Clone, Default)]
pub struct CodeRequest {
    /// Name of the device; empty leaves it to the device.
    pub name: String,
    /// Logs; the site's and the contracts' common ones are added.
    pub logs: Vec<String>,
    /// Classes of sealed parts it may get; empty means `personal` only.
    pub classes: Vec<String>,
}

/// A new code; shown once, only a hash of its secret is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewCode {
    /// The line of text to carry.
    pub text: String,
    /// Logs the device will hold.
    pub logs: Vec<String>,
    /// Until when it works, Unix milliseconds.
    pub expires_at: i64,
}

/// A device in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceListing {
    /// Its id, hex.
    pub device: String,
    /// Its name.
    pub name: String,
    /// Fingerprint of its key, for people to compare.
    pub fingerprint: String,
    /// Logs it holds.
    pub logs: Vec<String>,
    /// Classes of sealed parts it may get.
    pub sealed: Vec<String>,
    /// Revoked.
    pub revoked: bool,
    /// Its incarnation.
    pub incarnation: u32,
    /// Logs in which it showed another history and is stopped.
    pub stopped: Vec<String>,
}

impl Centre {
    /// Makes an enrolment code.
    ///
    /// # Errors
    /// [`CentreError::BadRequest`] for a name that is no log, [`CentreError::Store`].
    pub fn device_code(&mut self, request: &CodeRequest) -> Result<NewCode> {
        let logs = with_implied(&request.logs)?;
        let classes = match request.classes.as_slice() {
            [] => vec![CLASS_PERSONAL.to_owned()],
            classes => classes.to_vec(),
        };
        self.transact(|work| {
            let secret = hex::encode(&work.random::<16>());
            let expires_at = work.now_ms() + CODE_LIFE_MINUTES * 60_000;
            let row = EnrolmentRow {
                name: request.name.clone(),
                logs: logs.clone(),
                classes,
                expires_at,
                used: None,
            };
            store::insert_enrolment(work.conn, &secret_hash(&secret), &row)?;
            let code =
                EnrolmentCode { centre: work.meta.address.clone(), ca: work.meta.ca_pin.clone(), secret };
            Ok(NewCode { text: code.to_text(), logs, expires_at })
        })
    }

    /// All devices, the centre's own entry left out.
    ///
    /// # Errors
    /// [`CentreError::Store`].
    pub fn device_list(&mut self) -> Result<Vec<DeviceListing>> {
        self.look(|work| {
            let stops = store::stops(work.conn)?;
            let mut list = Vec::new();
            for device in store::devices(work.conn)?.into_iter().filter(|device| *device != work.meta.device)
            {
                let Some(row) = work.device(device)? else { continue };
                let stopped =
                    stops.iter().filter(|stop| stop.device == device && stop.incarnation == row.incarnation);
                list.push(DeviceListing {
                    device: hex::encode(&device),
                    name: row.name,
                    fingerprint: zaigang_sync::keys::fingerprint(&row.public_key),
                    logs: row.logs,
                    sealed: row.classes,
                    revoked: row.revoked,
                    incarnation: row.incarnation,
                    stopped: stopped.map(|stop| stop.log.clone()).collect(),
                });
            }
            Ok(list)
        })
    }

    /// Revokes a device: it gets nothing any more, what it still sends is parked.
    ///
    /// # Errors
    /// [`CentreError::BadRequest`] for an unknown device or the centre itself, [`CentreError::Store`].
    pub fn device_revoke(&mut self, device: &str) -> Result<()> {
        let id: Id =
            hex::decode(device).ok_or_else(|| CentreError::BadRequest(format!("no device id: {device}")))?;
        self.transact(|work| match work.device(id)? {
            Some(row) if row.revoked => Ok(()),
            Some(_) if id != work.meta.device => {
                work.act_on_site("device", device, "device.revoked", serde_json::json!({}))
            }
            _ => Err(CentreError::BadRequest(format!("no such device: {device}"))),
        })
    }

    /// A device's public key, while it is enrolled; revoked ones included.
    ///
    /// # Errors
    /// [`CentreError::Store`].
    pub fn device_key(&mut self, device: Id) -> Result<Option<([u8; 32], bool)>> {
        self.look(|work| Ok(work.device(device)?.map(|row| (row.public_key, row.revoked))))
    }

    /// Logs a device may be woken for; none when it is unknown or revoked.
    ///
    /// # Errors
    /// [`CentreError::Store`].
    pub fn device_logs(&mut self, device: Id) -> Result<Vec<String>> {
        self.look(|work| {
            Ok(work.device(device)?.filter(|row| !row.revoked).map(|row| row.logs).unwrap_or_default())
        })
    }
}
