//! Records in the field order of the buyer's platform, as tab-separated lines.

use super::record::Record;
use crate::door::dto::{DoorError, OrderGet, PlatformLine};
use crate::order::Desk;
use zaigang_domain::order::platform::{ENTRY, PlatformField};

/// A line that cannot be taken for two, nor a cell for two.
pub(super) fn line(record: &Record, fields: &[PlatformField]) -> String {
    let flat = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    fields.iter().map(|field| flat(record.field(*field))).collect::<Vec<_>>().join("\t")
}

impl Desk<'_> {
    /// The platform's name and the order of a record's fields there, as agreed for a contract.
    pub(super) fn platform_fields(&self, contract: &str) -> Result<(String, Vec<PlatformField>), DoorError> {
        let in_force = self.in_force_of(contract)?;
        let agreed = in_force.as_ref().and_then(|version| version.bound.profile.settings.platform());
        let fields = agreed.map(|platform| platform.entry.clone()).filter(|fields| !fields.is_empty());
        let name = agreed.map_or("采购人平台", |platform| &platform.name).to_owned();
        Ok((name, fields.unwrap_or_else(|| ENTRY.to_vec())))
    }

    /// One order as a line for the buyer's platform.
    ///
    /// # Errors
    /// Not found; internal when the store fails.
    pub fn platform_line(&self, args: &OrderGet) -> Result<PlatformLine, DoorError> {
        let (id, order) = self.order(&args.id)?;
        let (platform, fields) = self.platform_fields(&order.contract)?;
        let record = self.record(id, order)?;
        Ok(PlatformLine {
            platform,
            fields: fields.iter().map(|field| field.label().to_owned()).collect(),
            line: line(&record, &fields),
        })
    }
}
