//! 报废: asked for by one, signed by another, and only then booked out.

use super::{NAME_CHARS_MAX, Owner, QUANTITY_MAX, counts, is_kind, is_line, is_words, movement::Fate};
use crate::duty::named;
use crate::event::{EntityId, EventId, Recorded, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// `scrapping.asked`: the first signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScrapAsked {
    /// Model: `part/…`.
    pub part: EntityId,
    /// Piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// How many.
    pub quantity: u32,
    /// Where it lies: `place/…`.
    pub place: EntityId,
    /// Whose it is.
    pub owner: Owner,
    /// Why.
    pub reason: String,
    /// Number of the paper.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document: String,
    /// What becomes of it.
    pub fate: Fate,
}

impl ScrapAsked {
    fn is_sound(&self) -> bool {
        let piece = self
            .serial
            .as_ref()
            .is_none_or(|serial| !serial.is_empty() && is_line(serial, NAME_CHARS_MAX) && self.quantity == 1);
        is_kind(&self.part, "part")
            && is_kind(&self.place, "place")
            && (1..=QUANTITY_MAX).contains(&i64::from(self.quantity))
            && piece
            && !self.reason.is_empty()
            && is_words(&self.reason)
            && is_line(&self.document, NAME_CHARS_MAX)
    }
}

/// `scrapping.signed`: the second signature; a movement beside it books it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScrapSigned {
    /// In words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub words: String,
}

/// `scrapping.refused`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScrapRefused {
    /// Why.
    pub words: String,
}

named! {
    /// How far a scrapping is.
    #[derive(Default)]
    pub enum ScrapStage {
        /// Waits for the second signature.
        #[default]
        Asked = "asked", "待第二人签字";
        /// Signed by both, and booked.
        Signed = "signed", "已报废";
        /// Not agreed to.
        Refused = "refused", "未同意";
    }
}

/// A scrapping at a moment of its log: `scrapping/<event id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scrapping {
    /// What was asked.
    pub asked: ScrapAsked,
    /// Who asked, and signed first.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// The event that asked.
    pub first: EventId,
    /// How far it is.
    pub stage: ScrapStage,
    /// Who signed second or refused, when and with which words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<(Option<UserId>, Timestamp, String)>,
    /// The event that changed the stage last.
    pub touched: EventId,
    /// Own events that wait for the centre.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<EventId>,
}

/// One act about a scrapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScrapAct {
    /// `scrapping.asked`.
    Asked(Box<ScrapAsked>),
    /// `scrapping.signed`.
    Signed(ScrapSigned),
    /// `scrapping.refused`.
    Refused(ScrapRefused),
}

impl ScrapAct {
    /// From an event; `None` where it is none or cannot be read.
    #[must_use]
    pub fn read(kind: &str, payload: &str) -> Option<Self> {
        match kind {
            "scrapping.asked" => serde_json::from_str(payload)
                .ok()
                .filter(ScrapAsked::is_sound)
                .map(|asked| Self::Asked(Box::new(asked))),
            "scrapping.signed" => {
                let signed: ScrapSigned = serde_json::from_str(payload).ok()?;
                is_words(&signed.words).then_some(Self::Signed(signed))
            }
            "scrapping.refused" => {
                let refused: ScrapRefused = serde_json::from_str(payload).ok()?;
                (!refused.words.is_empty() && is_words(&refused.words)).then_some(Self::Refused(refused))
            }
            _ => None,
        }
    }
}

/// Folds an event of `scrapping/<event id>`. Rejected and parked ones change nothing.
pub fn fold_scrapping(state: Option<Scrapping>, event: &Recorded<'_>) -> Option<Scrapping> {
    let Some(act) = ScrapAct::read(event.kind, event.payload).filter(|_| counts(event)) else { return state };
    let mut scrapping = match (state, act) {
        (None, ScrapAct::Asked(asked)) => Scrapping {
            asked: *asked,
            by: event.user.cloned(),
            at: event.effective_at,
            first: event.id,
            stage: ScrapStage::Asked,
            answer: None,
            touched: event.id,
            pending: Vec::new(),
        },
        (None, _) => return None,
        (Some(scrapping), ScrapAct::Asked(_)) => return Some(scrapping),
        (Some(mut scrapping), act) => {
            if scrapping.stage == ScrapStage::Asked {
                let (stage, words) = match act {
                    ScrapAct::Refused(refused) => (ScrapStage::Refused, refused.words),
                    ScrapAct::Signed(signed) => (ScrapStage::Signed, signed.words),
                    ScrapAct::Asked(_) => return Some(scrapping),
                };
                scrapping.stage = stage;
                scrapping.answer = Some((event.user.cloned(), event.effective_at, words));
                scrapping.touched = event.id;
            }
            scrapping
        }
    };
    if event.is_pending() {
        scrapping.pending.push(event.id);
    }
    Some(scrapping)
}
