//! 报废: two people's own signatures, then the booking.

use super::Shelf;
use super::book::{entity, fate_of};
use super::ledger::fate_dto;
use crate::door::dto::{DoorError, PartLine, ScrapAsk, ScrapDto, ScrapSign, SignatureDto, Written};
use crate::order::{Desk, Pen, already, key};
use crate::store::Act;
use std::collections::BTreeSet;
use zaigang_domain::calendar::format_instant;
use zaigang_domain::event::EntityId;
use zaigang_domain::judge::EntityState;
use zaigang_domain::stock::{
    FateKind, LINES_MAX, Made, MovementKind, ScrapAct, ScrapAsked, ScrapRefused, ScrapSigned, ScrapStage,
    Scrapping, fate_allowed, legal_scrapping,
};

/// Scrappings shown at most: those that wait, and the last ones.
const SHOWN_MAX: u32 = 200;

impl Desk<'_> {
    /// Scrappings of a store, those that wait first.
    ///
    /// # Errors
    /// Not now where this console holds no store's log.
    pub fn stock_scraps(&self, store: Option<&str>) -> Result<Vec<ScrapDto>, DoorError> {
        let shelf = self.shelf(store)?;
        let mut found = Vec::new();
        for (id, state) in self.store.newest_states(&shelf.log, "scrapping", SHOWN_MAX)? {
            if let Some(scrapping) = state.scrapping() {
                found.push((
                    scrapping.stage != ScrapStage::Asked,
                    scrapping.at,
                    self.scrap_dto(&shelf, &id, scrapping)?,
                ));
            }
        }
        found.sort_by_key(|row| (row.0, std::cmp::Reverse(row.1)));
        Ok(found.into_iter().map(|(_, _, dto)| dto).collect())
    }

    fn scrap_dto(&self, shelf: &Shelf, id: &EntityId, scrapping: &Scrapping) -> Result<ScrapDto, DoorError> {
        let asked = &scrapping.asked;
        let (part_name, unit) = self.part_head(shelf, asked.part.as_str())?;
        let mut signatures = vec![(scrapping.by.clone(), scrapping.at)];
        if let (ScrapStage::Signed, Some((by, at, _))) = (scrapping.stage, &scrapping.answer) {
            signatures.push((by.clone(), *at));
        }
        let mut signed = Vec::with_capacity(signatures.len());
        for (by, at) in signatures {
            signed.push(SignatureDto {
                name: self.optional_name(by.as_ref())?,
                user: by.map(|by| by.to_string()).unwrap_or_default(),
                at: format_instant(at),
            });
        }
        let sign = ScrapAct::Signed(ScrapSigned::default());
        let may_sign = self.store_may().keep && legal_scrapping(Some(scrapping), &sign, self.actor).is_ok();
        Ok(ScrapDto {
            id: id.to_string(),
            stage: scrapping.stage.code().to_owned(),
            stage_name: scrapping.stage.title().to_owned(),
            part: asked.part.to_string(),
            part_name,
            unit,
            serial: asked.serial.clone().unwrap_or_default(),
            quantity: asked.quantity,
            place: shelf.path(asked.place.as_str()),
            owner: asked.owner.code().to_owned(),
            reason: asked.reason.clone(),
            fate: fate_dto(&asked.fate),
            signatures: signed,
            may_sign,
            pending: !scrapping.pending.is_empty(),
        })
    }

    /// What one line asks for: one scrapping for each piece.
    fn scraps_of(
        &self,
        shelf: &Shelf,
        args: &ScrapAsk,
        line: &PartLine,
        field: &str,
    ) -> Result<Vec<ScrapAsked>, DoorError> {
        let card = self.part(shelf, line.part.trim()).map_err(|error| error.at(format!("{field}part")))?.card;
        let fate = fate_of(&args.fate, FateKind::Scrapped).map_err(|error| error.at("fate.fate"))?;
        fate_allowed(&card, &fate, Some(&shelf.media_rule()))
            .map_err(|message| DoorError::bad_input(message).at("fate.released_by"))?;
        let mut found = Vec::new();
        for (serial, quantity) in self.pieces(&card, &line.serials, i64::from(line.quantity), field)? {
            let (place, owner) = self.source(shelf, line, serial.as_deref(), field)?;
            let asked = ScrapAsked {
                part: entity(&line.part, &format!("{field}part"))?,
                serial,
                quantity: u32::try_from(quantity).unwrap_or(0),
                place,
                owner,
                reason: args.reason.trim().to_owned(),
                document: args.document.trim().to_owned(),
                fate: fate.clone(),
            };
            let text = serde_json::to_string(&asked).map_err(DoorError::broken)?;
            if ScrapAct::read("scrapping.asked", &text).is_none() {
                let message = "内容过长，或数量不对，请核对。";
                return Err(DoorError::bad_input(message).at(format!("{field}quantity")));
            }
            found.push(asked);
        }
        Ok(found)
    }
}

