//! What other programs may ask of the centre: register an order, comment on it, send alarms, see how
//! it stands, book parts that came into a store.
//!
//! Everything goes the way a console's acts go: the domain decides, the same rules judge, the event
//! says whose it is. An order, its number and the answer kept under the idempotency key are one
//! transaction, so that a request repeated after any fault changes nothing.

mod alarms;
mod comment;
mod error;
mod receipts;
mod register;
mod standing;

pub use alarms::{ALERTS_MAX, Alert, AlertsTaken};
pub use error::ApiError;
pub use receipts::{ReceiptAsk, ReceiptLine};
pub use register::OrderAsk;
pub use standing::{By, Standing};

use serde::Serialize;
use zaigang_domain::event::{EntityId, LogKind, LogName};
use zaigang_domain::judge::EntityState;
use zaigang_domain::order::Order;
use zaigang_domain::people::{Actor, Deed, SourceState};

use super::Centre;
use super::work::Work;
use crate::error::CentreError;
use crate::store::{self, ReplyRow};

/// How long an answer is kept under its idempotency key, days. A guess: longer than a long holiday.
pub const REPLIES_KEPT_DAYS: i64 = 10;
const DAY_MS: i64 = 24 * 3_600_000;

/// Makes a request count once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// The caller's idempotency key.
    pub key: String,
    /// Hash of path and body.
    pub request_hash: [u8; 32],
}

/// An answer, perhaps one given before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// HTTP status.
    pub status: u16,
    /// JSON.
    pub body: String,
    /// It was given before, to the same request.
    pub repeated: bool,
}

/// Who asks.
pub(super) struct Caller {
    pub(super) source: String,
    pub(super) state: SourceState,
    pub(super) actor: Actor,
}

/// An order with its place.
pub(super) struct Found {
    pub(super) log: LogName,
    pub(super) entity: EntityId,
    pub(super) order: Order,
}

impl Centre {
    /// Acts for a source, once for each idempotency key.
    fn once<T: Serialize>(
        &mut self,
        source: &str,
        deed: Deed,
        once: &Once,
        act: impl FnOnce(&mut Work<'_>, &Caller) -> Result<(u16, T), ApiError>,
    ) -> Result<Told, ApiError> {
        self.attempt(|work| {
            let caller = work.caller(source, deed)?;
            if let Some(known) = store::source_reply(work.conn, source, &once.key)? {
                if known.request_hash != once.request_hash {
                    return Err(ApiError::KeyReused);
                }
                return Ok(Told { status: known.status, body: known.reply, repeated: true });
            }
            let (status, reply) = act(work, &caller)?;
            let reply = serde_json::to_string(&reply).map_err(CentreError::from)?;
            let row = ReplyRow { request_hash: once.request_hash.to_vec(), status, reply };
            store::drop_source_replies(work.conn, work.now_ms() - REPLIES_KEPT_DAYS * DAY_MS)?;
            store::insert_source_reply(work.conn, source, &once.key, &row, work.now_ms())?;
            Ok(Told { status, body: row.reply, repeated: false })
        })
    }
}

impl Work<'_> {
    /// The source as it stands now, if it may do this.
    fn caller(&mut self, source: &str, deed: Deed) -> Result<Caller, ApiError> {
        let Some(state) = self.source(source)?.filter(|state| !state.revoked) else {
            return Err(ApiError::Centre(CentreError::Unauthorized));
        };
        if !state.may(deed) {
            let message = format!("对接系统“{}”没有获准“{}”，请联系管理员。", state.name, deed.title());
            return Err(ApiError::NotAllowed(message));
        }
        let actor = Actor::of_source(source, &state);
        Ok(Caller { source: source.to_owned(), state, actor })
    }

    /// An order by its id, if the caller's scope covers it. Others are not told apart from none.
    fn order_of(&mut self, caller: &Caller, entity: &EntityId) -> Result<Option<Found>, ApiError> {
        let covered: Vec<(LogName, i64)> = self
            .cache
            .logs
            .iter()
            .filter_map(|(name, row)| Some((LogName::new(name.as_str()).ok()?, row.n)))
            .filter(|(name, _)| is_covered(&caller.actor, name))
            .collect();
        for (log, n) in covered {
            // Read past the cache: ids are chosen by strangers.
            let state = store::entity(self.conn, n, entity.as_str())?.and_then(|(state, _)| state);
            if let Some(EntityState::Order(order)) = state {
                return Ok(Some(Found { log, entity: entity.clone(), order: *order }));
            }
        }
        Ok(None)
    }
}

fn is_covered(actor: &Actor, log: &LogName) -> bool {
    matches!(log.kind(), LogKind::Division { contract, division } if actor.covers(contract, division))
}
