//! What differs between two versions of a contract: rows by key, settings, and what that means for clocks.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::profile::{Profile, ProfileVersion};
use super::rows::FactRow;
use super::rules::{Rule, RuleTarget, Scope, Start};
use super::settings::{DayMeaning, WorkdayMeaning};
use crate::clock::{Limit, LimitUnit, TargetCalendar, event_name, limit_text, start_name, target_name};

/// Everything that differs; all lists empty: nothing does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ContractDiff {
    /// Id of the contract.
    pub contract: String,
    /// Version before.
    pub before: ProfileVersion,
    /// Version after.
    pub after: ProfileVersion,
    /// Rows by kind and id; head parts come first under their own name.
    pub rows: Vec<RowChange>,
    /// Entries of the settings.
    pub settings: Vec<SettingChange>,
    /// What it means for clocks.
    pub rules: Vec<RuleChange>,
    /// Level matrix: changed or not.
    pub level_matrix_changed: bool,
}

/// How something differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Only in the later version.
    Added,
    /// Only in the earlier version.
    Removed,
    /// In both, not alike.
    Changed,
}

/// A row that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowChange {
    /// How.
    pub change: Change,
    /// Kind of the row.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// `document:lines`; empty for a head part.
    pub source: String,
    /// The keys that differ; empty for an added or removed row.
    pub fields: Vec<FieldChange>,
}

/// A key that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// Its path, such as `period[3].end_date`.
    pub path: String,
    /// Before; absent: not there.
    pub before: Option<Value>,
    /// After; absent: not there.
    pub after: Option<Value>,
}

/// An entry of the settings that came or went; a changed one does both.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SettingChange {
    /// How.
    pub change: Change,
    /// Its table or key.
    pub table: String,
    /// The entry.
    pub entry: Value,
}

/// A clock rule that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleChange {
    /// How.
    pub change: Change,
    /// Id of the rule.
    pub rule: String,
    /// `document:lines`.
    pub source: String,
    /// What it means, in Chinese, one sentence each.
    pub meaning: Vec<String>,
}

impl ContractDiff {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
            && self.settings.is_empty()
            && self.rules.is_empty()
            && !self.level_matrix_changed
    }
}

/// Compares two versions of a contract.
#[must_use]
pub fn diff(before: &Profile, after: &Profile) -> ContractDiff {
    let mut rows = head_changes(before, after);
    rows.extend(row_changes(&before.rows, &after.rows));
    ContractDiff {
        contract: after.id.clone(),
        before: before.version.clone(),
        after: after.version.clone(),
        rows,
        settings: setting_changes(before, after),
        rules: rule_changes(before, after),
        level_matrix_changed: before.level_cases != after.level_cases,
    }
}

