//! The centre's own events: its own device id, its own key, its own chains.

use zaigang_domain::event::{EntityId, EventId, LogName, Verdict};
use zaigang_domain::judge::{Evidence, Incoming, effective, judge};
use zaigang_domain::people::Actor;
use zaigang_sync::envelope::{
    CENTRE_EVENT_BYTES_MAX, Content, ENVELOPE_VERSION, Id, Place, encode_content, seal,
};
use zaigang_sync::hex;
use zaigang_sync::keys::{SentClocks, attest};
use zaigang_sync::page::Attestation;

use super::Centre;
use super::work::{Made, Ready, Work, instant};
use crate::error::{CentreError, Result};
use crate::store;

/// Name of the centre among the devices.
const CENTRE_NAME: &str = "中心端";

/// An act of the centre.
pub(super) struct Act<'a> {
    pub(super) log: &'a LogName,
    pub(super) entity: &'a EntityId,
    pub(super) kind: &'a str,
    pub(super) payload: serde_json::Value,
}

impl Centre {
    /// The first event of the site: who the centre is among the devices, so that a reader finds the key of
    /// every chain in one place.
    pub(super) fn enrol_itself(&mut self) -> Result<()> {
        let (device, key) = (self.meta.device, self.meta.public_key);
        self.transact(|work| {
            let payload = serde_json::json!({
                "name": CENTRE_NAME, "public_key": hex::encode(&key), "logs": [], "sealed": [],
            });
            work.act_on_site("device", &hex::encode(&device), "device.enrolled", payload)
        })
    }
}

impl Work<'_> {
    /// Commits an act of the centre on an entity of the site log.
    pub(super) fn act_on_site(
        &mut self,
        noun: &str,
        id: &str,
        kind: &str,
        payload: serde_json::Value,
    ) -> Result<()> {
        let entity =
            EntityId::new(format!("{noun}/{id}")).map_err(|error| CentreError::Refused(error.to_string()))?;
        self.act(&Act { log: &LogName::site(), entity: &entity, kind, payload })
    }

    /// Commits an act of the centre.
    ///
    /// # Errors
    /// [`CentreError::Refused`] when the rules do not accept it; nothing is committed then.
    pub(super) fn act(&mut self, act: &Act<'_>) -> Result<()> {
        let content = self.own_content(act)?;
        let encoded = encode_content(&content);
        let log = self.log_or_new(&content.log)?;
        let (device, incarnation) = (self.meta.device, self.meta.incarnation);
        let head = self.chain(device, incarnation, log.n)?;
        let place = Place { device, incarnation, device_seq: head.device_seq + 1, prev: head.event_hash };
        let sealed = seal(&place, &content.log, &encoded, None, CENTRE_EVENT_BYTES_MAX)
            .map_err(|error| CentreError::Refused(error.to_string()))?;
        let made = self.judge_own(&content, act, log.n)?;
        let ready = Ready {
            place,
            event_hash: sealed.event_hash,
            content: &content,
            envelope: &sealed.bytes,
            parts: &[],
        };
        let placed = self.append(&ready, &made)?;
        let sent = SentClocks { wall_at: content.wall_at, boot_id: content.boot_id, uptime_ms: 0 };
        let signature = attest(self.key, sealed.event_hash, &sent).into();
        store::insert_attestation(self.conn, log.n, &Attestation { seq: placed.seq, sent, signature })
    }

    fn own_content(&self, act: &Act<'_>) -> Result<Content> {
        let now = self.now_ms();
        Ok(Content {
            v: ENVELOPE_VERSION,
            id: self.new_id().into(),
            log: act.log.as_str().to_owned(),
            user: None,
            session: None,
            entity: act.entity.as_str().to_owned(),
            base_seq: self.log(act.log.as_str()).map_or(0, |row| row.seq),
            expect: Vec::new(),
            deps: Vec::new(),
            group: None,
            joint: None,
            kind: act.kind.to_owned(),
            tv: 1,
            claimed_at: now,
            wall_at: now,
            boot_id: [0; 16].into(),
            uptime_ms: 0,
            last_centre_time: now,
            payload: serde_json::to_string(&act.payload)?,
            sealed: Vec::new(),
        })
    }

    /// A UUIDv7 from the host's clock and randomness.
    pub(super) fn new_id(&self) -> Id {
        let ms = u64::try_from(self.now_ms()).unwrap_or(0);
        *uuid::Builder::from_unix_timestamp_millis(ms, &self.random::<10>()).as_uuid().as_bytes()
    }

    fn judge_own(&mut self, content: &Content, act: &Act<'_>, log: i64) -> Result<Made> {
        let now = self.now;
        let expect = std::collections::BTreeMap::new();
        let incoming = Incoming {
            id: EventId(*content.id),
            kind: act.kind,
            tv: content.tv,
            log: act.log,
            entity: act.entity,
            expect: &expect,
            payload: &content.payload,
            consent_signed: false,
        };
        let held = self.held(log, act.entity.as_str())?;
        let judgement = judge(held.state.as_ref(), &incoming, &Actor::centre(), &[]);
        if judgement.verdict != Verdict::Accepted {
            let why = judgement.reason.map_or("规则不允许。", |reason| reason.sentence());
            return Err(CentreError::Refused(why.to_owned()));
        }
        let previous = (held.effective_at != 0).then(|| instant(held.effective_at));
        let evidence = Evidence { same_boot: Some(now), last_centre_time: Some(now) };
        let (effective_at, trust) = effective(now, now, evidence, previous, now);
        Ok(Made { judgement, effective_at: instant(effective_at.as_millisecond()), trust })
    }
}
