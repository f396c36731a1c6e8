//! 交接班: what one hands to the next on duty, signed by both.
//!
//! Promises: until somebody else accepts it, duty stays with whoever signed out; what is accepted never
//! changes; a correction before that is another signing of the same handover, and whoever accepts names
//! the signing he saw. Orders are named by id and number alone, for the log is read by all divisions.

use super::{counts, is_optional_text, is_text, named};
use crate::event::{EventId, Recorded, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Most lines of one list of a handover. A guess: an envelope holds 64 KiB.
pub const LINES_MAX: usize = 150;
/// Longest line, in characters.
pub const LINE_CHARS_MAX: usize = 200;
/// Longest note or reason, in characters.
pub const NOTE_CHARS_MAX: usize = 500;

/// A post that is handed over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PostRef {
    /// Its id in the roster.
    pub id: String,
    /// Its name at that time.
    pub name: String,
}

/// An open order that is handed over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderLine {
    /// `order/<uuid>`.
    pub order: String,
    /// Its number.
    pub number: String,
    /// What the next one has to know.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A running clock that is handed over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClockLine {
    /// Number of its order.
    pub number: String,
    /// Target, such as `restore`.
    pub target: String,
    /// Deadline, where the clause has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
    /// Inside its warning time or broken when it was signed.
    pub near: bool,
}

named! {
    /// Kind of a thing handed over, in the order of the form.
    #[derive(Default)]
    pub enum ThingKind {
        /// 借出备件.
        Part = "part", "借出备件";
        /// 钥匙.
        #[default]
        Key = "key", "钥匙";
        /// 门禁卡、证件.
        Card = "card", "门禁卡、证件";
        /// 工具.
        Tool = "tool", "工具";
    }
}

/// A thing handed over with its count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thing {
    /// Kind.
    pub kind: ThingKind,
    /// What it is.
    pub name: String,
    /// How many.
    pub count: u32,
    /// Where it is, who has it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// How a system ran during the turn (系统/机房运行情况).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SystemLine {
    /// Maintenance object, by its id in the contract.
    pub object: String,
    /// 正常 (or 异常).
    pub normal: bool,
    /// What is wrong, or what to watch.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

named! {
    /// Kind of a matter that is carried over until it is ticked done, in the order of the form.
    #[derive(Default)]
    pub enum MatterKind {
        /// 告警.
        Alarm = "alarm", "告警";
        /// 上级通知、领导交办.
        Instruction = "instruction", "上级通知、领导交办";
        /// 重保、封网.
        Coverage = "coverage", "重保、封网";
        /// 其他待办.
        #[default]
        Other = "other", "其他待办";
    }
}

/// A matter of the turn: carried over by its id from handover to handover until it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// Stays the same while it is carried over.
    pub id: String,
    /// Kind.
    #[serde(default)]
    pub kind: MatterKind,
    /// What it is.
    pub text: String,
    /// Since which day it is open.
    pub since: Date,
    /// Done: told once more in this handover, and in none after it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub done: bool,
}

/// `handover.signed_out`: everything that is handed over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignedOut {
    /// What turn it ends, in words: `10-15 08:00 至 10-16 08:00`.
    pub turn: String,
    /// Posts handed over; at least one.
    pub posts: Vec<PostRef>,
    /// Who should come; another may accept, and is named then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<UserId>,
    /// 监交人, where one is needed: he signs too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witness: Option<UserId>,
    /// The accepted handover it carries on from: its first event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<EventId>,
    /// Open orders.
    pub orders: Vec<OrderLine>,
    /// Open orders beyond what one handover holds.
    #[serde(skip_serializing_if = "is_zero")]
    pub orders_left: u32,
    /// Running clocks.
    pub clocks: Vec<ClockLine>,
    /// Borrowed parts, keys, cards, tools.
    pub things: Vec<Thing>,
    /// 系统/机房运行情况.
    pub systems: Vec<SystemLine>,
    /// Alarms, instructions, notices and whatever else has to be followed up.
    pub matters: Vec<Matter>,
    /// Anything else.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

