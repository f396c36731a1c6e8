//! 保障: plans for a span, what is done under them, and the ledger of what the contract asks for.
//!
//! Promises: what is due and overdue follows from the plan, its dates and "now"; the ledger counts only
//! published duty and proven presence, and says up to when presence is known. Left out: who may approve
//! what (the domain's table) and the roster itself.

mod ledger;
mod read;
mod slots;
mod write;
