//! One order as it is told to the buyer: gathered once, for paper, for his platform and for tables.

use crate::door::dto::DoorError;
use crate::order::{Desk, short_instant};
use crate::store::{Step, StoreError};
use jiff::Timestamp;
use zaigang_domain::calendar::ZONE;
use zaigang_domain::event::{EntityId, Verdict, event_type};
use zaigang_domain::order::payload::{Confirmed, Reporter, Swapped};
use zaigang_domain::order::platform::PlatformField as F;
use zaigang_domain::order::table::SATISFACTIONS;
use zaigang_domain::order::{MarkKind, Order, Status};

/// Steps that tell how the work went.
const HANDLING: &[&str] = &[
    "order.responded",
    "order.arrived",
    "order.work_started",
    "order.diagnosed",
    "order.solution_given",
    "order.alternative_given",
    "order.remote_failed",
    "order.workaround",
    "order.restored",
    "order.swapped",
    "order.escalated",
];

/// A part put in for another.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// What was exchanged for what.
    pub(super) text: String,
    /// Serial number taken out.
    pub(super) old_serial: String,
    /// Serial number put in.
    pub(super) new_serial: String,
}

/// The buyer's answer.
#[derive(Debug, Clone)]
pub(super) struct Confirmation {
    /// What was recorded.
    pub(super) said: Confirmed,
    /// When, by the account of whoever recorded it.
    pub(super) at: Timestamp,
}

/// An order as it is told to the buyer.
#[derive(Debug, Clone)]
pub(super) struct Record {
    /// Entity id.
    pub(super) id: EntityId,
    /// The order.
    pub(super) order: Order,
    /// Number and name of the object.
    pub(super) object: String,
    /// Name of whoever is in charge.
    pub(super) engineer: String,
    /// Name, phone and room of the reporter; `None` where this person or device may not see them.
    pub(super) reporter: Option<Reporter>,
    /// What was done, a line each.
    pub(super) handling: Vec<String>,
    /// Parts exchanged.
    pub(super) parts: Vec<Part>,
    /// The buyer's answer, while it holds.
    pub(super) confirmation: Option<Confirmation>,
}

impl Desk<'_> {
    pub(super) fn record(&self, id: EntityId, order: Order) -> Result<Record, DoorError> {
        let steps = self.store.timeline(id.as_str())?;
        let counted: Vec<&Step> = steps.iter().filter(|step| counts(step)).collect();
        let object = order.object.as_deref().map(|no| crate::order::object_text(self.bound(&order), no));
        let engineer = order.assignee.as_ref().map(|user| self.name(user.as_str())).transpose()?;
        Ok(Record {
            object: object.unwrap_or_default(),
            engineer: engineer.unwrap_or_default(),
            reporter: self.reporter_of(&steps)?,
            handling: self.handling(&counted)?,
            parts: counted.iter().filter_map(|step| part(step)).collect(),
            confirmation: confirmation(&order, &counted),
            id,
            order,
        })
    }

    fn handling(&self, steps: &[&Step]) -> Result<Vec<String>, StoreError> {
        let mut lines = Vec::new();
        for step in steps.iter().filter(|step| HANDLING.contains(&step.kind.as_str())) {
            let text = self.payload_text(&step.kind, &step.payload)?;
            let act = event_type(&step.kind).map_or("", |row| row.title);
            let at = short_instant(crate::order::instant(step.at()));
            let text = if text.is_empty() { text } else { format!("：{text}") };
            lines.push(format!("{at} {act}{text}"));
        }
        Ok(lines)
    }
}

/// Whether an event took effect, or waits for the centre.
fn counts(step: &Step) -> bool {
    step.committed.as_ref().is_none_or(|committed| committed.verdict == Verdict::Accepted)
}

fn part(step: &Step) -> Option<Part> {
    if step.kind != "order.swapped" {
        return None;
    }
    let swapped: Swapped = serde_json::from_str(&step.payload).ok()?;
    Some(Part {
        text: swapped.text,
        old_serial: swapped.old_serial.unwrap_or_default(),
        new_serial: swapped.new_serial.unwrap_or_default(),
    })
}

