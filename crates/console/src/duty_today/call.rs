//! 值班电话记录: the list, and writing one down.

use super::{not_on_duty, only, text_of};
use crate::door::dto::{
    CallerDto, DoorError, HotlineLink, HotlineListArgs, HotlineLog, HotlinePage, HotlineRow, Written,
};
use crate::host::new_id;
use crate::order::{Desk, Pen, REMINDER, already, key, may_see_reporter, stated_date, stated_time};
use crate::store::{SealedDraft, StoreError};
use zaigang_domain::calendar::{civil_date, format_instant};
use zaigang_domain::duty::hotline::{
    Call, Caller, Cause, Linked, Logged, MINUTES_MAX, TEXT_CHARS_MAX, UNIT_CHARS_MAX,
};
use zaigang_domain::event::{EntityId, EventId, LogName};
use zaigang_domain::judge::EntityState;

/// Days shown where no span is asked for.
const DAYS_BACK: i32 = 30;
/// Most rows of one answer.
const ROWS_MAX: usize = 500;
/// Longest name or phone, in characters.
const CALLER_CHARS_MAX: usize = 40;

impl Desk<'_> {
    pub(super) fn calls(&self, log: &LogName) -> Result<Vec<(String, Call)>, StoreError> {
        let mut found = only(self.store.states(log, "hotline")?, |state| match state {
            EntityState::Hotline(call) => Some(*call),
            _ => None,
        });
        found.sort_by_key(|(name, call)| (std::cmp::Reverse(call.logged.at), name.clone()));
        Ok(found)
    }

    /// The calls of a span, with what contracts count of all calls.
    ///
    /// # Errors
    /// Bad input for a date that is none; as [`Desk::duty_now`].
    pub fn hotline(&self, args: &HotlineListArgs) -> Result<HotlinePage, DoorError> {
        let (contract, log) = self.common_log(None)?;
        let calls = self.calls(&log)?;
        let off_hours = self.off_hours(&contract)?;
        let counters = self.call_counters(&contract, &calls, &off_hours)?;
        let today = civil_date(self.now);
        let to = stated_date(args.to.as_deref(), "to")?.unwrap_or(today);
        let first = to.checked_sub(jiff::Span::new().days(DAYS_BACK)).unwrap_or(to);
        let from = stated_date(args.from.as_deref(), "from")?.unwrap_or(first);
        // What a counter counts is shown whole, whatever the span.
        let counted = |id: &str| match &args.rule {
            Some(rule) => {
                counters.iter().any(|(each, ids)| each.rule == *rule && ids.iter().any(|one| one == id))
            }
            None => true,
        };
        let inside = |call: &Call| {
            let date = civil_date(call.logged.at);
            args.rule.is_some() || (from <= date && date <= to)
        };
        let of_span: Vec<&(String, Call)> =
            calls.iter().filter(|(id, call)| inside(call) && counted(id)).collect();
        let missed = of_span.iter().filter(|(_, call)| call.logged.missed.is_some()).count();
        let listed = of_span.iter().filter(|(_, call)| !args.missed || call.logged.missed.is_some());
        let mut rows = Vec::new();
        for (id, call) in listed.take(ROWS_MAX) {
            let rules =
                counters.iter().filter(|(_, ids)| ids.contains(id)).map(|(each, _)| each.rule.clone());
            rows.push(self.call_row(id, call, off_hours.at(call.logged.at), rules.collect())?);
        }
        Ok(HotlinePage {
            rows,
            total: u32::try_from(of_span.len()).unwrap_or(u32::MAX),
            missed: u32::try_from(missed).unwrap_or(u32::MAX),
            counters: counters.into_iter().map(|(counter, _)| counter).collect(),
            causes: Cause::ALL
                .map(|cause| (cause.code().to_owned(), cause.title().to_owned(), cause.is_ours()))
                .to_vec(),
            from: from.to_string(),
            to: to.to_string(),
            may_log: self.works_on_duty(),
            reminder: REMINDER.to_owned(),
        })
    }

    fn call_row(
        &self,
        id: &str,
        call: &Call,
        off_hours: Option<bool>,
        counted: Vec<String>,
    ) -> Result<HotlineRow, StoreError> {
        let logged = &call.logged;
        Ok(HotlineRow {
            id: id.to_owned(),
            at: format_instant(logged.at),
            missed: logged.missed.map(|cause| cause.code().to_owned()),
            missed_text: logged.missed.map_or("", Cause::title).to_owned(),
            ours: logged.missed.is_some_and(Cause::is_ours),
            off_hours,
            unit: logged.unit.clone(),
            caller: self.caller(call.event)?,
            text: logged.text.clone(),
            minutes: logged.minutes,
            by: self.optional_name(call.by.as_ref())?,
            orders: self.linked_orders(&call.orders)?,
            counted,
            pending: call.pending,
        })
    }

    /// The caller, for those who may see a reporter.
    fn caller(&self, event: EventId) -> Result<Option<CallerDto>, StoreError> {
        if !may_see_reporter(self.actor) {
            return Ok(None);
        }
        let Some(text) = self.store.sealed_part(event, "caller")? else { return Ok(None) };
        let Caller { name, phone } = serde_json::from_str(&text)?;
        Ok(Some(CallerDto { name, phone }))
    }
}

