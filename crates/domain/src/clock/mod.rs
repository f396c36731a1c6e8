//! Clocks: what an order owes by when, derived from its events, the contract and the calendar.
//!
//! A clock is never stored; it is a function of (events, contract version, calendar version, now).

mod kind;

pub use kind::{EventKind, Limit, LimitUnit, Share, State, Subject, SystemClass, Target, TargetCalendar};
