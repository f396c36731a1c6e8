//! 加班: hours worked beyond the roster, asked for by the person and decided as leave is.
//!
//! Promises: nobody decides about himself; a deputy stands in within his dates; what was granted is a record,
//! never an order to pay or a day off by itself. Left out: what is owed for it (days owed are the ledger of
//! `duty::leave`), and whether punches bear it out.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::WORDS_CHARS_MAX;
use crate::duty::leave::{Decided, Said, Stage};
use crate::duty::staff::{Standing, stands_in};
use crate::duty::{Objection, covers_user, subject, works_under};
use crate::event::{EntityId, EventId, LogKind, Reason, Recorded, UserId, Verdict, event_type};
use crate::judge::{Beside, Incoming, Judgement, expectation};
use crate::people::{Actor, Role};

/// Longest overtime in one record, in minutes: a day. Longer work has more than one record.
pub const OVERTIME_MINUTES_MAX: i64 = 24 * 60;

/// `overtime.asked`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OvertimeAsked {
    /// Who worked, or will.
    pub person: UserId,
    /// Beginning.
    pub from: Timestamp,
    /// End, later than the beginning by at most [`OVERTIME_MINUTES_MAX`].
    pub to: Timestamp,
    /// What for: the work, nobody's name.
    pub work: String,
    /// `order/<uuid>` that asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
}

impl OvertimeAsked {
    /// Minutes, whole ones.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        (self.to.as_second() - self.from.as_second()).div_euclid(60)
    }

    /// Whether its span and its words keep to their limits.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let words = self.work.trim();
        (1..=OVERTIME_MINUTES_MAX).contains(&self.minutes())
            && words == self.work
            && !words.is_empty()
            && words.chars().count() <= WORDS_CHARS_MAX
    }
}

/// `overtime.withdrawn`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OvertimeWithdrawn {}

/// Any event of overtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OvertimeAct {
    /// `overtime.asked`.
    Asked(OvertimeAsked),
    /// `overtime.withdrawn`.
    Withdrawn,
    /// `overtime.decided`.
    Decided(Decided),
}

impl OvertimeAct {
    /// Reads a payload; `None` for another type or what cannot be read.
    #[must_use]
    pub fn read(kind: &str, payload: &str) -> Option<Self> {
        Some(match kind {
            "overtime.asked" => Self::Asked(serde_json::from_str(payload).ok()?),
            "overtime.withdrawn" => {
                serde_json::from_str::<OvertimeWithdrawn>(payload).ok()?;
                Self::Withdrawn
            }
            "overtime.decided" => Self::Decided(serde_json::from_str(payload).ok()?),
            _ => return None,
        })
    }
}

/// One record: `overtime/<event id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overtime {
    /// What was asked.
    pub asked: OvertimeAsked,
    /// Who wrote it down; another than the person: 代记.
    pub asked_by: Option<UserId>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// The event that asked.
    pub asked_in: EventId,
    /// How far it is.
    pub stage: Stage,
    /// The decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Said>,
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

impl Overtime {
    /// The present value of a field a claim can name in `expect`; `None` where no such field is known.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        (name == "stage").then(|| self.stage.code().to_owned())
    }

    /// Events that wait for the centre and on which an act stands.
    #[must_use]
    pub fn stands_on(&self) -> Vec<EventId> {
        let mut events = vec![self.asked_in];
        events.extend(self.touched.get("stage").filter(|event| **event != self.asked_in));
        events.retain(|event| self.pending.contains(event));
        events
    }

    /// Neither refused nor taken back.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(self.stage, Stage::Asked | Stage::Approved)
    }

    /// Whether it has a moment in common with a span.
    #[must_use]
    pub fn overlaps(&self, from: Timestamp, to: Timestamp) -> bool {
        self.asked.from < to && from < self.asked.to
    }
}

/// `overtime/<event id>`.
///
/// # Panics
/// Never: an event id has the shape of the second part.
#[must_use]
pub fn overtime_of(id: EventId) -> EntityId {
    EntityId::new(format!("overtime/{id}")).expect("an event id is a part of a name")
}

