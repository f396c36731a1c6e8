//! Lists of devices: views, filters, search.

use super::{PAGE, Site};
use crate::door::dto::{AssetForm, AssetListArgs, AssetPage, AssetRow, Choice, DoorError, ViewCount};
use crate::order::{Desk, filled, objects_of, stated_date};
use crate::store::{StoreError, search_query};
use jiff::ToSpan as _;
use jiff::civil::Date;
use rusqlite::params_from_iter;
use rusqlite::types::Value;
use zaigang_domain::asset::{Asset, Cover, LifeState, Network, SOON_DAYS};
use zaigang_domain::calendar::civil_date;
use zaigang_domain::event::EntityId;
use zaigang_domain::people::{Export, Role, may_export};

/// Views with their names.
const VIEWS: &[(&str, &str)] = &[
    ("all", "全部"),
    ("soon", "即将过保"),
    ("expired", "已过保"),
    ("in_repair", "维修中"),
    ("stopped", "停用拆除"),
    ("twin", "序列号重复"),
];
/// Most words offered of one field.
const WORDS_MAX: u32 = 200;
/// No object stated.
const NO_OBJECT: &str = "-";

/// A query on the rows: conditions, and what they bind.
struct Query {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Query {
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    fn must(&mut self, column: &str, operator: &str, value: impl Into<Value>) {
        let value = self.bind(value);
        self.conditions.push(format!("{column} {operator} {value}"));
    }

    fn sql(&self, what: &str, tail: &str) -> String {
        format!("SELECT {what} FROM asset WHERE {} {tail}", self.conditions.join(" AND "))
    }
}

fn view(query: &mut Query, view: &str, today: Date) -> Result<(), DoorError> {
    let soon = today.saturating_add(SOON_DAYS.days()).to_string();
    let today = today.to_string();
    match view {
        "" | "all" => query.conditions.push("living = 1".to_owned()),
        "soon" => {
            query.conditions.push("living = 1".to_owned());
            query.must("cover_end", ">=", today);
            query.must("cover_end", "<=", soon);
        }
        "expired" => {
            query.conditions.push("living = 1".to_owned());
            query.must("cover_end", "<", today);
        }
        "in_repair" => query.conditions.push("life = 'in_repair'".to_owned()),
        "stopped" => query.conditions.push("life IN ('stopped', 'removed', 'scrapped')".to_owned()),
        "twin" => query.conditions.push("twin = 1".to_owned()),
        _ => return Err(DoorError::bad_input("没有这个视图，请重新选择。").at("view")),
    }
    Ok(())
}

impl Desk<'_> {
    /// What lists and forms of devices offer.
    ///
    /// # Errors
    /// Internal when the store fails.
    pub fn asset_form(&self) -> Result<AssetForm, DoorError> {
        let site = self.asset_site()?;
        let today = civil_date(self.now);
        let held: Vec<(String, String)> = site
            .divisions
            .iter()
            .map(|division| (division.contract.clone(), division.name.clone()))
            .collect();
        let objects = site
            .contracts()
            .flat_map(|(id, in_force)| objects_of(in_force.bound, id, &held, today))
            .collect();
        let listed =
            site.contracts().map(|(_, in_force)| in_force.bound.profile.facts.asset.len()).sum::<usize>();
        let choices = |all: &[(&str, &str)]| -> Vec<Choice> {
            all.iter()
                .map(|(code, title)| Choice { value: (*code).to_owned(), label: (*title).to_owned() })
                .collect()
        };
        Ok(AssetForm {
            hint: if site.divisions.is_empty() { NO_DIVISION.to_owned() } else { String::new() },
            objects,
            networks: choices(&Network::ALL.map(|network| (network.code(), network.title()))),
            lives: choices(&LifeState::ALL.map(|life| (life.code(), life.title()))),
            places: self.asset_words(&site, "place")?,
            makers: self.asset_makers(&site)?,
            listed: u32::try_from(listed).unwrap_or(u32::MAX),
            may_note: self.may_note_assets(),
            may_export: may_export(self.actor, Export::Assets, None).is_ok(),
            may_see_addresses: self.sees_addresses(),
            soon_days: SOON_DAYS.unsigned_abs(),
            today: today.to_string(),
            divisions: site.divisions.into_iter().map(|division| division.name).collect(),
        })
    }

