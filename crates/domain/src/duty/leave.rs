//! 请假: days away from work, who decides about them, and who takes the place of whoever is away.
//!
//! Promises: whole days; nobody decides about himself; a substitute stands only when he himself, the project
//! manager and the buyer agreed, but in an emergency he acts at once and consent is owed within one workday
//! (本项目约定). The reason travels sealed. Left out: what a roster makes of it, and attendance.

mod judge;
mod ledger;
mod payload;

pub(crate) use judge::judge_leave;
pub use judge::legal;
pub use ledger::{DutyDay, Owed, Taken, days_owed};
pub use payload::{Act, Answered, Asked, Consent, Decided, REASON, Substituted, Why, Withdrawn};

use crate::calendar::Calendar;
use crate::duty::{counts, named};
use crate::event::{EntityId, EventId, Recorded, UserId, event_type};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest leave, in days: longer ones are a change of people. A guess, above any maternity leave.
pub const DAYS_MAX: i32 = 200;

named! {
    /// Kinds of leave, in the order of their keys 1 to 9 and 0.
    pub enum LeaveKind {
        /// 事假.
        Personal = "personal", "事假";
        /// 病假.
        Sick = "sick", "病假";
        /// 年休假.
        Annual = "annual", "年休假";
        /// 调休.
        Compensatory = "compensatory", "调休";
        /// 婚假.
        Marriage = "marriage", "婚假";
        /// 产假.
        Maternity = "maternity", "产假";
        /// 陪产假.
        Paternity = "paternity", "陪产假";
        /// 丧假.
        Bereavement = "bereavement", "丧假";
        /// 公出: at work elsewhere.
        Trip = "trip", "公出";
        /// 培训.
        Training = "training", "培训";
    }
}

impl LeaveKind {
    /// One character: 事 病 年 调 婚 产 陪 丧 差 培.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Personal => "事",
            Self::Sick => "病",
            Self::Annual => "年",
            Self::Compensatory => "调",
            Self::Marriage => "婚",
            Self::Maternity => "产",
            Self::Paternity => "陪",
            Self::Bereavement => "丧",
            Self::Trip => "差",
            Self::Training => "培",
        }
    }

    /// Whether he works meanwhile, elsewhere.
    pub fn is_work(self) -> bool {
        matches!(self, Self::Trip | Self::Training)
    }
}

named! {
    /// How far a request is.
    #[derive(Default)]
    pub enum Stage {
        /// Waits for a decision.
        #[default]
        Asked = "asked", "待审批";
        /// Granted.
        Approved = "approved", "已批准";
        /// Not granted.
        Refused = "refused", "未批准";
        /// Taken back before it began.
        Withdrawn = "withdrawn", "已撤回";
    }
}

named! {
    /// How far a substitute is agreed on.
    #[derive(Default)]
    pub enum ChainStage {
        /// Named: he is to say yes.
        #[default]
        Named = "named", "待替班人同意";
        /// He agreed: the project manager is to.
        Agreed = "agreed", "待项目经理同意";
        /// The project manager agreed: the buyer is to.
        Managed = "managed", "待采购人同意";
        /// All agreed.
        Consented = "consented", "采购人已同意";
        /// One of them did not.
        Refused = "refused", "未获同意";
    }
}

impl ChainStage {
    /// Whose word is next.
    pub fn next(self) -> Option<Step> {
        match self {
            Self::Named => Some(Step::Substitute),
            Self::Agreed => Some(Step::Manager),
            Self::Managed => Some(Step::Buyer),
            Self::Consented | Self::Refused => None,
        }
    }
}

named! {
    /// Whose consent a substitute needs.
    pub enum Step {
        /// 替班人.
        Substitute = "substitute", "替班人";
        /// 项目经理.
        Manager = "manager", "项目经理";
        /// 采购人.
        Buyer = "buyer", "采购人";
    }
}

impl Step {
    fn done(self) -> ChainStage {
        match self {
            Self::Substitute => ChainStage::Agreed,
            Self::Manager => ChainStage::Managed,
            Self::Buyer => ChainStage::Consented,
        }
    }
}

