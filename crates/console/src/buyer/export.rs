//! Lists taken out of the program as files: a right, a watermark, and one event for each.

use super::platform::line;
use super::record::{Record, minute_text};
use crate::door::dto::{DoorError, ExportArgs, ExportedFile, OrderListArgs, Written};
use crate::host::new_id;
use crate::order::{Desk, Pen, key, kind_name, status_dto};
use crate::store::Draft;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeSet;
use zaigang_domain::calendar::ZONE;
use zaigang_domain::event::{EntityId, EventId, LogName};
use zaigang_domain::order::{MarkKind, Order};
use zaigang_domain::people::{Export, ExportMade, may_export};
use zaigang_report::{Column, Table};

/// Most rows of an exported list. A guess: a site's year, and a file that every spreadsheet opens.
const ROWS_MAX: u32 = 20_000;

/// Most records taken out in the platform's field order, each read with its whole timeline. A guess.
const RECORDS_MAX: u32 = 2_000;

/// What is kept of an output.
pub(crate) struct Made {
    pub(crate) export: Export,
    pub(crate) what: String,
    pub(crate) rows: usize,
    pub(crate) format: &'static str,
    pub(crate) watermark: String,
}

/// An output before it is kept.
struct Output {
    name: &'static str,
    bytes: Vec<u8>,
    media_type: &'static str,
    made: Made,
}

/// Formats of a file: word on the wire, ending, media type.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const CSV: &str = "text/csv;charset=utf-8";
const TEXT: &str = "text/plain;charset=utf-8";

