//! Repair after somebody falls out: who can take over with the fewest changes, and why not the others.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::check::{Check, Rule};
use super::cost::Cost;
use super::input::{Assignment, Leave};
use super::month::{Month, Place};
use crate::mistake::{Mistake, Mistakes};

/// How far from the open turn somebody may give up another to take it, in days.
const EXCHANGE_REACH: usize = 7;

/// What a roster becomes after new leave.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Repair {
    /// One for each shift that the leave takes away, by (date, post, person).
    pub offers: Vec<Offer>,
    /// The roster with the first replacement of each offer; a shift without one stays open.
    pub assignments: Vec<Assignment>,
    /// What it costs.
    pub cost: Cost,
}

/// Who could take over one shift. Each offer stands on the first choices of those before it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Offer {
    /// Id of the post.
    pub post: String,
    /// The date.
    pub date: Date,
    /// Id of the person who falls out.
    pub absent: String,
    /// Replacements: fewest changes first, then the lowest cost, then by id.
    pub replacements: Vec<Replacement>,
    /// Why not the others.
    pub others: Vec<Refusal>,
}

/// One way to fill a shift.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Replacement {
    /// Id of the person who takes the shift.
    pub person: String,
    /// Everything that changes, the shift itself first.
    pub changes: Vec<Change>,
    /// What the roster then costs.
    pub cost: Cost,
    /// By how much that is more than with the shift left open; negative when less.
    pub cost_change: f64,
}

/// A shift that goes to somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Id of the post.
    pub post: String,
    /// The date.
    pub date: Date,
    /// Id of who gives it up.
    pub from: String,
    /// Id of who takes it.
    pub to: String,
}

/// Why somebody cannot take over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Id of the person.
    pub person: String,
    /// The rules that it would break, sorted.
    pub rules: Vec<Rule>,
}

/// Looks for replacements for every shift that new leave takes from somebody.
///
/// # Errors
/// Unknown people in the leave, unknown ids or dates in the roster; `file` is only named in mistakes.
pub fn repair(
    month: &Month,
    assignments: &[Assignment],
    leave: &[Leave],
    file: &str,
) -> Result<Repair, Mistakes> {
    let month = month.with_leave(leave, file)?;
    let mut places = month.places(assignments, file, "assignments")?;
    places.sort_by(|a, b| {
        (a.day, month.post_id(a.post), a.person).cmp(&(b.day, month.post_id(b.post), b.person))
    });
    let newly_away = |place: &Place| {
        let (id, date) = (month.person_id(place.person), month.date(place.day));
        leave.iter().any(|leave| leave.person == id && (leave.from..=leave.to).contains(&date))
    };
    let (lost, kept): (Vec<Place>, Vec<Place>) = places.into_iter().partition(newly_away);
    let mut check = Check::of_places(&month, &kept);
    let pins: BTreeSet<Place> = month.plan.pins.iter().filter_map(|pin| month.place(pin).ok()).collect();
    let offers = lost.into_iter().map(|place| Offers { check: &mut check, pins: &pins, open: place }.offer());
    let offers = offers.collect();
    Ok(Repair { offers, assignments: check.assignments(), cost: check.cost() })
}

struct Offers<'c, 'm> {
    check: &'c mut Check<'m>,
    pins: &'c BTreeSet<Place>,
    open: Place,
}

/// What is moved for one replacement: the place taken, then one that its taker gives to another.
type Moves = Vec<(Place, usize)>;

