//! Windows: a named pipe would stand here. Not built and not tried yet; every call says so.

use crate::door::Door;
use crate::door::dto::{DoorCode, DoorError};
use serde_json::Value;
use std::io;
use std::path::Path;

/// Would be the pipe while it is served.
#[derive(Debug)]
pub struct Serving;

/// Would be a connection to a running owner.
#[derive(Debug)]
pub struct Attached;

/// Not yet: the owner works, but nobody can attach to it.
///
/// # Errors
/// Always.
pub fn serve(_: Door, _: &Path) -> io::Result<Serving> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "no named pipe on this system yet"))
}

/// Not yet: every command becomes the owner itself.
///
/// # Errors
/// None.
pub fn attach(_: &Path) -> std::future::Ready<io::Result<Option<Attached>>> {
    std::future::ready(Ok(None))
}

impl Attached {
    /// Not yet.
    ///
    /// # Errors
    /// Always.
    pub fn call(&mut self, _: &str, _: Value) -> std::future::Ready<Result<Value, DoorError>> {
        std::future::ready(Err(DoorError::new(DoorCode::Internal, "本系统上还不能连接正在运行的在岗程序。")))
    }
}