impl Desk<'_> {
    /// The ticked orders, or those of a list, in their order.
    pub(super) fn chosen(
        &self,
        ids: &[String],
        list: Option<&OrderListArgs>,
        rows_max: u32,
    ) -> Result<Vec<(EntityId, Order)>, DoorError> {
        let too_many = |total: usize| {
            let message = format!("共 {total} 条，一次最多 {rows_max} 条，请用部门或日期缩小范围。");
            DoorError::bad_input(message).at("list")
        };
        if !ids.is_empty() {
            if ids.len() > rows_max as usize {
                return Err(too_many(ids.len()));
            }
            return ids.iter().map(|id| self.order(id)).collect();
        }
        let Some(list) = list else {
            return Err(DoorError::bad_input("请先勾选工单，或指明列表。").at("list"));
        };
        let from_start = OrderListArgs { offset: 0, ..list.clone() };
        let (places, total) = self.listed(&from_start, rows_max)?;
        if total > rows_max {
            return Err(too_many(total as usize));
        }
        let mut orders = Vec::with_capacity(places.len());
        for place in places {
            let Some((id, order)) = self.order_at(place)? else { continue };
            orders.push((EntityId::new(id).map_err(DoorError::broken)?, order));
        }
        Ok(orders)
    }

    /// The same as records.
    pub(super) fn records(
        &self,
        ids: &[String],
        list: Option<&OrderListArgs>,
        rows_max: u32,
    ) -> Result<Vec<Record>, DoorError> {
        let chosen = self.chosen(ids, list, rows_max)?;
        chosen.into_iter().map(|(id, order)| self.record(id, order)).collect()
    }

    fn output(&self, args: &ExportArgs) -> Result<Output, DoorError> {
        match args.what.as_str() {
            "orders" => self.order_table(args),
            "entries" => self.entry_table(args),
            _ => Err(DoorError::bad_input("没有这种导出内容，请重新选择。").at("what")),
        }
    }

    fn order_table(&self, args: &ExportArgs) -> Result<Output, DoorError> {
        self.may(Export::Orders, args, None)?;
        let orders = self.chosen(&args.ids, args.list.as_ref(), ROWS_MAX)?;
        self.may(Export::Orders, args, Some(&orders))?;
        let mut rows = Vec::with_capacity(orders.len());
        for (id, order) in &orders {
            rows.push(self.order_cells(id, order)?);
        }
        let columns = COLUMNS.iter().map(|(name, width)| Column { name: (*name).to_owned(), width: *width });
        self.sheet_of(Export::Orders, args, columns.collect(), rows)
    }

    fn order_cells(&self, id: &EntityId, order: &Order) -> Result<Vec<String>, DoorError> {
        let row = self.row(id.to_string(), order)?;
        let first = |kinds: &[MarkKind]| {
            let mark = order.marks.iter().find(|mark| kinds.contains(&mark.kind));
            mark.map(|mark| minute_text(mark.at)).unwrap_or_default()
        };
        let next = row.next_clock.as_ref();
        Ok(vec![
            row.number,
            row.title,
            kind_name(order.kind).to_owned(),
            status_word(order).to_owned(),
            order.level.clone().unwrap_or_default(),
            row.division,
            row.object,
            row.assignee.unwrap_or_default(),
            order.reporter_unit.clone(),
            minute_text(order.reported_at),
            first(&[MarkKind::Responded, MarkKind::Accepted, MarkKind::Arrived]),
            first(&[MarkKind::Arrived]),
            first(&[MarkKind::Restored]),
            next.map(|clock| clock.name.clone()).unwrap_or_default(),
            next.and_then(|clock| clock.deadline.as_deref()).map(plain_time).unwrap_or_default(),
            order.external_no.clone().unwrap_or_default(),
            if order.entered.is_some() { "已录入" } else { "未录入" }.to_owned(),
        ])
    }

    /// Records in the platform's field order; all of one contract, as each has a platform of its own.
    fn entry_table(&self, args: &ExportArgs) -> Result<Output, DoorError> {
        self.may(Export::Entries, args, None)?;
        let orders = self.chosen(&args.ids, args.list.as_ref(), RECORDS_MAX)?;
        self.may(Export::Entries, args, Some(&orders))?;
        let contracts: BTreeSet<&str> = orders.iter().map(|(_, order)| order.contract.as_str()).collect();
        if contracts.len() > 1 {
            let message = "所选工单属于几份合同，各有各的平台，请在筛选中选定一份合同。";
            return Err(DoorError::bad_input(message).at("list"));
        }
        let contract = contracts.first().map(|contract| (*contract).to_owned()).unwrap_or_default();
        let (_, fields) = self.platform_fields(&contract)?;
        let mut records = Vec::with_capacity(orders.len());
        for (id, order) in orders {
            records.push(self.record(id, order)?);
        }
        if args.format == "text" {
            let lines: Vec<String> = records.iter().map(|record| line(record, &fields)).collect();
            let made = self.made(Export::Entries, args, records.len(), "text")?;
            return Ok(Output { name: "txt", bytes: lines.join("\n").into_bytes(), media_type: TEXT, made });
        }
        let columns = fields.iter().map(|field| Column { name: field.label().to_owned(), width: 18 });
        let cells = |record: &Record| fields.iter().map(|field| record.field(*field)).collect();
        self.sheet_of(Export::Entries, args, columns.collect(), records.iter().map(cells).collect())
    }

    /// Whether the person may take this out; asked before the rows are known, and again with them.
    fn may(
        &self,
        export: Export,
        args: &ExportArgs,
        orders: Option<&[(EntityId, Order)]>,
    ) -> Result<(), DoorError> {
        let listed =
            args.list.as_ref().and_then(|list| list.division.as_deref()).filter(|_| args.ids.is_empty());
        let divisions: BTreeSet<&str> =
            orders.into_iter().flatten().map(|(_, order)| order.division.as_str()).collect();
        let division = match (orders, divisions.first()) {
            // Ticked ones are known only when they are read.
            (None, _) if !args.ids.is_empty() => Some(""),
            (Some(_), only) if divisions.len() == 1 => only.copied(),
            _ => listed,
        };
        may_export(self.actor, export, division).map_err(DoorError::not_allowed)
    }

    fn made(
        &self,
        export: Export,
        args: &ExportArgs,
        rows: usize,
        format: &'static str,
    ) -> Result<Made, DoorError> {
        Ok(Made { export, what: what(args), rows, format, watermark: watermark(self, "导出")? })
    }

    fn sheet_of(
        &self,
        export: Export,
        args: &ExportArgs,
        columns: Vec<Column>,
        rows: Vec<Vec<String>>,
    ) -> Result<Output, DoorError> {
        let (name, media_type) = match args.format.as_str() {
            "xlsx" => ("xlsx", XLSX),
            "csv" => ("csv", CSV),
            _ => return Err(DoorError::bad_input("文件格式只能是 XLSX 或 CSV。").at("format")),
        };
        let made = self.made(export, args, rows.len(), name)?;
        let table =
            Table { title: view_word(args).to_owned(), columns, rows, watermark: made.watermark.clone() };
        let bytes = match name {
            "xlsx" => zaigang_report::xlsx(&table).map_err(DoorError::broken)?,
            _ => zaigang_report::csv(&table),
        };
        Ok(Output { name, bytes, media_type, made })
    }
}

