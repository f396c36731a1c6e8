//! 备件领用单.

use super::book::entity;
use super::parts::owner_of;
use super::{Shelf, page};
use crate::door::dto::{
    DoorError, PartLine, SlipAct as ActArgs, SlipAsk, SlipDto, SlipIssue, SlipLineDto, SlipMay, SlipPage,
    SlipsArgs, Written,
};
use crate::order::{Desk, Pen, already, filled, key, short_instant};
use crate::store::{Act, StoreError};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension as _, params, params_from_iter};
use serde::Serialize;
use zaigang_domain::calendar::{civil_date, format_instant};
use zaigang_domain::event::EntityId;
use zaigang_domain::judge::EntityState;
use zaigang_domain::stock::{
    Asked, Decided, Issued, LINES_MAX, Made, MovementKind, OldReturned, OrderRef, Owner, Said, Slip, SlipAct,
    SlipLine, SlipStage, Tracking, legal_slip,
};

/// The answer for a slip that is not here.
fn missing() -> DoorError {
    DoorError::not_found("本机没有这张领用单，请同步后重试。").at("id")
}

impl Desk<'_> {
    /// Slips of a store.
    ///
    /// # Errors
    /// Bad input for an unknown view; not now where this console holds no store's log.
    pub fn stock_slips(&self, args: &SlipsArgs) -> Result<SlipPage, DoorError> {
        let shelf = self.shelf(args.store.as_deref())?;
        let mut conditions = vec!["log = ?1"];
        let mut values = vec![Value::from(shelf.n)];
        match args.view.as_deref().unwrap_or("waiting") {
            "" | "waiting" => conditions.push("waits = 1"),
            "mine" => {
                conditions.push("asker = ?2");
                values.push(Value::from(self.actor.user().map(ToString::to_string)));
            }
            "all" => {}
            _ => return Err(DoorError::bad_input("没有这个视图，请重新选择。").at("view")),
        }
        let of_order;
        if let Some(order) = filled(args.order.as_ref()) {
            values.push(Value::from(order));
            of_order = format!("order_id = ?{}", values.len());
            conditions.push(&of_order);
        }
        let filter = conditions.join(" AND ");
        let conn = self.store.reader();
        let total = conn
            .prepare_cached(&format!("SELECT count(*) FROM stock_slip WHERE {filter}"))
            .and_then(|mut count| count.query_row(params_from_iter(values.iter()), |row| row.get(0)))
            .map_err(StoreError::from)?;
        let (offset, limit) = page(args.offset, args.limit);
        let sql = format!(
            "SELECT id FROM stock_slip WHERE {filter} ORDER BY at DESC, id DESC LIMIT {limit} OFFSET {offset}"
        );
        let ids: Vec<String> = conn
            .prepare_cached(&sql)
            .and_then(|mut list| list.query_map(params_from_iter(values.iter()), |row| row.get(0))?.collect())
            .map_err(StoreError::from)?;
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            let state = self.in_store(&shelf, &id)?;
            if let Some(slip) = state.as_ref().and_then(EntityState::slip) {
                rows.push(self.slip_dto(&shelf, &entity(&id, "id")?, slip)?);
            }
        }
        Ok(SlipPage { total, rows })
    }

    /// One slip.
    ///
    /// # Errors
    /// Not found for one that is not here.
    pub fn stock_slip(&self, id: &str) -> Result<SlipDto, DoorError> {
        let (shelf, id, slip) = self.slip(id)?;
        self.slip_dto(&shelf, &id, &slip)
    }

    pub(super) fn slip(&self, id: &str) -> Result<(Shelf, EntityId, Slip), DoorError> {
        let shelf = self.shelf_of(id.trim())?;
        let state = self.in_store(&shelf, id.trim())?;
        let slip = state.as_ref().and_then(EntityState::slip).cloned().ok_or_else(missing)?;
        Ok((shelf, entity(id, "id")?, slip))
    }

    fn slip_dto(&self, shelf: &Shelf, id: &EntityId, slip: &Slip) -> Result<SlipDto, DoorError> {
        let calendar = self.calendar()?;
        let due = slip.approval_due(&calendar);
        let lines: Result<Vec<SlipLineDto>, DoorError> =
            (0_u32..).zip(slip.lines()).map(|(at, line)| self.slip_line(shelf, slip, at, line)).collect();
        let order = slip.asked.order.as_ref();
        let here = match order {
            Some(order) => self.store.log_of(order.entity.as_str())?.is_some(),
            None => false,
        };
        let people = self.store.people()?;
        let asker = slip.by.as_ref().map(ToString::to_string).unwrap_or_default();
        let department = people.iter().find(|person| person.id == asker);
        Ok(SlipDto {
            id: id.to_string(),
            store: shelf.log.to_string(),
            number: slip.asked.number.clone(),
            stage: slip.stage.code().to_owned(),
            stage_name: slip.stage.title().to_owned(),
            at: format_instant(slip.at),
            asker_name: self.optional_name(slip.by.as_ref())?,
            department: department.map(|person| person.divisions.join("、")).unwrap_or_default(),
            asker,
            order: order.map(|order| order.number.clone()).unwrap_or_default(),
            order_id: order.filter(|_| here).map(|order| order.entity.to_string()),
            reason: slip.asked.reason.clone(),
            emergency: slip.asked.emergency,
            overdue: due.is_some_and(|due| due < civil_date(self.now)),
            due: due.map(|due| due.to_string()),
            lines: lines?,
            decided: self.said(slip.decision.as_ref())?,
            words: slip.decision.as_ref().map(|said| said.words.clone()).unwrap_or_default(),
            issued: self.said(slip.issue.as_ref())?,
            returned: slip.returned.iter().map(|old| old.text.clone()).collect(),
            may: self.slip_may(slip),
            pending: !slip.pending.is_empty(),
        })
    }

    /// `钱库 10-15 09:00`.
    pub(super) fn said(&self, said: Option<&Said>) -> Result<String, StoreError> {
        let Some(said) = said else { return Ok(String::new()) };
        Ok(format!("{} {}", self.optional_name(said.by.as_ref())?, short_instant(said.at)))
    }

    fn slip_line(
        &self,
        shelf: &Shelf,
        slip: &Slip,
        at: u32,
        line: &SlipLine,
    ) -> Result<SlipLineDto, DoorError> {
        let state = self.in_store(shelf, line.part.as_str())?;
        let card =
            state.as_ref().and_then(EntityState::part).map(|part| part.card.clone()).unwrap_or_default();
        let back = slip.returned.iter().any(|old| old.line == at);
        let handed_out = matches!(slip.stage, SlipStage::Issued | SlipStage::Taken | SlipStage::Disputed);
        Ok(SlipLineDto {
            part: line.part.to_string(),
            part_name: card.name,
            model: card.model,
            unit: card.unit,
            quantity: line.quantity,
            serials: line.serials.clone(),
            place: line.place.as_ref().map(|place| shelf.path(place.as_str())).unwrap_or_default(),
            place_id: line.place.as_ref().map(ToString::to_string),
            available: super::small(self.available(shelf, line.part.as_str())?),
            old_returned: if back { Some(true) } else { handed_out.then_some(false) },
        })
    }

    fn slip_may(&self, slip: &Slip) -> SlipMay {
        let legal = |act: SlipAct| legal_slip(Some(slip), &act, self.actor);
        let decided = Decided { words: "-".to_owned() };
        let issued = Issued { lines: slip.lines().to_vec() };
        let returned = OldReturned { line: 0, text: "-".to_owned() };
        let can = self.store_may();
        let decide = legal(SlipAct::Approved(decided.clone()));
        let issue = legal(SlipAct::Issued(issued));
        let why_not = match (&decide, &issue) {
            (Err(objection), Err(_)) if can.approve && slip.waits() => objection.message.clone(),
            _ => String::new(),
        };
        SlipMay {
            decide: decide.is_ok(),
            issue: issue.is_ok(),
            return_old: can.ask && legal(SlipAct::Returned(returned)).is_ok(),
            cancel: legal(SlipAct::Cancelled(decided)).is_ok(),
            why_not,
        }
    }

    /// The place and owner a part is taken from: those named, else where the piece is or where there is most.
    pub(super) fn source(
        &self,
        shelf: &Shelf,
        line: &PartLine,
        serial: Option<&str>,
        field: &str,
    ) -> Result<(EntityId, Owner), DoorError> {
        let owner = owner_of(&line.owner)?;
        let named = self.place_of(shelf, line.place.as_ref(), &format!("{field}place"))?;
        let conn = self.store.reader();
        let owners = |owner: &str| Owner::from_code(owner).unwrap_or_default();
        if let Some(serial) = serial {
            let held: Option<(String, String)> = conn
                .prepare_cached(
                    "SELECT place, owner FROM stock_serial WHERE log = ?1 AND part = ?2 AND serial = ?3",
                )
                .and_then(|mut found| {
                    found
                        .query_row(params![shelf.n, line.part.trim(), serial], |row| {
                            Ok((row.get(0)?, row.get(1)?))
                        })
                        .optional()
                })
                .map_err(StoreError::from)?;
            if let (None, Some((place, held))) = (&named, &held) {
                return Ok((entity(place, field)?, owner.unwrap_or_else(|| owners(held))));
            }
        }
        let most: Vec<(String, String)> = conn
            .prepare_cached(
                "SELECT b.place, b.owner FROM stock_balance b
                 LEFT JOIN stock_place l ON l.log = b.log AND l.id = b.place
                 WHERE b.log = ?1 AND b.part = ?2 AND coalesce(l.on_hand, 1) = 1 ORDER BY b.quantity DESC, b.place",
            )
            .and_then(|mut list| {
                list.query_map(params![shelf.n, line.part.trim()], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
            .map_err(StoreError::from)?;
        let fits = |(place, held): &&(String, String)| {
            named.as_ref().is_none_or(|named| named.as_str() == place)
                && owner.is_none_or(|owner| owner.code() == held)
        };
        match (most.iter().find(fits), named) {
            (Some((place, held)), _) => Ok((entity(place, field)?, owner.unwrap_or_else(|| owners(held)))),
            // Nothing there by the book: a use that happened is booked all the same.
            (None, Some(named)) => Ok((named, owner.unwrap_or_default())),
            (None, None) => {
                let message = "账上各库位都没有这个型号，请写明从哪个库位取的。";
                Err(DoorError::bad_input(message).at(format!("{field}place")))
            }
        }
    }

    fn slip_lines(&self, shelf: &Shelf, lines: &[PartLine]) -> Result<Vec<SlipLine>, DoorError> {
        if lines.is_empty() || lines.len() > LINES_MAX {
            let message = format!("请填写领用的备件，1 至 {LINES_MAX} 行。");
            return Err(DoorError::bad_input(message).at("lines"));
        }
        let mut found = Vec::with_capacity(lines.len());
        for (at, line) in lines.iter().enumerate() {
            let field = format!("lines.{at}.");
            let part =
                self.part(shelf, line.part.trim()).map_err(|error| error.at(format!("{field}part")))?;
            if part.card.closed {
                return Err(DoorError::not_now("这个型号已停用，请另选。").at(format!("{field}part")));
            }
            let serials: Vec<String> = line.serials.iter().map(|text| text.trim().to_owned()).collect();
            let quantity = match u32::try_from(serials.len()) {
                Ok(0) | Err(_) => line.quantity,
                Ok(pieces) => pieces,
            };
            if quantity == 0 {
                return Err(DoorError::bad_input("请填写数量。").at(format!("{field}quantity")));
            }
            let place = self.place_of(shelf, line.place.as_ref(), &format!("{field}place"))?;
            found.push(SlipLine { part: entity(&line.part, &field)?, quantity, serials, place });
        }
        Ok(found)
    }

    /// The order of a request, as movements and slips name it.
    pub(super) fn order_ref(&self, order: Option<&String>) -> Result<Option<OrderRef>, DoorError> {
        let Some(order) = filled(order) else { return Ok(None) };
        let (entity, order) = self.order(&order).map_err(|error| error.at("order"))?;
        Ok(Some(OrderRef { entity, number: order.number }))
    }
}

impl Pen<'_> {
    /// Asks for parts.
    ///
    /// # Errors
    /// Bad input naming the field; not now where this console holds no store's log.
    pub fn ask_parts(&mut self, args: &SlipAsk) -> Result<Written, DoorError> {
        let key = key(self, "stock/ask", &args.idempotency_key)?;
        let shelf = self.desk().shelf(args.store.as_deref())?;
        if let Some(id) = self.registered_under(&key)? {
            return Ok(already(&id, "领用单已提交".to_owned()));
        }
        let asked = Asked {
            number: String::new(),
            order: self.desk().order_ref(args.order.as_ref())?,
            lines: self.desk().slip_lines(&shelf, &args.lines)?,
            reason: args.reason.trim().to_owned(),
            emergency: args.emergency,
            taken: false,
        };
        let asked = Asked { number: self.slip_number()?, ..asked };
        let (act, number) = (self.asking(&shelf, &asked)?, asked.number);
        let next = if args.emergency { "，可先发放，一个工作日内补批" } else { "，待审批" };
        self.put_acts(&[act], &key, format!("已提交领用单 {number}{next}"))
    }

    pub(super) fn slip_number(&mut self) -> Result<String, DoorError> {
        let now = self.host.now();
        self.next_number("LY", now)
    }

    pub(super) fn asking(&self, shelf: &Shelf, asked: &Asked) -> Result<Act, DoorError> {
        if asked.order.is_none() && asked.reason.is_empty() {
            return Err(DoorError::bad_input("没有工单的领用，请写明用途。").at("reason"));
        }
        if !asked.is_sound() {
            return Err(DoorError::bad_input("内容过长或序列号与数量不符，请核对。").at("lines"));
        }
        let drafts = vec![self.fact("slip.asked", asked)?];
        Ok(Act { log: shelf.log.clone(), entity: self.new_entity("slip"), drafts, stands_on: None })
    }

    /// The act on a slip, where it is legal.
    fn slip_act(
        &self,
        (shelf, id, slip): &(Shelf, EntityId, Slip),
        kind: &str,
        act: &SlipAct,
        payload: &impl Serialize,
    ) -> Result<Act, DoorError> {
        legal_slip(Some(slip), act, self.actor)?;
        let mut draft = self.fact(kind, payload)?;
        draft.expect.insert("stage".to_owned(), slip.stage.code().to_owned());
        draft.deps = slip.pending.clone();
        Ok(Act { log: shelf.log.clone(), entity: id.clone(), drafts: vec![draft], stands_on: None })
    }

    /// Approves, refuses or takes back a slip.
    ///
    /// # Errors
    /// Bad input for a refusal without words; not allowed about one's own.
    pub fn decide_slip(&mut self, args: &ActArgs, kind: &'static str) -> Result<Written, DoorError> {
        let found = self.desk().slip(&args.id)?;
        let key = key(self, &format!("{kind}/{}", found.1.local()), &args.idempotency_key)?;
        let payload = Decided { words: args.words.trim().to_owned() };
        let (act, message) = match kind {
            "slip.approved" => (SlipAct::Approved(payload.clone()), "已批准"),
            "slip.refused" => (SlipAct::Refused(payload.clone()), "已退回"),
            _ => (SlipAct::Cancelled(payload.clone()), "已撤回"),
        };
        let message = format!("{message}领用单 {}", found.2.asked.number);
        if self.is_repeated(&key)? {
            return Ok(already(&found.1, message));
        }
        if kind == "slip.refused" && payload.words.is_empty() {
            return Err(DoorError::bad_input("不批准须写明理由。").at("words"));
        }
        let act = self.slip_act(&found, kind, &act, &payload)?;
        self.put_acts(&[act], &key, message)
    }

    /// Hands out what a slip asks for.
    ///
    /// # Errors
    /// Bad input naming the field; not allowed about one's own slip; not now before it is approved.
    pub fn issue_slip(&mut self, args: &SlipIssue) -> Result<Written, DoorError> {
        let found = self.desk().slip(&args.id)?;
        let key = key(self, &format!("slip.issued/{}", found.1.local()), &args.idempotency_key)?;
        let message = format!("已按领用单 {} 发放", found.2.asked.number);
        if self.is_repeated(&key)? {
            return Ok(already(&found.1, message));
        }
        let (shelf, id, slip) = &found;
        let lines: Vec<PartLine> = if args.lines.is_empty() {
            slip.asked.lines.iter().map(as_asked).collect()
        } else {
            args.lines.clone()
        };
        // The right and the stage first: whoever may not issue is not asked for serial numbers.
        legal_slip(Some(slip), &SlipAct::Issued(Issued { lines: slip.asked.lines.clone() }), self.actor)?;
        let mut movements = Vec::new();
        let mut issued = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let (line, made) = self.desk().handed_out(shelf, line, at)?;
            issued.push(line);
            movements.extend(made.into_iter().map(|made| Made {
                slip: Some(id.clone()),
                custodian: slip.by.clone(),
                order: slip.asked.order.clone(),
                reason: slip.asked.reason.clone(),
                document: slip.asked.number.clone(),
                ..made
            }));
        }
        let payload = Issued { lines: issued };
        let mut acts =
            vec![self.slip_act(&found, "slip.issued", &SlipAct::Issued(payload.clone()), &payload)?];
        for made in &movements {
            acts.push(self.booking(shelf, made, self.host.now(), Some(0))?);
        }
        self.put_acts(&acts, &key, message)
    }
}

