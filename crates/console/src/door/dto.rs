//! What crosses the door: requests and replies as the UI and the command line see them.
//!
//! Separate from domain types on purpose: these are shaped for screens and kept free of 64-bit
//! integers (ids and sequence numbers travel as text, instants as RFC 3339 in +08:00, durations
//! as `u32`/`i32` with the unit in the name). TypeScript types are generated from this file.

pub use super::asset_dto::*;
pub use super::attendance_dto::*;
pub use super::buyer_dto::*;
pub use super::calendar_dto::*;
pub use super::contract_dto::*;
pub use super::coverage_dto::*;
pub use super::duty_dto::*;
pub use super::dutylog_dto::*;
pub use super::file_dto::*;
pub use super::handover_dto::*;
pub use super::hotline_dto::*;
pub use super::leave_dto::*;
pub use super::overtime_dto::*;
pub use super::record_dto::*;
pub use super::roster_dto::*;
pub use super::spotcheck_dto::*;
pub use super::staff_dto::*;
pub use super::stock_dto::*;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Stable codes of errors that cross the door; the UI has one table that says how each is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DoorCode {
    /// The request is malformed or names something unknown.
    BadInput,
    /// Nobody is logged in, or the session is over.
    LogInNeeded,
    /// The screen is locked; the password opens it again.
    Locked,
    /// The user's role or scope does not cover this.
    NotAllowed,
    /// The step is not legal in the order's present state; a notice, not a failure.
    NotNow,
    /// The thing asked for is not in this console's store.
    NotFound,
    /// It can only be done while the centre answers.
    CentreNeeded,
    /// User name or password is wrong.
    WrongPassword,
    /// Too many failures; `retry_after_seconds` says for how long.
    TooManyFailures,
    /// This console is not enrolled at a centre yet.
    NotEnrolled,
    /// A log was stopped by a fork or rollback.
    LogStopped,
    /// Something broke inside; details are in the log file.
    Internal,
}

/// An error as it crosses the door: what happened and what the user can do next, in Chinese.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DoorError {
    /// Stable code.
    pub code: DoorCode,
    /// For people: what happened, why, what to do.
    pub message: String,
    /// The field of the request at fault, where one is.
    pub field: Option<String>,
    /// Seconds until another try makes sense, where that is known.
    pub retry_after_seconds: Option<u32>,
}

/// Roles a user can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RoleDto {
    /// 驻场工程师.
    Engineer,
    /// 服务台.
    Dispatcher,
    /// 项目经理.
    Supervisor,
    /// 库管员.
    StoreKeeper,
    /// 甲方联系人.
    BuyerContact,
    /// 监理.
    Overseer,
    /// 系统管理员.
    Administrator,
}

/// The user now at this console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UserDto {
    /// User id.
    pub id: String,
    /// Name shown.
    pub name: String,
    /// Log-in name.
    pub login: String,
    /// Roles held.
    pub roles: Vec<RoleDto>,
    /// Divisions the user works for; empty means all of the contract.
    pub divisions: Vec<String>,
    /// The contract post (such as `P02`), where the user has one.
    pub post: Option<String>,
    /// The password was reset and must be changed now.
    pub must_change_password: bool,
}

/// How far the session at this console is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// No centre known yet: show the enrolment form.
    NotEnrolled,
    /// Nobody logged in.
    LoggedOut,
    /// Someone is logged in but the screen is locked.
    Locked,
    /// Ready for work.
    Open,
}

/// What the frame needs at start and after each change of session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SessionDto {
    /// How far the session is.
    pub stage: Stage,
    /// Who is (or was, when locked) logged in.
    pub user: Option<UserDto>,
    /// Site name for the top bar.
    pub site: String,
    /// Device name for the top bar.
    pub device: String,
    /// Idle minutes until the lock.
    pub idle_lock_minutes: u32,
    /// People who logged in here before: suggestions for the log-in form.
    pub known_users: Vec<KnownUser>,
    /// Whether this is demo data, said plainly in the frame.
    pub demo: bool,
    /// "Now" of this console: the host's clock, or the fixed start of a demo plus time passed.
    pub now: String,
}

/// A suggestion in the log-in form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KnownUser {
    /// Log-in name.
    pub login: String,
    /// Name shown.
    pub name: String,
    /// Until when an offline log-in works; absent when never logged in online here.
    pub offline_until: Option<String>,
}

/// Request: enrol this console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Enrol {
    /// The code or the text of the enrolment file given out by `zaigang-center device code`.
    pub code: String,
    /// Name of this console, such as `值班室1号机`.
    pub device_name: String,
}

