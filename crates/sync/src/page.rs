//! Pages: runs of events as they travel, by HTTP or later in a file.
//!
//! A page is CBOR, compressed by zstd. Reading one checks size, shape, every hash, every chain and
//! the signature before the caller may write a single row; a page that fails changes nothing.

use std::collections::BTreeMap;
use std::io::Read as _;

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use crate::chain::{ChainHead, Fit, fit};
use crate::commit::{Commit, VerdictCode, next_head};
use crate::envelope::{
    CENTRE_EVENT_BYTES_MAX, Content, DEVICE_EVENT_BYTES_MAX, Envelope, EnvelopeError, Id, Place, SealedPart,
    decode_all,
};
use crate::hash::{Hash, Use, digest};
use crate::hex;
use crate::keys::{PublicKeyBytes, SentClocks, SignedHead, verify_attestation};

/// Version of the page format.
pub const PAGE_VERSION: u8 = 1;
/// Most events in a page (SYNC design).
pub const PAGE_EVENTS_MAX: usize = 1_000;
/// Largest compressed page in bytes (SYNC design, 1 MB).
pub const PAGE_BYTES_MAX: usize = 1_000_000;
/// Largest page once unpacked, in bytes: this project's guess, 32 times the compressed limit.
pub const PAGE_UNPACKED_BYTES_MAX: usize = 32 * PAGE_BYTES_MAX;
/// zstd level: 1 is fast enough to stay out of the profile and packs JSON payloads about sixfold.
const ZSTD_LEVEL: i32 = 1;
/// Largest zstd window a reader accepts, as a power of two (8 MiB).
const ZSTD_WINDOW_LOG_MAX: u32 = 23;

/// Why a page was refused. Nothing of it may be stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Too large, compressed or not, or too many events.
    #[error("the page is larger than allowed: {0}")]
    TooLarge(&'static str),
    /// Not zstd, not CBOR, or bytes left over.
    #[error("the page is malformed: {0}")]
    Malformed(String),
    /// An event inside is malformed.
    #[error("event {index} of the page: {source}")]
    Event {
        /// Place in the page, from 0.
        index: usize,
        /// What is wrong with it.
        source: EnvelopeError,
    },
    /// Made by another centre, for another log, epoch or place than asked.
    #[error("the page is not the one asked for: {0}")]
    NotAsked(&'static str),
    /// An event does not continue its device's chain.
    #[error("event {index} breaks the chain of its device: {fit:?}")]
    Chain {
        /// Place in the page, from 0.
        index: usize,
        /// How it stands to the chain.
        fit: Fit,
    },
    /// A hash inside the page does not fit its bytes.
    #[error("event {index}: {what} does not match")]
    Mismatch {
        /// Place in the page, from 0.
        index: usize,
        /// Which hash.
        what: &'static str,
    },
    /// The signature is not by the expected key.
    #[error("the signature of the page is wrong")]
    Signature,
    /// A device's signature in the page is wrong, out of place or missing.
    #[error("the device's signature at seq {seq}: {what}")]
    Attestation {
        /// The event signed, or left without.
        seq: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// A device the reader has not heard of yet: the site log may tell of it later.
    #[error("the device that signed seq {seq} is not known here")]
    UnknownDevice {
        /// The event signed.
        seq: u64,
    },
}

/// An event as it travels, with those sealed parts the receiver may see.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PushEntry {
    /// Envelope bytes.
    #[n(0)]
    pub envelope: ByteVec,
    /// Sealed parts.
    #[n(1)]
    pub parts: Vec<SealedPart>,
}

/// A run of one device's own events of one log, on the way to the centre.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PushPage {
    /// Page version.
    #[n(0)]
    pub v: u8,
    /// The log.
    #[n(1)]
    pub log: String,
    /// The device.
    #[n(2)]
    pub device: ByteArray<16>,
    /// Its incarnation.
    #[n(3)]
    pub incarnation: u32,
    /// The events, in the order of device_seq.
    #[n(4)]
    pub entries: Vec<PushEntry>,
    /// The device's signature over the last event's hash and the clocks at sending.
    #[n(5)]
    pub attestation: ByteArray<64>,
    /// The device's clocks at sending.
    #[n(6)]
    pub sent: SentClocks,
}

