//! Writing work records.

use crate::door::dto::{DoorError, RecordAdd, RecordLine, Written};
use crate::host::new_id;
use crate::order::{Desk, Pen, filled, key, remote_of, stated_time};
use crate::store::{Act, Draft};
use jiff::Timestamp;
use zaigang_domain::contract::Category;
use zaigang_domain::event::{EntityId, EventId, LogName};
use zaigang_domain::order::payload::{Facts, Inspection, Registered, RemoteWay, Reporter, WorkRecord};
use zaigang_domain::order::{OrderKind, Then, object_fits, register};

/// Most records of one call: more than anybody does in a day.
const LINES_MAX: usize = 50;

impl Pen<'_> {
    /// Writes work records, all of them or none; the same key twice has one effect.
    ///
    /// # Errors
    /// Bad input naming line and field; not allowed outside the person's scope or role.
    pub fn add_records(&mut self, args: &RecordAdd) -> Result<Written, DoorError> {
        let key = key(self, "record", &args.idempotency_key)?;
        if !(1..=LINES_MAX).contains(&args.lines.len()) {
            let message = format!("一次可记录 1 至 {LINES_MAX} 条，请分次提交。");
            return Err(DoorError::bad_input(message).at("lines"));
        }
        let message = format!("已记录 {} 条工作", args.lines.len());
        if self.is_repeated(&key)? {
            // Writes nothing: answers what the first call did.
            let ids = self.store.append_acts(self.host, &[], Some(self.author), Some(&key))?.ids;
            let last = ids.last().map(|id| self.store.event(*id)).transpose()?.flatten();
            let id = last.map(|event| event.entity).unwrap_or_default();
            return Ok(Written { id, message, changed: Vec::new() });
        }
        let now = self.host.now();
        let mut forms = Vec::with_capacity(args.lines.len());
        for (i, line) in args.lines.iter().enumerate() {
            forms.push(self.sound(line, now).map_err(|error| in_line(error, i))?);
        }
        let acts = self.registrations(&forms, Then::Close, now)?;
        let written = self.store.append_acts(self.host, &acts, Some(self.author), Some(&key))?;
        let id = acts.last().map(|act| act.entity.to_string()).unwrap_or_default();
        Ok(Written { id, message, changed: written.changed.into_iter().collect() })
    }

    fn sound(&self, line: &RecordLine, now: Timestamp) -> Result<(Registered, Option<Reporter>), DoorError> {
        let form = self.desk().record_of(line, now)?;
        self.check_form(&form, None, &Then::Close, now)?;
        Ok((form, None))
    }

    /// Asks whether a form would be taken, without a number, so that a refused one uses none up.
    ///
    /// # Errors
    /// What the domain refuses.
    pub(crate) fn check_form(
        &self,
        form: &Registered,
        reporter: Option<&Reporter>,
        then: &Then,
        now: Timestamp,
    ) -> Result<(), DoorError> {
        let form = Registered { number: "-".to_owned(), ..form.clone() };
        register(&form, reporter, then.clone(), self.actor, now)?;
        Ok(())
    }

    /// Acts that register forms checked before, each under a number of its own.
    ///
    /// # Errors
    /// As [`Pen::check_form`].
    pub(crate) fn registrations(
        &mut self,
        forms: &[(Registered, Option<Reporter>)],
        then: Then,
        now: Timestamp,
    ) -> Result<Vec<Act>, DoorError> {
        let mut acts = Vec::with_capacity(forms.len());
        for (form, reporter) in forms {
            let log = LogName::division(&form.contract, &form.division).map_err(DoorError::broken)?;
            let form = Registered { number: self.next_number(&form.division, now)?, ..form.clone() };
            let drafts = register(&form, reporter.as_ref(), then.clone(), self.actor, now)?;
            let entity = EntityId::order(EventId(new_id(self.host)));
            let drafts = drafts.into_iter().map(Draft::from).collect();
            acts.push(Act { log, entity, drafts, stands_on: None });
        }
        Ok(acts)
    }
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
            object,
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
            late_reason: reason,
            external_no: None,
            source: None,
            alarm_key: None,
            asset: self.asset_named(line.asset.as_deref().unwrap_or_default(), "asset")?,
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
        for in_force in self.contracts_of(&divisions)? {
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
