//! A contract profile: the document's facts, our reading of its words and the site's settings, checked
//! together and hashed apart.

use jiff::civil::Date;
use serde::Serialize;

use super::facts::Facts;
use super::objects::{Object, in_service, objects_of};
use super::reading::{LevelCase, Reading};
use super::rules::{Rule, rules_of, source_of};
use super::settings::Settings;
use super::toml_reader::Document;
use crate::calendar::{OfficeHours, Season};
use crate::mistake::{Mistake, Mistakes};

/// A named text that a profile is made of.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// Name shown in mistakes.
    pub file: &'a str,
    /// Its content.
    pub text: &'a str,
}

/// A contract, ready for the rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// File stem of the profile.
    pub id: String,
    /// Number of the document, such as `001`, as it stands in every source.
    pub document: String,
    /// The facts.
    pub facts: Facts,
    /// 本项目约定.
    pub settings: Settings,
    /// Objects in the document's order.
    pub objects: Vec<Object>,
    /// 总队 or owning units, in order of first mention.
    pub divisions: Vec<String>,
    /// Clock rules in the document's order.
    pub rules: Vec<Rule>,
    /// Rows of the level matrix; empty: the document has none.
    pub level_cases: Vec<LevelCase>,
    /// Names of windows that mean office hours once these are known.
    pub office_windows: Vec<String>,
    /// Office hours from the document or the settings.
    pub hours: OfficeHours,
    /// Hashes of what it was read from.
    pub version: ProfileVersion,
}

/// What a profile was read from, as BLAKE3 in 64 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProfileVersion {
    /// Facts and our reading of them.
    pub facts: String,
    /// The site's settings.
    pub settings: String,
}

impl Profile {
    /// Reads and checks a profile; without settings nothing is agreed.
    ///
    /// # Errors
    /// Every mistake in all the texts, each with file, line, key and reason.
    pub fn load(
        id: &str,
        facts: Text<'_>,
        reading: Option<Text<'_>>,
        settings: Option<Text<'_>>,
    ) -> Result<Self, Mistakes> {
        let mut mistakes = Vec::new();
        let read_facts = collect(Document::read::<Facts>(facts.file, facts.text), &mut mistakes);
        let read_reading =
            reading.and_then(|text| collect(Document::read::<Reading>(text.file, text.text), &mut mistakes));
        let read_settings = settings
            .and_then(|text| collect(Document::read::<Settings>(text.file, text.text), &mut mistakes));
        let (Some(read_facts), true) = (read_facts, mistakes.is_empty()) else {
            return Err(Mistakes(mistakes));
        };
        let version = ProfileVersion {
            facts: hash([facts.text, reading.map_or("", |text| text.text)]),
            settings: hash([settings.map_or("", |text| text.text)]),
        };
        let profile = Self::assemble(id, read_facts, read_reading, read_settings, version);
        let mut check = Check { profile: &profile, facts, settings, found: Vec::new() };
        check.all();
        if check.found.is_empty() { Ok(profile) } else { Err(Mistakes(check.found)) }
    }

    fn assemble(
        id: &str,
        facts: Facts,
        reading: Option<Reading>,
        settings: Option<Settings>,
        version: ProfileVersion,
    ) -> Self {
        let settings = settings.unwrap_or_else(|| Settings::none(id));
        let document = document_number(&facts);
        let mut objects = objects_of(&facts, &document);
        for object in &mut objects {
            object.class =
                settings.system_class.iter().find(|row| row.object == object.id).map(|row| row.class);
        }
        let rules = rules_of(&facts, reading.as_ref(), &settings, &objects, &document);
        let (level_cases, office_windows) =
            reading.map(|reading| (reading.level_case, reading.office_windows)).unwrap_or_default();
        let hours = hours_of(&facts, &settings, &document);
        let divisions = divisions_of(&facts, &objects);
        Self {
            id: id.to_owned(),
            document,
            facts,
            settings,
            objects,
            divisions,
            rules,
            level_cases,
            office_windows,
            hours,
            version,
        }
    }

    /// The object with an id.
    #[must_use]
    pub fn object(&self, id: &str) -> Option<&Object> {
        self.objects.iter().find(|object| object.id == id)
    }