/// Request: log in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogIn {
    /// Log-in name.
    pub login: String,
    /// Password.
    pub password: String,
}

/// Request: unlock with the password of the user at the console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Unlock {
    /// Password.
    pub password: String,
}

/// Request: change the own password; needs the centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChangePassword {
    /// Present password.
    pub old_password: String,
    /// New password: at least ten characters of three kinds.
    pub new_password: String,
}

/// Nothing to say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(type = "Record<string, never>")]
pub struct Nothing {}

/// How the console stands with the centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// Connected and nothing outstanding.
    Synced,
    /// A round is under way.
    Syncing,
    /// The centre does not answer; work goes on.
    Offline,
    /// This program is too old for the centre or the other way round.
    UpgradeNeeded,
    /// The device was revoked.
    Revoked,
    /// A log was stopped because histories disagree.
    Stopped,
    /// The centre's key is not the pinned one.
    WrongCentre,
}

/// The age chip: what the top bar and the sync page show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncStatus {
    /// How the console stands with the centre.
    pub state: LinkState,
    /// When the last complete round ended.
    pub last_synced_at: Option<String>,
    /// Whole seconds since then.
    pub age_seconds: Option<u32>,
    /// Beyond this age data counts as stale and a banner says so.
    pub stale_after_seconds: u32,
    /// Events waiting for the centre.
    pub waiting: u32,
    /// Rejected or unreconciled items that need a person.
    pub conflicts: u32,
    /// When the next try starts, while offline.
    pub next_try_at: Option<String>,
    /// Chinese sentence about the last failure, if any.
    pub trouble: Option<String>,
    /// Files on their way.
    pub files: FileTrafficDto,
    /// Per log: how far this console is.
    pub logs: Vec<LogStatus>,
}

/// One log on the sync page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogStatus {
    /// Log name.
    pub log: String,
    /// Title for people, such as `E总队工单`.
    pub title: String,
    /// Last seq stored and folded here.
    pub seq: String,
    /// First eight hex digits of the head hash.
    pub head: String,
    /// Why the log is stopped, if it is.
    pub stopped: Option<String>,
}

/// An item of 同步与冲突: a rejected claim or an unreconciled fact, its text kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConflictDto {
    /// Event id.
    pub id: String,
    /// `rejected`, `unreconciled` or `parked`.
    pub kind: String,
    /// Entity id of the order.
    pub order_id: String,
    /// Order number and title.
    pub order: String,
    /// What was tried: `接单`, `到场` …
    pub act: String,
    /// Who tried it.
    pub by: String,
    /// When it was done, by the person's own account.
    pub at: String,
    /// The whole text that was entered.
    pub text: String,
    /// Why the centre did not take it.
    pub reason: String,
    /// What won instead: who, what, when.
    pub winner: Option<String>,
    /// Whether it can be done again on the present state.
    pub can_redo: bool,
}

/// Request: settle a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettleConflict {
    /// Event id of the item.
    pub id: String,
    /// `redo` on the new state or `give_up`.
    pub how: String,
}

/// Status of an order as lists filter and show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatusDto {
    /// 已登记, not dispatched.
    Registered,
    /// 已派单.
    Dispatched,
    /// 已接单.
    Accepted,
    /// 已到场.
    Arrived,
    /// 挂起.
    Suspended,
    /// 已恢复, 待确认.
    Restored,
    /// 已采取应急办法.
    WorkedAround,
    /// 采购人已确认.
    Confirmed,
    /// 已关闭.
    Closed,
    /// 已并单: goes on in another order.
    Merged,
}

/// One clock of an order, derived at `now`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClockDto {
    /// `response`, `arrival`, `restoration` …
    pub target: String,
    /// Its Chinese name.
    pub name: String,
    /// `waiting|running|paused|met|breached|missed_open|void|no_limit`.
    pub state: String,
    /// When it started.
    pub starts_at: Option<String>,
    /// When it is due.
    pub deadline: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
    /// The whole limit in minutes where it is one in minutes.
    pub limit_minutes: Option<u32>,
    /// `60分钟`, `3天`.
    pub limit_text: String,
    /// Whole minutes left, negative when over.
    pub remaining_minutes: Option<i32>,
    /// `soon` is shown from this many minutes before the deadline.
    pub warn_minutes: u32,
    /// Rule id.
    pub rule: String,
    /// `001:52-54` or `本项目约定`.
    pub source: String,
    /// The clause, verbatim.
    pub clause: String,
}

