//! A whole site in one process: a centre without a network and consoles on temporary folders.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]
#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod seat;

use std::path::Path;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use zaigang_center::core::{Centre, CodeRequest, ContractTexts, Founding, NewUser};
use zaigang_center::error::CentreError;
use zaigang_console::host::FixedHost;
use zaigang_console::keys::{Cost, Keyring, MemoryKeyring, NoKeyring};
use zaigang_console::session::{Console, Profile, Result, SessionError};
use zaigang_console::store::NoClocks;
use zaigang_console::sync::{Request, Round, RoundReport};
use zaigang_domain::contract::{Text, shipped};
use zaigang_domain::event::{EntityId, EventId, LogName};
use zaigang_domain::order::payload::{Registered, Reporter};
use zaigang_domain::order::table::Step;
use zaigang_domain::order::{OrderKind, StepInput, Then, decide, register};
use zaigang_domain::people::Role;
use zaigang_sync::file::{PATH_FILES_GET, PATH_FILES_HAS, PATH_FILES_PUT};
use zaigang_sync::protocol::{
    Outcome, PATH_ENROL, PATH_HELLO, PATH_LOGIN, PATH_PASSWORD, PATH_PULL, PATH_PUSH,
};

pub(crate) const CONTRACT: &str = "guangxi-police";
pub(crate) const LOG: &str = "c/guangxi-police/d/E总队";
pub(crate) const PASSWORD: &str = "Correct-Horse-7";

pub(crate) fn start() -> Timestamp {
    "2025-10-15T01:00:00Z".parse().unwrap()
}

struct CentreHost {
    clock: Mutex<i64>,
    random: FixedHost,
}

impl zaigang_center::host::Host for CentreHost {
    fn now_ms(&self) -> i64 {
        *self.clock.lock().unwrap()
    }

    fn fill(&self, bytes: &mut [u8]) {
        zaigang_console::host::Host::random(&self.random, bytes);
    }

    fn high_water(&self) -> std::io::Result<Option<String>> {
        Ok(None)
    }

    fn keep_high_water(&self, _: &str) -> std::io::Result<()> {
        Ok(())
    }
}

/// The centre, with users `wang` (engineer), `li` (engineer) and `zhao` (dispatcher).
pub(crate) struct Site {
    pub(crate) centre: Centre,
    host: Arc<CentreHost>,
    begins: Timestamp,
    pub(crate) reachable: bool,
    pub(crate) dir: tempfile::TempDir,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::beginning(start())
    }

    /// The same at another moment: centre and consoles begin there.
    pub(crate) fn beginning(begins: Timestamp) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let host = Arc::new(CentreHost {
            clock: Mutex::new(begins.as_millisecond()),
            random: FixedHost::new(begins, 77),
        });
        let founding = Founding {
            site: "测试站点".into(),
            address: "https://10.0.0.5:7443".into(),
            ca_pin: "00".repeat(16),
            recovery: Some(recovery().1),
        };
        let mut centre =
            Centre::create(&dir.path().join("centre.db"), host.clone(), &[42; 32], &founding).unwrap();
        for (login, name, role) in [
            ("wang", "王强", Role::Engineer),
            ("li", "李敏", Role::Engineer),
            ("zhao", "赵静", Role::Dispatcher),
        ] {
            centre.user_add(&person(login, name, role)).unwrap();
        }
        Self { centre, host, begins, reachable: true, dir }
    }

    /// A site whose contract is published as it is shipped.
    pub(crate) fn published() -> Self {
        let mut site = Self::new();
        site.publish(CONTRACT);
        site
    }

    /// Publishes a contract as it is shipped.
    pub(crate) fn publish(&mut self, id: &str) {
        self.publish_settled(id, shipped(id).unwrap().settings);
    }

    /// Publishes a shipped contract with these settings.
    pub(crate) fn publish_settled(&mut self, id: &str, settings: Option<Text<'_>>) {
        let texts = shipped(id).unwrap();
        let (profile, reading) = (texts.facts, Some(texts.reading));
        self.centre.contract_publish(&ContractTexts { id, profile, reading, settings }).unwrap();
    }

    pub(crate) fn advance_ms(&self, ms: i64) {
        *self.host.clock.lock().unwrap() += ms;
    }

    /// What the network does: device id from the header, the path's function, JSON or a page back.
    pub(crate) fn answer(&mut self, console: &Console, request: &Request) -> Option<(u16, Vec<u8>)> {
        if !self.reachable {
            return None;
        }
        let device = console.store().ok().and_then(|store| store.identity()).map_or([0; 16], |i| i.device);
        let body = &request.body;
        fn json<T: serde::Serialize>(reply: Result<T, CentreError>) -> Result<Vec<u8>, CentreError> {
            reply.map(|reply| serde_json::to_vec(&reply).unwrap())
        }
        let reply = match request.path {
            PATH_ENROL => json(self.centre.enrol("test", &serde_json::from_slice(body).unwrap())),
            PATH_HELLO => json(self.centre.hello(device, &serde_json::from_slice(body).unwrap())),
            PATH_PUSH => json(self.centre.push(device, body)),
            PATH_PULL => self.centre.pull(device, &serde_json::from_slice(body).unwrap()),
            PATH_FILES_HAS => json(self.centre.files_has(device, &serde_json::from_slice(body).unwrap())),
            PATH_FILES_PUT => json(self.centre.files_put(device, body)),
            PATH_FILES_GET => self.centre.files_get(device, &serde_json::from_slice(body).unwrap()),
            PATH_LOGIN => json(self.centre.login(device, &serde_json::from_slice(body).unwrap())),
            PATH_PASSWORD => {
                json(self.centre.change_password(device, &serde_json::from_slice(body).unwrap()))
            }
            path => panic!("unknown path {path}"),
        };
        Some(match reply {
            Ok(bytes) => (200, bytes),
            Err(error) => (400, serde_json::to_vec(&error.reply()).unwrap()),
        })
    }
}