/// A device's signature over one of its events, as the centre keeps and relays it. It covers all
/// of the device's chain up to that event.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Attestation {
    /// Seq of the event signed.
    #[n(0)]
    pub seq: u64,
    /// The device's clocks when it sent the event.
    #[n(1)]
    pub sent: SentClocks,
    /// The signature over both.
    #[n(2)]
    pub signature: ByteArray<64>,
}

/// An entry of a log on the way to a console.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PullEntry {
    /// Envelope bytes.
    #[n(0)]
    pub envelope: ByteVec,
    /// Commit record bytes.
    #[n(1)]
    pub commit: ByteVec,
    /// Sealed parts this console may see.
    #[n(2)]
    pub parts: Vec<SealedPart>,
}

/// A run of a log, on the way to a console. Without entries it still carries the head.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PullPage {
    /// Page version.
    #[n(0)]
    pub v: u8,
    /// The centre.
    #[n(1)]
    pub server_id: ByteArray<16>,
    /// The log.
    #[n(2)]
    pub log: String,
    /// Epoch of the centre.
    #[n(3)]
    pub epoch: ByteArray<16>,
    /// The entries follow this seq.
    #[n(4)]
    pub after_seq: u64,
    /// The entries, in the order of seq.
    #[n(5)]
    pub entries: Vec<PullEntry>,
    /// Devices' signatures over events of this page, by seq.
    #[n(6)]
    pub attestations: Vec<Attestation>,
    /// Head hash after the last entry.
    #[n(7)]
    pub end_head: ByteArray<32>,
    /// The centre's signature over [`PullPage::signed_head`].
    #[n(8)]
    pub signature: ByteArray<64>,
    /// Last seq of the log when the page was made.
    #[n(9)]
    pub log_seq: u64,
}

impl PullPage {
    /// What the centre's signature covers: with the head all of the entries, and everything beside
    /// them.
    #[must_use]
    pub fn signed_head(&self) -> SignedHead<'_> {
        let list = minicbor::to_vec(&self.attestations).expect("encoding into memory cannot fail");
        SignedHead {
            server_id: *self.server_id,
            log: &self.log,
            epoch: *self.epoch,
            seq: self.end_seq(),
            head: Hash(*self.end_head),
            log_seq: self.log_seq,
            attestations: digest(Use::Attestations, &[&list]),
        }
    }

    /// Seq of the last entry, or `after_seq` when there is none.
    #[must_use]
    pub fn end_seq(&self) -> u64 {
        self.after_seq.saturating_add(self.entries.len() as u64)
    }

    /// Whether more entries follow.
    #[must_use]
    pub fn more(&self) -> bool {
        self.end_seq() < self.log_seq
    }
}

/// Packs a page.
#[must_use]
pub fn pack<T: Encode<()>>(page: &T) -> Vec<u8> {
    let bytes = minicbor::to_vec(page).expect("encoding into memory cannot fail");
    zstd::bulk::compress(&bytes, ZSTD_LEVEL).expect("compressing into memory cannot fail")
}

/// Unpacks a page within the limits of size.
///
/// # Errors
/// [`PageError::TooLarge`] and [`PageError::Malformed`].
pub fn unpack<T: for<'b> Decode<'b, ()>>(packed: &[u8]) -> Result<T, PageError> {
    if packed.len() > PAGE_BYTES_MAX {
        return Err(PageError::TooLarge("compressed bytes"));
    }
    let mut decoder = zstd::stream::read::Decoder::with_buffer(packed)
        .map_err(|error| PageError::Malformed(error.to_string()))?
        .single_frame();
    decoder.window_log_max(ZSTD_WINDOW_LOG_MAX).map_err(|error| PageError::Malformed(error.to_string()))?;
    let mut bytes = Vec::new();
    decoder
        .by_ref()
        .take(PAGE_UNPACKED_BYTES_MAX as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| PageError::Malformed(error.to_string()))?;
    if bytes.len() > PAGE_UNPACKED_BYTES_MAX {
        return Err(PageError::TooLarge("unpacked bytes"));
    }
    if !decoder.finish().is_empty() {
        return Err(PageError::Malformed("bytes left over".into()));
    }
    decode_all(&bytes).map_err(|error| PageError::Malformed(error.to_string()))
}

/// An event of a page that passed all checks of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Its place in the device's chain.
    pub place: Place,
    /// What happened.
    pub content: Content,
    /// Hash of the content.
    pub content_hash: Hash,
    /// Hash at its place.
    pub event_hash: Hash,
    /// The user's own signature, for acts of consent.
    pub user_signature: Option<[u8; 64]>,
    /// Sealed parts that came along; each fits its digest.
    pub parts: Vec<SealedPart>,
}