/// One row of an order list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OrderRow {
    /// Entity id.
    pub id: String,
    /// Number printed on forms.
    pub number: String,
    /// Title.
    pub title: String,
    /// Kind: `incident|request|work_record|change|problem|finding`.
    pub kind: String,
    /// Status.
    pub status: OrderStatusDto,
    /// Fault level as the contract prints it.
    pub level: Option<String>,
    /// Division.
    pub division: String,
    /// Maintenance object number and name.
    pub object: String,
    /// Assignee's name.
    pub assignee: Option<String>,
    /// When it was reported.
    pub reported_at: String,
    /// The clock due next (or the worst broken one).
    pub next_clock: Option<ClockDto>,
    /// Events of this order waiting for the centre's verdict.
    pub pending: u32,
    /// Facts the centre kept as unreconciled.
    pub unreconciled: u32,
    /// When the work is planned, while that lies ahead: its clocks stand still until then.
    pub scheduled_at: Option<String>,
    /// Minutes between report and registration, where it was written down afterwards.
    pub late_minutes: Option<u32>,
    /// A work record that was wrongly made.
    pub voided: bool,
    /// Why it waits for whoever asks: `待接单`, `被催办` …; empty where it does not.
    pub waits: Vec<String>,
    /// Since when it waits for the buyer's confirmation; absent where it does not.
    pub waits_since: Option<String>,
    /// Number in the buyer's own platform.
    pub external_no: Option<String>,
    /// Entered in the buyer's own platform: 已录入.
    pub entered: bool,
    /// Alarms merged into it, the first included; 0 where it came otherwise.
    pub alarms: u32,
}

/// Request: a page of the order list. All filters combine with "and".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct OrderListArgs {
    /// View: `mine|waiting|division|unassigned|due_soon|broken|to_confirm|to_enter|report_due|unreconciled|open|all`.
    pub view: String,
    /// Text, number or pinyin initials.
    pub search: Option<String>,
    /// Only these statuses.
    pub statuses: Vec<OrderStatusDto>,
    /// Only this division.
    pub division: Option<String>,
    /// Only this maintenance object.
    pub object: Option<String>,
    /// Only this level.
    pub level: Option<String>,
    /// Only this kind.
    pub kind: Option<String>,
    /// Only this assignee (user id).
    pub assignee: Option<String>,
    /// Only orders with a clock under this rule.
    #[ts(optional = nullable)]
    pub rule: Option<String>,
    /// Only this contract.
    #[ts(optional = nullable)]
    pub contract: Option<String>,
    /// Reported from this date on (`2025-10-01`).
    pub from: Option<String>,
    /// Reported up to and with this date.
    pub to: Option<String>,
    /// `deadline` (next first), `reported` (newest first), `number`, or `age` (longest waiting for the buyer first).
    pub sort: Option<String>,
    /// Rows to skip.
    pub offset: u32,
    /// Rows wanted, at most 200.
    pub limit: u32,
}

/// Reply: a page of the order list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OrderPage {
    /// The rows.
    pub rows: Vec<OrderRow>,
    /// How many match in all.
    pub total: u32,
    /// "Now" the clocks were derived at.
    pub now: String,
}

/// Counts for the queues at the left of the order page and for the tray.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QueueCounts {
    /// Open orders assigned to me.
    pub mine: u32,
    /// Open orders of my divisions.
    pub division: u32,
    /// Registered, nobody assigned.
    pub unassigned: u32,
    /// A clock within its warning time.
    pub due_soon: u32,
    /// A clock past its deadline and not ended.
    pub broken: u32,
    /// Restored, not yet confirmed by the buyer.
    pub to_confirm: u32,
    /// Not yet entered in the buyer's own platform, closed ones too.
    pub to_enter: u32,
    /// With unreconciled facts.
    pub unreconciled: u32,
    /// In which something is asked of me.
    pub waiting: u32,
    /// With a fault report owed and not submitted, closed ones too.
    pub report_due: u32,
    /// All open orders.
    pub open: u32,
}

