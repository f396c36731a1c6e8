//! The level assistant: asks what the contract's own matrix needs, and says which level follows, or that
//! the document has a gap or contradicts itself there.
//!
//! A contract without a matrix states its levels in words: then there is one question, with the words of
//! each level as its choices, and a person answers it. Levels of another scheme are never offered.

use serde::Serialize;

use super::case::CaseFacts;
use super::kind::{Share, SystemClass};
use super::level::levels_that_fit;
use crate::contract::Profile;

/// What is asked and what follows from the answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LevelAdvice {
    /// The questions whose answers matter, in the order to ask them; those after the first open one too.
    pub questions: Vec<LevelQuestion>,
    /// What follows from the answers so far.
    pub outcome: LevelOutcome,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LevelQuestion {
    /// Key of the fact it fills: `vip`, `request`, `security_event`, `system_class`, `share`, or `level`.
    pub key: &'static str,
    /// The question.
    pub text: &'static str,
    /// Its choices.
    pub choices: Vec<LevelChoice>,
    /// The value answered; absent: open.
    pub answer: Option<String>,
}

/// One choice of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LevelChoice {
    /// Its value: `true`, `false`, a word of the fact, or a level.
    pub value: String,
    /// As people read it.
    pub text: String,
}

/// What follows from the answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum LevelOutcome {
    /// One level fits.
    Level {
        /// The level with its clause.
        clause: LevelClause,
    },
    /// A question is open.
    Ask {
        /// Its key.
        key: &'static str,
    },
    /// The document states no level for this.
    Gap {
        /// Lines of the matrix, `document:line`.
        sources: Vec<String>,
        /// In Chinese.
        text: String,
    },
    /// Several levels fit, and the document does not say which counts.
    Overlap {
        /// Each with its clause.
        clauses: Vec<LevelClause>,
        /// In Chinese.
        text: String,
    },
    /// The object has no levels.
    NoLevels,
}

/// A level with the clause that states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LevelClause {
    /// The level.
    pub level: String,
    /// What it means, in the document's words.
    pub definition: String,
    /// `document:lines`.
    pub source: String,
}

/// Asks for the level of an order; `level` is the answer where the contract has no matrix.
#[must_use]
pub fn level_advice(
    profile: &Profile,
    object: Option<&str>,
    facts: &CaseFacts,
    level: Option<&str>,
) -> LevelAdvice {
    let clauses = level_clauses(profile, object);
    if clauses.is_empty() {
        return LevelAdvice { questions: Vec::new(), outcome: LevelOutcome::NoLevels };
    }
    let has_matrix =
        profile.level_cases.iter().any(|case| clauses.iter().any(|clause| clause.level == case.level));
    if !has_matrix {
        return in_words(clauses, level);
    }
    let questions = questions(profile, object, facts);
    let open = questions.iter().find(|question| question.answer.is_none());
    let outcome = match open {
        Some(question) => LevelOutcome::Ask { key: question.key },
        None => by_matrix(profile, &clauses, &answered(profile, object, facts)),
    };
    LevelAdvice { questions, outcome }
}

/// Levels of the object's own scheme, each with its clause, in the document's order.
#[must_use]
pub fn level_clauses(profile: &Profile, object: Option<&str>) -> Vec<LevelClause> {
    let lineage = profile.lineage(object);
    let scheme = profile.scheme(&lineage);
    let levels = profile.levels(object);
    let clause = |level: &&str| {
        let of =
            |rule: &&crate::contract::Rule| rule.level.as_deref() == Some(*level) && rule.reaches(&lineage);
        let mut rules = profile.rules.iter().filter(of).filter(|rule| Some(rule.rank().0) == scheme);
        rules.next().map(|rule| LevelClause {
            level: (*level).to_owned(),
            definition: rule.definition.clone(),
            source: rule.source.clone(),
        })
    };
    levels.iter().filter_map(clause).collect()
}

/// The shares that a number of users hit can stand for: three of four are both a half and single users.
#[must_use]
pub fn shares_of(hit: u32, users: u32) -> Vec<Share> {
    let mut found = Vec::new();
    if users > 0 && u64::from(hit) * 2 >= u64::from(users) {
        found.push(Share::HalfOrMore);
    } else {
        found.push(Share::UnderHalf);
    }
    if (1..=3).contains(&hit) {
        found.push(Share::Individual);
    }
    found
}

