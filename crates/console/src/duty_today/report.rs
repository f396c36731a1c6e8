//! 日报: what a day came to, drafted from its events, sent by the officer, received by the manager.

use super::{not_on_duty, text_of};
use crate::door::dto::{
    DayCount, DayReport, DoorError, DraftedNote, DutyReceiveArgs, DutyReportArgs, LinkedOrder, Written,
};
use crate::order::{Desk, Pen, already, key, kind_name, object_text};
use crate::store::{StoreError, kind_code};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::params;
use std::collections::BTreeMap;
use zaigang_domain::calendar::{civil_date, format_instant, midnight};
use zaigang_domain::duty::dutylog::{
    DutyLog, NOTE_CHARS_MAX, ORDERS_MAX, REPORT_CHARS_MAX, Received, Report, Reported, dutylog_of,
};
use zaigang_domain::duty::handover::Stage;
use zaigang_domain::duty::hotline::Cause;
use zaigang_domain::event::{EventId, LogName};
use zaigang_domain::order::payload::Inspection;
use zaigang_domain::order::{MarkKind, Order, OrderKind};

/// Most orders looked through for one day, and most lines named in a part of the draft. A guess.
const ORDERS_READ_MAX: u32 = 4_000;
const LINES_MAX: usize = 40;

/// Counts in the order shown: stable word, Chinese name.
const COUNTS: &[(&str, &str)] = &[
    ("kind.incident", "故障"),
    ("kind.request", "服务请求"),
    ("kind.change", "变更"),
    ("kind.problem", "问题"),
    ("kind.finding", "巡检发现"),
    ("kind.work_record", "工作记录"),
    ("closed", "当日办结"),
    ("open", "未结"),
    ("broken", "超时未结"),
    ("hotline.answered", "接听电话"),
    ("hotline.missed", "未接电话"),
    ("inspection.normal", "巡检正常"),
    ("inspection.abnormal", "巡检异常"),
    ("handover", "交接班"),
];

/// What a day's events come to.
#[derive(Default)]
pub(super) struct Gathered {
    counts: BTreeMap<String, u32>,
    pub(super) notes: Vec<DraftedNote>,
    solved: Vec<String>,
    late: Vec<String>,
    unsolved: Vec<String>,
    duty: Vec<String>,
    orders: Vec<String>,
}

impl Gathered {
    fn count(&mut self, key: &str) {
        *self.counts.entry(key.to_owned()).or_default() += 1;
    }

    fn note(&mut self, key: String, at: Timestamp, text: String, orders: Vec<LinkedOrder>) {
        let text = text.chars().take(NOTE_CHARS_MAX).collect();
        self.notes.push(DraftedNote { key, at: format_instant(at), text, orders });
    }
}