impl Pen<'_> {
    /// Writes a call down.
    ///
    /// # Errors
    /// Not allowed; bad input naming the field.
    pub fn log_call(&mut self, args: &HotlineLog) -> Result<Written, DoorError> {
        let key = key(self, "hotline", &args.idempotency_key)?;
        let message = if args.missed.is_some() { "已记录未接来电" } else { "已记录来电" };
        if let Some(id) = self.registered_under(&key)? {
            return Ok(already(&id, message.to_owned()));
        }
        if !self.desk().works_on_duty() {
            return Err(not_on_duty());
        }
        let mut draft = self.fact("hotline.logged", &self.logged(args)?)?;
        draft.sealed.extend(caller(args)?);
        let id =
            EntityId::new(format!("hotline/{}", EventId(new_id(self.host)))).map_err(DoorError::broken)?;
        self.put_duty(&id, draft, &key, message.to_owned())
    }

    fn logged(&self, args: &HotlineLog) -> Result<Logged, DoorError> {
        let now = self.host.now();
        let at = stated_time(args.at.as_deref(), "at")?.unwrap_or(now);
        if at > now {
            return Err(DoorError::bad_input("来电时间不能晚于现在。").at("at"));
        }
        let missed = args.missed.as_deref().map(str::trim).filter(|code| !code.is_empty());
        let missed = missed
            .map(|code| {
                Cause::from_code(code)
                    .ok_or_else(|| DoorError::bad_input("没有这种未接原因，请重新选择。").at("missed"))
            })
            .transpose()?;
        let text = text_of(&args.text, TEXT_CHARS_MAX, "text")?;
        if missed.is_none() && text.is_empty() {
            return Err(DoorError::bad_input("请写明来电事由。").at("text"));
        }
        if args.minutes > MINUTES_MAX {
            return Err(DoorError::bad_input("通话时长不能超过一天。").at("minutes"));
        }
        let minutes = if missed.is_some() { 0 } else { args.minutes };
        Ok(Logged { at, missed, unit: text_of(&args.unit, UNIT_CHARS_MAX, "unit")?, text, minutes })
    }

    /// Links an order to the call it came of.
    ///
    /// # Errors
    /// Not allowed; not found.
    pub fn link_call(&mut self, args: &HotlineLink) -> Result<Written, DoorError> {
        let key = key(self, &format!("link/{}", args.id), &args.idempotency_key)?;
        if !self.desk().works_on_duty() {
            return Err(not_on_duty());
        }
        let (_, log) = self.desk().common_log(None)?;
        let (order, state) = self.desk().order(&args.order_id).map_err(|error| error.at("order_id"))?;
        let Some(EntityState::Hotline(call)) = self.store.entity_in(log.as_str(), &args.id)? else {
            return Err(DoorError::not_found("本机没有这条电话记录。").at("id"));
        };
        let id = EntityId::new(args.id.as_str()).map_err(DoorError::broken)?;
        let message = format!("已关联工单 {}", state.number);
        if self.is_repeated(&key)? || call.orders.iter().any(|each| each == order.as_str()) {
            return Ok(already(&id, message));
        }
        let mut draft = self.fact("hotline.linked", &Linked { order: order.to_string() })?;
        draft.deps.push(call.event);
        self.put_duty(&id, draft, &key, message)
    }
}

/// The sealed part, where anything was said of the caller.
fn caller(args: &HotlineLog) -> Result<Option<SealedDraft>, DoorError> {
    let caller = Caller {
        name: text_of(&args.caller.name, CALLER_CHARS_MAX, "caller.name")?,
        phone: text_of(&args.caller.phone, CALLER_CHARS_MAX, "caller.phone")?,
    };
    if caller == Caller::default() {
        return Ok(None);
    }
    let json = serde_json::to_string(&caller).map_err(DoorError::broken)?;
    Ok(Some(SealedDraft { name: "caller".to_owned(), class: "personal".to_owned(), json }))
}
