//! Registration: the one step without an order to stand on. What follows at once (accepting it
//! oneself, dispatching it) goes in the same group, since half of all work reaches the engineer
//! by phone.

use crate::calendar::ZONE;
use crate::event::{LogName, UserId};
use crate::order::decide::{TEXT_CHARS_MAX, json, naming_source};
use crate::order::payload::{Accepted, Closed, Dispatched, Registered, RemoteWay, Reporter};
use crate::order::state::{LATE_AFTER, is_late};
use crate::order::{Draft, OrderKind, Refusal, SealedPart, Status};
use crate::people::{Actor, Role, may};
use jiff::Timestamp;

/// The longest title, in characters: one line of a list and of a form. A guess.
pub const TITLE_CHARS_MAX: usize = 200;

/// What follows a registration in the same group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// Nothing: it waits as registered.
    Nothing,
    /// The registering engineer takes it himself, or for the colleague he records for.
    Accept,
    /// It is done already: a work record, closed as it is written.
    Close,
    /// It goes to this user.
    DispatchTo(UserId),
    /// It goes to the division's pool.
    Pool,
}

/// 总队-日期-设备-序号: unique without asking anybody, since the device is part of it. `device` is its mark,
/// `serial` counts from 1 each day.
#[must_use]
pub fn order_number(division: &str, now: Timestamp, device: &str, serial: u32) -> String {
    let date = ZONE.to_datetime(now).strftime("%Y%m%d");
    format!("{division}-{date}-{device}-{serial:03}")
}

