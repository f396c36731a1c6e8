//! The fold of an order's events. One function for confirmed and pending ones.

use crate::event::{Class, EventId, Recorded, UserId, Verdict, event_type};
use crate::order::payload::{
    Accepted, AssistAnswered, AssistAsked, Closed, Dispatched, Entered, Fact, KnowledgeNoted, LevelChanged,
    Merged, Rebound, Reconciled, Registered, RuleChosen, Suspended, Swapped, Transferred,
};
use crate::order::{
    Alarms, Assist, AssistState, Entry, Knowledge, Mark, MarkKind, Order, Returned, Status, Urge, table,
};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

/// Folds one event into an order.
///
/// Accepted events take effect; the verdict is trusted, the table is not asked again. Pending
/// events (no verdict) take effect where [`would_count`] says so. Unreconciled facts are listed,
/// rejected and parked events are counted, and neither moves anything else. A type or version
/// this program does not know makes the order read-only. Nothing is ever refused.
pub fn fold(state: Option<Order>, event: &Recorded<'_>) -> Option<Order> {
    let Some(mut order) = state else { return create(event) };
    count(&mut order, event);
    let known = event_type(event.kind).is_some_and(|row| (1..=row.tv).contains(&event.tv));
    match event.verdict {
        Some(Verdict::Rejected | Verdict::Parked) => {}
        Some(Verdict::Unreconciled) => order.unreconciled.push(event.id),
        Some(Verdict::Accepted) | None if !known => remember_unknown(&mut order, event.kind),
        None if !would_count(&order, event) => {}
        Some(Verdict::Accepted) | None => {
            if apply(&mut order, event).is_none() {
                remember_unknown(&mut order, event.kind);
            }
        }
    }
    Some(order)
}

/// Whether a pending event would take effect on this state, going by status alone (rights and
/// relations are the centre's to judge): so that the overlay does not show what must be rejected.
pub fn would_count(order: &Order, event: &Recorded<'_>) -> bool {
    table::allows_status(event.kind, order)
}

fn create(event: &Recorded<'_>) -> Option<Order> {
    if event.kind != "order.registered" || !matches!(event.verdict, None | Some(Verdict::Accepted)) {
        return None;
    }
    let p: Registered = serde_json::from_str(event.payload).ok()?;
    // The start of all clocks cannot lie after the moment at which it was known.
    let reported_at = p.reported_at.min(event.effective_at);
    // Work planned ahead runs no clock before its time.
    let starts_at = p.scheduled_at.map_or(reported_at, |at| at.max(reported_at));
    // A person may write what he likes: only what has no user is a program's.
    let source = p.source.filter(|_| event.user.is_none());
    // What the platform dispatched stands there already, under the number it came with.
    // A number of another program says nothing about it.
    let entered = (p.channel == "platform" && p.external_no.is_some() && source.is_none())
        .then(|| Entry { by: event.user.cloned(), at: event.claimed_at });
    let alarms = p.alarm_key.map(|_| Alarms { count: 1, last_at: event.effective_at });
    let mut order = Order {
        number: p.number,
        kind: p.kind,
        title: p.title,
        detail: p.detail,
        contract: p.contract,
        division: p.division,
        object: p.object,
        channel: p.channel,
        reporter_unit: p.reporter_unit,
        external_no: p.external_no,
        entered,
        source,
        alarms,
        registered_by: event.user.cloned(),
        reported_at,
        scheduled_at: p.scheduled_at,
        late_reason: p.late_reason,
        registered_at: p.registered_at,
        record: p.record,
        assets: p.asset.into_iter().collect(),
        on_behalf: p.on_behalf,
        remote: p.remote,
        facts: p.facts,
        level: p.level.clone(),
        level_reason: p.level_reason,
        contract_hash: p.contract_hash,
        calendar_hash: p.calendar_hash,
        last_at: event.effective_at,
        ..Order::default()
    };
    order.marks.push(Mark { level: p.level, ..Mark::new(starts_at, MarkKind::Reported) });
    touch(&mut order, event.id, &["registered", "status", "assignee", "suspended", "level"]);
    touch(&mut order, event.id, &["contract_hash", "calendar_hash"]);
    count(&mut order, event);
    Some(order)
}

