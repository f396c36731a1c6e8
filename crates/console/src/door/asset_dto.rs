//! What crosses the door about devices (设备): list, card, board, import.
//!
//! Dates are `2025-10-15`, instants RFC 3339 in +08:00. A device is named by `asset/<event id>`.

use super::dto::{Choice, ObjectDto, StockMistake, ViewCount};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Reply: what lists and forms of devices offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssetForm {
    /// Divisions whose devices this console holds.
    pub divisions: Vec<String>,
    /// Why there is none, and what to do; empty where there are.
    pub hint: String,
    /// Maintenance objects of these divisions.
    pub objects: Vec<ObjectDto>,
    /// Networks.
    pub networks: Vec<Choice>,
    /// Life-cycle states.
    pub lives: Vec<Choice>,
    /// Places written so far.
    pub places: Vec<String>,
    /// Makers written so far.
    pub makers: Vec<String>,
    /// Rows of the contract's own list.
    pub listed: u32,
    /// Whether the person may write cards.
    pub may_note: bool,
    /// Whether he may take the list out.
    pub may_export: bool,
    /// Whether he may see addresses.
    pub may_see_addresses: bool,
    /// Days before an end that count as soon.
    pub soon_days: u32,
    /// Today.
    pub today: String,
}

/// Request: a page of devices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AssetListArgs {
    /// `all|soon|expired|in_repair|stopped|twin`.
    #[ts(optional = nullable)]
    pub view: Option<String>,
    /// Searched for in name, maker, model, serial number, place, by pinyin initials too.
    #[ts(optional = nullable)]
    pub text: Option<String>,
    /// Division.
    #[ts(optional = nullable)]
    pub division: Option<String>,
    /// Maintenance object; `-`: none stated.
    #[ts(optional = nullable)]
    pub object: Option<String>,
    /// Network.
    #[ts(optional = nullable)]
    pub network: Option<String>,
    /// Place, as written.
    #[ts(optional = nullable)]
    pub place: Option<String>,
    /// Cover ends on this day or later.
    #[ts(optional = nullable)]
    pub end_from: Option<String>,
    /// Cover ends on this day or before.
    #[ts(optional = nullable)]
    pub end_to: Option<String>,
    /// In use first on this day or later.
    #[ts(optional = nullable)]
    pub since_from: Option<String>,
    /// In use first on this day or before.
    #[ts(optional = nullable)]
    pub since_to: Option<String>,
    /// Left out from the front.
    pub offset: u32,
    /// At most; 0: a page.
    pub limit: u32,
}

/// Reply: a page of devices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssetPage {
    /// All that fit.
    pub total: u32,
    /// This page.
    pub rows: Vec<AssetRow>,
    /// How many each view holds, on the first page.
    pub counts: Vec<ViewCount>,
}

/// A device in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssetRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Division.
    pub division: String,
    /// Maintenance object; empty: not stated.
    pub object: String,
    /// Its name.
    pub object_name: String,
    /// Network; empty: not stated.
    pub network: String,
    /// Its name.
    pub network_name: String,
    /// Maker.
    pub maker: String,
    /// 规格型号.
    pub model: String,
    /// Serial number.
    pub serial: String,
    /// Pieces it stands for.
    pub quantity: u32,
    /// Unit.
    pub unit: String,
    /// Place with room, rack and rack unit.
    pub spot: String,
    /// Life-cycle state.
    pub life: String,
    /// Its name.
    pub life_name: String,
    /// Last day of warranty or maintenance, whichever is later.
    pub cover_end: Option<String>,
    /// `expired|soon|covered|unknown`.
    pub cover: String,
    /// Days left, below 0 since it ended.
    pub cover_days: Option<i32>,
    /// Another living device has the same serial number.
    pub twin: bool,
    /// Waits for the centre.
    pub pending: bool,
}

/// Request: one device.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AssetRef {
    /// Id.
    pub id: String,
}

/// A device's card as it is edited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AssetCardDto {
    /// Name.
    pub name: String,
    /// Maintenance object; empty: not stated.
    pub object: String,
    /// Network; empty: not stated.
    pub network: String,
    /// Maker.
    pub maker: String,
    /// 规格型号.
    pub model: String,
    /// Serial number.
    pub serial: String,
    /// Pieces; 0 counts as 1.
    pub quantity: u32,
    /// Unit.
    pub unit: String,
    /// Place.
    pub place: String,
    /// Room.
    pub room: String,
    /// Rack.
    pub rack: String,
    /// Rack unit.
    pub rack_unit: String,
    /// First day of use.
    pub since: String,
    /// Last day of warranty.
    pub warranty_end: String,
    /// Last day of maintenance.
    pub maintenance_end: String,
    /// Supplier.
    pub supplier: String,
    /// The device it is part of, by id or serial number.
    pub parent: String,
    /// Row of the contract's list.
    pub listed: String,
    /// Remark.
    pub note: String,
}

/// Addresses, sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AddressesDto {
    /// Network addresses.
    pub ip: String,
    /// Hardware addresses.
    pub mac: String,
}

/// Another device, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssetLink {
    /// Id.
    pub id: String,
    /// Name with model and serial number.
    pub title: String,
    /// Its state.
    pub life_name: String,
}

/// One line of a device's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssetHistory {
    /// `card|life|order|inspection|stock`.
    pub kind: String,
    /// `卡片|状态|工单|巡检|备件`.
    pub kind_name: String,
    /// When.
    pub at: String,
    /// What.
    pub text: String,
    /// Who.
    pub by: String,
    /// The order.
    pub order: Option<String>,
    /// The model in stock.
    pub part: Option<String>,
    /// Waits for the centre.
    pub pending: bool,
    /// Not accepted, with the reason's code.
    pub refused: bool,
}

