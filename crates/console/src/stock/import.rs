//! Models and first quantities from a table: looked at first, then taken whole or not at all.

use super::book::{card_of, differs};
use super::{Shelf, unsigned};
use crate::door::dto::{
    DoorError, PartCard as CardDto, StockDifference, StockImportAccept, StockImportArgs, StockImportPreview,
    StockMistake, Written,
};
use crate::duty::table_of;
use crate::order::{Desk, Pen, already, filled, key};
use crate::store::{Act, StoreError};
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet};
use zaigang_domain::event::EntityId;
use zaigang_domain::stock::{
    Charge, Made, MovementKind, Owner, Part, PartCard, PlaceCard, PlaceKind, Tracking,
};

/// Most rows of a table.
const ROWS_MAX: usize = 10_000;
/// Most differences told.
const DIFFERENCES_MAX: usize = 500;

/// What one row says.
struct Row {
    at: u32,
    /// The model it names by id, else a new one by name and 规格型号.
    id: Option<String>,
    card: PartCard,
    place: Option<String>,
    owner: Owner,
    serial: Option<String>,
    quantity: i64,
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

/// The models of a store, read once: by id, and the id of those in use by name and 规格型号.
struct Catalogue {
    parts: BTreeMap<String, (EntityId, Part)>,
    named: BTreeMap<(String, String), String>,
}

impl Catalogue {
    fn of(&self, row: &Row) -> Option<&(EntityId, Part)> {
        self.parts.get(row.id.as_ref()?)
    }
}

fn name_of(card: &PartCard) -> (String, String) {
    (card.name.clone(), card.model.clone())
}

impl Desk<'_> {
    /// What a table would change; nothing is written.
    ///
    /// # Errors
    /// Bad input for an unreadable file or one without the template's headings; not allowed for others than
    /// keeper and supervisor.
    pub fn preview_stock(&self, args: &StockImportArgs) -> Result<StockImportPreview, DoorError> {
        self.keeps()?;
        let shelf = self.shelf(args.store.as_deref())?;
        let catalogue = self.catalogue(&shelf)?;
        let table = table_of(args.file.as_deref(), args.text.as_deref())?;
        let reading = self.read(&shelf, &catalogue, &table)?;
        Ok(preview(&shelf, &catalogue, &table, reading).0)
    }

    fn catalogue(&self, shelf: &Shelf) -> Result<Catalogue, StoreError> {
        let mut catalogue = Catalogue { parts: BTreeMap::new(), named: BTreeMap::new() };
        for (id, state) in self.store.states(&shelf.log, "part")? {
            let Some(part) = state.part() else { continue };
            if !part.card.closed {
                catalogue.named.entry(name_of(&part.card)).or_insert_with(|| id.to_string());
            }
            catalogue.parts.insert(id.to_string(), (id, part.clone()));
        }
        Ok(catalogue)
    }

