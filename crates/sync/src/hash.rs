//! BLAKE3 with one context string for each use, so that no digest can stand for another.

use std::fmt;

/// A 32-byte BLAKE3 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The head of an empty chain or log.
    pub const ZERO: Self = Self([0; 32]);

    /// Reads a digest from a slice of exactly 32 bytes.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Reads a digest from 64 hex digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        blake3::Hash::from_hex(text).ok().map(|hash| Self(*hash.as_bytes()))
    }

    /// All 64 hex digits, lower case.
    #[must_use]
    pub fn to_hex(self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

/// What a digest is for. The number is the first byte hashed: never reuse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Use {
    /// The content of an event.
    Content = 1,
    /// An event at its place in a device's chain.
    Event = 2,
    /// The head of a log after an entry.
    Head = 3,
    /// A commit record.
    Commit = 4,
    /// A sealed part with its salt.
    Sealed = 5,
    /// The body of a signed request.
    Request = 6,
    /// A public key shown to people as a fingerprint.
    Key = 7,
    /// A one-time secret as the centre keeps it, and the checksum of an enrolment code.
    Secret = 8,
    /// The devices' signatures that a page carries.
    Attestations = 9,
    /// The encrypted content of a file.
    File = 10,
}

/// Hashes length-prefixed parts for one use: no two different lists of parts collide by shifting
/// bytes from one part to the next.
#[must_use]
pub fn digest(purpose: Use, parts: &[&[u8]]) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[b'Z', purpose as u8]);
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    Hash(*hasher.finalize().as_bytes())
}

/// Hashes one part of known size that does not fit into memory at once; gives what [`digest`] gives.
#[derive(Debug, Clone)]
pub struct PartHasher(blake3::Hasher);

impl PartHasher {
    /// A part of `bytes` bytes.
    #[must_use]
    pub fn new(purpose: Use, bytes: u64) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&[b'Z', purpose as u8]);
        hasher.update(&bytes.to_le_bytes());
        Self(hasher)
    }

    /// The next bytes of it.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Its digest, once all of it was given.
    #[must_use]
    pub fn finish(&self) -> Hash {
        Hash(*self.0.finalize().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(digest(Use::Content, &[b"ab", b"c"]), digest(Use::Content, &[b"a", b"bc"]));
        assert_ne!(digest(Use::Content, &[b"a"]), digest(Use::Event, &[b"a"]));
    }

    #[test]
    fn a_part_hashed_in_pieces_is_the_same() {
        let mut hasher = PartHasher::new(Use::File, 5);
        hasher.update(b"ab");
        hasher.update(b"cde");
        assert_eq!(hasher.finish(), digest(Use::File, &[b"abcde"]));
    }

    #[test]
    fn hex_goes_there_and_back() {
        let hash = digest(Use::Head, &[b"x"]);
        assert_eq!(Hash::from_hex(&hash.to_hex()), Some(hash));
        assert_eq!(Hash::from_hex("00"), None);
    }
}
