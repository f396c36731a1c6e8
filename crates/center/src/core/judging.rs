//! Judging one event: gathers what the rules ask for and asks them.

use std::collections::{BTreeMap, HashMap};

use zaigang_domain::attendance::follows_its_entity;
use zaigang_domain::event::{DeviceId, EntityId, EventId, LogName, Reason, UserId, Verdict, event_type};
use zaigang_domain::judge::{
    Beside, DepVerdict, EntityState, Evidence, Incoming, Judgement, Wanted, effective, judge_beside, wanted,
};
use zaigang_domain::people::{Actor, SessionState};
use zaigang_sync::envelope::{Content, Id};
use zaigang_sync::hex;
use zaigang_sync::keys::{SentClocks, SessionClaim, verify_consent};
use zaigang_sync::page::Checked;

use super::work::{Made, SITE, Work, instant, verdict_of_byte};
use crate::error::Result;
use crate::store::{self, LogRow};

/// Verdicts given in this transaction, or tried for a group.
pub(super) type Verdicts = HashMap<Id, Verdict>;

/// The names in an event, where they have the shape they must have.
pub(super) struct Names {
    pub(super) log: LogName,
    pub(super) entity: EntityId,
    user: Option<UserId>,
    device: DeviceId,
}

impl Names {
    pub(super) fn of(content: &Content, device: Id) -> Option<Self> {
        let user = content.user.as_deref().map(UserId::new).transpose().ok()?;
        Some(Self {
            log: LogName::new(content.log.as_str()).ok()?,
            entity: EntityId::new(content.entity.as_str()).ok()?,
            user,
            device: DeviceId::new(hex::encode(&device)).ok()?,
        })
    }
}

