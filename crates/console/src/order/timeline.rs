//! The events of an order in Chinese: who did what, when it counts, and what the centre made of it.

use super::desk::Desk;
use super::words::{instant_text, reason_text, short_instant};
use crate::door::dto::TimelineEntry;
use crate::store::{Step, StoreError};
use jiff::Timestamp;
use serde::Deserialize as _;
use serde_json::Value;
use std::borrow::Cow;
use zaigang_domain::clock::{minutes_text, target_name};
use zaigang_domain::event::event_type;
use zaigang_domain::judge::Trust;
use zaigang_domain::order::is_late;
use zaigang_domain::order::payload::Registered;
use zaigang_domain::order::table::row_of;
use zaigang_domain::people::Source;

/// A written-down time that differs by more than this from the time that counts is shown beside it.
const RECORDED_APART_MS: i64 = 60_000;

/// Particulars of payloads in the order shown: key, label (empty for the main text), whether it is a user.
const PARTICULARS: &[(&str, &str, bool)] = &[
    ("title", "", false),
    ("text", "", false),
    ("reason", "原因", false),
    ("to", "给", true),
    ("tier", "顺位", false),
    ("result", "结果", false),
    ("on_behalf", "代记", true),
    ("level", "级别", false),
    ("target", "时限", false),
    ("rule", "规则", false),
    ("why", "理由", false),
    ("symptom", "现象", false),
    ("cause_class", "原因类别", false),
    ("cause", "原因分析", false),
    ("steps", "处理办法", false),
    ("party", "责任方", false),
    ("security_class", "安全事件类别", false),
    ("affected_units", "影响单位", false),
    ("affected_users", "影响用户数", false),
    ("affected_from", "中断自", false),
    ("affected_to", "中断至", false),
    ("evidence", "依据", false),
    ("maker", "厂商", false),
    ("case_no", "对方单号", false),
    ("promised_at", "承诺到场", false),
    ("arrived_at", "实际到场", false),
    ("people", "人数", false),
    ("escort", "陪同", true),
    ("permit_no", "入场审批单号", false),
    ("old_serial", "换下", false),
    ("new_serial", "换上", false),
    ("who", "确认人", false),
    ("unit", "单位", false),
    ("way", "方式", false),
    ("satisfaction", "满意度", false),
    ("paper", "签字单", false),
    ("found", "抽查情况", false),
    ("asks", "整改要求", false),
    ("external_no", "平台单号", false),
    ("into", "并入", false),
    ("how", "处理", false),
    ("late_reason", "补录或期外原因", false),
    ("record.category", "类别", false),
    ("record.result", "结果", false),
    ("record.confirmed_by", "确认人", false),
    ("record.authorisation", "授权编号", false),
    ("record.inspection", "巡检", false),
    ("remote.way", "远程方式", false),
    ("remote.entry_permit", "入场证", false),
    ("remote.escort", "陪同", false),
    ("note", "", false),
];

