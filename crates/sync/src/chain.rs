//! Where an event stands against what is already known of its device's chain.

use crate::envelope::Place;
use crate::hash::Hash;

/// The end of one chain (device, incarnation, log).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChainHead {
    /// Place of the last event, 0 when there is none.
    pub device_seq: u64,
    /// Its hash, zeros when there is none.
    pub event_hash: Hash,
}

/// How an event fits a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// The next one.
    Next,
    /// Its place is taken: compare the hash stored there. Equal means a repeat, else a fork.
    Known,
    /// The events `from..=to` are missing before it.
    Gap {
        /// First missing place.
        from: u64,
        /// Last missing place.
        to: u64,
    },
    /// It claims to be the next but continues another history.
    Fork,
}

/// Compares an event's place with the head of its chain.
#[must_use]
pub fn fit(head: ChainHead, place: &Place) -> Fit {
    let next = head.device_seq + 1;
    if place.device_seq == 0 || place.device_seq < next {
        return if place.device_seq == 0 { Fit::Fork } else { Fit::Known };
    }
    if place.device_seq > next {
        return Fit::Gap { from: next, to: place.device_seq - 1 };
    }
    if place.prev == head.event_hash { Fit::Next } else { Fit::Fork }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(device_seq: u64, prev: Hash) -> Place {
        Place { device: [1; 16], incarnation: 1, device_seq, prev }
    }

    #[test]
    fn fits() {
        let hash = Hash([7; 32]);
        let head = ChainHead { device_seq: 3, event_hash: hash };
        assert_eq!(fit(head, &place(4, hash)), Fit::Next);
        assert_eq!(fit(head, &place(4, Hash::ZERO)), Fit::Fork);
        assert_eq!(fit(head, &place(3, Hash::ZERO)), Fit::Known);
        assert_eq!(fit(head, &place(7, hash)), Fit::Gap { from: 4, to: 6 });
        assert_eq!(fit(head, &place(0, Hash::ZERO)), Fit::Fork);
        assert_eq!(fit(ChainHead::default(), &place(1, Hash::ZERO)), Fit::Next);
    }
}