impl SignedOut {
    /// Whether its lists and texts keep to their limits and say something.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let lists = [self.orders.len(), self.clocks.len(), self.things.len(), self.systems.len()];
        let ids: BTreeSet<&str> = self.matters.iter().map(|matter| matter.id.as_str()).collect();
        let line = |text: &String| is_text(text, LINE_CHARS_MAX);
        let remark = |text: &String| is_optional_text(text, LINE_CHARS_MAX);
        (1..=LINES_MAX).contains(&self.posts.len())
            && lists.into_iter().chain([self.matters.len()]).all(|length| length <= LINES_MAX)
            && ids.len() == self.matters.len()
            && self.posts.iter().all(|post| line(&post.id) && line(&post.name))
            && line(&self.turn)
            && self.orders.iter().all(|row| line(&row.order) && line(&row.number) && remark(&row.note))
            && self.things.iter().all(|thing| line(&thing.name) && remark(&thing.note))
            // A system that is not as it should be is told with what is wrong.
            && self.systems.iter().all(|row| line(&row.object) && remark(&row.note) && (row.normal || !row.note.is_empty()))
            && self.matters.iter().all(|matter| line(&matter.id) && line(&matter.text))
            && is_optional_text(&self.note, NOTE_CHARS_MAX)
    }

    /// What has to be followed up by the next one.
    pub fn open_matters(&self) -> impl Iterator<Item = &Matter> {
        self.matters.iter().filter(|matter| !matter.done)
    }
}

/// `handover.accepted`, `handover.refused` and `handover.witnessed`: what somebody says to a signing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The signing he saw: the event of it.
    pub signing: EventId,
    /// Why it is refused; a remark otherwise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// A signature under a handover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The event that carries it.
    pub event: EventId,
    /// Who.
    pub by: Option<UserId>,
    /// When, by the time that counts.
    pub at: Timestamp,
    /// What was said with it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

named! {
    /// How far a handover is.
    pub enum Stage {
        /// 待接班: signed, and still with whoever signed.
        Offered = "offered", "待接班";
        /// 已退回: refused, and still with whoever signed.
        Refused = "refused", "已退回";
        /// 已接班.
        Accepted = "accepted", "已接班";
    }
}

/// A handover at a moment of its log: `handover/<event id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// What was signed last.
    pub signed: SignedOut,
    /// The outgoing one's signature under it.
    pub out: Signature,
    /// How often it was signed.
    pub signings: u32,
    /// How far it is.
    pub stage: Stage,
    /// The incoming one's signature, or the refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Signature>,
    /// 监交人's signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witnessed: Option<Signature>,
    /// Event that set a field last, by the field's name.
    #[serde(default)]
    pub touched: BTreeMap<String, EventId>,
    /// Part of it waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

impl Handover {
    /// A field a claim may rely on: `signing` (event id) or `stage`.
    pub fn field(&self, name: &str) -> Option<String> {
        match name {
            "signing" => Some(self.out.event.to_string()),
            "stage" => Some(self.stage.code().to_owned()),
            _ => None,
        }
    }

    /// Who took over, once somebody did.
    pub fn taken_by(&self) -> Option<&UserId> {
        let answer = self.answer.as_ref().filter(|_| self.stage == Stage::Accepted)?;
        answer.by.as_ref()
    }
}

/// Folds an event of `handover/<event id>`. What cannot be read, or comes after the acceptance, changes
/// nothing but the witness.
pub fn fold_handover(state: Option<Handover>, event: &Recorded<'_>) -> Option<Handover> {
    if !counts(event) {
        return state;
    }
    let folded = match event.kind {
        "handover.signed_out" => signed_out(state.as_ref(), event),
        "handover.accepted" => answered(state.as_ref(), event, Stage::Accepted),
        "handover.refused" => answered(state.as_ref(), event, Stage::Refused),
        "handover.witnessed" => witnessed(state.as_ref(), event),
        _ => None,
    };
    match folded {
        Some(folded) => {
            let pending = folded.pending || event.verdict.is_none();
            Some(Handover { pending, ..folded })
        }
        None => state,
    }
}

