//! A plan and the form it is written in: one into the other, and what a new one begins with.

use crate::door::dto::{CoverageCheckForm, CoverageForm, CoverageFreezeForm, CoverageSpareForm, DoorError};
use crate::order::{date_of, stated_time};
use jiff::civil::Date;
use zaigang_domain::calendar::format_instant;
use zaigang_domain::duty::coverage::{Check, Freeze, Occasion, Plan, SpareNeed};
use zaigang_domain::event::UserId;

/// What a new plan proposes to look at, with how many days before: 本项目约定, after the clause that asks for
/// checks three days before long holidays (002:1327).
const CHECKS: [(&str, u8); 4] = [
    ("机房环境、供电和空调巡检", 3),
    ("核心系统、网络设备和备份检查", 3),
    ("备件和工具到位，值班电话和应急联系方式核对", 1),
    ("未结工单、告警和遗留问题清零或交代", 1),
];

/// Times a new plan proposes: 本项目约定.
const PATROLS: [&str; 2] = ["09:00", "21:00"];
const REPORTS: [&str; 1] = ["16:00"];

/// Whom to tell, in order, as a new plan proposes it: 本项目约定.
const ESCALATION: [&str; 4] = ["值班岗", "带班", "项目经理", "采购人主管部门"];

/// The form a plan begins with.
pub(super) fn begun(name: String, occasion: Occasion, from: Date, to: Date) -> CoverageForm {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let check = |(what, days_before): &(&str, u8)| CoverageCheckForm {
        key: String::new(),
        what: (*what).to_owned(),
        days_before: *days_before,
    };
    CoverageForm {
        name,
        occasion: occasion.code().to_owned(),
        from: from.to_string(),
        to: to.to_string(),
        escalation: texts(&ESCALATION),
        checks: CHECKS.iter().map(check).collect(),
        patrols: texts(&PATROLS),
        reports: texts(&REPORTS),
        ..CoverageForm::default()
    }
}

/// The form of a plan as it stands.
pub(super) fn form_of(plan: &Plan) -> CoverageForm {
    let check = |check: &Check| CoverageCheckForm {
        key: check.key.clone(),
        what: check.what.clone(),
        days_before: check.days_before,
    };
    CoverageForm {
        name: plan.name.clone(),
        occasion: plan.occasion.code().to_owned(),
        from: plan.from.to_string(),
        to: plan.to.to_string(),
        divisions: plan.divisions.clone(),
        lead: plan.lead.as_ref().map(ToString::to_string),
        escalation: plan.escalation.clone(),
        checks: plan.checks.iter().map(check).collect(),
        spares: plan.spares.iter().map(spare_form).collect(),
        patrols: plan.patrols.clone(),
        reports: plan.reports.clone(),
        round_the_clock: plan.round_the_clock,
        freezes: plan.freezes.iter().map(freeze_form).collect(),
        fallback: plan.fallback.clone(),
        paper: plan.paper.clone(),
    }
}

/// A spare of a plan in the form.
pub(super) fn spare_form(spare: &SpareNeed) -> CoverageSpareForm {
    CoverageSpareForm { name: spare.name.clone(), quantity: spare.quantity, place: spare.place.clone() }
}

fn freeze_form(freeze: &Freeze) -> CoverageFreezeForm {
    CoverageFreezeForm {
        from: format_instant(freeze.from),
        to: format_instant(freeze.to),
        what: freeze.what.clone(),
    }
}

/// The plan that a form says.
///
/// # Errors
/// Bad input naming the field.
pub(super) fn plan_of(form: &CoverageForm) -> Result<Plan, DoorError> {
    let occasion = Occasion::from_code(&form.occasion);
    let lead = form.lead.as_deref().filter(|lead| !lead.is_empty()).map(UserId::new).transpose();
    let spare = |spare: &CoverageSpareForm| SpareNeed {
        name: spare.name.trim().to_owned(),
        quantity: spare.quantity,
        place: spare.place.trim().to_owned(),
    };
    Ok(Plan {
        name: form.name.trim().to_owned(),
        occasion: occasion.ok_or_else(|| DoorError::bad_input("请选择保障类别。").at("occasion"))?,
        from: date_of(&form.from, "from")?,
        to: date_of(&form.to, "to")?,
        divisions: form.divisions.clone(),
        lead: lead.map_err(|_| DoorError::bad_input("没有这个人，请重新选择。").at("lead"))?,
        escalation: trimmed(&form.escalation),
        checks: checks_of(&form.checks),
        spares: form.spares.iter().map(spare).collect(),
        patrols: sorted(&form.patrols),
        reports: sorted(&form.reports),
        round_the_clock: form.round_the_clock,
        freezes: form.freezes.iter().map(freeze_of).collect::<Result<_, _>>()?,
        fallback: form.fallback.trim().to_owned(),
        paper: form.paper.trim().to_owned(),
    })
}

fn trimmed(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

fn sorted(times: &[String]) -> Vec<String> {
    let mut times = trimmed(times);
    times.sort();
    times
}

/// Checks with their keys; a new one gets the next free number, so that what was done stays with what it was.
fn checks_of(forms: &[CoverageCheckForm]) -> Vec<Check> {
    let mut last = forms.iter().filter_map(|check| check.key.parse::<u32>().ok()).max().unwrap_or(0);
    let mut key = |given: &str| {
        if !given.is_empty() {
            return given.to_owned();
        }
        last += 1;
        last.to_string()
    };
    let checks = forms.iter().filter(|check| !check.what.trim().is_empty());
    checks
        .map(|check| Check {
            key: key(&check.key),
            what: check.what.trim().to_owned(),
            days_before: check.days_before,
        })
        .collect()
}

fn freeze_of(form: &CoverageFreezeForm) -> Result<Freeze, DoorError> {
    let at = |text: &str| {
        stated_time(Some(text), "freezes")?
            .ok_or_else(|| DoorError::bad_input("请填写封网的起止时间。").at("freezes"))
    };
    Ok(Freeze { from: at(&form.from)?, to: at(&form.to)?, what: form.what.trim().to_owned() })
}