/// A user who logs in with [`PASSWORD`].
pub(crate) fn person(login: &str, name: &str, role: Role) -> NewUser {
    NewUser {
        login: login.into(),
        name: name.into(),
        roles: vec![role],
        password: Some(PASSWORD.into()),
        ..NewUser::default()
    }
}

pub(crate) fn recovery() -> (String, String) {
    use age::secrecy::ExposeSecret as _;
    // Any identity will do, but the same one each time.
    static IDENTITY: std::sync::OnceLock<(String, String)> = std::sync::OnceLock::new();
    IDENTITY
        .get_or_init(|| {
            let identity = age::x25519::Identity::generate();
            (identity.to_string().expose_secret().to_owned(), identity.to_public().to_string())
        })
        .clone()
}

/// A console and the host it runs on.
pub(crate) struct Pc {
    pub(crate) console: Console,
    pub(crate) host: Arc<FixedHost>,
    pub(crate) keyring: Option<MemoryKeyring>,
    serial: u32,
}

impl Pc {
    pub(crate) fn open(dir: &Path, host: Arc<FixedHost>, keyring: Option<MemoryKeyring>) -> Result<Self> {
        let boxed: Box<dyn Keyring> = match &keyring {
            Some(keyring) => Box::new(keyring.clone()),
            None => Box::new(NoKeyring),
        };
        let profile = Profile {
            dir: dir.to_owned(),
            host: host.clone(),
            keyring: boxed,
            clocks: Arc::new(NoClocks),
            cost: Cost::TEST,
        };
        Ok(Self { console: Console::open(profile)?, host, keyring, serial: 0 })
    }

    /// Enrols a new console.
    pub(crate) fn enrolled(site: &mut Site, dir: &Path, seed: u64, keyring: bool) -> Self {
        Self::holding(site, dir, seed, keyring, &[LOG])
    }

    /// Enrols a new console that holds these logs.
    pub(crate) fn holding(site: &mut Site, dir: &Path, seed: u64, keyring: bool, logs: &[&str]) -> Self {
        let host = Arc::new(FixedHost::new(site.begins, seed));
        let pc = Self::open(dir, host, keyring.then(MemoryKeyring::default)).unwrap();
        let logs = logs.iter().map(|log| (*log).to_owned()).collect();
        let code = site.centre.device_code(&CodeRequest { logs, ..CodeRequest::default() }).unwrap();
        Self::enrolled_by(site, pc, &code)
    }

    /// Enrols a new console by a code.
    pub(crate) fn enrolled_by(site: &mut Site, mut pc: Self, code: &zaigang_center::core::NewCode) -> Self {
        let enrolling = pc.console.begin_enrol(&code.text, "值班室1号机").unwrap();
        let (status, body) = site.answer(&pc.console, &enrolling.request).unwrap();
        pc.console.finish_enrol(enrolling, status, &body).unwrap();
        pc
    }

    /// Starts the program again: only the files and the keyring stay.
    pub(crate) fn restart(self, dir: &Path) -> Self {
        let Self { console, host, keyring, .. } = self;
        drop(console);
        Self::open(dir, host, keyring).unwrap()
    }

    pub(crate) fn log_in(&mut self, site: &mut Site, login: &str, password: &str) -> Result<()> {
        let logging_in = self.console.begin_log_in(login, password)?;
        match site.answer(&self.console, &logging_in.request) {
            Some((status, body)) => self.console.finish_log_in(logging_in, status, &body),
            None => self.console.log_in_offline(login, password),
        }
    }

