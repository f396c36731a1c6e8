//! The ledger of a contract's coverage rows: owed, on the published roster, and proven.

use crate::door::dto::{
    CoverageLedger, CoverageLedgerArgs, CoverageLine, CoverageOddity, DoorError, LedgerDayDto,
};
use crate::order::{Bound, Desk, instant_text, stated_date};
use crate::store::StoreError;
use jiff::civil::date;
use zaigang_domain::calendar::civil_date;
use zaigang_domain::duty::coverage::{
    DayState, DutyDay, Line, Measure, Owed, Period, Qualifier, Roster, Span, duty_days, ledger,
};
use zaigang_domain::event::LogName;

/// Longest period counted at once, in days: a leap year, since what is owed is owed per year.
const DAYS_MAX: i32 = 366;

impl Desk<'_> {
    /// The ledger of a contract over a period; this year unless told otherwise.
    ///
    /// # Errors
    /// Bad input for dates; not now for a contract that has no version or common log here.
    pub fn coverage_ledger(&self, args: &CoverageLedgerArgs) -> Result<CoverageLedger, DoorError> {
        let (contract, log) = self.common_log(args.contract.as_deref())?;
        let bound = self.roster_bound(&contract)?;
        let period = self.period(args)?;
        let duty = self.duty_in(&contract, &log, bound, period)?;
        let spans = self.occasions(&log)?;
        let counted =
            ledger(&bound.profile.facts, &bound.profile.document, bound.calendar, period, &duty, &spans);
        Ok(CoverageLedger {
            title: bound.profile.facts.contract.name.clone(),
            contract,
            from: period.from.to_string(),
            to: period.to.to_string(),
            lines: counted.lines.iter().map(line_dto).collect(),
            oddities: counted
                .oddities
                .into_iter()
                .map(|oddity| CoverageOddity { text: oddity.text, sources: oddity.sources })
                .collect(),
            unannounced_years: counted.unannounced_years,
            synced_at: self.store.last_synced_at()?.map(instant_text),
        })
    }

    fn period(&self, args: &CoverageLedgerArgs) -> Result<Period, DoorError> {
        let year = civil_date(self.now).year();
        let from = stated_date(args.from.as_deref(), "from")?.unwrap_or(date(year, 1, 1));
        let to = stated_date(args.to.as_deref(), "to")?.unwrap_or(date(from.year(), 12, 31));
        let days = to.since(from).map_or(i32::MAX, |span| span.get_days());
        if !(0..DAYS_MAX).contains(&days) {
            return Err(DoorError::bad_input("结束日期须不早于开始日期，最多一年。").at("to"));
        }
        Ok(Period { from, to })
    }

    /// Duty of the published rosters over a period, with what proves it.
    fn duty_in(
        &self,
        contract: &str,
        log: &LogName,
        bound: Bound,
        period: Period,
    ) -> Result<Vec<DutyDay>, DoorError> {
        let (months, members) = self.published_months(contract, log, period, bound.calendar)?;
        let (facts, presence) = (&bound.profile.facts, self.presence(log, &members, period)?);
        let days = months.iter().flat_map(|each| {
            let roster = Roster { shifts: &each.view.shifts, posts: &each.month.posts, members: &members };
            duty_days(roster, &facts.coverage, &bound.profile.document, &presence)
        });
        Ok(days.collect())
    }

    /// Days of the approved plans that no calendar knows.
    fn occasions(&self, log: &LogName) -> Result<Vec<Span>, StoreError> {
        Ok(self.plans(log)?.iter().flat_map(|(_, state)| state.spans()).collect())
    }
}

fn line_dto(line: &Line) -> CoverageLine {
    let day = |day: &zaigang_domain::duty::coverage::CoverageDay| LedgerDayDto {
        date: day.date.to_string(),
        holiday: day.holiday.clone(),
        planned: day.planned,
        proven: day.proven,
        state: state_code(day.state).to_owned(),
    };
    CoverageLine {
        id: line.id.clone(),
        source: line.source.clone(),
        applies_to: line.applies_to.clone(),
        obligation: line.obligation.clone(),
        measure: line.measure.title().to_owned(),
        counted: line.measure != Measure::Uncounted,
        owed: owed_text(line.owed),
        people: line.owed.people,
        calendar_days: line.calendar_days,
        planned_days: line.planned_days,
        proven_days: line.proven_days,
        short_days: line.short_days,
        days: line.days.iter().map(day).collect(),
    }
}

fn state_code(state: DayState) -> &'static str {
    match state {
        DayState::Proven => "proven",
        DayState::Planned => "planned",
        DayState::Thin => "thin",
        DayState::Empty => "empty",
    }
}

fn owed_text(owed: Owed) -> String {
    match (owed.days, owed.qualifier) {
        (None, _) => "每一天".to_owned(),
        (Some(days), Qualifier::AtLeast) => format!("每年不少于 {days} 天"),
        (Some(days), Qualifier::About) => format!("每年约 {days} 天"),
        (Some(days), Qualifier::Plain) => format!("每年 {days} 天"),
    }
}
