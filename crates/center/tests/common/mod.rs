//! A console reduced to what the centre sees of it, and a world whose clock is set by hand.

#![allow(dead_code, missing_docs, unreachable_pub, reason = "each test file uses its own part of this kit")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests stop where they are wrong")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use zaigang_center::core::{Centre, CodeRequest, Founding, NewUser};
use zaigang_center::host::Host;
use zaigang_domain::people::Role;
use zaigang_sync::chain::ChainHead;
use zaigang_sync::commit::Commit;
use zaigang_sync::envelope::{
    Content, DEVICE_EVENT_BYTES_MAX, Envelope, Group, Id, Place, SealedPart, SealedRef, encode_content, seal,
};
use zaigang_sync::keys::{SentClocks, SessionClaim, attest, sign_consent};
use zaigang_sync::page::{
    ChainHeads, CheckedEntry, DeviceKeys, Expected, PullPage, PushEntry, PushPage, check_pull, pack, unpack,
};
use zaigang_sync::protocol::{
    EnrolReply, EnrolRequest, EnrolmentCode, LogInRequest, PullRequest, PushReply, PushVerdict,
};
use zaigang_sync::{Hash, hex};

/// 2025-10-01T00:00:00Z.
pub const NOON: i64 = 1_759_276_800_000;
pub const CONTRACT: &str = "guangxi-police";
pub const PASSWORD: &str = "Correct-Horse1";

pub fn division(name: &str) -> String {
    format!("c/{CONTRACT}/d/{name}")
}

/// The world of a test.
#[derive(Default)]
pub struct World {
    pub now: AtomicI64,
    drawn: AtomicU64,
    pub mark: Mutex<Option<String>>,
}

impl World {
    pub fn new() -> Arc<Self> {
        let world = Self::default();
        world.now.store(NOON, Ordering::SeqCst);
        Arc::new(world)
    }

    pub fn pass(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Host for World {
    fn now_ms(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let n = self.drawn.fetch_add(1, Ordering::SeqCst).wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1;
            chunk.copy_from_slice(&n.to_be_bytes()[..chunk.len()]);
        }
    }
    fn high_water(&self) -> std::io::Result<Option<String>> {
        Ok(self.mark.lock().unwrap().clone())
    }
    fn keep_high_water(&self, text: &str) -> std::io::Result<()> {
        *self.mark.lock().unwrap() = Some(text.to_owned());
        Ok(())
    }
}

pub const CENTRE_KEY: [u8; 32] = [42; 32];

pub fn founding() -> Founding {
    Founding {
        site: "某市公安局".into(),
        address: "https://10.0.0.5:7443".into(),
        ca_pin: "00".repeat(16),
        recovery: None,
    }
}

pub fn centre(dir: &Path, world: &Arc<World>) -> Centre {
    Centre::create(&dir.join("centre.db"), world.clone(), &CENTRE_KEY, &founding()).unwrap()
}

pub fn reopen(dir: &Path, world: &Arc<World>) -> zaigang_center::error::Result<Centre> {
    Centre::open(&dir.join("centre.db"), world.clone(), &CENTRE_KEY)
}

pub fn add_user(centre: &mut Centre, login: &str, role: Role, divisions: &[&str]) -> String {
    let new = NewUser {
        login: login.into(),
        name: login.into(),
        roles: vec![role],
        contracts: vec![],
        divisions: divisions.iter().map(|d| (*d).to_owned()).collect(),
        password: Some(PASSWORD.into()),
        ..NewUser::default()
    };
    centre.user_add(&new).unwrap().0
}

/// What a test says of an event; the console fills in the rest.
#[derive(Clone)]
pub struct Say {
    pub log: String,
    pub entity: String,
    pub kind: String,
    pub payload: Value,
    pub user: Option<String>,
    pub session: Option<Id>,
    pub expect: Vec<(String, String)>,
    pub deps: Vec<Id>,
    pub group: Option<(Id, u16, u16)>,
    pub sealed: Vec<(&'static str, &'static str, String)>,
    pub consent: bool,
    pub claimed_at: i64,
    pub wall_at: i64,
    pub uptime_ms: u64,
    pub last_centre_time: i64,
    pub tv: u16,
    pub id: Option<Id>,
}

/// A pending event.
#[derive(Clone)]
pub struct Written {
    pub id: Id,
    pub entry: PushEntry,
    pub event_hash: Hash,
}

#[derive(Clone)]
pub struct Console {
    pub device: Id,
    pub key: SigningKey,
    pub user_key: SigningKey,
    pub incarnation: u32,
    pub enrolled: Option<EnrolReply>,
    pub user: Option<String>,
    pub session: Option<Id>,
    pub heads: BTreeMap<String, ChainHead>,
    pub boot_id: Id,
    pub uptime_ms: u64,
    pub wall_at: i64,
    n: u64,
}

impl Console {
    pub fn new(seed: u8) -> Self {
        Self {
            device: [seed; 16],
            key: SigningKey::from_bytes(&[seed; 32]),
            user_key: SigningKey::from_bytes(&[seed.wrapping_add(100); 32]),
            incarnation: 1,
            enrolled: None,
            user: None,
            session: None,
            heads: BTreeMap::new(),
            boot_id: [seed; 16],
            uptime_ms: 1_000_000,
            wall_at: NOON,
            n: 0,
        }
    }

