//! The one table of legal steps by status and person. The console's `decide`, the centre's
//! `judge` and the steps a screen offers read it and nothing else.

use crate::event::UserId;
use crate::order::classes::{CAUSE_CLASSES, PARTIES, SECURITY_CLASSES};
use crate::order::{AssistState, Order, OrderKind, Status};
use crate::people::{Actor, Role};
use Status::{Accepted, Arrived, Closed, Confirmed, Dispatched, Registered, Restored, WorkedAround};

/// A step a person takes on an order. Each is one event type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the row of the same name in STEPS says it in Chinese")]
pub enum Step {
    Dispatch,
    Accept,
    Respond,
    Arrive,
    StartWork,
    Diagnose,
    GiveSolution,
    GiveAlternative,
    RemoteFailed,
    Workaround,
    Restore,
    Swap,
    Escalate,
    SubmitReport,
    Suspend,
    Resume,
    ChangeLevel,
    ChooseRule,
    Rebind,
    Return,
    Transfer,
    Reopen,
    Confirm,
    Close,
    Merge,
    Void,
    Reconcile,
    Urge,
    Supervise,
    Call,
    SpotCheck,
    Enter,
    Note,
    AskAssist,
    AcceptAssist,
    FinishAssist,
    NoteVendor,
    NoteKnowledge,
    Alarm,
    AddFiles,
}

/// Who may take a step, by role and by relation to the order. The scope (contract, division) is
/// checked by [`crate::people::may`] before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// An engineer, for an order that nobody or he (or the colleague he records for) is in charge of.
    Free,
    /// The engineer in charge.
    Assignee,
    /// Any engineer of the division.
    Engineer,
    /// Any engineer of the division, for a work record.
    Recorder,
    /// The engineer who wrote a work record.
    Registrar,
    /// An engineer whose cooperation was asked for and has not ended.
    Helper,
    /// 服务台.
    Dispatcher,
    /// 项目经理.
    Supervisor,
    /// 甲方联系人.
    Buyer,
    /// 监理.
    Overseer,
    /// Another program, through the centre.
    Source,
    /// Whoever can see it.
    Anyone,
}

impl Who {
    /// Whether a person of this role can be meant.
    pub fn is_of(self, role: Role) -> bool {
        match self {
            Self::Free
            | Self::Assignee
            | Self::Engineer
            | Self::Recorder
            | Self::Registrar
            | Self::Helper => role == Role::Engineer,
            Self::Dispatcher => role == Role::Dispatcher,
            Self::Supervisor => role == Role::Supervisor,
            Self::Buyer => role == Role::BuyerContact,
            Self::Overseer => role == Role::Overseer,
            Self::Source => false,
            Self::Anyone => true,
        }
    }
}

/// What a step asks of the suspension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Either way.
    Any,
    /// Only while suspended.
    Only,
    /// Only while not suspended.
    Not,
}

/// Kind of an input field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the control of that name")]
pub enum FieldKind {
    Text,
    LongText,
    Choice,
    User,
    Level,
    /// Another order, by its number.
    Order,
    /// An instant.
    Time,
    /// A whole number from 0.
    Number,
    /// A device, by serial number or id.
    Asset,
}

/// A field a step asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Key of the input.
    pub key: &'static str,
    /// Chinese label.
    pub label: &'static str,
    /// Control.
    pub kind: FieldKind,
    /// Must be filled.
    pub required: bool,
    /// Choices, value and label; empty where the caller fills them (rules, targets).
    pub choices: &'static [(&'static str, &'static str)],
}

/// One row: a step, and who may take it from which statuses.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The step.
    pub step: Step,
    /// Stable word, as in the door's `StepArgs.step`.
    pub code: &'static str,
    /// Chinese name.
    pub name: &'static str,
    /// Single key.
    pub key: Option<char>,
    /// Event type it writes.
    pub event: &'static str,
    /// Suspension asked for.
    pub pause: Pause,
    /// Who, from where.
    pub legal: &'static [(Who, &'static [Status])],
    /// What it asks for.
    pub fields: &'static [Field],
}

