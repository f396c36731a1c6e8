//! What comes over the wire or from a file and is not as it should be: refused whole, named, nothing changed.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a whole-program test works on files and real time, and fails by panic"
)]

use anyhow::{Context, Result};
use serde_json::Value;
use zaigang_console::keys::MemoryKeyring;
use zaigang_console::session::SessionError;
use zaigang_console::store::Draft;
use zaigang_console::sync::Request;
use zaigang_console::sync::driver::LinkError;
use zaigang_domain::event::{EntityId, EventId, LogName};
use zaigang_domain::order::OrderKind;
use zaigang_domain::order::payload::{Facts, Noted, Registered};
use zaigang_sync::page::{PushPage, unpack};
use zaigang_sync::protocol::{EnrolmentCode, PATH_PUSH, PushReply};
use zaigang_tests::demo::random::Random;
use zaigang_tests::harness::centre::{CONTRACT, ENGINEER, RealCentre, SECOND};
use zaigang_tests::harness::remote::Remote;

const DIVISION: &str = "L总队";

fn console(centre: &RealCentre, dir: &std::path::Path, name: &str) -> Result<Remote> {
    let mut remote = Remote::open(&centre.profile(&dir.join(name))?)?;
    remote.enrol(&centre.code(name, &[DIVISION])?, name)?;
    remote.log_in(ENGINEER.login, ENGINEER.password)?;
    remote.sync()?;
    Ok(remote)
}

/// Writes an order and a note on it, which wait for the centre.
fn write_order(remote: &mut Remote, number: &str) -> Result<()> {
    let now = remote.console.host().now();
    let form = Registered {
        number: number.to_owned(),
        kind: OrderKind::Request,
        title: "账号权限开通".to_owned(),
        detail: String::new(),
        object: Some("12.8".to_owned()),
        division: DIVISION.to_owned(),
        level: Some("4".to_owned()),
        level_reason: None,
        facts: Facts::default(),
        channel: "phone".to_owned(),
        reported_at: now,
        reporter_unit: String::new(),
        contract: CONTRACT.to_owned(),
        contract_hash: "00".to_owned(),
        calendar_hash: "00".to_owned(),
        scheduled_at: None,
        late_reason: None,
        external_no: None,
        registered_at: None,
        record: None,
        on_behalf: None,
        remote: None,
        source: None,
        alarm_key: None,
        asset: None,
    };
    let id = zaigang_console::host::new_id(remote.console.host());
    let entity = EntityId::order(EventId(id));
    let log = LogName::division(CONTRACT, DIVISION)?;
    let at = now.as_millisecond();
    let registered = Draft::fact("order.registered", serde_json::to_string(&form)?, at);
    remote.console.append(&log, &entity, vec![registered], None)?;
    let note = Noted { text: "先登记，稍后处理。".to_owned() };
    let noted = Draft::fact("order.noted", serde_json::to_string(&note)?, at);
    remote.console.append(&log, &entity, vec![noted], None)?;
    Ok(())
}

/// The push of a division's page, ready to be sent; the site log's push goes out before it.
fn push_of(remote: &mut Remote) -> Result<Request> {
    let (_, stopped) = remote.round(|request| {
        request.path == PATH_PUSH
            && zaigang_sync::page::unpack::<zaigang_sync::page::PushPage>(&request.body)
                .is_ok_and(|page| page.log.ends_with(DIVISION))
    })?;
    stopped.context("nothing was to be pushed")
}

fn heads(centre: &RealCentre) -> Result<String> {
    let status = centre.status()?;
    Ok(status.get("logs").unwrap_or(&Value::Null).to_string())
}

#[test]
fn a_bent_page_changes_nothing_and_the_straight_one_is_taken_once() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let mut centre = RealCentre::found(dir.path())?;
    centre.start()?;
    let mut remote = console(&centre, dir.path(), "值班室1号机")?;
    write_order(&mut remote, "L-20251015-90-0001")?;
    let push = push_of(&mut remote)?;
    let before = heads(&centre)?;

    let mut random = Random::new(1);
    let mut bent: Vec<(String, Vec<u8>)> = Vec::new();
    for _ in 0..40 {
        let at = usize::try_from(random.between(0, i64::try_from(push.body.len())? - 1))?;
        bent.push((format!("cut at {at}"), push.body[..at].to_vec()));
        let bit = u8::try_from(random.between(0, 7))?;
        let mut altered = push.body.clone();
        altered[at] ^= 1 << bit;
        bent.push((format!("bit {bit} of byte {at}"), altered));
    }
    bent.push(("something after it".to_owned(), [&push.body[..], b"more"].concat()));
    bent.push(("not a page".to_owned(), b"{}".to_vec()));
    bent.push(("two megabytes".to_owned(), vec![b'x'; 2_000_000]));
    // A bit that the compression has no use for bends nothing: that is the same page.
    let straight: PushPage = unpack(&push.body)?;
    bent.retain(|(_, body)| unpack::<PushPage>(body).ok().as_ref() != Some(&straight));
    assert!(bent.len() > 60, "hardly anything was bent");
    for (how, body) in bent {
        let answer = remote.send(Request { path: PATH_PUSH, body });
        match answer {
            Ok(answer) => assert!((400..500).contains(&answer.status), "{how}: {}", answer.status),
            // A body beyond the limit may be cut off while it is still being sent.
            Err(error) => assert!(how == "two megabytes", "{how}: {error:#}"),
        }
    }
    assert_eq!(heads(&centre)?, before, "bent pages changed something");

    // The oversized one may have cost the connection: then the first try on it fails, as any lost line would.
    let first = remote.send(push.clone()).or_else(|_| remote.send(push.clone()))?;
    assert_eq!(first.status, 200, "{}", String::from_utf8_lossy(&first.body));
    let taken = heads(&centre)?;
    let again = remote.send(push)?;
    let (first, again): (PushReply, PushReply) =
        (serde_json::from_slice(&first.body)?, serde_json::from_slice(&again.body)?);
    assert_eq!(first, again, "a repeated page gets the same verdicts");
    assert_eq!(heads(&centre)?, taken, "a repeated page changed something");
    remote.sync()?;
    assert_eq!(remote.console.store()?.waiting()?, 0);
    assert!(remote.console.store_mut()?.verify()?.problems.is_empty());
    centre.verify()?;
    Ok(())
}

