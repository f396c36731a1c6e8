//! October's roster: drafted by the machine with the demo's seed, reviewed, consented to, published, confirmed.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use zaigang_domain::calendar::{Calendar, civil_date};
use zaigang_domain::duty::layers::is_needed;
use zaigang_domain::duty::month::payload::{At, Consented, PinSet, Said, Wished};
use zaigang_domain::duty::month::{self, CellEdit, RosterMonth, month_days, month_entity};
use zaigang_domain::duty::roster::{self, Assignment, PostDays, Rules, Thousandths, Want};
use zaigang_domain::duty::staff::{StaffRules, missing_papers, staff_of};
use zaigang_domain::event::UserId;
use zaigang_domain::judge::EntityState;

use super::{Act, MONTH, SUPERVISOR, Turn, leave, moment, on_site, user};
use crate::demo::assets::{Assets, Person};
use crate::demo::plan::SEED;
use crate::demo::write::Fleet;

/// Steps of the search: few, for the demo is made often; what is fair to a degree is fair enough.
const STEPS: u64 = 20_000;
/// Who has which duty on the demo's day, so that those who can log in have something to do.
const PINS: &[(i8, &str, &str)] = &[(15, "duty-main", "renpingsheng"), (15, "duty-deputy", "xiayunqi")];
/// Who has said nothing to the published roster yet.
const SILENT: &[&str] = &["xiayunqi", "pandongli", "pengcanglang"];
/// Who would like to be free, or on duty, on a day of October.
const WISHES: &[(&str, i8, &str)] =
    &[("weiqinghe", 6, "off"), ("shenxingzhou", 1, "on"), ("cuiyunfan", 8, "off"), ("zhuxinqing", 18, "off")];

/// A step of the month.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// It is opened with the posts that were agreed.
    Open,
    /// Somebody wishes.
    Wish(&'static str, i8, &'static str),
    /// It is drafted and kept.
    Fill,
    /// A step of the review.
    Review(&'static str),
    /// All but a few confirm.
    Confirm,
}

pub(super) fn turns() -> Result<Vec<Turn>> {
    let mut turns = Vec::new();
    let mut add = |day: i8, hour: i8, minute: i8, step| -> Result<()> {
        turns.push((moment(date(2025, 9, day), hour, minute)?, Act::Month(step)));
        Ok(())
    };
    add(22, 8, 40, Step::Open)?;
    for (minute, (login, day, want)) in (0..).zip(WISHES) {
        add(22, 15, minute, Step::Wish(login, *day, want))?;
    }
    add(24, 15, 10, Step::Fill)?;
    add(24, 16, 30, Step::Review("roster.submitted"))?;
    add(25, 9, 30, Step::Review("roster.approved"))?;
    add(26, 10, 20, Step::Review("roster.consented"))?;
    add(26, 11, 0, Step::Review("roster.published"))?;
    add(28, 9, 0, Step::Confirm)?;
    Ok(turns)
}

pub(super) fn step(assets: &Assets, fleet: &mut Fleet<'_>, step: &Step, at: Timestamp) -> Result<()> {
    let entity = month_entity(MONTH);
    match step {
        Step::Open => {
            let versions = fleet.published();
            let settings = &assets.profile.settings;
            let opened = month::open(settings, &versions.contract, &versions.calendar, MONTH, at)?;
            fleet.tell(SUPERVISOR, &entity, at, &[opened])
        }
        Step::Wish(login, day, want) => {
            let wished = Wished { date: of_month(*day)?, want: (*want).to_owned(), weight: 2 };
            act(fleet, login, "roster.wished", &wished, at)
        }
        Step::Fill => {
            let cells = filled(assets, fleet)?;
            let pins: Result<Vec<PinSet>> = pinned(fleet)?
                .into_iter()
                .map(|pin| {
                    let person = UserId::new(pin.person)?;
                    Ok(PinSet { date: pin.date, post: pin.post, person, pinned: true })
                })
                .collect();
            let actor = fleet.actor(SUPERVISOR)?;
            let note = "自动编排后核对";
            let drafts = month::edit(of(fleet)?, &cells, &pins?, note, &actor, civil_date(at), at)?;
            fleet.tell(SUPERVISOR, &entity, at, &drafts)
        }
        Step::Review("roster.consented") => {
            let consented = Consented {
                who: "演示单位信息化部门".to_owned(),
                date: Some(civil_date(at)),
                paper: "演示值班安排复函（虚构，第10号）".to_owned(),
            };
            act(fleet, SUPERVISOR, "roster.consented", &consented, at)
        }
        Step::Review(kind) => {
            let said = Said {
                // Nobody else holds the role for the whole contract.
                alone: *kind == "roster.approved",
                version: u32::from(*kind == "roster.published"),
                on: (*kind == "roster.published").then(|| civil_date(at)),
                ..Said::default()
            };
            act(fleet, SUPERVISOR, kind, &said, at)
        }
        Step::Confirm => confirm(fleet, at),
    }
}

fn confirm(fleet: &mut Fleet<'_>, at: Timestamp) -> Result<()> {
    let told: Vec<UserId> = of(fleet)?.confirmations.keys().map(UserId::new).collect::<Result<_, _>>()?;
    for person in told {
        let login = fleet.login(&person).context("nobody has this id")?;
        if !SILENT.contains(&login) {
            act(fleet, login, "roster.confirmed", &Said { version: 1, ..Said::default() }, at)?;
        }
    }
    Ok(())
}

