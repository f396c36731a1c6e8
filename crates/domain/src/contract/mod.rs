//! Contracts as data: one schema for the facts of all documents, our reading of their words, and the
//! site's settings.
//!
//! Code knows kinds of rules, never a contract. A profile is read from text; every mistake in it is
//! reported at once, with file, line, key and reason.

mod check;
mod diff;
pub mod facts;
pub mod form;
mod objects;
mod profile;
mod questions;
mod reading;
mod rows;
mod rules;
mod settings;
mod shipped;
mod summary;
pub(crate) mod toml_reader;

pub use diff::{Change, ContractDiff, FieldChange, RowChange, RuleChange, SettingChange, diff};
pub use objects::{Object, ServiceTerm, in_service};
pub use profile::{Category, Profile, ProfileVersion, Text};
pub use questions::{OpenQuestion, open_questions};
pub use reading::{CallCounterReading, LevelCase, Question, Reading, RecordCategory, RuleReading, Topic};
pub use rows::{FactRow, HeadPart, TableDigest, manifest};
pub use rules::{Rule, RuleTarget, RuleWindow, Scope, Start, source_of};
pub use settings::{
    AnswerSetting, AttendanceSetting, Basis, BusinessSystemKind, BusinessSystemSetting, CalendarFile,
    CalendarSetting, CaretakerSetting, DayMeaning, DayMeaningSetting, DaySetting, DutyDays, DutyKind,
    DutyOrderSetting, DutyPostSetting, DutyRulesSetting, LimitSetting, OfficeHoursSetting, Party,
    PauseSetting, PlatformSetting, PrecedenceSetting, Preference, Presence, RecordCategorySetting,
    RecordNeed, Settings, StockStoreKind, StockStoreSetting, SwapConsent, SystemClassSetting, VipKind,
    VipSetting, WarningSetting, WindowDays, WindowSetting, WorkdayMeaning,
};
pub use shipped::{SHIPPED, Shipped, shipped};
pub use summary::{ObjectSummary, Summary, summary};
