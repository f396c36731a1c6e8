//! Choices of the form's fields, resolved from the contract.

use super::super::profile::Profile;
use super::super::questions::asked;
use super::schema::ChoiceSource;
use crate::clock::{Target, target_name};
use crate::order::platform::PlatformField;

/// Longest excerpt of a clause in a choice, in characters.
const EXCERPT_CHARS_MAX: usize = 40;

/// A value with its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormChoice {
    /// Value as it stands in the settings.
    pub value: String,
    /// As people read it.
    pub label: String,
}

/// The choices of a source, in the document's order.
#[must_use]
pub fn choices_of(profile: &Profile, source: ChoiceSource) -> Vec<FormChoice> {
    match source {
        ChoiceSource::None => Vec::new(),
        ChoiceSource::Objects => {
            let objects = profile.objects.iter();
            objects.map(|object| choice(&object.id, format!("{} {}", object.id, object.name))).collect()
        }
        ChoiceSource::Divisions => profile.divisions.iter().map(|name| choice(name, name.clone())).collect(),
        ChoiceSource::Rules => rules(profile),
        ChoiceSource::Targets => targets(profile),
        ChoiceSource::Posts => {
            let posts = profile.facts.position.iter();
            posts.map(|post| choice(&post.id, format!("{} {}", post.id, post.name))).collect()
        }
        ChoiceSource::Windows => windows(profile),
        ChoiceSource::PlatformFields => {
            PlatformField::ALL.iter().map(|field| choice(field.as_str(), field.label().to_owned())).collect()
        }
        ChoiceSource::Questions => questions(profile),
        ChoiceSource::Words(words) => {
            words.iter().map(|(value, label)| choice(value, (*label).to_owned())).collect()
        }
    }
}

fn choice(value: &str, label: String) -> FormChoice {
    FormChoice { value: value.to_owned(), label }
}

fn rules(profile: &Profile) -> Vec<FormChoice> {
    let rule = |rule: &super::super::rules::Rule| {
        let level = rule.level.as_deref().map(|level| format!("（{level}）")).unwrap_or_default();
        choice(&rule.id, format!("{}{level} {}", rule.id, excerpt(&rule.definition)))
    };
    profile.rules.iter().map(rule).collect()
}

fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().take(EXCERPT_CHARS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn targets(profile: &Profile) -> Vec<FormChoice> {
    let known = |target: &&Target| profile.rules.iter().any(|rule| rule.target(**target).is_some());
    let targets = Target::ALL.iter().filter(known);
    targets.map(|target| choice(target.as_str(), target_name(*target).to_owned())).collect()
}

fn windows(profile: &Profile) -> Vec<FormChoice> {
    let mut names: Vec<&String> = Vec::new();
    for rule in &profile.rules {
        if let Some(name) = rule.window.as_ref().and_then(|window| window.name.as_ref())
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names.into_iter().map(|name| choice(name, name.clone())).collect()
}

fn questions(profile: &Profile) -> Vec<FormChoice> {
    let asked = asked(profile, &profile.settings).into_iter();
    asked.map(|question| FormChoice { value: question.id, label: question.question }).collect()
}
