//! Registration: the one step without an order to stand on. What follows at once (accepting it
//! oneself, dispatching it) goes in the same group, since half of all work reaches the engineer
//! by phone.

use crate::calendar::ZONE;
use crate::event::{LogName, UserId, event_type};
use crate::order::decide::{TEXT_CHARS_MAX, json, naming_source};
use crate::order::payload::{Accepted, Dispatched, Registered, Reporter};
use crate::order::{Draft, Refusal, SealedPart, Status};
use crate::people::{Actor, Role, may};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What follows a registration in the same group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// Nothing: it waits as registered.
    Nothing,
    /// The registering engineer takes it himself.
    Accept,
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
    form.source = actor.source().cloned();
    let mut first = draft("order.registered", json(&form)?, form.reported_at);
    if let Some(reporter) = reporter.filter(|r| **r != Reporter::default()) {
        first.sealed.push(SealedPart { name: "reporter", json: json(reporter)? });
    }
    let mut drafts = vec![first];
    drafts.extend(follow(then, actor, &log, now)?);
    Ok(drafts)
}

fn check(form: &Registered, now: Timestamp) -> Result<(), Refusal> {
    if form.number.trim().is_empty() {
        return Err(Refusal::bad_input("number", "缺少工单编号。"));
    }
    if form.title.trim().is_empty() {
        return Err(Refusal::bad_input("title", "请填写标题。"));
    }
    if form.title.chars().count() > 200 {
        return Err(Refusal::bad_input("title", "标题太长，最多 200 字。"));
    }
    if form.detail.chars().count() > TEXT_CHARS_MAX {
        return Err(Refusal::bad_input("detail", format!("描述太长，最多 {TEXT_CHARS_MAX} 字。")));
    }
    if form.reported_at > now {
        return Err(Refusal::bad_input("reported_at", "报障时间不能晚于现在，请改正。"));
    }
    Ok(())
}

fn follow(then: Then, actor: &Actor, log: &LogName, now: Timestamp) -> Result<Option<Draft>, Refusal> {
    let (kind, payload) = match then {
        Then::Nothing => return Ok(None),
        Then::Accept if !actor.has(Role::Engineer) => {
            return Err(Refusal::not_allowed("只有工程师可以接单；请改为派单。"));
        }
        Then::Accept => ("order.accepted", json(&Accepted::default())?),
        Then::DispatchTo(to) => {
            ("order.dispatched", json(&Dispatched { to: Some(to), ..Dispatched::default() })?)
        }
        Then::Pool => ("order.dispatched", json(&Dispatched { pool: true, ..Dispatched::default() })?),
    };
    if !may(actor, kind, log) {
        return Err(Refusal::not_allowed("您没有在该部门接单或派单的权限，请联系项目经理。"));
    }
    let mut draft = draft(kind, naming_source(payload, actor)?, crate::event::to_milliseconds(now));
    draft.expect = BTreeMap::from([
        ("status".to_owned(), Status::Registered.code().to_owned()),
        ("assignee".to_owned(), String::new()),
    ]);
    draft.after = vec![0];
    Ok(Some(draft))
}

fn draft(kind: &'static str, payload: String, claimed_at: Timestamp) -> Draft {
    Draft {
        kind,
        tv: event_type(kind).map_or(1, |t| t.tv),
        payload,
        expect: BTreeMap::new(),
        deps: Vec::new(),
        after: Vec::new(),
        consent: event_type(kind).is_some_and(|t| t.consent),
        claimed_at,
        sealed: Vec::new(),
    }
}
