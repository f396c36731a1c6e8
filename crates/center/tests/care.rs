//! Log-ins and codes under attack, and a store that was put back or tampered with.

mod common;

use common::*;
use serde_json::json;
use zaigang_center::core::{Centre, CodeRequest};
use zaigang_center::error::CentreError;
use zaigang_domain::people::Role;
use zaigang_sync::protocol::{EnrolmentCode, PasswordRequest};

const MINUTE: i64 = 60_000;

#[test]
fn wrong_passwords_lock_the_name_for_a_while() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, console) = staffed(dir.path(), &world);
    for login in ["wang", "nobody"] {
        for _ in 0..4 {
            let wrong = centre.login(console.device, &console.login_request(login, "Wrong-Horse1"));
            assert!(matches!(wrong, Err(CentreError::WrongPassword)), "{login}: names are not told apart");
        }
        let fifth = centre.login(console.device, &console.login_request(login, "Wrong-Horse1"));
        assert!(matches!(fifth, Err(CentreError::Locked { retry_after_seconds: 900 })), "{login}");
    }
    world.pass(5 * MINUTE);
    let right = centre.login(console.device, &console.login_request("wang", PASSWORD));
    assert!(
        matches!(right, Err(CentreError::Locked { retry_after_seconds: 600 })),
        "even the right one waits"
    );
    world.pass(10 * MINUTE);
    centre.login(console.device, &console.login_request("wang", PASSWORD)).unwrap();
    // A success forgets the failures before it.
    for _ in 0..4 {
        let _ = centre.login(console.device, &console.login_request("wang", "Wrong-Horse1"));
    }
    centre.login(console.device, &console.login_request("wang", PASSWORD)).unwrap();
    let wrong = centre.login(console.device, &console.login_request("wang", "Wrong-Horse1"));
    assert!(matches!(wrong, Err(CentreError::WrongPassword)));
}

#[test]
fn passwords_are_reset_and_changed() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, console) = staffed(dir.path(), &world);
    let one_time = centre.user_reset("wang", None).unwrap().unwrap();
    assert!(centre.login(console.device, &console.login_request("wang", PASSWORD)).is_err());
    let reply = centre.login(console.device, &console.login_request("wang", &one_time)).unwrap();
    assert!(reply.must_change_password);
    let change = |new: &str| PasswordRequest {
        login: "wang".into(),
        old_password: one_time.clone(),
        new_password: new.into(),
    };
    for weak in ["short", "alllowercase", &one_time] {
        let refused = centre.change_password(console.device, &change(weak));
        assert!(matches!(refused, Err(CentreError::WeakPassword(_))), "{weak}");
    }
    centre.change_password(console.device, &change("Another-Horse2")).unwrap();
    let reply = centre.login(console.device, &console.login_request("wang", "Another-Horse2")).unwrap();
    assert!(!reply.must_change_password);
    centre.user_disable("wang").unwrap();
    let disabled = centre.login(console.device, &console.login_request("wang", "Another-Horse2"));
    assert!(matches!(disabled, Err(CentreError::WrongPassword)));
    assert_eq!(centre.verify().unwrap().bad, None);
}

#[test]
fn a_user_added_from_a_console_gets_a_password_at_the_centre() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, _) = staffed(dir.path(), &world);
    add_user(&mut centre, "root", Role::Administrator, &[]);
    let mut desk = Console::new(5);
    desk.enrol(&mut centre, &[], &[]);
    desk.login(&mut centre, "root");
    let new = json!({"login": "zhao", "name": "赵工", "roles": ["engineer"]});
    let commit = desk.do_now(&mut centre, &desk.say("site", "user/u9", "user.added", new));
    assert_eq!(commit.reason, None);
    assert_eq!(centre.user_list().unwrap().len(), 3);
    let one_time = centre.user_reset("zhao", None).unwrap().unwrap();
    assert_eq!(centre.login(desk.device, &desk.login_request("zhao", &one_time)).unwrap().user, "u9");
    let renamed = desk.say("site", "user/u9", "user.changed", json!({"login": "zhao2"}));
    assert_eq!(desk.do_now(&mut centre, &renamed).reason, None);
    assert_eq!(centre.login(desk.device, &desk.login_request("zhao2", &one_time)).unwrap().user, "u9");
    assert_eq!(centre.verify().unwrap().bad, None);
}

