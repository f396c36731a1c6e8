//! What a contract asks of its people: papers, notices and their deadlines.
//!
//! The clauses are the `staff_rule` rows of the contract's facts. What a contract does not state is asked
//! for as 本项目约定, and a period it does not state is nobody's deadline.

use super::{Notice, NoticeKind, Paper, Staff, present};
use crate::contract::facts::StaffRule;
use crate::contract::{Profile, source_of};
use jiff::Span;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Days before the end of a 工作证 at which it becomes a task (本项目约定).
pub const WARN_DAYS: i32 = 30;

/// How long before a change of people the buyer must be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Calendar months.
    pub months: u32,
    /// Days.
    pub days: u32,
}

/// What a contract asks for, with its clauses (`001:31`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StaffRules {
    /// Clause of each paper that the contract names.
    pub papers: BTreeMap<Paper, String>,
    /// How early a change must be applied for, with its clause.
    pub notice: BTreeMap<NoticeKind, (Period, String)>,
    /// After how many failed replacements the contract is broken, with its clause.
    pub strikes: Option<(u32, String)>,
    /// Clause about substitutes, where there is one.
    pub substitute: Option<(String, String)>,
}

impl StaffRules {
    /// The rules of a contract.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        let rows = &profile.facts.staff_rule;
        let source = |row: &StaffRule| source_of(&profile.document, row.source_line, row.source_line_end);
        let naming =
            |paper: Paper| rows.iter().find(|row| words_of(paper).iter().any(|word| row.rule.contains(word)));
        let papers =
            Paper::ALL.into_iter().filter_map(|paper| Some((paper, source(naming(paper)?)))).collect();
        let mut rules = Self { papers, ..Self::default() };
        for row in rows.iter().filter(|row| row.kind == "replacement_notice") {
            let resigns = row.applies_to.contains("离职");
            let kind = if resigns { NoticeKind::Resignation } else { NoticeKind::Replacement };
            let period =
                Period { months: row.notice_months.unwrap_or(0), days: row.notice_days.unwrap_or(0) };
            if period != (Period { months: 0, days: 0 }) {
                rules.notice.entry(kind).or_insert_with(|| (period, source(row)));
            }
            let strikes = row.max_failed_replacements.map(|count| (count, source(row)));
            rules.strikes = rules.strikes.or(strikes);
        }
        rules.substitute =
            rows.iter().find(|row| row.kind == "substitute").map(|row| (row.rule.clone(), source(row)));
        rules
    }

    /// The last day on which a change planned for `date` may be applied for, with its clause; `None` where the
    /// contract names no period.
    #[must_use]
    pub fn apply_by(&self, kind: NoticeKind, date: Date) -> Option<(Date, &str)> {
        let (period, source) = self.notice.get(&kind)?;
        let back = Span::new().months(i64::from(period.months)).days(i64::from(period.days));
        Some((date.checked_sub(back).ok()?, source))
    }
}

/// How contracts name a paper.
fn words_of(paper: Paper) -> &'static [&'static str] {
    match paper {
        Paper::Vetting => &["岗前审查"],
        Paper::Nda => &["保密承诺书", "签订保密协议", "签订《合作单位保密协议书》"],
        Paper::Filing => &["备档", "备案", "征得采购人许可"],
        Paper::Badge => &["工作证"],
    }
}

/// A paper that a person lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Which.
    pub paper: Paper,
    /// It was there and has run out.
    pub expired: bool,
    /// The clause that asks for it; `None`: 本项目约定.
    pub clause: Option<String>,
}

/// The papers that a person lacks for a post on site on a day.
#[must_use]
pub fn missing_papers(staff: Option<&Staff>, date: Date, rules: &StaffRules) -> Vec<Missing> {
    let held = |paper: Paper| staff.and_then(|staff| staff.papers.get(&paper)).copied();
    let lacks = |paper: Paper| match held(paper) {
        Some(day) if paper.expires() => (day < date).then_some(true),
        Some(day) => (day > date).then_some(false),
        None => Some(false),
    };
    let missing = |paper: Paper| {
        let clause = rules.papers.get(&paper).cloned();
        lacks(paper).map(|expired| Missing { paper, expired, clause })
    };
    Paper::ALL.into_iter().filter_map(missing).collect()
}

/// Whole days from `today` to `date`; negative when past.
#[must_use]
pub fn days_before(today: Date, date: Date) -> i32 {
    today.until(date).map_or(i32::MAX, |span| span.get_days())
}

