//! What stands against a month: the rules of rosters, and what only the console can know.

use super::month::Roster;
use super::team::{Away, Known};
use crate::door::dto::{
    CoverageDayDto, DoorError, ProblemDto, RosterCheck, RosterChecked, RosterCostDto, RosterLoadDto,
};
use crate::order::{Desk, short_instant};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use zaigang_domain::calendar::{Calendar, civil_date};
use zaigang_domain::contract::Profile;
use zaigang_domain::duty::AGREED;
use zaigang_domain::duty::coverage::{Freeze, Plan as CoveragePlan};
use zaigang_domain::duty::layers::is_needed;
use zaigang_domain::duty::month::payload::waiver_key;
use zaigang_domain::duty::month::{Place, RosterMonth, month_days};
use zaigang_domain::duty::roster::{
    Assignment, Check, Cost, History, Leave, Load, Month, Person, Plan, Post, PostDays, Rule, Rules,
    Thousandths, Violation, Want, Wish, ledger,
};
use zaigang_domain::event::UserId;

/// What nobody agreed and the program assumes.
const DEFAULT: &str = "本项目约定，缺省";

/// Who stands where: cell → people.
pub(super) type Cells = BTreeMap<String, Vec<UserId>>;

/// A month ready for the rules, with what else is known about it.
pub(super) struct Checked {
    /// The compiled month; absent where it cannot be counted, with the reason in `found`.
    pub(super) month: Option<Month>,
    /// Who is away.
    pub(super) away: Vec<Away>,
    /// What is known of each.
    pub(super) known: BTreeMap<String, Known>,
    /// 封网 in the month, with the plans they stand in.
    pub(super) freezes: Vec<(CoveragePlan, Freeze)>,
}

/// People missing in all cells of a month.
pub(super) fn gaps(month: &RosterMonth, calendar: &Calendar) -> u32 {
    let missing = |date: Date| {
        let posts = month.posts.iter().filter(move |post| is_needed(post, date, calendar));
        posts
            .map(|post| {
                let key = Place { date, post: post.id.clone() }.key();
                let stands = u32::try_from(month.people(&key).len()).unwrap_or(u32::MAX);
                post.count.saturating_sub(stands)
            })
            .sum::<u32>()
    };
    month_days(month.first).map(missing).sum()
}

