//! 备件领用单: who asks for parts, who lets him have them, and who hands them out.

use super::{
    LINES_MAX, NAME_CHARS_MAX, QUANTITY_MAX, counts, is_kind, is_line, is_words, judge::slip_next,
    movement::OrderRef,
};
use crate::calendar::{Calendar, civil_date};
use crate::duty::named;
use crate::event::{EntityId, EventId, Recorded, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A line of a slip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipLine {
    /// Model: `part/…`.
    pub part: EntityId,
    /// How many.
    pub quantity: u32,
    /// Serial numbers asked for, or handed out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<String>,
    /// Place it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<EntityId>,
}

impl SlipLine {
    fn is_sound(&self) -> bool {
        let serials = &self.serials;
        is_kind(&self.part, "part")
            && (1..=QUANTITY_MAX).contains(&i64::from(self.quantity))
            && (serials.is_empty() || u32::try_from(serials.len()) == Ok(self.quantity))
            && serials.iter().all(|serial| !serial.is_empty() && is_line(serial, NAME_CHARS_MAX))
            && self.place.as_ref().is_none_or(|place| is_kind(place, "place"))
    }
}

fn are_sound(lines: &[SlipLine]) -> bool {
    (1..=LINES_MAX).contains(&lines.len()) && lines.iter().all(SlipLine::is_sound)
}

/// `slip.asked`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Its number.
    pub number: String,
    /// The order it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderRef>,
    /// What is asked for.
    pub lines: Vec<SlipLine>,
    /// What for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Parts first, approval afterwards.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub emergency: bool,
    /// The parts were taken already, by movements beside it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken: bool,
}

impl Asked {
    /// Whether it names what is asked for and what for.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        !self.number.is_empty()
            && is_line(&self.number, NAME_CHARS_MAX)
            && are_sound(&self.lines)
            && is_words(&self.reason)
            && (self.order.is_some() || !self.reason.is_empty())
            && (self.emergency || !self.taken)
    }
}

/// `slip.approved`, `slip.refused`, `slip.cancelled`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Decided {
    /// In words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub words: String,
}

/// `slip.issued`; movements beside it book it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// What was handed out.
    pub lines: Vec<SlipLine>,
}

/// `slip.returned`: an old part came back; a movement beside it says where it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldReturned {
    /// Line of the slip, from 0.
    pub line: u32,
    /// In words: which part, its serial number, what becomes of it.
    pub text: String,
}

named! {
    /// How far a slip is.
    #[derive(Default)]
    pub enum SlipStage {
        /// Waits for approval.
        #[default]
        Asked = "asked", "待审批";
        /// Approved: reserved until it is handed out.
        Approved = "approved", "待发放";
        /// Handed out.
        Issued = "issued", "已发放";
        /// Taken in an emergency: approval is owed.
        Taken = "taken", "先领后批，待补批";
        /// Not approved.
        Refused = "refused", "未批准";
        /// Taken, and not approved afterwards.
        Disputed = "disputed", "补批未通过";
        /// Taken back.
        Cancelled = "cancelled", "已撤回";
    }
}

/// A decision or an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Who.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

/// A slip at a moment of its log: `slip/<event id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// What was asked.
    pub asked: Asked,
    /// Who asked.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// The event that asked.
    pub first: EventId,
    /// How far it is.
    pub stage: SlipStage,
    /// Approval or refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Said>,
    /// The issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<Said>,
    /// What was handed out; empty until then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issued: Vec<SlipLine>,
    /// Old parts that came back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returned: Vec<OldReturned>,
    /// The event that changed the stage last.
    pub touched: EventId,
    /// Own events that wait for the centre.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<EventId>,
}

/// One act about a slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlipAct {
    /// `slip.asked`.
    Asked(Asked),
    /// `slip.approved`.
    Approved(Decided),
    /// `slip.refused`.
    Refused(Decided),
    /// `slip.issued`.
    Issued(Issued),
    /// `slip.returned`.
    Returned(OldReturned),
    /// `slip.cancelled`.
    Cancelled(Decided),
}

