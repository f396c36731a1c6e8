//! What travels over the owner's socket: one JSON document per line.

use crate::door::dto::{DoorError, PushDto};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Longest line taken, in bytes: twice the largest event, and far above the largest page of a list.
pub const LINE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// A call, from a client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Chosen by the client, repeated in the answer.
    pub id: u64,
    /// Command of the door.
    pub command: String,
    /// Its arguments.
    #[serde(default)]
    pub args: Value,
}

/// An answer, from the owner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The call's id.
    pub id: u64,
    /// The reply, where the call succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Value>,
    /// The error, where it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<DoorError>,
}

impl Answer {
    /// The answer to a call.
    #[must_use]
    pub fn of(id: u64, result: Result<Value, DoorError>) -> Self {
        match result {
            Ok(reply) => Self { id, reply: Some(reply), error: None },
            Err(error) => Self { id, reply: None, error: Some(error) },
        }
    }
}

/// A line of the owner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Line {
    /// A push.
    Push {
        /// What is pushed.
        push: PushDto,
    },
    /// An answer.
    Answer(Answer),
}