fn head_changes(before: &Profile, after: &Profile) -> Vec<RowChange> {
    let heads = |profile: &Profile| -> BTreeMap<String, Value> {
        profile.heads.iter().map(|head| (head.name.clone(), head.content.clone())).collect()
    };
    let (before, after) = (heads(before), heads(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changes = names.into_iter().filter_map(|name| {
        let (one, other) = (before.get(name), after.get(name));
        let fields = fields(&flat(one), &flat(other));
        let change = change_of(one.is_some(), other.is_some(), !fields.is_empty())?;
        let fields = if change == Change::Changed { fields } else { Vec::new() };
        Some(RowChange { change, kind: name.clone(), id: name.clone(), source: String::new(), fields })
    });
    changes.collect()
}

fn row_changes(before: &[FactRow], after: &[FactRow]) -> Vec<RowChange> {
    fn keyed(rows: &[FactRow]) -> BTreeMap<(&str, &str), &FactRow> {
        rows.iter().map(|row| ((row.kind.as_str(), row.id.as_str()), row)).collect()
    }
    let (old, new) = (keyed(before), keyed(after));
    let gone = before.iter().filter(|row| !new.contains_key(&(row.kind.as_str(), row.id.as_str())));
    let mut changes: Vec<RowChange> = Vec::new();
    for row in after {
        let known = old.get(&(row.kind.as_str(), row.id.as_str()));
        let fields = known.map(|old| fields(&flat_row(old), &flat_row(row))).unwrap_or_default();
        let change = change_of(known.is_some(), true, !fields.is_empty());
        changes.extend(change.map(|change| row_change(row, change, fields)));
    }
    changes.extend(gone.map(|row| row_change(row, Change::Removed, Vec::new())));
    changes.sort_by(|one, other| one.kind.cmp(&other.kind));
    changes
}

fn row_change(row: &FactRow, change: Change, fields: Vec<FieldChange>) -> RowChange {
    RowChange { change, kind: row.kind.clone(), id: row.id.clone(), source: row.source.clone(), fields }
}

fn change_of(before: bool, after: bool, differs: bool) -> Option<Change> {
    match (before, after) {
        (false, true) => Some(Change::Added),
        (true, false) => Some(Change::Removed),
        _ => differs.then_some(Change::Changed),
    }
}

fn flat_row(row: &FactRow) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for (key, value) in &row.fields {
        flatten(key.clone(), value, &mut found);
    }
    found
}

fn flat(value: Option<&Value>) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    if let Some(value) = value {
        flatten(String::new(), value, &mut found);
    }
    found
}

/// Leaves of a value by their path.
fn flatten(path: String, value: &Value, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(path, value, found);
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                flatten(format!("{path}[{index}]"), value, found);
            }
        }
        leaf => {
            found.insert(path, leaf.clone());
        }
    }
}

fn fields(before: &BTreeMap<String, Value>, after: &BTreeMap<String, Value>) -> Vec<FieldChange> {
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let pairs = paths.into_iter().map(|path| (path, before.get(path), after.get(path)));
    pairs
        .filter(|(_, before, after)| before != after)
        .map(|(path, before, after)| FieldChange {
            path: path.clone(),
            before: before.cloned(),
            after: after.cloned(),
        })
        .collect()
}

fn setting_changes(before: &Profile, after: &Profile) -> Vec<SettingChange> {
    let (old, new) = (entries(before), entries(after));
    let gone = old.iter().filter(|entry| !new.contains(entry)).map(|entry| (Change::Removed, entry));
    let come = new.iter().filter(|entry| !old.contains(entry)).map(|entry| (Change::Added, entry));
    let mut found: Vec<SettingChange> = gone
        .chain(come)
        .map(|(change, (table, entry))| SettingChange { change, table: table.clone(), entry: entry.clone() })
        .collect();
    found.sort_by(|one, other| one.table.cmp(&other.table));
    found
}

/// The settings as (table, entry); absent keys left out.
fn entries(profile: &Profile) -> Vec<(String, Value)> {
    let Ok(Value::Object(tables)) = serde_json::to_value(&profile.settings) else { return Vec::new() };
    let mut found = Vec::new();
    for (table, value) in tables {
        match value {
            Value::Array(rows) => {
                found.extend(rows.into_iter().map(|row| (table.clone(), without_nulls(row))))
            }
            Value::Null => {}
            other => found.push((table, other)),
        }
    }
    found
}

fn without_nulls(row: Value) -> Value {
    let empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    match row {
        Value::Object(map) => {
            Value::Object(map.into_iter().filter(|(key, value)| key == "windows" || !empty(value)).collect())
        }
        other => other,
    }
}

fn rule_changes(before: &Profile, after: &Profile) -> Vec<RuleChange> {
    let gone = before.rules.iter().filter(|rule| after.rule(&rule.id).is_none());
    let gone = gone.map(|rule| rule_change(rule, Change::Removed, vec!["不再适用".to_owned()]));
    let others = after.rules.iter().filter_map(|rule| match before.rule(&rule.id) {
        None => Some(rule_change(rule, Change::Added, rule.targets.iter().map(promise_text).collect())),
        Some(old) => {
            let meaning = meaning(old, rule);
            (!meaning.is_empty()).then(|| rule_change(rule, Change::Changed, meaning))
        }
    });
    others.chain(gone).collect()
}

