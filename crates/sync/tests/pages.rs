//! Pages: what is read back equals what was packed, and whatever was tampered with is refused whole.
#![allow(clippy::unwrap_used, reason = "a test fails by panic and works on real files")]

use ed25519_dalek::SigningKey;
use zaigang_sync::chain::ChainHead;
use zaigang_sync::commit::{COMMIT_VERSION, Commit, TrustCode, VerdictCode, next_head};
use zaigang_sync::envelope::{
    Content, DEVICE_EVENT_BYTES_MAX, ENVELOPE_VERSION, Place, Sealed, SealedPart, SealedRef, encode_content,
    seal,
};
use zaigang_sync::hash::Hash;
use zaigang_sync::keys::{SignedHead, attest};
use zaigang_sync::page::{
    ChainHeads, Expected, PAGE_VERSION, PageError, PullEntry, PullPage, PushEntry, PushPage, check_pull,
    check_push, pack, unpack,
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

fn push_page(n: u64) -> PushPage {
    let events = events(n);
    PushPage {
        v: PAGE_VERSION,
        log: LOG.into(),
        device: [7; 16].into(),
        incarnation: 1,
        attestation: attest(&device_key(), events.last().unwrap().event_hash).into(),
        entries: events
            .iter()
            .map(|event| PushEntry { envelope: event.bytes.clone().into(), parts: vec![part()] })
            .collect(),
        sent_wall_at: 0,
        sent_boot_id: [0; 16].into(),
        sent_uptime_ms: 0,
    }
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
    let signed = SignedHead { server_id: [3; 16], log: LOG, epoch: [4; 16], seq: n, head };
    PullPage {
        v: PAGE_VERSION,
        server_id: [3; 16].into(),
        log: LOG.into(),
        epoch: [4; 16].into(),
        after_seq: 0,
        entries,
        attestations: vec![],
        end_head: head.0.into(),
        signature: signed.sign(&centre_key()).into(),
        log_seq: n,
    }
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
    check_pull(page, &expected(), &mut ChainHeads::new()).map(|entries| entries.len())
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
        // zstd headers hold bits without meaning, and `log_seq` is a hint: all else is caught.
        let same = PullPage { log_seq: 2, ..page.clone() } == pull_page(2);
        assert!(same || check(&page).is_err(), "flip at {at} went unnoticed");
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
    assert!(matches!(check_pull(&page, &expected(), &mut chains), Err(PageError::Chain { .. })));
}
