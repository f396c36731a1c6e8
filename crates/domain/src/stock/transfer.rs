//! 调拨: parts that go from one store to another.
//!
//! Promises: each store says its own half in its own log: the one that wants parts asks, has it approved and
//! receives ([`Transfer`]); the one that has them ships, declines or takes them back ([`Shipment`]). Both have the
//! same id. What was shipped and has neither arrived nor come back is in transit, and [`transit`] reckons it
//! from both halves; more received than shipped is told, never cut off. Left out: who holds which log, and
//! the movements that book each half.

use super::{
    LINES_MAX, NAME_CHARS_MAX, Owner, QUANTITY_MAX, counts, is_kind, is_line, is_words,
    judge::{shipment_next, transfer_next},
    movement::OrderRef,
    slip::{Decided, Said},
};
use crate::duty::named;
use crate::event::{EntityId, EventId, LogKind, LogName, Recorded, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A line of a transfer: asked for, shipped, received or come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferLine {
    /// Model in the log of the event: `part/…`. The two stores have cards of their own.
    pub part: EntityId,
    /// Its name, as the other store knows it.
    pub name: String,
    /// 规格型号, as the other store knows it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// Unit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// How many.
    pub quantity: u32,
    /// Serial numbers of pieces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<String>,
    /// Batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
    /// Whose they are.
    #[serde(default)]
    pub owner: Owner,
}

impl TransferLine {
    fn is_sound(&self, is_asked: bool) -> bool {
        let serials = &self.serials;
        let names = [&self.name, &self.model, &self.unit].into_iter().chain(&self.batch);
        let whole = serials.is_empty() || is_asked || u32::try_from(serials.len()) == Ok(self.quantity);
        is_kind(&self.part, "part")
            && !self.name.is_empty()
            && names.into_iter().all(|text| is_line(text, NAME_CHARS_MAX))
            && (1..=QUANTITY_MAX).contains(&i64::from(self.quantity))
            && whole
            && serials.iter().all(|serial| !serial.is_empty() && is_line(serial, NAME_CHARS_MAX))
    }

    fn item(&self) -> Item {
        Item { name: self.name.clone(), model: self.model.clone(), owner: self.owner }
    }
}

fn are_sound(lines: &[TransferLine], is_asked: bool) -> bool {
    (1..=LINES_MAX).contains(&lines.len()) && lines.iter().all(|line| line.is_sound(is_asked))
}

fn is_store(log: &LogName) -> bool {
    matches!(log.kind(), LogKind::Store { .. })
}

/// `transfer.asked`, in the log of the store that wants the parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferAsked {
    /// 调拨单号.
    pub number: String,
    /// Log of the store that is asked.
    pub from: LogName,
    /// What is asked for.
    pub lines: Vec<TransferLine>,
    /// What for.
    pub reason: String,
    /// The order it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderRef>,
}

impl TransferAsked {
    /// Whether it names whom it asks, for what and why.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        !self.number.is_empty()
            && is_line(&self.number, NAME_CHARS_MAX)
            && is_store(&self.from)
            && are_sound(&self.lines, true)
            && !self.reason.is_empty()
            && is_words(&self.reason)
    }
}

/// `transfer.received`; movements beside it book it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferReceived {
    /// What was there; empty: nothing arrived.
    pub lines: Vec<TransferLine>,
    /// In words: the state of the parcel, who brought it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

impl TransferReceived {
    fn is_sound(&self) -> bool {
        let some = are_sound(&self.lines, false);
        is_words(&self.words) && (some || (self.lines.is_empty() && !self.words.is_empty()))
    }
}

/// `shipment.shipped`, in the log of the store that has the parts; movements beside it book it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipped {
    /// 调拨单号.
    pub number: String,
    /// Log of the store they go to.
    pub to: LogName,
    /// What was handed over.
    pub lines: Vec<TransferLine>,
    /// By whom or by which way: a unit, a post or a carrier.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub carrier: String,
    /// Number of the waybill or 出门条.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document: String,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

