//! A month ready for the rules: checked, with people, posts and days as indices.

#![expect(clippy::indexing_slicing, reason = "indices of people, posts and days are made and checked here")]

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::input::{Assignment, Leave, Plan, Post, PostDays};
use super::shift::{ShiftKind, ShiftSpan, Turn};
use crate::calendar::{Calendar, DayKind, OfficeHours};
use crate::mistake::{Mistake, Mistakes};

/// Most people of a month; a bound on work, far above any contract.
const PEOPLE_MAX: usize = 1000;
/// Most posts of a month; likewise.
const POSTS_MAX: usize = 200;
/// Most turns to be filled in a month; likewise.
const SEATS_MAX: u64 = 50_000;

/// A plan with its calendar, ready for the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    pub(super) plan: Plan,
    pub(super) days: Vec<MonthDay>,
    /// By post and day, how many people are needed.
    required: Vec<Vec<u32>>,
    /// By post and day, the hours.
    spans: Vec<Vec<Vec<ShiftSpan>>>,
    /// By person, the shifts before the month.
    last: Vec<Vec<LastTurn>>,
    /// By person and day.
    member: Vec<Vec<bool>>,
    /// By person and day.
    away: Vec<Vec<bool>>,
    /// By post, the one its holder must not hold too.
    other: Vec<Option<usize>>,
    people: BTreeMap<String, usize>,
    posts: BTreeMap<String, usize>,
}

/// A day of the month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MonthDay {
    pub(super) date: Date,
    pub(super) kind: DayKind,
    /// Name of the holiday, on days off only.
    pub(super) holiday_off: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct LastTurn {
    post: usize,
    day: i64,
    spans: Vec<ShiftSpan>,
}

/// An assignment as indices of person, post and day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    pub(super) person: usize,
    pub(super) post: usize,
    pub(super) day: usize,
}

impl Month {
    /// Checks a plan and makes it ready; `file` is only named in mistakes.
    ///
    /// # Errors
    /// Every mistake: a month that is not announced, ids that are double or unknown, dates outside the
    /// month or in the wrong order, a 5x8 post where no office windows are stated.
    pub fn compile(
        plan: &Plan,
        calendar: &Calendar,
        hours: &OfficeHours,
        file: &str,
    ) -> Result<Self, Mistakes> {
        Compiler { plan, calendar, hours, file, found: Vec::new() }.run()
    }

