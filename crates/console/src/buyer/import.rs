//! Dispatches of the buyer's platform: read, matched on its number, shown, and registered once accepted.

use crate::door::dto::{
    DoorError, ImportAccept, ImportDifference, ImportMistake, ImportPreview, ImportRow, ImportSource,
    RegisterArgs, ReporterDto, Written,
};
use crate::order::{Bound, Desk, Pen, filled, key, object_text};
use crate::store::StoreError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rusqlite::OptionalExtension as _;
use zaigang_domain::order::payload::{Registered, Reporter};
use zaigang_domain::order::platform::{
    CellMistake, DISPATCH, Dispatch, Dispatches, PlatformField as F, cells_of_text, read_dispatches,
};
use zaigang_domain::order::{Order, Then};
use zaigang_report::{TableError, read_xlsx};

/// Longest pasted text, in bytes: 500 rows of 2,000 characters. A guess.
const TEXT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What stands for the reason of a late registration.
const LATE_REASON: &str = "采购人平台派单导入";
/// Why the level is what it is.
const LEVEL_REASON: &str = "按采购人平台派单填写";

/// A row with what became of it.
struct Planned {
    row: ImportRow,
    /// The form it would be registered by.
    form: Option<(Registered, Reporter)>,
}

impl Desk<'_> {
    /// What an import would do; nothing is written.
    ///
    /// # Errors
    /// Bad input where nothing can be read at all. Mistakes of rows are part of the answer.
    pub fn import_preview(&self, source: &ImportSource) -> Result<ImportPreview, DoorError> {
        let (read, planned) = self.plan(source)?;
        let count = |action: &str| {
            u32::try_from(planned.iter().filter(|p| p.row.action == action).count()).unwrap_or(u32::MAX)
        };
        Ok(ImportPreview {
            fresh: count("new"),
            differing: count("differs"),
            same: count("same"),
            bad: count("bad"),
            mistakes: read
                .mistakes
                .iter()
                .filter(|mistake| mistake.row == 0)
                .map(|m| m.message.clone())
                .collect(),
            ignored: read.ignored,
            rows: planned.into_iter().map(|planned| planned.row).collect(),
        })
    }

    fn plan(&self, source: &ImportSource) -> Result<(Dispatches, Vec<Planned>), DoorError> {
        let cells = cells(source)?;
        let read = read_dispatches(&cells, &self.usual_columns(source)?, self.now);
        let mut planned = Vec::with_capacity(read.rows.len());
        for dispatch in &read.rows {
            planned.push(self.planned(dispatch, &read.mistakes, source)?);
        }
        Ok((read, planned))
    }

    fn usual_columns(&self, source: &ImportSource) -> Result<Vec<F>, DoorError> {
        let in_force = self.in_force(source.division.as_deref())?;
        let agreed = in_force.as_ref().and_then(|version| version.bound.profile.settings.platform());
        let columns = agreed.map(|platform| platform.dispatch.clone()).filter(|columns| !columns.is_empty());
        Ok(columns.unwrap_or_else(|| DISPATCH.to_vec()))
    }

    fn planned(
        &self,
        dispatch: &Dispatch,
        mistakes: &[CellMistake],
        source: &ImportSource,
    ) -> Result<Planned, DoorError> {
        let mut row = ImportRow {
            row: dispatch.row,
            action: "bad".to_owned(),
            external_no: dispatch.external_no().to_owned(),
            title: dispatch.get(F::Title).unwrap_or_default().to_owned(),
            division: dispatch.get(F::Division).unwrap_or_default().to_owned(),
            order_id: None,
            order_number: None,
            differences: Vec::new(),
            mistakes: mistakes
                .iter()
                .filter(|mistake| mistake.row == dispatch.row)
                .map(|mistake| ImportMistake {
                    column: mistake.column.to_owned(),
                    message: mistake.message.clone(),
                })
                .collect(),
        };
        if !row.mistakes.is_empty() {
            return Ok(Planned { row, form: None });
        }
        if let Some(id) = self.known_as(&row.external_no)? {
            match self.order(&id) {
                Ok((id, order)) => {
                    row.differences = self.differences(dispatch, &order);
                    row.action = if row.differences.is_empty() { "same" } else { "differs" }.to_owned();
                    row.order_id = Some(id.to_string());
                    row.order_number = Some(order.number);
                }
                Err(_) => row.mistakes.push(ImportMistake {
                    column: F::ExternalNo.label().to_owned(),
                    message: "这个单号已登记在您负责范围以外的部门，请与服务台核对。".to_owned(),
                }),
            }
            return Ok(Planned { row, form: None });
        }
        let args = self.register_args(dispatch, source)?;
        row.division.clone_from(&args.division);
        match self.form_of(&args, self.now) {
            Ok((form, _)) => {
                row.action = "new".to_owned();
                let reporter = args.reporter.map(|r| Reporter {
                    name: r.name,
                    phone: r.phone,
                    room: r.room,
                    extension: r.extension,
                });
                let form = Registered { external_no: Some(row.external_no.clone()), ..form };
                Ok(Planned { row, form: Some((form, reporter.unwrap_or_default())) })
            }
            Err(error) => {
                let column = column_of(error.field.as_deref()).to_owned();
                row.mistakes.push(ImportMistake { column, message: error.message });
                Ok(Planned { row, form: None })
            }
        }
    }

    /// The order that has a number of the platform; the numbers of other programs are none of its.
    fn known_as(&self, external_no: &str) -> Result<Option<String>, StoreError> {
        Ok(self
            .store
            .reader()
            .prepare_cached(
                "SELECT id FROM orders WHERE external_no = ?1 AND entered = 1 ORDER BY entity LIMIT 1",
            )?
            .query_row([external_no], |row| row.get(0))
            .optional()?)
    }

    fn register_args(&self, dispatch: &Dispatch, source: &ImportSource) -> Result<RegisterArgs, DoorError> {
        let text = |field: F| dispatch.get(field).unwrap_or_default().to_owned();
        let divisions = self.divisions()?;
        let only = match divisions.as_slice() {
            [(_, only)] => Some(only.clone()),
            _ => None,
        };
        let division =
            dispatch.get(F::Division).map(str::to_owned).or_else(|| filled(source.division.as_ref()));
        let division = division.or(only).unwrap_or_default();
        let bound = self.in_force(Some(&division))?.map(|version| version.bound);
        let object = bound.map_or_else(|| text(F::Object), |bound| object_no(bound, &text(F::Object)));
        let level = dispatch.get(F::Level).map(|level| level.trim_end_matches('级').trim().to_owned());
        Ok(RegisterArgs {
            kind: "incident".to_owned(),
            title: text(F::Title),
            detail: text(F::Detail),
            division,
            object,
            level_reason: level.as_ref().map(|_| LEVEL_REASON.to_owned()),
            level,
            channel: "platform".to_owned(),
            reported_at: dispatch.reported_at.map(zaigang_domain::calendar::format_instant),
            reason: Some(LATE_REASON.to_owned()),
            reporter_unit: text(F::ReporterUnit),
            reporter: Some(ReporterDto {
                name: text(F::Reporter),
                phone: text(F::Phone),
                room: text(F::Room),
                extension: String::new(),
            }),
            ..RegisterArgs::default()
        })
    }

    /// What a dispatch says otherwise than the order that has its number.
    fn differences(&self, dispatch: &Dispatch, order: &Order) -> Vec<ImportDifference> {
        let bound = self.bound(order);
        let object = order.object.as_deref().map(|no| object_text(bound, no)).unwrap_or_default();
        let level = order.level.as_deref().map(zaigang_domain::clock::level_name).unwrap_or_default();
        let ours = [
            (F::Title, order.title.clone()),
            (F::Detail, order.detail.clone()),
            (F::Division, order.division.clone()),
            (F::Object, object),
            (F::Level, level),
            (F::ReporterUnit, order.reporter_unit.clone()),
        ];
        let same = |field: F, ours: &str, theirs: &str| match field {
            F::Object => {
                bound.is_some_and(|bound| ours == object_text(Some(bound), &object_no(bound, theirs)))
            }
            F::Level => ours.trim_end_matches('级') == theirs.trim_end_matches('级').trim(),
            _ => ours == theirs,
        };
        let texts = ours.into_iter().filter_map(|(field, ours)| {
            let theirs = dispatch.get(field).filter(|theirs| !same(field, &ours, theirs))?.to_owned();
            Some(ImportDifference { field: field.label().to_owned(), ours, theirs })
        });
        let minute = super::record::minute_text;
        let moved = dispatch.reported_at.filter(|at| minute(*at) != minute(order.reported_at));
        let times = moved.map(|at| ImportDifference {
            field: F::ReportedAt.label().to_owned(),
            ours: minute(order.reported_at),
            theirs: minute(at),
        });
        texts.chain(times).collect()
    }
}

