//! The confirmed state of any entity, and the judgement of site-log events.

use crate::contract::{Profile, Text};
use crate::coverage::{PlanState, fold_coverage, judge_coverage};
use crate::event::{EntityKind, EventType, Issuer, Reason, Recorded};
use crate::judge::{Incoming, Judgement};
use crate::order::{Order, fold};
use crate::people::{
    Actor, DeviceState, ExportMade, Published, PublishedVersion, SessionClosed, SessionState, Settled,
    SourceState, Told, UserState, Whereabouts, fold_device, fold_published, fold_session, fold_source,
    fold_user, fold_whereabouts, may_tell,
};
use serde::{Deserialize, Serialize};

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
    /// A coverage plan.
    Coverage(Box<PlanState>),
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
            Self::Session(_)
            | Self::Source(_)
            | Self::Contract(_)
            | Self::Calendar(_)
            | Self::Whereabouts(_) => false,
            Self::Coverage(plan) => plan.newer,
            Self::Unknown { .. } => true,
        }
    }

    /// The order, if it is one.
    pub fn order(&self) -> Option<&Order> {
        match self {
            Self::Order(order) => Some(order),
            _ => None,
        }
    }
}

/// Folds one event into whatever entity it is about.
pub fn fold_entity(state: Option<EntityState>, event: &Recorded<'_>) -> Option<EntityState> {
    use EntityState as S;
    match (event.entity.kind(), state) {
        (EntityKind::Order, Some(S::Order(order))) => {
            fold(Some(*order), event).map(|o| S::Order(Box::new(o)))
        }
        (EntityKind::Order, None) => fold(None, event).map(|o| S::Order(Box::new(o))),
        (EntityKind::User, Some(S::User(user))) => fold_user(Some(user), event).map(S::User),
        (EntityKind::User, None) => fold_user(None, event).map(S::User),
        (EntityKind::Device, Some(S::Device(device))) => fold_device(Some(device), event).map(S::Device),
        (EntityKind::Device, None) => fold_device(None, event).map(S::Device),
        (EntityKind::Session, Some(S::Session(session))) => {
            fold_session(Some(session), event).map(S::Session)
        }
        (EntityKind::Session, None) => fold_session(None, event).map(S::Session),
        (EntityKind::Source, Some(S::Source(source))) => fold_source(Some(source), event).map(S::Source),
        (EntityKind::Source, None) => fold_source(None, event).map(S::Source),
        (EntityKind::Contract, Some(S::Contract(c))) => fold_published(Some(c), event).map(S::Contract),
        (EntityKind::Contract, None) => fold_published(None, event).map(S::Contract),
        (EntityKind::Calendar, Some(S::Calendar(c))) => fold_published(Some(c), event).map(S::Calendar),
        (EntityKind::Calendar, None) => fold_published(None, event).map(S::Calendar),
        (EntityKind::Whereabouts, Some(S::Whereabouts(before))) => {
            fold_whereabouts(Some(before), event).map(S::Whereabouts)
        }
        (EntityKind::Whereabouts, None) => fold_whereabouts(None, event).map(S::Whereabouts),
        (EntityKind::Coverage, Some(S::Coverage(plan))) => {
            fold_coverage(Some(*plan), event).map(|plan| S::Coverage(Box::new(plan)))
        }
        (EntityKind::Coverage, None) => fold_coverage(None, event).map(|plan| S::Coverage(Box::new(plan))),
        (_, Some(S::Unknown { events })) => Some(S::Unknown { events: events.saturating_add(1) }),
        (_, None) => Some(S::Unknown { events: 1 }),
        // A stored state of another kind than the name tells: left as it is.
        (_, state) => state,
    }
}

/// Judges an event of the site or a common log: the payload can be read and the thing exists, or does not yet.
pub(crate) fn on_site_entity(
    row: &EventType,
    state: Option<&EntityState>,
    incoming: &Incoming<'_>,
    actor: &Actor,
) -> Judgement {
    let noun = incoming.kind.split_once('.').map_or("", |(noun, _)| noun);
    if incoming.entity.as_str().split_once('/').is_none_or(|(kind, _)| kind != noun) {
        return Judgement::rejected(Reason::Malformed, None);
    }
    if row.issuer == Issuer::Anyone {
        return on_session(state, incoming, actor);
    }
    if noun == "coverage" {
        let plan = match state {
            Some(EntityState::Coverage(plan)) => Some(&**plan),
            _ => None,
        };
        return judge_coverage(plan, incoming, actor);
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
        Ok(version) if version.is_sound() => Judgement::ACCEPTED,
        _ => Judgement::rejected(Reason::Malformed, None),
    }
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