impl Desk<'_> {
    /// Compiles a month for the rules.
    pub(super) fn compiled(&self, roster: &Roster) -> Result<Checked, DoorError> {
        let (away, known) = self.team_of(roster)?;
        let plan = self.roster_plan(roster, &away, &known)?;
        let month = Month::compile(&plan, roster.bound.calendar, &roster.bound.profile.hours, "roster")
            .inspect_err(|mistakes| tracing::info!(%mistakes, "a month cannot be counted"))
            .ok();
        let (first, last) = (roster.month.first, roster.month.first.last_of_month());
        let freezes = self.freezes_between(&roster.log, first, last)?;
        Ok(Checked { month, away, known, freezes })
    }

    fn roster_plan(
        &self,
        roster: &Roster,
        away: &[Away],
        known: &BTreeMap<String, Known>,
    ) -> Result<Plan, DoorError> {
        let month = &roster.month;
        let histories = self.histories(roster)?;
        let people = roster.team.iter().map(|person| {
            let known = known.get(&person.id).cloned().unwrap_or_default();
            Person {
                id: person.id.clone(),
                name: person.name.clone(),
                skills: known.skills,
                joined: known.joined.unwrap_or(Date::constant(1900, 1, 1)),
                left: known.left,
                history: histories.get(&person.id).cloned().unwrap_or_default(),
            }
        });
        let posts = month.posts.iter().map(|post| Post {
            id: post.id.clone(),
            kind: post.kind.as_str().to_owned(),
            shift: post.shift,
            days: PostDays::Dates(needed_dates(roster, &post.id)),
            count: post.count,
            skill: post.skill.clone(),
            not_same_as: post.pair_of.clone().filter(|pair| month.post(pair).is_some()),
            standby: post.is_standby(),
        });
        let team: BTreeSet<&str> = roster.team.iter().map(|person| person.id.as_str()).collect();
        let pins = month.pins.iter().flat_map(|(key, people)| {
            let at = Place::of_key(key);
            people.iter().filter_map(move |person| assignment(at.clone()?, person))
        });
        let wishes = month.wishes.values().map(|wish| Wish {
            person: wish.person.to_string(),
            date: wish.date,
            want: if wish.on { Want::On } else { Want::Off },
            weight: Thousandths::whole(wish.weight),
        });
        let rules = &month.rules;
        Ok(Plan {
            month: month.first,
            people: people.collect(),
            posts: posts.collect(),
            shift_hours: BTreeMap::new(),
            leave: away.iter().filter(|one| !one.asked).map(|one| one.leave.clone()).collect(),
            pins: pins.filter(|pin| team.contains(pin.person.as_str())).collect(),
            wishes: wishes.filter(|wish| team.contains(wish.person.as_str())).collect(),
            rules: Rules {
                rest_hours_min: Thousandths::whole(rules.rest_hours_min),
                consecutive_days_max: rules.consecutive_days_max,
                shifts_per_day_max: rules.shifts_per_day_max,
                nights_in_row_max: rules.nights_in_row_max,
            },
        })
    }

    /// What everybody did in the earlier published months of the year, and at the end of the last one.
    fn histories(&self, roster: &Roster) -> Result<BTreeMap<String, History>, DoorError> {
        let first = roster.month.first;
        let mut found: BTreeMap<String, History> = BTreeMap::new();
        let before = first.yesterday().unwrap_or(first).first_of_month();
        let states = self.roster_states(&roster.log, before.min(first.first_of_year()), before)?;
        let year = states.range(first.first_of_year()..);
        let worked = year.flat_map(|(_, month)| super::ledger::worked(month, roster.bound));
        for (person, load) in ledger(roster.bound.calendar, worked) {
            let history = found.entry(person).or_default();
            history.nights = load.duty.nights + load.standby.nights;
            history.holidays = load.duty.holidays;
        }
        let Some(before) = states.get(&before) else { return Ok(found) };
        for (key, people) in before.held() {
            let Some(at) = Place::of_key(&key).filter(|at| at.date.day() >= 22) else { continue };
            if roster.month.post(&at.post).is_none() {
                continue;
            }
            for person in people {
                let last = zaigang_domain::duty::roster::LastShift { post: at.post.clone(), date: at.date };
                found.entry(person.to_string()).or_default().last.push(last);
            }
        }
        Ok(found)
    }

    /// Everything that stands against the cells, worst first.
    pub(super) fn problems(&self, roster: &Roster, checked: &Checked, cells: &Cells) -> Vec<ProblemDto> {
        let mut found = match &checked.month {
            Some(month) => violations(roster, month, cells),
            None => vec![problem(
                "unannounced",
                "hard",
                "这个月的放假安排尚未公布，或办公时间没有约定，无法核对排班。请先导入放假通知、约定办公时间。",
                AGREED,
            )],
        };
        found.extend(self.missing_papers(roster, checked, cells));
        found.extend(onsite_count(roster, checked, cells));
        found.extend(asked_leave(roster, checked, cells));
        found.extend(outside(roster, cells));
        found.extend(checked.freezes.iter().map(|(plan, freeze)| frozen(roster, plan, freeze)));
        for problem in &mut found {
            let date = problem.date.as_deref().and_then(|date| date.parse().ok());
            let key = waiver_key(&problem.rule, date, problem.post.as_deref(), problem.person.as_deref());
            problem.waived = roster.month.waivers.get(&key).map(|waiver| waiver.reason.clone());
        }
        found.sort_by(|a, b| {
            let rank = |one: &ProblemDto| (one.waived.is_some(), one.severity != "hard");
            (rank(a), &a.date, &a.post, &a.person, &a.rule).cmp(&(
                rank(b),
                &b.date,
                &b.post,
                &b.person,
                &b.rule,
            ))
        });
        found
    }

    /// 岗前审查、保密承诺书、备案、工作证: without them no post on site.
    fn missing_papers(&self, roster: &Roster, checked: &Checked, cells: &Cells) -> Vec<ProblemDto> {
        let mut found = Vec::new();
        for (at, people) in places(cells) {
            if !roster.month.post(&at.post).is_some_and(|post| post.onsite) {
                continue;
            }
            for person in people {
                let missing = checked.known.get(person.as_str()).map_or(&[][..], |known| &known.missing);
                let Some(paper) = missing.first() else { continue };
                found.push(ProblemDto {
                    text: format!(
                        "{} 缺{}，不能上驻场岗位",
                        roster.name(person.as_str()),
                        missing.join("、")
                    ),
                    source: paper_source(roster.bound.profile, paper),
                    ..at_place("missing_papers", "hard", &at, Some(person.as_str()))
                });
            }
        }
        found
    }

    /// What would be wrong with cells that are not saved.
    ///
    /// # Errors
    /// Bad input for a cell that the month does not have.
    pub fn roster_check(&self, args: &RosterCheck) -> Result<RosterChecked, DoorError> {
        let roster = self.roster(&args.month)?;
        let cells = super::write::with_edits(&roster, &args.cells)?;
        let checked = self.compiled(&roster)?;
        Ok(RosterChecked {
            problems: self.problems(&roster, &checked, &cells),
            coverage: coverage(&roster, &cells),
            cost: cost(&checked, &cells),
            load: loads(&roster, &checked, &cells),
        })
    }
}

