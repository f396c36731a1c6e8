//! From acts to events: real envelopes in real chains of made-up devices, ready to be pushed.
//!
//! Each act goes through the domain's `register` and `decide` on the order as it stands, so a plan that
//! takes an illegal step fails here and not at the centre. Pages are cut so that what one device does
//! after another reaches the centre after it.

use std::collections::{BTreeMap, HashMap, VecDeque};

use anyhow::{Context, Result, bail};
use ed25519_dalek::SigningKey;
use jiff::civil::Date;
use zaigang_domain::calendar::civil_date;
use zaigang_domain::event::{
    DeviceId, EntityId, EventId, Home, LogName, Recorded, UserId, Verdict, event_type,
};
use zaigang_domain::file::{FileKind, FileType};
use zaigang_domain::judge::{EntityState, fold_entity};
use zaigang_domain::order::{
    Draft, FieldKind, NewFile, Order, OrderKind, Step, StepInput, Then, add_files, decide, fold, is_late,
    register,
};
use zaigang_domain::people::{Actor, Doer, Role};
use zaigang_sync::chain::ChainHead;
use zaigang_sync::envelope::{
    Content, DEVICE_EVENT_BYTES_MAX, ENVELOPE_VERSION, Group, Id, Place, SealedPart, SealedRef, content_hash,
    encode_content, seal,
};
use zaigang_sync::hash::{Use, digest};
use zaigang_sync::hex;
use zaigang_sync::keys::{SentClocks, SessionClaim, attest, sign_consent};
use zaigang_sync::page::{PAGE_EVENTS_MAX, PAGE_VERSION, PushEntry, PushPage};

use super::assets::{Assets, Person};
use super::plan::{Act, PlannedOrder, What};
use super::random::Random;

/// Bytes of envelopes in a page at most: far below the packed limit whatever they contain.
const PAGE_BYTES: usize = 900_000;
/// Sessions of the demo last this long; they decide nothing.
const SESSION_MS: i64 = 400 * 24 * 3_600_000;

/// What the centre's publications are called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// Hash of the contract version.
    pub contract: String,
    /// Hash of the calendar version.
    pub calendar: String,
}

/// A made-up device with its chains.
#[derive(Debug)]
pub struct Device {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Its key.
    pub key: SigningKey,
    /// Divisions whose logs it is enrolled for; empty means all.
    pub divisions: Vec<String>,
    boot_id: Id,
    booted_at: i64,
    last_centre_time: i64,
    chains: BTreeMap<String, ChainHead>,
    sessions: BTreeMap<String, Session>,
    queues: BTreeMap<String, VecDeque<Queued>>,
}

#[derive(Debug, Clone)]
struct Session {
    id: Id,
    key: SigningKey,
}

#[derive(Debug)]
struct Queued {
    /// Number of the act, over all devices.
    n: u64,
    entity: String,
    entry: PushEntry,
    event_hash: zaigang_sync::Hash,
    /// More members of its group follow.
    group_goes_on: bool,
}

/// What became of orders on a day, in the words of a 日报.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// How many, by the stable words of the counts.
    pub counts: BTreeMap<String, u32>,
    /// Faults that were closed.
    pub solved: Vec<String>,
}

impl Tally {
    /// Counts an order that is new, or was open before.
    fn count(&mut self, was_open: Option<bool>, order: &Order) {
        let key = match (was_open, order.kind) {
            (None, kind) => {
                let word = serde_json::to_value(kind).unwrap_or_default();
                format!("kind.{}", word.as_str().unwrap_or_default())
            }
            (Some(true), kind) if !order.status.is_open() && kind != OrderKind::WorkRecord => {
                "closed".to_owned()
            }
            _ => return,
        };
        if key == "closed" && order.kind == OrderKind::Incident {
            self.solved.push(format!("{} {}", order.number, order.title));
        }
        *self.counts.entry(key).or_default() += 1;
    }
}

