//! Files: how the content is laid out when encrypted, and the requests that carry it in ranges.
//!
//! A file is named by (log, hash of its encrypted content) and travels only if a visible event of the
//! log names it (SYNC 20). The encrypted content is a run of segments of [`SEGMENT_BYTES`] of plain
//! text, each followed by its tag, so that its size follows from the plain one. Whoever relays a file
//! has no key to it.

use minicbor::bytes::ByteSlice;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::envelope::{EnvelopeError, decode_all};

/// Path of [`HasRequest`]: JSON in, [`HasReply`] out.
pub const PATH_FILES_HAS: &str = "/v1/files/has";
/// Path of a put: body is an encoded [`PutRequest`], [`PutReply`] out.
pub const PATH_FILES_PUT: &str = "/v1/files/put";
/// Path of [`GetRequest`]: JSON in, the bytes of the range out.
pub const PATH_FILES_GET: &str = "/v1/files/get";

/// Plain bytes of a segment.
pub const SEGMENT_BYTES: u64 = 64 * 1024;
/// Bytes of a segment's tag.
pub const TAG_BYTES: u64 = 16;
/// Most bytes of a range: a few seconds on a bad line, so that a cut costs little.
pub const RANGE_BYTES_MAX: usize = 1024 * 1024;
/// Most files asked about at once.
pub const HAS_MAX: usize = 64;
/// Longest body of a put: a range and what stands around it.
pub const PUT_BYTES_MAX: usize = RANGE_BYTES_MAX + 1024;

/// Size of the encrypted content of a file of `plain` bytes.
#[must_use]
pub fn sealed_bytes(plain: u64) -> u64 {
    plain.saturating_add(plain.div_ceil(SEGMENT_BYTES).saturating_mul(TAG_BYTES))
}

/// Asks how far the centre holds some files of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HasRequest {
    /// The log.
    pub log: String,
    /// Hashes, at most [`HAS_MAX`].
    pub hashes: Vec<String>,
}

/// What the centre holds, in the order asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HasReply {
    /// One for each hash.
    pub files: Vec<Held>,
}

/// How far the centre holds a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Its hash.
    pub hash: String,
    /// Whether it takes and gives it.
    pub state: HeldState,
    /// Bytes held.
    pub bytes: u64,
}

/// Whether the centre takes and gives a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldState {
    /// No accepted event of the log names it, or this device may not have it.
    Unknown,
    /// Named; what is missing is taken.
    Part,
    /// All of it is there.
    Whole,
    /// It was erased.
    Erased,
}

/// Hands over the next range of a file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PutRequest<'b> {
    /// The log.
    #[n(0)]
    pub log: String,
    /// The file.
    #[n(1)]
    pub hash: minicbor::bytes::ByteArray<32>,
    /// Where the range begins.
    #[n(2)]
    pub from: u64,
    /// The range, at most [`RANGE_BYTES_MAX`].
    #[b(3)]
    pub bytes: &'b ByteSlice,
}

impl<'b> PutRequest<'b> {
    /// The request as bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        minicbor::to_vec(self).expect("encoding into memory cannot fail")
    }

    /// Reads a request.
    ///
    /// # Errors
    /// [`EnvelopeError`] when `bytes` is too large or malformed.
    pub fn decode(bytes: &'b [u8]) -> Result<Self, EnvelopeError> {
        let request: Self = decode_all(bytes)?;
        if request.bytes.len() > RANGE_BYTES_MAX {
            return Err(EnvelopeError::TooLarge { bytes: request.bytes.len(), max: RANGE_BYTES_MAX });
        }
        Ok(request)
    }
}

/// How far the centre holds the file now. A range that does not begin where the centre stands changes
/// nothing: the console goes on from `bytes`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutReply {
    /// Bytes held.
    pub bytes: u64,
    /// All of it is there and its hash fits.
    pub whole: bool,
}

/// Asks for a range of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetRequest {
    /// The log.
    pub log: String,
    /// The file.
    pub hash: String,
    /// Where the range begins.
    pub from: u64,
    /// Most bytes wanted; never more than [`RANGE_BYTES_MAX`] come.
    pub bytes_max: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encrypted_size_follows_from_the_plain_one() {
        for (plain, sealed) in [(1, 17), (65_536, 65_552), (65_537, 65_569), (131_072, 131_104)] {
            assert_eq!(sealed_bytes(plain), sealed, "{plain}");
        }
    }

    #[test]
    fn a_put_is_read_as_written_and_refused_when_cut_or_too_large() {
        let put = PutRequest {
            log: "c/x/d/E".into(),
            hash: [7; 32].into(),
            from: 5,
            bytes: b"abc".as_slice().into(),
        };
        let bytes = put.encode();
        assert_eq!(crate::hex::encode(&bytes), GOLDEN, "these bytes are on the wire");
        assert_eq!(PutRequest::decode(&bytes).unwrap(), put);
        for cut in 0..bytes.len() {
            assert!(PutRequest::decode(bytes.get(..cut).unwrap()).is_err(), "{cut}");
        }
        let large = vec![0; RANGE_BYTES_MAX + 1];
        let put = PutRequest { bytes: large.as_slice().into(), ..put };
        assert!(PutRequest::decode(&put.encode()).is_err());
    }

    const GOLDEN: &str = "8467632f782f642f455820\
        0707070707070707070707070707070707070707070707070707070707070707\
        0543616263";
}
