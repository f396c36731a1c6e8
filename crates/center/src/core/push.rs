//! A device hands over a run of its own events.

use zaigang_sync::envelope::{CENTRE_EVENT_BYTES_MAX, Envelope, EnvelopeError, Id};
use zaigang_sync::hex;
use zaigang_sync::page::{Checked, PageError, PushPage, check_push, unpack};
use zaigang_sync::protocol::{Outcome, PushReply};

use super::Centre;
use super::take::{ID_TAKEN, reply};
use crate::error::{CentreError, Result};
use crate::store;

impl Centre {
    /// Takes a packed [`PushPage`] of `device`, whose request was authenticated. All of it is
    /// committed when this returns, or nothing. A revoked device may still hand over: its events
    /// are parked.
    ///
    /// # Errors
    /// [`CentreError::BadRequest`] and [`CentreError::Unauthorized`] for a page that fails its
    /// checks, [`CentreError::NoRight`] for a log the device is not enrolled for, [`CentreError::Store`].
    pub fn push(&mut self, device: Id, packed: &[u8]) -> Result<PushReply> {
        let page: PushPage = unpack(packed)?;
        let Some(row) = self.look(|work| work.device(device))? else { return Err(CentreError::Unauthorized) };
        if *page.device != device {
            return Err(CentreError::Unauthorized);
        }
        if !row.logs.contains(&page.log) {
            return Err(CentreError::NoRight(page.log));
        }
        let checked = match check_push(&page, &row.public_key) {
            Err(PageError::Event { source: EnvelopeError::NewerVersion(_), .. }) => {
                return Ok(reply(Outcome::Upgrade));
            }
            checked => checked?,
        };
        match self.transact(|work| work.take(&page, &checked, packed)) {
            Err(CentreError::BadRequest(why)) if why == ID_TAKEN => self.look_closer(&page, &checked, packed),
            taken => taken,
        }
    }

    /// Some event's id is in a log already, at another place: the same event issued again is
    /// named; another event under the same id is another history.
    fn look_closer(&mut self, page: &PushPage, checked: &[Checked], packed: &[u8]) -> Result<PushReply> {
        self.transact(|work| {
            let mut reissued = Vec::new();
            for event in checked {
                let Some(envelope) = store::envelope_of(work.conn, *event.content.id)? else { continue };
                let (stored, content) = Envelope::decode(&envelope, CENTRE_EVENT_BYTES_MAX)
                    .map_err(|error| CentreError::Store(error.to_string()))?;
                if stored.content_hash() != event.content_hash {
                    return work.stop(page, event.place.device_seq, packed);
                }
                let elsewhere = stored.event_hash(&content.log) != event.event_hash;
                if elsewhere {
                    reissued.push(hex::encode(&event.content.id[..]));
                }
            }
            if reissued.is_empty() {
                return Err(CentreError::BadRequest("two events of the page have the same id".into()));
            }
            Ok(PushReply { reissued, ..reply(Outcome::Ok) })
        })
    }
}