/// One line of an order's timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimelineEntry {
    /// Event id.
    pub id: String,
    /// Event type, such as `order.arrived`.
    pub kind: String,
    /// `到场`.
    pub title: String,
    /// Text entered with it, and other particulars as one Chinese sentence.
    pub text: String,
    /// Who.
    pub by: String,
    /// The time that counts (effective where judged, else claimed).
    pub at: String,
    /// When it was written down, if that differs by more than a minute.
    pub recorded_at: Option<String>,
    /// `exact|corrected|bounded|clamped|claimed`, absent while pending.
    pub trust: Option<String>,
    /// `pending|accepted|unreconciled|rejected|parked`.
    pub verdict: String,
    /// Why it was not simply accepted.
    pub reason: Option<String>,
    /// Place in the log, absent while pending.
    pub seq: Option<String>,
    /// Why the times differ, in Chinese, when trust is not `exact`.
    pub trust_text: Option<String>,
}

/// A step the user may take on an order now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StepDto {
    /// `accept|arrive|restore|workaround|suspend|resume|return|transfer|dispatch|confirm|close|reopen|note|…`.
    pub step: String,
    /// `接单`.
    pub name: String,
    /// Single key that triggers it, such as `A`.
    pub key: Option<String>,
    /// Fields the step asks for before it is written.
    pub fields: Vec<StepField>,
    /// The main thing to do next (drawn as the primary button).
    pub primary: bool,
}

/// A field asked for by a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StepField {
    /// Key in `StepArgs.fields`.
    pub key: String,
    /// Label.
    pub label: String,
    /// `text|long_text|choice|user|level|order|time|number`.
    pub kind: String,
    /// Whether it must be filled.
    pub required: bool,
    /// Choices for `choice`, as value and label; suggestions for `text` and `order`.
    pub choices: Vec<Choice>,
    /// What it holds to begin with.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub value: Option<String>,
    /// What to know about it, such as the clause it rests on.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub hint: Option<String>,
}

/// A value and its label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Choice {
    /// Value sent back.
    pub value: String,
    /// Label shown.
    pub label: String,
}

/// Request: take a step on an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StepArgs {
    /// The order's id.
    pub order_id: String,
    /// Which step.
    pub step: String,
    /// Text, if any.
    pub text: Option<String>,
    /// When it really happened, if not now.
    pub claimed_at: Option<String>,
    /// Further fields by key.
    pub fields: std::collections::BTreeMap<String, String>,
    /// Chosen by the caller: the same key twice has one effect.
    pub idempotency_key: String,
}

/// Request: the steps that all these orders allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BulkSteps {
    /// Ids of the orders, at most 200.
    pub orders: Vec<String>,
}

/// Request: one step on several orders, each by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct BulkArgs {
    /// Ids of the orders, at most 200.
    pub orders: Vec<String>,
    /// Which step.
    pub step: String,
    /// When it really happened, if not now: a screen that waits before it sends tells when it was asked.
    pub claimed_at: Option<String>,
    /// Fields by key, `text` among them.
    pub fields: std::collections::BTreeMap<String, String>,
    /// Chosen by the caller: the same key twice has one effect on each order.
    pub idempotency_key: String,
}

/// What became of one order of a bulk step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BulkResult {
    /// The order's id.
    pub order_id: String,
    /// Its number; empty where it is not here.
    pub number: String,
    /// Whether the step was written.
    pub done: bool,
    /// What it did, or why not.
    pub message: String,
}

/// Reply: what became of each order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BulkReply {
    /// One for each order.
    pub results: Vec<BulkResult>,
    /// Sentence for the toast.
    pub message: String,
    /// Topics made stale.
    pub changed: Vec<String>,
}

/// Request: knowledge, newest first, by text, or worth knowing for one order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct KnowledgeArgs {
    /// Text or pinyin initials.
    pub search: Option<String>,
    /// Suggestions for this order instead.
    pub order_id: Option<String>,
}

/// What somebody wrote down for whoever meets the same again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KnowledgeDto {
    /// Event id.
    pub id: String,
    /// The order it was learnt from.
    pub order_id: String,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its maintenance object, number and name.
    pub object: String,
    /// What was seen.
    pub symptom: String,
    /// Why it was so.
    pub cause: String,
    /// What helped.
    pub steps: String,
    /// Who wrote it down.
    pub by: String,
    /// When.
    pub at: String,
    /// Why it is suggested: `同一对象`, `标题相近`; empty where it was searched.
    pub why: String,
}

/// How it stands with a maker or other outside party, as told in one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VendorDto {
    /// Event id.
    pub id: String,
    /// Maker or company.
    pub maker: String,
    /// Number of the case there.
    pub case_no: String,
    /// When somebody is promised to arrive.
    pub promised_at: Option<String>,
    /// When somebody arrived.
    pub arrived_at: Option<String>,
    /// How many come.
    pub people: Option<u32>,
    /// Their names, for those with the right.
    pub names: Option<String>,
    /// Who escorts them.
    pub escort: Option<String>,
    /// Number of the entry permit.
    pub permit_no: String,
    /// Remark.
    pub text: String,
    /// Who told it.
    pub by: String,
    /// When.
    pub at: String,
    /// Whether it is the latest word about this maker; the others are history.
    pub current: bool,
}

