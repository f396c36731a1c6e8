//! The one door: every shell calls the same typed commands here, and nothing else.
//!
//! Promises: rights and the stage of the session are checked in one place before any handler runs;
//! every error has a stable code and a Chinese sentence; a write made twice under one idempotency
//! key has one effect. Left out: how a call travels (Tauri, loopback HTTP, the owner's socket).

pub mod dto;
mod error;
mod handlers;
mod table;
mod typescript;

pub use table::{COMMANDS, CommandSpec, Right, Works, command};
pub use typescript::typescript;

use dto::DoorError;
use serde_json::Value;
use std::sync::Arc;

/// Which shell a call came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// The desktop window.
    Desktop,
    /// A browser on the loopback host.
    Web,
    /// The command line.
    CommandLine,
}

/// The door of one profile; cheap to clone.
#[derive(Clone)]
pub struct Door {
    inner: Arc<Inner>,
}

struct Inner {}

impl Door {
    /// Calls a command.
    ///
    /// # Errors
    /// A [`DoorError`] with a stable code, as the shell should pass it on.
    pub async fn call(&self, name: &str, args: Value, caller: Caller) -> Result<Value, DoorError> {
        table::route(self, &caller, name, args).await
    }
}