impl Pen<'_> {
    /// Takes a list out of the program.
    ///
    /// # Errors
    /// Not allowed; bad input naming the field; not now where the same export was handed out already.
    pub fn export(&mut self, args: &ExportArgs) -> Result<(ExportedFile, Written), DoorError> {
        let key = key(self, "export", &args.idempotency_key)?;
        let output = self.desk().output(args)?;
        let rows = output.made.rows;
        let written = self.exported(output.made, &output.bytes, &key)?;
        let at = ZONE.to_datetime(self.host.now()).strftime("%Y%m%d-%H%M").to_string();
        let file = ExportedFile {
            name: format!("{}-{at}.{}", view_word(args), output.name),
            media_type: output.media_type.to_owned(),
            base64: STANDARD.encode(&output.bytes),
            rows: u32::try_from(rows).unwrap_or(u32::MAX),
            message: written.message.clone(),
        };
        Ok((file, written))
    }

    /// Keeps that something left the program. What was handed out once under a key is not handed out again
    /// under it: each copy has an event of its own.
    pub(crate) fn exported(&mut self, made: Made, bytes: &[u8], key: &str) -> Result<Written, DoorError> {
        if self.is_repeated(key)? {
            return Err(DoorError::not_now("这一份已经给出。要再要一份，请重新导出或打印，系统会另记一次。"));
        }
        let message = match made.format {
            "print" => format!("已送去打印 {} 张，已记入审计", made.rows),
            "text" => format!("已复制 {} 行，已记入审计", made.rows),
            _ => format!("已导出 {} 行，已记入审计", made.rows),
        };
        let payload = ExportMade {
            export: made.export,
            what: made.what,
            rows: u32::try_from(made.rows).unwrap_or(u32::MAX),
            format: made.format.to_owned(),
            hash: blake3::hash(bytes).to_hex().to_string(),
            watermark: made.watermark,
        };
        let payload = serde_json::to_string(&payload).map_err(DoorError::broken)?;
        let entity =
            EntityId::new(format!("export/{}", EventId(new_id(self.host)))).map_err(DoorError::broken)?;
        let draft = Draft::fact("export.made", payload, self.host.now().as_millisecond());
        let written = self.append(&LogName::site(), &entity, vec![draft], key)?;
        Ok(Written { id: entity.to_string(), message, changed: written.changed.into_iter().collect() })
    }
}

/// Headings and widths of an exported list.
const COLUMNS: &[(&str, u16)] = &[
    ("单号", 28),
    ("标题", 36),
    ("类型", 10),
    ("状态", 12),
    ("级别", 8),
    ("部门", 12),
    ("运维对象", 28),
    ("处理人", 14),
    ("报修单位", 16),
    ("报修时间", 17),
    ("响应时间", 17),
    ("到场时间", 17),
    ("恢复时间", 17),
    ("下一时限", 12),
    ("截止时间", 17),
    ("平台单号", 18),
    ("录入状态", 10),
];

/// `导出：王强（wang）2025-11-24 14:20，值班室1号机`.
pub(crate) fn watermark(desk: &Desk<'_>, act: &str) -> Result<String, DoorError> {
    let user = desk.actor.user().map(|user| desk.store.user(user)).transpose()?.flatten();
    let (name, login) = user.map(|user| (user.name, user.login)).unwrap_or_default();
    let device = desk.store.identity().map(|identity| identity.device_name.clone()).unwrap_or_default();
    Ok(format!("{act}：{name}（{login}）{}，{device}", minute_text(desk.now)))
}

/// What the list was, for people; a search is told of, never what was searched for.
fn what(args: &ExportArgs) -> String {
    let mut parts = vec![view_word(args).to_owned()];
    if !args.ids.is_empty() {
        parts.push(format!("勾选 {} 条", args.ids.len()));
    } else if let Some(list) = &args.list {
        let named =
            [("部门", &list.division), ("对象", &list.object), ("级别", &list.level), ("类型", &list.kind)];
        parts.extend(named.iter().filter_map(|(label, value)| Some(format!("{label} {}", value.as_ref()?))));
        let dates = [("自", &list.from), ("至", &list.to)];
        parts.extend(dates.iter().filter_map(|(label, value)| Some(format!("{label} {}", value.as_ref()?))));
        parts.extend(list.search.as_ref().map(|_| "按搜索词".to_owned()));
    }
    parts.join("，")
}

fn view_word(args: &ExportArgs) -> &'static str {
    if args.what == "entries" {
        return "平台录入";
    }
    match args.list.as_ref().map(|list| list.view.as_str()) {
        Some("mine") => "我的工单",
        Some("unassigned") => "未派到人的工单",
        Some("due_soon") => "即将超时的工单",
        Some("broken") => "已超时的工单",
        Some("to_confirm") => "待确认的工单",
        Some("to_enter") => "待录入的工单",
        Some("unreconciled") => "待核对的工单",
        Some("open" | "division") => "未结工单",
        _ => "工单",
    }
}

/// `2025-11-24 14:20` of an instant as the door writes it.
fn plain_time(instant: &str) -> String {
    zaigang_domain::calendar::parse_instant(instant).map(minute_text).unwrap_or_default()
}

fn status_word(order: &Order) -> &'static str {
    use crate::door::dto::OrderStatusDto;
    match status_dto(order) {
        OrderStatusDto::Suspended => "挂起",
        OrderStatusDto::Restored => "待确认",
        _ => order.status.title(),
    }
}
