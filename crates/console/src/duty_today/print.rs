//! 《交接班记录》 and 日报 on paper: a right, a watermark, and one event for each print.

use crate::buyer::{Made, watermark};
use crate::door::dto::{DoorError, DutyDay, DutyPrint, HandoverDto, Written};
use crate::order::{Pen, key};
use zaigang_domain::people::{Export, may_export};

impl Pen<'_> {
    /// Hands a handover to the printer.
    ///
    /// # Errors
    /// Not allowed; not found; not now where the same print was handed out already.
    pub fn print_handover(&mut self, args: &DutyPrint) -> Result<(HandoverDto, Written), DoorError> {
        let key = key(self, "print", &args.idempotency_key)?;
        may_export(self.actor, Export::Duty, None).map_err(DoorError::not_allowed)?;
        let mut page = self.desk().handover(&args.id)?;
        page.watermark = watermark(&self.desk(), "打印")?;
        let written = self.printed("交接班记录", &page, &page.watermark, &key)?;
        Ok((page, written))
    }

    /// Hands a day's report to the printer.
    ///
    /// # Errors
    /// As [`Pen::print_handover`].
    pub fn print_day(&mut self, args: &DutyPrint) -> Result<(DutyDay, Written), DoorError> {
        let key = key(self, "print", &args.idempotency_key)?;
        may_export(self.actor, Export::Duty, None).map_err(DoorError::not_allowed)?;
        let mut page = self.desk().duty_day(Some(&args.id))?;
        page.watermark = watermark(&self.desk(), "打印")?;
        let written = self.printed("值班日志与日报", &page, &page.watermark, &key)?;
        Ok((page, written))
    }

    /// Keeps that a page of duty went to the printer.
    pub(crate) fn printed(
        &mut self,
        what: &str,
        page: &impl serde::Serialize,
        watermark: &str,
        key: &str,
    ) -> Result<Written, DoorError> {
        let bytes = serde_json::to_vec(page).map_err(DoorError::broken)?;
        let made = Made {
            export: Export::Duty,
            what: what.to_owned(),
            rows: 1,
            format: "print",
            watermark: watermark.to_owned(),
        };
        self.exported(made, &bytes, key)
    }
}