/// Whether an act is legal.
///
/// # Errors
/// Why not, in Chinese.
pub fn overtime_legal(
    overtime: Option<&Overtime>,
    act: &OvertimeAct,
    actor: &Actor,
    contract: &str,
    beside: &Beside,
) -> Result<(), Objection> {
    match (overtime, act) {
        (None, OvertimeAct::Asked(asked)) => may_ask(asked, actor, contract, beside),
        (None, _) => Err(Objection::new(Reason::NoEntity, "没有这条加班记录，请同步后重试。")),
        (Some(_), OvertimeAct::Asked(_)) => {
            Err(Objection::new(Reason::AlreadyExists, "这条加班已经登记过。"))
        }
        (Some(known), _) if known.stage != Stage::Asked => Err(Objection {
            winner: known.touched.get("stage").copied(),
            ..Objection::new(
                Reason::NotLegalNow,
                format!("这条加班现在是“{}”，不能再这样操作，请查看现状。", known.stage.title()),
            )
        }),
        (Some(known), OvertimeAct::Withdrawn) => {
            if actor.is(Some(&known.asked.person)) || actor.is(known.asked_by.as_ref()) {
                return Ok(());
            }
            Err(Objection::new(Reason::NoRight, "只有加班人本人（或代记人）可以撤回。"))
        }
        (Some(known), OvertimeAct::Decided(p)) => {
            let standing = Standing { for_user: p.for_user.as_ref(), on: p.on };
            stands_in(actor, &known.asked.person, standing, contract, beside)
        }
    }
}

fn may_ask(asked: &OvertimeAsked, actor: &Actor, contract: &str, beside: &Beside) -> Result<(), Objection> {
    if !asked.is_sound() {
        let message = "加班须写明起止时间（最长 24 小时）和工作内容，请改正。";
        return Err(Objection::new(Reason::Malformed, message));
    }
    let user = subject(&asked.person, beside)?;
    if !works_under(user, contract) {
        return Err(Objection::new(Reason::Malformed, "此人已停用或不在本合同，请重新选择。"));
    }
    let desk = [Role::Supervisor, Role::Dispatcher].iter().any(|role| actor.has(*role));
    if actor.is(Some(&asked.person)) || (desk && covers_user(actor, contract, user)) {
        return Ok(());
    }
    Err(Objection::new(Reason::NoRight, "加班由本人登记，或由服务台、项目经理代记。"))
}

/// Judges `overtime.*`.
pub(crate) fn judge_overtime(
    overtime: Option<&Overtime>,
    incoming: &Incoming<'_>,
    actor: &Actor,
    beside: &Beside,
) -> Judgement {
    let malformed = Judgement::rejected(Reason::Malformed, None);
    let LogKind::Common { contract } = incoming.log.kind() else { return malformed };
    let Some(act) = OvertimeAct::read(incoming.kind, incoming.payload) else { return malformed };
    if let Some(lost) = overtime.and_then(|overtime| expectation(overtime, incoming)) {
        return lost;
    }
    match overtime_legal(overtime, &act, actor, contract, beside) {
        Ok(()) => Judgement::ACCEPTED,
        Err(objection) => objection.judgement(),
    }
}