    fn is_held(&self, shelf: &Shelf, part: &str, serial: &str) -> Result<bool, StoreError> {
        Ok(self
            .store
            .reader()
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM stock_serial WHERE log = ?1 AND part = ?2 AND serial = ?3)",
            )?
            .query_row(params![shelf.n, part, serial], |row| row.get(0))?)
    }

    fn read(
        &self,
        shelf: &Shelf,
        catalogue: &Catalogue,
        table: &[Vec<String>],
    ) -> Result<Reading, DoorError> {
        let heading = table.first().map(Vec::as_slice).unwrap_or_default();
        let column = |name: &str| heading.iter().position(|cell| cell.trim() == name);
        for needed in ["名称", "单位"] {
            if column(needed).is_none() {
                let message = format!("第一行没有“{needed}”这一栏，请用导出的模板填写。");
                return Err(DoorError::bad_input(message).at("text"));
            }
        }
        if table.len() > ROWS_MAX {
            let message = format!("共 {} 行，一次最多 {ROWS_MAX} 行，请分几次导入。", table.len());
            return Err(DoorError::bad_input(message).at("text"));
        }
        let mut reading = Reading::default();
        for (at, cells) in (1_u32..).zip(table).skip(1) {
            if cells.iter().all(|cell| cell.trim().is_empty()) || is_watermark(cells) {
                continue;
            }
            let cell = |name: &str| {
                let at = column(name);
                at.and_then(|at| cells.get(at)).map(|text| text.trim().to_owned()).unwrap_or_default()
            };
            self.read_row(shelf, at, &cell, &mut reading);
        }
        self.check_rows(shelf, catalogue, &mut reading)?;
        Ok(reading)
    }

    fn read_row(&self, shelf: &Shelf, at: u32, cell: &dyn Fn(&str) -> String, reading: &mut Reading) {
        let before = reading.mistakes.len();
        let yes = |name: &str, reading: &mut Reading| match cell(name).as_str() {
            "" | "否" => false,
            "是" => true,
            _ => {
                reading.refuse(at, name, "只能填“是”或“否”。");
                false
            }
        };
        let tracking = match cell("管理方式").as_str() {
            "" => Some(Tracking::Plain),
            title => Tracking::ALL.into_iter().find(|tracking| tracking.title() == title),
        };
        if tracking.is_none() {
            reading.refuse(at, "管理方式", "只能填“按序列号”“按批次”或“按数量”。");
        }
        let charge = match cell("结算方式").as_str() {
            "" => Some(None),
            title => Charge::ALL.into_iter().find(|charge| charge.title() == title).map(Some),
        };
        if charge.is_none() {
            reading.refuse(at, "结算方式", "只能填“免费更换”“按成本结算”或“限额内免费”。");
        }
        let owner = match cell("归属").as_str() {
            "" => Some(Owner::default()),
            title => Owner::ALL.into_iter().find(|owner| owner.title() == title),
        };
        if owner.is_none() {
            reading.refuse(at, "归属", "只能填“甲方”或“供应商”。");
        }
        let number = |name: &str, reading: &mut Reading| match cell(name).as_str() {
            "" => 0,
            text => text.parse::<u32>().unwrap_or_else(|_| {
                reading.refuse(at, name, format!("“{text}”不是整数。"));
                0
            }),
        };
        let minimum = number("下限", reading);
        let quantity = i64::from(number("期初数量", reading));
        let (storage_medium, closed) = (yes("存储介质", reading), yes("停用", reading));
        let card = CardDto {
            name: cell("名称"),
            category: cell("类别"),
            maker: cell("品牌"),
            model: cell("规格型号"),
            unit: cell("单位"),
            tracking: tracking.unwrap_or_default().code().to_owned(),
            minimum,
            compatible: cell("适用设备").split('、').map(str::to_owned).collect(),
            charge: charge.flatten().map(Charge::code).unwrap_or_default().to_owned(),
            charge_limit: cell("限额"),
            storage_medium,
            note: cell("备注"),
            closed,
        };
        let card = match card_of(&card) {
            Ok(card) => card,
            Err(error) => {
                let column = if error.field.as_deref() == Some("card.unit") { "单位" } else { "名称" };
                reading.refuse(at, column, error.message);
                return;
            }
        };
        let (serial, place) = (filled(Some(&cell("序列号"))), filled(Some(&cell("库位"))));
        match (card.tracking, &serial) {
            (Tracking::Serial, None) if quantity > 0 => {
                reading.refuse(at, "序列号", "按序列号管理的每件一行，须填序列号。");
            }
            (Tracking::Serial, Some(_)) if quantity != 1 => {
                reading.refuse(at, "期初数量", "填了序列号的，数量须是 1。");
            }
            (Tracking::Batch | Tracking::Plain, Some(_)) => {
                reading.refuse(at, "序列号", "不按序列号管理的不填序列号。");
            }
            _ => {}
        }
        if quantity > 0 && place.is_none() {
            reading.refuse(at, "库位", "有期初数量的须填库位。");
        }
        if let Some(place) = &place
            && place.contains('/')
            && !shelf.tree.iter().any(|(_, _, path)| path == place)
        {
            reading.refuse(at, "库位", "没有这个库位；新库位只写名称，不写路径。");
        }
        if reading.mistakes.len() == before {
            let owner = owner.unwrap_or_default();
            reading.rows.push(Row {
                at,
                id: filled(Some(&cell("型号编号"))),
                card,
                place,
                owner,
                serial,
                quantity,
            });
        }
    }

    /// What rows say together: models known, named once with one card, serial numbers once.
    fn check_rows(
        &self,
        shelf: &Shelf,
        catalogue: &Catalogue,
        reading: &mut Reading,
    ) -> Result<(), StoreError> {
        let mut cards: BTreeMap<(String, String), (u32, PartCard)> = BTreeMap::new();
        let mut serials: BTreeSet<(String, String, String)> = BTreeSet::new();
        let mut refused = Vec::new();
        for row in &mut reading.rows {
            let name = name_of(&row.card);
            if row.id.is_some() && catalogue.of(row).is_none() {
                refused.push((row.at, "型号编号", "本库没有这个型号编号；新型号请留空。".to_owned()));
            }
            if row.id.is_none() {
                row.id = catalogue.named.get(&name).cloned();
            }
            match cards.get(&name) {
                Some((first, card)) if *card != row.card => {
                    refused.push((row.at, "名称", format!("与第 {first} 行是同一型号，其他各栏却不同。")));
                }
                Some(_) => {}
                None => {
                    cards.insert(name.clone(), (row.at, row.card.clone()));
                }
            }
            if let Some(serial) = &row.serial {
                if !serials.insert((name.0, name.1, serial.clone())) {
                    refused.push((row.at, "序列号", format!("序列号 {serial} 在表中出现了两次。")));
                }
                if let Some(id) = &row.id
                    && self.is_held(shelf, id, serial)?
                {
                    refused.push((row.at, "序列号", format!("序列号 {serial} 已经在库。")));
                }
            }
            if catalogue.of(row).is_some_and(|(_, part)| part.card.tracking != row.card.tracking) {
                refused.push((row.at, "管理方式", "已有型号的管理方式不能由导入更改。".to_owned()));
            }
        }
        for (row, column, text) in refused {
            reading.refuse(row, column, text);
        }
        Ok(())
    }
}

