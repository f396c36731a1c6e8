//! 备件: stores, models, places, movements, slips, scrapping, stocktakes and transfers, as screens use them.
//!
//! Promises: what there is comes from projections of the domain's replay; what a person may do is asked of
//! the domain with the very act the key would write; a use that happened is booked whatever the balance says.
//! Left out: the rules (domain), and devices.

mod book;
mod import;
mod ledger;
mod owed;
mod parts;
mod scan;
mod scrap;
mod sheet;
mod slip;
mod take;
mod transfer;
mod usage;
mod used;

use crate::door::dto::{Choice, DoorError, StockPlaceDto, StockStores, StoreDto, StoreMay};
use crate::order::Desk;
use crate::staff::colleague;
use crate::store::StoreError;
use rusqlite::{OptionalExtension as _, params};
use std::collections::BTreeMap;
use zaigang_domain::contract::{StockStoreKind, StockStoreSetting};
use zaigang_domain::duty::AGREED;
use zaigang_domain::event::{EntityId, LogKind, LogName};
use zaigang_domain::judge::EntityState;
use zaigang_domain::people::{Export, Role, may_export};
use zaigang_domain::stock::{Charge, FateKind, MovementKind, Owner, PlaceCard, PlaceKind, Tracking, tree};

/// Lines of a page where nothing is said, and at most.
const PAGE: (u32, u32) = (50, 200);

/// A store with its places, read once.
pub(crate) struct Shelf {
    /// Its log.
    log: LogName,
    /// Its log's row.
    n: i64,
    /// Contract id.
    contract: String,
    /// What the settings say of it.
    setting: Option<&'static StockStoreSetting>,
    /// Places.
    places: BTreeMap<EntityId, PlaceCard>,
    /// Places as a tree: id, depth, path.
    tree: Vec<(EntityId, usize, String)>,
}

impl Shelf {
    /// Whether it is the centre's store, which supplies the others.
    fn is_central(&self) -> bool {
        self.setting.as_ref().is_some_and(|setting| setting.kind == Some(StockStoreKind::Centre))
    }

    /// The path of a place; its id where this console does not know it yet.
    fn path(&self, place: &str) -> String {
        let known = self.tree.iter().find(|(id, _, _)| id.as_str() == place);
        known.map_or_else(|| place.to_owned(), |(_, _, path)| path.clone())
    }

    fn place(&self, place: &str) -> Option<(&EntityId, &PlaceCard)> {
        self.places.iter().find(|(id, _)| id.as_str() == place)
    }

    /// A place and those inside it.
    fn inside(&self, place: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for (id, _, _) in &self.tree {
            let parent = self.places.get(id).and_then(|card| card.parent.as_ref());
            if id.as_str() == place
                || parent.is_some_and(|parent| found.iter().any(|known| known == parent.as_str()))
            {
                found.push(id.to_string());
            }
        }
        found
    }

    fn name(&self) -> String {
        let id = match self.log.kind() {
            LogKind::Store { store, .. } => store,
            _ => "",
        };
        self.setting.map_or_else(|| id.to_owned(), |setting| setting.name.clone())
    }

    /// Why removed storage media stay with the buyer: the clause, or what was agreed.
    fn media_rule(&self) -> String {
        let clause = self.setting.and_then(|setting| setting.media_clause.clone());
        clause.map_or_else(
            || format!("{AGREED}：换下的存储介质留存甲方"),
            |clause| format!("{clause} 损坏的存储介质须留存甲方"),
        )
    }
}

fn choice(code: &str, title: &str) -> Choice {
    Choice { value: code.to_owned(), label: title.to_owned() }
}

fn page(offset: u32, limit: u32) -> (u32, u32) {
    (offset, if limit == 0 { PAGE.0 } else { limit.min(PAGE.1) })
}

fn small(quantity: i64) -> i32 {
    i32::try_from(quantity).unwrap_or(if quantity < 0 { i32::MIN } else { i32::MAX })
}

