//! One run: a site, people at work, a bad network, and checks after every step.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use zaigang_console::host::Host as _;
use zaigang_console::store::StoreError;
use zaigang_console::sync::Request;
use zaigang_sync::Hash;
use zaigang_sync::envelope::{DEVICE_EVENT_BYTES_MAX, Envelope};
use zaigang_sync::page::{PullPage, PushPage, unpack};
use zaigang_sync::protocol::{PATH_HELLO, PATH_PUSH, PushReply};

use super::breaks::Break;
use super::centre::SimCentre;
use super::checks::{Accepts, Agreement, CentreMemory, Memory};
use super::console::{Console, Reply};
use super::oracle::Oracle;
use super::random::Random;
use super::sabotage;
use super::script::{self, Act};
use super::site::{self, CONTRACT, Scratch};
use super::stock;
use super::trace::Trace;
use super::view;
use super::wire::{Fate, Flying, Message, Wire, damage};

/// What a run is like.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Consoles at the start, 2-5.
    pub consoles: usize,
    /// Steps before the network heals.
    pub steps: usize,
    /// Whether messages are lost, repeated, cut; stores crash and are busy.
    pub faults: bool,
    /// Whether wall clocks jump by years.
    pub wild_clocks: bool,
    /// Whether consoles are put back from earlier copies and cloned.
    pub rewinds: bool,
    /// Whether the centre is put back from an earlier copy, mark and all, at the end.
    pub centre_rewind: bool,
    /// Whether consoles act and sync whole rounds by turns, so that events arrive in the same order
    /// whatever the clocks show.
    pub in_turns: bool,
    /// Whether there is a store, and people book what goes in and out of it.
    pub stock: bool,
    /// The bug to be found, if one is built in.
    pub bug: Option<Break>,
}

impl Plan {
    /// The usual mix for a seed.
    #[must_use]
    pub fn usual(seed: u64) -> Self {
        Self {
            consoles: 2 + (seed % 3) as usize,
            steps: 70,
            faults: !seed.is_multiple_of(7),
            wild_clocks: seed % 2 == 1,
            rewinds: seed % 4 == 2,
            centre_rewind: seed % 5 == 3,
            in_turns: false,
            stock: false,
            bug: None,
        }
    }

    /// The same with a store, in which most of what happens happens.
    #[must_use]
    pub fn stocked(seed: u64) -> Self {
        Self { stock: true, steps: 110, ..Self::usual(seed) }
    }
}

/// A run that ended well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Hash of its trace.
    pub trace: Hash,
    /// What it did, counted.
    pub counts: BTreeMap<String, u32>,
    /// Verdict and winner of every event, by device and place: the same whatever the clocks show.
    pub verdicts: BTreeMap<String, String>,
    /// Status, assignee and suspension of every order, by number of its making.
    pub states: BTreeMap<String, String>,
}

/// A run that did not.
#[derive(Debug)]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// What did not hold.
    pub what: String,
    /// Shortened trace.
    pub trace: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed {}: {}\n{}", self.seed, self.what, self.trace)
    }
}

/// Runs a seed.
///
/// # Errors
/// [`Failure`] with the invariant that did not hold.
pub fn run(seed: u64, plan: Plan) -> Result<Outcome, Box<Failure>> {
    let mut trace = Trace::default();
    let done = World::new(seed, plan, &mut trace).and_then(World::run);
    done.map(|outcome| Outcome { trace: trace.hash(), ..outcome })
        .map_err(|error| Box::new(Failure { seed, what: format!("{error:#}"), trace: trace.shortened(None) }))
}

/// A console with what the simulator knows of it.
pub(super) struct Seat {
    pub(super) console: Console,
    pub(super) memory: Memory,
    /// The request it waits for an answer to.
    pub(super) awaits: Option<u64>,
    /// Rows changed by the store's connection when it was last checked.
    pub(super) checked_at: Option<u64>,
    /// Division logs it was ever given, with those it holds now.
    pub(super) granted: BTreeSet<String>,
    /// An earlier copy of its files and of what was known then.
    pub(super) copy: Option<Copy>,
}

pub(super) struct Copy {
    pub(super) dir: PathBuf,
    pub(super) memory: Memory,
    pub(super) made: BTreeMap<zaigang_domain::event::EventId, super::console::Made>,
}

pub(super) struct CentreCopy {
    pub(super) path: PathBuf,
    pub(super) mark: Option<String>,
}

