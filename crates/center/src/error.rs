//! What can go wrong at the centre, told apart by what a caller does about it. A verdict is never
//! an error.

use zaigang_sync::page::PageError;
use zaigang_sync::protocol::ErrorReply;

/// An error of the centre.
#[derive(Debug, thiserror::Error)]
pub enum CentreError {
    /// The request cannot be read or contradicts itself.
    #[error("bad request: {0}")]
    BadRequest(String),
    /// No device with this signature.
    #[error("the request is not signed by an enrolled device")]
    Unauthorized,
    /// The device was revoked.
    #[error("the device was revoked")]
    Revoked,
    /// The device is not enrolled for this log.
    #[error("not enrolled for log {0}")]
    NoRight(String),
    /// The user does not exist, is disabled, or the password is wrong: not told apart.
    #[error("wrong log-in name or password")]
    WrongPassword,
    /// Too many failures for this log-in name.
    #[error("locked for {retry_after_seconds} s")]
    Locked {
        /// Seconds until the next try makes sense.
        retry_after_seconds: u32,
    },
    /// Too many failed enrolments.
    #[error("too many tries; wait {retry_after_seconds} s")]
    TooMany {
        /// Seconds until the next try makes sense.
        retry_after_seconds: u32,
    },
    /// The enrolment code is unknown, used or out of date: not told apart.
    #[error("the enrolment code is not valid")]
    ExpiredCode,
    /// The new password does not fit the policy.
    #[error("weak password: {0}")]
    WeakPassword(&'static str),
    /// A pull asked to continue another history.
    #[error("the log went another way than the console knows")]
    Rollback,
    /// A file that is not here, that no accepted event names, or that was erased: not told apart.
    #[error("no such file")]
    NoFile,
    /// The centre's own act was refused by the rules.
    #[error("refused: {0}")]
    Refused(String),
    /// The database is older than the high-water mark kept beside it.
    #[error(
        "this database is older than what the centre had already told its consoles ({0}); it was put back from a copy. \
         The centre does not serve. Put the newest copy back, or run `zaigang-center restore` to begin a new epoch"
    )]
    CentreRolledBack(String),
    /// Written by a newer program.
    #[error(
        "the database has version {found}, newer than {known} of this program: install the newer program"
    )]
    NewerFile {
        /// Version of the file.
        found: i64,
        /// Version this program knows.
        known: i64,
    },
    /// The database fails, or holds what this program never writes.
    #[error("store: {0}")]
    Store(String),
}

impl From<rusqlite::Error> for CentreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.to_string())
    }
}

impl From<std::io::Error> for CentreError {
    fn from(error: std::io::Error) -> Self {
        Self::Store(format!("files: {error}"))
    }
}

impl From<serde_json::Error> for CentreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(format!("JSON: {error}"))
    }
}

impl From<PageError> for CentreError {
    fn from(error: PageError) -> Self {
        match error {
            PageError::Signature => Self::Unauthorized,
            other => Self::BadRequest(other.to_string()),
        }
    }
}

impl CentreError {
    /// Stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "bad_request",
            Self::Unauthorized => "unauthorized",
            Self::Revoked => "revoked",
            Self::NoRight(_) => "no_right",
            Self::WrongPassword => "wrong_password",
            Self::Locked { .. } => "locked",
            Self::TooMany { .. } => "too_many",
            Self::ExpiredCode => "expired_code",
            Self::WeakPassword(_) => "weak_password",
            Self::Rollback => "rollback",
            Self::NoFile => "no_file",
            Self::Refused(_) => "refused",
            Self::CentreRolledBack(_) | Self::NewerFile { .. } | Self::Store(_) => "internal",
        }
    }

    /// For people, in Chinese; names what they can do.
    #[must_use]
    pub fn message(&self) -> String {
        let text = match self {
            Self::BadRequest(detail) => return format!("请求内容有误：{detail}。请更新本机程序后重试。"),
            Self::Unauthorized => "本机未登记或签名不符，请联系管理员重新登记。",
            Self::Revoked => "本机已被停用，请联系管理员。",
            Self::NoRight(log) => return format!("本机未获准使用「{log}」的数据，请联系管理员。"),
            Self::WrongPassword => "登录名或密码不正确。",
            Self::Locked { .. } => "密码多次错误，账号已暂时锁定，请稍后再试。",
            Self::TooMany { .. } => "尝试次数过多，请稍后再试。",
            Self::ExpiredCode => "登记码无效、已使用或已过期，请向管理员索取新的登记码。",
            Self::WeakPassword(why) => return (*why).to_owned(),
            Self::Rollback => "中心端的数据与本机所知不一致，已停止同步，请联系管理员。",
            Self::NoFile => "中心端没有这个附件：尚未上传、已清除，或没有记录引用它。",
            Self::Refused(why) => return format!("未能执行：{why}"),
            Self::CentreRolledBack(_) => "中心端数据库是旧的备份，已停止服务，请联系管理员。",
            Self::NewerFile { .. } => "中心端数据库由更新版本的程序写成，请升级中心端程序。",
            Self::Store(_) => "中心端出现故障，请稍后再试；若持续出现请联系管理员。",
        };
        text.to_owned()
    }

    /// The error as it travels.
    #[must_use]
    pub fn reply(&self) -> ErrorReply {
        let retry_after_seconds = match self {
            Self::Locked { retry_after_seconds } | Self::TooMany { retry_after_seconds } => {
                Some(*retry_after_seconds)
            }
            _ => None,
        };
        ErrorReply { code: self.code().to_owned(), message: self.message(), retry_after_seconds }
    }
}

/// Result of the centre.
pub type Result<T> = std::result::Result<T, CentreError>;
