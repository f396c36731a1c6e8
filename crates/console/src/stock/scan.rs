//! What a scanned or typed code is.

use crate::door::dto::{DoorError, ScanArgs, ScanHit, ScanReply};
use crate::order::Desk;
use crate::store::StoreError;
use rusqlite::params;
use zaigang_domain::judge::EntityState;

/// Longest code, in characters: what a Code 128 label carries.
const CODE_CHARS_MAX: usize = 100;
/// Most hits told.
const HITS_MAX: usize = 20;

impl Desk<'_> {
    /// What a code is: a device under contract, a piece in stock, a model, a place, a slip, a transfer, an
    /// order. Without a store at this console devices and orders are found.
    ///
    /// # Errors
    /// Bad input for an empty or overlong code; not now where the store that is named is not here.
    pub fn scan(&self, args: &ScanArgs) -> Result<ScanReply, DoorError> {
        let code = args.code.trim();
        if code.is_empty() || code.chars().count() > CODE_CHARS_MAX {
            return Err(DoorError::bad_input("请扫描或输入编码，最多 100 个字符。").at("code"));
        }
        let shelf = match &args.store {
            Some(store) => Some(self.shelf(Some(store))?),
            None => self.shelf(None).ok(),
        };
        let in_store = match &shelf {
            Some(shelf) => self.scan_store(shelf, code)?,
            None => Vec::new(),
        };
        let assets = self.scan_assets(code)?;
        // In a form of the store a serial number is a piece first; elsewhere the device opens.
        let mut hits =
            if args.store.is_some() { [in_store, assets].concat() } else { [assets, in_store].concat() };
        if let Ok((id, order)) = self.order(code) {
            hits.push(hit("order", id.to_string(), format!("工单 {} {}", order.number, order.title)));
        }
        hits.truncate(HITS_MAX);
        let hint = match &shelf {
            _ if !hits.is_empty() => String::new(),
            Some(shelf) => self.unknown_code(shelf, code)?,
            None => UNKNOWN.to_owned(),
        };
        Ok(ScanReply { hits, hint })
    }

    fn scan_assets(&self, code: &str) -> Result<Vec<ScanHit>, DoorError> {
        let site = self.asset_site()?;
        let mut hits = Vec::new();
        for id in self.assets_of_code(&site, code)? {
            let state = self.store.entity(&id)?;
            let Some(asset) = state.as_ref().and_then(EntityState::asset) else { continue };
            let title = format!("设备 {}，{}", asset.card.title(), asset.life.title());
            hits.push(ScanHit { serial: asset.card.serial.clone(), ..hit("asset", id, title) });
        }
        Ok(hits)
    }

    fn scan_store(&self, shelf: &super::Shelf, code: &str) -> Result<Vec<ScanHit>, DoorError> {
        let mut hits = Vec::new();
        let pieces: Vec<(String, String)> = self
            .store
            .reader()
            .prepare_cached(
                "SELECT part, place FROM stock_serial WHERE log = ?1 AND serial = ?2 ORDER BY part",
            )
            .and_then(|mut list| {
                list.query_map(params![shelf.n, code], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
            .map_err(StoreError::from)?;
        for (part, place) in pieces {
            let (name, _) = self.part_head(shelf, &part)?;
            let title = format!("{name}，序列号 {code}，在{}", shelf.path(&place));
            hits.push(ScanHit {
                kind: "serial".to_owned(),
                id: part,
                title,
                serial: code.to_owned(),
                place: Some(place),
            });
        }
        let parts: Vec<String> = self
            .store
            .reader()
            .prepare_cached(
                "SELECT id FROM stock_part WHERE log = ?1 AND id = ?2 AND closed = 0
                 UNION SELECT id FROM stock_part WHERE log = ?1 AND model = ?2 AND closed = 0",
            )
            .and_then(|mut list| list.query_map(params![shelf.n, code], |row| row.get(0))?.collect())
            .map_err(StoreError::from)?;
        for id in parts {
            let (name, _) = self.part_head(shelf, &id)?;
            hits.push(hit("part", id, name));
        }
        let places = shelf.tree.iter().filter(|(id, _, path)| id.as_str() == code || path == code);
        hits.extend(places.map(|(id, _, path)| hit("place", id.to_string(), path.clone())));
        let slips: Vec<(String, String)> = self
            .store
            .reader()
            .prepare_cached(
                "SELECT id, number FROM stock_slip WHERE number = ?2 AND log = ?1
                 UNION SELECT id, number FROM stock_slip WHERE id = ?2 AND log = ?1",
            )
            .and_then(|mut list| {
                list.query_map(params![shelf.n, code], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
            .map_err(StoreError::from)?;
        for (id, number) in slips {
            hits.push(hit("slip", id, format!("领用单 {number}")));
        }
        if let Some((id, number)) = self.transfer_numbered(shelf, code)? {
            hits.push(hit("transfer", id, format!("调拨单 {number}")));
        }
        Ok(hits)
    }

    /// A code nothing has now may have been a piece that left.
    fn unknown_code(&self, shelf: &super::Shelf, code: &str) -> Result<String, DoorError> {
        let last: Option<String> = rusqlite::OptionalExtension::optional(
            self.store
                .reader()
                .prepare_cached(
                    "SELECT id FROM stock_movement WHERE serial = ?1 AND log = ?2 ORDER BY at DESC, id DESC LIMIT 1",
                )
                .map_err(StoreError::from)?
                .query_row(params![code, shelf.n], |row| row.get(0)),
        )
        .map_err(StoreError::from)?;
        let state = last.map(|id| self.in_store(shelf, &id)).transpose()?.flatten();
        Ok(match state.as_ref().and_then(EntityState::movement) {
            Some(movement) => {
                let at = crate::order::short_instant(movement.at);
                format!("序列号 {code} 已不在库中，最后一笔是 {at} 的{}。", movement.made.kind.title())
            }
            None => UNKNOWN.to_owned(),
        })
    }
}

const UNKNOWN: &str = "没有找到这个编码。新件请先入库，新设备请先建卡片；型号、库位和工单请核对编号。";

fn hit(kind: &str, id: String, title: String) -> ScanHit {
    ScanHit { kind: kind.to_owned(), id, title, serial: String::new(), place: None }
}
