//! 值班电话记录: calls to the duty phone at all hours, answered or missed, and what contracts count of them.
//!
//! Promises: name and phone of the caller travel sealed and are not here; what is counted against a
//! contract has a clause of that contract. Left out: the limit's price (assessment).

use super::{counts, is_optional_text, is_text, named};
use crate::clock::words;
use crate::event::{EventId, Recorded, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Longest text of a call, in characters.
pub const TEXT_CHARS_MAX: usize = 500;
/// Longest unit, in characters.
pub const UNIT_CHARS_MAX: usize = 60;
/// Longest call, in minutes: a day.
pub const MINUTES_MAX: u32 = 1440;

named! {
    /// Why a call was missed, in the order of the form.
    #[derive(Default)]
    pub enum Cause {
        /// 线路不畅: the supplier's line.
        Line = "line", "我方线路不畅";
        /// 占线: another call.
        Busy = "busy", "占线";
        /// 离开座位: nobody at the desk.
        #[default]
        Away = "away", "离开座位";
        /// 值班手机未接通: off, no net, not heard.
        Unreached = "unreached", "值班手机未接通";
        /// 采购人侧线路或停电.
        BuyerLine = "buyer_line", "采购人侧线路故障";
        /// 主叫自行挂断或误拨.
        Caller = "caller", "主叫挂断或误拨";
    }
}

impl Cause {
    /// Whether it is the supplier's to answer for (003:150 因供应商…等原因; for others our reading).
    pub fn is_ours(self) -> bool {
        !matches!(self, Self::BuyerLine | Self::Caller)
    }
}

/// `hotline.logged`. Name and phone of the caller travel as the sealed part `caller`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logged {
    /// When it rang.
    pub at: Timestamp,
    /// Why nobody answered; absent: it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<Cause>,
    /// The caller's unit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// What it was about, or what was done about a missed one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// How long it took, in minutes; 0 for a missed one.
    #[serde(default)]
    pub minutes: u32,
}

impl Logged {
    /// Whether its texts keep to their limits and an answered call says what it was about.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let says = match self.missed {
            None => is_text(&self.text, TEXT_CHARS_MAX),
            Some(_) => is_optional_text(&self.text, TEXT_CHARS_MAX),
        };
        says && is_optional_text(&self.unit, UNIT_CHARS_MAX) && self.minutes <= MINUTES_MAX
    }
}

/// The sealed part `caller` of a call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Caller {
    /// Name.
    pub name: String,
    /// Phone.
    pub phone: String,
}

/// `hotline.linked`: the order that came of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// `order/<uuid>`.
    pub order: String,
}

/// A call at a moment of its log: `hotline/<event id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// What was logged.
    pub logged: Logged,
    /// The event that logged it.
    pub event: EventId,
    /// Who logged it.
    pub by: Option<UserId>,
    /// Orders that came of it.
    #[serde(default)]
    pub orders: Vec<String>,
    /// Part of it waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

/// Folds an event of `hotline/<event id>`. A call is logged once.
pub fn fold_hotline(state: Option<Call>, event: &Recorded<'_>) -> Option<Call> {
    if !counts(event) {
        return state;
    }
    match (event.kind, state) {
        ("hotline.logged", None) => Some(Call {
            logged: serde_json::from_str(event.payload).ok()?,
            event: event.id,
            by: event.user.cloned(),
            orders: Vec::new(),
            pending: event.verdict.is_none(),
        }),
        ("hotline.linked", Some(mut call)) => {
            let Ok(linked) = serde_json::from_str::<Linked>(event.payload) else { return Some(call) };
            if !call.orders.contains(&linked.order) {
                call.orders.push(linked.order);
                call.pending |= event.verdict.is_none();
            }
            Some(call)
        }
        (_, state) => state,
    }
}

words! {
    /// What a clause counts.
    pub enum Counted {
        /// Every call that nobody answered and that is the supplier's to answer for.
        Unanswered = "unanswered",
        /// The same outside office hours: the engineer on duty could not be reached.
        OffHoursUnreached = "off_hours_unreached",
    }
}

