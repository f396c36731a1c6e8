//! Marking many records as entered in the buyer's platform at once.

use crate::door::dto::{DoorError, EnterArgs, Written};
use crate::order::{Pen, key, stated_time};
use crate::store::{Act, Draft};
use std::collections::BTreeSet;
use zaigang_domain::event::LogName;
use zaigang_domain::order::{Step, StepInput, decide};

/// Most records marked at once: what one sitting enters. A guess.
const RECORDS_MAX: usize = 200;

impl Pen<'_> {
    /// Marks records as entered, each under its number: all of them or none.
    ///
    /// # Errors
    /// Bad input naming the order at fault; what the domain refuses.
    pub fn enter(&mut self, args: &EnterArgs) -> Result<Written, DoorError> {
        let key = key(self, "enter", &args.idempotency_key)?;
        check(args)?;
        let message = format!("已标记 {} 条为已录入", args.rows.len());
        if self.is_repeated(&key)? {
            return Ok(Written { id: String::new(), message, changed: Vec::new() });
        }
        let at = stated_time(args.claimed_at.as_deref(), "claimed_at")?;
        let mut acts = Vec::with_capacity(args.rows.len());
        for row in &args.rows {
            let (entity, order) =
                self.desk().order(&row.order_id).map_err(|error| error.at(&row.order_id))?;
            let input = StepInput { claimed_at: at, ..StepInput::of(&[("number", &row.number)]) };
            let drafts =
                decide(&order, Step::Enter, &input, self.actor, self.host.now()).map_err(|refusal| {
                    let message = format!("{}：{}", order.number, refusal.message);
                    DoorError { message, ..DoorError::from(refusal) }.at(&row.order_id)
                })?;
            let log = LogName::division(&order.contract, &order.division).map_err(DoorError::broken)?;
            acts.push(Act {
                log,
                entity,
                drafts: drafts.into_iter().map(Draft::from).collect(),
                stands_on: None,
            });
        }
        let written = self.store.append_acts(self.host, &acts, Some(self.author), Some(&key))?;
        let id = acts.first().map(|act| act.entity.to_string()).unwrap_or_default();
        Ok(Written { id, message, changed: written.changed.into_iter().collect() })
    }
}

fn check(args: &EnterArgs) -> Result<(), DoorError> {
    if args.rows.is_empty() {
        return Err(DoorError::bad_input("没有填写平台单号，请至少填一条。").at("rows"));
    }
    if args.rows.len() > RECORDS_MAX {
        let message = format!("一次最多标记 {RECORDS_MAX} 条，请分几次。");
        return Err(DoorError::bad_input(message).at("rows"));
    }
    let mut seen = BTreeSet::new();
    for row in &args.rows {
        if !seen.insert(row.number.trim()) {
            let message = format!("平台单号“{}”填了两次，请核对。", row.number.trim());
            return Err(DoorError::bad_input(message).at(&row.order_id));
        }
    }
    Ok(())
}
