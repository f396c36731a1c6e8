//! The input of a clock: what is known about one order, as JSON or as a value.
//!
//! Reading refuses unknown keys, unknown words and impossible sequences of events; a case that was read
//! here and [`Case::check`]ed can be counted without further errors.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use super::kind::{EventKind, Share, SystemClass, Target};
use crate::calendar::{format_instant, parse_instant};
use crate::contract::Profile;
use crate::mistake::{Mistake, Mistakes, read_json};

/// Window names that some document uses; a profile may add its own.
const WINDOW_NAMES: [&str; 3] = ["上班时间", "工作时间", "关键运行时段"];

/// One order with its events, at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Object the fault is in; `None`: only rules of the whole contract apply.
    #[serde(deserialize_with = "stated")]
    pub object: Option<String>,
    /// Division that reported, for its office hours.
    #[serde(deserialize_with = "stated")]
    pub division: Option<String>,
    /// Rule forced for every target that it has.
    #[serde(deserialize_with = "stated")]
    pub rule: Option<String>,
    /// Level of the object's most specific scheme.
    #[serde(deserialize_with = "stated")]
    pub level: Option<String>,
    /// Facts from which the level matrix proposes a level.
    #[serde(default)]
    pub facts: Option<CaseFacts>,
    /// Named windows as pairs of instants, half-open.
    pub windows: BTreeMap<String, Vec<[At; 2]>>,
    /// What happened, in any order.
    pub events: Vec<CaseEvent>,
    /// The moment of the question; later events are ignored.
    pub now: At,
}

/// Facts about a fault; absent ones are not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CaseFacts {
    /// Class of the system.
    pub system_class: Option<SystemClass>,
    /// Share of the users hit.
    pub share: Option<Share>,
    /// Reported by a VIP.
    pub vip: Option<bool>,
    /// An information security event.
    pub security_event: Option<bool>,
    /// A service request, not a fault.
    pub request: Option<bool>,
}

/// One event of an order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseEvent {
    /// When it happened.
    pub at: At,
    /// What happened.
    pub kind: EventKind,
    /// New level (`level_changed`), or the level at the report.
    #[serde(default)]
    pub level: Option<String>,
    /// Why (`suspended`).
    #[serde(default)]
    pub reason: Option<String>,
    /// The rule chosen (`rule_chosen`).
    #[serde(default)]
    pub rule: Option<String>,
    /// The target it is chosen for (`rule_chosen`).
    #[serde(default)]
    pub target: Option<Target>,
}

impl CaseEvent {
    /// An event without further keys.
    #[must_use]
    pub fn new(at: Timestamp, kind: EventKind) -> Self {
        Self { at: At(at), kind, level: None, reason: None, rule: None, target: None }
    }
}

/// An instant that JSON gives as RFC 3339 with an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct At(pub Timestamp);

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let text = String::deserialize(source)?;
        parse_instant(&text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// A key that must be written even where its value is null.
fn stated<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(source)
}

impl Case {
    /// Reads a case from JSON text; `file` is only named in mistakes.
    ///
    /// # Errors
    /// The first mistake that keeps it from being read, with its path and value.
    pub fn parse(file: &str, text: &str) -> Result<Self, Mistakes> {
        read_json(file, text)
    }

    /// Checks it against a contract: ids, words, levels and the order of events.
    ///
    /// # Errors
    /// Every mistake found.
    pub fn check(&self, profile: &Profile, file: &str) -> Result<(), Mistakes> {
        let mut check = Check { case: self, profile, file, found: Vec::new() };
        check.names();
        check.windows();
        check.event_keys();
        check.sequence();
        if check.found.is_empty() { Ok(()) } else { Err(Mistakes(check.found)) }
    }

    /// Positions of the events up to `now`, sorted by (at, position); the report comes first among equals.
    pub(super) fn sequence(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.events.len()).collect();
        order.retain(|index| self.event(*index).is_some_and(|event| event.at <= self.now));
        order.sort_by_key(|index| {
            self.event(*index).map(|event| (event.at, event.kind != EventKind::Reported, *index))
        });
        order
    }

    pub(super) fn event(&self, index: usize) -> Option<&CaseEvent> {
        self.events.get(index)
    }

    /// Whether it is closed at `now` and not open again.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        let kinds =
            self.sequence().into_iter().rev().filter_map(|index| self.event(index)).map(|event| event.kind);
        let last = kinds.into_iter().find(|kind| matches!(kind, EventKind::Closed | EventKind::Reopened));
        last == Some(EventKind::Closed)
    }

    /// The level at the report: the top one, else the report's own.
    pub(super) fn reported_level(&self) -> Option<&str> {
        let own = self.events.iter().find(|event| event.kind == EventKind::Reported);
        self.level.as_deref().or_else(|| own.and_then(|event| event.level.as_deref()))
    }
}

struct Check<'a> {
    case: &'a Case,
    profile: &'a Profile,
    file: &'a str,
    found: Vec<Mistake>,
}

