//! Devices as tables: the columns that export and import share, and the registers of 002:5954-5956.

use super::ROWS_MAX;
use super::find::Division;
use crate::buyer::{Made as Kept, watermark};
use crate::door::dto::{AssetExport, AssetListArgs, DoorError, ExportedFile, Written};
use crate::order::{Desk, Pen, key};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zaigang_domain::asset::{Asset, LifeState, Network};
use zaigang_domain::calendar::ZONE;
use zaigang_domain::event::EntityId;
use zaigang_domain::people::{Export, may_export};
use zaigang_report::{Column, Table};

/// Headings the import reads, with the field each stands for: 设备编号 tells a known device from a new one.
pub(super) const COLUMNS: &[(&str, &str, u16)] = &[
    ("设备编号", "id", 42),
    ("部门", "division", 10),
    ("名称", "name", 24),
    ("运维对象", "object", 10),
    ("网络", "network", 10),
    ("品牌", "maker", 14),
    ("规格型号", "model", 24),
    ("序列号", "serial", 20),
    ("数量", "quantity", 8),
    ("单位", "unit", 8),
    ("位置", "place", 18),
    ("机房", "room", 14),
    ("机柜", "rack", 10),
    ("U位", "rack_unit", 8),
    ("启用日期", "since", 12),
    ("质保到期", "warranty_end", 12),
    ("维保到期", "maintenance_end", 12),
    ("供应商", "supplier", 20),
    ("上级设备", "parent", 42),
    ("清单行号", "listed", 12),
    ("状态", "life", 10),
    ("备注", "note", 30),
];

/// The Chinese name of a field.
pub(super) fn label(field: &str) -> &'static str {
    match field {
        "addresses" => "地址",
        "ip" => "IP 地址",
        "mac" => "MAC 地址",
        "reason" => "原因",
        "receiver" => "接收人",
        "pass_no" => "出门条号",
        "order" => "工单",
        _ => COLUMNS.iter().find(|(_, of, _)| *of == field).map_or("设备", |(name, _, _)| name),
    }
}

/// The cell of a column.
fn cell(home: &Division, id: &EntityId, asset: &Asset, field: &str) -> String {
    use zaigang_domain::stock::Sheet as _;
    match field {
        "id" => id.to_string(),
        "division" => home.name.clone(),
        "network" => asset.card.network.map(Network::title).unwrap_or_default().to_owned(),
        "life" => asset.life.title().to_owned(),
        _ => asset.card.field(field).unwrap_or_default(),
    }
}

/// A table to be taken out.
struct Sheet {
    title: &'static str,
    columns: Vec<(&'static str, u16)>,
    rows: Vec<Vec<String>>,
}

impl Desk<'_> {
    /// All devices that a list shows.
    fn listed_assets(&self, args: &AssetListArgs) -> Result<Vec<String>, DoorError> {
        let mut ids = Vec::new();
        loop {
            let offset = u32::try_from(ids.len()).unwrap_or(u32::MAX);
            let page = self.assets(&AssetListArgs { offset, limit: super::PAGE.1, ..args.clone() })?;
            if page.total as usize > ROWS_MAX {
                let message = format!("共 {} 台，一次最多 {ROWS_MAX} 行，请先筛选。", page.total);
                return Err(DoorError::bad_input(message).at("list"));
            }
            let done = page.rows.is_empty();
            ids.extend(page.rows.into_iter().map(|row| row.id));
            if done || ids.len() >= page.total as usize {
                return Ok(ids);
            }
        }
    }

