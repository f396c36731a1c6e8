//! Reaching people: faults of the gravest level that nobody has taken, and who is called for an order.

use super::desk::Desk;
use super::timeline::chosen;
use crate::door::dto::{CalleeDto, DoorError, OrderRow};
use crate::leave::away_on;
use crate::store::{Person, Step as Told, StoreError};
use zaigang_domain::calendar::civil_date;
use zaigang_domain::order::payload::Called;
use zaigang_domain::order::{Order, Status, table};
use zaigang_domain::people::Role;

/// Most alarms told at once: more than a duty PC can answer for.
const ALARMS_MAX: usize = 20;
/// The event of a call.
const CALLED: &str = "order.called";

impl Desk<'_> {
    /// Open faults of the first level of their contract that nobody has taken, in this person's scope,
    /// the oldest first. For whoever answers for them; nobody else hears an alarm.
    ///
    /// # Errors
    /// Internal when the store fails.
    pub fn alarms(&self) -> Result<Vec<OrderRow>, DoorError> {
        let answers = [Role::Engineer, Role::Dispatcher, Role::Supervisor];
        if !answers.iter().any(|role| self.actor.has(*role)) {
            return Ok(Vec::new());
        }
        Ok(self.waiting_alarms()?)
    }

    fn waiting_alarms(&self) -> Result<Vec<OrderRow>, StoreError> {
        // Asked at every change of orders: their rows tell which ones they are, and only these are read.
        let mut statement = self.store.reader().prepare_cached(
            "SELECT entity, contract, division, contract_hash, object, level FROM orders WHERE entity IN (
                SELECT entity FROM orders INDEXED BY orders_filter
                WHERE open = 1 AND status IN ('registered', 'dispatched') AND suspended = 0
                    AND level IS NOT NULL)
             ORDER BY reported_at",
        )?;
        let mut rows = statement.query([])?;
        let mut alarms = Vec::new();
        while let Some(row) = rows.next()?.filter(|_| alarms.len() < ALARMS_MAX) {
            let (contract, division): (String, String) = (row.get(1)?, row.get(2)?);
            let (version, object): (String, Option<String>) = (row.get(3)?, row.get(4)?);
            let level: String = row.get(5)?;
            if !self.actor.covers(&contract, &division) || !self.is_gravest(&level, &version, object) {
                continue;
            }
            // Work planned ahead is nobody's alarm before its time.
            let found = self.order_at(row.get(0)?)?.filter(|(_, order)| self.ahead(order).is_none());
            if let Some((id, order)) = found {
                alarms.push(self.row(id, &order)?);
            }
        }
        Ok(alarms)
    }

    /// Whether a level is the first of those the contract version has for the object.
    fn is_gravest(&self, level: &str, version: &str, object: Option<String>) -> bool {
        let Some(profile) = self.profile(version) else { return false };
        let object = object.filter(|no| profile.object(no).is_some());
        profile.levels(object.as_deref()).first() == Some(&level)
    }

    /// Who is called for an order that nobody has taken: on-site engineers of its division, then others
    /// on site, then remote ones, then project managers (本项目约定, until a roster says who is on duty).
    pub(super) fn callees(
        &self,
        order: &Order,
        people: &[Person],
        told: &[Told],
    ) -> Result<Vec<CalleeDto>, DoorError> {
        let waits = matches!(order.status, Status::Registered | Status::Dispatched);
        if !waits || table::allows(CALLED, order, self.actor, None).is_err() {
            return Ok(Vec::new());
        }
        let calls = calls(told);
        let board = self.store.whereabouts()?;
        // A console without the contract's common log calls without phones.
        let log = self.common_log(Some(order.contract.as_str())).ok();
        let facts = log.map(|(_, log)| self.staff_facts(&log)).transpose()?.unwrap_or_default();
        let today = civil_date(self.now);
        let mut callees: Vec<(usize, CalleeDto)> = Vec::new();
        for person in people {
            let Some((rank, tier)) = tier(person, order) else { continue };
            let mine: Vec<&Called> = calls
                .iter()
                .filter(|call| call.to.as_ref().is_some_and(|to| to.as_str() == person.id))
                .collect();
            let said = board.get(&person.id);
            let phones = self.phones(&order.contract, &facts, &person.id)?.unwrap_or_default();
            let leave = away_on(&facts, &person.id, today);
            callees.push((
                rank,
                CalleeDto {
                    id: person.id.clone(),
                    name: person.name.clone(),
                    tier: tier.to_owned(),
                    tier_name: chosen(CALLED, "tier", tier).to_owned(),
                    whereabouts: said.map(|said| said.told.at.title().to_owned()).unwrap_or_default(),
                    phone: Some(phones.mobile).filter(|phone| !phone.is_empty()),
                    extension: Some(phones.extension).filter(|phone| !phone.is_empty()),
                    leave: leave.map(|kind| kind.title().to_owned()),
                    calls: u32::try_from(mine.len()).unwrap_or(u32::MAX),
                    last: mine.last().map(|call| chosen(CALLED, "result", &call.result).to_owned()),
                },
            ));
        }
        callees.sort_by(|a, b| (a.0, &a.1.name).cmp(&(b.0, &b.1.name)));
        Ok(callees.into_iter().map(|(_, callee)| callee).collect())
    }
}

fn calls(told: &[Told]) -> Vec<Called> {
    let calls = told.iter().filter(|step| step.kind == CALLED);
    calls.filter_map(|step| serde_json::from_str(&step.payload).ok()).collect()
}

/// The turn in which a person is called, first to last, with its word in the call.
fn tier(person: &Person, order: &Order) -> Option<(usize, &'static str)> {
    if super::detail::works_for(person, &order.contract, &order.division) {
        let own = person.divisions.contains(&order.division);
        return Some(match (person.onsite, own) {
            (true, true) => (0, "duty"),
            (true, false) => (1, "standby"),
            (false, _) => (2, "second"),
        });
    }
    person.manages(&order.contract).then_some((3, "manager"))
}