fn count(order: &mut Order, event: &Recorded<'_>) {
    if let Some(seq) = event.seq {
        order.seq = order.seq.max(seq);
    }
    match event.verdict {
        Some(Verdict::Rejected) => order.rejected = order.rejected.saturating_add(1),
        Some(Verdict::Parked) => order.parked = order.parked.saturating_add(1),
        Some(Verdict::Accepted | Verdict::Unreconciled) => {}
        None => {
            order.pending = order.pending.saturating_add(1);
            let stands = event.kind == "order.registered"
                || event_type(event.kind).is_some_and(|row| row.class == Class::Claim);
            if stands {
                order.pending_claims.push(event.id);
            }
        }
    }
}

fn remember_unknown(order: &mut Order, kind: &str) {
    // Eight names are enough to tell a person what is missing.
    if order.unknown.len() < 8 && !order.unknown.iter().any(|k| k == kind) {
        order.unknown.push(kind.to_owned());
    }
}

fn touch(order: &mut Order, id: EventId, fields: &[&str]) {
    for field in fields {
        order.touched.insert((*field).to_owned(), id);
    }
}

fn read<T: DeserializeOwned>(event: &Recorded<'_>) -> Option<T> {
    serde_json::from_str(event.payload).ok()
}

/// Lets a known event take effect; `None` when its payload cannot be read.
fn apply(order: &mut Order, event: &Recorded<'_>) -> Option<()> {
    let at = event.effective_at.max(order.last_at);
    let mut step = Effect { order, event, at };
    match event.kind {
        "order.dispatched" => {
            let p: Dispatched = read(event)?;
            step.assign(p.to);
            step.order.pool = p.pool && step.order.assignee.is_none();
            step.dispatched();
            step.mark(MarkKind::Dispatched);
        }
        "order.accepted" => {
            let p: Accepted = read(event)?;
            step.assign(p.on_behalf.or_else(|| event.user.cloned()));
            step.status(Status::Accepted);
            step.mark(MarkKind::Accepted);
        }
        "order.arrived" => {
            let p: Fact = read(event)?;
            step.arrived(p.on_behalf.or_else(|| event.user.cloned()));
        }
        "order.workaround" => {
            step.status(Status::WorkedAround);
            step.mark(MarkKind::Workaround);
        }
        "order.restored" => {
            step.end_suspension();
            step.status(Status::Restored);
            step.mark(MarkKind::Restored);
        }
        "order.suspended" => {
            let p: Suspended = read(event)?;
            step.suspend(true);
            let at = step.at;
            step.push(Mark { reason: Some(p.reason), ..Mark::new(at, MarkKind::Suspended) });
        }
        "order.resumed" => {
            step.end_suspension();
        }
        "order.level_changed" => step.level(read(event)?),
        "order.rule_chosen" => step.rule(read(event)?),
        "order.rebound" => {
            let p: Rebound = read(event)?;
            step.order.contract_hash = p.contract_hash;
            step.order.calendar_hash = p.calendar_hash;
            step.touch(&["contract_hash", "calendar_hash"]);
        }
        "order.returned" => {
            let to = step.order.dispatched_by.take().or_else(|| step.order.registered_by.clone());
            step.order.returned = Some(Returned { at: step.at, to });
            step.assign(None);
            step.order.pool = false;
            step.status(Status::Registered);
        }
        "order.transferred" => {
            let p: Transferred = read(event)?;
            step.order.pool = p.to.is_none();
            step.assign(p.to);
            step.dispatched();
            step.mark(MarkKind::Dispatched);
        }
        "order.reopened" => {
            let back = if step.order.assignee.is_some() { Status::Accepted } else { Status::Registered };
            step.status(back);
            step.mark(MarkKind::Reopened);
        }
        "order.confirmed" => step.status(Status::Confirmed),
        "order.entered" => {
            let p: Entered = read(event)?;
            step.order.external_no = Some(p.number);
            step.order.entered = Some(Entry { by: event.user.cloned(), at: event.claimed_at });
        }
        "order.closed" => {
            let p: Closed = read(event)?;
            step.end_suspension();
            step.status(Status::Closed);
            step.mark(MarkKind::Closed);
            step.know(p.symptom, p.cause, p.steps);
        }
        "order.urged" | "order.supervised" => step.urge(),
        "order.assist_asked" => step.ask_assist(read(event)?),
        "order.assist_accepted" => step.answer_assist(&read(event)?, AssistState::Accepted),
        "order.assist_finished" => step.answer_assist(&read(event)?, AssistState::Finished),
        "order.knowledge_noted" => {
            let p: KnowledgeNoted = read(event)?;
            step.know(p.symptom, p.cause, p.steps);
        }
        "order.voided" => {
            step.order.voided = true;
            step.touch(&["status"]);
        }
        "order.merged" => {
            let p: Merged = read(event)?;
            step.end_suspension();
            step.order.merged_into = Some(p.into);
            step.status(Status::Merged);
            step.mark(MarkKind::Closed);
        }
        "order.reconciled" => {
            let p: Reconciled = read(event)?;
            step.order.unreconciled.retain(|id| id.to_string() != p.event);
        }
        "order.alarmed" => {
            let count = step.order.alarms.map_or(0, |alarms| alarms.count);
            step.order.alarms = Some(Alarms { count: count.saturating_add(1), last_at: step.at });
        }
        // Notes and the like change nothing; a second registration was judged unreconciled.
        kind => {
            if let Some(mark) = plain_mark(kind) {
                step.mark(mark);
            }
        }
    }
    step.name_asset();
    let at = step.at;
    order.last_at = at;
    answer_urge(order, event);
    Some(())
}