const NEW: &[Status] = &[Registered];
const WAITING: &[Status] = &[Registered, Dispatched];
const UNTIL_ACCEPTED: &[Status] = &[Registered, Dispatched, Accepted];
const BEFORE_WORKAROUND: &[Status] = &[Registered, Dispatched, Accepted, Arrived];
const IN_WORK: &[Status] = &[Registered, Dispatched, Accepted, Arrived, WorkedAround];
const TAKEN: &[Status] = &[Dispatched, Accepted, Arrived, WorkedAround];
const UNTIL_RESTORED: &[Status] = &[Registered, Dispatched, Accepted, Arrived, WorkedAround, Restored];
const OPEN: &[Status] = &[Registered, Dispatched, Accepted, Arrived, WorkedAround, Restored, Confirmed];
const ENDED: &[Status] = &[Restored, Confirmed, Closed];
const NOT_MERGED: &[Status] =
    &[Registered, Dispatched, Accepted, Arrived, WorkedAround, Restored, Confirmed, Closed];
const EVERY: &[Status] = &Status::ALL;

use Who::{
    Anyone, Assignee, Buyer, Dispatcher, Engineer, Free, Helper, Overseer, Recorder, Registrar, Source,
    Supervisor,
};

/// Who answers for a cooperation: whoever was asked, and for units without accounts those who deal with them.
const ASSISTS: &[(Who, &[Status])] =
    &[(Helper, OPEN), (Assignee, OPEN), (Dispatcher, OPEN), (Supervisor, OPEN)];
const DESK_AND_FIELD: &[(Who, &[Status])] =
    &[(Engineer, NOT_MERGED), (Dispatcher, NOT_MERGED), (Supervisor, NOT_MERGED)];

const WORKERS: &[(Who, &[Status])] = &[(Free, IN_WORK), (Dispatcher, IN_WORK), (Supervisor, IN_WORK)];

const fn field(key: &'static str, label: &'static str, kind: FieldKind, required: bool) -> Field {
    Field { key, label, kind, required, choices: &[] }
}

const TEXT: Field = field("text", "说明", FieldKind::LongText, false);
const TEXT_NEEDED: Field = field("text", "说明", FieldKind::LongText, true);
/// A device, by what is typed or scanned; the door finds it.
const ASSET: Field = field("asset", "设备（序列号或编号）", FieldKind::Asset, false);
const REASON: Field = field("reason", "原因", FieldKind::LongText, true);
const ON_BEHALF: Field = field("on_behalf", "代记（实际办理人）", FieldKind::User, false);
/// Asked for where the order was registered as a security event.
const SECURITY_CLASS: Field = Field {
    choices: SECURITY_CLASSES,
    ..field("security_class", "安全事件类别", FieldKind::Choice, false)
};
const ASSIST: Field = field("assist", "哪一项协办", FieldKind::Choice, false);
const WAYS: &[(&str, &str)] =
    &[("account", "本人账号"), ("paper", "签字单"), ("phone", "电话"), ("onsite", "当面")];
/// How satisfied the buyer can be, as the 《运维服务记录单》 prints it.
pub const SATISFACTIONS: &[(&str, &str)] =
    &[("satisfied", "满意"), ("fairly", "基本满意"), ("dissatisfied", "不满意")];
const FACT: &[Field] = &[TEXT, ON_BEHALF];
/// In what turn people are called outside office hours (本项目约定: no contract names an order).
const TIERS: &[(&str, &str)] =
    &[("duty", "值班"), ("standby", "备勤"), ("second", "二线"), ("manager", "项目经理")];
const CALL_RESULTS: &[(&str, &str)] = &[
    ("answered", "已接听"),
    ("no_answer", "无人接听"),
    ("busy", "占线"),
    ("unreachable", "无法接通"),
    ("refused", "不能到场"),
];

