//! What settings would change, before they are published.

use super::version::Newest;
use crate::door::dto::{
    DoorError, SettingArgs, SettingChangeItem, SettingOrder, SettingPreview, SettingProblem,
};
use crate::order::{Bound, Desk, case_at, instant, is_owed, short_instant, status_dto};
use crate::store::StoreError;
use std::collections::BTreeMap;
use zaigang_domain::calendar::{Calendar, parse_instant};
use zaigang_domain::clock::{
    Engine, OrderCase, OrderChange, TargetChange, Terms, impact, limit_text, state_name, target_name,
};
use zaigang_domain::contract::form::{entry_changes, problem_of, settings_text};
use zaigang_domain::contract::{Profile, Text};
use zaigang_domain::event::EntityId;
use zaigang_domain::order::Order;
use zaigang_domain::people::PublishedVersion;

/// Settings that were read as every console will read them.
pub(super) struct Draft {
    /// The version they change.
    pub(super) newest: Newest,
    /// That version's texts.
    pub(super) base: PublishedVersion,
    /// The settings text.
    pub(super) text: String,
    /// What they say, or what is wrong with them.
    pub(super) read: Result<Profile, Vec<SettingProblem>>,
}

impl Desk<'_> {
    /// What the values of a form would change; writes nothing.
    ///
    /// # Errors
    /// Not found for an unknown contract; bad input where the values are no form's.
    pub fn setting_preview(&self, args: &SettingArgs) -> Result<SettingPreview, DoorError> {
        let draft = self.settings_draft(&args.contract, &args.values)?;
        let open = self.open_orders(&draft.newest.id)?;
        let open_orders = u32::try_from(open.len()).unwrap_or(u32::MAX);
        Ok(match &draft.read {
            Err(problems) => SettingPreview {
                problems: problems.clone(),
                changes: Vec::new(),
                orders: Vec::new(),
                open_orders,
            },
            Ok(profile) => SettingPreview {
                problems: Vec::new(),
                changes: changes(draft.newest.profile, profile),
                orders: self.affected(profile, &open),
                open_orders,
            },
        })
    }

    /// The settings that values make, read.
    pub(super) fn settings_draft(&self, contract: &str, values: &str) -> Result<Draft, DoorError> {
        let newest = self.newest(contract)?;
        let base = self.store.publication(&newest.head.hash)?;
        let base = base.ok_or_else(|| DoorError::broken("a version lost its texts"))?;
        let note = newest.profile.settings.note.as_deref();
        let text = settings_text(contract, note, values)
            .map_err(|error| DoorError::bad_input(format!("{error}。")).at("values"))?;
        let base = PublishedVersion {
            hash: base.hash,
            by: newest.head.event,
            title: base.title,
            accepted_on: base.accepted_on,
            content: base.content,
            reading: base.reading,
            settings: base.settings,
        };
        let read = read(contract, &base, &text);
        Ok(Draft { newest, base, text, read })
    }

    /// The open orders of a contract within the person's scope, soonest deadline first.
    pub(crate) fn open_orders(&self, contract: &str) -> Result<Vec<(EntityId, Order)>, DoorError> {
        let mut statement = self
            .store
            .reader()
            .prepare_cached(
                "SELECT id FROM orders INDEXED BY orders_filter WHERE open = 1 AND contract = ?1
                 ORDER BY next_deadline_at IS NULL, next_deadline_at, number",
            )
            .map_err(StoreError::from)?;
        let ids = statement.query_map([contract], |row| row.get(0)).map_err(StoreError::from)?;
        let ids: Vec<String> = ids.collect::<rusqlite::Result<_>>().map_err(StoreError::from)?;
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some((id, order)) = self.store.order(&id)?
                && self.actor.covers(&order.contract, &order.division)
            {
                found.push((id, order));
            }
        }
        Ok(found)
    }

    /// Those among some orders whose clocks would change if bound to another version.
    fn affected(&self, profile: &Profile, orders: &[(EntityId, Order)]) -> Vec<SettingOrder> {
        let mut calendars: BTreeMap<&str, &'static Calendar> = BTreeMap::new();
        let bound: Vec<Option<Bound>> = orders.iter().map(|(_, order)| self.bound(order)).collect();
        for ((_, order), bound) in orders.iter().zip(&bound) {
            calendars.extend(bound.map(|bound| (order.calendar_hash.as_str(), bound.calendar)));
        }
        let engines: BTreeMap<&str, Engine<'_>> =
            calendars.into_iter().map(|(hash, calendar)| (hash, Engine::new(profile, calendar))).collect();
        let changed = orders.iter().zip(&bound).filter_map(|((id, order), bound)| {
            let changes = self.change_of(order, (*bound)?, engines.get(order.calendar_hash.as_str())?);
            (!changes.is_empty()).then(|| SettingOrder {
                id: id.to_string(),
                number: order.number.clone(),
                title: order.title.clone(),
                status: status_dto(order),
                changes,
            })
        });
        changed.collect()
    }

    /// What changes for an order, one sentence each.
    pub(crate) fn change_of(&self, order: &Order, bound: Bound, after: &Engine<'_>) -> Vec<String> {
        let case = case_at(bound.profile, order, self.now);
        let of = OrderCase { order: &order.number, case: &case };
        let changes = impact(bound.engine, after, &[of]);
        changes.first().map(|change| sentences(order, change)).unwrap_or_default()
    }
}

