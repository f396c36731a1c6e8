//! Attendance in the log: punches and corrections of one person in one month, `attendance/<user>.<yyyy-mm>`
//! in the contract's common log.
//!
//! Punches are facts and stay as they were; a correction is asked by the person himself and decided by a
//! project manager, and an approved one adds punches or sets some aside. Nobody decides about himself.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Trust;
use crate::calendar::civil_date;
use crate::event::{BadId, Class, EntityId, EventId, LogKind, LogName, Reason, Recorded, UserId, Verdict};
use crate::judge::{self, Beside, Incoming, Judgement};
use crate::people::Actor;

/// Longest reason, piece of evidence or word of a decision, in characters.
pub const WORDS_CHARS_MAX: usize = 200;

/// A month of one person: what an entity is named after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonMonth {
    /// Who.
    pub user: UserId,
    /// First day of the month.
    pub first: Date,
}

impl PersonMonth {
    /// The month of a person that an instant falls in.
    #[must_use]
    pub fn at(user: &UserId, at: Timestamp) -> Self {
        Self { user: user.clone(), first: civil_date(at).first_of_month() }
    }

    /// Reads the part of an entity's name after the slash.
    #[must_use]
    pub fn parse(local: &str) -> Option<Self> {
        let (user, month) = local.rsplit_once('.')?;
        let first: Date = format!("{month}-01").parse().ok()?;
        let read = Self { user: UserId::new(user).ok()?, first };
        // One month has one spelling.
        (read.to_string() == local).then_some(read)
    }

    /// `attendance/<user>.<yyyy-mm>`.
    ///
    /// # Errors
    /// [`BadId`] when the user's id leaves no room for the month.
    pub fn entity(&self) -> Result<EntityId, BadId> {
        EntityId::new(format!("attendance/{self}"))
    }
}

impl fmt::Display for PersonMonth {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{:04}-{:02}", self.user, self.first.year(), self.first.month())
    }
}

/// Payload of `attendance.punched`. When and where are in the envelope.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Punched {
    /// Which console it was made at, by its name then: for people; the envelope says which device.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
}

/// Payload of `attendance.correction_asked`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionAsked {
    /// The day it is about.
    pub date: Date,
    /// Division of the person, whose project manager decides; empty where he has none.
    #[serde(default)]
    pub division: String,
    /// When he came, if a punch is to be added.
    #[serde(default, rename = "in", skip_serializing_if = "Option::is_none")]
    pub came_at: Option<Timestamp>,
    /// When he left, if a punch is to be added.
    #[serde(default, rename = "out", skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Timestamp>,
    /// Punches to be set aside, such as one made while the clock was wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set_aside: Vec<EventId>,
    /// Why.
    pub reason: String,
    /// What shows it.
    #[serde(default)]
    pub evidence: String,
}

/// Payload of `attendance.correction_decided`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionDecided {
    /// The correction.
    pub asked: EventId,
    /// Whether it counts from now on.
    pub approved: bool,
    /// Words of whoever decided.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

/// A punch as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PunchKept {
    /// Its event.
    pub id: EventId,
    /// When, by the time that counts.
    pub at: Timestamp,
    /// How far to trust that.
    pub trust: Trust,
    /// Name of the console.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// Still waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

/// A correction as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Event that asked.
    pub id: EventId,
    /// What is asked.
    pub asked: CorrectionAsked,
    /// When it was asked.
    pub at: Timestamp,
    /// Still waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// What came of a correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Event that decided.
    pub id: EventId,
    /// Whether it counts.
    pub approved: bool,
    /// Words of whoever decided.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// Who decided.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// Still waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

/// Punches and corrections of one person in one month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MonthKept {
    /// Punches by time.
    pub punches: Vec<PunchKept>,
    /// Corrections in the order of their events.
    pub corrections: Vec<Correction>,
}

