//! The store on real files: own events, pulled pages, verdicts, copies taken at each commit.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]

mod support;

use support::{Desk, LOG, OtherDevice, TinyCentre, new_store, open, order_id, registered};
use zaigang_console::store::{Settled, Store, StoreError, search_query};
use zaigang_domain::order::Status;
use zaigang_sync::commit::VerdictCode::{Accepted, Rejected, Unreconciled};

fn status(store: &Store, n: u8) -> Status {
    store.order(order_id(n).as_str()).unwrap().unwrap().1.status
}

fn healthy(store: &mut Store) {
    assert_eq!(store.verify().unwrap().problems, []);
}

#[test]
fn own_work_is_shown_at_once_and_confirmed_by_its_echo() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = new_store(dir.path());
    let desk = Desk::new(1);
    let order = desk.register(&mut store, 1);
    let accepted = desk.write(&mut store, &order, vec![desk.draft("order.accepted", "{}")], None);
    assert_eq!(status(&store, 1), Status::Accepted);
    assert_eq!(store.waiting().unwrap(), 2);
    assert!(accepted.changed.contains("orders"));
    assert!(accepted.changed.contains(&format!("order:{}", order.local())));
    healthy(&mut store);

    let mut centre = TinyCentre::new(LOG);
    centre.take(&store, Accepted);
    centre.feed(&mut store);
    assert_eq!(store.waiting().unwrap(), 0);
    assert_eq!(status(&store, 1), Status::Accepted);
    let steps = store.timeline(order.as_str()).unwrap();
    assert_eq!(steps.iter().map(|s| s.committed.as_ref().unwrap().seq).collect::<Vec<_>>(), [1, 2]);
    healthy(&mut store);
}

