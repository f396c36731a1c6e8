//! Who may do what about a leave, and which of two acts counts.

use super::{Act, Answered, Asked, ChainStage, DAYS_MAX, Leave, Stage, Step, Substituted, days};
use crate::duty::staff::{Standing, stands_in};
use crate::duty::{Objection, covers_user, subject, works_under};
use crate::event::{LogKind, Reason, UserId};
use crate::judge::{Beside, Incoming, Judgement, expectation};
use crate::people::{Actor, Role};

/// Whether an act is legal.
///
/// # Errors
/// Why not, in Chinese.
pub fn legal(
    leave: Option<&Leave>,
    act: &Act,
    actor: &Actor,
    contract: &str,
    beside: &Beside,
) -> Result<(), Objection> {
    let Some(leave) = leave else {
        let Act::Asked(asked) = act else {
            return Err(Objection::new(Reason::NoEntity, "没有这份请假，请同步后重试。"));
        };
        return may_ask(asked, contract, beside);
    };
    if matches!(act, Act::Asked(_)) {
        return Err(Objection::new(Reason::AlreadyExists, "这份请假已经登记过。"));
    }
    if !fits(leave, act) {
        return Err(not_now(leave, act));
    }
    match act {
        Act::Asked(_) => Ok(()),
        Act::Withdrawn(_) => may_withdraw(leave, actor),
        Act::Decided(p) => {
            let standing = Standing { for_user: p.for_user.as_ref(), on: p.on };
            stands_in(actor, &leave.person, standing, contract, beside)
        }
        Act::Substituted(p) => may_name(leave, p, actor, contract, beside),
        Act::Answered(p) => may_answer(leave, p, actor, contract, beside),
    }
}

/// Whether the state allows an act, whoever does it.
pub(super) fn fits(leave: &Leave, act: &Act) -> bool {
    let chain = leave.substitute.as_ref().map(|substitute| substitute.stage);
    match act {
        Act::Asked(_) => false,
        Act::Withdrawn(p) => leave.is_live() && p.on < leave.from,
        Act::Decided(_) => leave.stage == Stage::Asked,
        Act::Substituted(_) => leave.is_live() && chain != Some(ChainStage::Consented),
        Act::Answered(p) => leave.is_live() && chain.and_then(ChainStage::next) == Some(p.step),
    }
}

fn not_now(leave: &Leave, act: &Act) -> Objection {
    let winner = match act {
        Act::Withdrawn(_) | Act::Decided(_) => leave.touched.get("stage"),
        _ => leave.touched.get("substitute"),
    };
    let begun = matches!(act, Act::Withdrawn(p) if leave.is_live() && p.on >= leave.from);
    let message = if begun {
        "假期已经开始，不能撤回。需要更改时请与项目经理联系。".to_owned()
    } else {
        let chain =
            leave.substitute.as_ref().map(|s| format!("，替班{}", s.stage.title())).unwrap_or_default();
        format!("这份请假现在是“{}”{chain}，不能再这样操作，请查看现状。", leave.stage.title())
    };
    Objection { winner: winner.copied(), ..Objection::new(Reason::NotLegalNow, message) }
}

fn may_ask(asked: &Asked, contract: &str, beside: &Beside) -> Result<(), Objection> {
    if !(1..=DAYS_MAX).contains(&days(asked.from, asked.to)) {
        let message = format!("请假须从起日到止日，最多 {DAYS_MAX} 天，请改正日期。");
        return Err(Objection::new(Reason::Malformed, message));
    }
    known(&asked.person, contract, beside)?;
    if let Some(other) = away(&asked.person, asked.from, asked.to, beside) {
        let message = format!(
            "与本人 {} 至 {} 的{}（{}）重叠，请先撤回那一份或改日期。",
            other.from,
            other.to,
            other.kind.title(),
            other.stage.title()
        );
        return Err(Objection {
            winner: Some(other.asked_in),
            ..Objection::new(Reason::LeaveOverlaps, message)
        });
    }
    match &asked.substitute {
        Some(substitute) => may_stand(substitute, &asked.person, (asked.from, asked.to), contract, beside),
        None => Ok(()),
    }
}

/// The person works under the contract.
fn known(person: &UserId, contract: &str, beside: &Beside) -> Result<(), Objection> {
    if works_under(subject(person, beside)?, contract) {
        return Ok(());
    }
    Err(Objection::new(Reason::Malformed, "此人已停用或不在本合同，请重新选择。"))
}

/// A live leave of a person that has a day of the span.
fn away<'b>(
    person: &UserId,
    from: jiff::civil::Date,
    to: jiff::civil::Date,
    beside: &'b Beside,
) -> Option<&'b Leave> {
    let mut live = beside.leaves().filter(|leave| &leave.person == person && leave.is_live());
    live.find(|leave| leave.overlaps(from, to))
}