/// The last confirmation, unless the order was opened again after it.
fn confirmation(order: &Order, steps: &[&Step]) -> Option<Confirmation> {
    if !matches!(order.status, Status::Confirmed | Status::Closed) {
        return None;
    }
    let last =
        steps.iter().rev().find(|s| matches!(s.kind.as_str(), "order.confirmed" | "order.reopened"))?;
    let said =
        (last.kind == "order.confirmed").then(|| serde_json::from_str(&last.payload).ok()).flatten()?;
    Some(Confirmation { said, at: crate::order::instant(last.claimed_at) })
}

/// `2025-11-24 14:20` in +08:00.
pub(super) fn minute_text(at: Timestamp) -> String {
    ZONE.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

impl Record {
    /// When one of these first happened.
    pub(super) fn first(&self, kinds: &[MarkKind]) -> Option<Timestamp> {
        self.order.marks.iter().find(|mark| kinds.contains(&mark.kind)).map(|mark| mark.at)
    }

    /// The first answer to the reporter: a response, or what comes after one.
    pub(super) fn responded_at(&self) -> Option<Timestamp> {
        self.first(&[MarkKind::Responded, MarkKind::Accepted, MarkKind::Arrived])
    }

    /// The last restoration; none while it is open again.
    pub(super) fn restored_at(&self) -> Option<Timestamp> {
        let last = |kinds: &[MarkKind]| self.order.marks.iter().rev().find(|mark| kinds.contains(&mark.kind));
        let end = last(&[MarkKind::Restored, MarkKind::Reopened])?;
        (end.kind == MarkKind::Restored).then_some(end.at)
    }

    /// What came of it.
    pub(super) fn result(&self) -> &'static str {
        match self.order.status {
            Status::Restored | Status::Confirmed => "已恢复",
            Status::Closed if self.restored_at().is_some() => "已恢复",
            Status::Closed => "已办结",
            Status::WorkedAround => "已采取应急办法，待修复",
            Status::Merged => "已并入其他工单",
            _ => "处理中",
        }
    }

    /// The satisfaction in words.
    pub(super) fn satisfaction(&self) -> &'static str {
        let said = self.confirmation.as_ref().and_then(|c| c.said.satisfaction.as_deref());
        let word = said.and_then(|said| SATISFACTIONS.iter().find(|(code, _)| *code == said));
        word.map_or("", |(_, word)| word)
    }

    /// One field as the buyer's platform takes it.
    pub(super) fn field(&self, field: F) -> String {
        let order = &self.order;
        let time = |at: Option<Timestamp>| at.map(minute_text).unwrap_or_default();
        let reporter =
            |of: fn(&Reporter) -> &String| self.reporter.as_ref().map(of).cloned().unwrap_or_default();
        match field {
            F::Number => order.number.clone(),
            F::ExternalNo => order.external_no.clone().unwrap_or_default(),
            F::Title => order.title.clone(),
            F::Detail => order.detail.clone(),
            F::Kind => crate::order::kind_name(order.kind).to_owned(),
            F::Division => order.division.clone(),
            F::Object => self.object.clone(),
            F::Level => order.level.as_deref().map(zaigang_domain::clock::level_name).unwrap_or_default(),
            F::ReporterUnit => order.reporter_unit.clone(),
            F::Reporter => reporter(|reporter| &reporter.name),
            F::Phone => reporter(|reporter| &reporter.phone),
            F::Room => reporter(|reporter| &reporter.room),
            F::ReportedAt => minute_text(order.reported_at),
            F::RespondedAt => time(self.responded_at()),
            F::ArrivedAt => time(self.first(&[MarkKind::Arrived])),
            F::RestoredAt => time(self.restored_at()),
            F::Handling => self.handling.join("；"),
            F::Parts => self.parts.iter().map(Part::line).collect::<Vec<_>>().join("；"),
            F::Result => self.result().to_owned(),
            F::Engineer => self.engineer.clone(),
            F::ConfirmedBy => self.confirmation.as_ref().map(|c| c.said.who.clone()).unwrap_or_default(),
            F::Satisfaction => self.satisfaction().to_owned(),
        }
    }
}

impl Part {
    fn line(&self) -> String {
        let serial =
            |label: &str, no: &str| if no.is_empty() { String::new() } else { format!("，{label} {no}") };
        format!("{}{}{}", self.text, serial("换下", &self.old_serial), serial("换上", &self.new_serial))
    }
}