/// All devices, the orders under way and what is waiting to be pushed.
#[derive(Debug)]
pub struct Fleet<'a> {
    assets: &'a Assets,
    published: Published,
    /// User ids as the centre gave them, by log-in name; without one the name stands for it.
    users: BTreeMap<String, String>,
    /// The devices.
    pub devices: Vec<Device>,
    orders: HashMap<Id, Order>,
    /// What else was written about: months, leaves, handovers, by entity.
    others: BTreeMap<String, EntityState>,
    /// What became of orders, by day.
    tallies: BTreeMap<Date, Tally>,
    seqs: BTreeMap<String, u64>,
    /// Acts of an entity not pushed yet, by log and entity.
    waiting: HashMap<(String, String), VecDeque<u64>>,
    random: Random,
    n: u64,
    /// Events written so far.
    pub written: u64,
}

impl<'a> Fleet<'a> {
    /// One device for the service desk, one for the project office, one for each division with people on
    /// site, two for the twelfth.
    #[must_use]
    pub fn new(assets: &'a Assets, seed: u64, booted_at: i64) -> Self {
        let random = Random::new(seed).branch(1);
        let mut names: Vec<(String, Vec<String>)> =
            vec![("服务台1号机".to_owned(), Vec::new()), ("项目部办公机".to_owned(), Vec::new())];
        for person in assets.people.iter().filter(|person| person.onsite && person.has("engineer")) {
            let known =
                names.iter().any(|(_, divisions)| person.divisions.iter().all(|own| divisions.contains(own)));
            if known || person.divisions.is_empty() {
                continue;
            }
            let first = person.divisions.first().cloned().unwrap_or_default();
            match names.iter_mut().find(|(_, divisions)| divisions.first() == Some(&first)) {
                Some((_, divisions)) => divisions.clone_from(&person.divisions),
                None => names.push((format!("{first}办公机"), person.divisions.clone())),
            }
        }
        names.push(("L总队机房机".to_owned(), vec!["L总队".to_owned()]));
        let mut keys = random.branch(2);
        let devices =
            names.into_iter().map(|(name, divisions)| Device::new(name, divisions, booted_at, &mut keys));
        Self {
            assets,
            published: Published::default(),
            users: BTreeMap::new(),
            devices: devices.collect(),
            orders: HashMap::new(),
            others: BTreeMap::new(),
            tallies: BTreeMap::new(),
            seqs: BTreeMap::new(),
            waiting: HashMap::new(),
            random,
            n: 0,
            written: 0,
        }
    }

    /// Binds all orders from now on to these versions.
    pub fn publish(&mut self, published: Published) {
        self.published = published;
    }

    /// The centre's id of a user.
    pub fn knows(&mut self, login: &str, user: &str) {
        self.users.insert(login.to_owned(), user.to_owned());
    }

    /// The user id behind a log-in name.
    #[must_use]
    pub fn user<'b>(&'b self, login: &'b str) -> &'b str {
        self.users.get(login).map_or(login, String::as_str)
    }

    /// Which device a person uses for work of a division.
    fn device_of(&self, person: &Person, division: &str, stray: bool) -> Result<usize> {
        let index = match () {
            () if person.has("dispatcher") => Some(0),
            () if person.divisions.is_empty() => Some(1),
            () if stray => {
                self.devices.iter().rposition(|device| device.divisions.iter().any(|own| own == division))
            }
            () => self.devices.iter().position(|device| device.divisions.iter().any(|own| own == division)),
        };
        index.with_context(|| format!("no device for {} in {division}", person.login))
    }

    /// Everyone who works on each device: (device, log-in name), in order.
    #[must_use]
    pub fn seats(&self) -> Vec<(usize, String)> {
        let mut seats = Vec::new();
        for person in &self.assets.people {
            let works = person.has("dispatcher")
                || person.has("supervisor")
                || (person.has("engineer") && person.onsite);
            let division = person.divisions.first().map_or("", String::as_str);
            for stray in [false, true] {
                if let (true, Ok(device)) = (works, self.device_of(person, division, stray)) {
                    seats.push((device, person.login.clone()));
                }
            }
        }
        seats.sort();
        seats.dedup();
        seats
    }

