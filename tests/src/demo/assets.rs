//! The committed texts of the demo: people, log-ins, kinds of work, settings.

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde::Deserialize;
use zaigang_domain::contract::{Profile, Text, shipped};

const PEOPLE: &str = include_str!("../../../assets/demo/people.toml");
const LOGINS: &str = include_str!("../../../assets/demo/logins.toml");
const WORK: &str = include_str!("../../../assets/demo/work.toml");
const SETTINGS: &str = include_str!("../../../assets/demo/guangxi-police.settings.toml");

/// Everything the demo is made from.
#[derive(Debug, Clone)]
pub struct Assets {
    /// The contract with the demo's settings.
    pub profile: Profile,
    /// Who works there.
    pub people: Vec<Person>,
    /// Who can log in, and where.
    pub logins: Logins,
    /// What there is to do.
    pub work: Work,
}

/// One person; every name is made up and says so.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Log-in name, also the user id.
    pub login: String,
    /// Name shown.
    pub name: String,
    /// Post of the contract.
    pub post: Option<String>,
    /// Roles held.
    pub roles: Vec<String>,
    /// Divisions they hold for; empty means all.
    pub divisions: Vec<String>,
    /// On site or remote.
    pub onsite: bool,
}

impl Person {
    /// Whether this role is held.
    #[must_use]
    pub fn has(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }

    /// Whether work of this division is theirs.
    #[must_use]
    pub fn covers(&self, division: &str) -> bool {
        self.divisions.is_empty() || self.divisions.iter().any(|own| own == division)
    }
}

/// The log-ins of the demo and the moment it begins.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logins {
    /// Contract id.
    pub contract: String,
    /// Name of the site.
    pub site: String,
    /// When the demo begins.
    pub now: Timestamp,
    /// The accounts.
    pub login: Vec<Login>,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// Log-in name.
    pub login: String,
    /// Role shown in the table of accounts.
    pub role: String,
    /// Public on purpose.
    pub password: String,
    /// Folder of the console made for them.
    pub console: Option<String>,
    /// Name of that console.
    pub device: Option<String>,
    /// Divisions whose logs that console holds; empty means all.
    #[serde(default)]
    pub divisions: Vec<String>,
}

/// What there is to do, in the words of those who do it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// Words put into titles and texts.
    pub fill: std::collections::BTreeMap<String, Vec<String>>,
    /// Faults and requests by subject.
    pub theme: Vec<Theme>,
    /// Daily services of 附件3.
    pub daily: Vec<Daily>,
    /// Faults of the past whose solution was written down.
    pub lesson: Vec<Lesson>,
    /// Texts entered with steps.
    pub steps: Steps,
}

/// A fault of the past and what was learnt from it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lesson {
    /// Maintenance object of the twelfth division.
    pub object: String,
    /// Days before the demo's moment at which it was reported.
    pub days: i64,
    /// Title of the order.
    pub title: String,
    /// What was seen.
    pub symptom: String,
    /// Why it was so.
    pub cause: String,
    /// What helped.
    pub steps: String,
}

/// A subject of faults and requests.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Its name.
    pub name: String,
    /// Maintenance objects it fits.
    #[serde(default)]
    pub objects: Vec<String>,
    /// It fits every object no other theme names.
    #[serde(default)]
    pub general: bool,
    /// Titles of faults.
    pub incident: Vec<String>,
    /// Titles of requests.
    pub request: Vec<String>,
    /// What was found.
    pub found: Vec<String>,
    /// What was done.
    pub done: Vec<String>,
}

/// A daily service of 附件3.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Daily {
    /// Its number in 附件3.
    pub service: u32,
    /// How often it comes compared with the others.
    pub weight: u32,
    /// Titles.
    pub title: Vec<String>,
    /// Results.
    pub text: Vec<String>,
}

/// Texts entered with steps.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is the text of the step of that name")]
pub struct Steps {
    pub respond: Vec<String>,
    pub arrive: Vec<String>,
    pub note: Vec<String>,
    pub workaround: Vec<String>,
    pub pause: Vec<[String; 3]>,
    pub resume: Vec<String>,
    pub confirm: Vec<String>,
    pub close: Vec<String>,
    pub return_reason: Vec<String>,
    pub transfer_reason: Vec<String>,
    pub reopen_reason: Vec<String>,
    pub urge: Vec<String>,
    pub raise_reason: Vec<String>,
}

