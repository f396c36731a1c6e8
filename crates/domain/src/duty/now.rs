//! Who is on duty at a moment: the published roster, corrected by handovers that were accepted.
//!
//! Promises: a post that is handed over stays with the outgoing one until somebody accepted, at most to
//! the end of the next turn, when the roster is believed again; whoever accepted is on duty, also where
//! the roster names another. Left out: how the roster's final view comes about (takeovers are in it).

use crate::calendar::ZONE;
use crate::event::UserId;
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Turns with a longer pause between them are not handed over: everybody goes home. 本项目约定, a guess.
const HANDED_OVER_WITHIN: SignedDuration = SignedDuration::from_hours(1);
/// So long before a turn begins it can be accepted; as long after its end it is not any more. A guess.
const ACCEPTED_EARLY: SignedDuration = SignedDuration::from_hours(4);
/// So long an acceptance counts where no roster is published. A guess: a long weekend.
const WITHOUT_ROSTER: SignedDuration = SignedDuration::from_hours(72);

/// One person at one post on one day, as the final view of the published roster tells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shift {
    /// Who.
    pub person: UserId,
    /// The day it belongs to: that of its beginning.
    pub date: Date,
    /// Post, by its id.
    pub post: String,
    /// From and to; a span that does not end after it begins ends on the next day.
    pub spans: Vec<(Time, Time)>,
    /// 备勤: reachable beside normal work.
    pub standby: bool,
}

/// An accepted handover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// Posts, by id.
    pub posts: Vec<String>,
    /// Who had them.
    pub from: UserId,
    /// Who took them.
    pub to: UserId,
    /// When.
    pub at: Timestamp,
}

/// Why somebody holds a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// By the roster.
    Rostered,
    /// He accepted it.
    Accepted,
    /// His turn is over, nobody accepted: `due` should have at the end of it.
    HeldOver {
        /// Who is due.
        due: Vec<UserId>,
    },
    /// Nobody, until the next turn.
    Vacant,
}

/// A turn to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// Who.
    pub people: Vec<UserId>,
    /// From when.
    pub from: Timestamp,
}

/// A post at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Post, by its id.
    pub post: String,
    /// 备勤.
    pub standby: bool,
    /// Who is on duty, sorted.
    pub people: Vec<UserId>,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Until when; absent where no roster tells.
    pub until: Option<Timestamp>,
    /// Why.
    pub standing: Standing,
    /// Who comes next.
    pub next: Option<Next>,
}

/// A turn of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Turn {
    from: Timestamp,
    to: Timestamp,
    people: Vec<UserId>,
    standby: bool,
}

/// Every post that has a turn now or to come, or that somebody accepted, sorted by post. `handed` may be
/// in any order.
#[must_use]
pub fn seats(shifts: &[Shift], handed: &[Handed], now: Timestamp) -> Vec<Seat> {
    let turns = turns(shifts);
    let mut posts: BTreeSet<&str> = turns.keys().copied().collect();
    posts.extend(handed.iter().flat_map(|each| &each.posts).map(String::as_str));
    let seat = |post: &str| {
        let mut own: Vec<&Handed> =
            handed.iter().filter(|each| each.at <= now && each.posts.iter().any(|id| id == post)).collect();
        own.sort_by_key(|each| each.at);
        match turns.get(post) {
            Some(turns) => rostered(post, turns, &own, now),
            None => unrostered(post, &own, now),
        }
    };
    posts.into_iter().filter_map(seat).collect()
}

fn turns(shifts: &[Shift]) -> BTreeMap<&str, Vec<Turn>> {
    let mut by_span: BTreeMap<(&str, Timestamp, Timestamp), (BTreeSet<&UserId>, bool)> = BTreeMap::new();
    for shift in shifts {
        for span in &shift.spans {
            let Some((from, to)) = instants(shift.date, *span) else { continue };
            let entry =
                by_span.entry((&shift.post, from, to)).or_insert_with(|| (BTreeSet::new(), shift.standby));
            entry.0.insert(&shift.person);
        }
    }
    let mut turns: BTreeMap<&str, Vec<Turn>> = BTreeMap::new();
    for ((post, from, to), (people, standby)) in by_span {
        let people = people.into_iter().cloned().collect();
        turns.entry(post).or_default().push(Turn { from, to, people, standby });
    }
    turns
}

fn instants(date: Date, (from, to): (Time, Time)) -> Option<(Timestamp, Timestamp)> {
    let last = if to > from { date } else { date.tomorrow().ok()? };
    let at = |date: Date, time: Time| ZONE.to_timestamp(date.to_datetime(time)).ok();
    Some((at(date, from)?, at(last, to)?))
}