/// Folds an event of `overtime/<id>`; what was not accepted, or is pending and can no longer be, changes
/// nothing.
#[must_use]
pub fn fold_overtime(state: Option<Overtime>, event: &Recorded<'_>) -> Option<Overtime> {
    if !matches!(event.verdict, None | Some(Verdict::Accepted)) {
        return state;
    }
    let known = event_type(event.kind).is_some_and(|row| (1..=row.tv).contains(&event.tv));
    let act = OvertimeAct::read(event.kind, event.payload).filter(|_| known);
    let Some(mut overtime) = state else {
        let Some(OvertimeAct::Asked(asked)) = act else { return None };
        return Some(Overtime {
            asked,
            asked_by: event.user.cloned(),
            asked_at: event.effective_at,
            asked_in: event.id,
            stage: Stage::Asked,
            decision: None,
            touched: BTreeMap::from([("stage".to_owned(), event.id)]),
            pending: if event.is_pending() { vec![event.id] } else { Vec::new() },
            unknown: Vec::new(),
        });
    };
    match act {
        Some(OvertimeAct::Asked(_)) => return Some(overtime),
        Some(_) if overtime.stage != Stage::Asked => return Some(overtime),
        Some(OvertimeAct::Withdrawn) => overtime.stage = Stage::Withdrawn,
        Some(OvertimeAct::Decided(p)) => {
            overtime.stage = if p.approve { Stage::Approved } else { Stage::Refused };
            let (by, at) = (event.user.cloned(), event.effective_at);
            let Decided { approve, for_user, words, .. } = p;
            overtime.decision = Some(Said { by, for_user, at, approve, words, consent: None });
        }
        None => {
            if !overtime.unknown.iter().any(|kind| kind == event.kind) {
                overtime.unknown.push(event.kind.to_owned());
            }
            return Some(overtime);
        }
    }
    overtime.touched.insert("stage".to_owned(), event.id);
    if event.is_pending() {
        overtime.pending.push(event.id);
    }
    Some(overtime)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: &str =
        r#"{"person":"wang","from":"2025-10-14T12:00:00Z","to":"2025-10-14T14:30:00Z","work":"夜间割接"}"#;

    fn step(
        state: Option<Overtime>,
        n: u8,
        kind: &str,
        payload: &str,
        verdict: Option<Verdict>,
    ) -> Option<Overtime> {
        let (user, entity) = (UserId::new("sun").unwrap(), EntityId::new("overtime/1").unwrap());
        let at = Timestamp::from_second(1_760_000_000 + i64::from(n)).unwrap();
        let event = Recorded {
            id: EventId([n; 16]),
            kind,
            tv: 1,
            user: Some(&user),
            entity: &entity,
            seq: verdict.map(|_| 1),
            effective_at: at,
            claimed_at: at,
            trust: None,
            verdict,
            deps: &[],
            payload,
        };
        fold_overtime(state, &event)
    }

    #[test]
    fn it_is_asked_once_and_decided_once() {
        let accepted = Some(Verdict::Accepted);
        let asked = step(None, 1, "overtime.asked", ASKED, accepted).unwrap();
        assert_eq!((asked.asked.minutes(), asked.stage), (150, Stage::Asked));
        assert_eq!(serde_json::to_string(&asked.asked).unwrap(), ASKED, "bytes in logs for ever");
        let yes = r#"{"approve":true,"on":"2025-10-15"}"#;
        let done = step(Some(asked.clone()), 2, "overtime.decided", yes, accepted).unwrap();
        assert_eq!((done.stage, done.touched["stage"]), (Stage::Approved, EventId([2; 16])));
        let no = r#"{"approve":false,"on":"2025-10-15","words":"无工单"}"#;
        for (kind, payload, verdict) in [
            ("overtime.decided", no, accepted),
            ("overtime.withdrawn", "{}", accepted),
            ("overtime.asked", ASKED, accepted),
        ] {
            assert_eq!(step(Some(done.clone()), 3, kind, payload, verdict).as_ref(), Some(&done), "{kind}");
        }
        let refused = step(Some(asked.clone()), 3, "overtime.decided", no, Some(Verdict::Rejected));
        assert_eq!(refused.as_ref(), Some(&asked));
        let pending = step(Some(asked), 4, "overtime.withdrawn", "{}", None).unwrap();
        assert_eq!((pending.stage, pending.stands_on()), (Stage::Withdrawn, vec![EventId([4; 16])]));
    }

    #[test]
    fn limits() {
        let base: OvertimeAsked = serde_json::from_str(ASKED).unwrap();
        let day = |hours: i64| OvertimeAsked {
            to: base.from + jiff::SignedDuration::from_hours(hours),
            ..base.clone()
        };
        for (asked, sound) in [
            (base.clone(), true),
            (day(24), true),
            (day(25), false),
            (day(0), false),
            (day(-1), false),
            (OvertimeAsked { work: " ".into(), ..base.clone() }, false),
            (OvertimeAsked { work: "长".repeat(201), ..base.clone() }, false),
        ] {
            assert_eq!(asked.is_sound(), sound, "{asked:?}");
        }
    }
}
