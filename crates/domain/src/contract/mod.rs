//! Contracts as data: one schema for the facts of all documents, our reading of their words, and the
//! site's settings.
//!
//! Code knows kinds of rules, never a contract. A profile is read from text; every mistake in it is
//! reported at once, with file, line, key and reason.

pub mod facts;
mod objects;
mod profile;
mod reading;
mod rules;
mod settings;
mod shipped;
mod summary;
pub(crate) mod toml_reader;

pub use objects::{Object, ServiceTerm, in_service};
pub use profile::{Profile, ProfileVersion, Text};
pub use reading::{LevelCase, Reading, RuleReading};
pub use rules::{Rule, RuleTarget, RuleWindow, Scope, Start};
pub use settings::{
    CalendarSetting, DaySetting, LimitSetting, OfficeHoursSetting, PauseSetting, Settings,
    SystemClassSetting, VipSetting,
};
pub use shipped::{SHIPPED, Shipped, shipped};
pub use summary::{ObjectSummary, Summary, summary};
