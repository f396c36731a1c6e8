//! People come and go: enrolment, log-ins with and without the centre, passwords lost and reset.
#![allow(clippy::disallowed_methods, reason = "a test fails by panic and works on real files")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]

mod site;

use site::{PASSWORD, Pc, Site, is, recovery};
use zaigang_console::session::{SessionError, Stage};

const DAY_MS: u64 = 86_400_000;

fn one(keyring: bool) -> (Site, Pc, tempfile::TempDir) {
    let mut site = Site::new();
    let dir = tempfile::tempdir().unwrap();
    let mut pc = Pc::enrolled(&mut site, dir.path(), 1, keyring);
    pc.log_in(&mut site, "wang", PASSWORD).unwrap();
    pc.sync(&mut site).unwrap();
    (site, pc, dir)
}

#[test]
fn from_enrolment_to_log_out() {
    let mut site = Site::new();
    let dir = tempfile::tempdir().unwrap();
    let mut pc = Pc::enrolled(&mut site, dir.path(), 1, true);
    assert_eq!(pc.console.stage(), Stage::LoggedOut);
    pc = pc.restart(dir.path());
    pc.log_in(&mut site, "wang", PASSWORD).unwrap();
    assert_eq!(pc.console.stage(), Stage::Open);
    pc.sync(&mut site).unwrap();
    assert_eq!(pc.console.slots().unwrap().users[0].name, "王强");
    pc.console.lock();
    assert_eq!(pc.console.stage(), Stage::Locked);
    is(pc.console.unlock("wrong"), |error| matches!(error, SessionError::WrongPassword));
    pc.console.unlock(PASSWORD).unwrap();
    pc.console.log_out().unwrap();
    assert_eq!(pc.console.stage(), Stage::LoggedOut);
    pc.sync(&mut site).unwrap();
    assert_eq!(
        pc.console.store().unwrap().conflict_count().unwrap(),
        0,
        "the centre took both session events"
    );
    pc.healthy();
}

