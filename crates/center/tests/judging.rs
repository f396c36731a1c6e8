//! Pages through the core: what a device can do, and what it gets back.

mod common;

use common::*;
use serde_json::json;
use zaigang_center::error::CentreError;
use zaigang_domain::people::Role;
use zaigang_sync::commit::{TrustCode, VerdictCode};
use zaigang_sync::hex;
use zaigang_sync::protocol::{CursorWire, HelloRequest, Outcome, OwnChain, PullRequest};

fn e() -> String {
    division("E总队")
}

#[test]
fn a_page_again_gets_the_old_verdicts_and_changes_nothing() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, mut console) = staffed(dir.path(), &world);
    let first = console.write(&console.register("E总队", "1"));
    let second = console.write(&console.say(&e(), "order/1", "order.accepted", json!({})));
    let before = console.push(&mut centre, &e(), &[first.clone(), second.clone()]);
    assert_eq!(before.verdicts.iter().map(|v| v.seq).collect::<Vec<_>>(), [1, 2]);
    world.pass(60_000);
    assert_eq!(
        console.push(&mut centre, &e(), &[first.clone(), second.clone()]),
        before,
        "same verdicts, to the byte"
    );
    // A longer page that begins with known events: only the rest is new.
    let third = console.write(&console.say(&e(), "order/1", "order.arrived", json!({})));
    let longer = console.push(&mut centre, &e(), &[second, third]);
    assert_eq!(longer.verdicts[0], before.verdicts[1]);
    assert_eq!(longer.verdicts[1].seq, 3);
    assert_eq!(console.pull_all(&mut centre, &e()).len(), 3);
    assert_eq!(centre.verify().unwrap().bad, None);
}

#[test]
fn a_fork_stops_the_log_and_keeps_everything() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, mut console) = staffed(dir.path(), &world);
    let mut clone = console.clone();
    console.do_now(&mut centre, &console.register("E总队", "1"));
    let other = clone.write(&clone.register("E总队", "2"));
    let reply = clone.push(&mut centre, &e(), &[other]);
    assert_eq!((reply.outcome, reply.verdicts.len()), (Outcome::NewIncarnation, 0));
    // Now neither copy may go on in this log, but in others it may.
    let next = console.write(&console.register("E总队", "3"));
    assert_eq!(console.push(&mut centre, &e(), &[next]).outcome, Outcome::NewIncarnation);
    assert_eq!(console.pull_all(&mut centre, &e()).len(), 1);
    assert_eq!(centre.device_list().unwrap()[0].stopped, [e()]);
    assert_eq!(centre.status().unwrap().stopped[0].device_seq, 1);
    assert_eq!(centre.verify().unwrap().bad, None);
}

#[test]
fn a_gap_is_named_and_nothing_is_taken() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, mut console) = staffed(dir.path(), &world);
    let lost = console.write(&console.register("E总队", "1"));
    let next = console.write(&console.register("E总队", "2"));
    let reply = console.push(&mut centre, &e(), std::slice::from_ref(&next));
    assert_eq!((reply.gap_from, reply.verdicts.len()), (Some(1), 0));
    assert_eq!(console.push(&mut centre, &e(), &[lost, next]).verdicts.len(), 2);
}

