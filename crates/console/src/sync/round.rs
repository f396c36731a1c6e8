//! One round of sync: hello, push what the centre lacks, pull what this console lacks, the site log first;
//! then files.
//!
//! The round asks for one request at a time and is told its reply. It may be dropped at any moment:
//! whatever was stored before stays true, and the next round goes on from there.

use std::collections::VecDeque;

use zaigang_sync::Hash;
use zaigang_sync::envelope::Id;
use zaigang_sync::hex;
use zaigang_sync::page::{PageError, PullPage, unpack};
use zaigang_sync::protocol::{ErrorReply, HelloReply, LogReply, Outcome, PushReply};

use super::files::Files;
use super::requests::{Request, hello, pull, push};
use crate::host::Host;
use crate::store::{LogRow, Result, Stop, Store, StoreError, Topics};

/// Times a centre may ask for something earlier in one log and round.
const GAPS_MAX: u8 = 3;

/// What a round did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundReport {
    /// How it ended: a screen state with words.
    pub outcome: Outcome,
    /// The centre's own error, if one ended the round.
    pub refused: Option<ErrorReply>,
    /// A reply that could not be read ended the round.
    pub garbled: Option<String>,
    /// Own events the centre took.
    pub pushed: usize,
    /// Entries stored.
    pub pulled: usize,
    /// Own events that came back other than accepted.
    pub conflicts: usize,
    /// Steps that files went forward by.
    pub files: usize,
    /// More of files is on its way than one round moves: another should follow at once.
    pub files_left: bool,
    /// Logs that stand still.
    pub stopped: Vec<String>,
    /// Kinds of data made stale.
    pub changed: Topics,
}

impl RoundReport {
    /// Whether all logs that are not stopped are as far as the centre.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.outcome == Outcome::Ok && self.refused.is_none() && self.garbled.is_none()
    }
}

/// One log's share of a round.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub(super) log: String,
    /// What the centre holds of this device.
    pub(super) held: u64,
    /// How far the centre's log is known to be.
    pub(super) centre_seq: u64,
    pub(super) pushed: bool,
    /// Times the centre asked for something earlier.
    gaps: u8,
}

#[derive(Debug)]
enum Phase {
    Hello,
    Push,
    Pull,
    Files(Files),
    Done,
}

/// A round.
#[derive(Debug)]
pub struct Round {
    phase: Phase,
    push: VecDeque<Task>,
    pull: VecDeque<Task>,
    report: RoundReport,
}

impl Default for Round {
    fn default() -> Self {
        Self::new()
    }
}

impl Round {
    /// A round that has not begun.
    #[must_use]
    pub fn new() -> Self {
        let report = RoundReport {
            outcome: Outcome::Ok,
            refused: None,
            garbled: None,
            pushed: 0,
            pulled: 0,
            conflicts: 0,
            files: 0,
            files_left: false,
            stopped: Vec::new(),
            changed: Topics::new(),
        };
        Self { phase: Phase::Hello, push: VecDeque::new(), pull: VecDeque::new(), report }
    }

    /// What was done so far, or in all once [`Round::next`] gives nothing.
    #[must_use]
    pub fn report(&self) -> &RoundReport {
        &self.report
    }