/// Dates on which a post of the month is to be filled.
pub(super) fn needed_dates(roster: &Roster, post: &str) -> Vec<Date> {
    let Some(post) = roster.month.post(post) else { return Vec::new() };
    roster.days().into_iter().filter(|date| is_needed(post, *date, roster.bound.calendar)).collect()
}

fn assignment(at: Place, person: &UserId) -> Option<Assignment> {
    Some(Assignment { person: person.to_string(), post: at.post, date: at.date })
}

/// Cells as assignments.
pub(super) fn assignments(cells: &Cells) -> Vec<Assignment> {
    let all = places(cells).flat_map(|(at, people)| {
        people.iter().filter_map(move |person| assignment(at.clone(), person)).collect::<Vec<_>>()
    });
    all.collect()
}

/// Cells by place.
pub(super) fn places(cells: &Cells) -> impl Iterator<Item = (Place, &Vec<UserId>)> {
    cells.iter().filter_map(|(key, people)| Some((Place::of_key(key)?, people)))
}

fn violations(roster: &Roster, month: &Month, cells: &Cells) -> Vec<ProblemDto> {
    // Who left the team since stands in a cell that no rule knows: told apart below.
    let known: Vec<Assignment> =
        assignments(cells).into_iter().filter(|one| roster.person(&one.person).is_some()).collect();
    match Check::new(month, &known, "roster") {
        Ok(check) => check.violations().into_iter().map(|one| violation(roster, one)).collect(),
        Err(mistakes) => vec![problem("unreadable", "hard", &mistakes.to_string(), AGREED)],
    }
}

fn violation(roster: &Roster, found: Violation) -> ProblemDto {
    let post = roster.month.post(&found.post);
    let source = match found.rule {
        Rule::Uncovered | Rule::Overstaffed => post.and_then(|post| post.clause.clone()),
        Rule::Rest | Rule::Consecutive | Rule::Nights | Rule::DoubleBooking
            if roster.bound.profile.settings.duty_rules.is_none() =>
        {
            Some(DEFAULT.to_owned())
        }
        _ => None,
    };
    // The rules know ids; people read names.
    let name = post.map_or(found.post.as_str(), |post| post.name.as_str());
    let text = found.text.replace(&format!("“{}”", found.post), &format!("“{name}”"));
    ProblemDto {
        rule: found.rule.as_str().to_owned(),
        severity: "hard".to_owned(),
        date: Some(found.date.to_string()),
        post: Some(found.post),
        person: found.person,
        text,
        source: source.unwrap_or_else(|| AGREED.to_owned()),
        waived: None,
    }
}

fn problem(rule: &str, severity: &str, text: &str, source: &str) -> ProblemDto {
    ProblemDto {
        rule: rule.to_owned(),
        severity: severity.to_owned(),
        date: None,
        post: None,
        person: None,
        text: text.to_owned(),
        source: source.to_owned(),
        waived: None,
    }
}