#[test]
fn two_accept_one_order() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, mut wang) = staffed(dir.path(), &world);
    add_user(&mut centre, "li", Role::Engineer, &[]);
    let mut li = Console::new(2);
    li.enrol(&mut centre, &[&e()], &[]);
    li.login(&mut centre, "li");
    wang.do_now(&mut centre, &wang.register("E总队", "1"));
    let accept = |console: &Console| {
        let mut say = console.say(&e(), "order/1", "order.accepted", json!({}));
        say.expect = vec![("assignee".into(), String::new()), ("status".into(), "registered".into())];
        say
    };
    let mine = wang.write(&accept(&wang));
    wang.push(&mut centre, &e(), std::slice::from_ref(&mine));
    let lost = li.write(&accept(&li));
    let mut dependent = li.say(&e(), "order/1", "order.suspended", json!({"reason": "x", "party": "buyer"}));
    dependent.deps = vec![lost.id];
    let dependent = li.write(&dependent);
    let fact = li.write(&li.say(&e(), "order/1", "order.arrived", json!({})));
    let verdicts = li.push(&mut centre, &e(), &[lost.clone(), dependent, fact]).verdicts;
    let [lost_commit, dependent, fact] = [0, 1, 2].map(|i| commit(&verdicts[i]));
    assert_eq!(lost_commit.verdict, VerdictCode::Rejected);
    assert_eq!(lost_commit.winner.map(|id| *id), Some(mine.id), "the winner is named");
    assert_eq!(dependent.verdict, VerdictCode::Rejected);
    assert_eq!(dependent.reason.as_deref(), Some("dependency_rejected"));
    assert_ne!(fact.verdict, VerdictCode::Rejected, "a fact is never rejected for state");
    assert_eq!(centre.verify().unwrap().bad, None);
}

#[test]
fn a_fact_that_does_not_fit_is_unreconciled() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, mut console) = staffed(dir.path(), &world);
    console.do_now(&mut centre, &console.register("E总队", "1"));
    let again = console.do_now(&mut centre, &console.register("E总队", "1"));
    assert_eq!((again.verdict, again.reason.as_deref()), (VerdictCode::Unreconciled, Some("already_exists")));
}

#[test]
fn groups_are_all_or_nothing() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, mut console) = staffed(dir.path(), &world);
    let group = [9; 16];
    let member = |say: Say, i| Say { group: Some((group, i, 2)), ..say };
    // Registered and taken at once: the second stands on the first.
    let good = [
        console.write(&member(console.register("E总队", "1"), 0)),
        console.write(&member(console.say(&e(), "order/1", "order.accepted", json!({})), 1)),
    ];
    let verdicts = console.push(&mut centre, &e(), &good).verdicts;
    assert!(verdicts.iter().all(|v| commit(v).verdict == VerdictCode::Accepted));
    // The second member is not legal: the first must not count either.
    let group = [10; 16];
    let member = |say: Say, i, n| Say { group: Some((group, i, n)), ..say };
    let bad = [
        console.write(&member(
            console.say(&e(), "order/1", "order.level_changed", json!({"level": "1", "reason": "x"})),
            0,
            2,
        )),
        console.write(&member(console.say(&e(), "order/1", "order.accepted", json!({})), 1, 2)),
    ];
    let verdicts = console.push(&mut centre, &e(), &bad).verdicts;
    let [first, second] = [0, 1].map(|i| commit(&verdicts[i]));
    assert_eq!((first.verdict, first.reason.as_deref()), (VerdictCode::Rejected, Some("group_failed")));
    assert_eq!((second.verdict, second.reason.as_deref()), (VerdictCode::Rejected, Some("not_legal_now")));
    // A member is missing.
    let group = [11; 16];
    let mut say = console.say(&e(), "order/1", "order.level_changed", json!({"level": "1", "reason": "x"}));
    say.group = Some((group, 0, 2));
    let cut = console.do_now(&mut centre, &say);
    assert_eq!((cut.verdict, cut.reason.as_deref()), (VerdictCode::Rejected, Some("malformed")));
    assert_eq!(centre.verify().unwrap().bad, None);
}

