//! From a wish to events: what a person asks for becomes drafts, or a refusal that says what to do.

use crate::event::{EntityId, EntityKind, EventId, LogName, UserId, event_type};
use crate::order::payload as p;
use crate::order::table::{self, Objection, Row, STEPS, Step, StepOffer};
use crate::order::{Assist, AssistState, Order, Status};
use crate::people::{Actor, Role, may};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::collections::BTreeMap;

/// An event to be written, without the envelope the store puts around it. Drafts of one decision
/// are one group: all or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Type name.
    pub kind: &'static str,
    /// Payload version.
    pub tv: u16,
    /// Payload, JSON.
    pub payload: String,
    /// What a claim relies on: field → value, empty text for none. Empty for facts.
    pub expect: BTreeMap<String, String>,
    /// Own pending events it stands on.
    pub deps: Vec<EventId>,
    /// Earlier drafts of the same decision it stands on, by position.
    pub after: Vec<usize>,
    /// Must be signed by the user's own key.
    pub consent: bool,
    /// When it happened, by the person's account.
    pub claimed_at: Timestamp,
    /// Parts that travel sealed.
    pub sealed: Vec<SealedPart>,
}

impl Draft {
    /// An event that relies on nothing, stands on nothing and has no sealed part.
    #[must_use]
    pub fn new(kind: &'static str, payload: String, claimed_at: Timestamp) -> Self {
        let row = event_type(kind);
        Self {
            kind,
            tv: row.map_or(1, |row| row.tv),
            payload,
            expect: BTreeMap::new(),
            deps: Vec::new(),
            after: Vec::new(),
            consent: row.is_some_and(|row| row.consent),
            claimed_at,
            sealed: Vec::new(),
        }
    }
}

/// A part of an event that travels sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedPart {
    /// Its name, such as `reporter`.
    pub name: &'static str,
    /// Its content, JSON.
    pub json: String,
}

/// What a person filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepInput {
    /// When it really happened, if not now.
    pub claimed_at: Option<Timestamp>,
    /// Fields by the keys of the row's [`table::Field`]s; `text` is one of them.
    pub fields: BTreeMap<String, String>,
}

impl StepInput {
    /// Input with these fields.
    pub fn of(fields: &[(&str, &str)]) -> Self {
        let fields = fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Self { claimed_at: None, fields }
    }

    fn text(&self, key: &str) -> String {
        self.fields.get(key).map(|v| v.trim().to_owned()).unwrap_or_default()
    }

    fn optional(&self, key: &str) -> Option<String> {
        Some(self.text(key)).filter(|v| !v.is_empty())
    }

    fn user(&self, key: &'static str) -> Result<Option<UserId>, Refusal> {
        self.optional(key)
            .map(|id| UserId::new(id).map_err(|_| Refusal::bad_input(key, "人员编号不对，请重新选择。")))
            .transpose()
    }

    fn instant(&self, key: &'static str) -> Result<Option<Timestamp>, Refusal> {
        let read = |text: String| text.parse().map_err(|_| Refusal::bad_input(key, "时间写法不对，请重填。"));
        self.optional(key).map(read).transpose()
    }

    fn asset(&self) -> Result<Option<EntityId>, Refusal> {
        let read = |id: String| EntityId::new(id).ok().filter(|id| id.kind() == EntityKind::Asset);
        let wrong = || Refusal::bad_input("asset", "设备编号不对，请重新选择设备。");
        self.optional("asset").map(|id| read(id).ok_or_else(wrong)).transpose()
    }

    fn number(&self, key: &'static str) -> Result<Option<u32>, Refusal> {
        let read = |text: String| text.parse().map_err(|_| Refusal::bad_input(key, "请填写整数。"));
        self.optional(key).map(read).transpose()
    }
}

/// Why a wish is not granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalCode {
    /// Not legal in the present state.
    NotNow,
    /// Not this person's to do.
    NotAllowed,
    /// A field is missing or wrong.
    BadInput {
        /// Its key.
        field: &'static str,
    },
}

/// A refusal, for people: what is wrong and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// What kind.
    pub code: RefusalCode,
    /// Chinese sentence.
    pub message: String,
}

impl Refusal {
    pub(crate) fn bad_input(field: &'static str, message: impl Into<String>) -> Self {
        Self { code: RefusalCode::BadInput { field }, message: message.into() }
    }

