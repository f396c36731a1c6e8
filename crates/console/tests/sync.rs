//! Consoles and a centre in one process: what happens to the work of people who could not see each other.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]

mod site;

use site::{LOG, PASSWORD, Pc, Two};
use zaigang_console::store::ConflictKind;
use zaigang_domain::event::EntityId;
use zaigang_domain::order::table::Step;
use zaigang_domain::order::{Order, Status};

fn order(pc: &Pc, id: &EntityId) -> Order {
    pc.console.store().unwrap().order(id.as_str()).unwrap().unwrap().1
}

#[test]
fn two_accept_offline_and_one_wins() {
    let Two { mut site, mut a, mut b, order: id, dirs: _dirs } = Two::new();
    site.reachable = false;
    assert!(a.sync(&mut site).is_none());
    let winner = a.step(&id, Step::Accept, &[("text", "我去")]);
    let loser = b.step(&id, Step::Accept, &[("text", "我也去")]);
    let arrived = b.step(&id, Step::Arrive, &[("text", "已到三楼")]);
    assert_eq!(order(&b, &id).status, Status::Arrived);
    site.reachable = true;
    site.advance_ms(60_000);
    assert_eq!(a.sync(&mut site).unwrap().pushed, 1);
    let report = b.sync(&mut site).unwrap();
    assert!(report.is_complete());
    assert!(report.changed.contains("orders"));
    assert_eq!(report.conflicts, 2);

    let items = b.console.store().unwrap().conflicts().unwrap();
    let lost = items.iter().find(|item| item.id == loser).unwrap();
    assert_eq!((lost.kind, lost.winner), (ConflictKind::Rejected, Some(winner)));
    assert!(lost.payload.contains("我也去"), "the text is kept");
    let fact = items.iter().find(|item| item.id == arrived).unwrap();
    assert_eq!(fact.kind, ConflictKind::Unreconciled);
    assert_eq!(b.console.store().unwrap().waiting().unwrap(), 0);

    a.sync(&mut site).unwrap();
    assert_eq!(order(&a, &id), order(&b, &id), "both show the same");
    assert_eq!(order(&a, &id).unreconciled, [arrived]);
    let heads = |pc: &Pc| pc.console.store().unwrap().log(LOG).unwrap().head;
    assert_eq!(heads(&a), heads(&b));
    a.healthy();
    b.healthy();
}

/// The centre may give an event another time than the person did; what is kept beside the text follows.
#[test]
fn knowledge_stands_under_the_time_that_counts() {
    let Two { mut site, mut a, order: id, dirs: _dirs, .. } = Two::new();
    let fast = zaigang_console::host::Host::now(a.host.as_ref()) + jiff::SignedDuration::from_hours(2);
    a.host.set_wall(fast);
    a.step(&id, Step::NoteKnowledge, &[("symptom", "卡纸"), ("steps", "换干燥纸")]);
    let written = order(&a, &id).knowledge[0].at;
    a.sync(&mut site).unwrap();
    assert_ne!(order(&a, &id).knowledge[0].at, written, "the clock of the device was wrong");
    a.healthy();
}

#[test]
fn a_lost_reply_to_a_push_counts_once() {
    let Two { mut site, mut a, order: id, dirs: _dirs, .. } = Two::new();
    a.step(&id, Step::Accept, &[]);
    // The centre takes the page, its answer never arrives.
    let mut round = zaigang_console::sync::Round::new();
    let host = a.host.clone();
    for _ in 0..2 {
        let request = round.next(a.console.store_mut().unwrap(), host.as_ref()).unwrap().unwrap();
        let (status, body) = site.answer(&a.console, &request).unwrap();
        if request.path == zaigang_sync::protocol::PATH_PUSH {
            break;
        }
        round.on_reply(a.console.store_mut().unwrap(), status, &body).unwrap();
    }
    drop(round);
    let report = a.sync(&mut site).unwrap();
    assert_eq!((report.pushed, report.pulled), (0, 1));
    assert_eq!(a.console.store().unwrap().waiting().unwrap(), 0);
    assert_eq!(order(&a, &id).status, Status::Accepted);
    let store = a.console.store().unwrap();
    assert_eq!(store.timeline(id.as_str()).unwrap().len(), 2, "registered and accepted, each once");
    a.healthy();
}

#[test]
fn a_round_with_nothing_to_do_is_one_request_and_the_watermark_moves() {
    let Two { mut site, mut a, dirs: _dirs, .. } = Two::new();
    a.sync(&mut site).unwrap();
    let before = a.console.store().unwrap().last_synced_at().unwrap();
    a.host.advance_ms(60_000);
    let report = a.sync(&mut site).unwrap();
    assert_eq!((report.pushed, report.pulled), (0, 0));
    let store = a.console.store().unwrap();
    assert!(store.last_synced_at().unwrap() > before);
    let now = store.last_synced_at().unwrap().unwrap();
    assert_eq!(store.complete_to(now).unwrap(), now);
}

#[test]
fn a_sealed_part_reaches_the_colleague_by_sync() {
    let Two { a: _, b, order: id, dirs: _dirs, .. } = Two::new();
    let store = b.console.store().unwrap();
    let registered = store.timeline(id.as_str()).unwrap()[0].id;
    assert!(store.sealed_part(registered, "reporter").unwrap().unwrap().contains("8001"));
}

#[test]
fn a_cloned_console_is_noticed_and_can_still_export() {
    let Two { mut site, mut a, order: id, dirs, .. } = Two::new();
    let clone_dir = tempfile::tempdir().unwrap();
    let (host, keyring) = (a.host.clone(), a.keyring.clone());
    a.console.store().unwrap().reader().pragma_update(None, "wal_checkpoint", "TRUNCATE").unwrap();
    for name in ["store.db", "slots.json"] {
        std::fs::copy(dirs.0.path().join(name), clone_dir.path().join(name)).unwrap();
    }
    a.step(&id, Step::Accept, &[]);
    a.sync(&mut site).unwrap();

    let mut clone = Pc::open(clone_dir.path(), host, keyring).unwrap();
    clone.console.log_in_offline("wang", PASSWORD).unwrap();
    clone.step(&id, Step::Accept, &[("text", "另一台")]);
    let report = clone.sync(&mut site).unwrap();
    assert!(!report.stopped.is_empty(), "{report:?}");
    let store = clone.console.store().unwrap();
    assert!(store.log(LOG).unwrap().stopped.is_some());
    assert!(store.exported_lines().unwrap().iter().any(|line| line.payload.contains("另一台")));
    clone.healthy();
}

#[test]
fn acts_of_consent_are_signed_and_taken() {
    let Two { mut site, mut a, mut b, order: id, dirs: _dirs } = Two::new();
    a.step(&id, Step::Accept, &[]);
    a.step(&id, Step::Arrive, &[]);
    a.step(&id, Step::Restore, &[("text", "换硒鼓")]);
    a.step(&id, Step::Confirm, &[("who", "周"), ("unit", "科信处"), ("way", "onsite")]);
    a.sync(&mut site).unwrap();
    b.sync(&mut site).unwrap();
    assert_eq!(a.console.store().unwrap().conflict_count().unwrap(), 0);
    assert_eq!(order(&b, &id).status, Status::Confirmed);
    a.healthy();
}
