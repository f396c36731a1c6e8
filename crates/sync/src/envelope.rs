//! The envelope: an event as bytes, frozen, stored and relayed exactly as its device wrote it.
//!
//! An envelope is a CBOR array of two layers. The inner one, [`Content`], says what happened and
//! has a hash of its own; the outer one, [`Envelope`], gives it a place in a device's chain. Thus
//! the same content can be re-issued by a new incarnation under its old id.
//!
//! The payload is JSON text inside the CBOR: an auditor reads it with any tool, and unknown fields
//! of a newer program survive. Arrays may grow at the end; nothing is ever inserted or re-used.

use minicbor::bytes::{ByteArray, ByteSlice};
use minicbor::{Decode, Encode};

use crate::hash::{Hash, Use, digest};

/// Version of the envelope written by this program.
pub const ENVELOPE_VERSION: u8 = 1;
/// Largest envelope a device may write, in bytes (SYNC design, limit 64 KiB).
pub const DEVICE_EVENT_BYTES_MAX: usize = 64 * 1024;
/// Largest envelope the centre may write, in bytes (SYNC design, limit 1 MiB).
pub const CENTRE_EVENT_BYTES_MAX: usize = 1024 * 1024;

/// Sixteen raw bytes: a UUID of an event, a device, a session or a server.
pub type Id = [u8; 16];

/// Why bytes are not an envelope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Not the CBOR this version writes, or bytes left over.
    #[error("the event is malformed: {0}")]
    Malformed(String),
    /// Larger than the limit for its writer.
    #[error("the event has {bytes} bytes, more than {max}")]
    TooLarge {
        /// Bytes found.
        bytes: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// A newer envelope version.
    #[error("the event has envelope version {0}, newer than this program")]
    NewerVersion(u8),
}

/// A group: all of its events take effect or none.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Group {
    /// Id shared by the members.
    #[n(0)]
    pub id: ByteArray<16>,
    /// Place of this member, from 0.
    #[n(1)]
    pub i: u16,
    /// Number of members, at least 1.
    #[n(2)]
    pub n: u16,
}

/// A reference to a sealed part: the chain holds its digest, the part travels beside the event.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct SealedRef {
    /// Which field it is, such as `reporter`.
    #[n(0)]
    pub name: String,
    /// Who may see it: `personal` or `restricted`.
    #[n(1)]
    pub class: String,
    /// H(salt ‖ part).
    #[n(2)]
    pub digest: ByteArray<32>,
}

/// A sealed part as it travels beside its event.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct SealedPart {
    /// Index into [`Content::sealed`].
    #[n(0)]
    pub index: u8,
    /// Random salt, so that a short phone number cannot be guessed from its digest.
    #[n(1)]
    pub salt: ByteArray<16>,
    /// The part: JSON text.
    #[n(2)]
    pub part: String,
}

impl SealedPart {
    /// The digest that stands in the chain for this part.
    #[must_use]
    pub fn digest(&self) -> Hash {
        digest(Use::Sealed, &[&self.salt[..], self.part.as_bytes()])
    }
}

/// What happened: all of an event but its place in a chain.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Content {
    /// Envelope version.
    #[n(0)]
    pub v: u8,
    /// UUIDv7 of the event.
    #[n(1)]
    pub id: ByteArray<16>,
    /// Log it belongs to.
    #[n(2)]
    pub log: String,
    /// Who did it; absent for what a device or the centre does by itself.
    #[n(3)]
    pub user: Option<String>,
    /// Session under which the user did it.
    #[n(4)]
    pub session: Option<ByteArray<16>>,
    /// Entity it is about, such as `order/…`.
    #[n(5)]
    pub entity: String,
    /// Last seq of the log that the writer had folded.
    #[n(6)]
    pub base_seq: u64,
    /// What a claim relies on: field of the entity → value, sorted by field.
    #[n(7)]
    pub expect: Vec<(String, String)>,
    /// Ids of own pending claims this event stands on.
    #[n(8)]
    pub deps: Vec<ByteArray<16>>,
    /// All-or-nothing group.
    #[n(9)]
    pub group: Option<Group>,
    /// Shared by the two halves of an act that touches two logs.
    #[n(10)]
    pub joint: Option<ByteArray<16>>,
    /// Event type, such as `order.accepted`.
    #[n(11)]
    pub kind: String,
    /// Version of the payload's type.
    #[n(12)]
    pub tv: u16,
    /// When it happened by the person's account, Unix milliseconds.
    #[n(13)]
    pub claimed_at: i64,
    /// The device's wall clock when it was written, Unix milliseconds.
    #[n(14)]
    pub wall_at: i64,
    /// Identity of the boot during which it was written.
    #[n(15)]
    pub boot_id: ByteArray<16>,
    /// Milliseconds since that boot.
    #[n(16)]
    pub uptime_ms: u64,
    /// The centre's time at the last contact, Unix milliseconds; 0 before the first.
    #[n(17)]
    pub last_centre_time: i64,
    /// JSON text; its shape is fixed by `kind` and `tv`.
    #[n(18)]
    pub payload: String,
    /// Sealed parts.
    #[n(19)]
    pub sealed: Vec<SealedRef>,
}

