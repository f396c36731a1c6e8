//! The buyer's own platform beside this program (智能运维平台, 001:1122-1244): the fields of a record as
//! it asks for them, and its dispatches as they come in as a table.
//!
//! Promises: reading a table decides nothing and writes nothing; every mistake names its row and column.
//! The order of the fields is the site's to agree on (本项目约定, [`crate::contract::PlatformSetting`]);
//! [`ENTRY`] and [`DISPATCH`] stand in where nothing is agreed, and are a guess. Left out: what the
//! contract knows of objects and levels, and which numbers are known here.

use crate::calendar::ZONE;
use crate::clock::words;
use crate::order::TITLE_CHARS_MAX;
use crate::order::decide::{EXTERNAL_NO_CHARS_MAX, TEXT_CHARS_MAX, is_external_no};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use std::collections::BTreeMap;

words! {
    /// A field of a record in the buyer's platform.
    pub enum PlatformField {
        /// 工单编号
        Number = "number",
        /// 平台单号
        ExternalNo = "external_no",
        /// 标题
        Title = "title",
        /// 描述
        Detail = "detail",
        /// 类型
        Kind = "kind",
        /// 部门
        Division = "division",
        /// 运维对象
        Object = "object",
        /// 级别
        Level = "level",
        /// 报修单位
        ReporterUnit = "reporter_unit",
        /// 报修人
        Reporter = "reporter",
        /// 电话
        Phone = "phone",
        /// 地点
        Room = "room",
        /// 报修时间
        ReportedAt = "reported_at",
        /// 响应时间
        RespondedAt = "responded_at",
        /// 到场时间
        ArrivedAt = "arrived_at",
        /// 恢复时间
        RestoredAt = "restored_at",
        /// 处理过程
        Handling = "handling",
        /// 更换部件
        Parts = "parts",
        /// 结果
        Result = "result",
        /// 工程师
        Engineer = "engineer",
        /// 确认人
        ConfirmedBy = "confirmed_by",
        /// 满意度
        Satisfaction = "satisfaction",
    }
}

use PlatformField as F;

/// The order of a record's fields where the site agreed on none. A guess.
pub const ENTRY: &[PlatformField] = &[
    F::Number,
    F::Title,
    F::Division,
    F::Object,
    F::Level,
    F::ReporterUnit,
    F::Reporter,
    F::Phone,
    F::Room,
    F::ReportedAt,
    F::RespondedAt,
    F::ArrivedAt,
    F::RestoredAt,
    F::Detail,
    F::Handling,
    F::Parts,
    F::Result,
    F::Engineer,
    F::ConfirmedBy,
    F::Satisfaction,
];

/// The columns of a dispatch without a heading where the site agreed on none. A guess.
pub const DISPATCH: &[PlatformField] = &[
    F::ExternalNo,
    F::Title,
    F::Detail,
    F::Division,
    F::Object,
    F::Level,
    F::ReporterUnit,
    F::Reporter,
    F::Phone,
    F::Room,
    F::ReportedAt,
];

impl PlatformField {
    /// Chinese name, as a heading shows it.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.names().first().copied().unwrap_or_default()
    }

    /// Headings it is known by, its own name first.
    fn names(self) -> &'static [&'static str] {
        match self {
            F::Number => &["工单编号", "编号"],
            F::ExternalNo => &["平台单号", "派单编号", "派单号", "平台编号", "外部编号", "单号", "工单号"],
            F::Title => &["标题", "工单标题", "故障现象", "主题", "问题"],
            F::Detail => &["描述", "故障描述", "问题描述", "详细描述", "内容"],
            F::Kind => &["类型", "工单类型"],
            F::Division => &["部门", "总队", "单位", "服务单位"],
            F::Object => &["运维对象", "维护对象", "对象", "系统名称", "设备名称"],
            F::Level => &["级别", "故障级别", "优先级"],
            F::ReporterUnit => &["报修单位", "报修部门", "申报单位"],
            F::Reporter => &["报修人", "联系人", "申报人"],
            F::Phone => &["电话", "联系电话", "分机"],
            F::Room => &["地点", "房间", "房间号", "位置"],
            F::ReportedAt => &["报修时间", "接报时间", "派单时间", "申报时间", "受理时间"],
            F::RespondedAt => &["响应时间"],
            F::ArrivedAt => &["到场时间"],
            F::RestoredAt => &["恢复时间", "完成时间"],
            F::Handling => &["处理过程"],
            F::Parts => &["更换部件"],
            F::Result => &["结果", "处理结果"],
            F::Engineer => &["工程师", "处理人"],
            F::ConfirmedBy => &["确认人"],
            F::Satisfaction => &["满意度"],
        }
    }

    /// The field that a heading names.
    fn named(heading: &str) -> Option<Self> {
        let plain: String =
            heading.chars().filter(|c| !c.is_whitespace() && !"*＊：:".contains(*c)).collect();
        Self::ALL.iter().copied().find(|field| field.names().contains(&plain.as_str()))
    }
}

