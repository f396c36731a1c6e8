//! 《运维服务记录单》: one order on one A4 page, for the buyer's signature.

use super::export::{Made, watermark};
use super::record::{Record, minute_text};
use crate::door::dto::{DoorError, SheetArgs, SheetDto, SheetPage, SheetPart, SheetPrint, Written};
use crate::order::{Desk, Pen, key};
use zaigang_domain::order::MarkKind;
use zaigang_domain::people::{Export, may_export};

/// Most sheets of one print: a month's unsigned records of a division. A guess.
const SHEETS_MAX: u32 = 500;

/// Lines that fit their box on the page (`ServiceSheet.vue`), by measuring the printed page.
const SYMPTOM_LINES_MAX: usize = 6;
const HANDLING_LINES_MAX: usize = 13;
/// What a line of those boxes holds, in half-width characters: a Chinese one takes two.
const LINE_WIDTH: usize = 82;
/// Rows for parts on the page, and what one names in its column: one line of 66 mm, two at most.
const PARTS_MAX: usize = 4;
const PART_CHARS_MAX: usize = 32;

impl Desk<'_> {
    /// The sheets of the ticked orders, or of a list.
    ///
    /// # Errors
    /// Not allowed; bad input for an unknown filter or too many; not found.
    pub fn sheets(&self, args: &SheetArgs) -> Result<SheetPage, DoorError> {
        may_export(self.actor, Export::Sheets, None).map_err(DoorError::not_allowed)?;
        let records = self.records(&args.ids, args.list.as_ref(), SHEETS_MAX)?;
        let mut sheets = Vec::with_capacity(records.len());
        for record in &records {
            sheets.push(self.sheet(record)?);
        }
        Ok(SheetPage { sheets, watermark: String::new() })
    }

    fn sheet(&self, record: &Record) -> Result<SheetDto, DoorError> {
        let order = &record.order;
        let time = |at: Option<_>| at.map(minute_text).unwrap_or_default();
        let symptom = if order.detail.is_empty() {
            order.title.clone()
        } else {
            format!("{}\n{}", order.title, order.detail)
        };
        let confirmation = record.confirmation.as_ref();
        let parts = record.parts.iter().take(PARTS_MAX).map(|part| SheetPart {
            text: part.text.chars().take(PART_CHARS_MAX).collect(),
            old_serial: part.old_serial.clone(),
            new_serial: part.new_serial.clone(),
        });
        let reporter = record.reporter.clone().unwrap_or_default();
        Ok(SheetDto {
            id: record.id.to_string(),
            number: order.number.clone(),
            contract: self.contract_name(order),
            division: order.division.clone(),
            reporter_unit: order.reporter_unit.clone(),
            reporter: reporter.name,
            phone: reporter.phone,
            room: reporter.room,
            object: record.object.clone(),
            level: order.level.as_deref().map(zaigang_domain::clock::level_name).unwrap_or_default(),
            reported_at: minute_text(order.reported_at),
            responded_at: time(record.responded_at()),
            arrived_at: time(record.first(&[MarkKind::Arrived])),
            restored_at: time(record.restored_at()),
            symptom: fitted(&symptom, SYMPTOM_LINES_MAX),
            handling: fitted(&record.handling.join("\n"), HANDLING_LINES_MAX),
            parts: parts.collect(),
            parts_left: u32::try_from(record.parts.len().saturating_sub(PARTS_MAX)).unwrap_or(u32::MAX),
            result: record.result().to_owned(),
            satisfaction: confirmation.and_then(|c| c.said.satisfaction.clone()).unwrap_or_default(),
            engineer: record.engineer.clone(),
            confirmed_by: confirmation.map(|c| c.said.who.clone()).unwrap_or_default(),
            confirmed_at: confirmation.map(|c| minute_text(c.at)).unwrap_or_default(),
            external_no: order.external_no.clone().unwrap_or_default(),
        })
    }

    fn contract_name(&self, order: &zaigang_domain::order::Order) -> String {
        self.bound(order)
            .map_or_else(|| order.contract.clone(), |bound| bound.profile.facts.contract.name.clone())
    }
}

impl Pen<'_> {
    /// Hands sheets to the printer: the same as [`Desk::sheets`], with a watermark, kept as an export.
    ///
    /// # Errors
    /// As [`Desk::sheets`]; not now where the same print was handed out already.
    pub fn print_sheets(&mut self, args: &SheetPrint) -> Result<(SheetPage, Written), DoorError> {
        let key = key(self, "print", &args.idempotency_key)?;
        let mut page = self.desk().sheets(&args.sheets)?;
        if page.sheets.is_empty() {
            return Err(DoorError::bad_input("没有可打印的工单，请先勾选或改变筛选。").at("ids"));
        }
        page.watermark = watermark(&self.desk(), "打印")?;
        let bytes = serde_json::to_vec(&page.sheets).map_err(DoorError::broken)?;
        let made = Made {
            export: Export::Sheets,
            what: "运维服务记录单".to_owned(),
            rows: page.sheets.len(),
            format: "print",
            watermark: page.watermark.clone(),
        };
        let written = self.exported(made, &bytes, &key)?;
        Ok((page, written))
    }
}

/// As much of a text as fits so many lines, saying so where something is left out.
fn fitted(text: &str, lines_max: usize) -> String {
    const REST: &str = "……（余见工单时间线）";
    let (mut kept, mut lines, mut width) = (String::new(), 1, 0);
    let rest_width = width_of(REST);
    // How much of the text still leaves room for the words that something follows.
    let mut cut = 0;
    for c in text.trim_end().chars() {
        let wide = if c.is_ascii() { 1 } else { 2 };
        if c == '\n' || width + wide > LINE_WIDTH {
            lines += 1;
            width = 0;
        }
        if lines > lines_max {
            kept.truncate(cut);
            return format!("{}{REST}", kept.trim_end());
        }
        kept.push(c);
        width += if c == '\n' { 0 } else { wide };
        if lines < lines_max || width + rest_width <= LINE_WIDTH {
            cut = kept.len();
        }
    }
    kept
}

fn width_of(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_fits_its_box() {
        let full = "字".repeat(LINE_WIDTH / 2);
        // text, lines, whole
        let table = [
            ("短".to_owned(), 1, true),
            (full.clone(), 1, true),
            (format!("{full}字"), 1, false),
            (full.repeat(6), 6, true),
            (format!("{}a", full.repeat(6)), 6, false),
            ("一\n".repeat(6), 6, true),
            ("一\n".repeat(7), 6, false),
            ("x".repeat(LINE_WIDTH * 2), 2, true),
            ("x".repeat(LINE_WIDTH * 2 + 1), 2, false),
            (String::new(), 2, true),
        ];
        for (text, lines_max, whole) in table {
            let fits = fitted(&text, lines_max);
            assert_eq!(fits == text.trim_end(), whole, "{lines_max} {text}");
            assert_eq!(fits.ends_with("（余见工单时间线）"), !whole);
            let lines: usize = fits.lines().map(|line| width_of(line).div_ceil(LINE_WIDTH).max(1)).sum();
            assert!(lines <= lines_max, "{lines} of {lines_max}: {fits}");
        }
    }
}
