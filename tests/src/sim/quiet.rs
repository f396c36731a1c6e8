//! The rest of a run: crashes, copies and rights between the steps; healing, and what must hold at rest.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail, ensure};
use rusqlite::params;
use zaigang_center::error::CentreError;
use zaigang_console::store::Draft;
use zaigang_domain::event::{EntityId, LogName};
use zaigang_sync::Hash;
use zaigang_sync::envelope::Id;
use zaigang_sync::hex;
use zaigang_sync::page::{PullPage, unpack};
use zaigang_sync::protocol::PullRequest;

use super::Break;
use super::centre::SimCentre;
use super::checks;
use super::console::{Console, Reply};
use super::oracle::{Standing, Told};
use super::sabotage;
use super::site;
use super::view::{self, Entry};
use super::world::{CentreCopy, Copy, Seat, World, kind_of};

/// Rounds within which everything must have arrived once faults stop (I20).
const ROUNDS_MAX: usize = 6;
/// Requests in one round at most: a round that goes on for ever is a failure too.
const REQUESTS_MAX: usize = 400;

impl World<'_> {
    pub(super) fn check(&mut self, index: usize) -> Result<()> {
        let (agreement, known) = (&mut self.agreement, &self.known_heads);
        let Some(seat) = self.seats.get_mut(index) else { return Ok(()) };
        let changes = seat.console.store.reader().total_changes();
        if seat.checked_at.replace(changes) == Some(changes) {
            return Ok(());
        }
        checks::console(&seat.console, &mut seat.memory, agreement)?;
        for log in view::console_logs(seat.console.store.reader())? {
            let known = log.seq == 0 || known.contains(&(log.name.clone(), log.seq, log.head));
            ensure!(known, "I9: console {index} believes a head of {} the centre never had", log.name);
            ensure!(seat.granted.contains(&log.name), "I19: console {index} holds {}", log.name);
        }
        Ok(())
    }

    /// Checks the centre and tells the oracle what is new.
    pub(super) fn look_at_centre(&mut self) -> Result<()> {
        let centre = self.centre.as_ref().context("the centre runs")?;
        let own = hex::encode(&centre.centre.meta().device);
        let entries = checks::centre(&centre.look, &mut self.centre_memory, &mut self.agreement)?;
        let failed: BTreeSet<[u8; 16]> = entries
            .iter()
            .filter(|e| e.commit.reason.as_deref() == Some("group_failed"))
            .filter_map(|e| e.content.group.as_ref().map(|g| *g.id))
            .collect();
        for entry in &entries {
            let device = hex::encode(&entry.place.device);
            let head = self.heads.entry(entry.content.log.clone()).or_default();
            *head = entry.head_after(*head);
            self.known_heads.insert((entry.content.log.clone(), entry.seq, *head));
            ensure!(
                device == own || self.written.contains(&*entry.content.id),
                "I9/I4: nobody wrote {}",
                entry.id()
            );
            self.note(entry, &device);
            self.accepts.tell(entry)?;
            let group_failed = entry.content.group.as_ref().is_some_and(|g| failed.contains(&*g.id));
            self.oracle.tell(&told(entry, device, group_failed)).map_err(anyhow::Error::msg)?;
        }
        Ok(())
    }

    fn note(&mut self, entry: &Entry, device: &str) {
        let place =
            format!("{device} {} {} {}", entry.content.log, entry.place.incarnation, entry.place.device_seq);
        self.places.insert(*entry.content.id, place.clone());
        let winner = entry.commit.winner.and_then(|id| self.places.get(&*id).cloned()).unwrap_or_default();
        let reason = entry.commit.reason.clone().unwrap_or_default();
        if entry.content.kind.starts_with("order.") {
            self.verdicts
                .insert(place, format!("{} {} {reason} {winner}", entry.content.kind, entry.verdict()));
        }
        *self.counts.entry(format!("verdict {}", entry.verdict())).or_default() += 1;
        if entry.verdict() != "accepted" {
            return;
        }
        if entry.content.kind == "record.erased" {
            self.note_erasure(entry);
        }
        if matches!(entry.content.kind.as_str(), "device.enrolled" | "device.changed") {
            self.note_grant(entry);
        }
        self.devices_revoked |= entry.content.kind == "device.revoked";
    }

    fn note_erasure(&mut self, entry: &Entry) {
        let payload: serde_json::Value = serde_json::from_str(&entry.content.payload).unwrap_or_default();
        let event = payload.get("event").and_then(|e| e.as_str()).and_then(|e| e.parse().ok());
        if let Some(zaigang_domain::event::EventId(id)) = event {
            self.erased.push((entry.content.log.clone(), entry.seq, id));
        }
    }

    fn note_grant(&mut self, entry: &Entry) {
        let payload: serde_json::Value = serde_json::from_str(&entry.content.payload).unwrap_or_default();
        let device = entry.content.entity.trim_start_matches("device/");
        let logs = payload.get("logs").and_then(|l| l.as_array()).cloned().unwrap_or_default();
        let logs: Vec<String> = logs.iter().filter_map(|l| l.as_str().map(str::to_owned)).collect();
        for seat in self.seats.iter_mut().filter(|seat| seat.console.device() == device) {
            seat.granted.extend(logs.iter().cloned());
        }
    }

    pub(super) fn device(&self, index: usize) -> Result<Id> {
        let seat = self.seats.get(index).context("a seat that is there")?;
        Ok(seat.console.store.identity().context("every console is enrolled")?.device)
    }

    /// Kill and start: what is on disk at this moment, in another folder.
    pub(super) fn crash(&mut self, index: usize) -> Result<()> {
        if self.random.chance(30) {
            return self.crash_centre();
        }
        let dir = self.next_path("crash");
        let seat = self.seat(index)?;
        site::copy_store(&seat.console.dir, &dir)?;
        seat.console.dir = dir;
        seat.console.reopen()?;
        seat.checked_at = None;
        seat.memory.look_again();
        seat.awaits = None;
        self.say("crash", index.to_string());
        self.check(index)
    }

    fn crash_centre(&mut self) -> Result<()> {
        let centre = self.centre.take().context("the centre runs")?;
        self.centre = Some(centre.reopen()?);
        self.say("crash", "centre".into());
        self.look_at_centre()
    }

    pub(super) fn next_path(&mut self, name: &str) -> std::path::PathBuf {
        self.copies += 1;
        self.scratch.path_for(&format!("{name}{}", self.copies))
    }

    /// Another program holds the store, or the disk is full, while something is written and read.
    pub(super) fn busy(&mut self, index: usize) -> Result<()> {
        let full = self.random.chance(50);
        let seat = self.seat(index)?;
        let conn = seat.console.store.reader();
        if full {
            let pages: i64 = conn.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
        } else {
            conn.execute_batch("PRAGMA query_only = ON")?;
        }
        self.say("store refuses", format!("{index} full {full}"));
        for _ in 0..3 {
            self.act(index, "register")?;
            self.drive(index)?;
            self.deliver()?;
        }
        let conn = self.seat(index)?.console.store.reader();
        conn.query_row("PRAGMA max_page_count = 1073741823", [], |_| Ok(()))?;
        conn.execute_batch("PRAGMA query_only = OFF")?;
        self.check(index)
    }

    pub(super) fn copy(&mut self, index: usize) -> Result<()> {
        let dir = self.next_path("copy");
        let seat = self.seat(index)?;
        site::copy_store(&seat.console.dir, &dir)?;
        seat.copy = Some(Copy { dir, memory: seat.memory.clone(), made: seat.console.made.clone() });
        self.say("copy", index.to_string());
        Ok(())
    }

    /// An earlier copy is put back, or runs beside the one it was made of.
    pub(super) fn rewind(&mut self, index: usize) -> Result<()> {
        let clone = self.random.chance(40) && self.seats.len() < 7;
        let seed = self.random.draw();
        let dir = self.next_path("rewound");
        let seat = self.seat(index)?;
        let Some(copy) = &seat.copy else { return Ok(()) };
        site::copy_store(&copy.dir, &dir)?;
        let (mut memory, made) = (copy.memory.clone(), copy.made.clone());
        memory.look_again();
        if clone {
            let (which, granted) = (seat.console.index, seat.granted.clone());
            let mut console = self.scratch.open_console_in(which, seed, &dir)?;
            console.made = made;
            self.seats.push(Seat { memory, granted, ..Seat::new(console) });
            self.say("clone", index.to_string());
            return self.check(self.seats.len() - 1);
        }
        seat.console.dir = dir;
        seat.console.reopen()?;
        seat.checked_at = None;
        seat.memory.look_again();
        seat.console.made = made;
        seat.console.logged_in = None;
        seat.memory = memory;
        seat.awaits = None;
        self.say("rewind", index.to_string());
        self.check(index)
    }

    /// Logs whose history at the centre contradicts what this console holds: it must stop them when
    /// it hears of it. By plain SQL over both files.
    pub(super) fn must_stop(&self, index: usize) -> Result<Vec<String>> {
        let (Some(seat), Some(centre)) = (self.seats.get(index), &self.centre) else { return Ok(Vec::new()) };
        let identity = seat.console.store.identity().context("enrolled")?;
        let epoch: Vec<u8> = centre.look.query_row("SELECT epoch FROM meta", [], |row| row.get(0))?;
        let heads = view::centre_logs(&centre.look)?;
        let mut must = Vec::new();
        for log in view::console_logs(seat.console.store.reader())? {
            let there = heads.iter().find(|h| h.name == log.name);
            let other_epoch = log.epoch.as_ref().is_some_and(|e| *e != epoch);
            let history = match there {
                _ if log.seq == 0 => true,
                None => false,
                Some(there) => head_at(centre, there.n, log.seq)? == Some(log.head),
            };
            let chain = match there {
                None => true,
                Some(there) => {
                    own_chain_fits(seat, &log, centre, there.n, identity.device, identity.incarnation)?
                }
            };
            if (other_epoch || !history || !chain) && self.is_granted_now(identity.device, &log.name)? {
                must.push(log.name);
            }
        }
        Ok(must)
    }

    fn is_granted_now(&self, device: Id, log: &str) -> Result<bool> {
        Ok(self.granted_now(device)?.iter().any(|l| l == log))
    }

    fn granted_now(&self, device: Id) -> Result<Vec<String>> {
        let centre = self.centre.as_ref().context("the centre runs")?;
        let sql = "SELECT CASE WHEN revoked THEN '[]' ELSE logs END FROM device WHERE device = ?1";
        let logs: String = centre.look.query_row(sql, [device], |row| row.get(0))?;
        Ok(serde_json::from_str(&logs)?)
    }

    /// The administrator gives and takes rights, from console 0.
    pub(super) fn grant(&mut self) -> Result<()> {
        self.log_in_as(0, "adm")?;
        let site = LogName::site();
        let e = format!("c/{}/d/E总队", site::CONTRACT);
        let a = format!("c/{}/d/A总队", site::CONTRACT);
        let common = format!("c/{}/common", site::CONTRACT);
        let target = self.random.below(self.plan.consoles);
        let device = hex::encode(&self.device(target)?);
        let user = self.scratch.user("e2");
        let store = self.plan.stock.then_some(site::STORE);
        let (entity, kind, payload) = match self.random.below(7) {
            0 => (format!("user/{user}"), "user.changed", serde_json::json!({"divisions": ["A总队"]})),
            1 => {
                (format!("user/{user}"), "user.changed", serde_json::json!({"divisions": ["E总队", "A总队"]}))
            }
            2 => (format!("user/{user}"), "user.changed", serde_json::json!({"roles": ["dispatcher"]})),
            3 => (format!("user/{user}"), "user.changed", serde_json::json!({"roles": ["engineer"]})),
            4 => (
                format!("device/{device}"),
                "device.changed",
                serde_json::json!({"logs": with(&["site", &common, &e, &a], store)}),
            ),
            5 if target != 0 => (
                format!("device/{device}"),
                "device.changed",
                serde_json::json!({"logs": ["site", common, e]}),
            ),
            6 if target > 1 => (format!("device/{device}"), "device.revoked", serde_json::json!({})),
            _ => return Ok(()),
        };
        let now = self.seat(0)?.console.host_now();
        let draft = Draft::fact(kind, payload.to_string(), now);
        let done = self.seat(0)?.console.write(&site, &EntityId::new(entity)?, vec![draft]);
        self.written_at(0);
        self.say("grant", format!("{kind} {target} {}", done.as_ref().map_or_else(kind_of, |_| "done")));
        self.check(0)
    }

    /// The administrator erases the reporter of an order, from console 0.
    pub(super) fn erase(&mut self) -> Result<()> {
        let sql = "SELECT sealed.id, entity.name, log.name FROM sealed JOIN entry ON entry.id = sealed.id
                   JOIN entity ON entity.n = entry.entity JOIN log ON log.n = entity.log ORDER BY sealed.id LIMIT 1";
        let found: Option<(Id, String, String)> = {
            let conn = self.seat(0)?.console.store.reader();
            let mut statement = conn.prepare_cached(sql)?;
            let mut rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.next().transpose()?
        };
        let Some((id, entity, log)) = found else { return Ok(()) };
        self.log_in_as(0, "adm")?;
        let payload = serde_json::json!({ "event": view::id_text(&id), "why": "到期" });
        let now = self.seat(0)?.console.host_now();
        let draft = Draft::fact("record.erased", payload.to_string(), now);
        let done = self.seat(0)?.console.write(&LogName::new(log)?, &EntityId::new(entity)?, vec![draft]);
        self.written_at(0);
        self.say("erase", done.as_ref().map_or_else(kind_of, |_| "done").to_owned());
        self.check(0)
    }

    pub(super) fn copy_centre(&mut self) -> Result<()> {
        let dir = self.next_path("centre-copy");
        let centre = self.centre.as_ref().context("the centre runs")?;
        let from = centre.path.parent().context("the file lies in a folder")?;
        site::copy_files(from, &dir, &["centre.db", "centre.db-wal"])?;
        self.centre_copy = Some(CentreCopy { path: dir.join("centre.db"), mark: centre.host.mark() });
        self.say("copy", "centre".into());
        Ok(())
    }

    /// Faults stop: everything must arrive within a few rounds.
    pub(super) fn heal(&mut self) -> Result<()> {
        self.wire.clear();
        for seat in &mut self.seats {
            seat.awaits = None;
            seat.console.round = None;
        }
        for _ in 0..ROUNDS_MAX {
            for index in 0..self.seats.len() {
                self.whole_round(index)?;
            }
            if self.late()?.is_none() {
                return Ok(());
            }
        }
        match self.late()? {
            None => Ok(()),
            Some(late) => bail!("I20: after {ROUNDS_MAX} quiet rounds {late}"),
        }
    }

    pub(super) fn whole_round(&mut self, index: usize) -> Result<()> {
        if self.plan.bug == Some(Break::GivesUp) && self.counts.contains_key("garbled") {
            return Ok(());
        }
        let device = self.device(index)?;
        for _ in 0..REQUESTS_MAX {
            let must_stop = self.must_stop(index)?;
            let Some(mut request) = self.seat(index)?.console.next_request()? else {
                return self.check(index);
            };
            if self.plan.bug == Some(Break::SkipsInTheChain) {
                request.body = sabotage::skip_first(&request.body).unwrap_or(request.body);
            }
            let hello = request.path == zaigang_sync::protocol::PATH_HELLO;
            let centre = self.centre.as_mut().context("the centre runs")?;
            let mut reply = centre.answer(device, &request, 12_000);
            sabotage::judged(self.plan.bug, &centre.look)?;
            self.look_at_centre()?;
            if self.plan.bug == Some(Break::BelievesForgery) {
                self.forge(index, &mut reply)?;
            }
            let bug = self.plan.bug;
            let seat = self.seat(index)?;
            let before = sabotage::before(bug, &seat.console)?;
            let line = seat.console.take(&reply)?;
            sabotage::after(bug, &seat.console, &before)?;
            self.say("quiet", format!("{index} {} {line}", request.path));
            if hello && reply.status == 200 {
                self.noticed(index, &must_stop)?;
            }
            self.check(index)?;
        }
        bail!("I20: a round of console {index} goes on for ever")
    }

    /// What has not arrived, if anything.
    fn late(&self) -> Result<Option<String>> {
        let centre = self.centre.as_ref().context("the centre runs")?;
        let heads: BTreeMap<String, Hash> =
            view::centre_logs(&centre.look)?.into_iter().map(|log| (log.name, log.head)).collect();
        for (index, seat) in self.seats.iter().enumerate() {
            let granted = self.granted_now(self.device(index)?)?;
            let conn = seat.console.store.reader();
            for log in view::console_logs(conn)?.iter().filter(|log| granted.contains(&log.name)) {
                if let Some(stopped) = &log.stopped {
                    if stopped == "revoked" {
                        let line =
                            format!("console {index} did not take up {} when it was given back", log.name);
                        return Ok(Some(line));
                    }
                    let caused = self.plan.rewinds;
                    ensure!(caused, "I20: console {index} stopped {} for {stopped} without cause", log.name);
                    continue;
                }
                let sql = "SELECT count(*) FROM pending WHERE log = ?1";
                let waiting: u32 = conn.query_row(sql, [log.n], |row| row.get(0))?;
                let head = heads.get(&log.name).copied().unwrap_or(Hash::ZERO);
                if waiting > 0 || head != log.head {
                    return Ok(Some(format!(
                        "console {index} has {waiting} waiting in {} (stopped {:?})",
                        log.name, log.stopped
                    )));
                }
            }
        }
        Ok(None)
    }

    /// What must hold when all is quiet.
    pub(super) fn at_rest(&mut self) -> Result<()> {
        self.look_at_centre()?;
        self.oracle_agrees()?;
        for index in 0..self.seats.len() {
            self.seat_at_rest(index)?;
        }
        self.erasures()?;
        self.foreign_logs_refused()
    }

    /// The oracle's short state of every order is the centre's.
    fn oracle_agrees(&self) -> Result<()> {
        let centre = self.centre.as_ref().context("the centre runs")?;
        let summary = self.oracle.summary();
        for log in view::centre_logs(&centre.look)? {
            for (entity, text) in view::centre_states(&centre.look, log.n)? {
                let state: serde_json::Value = serde_json::from_str(&text)?;
                let Some(order) = state.get("order") else { continue };
                let word =
                    |name: &str| order.get(name).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
                let suspended =
                    order.get("suspended").and_then(serde_json::Value::as_bool).unwrap_or_default();
                let found = (word("status"), word("assignee"), suspended);
                let expected = summary.get(&(log.name.clone(), entity.clone()));
                ensure!(expected == Some(&found), "oracle: {entity} is {found:?}, must be {expected:?}");
            }
        }
        Ok(())
    }

    /// Rebuilt from zero it is the same (I1), its own verification finds nothing, and verdicts shown
    /// are still there (I2).
    fn seat_at_rest(&mut self, index: usize) -> Result<()> {
        let seat = self.seat(index)?;
        checks::verdicts_stand(&seat.console, &seat.memory).with_context(|| format!("console {index}"))?;
        let before = projections(&seat.console)?;
        seat.console.store.rebuild()?;
        ensure!(before == projections(&seat.console)?, "I1: console {index} rebuilt from zero is another");
        let report = seat.console.store.verify()?;
        ensure!(report.problems.is_empty(), "console {index}'s own verification: {:?}", report.problems);
        Ok(())
    }

    /// I22: no copy of an erased part at the centre or on a console that has the erasure.
    fn erasures(&self) -> Result<()> {
        let centre = self.centre.as_ref().context("the centre runs")?;
        for (log, seq, id) in &self.erased {
            let sql =
                "SELECT count(*) FROM sealed JOIN entry ON entry.place = sealed.place WHERE entry.id = ?1";
            let left: u32 = centre.look.query_row(sql, [id], |row| row.get(0))?;
            ensure!(left == 0, "I22: the centre keeps an erased part");
            for (index, seat) in self.seats.iter().enumerate() {
                let conn = seat.console.store.reader();
                let knows = view::console_logs(conn)?.iter().any(|l| l.name == *log && l.seq >= *seq);
                let left: u32 =
                    conn.query_row("SELECT count(*) FROM sealed WHERE id = ?1", [id], |row| row.get(0))?;
                ensure!(!knows || left == 0, "I22: console {index} keeps an erased part");
            }
        }
        Ok(())
    }

    /// I19: a log that was not given is not handed out, and sealed parts only to those with the class.
    fn foreign_logs_refused(&mut self) -> Result<()> {
        for index in 0..self.seats.len() {
            let device = self.device(index)?;
            let granted = self.granted_now(device)?;
            let centre = self.centre.as_mut().context("the centre runs")?;
            for log in view::centre_logs(&centre.look)?.iter().filter(|log| !granted.contains(&log.name)) {
                let ask = PullRequest {
                    log: log.name.clone(),
                    after_seq: 0,
                    head: Hash::ZERO.to_hex(),
                    bytes_max: 9_999,
                };
                let refused = matches!(
                    centre.centre.pull(device, &ask),
                    Err(CentreError::NoRight(_) | CentreError::Revoked)
                );
                ensure!(refused, "I19: device {index} got {}", log.name);
            }
            self.parts_only_with_right(index)?;
        }
        Ok(())
    }

    fn parts_only_with_right(&self, index: usize) -> Result<()> {
        let Some(seat) = self.seats.get(index).filter(|seat| seat.console.index % 2 == 1) else {
            return Ok(());
        };
        let mut statement = seat.console.store.reader().prepare_cached("SELECT DISTINCT id FROM sealed")?;
        let mut rows = statement.query([])?;
        let own = hex::encode(&self.device(index)?);
        while let Some(row) = rows.next()? {
            let id: Id = row.get(0)?;
            let mine = self.places.get(&id).is_none_or(|place| place.starts_with(&own));
            ensure!(mine, "I19: console {index} holds a sealed part without the right");
        }
        Ok(())
    }

    /// I12, the half that notices: the centre's file is put back from a copy.
    pub(super) fn rewind_centre(&mut self) -> Result<()> {
        let Some(copy) = self.centre_copy.take() else { return Ok(()) };
        let centre = self.centre.take().context("the centre runs")?;
        let now = view::centre_logs(&centre.look)?
            .into_iter()
            .map(|log| (log.name, log.head))
            .collect::<BTreeMap<_, _>>();
        let host = centre.host.clone();
        drop(centre);
        let opened = SimCentre::open(&copy.path, host.clone());
        let refused = matches!(opened, Err(CentreError::CentreRolledBack(_)));
        let same = match opened {
            Ok(centre) => {
                view::centre_logs(&centre.look)?.into_iter().all(|log| now.get(&log.name) == Some(&log.head))
            }
            Err(_) => false,
        };
        let passed_over = self.plan.bug == Some(Break::IgnoresRollback);
        ensure!(refused || same || passed_over, "I12: an older database was opened against its mark");
        host.set_mark(copy.mark);
        let centre = SimCentre::open(&copy.path, host)?;
        if self.random.chance(50) {
            // As `zaigang-center restore` does: a new epoch, and a mark that begins anew.
            let epoch = self.random.draw().to_le_bytes().repeat(2);
            centre.look.execute("UPDATE meta SET epoch = ?1", params![epoch])?;
            centre.host.set_mark(None);
        }
        drop(self.centre.replace(centre));
        let centre = self.centre.take().context("just put there")?;
        self.centre = Some(centre.reopen()?);
        self.say("rewind centre", String::new());
        for index in 0..self.seats.len() {
            self.first_contact(index)?;
        }
        Ok(())
    }

    fn first_contact(&mut self, index: usize) -> Result<()> {
        let device = self.device(index)?;
        let must_stop = self.must_stop(index)?;
        self.seat(index)?.console.round = None;
        let Some(request) = self.seat(index)?.console.next_request()? else { return Ok(()) };
        let reply = self.centre.as_mut().context("the centre runs")?.answer(device, &request, 12_000);
        let bug = self.plan.bug;
        let seat = self.seat(index)?;
        let before = sabotage::before(bug, &seat.console)?;
        seat.console.take(&reply)?;
        sabotage::after(bug, &seat.console, &before)?;
        if reply.status == 200 {
            self.noticed(index, &must_stop)?;
        }
        // Nothing is discarded because of it.
        self.check(index)
    }

    pub(super) fn forge(&mut self, index: usize, reply: &mut Reply) -> Result<()> {
        let Ok(page) = unpack::<PullPage>(&reply.body) else { return Ok(()) };
        let logs = view::console_logs(self.seat(index)?.console.store.reader())?;
        let Some(log) = logs.iter().find(|log| log.name == page.log && log.seq == page.after_seq) else {
            return Ok(());
        };
        let forged = sabotage::forge(&reply.body, &mut self.random);
        if let Some(forged) = forged.and_then(|body| sabotage::sign_forged(&body, log.head)) {
            reply.body = forged;
        }
        Ok(())
    }

    /// The states that the run ended with, without ids and times.
    pub(super) fn end_states(&self) -> BTreeMap<String, String> {
        let lines = self.oracle.summary().into_values().map(|state| format!("{state:?}"));
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for line in lines {
            *counts.entry(line).or_default() += 1;
        }
        counts.into_iter().map(|(line, n)| (line, n.to_string())).collect()
    }
}

