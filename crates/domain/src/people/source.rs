//! Other programs that register orders through the centre: who they are and what they may do.

use crate::event::{Recorded, Verdict};
use serde::{Deserialize, Serialize};

/// Most requests a minute that a source can be granted; keeps one program from taking the centre. A guess.
pub const RATE_PER_MINUTE_MAX: u32 = 6_000;

/// Which program an event comes from: field `source` of every payload that a source issues. Such an
/// event has no user; where there is one, the field means nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its id: the last part of `source/<id>`.
    pub id: String,
    /// Its name then, for people.
    pub name: String,
}

impl Source {
    /// The source that a payload names, if it names one.
    #[must_use]
    pub fn named_in(payload: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Named {
            #[serde(default)]
            source: Option<Source>,
        }
        serde_json::from_str::<Named>(payload).ok()?.source
    }
}

/// What a source may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Register orders and send alarms.
    Register,
    /// Comment on orders.
    Comment,
    /// Ask how orders stand.
    Read,
    /// Book parts that came into a store.
    Receive,
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Register, Self::Comment, Self::Read, Self::Receive];
    /// Those about orders.
    pub const ORDERS: [Self; 3] = [Self::Register, Self::Comment, Self::Read];

    /// Stable word.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Comment => "comment",
            Self::Read => "read",
            Self::Receive => "receive",
        }
    }

    /// Chinese name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Register => "登记",
            Self::Comment => "备注",
            Self::Read => "查询",
            Self::Receive => "入库",
        }
    }

    /// From the stable word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.code() == code)
    }
}

/// A source as the site log tells; payload of `source.added`. Its key is the centre's secret and in no log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceState {
    /// Name shown.
    pub name: String,
    /// Contract it registers for.
    pub contract: String,
    /// Divisions of it; empty means all.
    pub divisions: Vec<String>,
    /// What it may do, by [`Deed::code`]; a word of a newer program grants nothing here.
    pub may: Vec<String>,
    /// What it registers goes to the division's pool at once.
    pub pool: bool,
    /// Requests a minute, at most.
    pub per_minute: u32,
    /// A revoked source is heard no more.
    pub revoked: bool,
}

impl SourceState {
    /// Whether it may do this.
    #[must_use]
    pub fn may(&self, deed: Deed) -> bool {
        !self.revoked && self.may.iter().any(|word| word == deed.code())
    }
}

/// Folds an event of `source/<id>`. A rejected, parked or unreadable one changes nothing.
pub fn fold_source(state: Option<SourceState>, event: &Recorded<'_>) -> Option<SourceState> {
    if !matches!(event.verdict, None | Some(Verdict::Accepted)) {
        return state;
    }
    match (event.kind, state) {
        ("source.added", None) => serde_json::from_str(event.payload).ok(),
        ("source.revoked", Some(source)) => Some(SourceState { revoked: true, ..source }),
        (_, state) => state,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_unique_and_unknown_ones_grant_nothing() {
        for deed in Deed::ALL {
            assert_eq!(Deed::from_code(deed.code()), Some(deed));
        }
        let state = SourceState { may: vec!["read".into(), "close".into()], ..SourceState::default() };
        assert!(state.may(Deed::Read) && !state.may(Deed::Register) && !state.may(Deed::Comment));
        assert!(!SourceState { revoked: true, ..state }.may(Deed::Read));
    }

    #[test]
    fn a_payload_names_its_source_or_none() {
        let named = Source { id: "s1".into(), name: "监控平台".into() };
        assert_eq!(Source::named_in(r#"{"text":"x","source":{"id":"s1","name":"监控平台"}}"#), Some(named));
        for none in [r#"{"text":"x"}"#, r#"{"source":null}"#, r#"{"source":"s1"}"#, "[]", "{"] {
            assert_eq!(Source::named_in(none), None, "{none}");
        }
    }
}