impl Shipped {
    fn is_sound(&self) -> bool {
        let texts = [&self.number, &self.carrier, &self.document];
        !self.number.is_empty()
            && texts.into_iter().all(|text| is_line(text, NAME_CHARS_MAX))
            && is_store(&self.to)
            && are_sound(&self.lines, false)
            && is_words(&self.words)
    }
}

/// `shipment.declined`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// 调拨单号.
    pub number: String,
    /// Log of the store that asked.
    pub to: LogName,
    /// Why.
    pub words: String,
}

/// `shipment.returned`: parts came back; movements beside it book it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShipmentReturned {
    /// What came back.
    pub lines: Vec<TransferLine>,
    /// Why.
    pub words: String,
}

/// What a difference is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Item {
    /// Name.
    pub name: String,
    /// 规格型号.
    pub model: String,
    /// Whose.
    pub owner: Owner,
}

/// A difference that was cleared up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenOff {
    /// Of what.
    pub item: Item,
    /// How many are gone; negative: how many more arrived than were shipped.
    pub quantity: i64,
}

/// `shipment.settled`: how a difference between shipped and received was cleared up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShipmentSettled {
    /// The differences.
    pub lines: Vec<WrittenOff>,
    /// How, and on which paper.
    pub words: String,
}

impl ShipmentSettled {
    fn is_sound(&self) -> bool {
        let sound = |line: &WrittenOff| {
            line.quantity != 0
                && line.quantity.abs() <= QUANTITY_MAX
                && is_line(&line.item.name, NAME_CHARS_MAX)
                && is_line(&line.item.model, NAME_CHARS_MAX)
        };
        (1..=LINES_MAX).contains(&self.lines.len())
            && self.lines.iter().all(sound)
            && !self.words.is_empty()
            && is_words(&self.words)
    }
}

named! {
    /// How far the asking store's half is.
    #[derive(Default)]
    pub enum TransferStage {
        /// Waits for approval.
        #[default]
        Asked = "asked", "待审批";
        /// Approved: waits for the parts.
        Approved = "approved", "已批准";
        /// Not approved.
        Refused = "refused", "未批准";
        /// Taken back.
        Cancelled = "cancelled", "已撤回";
        /// Something was received.
        Received = "received", "已收货";
    }
}

named! {
    /// How far the shipping store's half is.
    #[derive(Default)]
    pub enum ShipmentStage {
        /// Handed over.
        #[default]
        Shipped = "shipped", "已发货";
        /// It cannot be had.
        Declined = "declined", "无法供货";
    }
}

/// A receipt or a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    /// Who, when, in which words.
    pub said: Said,
    /// What.
    pub lines: Vec<TransferLine>,
}

/// The asking store's half: `transfer/<event id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// What was asked.
    pub asked: TransferAsked,
    /// Who asked.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// How far it is.
    pub stage: TransferStage,
    /// Approval, refusal or withdrawal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Said>,
    /// Receipts, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub receipts: Vec<Arrived>,
    /// The event that changed it last.
    pub touched: EventId,
    /// Own events that wait for the centre.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<EventId>,
}

/// The shipping store's half: `shipment/<event id>`, the same id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    /// 调拨单号.
    pub number: String,
    /// Log of the store they go to.
    pub to: LogName,
    /// How far it is.
    pub stage: ShipmentStage,
    /// Who shipped or declined, when, in which words.
    pub said: Said,
    /// What was shipped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<TransferLine>,
    /// By whom or by which way.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub carrier: String,
    /// Number of the waybill or 出门条.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document: String,
    /// What came back, in its order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returns: Vec<Arrived>,
    /// Differences that were cleared up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settled: Vec<WrittenOff>,
    /// Who cleared them up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settlement: Option<Said>,
    /// The event that changed it last.
    pub touched: EventId,
    /// Own events that wait for the centre.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<EventId>,
}