/// A word of one of those who are asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Who, by his account.
    pub by: Option<UserId>,
    /// For which approver he stood in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_user: Option<UserId>,
    /// When it counts from.
    pub at: Timestamp,
    /// Yes or no.
    pub approve: bool,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// The buyer's consent where it was recorded for him.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
}

/// Whoever takes the place of the one away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Substitute {
    /// He.
    pub person: UserId,
    /// Who named him.
    pub named_by: Option<UserId>,
    /// When.
    pub named_at: Timestamp,
    /// How far it is agreed.
    pub stage: ChainStage,
    /// What was said, by step.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub said: BTreeMap<Step, Said>,
}

/// One request for leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    /// Whose.
    pub person: UserId,
    /// What kind.
    pub kind: LeaveKind,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// It holds from the moment it was asked; consent follows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub emergency: bool,
    /// Who wrote it down; another than the person: 代记.
    pub asked_by: Option<UserId>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// The event that asked; its sealed part holds the reason.
    pub asked_in: EventId,
    /// How far it is.
    #[serde(default)]
    pub stage: Stage,
    /// The decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Said>,
    /// The substitute named last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub substitute: Option<Substitute>,
    /// Per field: the event that changed it last.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub touched: BTreeMap<String, EventId>,
    /// Own events that wait for the centre.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<EventId>,
    /// Type names of a newer program seen here; not empty means read-only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

impl Leave {
    /// The present value of a field a claim can name in `expect`; `None` where no such field is known.
    pub fn field(&self, name: &str) -> Option<String> {
        Some(match name {
            "stage" => self.stage.code().to_owned(),
            "substitute" => {
                let text = |s: &Substitute| format!("{} {}", s.person, s.stage.code());
                self.substitute.as_ref().map(text).unwrap_or_default()
            }
            _ => return None,
        })
    }

    /// Events that wait for the centre and on which an act about a field stands.
    pub fn stands_on(&self, field: &str) -> Vec<EventId> {
        let mut events = vec![self.asked_in];
        events.extend(self.touched.get(field).filter(|event| **event != self.asked_in));
        events.retain(|event| self.pending.contains(event));
        events
    }

    /// Neither refused nor taken back.
    pub fn is_live(&self) -> bool {
        matches!(self.stage, Stage::Asked | Stage::Approved)
    }

    /// Whether he is away: granted, or an emergency that nobody refused.
    pub fn counts(&self) -> bool {
        self.stage == Stage::Approved || (self.emergency && self.stage == Stage::Asked)
    }

    /// Whether it has a day in common with a span, both ends included.
    pub fn overlaps(&self, from: Date, to: Date) -> bool {
        self.from <= to && from <= self.to
    }

    /// Whoever takes his place now: all agreed, or nobody has refused in an emergency.
    pub fn stand_in(&self) -> Option<&UserId> {
        let stands = |s: &&Substitute| {
            s.stage == ChainStage::Consented || (self.emergency && s.stage != ChainStage::Refused)
        };
        self.substitute.as_ref().filter(|_| self.is_live()).filter(stands).map(|s| &s.person)
    }

    /// Days, both ends included.
    pub fn days(&self) -> i32 {
        days(self.from, self.to)
    }

    /// Until when consent is owed to an emergency: the first workday after the day it was asked (本项目约定).
    /// `None` where nothing is owed, or where the calendar of that year is not announced.
    pub fn consent_due(&self, calendar: &Calendar) -> Option<Date> {
        let agreed = self.substitute.as_ref().is_none_or(|s| s.stage == ChainStage::Consented);
        let owed = self.emergency && self.is_live() && !(self.stage == Stage::Approved && agreed);
        let asked = crate::calendar::civil_date(self.asked_at);
        if owed { calendar.workday_after(asked, 1) } else { None }
    }

    fn touch(&mut self, field: &str, event: EventId) {
        self.touched.insert(field.to_owned(), event);
    }

