//! The buyer's own list against ours: the differences, shown and nothing else.
//!
//! A list is people × days with marks; a person may have one row, or two for the halves of the day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use zaigang_domain::attendance::{agree, marks};

use super::month_of;
use crate::door::dto::{
    AttendanceCell, AttendanceCompare, AttendanceCompareArgs, AttendanceDifference, AttendanceMonthArgs,
    AttendanceRow, DoorError,
};
use crate::duty::{date_in, rows_below, table_of};
use crate::order::Desk;
use zaigang_domain::calendar::civil_date;

/// Days across that make a heading: one number could stand anywhere.
const DAYS_MIN: usize = 5;
/// Differences and mistakes told of; the rest is counted.
const TOLD_MAX: usize = 500;

impl Desk<'_> {
    /// Compares a pasted table or an XLSX file with the month of one's scope.
    ///
    /// # Errors
    /// Bad input for an unreadable file or a table without a heading of days; as [`Desk::attendance_month`].
    pub fn compare_attendance(&self, args: &AttendanceCompareArgs) -> Result<AttendanceCompare, DoorError> {
        let first = month_of(args.month.as_deref(), civil_date(self.now))?;
        let table = table_of(args.file.as_deref(), args.text.as_deref())?;
        let month =
            self.attendance_month(&AttendanceMonthArgs { month: args.month.clone(), division: None })?;
        let heading = table.iter().enumerate().find_map(|(at, row)| {
            let days: Vec<Option<Date>> = row.iter().map(|cell| date_in(first, cell)).collect();
            (days.iter().flatten().count() >= DAYS_MIN).then_some((at, days))
        });
        let Some((head, days)) = heading else {
            let message = "表中没有日期行：请保留写有 1 到 31（或 10-01 等日期）的标题行。";
            return Err(DoorError::bad_input(message).at("text"));
        };
        let mut comparing = Comparing::of(&month.rows, first);
        comparing.read(&table, head, &days);
        Ok(comparing.told(&month.month))
    }
}

/// A row below the heading.
struct Line<'t> {
    /// Its number as people count.
    number: usize,
    /// What it says before the first day.
    names: Vec<&'t str>,
    /// From the first day on.
    cells: &'t [String],
    /// Whom it is about, where that is known.
    person: Option<usize>,
}

/// What has been compared so far.
struct Comparing<'a> {
    rows: &'a [AttendanceRow],
    first: Date,
    people: BTreeSet<usize>,
    compared: u32,
    differences: Vec<AttendanceDifference>,
    mistakes: Vec<String>,
    untold: u32,
}

impl<'a> Comparing<'a> {
    fn of(rows: &'a [AttendanceRow], first: Date) -> Self {
        let (people, differences, mistakes) = (BTreeSet::new(), Vec::new(), Vec::new());
        Self { rows, first, people, compared: 0, differences, mistakes, untold: 0 }
    }

    fn read(&mut self, table: &[Vec<String>], head: usize, days: &[Option<Date>]) {
        let first_day = days.iter().position(Option::is_some).unwrap_or_default();
        let lines = self.lines(table, head, first_day);
        let mut rows: BTreeMap<usize, u32> = BTreeMap::new();
        for person in lines.iter().filter_map(|line| line.person) {
            *rows.entry(person).or_default() += 1;
        }
        let mut seen: BTreeMap<usize, u32> = BTreeMap::new();
        for line in &lines {
            let Some(person) = line.person else {
                self.unknown(line);
                continue;
            };
            self.people.insert(person);
            let nth = seen.entry(person).or_default();
            // Whoever has two rows has one for each half of the day.
            let half = (rows.get(&person) == Some(&2)).then_some(*nth);
            *nth += 1;
            for (cell, date) in line.cells.iter().zip(days.iter().skip(first_day)) {
                if let Some(date) = date {
                    self.cell(line.number, person, *date, half, cell);
                }
            }
        }
    }

