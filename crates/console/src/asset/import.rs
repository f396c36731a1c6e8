//! Devices from a table or from the contract's own list: looked at first, then taken whole or not at all.

use super::card::{Known, changes, life_of};
use super::note::card_of;
use super::table::{COLUMNS, label};
use super::{ROWS_MAX, Site};
use crate::door::dto::{
    AssetCardDto, AssetDifference, AssetImportAccept, AssetImportArgs, AssetImportPreview, DoorError,
    StockMistake, Written,
};
use crate::duty::table_of;
use crate::host::new_id;
use crate::order::{Desk, Pen, already, key};
use crate::store::{Act, StoreError};
use std::collections::BTreeMap;
use zaigang_domain::asset::{Asset, AssetCard, LifeState, serial_key};
use zaigang_domain::contract::facts::Asset as Listed;
use zaigang_domain::event::{EntityId, EntityKind, EventId};
use zaigang_domain::judge::EntityState;
use zaigang_domain::stock::entity_of;

/// Most differences told.
const DIFFERENCES_MAX: usize = 500;

/// What one row says.
struct Row {
    at: u32,
    /// The device it names, by id or by its row of the contract's list.
    known: Option<String>,
    /// The division, by its place in the site.
    home: usize,
    card: AssetCard,
    life: Option<LifeState>,
}

/// A table as it was read.
#[derive(Default)]
struct Reading {
    rows: Vec<Row>,
    mistakes: Vec<StockMistake>,
}

impl Reading {
    fn refuse(&mut self, row: u32, column: &str, text: impl Into<String>) {
        self.mistakes.push(StockMistake { row, column: column.to_owned(), text: text.into() });
    }
}

/// A table with what it is read against.
struct Source {
    site: Site,
    known: Known,
    table: Vec<Vec<String>>,
    reading: Reading,
}

impl Desk<'_> {
    /// What a table would change; nothing is written.
    ///
    /// # Errors
    /// Bad input for an unreadable file or one without the template's headings; not allowed for buyer and
    /// overseer.
    pub fn preview_assets(&self, args: &AssetImportArgs) -> Result<AssetImportPreview, DoorError> {
        Ok(preview(&mut self.asset_source(args)?))
    }

    fn asset_source(&self, args: &AssetImportArgs) -> Result<Source, DoorError> {
        self.notes_assets()?;
        let site = self.asset_site()?;
        let known = self.known_assets(&site)?;
        let table =
            if args.listed { listed(&site) } else { table_of(args.file.as_deref(), args.text.as_deref())? };
        let reading = read(&site, &known, &table, args.division.as_deref())?;
        Ok(Source { site, known, table, reading })
    }

    fn known_assets(&self, site: &Site) -> Result<Known, StoreError> {
        let mut known = Known::new();
        for (at, home) in site.divisions.iter().enumerate() {
            for (id, state) in self.store.states(&home.log, "asset")? {
                if let EntityState::Asset(asset) = state {
                    known.insert(id.to_string(), (at, id, *asset));
                }
            }
        }
        Ok(known)
    }
}

/// The rows of the contracts' own lists as a table of the template's columns; only objects whose division is
/// here, and rows that name none.
fn listed(site: &Site) -> Vec<Vec<String>> {
    let mut table = vec![COLUMNS.iter().map(|(name, _, _)| (*name).to_owned()).collect::<Vec<_>>()];
    for (contract, in_force) in site.contracts() {
        for row in &in_force.bound.profile.facts.asset {
            let object = row.object_no.clone().or_else(|| row.need.map(|need| need.to_string()));
            let object = object.filter(|id| site.object(contract, id).is_some()).unwrap_or_default();
            let division = site.object(contract, &object).and_then(|object| object.division.clone());
            if division.as_ref().is_some_and(|name| site.of_name(name).is_none()) {
                continue;
            }
            table.push(COLUMNS.iter().map(|(_, field, _)| listed_cell(row, &object, field)).collect());
        }
    }
    table
}

/// A cell of a row of the contract's list. The list says how many, never which: no serial numbers.
fn listed_cell(row: &Listed, object: &str, field: &str) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    match field {
        "name" => row.name.clone(),
        "object" => object.to_owned(),
        "model" => text(&row.model),
        "quantity" => row.quantity.map(|quantity| quantity.max(1).to_string()).unwrap_or_default(),
        "unit" => text(&row.unit),
        "place" => text(&row.place),
        "listed" => row.id.clone(),
        "note" => {
            let notes = [row.group.clone(), row.params.clone(), row.quantity_qualifier.clone()];
            let notes: Vec<String> = notes.into_iter().flatten().collect();
            notes.join("；").chars().take(500).collect::<String>().trim().to_owned()
        }
        _ => String::new(),
    }
}