impl Work<'_> {
    /// Judges an event of a device against the state as it stands in this transaction.
    pub(super) fn judge(
        &mut self,
        event: &Checked,
        log: &LogRow,
        sent: SentClocks,
        given: &Verdicts,
    ) -> Result<Made> {
        let content = &event.content;
        let Some(names) = Names::of(content, event.place.device) else {
            return self.timed(Judgement::rejected(Reason::Malformed, None), content, log, sent);
        };
        let judgement = match self.actor(event, &names)? {
            // Only the centre itself may act without a user.
            None => Judgement::parked(Reason::NoRight),
            Some(actor) => self.ask(event, &names, log, &actor, given)?,
        };
        self.timed(judgement, content, log, sent)
    }

    fn ask(
        &mut self,
        event: &Checked,
        names: &Names,
        log: &LogRow,
        actor: &Actor,
        given: &Verdicts,
    ) -> Result<Judgement> {
        let content = &event.content;
        if content.kind == "session.opened" && !self.session_signed(event, names)? {
            return Ok(Judgement::rejected(Reason::NoConsent, None));
        }
        if content.kind == "session.closed" && !self.closed_where_opened(names)? {
            return Ok(Judgement::parked(Reason::NoRight));
        }
        let deps = self.dep_verdicts(content, log, given)?;
        let consent_signed = self.consent_signed(event)?;
        let expect: BTreeMap<String, String> = content.expect.iter().cloned().collect();
        let incoming = Incoming {
            id: EventId(*content.id),
            kind: &content.kind,
            tv: content.tv,
            log: &names.log,
            entity: &names.entity,
            expect: &expect,
            payload: &content.payload,
            consent_signed,
        };
        let asked = wanted(self.held(log.n, names.entity.as_str())?.state.as_ref(), &incoming);
        let beside = self.beside(log.n, asked)?;
        let held = self.held(log.n, names.entity.as_str())?;
        Ok(judge_beside(held.state.as_ref(), &incoming, actor, &deps, &beside))
    }

    /// What the rules of an event ask for beside its entity, as it stands in this transaction.
    fn beside(&mut self, log: i64, asked: Vec<Wanted>) -> Result<Beside> {
        let mut beside = Beside::default();
        for wanted in asked {
            match wanted {
                Wanted::User(user) => {
                    let name = EntityId::user(&user);
                    if let Some(state) = self.site_state(name.as_str())?.cloned() {
                        beside.entities.insert(name, state);
                    }
                }
                Wanted::Entity(name) => self.stand_beside(log, name, &mut beside)?,
                Wanted::All(kind) => {
                    for name in self.names_of(log, kind)? {
                        self.stand_beside(log, name, &mut beside)?;
                    }
                }
            }
        }
        Ok(beside)
    }

    fn stand_beside(&mut self, log: i64, name: EntityId, beside: &mut Beside) -> Result<()> {
        if let Some(state) = self.held(log, name.as_str())?.state.clone() {
            beside.entities.insert(name, state);
        }
        Ok(())
    }

    /// Who acts; `None` for an event without a user.
    fn actor(&mut self, event: &Checked, names: &Names) -> Result<Option<Actor>> {
        let Some(user) = &names.user else { return Ok(None) };
        let device_active = self.device(event.place.device)?.is_some_and(|device| !device.revoked);
        let session_open = self.session_covers(event, names, user)?;
        let state = self.site_state(EntityId::user(user).as_str())?;
        let actor = match state {
            Some(EntityState::User(state)) => {
                Actor { device_active, ..Actor::of(user.clone(), state, None, session_open) }
            }
            // As far as anyone knows here nobody logged in: parked until the user is known.
            _ => Actor { device_active, enabled: true, ..Actor::unknown(user.clone()) },
        };
        Ok(Some(actor))
    }

    /// Whether the event was written while the session it names was open. A session closed since
    /// still covers what its device had written before, told by places in the device's chains:
    /// events of other logs may arrive after the closing did.
    fn session_covers(&mut self, event: &Checked, names: &Names, user: &UserId) -> Result<bool> {
        let Some(session) = event.content.session else { return Ok(false) };
        let entity = format!("session/{}", hex::encode(&session[..]));
        let Some(EntityState::Session(state)) = self.site_state(&entity)? else { return Ok(false) };
        if &state.user != user || state.device != names.device {
            return Ok(false);
        }
        let Some(end) = &state.closed else { return Ok(true) };
        let (place, hash) = (event.place, event.event_hash.to_hex());
        Ok(end.covers(&names.log, place.incarnation, place.device_seq, &hash))
    }

    /// Whether a `session.closed` comes from the device the session is on: its places are of that
    /// device's chains. A session nobody knows is the judge's to park.
    fn closed_where_opened(&mut self, names: &Names) -> Result<bool> {
        let state = self.site_state(names.entity.as_str())?;
        Ok(!matches!(state, Some(EntityState::Session(state)) if state.device != names.device))
    }

    /// Whether a `session.opened` carries the signature of a key certified for its user here.
    fn session_signed(&mut self, event: &Checked, names: &Names) -> Result<bool> {
        // What cannot be read is the judge's to reject.
        let Ok(state) = serde_json::from_str::<SessionState>(&event.content.payload) else { return Ok(true) };
        let id = names.entity.as_str().strip_prefix("session/").and_then(hex::decode);
        let (Some(session), Some(signature)) = (id, hex::decode::<64>(&state.sig)) else { return Ok(false) };
        if state.device != names.device {
            return Ok(false);
        }
        let claim = SessionClaim {
            session,
            user: state.user.as_str(),
            device: event.place.device,
            from: state.from.as_millisecond(),
            until: state.until.as_millisecond(),
        };
        let keys = self.user_keys(state.user.as_str(), event.place.device)?;
        Ok(keys.iter().any(|key| claim.verify(key, &signature)))
    }

    /// Whether an act of consent carries the user's own signature; not looked at for other types.
    fn consent_signed(&mut self, event: &Checked) -> Result<bool> {
        let wanted = event_type(&event.content.kind).is_some_and(|row| row.consent);
        let (true, Some(user), Some(signature)) = (wanted, &event.content.user, event.user_signature) else {
            return Ok(false);
        };
        let keys = self.user_keys(user, event.place.device)?;
        Ok(keys.iter().any(|key| verify_consent(key, event.content_hash, &signature)))
    }

    /// The verdict on an event of this log, or of the site log: an order can be bound to settings that wait
    /// there, and consoles push that log first.
    fn dep_verdict(&self, dep: Id, log: &LogRow) -> Result<Option<Verdict>> {
        let mut found = store::verdict_of(self.conn, log.n, dep)?;
        if let (None, Some(site)) = (found, self.log(SITE)) {
            found = store::verdict_of(self.conn, site.n, dep)?;
        }
        Ok(found.and_then(verdict_of_byte))
    }

    pub(super) fn dep_verdicts(
        &self,
        content: &Content,
        log: &LogRow,
        given: &Verdicts,
    ) -> Result<Vec<DepVerdict>> {
        let mut deps = Vec::with_capacity(content.deps.len());
        for dep in &content.deps {
            let verdict = match given.get(&**dep) {
                Some(verdict) => Some(*verdict),
                None => self.dep_verdict(**dep, log)?,
            };
            deps.push(DepVerdict { id: EventId(**dep), verdict });
        }
        Ok(deps)
    }

    pub(super) fn timed(
        &mut self,
        judgement: Judgement,
        content: &Content,
        log: &LogRow,
        sent: SentClocks,
    ) -> Result<Made> {
        let same_boot = sent.boot_id == content.boot_id
            && *sent.boot_id != [0; 16]
            && content.uptime_ms <= sent.uptime_ms;
        let age = i64::try_from(sent.uptime_ms.saturating_sub(content.uptime_ms)).unwrap_or(i64::MAX);
        let evidence = Evidence {
            same_boot: same_boot.then(|| instant(self.now_ms().saturating_sub(age))),
            last_centre_time: (content.last_centre_time > 0).then(|| instant(content.last_centre_time)),
        };
        let previous = match self.held(log.n, &content.entity)?.effective_at {
            _ if !follows_its_entity(&content.kind) => None,
            0 => None,
            at => Some(instant(at)),
        };
        let (at, trust) =
            effective(instant(content.claimed_at), instant(content.wall_at), evidence, previous, self.now);
        // Commit records keep milliseconds: what is folded now must be what is read back later.
        Ok(Made { judgement, effective_at: instant(at.as_millisecond()), trust })
    }
}
