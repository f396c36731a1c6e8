//! What the record page needs in one read.

use crate::door::dto::{DoorError, PersonDto, RecordCategoryDto, RecordForm};
use crate::order::{Desk, REMINDER, objects_of};
use crate::store::initials;
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
        let mut seen = BTreeSet::new();
        for (contract, _) in &divisions {
            if !seen.insert(contract.as_str()) {
                continue;
            }
            let Some(in_force) = self.in_force_of(contract)? else { continue };
            objects.extend(objects_of(in_force.bound, contract, &divisions, today));
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

    fn remote_colleagues(&self, divisions: &[(String, String)]) -> Result<Vec<PersonDto>, DoorError> {
        let me = self.actor.user().map(ToString::to_string).unwrap_or_default();
        let mut people = self.colleagues(divisions)?;
        people.retain(|person| !person.onsite && person.id != me);
        Ok(people)
    }
}
