//! Writing plans and what is done under them.

use super::Found;
use super::form::plan_of;
use crate::door::dto::{CoverageActArgs, CoverageDoneArgs, CoveragePlanArgs, DoorError, Written};
use crate::host::new_id;
use crate::order::{Pen, already, key, stated_date};
use serde::Serialize;
use zaigang_domain::duty::coverage::{
    Consent, Done, DueKind, Plan, Said, TEXT_CHARS_MAX, Unsound, dues, expectations, legal, sound,
};
use zaigang_domain::event::{EntityId, EventId};
use zaigang_domain::people::Role;

/// Longest words of an act, in characters: a summary of four pages.
const SAID_CHARS_MAX: usize = 4 * TEXT_CHARS_MAX;

impl Pen<'_> {
    /// Writes a plan, or changes one; a change asks for approval anew.
    ///
    /// # Errors
    /// Bad input naming the field; not now or not allowed by the plan's stage and the person.
    pub fn plan_coverage(&mut self, args: &CoveragePlanArgs) -> Result<Written, DoorError> {
        let plan = plan_of(&args.plan)?;
        sound(&plan).map_err(|Unsound { field, message }| DoorError::bad_input(message).at(field))?;
        let Some(id) = &args.id else { return self.new_plan(&plan, &args.idempotency_key) };
        let found = self.desk().found_plan(id)?;
        self.claim("coverage.changed", &found, &plan, &args.idempotency_key, "方案已修改，须重新送审")
    }

    fn new_plan(&mut self, plan: &Plan, given: &str) -> Result<Written, DoorError> {
        let scope = &self.actor.divisions;
        let within = !plan.divisions.is_empty() && plan.divisions.iter().all(|own| scope.contains(own));
        if !self.actor.has(Role::Supervisor) {
            return Err(DoorError::not_allowed("保障方案由项目经理编制。"));
        }
        if !scope.is_empty() && !within {
            let message = format!("请选择您负责的总队：{}。", scope.join("、"));
            return Err(DoorError::bad_input(message).at("divisions"));
        }
        let key = key(self, "coverage/plan", given)?;
        let message = format!("已编制“{}”，送审后由另一位项目经理审核", plan.name);
        if let Some(id) = self.registered_under(&key)? {
            return Ok(already(&id, message));
        }
        let (_, log) = self.desk().common_log(None)?;
        let id =
            EntityId::new(format!("coverage/{}", EventId(new_id(self.host)))).map_err(DoorError::broken)?;
        let draft = self.fact("coverage.planned", plan)?;
        self.put(&log, &id, draft, &key, message)
    }

    /// Takes a plan a step further.
    ///
    /// # Errors
    /// As [`Pen::plan_coverage`].
    pub fn coverage_act(&mut self, args: &CoverageActArgs) -> Result<Written, DoorError> {
        let found = self.desk().found_plan(&args.id)?;
        let given = &args.idempotency_key;
        match args.act.as_str() {
            "submit" => self.claim("coverage.submitted", &found, &Said::default(), given, "已送审"),
            "return" => {
                let said = said(&args.text, "请写明退回的原因。")?;
                self.claim("coverage.returned", &found, &said, given, "已退回编制人")
            }
            "approve" => {
                let own = self.actor.user().is_some_and(|user| found.state.is_by(user));
                let alone = own && self.desk().approves_alone(&found.contract)?;
                let said = Said { alone, ..Said::default() };
                self.claim("coverage.approved", &found, &said, given, "已审核，方案生效")
            }
            "consent" => {
                let consent = self.consent(args)?;
                self.claim("coverage.consented", &found, &consent, given, "已记录采购人同意")
            }
            "close" => {
                let said = said(&args.text, "请写保障总结。")?;
                self.claim("coverage.closed", &found, &said, given, "已总结")
            }
            "cancel" => {
                let said = said(&args.text, "请写明取消的原因。")?;
                self.claim("coverage.cancelled", &found, &said, given, "已取消")
            }
            _ => Err(DoorError::bad_input("没有这一步，请刷新界面后重试。").at("act")),
        }
    }

    /// The buyer's own consent, or one recorded from a paper.
    fn consent(&self, args: &CoverageActArgs) -> Result<Consent, DoorError> {
        let consent = Consent {
            unit: args.unit.trim().to_owned(),
            date: stated_date(args.date.as_deref(), "date")?,
            paper: args.paper.trim().to_owned(),
        };
        if self.actor.has(Role::BuyerContact) {
            return Ok(consent);
        }
        if consent.unit.is_empty() {
            return Err(DoorError::bad_input("请写明同意的单位或岗位（不写姓名）。").at("unit"));
        }
        if consent.paper.is_empty() {
            return Err(DoorError::bad_input("请写明依据文件：名称，连同文号。").at("paper"));
        }
        if consent.date.is_none() {
            return Err(DoorError::bad_input("请填写采购人同意的日期。").at("date"));
        }
        Ok(consent)
    }

    fn claim<P: Serialize>(
        &mut self,
        kind: &'static str,
        found: &Found,
        payload: &P,
        given: &str,
        message: &str,
    ) -> Result<Written, DoorError> {
        let Found { id, contract, log, state } = found;
        let key = key(self, &format!("{kind}/{}", id.local()), given)?;
        if self.is_repeated(&key)? {
            return Ok(already(id, message.to_owned()));
        }
        if !state.unknown.is_empty() {
            return Err(DoorError::not_now("这份方案含有更新版本程序的内容，升级后再办理。"));
        }
        let alone = kind == "coverage.approved" && self.desk().approves_alone(contract)?;
        legal(kind, state, self.actor, alone)?;
        let mut draft = self.fact(kind, payload)?;
        draft.expect = expectations(kind, state);
        self.put(log, id, draft, &key, message.to_owned())
    }

    /// Writes down a check, a patrol or a report.
    ///
    /// # Errors
    /// Bad input for what is not due under the plan; not now before it is approved.
    pub fn coverage_done(&mut self, args: &CoverageDoneArgs) -> Result<Written, DoorError> {
        let found = self.desk().found_plan(&args.id)?;
        let key = key(self, &format!("coverage/done/{}", found.id.local()), &args.idempotency_key)?;
        let message = "已记录".to_owned();
        if self.is_repeated(&key)? {
            return Ok(already(&found.id, message));
        }
        if !found.state.stage.is_in_force() {
            let text = format!("方案现为“{}”，审核后、总结前才能记录。", found.state.stage.title());
            return Err(DoorError::not_now(text));
        }
        if !self.desk().records_coverage(&found.state) {
            return Err(DoorError::not_allowed("检查、特巡和报告由驻场工程师、服务台或项目经理记录。"));
        }
        let (kind, done) = self.done(args, &found)?;
        let draft = self.fact(kind.event(), &done)?;
        self.put(&found.log, &found.id, draft, &key, message)
    }

    fn done(&self, args: &CoverageDoneArgs, found: &Found) -> Result<(DueKind, Done), DoorError> {
        let text = args.text.trim();
        let due = dues(&found.state);
        let due = due.iter().find(|due| due.kind.code() == args.kind && due.slot == args.slot);
        let due = due.ok_or_else(|| {
            DoorError::bad_input("方案中没有这一项，可能刚被修改，请刷新后重试。").at("slot")
        })?;
        if due.date > zaigang_domain::calendar::civil_date(self.host.now()) && due.kind != DueKind::Check {
            return Err(DoorError::not_now("还没有到这一天，到时再记录。"));
        }
        if !args.fine && text.is_empty() {
            return Err(DoorError::bad_input("有异常时请写明情况和处置。").at("text"));
        }
        if text.chars().count() > TEXT_CHARS_MAX {
            return Err(DoorError::bad_input(format!("最多 {TEXT_CHARS_MAX} 字。")).at("text"));
        }
        Ok((due.kind, Done { slot: args.slot.clone(), fine: args.fine, text: text.to_owned() }))
    }
}

fn said(text: &str, missing: &str) -> Result<Said, DoorError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DoorError::bad_input(missing).at("text"));
    }
    if text.chars().count() > SAID_CHARS_MAX {
        return Err(DoorError::bad_input(format!("最多 {SAID_CHARS_MAX} 字。")).at("text"));
    }
    Ok(Said { text: text.to_owned(), alone: false })
}
