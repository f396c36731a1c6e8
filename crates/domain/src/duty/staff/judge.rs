//! Who may note what of whom, and which of two changes counts.

use super::{Noted, Staff};
use crate::duty::{Objection, as_actor, covers_user, subject};
use crate::event::{LogKind, Reason, UserId};
use crate::judge::{Beside, Incoming, Judgement, expectation};
use crate::people::{Actor, Role};
use jiff::civil::Date;

/// A decision as whom: an approver himself, or his deputy on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing<'a> {
    /// The approver he stands in for; `None`: he is one himself.
    pub for_user: Option<&'a UserId>,
    /// The day, as its author had it.
    pub on: Date,
}

/// Whether `actor` decides about `person` under a contract: a supervisor whose scope covers him, or such a
/// supervisor's deputy within his dates. Never about himself, and never for an approver about that approver.
///
/// # Errors
/// Why not, in Chinese.
pub fn stands_in(
    actor: &Actor,
    person: &UserId,
    standing: Standing<'_>,
    contract: &str,
    beside: &Beside,
) -> Result<(), Objection> {
    if actor.is(Some(person)) || standing.for_user == Some(person) {
        let message = "不能审批自己的申请，也不能由代理人代为审批；请由另一位项目经理或其代理人审批。";
        return Err(Objection::new(Reason::OwnRequest, message));
    }
    let subject = subject(person, beside)?;
    let Some(chief) = standing.for_user else {
        let covers = actor.has(Role::Supervisor) && covers_user(actor, contract, subject);
        return if covers { Ok(()) } else { Err(not_an_approver()) };
    };
    let named = beside.staff(chief).and_then(|staff| staff.deputy_on(standing.on));
    let rights = beside.user(chief).and_then(|user| as_actor(chief, user));
    let covers = rights.is_some_and(|rights| covers_user(&rights, contract, subject));
    if covers && named.is_some_and(|deputy| actor.is(Some(deputy))) { Ok(()) } else { Err(not_an_approver()) }
}

fn not_an_approver() -> Objection {
    let message = "只有负责此人的项目经理，或其指定的、在代理期内的代理人可以审批。";
    Objection::new(Reason::NoRight, message)
}

/// Whether `actor` may note this of `person`: his supervisor and the administrator everything, a person his own
/// phones; a deputy is named by the approver himself or the administrator.
///
/// # Errors
/// Why not, in Chinese.
pub fn legal(
    noted: &Noted,
    person: &UserId,
    actor: &Actor,
    contract: &str,
    beside: &Beside,
) -> Result<(), Objection> {
    let subject = subject(person, beside)?;
    let fields = noted.fields();
    let own = actor.is(Some(person));
    let only = |name: &str| fields.iter().all(|field| field == name);
    let administers = actor.has(Role::Administrator) && actor.reaches(contract);
    if noted.deputy.is_some() && !(own && actor.has(Role::Supervisor)) && !administers {
        let message = "代理人由审批人本人指定；本人不能操作时由系统管理员登记。";
        return Err(Objection::new(Reason::NoRight, message));
    }
    if noted.deputy.iter().flatten().any(|deputy| &deputy.user == person) {
        return Err(Objection::new(Reason::Malformed, "不能指定自己为代理人，请另选。"));
    }
    if noted.deputy.iter().flatten().any(|deputy| deputy.to < deputy.from) {
        return Err(Objection::new(Reason::Malformed, "代理的止日早于起日，请改正。"));
    }
    let supervises = actor.has(Role::Supervisor) && covers_user(actor, contract, subject);
    if administers || supervises || (own && only("phones")) {
        return Ok(());
    }
    let message = "人员资料由负责该部门的项目经理或系统管理员登记；本人只能登记自己的电话。";
    Err(Objection::new(Reason::NoRight, message))
}

/// Judges `staff.noted`.
pub(crate) fn judge_staff(
    state: Option<&Staff>,
    incoming: &Incoming<'_>,
    actor: &Actor,
    beside: &Beside,
) -> Judgement {
    let malformed = Judgement::rejected(Reason::Malformed, None);
    let LogKind::Common { contract } = incoming.log.kind() else { return malformed };
    let (Ok(noted), Ok(person)) =
        (serde_json::from_str::<Noted>(incoming.payload), UserId::new(incoming.entity.local()))
    else {
        return malformed;
    };
    if let Err(objection) = legal(&noted, &person, actor, contract, beside) {
        return objection.judgement();
    }
    let absent = Staff::default();
    let staff = state.unwrap_or(&absent);
    expectation(staff, incoming).unwrap_or(Judgement::ACCEPTED)
}