/// A cooperation: who was asked to assist, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssistDto {
    /// Event that asked.
    pub id: String,
    /// The colleague or unit.
    pub who: String,
    /// For what.
    pub text: String,
    /// `asked|accepted|finished`.
    pub state: String,
    /// Whether whoever asks is the one asked.
    pub mine: bool,
}

/// A view a person saved: a name and the conditions as the list's address holds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavedViewDto {
    /// Of which list: `orders|stock`.
    #[serde(default = "SavedViewDto::of_orders")]
    pub list: String,
    /// Name.
    pub name: String,
    /// Conditions by key: `view`, `search`, `status`, `sort` …
    pub query: std::collections::BTreeMap<String, String>,
}

impl SavedViewDto {
    /// The list of views that were saved when there was no other.
    fn of_orders() -> String {
        "orders".to_owned()
    }
}

/// Text not sent yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftDto {
    /// What it belongs to.
    pub key: String,
    /// The text; empty drops it.
    pub text: String,
}

/// What the person at this console keeps here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PersonalDto {
    /// Saved views in their order.
    pub views: Vec<SavedViewDto>,
    /// Columns of the wide list in their order; empty for the usual ones.
    pub columns: Vec<String>,
    /// Text not sent yet.
    pub drafts: Vec<DraftDto>,
}

/// Request: replace saved views or columns as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PersonalSave {
    /// All views in their order.
    #[ts(optional = nullable)]
    pub views: Option<Vec<SavedViewDto>>,
    /// All columns in their order; empty for the usual ones.
    #[ts(optional = nullable)]
    pub columns: Option<Vec<String>>,
}

/// Reply to a write: what it did and which kinds of data it made stale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Written {
    /// The entity written to.
    pub id: String,
    /// Sentence for the toast: `已接单，15 分钟内响应`.
    pub message: String,
    /// Topics made stale: `orders`, `order:<id>`, `sync`, `counts`, `session`.
    pub changed: Vec<String>,
}

/// The whole of one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OrderDetail {
    /// Its row.
    pub row: OrderRow,
    /// Description.
    pub detail: String,
    /// How it came: `dispatch|phone|onsite|alarm|inspection|platform`.
    pub channel: String,
    /// Reporter's unit (not sealed).
    pub reporter_unit: String,
    /// Reporter's name, phone and room, for those with the right; absent otherwise.
    pub reporter: Option<ReporterDto>,
    /// Why it was registered late or outside the service period.
    pub late_reason: Option<String>,
    /// Devices it names.
    pub assets: Vec<AssetLink>,
    /// When the work was planned for, also after that moment.
    pub planned_at: Option<String>,
    /// Name of the colleague it was recorded for.
    pub on_behalf: Option<String>,
    /// How that colleague worked.
    pub remote: Option<RemoteDto>,
    /// What a work record says.
    pub record: Option<RecordDto>,
    /// Name of the program that registered it, where no person did.
    pub source: Option<String>,
    /// When the last alarm came; absent where it came otherwise.
    pub last_alarm_at: Option<String>,
    /// All clocks.
    pub clocks: Vec<ClockDto>,
    /// Timeline, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// Files, oldest first.
    pub files: Vec<FileDto>,
    /// What files may be added.
    pub file_rules: FileRules,
    /// What this user may do now.
    pub steps: Vec<StepDto>,
    /// Why the level is what it is, and which rules matched besides.
    pub level_why: String,
    /// Who can be called while nobody has taken it, in their turn; empty otherwise.
    pub callees: Vec<CalleeDto>,
    /// Rules that matched but need a person's choice.
    pub open_choices: Vec<RuleChoice>,
    /// Version of the contract bound to it (first eight hex digits) and date of acceptance.
    pub contract_version: String,
    /// Seq up to which this view is folded.
    pub as_of_seq: String,
    /// Outside parties, newest word first.
    pub vendors: Vec<VendorDto>,
    /// Cooperations, oldest first.
    pub assists: Vec<AssistDto>,
    /// How often it was urged since the last answer.
    pub urged: u32,
}