    pub(super) fn may_note_assets(&self) -> bool {
        let roles = [Role::Engineer, Role::Dispatcher, Role::Supervisor, Role::StoreKeeper];
        self.actor.enabled && roles.into_iter().any(|role| self.actor.has(role))
    }

    /// Addresses are for those who work on devices.
    pub(super) fn sees_addresses(&self) -> bool {
        let roles = [Role::Engineer, Role::Dispatcher, Role::Supervisor];
        self.actor.enabled && roles.into_iter().any(|role| self.actor.has(role))
    }

    fn asset_words(&self, site: &Site, column: &str) -> Result<Vec<String>, StoreError> {
        let sql = format!(
            "SELECT DISTINCT {column} FROM asset WHERE log IN (SELECT value FROM json_each(?1)) AND {column} <> ''
             ORDER BY 1 LIMIT {WORDS_MAX}"
        );
        let mut list = self.store.reader().prepare_cached(&sql)?;
        let rows = list.query_map([site.logs()], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Makers stand in the states alone: they are offered, never filtered by.
    fn asset_makers(&self, site: &Site) -> Result<Vec<String>, StoreError> {
        let mut list = self.store.reader().prepare_cached(
            "SELECT DISTINCT json_extract(coalesce(entity.shown, entity.confirmed), '$.asset.card.maker') AS maker
             FROM asset JOIN entity ON entity.n = asset.entity
             WHERE asset.log IN (SELECT value FROM json_each(?1)) AND maker IS NOT NULL ORDER BY 1 LIMIT 200",
        )?;
        let rows = list.query_map([site.logs()], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// A page of devices.
    ///
    /// # Errors
    /// Bad input for an unknown view or a date that cannot be read.
    pub fn assets(&self, args: &AssetListArgs) -> Result<AssetPage, DoorError> {
        let site = self.asset_site()?;
        let today = civil_date(self.now);
        let query = asset_query(&site, args, today)?;
        let total = self.asset_total(&query)?;
        let limit = if args.limit == 0 { PAGE.0 } else { args.limit.min(PAGE.1) };
        let order = match args.view.as_deref() {
            Some("soon" | "expired") => "cover_end, name, model, entity",
            _ => "name, model, entity",
        };
        let tail = format!("ORDER BY {order} LIMIT {limit} OFFSET {}", args.offset);
        let ids: Vec<(i64, String, bool)> = self
            .store
            .reader()
            .prepare_cached(&query.sql("log, id, twin", &tail))
            .and_then(|mut list| {
                list.query_map(params_from_iter(query.values.iter()), |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?
                .collect()
            })
            .map_err(StoreError::from)?;
        let mut rows = Vec::with_capacity(ids.len());
        for (_, id, twin) in ids {
            let (home, id, asset) = self.asset_of(&site, &id)?;
            rows.push(row_of(&site, (home, &id), &asset, twin, today));
        }
        let mut counts = Vec::new();
        if args.offset == 0 {
            for (code, name) in VIEWS {
                let unfiltered = AssetListArgs { view: Some((*code).to_owned()), ..AssetListArgs::default() };
                let count = self.asset_total(&asset_query(&site, &unfiltered, today)?)?;
                counts.push(ViewCount { view: (*code).to_owned(), name: (*name).to_owned(), count });
            }
        }
        Ok(AssetPage { total, rows, counts })
    }

    fn asset_total(&self, query: &Query) -> Result<u32, StoreError> {
        let sql = query.sql("count(*)", "");
        let mut count = self.store.reader().prepare_cached(&sql)?;
        Ok(count.query_row(params_from_iter(query.values.iter()), |row| row.get(0))?)
    }
}

fn asset_query(site: &Site, args: &AssetListArgs, today: Date) -> Result<Query, DoorError> {
    let mut query = Query { conditions: Vec::new(), values: Vec::new() };
    let logs = match filled(args.division.as_ref()) {
        Some(name) => {
            let wanted = site
                .of_name(&name)
                .ok_or_else(|| DoorError::bad_input("本机没有这个部门的数据，请重新选择。").at("division"))?;
            format!("[{}]", wanted.n)
        }
        None => site.logs(),
    };
    let logs = query.bind(logs);
    query.conditions.push(format!("log IN (SELECT value FROM json_each({logs}))"));
    view(&mut query, args.view.as_deref().unwrap_or("all"), today)?;
    if let Some(object) = filled(args.object.as_ref()) {
        query.must("object", "=", if object == NO_OBJECT { String::new() } else { object });
    }
    if let Some(network) = filled(args.network.as_ref()) {
        query.must("network", "=", network);
    }
    if let Some(place) = filled(args.place.as_ref()) {
        query.must("place", "=", place);
    }
    let bounds = [
        (&args.end_from, "end_from", "cover_end", ">="),
        (&args.end_to, "end_to", "cover_end", "<="),
        (&args.since_from, "since_from", "since", ">="),
        (&args.since_to, "since_to", "since", "<="),
    ];
    for (text, field, column, operator) in bounds {
        if let Some(date) = stated_date(text.as_deref(), field)? {
            query.must(column, operator, date.to_string());
        }
    }
    if let Some(text) = filled(args.text.as_ref()) {
        let serial = query.bind(zaigang_domain::asset::serial_key(&text));
        let by_serial = format!("SELECT entity FROM asset WHERE serial = {serial} AND serial <> ''");
        let found = match search_query(&text) {
            Some(words) => {
                let words = query.bind(words);
                format!("SELECT rowid FROM asset_text WHERE asset_text MATCH {words} UNION {by_serial}")
            }
            None => by_serial,
        };
        query.conditions.push(format!("entity IN ({found})"));
    }
    Ok(query)
}

/// A device in a list.
pub(super) fn row_of(
    site: &Site,
    (home, id): (&super::find::Division, &EntityId),
    asset: &Asset,
    twin: bool,
    today: Date,
) -> AssetRow {
    let card = &asset.card;
    let end = card.cover_end();
    let object = site.object(&home.contract, &card.object);
    let spot = [
        card.place.clone(),
        card.room.clone(),
        card.rack.clone(),
        if card.rack_unit.is_empty() { String::new() } else { format!("{}U", card.rack_unit) },
    ];
    let spot: Vec<&str> = spot.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    AssetRow {
        id: id.to_string(),
        name: card.name.clone(),
        division: home.name.clone(),
        object: card.object.clone(),
        object_name: object.map(|object| object.name.clone()).unwrap_or_default(),
        network: card.network.map(Network::code).unwrap_or_default().to_owned(),
        network_name: card.network.map(Network::title).unwrap_or_default().to_owned(),
        maker: card.maker.clone(),
        model: card.model.clone(),
        serial: card.serial.clone(),
        quantity: card.quantity,
        unit: card.unit.clone(),
        spot: spot.join(" "),
        life: asset.life.code().to_owned(),
        life_name: asset.life.title().to_owned(),
        cover: Cover::of(end, today).code().to_owned(),
        cover_days: end.and_then(|end| today.until(end).ok()).map(|span| span.get_days()),
        cover_end: end.map(|end| end.to_string()),
        twin,
        pending: !asset.pending.is_empty(),
    }
}

/// Why there are no devices, and what to do.
const NO_DIVISION: &str = "本机没有登记您负责的部门，看不到设备。请联系管理员为本机增加部门的数据。";