impl MonthKept {
    /// A correction by the event that asked for it.
    #[must_use]
    pub fn correction(&self, id: EventId) -> Option<&Correction> {
        self.corrections.iter().find(|one| one.id == id)
    }
}

/// The punches that count of one person's months: those made and not set aside, and those that approved
/// corrections add. The months of the days next to those asked for belong to it: a correction stands in the
/// month of its day, and a punch after midnight in that of its own.
#[must_use]
pub fn counting<'m>(months: impl Iterator<Item = &'m MonthKept> + Clone) -> Vec<(Timestamp, Trust)> {
    let added = approved(months.clone()).flat_map(|one| [one.asked.came_at, one.asked.left_at]).flatten();
    let made = months.clone().flat_map(|month| &month.punches);
    let made = made.filter(move |punch| !is_aside(months.clone(), punch.id));
    made.map(|punch| (punch.at, punch.trust)).chain(added.map(|at| (at, Trust::Ok))).collect()
}

/// Whether an approved correction of one of these months sets a punch aside.
#[must_use]
pub fn is_aside<'m>(months: impl Iterator<Item = &'m MonthKept>, punch: EventId) -> bool {
    approved(months).any(|one| one.asked.set_aside.contains(&punch))
}

fn approved<'m>(months: impl Iterator<Item = &'m MonthKept>) -> impl Iterator<Item = &'m Correction> {
    let corrections = months.flat_map(|month| &month.corrections);
    corrections.filter(|one| one.decision.as_ref().is_some_and(|decision| decision.approved))
}

/// How far a punch is trusted, from its commit record; one that waits for the centre counts as written
/// offline.
fn trust_of(trust: Option<judge::Trust>) -> Trust {
    match trust {
        Some(judge::Trust::Exact | judge::Trust::Corrected) => Trust::Ok,
        Some(judge::Trust::Clamped) => Trust::Jumped,
        Some(judge::Trust::Bounded | judge::Trust::Claimed) | None => Trust::Offline,
    }
}

/// Folds an event of `attendance/<user>.<yyyy-mm>`; what was not accepted or cannot be read changes nothing.
#[must_use]
pub fn fold_attendance(state: Option<MonthKept>, event: &Recorded<'_>) -> Option<MonthKept> {
    if !matches!(event.verdict, None | Some(Verdict::Accepted)) {
        return state;
    }
    let mut month = state.clone().unwrap_or_default();
    let changed = match event.kind {
        "attendance.punched" => punched(&mut month, event),
        "attendance.correction_asked" => asked(&mut month, event),
        "attendance.correction_decided" => decided(&mut month, event),
        _ => None,
    };
    if changed.is_some() { Some(month) } else { state }
}

fn punched(month: &mut MonthKept, event: &Recorded<'_>) -> Option<()> {
    let Punched { place } = serde_json::from_str(event.payload).ok()?;
    let (at, pending) = (event.effective_at, event.is_pending());
    let punch = PunchKept { id: event.id, at, trust: trust_of(event.trust), place, pending };
    let after = month.punches.partition_point(|known| (known.at, known.id) <= (at, event.id));
    month.punches.insert(after, punch);
    Some(())
}

fn asked(month: &mut MonthKept, event: &Recorded<'_>) -> Option<()> {
    let asked = serde_json::from_str(event.payload).ok()?;
    let (at, pending) = (event.effective_at, event.is_pending());
    month.corrections.push(Correction { id: event.id, asked, at, pending, decision: None });
    Some(())
}

fn decided(month: &mut MonthKept, event: &Recorded<'_>) -> Option<()> {
    let decided: CorrectionDecided = serde_json::from_str(event.payload).ok()?;
    let correction = month.corrections.iter_mut().find(|one| one.id == decided.asked)?;
    // The first decision counts; a later one loses at the centre and never stands here.
    correction.decision.get_or_insert(Decision {
        id: event.id,
        approved: decided.approved,
        words: decided.words,
        by: event.user.cloned(),
        at: event.effective_at,
        pending: event.is_pending(),
    });
    Some(())
}

