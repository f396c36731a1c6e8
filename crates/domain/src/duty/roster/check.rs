//! Hard rules: what a roster breaks, as a whole or after one edit.
//!
//! A rule about a person depends only on that person's shifts, a rule about a post and day only on who
//! holds it; [`Check`] keeps the two apart, so an edit looks at one person and one cell again.

#![expect(clippy::indexing_slicing, reason = "people, posts and days are indices of the compiled month")]

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::cost::{Cost, Counts};
use super::input::Assignment;
use super::month::{Month, Place};
use super::shift::{DAY_MINUTES, Turn};
use crate::clock::words;
use crate::mistake::Mistakes;

words! {
    /// A hard rule.
    pub enum Rule {
        /// 缺人
        Uncovered = "uncovered",
        /// 超员
        Overstaffed = "overstaffed",
        /// 重班
        DoubleBooking = "double_booking",
        /// 请假
        OnLeave = "on_leave",
        /// 不在册
        NotMember = "not_member",
        /// 休息不足
        Rest = "rest",
        /// 连续天数
        Consecutive = "consecutive",
        /// 连续夜班
        Nights = "nights",
        /// 技能不符
        Skill = "skill",
        /// 主备同人
        SamePerson = "same_person",
        /// 固定班次未排上
        PinLost = "pin_lost",
    }
}

impl Rule {
    /// Its title in Chinese.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Uncovered => "缺人",
            Self::Overstaffed => "超员",
            Self::DoubleBooking => "重班",
            Self::OnLeave => "请假",
            Self::NotMember => "不在册",
            Self::Rest => "休息不足",
            Self::Consecutive => "连续天数超限",
            Self::Nights => "连续夜班超限",
            Self::Skill => "技能不符",
            Self::SamePerson => "主备同一人",
            Self::PinLost => "固定班次未排上",
        }
    }
}

/// One breach of a hard rule; ordered as they are printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Which rule.
    pub rule: Rule,
    /// Id of the person; absent where the breach is the post's.
    pub person: Option<String>,
    /// Id of the post.
    pub post: String,
    /// The date.
    pub date: Date,
    /// A sentence in Chinese.
    pub text: String,
}

impl Violation {
    fn key(&self) -> (Date, &str, Option<&str>, &str) {
        (self.date, &self.post, self.person.as_deref(), self.rule.as_str())
    }
}

/// A roster being edited, with what it breaks.
#[derive(Debug, Clone)]
pub struct Check<'m> {
    month: &'m Month,
    /// By person, the places held as (day, post), ascending; equal ones may repeat.
    held: Vec<Vec<(usize, usize)>>,
    /// By person, the breaches of the person's rules.
    broken: Vec<Vec<Broken>>,
    /// By post and day, how many people hold it.
    filled: Vec<Vec<u32>>,
    pins: BTreeSet<Place>,
    counts: Counts,
}

/// A breach of a rule about one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Broken {
    pub(super) rule: Rule,
    pub(super) post: usize,
    pub(super) day: usize,
}

impl<'m> Check<'m> {
    /// Checks a whole roster; `file` is only named in mistakes.
    ///
    /// # Errors
    /// Every assignment of an unknown person or post, or outside the month.
    pub fn new(month: &'m Month, assignments: &[Assignment], file: &str) -> Result<Self, Mistakes> {
        let places = month.places(assignments, file, "assignments")?;
        Ok(Self::of_places(month, &places))
    }

    pub(super) fn of_places(month: &'m Month, places: &[Place]) -> Self {
        let (people, posts, days) = (month.people_count(), month.posts_count(), month.days_count());
        let mut check = Self {
            month,
            held: vec![Vec::new(); people],
            broken: vec![Vec::new(); people],
            filled: vec![vec![0; days]; posts],
            pins: month.plan.pins.iter().filter_map(|pin| month.place(pin).ok()).collect(),
            counts: Counts::new(month),
        };
        for place in places {
            check.enter(*place);
        }
        for person in 0..people {
            check.look_again(person);
        }
        check
    }

    /// Puts somebody at a post; `false` when the month knows no such person, post or date.
    pub fn add(&mut self, assignment: &Assignment) -> bool {
        let Ok(place) = self.month.place(assignment) else { return false };
        self.enter(place);
        self.look_again(place.person);
        true
    }

    /// Takes somebody from a post; `false` when nobody of that name holds it.
    pub fn remove(&mut self, assignment: &Assignment) -> bool {
        let Ok(place) = self.month.place(assignment) else { return false };
        self.take(place)
    }

