//! What crosses the door about stock (备件): stores, models, places, movements, slips, stocktakes.
//!
//! Instants are RFC 3339 in +08:00, dates `2025-10-15`, quantities whole numbers in the model's unit. A store
//! is named by its log, `c/<contract>/s/<store>`; where an argument leaves it out, the first store of this
//! console is meant.

use super::dto::{Choice, Colleague};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Reply: the stores of this console, and the words of their forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StockStores {
    /// In the order of the settings; none: this console holds no store's log.
    pub stores: Vec<StoreDto>,
    /// Why there is none, and what to do; empty where there are.
    pub hint: String,
    /// Kinds of movements with their Chinese names.
    pub kinds: Vec<Choice>,
    /// `buyer|supplier`.
    pub owners: Vec<Choice>,
    /// `serial|batch|plain`.
    pub trackings: Vec<Choice>,
    /// Kinds of places.
    pub place_kinds: Vec<Choice>,
    /// `free|at_cost|capped`.
    pub charges: Vec<Choice>,
    /// 坏件去向: `kept|erased|returned|scrapped`.
    pub fates: Vec<Choice>,
    /// User id of whoever asks.
    pub me: String,
}

/// A store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StoreDto {
    /// Its log, `c/<contract>/s/<store>`.
    pub id: String,
    /// The centre's store.
    pub central: bool,
    /// Contract id.
    pub contract: String,
    /// `信息中心备件库`.
    pub name: String,
    /// Where it is.
    pub place: String,
    /// Divisions it serves; empty: all.
    pub divisions: Vec<String>,
    /// Remark of the settings.
    pub note: String,
    /// Where the settings take it from; `本项目约定` where no clause states it.
    pub basis: String,
    /// Why removed storage media stay with the buyer, with the clause; empty where they do not.
    pub media_rule: String,
    /// What this user may do here.
    pub may: StoreMay,
    /// Models not closed.
    pub parts: u32,
    /// Models whose available quantity is under their minimum.
    pub below_minimum: u32,
    /// 账实不符 not settled.
    pub discrepancies: u32,
    /// Loans past their day.
    pub loans_overdue: u32,
    /// Slips that wait for approval, issue, or approval afterwards.
    pub slips_waiting: u32,
    /// Transfers that somebody has to do something about.
    pub transfers_open: u32,
    /// Stocktakes not adjusted yet.
    pub takes_open: u32,
    /// Categories in use, in the order of their names.
    pub categories: Vec<String>,
    /// Colleagues under the contract, for forms.
    pub people: Vec<Colleague>,
    /// The log is stopped or not synced yet: a sentence; else empty.
    pub stale: String,
}

/// What a user may do in a store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StoreMay {
    /// Note models and places, book movements, import.
    pub keep: bool,
    /// Ask for parts, and use them on orders.
    pub ask: bool,
    /// Approve what others ask for, and issue it.
    pub approve: bool,
    /// Count.
    pub count: bool,
    /// Approve the adjustments of a stocktake.
    pub adjust: bool,
    /// Print and export.
    pub export: bool,
}

/// Request: models of a store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StockPartsArgs {
    /// The store.
    pub store: Option<String>,
    /// `all|below_minimum|in_repair|on_loan|discrepant|closed`; `all` when absent: those not closed.
    pub view: Option<String>,
    /// Name, model, maker, serial number, or pinyin initials.
    pub text: Option<String>,
    /// One category.
    pub category: Option<String>,
    /// A place, with those inside it.
    pub place: Option<String>,
    /// Rows to skip.
    pub offset: u32,
    /// Rows wanted, at most 200; 0: 50.
    pub limit: u32,
}

/// Reply: a page of models, by category, name and model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StockPage {
    /// Of all that fit.
    pub total: u32,
    /// This page.
    pub rows: Vec<PartRow>,
    /// Per view how many there are, in the order of the views.
    pub counts: Vec<ViewCount>,
}

/// How many rows a view has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ViewCount {
    /// The view.
    pub view: String,
    /// Its Chinese name.
    pub name: String,
    /// Rows.
    pub count: u32,
}

/// A model in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PartRow {
    /// Entity id, `part/…`.
    pub id: String,
    /// `硬盘`.
    pub name: String,
    /// Category.
    pub category: String,
    /// Maker.
    pub maker: String,
    /// Model, 规格型号.
    pub model: String,
    /// Unit.
    pub unit: String,
    /// `serial|batch|plain`.
    pub tracking: String,
    /// Least that shall be available; 0: none stated.
    pub minimum: u32,
    /// In the store, vehicles and cabinets.
    pub on_hand: i32,
    /// Approved and not issued yet.
    pub reserved: u32,
    /// `on_hand - reserved`.
    pub available: i32,
    /// At a vendor.
    pub in_repair: i32,
    /// Lent out.
    pub on_loan: i32,
    /// On the way here from another store.
    pub arriving: i32,
    /// Has a 账实不符 not settled.
    pub discrepancy: bool,
    /// `none|below|out|covered`: under the minimum, nothing left, under it but for what is in repair.
    pub alert: String,
    /// The alert in words; empty for none.
    pub alert_text: String,
    /// `主库 3，应急柜 1`.
    pub places: String,
    /// Removed storage media of it stay with the buyer.
    pub storage_medium: bool,
    /// Not in use any more.
    pub closed: bool,
    /// Something of it waits for the centre.
    pub pending: bool,
}

/// Request: one model.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PartArgs {
    /// Its entity id.
    pub id: String,
    /// Lines of the ledger to skip, newest first.
    pub offset: u32,
    /// Lines wanted, at most 200; 0: 50.
    pub limit: u32,
    /// `light` or `dark`, for the chart.
    pub theme: String,
    /// Width of the chart in CSS pixels; 0: no chart is drawn.
    pub width: u32,
    /// Height of the chart in CSS pixels.
    pub height: u32,
}

