//! 待甲方提供: what a contract still leaves open.

use crate::door::dto::{DoorError, QuestionItem};
use crate::order::Desk;
use zaigang_domain::contract::{form, open_questions};

impl Desk<'_> {
    /// The open questions of a contract.
    ///
    /// # Errors
    /// Not found for an unknown contract.
    pub fn questions(&self, contract: &str) -> Result<Vec<QuestionItem>, DoorError> {
        let profile = self.newest(contract)?.profile;
        let open = open_questions(profile, &profile.settings).into_iter();
        let item = open.map(|question| QuestionItem {
            section: form::section_for(profile, &question).to_owned(),
            id: question.id,
            question: question.question,
            sources: question.sources,
            blocks: question.blocks,
            rules: question.rules,
        });
        Ok(item.collect())
    }
}
