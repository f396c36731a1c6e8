//! The coverage ledger: days owed by the contract against days planned and days proven.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use crate::calendar::{Calendar, Day, DayKind};
use crate::contract::facts::{Coverage, Facts};
use crate::contract::source_of;

/// Dates that are counted, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Period {
    /// First date.
    pub from: Date,
    /// Last date.
    pub to: Date,
}

impl Period {
    fn dates(self) -> impl Iterator<Item = Date> {
        self.from.series(jiff::ToSpan::days(1)).take_while(move |date| *date <= self.to)
    }
}

/// One person on duty on one date, from the published roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyDay {
    /// Date on which the shift begins.
    pub date: Date,
    /// Who.
    pub person: String,
    /// His division; absent: not known, counts for all.
    pub division: Option<String>,
    /// Coverage rows the post was set up for; empty: all of the contract.
    pub serves: BTreeSet<String>,
    /// On site; standby beside normal work is not.
    pub onsite: bool,
    /// He came or took the duty over: a punch or an accepted handover says so.
    pub proven: bool,
}

/// An occasion that no calendar knows: a congress, an exposition, a key period; from an approved plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The kind of coverage row it belongs to, such as `two_sessions`.
    pub kind: String,
    /// First and last date.
    pub period: Period,
}

/// How a printed number of days is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Qualifier {
    /// 不少于.
    AtLeast,
    /// 约: a figure, nothing that can be missed.
    About,
    /// The plain figure.
    Plain,
}

/// What a row asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Owed {
    /// Days of a year; absent: every day of that kind.
    pub days: Option<u32>,
    /// How the figure is meant.
    pub qualifier: Qualifier,
    /// People at once on each of these days.
    pub people: u32,
}

/// How a row is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Days off that belong to a named holiday, natural weekends in its span too.
    HolidayDays,
    /// Saturdays and Sundays off outside any holiday.
    WeekendDays,
    /// All days off.
    DaysOff,
    /// Workdays, make-up workdays too.
    Workdays,
    /// Every day.
    EveryDay,
    /// Days of occasions that plans name.
    Occasions,
    /// Not by days: shown, and counted nowhere.
    Uncounted,
}

impl Measure {
    /// How a row is counted: by its kind; a weekend row that speaks of 非工作日 means holidays too.
    fn of(row: &Coverage) -> Self {
        match row.kind.as_str() {
            "weekend" if row.obligation.as_deref().is_some_and(|text| text.contains("非工作日")) => {
                Self::DaysOff
            }
            "statutory_holiday" | "holiday" => Self::HolidayDays,
            "weekend" => Self::WeekendDays,
            "min_on_duty" | "weekend_holiday" => Self::DaysOff,
            "workday_monitor" => Self::Workdays,
            "db_watch" | "dual_primary_backup" | "365" | "24h_monitor" => Self::EveryDay,
            "two_sessions" | "expo" | "key_period" | "event" | "rotation_24h" => Self::Occasions,
            _ => Self::Uncounted,
        }
    }

    /// How it is counted, for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::HolidayDays => "节假日各天（含假期内的周末）",
            Self::WeekendDays => "节假日以外的周末各天",
            Self::DaysOff => "周末和节假日各天",
            Self::Workdays => "工作日各天（含调休补班）",
            Self::EveryDay => "每天",
            Self::Occasions => "保障计划列明的各天",
            Self::Uncounted => "不按天计",
        }
    }
}

/// How one day stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayState {
    /// Enough people, and proof that they were there.
    Proven,
    /// Enough people on the roster; it lies ahead, or the proof is still missing.
    Planned,
    /// Somebody, but fewer than are owed.
    Thin,
    /// Nobody.
    Empty,
}

/// One day of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CoverageDay {
    /// The date.
    pub date: Date,
    /// Heading of the holiday it belongs to.
    pub holiday: Option<String>,
    /// People on the roster.
    pub planned: u32,
    /// Of them, those whose presence is proven.
    pub proven: u32,
    /// How it stands.
    pub state: DayState,
}