/// Whether a clause counts a call. `off_hours` is absent where the office hours of that moment are not
/// known: such a call is not counted and shown as open.
pub fn is_counted(counted: Counted, call: &Logged, off_hours: Option<bool>) -> Option<bool> {
    if !call.missed.is_some_and(Cause::is_ours) {
        return Some(false);
    }
    match counted {
        Counted::Unanswered => Some(true),
        Counted::OffHoursUnreached => off_hours,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{EntityId, Verdict};

    fn step(state: Option<Call>, n: u8, kind: &str, payload: &str, verdict: Option<Verdict>) -> Option<Call> {
        let (wang, entity) = (UserId::new("wang").unwrap(), EntityId::new("hotline/1").unwrap());
        let at = Timestamp::from_second(1_760_000_000).unwrap();
        let event = Recorded {
            id: EventId([n; 16]),
            kind,
            tv: 1,
            user: Some(&wang),
            entity: &entity,
            seq: verdict.map(|_| 1),
            effective_at: at,
            claimed_at: at,
            trust: None,
            verdict,
            deps: &[],
            payload,
        };
        fold_hotline(state, &event)
    }

    #[test]
    fn a_call_is_logged_once_and_may_lead_to_orders() {
        let text = r#"{"at":"2025-10-09T08:53:20Z","unit":"科信处","text":"打不开","minutes":4}"#;
        let call = step(None, 1, "hotline.logged", text, None).unwrap();
        assert!(call.pending && call.logged.is_sound());
        assert_eq!(serde_json::to_string(&call.logged).unwrap(), text, "bytes in logs for ever");
        let again = step(Some(call.clone()), 2, "hotline.logged", text, Some(Verdict::Accepted));
        assert_eq!(again.as_ref(), Some(&call));
        let linked = r#"{"order":"order/1"}"#;
        let call = step(again, 3, "hotline.linked", linked, Some(Verdict::Accepted));
        let call = step(call, 4, "hotline.linked", linked, Some(Verdict::Accepted)).unwrap();
        assert_eq!(call.orders, ["order/1"]);
        for (kind, payload, verdict) in [
            ("hotline.linked", "7", Some(Verdict::Accepted)),
            ("hotline.linked", r#"{"order":"order/2"}"#, Some(Verdict::Rejected)),
        ] {
            assert_eq!(step(Some(call.clone()), 5, kind, payload, verdict).as_ref(), Some(&call));
        }
    }

    #[test]
    fn what_a_clause_counts() {
        use Counted::{OffHoursUnreached, Unanswered};
        let call = |missed| Logged {
            at: Timestamp::UNIX_EPOCH,
            missed,
            unit: String::new(),
            text: "x".into(),
            minutes: 0,
        };
        // missed, off hours, clause, counted
        let table = [
            (None, Some(true), Unanswered, Some(false)),
            (Some(Cause::Line), Some(false), Unanswered, Some(true)),
            (Some(Cause::Unreached), None, Unanswered, Some(true)),
            (Some(Cause::Caller), Some(true), Unanswered, Some(false)),
            (Some(Cause::BuyerLine), Some(true), OffHoursUnreached, Some(false)),
            (Some(Cause::Away), Some(true), OffHoursUnreached, Some(true)),
            (Some(Cause::Away), Some(false), OffHoursUnreached, Some(false)),
            (Some(Cause::Away), None, OffHoursUnreached, None),
            (None, None, OffHoursUnreached, Some(false)),
        ];
        for (missed, off_hours, counted, expected) in table {
            assert_eq!(is_counted(counted, &call(missed), off_hours), expected, "{missed:?} {off_hours:?}");
        }
        for cause in Cause::ALL {
            assert_eq!(Cause::from_code(cause.code()), Some(cause));
            assert_eq!(serde_json::to_string(&cause).unwrap(), format!("\"{}\"", cause.code()));
        }
    }
}
