//! Proposals of the machine: open cells filled, and who could step in. Nothing is written.

use super::check::{Cells, Checked, assignments, cost_dto, needed_dates};
use super::month::{Roster, user_of};
use crate::door::dto::{
    BlockedDto, CellEdit, DoorError, GapDto, RepairDto, RosterDraftArgs, RosterProposal, RosterRepair,
    RosterRepairArgs,
};
use crate::order::{Desk, date_of};
use std::collections::{BTreeMap, BTreeSet};
use zaigang_domain::duty::month::Place;
use zaigang_domain::duty::roster::{
    Assignment, Blocked, Drafter, Gap, Leave, Month, Offer, Plan, repair, steps_for,
};
use zaigang_domain::event::UserId;

/// Most seconds a draft may take.
const SECONDS_MAX: u32 = 60;
/// Steps between two looks at the clock.
const STEPS_AT_ONCE: u64 = 2_000;
/// Proposals of a repair.
const PROPOSALS_MAX: usize = 10;

/// A draft taken from the store, to be worked on without it.
pub(crate) struct Drafting {
    month: Month,
    /// Cells as they stand, with the edits that are not saved.
    before: Cells,
    /// Cells that are filled: dates that are not frozen.
    open: BTreeSet<String>,
    seconds: u32,
    seed: u32,
}

impl Desk<'_> {
    /// Takes from the store what a draft needs.
    ///
    /// # Errors
    /// Bad input for an unknown way to keep; not now for a month that cannot be counted.
    pub(crate) fn drafting(&self, args: &RosterDraftArgs) -> Result<Drafting, DoorError> {
        if !matches!(args.keep.as_str(), "all" | "pins") {
            return Err(DoorError::bad_input("保留方式只有全部（all）和固定标记（pins）。").at("keep"));
        }
        let roster = self.roster(&args.month)?;
        let before = super::write::with_edits(&roster, &args.cells)?;
        let checked = self.compiled(&roster)?;
        let month = countable(&checked)?;
        let frozen = roster.month.frozen_before(roster.today);
        let fixed = |at: &Place| frozen.is_some_and(|frozen| at.date < frozen);
        let open = roster.month.posts.iter().flat_map(|post| {
            let dates = needed_dates(&roster, &post.id).into_iter();
            dates.map(|date| Place { date, post: post.id.clone() }).filter(|at| !fixed(at)).map(|at| at.key())
        });
        let open: BTreeSet<String> = open.collect();
        let keeps = |one: &Assignment| {
            args.keep == "all" || !open.contains(&Place { date: one.date, post: one.post.clone() }.key())
        };
        let mut plan = month.plan().clone();
        let kept = assignments(&before).into_iter().filter(|one| keeps(one) && !plan.pins.contains(one));
        let kept: Vec<Assignment> = kept.collect();
        plan.pins.extend(kept);
        restrict(&roster, &mut plan);
        let month = Month::compile(&plan, roster.bound.calendar, &roster.bound.profile.hours, "roster")
            .map_err(|mistakes| DoorError::not_now(format!("排班条件有误，无法自动编排：{mistakes}")))?;
        let seconds = args.seconds.clamp(1, SECONDS_MAX);
        Ok(Drafting { month, before, open, seconds, seed: args.seed })
    }

    /// Who could step in for somebody who is away.
    ///
    /// # Errors
    /// Bad input for an unknown person or span; not now for a month that cannot be counted.
    pub fn roster_repair(&self, args: &RosterRepairArgs) -> Result<RosterRepair, DoorError> {
        let roster = self.roster(&args.month)?;
        let person = user_of(&args.person, "person")?;
        if roster.person(person.as_str()).is_none() {
            return Err(DoorError::bad_input("没有这个人，请重新选择。").at("person"));
        }
        let (from, to) = (date_of(&args.from, "from")?, date_of(&args.to, "to")?);
        if from > to {
            return Err(DoorError::bad_input("起始日晚于结束日，请重填。").at("from"));
        }
        let checked = self.compiled(&roster)?;
        let month = countable(&checked)?;
        let cells = roster.month.cells_of(0).unwrap_or_default();
        let leave = Leave { person: person.to_string(), from, to };
        let repair = repair(month, &assignments(&cells), &[leave], "roster").map_err(DoorError::broken)?;
        let mut proposals = Vec::new();
        let mut gaps = Vec::new();
        for offer in &repair.offers {
            if offer.replacements.is_empty() {
                gaps.push(offer_gap(offer));
            }
            proposals.extend(offer.replacements.iter().take(PROPOSALS_MAX).map(|one| {
                let texts = one.changes.iter().map(|change| {
                    let (day, post) = (change.date.strftime("%m-%d"), roster.post_name(&change.post));
                    format!("{day} {post}：{} 换成 {}", roster.name(&change.from), roster.name(&change.to))
                });
                let text = texts.collect::<Vec<_>>().join("；");
                let mut after = cells.clone();
                for change in &one.changes {
                    let at = Place { date: change.date, post: change.post.clone() };
                    let people = after.entry(at.key()).or_default();
                    people.retain(|id| id.as_str() != change.from);
                    people.extend(UserId::new(change.to.clone()).ok());
                    people.sort();
                }
                RepairDto {
                    cells: edits(&cells, &after, None),
                    text,
                    changes: u32::try_from(one.changes.len()).unwrap_or(u32::MAX),
                    cost_delta: one.cost_change,
                }
            }));
        }
        Ok(RosterRepair { proposals, gaps })
    }
}

