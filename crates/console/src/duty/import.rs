//! A table of dates and posts read into cells: pasted, or from an XLSX file. Nothing is written.

use super::month::Roster;
use crate::door::dto::{CellEdit, DoorError, RosterImport, RosterImportArgs};
use crate::order::Desk;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use zaigang_domain::duty::month::Place;
use zaigang_report::TableError;

/// Between names in a cell.
const BETWEEN: &[char] = &['、', '，', ',', ';', '；', '/', ' ', '\n'];
/// Mistakes told of; the rest is counted.
const TOLD_MAX: usize = 50;

impl Desk<'_> {
    /// What a table says: a row for each date, a column for each post.
    ///
    /// # Errors
    /// Bad input for an unreadable file, and a table without dates or posts.
    pub fn roster_import(&self, args: &RosterImportArgs) -> Result<RosterImport, DoorError> {
        let roster = self.roster(&args.month)?;
        let table = table(args)?;
        let head = table.iter().position(|row| posts_of(&roster, row).iter().any(Option::is_some));
        let head = head.ok_or_else(|| {
            let names: Vec<&str> = roster.month.posts.iter().map(|post| post.name.as_str()).collect();
            DoorError::bad_input(format!("表中没有岗位标题。标题行须有岗位名称：{}。", names.join("、")))
                .at("text")
        })?;
        let posts = table.get(head).map(|row| posts_of(&roster, row)).unwrap_or_default();
        let mut import = RosterImport { cells: Vec::new(), rows: 0, mistakes: Vec::new() };
        for (at, row) in table.iter().enumerate().skip(head + 1) {
            if row.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            match row.iter().find_map(|cell| date_in(&roster, cell)) {
                Some(date) => read_row(&roster, at + 1, date, row, &posts, &mut import),
                None => mistake(&mut import, format!("第 {} 行没有本月的日期，未读取", at + 1)),
            }
        }
        Ok(import)
    }
}

fn table(args: &RosterImportArgs) -> Result<Vec<Vec<String>>, DoorError> {
    if let Some(file) = args.file.as_deref().filter(|file| !file.is_empty()) {
        let unreadable = || DoorError::bad_input("文件不是可读的 XLSX，请另存为 XLSX 后重试。").at("file");
        let bytes = STANDARD.decode(file).map_err(|_| unreadable())?;
        return zaigang_report::read_xlsx(&bytes).map_err(|error| match error {
            TableError::TooLarge => DoorError::bad_input("文件过大，请只保留这个月的表。").at("file"),
            TableError::Read(_) | TableError::Write(_) => unreadable(),
        });
    }
    let text = args.text.as_deref().unwrap_or_default();
    if text.trim().is_empty() {
        return Err(DoorError::bad_input("没有内容：请粘贴表格，或选择 XLSX 文件。").at("text"));
    }
    Ok(text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect())
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

/// `2025-10-01`, `2025/10/1`, `10月1日`, `10-01` or `1日` of the month.
fn date_in(roster: &Roster, cell: &str) -> Option<Date> {
    let first = roster.month.first;
    let numbers: Vec<i16> = cell
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let date = match numbers.as_slice() {
        [year, month, day, ..] => Date::new(*year, i8::try_from(*month).ok()?, i8::try_from(*day).ok()?),
        [month, day] => Date::new(first.year(), i8::try_from(*month).ok()?, i8::try_from(*day).ok()?),
        [day] if cell.contains('日') || cell.trim().parse::<i8>().is_ok() => {
            Date::new(first.year(), first.month(), i8::try_from(*day).ok()?)
        }
        _ => return None,
    };
    date.ok().filter(|date| date.first_of_month() == first)
}

fn read_row(
    roster: &Roster,
    line: usize,
    date: Date,
    row: &[String],
    posts: &[Option<String>],
    import: &mut RosterImport,
) {
    import.rows += 1;
    for (cell, post) in row.iter().zip(posts) {
        let Some(post) = post else { continue };
        let mut people = Vec::new();
        for name in cell.split(BETWEEN).map(str::trim).filter(|name| !name.is_empty()) {
            let named: Vec<_> =
                roster.team.iter().filter(|person| person.name == name || person.login == name).collect();
            match named.as_slice() {
                [one] => people.push(one.id.clone()),
                [] => mistake(import, format!("第 {line} 行：没有“{name}”这个人")),
                _ => mistake(import, format!("第 {line} 行：“{name}”有重名，请在表中改用登录名")),
            }
        }
        people.sort();
        people.dedup();
        let at = Place { date, post: post.clone() };
        let now: Vec<String> = roster.month.people(&at.key()).iter().map(ToString::to_string).collect();
        if people != now {
            let (date, post) = (date.to_string(), at.post);
            import.cells.retain(|cell| cell.date != date || cell.post != post);
            import.cells.push(CellEdit { date, post, people, was: Some(now) });
        }
    }
}

fn mistake(import: &mut RosterImport, text: String) {
    if import.mistakes.len() < TOLD_MAX {
        import.mistakes.push(text);
    }
}
