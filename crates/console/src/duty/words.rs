//! Chinese words for the codes of posts, days and rules.

use jiff::civil::{Date, Weekday};
use std::collections::BTreeMap;
use zaigang_domain::calendar::DayKind;
use zaigang_domain::contract::{DutyDays, DutyKind};
use zaigang_domain::duty::month::payload::DutyPost;
use zaigang_domain::duty::roster::ShiftKind;

/// `周三`.
pub(crate) fn weekday(date: Date) -> &'static str {
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

/// A letter for each post, by id. Two that can stand on one date never share it: the later one takes a
/// character of its name.
pub(super) fn letters(posts: &[DutyPost]) -> BTreeMap<String, String> {
    let mut taken: Vec<(String, &DutyPost)> = Vec::new();
    for post in posts {
        let free = |letter: &String| {
            let meets = |other: &DutyPost| {
                if !post.dates.is_empty() && !other.dates.is_empty() {
                    return post.dates.iter().any(|date| other.dates.contains(date));
                }
                if !post.dates.is_empty() || !other.dates.is_empty() {
                    return true;
                }
                let apart = [(post.days, other.days), (other.days, post.days)].iter().any(|pair| {
                    matches!(pair, (DutyDays::Workday, DutyDays::Nonworkday | DutyDays::Statutory))
                });
                !apart
            };
            !taken.iter().any(|(used, other)| used == letter && meets(other))
        };
        let usual = letter(post).to_owned();
        // The last character tells a pair apart (主, 副); what every name has tells nothing.
        let own = post.name.chars().rev().filter(|char| !COMMON.contains(*char)).map(String::from);
        let letter = std::iter::once(usual.clone()).chain(own).find(free).unwrap_or(usual);
        taken.push((letter, post));
    }
    taken.into_iter().map(|(letter, post)| (post.id.clone(), letter)).collect()
}

/// Characters that tell no post from another.
const COMMON: &str = "值班备勤带岗位人员总队日";

/// The usual letter of a post's kind.
fn letter(post: &DutyPost) -> &'static str {
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

/// Dates of a post written out before the rest is only counted.
const LISTED_DATES: usize = 8;

/// Days of a post in words.
pub(super) fn days_text(post: &DutyPost) -> String {
    if let [first, others @ ..] = post.dates.as_slice() {
        let listed = std::iter::once(first).chain(others.iter().take(LISTED_DATES - 1));
        let listed: Vec<String> = listed.map(|date| date.strftime("%m-%d").to_string()).collect();
        let more = if post.dates.len() > LISTED_DATES {
            format!(" 等 {} 天", post.dates.len())
        } else {
            String::new()
        };
        return format!("{}{more}", listed.join("、"));
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn post(id: &str, name: &str, kind: DutyKind, days: DutyDays) -> DutyPost {
        DutyPost {
            id: id.into(),
            name: name.into(),
            kind,
            shift: ShiftKind::Full,
            days,
            dates: Vec::new(),
            from: None,
            to: None,
            count: 1,
            skill: None,
            pair_of: None,
            onsite: true,
            call_in_minutes: None,
            divisions: Vec::new(),
            place: None,
            clause: None,
            basis: None,
        }
    }

    #[test]
    fn listed_dates_are_written_out_and_then_counted() {
        let on = |days: std::ops::RangeInclusive<i8>| DutyPost {
            dates: days.map(|day| Date::constant(2025, 10, day)).collect(),
            ..post("x", "节日岗", DutyKind::Holiday, DutyDays::All)
        };
        assert_eq!(days_text(&on(1..=3)), "10-01、10-02、10-03");
        assert_eq!(days_text(&on(1..=10)), "10-01、10-02、10-03、10-04、10-05、10-06、10-07、10-08 等 10 天");
        let letters = letters(&[on(1..=3), DutyPost { id: "y".into(), ..on(4..=5) }]);
        assert_eq!((letters["x"].as_str(), letters["y"].as_str()), ("节", "节"), "never on one date");
    }

    #[test]
    fn posts_of_one_date_never_share_a_letter() {
        let posts = [
            post("main", "值班主", DutyKind::Duty, DutyDays::All),
            post("deputy", "值班副", DutyKind::Duty, DutyDays::All),
            post("night", "夜间备勤", DutyKind::Standby, DutyDays::Workday),
            post("off", "非工作日备勤", DutyKind::Standby, DutyDays::Nonworkday),
            post("l", "L总队现场值班", DutyKind::Duty, DutyDays::Nonworkday),
        ];
        let letters = letters(&posts);
        let of = |id: &str| letters.get(id).map(String::as_str);
        assert_eq!((of("main"), of("deputy"), of("l")), (Some("值"), Some("副"), Some("场")));
        // A workday and a day off are never one date.
        assert_eq!((of("night"), of("off")), (Some("备"), Some("备")));
    }
}
