//! How we read words of a document that a program cannot: kinds of problem, named windows, what else
//! ends a clock, the level matrix. Data beside the facts, part of a profile, never in code.

use super::toml_reader::row;
use crate::calendar::Window;
use crate::clock::{EventKind, Share, Subject, Target, words};
use crate::duty::hotline::Counted;

row! {
    /// The reading of one document.
    pub struct Reading {
        contract: String,
        note: Option<String>,
        /// The word that stands in `level` where a clause has none.
        general_level: Option<String>,
        /// Names of windows that mean office hours, once these are known.
        office_windows: Vec<String>,
        rule: Vec<RuleReading>,
        level_case: Vec<LevelCase>,
        question: Vec<Question>,
        /// Categories of the daily services, in the document's order.
        record_category: Vec<RecordCategory>,
        /// What the document counts of the duty phone.
        call_counter: Vec<CallCounterReading>,
    }
}

row! {
    /// A clause that counts calls to the duty phone.
    pub struct CallCounterReading {
        /// The clause.
        rule: String,
        counted: Counted,
        /// The number the clause prints.
        limit: u32,
        /// The number is where it begins to cost, each time anew; otherwise the most that is allowed.
        every: Option<bool>,
        /// The words of the clause that print it.
        words: String,
        /// What cannot be counted here, or from when is counted.
        note: Option<String>,
    }
}

row! {
    /// A category of daily service that work records are told apart by, under the name the document prints.
    pub struct RecordCategory {
        name: String,
        source_line: u32,
        /// Work on data: a record names the authorisation.
        authorised: Option<bool>,
        /// A record says whether the inspection found all normal.
        inspected: Option<bool>,
        /// The buyer confirms each record.
        confirmed: Option<bool>,
    }
}

row! {
    /// The reading of one clause; every key but `id` may be absent.
    pub struct RuleReading {
        id: String,
        /// Objects it belongs to, where the document says so only in words.
        objects: Vec<String>,
        /// Objects that a general clause does not reach.
        except: Vec<String>,
        /// It is told from its neighbours by the kind of problem: a person has to choose it.
        choose: Option<bool>,
        /// Named window in which (or, with `inside = false`, outside which) the fault must start.
        window: Option<String>,
        inside: Option<bool>,
        /// Printed hours of a workday instead of a named window.
        hours: Vec<Window>,
        /// Targets that the clause promises without a number.
        unnumbered: Vec<Target>,
        /// Targets that wait until remote help has failed and then count from the report.
        after_remote_failed: Vec<Target>,
        /// Events that end the restoration; absent: `restored`.
        restoration_ends: Vec<EventKind>,
        /// Event that starts the report's clock; absent: `reported`.
        report_from: Option<EventKind>,
        note: Option<String>,
    }
}

row! {
    /// One row of a level matrix.
    pub struct LevelCase {
        level: String,
        source_line: u32,
        vip: Option<bool>,
        subjects: Vec<Subject>,
        shares: Vec<Share>,
    }
}

row! {
    /// A question that the document leaves open and only the buyer can answer.
    pub struct Question {
        /// Stable name; an `answer` entry of the settings gives it.
        key: String,
        source_line: u32,
        source_line_end: Option<u32>,
        /// What settles it; absent: an `answer` entry.
        topic: Option<Topic>,
        question: String,
        /// What cannot be done, or is done on a guess, until it is answered.
        blocks: String,
        /// Rules concerned.
        rules: Vec<String>,
    }
}

words! {
    /// The entry of the settings that answers a question.
    pub enum Topic {
        /// 服务起算日
        AcceptanceDate = "acceptance_date",
        /// 办公时间
        OfficeHours = "office_hours",
        /// 具名时段
        Window = "window",
        /// VIP 名单
        Vip = "vip",
        /// 系统分级与用户数
        SystemClass = "system_class",
        /// 核心/通用业务系统
        BusinessSystem = "business_system",
        /// 停表理由
        Pause = "pause",
        /// 天与工作日的含义
        DayMeaning = "day_meaning",
        /// 规则的先后
        Precedence = "precedence",
        /// 约定的时限
        Limit = "limit",
        /// 计时历
        Calendar = "calendar",
        /// 值班通知
        DutyOrder = "duty_order",
        /// 书面依据
        Basis = "basis",
        /// 其他答复
        Answer = "answer",
    }
}