fn many(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn unsigned(quantity: i64) -> u32 {
    u32::try_from(quantity.max(0)).unwrap_or(u32::MAX)
}

impl Desk<'_> {
    /// The stores whose logs this console holds and the person's scope reaches, the site's own before the
    /// centre's.
    fn shelves(&self) -> Result<Vec<Shelf>, DoorError> {
        let mut found = Vec::new();
        for row in self.store.logs()? {
            let Ok(log) = LogName::new(row.name) else { continue };
            let LogKind::Store { contract, store } = log.kind() else { continue };
            let profile = self.in_force_of(contract)?.map(|in_force| in_force.bound.profile);
            let setting =
                profile.and_then(|profile| profile.settings.stock_store.iter().find(|row| row.id == store));
            if !self.actor.reaches(contract) || !self.serves(setting) {
                continue;
            }
            let contract = contract.to_owned();
            let places: BTreeMap<EntityId, PlaceCard> = self
                .store
                .states(&log, "place")?
                .into_iter()
                .filter_map(|(id, state)| Some((id, state.place()?.card.clone())))
                .collect();
            found.push(Shelf { tree: tree(&places), n: row.n, log, contract, setting, places });
        }
        found.sort_by_key(Shelf::is_central);
        Ok(found)
    }

    fn serves(&self, setting: Option<&StockStoreSetting>) -> bool {
        let Some(served) = setting.map(|setting| &setting.divisions) else { return true };
        let own = &self.actor.divisions;
        served.is_empty() || own.is_empty() || served.iter().any(|division| own.contains(division))
    }

    /// A store: the one named, else the first.
    fn shelf(&self, store: Option<&str>) -> Result<Shelf, DoorError> {
        let wanted = store.map(str::trim).filter(|store| !store.is_empty());
        let mut shelves = self.shelves()?.into_iter();
        let found = shelves.find(|shelf| wanted.is_none_or(|store| shelf.log.as_str() == store));
        found.ok_or_else(|| DoorError::not_now(NO_STORE).at("store"))
    }

    /// The store an entity belongs to.
    fn shelf_of(&self, entity: &str) -> Result<Shelf, DoorError> {
        let missing =
            || DoorError::not_found("本机没有这条记录，或不在您的负责范围内，请同步后重试。").at("id");
        let log = self.store.log_of(entity)?.ok_or_else(missing)?;
        self.shelf(Some(&log)).map_err(|_| missing())
    }

    fn in_store(&self, shelf: &Shelf, id: &str) -> Result<Option<EntityState>, StoreError> {
        self.store.entity_in(shelf.log.as_str(), id)
    }

    /// The stores of this console.
    ///
    /// # Errors
    /// Internal when the store fails.
    pub fn stock_stores(&self) -> Result<StockStores, DoorError> {
        let shelves = self.shelves()?;
        let stores: Result<Vec<StoreDto>, DoorError> =
            shelves.iter().map(|shelf| self.store_dto(shelf)).collect();
        Ok(StockStores {
            hint: if shelves.is_empty() { NO_STORE.to_owned() } else { String::new() },
            stores: stores?,
            kinds: MovementKind::ALL.map(|kind| choice(kind.code(), kind.title())).to_vec(),
            owners: Owner::ALL.map(|owner| choice(owner.code(), owner.title())).to_vec(),
            trackings: Tracking::ALL.map(|tracking| choice(tracking.code(), tracking.title())).to_vec(),
            place_kinds: PlaceKind::ALL.map(|kind| choice(kind.code(), kind.title())).to_vec(),
            charges: Charge::ALL.map(|charge| choice(charge.code(), charge.title())).to_vec(),
            fates: FateKind::ALL.map(|fate| choice(fate.code(), fate.title())).to_vec(),
            me: self.actor.user().map(ToString::to_string).unwrap_or_default(),
        })
    }

    fn store_dto(&self, shelf: &Shelf) -> Result<StoreDto, DoorError> {
        let setting = shelf.setting;
        let conn = self.store.reader();
        let count = |sql: &str| -> Result<u32, StoreError> {
            Ok(conn.prepare_cached(sql)?.query_row([shelf.n], |row| row.get(0))?)
        };
        let mut categories = conn
            .prepare_cached(
                "SELECT DISTINCT category FROM stock_part WHERE log = ?1 AND closed = 0 ORDER BY category",
            )
            .map_err(StoreError::from)?;
        let categories = categories
            .query_map([shelf.n], |row| row.get(0))
            .and_then(Iterator::collect)
            .map_err(StoreError::from)?;
        let takes = self.store.states(&shelf.log, "stocktake")?;
        let loans = self.outstanding(shelf, MovementKind::Borrowed)?;
        let open = |state: &EntityState| state.take().is_some_and(|take| take::is_open(take.stage));
        let basis = setting.and_then(|setting| setting.basis.as_ref());
        let people = self.workers_under(&shelf.contract)?;
        Ok(StoreDto {
            id: shelf.log.to_string(),
            central: shelf.is_central(),
            name: shelf.name(),
            place: setting.and_then(|setting| setting.place.clone()).unwrap_or_default(),
            divisions: setting.map(|setting| setting.divisions.clone()).unwrap_or_default(),
            note: setting.and_then(|setting| setting.note.clone()).unwrap_or_default(),
            basis: basis.map_or_else(
                || AGREED.to_owned(),
                |basis| format!("{AGREED}：{}，{}", basis.who, basis.paper),
            ),
            media_rule: shelf.media_rule(),
            may: self.store_may(),
            parts: count("SELECT count(*) FROM stock_part WHERE log = ?1 AND closed = 0")?,
            below_minimum: self.part_count(shelf, "below_minimum")?,
            discrepancies: count("SELECT count(*) FROM stock_fault WHERE log = ?1 AND open = 1")?,
            loans_overdue: many(loans.iter().filter(|row| row.overdue).count()),
            slips_waiting: count("SELECT count(*) FROM stock_slip WHERE log = ?1 AND waits = 1")?,
            transfers_open: many(self.open_transfers(shelf)?),
            takes_open: many(takes.iter().filter(|(_, state)| open(state)).count()),
            categories,
            people: people.iter().map(colleague).collect(),
            stale: String::new(),
            contract: shelf.contract.clone(),
        })
    }

    fn store_may(&self) -> StoreMay {
        let has = |roles: &[Role]| self.actor.enabled && roles.iter().any(|role| self.actor.has(*role));
        let works = has(&[Role::Engineer, Role::Dispatcher, Role::Supervisor, Role::StoreKeeper]);
        let keep = has(&[Role::StoreKeeper, Role::Supervisor]);
        StoreMay {
            keep,
            ask: works,
            approve: keep,
            count: works,
            adjust: has(&[Role::Supervisor]),
            export: may_export(self.actor, Export::Stock, None).is_ok(),
        }
    }

    fn keeps(&self) -> Result<(), DoorError> {
        if self.store_may().keep {
            return Ok(());
        }
        Err(DoorError::not_allowed(
            "型号、库位和出入库由库管员或项目经理登记；领用请填领用单，换件请在工单中登记。",
        ))
    }

    /// Places of a store.
    ///
    /// # Errors
    /// Not now where this console holds no store's log.
    pub fn stock_places(&self, store: Option<&str>) -> Result<Vec<StockPlaceDto>, DoorError> {
        let shelf = self.shelf(store)?;
        self.places_dto(&shelf)
    }

    fn places_dto(&self, shelf: &Shelf) -> Result<Vec<StockPlaceDto>, DoorError> {
        let conn = self.store.reader();
        let mut counts = conn
            .prepare_cached(
                "SELECT count(DISTINCT part), coalesce(sum(quantity), 0) FROM stock_balance
                 WHERE log = ?1 AND place = ?2",
            )
            .map_err(StoreError::from)?;
        let mut places = Vec::with_capacity(shelf.tree.len());
        for (id, depth, path) in &shelf.tree {
            let Some(card) = shelf.places.get(id) else { continue };
            let (models, pieces): (u32, i64) = counts
                .query_row(params![shelf.n, id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
                .map_err(StoreError::from)?;
            let state = self.in_store(shelf, id.as_str())?;
            let pending =
                state.as_ref().and_then(EntityState::place).is_some_and(|place| !place.pending.is_empty());
            places.push(StockPlaceDto {
                id: id.to_string(),
                name: card.name.clone(),
                path: path.clone(),
                parent: card.parent.as_ref().map(ToString::to_string),
                depth: u32::try_from(*depth).unwrap_or(0),
                kind: card.kind.code().to_owned(),
                kind_name: card.kind.title().to_owned(),
                note: card.note.clone(),
                models,
                pieces: small(pieces),
                closed: card.closed,
                pending,
            });
        }
        Ok(places)
    }

    /// A model's name with its 规格型号, and its unit.
    fn part_head(&self, shelf: &Shelf, part: &str) -> Result<(String, String), StoreError> {
        let state = self.in_store(shelf, part)?;
        Ok(match state.as_ref().and_then(EntityState::part) {
            Some(part) => (part.card.title(), part.card.unit.clone()),
            None => (part.to_owned(), String::new()),
        })
    }

    /// The balance of a model at a place.
    fn balance(&self, shelf: &Shelf, part: &str, place: &str, owner: Owner) -> Result<i64, StoreError> {
        let found = self
            .store
            .reader()
            .prepare_cached(
                "SELECT quantity FROM stock_balance WHERE log = ?1 AND part = ?2 AND place = ?3 AND owner = ?4",
            )?
            .query_row(params![shelf.n, part, place, owner.code()], |row| row.get(0))
            .optional()?;
        Ok(found.unwrap_or(0))
    }
}

/// Why there is no store, and what to do.
const NO_STORE: &str =
    "本机没有登记备件库。备件库由项目经理在“合同与约定 → 备件库”中登记，再请管理员为本机增加该库的数据。";