/// Somebody who can be called for an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CalleeDto {
    /// User id.
    pub id: String,
    /// Name.
    pub name: String,
    /// His turn: `duty|standby|second|manager`.
    pub tier: String,
    /// Its Chinese word.
    pub tier_name: String,
    /// Where he is by his own word; empty when he said nothing.
    pub whereabouts: String,
    /// Mobile phone; absent where it is not known, or not this person's to see.
    pub phone: Option<String>,
    /// Extension or short number on site, as above.
    pub extension: Option<String>,
    /// He is on leave today: `病假`.
    pub leave: Option<String>,
    /// Calls for this order so far.
    pub calls: u32,
    /// What came of the last.
    pub last: Option<String>,
}

/// Faults of the gravest level that nobody has taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AlarmList {
    /// This console stands in the duty room: it sounds until they are taken.
    pub sounds: bool,
    /// They, the oldest first.
    pub orders: Vec<OrderRow>,
}

/// Where everybody is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WhereaboutsBoard {
    /// One per person, oneself first.
    pub items: Vec<WhereaboutsItem>,
    /// What can be said: stable word and Chinese name.
    pub choices: Vec<(String, String)>,
    /// Whether this user may speak for others.
    pub may_tell_others: bool,
}

/// Where one person is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WhereaboutsItem {
    /// User id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Pinyin initials of the name.
    pub initials: String,
    /// Divisions, joined; empty for all.
    pub division: String,
    /// `desk|machine_room|meeting|out|meal`; absent when nothing was said.
    pub at: Option<String>,
    /// Chinese name of that.
    pub text: String,
    /// The place in words.
    pub place: String,
    /// Since when.
    pub since: Option<String>,
    /// When expected back.
    pub back_at: Option<String>,
    /// Expected back before now.
    pub late: bool,
    /// Said on an earlier day: shown as old, not as if it held now.
    pub old: bool,
    /// Who said it, if not the person.
    pub by: Option<String>,
    /// Waits for the centre.
    pub pending: bool,
    /// The person who asks.
    pub mine: bool,
}

/// Request: say where somebody is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WhereaboutsTell {
    /// User id; oneself when absent.
    pub person: Option<String>,
    /// `desk|machine_room|meeting|out|meal`.
    pub at: String,
    /// The place in words, may be empty.
    pub place: String,
    /// When expected back, RFC 3339.
    pub back_at: Option<String>,
    /// Same key twice = one effect.
    pub idempotency_key: String,
}

/// Sealed parts of a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReporterDto {
    /// Name.
    pub name: String,
    /// Phone.
    pub phone: String,
    /// Room.
    pub room: String,
    /// Extension.
    #[serde(default)]
    pub extension: String,
}

/// A rule that matched an order for a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleChoice {
    /// Target it would set.
    pub target: String,
    /// Chinese name of the target.
    pub target_name: String,
    /// Rule id.
    pub rule: String,
    /// Source lines.
    pub source: String,
    /// Clause, verbatim.
    pub clause: String,
    /// Whether the program suggests it.
    pub suggested: bool,
    /// Why, in Chinese.
    pub why: String,
    /// What a person must still say: `rule`, `level`, a window's name.
    pub needs: Vec<String>,
}

/// Request: one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OrderGet {
    /// Its id or number.
    pub id: String,
}

/// Request: explain a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExplainArgs {
    /// The order's id.
    pub order_id: String,
    /// Which target.
    pub target: String,
}

/// Reply: where a clock comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExplainDto {
    /// The clock.
    pub clock: ClockDto,
    /// Segments from start to end or now, without hole.
    pub segments: Vec<SegmentDto>,
    /// The days the segments span, for the strip behind them.
    pub days: Vec<DayDto>,
    /// Events that set or changed it, in order, each with what it did.
    pub events: Vec<TimelineEntry>,
    /// Rules that matched this target.
    pub matched: Vec<RuleChoice>,
    /// Settings used, each as one sentence ending in 本项目约定 where it is one.
    pub settings: Vec<String>,
    /// Verbatim words of the line that the rule cites.
    pub text: Option<String>,
    /// What the contract adds to the clock in words.
    pub notes: Vec<String>,
    /// Events that set or moved it.
    pub moves: Vec<MoveDto>,
}

/// A run of counted or uncounted time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SegmentDto {
    /// From.
    pub from: String,
    /// To.
    pub to: String,
    /// Whether it counts.
    pub counted: bool,
    /// Code.
    pub why: String,
    /// Sentence.
    pub text: String,
}

