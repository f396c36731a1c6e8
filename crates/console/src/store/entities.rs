//! What events are about: folds, kept as one row per entity.
//!
//! Within one transaction each entity is read once, folded in memory and written once, with its
//! projection row ([`Entities`]). Shown state = fold(confirmed ++ pending), computed here and
//! nowhere else.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use zaigang_domain::event::{EntityId, EntityKind, EventId, Recorded, UserId, Verdict};
use zaigang_domain::judge::{EntityState, Trust, fold_entity};
use zaigang_domain::order::{Order, Status};
use zaigang_sync::commit::{Commit, VerdictCode};
use zaigang_sync::envelope::{Content, DEVICE_EVENT_BYTES_MAX, Envelope};

use super::clocks::ClockProjector;
use super::error::Result;
use super::read::trust;
use super::{Topics, asset, orders, site, stock};

/// An event as a fold takes it: its content borrowed, its commit record where it has one.
pub(crate) struct Foldable<'c> {
    content: &'c Content,
    user: Option<UserId>,
    seq: Option<u64>,
    effective_at: Timestamp,
    trust: Option<Trust>,
    verdict: Option<Verdict>,
    deps: Vec<EventId>,
}

/// An instant from Unix milliseconds; one outside jiff's range, which no honest clock gives, is the epoch.
pub(crate) fn instant(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}

pub(crate) fn verdict(code: VerdictCode) -> Verdict {
    match code {
        VerdictCode::Accepted => Verdict::Accepted,
        VerdictCode::Unreconciled => Verdict::Unreconciled,
        VerdictCode::Rejected => Verdict::Rejected,
        VerdictCode::Parked => Verdict::Parked,
    }
}

impl<'c> Foldable<'c> {
    /// From an event's content, with its commit record where it has one.
    pub(crate) fn new(content: &'c Content, commit: Option<&Commit>) -> Self {
        Self {
            content,
            user: content.user.as_deref().and_then(|user| UserId::new(user).ok()),
            seq: commit.map(|commit| commit.seq),
            effective_at: instant(commit.map_or(content.claimed_at, |commit| commit.effective_at)),
            trust: commit.map(|commit| trust(commit.trust)),
            verdict: commit.map(|commit| verdict(commit.verdict)),
            deps: content.deps.iter().map(|id| EventId(**id)).collect(),
        }
    }

    fn recorded<'a>(&'a self, entity: &'a EntityId) -> Recorded<'a> {
        Recorded {
            id: EventId(*self.content.id),
            kind: &self.content.kind,
            tv: self.content.tv,
            user: self.user.as_ref(),
            entity,
            seq: self.seq,
            effective_at: self.effective_at,
            claimed_at: instant(self.content.claimed_at),
            trust: self.trust,
            verdict: self.verdict,
            deps: &self.deps,
            payload: &self.content.payload,
        }
    }
}

/// One entity inside a transaction.
pub(crate) struct Cached {
    pub(crate) n: i64,
    name: String,
    /// Absent when the name does not have an entity's shape: such events are kept and never folded.
    id: Option<EntityId>,
    is_new: bool,
    confirmed: Option<EntityState>,
    /// The text indexed before, as a hash; absent where there was no order to index.
    indexed: Option<u64>,
    was_visible: bool,
}

impl Cached {
    /// Folds a committed event.
    pub(crate) fn fold(&mut self, event: &Foldable<'_>) {
        if let Some(id) = &self.id {
            self.confirmed = fold_entity(self.confirmed.take(), &event.recorded(id));
        }
    }

    fn is_hidden_now(&self, shown: Option<&EntityState>) -> bool {
        self.was_visible && !shown.is_some_and(is_visible)
    }
}

/// Whether lists show it: not merged away, not disabled.
fn is_visible(state: &EntityState) -> bool {
    match state {
        EntityState::Order(order) => order.status != Status::Merged,
        EntityState::User(user) => !user.disabled,
        _ => true,
    }
}

/// Hash of what stands in the indexes of an order, to index it only when that changed.
fn text_hash(order: &Order) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&order.number, &order.title, &order.detail, &order.reporter_unit).hash(&mut hasher);
    for known in &order.knowledge {
        (known.at, &known.symptom, &known.cause, &known.steps).hash(&mut hasher);
    }
    hasher.finish()
}

/// The entities of one log touched in one transaction.
pub(crate) struct Entities<'a> {
    conn: &'a Connection,
    log: i64,
    by_name: HashMap<String, usize>,
    list: Vec<Cached>,
    next_n: i64,
}

/// What writing the touched entities did.
pub(crate) struct Saved {
    /// Entities that were shown before and are not any more.
    pub(crate) hidden: usize,
    /// Versions of contracts and calendars that are new here.
    pub(crate) published: Vec<String>,
}

impl<'a> Entities<'a> {
    pub(crate) fn new(conn: &'a Connection, log: i64) -> Result<Self> {
        let next_n = conn
            .prepare_cached("SELECT coalesce(max(n), 0) + 1 FROM entity")?
            .query_row([], |row| row.get(0))?;
        Ok(Self { conn, log, by_name: HashMap::new(), list: Vec::new(), next_n })
    }

    /// The entity of that name, read from the store at first sight.
    pub(crate) fn get(&mut self, name: &str) -> Result<&mut Cached> {
        let at = match self.by_name.get(name) {
            Some(at) => *at,
            None => {
                let cached = self.load(name)?;
                self.list.push(cached);
                self.by_name.insert(name.to_owned(), self.list.len() - 1);
                self.list.len() - 1
            }
        };
        Ok(self.list.get_mut(at).expect("the index was just made"))
    }

