//! The last part of a round: own files up, wanted files down, range by range.
//!
//! It is held to a number of bytes a round, so that events never wait long behind a large file: what is
//! left goes on in the next. Whatever goes wrong with a file is that file's alone and ends nothing else;
//! a cut costs one range, since both ends know how far they are.

use std::collections::VecDeque;

use zaigang_sync::Hash;
use zaigang_sync::file::{
    GetRequest, HasReply, HasRequest, HeldState, PATH_FILES_GET, PATH_FILES_HAS, PATH_FILES_PUT, PutReply,
    PutRequest, RANGE_BYTES_MAX,
};

use super::requests::Request;
use crate::store::{Result, Store, Topics};

/// Bytes of files moved in one round: some seconds on a bad line. A guess.
const ROUND_BYTES_MAX: usize = 8 * RANGE_BYTES_MAX;

/// A request to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Has { log: String, hashes: Vec<Hash> },
    Put { log: String, hash: Hash, from: u64 },
    Get { log: String, hash: Hash, from: u64 },
}

/// The files of one round.
#[derive(Debug)]
pub(super) struct Files {
    /// Logs not looked at yet.
    logs: VecDeque<String>,
    steps: VecDeque<Step>,
    /// Bytes this round may still move.
    room: usize,
    /// Ranges moved.
    pub(super) moved: usize,
    /// More is to be moved than this round may.
    pub(super) left: bool,
}

impl Files {
    pub(super) fn new(logs: VecDeque<String>) -> Self {
        Self { logs, steps: VecDeque::new(), room: ROUND_BYTES_MAX, moved: 0, left: false }
    }

    /// The next request, or nothing when this round is done with files.
    pub(super) fn next(&mut self, store: &mut Store) -> Result<Option<Request>> {
        loop {
            if let Some(step) = self.steps.front().cloned() {
                if self.room == 0 && !matches!(step, Step::Has { .. }) {
                    self.left = true;
                    return Ok(None);
                }
                match self.request(store, &step)? {
                    Some(request) => return Ok(Some(request)),
                    None => drop(self.steps.pop_front()),
                }
                continue;
            }
            let Some(log) = self.logs.pop_front() else { return Ok(None) };
            let plan = store.file_plan(&log)?;
            let gets = plan.get.into_iter().map(|(hash, from)| Step::Get { log: log.clone(), hash, from });
            self.steps.extend(gets);
            if !plan.ask.is_empty() {
                self.steps.push_front(Step::Has { log, hashes: plan.ask });
            }
        }
    }

    fn request(&self, store: &mut Store, step: &Step) -> Result<Option<Request>> {
        let json = |path, body: serde_json::Result<Vec<u8>>| Ok(Some(Request { path, body: body? }));
        match step {
            Step::Has { log, hashes } => {
                let hashes = hashes.iter().map(|hash| hash.to_hex()).collect();
                json(PATH_FILES_HAS, serde_json::to_vec(&HasRequest { log: log.clone(), hashes }))
            }
            Step::Put { log, hash, from } => {
                let range = store.file_range(*hash, *from, self.room.min(RANGE_BYTES_MAX))?;
                let Some(range) = range.filter(|range| !range.is_empty()) else { return Ok(None) };
                let bytes = range.as_slice().into();
                let put = PutRequest { log: log.clone(), hash: hash.0.into(), from: *from, bytes };
                Ok(Some(Request { path: PATH_FILES_PUT, body: put.encode() }))
            }
            Step::Get { log, hash, from } => {
                let bytes_max = u32::try_from(self.room.min(RANGE_BYTES_MAX)).unwrap_or(u32::MAX);
                let get = GetRequest { log: log.clone(), hash: hash.to_hex(), from: *from, bytes_max };
                json(PATH_FILES_GET, serde_json::to_vec(&get))
            }
        }
    }