impl Desk<'_> {
    /// Reads the day's events within the person's scope.
    pub(super) fn gather(&self, date: Date, log: &LogName) -> Result<Gathered, DoorError> {
        let mut day = Gathered::default();
        for (id, order) in self.touched_on(date)? {
            self.gather_order(&mut day, date, &id, &order)?;
        }
        self.gather_calls(&mut day, date, log)?;
        self.gather_handovers(&mut day, date, log)?;
        day.notes.sort_by(|a, b| (&a.at, &a.key).cmp(&(&b.at, &b.key)));
        day.orders.truncate(ORDERS_MAX);
        Ok(day)
    }

    /// Orders that something happened to on the day or since, and open ones.
    fn touched_on(&self, date: Date) -> Result<Vec<(String, Order)>, StoreError> {
        let from = midnight(date) / 1_000;
        let mut statement = self.store.reader().prepare_cached(
            "SELECT entity FROM orders INDEXED BY orders_last_at WHERE last_at >= ?1
             UNION
             SELECT entity FROM orders INDEXED BY orders_filter WHERE open = 1
             LIMIT ?2",
        )?;
        let places = statement.query_map(params![from, ORDERS_READ_MAX], |row| row.get(0))?;
        let mut found = Vec::new();
        for place in places {
            let Some((id, order)) = self.order_at(place?)? else { continue };
            if self.actor.covers(&order.contract, &order.division) && !order.voided {
                found.push((id, order));
            }
        }
        Ok(found)
    }

    fn gather_order(
        &self,
        day: &mut Gathered,
        date: Date,
        id: &str,
        order: &Order,
    ) -> Result<(), StoreError> {
        let on_day = |at: Timestamp| civil_date(at) == date;
        if on_day(order.reported_at) {
            day.count(&format!("kind.{}", kind_code(order.kind)));
            match order.record.as_ref().and_then(|record| record.inspection) {
                Some(Inspection::Normal) => day.count("inspection.normal"),
                Some(Inspection::Abnormal) => {
                    day.count("inspection.abnormal");
                    day.duty.push(format!("巡检异常：{}", order.title));
                    let linked = vec![self.linked_order(id)?];
                    day.note(
                        format!("{id}:abnormal"),
                        order.reported_at,
                        format!("巡检异常：{}", order.title),
                        linked,
                    );
                }
                None => {}
            }
        }
        if order.kind == OrderKind::WorkRecord {
            return Ok(());
        }
        let object = order.object.as_deref().map(|no| object_text(self.bound(order), no));
        let name = match object.filter(|object| !object.is_empty()) {
            Some(object) => format!("{} {}（{object}）", order.number, order.title),
            None => format!("{} {}", order.number, order.title),
        };
        for mark in order.marks.iter().filter(|mark| on_day(mark.at)) {
            let Some(word) = told(mark.kind) else { continue };
            let text = match mark.kind {
                MarkKind::Reported => format!("{}登记：{name}", kind_name(order.kind)),
                _ => format!("{word}：{name}"),
            };
            let key = format!("{id}:{word}:{}", mark.at.as_second());
            day.note(key, mark.at, text, vec![self.linked_order(id)?]);
        }
        let done =
            order.marks.iter().rev().find(|mark| matches!(mark.kind, MarkKind::Restored | MarkKind::Closed));
        if !order.status.is_open() && done.is_some_and(|mark| on_day(mark.at)) {
            day.count("closed");
            day.solved.push(name);
            day.orders.push(id.to_owned());
        } else if order.status.is_open() {
            day.count("open");
            let row = self.row(id.to_owned(), order)?;
            let late = row.next_clock.filter(|clock| clock.remaining_minutes.is_some_and(|left| left < 0));
            if let Some(clock) = &late {
                day.count("broken");
                day.late.push(format!("{name}：{}已超时", clock.name));
            } else {
                day.unsolved.push(format!("{name}：{}", order.status.title()));
            }
            day.orders.push(id.to_owned());
        }
        Ok(())
    }

    fn gather_calls(&self, day: &mut Gathered, date: Date, log: &LogName) -> Result<(), StoreError> {
        for (id, call) in self.calls(log)? {
            if civil_date(call.logged.at) != date {
                continue;
            }
            let Some(cause) = call.logged.missed else {
                day.count("hotline.answered");
                continue;
            };
            day.count("hotline.missed");
            let text = format!("未接电话（{}）{}", Cause::title(cause), call.logged.unit);
            day.note(format!("{id}:missed"), call.logged.at, text.trim_end().to_owned(), Vec::new());
        }
        Ok(())
    }

    fn gather_handovers(&self, day: &mut Gathered, date: Date, log: &LogName) -> Result<(), StoreError> {
        for (id, handover) in self.handovers_between(log, date, date)? {
            let Some(answer) = handover.answer.as_ref().filter(|answer| civil_date(answer.at) == date) else {
                continue;
            };
            let (from, by) =
                (self.optional_name(handover.out.by.as_ref())?, self.optional_name(answer.by.as_ref())?);
            let posts: Vec<&str> = handover.signed.posts.iter().map(|post| post.name.as_str()).collect();
            let posts = posts.join("、");
            let text = match handover.stage {
                Stage::Accepted => format!("{posts}交接班：{from} 交，{by} 接"),
                _ => format!("{posts}交接班被 {by} 退回：{}", answer.text),
            };
            if handover.stage == Stage::Accepted {
                day.count("handover");
                day.duty.push(text.clone());
                for row in handover.signed.systems.iter().filter(|row| !row.normal) {
                    day.duty.push(format!("{} 异常：{}", row.object, row.note));
                }
            }
            day.note(format!("{id}:{}", handover.stage.code()), answer.at, text, Vec::new());
        }
        Ok(())
    }

    /// What a report would say now.
    pub(super) fn drafted_report(&self, day: &Gathered, log: &DutyLog) -> DayReport {
        // Over the limit comes first: it is what the manager has to carry further (000:35).
        let unsolved: Vec<String> = day.late.iter().chain(&day.unsolved).cloned().collect();
        let mut duty = day.duty.clone();
        duty.extend(
            log.standing()
                .iter()
                .filter(|note| note.noted.drafted.is_empty())
                .map(|note| note.noted.text.clone()),
        );
        DayReport {
            id: String::new(),
            counts: counts(&day.counts),
            solved: numbered(&day.solved, "当日没有办结的工单。"),
            unsolved: numbered(&unsolved, ""),
            duty: numbered(&duty, ""),
            next: String::new(),
            by: String::new(),
            at: None,
            received_by: String::new(),
            received_at: None,
            received_text: String::new(),
            pending: false,
        }
    }

    pub(super) fn sent_report(&self, report: &Report) -> Result<DayReport, StoreError> {
        let Reported { counts: numbers, solved, unsolved, duty, next, .. } = report.reported.clone();
        let receipt = report.received.as_ref();
        Ok(DayReport {
            id: report.event.to_string(),
            counts: counts(&numbers),
            solved,
            unsolved,
            duty,
            next,
            by: self.optional_name(report.by.as_ref())?,
            at: Some(format_instant(report.at)),
            received_by: self.optional_name(receipt.and_then(|receipt| receipt.by.as_ref()))?,
            received_at: receipt.map(|receipt| format_instant(receipt.at)),
            received_text: receipt.map(|receipt| receipt.text.clone()).unwrap_or_default(),
            pending: report.pending,
        })
    }
}

