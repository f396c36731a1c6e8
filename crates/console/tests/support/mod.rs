//! What store tests share: a store on a temporary folder, and the smallest centre that can sign a log.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use zaigang_console::host::{FixedHost, Host as _};
use zaigang_console::store::{Author, Draft, Identity, NoClocks, Store, StoreKey, Written};
use zaigang_domain::event::{EntityId, EventId, LogName, UserId};
use zaigang_sync::Hash;
use zaigang_sync::commit::{COMMIT_VERSION, Commit, TrustCode, VerdictCode, next_head};
use zaigang_sync::envelope::{
    CENTRE_EVENT_BYTES_MAX, Content, ENVELOPE_VERSION, Envelope, Id, Place, SealedPart, encode_content, seal,
};
use zaigang_sync::keys::{SentClocks, attest};
use zaigang_sync::page::{Attestation, PAGE_VERSION, PullEntry, PullPage};

pub(crate) const LOG: &str = "c/guangxi-police/d/E总队";
pub(crate) const SERVER: Id = [3; 16];
pub(crate) const EPOCH: Id = [4; 16];
pub(crate) const DEVICE: Id = [7; 16];

pub(crate) fn centre_key() -> SigningKey {
    SigningKey::from_bytes(&[2; 32])
}

pub(crate) fn start() -> Timestamp {
    "2025-10-15T01:00:00Z".parse().unwrap()
}

pub(crate) fn key() -> StoreKey {
    StoreKey::new([5; 32])
}

pub(crate) fn identity(device: Id) -> Identity {
    Identity {
        device,
        incarnation: 1,
        device_key: SigningKey::from_bytes(&[1; 32]),
        device_name: "值班室1号机".into(),
        server_id: SERVER,
        centre_key: centre_key().verifying_key().to_bytes(),
        centre: "https://10.0.0.5:7443".into(),
        ca: "00".repeat(16),
        site: "测试".into(),
        recovery: None,
    }
}

pub(crate) fn open(dir: &std::path::Path) -> Store {
    Store::open(dir, &key(), Arc::new(NoClocks), "test").unwrap()
}

pub(crate) fn new_store(dir: &std::path::Path) -> Store {
    let mut store = open(dir);
    store.enrol(identity(DEVICE), &["site".into(), LOG.into()]).unwrap();
    site().0.feed(&mut store);
    store
}

/// A device's key in these tests.
fn device_key(device: Id) -> SigningKey {
    if device == DEVICE { identity(DEVICE).device_key } else { SigningKey::from_bytes(&[device[0]; 32]) }
}

/// The site log that every new store has: the devices of these tests, enrolled by the centre's own.
pub(crate) fn site() -> (TinyCentre, OtherDevice) {
    let (mut site, mut centre) = (TinyCentre::new("site"), OtherDevice::new(200));
    for n in [200, DEVICE[0], 50, 60, 101, 102, 103, 104, 105, 106, 107, 108, 250] {
        let device = zaigang_sync::hex::encode(&[n; 16]);
        let key = zaigang_sync::hex::encode(&device_key([n; 16]).verifying_key().to_bytes());
        let payload = serde_json::json!({ "name": device, "public_key": key, "logs": [] }).to_string();
        let entity = EntityId::new(format!("device/{device}")).unwrap();
        site.commit(
            centre.event("site", &entity, "device.enrolled", &payload),
            vec![],
            VerdictCode::Accepted,
        );
    }
    (site, centre)
}

pub(crate) fn registered(number: &str, title: &str) -> String {
    serde_json::json!({
        "number": number, "kind": "incident", "title": title, "division": "E总队", "facts": {},
        "detail": "打印机无法打印，卡纸", "reported_at": start().to_string(), "contract": "guangxi-police",
        "contract_hash": "c1", "calendar_hash": "k1",
    })
    .to_string()
}

/// A console's user at work.
pub(crate) struct Desk {
    pub(crate) host: FixedHost,
    pub(crate) user: UserId,
    pub(crate) key: SigningKey,
    pub(crate) log: LogName,
}

impl Desk {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            host: FixedHost::new(start(), seed),
            user: UserId::new("u1").unwrap(),
            key: SigningKey::from_bytes(&[9; 32]),
            log: LogName::new(LOG).unwrap(),
        }
    }

    pub(crate) fn write(
        &self,
        store: &mut Store,
        entity: &EntityId,
        drafts: Vec<Draft>,
        key: Option<&str>,
    ) -> Written {
        let author = Author { user: &self.user, session: [8; 16], key: &self.key };
        store.append(&self.host, &self.log, entity, drafts, Some(author), key).unwrap()
    }

    pub(crate) fn draft(&self, kind: &str, payload: &str) -> Draft {
        Draft::fact(kind, payload.into(), self.host.now().as_millisecond())
    }

    pub(crate) fn register(&self, store: &mut Store, n: u8) -> EntityId {
        let entity = order_id(n);
        let payload = registered(&format!("E-20251015-01-{n:04}"), "三楼打印机故障");
        self.write(store, &entity, vec![self.draft("order.registered", &payload)], None);
        entity
    }
}

pub(crate) fn order_id(n: u8) -> EntityId {
    EntityId::order(EventId([n; 16]))
}

