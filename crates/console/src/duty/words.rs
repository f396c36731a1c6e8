//! Chinese words for the codes of posts, days and rules.

use jiff::civil::{Date, Weekday};
use zaigang_domain::calendar::DayKind;
use zaigang_domain::contract::{DutyDays, DutyKind};
use zaigang_domain::duty::month::payload::DutyPost;
use zaigang_domain::duty::roster::{Rule, ShiftKind};

/// `周三`.
pub(super) fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "周一",
        Weekday::Tuesday => "周二",
        Weekday::Wednesday => "周三",
        Weekday::Thursday => "周四",
        Weekday::Friday => "周五",
        Weekday::Saturday => "周六",
        Weekday::Sunday => "周日",
    }
}

/// Stable word of a kind of day.
pub(super) fn day_code(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Statutory => "statutory",
        DayKind::Substitute => "substitute",
        DayKind::Bridge => "bridge",
        DayKind::Makeup => "makeup",
        DayKind::Weekend => "weekend",
        DayKind::Workday => "workday",
        DayKind::Unannounced => "unannounced",
    }
}

/// 节 放 班 over a day of a notice.
pub(super) fn badge(kind: DayKind, holiday: Option<&str>) -> Option<&'static str> {
    match kind {
        DayKind::Statutory => Some("节"),
        DayKind::Substitute | DayKind::Bridge => Some("放"),
        DayKind::Weekend => holiday.map(|_| "放"),
        DayKind::Makeup => Some("班"),
        DayKind::Workday | DayKind::Unannounced => None,
    }
}

/// Chinese name of a kind of post.
pub(super) fn kind_text(kind: DutyKind) -> &'static str {
    match kind {
        DutyKind::Duty => "值班",
        DutyKind::Standby => "备勤",
        DutyKind::Lead => "带班",
        DutyKind::SecondLine => "二线",
        DutyKind::Holiday => "节假日岗",
    }
}

/// One letter for a cell.
pub(super) fn letter(post: &DutyPost) -> &'static str {
    match (post.kind, post.shift) {
        (DutyKind::Duty, ShiftKind::Night) => "夜",
        (DutyKind::Duty, _) => "值",
        (DutyKind::Standby, _) => "备",
        (DutyKind::Lead, _) => "带",
        (DutyKind::SecondLine, _) => "二",
        (DutyKind::Holiday, _) => "节",
    }
}

/// Hours of a shift in words.
pub(super) fn hours_text(shift: ShiftKind) -> &'static str {
    match shift {
        ShiftKind::Day => "08:00-20:00",
        ShiftKind::Night => "20:00-次日08:00",
        ShiftKind::Full => "08:00-次日08:00",
        ShiftKind::Office => "办公时间",
    }
}

/// Days of a post in words.
pub(super) fn days_text(post: &DutyPost) -> String {
    let days = match post.days {
        DutyDays::All => "每天",
        DutyDays::Workday => "工作日",
        DutyDays::Nonworkday => "非工作日",
        DutyDays::Statutory => "法定节假日",
    };
    match (post.from, post.to) {
        (None, None) => days.to_owned(),
        (from, to) => {
            let text = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
            format!("{days}（{} 至 {}）", text(from), text(to))
        }
    }
}

/// A rule in words.
pub(super) fn rule_text(rule: Rule) -> &'static str {
    rule.title()
}
