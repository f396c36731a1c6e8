//! A table of the month read into cells: pasted, or from an XLSX file. Nothing is written.
//!
//! Two tables are read: people × days with the letters of the posts (the template), and dates × posts with
//! names. Whichever heading comes first in the table decides.

use super::month::Roster;
use super::words::letters;
use crate::door::dto::{CellEdit, DoorError, RosterImport, RosterImportArgs};
use crate::order::Desk;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use zaigang_domain::duty::month::Place;
use zaigang_domain::order::platform::cells_between;
use zaigang_report::{CELLS_MAX, TableError, is_xlsx, read_xlsx, text_of_csv, undefused};

/// Between names or letters in a cell.
const BETWEEN: &[char] = &['、', '，', ',', ';', '；', '/', ' ', '\n'];
/// What stands for nobody and nothing: the cell is emptied.
const NOTHING: &[&str] = &["休", "-", "—", "无"];
/// What the template of working hours says: no post is meant by it.
const AT_WORK: &str = "白";
/// Mistakes told of; the rest is counted.
const TOLD_MAX: usize = 50;
/// Days across that make a heading of people × days: one number could stand anywhere.
const DAYS_MIN: usize = 5;

/// What a table says of cells, by date and post.
#[derive(Default)]
struct Reading {
    cells: BTreeMap<(Date, String), BTreeSet<String>>,
    rows: u32,
    mistakes: Vec<String>,
    untold: usize,
}

impl Desk<'_> {
    /// What a table says: people × days with letters, or dates × posts with names.
    ///
    /// # Errors
    /// Bad input for an unreadable file, and a table without a heading.
    pub fn roster_import(&self, args: &RosterImportArgs) -> Result<RosterImport, DoorError> {
        let roster = self.roster(&args.month)?;
        let table = table_of(args.file.as_deref(), args.text.as_deref())?;
        let mut reading = Reading::default();
        for (at, row) in table.iter().enumerate() {
            let days = days_of(&roster, row);
            if days.iter().flatten().count() >= DAYS_MIN {
                reading.people_rows(&roster, &table, at, &days);
                return Ok(reading.import(&roster));
            }
            let posts = posts_of(&roster, row);
            if posts.iter().any(Option::is_some) {
                reading.date_rows(&roster, &table, at, &posts);
                return Ok(reading.import(&roster));
            }
        }
        let names: Vec<&str> = roster.month.posts.iter().map(|post| post.name.as_str()).collect();
        let posts = names.join("、");
        let message =
            format!("表中没有标题行：按人员的表第一行写日期（1 到 31），按日期的表写岗位名称（{posts}）。");
        Err(DoorError::bad_input(message).at("text"))
    }
}

/// The cells of an XLSX or CSV file in Base64, or of a pasted table.
///
/// # Errors
/// Bad input for an unreadable or too large file, and for nothing at all.
pub(crate) fn table_of(file: Option<&str>, text: Option<&str>) -> Result<Vec<Vec<String>>, DoorError> {
    if let Some(file) = file.filter(|file| !file.is_empty()) {
        let bytes = STANDARD
            .decode(file)
            .map_err(|_| DoorError::bad_input("文件没有传完整，请重新选择。").at("file"))?;
        let cells = if is_xlsx(&bytes) { read_xlsx(&bytes) } else { cells_of_csv(&bytes) };
        return cells.map_err(|error| match error {
            TableError::TooLarge => {
                DoorError::bad_input("文件过大，请只保留要导入的行（2 MB 以内）。").at("file")
            }
            TableError::Read(_) | TableError::Write(_) => {
                let message = "文件不是可读的 XLSX 或 CSV。XLS 请在表格软件中另存为 XLSX；CSV 请另存为 UTF-8 或默认的 GBK 编码。";
                DoorError::bad_input(message).at("file")
            }
        });
    }
    let text = text.unwrap_or_default();
    if text.trim().is_empty() {
        return Err(DoorError::bad_input("没有内容：请粘贴表格，或选择 XLSX、CSV 文件。").at("text"));
    }
    // What is pasted ends with a line end: no row follows it.
    let text = text.trim_end_matches(['\r', '\n']);
    let heading = text.lines().next().unwrap_or_default();
    // A file saved as CSV has commas where a pasted table has tabs.
    let is_csv = !heading.contains('\t') && heading.contains(',');
    Ok(cells_between(text, if is_csv { ',' } else { '\t' }))
}