fn at_place(rule: &str, severity: &str, at: &Place, person: Option<&str>) -> ProblemDto {
    ProblemDto {
        date: Some(at.date.to_string()),
        post: Some(at.post.clone()),
        person: person.map(str::to_owned),
        ..problem(rule, severity, "", AGREED)
    }
}

/// The clause that asks for a paper, where the contract has one.
fn paper_source(profile: &Profile, paper: &str) -> String {
    let rows = profile.rows.iter().filter(|row| matches!(row.kind.as_str(), "staff_rule" | "security_rule"));
    let asks =
        |row: &&zaigang_domain::contract::FactRow| row.text.as_ref().is_some_and(|text| text.contains(paper));
    rows.clone().find(asks).map_or_else(|| AGREED.to_owned(), |row| row.source.clone())
}

/// Fewer people on site than the contract has, and on a workday fewer than agreed.
fn onsite_count(roster: &Roster, checked: &Checked, cells: &Cells) -> Vec<ProblemDto> {
    let mut found = Vec::new();
    let profile = roster.bound.profile;
    let onsite: Vec<&str> =
        roster.team.iter().filter(|person| person.onsite).map(|person| person.id.as_str()).collect();
    for row in &profile.facts.contract.head_count {
        let Some(needed) = row.onsite.or(row.onsite_min) else { continue };
        let here = u32::try_from(onsite.len()).unwrap_or(u32::MAX);
        if here < needed {
            let text = format!("驻场人员应有 {needed} 人，现有 {here} 人，缺 {} 人", needed - here);
            let source = format!("{}:{}", profile.document, row.source_line);
            found.push(problem("onsite_count", "soft", &text, &source));
        }
    }
    let least = usize::try_from(roster.month.rules.onsite_min).unwrap_or(0);
    let nights = nights(roster, cells);
    for date in roster.days().into_iter().filter(|_| least > 0) {
        if roster.bound.calendar.day(date).kind.is_worked() != Some(true) {
            continue;
        }
        let yesterday = date.yesterday().unwrap_or(date);
        let away = |id: &&&str| {
            let on_leave = |one: &Away| !one.asked && one.leave.person == **id && covers(&one.leave, date);
            checked.away.iter().any(on_leave) || nights.contains(&(yesterday, **id))
        };
        let here = onsite.len() - onsite.iter().filter(away).count();
        if here < least {
            found.push(ProblemDto {
                date: Some(date.to_string()),
                ..problem(
                    "onsite_count",
                    "hard",
                    &format!("{date} 在岗 {here} 人，少于约定的 {least} 人"),
                    AGREED,
                )
            });
        }
    }
    found
}

/// Who has a night on duty, on which date: he rests on the day after.
fn nights<'a>(roster: &Roster, cells: &'a Cells) -> BTreeSet<(Date, &'a str)> {
    let is_night = |at: &Place| {
        let post = roster.month.post(&at.post);
        post.is_some_and(|post| post.shift.is_night() && !post.is_standby() && post.onsite)
    };
    let nights = places(cells).filter(|(at, _)| is_night(at));
    nights.flat_map(|(at, people)| people.iter().map(move |one| (at.date, one.as_str()))).collect()
}

/// Leave that is asked for and not decided: to be looked at.
fn asked_leave(roster: &Roster, checked: &Checked, cells: &Cells) -> Vec<ProblemDto> {
    let mut found = Vec::new();
    for (at, people) in places(cells) {
        for person in people {
            let asks =
                |one: &&Away| one.asked && one.leave.person == person.as_str() && covers(&one.leave, at.date);
            if checked.away.iter().any(|one| asks(&one)) {
                found.push(ProblemDto {
                    text: format!("{} 当日已申请请假，尚未审批", roster.name(person.as_str())),
                    ..at_place("leave_asked", "soft", &at, Some(person.as_str()))
                });
            }
        }
    }
    found
}

fn covers(leave: &Leave, date: Date) -> bool {
    (leave.from..=leave.to).contains(&date)
}

