//! Closing the days of a month, and opening them again with a reason.
//!
//! Promises: a closed day keeps what each day came to when it was closed, so that what changed since can be
//! shown; corrections of a closed day are taken only once it is open again. Left out: when a site closes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::WORDS_CHARS_MAX;
use crate::duty::as_actor;
use crate::event::{EntityId, EventId, LogKind, Reason, Recorded, UserId, Verdict};
use crate::judge::{Beside, Incoming, Judgement, expectation};
use crate::people::{Actor, Role};

/// Most people of one closed day.
const RESULTS_MAX: usize = 2_000;
/// Most re-openings kept of a month.
const REOPENED_MAX: usize = 200;

/// `attendance_month.closed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayClosed {
    /// The day.
    pub date: Date,
    /// What it came to, by person: stable words of [`super::DayResult`].
    #[serde(default)]
    pub results: BTreeMap<String, String>,
    /// As whose deputy, and on which day as its author had it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deputy: Option<DeputyOf>,
}

/// Somebody acts in the stead of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeputyOf {
    /// The project manager he stands in for.
    #[serde(rename = "for")]
    pub for_user: UserId,
    /// The day, as its author had it.
    pub on: Date,
}

/// `attendance_month.reopened`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayReopened {
    /// The day.
    pub date: Date,
    /// Why.
    pub reason: String,
    /// As whose deputy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deputy: Option<DeputyOf>,
}

/// How a day was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// What the day came to, by person.
    pub results: BTreeMap<String, String>,
    /// Who closed it.
    pub by: Option<UserId>,
    /// The project manager he stood in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_user: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// Still waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

/// A day opened again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopening {
    /// The day.
    pub date: Date,
    /// Why.
    pub reason: String,
    /// Who opened it.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
}

/// Closed days of a month: `attendance_month/<yyyy-mm>`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClosedDays {
    /// Closed days.
    pub days: BTreeMap<Date, Closing>,
    /// What was opened again, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reopened: Vec<Reopening>,
    /// Per day, as `2025-10-15`: the event that closed or opened it last.
    pub touched: BTreeMap<String, EventId>,
}

impl ClosedDays {
    /// `closed` or `open` for a field named as a date; `None` for another.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        let date: Date = name.parse().ok()?;
        Some(if self.days.contains_key(&date) { "closed" } else { "open" }.to_owned())
    }

    /// The event that closed a day, while it is closed.
    #[must_use]
    pub fn closed_by(&self, date: Date) -> Option<EventId> {
        self.days.get(&date).and_then(|_| self.touched.get(&date.to_string()).copied())
    }
}

/// `attendance_month/<yyyy-mm>` of a day.
///
/// # Panics
/// Never: a month has the shape of the second part.
#[must_use]
pub fn closing_of(date: Date) -> EntityId {
    let name = format!("attendance_month/{:04}-{:02}", date.year(), date.month());
    EntityId::new(name).expect("a month is a part of a name")
}

/// Whether `actor` closes and opens days of a contract: a project manager of the whole contract, or the
/// deputy such a one named, within his dates.
#[must_use]
pub fn may_close(actor: &Actor, contract: &str, deputy: Option<&DeputyOf>, beside: &Beside) -> bool {
    let Some(DeputyOf { for_user, on }) = deputy else { return manages(actor, contract) };
    let named = beside.staff(for_user).and_then(|staff| staff.deputy_on(*on));
    let chief = beside.user(for_user).and_then(|user| as_actor(for_user, user));
    named.is_some_and(|named| actor.is(Some(named))) && chief.is_some_and(|chief| manages(&chief, contract))
}

fn manages(actor: &Actor, contract: &str) -> bool {
    actor.has(Role::Supervisor) && actor.reaches(contract) && actor.divisions.is_empty()
}

/// Folds an event of `attendance_month/<yyyy-mm>`; what was not accepted changes nothing.
#[must_use]
pub fn fold_closing(state: Option<ClosedDays>, event: &Recorded<'_>) -> Option<ClosedDays> {
    if !matches!(event.verdict, None | Some(Verdict::Accepted)) {
        return state;
    }
    let mut month = state.clone().unwrap_or_default();
    let (by, at, pending) = (event.user.cloned(), event.effective_at, event.is_pending());
    let date = match event.kind {
        "attendance_month.closed" => {
            let Ok(DayClosed { date, results, deputy }) = serde_json::from_str(event.payload) else {
                return state;
            };
            if month.days.contains_key(&date) {
                return state;
            }
            let for_user = deputy.map(|deputy| deputy.for_user);
            month.days.insert(date, Closing { results, by, for_user, at, pending });
            date
        }
        "attendance_month.reopened" => {
            let Ok(DayReopened { date, reason, .. }) = serde_json::from_str(event.payload) else {
                return state;
            };
            if month.days.remove(&date).is_none() {
                return state;
            }
            if month.reopened.len() < REOPENED_MAX {
                month.reopened.push(Reopening { date, reason, by, at });
            }
            date
        }
        _ => return state,
    };
    month.touched.insert(date.to_string(), event.id);
    Some(month)
}

