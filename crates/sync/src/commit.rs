//! The commit record: what the centre adds to an event when it gives it a place in a log.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use crate::envelope::{EnvelopeError, decode_all};
use crate::hash::{Hash, Use, digest};

/// Version of the commit record written by this program.
pub const COMMIT_VERSION: u8 = 1;

/// The centre's verdict as one byte on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum VerdictCode {
    /// It counts.
    #[n(0)]
    Accepted,
    /// A fact that does not fit the state: kept, listed, moves nothing.
    #[n(1)]
    Unreconciled,
    /// A claim that lost.
    #[n(2)]
    Rejected,
    /// Waits for a release.
    #[n(3)]
    Parked,
}

/// How far `effective_at` can be trusted, as one byte on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum TrustCode {
    /// The claimed time agrees with the uptime evidence.
    #[n(0)]
    Exact,
    /// Replaced by the time that the uptime evidence gives.
    #[n(1)]
    Corrected,
    /// No uptime evidence; within its bounds.
    #[n(2)]
    Bounded,
    /// Outside its bounds, moved to the nearest one.
    #[n(3)]
    Clamped,
    /// Told by a person afterwards; within its bounds.
    #[n(4)]
    Claimed,
}

/// What the centre wrote when it committed an event.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Commit {
    /// Version of this record.
    #[n(0)]
    pub v: u8,
    /// Place in the log, from 1 without holes.
    #[n(1)]
    pub seq: u64,
    /// The event.
    #[n(2)]
    pub event_hash: ByteArray<32>,
    /// The verdict.
    #[n(3)]
    pub verdict: VerdictCode,
    /// Stable reason code where the verdict is not a plain acceptance.
    #[n(4)]
    pub reason: Option<String>,
    /// The event that won over a rejected claim.
    #[n(5)]
    pub winner: Option<ByteArray<16>>,
    /// The centre's clock at the commit, Unix milliseconds.
    #[n(6)]
    pub received_at: i64,
    /// The time that counts for clocks and balances, Unix milliseconds.
    #[n(7)]
    pub effective_at: i64,
    /// How far to trust it.
    #[n(8)]
    pub trust: TrustCode,
}

impl Commit {
    /// The record as bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        minicbor::to_vec(self).expect("encoding into memory cannot fail")
    }

    /// Reads a record.
    ///
    /// # Errors
    /// [`EnvelopeError`] when `bytes` is malformed or of a newer version.
    pub fn decode(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        let commit: Self = decode_all(bytes)?;
        if commit.v > COMMIT_VERSION {
            return Err(EnvelopeError::NewerVersion(commit.v));
        }
        Ok(commit)
    }
}

/// The head of a log after one more entry: chained over the event's hash and the whole commit record.
#[must_use]
pub fn next_head(head: Hash, event_hash: Hash, commit: &[u8]) -> Hash {
    digest(Use::Head, &[&head.0, &event_hash.0, &digest(Use::Commit, &[commit]).0])
}
