//! The facts of a document as typed tables: one schema for all five.
//!
//! A facts file is a copy of what the document prints, each row with its source line. Nothing here
//! interprets; [`crate::contract::Rule`] does.

mod duties;
mod head;
mod people;
mod service;
mod things;

pub use duties::{PlatformFeature, RecordRule, SecurityRule, TicketFeature};
pub use head::{
    Bond, ContractHead, HeadCount, Meta, Payment, Period, ServiceItem, WorkingHours, WorkingHoursRule,
};
pub use people::{Onsite, Position, StaffRule};
pub use service::{Assessment, Coverage, Deliverable, Inspection, QualityTarget, Quota, Sla, Threshold};
pub use things::{Asset, MaintenanceObject, Requirement, Spare};

use crate::contract::toml_reader::row;

row! {
    /// A whole facts file.
    pub struct Facts {
        meta: Option<Meta>,
        contract: ContractHead,
        working_hours: Option<WorkingHours>,
        sla: Vec<Sla>,
        coverage: Vec<Coverage>,
        position: Vec<Position>,
        staff_rule: Vec<StaffRule>,
        quota: Vec<Quota>,
        threshold: Vec<Threshold>,
        inspection: Vec<Inspection>,
        deliverable: Vec<Deliverable>,
        assessment: Vec<Assessment>,
        maintenance_object: Vec<MaintenanceObject>,
        asset: Vec<Asset>,
        spare: Vec<Spare>,
        security_rule: Vec<SecurityRule>,
        record_rule: Vec<RecordRule>,
        requirement: Vec<Requirement>,
        onsite: Vec<Onsite>,
        target: Vec<QualityTarget>,
        platform_feature: Vec<PlatformFeature>,
        ticket_feature: Vec<TicketFeature>,
    }
}