impl Offers<'_, '_> {
    fn offer(mut self) -> Offer {
        let month = self.check.month();
        let before = self.check.cost();
        let mut found: Vec<(Moves, Cost)> = Vec::new();
        let mut others = Vec::new();
        for person in 0..month.people_count() {
            let place = Place { person, ..self.open };
            if person == self.open.person || self.check.holds(place) {
                continue;
            }
            let rules = self.check.rules_against(place);
            let way =
                if rules.is_empty() { Some(self.directly(place)) } else { self.by_exchange(place, &rules) };
            match way {
                Some(way) => found.push(way),
                None => others.push(Refusal { person: month.person_id(person).to_owned(), rules }),
            }
        }
        found.sort_by_key(|(moves, cost)| {
            (moves.len(), cost.units(), moves.first().map(|(place, _)| month.person_id(place.person)))
        });
        if let Some((moves, _)) = found.first() {
            self.apply(moves);
        }
        let (open, replacements) = (self.open, found.into_iter().map(|way| self.replacement(way, before)));
        Offer {
            post: month.post_id(open.post).to_owned(),
            date: month.date(open.day),
            absent: month.person_id(open.person).to_owned(),
            replacements: replacements.collect(),
            others,
        }
    }

    fn directly(&mut self, place: Place) -> (Moves, Cost) {
        self.check.put(place);
        let cost = self.check.cost();
        self.check.take(place);
        (vec![(place, self.open.person)], cost)
    }

    /// Somebody takes the turn and gives one of his own, nearby and not pinned, to a third person.
    fn by_exchange(&mut self, place: Place, rules: &[Rule]) -> Option<(Moves, Cost)> {
        if rules.iter().any(|rule| matches!(rule, Rule::OnLeave | Rule::NotMember | Rule::Skill)) {
            return None;
        }
        let near: Vec<Place> = self
            .check
            .held(place.person)
            .iter()
            .map(|(day, post)| Place { person: place.person, post: *post, day: *day })
            .filter(|own| own.day.abs_diff(place.day) <= EXCHANGE_REACH && !self.pins.contains(own))
            .collect();
        let mut best: Option<(Moves, Cost)> = None;
        for own in near {
            self.check.take(own);
            if self.check.rules_against(place).is_empty() {
                self.check.put(place);
                for third in self.takers(own) {
                    self.check.put(third);
                    let cost = self.check.cost();
                    if best.as_ref().is_none_or(|(_, least)| cost.units() < least.units()) {
                        best = Some((vec![(place, self.open.person), (third, place.person)], cost));
                    }
                    self.check.take(third);
                }
                self.check.take(place);
            }
            self.check.put(own);
        }
        best
    }

    fn takers(&self, given_up: Place) -> Vec<Place> {
        let people = 0..self.check.month().people_count();
        let places = people.map(|person| Place { person, ..given_up });
        places
            .filter(|place| place.person != given_up.person && !self.check.holds(*place))
            .filter(|place| self.check.rules_against(*place).is_empty())
            .collect()
    }

    fn apply(&mut self, moves: &[(Place, usize)]) {
        for (place, from) in moves {
            let given_up = Place { person: *from, ..*place };
            if self.check.holds(given_up) {
                self.check.take(given_up);
            }
        }
        for (place, _) in moves {
            self.check.put(*place);
        }
    }

    fn replacement(&self, (moves, cost): (Moves, Cost), before: Cost) -> Replacement {
        let month = self.check.month();
        let changes = moves.iter().map(|(place, from)| Change {
            post: month.post_id(place.post).to_owned(),
            date: month.date(place.day),
            from: month.person_id(*from).to_owned(),
            to: month.person_id(place.person).to_owned(),
        });
        let person = moves.first().map_or("", |(place, _)| month.person_id(place.person)).to_owned();
        Replacement { person, changes: changes.collect(), cost, cost_change: cost.above(before) }
    }
}

impl Month {
    /// The same month with more people away.
    fn with_leave(&self, leave: &[Leave], file: &str) -> Result<Self, Mistakes> {
        let mut month = self.clone();
        let mut found = Vec::new();
        for (index, leave) in leave.iter().enumerate() {
            match month.person_index(&leave.person) {
                Some(person) => month.add_leave(person, leave),
                None => {
                    let key = format!("leave[{index}].person");
                    found.push(Mistake::at(file, key, &leave.person, "people 中没有这个人"));
                }
            }
        }
        if found.is_empty() { Ok(month) } else { Err(Mistakes(found)) }
    }
}
