//! 值班日志: a day as it is read, and its notes.

use super::{not_on_duty, text_of};
use crate::door::dto::{DoorError, DutyDay, DutyNote, DutyNoteArgs, ReportClause, Written};
use crate::order::{Desk, Pen, REMINDER, already, key, stated_date, stated_time};
use crate::store::StoreError;
use jiff::civil::Date;
use zaigang_domain::calendar::{civil_date, format_instant};
use zaigang_domain::duty::dutylog::{DutyLog, NOTE_CHARS_MAX, Note, Noted, ORDERS_MAX, dutylog_of};
use zaigang_domain::event::EventId;
use zaigang_domain::judge::EntityState;
use zaigang_domain::people::Role;

impl Desk<'_> {
    pub(super) fn duty_log_of(&self, date: Date) -> Result<DutyLog, DoorError> {
        let (_, log) = self.common_log(None)?;
        Ok(match self.store.entity_in(log.as_str(), dutylog_of(date).as_str())? {
            Some(EntityState::DutyLog(log)) => *log,
            _ => DutyLog::default(),
        })
    }

    /// The day, today where none is named.
    pub(super) fn duty_date(&self, date: Option<&str>) -> Result<Date, DoorError> {
        let today = civil_date(self.now);
        let date = stated_date(date, "date")?.unwrap_or(today);
        if date > today {
            return Err(DoorError::bad_input("还没有到这一天，值班日志不能预先填写。").at("date"));
        }
        Ok(date)
    }

    /// A day of duty.
    ///
    /// # Errors
    /// Bad input for a date that is none or lies ahead; as [`Desk::duty_now`].
    pub fn duty_day(&self, date: Option<&str>) -> Result<DutyDay, DoorError> {
        let date = self.duty_date(date)?;
        let (contract, log) = self.common_log(None)?;
        let state = self.duty_log_of(date)?;
        let gathered = self.gather(date, &log)?;
        let notes = state.standing().into_iter().map(|note| self.duty_note(note, &state));
        let drafts =
            gathered.notes.iter().filter(|draft| state.notes.iter().all(|n| n.noted.drafted != draft.key));
        let report = state.reports.last();
        let clauses = self.report_clauses(&contract)?;
        Ok(DutyDay {
            date: date.to_string(),
            notes: notes.collect::<Result<_, _>>()?,
            drafts: drafts.cloned().collect(),
            report: report.map(|report| self.sent_report(report)).transpose()?,
            reports_before: u32::try_from(state.reports.len().saturating_sub(1)).unwrap_or(u32::MAX),
            draft: self.drafted_report(&gathered, &state),
            managers: self.managers(&contract)?,
            clauses,
            contract: self.duty_contract_name(&contract)?,
            may_write: self.works_on_duty(),
            may_receive: self.actor.enabled
                && self.actor.has(Role::Supervisor)
                && report.is_some_and(|report| report.received.is_none()),
            reminder: REMINDER.to_owned(),
            version: match report {
                Some(report) => {
                    let event: String = report.event.to_string().chars().take(8).collect();
                    format!("第 {} 稿 · 记录 {event} · {}", state.reports.len(), self.log_head(&log)?)
                }
                None => format!("未报送 · {}", self.log_head(&log)?),
            },
            watermark: String::new(),
        })
    }

    fn duty_note(&self, note: &Note, log: &DutyLog) -> Result<DutyNote, StoreError> {
        let mut before = Vec::new();
        let mut earlier = note.noted.replaces;
        // Each note takes the place of an earlier one: the chain ends.
        while let Some(old) = log.notes.iter().find(|each| Some(each.event) == earlier) {
            before.insert(0, old.noted.text.clone());
            earlier = old.noted.replaces.filter(|_| before.len() < log.notes.len());
        }
        Ok(DutyNote {
            id: note.event.to_string(),
            at: format_instant(note.noted.at),
            text: note.noted.text.clone(),
            orders: self.linked_orders(&note.noted.orders)?,
            by: self.optional_name(note.by.as_ref())?,
            mine: self.actor.is(note.by.as_ref()),
            before,
            pending: note.pending,
        })
    }

    /// The clauses that ask for a report at the end of a day: from the people on site to their manager.
    fn report_clauses(&self, contract: &str) -> Result<Vec<ReportClause>, StoreError> {
        let Some(in_force) = self.in_force_of(contract)? else { return Ok(Vec::new()) };
        let profile = in_force.bound.profile;
        let daily = profile.facts.record_rule.iter().filter(|rule| {
            rule.per.as_deref() == Some("day") && rule.from_role.is_some() && rule.to_role.is_some()
        });
        Ok(daily
            .map(|rule| ReportClause {
                source: format!("{}:{}", profile.document, rule.source_line),
                text: rule.rule.clone(),
            })
            .collect())
    }

    pub(super) fn managers(&self, contract: &str) -> Result<Vec<String>, StoreError> {
        let people = self.store.people()?;
        let managers = people.into_iter().filter(|person| person.manages(contract));
        Ok(managers.map(|person| person.name).collect())
    }
}

