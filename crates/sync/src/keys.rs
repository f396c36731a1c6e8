//! Keys and what they sign. Every signed text begins with its own label.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use crate::envelope::Id;
use crate::hash::{Hash, Use, digest};

/// A raw Ed25519 signature.
pub type SignatureBytes = [u8; 64];
/// A raw Ed25519 public key.
pub type PublicKeyBytes = [u8; 32];

/// What a signature is for. The label is part of the signed text: never reuse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// A device signs the head of a run of its own events.
    Attestation,
    /// The centre signs a page by the head of the log at its end.
    LogHead,
    /// A device signs a request to the centre.
    Request,
    /// A user's key signs a session.
    Session,
    /// A user's key signs an act of consent.
    Consent,
    /// The centre certifies a user's key on a device.
    UserKey,
}

impl Label {
    const fn text(self) -> &'static [u8] {
        match self {
            Self::Attestation => b"zaigang attestation v2",
            Self::LogHead => b"zaigang log head v2",
            Self::Request => b"zaigang request v1",
            Self::Session => b"zaigang session v1",
            Self::Consent => b"zaigang consent v1",
            Self::UserKey => b"zaigang user key v1",
        }
    }
}

fn message(label: Label, parts: &[&[u8]]) -> Vec<u8> {
    let mut text = Vec::with_capacity(64 + parts.iter().map(|part| part.len() + 8).sum::<usize>());
    text.extend_from_slice(label.text());
    for part in parts {
        text.extend_from_slice(&(part.len() as u64).to_le_bytes());
        text.extend_from_slice(part);
    }
    text
}

/// Signs length-prefixed parts under a label.
#[must_use]
pub fn sign(key: &SigningKey, label: Label, parts: &[&[u8]]) -> SignatureBytes {
    key.sign(&message(label, parts)).to_bytes()
}

/// Whether `signature` over the parts under `label` is by `public_key`; strict, so that no second
/// signature passes for the same text.
#[must_use]
pub fn verify(
    public_key: &PublicKeyBytes,
    label: Label,
    parts: &[&[u8]],
    signature: &SignatureBytes,
) -> bool {
    VerifyingKey::from_bytes(public_key)
        .is_ok_and(|key| key.verify_strict(&message(label, parts), &Signature::from_bytes(signature)).is_ok())
}

/// A device's clocks when it sent a page: evidence for the times of the events in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct SentClocks {
    /// Wall clock, Unix milliseconds.
    #[n(0)]
    pub wall_at: i64,
    /// Identity of the boot; zeros where it is not known.
    #[n(1)]
    pub boot_id: ByteArray<16>,
    /// Milliseconds since that boot.
    #[n(2)]
    pub uptime_ms: u64,
}

/// Signs the head of a run of a device's own events and the clocks they were sent under. The event
/// hash covers device, incarnation, log, place and, through `prev`, every event before it.
#[must_use]
pub fn attest(key: &SigningKey, event_hash: Hash, sent: &SentClocks) -> SignatureBytes {
    let (wall, uptime) = (sent.wall_at.to_le_bytes(), sent.uptime_ms.to_le_bytes());
    sign(key, Label::Attestation, &[&event_hash.0, &wall, &sent.boot_id[..], &uptime])
}

/// Whether a device's key signed this head under these clocks.
#[must_use]
pub fn verify_attestation(
    public_key: &PublicKeyBytes,
    event_hash: Hash,
    sent: &SentClocks,
    signature: &SignatureBytes,
) -> bool {
    let (wall, uptime) = (sent.wall_at.to_le_bytes(), sent.uptime_ms.to_le_bytes());
    let parts: [&[u8]; 4] = [&event_hash.0, &wall, &sent.boot_id[..], &uptime];
    verify(public_key, Label::Attestation, &parts, signature)
}

/// The end of a page as the centre signs it: the head of the log there, and what the page says
/// beside its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedHead<'a> {
    /// The centre.
    pub server_id: Id,
    /// The log.
    pub log: &'a str,
    /// Epoch of the centre.
    pub epoch: Id,
    /// Seq of the head.
    pub seq: u64,
    /// Its hash.
    pub head: Hash,
    /// Last seq of the log when the page was made.
    pub log_seq: u64,
    /// Digest of the devices' signatures in the page.
    pub attestations: Hash,
}

impl SignedHead<'_> {
    /// Signs with the centre's key.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> SignatureBytes {
        let (seq, log_seq) = (self.seq.to_le_bytes(), self.log_seq.to_le_bytes());
        sign(key, Label::LogHead, &self.parts(&seq, &log_seq))
    }

    /// Whether the centre's key signed this.
    #[must_use]
    pub fn verify(&self, public_key: &PublicKeyBytes, signature: &SignatureBytes) -> bool {
        let (seq, log_seq) = (self.seq.to_le_bytes(), self.log_seq.to_le_bytes());
        verify(public_key, Label::LogHead, &self.parts(&seq, &log_seq), signature)
    }

    fn parts<'p>(&'p self, seq: &'p [u8; 8], log_seq: &'p [u8; 8]) -> [&'p [u8]; 7] {
        let (log, head) = (self.log.as_bytes(), &self.head.0);
        [&self.server_id, log, &self.epoch, seq, head, log_seq, &self.attestations.0]
    }
}

