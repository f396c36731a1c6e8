//! A contract profile: the document's facts, our reading of its words and the site's settings, checked
//! together and hashed apart.

use jiff::civil::Date;
use serde::Serialize;

use super::check::{Sources, check, check_settings};
use super::facts::Facts;
use super::objects::{Object, ServiceTerm, in_service, objects_of};
use super::reading::{CallCounterReading, LevelCase, Question, Reading, RecordCategory};
use super::rows::{FactRow, HeadPart, heads_of, rows_of};
use super::rules::{Rule, rules_of, source_of};
use super::settings::{RecordNeed, Settings};
use super::toml_reader::{Row, Source};
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
    /// Categories of work records: the document's, then those agreed.
    pub record_categories: Vec<Category>,
    /// Clauses that count calls to the duty phone.
    pub call_counters: Vec<CallCounterReading>,
    /// Questions that our reading puts to the buyer.
    pub questions: Vec<Question>,
    /// Every row of the document, with its key.
    pub rows: Vec<FactRow>,
    /// What of the document stands in no table of rows.
    pub heads: Vec<HeadPart>,
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

/// A category of work records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Category {
    /// Its name.
    pub name: String,
    /// `001:1196`, or `本项目约定`.
    pub source: String,
    /// A record names the authorisation.
    pub authorised: bool,
    /// A record says whether all was normal.
    pub inspected: bool,
    /// A record names who confirmed on the buyer's side.
    pub confirmed: bool,
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
        let version = ProfileVersion {
            facts: hash([facts.text, reading.map_or("", |text| text.text)]),
            settings: hash([settings.map_or("", |text| text.text)]),
        };
        let facts = open(Some(facts), &mut mistakes);
        let reading = open(reading, &mut mistakes);
        let settings = open(settings, &mut mistakes);
        let read_facts = read::<Facts>(facts.as_ref(), &mut mistakes);
        let read_reading = read::<Reading>(reading.as_ref(), &mut mistakes);
        let read_settings = read::<Settings>(settings.as_ref(), &mut mistakes);
        let Some(facts) = facts else { return Err(Mistakes(mistakes)) };
        let sources = Sources { facts: &facts, reading: reading.as_ref(), settings: settings.as_ref() };
        mistakes.extend(check(id, &sources));
        let (Some(read_facts), true) = (read_facts, mistakes.is_empty()) else {
            return Err(Mistakes(mistakes));
        };
        let rows = rows_of(&facts, &document_number(&read_facts));
        let heads = heads_of(&facts);
        let profile = Self::assemble(id, read_facts, read_reading, read_settings, version);
        let profile = Self { rows, heads, ..profile };
        let found = settings.map(|settings| check_settings(&profile, &settings)).unwrap_or_default();
        if found.is_empty() { Ok(profile) } else { Err(Mistakes(found)) }
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
        let (level_cases, office_windows, questions, printed, call_counters) = reading
            .map(|reading| {
                (
                    reading.level_case,
                    reading.office_windows,
                    reading.question,
                    reading.record_category,
                    reading.call_counter,
                )
            })
            .unwrap_or_default();
        let record_categories = categories_of(&printed, &settings, &document);
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
            record_categories,
            call_counters,
            questions,
            rows: Vec::new(),
            heads: Vec::new(),
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

    /// The category of work records with a name.
    #[must_use]
    pub fn record_category(&self, name: &str) -> Option<&Category> {
        self.record_categories.iter().find(|category| category.name == name)
    }

    /// Ids of the posts that record for colleagues of a division; empty: none was agreed on.
    #[must_use]
    pub fn caretakers(&self, division: &str) -> Vec<&str> {
        let agreed = self.settings.caretaker.iter();
        let here = agreed.filter(|row| row.divisions.iter().any(|name| name == division));
        here.flat_map(|row| row.posts.iter().map(String::as_str)).collect()
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

    /// The service period of an object for people.
    #[must_use]
    pub fn period_text(&self, object: &Object) -> String {
        match (self.service_span(object), object.term) {
            (Some((from, to)), ServiceTerm::Dates { .. }) => format!("{from} 至 {to}"),
            (Some((from, to)), _) => format!("{from} 至 {to}（自验收日起算，验收日为本项目约定）"),
            (None, ServiceTerm::Months(months)) => format!("自验收起 {months} 个月，验收日尚未录入"),
            (None, ServiceTerm::Days(days)) => format!("自验收起 {days} 天，验收日尚未录入"),
            (None, _) => "文件未写明".to_owned(),
        }
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

fn open<'a>(text: Option<Text<'a>>, mistakes: &mut Vec<Mistake>) -> Option<Source<'a>> {
    collect(Source::open(text?.file, text?.text), mistakes)
}

fn read<T: Row>(source: Option<&Source<'_>>, mistakes: &mut Vec<Mistake>) -> Option<T> {
    collect(source?.read::<T>(), mistakes)
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

fn categories_of(printed: &[RecordCategory], settings: &Settings, document: &str) -> Vec<Category> {
    let own = printed.iter().map(|row| Category {
        name: row.name.clone(),
        source: format!("{document}:{}", row.source_line),
        authorised: row.authorised == Some(true),
        inspected: row.inspected == Some(true),
        confirmed: row.confirmed == Some(true),
    });
    let known = |name: &String| printed.iter().any(|row| row.name == *name);
    let agreed = settings.record_category.iter().filter(|row| !known(&row.name)).map(|row| Category {
        name: row.name.clone(),
        source: "本项目约定".to_owned(),
        authorised: row.needs == Some(RecordNeed::Authorisation),
        inspected: row.needs == Some(RecordNeed::Inspection),
        confirmed: row.needs == Some(RecordNeed::Confirmation),
    });
    own.chain(agreed).collect()
}

fn hours_of(facts: &Facts, settings: &Settings, document: &str) -> OfficeHours {
    let mut hours = settings.hours();
    let printed = facts.working_hours.as_ref().filter(|hours| !hours.onsite_slots.is_empty());
    if let Some(printed) = printed {
        hours.seasons.push(Season {
            from: None,
            to: None,
            since: None,
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
