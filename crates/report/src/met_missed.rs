//! Met and missed clocks by week: two bars for each week.
//!
//! Meaning is never colour alone: the missed bar is drawn hollow with a cross-hatch and carries its number.

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Fonts in the order of finding; the browser picks.
pub(crate) const FONTS: &str = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, sans-serif";
pub(crate) const TEXT_PX: i32 = 12;
/// Fits week labels such as `10-06` without overlap.
const LABEL_WIDTH_PX: u32 = 44;

/// One week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekBar {
    /// Label under the bars, such as `10-06`.
    pub label: String,
    /// Clocks that ended in time.
    pub met: u32,
    /// Clocks that ended late or are overdue.
    pub missed: u32,
}

/// Which surface it is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// The chart could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("the chart could not be drawn: {0}")]
pub struct ChartError(String);

pub(crate) struct Colours {
    pub(crate) text: RGBColor,
    pub(crate) grid: RGBColor,
    pub(crate) met: RGBColor,
    pub(crate) missed: RGBColor,
}

impl Theme {
    pub(crate) fn colours(self) -> Colours {
        match self {
            Self::Light => Colours {
                text: RGBColor(60, 64, 72),
                grid: RGBColor(222, 225, 230),
                met: RGBColor(31, 95, 168),
                missed: RGBColor(178, 52, 40),
            },
            Self::Dark => Colours {
                text: RGBColor(206, 210, 217),
                grid: RGBColor(62, 67, 76),
                met: RGBColor(106, 164, 230),
                missed: RGBColor(240, 128, 112),
            },
        }
    }
}

/// Draws the chart, `width` × `height` CSS pixels; both are held within 200-4000 × 120-2000.
///
/// # Errors
/// [`ChartError`] when the drawing library refuses.
pub fn met_missed(weeks: &[WeekBar], theme: Theme, width: u32, height: u32) -> Result<String, ChartError> {
    let size = (width.clamp(200, 4000), height.clamp(120, 2000));
    drawn(size, |area| draw(area, weeks, &theme.colours(), size.0))
}

/// A picture of this size as SVG text.
pub(crate) fn drawn(size: (u32, u32), draw: impl FnOnce(&Area<'_>) -> Drawn) -> Result<String, ChartError> {
    let wrong = |error: Box<dyn std::error::Error>| ChartError(error.to_string());
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
    draw(&area).and_then(|()| Ok(area.present()?)).map_err(wrong)?;
    drop(area);
    Ok(svg)
}

pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
pub(crate) type Drawn = Result<(), Box<dyn std::error::Error>>;

fn draw(area: &Area<'_>, weeks: &[WeekBar], colours: &Colours, width: u32) -> Drawn {
    let top = f64::from(weeks.iter().map(|week| week.met.max(week.missed)).max().unwrap_or(0).max(4)) * 1.15;
    let right = weeks.len().max(1) as f64;
    let text = (FONTS, TEXT_PX).into_font().color(&colours.text);
    let mut chart = ChartBuilder::on(area)
        .margin(8)
        .margin_top(24)
        .x_label_area_size(24)
        .y_label_area_size(36)
        .build_cartesian_2d(0.0..right, 0.0..top)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .disable_x_axis()
        .light_line_style(TRANSPARENT)
        .bold_line_style(colours.grid)
        .axis_style(colours.grid)
        .y_labels(5)
        .y_label_formatter(&|value| format!("{value:.0}"))
        .label_style(text.clone())
        .draw()?;
    let labelled_every = weeks.len().div_ceil((width / LABEL_WIDTH_PX).max(1) as usize).max(1);
    for (at, week) in weeks.iter().enumerate() {
        bars(&mut chart, at as f64, week, colours)?;
        if at % labelled_every == 0 {
            let (x, y) = chart.backend_coord(&(at as f64 + 0.5, 0.0));
            area.draw(&Text::new(week.label.clone(), (x, y + 6), centred(&text, VPos::Top)))?;
        }
    }
    legend(area, colours, &text)?;
    area.present()?;
    Ok(())
}

fn bars(chart: &mut Chart<'_, '_>, at: f64, week: &WeekBar, colours: &Colours) -> Drawn {
    let (met, missed) = (f64::from(week.met), f64::from(week.missed));
    let solid = [(at + 0.16, 0.0), (at + 0.48, met)];
    let hollow = [(at + 0.52, 0.0), (at + 0.84, missed)];
    if week.met > 0 {
        chart.draw_series(std::iter::once(Rectangle::new(solid, colours.met.filled())))?;
    }
    if week.missed > 0 {
        chart.draw_series(std::iter::once(Rectangle::new(hollow, colours.missed.mix(0.2).filled())))?;
        chart.draw_series(std::iter::once(Rectangle::new(hollow, colours.missed.stroke_width(2))))?;
        let number = (FONTS, TEXT_PX).into_font().color(&colours.missed);
        let label = Text::new(week.missed.to_string(), (at + 0.68, missed), centred(&number, VPos::Bottom));
        chart.draw_series(std::iter::once(label))?;
    }
    Ok(())
}

fn centred<'a>(style: &TextStyle<'a>, vertical: VPos) -> TextStyle<'a> {
    style.pos(Pos::new(HPos::Center, vertical))
}

fn legend(area: &Area<'_>, colours: &Colours, text: &TextStyle<'_>) -> Drawn {
    area.draw(&Rectangle::new([(44, 8), (54, 18)], colours.met.filled()))?;
    area.draw(&Text::new("按时", (60, 7), text.clone()))?;
    area.draw(&Rectangle::new([(100, 8), (110, 18)], colours.missed.mix(0.2).filled()))?;
    area.draw(&Rectangle::new([(100, 8), (110, 18)], colours.missed.stroke_width(2)))?;
    area.draw(&Text::new("超时", (116, 7), text.clone()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(label: &str, met: u32, missed: u32) -> WeekBar {
        WeekBar { label: label.into(), met, missed }
    }

    #[test]
    fn numbers_labels_and_legend_are_in_the_svg() {
        let weeks = [week("10-06", 12, 3), week("10-13", 7, 0)];
        let svg = met_missed(&weeks, Theme::Light, 640, 240).unwrap();
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
        for expected in ["10-06", "10-13", "按时", "超时", "Noto Sans CJK SC"] {
            assert!(svg.contains(expected), "{expected}");
        }
        assert_ne!(svg, met_missed(&weeks, Theme::Dark, 640, 240).unwrap());
    }

    #[test]
    fn nothing_to_show_and_silly_sizes_still_give_a_chart() {
        assert!(met_missed(&[], Theme::Dark, 0, u32::MAX).unwrap().contains("width=\"200\""));
        let many: Vec<WeekBar> = (0..26).map(|i| week("w", i, 26 - i)).collect();
        assert!(met_missed(&many, Theme::Light, 300, 200).unwrap().matches(">\nw\n<").count() <= 7);
    }
}
