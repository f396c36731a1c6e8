//! Counts by period as upright bars, such as what ends in which month.
//!
//! Meaning is never colour alone: each bar carries its number, and the legend says what the marked ones are.

use crate::met_missed::{Area, ChartError, Colours, Drawn, FONTS, TEXT_PX, Theme, drawn};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Room above the bars for legend and numbers, and below for labels.
const TOP_PX: i32 = 44;
const BOTTOM_PX: i32 = 24;

/// One period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountBar {
    /// What stands under it.
    pub label: String,
    /// How many.
    pub count: u32,
    /// Stands out, as the second word of the legend says.
    pub marked: bool,
}

/// Draws counts side by side; `legend` names the bars and the marked ones. `width` × `height` CSS pixels, held
/// within 320-4000 × 120-2000.
///
/// # Errors
/// [`ChartError`] when the drawing library refuses.
pub fn count_bars(
    bars: &[CountBar],
    legend: (&str, &str),
    theme: Theme,
    width: u32,
    height: u32,
) -> Result<String, ChartError> {
    let size = (width.clamp(320, 4000), height.clamp(120, 2000));
    drawn(size, |area| draw(area, bars, legend, &theme.colours(), size))
}

fn draw(
    area: &Area<'_>,
    bars: &[CountBar],
    legend: (&str, &str),
    colours: &Colours,
    size: (u32, u32),
) -> Drawn {
    let text = (FONTS, TEXT_PX).into_font().color(&colours.text);
    let left = text.pos(Pos::new(HPos::Left, VPos::Center));
    let middle = text.pos(Pos::new(HPos::Center, VPos::Center));
    for (x, words, colour) in [(8, legend.0, colours.met), (128, legend.1, colours.missed)] {
        area.draw(&Rectangle::new([(x, 8), (x + 10, 18)], colour.filled()))?;
        area.draw(&Text::new(words.to_owned(), (x + 16, 13), left.clone()))?;
    }
    let (width, height) = (i32::try_from(size.0).unwrap_or(4000), i32::try_from(size.1).unwrap_or(2000));
    let ground = height - BOTTOM_PX;
    area.draw(&PathElement::new([(8, ground), (width - 8, ground)], colours.grid))?;
    let slot = (width - 16) / i32::try_from(bars.len()).unwrap_or(1).max(1);
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1);
    for (at, bar) in (0_i32..).zip(bars) {
        let x = 8 + at * slot;
        let centre = x + slot / 2;
        let high = (f64::from(ground - TOP_PX) * f64::from(bar.count) / f64::from(most)).round() as i32;
        let colour = if bar.marked { colours.missed } else { colours.met };
        let half = (slot / 3).clamp(1, 24);
        area.draw(&Text::new(bar.label.clone(), (centre, ground + 12), middle.clone()))?;
        if bar.count > 0 {
            let body = [(centre - half, ground - high.max(1)), (centre + half, ground)];
            area.draw(&Rectangle::new(body, colour.filled()))?;
            area.draw(&Text::new(bar.count.to_string(), (centre, ground - high - 9), middle.clone()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_numbers_and_legend_are_in_the_svg() {
        let bar = |label: &str, count: u32, marked: bool| CountBar { label: label.into(), count, marked };
        let bars = [bar("25-10", 3, true), bar("25-11", 0, false), bar("25-12", 17, false)];
        let svg = count_bars(&bars, ("到期", "90 天内"), Theme::Light, 640, 200).unwrap();
        for expected in ["<svg", "25-10", "17", "到期", "90 天内"] {
            assert!(svg.contains(expected), "{expected} in {svg}");
        }
        assert_ne!(svg, count_bars(&bars, ("到期", "90 天内"), Theme::Dark, 640, 200).unwrap());
        assert!(count_bars(&[], ("到期", "90 天内"), Theme::Light, 0, 0).unwrap().contains("width=\"320\""));
    }
}
