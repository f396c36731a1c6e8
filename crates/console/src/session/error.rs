//! What can go wrong when people come and go, and how it is told to them.

use zaigang_sync::protocol::ErrorReply;

use crate::door::dto::{DoorCode, DoorError};
use crate::keys::KeyError;
use crate::store::{Stop, StoreError};

/// What can go wrong when people come and go.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// Not enrolled at a centre yet.
    #[error("not enrolled")]
    NotEnrolled,
    /// Enrolled already: another centre is never merged.
    #[error("enrolled already")]
    EnrolledAlready,
    /// The enrolment code is cut off, mistyped or none.
    #[error("bad enrolment code")]
    BadCode,
    /// Nobody is logged in.
    #[error("nobody is logged in")]
    LogInNeeded,
    /// The screen is locked.
    #[error("locked")]
    Locked,
    /// Log-in name or password is wrong.
    #[error("wrong log-in name or password")]
    WrongPassword,
    /// Too many wrong tries.
    #[error("too many failures; wait {retry_after_seconds} s")]
    TooManyFailures {
        /// Seconds until another try makes sense.
        retry_after_seconds: u32,
    },
    /// This user never logged in here with the centre.
    #[error("never logged in here online")]
    NeverOnline,
    /// The last online log-in is too long ago.
    #[error("the last online log-in is more than {days} days ago")]
    OfflineExpired {
        /// The limit.
        days: u32,
    },
    /// The password was reset since: only the centre knows the new one.
    #[error("the password was reset at the centre")]
    ResetSince,
    /// The user was disabled.
    #[error("the user is disabled")]
    Disabled,
    /// Nothing at hand opens the store: neither the keyring nor this password.
    #[error("the store is closed")]
    StoreClosed,
    /// The centre said no.
    #[error("the centre refused: {}", .0.code)]
    Centre(ErrorReply),
    /// The centre's answer cannot be read, or is not signed as it must be.
    #[error("the centre's answer is wrong: {0}")]
    Garbled(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file of key slots.
    #[error(transparent)]
    Keys(#[from] KeyError),
}

impl SessionError {
    /// Stable code and Chinese sentence.
    fn told(&self) -> (DoorCode, String) {
        let (code, text) = match self {
            Self::NotEnrolled => (DoorCode::NotEnrolled, "本机尚未登记到中心端，请先输入登记码。"),
            Self::EnrolledAlready => (DoorCode::NotNow, "本机已登记到中心端；要换中心端请新建配置目录。"),
            Self::BadCode => (DoorCode::BadInput, "登记码不完整或有误，请重新复制。"),
            Self::LogInNeeded => (DoorCode::LogInNeeded, "请先登录。"),
            Self::Locked => (DoorCode::Locked, "屏幕已锁定，请输入密码解锁。"),
            Self::WrongPassword => (DoorCode::WrongPassword, "登录名或密码不正确。"),
            Self::TooManyFailures { .. } => {
                (DoorCode::TooManyFailures, "密码多次错误，已暂时锁定，请稍后再试。")
            }
            Self::NeverOnline => {
                (DoorCode::CentreNeeded, "此账号没有在本机联网登录过，首次登录需要连接中心端。")
            }
            Self::OfflineExpired { days } => {
                let text =
                    format!("距上次联网登录已超过 {days} 天，请连接中心端后登录；本机未发送的记录仍在。");
                return (DoorCode::CentreNeeded, text);
            }
            Self::ResetSince => (DoorCode::CentreNeeded, "密码已在中心端重置，请连接中心端后用新密码登录。"),
            Self::Disabled => (DoorCode::NotAllowed, "此账号已停用，请联系管理员。"),
            Self::StoreClosed => (
                DoorCode::WrongPassword,
                "此密码打不开本机数据。若密码刚被重置，请先由在本机登录过的同事登录一次，或由管理员用恢复密钥打开；未发送的记录不会丢失。",
            ),
            Self::Centre(reply) => return (centre_code(&reply.code), reply.message.clone()),
            Self::Garbled(_) => (DoorCode::Internal, "中心端的应答有误，未予采信，请联系管理员。"),
            Self::Store(error) => return store_told(error),
            Self::Keys(_) => (DoorCode::Internal, "密钥文件无法读写，请联系管理员；请勿删除配置目录。"),
        };
        (code, text.to_owned())
    }
}

fn centre_code(code: &str) -> DoorCode {
    match code {
        "wrong_password" => DoorCode::WrongPassword,
        "locked" | "too_many" => DoorCode::TooManyFailures,
        "weak_password" | "expired_code" | "bad_request" => DoorCode::BadInput,
        "revoked" | "unauthorized" | "no_right" => DoorCode::NotAllowed,
        _ => DoorCode::CentreNeeded,
    }
}

fn store_told(error: &StoreError) -> (DoorCode, String) {
    let (code, text) = match error {
        StoreError::InUse => (DoorCode::NotNow, "本配置已由另一程序打开。"),
        StoreError::NetworkDrive(_) => {
            (DoorCode::NotNow, "配置目录在网络盘上，数据可能损坏；请改用本机硬盘。")
        }
        StoreError::Newer { .. } => (DoorCode::NotNow, "本机数据由更新版本的程序写成，请升级程序。"),
        StoreError::Damaged { aside, .. } => {
            let name = aside.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text =
                format!("本机数据库已损坏，原文件保留为“{name}”，请联系管理员；其中可能有未发送的记录。");
            return (DoorCode::Internal, text);
        }
        StoreError::Stopped { reason, .. } => (DoorCode::LogStopped, Stop::sentence(reason)),
        StoreError::NoSuchLog(_) => (DoorCode::NotAllowed, "本机未获准持有这部分数据，请联系管理员。"),
        StoreError::NotEnrolled => (DoorCode::NotEnrolled, "本机尚未登记到中心端，请先输入登记码。"),
        StoreError::Envelope(zaigang_sync::envelope::EnvelopeError::TooLarge { .. }) => {
            (DoorCode::BadInput, "内容太长，请缩短后重试。")
        }
        _ => (DoorCode::Internal, "本机数据读写失败，详情见日志；请重试，仍不行请联系管理员。"),
    };
    (code, text.to_owned())
}

impl From<SessionError> for DoorError {
    fn from(error: SessionError) -> Self {
        let (code, message) = error.told();
        if code == DoorCode::Internal {
            tracing::error!(%error, "call failed inside");
        }
        let retry_after_seconds = match &error {
            SessionError::TooManyFailures { retry_after_seconds } => Some(*retry_after_seconds),
            SessionError::Centre(reply) => reply.retry_after_seconds,
            _ => None,
        };
        Self { code, message, field: None, retry_after_seconds }
    }
}

/// The centre's refusal in a reply whose status is not 200.
pub(super) fn refusal(status: u16, body: &[u8]) -> SessionError {
    serde_json::from_slice(body)
        .map_or_else(|_| SessionError::Garbled(format!("HTTP {status}")), SessionError::Centre)
}