    pub(crate) fn change_password(&mut self, site: &mut Site, old: &str, new: &str) -> Result<()> {
        let changing = self.console.begin_change_password(old, new)?;
        let (status, body) = site.answer(&self.console, &changing.request).unwrap();
        self.console.finish_change_password(&changing, status, &body)
    }

    /// One round; nothing when the centre cannot be reached.
    pub(crate) fn sync(&mut self, site: &mut Site) -> Option<RoundReport> {
        let mut round = Round::new();
        let host = self.host.clone();
        for _ in 0..1_000 {
            let Some(request) = round.next(self.console.store_mut().unwrap(), host.as_ref()).unwrap() else {
                self.console.note_round().unwrap();
                return Some(round.report().clone());
            };
            let (status, body) = site.answer(&self.console, &request)?;
            round.on_reply(self.console.store_mut().unwrap(), status, &body).unwrap();
        }
        panic!("a round must end");
    }

    pub(crate) fn register(&mut self, title: &str) -> EntityId {
        let now = zaigang_console::host::Host::now(self.host.as_ref());
        self.serial += 1;
        let form = Registered {
            number: format!("E-20251015-01-{:04}", self.serial),
            kind: OrderKind::Incident,
            title: title.into(),
            detail: String::new(),
            object: None,
            division: "E总队".into(),
            level: None,
            level_reason: None,
            facts: Default::default(),
            channel: "phone".into(),
            reported_at: now,
            reporter_unit: "科信处".into(),
            contract: "guangxi-police".into(),
            contract_hash: "c".into(),
            calendar_hash: "k".into(),
            scheduled_at: None,
            late_reason: None,
            external_no: None,
            registered_at: None,
            record: None,
            on_behalf: None,
            remote: None,
            source: None,
            alarm_key: None,
            asset: None,
        };
        let reporter = Reporter {
            name: "周".into(),
            phone: "8001".into(),
            room: "301".into(),
            extension: String::new(),
        };
        let user = self.console.session().unwrap().user.clone();
        let actor = self.console.store().unwrap().actor(&user).unwrap();
        let drafts = register(&form, Some(&reporter), Then::Nothing, &actor, now).unwrap();
        let entity = EntityId::order(EventId(zaigang_console::host::new_id(self.host.as_ref())));
        let drafts = drafts.into_iter().map(Into::into).collect();
        self.console.append(&LogName::new(LOG).unwrap(), &entity, drafts, None).unwrap();
        entity
    }

    pub(crate) fn step(&mut self, order: &EntityId, step: Step, fields: &[(&str, &str)]) -> EventId {
        let now = zaigang_console::host::Host::now(self.host.as_ref());
        let user = self.console.session().unwrap().user.clone();
        let store = self.console.store().unwrap();
        let actor = store.actor(&user).unwrap();
        let (_, state) = store.order(order.as_str()).unwrap().unwrap();
        let drafts = decide(&state, step, &StepInput::of(fields), &actor, now).unwrap();
        let drafts = drafts.into_iter().map(Into::into).collect();
        self.console.append(&LogName::new(LOG).unwrap(), order, drafts, None).unwrap().ids[0]
    }

    pub(crate) fn healthy(&mut self) {
        assert_eq!(self.console.store_mut().unwrap().verify().unwrap().problems, []);
    }
}

/// Two consoles of one division that are logged in and know one order.
pub(crate) struct Two {
    pub(crate) site: Site,
    pub(crate) a: Pc,
    pub(crate) b: Pc,
    pub(crate) order: EntityId,
    pub(crate) dirs: (tempfile::TempDir, tempfile::TempDir),
}

impl Two {
    pub(crate) fn new() -> Self {
        let mut site = Site::new();
        let dirs = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut a = Pc::enrolled(&mut site, dirs.0.path(), 1, true);
        let mut b = Pc::enrolled(&mut site, dirs.1.path(), 2, true);
        a.log_in(&mut site, "wang", PASSWORD).unwrap();
        b.log_in(&mut site, "li", PASSWORD).unwrap();
        a.sync(&mut site).unwrap();
        b.sync(&mut site).unwrap();
        let order = a.register("三楼打印机故障");
        assert_eq!(a.sync(&mut site).unwrap().outcome, Outcome::Ok);
        assert_eq!(b.sync(&mut site).unwrap().outcome, Outcome::Ok);
        Self { site, a, b, order, dirs }
    }
}

pub(crate) fn is<T: std::fmt::Debug>(result: Result<T>, wanted: fn(&SessionError) -> bool) {
    match result {
        Err(error) if wanted(&error) => {}
        other => panic!("{other:?}"),
    }
}