/// Reads one event, with its parts, of `log`.
fn check_event(
    index: usize,
    bytes: &[u8],
    parts: &[SealedPart],
    log: &str,
    bytes_max: usize,
) -> Result<Checked, PageError> {
    let (envelope, content) =
        Envelope::decode(bytes, bytes_max).map_err(|source| PageError::Event { index, source })?;
    if content.log != log {
        return Err(PageError::Mismatch { index, what: "log" });
    }
    for part in parts {
        let reference = content.sealed.get(usize::from(part.index));
        if reference.is_none_or(|reference| *reference.digest != part.digest().0) {
            return Err(PageError::Mismatch { index, what: "sealed part" });
        }
    }
    let place = Place {
        device: *envelope.device,
        incarnation: envelope.incarnation,
        device_seq: envelope.device_seq,
        prev: Hash(*envelope.prev),
    };
    Ok(Checked {
        place,
        content_hash: envelope.content_hash(),
        event_hash: envelope.event_hash(log),
        user_signature: envelope.user_signature.map(|signature| *signature),
        parts: parts.to_vec(),
        content,
    })
}

/// Checks a pushed page on its own: size, shape, hashes, contiguous chain, the device's signature.
/// How the first event fits what the centre already holds is the caller's question ([`fit`]).
///
/// # Errors
/// [`PageError`]; nothing of the page may be stored then.
pub fn check_push(page: &PushPage, public_key: &PublicKeyBytes) -> Result<Vec<Checked>, PageError> {
    if page.v != PAGE_VERSION {
        return Err(PageError::Malformed(format!("page version {}", page.v)));
    }
    if page.entries.len() > PAGE_EVENTS_MAX {
        return Err(PageError::TooLarge("events"));
    }
    let mut checked: Vec<Checked> = Vec::with_capacity(page.entries.len());
    for (index, entry) in page.entries.iter().enumerate() {
        let event = check_event(index, &entry.envelope, &entry.parts, &page.log, DEVICE_EVENT_BYTES_MAX)?;
        if event.place.device != *page.device || event.place.incarnation != page.incarnation {
            return Err(PageError::Mismatch { index, what: "device" });
        }
        if let Some(before) = checked.last() {
            let head = ChainHead { device_seq: before.place.device_seq, event_hash: before.event_hash };
            match fit(head, &event.place) {
                Fit::Next => {}
                fit => return Err(PageError::Chain { index, fit }),
            }
        }
        checked.push(event);
    }
    let Some(last) = checked.last() else {
        return Err(PageError::Malformed("no events".into()));
    };
    if !verify_attestation(public_key, last.event_hash, &page.sent, &page.attestation) {
        return Err(PageError::Signature);
    }
    Ok(checked)
}

/// Where a console is when it reads a page: what the page must continue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected<'a> {
    /// The centre enrolled with.
    pub server_id: Id,
    /// Its epoch.
    pub epoch: Id,
    /// The log asked for.
    pub log: &'a str,
    /// The seq asked after.
    pub after_seq: u64,
    /// Head hash there.
    pub head: Hash,
    /// The centre's public key.
    pub centre_key: PublicKeyBytes,
}

/// An entry of a log that passed all checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedEntry {
    /// The event.
    pub event: Checked,
    /// The commit record.
    pub commit: Commit,
    /// Head hash of the log after this entry.
    pub head: Hash,
}

/// The heads of the chains a reader knows, by (device, incarnation), within one log.
pub type ChainHeads = BTreeMap<(Id, u32), ChainHead>;

/// Keys of the devices a reader knows from the site log.
pub type DeviceKeys = BTreeMap<Id, PublicKeyBytes>;

