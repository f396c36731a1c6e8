//! Codes of the clock in Chinese: one word for one thing, wherever people read it.

use super::kind::{EventKind, Limit, LimitUnit, State, Target};
use crate::contract::Start;

/// Limits in whole hours up to this stay hours, as the documents print them: `24小时`, `48小时`.
const HOURS_MINUTES_MAX: u32 = 72 * 60;

/// The target as people call it.
#[must_use]
pub fn target_name(target: Target) -> &'static str {
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

/// `2级`, and `紧急` as it is: some documents print bare numbers.
#[must_use]
pub fn level_name(level: &str) -> String {
    if level.chars().all(|c| c.is_ascii_digit()) { format!("{level}级") } else { level.to_owned() }
}

/// How a clock stands.
#[must_use]
pub fn state_name(state: State) -> &'static str {
    match state {
        State::Waiting => "尚未起算",
        State::Running => "计时中",
        State::Paused => "停止计时",
        State::Met => "按时完成",
        State::Breached => "超时完成",
        State::MissedOpen => "已超时，未完成",
        State::Void => "因恢复而免除",
        State::NoLimit => "未写明时限",
    }
}

/// Where the clock of a promise starts.
#[must_use]
pub fn start_name(start: Start) -> &'static str {
    match start {
        Start::Reported => "自报修起",
        Start::RemoteFailed => "远程无法解决后，自报修起",
        Start::Arrived => "自到场起",
        Start::Restored => "自恢复起",
        Start::RestorationMissed => "自恢复超时起",
    }
}

/// `30分钟`, `24小时`, `3天`, `2个工作日`; a day of a document stays a day, 24 hours stay hours.
#[must_use]
pub fn limit_text(limit: Limit) -> String {
    match limit.unit {
        LimitUnit::Minute
            if limit.value.is_multiple_of(60) && (60..=HOURS_MINUTES_MAX).contains(&limit.value) =>
        {
            format!("{}小时", limit.value / 60)
        }
        LimitUnit::Minute => minutes_text(i64::from(limit.value)),
        LimitUnit::Day => format!("{}天", limit.value),
        LimitUnit::Workday => format!("{}个工作日", limit.value),
    }
}

/// `45分钟`, `3小时20分`, `2天4小时5分`; whole minutes, sign dropped.
#[must_use]
pub fn minutes_text(minutes: i64) -> String {
    let minutes = minutes.abs();
    let (days, hours, rest) = (minutes / 1440, minutes % 1440 / 60, minutes % 60);
    if days == 0 && hours == 0 {
        return format!("{rest}分钟");
    }
    let part = |count: i64, unit: &str| if count == 0 { String::new() } else { format!("{count}{unit}") };
    format!("{}{}{}", part(days, "天"), part(hours, "小时"), part(rest, "分"))
}

/// Where a rule stands: `001:52-54`, or 本项目约定.
#[must_use]
pub fn source_text(source: &str) -> &str {
    if source == "setting" { "本项目约定" } else { source }
}

/// Chinese name of a system class.
#[must_use]
pub fn class_name(class: &str) -> &'static str {
    match class {
        "core" => "核心系统",
        "important" => "重要系统",
        _ => "一般系统",
    }
}

/// An event of an order as people call it.
#[must_use]
pub(crate) fn event_name(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Reported => "报修",
        EventKind::Dispatched => "派单",
        EventKind::Responded => "响应",
        EventKind::Accepted => "接单",
        EventKind::WorkStarted => "开始处理",
        EventKind::Diagnosed => "完成诊断",
        EventKind::SolutionGiven => "给出解决方案",
        EventKind::AlternativeGiven => "给出替代方案",
        EventKind::RemoteFailed => "远程无法解决",
        EventKind::Arrived => "到场",
        EventKind::Suspended => "挂起",
        EventKind::Resumed => "恢复计时",
        EventKind::Workaround => "给出应急处理办法",
        EventKind::Restored => "系统恢复",
        EventKind::Swapped => "更换备件",
        EventKind::Escalated => "升级上报",
        EventKind::ReportSubmitted => "提交报告",
        EventKind::LevelChanged => "级别变更",
        EventKind::RuleChosen => "选定规则",
        EventKind::Reopened => "重新打开",
        EventKind::Closed => "关闭",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_read_as_documents_print_them() {
        let minutes = |value| limit_text(Limit { value, unit: LimitUnit::Minute });
        for (value, text) in [
            (0, "0分钟"),
            (30, "30分钟"),
            (60, "1小时"),
            (90, "1小时30分"),
            (1_440, "24小时"),
            (2_880, "48小时"),
            (4_320, "72小时"),
            (1_505, "1天1小时5分"),
            (10_080, "7天"),
        ] {
            assert_eq!(minutes(value), text);
        }
        assert_eq!(limit_text(Limit { value: 3, unit: LimitUnit::Day }), "3天");
        assert_eq!(limit_text(Limit { value: 2, unit: LimitUnit::Workday }), "2个工作日");
        assert_eq!(minutes_text(-61), "1小时1分");
    }
}