/// Whether `actor` may decide about a correction of that person, asked for that division: anybody whose
/// scope covers both, but the person himself.
#[must_use]
pub fn may_decide(actor: &Actor, person: &UserId, contract: &str, division: &str) -> bool {
    let covers = if division.is_empty() {
        actor.reaches(contract) && actor.divisions.is_empty()
    } else {
        actor.covers(contract, division)
    };
    covers && !actor.is(Some(person))
}

/// Judges `attendance.*`. Punches are facts and are kept waiting where the right is missing; a second decision
/// loses, and so does one about a closed day.
pub(crate) fn judge_attendance(
    state: Option<&MonthKept>,
    class: Class,
    incoming: &Incoming<'_>,
    actor: &Actor,
    beside: &Beside,
) -> Judgement {
    let local = incoming.entity.local();
    match objection(state, incoming.kind, local, incoming.payload, incoming.log, actor) {
        Some((Reason::Malformed, _)) => Judgement::rejected(Reason::Malformed, None),
        Some((reason @ (Reason::NoRight | Reason::NoEntity), _)) => Judgement::parked(reason),
        Some((reason, winner)) => Judgement::lost(class, reason, winner),
        None => match closed(state, incoming, beside) {
            Some(winner) => Judgement::lost(class, Reason::DayClosed, Some(winner)),
            None => Judgement::ACCEPTED,
        },
    }
}

/// The event that closed the day which a correction is about.
fn closed(state: Option<&MonthKept>, incoming: &Incoming<'_>, beside: &Beside) -> Option<EventId> {
    let date = match incoming.kind {
        "attendance.correction_asked" => serde_json::from_str::<CorrectionAsked>(incoming.payload).ok()?.date,
        "attendance.correction_decided" => {
            let decided: CorrectionDecided = serde_json::from_str(incoming.payload).ok()?;
            state?.correction(decided.asked)?.asked.date
        }
        _ => return None,
    };
    beside.closed_days(date)?.closed_by(date)
}

/// Why an attendance event is not taken; `None` when it is.
#[must_use]
pub fn objection(
    state: Option<&MonthKept>,
    kind: &str,
    local: &str,
    payload: &str,
    log: &LogName,
    actor: &Actor,
) -> Option<(Reason, Option<EventId>)> {
    let (Some(of), LogKind::Common { contract }) = (PersonMonth::parse(local), log.kind()) else {
        return Some((Reason::Malformed, None));
    };
    match kind {
        "attendance.punched" | "attendance.correction_asked" if !actor.is(Some(&of.user)) => {
            Some((Reason::NoRight, None))
        }
        "attendance.punched" => unreadable::<Punched>(payload),
        "attendance.correction_asked" => unreadable::<CorrectionAsked>(payload),
        "attendance.correction_decided" => {
            let Ok(decided) = serde_json::from_str::<CorrectionDecided>(payload) else {
                return Some((Reason::Malformed, None));
            };
            let asked = state.and_then(|month| month.correction(decided.asked));
            let Some(correction) = asked else { return Some((Reason::NoEntity, None)) };
            if !may_decide(actor, &of.user, contract, &correction.asked.division) {
                return Some((Reason::NoRight, None));
            }
            correction.decision.as_ref().map(|decision| (Reason::StateChanged, Some(decision.id)))
        }
        _ => Some((Reason::Malformed, None)),
    }
}

fn unreadable<T: serde::de::DeserializeOwned>(payload: &str) -> Option<(Reason, Option<EventId>)> {
    serde_json::from_str::<T>(payload).err().map(|_| (Reason::Malformed, None))
}