/// The table.
pub static STEPS: &[Row] = &[
    Row {
        step: Step::Accept,
        code: "accept",
        name: "接单",
        key: Some('A'),
        event: "order.accepted",
        pause: Pause::Any,
        legal: &[(Free, WAITING)],
        fields: FACT,
    },
    Row {
        step: Step::Dispatch,
        code: "dispatch",
        name: "派单",
        key: Some('P'),
        event: "order.dispatched",
        pause: Pause::Any,
        legal: &[(Dispatcher, WAITING), (Supervisor, WAITING), (Engineer, NEW), (Source, NEW)],
        fields: &[field("to", "派给（留空为派到组）", FieldKind::User, false), TEXT],
    },
    Row {
        step: Step::Respond,
        code: "respond",
        name: "响应",
        key: Some('R'),
        event: "order.responded",
        pause: Pause::Any,
        legal: &[(Free, UNTIL_ACCEPTED), (Dispatcher, UNTIL_ACCEPTED), (Supervisor, UNTIL_ACCEPTED)],
        fields: FACT,
    },
    Row {
        step: Step::Arrive,
        code: "arrive",
        name: "到场",
        key: Some('D'),
        event: "order.arrived",
        pause: Pause::Any,
        legal: &[(Free, IN_WORK)],
        fields: FACT,
    },
    Row {
        step: Step::StartWork,
        code: "start_work",
        name: "开始处理",
        key: None,
        event: "order.work_started",
        pause: Pause::Any,
        legal: &[(Free, IN_WORK)],
        fields: FACT,
    },
    Row {
        step: Step::Diagnose,
        code: "diagnose",
        name: "定位原因",
        key: None,
        event: "order.diagnosed",
        pause: Pause::Any,
        legal: WORKERS,
        fields: &[TEXT_NEEDED, ASSET, ON_BEHALF],
    },
    Row {
        step: Step::GiveSolution,
        code: "give_solution",
        name: "给出方案",
        key: None,
        event: "order.solution_given",
        pause: Pause::Any,
        legal: WORKERS,
        fields: &[TEXT_NEEDED, ON_BEHALF],
    },
    Row {
        step: Step::GiveAlternative,
        code: "give_alternative",
        name: "给出替代方案",
        key: None,
        event: "order.alternative_given",
        pause: Pause::Any,
        legal: WORKERS,
        fields: &[TEXT_NEEDED, ON_BEHALF],
    },
    Row {
        step: Step::RemoteFailed,
        code: "remote_failed",
        name: "远程未解决",
        key: None,
        event: "order.remote_failed",
        pause: Pause::Any,
        legal: WORKERS,
        fields: FACT,
    },
    Row {
        step: Step::Workaround,
        code: "workaround",
        name: "应急办法",
        key: Some('W'),
        event: "order.workaround",
        pause: Pause::Any,
        legal: &[(Free, BEFORE_WORKAROUND)],
        fields: &[TEXT_NEEDED, ON_BEHALF],
    },
    Row {
        step: Step::Restore,
        code: "restore",
        name: "恢复",
        key: Some('S'),
        event: "order.restored",
        pause: Pause::Any,
        legal: &[(Free, IN_WORK), (Dispatcher, WAITING), (Supervisor, WAITING)],
        fields: &[
            TEXT_NEEDED,
            Field {
                choices: CAUSE_CLASSES,
                ..field("cause_class", "原因类别（本项目约定）", FieldKind::Choice, false)
            },
            Field { choices: PARTIES, ..field("party", "责任方", FieldKind::Choice, false) },
            SECURITY_CLASS,
            field("cause", "原因分析", FieldKind::LongText, false),
            field("affected_units", "影响单位", FieldKind::Text, false),
            field("affected_users", "影响用户数", FieldKind::Number, false),
            field("affected_from", "中断自", FieldKind::Time, false),
            field("affected_to", "中断至", FieldKind::Time, false),
            field("evidence", "依据", FieldKind::Text, false),
            ON_BEHALF,
        ],
    },
    Row {
        step: Step::Swap,
        code: "swap",
        name: "更换备件",
        key: None,
        event: "order.swapped",
        pause: Pause::Any,
        legal: &[(Free, UNTIL_RESTORED)],
        fields: &[
            TEXT_NEEDED,
            field("old_serial", "换下序列号", FieldKind::Text, false),
            field("new_serial", "换上序列号", FieldKind::Text, false),
            ASSET,
            ON_BEHALF,
        ],
    },
    Row {
        step: Step::Escalate,
        code: "escalate",
        name: "升级",
        key: None,
        event: "order.escalated",
        pause: Pause::Any,
        legal: WORKERS,
        fields: &[field("to", "升级给", FieldKind::Text, false), TEXT_NEEDED],
    },
    Row {
        step: Step::SubmitReport,
        code: "submit_report",
        name: "提交故障报告",
        key: None,
        event: "order.report_submitted",
        pause: Pause::Any,
        legal: &[(Engineer, NOT_MERGED), (Dispatcher, NOT_MERGED), (Supervisor, NOT_MERGED)],
        fields: &[field("to", "提交给", FieldKind::Text, false), TEXT],
    },
    Row {
        step: Step::Suspend,
        code: "suspend",
        name: "挂起",
        key: Some('H'),
        event: "order.suspended",
        pause: Pause::Not,
        legal: &[(Free, IN_WORK), (Dispatcher, IN_WORK), (Supervisor, IN_WORK)],
        fields: &[
            REASON,
            Field { choices: PARTIES, ..field("party", "责任方", FieldKind::Choice, true) },
            field("evidence", "依据", FieldKind::Text, true),
        ],
    },
    Row {
        step: Step::Resume,
        code: "resume",
        name: "解除挂起",
        key: Some('H'),
        event: "order.resumed",
        pause: Pause::Only,
        legal: &[(Free, IN_WORK), (Dispatcher, IN_WORK), (Supervisor, IN_WORK)],
        fields: &[TEXT],
    },
    Row {
        step: Step::ChangeLevel,
        code: "change_level",
        name: "调级",
        key: Some('L'),
        event: "order.level_changed",
        pause: Pause::Any,
        legal: &[(Free, UNTIL_RESTORED), (Dispatcher, OPEN), (Supervisor, OPEN)],
        fields: &[field("level", "级别", FieldKind::Level, true), REASON],
    },
    Row {
        step: Step::ChooseRule,
        code: "choose_rule",
        name: "选定时限规则",
        key: None,
        event: "order.rule_chosen",
        pause: Pause::Any,
        legal: &[(Free, OPEN), (Dispatcher, OPEN), (Supervisor, NOT_MERGED)],
        fields: &[
            field("target", "时限", FieldKind::Choice, true),
            field("rule", "规则", FieldKind::Choice, true),
            field("why", "理由", FieldKind::LongText, true),
        ],
    },
    Row {
        step: Step::Rebind,
        code: "rebind",
        name: "换用合同版本",
        key: None,
        event: "order.rebound",
        pause: Pause::Any,
        legal: &[(Dispatcher, OPEN), (Supervisor, OPEN)],
        fields: &[
            field("contract_hash", "合同版本", FieldKind::Choice, true),
            field("calendar_hash", "日历版本", FieldKind::Choice, true),
            REASON,
        ],
    },
    Row {
        step: Step::Return,
        code: "return",
        name: "退单",
        key: Some('B'),
        event: "order.returned",
        pause: Pause::Any,
        legal: &[(Assignee, &[Dispatched, Accepted, Arrived])],
        fields: &[REASON],
    },
    Row {
        step: Step::Transfer,
        code: "transfer",
        name: "转派",
        key: Some('T'),
        event: "order.transferred",
        pause: Pause::Any,
        legal: &[(Assignee, TAKEN), (Dispatcher, TAKEN), (Supervisor, TAKEN)],
        fields: &[field("to", "转给（留空为转到组）", FieldKind::User, false), REASON],
    },
    Row {
        step: Step::Confirm,
        code: "confirm",
        name: "确认",
        key: Some('C'),
        event: "order.confirmed",
        pause: Pause::Any,
        legal: &[
            (Buyer, &[Restored]),
            (Engineer, &[Restored]),
            (Dispatcher, &[Restored]),
            (Supervisor, &[Restored]),
        ],
        fields: &[
            field("who", "确认人", FieldKind::Text, true),
            field("unit", "单位", FieldKind::Text, false),
            Field { choices: WAYS, ..field("way", "确认方式", FieldKind::Choice, true) },
            Field { choices: SATISFACTIONS, ..field("satisfaction", "满意度", FieldKind::Choice, false) },
            field("paper", "签字单编号", FieldKind::Text, false),
            TEXT,
        ],
    },
    Row {
        step: Step::Close,
        code: "close",
        name: "关闭",
        key: Some('Z'),
        event: "order.closed",
        pause: Pause::Any,
        legal: &[
            (Engineer, &[Confirmed]),
            (Recorder, &[Registered, Dispatched, Accepted, Arrived, WorkedAround, Restored]),
            (Dispatcher, &[Restored, Confirmed]),
            (Supervisor, &[Restored, Confirmed]),
        ],
        fields: &[
            TEXT,
            field("symptom", "现象（记入处理经验）", FieldKind::LongText, false),
            field("cause", "原因", FieldKind::LongText, false),
            field("steps", "处理办法", FieldKind::LongText, false),
        ],
    },
    Row {
        step: Step::Reopen,
        code: "reopen",
        name: "重新打开",
        key: Some('O'),
        event: "order.reopened",
        pause: Pause::Any,
        legal: &[(Buyer, ENDED), (Engineer, ENDED), (Dispatcher, ENDED), (Supervisor, ENDED)],
        fields: &[REASON],
    },
    Row {
        step: Step::Merge,
        code: "merge",
        name: "并单",
        key: None,
        event: "order.merged",
        pause: Pause::Any,
        legal: &[(Dispatcher, IN_WORK), (Supervisor, IN_WORK)],
        fields: &[field("into", "并入工单", FieldKind::Order, true), REASON],
    },
    Row {
        step: Step::Void,
        code: "void",
        name: "作废",
        key: None,
        event: "order.voided",
        pause: Pause::Any,
        legal: &[(Registrar, &[Closed])],
        fields: &[REASON],
    },
    Row {
        step: Step::Reconcile,
        code: "reconcile",
        name: "核对",
        key: None,
        event: "order.reconciled",
        pause: Pause::Any,
        legal: &[(Dispatcher, EVERY), (Supervisor, EVERY)],
        fields: &[
            field("event", "待核对记录", FieldKind::Choice, true),
            Field {
                choices: &[("taken", "属实，已另行处理"), ("set_aside", "不采用")],
                ..field("how", "处理", FieldKind::Choice, true)
            },
            TEXT,
        ],
    },
    Row {
        step: Step::Urge,
        code: "urge",
        name: "催办",
        key: Some('U'),
        event: "order.urged",
        pause: Pause::Any,
        legal: &[(Buyer, EVERY), (Dispatcher, EVERY), (Supervisor, EVERY), (Overseer, EVERY)],
        fields: &[TEXT],
    },
    Row {
        step: Step::Supervise,
        code: "supervise",
        name: "督办",
        key: None,
        event: "order.supervised",
        pause: Pause::Any,
        legal: &[(Supervisor, EVERY), (Overseer, EVERY), (Buyer, EVERY)],
        fields: &[TEXT_NEEDED],
    },
    Row {
        step: Step::Call,
        code: "call",
        name: "呼叫",
        key: None,
        event: "order.called",
        pause: Pause::Any,
        legal: &[(Engineer, OPEN), (Dispatcher, OPEN), (Supervisor, OPEN)],
        fields: &[
            field("to", "呼叫谁", FieldKind::User, true),
            Field { choices: TIERS, ..field("tier", "顺位", FieldKind::Choice, true) },
            Field { choices: CALL_RESULTS, ..field("result", "结果", FieldKind::Choice, true) },
            TEXT,
        ],
    },
    Row {
        step: Step::SpotCheck,
        code: "spot_check",
        name: "抽查",
        key: None,
        event: "order.spot_checked",
        pause: Pause::Any,
        legal: &[
            (Overseer, EVERY),
            (Buyer, EVERY),
            (Engineer, EVERY),
            (Dispatcher, EVERY),
            (Supervisor, EVERY),
        ],
        fields: &[
            field("who", "抽查人", FieldKind::Text, true),
            field("unit", "单位", FieldKind::Text, false),
            field("found", "抽查情况", FieldKind::LongText, true),
            field("asks", "整改要求", FieldKind::LongText, false),
            TEXT,
        ],
    },
    Row {
        step: Step::Enter,
        code: "enter",
        name: "录入平台",
        key: Some('I'),
        event: "order.entered",
        pause: Pause::Any,
        legal: &[(Engineer, EVERY), (Dispatcher, EVERY), (Supervisor, EVERY)],
        fields: &[field("number", "平台单号", FieldKind::Text, true), TEXT],
    },
    Row {
        step: Step::Note,
        code: "note",
        name: "备注",
        key: Some('N'),
        event: "order.noted",
        pause: Pause::Any,
        legal: &[(Anyone, EVERY)],
        fields: &[TEXT_NEEDED],
    },
    Row {
        step: Step::AskAssist,
        code: "ask_assist",
        name: "请求协办",
        key: Some('Q'),
        event: "order.assist_asked",
        pause: Pause::Any,
        legal: &[(Assignee, IN_WORK), (Dispatcher, IN_WORK), (Supervisor, IN_WORK)],
        fields: &[
            field("to", "协办人", FieldKind::User, false),
            field("unit", "或协办单位", FieldKind::Text, false),
            TEXT_NEEDED,
        ],
    },
    Row {
        step: Step::AcceptAssist,
        code: "accept_assist",
        name: "接受协办",
        key: None,
        event: "order.assist_accepted",
        pause: Pause::Any,
        legal: ASSISTS,
        fields: &[ASSIST, TEXT, ON_BEHALF],
    },
    Row {
        step: Step::FinishAssist,
        code: "finish_assist",
        name: "结束协办",
        key: None,
        event: "order.assist_finished",
        pause: Pause::Any,
        legal: ASSISTS,
        fields: &[ASSIST, TEXT_NEEDED, ON_BEHALF],
    },
    Row {
        step: Step::NoteVendor,
        code: "note_vendor",
        name: "外协",
        key: Some('V'),
        event: "order.vendor_noted",
        pause: Pause::Any,
        legal: DESK_AND_FIELD,
        fields: &[
            field("maker", "厂商或单位", FieldKind::Text, true),
            field("case_no", "对方单号", FieldKind::Text, false),
            field("promised_at", "承诺到场", FieldKind::Time, false),
            field("arrived_at", "实际到场", FieldKind::Time, false),
            field("people", "人数", FieldKind::Number, false),
            field("names", "来人姓名（仅办理人员可见）", FieldKind::Text, false),
            field("escort", "陪同人", FieldKind::User, false),
            field("permit_no", "入场审批单号", FieldKind::Text, false),
            TEXT,
        ],
    },
    Row {
        step: Step::NoteKnowledge,
        code: "note_knowledge",
        name: "记处理经验",
        key: None,
        event: "order.knowledge_noted",
        pause: Pause::Any,
        legal: DESK_AND_FIELD,
        fields: &[
            field("symptom", "现象", FieldKind::LongText, true),
            field("cause", "原因", FieldKind::LongText, false),
            field("steps", "处理办法", FieldKind::LongText, true),
        ],
    },
    Row {
        step: Step::Alarm,
        code: "alarm",
        name: "再次告警",
        key: None,
        event: "order.alarmed",
        pause: Pause::Any,
        legal: &[(Source, IN_WORK)],
        fields: &[TEXT_NEEDED],
    },
    // Files come with it, so it is decided by `add_files`.
    Row {
        step: Step::AddFiles,
        code: "add_files",
        name: "添加附件",
        key: Some('F'),
        event: "order.filed",
        pause: Pause::Any,
        legal: &[
            (Engineer, EVERY),
            (Dispatcher, EVERY),
            (Supervisor, EVERY),
            (Buyer, EVERY),
            (Overseer, EVERY),
        ],
        fields: &[],
    },
];

