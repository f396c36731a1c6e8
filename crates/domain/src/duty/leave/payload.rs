//! Payloads of `leave.*`, about `leave/<event id>` in a contract's common log.

use super::{LeaveKind, Step};
use crate::event::UserId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Name of the sealed part of `leave.asked`, a [`Why`].
pub const REASON: &str = "reason";

/// The sealed part [`REASON`] of `leave.asked`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Why {
    /// Why, in his words.
    pub text: String,
}

/// `leave.asked`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Whose leave.
    pub person: UserId,
    /// What kind.
    pub kind: LeaveKind,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// It holds at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub emergency: bool,
    /// Who takes his place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub substitute: Option<UserId>,
}

/// `leave.withdrawn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// The day, as its author had it.
    pub on: Date,
}

/// `leave.decided`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Granted or not.
    pub approve: bool,
    /// The day, as its author had it.
    pub on: Date,
    /// The approver he stands in for.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub for_user: Option<UserId>,
    /// In words; owed where it is not granted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

/// `leave.substituted`: somebody is named to take the place, in the stead of whoever was named before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Substituted {
    /// Who.
    pub person: UserId,
}

/// The buyer's consent as recorded for him.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Consent {
    /// Unit or post that agreed; never a person's name.
    pub unit: String,
    /// Title and number of the paper, or how it was said.
    pub paper: String,
    /// The day of the consent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
}

/// `leave.substitute_decided`: one word of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Whose.
    pub step: Step,
    /// Yes or no.
    pub approve: bool,
    /// The day, as its author had it.
    pub on: Date,
    /// The approver he stands in for.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub for_user: Option<UserId>,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// The buyer's consent, where it is recorded for him.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
}

/// Any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// `leave.asked`.
    Asked(Asked),
    /// `leave.withdrawn`.
    Withdrawn(Withdrawn),
    /// `leave.decided`.
    Decided(Decided),
    /// `leave.substituted`.
    Substituted(Substituted),
    /// `leave.substitute_decided`.
    Answered(Answered),
}

impl Act {
    /// Reads a payload; `None` for another type or what cannot be read.
    pub fn read(kind: &str, payload: &str) -> Option<Self> {
        Some(match kind {
            "leave.asked" => Self::Asked(serde_json::from_str(payload).ok()?),
            "leave.withdrawn" => Self::Withdrawn(serde_json::from_str(payload).ok()?),
            "leave.decided" => Self::Decided(serde_json::from_str(payload).ok()?),
            "leave.substituted" => Self::Substituted(serde_json::from_str(payload).ok()?),
            "leave.substitute_decided" => Self::Answered(serde_json::from_str(payload).ok()?),
            _ => return None,
        })
    }
}