fn signed_out(state: Option<&Handover>, event: &Recorded<'_>) -> Option<Handover> {
    if state.is_some_and(|state| state.stage == Stage::Accepted) {
        return None;
    }
    let signed: SignedOut = serde_json::from_str(event.payload).ok()?;
    let mut touched = state.map(|state| state.touched.clone()).unwrap_or_default();
    touched.insert("signing".to_owned(), event.id);
    touched.insert("stage".to_owned(), event.id);
    Some(Handover {
        signed,
        out: signature(event, String::new()),
        signings: state.map_or(0, |state| state.signings).saturating_add(1),
        stage: Stage::Offered,
        answer: None,
        // Another text is another thing to witness.
        witnessed: None,
        touched,
        pending: state.is_some_and(|state| state.pending),
    })
}

fn answered(state: Option<&Handover>, event: &Recorded<'_>, stage: Stage) -> Option<Handover> {
    let state = state.filter(|state| state.stage != Stage::Accepted)?;
    let answer = answer_to(state, event)?;
    let mut touched = state.touched.clone();
    touched.insert("stage".to_owned(), event.id);
    Some(Handover { stage, answer: Some(signature(event, answer.text)), touched, ..state.clone() })
}

fn witnessed(state: Option<&Handover>, event: &Recorded<'_>) -> Option<Handover> {
    let state = state?;
    let answer = answer_to(state, event)?;
    Some(Handover { witnessed: Some(signature(event, answer.text)), ..state.clone() })
}

/// What is said, if it is said to the signing that stands.
fn answer_to(state: &Handover, event: &Recorded<'_>) -> Option<Answer> {
    let answer: Answer = serde_json::from_str(event.payload).ok()?;
    (answer.signing == state.out.event).then_some(answer)
}