fn read(
    site: &Site,
    known: &Known,
    table: &[Vec<String>],
    division: Option<&str>,
) -> Result<Reading, DoorError> {
    let heading = table.first().map(Vec::as_slice).unwrap_or_default();
    if !heading.iter().any(|cell| cell.trim() == label("name")) {
        let message = "第一行没有“名称”这一栏，请用导出的模板填写。";
        return Err(DoorError::bad_input(message).at("text"));
    }
    if table.len() > ROWS_MAX {
        let message = format!("共 {} 行，一次最多 {ROWS_MAX} 行，请分几次导入。", table.len());
        return Err(DoorError::bad_input(message).at("text"));
    }
    let mut reading = Reading::default();
    for name in heading.iter().map(|cell| cell.trim()).filter(|name| !name.is_empty()) {
        if !COLUMNS.iter().any(|(known, _, _)| *known == name) {
            let text = "模板没有这一栏。地址请在卡片中登记；口令和密钥不登记。";
            reading.refuse(1, name, text);
        }
    }
    let by_list: BTreeMap<&str, &str> = known
        .iter()
        .filter(|(_, (_, _, asset))| !asset.card.listed.is_empty())
        .map(|(id, (_, _, asset))| (asset.card.listed.as_str(), id.as_str()))
        .collect();
    for (at, cells) in (1_u32..).zip(table).skip(1) {
        if cells.iter().all(|cell| cell.trim().is_empty()) || is_watermark(cells) {
            continue;
        }
        let cell = |field: &str| {
            let column = heading.iter().position(|cell| cell.trim() == label(field));
            column.map(|at| cells.get(at).map(|text| plain(text)).unwrap_or_default())
        };
        read_row(site, known, &by_list, at, &cell, division, &mut reading);
    }
    check_rows(known, &mut reading);
    Ok(reading)
}

/// What was typed: an exported file marks with `'` what a spreadsheet would take for a formula.
fn plain(cell: &str) -> String {
    let cell = cell.trim();
    match cell.strip_prefix('\'') {
        Some(rest) if zaigang_report::defused(rest) == cell => rest.to_owned(),
        _ => cell.to_owned(),
    }
}

/// The last line of an exported CSV tells where it comes from.
fn is_watermark(cells: &[String]) -> bool {
    let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    filled == 1 && cells.first().is_some_and(|cell| cell.trim().starts_with("导出："))
}

fn read_row(
    site: &Site,
    known: &Known,
    by_list: &BTreeMap<&str, &str>,
    at: u32,
    cell: &dyn Fn(&str) -> Option<String>,
    division: Option<&str>,
    reading: &mut Reading,
) {
    let said = |field: &str| cell(field).unwrap_or_default();
    let (id, row) = (said("id"), said("listed"));
    let before = match (id.as_str(), by_list.get(row.as_str())) {
        ("", Some(listed)) => known.get(*listed),
        ("", None) => None,
        (id, _) => match known.get(id) {
            None => {
                reading.refuse(at, label("id"), "没有这个设备编号；新设备请留空。");
                return;
            }
            found => found,
        },
    };
    // The contract's list knows less than a card: what stands there is kept.
    let from_list = id.is_empty() && before.is_some();
    let field = |field: &str| match (cell(field), before) {
        (Some(text), Some((_, _, asset))) if from_list && text.is_empty() => shown(&asset.card, field),
        (Some(text), _) => text,
        // A column that is left out changes nothing.
        (None, Some((_, _, asset))) => shown(&asset.card, field),
        (None, None) => String::new(),
    };
    match card_of_row(known, &field) {
        Err(error) => {
            let name = error.field.as_deref().and_then(|field| field.strip_prefix("card.")).unwrap_or("name");
            reading.refuse(at, label(name), error.message);
        }
        Ok(card) => {
            let named = Some(said("division")).filter(|name| !name.is_empty());
            let home = match before {
                Some((home, _, _)) => site.divisions.get(*home).map(|home| home.name.clone()),
                None => named.clone().or_else(|| {
                    let listed = site.contracts().any(|(contract, _)| {
                        site.object(contract, &card.object).is_some_and(|object| object.division.is_some())
                    });
                    division.filter(|_| !listed).map(str::to_owned)
                }),
            };
            let life = said("life");
            let state = life_of(&life);
            if !life.is_empty() && state.is_none() {
                let names = LifeState::ALL.map(LifeState::title).join("、");
                reading.refuse(at, label("life"), format!("状态只能填{names}。"));
                return;
            }
            match site.home(&card.object, home.as_deref()) {
                Err(error) => {
                    let field =
                        if error.field.as_deref() == Some("division") { "division" } else { "object" };
                    reading.refuse(at, label(field), error.message);
                }
                Ok(home) => {
                    let home = site.divisions.iter().position(|division| division.n == home.n).unwrap_or(0);
                    let known = before.map(|(_, id, _)| id.to_string());
                    reading.rows.push(Row { at, known, home, card, life: state });
                }
            }
        }
    }
}