impl Row {
    /// The fields asked for on this order.
    pub fn asked(&self, order: &Order) -> impl Iterator<Item = &'static Field> {
        let flagged = order.facts.security_event == Some(true);
        self.fields.iter().filter(move |field| flagged || field.key != SECURITY_CLASS.key)
    }
}

impl Step {
    /// Whether it makes sense on several orders at once, with the same words for each. What tells one
    /// order's own story (arrived, restored), rests on its contract, or is an act of consent does not.
    pub fn in_bulk(self) -> bool {
        matches!(
            self,
            Self::Accept
                | Self::Dispatch
                | Self::Respond
                | Self::StartWork
                | Self::Suspend
                | Self::Resume
                | Self::ChangeLevel
                | Self::Return
                | Self::Transfer
                | Self::Close
                | Self::Reopen
                | Self::Merge
                | Self::Urge
                | Self::Supervise
                | Self::Note
        )
    }

    /// From the stable word.
    pub fn from_code(code: &str) -> Option<Self> {
        STEPS.iter().find(|row| row.code == code).map(|row| row.step)
    }
}

/// A step offered to a person.
#[derive(Debug, Clone, Copy)]
pub struct StepOffer {
    /// Its row.
    pub row: &'static Row,
    /// The main thing to do next.
    pub primary: bool,
}

