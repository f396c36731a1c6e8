//! The head of a facts file: contract, periods, head counts, payment, working hours.
//!
//! Keys are those of the facts files; their meaning is the same in all five documents. `source_line` counts from 1;
//! a missing key means that the document does not state it.

use jiff::civil::Date;

use crate::calendar::Window;
use crate::contract::toml_reader::row;

row! {
    /// Head of the file of document 002: which text the line numbers count.
    pub struct Meta {
        source: String,
        source_lines: u32,
        language: String,
    }
}

row! {
    /// The contract as a whole.
    pub struct ContractHead {
        id: String,
        schema: Option<u32>,
        source_file: Option<String>,
        name: String,
        buyer: String,
        buyer_type: Option<String>,
        procurement: Option<String>,
        quantity: Option<String>,
        industry: Option<String>,
        unit_count: Option<u32>,
        maintenance_object_count: Option<u32>,
        sign_within_days: Option<u32>,
        sign_source_line: Option<u32>,
        place_source_line: Option<u32>,
        industry_source_line: Option<u32>,
        place: Option<String>,
        supervisor: Option<String>,
        source_line: u32,
        period: Vec<Period>,
        head_count: Vec<HeadCount>,
        payment: Vec<Payment>,
        bond: Vec<Bond>,
        service_item: Vec<ServiceItem>,
        service_mode: Option<String>,
        service_mode_source_line: Option<u32>,
        goal: Option<String>,
        buyer_line: Option<u32>,
        name_line: Option<u32>,
        years_text: Option<String>,
        service_years: Option<u32>,
        systems: Option<u32>,
        links: Option<u32>,
        needs: Option<u32>,
        link_units: Option<u32>,
        link_units_line: Option<u32>,
        note: Option<String>,
    }
}

row! {
    /// Service period of the contract or of one object.
    pub struct Period {
        applies_to: String,
        months: Option<u32>,
        starts: Option<String>,
        source_line: u32,
        source_text: String,
        note: Option<String>,
        object_no: Option<String>,
        start_date: Option<Date>,
        end_date: Option<Date>,
        days: Option<u32>,
        source_line_end: Option<u32>,
        renewals_max: Option<u32>,
        total_months_max: Option<u32>,
        renewal_increase_max_percent: Option<u32>,
        condition: Option<String>,
    }
}

row! {
    /// How many people the document asks for.
    pub struct HeadCount {
        scope: String,
        total_min: Option<u32>,
        onsite: Option<u32>,
        remote: Option<u32>,
        source_line: u32,
        source_text: String,
        onsite_min: Option<u32>,
        note: Option<String>,
        composition: Vec<String>,
        min: Option<u32>,
        max: Option<u32>,
    }
}

row! {
    /// One stage of payment.
    pub struct Payment {
        stage: u32,
        percent: u32,
        condition: String,
        source_line: u32,
        source_text: String,
        due_workdays: Option<u32>,
        note: Option<String>,
    }
}

row! {
    /// Performance bond.
    pub struct Bond {
        percent: u32,
        percent_sme: u32,
        due_workdays: u32,
        after: String,
        r#use: String,
        source_line: u32,
        source_text: String,
    }
}

row! {
    /// One heading of the service list.
    pub struct ServiceItem {
        no: Option<String>,
        name: String,
        item_count: Option<u32>,
        source_line: u32,
        source_text: String,
        quantity: Option<String>,
        note: Option<String>,
        period: Option<String>,
        id: Option<String>,
    }
}

row! {
    /// Working hours as printed.
    pub struct WorkingHours {
        onsite_pattern: Option<String>,
        onsite_clock: Option<String>,
        support: Option<String>,
        source_line: u32,
        rule: Vec<WorkingHoursRule>,
        onsite_slots: Vec<Window>,
        workdays_per_year: Option<u32>,
        workdays_source_line: Option<u32>,
        remote: Option<String>,
        holiday: Option<String>,
    }
}

row! {
    /// Working hours of one scope.
    pub struct WorkingHoursRule {
        applies_to: String,
        pattern: String,
        source_line: u32,
        source_text: String,
        note: Option<String>,
        start: Option<String>,
        end: Option<String>,
        slots: Vec<Window>,
        workday_from: Option<String>,
        workday_to_next_day: Option<String>,
        holiday: Option<String>,
    }
}
