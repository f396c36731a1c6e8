//! What the register form needs in one read.

use super::contract::Bound;
use super::desk::Desk;
use super::detail::works_for;
use crate::door::dto::{DoorError, LevelDto, ObjectDto, PersonDto, RegisterForm};
use crate::store::{StoreError, initials};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use zaigang_domain::calendar::civil_date;
use zaigang_domain::contract::Object;

/// The standing reminder above every composer (DESIGN 7).
pub(crate) const REMINDER: &str = "请勿填写涉密内容和公民个人信息（身份证号、手机号、车牌号等）；报障人姓名、电话只填在专用栏，附件须先脱敏。";

impl Desk<'_> {
    /// The register form.
    ///
    /// # Errors
    /// Internal when the store fails.
    pub fn register_form(&self) -> Result<RegisterForm, DoorError> {
        let divisions = self.divisions()?;
        let today = civil_date(self.now);
        let (mut objects, mut levels) = (Vec::new(), Vec::new());
        let mut seen = BTreeSet::new();
        for (contract, division) in &divisions {
            if !seen.insert(contract.clone()) {
                continue;
            }
            let Some(in_force) = self.in_force(Some(division))? else { continue };
            objects.extend(objects_of(in_force.bound, contract, &divisions, today));
            levels.extend(levels_of(in_force.bound));
        }
        Ok(RegisterForm {
            people: self.colleagues(&divisions)?,
            divisions: divisions.into_iter().map(|(_, name)| name).collect(),
            objects,
            levels,
            reminder: REMINDER.to_owned(),
        })
    }

    pub(crate) fn colleagues(&self, divisions: &[(String, String)]) -> Result<Vec<PersonDto>, StoreError> {
        let open = self.open_by_assignee()?;
        let mut found = Vec::new();
        for person in self.store.people()? {
            let mut theirs =
                divisions.iter().filter(|(contract, division)| works_for(&person, contract, division));
            let Some((_, division)) = theirs.next() else { continue };
            let division = if theirs.next().is_some() { String::new() } else { division.clone() };
            found.push(PersonDto {
                open_orders: open.get(&person.id).copied().unwrap_or(0),
                id: person.id,
                name: person.name,
                post: person.post.unwrap_or_default(),
                division,
                onsite: person.onsite,
                initials: person.initials,
            });
        }
        Ok(found)
    }

    fn open_by_assignee(&self) -> Result<BTreeMap<String, u32>, StoreError> {
        let mut statement = self.store.reader().prepare_cached(
            "SELECT assignee, count(*) FROM orders INDEXED BY orders_filter
             WHERE open = 1 AND assignee IS NOT NULL GROUP BY assignee",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

pub(crate) fn objects_of(
    bound: Bound,
    contract: &str,
    divisions: &[(String, String)],
    today: Date,
) -> Vec<ObjectDto> {
    let held = |object: &&Object| match &object.division {
        Some(division) => divisions.iter().any(|(c, d)| c == contract && d == division),
        None => true,
    };
    let objects = bound.profile.objects.iter().filter(held);
    objects
        .map(|object| ObjectDto {
            no: object.id.clone(),
            name: object.name.clone(),
            division: object.division.clone().unwrap_or_default(),
            system_class: object.class.map(|class| class.as_str().to_owned()),
            period: bound.profile.period_text(object),
            warning: warning(bound, object, today),
            initials: initials(&object.name),
        })
        .collect()
}

fn warning(bound: Bound, object: &Object, today: Date) -> Option<String> {
    (bound.profile.in_service(object, today) == Some(false))
        .then(|| format!("不在服务期内（{}），登记须写明原因。", bound.profile.period_text(object)))
}

fn levels_of(bound: Bound) -> Vec<LevelDto> {
    let mut levels: Vec<LevelDto> = Vec::new();
    for rule in &bound.profile.rules {
        let Some(level) = &rule.level else { continue };
        if levels.iter().any(|known| known.level == *level) {
            continue;
        }
        let row = bound.profile.facts.sla.iter().find(|row| row.id == rule.id);
        levels.push(LevelDto {
            level: level.clone(),
            priority: row.and_then(|row| row.priority.clone()).unwrap_or_default(),
            definition: rule.definition.clone(),
            source: rule.source.clone(),
        });
    }
    levels
}