pub(super) struct World<'t> {
    pub(super) plan: Plan,
    pub(super) random: Random,
    /// Of its own, so that clocks change nothing else that is drawn.
    pub(super) clocks: Random,
    pub(super) trace: &'t mut Trace,
    pub(super) scratch: Scratch,
    pub(super) centre: Option<SimCentre>,
    pub(super) centre_memory: CentreMemory,
    pub(super) centre_copy: Option<CentreCopy>,
    pub(super) seats: Vec<Seat>,
    pub(super) wire: Wire,
    pub(super) tokens: u64,
    pub(super) agreement: Agreement,
    pub(super) oracle: Oracle,
    pub(super) accepts: Accepts,
    pub(super) counts: BTreeMap<String, u32>,
    pub(super) verdicts: BTreeMap<String, String>,
    /// All event ids any console ever wrote (I9: nothing else may come into a log).
    pub(super) written: BTreeSet<[u8; 16]>,
    /// Heads the centre ever had (I9: a console never believes another).
    pub(super) heads: BTreeMap<String, Hash>,
    pub(super) known_heads: BTreeSet<(String, u64, Hash)>,
    /// Event → device and place, to name winners without ids.
    pub(super) places: BTreeMap<[u8; 16], String>,
    /// Events whose sealed parts were erased, with log and seq of the erasure.
    pub(super) erased: Vec<(String, u64, [u8; 16])>,
    pub(super) copies: u32,
    pub(super) devices_revoked: bool,
}

impl Seat {
    pub(super) fn new(console: Console) -> Self {
        Self {
            console,
            memory: Memory::default(),
            awaits: None,
            checked_at: None,
            granted: BTreeSet::new(),
            copy: None,
        }
    }
}

impl<'t> World<'t> {
    fn new(seed: u64, plan: Plan, trace: &'t mut Trace) -> Result<Self> {
        let scratch = site::scratch(plan.consoles, plan.stock)?;
        let centre = scratch.open_centre(seed)?;
        let mut seats = Vec::new();
        for index in 0..plan.consoles {
            seats.push(Seat::new(scratch.open_console(index, seed)?));
        }
        let mut world = Self {
            plan,
            random: Random::new(seed),
            clocks: Random::new(seed ^ 0xC10C),
            trace,
            scratch,
            centre: Some(centre),
            centre_memory: CentreMemory::default(),
            centre_copy: None,
            seats,
            wire: Wire::default(),
            tokens: 0,
            agreement: Agreement::default(),
            oracle: Oracle::default(),
            accepts: Accepts::default(),
            counts: BTreeMap::new(),
            verdicts: BTreeMap::new(),
            written: BTreeSet::new(),
            heads: BTreeMap::new(),
            known_heads: BTreeSet::new(),
            places: BTreeMap::new(),
            erased: Vec::new(),
            copies: 0,
            devices_revoked: false,
        };
        world.look_at_centre()?;
        for index in 0..world.seats.len() {
            world.log_in(index)?;
        }
        Ok(world)
    }

    fn run(mut self) -> Result<Outcome> {
        for _ in 0..self.plan.steps {
            self.step()?;
        }
        self.heal()?;
        self.at_rest()?;
        if self.plan.centre_rewind {
            self.rewind_centre()?;
        }
        if self.plan.stock {
            for seat in &self.seats {
                stock::met(seat.console.store.reader(), &mut self.counts)?;
            }
        }
        let states = self.end_states();
        Ok(Outcome { trace: Hash::ZERO, counts: self.counts, verdicts: self.verdicts, states })
    }

    pub(super) fn say(&mut self, what: &str, line: String) {
        *self.counts.entry(what.to_owned()).or_default() += 1;
        self.trace.say(format!("{what}: {line}"));
    }

    pub(super) fn seat(&mut self, index: usize) -> Result<&mut Seat> {
        self.seats.get_mut(index).context("the seat was drawn among those there are")
    }

