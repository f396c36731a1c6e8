//! A profile at a glance: what `contract show` prints.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::profile::{Profile, ProfileVersion};
use super::rules::Rule;
use super::settings::Settings;
use crate::calendar::OfficeHours;

/// A profile without its raw rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary<'a> {
    /// Id.
    pub contract: &'a str,
    /// Number of the document.
    pub document: &'a str,
    /// Name of the contract.
    pub name: &'a str,
    /// The buyer.
    pub buyer: &'a str,
    /// What it was read from.
    pub version: &'a ProfileVersion,
    /// 总队 or owning units.
    pub divisions: &'a [String],
    /// Office hours; no seasons: none stated.
    pub hours: &'a OfficeHours,
    /// Objects with their service.
    pub objects: Vec<ObjectSummary<'a>>,
    /// Clock rules.
    pub rules: &'a [Rule],
    /// 本项目约定.
    pub settings: &'a Settings,
    /// Rows of each table of facts.
    pub rows: BTreeMap<&'static str, usize>,
}

/// An object with its service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObjectSummary<'a> {
    /// Id.
    pub id: &'a str,
    /// Name.
    pub name: &'a str,
    /// 总队 or owning unit.
    pub division: Option<&'a str>,
    /// `document:line`.
    pub source: &'a str,
    /// First day of service; absent while not known.
    pub from: Option<Date>,
    /// Last day of service, included.
    pub to: Option<Date>,
}

/// The profile at a glance.
#[must_use]
pub fn summary(profile: &Profile) -> Summary<'_> {
    let objects = profile.objects.iter().map(|object| {
        let span = profile.service_span(object);
        ObjectSummary {
            id: &object.id,
            name: &object.name,
            division: object.division.as_deref(),
            source: &object.source,
            from: span.map(|(from, _)| from),
            to: span.map(|(_, to)| to),
        }
    });
    Summary {
        contract: &profile.id,
        document: &profile.document,
        name: &profile.facts.contract.name,
        buyer: &profile.facts.contract.buyer,
        version: &profile.version,
        divisions: &profile.divisions,
        hours: &profile.hours,
        objects: objects.collect(),
        rules: &profile.rules,
        settings: &profile.settings,
        rows: rows(profile),
    }
}

fn rows(profile: &Profile) -> BTreeMap<&'static str, usize> {
    let facts = &profile.facts;
    BTreeMap::from([
        ("assessment", facts.assessment.len()),
        ("asset", facts.asset.len()),
        ("coverage", facts.coverage.len()),
        ("deliverable", facts.deliverable.len()),
        ("inspection", facts.inspection.len()),
        ("maintenance_object", facts.maintenance_object.len()),
        ("onsite", facts.onsite.len()),
        ("platform_feature", facts.platform_feature.len()),
        ("position", facts.position.len()),
        ("quota", facts.quota.len()),
        ("record_rule", facts.record_rule.len()),
        ("requirement", facts.requirement.len()),
        ("security_rule", facts.security_rule.len()),
        ("sla", facts.sla.len()),
        ("spare", facts.spare.len()),
        ("staff_rule", facts.staff_rule.len()),
        ("target", facts.target.len()),
        ("threshold", facts.threshold.len()),
        ("ticket_feature", facts.ticket_feature.len()),
    ])
}
