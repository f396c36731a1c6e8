//! Writing plans and what is done under them.

use super::slots::dues;
use crate::door::dto::{
    CoverageActArgs, CoverageDoneArgs, CoverageForm, CoveragePlanArgs, DoorError, Written,
};
use crate::host::new_id;
use crate::order::{Pen, key, stated_time};
use crate::store::Draft;
use jiff::civil::Date;
use std::collections::BTreeMap;
use zaigang_domain::coverage::{
    Check, Consent, Done, Freeze, Objection, Occasion, Plan, PlanState, SpareNeed, TEXT_CHARS_MAX, Words,
    allows, expectations, sound,
};
use zaigang_domain::event::{EntityId, EventId, LogName, UserId};
use zaigang_domain::people::Role;

impl Pen<'_> {
    /// Writes a plan, or changes one; a change asks for approval anew.
    ///
    /// # Errors
    /// Bad input naming the field; not now or not allowed by the plan's stage and the person.
    pub fn plan_coverage(&mut self, args: &CoveragePlanArgs) -> Result<Written, DoorError> {
        let plan = plan_of(&args.plan)?;
        sound(&plan).map_err(refused)?;
        let payload = serde_json::to_string(&plan).map_err(DoorError::broken)?;
        let Some(id) = &args.id else { return self.new_plan(&plan, payload, &args.idempotency_key) };
        let (id, state) = self.desk().plan(id)?;
        self.claim("coverage.changed", &id, &state, payload, &args.idempotency_key, "方案已修改，须重新送审")
    }

    fn new_plan(&mut self, plan: &Plan, payload: String, given: &str) -> Result<Written, DoorError> {
        if !self.actor.has(Role::Supervisor) {
            return Err(DoorError::not_allowed("保障方案由项目经理编制。"));
        }
        let key = key(self, "coverage", given)?;
        let log = self.desk().coverage_log()?;
        let id = EntityId::new(format!("coverage/{}", EventId(new_id(self.host)))).map_err(DoorError::broken)?;
        let draft = self.draft("coverage.planned", payload, BTreeMap::new());
        let written = self.append(&log, &id, vec![draft], &key)?;
        // The same key twice answers what the first call wrote.
        let first = written.ids.first().map(|event| self.store.event(*event)).transpose()?.flatten();
        let id = first.map_or_else(|| id.to_string(), |event| event.entity);
        let message = format!("已编制“{}”，送审后由另一位项目经理审核", plan.name);
        Ok(Written { id, message, changed: written.changed.into_iter().collect() })
    }

    /// Takes a plan a step further.
    ///
    /// # Errors
    /// As [`Pen::plan_coverage`].
    pub fn coverage_act(&mut self, args: &CoverageActArgs) -> Result<Written, DoorError> {
        let (id, state) = self.desk().plan(&args.id)?;
        let text = args.text.trim();
        let worded = |field_text: &str| {
            if text.is_empty() {
                return Err(DoorError::bad_input(field_text.to_owned()).at("text"));
            }
            if text.chars().count() > 4 * TEXT_CHARS_MAX {
                return Err(DoorError::bad_input(format!("最多 {} 字。", 4 * TEXT_CHARS_MAX)).at("text"));
            }
            serde_json::to_string(&Words { text: text.to_owned() }).map_err(DoorError::broken)
        };
        let nothing = || "{}".to_owned();
        let (kind, payload, message) = match args.act.as_str() {
            "submit" => ("coverage.submitted", nothing(), "已送审"),
            "return" => ("coverage.returned", worded("请写明退回的原因。")?, "已退回编制人"),
            "approve" => ("coverage.approved", nothing(), "已审核，方案生效"),
            "consent" => ("coverage.consented", self.consent(args)?, "已记录采购人同意"),
            "close" => ("coverage.closed", worded("请写保障总结。")?, "已总结"),
            "cancel" => ("coverage.cancelled", worded("请写明取消的原因。")?, "已取消"),
            _ => return Err(DoorError::bad_input("没有这一步，请刷新界面后重试。").at("act")),
        };
        self.claim(kind, &id, &state, payload, &args.idempotency_key, message)
    }

    fn consent(&self, args: &CoverageActArgs) -> Result<String, DoorError> {
        let unit = args.unit.trim();
        if unit.is_empty() {
            return Err(DoorError::bad_input("请填写同意的单位或岗位（不写姓名）。").at("unit"));
        }
        let date = args.date.as_deref().map(|text| date("date", text)).transpose()?;
        let by_account = self.actor.has(Role::BuyerContact);
        let paper = args.paper.trim();
        if !by_account && (date.is_none() || paper.is_empty()) {
            return Err(DoorError::bad_input("代为记录时须写明书面材料的名称或文号，和日期。").at("paper"));
        }
        let consent = Consent { unit: unit.to_owned(), date, paper: paper.to_owned() };
        serde_json::to_string(&consent).map_err(DoorError::broken)
    }

    fn claim(
        &mut self,
        kind: &'static str,
        id: &EntityId,
        state: &PlanState,
        payload: String,
        given: &str,
        message: &str,
    ) -> Result<Written, DoorError> {
        let key = key(self, id.as_str(), given)?;
        if self.is_repeated(&key)? {
            return Ok(Written { id: id.to_string(), message: message.to_owned(), changed: Vec::new() });
        }
        if state.newer {
            return Err(DoorError::not_now("这份方案含有更新版本程序的内容，升级后再办理。"));
        }
        allows(kind, state, self.actor).map_err(refused)?;
        let draft = self.draft(kind, payload, expectations(kind, state));
        let log = self.log_of_plan(id)?;
        let written = self.append(&log, id, vec![draft], &key)?;
        let changed = written.changed.into_iter().collect();
        Ok(Written { id: id.to_string(), message: message.to_owned(), changed })
    }

    /// Writes down a check, a patrol or a report.
    ///
    /// # Errors
    /// Bad input for what is not due under the plan; not now before it is approved.
    pub fn coverage_done(&mut self, args: &CoverageDoneArgs) -> Result<Written, DoorError> {
        let (id, state) = self.desk().plan(&args.id)?;
        let key = key(self, id.as_str(), &args.idempotency_key)?;
        let message = "已记录".to_owned();
        if self.is_repeated(&key)? {
            return Ok(Written { id: id.to_string(), message, changed: Vec::new() });
        }
        if !state.stage.is_in_force() {
            let text = format!("方案现为“{}”，审核后才能记录。", state.stage.title());
            return Err(DoorError::not_now(text));
        }
        let text = args.text.trim();
        if !dues(&state).iter().any(|due| due.kind == args.kind && due.slot == args.slot) {
            return Err(DoorError::bad_input("方案中没有这一项，可能刚被修改，请刷新后重试。").at("slot"));
        }
        if !args.fine && text.is_empty() {
            return Err(DoorError::bad_input("有异常时请写明情况和处置。").at("text"));
        }
        if text.chars().count() > TEXT_CHARS_MAX {
            return Err(DoorError::bad_input(format!("最多 {TEXT_CHARS_MAX} 字。")).at("text"));
        }
        let kind = match args.kind.as_str() {
            "check" => "coverage.checked",
            "patrol" => "coverage.patrolled",
            _ => "coverage.reported",
        };
        let done = Done { slot: args.slot.clone(), fine: args.fine, text: text.to_owned() };
        let payload = serde_json::to_string(&done).map_err(DoorError::broken)?;
        let draft = self.draft(kind, payload, BTreeMap::new());
        let log = self.log_of_plan(&id)?;
        let written = self.append(&log, &id, vec![draft], &key)?;
        Ok(Written { id: id.to_string(), message, changed: written.changed.into_iter().collect() })
    }

    fn draft(&self, kind: &str, payload: String, expect: BTreeMap<String, String>) -> Draft {
        Draft { expect, ..Draft::fact(kind, payload, self.host.now().as_millisecond()) }
    }

    fn log_of_plan(&self, id: &EntityId) -> Result<LogName, DoorError> {
        let log = self.store.log_of(id.as_str())?.and_then(|log| LogName::new(log).ok());
        log.ok_or_else(|| DoorError::not_found("本机没有这份保障方案。"))
    }
}