/// Marks worth a line in a day's log.
fn told(kind: MarkKind) -> Option<&'static str> {
    Some(match kind {
        MarkKind::Reported => "登记",
        MarkKind::Arrived => "到场",
        MarkKind::Workaround => "采取应急办法",
        MarkKind::Restored => "恢复",
        MarkKind::Suspended => "挂起",
        MarkKind::Resumed => "解除挂起",
        MarkKind::Escalated => "升级",
        MarkKind::Reopened => "重新打开",
        MarkKind::Closed => "关闭",
        _ => return None,
    })
}

fn counts(numbers: &BTreeMap<String, u32>) -> Vec<DayCount> {
    let known = COUNTS.iter().filter_map(|(key, name)| {
        let count = *numbers.get(*key)?;
        Some(DayCount { key: (*key).to_owned(), name: (*name).to_owned(), count })
    });
    // A newer program may count more than this one knows.
    let others = numbers.iter().filter(|(key, _)| COUNTS.iter().all(|(known, _)| known != key));
    known
        .chain(others.map(|(key, count)| DayCount { key: key.clone(), name: key.clone(), count: *count }))
        .collect()
}

/// `1. …` line by line, as many as fit, saying how many are left out.
fn numbered(lines: &[String], none: &str) -> String {
    if lines.is_empty() {
        return none.to_owned();
    }
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        let next = format!("{}. {line}\n", at + 1);
        if at >= LINES_MAX || text.chars().count() + next.chars().count() > REPORT_CHARS_MAX - 40 {
            text.push_str(&format!("……另有 {} 项，见工单列表。", lines.len() - at));
            return text;
        }
        text.push_str(&next);
    }
    text.trim_end().to_owned()
}

