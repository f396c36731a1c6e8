//! Lists as files: XLSX and CSV with a byte order mark, and both read back.
//!
//! Promises: every cell is text and stays text (no formula runs in whoever opens the file); equal tables
//! give equal bytes; the watermark is on every printed page, on a sheet of its own and in the file's
//! properties, or in the last line of a CSV. Left out: which rows a list has, and writing to a disc.

use calamine::{Data, DataRef, Reader as _, Xlsx};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatBorder, Workbook, XlsxError};
use std::collections::BTreeMap;
use std::io::Cursor;

/// A column of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Heading.
    pub name: String,
    /// Width in characters of Latin text.
    pub width: u16,
}

/// A list to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Name of the list.
    pub title: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows, each with a cell for each column.
    pub rows: Vec<Vec<String>>,
    /// Who took it out, when, on which device.
    pub watermark: String,
}

/// A file that could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The library could not write it.
    #[error("the XLSX file could not be made: {0}")]
    Write(#[from] XlsxError),
    /// Not a readable file.
    #[error("not a readable table: {0}")]
    Read(String),
    /// Larger than [`FILE_BYTES_MAX`] or [`CELLS_MAX`].
    #[error("the file is too large")]
    TooLarge,
}

/// Most bytes of a file to be read: a table of 500 rows takes some tens of kilobytes. A guess.
pub const FILE_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Most cells of a sheet to be read, those between filled ones too. A guess.
pub const CELLS_MAX: usize = 200_000;

/// Most characters of a cell in Excel (its own limit).
const CELL_CHARS_MAX: usize = 32_767;

/// The list as an XLSX file: one sheet with a heading in its first row, a second one that says where it
/// comes from.
///
/// # Errors
/// [`TableError::Write`].
pub fn xlsx(table: &Table) -> Result<Vec<u8>, TableError> {
    let mut book = workbook(&table.title, &table.watermark)?;
    let head = Format::new().set_bold().set_border_bottom(FormatBorder::Thin).set_text_wrap();
    let body = Format::new().set_text_wrap().set_num_format("@");
    let sheet = book.add_worksheet().set_name(sheet_name(&table.title))?;
    for (at, column) in (0_u16..).zip(&table.columns) {
        sheet.set_column_width(at, f64::from(column.width))?;
        sheet.write_string_with_format(0, at, &column.name, &head)?;
    }
    for (at, row) in (1_u32..).zip(&table.rows) {
        for (column, cell) in (0_u16..).zip(row) {
            sheet.write_string_with_format(at, column, cell_text(cell), &body)?;
        }
    }
    let last_row = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
    let last_column = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, last_row, last_column)?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape().set_paper_size(9).set_repeat_rows(0, 0)?;
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_footer(footer(&table.watermark));
    let notes = book.add_worksheet().set_name("导出说明")?;
    notes.set_column_width(0, 90)?;
    notes.write_string(0, 0, &table.title)?;
    notes.write_string(1, 0, &table.watermark)?;
    notes.write_string(2, 0, format!("共 {} 行", table.rows.len()))?;
    Ok(book.save_to_buffer()?)
}

/// An empty workbook that tells where it comes from.
pub(crate) fn workbook(title: &str, watermark: &str) -> Result<Workbook, TableError> {
    let mut book = Workbook::new();
    let properties = DocProperties::new().set_title(title).set_comment(watermark);
    // The moment stands in the watermark: the same sheet gives the same file.
    book.set_properties(&properties.set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    Ok(book)
}

/// The foot of a printed page: where it comes from, and its number.
pub(crate) fn footer(watermark: &str) -> String {
    format!("&L{}&R第 &P 页 共 &N 页", watermark.replace('&', "&&"))
}

/// What a sheet may be called: 31 characters, none of `[]:*?/\`.
pub(crate) fn sheet_name(title: &str) -> String {
    title.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect()
}

/// Text without control characters, no longer than a cell may be.
pub(crate) fn cell_text(cell: &str) -> String {
    cell.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).take(CELL_CHARS_MAX).collect()
}

/// The list as CSV for spreadsheets: UTF-8 with a byte order mark, CRLF, the watermark in a line of its
/// own at the end. A cell that a spreadsheet would run as a formula is given an apostrophe.
#[must_use]
pub fn csv(table: &Table) -> Vec<u8> {
    let mut out = String::from("\u{feff}");
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    line(&mut out, names.into_iter());
    for row in &table.rows {
        line(&mut out, row.iter().map(String::as_str));
    }
    line(&mut out, std::iter::once(table.watermark.as_str()));
    out.into_bytes()
}