fn in_words(clauses: Vec<LevelClause>, level: Option<&str>) -> LevelAdvice {
    let choice = |clause: &LevelClause| LevelChoice {
        value: clause.level.clone(),
        text: format!("{}：{} [{}]", clause.level, clause.definition, clause.source),
    };
    let question = LevelQuestion {
        key: "level",
        text: "故障符合哪一级的描述？",
        choices: clauses.iter().map(choice).collect(),
        answer: level.map(str::to_owned),
    };
    let outcome = match level.and_then(|level| clauses.into_iter().find(|clause| clause.level == level)) {
        Some(clause) => LevelOutcome::Level { clause },
        None => LevelOutcome::Ask { key: "level" },
    };
    LevelAdvice { questions: vec![question], outcome }
}

/// The facts with the object's class from the settings, where nobody gave one.
fn answered(profile: &Profile, object: Option<&str>, facts: &CaseFacts) -> CaseFacts {
    let class = object.and_then(|id| profile.object(id)).and_then(|object| object.class);
    CaseFacts { system_class: facts.system_class.or(class), ..facts.clone() }
}

/// Only what still decides: a VIP's report is level 1 whatever it is about, a request has no class.
fn questions(profile: &Profile, object: Option<&str>, facts: &CaseFacts) -> Vec<LevelQuestion> {
    let facts = answered(profile, object, facts);
    let mut asked = vec![yes_or_no("vip", "是 VIP 用户申报吗？", facts.vip)];
    if facts.vip == Some(true) {
        return asked;
    }
    asked.push(yes_or_no("request", "是服务请求（不是故障）吗？", facts.request));
    if facts.request != Some(true) {
        asked.push(yes_or_no("security_event", "是信息安全事件吗？", facts.security_event));
        if facts.security_event != Some(true) {
            asked.push(LevelQuestion {
                key: "system_class",
                text: "故障的系统或基础设施属于哪一类？",
                choices: SystemClass::ALL
                    .iter()
                    .map(|class| choice(class.as_str(), class_text(*class)))
                    .collect(),
                answer: facts.system_class.map(|class| class.as_str().to_owned()),
            });
        }
    }
    asked.push(LevelQuestion {
        key: "share",
        text: "运维范围内有多少用户受影响？",
        choices: Share::ALL.iter().map(|share| choice(share.as_str(), share_text(*share))).collect(),
        answer: facts.share.map(|share| share.as_str().to_owned()),
    });
    asked
}

fn yes_or_no(key: &'static str, text: &'static str, answer: Option<bool>) -> LevelQuestion {
    let choices = vec![choice("true", "是"), choice("false", "否")];
    LevelQuestion { key, text, choices, answer: answer.map(|answer| answer.to_string()) }
}

fn choice(value: &str, text: &str) -> LevelChoice {
    LevelChoice { value: value.to_owned(), text: text.to_owned() }
}

fn by_matrix(profile: &Profile, clauses: &[LevelClause], facts: &CaseFacts) -> LevelOutcome {
    let fitting = levels_that_fit(&profile.level_cases, facts);
    let mut fitting: Vec<LevelClause> =
        clauses.iter().filter(|clause| fitting.contains(&clause.level.as_str())).cloned().collect();
    let what = fault_text(facts);
    match fitting.len() {
        0 => LevelOutcome::Gap {
            sources: clauses.iter().map(|clause| clause.source.clone()).collect(),
            text: format!("文件没有给“{what}”定级，须由人定级并写明理由，并向采购人提出"),
        },
        1 => LevelOutcome::Level { clause: fitting.remove(0) },
        _ => {
            let levels: Vec<&str> = fitting.iter().map(|clause| clause.level.as_str()).collect();
            let text = format!(
                "“{what}”同时符合 {} 级，文件没有写以哪级为准，须由人定级并写明理由",
                levels.join("、")
            );
            LevelOutcome::Overlap { clauses: fitting, text }
        }
    }
}

/// A fault in words, such as `核心系统故障，个别用户（1-3 人）`.
#[must_use]
pub(crate) fn fault_text(facts: &CaseFacts) -> String {
    let what = match (facts.vip, facts.request, facts.security_event) {
        (Some(true), ..) => return "VIP 用户申报".to_owned(),
        (_, Some(true), _) => "服务请求",
        (.., Some(true)) => "信息安全事件",
        _ => facts.system_class.map_or("系统故障", class_text),
    };
    let share = facts.share.map_or(String::new(), |share| format!("，{}", share_text(share)));
    format!("{what}{share}")
}

fn class_text(class: SystemClass) -> &'static str {
    match class {
        SystemClass::Core => "核心应用系统或核心基础设施故障",
        SystemClass::Important => "重要应用系统或重要基础设施故障",
        SystemClass::General => "一般系统、一般基础设施或非 VIP 终端故障",
    }
}

fn share_text(share: Share) -> &'static str {
    match share {
        Share::HalfOrMore => "影响二分之一及以上用户",
        Share::UnderHalf => "影响二分之一以下用户",
        Share::Individual => "影响个别用户（1-3 人）",
    }
}