/// A calendar day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DayDto {
    /// Date.
    pub date: String,
    /// `statutory|substitute|bridge|makeup|weekend|workday|unannounced`.
    pub kind: String,
    /// Holiday's name, if any.
    pub holiday: Option<String>,
}

/// What the register form needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RegisterForm {
    /// Divisions this user may register for.
    pub divisions: Vec<String>,
    /// Objects, with what can be told of each at once.
    pub objects: Vec<ObjectDto>,
    /// Levels of the contract with their definition.
    pub levels: Vec<LevelDto>,
    /// People who can be dispatched to.
    pub people: Vec<PersonDto>,
    /// The standing reminder above the composer.
    pub reminder: String,
}

/// A maintenance object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ObjectDto {
    /// Number in the contract.
    pub no: String,
    /// Name.
    pub name: String,
    /// Division.
    pub division: String,
    /// `core|important|general` from the settings, if set.
    pub system_class: Option<String>,
    /// Service period as text.
    pub period: String,
    /// A warning when now is outside the period.
    pub warning: Option<String>,
    /// Pinyin initials for the picker.
    pub initials: String,
}

/// A level of the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LevelDto {
    /// As printed.
    pub level: String,
    /// Priority word.
    pub priority: String,
    /// Definition, verbatim.
    pub definition: String,
    /// Source lines.
    pub source: String,
}

/// A person that work can go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PersonDto {
    /// User id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Post name.
    pub post: String,
    /// Division.
    pub division: String,
    /// On site or remote.
    pub onsite: bool,
    /// Open orders now.
    pub open_orders: u32,
    /// Pinyin initials.
    pub initials: String,
}

/// The facts the level assistant asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LevelFacts {
    /// Object number.
    pub object: Option<String>,
    /// `core|important|general`.
    pub system_class: Option<String>,
    /// `half_or_more|under_half|individual`.
    pub share: Option<String>,
    /// VIP user.
    pub vip: Option<bool>,
    /// Security event.
    pub security_event: Option<bool>,
    /// A service request, not a fault.
    pub request: Option<bool>,
}

/// Request: what the contract says to these facts, with the clocks of the level asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LevelAsk {
    /// The facts told so far.
    #[serde(flatten)]
    pub facts: LevelFacts,
    /// Show the clocks of this level instead of the one that fits.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub level: Option<String>,
    /// Contract, where no division tells it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub contract: Option<String>,
    /// Division, where more than one contract or office hours could apply.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub division: Option<String>,
    /// When it was reported, if not now.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub reported_at: Option<String>,
}

/// What the contract's matrix says to these facts, and the clocks that would run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LevelAdvice {
    /// The one level that fits, if one does.
    pub level: Option<String>,
    /// All levels that fit.
    pub fits: Vec<String>,
    /// Chinese sentence: which clause, or which gap or overlap of the document.
    pub why: String,
    /// The questions whose answers matter, in the order to ask them.
    pub questions: Vec<LevelQuestionDto>,
    /// What follows from the answers: `level|ask|gap|overlap|no_levels`.
    pub outcome: String,
    /// The clauses of the levels that fit; of all levels of the object where none does yet.
    pub clauses: Vec<LevelClauseDto>,
    /// Clocks as they would run from now with `level` (or the level asked for).
    pub clocks: Vec<ClockDto>,
    /// Matching rules.
    pub matched: Vec<RuleChoice>,
}

/// Request: register (and dispatch) an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RegisterArgs {
    /// Kind.
    pub kind: String,
    /// Title.
    pub title: String,
    /// Description.
    pub detail: String,
    /// Division.
    pub division: String,
    /// Object number.
    pub object: String,
    /// The device, by id or serial number.
    #[ts(optional = nullable)]
    pub asset: Option<String>,
    /// Level chosen.
    pub level: Option<String>,
    /// Why this level, when the matrix gives none or two or another.
    pub level_reason: Option<String>,
    /// Facts the level was derived from.
    pub facts: LevelFacts,
    /// How it came.
    pub channel: String,
    /// When it was reported, if not now.
    pub reported_at: Option<String>,
    /// Why it is registered late or outside the service period.
    pub reason: Option<String>,
    /// When the work is planned, where that lies ahead.
    #[ts(optional = nullable)]
    pub scheduled_at: Option<String>,
    /// The colleague who does it (user id), recorded by the person at this console.
    #[ts(optional = nullable)]
    pub on_behalf: Option<String>,
    /// How that colleague works.
    #[ts(optional = nullable)]
    pub remote: Option<RemoteDto>,
    /// Reporter's unit.
    pub reporter_unit: String,
    /// Reporter's name, phone, room: sealed.
    pub reporter: Option<ReporterDto>,
    /// Dispatch to this user at once.
    pub dispatch_to: Option<String>,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// The Today page in one read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TodayDto {
    /// Today's calendar day.
    pub day: DayDto,
    /// My queue by next deadline.
    pub mine: Vec<OrderRow>,
    /// Unassigned of my divisions.
    pub unassigned: Vec<OrderRow>,
    /// In which something is asked of me.
    pub waiting: Vec<OrderRow>,
    /// With a fault report owed, by its deadline.
    pub reports: Vec<OrderRow>,
    /// Counts.
    pub counts: QueueCounts,
    /// Met and missed today, per target.
    pub today: Vec<TargetCount>,
    /// Messages from sync that need a person.
    pub conflicts: Vec<ConflictDto>,
    /// Holidays and make-up days in the next 14 days.
    pub upcoming: Vec<DayDto>,
    /// "Now".
    pub now: String,
}

