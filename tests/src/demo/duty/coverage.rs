//! 保障: the plan of the long holiday, carried out and summed up, and one that runs on the demo's day.

use anyhow::{Context, Result};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use serde::Serialize;
use zaigang_domain::calendar::civil_date;
use zaigang_domain::duty::coverage::{
    Check, Consent, Done, Due, DueKind, Freeze, Occasion, Plan, PlanState, Said, SpareNeed, dues,
    expectations,
};
use zaigang_domain::event::EntityId;

use super::{Act, SUPERVISOR, Turn, draft, moment, roster};
use crate::demo::write::Fleet;

const MAIN: &str = "duty-main";
/// What was found where something was found: date, kind, words.
const FOUND: &[(Date, DueKind, &str)] = &[
    (date(2025, 9, 28), DueKind::Check, "12.6 一路电源告警，已更换模块并复测。"),
    (date(2025, 10, 3), DueKind::Patrol, "机房 2 号空调高水位告警，排水后恢复，已报厂家检修。"),
    (date(2025, 10, 6), DueKind::Report, "柳州方向级联瞬断 3 分钟，运营商侧割接所致，已恢复。"),
];
/// Patrols that nobody did.
const MISSED: &[(Date, &str)] = &[(date(2025, 10, 5), "2025-10-05 21:00")];