    pub(crate) fn not_now(message: impl Into<String>) -> Self {
        Self { code: RefusalCode::NotNow, message: message.into() }
    }

    pub(crate) fn not_allowed(message: impl Into<String>) -> Self {
        Self { code: RefusalCode::NotAllowed, message: message.into() }
    }
}

/// The longest text of one field, in characters: well below an event's 64 KiB (SYNC 6) in UTF-8.
pub(crate) const TEXT_CHARS_MAX: usize = 8_000;

/// The longest number of another platform, in characters. A guess.
pub(crate) const EXTERNAL_NO_CHARS_MAX: usize = 64;

/// Whether a number of the buyer's platform is one word that can be looked up by.
pub(crate) fn is_external_no(number: &str) -> bool {
    number.chars().count() <= EXTERNAL_NO_CHARS_MAX && !number.chars().any(char::is_whitespace)
}

/// How far a stated time may lie ahead of `now`: clocks of two hosts differ a little. A guess.
const AHEAD_MAX: SignedDuration = SignedDuration::from_secs(60);

/// Decides one step on an order as this console sees it (confirmed state with the overlay).
///
/// # Errors
/// [`Refusal`]: not now, not this person, or a field is missing or wrong.
pub fn decide(
    order: &Order,
    step: Step,
    input: &StepInput,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Draft>, Refusal> {
    let Some(row) = table::row(step) else { return Err(Refusal::not_now("没有这一步。")) };
    let on_behalf = input.user("on_behalf")?;
    permitted(order, row, actor, on_behalf.as_ref())?;
    check_fields(row, input)?;
    if step == Step::Confirm && input.text("way") == "account" && !actor.has(Role::BuyerContact) {
        return Err(Refusal::bad_input(
            "way",
            "“本人账号”只用于甲方联系人自己登录确认；代为记录的，请选签字单、电话或当面。",
        ));
    }
    let claimed_at = claimed_at(input, now)?;
    let payload = naming_source(payload(order, step, input, actor, on_behalf, now)?, actor)?;
    let draft = Draft {
        expect: expect(order, step, input),
        deps: order.pending_claims.clone(),
        sealed: sealed(step, input)?,
        ..Draft::new(row.event, payload, claimed_at)
    };
    Ok(vec![draft])
}

/// The steps `actor` may take on `order` now, in the table's order; at most one is primary.
pub fn steps(order: &Order, actor: &Actor) -> Vec<StepOffer> {
    let main = primary(order);
    let offered =
        |row: &&Row| permitted(order, row, actor, None).is_ok() && is_useful(order, row.step, actor);
    STEPS.iter().filter(offered).map(|row| StepOffer { row, primary: Some(row.step) == main }).collect()
}

fn is_useful(order: &Order, step: Step, actor: &Actor) -> bool {
    match step {
        Step::AcceptAssist | Step::FinishAssist => assists(order, step, actor).next().is_some(),
        Step::Reconcile => !order.unreconciled.is_empty(),
        Step::Urge => order.status.is_open(),
        Step::Enter => order.status != Status::Merged,
        _ => true,
    }
}

fn primary(order: &Order) -> Option<Step> {
    Some(match order.status {
        _ if order.suspended => Step::Resume,
        Status::Registered | Status::Dispatched => Step::Accept,
        Status::Accepted => Step::Arrive,
        Status::Arrived | Status::WorkedAround => Step::Restore,
        Status::Restored => Step::Confirm,
        Status::Confirmed => Step::Close,
        Status::Closed | Status::Merged => return None,
    })
}

/// The cooperations a person can accept or end: his own, those of units without accounts, and every one
/// for service desk and project manager.
pub fn assists<'a>(order: &'a Order, step: Step, actor: &'a Actor) -> impl Iterator<Item = &'a Assist> {
    let desk = [Role::Dispatcher, Role::Supervisor].iter().any(|role| actor.has(*role));
    let in_charge = order.assignee.is_some() && order.assignee.as_ref() == actor.user();
    order.assists.iter().filter(move |assist| {
        let own = assist.to.is_some() && assist.to.as_ref() == actor.user();
        let ends = in_charge && (assist.to.is_none() || step == Step::FinishAssist);
        can_be_answered(assist, step) && (own || desk || ends)
    })
}

fn can_be_answered(assist: &Assist, step: Step) -> bool {
    match step {
        Step::AcceptAssist => assist.state == AssistState::Asked,
        _ => assist.state != AssistState::Finished,
    }
}

pub(crate) fn permitted(
    order: &Order,
    row: &Row,
    actor: &Actor,
    doer: Option<&UserId>,
) -> Result<(), Refusal> {
    if order.is_read_only() {
        return Err(Refusal::not_now("此工单含有更新版本程序的内容，升级本机程序后再操作。"));
    }
    let log = LogName::division(&order.contract, &order.division);
    if !log.is_ok_and(|log| may(actor, row.event, &log)) {
        return Err(Refusal::not_allowed(format!("您没有在本部门“{}”的权限，请联系项目经理。", row.name)));
    }
    table::allows(row.event, order, actor, doer).map_err(|objection| refusal(order, row, objection))
}

fn refusal(order: &Order, row: &Row, objection: Objection) -> Refusal {
    let state = if order.suspended { "挂起" } else { order.status.title() };
    match (objection, &order.assignee) {
        (Objection::Status, _) => {
            Refusal::not_now(format!("工单现为“{state}”，不能“{}”；请刷新后按现状选择下一步。", row.name))
        }
        (Objection::Person, Some(_)) => Refusal::not_allowed(format!(
            "工单现由他人负责，不能由您“{}”；需要接手请先由其转派，或由服务台转派。",
            row.name
        )),
        (Objection::Person, None) => {
            Refusal::not_allowed(format!("您的角色不能在“{state}”时“{}”，请联系服务台或项目经理。", row.name))
        }
    }
}

fn check_fields(row: &Row, input: &StepInput) -> Result<(), Refusal> {
    for field in row.fields {
        let value = input.text(field.key);
        if field.required && value.is_empty() {
            return Err(Refusal::bad_input(field.key, format!("请填写“{}”。", field.label)));
        }
        if value.chars().count() > TEXT_CHARS_MAX {
            return Err(Refusal::bad_input(
                field.key,
                format!("“{}”太长，最多 {TEXT_CHARS_MAX} 字。", field.label),
            ));
        }
        if !value.is_empty() && !field.choices.is_empty() && !field.choices.iter().any(|(v, _)| *v == value) {
            return Err(Refusal::bad_input(field.key, format!("“{}”不在可选范围内。", field.label)));
        }
    }
    Ok(())
}

pub(crate) fn claimed_at(input: &StepInput, now: Timestamp) -> Result<Timestamp, Refusal> {
    let claimed = crate::event::to_milliseconds(input.claimed_at.unwrap_or(now));
    if claimed.duration_since(now) > AHEAD_MAX {
        return Err(Refusal::bad_input("claimed_at", "发生时间不能晚于现在，请改正。"));
    }
    Ok(claimed)
}

/// The fields of the present state a claim relies on; facts rely on none.
fn expect(order: &Order, step: Step, input: &StepInput) -> BTreeMap<String, String> {
    let rule = format!("rule.{}", input.text("target"));
    let fields: &[&str] = match step {
        Step::Accept | Step::Dispatch | Step::Return | Step::Transfer => &["status", "assignee"],
        Step::Suspend | Step::Resume => &["suspended"],
        Step::ChangeLevel => &["level"],
        Step::ChooseRule => &[&rule],
        Step::Rebind => &["contract_hash", "calendar_hash"],
        Step::Confirm | Step::Close | Step::Reopen | Step::Merge | Step::Void => &["status"],
        _ => &[],
    };
    fields.iter().filter_map(|f| Some(((*f).to_owned(), order.field(f)?))).collect()
}

/// What of the input travels sealed: names of people who are no users.
fn sealed(step: Step, input: &StepInput) -> Result<Vec<SealedPart>, Refusal> {
    match input.optional("names") {
        Some(names) if step == Step::NoteVendor => {
            Ok(vec![SealedPart { name: "visitors", json: json(&p::Visitors { names })? }])
        }
        _ => Ok(Vec::new()),
    }
}

/// The cooperation an answer is about: the one named, or the only one it can be.
fn assist(
    order: &Order,
    step: Step,
    input: &StepInput,
    actor: &Actor,
    on_behalf: Option<&UserId>,
) -> Result<String, Refusal> {
    let of_doer = |assist: &&Assist| {
        on_behalf.is_some() && assist.to.as_ref() == on_behalf && can_be_answered(assist, step)
    };
    let fitting = assists(order, step, actor).chain(order.assists.iter().filter(of_doer));
    let mut ids: Vec<String> = fitting.map(|assist| assist.id.to_string()).collect();
    ids.dedup();
    match (input.optional("assist"), ids.as_slice()) {
        (Some(named), ids) if ids.contains(&named) => Ok(named),
        (None, [only]) => Ok(only.clone()),
        (_, []) => Err(Refusal::not_now("没有等您答复的协办请求，可能已由他人答复或结束。")),
        _ => Err(Refusal::bad_input("assist", "有几项协办，请选择是哪一项。")),
    }
}

fn restored(input: &StepInput, on_behalf: Option<UserId>, now: Timestamp) -> Result<String, Refusal> {
    let (from, to) = (input.instant("affected_from")?, input.instant("affected_to")?);
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        return Err(Refusal::bad_input("affected_to", "“中断至”早于“中断自”，请改正。"));
    }
    for (key, at) in [("affected_from", from), ("affected_to", to)] {
        if at.is_some_and(|at| at.duration_since(now) > AHEAD_MAX) {
            return Err(Refusal::bad_input(key, "中断时间不能晚于现在，请改正。"));
        }
    }
    json(&p::Restored {
        text: input.text("text"),
        cause: input.optional("cause"),
        party: input.optional("party"),
        on_behalf,
        cause_class: input.optional("cause_class"),
        affected_units: input.text("affected_units"),
        affected_users: input.number("affected_users")?,
        affected_from: from,
        affected_to: to,
        evidence: input.text("evidence"),
        security_class: input.optional("security_class"),
    })
}

