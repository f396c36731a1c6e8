//! What the door does about rosters beside passing on: a draft works without the store.

use super::Door;
use super::dto::{DoorError, RosterDraftArgs, RosterProposal};

impl Door {
    /// Lets the machine fill a month. The store is free meanwhile; listeners hear `roster_draft:<percent>`.
    ///
    /// # Errors
    /// As the reads and the rules refuse.
    pub(super) fn draft_roster(&self, args: &RosterDraftArgs) -> Result<RosterProposal, DoorError> {
        let drafting = self.read(|desk| desk.drafting(args))?;
        let host = &self.inner.host;
        let mut told = 0;
        Ok(drafting.run(
            || host.evidence().uptime_ms,
            |part| {
                // In tenths: a listener needs no more.
                let tenth = (part * 10.0) as u32;
                if tenth > told {
                    told = tenth;
                    self.push([format!("roster_draft:{}", tenth * 10)]);
                }
            },
        ))
    }
}
