//! The level assistant: what the contract's own table says, and the clocks that would run.

use super::clocks::{clock_dto, report, rule_choice};
use super::contract::Bound;
use super::desk::Desk;
use super::detail::level_clause;
use super::register::{facts, imagined};
use super::step::stated_time;
use crate::door::dto::{
    Choice, DoorCode, DoorError, LevelAdvice, LevelAsk, LevelClauseDto, LevelQuestionDto,
};
use zaigang_domain::clock::{
    LevelClause, LevelOutcome, LevelQuestion, class_name, level_advice, level_clauses, level_name, level_of,
    levels_that_fit,
};
use zaigang_domain::contract::Profile;
use zaigang_domain::order::payload::Facts;
use zaigang_domain::order::{Order, OrderKind};

impl Desk<'_> {
    /// What the contract says to these facts.
    ///
    /// # Errors
    /// Not now while no contract is here; bad input for an unknown object or level.
    pub fn level_advice(&self, ask: &LevelAsk) -> Result<LevelAdvice, DoorError> {
        let in_force = match ask.contract.as_deref().filter(|contract| !contract.is_empty()) {
            Some(contract) => self.in_force_of(contract)?,
            None => self.in_force(ask.division.as_deref())?,
        };
        let in_force = in_force.ok_or_else(|| {
            DoorError::new(DoorCode::NotNow, "本机还没有合同版本，请先同步；仍没有时请联系管理员发布合同。")
        })?;
        let bound = in_force.bound;
        let object = ask.facts.object.clone().filter(|object| !object.is_empty());
        if object.as_deref().is_some_and(|id| bound.profile.object(id).is_none()) {
            return Err(DoorError::bad_input("合同中没有这个运维对象，请重新选择。").at("object"));
        }
        let levels = bound.profile.levels(object.as_deref());
        if let Some(level) = ask.level.as_deref().filter(|level| !levels.contains(level)) {
            return Err(DoorError::bad_input(format!("该对象没有“{level}”这个级别。")).at("level"));
        }
        let mut known = facts(&ask.facts);
        let from_list = known.take_class(bound.profile, object.as_deref());
        let case = known.case();
        let of_scheme = |level: &&str| levels.contains(level);
        let fits: Vec<&str> =
            levels_that_fit(&bound.profile.level_cases, &case).into_iter().filter(of_scheme).collect();
        let level = level_of(&bound.profile.level_cases, &case).filter(|level| levels.contains(level));
        let shown = ask.level.clone().or(level.map(str::to_owned));
        let at = stated_time(ask.reported_at.as_deref(), "reported_at")?.unwrap_or(self.now);
        let division = ask.division.clone().unwrap_or_default();
        let kind = if known.request == Some(true) { OrderKind::Request } else { OrderKind::Incident };
        let order = Order { kind, ..imagined(&in_force, object, &division, shown, at) };
        let report = report(bound, &order, self.now);
        let object = order.object.as_deref();
        let asked = level_advice(bound.profile, object, &facts(&ask.facts).case(), ask.level.as_deref());
        Ok(LevelAdvice {
            clauses: clauses(bound.profile, object, &asked.outcome).into_iter().map(clause).collect(),
            outcome: outcome_code(&asked.outcome).to_owned(),
            questions: asked.questions.into_iter().map(question).collect(),
            level: level.map(str::to_owned),
            fits: fits.iter().map(|level| (*level).to_owned()).collect(),
            why: why(bound, &levels, &fits, level, &known, from_list),
            clocks: report
                .iter()
                .flat_map(|r| &r.targets)
                .map(|clock| clock_dto(bound.profile, clock))
                .collect(),
            matched: report
                .iter()
                .flat_map(|r| &r.matched)
                .map(|row| rule_choice(bound.profile, row))
                .collect(),
        })
    }
}

fn question(question: LevelQuestion) -> LevelQuestionDto {
    let choices = question.choices.into_iter();
    LevelQuestionDto {
        key: question.key.to_owned(),
        text: question.text.to_owned(),
        choices: choices.map(|choice| Choice { value: choice.value, label: choice.text }).collect(),
        answer: question.answer,
    }
}

fn outcome_code(outcome: &LevelOutcome) -> &'static str {
    match outcome {
        LevelOutcome::Level { .. } => "level",
        LevelOutcome::Ask { .. } => "ask",
        LevelOutcome::Gap { .. } => "gap",
        LevelOutcome::Overlap { .. } => "overlap",
        LevelOutcome::NoLevels => "no_levels",
    }
}

/// The clauses that an outcome speaks of: those that fit, or all among which a person has to choose.
fn clauses(profile: &Profile, object: Option<&str>, outcome: &LevelOutcome) -> Vec<LevelClause> {
    match outcome {
        LevelOutcome::Level { clause } => vec![clause.clone()],
        LevelOutcome::Overlap { clauses, .. } => clauses.clone(),
        LevelOutcome::Ask { .. } | LevelOutcome::Gap { .. } => level_clauses(profile, object),
        LevelOutcome::NoLevels => Vec::new(),
    }
}

fn clause(clause: LevelClause) -> LevelClauseDto {
    LevelClauseDto { level: clause.level, definition: clause.definition, source: clause.source }
}

fn why(
    bound: Bound,
    levels: &[&str],
    fits: &[&str],
    level: Option<&str>,
    known: &Facts,
    from_list: bool,
) -> String {
    let class = known.system_class.as_deref().filter(|_| from_list);
    let class =
        class.map(|class| format!("对象按{}计（本项目约定）。", class_name(class))).unwrap_or_default();
    if levels.is_empty() {
        return "该对象在合同中没有分级，时限不随级别变化。".to_owned();
    }
    if bound.profile.level_cases.is_empty() {
        return "合同没有印出分级表，级别须由人选定。".to_owned();
    }
    match (level, fits) {
        (Some(level), _) => {
            format!("{class}合同级别表得出{}：{}", level_name(level), level_clause(bound, level))
        }
        (None, []) if known.share.is_none() && known.vip != Some(true) => {
            format!("{class}请再选影响范围（或是否 VIP），才能按合同级别表定级。")
        }
        (None, []) if known.system_class.is_none() && known.security_event != Some(true) => {
            format!("{class}请再选系统类别，才能按合同级别表定级。")
        }
        (None, []) => format!("{class}合同级别表没有写到这种情况，须由人选定级别并写明原因。"),
        (None, several) => format!(
            "{class}合同级别表中{}都符合这种情况，文件没有写明以哪个为准，须由人选定并写明原因。",
            several.iter().map(|level| level_name(level)).collect::<Vec<_>>().join("、")
        ),
    }
}