/// People in posts of other divisions, and people who left the team.
fn outside(roster: &Roster, cells: &Cells) -> Vec<ProblemDto> {
    let mut found = Vec::new();
    for (at, people) in places(cells) {
        let Some(post) = roster.month.post(&at.post) else { continue };
        for id in people {
            let person = roster.person(id.as_str());
            let text = match person {
                None => Some(format!("{id} 已不在人员名单中")),
                Some(person) if person.disabled => Some(format!("{} 的账号已停用", person.name)),
                Some(person) if !of_divisions(&post.divisions, &person.divisions) => Some(format!(
                    "“{}”限{}的人员，{} 不在其中",
                    post.name,
                    post.divisions.join("、"),
                    person.name
                )),
                Some(person) if post.onsite && !person.onsite => {
                    Some(format!("“{}”须驻场人员，{} 不是驻场", post.name, person.name))
                }
                Some(_) => None,
            };
            let source = post.clause.clone().unwrap_or_else(|| AGREED.to_owned());
            found.extend(text.map(|text| ProblemDto {
                text,
                source,
                ..at_place("not_eligible", "hard", &at, Some(id.as_str()))
            }));
        }
    }
    found
}

/// Whether somebody of these divisions may hold a post; who works for all may hold any.
pub(super) fn of_divisions(post: &[String], person: &[String]) -> bool {
    post.is_empty() || person.is_empty() || person.iter().any(|division| post.contains(division))
}

/// 封网: no planned change in it, which whoever is on duty then has to know.
fn frozen(roster: &Roster, plan: &CoveragePlan, freeze: &Freeze) -> ProblemDto {
    let text = format!(
        "{} 至 {} 封网：{}（{}），其间不安排变更，请告知当班人员",
        short_instant(freeze.from),
        short_instant(freeze.to),
        freeze.what,
        plan.name
    );
    let source = if plan.paper.is_empty() { AGREED } else { plan.paper.as_str() };
    ProblemDto {
        date: Some(civil_date(freeze.from).max(roster.month.first).to_string()),
        ..problem("freeze", "soft", &text, source)
    }
}

/// How well each day is covered.
pub(super) fn coverage(roster: &Roster, cells: &Cells) -> Vec<CoverageDayDto> {
    let day = |date: Date| {
        let (mut missing, mut empty, mut any) = (0, false, false);
        for post in roster.month.posts.iter().filter(|post| is_needed(post, date, roster.bound.calendar)) {
            let stands = cells.get(&Place { date, post: post.id.clone() }.key()).map_or(0, Vec::len);
            let stands = u32::try_from(stands).unwrap_or(u32::MAX);
            any = true;
            empty |= stands == 0;
            missing += post.count.saturating_sub(stands);
        }
        let state = match (any, empty, missing) {
            (false, ..) => "none",
            (_, true, _) => "empty",
            (_, _, 0) => "full",
            _ => "thin",
        };
        CoverageDayDto { date: date.to_string(), state: state.to_owned(), missing }
    };
    roster.days().into_iter().map(day).collect()
}

/// How fair the cells are.
pub(super) fn cost(checked: &Checked, cells: &Cells) -> RosterCostDto {
    let check =
        checked.month.as_ref().and_then(|month| Check::new(month, &assignments(cells), "roster").ok());
    check.map_or_else(RosterCostDto::default, |check| cost_dto(check.cost()))
}

pub(super) fn cost_dto(cost: Cost) -> RosterCostDto {
    RosterCostDto { total: cost.total(), fairness: cost.fairness(), wishes: cost.wishes() }
}

/// What the cells ask of each person.
pub(super) fn loads(roster: &Roster, checked: &Checked, cells: &Cells) -> BTreeMap<String, RosterLoadDto> {
    let Some(month) = &checked.month else { return BTreeMap::new() };
    let all = assignments(cells);
    let loads = ledger(roster.bound.calendar, month.worked(&all));
    loads.into_iter().map(|(person, load)| (person, load_dto(&load))).collect()
}

pub(super) fn load_dto(load: &Load) -> RosterLoadDto {
    RosterLoadDto {
        hours: f64::from(load.duty.minutes) / 60.0,
        shifts: load.duty.shifts,
        nights: load.duty.nights,
        weekends: load.duty.weekends,
        holidays: load.duty.holidays.values().sum(),
        standby: load.standby.shifts,
    }
}
