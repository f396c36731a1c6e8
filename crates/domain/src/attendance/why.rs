//! Codes that say why a day is what it is; `attendance derive --codes` prints this list.

use serde::{Serialize, Serializer};

/// Declares the codes with their sentences.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $text:literal;)*) => {
        /// Why a day or a span has its result.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Why { $($(#[$doc])* $variant,)* }

        impl Why {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The code, stable.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// Its sentence in Chinese.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

codes! {
    /// Nothing to work that day.
    NoShift = "no_shift", "当天没有班次";
    /// Leave.
    OnLeave = "on_leave", "请假，不看打卡";
    /// Trip.
    OnTrip = "on_trip", "出差，不看打卡";
    /// In and out within grace.
    InTime = "in_time", "按时打卡";
    /// In later than grace allows.
    Late = "late", "上班打卡晚于宽限";
    /// Out earlier than grace allows.
    EarlyLeave = "early_leave", "下班打卡早于宽限";
    /// Both.
    LateEarly = "late_early", "上班打卡晚于宽限，下班打卡早于宽限";
    /// Only out is there.
    MissingIn = "missing_in", "缺上班打卡";
    /// Only in is there.
    MissingOut = "missing_out", "缺下班打卡";
    /// Late or early from the half-day line on.
    HalfDayMinutes = "half_day_minutes", "迟到或早退达到半天的分钟数";
    /// One span lost, another not.
    SpanAbsent = "span_absent", "有一个时段旷工，其余时段到岗";
    /// No punch.
    NoPunch = "no_punch", "没有打卡，可打卡设备的数据均已到齐";
    /// Late or early from the absence line on.
    AbsentMinutes = "absent_minutes", "迟到或早退达到旷工的分钟数";
    /// The span goes on.
    NotOver = "not_over", "时段尚未结束";
    /// No device where the person may punch.
    NoDevice = "no_device", "没有可打卡的设备";
    /// A needed punch has a time nobody can vouch for.
    ClockJumped = "clock_jumped", "打卡时设备的时钟被调整过，时间不可信";
    /// Some device has not sent everything.
    NotComplete = "not_complete", "可打卡设备的数据尚未到齐";
}

impl Serialize for Why {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.code())
    }
}