/// Whatever the person in charge writes answers an urge, but for an urge of his own.
fn answer_urge(order: &mut Order, event: &Recorded<'_>) {
    let urges = matches!(event.kind, "order.urged" | "order.supervised");
    let in_charge = order.assignee.is_some() && order.assignee.as_ref() == event.user;
    if !order.status.is_in_work() || (in_charge && !urges) {
        order.urged = None;
    }
}

/// Facts whose only effect is a mark on the clocks.
fn plain_mark(kind: &str) -> Option<MarkKind> {
    Some(match kind {
        "order.responded" => MarkKind::Responded,
        "order.work_started" => MarkKind::WorkStarted,
        "order.diagnosed" => MarkKind::Diagnosed,
        "order.solution_given" => MarkKind::SolutionGiven,
        "order.alternative_given" => MarkKind::AlternativeGiven,
        "order.remote_failed" => MarkKind::RemoteFailed,
        "order.swapped" => MarkKind::Swapped,
        "order.escalated" => MarkKind::Escalated,
        "order.report_submitted" => MarkKind::ReportSubmitted,
        _ => return None,
    })
}

/// An event taking effect on an order at a time.
struct Effect<'a, 'e> {
    order: &'a mut Order,
    event: &'a Recorded<'e>,
    at: Timestamp,
}

impl Effect<'_, '_> {
    fn touch(&mut self, fields: &[&str]) {
        touch(self.order, self.event.id, fields);
    }

    fn status(&mut self, status: Status) {
        if self.order.status != status {
            self.order.status = status;
            self.touch(&["status"]);
        }
    }

    fn dispatched(&mut self) {
        self.order.dispatched_by = self.event.user.cloned();
        self.order.returned = None;
        self.status(Status::Dispatched);
    }

    fn urge(&mut self) {
        let times = self.order.urged.as_ref().map_or(0, |urge| urge.times).saturating_add(1);
        self.order.urged = Some(Urge { at: self.at, times });
    }

    /// Of a full list the oldest that has ended makes room.
    fn ask_assist(&mut self, p: AssistAsked) {
        let assists = &mut self.order.assists;
        if assists.len() == Order::LISTED_MAX
            && let Some(ended) = assists.iter().position(|assist| assist.state == AssistState::Finished)
        {
            assists.remove(ended);
        }
        if assists.len() < Order::LISTED_MAX {
            let (id, state) = (self.event.id, AssistState::Asked);
            assists.push(Assist { id, to: p.to, unit: p.unit, text: p.text, state });
        }
    }

