//! Chinese words for the codes that lists and details show.

use jiff::Timestamp;
use zaigang_domain::calendar::{ZONE, format_instant};
use zaigang_domain::clock::{Limit, LimitUnit, Target};
use zaigang_domain::event::Reason;

/// The target as people call it.
pub(crate) fn target_name(target: Target) -> &'static str {
    match target {
        Target::Response => "响应",
        Target::Start => "启动修复",
        Target::Diagnosis => "初步诊断",
        Target::Solution => "解决方案",
        Target::Dispatch => "派人",
        Target::Arrival => "到场",
        Target::Restoration => "恢复",
        Target::Alternative => "替代方案",
        Target::Swap => "备件更换",
        Target::Escalation => "升级上报",
        Target::Report => "故障报告",
    }
}

/// `60分钟`, `3天`, `2个工作日`.
pub(crate) fn limit_text(limit: Limit) -> String {
    match limit.unit {
        LimitUnit::Minute => minutes_text(i64::from(limit.value)),
        LimitUnit::Day => format!("{}天", limit.value),
        LimitUnit::Workday => format!("{}个工作日", limit.value),
    }
}

/// `45分钟`, `3小时20分`, `2天4小时`; whole minutes, sign dropped.
pub(crate) fn minutes_text(minutes: i64) -> String {
    let minutes = minutes.abs();
    match (minutes / 1440, minutes % 1440 / 60, minutes % 60) {
        (0, 0, m) => format!("{m}分钟"),
        (0, h, 0) => format!("{h}小时"),
        (0, h, m) => format!("{h}小时{m}分"),
        (d, 0, _) => format!("{d}天"),
        (d, h, _) => format!("{d}天{h}小时"),
    }
}

/// `11-24 08:00` in +08:00.
pub(crate) fn short_instant(at: Timestamp) -> String {
    ZONE.to_datetime(at).strftime("%m-%d %H:%M").to_string()
}

/// RFC 3339 in +08:00 from Unix milliseconds.
pub(crate) fn instant_text(millis: i64) -> String {
    format_instant(instant(millis))
}

/// An instant from Unix milliseconds; the epoch for what no clock can have given.
pub(crate) fn instant(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The Chinese sentence of a stable reason code; the code itself where a newer centre gave it.
pub(crate) fn reason_text(code: &str) -> String {
    Reason::from_code(code).map_or_else(|| code.to_owned(), |reason| reason.sentence().to_owned())
}

/// `2级`, and `紧急` as it is: some documents print bare numbers.
pub(crate) fn level_name(level: &str) -> String {
    if level.chars().all(|c| c.is_ascii_digit()) { format!("{level}级") } else { level.to_owned() }
}
