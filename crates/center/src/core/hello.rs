//! Opening a round: what each side holds, and whether they still tell the same history.

use zaigang_domain::event::{EntityId, LogKind, LogName};
use zaigang_sync::Hash;
use zaigang_sync::chain::ChainHead;
use zaigang_sync::cursor::{Cursor, CursorCheck, LogHead, check};
use zaigang_sync::envelope::Id;
use zaigang_sync::hex;
use zaigang_sync::protocol::{
    CursorWire, HelloReply, HelloRequest, LogReply, Outcome, OwnChain, PROTOCOL_MAX, PROTOCOL_MIN,
};

use super::Centre;
use super::own::Act;
use super::work::{SITE, Work, instant};
use crate::error::{CentreError, Result};
use crate::store::{self, DeviceRow};

/// A new watermark is committed when it moves by at least this: a guess, so that a console that
/// says hello each second adds about a hundred events a day to a log, not eighty thousand.
const WATERMARK_STEP_MS: i64 = 15 * 60 * 1_000;

impl Centre {
    /// Answers a device's hello, and commits the watermark it tells.
    ///
    /// # Errors
    /// [`CentreError::Unauthorized`] for an unknown device, [`CentreError::BadRequest`], [`CentreError::Store`].
    pub fn hello(&mut self, device: Id, request: &HelloRequest) -> Result<HelloReply> {
        let (reply, due) = self.look(|work| {
            let reply = work.hello(device, request)?;
            let due = work.watermarks_due(device, request, &reply)?;
            Ok((reply, due))
        })?;
        if due.is_empty() {
            return Ok(reply);
        }
        // Committed first, so that the reply's heads are those after it.
        self.transact(|work| {
            for (log, complete_to) in &due {
                work.commit_watermark(device, log, *complete_to)?;
            }
            work.hello(device, request)
        })
    }
}

