//! Reaching people: faults of the gravest level that nobody has taken, and who is called for an order.

use super::desk::Desk;
use crate::door::dto::{CalleeDto, DoorError, OrderRow};
use crate::store::{Person, StoreError};
use zaigang_domain::order::payload::Called;
use zaigang_domain::order::{Order, Status, Step, table};
use zaigang_domain::people::Role;

/// Most alarms told at once: more than a duty PC can answer for.
const ALARMS_MAX: usize = 20;

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
        let mut statement = self
            .store
            .reader()
            .prepare_cached(
                "SELECT id FROM orders WHERE entity IN (
                    SELECT entity FROM orders INDEXED BY orders_filter
                    WHERE open = 1 AND status IN ('registered', 'dispatched') AND suspended = 0
                        AND level IS NOT NULL)
                 ORDER BY reported_at",
            )
            .map_err(StoreError::from)?;
        let ids = statement.query_map([], |row| row.get::<_, String>(0)).map_err(StoreError::from)?;
        let mut alarms = Vec::new();
        for id in ids {
            let (id, order) = self.order(&id.map_err(StoreError::from)?)?;
            if alarms.len() < ALARMS_MAX && self.is_alarm(&order) {
                alarms.push(self.row(id.to_string(), &order)?);
            }
        }
        Ok(alarms)
    }

    fn is_alarm(&self, order: &Order) -> bool {
        let top = self.bound(order).and_then(|bound| {
            let object = order.object.as_deref().filter(|no| bound.profile.object(no).is_some());
            bound.profile.levels(object).first().map(|level| (*level).to_owned())
        });
        self.actor.covers(&order.contract, &order.division) && top.is_some() && top == order.level
    }

    /// Who is called for an order that nobody has taken: on-site engineers of its division, then others
    /// on site, then remote ones, then project managers (本项目约定, until a roster says who is on duty).
    pub(super) fn callees(&self, id: &str, order: &Order) -> Result<Vec<CalleeDto>, DoorError> {
        let waits = matches!(order.status, Status::Registered | Status::Dispatched);
        if !waits || table::allows("order.called", order, self.actor, None).is_err() {
            return Ok(Vec::new());
        }
        let calls = self.calls(id)?;
        let board = self.store.whereabouts()?;
        let people = self.store.people()?;
        let mut callees: Vec<(usize, CalleeDto)> = Vec::new();
        for person in &people {
            let Some((rank, tier)) = tier(person, order) else { continue };
            let mine: Vec<&Called> = calls
                .iter()
                .filter(|call| call.to.as_ref().is_some_and(|to| to.as_str() == person.id))
                .collect();
            let told = board.iter().find(|(user, _)| *user == person.id);
            callees.push((
                rank,
                CalleeDto {
                    id: person.id.clone(),
                    name: person.name.clone(),
                    tier: tier.to_owned(),
                    tier_name: label("tier", tier).to_owned(),
                    whereabouts: told.map(|(_, said)| said.told.at.title().to_owned()).unwrap_or_default(),
                    calls: u32::try_from(mine.len()).unwrap_or(u32::MAX),
                    last: mine.last().map(|call| label("result", &call.result).to_owned()),
                },
            ));
        }
        callees.sort_by(|a, b| (a.0, &a.1.name).cmp(&(b.0, &b.1.name)));
        Ok(callees.into_iter().map(|(_, callee)| callee).collect())
    }

    fn calls(&self, id: &str) -> Result<Vec<Called>, StoreError> {
        let steps = self.store.timeline(id)?;
        let calls = steps.iter().filter(|step| step.kind == "order.called");
        Ok(calls.filter_map(|step| serde_json::from_str(&step.payload).ok()).collect())
    }
}

/// The turn in which a person is called, first to last, with its word in the call.
fn tier(person: &Person, order: &Order) -> Option<(usize, &'static str)> {
    let has = |role: Role| person.roles.iter().any(|code| code == role.code());
    if person.disabled {
        return None;
    }
    if super::detail::works_for(person, &order.contract, &order.division) {
        let own = person.divisions.contains(&order.division);
        return Some(match (person.onsite, own) {
            (true, true) => (0, "duty"),
            (true, false) => (1, "standby"),
            (false, _) => (2, "second"),
        });
    }
    let reaches = person.contracts.is_empty() || person.contracts.contains(&order.contract);
    (has(Role::Supervisor) && reaches).then_some((3, "manager"))
}

/// The Chinese word of a choice of the step.
fn label(field: &str, code: &str) -> &'static str {
    let fields = table::row(Step::Call).map(|row| row.fields).unwrap_or_default();
    let choices = fields.iter().find(|one| one.key == field).map(|one| one.choices).unwrap_or_default();
    choices.iter().find(|(value, _)| *value == code).map_or("", |(_, label)| label)
}