/// A row of the contract with its days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Id of the contract's row.
    pub id: String,
    /// Document and lines.
    pub source: String,
    /// What it is about, in the document's words.
    pub applies_to: String,
    /// The obligation in the document's words.
    pub obligation: String,
    /// How it is counted; our reading where the document does not say.
    pub measure: Measure,
    /// What it asks for.
    pub owed: Owed,
    /// Days of that kind in the period.
    pub calendar_days: u32,
    /// Of them, days with enough people on the roster, proven or not.
    pub planned_days: u32,
    /// Of them, days with proof.
    pub proven_days: u32,
    /// Days still owed once all that is planned is done; absent for a figure that binds nobody (约), and for
    /// the days of a year where another period is counted.
    pub short_days: Option<u32>,
    /// The days, in order.
    pub days: Vec<CoverageDay>,
}

/// Printed figures that do not add up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Oddity {
    /// Rows it is about.
    pub rows: Vec<String>,
    /// Their document and lines.
    pub sources: Vec<String>,
    /// What does not fit, for people.
    pub text: String,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// The period counted.
    pub period: Period,
    /// Rows in the document's order.
    pub lines: Vec<Line>,
    /// What the document's own figures do not agree on.
    pub oddities: Vec<Oddity>,
    /// Years of the period for which no notice is known: their days off are not counted.
    pub unannounced_years: Vec<i16>,
}

/// A document's rows, and what they are counted against.
struct Count<'a> {
    document: &'a str,
    /// Divisions the contract names, so that a row about one is told from a row about all.
    divisions: BTreeSet<&'a str>,
    days: Vec<Day<'a>>,
    duty: BTreeMap<Date, Vec<&'a DutyDay>>,
    spans: &'a [Span],
}

/// Counts a contract's coverage rows over a period.
#[must_use]
pub fn ledger(
    facts: &Facts,
    document: &str,
    calendar: &Calendar,
    period: Period,
    duty: &[DutyDay],
    spans: &[Span],
) -> Ledger {
    let mut by_date: BTreeMap<Date, Vec<&DutyDay>> = BTreeMap::new();
    for one in duty {
        by_date.entry(one.date).or_default().push(one);
    }
    let count = Count {
        document,
        divisions: facts.position.iter().filter_map(|post| post.division.as_deref()).collect(),
        days: period.dates().map(|date| calendar.day(date)).collect(),
        duty: by_date,
        spans,
    };
    let unannounced = count.days.iter().filter(|day| day.kind == DayKind::Unannounced);
    let unannounced: BTreeSet<i16> = unannounced.map(|day| day.date.year()).collect();
    Ledger {
        period,
        lines: facts.coverage.iter().map(|row| count.line(row)).collect(),
        oddities: oddities(&facts.coverage, document, calendar, period.from.year()),
        unannounced_years: unannounced.into_iter().collect(),
    }
}