/// What the rows come to; the digest stands for the table and for what it would change.
fn preview(
    shelf: &Shelf,
    catalogue: &Catalogue,
    table: &[Vec<String>],
    reading: Reading,
) -> (StockImportPreview, Vec<Row>) {
    let mut preview = StockImportPreview {
        rows: u32::try_from(reading.rows.len()).unwrap_or(u32::MAX),
        added: 0,
        changed: 0,
        same: 0,
        received: 0,
        places: Vec::new(),
        differences: Vec::new(),
        mistakes: reading.mistakes,
        digest: String::new(),
    };
    let mut hasher = blake3::Hasher::new();
    for row in table {
        hasher.update(row.join("\u{1f}").as_bytes()).update(b"\x1e");
    }
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let mut pieces = 0;
    for row in &reading.rows {
        pieces += row.quantity;
        if let Some(place) = &row.place
            && place_named(shelf, place).is_none()
            && !preview.places.contains(place)
        {
            preview.places.push(place.clone());
        }
        let mut texts = Vec::new();
        if seen.insert(name_of(&row.card)) {
            match catalogue.of(row) {
                None => {
                    preview.added += 1;
                    texts.push("新增".to_owned());
                }
                Some((_, part)) => {
                    let changes = differs(&part.card, &row.card);
                    if changes.is_empty() {
                        preview.same += 1
                    } else {
                        preview.changed += 1
                    }
                    let told = changes.into_iter();
                    texts.extend(told.map(|(field, was, now)| format!("{} {was} → {now}", label(field))));
                }
            }
        }
        if row.quantity > 0 {
            let place = row.place.as_deref().unwrap_or_default();
            texts.push(format!("入库 {} 到 {place}", row.quantity));
        }
        let text = texts.join("，");
        hasher.update(text.as_bytes()).update(b"\x1e");
        if !text.is_empty() && preview.differences.len() < DIFFERENCES_MAX {
            preview.differences.push(StockDifference { row: row.at, part: row.card.title(), text });
        }
    }
    preview.received = unsigned(pieces);
    preview.digest = hasher.finalize().to_hex().to_string();
    (preview, reading.rows)
}

fn label(field: &str) -> &'static str {
    match field {
        "name" => "名称",
        "category" => "类别",
        "maker" => "品牌",
        "model" => "规格型号",
        "unit" => "单位",
        "tracking" => "管理方式",
        "minimum" => "下限",
        "compatible" => "适用设备",
        "charge" => "结算方式",
        "charge_limit" => "限额",
        "storage_medium" => "存储介质",
        "note" => "备注",
        _ => "停用",
    }
}

/// The last line of an exported CSV tells where it comes from.
fn is_watermark(cells: &[String]) -> bool {
    let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    filled == 1 && cells.first().is_some_and(|cell| cell.trim().starts_with("导出："))
}