#[test]
fn a_code_enrols_one_device_once() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let mut centre = centre(dir.path(), &world);
    let secret = |centre: &mut Centre| {
        let request = CodeRequest { logs: vec![division("E总队")], ..CodeRequest::default() };
        EnrolmentCode::from_text(&centre.device_code(&request).unwrap().text).unwrap().secret
    };
    let first = secret(&mut centre);
    let (mine, thief) = (Console::new(1), Console::new(2));
    let reply = centre.enrol("a", &mine.enrol_request(&first)).unwrap();
    assert_eq!(reply.logs, [format!("c/{CONTRACT}/common"), division("E总队"), "site".to_owned()]);
    assert_eq!(
        centre.enrol("a", &mine.enrol_request(&first)).unwrap(),
        reply,
        "its answer may have been lost"
    );
    let replayed = centre.enrol("a", &thief.enrol_request(&first));
    assert!(matches!(replayed, Err(CentreError::ExpiredCode)));
    // Too old.
    let second = secret(&mut centre);
    world.pass(15 * MINUTE);
    assert!(matches!(centre.enrol("a", &thief.enrol_request(&second)), Err(CentreError::ExpiredCode)));
    // Guessing: the source has to wait, another source has not.
    for _ in 0..9 {
        let _ = centre.enrol("b", &thief.enrol_request("00"));
    }
    assert!(matches!(centre.enrol("b", &thief.enrol_request("00")), Err(CentreError::TooMany { .. })));
    let third = secret(&mut centre);
    assert!(matches!(centre.enrol("b", &thief.enrol_request(&third)), Err(CentreError::TooMany { .. })));
    centre.enrol("c", &thief.enrol_request(&third)).unwrap();
    assert!(matches!(
        centre.device_code(&CodeRequest { logs: vec!["c/x".into()], ..CodeRequest::default() }),
        Err(CentreError::BadRequest(_))
    ));
    assert_eq!(centre.device_list().unwrap().len(), 2);
}

#[test]
fn a_centre_put_back_from_a_copy_is_noticed() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, mut console) = staffed(dir.path(), &world);
    let copy = dir.path().join("copy.db");
    centre.back_up(&copy, |_| Ok((0, String::new()))).unwrap();
    console.do_now(&mut centre, &console.register("E总队", "1"));
    drop(centre);
    let put_back = |from: &std::path::Path| {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(dir.path().join(format!("centre.db{suffix}")));
        }
        std::fs::copy(from, dir.path().join("centre.db")).unwrap();
    };
    put_back(&copy);
    assert!(matches!(reopen(dir.path(), &world), Err(CentreError::CentreRolledBack(_))));
    // Opening it as a new epoch is the way on; consoles then find another history.
    let path = dir.path().join("centre.db");
    let mut centre = Centre::begin_epoch(&path, world.clone(), &CENTRE_KEY).unwrap();
    let cursor = zaigang_sync::protocol::CursorWire {
        log: "site".into(),
        epoch: Some("11".repeat(16)),
        seq: 1,
        head: "00".repeat(32),
    };
    let hello = zaigang_sync::protocol::HelloRequest {
        protocol_min: 1,
        protocol_max: 1,
        server_id: zaigang_sync::hex::encode(&centre.meta().server_id),
        chains: vec![],
        cursors: vec![cursor],
        wall_at: NOON,
        complete_to: None,
    };
    let outcome = centre.hello(console.device, &hello).unwrap().outcome;
    assert_eq!(outcome, zaigang_sync::protocol::Outcome::Rollback);
    add_user(&mut centre, "li", Role::Engineer, &[]);
    assert_eq!(centre.verify().unwrap().bad, None, "the centre's own new chain begins anew");
    drop(centre);
    reopen(dir.path(), &world).unwrap();
    // The old copy once more: its epoch is not the one kept beside it.
    put_back(&copy);
    assert!(matches!(reopen(dir.path(), &world), Err(CentreError::CentreRolledBack(_))));
}

