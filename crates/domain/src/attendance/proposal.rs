//! Exceptions as proposals for the later assessment: what happened, the clause that speaks of it, its points.
//!
//! Proposals only: whether somebody was away without reason is for people to say. A contract is quoted with its
//! own words and line; what none of its clauses names is a record of the site (本项目约定) without points.

use jiff::civil::Date;

use super::report::{Day, DayResult};
use super::spotcheck::SpotCheck;
use crate::calendar::civil_date;
use crate::contract::{Profile, source_of};
use crate::duty::named;

/// How contracts name somebody who is not at his place.
const AWAY_WORDS: [&str; 4] = ["缺席", "不能到岗", "缺岗", "不在采购人指定驻点场所"];

/// A clause about being away.
#[derive(Debug, Clone, PartialEq)]
pub struct AwayClause {
    /// `001:1933`.
    pub source: String,
    /// Its words.
    pub words: String,
    /// Points taken each time, where the clause prints them.
    pub points: Option<f64>,
    /// Who scores it, as far as the document says.
    pub scored_by: String,
}

/// The clauses of a contract about being away, in the document's order.
#[must_use]
pub fn away_clauses(profile: &Profile) -> Vec<AwayClause> {
    let names = |text: &str| AWAY_WORDS.iter().any(|word| text.contains(word));
    let mut found = Vec::new();
    for row in &profile.facts.assessment {
        let scored_by = row.scored_by.clone().unwrap_or_default();
        if let Some(rule) = row.rule.as_ref().filter(|rule| names(rule)) {
            let source = source_of(&profile.document, row.source_line, row.source_line_end);
            let (words, scored_by) = (rule.clone(), scored_by.clone());
            found.push(AwayClause { source, words, points: None, scored_by });
        }
        for deduction in &row.deduction {
            let text = |key: &str| deduction.get(key).and_then(serde_json::Value::as_str);
            let Some(trigger) = text("trigger").filter(|trigger| names(trigger)) else { continue };
            let line = deduction.get("source_line").and_then(serde_json::Value::as_u64);
            let line = line.and_then(|line| u32::try_from(line).ok()).unwrap_or(row.source_line);
            found.push(AwayClause {
                source: source_of(&profile.document, line, None),
                words: trigger.to_owned(),
                points: deduction.get("points").and_then(serde_json::Value::as_f64),
                scored_by: scored_by.clone(),
            });
        }
    }
    found
}

named! {
    /// What happened.
    pub enum Breach {
        /// 旷工: a whole day.
        Absent = "absent", "旷工";
        /// 半天: a span was lost.
        HalfDay = "half_day", "半天不在岗";
        /// 离岗: looked for, not found, not explained that day.
        NotFound = "not_found", "抽查离岗";
        /// 迟到.
        Late = "late", "迟到";
        /// 早退.
        EarlyLeave = "early_leave", "早退";
        /// 缺卡.
        MissingPunch = "missing_punch", "缺卡";
    }
}

impl Breach {
    /// Whether he was not at his place, as the clauses about being away mean it (our reading).
    #[must_use]
    pub fn is_away(self) -> bool {
        matches!(self, Self::Absent | Self::HalfDay | Self::NotFound)
    }
}

/// One proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Who.
    pub person: String,
    /// When.
    pub date: Date,
    /// What.
    pub breach: Breach,
    /// Why, in words.
    pub text: String,
}