fn assist_asked(order: &Order, input: &StepInput) -> Result<String, Refusal> {
    let (to, unit) = (input.user("to")?, input.text("unit"));
    if to.is_none() && unit.is_empty() {
        return Err(Refusal::bad_input("to", "请选择协办人，或填写协办单位。"));
    }
    if to.is_some() && to == order.assignee {
        return Err(Refusal::bad_input("to", "此人正是主办人，请选择他人协办。"));
    }
    let open = || order.assists.iter().filter(|assist| assist.state != AssistState::Finished);
    if open().any(|assist| assist.to.is_some() && assist.to == to) {
        return Err(Refusal::bad_input("to", "已请此人协办，尚未结束。"));
    }
    if open().count() >= Order::LISTED_MAX {
        return Err(Refusal::not_now(format!("已有 {} 项协办未结束，请先结束其中一项。", Order::LISTED_MAX)));
    }
    json(&p::AssistAsked { to, unit, text: input.text("text") })
}

fn vendor_noted(input: &StepInput, now: Timestamp) -> Result<String, Refusal> {
    let arrived_at = input.instant("arrived_at")?;
    if arrived_at.is_some_and(|at| at.duration_since(now) > AHEAD_MAX) {
        return Err(Refusal::bad_input("arrived_at", "实际到场不能晚于现在，请改正。"));
    }
    json(&p::VendorNoted {
        maker: input.text("maker"),
        case_no: input.text("case_no"),
        promised_at: input.instant("promised_at")?,
        arrived_at,
        people: input.number("people")?,
        escort: input.user("escort")?,
        permit_no: input.text("permit_no"),
        text: input.text("text"),
    })
}

