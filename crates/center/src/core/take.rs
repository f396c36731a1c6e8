//! Taking a pushed page: what is known is answered again, what is new is judged, all in one
//! transaction.

use zaigang_sync::chain::{ChainHead, Fit, fit};
use zaigang_sync::hex;
use zaigang_sync::keys::SentClocks;
use zaigang_sync::page::{Attestation, Checked, PushEntry, PushPage};
use zaigang_sync::protocol::{Outcome, PushReply, PushVerdict};

use super::groups::{self, Item};
use super::judging::Verdicts;
use super::work::{Made, Placed, Ready, Work};
use crate::error::Result;
use crate::store::{self, LogRow, StopRow};

/// Told by `append` when an event's id is in a log already; `push` looks closer then.
pub(super) const ID_TAKEN: &str = "an event id is taken";

pub(super) fn reply(outcome: Outcome) -> PushReply {
    PushReply { outcome, verdicts: Vec::new(), gap_from: None, reissued: Vec::new() }
}

impl Work<'_> {
    /// Takes a page whose own shape, hashes and signature were checked.
    pub(super) fn take(&mut self, page: &PushPage, checked: &[Checked], packed: &[u8]) -> Result<PushReply> {
        let (device, incarnation) = (*page.device, page.incarnation);
        let known_as = self.device(device)?.map_or(0, |row| row.incarnation);
        if incarnation != known_as || store::is_stopped(self.conn, device, incarnation, &page.log)? {
            return Ok(reply(Outcome::NewIncarnation));
        }
        let log = self.log_or_new(&page.log)?;
        let head = self.chain(device, incarnation, log.n)?;
        let Some(first) = checked.first() else { return Ok(reply(Outcome::Ok)) };
        match fit(head, &first.place) {
            Fit::Gap { from, .. } => return Ok(PushReply { gap_from: Some(from), ..reply(Outcome::Ok) }),
            Fit::Fork => return self.stop(page, first.place.device_seq, packed),
            Fit::Known | Fit::Next => {}
        }
        let mut verdicts = Vec::with_capacity(checked.len());
        if let Some(fork) = self.answer_known(&log, head, checked, &mut verdicts)? {
            return self.stop(page, fork, packed);
        }
        let items: Vec<Item<'_>> = page.entries.iter().zip(checked).skip(verdicts.len()).collect();
        self.take_new(&items, &log, page.sent, &mut verdicts)?;
        if let (Some(last), false) = (verdicts.last(), items.is_empty()) {
            let attestation = Attestation { seq: last.seq, sent: page.sent, signature: page.attestation };
            store::insert_attestation(self.conn, log.n, &attestation)?;
        }
        Ok(PushReply { verdicts, ..reply(Outcome::Ok) })
    }

    /// Answers the events the centre has already; gives the first place where the histories part.
    fn answer_known(
        &self,
        log: &LogRow,
        head: ChainHead,
        checked: &[Checked],
        verdicts: &mut Vec<PushVerdict>,
    ) -> Result<Option<u64>> {
        for event in checked.iter().take_while(|event| event.place.device_seq <= head.device_seq) {
            let place = &event.place;
            let known =
                store::chain_entry(self.conn, place.device, place.incarnation, log.n, place.device_seq)?;
            match known {
                Some(known) if known.event_hash == event.event_hash => {
                    verdicts.push(verdict(event, known.seq, &known.commit));
                }
                _ => return Ok(Some(place.device_seq)),
            }
        }
        Ok(None)
    }

    /// Stops a chain that shows another history. The page is kept as it came; nothing is discarded.
    pub(super) fn stop(&mut self, page: &PushPage, device_seq: u64, packed: &[u8]) -> Result<PushReply> {
        let stop = StopRow {
            device: *page.device,
            incarnation: page.incarnation,
            log: page.log.clone(),
            device_seq,
            at: self.now_ms(),
        };
        store::insert_stop(self.conn, &stop, packed)?;
        Ok(reply(Outcome::NewIncarnation))
    }

    fn take_new(
        &mut self,
        items: &[Item<'_>],
        log: &LogRow,
        sent: SentClocks,
        verdicts: &mut Vec<PushVerdict>,
    ) -> Result<()> {
        let mut given = Verdicts::with_capacity(items.len());
        let mut rest = items;
        while !rest.is_empty() {
            let (run, after) = rest.split_at(groups::run_length(rest));
            rest = after;
            let made = self.judge_run(run, log, sent, &mut given)?;
            for ((entry, event), made) in run.iter().zip(&made) {
                let placed = self.place(entry, event, made)?;
                verdicts.push(verdict(event, placed.seq, &placed.commit));
            }
        }
        Ok(())
    }

    fn place(&mut self, entry: &PushEntry, event: &Checked, made: &Made) -> Result<Placed> {
        let ready = Ready {
            place: event.place,
            event_hash: event.event_hash,
            content: &event.content,
            envelope: &entry.envelope,
            parts: &event.parts,
        };
        self.append(&ready, made)
    }
}

fn verdict(event: &Checked, seq: u64, commit: &[u8]) -> PushVerdict {
    PushVerdict {
        id: hex::encode(&event.content.id[..]),
        device_seq: event.place.device_seq,
        seq,
        commit: hex::encode(commit),
    }
}