/// Whether an event's time is bounded by the step before it. Punches of one person come from several
/// consoles, each in an order of its own: one that arrives late was not made later.
#[must_use]
pub fn follows_its_entity(kind: &str) -> bool {
    kind != "attendance.punched"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Role;

    fn wang() -> UserId {
        UserId::new("wang").unwrap()
    }

    fn actor(user: &str, role: Role, divisions: &[&str]) -> Actor {
        Actor {
            doer: crate::people::Doer::User(UserId::new(user).unwrap()),
            roles: vec![role],
            divisions: divisions.iter().map(|&name| name.to_owned()).collect(),
            ..Actor::centre()
        }
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_760_000_000 + minute * 60).unwrap()
    }

    struct Sent<'a> {
        n: u8,
        kind: &'a str,
        minute: i64,
        payload: &'a str,
        verdict: Option<Verdict>,
        trust: Option<judge::Trust>,
    }

    fn fold(state: Option<MonthKept>, sent: &Sent<'_>) -> Option<MonthKept> {
        let (user, entity) = (wang(), EntityId::new("attendance/wang.2025-10").unwrap());
        let event = Recorded {
            id: EventId([sent.n; 16]),
            kind: sent.kind,
            tv: 1,
            user: Some(&user),
            entity: &entity,
            seq: sent.verdict.map(|_| u64::from(sent.n)),
            effective_at: at(sent.minute),
            claimed_at: at(sent.minute),
            trust: sent.trust,
            verdict: sent.verdict,
            deps: &[],
            payload: sent.payload,
        };
        fold_attendance(state, &event)
    }

    fn counted(months: &[&MonthKept]) -> Vec<(Timestamp, Trust)> {
        counting(months.iter().copied())
    }

    const ACCEPTED: Option<Verdict> = Some(Verdict::Accepted);

    fn punch(n: u8, minute: i64, trust: judge::Trust) -> Sent<'static> {
        let trust = Some(trust);
        Sent { n, kind: "attendance.punched", minute, payload: "{}", verdict: ACCEPTED, trust }
    }

    #[test]
    fn punches_stand_by_time_whatever_order_they_arrive_in() {
        let late = fold(None, &punch(1, 30, judge::Trust::Exact));
        let month = fold(late, &punch(2, 10, judge::Trust::Bounded)).unwrap();
        assert_eq!(counted(&[&month]), [(at(10), Trust::Offline), (at(30), Trust::Ok)]);
        let waiting = Sent { verdict: None, trust: None, ..punch(3, 20, judge::Trust::Exact) };
        let month = fold(Some(month), &waiting).unwrap();
        assert!(month.punches[1].pending && month.punches[1].trust == Trust::Offline);
        for verdict in [Verdict::Rejected, Verdict::Parked] {
            let refused = Sent { verdict: Some(verdict), ..punch(4, 40, judge::Trust::Exact) };
            assert_eq!(fold(Some(month.clone()), &refused).unwrap(), month);
        }
    }

    #[test]
    fn an_approved_correction_adds_a_punch_and_sets_one_aside() {
        let month = fold(None, &punch(1, 30, judge::Trust::Clamped));
        let aside = EventId([1; 16]);
        let payload = format!(
            r#"{{"date":"2025-10-09","division":"E总队","in":"{}","set_aside":["{aside}"],"reason":"时钟"}}"#,
            at(5)
        );
        let ask = Sent {
            n: 2,
            kind: "attendance.correction_asked",
            minute: 60,
            payload: &payload,
            ..punch(2, 60, judge::Trust::Exact)
        };
        let month = fold(month, &ask);
        assert_eq!(counted(&[month.as_ref().unwrap()]), [(at(30), Trust::Jumped)], "asked is not decided");
        let decide =
            |n, approved| (n, format!(r#"{{"asked":"{}","approved":{approved}}}"#, EventId([2; 16])));
        for (n, approved, counting) in
            [(3, true, vec![(at(5), Trust::Ok)]), (4, false, vec![(at(30), Trust::Jumped)])]
        {
            let (n, payload) = decide(n, approved);
            let decide = Sent {
                kind: "attendance.correction_decided",
                payload: &payload,
                ..punch(n, 70, judge::Trust::Exact)
            };
            let month = fold(month.clone(), &decide).unwrap();
            assert_eq!(counted(&[&month]), counting);
            assert_eq!(month.punches.len(), 1, "the original stays");
            // The punch of the night stands in the next month, the correction in that of its day.
            let split = [
                &MonthKept { punches: Vec::new(), ..month.clone() },
                &MonthKept { corrections: Vec::new(), ..month.clone() },
            ];
            assert_eq!(counted(&split), counting, "whichever month it stands in");
        }
    }

    #[test]
    fn who_may_do_what() {
        let log = LogName::new("c/guangxi-police/common").unwrap();
        let payload =
            format!(r#"{{"date":"2025-10-09","division":"E总队","in":"{}","reason":"忘记"}}"#, at(5));
        let ask = Sent {
            kind: "attendance.correction_asked",
            payload: &payload,
            ..punch(2, 60, judge::Trust::Exact)
        };
        let month = fold(None, &ask);
        let decision = format!(r#"{{"asked":"{}","approved":true}}"#, EventId([2; 16]));
        let decide = Sent {
            kind: "attendance.correction_decided",
            payload: &decision,
            ..punch(3, 70, judge::Trust::Exact)
        };
        let decided = fold(month.clone(), &decide);
        let (local, supervisor) = ("wang.2025-10", Role::Supervisor);
        let own = actor("wang", Role::Engineer, &[]);
        for (kind, payload, actor, state, expected) in [
            ("attendance.punched", "{}", &own, None, None),
            ("attendance.punched", "{}", &actor("li", supervisor, &[]), None, Some(Reason::NoRight)),
            ("attendance.punched", "7", &own, None, Some(Reason::Malformed)),
            ("attendance.correction_asked", &payload, &own, None, None),
            ("attendance.correction_asked", "{}", &own, None, Some(Reason::Malformed)),
            (
                "attendance.correction_asked",
                &payload,
                &actor("li", supervisor, &[]),
                None,
                Some(Reason::NoRight),
            ),
            (
                "attendance.correction_decided",
                &decision,
                &actor("li", supervisor, &["E总队"]),
                month.as_ref(),
                None,
            ),
            (
                "attendance.correction_decided",
                &decision,
                &actor("li", supervisor, &["C总队"]),
                month.as_ref(),
                Some(Reason::NoRight),
            ),
            (
                "attendance.correction_decided",
                &decision,
                &actor("wang", supervisor, &[]),
                month.as_ref(),
                Some(Reason::NoRight),
            ),
            (
                "attendance.correction_decided",
                &decision,
                &actor("li", supervisor, &[]),
                None,
                Some(Reason::NoEntity),
            ),
            (
                "attendance.correction_decided",
                &decision,
                &actor("li", supervisor, &[]),
                decided.as_ref(),
                Some(Reason::StateChanged),
            ),
        ] {
            let found = objection(state, kind, local, payload, &log, actor).map(|(reason, _)| reason);
            assert_eq!(found, expected, "{kind} {payload} by {:?}", actor.doer);
        }
        assert!(objection(None, "attendance.punched", "wang.2025-9", "{}", &log, &own).is_some());
    }

    #[test]
    fn a_month_has_one_name() {
        let month = PersonMonth::at(&wang(), "2025-09-30T16:00:00Z".parse().unwrap());
        assert_eq!(month.entity().unwrap().as_str(), "attendance/wang.2025-10", "midnight in +08:00");
        assert_eq!(PersonMonth::parse("a.b.2025-10").unwrap().user.as_str(), "a.b");
        for bad in ["wang", "wang.2025-1", "wang.2025-13", ".2025-10"] {
            assert_eq!(PersonMonth::parse(bad), None, "{bad}");
        }
    }
}
