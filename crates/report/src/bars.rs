//! Amounts by name as bars: what was used of which model, how old stock is.

use crate::met_missed::{Area, ChartError, Colours, Drawn, FONTS, TEXT_PX, Theme, drawn};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Room for a name of sixteen characters.
const NAME_PX: i32 = 208;
/// Most characters of a name that are shown.
const NAME_CHARS_MAX: usize = 16;
/// Room for the number behind a bar.
const NUMBER_PX: i32 = 72;
/// Height of a row: a line of text with room around it.
const ROW_PX: i32 = 22;
/// Room above and below the rows.
const EDGE_PX: i32 = 6;
/// Most bars of one picture.
const BARS_MAX: usize = 100;

/// One amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedBar {
    /// What it is an amount of.
    pub name: String,
    /// How much; below zero it has no bar.
    pub amount: i64,
    /// `块`, `件`.
    pub unit: String,
}

/// Draws amounts one below the other, each with its name and number; at most 100. The picture is as high as its
/// rows; `width` is held within 320-4000 CSS pixels.
///
/// # Errors
/// [`ChartError`] when the drawing library refuses.
pub fn named_bars(bars: &[NamedBar], theme: Theme, width: u32) -> Result<String, ChartError> {
    let rows = i32::try_from(bars.len().min(BARS_MAX)).unwrap_or(0).max(1);
    let height = u32::try_from(2 * EDGE_PX + rows * ROW_PX).unwrap_or(0);
    let size = (width.clamp(320, 4000), height);
    drawn(size, |area| rows_of(area, bars, &theme.colours(), size.0))
}

fn rows_of(area: &Area<'_>, bars: &[NamedBar], colours: &Colours, width: u32) -> Drawn {
    let text = (FONTS, TEXT_PX).into_font().color(&colours.text);
    let right = text.pos(Pos::new(HPos::Right, VPos::Center));
    let left = text.pos(Pos::new(HPos::Left, VPos::Center));
    let room = i32::try_from(width).unwrap_or(4000) - NAME_PX - NUMBER_PX;
    let most = bars.iter().map(|bar| bar.amount).max().unwrap_or(0).max(1);
    for (at, bar) in bars.iter().take(BARS_MAX).enumerate() {
        let middle = EDGE_PX + i32::try_from(at).unwrap_or(0) * ROW_PX + ROW_PX / 2;
        let long = (f64::from(room) * bar.amount.max(0) as f64 / most as f64).round() as i32;
        area.draw(&Text::new(shortened(&bar.name), (NAME_PX - 8, middle), right.clone()))?;
        area.draw(&Rectangle::new(
            [(NAME_PX, middle - 6), (NAME_PX + long.max(1), middle + 6)],
            colours.met.filled(),
        ))?;
        let number = format!("{} {}", bar.amount, bar.unit);
        area.draw(&Text::new(number, (NAME_PX + long.max(1) + 6, middle), left.clone()))?;
    }
    Ok(())
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME_CHARS_MAX {
        return name.to_owned();
    }
    let kept: String = name.chars().take(NAME_CHARS_MAX - 1).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(name: &str, amount: i64) -> NamedBar {
        NamedBar { name: name.to_owned(), amount, unit: "块".to_owned() }
    }

    #[test]
    fn names_and_numbers_are_in_the_svg() {
        let bars = [bar("硬盘 ST4000", 12), bar("一个很长很长很长很长很长的备件名称", 3), bar("跳线", -1)];
        let svg = named_bars(&bars, Theme::Light, 640).unwrap();
        for expected in ["硬盘 ST4000", "12 块", "一个很长很长很长很长很长的备件…", "-1 块"]
        {
            assert!(svg.contains(expected), "{expected} in {svg}");
        }
        assert_ne!(svg, named_bars(&bars, Theme::Dark, 640).unwrap());
        let (few, more) = (named_bars(&bars[..1], Theme::Light, 0).unwrap(), bars.len());
        assert!(few.contains("width=\"320\" height=\"34\"") && more == 3, "{few}");
    }
}
