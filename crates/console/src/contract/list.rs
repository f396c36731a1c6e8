//! The contracts published at this site.

use crate::door::dto::{ContractItem, DoorError};
use crate::order::Desk;
use crate::store::PublicationHead;
use std::collections::BTreeMap;
use zaigang_domain::contract::open_questions;

impl Desk<'_> {
    /// All contracts of the site log, by the number of their document.
    ///
    /// # Errors
    /// Internal when the store fails.
    pub fn contracts(&self) -> Result<Vec<ContractItem>, DoorError> {
        let mut newest: BTreeMap<String, PublicationHead> = BTreeMap::new();
        for head in self.store.publication_heads(None)? {
            if let Some(id) = head.entity.strip_prefix("contract/") {
                newest.insert(id.to_owned(), head);
            }
        }
        let mut newest: Vec<_> = newest.into_iter().collect();
        newest.sort_by(|(_, one), (_, other)| one.title.cmp(&other.title));
        newest.into_iter().map(|(id, head)| self.contract_item(id, head)).collect()
    }

    fn contract_item(&self, id: String, head: PublicationHead) -> Result<ContractItem, DoorError> {
        let signed = self.signed(&head)?;
        let profile = self.profile(&head.hash);
        let open = profile.map_or(0, |profile| open_questions(profile, &profile.settings).len());
        Ok(ContractItem {
            title: profile.map_or(head.title, |profile| profile.facts.contract.name.clone()),
            version: head.version,
            hash: head.hash,
            pending: head.is_pending,
            published_at: signed.at,
            published_by: signed.by,
            open_questions: u32::try_from(open).unwrap_or(u32::MAX),
            mine: self.actor.reaches(&id),
            id,
        })
    }
}
