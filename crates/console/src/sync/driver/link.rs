//! The way to the centre, as the driver sees it: [`super::CentreClient`] in earnest, a scripted one in
//! its tests.

use std::future::Future;

use zaigang_sync::protocol::ErrorReply;

use super::wake::WakeStream;
use crate::sync::Request;

/// A reply of the centre, read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

/// Why the centre did not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OfflineReason {
    /// No connection: cable, address, port, or the centre does not run.
    #[error("no connection")]
    Unreachable,
    /// Nothing came in time.
    #[error("no answer in time")]
    TimedOut,
    /// The connection broke, or what answers does not speak TLS or HTTP.
    #[error("the connection broke")]
    Broken,
}

/// What can go wrong on the way to the centre.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The centre does not answer; work goes on without it.
    #[error("offline: {0}")]
    Offline(OfflineReason),
    /// Something answers that does not hold the pinned key. Nothing was sent to it.
    #[error("the centre's key is not the pinned one")]
    WrongCentre,
    /// The centre's own error.
    #[error("refused: {}", .0.code)]
    Refused(ErrorReply),
    /// The address or a reply cannot be read.
    #[error("malformed: {0}")]
    Malformed(String),
}

impl LinkError {
    /// For people, in Chinese: what happened and what they can do.
    #[must_use]
    pub fn sentence(&self) -> String {
        let text = match self {
            Self::Offline(OfflineReason::Unreachable) => {
                "连接不上中心端：网络不通或中心端未运行。可继续工作，恢复后自动同步。"
            }
            Self::Offline(OfflineReason::TimedOut) => "中心端没有及时答复。可继续工作，稍后自动重试。",
            Self::Offline(OfflineReason::Broken) => "与中心端的连接中断。可继续工作，正在自动重连。",
            Self::WrongCentre => {
                "该地址答复的不是本机登记的中心端（公钥不符），未向其发送任何数据。请联系管理员核对地址和网络。"
            }
            Self::Refused(reply) => return reply.message.clone(),
            Self::Malformed(_) => "中心端的答复无法识别，可能地址有误或程序版本不符。请联系管理员。",
        };
        text.to_owned()
    }
}

/// The way to the centre.
pub trait Link: Send + Sync + 'static {
    /// Sends a request and reads the whole reply, whatever its status.
    fn send(&self, request: Request) -> impl Future<Output = Result<Answer, LinkError>> + Send;

    /// Opens the stream of wakes.
    fn wakes(&self) -> impl Future<Output = Result<WakeStream, LinkError>> + Send;
}
