//! A centre in process with the demo's people, contract and devices, and the work pushed through it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use jiff::{SignedDuration, Timestamp};
use zaigang_center::core::{CalendarText, Centre, CodeRequest, ContractTexts, Founding, NewUser};
use zaigang_center::host::{Durability, Host, read_text, replace_file};
use zaigang_domain::contract::SHIPPED;
use zaigang_domain::event::LogName;
use zaigang_domain::people::Role;
use zaigang_sync::commit::{Commit, VerdictCode};
use zaigang_sync::hex;
use zaigang_sync::page::{PushPage, pack};
use zaigang_sync::protocol::{
    EnrolRequest, EnrolmentCode, HelloRequest, LogInRequest, Outcome, PROTOCOL_MAX, PROTOCOL_MIN, PushReply,
};

use super::assets::Assets;
use super::feed::Feed;
use super::plan::{SEED, Scale};
use super::random::Random;
use super::write::{Fleet, Published};

/// The calendar that orders of the demo are bound to.
const CALENDAR: &str = include_str!("../../../assets/calendars/2025.json");

/// A host whose clock is moved by hand and whose randomness follows from a seed.
#[derive(Debug)]
pub struct MovingHost {
    now_ms: AtomicI64,
    random: Mutex<Random>,
    mark: PathBuf,
}

impl MovingHost {
    /// A host at a moment; the high-water mark is kept in `mark`.
    #[must_use]
    pub fn new(now: Timestamp, seed: u64, mark: &Path) -> Arc<Self> {
        let random = Mutex::new(Random::new(seed).branch(5));
        Arc::new(Self { now_ms: AtomicI64::new(now.as_millisecond()), random, mark: mark.to_owned() })
    }

    /// Puts the clock to a moment.
    pub fn set(&self, now: Timestamp) {
        self.now_ms.store(now.as_millisecond(), Ordering::SeqCst);
    }
}

impl Host for MovingHost {
    fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.random.lock().unwrap_or_else(PoisonError::into_inner).fill(bytes);
    }

    fn high_water(&self) -> std::io::Result<Option<String>> {
        read_text(&self.mark)
    }

    fn keep_high_water(&self, text: &str) -> std::io::Result<()> {
        replace_file(&self.mark, text.as_bytes(), Durability::Lazy)
    }
}

/// What the centre made of the pushed events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Judged {
    /// Accepted.
    pub accepted: u64,
    /// Unreconciled facts.
    pub unreconciled: u64,
    /// Rejected claims.
    pub rejected: u64,
    /// Parked.
    pub parked: u64,
}

