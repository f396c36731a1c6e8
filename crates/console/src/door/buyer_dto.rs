//! What crosses the door between this program and the buyer: files, sheets, and his own platform.

use super::dto::OrderListArgs;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Request: take a list out as a file. The ticked orders, or all of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ExportArgs {
    /// `orders` (a list as shown) or `entries` (records in the platform's field order).
    pub what: String,
    /// Ids of the ticked orders; none: all of `list`.
    pub ids: Vec<String>,
    /// The list; its offset and limit are not heeded.
    pub list: Option<OrderListArgs>,
    /// `xlsx`, `csv`, or (entries only) `text`: tab-separated lines for the clipboard.
    pub format: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Reply: a file that was kept as an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportedFile {
    /// Name to save it under.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Its bytes, base64.
    pub base64: String,
    /// Rows in it.
    pub rows: u32,
    /// Sentence for the toast.
    pub message: String,
}

/// Request: sheets of 《运维服务记录单》. The ticked orders, or all of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SheetArgs {
    /// Ids of the ticked orders; none: all of `list`.
    pub ids: Vec<String>,
    /// The list; its offset and limit are not heeded.
    pub list: Option<OrderListArgs>,
}

/// Request: hand sheets to the printer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SheetPrint {
    /// Which ones.
    #[serde(flatten)]
    pub sheets: SheetArgs,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Reply: sheets, one A4 page each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SheetPage {
    /// The sheets, in the order of the list.
    pub sheets: Vec<SheetDto>,
    /// Who printed them, when, on which device; empty before they are printed.
    pub watermark: String,
}

/// One 《运维服务记录单》. Times are `2025-11-24 14:20`; what is unknown is empty, to be written by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SheetDto {
    /// Order id.
    pub id: String,
    /// 编号.
    pub number: String,
    /// Name of the contract.
    pub contract: String,
    /// 服务部门.
    pub division: String,
    /// 服务单位: the reporter's unit.
    pub reporter_unit: String,
    /// 报修人; empty where this person or device may not see it.
    pub reporter: String,
    /// 电话.
    pub phone: String,
    /// 地点.
    pub room: String,
    /// 维护对象.
    pub object: String,
    /// 级别.
    pub level: String,
    /// 接报时间.
    pub reported_at: String,
    /// 响应时间.
    pub responded_at: String,
    /// 到场时间.
    pub arrived_at: String,
    /// 恢复时间.
    pub restored_at: String,
    /// 故障现象.
    pub symptom: String,
    /// 处理过程, a line for each step.
    pub handling: String,
    /// 更换部件, as many as fit.
    pub parts: Vec<SheetPart>,
    /// Parts beyond those.
    pub parts_left: u32,
    /// 结果.
    pub result: String,
    /// 满意度: `satisfied|fairly|dissatisfied`, empty while not told.
    pub satisfaction: String,
    /// 工程师.
    pub engineer: String,
    /// Who confirmed, where it is recorded.
    pub confirmed_by: String,
    /// When.
    pub confirmed_at: String,
    /// Number in the buyer's platform.
    pub external_no: String,
}

/// A part on a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SheetPart {
    /// What was exchanged for what.
    pub text: String,
    /// Serial number taken out.
    pub old_serial: String,
    /// Serial number put in.
    pub new_serial: String,
}

/// Reply: one record as the buyer's platform takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlatformLine {
    /// Name of the platform.
    pub platform: String,
    /// Headings of the fields, in its order.
    pub fields: Vec<String>,
    /// The fields, separated by tabs.
    pub line: String,
}

/// Request: mark records as entered in the buyer's platform.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct EnterArgs {
    /// Which, each with its number there.
    pub rows: Vec<EnterRow>,
    /// When they were entered, if not now.
    pub claimed_at: Option<String>,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// A record that was entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EnterRow {
    /// Order id.
    pub order_id: String,
    /// Number in the platform.
    pub number: String,
}

/// Dispatches of the buyer's platform: pasted text or a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ImportSource {
    /// Tab-separated text, as copied from a table.
    pub text: Option<String>,
    /// An XLSX file, base64; outranks the text.
    pub file: Option<String>,
    /// Division of the rows that name none.
    pub division: Option<String>,
}

/// Reply: what an import would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportPreview {
    /// Rows in the order of the table.
    pub rows: Vec<ImportRow>,
    /// Mistakes of the table as a whole.
    pub mistakes: Vec<String>,
    /// Headings that no field answers to.
    pub ignored: Vec<String>,
    /// Rows that would be registered.
    pub fresh: u32,
    /// Rows whose order says otherwise.
    pub differing: u32,
    /// Rows whose order says the same.
    pub same: u32,
    /// Rows with mistakes.
    pub bad: u32,
}

/// What would become of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportRow {
    /// Row as a person counts it, from 1.
    pub row: u32,
    /// `new|differs|same|bad`.
    pub action: String,
    /// The platform's number.
    pub external_no: String,
    /// Title.
    pub title: String,
    /// Division it would go to.
    pub division: String,
    /// The order that has this number.
    pub order_id: Option<String>,
    /// Its own number.
    pub order_number: Option<String>,
    /// What the dispatch says otherwise.
    pub differences: Vec<ImportDifference>,
    /// What is wrong with it.
    pub mistakes: Vec<ImportMistake>,
}

/// A field that a dispatch and an order tell differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportDifference {
    /// Name of the field.
    pub field: String,
    /// What stands here.
    pub ours: String,
    /// What the platform says.
    pub theirs: String,
}

/// A mistake in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportMistake {
    /// Name of the column; empty where it is the row's.
    pub column: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// Request: register rows of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ImportAccept {
    /// The same source as in the preview.
    #[serde(flatten)]
    pub source: ImportSource,
    /// Rows to be registered, as a person counts them.
    pub accept: Vec<u32>,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}
