//! 待甲方提供: what a contract still leaves open, from which clause, and what waits for it.
//!
//! Some questions follow from the kinds of rules and the settings; the others stand in the document's
//! reading. Both close when the settings hold what they ask for, or an `answer` entry with their id.

use std::collections::BTreeSet;

use serde::Serialize;

use super::form::without_basis;
use super::objects::ServiceTerm;
use super::profile::Profile;
use super::reading::{Question, Topic};
use super::rules::{Rule, RuleTarget, source_of};
use super::settings::{Settings, concerns};
use crate::clock::{
    CaseFacts, LimitUnit, Share, SystemClass, Target, fault_text, levels_that_fit, target_name,
};

/// Most names listed in one sentence; the rest is counted.
const NAMES_MAX: usize = 8;

/// One thing that the buyer has to provide or decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenQuestion {
    /// Stable id; an `answer` entry of the settings names it.
    pub id: String,
    /// Which entry of the settings answers it.
    pub topic: Topic,
    /// The question, in Chinese.
    pub question: String,
    /// The clauses that leave it open, `document:lines`; empty: none does, it is about the settings.
    pub sources: Vec<String>,
    /// What it blocks, in Chinese.
    pub blocks: String,
    /// Rules concerned.
    pub rules: Vec<String>,
}

/// Everything that is still open under some settings, in the order of the topics.
#[must_use]
pub fn open_questions(profile: &Profile, settings: &Settings) -> Vec<OpenQuestion> {
    let answered = |question: &OpenQuestion| settings.answer.iter().any(|row| row.question == question.id);
    asked(profile, settings).into_iter().filter(|question| !answered(question)).collect()
}

/// Everything that no entry of its own topic settles, answered or not.
pub(super) fn asked(profile: &Profile, settings: &Settings) -> Vec<OpenQuestion> {
    let ask = Ask { profile, settings };
    let mut found: Vec<OpenQuestion> = Vec::new();
    found.extend(ask.acceptance());
    found.extend(ask.windows());
    found.extend(ask.office_hours());
    found.extend(ask.levels());
    found.extend(ask.pauses());
    found.extend(ask.days());
    found.extend(ask.precedence());
    found.extend(ask.ranges());
    found.extend(ask.unnumbered());
    found.extend(ask.calendars());
    found.extend(ask.days_off());
    found.extend(profile.questions.iter().filter(|row| !ask.settles(row)).map(|row| ask.printed(row)));
    found.extend(ask.papers());
    found.sort_by_key(|question| question.topic);
    found
}

struct Ask<'a> {
    profile: &'a Profile,
    settings: &'a Settings,
}

