//! What crosses the door about contracts and the settings of a site.
//!
//! Instants are RFC 3339 in +08:00, dates `2025-10-01`; `source` is `001:52-54` (document and lines) or
//! `本项目约定`.

use super::dto::{Choice, OrderStatusDto};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A contract published at this site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContractItem {
    /// Contract id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Version in force, from 1.
    pub version: u32,
    /// Hash of that version.
    pub hash: String,
    /// Published here and not yet confirmed by the centre, which may refuse it.
    pub pending: bool,
    /// When it was published.
    pub published_at: String,
    /// By whom: a name, or 中心端.
    pub published_by: String,
    /// How many questions are open.
    pub open_questions: u32,
    /// Whether the person's rights reach it.
    pub mine: bool,
}

/// Request: one contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContractRef {
    /// Contract id.
    pub contract: String,
}

/// A contract at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContractView {
    /// Contract id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Version in force, from 1.
    pub version: u32,
    /// Hash of that version.
    pub hash: String,
    /// Published here and not yet confirmed by the centre, which may refuse it.
    pub pending: bool,
    /// Hash of facts and reading.
    pub facts_hash: String,
    /// Hash of the settings.
    pub settings_hash: String,
    /// When it was published.
    pub published_at: String,
    /// By whom: a name, or 中心端.
    pub published_by: String,
    /// 当事人、标的、地点、付款 … of the head of the document.
    pub head: Vec<FactLine>,
    /// Service periods.
    pub periods: Vec<PeriodItem>,
    /// 总队 or owning units.
    pub divisions: Vec<String>,
    /// Maintenance objects.
    pub objects: Vec<ObjectItem>,
    /// Clock rules.
    pub rules: Vec<RuleItem>,
    /// Posts.
    pub posts: Vec<FactLine>,
    /// Duties to be present or reachable.
    pub duties: Vec<FactLine>,
    /// Every table of facts with its name and number of rows, for the full-text page.
    pub tables: Vec<TableItem>,
    /// Versions, newest first.
    pub versions: Vec<VersionItem>,
}

/// A fact in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FactLine {
    /// Id, unique in its list.
    pub id: String,
    /// What it is.
    pub label: String,
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub source: String,
}

/// A service period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PeriodItem {
    /// Id, unique in its list.
    pub id: String,
    /// What it applies to.
    pub name: String,
    /// Verbatim words.
    pub text: String,
    /// First day, where known.
    pub from: Option<String>,
    /// Last day, included, where known.
    pub to: Option<String>,
    /// What begins it, where an event does (验收).
    pub begins: Option<String>,
    /// Whether the dates come from the settings.
    pub agreed: bool,
    /// Where it stands.
    pub source: String,
}

/// A maintenance object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ObjectItem {
    /// Its number.
    pub no: String,
    /// Its name.
    pub name: String,
    /// 总队 or owning unit.
    pub division: Option<String>,
    /// `core|important|general` from the settings.
    pub class: Option<String>,
    /// Users in the scope of operations, from the settings.
    pub users: Option<u32>,
    /// First day of service, where known.
    pub from: Option<String>,
    /// Last day of service, included, where known.
    pub to: Option<String>,
    /// What to know of its service.
    pub note: Option<String>,
    /// Ids of the rules that reach it, most specific first.
    pub rules: Vec<String>,
    /// Where it stands.
    pub source: String,
}

/// A clock rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleItem {
    /// Rule id.
    pub id: String,
    /// Level it belongs to.
    pub level: Option<String>,
    /// To what it applies, in the document's words.
    pub applies_to: String,
    /// What it says, in the document's words.
    pub text: String,
    /// What it promises.
    pub targets: Vec<RuleTargetItem>,
    /// Named window or hours in which the fault must start; null: always.
    pub window: Option<String>,
    /// How our reading takes it; null where the words speak for themselves.
    pub note: Option<String>,
    /// Where it stands.
    pub source: String,
    /// Open orders with a clock under this rule now.
    pub open_orders: u32,
}

/// A promise of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleTargetItem {
    /// `response`, `arrival` …
    pub target: String,
    /// Its Chinese name.
    pub name: String,
    /// `60分钟`, `3天`, `未写明时限`.
    pub limit_text: String,
    /// Where its clock starts.
    pub starts_text: String,
}

/// A table of facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TableItem {
    /// Its name in the file.
    pub kind: String,
    /// Its Chinese title.
    pub title: String,
    /// Rows.
    pub count: u32,
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VersionItem {
    /// Version, from 1.
    pub version: u32,
    /// Its hash.
    pub hash: String,
    /// Published here and not yet confirmed by the centre, which may refuse it.
    pub pending: bool,
    /// When it was published.
    pub published_at: String,
    /// By whom: a name, or 中心端.
    pub by: String,
}

/// Request: full-text search over every row of the document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowArgs {
    /// Contract id.
    pub contract: String,
    /// Only this table.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub table: Option<String>,
    /// Words, all of which must occur; empty: all rows.
    pub search: String,
    /// Rows to skip.
    pub offset: u32,
    /// Rows wanted, at most 200.
    pub limit: u32,
}