/// Only people who may hold a post by division and presence: others get its skill denied.
fn restrict(roster: &Roster, plan: &mut Plan) {
    for post in &mut plan.posts {
        let Some(agreed) = roster.month.post(&post.id) else { continue };
        let fits = |id: &str| {
            roster.person(id).is_some_and(|person| {
                super::check::of_divisions(&agreed.divisions, &person.divisions)
                    && (person.onsite || !agreed.onsite)
            })
        };
        let all = plan.people.iter().all(|person| fits(&person.id));
        if all {
            continue;
        }
        // A skill of its own, held by whoever fits and has what the post asks for.
        let own = format!("post:{}", post.id);
        for person in &mut plan.people {
            let skilled = post.skill.as_ref().is_none_or(|skill| person.skills.contains(skill));
            if skilled && fits(&person.id) {
                person.skills.push(own.clone());
            }
        }
        post.skill = Some(own);
    }
}

fn countable(checked: &Checked) -> Result<&Month, DoorError> {
    checked.month.as_ref().ok_or_else(|| {
        DoorError::not_now("这个月的放假安排尚未公布，或办公时间没有约定，无法自动编排。请先导入放假通知。")
    })
}

impl Drafting {
    /// Works until nothing better is found or the time is up. `uptime_ms` is a clock that only runs on;
    /// `told` hears after each stretch how far it is, from 0 to 1.
    pub(crate) fn run(self, uptime_ms: impl Fn() -> u64, mut told: impl FnMut(f64)) -> RosterProposal {
        let begun = uptime_ms();
        let steps_max = steps_for(&self.month) * u64::from(self.seconds);
        let mut drafter = Drafter::new(&self.month, u64::from(self.seed), steps_max);
        let limit_ms = u64::from(self.seconds) * 1_000;
        while !drafter.is_done() {
            drafter.run(STEPS_AT_ONCE);
            let passed = uptime_ms().saturating_sub(begun);
            told((passed as f64 / limit_ms as f64).min(1.0));
            if passed >= limit_ms {
                break;
            }
        }
        let draft = drafter.answer();
        let mut after: Cells = BTreeMap::new();
        for one in &draft.assignments {
            let key = Place { date: one.date, post: one.post.clone() }.key();
            if let Ok(person) = UserId::new(one.person.clone()) {
                after.entry(key).or_default().push(person);
            }
        }
        for people in after.values_mut() {
            people.sort();
        }
        RosterProposal {
            cells: edits(&self.before, &after, Some(&self.open)),
            gaps: draft.gaps.iter().map(gap).collect(),
            cost: cost_dto(draft.cost),
            seconds: uptime_ms().saturating_sub(begun) as f64 / 1_000.0,
            proven_best: draft.proven_best,
        }
    }
}

/// Cells that would change, of those that may.
fn edits(before: &Cells, after: &Cells, open: Option<&BTreeSet<String>>) -> Vec<CellEdit> {
    let changes = super::compare::changes(before, after).into_iter();
    let may_change = |one: &crate::door::dto::RosterChangeDto| {
        open.is_none_or(|open| open.contains(&format!("{}/{}", one.date, one.post)))
    };
    let edits = changes.filter(may_change).map(|change| CellEdit {
        date: change.date,
        post: change.post,
        people: change.after,
        was: Some(change.before),
    });
    edits.collect()
}

fn gap(gap: &Gap) -> GapDto {
    let blocked = |blocked: &Blocked| BlockedDto {
        person: blocked.person.clone(),
        rule: blocked.rule.as_str().to_owned(),
        text: blocked.rule.title().to_owned(),
    };
    GapDto {
        date: gap.date.to_string(),
        post: gap.post.clone(),
        missing: gap.missing,
        why: gap.why.iter().map(blocked).collect(),
    }
}

fn offer_gap(offer: &Offer) -> GapDto {
    let why = offer.others.iter().flat_map(|other| {
        other.rules.iter().map(|rule| BlockedDto {
            person: other.person.clone(),
            rule: rule.as_str().to_owned(),
            text: rule.title().to_owned(),
        })
    });
    GapDto { date: offer.date.to_string(), post: offer.post.clone(), missing: 1, why: why.collect() }
}