    fn step(&mut self) -> Result<()> {
        self.pass_time();
        let index = self.random.below(self.seats.len());
        if self.plan.in_turns {
            return self.turn(index);
        }
        let (faults, rewinds) = (u32::from(self.plan.faults), u32::from(self.plan.rewinds));
        let weights = [
            60,
            20,
            24,
            90,
            130,
            4 * faults,
            6,
            4 * faults,
            3 * faults,
            3,
            8 * rewinds,
            8 * rewinds,
            3,
            4,
            3,
            12,
            220 * u32::from(self.plan.stock),
        ];
        match self.random.weighted(&weights) {
            0 => self.act(index, "step")?,
            1 => self.act(index, "register")?,
            2 => self.act(index, "stale")?,
            3 => self.drive(index)?,
            4 => self.deliver_some()?,
            5 => self.time_out(index)?,
            6 => self.act(index, "poison")?,
            7 => self.crash(index)?,
            8 => self.busy(index)?,
            9 => self.log_in(index)?,
            10 => self.copy(index)?,
            11 => self.rewind(index)?,
            12 => self.set_clock(index),
            13 => self.grant()?,
            14 => self.copy_centre()?,
            15 => self.erase()?,
            _ => self.act(index, "stock")?,
        }
        Ok(())
    }

    fn turn(&mut self, index: usize) -> Result<()> {
        self.set_clock(index);
        match self.random.below(8) {
            0 => self.act(index, "register")?,
            1 => self.act(index, "stale")?,
            2 => self.act(index, "poison")?,
            3 => self.log_in(index)?,
            _ => self.act(index, "step")?,
        }
        if self.random.chance(50) { self.whole_round(index) } else { Ok(()) }
    }

    fn pass_time(&mut self) {
        let ms = self.clocks.between(200, 120_000).unsigned_abs();
        for seat in &self.seats {
            seat.console.host.advance_ms(ms);
        }
        if let Some(centre) = &self.centre {
            centre.host.advance_ms(ms);
        }
    }

    fn set_clock(&mut self, index: usize) {
        let days = self.clocks.between(-1_500, 1_500);
        let reboot = self.clocks.chance(40);
        if !self.plan.wild_clocks {
            return;
        }
        if let Some(seat) = self.seats.get(index) {
            let now = seat.console.host.now().as_millisecond().saturating_add(days * 86_400_000);
            if let Ok(now) = jiff::Timestamp::from_millisecond(now.clamp(0, 4_000_000_000_000)) {
                seat.console.host.set_wall(now);
            }
            if reboot {
                seat.console.host.reboot();
            }
        }
    }

    fn log_in(&mut self, index: usize) -> Result<()> {
        let users = site::users_at(self.seat(index)?.console.index);
        let Some(user) = self.random.pick(users).copied() else { return Ok(()) };
        self.log_in_as(index, user)
    }

    pub(super) fn log_in_as(&mut self, index: usize, login: &str) -> Result<()> {
        let user = self.scratch.user(login);
        let done = self.seat(index)?.console.log_in(&user);
        self.written_at(index);
        self.say("log in", format!("{index} {login} {}", short(&done)));
        self.check(index)
    }

    pub(super) fn act(&mut self, index: usize, what: &str) -> Result<()> {
        let people = [self.scratch.user("e1"), self.scratch.user("e2")];
        let (random, seats) = (&mut self.random, &mut self.seats);
        let Some(seat) = seats.get_mut(index) else { return Ok(()) };
        let divisions = site::divisions_at(seat.console.index);
        let act = match what {
            "register" => script::registration(&seat.console, CONTRACT, divisions, &people, random)?,
            "stale" => script::stale_step(&seat.console, &people, random)?,
            "poison" => script::poison(&seat.console, random)?,
            "stock" => stock::act(&seat.console, random)?,
            _ => script::step(&seat.console, &people, random)?,
        };
        let Some(Act { log, entity, drafts, name }) = act else { return Ok(()) };
        let done = seat.console.write(&log, &entity, drafts).map(|ids| ids.len());
        self.written_at(index);
        self.say(what, format!("{index} {name} {}", short(&done)));
        self.check(index)
    }

    pub(super) fn written_at(&mut self, index: usize) {
        if let Some(seat) = self.seats.get(index) {
            self.written.extend(seat.console.made.keys().map(|id| id.0));
        }
    }

    pub(super) fn drive(&mut self, index: usize) -> Result<()> {
        let given_up = self.plan.bug == Some(Break::GivesUp) && self.counts.contains_key("garbled");
        let seat = self.seat(index)?;
        if seat.awaits.is_some() || given_up {
            return Ok(());
        }
        match seat.console.next_request() {
            Ok(Some(request)) => {
                let path = request.path;
                self.tokens += 1;
                let token = self.tokens;
                self.seat(index)?.awaits = Some(token);
                self.wire.send(Flying {
                    console: index,
                    token,
                    message: Message::Up(request),
                    must_stop: Vec::new(),
                });
                self.say("asks", format!("{index} {path}"));
            }
            Ok(None) => self.say("round over", index.to_string()),
            Err(error) => {
                self.seat(index)?.console.round = None;
                self.say("store failed", format!("{index} {}", kind_of(&error)));
            }
        }
        self.check(index)
    }

