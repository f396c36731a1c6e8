//! Movements (出入库): facts of the ledger.

use super::{
    FateKind, MovementKind, NAME_CHARS_MAX, Owner, PartCard, QUANTITY_MAX, is_kind, is_line, is_words,
};
use crate::event::{EntityId, EventId, Recorded, UserId, Verdict};
use crate::people::Source;
use crate::stock::replay::Line;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Most serial numbers of one count.
const PRESENT_MAX: usize = 1_000;

/// The order a part was used on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRef {
    /// `order/<uuid>`.
    pub entity: EntityId,
    /// Its number, for those who do not hold its log.
    pub number: String,
}

/// 坏件去向.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fate {
    /// What becomes of it.
    pub fate: FateKind,
    /// Who took it over: a unit or post.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub receiver: String,
    /// Who was there.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub witness: String,
    /// 出门条号.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pass_no: String,
    /// For a storage medium that leaves: the buyer's written release, by name of paper and number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub released_by: String,
}

impl Fate {
    fn is_sound(&self) -> bool {
        let texts = [&self.receiver, &self.witness, &self.pass_no, &self.released_by];
        texts.into_iter().all(|text| is_line(text, NAME_CHARS_MAX))
    }
}

/// Whether that may become of a removed part where the buyer keeps storage media.
///
/// # Errors
/// A Chinese sentence naming `rule`, the clause or agreement that keeps them.
pub fn fate_allowed(card: &PartCard, fate: &Fate, rule: Option<&str>) -> Result<(), String> {
    let leaves = fate.fate != FateKind::Kept && fate.released_by.is_empty();
    match rule {
        Some(rule) if card.storage_medium && leaves => Err(format!(
            "{}是存储介质，按“{rule}”须留存甲方；确须{}的，请填写甲方书面放行的文件名称和编号。",
            card.name,
            fate.fate.title(),
        )),
        _ => Ok(()),
    }
}

/// `movement.made`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// What kind.
    pub kind: MovementKind,
    /// Of which model: `part/…`.
    pub part: EntityId,
    /// Of which piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// For a count: all serial numbers found there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub present: Option<Vec<String>>,
    /// Of which batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
    /// How many: signed for a correction, absolute for a count.
    pub quantity: i64,
    /// Place it leaves: `place/…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<EntityId>,
    /// Place it goes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<EntityId>,
    /// Whose it is.
    pub owner: Owner,
    /// Who has it from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custodian: Option<UserId>,
    /// The order it was used on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderRef>,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Number of the paper.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document: String,
    /// Day by which it comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// The movement it answers: the loan given back, the repair it comes back from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<EntityId>,
    /// The movement it corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<EntityId>,
    /// It notes how 账实不符 at its place was cleared up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settles: bool,
    /// The slip it was issued on: `slip/…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slip: Option<EntityId>,
    /// The scrapping that was signed: `scrapping/…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scrapping: Option<EntityId>,
    /// The stocktake it adjusts by: `stocktake/…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take: Option<EntityId>,
    /// The transfer it books a half of: `shipment/…` where parts leave or come back, `transfer/…` where they arrive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<EntityId>,
    /// The program that told of it, where nobody booked it by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// 坏件去向.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fate: Option<Fate>,
}

impl Made {
    /// A movement of a model that says nothing else yet.
    #[must_use]
    pub fn new(kind: MovementKind, part: EntityId, quantity: i64, owner: Owner) -> Self {
        Self {
            kind,
            part,
            serial: None,
            present: None,
            batch: None,
            quantity,
            from: None,
            to: None,
            owner,
            custodian: None,
            order: None,
            reason: String::new(),
            document: String::new(),
            due: None,
            answers: None,
            corrects: None,
            settles: false,
            slip: None,
            scrapping: None,
            take: None,
            transfer: None,
            source: None,
            fate: None,
        }
    }

