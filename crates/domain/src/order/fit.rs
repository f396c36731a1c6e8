//! Whether a form fits the contract it is to be bound to: known object, in service, a level that the
//! contract's own table bears out.

use crate::calendar::civil_date;
use crate::clock::{level_name, level_of};
use crate::contract::Profile;
use crate::order::Refusal;
use crate::order::payload::Registered;
use jiff::Timestamp;

/// Checks a form against a contract.
///
/// # Errors
/// [`Refusal`] naming the field: `object` that the contract does not have, `reason` missing outside the
/// object's service period, `level` that the object does not have, `level_reason` missing where the
/// contract's table says otherwise or nothing.
pub fn fit(form: &Registered, profile: &Profile) -> Result<(), Refusal> {
    let at = form.scheduled_at.unwrap_or(form.reported_at);
    object_fits(profile, form.object.as_deref(), form.late_reason.as_deref(), at)?;
    level(form, profile)
}

/// Checks an object alone: the contract has it, and it is in service when the work is, or there is a reason.
///
/// # Errors
/// As [`fit`].
pub fn object_fits(
    profile: &Profile,
    object: Option<&str>,
    reason: Option<&str>,
    at: Timestamp,
) -> Result<(), Refusal> {
    let Some(id) = object else { return Ok(()) };
    let Some(object) = profile.object(id) else {
        return Err(Refusal::bad_input("object", "合同中没有这个运维对象，请重新选择。"));
    };
    let outside = profile.in_service(object, civil_date(at)) == Some(false);
    if outside && reason.is_none() {
        let period = profile.period_text(object);
        let message = format!("“{}”不在服务期内（{period}）。仍要登记时，请写明原因。", object.name);
        return Err(Refusal::bad_input("reason", message));
    }
    Ok(())
}

fn level(form: &Registered, profile: &Profile) -> Result<(), Refusal> {
    let Some(level) = form.level.as_deref() else { return Ok(()) };
    let levels = profile.levels(form.object.as_deref());
    if !levels.contains(&level) {
        let message = format!("该对象没有“{level}”这个级别，可选：{}。", levels.join("、"));
        return Err(Refusal::bad_input("level", message));
    }
    let mut facts = form.facts.clone();
    facts.take_class(profile, form.object.as_deref());
    let by_table = level_of(&profile.level_cases, &facts.case());
    if by_table == Some(level) || profile.level_cases.is_empty() || form.level_reason.is_some() {
        return Ok(());
    }
    let message = match by_table {
        Some(other) => format!(
            "按所填情况，合同级别表得出{}，与所选{}不同，请写明定级原因。",
            level_name(other),
            level_name(level)
        ),
        None => format!("按所填情况，合同级别表得不出唯一的级别，选定{}请写明定级原因。", level_name(level)),
    };
    Err(Refusal::bad_input("level_reason", message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::shipped;
    use crate::order::RefusalCode;
    use crate::order::payload::Facts;
    use crate::order::tests::form;

    #[test]
    fn what_a_contract_makes_of_forms() {
        let texts = shipped("guangxi-police").unwrap();
        let profile =
            Profile::load("guangxi-police", texts.facts, Some(texts.reading), texts.settings).unwrap();
        let facts =
            Facts { system_class: Some("core".into()), share: Some("under_half".into()), ..Facts::default() };
        let table = [
            // object, level, facts stated, reason of the level, field refused
            (None, None, false, None, None),
            (Some("12.6"), None, false, None, None),
            (Some("99.9"), None, false, None, Some("object")),
            (Some("12.6"), Some("2"), true, None, None),
            (Some("12.6"), Some("9"), true, None, Some("level")),
            (Some("12.6"), Some("1"), true, None, Some("level_reason")),
            (Some("12.6"), Some("1"), true, Some("重保期间"), None),
            (Some("12.6"), Some("2"), false, None, Some("level_reason")),
        ];
        for (object, level, stated, reason, refused) in table {
            let form = Registered {
                object: object.map(Into::into),
                level: level.map(Into::into),
                level_reason: reason.map(Into::into),
                facts: if stated { facts.clone() } else { Facts::default() },
                ..form()
            };
            let found = fit(&form, &profile).err().map(|refusal| refusal.code);
            let expected = refused.map(|field| RefusalCode::BadInput { field });
            assert_eq!(found, expected, "{object:?} {level:?} {stated} {reason:?}");
        }
    }

    #[test]
    fn outside_the_service_period_only_with_a_reason() {
        let texts = shipped("guangxi-police").unwrap();
        let profile =
            Profile::load("guangxi-police", texts.facts, Some(texts.reading), texts.settings).unwrap();
        // The document prints 2024-07-27 to 2025-12-31 for this object.
        for (reported, planned, reason, refused) in [
            ("2024-07-26T15:59:59Z", None, None, true),
            ("2024-07-26T16:00:00Z", None, None, false),
            ("2025-12-31T15:59:59Z", None, None, false),
            ("2025-12-31T16:00:00Z", None, None, true),
            ("2025-12-31T16:00:00Z", None, Some("续签期间"), false),
            ("2025-12-30T01:00:00Z", Some("2026-01-05T01:00:00Z"), None, true),
        ] {
            let form = Registered {
                object: Some("1.1".into()),
                level: None,
                reported_at: reported.parse().unwrap(),
                scheduled_at: planned.map(|at| at.parse().unwrap()),
                late_reason: reason.map(Into::into),
                ..form()
            };
            let found = fit(&form, &profile).err();
            let code = found.as_ref().map(|refusal| refusal.code);
            assert_eq!(
                code,
                refused.then_some(RefusalCode::BadInput { field: "reason" }),
                "{reported} {planned:?}"
            );
            if let Some(refusal) = found {
                assert!(refusal.message.contains("2024-07-27 至 2025-12-31"), "{}", refusal.message);
            }
        }
    }
}