impl Pen<'_> {
    /// Writes a note, or a better one in the place of an own one.
    ///
    /// # Errors
    /// Not allowed; bad input naming the field; not found.
    pub fn note_duty(&mut self, args: &DutyNoteArgs) -> Result<Written, DoorError> {
        let key = key(self, &format!("dutylog/{}", args.date), &args.idempotency_key)?;
        if !self.desk().works_on_duty() {
            return Err(not_on_duty());
        }
        let date = self.desk().duty_date(Some(&args.date))?;
        let entity = dutylog_of(date);
        let message = "已记入值班日志".to_owned();
        if self.is_repeated(&key)? {
            return Ok(already(&entity, message));
        }
        let noted = self.noted(args, date)?;
        let mut draft = self.fact("dutylog.noted", &noted)?;
        draft.deps.extend(noted.replaces);
        self.put_duty(&entity, draft, &key, message)
    }

    fn noted(&self, args: &DutyNoteArgs, date: Date) -> Result<Noted, DoorError> {
        let now = self.host.now();
        let at = stated_time(args.at.as_deref(), "at")?.unwrap_or(now);
        if at > now {
            return Err(DoorError::bad_input("时间不能晚于现在。").at("at"));
        }
        // A night's duty is noted under the day it began on.
        let next = date.tomorrow().unwrap_or(date);
        if ![date, next].contains(&civil_date(at)) {
            let message = format!("时间不在 {date} 的值班内，请改时间，或换到那一天再记。");
            return Err(DoorError::bad_input(message).at("at"));
        }
        let text = text_of(&args.text, NOTE_CHARS_MAX, "text")?;
        if text.is_empty() {
            return Err(DoorError::bad_input("请写明值班情况。").at("text"));
        }
        if args.orders.len() > ORDERS_MAX {
            return Err(DoorError::bad_input(format!("最多关联 {ORDERS_MAX} 张工单。")).at("orders"));
        }
        let order = |id: &String| {
            let (id, _) = self.desk().order(id.trim()).map_err(|error| error.at("orders"))?;
            Ok::<_, DoorError>(id.to_string())
        };
        Ok(Noted {
            at,
            text,
            orders: args.orders.iter().map(order).collect::<Result<_, _>>()?,
            replaces: self.replaced(args, date)?,
            drafted: text_of(args.drafted.as_deref().unwrap_or_default(), NOTE_CHARS_MAX, "drafted")?,
        })
    }

    /// The own note that is replaced.
    fn replaced(&self, args: &DutyNoteArgs, date: Date) -> Result<Option<EventId>, DoorError> {
        let Some(id) = args.replaces.as_deref().map(str::trim).filter(|id| !id.is_empty()) else {
            return Ok(None);
        };
        let log = self.desk().duty_log_of(date)?;
        let note = log.standing().into_iter().find(|note| note.event.to_string() == id).cloned();
        let Some(note) = note else {
            return Err(DoorError::not_found("这一条已被改过，请刷新后再改。").at("replaces"));
        };
        if !self.actor.is(note.by.as_ref()) {
            return Err(
                DoorError::not_allowed("只有记录人本人可以更正这一条；可另记一条说明。").at("replaces")
            );
        }
        Ok(Some(note.event))
    }
}
