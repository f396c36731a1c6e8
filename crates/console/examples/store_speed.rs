//! Measures how fast pulled pages become part of the store, against writing the same final rows raw.
//!
//! `cargo run --release -p zaigang-console --example store_speed [EVENTS]`
#![expect(clippy::print_stdout, reason = "a measuring program prints what it measured")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measuring program may fail as tests do")]
#![expect(clippy::disallowed_methods, reason = "a measuring program reads the clock")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::Instant;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use support::{LOG, OtherDevice, TinyCentre, new_store, registered, site};
use zaigang_console::order::Contracts;
use zaigang_console::store::Store;
use zaigang_domain::event::{EntityId, EventId};
use zaigang_sync::commit::VerdictCode::Accepted;
use zaigang_sync::page::{PullPage, pack, unpack};

const STEPS: [(&str, &str); 10] = [
    ("order.registered", ""),
    ("order.dispatched", r#"{"to":"u2"}"#),
    ("order.accepted", r#"{"text":"马上到"}"#),
    ("order.arrived", r#"{"text":"已到现场"}"#),
    ("order.diagnosed", r#"{"text":"硬盘坏道，需要更换备件"}"#),
    ("order.noted", r#"{"text":"已联系用户确认停机时间"}"#),
    ("order.swapped", r#"{"text":"换硬盘","old_serial":"A1","new_serial":"B2"}"#),
    ("order.restored", r#"{"text":"系统已恢复，用户可正常登录"}"#),
    ("order.confirmed", r#"{"who":"王科长","unit":"科信","way":"paper"}"#),
    ("order.closed", r#"{"text":"完成"}"#),
];

/// Orders overlap as they do in life: about 130 of them in a page of 1,000 events.
fn history(events: usize) -> TinyCentre {
    let mut plan: Vec<(usize, usize, usize)> = (0..events / STEPS.len())
        .flat_map(|order| (0..STEPS.len()).map(move |step| (order * STEPS.len() + step * 37, order, step)))
        .collect();
    plan.sort_unstable();
    let mut centre = TinyCentre::new(LOG);
    let mut devices: Vec<_> = (1..=8).map(|n| OtherDevice::new(100 + n)).collect();
    for (_, order, step) in plan {
        let mut id = [0_u8; 16];
        id[..8].copy_from_slice(&(order as u64).to_be_bytes());
        let entity = EntityId::order(EventId(id));
        let (kind, payload) = STEPS[step];
        let registration =
            registered(&format!("E-20251015-01-{order:06}"), "三楼打印机故障，用户无法打印公文");
        let payload = if step == 0 { &registration } else { payload };
        let event = devices[order % 8].event(LOG, &entity, kind, payload);
        centre.commit(event, vec![], Accepted);
    }
    centre
}

fn tables(conn: &Connection) -> Vec<(String, Vec<Vec<Value>>)> {
    let order = [
        ("entry", "SELECT * FROM entry ORDER BY place"),
        ("entity", "SELECT * FROM entity ORDER BY n"),
        ("orders", "SELECT * FROM orders ORDER BY entity"),
    ];
    order
        .into_iter()
        .map(|(table, sql)| {
            let mut statement = conn.prepare(sql).unwrap();
            let columns = statement.column_count();
            let rows = statement
                .query_map([], |row| {
                    (0..columns).map(|at| row.get(at)).collect::<rusqlite::Result<Vec<Value>>>()
                })
                .unwrap()
                .collect::<rusqlite::Result<_>>()
                .unwrap();
            (table.to_owned(), rows)
        })
        .collect()
}

/// Writes the same final rows, each once, in transactions of what 1,000 events come to.
fn raw(tables: &[(String, Vec<Vec<Value>>)], texts: &[(i64, String, String, String)], batches: usize) -> f64 {
    let dir = tempfile::tempdir().unwrap();
    let store = new_store(dir.path());
    let conn = store.reader();
    let started = Instant::now();
    for batch in 0..batches {
        conn.execute_batch("BEGIN IMMEDIATE").unwrap();
        for (table, rows) in tables {
            let size = rows.len().div_ceil(batches);
            let marks = vec!["?"; rows.first().map_or(0, Vec::len)].join(", ");
            let mut statement =
                conn.prepare_cached(&format!("INSERT INTO {table} VALUES ({marks})")).unwrap();
            for row in rows.chunks(size.max(1)).nth(batch).unwrap_or_default() {
                statement.execute(params_from_iter(row)).unwrap();
            }
        }
        let size = texts.len().div_ceil(batches);
        let mut statement = conn
            .prepare_cached("INSERT INTO order_text (rowid, number, body, initials) VALUES (?1, ?2, ?3, ?4)")
            .unwrap();
        for row in texts.chunks(size.max(1)).nth(batch).unwrap_or_default() {
            statement.execute(rusqlite::params![row.0, row.1, row.2, row.3]).unwrap();
        }
        conn.execute_batch("COMMIT").unwrap();
    }
    started.elapsed().as_secs_f64()
}

/// The police contract and the calendar of 2025, under the hashes that the orders name.
fn publish(store: &mut Store) {
    let (mut site, mut centre) = site();
    let content = include_str!("../../../assets/contracts/guangxi-police.toml");
    let reading = include_str!("../../../assets/contracts/guangxi-police.reading.toml");
    let settings = include_str!("../../../assets/contracts/guangxi-police.settings.toml");
    let contract = serde_json::json!({
        "hash": "c1", "title": "c", "content": content, "reading": reading, "settings": settings,
    });
    let pack = include_str!("../../../assets/calendars/2025.json");
    let calendar = serde_json::json!({"hash": "k1", "title": "k", "content": pack});
    for (entity, payload) in [("contract/guangxi-police", contract), ("calendar/2025", calendar)] {
        let kind = format!("{}.published", entity.split_once('/').unwrap().0);
        let event = centre.event("site", &EntityId::new(entity).unwrap(), &kind, &payload.to_string());
        site.commit(event, vec![], Accepted);
    }
    site.feed(store);
    store.set_clocks(Contracts::new()).unwrap();
}

fn pull(packed: &[Vec<u8>], clocks: bool) -> (f64, Store, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let mut store = new_store(dir.path());
    if clocks {
        publish(&mut store);
    }
    let started = Instant::now();
    for bytes in packed {
        let page: PullPage = unpack(bytes).unwrap();
        store.apply_page(LOG, &page).unwrap();
    }
    (started.elapsed().as_secs_f64(), store, dir)
}

fn main() {
    let events = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(50_000);
    let centre = history(events);
    let pages = centre.entries.len().div_ceil(1_000);
    let packed: Vec<_> = (0..pages).map(|page| pack(&centre.page(page as u64 * 1_000, 1_000))).collect();
    for clocks in [false, true, false, true] {
        let (seconds, store, _dir) = pull(&packed, clocks);
        let rows = tables(store.reader());
        let orders = &rows[2].1;
        let with_clock = orders.iter().filter(|row| row[21] != Value::Text("[]".into())).count();
        assert_eq!(with_clock, if clocks { orders.len() } else { 0 }, "every order has clocks, or none");
        let text = |value: &Value| match value {
            Value::Text(text) => text.clone(),
            _ => String::new(),
        };
        let texts: Vec<_> = (1..)
            .zip(orders)
            .map(|(n, row)| {
                let spaced: String = text(&row[4]).chars().flat_map(|c| [' ', c]).collect();
                (
                    n,
                    text(&row[3]),
                    format!("{spaced} 打 印 机 无 法 打 印 ， 卡 纸"),
                    "sldyjgz ldyjgz dyjgz yjgz jgz gz z yhwfdygw hwfdygw wfdygw fdygw dygw ygw gw w ".into(),
                )
            })
            .collect();
        let floor = raw(&rows, &texts, pages);
        let per_second = |seconds: f64| (events as f64 / seconds).round();
        println!(
            "{events} events, clocks {clocks}: pulled {:.2} s = {}/s; raw rows {:.2} s = {}/s; ratio {:.0} %",
            seconds,
            per_second(seconds),
            floor,
            per_second(floor),
            floor / seconds * 100.0
        );
    }
}
