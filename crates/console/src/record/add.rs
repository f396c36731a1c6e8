//! Writing work records.

use crate::door::dto::{DoorError, RecordAdd, RecordLine, Written};
use crate::order::{Desk, Pen, filled, key, remote_of, stated_time};
use jiff::Timestamp;
use zaigang_domain::contract::Category;
use zaigang_domain::event::EntityId;
use zaigang_domain::order::payload::{Facts, Inspection, Registered, RemoteWay, WorkRecord};
use zaigang_domain::order::{OrderKind, Then, object_fits, register};

/// Most records of one call: more than anybody does in a day.
const LINES_MAX: usize = 50;

impl Pen<'_> {
    /// Writes work records. All are looked at before any is written; the same key twice has one effect.
    ///
    /// # Errors
    /// Bad input naming line and field; not allowed outside the person's scope or role.
    pub fn add_records(&mut self, args: &RecordAdd) -> Result<Written, DoorError> {
        let key = key(self, "record", &args.idempotency_key)?;
        if !(1..=LINES_MAX).contains(&args.lines.len()) {
            let message = format!("一次可记录 1 至 {LINES_MAX} 条，请分次提交。");
            return Err(DoorError::bad_input(message).at("lines"));
        }
        if let Some(last) = self.registered_under(&line_key(&key, args.lines.len() - 1))? {
            return Ok(written(&last, args.lines.len(), Vec::new()));
        }
        let now = self.host.now();
        let mut forms = Vec::with_capacity(args.lines.len());
        for (i, line) in args.lines.iter().enumerate() {
            forms.push(self.sound(line, now).map_err(|error| in_line(error, i))?);
        }
        let mut changed = Vec::new();
        let mut last = None;
        for (i, form) in forms.iter().enumerate() {
            let key = line_key(&key, i);
            // Written by an earlier call that did not get to the end.
            if let Some(id) = self.registered_under(&key)? {
                last = Some(id);
                continue;
            }
            let (id, topics) = self.write_order(form, None, Then::Close, now, &key)?;
            changed.extend(topics);
            last = Some(id);
        }
        changed.sort();
        changed.dedup();
        let last = last.ok_or_else(|| DoorError::broken("no record was written"))?;
        Ok(written(&last, forms.len(), changed))
    }

    fn sound(&self, line: &RecordLine, now: Timestamp) -> Result<Registered, DoorError> {
        let form = self.desk().record_of(line, now)?;
        register(&Registered { number: "-".to_owned(), ..form.clone() }, None, Then::Close, self.actor, now)?;
        Ok(form)
    }
}

fn written(last: &EntityId, count: usize, changed: Vec<String>) -> Written {
    Written { id: last.to_string(), message: format!("已记录 {count} 条工作"), changed }
}

fn line_key(key: &str, line: usize) -> String {
    format!("{key}/{line}")
}

/// Names the line with the field; a report's time is a record's `at`.
fn in_line(error: DoorError, line: usize) -> DoorError {
    let field = match error.field.as_deref() {
        Some("reported_at") => "at",
        Some(field) => field,
        None => return error,
    };
    let field = format!("lines.{line}.{field}");
    error.at(field)
}

impl Desk<'_> {
    fn record_of(&self, line: &RecordLine, now: Timestamp) -> Result<Registered, DoorError> {
        let division = self.division_of(line)?;
        let in_force = self.registrable(&division)?;
        let at = stated_time(line.at.as_deref(), "at")?.unwrap_or(now);
        let (object, reason) = (filled(Some(&line.object)), filled(line.reason.as_ref()));
        object_fits(in_force.bound.profile, object.as_deref(), reason.as_deref(), at)?;
        let category = in_force.bound.profile.record_category(line.category.trim()).ok_or_else(|| {
            DoorError::bad_input(
                "没有这个服务类别，请从列表中选择；文件没有列出的，请项目经理在“本项目约定”中增加。",
            )
            .at("category")
        })?;
        let remote = remote_of(line.remote.as_ref())?;
        let by_phone = remote.as_ref().is_some_and(|remote| remote.way == RemoteWay::Phone);
        let channel = match (by_phone, category.inspected) {
            (true, _) => "phone",
            (false, true) => "inspection",
            (false, false) => "onsite",
        };
        Ok(Registered {
            number: String::new(),
            kind: OrderKind::WorkRecord,
            title: line.title.trim().to_owned(),
            detail: String::new(),
            object: filled(Some(&line.object)),
            level: None,
            level_reason: None,
            facts: Facts::default(),
            channel: channel.to_owned(),
            reported_at: at,
            reporter_unit: String::new(),
            contract: in_force.contract.clone(),
            contract_hash: in_force.contract_hash.clone(),
            calendar_hash: in_force.calendar_hash.clone(),
            scheduled_at: None,
            late_reason: filled(line.reason.as_ref()),
            external_no: None,
            source: None,
            alarm_key: None,
            registered_at: None,
            record: Some(record_of(category, line)?),
            on_behalf: self.colleague(&in_force, &division, line.on_behalf.as_ref())?,
            remote,
            division,
        })
    }

    /// The object's division, else the one said, else the only one there is.
    fn division_of(&self, line: &RecordLine) -> Result<String, DoorError> {
        let divisions = self.divisions()?;
        let object = line.object.trim();
        for (contract, _) in &divisions {
            let Some(in_force) = self.in_force_of(contract)? else { continue };
            let object = in_force.bound.profile.object(object);
            if let Some(division) = object.and_then(|object| object.division.clone()) {
                return Ok(division);
            }
        }
        match (line.division.trim(), divisions.as_slice()) {
            ("", [(_, only)]) => Ok(only.clone()),
            ("", _) => Err(DoorError::bad_input("请选择运维对象或部门。").at("object")),
            (said, _) => Ok(said.to_owned()),
        }
    }
}

/// What a category asks for is there; what it does not ask for is left out.
fn record_of(category: &Category, line: &RecordLine) -> Result<WorkRecord, DoorError> {
    let authorisation = filled(line.authorisation.as_ref()).filter(|_| category.authorised);
    if category.authorised && authorisation.is_none() {
        let message = format!("“{}”属授权工作（{}），请填写授权编号。", category.name, category.source);
        return Err(DoorError::bad_input(message).at("authorisation"));
    }
    let inspection = match line.inspection.as_deref().map(str::trim) {
        _ if !category.inspected => None,
        Some("normal") => Some(Inspection::Normal),
        Some("abnormal") => Some(Inspection::Abnormal),
        _ => return Err(DoorError::bad_input("请选择巡检结果：正常或异常。").at("inspection")),
    };
    let confirmed_by = line.confirmed_by.trim().to_owned();
    if category.confirmed && confirmed_by.is_empty() {
        let message = format!("“{}”须由采购人确认（{}），请填写确认人。", category.name, category.source);
        return Err(DoorError::bad_input(message).at("confirmed_by"));
    }
    Ok(WorkRecord {
        category: category.name.clone(),
        minutes: line.minutes,
        result: line.result.trim().to_owned(),
        confirmed_by,
        authorisation,
        inspection,
    })
}