impl Pen<'_> {
    /// Registers the accepted rows of an import: all of them or none.
    ///
    /// # Errors
    /// Bad input where a row accepted is no new order (any more); what registering refuses.
    pub fn import(&mut self, args: &ImportAccept) -> Result<Written, DoorError> {
        let key = key(self, "import", &args.idempotency_key)?;
        let message = format!("已登记 {} 张工单，待派单", args.accept.len());
        if self.is_repeated(&key)? {
            return Ok(Written { id: String::new(), message, changed: Vec::new() });
        }
        if args.accept.is_empty() {
            return Err(DoorError::bad_input("没有选中要登记的行，请至少选一行。").at("accept"));
        }
        let now = self.host.now();
        let (_, planned) = self.desk().plan(&args.source)?;
        let mut forms = Vec::with_capacity(args.accept.len());
        for number in &args.accept {
            let found = planned.iter().find(|planned| planned.row.row == *number);
            let Some((form, reporter)) = found.and_then(|planned| planned.form.clone()) else {
                let message =
                    format!("第 {number} 行不是可登记的新派单，可能刚被登记或内容有误，请重新核对。");
                return Err(DoorError::not_now(message).at("accept"));
            };
            self.check_form(&form, Some(&reporter), &Then::Nothing, now)?;
            forms.push((form, Some(reporter)));
        }
        let acts = self.registrations(&forms, Then::Nothing, now)?;
        let written = self.store.append_acts(self.host, &acts, Some(self.author), Some(&key))?;
        let id = acts.first().map(|act| act.entity.to_string()).unwrap_or_default();
        Ok(Written { id, message, changed: written.changed.into_iter().collect() })
    }
}

