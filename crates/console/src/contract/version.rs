//! The version of a contract that is in force, ready to read.

use crate::door::dto::DoorError;
use crate::order::Desk;
use crate::store::{PublicationHead, StoreError};
use zaigang_domain::contract::Profile;
use zaigang_domain::people::{Actor, Role};

/// The newest version of a contract, waiting ones included, with what it says.
#[derive(Debug, Clone)]
pub(crate) struct Newest {
    /// Contract id.
    pub(crate) id: String,
    /// Its head.
    pub(crate) head: PublicationHead,
    /// What it says.
    pub(crate) profile: &'static Profile,
}

/// When and by whom a version was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signed {
    /// RFC 3339 in +08:00; empty where this console does not hold the event.
    pub(crate) at: String,
    /// A name, or 中心端.
    pub(crate) by: String,
}

impl Desk<'_> {
    /// The newest version of a contract.
    ///
    /// # Errors
    /// Not found where none is here, or none that this program can read.
    pub(crate) fn newest(&self, contract: &str) -> Result<Newest, DoorError> {
        let heads = self.store.publication_heads(Some(&format!("contract/{contract}")))?;
        let head = heads.into_iter().next_back().ok_or_else(|| {
            DoorError::not_found("本机没有这份合同。请先同步；仍没有时请联系管理员发布合同。").at("contract")
        })?;
        let profile = self.profile(&head.hash).ok_or_else(|| {
            DoorError::not_found("本机程序读不懂这份合同的现行版本，请升级程序。").at("contract")
        })?;
        Ok(Newest { id: contract.to_owned(), head, profile })
    }

    /// When and by whom a version was published.
    pub(crate) fn signed(&self, head: &PublicationHead) -> Result<Signed, StoreError> {
        let step = head.event.map(|event| self.store.event(event)).transpose()?.flatten();
        let by = match step.as_ref().and_then(|step| step.user.as_deref()) {
            Some(user) => self.name(user)?,
            None => "中心端".to_owned(),
        };
        let at = step.map(|step| crate::order::instant_text(step.at())).unwrap_or_default();
        Ok(Signed { at, by })
    }
}

/// Whether a person may publish settings of a contract.
pub(crate) fn may_settle(actor: &Actor, contract: &str) -> bool {
    actor.enabled
        && actor.reaches(contract)
        && [Role::Administrator, Role::Supervisor].iter().any(|role| actor.has(*role))
}