    /// Everything that is broken, sorted by (date, post, person, rule).
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        let mut all: Vec<Violation> = self.staffing();
        for (person, broken) in self.broken.iter().enumerate() {
            all.extend(broken.iter().map(|broken| self.personal(person, *broken)));
        }
        let lost = self.pins.iter().filter(|pin| !self.holds(**pin));
        all.extend(lost.map(|pin| {
            self.personal(pin.person, Broken { rule: Rule::PinLost, post: pin.post, day: pin.day })
        }));
        all.sort_by(|a, b| a.key().cmp(&b.key()));
        all
    }

    /// What the roster costs.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.counts.cost()
    }

    /// The roster, sorted by (date, post, person).
    #[must_use]
    pub fn assignments(&self) -> Vec<Assignment> {
        let mut all: Vec<Assignment> = self.places().map(|place| self.month.assignment(place)).collect();
        all.sort_by(|a, b| (a.date, &a.post, &a.person).cmp(&(b.date, &b.post, &b.person)));
        all
    }

    pub(super) fn month(&self) -> &'m Month {
        self.month
    }

    pub(super) fn places(&self) -> impl Iterator<Item = Place> + '_ {
        self.held.iter().enumerate().flat_map(|(person, held)| {
            held.iter().map(move |(day, post)| Place { person, post: *post, day: *day })
        })
    }

    pub(super) fn holds(&self, place: Place) -> bool {
        self.held[place.person].binary_search(&(place.day, place.post)).is_ok()
    }

    pub(super) fn held(&self, person: usize) -> &[(usize, usize)] {
        &self.held[person]
    }

    pub(super) fn filled(&self, post: usize, day: usize) -> u32 {
        self.filled[post][day]
    }

    pub(super) fn put(&mut self, place: Place) {
        self.enter(place);
        self.look_again(place.person);
    }

    pub(super) fn take(&mut self, place: Place) -> bool {
        let held = &mut self.held[place.person];
        let Ok(index) = held.binary_search(&(place.day, place.post)) else { return false };
        held.remove(index);
        self.filled[place.post][place.day] -= 1;
        self.counts.remove(self.month, place);
        self.look_again(place.person);
        true
    }

    /// The rules about the person that a further shift would break, sorted; empty: it can be held.
    pub(super) fn rules_against(&self, place: Place) -> Vec<Rule> {
        let mut held = self.held[place.person].clone();
        let at = held.partition_point(|other| *other < (place.day, place.post));
        held.insert(at, (place.day, place.post));
        let after = personal_rules(self.month, place.person, &held);
        let before = &self.broken[place.person];
        let new = after.iter().filter(|broken| !before.contains(broken)).map(|broken| broken.rule);
        new.collect::<BTreeSet<Rule>>().into_iter().collect()
    }

    fn enter(&mut self, place: Place) {
        let held = &mut self.held[place.person];
        let at = held.partition_point(|other| *other < (place.day, place.post));
        held.insert(at, (place.day, place.post));
        self.filled[place.post][place.day] += 1;
        self.counts.add(self.month, place);
    }

    fn look_again(&mut self, person: usize) {
        self.broken[person] = personal_rules(self.month, person, &self.held[person]);
    }

    fn staffing(&self) -> Vec<Violation> {
        let month = self.month;
        let mut all = Vec::new();
        for post in 0..month.posts_count() {
            for day in 0..month.days_count() {
                let (filled, needed) = (self.filled[post][day], month.needed(post, day));
                let (rule, text) = if filled < needed {
                    (Rule::Uncovered, format!("需 {needed} 人，已排 {filled} 人，缺 {} 人", needed - filled))
                } else if filled > needed {
                    (
                        Rule::Overstaffed,
                        format!("需 {needed} 人，已排 {filled} 人，多 {} 人", filled - needed),
                    )
                } else {
                    continue;
                };
                let (post, date) = (month.post_id(post).to_owned(), month.date(day));
                let text = format!("{date} “{post}”{text}");
                all.push(Violation { rule, person: None, post, date, text });
            }
        }
        all
    }

    fn personal(&self, person: usize, broken: Broken) -> Violation {
        let month = self.month;
        let who = &month.plan.people[person];
        let (post, date) = (month.post(broken.post), month.date(broken.day));
        let rules = &month.plan.rules;
        let what = match broken.rule {
            Rule::DoubleBooking => {
                format!("与本人其他班次时间重叠，或当日多于 {} 个班次", rules.shifts_per_day_max)
            }
            Rule::OnLeave => "当日请假".to_owned(),
            Rule::NotMember => "当日不在册".to_owned(),
            Rule::Rest => {
                format!("距上一班次不足 {} 小时", rules.rest_hours_min.0 as f64 / 1000.0)
            }
            Rule::Consecutive => format!("连续排班超过 {} 天", rules.consecutive_days_max),
            Rule::Nights => format!("连续夜班超过 {} 个", rules.nights_in_row_max),
            Rule::Skill => format!("没有所需技能“{}”", post.skill.as_deref().unwrap_or_default()),
            Rule::SamePerson => {
                format!("同日又在“{}”，两岗不得为同一人", post.not_same_as.as_deref().unwrap_or_default())
            }
            Rule::PinLost => "是固定班次，没有排上".to_owned(),
            Rule::Uncovered | Rule::Overstaffed => String::new(),
        };
        Violation {
            rule: broken.rule,
            person: Some(who.id.clone()),
            post: post.id.clone(),
            date,
            text: format!("{}：{date} “{}”{what}", who.name, post.id),
        }
    }
}