    pub fn enrol_request(&self, secret: &str) -> EnrolRequest {
        EnrolRequest {
            secret: secret.into(),
            device: hex::encode(&self.device),
            public_key: hex::encode(&self.key.verifying_key().to_bytes()),
            name: format!("值班室{}号机", self.device[0]),
        }
    }

    pub fn enrol(&mut self, centre: &mut Centre, logs: &[&str], classes: &[&str]) {
        let request = CodeRequest {
            name: String::new(),
            logs: logs.iter().map(|log| (*log).to_owned()).collect(),
            classes: classes.iter().map(|class| (*class).to_owned()).collect(),
        };
        let code = EnrolmentCode::from_text(&centre.device_code(&request).unwrap().text).unwrap();
        self.enrolled = Some(centre.enrol("10.0.0.9", &self.enrol_request(&code.secret)).unwrap());
    }

    pub fn login_request(&self, login: &str, password: &str) -> LogInRequest {
        LogInRequest {
            login: login.into(),
            password: password.into(),
            user_key: hex::encode(&self.user_key.verifying_key().to_bytes()),
        }
    }

    pub fn next_id(&mut self) -> Id {
        self.n += 1;
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.n.to_be_bytes());
        id[8..12].copy_from_slice(&self.device[..4]);
        id[12..].copy_from_slice(&self.incarnation.to_be_bytes());
        id
    }

    /// The event that opens a session, without noting it as the present one.
    pub fn session_opened(&mut self, user: &str) -> (Id, Say) {
        let session = self.next_id();
        let (from, until) = (self.wall_at, self.wall_at + 12 * 3_600_000);
        let claim = SessionClaim { session, user, device: self.device, from, until };
        let at = |ms: i64| jiff::Timestamp::from_millisecond(ms).unwrap().to_string();
        let payload = json!({
            "user": user, "device": hex::encode(&self.device), "from": at(from), "until": at(until),
            "online": true, "sig": hex::encode(&claim.sign(&self.user_key)),
        });
        let mut say =
            self.say("site", &format!("session/{}", hex::encode(&session)), "session.opened", payload);
        say.user = Some(user.to_owned());
        (session, say)
    }

    /// What `session.closed` says now.
    pub fn session_closed(&self) -> Value {
        let end = |head: &ChainHead| json!({"seq": head.device_seq, "hash": head.event_hash.to_hex()});
        let ends: BTreeMap<_, _> = self.heads.iter().map(|(log, head)| (log.clone(), end(head))).collect();
        json!({"incarnation": self.incarnation, "ends": ends})
    }

    /// Logs in at the centre and pushes the opened session.
    pub fn login(&mut self, centre: &mut Centre, login: &str) {
        let reply = centre.login(self.device, &self.login_request(login, PASSWORD)).unwrap();
        let (session, say) = self.session_opened(&reply.user);
        let written = self.write(&say);
        let verdicts = self.push(centre, "site", &[written]).verdicts;
        assert_eq!(commit(&verdicts[0]).reason, None);
        self.user = Some(reply.user);
        self.session = Some(session);
    }

    pub fn say(&self, log: &str, entity: &str, kind: &str, payload: Value) -> Say {
        Say {
            log: log.into(),
            entity: entity.into(),
            kind: kind.into(),
            payload,
            user: self.user.clone(),
            session: self.session,
            expect: vec![],
            deps: vec![],
            group: None,
            sealed: vec![],
            consent: false,
            claimed_at: self.wall_at,
            wall_at: self.wall_at,
            uptime_ms: self.uptime_ms,
            last_centre_time: NOON,
            tv: 1,
            id: None,
        }
    }

    pub fn register(&self, div: &str, order: &str) -> Say {
        let payload = json!({
            "number": format!("{div}-{order}"), "kind": "incident", "title": "打印机卡纸", "division": div,
            "facts": {}, "reported_at": "2025-10-01T00:00:00Z", "contract": CONTRACT,
            "contract_hash": "h", "calendar_hash": "k",
        });
        self.say(&division(div), &format!("order/{order}"), "order.registered", payload)
    }