impl Check<'_> {
    fn names(&mut self) {
        let (case, profile) = (self.case, self.profile);
        if let Some(object) = &case.object
            && profile.object(object).is_none()
        {
            self.refuse("object", object, "合同中没有这个运维对象");
        }
        if let Some(division) = &case.division
            && !profile.divisions.contains(division)
        {
            self.refuse("division", division, "合同中没有这个总队或单位");
        }
        if let Some(rule) = &case.rule
            && profile.rule(rule).is_none()
        {
            self.refuse("rule", rule, "合同中没有这条规则");
        }
        if let Some(level) = &case.level {
            self.level("level", level);
        }
    }

    fn level(&mut self, key: &str, level: &str) {
        let levels = self.profile.levels(self.case.object.as_deref());
        if !levels.contains(&level) {
            let reason = if levels.is_empty() {
                "该对象没有级别".to_owned()
            } else {
                format!("该对象的级别是 {}", levels.join("、"))
            };
            self.refuse(key, level, &reason);
        }
    }

    fn windows(&mut self) {
        let profile = self.profile;
        for (name, pairs) in &self.case.windows {
            let known = WINDOW_NAMES.contains(&name.as_str())
                || profile
                    .rules
                    .iter()
                    .any(|rule| rule.window.as_ref().and_then(|window| window.name.as_ref()) == Some(name));
            if !known {
                self.refuse("windows", name, "没有规则使用这个时段");
            }
            for (index, [from, to]) in pairs.iter().enumerate() {
                if from > to {
                    self.refuse(
                        &format!("windows.{name}[{index}]"),
                        &format_instant(from.0),
                        "时段的起点晚于终点",
                    );
                }
            }
        }
    }

    fn event_keys(&mut self) {
        let (case, profile) = (self.case, self.profile);
        for (index, event) in case.events.iter().enumerate() {
            let key = |name: &str| format!("events[{index}].{name}");
            if let Some(level) = &event.level {
                self.level(&key("level"), level);
            } else if event.kind == EventKind::LevelChanged {
                self.refuse(&key("level"), "null", "level_changed 须写明 level");
            }
            if event.kind == EventKind::Suspended
                && event.reason.as_deref().is_none_or(|reason| reason.trim().is_empty())
            {
                self.refuse(
                    &key("reason"),
                    event.reason.as_deref().unwrap_or("null"),
                    "suspended 须写明 reason",
                );
            }
            let rule = event.rule.as_deref().map(|id| (id, profile.rule(id)));
            if let Some((id, None)) = rule {
                self.refuse(&key("rule"), id, "合同中没有这条规则");
            }
            if event.kind == EventKind::RuleChosen {
                match (rule, event.target) {
                    (None, _) => self.refuse(&key("rule"), "null", "rule_chosen 须写明 rule"),
                    (_, None) => self.refuse(&key("target"), "null", "rule_chosen 须写明 target"),
                    (Some((id, Some(rule))), Some(target)) if rule.target(target).is_none() => {
                        self.refuse(&key("target"), target.as_str(), &format!("规则 {id} 没有这个时限"));
                    }
                    _ => {}
                }
            }
        }
    }

    fn sequence(&mut self) {
        let case = self.case;
        let reports: Vec<usize> = (0..case.events.len())
            .filter(|index| case.event(*index).is_some_and(|e| e.kind == EventKind::Reported))
            .collect();
        let report = match reports.as_slice() {
            [only] => *only,
            [] => return self.refuse("events", "[]", "须有且只有一个 reported"),
            [_, second, ..] => {
                return self.refuse(&format!("events[{second}].kind"), "reported", "须有且只有一个 reported");
            }
        };
        let Some(reported) = case.event(report) else { return };
        if reported.at > case.now {
            self.refuse(&format!("events[{report}].at"), &format_instant(reported.at.0), "reported 晚于 now");
        }
        if case.events.iter().any(|event| event.at < reported.at) {
            self.refuse(
                &format!("events[{report}].at"),
                &format_instant(reported.at.0),
                "reported 须是最早的事件",
            );
        }
        if let (Some(top), Some(own)) = (&case.level, &reported.level)
            && top != own
        {
            self.refuse(&format!("events[{report}].level"), own, "与 level 不一致");
        }
        self.transitions();
    }

    fn transitions(&mut self) {
        let case = self.case;
        let (mut suspended, mut restored, mut closed) = (false, false, false);
        for index in case.sequence() {
            let Some(event) = case.event(index) else { continue };
            let after_close = matches!(
                event.kind,
                EventKind::ReportSubmitted | EventKind::RuleChosen | EventKind::Reopened
            );
            let reason = match event.kind {
                _ if closed && !after_close => Some("关闭之后只能提交报告、选定规则或重新打开"),
                EventKind::Suspended if suspended => Some("已经挂起"),
                EventKind::Resumed if !suspended => Some("没有挂起"),
                EventKind::Restored if restored => Some("已经恢复，重新打开之后才能再次恢复"),
                EventKind::Reopened if !restored && !closed => Some("没有恢复或关闭，不能重新打开"),
                _ => None,
            };
            if let Some(reason) = reason {
                self.refuse(&format!("events[{index}].kind"), event.kind.as_str(), reason);
            }
            match event.kind {
                EventKind::Suspended => suspended = true,
                EventKind::Resumed => suspended = false,
                EventKind::Restored => restored = true,
                EventKind::Closed => closed = true,
                EventKind::Reopened => (restored, closed) = (false, false),
                _ => {}
            }
        }
    }

    fn refuse(&mut self, key: &str, value: &str, reason: &str) {
        self.found.push(Mistake {
            file: self.file.to_owned(),
            line: None,
            key: key.to_owned(),
            value: Some(value.to_owned()),
            reason: reason.to_owned(),
        });
    }
}
