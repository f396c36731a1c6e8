//! The confirmed state of any entity, and the judgement of site-log events.

use crate::asset::{Asset, fold_asset, on_asset};
use crate::attendance::{
    ClosedDays, MonthKept, Overtime, SpotCheck, fold_attendance, fold_closing, fold_overtime, fold_spotcheck,
    judge_attendance, judge_closing, judge_overtime, judge_spotcheck,
};
use crate::contract::{Profile, Text};
use crate::duty::coverage::{PlanState, fold_coverage, judge_coverage};
use crate::duty::dutylog::{DutyLog, fold_dutylog};
use crate::duty::handover::{Handover, fold_handover};
use crate::duty::hotline::{Call, fold_hotline};
use crate::duty::leave::{Leave, fold_leave, judge_leave};
use crate::duty::month::judge::judge_month;
use crate::duty::month::{RosterMonth, fold_month};
use crate::duty::staff::{Staff, fold_staff, judge_staff};
use crate::duty::{on_dutylog, on_handover, on_hotline};
use crate::event::{EntityKind, EventType, Issuer, Reason, Recorded};
use crate::judge::{Beside, Incoming, Judgement};
use crate::order::{Order, fold};
use crate::people::{
    Actor, DeviceState, ExportMade, Published, PublishedVersion, SessionClosed, SessionState, Settled,
    SourceState, Told, UserState, Whereabouts, fold_device, fold_published, fold_session, fold_source,
    fold_user, fold_whereabouts, may_tell,
};
use crate::stock::{
    Movement, Part, Place, Scrapping, Shipment, Slip, Take, Transfer, fold_movement, fold_noted,
    fold_scrapping, fold_shipment, fold_slip, fold_take, fold_transfer, on_stock,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Everything that a device wrote into a log before a moment is known; payload of `device.watermark`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watermark {
    /// The moment.
    pub complete_to: Timestamp,
}

/// A watermark never falls.
fn fold_watermark(before: Option<Watermark>, event: &Recorded<'_>) -> Option<Watermark> {
    let mark: Watermark = serde_json::from_str(event.payload).ok()?;
    Some(before.map_or(mark, |before| Watermark { complete_to: before.complete_to.max(mark.complete_to) }))
}

/// The state of an entity, whatever it is: what stores keep one of per entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityState {
    /// A work order.
    Order(Box<Order>),
    /// A user.
    User(UserState),
    /// A console.
    Device(DeviceState),
    /// A log-in.
    Session(SessionState),
    /// Another program that registers orders.
    Source(SourceState),
    /// A contract's versions.
    Contract(Published),
    /// A calendar's versions.
    Calendar(Published),
    /// Where a person is.
    Whereabouts(Whereabouts),
    /// A month of duty.
    Roster(Box<RosterMonth>),
    /// What is known of a person under a contract.
    Staff(Box<Staff>),
    /// A request for leave.
    Leave(Box<Leave>),
    /// A handover.
    Handover(Box<Handover>),
    /// A call to the duty phone.
    Hotline(Box<Call>),
    /// 值班日志 of a day.
    DutyLog(Box<DutyLog>),
    /// Punches and corrections of a person's month.
    Attendance(MonthKept),
    /// Closed days of a month's attendance.
    AttendanceMonth(Box<ClosedDays>),
    /// 加班.
    Overtime(Box<Overtime>),
    /// 抽查.
    SpotCheck(Box<SpotCheck>),
    /// Up to when everything of a device is known in a common log.
    Watermark(Watermark),
    /// A coverage plan.
    Coverage(Box<PlanState>),
    /// 设备.
    Asset(Box<Asset>),
    /// 备件型号.
    Part(Box<Part>),
    /// 库位.
    Place(Box<Place>),
    /// 出入库.
    Movement(Box<Movement>),
    /// 备件领用单.
    Slip(Box<Slip>),
    /// 报废.
    Scrapping(Box<Scrapping>),
    /// 盘点.
    Take(Box<Take>),
    /// 调拨, the asking store's half.
    Transfer(Box<Transfer>),
    /// 调拨, the shipping store's half.
    Shipment(Box<Shipment>),
    /// Something of a newer program: only counted.
    Unknown {
        /// Events seen.
        events: u64,
    },
}

