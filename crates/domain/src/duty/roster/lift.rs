//! Which rules stand between people and an open turn: the smallest sets that would have to be lifted.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use super::check::{Check, Rule};
use super::draft::blocked;
use super::input::Assignment;
use super::month::Month;
use crate::mistake::{Mistake, Mistakes};

/// A set of rules whose lifting would let people take a turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lift {
    /// The rules; all of them would have to be lifted for one of these people.
    pub rules: Vec<Rule>,
    /// Ids of the people whom these rules, and no others, keep from the turn.
    pub people: Vec<String>,
}

/// The smallest sets of rules between people and a turn, given who holds what: no set contains another,
/// those with fewer rules first, then those that free more people.
///
/// # Errors
/// Unknown ids and dates outside the month; `file` is only named in mistakes.
pub fn ways_to_fill(
    month: &Month,
    assignments: &[Assignment],
    post: &str,
    date: Date,
    file: &str,
) -> Result<Vec<Lift>, Mistakes> {
    let check = Check::new(month, assignments, file)?;
    let index = (0..month.posts_count()).find(|index| month.post_id(*index) == post);
    let refuse =
        |key: &str, value: String, reason: &str| Mistakes(vec![Mistake::at(file, key, value, reason)]);
    let index = index.ok_or_else(|| refuse("post", post.to_owned(), "posts 中没有这个岗位"))?;
    let day = month.day_index(date).ok_or_else(|| refuse("date", date.to_string(), "不在本月"))?;
    Ok(smallest(&check, index, day))
}

fn smallest(check: &Check<'_>, post: usize, day: usize) -> Vec<Lift> {
    let mut of_person: BTreeMap<String, BTreeSet<Rule>> = BTreeMap::new();
    for blocked in blocked(check, post, day) {
        of_person.entry(blocked.person).or_default().insert(blocked.rule);
    }
    let mut people: BTreeMap<BTreeSet<Rule>, Vec<String>> = BTreeMap::new();
    for (person, rules) in of_person {
        people.entry(rules).or_default().push(person);
    }
    let sets: Vec<BTreeSet<Rule>> = people.keys().cloned().collect();
    people.retain(|rules, _| !sets.iter().any(|other| other != rules && other.is_subset(rules)));
    let mut lifts: Vec<Lift> = people
        .into_iter()
        .map(|(rules, people)| Lift { rules: rules.into_iter().collect(), people })
        .collect();
    lifts.sort_by_key(|lift| (lift.rules.len(), usize::MAX - lift.people.len()));
    lifts
}
