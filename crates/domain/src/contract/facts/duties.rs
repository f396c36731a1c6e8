//! Clauses about security, records and the platform.
//!
//! Keys are those of the facts files; their meaning is the same in all five documents. `source_line` counts from 1;
//! a missing key means that the document does not state it.

use crate::contract::toml_reader::row;

row! {
    /// A security rule.
    pub struct SecurityRule {
        id: String,
        rule: String,
        kind: String,
        source_line: u32,
        source_text: String,
        note: Option<String>,
        applies_to: Option<String>,
        limit_hours: Option<u32>,
        retention_months: Option<u32>,
    }
}

row! {
    /// A rule about what is recorded where.
    pub struct RecordRule {
        id: String,
        rule: String,
        target: Option<String>,
        when: Option<String>,
        source_line: u32,
        source_text: String,
        applies_to: Option<String>,
        source_line_end: Option<u32>,
        note: Option<String>,
        from_role: Option<String>,
        to_role: Option<String>,
        escalate_to: Option<String>,
        per: Option<String>,
        steps: Vec<String>,
        fields: Vec<String>,
    }
}

row! {
    /// A feature of the operations platform that document 002 asks for.
    pub struct PlatformFeature {
        id: String,
        name: String,
        detail: String,
        source_line: u32,
        source_text: String,
        also_lines: Vec<u32>,
        note: Option<String>,
    }
}

row! {
    /// A feature of the ticket module that document 002 asks for.
    pub struct TicketFeature {
        id: String,
        need: u32,
        module: String,
        name: String,
        line: String,
        source_line: u32,
        source_text: String,
        also_lines: Vec<u32>,
    }
}