/// The breaches of rules about one person who holds these places, sorted.
pub(super) fn personal_rules(month: &Month, person: usize, held: &[(usize, usize)]) -> Vec<Broken> {
    if held.is_empty() {
        return Vec::new();
    }
    let mut turns: Vec<Turn<'_>> = month.last_turns(person).collect();
    turns.extend(held.iter().map(|(day, post)| month.turn(*post, *day)));
    turns.sort_by(|a, b| {
        (a.start(), a.end(), month.post_id(a.post)).cmp(&(b.start(), b.end(), month.post_id(b.post)))
    });
    let mut found = BTreeSet::new();
    let single = held.iter().flat_map(|(day, post)| single_rules(month, person, held, *post, *day));
    found.extend(single);
    found.extend(paired_rules(month, &turns));
    let rules = &month.plan.rules;
    let worked = turns.iter().filter(|turn| !turn.standby);
    found.extend(rows(worked.clone(), rules.consecutive_days_max, Rule::Consecutive));
    found.extend(rows(worked.filter(|turn| turn.night), rules.nights_in_row_max, Rule::Nights));
    found.into_iter().collect()
}

/// Rules about one shift by itself, and about its other half.
fn single_rules(
    month: &Month,
    person: usize,
    held: &[(usize, usize)],
    post: usize,
    day: usize,
) -> impl Iterator<Item = Broken> {
    let same = month.other(post).is_some_and(|other| held.binary_search(&(day, other)).is_ok());
    let rules = [
        (Rule::NotMember, !month.is_member(person, day)),
        (Rule::OnLeave, month.is_away(person, day)),
        (Rule::Skill, !month.is_skilled(person, post)),
        (Rule::SamePerson, same),
    ];
    rules.into_iter().filter(|(_, broken)| *broken).map(move |(rule, _)| Broken { rule, post, day })
}

/// Rules about two shifts, named at the later one; `turns` are sorted by begin.
fn paired_rules(month: &Month, turns: &[Turn<'_>]) -> Vec<Broken> {
    let mut found = Vec::new();
    let rest = month.rest_thousandths();
    // No shift is longer than two days, so nothing that began earlier than this can matter.
    let reach = 2 * DAY_MINUTES + rest * 60 / 1000 + 1;
    for (index, later) in turns.iter().enumerate() {
        let Ok(day) = usize::try_from(later.day) else { continue };
        let near = turns[..index].iter().rev().take_while(|turn| turn.start() + reach > later.start());
        let (mut clash, mut starved, mut same_day) = (false, false, 1);
        for earlier in near {
            clash |= earlier.clashes(later);
            starved |= earlier.starves(later, rest);
            same_day += usize::from(earlier.day == later.day && !earlier.standby);
        }
        let crowded = !later.standby && same_day > month.shifts_per_day_max();
        if clash || crowded {
            found.push(Broken { rule: Rule::DoubleBooking, post: later.post, day });
        }
        if starved {
            found.push(Broken { rule: Rule::Rest, post: later.post, day });
        }
    }
    found
}

/// Dates in a row beyond the limit, named at the first shift of each such date; `turns` are sorted.
fn rows<'t>(turns: impl Iterator<Item = &'t Turn<'t>>, limit: u32, rule: Rule) -> Vec<Broken> {
    let mut found = Vec::new();
    let mut dates: Vec<(i64, usize)> = turns.map(|turn| (turn.day, turn.post)).collect();
    // The sort is stable: of one date the shift that begins first stays in front.
    dates.sort_by_key(|(day, _)| *day);
    dates.dedup_by_key(|(day, _)| *day);
    let (mut before, mut length) = (i64::MIN, 0);
    for (day, post) in dates {
        length = if before == day - 1 { length + 1 } else { 1 };
        before = day;
        if let (true, Ok(day)) = (length > limit, usize::try_from(day)) {
            found.push(Broken { rule, post, day });
        }
    }
    found
}
