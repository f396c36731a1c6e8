//! From a wish to events: what a person asks of a month becomes drafts, or a refusal that says what to do.

use super::payload::{At, CellSet, Decided, DutyPost, DutyRules, Edited, Opened, PinSet, Said, SwapAsked};
use super::state::{RosterMonth, Stage, joined};
use super::table::{self, Objection};
use crate::contract::{DutyDays, DutyPostSetting, Presence, Settings, SwapConsent};
use crate::event::{EntityId, UserId};
use crate::judge::Fields as _;
use crate::order::{Draft, Refusal};
use crate::people::Actor;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// Cells of one event: with ids of 64 bytes and several people a cell, it stays under the 64 KiB of an
/// envelope.
pub const CELLS_PER_EVENT_MAX: usize = 150;

/// A cell as it shall be, and as it stood when it was edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellEdit {
    /// The cell.
    pub at: At,
    /// Who shall stand there.
    pub people: Vec<UserId>,
    /// Who stood there when it was edited; absent: who stands there now.
    pub was: Option<Vec<UserId>>,
}

/// `roster/<yyyy-mm>` of the month that begins with this day.
///
/// # Panics
/// Never: a month has the shape of the second part.
#[must_use]
pub fn month_entity(first: Date) -> EntityId {
    EntityId::new(format!("roster/{}", first.strftime("%Y-%m"))).expect("a month is a part of a name")
}

/// The days of the month that begins with this day.
pub fn month_days(first: Date) -> impl Iterator<Item = Date> {
    first.series(jiff::Span::new().days(1)).take_while(move |date| date.first_of_month() == first)
}

/// Opens a month with the posts that were agreed.
///
/// # Errors
/// Not now where no posts were agreed.
pub fn open(
    settings: &Settings,
    contract_hash: &str,
    calendar_hash: &str,
    first: Date,
    now: Timestamp,
) -> Result<Draft, Refusal> {
    let posts: Vec<DutyPost> =
        settings.duty_post.iter().filter(|post| concerns(post, first)).map(|one| post(one, first)).collect();
    if posts.is_empty() {
        return Err(Refusal::not_now(
            "还没有约定值班岗位。请先在“合同—本项目约定—值班岗位”中写明岗位、班次和人数并发布，再开这个月。",
        ));
    }
    let opened = Opened {
        contract_hash: contract_hash.to_owned(),
        calendar_hash: calendar_hash.to_owned(),
        posts,
        rules: rules(settings),
    };
    Ok(draft("roster.opened", &opened, BTreeMap::new(), now))
}

fn concerns(post: &DutyPostSetting, first: Date) -> bool {
    let listed = post.dates.is_empty() || post.dates.iter().any(|date| date.first_of_month() == first);
    listed
        && post.from.is_none_or(|from| from <= first.last_of_month())
        && post.to.is_none_or(|to| to >= first)
}

/// The post as the month that begins on `first` keeps it.
fn post(setting: &DutyPostSetting, first: Date) -> DutyPost {
    let mut dates: Vec<Date> =
        setting.dates.iter().copied().filter(|date| date.first_of_month() == first).collect();
    dates.sort_unstable();
    dates.dedup();
    DutyPost {
        id: setting.id.clone(),
        name: setting.name.clone(),
        kind: setting.kind,
        shift: setting.shift,
        days: setting.days.unwrap_or(DutyDays::All),
        dates,
        from: setting.from,
        to: setting.to,
        count: setting.count.unwrap_or(1),
        skill: setting.skill.clone(),
        pair_of: setting.pair_of.clone(),
        onsite: setting.presence.unwrap_or(Presence::Onsite) == Presence::Onsite,
        call_in_minutes: setting.call_in_minutes,
        divisions: setting.divisions.clone(),
        place: setting.place.clone(),
        clause: setting.clause.clone(),
        basis: setting.basis.as_ref().map(|basis| basis.paper.clone()),
    }
}

fn rules(settings: &Settings) -> DutyRules {
    let Some(agreed) = &settings.duty_rules else { return DutyRules::default() };
    DutyRules {
        rest_hours_min: agreed.rest_hours_min,
        consecutive_days_max: agreed.consecutive_days_max,
        shifts_per_day_max: agreed.shifts_per_day_max,
        nights_in_row_max: agreed.nights_in_row_max,
        onsite_min: agreed.onsite_min.unwrap_or(0),
        swap_consent: agreed.swap_consent == Some(SwapConsent::Buyer),
    }
}

