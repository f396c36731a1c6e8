//! The month of duty as a workbook: the customary forms as they hang on the wall, and the empty table to
//! be filled in and read back.
//!
//! Promises: every cell is text and stays text; equal sheets give equal bytes; days off are shaded and
//! keep their sign in words, as a copier loses shades; the watermark is on every page and in the file's
//! properties. Left out: what stands in the cells.

use crate::table::{Column, TableError, cell_text, footer, sheet_name, workbook};
use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, FormatBorder, Worksheet};

/// The paper of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// A4 upright: one row a day.
    A4Portrait,
    /// A3 across: one row a person, one column a day.
    A3Landscape,
}

impl Paper {
    /// Number of the paper in a workbook (ECMA-376 part 1, 18.3.1.63 `paperSize`).
    fn size(self) -> u8 {
        match self {
            Self::A4Portrait => 9,
            Self::A3Landscape => 8,
        }
    }
}

/// A row of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormRow {
    /// A cell for each column.
    pub cells: Vec<String>,
    /// A day off.
    pub shaded: bool,
}

/// A form as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterForm {
    /// 《10月值班（备勤）表》.
    pub title: String,
    /// 报送单位, span, version: side by side above the table.
    pub above: Vec<String>,
    /// Columns.
    pub columns: Vec<Column>,
    /// Which columns are days off, one for each; empty: none.
    pub shaded_columns: Vec<bool>,
    /// Rows.
    pub rows: Vec<FormRow>,
    /// What the letters mean; empty: no line for it.
    pub legend: Vec<String>,
    /// 编制, 审核, 采购人, version: side by side below the table.
    pub below: Vec<String>,
    /// The paper.
    pub paper: Paper,
    /// Who took it out, when, on which device.
    pub watermark: String,
}

/// Grey of days off, light enough for letters on a copy.
const SHADE: Color = Color::RGB(0xE6_E6_E6);

/// The form as a workbook of one sheet that fits its paper in width.
///
/// # Errors
/// [`TableError::Write`].
pub fn roster_xlsx(form: &RosterForm) -> Result<Vec<u8>, TableError> {
    let mut book = workbook(&form.title, &form.watermark)?;
    let sheet = book.add_worksheet().set_name(sheet_name(&form.title))?;
    for (at, column) in (0_u16..).zip(&form.columns) {
        sheet.set_column_width(at, f64::from(column.width))?;
    }
    let last = u16::try_from(form.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    line(sheet, 0, last, &form.title, &title)?;
    line(sheet, 1, last, &form.above.join("　　"), &Format::new())?;
    let head = cell_format().set_bold();
    for (at, column) in (0_u16..).zip(&form.columns) {
        let look = shaded(&head, is_off(form, at));
        sheet.write_string_with_format(2, at, cell_text(&column.name), &look)?;
    }
    let body = cell_format().set_num_format("@");
    for (at, row) in (3_u32..).zip(&form.rows) {
        for (column, cell) in (0_u16..).zip(&row.cells) {
            let look = shaded(&body, row.shaded || is_off(form, column));
            sheet.write_string_with_format(at, column, cell_text(cell), &look)?;
        }
    }
    let mut under = u32::try_from(form.rows.len()).unwrap_or(u32::MAX).saturating_add(3);
    if !form.legend.is_empty() {
        let text = format!("图例：{}", form.legend.join("　"));
        line(sheet, under, last, &text, &Format::new().set_text_wrap())?;
        under += 1;
    }
    line(sheet, under, last, &form.below.join("　　　　"), &Format::new())?;
    sheet.set_freeze_panes(3, if form.paper == Paper::A3Landscape { 2 } else { 0 })?;
    sheet.set_paper_size(form.paper.size()).set_repeat_rows(2, 2)?;
    if form.paper == Paper::A3Landscape {
        sheet.set_landscape();
    }
    sheet.set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
    sheet.set_margins(0.4, 0.4, 0.5, 0.5, 0.2, 0.2);
    sheet.set_footer(footer(&form.watermark));
    Ok(book.save_to_buffer()?)
}

/// The table to be filled in: names down, days across, each cell a list of the letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterTemplate {
    /// Name of the table.
    pub title: String,
    /// First cell, then a heading for each day.
    pub head: Vec<String>,
    /// Which of the days are off, one for each day.
    pub off: Vec<bool>,
    /// A name and a cell for each day.
    pub rows: Vec<Vec<String>>,
    /// Letters that may stand in a cell, each with its post.
    pub letters: Vec<(String, String)>,
    /// Who took it out, when, on which device.
    pub watermark: String,
}

