//! Service clauses: levels, coverage, inspections, quotas, thresholds, deliverables, assessment.
//!
//! Keys are those of the facts files; their meaning is the same in all five documents. `source_line` counts from 1;
//! a missing key means that the document does not state it.

use crate::contract::toml_reader::row;

row! {
    /// One service level clause: the raw material of the clock rules.
    pub struct Sla {
        id: String,
        applies_to: String,
        level: Option<String>,
        priority: Option<String>,
        definition: String,
        response_minutes: Option<u32>,
        resolve_minutes: Option<u32>,
        resolve_target: Option<String>,
        downgrade_to: Vec<String>,
        source_line: u32,
        source_line_end: Option<u32>,
        source_text: String,
        note: Option<String>,
        condition: Option<String>,
        nonworkday_onsite: Option<String>,
        rca_report_days: Option<u32>,
        clock_from: Option<String>,
        other: Vec<String>,
        object_nos: Vec<String>,
        arrive_minutes: Option<u32>,
        also_lines: Vec<u32>,
        solution_minutes: Option<u32>,
        sla_ids: Vec<String>,
        hours: Option<String>,
        escalate_minutes: Option<u32>,
        escalate_to: Vec<String>,
        steps: Vec<String>,
        resolve_from: Option<String>,
        total_minutes_max: Option<u32>,
        clock_start: Option<String>,
        alternative_minutes: Option<u32>,
        max_count: Option<u32>,
        solution_days: Option<u32>,
        resolve_days: Option<u32>,
        resolve_alternative: Option<String>,
        rca_report_minutes: Option<u32>,
        needs: Vec<u32>,
        spare_replace_minutes: Option<u32>,
        response_workdays: Option<u32>,
        start_minutes: Option<u32>,
        coverage: Option<String>,
        quantified: Option<bool>,
        arrive_minutes_min: Option<u32>,
        resolve_workdays: Option<u32>,
        dispatch_after_minutes: Option<u32>,
        diagnose_minutes: Option<u32>,
        resolve_share_percent: Option<u32>,
        swap_hardware_within_minutes: Option<u32>,
    }
}

row! {
    /// A duty to be present or reachable.
    pub struct Coverage {
        id: String,
        kind: String,
        applies_to: String,
        obligation: Option<String>,
        source_line: u32,
        source_text: String,
        note: Option<String>,
        hours: Option<String>,
        also_lines: Vec<u32>,
        people_onsite: Option<u32>,
        people_remote: Option<u32>,
        people_pool: Option<u32>,
        days: Option<u32>,
        days_qualifier: Option<String>,
        per: Option<String>,
        onsite: Option<bool>,
        people: Option<u32>,
        people_min: Option<u32>,
        dates: Vec<String>,
        days_before: Option<u32>,
        rule: Option<String>,
        window: Option<String>,
        needs: Vec<u32>,
        lead_days: Option<u32>,
        holidays: Vec<String>,
        on_site: Option<bool>,
        relief_shift: Option<String>,
    }
}

row! {
    /// An inspection with its cadence.
    pub struct Inspection {
        id: String,
        applies_to: String,
        cadence: Option<String>,
        content: Option<String>,
        times_min: Option<u32>,
        per: Option<String>,
        record: Option<String>,
        source_line: u32,
        source_line_end: Option<u32>,
        source_text: String,
        checklist: Vec<String>,
        note: Option<String>,
        times: Option<u32>,
        report_due_days: Option<u32>,
        also_lines: Vec<u32>,
        hours_each: Option<f64>,
        onsite: Option<bool>,
        advance_days: Option<u32>,
        dates: Vec<String>,
        indicators: Vec<String>,
        kind: Option<String>,
        what: Option<String>,
        every: Option<String>,
        deliverable: Option<String>,
        min: Option<bool>,
        needs: Vec<u32>,
        window: Option<String>,
        rectify_within: Option<String>,
        retention_days: Option<u32>,
        retention_years: Option<u32>,
        weekday: Option<String>,
        actor: Option<String>,
        times_max: Option<u32>,
        day_of_month: Option<u32>,
        due_workdays: Option<u32>,
    }
}

row! {
    /// A counted quantity of service.
    pub struct Quota {
        id: String,
        what: String,
        system: String,
        category: String,
        min_count: Option<u32>,
        per: Option<String>,
        source_line: u32,
        source_text: String,
        also_lines: Vec<u32>,
        note: Option<String>,
        max_count: Option<u32>,
        unit: Option<String>,
        count: Option<u32>,
        person_days: Option<u32>,
        also: Option<String>,
        unlimited: Option<bool>,
        approx_min: Option<u32>,
        approx_max: Option<u32>,
        approx_count: Option<u32>,
        hours_each: Option<f64>,
        trigger_count: Option<u32>,
    }
}

row! {
    /// A monitoring threshold.
    pub struct Threshold {
        id: String,
        system: String,
        layer: String,
        metric: String,
        op: String,
        value: f64,
        unit: String,
        source_line: u32,
        source_text: String,
    }
}

row! {
    /// A document to be delivered.
    pub struct Deliverable {
        id: String,
        name: String,
        applies_to: String,
        due: Option<String>,
        due_workdays: Option<u32>,
        approver: Option<String>,
        source_line: u32,
        source_text: String,
        per: Option<String>,
        template: Option<String>,
        note: Option<String>,
        due_days: Option<u32>,
        penalty: Option<String>,
        also_lines: Vec<u32>,
        copies: Option<u32>,
        binding: Option<String>,
        sections: Vec<String>,
        items: Vec<String>,
        content: Option<String>,
        every: Option<String>,
        due_minutes: Option<u32>,
        needs: Vec<u32>,
        signature: Option<bool>,
        due_days_before_end: Option<u32>,
        due_weekday: Option<String>,
        due_day_of_month: Option<u32>,
        due_workdays_if_holiday: Option<u32>,
    }
}

row! {
    /// A row of the assessment: table, indicator, weight, band or rule.
    pub struct Assessment {
        id: String,
        kind: String,
        table_no: Option<u32>,
        scored_by: Option<String>,
        group: Option<String>,
        indicator: Option<String>,
        standard_points: Option<f64>,
        cap: Option<String>,
        evidence: Option<String>,
        source_line: u32,
        source_line_end: Option<u32>,
        source_text: String,
        note: Option<String>,
        deduction: Vec<serde_json::Value>,
        exclusion: Option<String>,
        definition: Option<String>,
        event_classes: Vec<String>,
        formula: Option<String>,
        level: Option<String>,
        scorer: Option<String>,
        weight_percent: Option<f64>,
        order: Option<u32>,
        score_min: Option<f64>,
        score_min_inclusive: Option<bool>,
        score_max: Option<f64>,
        score_max_inclusive: Option<bool>,
        deduct_percent: Option<f64>,
        deduct_base: Option<String>,
        rule: Option<String>,
        period_months: Option<u32>,
        full_points: Option<f64>,
        sign_workdays: Option<u32>,
        max_count: Option<u32>,
        window_weeks: Option<u32>,
        fix_weeks: Option<u32>,
        dimensions: Vec<String>,
        trigger_count: Option<u32>,
        per: Option<String>,
    }
}

row! {
    /// A measured quality target.
    pub struct QualityTarget {
        id: String,
        metric: String,
        op: String,
        value: Option<f64>,
        unit: String,
        applies_to: String,
        also_lines: Vec<u32>,
        source_line: u32,
        source_text: String,
        note: Option<String>,
        needs: Vec<u32>,
        overage: Option<String>,
        value_text: Option<String>,
    }
}
