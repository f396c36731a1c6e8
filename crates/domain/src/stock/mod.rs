//! Stock (备件): an append-only ledger of typed movements in the log of a store, and what people agree on
//! around it: models, places, slips, scrapping, stocktakes, transfers to another store.
//!
//! Promises: no quantity is ever written, balances are [`replay`]ed from movements; a use that happened is
//! never refused, below zero is 账实不符 until somebody settles it; nobody approves or issues what he asked
//! for himself; scrapping and the variance of a stocktake carry two people's signatures. Left out: which
//! stores there are (the settings), and devices.

mod card;
pub mod interface;
mod judge;
mod movement;
mod owed;
pub mod replay;
mod scrapping;
mod slip;
mod take;
mod transfer;

pub use card::{Noted, Part, PartCard, Place, PlaceCard, Sheet, fold_noted, tree};
pub use judge::{legal_scrapping, legal_shipment, legal_slip, legal_take, legal_transfer};
pub(crate) use judge::{on_stock, wanted_of};
pub use movement::{Fate, Made, Movement, OrderRef, fate_allowed, fold_movement};
pub use owed::{TakeOwed, answers_item, take_owed};
pub use scrapping::{ScrapAct, ScrapAsked, ScrapRefused, ScrapSigned, ScrapStage, Scrapping, fold_scrapping};
pub use slip::{Asked, Decided, Issued, OldReturned, Said, Slip, SlipAct, SlipLine, SlipStage, fold_slip};
pub use take::{
    Adjusted, Book, Closed, Count, Counted, Difference, Line as CountedLine, Opened, Signature, Signed, Take,
    TakeAct, TakeStage, Variance, fold_take, variance,
};
pub use transfer::{
    Arrived, Declined, Item, Shipment, ShipmentAct, ShipmentReturned, ShipmentSettled, ShipmentStage,
    Shipped, Standing, Transfer, TransferAct, TransferAsked, TransferLine, TransferReceived, TransferStage,
    TransitRow, WrittenOff, fold_shipment, fold_transfer, standing, transit,
};

use crate::duty::named;
use crate::event::{EntityId, EventId, Recorded, Verdict};

/// Longest name, model, maker, unit or number, in characters.
pub const NAME_CHARS_MAX: usize = 100;
/// Longest reason, remark or words, in characters.
pub const TEXT_CHARS_MAX: usize = 500;
/// Largest quantity of one movement: a guess, far above any store-room's.
pub const QUANTITY_MAX: i64 = 1_000_000;
/// Most lines of a slip or of one count.
pub const LINES_MAX: usize = 200;

named! {
    /// Kinds of movements, in the order of the interface.
    pub enum MovementKind {
        /// 入库: came in from outside.
        Received = "received", "入库";
        /// 领用出库: handed out, or used on an order.
        Issued = "issued", "领用出库";
        /// 退库: handed out and not used.
        Returned = "returned", "退库";
        /// 移库: from place to place.
        Transferred = "transferred", "移库";
        /// 借出.
        Borrowed = "borrowed", "借出";
        /// 归还.
        GivenBack = "given_back", "归还";
        /// 送修.
        SentToRepair = "sent_to_repair", "送修";
        /// 修回.
        BackFromRepair = "back_from_repair", "修回";
        /// 旧件: taken out of a device, replaced by another.
        Replaced = "replaced", "换下旧件";
        /// 报废.
        Scrapped = "scrapped", "报废";
        /// 盘点: absolute at its place.
        Counted = "counted", "盘点";
        /// 更正: a signed quantity at its place.
        Corrected = "corrected", "更正";
    }
}

named! {
    /// Whose a part is.
    #[derive(Default)]
    pub enum Owner {
        /// 采购人.
        Buyer = "buyer", "甲方";
        /// 供应商.
        #[default]
        Supplier = "supplier", "供应商";
    }
}

named! {
    /// How pieces of a model are told apart.
    #[derive(Default)]
    pub enum Tracking {
        /// Each has a serial number.
        Serial = "serial", "按序列号";
        /// By batch.
        Batch = "batch", "按批次";
        /// Only how many.
        #[default]
        Plain = "plain", "按数量";
    }
}

named! {
    /// Who pays for a part, as the contract says.
    pub enum Charge {
        /// 免费.
        Free = "free", "免费更换";
        /// 按成本.
        AtCost = "at_cost", "按成本结算";
        /// 限额内免费.
        Capped = "capped", "限额内免费";
    }
}

named! {
    /// Kinds of places.
    #[derive(Default)]
    pub enum PlaceKind {
        /// 库房.
        #[default]
        Store = "store", "库房";
        /// 车辆.
        Vehicle = "vehicle", "车辆";
        /// 柜、架.
        Cabinet = "cabinet", "柜架";
        /// 借出.
        Loan = "loan", "借出";
        /// 送修厂商.
        Vendor = "vendor", "送修厂商";
        /// 在途.
        Transit = "transit", "在途";
        /// 坏件区: removed parts that are kept.
        Removed = "removed", "坏件区";
        /// Anything else on site.
        Other = "other", "其他";
    }
}

impl PlaceKind {
    /// Whether what lies there can be handed out.
    #[must_use]
    pub fn is_on_hand(self) -> bool {
        matches!(self, Self::Store | Self::Vehicle | Self::Cabinet | Self::Other)
    }
}

named! {
    /// 坏件去向.
    #[derive(Default)]
    pub enum FateKind {
        /// 留存甲方.
        #[default]
        Kept = "kept", "留存甲方";
        /// 消磁销毁.
        Erased = "erased", "消磁销毁";
        /// 返厂.
        Returned = "returned", "返厂";
        /// 报废.
        Scrapped = "scrapped", "报废";
    }
}

/// `<kind>/<id>`, for an entity that begins with its first event.
///
/// # Panics
/// Never: an event id has the shape of the second part.
#[must_use]
pub fn entity_of(kind: &str, id: EventId) -> EntityId {
    EntityId::new(format!("{kind}/{id}")).expect("an event id is a part of a name")
}

/// Whether an entity's name is of that kind.
fn is_kind(id: &EntityId, kind: &str) -> bool {
    id.as_str().split_once('/').is_some_and(|(word, _)| word == kind)
}

/// Whether a fold applies the event: pending counts as accepted, unreconciled moves nothing.
fn counts(event: &Recorded<'_>) -> bool {
    matches!(event.verdict, None | Some(Verdict::Accepted))
}

/// Whether a text is trimmed, of at most `max` characters, on one line.
fn is_line(text: &str, max: usize) -> bool {
    text.trim() == text && text.chars().count() <= max && !text.chars().any(char::is_control)
}

/// As [`is_line`], with line ends.
fn is_words(text: &str) -> bool {
    text.trim() == text
        && text.chars().count() <= TEXT_CHARS_MAX
        && !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t')
}

#[cfg(test)]
mod tests;
