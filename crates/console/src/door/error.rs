//! Errors of the door: what happened, why, and what to do, in Chinese, with a stable code.

use super::dto::{DoorCode, DoorError};
use std::fmt::Display;

impl DoorError {
    /// An error of `code`.
    pub fn new(code: DoorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, retry_after_seconds: None }
    }

    /// Names the field of the request at fault.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The request is malformed or names something unknown.
    pub fn bad_input(message: impl Into<String>) -> Self {
        Self::new(DoorCode::BadInput, message)
    }

    /// Something broke inside: the detail goes to the log here, once, and not to the screen.
    pub fn broken(error: impl Display) -> Self {
        tracing::error!(%error, "the door failed");
        Self::new(DoorCode::Internal, "程序内部出错，本次操作没有完成。请重试；仍不行时请把日志文件交给管理员。")
    }

    pub(super) fn unknown_command(name: &str) -> Self {
        let name: String = name.chars().take(80).collect();
        Self::bad_input(format!("没有“{name}”这个命令：界面与程序的版本可能不一致，请重新打开程序。"))
    }
}

impl Display for DoorError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DoorError {}
