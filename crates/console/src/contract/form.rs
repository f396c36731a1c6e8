//! The settings of a site as a form.

use super::version::may_settle;
use crate::door::dto::{Choice, DoorError, SettingField, SettingForm, SettingSection};
use crate::order::Desk;
use zaigang_domain::contract::form::{
    ChoiceSource, Field, SECTIONS, Section, choices_of, section_for, values_of,
};
use zaigang_domain::contract::{OpenQuestion, Profile, open_questions};

impl Desk<'_> {
    /// The form of a contract's settings, with the values of its newest version.
    ///
    /// # Errors
    /// Not found for an unknown contract.
    pub fn setting_form(&self, contract: &str) -> Result<SettingForm, DoorError> {
        let newest = self.newest(contract)?;
        let profile = newest.profile;
        let open = open_questions(profile, &profile.settings);
        Ok(SettingForm {
            contract: contract.to_owned(),
            version: newest.head.version,
            base_hash: newest.head.hash,
            values: serde_json::Value::Object(values_of(&profile.settings)).to_string(),
            sections: SECTIONS.iter().map(|one| section(profile, one, &open)).collect(),
            may_publish: may_settle(self.actor, contract),
        })
    }
}

fn section(profile: &Profile, section: &Section, open: &[OpenQuestion]) -> SettingSection {
    let open = open.iter().filter(|question| section_for(profile, question) == section.key).count();
    SettingSection {
        key: section.key.to_owned(),
        title: section.title.to_owned(),
        help: section.help.to_owned(),
        single: section.single,
        open: u32::try_from(open).unwrap_or(u32::MAX),
        fields: section.all_fields().map(|one| field(profile, one)).collect(),
    }
}

fn field(profile: &Profile, field: &Field) -> SettingField {
    let choice = |choice: zaigang_domain::contract::form::FormChoice| Choice {
        value: choice.value,
        label: choice.label,
    };
    SettingField {
        key: field.key.to_owned(),
        label: field.label.to_owned(),
        kind: field.kind.code().to_owned(),
        required: field.required,
        help: field.help.map(str::to_owned),
        choices: (field.choices != ChoiceSource::None)
            .then(|| choices_of(profile, field.choices).into_iter().map(choice).collect()),
    }
}