#[test]
fn who_may_not_is_parked_with_the_reason() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, mut console) = staffed(dir.path(), &world);
    console.do_now(&mut centre, &console.register("E总队", "1"));
    let note = console.say(&e(), "order/1", "order.noted", json!({"text": "x"}));
    let li = add_user(&mut centre, "li", Role::Engineer, &["A总队"]);
    let reason = |console: &mut Console, centre: &mut _, say: &Say| {
        let commit = console.do_now(centre, say);
        (commit.verdict, commit.reason.unwrap_or_default())
    };
    let parked = |reason: &str| (VerdictCode::Parked, reason.to_owned());
    let table: [(&str, Say); 6] = [
        ("no_session", Say { session: None, ..note.clone() }),
        ("no_session", Say { session: Some([77; 16]), ..note.clone() }),
        ("no_session", Say { user: Some(li), ..note.clone() }),
        ("no_session", Say { user: Some("nobody".into()), ..note.clone() }),
        (
            "no_right",
            Say {
                user: None,
                kind: "user.added".into(),
                log: "site".into(),
                entity: "user/x".into(),
                ..note.clone()
            },
        ),
        ("unknown_type", Say { tv: 99, ..note.clone() }),
    ];
    for (expected, say) in table {
        assert_eq!(reason(&mut console, &mut centre, &say), parked(expected), "{} {:?}", say.kind, say.user);
    }
    // Disabled, then on a revoked device: still handed over, still parked.
    centre.user_disable("wang").unwrap();
    assert_eq!(reason(&mut console, &mut centre, &note), parked("user_disabled"));
    centre.device_revoke(&hex::encode(&console.device)).unwrap();
    assert_eq!(reason(&mut console, &mut centre, &note), parked("device_revoked"));
    let request = PullRequest { log: e(), after_seq: 0, head: "00".repeat(32), bytes_max: 1000 };
    assert!(matches!(centre.pull(console.device, &request), Err(CentreError::Revoked)));
    assert_eq!(centre.verify().unwrap().bad, None);
}

#[test]
fn a_closed_session_covers_what_was_written_in_it() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, mut console) = staffed(dir.path(), &world);
    let early = console.write(&console.register("E总队", "1"));
    console.uptime_ms += 1_000;
    let session = format!("session/{}", hex::encode(&console.session.unwrap()));
    let close = console.say("site", &session, "session.closed", json!({}));
    assert_eq!(console.do_now(&mut centre, &close).reason.as_deref(), Some("malformed"), "it says no places");
    let close = console.say("site", &session, "session.closed", console.session_closed());
    assert_eq!(console.do_now(&mut centre, &close).verdict, VerdictCode::Accepted);
    console.uptime_ms += 1_000;
    let late = console.write(&console.register("E总队", "2"));
    let verdicts = console.push(&mut centre, &e(), &[early, late]).verdicts;
    assert_eq!(
        commit(&verdicts[0]).verdict,
        VerdictCode::Accepted,
        "written before the closing, sent after it"
    );
    assert_eq!(commit(&verdicts[1]).reason.as_deref(), Some("no_session"));
}

#[test]
fn a_session_needs_its_users_own_signature() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, console) = staffed(dir.path(), &world);
    let user = console.user.clone().unwrap();
    let mut forger = console.clone();
    forger.user_key = ed25519_dalek::SigningKey::from_bytes(&[200; 32]);
    let (_, forged) = forger.session_opened(&user);
    let commit = forger.do_now(&mut centre, &forged);
    assert_eq!((commit.verdict, commit.reason.as_deref()), (VerdictCode::Rejected, Some("no_consent")));
}

#[test]
fn consent_needs_the_users_own_signature() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, mut console) = staffed(dir.path(), &world);
    console.do_now(&mut centre, &console.register("E总队", "1"));
    console.do_now(&mut centre, &console.say(&e(), "order/1", "order.accepted", json!({})));
    console.do_now(&mut centre, &console.say(&e(), "order/1", "order.restored", json!({"text": "ok"})));
    let confirm = console.say(
        &e(),
        "order/1",
        "order.confirmed",
        json!({"who": "张科长", "unit": "E总队", "way": "paper", "paper": "7"}),
    );
    let unsigned = console.do_now(&mut centre, &confirm);
    assert_eq!((unsigned.verdict, unsigned.reason.as_deref()), (VerdictCode::Rejected, Some("no_consent")));
    let signed = console.do_now(&mut centre, &Say { consent: true, ..confirm });
    assert_eq!(signed.verdict, VerdictCode::Accepted, "{:?}", signed.reason);
    assert_eq!(centre.verify().unwrap().bad, None);
}

