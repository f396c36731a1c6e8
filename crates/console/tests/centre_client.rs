//! HTTPS to the centre: which certificates pass, what a reply may be, and a console that enrols, logs in
//! and syncs with a served centre.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests stop where they are wrong, and one measures"
)]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rcgen::{CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use zaigang_center::core::{Centre, CodeRequest, Founding, NewUser};
use zaigang_center::http::{App, Running, serve};
use zaigang_center::tls::{Credentials, make, pin_of, server_config};
use zaigang_console::door::dto::LinkState;
use zaigang_console::host::FixedHost;
use zaigang_console::keys::{Cost, MemoryKeyring};
use zaigang_console::session::{Console, Profile};
use zaigang_console::store::NoClocks;
use zaigang_console::sync::Request;
use zaigang_console::sync::driver::{CentreClient, Driver, Link as _, LinkError, OfflineReason, WakeError};
use zaigang_domain::people::Role;
use zaigang_sync::protocol::{EnrolmentCode, PATH_HELLO, Wake};

const PASSWORD: &str = "Correct-Horse-7";

fn host(seed: u64) -> Arc<FixedHost> {
    Arc::new(FixedHost::new("2025-10-15T01:00:00Z".parse().unwrap(), seed))
}

fn client(port: u16, pin: &str) -> CentreClient {
    let code =
        EnrolmentCode { centre: format!("https://127.0.0.1:{port}"), ca: pin.into(), secret: String::new() };
    CentreClient::for_code(&code, host(1)).unwrap()
}

fn hello() -> Request {
    Request { path: PATH_HELLO, body: b"{}".to_vec() }
}

/// A server that answers each connection's first request with these bytes and hangs up.
fn says(tls: rustls::ServerConfig, reply: Vec<u8>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let tls = Arc::new(tls);
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let connection = rustls::ServerConnection::new(Arc::clone(&tls)).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, socket.unwrap());
            let mut heard = Vec::new();
            let mut byte = [0];
            while !heard.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
                heard.push(byte[0]);
            }
            if heard.ends_with(b"\r\n\r\n") {
                let _ = stream.write_all(&reply).and_then(|()| stream.flush());
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    port
}

