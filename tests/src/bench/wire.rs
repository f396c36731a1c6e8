//! Sync over loopback HTTPS with the real server: pages pushed and judged, pulled and folded, and a round
//! with nothing to do.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rusqlite::Connection;
use zaigang_center::host::SystemHost;
use zaigang_center::http::{App, Running, serve};
use zaigang_center::tls;
use zaigang_console::store::Identity;
use zaigang_console::sync::driver::{CentreClient, Link as _};
use zaigang_console::sync::{Request, Round};
use zaigang_sync::page::pack;
use zaigang_sync::protocol::{PATH_PUSH, PushReply};

use super::apply::{self, BATCH, per_second};
use super::data::{CENTRE_KEY, Console, Data};
use super::{Bar, Percentiles, Table};
use crate::demo::assets::Assets;
use crate::demo::feed::Feed;
use crate::demo::plan::{Plan, Scale};
use crate::harness::wait::timed;

/// Rounds with nothing to do that are timed.
const QUIET_ROUNDS: usize = 200;
/// Moves what a write-ahead log holds to its file.
const CHECKPOINT: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

/// A server on loopback, in this process but behind its own sockets and TLS.
struct Server {
    _running: Running,
    runtime: tokio::runtime::Runtime,
    address: String,
    pin: String,
}

impl Server {
    fn start(database: &Path, mark: &Path) -> Result<Self> {
        let runtime = tokio::runtime::Runtime::new()?;
        let credentials = tls::make("bench", &["127.0.0.1".to_owned()])?;
        let config = tls::server_config(&credentials.chain, &credentials.key)?;
        let app = App::open(database, Arc::new(SystemHost::new(mark)), &CENTRE_KEY)?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).context("listening")?;
        let address = format!("https://{}", listener.local_addr()?);
        let running = {
            let _entered = runtime.enter();
            serve(app, listener, config)?
        };
        Ok(Self { _running: running, runtime, address, pin: credentials.pin })
    }

    fn client(&self, identity: &Identity) -> Result<CentreClient> {
        let identity = Identity { centre: self.address.clone(), ca: self.pin.clone(), ..identity.clone() };
        Ok(CentreClient::new(&identity, Arc::new(zaigang_console::host::SystemHost::new()))?)
    }

    fn send(&self, client: &CentreClient, request: Request) -> Result<Vec<u8>> {
        let answer = self.runtime.block_on(client.send(request))?;
        if answer.status != 200 {
            bail!("the centre answered {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
        Ok(answer.body)
    }
}

/// Measures push, pull and the round with nothing to do, on a site of its own, and gives the site.
///
/// # Errors
/// When the server refuses anything.
pub fn measure<'a>(assets: &'a Assets, dir: &Path, scale: Scale, table: &mut Table) -> Result<Data<'a>> {
    let dir = dir.join("wire");
    std::fs::create_dir_all(&dir).context("making a folder")?;
    let mut data = Data::found(assets, &dir, scale)?;
    let mut console = data.console("pull")?;
    let server = Server::start(&dir.join("center.db"), &dir.join("mark"))?;
    let identity = console.store.identity().context("not enrolled")?.clone();
    let (pushed, pushing) = push(&mut data, &server, &identity, scale)?;
    let rate = per_second(pushed, pushing);
    table
        .add(
            format!("push {pushed} events over HTTPS: judged, committed"),
            rate,
            "events/s",
            Bar::AtLeast(25_000.0),
        )
        .floor = Some(per_second(pushed, floor(&dir.join("center.db"), &dir.join("floor.db"))?));

    let client = server.client(&identity)?;
    let (pulled, pulling) = round(&mut console, &server, &client)?;
    let rate = per_second(pulled, pulling);
    table
        .add(
            format!("pull {pulled} events over HTTPS: verified, folded, committed"),
            rate,
            "events/s",
            Bar::AtLeast(25_000.0),
        )
        .floor = Some(per_second(pulled, apply::floor(&console, &dir)?));

    // What the pull left to write is not the quiet round's: both logs are moved to their files first.
    console.store.reader().execute_batch(CHECKPOINT)?;
    Connection::open(dir.join("center.db"))?.execute_batch(CHECKPOINT)?;
    let mut times = Vec::with_capacity(QUIET_ROUNDS);
    for _ in 0..QUIET_ROUNDS {
        times.push(round(&mut console, &server, &client)?.1);
    }
    let spread = Percentiles::of(times);
    let row = table.add("sync with nothing to do, p99", spread.p99, "ms", Bar::Below(10.0));
    row.spread = Some(spread);
    row.floor = Some(two_commits(&dir.join("floor.db"))?.p99);
    Ok(data)
}