/// Judges `attendance_month.*`.
pub(crate) fn judge_closing(
    state: Option<&ClosedDays>,
    incoming: &Incoming<'_>,
    actor: &Actor,
    beside: &Beside,
) -> Judgement {
    let malformed = Judgement::rejected(Reason::Malformed, None);
    let LogKind::Common { contract } = incoming.log.kind() else { return malformed };
    let (date, deputy, closes) = match incoming.kind {
        "attendance_month.closed" => match serde_json::from_str::<DayClosed>(incoming.payload) {
            Ok(closed) if closed.results.len() <= RESULTS_MAX => (closed.date, closed.deputy, true),
            _ => return malformed,
        },
        _ => match serde_json::from_str::<DayReopened>(incoming.payload) {
            Ok(opened) if is_reason(&opened.reason) => (opened.date, opened.deputy, false),
            _ => return malformed,
        },
    };
    if *incoming.entity != closing_of(date) {
        return malformed;
    }
    if !may_close(actor, contract, deputy.as_ref(), beside) {
        return Judgement::parked(Reason::NoRight);
    }
    let none = ClosedDays::default();
    let month = state.unwrap_or(&none);
    if let Some(lost) = expectation(month, incoming) {
        return lost;
    }
    if month.days.contains_key(&date) == closes {
        let winner = month.touched.get(&date.to_string()).copied();
        return Judgement::rejected(Reason::StateChanged, winner);
    }
    Judgement::ACCEPTED
}

fn is_reason(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= WORDS_CHARS_MAX
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duty::staff::{Deputy, Staff, staff_of};
    use crate::judge::EntityState;
    use crate::people::UserState;
    use jiff::civil::date;

    fn step(
        state: Option<ClosedDays>,
        n: u8,
        kind: &str,
        payload: &str,
        verdict: Option<Verdict>,
    ) -> Option<ClosedDays> {
        let (user, entity) = (UserId::new("sun").unwrap(), closing_of(date(2025, 10, 15)));
        let at = Timestamp::from_second(1_760_000_000).unwrap();
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
        fold_closing(state, &event)
    }

    #[test]
    fn a_manager_or_the_deputy_he_named_closes_within_the_dates() {
        let user = |name: &str| UserId::new(name).unwrap();
        let account = |divisions: &[&str]| UserState {
            name: "孙".to_owned(),
            roles: [Role::Supervisor].into(),
            divisions: divisions.iter().map(|name| (*name).to_owned()).collect(),
            ..UserState::default()
        };
        let named = Deputy { user: user("li"), from: date(2025, 10, 13), to: date(2025, 10, 17) };
        let staff = Staff { deputy: Some(named), ..Staff::default() };
        let beside = |divisions: &[&str]| Beside {
            entities: [
                (EntityId::user(&user("sun")), EntityState::User(account(divisions))),
                (staff_of(&user("sun")), EntityState::Staff(Box::new(staff.clone()))),
            ]
            .into(),
        };
        let actor = |name: &str, divisions: &[&str]| Actor::of(user(name), &account(divisions), None, true);
        let of = |on: i8| DeputyOf { for_user: user("sun"), on: date(2025, 10, on) };
        let may = |who: &Actor, deputy: Option<&DeputyOf>, of_whom: &[&str]| {
            may_close(who, "guangxi-police", deputy, &beside(of_whom))
        };
        assert!(may(&actor("sun", &[]), None, &[]));
        assert!(!may(&actor("li", &["L总队"]), None, &[]), "of a division only");
        assert!(may(&actor("li", &["L总队"]), Some(&of(15)), &[]));
        assert!(!may(&actor("li", &["L总队"]), Some(&of(18)), &[]), "past his dates");
        assert!(!may(&actor("wang", &["L总队"]), Some(&of(15)), &[]), "not he was named");
        assert!(!may(&actor("li", &["L总队"]), Some(&of(15)), &["E总队"]), "his chief may not either");
    }

    #[test]
    fn a_day_is_closed_and_opened_again_with_its_reason() {
        assert_eq!(closing_of(date(2025, 10, 15)).as_str(), "attendance_month/2025-10");
        let close = r#"{"date":"2025-10-15","results":{"wang":"late"}}"#;
        let month = step(None, 1, "attendance_month.closed", close, None).unwrap();
        let day = date(2025, 10, 15);
        assert_eq!(month.closed_by(day), Some(EventId([1; 16])));
        assert_eq!(month.days[&day].results["wang"], "late");
        let open = r#"{"date":"2025-10-15","reason":"补录"}"#;
        let accepted = Some(Verdict::Accepted);
        let opened = step(Some(month.clone()), 2, "attendance_month.reopened", open, accepted).unwrap();
        assert_eq!((opened.closed_by(day), opened.reopened[0].reason.as_str()), (None, "补录"));
        assert_eq!(opened.field("2025-10-15").as_deref(), Some("open"));
        assert_eq!(opened.field("stage"), None);
        for (kind, payload, verdict) in [
            ("attendance_month.closed", close, accepted),
            ("attendance_month.reopened", open, Some(Verdict::Rejected)),
        ] {
            assert_eq!(step(Some(month.clone()), 3, kind, payload, verdict).as_ref(), Some(&month), "{kind}");
        }
    }
}