    /// Takes the reply to the last request, whatever its status; what is not understood leaves the file
    /// for another round.
    pub(super) fn on_reply(
        &mut self,
        store: &mut Store,
        status: u16,
        body: &[u8],
        changed: &mut Topics,
    ) -> Result<()> {
        let Some(step) = self.steps.pop_front() else { return Ok(()) };
        if status != 200 {
            let reply = String::from_utf8_lossy(body.get(..200).unwrap_or(body)).into_owned();
            tracing::info!(status, reply, "the centre did not take or give a file");
            return match step {
                Step::Has { .. } => Ok(()),
                // It is not there as was thought: asked again in another round.
                Step::Put { log, hash, .. } | Step::Get { log, hash, .. } => {
                    store.note_at_centre(&log, hash, 0, true)
                }
            };
        }
        match step {
            Step::Has { log, hashes } => self.on_has(store, &log, &hashes, body, changed),
            Step::Put { log, hash, from } => self.on_put(store, log, hash, from, body, changed),
            Step::Get { log, hash, from } => self.on_get(store, log, hash, from, body, changed),
        }
    }

    fn on_has(
        &mut self,
        store: &mut Store,
        log: &str,
        hashes: &[Hash],
        body: &[u8],
        changed: &mut Topics,
    ) -> Result<()> {
        let Ok(reply) = serde_json::from_slice::<HasReply>(body) else { return Ok(()) };
        for held in reply.files {
            let Some(hash) = Hash::from_hex(&held.hash).filter(|hash| hashes.contains(hash)) else {
                continue;
            };
            let Some((here, total, comes)) = store.file_stand(log, hash)? else { continue };
            let (whole, is_here) = (held.state == HeldState::Whole, here >= total);
            let at_centre = if whole { total } else { held.bytes.min(total.saturating_sub(1)) };
            let step = match held.state {
                HeldState::Part if is_here => Some(Step::Put { log: log.to_owned(), hash, from: at_centre }),
                HeldState::Whole if !is_here && comes => {
                    Some(Step::Get { log: log.to_owned(), hash, from: here })
                }
                _ => None,
            };
            store.note_at_centre(log, hash, at_centre, !whole && step.is_none())?;
            if whole {
                changed.extend(store.file_topics(hash)?);
                self.moved += 1;
            }
            self.steps.extend(step);
        }
        Ok(())
    }

    fn on_put(
        &mut self,
        store: &mut Store,
        log: String,
        hash: Hash,
        from: u64,
        body: &[u8],
        changed: &mut Topics,
    ) -> Result<()> {
        let Ok(reply) = serde_json::from_slice::<PutReply>(body) else { return Ok(()) };
        let Some((_, total, _)) = store.file_stand(&log, hash)? else { return Ok(()) };
        let got_on = reply.whole || reply.bytes > from;
        let at_centre = if reply.whole { total } else { reply.bytes.min(total.saturating_sub(1)) };
        store.note_at_centre(&log, hash, at_centre, !got_on)?;
        self.count(at_centre.saturating_sub(from));
        changed.extend(store.file_topics(hash)?);
        if got_on && !reply.whole {
            self.steps.push_front(Step::Put { log, hash, from: reply.bytes });
        }
        Ok(())
    }

    fn on_get(
        &mut self,
        store: &mut Store,
        log: String,
        hash: Hash,
        from: u64,
        body: &[u8],
        changed: &mut Topics,
    ) -> Result<()> {
        let Some((_, total, _)) = store.file_stand(&log, hash)? else { return Ok(()) };
        if body.is_empty() {
            return store.note_at_centre(&log, hash, 0, true);
        }
        let here = store.append_file(hash, body, total)?;
        self.count(body.len() as u64);
        changed.extend(store.file_topics(hash)?);
        if here == 0 {
            tracing::warn!(%hash, "a file that came does not fit its hash and was dropped");
        } else if here < total && here > from {
            self.steps.push_front(Step::Get { log, hash, from: here });
        }
        Ok(())
    }

    fn count(&mut self, bytes: u64) {
        self.room = self.room.saturating_sub(usize::try_from(bytes).unwrap_or(usize::MAX));
        self.moved += 1;
    }
}
