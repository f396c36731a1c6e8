//! 去向: where a person is, as he or the desk said last.
//!
//! Not attendance: nobody is counted as present or absent by it. It lives in a contract's common log, as
//! colleagues of all divisions ask for it, and names no order and nobody of the buyer.

use crate::event::{EntityId, Recorded, UserId, Verdict};
use crate::people::{Actor, Role};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Longest place, in characters.
pub const PLACE_CHARS_MAX: usize = 40;

/// Where somebody is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Where {
    /// 在岗.
    #[default]
    Desk,
    /// 机房.
    MachineRoom,
    /// 会议.
    Meeting,
    /// 外出.
    Out,
    /// 用餐.
    Meal,
}

impl Where {
    /// All, in the order of their keys 1 to 5.
    pub const ALL: [Self; 5] = [Self::Desk, Self::MachineRoom, Self::Meeting, Self::Out, Self::Meal];

    /// Stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::MachineRoom => "machine_room",
            Self::Meeting => "meeting",
            Self::Out => "out",
            Self::Meal => "meal",
        }
    }

    /// From the stable word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.code() == code)
    }

    /// Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Desk => "在岗",
            Self::MachineRoom => "机房",
            Self::Meeting => "会议",
            Self::Out => "外出",
            Self::Meal => "用餐",
        }
    }
}

/// Payload of `whereabouts.told`, about `whereabouts/<user>`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// Where.
    #[serde(rename = "where")]
    pub at: Where,
    /// The place in words, such as `4楼会议室`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// When he expects to be back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub back_at: Option<Timestamp>,
}

/// What was told last of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whereabouts {
    /// The words.
    pub told: Told,
    /// Since when, by the time that counts.
    pub since: Timestamp,
    /// Who said so.
    pub by: Option<UserId>,
    /// Still waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

/// `whereabouts/<user>`.
///
/// # Panics
/// Never: a user id has the shape of the second part.
pub fn whereabouts_of(user: &UserId) -> EntityId {
    EntityId::new(format!("whereabouts/{user}")).expect("a user id is a part of a name")
}

/// Folds an event of `whereabouts/<user>`. What was said later counts, whenever it arrives; what cannot
/// be read changes nothing.
pub fn fold_whereabouts(state: Option<Whereabouts>, event: &Recorded<'_>) -> Option<Whereabouts> {
    let counts = matches!(event.verdict, None | Some(Verdict::Accepted));
    let is_later = state.as_ref().is_none_or(|state| event.effective_at >= state.since);
    if !counts || !is_later || event.kind != "whereabouts.told" {
        return state;
    }
    let Ok(told) = serde_json::from_str(event.payload) else { return state };
    Some(Whereabouts {
        told,
        since: event.effective_at,
        by: event.user.cloned(),
        pending: event.verdict.is_none(),
    })
}

/// Whether `actor` may say where that person is: himself, and the desk for whoever called in.
pub fn may_tell(actor: &Actor, person: &str) -> bool {
    actor.user().is_some_and(|user| user.as_str() == person)
        || actor.has(Role::Dispatcher)
        || actor.has(Role::Supervisor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EventId;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_760_000_000 + minute * 60).unwrap()
    }

    fn told(
        minute: i64,
        payload: &str,
        verdict: Option<Verdict>,
        state: Option<Whereabouts>,
    ) -> Option<Whereabouts> {
        let (wang, entity) = (UserId::new("wang").unwrap(), EntityId::new("whereabouts/wang").unwrap());
        let event = Recorded {
            id: EventId([1; 16]),
            kind: "whereabouts.told",
            tv: 1,
            user: Some(&wang),
            entity: &entity,
            seq: verdict.map(|_| 1),
            effective_at: at(minute),
            claimed_at: at(minute),
            trust: None,
            verdict,
            deps: &[],
            payload,
        };
        fold_whereabouts(state, &event)
    }

    #[test]
    fn the_later_word_counts_whenever_it_arrives() {
        let meeting = told(10, r#"{"where":"meeting","place":"4楼"}"#, Some(Verdict::Accepted), None);
        let late = told(5, r#"{"where":"out"}"#, Some(Verdict::Accepted), meeting.clone());
        assert_eq!(late, meeting, "an older word that was offline changes nothing");
        let back = told(20, "{}", None, meeting).unwrap();
        assert_eq!((back.told.at, back.pending, back.since), (Where::Desk, true, at(20)));
    }

    #[test]
    fn rejected_and_unreadable_words_change_nothing() {
        for (payload, verdict) in
            [("{}", Some(Verdict::Rejected)), (r#"{"where":"moon"}"#, None), ("7", None)]
        {
            assert_eq!(told(1, payload, verdict, None), None, "{payload}");
        }
    }

    #[test]
    fn the_words_are_frozen() {
        let told = Told { at: Where::MachineRoom, place: "B1".into(), back_at: Some(at(0)) };
        let text = r#"{"where":"machine_room","place":"B1","back_at":"2025-10-09T08:53:20Z"}"#;
        assert_eq!(serde_json::to_string(&told).unwrap(), text);
        for place in Where::ALL {
            assert_eq!(Where::from_code(place.code()), Some(place));
            assert_eq!(serde_json::to_string(&place).unwrap(), format!("\"{}\"", place.code()));
        }
    }
}