#[test]
fn a_centre_with_another_ca_is_refused_before_anything_is_told() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let mut centre = RealCentre::found(&dir.path().join("right"))?;
    let mut other = RealCentre::found(&dir.path().join("wrong"))?;
    centre.start()?;
    other.start()?;
    let mut remote = Remote::open(&centre.profile(&dir.path().join("console"))?)?;
    let code = EnrolmentCode::from_text(&centre.code("值班室1号机", &[DIVISION])?)?;
    let lured = EnrolmentCode { centre: format!("https://{}", other.address), ..code.clone() };
    let request =
        Request { path: zaigang_sync::protocol::PATH_ENROL, body: b"{\"secret\":\"tell nobody\"}".to_vec() };
    assert_eq!(remote.knock(&lured, request).unwrap_err(), LinkError::WrongCentre);
    // The right one still takes the code.
    remote.enrol(&code.to_text(), "值班室1号机")?;
    Ok(())
}

#[test]
fn wrong_passwords_lock_the_name_and_the_right_one_waits() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let mut centre = RealCentre::found(dir.path())?;
    centre.start()?;
    let mut remote = Remote::open(&centre.profile(&dir.path().join("console"))?)?;
    remote.enrol(&centre.code("值班室1号机", &[DIVISION])?, "值班室1号机")?;
    let mut last = String::new();
    for try_no in 0..6 {
        let refused = remote.log_in(ENGINEER.login, "Wrong-2025-pw").unwrap_err();
        last = format!("{refused:?}");
        assert!(try_no < 4 || last.contains("TooMany") || last.contains("locked"), "try {try_no}: {last}");
    }
    assert!(remote.log_in(ENGINEER.login, ENGINEER.password).is_err(), "locked after: {last}");
    remote.log_in(SECOND.login, SECOND.password).context("another name is not locked")?;
    Ok(())
}

#[test]
fn an_emptied_keyring_and_a_reset_password_lose_no_unsent_work() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let mut centre = RealCentre::found(dir.path())?;
    centre.start()?;
    let folder = centre.profile(&dir.path().join("console"))?;
    let keyring = MemoryKeyring::default();
    {
        let mut remote = Remote::with_keyring(&folder, Box::new(keyring.clone()))?;
        remote.enrol(&centre.code("值班室1号机", &[DIVISION])?, "值班室1号机")?;
        remote.log_in(SECOND.login, SECOND.password)?;
        remote.sync()?;
        remote.console.log_out()?;
        remote.log_in(ENGINEER.login, ENGINEER.password)?;
        remote.sync()?;
        write_order(&mut remote, "L-20251015-91-0001")?;
        assert_eq!(remote.console.store()?.waiting()?, 2);
    }
    keyring.empty();
    let file = dir.path().join("new-password");
    std::fs::write(&file, "Xinmima-2025")?;
    centre
        .command(
            &["user", "reset"],
            &["--login", ENGINEER.login, "--password-file", &file.display().to_string()],
        )?
        .ok()?;

    let mut remote = Remote::with_keyring(&folder, Box::new(keyring))?;
    // The new password opens nothing here yet, and says so; nothing is thrown away.
    match remote.console.begin_log_in(ENGINEER.login, "Xinmima-2025").map(|_| ()) {
        Err(SessionError::StoreClosed) => {}
        other => panic!("the new password cannot open the old slot: {other:?}"),
    }
    // A colleague's log-in opens the store, then the new password is good.
    remote.log_in(SECOND.login, SECOND.password)?;
    assert!(remote.console.store()?.waiting()? >= 2, "the unsent work is still there");
    remote.sync()?;
    assert_eq!(remote.console.store()?.waiting()?, 0, "and reaches the centre");
    remote.console.log_out()?;
    remote.log_in(ENGINEER.login, "Xinmima-2025")?;
    remote.sync()?;
    Ok(())
}
