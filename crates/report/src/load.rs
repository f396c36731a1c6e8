//! Load of duty: hours and nights by person as bars, and the days of a year as a heat map.
//!
//! Meaning is never colour alone: bars carry their numbers, days their count.

use crate::met_missed::{Area, ChartError, Colours, Drawn, FONTS, TEXT_PX, Theme, drawn};
use jiff::ToSpan as _;
use jiff::civil::Date;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::collections::BTreeMap;

/// Room for a name of eight characters.
const NAME_PX: i32 = 112;
/// Room for the numbers behind a bar.
const NUMBER_PX: i32 = 96;
/// Least height of a row: a line of text.
const ROW_PX: i32 = 18;
/// Room above the rows for the legend.
const TOP_PX: i32 = 28;

/// One person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadBar {
    /// Name.
    pub label: String,
    /// Hours on duty.
    pub hours: u32,
    /// Nights among them.
    pub nights: u32,
}

/// Draws hours and nights by person, one row each. The picture grows where the rows need it: `width` is
/// held within 320-4000, the height at least `height` (120-2000) CSS pixels.
///
/// # Errors
/// [`ChartError`] when the drawing library refuses.
pub fn load_bars(bars: &[LoadBar], theme: Theme, width: u32, height: u32) -> Result<String, ChartError> {
    let rows = i32::try_from(bars.len()).unwrap_or(i32::MAX / ROW_PX / 2);
    let needed = u32::try_from(TOP_PX + rows.min(2_000) * ROW_PX + 8).unwrap_or(u32::MAX);
    let size = (width.clamp(320, 4000), height.clamp(120, 2000).max(needed));
    drawn(size, |area| rows_of(area, bars, &theme.colours(), size.0))
}

fn rows_of(area: &Area<'_>, bars: &[LoadBar], colours: &Colours, width: u32) -> Drawn {
    let text = (FONTS, TEXT_PX).into_font().color(&colours.text);
    let right = text.pos(Pos::new(HPos::Right, VPos::Center));
    let left = text.pos(Pos::new(HPos::Left, VPos::Center));
    area.draw(&Rectangle::new([(NAME_PX, 8), (NAME_PX + 10, 18)], colours.met.filled()))?;
    area.draw(&Text::new("值班时数（小时）", (NAME_PX + 16, 13), left.clone()))?;
    let room = i32::try_from(width).unwrap_or(4000) - NAME_PX - NUMBER_PX;
    let most = bars.iter().map(|bar| bar.hours).max().unwrap_or(0).max(1);
    for (at, bar) in bars.iter().take(2_000).enumerate() {
        let middle = TOP_PX + i32::try_from(at).unwrap_or(0) * ROW_PX + ROW_PX / 2;
        let long = (f64::from(room) * f64::from(bar.hours) / f64::from(most)).round() as i32;
        area.draw(&Text::new(bar.label.clone(), (NAME_PX - 8, middle), right.clone()))?;
        area.draw(&Rectangle::new(
            [(NAME_PX, middle - 6), (NAME_PX + long.max(1), middle + 6)],
            colours.met.filled(),
        ))?;
        let numbers = format!("{} 小时 夜 {}", bar.hours, bar.nights);
        area.draw(&Text::new(numbers, (NAME_PX + long.max(1) + 6, middle), left.clone()))?;
    }
    Ok(())
}

/// Draws the duties of a year: a row for each month, a field for each day with how many it has; days of
/// other years are left out. Size as for [`load_bars`].
///
/// # Errors
/// [`ChartError`] when the drawing library refuses.
pub fn year_heat(
    year: i16,
    counts: &BTreeMap<Date, u32>,
    theme: Theme,
    width: u32,
    height: u32,
) -> Result<String, ChartError> {
    let size = (width.clamp(320, 4000), height.clamp(260, 2000));
    drawn(size, |area| fields(area, year, counts, &theme.colours(), size))
}

fn fields(
    area: &Area<'_>,
    year: i16,
    counts: &BTreeMap<Date, u32>,
    colours: &Colours,
    size: (u32, u32),
) -> Drawn {
    let text = (FONTS, TEXT_PX).into_font().color(&colours.text);
    let centre = text.pos(Pos::new(HPos::Center, VPos::Center));
    let (left, top) = (56, 24);
    let wide = (i32::try_from(size.0).unwrap_or(4000) - left - 8) / 31;
    let high = (i32::try_from(size.1).unwrap_or(2000) - top - 8) / 12;
    let of_year = counts.iter().filter(|(date, _)| date.year() == year);
    let most = of_year.map(|(_, count)| *count).max().unwrap_or(0).max(1);
    for day in 1..=31 {
        area.draw(&Text::new(day.to_string(), (left + (day - 1) * wide + wide / 2, 12), centre.clone()))?;
    }
    for month in 1..=12_i8 {
        let y = top + (i32::from(month) - 1) * high;
        area.draw(&Text::new(format!("{month}月"), (28, y + high / 2), centre.clone()))?;
        let first = Date::new(year, month, 1)?;
        for date in first.series(1.day()).take_while(|date| date.month() == month) {
            let x = left + (i32::from(date.day()) - 1) * wide;
            let field = [(x + 1, y + 1), (x + wide - 1, y + high - 1)];
            let count = counts.get(&date).copied().unwrap_or(0);
            let depth = 0.15 + 0.6 * f64::from(count) / f64::from(most);
            match count {
                0 => area.draw(&Rectangle::new(field, colours.grid.mix(0.6).filled()))?,
                _ => {
                    area.draw(&Rectangle::new(field, colours.met.mix(depth).filled()))?;
                    area.draw(&Text::new(count.to_string(), (x + wide / 2, y + high / 2), centre.clone()))?;
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn names_and_numbers_are_in_the_bars() {
        let bar = |label: &str, hours, nights| LoadBar { label: label.into(), hours, nights };
        let svg = load_bars(&[bar("甲", 240, 10), bar("乙", 0, 0)], Theme::Light, 640, 240).unwrap();
        for expected in ["甲", "乙", "240 小时 夜 10", "0 小时 夜 0", "值班时数（小时）"] {
            assert!(svg.contains(expected), "{expected}");
        }
        let many: Vec<LoadBar> = (0..100).map(|n| bar("人", n, 0)).collect();
        assert!(load_bars(&many, Theme::Dark, 640, 240).unwrap().contains("height=\"1836\""), "it grows");
        assert!(load_bars(&[], Theme::Dark, 0, 0).unwrap().contains("width=\"320\""));
    }

    #[test]
    fn a_year_has_a_field_for_each_day_and_the_count_in_it() {
        let counts = BTreeMap::from([(date(2024, 2, 29), 7), (date(2023, 1, 1), 99)]);
        let svg = year_heat(2024, &counts, Theme::Light, 900, 300).unwrap();
        assert_eq!(svg.matches("<rect").count(), 366);
        assert!(svg.contains("\n7\n") && !svg.contains("\n99\n"), "only of that year");
        let empty = year_heat(2025, &BTreeMap::new(), Theme::Dark, 1, 1).unwrap();
        assert_eq!(empty.matches("<rect").count(), 365);
    }
}