/// One act about the asking store's half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransferAct {
    /// `transfer.asked`.
    Asked(TransferAsked),
    /// `transfer.approved`.
    Approved(Decided),
    /// `transfer.refused`.
    Refused(Decided),
    /// `transfer.cancelled`.
    Cancelled(Decided),
    /// `transfer.received`.
    Received(TransferReceived),
}

impl TransferAct {
    /// From an event; `None` where it is none or cannot be read.
    #[must_use]
    pub fn read(kind: &str, payload: &str) -> Option<Self> {
        let decided =
            || serde_json::from_str::<Decided>(payload).ok().filter(|decided| is_words(&decided.words));
        match kind {
            "transfer.asked" => {
                serde_json::from_str(payload).ok().filter(TransferAsked::is_sound).map(Self::Asked)
            }
            "transfer.approved" => decided().map(Self::Approved),
            "transfer.refused" => decided().filter(|said| !said.words.is_empty()).map(Self::Refused),
            "transfer.cancelled" => decided().map(Self::Cancelled),
            "transfer.received" => {
                serde_json::from_str(payload).ok().filter(TransferReceived::is_sound).map(Self::Received)
            }
            _ => None,
        }
    }
}

/// One act about the shipping store's half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShipmentAct {
    /// `shipment.shipped`.
    Shipped(Shipped),
    /// `shipment.declined`.
    Declined(Declined),
    /// `shipment.returned`.
    Returned(ShipmentReturned),
    /// `shipment.settled`.
    Settled(ShipmentSettled),
}

impl ShipmentAct {
    /// From an event; `None` where it is none or cannot be read.
    #[must_use]
    pub fn read(kind: &str, payload: &str) -> Option<Self> {
        match kind {
            "shipment.shipped" => {
                serde_json::from_str(payload).ok().filter(Shipped::is_sound).map(Self::Shipped)
            }
            "shipment.declined" => {
                let declined: Declined = serde_json::from_str(payload).ok()?;
                let sound = !declined.words.is_empty()
                    && is_words(&declined.words)
                    && is_line(&declined.number, NAME_CHARS_MAX)
                    && is_store(&declined.to);
                sound.then_some(Self::Declined(declined))
            }
            "shipment.returned" => {
                let returned: ShipmentReturned = serde_json::from_str(payload).ok()?;
                let sound = are_sound(&returned.lines, false)
                    && !returned.words.is_empty()
                    && is_words(&returned.words);
                sound.then_some(Self::Returned(returned))
            }
            "shipment.settled" => {
                serde_json::from_str(payload).ok().filter(ShipmentSettled::is_sound).map(Self::Settled)
            }
            _ => None,
        }
    }
}

fn said(event: &Recorded<'_>, words: String) -> Said {
    Said { by: event.user.cloned(), at: event.effective_at, words }
}

impl Transfer {
    fn apply(&mut self, act: TransferAct, event: &Recorded<'_>) {
        let Some(stage) = transfer_next(self, &act) else { return };
        match act {
            TransferAct::Asked(_) => return,
            TransferAct::Approved(decided)
            | TransferAct::Refused(decided)
            | TransferAct::Cancelled(decided) => self.decision = Some(said(event, decided.words)),
            TransferAct::Received(received) => {
                self.receipts.push(Arrived { said: said(event, received.words), lines: received.lines });
            }
        }
        self.stage = stage;
        self.touched = event.id;
    }
}

