//! Groups: all of their events take effect or none.

use std::collections::BTreeMap;

use zaigang_domain::event::{Class, EntityId, Reason, Verdict, event_type};
use zaigang_domain::judge::Judgement;
use zaigang_sync::keys::SentClocks;
use zaigang_sync::page::{Checked, PushEntry};

use super::cache::Held;
use super::judging::Verdicts;
use super::work::{Made, Work};
use crate::error::Result;
use crate::store::LogRow;

/// A checked event with its bytes.
pub(super) type Item<'p> = (&'p PushEntry, &'p Checked);

/// Number of events at the front that are judged together: 1, or a group's members.
pub(super) fn run_length(items: &[Item<'_>]) -> usize {
    let Some(group) = items.first().and_then(|(_, event)| event.content.group.as_ref()) else { return 1 };
    let same = |item: &&Item<'_>| item.1.content.group.as_ref().is_some_and(|other| other.id == group.id);
    items.iter().take_while(same).count().max(1)
}

/// Whether the run is exactly one whole group, its members in order.
fn is_whole(run: &[Item<'_>]) -> bool {
    run.iter().zip(0_u16..).all(|((_, event), at)| match &event.content.group {
        None => run.len() == 1,
        Some(group) => group.i == at && usize::from(group.n) == run.len(),
    })
}

impl Work<'_> {
    /// Judges a run. Nothing is folded when this returns; `given` has the verdicts.
    pub(super) fn judge_run(
        &mut self,
        run: &[Item<'_>],
        log: &LogRow,
        sent: SentClocks,
        given: &mut Verdicts,
    ) -> Result<Vec<Made>> {
        let mut made = if !is_whole(run) {
            self.judge_broken(run, log, sent)?
        } else if let [(_, event)] = run {
            vec![self.judge(event, log, sent, given)?]
        } else {
            self.judge_group(run, log, sent, given)?
        };
        for ((_, event), made) in run.iter().zip(&mut made) {
            given.insert(*event.content.id, made.judgement.verdict);
        }
        Ok(made)
    }

    /// A group cut in two or with members missing can never take effect.
    fn judge_broken(&mut self, run: &[Item<'_>], log: &LogRow, sent: SentClocks) -> Result<Vec<Made>> {
        let rejected = Judgement::rejected(Reason::Malformed, None);
        run.iter().map(|(_, event)| self.timed(rejected, &event.content, log, sent)).collect()
    }

    /// Tries the members one upon the other, then takes the trial back.
    fn judge_group(
        &mut self,
        run: &[Item<'_>],
        log: &LogRow,
        sent: SentClocks,
        given: &Verdicts,
    ) -> Result<Vec<Made>> {
        let before = self.keep_states(run, log)?;
        let mut tried = given.clone();
        let mut made = Vec::with_capacity(run.len());
        for (_, event) in run {
            let member = self.judge(event, log, sent, &tried)?;
            tried.insert(*event.content.id, member.judgement.verdict);
            if let Ok(entity) = EntityId::new(event.content.entity.as_str()) {
                self.fold(log, &event.content, &entity, &member)?;
            }
            made.push(member);
        }
        for (name, held) in before {
            *self.held(log.n, &name)? = held;
        }
        decide(run, &mut made);
        Ok(made)
    }

    fn keep_states(&mut self, run: &[Item<'_>], log: &LogRow) -> Result<BTreeMap<String, Held>> {
        let mut before = BTreeMap::new();
        for (_, event) in run {
            let name = event.content.entity.clone();
            let held = self.held(log.n, &name)?.clone();
            before.entry(name).or_insert(held);
        }
        Ok(before)
    }
}

/// When one member does not take effect, none does. It keeps its own reason; the others name the
/// group.
fn decide(run: &[Item<'_>], made: &mut [Made]) {
    let fails = |made: &Made| made.judgement.verdict != Verdict::Accepted;
    if !made.iter().any(fails) {
        return;
    }
    let parked = made.iter().filter(|made| fails(made)).all(|made| made.judgement.verdict == Verdict::Parked);
    for ((_, event), made) in run.iter().zip(made) {
        // Where the group is refused, a parked member must not take effect later on its own.
        let alone = made.judgement.verdict == Verdict::Parked && !parked;
        if !fails(made) || alone {
            made.judgement = failed(&event.content.kind, parked);
        }
    }
}

fn failed(kind: &str, parked: bool) -> Judgement {
    if parked {
        return Judgement::parked(Reason::GroupFailed);
    }
    let rejected = Judgement::rejected(Reason::GroupFailed, None);
    match event_type(kind).map(|row| row.class) {
        Some(Class::Fact) => Judgement { verdict: Verdict::Unreconciled, ..rejected },
        _ => rejected,
    }
}