fn may_stand(
    substitute: &UserId,
    person: &UserId,
    (from, to): (jiff::civil::Date, jiff::civil::Date),
    contract: &str,
    beside: &Beside,
) -> Result<(), Objection> {
    if substitute == person {
        return Err(Objection::new(Reason::Malformed, "替班人不能是请假人本人，请另选。"));
    }
    known(substitute, contract, beside)?;
    match away(substitute, from, to, beside) {
        Some(own) => {
            let message = format!("替班人在 {} 至 {} 也请假，请另选。", own.from, own.to);
            Err(Objection { winner: Some(own.asked_in), ..Objection::new(Reason::LeaveOverlaps, message) })
        }
        None => Ok(()),
    }
}

fn may_withdraw(leave: &Leave, actor: &Actor) -> Result<(), Objection> {
    if actor.is(Some(&leave.person)) || actor.is(leave.asked_by.as_ref()) {
        return Ok(());
    }
    Err(Objection::new(Reason::NoRight, "只有请假人本人（或代记人）可以撤回。"))
}

fn may_name(
    leave: &Leave,
    named: &Substituted,
    actor: &Actor,
    contract: &str,
    beside: &Beside,
) -> Result<(), Objection> {
    let own = actor.is(Some(&leave.person)) || actor.is(leave.asked_by.as_ref());
    let desk = [Role::Supervisor, Role::Dispatcher].iter().any(|role| actor.has(*role));
    let scope = beside.user(&leave.person).is_some_and(|user| covers_user(actor, contract, user));
    if !(own || desk && scope) {
        let message = "替班人由请假人、代记人、服务台或项目经理指定。";
        return Err(Objection::new(Reason::NoRight, message));
    }
    may_stand(&named.person, &leave.person, (leave.from, leave.to), contract, beside)
}

fn may_answer(
    leave: &Leave,
    answer: &Answered,
    actor: &Actor,
    contract: &str,
    beside: &Beside,
) -> Result<(), Objection> {
    let substitute = leave.substitute.as_ref().map(|substitute| &substitute.person);
    let standing = Standing { for_user: answer.for_user.as_ref(), on: answer.on };
    match answer.step {
        Step::Substitute if actor.is(substitute) => Ok(()),
        Step::Substitute => Err(Objection::new(Reason::NoRight, "只有替班人本人可以答复是否替班。")),
        Step::Manager
            if actor.is(substitute) || (standing.for_user.is_some() && standing.for_user == substitute) =>
        {
            let message = "不能审批自己替班，请由另一位项目经理或其代理人审批。";
            Err(Objection::new(Reason::OwnRequest, message))
        }
        Step::Manager => stands_in(actor, &leave.person, standing, contract, beside),
        Step::Buyer => may_consent(leave, answer, actor, contract, beside),
    }
}

/// The buyer by his account, or whoever records his consent with unit, paper and date.
fn may_consent(
    leave: &Leave,
    answer: &Answered,
    actor: &Actor,
    contract: &str,
    beside: &Beside,
) -> Result<(), Objection> {
    let in_scope = covers_user(actor, contract, subject(&leave.person, beside)?);
    if actor.has(Role::BuyerContact) && in_scope {
        return Ok(());
    }
    let records = [Role::Supervisor, Role::Dispatcher].iter().any(|role| actor.has(*role));
    if !(records && in_scope) {
        let message = "采购人的意见由甲方联系人用自己的账号答复，或由项目经理、服务台凭单据代为记录。";
        return Err(Objection::new(Reason::NoRight, message));
    }
    let told = answer.consent.as_ref();
    let whole =
        told.is_some_and(|c| !c.unit.trim().is_empty() && !c.paper.trim().is_empty() && c.date.is_some());
    if whole {
        return Ok(());
    }
    let message = "代记采购人的意见须写明单位或岗位、凭据和日期。";
    Err(Objection::new(Reason::Malformed, message))
}

/// Judges `leave.*`.
pub(crate) fn judge_leave(
    leave: Option<&Leave>,
    incoming: &Incoming<'_>,
    actor: &Actor,
    beside: &Beside,
) -> Judgement {
    let malformed = Judgement::rejected(Reason::Malformed, None);
    let LogKind::Common { contract } = incoming.log.kind() else { return malformed };
    let Some(act) = Act::read(incoming.kind, incoming.payload) else { return malformed };
    if let Some(lost) = leave.and_then(|leave| expectation(leave, incoming)) {
        return lost;
    }
    match legal(leave, &act, actor, contract, beside) {
        Ok(()) => Judgement::ACCEPTED,
        Err(objection) => objection.judgement(),
    }
}