/// Kinds of tasks about people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaskKind {
    /// A paper is missing or has run out.
    Paper,
    /// A paper runs out soon.
    Expiring,
    /// The buyer has to be asked before a change.
    Apply,
    /// The buyer was asked and has not confirmed.
    Confirm,
    /// Replacements that failed.
    Strikes,
}

/// Something to be done about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// What kind.
    pub kind: TaskKind,
    /// Until when; `None` where nothing names a day.
    pub due: Option<Date>,
    /// Chinese sentence.
    pub text: String,
    /// The clause; `None`: 本项目约定.
    pub clause: Option<String>,
}

/// What is to be done about a person, dated ones first. `onsite`: he holds or is to hold a post on site.
#[must_use]
pub fn tasks(staff: Option<&Staff>, onsite: bool, today: Date, rules: &StaffRules) -> Vec<Task> {
    let mut tasks = Vec::new();
    let newcomer = staff.and_then(|staff| staff.joined).filter(|joined| *joined > today);
    if onsite && (newcomer.is_some() || present(staff, today)) {
        tasks.extend(paper_tasks(staff, newcomer.unwrap_or(today), rules));
    }
    let notices = staff.map(|staff| staff.notices.as_slice()).unwrap_or_default();
    tasks.extend(notices.iter().filter_map(|notice| notice_task(notice, rules)));
    tasks.extend(strike_task(notices, rules));
    tasks.sort_by_key(|task| (task.due.is_none(), task.due, task.kind));
    tasks
}

fn paper_tasks(staff: Option<&Staff>, date: Date, rules: &StaffRules) -> Vec<Task> {
    let missing = missing_papers(staff, date, rules).into_iter().map(|missing| {
        let what = if missing.expired { "已过期" } else { "没有登记" };
        Task {
            kind: TaskKind::Paper,
            due: if missing.expired {
                staff.and_then(|staff| staff.papers.get(&missing.paper)).copied()
            } else {
                staff.and_then(|staff| staff.joined)
            },
            text: format!("{}{what}，办妥前不能排驻场班", missing.paper.title()),
            clause: missing.clause,
        }
    });
    let ends = staff.and_then(|staff| staff.papers.get(&Paper::Badge)).copied();
    let soon = ends.filter(|ends| (0..=WARN_DAYS).contains(&days_before(date, *ends)));
    let expiring = soon.map(|ends| Task {
        kind: TaskKind::Expiring,
        due: Some(ends),
        text: format!("工作证 {ends} 到期，请换发"),
        clause: rules.papers.get(&Paper::Badge).cloned(),
    });
    missing.chain(expiring).collect()
}

fn notice_task(notice: &Notice, rules: &StaffRules) -> Option<Task> {
    if notice.kind == NoticeKind::Strike || notice.confirmed.is_some() {
        return None;
    }
    let (title, date) = (notice.kind.title(), notice.date);
    let apply_by = rules.apply_by(notice.kind, date);
    let clause = apply_by.map(|(_, clause)| clause.to_owned());
    let late = apply_by.zip(notice.applied).is_some_and(|((by, _), applied)| applied > by);
    Some(match notice.applied {
        None => Task {
            kind: TaskKind::Apply,
            due: Some(apply_by.map_or(date, |(by, _)| by)),
            text: format!("{title}（{date}）：向采购人提出申请"),
            clause,
        },
        Some(applied) => Task {
            kind: TaskKind::Confirm,
            due: Some(date),
            text: format!(
                "{title}（{date}）：{applied} 已申请{}，等采购人确认备档后方可换人",
                if late { "，晚于应提前的日期" } else { "" }
            ),
            clause,
        },
    })
}

fn strike_task(notices: &[Notice], rules: &StaffRules) -> Option<Task> {
    let count = notices.iter().filter(|notice| notice.kind == NoticeKind::Strike).count();
    let last =
        notices.iter().filter(|notice| notice.kind == NoticeKind::Strike).map(|notice| notice.date).max();
    let (text, clause) = match &rules.strikes {
        Some((most, clause)) => {
            (format!("更换后仍不合格 {count} 次，{most} 次即视为违约"), Some(clause.clone()))
        }
        None => (format!("更换后仍不合格 {count} 次"), None),
    };
    last.map(|last| Task {
        kind: TaskKind::Strikes,
        due: None,
        text: format!("{text}（最近 {last}）"),
        clause,
    })
}
