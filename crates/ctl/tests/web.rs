//! The loopback host as a browser, and others, meet it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests stop where they are wrong"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// A running `zaigangctl web` on a fresh profile.
struct Web {
    child: Child,
    stdin: ChildStdin,
    lines: BufReader<ChildStdout>,
    port: u16,
    code: String,
    _dirs: (tempfile::TempDir, tempfile::TempDir),
}

impl Drop for Web {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer: status, headers in small letters, body.
struct Answer {
    status: u16,
    headers: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Web {
    fn start() -> Self {
        let (dir, ui) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(ui.path().join("index.html"), "<title>在岗</title>").unwrap();
        std::fs::create_dir(ui.path().join("assets")).unwrap();
        std::fs::write(ui.path().join("assets/app.js"), "1").unwrap();
        std::fs::write(dir.path().join("secret.txt"), "no").unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_zaigangctl"))
            .args([
                "--dir",
                dir.path().to_str().unwrap(),
                "web",
                "--json",
                "--ui-dir",
                ui.path().to_str().unwrap(),
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut web = Self {
            child,
            stdin,
            lines: BufReader::new(stdout),
            port: 0,
            code: String::new(),
            _dirs: (dir, ui),
        };
        web.read_code();
        web
    }

    fn read_code(&mut self) {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        self.code = said["code"].as_str().unwrap().to_owned();
        self.port = said["address"].as_str().unwrap().rsplit(':').next().unwrap().parse().unwrap();
    }

    fn raw(&self, head: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(stream, "{head}Connection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (headers, body) = text.split_once("\r\n\r\n").unwrap();
        let status = headers.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, headers: headers.to_lowercase(), body: body.to_owned() }
    }

    fn get(&self, path: &str) -> Answer {
        self.raw(&format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n", self.port), "")
    }

    fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Answer {
        let port = self.port;
        let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n\
             Content-Type: application/json\r\n{token}"
        );
        self.raw(&head, &body.to_string())
    }

    fn token(&self) -> String {
        let answer = self.post("/api/token", None, &json!({ "code": self.code }));
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["token"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_code_gives_one_token_and_enter_a_new_code() {
    let mut web = Web::start();
    let token = web.token();
    let again = web.post("/api/token", None, &json!({ "code": web.code }));
    assert_eq!((again.status, again.json()["code"].as_str().unwrap()), (429, "too_many_failures"));
    let session = web.post("/api/call", Some(&token), &json!({ "command": "session.get" }));
    assert_eq!(session.status, 200);
    assert_eq!(session.json()["stage"], "not_enrolled");
    assert!(!session.headers.contains("set-cookie"), "no cookie: {}", session.headers);

    let old = web.code.clone();
    writeln!(web.stdin).unwrap();
    web.read_code();
    assert_ne!(web.code, old);
    let wrong = web.post("/api/token", None, &json!({ "code": old }));
    assert_eq!((wrong.status, wrong.json()["code"].as_str().unwrap()), (401, "wrong_password"));
    assert_ne!(web.token(), token);
}

#[test]
fn without_a_token_nothing_is_answered() {
    let web = Web::start();
    for token in [None, Some(""), Some("wrong"), Some(web.code.as_str())] {
        let answer = web.post("/api/call", token, &json!({ "command": "session.get", "args": {} }));
        assert_eq!((answer.status, answer.json()), (401, json!({ "reason": "token" })));
    }
    assert_eq!(web.get("/api/events").status, 401);
    let file = json!({ "event_id": "x", "hash": "y" });
    let answer = web.post("/api/file", None, &file);
    assert_eq!((answer.status, answer.json()), (401, json!({ "reason": "token" })));
    assert_eq!(web.get("/api/call").status, 405);
    let token = web.token();
    let download = web.post("/api/file", Some(&token), &file);
    assert_eq!((download.status, download.json()["code"].as_str().unwrap()), (409, "not_enrolled"));
    let refused = web.post("/api/call", Some(&token), &json!({ "command": "order.list", "args": {} }));
    assert_eq!((refused.status, refused.json()["code"].as_str().unwrap()), (409, "not_enrolled"));
}

#[test]
fn other_hosts_and_origins_are_refused() {
    let web = Web::start();
    let (port, code) = (web.port, json!({ "code": web.code }).to_string());
    let heads = [
        format!("GET / HTTP/1.1\r\nHost: evil.example:{port}\r\n"),
        format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://evil.example\r\n"),
        format!("POST /api/token HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"),
        format!(
            "POST /api/token HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1\r\nContent-Type: application/json\r\n"
        ),
        format!(
            "POST /api/token HTTP/1.1\r\nHost: evil.example:{port}\r\nOrigin: http://evil.example:{port}\r\nContent-Type: application/json\r\n"
        ),
    ];
    for head in heads {
        assert_eq!(web.raw(&head, &code).status, 403, "{head}");
    }
    web.token();
}

#[test]
fn the_page_and_nothing_beside_it() {
    let web = Web::start();
    for path in ["/", "/index.html", "/orders/mine"] {
        let page = web.get(path);
        assert_eq!((page.status, page.body.as_str()), (200, "<title>在岗</title>"), "{path}");
        let csp = "default-src 'self'; connect-src 'self' ipc: http://ipc.localhost; img-src 'self' blob:";
        assert!(page.headers.contains(&format!("content-security-policy: {csp}\r\n")), "{}", page.headers);
        assert!(page.headers.contains("cache-control: no-store"), "{}", page.headers);
    }
    assert!(web.get("/assets/app.js").headers.contains("text/javascript"));
    for path in ["/assets/none.js", "/../secret.txt", "/%2e%2e/secret.txt", "/api/none"] {
        assert_eq!(web.get(path).status, 404, "{path}");
    }
}

#[test]
fn only_loopback_is_listened_on() {
    let dir = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_zaigangctl"))
        .args(["--dir", dir.path().to_str().unwrap(), "web", "--listen", "0.0.0.0:0"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn others_attach_to_the_running_owner() {
    use std::os::unix::fs::PermissionsExt as _;
    let web = Web::start();
    let dir = web._dirs.0.path();
    let socket = dir.join("owner.sock");
    assert_eq!(std::fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    let ctl = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zaigangctl"));
        command.args(args).args(["--dir", dir.to_str().unwrap()]).stdin(Stdio::null()).output().unwrap()
    };
    let status = ctl(&["status", "--json"]);
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    let status: Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!(status["session"]["stage"], "not_enrolled");
    assert_eq!(ctl(&["order", "list"]).status.code(), Some(4));
    assert_eq!(ctl(&["web"]).status.code(), Some(1), "a profile has one owner");

    // Lines that are no calls end the connection, not the owner.
    let mut stream = std::os::unix::net::UnixStream::connect(&socket).unwrap();
    stream.write_all(b"{not json}\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("bad_input"), "{answer}");
    assert!(ctl(&["status"]).status.success());
}