fn rostered(post: &str, turns: &[Turn], handed: &[&Handed], now: Timestamp) -> Option<Seat> {
    let current = turns.iter().rposition(|turn| turn.from <= now && now < turn.to);
    let next = |after: Timestamp| {
        let turn = turns.iter().find(|turn| turn.from >= after)?;
        Some(Next { people: turn.people.clone(), from: turn.from })
    };
    let Some(at) = current else {
        let turn = turns.iter().find(|turn| turn.from > now)?;
        let seat = Seat {
            post: post.to_owned(),
            standby: turn.standby,
            people: Vec::new(),
            since: None,
            until: None,
            standing: Standing::Vacant,
            next: next(now),
        };
        return Some(early(seat.clone(), turns, at_of(turns, now), handed).unwrap_or(seat));
    };
    let turn = turns.get(at)?;
    let (people, since, standing) = holder(turns, at, handed)?;
    let seat = Seat {
        post: post.to_owned(),
        standby: turn.standby,
        people,
        since: Some(since),
        until: Some(turn.to),
        standing,
        next: next(turn.to),
    };
    Some(early(seat.clone(), turns, Some(at), handed).unwrap_or(seat))
}

/// The last turn that ended before `now`.
fn at_of(turns: &[Turn], now: Timestamp) -> Option<usize> {
    turns.iter().rposition(|turn| turn.to <= now)
}

/// The seat where the next turn was accepted before it began.
fn early(seat: Seat, turns: &[Turn], at: Option<usize>, handed: &[&Handed]) -> Option<Seat> {
    let next = at.map_or(0, |at| at + 1);
    let turn = turns.get(next)?;
    let taken = accepted_into(turns, next, handed).filter(|taken| taken.at < turn.from)?;
    Some(Seat {
        people: vec![taken.to.clone()],
        since: Some(taken.at),
        until: Some(turn.to),
        standing: Standing::Accepted,
        next: turns.get(next + 1).map(|turn| Next { people: turn.people.clone(), from: turn.from }),
        ..seat
    })
}

/// Who holds a turn, since when and why.
fn holder(turns: &[Turn], at: usize, handed: &[&Handed]) -> Option<(Vec<UserId>, Timestamp, Standing)> {
    let turn = turns.get(at)?;
    if let Some(taken) = accepted_into(turns, at, handed) {
        // Of several on one turn only one signs: the others are on duty by the roster.
        let mut people: BTreeSet<UserId> =
            turn.people.iter().filter(|_| turn.people.contains(&taken.to)).cloned().collect();
        people.insert(taken.to.clone());
        return Some((people.into_iter().collect(), taken.at.max(turn.from), Standing::Accepted));
    }
    let Some(before) = at.checked_sub(1).and_then(|before| turns.get(before)) else {
        return Some((turn.people.clone(), turn.from, Standing::Rostered));
    };
    if !is_handed_over(before, turn) {
        return Some((turn.people.clone(), turn.from, Standing::Rostered));
    }
    let held = match accepted_into(turns, at - 1, handed) {
        Some(taken) => vec![taken.to.clone()],
        None => before.people.clone(),
    };
    Some((held, before.from, Standing::HeldOver { due: turn.people.clone() }))
}

/// Whether one turn is handed to the next: they touch, other people come, and it is a seat (备勤 is not
/// handed over: nobody sits there).
fn is_handed_over(before: &Turn, turn: &Turn) -> bool {
    !turn.standby
        && before.to.duration_until(turn.from) <= HANDED_OVER_WITHIN
        && before.people.iter().all(|person| !turn.people.contains(person))
}

/// The handover by which a turn was accepted: the last one near its beginning and before its end.
fn accepted_into<'h>(turns: &[Turn], at: usize, handed: &[&'h Handed]) -> Option<&'h Handed> {
    let turn = turns.get(at)?;
    let earliest = turn.from.checked_sub(ACCEPTED_EARLY).ok()?;
    // The next turn's acceptance is not this one's, however early it is.
    let latest = match turns.get(at + 1).filter(|next| is_handed_over(turn, next)) {
        Some(next) => next.from.checked_sub(ACCEPTED_EARLY).ok()?.max(turn.from),
        None => turn.to,
    };
    handed.iter().rev().find(|each| earliest <= each.at && each.at < latest).copied()
}

