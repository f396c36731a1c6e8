//! Stock over time against the minimum, as a stepped line.

use crate::met_missed::{Area, ChartError, Colours, Drawn, FONTS, TEXT_PX, Theme, drawn};
use jiff::civil::Date;
use plotters::prelude::*;

/// Draws what was on hand at the end of each day on which something moved, up to `end`, with the minimum as
/// a dashed line (0: none); `width` × `height` CSS pixels, held within 200-4000 × 120-2000.
///
/// # Errors
/// [`ChartError`] when the drawing library refuses.
pub fn stock_line(
    days: &[(Date, i64)],
    minimum: i64,
    end: Date,
    theme: Theme,
    width: u32,
    height: u32,
) -> Result<String, ChartError> {
    let size = (width.clamp(200, 4000), height.clamp(120, 2000));
    drawn(size, |area| draw(area, days, minimum, end, &theme.colours()))
}

fn draw(area: &Area<'_>, days: &[(Date, i64)], minimum: i64, end: Date, colours: &Colours) -> Drawn {
    let Some((first, _)) = days.first().copied() else { return Ok(()) };
    let day = |date: Date| first.until(date).map_or(0.0, |span| f64::from(span.get_days()));
    let values = || days.iter().map(|(_, on_hand)| *on_hand).chain([minimum, 0]);
    let (low, high) = (values().min().unwrap_or(0) as f64, values().max().unwrap_or(0).max(4) as f64);
    let right = day(end.max(first)).max(1.0);
    let text = (FONTS, TEXT_PX).into_font().color(&colours.text);
    let mut chart = ChartBuilder::on(area)
        .margin(8)
        .margin_top(24)
        .x_label_area_size(24)
        .y_label_area_size(36)
        .build_cartesian_2d(0.0..right, low..high * 1.1)?;
    let label = |offset: &f64| {
        let date = first.checked_add(jiff::Span::new().days(offset.round() as i64)).unwrap_or(first);
        date.strftime("%m-%d").to_string()
    };
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(colours.grid)
        .axis_style(colours.grid)
        .x_labels(6)
        .x_label_formatter(&label)
        .y_labels(5)
        .y_label_formatter(&|value| format!("{value:.0}"))
        .label_style(text.clone())
        .draw()?;
    let mut steps: Vec<(f64, f64)> = Vec::with_capacity(days.len() * 2 + 1);
    for (date, on_hand) in days {
        let x = day(*date);
        steps.extend(steps.last().map(|(_, before)| (x, *before)));
        steps.push((x, *on_hand as f64));
    }
    steps.extend(steps.last().map(|(_, last)| (right, *last)));
    chart.draw_series(LineSeries::new(steps, colours.met.stroke_width(2)))?;
    if minimum > 0 {
        let level = [(0.0, minimum as f64), (right, minimum as f64)];
        chart.draw_series(DashedLineSeries::new(level, 6, 4, colours.missed.stroke_width(1)))?;
        let words = (FONTS, TEXT_PX).into_font().color(&colours.missed);
        area.draw(&Text::new(format!("下限 {minimum}"), (120, 7), words))?;
    }
    area.draw(&Text::new("库存", (44, 7), text))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn line_minimum_and_dates_are_in_the_svg() {
        let days = [(date(2025, 10, 1), 4), (date(2025, 10, 9), 1), (date(2025, 10, 10), -1)];
        let svg = stock_line(&days, 2, date(2025, 10, 15), Theme::Light, 640, 240).unwrap();
        for expected in ["<svg", "库存", "下限 2", "10-01"] {
            assert!(svg.contains(expected), "{expected} in {svg}");
        }
        assert_ne!(svg, stock_line(&days, 2, date(2025, 10, 15), Theme::Dark, 640, 240).unwrap());
        assert!(!stock_line(&days, 0, date(2025, 10, 15), Theme::Light, 640, 240).unwrap().contains("下限"));
        assert!(
            stock_line(&[], 2, date(2025, 10, 15), Theme::Light, 0, 0).unwrap().contains("width=\"200\"")
        );
    }
}