fn shown(card: &AssetCard, field: &str) -> String {
    use zaigang_domain::stock::Sheet as _;
    card.field(field).unwrap_or_default()
}

fn card_of_row(known: &Known, field: &dyn Fn(&str) -> String) -> Result<AssetCard, DoorError> {
    let quantity = match field("quantity").as_str() {
        "" => 1,
        text => text
            .parse::<u32>()
            .ok()
            .filter(|quantity| *quantity > 0)
            .ok_or_else(|| DoorError::bad_input(format!("“{text}”不是正整数。")).at("card.quantity"))?,
    };
    let parent = match field("parent").as_str() {
        "" => None,
        text => Some(parent_of(known, text)?),
    };
    let dto = AssetCardDto {
        name: field("name"),
        object: field("object"),
        network: field("network"),
        maker: field("maker"),
        model: field("model"),
        serial: field("serial"),
        quantity,
        unit: field("unit"),
        place: field("place"),
        room: field("room"),
        rack: field("rack"),
        rack_unit: field("rack_unit"),
        since: field("since"),
        warranty_end: field("warranty_end"),
        maintenance_end: field("maintenance_end"),
        supplier: field("supplier"),
        parent: String::new(),
        listed: field("listed"),
        note: field("note"),
    };
    card_of(&dto, parent)
}

/// A parent that is here already, by id or serial number.
fn parent_of(known: &Known, text: &str) -> Result<EntityId, DoorError> {
    let by_id = known.get(text).map(|(_, id, _)| id);
    let serial = serial_key(text);
    let by_serial = || {
        let mut found = known.values().filter(|(_, _, asset)| serial_key(&asset.card.serial) == serial);
        found.next().map(|(_, id, _)| id)
    };
    let found = by_id.or_else(by_serial).cloned();
    found.filter(|id| id.kind() == EntityKind::Asset).ok_or_else(|| {
        DoorError::bad_input("没有这台上级设备：请填已登记设备的编号或序列号。").at("card.parent")
    })
}

/// What rows say together: a device once, a serial number once.
fn check_rows(known: &Known, reading: &mut Reading) {
    let mut serials: BTreeMap<String, (u32, Option<String>)> = BTreeMap::new();
    let mut devices: BTreeMap<&str, u32> = BTreeMap::new();
    let mut refused = Vec::new();
    // What a row changes is no serial number of its device any more.
    let changed: BTreeMap<&str, &Row> =
        reading.rows.iter().filter_map(|row| Some((row.known.as_deref()?, row))).collect();
    let held = known.iter().filter(|(id, (_, _, asset))| {
        asset.life.is_living() && !changed.contains_key(id.as_str()) && !asset.card.serial.is_empty()
    });
    for (id, (_, _, asset)) in held {
        serials.insert(serial_key(&asset.card.serial), (0, Some(id.clone())));
    }
    for row in &reading.rows {
        if let Some(id) = &row.known
            && let Some(first) = devices.insert(id, row.at)
        {
            refused.push((row.at, label("id"), format!("与第 {first} 行是同一台设备。")));
        }
        let living = row.life.is_none_or(LifeState::is_living);
        let serial = serial_key(&row.card.serial);
        if serial.is_empty() || !living {
            continue;
        }
        match serials.insert(serial, (row.at, row.known.clone())) {
            Some((0, Some(id))) => {
                let title = known.get(&id).map(|(_, _, asset)| asset.card.title()).unwrap_or_default();
                refused.push((row.at, label("serial"), format!("序列号与已登记的“{title}”相同。")));
            }
            Some((first, _)) => {
                refused.push((row.at, label("serial"), format!("序列号与第 {first} 行相同。")));
            }
            None => {}
        }
    }
    for (row, column, text) in refused {
        reading.refuse(row, column, text);
    }
    reading.mistakes.sort_by_key(|mistake| mistake.row);
}

/// What a row changes of a known device.
fn row_changes(row: &Row, asset: &Asset) -> Vec<String> {
    let mut texts: Vec<String> = changes(&asset.card, &row.card).into_iter().map(|(_, text)| text).collect();
    if let Some(life) = row.life.filter(|life| *life != asset.life) {
        texts.push(format!("{} {} → {}", label("life"), asset.life.title(), life.title()));
    }
    texts
}

