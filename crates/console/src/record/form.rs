//! What the record page needs in one read.

use crate::door::dto::{DoorError, PersonDto, RecordCategoryDto, RecordForm};
use crate::order::{Desk, InForce, REMINDER, objects_of};
use crate::store::{StoreError, initials};
use std::collections::BTreeSet;
use zaigang_domain::calendar::civil_date;
use zaigang_domain::people::Role;

impl Desk<'_> {
    /// The record form.
    ///
    /// # Errors
    /// Internal when the store fails.
    pub fn record_form(&self) -> Result<RecordForm, DoorError> {
        let divisions = self.divisions()?;
        let today = civil_date(self.now);
        let (mut objects, mut categories) = (Vec::new(), Vec::<RecordCategoryDto>::new());
        for in_force in self.contracts_of(&divisions)? {
            objects.extend(objects_of(in_force.bound, &in_force.contract, &divisions, today));
            for category in &in_force.bound.profile.record_categories {
                if !categories.iter().any(|known| known.name == category.name) {
                    categories.push(RecordCategoryDto {
                        name: category.name.clone(),
                        source: category.source.clone(),
                        initials: initials(&category.name),
                        authorised: category.authorised,
                        inspected: category.inspected,
                        confirmed: category.confirmed,
                    });
                }
            }
        }
        Ok(RecordForm {
            colleagues: self.remote_colleagues(&divisions)?,
            caretakers: self.caretakers(&divisions)?,
            divisions: divisions.into_iter().map(|(_, name)| name).collect(),
            objects,
            categories,
            templates: self.templates()?,
            may_add: self.actor.has(Role::Engineer),
            reminder: REMINDER.to_owned(),
        })
    }

    /// The versions in force of the contracts that divisions belong to, each once.
    pub(super) fn contracts_of(&self, divisions: &[(String, String)]) -> Result<Vec<InForce>, StoreError> {
        let contracts: BTreeSet<&str> = divisions.iter().map(|(contract, _)| contract.as_str()).collect();
        contracts.into_iter().filter_map(|contract| self.in_force_of(contract).transpose()).collect()
    }

    fn remote_colleagues(&self, divisions: &[(String, String)]) -> Result<Vec<PersonDto>, DoorError> {
        let me = self.actor.user().map(ToString::to_string).unwrap_or_default();
        let mut people = self.colleagues(divisions)?;
        people.retain(|person| !person.onsite && person.id != me);
        Ok(people)
    }
}
