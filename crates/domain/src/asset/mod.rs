//! Devices (设备) under contract: a card that is noted whole and judged field by field, a life-cycle state
//! with its date and reason, and what ends when.
//!
//! Promises: cards and states live in the log of the division whose object the device belongs to; addresses
//! travel sealed; no field takes a secret, and text that looks like one is refused by its field; two cards
//! with one serial number both stay and are told. Left out: the consoles of this program, which are devices in
//! the sense of sync (`device/<id>`).

mod board;
mod card;
mod judge;
mod secret;

pub use board::{
    AGE_BOUNDS_YEARS, AgeCount, Board, Cover, Dated, ObjectCount, PeriodCount, SOON_DAYS, board,
};
pub use card::{
    ADDRESSES, Addresses, Asset, AssetCard, Changed, LifeState, Network, Noted, fold_asset, serial_key,
};
pub(crate) use judge::on_asset;
pub use judge::{legal_change, next_states};
pub use secret::looks_secret;

#[cfg(test)]
mod tests;
