//! Enrolment: a code names the centre, its CA and a one-time secret; the device makes its own key.

use ed25519_dalek::SigningKey;
use zaigang_sync::envelope::Id;
use zaigang_sync::hex;
use zaigang_sync::protocol::{EnrolReply, EnrolRequest, EnrolmentCode, PATH_ENROL};
use zeroize::Zeroizing;

use super::error::refusal;
use super::{Console, Result, SessionError};
use crate::host::random_id;
use crate::keys::{Slots, seal_for_recovery};
use crate::store::{Identity, StoreKey};
use crate::sync::Request;

/// An enrolment under way.
pub struct Enrolling {
    /// Where the centre is and how to know it: for the connection.
    pub code: EnrolmentCode,
    /// The request, unsigned: the centre does not know the device yet.
    pub request: Request,
    device: Id,
    key: SigningKey,
    name: String,
}

impl Console {
    /// Reads a code and makes the device's key.
    ///
    /// # Errors
    /// [`SessionError::BadCode`], [`SessionError::EnrolledAlready`].
    pub fn begin_enrol(&self, code: &str, device_name: &str) -> Result<Enrolling> {
        if self.slots.is_some() {
            return Err(SessionError::EnrolledAlready);
        }
        let code = EnrolmentCode::from_text(code).map_err(|_| SessionError::BadCode)?;
        let device = random_id(self.host());
        let mut secret = Zeroizing::new([0; 32]);
        self.host().random(secret.as_mut_slice());
        let key = SigningKey::from_bytes(&secret);
        let request = EnrolRequest {
            secret: code.secret.clone(),
            device: hex::encode(&device),
            public_key: hex::encode(key.verifying_key().as_bytes()),
            name: device_name.trim().to_owned(),
        };
        let body = serde_json::to_vec(&request).map_err(|error| SessionError::Garbled(error.to_string()))?;
        let request = Request { path: PATH_ENROL, body };
        Ok(Enrolling { code, request, device, key, name: device_name.trim().to_owned() })
    }

    /// Takes the centre's answer: makes the store and the slots.
    ///
    /// # Errors
    /// [`SessionError::Centre`], [`SessionError::Garbled`], [`SessionError::Store`], [`SessionError::Keys`].
    pub fn finish_enrol(&mut self, enrolling: Enrolling, status: u16, body: &[u8]) -> Result<()> {
        if status != 200 {
            return Err(refusal(status, body));
        }
        let garbled = |what: &str| SessionError::Garbled(what.to_owned());
        let reply: EnrolReply = serde_json::from_slice(body).map_err(|error| garbled(&error.to_string()))?;
        let identity = Identity {
            device: enrolling.device,
            incarnation: reply.incarnation,
            device_key: enrolling.key,
            device_name: enrolling.name.clone(),
            server_id: hex::decode(&reply.server_id).ok_or_else(|| garbled("server_id"))?,
            centre_key: hex::decode(&reply.centre_key).ok_or_else(|| garbled("centre_key"))?,
            centre: enrolling.code.centre,
            ca: enrolling.code.ca,
            site: reply.site.clone(),
            recovery: reply.recovery.clone(),
        };
        let mut key = StoreKey::new([0; 32]);
        self.host().random(key.as_mut_slice());
        let mut slots = Slots::new(&self.profile.dir, self.host(), &reply.site, &enrolling.name);
        slots.recovery = reply.recovery.as_deref().and_then(|recipient| seal_for_recovery(recipient, &key));
        slots.set_bootstrap(Some(&key));
        self.open_store(key)?;
        self.store_mut()?.enrol(identity, &reply.logs)?;
        // Last: a profile with slots counts as enrolled.
        slots.save()?;
        self.slots = Some(slots);
        Ok(())
    }
}
