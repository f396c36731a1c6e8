//! The centre's own events: its own device id, its own key, its own chains.

use std::collections::BTreeMap;

use zaigang_domain::event::{EntityId, EventId, LogName, Verdict};
use zaigang_domain::judge::{Evidence, Incoming, effective, judge};
use zaigang_domain::order::Draft;
use zaigang_domain::people::Actor;
use zaigang_sync::envelope::{
    CENTRE_EVENT_BYTES_MAX, Content, ENVELOPE_VERSION, Group, Id, Place, SealedPart, SealedRef,
    encode_content, seal,
};
use zaigang_sync::hex;
use zaigang_sync::keys::{SentClocks, attest};
use zaigang_sync::page::Attestation;

use super::Centre;
use super::judging::Verdicts;
use super::project::CLASS_PERSONAL;
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
        let payload = serde_json::to_string(&act.payload)?;
        let content = self.own_content(act.log, act.entity, act.kind, payload);
        self.commit_own(&content, act.log, act.entity, &[], &Actor::centre())
    }

    /// Commits what was decided for another program on one entity: one group, all or nothing.
    ///
    /// # Errors
    /// [`CentreError::Refused`] when the rules do not accept it; nothing is committed then.
    pub(super) fn act_for(
        &mut self,
        actor: &Actor,
        log: &LogName,
        entity: &EntityId,
        drafts: &[Draft],
    ) -> Result<Vec<EventId>> {
        let ids: Vec<EventId> = drafts.iter().map(|_| EventId(self.new_id())).collect();
        let group = self.new_id();
        let members = u16::try_from(drafts.len()).unwrap_or(u16::MAX);
        for ((draft, id), i) in drafts.iter().zip(&ids).zip(0..) {
            let parts = self.parts(draft);
            let deps = draft.deps.iter().chain(draft.after.iter().filter_map(|at| ids.get(*at)));
            let content = Content {
                id: id.0.into(),
                expect: draft.expect.clone().into_iter().collect(),
                deps: deps.map(|dep| dep.0.into()).collect(),
                group: (members > 1).then(|| Group { id: group.into(), i, n: members }),
                tv: draft.tv,
                claimed_at: draft.claimed_at.as_millisecond(),
                sealed: references(draft, &parts),
                ..self.own_content(log, entity, draft.kind, draft.payload.clone())
            };
            self.commit_own(&content, log, entity, &parts, actor)?;
        }
        Ok(ids)
    }

    /// The sealed parts of a draft, each under a salt of its own.
    fn parts(&self, draft: &Draft) -> Vec<SealedPart> {
        let part = |(index, sealed): (u8, &zaigang_domain::order::SealedPart)| SealedPart {
            index,
            salt: self.random::<16>().into(),
            part: sealed.json.clone(),
        };
        (0..).zip(&draft.sealed).map(part).collect()
    }

    fn commit_own(
        &mut self,
        content: &Content,
        log_name: &LogName,
        entity: &EntityId,
        parts: &[SealedPart],
        actor: &Actor,
    ) -> Result<()> {
        let encoded = encode_content(content);
        let log = self.log_or_new(&content.log)?;
        let (device, incarnation) = (self.meta.device, self.meta.incarnation);
        let head = self.chain(device, incarnation, log.n)?;
        let place = Place { device, incarnation, device_seq: head.device_seq + 1, prev: head.event_hash };
        let sealed = seal(&place, &content.log, &encoded, None, CENTRE_EVENT_BYTES_MAX)
            .map_err(|error| CentreError::Refused(error.to_string()))?;
        let made = self.judge_own(content, log_name, entity, actor)?;
        let ready = Ready { place, event_hash: sealed.event_hash, content, envelope: &sealed.bytes, parts };
        let placed = self.append(&ready, &made)?;
        let sent = SentClocks { wall_at: content.wall_at, boot_id: content.boot_id, uptime_ms: 0 };
        let signature = attest(self.key, sealed.event_hash, &sent).into();
        store::insert_attestation(self.conn, log.n, &Attestation { seq: placed.seq, sent, signature })
    }

    fn own_content(&self, log: &LogName, entity: &EntityId, kind: &str, payload: String) -> Content {
        let now = self.now_ms();
        Content {
            v: ENVELOPE_VERSION,
            id: self.new_id().into(),
            log: log.as_str().to_owned(),
            user: None,
            session: None,
            entity: entity.as_str().to_owned(),
            base_seq: self.log(log.as_str()).map_or(0, |row| row.seq),
            expect: Vec::new(),
            deps: Vec::new(),
            group: None,
            joint: None,
            kind: kind.to_owned(),
            tv: 1,
            claimed_at: now,
            wall_at: now,
            boot_id: [0; 16].into(),
            uptime_ms: 0,
            last_centre_time: now,
            payload,
            sealed: Vec::new(),
        }
    }

    /// A UUIDv7 from the host's clock and randomness.
    pub(super) fn new_id(&self) -> Id {
        let ms = u64::try_from(self.now_ms()).unwrap_or(0);
        *uuid::Builder::from_unix_timestamp_millis(ms, &self.random::<10>()).as_uuid().as_bytes()
    }

    fn judge_own(
        &mut self,
        content: &Content,
        log_name: &LogName,
        entity: &EntityId,
        actor: &Actor,
    ) -> Result<Made> {
        let now = self.now;
        let log = self.log_or_new(log_name.as_str())?;
        let deps = self.dep_verdicts(content, &log, &Verdicts::new())?;
        let expect: BTreeMap<String, String> = content.expect.iter().cloned().collect();
        let incoming = Incoming {
            id: EventId(*content.id),
            kind: &content.kind,
            tv: content.tv,
            log: log_name,
            entity,
            expect: &expect,
            payload: &content.payload,
            consent_signed: false,
        };
        let held = self.held(log.n, entity.as_str())?;
        let judgement = judge(held.state.as_ref(), &incoming, actor, &deps);
        if judgement.verdict != Verdict::Accepted {
            let why = judgement.reason.map_or("规则不允许。", |reason| reason.sentence());
            return Err(CentreError::Refused(why.to_owned()));
        }
        let previous = (held.effective_at != 0).then(|| instant(held.effective_at));
        let evidence = Evidence { same_boot: Some(now), last_centre_time: Some(now) };
        let (effective_at, trust) = effective(instant(content.claimed_at), now, evidence, previous, now);
        Ok(Made { judgement, effective_at: instant(effective_at.as_millisecond()), trust })
    }
}

fn references(draft: &Draft, parts: &[SealedPart]) -> Vec<SealedRef> {
    let reference = |(sealed, part): (&zaigang_domain::order::SealedPart, &SealedPart)| SealedRef {
        name: sealed.name.to_owned(),
        class: CLASS_PERSONAL.to_owned(),
        digest: part.digest().0.into(),
    };
    draft.sealed.iter().zip(parts).map(reference).collect()
}