    /// Lets an act that is legal take effect.
    fn apply(&mut self, act: Act, event: &Recorded<'_>) {
        let said = |approve: bool, for_user: Option<UserId>, words: String, consent: Option<Consent>| Said {
            by: event.user.cloned(),
            for_user,
            at: event.effective_at,
            approve,
            words,
            consent,
        };
        match act {
            Act::Asked(_) => {}
            Act::Withdrawn(_) => {
                self.stage = Stage::Withdrawn;
                self.touch("stage", event.id);
            }
            Act::Decided(p) => {
                self.stage = if p.approve { Stage::Approved } else { Stage::Refused };
                self.decision = Some(said(p.approve, p.for_user, p.words, None));
                self.touch("stage", event.id);
            }
            Act::Substituted(p) => {
                self.substitute = Some(named(p.person, event));
                self.touch("substitute", event.id);
            }
            Act::Answered(p) => {
                let Some(substitute) = &mut self.substitute else { return };
                substitute.stage = if p.approve { p.step.done() } else { ChainStage::Refused };
                substitute.said.insert(p.step, said(p.approve, p.for_user, p.words, p.consent));
                self.touch("substitute", event.id);
            }
        }
    }
}

fn named(person: UserId, event: &Recorded<'_>) -> Substitute {
    Substitute {
        person,
        named_by: event.user.cloned(),
        named_at: event.effective_at,
        stage: ChainStage::Named,
        said: BTreeMap::new(),
    }
}

/// Days of a span, both ends included; 0 when it is turned round.
pub fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days() + 1).max(0)
}

/// Workdays of a span, both ends included; `None` where a year in it is not announced.
pub fn workdays(from: Date, to: Date, calendar: &Calendar) -> Option<u32> {
    let mut worked = 0;
    for date in dates(from, to) {
        worked += u32::from(calendar.day(date).kind.is_worked()?);
    }
    Some(worked)
}

/// Every date of a span, at most [`DAYS_MAX`].
pub fn dates(from: Date, to: Date) -> impl Iterator<Item = Date> {
    let most = usize::try_from(DAYS_MAX).unwrap_or(usize::MAX);
    std::iter::successors(Some(from), |date| date.tomorrow().ok())
        .take_while(move |date| *date <= to)
        .take(most)
}

/// `leave/<event id>`.
///
/// # Panics
/// Never: an event id has the shape of the second part.
pub fn leave_of(id: EventId) -> EntityId {
    EntityId::new(format!("leave/{id}")).expect("an event id is a part of a name")
}

/// Folds an event of `leave/<id>`. Rejected and parked ones change nothing, nor does a pending one that the
/// state no longer allows: it would be rejected.
pub fn fold_leave(state: Option<Leave>, event: &Recorded<'_>) -> Option<Leave> {
    if !counts(event) {
        return state;
    }
    let known = event_type(event.kind).is_some_and(|row| (1..=row.tv).contains(&event.tv));
    let act = Act::read(event.kind, event.payload).filter(|_| known);
    let Some(mut leave) = state else {
        let Some(Act::Asked(asked)) = act else { return None };
        return Some(begun(asked, event));
    };
    match act {
        Some(act) if event.is_pending() && !judge::fits(&leave, &act) => return Some(leave),
        Some(act) => leave.apply(act, event),
        None if !leave.unknown.iter().any(|kind| kind == event.kind) => {
            leave.unknown.push(event.kind.to_owned())
        }
        None => {}
    }
    if event.is_pending() {
        leave.pending.push(event.id);
    }
    Some(leave)
}

fn begun(asked: Asked, event: &Recorded<'_>) -> Leave {
    let mut leave = Leave {
        person: asked.person,
        kind: asked.kind,
        from: asked.from,
        to: asked.to,
        emergency: asked.emergency,
        asked_by: event.user.cloned(),
        asked_at: event.effective_at,
        asked_in: event.id,
        stage: Stage::Asked,
        decision: None,
        substitute: asked.substitute.map(|person| named(person, event)),
        touched: BTreeMap::new(),
        pending: if event.is_pending() { vec![event.id] } else { Vec::new() },
        unknown: Vec::new(),
    };
    leave.touch("stage", event.id);
    leave.touch("substitute", event.id);
    leave
}

#[cfg(test)]
mod tests;