/// Most rows of one import: a day's dispatches are some dozens. A guess.
pub const ROWS_MAX: usize = 500;

/// A mistake in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellMistake {
    /// Row as a person counts it, from 1, the heading included; 0 where it is the table's.
    pub row: u32,
    /// Column, by its Chinese name; empty where it is the row's.
    pub column: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

/// One dispatch of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    /// Row as a person counts it, from 1.
    pub row: u32,
    /// What was filled in, trimmed.
    pub cells: BTreeMap<PlatformField, String>,
    /// When it was reported; `None` where the table does not say.
    pub reported_at: Option<Timestamp>,
}

impl Dispatch {
    /// A field, if it was filled in.
    #[must_use]
    pub fn get(&self, field: PlatformField) -> Option<&str> {
        self.cells.get(&field).map(String::as_str)
    }

    /// The platform's number.
    #[must_use]
    pub fn external_no(&self) -> &str {
        self.get(F::ExternalNo).unwrap_or_default()
    }
}

/// A table as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dispatches {
    /// Its rows, those with mistakes too.
    pub rows: Vec<Dispatch>,
    /// What is wrong.
    pub mistakes: Vec<CellMistake>,
    /// Headings that no field answers to: they are left out.
    pub ignored: Vec<String>,
}

/// Tab-separated text as a table; a cell in quotes may hold tabs and line ends, as spreadsheets copy it.
#[must_use]
pub fn cells_of_text(text: &str) -> Vec<Vec<String>> {
    cells_between(text, '\t')
}

/// Text as a table with `separator` between cells: tabs as spreadsheets copy, commas as they save CSV
/// (RFC 4180).
#[must_use]
pub fn cells_between(text: &str, separator: char) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut chars = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            c if c == separator && !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !quoted => {}
            c => cell.push(c),
        }
    }
    row.push(cell);
    rows.push(row);
    rows
}

/// Reads dispatches from the cells of a table. A first row that names the platform's number is a heading;
/// without one the columns are those of `usual`.
#[must_use]
pub fn read_dispatches(cells: &[Vec<String>], usual: &[PlatformField], now: Timestamp) -> Dispatches {
    let mut read = Dispatches::default();
    let filled = |row: &&Vec<String>| row.iter().any(|cell| !cell.trim().is_empty());
    let Some(first) = cells.iter().position(|row| filled(&row)) else {
        read.mistakes.push(table_mistake("没有内容：请粘贴派单表格，或选择 XLSX 文件。"));
        return read;
    };
    let heading: Vec<Option<F>> = cells.get(first).into_iter().flatten().map(|cell| F::named(cell)).collect();
    let is_headed = heading.contains(&Some(F::ExternalNo)) && heading.iter().flatten().count() > 1;
    let columns = if is_headed { heading } else { usual.iter().copied().map(Some).collect() };
    if is_headed {
        let names = cells.get(first).into_iter().flatten().zip(&columns);
        let unknown = names.filter(|(name, field)| field.is_none() && !name.trim().is_empty());
        read.ignored = unknown.map(|(name, _)| name.trim().to_owned()).collect();
    }
    let body = cells.iter().enumerate().skip(first + usize::from(is_headed));
    let body: Vec<(usize, &Vec<String>)> = body.filter(|(_, row)| filled(row)).collect();
    if body.is_empty() {
        read.mistakes.push(table_mistake("只有标题行，没有派单。"));
    }
    if body.len() > ROWS_MAX {
        let message = format!("共 {} 行，一次最多导入 {ROWS_MAX} 行，请分几次导入。", body.len());
        read.mistakes.push(table_mistake(&message));
        return read;
    }
    for (at, row) in body {
        read.rows.push(dispatch(at, row, &columns, now, &mut read.mistakes));
    }
    repeated(&read.rows, &mut read.mistakes);
    read
}