/// Commas between cells, or tabs where the heading has some, as in what Excel calls Unicode text.
fn cells_of_csv(bytes: &[u8]) -> Result<Vec<Vec<String>>, TableError> {
    let text = text_of_csv(bytes)?;
    let heading = text.lines().next().unwrap_or_default();
    let separator = if heading.contains('\t') { '\t' } else { ',' };
    let mut cells = cells_between(text.trim_end_matches(['\r', '\n']), separator);
    if cells.iter().map(Vec::len).sum::<usize>() > CELLS_MAX {
        return Err(TableError::TooLarge);
    }
    for cell in cells.iter_mut().flatten() {
        let plain = undefused(cell).to_owned();
        *cell = plain;
    }
    Ok(cells)
}

/// The post of each column, by its name or id.
fn posts_of(roster: &Roster, row: &[String]) -> Vec<Option<String>> {
    let post = |cell: &String| {
        let name = cell.trim();
        let found = roster.month.posts.iter().find(|post| post.name == name || post.id == name);
        found.map(|post| post.id.clone())
    };
    row.iter().map(post).collect()
}

/// The day of each column.
fn days_of(roster: &Roster, row: &[String]) -> Vec<Option<Date>> {
    row.iter().map(|cell| date_in(roster.month.first, cell)).collect()
}

/// `2025-10-01`, `2025/10/1`, `10月1日`, `10-01`, `1日` or `1` of the month that begins with `first`.
pub(crate) fn date_in(first: Date, cell: &str) -> Option<Date> {
    let numbers: Vec<i16> = cell
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let date = match numbers.as_slice() {
        [year, month, day, ..] => Date::new(*year, i8::try_from(*month).ok()?, i8::try_from(*day).ok()?),
        [month, day] => Date::new(first.year(), i8::try_from(*month).ok()?, i8::try_from(*day).ok()?),
        // `1`, `1日`, or the printed heading with its weekday under the number.
        [day] if cell.trim_start().starts_with(|c: char| c.is_ascii_digit()) => {
            Date::new(first.year(), first.month(), i8::try_from(*day).ok()?)
        }
        _ => return None,
    };
    date.ok().filter(|date| date.first_of_month() == first)
}

impl Reading {
    /// A row for each person under a heading of days.
    fn people_rows(&mut self, roster: &Roster, table: &[Vec<String>], head: usize, days: &[Option<Date>]) {
        let first_day = days.iter().position(Option::is_some).unwrap_or_default();
        for (line, row) in rows_below(table, head) {
            let names = row.iter().take(first_day).map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
            let names: Vec<&str> = names.collect();
            let named = names.iter().find_map(|name| person(roster, name).ok());
            let Some(id) = named else {
                let name = names.first().copied().unwrap_or_default();
                self.mistake(format!("第 {line} 行：没有“{name}”这个人"));
                continue;
            };
            self.rows += 1;
            for (cell, date) in row.iter().zip(days) {
                let Some(date) = date else { continue };
                self.letters(roster, line, &id, *date, cell.trim());
            }
        }
    }

    /// A cell of letters: an empty one says nothing, any other says all that the person does that day.
    fn letters(&mut self, roster: &Roster, line: usize, id: &str, date: Date, cell: &str) {
        if cell.is_empty() || cell == AT_WORK {
            return;
        }
        let posts = match posts_in(roster, date, cell) {
            Ok(posts) => posts,
            Err(unknown) => {
                let day = date.day();
                return self.mistake(format!("第 {line} 行 {day} 日：“{unknown}”不是当天的岗位"));
            }
        };
        for post in &roster.month.posts {
            let held = self.cell(roster, date, &post.id);
            if posts.contains(&post.id) {
                held.insert(id.to_owned())
            } else {
                held.remove(id)
            };
        }
    }

    /// The cell as read so far; at first as it stands.
    fn cell(&mut self, roster: &Roster, date: Date, post: &str) -> &mut BTreeSet<String> {
        self.cells
            .entry((date, post.to_owned()))
            .or_insert_with(|| standing(roster, date, post).into_iter().collect())
    }

