//! 《驻场人员考勤表》 on paper and as a workbook: the same sheets, a right, and an event each time.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zaigang_domain::people::{Export, may_export};
use zaigang_report::{AttendanceBook, DivisionSheet, SheetDay, SheetPerson, attendance_xlsx};

use crate::buyer::{Made, watermark};
use crate::door::dto::{
    AttendanceMonth, AttendancePrint, AttendanceRow, AttendanceSheets, AttendanceTotals, DoorError,
    ExportedFile, Written,
};
use crate::order::{Pen, key};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Heads of the sums, in the order of [`sums`].
const TOTALS: [&str; 15] = [
    "应出勤",
    "实出勤",
    "迟到",
    "早退",
    "缺卡",
    "半天",
    "旷工",
    "事假",
    "病假",
    "年假",
    "其他假",
    "出差",
    "调休",
    "值班",
    "加班时",
];

impl Pen<'_> {
    /// Hands the sheets of a month to the printer, with a watermark, kept as an export.
    ///
    /// # Errors
    /// As [`crate::order::Desk::attendance_month`]; not allowed without the right to print; bad input for a
    /// month without anybody; not now where the same print was handed out already.
    pub fn print_attendance(
        &mut self,
        args: &AttendancePrint,
    ) -> Result<(AttendanceSheets, Written), DoorError> {
        let key = key(self, "attendance/print", &args.idempotency_key)?;
        let (month, watermark) = self.sheets(args, "打印")?;
        let bytes = serde_json::to_vec(&month.rows).map_err(DoorError::broken)?;
        let made = made(&month, "print", &watermark);
        let written = self.exported(made, &bytes, &key)?;
        Ok((AttendanceSheets { month, watermark }, written))
    }

    /// The same sheets as a workbook.
    ///
    /// # Errors
    /// As [`Self::print_attendance`].
    pub fn export_attendance(
        &mut self,
        args: &AttendancePrint,
    ) -> Result<(ExportedFile, Written), DoorError> {
        let key = key(self, "attendance/export", &args.idempotency_key)?;
        let (month, watermark) = self.sheets(args, "导出")?;
        let book = book(&month, &watermark);
        let bytes = attendance_xlsx(&book).map_err(DoorError::broken)?;
        let written = self.exported(made(&month, "xlsx", &watermark), &bytes, &key)?;
        let file = ExportedFile {
            name: format!("{}.xlsx", book.title),
            media_type: XLSX.to_owned(),
            base64: STANDARD.encode(&bytes),
            rows: u32::try_from(month.rows.len()).unwrap_or(u32::MAX),
            message: written.message.clone(),
        };
        Ok((file, written))
    }

    fn sheets(&self, args: &AttendancePrint, act: &str) -> Result<(AttendanceMonth, String), DoorError> {
        may_export(self.actor, Export::Attendance, None).map_err(DoorError::not_allowed)?;
        let month = self.desk().attendance_month(&args.month)?;
        if month.rows.is_empty() {
            return Err(DoorError::bad_input("没有可输出的考勤，请换一个月份或部门。").at("month"));
        }
        Ok((month, watermark(&self.desk(), act)?))
    }
}

fn made(month: &AttendanceMonth, format: &'static str, watermark: &str) -> Made {
    Made {
        export: Export::Attendance,
        what: format!("驻场人员考勤表 {}", month.month),
        rows: month.rows.len(),
        format,
        watermark: watermark.to_owned(),
    }
}

fn book(month: &AttendanceMonth, watermark: &str) -> AttendanceBook {
    let day = |day: &crate::door::dto::MonthDayDto| SheetDay {
        head: format!("{}\n{}", day.day, if day.badge.is_empty() { &day.weekday } else { &day.badge }),
        off: day.off,
    };
    let person = |row: &AttendanceRow| SheetPerson {
        name: row.name.clone(),
        post: row.post.clone(),
        days: row.cells.iter().map(|cell| [cell.morning.clone(), cell.afternoon.clone()]).collect(),
        totals: sums(&row.totals)
            .map(|sum| if sum == 0.0 { String::new() } else { sum.to_string() })
            .to_vec(),
    };
    let sheet = |rows: &[AttendanceRow]| DivisionSheet {
        division: rows
            .first()
            .map(|row| row.division.clone())
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| "未分部门".to_owned()),
        people: rows.iter().map(person).collect(),
    };
    AttendanceBook {
        title: format!("驻场人员考勤表（{}）", month.month),
        contract: month.contract.clone(),
        days: month.days.iter().map(day).collect(),
        totals: TOTALS.map(str::to_owned).to_vec(),
        sheets: month.rows.chunk_by(|a, b| a.division == b.division).map(sheet).collect(),
        legend: month.legend.iter().map(|item| format!("{} {}", item.letter, item.title)).collect(),
        signers: ["制表：", "项目经理：", "采购人："].map(str::to_owned).to_vec(),
        watermark: watermark.to_owned(),
    }
}

/// Days, and the hours of overtime to half an hour.
fn sums(totals: &AttendanceTotals) -> [f64; 15] {
    let AttendanceTotals { due, present, late, early, missing, half, absent, .. } = *totals;
    let AttendanceTotals { personal, sick, annual, other_leave, trip, compensatory, duty, .. } = *totals;
    let hours = f64::from(totals.overtime_minutes / 30) / 2.0;
    let days = [
        due,
        present,
        late,
        early,
        missing,
        half,
        absent,
        personal,
        sick,
        annual,
        other_leave,
        trip,
        compensatory,
        duty,
    ];
    let mut sums = [0.0; 15];
    for (sum, value) in sums.iter_mut().zip(days.map(f64::from).into_iter().chain([hours])) {
        *sum = value;
    }
    sums
}