impl Count<'_> {
    fn line(&self, row: &Coverage) -> Line {
        let measure = Measure::of(row);
        let owed = owed(row);
        let dates = self.days.iter().filter(|day| counts(measure, &row.kind, day, self.spans));
        let days: Vec<CoverageDay> = dates.map(|day| self.day(row, day, owed.people)).collect();
        let with = |wanted: fn(&CoverageDay) -> bool| count(days.iter().filter(|day| wanted(day)));
        let planned_days = with(|day| matches!(day.state, DayState::Proven | DayState::Planned));
        let calendar_days = count(days.iter());
        let binds = measure != Measure::Uncounted && owed.qualifier != Qualifier::About;
        // The days of a year say nothing about a month.
        let comparable = owed.days.is_none() || count(self.days.iter()) >= 365;
        let target = owed.days.unwrap_or(calendar_days);
        Line {
            id: row.id.clone(),
            source: source_of(self.document, row.source_line, None),
            applies_to: row.applies_to.clone(),
            obligation: row.obligation.clone().or_else(|| row.rule.clone()).unwrap_or_default(),
            measure,
            owed,
            calendar_days,
            planned_days,
            proven_days: with(|day| day.state == DayState::Proven),
            short_days: (binds && comparable).then(|| target.saturating_sub(planned_days)),
            days,
        }
    }

    fn day(&self, row: &Coverage, day: &Day<'_>, owed: u32) -> CoverageDay {
        let is_onsite = row.onsite.or(row.on_site) == Some(true);
        let division = self.divisions.iter().find(|division| row.applies_to.contains(**division));
        let serves = |one: &&&DutyDay| {
            let of_row = one.serves.is_empty() || one.serves.contains(&row.id);
            let of_division =
                division.is_none() || one.division.as_deref().is_none_or(|own| Some(&own) == division);
            of_row && of_division && (one.onsite || !is_onsite)
        };
        // One person on two posts is one person.
        let mut people: BTreeMap<&str, bool> = BTreeMap::new();
        for one in self.duty.get(&day.date).map(Vec::as_slice).unwrap_or_default().iter().filter(serves) {
            *people.entry(&one.person).or_default() |= one.proven;
        }
        let planned = count(people.keys());
        let proven = count(people.values().filter(|proven| **proven));
        let state = match planned {
            0 => DayState::Empty,
            _ if proven >= owed => DayState::Proven,
            _ if planned >= owed => DayState::Planned,
            _ => DayState::Thin,
        };
        CoverageDay { date: day.date, holiday: day.holiday.map(str::to_owned), planned, proven, state }
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

fn owed(row: &Coverage) -> Owed {
    let qualifier = match row.days_qualifier.as_deref() {
        Some(">=") => Qualifier::AtLeast,
        Some("approx") => Qualifier::About,
        _ => Qualifier::Plain,
    };
    Owed { days: row.days, qualifier, people: row.people.or(row.people_min).unwrap_or(1) }
}

fn counts(measure: Measure, kind: &str, day: &Day<'_>, spans: &[Span]) -> bool {
    let is_off = day.kind.is_worked() == Some(false);
    match measure {
        Measure::HolidayDays => is_off && day.holiday.is_some(),
        Measure::WeekendDays => is_off && day.holiday.is_none(),
        Measure::DaysOff => is_off,
        Measure::Workdays => day.kind.is_worked() == Some(true),
        Measure::EveryDay => true,
        Measure::Occasions => {
            let holds = |span: &&Span| span.period.from <= day.date && day.date <= span.period.to;
            spans.iter().filter(holds).any(|span| span.kind == kind)
        }
        Measure::Uncounted => false,
    }
}

/// What the document's own figures do not agree on, for a calendar year: rows about the same thing that name
/// holidays and weekends by number must, with the workdays of the calendar, give the days there are; a number
/// of holidays is that of the notice.
fn oddities(rows: &[Coverage], document: &str, calendar: &Calendar, year: i16) -> Vec<Oddity> {
    let whole = Period { from: jiff::civil::date(year, 1, 1), to: jiff::civil::date(year, 12, 31) };
    let days: Vec<Day<'_>> = whole.dates().map(|date| calendar.day(date)).collect();
    if days.iter().any(|day| day.kind == DayKind::Unannounced) {
        return Vec::new();
    }
    let year = Year { document, year, days };
    let of = |measure: Measure| rows.iter().filter(move |row| Measure::of(row) == measure);
    let mut found = Vec::new();
    for holiday in of(Measure::HolidayDays) {
        let weekend = of(Measure::WeekendDays).find(|row| row.applies_to == holiday.applies_to);
        found.extend(weekend.and_then(|weekend| year.sum(holiday, weekend)));
        found.extend(year.holidays(holiday));
    }
    found
}

/// A year of which all days are announced.
struct Year<'a> {
    document: &'a str,
    year: i16,
    days: Vec<Day<'a>>,
}