#[test]
fn verify_names_the_row_that_was_tampered_with() {
    let division_log = division("E总队");
    let table = [
        (
            "UPDATE entry SET envelope = cast(replace(cast(envelope AS TEXT), '卡纸', '缺纸') AS BLOB) WHERE kind = 'order.registered'",
            1,
        ),
        ("UPDATE entry SET verdict = 2 WHERE kind = 'order.accepted'", 2),
        ("UPDATE entry SET head = zeroblob(32) WHERE kind = 'order.accepted'", 2),
        (
            "UPDATE entry SET commit_record = (SELECT commit_record FROM entry WHERE kind = 'order.registered') WHERE kind = 'order.accepted'",
            2,
        ),
        ("UPDATE entity SET state = replace(state, 'accepted', 'dispatched') WHERE name = 'order/1'", 3),
        ("UPDATE attestation SET signature = zeroblob(64) WHERE place = (SELECT max(place) FROM entry)", 3),
        ("DELETE FROM attestation WHERE place = (SELECT max(place) FROM entry)", 3),
        ("UPDATE sealed SET content = '{}'", 1),
        ("UPDATE log SET seq = 9 WHERE name LIKE '%E总队'", 9),
    ];
    for (sql, seq) in table {
        let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
        let (mut centre, mut console) = staffed(dir.path(), &world);
        let mut registered = console.register("E总队", "1");
        registered.sealed = vec![("reporter", "personal", "{\"phone\":\"8110\"}".into())];
        console.do_now(&mut centre, &registered);
        console.do_now(&mut centre, &console.say(&division_log, "order/1", "order.accepted", json!({})));
        console.do_now(&mut centre, &console.say(&division_log, "order/1", "order.arrived", json!({})));
        assert_eq!(centre.verify().unwrap().bad, None);
        let conn = rusqlite::Connection::open(dir.path().join("centre.db")).unwrap();
        let changed = conn.execute(sql, []).unwrap();
        assert_ne!(changed, 0, "{sql}");
        let bad = centre.verify().unwrap().bad.unwrap_or_else(|| panic!("not found: {sql}"));
        assert_eq!((bad.log.as_str(), bad.seq), (division_log.as_str(), seq), "{sql}: {}", bad.what);
    }
}

#[test]
fn two_on_one_file_take_turns_and_see_each_other() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut serving, mut console) = staffed(dir.path(), &world);
    let mut beside = reopen(dir.path(), &world).unwrap();
    let mut seen = None;
    serving.changed_heads(&mut seen).unwrap();
    console.do_now(&mut serving, &console.register("E总队", "1"));
    assert_eq!(serving.changed_heads(&mut seen).unwrap(), None, "its own commit is no news");
    beside.user_disable("wang").unwrap();
    let heads = serving.changed_heads(&mut seen).unwrap().unwrap();
    assert!(heads.iter().any(|head| head.log == "site" && head.seq == 6), "{heads:?}");
    // The cache of the first must not answer from before.
    let note = console.say(&division("E总队"), "order/1", "order.noted", json!({"text": "x"}));
    assert_eq!(console.do_now(&mut serving, &note).reason.as_deref(), Some("user_disabled"));
    // And the other continues the log the first has written.
    console.do_now(&mut beside, &note);
    assert_eq!(beside.verify().unwrap().bad, None);
}