    /// The rule with an id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The object and everything it is part of, from the inside out.
    #[must_use]
    pub fn lineage<'a>(&'a self, object: Option<&'a str>) -> Vec<&'a str> {
        let mut lineage = Vec::new();
        let mut next = object;
        while let Some(id) = next
            && !lineage.contains(&id)
        {
            lineage.push(id);
            next = self.object(id).and_then(|object| object.parent.as_deref());
        }
        lineage
    }

    /// First and last day of an object's service, both included; `None` while that is not known.
    #[must_use]
    pub fn service_span(&self, object: &Object) -> Option<(Date, Date)> {
        object.term.span(self.settings.acceptance_date)
    }

    /// Whether an object is in service on a date; `None` while that is not known.
    #[must_use]
    pub fn in_service(&self, object: &Object, date: Date) -> Option<bool> {
        in_service(object, self.settings.acceptance_date, date)
    }

    /// Levels of the most specific scheme of an object, in the document's order.
    #[must_use]
    pub fn levels(&self, object: Option<&str>) -> Vec<&str> {
        let lineage = self.lineage(object);
        let scheme = self.scheme(&lineage);
        let mut levels: Vec<&str> = Vec::new();
        for rule in self.rules.iter().filter(|rule| rule.reaches(&lineage) && Some(rule.rank().0) == scheme) {
            if let Some(level) = rule.level.as_deref()
                && !levels.contains(&level)
            {
                levels.push(level);
            }
        }
        levels
    }

    /// Whether the most specific level scheme is the object's own (`true`) or the contract's; `None`: no scheme.
    #[must_use]
    pub(crate) fn scheme(&self, lineage: &[&str]) -> Option<bool> {
        let leveled = self.rules.iter().filter(|rule| rule.level.is_some() && rule.reaches(lineage));
        leveled.map(|rule| rule.rank().0).max()
    }
}

fn collect<T>(read: Result<T, Mistakes>, mistakes: &mut Vec<Mistake>) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(Mistakes(found)) => {
            mistakes.extend(found);
            None
        }
    }
}