    /// A person's key on a device, which the centre must certify.
    #[must_use]
    pub fn user_key(&self, device: usize, login: &str) -> SigningKey {
        let mut random = self.random.branch(1_000 + u64::try_from(device).unwrap_or(0));
        let mut bytes = [0; 32];
        for byte in login.bytes() {
            random = random.branch(u64::from(byte) + 7);
        }
        random.fill(&mut bytes);
        SigningKey::from_bytes(&bytes)
    }

    /// Opens a session of a person on a device.
    ///
    /// # Errors
    /// A device that is not there.
    pub fn open_session(&mut self, device: usize, login: &str, at_ms: i64) -> Result<()> {
        let key = self.user_key(device, login);
        let id = self.random.uuid_v7(at_ms);
        let user = self.user(login).to_owned();
        let seat = self.devices.get_mut(device).context("no such device")?;
        let claim = SessionClaim {
            session: id,
            user: &user,
            device: seat.id,
            from: at_ms,
            until: at_ms + SESSION_MS,
        };
        let text = |ms: i64| jiff::Timestamp::from_millisecond(ms).map(|at| at.to_string());
        let payload = serde_json::json!({
            "user": user,
            "device": hex::encode(&seat.id),
            "from": text(claim.from)?,
            "until": text(claim.until)?,
            "online": true,
            "sig": hex::encode(&claim.sign(&key)),
        });
        let session = Session { id, key };
        seat.sessions.insert(login.to_owned(), session);
        let at = jiff::Timestamp::from_millisecond(at_ms)?;
        let draft = Draft::new("session.opened", payload.to_string(), at);
        let entity = format!("session/{}", hex::encode(&id));
        self.write(device, LogName::site().as_str(), &entity, login, at_ms, &[draft], false)
    }

    /// Carries out one act of a planned order.
    ///
    /// # Errors
    /// A step that the domain's table does not allow, or someone who is not there.
    pub fn act(&mut self, planned: &PlannedOrder, act: &Act) -> Result<()> {
        let division = planned.form.division.clone();
        let log = LogName::division(&planned.form.contract, &division)?;
        let person = self.person(&act.by)?;
        let actor = self.actor(&act.by)?;
        let stray = matches!(act.what, What::Stray(..));
        let device = self.device_of(person, &division, stray)?;
        let drafts = self.drafts(planned, act, &actor).with_context(|| {
            format!("{} by {} at {}: {:?}", planned.form.number, act.by, act.at, act.what)
        })?;
        let entity = EntityId::order(EventId(planned.id));
        self.write(device, log.as_str(), entity.as_str(), &act.by, act.at.as_millisecond(), &drafts, !stray)
    }

    /// What a person writes about something in the log its type belongs to: the contract's common one, its first
    /// store's, or his division's.
    ///
    /// # Errors
    /// Somebody who is not there or has no seat.
    pub fn tell(
        &mut self,
        login: &str,
        entity: &EntityId,
        at: jiff::Timestamp,
        drafts: &[Draft],
    ) -> Result<()> {
        self.tell_of(login, entity, at, drafts, true)
    }

    /// The same, and nothing of it is kept in mind: for what there is much of.
    ///
    /// # Errors
    /// Somebody who is not there or has no seat.
    pub fn say(
        &mut self,
        login: &str,
        entity: &EntityId,
        at: jiff::Timestamp,
        drafts: &[Draft],
    ) -> Result<()> {
        self.tell_of(login, entity, at, drafts, false)
    }

