//! Own events: from drafts to pending rows, folded into what is shown, in one transaction.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use rusqlite::{OptionalExtension as _, Transaction, params};
use zaigang_domain::event::{EntityId, EventId, LogName, UserId, event_type};
use zaigang_domain::order;
use zaigang_sync::chain::ChainHead;
use zaigang_sync::envelope::{
    Content, DEVICE_EVENT_BYTES_MAX, ENVELOPE_VERSION, Group, Id, Place, Sealed, SealedPart, SealedRef,
    content_hash, encode_content, seal,
};
use zaigang_sync::keys::sign_consent;

use super::apply::write_part;
use super::entities::Entities;
use super::error::{Result, StoreError};
use super::logs::{self, LogRow};
use super::meta::Identity;
use super::{ClockProjector, Store, Topics, files, meta, orders};
use crate::host::{Evidence, Host, new_id, random_id};

/// Who writes: a user under a session, with his own key for acts of consent.
#[derive(Clone, Copy)]
pub struct Author<'a> {
    /// The user.
    pub user: &'a UserId,
    /// The session.
    pub session: Id,
    /// The user's key on this device.
    pub key: &'a SigningKey,
}

/// A part that travels sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedDraft {
    /// Its name, such as `reporter`.
    pub name: String,
    /// Who may see it: `personal` or `restricted`.
    pub class: String,
    /// Its content, JSON.
    pub json: String,
}

/// An event to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Type name.
    pub kind: String,
    /// Payload version.
    pub tv: u16,
    /// Payload, JSON.
    pub payload: String,
    /// What a claim relies on.
    pub expect: BTreeMap<String, String>,
    /// Own pending events it stands on; those that are committed meanwhile are left out.
    pub deps: Vec<EventId>,
    /// Earlier drafts of the same call it stands on, by position.
    pub after: Vec<usize>,
    /// Must be signed by the user's own key.
    pub consent: bool,
    /// When it happened by the person's account, Unix milliseconds.
    pub claimed_at: i64,
    /// Parts that travel sealed.
    pub sealed: Vec<SealedDraft>,
}

impl Draft {
    /// A fact without particulars.
    #[must_use]
    pub fn fact(kind: &str, payload: String, claimed_at: i64) -> Self {
        Self {
            kind: kind.to_owned(),
            tv: event_type(kind).map_or(1, |row| row.tv),
            payload,
            expect: BTreeMap::new(),
            deps: Vec::new(),
            after: Vec::new(),
            consent: event_type(kind).is_some_and(|row| row.consent),
            claimed_at,
            sealed: Vec::new(),
        }
    }
}

impl From<order::Draft> for Draft {
    fn from(draft: order::Draft) -> Self {
        let personal = |part: order::SealedPart| SealedDraft {
            name: part.name.to_owned(),
            class: "personal".to_owned(),
            json: part.json,
        };
        Self {
            kind: draft.kind.to_owned(),
            tv: draft.tv,
            payload: draft.payload,
            expect: draft.expect,
            deps: draft.deps,
            after: draft.after,
            consent: draft.consent,
            claimed_at: draft.claimed_at.as_millisecond(),
            sealed: draft.sealed.into_iter().map(personal).collect(),
        }
    }
}

/// What a write did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The events, in the order of the drafts.
    pub ids: Vec<EventId>,
    /// Kinds of data made stale.
    pub changed: Topics,
    /// The same key was used before: nothing was written, `ids` are those of that time.
    pub repeated: bool,
}

/// What all events of one call share.
struct Context<'a> {
    log: LogRow,
    identity: Identity,
    evidence: Evidence,
    last_centre_time: i64,
    entity: &'a EntityId,
    author: Option<Author<'a>>,
    group: Option<Id>,
    /// Shared by the acts of one call.
    joint: Option<Id>,
    /// Events of earlier acts that this one stands on.
    stands_on: Vec<EventId>,
    drafts: usize,
}

/// Own events about one entity: one group, all or nothing.
#[derive(Debug, Clone)]
pub struct Act {
    /// Where they belong.
    pub log: LogName,
    /// What they are about.
    pub entity: EntityId,
    /// The events.
    pub drafts: Vec<Draft>,
    /// An earlier act of the same call, by position, without which this one means nothing: if it is
    /// rejected, so is this.
    pub stands_on: Option<usize>,
}

