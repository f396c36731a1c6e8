//! One step on several orders: what all of them allow, and a result for each.

use super::desk::Desk;
use super::pen::Pen;
use super::step::step_of;
use crate::door::dto::{BulkArgs, BulkResult, BulkSteps, DoorError, StepArgs, StepDto, Written};
use std::collections::BTreeSet;

/// Most orders of one bulk step: what one page of the list holds.
pub(crate) const BULK_MAX: usize = 200;

impl Desk<'_> {
    /// The steps that all these orders allow this person, with the choices that all of them have.
    ///
    /// # Errors
    /// Bad input for none or too many orders; not found for one out of scope.
    pub fn bulk_steps(&self, args: &BulkSteps) -> Result<Vec<StepDto>, DoorError> {
        check(&args.orders)?;
        let people = self.store.people()?;
        let mut common: Option<Vec<StepDto>> = None;
        for id in &args.orders {
            let (_, order) = self.order(id)?;
            let steps = self.bulk_steps_of(&order, &people)?;
            common = Some(match common {
                None => steps,
                Some(common) => common.into_iter().filter_map(|step| shared(step, &steps)).collect(),
            });
        }
        let mut steps = common.unwrap_or_default();
        steps.iter_mut().for_each(|step| step.primary = false);
        Ok(steps)
    }
}

/// What a step asks where another order offers it too: choices that only one of them has are no choices.
fn shared(mut step: StepDto, others: &[StepDto]) -> Option<StepDto> {
    let other = others.iter().find(|other| other.step == step.step)?;
    for field in &mut step.fields {
        let theirs = other.fields.iter().find(|theirs| theirs.key == field.key)?;
        field.choices.retain(|choice| theirs.choices.contains(choice));
    }
    Some(step)
}

fn check(orders: &[String]) -> Result<(), DoorError> {
    let problem = match orders.len() {
        0 => "请先选择工单。".to_owned(),
        n if n > BULK_MAX => format!("一次最多处理 {BULK_MAX} 张工单，请分批进行。"),
        _ => return Ok(()),
    };
    Err(DoorError::bad_input(problem).at("orders"))
}

impl Pen<'_> {
    /// Takes one step on each order by itself: one that is refused keeps none of the others back. The same
    /// idempotency key twice has one effect on each.
    ///
    /// # Errors
    /// Bad input for none or too many orders, or a step that is not taken in bulk.
    pub fn bulk(&mut self, args: &BulkArgs) -> Result<(Vec<BulkResult>, Written), DoorError> {
        check(&args.orders)?;
        if !step_of(&args.step)?.in_bulk() {
            return Err(DoorError::bad_input("这一步须逐张办理，不能成批。").at("step"));
        }
        let (mut results, mut changed) = (Vec::new(), BTreeSet::new());
        for id in args.orders.iter().collect::<BTreeSet<_>>() {
            let number = self.desk().order(id).map(|(_, order)| order.number).unwrap_or_default();
            let step = StepArgs {
                order_id: id.clone(),
                step: args.step.clone(),
                text: None,
                claimed_at: args.claimed_at.clone(),
                fields: args.fields.clone(),
                idempotency_key: args.idempotency_key.clone(),
            };
            let (done, message) = match self.step(&step) {
                Ok(written) => {
                    changed.extend(written.changed);
                    (true, written.message)
                }
                Err(error) => (false, error.message),
            };
            results.push(BulkResult { order_id: id.clone(), number, done, message });
        }
        let done = results.iter().filter(|result| result.done).count();
        let message = match results.len() - done {
            0 => format!("{done} 张都已办理"),
            failed => format!("{done} 张已办理，{failed} 张未办理"),
        };
        Ok((results, Written { id: String::new(), message, changed: changed.into_iter().collect() }))
    }
}

#[cfg(test)]
mod tests {
    use zaigang_domain::event::UserId;
    use zaigang_domain::order::table::STEPS;
    use zaigang_domain::order::{FieldKind, Order, Status, StepInput, decide};
    use zaigang_domain::people::{Actor, Role, UserState};

    /// What a step needs beyond its fields, such as files, cannot be handed in for several orders.
    #[test]
    fn a_bulk_step_is_decided_by_what_its_form_asks() {
        let me = UserId::new("u1").unwrap();
        let roles = Role::ALL.to_vec();
        let actor = Actor::of(me.clone(), &UserState { roles, ..UserState::default() }, None, true);
        for row in STEPS.iter().filter(|row| row.step.in_bulk()) {
            let value = |kind: FieldKind| match kind {
                FieldKind::User => "u2",
                FieldKind::Order => "order/o2",
                FieldKind::Number => "1",
                _ => "x",
            };
            let fields: Vec<(&str, &str)> = row
                .fields
                .iter()
                .filter(|field| field.required)
                .map(|field| (field.key, field.choices.first().map_or(value(field.kind), |(code, _)| code)))
                .collect();
            let now = jiff::Timestamp::UNIX_EPOCH;
            let is_taken = |status: &Status, suspended: bool| {
                let order = Order {
                    contract: "c".into(),
                    division: "d".into(),
                    status: *status,
                    suspended,
                    assignee: Some(me.clone()),
                    ..Order::default()
                };
                decide(&order, row.step, &StepInput::of(&fields), &actor, now).is_ok()
            };
            let taken = Status::ALL.iter().any(|status| is_taken(status, false) || is_taken(status, true));
            assert!(taken, "{} is never taken with the fields it asks", row.code);
        }
    }
}