/// A step of a plan.
#[derive(Debug, Clone)]
pub(super) enum Event {
    /// It is written.
    Plan(usize),
    /// It is submitted or approved: nobody else holds the role for the whole contract.
    Say(usize, &'static str),
    /// The buyer agrees, by a paper.
    Consent(usize),
    /// What is due on a date by some hour is done by whoever has the main post.
    Do(usize, Date, DueKind),
    /// It is summed up.
    Close(usize),
}

/// The plans, by the order in which they are written.
fn plan(which: usize) -> Result<Plan> {
    let check = |key: &str, what: &str, days_before| Check {
        key: key.to_owned(),
        what: what.to_owned(),
        days_before,
    };
    let spare = |name: &str, quantity, place: &str| SpareNeed {
        name: name.to_owned(),
        quantity,
        place: place.to_owned(),
    };
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let freeze = |from, to, what: &str| Freeze { from, to, what: what.to_owned() };
    let common = Plan {
        name: String::new(),
        occasion: Occasion::StatutoryHoliday,
        from: date(2025, 10, 1),
        to: date(2025, 10, 8),
        divisions: Vec::new(),
        lead: None,
        escalation: texts(&["值班岗", "带班", "项目经理", "采购人主管部门"]),
        checks: vec![
            check("1", "机房环境、供电和空调巡检", 3),
            check("2", "核心系统、网络设备和备份检查", 3),
            check("3", "备件和工具到位，值班电话和应急联系方式核对", 1),
        ],
        spares: vec![spare("交换机电源", 2, "信息中心备件库"), spare("服务器硬盘", 4, "信息中心备件库")],
        patrols: texts(&["09:00", "21:00"]),
        reports: texts(&["16:00"]),
        round_the_clock: true,
        freezes: Vec::new(),
        fallback: "主链路中断时启用备用链路，十五分钟内电话报采购人主管部门。".to_owned(),
        paper: String::new(),
    };
    Ok(match which {
        0 => Plan {
            name: "2025年国庆节、中秋节保障方案".to_owned(),
            freezes: vec![freeze(
                moment(date(2025, 9, 30), 18, 0)?,
                moment(date(2025, 10, 9), 8, 0)?,
                "核心业务系统",
            )],
            paper: "演示节日值守通知（虚构，第21号）".to_owned(),
            ..common
        },
        _ => Plan {
            name: "全区视频会议保障方案".to_owned(),
            occasion: Occasion::KeyPeriod,
            from: date(2025, 10, 14),
            to: date(2025, 10, 17),
            freezes: vec![freeze(
                moment(date(2025, 10, 14), 18, 0)?,
                moment(date(2025, 10, 17), 20, 0)?,
                "视频会议、指挥调度",
            )],
            paper: "演示会议保障通知（虚构，第6号）".to_owned(),
            ..common
        },
    })
}

/// The steps of both plans up to the demo's day.
pub(super) fn turns(today: Date) -> Result<Vec<Turn>> {
    let mut turns = Vec::new();
    let mut add = |date: Date, hour: i8, minute: i8, event| -> Result<()> {
        turns.push((moment(date, hour, minute)?, Act::Coverage(event)));
        Ok(())
    };
    for (which, written) in [(0, date(2025, 9, 26)), (1, date(2025, 10, 10))] {
        let plan = plan(which)?;
        add(written, 14, 20, Event::Plan(which))?;
        add(written, 14, 40, Event::Say(which, "coverage.submitted"))?;
        add(written, 15, 10, Event::Say(which, "coverage.approved"))?;
        add(written, 17, 5, Event::Consent(which))?;
        for days_before in [3, 1] {
            let date = super::days_later(plan.from, -days_before);
            add(date, 10, 15, Event::Do(which, date, DueKind::Check))?;
        }
        let days = plan.from.series(jiff::Span::new().days(1));
        for date in days.take_while(|date| *date <= plan.to.min(today)) {
            add(date, 9, 12, Event::Do(which, date, DueKind::Patrol))?;
            if date < today {
                add(date, 16, 4, Event::Do(which, date, DueKind::Report))?;
                add(date, 21, 8, Event::Do(which, date, DueKind::Patrol))?;
            }
        }
    }
    add(date(2025, 10, 9), 10, 30, Event::Close(0))?;
    Ok(turns)
}

pub(super) fn tell(fleet: &mut Fleet<'_>, event: &Event, at: Timestamp) -> Result<()> {
    match event {
        Event::Plan(which) => {
            let entity = EntityId::new(format!("coverage/{}", fleet.fresh(at)))?;
            let written = Plan { lead: Some(super::user(fleet, SUPERVISOR)?), ..plan(*which)? };
            fleet.tell(SUPERVISOR, &entity, at, &[draft("coverage.planned", &written, at)?])
        }
        Event::Say(which, kind) => {
            let said = Said { alone: *kind == "coverage.approved", ..Said::default() };
            claim(fleet, *which, kind, &said, at)
        }
        Event::Consent(which) => {
            let consent = Consent {
                unit: "演示单位信息化部门".to_owned(),
                date: Some(civil_date(at)),
                paper: "保障方案确认单（虚构）".to_owned(),
            };
            claim(fleet, *which, "coverage.consented", &consent, at)
        }
        Event::Do(which, date, kind) => carry_out(fleet, *which, *date, *kind, at),
        Event::Close(which) => {
            let (_, state) = found(fleet, *which)?;
            let said = Said { text: summary(state), ..Said::default() };
            claim(fleet, *which, "coverage.closed", &said, at)
        }
    }
}

/// What is due on that date by now and not done yet, by whoever has the main post.
fn carry_out(fleet: &mut Fleet<'_>, which: usize, date: Date, kind: DueKind, at: Timestamp) -> Result<()> {
    let (entity, state) = found(fleet, which)?;
    let skipped = |due: &Due| MISSED.contains(&(due.date, due.slot.as_str()));
    let open = |due: &Due| {
        let reached = kind == DueKind::Check || due.at <= at;
        due.kind == kind && due.date == date && reached && due.done(state).is_none() && !skipped(due)
    };
    let mut words = FOUND.iter().filter(|(on, of, _)| (*on, *of) == (date, kind));
    let done: Vec<Done> = dues(state)
        .into_iter()
        .filter(open)
        .map(|due| {
            let text = words.next().map(|(_, _, text)| (*text).to_owned()).unwrap_or_default();
            Done { slot: due.slot, fine: text.is_empty(), text }
        })
        .collect();
    // Before the month that is published its holders are not known: the supervisor's own people look.
    let by = match roster::holder(fleet, date, MAIN) {
        Ok(holder) => fleet.login(&holder).context("nobody has this id")?,
        Err(_) => SUPERVISOR,
    };
    for one in &done {
        fleet.tell(by, &entity, at, &[draft(kind.event(), one, at)?])?;
    }
    Ok(())
}

fn claim<T: Serialize>(
    fleet: &mut Fleet<'_>,
    which: usize,
    kind: &'static str,
    payload: &T,
    at: Timestamp,
) -> Result<()> {
    let (entity, state) = found(fleet, which)?;
    let mut claim = draft(kind, payload, at)?;
    claim.expect = expectations(kind, state);
    fleet.tell(SUPERVISOR, &entity, at, &[claim])
}

/// A plan as it stands.
pub(super) fn found<'f>(fleet: &'f Fleet<'_>, which: usize) -> Result<(EntityId, &'f PlanState)> {
    let name = plan(which)?.name;
    let mut plans = fleet.states().filter_map(|(id, state)| Some((id, state.coverage()?)));
    let (id, state) = plans.find(|(_, state)| state.plan.name == name).context("no such plan")?;
    Ok((EntityId::new(id.clone())?, state))
}

fn summary(state: &PlanState) -> String {
    let count = |kind: DueKind| {
        let due: Vec<Due> = dues(state).into_iter().filter(|due| due.kind == kind).collect();
        let done = due.iter().filter(|due| due.done(state).is_some()).count();
        format!("应 {} 次，已做 {done} 次", due.len())
    };
    format!(
        "{}期间系统总体平稳，没有一级、二级故障。\n检查{}；特巡{}；报告{}。\n\
         10-03 机房 2 号空调高水位告警，排水后恢复；10-06 柳州方向级联瞬断 3 分钟，属运营商割接。\n\
         10-05 晚特巡因处理工单未做，已在次日特巡时补看，值班交接时重申。",
        state.plan.name.trim_end_matches("保障方案"),
        count(DueKind::Check),
        count(DueKind::Patrol),
        count(DueKind::Report),
    )
}