/// On hand of a model over time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StockChart {
    /// SVG text drawn in Rust; empty where none was asked for or nothing moved.
    pub svg: String,
    /// The same as rows, for the table under it and for readers of screens.
    pub rows: Vec<StockChartRow>,
}

/// What was on hand at the end of a day on which something moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StockChartRow {
    /// The day.
    pub date: String,
    /// On hand.
    pub on_hand: i32,
}

/// Reply: a model with what there is of it, and its ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PartDetail {
    /// The store.
    pub store: String,
    /// Its row.
    pub row: PartRow,
    /// Its card.
    pub card: PartCard,
    /// What there is, by place and owner; zero is left out.
    pub balances: Vec<BalanceDto>,
    /// Serial numbers at a place.
    pub serials: Vec<SerialDto>,
    /// Lines of the ledger.
    pub ledger: Vec<MovementRow>,
    /// Lines in all.
    pub ledger_total: u32,
    /// 账实不符 of this model.
    pub discrepancies: Vec<DiscrepancyDto>,
    /// On the way to and from other stores.
    pub transit: Vec<PartTransit>,
    /// On hand over time against the minimum.
    pub chart: StockChart,
    /// What is used in a month, and how long it lasts, with how it was reckoned.
    pub forecast: String,
}

/// A model's card, as it is shown and as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PartCard {
    /// `硬盘`.
    pub name: String,
    /// Category.
    pub category: String,
    /// Maker.
    pub maker: String,
    /// Model, 规格型号.
    pub model: String,
    /// Unit: `块`.
    pub unit: String,
    /// `serial|batch|plain`; fixed once something moved.
    pub tracking: String,
    /// Least that shall be available; 0: none stated.
    pub minimum: u32,
    /// Devices it fits.
    pub compatible: Vec<String>,
    /// `free|at_cost|capped`; empty: not stated.
    pub charge: String,
    /// For `capped`: up to how much, and where that stands.
    pub charge_limit: String,
    /// A storage medium: once removed it stays with the buyer unless released in writing.
    pub storage_medium: bool,
    /// Remark.
    pub note: String,
    /// Not in use any more.
    pub closed: bool,
}

/// Request: note a model, new or changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PartNote {
    /// The store.
    pub store: Option<String>,
    /// Entity id; absent: a new model.
    pub id: Option<String>,
    /// The whole card.
    pub card: PartCard,
    /// The card as the form was opened with: what was changed meanwhile by somebody else and here is told.
    pub seen: Option<PartCard>,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// What there is at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BalanceDto {
    /// Model's entity id.
    pub part: String,
    /// Its name and model.
    pub part_name: String,
    /// Unit.
    pub unit: String,
    /// Place's entity id.
    pub place: String,
    /// Its path: `主库 / 2 号柜`.
    pub place_name: String,
    /// Kind of the place.
    pub place_kind: String,
    /// `buyer|supplier`.
    pub owner: String,
    /// Below zero: 账实不符.
    pub quantity: i32,
}

/// Where a serial number is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SerialDto {
    /// It.
    pub serial: String,
    /// Model's entity id.
    pub part: String,
    /// Its name and model.
    pub part_name: String,
    /// Batch, where one was stated.
    pub batch: String,
    /// Place's entity id.
    pub place: String,
    /// Its path.
    pub place_name: String,
    /// `buyer|supplier`.
    pub owner: String,
    /// Who has it, by name; empty: nobody in particular.
    pub custodian: String,
    /// Since when it is there.
    pub since: String,
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MovementRow {
    /// Entity id, `movement/…`.
    pub id: String,
    /// When it counts from.
    pub at: String,
    /// Kind.
    pub kind: String,
    /// `领用出库`.
    pub kind_name: String,
    /// Model's entity id.
    pub part: String,
    /// Its name and model.
    pub part_name: String,
    /// Unit.
    pub unit: String,
    /// Serial number; empty: none.
    pub serial: String,
    /// Batch; empty: none.
    pub batch: String,
    /// How many; signed for a correction, absolute for a count.
    pub quantity: i32,
    /// What it did to what is on hand of the model in the store.
    pub change: i32,
    /// On hand of the model after it; absent where the list holds several models.
    pub balance: Option<i32>,
    /// Path of the place it left; empty: from outside.
    pub from: String,
    /// Path of the place it went to; empty: out of the store.
    pub to: String,
    /// `buyer|supplier`.
    pub owner: String,
    /// Who has it now, by name; empty: nobody in particular.
    pub custodian: String,
    /// Number of the order; empty: none.
    pub order: String,
    /// Entity id of the order where this console holds it.
    pub order_id: Option<String>,
    /// Why.
    pub reason: String,
    /// Number of the paper.
    pub document: String,
    /// Number of the slip; empty: none.
    pub slip: String,
    /// Entity id of the slip.
    pub slip_id: Option<String>,
    /// Day by which something lent comes back.
    pub due: Option<String>,
    /// 坏件去向, for a removed part.
    pub fate: Option<FateDto>,
    /// Who booked it.
    pub by: String,
    /// Waits for the centre.
    pub pending: bool,
    /// Taken by the centre but moves nothing until somebody settles it: why; else empty.
    pub unreconciled: String,
    /// The order does not tell of it here, or the order's half is not here: a sentence; else empty.
    pub half: String,
    /// Corrected by a later movement.
    pub corrected: bool,
}

