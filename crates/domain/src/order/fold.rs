//! The fold of an order's events. One function for confirmed and pending ones.

use crate::event::{Class, EventId, Recorded, UserId, Verdict, event_type};
use crate::order::payload::{
    Accepted, Dispatched, Fact, LevelChanged, Merged, Rebound, Reconciled, Registered, RuleChosen, Suspended,
    Transferred,
};
use crate::order::{Alarms, Mark, MarkKind, Order, Status, table};
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
        source: p.source.filter(|_| event.user.is_none()),
        alarms,
        registered_by: event.user.cloned(),
        reported_at,
        scheduled_at: p.scheduled_at,
        late_reason: p.late_reason,
        facts: p.facts,
        level: p.level.clone(),
        level_reason: p.level_reason,
        contract_hash: p.contract_hash,
        calendar_hash: p.calendar_hash,
        last_at: event.effective_at,
        ..Order::default()
    };
    order.marks.push(Mark { level: p.level, ..Mark::new(reported_at, MarkKind::Reported) });
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
            step.status(Status::Dispatched);
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
            step.assign(None);
            step.order.pool = false;
            step.status(Status::Registered);
        }
        "order.transferred" => {
            let p: Transferred = read(event)?;
            step.order.pool = p.to.is_none();
            step.assign(p.to);
            step.status(Status::Dispatched);
            step.mark(MarkKind::Dispatched);
        }
        "order.reopened" => {
            let back = if step.order.assignee.is_some() { Status::Accepted } else { Status::Registered };
            step.status(back);
            step.mark(MarkKind::Reopened);
        }
        "order.confirmed" => step.status(Status::Confirmed),
        "order.closed" => {
            step.end_suspension();
            step.status(Status::Closed);
            step.mark(MarkKind::Closed);
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
    let at = step.at;
    order.last_at = at;
    Some(())
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

    fn assign(&mut self, to: Option<UserId>) {
        if to.is_some() {
            self.order.pool = false;
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

    /// Adds a mark unless the list would stop being a legal case for the clocks.
    fn push(&mut self, mark: Mark) {
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
