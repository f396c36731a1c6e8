//! Alarms of a monitoring system, as Prometheus Alertmanager sends them (webhook version 4).
//!
//! Every notification repeats the alarms of its group, and is sent again until it is answered: an alarm
//! is known by fingerprint and start, and counts once. What fires goes into the open order of its object
//! (of its fingerprint where no object is named) or into a new one; what is over is noted there. All of a
//! notification is one transaction.

use jiff::Timestamp;
use serde::Serialize;
use zaigang_domain::calendar::format_instant;
use zaigang_domain::order::OrderKind;
use zaigang_domain::people::Deed;

use super::register::OrderTold;
use super::{ApiError, Caller, OrderAsk};
use crate::core::Centre;
use crate::core::work::Work;
use crate::store::{self, AlarmRow};

/// Most alarms of one notification: `max_alerts` of the other side has to be no more. A guess.
pub const ALERTS_MAX: usize = 200;
/// Why an alarm is registered outside the object's service period.
const REASON: &str = "监控告警自动登记";

/// One alarm.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alert {
    /// What tells it from the other alarms of its source.
    pub fingerprint: String,
    /// When it began.
    pub starts_at: Timestamp,
    /// When it was over; absent while it lasts.
    pub ended_at: Option<Timestamp>,
    /// One line.
    pub title: String,
    /// Everything it says.
    pub detail: String,
    /// Division, where it names one.
    pub division: Option<String>,
    /// Maintenance object, where it names one.
    pub object: Option<String>,
    /// Level, where it names one.
    pub level: Option<String>,
}

impl Alert {
    fn id(&self) -> String {
        format!("{}@{}", self.fingerprint, self.starts_at.as_millisecond())
    }

    fn merge_key(&self) -> String {
        match &self.object {
            Some(object) => format!("object/{object}"),
            None => format!("fingerprint/{}", self.fingerprint),
        }
    }
}

/// What became of a notification.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AlertsTaken {
    /// Alarms that made an order.
    pub registered: u32,
    /// Alarms that went into an order that was there.
    pub merged: u32,
    /// Ends noted.
    pub resolved: u32,
    /// Alarms and ends taken before.
    pub repeated: u32,
    /// Ends of alarms that never came here.
    pub ignored: u32,
    /// Orders touched, each with its count.
    orders: Vec<OrderTold>,
}

impl Centre {
    /// Takes the alarms of one notification.
    ///
    /// # Errors
    /// [`ApiError`]; nothing is committed then.
    pub fn alerts_take(&mut self, source: &str, alerts: &[Alert]) -> Result<AlertsTaken, ApiError> {
        self.attempt(|work| {
            let caller = work.caller(source, Deed::Register)?;
            let mut taken = AlertsTaken::default();
            for alert in alerts {
                work.take_alert(&caller, alert, &mut taken)?;
            }
            Ok(taken)
        })
    }
}

impl Work<'_> {
    fn take_alert(
        &mut self,
        caller: &Caller,
        alert: &Alert,
        taken: &mut AlertsTaken,
    ) -> Result<(), ApiError> {
        let known = store::alarm(self.conn, &caller.source, &alert.id())?;
        match (known, alert.ended_at) {
            (Some(_), None) => taken.repeated += 1,
            (Some(row), Some(_)) if row.resolved => taken.repeated += 1,
            (Some(row), Some(ended_at)) => {
                self.note_end(caller, alert, row, ended_at)?;
                taken.resolved += 1;
            }
            (None, Some(_)) => taken.ignored += 1,
            (None, None) => self.take_alarm(caller, alert, taken)?,
        }
        Ok(())
    }

    fn take_alarm(
        &mut self,
        caller: &Caller,
        alert: &Alert,
        taken: &mut AlertsTaken,
    ) -> Result<(), ApiError> {
        let merge_key = alert.merge_key();
        let open = self.order_of_alarms(caller, &merge_key)?;
        let merged = open.is_some();
        let found = match open {
            Some(found) => self.alarm_again(caller, found, &alert.title)?,
            None => {
                let ask = self.ask_of(caller, alert, &merge_key)?;
                self.register(caller, &ask)?
            }
        };
        self.remember_alarm(caller, &alert.id(), &merge_key, &found)?;
        if merged {
            taken.merged += 1;
        } else {
            taken.registered += 1;
        }
        taken.orders.retain(|order| order.id != found.entity.local());
        taken.orders.push(OrderTold::of(&found, merged));
        Ok(())
    }

    /// An alarm is never lost over a label that the contract does not know: the order then says so.
    fn ask_of(&mut self, caller: &Caller, alert: &Alert, merge_key: &str) -> Result<OrderAsk, ApiError> {
        let mut ask = OrderAsk {
            title: alert.title.clone(),
            detail: alert.detail.clone(),
            kind: OrderKind::Incident,
            division: alert.division.clone(),
            object: alert.object.clone(),
            level: alert.level.clone(),
            level_reason: alert.level.as_ref().map(|_| REASON.to_owned()),
            reason: Some(REASON.to_owned()),
            alarm_key: Some(merge_key.to_owned()),
            ..OrderAsk::default()
        };
        let Some(in_force) = self.contract_in_force(&caller.state.contract)? else { return Ok(ask) };
        let profile = &in_force.profile;
        if let Some(object) = ask.object.take_if(|object| profile.object(object).is_none()) {
            ask.detail = format!("告警所写的运维对象“{object}”不在合同中，请核对。\n{}", ask.detail);
        }
        let levels = profile.levels(ask.object.as_deref());
        if let Some(level) = ask.level.take_if(|level| !levels.contains(&level.as_str())) {
            ask.level_reason = None;
            ask.detail = format!("告警所写的级别“{level}”合同中没有，请定级。\n{}", ask.detail);
        }
        Ok(ask)
    }

    fn note_end(
        &mut self,
        caller: &Caller,
        alert: &Alert,
        row: AlarmRow,
        ended_at: Timestamp,
    ) -> Result<(), ApiError> {
        store::resolve_alarm(self.conn, &caller.source, &alert.id())?;
        let found = self.order_merged_into(row.log, row.name)?;
        let Some(found) = found.filter(|found| !found.order.is_read_only()) else { return Ok(()) };
        let text = format!("告警已恢复：{}（{}）", alert.title, format_instant(ended_at));
        self.comment(caller, &found, &text)?;
        Ok(())
    }
}
