//! Objects under contract, equipment and spare parts.
//!
//! Keys are those of the facts files; their meaning is the same in all five documents. `source_line` counts from 1;
//! a missing key means that the document does not state it.

use jiff::civil::Date;

use crate::contract::toml_reader::row;

row! {
    /// One system or piece of equipment under contract.
    pub struct MaintenanceObject {
        id: String,
        no: Option<String>,
        division: Option<String>,
        name: String,
        area: Option<String>,
        quantity: Option<String>,
        service_start: Option<Date>,
        service_end: Option<Date>,
        onsite_positions: Vec<String>,
        obligations: Vec<String>,
        scope_source_line: Option<u32>,
        period_source_line: Option<u32>,
        source_line: u32,
        source_line_end: Option<u32>,
        source_text: String,
        service_months: Option<u32>,
        inspection: Option<String>,
        remote_positions: Vec<String>,
        sla_ids: Vec<String>,
        note: Option<String>,
        parent: Option<String>,
        period_days: Option<u32>,
        final_acceptance: Option<Date>,
        final_acceptance_source_line: Option<u32>,
        period_months: Option<u32>,
    }
}

row! {
    /// One 需求 of document 002: its maintenance object.
    pub struct Requirement {
        number: u32,
        name: String,
        category: String,
        owner_unit: Option<String>,
        owner_line: Option<u32>,
        service_types: Vec<String>,
        list_line: u32,
        source_line: u32,
        empty_section: Option<String>,
        empty_section_line: Option<u32>,
        detail_name: Option<String>,
        note: Option<String>,
        list_name: Option<String>,
        projects: Option<u32>,
        onsite_headcount: Option<u32>,
        onsite_shared_headcount: Option<u32>,
        onsite_shared_with: Vec<u32>,
    }
}

row! {
    /// One line of equipment.
    pub struct Asset {
        id: String,
        object_no: Option<String>,
        name: String,
        quantity: Option<u32>,
        unit: Option<String>,
        source_line: u32,
        source_text: Option<String>,
        model: Option<String>,
        note: Option<String>,
        nodes: Option<u32>,
        allocation: Vec<String>,
        devices: Option<u32>,
        software: Option<bool>,
        parts: Vec<String>,
        quantity_qualifier: Option<String>,
        need: Option<u32>,
        params: Option<String>,
        group: Option<String>,
        place: Option<String>,
        also_lines: Vec<u32>,
        kind: Option<String>,
        owner: Option<String>,
        purchased: Option<String>,
    }
}

row! {
    /// A rule about spare parts.
    pub struct Spare {
        id: String,
        rule: Option<String>,
        applies_to: String,
        source_line: u32,
        source_text: String,
        note: Option<String>,
        kind: Option<String>,
        item: Option<String>,
        coverage_percent: Option<u32>,
        also_lines: Vec<u32>,
        replace_minutes: Option<u32>,
        needs: Vec<u32>,
        renew_months: Option<u32>,
        cost: Option<String>,
        exclusion: Option<String>,
        group: Option<String>,
        custody: Option<String>,
        quantity: Option<u32>,
        unit: Option<String>,
    }
}
