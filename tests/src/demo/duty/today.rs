//! The course of duty: who hands over to whom each morning, the duty phone, the log of yesterday and its 日报.

use anyhow::{Context, Result};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use zaigang_domain::calendar::civil_date;
use zaigang_domain::duty::dutylog::{Noted, Received, Reported, dutylog_of};
use zaigang_domain::duty::handover::{
    Answer, Handover, Matter, MatterKind, OrderLine, PostRef, SignedOut, Stage, SystemLine, Thing, ThingKind,
};
use zaigang_domain::duty::hotline::{Caller, Cause, Linked, Logged};
use zaigang_domain::event::{EntityId, EventId};
use zaigang_domain::judge::EntityState;
use zaigang_domain::order::{Order, OrderKind, SealedPart};

use super::{Act, SUPERVISOR, Turn, days_later, draft, moment, roster};
use crate::demo::write::Fleet;

const DESK: &str = "fuxiaotai";
const MAIN: &str = "duty-main";
/// Posts that one hands to the next at eight in the morning.
const HANDED_OVER: [&str; 3] = ["lead", MAIN, "duty-deputy"];
/// The first morning of which a handover is kept.
const FIRST: Date = date(2025, 10, 9);
/// Most orders named in a handover and in a report.
const ORDERS_MAX: usize = 8;
/// The order that a call of the demo's morning leads to.
const CALLED_ABOUT: &str = "4楼会议室无声音";

