//! A plan or its summary on paper: a right, a watermark, and one event for each print.

use crate::buyer::watermark;
use crate::door::dto::{CoverageView, DoorError, DutyPrint, Written};
use crate::order::{Pen, key};
use zaigang_domain::people::{Export, may_export};

impl Pen<'_> {
    /// Hands a plan to the printer, with its summary once it has one.
    ///
    /// # Errors
    /// Not allowed; not found; not now where the same print was handed out already.
    pub fn print_coverage(&mut self, args: &DutyPrint) -> Result<(CoverageView, Written), DoorError> {
        let key = key(self, "print", &args.idempotency_key)?;
        may_export(self.actor, Export::Duty, None).map_err(DoorError::not_allowed)?;
        let mut page = self.desk().coverage_plan(&args.id)?;
        page.watermark = watermark(&self.desk(), "打印")?;
        let written = self.printed("保障方案", &page, &page.watermark, &key)?;
        Ok((page, written))
    }
}
