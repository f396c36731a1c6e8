//! What a new version of a contract would change for the orders that are still open.
//!
//! Shown before a version is published or an order is bound to it. Closed orders are never asked about:
//! they keep the version they were bound to, and with it every result.

use serde::Serialize;

use super::case::Case;
use super::input::Engine;
use super::kind::{Limit, State, Target};
use super::report::TargetClock;

/// An order and its case.
#[derive(Debug, Clone, Copy)]
pub struct OrderCase<'a> {
    /// Number of the order.
    pub order: &'a str,
    /// What is known about it.
    pub case: &'a Case,
}

/// What changes for one open order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderChange {
    /// Number of the order.
    pub order: String,
    /// Level before.
    pub level_before: Option<String>,
    /// Level after.
    pub level_after: Option<String>,
    /// Targets that come, go or differ.
    pub targets: Vec<TargetChange>,
    /// Why the order cannot be counted under the new version (its object, level or rule is gone);
    /// then nothing else is said.
    pub unreadable: Option<String>,
}

/// One target before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetChange {
    /// The target.
    pub target: Target,
    /// Before; absent: not owed.
    pub before: Option<Terms>,
    /// After; absent: not owed any more.
    pub after: Option<Terms>,
}

/// What is owed for a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Terms {
    /// Id of the rule.
    pub rule: String,
    /// Its limit.
    pub limit: Option<Limit>,
    /// RFC 3339 in +08:00.
    pub deadline: Option<String>,
    /// How it stands.
    pub state: State,
}

/// The open orders that a new version would change, in the order given; closed ones are left alone.
#[must_use]
pub fn impact(before: &Engine<'_>, after: &Engine<'_>, orders: &[OrderCase<'_>]) -> Vec<OrderChange> {
    let open = orders.iter().filter(|order| !order.case.is_closed());
    open.filter_map(|order| change(before, after, *order)).collect()
}

fn change(before: &Engine<'_>, after: &Engine<'_>, order: OrderCase<'_>) -> Option<OrderChange> {
    let now = order.case.now.0;
    let old = before.input(order.case, order.order).ok()?.report(now);
    let new = match after.input(order.case, order.order) {
        Ok(input) => input.report(now),
        Err(mistakes) => {
            return Some(OrderChange {
                order: order.order.to_owned(),
                level_before: old.level,
                level_after: None,
                targets: Vec::new(),
                unreadable: Some(mistakes.to_string()),
            });
        }
    };
    let targets: Vec<TargetChange> =
        Target::ALL.iter().flat_map(|target| changes(*target, &old.targets, &new.targets)).collect();
    (!targets.is_empty() || old.level != new.level).then(|| OrderChange {
        order: order.order.to_owned(),
        level_before: old.level,
        level_after: new.level,
        targets,
        unreadable: None,
    })
}

/// Clocks of one target side by side; only a lowered restoration stands more than once.
fn changes(target: Target, before: &[TargetClock], after: &[TargetClock]) -> Vec<TargetChange> {
    let terms = |clocks: &[TargetClock]| -> Vec<Terms> {
        clocks.iter().filter(|clock| clock.target == target).map(terms).collect()
    };
    let (before, after) = (terms(before), terms(after));
    let pairs = (0..before.len().max(after.len())).map(|index| (before.get(index), after.get(index)));
    pairs
        .filter(|(before, after)| before != after)
        .map(|(before, after)| TargetChange { target, before: before.cloned(), after: after.cloned() })
        .collect()
}

fn terms(clock: &TargetClock) -> Terms {
    Terms {
        rule: clock.rule.clone(),
        limit: clock.limit,
        deadline: clock.deadline.clone(),
        state: clock.state,
    }
}