    fn tell_of(
        &mut self,
        login: &str,
        entity: &EntityId,
        at: jiff::Timestamp,
        drafts: &[Draft],
        folded: bool,
    ) -> Result<()> {
        let person = self.person(login)?;
        let division = person.divisions.first().map_or("", String::as_str);
        let device = self.device_of(person, division, false)?;
        let profile = &self.assets.profile;
        let home = drafts.first().and_then(|draft| event_type(draft.kind)).map(|row| row.home);
        let log = match (home, profile.settings.stock_store.first()) {
            (Some(Home::Store), Some(store)) => LogName::store(&profile.id, &store.id)?,
            (Some(Home::Division), _) => LogName::division(&profile.id, division)?,
            _ => LogName::common(&profile.id)?,
        };
        self.write(device, log.as_str(), entity.as_str(), login, at.as_millisecond(), drafts, folded)
    }

    /// What a person writes about something in the log of a store.
    ///
    /// # Errors
    /// Somebody who is not there or has no seat.
    pub fn tell_store(
        &mut self,
        store: &str,
        login: &str,
        entity: &EntityId,
        at: jiff::Timestamp,
        drafts: &[Draft],
    ) -> Result<()> {
        let person = self.person(login)?;
        let division = person.divisions.first().map_or("", String::as_str);
        let device = self.device_of(person, division, false)?;
        let log = LogName::store(&self.assets.profile.id, store)?;
        self.write(device, log.as_str(), entity.as_str(), login, at.as_millisecond(), drafts, true)
    }

    /// Name of the device at which a person sits.
    ///
    /// # Errors
    /// Somebody who is not there or has no seat.
    pub fn seat_of(&self, login: &str) -> Result<&str> {
        let person = self.person(login)?;
        let division = person.divisions.first().map_or("", String::as_str);
        let device = self.device_of(person, division, false)?;
        Ok(self.devices.get(device).map_or("", |device| &device.name))
    }

