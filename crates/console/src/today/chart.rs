//! Met and missed clocks by week and target, as an SVG and as rows.

use super::settled::SettledClock;
use crate::door::dto::{ChartArgs, ChartDto, ChartRow, DoorError};
use crate::order::Desk;
use jiff::civil::Date;
use std::collections::BTreeMap;
use zaigang_domain::calendar::{civil_date, instant, midnight};
use zaigang_domain::clock::Target;
use zaigang_domain::clock::target_name;
use zaigang_report::{Theme, WeekBar, met_missed};

const WEEKS_MAX: u32 = 26;

impl Desk<'_> {
    /// The chart.
    ///
    /// # Errors
    /// Bad input for an unknown target or theme; internal when the store fails.
    pub fn chart(&self, args: &ChartArgs) -> Result<ChartDto, DoorError> {
        let theme = match args.theme.as_str() {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => return Err(DoorError::bad_input("图表配色只有浅色（light）和深色（dark）。").at("theme")),
        };
        let wanted = args.target.as_deref().filter(|target| !target.is_empty());
        let wanted: Option<Target> = wanted
            .map(|target| {
                target.parse().map_err(|()| DoorError::bad_input("没有这种时限，请重新选择。").at("target"))
            })
            .transpose()?;
        let weeks = weeks_back(civil_date(self.now), args.weeks.clamp(1, WEEKS_MAX));
        let from = weeks.first().copied().unwrap_or_else(|| civil_date(self.now));
        let clocks = self.settled_clocks(instant(midnight(from)))?;
        let counted = clocks.iter().filter(|clock| wanted.is_none_or(|target| clock.target == target));
        let counts = by_week_and_target(counted);
        let svg =
            met_missed(&bars(&weeks, &counts), theme, args.width, args.height).map_err(DoorError::broken)?;
        let rows = counts.iter().map(|((week, target), (met, missed))| ChartRow {
            week: week.to_string(),
            target: target_name(*target).to_owned(),
            met: *met,
            missed: *missed,
        });
        Ok(ChartDto { svg, rows: rows.collect() })
    }
}

type Counts = BTreeMap<(Date, Target), (u32, u32)>;

fn monday(date: Date) -> Date {
    let back = i64::from(date.weekday().to_monday_zero_offset());
    date.checked_sub(jiff::Span::new().days(back)).unwrap_or(date)
}

/// Mondays of the last `weeks` weeks, this one included, oldest first.
fn weeks_back(today: Date, weeks: u32) -> Vec<Date> {
    let this = monday(today);
    let back = |n: u32| this.checked_sub(jiff::Span::new().weeks(i64::from(n))).ok();
    (0..weeks).rev().filter_map(back).collect()
}

fn by_week_and_target<'c>(clocks: impl Iterator<Item = &'c SettledClock>) -> Counts {
    let mut counts = Counts::new();
    for clock in clocks {
        let week = monday(civil_date(instant(clock.at.saturating_mul(1_000))));
        let (met, missed) = counts.entry((week, clock.target)).or_default();
        *(if clock.met { met } else { missed }) += 1;
    }
    counts
}

fn bars(weeks: &[Date], counts: &Counts) -> Vec<WeekBar> {
    let sum = |week: &Date| {
        let of_week = counts.iter().filter(|((monday, _), _)| monday == week);
        of_week.fold((0, 0), |(met, missed), (_, (m, x))| (met + m, missed + x))
    };
    let bar = |week: &Date| {
        let (met, missed) = sum(week);
        WeekBar { label: week.strftime("%m-%d").to_string(), met, missed }
    };
    weeks.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn weeks_begin_on_monday() {
        assert_eq!(monday(date(2025, 10, 12)), date(2025, 10, 6));
        assert_eq!(monday(date(2025, 10, 6)), date(2025, 10, 6));
        assert_eq!(weeks_back(date(2025, 10, 8), 2), [date(2025, 9, 29), date(2025, 10, 6)]);
    }

    #[test]
    fn a_clock_counts_in_the_week_it_was_settled() {
        let at = |day| midnight(date(2025, 10, day)) / 1_000;
        let clocks = [
            SettledClock { target: Target::Response, at: at(12), met: true },
            SettledClock { target: Target::Response, at: at(13), met: false },
            SettledClock { target: Target::Arrival, at: at(6), met: false },
        ];
        let counts = by_week_and_target(clocks.iter());
        let bars = bars(&[date(2025, 10, 6), date(2025, 10, 13)], &counts);
        assert_eq!((bars[0].met, bars[0].missed), (1, 1));
        assert_eq!((bars[1].met, bars[1].missed), (0, 1));
        assert_eq!(counts.len(), 3);
    }
}