impl SlipAct {
    /// From an event; `None` where it is none or cannot be read.
    #[must_use]
    pub fn read(kind: &str, payload: &str) -> Option<Self> {
        let decided =
            || serde_json::from_str::<Decided>(payload).ok().filter(|decided| is_words(&decided.words));
        match kind {
            "slip.asked" => serde_json::from_str(payload).ok().filter(Asked::is_sound).map(Self::Asked),
            "slip.approved" => decided().map(Self::Approved),
            "slip.refused" => decided().filter(|said| !said.words.is_empty()).map(Self::Refused),
            "slip.cancelled" => decided().map(Self::Cancelled),
            "slip.issued" => {
                let issued: Issued = serde_json::from_str(payload).ok()?;
                are_sound(&issued.lines).then_some(Self::Issued(issued))
            }
            "slip.returned" => {
                let returned: OldReturned = serde_json::from_str(payload).ok()?;
                is_words(&returned.text).then_some(Self::Returned(returned))
            }
            _ => None,
        }
    }
}

impl Slip {
    /// The lines that hold: handed out, or asked for.
    #[must_use]
    pub fn lines(&self) -> &[SlipLine] {
        if self.issued.is_empty() { &self.asked.lines } else { &self.issued }
    }

    /// Whether what it asks for is kept for it.
    #[must_use]
    pub fn reserves(&self) -> bool {
        self.stage == SlipStage::Approved
    }

    /// Whether somebody has to do something about it.
    #[must_use]
    pub fn waits(&self) -> bool {
        matches!(self.stage, SlipStage::Asked | SlipStage::Approved | SlipStage::Taken | SlipStage::Disputed)
    }

    /// Until when the approval of an emergency is owed: the first workday after the parts were taken (本项目约定).
    /// `None` where nothing is owed, or where the calendar of that year is not announced.
    #[must_use]
    pub fn approval_due(&self, calendar: &Calendar) -> Option<Date> {
        let taken = self.issue.as_ref().map_or(self.at, |said| said.at);
        let owed = self.stage == SlipStage::Taken;
        if owed { calendar.workday_after(civil_date(taken), 1) } else { None }
    }

    fn apply(&mut self, act: SlipAct, event: &Recorded<'_>) {
        let Some(stage) = slip_next(self, &act) else { return };
        let said = |words: String| Some(Said { by: event.user.cloned(), at: event.effective_at, words });
        match act {
            SlipAct::Asked(_) => return,
            SlipAct::Approved(decided) | SlipAct::Refused(decided) | SlipAct::Cancelled(decided) => {
                self.decision = said(decided.words);
            }
            SlipAct::Issued(issued) => {
                self.issue = said(String::new());
                self.issued = issued.lines;
            }
            SlipAct::Returned(returned) => return self.returned.push(returned),
        }
        self.stage = stage;
        self.touched = event.id;
    }
}

/// Folds an event of `slip/<event id>`. Rejected and parked ones change nothing.
pub fn fold_slip(state: Option<Slip>, event: &Recorded<'_>) -> Option<Slip> {
    let Some(act) = SlipAct::read(event.kind, event.payload).filter(|_| counts(event)) else { return state };
    let mut slip = match (state, act) {
        (None, SlipAct::Asked(asked)) => begun(asked, event),
        (None, _) => return None,
        (Some(mut slip), act) => {
            slip.apply(act, event);
            slip
        }
    };
    if event.is_pending() {
        slip.pending.push(event.id);
    }
    Some(slip)
}

fn begun(asked: Asked, event: &Recorded<'_>) -> Slip {
    Slip {
        stage: if asked.taken { SlipStage::Taken } else { SlipStage::Asked },
        asked,
        by: event.user.cloned(),
        at: event.effective_at,
        first: event.id,
        decision: None,
        issue: None,
        issued: Vec::new(),
        returned: Vec::new(),
        touched: event.id,
        pending: Vec::new(),
    }
}