/// Folds an event of `transfer/<event id>`. Rejected and parked ones change nothing.
pub fn fold_transfer(state: Option<Transfer>, event: &Recorded<'_>) -> Option<Transfer> {
    let Some(act) = TransferAct::read(event.kind, event.payload).filter(|_| counts(event)) else {
        return state;
    };
    let mut transfer = match (state, act) {
        (None, TransferAct::Asked(asked)) => Transfer {
            asked,
            by: event.user.cloned(),
            at: event.effective_at,
            stage: TransferStage::Asked,
            decision: None,
            receipts: Vec::new(),
            touched: event.id,
            pending: Vec::new(),
        },
        (None, _) => return None,
        (Some(mut transfer), act) => {
            transfer.apply(act, event);
            transfer
        }
    };
    if event.is_pending() {
        transfer.pending.push(event.id);
    }
    Some(transfer)
}

/// Folds an event of `shipment/<event id>`. Rejected and parked ones change nothing.
pub fn fold_shipment(state: Option<Shipment>, event: &Recorded<'_>) -> Option<Shipment> {
    let Some(act) = ShipmentAct::read(event.kind, event.payload).filter(|_| counts(event)) else {
        return state;
    };
    let mut shipment = match (state, act) {
        (None, act) => begun(act, event)?,
        (Some(mut shipment), act) => {
            if shipment_next(&shipment, &act).is_some() {
                shipment.touched = event.id;
                match act {
                    ShipmentAct::Returned(back) => {
                        let said = said(event, back.words);
                        shipment.returns.push(Arrived { said, lines: back.lines });
                    }
                    ShipmentAct::Settled(settled) => {
                        shipment.settlement = Some(said(event, settled.words));
                        shipment.settled.extend(settled.lines);
                    }
                    ShipmentAct::Shipped(_) | ShipmentAct::Declined(_) => {}
                }
            }
            shipment
        }
    };
    if event.is_pending() {
        shipment.pending.push(event.id);
    }
    Some(shipment)
}

fn begun(act: ShipmentAct, event: &Recorded<'_>) -> Option<Shipment> {
    let (shipped, stage) = match act {
        ShipmentAct::Shipped(shipped) => (shipped, ShipmentStage::Shipped),
        ShipmentAct::Declined(Declined { number, to, words }) => {
            let (carrier, document) = (String::new(), String::new());
            (Shipped { number, to, lines: Vec::new(), carrier, document, words }, ShipmentStage::Declined)
        }
        ShipmentAct::Returned(_) | ShipmentAct::Settled(_) => return None,
    };
    Some(Shipment {
        number: shipped.number,
        to: shipped.to,
        stage,
        said: said(event, shipped.words),
        lines: shipped.lines,
        carrier: shipped.carrier,
        document: shipped.document,
        returns: Vec::new(),
        settled: Vec::new(),
        settlement: None,
        touched: event.id,
        pending: Vec::new(),
    })
}

/// One model of a transfer, over both halves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TransitRow {
    /// Unit.
    pub unit: String,
    /// Asked for, whoever's.
    pub asked: i64,
    /// Shipped.
    pub shipped: i64,
    /// Received.
    pub received: i64,
    /// Came back.
    pub returned: i64,
    /// Cleared up as gone; negative: as found.
    pub settled: i64,
    /// Pieces shipped that neither arrived nor came back.
    pub missing: Vec<String>,
    /// Pieces received that were not shipped.
    pub strange: Vec<String>,
}

impl TransitRow {
    /// What is on the way; negative: so many more arrived than were shipped.
    #[must_use]
    pub fn in_transit(&self) -> i64 {
        self.shipped - self.received - self.returned - self.settled
    }
}

