//! 请假: some that were granted before October was drafted, one refused, one that waits.

use anyhow::{Context, Result};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use zaigang_domain::calendar::civil_date;
use zaigang_domain::duty::leave::{
    Answered, Asked, Consent, Decided, Leave, LeaveKind, REASON, Step, Why, leave_of,
};
use zaigang_domain::event::EntityId;
use zaigang_domain::order::SealedPart;

use super::{Act, SUPERVISOR, Turn, draft, moment, user};
use crate::demo::write::Fleet;

/// A request with what becomes of it.
#[derive(Debug, Clone)]
pub(super) struct Request {
    person: &'static str,
    kind: LeaveKind,
    days: (Date, Date),
    substitute: Option<&'static str>,
    reason: &'static str,
    asked: (Date, i8, i8),
    /// The supervisor's word an hour later; none: it waits.
    granted: Option<(bool, &'static str)>,
    /// Its entity once it was asked.
    entity: Option<EntityId>,
}

/// A word about a request.
#[derive(Debug, Clone)]
pub(super) enum Word {
    /// It is asked.
    Ask,
    /// It is decided.
    Decide(bool, &'static str),
    /// Of the substitute, the manager, and the buyer by a paper.
    Agree(Step),
}

pub(super) fn requests() -> Vec<Request> {
    let october = |day| date(2025, 10, day);
    let september = |day| date(2025, 9, day);
    let plain = |person, kind, days, reason, asked| Request {
        person,
        kind,
        days,
        substitute: None,
        reason,
        asked,
        granted: Some((true, "")),
        entity: None,
    };
    vec![
        plain(
            "gaozhizhi",
            LeaveKind::Sick,
            (september(15), september(16)),
            "发热，就医后休息两天。",
            (september(15), 7, 40),
        ),
        plain(
            "muxiyu",
            LeaveKind::Annual,
            (october(20), october(24)),
            "年休假，返乡探亲。",
            (september(22), 9, 20),
        ),
        plain(
            "longwangshu",
            LeaveKind::Trip,
            (october(27), october(29)),
            "到厂家参加备件验收。",
            (september(23), 10, 5),
        ),
        Request {
            substitute: Some("weichanggeng"),
            ..plain(
                "wanmuchun",
                LeaveKind::Annual,
                (october(16), october(17)),
                "年休假，家中装修。",
                (september(23), 14, 50),
            )
        },
        Request {
            granted: Some((false, "10 月 22 日有重要会议保障，请改在 23 日以后。")),
            ..plain(
                "taoranting",
                LeaveKind::Compensatory,
                (october(22), october(22)),
                "国庆值班调休。",
                (october(14), 9, 35),
            )
        },
        Request {
            substitute: Some("zhuxinqing"),
            granted: None,
            ..plain(
                "zhangxiaoji",
                LeaveKind::Personal,
                (october(23), october(24)),
                "家中老人住院陪护。",
                (october(15), 9, 10),
            )
        },
    ]
}

pub(super) fn turns(requests: &[Request]) -> Result<Vec<Turn>> {
    let mut turns = Vec::new();
    for (index, request) in requests.iter().enumerate() {
        let (day, hour, minute) = request.asked;
        let mut add = |hours: i8, word| -> Result<()> {
            turns.push((moment(day, hour + hours, minute)?, Act::Leave(index, word)));
            Ok(())
        };
        add(0, Word::Ask)?;
        let Some((approve, words)) = request.granted else { continue };
        add(1, Word::Decide(approve, words))?;
        if request.substitute.is_some() {
            for (hours, step) in (2..).zip(Step::ALL) {
                add(hours, Word::Agree(step))?;
            }
        }
    }
    Ok(turns)
}

pub(super) fn say(fleet: &mut Fleet<'_>, request: &mut Request, word: &Word, at: Timestamp) -> Result<()> {
    let on = civil_date(at);
    match word {
        Word::Ask => ask(fleet, request, at),
        Word::Decide(approve, words) => {
            let decided = Decided { approve: *approve, on, for_user: None, words: (*words).to_owned() };
            answer(fleet, request, SUPERVISOR, "leave.decided", "stage", &decided, at)
        }
        Word::Agree(step) => {
            let consent = (*step == Step::Buyer).then(|| Consent {
                unit: "演示单位信息化部门".to_owned(),
                paper: "演示人员替班报备单（虚构，第3号）".to_owned(),
                date: Some(on),
            });
            let agreed =
                Answered { step: *step, approve: true, on, for_user: None, words: String::new(), consent };
            let by = match step {
                Step::Substitute => request.substitute.context("nobody was named")?,
                Step::Manager | Step::Buyer => SUPERVISOR,
            };
            answer(fleet, request, by, "leave.substitute_decided", "substitute", &agreed, at)
        }
    }
}

fn ask(fleet: &mut Fleet<'_>, request: &mut Request, at: Timestamp) -> Result<()> {
    let asked = Asked {
        person: user(fleet, request.person)?,
        kind: request.kind,
        from: request.days.0,
        to: request.days.1,
        emergency: false,
        substitute: request.substitute.map(|login| user(fleet, login)).transpose()?,
    };
    let mut draft = draft("leave.asked", &asked, at)?;
    let why = Why { text: request.reason.to_owned() };
    draft.sealed = vec![SealedPart { name: REASON, json: serde_json::to_string(&why)? }];
    let entity = leave_of(fleet.fresh(at));
    request.entity = Some(entity.clone());
    fleet.tell(request.person, &entity, at, &[draft])
}

fn answer<T: serde::Serialize>(
    fleet: &mut Fleet<'_>,
    request: &Request,
    by: &str,
    kind: &'static str,
    field: &str,
    payload: &T,
    at: Timestamp,
) -> Result<()> {
    let entity = request.entity.clone().context("nobody asked")?;
    let mut draft = draft(kind, payload, at)?;
    let leave = fleet.state(&entity).and_then(|state| state.leave()).context("no such leave")?;
    draft.expect.extend(leave.field(field).map(|seen| (field.to_owned(), seen)));
    fleet.tell(by, &entity, at, &[draft])
}

/// Leaves that count.
pub(super) fn granted<'f>(fleet: &'f Fleet<'_>) -> impl Iterator<Item = &'f Leave> {
    fleet.states().filter_map(|(_, state)| state.leave()).filter(|leave| leave.counts())
}
