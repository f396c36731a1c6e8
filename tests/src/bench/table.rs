//! The table that the benchmark prints.

use std::fmt::Write as _;
use std::time::Duration;

/// What a figure must reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bar {
    /// The figure itself, at least.
    AtLeast(f64),
    /// The figure itself, below.
    Below(f64),
    /// The figure's share of its floor, at least.
    ShareOfFloor(f64),
    /// Told for comparison only.
    None,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// The figure.
    pub figure: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What the machine gives for the same work done plainly.
    pub floor: Option<f64>,
    /// Spread of single measurements.
    pub spread: Option<Percentiles>,
    /// What it must reach.
    pub bar: Bar,
}

impl Row {
    /// Whether the bar is reached; `None` without one.
    #[must_use]
    pub fn is_ok(&self) -> Option<bool> {
        match self.bar {
            Bar::AtLeast(bar) => Some(self.figure >= bar),
            Bar::Below(bar) => Some(self.figure < bar),
            Bar::ShareOfFloor(share) => self.floor.map(|floor| self.figure >= floor * share),
            Bar::None => None,
        }
    }
}

/// Spread of single measurements, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Percentiles {
    /// Half are below.
    pub p50: f64,
    /// 95 of 100 are below.
    pub p95: f64,
    /// 99 of 100 are below.
    pub p99: f64,
    /// The slowest.
    pub max: f64,
}

impl Percentiles {
    /// Of some durations; all zero of none.
    #[must_use]
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |per_cent: usize| {
            let index = (times.len() * per_cent).div_ceil(100).saturating_sub(1);
            times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
        };
        Self { p50: at(50), p95: at(95), p99: at(99), max: at(100) }
    }
}

/// The lines so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// They.
    pub rows: Vec<Row>,
    /// Remarks printed below.
    pub notes: Vec<String>,
}

impl Table {
    /// Adds a figure.
    pub fn add(&mut self, what: impl Into<String>, figure: f64, unit: &'static str, bar: Bar) -> &mut Row {
        self.rows.push(Row { what: what.into(), figure, unit, floor: None, spread: None, bar });
        self.rows.last_mut().expect("one was just added")
    }

    /// Whether every bar was reached.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.rows.iter().all(|row| row.is_ok() != Some(false))
    }

    /// As text for people.
    #[must_use]
    pub fn text(&self) -> String {
        let width = self.rows.iter().map(|row| row.what.chars().count()).max().unwrap_or(0);
        let mut text = String::new();
        let _ = writeln!(
            text,
            "{:<width$}  {:>12} {:<9} {:>12} {:>6}  {:<28}  {:>16}",
            "what", "figure", "unit", "floor", "ratio", "p50 / p95 / p99 / max ms", "bar"
        );
        for row in &self.rows {
            let floor = row.floor.map_or(String::new(), number);
            let ratio =
                row.floor.map_or(String::new(), |floor| format!("{:.0} %", row.figure / floor * 100.0));
            let spread = row.spread.map_or(String::new(), |spread| {
                format!("{:.2} / {:.2} / {:.2} / {:.2}", spread.p50, spread.p95, spread.p99, spread.max)
            });
            let bar = match row.bar {
                Bar::AtLeast(bar) => format!(">= {}", number(bar)),
                Bar::Below(bar) => format!("< {}", number(bar)),
                Bar::ShareOfFloor(share) => format!(">= {:.0} % of floor", share * 100.0),
                Bar::None => String::new(),
            };
            let verdict = match row.is_ok() {
                Some(true) => "ok",
                Some(false) => "MISSED",
                None => "",
            };
            let figure = number(row.figure);
            let _ = writeln!(
                text,
                "{:<width$}  {figure:>12} {:<9} {floor:>12} {ratio:>6}  {spread:<28}  {bar:>16}  {verdict}",
                row.what, row.unit
            );
        }
        text
    }
}

fn number(value: f64) -> String {
    if value >= 1_000.0 {
        let digits = format!("{value:.0}");
        let mut out = String::new();
        for (i, c) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(',');
            }
            out.push(c);
        }
        out
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_reached_or_missed() {
        let mut table = Table::default();
        table.add("fast", 1_234_567.0, "events/s", Bar::AtLeast(25_000.0));
        table.add("share", 39.0, "rows/s", Bar::ShareOfFloor(0.4)).floor = Some(100.0);
        table.add("told", 1.0, "ms", Bar::None);
        assert_eq!(table.rows.iter().map(Row::is_ok).collect::<Vec<_>>(), [Some(true), Some(false), None]);
        assert!(!table.is_ok());
        let text = table.text();
        assert!(text.contains("1,234,567") && text.contains("MISSED") && text.contains("39 %"), "{text}");
    }

    #[test]
    fn percentiles_name_measurements() {
        let of = |n: u64| Percentiles::of((1..=n).map(Duration::from_millis).collect());
        assert_eq!((of(100).p50, of(100).p95, of(100).p99, of(100).max), (50.0, 95.0, 99.0, 100.0));
        assert_eq!(of(1).p99, 1.0);
        assert_eq!(Percentiles::of(Vec::new()).max, 0.0);
    }
}
