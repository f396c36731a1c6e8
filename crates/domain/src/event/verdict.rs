//! Verdicts of the centre and the reasons they give.

use serde::{Deserialize, Serialize};

/// What the centre made of an event; final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It counts.
    Accepted,
    /// A fact that does not fit the state: kept, listed for the dispatcher, moves nothing.
    Unreconciled,
    /// A claim that lost or was never legal: kept with its text, changes nothing.
    Rejected,
    /// Waits for a release (a right, a newer program), then judged in order.
    Parked,
}

impl Verdict {
    /// Stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Unreconciled => "unreconciled",
            Self::Rejected => "rejected",
            Self::Parked => "parked",
        }
    }

    /// From the stable word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Accepted, Self::Unreconciled, Self::Rejected, Self::Parked]
            .into_iter()
            .find(|v| v.code() == code)
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $sentence:literal;)*) => {
        /// Why an event was not simply accepted. Codes are stable and stored in commit records.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Reason {
            $($(#[$doc])* $name,)*
        }

        impl Reason {
            /// All reasons.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Stable word.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// The Chinese sentence shown to people: what happened and what can be done.
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence),* }
            }
        }
    };
}

reasons! {
    /// Another claim came first and changed what this one relied on.
    StateChanged = "state_changed", "在此之前已有他人的操作改变了现状，请查看后重新操作。";
    /// It stands on a claim that was rejected.
    DependencyRejected = "dependency_rejected", "它所依据的前一步操作未被采纳，请在现状上重新操作。";
    /// The table of legal steps does not allow it in the present state.
    NotLegalNow = "not_legal_now", "当前状态不允许这一步，请查看现状后重新操作。";
    /// Only the person in charge may do it.
    NotAssignee = "not_assignee", "工单现由他人负责，此记录已保留，由服务台核对。";
    /// The payload cannot be read or contradicts its log.
    Malformed = "malformed", "内容不完整或格式不对，未被采纳；原文已保留。";
    /// The thing exists already.
    AlreadyExists = "already_exists", "编号相同的记录已存在，此登记已保留，由服务台核对。";
    /// Another member of its group was not accepted.
    GroupFailed = "group_failed", "同一组操作中有一步未被采纳，整组均未生效。";
    /// The user holds no role that may do this here.
    NoRight = "no_right", "操作人没有此项权限，已暂存，待授权后处理。";
    /// This program does not know the type or its version.
    UnknownType = "unknown_type", "此操作来自更新的程序版本，已暂存，待升级后处理。";
    /// The device was revoked.
    DeviceRevoked = "device_revoked", "此设备已被停用，记录已暂存，由管理员处理。";
    /// The user had no open session on that device.
    NoSession = "no_session", "操作人在该设备上没有有效登录，已暂存，由管理员处理。";
    /// The user was disabled.
    UserDisabled = "user_disabled", "操作人账号已停用，记录已暂存，由管理员处理。";
    /// It is about something the centre does not know (yet).
    NoEntity = "no_entity", "中心端尚无此记录的对象，已暂存，待其到达后处理。";
    /// It stands on an event that is itself parked.
    DependencyParked = "dependency_parked", "它所依据的前一步操作还在暂存，待其处理后继续。";
    /// It stands on an event the centre does not have.
    DependencyMissing = "dependency_missing", "它所依据的前一步操作中心端尚未收到，已暂存。";
    /// The entity holds events of a newer program and cannot be judged here.
    ReadOnly = "read_only", "此记录含有更新版本程序的内容，中心端升级后再处理。";
    /// Another version was published since the one it changes.
    BaseChanged = "base_changed", "在此之前已有人发布了新的版本，这份约定未被采纳，原文已保留；请在现行版本上核对后重新发布。";
    /// Its texts have mistakes.
    SettingsMistaken = "settings_mistaken", "约定中有中心端不能接受的内容，未被采纳，原文已保留；请改正后重新发布。";
    /// Published and past: it stays as it is.
    PastFrozen = "past_frozen", "所改的日期已发布且已过去，不能再改；原文已保留。";
    /// Nobody decides on what is his own.
    OwnRequest = "own_request", "编制与审核、申请与审批不能是同一人，未被采纳；请另一位项目经理办理。";
    /// Another leave of the same person has a day of it.
    LeaveOverlaps = "leave_overlaps", "与同一人的另一份请假重叠，未被采纳；请先撤回那一份或改日期。";
    /// Handing over and taking over, or watching, are different people's.
    SamePerson = "same_person", "交班、接班、监交须是不同的人，此操作未被采纳。";
    /// Attendance of that day is closed.
    DayClosed = "day_closed", "这一天的考勤已经关账，更正未被采纳；请先由项目经理写明理由重开。";
    /// An act of consent without the user's own signature.
    NoConsent = "no_consent", "这一步需要本人签名，签名缺失或无效，未被采纳。";
}

impl Reason {
    /// From the stable word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_match_serde() {
        for (i, reason) in Reason::ALL.iter().enumerate() {
            assert_eq!(serde_json::to_string(reason).unwrap(), format!("\"{}\"", reason.code()));
            assert_eq!(Reason::from_code(reason.code()), Some(*reason));
            assert!(Reason::ALL[..i].iter().all(|r| r.code() != reason.code()), "{}", reason.code());
            assert!(reason.sentence().ends_with('。'));
        }
        assert_eq!(Verdict::from_code("parked"), Some(Verdict::Parked));
        assert_eq!(Verdict::from_code("x"), None);
    }
}
