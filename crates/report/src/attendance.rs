//! 《驻场人员考勤表》 as a workbook: one sheet a division, two rows a person.
//!
//! Promises: every cell is text and stays text; equal sheets give equal bytes; days off are shaded; the
//! watermark is on every page and in the file's properties. Left out: what the letters mean.

use crate::roster::{cell_format, line, shaded};
use crate::table::{TableError, cell_text, footer, sheet_name, workbook};
use rust_xlsxwriter::{Format, FormatAlign, Worksheet};

/// A4 (ECMA-376 part 1, 18.3.1.63 `paperSize`).
const A4: u8 = 9;
/// Columns before the days: 序号, 姓名, 岗位, half of the day.
const BEFORE: u16 = 4;

/// A day of the head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetDay {
    /// Number of the day over its weekday: `15\n三`.
    pub head: String,
    /// A day off.
    pub off: bool,
}

/// A person's two rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetPerson {
    /// Name.
    pub name: String,
    /// Post.
    pub post: String,
    /// Letter of the morning and of the afternoon, for each day.
    pub days: Vec<[String; 2]>,
    /// One for each of [`AttendanceBook::totals`]; empty where there is nothing.
    pub totals: Vec<String>,
}

/// One division's sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DivisionSheet {
    /// Name of the sheet.
    pub division: String,
    /// People.
    pub people: Vec<SheetPerson>,
}

/// A month's sheets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttendanceBook {
    /// 《驻场人员考勤表》（2025年10月）.
    pub title: String,
    /// Name of the contract.
    pub contract: String,
    /// Days of the month.
    pub days: Vec<SheetDay>,
    /// Heads of the sums.
    pub totals: Vec<String>,
    /// Sheets.
    pub sheets: Vec<DivisionSheet>,
    /// What the letters mean.
    pub legend: Vec<String>,
    /// Who signs: 制表, 项目经理, 采购人.
    pub signers: Vec<String>,
    /// Who took it out, when, on which device.
    pub watermark: String,
}

/// The month as a workbook; each sheet is one landscape A4 page wide.
///
/// # Errors
/// [`TableError::Write`].
pub fn attendance_xlsx(month: &AttendanceBook) -> Result<Vec<u8>, TableError> {
    let mut book = workbook(&month.title, &month.watermark)?;
    for division in &month.sheets {
        let sheet = book.add_worksheet().set_name(sheet_name(&division.division))?;
        write_sheet(sheet, month, division)?;
    }
    Ok(book.save_to_buffer()?)
}

fn write_sheet(
    sheet: &mut Worksheet,
    month: &AttendanceBook,
    division: &DivisionSheet,
) -> Result<(), TableError> {
    let width = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
    let after = BEFORE + width(month.days.len());
    let last = (after + width(month.totals.len())).saturating_sub(1);
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    line(sheet, 0, last, &month.title, &title)?;
    line(
        sheet,
        1,
        last,
        &format!("项目：{}　　部门：{}", month.contract, division.division),
        &Format::new(),
    )?;
    let head = cell_format().set_bold();
    for (at, (name, wide)) in (0_u16..).zip([("序号", 5.0), ("姓名", 10.0), ("岗位", 12.0), ("时段", 5.0)])
    {
        sheet.set_column_width(at, wide)?;
        sheet.write_string_with_format(2, at, name, &head)?;
    }
    for (at, day) in (BEFORE..).zip(&month.days) {
        sheet.set_column_width(at, 3.6)?;
        sheet.write_string_with_format(2, at, cell_text(&day.head), &shaded(&head, day.off))?;
    }
    for (at, name) in (after..).zip(&month.totals) {
        sheet.set_column_width(at, 4.6)?;
        sheet.write_string_with_format(2, at, cell_text(name), &head)?;
    }
    sheet.set_row_height(2, 32)?;
    let mut row = 3_u32;
    for (number, person) in (1_u32..).zip(&division.people) {
        write_person(sheet, month, row, number, person)?;
        row += 2;
    }
    let wrapped = Format::new().set_text_wrap();
    line(sheet, row, last, &format!("图例：{}", month.legend.join("　")), &wrapped)?;
    sheet.set_row_height(row, 30)?;
    line(sheet, row + 1, last, &month.signers.join("　　　　　　　　"), &Format::new())?;
    sheet.set_freeze_panes(3, 3)?;
    sheet.set_paper_size(A4).set_landscape().set_repeat_rows(2, 2)?;
    sheet.set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
    sheet.set_margins(0.4, 0.4, 0.5, 0.5, 0.2, 0.2);
    sheet.set_footer(footer(&month.watermark));
    Ok(())
}

fn write_person(
    sheet: &mut Worksheet,
    month: &AttendanceBook,
    row: u32,
    number: u32,
    person: &SheetPerson,
) -> Result<(), TableError> {
    let body = cell_format().set_num_format("@");
    let both = |sheet: &mut Worksheet, at: u16, text: &str| {
        sheet.merge_range(row, at, row + 1, at, &cell_text(text), &body).map(|_| ())
    };
    both(sheet, 0, &number.to_string())?;
    both(sheet, 1, &person.name)?;
    both(sheet, 2, &person.post)?;
    for (half, name) in (0_u32..).zip(["上午", "下午"]) {
        sheet.write_string_with_format(row + half, 3, name, &body)?;
    }
    for ((at, letters), day) in (BEFORE..).zip(&person.days).zip(&month.days) {
        let look = shaded(&body, day.off);
        for (half, letter) in (0_u32..).zip(letters) {
            sheet.write_string_with_format(row + half, at, cell_text(letter), &look)?;
        }
    }
    let after = BEFORE + u16::try_from(month.days.len()).unwrap_or(u16::MAX);
    for (at, sum) in (after..).zip(&person.totals) {
        both(sheet, at, sum)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::read_xlsx;

    fn month() -> AttendanceBook {
        let day = |head: &str, off| SheetDay { head: head.into(), off };
        AttendanceBook {
            title: "驻场人员考勤表（2025年10月）".into(),
            contract: "运维项目".into(),
            days: vec![day("1\n三", true), day("9\n四", false)],
            totals: vec!["应出勤".into(), "迟到".into()],
            sheets: vec![DivisionSheet {
                division: "E总队".into(),
                people: vec![SheetPerson {
                    name: "=1+1".into(),
                    post: "驻场".into(),
                    days: vec![["休".into(), "休".into()], ["迟".into(), "√".into()]],
                    totals: vec!["1".into(), "1".into()],
                }],
            }],
            legend: vec!["√ 正常".into()],
            signers: vec!["制表：".into(), "项目经理：".into(), "采购人：".into()],
            watermark: "导出：孙理".into(),
        }
    }

    #[test]
    fn a_person_has_two_rows_and_a_name_stays_text() {
        let bytes = attendance_xlsx(&month()).unwrap();
        assert_eq!(bytes, attendance_xlsx(&month()).unwrap(), "equal sheets, equal bytes");
        let rows = read_xlsx(&bytes).unwrap();
        assert_eq!(rows[0][0], "驻场人员考勤表（2025年10月）");
        assert_eq!(rows[2], ["序号", "姓名", "岗位", "时段", "1\n三", "9\n四", "应出勤", "迟到"]);
        assert_eq!(rows[3], ["1", "=1+1", "驻场", "上午", "休", "迟", "1", "1"]);
        assert_eq!(rows[4][3..6], ["下午".to_owned(), "休".into(), "√".into()]);
        assert!(rows[6][0].contains("项目经理："));
    }
}
