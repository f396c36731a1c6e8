//! Another program comments on an order.

use serde::Serialize;
use zaigang_domain::event::{EntityId, EventId};
use zaigang_domain::order::{Step, StepInput, decide};
use zaigang_domain::people::Deed;

use super::{ApiError, Caller, Found, Once, Told};
use crate::core::Centre;
use crate::core::work::Work;

#[derive(Serialize)]
struct CommentTold {
    /// Id of the comment.
    id: String,
    /// Id of the order.
    order: String,
}

impl Centre {
    /// Comments on an order for a source: 201.
    ///
    /// # Errors
    /// [`ApiError`]; nothing is committed then.
    pub fn order_comment(
        &mut self,
        source: &str,
        once: &Once,
        order: &str,
        text: &str,
    ) -> Result<Told, ApiError> {
        let id: EventId = order.parse().map_err(|_| ApiError::NotFound)?;
        self.once(source, Deed::Comment, once, |work, caller| {
            let found = work.order_of(caller, &EntityId::order(id))?.ok_or(ApiError::NotFound)?;
            let comment = work.comment(caller, &found, text)?;
            let id = comment.map(|id| id.to_string()).unwrap_or_default();
            Ok((201, CommentTold { id, order: order.to_owned() }))
        })
    }
}

impl Work<'_> {
    /// Notes a text on an order.
    pub(super) fn comment(
        &mut self,
        caller: &Caller,
        found: &Found,
        text: &str,
    ) -> Result<Option<EventId>, ApiError> {
        let input = StepInput::of(&[("text", text)]);
        let drafts = decide(&found.order, Step::Note, &input, &caller.actor, self.now)?;
        Ok(self.act_for(&caller.actor, &found.log, &found.entity, &drafts)?.pop())
    }
}