#[test]
fn nothing_secret_lies_in_the_slots_after_the_first_log_in() {
    let (_site, mut pc, dir) = one(true);
    let text = std::fs::read_to_string(dir.path().join("slots.json")).unwrap();
    assert!(text.contains(r#""bootstrap": null"#), "{text}");
    pc.healthy();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        for name in ["slots.json", "store.db"] {
            let mode = std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{name}");
        }
    }
}

#[test]
fn offline_log_in_has_an_age_limit_and_never_works_for_strangers() {
    let (mut site, mut pc, dir) = one(false);
    site.reachable = false;
    pc = pc.restart(dir.path());
    assert!(pc.console.store().is_err(), "without a keyring the store waits for a password");
    is(pc.console.log_in_offline("li", PASSWORD), |error| matches!(error, SessionError::NeverOnline));
    pc.host.advance_ms(29 * DAY_MS);
    pc.log_in(&mut site, "wang", PASSWORD).unwrap();
    assert!(!pc.console.session().unwrap().online);
    pc.register("离线登记");
    pc.host.advance_ms(2 * DAY_MS);
    pc = pc.restart(dir.path());
    is(pc.log_in(&mut site, "wang", PASSWORD), |error| {
        matches!(error, SessionError::OfflineExpired { days: 30 })
    });
    pc.host.set_wall(site::start());
    pc = pc.restart(dir.path());
    pc.log_in(&mut site, "wang", PASSWORD).unwrap();
}

#[test]
fn a_clock_set_back_after_it_was_seen_later_makes_no_log_in_younger() {
    let (mut site, mut pc, _dir) = one(true);
    site.reachable = false;
    pc.host.advance_ms(40 * DAY_MS);
    is(pc.log_in(&mut site, "wang", PASSWORD), |error| matches!(error, SessionError::OfflineExpired { .. }));
    pc.host.set_wall(site::start());
    is(pc.log_in(&mut site, "wang", PASSWORD), |error| matches!(error, SessionError::OfflineExpired { .. }));
}

#[test]
fn five_wrong_passwords_lock_the_name_for_a_quarter_of_an_hour_across_restarts() {
    let (mut site, mut pc, dir) = one(true);
    site.reachable = false;
    for _ in 0..5 {
        is(pc.log_in(&mut site, "wang", "nope"), |error| matches!(error, SessionError::WrongPassword));
    }
    pc = pc.restart(dir.path());
    is(pc.log_in(&mut site, "wang", PASSWORD), |error| matches!(error, SessionError::TooManyFailures { .. }));
    pc.host.advance_ms(15 * 60_000);
    pc.log_in(&mut site, "wang", PASSWORD).unwrap();
}

#[test]
fn several_people_in_turn_on_one_pc() {
    let (mut site, mut pc, dir) = one(false);
    let order = pc.register("王的工单");
    pc.log_in(&mut site, "li", PASSWORD).unwrap();
    pc.sync(&mut site).unwrap();
    assert_eq!(pc.console.session().unwrap().login, "li");
    site.reachable = false;
    pc = pc.restart(dir.path());
    pc.log_in(&mut site, "li", PASSWORD).unwrap();
    let shown = pc.console.store().unwrap().order(order.as_str()).unwrap();
    assert!(shown.is_some(), "one store for all who work here");
    pc.log_in(&mut site, "wang", PASSWORD).unwrap();
    site.reachable = true;
    assert_eq!(pc.sync(&mut site).unwrap().conflicts, 0);
    pc.healthy();
}

#[test]
fn a_changed_password_opens_the_slot_and_the_old_one_does_not() {
    let (mut site, mut pc, dir) = one(false);
    is(
        pc.change_password(&mut site, PASSWORD, "weak"),
        |error| matches!(error, SessionError::Centre(reply) if reply.code == "weak_password"),
    );
    pc.change_password(&mut site, PASSWORD, "New-Password-88").unwrap();
    site.reachable = false;
    pc = pc.restart(dir.path());
    is(pc.log_in(&mut site, "wang", PASSWORD), |error| matches!(error, SessionError::StoreClosed));
    pc.log_in(&mut site, "wang", "New-Password-88").unwrap();
}

#[test]
fn a_reset_password_never_costs_unsent_work_with_a_keyring() {
    let (mut site, mut pc, dir) = one(true);
    pc.register("未发送");
    pc = pc.restart(dir.path());
    let one_time = site.centre.user_reset("wang", None).unwrap().unwrap();
    pc.log_in(&mut site, "wang", &one_time).unwrap();
    assert!(pc.console.session().unwrap().must_change_password);
    assert_eq!(pc.sync(&mut site).unwrap().conflicts, 0);
    assert_eq!(pc.console.store().unwrap().waiting().unwrap(), 0);
    pc.change_password(&mut site, &one_time, "Another-Pass-9").unwrap();
    assert!(!pc.console.session().unwrap().must_change_password);
    pc.healthy();
}

#[test]
fn after_a_reset_without_a_keyring_a_colleague_or_the_recovery_key_opens_the_store() {
    for by_colleague in [true, false] {
        let (mut site, mut pc, dir) = one(false);
        pc.log_in(&mut site, "li", PASSWORD).unwrap();
        pc.log_in(&mut site, "wang", PASSWORD).unwrap();
        pc.register("未发送");
        let waiting = pc.console.store().unwrap().waiting().unwrap();
        pc = pc.restart(dir.path());
        let one_time = site.centre.user_reset("wang", None).unwrap().unwrap();
        is(pc.log_in(&mut site, "wang", &one_time), |error| matches!(error, SessionError::StoreClosed));
        if by_colleague {
            pc.log_in(&mut site, "li", PASSWORD).unwrap();
        } else {
            is(pc.console.recover("AGE-SECRET-KEY-1WRONG"), |error| {
                matches!(error, SessionError::WrongPassword)
            });
            pc.console.recover(&recovery().0).unwrap();
        }
        pc.log_in(&mut site, "wang", &one_time).unwrap();
        assert!(pc.console.store().unwrap().waiting().unwrap() > waiting);
        assert_eq!(pc.sync(&mut site).unwrap().conflicts, 0);
        assert_eq!(pc.console.store().unwrap().waiting().unwrap(), 0);
    }
}

#[test]
fn an_old_password_no_longer_works_offline_once_the_reset_is_known() {
    let (mut site, mut pc, _dir) = one(true);
    site.centre.user_reset("wang", None).unwrap();
    pc.sync(&mut site).unwrap();
    site.reachable = false;
    is(pc.log_in(&mut site, "wang", PASSWORD), |error| matches!(error, SessionError::ResetSince));
}

#[test]
fn a_disabled_user_does_not_get_in_offline() {
    let (mut site, mut pc, _dir) = one(true);
    site.centre.user_disable("wang").unwrap();
    pc.sync(&mut site).unwrap();
    site.reachable = false;
    is(pc.log_in(&mut site, "wang", PASSWORD), |error| matches!(error, SessionError::Disabled));
}

#[test]
fn an_emptied_keyring_costs_nothing() {
    let (mut site, mut pc, dir) = one(true);
    pc.register("未发送");
    pc.keyring.as_ref().unwrap().empty();
    pc = pc.restart(dir.path());
    assert!(pc.console.store().is_err());
    pc.log_in(&mut site, "wang", PASSWORD).unwrap();
    assert!(pc.console.store().unwrap().waiting().unwrap() > 0);
    pc = pc.restart(dir.path());
    assert!(pc.console.store().is_ok(), "the log-in made a keyring slot again");
}

#[test]
fn a_console_that_nobody_logged_in_to_survives_a_restart_without_a_keyring() {
    let mut site = Site::new();
    let dir = tempfile::tempdir().unwrap();
    let mut pc = Pc::enrolled(&mut site, dir.path(), 1, false).restart(dir.path());
    pc.log_in(&mut site, "wang", PASSWORD).unwrap();
    pc = pc.restart(dir.path());
    assert!(pc.console.store().is_err(), "the first log-in ended the readable key");
    pc.log_in(&mut site, "wang", PASSWORD).unwrap();
    pc.healthy();
}

#[test]
fn a_code_cut_off_is_refused_before_anything_is_asked() {
    let mut site = Site::new();
    let dir = tempfile::tempdir().unwrap();
    let pc = Pc::enrolled(&mut site, dir.path(), 1, false);
    assert!(matches!(pc.console.begin_enrol("ZG1.abc", "x"), Err(SessionError::EnrolledAlready)));
    let empty = tempfile::tempdir().unwrap();
    let fresh = Pc::open(empty.path(), pc.host.clone(), None).unwrap();
    assert_eq!(fresh.console.stage(), Stage::NotEnrolled);
    assert!(matches!(fresh.console.begin_enrol("ZG1.abc", "x"), Err(SessionError::BadCode)));
}

#[test]
fn a_session_left_open_by_a_crash_is_closed_at_the_next_log_in() {
    let (mut site, mut pc, dir) = one(true);
    let left = pc.console.session().unwrap().id;
    pc = pc.restart(dir.path());
    pc.log_in(&mut site, "li", PASSWORD).unwrap();
    pc.sync(&mut site).unwrap();
    let store = pc.console.store().unwrap();
    assert_eq!(store.conflict_count().unwrap(), 0);
    let entity = format!("session/{}", zaigang_sync::hex::encode(&left));
    assert_eq!(store.timeline(&entity).unwrap().last().unwrap().kind, "session.closed");
}