    fn time_out(&mut self, index: usize) -> Result<()> {
        let seat = self.seat(index)?;
        if seat.awaits.take().is_some() {
            seat.console.round = None;
            self.say("times out", index.to_string());
        }
        Ok(())
    }

    /// A few messages get on, one after the other.
    fn deliver_some(&mut self) -> Result<()> {
        for _ in 0..=self.random.below(8) {
            self.deliver()?;
        }
        Ok(())
    }

    pub(super) fn deliver(&mut self) -> Result<()> {
        let Some((flying, fate)) = self.wire.next(&mut self.random, self.plan.faults) else { return Ok(()) };
        let Flying { console, token, message, must_stop } = flying;
        if fate == Fate::Lost {
            let again = self.plan.bug == Some(Break::RetriesAnew);
            if let Some(seat) = self.seats.get_mut(console).filter(|s| s.awaits == Some(token)) {
                seat.awaits = None;
                seat.console.round = None;
                if again {
                    seat.console.write_last_again();
                }
            }
            self.say("lost", console.to_string());
            return Ok(());
        }
        match message {
            Message::Up(request) => self.reach_centre(console, token, request, fate),
            Message::Down(reply) => self.reach_console(console, token, reply, fate, &must_stop),
        }
    }

    fn reach_centre(&mut self, index: usize, token: u64, mut request: Request, fate: Fate) -> Result<()> {
        let device = self.device(index)?;
        let damaged = fate == Fate::Damaged && request.path == PATH_PUSH;
        if damaged {
            damage(&mut request.body, &mut self.random);
        }
        let bug = self.plan.bug;
        if bug == Some(Break::SkipsInTheChain) && request.path == PATH_PUSH {
            request.body = sabotage::skip_first(&request.body).unwrap_or(request.body);
        }
        if self.plan.faults && request.path == PATH_PUSH && self.random.chance(8) {
            // What a page was to follow did not arrive.
            request.body = sabotage::skip_first(&request.body).unwrap_or(request.body);
        }
        let missing = if request.path == PATH_PUSH { self.missing_before(&request)? } else { None };
        let must_stop = if request.path == PATH_HELLO { self.must_stop(index)? } else { Vec::new() };
        let bytes_max = self.random.between(500, 30_000).unsigned_abs();
        let centre = self.centre.as_mut().context("the centre runs")?;
        let before = if damaged { Some(view::whole(&centre.look)?) } else { None };
        let mut reply = centre.answer(device, &request, u32::try_from(bytes_max)?);
        if bug == Some(Break::HidesTheGap) {
            reply.body = sabotage::hide_gap(&reply.body).unwrap_or(reply.body);
        }
        if let Some(before) = before {
            let refused = reply.status != 200;
            ensure!(
                !refused || before == view::whole(&centre.look)?,
                "I9: a damaged page changed the centre"
            );
        }
        sabotage::judged(bug, &centre.look)?;
        if let Some(missing) = missing {
            self.gap_is_named(missing, &request, &reply)?;
        }
        self.say("centre", format!("{index} {} {}", request.path, reply.status));
        self.look_at_centre()?;
        self.wire.send(Flying { console: index, token, message: Message::Down(reply), must_stop });
        Ok(())
    }

    /// First place missing before a pushed page, if any.
    fn missing_before(&self, request: &Request) -> Result<Option<u64>> {
        let Ok(page) = unpack::<PushPage>(&request.body) else { return Ok(None) };
        let Some(first) = page.entries.first() else { return Ok(None) };
        let Ok((first, _)) = Envelope::decode(&first.envelope, DEVICE_EVENT_BYTES_MAX) else {
            return Ok(None);
        };
        let centre = self.centre.as_ref().context("the centre runs")?;
        let held: u64 = centre.look.query_row(
            "SELECT coalesce(max(device_seq), 0) FROM entry JOIN log ON log.n = entry.log
             WHERE log.name = ?1 AND device = ?2 AND incarnation = ?3",
            rusqlite::params![page.log, page.device.as_slice(), page.incarnation],
            |row| row.get(0),
        )?;
        Ok((first.device_seq > held + 1).then_some(held + 1))
    }