#[test]
fn a_rejected_claim_goes_to_the_box_with_its_text_and_winner() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = new_store(dir.path());
    let desk = Desk::new(2);
    let mut other = OtherDevice::new(50);
    let mut centre = TinyCentre::new(LOG);
    let order = order_id(1);
    centre.commit(other.event(LOG, &order, "order.registered", &registered("E-1", "断网")), vec![], Accepted);
    centre.feed(&mut store);
    let mine = desk.write(&mut store, &order, vec![desk.draft("order.accepted", r#"{"text":"我去"}"#)], None);
    let arrived =
        desk.write(&mut store, &order, vec![desk.draft("order.arrived", r#"{"text":"到了"}"#)], None);
    assert_eq!(status(&store, 1), Status::Arrived);

    centre.commit(other.event(LOG, &order, "order.accepted", "{}"), vec![], Accepted);
    let log = store.log(LOG).unwrap();
    let outbox = store.outbox(&log, 0, 10, 1_000_000).unwrap().entries;
    centre.commit(outbox[0].envelope.clone(), vec![], Rejected);
    centre.commit(outbox[1].envelope.clone(), vec![], Unreconciled);
    centre.feed(&mut store);

    assert_eq!(status(&store, 1), Status::Accepted);
    let state = store.order(order.as_str()).unwrap().unwrap().1;
    assert_eq!(state.assignee.unwrap().as_str(), "u2");
    assert_eq!(state.unreconciled, [arrived.ids[0]]);
    let items = store.conflicts().unwrap();
    assert_eq!(items.len(), 2);
    let lost = items.iter().find(|item| item.id == mine.ids[0]).unwrap();
    assert!(lost.payload.contains("我去"));
    assert!(lost.winner.is_some());
    assert_eq!(store.exported_lines().unwrap().len(), 2);
    assert!(store.settle_conflict(mine.ids[0], Settled::GivenUp, 1).unwrap());
    assert_eq!(store.conflict_count().unwrap(), 1);
    healthy(&mut store);
}

#[test]
fn a_rejected_registration_leaves_the_list_but_not_the_box() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = new_store(dir.path());
    let desk = Desk::new(3);
    desk.register(&mut store, 1);
    let mut centre = TinyCentre::new(LOG);
    centre.take(&store, Unreconciled);
    centre.feed(&mut store);
    assert!(store.order(order_id(1).as_str()).unwrap().is_none());
    assert_eq!(store.conflict_count().unwrap(), 1);
    healthy(&mut store);
}

#[test]
fn the_same_key_writes_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = new_store(dir.path());
    let desk = Desk::new(4);
    let order = desk.register(&mut store, 1);
    let first = desk.write(&mut store, &order, vec![desk.draft("order.noted", r#"{"text":"a"}"#)], Some("k"));
    let again = desk.write(&mut store, &order, vec![desk.draft("order.noted", r#"{"text":"a"}"#)], Some("k"));
    assert!(again.repeated);
    assert_eq!(first.ids, again.ids);
    assert_eq!(store.waiting().unwrap(), 2);
}

#[test]
fn sealed_parts_stay_beside_the_chain_until_erased() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = new_store(dir.path());
    let desk = Desk::new(5);
    let mut draft = desk.draft("order.registered", &registered("E-1", "断网"));
    draft.sealed.push(zaigang_console::store::SealedDraft {
        name: "reporter".into(),
        class: "personal".into(),
        json: r#"{"phone":"8001"}"#.into(),
    });
    draft.sealed.push(zaigang_console::store::SealedDraft {
        name: "address".into(),
        class: "personal".into(),
        json: r#"{"ip":"10.0.0.9"}"#.into(),
    });
    let id = desk.write(&mut store, &order_id(1), vec![draft], None).ids[0];
    assert_eq!(store.sealed_part(id, "reporter").unwrap().unwrap(), r#"{"phone":"8001"}"#);
    let mut centre = TinyCentre::new(LOG);
    centre.take(&store, Accepted);
    let mut other = OtherDevice::new(60);
    let one = format!(r#"{{"event":"{id}","part":1}}"#);
    centre.commit(other.event(LOG, &order_id(1), "record.erased", &one), vec![], Accepted);
    centre.feed(&mut store);
    assert_eq!(store.sealed_part(id, "address").unwrap(), None);
    assert!(store.sealed_part(id, "reporter").unwrap().is_some(), "only the part named goes");
    let all = format!(r#"{{"event":"{id}"}}"#);
    // An erasure reaches the events of its own log only.
    let (mut site, mut site_centre) = support::site();
    let nobody = zaigang_domain::event::EntityId::new("user/u1").unwrap();
    site.commit(site_centre.event("site", &nobody, "record.erased", &all), vec![], Accepted);
    site.feed(&mut store);
    assert!(store.sealed_part(id, "reporter").unwrap().is_some(), "another log's erasure");
    centre.commit(other.event(LOG, &order_id(1), "record.erased", &all), vec![], Accepted);
    centre.feed(&mut store);
    assert_eq!(store.sealed_part(id, "reporter").unwrap(), None);
    healthy(&mut store);
}

#[test]
fn chinese_words_numbers_and_initials_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = new_store(dir.path());
    Desk::new(6).register(&mut store, 1);
    let count = |typed: &str| -> u32 {
        store
            .reader()
            .query_row(
                "SELECT count(*) FROM order_text WHERE order_text MATCH ?1",
                [search_query(typed).unwrap()],
                |row| row.get(0),
            )
            .unwrap()
    };
    for (typed, expected) in [
        ("打印", 1),
        ("打机", 0),
        ("卡纸", 1),
        ("dyj", 1),
        ("slou", 0),
        ("sldyj", 1),
        ("E-20251015", 1),
        ("E-2024", 0),
        ("打印 卡纸", 1),
    ] {
        assert_eq!(count(typed), expected, "{typed}");
    }
}

#[test]
fn an_unknown_type_is_kept_and_makes_its_entity_read_only() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = new_store(dir.path());
    let mut other = OtherDevice::new(50);
    let mut centre = TinyCentre::new(LOG);
    let order = order_id(1);
    centre.commit(other.event(LOG, &order, "order.registered", &registered("E-1", "断网")), vec![], Accepted);
    centre.commit(other.event(LOG, &order, "order.teleported", r#"{"to":"moon"}"#), vec![], Accepted);
    centre.feed(&mut store);
    assert!(store.order(order.as_str()).unwrap().unwrap().1.is_read_only());
    assert_eq!(store.timeline(order.as_str()).unwrap()[1].payload, r#"{"to":"moon"}"#);
    healthy(&mut store);
}

#[test]
fn a_store_put_back_from_a_copy_stops_the_log_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    let mut store = new_store(dir.path());
    let desk = Desk::new(7);
    desk.register(&mut store, 1);
    store.backup(&copy.path().join("store.db"), None).unwrap();
    let mut centre = TinyCentre::new(LOG);
    centre.take(&store, Accepted);
    desk.register(&mut store, 2);
    let log = store.log(LOG).unwrap();
    let second = store.outbox(&log, 1, 10, 1_000_000).unwrap().entries[0].envelope.clone();
    centre.commit(second, vec![], Accepted);

    let mut restored = open(copy.path());
    desk.register(&mut restored, 3);
    let error = restored.apply_page(LOG, &centre.page(0, 1_000)).unwrap_err();
    assert!(matches!(error, StoreError::Stopped { ref reason, .. } if reason == "fork"), "{error}");
    assert_eq!(restored.log(LOG).unwrap().stopped.as_deref(), Some("fork"));
    assert_eq!(restored.exported_lines().unwrap().len(), 2);
    assert_eq!(restored.log(LOG).unwrap().seq, 0);
    healthy(&mut restored);
}

#[test]
fn a_page_that_would_hide_a_hundred_orders_waits_for_a_person() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = new_store(dir.path());
    let mut other = OtherDevice::new(250);
    let mut centre = TinyCentre::new(LOG);
    for n in 0..120 {
        let payload = registered(&format!("E-{n}"), "断网");
        centre.commit(other.event(LOG, &order_id(n), "order.registered", &payload), vec![], Accepted);
    }
    centre.feed(&mut store);
    for n in 0..120 {
        let event = other.event(LOG, &order_id(n), "order.merged", r#"{"into":"order/x"}"#);
        centre.commit(event, vec![], Accepted);
    }
    assert!(matches!(store.apply_page(LOG, &centre.page(120, 1_000)), Err(StoreError::Stopped { .. })));
    assert_eq!(store.log(LOG).unwrap().stopped.as_deref(), Some("breaker"));
    assert_eq!(status(&store, 1), Status::Registered);
    store.release_breaker(LOG).unwrap();
    centre.feed(&mut store);
    assert_eq!(status(&store, 1), Status::Merged);
    healthy(&mut store);
}

#[test]
fn a_page_that_fails_a_check_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = new_store(dir.path());
    let mut other = OtherDevice::new(50);
    let mut centre = TinyCentre::new(LOG);
    for n in 0..3 {
        let payload = registered(&format!("E-{n}"), "断网");
        centre.commit(other.event(LOG, &order_id(n), "order.registered", &payload), vec![], Accepted);
    }
    let mut page = centre.page(0, 10);
    page.entries.remove(1);
    assert!(matches!(store.apply_page(LOG, &page), Err(StoreError::Page(_))));
    assert_eq!(store.log(LOG).unwrap().seq, 0);
    // The chains in memory must not have moved either.
    centre.feed(&mut store);
    assert_eq!(store.log(LOG).unwrap().seq, 3);
    assert!(
        matches!(store.apply_page(LOG, &centre.page(0, 10)), Err(StoreError::Page(_))),
        "a repeated page"
    );
    healthy(&mut store);
}

#[test]
fn a_copy_taken_after_each_commit_opens_whole_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = new_store(dir.path());
    let desk = Desk::new(8);
    let mut centre = TinyCentre::new(LOG);
    let mut other = OtherDevice::new(50);
    for round in 1..=6 {
        desk.register(&mut store, round);
        check_copy(dir.path(), &centre);
        let event = other.event(LOG, &order_id(round), "order.noted", r#"{"text":"x"}"#);
        centre.take(&store, Accepted);
        centre.commit(event, vec![], Accepted);
        let after = store.log(LOG).unwrap().seq;
        store.apply_page(LOG, &centre.page(after, 1)).unwrap();
        check_copy(dir.path(), &centre);
        centre.feed(&mut store);
        check_copy(dir.path(), &centre);
    }
}

/// Copies the files as a power cut leaves them, WAL included, opens the copy and lets it catch up.
fn check_copy(from: &std::path::Path, centre: &TinyCentre) {
    let dir = tempfile::tempdir().unwrap();
    for name in ["store.db", "store.db-wal"] {
        std::fs::copy(from.join(name), dir.path().join(name)).unwrap();
    }
    let mut store = open(dir.path());
    healthy(&mut store);
    let pending = store.waiting().unwrap();
    let committed = store.log(LOG).unwrap().seq;
    centre.feed(&mut store);
    assert_eq!(store.log(LOG).unwrap().seq, centre.entries.len() as u64);
    assert!(u64::from(pending) + centre.entries.len() as u64 >= committed);
    healthy(&mut store);
}

#[test]
fn a_tampered_row_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = new_store(dir.path());
    let desk = Desk::new(9);
    for n in 1..=3 {
        desk.register(&mut store, n);
    }
    let mut centre = TinyCentre::new(LOG);
    centre.take(&store, Accepted);
    centre.feed(&mut store);
    healthy(&mut store);
    for (sql, what) in [
        ("UPDATE orders SET status = 'closed' WHERE number LIKE '%0001'", "orders"),
        ("UPDATE entry SET verdict = 2 WHERE id = (SELECT min(id) FROM entry)", "索引列"),
        ("UPDATE entry SET kind = 'order.noted' WHERE id = (SELECT min(id) FROM entry)", "索引列"),
        ("UPDATE entry SET envelope = (SELECT envelope FROM entry e WHERE e.id <> entry.id LIMIT 1)", "哈希"),
        ("DELETE FROM entry WHERE id = (SELECT min(id) FROM entry)", "序号"),
        ("UPDATE entity SET confirmed = NULL WHERE name LIKE 'order/%'", "entity"),
        ("UPDATE chain SET device_seq = 9", "设备链"),
    ] {
        store.reader().execute_batch("SAVEPOINT tamper").unwrap();
        store.reader().execute_batch(sql).unwrap();
        store.reader().execute_batch("RELEASE tamper").unwrap();
        let problems = store.verify().unwrap().problems;
        assert!(problems.iter().any(|p| p.what.contains(what)), "{sql}: {problems:?}");
        drop(store);
        store = rebuilt_from(&centre, dir.path());
    }
}

fn rebuilt_from(centre: &TinyCentre, dir: &std::path::Path) -> Store {
    for name in ["store.db", "store.db-wal", "store.db-shm"] {
        let _ = std::fs::remove_file(dir.join(name));
    }
    let mut store = open(dir);
    store.enrol(support::identity([99; 16]), &["site".into(), LOG.into()]).unwrap();
    support::site().0.feed(&mut store);
    centre.feed(&mut store);
    healthy(&mut store);
    store
}
