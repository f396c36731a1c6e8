//! Contracts and calendars: published through the centre as events of the site log.

use serde::Serialize;
use zaigang_domain::calendar::Pack;
use zaigang_domain::contract::{Profile, Text};
use zaigang_domain::people::PublishedVersion;

use super::Centre;
use crate::error::{CentreError, Result};

/// Texts of a contract.
#[derive(Debug, Clone, Copy)]
pub struct ContractTexts<'a> {
    /// Contract id: the file stem of its profile.
    pub id: &'a str,
    /// Facts of the document, with the file's name for mistakes.
    pub profile: Text<'a>,
    /// Our reading of its words; absent: that of the version in force stays.
    pub reading: Option<Text<'a>>,
    /// The site's settings; absent: those of the version in force stay.
    pub settings: Option<Text<'a>>,
}

/// A calendar pack.
#[derive(Debug, Clone, Copy)]
pub struct CalendarText<'a> {
    /// File name, for mistakes.
    pub file: &'a str,
    /// JSON of the pack.
    pub text: &'a str,
}

/// What was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublishedAs {
    /// Entity, such as `contract/guangxi-police`.
    pub entity: String,
    /// Version hash, hex.
    pub hash: String,
    /// Title.
    pub title: String,
}

impl Centre {
    /// Publishes a contract version after reading it as every console will. Corrected facts keep the
    /// settings of the version in force, unless new ones are given.
    ///
    /// # Errors
    /// [`CentreError::BadRequest`] listing every mistake in the files, [`CentreError::Refused`], [`CentreError::Store`].
    pub fn contract_publish(&mut self, texts: &ContractTexts<'_>) -> Result<PublishedAs> {
        let in_force = self.look(|work| Ok(work.version_in_force(texts.id)?.cloned()))?;
        let kept = |file, text: fn(&PublishedVersion) -> Option<&str>| {
            in_force.as_ref().and_then(text).map(|text| Text { file, text })
        };
        let reading = texts.reading.or(kept("现行解读", |version| version.reading.as_deref()));
        let settings = texts.settings.or(kept("现行约定", |version| version.settings.as_deref()));
        let profile = Profile::load(texts.id, texts.profile, reading, settings)
            .map_err(|mistakes| CentreError::BadRequest(mistakes.to_string()))?;
        let [reading, settings] = [reading, settings].map(|text| text.map(|text| text.text));
        let hash = PublishedVersion::text_hash(texts.profile.text, reading, settings);
        let title = profile.document;
        let payload = serde_json::json!({
            "hash": hash, "title": title, "content": texts.profile.text, "reading": reading, "settings": settings,
        });
        self.transact(|work| work.act_on_site("contract", texts.id, "contract.published", payload))?;
        Ok(PublishedAs { entity: format!("contract/{}", texts.id), hash, title })
    }

    /// Publishes a calendar pack together with those in use for other years.
    ///
    /// # Errors
    /// As [`Centre::contract_publish`].
    pub fn calendar_publish(&mut self, calendar: CalendarText<'_>) -> Result<PublishedAs> {
        let pack = Pack::parse(calendar.file, calendar.text)
            .map_err(|mistakes| CentreError::BadRequest(mistakes.to_string()))?;
        let title = pack.title.clone();
        self.transact(|work| {
            let (year, packs) = work.calendar_in_force()?.published_with(pack);
            let content = serde_json::to_string(&packs)?;
            let hash = PublishedVersion::text_hash(&content, None, None);
            let payload = serde_json::json!({ "hash": hash, "title": title, "content": content });
            work.act_on_site("calendar", &year.to_string(), "calendar.published", payload)?;
            Ok(PublishedAs { entity: format!("calendar/{year}"), hash, title })
        })
    }
}
