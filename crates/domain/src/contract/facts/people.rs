//! Clauses about people: posts, staffing, rules of conduct.
//!
//! Keys are those of the facts files; their meaning is the same in all five documents. `source_line` counts from 1;
//! a missing key means that the document does not state it.

use crate::contract::toml_reader::row;

row! {
    /// One post of the staffing table.
    pub struct Position {
        id: String,
        division: Option<String>,
        name: String,
        count: Option<u32>,
        onsite: Option<bool>,
        work_hours: Option<String>,
        education: Option<String>,
        education_min: Option<String>,
        certificate_required: Option<bool>,
        certificate: Option<String>,
        experience_years_min: Option<u32>,
        experience: Option<String>,
        duty: Option<String>,
        source_line: u32,
        source_line_end: Option<u32>,
        source_text: String,
        note: Option<String>,
        object_nos: Vec<String>,
        room_standby_duty: Option<bool>,
        nonworkday_onsite_duty: Option<bool>,
        applies_to: Option<String>,
        title_level: Option<String>,
        counted_in_total: Option<bool>,
        count_min: Option<u32>,
        count_max: Option<u32>,
        social_insurance_years_min: Option<u32>,
    }
}

row! {
    /// A rule about people: replacing, absence, conduct.
    pub struct StaffRule {
        id: String,
        kind: String,
        applies_to: String,
        rule: String,
        source_line: u32,
        source_text: String,
        notice_days: Option<u32>,
        max_failed_replacements: Option<u32>,
        consequence: Option<String>,
        notice_months: Option<u32>,
        note: Option<String>,
        grades: Vec<String>,
        source_line_end: Option<u32>,
        grade_definition: Vec<serde_json::Value>,
        documents: Vec<String>,
        onsite_initial_min: Option<u32>,
        onsite_initial_max: Option<u32>,
        onsite_later: Option<u32>,
        also_lines: Vec<u32>,
        onsite: Option<u32>,
        count: Option<u32>,
        total: Option<u32>,
        remote: Option<u32>,
        pc_internet_per_person: Option<u32>,
        pc_police_net_per_person: Option<u32>,
        printer_sets: Option<u32>,
        points: Option<f64>,
        count_min: Option<u32>,
        per: Option<String>,
    }
}

row! {
    /// On-site people of document 002.
    pub struct Onsite {
        system: String,
        need: u32,
        onsite: Option<bool>,
        headcount: Option<u32>,
        basis: String,
        source_line: u32,
        shared_group: Option<String>,
        shared_headcount: Option<u32>,
        shared_note: Option<String>,
        role: Option<String>,
        source_text: Option<String>,
        note: Option<String>,
    }
}
