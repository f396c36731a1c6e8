//! How the console stands with the centre.

use crate::door::dto::LinkState;

/// How the console stands with the centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkStatus {
    /// The state shown.
    pub state: LinkState,
    /// When the last complete round ended by this console's clock, Unix milliseconds.
    pub last_synced_at: Option<i64>,
    /// When the next try starts, Unix milliseconds; only while something is wrong.
    pub next_try_at: Option<i64>,
    /// Chinese sentence about what is wrong, if anything.
    pub trouble: Option<String>,
}

impl LinkStatus {
    /// Before the first round.
    #[must_use]
    pub fn starting() -> Self {
        Self { state: LinkState::Syncing, last_synced_at: None, next_try_at: None, trouble: None }
    }
}
