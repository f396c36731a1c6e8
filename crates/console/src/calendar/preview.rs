//! What a pack would change, before it is published.

use super::read;
use crate::coverage::Published;
use crate::door::dto::{
    CalendarArgs, CalendarChange, CalendarPreview, CalendarShift, DoorError, SettingOrder,
};
use crate::order::{Desk, day_dto, status_dto};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use zaigang_domain::calendar::{Calendar, Pack};
use zaigang_domain::clock::Engine;
use zaigang_domain::contract::Profile;
use zaigang_domain::duty::coverage::Period;
use zaigang_domain::duty::layers::{Shift, is_needed};
use zaigang_domain::people::Role;

/// Name of what everybody holds without a post.
const OFFICE: &str = "正常上班";

impl Desk<'_> {
    /// What a pack would change; writes nothing.
    ///
    /// # Errors
    /// Bad input where the pack cannot be read.
    pub fn calendar_preview(&self, args: &CalendarArgs) -> Result<CalendarPreview, DoorError> {
        let pack = read(&args.text)?;
        let before = self.calendar()?;
        let after = before.with_pack(pack.clone());
        let changes = before.changes_to(&after);
        let dates: Vec<Date> = changes.iter().map(|change| change.date).collect();
        let change = |date: &Date| CalendarChange {
            date: date.to_string(),
            before: day_dto(&before, *date),
            after: day_dto(&after, *date),
        };
        let (orders, open_orders) = self.recounted(&after)?;
        Ok(CalendarPreview {
            year: pack.year,
            title: pack.title.clone(),
            number: pack.number.clone(),
            issued: pack.issued.to_string(),
            known: is_known(&before, &pack),
            days: dates.iter().map(change).collect(),
            shifts: self.moved_shifts(&dates, &before, &after)?,
            orders,
            open_orders,
            may_rebind: [Role::Dispatcher, Role::Supervisor].iter().any(|role| self.actor.has(*role)),
        })
    }

    /// Published shifts and posts that another calendar sees differently, by date.
    fn moved_shifts(
        &self,
        dates: &[Date],
        before: &Calendar,
        after: &Calendar,
    ) -> Result<Vec<CalendarShift>, DoorError> {
        let (Some(from), Some(to)) = (dates.first(), dates.last()) else { return Ok(Vec::new()) };
        let Ok((contract, log)) = self.common_log(None) else { return Ok(Vec::new()) };
        let period = Period { from: *from, to: *to };
        let (old, _) = self.published_months(&contract, &log, period, before)?;
        let (new, _) = self.published_months(&contract, &log, period, after)?;
        let of = |date: Date| {
            let month = |months: &'_ [Published]| {
                months.iter().position(|each| each.month.first == date.first_of_month())
            };
            let (old, new) = (old.get(month(&old)?)?, new.get(month(&new)?)?);
            let text = moved(date, old, new, before, after);
            (!text.is_empty()).then(|| CalendarShift { date: date.to_string(), text: text.join("；") })
        };
        Ok(dates.iter().filter_map(|date| of(*date)).collect())
    }

    /// Open orders within the person's scope whose clocks would run otherwise, and how many are open.
    fn recounted(&self, after: &Calendar) -> Result<(Vec<SettingOrder>, u32), DoorError> {
        let contracts: BTreeSet<String> =
            self.divisions()?.into_iter().map(|(contract, _)| contract).collect();
        let (mut found, mut open) = (Vec::new(), 0_u32);
        for contract in contracts {
            let orders = self.open_orders(&contract)?;
            open = open.saturating_add(u32::try_from(orders.len()).unwrap_or(u32::MAX));
            let bound: Vec<_> = orders.iter().map(|(_, order)| self.bound(order)).collect();
            let profiles: BTreeMap<&str, &'static Profile> = orders
                .iter()
                .zip(&bound)
                .filter_map(|((_, order), bound)| Some((order.contract_hash.as_str(), (*bound)?.profile)))
                .collect();
            let engines: BTreeMap<&str, Engine<'_>> =
                profiles.into_iter().map(|(hash, profile)| (hash, Engine::new(profile, after))).collect();
            found.extend(orders.iter().zip(&bound).filter_map(|((id, order), bound)| {
                let changes = self.change_of(order, (*bound)?, engines.get(order.contract_hash.as_str())?);
                (!changes.is_empty()).then(|| SettingOrder {
                    id: id.to_string(),
                    number: order.number.clone(),
                    title: order.title.clone(),
                    status: status_dto(order),
                    changes,
                })
            }));
        }
        Ok((found, open))
    }
}

fn is_known(calendar: &Calendar, pack: &Pack) -> bool {
    calendar.packs().any(|known| known == pack)
}

/// What changes on a date: how many hold what, and which posts begin or cease to be needed.
fn moved(date: Date, old: &Published, new: &Published, before: &Calendar, after: &Calendar) -> Vec<String> {
    let (was, is) = (held(date, old), held(date, new));
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let count = |held: &BTreeMap<String, Vec<&Shift>>, name: &String| held.get(name).map_or(0, Vec::len);
    let spans = |held: &BTreeMap<String, Vec<&Shift>>, name: &String| {
        held.get(name).and_then(|shifts| shifts.first().map(|shift| shift.spans.clone()))
    };
    let mut texts: Vec<String> = names
        .into_iter()
        .filter_map(|name| match (count(&was, name), count(&is, name)) {
            (a, b) if a != b => Some(format!("{name} {a} 人 → {b} 人")),
            _ if spans(&was, name) != spans(&is, name) => Some(format!("{name}的班时改变")),
            _ => None,
        })
        .collect();
    for post in &old.month.posts {
        match (is_needed(post, date, before), is_needed(post, date, after)) {
            (false, true) => texts.push(format!("{}改为须设岗", post.name)),
            (true, false) => texts.push(format!("{}改为不设岗", post.name)),
            _ => {}
        }
    }
    texts
}

/// Shifts of a date by name of the post.
fn held(date: Date, published: &Published) -> BTreeMap<String, Vec<&Shift>> {
    let mut held: BTreeMap<String, Vec<&Shift>> = BTreeMap::new();
    for shift in published.view.shifts.iter().filter(|shift| shift.date == date) {
        let post = shift.post.as_deref().and_then(|id| published.month.post(id));
        let name = post.map_or(OFFICE, |post| &post.name).to_owned();
        held.entry(name).or_default().push(shift);
    }
    held
}