/// 坏件去向.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct FateDto {
    /// `kept|erased|returned|scrapped`.
    pub fate: String,
    /// `留存甲方`.
    pub name: String,
    /// Who took it over.
    pub receiver: String,
    /// Who was there.
    pub witness: String,
    /// 出门条号.
    pub pass_no: String,
    /// For a storage medium that leaves: the buyer's written release, by name of paper and number.
    pub released_by: String,
}

/// Request: places of a store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StoreRef {
    /// The store.
    pub store: Option<String>,
}

/// A place, in the order of the tree: each after the one it lies in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StockPlaceDto {
    /// Entity id, `place/…`.
    pub id: String,
    /// Name.
    pub name: String,
    /// Path from the top: `主库 / 2 号柜`.
    pub path: String,
    /// The place it lies in.
    pub parent: Option<String>,
    /// How deep, 0 at the top.
    pub depth: u32,
    /// `store|vehicle|cabinet|loan|vendor|transit|removed|other`.
    pub kind: String,
    /// Its Chinese name.
    pub kind_name: String,
    /// Remark.
    pub note: String,
    /// Models with something in it, without places inside.
    pub models: u32,
    /// Pieces in it, without places inside.
    pub pieces: i32,
    /// Not in use any more.
    pub closed: bool,
    /// Waits for the centre.
    pub pending: bool,
}

/// Request: note a place, new or changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PlaceNote {
    /// The store.
    pub store: Option<String>,
    /// Entity id; absent: a new place.
    pub id: Option<String>,
    /// Name.
    pub name: String,
    /// The place it lies in; absent: at the top.
    pub parent: Option<String>,
    /// Kind.
    pub kind: String,
    /// Remark.
    pub note: String,
    /// Not in use any more.
    pub closed: bool,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// A line of a booking.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct MoveLine {
    /// Model's entity id.
    pub part: String,
    /// Serial numbers, one piece each; empty for models without.
    pub serials: Vec<String>,
    /// Batch.
    pub batch: String,
    /// How many; not heeded where serial numbers are given; signed for a correction.
    pub quantity: i32,
}

/// Request: book movements: `received|returned|transferred|borrowed|given_back|sent_to_repair|
/// back_from_repair|corrected`. Issuing goes by a slip or by an order, scrapping by two signatures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StockMove {
    /// The store.
    pub store: Option<String>,
    /// Kind.
    pub kind: String,
    /// What is moved, 1 to 200 lines: all are booked or none. A movement that answers, corrects or settles
    /// another has one.
    pub lines: Vec<MoveLine>,
    /// Place it leaves; absent: from outside.
    pub from: Option<String>,
    /// Place it goes to; absent: out of the store.
    pub to: Option<String>,
    /// `buyer|supplier`.
    pub owner: String,
    /// User id of whoever has it from now on.
    pub custodian: Option<String>,
    /// Why.
    pub reason: String,
    /// Number of the paper.
    pub document: String,
    /// Day by which something lent, or in repair, comes back.
    pub due: Option<String>,
    /// The movement this one answers: the loan given back, the repair it comes back from.
    pub answers: Option<String>,
    /// The movement this one corrects.
    pub corrects: Option<String>,
    /// The 账实不符 this one settles: its `id`.
    pub settles: Option<String>,
    /// When it happened, where that was earlier.
    pub at: Option<String>,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: the ledger of a store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LedgerArgs {
    /// The store.
    pub store: Option<String>,
    /// One kind.
    pub kind: Option<String>,
    /// First day.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// Serial number, number of order or paper.
    pub text: Option<String>,
    /// Only what the centre took and moves nothing.
    pub unreconciled: bool,
    /// Movements of one order: its entity id.
    pub order: Option<String>,
    /// Movements of one model: its entity id.
    pub part: Option<String>,
    /// Movements for one maintenance object: its number, `-` for none, `?` for orders that are not here.
    pub object: Option<String>,
    /// Only what counts as used: handed out, or come back unused.
    pub used: bool,
    /// Lines to skip, newest first.
    pub offset: u32,
    /// Lines wanted, at most 200; 0: 50.
    pub limit: u32,
}

/// Request: what was used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct UsageArgs {
    /// The store.
    pub store: Option<String>,
    /// Days looked back, today included, at most 3,660; 0: 90.
    pub days: u32,
    /// `light` or `dark`, for the charts.
    pub theme: String,
    /// Width of a chart in CSS pixels; 0: none is drawn.
    pub width: u32,
}

/// Reply: what was used, by model and by maintenance object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UsageBoard {
    /// First day.
    pub from: String,
    /// How many models were used.
    pub models_total: u32,
    /// Models, the most used first, at most 50.
    pub models: Vec<UsageRow>,
    /// Maintenance objects, at most 50.
    pub objects: Vec<UsageRow>,
    /// Chart of the first models as SVG text; empty: nothing was used.
    pub model_svg: String,
    /// Chart of the first objects as SVG text.
    pub object_svg: String,
    /// How it was reckoned.
    pub how: String,
}

/// How much of one thing was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UsageRow {
    /// Model's entity id; of an object its number, `-` for none, `?` for orders that are not here.
    pub id: String,
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// How much; below zero: more came back than was handed out.
    pub quantity: i32,
}

/// Request: how old what is there is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AgeingArgs {
    /// The store.
    pub store: Option<String>,
    /// Only models of which something is of this age: `id` of a row; absent: all.
    pub age: Option<String>,
    /// `light` or `dark`, for the chart.
    pub theme: String,
    /// Width of the chart in CSS pixels; 0: none is drawn.
    pub width: u32,
}