/// Checks a pulled page against what was asked, the chains known so far and the devices' keys.
/// `chains` is advanced by the page's events, `keys` by the enrolments among them.
///
/// # Errors
/// [`PageError`]; nothing of the page may be stored then, and `chains` and `keys` must be dropped.
pub fn check_pull(
    page: &PullPage,
    expected: &Expected<'_>,
    chains: &mut ChainHeads,
    keys: &mut DeviceKeys,
) -> Result<Vec<CheckedEntry>, PageError> {
    check_asked(page, expected)?;
    let mut head = expected.head;
    let mut checked = Vec::with_capacity(page.entries.len());
    for (index, entry) in page.entries.iter().enumerate() {
        let seq = expected.after_seq + 1 + index as u64;
        let event = check_event(index, &entry.envelope, &entry.parts, expected.log, CENTRE_EVENT_BYTES_MAX)?;
        advance(index, chains, &event)?;
        let commit = Commit::decode(&entry.commit).map_err(|source| PageError::Event { index, source })?;
        if commit.seq != seq {
            return Err(PageError::Mismatch { index, what: "seq" });
        }
        if *commit.event_hash != event.event_hash.0 {
            return Err(PageError::Mismatch { index, what: "event hash" });
        }
        head = next_head(head, event.event_hash, &entry.commit);
        checked.push(CheckedEntry { event, commit, head });
    }
    if *page.end_head != head.0 || !page.signed_head().verify(&expected.centre_key, &page.signature) {
        return Err(PageError::Signature);
    }
    keys.extend(checked.iter().filter_map(enrolled_key));
    check_attestations(page, &checked, keys)?;
    Ok(checked)
}

/// The key that an accepted enrolment tells.
fn enrolled_key(entry: &CheckedEntry) -> Option<(Id, PublicKeyBytes)> {
    #[derive(serde::Deserialize)]
    struct Enrolled {
        public_key: String,
    }
    let content = &entry.event.content;
    if content.kind != "device.enrolled" || entry.commit.verdict != VerdictCode::Accepted {
        return None;
    }
    let device = content.entity.strip_prefix("device/").and_then(hex::decode)?;
    let enrolled: Enrolled = serde_json::from_str(&content.payload).ok()?;
    Some((device, hex::decode(&enrolled.public_key)?))
}

/// Every device's signature is by its device over an event of this page; at the end of the log
/// every chain in the page is signed to its end, as a push commits its events with their signature.
fn check_attestations(page: &PullPage, checked: &[CheckedEntry], keys: &DeviceKeys) -> Result<(), PageError> {
    let mut unsigned: BTreeMap<(Id, u32), u64> = BTreeMap::new();
    let mut rest = page.attestations.iter().peekable();
    for entry in checked {
        let (place, seq) = (&entry.event.place, entry.commit.seq);
        unsigned.insert((place.device, place.incarnation), seq);
        let Some(attestation) = rest.next_if(|attestation| attestation.seq == seq) else { continue };
        let key = keys.get(&place.device).ok_or(PageError::UnknownDevice { seq })?;
        if !verify_attestation(key, entry.event.event_hash, &attestation.sent, &attestation.signature) {
            return Err(PageError::Attestation { seq, what: "not by the device's key" });
        }
        unsigned.remove(&(place.device, place.incarnation));
    }
    if let Some(left) = rest.next() {
        return Err(PageError::Attestation { seq: left.seq, what: "out of place" });
    }
    match unsigned.into_values().min() {
        Some(seq) if !page.more() => Err(PageError::Attestation { seq, what: "missing" }),
        _ => Ok(()),
    }
}

fn check_asked(page: &PullPage, expected: &Expected<'_>) -> Result<(), PageError> {
    if page.v != PAGE_VERSION {
        return Err(PageError::Malformed(format!("page version {}", page.v)));
    }
    if page.entries.len() > PAGE_EVENTS_MAX {
        return Err(PageError::TooLarge("events"));
    }
    if *page.server_id != expected.server_id {
        return Err(PageError::NotAsked("another centre"));
    }
    if *page.epoch != expected.epoch {
        return Err(PageError::NotAsked("another epoch"));
    }
    if page.log != expected.log {
        return Err(PageError::NotAsked("another log"));
    }
    if page.after_seq != expected.after_seq {
        return Err(PageError::NotAsked("another place"));
    }
    // Without entries there is nothing after the place asked for.
    if page.log_seq < page.end_seq() || (page.entries.is_empty() && page.more()) {
        return Err(PageError::NotAsked("another end of the log"));
    }
    Ok(())
}

fn advance(index: usize, chains: &mut ChainHeads, event: &Checked) -> Result<(), PageError> {
    let head = chains.entry((event.place.device, event.place.incarnation)).or_default();
    match fit(*head, &event.place) {
        Fit::Next => {
            *head = ChainHead { device_seq: event.place.device_seq, event_hash: event.event_hash };
            Ok(())
        }
        fit => Err(PageError::Chain { index, fit }),
    }
}