/// What both halves come to, by model and owner. A half that is not known is as if nothing had happened there:
/// the caller says so.
#[must_use]
pub fn transit(transfer: Option<&Transfer>, shipment: Option<&Shipment>) -> BTreeMap<Item, TransitRow> {
    let mut rows: BTreeMap<Item, TransitRow> = BTreeMap::new();
    let mut add = |lines: &[TransferLine], note: fn(&mut TransitRow, &TransferLine)| {
        for line in lines {
            let row = rows.entry(line.item()).or_default();
            row.unit.clone_from(&line.unit);
            note(row, line);
        }
    };
    if let Some(shipment) = shipment {
        add(&shipment.lines, |row, line| {
            row.shipped += i64::from(line.quantity);
            row.missing.extend(line.serials.iter().cloned());
        });
    }
    if let Some(transfer) = transfer {
        for receipt in &transfer.receipts {
            add(&receipt.lines, |row, line| {
                row.received += i64::from(line.quantity);
                row.take_off(&line.serials, true);
            });
        }
    }
    for back in shipment.map(|shipment| shipment.returns.as_slice()).unwrap_or_default() {
        add(&back.lines, |row, line| {
            row.returned += i64::from(line.quantity);
            row.take_off(&line.serials, false);
        });
    }
    for gone in shipment.map(|shipment| shipment.settled.as_slice()).unwrap_or_default() {
        rows.entry(gone.item.clone()).or_default().settled += gone.quantity;
    }
    for line in transfer.map(|transfer| transfer.asked.lines.as_slice()).unwrap_or_default() {
        // Asked for is a model, whoever's; it stands with what was shipped of it.
        let of = rows.keys().find(|item| item.name == line.name && item.model == line.model).cloned();
        let row = rows.entry(of.unwrap_or_else(|| line.item())).or_default();
        row.unit.clone_from(&line.unit);
        row.asked += i64::from(line.quantity);
    }
    rows
}

impl TransitRow {
    fn take_off(&mut self, serials: &[String], tells_strange: bool) {
        for serial in serials {
            match self.missing.iter().position(|known| known == serial) {
                Some(at) => drop(self.missing.remove(at)),
                None if tells_strange => self.strange.push(serial.clone()),
                None => {}
            }
        }
    }
}

named! {
    /// How far a transfer is, by what is known of both halves.
    pub enum Standing {
        /// Waits for approval.
        Asked = "asked", "待审批";
        /// Approved, and nothing shipped yet.
        Approved = "approved", "待发货";
        /// On the way.
        InTransit = "in_transit", "在途";
        /// Received, and something differs.
        Differs = "differs", "收货有差异";
        /// Received while nothing is known of a shipment.
        Unshipped = "unshipped", "已收货，未见发货";
        /// All of it arrived or came back, or the difference is cleared up.
        Done = "done", "已完成";
        /// Not approved.
        Refused = "refused", "未批准";
        /// Taken back before it was shipped.
        Cancelled = "cancelled", "已撤回";
        /// It cannot be had.
        Declined = "declined", "无法供货";
    }
}

impl Standing {
    /// Whether somebody has to do something about it.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Asked | Self::Approved | Self::InTransit | Self::Differs | Self::Unshipped)
    }
}

/// How far a transfer is. `None` where neither half is known.
#[must_use]
pub fn standing(transfer: Option<&Transfer>, shipment: Option<&Shipment>) -> Option<Standing> {
    use Standing as S;
    let shipped = shipment.filter(|shipment| shipment.stage == ShipmentStage::Shipped);
    let receipts = transfer.map_or(0, |transfer| transfer.receipts.len());
    if shipped.is_some() {
        let rows = transit(transfer, shipment);
        let whole = rows.values().all(|row| row.in_transit() == 0);
        let pieces = rows.values().all(|row| row.strange.is_empty() && row.missing.is_empty());
        let cleared = shipment.is_some_and(|shipment| shipment.settlement.is_some());
        return Some(match (whole, pieces || cleared) {
            (true, true) => S::Done,
            _ if receipts > 0 => S::Differs,
            _ => S::InTransit,
        });
    }
    Some(match transfer.map(|transfer| transfer.stage) {
        Some(TransferStage::Received) => S::Unshipped,
        Some(TransferStage::Refused) => S::Refused,
        Some(TransferStage::Cancelled) => S::Cancelled,
        _ if shipment.is_some() => S::Declined,
        Some(TransferStage::Asked) => S::Asked,
        Some(TransferStage::Approved) => S::Approved,
        None => return None,
    })
}
