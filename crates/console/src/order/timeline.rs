//! The events of an order in Chinese: who did what, when it counts, and what the centre made of it.

use super::desk::Desk;
use super::words::{instant_text, reason_text};
use crate::door::dto::TimelineEntry;
use crate::store::{Step, StoreError};
use serde_json::Value;
use zaigang_domain::event::event_type;
use zaigang_domain::judge::Trust;

/// A written-down time that differs by more than this from the time that counts is shown beside it.
const RECORDED_APART_MS: i64 = 60_000;

/// Particulars of payloads in the order shown: key, label (empty for the main text), whether it is a user.
const PARTICULARS: &[(&str, &str, bool)] = &[
    ("title", "", false),
    ("text", "", false),
    ("reason", "原因", false),
    ("to", "给", true),
    ("on_behalf", "代记", true),
    ("level", "级别", false),
    ("target", "时限", false),
    ("rule", "规则", false),
    ("why", "理由", false),
    ("cause", "原因分析", false),
    ("party", "责任方", false),
    ("evidence", "依据", false),
    ("old_serial", "换下", false),
    ("new_serial", "换上", false),
    ("who", "确认人", false),
    ("unit", "单位", false),
    ("way", "方式", false),
    ("paper", "签字单", false),
    ("into", "并入", false),
    ("how", "处理", false),
    ("late_reason", "补录或期外原因", false),
    ("note", "", false),
];

impl Desk<'_> {
    /// The timeline of an entity, oldest first.
    pub(crate) fn timeline(&self, entity: &str) -> Result<Vec<TimelineEntry>, StoreError> {
        let mut steps = self.store.timeline(entity)?;
        steps.sort_by_key(|step| (step.at(), step.committed.as_ref().map_or(u64::MAX, |c| c.seq)));
        steps.iter().map(|step| self.entry(step)).collect()
    }

    fn entry(&self, step: &Step) -> Result<TimelineEntry, StoreError> {
        let committed = step.committed.as_ref();
        let by = match &step.user {
            Some(user) => self.name(user)?,
            None => "中心端".to_owned(),
        };
        let apart = step.wall_at.abs_diff(step.at()) > RECORDED_APART_MS.unsigned_abs();
        Ok(TimelineEntry {
            id: step.id.to_string(),
            kind: step.kind.clone(),
            title: act_name(&step.kind).to_owned(),
            text: self.payload_text(&step.kind, &step.payload)?,
            by,
            at: instant_text(step.at()),
            recorded_at: apart.then(|| instant_text(step.wall_at)),
            trust: committed.map(|c| c.trust.code().to_owned()),
            verdict: committed.map_or("pending", |c| c.verdict.code()).to_owned(),
            reason: committed.and_then(|c| c.reason.as_deref()).map(reason_text),
            seq: committed.map(|c| c.seq.to_string()),
            trust_text: committed.filter(|c| c.trust != Trust::Exact).map(|c| c.trust.sentence().to_owned()),
        })
    }

    /// What was entered with an event, as one Chinese sentence.
    pub(crate) fn payload_text(&self, kind: &str, payload: &str) -> Result<String, StoreError> {
        let Ok(payload) = serde_json::from_str::<Value>(payload) else {
            return Ok("内容来自更新的程序版本，升级后可读。".to_owned());
        };
        let mut parts = Vec::new();
        for (key, label, is_user) in PARTICULARS {
            let Some(text) = payload.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()) else {
                continue;
            };
            let is_user = *is_user && !matches!(kind, "order.escalated" | "order.report_submitted");
            let shown = if is_user { self.name(text)? } else { word(key, text).to_owned() };
            parts.push(if label.is_empty() { shown } else { format!("{label}：{shown}") });
        }
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

/// Chinese name of an event type; the type itself where a newer program named it.
pub(crate) fn act_name(kind: &str) -> &str {
    event_type(kind).map_or(kind, |row| row.title)
}

/// The label of a stored choice.
fn word<'a>(key: &str, value: &'a str) -> &'a str {
    let target = || value.parse().ok().map(zaigang_domain::clock::target_name);
    match (key, value) {
        ("target", _) => target().unwrap_or(value),
        ("party", "supplier") => "服务方",
        ("party", "buyer") => "采购人",
        ("party", "third_party") => "第三方",
        ("party", "force_majeure") => "不可抗力",
        ("way", "account") => "本人账号",
        ("way", "paper") => "签字单",
        ("way", "phone") => "电话",
        ("way", "onsite") => "当面",
        ("how", "taken") => "属实，已另行处理",
        ("how", "set_aside") => "不采用",
        _ => value,
    }
}
