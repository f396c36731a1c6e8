//! The real program: its command line, and a server killed while it answers.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests stop where they are wrong"
)]

mod common;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

use common::*;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::Value;
use zaigang_sync::envelope::Id;
use zaigang_sync::keys::sign_request;
use zaigang_sync::protocol::*;
use zaigang_sync::{Hash, hex};

fn centre_command(dir: &Path, args: &[&str]) -> Output {
    let dir = dir.to_str().unwrap();
    Command::new(env!("CARGO_BIN_EXE_zaigang-center")).args(args).args(["--dir", dir]).output().unwrap()
}

fn ok(dir: &Path, args: &[&str]) -> Value {
    let mut args = args.to_vec();
    args.push("--json");
    let output = centre_command(dir, &args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn fails(dir: &Path, args: &[&str]) -> (i32, String) {
    let output = centre_command(dir, args);
    assert!(output.stdout.is_empty(), "{args:?} wrote {}", String::from_utf8_lossy(&output.stdout));
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn founded() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    ok(dir.path(), &["init", "--site", "某市公安局", "--listen", "127.0.0.1:0", "--name", "centre.local"]);
    dir
}

/// A running server and how to reach it.
struct Server {
    child: Child,
    address: String,
    tls: Arc<rustls::ClientConfig>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(dir: &Path) -> Server {
    let mut child = Command::new(env!("CARGO_BIN_EXE_zaigang-center"))
        .args(["serve", "--json", "--listen", "127.0.0.1:0", "--dir", dir.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    let ca = std::fs::read(dir.join("keys/ca.pem")).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&ca).unwrap()).unwrap();
    let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Server { child, address: said["listening"].as_str().unwrap().to_owned(), tls: Arc::new(tls) }
}

type Stream = rustls::StreamOwned<rustls::ClientConnection, TcpStream>;

impl Server {
    fn connect(&self) -> std::io::Result<Stream> {
        let name = ServerName::try_from("centre.local").unwrap();
        let client = rustls::ClientConnection::new(self.tls.clone(), name).unwrap();
        Ok(rustls::StreamOwned::new(client, TcpStream::connect(&self.address)?))
    }

    /// One request on a connection of its own; an error when the server is gone before it answered.
    fn request(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> std::io::Result<Stream> {
        let mut stream = self.connect()?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: centre.local\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body)?;
        stream.flush()?;
        Ok(stream)
    }

    fn post(&self, path: &str, headers: &str, body: &[u8]) -> std::io::Result<Vec<u8>> {
        let (head, body) = self.answer("POST", path, headers, body)?;
        assert!(head.starts_with("http/1.1 200"), "{path}: {head} {}", String::from_utf8_lossy(&body));
        Ok(body)
    }

    /// A whole answer: its head in lower case, and its body.
    fn answer(
        &self,
        method: &str,
        path: &str,
        headers: &str,
        body: &[u8],
    ) -> std::io::Result<(String, Vec<u8>)> {
        let mut answer = Vec::new();
        // A server that is killed closes without a farewell: then the answer is not whole.
        self.request(method, path, headers, body)?.read_to_end(&mut answer)?;
        let gone = || std::io::Error::other("cut off");
        let end = answer.windows(4).position(|w| w == b"\r\n\r\n").ok_or_else(gone)?;
        let (head, body) = (String::from_utf8_lossy(&answer[..end]).to_lowercase(), &answer[end + 4..]);
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if length != Some(body.len()) {
            return Err(gone());
        }
        Ok((head, body.to_vec()))
    }

    fn signed(&self, console: &Console, server_id: Id, path: &str, body: &[u8]) -> std::io::Result<Vec<u8>> {
        self.post(path, &signature(console, server_id, path, body), body)
    }
}

fn signature(console: &Console, server_id: Id, path: &str, body: &[u8]) -> String {
    let signature = sign_request(&console.key, path, server_id, [5; 16], body);
    format!(
        "{HEADER_DEVICE}: {}\r\n{HEADER_NONCE}: {}\r\n{HEADER_SIGNATURE}: {}\r\n",
        hex::encode(&console.device),
        hex::encode(&[5; 16]),
        hex::encode(&signature)
    )
}

/// Enrols and logs in over the wire.
fn join(dir: &Path, server: &Server) -> (Console, Id) {
    let password = dir.join("password");
    std::fs::write(&password, format!("{PASSWORD}\n")).unwrap();
    let file = password.to_str().unwrap();
    ok(
        dir,
        &["user", "add", "--login", "wang", "--name", "王工", "--role", "engineer", "--password-file", file],
    );
    let code = ok(dir, &["device", "code", "--log", &division("E总队")]);
    let code = EnrolmentCode::from_text(code["text"].as_str().unwrap()).unwrap();
    assert!(code.centre.starts_with("https://centre.local:"));
    let mut console = Console::new(1);
    let request = serde_json::to_vec(&console.enrol_request(&code.secret)).unwrap();
    let reply: EnrolReply = serde_json::from_slice(&server.post(PATH_ENROL, "", &request).unwrap()).unwrap();
    let server_id = hex::decode(&reply.server_id).unwrap();
    let request = serde_json::to_vec(&console.login_request("wang", PASSWORD)).unwrap();
    let login = server.signed(&console, server_id, PATH_LOGIN, &request).unwrap();
    let login: LogInReply = serde_json::from_slice(&login).unwrap();
    let (session, say) = console.session_opened(&login.user);
    let page = [console.write(&say)];
    server.signed(&console, server_id, PATH_PUSH, &console.page("site", &page)).unwrap();
    console.user = Some(login.user);
    console.session = Some(session);
    (console, server_id)
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let dir = founded();
    let mut server = serve(dir.path());
    let (mut console, server_id) = join(dir.path(), &server);
    let log = division("E总队");
    let mut acknowledged: Vec<PushVerdict> = Vec::new();
    let (told, hears) = std::sync::mpsc::channel();
    let pid = server.child.id().to_string();
    let killer = std::thread::spawn(move || {
        // After the twentieth answer, in the middle of whatever it is doing then.
        for _ in 0..20 {
            hears.recv().unwrap();
        }
        assert!(Command::new("kill").args(["-9", &pid]).status().unwrap().success());
    });
    let mut order = 0;
    loop {
        let events: Vec<_> = (0..20)
            .map(|_| {
                order += 1;
                console.write(&console.register("E总队", &order.to_string()))
            })
            .collect();
        match server.signed(&console, server_id, PATH_PUSH, &console.page(&log, &events)) {
            Ok(body) => {
                let reply: PushReply = serde_json::from_slice(&body).unwrap();
                assert_eq!(reply.verdicts.len(), 20);
                acknowledged.extend(reply.verdicts);
                let _ = told.send(());
            }
            Err(_) => break,
        }
    }
    killer.join().unwrap();
    let status = server.child.wait().unwrap();
    assert!(!status.success());
    assert!(acknowledged.len() >= 400);

    let again = serve(dir.path());
    let mut found = Vec::new();
    let (mut after_seq, mut head) = (0, Hash::ZERO);
    loop {
        let request = PullRequest { log: log.clone(), after_seq, head: head.to_hex(), bytes_max: 1 << 22 };
        let body =
            again.signed(&console, server_id, PATH_PULL, &serde_json::to_vec(&request).unwrap()).unwrap();
        let page: zaigang_sync::page::PullPage = zaigang_sync::page::unpack(&body).unwrap();
        found.extend(page.entries.iter().map(|entry| hex::encode(&entry.commit)));
        (after_seq, head) = (page.end_seq(), Hash(*page.end_head));
        if !page.more() {
            break;
        }
    }
    for verdict in &acknowledged {
        let at = usize::try_from(verdict.seq).unwrap() - 1;
        assert_eq!(found.get(at), Some(&verdict.commit), "seq {}", verdict.seq);
    }
    drop(again);
    assert_eq!(ok(dir.path(), &["verify"])["bad"], Value::Null);
}

#[test]
fn the_command_line_beside_a_server_wakes_its_consoles() {
    let dir = founded();
    let server = serve(dir.path());
    let (console, server_id) = join(dir.path(), &server);
    let headers = signature(&console, server_id, PATH_WAKE, b"");
    let stream = server.request("GET", PATH_WAKE, &headers, b"").unwrap();
    let mut lines = BufReader::new(stream).lines();
    let mut next = || {
        let data =
            lines.find_map(|line| line.unwrap().strip_prefix("data: ").map(ToOwned::to_owned)).unwrap();
        serde_json::from_str::<Wake>(&data).unwrap()
    };
    let before = next();
    assert_eq!(before.log, "site");
    ok(dir.path(), &["user", "add", "--login", "li", "--name", "李工", "--role", "dispatcher"]);
    let after = next();
    assert_eq!((after.log.as_str(), after.seq > before.seq), ("site", true));
    let (code, said) = fails(dir.path(), &["serve"]);
    assert_eq!(code, 3, "{said}");
}

#[test]
fn stops_in_good_order() {
    let dir = founded();
    let mut server = serve(dir.path());
    let (console, server_id) = join(dir.path(), &server);
    let headers = signature(&console, server_id, PATH_WAKE, b"");
    let _listening = server.request("GET", PATH_WAKE, &headers, b"").unwrap();
    assert!(Command::new("kill").args(["-15", &server.child.id().to_string()]).status().unwrap().success());
    assert!(server.child.wait().unwrap().success());
}

#[test]
fn says_what_is_wrong_and_how() {
    let dir = founded();
    let at = dir.path();
    let bad = at.join("bad.toml");
    std::fs::write(&bad, "x = 1\n").unwrap();
    let short = at.join("short");
    std::fs::write(&short, "short\n").unwrap();
    let (bad, short) = (bad.to_str().unwrap(), short.to_str().unwrap());
    ok(at, &["user", "add", "--login", "wang", "--name", "王工", "--role", "engineer"]);
    let add = ["user", "add", "--name", "王工", "--role", "engineer", "--login"];
    let table: [(&[&str], i32, &str); 9] = [
        (&["init", "--site", "x"], 3, "已有中心"),
        (&[&add[..], &["wang"]].concat(), 3, "已存在"),
        (&[&add[..], &["li", "--password-file", short]].concat(), 2, "10 个字符"),
        (&[&add[..], &["li", "--password-file", "/nonexistent"]].concat(), 2, "没有文件"),
        (&["user", "add", "--name", "x", "--login", "x", "--role", "boss"], 2, "没有这个角色"),
        (&["user", "disable", "--login", "nobody"], 2, "没有登录名"),
        (&["device", "code", "--log", "c/x"], 2, "no such log"),
        (&["device", "revoke", "--device", "zz"], 2, "device"),
        (&["contract", "publish", "--profile", bad], 2, "bad.toml"),
    ];
    for (args, code, text) in table {
        let (found, said) = fails(at, args);
        assert!(found == code && said.contains(text), "{args:?}: {found} {said}");
    }
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(fails(empty.path(), &["status"]).0, 2);
}

#[test]
fn backed_up_restored_and_noticed() {
    let dir = founded();
    let at = dir.path();
    let to = at.join("backup.db");
    let to = to.to_str().unwrap();
    ok(at, &["backup", "--to", to]);
    assert_eq!(fails(at, &["backup", "--to", to]).0, 2, "never over an older one");
    ok(at, &["user", "add", "--login", "wang", "--name", "王工", "--role", "engineer"]);
    // Put back by hand: refused with a clear message.
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(at.join(format!("centre.db{suffix}")));
    }
    std::fs::copy(to, at.join("centre.db")).unwrap();
    let (code, said) = fails(at, &["serve"]);
    assert!(code == 1 && said.contains("旧的备份"), "{said}");
    // The way on.
    let epoch = ok(at, &["restore", "--from", to])["epoch"].clone();
    assert_eq!(ok(at, &["status"])["epoch"], epoch);
    assert_eq!(ok(at, &["verify"])["bad"], Value::Null);
    // A damaged backup changes nothing.
    let mut bytes = std::fs::read(to).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(to, bytes).unwrap();
    assert_eq!(fails(at, &["restore", "--from", to]).0, 2);
    assert_eq!(ok(at, &["status"])["epoch"], epoch);
}

#[test]
fn a_shifted_clock_is_for_demos_only() {
    let dir = founded();
    std::fs::write(dir.path().join("demo-clock"), "-1000").unwrap();
    let (code, said) = fails(dir.path(), &["serve"]);
    assert!(code == 3 && said.contains("demo-clock") && said.contains("--demo"), "{said}");
}

/// Killed while it answers, started again, asked the same again: each order is there once, under the
/// number that was told, and a console pulls them.
#[test]
fn what_a_source_was_told_survives_a_kill_and_counts_once() {
    let dir = founded();
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets");
    let profile = assets.join("contracts/guangxi-police.toml");
    ok(dir.path(), &["contract", "publish", "--profile", profile.to_str().unwrap()]);
    let key_file = dir.path().join("source.key");
    let add =
        ["source", "add", "--name", "监控平台", "--contract", CONTRACT, "--division", "E总队", "--pool"];
    let rest = ["--per-minute", "6000", "--key-file", key_file.to_str().unwrap()];
    let added = ok(dir.path(), &[&add[..], &rest[..]].concat());
    assert!(added.get("key").is_none(), "the file has it");
    let key = std::fs::read_to_string(&key_file).unwrap().trim().to_owned();
    assert_eq!(std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&key_file).unwrap()) & 0o777, 0o600);

    let mut server = serve(dir.path());
    let (console, server_id) = join(dir.path(), &server);
    let register = |server: &Server, n: usize| -> std::io::Result<(String, Value)> {
        let headers = format!(
            "authorization: Bearer {key}\r\ncontent-type: application/json\r\nidempotency-key: k{n}\r\n"
        );
        let body = format!(r#"{{"title":"告警 {n}","external_no":"X-{n}"}}"#);
        let (head, body) = server.answer("POST", "/api/v1/orders", &headers, body.as_bytes())?;
        assert!(head.starts_with("http/1.1 201"), "{head} {}", String::from_utf8_lossy(&body));
        Ok((head, serde_json::from_slice(&body).unwrap()))
    };
    let (told, hears) = std::sync::mpsc::channel();
    let pid = server.child.id().to_string();
    let killer = std::thread::spawn(move || {
        for _ in 0..15 {
            hears.recv().unwrap();
        }
        assert!(Command::new("kill").args(["-9", &pid]).status().unwrap().success());
    });
    let mut answers = Vec::new();
    while let Ok((_, answer)) = register(&server, answers.len()) {
        answers.push(answer);
        let _ = told.send(());
    }
    killer.join().unwrap();
    server.child.wait().unwrap();
    assert!(answers.len() >= 15);

    // All of it once more, and the one that was cut off.
    let again = serve(dir.path());
    for (n, answer) in answers.iter().enumerate() {
        let (head, repeated) = register(&again, n).unwrap();
        assert_eq!((&repeated, head.contains("idempotency-replayed: true")), (answer, true), "{n}");
    }
    register(&again, answers.len()).unwrap();
    let log = division("E总队");
    let request = PullRequest { log, after_seq: 0, head: Hash::ZERO.to_hex(), bytes_max: 1 << 22 };
    let body = again.signed(&console, server_id, PATH_PULL, &serde_json::to_vec(&request).unwrap()).unwrap();
    let page: zaigang_sync::page::PullPage = zaigang_sync::page::unpack(&body).unwrap();
    assert_eq!(page.entries.len(), 2 * (answers.len() + 1), "each registered and dispatched, once");
    drop(again);
    assert_eq!(ok(dir.path(), &["verify"])["bad"], Value::Null);
    let listed = ok(dir.path(), &["source", "list"]);
    assert_eq!(listed[0]["name"], "监控平台");
    assert!(!listed.to_string().contains(&key));
    ok(dir.path(), &["source", "revoke", "--source", listed[0]["source"].as_str().unwrap()]);
    assert_eq!(ok(dir.path(), &["source", "list"])[0]["revoked"], true);
    assert_eq!(fails(dir.path(), &["source", "revoke", "--source", "s0"]).0, 2);
}
