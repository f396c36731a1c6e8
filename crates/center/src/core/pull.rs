//! A device asks for the next run of a log.

use zaigang_sync::Hash;
use zaigang_sync::envelope::{Id, SealedPart};
use zaigang_sync::page::{
    Attestation, PAGE_BYTES_MAX, PAGE_EVENTS_MAX, PAGE_VERSION, PullEntry, PullPage, pack,
};
use zaigang_sync::protocol::PullRequest;

use super::Centre;
use super::work::Work;
use crate::error::{CentreError, Result};
use crate::store::{self, DeviceRow, EntryRow, LogRow};

/// Most bytes of envelopes in a page before packing, so that packing rarely has to be tried twice.
const UNPACKED_BYTES_MAX: usize = 4 * PAGE_BYTES_MAX;

impl Centre {
    /// The next page of a log, packed. Without new entries it still carries the signed head.
    ///
    /// # Errors
    /// [`CentreError::Unauthorized`], [`CentreError::Revoked`], [`CentreError::NoRight`] for a log
    /// the device is not enrolled for, [`CentreError::Rollback`] when the device is in another
    /// history, [`CentreError::BadRequest`], [`CentreError::Store`].
    pub fn pull(&mut self, device: Id, request: &PullRequest) -> Result<Vec<u8>> {
        self.look(|work| {
            let Some(row) = work.device(device)? else { return Err(CentreError::Unauthorized) };
            if row.revoked {
                return Err(CentreError::Revoked);
            }
            if !row.logs.contains(&request.log) {
                return Err(CentreError::NoRight(request.log.clone()));
            }
            work.pull(device, &row, request)
        })
    }
}

impl Work<'_> {
    fn pull(&mut self, device: Id, row: &DeviceRow, request: &PullRequest) -> Result<Vec<u8>> {
        let asked = Hash::from_hex(&request.head).ok_or_else(|| CentreError::BadRequest("head".into()))?;
        let log = self.log(&request.log).unwrap_or(LogRow { n: -1, seq: 0, head: Hash::ZERO });
        if store::head_at(self.conn, log.n, request.after_seq)? != Some(asked) {
            return Err(CentreError::Rollback);
        }
        let bytes_max =
            usize::try_from(request.bytes_max).unwrap_or(UNPACKED_BYTES_MAX).min(UNPACKED_BYTES_MAX);
        let mut events_max = PAGE_EVENTS_MAX;
        loop {
            let rows = store::entries(self.conn, log.n, request.after_seq, events_max, bytes_max)?;
            let count = rows.len();
            let packed = pack(&self.page(device, row, request, &log, asked, rows)?);
            if packed.len() <= PAGE_BYTES_MAX || count <= 1 {
                return Ok(packed);
            }
            events_max = count / 2;
        }
    }

    fn page(
        &self,
        device: Id,
        row: &DeviceRow,
        request: &PullRequest,
        log: &LogRow,
        asked: Hash,
        rows: Vec<EntryRow>,
    ) -> Result<PullPage> {
        let (from, to) = (request.after_seq + 1, request.after_seq + rows.len() as u64);
        let head = if rows.is_empty() { Some(asked) } else { store::head_at(self.conn, log.n, to)? };
        let head = head.ok_or_else(|| CentreError::Store("an entry vanished while it was read".into()))?;
        let parts = store::parts(self.conn, log.n, from, to)?;
        let attestations: Vec<Attestation> = store::attestations(self.conn, log.n, from, to)?;
        let mut page = PullPage {
            v: PAGE_VERSION,
            server_id: self.meta.server_id.into(),
            log: request.log.clone(),
            epoch: self.meta.epoch.into(),
            after_seq: request.after_seq,
            entries: pull_entries(rows, parts, device, &row.classes),
            attestations,
            end_head: head.0.into(),
            signature: [0; 64].into(),
            log_seq: log.seq,
        };
        page.signature = page.signed_head().sign(self.key).into();
        Ok(page)
    }
}

/// Entries with those of their sealed parts that the device may see: its own, and the classes it
/// was enrolled for.
fn pull_entries(
    rows: Vec<EntryRow>,
    parts: Vec<(u64, String, SealedPart)>,
    device: Id,
    classes: &[String],
) -> Vec<PullEntry> {
    let mut parts = parts.into_iter().peekable();
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let mut visible = Vec::new();
        while let Some((_, class, part)) = parts.next_if(|(seq, ..)| *seq == row.seq) {
            if row.device == device || classes.contains(&class) {
                visible.push(part);
            }
        }
        entries.push(PullEntry { envelope: row.envelope.into(), commit: row.commit.into(), parts: visible });
    }
    entries
}
