//! The events of an order up to the moment of the question, in order and as plain numbers.

use super::case::Case;
use super::kind::{EventKind, Target};

/// Events sorted by (at, position).
#[derive(Debug, Clone)]
pub(super) struct Timeline {
    pub(super) events: Vec<Entry>,
    /// Suspensions, ascending.
    pub(super) suspensions: Vec<Suspension>,
}

/// One event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) at: i64,
    pub(super) kind: EventKind,
    /// Position in the case.
    pub(super) position: usize,
}

/// One suspension; whether it stops a clock depends on the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Suspension {
    pub(super) from: i64,
    /// `i64::MAX` while it lasts.
    pub(super) to: i64,
    /// Position in the case of the event with its reason.
    pub(super) position: usize,
}

impl Timeline {
    pub(super) fn new(case: &Case) -> Self {
        let entries = case.sequence().into_iter().filter_map(|position| {
            case.event(position).map(|event| Entry {
                at: event.at.0.as_microsecond(),
                kind: event.kind,
                position,
            })
        });
        let events: Vec<Entry> = entries.collect();
        let suspensions = suspensions(&events);
        Self { events, suspensions }
    }

    /// Instant of the report.
    pub(super) fn reported(&self) -> i64 {
        self.events.first().map_or(0, |entry| entry.at)
    }

    pub(super) fn at(&self, index: usize) -> i64 {
        self.events.get(index).map_or(0, |entry| entry.at)
    }

    pub(super) fn kind(&self, index: usize) -> Option<EventKind> {
        self.events.get(index).map(|entry| entry.kind)
    }

    /// Index of the first event from `from` on, before `until`, that ends a target.
    pub(super) fn first_end(
        &self,
        target: Target,
        ends: &[EventKind],
        from: usize,
        until: usize,
    ) -> Option<usize> {
        (from..until.min(self.events.len())).find(|index| {
            self.kind(*index).is_some_and(|kind| {
                // A dispatch counts only once remote help has failed.
                let early = target == Target::Dispatch && kind == EventKind::Dispatched;
                ends.contains(&kind) && (!early || self.first(EventKind::RemoteFailed, 0, *index).is_some())
            })
        })
    }

    /// Index of the first event of a kind from `from` on, before `until`.
    pub(super) fn first(&self, kind: EventKind, from: usize, until: usize) -> Option<usize> {
        (from..until.min(self.events.len())).find(|index| self.kind(*index) == Some(kind))
    }

    /// Index of the restoration that holds before `until`: the last one that no reopening undid.
    pub(super) fn standing_restoration(&self, until: usize) -> Option<usize> {
        let last = (0..until.min(self.events.len()))
            .rev()
            .find(|index| matches!(self.kind(*index), Some(EventKind::Restored | EventKind::Reopened)))?;
        (self.kind(last) == Some(EventKind::Restored)).then_some(last)
    }
}

fn suspensions(events: &[Entry]) -> Vec<Suspension> {
    let mut spans: Vec<Suspension> = Vec::new();
    for entry in events {
        match entry.kind {
            EventKind::Suspended => {
                spans.push(Suspension { from: entry.at, to: i64::MAX, position: entry.position });
            }
            EventKind::Resumed => {
                if let Some(last) = spans.last_mut() {
                    last.to = entry.at;
                }
            }
            _ => {}
        }
    }
    spans
}