fn table_mistake(message: &str) -> CellMistake {
    CellMistake { row: 0, column: "", message: message.to_owned() }
}

fn dispatch(
    at: usize,
    row: &[String],
    columns: &[Option<F>],
    now: Timestamp,
    mistakes: &mut Vec<CellMistake>,
) -> Dispatch {
    let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
    let mut wrong = |field: F, message: String| {
        mistakes.push(CellMistake { row: number, column: field.label(), message });
    };
    let mut cells = BTreeMap::new();
    for (cell, field) in row.iter().zip(columns) {
        let (cell, Some(field)) = (cell.trim(), field) else { continue };
        if !cell.is_empty() {
            cells.entry(*field).or_insert_with(|| cell.to_owned());
        }
    }
    let text = |field: F| cells.get(&field).map(String::as_str).unwrap_or_default();
    let external_no = text(F::ExternalNo);
    if external_no.is_empty() {
        wrong(F::ExternalNo, "没有平台单号，无法对应工单，请补上。".to_owned());
    } else if !is_external_no(external_no) {
        let message = format!("“{external_no}”中有空格或超过 {EXTERNAL_NO_CHARS_MAX} 个字符，请核对。");
        wrong(F::ExternalNo, message);
    }
    match text(F::Title).chars().count() {
        0 => wrong(F::Title, "没有标题，请补上。".to_owned()),
        1..=TITLE_CHARS_MAX => {}
        _ => wrong(F::Title, format!("标题太长，最多 {TITLE_CHARS_MAX} 字；其余写在描述里。")),
    }
    if text(F::Detail).chars().count() > TEXT_CHARS_MAX {
        wrong(F::Detail, format!("描述太长，最多 {TEXT_CHARS_MAX} 字。"));
    }
    let stated = Some(text(F::ReportedAt)).filter(|text| !text.is_empty());
    let reported_at = stated.and_then(|text| match local_time(text) {
        Some(at) if at <= now => Some(at),
        Some(_) => {
            wrong(F::ReportedAt, format!("“{text}”晚于现在，请核对。"));
            None
        }
        None => {
            wrong(F::ReportedAt, format!("“{text}”不是时间，应如 2025-11-24 14:20。"));
            None
        }
    });
    Dispatch { row: number, cells, reported_at }
}

fn repeated(rows: &[Dispatch], mistakes: &mut Vec<CellMistake>) {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.external_no().is_empty()) {
        if let Some(first) = seen.get(row.external_no()) {
            let message = format!("“{}”与第 {first} 行相同，请删去一行。", row.external_no());
            mistakes.push(CellMistake { row: row.row, column: F::ExternalNo.label(), message });
        } else {
            seen.insert(row.external_no(), row.row);
        }
    }
}