    /// Puts an event at the end of its chain.
    pub fn write(&mut self, say: &Say) -> Written {
        let id = say.id.unwrap_or_else(|| self.next_id());
        let parts: Vec<SealedPart> = (0_u8..)
            .zip(&say.sealed)
            .map(|(index, (_, _, text))| SealedPart {
                index,
                salt: [index + 1; 16].into(),
                part: text.clone(),
            })
            .collect();
        let refs = say.sealed.iter().zip(&parts).map(|((name, class, _), part)| SealedRef {
            name: (*name).into(),
            class: (*class).into(),
            digest: part.digest().0.into(),
        });
        let content = encode_content(&Content {
            v: 1,
            id: id.into(),
            log: say.log.clone(),
            user: say.user.clone(),
            session: say.session.map(Into::into),
            entity: say.entity.clone(),
            base_seq: 0,
            expect: say.expect.clone(),
            deps: say.deps.iter().map(|id| (*id).into()).collect(),
            group: say.group.map(|(id, i, n)| Group { id: id.into(), i, n }),
            joint: None,
            kind: say.kind.clone(),
            tv: say.tv,
            claimed_at: say.claimed_at,
            wall_at: say.wall_at,
            boot_id: self.boot_id.into(),
            uptime_ms: say.uptime_ms,
            last_centre_time: say.last_centre_time,
            payload: say.payload.to_string(),
            sealed: refs.collect(),
        });
        let head = self.heads.entry(say.log.clone()).or_default();
        let place = Place {
            device: self.device,
            incarnation: self.incarnation,
            device_seq: head.device_seq + 1,
            prev: head.event_hash,
        };
        let signature =
            say.consent.then(|| sign_consent(&self.user_key, zaigang_sync::envelope::content_hash(&content)));
        let sealed = seal(&place, &say.log, &content, signature, DEVICE_EVENT_BYTES_MAX).unwrap();
        *head = ChainHead { device_seq: place.device_seq, event_hash: sealed.event_hash };
        Written {
            id,
            entry: PushEntry { envelope: sealed.bytes.into(), parts },
            event_hash: sealed.event_hash,
        }
    }

    pub fn page(&self, log: &str, events: &[Written]) -> Vec<u8> {
        let last = events.last().unwrap().event_hash;
        let sent =
            SentClocks { wall_at: self.wall_at, boot_id: self.boot_id.into(), uptime_ms: self.uptime_ms };
        pack(&PushPage {
            v: 1,
            log: log.into(),
            device: self.device.into(),
            incarnation: self.incarnation,
            entries: events.iter().map(|event| event.entry.clone()).collect(),
            attestation: attest(&self.key, last, &sent).into(),
            sent,
        })
    }

    pub fn push(&self, centre: &mut Centre, log: &str, events: &[Written]) -> PushReply {
        centre.push(self.device, &self.page(log, events)).unwrap()
    }

    /// Writes and pushes one event; gives its commit record.
    pub fn do_now(&mut self, centre: &mut Centre, say: &Say) -> Commit {
        let written = self.write(say);
        let reply = self.push(centre, &say.log, &[written]);
        assert_eq!(reply.verdicts.len(), 1, "{reply:?}");
        commit(&reply.verdicts[0])
    }

    /// Pulls a whole log from the beginning and checks it as a console does.
    pub fn pull_all(&self, centre: &mut Centre, log: &str) -> Vec<CheckedEntry> {
        let (meta, mut chains) = (centre.meta().clone(), ChainHeads::new());
        let (mut after_seq, mut head, mut all) = (0, Hash::ZERO, vec![]);
        loop {
            let request = PullRequest { log: log.into(), after_seq, head: head.to_hex(), bytes_max: 1 << 20 };
            let page: PullPage = unpack(&centre.pull(self.device, &request).unwrap()).unwrap();
            let expected = Expected {
                server_id: meta.server_id,
                epoch: meta.epoch,
                log,
                after_seq,
                head,
                centre_key: meta.public_key,
            };
            let mut keys = DeviceKeys::new();
            for entry in &page.entries {
                let (envelope, _) = Envelope::decode(&entry.envelope, 1 << 20).unwrap();
                keys.insert(*envelope.device, centre.device_key(*envelope.device).unwrap().unwrap().0);
            }
            all.extend(check_pull(&page, &expected, &mut chains, &mut keys).unwrap());
            after_seq = page.end_seq();
            head = Hash(*page.end_head);
            if !page.more() {
                return all;
            }
        }
    }
}

pub fn commit(verdict: &PushVerdict) -> Commit {
    let bytes: Vec<u8> = verdict
        .commit
        .as_bytes()
        .chunks(2)
        .map(|pair| hex::decode::<1>(std::str::from_utf8(pair).unwrap()).unwrap()[0])
        .collect();
    Commit::decode(&bytes).unwrap()
}

/// A centre with one engineer, logged in on one console that holds E总队's log.
pub fn staffed(dir: &Path, world: &Arc<World>) -> (Centre, Console) {
    let mut centre = centre(dir, world);
    add_user(&mut centre, "wang", Role::Engineer, &[]);
    let mut console = Console::new(1);
    console.enrol(&mut centre, &[&division("E总队")], &[]);
    console.login(&mut centre, "wang");
    (centre, console)
}