/// Changes cells and pins; cells that would not change are left out. Several events where one would be too
/// large, in the order of the cells.
///
/// # Errors
/// A refusal naming `cells` or `pins`; not now where the stage or the past forbids it.
pub fn edit(
    month: &RosterMonth,
    cells: &[CellEdit],
    pins: &[PinSet],
    note: &str,
    actor: &Actor,
    on: Date,
    now: Timestamp,
) -> Result<Vec<Draft>, Refusal> {
    let mut sets = Vec::new();
    for cell in cells {
        let mut people = cell.people.clone();
        people.sort();
        people.dedup();
        let key = cell.at.key();
        let was = cell.was.clone().map(sorted).unwrap_or_else(|| month.people(&key).to_vec());
        if people != month.people(&key) || was != month.people(&key) {
            sets.push((
                CellSet { date: cell.at.date, post: cell.at.post.clone(), people },
                key,
                joined(&was),
            ));
        }
    }
    if sets.is_empty() && pins.is_empty() {
        return Err(Refusal::bad_input("cells", "没有要保存的改动。"));
    }
    let mut drafts = Vec::new();
    let mut chunks: Vec<&[_]> = sets.chunks(CELLS_PER_EVENT_MAX).collect();
    if chunks.is_empty() {
        chunks.push(&[]);
    }
    for (index, chunk) in chunks.iter().enumerate() {
        let pins = if index == 0 { pins.to_vec() } else { Vec::new() };
        let cells = chunk.iter().map(|(set, _, _)| set.clone()).collect();
        let edited = Edited { on, cells, pins, note: note.to_owned() };
        let expect = chunk.iter().map(|(_, key, was)| (key.clone(), was.clone())).collect();
        let draft = draft("roster.edited", &edited, expect, now);
        allowed(month, &draft, actor)?;
        drafts.push(draft);
    }
    // A page takes the members of a group together; each stands on the one before.
    for (index, draft) in drafts.iter_mut().enumerate().skip(1) {
        draft.after.push(index - 1);
    }
    Ok(drafts)
}

fn sorted(mut people: Vec<UserId>) -> Vec<UserId> {
    people.sort();
    people.dedup();
    people
}

/// An act whose payload says all there is to it. A step of the review relies on the stage.
///
/// # Errors
/// What the table objects to.
pub fn act<T: Serialize>(
    month: &RosterMonth,
    kind: &'static str,
    payload: &T,
    actor: &Actor,
    now: Timestamp,
) -> Result<Draft, Refusal> {
    let relies_on: &[&str] = match kind {
        "roster.submitted" | "roster.returned" | "roster.approved" | "roster.consented" => &["stage"],
        "roster.published" => &["stage", "version"],
        _ => &[],
    };
    let draft = draft(kind, payload, expect(month, relies_on), now);
    allowed(month, &draft, actor)?;
    Ok(draft)
}

/// Asks a colleague to take a duty.
///
/// # Errors
/// What the table objects to.
pub fn ask_swap(
    month: &RosterMonth,
    asked: &SwapAsked,
    actor: &Actor,
    now: Timestamp,
) -> Result<Draft, Refusal> {
    let draft = draft("roster.swap_asked", asked, expect(month, &["version"]), now);
    allowed(month, &draft, actor)?;
    Ok(draft)
}

/// Answers or decides on a swap or takeover: relies on how far that is.
///
/// # Errors
/// What the table objects to.
pub fn decide_swap<T: Serialize>(
    month: &RosterMonth,
    kind: &'static str,
    id: &str,
    payload: &T,
    actor: &Actor,
    now: Timestamp,
) -> Result<Draft, Refusal> {
    let noun = if kind == "roster.takeover_decided" { "takeover" } else { "swap" };
    let draft = draft(kind, payload, expect(month, &[format!("{noun}/{id}").as_str()]), now);
    allowed(month, &draft, actor)?;
    Ok(draft)
}

fn expect(month: &RosterMonth, fields: &[&str]) -> BTreeMap<String, String> {
    fields.iter().filter_map(|field| Some(((*field).to_owned(), month.field(field)?))).collect()
}

fn draft<T: Serialize>(
    kind: &'static str,
    payload: &T,
    expect: BTreeMap<String, String>,
    now: Timestamp,
) -> Draft {
    let payload = serde_json::to_string(payload).unwrap_or_default();
    Draft { expect, ..Draft::new(kind, payload, now) }
}

