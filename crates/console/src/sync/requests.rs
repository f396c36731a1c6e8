//! The requests a console makes: what they say and how the device signs them.

use zaigang_sync::chain::ChainHead;
use zaigang_sync::envelope::Id;
use zaigang_sync::hex;
use zaigang_sync::keys::{SentClocks, attest, sign_request};
use zaigang_sync::page::{PAGE_BYTES_MAX, PAGE_EVENTS_MAX, PAGE_VERSION, PushEntry, PushPage, pack};
use zaigang_sync::protocol::{
    CursorWire, HEADER_DEVICE, HEADER_NONCE, HEADER_SIGNATURE, HelloRequest, OwnChain, PATH_HELLO, PATH_PULL,
    PATH_PUSH, PROTOCOL_MAX, PROTOCOL_MIN, PullRequest,
};

use super::round::Task;
use crate::host::Host;
use crate::store::{Identity, LogRow, Result, Store, StoreError};

/// Most bytes wanted in a pulled page, unpacked.
const PULL_BYTES_MAX: u32 = 8_000_000;
/// Envelope bytes put into a pushed page at first; halved until the packed page fits.
const PUSH_BYTES: usize = 4_000_000;

/// A request to the centre: a POST to `path`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Path, one of `zaigang_sync::protocol`'s.
    pub path: &'static str,
    /// Body.
    pub body: Vec<u8>,
}

/// The headers that authenticate a request of this device.
#[must_use]
pub fn signed_headers(
    identity: &Identity,
    nonce: Id,
    path: &str,
    body: &[u8],
) -> [(&'static str, String); 3] {
    let signature = sign_request(&identity.device_key, path, identity.server_id, nonce, body);
    [
        (HEADER_DEVICE, hex::encode(&identity.device)),
        (HEADER_NONCE, hex::encode(&nonce)),
        (HEADER_SIGNATURE, hex::encode(&signature)),
    ]
}

/// Opens a round: cursors, own chains, and how far this device's work has arrived.
pub(super) fn hello(store: &Store, host: &dyn Host) -> Result<Request> {
    let identity = store.identity().ok_or(StoreError::NotEnrolled)?;
    let mut chains = Vec::new();
    let mut cursors = Vec::new();
    for log in store.logs()? {
        let ChainHead { device_seq, event_hash } = store.acknowledged(&log)?;
        if device_seq > 0 {
            let (log, event_hash) = (log.name.clone(), event_hash.to_hex());
            chains.push(OwnChain { log, incarnation: identity.incarnation, device_seq, event_hash });
        }
        cursors.push(CursorWire {
            epoch: log.epoch.map(|epoch| hex::encode(&epoch)),
            seq: log.seq,
            head: log.head.to_hex(),
            log: log.name,
        });
    }
    let wall_at = host.evidence().wall_at;
    let hello = HelloRequest {
        protocol_min: PROTOCOL_MIN,
        protocol_max: PROTOCOL_MAX,
        server_id: hex::encode(&identity.server_id),
        chains,
        cursors,
        wall_at,
        complete_to: Some(store.complete_to(wall_at)?),
    };
    Ok(Request { path: PATH_HELLO, body: serde_json::to_vec(&hello)? })
}

/// A page of what the centre lacks of this device; nothing when it has all.
pub(super) fn push(store: &Store, host: &dyn Host, task: &Task) -> Result<Option<Request>> {
    let log = store.log(&task.log)?;
    let mut bytes_max = PUSH_BYTES;
    loop {
        let Some((packed, events)) = push_page(store, host, &log, task.held, bytes_max)? else {
            return Ok(None);
        };
        // A single event is far below the limit, so halving ends.
        if packed.len() <= PAGE_BYTES_MAX || events == 1 {
            return Ok(Some(Request { path: PATH_PUSH, body: packed }));
        }
        bytes_max /= 2;
    }
}

fn push_page(
    store: &Store,
    host: &dyn Host,
    log: &LogRow,
    held: u64,
    bytes_max: usize,
) -> Result<Option<(Vec<u8>, usize)>> {
    let identity = store.identity().ok_or(StoreError::NotEnrolled)?;
    let outbox = store.outbox(log, held, PAGE_EVENTS_MAX, bytes_max)?;
    let Some(last) = outbox.entries.last() else { return Ok(None) };
    let evidence = host.evidence();
    let sent = SentClocks {
        wall_at: evidence.wall_at,
        boot_id: evidence.boot_id.into(),
        uptime_ms: evidence.uptime_ms,
    };
    let events = outbox.entries.len();
    let page = PushPage {
        v: PAGE_VERSION,
        log: log.name.clone(),
        device: identity.device.into(),
        incarnation: identity.incarnation,
        attestation: attest(&identity.device_key, last.event_hash, &sent).into(),
        entries: outbox
            .entries
            .into_iter()
            .map(|entry| PushEntry { envelope: entry.envelope.into(), parts: entry.parts })
            .collect(),
        sent,
    };
    Ok(Some((pack(&page), events)))
}

/// Asks for the next page; nothing when the log is as far as the centre's.
pub(super) fn pull(store: &Store, task: &Task) -> Result<Option<Request>> {
    let log = store.log(&task.log)?;
    if log.stopped.is_some() || (!task.pushed && log.seq >= task.centre_seq) {
        return Ok(None);
    }
    let ask =
        PullRequest { after_seq: log.seq, head: log.head.to_hex(), bytes_max: PULL_BYTES_MAX, log: log.name };
    Ok(Some(Request { path: PATH_PULL, body: serde_json::to_vec(&ask)? }))
}