    /// Accepting never goes back behind an end.
    fn answer_assist(&mut self, p: &AssistAnswered, state: AssistState) {
        let asked = self.order.assists.iter_mut().find(|assist| assist.id.to_string() == p.assist);
        if let Some(assist) = asked {
            assist.state = assist.state.max(state);
        }
    }

    fn know(&mut self, symptom: String, cause: String, steps: String) {
        if symptom.is_empty() && cause.is_empty() && steps.is_empty() {
            return;
        }
        if self.order.knowledge.len() == Order::LISTED_MAX {
            self.order.knowledge.remove(0);
        }
        let (id, by, at) = (self.event.id, self.event.user.cloned(), self.at);
        self.order.knowledge.push(Knowledge { id, by, at, symptom, cause, steps });
    }

    /// Steps that look at a device or exchange a part of it may name it.
    fn name_asset(&mut self) {
        let named = match self.event.kind {
            "order.diagnosed" => read::<Fact>(self.event).and_then(|p| p.asset),
            "order.swapped" => read::<Swapped>(self.event).and_then(|p| p.asset),
            _ => None,
        };
        let assets = &mut self.order.assets;
        if let Some(named) = named.filter(|named| !assets.contains(named) && assets.len() < Order::LISTED_MAX)
        {
            assets.push(named);
        }
    }

    fn assign(&mut self, to: Option<UserId>) {
        if to.is_some() {
            self.order.pool = false;
            self.order.returned = None;
        }
        if self.order.assignee != to {
            self.order.assignee = to;
            self.touch(&["assignee"]);
        }
    }

    fn suspend(&mut self, suspended: bool) {
        if self.order.suspended != suspended {
            self.order.suspended = suspended;
            self.touch(&["suspended"]);
        }
    }

    fn end_suspension(&mut self) {
        self.suspend(false);
        self.mark(MarkKind::Resumed);
    }

    fn arrived(&mut self, who: Option<UserId>) {
        if self.order.assignee.is_none() {
            self.assign(who);
        }
        if self.order.status < Status::Arrived {
            self.status(Status::Arrived);
        }
        self.mark(MarkKind::Arrived);
    }

    fn level(&mut self, p: LevelChanged) {
        self.order.level = Some(p.level.clone());
        self.order.level_reason = Some(p.reason);
        self.touch(&["level"]);
        let at = self.at;
        self.push(Mark { level: Some(p.level), ..Mark::new(at, MarkKind::LevelChanged) });
    }

    fn rule(&mut self, p: RuleChosen) {
        self.touch(&[&format!("rule.{}", p.target)]);
        self.order.rules.insert(p.target.clone(), p.rule.clone());
        let at = self.at;
        self.push(Mark { rule: Some(p.rule), target: Some(p.target), ..Mark::new(at, MarkKind::RuleChosen) });
    }

    fn mark(&mut self, kind: MarkKind) {
        let mark = Mark::new(self.at, kind);
        self.push(mark);
    }

    /// Adds a mark unless the list would stop being a legal case for the clocks. What was done before a
    /// planned moment counts from that moment.
    fn push(&mut self, mut mark: Mark) {
        mark.at = self.order.marks.last().map_or(mark.at, |last| mark.at.max(last.at));
        if fits(&self.order.marks, mark.kind) {
            self.order.marks.push(mark);
        }
    }
}

fn fits(marks: &[Mark], kind: MarkKind) -> bool {
    use MarkKind::{Closed, Reopened, ReportSubmitted, Reported, Restored, Resumed, RuleChosen, Suspended};
    let last = |of: &[MarkKind]| marks.iter().rev().map(|m| m.kind).find(|k| of.contains(k));
    let ended = last(&[Restored, Closed, Reopened]);
    if last(&[Closed, Reopened]) == Some(Closed) && !matches!(kind, ReportSubmitted | RuleChosen | Reopened) {
        return false;
    }
    match kind {
        Reported => marks.is_empty(),
        Suspended => last(&[Suspended, Resumed]) != Some(Suspended),
        Resumed => last(&[Suspended, Resumed]) == Some(Suspended),
        Restored => ended != Some(Restored),
        Reopened => matches!(ended, Some(Restored | Closed)),
        _ => true,
    }
}
