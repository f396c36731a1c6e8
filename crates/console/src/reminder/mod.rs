//! Reminders: before a clock breaks, when it broke, and on a new order; each once.
//!
//! Promises: [`due`] is a pure function of what is watched, what was told before and "now"; a notice
//! holds number and title of an order, never a reporter's name or phone. Left out: how a notice is
//! shown (the shells').

mod watch;

use crate::door::dto::ReminderDto;
use crate::order::short_instant;
use jiff::Timestamp;
use std::collections::BTreeSet;
use zaigang_domain::clock::Target;
use zaigang_domain::clock::{minutes_text, target_name};

pub use watch::{load_told, save_told, watched};

/// Most notices of one round; the rest is summed up in the last one, so that a return after days
/// offline does not flood the screen.
const NOTICES_MAX: usize = 5;

/// An open order that concerns the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Entity id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Title.
    pub title: String,
    /// User in charge, empty for nobody.
    pub assignee: String,
    /// Whether its arrival is news for the person: it came to him, or waits for anybody of his division.
    pub is_news: bool,
    /// When the work was planned for, if it was.
    pub planned: Option<Timestamp>,
    /// Its clocks that have not ended.
    pub clocks: Vec<WatchedClock>,
}

/// A clock that has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatchedClock {
    /// What it counts towards.
    pub target: Target,
    /// When it is due.
    pub deadline: Timestamp,
    /// When it begins to count as "soon".
    pub warn_at: Timestamp,
}

/// What was told before, by key.
pub type Told = BTreeSet<String>;

/// The notices due now, and what has been told after them. Keys of orders that are not watched any
/// more are forgotten.
#[must_use]
pub fn due(watched: &[Watched], told: &Told, now: Timestamp) -> (Vec<ReminderDto>, Told) {
    let mut notices = Vec::new();
    let mut after = Told::new();
    for order in watched {
        let found = order.is_news.then(|| news(order)).into_iter();
        let clocks = order.clocks.iter().flat_map(|clock| clock_notices(order, clock, now));
        for (key, notice) in found.chain(clocks) {
            if !told.contains(&key) {
                notices.push(notice);
            }
            after.insert(key);
        }
    }
    (shortened(notices), after)
}

/// Everything that could be told now counts as told: for the first start, when all is news.
#[must_use]
pub fn silenced(watched: &[Watched]) -> Told {
    watched.iter().filter(|order| order.is_news).map(|order| news(order).0).collect()
}

fn news(order: &Watched) -> (String, ReminderDto) {
    let body = if order.assignee.is_empty() { "待接单" } else { "已派给您" };
    let (what, body) = match order.planned {
        Some(at) => ("预约时间已到", format!("预约 {}，{body}", short_instant(at))),
        None => ("新工单", body.to_owned()),
    };
    (format!("new/{}/{}", order.id, order.assignee), notice("new_order", order, what, body))
}

fn clock_notices(order: &Watched, clock: &WatchedClock, now: Timestamp) -> Option<(String, ReminderDto)> {
    let name = target_name(clock.target);
    let key = |kind: &str| {
        format!("{kind}/{}/{}/{}", order.id, clock.target.as_str(), clock.deadline.as_millisecond())
    };
    let minutes = zaigang_domain::clock::minutes_between(now, clock.deadline);
    if now > clock.deadline {
        let body = format!("{name}时限 {} 已过", short_instant(clock.deadline));
        return Some((key("broken"), notice("broken", order, "时限已超", body)));
    }
    (now >= clock.warn_at).then(|| {
        let body = format!("{name}还剩 {}，{} 到期", minutes_text(minutes), short_instant(clock.deadline));
        if clock.target == Target::Swap {
            let body = format!("{body}；请现在决定：领用、申请调拨，或先上备用件");
            return (key("soon"), notice("soon", order, "须决定备件", body));
        }
        (key("soon"), notice("soon", order, "时限将到", body))
    })
}

fn notice(kind: &str, order: &Watched, what: &str, body: String) -> ReminderDto {
    ReminderDto {
        kind: kind.to_owned(),
        order_id: order.id.clone(),
        title: format!("{what}：{} {}", order.number, order.title),
        body,
    }
}

/// The most pressing notices, broken ones first; how many more there are stands in the last one.
fn shortened(mut notices: Vec<ReminderDto>) -> Vec<ReminderDto> {
    let urgency = |notice: &ReminderDto| match notice.kind.as_str() {
        "broken" => 0,
        "soon" => 1,
        _ => 2,
    };
    notices.sort_by_key(urgency);
    let more = notices.len().saturating_sub(NOTICES_MAX);
    notices.truncate(NOTICES_MAX);
    if let Some(last) = notices.last_mut().filter(|_| more > 0) {
        last.body.push_str(&format!("（另有 {more} 条提醒，请查看工单列表）"));
    }
    notices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_760_000_000 + minute * 60).unwrap()
    }

    fn order(id: &str, is_news: bool) -> Watched {
        let clock = WatchedClock { target: Target::Arrival, deadline: at(60), warn_at: at(48) };
        Watched {
            id: id.into(),
            number: "E-1".into(),
            title: "打印机".into(),
            assignee: String::new(),
            is_news,
            planned: None,
            clocks: vec![clock],
        }
    }

    #[test]
    fn each_reminder_comes_once() {
        let watched = [order("order/1", true)];
        let mut told = Told::new();
        let mut kinds = Vec::new();
        for minute in [0, 10, 47, 48, 50, 60, 61, 62, 500] {
            let (notices, after) = due(&watched, &told, at(minute));
            kinds.extend(notices.into_iter().map(|n| (minute, n.kind)));
            told = after;
        }
        let expected = [(0, "new_order"), (48, "soon"), (61, "broken")];
        assert_eq!(kinds, expected.map(|(m, k)| (m, k.to_owned())));
        assert!(due(&[], &told, at(501)).1.is_empty(), "ended orders are forgotten");
    }

    #[test]
    fn planned_work_is_told_when_its_time_has_come() {
        let mut watched = [order("order/1", true)];
        watched[0].planned = Some(at(0));
        watched[0].assignee = "u1".into();
        let (notices, _) = due(&watched, &Told::new(), at(1));
        assert!(notices[0].title.starts_with("预约时间已到"), "{:?}", notices[0]);
        assert!(notices[0].body.contains("已派给您"));
    }

    #[test]
    fn a_moved_deadline_is_told_again_and_the_first_start_is_quiet() {
        let mut watched = [order("order/1", true)];
        let (notices, told) = due(&watched, &silenced(&watched), at(50));
        assert_eq!(notices.len(), 1, "only the clock");
        watched[0].clocks[0].deadline = at(55);
        assert_eq!(due(&watched, &told, at(50)).0.len(), 1);
    }

    #[test]
    fn many_are_summed_up_with_the_broken_ones_first() {
        let mut watched: Vec<Watched> = (0..40).map(|i| order(&format!("order/{i}"), true)).collect();
        watched[39].clocks[0].deadline = at(-1);
        let (notices, _) = due(&watched, &Told::new(), at(0));
        assert_eq!(notices.len(), NOTICES_MAX);
        assert_eq!(notices[0].kind, "broken");
        assert!(notices[4].body.contains("另有 36 条"), "{}", notices[4].body);
    }
}