fn line<'a>(out: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.push(',');
        }
        let cell = defused(cell);
        if cell.contains(['"', ',', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

/// A text that no spreadsheet takes for a formula.
#[must_use]
pub fn defused(cell: &str) -> String {
    match cell.trim_start_matches([' ', '\t', '\r', '\n', '\u{3000}']).chars().next() {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') => format!("'{cell}"),
        _ => cell.to_owned(),
    }
}

/// The cells of the first sheet of an XLSX file, as people see them; dates as `2025-11-24 14:20:00`.
///
/// # Errors
/// [`TableError::Read`], [`TableError::TooLarge`].
pub fn read_xlsx(bytes: &[u8]) -> Result<Vec<Vec<String>>, TableError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(TableError::TooLarge);
    }
    let wrong = |error: calamine::XlsxError| TableError::Read(error.to_string());
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(wrong)?;
    let first = book.sheet_names().into_iter().next();
    let first = first.ok_or_else(|| TableError::Read("no sheet".to_owned()))?;
    let mut reader = book.worksheet_cells_reader(&first).map_err(wrong)?;
    let mut cells = BTreeMap::new();
    // Rows and columns that hold something, first and last.
    let (mut rows, mut columns) = ((u32::MAX, 0), (u32::MAX, 0));
    while let Some(cell) = reader.next_cell().map_err(wrong)? {
        if matches!(cell.get_value(), DataRef::Empty) {
            continue;
        }
        let (row, column) = cell.get_position();
        rows = (rows.0.min(row), rows.1.max(row));
        columns = (columns.0.min(column), columns.1.max(column));
        // Told while reading: one cell far away makes a table of all that lies between.
        let size = |(first, last): (u32, u32)| u64::from(last - first) + 1;
        if size(rows).saturating_mul(size(columns)) > CELLS_MAX as u64 {
            return Err(TableError::TooLarge);
        }
        cells.insert((row, column), text_of(&cell.get_value().clone().into()));
    }
    if cells.is_empty() {
        return Ok(Vec::new());
    }
    // Rows above the first filled one count too, so that a mistake names the row a person sees.
    let above = (rows.0 as usize).min(CELLS_MAX);
    let filled = (rows.0..=rows.1).map(|row| {
        let cell = |column| cells.get(&(row, column)).cloned().unwrap_or_default();
        (columns.0..=columns.1).map(cell).collect()
    });
    Ok(std::iter::repeat_n(Vec::new(), above).chain(filled).collect())
}

/// Whether a file is an XLSX by its first bytes (a ZIP archive, APPNOTE 4.3.7); else it may be CSV.
#[must_use]
pub fn is_xlsx(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The text of a CSV file as Excel and WPS save it in China: with a byte order mark in its encoding, else UTF-8
/// where it is that, else GB18030 (GB 18030-2022; it holds GBK and GB 2312).
///
/// # Errors
/// [`TableError::Read`] for what is no text, [`TableError::TooLarge`].
pub fn text_of_csv(bytes: &[u8]) -> Result<String, TableError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(TableError::TooLarge);
    }
    let (encoding, mark) = match (encoding_rs::Encoding::for_bom(bytes), std::str::from_utf8(bytes)) {
        (Some(known), _) => known,
        (None, Ok(_)) => (encoding_rs::UTF_8, 0),
        (None, Err(_)) => (encoding_rs::GB18030, 0),
    };
    let rest = bytes.get(mark..).unwrap_or_default();
    let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
    let text = text.filter(|text| !text.contains('\0'));
    text.map(Into::into).ok_or_else(|| TableError::Read(format!("no {} text", encoding.name())))
}

/// A cell as it was before [`csv`] gave it an apostrophe.
#[must_use]
pub fn undefused(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(plain) if defused(plain) == cell => plain,
        _ => cell,
    }
}

fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        other => other.to_string().trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let column = |name: &str| Column { name: name.into(), width: 12 };
        Table {
            title: "待录入[1]".into(),
            columns: vec![column("单号"), column("标题")],
            rows: rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect(),
            watermark: "导出：王强（wang）2025-11-24 14:20，值班室1号机".into(),
        }
    }

    const DANGEROUS: &[&str] = &["=1+1", "+8613", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0", " =1", "＝1"];

    #[test]
    fn what_was_written_is_read_back_as_text() {
        let mut rows: Vec<Vec<&str>> = DANGEROUS.iter().map(|text| vec!["E-1", text]).collect();
        rows.push(vec!["007", "逗号,引号\"换行\n完"]);
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let bytes = xlsx(&table(&rows)).unwrap();
        let read = read_xlsx(&bytes).unwrap();
        assert_eq!(read[0], ["单号", "标题"]);
        let expected: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect()).collect();
        assert_eq!(read[1..], expected[..]);
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(&bytes[..])).unwrap();
        let formulas = book.worksheet_formula("待录入1").unwrap();
        assert_eq!(formulas.used_cells().count(), 0, "a formula would run in whoever opens the file");
        let notes = book.worksheet_range("导出说明").unwrap();
        assert!(notes.get_value((1, 0)).unwrap().to_string().contains("王强（wang）"));
    }

    #[test]
    fn the_same_list_is_the_same_file() {
        let list = table(&[&["E-1", "打不开"]]);
        assert_eq!(xlsx(&list).unwrap(), xlsx(&list).unwrap());
        assert_ne!(xlsx(&list).unwrap(), xlsx(&table(&[&["E-2", "打不开"]])).unwrap());
    }

    #[test]
    fn csv_is_read_in_the_encodings_it_is_saved_in() {
        let gb: Vec<u8> = encoding_rs::GB18030.encode("名称,㑇").0.into_owned();
        let wide: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain("名称\t块".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let table: &[(&[u8], &str)] = &[
            ("\u{feff}名称,单位".as_bytes(), "名称,单位"),
            ("名称,单位".as_bytes(), "名称,单位"),
            (&gb[..], "名称,㑇"),
            (&wide[..], "名称\t块"),
            (&b""[..], ""),
        ];
        for (bytes, expected) in table {
            assert_eq!(text_of_csv(bytes).unwrap(), *expected);
        }
        // An XLS, and half a character.
        for bytes in [&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0"[..], b"\xC3\xFB\xB3"] {
            assert!(matches!(text_of_csv(bytes), Err(TableError::Read(_))), "{bytes:?}");
        }
        assert!(matches!(text_of_csv(&vec![b'a'; FILE_BYTES_MAX + 1]), Err(TableError::TooLarge)));
        assert!(is_xlsx(&xlsx(&table_of_one()).unwrap()) && !is_xlsx(&csv(&table_of_one())));
    }

    fn table_of_one() -> Table {
        table(&[&["E-1", "打不开"]])
    }

    #[test]
    fn csv_has_a_mark_quotes_and_no_formulas() {
        let text = String::from_utf8(csv(&table(&[&["E-1", "a,\"b\"\nc"], &["=1", "-2"]]))).unwrap();
        assert_eq!(
            text,
            "\u{feff}单号,标题\r\nE-1,\"a,\"\"b\"\"\nc\"\r\n'=1,'-2\r\n\
             导出：王强（wang）2025-11-24 14:20，值班室1号机\r\n"
        );
        for text in DANGEROUS {
            assert!(defused(text).starts_with('\''), "{text}");
            assert_eq!(undefused(&defused(text)), *text);
        }
        assert_eq!(undefused("'90s"), "'90s");
        for text in ["", "E-1", "a=b", "1-2"] {
            assert_eq!(defused(text), text);
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert!(matches!(read_xlsx(b"PK not a file"), Err(TableError::Read(_))));
        assert!(matches!(read_xlsx(&vec![0; FILE_BYTES_MAX + 1]), Err(TableError::TooLarge)));
    }

    /// A small file with one cell in the last corner must not take the memory of all that lies between.
    #[test]
    fn a_cell_far_away_is_refused() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "单号").unwrap();
        sheet.write_string(1_048_575, 16_383, "x").unwrap();
        let file = book.save_to_buffer().unwrap();
        assert!(matches!(read_xlsx(&file), Err(TableError::TooLarge)));
    }

    #[test]
    fn dates_are_read_as_people_see_them() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let date = Format::new().set_num_format("yyyy-mm-dd hh:mm");
        let at = ExcelDateTime::from_ymd(2025, 11, 24).unwrap().and_hms(14, 20, 0).unwrap();
        sheet.write_datetime_with_format(2, 0, &at, &date).unwrap();
        sheet.write_number(2, 1, 42.0).unwrap();
        let read = read_xlsx(&book.save_to_buffer().unwrap()).unwrap();
        assert_eq!(read, [vec![], vec![], vec!["2025-11-24 14:20:00".to_owned(), "42".to_owned()]]);
    }
}