/// Reply: stock by age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AgeingBoard {
    /// Ages, the youngest first.
    pub rows: Vec<AgeRow>,
    /// Chart as SVG text; empty: nothing is there.
    pub svg: String,
    /// Models that fit.
    pub total: u32,
    /// They, the oldest first, at most 500.
    pub parts: Vec<AgedPart>,
    /// How it was reckoned.
    pub how: String,
}

/// What is of one age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AgeRow {
    /// `d90|d180|d365|y2|old`.
    pub id: String,
    /// `90 天以内`.
    pub name: String,
    /// Pieces.
    pub quantity: u32,
    /// Models of which something is of this age.
    pub models: u32,
}

/// A model by the age of its pieces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AgedPart {
    /// Entity id.
    pub part: String,
    /// Its name and model.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// What can be handed out.
    pub on_hand: i32,
    /// Day on which the oldest came in.
    pub oldest: String,
    /// Pieces by age, in the order of the ages.
    pub ages: Vec<u32>,
}

/// Reply: lines of the ledger, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LedgerPage {
    /// Of all that fit.
    pub total: u32,
    /// This page.
    pub rows: Vec<MovementRow>,
}

/// Request: what there was at an instant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct BalanceAtArgs {
    /// The store.
    pub store: Option<String>,
    /// The instant, included.
    pub at: String,
    /// Words, pinyin initials or a serial number that pick models.
    pub text: Option<String>,
    /// Models to skip.
    pub offset: u32,
    /// Models wanted, at most 200; 0: 50.
    pub limit: u32,
}

/// Reply: what there was at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BalanceAt {
    /// The instant.
    pub at: String,
    /// Models that had moved by then: what a page counts.
    pub total: u32,
    /// By model, place and owner; zero is left out.
    pub balances: Vec<BalanceDto>,
    /// Movements up to then.
    pub movements: u32,
}

/// 账实不符.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DiscrepancyDto {
    /// Its name, for `settles`.
    pub id: String,
    /// `below_zero|misplaced`: the balance fell below zero, or a serial number left a place where it was not.
    pub kind: String,
    /// In words: what the ledger says, since when, and what to do.
    pub text: String,
    /// Model's entity id.
    pub part: String,
    /// Its name and model.
    pub part_name: String,
    /// Unit.
    pub unit: String,
    /// Place's entity id.
    pub place: String,
    /// Its path.
    pub place_name: String,
    /// `buyer|supplier`.
    pub owner: String,
    /// Serial number, for `misplaced`.
    pub serial: String,
    /// Lowest balance, or 1 for a serial number.
    pub quantity: i32,
    /// The balance now.
    pub now: i32,
    /// Since when.
    pub since: String,
    /// The movements that touched it meanwhile.
    pub movements: Vec<MovementRow>,
    /// The balance is no more below zero: a correction may note how it was cleared up.
    pub may_settle: bool,
}

/// Something lent, or at a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OutstandingDto {
    /// The movement that sent it off.
    pub movement: MovementRow,
    /// Model's entity id.
    pub part: String,
    /// How many are still out.
    pub quantity: i32,
    /// Where it is: place's entity id.
    pub place: String,
    /// User id of whoever has it.
    pub custodian: Option<String>,
    /// Day by which it comes back.
    pub due: Option<String>,
    /// That day is past.
    pub overdue: bool,
    /// `10-12 到期，已逾期 3 天`.
    pub text: String,
}

/// A model to be bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReorderRow {
    /// Its row.
    pub part: PartRow,
    /// Used in the last 90 days.
    pub used_90: u32,
    /// How many to buy: up to the minimum and a month's use, less what is in repair or on the way here.
    pub suggested: u32,
    /// How that was reckoned.
    pub why: String,
}

/// Request: slips.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SlipsArgs {
    /// The store.
    pub store: Option<String>,
    /// `waiting|mine|all`; `waiting` when absent.
    pub view: Option<String>,
    /// Slips of one order: its entity id.
    pub order: Option<String>,
    /// Rows to skip, newest first.
    pub offset: u32,
    /// Rows wanted, at most 200; 0: 50.
    pub limit: u32,
}

/// Reply: slips, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SlipPage {
    /// Of all that fit.
    pub total: u32,
    /// This page.
    pub rows: Vec<SlipDto>,
}

/// 备件领用单.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SlipDto {
    /// Entity id, `slip/…`.
    pub id: String,
    /// The store.
    pub store: String,
    /// Number, from the order's or the device's: `LY-20251015-3F2A`.
    pub number: String,
    /// `asked|approved|issued|taken|refused|disputed|cancelled`.
    pub stage: String,
    /// `待审批`.
    pub stage_name: String,
    /// When it was asked.
    pub at: String,
    /// User id of whoever asks.
    pub asker: String,
    /// His name.
    pub asker_name: String,
    /// His divisions, joined.
    pub department: String,
    /// Number of the order; empty: none.
    pub order: String,
    /// Its entity id where this console holds it.
    pub order_id: Option<String>,
    /// What for.
    pub reason: String,
    /// Parts first, approval afterwards.
    pub emergency: bool,
    /// Until when the approval is owed.
    pub due: Option<String>,
    /// That day is past.
    pub overdue: bool,
    /// Its lines.
    pub lines: Vec<SlipLineDto>,
    /// Who approved or refused it, and when; empty: nobody yet.
    pub decided: String,
    /// His words.
    pub words: String,
    /// Who issued it, and when; empty: nobody yet.
    pub issued: String,
    /// What came back, in words.
    pub returned: Vec<String>,
    /// What this user may do.
    pub may: SlipMay,
    /// Waits for the centre.
    pub pending: bool,
}