fn place_named<'s>(shelf: &'s Shelf, name: &str) -> Option<&'s EntityId> {
    let by_path = shelf.tree.iter().find(|(_, _, path)| path == name).map(|(id, _, _)| id);
    by_path
        .or_else(|| shelf.places.iter().find(|(_, card)| card.name == name && !card.closed).map(|(id, _)| id))
}

impl Pen<'_> {
    /// Takes a table that was looked at.
    ///
    /// # Errors
    /// Not now where the table or the store is other than it was looked at, or holds mistakes: nothing is
    /// written then.
    pub fn import_stock(&mut self, args: &StockImportAccept) -> Result<Written, DoorError> {
        let key = key(self, "stock/import", &args.idempotency_key)?;
        self.desk().keeps()?;
        if let Some(id) = self.registered_under(&key)? {
            return Ok(already(&id, "这张表已经导入".to_owned()));
        }
        let desk = self.desk();
        let shelf = desk.shelf(args.source.store.as_deref())?;
        let catalogue = desk.catalogue(&shelf)?;
        let table = table_of(args.source.file.as_deref(), args.source.text.as_deref())?;
        let reading = desk.read(&shelf, &catalogue, &table)?;
        let (preview, rows) = preview(&shelf, &catalogue, &table, reading);
        if preview.digest != args.digest {
            let message = "表格或库存与预览时不同，没有导入任何内容，请重新预览。";
            return Err(DoorError::not_now(message).at("digest"));
        }
        if !preview.mistakes.is_empty() {
            let message =
                format!("表中有 {} 处错误，没有导入任何内容；请按预览改正。", preview.mistakes.len());
            return Err(DoorError::not_now(message).at("text"));
        }
        let acts = self.import_acts(&shelf, &catalogue, &rows, args.document.trim())?;
        if acts.is_empty() {
            return Err(DoorError::not_now("表中没有要更改的内容。"));
        }
        let message = format!(
            "已导入：新增 {} 个型号，更改 {} 个，入库 {} 件",
            preview.added, preview.changed, preview.received
        );
        self.put_acts(&acts, &key, message)
    }

    fn import_acts(
        &self,
        shelf: &Shelf,
        catalogue: &Catalogue,
        rows: &[Row],
        document: &str,
    ) -> Result<Vec<Act>, DoorError> {
        let act = |entity: EntityId, draft| Act {
            log: shelf.log.clone(),
            entity,
            drafts: vec![draft],
            stands_on: None,
        };
        let mut acts = Vec::new();
        let mut places: BTreeMap<String, EntityId> = BTreeMap::new();
        let mut parts: BTreeMap<(String, String), EntityId> = BTreeMap::new();
        for row in rows {
            let name = name_of(&row.card);
            let part = match (parts.get(&name), catalogue.of(row)) {
                (Some(part), _) => part.clone(),
                (None, Some((id, before))) => {
                    let mut draft = self.fact("part.noted", &row.card)?;
                    for (field, was, _) in differs(&before.card, &row.card) {
                        draft.expect.insert(field.to_owned(), was);
                    }
                    draft.deps = before.pending.clone();
                    if !draft.expect.is_empty() {
                        acts.push(act(id.clone(), draft));
                    }
                    id.clone()
                }
                (None, None) => {
                    let id = self.new_entity("part");
                    acts.push(act(id.clone(), self.fact("part.noted", &row.card)?));
                    id
                }
            };
            parts.insert(name, part.clone());
            let (Some(place), true) = (&row.place, row.quantity > 0) else { continue };
            let to = match place_named(shelf, place).or_else(|| places.get(place)) {
                Some(id) => id.clone(),
                None => {
                    let (id, kind) = (self.new_entity("place"), PlaceKind::Store);
                    let card = PlaceCard { name: place.clone(), kind, ..PlaceCard::default() };
                    acts.push(act(id.clone(), self.fact("place.noted", &card)?));
                    places.insert(place.clone(), id.clone());
                    id
                }
            };
            let made = Made {
                serial: row.serial.clone(),
                to: Some(to),
                reason: "期初导入".to_owned(),
                document: document.to_owned(),
                ..Made::new(MovementKind::Received, part, row.quantity, row.owner)
            };
            acts.push(self.booking(shelf, &made, self.host.now(), None)?);
        }
        Ok(acts)
    }
}
