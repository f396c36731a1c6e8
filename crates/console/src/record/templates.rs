//! A person's templates: kept in this console's settings, for they are a help for typing and nobody's record.

use crate::door::dto::{DoorError, RecordTemplate, RecordTemplates, Written};
use crate::order::{Desk, Pen};
use crate::store::StoreError;

const SETTING: &str = "record_templates";
/// Most templates of a person: as many as can be looked through.
const TEMPLATES_MAX: usize = 30;
const NAME_CHARS_MAX: usize = 20;
const TEXT_CHARS_MAX: usize = 400;

impl Desk<'_> {
    /// The person's templates; none where they cannot be read, for they are easily made again.
    pub(super) fn templates(&self) -> Result<Vec<RecordTemplate>, StoreError> {
        let text = self.store.setting(&setting_of(self))?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }
}

impl Pen<'_> {
    /// Keeps templates instead of the ones before.
    ///
    /// # Errors
    /// Bad input naming what is at fault; internal when the store fails.
    pub fn keep_templates(&mut self, args: RecordTemplates) -> Result<Written, DoorError> {
        let mut templates = args.templates;
        for template in &mut templates {
            template.name = template.name.trim().to_owned();
        }
        check(&templates)?;
        let name = setting_of(&self.desk());
        let text = serde_json::to_string(&templates).map_err(DoorError::broken)?;
        self.store.set_setting(&name, &text)?;
        Ok(Written {
            id: String::new(),
            message: format!("已保存 {} 个模板", templates.len()),
            changed: vec!["record_templates".to_owned()],
        })
    }
}

fn setting_of(desk: &Desk<'_>) -> String {
    format!("{SETTING}/{}", desk.actor.user().map(ToString::to_string).unwrap_or_default())
}

fn check(templates: &[RecordTemplate]) -> Result<(), DoorError> {
    let wrong = |message: String| Err(DoorError::bad_input(message).at("name"));
    if templates.len() > TEMPLATES_MAX {
        return wrong(format!("模板最多 {TEMPLATES_MAX} 个，请先删去不用的。"));
    }
    for (i, template) in templates.iter().enumerate() {
        let chars = template.name.chars().count();
        if !(1..=NAME_CHARS_MAX).contains(&chars) {
            return wrong(format!("请给模板起一个 1 至 {NAME_CHARS_MAX} 字的名称。"));
        }
        if templates.iter().take(i).any(|other| other.name == template.name) {
            return wrong(format!("已有名为“{}”的模板，请换一个名称。", template.name));
        }
        if [&template.title, &template.result].iter().any(|text| text.chars().count() > TEXT_CHARS_MAX) {
            return wrong(format!("模板“{}”的文字太长，最多 {TEXT_CHARS_MAX} 字。", template.name));
        }
    }
    Ok(())
}