fn refused(objection: Objection) -> DoorError {
    match objection {
        Objection::Stage(text) => DoorError::not_now(text),
        Objection::Person(text) => DoorError::not_allowed(text),
        Objection::Content(field, text) => DoorError::bad_input(text).at(field),
    }
}

fn date(field: &'static str, text: &str) -> Result<Date, DoorError> {
    let wrong = || DoorError::bad_input(format!("“{text}”不是日期，应如 2025-10-01。")).at(field);
    Date::strptime("%Y-%m-%d", text.trim()).map_err(|_| wrong())
}

fn plan_of(form: &CoverageForm) -> Result<Plan, DoorError> {
    let lead = form.lead.as_deref().filter(|lead| !lead.is_empty()).map(UserId::new).transpose();
    let mut next = form.checks.iter().filter_map(|check| check.key.parse::<u32>().ok()).max().unwrap_or(0);
    let checks = form.checks.iter().map(|check| {
        let key = if check.key.is_empty() {
            next += 1;
            next.to_string()
        } else {
            check.key.clone()
        };
        Check { key, what: check.what.trim().to_owned(), days_before: check.days_before }
    });
    let checks = checks.collect();
    let mut freezes = Vec::new();
    for freeze in &form.freezes {
        let at = |text: &str| {
            stated_time(Some(text), "freezes")?
                .ok_or_else(|| DoorError::bad_input("请填写封网的起止时间。").at("freezes"))
        };
        let (from, to) = (at(&freeze.from)?, at(&freeze.to)?);
        freezes.push(Freeze { from, to, what: freeze.what.trim().to_owned() });
    }
    let trimmed = |texts: &[String]| {
        texts.iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect::<Vec<_>>()
    };
    Ok(Plan {
        name: form.name.trim().to_owned(),
        occasion: Occasion::from_code(&form.occasion)
            .ok_or_else(|| DoorError::bad_input("请选择保障类别。").at("occasion"))?,
        from: date("from", &form.from)?,
        to: date("to", &form.to)?,
        divisions: form.divisions.clone(),
        lead: lead.map_err(|_| DoorError::bad_input("没有这个人，请重新选择。").at("lead"))?,
        escalation: trimmed(&form.escalation),
        checks,
        spares: form
            .spares
            .iter()
            .map(|spare| SpareNeed {
                name: spare.name.trim().to_owned(),
                quantity: spare.quantity,
                place: spare.place.trim().to_owned(),
            })
            .collect(),
        patrols: trimmed(&form.patrols),
        reports: trimmed(&form.reports),
        round_the_clock: form.round_the_clock,
        freezes,
        fallback: form.fallback.trim().to_owned(),
        paper: form.paper.trim().to_owned(),
    })
}
