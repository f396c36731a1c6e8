//! 考核建议: the exceptions of a month with what the contract says of them.

use zaigang_domain::attendance::{AwayClause, Proposal, SpotCheck, away_clauses, proposals};
use zaigang_domain::calendar::civil_date;
use zaigang_domain::duty::AGREED;

use super::{Derived, division_of, month_of};
use crate::door::dto::{
    AttendanceMonthArgs, AttendanceProposal, AttendanceProposals, AwayClauseDto, DoorError,
};
use crate::order::Desk;
use crate::store::Person;

impl Desk<'_> {
    /// Exceptions of a month in one's scope, and of oneself for those who oversee nobody.
    ///
    /// # Errors
    /// As [`Desk::attendance_month`].
    pub fn attendance_proposals(&self, args: &AttendanceMonthArgs) -> Result<AttendanceProposals, DoorError> {
        let today = civil_date(self.now);
        let first = month_of(args.month.as_deref(), today)?;
        let division = args.division.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let team = self.team(None)?;
        let wanted = |person: &Person| {
            self.may_see(person, &team.contract) && division.is_none_or(|name| division_of(person) == name)
        };
        let derived = self.derive(first, first.last_of_month(), wanted)?;
        let checks = self.checks(&team)?;
        let checks: Vec<&SpotCheck> = checks
            .iter()
            .map(|(_, check)| check)
            .filter(|check| civil_date(check.noted.at).first_of_month() == first)
            .filter(|check| derived.people.iter().any(|one| one.id == check.noted.person.as_str()))
            .collect();
        let clauses = away_clauses(derived.in_force.bound.profile);
        let found = proposals(&derived.days, &checks, today);
        let away = found.iter().filter(|one| one.breach.is_away()).count();
        Ok(AttendanceProposals {
            month: first.strftime("%Y-%m").to_string(),
            rows: found.iter().map(|one| row(&derived, one, !clauses.is_empty())).collect(),
            clauses: clauses.iter().map(|clause| clause_dto(clause, away)).collect(),
            note: note(&clauses),
        })
    }
}

fn row(derived: &Derived, one: &Proposal, has_clause: bool) -> AttendanceProposal {
    let person = derived.people.iter().find(|person| person.id == one.person);
    let by_contract = one.breach.is_away() && has_clause;
    AttendanceProposal {
        person: one.person.clone(),
        name: person.map_or_else(|| one.person.clone(), |person| person.name.clone()),
        division: person.map(|person| division_of(person).to_owned()).unwrap_or_default(),
        date: one.date.to_string(),
        breach: one.breach.code().to_owned(),
        title: one.breach.title().to_owned(),
        text: one.text.clone(),
        by_contract,
        source: if by_contract { String::new() } else { format!("{AGREED}，合同没有写明扣分") },
    }
}

fn clause_dto(clause: &AwayClause, away: usize) -> AwayClauseDto {
    let count = u32::try_from(away).unwrap_or(u32::MAX);
    let sum = clause.points.map(|points| points * f64::from(count));
    AwayClauseDto {
        source: clause.source.clone(),
        words: clause.words.clone(),
        scored_by: clause.scored_by.clone(),
        points: clause.points.map(|points| points.to_string()),
        count,
        sum: sum.map(|sum| sum.to_string()),
    }
}

fn note(clauses: &[AwayClause]) -> String {
    let base = "只是建议：是否“无故”由项目经理核定，不自动扣分。旷工、半天和当天未说明的抽查离岗按“不在岗”的条款列出（我方理解）；";
    let rest = if clauses.is_empty() {
        "本合同没有写明不在岗的条款，全部只作记录。"
    } else {
        "迟到、早退、缺卡合同没有写明，只作记录。"
    };
    format!("{base}{rest}")
}