    /// I7: a page with something missing before it is answered with the first missing place, and
    /// nothing of it is taken.
    fn gap_is_named(&mut self, missing: u64, request: &Request, reply: &Reply) -> Result<()> {
        let Ok(told) = serde_json::from_slice::<PushReply>(&reply.body) else { return Ok(()) };
        if reply.status != 200 || told.outcome != zaigang_sync::protocol::Outcome::Ok {
            return Ok(());
        }
        ensure!(told.gap_from == Some(missing), "I7: {missing} is missing, told {:?}", told.gap_from);
        let still = self.missing_before(request)?;
        ensure!(still == Some(missing), "I7: a page was taken over a gap at {missing}");
        *self.counts.entry("gap".into()).or_default() += 1;
        Ok(())
    }

    /// I8: a page that comes again after its time changes nothing.
    fn replay(&mut self, index: usize, reply: &Reply) -> Result<()> {
        let Ok(page) = unpack::<PullPage>(&reply.body) else { return Ok(()) };
        let bug = self.plan.bug;
        let store = &mut self.seat(index)?.console.store;
        let old = store.logs()?.iter().any(|log| log.name == page.log && log.seq > page.after_seq);
        if !old {
            return Ok(());
        }
        let before = view::whole(store.reader())?;
        let took = store.apply_page(&page.log, &page).is_ok();
        if bug == Some(Break::BelievesOldPages) {
            sabotage::put_back(store.reader(), &page)?;
        }
        let same = before == view::whole(store.reader())?;
        ensure!(same && !took, "I8: an old page of {} changed console {index}", page.log);
        *self.counts.entry("replay".into()).or_default() += 1;
        Ok(())
    }

    fn reach_console(
        &mut self,
        index: usize,
        token: u64,
        mut reply: Reply,
        fate: Fate,
        must_stop: &[String],
    ) -> Result<()> {
        let damaged = fate == Fate::Damaged;
        if damaged && unpack::<PullPage>(&reply.body).is_ok() {
            damage(&mut reply.body, &mut self.random);
        } else if damaged {
            // Plain replies are TLS's to guard: they can be cut off, not altered.
            let keep = self.random.below(reply.body.len());
            reply.body.truncate(keep);
        }
        let bug = self.plan.bug;
        if bug == Some(Break::BelievesForgery) {
            self.forge(index, &mut reply)?;
        }
        let seat = self.seat(index)?;
        if seat.awaits != Some(token) {
            // What comes after its time is nobody's answer.
            self.say("too late", index.to_string());
            return if reply.status == 200 && !damaged { self.replay(index, &reply) } else { Ok(()) };
        }
        seat.awaits = None;
        let before = sabotage::before(bug, &seat.console)?;
        let took = seat.console.take(&reply);
        sabotage::after(bug, &seat.console, &before)?;
        let line = match &took {
            Ok(line) => line.clone(),
            Err(error) => kind_of(error).to_owned(),
        };
        if took.is_err() {
            seat.console.round = None;
        }
        if line.contains("garbled true") {
            *self.counts.entry("garbled".into()).or_default() += 1;
        }
        self.say("console", format!("{index} {line}"));
        let goes_on = took.is_ok();
        if goes_on && !damaged {
            self.noticed(index, must_stop)?;
        }
        self.check(index)?;
        if goes_on && self.random.chance(80) { self.drive(index) } else { Ok(()) }
    }

    /// I12, I13: what the centre's answer to hello shows of a fork or a rollback stops the log at once.
    pub(super) fn noticed(&mut self, index: usize, must_stop: &[String]) -> Result<()> {
        let stopped = self.seat(index)?.console.store.logs()?;
        for name in must_stop {
            let still = stopped.iter().any(|log| log.name == *name && log.stopped.is_none());
            ensure!(!still, "I12/I13: console {index} goes on with {name}, whose history is another");
            *self.counts.entry("noticed".into()).or_default() += 1;
        }
        Ok(())
    }
}

fn short<T>(done: &Result<T, StoreError>) -> &'static str {
    match done {
        Ok(_) => "done",
        Err(error) => kind_of(error),
    }
}

pub(super) fn kind_of(error: &StoreError) -> &'static str {
    match error {
        StoreError::Stopped { .. } => "stopped",
        StoreError::Sqlite(_) => "sqlite",
        StoreError::Envelope(_) => "envelope",
        StoreError::Page(_) => "page",
        StoreError::NoSuchLog(_) => "no such log",
        _ => "other",
    }
}