    /// The plan it was made from.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The days of the month.
    pub fn dates(&self) -> impl Iterator<Item = Date> + '_ {
        self.days.iter().map(|day| day.date)
    }

    /// How many people a post needs on a date; 0 outside its days and the month.
    #[must_use]
    pub fn required(&self, post: &str, date: Date) -> u32 {
        match (self.posts.get(post), self.day_index(date)) {
            (Some(post), Some(day)) => self.required[*post][day],
            _ => 0,
        }
    }

    /// Reads assignments as indices.
    ///
    /// # Errors
    /// Every unknown person or post and every date outside the month; `key` names the list.
    pub(super) fn places(&self, list: &[Assignment], file: &str, key: &str) -> Result<Vec<Place>, Mistakes> {
        let mut found = Vec::new();
        let mut places = Vec::with_capacity(list.len());
        for (index, assignment) in list.iter().enumerate() {
            match self.place(assignment) {
                Ok(place) => places.push(place),
                Err((name, value, reason)) => {
                    found.push(Mistake::at(file, format!("{key}[{index}].{name}"), value, reason));
                }
            }
        }
        if found.is_empty() { Ok(places) } else { Err(Mistakes(found)) }
    }

    /// One assignment as indices, else the key, value and reason of what is wrong with it.
    pub(super) fn place(
        &self,
        assignment: &Assignment,
    ) -> Result<Place, (&'static str, String, &'static str)> {
        let person = self
            .people
            .get(&assignment.person)
            .ok_or_else(|| ("person", assignment.person.clone(), "people 中没有这个人"))?;
        let post = self
            .posts
            .get(&assignment.post)
            .ok_or_else(|| ("post", assignment.post.clone(), "posts 中没有这个岗位"))?;
        let day = self
            .day_index(assignment.date)
            .ok_or_else(|| ("date", assignment.date.to_string(), "不在本月"))?;
        Ok(Place { person: *person, post: *post, day })
    }

    pub(super) fn assignment(&self, place: Place) -> Assignment {
        Assignment {
            person: self.person_id(place.person).to_owned(),
            post: self.post_id(place.post).to_owned(),
            date: self.date(place.day),
        }
    }

    pub(super) fn people_count(&self) -> usize {
        self.plan.people.len()
    }

    pub(super) fn posts_count(&self) -> usize {
        self.plan.posts.len()
    }

    pub(super) fn days_count(&self) -> usize {
        self.days.len()
    }

    pub(super) fn person_id(&self, person: usize) -> &str {
        &self.plan.people[person].id
    }

    pub(super) fn person_index(&self, id: &str) -> Option<usize> {
        self.people.get(id).copied()
    }

    pub(super) fn post(&self, post: usize) -> &Post {
        &self.plan.posts[post]
    }

    pub(super) fn post_id(&self, post: usize) -> &str {
        &self.plan.posts[post].id
    }

    pub(super) fn date(&self, day: usize) -> Date {
        self.days[day].date
    }

    pub(super) fn day_index(&self, date: Date) -> Option<usize> {
        let first = self.plan.month;
        let inside = date.year() == first.year() && date.month() == first.month();
        inside.then(|| usize::try_from(date.day() - 1).ok()).flatten()
    }

    pub(super) fn needed(&self, post: usize, day: usize) -> u32 {
        self.required[post][day]
    }

    pub(super) fn turn(&self, post: usize, day: usize) -> Turn<'_> {
        let stated = &self.plan.posts[post];
        Turn {
            post,
            // A month has at most 31 days.
            day: day as i64,
            spans: &self.spans[post][day],
            standby: stated.standby,
            night: stated.shift.is_night(),
        }
    }

    /// The shifts a person held before the month.
    pub(super) fn last_turns(&self, person: usize) -> impl Iterator<Item = Turn<'_>> {
        self.last[person].iter().map(|last| {
            let stated = &self.plan.posts[last.post];
            let night = stated.shift.is_night();
            Turn { post: last.post, day: last.day, spans: &last.spans, standby: stated.standby, night }
        })
    }

    pub(super) fn is_member(&self, person: usize, day: usize) -> bool {
        self.member[person][day]
    }

    pub(super) fn is_away(&self, person: usize, day: usize) -> bool {
        self.away[person][day]
    }

    pub(super) fn add_leave(&mut self, person: usize, leave: &Leave) {
        for (away, day) in self.away[person].iter_mut().zip(&self.days) {
            *away |= (leave.from..=leave.to).contains(&day.date);
        }
    }

    /// Whether a person is on the list on every day of the month.
    pub(super) fn is_present(&self, person: usize) -> bool {
        self.member[person].iter().all(|member| *member)
    }

    pub(super) fn is_skilled(&self, person: usize, post: usize) -> bool {
        let skill = self.plan.posts[post].skill.as_ref();
        skill.is_none_or(|skill| self.plan.people[person].skills.contains(skill))
    }

    /// The post whose holder must not hold this one on the same date, as this one states it.
    pub(super) fn other(&self, post: usize) -> Option<usize> {
        self.other[post]
    }

    pub(super) fn shifts_per_day_max(&self) -> usize {
        usize::try_from(self.plan.rules.shifts_per_day_max).unwrap_or(usize::MAX)
    }

    pub(super) fn rest_thousandths(&self) -> i64 {
        self.plan.rules.rest_hours_min.0
    }
}

struct Compiler<'a> {
    plan: &'a Plan,
    calendar: &'a Calendar,
    hours: &'a OfficeHours,
    file: &'a str,
    found: Vec<Mistake>,
}

