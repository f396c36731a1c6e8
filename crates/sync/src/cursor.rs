//! The cursor: how far a console is in a log, and how to notice that the log went another way.

use crate::envelope::Id;
use crate::hash::Hash;

/// How far a console is in one log of one centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The centre.
    pub server_id: Id,
    /// Random; new after each restore of the centre.
    pub epoch: Id,
    /// Last seq stored and folded, 0 at the start.
    pub seq: u64,
    /// Head hash there.
    pub head: Hash,
}

/// What the centre says of the same log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogHead {
    /// Last seq of the log.
    pub seq: u64,
    /// Head hash there.
    pub head: Hash,
}

/// The centre's answer to a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CursorCheck {
    /// The same history, nothing new.
    UpToDate,
    /// The same history, entries to pull.
    Behind,
    /// Another history: the console is ahead, the hash at its seq differs, or the epoch changed.
    Rollback,
    /// Another centre altogether: ask a person, never merge.
    OtherServer,
}

/// Compares a cursor with a centre's log; `head_at_cursor` is the centre's head hash at `cursor.seq`.
#[must_use]
pub fn check(
    cursor: &Cursor,
    server_id: Id,
    epoch: Id,
    head: LogHead,
    head_at_cursor: Option<Hash>,
) -> CursorCheck {
    if cursor.server_id != server_id {
        return CursorCheck::OtherServer;
    }
    if cursor.epoch != epoch || head_at_cursor != Some(cursor.head) || cursor.seq > head.seq {
        return CursorCheck::Rollback;
    }
    if cursor.seq == head.seq { CursorCheck::UpToDate } else { CursorCheck::Behind }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shorter_or_other_history_is_a_rollback() {
        let cursor = Cursor { server_id: [1; 16], epoch: [2; 16], seq: 5, head: Hash([5; 32]) };
        let long = LogHead { seq: 9, head: Hash([9; 32]) };
        let short = LogHead { seq: 3, head: Hash([3; 32]) };
        let at = Some(Hash([5; 32]));
        assert_eq!(check(&cursor, [1; 16], [2; 16], long, at), CursorCheck::Behind);
        assert_eq!(
            check(&cursor, [1; 16], [2; 16], LogHead { seq: 5, head: cursor.head }, at),
            CursorCheck::UpToDate
        );
        assert_eq!(check(&cursor, [1; 16], [2; 16], short, None), CursorCheck::Rollback);
        assert_eq!(check(&cursor, [1; 16], [2; 16], long, Some(Hash::ZERO)), CursorCheck::Rollback);
        assert_eq!(check(&cursor, [1; 16], [8; 16], long, at), CursorCheck::Rollback);
        assert_eq!(check(&cursor, [7; 16], [2; 16], long, at), CursorCheck::OtherServer);
    }
}
