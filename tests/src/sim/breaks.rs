//! Deliberate breaks: one bug per invariant, switched on by a test that then must see it found.
//!
//! Where the bug is a driver's (what to do with an answer) the simulator's driver has it; where it is
//! a store's or the judge's, the simulator does to the rows what one with that bug would have done; where
//! it is an answer's, the answer is altered on the wire. No product code knows of any of them.

/// A bug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Break {
    /// I1: a console leaves an event out of its fold.
    SkipsAFold,
    /// I2: a verdict changes after it was shown.
    ChangesAVerdict,
    /// I3: the outbox row leaves when the push is answered, before its commit is pulled.
    ForgetsWhenAnswered,
    /// I3: a rejected claim is not kept in the conflict box.
    DropsRejected,
    /// I4: a retry writes the act anew instead of sending the same event again.
    RetriesAnew,
    /// I5: the cursor is written before the entries, and the program dies between.
    CursorFirst,
    /// I6: a page goes in with an entry missing.
    LeavesAHole,
    /// I7: a gap in a device's chain is passed over.
    SkipsInTheChain,
    /// I7: a gap is answered without the place that is missing.
    HidesTheGap,
    /// I8: an old page puts the cursor back, so that it is news again.
    BelievesOldPages,
    /// I9: a page altered on the way is believed.
    BelievesForgery,
    /// I10: a claim wins although what it relied on has changed.
    LastWriterWins,
    /// I10: an order is accepted a second time while the first one stands.
    BothAccepted,
    /// I11: a verdict goes by the device's clock.
    JudgesByClock,
    /// I12: a shorter history of the centre is taken as news.
    IgnoresRollback,
    /// I13: a fork of the own chain is passed over.
    IgnoresFork,
    /// I14: a fact is rejected for state.
    RejectsFacts,
    /// I14: rejection does not cascade.
    NoCascade,
    /// I15: a member of a failed group counts.
    HalfGroups,
    /// I16: the overlay is not refolded when confirmed entries come in.
    StaleOverlay,
    /// I17: a movement is booked upon what there was, and once more when its echo comes.
    BooksTwice,
    /// I17: a piece stays where it was although it was moved.
    LeavesThePiece,
    /// I19: a device gets a log it may not hold.
    LeaksALog,
    /// I20: one refused page stops the driver for ever.
    GivesUp,
    /// I21: what a page does not mention is taken as removed.
    HidesTheAbsent,
    /// I22: an erased part is kept.
    KeepsErased,
}

impl Break {
    /// All of them.
    pub const ALL: [Self; 26] = [
        Self::SkipsAFold,
        Self::ChangesAVerdict,
        Self::ForgetsWhenAnswered,
        Self::DropsRejected,
        Self::RetriesAnew,
        Self::CursorFirst,
        Self::LeavesAHole,
        Self::SkipsInTheChain,
        Self::HidesTheGap,
        Self::BelievesOldPages,
        Self::BelievesForgery,
        Self::LastWriterWins,
        Self::BothAccepted,
        Self::JudgesByClock,
        Self::IgnoresRollback,
        Self::IgnoresFork,
        Self::RejectsFacts,
        Self::NoCascade,
        Self::HalfGroups,
        Self::StaleOverlay,
        Self::BooksTwice,
        Self::LeavesThePiece,
        Self::LeaksALog,
        Self::GivesUp,
        Self::HidesTheAbsent,
        Self::KeepsErased,
    ];
}