fn ok(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn site() -> Credentials {
    make("测试站点", &["centre.local".into()]).unwrap()
}

fn tls(credentials: &Credentials) -> rustls::ServerConfig {
    server_config(&credentials.chain, &credentials.key).unwrap()
}

/// A chain of a CA and a certificate valid in these years only.
fn dated(from: i32, to: i32) -> (rustls::ServerConfig, String) {
    let params = || {
        let mut params = CertificateParams::new(["centre.local".to_owned()]).unwrap();
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(to, 1, 1);
        params
    };
    let (ca_key, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let mut ca = params();
    ca.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let ca_der = ca.self_signed(&ca_key).unwrap().der().clone();
    let pin = pin_of(&ca_der).unwrap();
    let leaf = params().signed_by(&key, &Issuer::new(ca, ca_key)).unwrap().der().clone();
    (from_der(vec![leaf, ca_der], key.serialize_der()), pin)
}

fn from_der(chain: Vec<CertificateDer<'static>>, key: Vec<u8>) -> rustls::ServerConfig {
    rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::try_from(key).unwrap())
        .unwrap()
}

#[tokio::test]
async fn the_pinned_ca_passes_under_any_name_and_another_does_not() {
    let (ours, theirs) = (site(), site());
    let port = says(tls(&ours), ok("hi"));
    assert_eq!(client(port, &ours.pin).send(hello()).await.unwrap().body, b"hi");
    assert_eq!(client(port, &theirs.pin).send(hello()).await, Err(LinkError::WrongCentre));
    assert_eq!(client(port, &theirs.pin).wakes().await.unwrap_err(), LinkError::WrongCentre);
    assert_eq!(client(port, "").send(hello()).await, Err(LinkError::WrongCentre));
}

#[tokio::test]
async fn showing_the_pinned_ca_without_its_signature_is_not_enough() {
    let (ours, theirs) = (site(), site());
    let forged = format!("{}{}", theirs.chain, ours.ca);
    let port = says(server_config(&forged, &theirs.key).unwrap(), ok("hi"));
    assert_eq!(client(port, &ours.pin).send(hello()).await, Err(LinkError::WrongCentre));
}

#[tokio::test]
async fn dates_decide_nothing() {
    for (from, to) in [(2001, 2002), (2090, 2091), (1975, 2100)] {
        let (tls, pin) = dated(from, to);
        let answer = client(says(tls, ok("hi")), &pin).send(hello()).await;
        assert_eq!(answer.map(|answer| answer.body), Ok(b"hi".to_vec()), "{from} to {to}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed_and_refusals_are_read() {
    let ours = site();
    let away = says(tls(&ours), ok("elsewhere"));
    let redirect = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: https://127.0.0.1:{away}/\r\ncontent-length: 0\r\n\r\n"
    );
    let port = says(tls(&ours), redirect.into_bytes());
    assert_eq!(client(port, &ours.pin).send(hello()).await.unwrap().status, 307);
    assert_eq!(client(port, &ours.pin).wakes().await.unwrap_err(), LinkError::Malformed("HTTP 307".into()));
    let error = r#"{"code":"revoked","message":"本机已被停用","retry_after_seconds":null}"#;
    let refusal = format!("HTTP/1.1 403 Forbidden\r\ncontent-length: {}\r\n\r\n{error}", error.len());
    let port = says(tls(&ours), refusal.into_bytes());
    match client(port, &ours.pin).wakes().await.unwrap_err() {
        LinkError::Refused(reply) => assert_eq!(reply.code, "revoked"),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn whatever_else_answers_is_offline_and_endless_bodies_are_cut() {
    let ours = site();
    let offline = |reason| Err(LinkError::Offline(reason));
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(client(free, &ours.pin).send(hello()).await, offline(OfflineReason::Unreachable));
    let cut = says(tls(&ours), b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhi".to_vec());
    assert_eq!(client(cut, &ours.pin).send(hello()).await, offline(OfflineReason::Broken));
    let garbage = says(tls(&ours), b"SSH-2.0-OpenSSH_9.2\r\n\r\n".to_vec());
    assert_eq!(client(garbage, &ours.pin).send(hello()).await, offline(OfflineReason::Broken));
    let mut long = b"HTTP/1.1 200 OK\r\ncontent-length: 9000000\r\n\r\n".to_vec();
    long.resize(9_000_050, b'x');
    let endless = client(says(tls(&ours), long), &ours.pin).send(hello()).await;
    assert!(matches!(endless, Err(LinkError::Malformed(_))), "{endless:?}");
}

#[tokio::test]
async fn wakes_are_read_to_the_end_of_the_stream() {
    let ours = site();
    let text =
        ": alive\n\ndata: {\"log\":\"site\",\"seq\":3}\n\ndata: {\"log\":\"c/x/common\",\"seq\":8}\n\n";
    let port = says(tls(&ours), ok(text));
    let mut stream = client(port, &ours.pin).wakes().await.unwrap();
    assert_eq!(stream.next().await, Ok(Wake { log: "site".into(), seq: 3 }));
    assert_eq!(stream.next().await, Ok(Wake { log: "c/x/common".into(), seq: 8 }));
    assert!(matches!(stream.next().await, Err(WakeError::Ended(_))));
}

#[test]
fn only_https_to_one_host_is_an_address() {
    for address in
        ["http://10.0.0.5:7443", "https://10.0.0.5/x", "https://u@10.0.0.5", "https://h?q", "10.0.0.5", ""]
    {
        let code = EnrolmentCode { centre: address.into(), ca: String::new(), secret: String::new() };
        assert!(matches!(CentreClient::for_code(&code, host(1)), Err(LinkError::Malformed(_))), "{address}");
    }
}

struct CentreHost(Arc<FixedHost>);

impl zaigang_center::host::Host for CentreHost {
    fn now_ms(&self) -> i64 {
        zaigang_console::host::Host::evidence(self.0.as_ref()).wall_at
    }

    fn fill(&self, bytes: &mut [u8]) {
        zaigang_console::host::Host::random(self.0.as_ref(), bytes);
    }

    fn high_water(&self) -> std::io::Result<Option<String>> {
        Ok(None)
    }

    fn keep_high_water(&self, _: &str) -> std::io::Result<()> {
        Ok(())
    }
}

/// A served centre with the user `wang`, and an enrolment code.
fn served(dir: &std::path::Path, credentials: &Credentials, listener: TcpListener) -> (Running, String) {
    let world = Arc::new(CentreHost(host(9)));
    let database = dir.join("centre.db");
    if !database.exists() {
        let founding = Founding {
            site: "测试站点".into(),
            address: format!("https://{}", listener.local_addr().unwrap()),
            ca_pin: credentials.pin.clone(),
            recovery: None,
        };
        let mut centre = Centre::create(&database, world.clone(), &[42; 32], &founding).unwrap();
        let wang = NewUser {
            login: "wang".into(),
            name: "王强".into(),
            roles: vec![Role::Engineer],
            password: Some(PASSWORD.into()),
            ..NewUser::default()
        };
        centre.user_add(&wang).unwrap();
    }
    let mut centre = Centre::open(&database, world.clone(), &[42; 32]).unwrap();
    let code = centre.device_code(&CodeRequest::default()).unwrap().text;
    let app = App::open(&database, world, &[42; 32]).unwrap();
    (serve(app, listener, tls(credentials)).unwrap(), code)
}

async fn enrolled(dir: &std::path::Path, host: Arc<FixedHost>, code: &str) -> (Console, CentreClient) {
    let profile = Profile {
        dir: dir.to_owned(),
        host: host.clone(),
        keyring: Box::new(MemoryKeyring::default()),
        clocks: Arc::new(NoClocks),
        cost: Cost::TEST,
    };
    let mut console = Console::open(profile).unwrap();
    let enrolling = console.begin_enrol(code, "值班室1号机").unwrap();
    let unsigned = CentreClient::for_code(&enrolling.code, host.clone()).unwrap();
    let answer = unsigned.send(enrolling.request.clone()).await.unwrap();
    console.finish_enrol(enrolling, answer.status, &answer.body).unwrap();
    let client = CentreClient::new(console.store().unwrap().identity().unwrap(), host).unwrap();
    let logging_in = console.begin_log_in("wang", PASSWORD).unwrap();
    let answer = client.send(logging_in.request.clone()).await.unwrap();
    console.finish_log_in(logging_in, answer.status, &answer.body).unwrap();
    (console, client)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_enrols_logs_in_syncs_and_survives_a_restart_of_the_centre() {
    let (centre_dir, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let credentials = site();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (running, code) = served(centre_dir.path(), &credentials, listener);
    let host = host(1);
    let (console, client) = enrolled(dir.path(), host.clone(), &code).await;
    let console = Arc::new(Mutex::new(console));
    let runtime = tokio::runtime::Handle::current();
    let driver = Driver::start(&runtime, client, console.clone(), host.clone(), Arc::new(|_| {}));
    let mut status = driver.handle().status();
    status.wait_for(|status| status.state == LinkState::Synced).await.unwrap();
    assert_eq!(
        console.lock().unwrap().slots().unwrap().users[0].name,
        "王强",
        "names came with the site log"
    );

    let mut times = Vec::new();
    for _ in 0..200 {
        let begun = Instant::now();
        assert_eq!(driver.handle().sync_now().await.unwrap().state, LinkState::Synced);
        times.push(begun.elapsed());
    }
    times.sort();
    println!("a round without news: median {:?}, 95 of 100 within {:?}", times[100], times[190]);
    assert!(
        times[100] < Duration::from_millis(200),
        "far above what the design asks, so that a busy machine passes"
    );

    let stopped_at = Instant::now();
    running.stop().await.unwrap();
    status.wait_for(|status| status.state == LinkState::Offline).await.unwrap();
    println!("offline shown within {:?} of the centre's orderly stop", stopped_at.elapsed());
    let (running, _) = served(centre_dir.path(), &credentials, TcpListener::bind(address).unwrap());
    status.wait_for(|status| status.state == LinkState::Synced).await.unwrap();
    driver.shutdown().await;
    assert_eq!(Arc::strong_count(&console), 1);
    running.stop().await.unwrap();
}