/// Why the table says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objection {
    /// No such step, or nobody may take it in this status.
    Status,
    /// Others may take it in this status, this person not: wrong role or not in charge.
    Person,
}

/// The row of an event type.
pub fn row_of(event: &str) -> Option<&'static Row> {
    STEPS.iter().find(|row| row.event == event)
}

/// The row of a step.
pub fn row(step: Step) -> Option<&'static Row> {
    STEPS.iter().find(|row| row.step == step)
}

/// Whether anybody may issue this event in the order's status. Types outside the table never.
pub fn allows_status(event: &str, order: &Order) -> bool {
    row_of(event).is_some_and(|row| {
        pause_fits(row, order)
            && void_fits(row, order)
            && row.legal.iter().any(|(who, from)| from.contains(&order.status) && kind_fits(*who, order))
    })
}

/// Whether `actor` may issue this event on this order now; `doer` is who did it when the actor
/// only records it for a colleague (代记).
///
/// # Errors
/// What stands against it.
pub fn allows(event: &str, order: &Order, actor: &Actor, doer: Option<&UserId>) -> Result<(), Objection> {
    let Some(row) = row_of(event).filter(|_| allows_status(event, order)) else {
        return Err(Objection::Status);
    };
    let fits =
        |(who, from): &(Who, &[Status])| from.contains(&order.status) && stands(*who, order, actor, doer);
    if row.legal.iter().any(fits) { Ok(()) } else { Err(Objection::Person) }
}

