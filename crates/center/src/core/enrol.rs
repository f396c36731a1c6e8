//! A new device comes with a one-time code.

use zaigang_domain::event::LogName;
use zaigang_sync::envelope::Id;
use zaigang_sync::hash::{Use, digest};
use zaigang_sync::hex;
use zaigang_sync::protocol::{EnrolReply, EnrolRequest};

use super::Centre;
use super::work::Work;
use crate::error::{CentreError, Result};
use crate::store::{self, EnrolmentRow};

/// How long a code works.
pub const CODE_LIFE_MINUTES: i64 = 15;
/// Wrong codes from one source after which it has to wait. Secrets have 128 bits; this only keeps
/// noise down.
const LOCK_AFTER_FAILURES: u32 = 10;
const NAME_CHARS_MAX: usize = 64;

/// What is kept of a secret. It has 128 random bits, so a plain hash is enough.
pub(super) fn secret_hash(secret: &str) -> [u8; 32] {
    digest(Use::Secret, &[b"enrolment secret", secret.as_bytes()]).0
}

impl Centre {
    /// Enrols a device by its one-time code. `source` tells callers apart for the limit on wrong
    /// tries, such as an IP address. The same device asking again within the code's life gets the
    /// same answer: its first one may have been lost.
    ///
    /// # Errors
    /// [`CentreError::ExpiredCode`] for an unknown, used or old code, [`CentreError::TooMany`],
    /// [`CentreError::BadRequest`], [`CentreError::Store`].
    pub fn enrol(&mut self, source: &str, request: &EnrolRequest) -> Result<EnrolReply> {
        let device: Id =
            hex::decode(&request.device).ok_or_else(|| CentreError::BadRequest("device".into()))?;
        let key = hex::decode::<32>(&request.public_key)
            .ok_or_else(|| CentreError::BadRequest("public_key".into()))?;
        let guard = format!("enrol/{}", source.chars().take(64).collect::<String>());
        let done = self.transact(|work| {
            work.refuse_locked(&guard).map_err(too_many)?;
            let hash = secret_hash(&request.secret);
            let Some(code) =
                store::enrolment(work.conn, &hash)?.filter(|code| code.expires_at > work.now_ms())
            else {
                return work.count_failure(&guard, LOCK_AFTER_FAILURES).map(Err);
            };
            work.enrol(device, &key, &hash, &code, &request.name)
        })?;
        done.map_err(|error| match error {
            CentreError::WrongPassword => CentreError::ExpiredCode,
            other => too_many(other),
        })
    }
}

fn too_many(error: CentreError) -> CentreError {
    match error {
        CentreError::Locked { retry_after_seconds } => CentreError::TooMany { retry_after_seconds },
        other => other,
    }
}

impl Work<'_> {
    fn enrol(
        &mut self,
        device: Id,
        key: &[u8; 32],
        hash: &[u8; 32],
        code: &EnrolmentRow,
        name: &str,
    ) -> Result<std::result::Result<EnrolReply, CentreError>> {
        match &code.used {
            Some((by, with)) if *by == device && with == key => return Ok(Ok(self.enrolled(code))),
            Some(_) => return Ok(Err(CentreError::ExpiredCode)),
            None => {}
        }
        if self.device(device)?.is_some() {
            return Err(CentreError::BadRequest("this device id is enrolled already".into()));
        }
        let name = if code.name.is_empty() { name } else { &code.name };
        let payload = serde_json::json!({
            "name": name.chars().take(NAME_CHARS_MAX).collect::<String>(),
            "public_key": hex::encode(key),
            "logs": code.logs,
            "sealed": code.classes,
        });
        self.act_on_site("device", &hex::encode(&device), "device.enrolled", payload)?;
        store::use_enrolment(self.conn, hash, device, key)?;
        Ok(Ok(self.enrolled(code)))
    }

    fn enrolled(&self, code: &EnrolmentRow) -> EnrolReply {
        EnrolReply {
            server_id: hex::encode(&self.meta.server_id),
            centre_key: hex::encode(&self.meta.public_key),
            site: self.meta.site.clone(),
            logs: code.logs.clone(),
            recovery: self.meta.recovery.clone(),
            incarnation: 1,
        }
    }
}

/// The logs a device holds: those asked for, the site's, and the common log of each contract.
pub(super) fn with_implied(logs: &[String]) -> Result<Vec<String>> {
    use zaigang_domain::event::LogKind;
    let bad = |log: &str| CentreError::BadRequest(format!("no such log: {log}"));
    let mut all = std::collections::BTreeSet::from([LogName::site().as_str().to_owned()]);
    for text in logs {
        let log = LogName::new(text.as_str()).map_err(|_| bad(text))?;
        if let LogKind::Common { contract }
        | LogKind::Division { contract, .. }
        | LogKind::Store { contract, .. } = log.kind()
        {
            all.insert(LogName::common(contract).map_err(|_| bad(text))?.as_str().to_owned());
        }
        all.insert(text.clone());
    }
    Ok(all.into_iter().collect())
}