impl Pen<'_> {
    /// Asks for scrapping: the first signature under all lines or none.
    ///
    /// # Errors
    /// Bad input naming the field; not allowed for others than keeper and supervisor.
    pub fn ask_scrap(&mut self, args: &ScrapAsk) -> Result<Written, DoorError> {
        let key = key(self, "stock/scrap", &args.idempotency_key)?;
        self.desk().keeps()?;
        let message = "已签字申请报废，待第二人签字".to_owned();
        if let Some(id) = self.registered_under(&key)? {
            return Ok(already(&id, message));
        }
        let desk = self.desk();
        let shelf = desk.shelf(args.store.as_deref())?;
        if args.reason.trim().is_empty() {
            return Err(DoorError::bad_input("报废须写明缘由。").at("reason"));
        }
        if !(1..=LINES_MAX).contains(&args.lines.len()) {
            let message = format!("请填写报废的备件，1 至 {LINES_MAX} 行。");
            return Err(DoorError::bad_input(message).at("lines"));
        }
        let (mut asked, mut seen) = (Vec::new(), BTreeSet::new());
        for (at, line) in args.lines.iter().enumerate() {
            for one in desk.scraps_of(&shelf, args, line, &format!("lines.{at}."))? {
                if one.serial.is_some() && !seen.insert((one.part.clone(), one.serial.clone())) {
                    let message = format!("序列号 {} 填了两次。", one.serial.unwrap_or_default());
                    return Err(DoorError::bad_input(message).at(format!("lines.{at}.serials")));
                }
                asked.push(one);
            }
        }
        let mut acts = Vec::with_capacity(asked.len());
        for asked in &asked {
            acts.push(Act {
                log: shelf.log.clone(),
                entity: self.new_entity("scrapping"),
                drafts: vec![self.fact("scrapping.asked", asked)?],
                stands_on: None,
            });
        }
        self.put_acts(&acts, &key, message)
    }

    /// The second signature, which books it, or a refusal.
    ///
    /// # Errors
    /// Not allowed about one's own; not now once it is answered; bad input for a refusal without words.
    pub fn sign_scrap(&mut self, args: &ScrapSign) -> Result<Written, DoorError> {
        let desk = self.desk();
        let shelf = desk.shelf_of(args.id.trim())?;
        let state = desk.in_store(&shelf, args.id.trim())?;
        let scrapping = state.as_ref().and_then(EntityState::scrapping).cloned();
        let scrapping =
            scrapping.ok_or_else(|| DoorError::not_found("本机没有这份报废，请同步后重试。").at("id"))?;
        let id = entity(&args.id, "id")?;
        let key = key(self, &format!("scrapping/{}", id.local()), &args.idempotency_key)?;
        let message =
            if args.approve { "已签字，报废已入账" } else { "已记录：不同意报废" };
        if self.is_repeated(&key)? {
            return Ok(already(&id, message.to_owned()));
        }
        self.desk().keeps()?;
        let words = args.words.trim().to_owned();
        let mut draft = if args.approve {
            let payload = ScrapSigned { words };
            legal_scrapping(Some(&scrapping), &ScrapAct::Signed(payload.clone()), self.actor)?;
            self.fact("scrapping.signed", &payload)?
        } else {
            if words.is_empty() {
                return Err(DoorError::bad_input("不同意须写明理由。").at("words"));
            }
            let payload = ScrapRefused { words };
            legal_scrapping(Some(&scrapping), &ScrapAct::Refused(payload.clone()), self.actor)?;
            self.fact("scrapping.refused", &payload)?
        };
        draft.expect.insert("stage".to_owned(), scrapping.stage.code().to_owned());
        draft.deps = scrapping.pending.clone();
        let mut acts =
            vec![Act { log: shelf.log.clone(), entity: id.clone(), drafts: vec![draft], stands_on: None }];
        if args.approve {
            let asked = &scrapping.asked;
            let made = Made {
                serial: asked.serial.clone(),
                from: Some(asked.place.clone()),
                reason: asked.reason.clone(),
                document: asked.document.clone(),
                scrapping: Some(id),
                fate: Some(asked.fate.clone()),
                ..Made::new(
                    MovementKind::Scrapped,
                    asked.part.clone(),
                    i64::from(asked.quantity),
                    asked.owner,
                )
            };
            acts.push(self.booking(&shelf, &made, self.host.now(), Some(0))?);
        }
        self.put_acts(&acts, &key, message.to_owned())
    }
}