impl EntityState {
    /// Whether events of a newer program forbid judging here.
    pub fn is_read_only(&self) -> bool {
        match self {
            Self::Order(order) => order.is_read_only(),
            Self::User(user) => !user.unknown.is_empty(),
            Self::Device(device) => !device.unknown.is_empty(),
            Self::Roster(month) => !month.unknown.is_empty(),
            Self::Staff(staff) => !staff.unknown.is_empty(),
            Self::Leave(leave) => !leave.unknown.is_empty(),
            Self::Overtime(overtime) => !overtime.unknown.is_empty(),
            Self::Session(_)
            | Self::Source(_)
            | Self::Contract(_)
            | Self::Calendar(_)
            | Self::Whereabouts(_)
            | Self::Handover(_)
            | Self::Hotline(_)
            | Self::DutyLog(_)
            | Self::Attendance(_)
            | Self::AttendanceMonth(_)
            | Self::SpotCheck(_)
            | Self::Watermark(_)
            | Self::Asset(_)
            | Self::Part(_)
            | Self::Place(_)
            | Self::Movement(_)
            | Self::Slip(_)
            | Self::Scrapping(_)
            | Self::Take(_)
            | Self::Transfer(_)
            | Self::Shipment(_) => false,
            Self::Coverage(plan) => !plan.unknown.is_empty(),
            Self::Unknown { .. } => true,
        }
    }
}