fn act<T: serde::Serialize>(
    fleet: &mut Fleet<'_>,
    login: &str,
    kind: &'static str,
    payload: &T,
    at: Timestamp,
) -> Result<()> {
    let draft = month::act(of(fleet)?, kind, payload, &fleet.actor(login)?, at)?;
    fleet.tell(login, &month_entity(MONTH), at, &[draft])
}

/// The month as it stands.
pub(super) fn of<'f>(fleet: &'f Fleet<'_>) -> Result<&'f RosterMonth> {
    match fleet.state(&month_entity(MONTH)) {
        Some(EntityState::Roster(month)) => Ok(month),
        _ => bail!("the month is not open"),
    }
}

/// Who holds a post on a day of the published month.
pub(super) fn holder(fleet: &Fleet<'_>, date: Date, post: &str) -> Result<UserId> {
    let holders = of(fleet)?.holders(&At { date, post: post.to_owned() }.key());
    holders.into_iter().next().with_context(|| format!("nobody holds {post} on {date}"))
}

fn of_month(day: i8) -> Result<Date> {
    Ok(Date::new(MONTH.year(), MONTH.month(), day)?)
}

fn pinned(fleet: &Fleet<'_>) -> Result<Vec<Assignment>> {
    let pin = |(day, post, login): &(i8, &str, &str)| {
        let person = user(fleet, login)?.to_string();
        Ok(Assignment { person, post: (*post).to_owned(), date: of_month(*day)? })
    };
    PINS.iter().map(pin).collect()
}

/// The cells as the machine fills them.
fn filled(assets: &Assets, fleet: &Fleet<'_>) -> Result<Vec<CellEdit>> {
    let plan = plan(assets, fleet)?;
    let month = roster::Month::compile(&plan, &Calendar::builtin(), &assets.profile.hours, "demo")?;
    let draft = roster::draft(&month, SEED, STEPS, &mut || false);
    if !draft.gaps.is_empty() {
        bail!("the machine leaves gaps: {:?}", draft.gaps);
    }
    let mut cells: BTreeMap<At, Vec<UserId>> = BTreeMap::new();
    for one in draft.assignments {
        cells.entry(At { date: one.date, post: one.post }).or_default().push(UserId::new(one.person)?);
    }
    Ok(cells.into_iter().map(|(at, people)| CellEdit { at, people, was: None }).collect())
}

/// What the machine is told: people on site with their leave, the posts that were agreed, the rules.
fn plan(assets: &Assets, fleet: &Fleet<'_>) -> Result<roster::Plan> {
    let month = of(fleet)?;
    let calendar = Calendar::builtin();
    let mut people = Vec::new();
    for person in on_site(assets) {
        let id = user(fleet, &person.login)?;
        let skills = month.posts.iter().filter(|post| may_hold(assets, fleet, person, &id, post));
        people.push(roster::Person {
            skills: skills.map(|post| post.id.clone()).collect(),
            id: id.to_string(),
            name: person.name.clone(),
            joined: date(2024, 9, 1),
            left: None,
            history: roster::History::default(),
        });
    }
    let known: BTreeSet<String> = people.iter().map(|person| person.id.clone()).collect();
    let posts = month.posts.iter().map(|post| roster::Post {
        id: post.id.clone(),
        kind: post.kind.as_str().to_owned(),
        shift: post.shift,
        days: PostDays::Dates(month_days(MONTH).filter(|date| is_needed(post, *date, &calendar)).collect()),
        count: post.count,
        // Whoever may hold it has a skill of its name.
        skill: Some(post.id.clone()),
        not_same_as: post.pair_of.clone(),
        standby: post.is_standby(),
    });
    let away = leave::granted(fleet).map(|leave| roster::Leave {
        person: leave.person.to_string(),
        from: leave.from,
        to: leave.to,
    });
    let wishes = month.wishes.values().map(|wish| roster::Wish {
        person: wish.person.to_string(),
        date: wish.date,
        want: if wish.on { Want::On } else { Want::Off },
        weight: Thousandths::whole(wish.weight),
    });
    let rules = &month.rules;
    Ok(roster::Plan {
        month: MONTH,
        posts: posts.collect(),
        shift_hours: BTreeMap::new(),
        leave: away.filter(|leave| known.contains(&leave.person)).collect(),
        pins: pinned(fleet)?,
        wishes: wishes.collect(),
        rules: Rules {
            rest_hours_min: Thousandths::whole(rules.rest_hours_min),
            consecutive_days_max: rules.consecutive_days_max,
            shifts_per_day_max: rules.shifts_per_day_max,
            nights_in_row_max: rules.nights_in_row_max,
        },
        people,
    })
}

/// By division, papers and skill, as publishing asks for.
fn may_hold(
    assets: &Assets,
    fleet: &Fleet<'_>,
    person: &Person,
    id: &UserId,
    post: &month::payload::DutyPost,
) -> bool {
    let staff = fleet.state(&staff_of(id)).and_then(EntityState::staff);
    let lacks = !missing_papers(staff, MONTH.last_of_month(), &StaffRules::of(&assets.profile)).is_empty();
    let skilled = |skill: &String| staff.is_some_and(|staff| staff.skills.contains(skill));
    let here = post.divisions.is_empty() || post.divisions.iter().any(|division| person.covers(division));
    here && !(post.onsite && lacks) && post.skill.as_ref().is_none_or(skilled)
}
