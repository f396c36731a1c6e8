//! What the centre makes of events of duty today.

use super::dutylog::{DutyLog, Noted, Received, Reported};
use super::handover::{Answer, Handover, SignedOut, Stage};
use super::hotline::{Call, Linked, Logged};
use crate::event::{EventId, Reason, Verdict};
use crate::judge::{Fields, Incoming, Judgement, expectation};
use crate::people::Actor;
use jiff::civil::Date;
use serde::de::DeserializeOwned;

fn read<T: DeserializeOwned>(incoming: &Incoming<'_>) -> Option<T> {
    serde_json::from_str(incoming.payload).ok()
}

const MALFORMED: Judgement =
    Judgement { verdict: Verdict::Rejected, reason: Some(Reason::Malformed), winner: None };

/// `handover/<event id>`: signed by one, accepted or refused by another, once.
pub(crate) fn on_handover(state: Option<&Handover>, incoming: &Incoming<'_>, actor: &Actor) -> Judgement {
    let Some(state) = state else { return first_signing(incoming, actor) };
    if let Some(lost) = expectation(state, incoming) {
        return lost;
    }
    let winner = state.touched.get("stage").copied();
    let is_outgoing = actor.is(state.out.by.as_ref());
    if incoming.kind == "handover.signed_out" {
        return match (read::<SignedOut>(incoming), state.stage) {
            (None, _) => MALFORMED,
            (_, Stage::Accepted) => Judgement::rejected(Reason::NotLegalNow, winner),
            // Only whoever has the duty hands it over.
            (_, _) if !is_outgoing => Judgement::rejected(Reason::NotAssignee, winner),
            (Some(signed), _) => signing(&signed, actor),
        };
    }
    let Some(answer) = read::<Answer>(incoming) else { return MALFORMED };
    if answer.signing != state.out.event {
        return Judgement::rejected(Reason::StateChanged, winner);
    }
    if is_outgoing {
        return Judgement::rejected(Reason::SamePerson, Some(state.out.event));
    }
    match incoming.kind {
        "handover.witnessed" if !actor.is(state.signed.witness.as_ref()) => {
            Judgement::rejected(Reason::NotAssignee, Some(state.out.event))
        }
        "handover.witnessed" => Judgement::ACCEPTED,
        "handover.refused" if answer.text.trim().is_empty() => MALFORMED,
        _ if state.stage != Stage::Offered => Judgement::rejected(Reason::NotLegalNow, winner),
        // A witness is a third person.
        _ if actor.is(state.signed.witness.as_ref()) => {
            Judgement::rejected(Reason::SamePerson, Some(state.out.event))
        }
        _ => Judgement::ACCEPTED,
    }
}

fn first_signing(incoming: &Incoming<'_>, actor: &Actor) -> Judgement {
    if incoming.kind != "handover.signed_out" {
        return Judgement::parked(Reason::NoEntity);
    }
    read::<SignedOut>(incoming).map_or(MALFORMED, |signed| signing(&signed, actor))
}

/// Nobody hands over to himself, nor watches it himself.
fn signing(signed: &SignedOut, actor: &Actor) -> Judgement {
    let names_himself = actor.is(signed.to.as_ref()) || actor.is(signed.witness.as_ref());
    sound(signed.is_sound() && !names_himself)
}

fn sound(is_sound: bool) -> Judgement {
    if is_sound { Judgement::ACCEPTED } else { MALFORMED }
}

/// `hotline/<event id>`: a call is logged once, orders are linked to it afterwards.
pub(crate) fn on_hotline(state: Option<&Call>, incoming: &Incoming<'_>) -> Judgement {
    match (incoming.kind, state) {
        ("hotline.logged", None) => sound(read::<Logged>(incoming).is_some_and(|call| call.is_sound())),
        ("hotline.logged", Some(call)) => Judgement::unreconciled(Reason::AlreadyExists, Some(call.event)),
        (_, None) => Judgement::parked(Reason::NoEntity),
        (_, Some(_)) => {
            sound(read::<Linked>(incoming).is_some_and(|linked| linked.order.starts_with("order/")))
        }
    }
}

impl Fields for DutyLog {
    fn field(&self, name: &str) -> Option<String> {
        self.field(name)
    }

    fn touched(&self, _: &str) -> Option<EventId> {
        self.reports.last().map(|report| report.event)
    }
}

/// `dutylog/<date>`: notes as they come; one report stands; the receipt names the report it is for.
pub(crate) fn on_dutylog(state: Option<&DutyLog>, incoming: &Incoming<'_>) -> Judgement {
    if incoming.entity.local().parse::<Date>().is_err() {
        return MALFORMED;
    }
    let empty = DutyLog::default();
    let log = state.unwrap_or(&empty);
    match incoming.kind {
        "dutylog.noted" => sound(read::<Noted>(incoming).is_some_and(|noted| noted.is_sound())),
        "dutylog.reported" => expectation(log, incoming)
            .unwrap_or_else(|| sound(read::<Reported>(incoming).is_some_and(|report| report.is_sound()))),
        _ => match read::<Received>(incoming) {
            None => MALFORMED,
            Some(received) if log.reports.iter().any(|report| report.event == received.report) => {
                Judgement::ACCEPTED
            }
            Some(_) => Judgement::parked(Reason::NoEntity),
        },
    }
}