/// Reply: one device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssetDetail {
    /// As in the list.
    pub row: AssetRow,
    /// The card.
    pub card: AssetCardDto,
    /// Since when it is in its state.
    pub life_on: Option<String>,
    /// Why, who took it over, under which paper.
    pub life_text: String,
    /// Whether addresses are noted.
    pub has_addresses: bool,
    /// They, for whoever may see them.
    pub addresses: Option<AddressesDto>,
    /// Whether the person may see them.
    pub may_see_addresses: bool,
    /// Whether he may change the card.
    pub may_note: bool,
    /// States it may go to.
    pub next: Vec<Choice>,
    /// What it is part of.
    pub parent: Option<AssetLink>,
    /// What is part of it.
    pub children: Vec<AssetLink>,
    /// Living devices with the same serial number.
    pub twins: Vec<AssetLink>,
    /// The row of the contract's list, with its line; empty where none.
    pub listed_text: String,
    /// Newest first, at most 200.
    pub history: Vec<AssetHistory>,
}

/// Request: note a device. A field at fault is named `card.serial`, `addresses.ip`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AssetNote {
    /// Absent: a new one.
    #[ts(optional = nullable)]
    pub id: Option<String>,
    /// Division of a new one without object.
    #[ts(optional = nullable)]
    pub division: Option<String>,
    /// The card, whole.
    pub card: AssetCardDto,
    /// The card as the author saw it.
    #[ts(optional = nullable)]
    pub seen: Option<AssetCardDto>,
    /// New addresses; absent: as they are.
    #[ts(optional = nullable)]
    pub addresses: Option<AddressesDto>,
    /// The state of a new one, if not 在用.
    #[ts(optional = nullable)]
    pub life: Option<String>,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Request: another state of a device's life.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AssetChange {
    /// Id.
    pub id: String,
    /// State.
    pub life: String,
    /// From which day on; today when absent.
    #[ts(optional = nullable)]
    pub on: Option<String>,
    /// Why.
    pub reason: String,
    /// The order it is done under, by number or id.
    #[ts(optional = nullable)]
    pub order: Option<String>,
    /// Who takes it over.
    pub receiver: String,
    /// 出门条号.
    pub pass_no: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Request: the board of warranty and age.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AssetBoardArgs {
    /// Division.
    #[ts(optional = nullable)]
    pub division: Option<String>,
    /// `light|dark`.
    pub theme: String,
    /// Width of the chart in CSS pixels; 0: none.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

/// A number of the board, with what its list is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssetCount {
    /// `2025年11月`, `2025年四季度`, `3～5 年`.
    pub label: String,
    /// First day; absent: no bound.
    pub from: Option<String>,
    /// Last day, included; absent: no bound.
    pub to: Option<String>,
    /// Cards.
    pub count: u32,
}

/// How an object's devices are covered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssetObjectCount {
    /// Object; empty: none stated.
    pub object: String,
    /// Its name.
    pub name: String,
    /// All.
    pub total: u32,
    /// Ended.
    pub expired: u32,
    /// Ending soon.
    pub soon: u32,
    /// No end stated.
    pub unknown: u32,
}

/// Reply: the board. It counts cards of devices neither removed nor scrapped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssetBoard {
    /// Today.
    pub today: String,
    /// How it counts.
    pub basis: String,
    /// All objects together.
    pub all: AssetObjectCount,
    /// Ends by month.
    pub months: Vec<AssetCount>,
    /// Ends by quarter.
    pub quarters: Vec<AssetCount>,
    /// By age.
    pub ages: Vec<AssetCount>,
    /// First day of use not stated.
    pub ageless: u32,
    /// Per object.
    pub objects: Vec<AssetObjectCount>,
    /// SVG of the months; empty where none was asked for.
    pub svg: String,
}

/// Request: look at a table of devices. One of file, text and list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AssetImportArgs {
    /// Division of rows whose object names none.
    #[ts(optional = nullable)]
    pub division: Option<String>,
    /// XLSX, base64.
    #[ts(optional = nullable)]
    pub file: Option<String>,
    /// Pasted, or CSV.
    #[ts(optional = nullable)]
    pub text: Option<String>,
    /// The contract's own list.
    pub listed: bool,
}

/// A row that would change something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssetDifference {
    /// Row of the table, from 1.
    pub row: u32,
    /// The device.
    pub title: String,
    /// What would change.
    pub text: String,
}

/// Reply: what a table would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssetImportPreview {
    /// Rows read.
    pub rows: u32,
    /// New devices.
    pub added: u32,
    /// Changed ones.
    pub changed: u32,
    /// As they are.
    pub same: u32,
    /// At most 500.
    pub differences: Vec<AssetDifference>,
    /// Mistakes; with any, nothing is imported.
    pub mistakes: Vec<StockMistake>,
    /// Stands for table and differences.
    pub digest: String,
}

/// Request: take a table that was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AssetImportAccept {
    /// The table.
    pub source: AssetImportArgs,
    /// Of the preview.
    pub digest: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Request: take devices out, in the columns the import reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AssetExport {
    /// `list`, `template` (headings alone), `damages` (设备损坏登记表), `removals` (拆除设备登记表).
    pub what: String,
    /// The list's conditions.
    pub list: AssetListArgs,
    /// `xlsx|csv`.
    pub format: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}