impl Ask<'_> {
    fn acceptance(&self) -> Option<OpenQuestion> {
        let waits = |term: ServiceTerm| matches!(term, ServiceTerm::Months(_) | ServiceTerm::Days(_));
        let objects: Vec<&str> = self
            .profile
            .objects
            .iter()
            .filter(|object| waits(object.term))
            .map(|object| object.id.as_str())
            .collect();
        if self.settings.acceptance_date.is_some() || objects.is_empty() {
            return None;
        }
        let head = &self.profile.facts.contract;
        let mut sources: Vec<String> = head
            .period
            .iter()
            .map(|period| self.source(period.source_line, period.source_line_end))
            .collect();
        if sources.is_empty() {
            sources.push(self.source(head.source_line, None));
        }
        Some(OpenQuestion {
            id: "acceptance-date".to_owned(),
            topic: Topic::AcceptanceDate,
            question: "服务期自哪一天起算（验收、签订或上一期结束之日）？".to_owned(),
            sources,
            blocks: format!("对象 {} 的服务起止日未定，工单是否在服务期内无法判断", names(&objects)),
            rules: Vec::new(),
        })
    }

    fn windows(&self) -> Vec<OpenQuestion> {
        let named =
            self.profile.rules.iter().filter_map(|rule| Some((rule.window.as_ref()?.name.as_ref()?, rule)));
        let distinct: BTreeSet<&String> = named.clone().map(|(name, _)| name).collect();
        let open = distinct.into_iter().filter(|name| !self.is_known(name));
        open.map(|name| {
            let rules: Vec<&Rule> =
                named.clone().filter(|(one, _)| *one == name).map(|(_, rule)| rule).collect();
            OpenQuestion {
                id: format!("window:{name}"),
                topic: Topic::Window,
                question: format!("“{name}”从几点到几点，哪些日子？文件没有写明"),
                sources: sources(&rules),
                blocks: format!("规则 {} 不能自动选用，每张工单须由人给出时段", ids(&rules)),
                rules: owned(&rules),
            }
        })
        .collect()
    }

    fn is_known(&self, name: &str) -> bool {
        let office = self.profile.office_windows.iter().any(|window| window == name);
        self.settings.window.iter().any(|row| row.name == name) || (office && self.hours_are_stated())
    }

    fn hours_are_stated(&self) -> bool {
        let printed = self.profile.hours.seasons.iter().any(|season| season.source != "setting");
        printed || !self.settings.office_hours.is_empty()
    }

    fn office_hours(&self) -> Option<OpenQuestion> {
        if self.hours_are_stated() {
            return None;
        }
        let rules =
            self.rules_with(|promise| promise.limit.is_some_and(|limit| limit.unit == LimitUnit::Workday));
        let printed = self.profile.facts.working_hours.as_ref();
        let mut from: Vec<String> =
            printed.map(|hours| self.source(hours.source_line, None)).into_iter().collect();
        from.extend(sources(&rules));
        let until = if rules.is_empty() {
            String::new()
        } else {
            format!("；规则 {} 的工作日暂按 24:00 结束", ids(&rules))
        };
        Some(OpenQuestion {
            id: "office-hours".to_owned(),
            topic: Topic::OfficeHours,
            question: "各总队或单位的办公时间（分季节）是几点到几点？文件没有写明".to_owned(),
            sources: from,
            blocks: format!("到岗、迟到早退与 5×8 班次无法核对{until}"),
            rules: owned(&rules),
        })
    }

    fn levels(&self) -> Vec<OpenQuestion> {
        if self.profile.level_cases.is_empty() {
            return Vec::new();
        }
        let lines: BTreeSet<u32> = self.profile.level_cases.iter().map(|row| row.source_line).collect();
        let matrix: Vec<String> = lines.iter().map(|line| self.source(*line, None)).collect();
        let mut found = Vec::new();
        let mut ask = |id: &str, topic: Topic, question: String, blocks: String| {
            let rules = Vec::new();
            found.push(OpenQuestion {
                id: id.to_owned(),
                topic,
                question,
                sources: matrix.clone(),
                blocks,
                rules,
            });
        };
        if self.settings.vip.is_empty() {
            ask(
                "vip",
                Topic::Vip,
                "VIP 用户是哪些岗位或房间？文件没有附名单".to_owned(),
                "VIP 申报的级别无法判定".to_owned(),
            );
        }
        let classed = |id: &str| self.settings.system_class.iter().find(|row| row.object == id);
        let objects = self.profile.objects.iter().map(|object| object.id.as_str());
        let unclassed: Vec<&str> = objects.clone().filter(|id| classed(id).is_none()).collect();
        if !unclassed.is_empty() {
            ask(
                "system-class",
                Topic::SystemClass,
                format!("{} 个对象属于核心、重要还是一般？文件没有附清单", unclassed.len()),
                format!("对象 {} 的故障不能自动定级", names(&unclassed)),
            );
        }
        let uncounted: Vec<&str> =
            objects.filter(|id| classed(id).is_none_or(|row| row.users.is_none())).collect();
        if !uncounted.is_empty() {
            ask(
                "users",
                Topic::SystemClass,
                format!("{} 个对象的运维范围内各有多少用户？", uncounted.len()),
                "“二分之一”只能由报修人估计".to_owned(),
            );
        }
        for (id, question) in self.matrix_doubts() {
            ask(&id, Topic::Answer, question, "此类工单须由人定级并写明理由".to_owned());
        }
        found
    }

    /// Combinations of the matrix that no level fits, or several.
    fn matrix_doubts(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for facts in every_fault() {
            let fitting = levels_that_fit(&self.profile.level_cases, &facts);
            let (what, share) = (fault_text(&facts), facts.share.map_or("", Share::as_str));
            let subject = subject_key(&facts);
            match fitting.as_slice() {
                [] => found
                    .push((format!("level-gap:{subject}/{share}"), format!("“{what}”是哪一级？文件没有写"))),
                [_] => {}
                several => found.push((
                    format!("level-overlap:{subject}/{share}"),
                    format!("“{what}”同时符合 {} 级，以哪一级为准？", several.join("、")),
                )),
            }
        }
        found
    }

    fn pauses(&self) -> Option<OpenQuestion> {
        let rules = self.rules_with(|promise| promise.limit.is_some());
        (self.settings.pause.is_empty() && !rules.is_empty()).then(|| OpenQuestion {
            id: "pause".to_owned(),
            topic: Topic::Pause,
            question: "哪些理由可以停表（等采购人停机窗口、等第三方、不可抗力……）？文件没有列出".to_owned(),
            sources: Vec::new(),
            blocks: "挂起只作记录，照常计时".to_owned(),
            rules: Vec::new(),
        })
    }

    fn days(&self) -> Vec<OpenQuestion> {
        let asked = [
            (LimitUnit::Day, "days", "“天”是 24 小时的自然日还是工作日？", "暂按一天 24 小时计"),
            (
                LimitUnit::Workday,
                "workdays",
                "“工作日”自何时起数、到几点为止？",
                "暂自次日起数，到第末个工作日下班为止",
            ),
        ];
        let settled = |rule: &str, target: Target, unit: LimitUnit| {
            let rows = self.settings.day_meaning.iter();
            let mut here = rows.filter(|row| concerns(&row.rules, &row.targets, rule, target));
            here.any(|row| if unit == LimitUnit::Workday { row.workday.is_some() } else { row.day.is_some() })
        };
        let of_unit = |unit: LimitUnit| {
            let open = move |rule: &&Rule| {
                let mut promises = rule.targets.iter();
                promises.any(|promise| {
                    promise.limit.is_some_and(|limit| limit.unit == unit)
                        && !settled(&rule.id, promise.target, unit)
                })
            };
            self.profile.rules.iter().filter(open).collect::<Vec<_>>()
        };
        let rows =
            asked.into_iter().map(|(unit, id, question, meanwhile)| (of_unit(unit), id, question, meanwhile));
        rows.filter(|(rules, ..)| !rules.is_empty())
            .map(|(rules, id, question, meanwhile)| OpenQuestion {
                id: id.to_owned(),
                topic: Topic::DayMeaning,
                question: question.to_owned(),
                sources: sources(&rules),
                blocks: format!("规则 {}：{meanwhile}", ids(&rules)),
                rules: owned(&rules),
            })
            .collect()
    }

    /// Targets for which an object has a rule with a number beside a general one.
    fn precedence(&self) -> Option<OpenQuestion> {
        let general =
            |target: Target| self.profile.rules.iter().any(|rule| !rule.rank().0 && numbered(rule, target));
        let own = |rule: &&Rule| {
            let mut targets = rule.targets.iter();
            rule.rank().0 && targets.any(|promise| promise.limit.is_some() && general(promise.target))
        };
        let rules: Vec<&Rule> = self.profile.rules.iter().filter(own).collect();
        (self.settings.precedence.is_empty() && !rules.is_empty()).then(|| OpenQuestion {
            id: "precedence".to_owned(),
            topic: Topic::Precedence,
            question: "对象自己的条款与通用条款不一致时以哪条为准？文件没有写".to_owned(),
            sources: sources(&rules),
            blocks: format!("规则 {} 暂作为更贴切的规则建议，由人选定并记下理由", ids(&rules)),
            rules: owned(&rules),
        })
    }

    fn ranges(&self) -> Vec<OpenQuestion> {
        let rows = self
            .profile
            .facts
            .sla
            .iter()
            .filter_map(|row| Some((row, row.arrive_minutes_min?, row.arrive_minutes?)));
        let agreed =
            |id: &str| self.settings.limit.iter().any(|row| row.rule == id && row.target == Target::Arrival);
        rows.filter(|(row, ..)| !agreed(&row.id))
            .map(|(row, least, most)| OpenQuestion {
                id: format!("range:{}", row.id),
                topic: Topic::Limit,
                question: format!(
                    "到场时限 {} 至 {} 小时按距离远近，各现场是几小时？",
                    least / 60,
                    most / 60
                ),
                sources: vec![self.source(row.source_line, row.source_line_end)],
                blocks: format!("规则 {} 暂按 {} 小时", row.id, most / 60),
                rules: vec![row.id.clone()],
            })
            .collect()
    }

    fn unnumbered(&self) -> Vec<OpenQuestion> {
        let words = |rule: &Rule| {
            let open = rule.targets.iter().filter(|promise| promise.limit.is_none());
            open.map(|promise| target_name(promise.target)).collect::<Vec<_>>().join("、")
        };
        let rules = self.rules_with(|promise| promise.limit.is_none());
        rules
            .into_iter()
            .map(|rule| OpenQuestion {
                id: format!("number:{}", rule.id),
                topic: Topic::Limit,
                question: format!("“{}”：{}以几分钟为限？", rule.definition, words(rule)),
                sources: vec![rule.source.clone()],
                blocks: format!("规则 {} 只显示已用时间，不判按时或超时", rule.id),
                rules: vec![rule.id.clone()],
            })
            .collect()
    }

    fn calendars(&self) -> Option<OpenQuestion> {
        let minutes =
            |promise: &RuleTarget| promise.limit.is_some_and(|limit| limit.unit == LimitUnit::Minute);
        let rules = self.rules_with(minutes);
        (self.settings.calendar.is_empty() && !rules.is_empty()).then(|| OpenQuestion {
            id: "calendar".to_owned(),
            topic: Topic::Calendar,
            question: "以分钟和小时计的时限，夜间与节假日是否计入？文件没有写".to_owned(),
            sources: Vec::new(),
            blocks: "暂按自然时间连续计时".to_owned(),
            rules: Vec::new(),
        })
    }

    fn days_off(&self) -> Option<OpenQuestion> {
        let rules: Vec<&Rule> =
            self.profile.rules.iter().filter(|rule| rule.buyer_decides_on_days_off).collect();
        (!rules.is_empty()).then(|| OpenQuestion {
            id: "days-off".to_owned(),
            topic: Topic::Answer,
            question: "非工作日是否到场由采购人的谁决定、怎样留下凭据？".to_owned(),
            sources: sources(&rules),
            blocks: format!("规则 {} 的工单在非工作日须先问采购人", ids(&rules)),
            rules: owned(&rules),
        })
    }

    fn settles(&self, question: &Question) -> bool {
        let settings = self.settings;
        match question.topic.unwrap_or(Topic::Answer) {
            Topic::AcceptanceDate => settings.acceptance_date.is_some(),
            Topic::OfficeHours => self.hours_are_stated(),
            Topic::Window => !settings.window.is_empty(),
            Topic::Vip => !settings.vip.is_empty(),
            Topic::SystemClass => !settings.system_class.is_empty(),
            Topic::BusinessSystem => !settings.business_system.is_empty(),
            Topic::Pause => !settings.pause.is_empty(),
            Topic::DayMeaning => !settings.day_meaning.is_empty(),
            Topic::Precedence => !settings.precedence.is_empty(),
            Topic::Limit => {
                let agreed = |id: &String| settings.limit.iter().any(|row| row.rule == *id);
                !question.rules.is_empty() && question.rules.iter().all(agreed)
            }
            Topic::Calendar => !settings.calendar.is_empty(),
            Topic::DutyOrder => !settings.duty_order.is_empty(),
            Topic::Basis | Topic::Answer => false,
        }
    }

    fn printed(&self, row: &Question) -> OpenQuestion {
        OpenQuestion {
            id: row.key.clone(),
            topic: row.topic.unwrap_or(Topic::Answer),
            question: row.question.clone(),
            sources: vec![self.source(row.source_line, row.source_line_end)],
            blocks: row.blocks.clone(),
            rules: row.rules.clone(),
        }
    }

    /// Entries of the settings that rest on no paper.
    fn papers(&self) -> Option<OpenQuestion> {
        let missing = without_basis(self.settings).into_iter();
        let missing: Vec<String> =
            missing.map(|(section, count)| format!("{} {count} 条", section.title)).collect();
        (!missing.is_empty()).then(|| OpenQuestion {
            id: "basis".to_owned(),
            topic: Topic::Basis,
            question: "下列约定自何日起、由谁、凭哪份文件定的？".to_owned(),
            sources: Vec::new(),
            blocks: format!("没有书面依据，考核时不能作数：{}", missing.join("，")),
            rules: Vec::new(),
        })
    }

    fn rules_with(&self, keep: impl Fn(&RuleTarget) -> bool) -> Vec<&Rule> {
        self.profile.rules.iter().filter(|rule| rule.targets.iter().any(&keep)).collect()
    }

    fn source(&self, line: u32, end: Option<u32>) -> String {
        source_of(&self.profile.document, line, end)
    }
}