impl Desk<'_> {
    /// A line as it is handed out, with its movements.
    pub(super) fn handed_out(
        &self,
        shelf: &Shelf,
        line: &PartLine,
        at: usize,
    ) -> Result<(SlipLine, Vec<Made>), DoorError> {
        let field = format!("lines.{at}.");
        let part = self.part(shelf, line.part.trim()).map_err(|error| error.at(format!("{field}part")))?;
        let pieces = self.pieces(&part.card, &line.serials, i64::from(line.quantity), &field)?;
        if part.card.tracking == Tracking::Serial && line.quantity > 0 {
            let pieces = u32::try_from(pieces.len()).unwrap_or(u32::MAX);
            if pieces != line.quantity {
                let message = format!("要 {} 件，填了 {pieces} 个序列号，请核对。", line.quantity);
                return Err(DoorError::bad_input(message).at(format!("{field}serials")));
            }
        }
        let id = entity(&line.part, &field)?;
        let (mut movements, mut place) = (Vec::with_capacity(pieces.len()), None);
        for (serial, quantity) in &pieces {
            let (from, owner) = self.source(shelf, line, serial.as_deref(), &field)?;
            place = Some(from.clone());
            movements.push(Made {
                from: Some(from),
                serial: serial.clone(),
                batch: filled(Some(&line.batch)),
                ..Made::new(MovementKind::Issued, id.clone(), *quantity, owner)
            });
        }
        let serials: Vec<String> = pieces.iter().filter_map(|(serial, _)| serial.clone()).collect();
        let quantity: i64 = pieces.iter().map(|(_, quantity)| quantity).sum();
        let quantity = u32::try_from(quantity).unwrap_or(0);
        Ok((SlipLine { part: id, quantity, serials, place }, movements))
    }
}

fn as_asked(line: &SlipLine) -> PartLine {
    PartLine {
        part: line.part.to_string(),
        quantity: line.quantity,
        serials: line.serials.clone(),
        place: line.place.as_ref().map(ToString::to_string),
        ..PartLine::default()
    }
}
