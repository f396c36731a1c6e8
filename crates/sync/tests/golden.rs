//! Golden bytes: what was once stored must read, hash and verify the same for ever.
#![allow(clippy::unwrap_used, reason = "a test fails by panic and works on real files")]

use ed25519_dalek::SigningKey;
use minicbor::bytes::ByteArray;
use zaigang_sync::commit::{COMMIT_VERSION, Commit, TrustCode, VerdictCode, next_head};
use zaigang_sync::envelope::{
    Content, DEVICE_EVENT_BYTES_MAX, ENVELOPE_VERSION, Envelope, Group, Place, Sealed, SealedPart, SealedRef,
    encode_content, seal,
};
use zaigang_sync::hash::Hash;
use zaigang_sync::keys::{SentClocks, attest, sign_consent};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn part() -> SealedPart {
    SealedPart { index: 0, salt: [9; 16].into(), part: r#"{"name":"演示甲"}"#.into() }
}

fn content() -> Content {
    Content {
        v: ENVELOPE_VERSION,
        id: [1; 16].into(),
        log: "c/guangxi-police/d/E总队".into(),
        user: Some("u-001".into()),
        session: Some([2; 16].into()),
        entity: "order/01990000-0000-7000-8000-000000000001".into(),
        base_seq: 41,
        expect: vec![("status".into(), "dispatched".into())],
        deps: vec![[3; 16].into()],
        group: Some(Group { id: [4; 16].into(), i: 0, n: 2 }),
        joint: None,
        kind: "order.accepted".into(),
        tv: 1,
        claimed_at: 1_760_490_000_000,
        wall_at: 1_760_490_000_000,
        boot_id: [5; 16].into(),
        uptime_ms: 3_600_000,
        last_centre_time: 1_760_486_400_000,
        payload: r#"{"text":"接单"}"#.into(),
        sealed: vec![SealedRef {
            name: "reporter".into(),
            class: "personal".into(),
            digest: part().digest().0.into(),
        }],
    }
}

fn sealed() -> Sealed {
    let key = SigningKey::from_bytes(&[6; 32]);
    let place = Place { device: [7; 16], incarnation: 1, device_seq: 12, prev: Hash([8; 32]) };
    let bytes = encode_content(&content());
    let signature = sign_consent(&key, zaigang_sync::envelope::content_hash(&bytes));
    seal(&place, &content().log, &bytes, Some(signature), DEVICE_EVENT_BYTES_MAX).unwrap()
}

fn commit() -> Commit {
    Commit {
        v: COMMIT_VERSION,
        seq: 42,
        event_hash: sealed().event_hash.0.into(),
        verdict: VerdictCode::Rejected,
        reason: Some("state_changed".into()),
        winner: Some([10; 16].into()),
        received_at: 1_760_490_001_000,
        effective_at: 1_760_490_000_000,
        trust: TrustCode::Exact,
    }
}

/// The committed file has one `name value` a line; it is never written by a test.
fn golden(name: &str) -> &'static str {
    include_str!("golden.txt")
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        .unwrap_or_else(|| panic!("golden.txt has no line for {name}"))
}

#[track_caller]
fn assert_golden(name: &str, value: &str) {
    assert_eq!(value, golden(name), "{name} changed: stored events would no longer verify");
}

#[test]
fn envelope_and_commit_bytes_are_frozen() {
    let sealed = sealed();
    assert_golden("envelope", &hex(&sealed.bytes));
    assert_golden("content_hash", &sealed.content_hash.to_hex());
    assert_golden("event_hash", &sealed.event_hash.to_hex());
    assert_golden("commit", &hex(&commit().encode()));
    assert_golden("head", &next_head(Hash([11; 32]), sealed.event_hash, &commit().encode()).to_hex());
    let key = SigningKey::from_bytes(&[6; 32]);
    let sent = SentClocks { wall_at: 1_760_490_000_500, boot_id: [5; 16].into(), uptime_ms: 3_600_500 };
    assert_golden("attestation", &hex(&attest(&key, sealed.event_hash, &sent)));
}

#[test]
fn golden_bytes_read_back_as_they_were_written() {
    let bytes = unhex(golden("envelope"));
    let (envelope, read) = Envelope::decode(&bytes, DEVICE_EVENT_BYTES_MAX).unwrap();
    assert_eq!(read, content());
    assert_eq!(envelope.device_seq, 12);
    assert_eq!(envelope.event_hash(&read.log).to_hex(), golden("event_hash"));
    assert_eq!(Commit::decode(&unhex(golden("commit"))).unwrap(), commit());
}

#[test]
fn an_envelope_cut_anywhere_or_with_a_tail_is_refused() {
    let bytes = sealed().bytes;
    for len in 0..bytes.len() {
        assert!(Envelope::decode(&bytes[..len], DEVICE_EVENT_BYTES_MAX).is_err(), "cut at {len}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(Envelope::decode(&longer, DEVICE_EVENT_BYTES_MAX).is_err());
}

#[test]
fn content_of_a_newer_program_with_one_more_field_still_reads() {
    let mut newer = encode_content(&content());
    assert_eq!(newer[0], 0x94, "content is a CBOR array of 20 elements");
    newer[0] = 0x95;
    newer.push(0xf6);
    let place = Place { device: [7; 16], incarnation: 1, device_seq: 12, prev: Hash([8; 32]) };
    let sealed = seal(&place, "site", &newer, None, DEVICE_EVENT_BYTES_MAX).unwrap();
    let (_, read) = Envelope::decode(&sealed.bytes, DEVICE_EVENT_BYTES_MAX).unwrap();
    assert_eq!(read, content());
}

#[test]
fn a_changed_content_changes_the_hash_and_a_changed_place_does_not_change_the_content_hash() {
    let bytes = encode_content(&content());
    let place = Place { device: [7; 16], incarnation: 1, device_seq: 12, prev: Hash([8; 32]) };
    let again = Place { incarnation: 2, device_seq: 1, prev: Hash::ZERO, ..place };
    let first = seal(&place, "site", &bytes, None, DEVICE_EVENT_BYTES_MAX).unwrap();
    let second = seal(&again, "site", &bytes, None, DEVICE_EVENT_BYTES_MAX).unwrap();
    assert_eq!(first.content_hash, second.content_hash);
    assert_ne!(first.event_hash, second.event_hash);
    let other = Content { id: ByteArray::from([99; 16]), ..content() };
    let third = seal(&place, "site", &encode_content(&other), None, DEVICE_EVENT_BYTES_MAX).unwrap();
    assert_ne!(first.content_hash, third.content_hash);
}