    fn person(&self, login: &str) -> Result<&'a Person> {
        self.assets.person(login).with_context(|| format!("nobody is called {login}"))
    }

    /// A person's rights.
    ///
    /// # Errors
    /// Somebody who is not there.
    pub fn actor(&self, login: &str) -> Result<Actor> {
        actor(self.person(login)?, self.user(login), &self.assets.profile.id)
    }

    /// The log-in name behind a user id.
    #[must_use]
    pub fn login(&self, user: &UserId) -> Option<&'a str> {
        let person = self.assets.people.iter().find(|person| self.user(&person.login) == user.as_str());
        person.map(|person| person.login.as_str())
    }

    /// How something stands that was told.
    #[must_use]
    pub fn state(&self, entity: &EntityId) -> Option<&EntityState> {
        self.others.get(entity.as_str())
    }

    /// Everything that was told about one kind of thing.
    pub fn states(&self) -> impl Iterator<Item = (&String, &EntityState)> {
        self.others.iter()
    }

    /// Orders under way, by number.
    #[must_use]
    pub fn under_way(&self) -> Vec<(EntityId, &Order)> {
        let open = self.orders.iter().filter(|(_, order)| order.status.is_open());
        let mut open: Vec<_> = open.map(|(id, order)| (EntityId::order(EventId(*id)), order)).collect();
        open.sort_by(|a, b| a.1.number.cmp(&b.1.number));
        open
    }

    /// What became of orders on a day.
    #[must_use]
    pub fn tally(&self, date: Date) -> Tally {
        self.tallies.get(&date).cloned().unwrap_or_default()
    }

    /// A fresh id.
    pub fn fresh(&mut self, at: jiff::Timestamp) -> EventId {
        EventId(self.random.uuid_v7(at.as_millisecond()))
    }

    /// The versions that are in force.
    #[must_use]
    pub fn published(&self) -> &Published {
        &self.published
    }

    fn drafts(&self, planned: &PlannedOrder, act: &Act, actor: &Actor) -> Result<Vec<Draft>> {
        let state = self.orders.get(&planned.id);
        Ok(match (&act.what, state) {
            (What::Register(then), None) => {
                let mut form = planned.form.clone();
                form.contract_hash.clone_from(&self.published.contract);
                form.calendar_hash.clone_from(&self.published.calendar);
                if is_late(form.kind, form.reported_at, act.at) {
                    form.late_reason = Some("先到场处理，处理完后补录".to_owned());
                }
                let then = match then {
                    Then::DispatchTo(login) => Then::DispatchTo(UserId::new(self.user(login.as_str()))?),
                    other => other.clone(),
                };
                register(&form, planned.reporter.as_ref(), then, actor, act.at)?
            }
            (What::Take(step, input), Some(order)) => {
                decide(order, *step, &self.named(*step, input), actor, act.at)?
            }
            (What::Stray(step, input), Some(order)) => {
                // What that device knows: nobody had taken it yet.
                let seen = Order { assignee: None, ..order.clone() };
                decide(&seen, *step, input, actor, act.at)?
            }
            (What::File(name), Some(order)) => {
                add_files(order, &[photo(name)], true, &StepInput::default(), actor, act.at)?
            }
            _ => bail!("out of turn"),
        })
    }

    /// The input with user ids for log-in names.
    fn named(&self, step: Step, input: &StepInput) -> StepInput {
        let mut input = input.clone();
        let fields = zaigang_domain::order::table::row(step).map_or(&[][..], |row| row.fields);
        for field in fields.iter().filter(|field| field.kind == FieldKind::User) {
            if let Some(login) = input.fields.get_mut(field.key) {
                *login = self.user(login).to_owned();
            }
        }
        // Some steps are taken for a colleague without asking for him: only the decision looks at it.
        if let Some(login) = input.fields.get_mut("on_behalf") {
            *login = self.user(login).to_owned();
        }
        input
    }

    #[expect(clippy::too_many_arguments, reason = "all of it goes into each envelope")]
    fn write(
        &mut self,
        device: usize,
        log: &str,
        entity: &str,
        login: &str,
        at_ms: i64,
        drafts: &[Draft],
        folded: bool,
    ) -> Result<()> {
        let user = self.user(login).to_owned();
        let group = (drafts.len() > 1).then(|| self.random.uuid_v7(at_ms));
        let base_seq = self.seqs.get(log).copied().unwrap_or(0);
        let mut ids: Vec<Id> = Vec::with_capacity(drafts.len());
        for (i, draft) in drafts.iter().enumerate() {
            let id = self.random.uuid_v7(at_ms);
            let parts = sealed_parts(draft, &mut self.random);
            let seat = self.devices.get_mut(device).context("no such device")?;
            let session = seat
                .sessions
                .get(login)
                .with_context(|| format!("{login} has no session on {}", seat.name))?
                .clone();
            let content = Content {
                v: ENVELOPE_VERSION,
                id: id.into(),
                log: log.to_owned(),
                user: Some(user.clone()),
                session: Some(session.id.into()),
                entity: entity.to_owned(),
                base_seq,
                expect: draft.expect.clone().into_iter().collect(),
                deps: draft.after.iter().filter_map(|at| ids.get(*at)).map(|id| (*id).into()).collect(),
                group: group.map(|id| Group {
                    id: id.into(),
                    i: u16::try_from(i).unwrap_or(u16::MAX),
                    n: u16::try_from(drafts.len()).unwrap_or(u16::MAX),
                }),
                joint: None,
                kind: draft.kind.to_owned(),
                tv: draft.tv,
                claimed_at: draft.claimed_at.as_millisecond(),
                wall_at: at_ms,
                boot_id: seat.boot_id.into(),
                uptime_ms: u64::try_from(at_ms - seat.booted_at).unwrap_or(0),
                last_centre_time: seat.last_centre_time,
                payload: draft.payload.clone(),
                sealed: references(draft, &parts),
            };
            let bytes = encode_content(&content);
            let signature = draft.consent.then(|| sign_consent(&session.key, content_hash(&bytes)));
            let head = seat.chains.entry(log.to_owned()).or_default();
            let place = Place {
                device: seat.id,
                incarnation: 1,
                device_seq: head.device_seq + 1,
                prev: head.event_hash,
            };
            let sealed = seal(&place, log, &bytes, signature, DEVICE_EVENT_BYTES_MAX)?;
            *head = ChainHead { device_seq: place.device_seq, event_hash: sealed.event_hash };
            self.n += 1;
            self.written += 1;
            let queued = Queued {
                n: self.n,
                entity: entity.to_owned(),
                entry: PushEntry { envelope: sealed.bytes.into(), parts },
                event_hash: sealed.event_hash,
                group_goes_on: i + 1 < drafts.len(),
            };
            seat.queues.entry(log.to_owned()).or_default().push_back(queued);
            self.waiting.entry((log.to_owned(), entity.to_owned())).or_default().push_back(self.n);
            ids.push(id);
            if folded {
                self.fold(entity, &content, id)?;
            }
        }
        Ok(())
    }

    fn fold(&mut self, entity: &str, content: &Content, id: Id) -> Result<()> {
        let entity = EntityId::new(entity)?;
        let user = content.user.as_deref().map(UserId::new).transpose()?;
        let recorded = Recorded {
            id: EventId(id),
            kind: &content.kind,
            tv: content.tv,
            user: user.as_ref(),
            entity: &entity,
            seq: Some(self.n),
            effective_at: jiff::Timestamp::from_millisecond(content.claimed_at)?,
            claimed_at: jiff::Timestamp::from_millisecond(content.claimed_at)?,
            trust: None,
            verdict: Some(Verdict::Accepted),
            deps: &[],
            payload: &content.payload,
        };
        if content.kind.starts_with("order.") {
            let order_id: EventId = entity.local().parse()?;
            let state = self.orders.remove(&order_id.0);
            let was_open = state.as_ref().map(|order| order.status.is_open());
            if let Some(order) = fold(state, &recorded) {
                let day = was_open.map_or(order.reported_at, |_| recorded.claimed_at);
                self.tallies.entry(civil_date(day)).or_default().count(was_open, &order);
                self.orders.insert(order_id.0, order);
            }
        } else {
            let state = self.others.remove(entity.as_str());
            self.others.extend(fold_entity(state, &recorded).map(|state| (entity.to_string(), state)));
        }
        Ok(())
    }

    /// Forgets an order to which nothing more happens, unless it stays open: handovers and reports name those.
    pub fn forget(&mut self, id: &Id) {
        if self.orders.get(id).is_some_and(|order| !order.status.is_open()) {
            self.orders.remove(id);
        }
    }

    /// Takes everything that waits, as pages in an order in which the centre can take them: the site log
    /// first, and no act before an earlier one on the same order.
    pub fn pages(&mut self, now_ms: i64) -> Vec<(usize, PushPage)> {
        let mut logs: Vec<String> =
            self.devices.iter().flat_map(|device| device.queues.keys().cloned()).collect();
        logs.sort_by_key(|log| (log != "site", log.clone()));
        logs.dedup();
        let mut pages = Vec::new();
        for log in logs {
            let mut moved = true;
            while moved {
                moved = false;
                for index in 0..self.devices.len() {
                    while let Some(page) = self.page(index, &log, now_ms) {
                        pages.push((index, page));
                        moved = true;
                    }
                }
            }
        }
        pages
    }

    /// As much of one device's queue as may go now.
    fn page(&mut self, index: usize, log: &str, now_ms: i64) -> Option<PushPage> {
        let device = self.devices.get_mut(index)?;
        let queue = device.queues.get_mut(log)?;
        let mut entries: Vec<PushEntry> = Vec::new();
        let mut bytes = 0;
        let mut last = None;
        let mut in_group = false;
        while let Some(front) = queue.front() {
            let key = (log.to_owned(), front.entity.clone());
            let turn = self.waiting.get(&key).and_then(|waiting| waiting.front()) == Some(&front.n);
            let full = entries.len() + 8 > PAGE_EVENTS_MAX || bytes > PAGE_BYTES;
            if !turn || (full && !in_group) {
                break;
            }
            let Some(queued) = queue.pop_front() else { break };
            if let Some(waiting) = self.waiting.get_mut(&key) {
                waiting.pop_front();
                if waiting.is_empty() {
                    self.waiting.remove(&key);
                }
            }
            bytes += queued.entry.envelope.len();
            in_group = queued.group_goes_on;
            last = Some(queued.event_hash);
            entries.push(queued.entry);
        }
        let sent = SentClocks {
            wall_at: now_ms,
            boot_id: device.boot_id.into(),
            uptime_ms: u64::try_from(now_ms - device.booted_at).unwrap_or(0),
        };
        let attestation = attest(&device.key, last?, &sent);
        device.last_centre_time = now_ms;
        Some(PushPage {
            v: PAGE_VERSION,
            log: log.to_owned(),
            device: device.id.into(),
            incarnation: 1,
            entries,
            attestation: attestation.into(),
            sent,
        })
    }

    /// Keeps how far the centre is in a log.
    pub fn saw(&mut self, log: &str, seq: u64) {
        self.seqs.insert(log.to_owned(), seq);
    }
}