#[test]
fn sealed_parts_go_to_those_with_the_right() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, mut console) = staffed(dir.path(), &world);
    let mut say = console.register("E总队", "1");
    say.sealed =
        vec![("reporter", "personal", "{\"phone\":\"8110\"}".into()), ("address", "restricted", "{}".into())];
    console.do_now(&mut centre, &say);
    let plain = {
        let mut console = Console::new(2);
        console.enrol(&mut centre, &[&e()], &[]);
        console
    };
    let trusted = {
        let mut console = Console::new(3);
        console.enrol(&mut centre, &[&e()], &["personal", "restricted"]);
        console
    };
    let none = {
        let mut console = Console::new(4);
        console.enrol(&mut centre, &[&e()], &["none"]);
        console
    };
    let parts = |console: &Console, centre: &mut _| {
        console.pull_all(centre, &e())[0].event.parts.iter().map(|part| part.index).collect::<Vec<_>>()
    };
    assert_eq!(parts(&console, &mut centre), [0, 1], "its own");
    assert_eq!(parts(&plain, &mut centre), [0]);
    assert_eq!(parts(&trusted, &mut centre), [0, 1]);
    assert_eq!(parts(&none, &mut centre), [] as [u8; 0]);
}

#[test]
fn logs_not_enrolled_for_are_refused() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, mut console) = staffed(dir.path(), &world);
    let written = console.write(&console.register("A总队", "1"));
    let page = console.page(&division("A总队"), &[written]);
    assert!(matches!(centre.push(console.device, &page), Err(CentreError::NoRight(_))));
    let request =
        PullRequest { log: division("A总队"), after_seq: 0, head: "00".repeat(32), bytes_max: 1000 };
    assert!(matches!(centre.pull(console.device, &request), Err(CentreError::NoRight(_))));
    assert!(matches!(centre.pull([9; 16], &request), Err(CentreError::Unauthorized)));
    let page = console.page(&e(), &[console.clone().write(&console.register("E总队", "1"))]);
    assert!(matches!(centre.push([9; 16], &page), Err(CentreError::Unauthorized)));
    let mut cut = page.clone();
    cut.truncate(page.len() - 3);
    assert!(matches!(centre.push(console.device, &cut), Err(CentreError::BadRequest(_))));
}

#[test]
fn an_event_issued_again_elsewhere_is_named() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, mut console) = staffed(dir.path(), &world);
    let say = console.register("E总队", "1");
    let first = console.write(&say);
    console.push(&mut centre, &e(), std::slice::from_ref(&first));
    let again = console.write(&Say { id: Some(first.id), ..say.clone() });
    let reply = console.push(&mut centre, &e(), &[again]);
    assert_eq!((reply.outcome, reply.reissued), (Outcome::Ok, vec![hex::encode(&first.id)]));
    // The same id with other content is another history.
    let head = console.heads.get_mut(&e()).unwrap();
    *head = zaigang_sync::chain::ChainHead { device_seq: 1, event_hash: first.event_hash };
    let other = console.write(&Say {
        id: Some(first.id),
        payload: json!({"text": "x"}),
        kind: "order.noted".into(),
        ..say
    });
    assert_eq!(console.push(&mut centre, &e(), &[other]).outcome, Outcome::NewIncarnation);
}

#[test]
fn times_follow_the_evidence() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, mut console) = staffed(dir.path(), &world);
    // The device's clock is a day ahead; two hours of uptime passed between writing and sending.
    let say =
        Say { wall_at: NOON + 86_400_000, claimed_at: NOON + 86_400_000, ..console.register("E总队", "1") };
    let written = console.write(&say);
    console.uptime_ms += 7_200_000;
    world.pass(7_200_000);
    let reply = console.push(&mut centre, &e(), &[written]);
    let commit = commit(&reply.verdicts[0]);
    assert_eq!(
        (commit.effective_at, commit.trust, commit.received_at),
        (NOON, TrustCode::Corrected, NOON + 7_200_000)
    );
}