fn cells(source: &ImportSource) -> Result<Vec<Vec<String>>, DoorError> {
    if let Some(file) = source.file.as_ref().filter(|file| !file.is_empty()) {
        let bytes = STANDARD
            .decode(file)
            .map_err(|_| DoorError::bad_input("文件没有传完整，请重新选择。").at("file"))?;
        return read_xlsx(&bytes).map_err(|error| match error {
            TableError::TooLarge => {
                DoorError::bad_input("文件太大，请只保留要导入的行（2 MB 以内）。").at("file")
            }
            _ => DoorError::bad_input("不是可读的 XLSX 文件。XLS 请先在表格软件中另存为 XLSX。").at("file"),
        });
    }
    let text = source.text.as_deref().unwrap_or_default();
    if text.len() > TEXT_BYTES_MAX {
        return Err(DoorError::bad_input("粘贴的内容太多，请分几次导入。").at("text"));
    }
    Ok(cells_of_text(text))
}

/// The number of an object that is named by number, name, or both; the text itself where it is none.
fn object_no(bound: Bound, text: &str) -> String {
    let text = text.trim();
    let objects = &bound.profile.objects;
    let named = objects.iter().find(|object| {
        object.id == text || object.name == text || format!("{} {}", object.id, object.name) == text
    });
    named.map_or_else(|| text.to_owned(), |object| object.id.clone())
}

/// The column that a field of the registration form comes from.
fn column_of(field: Option<&str>) -> &'static str {
    match field {
        Some("division") => F::Division.label(),
        Some("object" | "reason") => F::Object.label(),
        Some("level" | "level_reason") => F::Level.label(),
        Some("reported_at") => F::ReportedAt.label(),
        Some("title") => F::Title.label(),
        Some("detail") => F::Detail.label(),
        _ => "",
    }
}