    fn asset_sheet(&self, args: &AssetExport) -> Result<Sheet, DoorError> {
        let columns: Vec<(&'static str, u16)> =
            COLUMNS.iter().map(|(name, _, width)| (*name, *width)).collect();
        match args.what.trim() {
            "template" => Ok(Sheet { title: "设备导入模板", columns, rows: Vec::new() }),
            "list" => {
                let rows = self.asset_rows(&args.list, |home, id, asset| {
                    Some(COLUMNS.iter().map(|(_, field, _)| cell(home, id, asset, field)).collect())
                })?;
                Ok(Sheet { title: "设备清单", columns, rows })
            }
            "damages" => {
                let damaged = [LifeState::InRepair, LifeState::Stopped, LifeState::Scrapped];
                self.asset_register(args, "设备损坏登记表", DAMAGES, &damaged)
            }
            "removals" => {
                let removed = [LifeState::Removed, LifeState::Scrapped];
                self.asset_register(args, "拆除设备登记表", REMOVALS, &removed)
            }
            _ => Err(DoorError::bad_input("没有这种表格，请重新选择。").at("what")),
        }
    }

    fn asset_rows(
        &self,
        args: &AssetListArgs,
        row: impl Fn(&Division, &EntityId, &Asset) -> Option<Vec<String>>,
    ) -> Result<Vec<Vec<String>>, DoorError> {
        let site = self.asset_site()?;
        let mut rows = Vec::new();
        for id in self.listed_assets(args)? {
            let (home, id, asset) = self.asset_of(&site, &id)?;
            rows.extend(row(home, &id, &asset));
        }
        Ok(rows)
    }

    /// Devices in some states, by the day on which they came into it.
    fn asset_register(
        &self,
        args: &AssetExport,
        title: &'static str,
        columns: &[(&'static str, &'static str, u16)],
        lives: &[LifeState],
    ) -> Result<Sheet, DoorError> {
        let mut rows = Vec::new();
        for view in ["in_repair", "stopped"] {
            let list = AssetListArgs { view: Some(view.to_owned()), ..args.list.clone() };
            rows.extend(self.asset_rows(&list, |home, id, asset| {
                let changed = asset.changed.as_ref().filter(|_| lives.contains(&asset.life))?;
                let order = changed.order.as_ref().and_then(|id| self.order(id.as_str()).ok());
                let cells = columns.iter().map(|(_, field, _)| match *field {
                    "on" => changed.on.to_string(),
                    "reason" => changed.reason.clone(),
                    "receiver" => changed.receiver.clone(),
                    "pass_no" => changed.pass_no.clone(),
                    "order" => order.as_ref().map(|(_, order)| order.number.clone()).unwrap_or_default(),
                    field => cell(home, id, asset, field),
                });
                Some(cells.collect())
            })?);
        }
        rows.sort();
        Ok(Sheet { title, columns: columns.iter().map(|(name, _, width)| (*name, *width)).collect(), rows })
    }
}

impl Pen<'_> {
    /// Takes devices out as a file; addresses are never in it.
    ///
    /// # Errors
    /// Not allowed; bad input for an unknown table or format; not now where the same key took it out already.
    pub fn export_assets(&mut self, args: &AssetExport) -> Result<(ExportedFile, Written), DoorError> {
        let key = key(self, "export", &args.idempotency_key)?;
        may_export(self.actor, Export::Assets, args.list.division.as_deref())
            .map_err(DoorError::not_allowed)?;
        let desk = self.desk();
        let sheet = desk.asset_sheet(args)?;
        let watermark = watermark(&desk, "导出")?;
        let column = |(name, width): (&str, u16)| Column { name: name.to_owned(), width };
        let table = Table {
            title: sheet.title.to_owned(),
            columns: sheet.columns.into_iter().map(column).collect(),
            rows: sheet.rows,
            watermark: watermark.clone(),
        };
        let (format, media_type, bytes) = match args.format.trim() {
            "xlsx" => ("xlsx", XLSX, zaigang_report::xlsx(&table).map_err(DoorError::broken)?),
            "csv" => ("csv", CSV, zaigang_report::csv(&table)),
            _ => return Err(DoorError::bad_input("文件格式只能是 XLSX 或 CSV。").at("format")),
        };
        let rows = table.rows.len();
        let kept = Kept { export: Export::Assets, what: sheet.title.to_owned(), rows, format, watermark };
        let written = self.exported(kept, &bytes, &key)?;
        let at = ZONE.to_datetime(self.host.now()).strftime("%Y%m%d-%H%M").to_string();
        let file = ExportedFile {
            name: format!("{}-{at}.{format}", sheet.title),
            media_type: media_type.to_owned(),
            base64: STANDARD.encode(&bytes),
            rows: u32::try_from(rows).unwrap_or(u32::MAX),
            message: written.message.clone(),
        };
        Ok((file, written))
    }
}

const DAMAGES: &[(&str, &str, u16)] = &[
    ("日期", "on", 12),
    ("名称", "name", 24),
    ("规格型号", "model", 24),
    ("序列号", "serial", 20),
    ("运维对象", "object", 10),
    ("位置", "place", 18),
    ("损坏情况", "reason", 36),
    ("状态", "life", 10),
    ("工单号", "order", 28),
    ("设备编号", "id", 42),
];
const REMOVALS: &[(&str, &str, u16)] = &[
    ("日期", "on", 12),
    ("名称", "name", 24),
    ("规格型号", "model", 24),
    ("序列号", "serial", 20),
    ("数量", "quantity", 8),
    ("单位", "unit", 8),
    ("原位置", "place", 18),
    ("拆除原因", "reason", 36),
    ("状态", "life", 10),
    ("接收人", "receiver", 14),
    ("出门条号", "pass_no", 14),
    ("工单号", "order", 28),
    ("设备编号", "id", 42),
];
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const CSV: &str = "text/csv;charset=utf-8";