fn numbered(rule: &Rule, target: Target) -> bool {
    rule.target(target).is_some_and(|promise| promise.limit.is_some())
}

fn sources(rules: &[&Rule]) -> Vec<String> {
    let mut found: Vec<String> = rules.iter().map(|rule| rule.source.clone()).collect();
    found.dedup();
    found
}

fn owned(rules: &[&Rule]) -> Vec<String> {
    rules.iter().map(|rule| rule.id.clone()).collect()
}

fn ids(rules: &[&Rule]) -> String {
    names(&rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>())
}

fn names(words: &[&str]) -> String {
    let shown: Vec<&str> = words.iter().take(NAMES_MAX).copied().collect();
    let more = if words.len() > NAMES_MAX { format!(" 等 {} 项", words.len()) } else { String::new() };
    format!("{}{more}", shown.join("、"))
}

/// Every fault that is not a VIP's, as the matrix tells them apart.
fn every_fault() -> impl Iterator<Item = CaseFacts> {
    let subjects =
        SystemClass::ALL.iter().map(|class| CaseFacts { system_class: Some(*class), ..CaseFacts::default() });
    let others = [
        CaseFacts { security_event: Some(true), ..CaseFacts::default() },
        CaseFacts { request: Some(true), ..CaseFacts::default() },
    ];
    subjects.chain(others).flat_map(|facts| {
        Share::ALL.iter().map(move |share| CaseFacts { share: Some(*share), ..facts.clone() })
    })
}

fn subject_key(facts: &CaseFacts) -> &'static str {
    match facts {
        CaseFacts { request: Some(true), .. } => "request",
        CaseFacts { security_event: Some(true), .. } => "security_event",
        CaseFacts { system_class, .. } => system_class.map_or("", SystemClass::as_str),
    }
}