/// A line of a slip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SlipLineDto {
    /// Model's entity id.
    pub part: String,
    /// `硬盘`.
    pub part_name: String,
    /// 规格型号.
    pub model: String,
    /// Unit.
    pub unit: String,
    /// How many were asked for.
    pub quantity: u32,
    /// Serial numbers: those issued, or asked for until then.
    pub serials: Vec<String>,
    /// Path of the place it comes from.
    pub place: String,
    /// Place's entity id.
    pub place_id: Option<String>,
    /// Available now.
    pub available: i32,
    /// The old part came back; absent: none is owed or nobody said.
    pub old_returned: Option<bool>,
}

/// What a user may do about a slip now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SlipMay {
    /// Approve or refuse.
    pub decide: bool,
    /// Issue.
    pub issue: bool,
    /// Note the old part.
    pub return_old: bool,
    /// Take it back.
    pub cancel: bool,
    /// Why neither, for whoever might expect to; else empty.
    pub why_not: String,
}

/// Request: one slip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SlipRef {
    /// Its entity id.
    pub id: String,
}

/// A part asked for, issued, or used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PartLine {
    /// Model's entity id.
    pub part: String,
    /// How many; not heeded where serial numbers are given.
    pub quantity: u32,
    /// Serial numbers.
    pub serials: Vec<String>,
    /// Batch.
    pub batch: String,
    /// Place it comes from; absent: where there is most.
    pub place: Option<String>,
    /// `buyer|supplier`; empty: the one there is at the place.
    pub owner: String,
}

/// Request: ask for parts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SlipAsk {
    /// The store.
    pub store: Option<String>,
    /// Entity id of the order it is for.
    pub order: Option<String>,
    /// The lines.
    pub lines: Vec<PartLine>,
    /// What for; owed where there is no order.
    pub reason: String,
    /// Parts first, approval within one workday.
    pub emergency: bool,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: approve, refuse or take back a slip.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SlipAct {
    /// Its entity id.
    pub id: String,
    /// In words; owed by a refusal.
    pub words: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: issue what a slip asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SlipIssue {
    /// Its entity id.
    pub id: String,
    /// What is handed out, line by line as asked; empty: as asked.
    pub lines: Vec<PartLine>,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// An old part that was taken out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct OldPart {
    /// Model's entity id; absent: the one put in.
    pub part: Option<String>,
    /// Serial number.
    pub serial: String,
    /// Why its serial number cannot be read, where it has one; else empty.
    pub unreadable: String,
    /// How many; 0: one.
    pub quantity: u32,
    /// Where it lies now; absent: nowhere here.
    pub place: Option<String>,
    /// `buyer|supplier`; empty: the buyer's, for it came out of his device.
    pub owner: String,
    /// What becomes of it; its `fate` empty: as the store's rule says.
    pub fate: FateDto,
}

/// One part put in, and what came out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct UsedLine {
    /// What was put in.
    pub line: PartLine,
    /// The slip it was issued on; absent: taken now, to be approved afterwards.
    pub slip: Option<String>,
    /// What was taken out; absent: nothing.
    pub old: Option<OldPart>,
}

/// Request: use parts on an order: take them, put them in, say what becomes of the old ones; all or none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StockUse {
    /// The store.
    pub store: Option<String>,
    /// Entity id of the order.
    pub order: String,
    /// The parts; an error names `lines.N.` and the field.
    pub lines: Vec<UsedLine>,
    /// What was done, for the order; empty: the part's name says it.
    pub text: String,
    /// When it happened, where that was earlier.
    pub at: Option<String>,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: note the old part of a slip.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ReturnOld {
    /// Entity id of the slip.
    pub slip: String,
    /// Line of the slip, from 0.
    pub line: u32,
    /// The old part.
    pub old: OldPart,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Reply: what the form of `stock.use` shows of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UseForm {
    /// Entity id of the order.
    pub order: String,
    /// Its number.
    pub number: String,
    /// Why no part can be booked to it here now; empty: it can.
    pub why_not: String,
    /// Slips for it that are issued.
    pub slips: Vec<SlipDto>,
    /// Movements booked to it.
    pub movements: Vec<MovementRow>,
    /// Exchanges the order tells of whose other half is missing here: a sentence each.
    pub missing: Vec<String>,
    /// Swap deadline of the order and who says so; empty: none.
    pub swap_due: String,
    /// When it is to be decided whether to use, fetch or borrow a part; empty likewise.
    pub swap_decide: String,
}

/// A scrapping, for two signatures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ScrapDto {
    /// Entity id, `scrapping/…`.
    pub id: String,
    /// `asked|signed|refused`.
    pub stage: String,
    /// `待第二人签字`.
    pub stage_name: String,
    /// Model's entity id.
    pub part: String,
    /// Its name and model.
    pub part_name: String,
    /// Unit.
    pub unit: String,
    /// Serial number; empty: none.
    pub serial: String,
    /// How many.
    pub quantity: u32,
    /// Path of the place it leaves.
    pub place: String,
    /// `buyer|supplier`.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// What becomes of it.
    pub fate: FateDto,
    /// The signatures, in their order.
    pub signatures: Vec<SignatureDto>,
    /// This user may put the second signature.
    pub may_sign: bool,
    /// Waits for the centre.
    pub pending: bool,
}

/// A signature by a user's own key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SignatureDto {
    /// Who.
    pub name: String,
    /// User id.
    pub user: String,
    /// When.
    pub at: String,
}