fn payload(
    order: &Order,
    step: Step,
    input: &StepInput,
    actor: &Actor,
    on_behalf: Option<UserId>,
    now: Timestamp,
) -> Result<String, Refusal> {
    let text = input.text("text");
    let reason = input.text("reason");
    match step {
        Step::Dispatch => {
            let to = input.user("to")?;
            json(&p::Dispatched { pool: to.is_none(), to, text })
        }
        Step::Accept => json(&p::Accepted { on_behalf, text }),
        Step::Respond
        | Step::Arrive
        | Step::StartWork
        | Step::Diagnose
        | Step::GiveSolution
        | Step::GiveAlternative
        | Step::RemoteFailed
        | Step::Workaround
        | Step::Escalate
        | Step::SubmitReport => {
            json(&p::Fact { text, on_behalf, to: input.optional("to"), asset: input.asset()? })
        }
        Step::Restore => restored(input, on_behalf, now),
        Step::Swap => json(&p::Swapped {
            text,
            old_serial: input.optional("old_serial"),
            new_serial: input.optional("new_serial"),
            on_behalf,
            stock: None,
            asset: input.asset()?,
        }),
        Step::Suspend => {
            json(&p::Suspended { reason, party: input.text("party"), evidence: input.text("evidence") })
        }
        Step::Resume => json(&p::Resumed { text }),
        Step::ChangeLevel => {
            let level = input.text("level");
            if order.level.as_ref() == Some(&level) {
                return Err(Refusal::bad_input("level", "新级别与现级别相同。"));
            }
            json(&p::LevelChanged { level, reason })
        }
        Step::ChooseRule => json(&p::RuleChosen {
            rule: input.text("rule"),
            target: input.text("target"),
            why: input.text("why"),
        }),
        Step::Rebind => json(&p::Rebound {
            contract_hash: input.text("contract_hash"),
            calendar_hash: input.text("calendar_hash"),
            reason,
        }),
        Step::Return | Step::Reopen | Step::Void => json(&p::Reasoned { reason }),
        Step::Transfer => {
            let to = input.user("to")?;
            if to.is_some() && to == order.assignee {
                return Err(Refusal::bad_input("to", "工单已在此人名下。"));
            }
            json(&p::Transferred { to, reason })
        }
        Step::Confirm => json(&p::Confirmed {
            who: input.text("who"),
            unit: input.text("unit"),
            way: input.text("way"),
            satisfaction: input.optional("satisfaction"),
            paper: input.optional("paper"),
            text,
        }),
        Step::Close => json(&p::Closed {
            text,
            symptom: input.text("symptom"),
            cause: input.text("cause"),
            steps: input.text("steps"),
        }),
        Step::AskAssist => assist_asked(order, input),
        Step::AcceptAssist | Step::FinishAssist => {
            let assist = assist(order, step, input, actor, on_behalf.as_ref())?;
            json(&p::AssistAnswered { assist, text, on_behalf })
        }
        Step::NoteVendor => vendor_noted(input, now),
        Step::NoteKnowledge => json(&p::KnowledgeNoted {
            symptom: input.text("symptom"),
            cause: input.text("cause"),
            steps: input.text("steps"),
        }),
        Step::Merge => json(&p::Merged { into: input.text("into"), reason }),
        Step::Reconcile => {
            let event = input.text("event");
            if !order.unreconciled.iter().any(|id| id.to_string() == event) {
                return Err(Refusal::bad_input("event", "该记录不在待核对之列，可能已由他人处理。"));
            }
            json(&p::Reconciled { event, how: input.text("how"), text })
        }
        Step::Call => json(&p::Called {
            to: input.user("to")?,
            tier: input.text("tier"),
            result: input.text("result"),
            text,
        }),
        Step::SpotCheck => json(&p::SpotChecked {
            who: input.text("who"),
            unit: input.text("unit"),
            found: input.text("found"),
            asks: input.text("asks"),
            text,
        }),
        Step::Enter => json(&p::Entered { number: external_number(input)?, text }),
        Step::Alarm => json(&p::Alarmed { text }),
        Step::Urge | Step::Supervise | Step::Note => json(&p::Noted { text }),
        Step::AddFiles => Err(Refusal::bad_input("files", "请先选择要添加的附件。")),
    }
}

/// The number in the buyer's platform: one word, as it will be looked up by it.
fn external_number(input: &StepInput) -> Result<String, Refusal> {
    let number = input.text("number");
    if !is_external_no(&number) {
        return Err(Refusal::bad_input(
            "number",
            format!("平台单号中不能有空格，最多 {EXTERNAL_NO_CHARS_MAX} 个字符，请核对。"),
        ));
    }
    Ok(number)
}

/// Adds to the payload which program it comes from, where no user stands behind it.
pub(crate) fn naming_source(payload: String, actor: &Actor) -> Result<String, Refusal> {
    let Some(source) = actor.source() else { return Ok(payload) };
    let unreadable = |e: serde_json::Error| Refusal::bad_input("text", format!("内容无法写入：{e}"));
    let mut fields: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&payload).map_err(unreadable)?;
    fields.insert("source".to_owned(), serde_json::to_value(source).map_err(unreadable)?);
    json(&fields)
}

pub(crate) fn json(payload: &impl Serialize) -> Result<String, Refusal> {
    serde_json::to_string(payload).map_err(|e| Refusal::bad_input("text", format!("内容无法写入：{e}")))
}