/// The state as that of one kind.
macro_rules! states_of_kind {
    ($($(#[$doc:meta])* $visible:vis $name:ident: $kind:ident $state:ty;)*) => {
        impl EntityState {
            $($(#[$doc])* $visible fn $name(&self) -> Option<&$state> {
                match self {
                    Self::$kind(state) => Some(state),
                    _ => None,
                }
            })*
        }
    };
}

states_of_kind! {
    /// The order, if it is one.
    pub order: Order Order;
    /// What is known of a person, if it is that.
    pub staff: Staff Staff;
    /// The request for leave, if it is one.
    pub leave: Leave Leave;
    /// The handover, if it is one.
    handover: Handover Handover;
    /// The call, if it is one.
    hotline: Hotline Call;
    /// The log of a day, if it is one.
    duty_log: DutyLog DutyLog;
    /// Punches and corrections of a person's month, if it is that.
    pub(crate) attendance: Attendance MonthKept;
    /// The overtime, if it is one.
    pub overtime: Overtime Overtime;
    /// The check, if it is one.
    pub spot_check: SpotCheck SpotCheck;
    /// The closed days of a month, if it is that.
    pub closed_days: AttendanceMonth ClosedDays;
    /// The coverage plan, if it is one.
    pub coverage: Coverage PlanState;
    /// The device under contract, if it is one.
    pub asset: Asset Asset;
    /// The model, if it is one.
    pub part: Part Part;
    /// The place, if it is one.
    pub place: Place Place;
    /// The movement, if it is one.
    pub movement: Movement Movement;
    /// The slip, if it is one.
    pub slip: Slip Slip;
    /// The scrapping, if it is one.
    pub scrapping: Scrapping Scrapping;
    /// The stocktake, if it is one.
    pub take: Take Take;
    /// The asking store's half of a transfer, if it is one.
    pub transfer: Transfer Transfer;
    /// The shipping store's half of a transfer, if it is one.
    pub shipment: Shipment Shipment;
}

/// Folds one event into whatever entity it is about.
pub fn fold_entity(state: Option<EntityState>, event: &Recorded<'_>) -> Option<EntityState> {
    use EntityState as S;
    // In a common log a device is only known by its watermark.
    let state = match (event.kind, state) {
        ("device.watermark", None) => return fold_watermark(None, event).map(S::Watermark),
        (_, Some(S::Watermark(before))) => {
            return Some(S::Watermark(fold_watermark(Some(before), event).unwrap_or(before)));
        }
        (_, state) => state,
    };
    macro_rules! folds {
        (boxed: $($boxed:ident $fold_boxed:ident),*; plain: $($plain:ident $fold_plain:ident),*;) => {
            match (event.entity.kind(), state) {
                $(
                    (EntityKind::$boxed, None) => {
                        $fold_boxed(None, event).map(|state| S::$boxed(Box::new(state)))
                    }
                    (EntityKind::$boxed, Some(S::$boxed(before))) => {
                        $fold_boxed(Some(*before), event).map(|state| S::$boxed(Box::new(state)))
                    }
                )*
                $(
                    (EntityKind::$plain, None) => $fold_plain(None, event).map(S::$plain),
                    (EntityKind::$plain, Some(S::$plain(before))) => {
                        $fold_plain(Some(before), event).map(S::$plain)
                    }
                )*
                (_, Some(S::Unknown { events })) => Some(S::Unknown { events: events.saturating_add(1) }),
                (_, None) => Some(S::Unknown { events: 1 }),
                // A stored state of another kind than the name tells: left as it is.
                (_, state) => state,
            }
        };
    }
    folds! {
        boxed: Order fold, Roster fold_month, Staff fold_staff, Leave fold_leave, Handover fold_handover,
            Hotline fold_hotline, DutyLog fold_dutylog, Overtime fold_overtime, SpotCheck fold_spotcheck,
            AttendanceMonth fold_closing, Coverage fold_coverage, Asset fold_asset, Part fold_noted,
            Place fold_noted, Movement fold_movement, Slip fold_slip, Scrapping fold_scrapping, Take fold_take,
            Transfer fold_transfer, Shipment fold_shipment;
        plain: User fold_user, Device fold_device, Session fold_session, Source fold_source,
            Contract fold_published, Calendar fold_published, Whereabouts fold_whereabouts,
            Attendance fold_attendance;
    }
}

/// Judges an event of the site or a common log: the payload can be read and the thing exists, or does not yet.
pub(crate) fn on_site_entity(
    row: &EventType,
    state: Option<&EntityState>,
    incoming: &Incoming<'_>,
    actor: &Actor,
    beside: &Beside,
) -> Judgement {
    let noun = incoming.kind.split_once('.').map_or("", |(noun, _)| noun);
    if incoming.entity.as_str().split_once('/').is_none_or(|(kind, _)| kind != noun) {
        return Judgement::rejected(Reason::Malformed, None);
    }
    if row.issuer == Issuer::Anyone {
        return on_session(state, incoming, actor);
    }
    match noun {
        "roster" => return judge_month(row, state, incoming, actor),
        "staff" => return judge_staff(state.and_then(EntityState::staff), incoming, actor, beside),
        "leave" => return judge_leave(state.and_then(EntityState::leave), incoming, actor, beside),
        "handover" => return on_handover(state.and_then(EntityState::handover), incoming, actor),
        "hotline" => return on_hotline(state.and_then(EntityState::hotline), incoming),
        "dutylog" => return on_dutylog(state.and_then(EntityState::duty_log), incoming),
        "attendance" => {
            return judge_attendance(
                state.and_then(EntityState::attendance),
                row.class,
                incoming,
                actor,
                beside,
            );
        }
        "attendance_month" => {
            return judge_closing(state.and_then(EntityState::closed_days), incoming, actor, beside);
        }
        "overtime" => {
            return judge_overtime(state.and_then(EntityState::overtime), incoming, actor, beside);
        }
        "spotcheck" => return judge_spotcheck(state.and_then(EntityState::spot_check), incoming, actor),
        "coverage" => return judge_coverage(state.and_then(EntityState::coverage), incoming, actor),
        "asset" => return on_asset(state.and_then(EntityState::asset), incoming, actor),
        "part" | "place" | "movement" | "slip" | "scrapping" | "stocktake" | "transfer" | "shipment" => {
            return on_stock(state, incoming, actor, beside);
        }
        _ => {}
    }
    let creates = matches!(incoming.kind, "user.added" | "device.enrolled" | "source.added");
    match (incoming.kind, state) {
        ("contract.settled", _) => settlement(state, incoming, actor),
        ("contract.published" | "calendar.published", _) => publication(incoming),
        ("whereabouts.told", _) if !may_tell(actor, incoming.entity.local()) => {
            Judgement::parked(Reason::NoRight)
        }
        ("whereabouts.told", _) => readable::<Told>(incoming),
        ("export.made", _) => readable::<ExportMade>(incoming),
        (_, Some(_)) if creates => Judgement::rejected(Reason::AlreadyExists, None),
        (_, None) if !creates => Judgement::parked(Reason::NoEntity),
        _ => readable::<serde_json::Map<String, serde_json::Value>>(incoming),
    }
}

pub(super) fn readable<T: serde::de::DeserializeOwned>(incoming: &Incoming<'_>) -> Judgement {
    match serde_json::from_str::<T>(incoming.payload) {
        Ok(_) => Judgement::ACCEPTED,
        Err(_) => Judgement::rejected(Reason::Malformed, None),
    }
}

/// A version is taken under no other hash than that of its texts.
fn publication(incoming: &Incoming<'_>) -> Judgement {
    match serde_json::from_str::<PublishedVersion>(incoming.payload) {
        Ok(version)
            if version.is_sound() && (incoming.kind != "calendar.published" || is_calendar(&version)) =>
        {
            Judgement::ACCEPTED
        }
        _ => Judgement::rejected(Reason::Malformed, None),
    }
}

/// A calendar is taken where every console can read it.
fn is_calendar(version: &PublishedVersion) -> bool {
    crate::calendar::read_packs("calendar", &version.content).is_ok()
}

/// Settings are taken by whoever's scope reaches the contract, for the version in force and no other, and
/// only where every console can read them.
fn settlement(state: Option<&EntityState>, incoming: &Incoming<'_>, actor: &Actor) -> Judgement {
    let contract = incoming.entity.local();
    let Ok(settled) = serde_json::from_str::<Settled>(incoming.payload) else {
        return Judgement::rejected(Reason::Malformed, None);
    };
    if !actor.reaches(contract) {
        return Judgement::parked(Reason::NoRight);
    }
    let base = match state {
        Some(EntityState::Contract(published)) => published.versions.last(),
        _ => None,
    };
    let Some(base) = base else { return Judgement::parked(Reason::NoEntity) };
    if base.hash != settled.base {
        return Judgement::rejected(Reason::BaseChanged, base.by);
    }
    match settled.version(base) {
        None => Judgement::rejected(Reason::Malformed, None),
        Some(version) if !is_readable(contract, &version) => {
            Judgement::rejected(Reason::SettingsMistaken, None)
        }
        Some(_) => Judgement::ACCEPTED,
    }
}

fn is_readable(contract: &str, version: &PublishedVersion) -> bool {
    let facts = Text { file: contract, text: &version.content };
    let reading = version.reading.as_deref().map(|text| Text { file: "reading", text });
    let settings = version.settings.as_deref().map(|text| Text { file: "settings", text });
    Profile::load(contract, facts, reading, settings).is_ok()
}

/// A session is opened once, by its own user for himself, and closed by him.
fn on_session(state: Option<&EntityState>, incoming: &Incoming<'_>, actor: &Actor) -> Judgement {
    match (incoming.kind, state) {
        ("session.opened", None) => match serde_json::from_str::<SessionState>(incoming.payload) {
            Ok(session) if actor.is(Some(&session.user)) => Judgement::ACCEPTED,
            Ok(_) => Judgement::parked(Reason::NoRight),
            Err(_) => Judgement::rejected(Reason::Malformed, None),
        },
        ("session.closed", Some(EntityState::Session(session))) if actor.is(Some(&session.user)) => {
            readable::<SessionClosed>(incoming)
        }
        ("session.closed", Some(_)) => Judgement::parked(Reason::NoRight),
        ("session.closed", None) => Judgement::parked(Reason::NoEntity),
        _ => Judgement {
            verdict: crate::event::Verdict::Unreconciled,
            ..Judgement::parked(Reason::AlreadyExists)
        },
    }
}