/// Request: ask for a scrapping, which is its first signature.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ScrapAsk {
    /// The store.
    pub store: Option<String>,
    /// What is scrapped, each with the place where it lies: all or none; an error names `lines.N.` and the field.
    pub lines: Vec<PartLine>,
    /// Why.
    pub reason: String,
    /// Number of the paper.
    pub document: String,
    /// What becomes of it; `scrapped` where left out.
    pub fate: FateDto,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: the second signature under a scrapping, or a refusal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ScrapSign {
    /// Its entity id.
    pub id: String,
    /// Signed, or refused.
    pub approve: bool,
    /// In words; owed by a refusal.
    pub words: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// A stocktake in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TakeRow {
    /// Entity id, `stocktake/…`.
    pub id: String,
    /// `2025年第四季度盘点`.
    pub name: String,
    /// `counting|closed|signed|adjusted|cancelled`.
    pub stage: String,
    /// `清点中`.
    pub stage_name: String,
    /// Paths of its places, joined; `全部库位` for all.
    pub places: String,
    /// The book is not shown while it is counted.
    pub blind: bool,
    /// When it was opened.
    pub at: String,
    /// By whom.
    pub by: String,
    /// Lines counted.
    pub counted: u32,
    /// Who counted, joined.
    pub counters: String,
    /// Lines that differ; absent until it is closed.
    pub differs: Option<u32>,
    /// Waits for the centre.
    pub pending: bool,
}

/// Request: one stocktake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TakeRef {
    /// Its entity id.
    pub id: String,
}

/// Reply: one stocktake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TakeDto {
    /// The store.
    pub store: String,
    /// Its row.
    pub row: TakeRow,
    /// Places to count.
    pub places: Vec<StockPlaceDto>,
    /// What was counted, newest first; of others only after closing where it is blind.
    pub lines: Vec<CountRow>,
    /// What two people counted differently, and serial numbers counted at two places: a sentence each.
    pub disputes: Vec<String>,
    /// Lines that are as the book says, once it is closed.
    pub found: u32,
    /// Missing, misplaced, surplus; empty until it is closed.
    pub variance: Vec<VarianceRow>,
    /// The moment whose book the variance was reckoned from.
    pub closed_at: Option<String>,
    /// The signatures, in their order.
    pub signatures: Vec<SignatureDto>,
    /// Who gave it up, when and why; else empty.
    pub cancelled: String,
    /// What this user may do.
    pub may: TakeMay,
}

/// What a user may do about a stocktake now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TakeMay {
    /// Count.
    pub count: bool,
    /// End the counting.
    pub close: bool,
    /// Sign the variance.
    pub sign: bool,
    /// Approve the adjustments.
    pub adjust: bool,
    /// Give it up.
    pub cancel: bool,
    /// Why not, for whoever might expect to; else empty.
    pub why_not: String,
}

/// A line that was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CountRow {
    /// Model's entity id.
    pub part: String,
    /// Its name and model.
    pub part_name: String,
    /// Unit.
    pub unit: String,
    /// Place's entity id.
    pub place: String,
    /// Its path.
    pub place_name: String,
    /// Serial number; empty: none.
    pub serial: String,
    /// Batch; empty: none.
    pub batch: String,
    /// `buyer|supplier`.
    pub owner: String,
    /// How many.
    pub quantity: u32,
    /// What the book says; absent while it is counted blind.
    pub book: Option<i32>,
    /// Who counted it.
    pub by: String,
    /// When.
    pub at: String,
    /// Waits for the centre.
    pub pending: bool,
    /// This user's own.
    pub mine: bool,
}

/// A line of the variance report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VarianceRow {
    /// `missing|misplaced|surplus`.
    pub kind: String,
    /// `盘亏`.
    pub kind_name: String,
    /// Model's entity id.
    pub part: String,
    /// Its name and model.
    pub part_name: String,
    /// Unit.
    pub unit: String,
    /// Place's entity id.
    pub place: String,
    /// Its path.
    pub place_name: String,
    /// For `misplaced`: path of the place where the book has it.
    pub book_place: String,
    /// Serial number; empty: none.
    pub serial: String,
    /// `buyer|supplier`.
    pub owner: String,
    /// By the book when it was counted.
    pub book: i32,
    /// Counted.
    pub counted: u32,
}

/// Request: open a stocktake.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TakeOpen {
    /// The store.
    pub store: Option<String>,
    /// Its name; empty: from the quarter.
    pub name: String,
    /// Places, each with those inside it; none: all of the store.
    pub places: Vec<String>,
    /// The book is not shown while it is counted.
    pub blind: bool,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// A line to be counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CountLine {
    /// Model's entity id.
    pub part: String,
    /// Place's entity id.
    pub place: String,
    /// Serial number; empty: none.
    pub serial: String,
    /// Batch; empty: none.
    pub batch: String,
    /// `buyer|supplier`; empty: as the book has it, else the supplier's.
    pub owner: String,
    /// How many; for a serial number 0 (not here) or 1.
    pub quantity: u32,
}

/// Request: note what was counted. A later line of the same person for the same thing replaces his earlier one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TakeCount {
    /// Entity id of the stocktake.
    pub id: String,
    /// The lines, at most 200.
    pub lines: Vec<CountLine>,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: close, sign, adjust or cancel a stocktake.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TakeAct {
    /// Its entity id.
    pub id: String,
    /// In words; owed by a cancellation.
    pub words: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: what a scanned or typed code is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ScanArgs {
    /// The store.
    pub store: Option<String>,
    /// The code.
    pub code: String,
}

/// Reply: what a code is; all that fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ScanReply {
    /// What was found, the nearest first.
    pub hits: Vec<ScanHit>,
    /// Where nothing was: what to do; else empty.
    pub hint: String,
}

/// One thing a code is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ScanHit {
    /// `asset|serial|part|place|order|slip|transfer`.
    pub kind: String,
    /// Entity id: of the model for a piece in stock.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// Serial number, for one.
    pub serial: String,
    /// Place where it is, for a serial number.
    pub place: Option<String>,
}