impl Store {
    /// Writes own events about one entity as one group: all or nothing, here and at the centre. With
    /// `key`, a call repeated with the same key writes nothing and answers what the first one did.
    ///
    /// # Errors
    /// [`StoreError::Stopped`] when the log is stopped, [`StoreError::NoSuchLog`],
    /// [`StoreError::Envelope`] when an event is too large, [`StoreError::Sqlite`]. Nothing is written then.
    pub fn append(
        &mut self,
        host: &dyn Host,
        log: &LogName,
        entity: &EntityId,
        drafts: Vec<Draft>,
        author: Option<Author<'_>>,
        key: Option<&str>,
    ) -> Result<Written> {
        let act = Act { log: log.clone(), entity: entity.clone(), drafts, stands_on: None };
        self.append_acts(host, &[act], author, key)
    }

    /// Writes several acts in one transaction; where there are more than one they are joined. Otherwise as
    /// [`Store::append`].
    ///
    /// # Errors
    /// As [`Store::append`]. Nothing is written then.
    pub fn append_acts(
        &mut self,
        host: &dyn Host,
        acts: &[Act],
        author: Option<Author<'_>>,
        key: Option<&str>,
    ) -> Result<Written> {
        let clocks = std::sync::Arc::clone(&self.clocks);
        let identity = self.identity.clone().ok_or(StoreError::NotEnrolled)?;
        let tx = self.begin()?;
        if let Some(written) = key.map(|key| repeated(&tx, key)).transpose()?.flatten() {
            return Ok(written);
        }
        let joint = (acts.len() > 1).then(|| new_id(host));
        let evidence = host.evidence();
        let (mut by_act, mut changed) = (Vec::new(), Topics::from(["sync".to_owned()]));
        // Folded and projected once for all acts that follow each other in a log.
        let mut touched: Option<(i64, Entities<'_>)> = None;
        for act in acts {
            let log = writable_log(&tx, act.log.as_str())?;
            if let Some((_, entities)) = touched.take_if(|(n, _)| *n != log.n) {
                save(&tx, entities, clocks.as_ref(), &mut changed)?;
            }
            let context = Context {
                log,
                identity: identity.clone(),
                evidence,
                last_centre_time: meta::get_i64(&tx, "last_centre_time")?.unwrap_or(0),
                entity: &act.entity,
                author,
                group: (act.drafts.len() > 1).then(|| new_id(host)),
                joint,
                stands_on: act.stands_on.and_then(|at| by_act.get(at).cloned()).unwrap_or_default(),
                drafts: act.drafts.len(),
            };
            let (_, entities) = match &mut touched {
                Some(touched) => touched,
                none => none.insert((context.log.n, Entities::new(&tx, context.log.n)?)),
            };
            let n = entities.get(act.entity.as_str())?.n;
            by_act.push(write_all(&tx, &context, host, &act.drafts, n)?);
        }
        if let Some((_, entities)) = touched {
            save(&tx, entities, clocks.as_ref(), &mut changed)?;
        }
        let ids = by_act.concat();
        if let Some(key) = key {
            remember(&tx, key, &ids, evidence.wall_at)?;
        }
        tx.commit()?;
        Ok(Written { ids, changed, repeated: false })
    }
}

fn save(
    tx: &Transaction<'_>,
    mut entities: Entities<'_>,
    clocks: &dyn ClockProjector,
    changed: &mut Topics,
) -> Result<()> {
    let saved = entities.save(clocks, changed)?;
    for hash in &saved.published {
        orders::reproject(tx, clocks, Some(hash))?;
    }
    Ok(())
}

fn writable_log(tx: &Transaction<'_>, name: &str) -> Result<LogRow> {
    let log = logs::find(tx, name)?;
    match log.stopped {
        Some(reason) => Err(StoreError::Stopped { log: log.name, reason }),
        None => Ok(log),
    }
}

fn write_all(
    tx: &Transaction<'_>,
    context: &Context<'_>,
    host: &dyn Host,
    drafts: &[Draft],
    entity: i64,
) -> Result<Vec<EventId>> {
    let incarnation = context.identity.incarnation;
    let mut head = logs::own_head(tx, context.log.n, incarnation)?;
    let mut ids: Vec<EventId> = Vec::with_capacity(drafts.len());
    for (i, draft) in drafts.iter().enumerate() {
        let id = EventId(new_id(host));
        let parts = seal_parts(host, draft);
        let content = content(tx, context, draft, id, i, &ids, &parts)?;
        let place = Place {
            device: context.identity.device,
            incarnation,
            device_seq: head.device_seq + 1,
            prev: head.event_hash,
        };
        let sealed = sign_and_seal(context, draft, &place, &content)?;
        head = ChainHead { device_seq: place.device_seq, event_hash: sealed.event_hash };
        write_pending(tx, context, draft, id, &sealed, &place, entity)?;
        for part in &parts {
            write_part(tx, &id.0, part.index, part.salt.as_slice(), &part.part)?;
        }
        ids.push(id);
    }
    logs::set_own_head(tx, context.log.n, incarnation, head)?;
    Ok(ids)
}

fn seal_parts(host: &dyn Host, draft: &Draft) -> Vec<SealedPart> {
    let seal = |(index, part): (u8, &SealedDraft)| SealedPart {
        index,
        salt: random_id(host).into(),
        part: part.json.clone(),
    };
    (0_u8..).zip(&draft.sealed).map(seal).collect()
}

fn content(
    tx: &Transaction<'_>,
    context: &Context<'_>,
    draft: &Draft,
    id: EventId,
    i: usize,
    ids: &[EventId],
    parts: &[SealedPart],
) -> Result<Content> {
    let references = draft.sealed.iter().zip(parts).map(|(sealed, part)| SealedRef {
        name: sealed.name.clone(),
        class: sealed.class.clone(),
        digest: part.digest().0.into(),
    });
    let mut deps: Vec<Id> = Vec::new();
    for dep in draft.deps.iter().chain(&context.stands_on) {
        if is_pending(tx, *dep)? {
            deps.push(dep.0);
        }
    }
    deps.extend(draft.after.iter().filter_map(|at| ids.get(*at)).map(|id| id.0));
    let group = context.group.map(|id| Group {
        id: id.into(),
        i: u16::try_from(i).unwrap_or(u16::MAX),
        n: u16::try_from(context.drafts).unwrap_or(u16::MAX),
    });
    Ok(Content {
        v: ENVELOPE_VERSION,
        id: id.0.into(),
        log: context.log.name.clone(),
        user: context.author.map(|author| author.user.to_string()),
        session: context.author.map(|author| author.session.into()),
        entity: context.entity.to_string(),
        base_seq: context.log.folded_to,
        expect: draft.expect.clone().into_iter().collect(),
        deps: deps.into_iter().map(Into::into).collect(),
        group,
        joint: context.joint.map(Into::into),
        kind: draft.kind.clone(),
        tv: draft.tv,
        claimed_at: draft.claimed_at,
        wall_at: context.evidence.wall_at,
        boot_id: context.evidence.boot_id.into(),
        uptime_ms: context.evidence.uptime_ms,
        last_centre_time: context.last_centre_time,
        payload: draft.payload.clone(),
        sealed: references.collect(),
    })
}

fn is_pending(tx: &Transaction<'_>, id: EventId) -> Result<bool> {
    Ok(tx
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM pending WHERE id = ?1)")?
        .query_row([id.0], |row| row.get(0))?)
}