impl Desk<'_> {
    /// The timeline of an entity, oldest first.
    pub(crate) fn timeline(&self, entity: &str) -> Result<Vec<TimelineEntry>, StoreError> {
        self.entries(self.store.timeline(entity)?)
    }

    /// Events as a timeline shows them, oldest first.
    pub(crate) fn entries(&self, mut steps: Vec<Step>) -> Result<Vec<TimelineEntry>, StoreError> {
        steps.sort_by_key(|step| (step.at(), step.committed.as_ref().map_or(u64::MAX, |c| c.seq)));
        steps.iter().map(|step| self.entry(step)).collect()
    }

    fn entry(&self, step: &Step) -> Result<TimelineEntry, StoreError> {
        let committed = step.committed.as_ref();
        let apart = step.wall_at.abs_diff(step.at()) > RECORDED_APART_MS.unsigned_abs();
        Ok(TimelineEntry {
            id: step.id.to_string(),
            kind: step.kind.clone(),
            title: act_name(&step.kind).to_owned(),
            text: self.payload_text(&step.kind, &step.payload)?,
            by: self.doer(step)?,
            at: instant_text(step.at()),
            recorded_at: apart.then(|| instant_text(step.wall_at)),
            trust: committed.map(|c| c.trust.code().to_owned()),
            verdict: committed.map_or("pending", |c| c.verdict.code()).to_owned(),
            reason: committed.and_then(|c| c.reason.as_deref()).map(reason_text),
            seq: committed.map(|c| c.seq.to_string()),
            trust_text: committed.filter(|c| c.trust != Trust::Exact).map(|c| c.trust.sentence().to_owned()),
        })
    }

    /// Who did it: a person, another program by its name, or the centre.
    pub(crate) fn doer(&self, step: &Step) -> Result<String, StoreError> {
        Ok(match &step.user {
            Some(user) => self.name(user)?,
            None => Source::named_in(&step.payload)
                .map_or_else(|| "中心端".to_owned(), |source| format!("{}（对接系统）", source.name)),
        })
    }

    /// What was entered with an event, as one Chinese sentence.
    pub(crate) fn payload_text(&self, kind: &str, payload: &str) -> Result<String, StoreError> {
        match kind.split_once('.').map_or("", |(noun, _)| noun) {
            "staff" => return self.staff_text(payload),
            "leave" => return self.leave_text(kind, payload),
            "attendance" | "attendance_month" | "overtime" | "spotcheck" => {
                return self.attendance_text(kind, payload);
            }
            _ => {}
        }
        let Ok(payload) = serde_json::from_str::<Value>(payload) else {
            return Ok("内容来自更新的程序版本，升级后可读。".to_owned());
        };
        if kind.starts_with("roster.") {
            return self.roster_text(kind, &payload);
        }
        let mut parts = Vec::new();
        for (key, label, is_user) in PARTICULARS {
            let (key, label) = own_particular(kind, key, label);
            let value = key.split('.').try_fold(&payload, |at, part| at.get(part));
            let Some(text) = value.and_then(plain).filter(|text| !text.is_empty()) else { continue };
            let text = text.as_str();
            let is_user = *is_user && !matches!(kind, "order.escalated" | "order.report_submitted");
            let shown = if is_user { self.name(text)? } else { word(kind, key, text).into_owned() };
            parts.push(if label.is_empty() { shown } else { format!("{label}：{shown}") });
        }
        parts.extend(registration_flags(kind, &payload));
        let files = payload.get("files").and_then(Value::as_array).into_iter().flatten();
        let names: Vec<_> = files.filter_map(|file| file.get("name")?.as_str()).collect();
        if !names.is_empty() {
            parts.push(format!("附件：{}", names.join("、")));
        }
        if payload.get("pool").and_then(Value::as_bool) == Some(true) {
            parts.push("派到组".to_owned());
        }
        Ok(parts.join("；"))
    }
}

/// What a registration says by its times: written down afterwards, or planned ahead.
fn registration_flags(kind: &str, payload: &Value) -> Vec<String> {
    if kind != "order.registered" {
        return Vec::new();
    }
    let Ok(form) = Registered::deserialize(payload) else { return Vec::new() };
    let late = form.registered_at.filter(|at| is_late(form.kind, form.reported_at, *at));
    let late = late.map(|at| {
        let minutes = at.duration_since(form.reported_at).as_mins();
        format!("补录：发生后 {} 才登记（本项目约定须说明）", minutes_text(minutes))
    });
    let planned = form.scheduled_at.map(|at| format!("预约 {}", short_instant(at)));
    late.into_iter().chain(planned).collect()
}

/// The key and label of a particular where a type has its own.
fn own_particular<'a>(kind: &str, key: &'a str, label: &'a str) -> (&'a str, &'a str) {
    match (kind, key) {
        ("order.spot_checked", "who") => (key, "抽查人"),
        ("order.entered", "external_no") => ("number", label),
        ("coverage.planned" | "coverage.changed", "title") => ("name", label),
        ("coverage.checked" | "coverage.patrolled" | "coverage.reported", "title") => ("slot", label),
        _ => (key, label),
    }
}

/// Chinese name of an event type; the type itself where a newer program named it.
pub(crate) fn act_name(kind: &str) -> &str {
    event_type(kind).map_or(kind, |row| row.title)
}

/// A value as text: words and numbers, nothing that has parts.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The label of a stored choice; an instant as people say it.
fn word<'a>(kind: &str, key: &str, value: &'a str) -> Cow<'a, str> {
    if key.ends_with("_at") || matches!(key, "affected_from" | "affected_to") {
        let at = value.parse::<Timestamp>();
        return at.map_or(value.into(), |at| short_instant(at).into());
    }
    Cow::Borrowed(chosen(kind, key, value))
}

/// The Chinese word of a stored choice, by the table of steps; the value itself where it is none.
pub(super) fn chosen<'a>(kind: &str, key: &str, value: &'a str) -> &'a str {
    match (key, value) {
        ("record.inspection", "normal") => return "正常",
        ("record.inspection", "abnormal") => return "异常",
        ("remote.way", "phone") => return "电话支持",
        ("remote.way", "visit") => return "到场服务",
        _ => {}
    }
    if key == "target"
        && let Ok(target) = value.parse()
    {
        return target_name(target);
    }
    let field = row_of(kind).and_then(|row| row.fields.iter().find(|field| field.key == key));
    let choice = field.and_then(|field| field.choices.iter().find(|(code, _)| *code == value));
    choice.map_or(value, |(_, label)| label)
}