impl Pen<'_> {
    /// Sends the day's report to the project manager.
    ///
    /// # Errors
    /// Not allowed; bad input naming the field; not now where another was sent meanwhile.
    pub fn report_day(&mut self, args: &DutyReportArgs) -> Result<Written, DoorError> {
        let key = key(self, &format!("report/{}", args.date), &args.idempotency_key)?;
        if !self.desk().works_on_duty() {
            return Err(not_on_duty());
        }
        let date = self.desk().duty_date(Some(&args.date))?;
        let entity = dutylog_of(date);
        let (contract, _) = self.desk().common_log(None)?;
        let managers = self.desk().managers(&contract)?;
        let message = if managers.is_empty() {
            "日报已报送；本合同还没有项目经理账号，暂无人签收".to_owned()
        } else {
            format!("日报已报送 {}", managers.join("、"))
        };
        if self.is_repeated(&key)? {
            return Ok(already(&entity, message));
        }
        let before = self.desk().duty_log_of(date)?.field("report").unwrap_or_default();
        if args.before.as_deref().filter(|id| !id.is_empty()).unwrap_or("-") != before {
            return Err(DoorError::not_now("这一天的日报刚由他人报送，请刷新后再改。"));
        }
        let mut draft = self.fact("dutylog.reported", &self.reported(args, date)?)?;
        draft.expect.insert("report".to_owned(), before);
        self.put_duty(&entity, draft, &key, message)
    }

    fn reported(&self, args: &DutyReportArgs, date: Date) -> Result<Reported, DoorError> {
        let (_, log) = self.desk().common_log(None)?;
        let gathered = self.desk().gather(date, &log)?;
        let part = |text: &str, field: &str| text_of(text, REPORT_CHARS_MAX, field);
        let solved = part(&args.solved, "solved")?;
        if solved.is_empty() {
            return Err(DoorError::bad_input("请写明当日已解决的问题；没有时写“无”。").at("solved"));
        }
        Ok(Reported {
            counts: gathered.counts,
            solved,
            unsolved: part(&args.unsolved, "unsolved")?,
            duty: part(&args.duty, "duty")?,
            next: part(&args.next, "next")?,
            orders: gathered.orders,
        })
    }

    /// Marks the report as received.
    ///
    /// # Errors
    /// Not allowed but for a project manager; not now where a later report was sent.
    pub fn receive_report(&mut self, args: &DutyReceiveArgs) -> Result<Written, DoorError> {
        let key = key(self, &format!("receive/{}", args.date), &args.idempotency_key)?;
        if !self.actor.has(zaigang_domain::people::Role::Supervisor) {
            return Err(DoorError::not_allowed("日报由项目经理签收。"));
        }
        let date = self.desk().duty_date(Some(&args.date))?;
        let entity = dutylog_of(date);
        let message = format!("已签收 {date} 的日报");
        if self.is_repeated(&key)? {
            return Ok(already(&entity, message));
        }
        let wrong = || DoorError::bad_input("日报编号不对，请刷新后重试。").at("report");
        let report: EventId = args.report.parse().map_err(|_| wrong())?;
        let log = self.desk().duty_log_of(date)?;
        if log.reports.last().is_none_or(|last| last.event != report) {
            return Err(DoorError::not_now("日报刚被重新报送，请查看新的一稿后签收。"));
        }
        let received = Received { report, text: text_of(&args.text, NOTE_CHARS_MAX, "text")? };
        let mut draft = self.fact("dutylog.received", &received)?;
        draft.deps.push(report);
        self.put_duty(&entity, draft, &key, message)
    }
}