/// What the rows come to; the digest stands for the table and for what it would change.
fn preview(source: &mut Source) -> AssetImportPreview {
    let mut told = AssetImportPreview {
        rows: u32::try_from(source.reading.rows.len()).unwrap_or(u32::MAX),
        added: 0,
        changed: 0,
        same: 0,
        differences: Vec::new(),
        mistakes: std::mem::take(&mut source.reading.mistakes),
        digest: String::new(),
    };
    let mut hasher = blake3::Hasher::new();
    for row in &source.table {
        hasher.update(row.join("\u{1f}").as_bytes()).update(b"\x1e");
    }
    for row in &source.reading.rows {
        let before = row.known.as_ref().and_then(|id| source.known.get(id));
        let texts = match before {
            None => {
                told.added += 1;
                let home = source.site.divisions.get(row.home).map(|home| home.name.as_str());
                vec![format!("新增，{}", home.unwrap_or_default())]
            }
            Some((_, _, asset)) => row_changes(row, asset),
        };
        match (before, texts.is_empty()) {
            (Some(_), true) => told.same += 1,
            (Some(_), false) => told.changed += 1,
            (None, _) => {}
        }
        let text = texts.join("；");
        hasher.update(text.as_bytes()).update(b"\x1e");
        if !text.is_empty() && told.differences.len() < DIFFERENCES_MAX {
            told.differences.push(AssetDifference { row: row.at, title: row.card.title(), text });
        }
    }
    told.digest = hasher.finalize().to_hex().to_string();
    told
}

impl Pen<'_> {
    /// Takes a table that was looked at.
    ///
    /// # Errors
    /// Not now where table or devices are other than they were looked at, or the table holds mistakes: nothing
    /// is written then.
    pub fn import_assets(&mut self, args: &AssetImportAccept) -> Result<Written, DoorError> {
        let key = key(self, "asset/import", &args.idempotency_key)?;
        if let Some(id) = self.registered_under(&key)? {
            return Ok(already(&id, "这张表已经导入".to_owned()));
        }
        let mut source = self.desk().asset_source(&args.source)?;
        let told = preview(&mut source);
        if told.digest != args.digest {
            let message = "表格或设备与预览时不同，没有导入任何内容，请重新预览。";
            return Err(DoorError::not_now(message).at("digest"));
        }
        if !told.mistakes.is_empty() {
            let message = format!("表中有 {} 处错误，没有导入任何内容；请按预览改正。", told.mistakes.len());
            return Err(DoorError::not_now(message).at("text"));
        }
        let acts = self.asset_acts(&source)?;
        let Some(first) = acts.first() else {
            return Err(DoorError::not_now("表中没有要更改的内容。"));
        };
        let id = first.entity.to_string();
        let message = format!("已导入：新增 {} 台，更改 {} 台", told.added, told.changed);
        let written = self.store.append_acts(self.host, &acts, Some(self.author), Some(&key))?;
        Ok(Written { id, message, changed: written.changed.into_iter().collect() })
    }

    fn asset_acts(&self, source: &Source) -> Result<Vec<Act>, DoorError> {
        let mut acts = Vec::new();
        for row in &source.reading.rows {
            let Some(home) = source.site.divisions.get(row.home) else { continue };
            let known = row.known.as_ref().and_then(|id| source.known.get(id));
            let (entity, drafts) = match known {
                None => {
                    let life = row.life.unwrap_or_default();
                    (
                        entity_of("asset", EventId(new_id(self.host))),
                        self.asset_drafts(&row.card, None, life)?,
                    )
                }
                Some((_, id, asset)) => (id.clone(), self.row_drafts(row, asset)?),
            };
            if !drafts.is_empty() {
                acts.push(Act { log: home.log.clone(), entity, drafts, stands_on: None });
            }
        }
        Ok(acts)
    }

    fn row_drafts(&self, row: &Row, asset: &Asset) -> Result<Vec<crate::store::Draft>, DoorError> {
        let mut drafts: Vec<_> = self.asset_change(asset, &row.card, None)?.into_iter().collect();
        if let Some(life) = row.life.filter(|life| *life != asset.life) {
            let on = zaigang_domain::calendar::civil_date(self.host.now());
            let changed = super::note::change(life, on, "按表格导入");
            zaigang_domain::asset::legal_change(asset, &changed, self.actor)?;
            let mut draft = self.fact("asset.changed", &changed)?;
            draft.expect.insert("life".to_owned(), asset.life.code().to_owned());
            draft.deps = asset.pending.clone();
            drafts.push(draft);
        }
        Ok(drafts)
    }
}