/// The exceptions of the days and checks before `today`, by date, person and kind. What is not certain yet is
/// none.
#[must_use]
pub fn proposals(days: &[Day], checks: &[&SpotCheck], today: Date) -> Vec<Proposal> {
    let of_day = |day: &Day| {
        let breaches: &[Breach] = match day.result {
            DayResult::Absent => &[Breach::Absent],
            DayResult::HalfDay => &[Breach::HalfDay],
            DayResult::Late => &[Breach::Late],
            DayResult::EarlyLeave => &[Breach::EarlyLeave],
            DayResult::LateEarly => &[Breach::Late, Breach::EarlyLeave],
            DayResult::MissingPunch => &[Breach::MissingPunch],
            DayResult::Normal | DayResult::Leave | DayResult::Trip | DayResult::Rest | DayResult::Unknown => {
                &[]
            }
        };
        let (person, date, text) = (day.person.clone(), day.date, day.text.clone());
        breaches.iter().map(move |breach| Proposal {
            person: person.clone(),
            date,
            breach: *breach,
            text: text.clone(),
        })
    };
    let unexplained = checks.iter().filter(|check| !check.noted.found && !check.is_explained_in_time());
    let of_check = unexplained.map(|check| Proposal {
        person: check.noted.person.to_string(),
        date: civil_date(check.noted.at),
        breach: Breach::NotFound,
        text: "抽查时不在岗，本人当天没有说明".to_owned(),
    });
    let mut found: Vec<Proposal> = days.iter().flat_map(of_day).chain(of_check).collect();
    found.retain(|one| one.date < today);
    found.sort_by(|a, b| (a.date, &a.person, a.breach).cmp(&(b.date, &b.person, b.breach)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attendance::{Explanation, SpotNoted, Why};
    use crate::contract::shipped;
    use crate::event::{EventId, UserId};
    use jiff::civil::date;

    fn day(person: &str, day: i8, result: DayResult) -> Day {
        Day {
            person: person.into(),
            date: date(2025, 10, day),
            result,
            minutes_late: 0,
            minutes_early: 0,
            spans: Vec::new(),
            why: Why::NoShift,
            text: String::new(),
        }
    }

    #[test]
    fn the_clauses_of_each_contract_with_line_and_points() {
        let clauses = |id: &str| away_clauses(&shipped(id).unwrap().load().unwrap());
        let police: Vec<_> = clauses("guangxi-police")
            .into_iter()
            .map(|one| (one.source, one.points, one.scored_by))
            .collect();
        assert_eq!(
            police,
            [
                ("001:1933".to_owned(), Some(2.0), "监理".to_owned()),
                ("001:2027".to_owned(), Some(2.0), "服务总队".to_owned())
            ]
        );
        let shaanxi = clauses("shaanxi-civil");
        assert_eq!(shaanxi.len(), 1);
        assert_eq!(shaanxi[0].points, None, "适当费用 is no number");
        assert!(shaanxi[0].source.ends_with(":173"), "{}", shaanxi[0].source);
        for id in ["guangxi-petition", "dazhou-onestop"] {
            assert_eq!(clauses(id), [], "{id} has none");
        }
    }

    #[test]
    fn what_is_certain_and_past_is_proposed() {
        use DayResult as R;
        let results = [
            R::Normal,
            R::Absent,
            R::LateEarly,
            R::Unknown,
            R::HalfDay,
            R::Leave,
            R::MissingPunch,
            R::Rest,
            R::Absent,
        ];
        let days: Vec<Day> = (1..).zip(results).map(|(n, result)| day("wang", n, result)).collect();
        let check = |n: i64, found: bool, explained_after_hours: Option<i64>| {
            let at = jiff::Timestamp::from_second(1_759_370_400 + n * 86_400).unwrap();
            let explained = explained_after_hours.map(|hours| Explanation {
                words: "在机房".into(),
                at: at + jiff::SignedDuration::from_hours(hours),
            });
            SpotCheck {
                noted: SpotNoted {
                    person: UserId::new("li").unwrap(),
                    at,
                    found,
                    unit: String::new(),
                    told: None,
                    note: String::new(),
                },
                by: None,
                event: EventId([1; 16]),
                explained: explained.into_iter().collect(),
                pending: false,
            }
        };
        // 10:00 of 10-02 and of the days after it.
        let checks = [
            check(0, false, None),
            check(1, true, None),
            check(2, false, Some(2)),
            check(3, false, Some(30)),
        ];
        let found = proposals(&days, &checks.iter().collect::<Vec<_>>(), date(2025, 10, 9));
        let told: Vec<_> =
            found.iter().map(|one| (one.date.day(), one.person.as_str(), one.breach.code())).collect();
        assert_eq!(
            told,
            [
                (2, "li", "not_found"),
                (2, "wang", "absent"),
                (3, "wang", "late"),
                (3, "wang", "early_leave"),
                (5, "li", "not_found"),
                (5, "wang", "half_day"),
                (7, "wang", "missing_punch"),
            ]
        );
    }
}