impl Work<'_> {
    fn hello(&mut self, device: Id, request: &HelloRequest) -> Result<HelloReply> {
        let Some(row) = self.device(device)? else { return Err(CentreError::Unauthorized) };
        let whole = if row.revoked {
            Some(Outcome::Revoked)
        } else if request.server_id != hex::encode(&self.meta.server_id) {
            Some(Outcome::OtherServer)
        } else if request.protocol_min > PROTOCOL_MAX || request.protocol_max < PROTOCOL_MIN {
            Some(Outcome::Upgrade)
        } else {
            None
        };
        let mut logs = Vec::with_capacity(row.logs.len());
        if whole.is_none() {
            for log in &row.logs {
                logs.push(self.log_reply(device, &row, log, request)?);
            }
        }
        let worst = logs.iter().map(|log| log.outcome).max_by_key(|outcome| severity(*outcome));
        Ok(HelloReply {
            outcome: whole.or(worst).unwrap_or(Outcome::Ok),
            protocol: request.protocol_max.min(PROTOCOL_MAX),
            server_id: hex::encode(&self.meta.server_id),
            epoch: hex::encode(&self.meta.epoch),
            time: self.now_ms(),
            logs,
        })
    }

    fn log_reply(
        &mut self,
        device: Id,
        row: &DeviceRow,
        name: &str,
        request: &HelloRequest,
    ) -> Result<LogReply> {
        let log = self.log(name);
        let held = match log {
            Some(log) => self.chain(device, row.incarnation, log.n)?,
            None => ChainHead::default(),
        };
        let mut outcome = match request.cursors.iter().find(|cursor| cursor.log == name) {
            Some(cursor) => self.check_cursor(cursor)?,
            None => Outcome::Ok,
        };
        for chain in request.chains.iter().filter(|chain| chain.log == name) {
            outcome = worse(outcome, self.check_chain(device, row, held, chain)?);
        }
        if store::is_stopped(self.conn, device, row.incarnation, name)? {
            outcome = worse(outcome, Outcome::NewIncarnation);
        }
        Ok(LogReply {
            log: name.to_owned(),
            outcome,
            seq: log.map_or(0, |log| log.seq),
            head: log.map_or(Hash::ZERO, |log| log.head).to_hex(),
            device_seq: held.device_seq,
            event_hash: held.event_hash.to_hex(),
        })
    }

    fn check_cursor(&self, wire: &CursorWire) -> Result<Outcome> {
        let bad = || CentreError::BadRequest(format!("cursor of {}", wire.log));
        let epoch = match &wire.epoch {
            Some(epoch) => hex::decode(epoch).ok_or_else(bad)?,
            None => self.meta.epoch,
        };
        let head = Hash::from_hex(&wire.head).ok_or_else(bad)?;
        let server_id = self.meta.server_id;
        let cursor = Cursor { server_id, epoch, seq: wire.seq, head };
        let (at_end, at_cursor) = match self.log(&wire.log) {
            Some(log) => {
                (LogHead { seq: log.seq, head: log.head }, store::head_at(self.conn, log.n, wire.seq)?)
            }
            None => (LogHead { seq: 0, head: Hash::ZERO }, (wire.seq == 0).then_some(Hash::ZERO)),
        };
        Ok(match check(&cursor, server_id, self.meta.epoch, at_end, at_cursor) {
            CursorCheck::UpToDate | CursorCheck::Behind => Outcome::Ok,
            CursorCheck::Rollback => Outcome::Rollback,
            CursorCheck::OtherServer => Outcome::OtherServer,
        })
    }

    /// Compares what the device holds acknowledged with what is held of it here. Holding more here
    /// is a lost reply or a restored device: the device tells them apart by the hash it is given.
    fn check_chain(&self, device: Id, row: &DeviceRow, held: ChainHead, chain: &OwnChain) -> Result<Outcome> {
        if chain.incarnation < row.incarnation {
            return Ok(Outcome::NewIncarnation);
        }
        if chain.incarnation > row.incarnation || chain.device_seq > held.device_seq {
            return Ok(Outcome::Rollback);
        }
        let known = match (chain.device_seq, self.log(&chain.log)) {
            (0, _) | (_, None) => Some(Hash::ZERO),
            (seq, _) if seq == held.device_seq => Some(held.event_hash),
            (seq, Some(log)) => store::chain_entry(self.conn, device, chain.incarnation, log.n, seq)?
                .map(|entry| entry.event_hash),
        };
        let same = known == Hash::from_hex(&chain.event_hash);
        Ok(if same { Outcome::Ok } else { Outcome::NewIncarnation })
    }

    /// Logs in which a new watermark is due, and up to when: the common logs, where absence is
    /// concluded, or the site's for a device without one.
    fn watermarks_due(
        &mut self,
        device: Id,
        request: &HelloRequest,
        reply: &HelloReply,
    ) -> Result<Vec<(String, i64)>> {
        let (Some(complete_to), Outcome::Ok) = (request.complete_to, reply.outcome) else {
            return Ok(Vec::new());
        };
        let complete_to = complete_to.min(self.now_ms());
        let names = reply.logs.iter().map(|log| log.log.as_str());
        let mut logs: Vec<&str> = names.filter(|name| is_common(name)).collect();
        if logs.is_empty() {
            logs.push(SITE);
        }
        let mut due = Vec::new();
        for name in logs {
            let last = match self.log(name) {
                Some(log) => store::watermark(self.conn, device, log.n)?,
                None => None,
            };
            if last.is_none_or(|last| complete_to >= last.saturating_add(WATERMARK_STEP_MS)) {
                due.push((name.to_owned(), complete_to));
            }
        }
        Ok(due)
    }

    fn commit_watermark(&mut self, device: Id, log: &str, complete_to: i64) -> Result<()> {
        let device = hex::encode(&device);
        let log = LogName::new(log).map_err(|error| CentreError::Store(error.to_string()))?;
        let entity = EntityId::new(format!("device/{device}"))
            .map_err(|error| CentreError::Store(error.to_string()))?;
        let payload =
            serde_json::json!({ "device": device, "complete_to": instant(complete_to).to_string() });
        self.act(&Act { log: &log, entity: &entity, kind: "device.watermark", payload })
    }
}

fn is_common(name: &str) -> bool {
    LogName::new(name).is_ok_and(|log| matches!(log.kind(), LogKind::Common { .. }))
}

fn severity(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Ok => 0,
        Outcome::NewIncarnation => 1,
        Outcome::Rollback => 2,
        Outcome::Upgrade => 3,
        Outcome::OtherServer => 4,
        Outcome::Revoked => 5,
    }
}

fn worse(a: Outcome, b: Outcome) -> Outcome {
    if severity(b) > severity(a) { b } else { a }
}
