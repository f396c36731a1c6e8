//! Codes that say why, each with its Chinese sentence; `clock --codes` prints this list.

use serde::Serialize;

/// A code with its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Code {
    /// The code, stable.
    pub code: &'static str,
    /// Its sentence in Chinese.
    pub text: &'static str,
}

/// Declares an enum of codes with their sentences.
macro_rules! codes {
    ($(#[$meta:meta])* pub enum $name:ident; $($(#[$doc:meta])* $variant:ident = $code:literal, $text:literal;)*) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// Every code with its sentence.
            pub const CODES: &'static [$crate::clock::Code] =
                &[$($crate::clock::Code { code: $code, text: $text }),*];

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

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.serialize_str(self.code())
            }
        }
    };
}

pub(crate) use codes;

codes! {
    /// Why a rule is listed as it is, or why a stretch of time counts or not.
    pub enum Why;
    /// A stretch that counts.
    Running = "running", "计时";
    /// A suspension that no clause lets stop the clock.
    PauseNotInContract = "pause_not_in_contract", "已挂起，但合同和本项目约定都没有列出这一理由，照常计时";
    /// A suspension for a listed reason.
    PauseListed = "pause_listed", "因约定的理由挂起，不计时";
    /// Between a restoration and the reopening that undid it.
    RestoredUntilReopened = "restored_until_reopened", "已恢复，到重新打开为止不计时";
    /// Outside the office hours the clock runs on.
    OutsideHours = "outside_hours", "不在办公时间，不计时";
    /// On days of a year that no notice arranges yet.
    Unannounced = "unannounced", "该年放假安排尚未公布，无法计时";
    /// The suggested rule.
    MostSpecific = "most_specific", "与该单最贴切的规则，建议采用";
    /// A rule behind a more specific one.
    LessSpecific = "less_specific", "也适用，但不如建议的规则贴切";
    /// The suggested rule, by a policy of the settings.
    AgreedPrecedence = "agreed_precedence", "按本项目约定的先后，建议采用";
    /// A rule behind another by a policy of the settings.
    BehindAgreed = "behind_agreed", "也适用，但按本项目约定的先后让位";
    /// A rule without a number behind one with a number.
    NoNumber = "no_number", "没有写明时限，另有写明时限的规则";
    /// The level is not known in this rule's scheme.
    NeedsLevel = "needs_level", "须先按该规则自己的分级定级";
    /// The kind of problem is not known.
    NeedsRule = "needs_rule", "按问题种类区分，须由人选定";
    /// A named window is not given.
    NeedsWindow = "needs_window", "所用时段没有给出";
    /// The year's notice is not known.
    NeedsCalendar = "needs_calendar", "该年放假安排尚未公布";
    /// Chosen by a person.
    Chosen = "chosen", "由人选定";
}