fn signature(event: &Recorded<'_>, text: String) -> Signature {
    Signature { event: event.id, by: event.user.cloned(), at: event.effective_at, text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{EntityId, Verdict};

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_760_000_000 + minute * 60).unwrap()
    }

    fn signed(note: &str) -> String {
        let signed = SignedOut {
            turn: "10-15 08:00 至 10-16 08:00".into(),
            posts: vec![PostRef { id: "duty".into(), name: "值班".into() }],
            note: note.into(),
            ..SignedOut::default()
        };
        assert!(signed.is_sound());
        serde_json::to_string(&signed).unwrap()
    }

    fn step(
        state: Option<Handover>,
        n: u8,
        kind: &str,
        user: &str,
        payload: &str,
        verdict: Option<Verdict>,
    ) -> Option<Handover> {
        let (user, entity) = (UserId::new(user).unwrap(), EntityId::new("handover/1").unwrap());
        let event = Recorded {
            id: EventId([n; 16]),
            kind,
            tv: 1,
            user: Some(&user),
            entity: &entity,
            seq: verdict.map(|_| u64::from(n)),
            effective_at: at(i64::from(n)),
            claimed_at: at(i64::from(n)),
            trust: None,
            verdict,
            deps: &[],
            payload,
        };
        fold_handover(state, &event)
    }

    fn says(n: u8, text: &str) -> String {
        serde_json::to_string(&Answer { signing: EventId([n; 16]), text: text.into() }).unwrap()
    }

    const YES: Option<Verdict> = Some(Verdict::Accepted);

    #[test]
    fn it_stays_with_the_outgoing_one_until_somebody_accepts() {
        let offered = step(None, 1, "handover.signed_out", "wang", &signed("一"), YES).unwrap();
        assert_eq!((offered.stage, offered.taken_by()), (Stage::Offered, None));
        let refused = step(Some(offered), 2, "handover.refused", "li", &says(1, "钥匙少一把"), YES).unwrap();
        assert_eq!((refused.stage, refused.taken_by()), (Stage::Refused, None));
        let again = step(Some(refused), 3, "handover.signed_out", "wang", &signed("二"), YES).unwrap();
        assert_eq!((again.stage, again.signings, again.answer.as_ref()), (Stage::Offered, 2, None));
        let late = step(Some(again.clone()), 4, "handover.accepted", "li", &says(1, ""), None).unwrap();
        assert_eq!(late, again, "what was said to another text counts for nothing");
        let accepted = step(Some(again), 5, "handover.accepted", "li", &says(3, ""), None).unwrap();
        assert_eq!(accepted.taken_by().map(UserId::as_str), Some("li"));
        assert_eq!((accepted.answer.as_ref().unwrap().at, accepted.pending), (at(5), true));
        let after = step(Some(accepted.clone()), 6, "handover.signed_out", "wang", &signed("三"), YES);
        assert_eq!(after.as_ref(), Some(&accepted), "what is accepted stays");
        let seen = step(after, 7, "handover.witnessed", "zhao", &says(3, ""), YES).unwrap();
        assert_eq!(seen.witnessed.unwrap().by.unwrap().as_str(), "zhao");
    }

    #[test]
    fn rejected_and_unreadable_events_change_nothing() {
        let offered = step(None, 1, "handover.signed_out", "wang", &signed("一"), YES);
        for (kind, payload, verdict) in [
            ("handover.accepted", says(1, ""), Some(Verdict::Rejected)),
            ("handover.accepted", "7".to_owned(), YES),
            ("handover.future", says(1, ""), YES),
        ] {
            assert_eq!(step(offered.clone(), 2, kind, "li", &payload, verdict), offered, "{kind} {payload}");
        }
        assert_eq!(step(None, 1, "handover.accepted", "li", &says(1, ""), YES), None);
    }

    /// Path of the change, whether it is taken.
    #[test]
    fn a_handover_says_enough_and_not_too_much() {
        type Change = fn(&mut SignedOut);
        let table: &[(Change, bool)] = &[
            (|_| {}, true),
            (|signed| signed.posts.clear(), false),
            (|signed| signed.turn.clear(), false),
            (
                |signed| {
                    signed.systems.push(SystemLine { object: "1".into(), normal: true, ..Default::default() })
                },
                true,
            ),
            (|signed| signed.systems.push(SystemLine { object: "1".into(), ..Default::default() }), false),
            (
                |signed| {
                    signed.things.push(Thing { name: "机房钥匙".into(), count: 0, ..Thing::default() })
                },
                true,
            ),
            (|signed| signed.things.push(Thing::default()), false),
            (|signed| signed.matters = vec![matter("a", "x"), matter("a", "y")], false),
            (|signed| signed.matters = vec![matter("a", " x")], false),
            (|signed| signed.matters = (0..=LINES_MAX).map(|n| matter(&n.to_string(), "x")).collect(), false),
            (|signed| signed.note = "字".repeat(NOTE_CHARS_MAX + 1), false),
            (|signed| signed.note = "一\n二".into(), true),
            (|signed| signed.note = "\u{7}响".into(), false),
        ];
        for (at, (change, sound)) in table.iter().enumerate() {
            let mut signed: SignedOut = serde_json::from_str(&signed("")).unwrap();
            change(&mut signed);
            assert_eq!(signed.is_sound(), *sound, "{at}");
        }
    }

    fn matter(id: &str, text: &str) -> Matter {
        Matter {
            id: id.into(),
            kind: MatterKind::Other,
            text: text.into(),
            since: jiff::civil::date(2025, 10, 15),
            done: false,
        }
    }

    /// The bytes of these payloads are in logs for ever.
    #[test]
    fn the_payloads_are_frozen() {
        let text = r#"{"turn":"10-15","posts":[{"id":"duty","name":"值班"}],"to":"li","orders":[{"order":"order/1","number":"E-1","note":"等件"}],"clocks":[{"number":"E-1","target":"restore","deadline":"2025-10-09T08:53:20Z","near":true}],"things":[{"kind":"key","name":"机房钥匙","count":2}],"systems":[{"object":"5.1","normal":false,"note":"慢"}],"matters":[{"id":"m1","kind":"instruction","text":"通知","since":"2025-10-15"}]}"#;
        let read: SignedOut = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        assert!(read.is_sound());
        let text = format!(r#"{{"signing":"{}","text":"少一把"}}"#, EventId([7; 16]));
        let read: Answer = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        for kind in ThingKind::ALL {
            assert_eq!(ThingKind::from_code(kind.code()), Some(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.code()));
        }
        for kind in MatterKind::ALL {
            assert_eq!(MatterKind::from_code(kind.code()), Some(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.code()));
        }
    }
}
