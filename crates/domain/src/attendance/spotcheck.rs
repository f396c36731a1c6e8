//! 抽查记录: somebody of the buyer, an overseer or the project manager looked whether a person was there.
//!
//! Promises: a fact, never altered; where the person had said he was is copied by its word, without the place;
//! an explanation counts as in time when it was given on the day of the check (本项目约定). Left out: what a
//! finding costs.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::WORDS_CHARS_MAX;
use crate::calendar::civil_date;
use crate::event::{EntityId, EventId, Reason, Recorded, UserId, Verdict};
use crate::judge::{Incoming, Judgement};
use crate::people::{Actor, Where};

/// Longest unit of a checker, in characters.
pub const UNIT_CHARS_MAX: usize = 60;
/// Most explanations kept of one check.
const EXPLAINED_MAX: usize = 20;

/// Where the person had said he was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldThen {
    /// The word of the board.
    #[serde(rename = "where")]
    pub at: Where,
    /// Since when.
    pub since: Timestamp,
}

/// `spotcheck.noted`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpotNoted {
    /// Who was looked for.
    pub person: UserId,
    /// When.
    pub at: Timestamp,
    /// Whether he was there.
    pub found: bool,
    /// Unit or post of whoever looked, never a name; empty: whoever notes it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// 去向 at that moment, as far as it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<ToldThen>,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl SpotNoted {
    /// Whether its texts keep to their limits.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let fits = |text: &str, max: usize| text.trim() == text && text.chars().count() <= max;
        fits(&self.unit, UNIT_CHARS_MAX) && fits(&self.note, WORDS_CHARS_MAX)
    }
}

/// `spotcheck.explained`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpotExplained {
    /// In the person's words.
    pub words: String,
}

impl SpotExplained {
    /// Whether it says something and keeps to its limit.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let words = self.words.trim();
        words == self.words && !words.is_empty() && words.chars().count() <= WORDS_CHARS_MAX
    }
}

/// An explanation as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// In the person's words.
    pub words: String,
    /// When.
    pub at: Timestamp,
}

/// One check: `spotcheck/<event id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpotCheck {
    /// What was noted.
    pub noted: SpotNoted,
    /// Who noted it.
    pub by: Option<UserId>,
    /// The event that noted it.
    pub event: EventId,
    /// Explanations, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explained: Vec<Explanation>,
    /// Part of it waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

impl SpotCheck {
    /// Whether the person explained himself on the day of the check.
    #[must_use]
    pub fn is_explained_in_time(&self) -> bool {
        self.explained.first().is_some_and(|first| civil_date(first.at) <= civil_date(self.noted.at))
    }

    /// Whether an explanation is owed and none was given.
    #[must_use]
    pub fn owes_explanation(&self) -> bool {
        !self.noted.found && self.explained.is_empty()
    }
}

/// `spotcheck/<event id>`.
///
/// # Panics
/// Never: an event id has the shape of the second part.
#[must_use]
pub fn spotcheck_of(id: EventId) -> EntityId {
    EntityId::new(format!("spotcheck/{id}")).expect("an event id is a part of a name")
}

/// Folds an event of `spotcheck/<id>`. A check is noted once.
#[must_use]
pub fn fold_spotcheck(state: Option<SpotCheck>, event: &Recorded<'_>) -> Option<SpotCheck> {
    if !matches!(event.verdict, None | Some(Verdict::Accepted)) {
        return state;
    }
    match (event.kind, state) {
        ("spotcheck.noted", None) => Some(SpotCheck {
            noted: serde_json::from_str(event.payload).ok()?,
            by: event.user.cloned(),
            event: event.id,
            explained: Vec::new(),
            pending: event.is_pending(),
        }),
        ("spotcheck.explained", Some(mut check)) => {
            if let Ok(SpotExplained { words }) = serde_json::from_str(event.payload)
                && check.explained.len() < EXPLAINED_MAX
            {
                check.explained.push(Explanation { words, at: event.effective_at });
                check.pending |= event.is_pending();
            }
            Some(check)
        }
        (_, state) => state,
    }
}

/// Judges `spotcheck.*`: nobody checks himself, and only he himself explains.
pub(crate) fn judge_spotcheck(
    state: Option<&SpotCheck>,
    incoming: &Incoming<'_>,
    actor: &Actor,
) -> Judgement {
    let malformed = Judgement::rejected(Reason::Malformed, None);
    match (incoming.kind, state) {
        ("spotcheck.noted", Some(check)) => Judgement::unreconciled(Reason::AlreadyExists, Some(check.event)),
        ("spotcheck.noted", None) => match serde_json::from_str::<SpotNoted>(incoming.payload) {
            Ok(noted) if !noted.is_sound() => malformed,
            Ok(noted) if actor.is(Some(&noted.person)) => Judgement::parked(Reason::NoRight),
            Ok(_) => Judgement::ACCEPTED,
            Err(_) => malformed,
        },
        (_, None) => Judgement::parked(Reason::NoEntity),
        (_, Some(check)) => match serde_json::from_str::<SpotExplained>(incoming.payload) {
            Ok(explained) if !explained.is_sound() => malformed,
            Ok(_) if actor.is(Some(&check.noted.person)) => Judgement::ACCEPTED,
            Ok(_) => Judgement::parked(Reason::NoRight),
            Err(_) => malformed,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTED: &str = r#"{"person":"wang","at":"2025-10-15T02:10:00Z","found":false,"unit":"科信处","told":{"where":"machine_room","since":"2025-10-15T01:50:00Z"}}"#;

    fn step(state: Option<SpotCheck>, n: u8, kind: &str, payload: &str, at: &str) -> Option<SpotCheck> {
        let (user, entity) = (UserId::new("wang").unwrap(), EntityId::new("spotcheck/1").unwrap());
        let at: Timestamp = at.parse().unwrap();
        let event = Recorded {
            id: EventId([n; 16]),
            kind,
            tv: 1,
            user: Some(&user),
            entity: &entity,
            seq: Some(1),
            effective_at: at,
            claimed_at: at,
            trust: None,
            verdict: Some(Verdict::Accepted),
            deps: &[],
            payload,
        };
        fold_spotcheck(state, &event)
    }

    #[test]
    fn an_explanation_counts_on_the_day_of_the_check_in_local_time() {
        let check = step(None, 1, "spotcheck.noted", NOTED, "2025-10-15T02:11:00Z").unwrap();
        assert_eq!(serde_json::to_string(&check.noted).unwrap(), NOTED, "bytes in logs for ever");
        assert!(check.owes_explanation());
        for (at, in_time) in [("2025-10-15T15:59:00Z", true), ("2025-10-15T16:00:00Z", false)] {
            let words = r#"{"words":"在机房更换硬盘"}"#;
            let done = step(Some(check.clone()), 2, "spotcheck.explained", words, at).unwrap();
            assert_eq!((done.owes_explanation(), done.is_explained_in_time()), (false, in_time), "{at}");
            let again = step(Some(done), 3, "spotcheck.explained", words, "2025-10-15T10:00:00Z").unwrap();
            assert_eq!(again.is_explained_in_time(), in_time, "the first counts");
        }
        assert_eq!(
            step(Some(check.clone()), 2, "spotcheck.noted", NOTED, "2025-10-15T02:11:00Z"),
            Some(check)
        );
    }
}