fn told(entry: &Entry, device: String, group_failed: bool) -> Told {
    let content = &entry.content;
    Told {
        id: entry.id(),
        log: content.log.clone(),
        entity: content.entity.clone(),
        device,
        session: content.session.map(|s| format!("session/{}", hex::encode(&*s))),
        kind: content.kind.clone(),
        tv: content.tv,
        user: content.user.clone(),
        standing: Standing { device: true, session: true, consent: entry.signed },
        expect: content.expect.clone(),
        deps: content.deps.iter().map(|d| view::id_text(d)).collect(),
        group_failed,
        payload: content.payload.clone(),
        verdict: entry.verdict().to_owned(),
        reason: entry.commit.reason.clone(),
        winner: entry.commit.winner.map(|w| view::id_text(&w)),
    }
}

/// Everything derived, by name and not by row number.
fn with<'l>(logs: &[&'l str], more: Option<&'l str>) -> Vec<&'l str> {
    logs.iter().copied().chain(more).collect()
}

fn projections(console: &Console) -> Result<Vec<String>> {
    let queries = [
        "SELECT log.name || entity.name || coalesce(confirmed, '-') || coalesce(shown, '-') FROM entity
         JOIN log ON log.n = entity.log WHERE coalesce(confirmed, shown) IS NOT NULL ORDER BY 1",
        "SELECT id || number || status || suspended || open || coalesce(level, '') || coalesce(assignee, '') || pool
         || reported_at || last_at || clocks || pending || unreconciled || read_only || seq FROM orders ORDER BY 1",
        "SELECT id || login || name || roles || contracts || divisions || disabled || resets FROM person ORDER BY 1",
        "SELECT id || name || public_key || logs || revoked FROM device ORDER BY 1",
        "SELECT part || place || owner || quantity FROM stock_balance ORDER BY 1",
        "SELECT part || serial || place || owner || since || movement FROM stock_serial ORDER BY 1",
        "SELECT part || place || owner || at || id || n || change || balance FROM stock_effect ORDER BY 1",
        "SELECT part || place || owner || lowest || since || last || movements || open FROM stock_fault ORDER BY 1",
    ];
    let mut lines = Vec::new();
    for query in queries {
        let mut statement = console.store.reader().prepare_cached(query)?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        lines.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    Ok(lines)
}

fn head_at(centre: &SimCentre, log: i64, seq: u64) -> Result<Option<Hash>> {
    let place = (log << 40) + i64::try_from(seq)?;
    let mut statement = centre.look.prepare_cached("SELECT head FROM entry WHERE place = ?1")?;
    Ok(statement.query_map([place], |row| row.get(0).map(Hash))?.next().transpose()?)
}

/// Whether what the centre holds of a device's chain is a part of what the console wrote.
fn own_chain_fits(
    seat: &Seat,
    log: &view::Log,
    centre: &SimCentre,
    there: i64,
    device: Id,
    incarnation: u32,
) -> Result<bool> {
    let sql = "SELECT device_seq, event_hash FROM entry WHERE log = ?1 AND device = ?2 AND incarnation = ?3
               ORDER BY device_seq DESC LIMIT 1";
    let mut statement = centre.look.prepare_cached(sql)?;
    let held = statement
        .query_map(params![there, device, incarnation], |row| {
            Ok((row.get::<_, u64>(0)?, row.get::<_, [u8; 32]>(1)?))
        })?
        .next()
        .transpose()?;
    let conn = seat.console.store.reader();
    let acknowledged =
        "SELECT device_seq, event_hash FROM chain WHERE log = ?1 AND device = ?2 AND incarnation = ?3";
    let mut statement = conn.prepare_cached(acknowledged)?;
    let known = statement
        .query_map(params![log.n, device, incarnation], |row| {
            Ok((row.get::<_, u64>(0)?, row.get::<_, [u8; 32]>(1)?))
        })?
        .next()
        .transpose()?
        .unwrap_or_default();
    let (seq, hash) = held.unwrap_or_default();
    if seq <= known.0 {
        return Ok(seq == known.0 && (seq == 0 || hash == known.1));
    }
    let pending = "SELECT event_hash FROM pending WHERE log = ?1 AND incarnation = ?2 AND device_seq = ?3";
    let mut statement = conn.prepare_cached(pending)?;
    let own: Option<[u8; 32]> =
        statement.query_map(params![log.n, incarnation, seq], |row| row.get(0))?.next().transpose()?;
    Ok(own == Some(hash))
}
