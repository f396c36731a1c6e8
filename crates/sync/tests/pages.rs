//! Pages: what is read back equals what was packed, and whatever was tampered with is refused whole.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panic and works on real files"
)]

use ed25519_dalek::SigningKey;
use zaigang_sync::chain::ChainHead;
use zaigang_sync::commit::{COMMIT_VERSION, Commit, TrustCode, VerdictCode, next_head};
use zaigang_sync::envelope::{
    Content, DEVICE_EVENT_BYTES_MAX, ENVELOPE_VERSION, Place, Sealed, SealedPart, SealedRef, encode_content,
    seal,
};
use zaigang_sync::hash::Hash;
use zaigang_sync::keys::{SentClocks, attest};
use zaigang_sync::page::{
    Attestation, ChainHeads, DeviceKeys, Expected, PAGE_VERSION, PageError, PullEntry, PullPage, PushEntry,
    PushPage, check_pull, check_push, pack, unpack,
};

const LOG: &str = "c/guangxi-police/d/E总队";

fn device_key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn centre_key() -> SigningKey {
    SigningKey::from_bytes(&[2; 32])
}

fn part() -> SealedPart {
    SealedPart { index: 0, salt: [9; 16].into(), part: "{}".into() }
}

fn event(device_seq: u64, prev: Hash) -> Sealed {
    let content = Content {
        v: ENVELOPE_VERSION,
        id: [device_seq as u8; 16].into(),
        log: LOG.into(),
        user: None,
        session: None,
        entity: "order/1".into(),
        base_seq: 0,
        expect: vec![],
        deps: vec![],
        group: None,
        joint: None,
        kind: "order.noted".into(),
        tv: 1,
        claimed_at: 0,
        wall_at: 0,
        boot_id: [0; 16].into(),
        uptime_ms: 0,
        last_centre_time: 0,
        payload: "{}".into(),
        sealed: vec![SealedRef {
            name: "reporter".into(),
            class: "personal".into(),
            digest: part().digest().0.into(),
        }],
    };
    let place = Place { device: [7; 16], incarnation: 1, device_seq, prev };
    seal(&place, LOG, &encode_content(&content), None, DEVICE_EVENT_BYTES_MAX).unwrap()
}

fn events(n: u64) -> Vec<Sealed> {
    let mut prev = Hash::ZERO;
    (1..=n)
        .map(|device_seq| {
            let event = event(device_seq, prev);
            prev = event.event_hash;
            event
        })
        .collect()
}

fn sent() -> SentClocks {
    SentClocks { wall_at: 5, boot_id: [6; 16].into(), uptime_ms: 7 }
}

fn push_page(n: u64) -> PushPage {
    let events = events(n);
    PushPage {
        v: PAGE_VERSION,
        log: LOG.into(),
        device: [7; 16].into(),
        incarnation: 1,
        attestation: attest(&device_key(), events.last().unwrap().event_hash, &sent()).into(),
        entries: events
            .iter()
            .map(|event| PushEntry { envelope: event.bytes.clone().into(), parts: vec![part()] })
            .collect(),
        sent: sent(),
    }
}

fn signed(mut page: PullPage) -> PullPage {
    page.signature = page.signed_head().sign(&centre_key()).into();
    page
}

fn attestation(seq: u64, key: &SigningKey, event: &Sealed) -> Attestation {
    Attestation { seq, sent: sent(), signature: attest(key, event.event_hash, &sent()).into() }
}

fn pull_page(n: u64) -> PullPage {
    let mut head = Hash::ZERO;
    let entries = events(n)
        .iter()
        .zip(1..)
        .map(|(event, seq)| {
            let commit = Commit {
                v: COMMIT_VERSION,
                seq,
                event_hash: event.event_hash.0.into(),
                verdict: VerdictCode::Accepted,
                reason: None,
                winner: None,
                received_at: 0,
                effective_at: 0,
                trust: TrustCode::Exact,
            }
            .encode();
            head = next_head(head, event.event_hash, &commit);
            PullEntry { envelope: event.bytes.clone().into(), commit: commit.into(), parts: vec![part()] }
        })
        .collect();
    let last = events(n).pop();
    signed(PullPage {
        v: PAGE_VERSION,
        server_id: [3; 16].into(),
        log: LOG.into(),
        epoch: [4; 16].into(),
        after_seq: 0,
        entries,
        attestations: last.iter().map(|event| attestation(n, &device_key(), event)).collect(),
        end_head: head.0.into(),
        signature: [0; 64].into(),
        log_seq: n,
    })
}

