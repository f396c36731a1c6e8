//! Duty today: who is on duty now, 交接班, 值班电话记录, 值班日志 and 日报.
//!
//! Promises: pure functions of shifts, events and "now"; nothing here holds a reporter's name or phone
//! (the hotline's caller travels sealed). Left out: how a roster comes about, and who may read what.

pub mod dutylog;
pub mod handover;
pub mod hotline;
mod judge;
pub mod now;

pub(crate) use judge::{on_dutylog, on_handover, on_hotline};

use crate::event::{Recorded, Verdict};

/// Whether a fold applies the event: pending counts as accepted, unreconciled moves nothing.
fn counts(event: &Recorded<'_>) -> bool {
    matches!(event.verdict, None | Some(Verdict::Accepted))
}

/// Whether a text is trimmed, of one to `max` characters, and has no control character but line ends.
fn is_text(text: &str, max: usize) -> bool {
    !text.is_empty() && is_optional_text(text, max)
}

/// As [`is_text`], or empty.
fn is_optional_text(text: &str, max: usize) -> bool {
    text.trim() == text
        && text.chars().count() <= max
        && !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t')
}