/// Met and missed of a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TargetCount {
    /// Target.
    pub target: String,
    /// Its Chinese name.
    pub name: String,
    /// Ended in time.
    pub met: u32,
    /// Ended late or overdue.
    pub missed: u32,
}

/// Request: the chart of met and missed clocks by week and target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChartArgs {
    /// Target, or all when absent.
    pub target: Option<String>,
    /// Weeks back from now, 1-26.
    pub weeks: u32,
    /// `light` or `dark`.
    pub theme: String,
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
}

/// Reply: an SVG and the numbers in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChartDto {
    /// SVG text drawn in Rust.
    pub svg: String,
    /// The same as rows, for the table under it and for readers of screens.
    pub rows: Vec<ChartRow>,
}

/// One bar pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChartRow {
    /// Monday of the week.
    pub week: String,
    /// Target's Chinese name.
    pub target: String,
    /// Met.
    pub met: u32,
    /// Missed.
    pub missed: u32,
}

/// Settings of this console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettingsDto {
    /// `light|dark|system`.
    pub theme: String,
    /// Minutes without input until the lock, 1-60.
    pub idle_lock_minutes: u32,
    /// Notifications for new orders and clocks about to break.
    pub notify: bool,
    /// A duty-room PC: a fault of the gravest level sounds here until somebody takes it.
    pub duty_pc: bool,
    /// Address of the centre (read only).
    pub centre: String,
    /// SHA-256 or BLAKE3 fingerprint of the pinned CA key (read only).
    pub centre_fingerprint: String,
    /// Device name and id (read only).
    pub device: String,
    /// Where the store is (read only).
    pub store_path: String,
    /// Program version (read only).
    pub version: String,
    /// Whether the OS keyring holds an unattended slot.
    pub keyring_slot: bool,
    /// Contract versions in force (read only).
    pub contracts: Vec<String>,
    /// Calendar years announced (read only).
    pub calendar_years: String,
    /// Files whose content is here (read only).
    pub files_here: u32,
    /// Space they take, in KiB (read only).
    pub files_kib: u32,
}

/// Request: change settings of this console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettingsChange {
    /// `light|dark|system`.
    pub theme: Option<String>,
    /// Minutes without input until the lock, 1-60.
    pub idle_lock_minutes: Option<u32>,
    /// Notifications on or off.
    pub notify: Option<bool>,
    /// A duty-room PC or not.
    pub duty_pc: Option<bool>,
}

/// A message pushed to the UI: topics that are stale now, or a reminder to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PushDto {
    /// Topics made stale: `orders`, `order:<id>`, `sync`, `counts`, `session`.
    pub changed: Vec<String>,
    /// Reminders to show now.
    pub reminders: Vec<ReminderDto>,
}

/// A reminder: a new order, or a clock about to break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReminderDto {
    /// `new_order|soon|broken`.
    pub kind: String,
    /// Order id.
    pub order_id: String,
    /// Title of the notice; never a reporter's name or phone.
    pub title: String,
    /// Body.
    pub body: String,
}

/// Result of verifying chain and projections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VerifyDto {
    /// Whether all is well.
    pub ok: bool,
    /// Events checked.
    pub events: u32,
    /// What is wrong, each with log and seq.
    pub problems: Vec<String>,
    /// Sentence for people.
    pub message: String,
}

/// Unsent and unsettled work of this console, to be kept elsewhere when nothing else works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportDto {
    /// One JSON document per event, complete with its text; sealed parts only for those with the right.
    pub lines: Vec<String>,
}