/// Request: data of a form for the printer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StockPrint {
    /// The store.
    pub store: Option<String>,
    /// `slip|take|transfer|handover|repairs|repair_records|damages|removals`: 备件领用单, 盘点表, 调拨单, 交接单, and the four
    /// registers 维修服务台账, 维修记录表, 设备损坏登记表, 拆除设备登记表.
    pub form: String,
    /// Entity id of slip, stocktake or transfer; for `handover` of a movement.
    pub id: Option<String>,
    /// First day, for registers.
    pub from: Option<String>,
    /// Last day, for registers.
    pub to: Option<String>,
    /// Makes a repeat harmless; each print is audited.
    pub idempotency_key: String,
}

/// Reply: a form as rows, to be laid out by the printing page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StockSheet {
    /// `备件领用单`.
    pub title: String,
    /// Lines above the table: name and text, such as `单号`.
    pub head: Vec<SheetField>,
    /// Headings.
    pub columns: Vec<String>,
    /// Cells, as long as `columns`.
    pub rows: Vec<Vec<String>>,
    /// Signature fields under the table: role and the name of whoever signed, empty to be signed by hand.
    pub signatures: Vec<SheetField>,
    /// Remark under the table.
    pub note: String,
    /// Watermark.
    pub watermark: String,
}

/// A named text of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SheetField {
    /// Name.
    pub name: String,
    /// Text.
    pub text: String,
}

/// Request: a table out of the store as a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StockExport {
    /// The store.
    pub store: Option<String>,
    /// `parts|balances|ledger|reorder|template|slip|take|transfer|handover|repairs|repair_records|damages|removals`.
    pub what: String,
    /// Entity id, where the form needs one.
    pub id: Option<String>,
    /// First day, for ledger and registers.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// `xlsx|csv`.
    pub format: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: look at a table of models and first quantities; nothing is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StockImportArgs {
    /// The store.
    pub store: Option<String>,
    /// Tab-separated text, as copied from a table.
    pub text: Option<String>,
    /// An XLSX or CSV file (UTF-8, GB18030), base64; outranks the text.
    pub file: Option<String>,
}

/// Reply: what a table would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StockImportPreview {
    /// Rows read.
    pub rows: u32,
    /// New models.
    pub added: u32,
    /// Models changed.
    pub changed: u32,
    /// Models as they are.
    pub same: u32,
    /// Pieces that would be received.
    pub received: u32,
    /// New places.
    pub places: Vec<String>,
    /// What differs, row by row, at most 500.
    pub differences: Vec<StockDifference>,
    /// What cannot be read; with any, nothing is imported.
    pub mistakes: Vec<StockMistake>,
    /// Hash of the rows: `stock.import` takes these and no others.
    pub digest: String,
}

/// What a row would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StockDifference {
    /// Row in the table, the heading is 1.
    pub row: u32,
    /// Name and model.
    pub part: String,
    /// `新增`, or what changes: `下限 2 → 4`.
    pub text: String,
}

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StockMistake {
    /// Row in the table, the heading is 1; 0: the table as a whole.
    pub row: u32,
    /// Heading of the column; empty: the row.
    pub column: String,
    /// What is wrong and what to do.
    pub text: String,
}

/// Request: import a table that was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StockImportAccept {
    /// The table, as it was looked at.
    pub source: StockImportArgs,
    /// `digest` of the preview.
    pub digest: String,
    /// Number of the paper for what is received.
    pub document: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: transfers of a store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TransfersArgs {
    /// The store.
    pub store: Option<String>,
    /// `open|in_transit|done|all`; `open` when absent.
    pub view: Option<String>,
}

/// Reply: transfers, those that wait first, then the newest; at most 200.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TransferPage {
    /// Per view how many there are, in the order of the views.
    pub counts: Vec<ViewCount>,
    /// They.
    pub rows: Vec<TransferDto>,
    /// Stores that can be asked, the centre's first.
    pub sources: Vec<TransferSource>,
}

/// A store that can be asked for parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TransferSource {
    /// Its log.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The centre's store.
    pub central: bool,
    /// This console holds its log, so that its half is seen here.
    pub held: bool,
}

/// Request: one transfer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TransferRef {
    /// Its id, `transfer/…`.
    pub id: String,
    /// The store it is looked at from; absent: the one it goes to where this console holds it.
    pub store: Option<String>,
}

/// A transfer, as one of its two stores sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TransferDto {
    /// Its id, `transfer/…`.
    pub id: String,
    /// The store that looks at it.
    pub store: String,
    /// 调拨单号.
    pub number: String,
    /// `in|out`: parts come here, or leave.
    pub role: String,
    /// Log of the other store.
    pub other: String,
    /// Its name.
    pub other_name: String,
    /// This console holds the other store's log.
    pub other_held: bool,
    /// `asked|approved|in_transit|differs|unshipped|done|refused|cancelled|declined`.
    pub stage: String,
    /// `在途`.
    pub stage_name: String,
    /// When it was asked.
    pub at: String,
    /// Who asked.
    pub asker_name: String,
    /// What for.
    pub reason: String,
    /// Number of the order it is for; empty: none.
    pub order: String,
    /// Who approved or refused, and when; empty: nobody yet.
    pub decided: String,
    /// With which words.
    pub words: String,
    /// Who shipped or declined, and when; empty: nobody yet.
    pub shipped: String,
    /// With which words.
    pub ship_words: String,
    /// By whom or by which way.
    pub carrier: String,
    /// Number of the waybill or 出门条.
    pub document: String,
    /// Days since it was shipped; 0 where it was not.
    pub days: u32,
    /// Receipts, returns and settlements: a sentence each.
    pub receipts: Vec<String>,
    /// Halves that are missing here, and 账实不符: a sentence each.
    pub notes: Vec<String>,
    /// Models.
    pub lines: Vec<TransferLineDto>,
    /// What this user may do.
    pub may: TransferMay,
    /// Something of it waits for the centre.
    pub pending: bool,
}