/// Writes the rows a centre's store ends with to an empty one with the same tables, indexes and sync, a
/// thousand events a transaction. Only the writing is timed.
fn floor(from: &Path, to: &Path) -> Result<Duration> {
    let (source, target) = (Connection::open(from)?, Connection::open(to)?);
    let mut tables =
        source.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")?;
    for sql in tables.query_map([], |row| row.get::<_, String>(0))? {
        target.execute_batch(&sql?)?;
    }
    target.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -64000;
         PRAGMA foreign_keys = OFF;",
    )?;
    // Each entity is written with its last event.
    source.execute_batch(
        "CREATE TEMP TABLE last_of AS
             SELECT entity.rowid AS at, max(place) AS place FROM entry
             JOIN entity ON entity.log = entry.log AND entity.name = entry.entity GROUP BY 1;
         CREATE INDEX temp.last_of_place ON last_of (place);",
    )?;
    let mut time = Duration::ZERO;
    for n in apply::column(&source, "SELECT n FROM log ORDER BY n")? {
        let last = format!("SELECT seq FROM log WHERE n = {n}");
        let last = apply::column(&source, &last)?.first().copied().unwrap_or(0);
        let mut from = 0;
        while from < last {
            let to = (from + BATCH).min(last);
            let places = format!("place > {} AND place <= {}", (n << 40) + from, (n << 40) + to);
            let finals = format!("rowid IN (SELECT at FROM temp.last_of WHERE {places})");
            let batch = [
                apply::rows(&source, "entry", &places)?,
                apply::rows(&source, "sealed", &places)?,
                apply::rows(&source, "attestation", &places)?,
                apply::rows(&source, "entity", &finals)?,
            ];
            let (written, took) = timed(|| apply::write(&target, &batch));
            written?;
            time += took;
            from = to;
        }
    }
    Ok(time)
}

/// What a round writes at least, done plainly: one row at each end, on the disk.
fn two_commits(path: &Path) -> Result<Percentiles> {
    let conn = Connection::open(path)?;
    conn.execute_batch("PRAGMA synchronous = FULL; CREATE TABLE round (n INTEGER PRIMARY KEY) STRICT;")?;
    let mut times = Vec::with_capacity(QUIET_ROUNDS);
    for _ in 0..QUIET_ROUNDS {
        let (written, took) = timed(|| -> rusqlite::Result<()> {
            conn.execute("INSERT INTO round DEFAULT VALUES", [])?;
            conn.execute("INSERT INTO round DEFAULT VALUES", [])?;
            Ok(())
        });
        written?;
        times.push(took);
    }
    Ok(Percentiles::of(times))
}

/// Everything a year brings, four weeks at a time, so that pages are as full as after days offline.
/// Packing is the device's work and counted, writing the events is not.
fn push(data: &mut Data<'_>, server: &Server, like: &Identity, scale: Scale) -> Result<(u64, Duration)> {
    let mut feed =
        Feed::new(Plan::new(data.site.assets, scale), vec![super::opening::order(data.site.assets)?]);
    let mut clients = Vec::new();
    for device in &data.site.fleet.devices {
        let identity = Identity { device: device.id, device_key: device.key.clone(), ..like.clone() };
        clients.push(server.client(&identity)?);
    }
    let end = scale.until.checked_add(jiff::SignedDuration::from_millis(1))?;
    let mut at = jiff::Timestamp::from_microsecond(zaigang_domain::calendar::midnight(scale.from))?;
    let (mut events, mut time) = (0, Duration::ZERO);
    while at < end {
        at = at.checked_add(jiff::SignedDuration::from_hours(24 * 28))?.min(end);
        feed.run(&mut data.site.fleet, at)?;
        for (index, page) in data.site.fleet.pages(at.as_millisecond()) {
            let client = clients.get(index).context("no such device")?;
            let (reply, took) = timed(|| server.send(client, Request { path: PATH_PUSH, body: pack(&page) }));
            let reply: PushReply = serde_json::from_slice(&reply?)?;
            data.site.took(&page, &reply)?;
            time += took;
            events += u64::try_from(page.entries.len())?;
        }
    }
    data.orders = feed.orders();
    Ok((events, time))
}

/// One whole round of a console: its events and its time.
fn round(console: &mut Console, server: &Server, client: &CentreClient) -> Result<(u64, Duration)> {
    let host = zaigang_console::host::SystemHost::new();
    let (done, took) = timed(|| -> Result<u64> {
        let mut round = Round::new();
        while let Some(request) = round.next(&mut console.store, &host)? {
            let body = server.send(client, request)?;
            round.on_reply(&mut console.store, 200, &body)?;
        }
        if !round.report().is_complete() {
            bail!("a round did not end well: {:?}", round.report());
        }
        Ok(u64::try_from(round.report().pulled)?)
    });
    Ok((done?, took))
}