/// Without a roster whoever accepted last is on duty, for a while.
fn unrostered(post: &str, handed: &[&Handed], now: Timestamp) -> Option<Seat> {
    let last = handed.last().filter(|last| last.at.duration_until(now) <= WITHOUT_ROSTER)?;
    Some(Seat {
        post: post.to_owned(),
        standby: false,
        people: vec![last.to.clone()],
        since: Some(last.at),
        until: None,
        standing: Standing::Accepted,
        next: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn user(name: &str) -> UserId {
        UserId::new(name).unwrap()
    }

    fn at(day: i8, hour: i8, minute: i8) -> Timestamp {
        ZONE.to_timestamp(date(2025, 10, day).at(hour, minute, 0, 0)).unwrap()
    }

    fn shift(person: &str, day: i8, post: &str, from: i8, to: i8) -> Shift {
        Shift {
            person: user(person),
            date: date(2025, 10, day),
            post: post.into(),
            spans: vec![(time(from, 0, 0, 0), time(to, 0, 0, 0))],
            standby: post == "standby",
        }
    }

    fn handed(from: &str, to: &str, at: Timestamp) -> Handed {
        Handed { posts: vec!["duty".into()], from: user(from), to: user(to), at }
    }

    /// 24 hours from 08:00, a, b, c in turn from the 14th on.
    fn roster() -> Vec<Shift> {
        vec![shift("a", 14, "duty", 8, 8), shift("b", 15, "duty", 8, 8), shift("c", 16, "duty", 8, 8)]
    }

    fn told(seat: &Seat) -> (String, &'static str) {
        let names: Vec<&str> = seat.people.iter().map(UserId::as_str).collect();
        let why = match seat.standing {
            Standing::Rostered => "rostered",
            Standing::Accepted => "accepted",
            Standing::HeldOver { .. } => "held",
            Standing::Vacant => "vacant",
        };
        (names.join("+"), why)
    }

    #[test]
    fn duty_stays_until_it_is_accepted() {
        let at_eight = at(15, 8, 0);
        // handovers, moment, who and why
        let table: &[(&[Handed], Timestamp, &str, &str)] = &[
            (&[], at(14, 12, 0), "a", "rostered"),
            (&[], at(15, 7, 59), "a", "rostered"),
            (&[], at(15, 9, 0), "a", "held"),
            (&[handed("a", "b", at_eight)], at(15, 8, 0), "b", "accepted"),
            (&[handed("a", "b", at(15, 7, 50))], at(15, 7, 55), "b", "accepted"),
            (&[handed("a", "b", at(15, 9, 30))], at(15, 9, 0), "a", "held"),
            (&[handed("a", "b", at(15, 9, 30))], at(15, 10, 0), "b", "accepted"),
            // Another came than the roster says.
            (&[handed("a", "x", at_eight)], at(15, 20, 0), "x", "accepted"),
            // The one who came holds it until the next accepts.
            (&[handed("a", "x", at_eight)], at(16, 9, 0), "x", "held"),
            // Nobody ever accepted: after one turn the roster is believed again.
            (&[], at(16, 9, 0), "b", "held"),
            (&[handed("b", "c", at(16, 8, 5))], at(16, 9, 0), "c", "accepted"),
            // Handed on within one turn.
            (&[handed("a", "b", at_eight), handed("b", "d", at(15, 18, 0))], at(15, 19, 0), "d", "accepted"),
        ];
        for (i, (handed, now, who, why)) in table.iter().enumerate() {
            let seats = seats(&roster(), handed, *now);
            assert_eq!(told(&seats[0]), ((*who).to_owned(), *why), "row {i}");
        }
        let seats = seats(&roster(), &[], at(15, 9, 0));
        assert_eq!(seats[0].standing, Standing::HeldOver { due: vec![user("b")] });
        assert_eq!(seats[0].until, Some(at(16, 8, 0)));
        assert_eq!(seats[0].next, Some(Next { people: vec![user("c")], from: at(16, 8, 0) }));
    }

    #[test]
    fn office_posts_and_standby_are_not_handed_over() {
        let mut shifts = vec![shift("a", 14, "onsite", 9, 18), shift("b", 15, "onsite", 9, 18)];
        shifts.extend([shift("c", 14, "standby", 8, 8), shift("d", 15, "standby", 8, 8)]);
        let now = seats(&shifts, &[], at(15, 10, 0));
        assert_eq!(told(&now[0]), ("b".to_owned(), "rostered"), "the night lies between");
        assert_eq!(told(&now[1]), ("d".to_owned(), "rostered"));
        assert!(now[1].standby);
        let night = seats(&shifts, &[], at(14, 20, 0));
        assert_eq!(told(&night[0]), (String::new(), "vacant"));
        assert_eq!(night[0].next.as_ref().unwrap().from, at(15, 9, 0));
        assert!(seats(&shifts, &[], at(17, 0, 0)).is_empty(), "nothing to come is nothing to show");
    }

    #[test]
    fn day_and_night_hand_over_twice_a_day_and_two_share_a_turn() {
        let shifts = vec![
            shift("a", 15, "duty", 8, 20),
            shift("b", 15, "duty", 20, 8),
            shift("e", 15, "duty", 20, 8),
            shift("a", 16, "duty", 8, 20),
        ];
        let taken = [handed("a", "b", at(15, 20, 0))];
        let night = seats(&shifts, &taken, at(16, 3, 0));
        assert_eq!(told(&night[0]), ("b+e".to_owned(), "accepted"), "one signs for both");
        assert_eq!(night[0].until, Some(at(16, 8, 0)));
        assert_eq!(told(&seats(&shifts, &taken, at(16, 8, 30))[0]), ("b".to_owned(), "held"));
    }

    #[test]
    fn without_a_roster_the_last_acceptance_counts_for_a_while() {
        let taken = [handed("a", "b", at(15, 8, 0)), handed("b", "c", at(15, 20, 0))];
        assert_eq!(told(&seats(&[], &taken, at(16, 1, 0))[0]), ("c".to_owned(), "accepted"));
        assert_eq!(told(&seats(&[], &taken, at(15, 9, 0))[0]), ("b".to_owned(), "accepted"));
        assert!(seats(&[], &taken, at(19, 0, 0)).is_empty());
    }
}