fn rule_change(rule: &Rule, change: Change, meaning: Vec<String>) -> RuleChange {
    RuleChange { change, rule: rule.id.clone(), source: rule.source.clone(), meaning }
}

/// What a changed rule means for clocks, one sentence each; empty: nothing.
fn meaning(before: &Rule, after: &Rule) -> Vec<String> {
    let mut found = Vec::new();
    let mut say = |what: &str, before: String, after: String| {
        if before != after {
            found.push(format!("{what}：{before} → {after}"));
        }
    };
    say("适用对象", scope_text(&before.scope), scope_text(&after.scope));
    say("级别", level_text(before), level_text(after));
    say("起算时段", window_text(before), window_text(after));
    say("可降至", before.downgrade_to.join("、"), after.downgrade_to.join("、"));
    say("须由人选定", yes(before.choose), yes(after.choose));
    let days_off = |rule: &Rule| yes(rule.buyer_decides_on_days_off);
    say("非工作日由采购人决定到场", days_off(before), days_off(after));
    let targets: BTreeSet<_> = before.targets.iter().chain(&after.targets).map(|one| one.target).collect();
    for target in targets {
        let text = |rule: &Rule| rule.target(target).map_or_else(|| "无".to_owned(), terms_text);
        say(target_name(target), text(before), text(after));
    }
    found
}

fn scope_text(scope: &Scope) -> String {
    match scope {
        Scope::Objects(ids) => ids.join("、"),
        Scope::Whole { except } if except.is_empty() => "全项目".to_owned(),
        Scope::Whole { except } => format!("全项目（{} 除外）", except.join("、")),
    }
}

fn level_text(rule: &Rule) -> String {
    rule.level.clone().unwrap_or_else(|| "不分级".to_owned())
}

fn window_text(rule: &Rule) -> String {
    rule.window.as_ref().map_or_else(
        || "不限".to_owned(),
        |window| {
            let hours: Vec<String> = window.hours.iter().map(ToString::to_string).collect();
            let name = window.name.clone().unwrap_or_else(|| hours.join(" "));
            format!("{name}{}", if window.inside { "内" } else { "外" })
        },
    )
}

fn yes(flag: bool) -> String {
    if flag { "是" } else { "否" }.to_owned()
}

fn promise_text(promise: &RuleTarget) -> String {
    format!("{}：{}", target_name(promise.target), terms_text(promise))
}

/// Limit, start, ends and calendar of a promise.
fn terms_text(promise: &RuleTarget) -> String {
    let mut words =
        vec![promise.limit.map_or_else(|| "未写明时限".to_owned(), |limit| meant(limit, promise))];
    words.extend((promise.start != Start::Reported).then(|| start_name(promise.start).to_owned()));
    words.extend((promise.calendar == TargetCalendar::Office).then(|| "只计办公时间".to_owned()));
    let ends: Vec<&str> = promise.ends.iter().map(|kind| event_name(*kind)).collect();
    words.push(format!("止于{}", ends.join("或")));
    words.extend(promise.agreed.then(|| "本项目约定".to_owned()));
    words.join("，")
}

/// A limit with what its days mean.
fn meant(limit: Limit, promise: &RuleTarget) -> String {
    let meaning = match (limit.unit, promise.day, promise.workday) {
        (LimitUnit::Day, DayMeaning::EndOfDate, _) => "（至当日 24:00）",
        (LimitUnit::Day, ..) => "（每天 24 小时）",
        (LimitUnit::Workday, _, WorkdayMeaning::EndOfDate) => "（至 24:00）",
        (LimitUnit::Minute | LimitUnit::Workday, ..) => "",
    };
    format!("{}{meaning}", limit_text(limit))
}