impl Assets {
    /// Reads the committed texts.
    ///
    /// # Errors
    /// A text that cannot be read, or a profile with mistakes.
    pub fn load() -> Result<Self> {
        #[derive(Deserialize)]
        struct People {
            person: Vec<Person>,
        }
        let people: People = toml::from_str(PEOPLE).context("reading people.toml")?;
        let logins: Logins = toml::from_str(LOGINS).context("reading logins.toml")?;
        let work = toml::from_str(WORK).context("reading work.toml")?;
        let shipped = shipped(&logins.contract).context("the demo's contract is not shipped")?;
        let profile =
            Profile::load(&logins.contract, shipped.facts, Some(shipped.reading), Some(Self::settings()))
                .map_err(|mistakes| anyhow::anyhow!("the demo's profile has mistakes: {mistakes}"))?;
        Ok(Self { profile, people: people.person, logins, work })
    }

    /// The demo's settings with the file's name.
    #[must_use]
    pub fn settings() -> Text<'static> {
        Text { file: "guangxi-police.settings.toml", text: SETTINGS }
    }

    /// The person with a log-in name.
    #[must_use]
    pub fn person(&self, login: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.login == login)
    }

    /// On-site engineers who care for an object: those of its post, else those of its division.
    #[must_use]
    pub fn engineers(&self, object: &str, division: &str) -> Vec<&Person> {
        let works = |person: &&Person| person.has("engineer") && person.onsite && person.covers(division);
        let own: Vec<&Person> =
            self.people.iter().filter(works).filter(|person| self.is_of_post(person, object)).collect();
        if own.is_empty() { self.people.iter().filter(works).collect() } else { own }
    }

    /// A remote engineer of the object's post, where it has one.
    #[must_use]
    pub fn remote(&self, object: &str) -> Option<&Person> {
        self.people.iter().find(|person| !person.onsite && self.is_of_post(person, object))
    }

    fn is_of_post(&self, person: &Person, object: &str) -> bool {
        let post = self.profile.facts.position.iter().find(|row| Some(&row.id) == person.post.as_ref());
        post.is_some_and(|row| row.object_nos.iter().any(|no| no == object))
    }

    /// The theme of an object.
    #[must_use]
    pub fn theme(&self, object: &str) -> Option<&Theme> {
        let named = self.work.theme.iter().find(|theme| theme.objects.iter().any(|no| no == object));
        named.or_else(|| self.work.theme.iter().find(|theme| theme.general))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn people_follow_the_contract_and_no_name_is_real() {
        let assets = Assets::load().unwrap();
        let staff: Vec<&Person> = assets.people.iter().filter(|person| person.post.is_some()).collect();
        assert_eq!(staff.len(), 63);
        assert_eq!(staff.iter().filter(|person| person.onsite).count(), 33);
        for row in &assets.profile.facts.position {
            let here = staff.iter().filter(|person| person.post.as_ref() == Some(&row.id));
            assert_eq!(here.count(), row.count.unwrap_or(1) as usize, "{}", row.id);
        }
        let names: BTreeSet<&str> = assets.people.iter().map(|person| person.name.as_str()).collect();
        let logins: BTreeSet<&str> = assets.people.iter().map(|person| person.login.as_str()).collect();
        assert_eq!((names.len(), logins.len()), (assets.people.len(), assets.people.len()));
        assert!(names.iter().all(|name| name.starts_with("演示·")));
        assert!(logins.iter().all(|login| login.bytes().all(|byte| byte.is_ascii_lowercase())));
    }

    #[test]
    fn accounts_belong_to_people_and_hold_their_role() {
        let assets = Assets::load().unwrap();
        for login in &assets.logins.login {
            assert!(assets.person(&login.login).unwrap().has(&login.role), "{}", login.login);
        }
        let engineers: Vec<_> = assets.logins.login.iter().filter(|login| login.role == "engineer").collect();
        assert_eq!(engineers.len(), 2);
        assert_eq!(engineers[0].divisions, engineers[1].divisions, "two of one division");
    }

    #[test]
    fn every_object_has_a_theme_and_somebody_on_site() {
        let assets = Assets::load().unwrap();
        for object in &assets.profile.objects {
            let division = object.division.as_deref().unwrap();
            assert!(assets.theme(&object.id).is_some(), "{}", object.id);
            assert!(!assets.engineers(&object.id, division).is_empty(), "{}", object.id);
            assert!(object.class.is_some(), "{} has no class in the settings", object.id);
        }
        for named in assets.work.theme.iter().flat_map(|theme| &theme.objects) {
            assert!(assets.profile.object(named).is_some(), "{named}");
        }
    }
}
