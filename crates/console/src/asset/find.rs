//! Where devices are: the divisions of a person at this console, and a device by what is typed or scanned.

use crate::door::dto::DoorError;
use crate::order::{Desk, InForce};
use crate::store::StoreError;
use rusqlite::params_from_iter;
use std::collections::BTreeMap;
use zaigang_domain::asset::{Asset, serial_key};
use zaigang_domain::contract::Object;
use zaigang_domain::event::{EntityId, EntityKind, LogKind, LogName};
use zaigang_domain::judge::EntityState;

/// A division whose devices are here.
pub(crate) struct Division {
    /// Its log's row.
    pub(crate) n: i64,
    /// Its log.
    pub(crate) log: LogName,
    /// Contract id.
    pub(crate) contract: String,
    /// Name.
    pub(crate) name: String,
}

/// The divisions of a person at this console, with their contracts.
pub(crate) struct Site {
    /// In the order of the logs.
    pub(crate) divisions: Vec<Division>,
    contracts: BTreeMap<String, InForce>,
}

impl Site {
    /// Their logs as JSON, for `json_each`.
    pub(super) fn logs(&self) -> String {
        let logs: Vec<i64> = self.divisions.iter().map(|division| division.n).collect();
        serde_json::to_string(&logs).unwrap_or_default()
    }

    pub(super) fn of_name(&self, name: &str) -> Option<&Division> {
        self.divisions.iter().find(|division| division.name == name)
    }

    /// An object of a contract.
    pub(super) fn object(&self, contract: &str, id: &str) -> Option<&'static Object> {
        self.contracts.get(contract)?.bound.profile.object(id)
    }

    pub(super) fn contracts(&self) -> impl Iterator<Item = (&str, &InForce)> {
        self.contracts.iter().map(|(id, in_force)| (id.as_str(), in_force))
    }

    /// The division a card belongs to: its object's, or the one that is named; where the console holds but
    /// one, that.
    ///
    /// # Errors
    /// Bad input for an unknown object, or a division that is not here.
    pub(super) fn home(&self, object: &str, named: Option<&str>) -> Result<&Division, DoorError> {
        let named = named.map(str::trim).filter(|name| !name.is_empty());
        let listed = self.contracts.keys().find_map(|contract| self.object(contract, object));
        if !object.is_empty() && listed.is_none() {
            return Err(DoorError::bad_input("合同中没有这个运维对象，请重新选择。").at("card.object"));
        }
        let of_object = listed.and_then(|object| object.division.as_deref());
        if let (Some(of_object), Some(named)) = (of_object, named)
            && of_object != named
        {
            let message = format!("运维对象 {object} 属于{of_object}，与所选部门不同，请改正。");
            return Err(DoorError::bad_input(message).at("card.object"));
        }
        match (of_object.or(named), self.divisions.as_slice()) {
            (Some(name), _) => self.of_name(name).ok_or_else(|| {
                DoorError::bad_input(format!("本机没有{name}的数据，或不在您的负责范围内。")).at("division")
            }),
            (None, [only]) => Ok(only),
            (None, _) => Err(DoorError::bad_input("请选择部门，或选择有部门的运维对象。").at("division")),
        }
    }
}

impl Desk<'_> {
    /// The divisions whose devices the person may see here.
    pub(crate) fn asset_site(&self) -> Result<Site, StoreError> {
        let mut site = Site { divisions: Vec::new(), contracts: BTreeMap::new() };
        for row in self.store.logs()? {
            let Ok(log) = LogName::new(row.name) else { continue };
            let LogKind::Division { contract, division } = log.kind() else { continue };
            if !self.actor.covers(contract, division) {
                continue;
            }
            let (contract, name) = (contract.to_owned(), division.to_owned());
            if !site.contracts.contains_key(&contract)
                && let Some(in_force) = self.in_force_of(&contract)?
            {
                site.contracts.insert(contract.clone(), in_force);
            }
            site.divisions.push(Division { n: row.n, log, contract, name });
        }
        Ok(site)
    }

    /// A device with its division, by id.
    ///
    /// # Errors
    /// Not found for one that is not here or outside the person's scope.
    pub(super) fn asset_of<'s>(
        &self,
        site: &'s Site,
        id: &str,
    ) -> Result<(&'s Division, EntityId, Asset), DoorError> {
        let missing =
            || DoorError::not_found("本机没有这台设备，或不在您的负责范围内，请同步后重试。").at("id");
        let entity =
            EntityId::new(id).ok().filter(|id| id.kind() == EntityKind::Asset).ok_or_else(missing)?;
        let log = self.store.log_of(entity.as_str())?.ok_or_else(missing)?;
        let home = site.divisions.iter().find(|division| division.log.as_str() == log).ok_or_else(missing)?;
        let state = self.store.entity_in(&log, entity.as_str())?;
        let asset = state.as_ref().and_then(EntityState::asset).cloned().ok_or_else(missing)?;
        Ok((home, entity, asset))
    }

    /// Ids of the devices that a typed or scanned code names: by id, or by serial number.
    pub(crate) fn assets_of_code(&self, site: &Site, code: &str) -> Result<Vec<String>, StoreError> {
        let values = [site.logs(), code.trim().to_owned(), serial_key(code)];
        let conn = self.store.reader();
        let mut found = conn.prepare_cached(
            "SELECT id FROM asset WHERE log IN (SELECT value FROM json_each(?1)) AND id = ?2
             UNION ALL SELECT id FROM asset
             WHERE ?3 <> '' AND serial = ?3 AND log IN (SELECT value FROM json_each(?1))
             ORDER BY 1",
        )?;
        let rows = found.query_map(params_from_iter(values.iter()), |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The one device that what is typed names; `None` for an empty text.
    ///
    /// # Errors
    /// Bad input at `field` for none or several.
    pub(crate) fn asset_named(&self, typed: &str, field: &str) -> Result<Option<EntityId>, DoorError> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        let site = self.asset_site()?;
        let found = self.assets_of_code(&site, typed)?;
        match found.as_slice() {
            [one] => EntityId::new(one.clone()).map(Some).map_err(DoorError::broken),
            [] => Err(DoorError::bad_input("没有这台设备：请填序列号，或在设备清单中复制编号。").at(field)),
            _ => Err(DoorError::bad_input("有几台设备是这个序列号，请改填设备编号。").at(field)),
        }
    }
}