fn pause_fits(row: &Row, order: &Order) -> bool {
    match row.pause {
        Pause::Any => true,
        Pause::Only => order.suspended,
        Pause::Not => !order.suspended,
    }
}

/// What is void stays as it is; it can only be spoken about.
fn void_fits(row: &Row, order: &Order) -> bool {
    !order.voided || matches!(row.step, Step::Note | Step::Reconcile | Step::Urge | Step::Supervise)
}

fn kind_fits(who: Who, order: &Order) -> bool {
    !matches!(who, Recorder | Registrar) || order.kind == OrderKind::WorkRecord
}

/// Whether this person's cooperation was asked for and has not ended.
fn assists(order: &Order, person: Option<&UserId>) -> bool {
    let mut open = order.assists.iter().filter(|assist| assist.state != AssistState::Finished);
    open.any(|assist| assist.to.is_some() && assist.to.as_ref() == person)
}

fn stands(who: Who, order: &Order, actor: &Actor, doer: Option<&UserId>) -> bool {
    let doer = doer.or(actor.user());
    let in_charge = order.assignee.is_some() && order.assignee.as_ref() == doer;
    match who {
        Free => actor.has(Role::Engineer) && (order.assignee.is_none() || in_charge),
        Assignee => actor.has(Role::Engineer) && in_charge,
        Engineer => actor.has(Role::Engineer),
        Recorder => actor.has(Role::Engineer) && kind_fits(who, order),
        Registrar => {
            actor.has(Role::Engineer) && kind_fits(who, order) && actor.is(order.registered_by.as_ref())
        }
        Helper => actor.has(Role::Engineer) && assists(order, doer),
        Dispatcher => actor.has(Role::Dispatcher),
        Supervisor => actor.has(Role::Supervisor),
        Buyer => actor.has(Role::BuyerContact),
        Overseer => actor.has(Role::Overseer),
        Source => actor.source().is_some(),
        Anyone => true,
    }
}