impl Compiler<'_> {
    fn run(mut self) -> Result<Month, Mistakes> {
        let people = self.ids("people", self.plan.people.iter().map(|person| person.id.as_str()));
        let posts = self.ids("posts", self.plan.posts.iter().map(|post| post.id.as_str()));
        self.sizes();
        self.shift_hours();
        let days = self.days();
        self.members();
        self.posts(&posts);
        self.lists(&people, &posts);
        if !self.found.is_empty() {
            return Err(Mistakes(self.found));
        }
        let required: Vec<Vec<u32>> =
            self.plan.posts.iter().map(|post| days.iter().map(|day| needed(post, day)).collect()).collect();
        let seats: u64 = required.iter().flatten().map(|count| u64::from(*count)).sum();
        if seats > SEATS_MAX {
            self.refuse("posts", &seats.to_string(), &format!("全月人次多于 {SEATS_MAX}"));
        }
        let spans = self.spans(&days);
        let last = self.last(&posts);
        if !self.found.is_empty() {
            return Err(Mistakes(self.found));
        }
        let other = self
            .plan
            .posts
            .iter()
            .map(|post| post.not_same_as.as_ref().and_then(|id| posts.get(id).copied()));
        Ok(Month {
            plan: self.plan.clone(),
            required,
            spans,
            last,
            member: self.membership(&days),
            away: self.absence(&days, &people),
            other: other.collect(),
            days,
            people,
            posts,
        })
    }

    fn ids<'p>(&mut self, list: &str, ids: impl Iterator<Item = &'p str>) -> BTreeMap<String, usize> {
        let mut known = BTreeMap::new();
        for (index, id) in ids.enumerate() {
            let key = format!("{list}[{index}].id");
            if id.trim().is_empty() {
                self.refuse(&key, id, "须写明编号");
            } else if known.insert(id.to_owned(), index).is_some() {
                self.refuse(&key, id, "编号重复");
            }
        }
        known
    }

    fn sizes(&mut self) {
        let (people, posts) = (self.plan.people.len(), self.plan.posts.len());
        if people > PEOPLE_MAX {
            self.refuse("people", &people.to_string(), &format!("多于 {PEOPLE_MAX} 人"));
        }
        if posts > POSTS_MAX {
            self.refuse("posts", &posts.to_string(), &format!("多于 {POSTS_MAX} 个岗位"));
        }
    }

    fn shift_hours(&mut self) {
        for (kind, spans) in &self.plan.shift_hours {
            let key = format!("shift_hours.{}", kind.as_str());
            if spans.is_empty() {
                self.refuse(&key, "[]", "须写明至少一个时段");
            }
            let apart = spans.windows(2).all(|pair| pair[0].to <= pair[1].from);
            if !apart {
                self.refuse(&key, &clock_times(spans), "各时段须先后排列、互不重叠，次日的时段不能另起一段");
            }
        }
    }

    fn days(&mut self) -> Vec<MonthDay> {
        let first = self.plan.month;
        let dates = first.series(jiff::Span::new().days(1)).take_while(|date| date.month() == first.month());
        let days: Vec<MonthDay> = dates
            .map(|date| {
                let day = self.calendar.day(date);
                let off = day.kind.is_worked() == Some(false);
                MonthDay { date, kind: day.kind, holiday_off: day.holiday.filter(|_| off).map(str::to_owned) }
            })
            .collect();
        if days.iter().any(|day| day.kind == DayKind::Unannounced) {
            let month = format!("{:04}-{:02}", first.year(), first.month());
            self.refuse("month", &month, "这一年的放假安排尚未公布或未导入，不能排班");
        }
        days
    }

    fn members(&mut self) {
        for (index, person) in self.plan.people.iter().enumerate() {
            if let Some(left) = person.left.filter(|left| *left < person.joined) {
                self.refuse(&format!("people[{index}].left"), &left.to_string(), "早于 joined");
            }
        }
    }

    fn posts(&mut self, posts: &BTreeMap<String, usize>) {
        for (index, post) in self.plan.posts.iter().enumerate() {
            let key = |name: &str| format!("posts[{index}].{name}");
            if let Some(other) = &post.not_same_as {
                if !posts.contains_key(other) {
                    self.refuse(&key("not_same_as"), other, "posts 中没有这个岗位");
                } else if *other == post.id {
                    self.refuse(&key("not_same_as"), other, "须是另一个岗位");
                }
            }
            if let PostDays::Dates(dates) = &post.days {
                for (position, date) in dates.iter().enumerate() {
                    self.in_month(&format!("posts[{index}].days[{position}]"), *date);
                }
            }
        }
    }

    fn lists(&mut self, people: &BTreeMap<String, usize>, posts: &BTreeMap<String, usize>) {
        let plan = self.plan;
        for (index, person) in plan.people.iter().enumerate() {
            for (position, last) in person.history.last.iter().enumerate() {
                let key = format!("people[{index}].history.last[{position}]");
                self.known(posts, &format!("{key}.post"), &last.post, "posts 中没有这个岗位");
                if last.date >= plan.month {
                    self.refuse(&format!("{key}.date"), &last.date.to_string(), "须早于本月首日");
                }
            }
        }
        for (index, leave) in plan.leave.iter().enumerate() {
            self.known(people, &format!("leave[{index}].person"), &leave.person, "people 中没有这个人");
            if leave.from > leave.to {
                self.refuse(&format!("leave[{index}].from"), &leave.from.to_string(), "晚于 to");
            }
        }
        for (index, pin) in plan.pins.iter().enumerate() {
            self.known(people, &format!("pins[{index}].person"), &pin.person, "people 中没有这个人");
            self.known(posts, &format!("pins[{index}].post"), &pin.post, "posts 中没有这个岗位");
            self.in_month(&format!("pins[{index}].date"), pin.date);
        }
        for (index, wish) in plan.wishes.iter().enumerate() {
            self.known(people, &format!("wishes[{index}].person"), &wish.person, "people 中没有这个人");
            self.in_month(&format!("wishes[{index}].date"), wish.date);
        }
    }

    fn known(&mut self, ids: &BTreeMap<String, usize>, key: &str, id: &str, reason: &str) {
        if !ids.contains_key(id) {
            self.refuse(key, id, reason);
        }
    }

    fn in_month(&mut self, key: &str, date: Date) {
        let first = self.plan.month;
        if (date.year(), date.month()) != (first.year(), first.month()) {
            self.refuse(key, &date.to_string(), "不在本月");
        }
    }

    fn spans(&mut self, days: &[MonthDay]) -> Vec<Vec<Vec<ShiftSpan>>> {
        let plan = self.plan;
        let mut all = Vec::with_capacity(plan.posts.len());
        for (index, post) in plan.posts.iter().enumerate() {
            let key = format!("posts[{index}].shift");
            let hours = days.iter().map(|day| self.hours_of(post.shift, day.date));
            match hours.collect::<Option<Vec<_>>>() {
                Some(spans) => all.push(spans),
                None => self.refuse(&key, post.shift.as_str(), NO_OFFICE_HOURS),
            }
        }
        all
    }

    fn last(&mut self, posts: &BTreeMap<String, usize>) -> Vec<Vec<LastTurn>> {
        let plan = self.plan;
        let mut all = Vec::with_capacity(plan.people.len());
        for (index, person) in plan.people.iter().enumerate() {
            let mut turns = Vec::with_capacity(person.history.last.len());
            for (position, last) in person.history.last.iter().enumerate() {
                let Some(post) = posts.get(&last.post).copied() else { continue };
                let Some(spans) = self.hours_of(plan.posts[post].shift, last.date) else {
                    let key = format!("people[{index}].history.last[{position}].post");
                    self.refuse(&key, &last.post, NO_OFFICE_HOURS);
                    continue;
                };
                let day = i64::from((last.date - plan.month).get_days());
                turns.push(LastTurn { post, day, spans });
            }
            all.push(turns);
        }
        all
    }

    fn hours_of(&self, kind: ShiftKind, date: Date) -> Option<Vec<ShiftSpan>> {
        let stated = self.plan.shift_hours.get(&kind).cloned();
        stated.or_else(|| kind.spans_on(date, self.hours, self.calendar))
    }

    fn membership(&self, days: &[MonthDay]) -> Vec<Vec<bool>> {
        let member = |day: &MonthDay, joined: Date, left: Option<Date>| {
            joined <= day.date && left.is_none_or(|left| day.date <= left)
        };
        let people = self.plan.people.iter();
        people.map(|who| days.iter().map(|day| member(day, who.joined, who.left)).collect()).collect()
    }

    fn absence(&self, days: &[MonthDay], people: &BTreeMap<String, usize>) -> Vec<Vec<bool>> {
        let mut away = vec![vec![false; days.len()]; self.plan.people.len()];
        for leave in &self.plan.leave {
            let Some(row) = people.get(&leave.person).and_then(|person| away.get_mut(*person)) else {
                continue;
            };
            for (cell, day) in row.iter_mut().zip(days) {
                *cell |= (leave.from..=leave.to).contains(&day.date);
            }
        }
        away
    }

    fn refuse(&mut self, key: &str, value: &str, reason: &str) {
        self.found.push(Mistake::at(self.file, key, value, reason));
    }
}

const NO_OFFICE_HOURS: &str = "5x8 班按办公时间，而合同与本项目约定都没有写明当日的办公时间；请约定 office_hours，或在 shift_hours 写明";

fn needed(post: &Post, day: &MonthDay) -> u32 {
    let runs = match &post.days {
        PostDays::All => true,
        PostDays::Workday => day.kind.is_worked() == Some(true),
        PostDays::Nonworkday => day.kind.is_worked() == Some(false),
        PostDays::Statutory => day.kind == DayKind::Statutory,
        PostDays::Dates(dates) => dates.contains(&day.date),
    };
    if runs { post.count } else { 0 }
}

fn clock_times(spans: &[ShiftSpan]) -> String {
    let clock = |minute: u16| format!("{:02}:{:02}", minute % 1440 / 60, minute % 60);
    let texts: Vec<String> =
        spans.iter().map(|span| format!("{}-{}", clock(span.from), clock(span.to))).collect();
    texts.join(" ")
}