/// Something of the daily course.
#[derive(Debug, Clone)]
pub(super) enum Event {
    /// The post is signed out to whoever has it from this date on.
    SignOut(Date, &'static str),
    /// He accepts it.
    Accept(Date, &'static str),
    /// A call came in, and was written down by the desk or by whoever had the duty of that date.
    Call(&'static Call, Timestamp, Option<Date>),
    /// The last call has led to the order of this title.
    Link(&'static str),
    /// A line of the log of a date.
    Note(Date, &'static str),
    /// The report of a date is sent.
    Report(Date),
    /// The supervisor has read it.
    Receive(Date),
}

/// A call to the duty phone.
#[derive(Debug)]
pub(super) struct Call {
    /// Days before the demo's, hour and minute.
    when: (i32, i8, i8),
    missed: Option<Cause>,
    unit: &'static str,
    text: &'static str,
    minutes: u32,
    /// Outside office hours whoever is on duty has the phone.
    night: bool,
}

const CALLS: &[Call] = &[
    Call {
        when: (4, 20, 12),
        missed: None,
        unit: "柳州市局",
        text: "级联平台部分点位预览黑屏，已远程核对，前端断电所致，属地处理。",
        minutes: 9,
        night: true,
    },
    Call {
        when: (2, 9, 26),
        missed: Some(Cause::Busy),
        unit: "交警总队",
        text: "两分钟后回拨，询问账号解锁，已办。",
        minutes: 0,
        night: false,
    },
    Call {
        when: (1, 10, 41),
        missed: None,
        unit: "指挥中心",
        text: "通知 16 日下午视频会议保障，提前一小时联调。",
        minutes: 3,
        night: false,
    },
    Call {
        when: (1, 23, 18),
        missed: None,
        unit: "南宁市局",
        text: "询问夜间过车数据延迟，说明数据库正在处理，次日回复。",
        minutes: 6,
        night: true,
    },
    Call {
        when: (0, 9, 2),
        missed: Some(Cause::Caller),
        unit: "",
        text: "响一声挂断，回拨为误拨。",
        minutes: 0,
        night: false,
    },
    Call {
        when: (0, 10, 21),
        missed: None,
        unit: "指挥中心",
        text: "4 楼会议室无声音，会议 11 点开始。",
        minutes: 2,
        night: false,
    },
];

const NOTES: &[(i8, i8, &str)] = &[
    (8, 25, "接班巡视：机房温度 22℃，湿度 48%，UPS 与空调正常。"),
    (11, 10, "12.9 服务器硬盘预警，已报修，厂商备件在途。"),
    (17, 45, "晚间保障准备：指挥中心大屏、会议终端逐一试通。"),
    (22, 5, "夜间巡检：核心平台在线，录像存储余量 18%。"),
];

pub(super) fn turns(today: Date) -> Result<Vec<Turn>> {
    let yesterday = days_later(today, -1);
    let mut turns = Vec::new();
    let mut add = |date: Date, hour: i8, minute: i8, event| -> Result<()> {
        turns.push((moment(date, hour, minute)?, Act::Today(event)));
        Ok(())
    };
    for date in FIRST.series(jiff::Span::new().days(1)).take_while(|date| *date <= today) {
        for (minute, post) in (0..).zip(HANDED_OVER) {
            add(date, 7, 50 + minute, Event::SignOut(date, post))?;
            // This morning's main post still waits for whoever comes.
            if date < today || post != MAIN {
                add(date, 8, 2 + minute, Event::Accept(date, post))?;
            }
        }
    }
    for call in CALLS {
        let (days, hour, minute) = call.when;
        let date = days_later(today, -days);
        let rang = moment(date, hour, minute)?;
        add(date, hour, minute + 3, Event::Call(call, rang, call.night.then_some(date)))?;
    }
    add(today, 10, 25, Event::Link(CALLED_ABOUT))?;
    for (hour, minute, text) in NOTES {
        add(yesterday, *hour, *minute, Event::Note(yesterday, text))?;
    }
    add(yesterday, 22, 30, Event::Report(yesterday))?;
    add(today, 8, 35, Event::Receive(yesterday))?;
    Ok(turns)
}

pub(super) fn tell(fleet: &mut Fleet<'_>, event: &Event, at: Timestamp) -> Result<()> {
    match event {
        Event::SignOut(date, post) => sign_out(fleet, *date, post, at),
        Event::Accept(date, post) => accept(fleet, *date, post, at),
        Event::Call(call, rang, on_duty) => log_call(fleet, call, *rang, *on_duty, at),
        Event::Link(title) => link(fleet, title, at),
        Event::Note(date, text) => {
            let (orders, replaces, drafted) = (Vec::new(), None, String::new());
            let noted = Noted { at, text: (*text).to_owned(), orders, replaces, drafted };
            let by = on_duty(fleet, *date, MAIN)?;
            fleet.tell(by, &dutylog_of(*date), at, &[draft("dutylog.noted", &noted, at)?])
        }
        Event::Report(date) => report(fleet, *date, at),
        Event::Receive(date) => receive(fleet, *date, at),
    }
}

/// Log-in name of whoever has a post on a date.
fn on_duty<'a>(fleet: &Fleet<'a>, date: Date, post: &str) -> Result<&'a str> {
    fleet.login(&roster::holder(fleet, date, post)?).context("nobody has this id")
}

/// Handovers of a post, oldest first.
fn handovers<'f>(fleet: &'f Fleet<'_>, post: &str) -> Vec<(&'f String, &'f Handover)> {
    let all = fleet.states().filter_map(|(id, state)| match state {
        EntityState::Handover(handover) => Some((id, handover.as_ref())),
        _ => None,
    });
    let of_post = |handover: &Handover| handover.signed.posts.iter().any(|one| one.id == post);
    let mut found: Vec<_> = all.filter(|(_, handover)| of_post(handover)).collect();
    found.sort_by_key(|(_, handover)| handover.out.at);
    found
}

fn sign_out(fleet: &mut Fleet<'_>, date: Date, post: &str, at: Timestamp) -> Result<()> {
    let before = days_later(date, -1);
    let (from, to) = (on_duty(fleet, before, post)?, roster::holder(fleet, date, post)?);
    let name = roster::of(fleet)?.post(post).context("no such post")?.name.clone();
    let last = handovers(fleet, post).last().map(|(_, handover)| handover.out.event);
    let short = SignedOut {
        turn: format!("{} 08:00 至 {} 08:00", before.strftime("%m-%d"), date.strftime("%m-%d")),
        posts: vec![PostRef { id: post.to_owned(), name }],
        to: Some(to),
        follows: last,
        ..SignedOut::default()
    };
    let signed = if post == MAIN { with_everything(fleet, short) } else { short };
    let entity = EntityId::new(format!("handover/{}", fleet.fresh(at)))?;
    fleet.tell(from, &entity, at, &[draft("handover.signed_out", &signed, at)?])
}

/// What the main post hands over beside itself.
fn with_everything(fleet: &Fleet<'_>, short: SignedOut) -> SignedOut {
    let line = |(order, state): (EntityId, &Order)| OrderLine {
        order: order.to_string(),
        number: state.number.clone(),
        note: if state.suspended {
            "挂起中，备件到后继续处理。".to_owned()
        } else {
            String::new()
        },
    };
    let thing = |kind, name: &str, count, note: &str| Thing {
        kind,
        name: name.to_owned(),
        count,
        note: note.to_owned(),
    };
    let system = |object: &str, note: &str| SystemLine {
        object: object.to_owned(),
        normal: note.is_empty(),
        note: note.to_owned(),
    };
    let open = incidents(fleet);
    let left = open.len().saturating_sub(ORDERS_MAX);
    SignedOut {
        orders: open.into_iter().take(ORDERS_MAX).map(line).collect(),
        orders_left: u32::try_from(left).unwrap_or(u32::MAX),
        things: vec![
            thing(ThingKind::Key, "信息中心机房钥匙", 3, ""),
            thing(ThingKind::Card, "机房门禁卡", 2, ""),
            thing(ThingKind::Tool, "红光笔、网线钳工具包", 1, "在值班室柜内"),
        ],
        systems: vec![
            system("12.1", ""),
            system("12.4", ""),
            system("12.6", ""),
            system("12.9", "一台服务器硬盘预警，备件在途"),
        ],
        matters: vec![Matter {
            id: "10-16-meeting".to_owned(),
            kind: MatterKind::Instruction,
            text: "16 日下午视频会议保障，提前一小时联调。".to_owned(),
            since: date(2025, 10, 9),
            done: false,
        }],
        ..short
    }
}

/// Faults under way, by number.
fn incidents<'f>(fleet: &'f Fleet<'_>) -> Vec<(EntityId, &'f Order)> {
    fleet.under_way().into_iter().filter(|(_, order)| order.kind == OrderKind::Incident).collect()
}

fn accept(fleet: &mut Fleet<'_>, date: Date, post: &str, at: Timestamp) -> Result<()> {
    let (entity, handover) = handovers(fleet, post).pop().context("nothing was handed over")?;
    let entity = EntityId::new(entity.as_str())?;
    let answer = Answer { signing: handover.out.event, text: String::new() };
    let mut draft = draft("handover.accepted", &answer, at)?;
    for field in ["signing", "stage"] {
        draft.expect.extend(handover.field(field).map(|seen| (field.to_owned(), seen)));
    }
    anyhow::ensure!(handover.stage == Stage::Offered, "{entity} is not offered");
    fleet.tell(on_duty(fleet, date, post)?, &entity, at, &[draft])
}

fn log_call(
    fleet: &mut Fleet<'_>,
    call: &Call,
    rang: Timestamp,
    duty: Option<Date>,
    at: Timestamp,
) -> Result<()> {
    let logged = Logged {
        at: rang,
        missed: call.missed,
        unit: call.unit.to_owned(),
        text: call.text.to_owned(),
        minutes: call.minutes,
    };
    let mut draft = draft("hotline.logged", &logged, at)?;
    if !call.unit.is_empty() {
        let caller = Caller { name: format!("演示·{}值班员", call.unit), phone: String::new() };
        draft.sealed = vec![SealedPart { name: "caller", json: serde_json::to_string(&caller)? }];
    }
    let by = duty.map_or(Ok(DESK), |date| on_duty(fleet, date, MAIN))?;
    let entity = EntityId::new(format!("hotline/{}", fleet.fresh(at)))?;
    fleet.tell(by, &entity, at, &[draft])
}

fn link(fleet: &mut Fleet<'_>, title: &str, at: Timestamp) -> Result<()> {
    let calls = fleet.states().filter_map(|(id, state)| match state {
        EntityState::Hotline(call) => Some((call.logged.at, id)),
        _ => None,
    });
    let (_, call) = calls.max().context("nobody called")?;
    let entity = EntityId::new(call.as_str())?;
    let mut open = fleet.under_way().into_iter();
    let (order, _) = open.find(|(_, order)| order.title == title).context("no such order")?;
    let linked = draft("hotline.linked", &Linked { order: order.to_string() }, at)?;
    fleet.tell(DESK, &entity, at, &[linked])
}

fn report(fleet: &mut Fleet<'_>, date: Date, at: Timestamp) -> Result<()> {
    let mut tally = fleet.tally(date);
    let calls = fleet.states().filter_map(|(_, state)| match state {
        EntityState::Hotline(call) if civil_date(call.logged.at) == date => Some(call.logged.missed),
        _ => None,
    });
    for missed in calls {
        let key = if missed.is_some() { "hotline.missed" } else { "hotline.answered" };
        *tally.counts.entry(key.to_owned()).or_default() += 1;
    }
    let handed = HANDED_OVER.iter().flat_map(|post| handovers(fleet, post));
    let on_date = handed
        .filter(|(_, handover)| handover.answer.as_ref().is_some_and(|answer| civil_date(answer.at) == date));
    tally.counts.insert("handover".to_owned(), u32::try_from(on_date.count()).unwrap_or(u32::MAX));
    let open = incidents(fleet);
    let unsolved: Vec<String> = open
        .iter()
        .take(ORDERS_MAX)
        .map(|(_, order)| format!("{} {}：{}", order.number, order.title, order.status.title()))
        .collect();
    let duty: Vec<String> = NOTES.iter().map(|(_, _, text)| (*text).to_owned()).collect();
    let reported = Reported {
        counts: tally.counts,
        solved: if tally.solved.is_empty() {
            "当日没有解决的故障。".to_owned()
        } else {
            numbered(tally.solved.into_iter().take(ORDERS_MAX))
        },
        unsolved: numbered(unsolved),
        duty: numbered(duty),
        next: "配合厂商更换 12.9 服务器硬盘；准备 16 日视频会议保障。".to_owned(),
        orders: open.iter().take(ORDERS_MAX).map(|(order, _)| order.to_string()).collect(),
    };
    let mut draft = draft("dutylog.reported", &reported, at)?;
    draft.expect.insert("report".to_owned(), "-".to_owned());
    fleet.tell(on_duty(fleet, date, MAIN)?, &dutylog_of(date), at, &[draft])
}

fn numbered(lines: impl IntoIterator<Item = String>) -> String {
    let lines = (1..).zip(lines).map(|(n, line)| format!("{n}. {line}"));
    lines.collect::<Vec<_>>().join("\n")
}

fn receive(fleet: &mut Fleet<'_>, date: Date, at: Timestamp) -> Result<()> {
    let Some(EntityState::DutyLog(log)) = fleet.state(&dutylog_of(date)) else {
        anyhow::bail!("no log of {date}");
    };
    let report: EventId = log.reports.last().context("no report was sent")?.event;
    let received = Received { report, text: "已阅。硬盘到货后报我。".to_owned() };
    fleet.tell(SUPERVISOR, &dutylog_of(date), at, &[draft("dutylog.received", &received, at)?])
}