impl Year<'_> {
    fn with(&self, wanted: impl Fn(&Day<'_>) -> bool) -> u32 {
        count(self.days.iter().filter(|day| wanted(day)))
    }

    fn oddity(&self, rows: &[&Coverage], text: String) -> Oddity {
        Oddity {
            rows: rows.iter().map(|row| row.id.clone()).collect(),
            sources: rows.iter().map(|row| source_of(self.document, row.source_line, None)).collect(),
            text,
        }
    }

    fn sum(&self, holiday: &Coverage, weekend: &Coverage) -> Option<Oddity> {
        let (off, weekends) = (holiday.days?, weekend.days?);
        let workdays = self.with(|day| day.kind.is_worked() == Some(true));
        let (sum, all) = (off + weekends + workdays, count(self.days.iter()));
        let gap = if sum > all { format!("多 {} 天", sum - all) } else { format!("少 {} 天", all - sum) };
        let text = format!(
            "{}：节假日 {off} 天 + 周末 {weekends} 天 + {} 年日历上的工作日 {workdays} 天 = {sum} 天，全年 {all} 天，{gap}",
            holiday.applies_to, self.year
        );
        (sum != all).then(|| self.oddity(&[holiday, weekend], text))
    }

    fn holidays(&self, holiday: &Coverage) -> Option<Oddity> {
        let off = holiday.days?;
        let arranged = self.with(|day| counts(Measure::HolidayDays, &holiday.kind, day, &[]));
        let statutory = self.with(|day| day.kind == DayKind::Statutory);
        let text = format!(
            "{}：合同写 {off} 天；{} 年放假安排中节假日 {arranged} 天（含假期内的周末），其中法定节日 {statutory} 天",
            holiday.applies_to, self.year
        );
        (off != arranged).then(|| self.oddity(&[holiday], text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Profile, shipped};
    use jiff::ToSpan as _;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn profile(id: &str) -> Profile {
        let texts = shipped(id).unwrap();
        Profile::load(id, texts.facts, Some(texts.reading), None).unwrap()
    }

    fn year(year: i16) -> Period {
        Period { from: date(year, 1, 1), to: date(year, 12, 31) }
    }

    fn on(date: Date, person: &str, proven: bool) -> DutyDay {
        DutyDay { date, person: person.into(), division: None, serves: BTreeSet::new(), onsite: true, proven }
    }

    fn counted(id: &str, period: Period, duty: &[DutyDay], spans: &[Span]) -> Ledger {
        let profile = profile(id);
        ledger(&profile.facts, &profile.document, &Calendar::builtin(), period, duty, spans)
    }

    #[test]
    fn the_petition_contract_is_counted_as_it_is_printed_and_its_arithmetic_is_shown() {
        let counted = counted("guangxi-petition", year(2025), &[], &[]);
        let days = |id: &str| {
            let line = counted.lines.iter().find(|line| line.id == id).unwrap();
            (line.source.as_str(), line.owed.days, line.calendar_days, line.short_days)
        };
        for (id, expected) in [
            ("p1-holiday", ("000:40", Some(36), 28, Some(36))),
            ("p1-weekend", ("000:46", Some(98), 89, None)),
            ("p1-congress", ("000:42", Some(5), 0, None)),
            ("p2-holiday", ("000:471", Some(13), 28, Some(13))),
            ("workday-1", ("000:68", Some(248), 248, Some(248))),
            ("db-website", ("000:311", Some(365), 365, Some(365))),
            ("p1-724", ("000:28", None, 0, None)),
        ] {
            assert_eq!(days(id), expected, "{id}");
        }
        let texts: Vec<&str> = counted.oddities.iter().map(|oddity| oddity.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "网上信访信息系统：节假日 36 天 + 周末 98 天 + 2025 年日历上的工作日 248 天 = 382 天，全年 365 天，多 17 天",
                "网上信访信息系统：合同写 36 天；2025 年放假安排中节假日 28 天（含假期内的周末），其中法定节日 13 天",
                "大数据平台：节假日 13 天 + 周末 90 天 + 2025 年日历上的工作日 248 天 = 351 天，全年 365 天，少 14 天",
                "大数据平台：合同写 13 天；2025 年放假安排中节假日 28 天（含假期内的周末），其中法定节日 13 天",
            ]
        );
    }

    #[test]
    fn one_on_site_each_day_off() {
        let (first, last) = (date(2025, 9, 27), date(2025, 10, 12));
        let period = Period { from: first, to: last };
        // 09-28 and 10-11 are worked; 09-27, 10-01 to 10-08 and 10-12 are off.
        let remote = DutyDay { onsite: false, ..on(date(2025, 10, 3), "b", true) };
        let duty = [
            on(date(2025, 10, 1), "a", true),
            on(date(2025, 10, 2), "a", false),
            remote,
            on(last, "a", true),
        ];
        let counted = counted("shaanxi-civil", period, &duty, &[]);
        let line = counted.lines.iter().find(|line| line.id == "holiday-duty").unwrap();
        let states: Vec<(i8, DayState)> = line.days.iter().map(|day| (day.date.day(), day.state)).collect();
        use DayState::{Empty, Planned, Proven};
        assert_eq!(
            states,
            [
                (27, Empty),
                (1, Proven),
                (2, Planned),
                (3, Empty),
                (4, Empty),
                (5, Empty),
                (6, Empty),
                (7, Empty),
                (8, Empty),
                (12, Proven)
            ]
        );
        assert_eq!((line.planned_days, line.proven_days, line.short_days), (3, 2, Some(7)));
    }

    #[test]
    fn pairs_need_two_people_and_occasions_a_plan() {
        let day = date(2025, 9, 17);
        let period = Period { from: day, to: day };
        let span = Span { kind: "expo".into(), period };
        let state = |duty: &[DutyDay], id: &str| {
            let counted = counted("guangxi-petition", period, duty, std::slice::from_ref(&span));
            counted.lines.iter().find(|line| line.id == id).unwrap().days[0].state
        };
        let twice = [on(day, "a", false), on(day, "a", true)];
        assert_eq!(state(&twice, "dynamic-pair"), DayState::Thin, "one person on two posts is one person");
        let two = [on(day, "a", true), on(day, "b", false)];
        assert_eq!(state(&two, "dynamic-pair"), DayState::Planned);
        assert_eq!(state(&two, "p1-expo"), DayState::Proven);
        let other = DutyDay { serves: BTreeSet::from(["p2-expo".to_owned()]), ..on(day, "a", true) };
        assert_eq!(state(&[other], "p1-expo"), DayState::Empty);
    }

    #[test]
    fn a_row_of_one_division_is_covered_by_its_people_on_every_day_off() {
        let period = Period { from: date(2025, 10, 1), to: date(2025, 10, 12) };
        let of = |day: i8, division: &str| DutyDay {
            division: Some(division.into()),
            ..on(date(2025, 10, day), "a", false)
        };
        let duty = [of(1, "L总队"), of(2, "A总队"), of(12, "L总队")];
        let counted = counted("guangxi-police", period, &duty, &[]);
        let line = counted.lines.iter().find(|line| line.id == "L-nonworkday-duty").unwrap();
        assert_eq!((line.source.as_str(), line.measure), ("001:1754", Measure::DaysOff));
        assert_eq!((line.calendar_days, line.planned_days, line.short_days), (9, 2, Some(7)));
    }

    #[test]
    fn days_of_a_year_are_not_held_against_a_month() {
        let period = Period { from: date(2025, 10, 1), to: date(2025, 10, 31) };
        let counted = counted("guangxi-petition", period, &[], &[]);
        let short = |id: &str| counted.lines.iter().find(|line| line.id == id).unwrap().short_days;
        assert_eq!((short("p1-holiday"), short("dynamic-pair")), (None, Some(31)));
        assert_eq!(counted.oddities.len(), 4, "what does not fit is told for the whole year");
        assert_eq!(counted.oddities[0].sources, ["000:40", "000:46"]);
    }

    #[test]
    fn a_year_without_a_notice_is_told() {
        let counted = counted("shaanxi-civil", year(2027), &[], &[]);
        assert_eq!(counted.unannounced_years, [2027]);
        assert!(counted.lines.iter().all(|line| line.measure != Measure::DaysOff || line.calendar_days == 0));
    }

    proptest! {
        /// The days of a row add up to its totals, and more duty never covers less.
        #[test]
        fn totals_are_those_of_the_days(rows in proptest::collection::vec((0..60_i32, 0..4_u8, any::<bool>()), 0..80)) {
            let from = date(2025, 9, 1);
            let period = Period { from, to: from + 59.days() };
            let duty: Vec<DutyDay> =
                rows.iter().map(|(day, who, proven)| on(from + day.days(), &who.to_string(), *proven)).collect();
            let (half, whole) = (
                counted("guangxi-petition", period, &duty[..duty.len() / 2], &[]),
                counted("guangxi-petition", period, &duty, &[]),
            );
            for (less, more) in half.lines.iter().zip(&whole.lines) {
                let with = |state: &[DayState]| {
                    u32::try_from(more.days.iter().filter(|day| state.contains(&day.state)).count()).unwrap()
                };
                prop_assert_eq!(more.proven_days, with(&[DayState::Proven]));
                prop_assert_eq!(more.planned_days, with(&[DayState::Proven, DayState::Planned]));
                prop_assert!(less.planned_days <= more.planned_days && less.proven_days <= more.proven_days);
            }
        }
    }
}