#[test]
fn hello_compares_histories() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, mut console) = staffed(dir.path(), &world);
    console.do_now(&mut centre, &console.register("E总队", "1"));
    let meta = centre.meta().clone();
    let head = console.heads[&e()];
    let chain = |device_seq, hash: &str, incarnation| OwnChain {
        log: e(),
        incarnation,
        device_seq,
        event_hash: hash.into(),
    };
    let own = head.event_hash.to_hex();
    let zero = "00".repeat(32);
    let log_head = console.pull_all(&mut centre, &e())[0].head.to_hex();
    let cursor = |seq, head: &str, epoch: &str| CursorWire {
        log: e(),
        epoch: Some(epoch.into()),
        seq,
        head: head.into(),
    };
    let epoch = hex::encode(&meta.epoch);
    let ok = HelloRequest {
        protocol_min: 1,
        protocol_max: 1,
        server_id: hex::encode(&meta.server_id),
        chains: vec![chain(1, &own, 1)],
        cursors: vec![cursor(1, &log_head, &epoch)],
        wall_at: NOON,
        complete_to: None,
    };
    let with =
        |chains: Vec<OwnChain>, cursors: Vec<CursorWire>| HelloRequest { chains, cursors, ..ok.clone() };
    let table = [
        (ok.clone(), Outcome::Ok),
        (with(vec![chain(0, &zero, 1)], vec![cursor(0, &zero, &epoch)]), Outcome::Ok),
        (with(vec![chain(1, &zero, 1)], vec![]), Outcome::NewIncarnation),
        (with(vec![chain(2, &own, 1)], vec![]), Outcome::Rollback),
        (with(vec![], vec![cursor(2, &log_head, &epoch)]), Outcome::Rollback),
        (with(vec![], vec![cursor(1, &zero, &epoch)]), Outcome::Rollback),
        (with(vec![], vec![cursor(1, &log_head, &"11".repeat(16))]), Outcome::Rollback),
        (HelloRequest { protocol_min: 2, protocol_max: 3, ..ok.clone() }, Outcome::Upgrade),
        (HelloRequest { server_id: "11".repeat(16), ..ok.clone() }, Outcome::OtherServer),
    ];
    for (request, outcome) in table {
        assert_eq!(centre.hello(console.device, &request).unwrap().outcome, outcome, "{request:?}");
    }
    let reply = centre.hello(console.device, &ok).unwrap();
    let log = reply.logs.iter().find(|log| log.log == e()).unwrap();
    assert_eq!((log.device_seq, log.event_hash.as_str(), log.seq), (1, own.as_str(), 1));
    centre.device_revoke(&hex::encode(&console.device)).unwrap();
    assert_eq!(centre.hello(console.device, &ok).unwrap().outcome, Outcome::Revoked);
}

#[test]
fn watermarks_are_committed_seldom() {
    let (dir, world) = (tempfile::tempdir().unwrap(), World::new());
    let (mut centre, console) = staffed(dir.path(), &world);
    let hello = |centre: &mut zaigang_center::core::Centre, complete_to| {
        let request = HelloRequest {
            protocol_min: 1,
            protocol_max: 1,
            server_id: hex::encode(&centre.meta().server_id),
            chains: vec![],
            cursors: vec![],
            wall_at: NOON,
            complete_to: Some(complete_to),
        };
        centre.hello(console.device, &request).unwrap();
    };
    let common = format!("c/{CONTRACT}/common");
    hello(&mut centre, NOON);
    hello(&mut centre, NOON + 60_000);
    assert_eq!(console.pull_all(&mut centre, &common).len(), 1);
    world.pass(16 * 60_000);
    hello(&mut centre, NOON + 10 * 86_400_000);
    let all = console.pull_all(&mut centre, &common);
    assert_eq!(all.len(), 2);
    assert!(all[1].event.content.payload.contains("2025-10-01T00:16:00Z"), "never later than now");
    assert_eq!(centre.verify().unwrap().bad, None);
}
