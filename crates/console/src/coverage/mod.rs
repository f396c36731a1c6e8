//! 节假日保障: plans for a span, what is done under them, and the ledger of what the contract asks for.
//!
//! Promises: what is due and overdue follows from the plan, its dates and "now"; the ledger counts published
//! duty and proven presence, nothing else. Left out: who may approve what (the domain's table) and the roster.

mod form;
mod ledger;
mod print;
mod read;
mod roster;
mod tasks;
mod write;

pub(crate) use roster::Published;

use crate::door::dto::DoorError;
use crate::order::Desk;
use crate::store::StoreError;
use zaigang_domain::duty::coverage::{PlanState, legal};
use zaigang_domain::event::{EntityId, LogKind, LogName};
use zaigang_domain::people::Role;

/// A plan with the log it stands in.
struct Found {
    id: EntityId,
    contract: String,
    log: LogName,
    state: PlanState,
}

impl Desk<'_> {
    /// A plan by its id.
    fn found_plan(&self, id: &str) -> Result<Found, DoorError> {
        let missing = || DoorError::not_found("本机没有这份保障方案，可能刚编制、尚未同步到本机。");
        let id = EntityId::new(id).map_err(|_| missing())?;
        let log =
            self.store.log_of(id.as_str())?.and_then(|log| LogName::new(log).ok()).ok_or_else(missing)?;
        let LogKind::Common { contract } = log.kind() else { return Err(missing()) };
        let contract = contract.to_owned();
        let state =
            self.store.entity_in(log.as_str(), id.as_str())?.filter(|_| self.actor.reaches(&contract));
        let state = state.as_ref().and_then(|state| state.coverage()).cloned().ok_or_else(missing)?;
        Ok(Found { id, contract, log, state })
    }

    /// The plans of a common log.
    fn plans(&self, log: &LogName) -> Result<Vec<(EntityId, PlanState)>, StoreError> {
        let states = self.store.states(log, "coverage")?;
        Ok(states.into_iter().filter_map(|(id, state)| Some((id, state.coverage()?.clone()))).collect())
    }

    /// `保障方案“2025年国庆保障方案”`, if it is here.
    pub(crate) fn coverage_title(&self, entity: &str) -> Result<Option<String>, StoreError> {
        let state = self.store.entity(entity)?;
        let name = state.as_ref().and_then(|state| Some(state.coverage()?.plan.name.as_str()));
        Ok(Some(name.map_or_else(|| "保障方案".to_owned(), |name| format!("保障方案“{name}”"))))
    }

    /// Whether the person may take this step of a contract's plan now.
    fn may_act(&self, kind: &str, contract: &str, state: &PlanState) -> Result<bool, StoreError> {
        if !state.unknown.is_empty() {
            return Ok(false);
        }
        let may = |alone| legal(kind, state, self.actor, alone).is_ok();
        // People are read only where it depends on them.
        Ok(may(false) || (may(true) && self.approves_alone(contract)?))
    }

    /// Whether nobody else supervises the whole contract.
    fn approves_alone(&self, contract: &str) -> Result<bool, StoreError> {
        let me = self.actor.user().map(ToString::to_string).unwrap_or_default();
        let people = self.store.people()?;
        let mut others = people.iter().filter(|person| {
            person.id != me
                && !person.disabled
                && person.has(Role::Supervisor)
                && person.reaches(contract)
                && person.divisions.is_empty()
        });
        Ok(others.next().is_none())
    }
}
