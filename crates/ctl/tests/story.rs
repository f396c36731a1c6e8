//! The story of one order by the command line alone, with the real centre beside it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests stop where they are wrong"
)]

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

const PASSWORD: &str = "Correct-Horse-7";

/// The centre's program; a build of the whole workspace makes it.
fn centre_program() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_zaigangctl")).with_file_name("zaigang-center");
    assert!(program.is_file(), "{} is not built: run `cargo build --workspace` first", program.display());
    program
}

struct Site {
    program: PathBuf,
    dir: tempfile::TempDir,
    server: Option<Child>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Site {
    fn found(program: PathBuf) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("password"), PASSWORD).unwrap();
        // A port nobody listens on now: the code given out names it.
        let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let mut site = Self { program, dir, server: None };
        site.run(&["init", "--site", "某市公安局", "--listen", &listen, "--name", "127.0.0.1"]);
        for (login, name, role) in [("wang", "王强", "engineer"), ("zhao", "赵静", "dispatcher")] {
            let file = site.dir.path().join("password");
            let file = file.to_str().unwrap();
            site.run(&[
                "user",
                "add",
                "--login",
                login,
                "--name",
                name,
                "--role",
                role,
                "--password-file",
                file,
            ]);
        }
        let contracts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/contracts/guangxi-police");
        let (profile, settings) = (format!("{contracts}.toml"), format!("{contracts}.settings.toml"));
        site.run(&["contract", "publish", "--profile", &profile, "--settings", &settings]);
        site.serve();
        site
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(args).args(["--json", "--dir", self.dir.path().join("centre").to_str().unwrap()]);
        command
    }

    fn run(&self, args: &[&str]) -> Value {
        let output = self.command(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn serve(&mut self) {
        let mut server =
            self.command(&["serve"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "the centre says where it listens");
        self.server = Some(server);
    }

    fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

struct Pc {
    dir: tempfile::TempDir,
    password: PathBuf,
}

impl Pc {
    fn output(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_zaigangctl"))
            .args(args)
            .args([
                "--dir",
                self.dir.path().to_str().unwrap(),
                "--password-file",
                self.password.to_str().unwrap(),
            ])
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn ok(&self, args: &[&str]) -> Value {
        let args = [args, &["--json"]].concat();
        let output = self.output(&args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn fails(&self, args: &[&str]) -> (i32, String) {
        let output = self.output(args);
        (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

#[test]
fn an_order_from_the_call_to_the_signature() {
    let mut site = Site::found(centre_program());
    let pc = Pc { dir: tempfile::tempdir().unwrap(), password: site.dir.path().join("password") };

    assert_eq!(pc.fails(&["status"]).0, 0, "a new profile says that it is new");
    assert_eq!(pc.fails(&["order", "list"]).0, 4, "not enrolled");
    let code = site.run(&["device", "code", "--log", "c/guangxi-police/d/E总队"]);
    let code = code["text"].as_str().unwrap().to_owned();
    let session = pc.ok(&["enrol", &code, "--name", "值班室1号机"]);
    assert_eq!(session["site"], "某市公安局");
    assert_eq!(pc.fails(&["order", "list"]).0, 3, "nobody is logged in");

    let wang = ["--login", "wang"];
    let as_wang = |args: &[&str]| pc.ok(&[&wang, args].concat());
    assert_eq!(as_wang(&["login"])["user"]["name"], "王强");
    let register = [
        "order",
        "register",
        "--title",
        "核心交换机中断",
        "--division",
        "E总队",
        "--level",
        "1",
        "--level-reason",
        "指挥中心全部受影响",
        "--reporter",
        "周某",
        "--phone",
        "8001",
        "--key",
        "call-1",
    ];
    let written = as_wang(&register);
    assert_eq!(as_wang(&register)["id"], written["id"], "the same key registers once");
    let id = written["id"].as_str().unwrap();

    // The centre goes away: work goes on, with the password known here.
    site.stop();
    for step in ["accept", "arrive"] {
        as_wang(&["order", step, id]);
    }
    assert_eq!(pc.fails(&["--login", "wang", "order", "restore", id]).0, 2, "a text is asked for");
    as_wang(&["order", "restore", id, "--text", "更换光模块", "--set", "cause=光模块老化"]);
    let (status, text) = pc.fails(&["--login", "wang", "sync"]);
    assert_eq!(status, 4, "{text}");
    let offline = as_wang(&["order", "show", id]);
    assert!(offline["row"]["pending"].as_u64().unwrap() >= 3);

    site.serve();
    as_wang(&["sync"]);
    as_wang(&[
        "order",
        "confirm",
        id,
        "--set",
        "who=周某",
        "--set",
        "way=paper",
        "--set",
        "paper=20251015-7",
    ]);
    as_wang(&["order", "close", id, "--text", "已签字"]);
    as_wang(&["sync"]);
    let order = as_wang(&["order", "show", id]);
    assert_eq!(order["row"]["status"], "closed");
    assert_eq!(order["row"]["pending"], 0);
    let timeline = order["timeline"].as_array().unwrap();
    assert!(timeline.iter().all(|entry| entry["verdict"] == "accepted"), "{timeline:#?}");
    let kinds: Vec<&str> = timeline.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    let story = ["registered", "accepted", "arrived", "restored", "confirmed", "closed"];
    assert_eq!(kinds, story.map(|kind| format!("order.{kind}")));
    let clocks = order["clocks"].as_array().unwrap();
    assert!(
        clocks.iter().any(|clock| clock["target"] == "restoration" && clock["state"] == "met"),
        "{clocks:#?}"
    );
    assert_eq!(pc.fails(&["--login", "wang", "order", "accept", id]).0, 1, "closed");
    assert_eq!(pc.fails(&["--login", "zhao", "order", "accept", id]).0, 3, "a dispatcher does not accept");

    let explained = as_wang(&["order", "explain", id, "restoration"]);
    assert!(!explained["segments"].as_array().unwrap().is_empty());
    assert_eq!(as_wang(&["verify"])["ok"], true);
    assert!(as_wang(&["chart"])["svg"].as_str().unwrap().starts_with("<svg"));
    let text = pc.output(&["--login", "wang", "order", "show", id]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    for expected in ["核心交换机中断", "更换光模块", "王强", "时限", "经过", "可做的步骤"]
    {
        assert!(text.contains(expected), "{expected} is missing in\n{text}");
    }
    assert_eq!(pc.fails(&["--login", "wang", "order", "show", "no-such"]).0, 2);
    assert_eq!(pc.fails(&["--login", "wang", "order", "dance", id]).0, 2);
}