    /// A row for each date under a heading of posts.
    fn date_rows(&mut self, roster: &Roster, table: &[Vec<String>], head: usize, posts: &[Option<String>]) {
        for (line, row) in rows_below(table, head) {
            let Some(date) = row.iter().find_map(|cell| date_in(roster.month.first, cell)) else {
                self.mistake(format!("第 {line} 行没有本月的日期，未读取"));
                continue;
            };
            self.rows += 1;
            for (cell, post) in row.iter().zip(posts) {
                let Some(post) = post else { continue };
                self.names(roster, line, date, post, cell.trim());
            }
        }
    }

    fn names(&mut self, roster: &Roster, line: usize, date: Date, post: &str, cell: &str) {
        if cell.is_empty() {
            return;
        }
        let mut people = BTreeSet::new();
        for name in cell.split(BETWEEN).map(str::trim).filter(|name| !name.is_empty()) {
            if NOTHING.contains(&name) {
                continue;
            }
            match person(roster, name) {
                Ok(id) => {
                    people.insert(id);
                }
                Err(0) => return self.mistake(format!("第 {line} 行：没有“{name}”这个人")),
                Err(_) => return self.mistake(format!("第 {line} 行：“{name}”有重名，请在表中改用登录名")),
            }
        }
        self.cells.insert((date, post.to_owned()), people);
    }

    fn mistake(&mut self, text: String) {
        if self.mistakes.len() < TOLD_MAX {
            self.mistakes.push(text);
        } else {
            self.untold += 1;
        }
    }

    /// The cells that differ from what stands.
    fn import(mut self, roster: &Roster) -> RosterImport {
        if self.untold > 0 {
            self.mistakes.push(format!("另有 {} 处有误", self.untold));
        }
        let edit = |((date, post), people): ((Date, String), BTreeSet<String>)| {
            let people: Vec<String> = people.into_iter().collect();
            let was = standing(roster, date, &post);
            (people != was).then(|| CellEdit { date: date.to_string(), post, people, was: Some(was) })
        };
        let cells = self.cells.into_iter().filter_map(edit).collect();
        RosterImport { cells, rows: self.rows, mistakes: self.mistakes }
    }
}

/// The rows under a heading that say something, each with its number as people count.
pub(crate) fn rows_below(table: &[Vec<String>], head: usize) -> impl Iterator<Item = (usize, &Vec<String>)> {
    let rows = (head + 2..).zip(table.get(head + 1..).unwrap_or_default());
    rows.filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()))
}

/// Who stands in a cell now, sorted.
fn standing(roster: &Roster, date: Date, post: &str) -> Vec<String> {
    let place = Place { date, post: post.to_owned() };
    let mut people: Vec<String> = roster.month.people(&place.key()).iter().map(ToString::to_string).collect();
    people.sort();
    people
}

/// The person of a name or log-in; else how many have it.
fn person(roster: &Roster, name: &str) -> Result<String, usize> {
    let named: Vec<_> =
        roster.team.iter().filter(|person| person.name == name || person.login == name).collect();
    match named.as_slice() {
        [one] => Ok(one.id.clone()),
        several => Err(several.len()),
    }
}

/// The posts of a day that a cell names by their letters or names; else the piece that names none.
fn posts_in(roster: &Roster, date: Date, cell: &str) -> Result<BTreeSet<String>, String> {
    let letters = letters(&roster.month.posts);
    let needed = |post: &&zaigang_domain::duty::month::payload::DutyPost| {
        zaigang_domain::duty::layers::is_needed(post, date, roster.bound.calendar)
    };
    let posts: Vec<_> = roster.month.posts.iter().filter(needed).collect();
    let mut found = BTreeSet::new();
    for word in cell.split(BETWEEN).map(str::trim).filter(|word| !word.is_empty() && !NOTHING.contains(word))
    {
        if let Some(post) = posts.iter().find(|post| post.name == word || post.id == word) {
            found.insert(post.id.clone());
            continue;
        }
        for letter in word.chars().map(String::from).filter(|letter| letter != AT_WORK) {
            let post = posts.iter().find(|post| letters.get(&post.id) == Some(&letter));
            found.insert(post.ok_or_else(|| word.to_owned())?.id.clone());
        }
    }
    Ok(found)
}
