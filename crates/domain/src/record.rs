//! Events about other events: what is erased, and what is released after it was parked.
//!
//! Promises: the payloads are final, as stored events are. Left out: removing and judging again are
//! for the stores and the centre to do.

use crate::event::EventId;
use serde::{Deserialize, Serialize};

/// Payload of `record.erased`, in the log of the event it names: sealed parts, their salts and the
/// files behind them go everywhere, and every chain still verifies, as it holds only digests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// The event whose parts go.
    pub event: EventId,
    /// Index of the part; all of them when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<u8>,
    /// Hashes of files named in those parts, 64 hex digits: who may not read the part cannot know them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// On what ground: the period that ended, or the request.
    #[serde(default)]
    pub why: String,
}

/// Payload of `record.released`, in the log of the event it names: a parked event is judged anew, in
/// the place in the order that this event has. Of a group all members are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// The parked event, or any member of a parked group.
    pub event: EventId,
    /// Why it may be judged now.
    #[serde(default)]
    pub why: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes of these payloads are in logs for ever.
    #[test]
    fn the_payloads_are_frozen() {
        let event = EventId([1; 16]);
        let id = "01010101-0101-0101-0101-010101010101";
        let erased = Erased { event, part: Some(2), files: vec!["ab".into()], why: "到期".into() };
        let text = format!(r#"{{"event":"{id}","part":2,"files":["ab"],"why":"到期"}}"#);
        assert_eq!(serde_json::to_string(&erased).unwrap(), text);
        let all: Erased = serde_json::from_str(&format!(r#"{{"event":"{id}","why":"到期"}}"#)).unwrap();
        assert_eq!(all, Erased { part: None, files: vec![], ..erased });
        let released = Released { event, why: "已授权".into() };
        assert_eq!(
            serde_json::to_string(&released).unwrap(),
            format!(r#"{{"event":"{id}","why":"已授权"}}"#)
        );
    }
}
