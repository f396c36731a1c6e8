//! How an order stands, for other programs: status and times, no text and no person.

use jiff::Timestamp;
use serde::Serialize;
use zaigang_domain::calendar::format_instant;
use zaigang_domain::event::{EntityId, EventId};
use zaigang_domain::order::{MarkKind, Order, OrderKind};
use zaigang_domain::people::Deed;

use super::{ApiError, Found};
use crate::core::Centre;
use crate::core::work::Work;
use crate::error::Result;
use crate::store::{self, OrderName};

/// Most orders looked at for one name: external numbers are the other program's, and may repeat.
const SAME_NUMBER_MAX: u32 = 32;

/// What orders are asked for by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// The order's id.
    Id(EventId),
    /// The number printed on forms.
    Number(String),
    /// The number at the platform it came from.
    External(String),
}

/// How an order stands. Instants are RFC 3339 in +08:00, absent until they happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Its id.
    pub id: String,
    /// Number printed on forms.
    pub number: String,
    /// Number at the platform it came from.
    pub external_no: Option<String>,
    /// Kind.
    pub kind: OrderKind,
    /// Status, such as `dispatched`.
    pub status: &'static str,
    /// Status in Chinese.
    pub status_text: &'static str,
    /// Suspended over that status.
    pub suspended: bool,
    /// Division.
    pub division: String,
    /// Maintenance object.
    pub object: Option<String>,
    /// Level.
    pub level: Option<String>,
    /// Alarms merged into it; absent where it did not come as an alarm.
    pub alarms: Option<u32>,
    /// Id of the order it was merged into.
    pub merged_into: Option<String>,
    /// When it was reported.
    pub reported_at: String,
    /// When it was first dispatched.
    pub dispatched_at: Option<String>,
    /// When it was first accepted.
    pub accepted_at: Option<String>,
    /// When someone first arrived.
    pub arrived_at: Option<String>,
    /// When it was restored, unless it was reopened since.
    pub restored_at: Option<String>,
    /// When it was closed, unless it was reopened since.
    pub closed_at: Option<String>,
    /// When anything last happened to it.
    pub last_change_at: String,
}

impl Standing {
    fn of(entity: &EntityId, order: &Order) -> Self {
        let text = |at: Option<Timestamp>| at.map(format_instant);
        let first = |kind| text(order.marks.iter().find(|mark| mark.kind == kind).map(|mark| mark.at));
        let since_reopening = || order.marks.iter().rev().take_while(|mark| mark.kind != MarkKind::Reopened);
        let last = |kind| text(since_reopening().find(|mark| mark.kind == kind).map(|mark| mark.at));
        let into = order.merged_into.as_deref().and_then(|into| into.strip_prefix("order/"));
        Self {
            id: entity.local().to_owned(),
            number: order.number.clone(),
            external_no: order.external_no.clone(),
            kind: order.kind,
            status: order.status.code(),
            status_text: order.status.title(),
            suspended: order.suspended,
            division: order.division.clone(),
            object: order.object.clone(),
            level: order.level.clone(),
            alarms: order.alarms.map(|alarms| alarms.count),
            merged_into: into.map(str::to_owned),
            reported_at: format_instant(order.reported_at),
            dispatched_at: first(MarkKind::Dispatched),
            accepted_at: first(MarkKind::Accepted),
            arrived_at: first(MarkKind::Arrived),
            restored_at: last(MarkKind::Restored),
            closed_at: last(MarkKind::Closed),
            last_change_at: format_instant(order.last_at),
        }
    }
}

impl Centre {
    /// The orders of a source's scope that go by this name; none is no error.
    ///
    /// # Errors
    /// [`ApiError`].
    pub fn order_standing(&mut self, source: &str, by: &By) -> std::result::Result<Vec<Standing>, ApiError> {
        self.glance(|work| {
            let caller = work.caller(source, Deed::Read)?;
            let found: Vec<Found> = match by {
                By::Id(id) => work.order_of(&caller, &EntityId::order(*id))?.into_iter().collect(),
                By::Number(number) => work.orders_named(OrderName::Number(number))?,
                By::External(number) => work.orders_named(OrderName::External(number))?,
            };
            let covered = found.iter().filter(|found| super::is_covered(&caller.actor, &found.log));
            Ok(covered.map(|found| Standing::of(&found.entity, &found.order)).collect())
        })
    }
}

impl Work<'_> {
    /// The orders that go by a name, whoever may see them.
    pub(super) fn orders_named(&mut self, name: OrderName<'_>) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        for (log, name) in store::orders_named(self.conn, name, SAME_NUMBER_MAX)? {
            found.extend(self.held_order(log, &name)?);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zaigang_domain::order::Mark;

    #[test]
    fn a_restoration_holds_until_it_is_opened_again_and_firsts_stay() {
        let at = |minute| Timestamp::from_second(1_759_276_800 + minute * 60).unwrap();
        let standing = |kinds: &[MarkKind]| {
            let marks = (0_i64..).zip(kinds).map(|(minute, kind)| Mark::new(at(minute), *kind)).collect();
            Standing::of(&EntityId::order(EventId([7; 16])), &Order { marks, ..Order::default() })
        };
        use MarkKind::{Closed, Dispatched, Reopened, Reported, Restored};
        let text = |minute| Some(format_instant(at(minute)));
        let ended = standing(&[Reported, Dispatched, Restored, Closed]);
        assert_eq!((&ended.restored_at, &ended.closed_at), (&text(2), &text(3)));
        let reopened = standing(&[Reported, Dispatched, Restored, Closed, Reopened, Dispatched]);
        assert_eq!((&reopened.restored_at, &reopened.closed_at), (&None, &None));
        assert_eq!(reopened.dispatched_at, text(1));
        let again = standing(&[Reported, Dispatched, Restored, Reopened, Dispatched, Restored]);
        assert_eq!((&again.restored_at, &again.accepted_at), (&text(5), &None));
    }
}