fn keys() -> DeviceKeys {
    DeviceKeys::from([([7; 16], device_key().verifying_key().to_bytes())])
}

fn expected() -> Expected<'static> {
    Expected {
        server_id: [3; 16],
        epoch: [4; 16],
        log: LOG,
        after_seq: 0,
        head: Hash::ZERO,
        centre_key: centre_key().verifying_key().to_bytes(),
    }
}

fn check(page: &PullPage) -> Result<usize, PageError> {
    check_pull(page, &expected(), &mut ChainHeads::new(), &mut keys()).map(|entries| entries.len())
}

#[test]
fn pages_go_there_and_back() {
    let push = push_page(5);
    let read: PushPage = unpack(&pack(&push)).unwrap();
    assert_eq!(read, push);
    assert_eq!(check_push(&read, &device_key().verifying_key().to_bytes()).unwrap().len(), 5);
    let pull = pull_page(5);
    let read: PullPage = unpack(&pack(&pull)).unwrap();
    assert_eq!(check(&read), Ok(5));
}

#[test]
fn an_empty_pull_page_still_carries_the_signed_head() {
    assert_eq!(check(&pull_page(0)), Ok(0));
    let mut forged = pull_page(0);
    forged.end_head = [1; 32].into();
    assert_eq!(check(&forged), Err(PageError::Signature));
}

#[test]
fn every_flipped_bit_and_every_cut_is_refused() {
    let packed = pack(&pull_page(2));
    let good = check(&unpack(&packed).unwrap());
    assert_eq!(good, Ok(2));
    for len in 0..packed.len() {
        assert!(unpack::<PullPage>(&packed[..len]).is_err(), "cut at {len}");
    }
    for at in 0..packed.len() {
        let mut flipped = packed.clone();
        flipped[at] ^= 1;
        let Ok(page) = unpack::<PullPage>(&flipped) else { continue };
        // zstd headers hold bits without meaning: all else is caught.
        assert!(page == pull_page(2) || check(&page).is_err(), "flip at {at} went unnoticed");
    }
}

#[test]
fn a_page_for_another_place_epoch_log_or_centre_is_refused() {
    for page in [
        PullPage { after_seq: 1, ..pull_page(2) },
        PullPage { epoch: [5; 16].into(), ..pull_page(2) },
        PullPage { server_id: [5; 16].into(), ..pull_page(2) },
        PullPage { log: "site".into(), ..pull_page(2) },
    ] {
        assert!(matches!(check(&page), Err(PageError::NotAsked(_))));
    }
}

#[test]
fn a_hole_a_swap_or_a_dropped_entry_is_refused() {
    let mut hole = pull_page(3);
    hole.entries.remove(1);
    assert!(matches!(check(&hole), Err(PageError::Chain { index: 1, .. })));
    let mut swapped = pull_page(3);
    swapped.entries.swap(0, 1);
    assert!(check(&swapped).is_err());
    let mut cut = pull_page(3);
    cut.entries.pop();
    assert_eq!(check(&cut), Err(PageError::Signature));
}

#[test]
fn a_sealed_part_that_is_not_the_one_signed_is_refused_and_a_missing_one_is_fine() {
    let mut forged = pull_page(2);
    forged.entries[0].parts[0].part = "{\"name\":\"x\"}".into();
    assert!(matches!(check(&forged), Err(PageError::Mismatch { what: "sealed part", .. })));
    let mut without = pull_page(2);
    without.entries[0].parts.clear();
    assert_eq!(check(&without), Ok(2));
}

#[test]
fn a_push_of_another_device_or_signed_by_another_key_is_refused() {
    let key = device_key().verifying_key().to_bytes();
    let other = PushPage { device: [8; 16].into(), ..push_page(2) };
    assert!(matches!(check_push(&other, &key), Err(PageError::Mismatch { what: "device", .. })));
    assert_eq!(
        check_push(&push_page(2), &centre_key().verifying_key().to_bytes()),
        Err(PageError::Signature)
    );
    let empty = PushPage { entries: vec![], ..push_page(1) };
    assert!(matches!(check_push(&empty, &key), Err(PageError::Malformed(_))));
}