impl Device {
    fn new(name: String, divisions: Vec<String>, booted_at: i64, random: &mut Random) -> Self {
        let (mut id, mut key, mut boot_id) = ([0; 16], [0; 32], [0; 16]);
        random.fill(&mut id);
        random.fill(&mut key);
        random.fill(&mut boot_id);
        Self {
            id,
            name,
            key: SigningKey::from_bytes(&key),
            divisions,
            boot_id,
            booted_at,
            last_centre_time: 0,
            chains: BTreeMap::new(),
            sessions: BTreeMap::new(),
            queues: BTreeMap::new(),
        }
    }
}

fn actor(person: &Person, user: &str, contract: &str) -> Result<Actor> {
    Ok(Actor {
        doer: Doer::User(UserId::new(user)?),
        roles: person.roles.iter().filter_map(|role| Role::from_code(role)).collect(),
        contracts: vec![contract.to_owned()],
        divisions: person.divisions.clone(),
        ..Actor::centre()
    })
}

fn photo(name: &str) -> NewFile {
    NewFile {
        hash: digest(Use::File, &[name.as_bytes()]).to_hex(),
        key: "07".repeat(32),
        bytes: 180_000,
        file_type: FileType::Png,
        name: name.to_owned(),
        kind: FileKind::Photo,
    }
}

fn sealed_parts(draft: &Draft, random: &mut Random) -> Vec<SealedPart> {
    let seal = |(index, part): (u8, &zaigang_domain::order::SealedPart)| {
        let mut salt = [0; 16];
        random.fill(&mut salt);
        SealedPart { index, salt: salt.into(), part: part.json.clone() }
    };
    (0_u8..).zip(&draft.sealed).map(seal).collect()
}

fn references(draft: &Draft, parts: &[SealedPart]) -> Vec<SealedRef> {
    let reference = |(part, sealed): (&zaigang_domain::order::SealedPart, &SealedPart)| SealedRef {
        name: part.name.to_owned(),
        class: "personal".to_owned(),
        digest: sealed.digest().0.into(),
    };
    draft.sealed.iter().zip(parts).map(reference).collect()
}

/// The device's id as the site log names it.
///
/// # Errors
/// Never for a real id.
pub fn device_id(id: &Id) -> Result<DeviceId> {
    Ok(DeviceId::new(hex::encode(id))?)
}

#[cfg(test)]
mod tests;