/// The table as a workbook: the first sheet is what is read back, the second says how it is filled in.
///
/// # Errors
/// [`TableError::Write`].
pub fn roster_template(template: &RosterTemplate) -> Result<Vec<u8>, TableError> {
    let mut book = workbook(&template.title, &template.watermark)?;
    let sheet = book.add_worksheet().set_name(sheet_name(&template.title))?;
    sheet.set_column_width(0, 14)?;
    let head = cell_format().set_bold();
    let body = cell_format().set_num_format("@");
    let off = |column: u16| column > 0 && template.off.get(usize::from(column) - 1) == Some(&true);
    for (at, name) in (0_u16..).zip(&template.head) {
        if at > 0 {
            sheet.set_column_width(at, 5)?;
        }
        sheet.write_string_with_format(0, at, cell_text(name), &shaded(&head, off(at)))?;
    }
    for (at, row) in (1_u32..).zip(&template.rows) {
        for (column, cell) in (0_u16..).zip(row) {
            sheet.write_string_with_format(at, column, cell_text(cell), &shaded(&body, off(column)))?;
        }
    }
    let last_row = u32::try_from(template.rows.len()).unwrap_or(u32::MAX).max(1);
    let last_column = u16::try_from(template.head.len().saturating_sub(1)).unwrap_or(u16::MAX);
    if last_column > 0 && !template.letters.is_empty() {
        let letters: Vec<&str> = template.letters.iter().map(|(letter, _)| letter.as_str()).collect();
        // Two letters in one cell are a duty with standby beside it: the list advises, it does not forbid.
        let choice = DataValidation::new().allow_list_strings(&letters)?.show_error_message(false);
        sheet.add_data_validation(1, 1, last_row, last_column, &choice)?;
    }
    sheet.set_freeze_panes(1, 1)?;
    let notes = book.add_worksheet().set_name("填写说明")?;
    notes.set_column_width(0, 8)?.set_column_width(1, 80)?;
    for (at, (letter, post)) in (0_u32..).zip(&template.letters) {
        notes.write_string(at, 0, letter)?;
        notes.write_string(at, 1, cell_text(post))?;
    }
    let below = u32::try_from(template.letters.len()).unwrap_or(u32::MAX).saturating_add(1);
    notes.write_string(below, 1, "空格子不动原有的排班；“休”或“-”清空。同一天两个岗位连写，如“值备”。")?;
    notes.write_string(below + 1, 1, &template.watermark)?;
    Ok(book.save_to_buffer()?)
}

pub(crate) fn cell_format() -> Format {
    Format::new()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

pub(crate) fn shaded(format: &Format, off: bool) -> Format {
    if off { format.clone().set_background_color(SHADE) } else { format.clone() }
}

fn is_off(form: &RosterForm, column: u16) -> bool {
    form.shaded_columns.get(usize::from(column)) == Some(&true)
}

/// A text over the whole width.
pub(crate) fn line(
    sheet: &mut Worksheet,
    row: u32,
    last: u16,
    text: &str,
    look: &Format,
) -> Result<(), TableError> {
    if last == 0 {
        sheet.write_string_with_format(row, 0, cell_text(text), look)?;
    } else {
        sheet.merge_range(row, 0, row, last, &cell_text(text), look)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_xlsx;

    fn form() -> RosterForm {
        let column = |name: &str| Column { name: name.into(), width: 10 };
        let row = |cells: &[&str], shaded| FormRow {
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
            shaded,
        };
        RosterForm {
            title: "10月值班（备勤）表".into(),
            above: vec!["报送单位：演示科技".into(), "第 1 版".into()],
            columns: vec![column("日期"), column("星期"), column("带班"), column("备注")],
            shaded_columns: Vec::new(),
            rows: vec![
                row(&["10-01", "三（节）", "演示甲", "国庆节"], true),
                row(&["10-09", "四", "=1+1", ""], false),
            ],
            legend: vec!["值 值班主".into()],
            below: vec!["编制：演示甲".into(), "审核：".into()],
            paper: Paper::A4Portrait,
            watermark: "导出：演示甲 2025-10-15 14:20".into(),
        }
    }

    #[test]
    fn the_form_has_its_title_its_lines_and_its_rows_as_text() {
        let read = read_xlsx(&roster_xlsx(&form()).unwrap()).unwrap();
        assert_eq!(read[0][0], "10月值班（备勤）表");
        assert_eq!(read[1][0], "报送单位：演示科技　　第 1 版");
        assert_eq!(read[2], ["日期", "星期", "带班", "备注"]);
        assert_eq!(read[3], ["10-01", "三（节）", "演示甲", "国庆节"]);
        assert_eq!(read[4][2], "=1+1", "a formula would run in whoever opens the file");
        assert_eq!(read[5][0], "图例：值 值班主");
        assert_eq!(read[6][0], "编制：演示甲　　　　审核：");
    }

    #[test]
    fn the_same_form_is_the_same_file_and_another_paper_another() {
        let one = form();
        assert_eq!(roster_xlsx(&one).unwrap(), roster_xlsx(&one).unwrap());
        let wide = RosterForm { paper: Paper::A3Landscape, ..form() };
        assert_ne!(roster_xlsx(&one).unwrap(), roster_xlsx(&wide).unwrap());
        let shaded = RosterForm { shaded_columns: vec![false, true], ..form() };
        assert_ne!(roster_xlsx(&one).unwrap(), roster_xlsx(&shaded).unwrap());
    }

    #[test]
    fn the_template_is_read_back_as_it_was_given() {
        let template = RosterTemplate {
            title: "2025年10月排班".into(),
            head: vec!["姓名".into(), "1".into(), "2".into()],
            off: vec![true, false],
            rows: vec![vec!["演示甲".into(), "值".into(), String::new()]],
            letters: vec![("值".into(), "值班主 08:00-次日08:00".into())],
            watermark: "导出：演示甲".into(),
        };
        let bytes = roster_template(&template).unwrap();
        assert_eq!(bytes, roster_template(&template).unwrap());
        let read = read_xlsx(&bytes).unwrap();
        assert_eq!(read[0], ["姓名", "1", "2"]);
        assert_eq!(read[1], ["演示甲", "值", ""]);
    }
}
