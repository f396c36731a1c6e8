//! The acts of all orders in time's order, drawn as they are needed: a large plan never stands in
//! memory as a whole.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use anyhow::Result;
use jiff::Timestamp;

use super::duty::Duty;
use super::plan::{Plan, PlannedOrder};
use super::write::Fleet;

/// Where an act stands: its time, its order, its place in the order.
type Turn = (Timestamp, u64, usize);

/// A plan being carried out.
#[derive(Debug)]
pub struct Feed<'a> {
    plan: std::iter::Peekable<Plan<'a>>,
    turns: BinaryHeap<Reverse<Turn>>,
    orders: HashMap<u64, PlannedOrder>,
    serial: u64,
    duty: Option<Duty<'a>>,
}

impl<'a> Feed<'a> {
    /// A feed of a plan and of orders given one by one.
    #[must_use]
    pub fn new(plan: Plan<'a>, cases: Vec<PlannedOrder>) -> Self {
        let mut feed = Self {
            plan: plan.peekable(),
            turns: BinaryHeap::new(),
            orders: HashMap::new(),
            serial: 0,
            duty: None,
        };
        for order in cases {
            feed.add(order);
        }
        feed
    }

    /// The same with what is done about duty meanwhile.
    #[must_use]
    pub fn with(mut self, duty: Duty<'a>) -> Self {
        self.duty = Some(duty);
        self
    }

    /// How many orders were begun.
    #[must_use]
    pub fn orders(&self) -> u64 {
        self.serial
    }

    /// Whether nothing is left.
    pub fn is_done(&mut self) -> bool {
        self.turns.is_empty() && self.plan.peek().is_none()
    }

    /// Carries out everything before `until`.
    ///
    /// # Errors
    /// An act that the rules do not allow.
    pub fn run(&mut self, fleet: &mut Fleet<'_>, until: Timestamp) -> Result<()> {
        while let Some(next) =
            self.plan.next_if(|order| order.as_ref().map_or(true, |order| order.form.reported_at < until))
        {
            self.add(next?);
        }
        while let Some(Reverse((at, serial, index))) =
            self.turns.peek().copied().filter(|Reverse(turn)| turn.0 < until)
        {
            self.turns.pop();
            self.be_on_duty(fleet, at)?;
            let Some(order) = self.orders.get(&serial) else { continue };
            if let Some(act) = order.acts.get(index) {
                debug_assert_eq!(act.at, at, "an act has one turn");
                fleet.act(order, act)?;
            }
            match order.acts.get(index + 1) {
                Some(next) => self.turns.push(Reverse((next.at, serial, index + 1))),
                None => {
                    fleet.forget(&order.id);
                    self.orders.remove(&serial);
                }
            }
        }
        self.be_on_duty(fleet, until)
    }

    fn be_on_duty(&mut self, fleet: &mut Fleet<'_>, until: Timestamp) -> Result<()> {
        self.duty.as_mut().map_or(Ok(()), |duty| duty.run(fleet, until))
    }

    fn add(&mut self, order: PlannedOrder) {
        self.serial += 1;
        if let Some(first) = order.acts.first() {
            self.turns.push(Reverse((first.at, self.serial, 0)));
            self.orders.insert(self.serial, order);
        }
    }
}