/// Reply: a page of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowPage {
    /// The rows, in the document's order.
    pub rows: Vec<RowItem>,
    /// How many match in all.
    pub total: u32,
}

/// A row of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowItem {
    /// Name of its table.
    pub table: String,
    /// Chinese title of the table.
    pub table_title: String,
    /// Its id in the table.
    pub id: String,
    /// Where it stands.
    pub source: String,
    /// Verbatim words of the document; null where the file has none.
    pub text: Option<String>,
    /// Its other fields.
    pub fields: Vec<RowField>,
}

/// A field of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowField {
    /// What it is.
    pub label: String,
    /// What it says.
    pub value: String,
}

/// 待甲方提供: something the buyer has to provide or decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QuestionItem {
    /// Stable id.
    pub id: String,
    /// The question.
    pub question: String,
    /// Clauses that leave it open.
    pub sources: Vec<String>,
    /// What it blocks.
    pub blocks: String,
    /// Rules concerned.
    pub rules: Vec<String>,
    /// Section of the settings form that answers it; `answer` where only a written answer does.
    pub section: String,
}

/// The settings of a site as a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettingForm {
    /// Contract id.
    pub contract: String,
    /// Version in force, from 1.
    pub version: u32,
    /// Hash of the version these values come from; goes back with publishing.
    pub base_hash: String,
    /// JSON object: section key → list of rows (or one row where `single`); a row = field key → value.
    pub values: String,
    /// Its sections.
    pub sections: Vec<SettingSection>,
    /// Whether this person may publish.
    pub may_publish: bool,
}

/// A section of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettingSection {
    /// Its key in the values.
    pub key: String,
    /// Title.
    pub title: String,
    /// What it settles.
    pub help: String,
    /// One row instead of a list.
    pub single: bool,
    /// Open questions this section answers.
    pub open: u32,
    /// Fields of a row.
    pub fields: Vec<SettingField>,
}

/// A field of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettingField {
    /// Its key; dotted for the basis: `basis.effective`, `basis.who`, `basis.paper`.
    pub key: String,
    /// Label.
    pub label: String,
    /// `text|long|date|month_day|number|choice|choices`, `windows` (a list), `dates` (a list)
    /// or `percents` (a list of numbers).
    pub kind: String,
    /// Must be filled.
    pub required: bool,
    /// What to know about it.
    pub help: Option<String>,
    /// Choices for `choice` and `choices`.
    pub choices: Option<Vec<Choice>>,
}

/// Request: what these values would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettingArgs {
    /// Contract id.
    pub contract: String,
    /// Values as in [`SettingForm`].
    pub values: String,
}

/// What values would change; nothing is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettingPreview {
    /// What is wrong with them; empty: they can be published.
    pub problems: Vec<SettingProblem>,
    /// Entries that differ from the version in force.
    pub changes: Vec<SettingChangeItem>,
    /// Open orders whose clocks would change if bound to the new version.
    pub orders: Vec<SettingOrder>,
    /// Open orders of this contract within reach, changed or not.
    pub open_orders: u32,
}

/// A mistake in the values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettingProblem {
    /// Key of the section.
    pub section: String,
    /// Row, from 0; null for a section that stands once.
    pub row: Option<u32>,
    /// Key of the field.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
}

/// An entry that came, went or differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettingChangeItem {
    /// Key of the section.
    pub section: String,
    /// What it is about.
    pub title: String,
    /// Before; null: not there.
    pub before: Option<String>,
    /// After; null: not there any more.
    pub after: Option<String>,
}

/// An open order whose clocks would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettingOrder {
    /// Entity id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Title.
    pub title: String,
    /// Status.
    pub status: OrderStatusDto,
    /// One sentence per target: `恢复：24小时 → 8小时，到期 10-16 09:10 → 10-15 17:10`.
    pub changes: Vec<String>,
}

/// Request: publish settings, an act of consent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SettingPublish {
    /// Contract id.
    pub contract: String,
    /// Values as in [`SettingForm`].
    pub values: String,
    /// Hash of the version they were edited from.
    pub base_hash: String,
    /// Why, and on what paper.
    pub note: String,
    /// Ids of open orders to bind to the new version.
    pub rebind: Vec<String>,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// A question of the level assistant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LevelQuestionDto {
    /// Key of the fact it fills: `vip`, `request`, `security_event`, `system_class`, `share`, or `level`.
    pub key: String,
    /// The question.
    pub text: String,
    /// Its choices.
    pub choices: Vec<Choice>,
    /// The value answered; null: open.
    pub answer: Option<String>,
}

/// A level with the clause that states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LevelClauseDto {
    /// The level.
    pub level: String,
    /// What it means, in the document's words.
    pub definition: String,
    /// Where it stands.
    pub source: String,
}

/// An event that set or moved a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MoveDto {
    /// When it happened.
    pub at: String,
    /// Whether it was written down after something that happened later.
    pub late: bool,
    /// What it did, in one sentence.
    pub text: String,
    /// How it stood before, such as `到期 09-30 16:30`; null: the clock was not there.
    pub before: Option<String>,
    /// How it stood after; null: the clock is not there any more.
    pub after: Option<String>,
}