impl Judged {
    /// All of them.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.accepted + self.unreconciled + self.rejected + self.parked
    }

    /// Counts the verdicts of a reply.
    ///
    /// # Errors
    /// A commit record that cannot be read.
    pub fn count(&mut self, reply: &PushReply) -> Result<()> {
        for verdict in &reply.verdicts {
            let bytes = unhex(&verdict.commit).context("a commit record is not hex")?;
            match Commit::decode(&bytes)?.verdict {
                VerdictCode::Accepted => self.accepted += 1,
                VerdictCode::Unreconciled => self.unreconciled += 1,
                VerdictCode::Rejected => self.rejected += 1,
                VerdictCode::Parked => self.parked += 1,
            }
        }
        Ok(())
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = (0..text.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

/// A centre and the devices that push to it.
#[derive(Debug)]
pub struct Site<'a> {
    /// The texts.
    pub assets: &'a Assets,
    /// The centre.
    pub centre: Centre,
    /// Its clock.
    pub host: Arc<MovingHost>,
    /// The devices.
    pub fleet: Fleet<'a>,
    /// Verdicts so far.
    pub judged: Judged,
}

impl<'a> Site<'a> {
    /// Founds a centre in a new file and gives it people, contracts, calendar, devices and log-ins.
    ///
    /// # Errors
    /// When the centre refuses any of it.
    pub fn found(
        assets: &'a Assets,
        file: &Path,
        host: Arc<MovingHost>,
        signing_key: &[u8; 32],
        founding: &Founding,
    ) -> Result<Self> {
        let centre = Centre::create(file, Arc::clone(&host) as Arc<dyn Host>, signing_key, founding)?;
        Self::furnish(assets, centre, host)
    }

    /// Gives an empty centre people, contract, calendar, devices and log-ins.
    ///
    /// # Errors
    /// When the centre refuses any of it.
    pub fn furnish(assets: &'a Assets, centre: Centre, host: Arc<MovingHost>) -> Result<Self> {
        let fleet = Fleet::new(assets, SEED, host.now_ms() - 3_600_000);
        let mut site = Self { assets, centre, host, fleet, judged: Judged::default() };
        site.publish()?;
        let passwords = site.add_people()?;
        site.enrol_devices()?;
        let now_ms = site.host.now_ms();
        for (device, login) in site.fleet.seats() {
            let password =
                passwords.iter().find(|(known, _)| *known == login).map(|(_, password)| password.clone());
            let request = LogInRequest {
                login: login.clone(),
                password: password.with_context(|| format!("{login} has no account"))?,
                user_key: hex::encode(&site.fleet.user_key(device, &login).verifying_key().to_bytes()),
            };
            let id = site.fleet.devices.get(device).context("no such device")?.id;
            site.centre.login(id, &request)?;
            site.fleet.open_session(device, &login, now_ms)?;
        }
        site.push()?;
        Ok(site)
    }

    fn publish(&mut self) -> Result<()> {
        let mut contract = None;
        for shipped in SHIPPED {
            let own = shipped.id == self.assets.profile.id;
            let texts = ContractTexts {
                id: shipped.id,
                profile: shipped.facts,
                reading: Some(shipped.reading),
                settings: if own { Some(Assets::settings()) } else { shipped.settings },
            };
            let hash = self.centre.contract_publish(&texts)?.hash;
            contract = contract.or(own.then_some(hash));
        }
        let contract = contract.context("the contract is not shipped")?;
        let calendar = self.centre.calendar_publish(CalendarText { file: "2025.json", text: CALENDAR })?.hash;
        self.fleet.publish(Published { contract, calendar });
        Ok(())
    }

    /// Adds everybody; those who cannot log in get a one-time password that is told to nobody.
    fn add_people(&mut self) -> Result<Vec<(String, String)>> {
        let mut passwords = Vec::new();
        for person in &self.assets.people {
            let given = self.assets.logins.login.iter().find(|login| login.login == person.login);
            let new = NewUser {
                login: person.login.clone(),
                name: person.name.clone(),
                roles: person.roles.iter().filter_map(|role| Role::from_code(role)).collect(),
                contracts: vec![self.assets.profile.id.clone()],
                divisions: person.divisions.clone(),
                post: person.post.clone(),
                remote: !person.onsite,
                password: given.map(|login| login.password.clone()),
            };
            let (user, one_time) =
                self.centre.user_add(&new).with_context(|| format!("adding {}", person.login))?;
            self.fleet.knows(&person.login, &user);
            passwords.extend(new.password.or(one_time).map(|password| (person.login.clone(), password)));
        }
        Ok(passwords)
    }

    fn enrol_devices(&mut self) -> Result<()> {
        for index in 0..self.fleet.devices.len() {
            let Some(device) = self.fleet.devices.get(index) else { continue };
            let logs = self.logs(&device.divisions)?;
            let (id, name, key) = (device.id, device.name.clone(), device.key.verifying_key().to_bytes());
            let code = self.device_code(&name, logs)?;
            let request = EnrolRequest {
                secret: code.secret,
                device: hex::encode(&id),
                public_key: hex::encode(&key),
                name: name.clone(),
            };
            self.centre.enrol("demo", &request)?;
        }
        Ok(())
    }

    /// Logs of the stores and of some divisions; of all divisions without any named.
    ///
    /// # Errors
    /// A division whose name cannot be part of a log's.
    pub fn logs(&self, divisions: &[String]) -> Result<Vec<String>> {
        let chosen = if divisions.is_empty() { &self.assets.profile.divisions } else { divisions };
        let profile = &self.assets.profile;
        let divisions = chosen.iter().map(|name| LogName::division(&profile.id, name));
        let stores = profile.settings.stock_store.iter().map(|store| LogName::store(&profile.id, &store.id));
        divisions.chain(stores).map(|log| Ok(log?.as_str().to_owned())).collect()
    }

    /// A fresh enrolment code.
    ///
    /// # Errors
    /// When the centre refuses.
    pub fn device_code(&mut self, name: &str, logs: Vec<String>) -> Result<EnrolmentCode> {
        let code =
            self.centre.device_code(&CodeRequest { name: name.to_owned(), logs, classes: Vec::new() })?;
        EnrolmentCode::from_text(&code.text).context("the centre's own code cannot be read")
    }

    /// Pushes everything that waits.
    ///
    /// # Errors
    /// A page that the centre does not take.
    pub fn push(&mut self) -> Result<()> {
        for (index, page) in self.fleet.pages(self.host.now_ms()) {
            let device = self.fleet.devices.get(index).context("no such device")?.id;
            let reply = self.centre.push(device, &pack(&page))?;
            self.took(&page, &reply)?;
        }
        Ok(())
    }

    /// Takes note of a reply.
    ///
    /// # Errors
    /// When the page was not taken.
    pub fn took(&mut self, page: &PushPage, reply: &PushReply) -> Result<()> {
        if reply.outcome != Outcome::Ok || reply.verdicts.len() != page.entries.len() {
            bail!("a page of {} was not taken: {:?}", page.log, reply.outcome);
        }
        self.judged.count(reply)?;
        if let Some(last) = reply.verdicts.last() {
            self.fleet.saw(&page.log, last.seq);
        }
        Ok(())
    }

    /// Lets the work happen, pushed once a day: for much of it.
    ///
    /// # Errors
    /// An act that the rules or the centre do not allow.
    pub fn work_in_days(&mut self, feed: &mut Feed<'_>, scale: Scale) -> Result<()> {
        let end = scale.until.checked_add(SignedDuration::from_millis(1))?;
        let mut at = jiff::Timestamp::from_microsecond(zaigang_domain::calendar::midnight(scale.from))?;
        while at < end {
            at = at.checked_add(SignedDuration::from_hours(24))?.min(end);
            feed.run(&mut self.fleet, at)?;
            self.host.set(at);
            self.push()?;
        }
        Ok(())
    }

    /// Lets every device say that all it did until now is here, as its console would at its next hello.
    ///
    /// # Errors
    /// When the centre does not know a device.
    pub fn say_complete(&mut self) -> Result<()> {
        let (server_id, now) = (self.centre.status()?.server_id, self.host.now_ms());
        for device in &self.fleet.devices {
            let hello = HelloRequest {
                protocol_min: PROTOCOL_MIN,
                protocol_max: PROTOCOL_MAX,
                server_id: server_id.clone(),
                chains: Vec::new(),
                cursors: Vec::new(),
                wall_at: now,
                complete_to: Some(now),
            };
            self.centre.hello(device.id, &hello)?;
        }
        Ok(())
    }

    /// Lets the work happen, pushed every few hours, on the last day every twenty minutes.
    ///
    /// # Errors
    /// An act that the rules or the centre do not allow.
    pub fn work(&mut self, feed: &mut Feed<'_>, scale: Scale) -> Result<()> {
        let end = scale.until.checked_add(SignedDuration::from_millis(1))?;
        let mut at = jiff::Timestamp::from_microsecond(zaigang_domain::calendar::midnight(scale.from))?;
        while at < end {
            let near = scale.until.duration_since(at) < SignedDuration::from_hours(36);
            let step = if near { SignedDuration::from_mins(20) } else { SignedDuration::from_hours(6) };
            at = at.checked_add(step)?.min(end);
            feed.run(&mut self.fleet, at)?;
            self.host.set(at);
            self.push()?;
        }
        self.host.set(scale.until);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::cases::cases;
    use crate::demo::duty::Duty;
    use crate::demo::plan::Plan;

    #[test]
    fn the_centre_takes_the_whole_demo() {
        let assets = Assets::load().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let scale = Scale::demo(assets.logins.now);
        let start =
            jiff::Timestamp::from_microsecond(zaigang_domain::calendar::midnight(scale.from)).unwrap();
        let host = MovingHost::new(start, SEED, &dir.path().join("mark"));
        let mut site =
            Site::found(&assets, &dir.path().join("c.db"), host, &[7; 32], &Founding::default()).unwrap();
        let mut feed = Feed::new(Plan::new(&assets, scale), cases(&assets).unwrap());
        feed = feed.with(Duty::new(&assets).unwrap());
        site.work(&mut feed, scale).unwrap();
        assert_eq!((site.judged.rejected, site.judged.parked), (0, 0), "{:?}", site.judged);
        assert_eq!(site.judged.unreconciled, 1, "the arrival of the one who did not know: {:?}", site.judged);
        assert_eq!(site.judged.events(), site.fleet.written);
    }
}