    /// Whether it can be booked: what its kind needs is there, and texts keep to their limits.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let named = [
            (Some(&self.part), "part"),
            (self.from.as_ref(), "place"),
            (self.to.as_ref(), "place"),
            (self.answers.as_ref(), "movement"),
            (self.corrects.as_ref(), "movement"),
            (self.slip.as_ref(), "slip"),
            (self.scrapping.as_ref(), "scrapping"),
            (self.take.as_ref(), "stocktake"),
        ];
        named.into_iter().all(|(id, kind)| id.is_none_or(|id| is_kind(id, kind)))
            && self.transfer.as_ref().is_none_or(|id| self.is_half(id))
            && self.is_bookable()
            && self.texts_are_sound()
            && self.order.as_ref().is_none_or(|order| is_kind(&order.entity, "order"))
            && self.fate.as_ref().is_none_or(Fate::is_sound)
    }

    /// Whether it can be a half of that transfer.
    fn is_half(&self, transfer: &EntityId) -> bool {
        match self.kind {
            MovementKind::Issued | MovementKind::Returned => is_kind(transfer, "shipment"),
            MovementKind::Received => is_kind(transfer, "transfer"),
            _ => false,
        }
    }

    fn is_bookable(&self) -> bool {
        let piece = self.serial.is_none() || self.quantity.abs() == 1;
        match self.kind {
            MovementKind::Counted => {
                let listed = self.present.as_ref().is_none_or(|list| list.len() <= PRESENT_MAX);
                (0..=QUANTITY_MAX).contains(&self.quantity)
                    && self.to.is_some()
                    && self.serial.is_none()
                    && listed
            }
            MovementKind::Corrected => {
                let some = self.quantity != 0 || self.settles;
                self.quantity.abs() <= QUANTITY_MAX && some && self.to.is_some() && piece
            }
            MovementKind::Issued | MovementKind::Scrapped => self.takes(piece) && self.from.is_some(),
            MovementKind::Received | MovementKind::Returned => self.takes(piece) && self.to.is_some(),
            // What is not kept in the store leaves no trace in a balance.
            MovementKind::Replaced => self.takes(piece) && self.fate.is_some(),
            MovementKind::Transferred
            | MovementKind::Borrowed
            | MovementKind::GivenBack
            | MovementKind::SentToRepair
            | MovementKind::BackFromRepair => {
                self.takes(piece) && self.from.is_some() && self.to.is_some() && self.from != self.to
            }
        }
    }

    fn takes(&self, piece: bool) -> bool {
        (1..=QUANTITY_MAX).contains(&self.quantity) && piece && self.present.is_none()
    }

    fn texts_are_sound(&self) -> bool {
        let named = self.serial.iter().chain(&self.batch).chain(self.present.iter().flatten());
        named.into_iter().all(|text| !text.is_empty() && is_line(text, NAME_CHARS_MAX))
            && is_words(&self.reason)
            && is_line(&self.document, NAME_CHARS_MAX)
    }

    /// Whether engineers book it themselves; the rest is the store keeper's.
    #[must_use]
    pub fn is_for_engineers(&self) -> bool {
        let theirs =
            matches!(self.kind, MovementKind::Issued | MovementKind::Returned | MovementKind::Replaced);
        theirs && self.transfer.is_none()
    }
}

/// A movement at a moment of its log: `movement/<event id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// What was booked.
    pub made: Made,
    /// When it counts from.
    pub at: Timestamp,
    /// The event.
    pub event: EventId,
    /// Who booked it.
    pub by: Option<UserId>,
    /// Taken by the centre but moves nothing: what it stood on was not taken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unreconciled: bool,
    /// Waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

impl Movement {
    /// As the ledger books it, under its own id.
    #[must_use]
    pub fn line<'a>(&'a self, id: &'a str) -> Line<'a> {
        let made = &self.made;
        Line {
            id,
            at: self.at,
            kind: made.kind,
            model: made.part.as_str(),
            serial: made.serial.as_deref(),
            present: made.present.as_deref(),
            quantity: made.quantity,
            from: made.from.as_ref().map(EntityId::as_str),
            to: made.to.as_ref().map(EntityId::as_str),
            owner: made.owner.code(),
        }
    }
}

/// Folds an event of `movement/<event id>`. A movement is made once.
pub fn fold_movement(state: Option<Movement>, event: &Recorded<'_>) -> Option<Movement> {
    let kept = matches!(event.verdict, None | Some(Verdict::Accepted | Verdict::Unreconciled));
    if state.is_some() || !kept || event.kind != "movement.made" {
        return state;
    }
    Some(Movement {
        made: serde_json::from_str(event.payload).ok()?,
        at: event.effective_at,
        event: event.id,
        by: event.user.cloned(),
        unreconciled: event.verdict == Some(Verdict::Unreconciled),
        pending: event.is_pending(),
    })
}