fn hash<const N: usize>(texts: [&str; N]) -> String {
    let mut hasher = blake3::Hasher::new();
    for text in texts {
        hasher.update(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// `001` of `001_961e343c3d859b29.txt`; the profile's id where no source file is named.
fn document_number(facts: &Facts) -> String {
    let file = facts.contract.source_file.as_deref().or(facts.meta.as_ref().map(|meta| meta.source.as_str()));
    file.and_then(|file| file.split('_').next()).unwrap_or(&facts.contract.id).to_owned()
}

fn hours_of(facts: &Facts, settings: &Settings, document: &str) -> OfficeHours {
    let mut hours = settings.hours();
    let printed = facts.working_hours.as_ref().filter(|hours| !hours.onsite_slots.is_empty());
    if let Some(printed) = printed {
        hours.seasons.push(Season {
            from: None,
            to: None,
            divisions: Vec::new(),
            windows: printed.onsite_slots.clone(),
            source: source_of(document, printed.source_line, None),
        });
    }
    hours
}

fn divisions_of(facts: &Facts, objects: &[Object]) -> Vec<String> {
    let of_objects = objects.iter().filter_map(|object| object.division.clone());
    let of_posts = facts.position.iter().filter_map(|post| post.division.clone());
    let mut divisions = Vec::new();
    for division in of_objects.chain(of_posts) {
        if !divisions.contains(&division) {
            divisions.push(division);
        }
    }
    divisions
}

/// What single keys cannot show: repeated ids and references that lead nowhere.
struct Check<'a> {
    profile: &'a Profile,
    facts: Text<'a>,
    settings: Option<Text<'a>>,
    found: Vec<Mistake>,
}

impl Check<'_> {
    fn all(&mut self) {
        let profile = self.profile;
        self.unique("sla", profile.facts.sla.iter().map(|row| row.id.as_str()));
        self.unique("maintenance_object", profile.facts.maintenance_object.iter().map(|row| row.id.as_str()));
        self.unique("position", profile.facts.position.iter().map(|row| row.id.as_str()));
        self.unique("coverage", profile.facts.coverage.iter().map(|row| row.id.as_str()));
        for (index, row) in profile.facts.sla.iter().enumerate() {
            for object in row.object_nos.iter().cloned().chain(row.needs.iter().map(u32::to_string)) {
                if profile.object(&object).is_none() {
                    self.refuse(self.facts, "sla", index, "object_nos", &object, "没有这个运维对象");
                }
            }
            for id in row.sla_ids.iter().filter(|id| profile.rule(id).is_none()) {
                self.refuse(self.facts, "sla", index, "sla_ids", id, "没有这条规则");
            }
            for level in &row.downgrade_to {
                if !profile.facts.sla.iter().any(|other| other.level.as_ref() == Some(level)) {
                    self.refuse(self.facts, "sla", index, "downgrade_to", level, "没有这个级别");
                }
            }
        }
        for (index, row) in profile.facts.maintenance_object.iter().enumerate() {
            for id in row.sla_ids.iter().filter(|id| profile.rule(id).is_none()) {
                self.refuse(self.facts, "maintenance_object", index, "sla_ids", id, "没有这条规则");
            }
            if let (Some(from), Some(to)) = (row.service_start, row.service_end)
                && from > to
            {
                self.refuse(
                    self.facts,
                    "maintenance_object",
                    index,
                    "service_start",
                    &from.to_string(),
                    "晚于 service_end",
                );
            }
        }
        if let Some(settings) = self.settings {
            self.settings(settings);
        }
    }

    fn settings(&mut self, text: Text<'_>) {
        let profile = self.profile;
        let settings = &profile.settings;
        if settings.contract != profile.id {
            self.refuse(text, "contract", 0, "contract", &settings.contract, "不是这份合同的约定");
        }
        for (index, row) in settings.system_class.iter().enumerate() {
            if profile.object(&row.object).is_none() {
                self.refuse(text, "system_class", index, "object", &row.object, "没有这个运维对象");
            }
        }
        for (index, row) in settings.limit.iter().enumerate() {
            if profile.rule(&row.rule).is_none() {
                self.refuse(text, "limit", index, "rule", &row.rule, "没有这条规则");
            }
        }
        for (index, row) in settings.calendar.iter().enumerate() {
            for rule in row.rules.iter().filter(|rule| profile.rule(rule).is_none()) {
                self.refuse(text, "calendar", index, "rules", rule, "没有这条规则");
            }
        }
        for (index, row) in settings.office_hours.iter().enumerate() {
            self.windows(text, "office_hours", index, &row.windows);
        }
        for (index, row) in settings.day.iter().enumerate() {
            self.windows(text, "day", index, &row.windows);
        }
    }

    fn windows(&mut self, text: Text<'_>, table: &str, index: usize, windows: &[crate::calendar::Window]) {
        for pair in windows.windows(2) {
            if let [first, second] = pair
                && first.to > second.from
            {
                self.refuse(text, table, index, "windows", &second.to_string(), "时段须按先后排列且不重叠");
            }
        }
    }

    fn unique<'b>(&mut self, table: &str, ids: impl Iterator<Item = &'b str>) {
        let mut seen = std::collections::BTreeSet::new();
        for (index, id) in ids.enumerate() {
            if !seen.insert(id) {
                self.refuse(self.facts, table, index, "id", id, "编号重复");
            }
        }
    }

    fn refuse(&mut self, text: Text<'_>, table: &str, index: usize, key: &str, value: &str, reason: &str) {
        self.found.push(Mistake {
            file: text.file.to_owned(),
            line: line_of(text.text, table, index),
            key: format!("{table}[{index}].{key}"),
            value: Some(format!("\"{value}\"")),
            reason: reason.to_owned(),
        });
    }
}

/// Line of the n-th row of a table.
fn line_of(text: &str, table: &str, index: usize) -> Option<u32> {
    let header = format!("[[{table}]]");
    let mut rows = text.lines().enumerate().filter(|(_, line)| line.trim() == header);
    rows.nth(index).and_then(|(line, _)| u32::try_from(line + 1).ok())
}
