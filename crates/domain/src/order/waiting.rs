//! 待我处理: the orders in which somebody is asked for something, and why.
//!
//! Exactly these make an order wait for a person:
//!
//! 1. **assigned**: it was dispatched or transferred to him, and he has not accepted it;
//! 2. **urged**: he is in charge, it was urged or supervised, and nobody in charge has written anything
//!    to it since (the urge goes on to whoever takes it over);
//! 3. **assist**: his cooperation was asked for and he has neither accepted nor ended it;
//! 4. **returned**: he dispatched it (or registered it, where nobody had) and the engineer gave it back.
//!
//! An order that is closed or merged waits for nobody. What the centre refused to a person stands in
//! his conflict box and is added where that box is (the console's store).

use crate::event::UserId;
use crate::order::{AssistState, Order, Status};

/// Why an order waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wait {
    /// Dispatched to him, not accepted.
    Assigned,
    /// Urged or supervised, not answered.
    Urged,
    /// Asked to assist.
    Assist,
    /// His dispatch came back.
    Returned,
}

/// Who is asked for what, each pair once.
#[must_use]
pub fn waiting(order: &Order) -> Vec<(UserId, Wait)> {
    if !order.status.is_open() {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Some(assignee) = &order.assignee {
        if order.status == Status::Dispatched {
            found.push((assignee.clone(), Wait::Assigned));
        }
        if order.urged.is_some() {
            found.push((assignee.clone(), Wait::Urged));
        }
    }
    let asked = order.assists.iter().filter(|assist| assist.state == AssistState::Asked);
    found.extend(asked.filter_map(|assist| Some((assist.to.clone()?, Wait::Assist))));
    if let Some(returned) = &order.returned
        && let Some(to) = &returned.to
    {
        found.push((to.clone(), Wait::Returned));
    }
    found.sort();
    found.dedup();
    found
}
