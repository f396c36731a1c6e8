//! Charts of the year's load: bars by person, and a heat map of its days.

use crate::door::dto::{DoorError, LedgerChart, LedgerChartArgs};
use crate::order::Desk;
use jiff::civil::Date;
use std::collections::BTreeMap;
use zaigang_report::{LoadBar, Theme, load_bars, year_heat};

impl Desk<'_> {
    /// The chart.
    ///
    /// # Errors
    /// Bad input for an unknown kind, theme or year.
    pub fn ledger_chart(&self, args: &LedgerChartArgs) -> Result<LedgerChart, DoorError> {
        let theme = match args.theme.as_str() {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => return Err(DoorError::bad_input("图表配色只有浅色（light）和深色（dark）。").at("theme")),
        };
        let year = self.year(args.year)?;
        let mine = |id: &str| args.person.as_deref().is_none_or(|person| person == id);
        let svg = match args.kind.as_str() {
            "bars" => {
                let mut bars = Vec::new();
                for (id, load) in year.loads.iter().filter(|(id, _)| mine(id)) {
                    bars.push(LoadBar {
                        label: self.name(id)?,
                        hours: load.duty.minutes / 60,
                        nights: load.duty.nights,
                    });
                }
                bars.sort_by(|a, b| (b.hours, &a.label).cmp(&(a.hours, &b.label)));
                load_bars(&bars, theme, args.width, args.height)
            }
            "heat" => {
                let mut counts: BTreeMap<Date, u32> = BTreeMap::new();
                for shift in year.worked.iter().filter(|shift| mine(&shift.person) && !shift.standby) {
                    *counts.entry(shift.date).or_default() += 1;
                }
                year_heat(year.year, &counts, theme, args.width, args.height)
            }
            _ => return Err(DoorError::bad_input("图表只有柱形（bars）和年历（heat）两种。").at("kind")),
        };
        Ok(LedgerChart { svg: svg.map_err(DoorError::broken)? })
    }
}