    /// The next request, or nothing when the round is over.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn next(&mut self, store: &mut Store, host: &dyn Host) -> Result<Option<Request>> {
        loop {
            match &mut self.phase {
                Phase::Hello => return Ok(Some(hello(store, host)?)),
                Phase::Push => match self.push.front() {
                    Some(task) => {
                        if let Some(request) = push(store, host, task)? {
                            return Ok(Some(request));
                        }
                        self.pull.extend(self.push.pop_front());
                    }
                    None => self.phase = Phase::Pull,
                },
                Phase::Pull => match self.pull.front() {
                    Some(task) => {
                        if let Some(request) = pull(store, task)? {
                            return Ok(Some(request));
                        }
                        self.pull.pop_front();
                    }
                    None => self.finish(store, host)?,
                },
                Phase::Files(files) => {
                    let request = files.next(store)?;
                    (self.report.files, self.report.files_left) = (files.moved, files.left);
                    if request.is_some() {
                        return Ok(request);
                    }
                    self.phase = Phase::Done;
                }
                Phase::Done => return Ok(None),
            }
        }
    }

    /// Takes the reply to the last request.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails; what the centre says is never an error here.
    pub fn on_reply(&mut self, store: &mut Store, status: u16, body: &[u8]) -> Result<()> {
        if let Phase::Files(files) = &mut self.phase {
            return files.on_reply(store, status, body, &mut self.report.changed);
        }
        if status != 200 {
            return self.on_refusal(store, status, body);
        }
        match self.phase {
            Phase::Hello => match serde_json::from_slice(body) {
                Ok(reply) => self.on_hello(store, reply),
                Err(error) => self.garbled(error.to_string()),
            },
            Phase::Push => match serde_json::from_slice(body) {
                Ok(reply) => self.on_push(store, &reply),
                Err(error) => self.garbled(error.to_string()),
            },
            Phase::Pull => match unpack::<PullPage>(body) {
                Ok(page) => self.on_pull(store, &page),
                Err(error) => self.garbled(error.to_string()),
            },
            Phase::Files(_) | Phase::Done => Ok(()),
        }
    }

    fn end(&mut self, outcome: Outcome) {
        self.report.outcome = outcome;
        self.phase = Phase::Done;
    }

    fn garbled(&mut self, detail: String) -> Result<()> {
        self.report.garbled = Some(detail);
        self.phase = Phase::Done;
        Ok(())
    }

    fn on_refusal(&mut self, store: &mut Store, status: u16, body: &[u8]) -> Result<()> {
        let Ok(reply) = serde_json::from_slice::<ErrorReply>(body) else {
            return self.garbled(format!("HTTP {status}"));
        };
        match (reply.code.as_str(), &self.phase) {
            ("revoked", _) => self.end(Outcome::Revoked),
            ("rollback", Phase::Pull) => self.stop_front(store, Stop::Rollback)?,
            ("no_right", Phase::Push | Phase::Pull) => self.stop_front(store, Stop::Revoked)?,
            _ => {
                self.report.refused = Some(reply);
                self.phase = Phase::Done;
            }
        }
        Ok(())
    }

    /// Stops the log whose turn it is, and goes on with the others.
    fn stop_front(&mut self, store: &mut Store, stop: Stop) -> Result<()> {
        let queue = if matches!(self.phase, Phase::Push) { &mut self.push } else { &mut self.pull };
        if let Some(task) = queue.pop_front() {
            self.stop(store, &task.log, stop)?;
        }
        Ok(())
    }

    fn stop(&mut self, store: &mut Store, log: &str, stop: Stop) -> Result<()> {
        store.stop_log(log, stop)?;
        self.report.changed.insert("sync".into());
        self.report.stopped.push(log.to_owned());
        Ok(())
    }

    fn on_hello(&mut self, store: &mut Store, reply: HelloReply) -> Result<()> {
        let identity = store.identity().cloned().ok_or(StoreError::NotEnrolled)?;
        if hex::decode(&reply.server_id) != Some(identity.server_id) {
            self.end(Outcome::OtherServer);
            return Ok(());
        }
        if matches!(reply.outcome, Outcome::Upgrade | Outcome::Revoked | Outcome::OtherServer) {
            self.end(reply.outcome);
            return Ok(());
        }
        store.set_last_centre_time(reply.time)?;
        let epoch: Option<Id> = hex::decode(&reply.epoch);
        // The site log first: the centre must know a session before the acts done under it.
        let (site, others): (Vec<_>, Vec<_>) = reply.logs.into_iter().partition(|log| log.log == "site");
        for log in site.into_iter().chain(others) {
            let row = self.take_up(store, &log)?;
            match why_stopped(store, &row, &log, epoch)? {
                _ if row.stopped.is_some() => self.report.stopped.push(row.name),
                Some(stop) => self.stop(store, &row.name, stop)?,
                None => {
                    store.mark_answered(&row, log.device_seq)?;
                    self.push.push_back(Task {
                        log: log.log,
                        held: log.device_seq,
                        centre_seq: log.seq,
                        pushed: false,
                        gaps: 0,
                    });
                }
            }
        }
        self.phase = Phase::Push;
        Ok(())
    }

    /// The log's row; one that stood still because the right was gone goes on when hello grants it again.
    fn take_up(&mut self, store: &mut Store, reply: &LogReply) -> Result<LogRow> {
        let row = store.ensure_log(&reply.log)?;
        if row.stopped.as_deref() != Some(Stop::Revoked.code()) || reply.outcome == Outcome::Revoked {
            return Ok(row);
        }
        self.report.changed.insert("sync".into());
        store.resume_granted(&row.name)
    }

    /// What a push was answered with, where that is not a plain taking of the page. Tells whether it was.
    fn on_push_refused(&mut self, store: &mut Store, reply: &PushReply) -> Result<bool> {
        match reply.outcome {
            Outcome::Ok if reply.reissued.is_empty() => return Ok(false),
            Outcome::Ok => self.stop_front(store, Stop::Reissued)?,
            Outcome::NewIncarnation => self.stop_front(store, Stop::Fork)?,
            Outcome::Rollback => self.stop_front(store, Stop::Rollback)?,
            // Nothing was taken and nothing contradicts: the work waits here for a program that fits.
            Outcome::Upgrade => {
                self.report.outcome = Outcome::Upgrade;
                self.pull.extend(self.push.pop_front());
            }
            Outcome::Revoked | Outcome::OtherServer => self.end(reply.outcome),
        }
        Ok(true)
    }

    fn on_push(&mut self, store: &mut Store, reply: &PushReply) -> Result<()> {
        if self.on_push_refused(store, reply)? {
            return Ok(());
        }
        let Some(task) = self.push.front_mut() else { return self.garbled("unasked push reply".into()) };
        if let Some(gap) = reply.gap_from {
            task.gaps += 1;
            if gap > task.held || task.gaps > GAPS_MAX {
                return self.garbled(format!("gap from {gap}, which is not on its way any more"));
            }
            task.held = gap.saturating_sub(1);
            return Ok(());
        }
        let Some(last) = reply.verdicts.iter().map(|verdict| verdict.device_seq).max() else {
            return self.garbled("push without verdicts".into());
        };
        if last <= task.held {
            return self.garbled("push did not get on".into());
        }
        self.report.pushed += usize::try_from(last - task.held).unwrap_or(usize::MAX);
        task.held = last;
        task.pushed = true;
        let row = store.ensure_log(&task.log)?;
        store.mark_answered(&row, last)
    }

    fn on_pull(&mut self, store: &mut Store, page: &PullPage) -> Result<()> {
        let Some(task) = self.pull.front_mut() else { return self.garbled("unasked page".into()) };
        task.pushed = false;
        match store.apply_page(&task.log, page) {
            Ok(applied) => {
                // A page without entries that promises more would be asked for without end.
                task.centre_seq = if applied.entries == 0 { applied.seq } else { page.log_seq };
                self.report.pulled += applied.entries;
                self.report.conflicts += applied.conflicts;
                if applied.entries > 0 {
                    self.report.changed.extend(applied.changed);
                }
                Ok(())
            }
            Err(StoreError::Stopped { log, .. }) => {
                self.pull.pop_front();
                self.report.changed.insert("sync".into());
                self.report.stopped.push(log);
                Ok(())
            }
            // Enrolled after this round pulled the site log: the next round knows it. No other log waits.
            Err(StoreError::Page(error @ PageError::UnknownDevice { .. })) => {
                self.report.garbled = Some(error.to_string());
                self.pull.pop_front();
                Ok(())
            }
            Err(StoreError::Page(error)) => self.garbled(error.to_string()),
            Err(error) => Err(error),
        }
    }

    fn finish(&mut self, store: &mut Store, host: &dyn Host) -> Result<()> {
        self.phase = Phase::Done;
        self.report.changed.insert("sync".into());
        if self.report.outcome == Outcome::Upgrade {
            return Ok(());
        }
        if !self.report.stopped.is_empty() {
            self.report.outcome = Outcome::Rollback;
        }
        store.set_last_synced_at(host.evidence().wall_at)?;
        let moving = store.logs()?.into_iter().filter(|log| log.stopped.is_none());
        self.phase = Phase::Files(Files::new(moving.map(|log| log.name).collect()));
        Ok(())
    }
}

/// Whether what the centre says of a log contradicts what is known here.
fn why_stopped(store: &Store, row: &LogRow, reply: &LogReply, epoch: Option<Id>) -> Result<Option<Stop>> {
    let by_centre = match reply.outcome {
        Outcome::NewIncarnation => Some(Stop::Fork),
        Outcome::Rollback => Some(Stop::Rollback),
        Outcome::OtherServer => Some(Stop::OtherServer),
        Outcome::Revoked => Some(Stop::Revoked),
        Outcome::Ok | Outcome::Upgrade => None,
    };
    if by_centre.is_some() {
        return Ok(by_centre);
    }
    let acknowledged = store.acknowledged(row)?;
    let shorter = reply.seq < row.seq || reply.device_seq < acknowledged.device_seq;
    let other = reply.seq == row.seq && Hash::from_hex(&reply.head) != Some(row.head);
    if row.epoch.is_some_and(|known| Some(known) != epoch) || shorter || other {
        return Ok(Some(Stop::Rollback));
    }
    let hash = Hash::from_hex(&reply.event_hash).unwrap_or(Hash::ZERO);
    Ok((!store.own_chain_has(row, reply.device_seq, hash)?).then_some(Stop::Fork))
}