/// An event at its place in a device's chain, borrowed from its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Envelope<'b> {
    /// The device that wrote it.
    #[n(0)]
    pub device: ByteArray<16>,
    /// Incarnation of the device: 1 at enrolment, raised after a restore or clone.
    #[n(1)]
    pub incarnation: u32,
    /// Place in the chain of (device, incarnation, log), from 1 without holes.
    #[n(2)]
    pub device_seq: u64,
    /// Event hash of the one before, zeros for the first.
    #[n(3)]
    pub prev: ByteArray<32>,
    /// Encoded [`Content`].
    #[b(4)]
    pub content: &'b ByteSlice,
    /// The user's own signature over the content hash, for acts of consent.
    #[n(5)]
    pub user_signature: Option<ByteArray<64>>,
}

impl<'b> Envelope<'b> {
    /// Reads an envelope and its content; the whole of `bytes` must be used.
    ///
    /// # Errors
    /// [`EnvelopeError`] when `bytes` is larger than `bytes_max`, malformed or of a newer version.
    pub fn decode(bytes: &'b [u8], bytes_max: usize) -> Result<(Self, Content), EnvelopeError> {
        if bytes.len() > bytes_max {
            return Err(EnvelopeError::TooLarge { bytes: bytes.len(), max: bytes_max });
        }
        let envelope: Self = decode_all(bytes)?;
        let content: Content = decode_all(envelope.content)?;
        if content.v > ENVELOPE_VERSION {
            return Err(EnvelopeError::NewerVersion(content.v));
        }
        Ok((envelope, content))
    }

    /// Hash of the content alone: equal for an event re-issued by a new incarnation.
    #[must_use]
    pub fn content_hash(&self) -> Hash {
        content_hash(self.content)
    }

    /// Hash of the event at its place in the chain of `log`.
    #[must_use]
    pub fn event_hash(&self, log: &str) -> Hash {
        let place = Place {
            device: *self.device,
            incarnation: self.incarnation,
            device_seq: self.device_seq,
            prev: Hash(*self.prev),
        };
        event_hash(&place, log, self.content_hash())
    }
}

/// A place in a device's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The device.
    pub device: Id,
    /// Its incarnation.
    pub incarnation: u32,
    /// Place from 1.
    pub device_seq: u64,
    /// Hash of the one before.
    pub prev: Hash,
}

/// An event ready to be stored and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The envelope's bytes, never rewritten from here on.
    pub bytes: Vec<u8>,
    /// Hash of the content.
    pub content_hash: Hash,
    /// Hash at its place in the chain.
    pub event_hash: Hash,
}

/// Hash of encoded content.
#[must_use]
pub fn content_hash(content: &[u8]) -> Hash {
    digest(Use::Content, &[content])
}

/// `H(prev, device, incarnation, log, device_seq, content_hash)`.
#[must_use]
pub fn event_hash(place: &Place, log: &str, content: Hash) -> Hash {
    digest(
        Use::Event,
        &[
            &place.prev.0,
            &place.device,
            &place.incarnation.to_le_bytes(),
            log.as_bytes(),
            &place.device_seq.to_le_bytes(),
            &content.0,
        ],
    )
}

/// Encodes content; the bytes are what [`content_hash`] and a consent signature cover.
#[must_use]
pub fn encode_content(content: &Content) -> Vec<u8> {
    minicbor::to_vec(content).expect("encoding into memory cannot fail")
}

/// Puts encoded content at its place in a chain.
///
/// # Errors
/// [`EnvelopeError::TooLarge`] when the result passes `bytes_max`.
pub fn seal(
    place: &Place,
    log: &str,
    content: &[u8],
    user_signature: Option<[u8; 64]>,
    bytes_max: usize,
) -> Result<Sealed, EnvelopeError> {
    let envelope = Envelope {
        device: place.device.into(),
        incarnation: place.incarnation,
        device_seq: place.device_seq,
        prev: place.prev.0.into(),
        content: content.into(),
        user_signature: user_signature.map(Into::into),
    };
    let bytes = minicbor::to_vec(&envelope).expect("encoding into memory cannot fail");
    if bytes.len() > bytes_max {
        return Err(EnvelopeError::TooLarge { bytes: bytes.len(), max: bytes_max });
    }
    let content_hash = content_hash(content);
    Ok(Sealed { bytes, content_hash, event_hash: event_hash(place, log, content_hash) })
}

/// Decodes one value that must fill `bytes` to the last byte.
pub(crate) fn decode_all<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, EnvelopeError> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode().map_err(|error| EnvelopeError::Malformed(error.to_string()))?;
    if decoder.position() != bytes.len() {
        return Err(EnvelopeError::Malformed("bytes left over".into()));
    }
    Ok(value)
}
