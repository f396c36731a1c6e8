//! What crosses the door about 交接班.
//!
//! Instants are RFC 3339 in +08:00, dates `2025-10-15`. Orders outside the reader's scope are told by
//! their number alone.

use super::dto::{ClockDto, KnownUser, PersonDto};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Request: one handover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandoverRef {
    /// Its entity id.
    pub id: String,
}

/// A post.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PostRefDto {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
}

/// An open order in a handover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandoverOrder {
    /// Entity id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Title; empty where the reader's scope does not reach.
    pub title: String,
    /// Division; empty likewise.
    pub division: String,
    /// Status now, for people; empty likewise.
    pub status: String,
    /// Who works on it.
    pub assignee: String,
    /// What the next one has to know.
    pub note: String,
}

/// A running clock in a handover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandoverClock {
    /// Number of the order.
    pub number: String,
    /// Name of the target.
    pub name: String,
    /// Deadline.
    pub deadline: Option<String>,
    /// Near its end or over it when it was signed.
    pub near: bool,
    /// The clock now, where the reader's scope reaches and it still runs.
    pub clock: Option<ClockDto>,
}

/// A thing handed over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ThingDto {
    /// `part|key|card|tool`.
    pub kind: String,
    /// What it is.
    pub name: String,
    /// How many.
    pub count: u32,
    /// Where it is, who has it.
    pub note: String,
}

/// How a system ran.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SystemDto {
    /// Maintenance object number.
    pub object: String,
    /// Its name; not read in a request.
    pub name: String,
    /// Its division; not read in a request.
    pub division: String,
    /// 正常.
    pub normal: bool,
    /// What is wrong, or what to watch.
    pub note: String,
}

/// A matter to follow up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct MatterDto {
    /// Stays the same from handover to handover; empty for a new one.
    pub id: String,
    /// `alarm|instruction|coverage|other`.
    pub kind: String,
    /// What it is.
    pub text: String,
    /// Open since; empty for a new one.
    pub since: String,
    /// Done.
    pub done: bool,
}

/// What the form of a handover is filled with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandoverForm {
    /// The handover that is signed anew; absent: a new one.
    pub id: Option<String>,
    /// The signing it takes the place of.
    pub signing: Option<String>,
    /// Why it came back, where it was refused.
    pub refusal: String,
    /// What lists were carried over from: `承接 10-14 王强 → 李敏 的交接`; empty: nothing before.
    pub carried: String,
    /// The turn, in words.
    pub turn: String,
    /// Posts that can be handed over, those held by whoever asks first.
    pub posts: Vec<PostRefDto>,
    /// Posts ticked at first.
    pub held: Vec<String>,
    /// Who should come, by the roster.
    pub to: Option<String>,
    /// 监交人 ticked at first.
    pub witness: Option<String>,
    /// Colleagues who can take over or watch.
    pub people: Vec<PersonDto>,
    /// Open orders.
    pub orders: Vec<HandoverOrder>,
    /// Open orders beyond what one handover holds.
    pub orders_left: u32,
    /// Running clocks by deadline.
    pub clocks: Vec<HandoverClock>,
    /// Things, with the counts of the last handover.
    pub things: Vec<ThingDto>,
    /// Systems.
    pub systems: Vec<SystemDto>,
    /// Matters that are open, and those that suggest themselves today.
    pub matters: Vec<MatterDto>,
    /// Anything else.
    pub note: String,
    /// Kinds of things: code, name.
    pub thing_kinds: Vec<(String, String)>,
    /// Kinds of matters: code, name.
    pub matter_kinds: Vec<(String, String)>,
    /// Whether this person hands over.
    pub may_sign: bool,
    /// The standing reminder above the form.
    pub reminder: String,
}

/// Request: sign out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct HandoverSign {
    /// The handover that is signed anew.
    pub id: Option<String>,
    /// The signing it takes the place of, as the form told.
    pub signing: Option<String>,
    /// The turn, in words.
    pub turn: String,
    /// Posts.
    pub posts: Vec<PostRefDto>,
    /// Who should come.
    pub to: Option<String>,
    /// 监交人.
    pub witness: Option<String>,
    /// Notes to orders, by entity id; the orders themselves are read anew.
    pub notes: Vec<(String, String)>,
    /// Things.
    pub things: Vec<ThingDto>,
    /// Systems.
    pub systems: Vec<SystemDto>,
    /// Matters.
    pub matters: Vec<MatterDto>,
    /// Anything else.
    pub note: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Request: accept, refuse or watch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct HandoverAnswer {
    /// The handover.
    pub id: String,
    /// The signing that was read.
    pub signing: String,
    /// Why it is refused; a remark otherwise.
    pub text: String,
    /// Log-in name of whoever signs here, where it is not the person logged in.
    pub login: Option<String>,
    /// His own password.
    pub password: Option<String>,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// A handover in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandoverRow {
    /// Entity id.
    pub id: String,
    /// When it was signed out.
    pub at: String,
    /// Who handed over.
    pub by: String,
    /// The turn, in words.
    pub turn: String,
    /// Names of the posts.
    pub posts: String,
    /// Who should come.
    pub to: String,
    /// Who accepted or refused.
    pub answered_by: String,
    /// When.
    pub answered_at: Option<String>,
    /// `offered|refused|accepted`.
    pub stage: String,
    /// Chinese word of it.
    pub stage_name: String,
    /// How often it was signed.
    pub signings: u32,
    /// Open orders in it.
    pub orders: u32,
    /// Clocks near their end in it.
    pub near: u32,
    /// Matters open in it.
    pub matters: u32,
    /// Waits for whoever asks: to accept, or to sign anew.
    pub waits: bool,
    /// Part of it waits for the centre.
    pub pending: bool,
}

/// The whole of one handover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandoverDto {
    /// As in the list.
    pub row: HandoverRow,
    /// Name of the contract.
    pub contract: String,
    /// The signing shown: to be named by whoever answers.
    pub signing: String,
    /// Open orders.
    pub orders: Vec<HandoverOrder>,
    /// Open orders beyond what it holds.
    pub orders_left: u32,
    /// Running clocks.
    pub clocks: Vec<HandoverClock>,
    /// Things.
    pub things: Vec<ThingDto>,
    /// Systems.
    pub systems: Vec<SystemDto>,
    /// Matters.
    pub matters: Vec<MatterDto>,
    /// Anything else.
    pub note: String,
    /// What was said at the acceptance or refusal.
    pub answer: String,
    /// 监交人; empty: none is asked for.
    pub witness: String,
    /// When he signed.
    pub witnessed_at: Option<String>,
    /// Whether whoever asks may accept or refuse it as himself.
    pub may_answer: bool,
    /// Whether he may sign as 监交人.
    pub may_witness: bool,
    /// Whether he may sign it anew.
    pub may_sign: bool,
    /// Colleagues who can sign at this console with their own password.
    pub signers: Vec<KnownUser>,
    /// What a printed sheet names: `第1次签 · 记录 01890a5d · 公共日志第 12 条 a81f03c2`.
    pub version: String,
    /// On paper only: who printed it.
    pub watermark: String,
    /// Names of kinds of things, by code.
    pub thing_kinds: Vec<(String, String)>,
    /// Names of kinds of matters, by code.
    pub matter_kinds: Vec<(String, String)>,
}

/// Request: print a handover or a day's report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DutyPrint {
    /// Handover id, or date.
    pub id: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}
