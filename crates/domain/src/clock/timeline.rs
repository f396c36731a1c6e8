//! The events of an order up to the moment of the question, in order and as plain numbers.

use super::case::Case;
use super::code::Why;
use super::kind::{EventKind, Target};
use super::slot::Span;
use crate::contract::Settings;

/// Events sorted by (at, position).
#[derive(Debug, Clone)]
pub(super) struct Timeline {
    pub(super) events: Vec<Entry>,
    /// Suspensions, ascending; those for a listed reason stop clocks.
    pub(super) suspensions: Vec<Span>,
}

/// One event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) at: i64,
    pub(super) kind: EventKind,
    /// Position in the case.
    pub(super) position: usize,
}

impl Timeline {
    pub(super) fn new(case: &Case, settings: &Settings) -> Self {
        let entries = case.sequence().into_iter().filter_map(|position| {
            case.event(position).map(|event| Entry {
                at: event.at.0.as_microsecond(),
                kind: event.kind,
                position,
            })
        });
        let events: Vec<Entry> = entries.collect();
        let suspensions = suspensions(case, settings, &events);
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

fn suspensions(case: &Case, settings: &Settings, events: &[Entry]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for entry in events {
        match entry.kind {
            EventKind::Suspended => {
                let reason = case.event(entry.position).and_then(|event| event.reason.as_deref());
                let listed = settings.pause.iter().any(|pause| Some(pause.reason.as_str()) == reason);
                let why = if listed { Why::PauseListed } else { Why::PauseNotInContract };
                spans.push(Span { from: entry.at, to: i64::MAX, why });
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
