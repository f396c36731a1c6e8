//! The words of a clock: targets, events, states, units, facts about a fault.
//!
//! Each enum has one spelling, used in cases, readings, settings and output alike.

use serde::{Deserialize, Serialize};

/// Declares an enum with its spellings: serde names, `as_str`, `FromStr`, `ALL`.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        pub enum $name { $($(#[$doc])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// Every value in its order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its spelling in files and output.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                match text { $($text => Ok(Self::$variant),)* _ => Err(()) }
            }
        }

        impl $crate::contract::toml_reader::Value for $name {
            fn read(reader: &mut $crate::contract::toml_reader::ValueReader<'_, '_>) -> Option<Self> {
                reader.parsed(concat!("应为以下之一：", $($text, " "),*))
            }
        }
    };
}

pub(crate) use words;

words! {
    /// What a clock counts towards; the order is the order of output.
    pub enum Target {
        /// 响应
        Response = "response",
        /// 启动修复
        Start = "start",
        /// 初步诊断
        Diagnosis = "diagnosis",
        /// 给出解决方案
        Solution = "solution",
        /// 派人
        Dispatch = "dispatch",
        /// 到场
        Arrival = "arrival",
        /// 恢复
        Restoration = "restoration",
        /// 替代方案
        Alternative = "alternative",
        /// 备件更换
        Swap = "swap",
        /// 升级上报
        Escalation = "escalation",
        /// 故障报告
        Report = "report",
    }
}

words! {
    /// What happened to an order.
    pub enum EventKind {
        /// 报修（通知、来电）
        Reported = "reported",
        /// 派单
        Dispatched = "dispatched",
        /// 响应
        Responded = "responded",
        /// 接单
        Accepted = "accepted",
        /// 开始处理
        WorkStarted = "work_started",
        /// 完成诊断
        Diagnosed = "diagnosed",
        /// 给出解决方案
        SolutionGiven = "solution_given",
        /// 给出替代方案
        AlternativeGiven = "alternative_given",
        /// 远程无法解决
        RemoteFailed = "remote_failed",
        /// 到场
        Arrived = "arrived",
        /// 挂起
        Suspended = "suspended",
        /// 恢复计时
        Resumed = "resumed",
        /// 给出应急处理办法
        Workaround = "workaround",
        /// 系统恢复
        Restored = "restored",
        /// 更换备件
        Swapped = "swapped",
        /// 升级上报
        Escalated = "escalated",
        /// 提交报告
        ReportSubmitted = "report_submitted",
        /// 级别变更
        LevelChanged = "level_changed",
        /// 选定规则
        RuleChosen = "rule_chosen",
        /// 重新打开
        Reopened = "reopened",
        /// 关闭
        Closed = "closed",
    }
}

words! {
    /// How a target stands.
    pub enum State {
        /// Not started.
        Waiting = "waiting",
        /// Counting, not past its deadline.
        Running = "running",
        /// Stopped for a listed reason.
        Paused = "paused",
        /// Ended in time.
        Met = "met",
        /// Ended late.
        Breached = "breached",
        /// Past its deadline and not ended.
        MissedOpen = "missed_open",
        /// No longer owed, since the order was restored first.
        Void = "void",
        /// The rule states no number.
        NoLimit = "no_limit",
    }
}

words! {
    /// Unit of a limit.
    pub enum LimitUnit {
        /// Minutes on the target's calendar.
        Minute = "minute",
        /// Days of 24 hours.
        Day = "day",
        /// Worked days after the start day.
        Workday = "workday",
    }
}

words! {
    /// Class of a system, from the site's list.
    pub enum SystemClass {
        /// 核心
        Core = "core",
        /// 重要
        Important = "important",
        /// 一般
        General = "general",
    }
}

words! {
    /// Share of the users that a fault hits.
    pub enum Share {
        /// 二分之一及以上
        HalfOrMore = "half_or_more",
        /// 二分之一以下
        UnderHalf = "under_half",
        /// 个别用户（1-3 人）
        Individual = "individual",
    }
}

words! {
    /// What a row of a level matrix speaks of.
    pub enum Subject {
        /// A core system or infrastructure.
        Core = "core",
        /// An important system or infrastructure.
        Important = "important",
        /// A general system, infrastructure or a terminal of a non-VIP user.
        General = "general",
        /// An information security event.
        SecurityEvent = "security_event",
        /// A service request.
        Request = "request",
    }
}

words! {
    /// Calendar that a target's minutes run on.
    pub enum TargetCalendar {
        /// Every minute counts.
        Elapsed = "elapsed",
        /// Minutes inside office hours count.
        Office = "office",
    }
}

/// A limit as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// Number of units.
    pub value: u32,
    /// The unit.
    pub unit: LimitUnit,
}
