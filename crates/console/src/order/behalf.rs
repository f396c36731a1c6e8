//! 代记: work that a colleague without a post on site did, written down by somebody on site.

use super::current::InForce;
use super::desk::Desk;
use super::detail::works_for;
use super::register::filled;
use crate::door::dto::{CaretakerDto, DoorCode, DoorError, RemoteDto};
use crate::store::{Person, StoreError};
use zaigang_domain::event::UserId;
use zaigang_domain::order::payload::{RemoteWay, RemoteWork};
use zaigang_domain::people::Role;

impl Desk<'_> {
    /// The colleague that work of a division is recorded for, if one is named.
    ///
    /// # Errors
    /// Bad input for somebody who is on site or does not work for the division; not allowed where the site
    /// named others to record for it.
    pub(crate) fn colleague(
        &self,
        in_force: &InForce,
        division: &str,
        named: Option<&String>,
    ) -> Result<Option<UserId>, DoorError> {
        let Some(named) = named.map(|id| id.trim()).filter(|id| !id.is_empty()) else { return Ok(None) };
        let people = self.store.people()?;
        let fits = |person: &&Person| {
            person.id == named && !person.onsite && works_for(person, &in_force.contract, division)
        };
        let user = UserId::new(named).ok().filter(|user| !self.actor.is(Some(user)));
        let (Some(user), Some(_)) = (user, people.iter().find(fits)) else {
            return Err(DoorError::bad_input("代记只用于负责此部门的非驻场同事；驻场人员请自己登记。")
                .at("on_behalf"));
        };
        let caretaker = self.caretaker(in_force, division, &people);
        if caretaker.may {
            return Ok(Some(user));
        }
        Err(DoorError::new(DoorCode::NotAllowed, caretaker.text).at("on_behalf"))
    }

    /// Who records for colleagues of each of the divisions.
    pub(crate) fn caretakers(&self, divisions: &[(String, String)]) -> Result<Vec<CaretakerDto>, StoreError> {
        let people = self.store.people()?;
        let mut found = Vec::new();
        for (contract, division) in divisions {
            if let Some(in_force) = self.in_force_of(contract)? {
                found.push(self.caretaker(&in_force, division, &people));
            }
        }
        Ok(found)
    }

    fn caretaker(&self, in_force: &InForce, division: &str, people: &[Person]) -> CaretakerDto {
        let posts = in_force.bound.profile.caretakers(division);
        let holds = |person: &&Person| {
            person.post.as_deref().is_some_and(|post| posts.contains(&post))
                && works_for(person, &in_force.contract, division)
        };
        let me = self.actor.user().map(ToString::to_string).unwrap_or_default();
        // Desk and project manager register for everybody; the agreement is about colleagues on site.
        let over = self.actor.has(Role::Dispatcher) || self.actor.has(Role::Supervisor);
        let may = over || posts.is_empty() || people.iter().filter(holds).any(|person| person.id == me);
        let is_there = |person: &Person| person.onsite && works_for(person, &in_force.contract, division);
        let text = match (posts.is_empty(), people.iter().any(is_there)) {
            (true, true) => String::new(),
            (true, false) => format!(
                "{division}没有驻场人员，也没有约定代记人；现由能登记此部门的人代记，请项目经理在“本项目约定”中补上。"
            ),
            (false, _) => {
                let names: Vec<&str> =
                    people.iter().filter(holds).map(|person| person.name.as_str()).collect();
                let names =
                    if names.is_empty() { "岗位上暂无人员".to_owned() } else { names.join("、") };
                format!("{division}由岗位 {} 代记（{names}），本项目约定。", posts.join("、"))
            }
        };
        CaretakerDto { division: division.to_owned(), may, text }
    }
}

/// The remote work of a form.
///
/// # Errors
/// Bad input naming `way` or `person_days`.
pub(crate) fn remote_of(form: Option<&RemoteDto>) -> Result<Option<RemoteWork>, DoorError> {
    let Some(form) = form else { return Ok(None) };
    let way = match form.way.as_str() {
        "phone" => RemoteWay::Phone,
        "visit" => RemoteWay::Visit,
        _ => return Err(DoorError::bad_input("请选择远程服务的方式：电话支持或到场服务。").at("way")),
    };
    let days = filled(form.person_days.as_ref()).map(|text| {
        tenths(&text).ok_or_else(|| {
            DoorError::bad_input("人日写法不对，应如 0.5 或 1，最多一位小数。").at("person_days")
        })
    });
    Ok(Some(RemoteWork {
        way,
        entry_permit: filled(form.entry_permit.as_ref()),
        escort: filled(form.escort.as_ref()),
        person_days_tenths: days.transpose()?,
    }))
}

/// As screens show it.
pub(crate) fn remote_dto(remote: &RemoteWork) -> RemoteDto {
    let days = |tenths: u32| match (tenths / 10, tenths % 10) {
        (whole, 0) => whole.to_string(),
        (whole, part) => format!("{whole}.{part}"),
    };
    RemoteDto {
        way: match remote.way {
            RemoteWay::Phone => "phone",
            RemoteWay::Visit => "visit",
        }
        .to_owned(),
        entry_permit: remote.entry_permit.clone(),
        escort: remote.escort.clone(),
        person_days: remote.person_days_tenths.map(days),
    }
}

/// `0.5` is 5, `2` is 20.
fn tenths(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 1 {
        return None;
    }
    whole.parse::<u32>().ok()?.checked_mul(10)?.checked_add(part.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn person_days_have_one_decimal() {
        for (text, expected) in [
            ("0.5", Some(5)),
            ("2", Some(20)),
            ("10.0", Some(100)),
            ("0.25", None),
            ("半", None),
            ("1.", None),
            (".5", None),
            ("-1", None),
            ("99999999999", None),
        ] {
            assert_eq!(tenths(text), expected, "{text}");
        }
    }
}
