//! A report in sentences: which rule, from which clause, which stretches count, and what is still open.

use std::fmt::Write;

use super::kind::{EventKind, Limit, LimitUnit, State, Target};
use super::report::{Report, TargetClock};
use super::select::Need;

/// The report in Chinese, one block per clock.
#[must_use]
pub fn explain(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "级别：{}", report.level.as_deref().unwrap_or("未定"));
    for clock in &report.targets {
        let _ = write_clock(&mut out, clock);
    }
    let _ = writeln!(out, "\n适用的规则：");
    for row in &report.matched {
        let mark = if row.suggested { "＊" } else { "　" };
        let needs: Vec<&str> = row.needs.iter().map(|need| need_text(*need)).collect();
        let needs = if needs.is_empty() { String::new() } else { format!("（缺{}）", needs.join("、")) };
        let _ = writeln!(
            out,
            "{mark}{} {} [{}] {}{needs}",
            target_text(row.target),
            row.rule,
            row.source,
            row.why.text()
        );
    }
    out
}

fn write_clock(out: &mut String, clock: &TargetClock) -> std::fmt::Result {
    let limit = clock.limit.map_or("未写明时限".to_owned(), limit_text);
    writeln!(
        out,
        "\n{}：{}，{limit}，依据 {} [{}]",
        target_text(clock.target),
        state_text(clock.state),
        clock.rule,
        clock.source
    )?;
    if let Some(start) = &clock.starts_at {
        writeln!(out, "  起算 {start}")?;
    }
    if let Some(deadline) = &clock.deadline {
        writeln!(out, "  时限 {deadline}")?;
    }
    if let (Some(at), Some(by)) = (&clock.ended_at, clock.ended_by) {
        writeln!(out, "  结束 {at}，{}", event_text(by))?;
    }
    if let Some(left) = clock.remaining_minutes {
        let words =
            if left < 0 { format!("已超 {} 分钟", -left) } else { format!("还剩 {left} 分钟") };
        writeln!(out, "  {words}")?;
    }
    for segment in &clock.segments {
        let counted = if segment.counted { "计" } else { "不计" };
        writeln!(out, "  {counted} {} 至 {}：{}", segment.from, segment.to, segment.text)?;
    }
    Ok(())
}

fn limit_text(limit: Limit) -> String {
    match limit.unit {
        LimitUnit::Minute => format!("{} 分钟", limit.value),
        LimitUnit::Day => format!("{} 天（一天按 24 小时，本项目约定）", limit.value),
        LimitUnit::Workday => format!("{} 个工作日（自次日起数，本项目约定）", limit.value),
    }
}

fn need_text(need: Need) -> &'static str {
    match need {
        Need::Level => "级别",
        Need::Rule => "选定的规则",
        Need::Windows => "时段",
        Need::Calendar => "放假安排",
    }
}

/// The target as people call it.
#[must_use]
pub(crate) fn target_text(target: Target) -> &'static str {
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

fn state_text(state: State) -> &'static str {
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

fn event_text(kind: EventKind) -> &'static str {
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