    /// The rows below the heading with whom they are about.
    fn lines<'t>(&self, table: &'t [Vec<String>], head: usize, first_day: usize) -> Vec<Line<'t>> {
        let mut last = None;
        let line = |(number, row): (usize, &'t Vec<String>)| {
            let (names, cells) = row.split_at(first_day.min(row.len()));
            let names = names.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
            let names: Vec<&str> = names.collect();
            // The second row of merged cells names nobody, or only the half of the day.
            let carried = last.filter(|_| names.iter().all(|name| is_half(name)));
            last = names.iter().find_map(|name| self.person(name)).or(carried);
            Line { number, names, cells, person: last }
        };
        rows_below(table, head).map(line).collect()
    }

    /// The only one of that name.
    fn person(&self, name: &str) -> Option<usize> {
        let mut named = (0..).zip(self.rows).filter(|(_, row)| row.name == name).map(|(at, _)| at);
        let found = named.next()?;
        named.next().is_none().then_some(found)
    }

    fn unknown(&mut self, line: &Line<'_>) {
        let marked = line.cells.iter().any(|cell| marks(cell).is_some_and(|marks| !marks.is_empty()));
        let Some(name) = line.names.iter().find(|name| name.parse::<u32>().is_err()).filter(|_| marked)
        else {
            return;
        };
        let twice = self.rows.iter().filter(|row| row.name == **name).count() > 1;
        let why = if twice { "有同名的人，请在名单中区分" } else { "不在本月考勤表中" };
        self.mistake(format!("第 {} 行：“{name}”{why}", line.number));
    }

    fn cell(&mut self, line: usize, person: usize, date: Date, half: Option<u32>, text: &str) {
        let Some(row) = self.rows.get(person) else { return };
        let day = usize::try_from(date.day() - 1).unwrap_or_default();
        let Some(ours) = row.cells.get(day).filter(|_| date.first_of_month() == self.first) else { return };
        let Some(theirs) = marks(text) else {
            self.mistake(format!("第 {line} 行 {date}：看不懂“{}”", text.trim()));
            return;
        };
        let own = own_letters(ours, half);
        let known = marks(&own).filter(|letters| !letters.is_empty());
        // Neither an empty cell nor a day that is not settled says anything.
        let Some(known) = known.filter(|_| !theirs.is_empty()) else { return };
        self.compared += 1;
        if agree(&known, &theirs) {
            return;
        }
        if self.differences.len() >= TOLD_MAX {
            self.untold += 1;
            return;
        }
        self.differences.push(AttendanceDifference {
            person: row.person.clone(),
            name: row.name.clone(),
            division: row.division.clone(),
            date: date.to_string(),
            half: half.map_or("", |half| if half == 0 { "上午" } else { "下午" }).to_owned(),
            ours: own,
            theirs: text.trim().to_owned(),
            text: ours.text.clone(),
        });
    }

    fn mistake(&mut self, text: String) {
        if self.mistakes.len() < TOLD_MAX {
            self.mistakes.push(text);
        } else {
            self.untold += 1;
        }
    }

    fn told(mut self, month: &str) -> AttendanceCompare {
        self.differences.sort_by(|a, b| {
            (&a.date, &a.division, &a.name, &a.half).cmp(&(&b.date, &b.division, &b.name, &b.half))
        });
        let missing = (0..).zip(self.rows).filter(|(at, _)| !self.people.contains(at));
        AttendanceCompare {
            month: month.to_owned(),
            people: u32::try_from(self.people.len()).unwrap_or(u32::MAX),
            compared: self.compared,
            differences: self.differences,
            missing: missing.map(|(_, row)| row.name.clone()).collect(),
            mistakes: self.mistakes,
            untold: self.untold,
        }
    }
}

fn own_letters(cell: &AttendanceCell, half: Option<u32>) -> String {
    match half {
        None => cell.letter.clone(),
        Some(0) => cell.morning.clone(),
        Some(_) => cell.afternoon.clone(),
    }
}

fn is_half(text: &str) -> bool {
    matches!(text, "上午" | "下午" | "上" | "下")
}