#[test]
fn a_page_that_unpacks_to_more_than_allowed_is_refused() {
    let bomb = zstd::bulk::compress(&vec![0; 40_000_000], 3).unwrap();
    assert!(bomb.len() < 1_000_000);
    assert_eq!(unpack::<PushPage>(&bomb), Err(PageError::TooLarge("unpacked bytes")));
    assert_eq!(unpack::<PushPage>(&vec![0; 1_000_001]), Err(PageError::TooLarge("compressed bytes")));
}

#[test]
fn chains_are_advanced_from_what_is_known() {
    let page = pull_page(2);
    let mut chains = ChainHeads::new();
    chains.insert(([7; 16], 1), ChainHead { device_seq: 1, event_hash: Hash([1; 32]) });
    assert!(matches!(check_pull(&page, &expected(), &mut chains, &mut keys()), Err(PageError::Chain { .. })));
}

/// Beside the centre's own signature: also a centre that lies cannot pass off a device's signature.
#[test]
fn a_devices_signature_must_be_its_own_in_place_and_there() {
    let events = events(3);
    let with = |attestations: Vec<Attestation>| check(&signed(PullPage { attestations, ..pull_page(3) }));
    let good = |seq: u64, event: usize| attestation(seq, &device_key(), &events[event]);
    let wrong = |seq, what| Err(PageError::Attestation { seq, what });
    assert_eq!(with(vec![good(1, 0), good(3, 2)]), Ok(3));
    assert_eq!(with(vec![good(2, 0), good(3, 2)]), wrong(2, "not by the device's key"));
    assert_eq!(with(vec![attestation(3, &centre_key(), &events[2])]), wrong(3, "not by the device's key"));
    let earlier = SentClocks { wall_at: 4, ..sent() };
    let other_clocks = Attestation { sent: earlier, ..good(3, 2) };
    assert_eq!(with(vec![other_clocks]), wrong(3, "not by the device's key"));
    assert_eq!(with(vec![good(3, 2), good(3, 2)]), wrong(3, "out of place"));
    assert_eq!(with(vec![good(3, 2), good(4, 2)]), wrong(4, "out of place"));
    assert_eq!(with(vec![good(2, 1)]), wrong(3, "missing"));
    // Where the log goes on, the signature over the tail comes with a later page.
    let goes_on = PullPage { attestations: vec![good(2, 1)], log_seq: 9, ..pull_page(3) };
    assert_eq!(check(&signed(goes_on)), Ok(3));
    let nobody = check_pull(&pull_page(3), &expected(), &mut ChainHeads::new(), &mut DeviceKeys::new());
    assert_eq!(nobody, Err(PageError::UnknownDevice { seq: 3 }));
}

#[test]
fn an_altered_signature_clock_or_end_of_the_log_in_a_pulled_page_is_refused() {
    let mut signature = pull_page(2);
    signature.attestations[0].signature = [9; 64].into();
    let mut clock = pull_page(2);
    clock.attestations[0].sent.wall_at += 1;
    let without = PullPage { attestations: vec![], ..pull_page(2) };
    let longer = PullPage { log_seq: 3, ..pull_page(2) };
    for page in [signature, clock, without, longer] {
        assert_eq!(check(&page), Err(PageError::Signature));
    }
    let end = Err(PageError::NotAsked("another end of the log"));
    assert_eq!(check(&signed(PullPage { log_seq: 1, ..pull_page(2) })), end);
    assert_eq!(check(&signed(PullPage { log_seq: 1, ..pull_page(0) })), end);
}

/// The clocks at sending are evidence for `effective_at`: nobody between may alter them.
#[test]
fn the_clocks_at_sending_are_covered_by_the_devices_signature() {
    let key = device_key().verifying_key().to_bytes();
    for sent in [
        SentClocks { wall_at: 6, ..sent() },
        SentClocks { boot_id: [7; 16].into(), ..sent() },
        SentClocks { uptime_ms: 8, ..sent() },
    ] {
        assert_eq!(check_push(&PushPage { sent, ..push_page(2) }, &key), Err(PageError::Signature));
    }
}