fn read(contract: &str, base: &PublishedVersion, settings: &str) -> Result<Profile, Vec<SettingProblem>> {
    let facts = Text { file: contract, text: &base.content };
    let reading = base.reading.as_deref().map(|text| Text { file: "reading", text });
    let settings = Text { file: "settings", text: settings };
    Profile::load(contract, facts, reading, Some(settings)).map_err(|mistakes| {
        let problem = |problem: zaigang_domain::contract::form::FormProblem| SettingProblem {
            section: problem.section,
            row: problem.row,
            field: problem.field,
            message: problem.message,
        };
        mistakes.0.iter().map(|mistake| problem(problem_of(mistake))).collect()
    })
}

pub(super) fn changes(before: &Profile, after: &Profile) -> Vec<SettingChangeItem> {
    let item = |change: zaigang_domain::contract::form::EntryChange| SettingChangeItem {
        section: change.section.to_owned(),
        title: change.title,
        before: change.before,
        after: change.after,
    };
    entry_changes(before, after).into_iter().map(item).collect()
}

fn sentences(order: &Order, change: &OrderChange) -> Vec<String> {
    if change.unreadable.is_some() {
        return vec!["新版本中没有此工单的对象、级别或规则，换用后时限无法计算".to_owned()];
    }
    let level = |level: &Option<String>| level.as_deref().unwrap_or("未定").to_owned();
    let moved = (change.level_before != change.level_after)
        .then(|| format!("级别：{} → {}", level(&change.level_before), level(&change.level_after)));
    let targets = change.targets.iter().filter(|one| is_owed(order.kind, one.target));
    moved.into_iter().chain(targets.map(target_sentence)).collect()
}

/// `恢复：24小时 → 8小时，到期 10-16 09:10 → 10-15 17:10`.
fn target_sentence(change: &TargetChange) -> String {
    let name = target_name(change.target);
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("{name}：{}", differences(before, after)),
        (None, Some(after)) => format!("{name}：新增，{}", terms_text(after)),
        (Some(before), None) => format!("{name}：不再适用，原为{}", terms_text(before)),
        (None, None) => name.to_owned(),
    }
}

fn differences(before: &Terms, after: &Terms) -> String {
    let pairs = [
        ("", limit(before), limit(after)),
        ("规则 ", before.rule.clone(), after.rule.clone()),
        ("到期 ", due(before), due(after)),
        ("", state_name(before.state).to_owned(), state_name(after.state).to_owned()),
    ];
    let differing = pairs.into_iter().filter(|(_, before, after)| before != after);
    differing.map(|(what, before, after)| format!("{what}{before} → {after}")).collect::<Vec<_>>().join("，")
}

fn terms_text(terms: &Terms) -> String {
    format!("{}，规则 {}，到期 {}", limit(terms), terms.rule, due(terms))
}

fn limit(terms: &Terms) -> String {
    terms.limit.map_or_else(|| "未写明时限".to_owned(), limit_text)
}

fn due(terms: &Terms) -> String {
    let at = terms.deadline.as_deref().and_then(|text| parse_instant(text).ok());
    at.map_or_else(|| "未定".to_owned(), |at| short_instant(instant(at.as_millisecond())))
}
