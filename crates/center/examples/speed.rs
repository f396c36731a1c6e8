//! How fast the core judges, commits and reads: prints events per second beside the floor of bare
//! SQLite inserts of the same bytes. Run with `cargo run --release -p zaigang-center --example speed`.

#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::io::Write as _;
use std::time::Instant;

use common::*;
use serde_json::json;
use zaigang_center::core::Centre;
use zaigang_sync::Hash;
use zaigang_sync::hex;
use zaigang_sync::protocol::{HelloRequest, PullRequest};

const PAGES: usize = 25;
const PAGE: usize = 1_000;
const STEPS: [&str; 5] =
    ["order.accepted", "order.arrived", "order.diagnosed", "order.restored", "order.noted"];

fn main() {
    let (dir, world) = (tempfile::tempdir().expect("a temporary directory"), World::new());
    let (mut centre, mut console) = staffed(dir.path(), &world);
    let pages = write_pages(&mut console);
    let events = PAGES * PAGE;
    let bytes: usize = pages.iter().map(Vec::len).sum();
    let floor = floor(dir.path(), events);
    let pushed = timed(|| {
        for page in &pages {
            let reply = centre.push(console.device, page).expect("the page is sound");
            assert_eq!(reply.verdicts.len(), PAGE);
        }
    });
    let mut cold = Centre::open(&dir.path().join("centre.db"), world.clone(), &CENTRE_KEY).expect("it opens");
    let pulled = timed(|| assert_eq!(pull(&mut cold, &console), events));
    let checked = timed(|| assert_eq!(console.pull_all(&mut cold, &division("E总队")).len(), events));
    let again = timed(|| {
        for page in &pages {
            centre.push(console.device, page).expect("the page is known");
        }
    });
    let idle = timed(|| {
        for _ in 0..100 {
            no_op(&mut centre, &console);
        }
    });
    let verified = timed(|| assert_eq!(centre.verify().expect("it reads").bad, None));
    let rate = |seconds: f64| format!("{:>9.0}/s", events as f64 / seconds);
    let mut out = std::io::stdout();
    let _ = writeln!(out, "events {events}, {} bytes packed", bytes);
    let _ = writeln!(out, "floor: bare inserts      {}", rate(floor));
    let _ = writeln!(out, "push: judged, committed  {}", rate(pushed));
    let _ = writeln!(out, "push again: known        {}", rate(again));
    let _ = writeln!(out, "pull: read, packed       {}", rate(pulled));
    let _ = writeln!(out, "pull and check           {}", rate(checked));
    let _ = writeln!(out, "verify                   {}", rate(verified));
    let _ = writeln!(out, "no-op hello + pull       {:>9.3} ms", idle * 10.0);
}

fn timed(act: impl FnOnce()) -> f64 {
    let began = Instant::now();
    act();
    began.elapsed().as_secs_f64()
}

fn write_pages(console: &mut Console) -> Vec<Vec<u8>> {
    let log = division("E总队");
    let mut pages = Vec::new();
    let mut order = 0;
    for _ in 0..PAGES {
        let mut events = Vec::new();
        while events.len() < PAGE {
            order += 1;
            events.push(console.write(&console.register("E总队", &order.to_string())));
            for kind in STEPS.iter().take(PAGE - events.len()) {
                let payload = json!({ "text": "现场检查，更换滚轮后恢复正常，用户已试打。" });
                events.push(console.write(&console.say(&log, &format!("order/{order}"), kind, payload)));
            }
        }
        pages.push(console.page(&log, &events));
    }
    pages
}

/// Rows of the same size with the same indexes, a thousand to a transaction.
fn floor(dir: &std::path::Path, events: usize) -> f64 {
    let mut conn = rusqlite::Connection::open(dir.join("floor.db")).expect("a database");
    conn.pragma_update(None, "journal_mode", "wal").expect("wal");
    conn.execute_batch(
        "CREATE TABLE e (place INTEGER PRIMARY KEY, id BLOB UNIQUE, device BLOB, seq INTEGER, envelope BLOB);
         CREATE UNIQUE INDEX c ON e (device, seq)",
    )
    .expect("tables");
    let envelope = [7_u8; 700];
    timed(|| {
        for from in (0..events).step_by(PAGE) {
            let transaction = conn.transaction().expect("begins");
            for n in from..from + PAGE {
                transaction
                    .prepare_cached("INSERT INTO e VALUES (?1, ?2, ?3, ?1, ?4)")
                    .and_then(|mut s| {
                        s.execute(rusqlite::params![
                            n as i64,
                            (n as u128).to_be_bytes(),
                            [1_u8; 16],
                            envelope
                        ])
                    })
                    .expect("inserts");
            }
            transaction.commit().expect("commits");
        }
    })
}

fn pull(centre: &mut Centre, console: &Console) -> usize {
    use zaigang_sync::page::{PullPage, unpack};
    let (mut after_seq, mut head) = (0, Hash::ZERO);
    loop {
        let request =
            PullRequest { log: division("E总队"), after_seq, head: head.to_hex(), bytes_max: u32::MAX };
        let page: PullPage = unpack(&centre.pull(console.device, &request).expect("pulls")).expect("reads");
        after_seq = page.end_seq();
        head = Hash(*page.end_head);
        if !page.more() {
            return usize::try_from(after_seq).expect("small");
        }
    }
}

fn no_op(centre: &mut Centre, console: &Console) {
    let meta = centre.meta();
    let request = HelloRequest {
        protocol_min: 1,
        protocol_max: 1,
        server_id: hex::encode(&meta.server_id),
        chains: vec![],
        cursors: vec![],
        wall_at: NOON,
        complete_to: None,
    };
    let reply = centre.hello(console.device, &request).expect("hello");
    for log in reply.logs {
        let request = PullRequest { log: log.log, after_seq: log.seq, head: log.head, bytes_max: 1 << 20 };
        centre.pull(console.device, &request).expect("pulls");
    }
}