fn sign_and_seal(context: &Context<'_>, draft: &Draft, place: &Place, content: &Content) -> Result<Sealed> {
    let bytes = encode_content(content);
    let signer = context.author.filter(|_| draft.consent);
    let signature = signer.map(|author| sign_consent(author.key, content_hash(&bytes)));
    Ok(seal(place, &context.log.name, &bytes, signature, DEVICE_EVENT_BYTES_MAX)?)
}

fn write_pending(
    tx: &Transaction<'_>,
    context: &Context<'_>,
    draft: &Draft,
    id: EventId,
    sealed: &Sealed,
    place: &Place,
    entity: i64,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO pending
            (id, log, entity, kind, incarnation, device_seq, event_hash, envelope, claimed_at, wall_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        id.0,
        context.log.n,
        entity,
        draft.kind,
        place.incarnation,
        place.device_seq,
        sealed.event_hash.0,
        sealed.bytes,
        draft.claimed_at,
        context.evidence.wall_at,
    ])?;
    if draft.kind == "order.filed" {
        files::note(tx, context.log.n, entity, &id.0, &draft.payload, None)?;
    }
    Ok(())
}

fn repeated(tx: &Transaction<'_>, key: &str) -> Result<Option<Written>> {
    let ids: Option<String> = tx
        .prepare_cached("SELECT ids FROM idempotency WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    ids.map(|ids| Ok(Written { ids: serde_json::from_str(&ids)?, changed: Topics::new(), repeated: true }))
        .transpose()
}

/// Keeps what a key stood for; keys older than a week are dropped, for no screen stays open longer.
fn remember(tx: &Transaction<'_>, key: &str, ids: &[EventId], at: i64) -> Result<()> {
    const WEEK_MS: i64 = 7 * 24 * 3_600_000;
    tx.prepare_cached("DELETE FROM idempotency WHERE at < ?1")?.execute([at.saturating_sub(WEEK_MS)])?;
    tx.prepare_cached("INSERT INTO idempotency (key, ids, at) VALUES (?1, ?2, ?3)")?.execute(params![
        key,
        serde_json::to_string(ids)?,
        at
    ])?;
    Ok(())
}
