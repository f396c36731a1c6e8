//! What every read and write of orders needs: the store, who asks, and "now".

use super::contract::{Bound, Contracts};
use crate::door::dto::DoorError;
use crate::store::{Store, StoreError};
use jiff::Timestamp;
use zaigang_domain::contract::Profile;
use zaigang_domain::event::{EntityId, LogKind, LogName, UserId};
use zaigang_domain::order::Order;
use zaigang_domain::people::Actor;

/// A person at work: a read sees only what his scope covers.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The store.
    pub store: &'a Store,
    /// Contract versions read so far.
    pub contracts: &'a Contracts,
    /// Who asks.
    pub actor: &'a Actor,
    /// The moment.
    pub now: Timestamp,
}

impl Desk<'_> {
    /// What an order is bound to, if it is known here.
    pub(crate) fn bound(&self, order: &Order) -> Option<Bound> {
        self.version(&order.contract_hash, &order.calendar_hash)
    }

    /// A contract version with a calendar version, if known here.
    pub(crate) fn version(&self, contract_hash: &str, calendar_hash: &str) -> Option<Bound> {
        let published = |hash: &str| self.store.publication(hash).ok().flatten();
        self.contracts.bound(contract_hash, calendar_hash, &published)
    }

    /// What a contract version says, if it is known here.
    pub(crate) fn profile(&self, hash: &str) -> Option<&'static Profile> {
        self.contracts.profile(hash, &|hash: &str| self.store.publication(hash).ok().flatten())
    }

    /// An order by id or number, within the person's scope.
    pub(crate) fn order(&self, id_or_number: &str) -> Result<(EntityId, Order), DoorError> {
        let found = self.store.order(id_or_number)?;
        found.filter(|(_, order)| self.actor.covers(&order.contract, &order.division)).ok_or_else(|| {
            DoorError::not_found(
                "本机没有这张工单，或不在您的负责范围内。请核对编号；刚登记的工单可能尚未同步到本机。",
            )
        })
    }

    /// The planned moment of an open order while it lies ahead: until then its clocks stand still.
    pub(crate) fn ahead(&self, order: &Order) -> Option<Timestamp> {
        order.ahead(self.now).filter(|_| order.status.is_open())
    }

    /// Name of a user for people.
    pub(crate) fn name(&self, user: &str) -> Result<String, StoreError> {
        self.store.person_name(user)
    }

    /// Name of a user for people; empty where there is none.
    pub(crate) fn optional_name(&self, user: Option<&UserId>) -> Result<String, StoreError> {
        Ok(user.map(|user| self.name(user.as_str())).transpose()?.unwrap_or_default())
    }

    /// A contract within the person's reach with its common log, which holds duty, people and leave: the
    /// one that is named, else the first that this console holds.
    ///
    /// # Errors
    /// Not now when this console holds no such log.
    pub(crate) fn common_log(&self, contract: Option<&str>) -> Result<(String, LogName), DoorError> {
        for row in self.store.logs()? {
            let Ok(log) = LogName::new(row.name) else { continue };
            if let LogKind::Common { contract: id } = log.kind()
                && self.actor.reaches(id)
                && contract.is_none_or(|wanted| wanted == id)
            {
                return Ok((id.to_owned(), log));
            }
        }
        let message =
            "本机没有登记到您所在合同的公共数据，值班、排班、人员、请假和去向都看不到。请联系管理员。";
        Err(DoorError::not_now(message))
    }
}