fn allowed(month: &RosterMonth, draft: &Draft, actor: &Actor) -> Result<(), Refusal> {
    if !month.unknown.is_empty() {
        return Err(Refusal::not_now("这个月含有更新版本程序的内容，请升级本机程序后再操作。"));
    }
    table::allows(draft.kind, month, actor, &draft.payload)
        .map_err(|objection| refusal(month, draft, &objection))
}

fn refusal(month: &RosterMonth, draft: &Draft, objection: &Objection) -> Refusal {
    match (objection, draft.kind) {
        (Objection::Content, "roster.edited") => {
            Refusal::bad_input("cells", "所填的日期或岗位不在这个月的排班表里，请刷新后重填。")
        }
        (Objection::Content, "roster.returned" | "roster.swap_decided" | "roster.takeover_decided") => {
            content_of_decision(month, draft)
        }
        (Objection::Content, "roster.consented") => {
            Refusal::bad_input("paper", "记录采购人同意须写明同意的单位或岗位和依据文件（文号或日期）。")
        }
        (Objection::Content, "roster.commented") => Refusal::bad_input("text", "请写明意见。"),
        (Objection::Content, "roster.swap_asked") => {
            Refusal::bad_input("with", "换班须写明自己的班次，并选一位同事。")
        }
        (Objection::Content, _) => Refusal::bad_input("text", "内容不完整，请核对后重填。"),
        (Objection::Now(_), "roster.swap_asked") => {
            Refusal::not_now("只能换已发布的、现在确实由双方承担的班次。请按现行版本重新选择。")
        }
        (Objection::Now(_), "roster.swap_accepted" | "roster.swap_decided" | "roster.takeover_decided") => {
            Refusal::not_now("这一申请已经处理过，或班次已变，请刷新后查看。")
        }
        (Objection::Now(_), "roster.seen" | "roster.confirmed") => {
            Refusal::not_now("已发布的版本没有改动您的班次，不必确认。")
        }
        (Objection::Now(_), "roster.taken_over") => {
            Refusal::not_now("被顶替的人现在不在这个岗位上。请按现行版本选择岗位和人员。")
        }
        (Objection::Now(_), _) => Refusal::not_now(stage_refusal(month.stage)),
        (Objection::Person, "roster.edited" | "roster.waived") => {
            Refusal::not_allowed("只能改自己负责的总队的岗位；其他岗位由合同项目经理编排。")
        }
        (Objection::Person, _) => {
            Refusal::not_allowed("这一步由合同项目经理（不限总队）办理；换班由当事人和项目经理办理。")
        }
        (Objection::Own, "roster.approved") => {
            Refusal::not_allowed("编制与审核不能是同一人，请另一位项目经理审核。")
        }
        (Objection::Own, _) => Refusal::not_allowed("不能审批与自己有关的申请，请另一位项目经理审批。"),
        (Objection::Past, _) => {
            let from = month.on.map(|on| format!("（{on} 以前）")).unwrap_or_default();
            Refusal::not_now(format!("已发布且已过去的日期{from}不能再改，请改其后的日期。"))
        }
    }
}

fn content_of_decision(month: &RosterMonth, draft: &Draft) -> Refusal {
    let approve = serde_json::from_str::<Decided>(&draft.payload).is_ok_and(|decided| decided.approve);
    if approve && month.rules.swap_consent {
        return Refusal::bad_input("consent_paper", "按本项目约定，换班须记录采购人同意的单位和依据文件。");
    }
    let said = serde_json::from_str::<Said>(&draft.payload).map(|said| said.text).unwrap_or_default();
    if said.trim().is_empty() {
        return Refusal::bad_input("text", "请写明理由。");
    }
    Refusal::bad_input("swap", "没有这一申请，请刷新后重试。")
}

fn stage_refusal(stage: Stage) -> &'static str {
    match stage {
        Stage::Draft => "排班表还在编制，请先提交审核。",
        Stage::Submitted => "排班表已提交审核，须先退回才能改。",
        Stage::Approved => "排班表已审核，正待采购人同意；须先退回才能改。",
        Stage::Consented => "采购人已同意，请发布；要改须先退回。",
        Stage::Published => "排班表已发布，没有待审核的改动。",
    }
}