    fn load(&mut self, name: &str) -> Result<Cached> {
        let row = self
            .conn
            .prepare_cached("SELECT n, confirmed, shown FROM entity WHERE name = ?1 AND log = ?2")?
            .query_row(params![name, self.log], |row| {
                let confirmed = parse(row.get_ref(1)?.as_str_or_null()?);
                let shown = parse(row.get_ref(2)?.as_str_or_null()?);
                Ok((row.get::<_, i64>(0)?, confirmed, shown))
            })
            .optional()?;
        let id = EntityId::new(name).ok();
        let Some((n, confirmed, shown)) = row else {
            let n = self.next_n;
            self.next_n += 1;
            return Ok(Cached {
                n,
                name: name.to_owned(),
                id,
                is_new: true,
                confirmed: None,
                indexed: None,
                was_visible: false,
            });
        };
        let (confirmed, shown) = (confirmed?, shown?);
        let before = shown.as_ref().or(confirmed.as_ref());
        let indexed = before.and_then(EntityState::order).map(text_hash);
        let was_visible = before.is_some_and(is_visible);
        Ok(Cached { n, name: name.to_owned(), id, is_new: false, confirmed, indexed, was_visible })
    }

    /// Writes every touched entity and its projection once.
    pub(crate) fn save(&mut self, clocks: &dyn ClockProjector, topics: &mut Topics) -> Result<Saved> {
        let mut saved = Saved { hidden: 0, published: Vec::new() };
        let any_pending = any_pending(self.conn)?;
        let mut moved = stock::Moved::default();
        for cached in &self.list {
            // Without anything pending the confirmed state is what is shown: no copy, no query.
            let overlaid = if any_pending { overlay(self.conn, cached)? } else { None };
            let shown = overlaid.as_ref().unwrap_or(&cached.confirmed).as_ref();
            self.write_row(cached, overlaid.as_ref().and_then(Option::as_ref))?;
            saved.hidden += usize::from(cached.is_hidden_now(shown));
            self.project(cached, shown, clocks, topics, &mut saved.published)?;
            if let Some(id) = cached.id.as_ref().filter(|id| is_of_stock(id.kind())) {
                topics.insert("stock".into());
                stock::write(self.conn, cached.n, self.log, id, shown, &mut moved)?;
            }
        }
        stock::refold(self.conn, self.log, &moved)?;
        Ok(saved)
    }

    fn write_row(&self, cached: &Cached, shown: Option<&EntityState>) -> Result<()> {
        let confirmed = cached.confirmed.as_ref().map(serde_json::to_string).transpose()?;
        let shown = shown.map(serde_json::to_string).transpose()?;
        if cached.is_new {
            self.conn
                .prepare_cached(
                    "INSERT INTO entity (n, log, name, confirmed, shown) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![cached.n, self.log, cached.name, confirmed, shown])?;
        } else {
            self.conn
                .prepare_cached("UPDATE entity SET confirmed = ?2, shown = ?3 WHERE n = ?1")?
                .execute(params![cached.n, confirmed, shown])?;
        }
        Ok(())
    }

    fn project(
        &self,
        cached: &Cached,
        shown: Option<&EntityState>,
        clocks: &dyn ClockProjector,
        topics: &mut Topics,
        published: &mut Vec<String>,
    ) -> Result<()> {
        let Some(id) = &cached.id else { return Ok(()) };
        match (id.kind(), shown) {
            (EntityKind::Order, shown) => {
                topics.insert("orders".into());
                topics.insert("counts".into());
                topics.insert(cached.name.replacen('/', ":", 1));
                let Some(order) = shown.and_then(EntityState::order) else {
                    return orders::remove(self.conn, cached.n);
                };
                orders::write(self.conn, cached.n, self.log, &cached.name, order, clocks)?;
                let hash = text_hash(order);
                if cached.indexed != Some(hash) {
                    orders::index(self.conn, cached.n, order, cached.indexed.is_some())?;
                }
                Ok(())
            }
            (EntityKind::Asset, shown) => {
                topics.insert("assets".into());
                asset::write(self.conn, cached.n, self.log, id, shown.and_then(EntityState::asset))
            }
            (_, Some(state)) => site::write(self.conn, id, state, topics, published),
            (_, None) => Ok(()),
        }
    }
}

fn is_of_stock(kind: EntityKind) -> bool {
    use EntityKind as K;
    matches!(
        kind,
        K::Part | K::Place | K::Movement | K::Slip | K::Scrapping | K::Take | K::Transfer | K::Shipment
    )
}

fn parse(text: Option<&str>) -> Result<Option<EntityState>, serde_json::Error> {
    text.map(serde_json::from_str).transpose()
}

fn any_pending(conn: &Connection) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM pending)")?.query_row([], |row| row.get(0))?)
}

/// fold(confirmed ++ pending); `None` where nothing is pending on this entity.
fn overlay(conn: &Connection, cached: &Cached) -> Result<Option<Option<EntityState>>> {
    let Some(id) = &cached.id else { return Ok(None) };
    let mut statement = conn.prepare_cached("SELECT envelope FROM pending WHERE entity = ?1 ORDER BY n")?;
    let mut rows = statement.query([cached.n])?;
    let mut state = None;
    while let Some(row) = rows.next()? {
        let before = state.unwrap_or_else(|| cached.confirmed.clone());
        let bytes = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
        let (_, content) = Envelope::decode(bytes, DEVICE_EVENT_BYTES_MAX)?;
        state = Some(fold_entity(before, &Foldable::new(&content, None).recorded(id)));
    }
    Ok(state)
}