/// Decides a registration. The claimed time of the registration is the time of the report, so
/// that steps written down afterwards with their own times are not held back by it.
///
/// # Errors
/// [`Refusal`]: not this person's, or a field is missing or wrong.
pub fn register(
    form: &Registered,
    reporter: Option<&Reporter>,
    then: Then,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Draft>, Refusal> {
    let log = LogName::division(&form.contract, &form.division)
        .map_err(|_| Refusal::bad_input("division", "请选择部门。"))?;
    if !may(actor, "order.registered", &log) {
        return Err(Refusal::not_allowed("您没有在该部门登记工单的权限，请联系项目经理。"));
    }
    check(form, now)?;
    let mut form = form.clone();
    form.reported_at = crate::event::to_milliseconds(form.reported_at);
    let now = crate::event::to_milliseconds(now);
    form.registered_at = (now > form.reported_at).then_some(now);
    form.source = actor.source().cloned();
    let mut first = Draft::new("order.registered", json(&form)?, form.reported_at);
    if let Some(reporter) = reporter.filter(|r| **r != Reporter::default()) {
        first.sealed.push(SealedPart { name: "reporter", json: json(reporter)? });
    }
    let mut drafts = vec![first];
    drafts.extend(follow(then, &form, actor, &log, now)?);
    Ok(drafts)
}

fn check(form: &Registered, now: Timestamp) -> Result<(), Refusal> {
    if form.number.trim().is_empty() {
        return Err(Refusal::bad_input("number", "缺少工单编号。"));
    }
    if form.title.trim().is_empty() {
        return Err(Refusal::bad_input("title", "请填写标题。"));
    }
    if form.title.chars().count() > TITLE_CHARS_MAX {
        return Err(Refusal::bad_input("title", format!("标题太长，最多 {TITLE_CHARS_MAX} 字。")));
    }
    if form.detail.chars().count() > TEXT_CHARS_MAX {
        return Err(Refusal::bad_input("detail", format!("描述太长，最多 {TEXT_CHARS_MAX} 字。")));
    }
    if form.reported_at > now {
        return Err(Refusal::bad_input("reported_at", "报障时间不能晚于现在，请改正。"));
    }
    check_late(form, now)?;
    if form.scheduled_at.is_some_and(|at| at <= now) {
        return Err(Refusal::bad_input("scheduled_at", "预约时间须晚于现在；已经开始的请直接登记。"));
    }
    if form.kind == OrderKind::WorkRecord {
        check_record(form)?;
    }
    check_remote(form)
}

fn check_late(form: &Registered, now: Timestamp) -> Result<(), Refusal> {
    let said = form.late_reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
    if said || !is_late(form.kind, form.reported_at, now) {
        return Ok(());
    }
    let message = match form.kind {
        OrderKind::WorkRecord => "补记以前日期的工作须写明补录原因（本项目约定）。".to_owned(),
        _ => format!("报障至登记已超过 {} 分钟，请写明补录原因（本项目约定）。", LATE_AFTER.as_mins()),
    };
    Err(Refusal::bad_input("reason", message))
}

/// Longest time one work record may claim, in minutes: a day and a night.
const RECORD_MINUTES_MAX: u32 = 1_440;

fn check_record(form: &Registered) -> Result<(), Refusal> {
    let Some(record) = &form.record else { return Ok(()) };
    if record.category.trim().is_empty() {
        return Err(Refusal::bad_input("category", "请选择服务类别。"));
    }
    if !(1..=RECORD_MINUTES_MAX).contains(&record.minutes) {
        return Err(Refusal::bad_input("minutes", format!("用时须在 1 至 {RECORD_MINUTES_MAX} 分钟之间。")));
    }
    let texts = [
        ("result", "结果", Some(&record.result)),
        ("confirmed_by", "确认人", Some(&record.confirmed_by)),
        ("authorisation", "授权编号", record.authorisation.as_ref()),
    ];
    for (field, label, text) in texts {
        if text.is_some_and(|text| text.chars().count() > 400) {
            return Err(Refusal::bad_input(field, format!("“{label}”太长，最多 400 字。")));
        }
    }
    Ok(())
}

/// Most person-days of one record, in tenths. A guess above any the documents name (10, 001:1223).
const PERSON_DAYS_TENTHS_MAX: u32 = 1_000;

/// A visit is let in by a permit and not left alone (本项目约定); every remote service is confirmed by the
/// buyer (001:1232), which a record tells by whom.
fn check_remote(form: &Registered) -> Result<(), Refusal> {
    let Some(remote) = &form.remote else { return Ok(()) };
    if form.on_behalf.is_none() {
        return Err(Refusal::bad_input("on_behalf", "请选择实际办理的同事。"));
    }
    let empty = |text: &Option<String>| text.as_ref().is_none_or(|text| text.trim().is_empty());
    if remote.way == RemoteWay::Visit && empty(&remote.entry_permit) {
        return Err(Refusal::bad_input("entry_permit", "到场服务请填写入场证编号。"));
    }
    if remote.way == RemoteWay::Visit && empty(&remote.escort) {
        return Err(Refusal::bad_input("escort", "到场服务请填写陪同人（写岗位）。"));
    }
    if remote.person_days_tenths.is_some_and(|days| days > PERSON_DAYS_TENTHS_MAX) {
        return Err(Refusal::bad_input("person_days", "人日太多，请改正（最多 100）。"));
    }
    let unconfirmed = form.record.as_ref().is_some_and(|record| record.confirmed_by.trim().is_empty());
    if unconfirmed {
        return Err(Refusal::bad_input("confirmed_by", "代记的远程服务须由采购人确认，请填写确认人。"));
    }
    Ok(())
}

fn follow(
    then: Then,
    form: &Registered,
    actor: &Actor,
    log: &LogName,
    now: Timestamp,
) -> Result<Option<Draft>, Refusal> {
    // A record counts from its own time to its own time; whatever else follows happens now.
    let at = if then == Then::Close { form.reported_at } else { now };
    let (kind, payload) = match then {
        Then::Nothing => return Ok(None),
        Then::Accept if !actor.has(Role::Engineer) => {
            return Err(Refusal::not_allowed("只有工程师可以接单；请改为派单。"));
        }
        Then::Accept => {
            let on_behalf = form.on_behalf.clone();
            ("order.accepted", json(&Accepted { on_behalf, ..Accepted::default() })?)
        }
        Then::Close if form.kind != OrderKind::WorkRecord || !actor.has(Role::Engineer) => {
            return Err(Refusal::not_allowed("只有工程师可以登记已完成的工作记录。"));
        }
        Then::Close => ("order.closed", json(&Closed::default())?),
        Then::DispatchTo(to) => {
            ("order.dispatched", json(&Dispatched { to: Some(to), ..Dispatched::default() })?)
        }
        Then::Pool => ("order.dispatched", json(&Dispatched { pool: true, ..Dispatched::default() })?),
    };
    if !may(actor, kind, log) {
        return Err(Refusal::not_allowed("您没有在该部门接单或派单的权限，请联系项目经理。"));
    }
    let mut draft = Draft::new(kind, naming_source(payload, actor)?, at);
    draft.expect.insert("status".to_owned(), Status::Registered.code().to_owned());
    if kind != "order.closed" {
        draft.expect.insert("assignee".to_owned(), String::new());
    }
    draft.after = vec![0];
    Ok(Some(draft))
}
