//! What other entities tell about the people of a month: who is away, and what is known of each.

use super::month::Roster;
use crate::door::dto::DoorError;
use crate::order::Desk;
use crate::staff;
use crate::store::{Person, StoreError};
use jiff::civil::Date;
use std::collections::BTreeMap;
use zaigang_domain::duty::layers::Member;
use zaigang_domain::duty::leave as request;
use zaigang_domain::duty::roster::Leave;
use zaigang_domain::duty::staff::{Staff, StaffRules, missing_papers};
use zaigang_domain::event::LogName;
use zaigang_domain::judge::Beside;

/// What is known of a person beside his account.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// First day of work here.
    pub(crate) joined: Option<Date>,
    /// Last day of work here.
    pub(crate) left: Option<Date>,
    /// Skills, as posts ask for them.
    pub(crate) skills: Vec<String>,
    /// Papers he lacks, in Chinese. Where nothing at all was noted of a person, nothing is held against
    /// him: 本项目约定, so that a site can plan before its papers are entered.
    pub(crate) missing: Vec<String>,
}

/// An absence as the grid shows it.
#[derive(Debug, Clone)]
pub(crate) struct Away {
    /// Days.
    pub(crate) leave: Leave,
    /// Letter of its kind.
    pub(crate) letter: String,
    /// Asked for, not decided yet.
    pub(crate) asked: bool,
}

impl Desk<'_> {
    /// Who is away in a month, and what is known of its people.
    pub(super) fn team_of(&self, roster: &Roster) -> Result<(Vec<Away>, BTreeMap<String, Known>), DoorError> {
        let (facts, rules) = (self.staff_facts(&roster.log)?, StaffRules::of(roster.bound.profile));
        let (first, last) = (roster.month.first, roster.month.first.last_of_month());
        let leaves = facts.leaves().filter(|leave| leave.is_live() && leave.overlaps(first, last));
        let known =
            |id: &str| staff::known(&facts, id).map(|staff| known(staff, &rules, last)).unwrap_or_default();
        let known = roster.team.iter().map(|person| (person.id.clone(), known(&person.id)));
        Ok((leaves.map(away).collect(), known.collect()))
    }

    /// Everybody of a contract as the layers of a month see him, and whoever is away.
    pub(crate) fn members(
        &self,
        contract: &str,
        log: &LogName,
    ) -> Result<(Vec<Member>, Vec<Leave>), StoreError> {
        Ok(members_of(&self.workers_under(contract)?, &self.staff_facts(log)?))
    }
}

/// Those who work under a contract as the roster sees them, and their leave that counts.
pub(crate) fn members_of(people: &[Person], facts: &Beside) -> (Vec<Member>, Vec<Leave>) {
    let members = people.iter().map(|person| {
        let staff = staff::known(facts, &person.id);
        Member {
            id: person.id.clone(),
            division: person.divisions.first().cloned(),
            onsite: person.onsite,
            joined: staff.and_then(|staff| staff.joined),
            left: staff.and_then(|staff| staff.left),
        }
    });
    let leaves = facts.leaves().filter(|leave| leave.counts()).map(|leave| away(leave).leave);
    (members.collect(), leaves.collect())
}

fn away(leave: &request::Leave) -> Away {
    Away {
        leave: Leave { person: leave.person.to_string(), from: leave.from, to: leave.to },
        letter: leave.kind.letter().to_owned(),
        asked: !leave.counts(),
    }
}

fn known(staff: &Staff, rules: &StaffRules, last: Date) -> Known {
    let missing = missing_papers(Some(staff), last, rules);
    Known {
        joined: staff.joined,
        left: staff.left,
        skills: staff.skills.clone(),
        missing: missing.into_iter().map(|missing| missing.paper.title().to_owned()).collect(),
    }
}