/// A centre that gives each event the verdict it is told.
pub(crate) struct TinyCentre {
    pub(crate) log: String,
    pub(crate) entries: Vec<PullEntry>,
    pub(crate) heads: Vec<Hash>,
}

impl TinyCentre {
    pub(crate) fn new(log: &str) -> Self {
        Self { log: log.into(), entries: Vec::new(), heads: vec![Hash::ZERO] }
    }

    pub(crate) fn commit(&mut self, envelope: Vec<u8>, parts: Vec<SealedPart>, verdict: VerdictCode) {
        let (decoded, content) = Envelope::decode(&envelope, CENTRE_EVENT_BYTES_MAX).unwrap();
        let hash = decoded.event_hash(&self.log);
        let commit = Commit {
            v: COMMIT_VERSION,
            seq: self.entries.len() as u64 + 1,
            event_hash: hash.0.into(),
            verdict,
            reason: (verdict != VerdictCode::Accepted).then(|| "state_changed".into()),
            winner: (verdict == VerdictCode::Rejected).then(|| [6; 16].into()),
            received_at: content.claimed_at + 1_000,
            effective_at: content.claimed_at,
            trust: TrustCode::Exact,
        }
        .encode();
        self.heads.push(next_head(*self.heads.last().unwrap(), hash, &commit));
        self.entries.push(PullEntry { envelope: envelope.into(), commit: commit.into(), parts });
    }

    /// Commits all that waits in a store's outbox.
    pub(crate) fn take(&mut self, store: &Store, verdict: VerdictCode) {
        let log = store.log(&self.log).unwrap();
        let held = store.acknowledged(&log).unwrap().device_seq;
        for entry in store.outbox(&log, held, 1_000, 1_000_000).unwrap().entries {
            self.commit(entry.envelope, entry.parts, verdict);
        }
    }

    pub(crate) fn page(&self, after: u64, max: usize) -> PullPage {
        let from = usize::try_from(after).unwrap();
        let entries: Vec<_> = self.entries[from..].iter().take(max).cloned().collect();
        let seq = after + entries.len() as u64;
        let head = self.heads[usize::try_from(seq).unwrap()];
        let attestations = self.attestations(after, &entries);
        let mut page = PullPage {
            v: PAGE_VERSION,
            server_id: SERVER.into(),
            log: self.log.clone(),
            epoch: EPOCH.into(),
            after_seq: after,
            entries,
            attestations,
            end_head: head.0.into(),
            signature: [0; 64].into(),
            log_seq: self.entries.len() as u64,
        };
        page.signature = page.signed_head().sign(&centre_key()).into();
        page
    }

    /// One for each device's last event in the page.
    fn attestations(&self, after: u64, entries: &[PullEntry]) -> Vec<Attestation> {
        let sent = SentClocks { wall_at: 0, boot_id: [0; 16].into(), uptime_ms: 0 };
        let mut last = std::collections::BTreeMap::new();
        for (entry, seq) in entries.iter().zip(after + 1..) {
            let (envelope, _) = Envelope::decode(&entry.envelope, CENTRE_EVENT_BYTES_MAX).unwrap();
            last.insert(*envelope.device, (seq, envelope.event_hash(&self.log)));
        }
        let mut found: Vec<_> = last
            .into_iter()
            .map(|(device, (seq, hash))| {
                let signature = attest(&device_key(device), hash, &sent).into();
                Attestation { seq, sent, signature }
            })
            .collect();
        found.sort_by_key(|attestation| attestation.seq);
        found
    }

    /// Pulls all there is into a store.
    pub(crate) fn feed(&self, store: &mut Store) {
        loop {
            let after = store.log(&self.log).unwrap().seq;
            if !store.apply_page(&self.log, &self.page(after, 1_000)).unwrap().more {
                return;
            }
        }
    }
}

/// Events of another device, chained.
pub(crate) struct OtherDevice {
    pub(crate) device: Id,
    seq: u64,
    prev: Hash,
    made: u64,
}

impl OtherDevice {
    pub(crate) fn new(n: u8) -> Self {
        Self { device: [n; 16], seq: 0, prev: Hash::ZERO, made: 0 }
    }

    pub(crate) fn event(&mut self, log: &str, entity: &EntityId, kind: &str, payload: &str) -> Vec<u8> {
        self.made += 1;
        let mut id = self.device;
        id[8..].copy_from_slice(&self.made.to_be_bytes());
        let at = start().as_millisecond() + i64::try_from(self.made).unwrap();
        let content = Content {
            v: ENVELOPE_VERSION,
            id: id.into(),
            log: log.into(),
            user: Some("u2".into()),
            session: None,
            entity: entity.to_string(),
            base_seq: 0,
            expect: vec![],
            deps: vec![],
            group: None,
            joint: None,
            kind: kind.into(),
            tv: 1,
            claimed_at: at,
            wall_at: at,
            boot_id: [0; 16].into(),
            uptime_ms: 0,
            last_centre_time: 0,
            payload: payload.into(),
            sealed: vec![],
        };
        self.seq += 1;
        let place = Place { device: self.device, incarnation: 1, device_seq: self.seq, prev: self.prev };
        let sealed = seal(&place, log, &encode_content(&content), None, CENTRE_EVENT_BYTES_MAX).unwrap();
        self.prev = sealed.event_hash;
        sealed.bytes
    }
}