/// What both stores call a model, and whose it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TransferItem {
    /// Name.
    pub name: String,
    /// 规格型号.
    pub model: String,
    /// `buyer|supplier`.
    pub owner: String,
}

/// A model of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TransferLineDto {
    /// The model.
    pub item: TransferItem,
    /// This store's own model; empty: it has none yet.
    pub part: String,
    /// `serial|batch|plain`, as this store keeps it.
    pub tracking: String,
    /// Unit.
    pub unit: String,
    /// Asked for.
    pub asked: u32,
    /// Shipped.
    pub shipped: u32,
    /// Received.
    pub received: u32,
    /// Come back.
    pub returned: u32,
    /// Cleared up as gone; negative: as found.
    pub settled: i32,
    /// On the way; negative: so many more arrived than were shipped.
    pub in_transit: i32,
    /// Serial numbers on the way.
    pub missing: Vec<String>,
    /// Serial numbers received that were not shipped.
    pub strange: Vec<String>,
    /// What this store can hand out of it.
    pub available: i32,
}

/// What a user may do about a transfer now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TransferMay {
    /// Approve or refuse.
    pub decide: bool,
    /// Take it back.
    pub cancel: bool,
    /// Ship, or say that it cannot be had.
    pub ship: bool,
    /// Receive.
    pub receive: bool,
    /// Take parts back into the shipping store.
    pub take_back: bool,
    /// Clear up a difference.
    pub settle: bool,
    /// Why not, for whoever might expect to; else empty.
    pub why_not: String,
}

/// Request: ask another store for parts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TransferAsk {
    /// The store that wants them.
    pub store: Option<String>,
    /// Log of the store that is asked.
    pub from: String,
    /// What is asked for; only model and quantity are heeded.
    pub lines: Vec<PartLine>,
    /// What for.
    pub reason: String,
    /// Entity id of the order it is for.
    pub order: Option<String>,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: approve, refuse or take back a transfer, or settle its difference.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TransferAct {
    /// Its id.
    pub id: String,
    /// In words; owed by a refusal and by a settlement.
    pub words: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// Request: ship a transfer, or say that it cannot be had.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TransferShip {
    /// Its id.
    pub id: String,
    /// It cannot be had; `words` say why and no line is heeded.
    pub decline: bool,
    /// What is handed over: the shipping store's own models.
    pub lines: Vec<PartLine>,
    /// By whom or by which way.
    pub carrier: String,
    /// Number of the waybill or 出门条.
    pub document: String,
    /// In words.
    pub words: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// A line that arrived or came back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TransferArriveLine {
    /// The model.
    pub item: TransferItem,
    /// The store's own model, where it goes by another name; absent: by name.
    pub part: Option<String>,
    /// How many; 0: none of it arrived.
    pub quantity: u32,
    /// Serial numbers.
    pub serials: Vec<String>,
    /// Batch.
    pub batch: String,
    /// Place it goes to; absent: as the form says.
    pub to: Option<String>,
}

/// Request: receive a transfer, or take it back into the shipping store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TransferArrive {
    /// Its id.
    pub id: String,
    /// Place it goes to.
    pub to: Option<String>,
    /// What there was.
    pub lines: Vec<TransferArriveLine>,
    /// In words; owed where it differs from what was shipped.
    pub words: String,
    /// Makes a repeat harmless.
    pub idempotency_key: String,
}

/// A model on the way between two stores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PartTransit {
    /// The transfer.
    pub transfer: String,
    /// 调拨单号.
    pub number: String,
    /// `in|out`.
    pub role: String,
    /// Name of the other store.
    pub other_name: String,
    /// On the way; negative: so many more arrived than were shipped.
    pub quantity: i32,
    /// Days since it was shipped.
    pub days: u32,
}

/// Reply: what of the stores waits for somebody, the overdue first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StockMatters {
    /// They; none for whoever keeps no store.
    pub matters: Vec<StockMatter>,
}

/// Something of a store that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StockMatter {
    /// `loan|repair|slip|transfer|take`.
    pub kind: String,
    /// The store.
    pub store: String,
    /// Entity id of movement, slip or transfer; empty for a stocktake that was not opened.
    pub id: String,
    /// What it is.
    pub text: String,
    /// By whom; empty: nobody in particular.
    pub who: String,
    /// Until which day.
    pub due: Option<String>,
    /// That day has passed.
    pub overdue: bool,
}

/// Reply: the spares the contract lists, with what the store has of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SpareListDto {
    /// Share that shall be covered, percent; absent: the contract states none.
    pub required: Option<u32>,
    /// Where that stands, with its words; empty likewise.
    pub clause: String,
    /// Share that is covered, percent, rounded down.
    pub share: u32,
    /// Items that are covered.
    pub covered: u32,
    /// Items.
    pub rows: Vec<SpareRow>,
    /// How it was reckoned, or why there is nothing.
    pub hint: String,
}

/// An item of the contract's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SpareRow {
    /// Its id in the contract.
    pub id: String,
    /// What it is.
    pub item: String,
    /// Its group; empty: none.
    pub group: String,
    /// `002:3288`.
    pub clause: String,
    /// `covered|out|missing`.
    pub state: String,
    /// `已覆盖`.
    pub state_name: String,
    /// Models of the store that answer it.
    pub parts: String,
    /// What can be handed out of them.
    pub available: i32,
}
