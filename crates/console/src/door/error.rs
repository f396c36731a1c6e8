//! Errors of the door: what happened, why, and what to do, in Chinese, with a stable code.

use super::dto::{DoorCode, DoorError};
use crate::store::{Stop, StoreError};
use std::fmt::Display;
use zaigang_domain::duty::Objection;
use zaigang_domain::event::Reason;
use zaigang_domain::order::{Refusal, RefusalCode};

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

    /// The thing asked for is not in this console's store, or not in the person's scope.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(DoorCode::NotFound, message)
    }

    /// The person's role or scope does not cover it.
    pub fn not_allowed(message: impl Into<String>) -> Self {
        Self::new(DoorCode::NotAllowed, message)
    }

    /// The step is not legal in the present state.
    pub fn not_now(message: impl Into<String>) -> Self {
        Self::new(DoorCode::NotNow, message)
    }

    /// Something broke inside: the detail goes to the log here, once, and not to the screen.
    pub fn broken(error: impl Display) -> Self {
        tracing::error!(%error, "the door failed");
        Self::new(
            DoorCode::Internal,
            "程序内部出错，本次操作没有完成。请重试；仍不行时请把日志文件交给管理员。",
        )
    }

    pub(super) fn unknown_command(name: &str) -> Self {
        let name: String = name.chars().take(80).collect();
        Self::bad_input(format!("没有“{name}”这个命令：界面与程序的版本可能不一致，请重新打开程序。"))
    }
}

impl From<StoreError> for DoorError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stopped { reason, .. } => Self::new(DoorCode::LogStopped, Stop::sentence(&reason)),
            StoreError::NotEnrolled => {
                Self::new(DoorCode::NotEnrolled, "本机尚未登记到中心端，请先用登记码登记。")
            }
            StoreError::NoSuchLog(_) => Self::new(
                DoorCode::NotAllowed,
                "本机没有登记该部门的数据，不能在此操作。请在该部门的电脑上操作，或请管理员为本机增加该部门。",
            ),
            error => Self::broken(error),
        }
    }
}

impl From<Refusal> for DoorError {
    fn from(refusal: Refusal) -> Self {
        match refusal.code {
            RefusalCode::NotNow => Self::new(DoorCode::NotNow, refusal.message),
            RefusalCode::NotAllowed => Self::new(DoorCode::NotAllowed, refusal.message),
            RefusalCode::BadInput { field } => Self::new(DoorCode::BadInput, refusal.message).at(field),
        }
    }
}

impl From<Objection> for DoorError {
    fn from(objection: Objection) -> Self {
        let code = match objection.reason {
            Reason::NoRight | Reason::OwnRequest => DoorCode::NotAllowed,
            Reason::NoEntity => DoorCode::NotFound,
            Reason::Malformed => DoorCode::BadInput,
            _ => DoorCode::NotNow,
        };
        Self::new(code, objection.message)
    }
}

impl Display for DoorError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DoorError {}