/// A civil time of +08:00 as spreadsheets and people write it.
fn local_time(text: &str) -> Option<Timestamp> {
    let plain = text.trim().replace(['/', '.'], "-").replace(['年', '月'], "-").replace('日', "");
    let plain = plain.replace('：', ":").replace('T', " ");
    let timed = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"];
    let timed = timed.iter().find_map(|form| DateTime::strptime(form, &plain).ok());
    let civil = timed.or_else(|| Date::strptime("%Y-%m-%d", &plain).ok().map(DateTime::from))?;
    ZONE.to_timestamp(civil).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2025-11-24T06:20:00Z".parse().unwrap()
    }

    fn read(text: &str) -> Dispatches {
        read_dispatches(&cells_of_text(text), DISPATCH, now())
    }

    #[test]
    fn text_copied_from_a_spreadsheet_is_a_table() {
        let table: &[(&str, &[&[&str]])] = &[
            ("a\tb\r\nc\td", &[&["a", "b"], &["c", "d"]]),
            ("\"两\n行\"\t\"说\"\"好\"\"\"\n", &[&["两\n行", "说\"好\""], &[""]]),
            ("5\" 屏\tx", &[&["5\" 屏", "x"]]),
            ("\u{feff}", &[&[""]]),
        ];
        for (text, expected) in table {
            assert_eq!(cells_of_text(text), *expected, "{text:?}");
        }
        assert_eq!(cells_between("a,\"b,c\"\r\n,\"两\n行\"", ','), [["a", "b,c"], ["", "两\n行"]]);
    }

    #[test]
    fn a_file_of_commas_is_a_table_too() {
        let rows = cells_between("\u{feff}名称,备注\r\n\"甲,乙\",\"写\"\"明\"\"\"", ',');
        assert_eq!(rows, [["名称", "备注"], ["甲,乙", "写\"明\""]]);
    }

    #[test]
    fn a_heading_says_which_column_is_which() {
        let read = read("派单时间\t* 派单编号\t故障现象\t紧急程度\n2025/11/24 9:05\tP-1\t打不开\t高\n\n");
        assert_eq!(read.mistakes, []);
        assert_eq!(read.ignored, ["紧急程度"]);
        let row = &read.rows[0];
        assert_eq!((row.row, row.external_no(), row.get(F::Title)), (2, "P-1", Some("打不开")));
        assert_eq!(row.reported_at.unwrap().to_string(), "2025-11-24T01:05:00Z");
    }

    #[test]
    fn without_a_heading_the_columns_are_the_agreed_ones() {
        let read = read("P-1\t打不开\t\tE总队");
        assert_eq!(read.mistakes, []);
        assert_eq!((read.rows[0].row, read.rows[0].get(F::Division)), (1, Some("E总队")));
        let other = read_dispatches(&cells_of_text("打不开\tP-1"), &[F::Title, F::ExternalNo], now());
        assert_eq!(other.rows[0].external_no(), "P-1");
    }

    #[test]
    fn bad_rows_name_row_and_column() {
        // text, then row and column of each mistake
        let head = "平台单号\t标题\t报修时间\n";
        let long = "长".repeat(TITLE_CHARS_MAX + 1);
        let table: &[(&str, &[(u32, &str)])] = &[
            ("", &[(0, "")]),
            ("  \n \t ", &[(0, "")]),
            (head, &[(0, "")]),
            (&format!("{head}\t打不开"), &[(2, "平台单号")]),
            (&format!("{head}P 1\t打不开"), &[(2, "平台单号")]),
            (&format!("{head}P-1\t"), &[(2, "标题")]),
            (&format!("{head}P-1\t{long}"), &[(2, "标题")]),
            (&format!("{head}P-1\t甲\t昨天"), &[(2, "报修时间")]),
            (&format!("{head}P-1\t甲\t2025-02-30 10:00"), &[(2, "报修时间")]),
            (&format!("{head}P-1\t甲\t2025-11-24 14:21"), &[(2, "报修时间")]),
            (&format!("{head}P-1\t甲\n\nP-1\t乙"), &[(4, "平台单号")]),
            (&format!("{head}P-1\t甲\t2025年11月24日 14：20"), &[]),
            (&format!("{head}P-1\t甲\t2025-11-24"), &[]),
        ];
        for (text, expected) in table {
            let found = read(text).mistakes;
            let places: Vec<_> = found.iter().map(|m| (m.row, m.column)).collect();
            assert_eq!(places, *expected, "{text:?} {found:?}");
            assert!(found.iter().all(|mistake| mistake.message.ends_with('。')));
        }
        let many = "P\t甲\n".repeat(ROWS_MAX + 1);
        assert_eq!(read(&many).mistakes.len(), 1);
        assert!(read(&many).rows.is_empty());
    }

    #[test]
    fn no_heading_means_two_fields() {
        for field in PlatformField::ALL {
            for name in field.names() {
                assert_eq!(PlatformField::named(name), Some(*field), "{name}");
            }
        }
    }
}