/// A session as the user's key signs it at log-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionClaim<'a> {
    /// Session id.
    pub session: Id,
    /// The user.
    pub user: &'a str,
    /// The device.
    pub device: Id,
    /// From, Unix milliseconds.
    pub from: i64,
    /// Until, Unix milliseconds; closing earlier is an event.
    pub until: i64,
}

impl SessionClaim<'_> {
    /// Signs with the user's key.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> SignatureBytes {
        let (from, until) = (self.from.to_le_bytes(), self.until.to_le_bytes());
        sign(key, Label::Session, &[&self.session, self.user.as_bytes(), &self.device, &from, &until])
    }

    /// Whether the user's key signed this.
    #[must_use]
    pub fn verify(&self, public_key: &PublicKeyBytes, signature: &SignatureBytes) -> bool {
        let (from, until) = (self.from.to_le_bytes(), self.until.to_le_bytes());
        let parts: [&[u8]; 5] = [&self.session, self.user.as_bytes(), &self.device, &from, &until];
        verify(public_key, Label::Session, &parts, signature)
    }
}

/// Signs an act of consent with the user's own key: covers the content, not the place in a chain.
#[must_use]
pub fn sign_consent(key: &SigningKey, content_hash: Hash) -> SignatureBytes {
    sign(key, Label::Consent, &[&content_hash.0])
}

/// Whether the user's key signed this act of consent.
#[must_use]
pub fn verify_consent(public_key: &PublicKeyBytes, content_hash: Hash, signature: &SignatureBytes) -> bool {
    verify(public_key, Label::Consent, &[&content_hash.0], signature)
}

/// The centre certifies that `user_key` is this user's key on this device.
#[must_use]
pub fn certify_user_key(
    key: &SigningKey,
    user: &str,
    device: Id,
    user_key: &PublicKeyBytes,
) -> SignatureBytes {
    sign(key, Label::UserKey, &[user.as_bytes(), &device, user_key])
}

/// Whether the centre certified this user's key for this device.
#[must_use]
pub fn verify_user_key(
    centre: &PublicKeyBytes,
    user: &str,
    device: Id,
    user_key: &PublicKeyBytes,
    certificate: &SignatureBytes,
) -> bool {
    verify(centre, Label::UserKey, &[user.as_bytes(), &device, user_key], certificate)
}

/// Signs a request to the centre: method, path, the centre asked, a nonce and the body's hash.
#[must_use]
pub fn sign_request(key: &SigningKey, path: &str, server_id: Id, nonce: Id, body: &[u8]) -> SignatureBytes {
    sign(key, Label::Request, &[path.as_bytes(), &server_id, &nonce, &digest(Use::Request, &[body]).0])
}

/// Whether the device's key signed this request.
#[must_use]
pub fn verify_request(
    public_key: &PublicKeyBytes,
    path: &str,
    server_id: Id,
    nonce: Id,
    body: &[u8],
    signature: &SignatureBytes,
) -> bool {
    let body = digest(Use::Request, &[body]);
    verify(public_key, Label::Request, &[path.as_bytes(), &server_id, &nonce, &body.0], signature)
}

/// What an enrolment code says of the site's CA: the first 128 bits, 32 hex digits, of the hash of
/// its public key. `spki` is the value of SubjectPublicKeyInfo without its outer tag and length, as
/// rustls' `TrustAnchor::subject_public_key_info` gives it.
#[must_use]
pub fn ca_pin(spki: &[u8]) -> String {
    let mut hex = digest(Use::Key, &[spki]).to_hex();
    hex.truncate(32);
    hex
}

/// Fingerprint of a public key: 128 bits in groups of four hex digits, for people to compare.
#[must_use]
pub fn fingerprint(public_key: &[u8]) -> String {
    let hex = digest(Use::Key, &[public_key]).to_hex();
    let groups: Vec<&str> = (0..8).filter_map(|i| hex.get(i * 4..i * 4 + 4)).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_bytes(&[seed; 32])
    }

    #[test]
    fn a_signature_fits_one_label_one_text_and_one_key() {
        let public = key(1).verifying_key().to_bytes();
        let signature = sign_consent(&key(1), Hash([3; 32]));
        assert!(verify_consent(&public, Hash([3; 32]), &signature));
        assert!(!verify_consent(&public, Hash([4; 32]), &signature));
        let sent = SentClocks { wall_at: 0, boot_id: [0; 16].into(), uptime_ms: 0 };
        assert!(!verify_attestation(&public, Hash([3; 32]), &sent, &signature));
        assert!(!verify_consent(&key(2).verifying_key().to_bytes(), Hash([3; 32]), &signature));
    }

    #[test]
    fn a_signed_head_names_its_centre_log_and_epoch() {
        let head = SignedHead {
            server_id: [1; 16],
            log: "site",
            epoch: [2; 16],
            seq: 9,
            head: Hash([5; 32]),
            log_seq: 9,
            attestations: Hash([6; 32]),
        };
        let public = key(1).verifying_key().to_bytes();
        let signature = head.sign(&key(1));
        assert!(head.verify(&public, &signature));
        assert!(!SignedHead { log: "c/x/common", ..head }.verify(&public, &signature));
        assert!(!SignedHead { epoch: [3; 16], ..head }.verify(&public, &signature));
        assert!(!SignedHead { seq: 8, ..head }.verify(&public, &signature));
    }
}
