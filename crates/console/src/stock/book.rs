//! Noting models and places, and booking movements.

use super::Shelf;
use super::parts::owner_of;
use crate::door::dto::{
    DoorError, FateDto, MoveLine, PartCard as CardDto, PartNote, PlaceNote, StockMove, Written,
};
use crate::host::new_id;
use crate::order::{Desk, Pen, already, filled, key, stated_date, stated_time};
use crate::store::{Act, Draft, StoreError};
use jiff::Timestamp;
use rusqlite::params;
use std::collections::BTreeSet;
use zaigang_domain::event::{EntityId, EventId, UserId};
use zaigang_domain::judge::EntityState;
use zaigang_domain::stock::{
    Charge, Fate, FateKind, LINES_MAX, Made, MovementKind, Owner, PartCard, PlaceCard, PlaceKind, Sheet,
    Tracking, entity_of,
};

/// Kinds that a form books by itself; issuing, scrapping and counting have their own.
const BY_FORM: &[MovementKind] = &[
    MovementKind::Received,
    MovementKind::Returned,
    MovementKind::Transferred,
    MovementKind::Borrowed,
    MovementKind::GivenBack,
    MovementKind::SentToRepair,
    MovementKind::BackFromRepair,
    MovementKind::Corrected,
];

/// Pieces or a quantity.
pub(super) type Pieces = Vec<(Option<String>, i64)>;

impl Pen<'_> {
    pub(super) fn new_entity(&self, kind: &str) -> EntityId {
        entity_of(kind, EventId(new_id(self.host)))
    }

    /// The act of booking a movement, said to have happened at `at`.
    pub(super) fn booking(
        &self,
        shelf: &Shelf,
        made: &Made,
        at: Timestamp,
        stands_on: Option<usize>,
    ) -> Result<Act, DoorError> {
        if !made.is_sound() {
            return Err(DoorError::bad_input(
                "出入库内容不完整：请核对库位、数量和序列号，文字不要超过规定长度，也不要带换行以外的控制符。",
            )
            .at("quantity"));
        }
        let draft = Draft { claimed_at: at.as_millisecond(), ..self.fact("movement.made", made)? };
        Ok(Act {
            log: shelf.log.clone(),
            entity: self.new_entity("movement"),
            drafts: vec![draft],
            stands_on,
        })
    }

    /// Writes acts of one call; the reply names the first entity.
    pub(super) fn put_acts(
        &mut self,
        acts: &[Act],
        key: &str,
        message: String,
    ) -> Result<Written, DoorError> {
        let id = acts.first().map(|act| act.entity.to_string()).unwrap_or_default();
        let written = self.store.append_acts(self.host, acts, Some(self.author), Some(key))?;
        Ok(Written { id, message, changed: written.changed.into_iter().collect() })
    }

    /// Notes a model.
    ///
    /// # Errors
    /// Bad input naming the field; not allowed for others than keeper and supervisor; not now where somebody
    /// changed the same field meanwhile.
    pub fn note_part(&mut self, args: &PartNote) -> Result<Written, DoorError> {
        let key = key(self, "stock/part", &args.idempotency_key)?;
        self.desk().keeps()?;
        let card = card_of(&args.card)?;
        let message = format!("已登记型号 {}", card.title());
        if let Some(id) = self.registered_under(&key)? {
            return Ok(already(&id, message));
        }
        let Some(id) = filled(args.id.as_ref()) else {
            let shelf = self.desk().shelf(args.store.as_deref())?;
            self.desk().check_new(&shelf, &card)?;
            let (draft, id) = (self.fact("part.noted", &card)?, self.new_entity("part"));
            return self.put(&shelf.log, &id, draft, &key, message);
        };
        let shelf = self.desk().shelf_of(&id)?;
        let known = self.desk().part(&shelf, &id)?;
        if let Some(seen) = &args.seen {
            let seen = card_of(seen)?;
            let mine = card.differing(&seen);
            if let Some(field) = known.card.differing(&seen).into_iter().find(|field| mine.contains(field)) {
                let message = "这张卡片刚被他人改过同一处，请按现状重新填写。";
                return Err(DoorError::not_now(message).at(format!("card.{field}")));
            }
        }
        let tracked_otherwise = known.card.tracking != card.tracking;
        if tracked_otherwise && self.desk().has_moved(&shelf, &id)? {
            let message = "已有出入库，不能再改管理方式；请停用本型号，另建一个。";
            return Err(DoorError::not_now(message).at("card.tracking"));
        }
        let (id, mut draft) =
            (EntityId::new(id).map_err(DoorError::broken)?, self.fact("part.noted", &card)?);
        for field in card.differing(&known.card) {
            draft.expect.extend(known.card.field(field).map(|seen| (field.to_owned(), seen)));
        }
        if draft.expect.is_empty() {
            return Ok(already(&id, "没有改动".to_owned()));
        }
        draft.deps = known.pending.clone();
        self.put(&shelf.log, &id, draft, &key, message)
    }

    /// Notes a place.
    ///
    /// # Errors
    /// Bad input naming the field; not allowed for others than keeper and supervisor.
    pub fn note_place(&mut self, args: &PlaceNote) -> Result<Written, DoorError> {
        let key = key(self, "stock/place", &args.idempotency_key)?;
        self.desk().keeps()?;
        let parent = filled(args.parent.as_ref());
        let parent = parent.map(|id| entity(&id, "parent")).transpose()?;
        let kind = PlaceKind::from_code(args.kind.trim());
        let card = PlaceCard {
            name: args.name.trim().to_owned(),
            parent,
            kind: kind.ok_or_else(|| DoorError::bad_input("请选择库位类别。").at("kind"))?,
            note: args.note.trim().to_owned(),
            closed: args.closed,
        };
        if !card.is_sound() {
            let message = "请填写库位名称：一行，不超过 100 字，不含斜线；备注不超过 500 字。";
            return Err(DoorError::bad_input(message).at("name"));
        }
        let message = format!("已登记库位 {}", card.name);
        if let Some(id) = self.registered_under(&key)? {
            return Ok(already(&id, message));
        }
        let shelf = match filled(args.id.as_ref()) {
            Some(id) => self.desk().shelf_of(&id)?,
            None => self.desk().shelf(args.store.as_deref())?,
        };
        let twin = shelf.places.iter().any(|(id, other)| {
            Some(id.as_str()) != args.id.as_deref() && other.parent == card.parent && other.name == card.name
        });
        if twin {
            return Err(DoorError::bad_input("同一处已有这个名称的库位，请换一个名称。").at("name"));
        }
        let mut draft = self.fact("place.noted", &card)?;
        let Some(id) = filled(args.id.as_ref()) else {
            let id = self.new_entity("place");
            return self.put(&shelf.log, &id, draft, &key, message);
        };
        let id = entity(&id, "id")?;
        self.desk().check_parent(&shelf, &id, &card)?;
        let known = shelf
            .places
            .get(&id)
            .ok_or_else(|| DoorError::not_found("没有这个库位，请同步后重试。").at("id"))?;
        for field in card.differing(known) {
            draft.expect.extend(known.field(field).map(|seen| (field.to_owned(), seen)));
        }
        if card.closed && !known.closed && self.desk().holds(&shelf, &id)? {
            return Err(DoorError::not_now("库位里还有备件，请先移走再停用。").at("closed"));
        }
        if draft.expect.is_empty() {
            return Ok(already(&id, "没有改动".to_owned()));
        }
        let state = self.desk().in_store(&shelf, id.as_str())?;
        draft.deps = state
            .as_ref()
            .and_then(EntityState::place)
            .map(|place| place.pending.clone())
            .unwrap_or_default();
        self.put(&shelf.log, &id, draft, &key, message)
    }

    /// Books the movements of a form: all of its lines or none.
    ///
    /// # Errors
    /// Bad input naming the field; not allowed for others than keeper and supervisor, but for returning.
    pub fn stock_move(&mut self, args: &StockMove) -> Result<Written, DoorError> {
        let key = key(self, "stock/move", &args.idempotency_key)?;
        let kind = MovementKind::from_code(args.kind.trim()).filter(|kind| BY_FORM.contains(kind));
        let kind = kind.ok_or_else(|| {
            DoorError::bad_input("请选择出入库类别；领用填领用单，换件在工单中登记，报废另行签字。")
                .at("kind")
        })?;
        let desk = self.desk();
        if kind != MovementKind::Returned {
            desk.keeps()?;
        }
        let shelf = desk.shelf(args.store.as_deref())?;
        let booked = desk.movements_of(&shelf, kind, args)?;
        let at =
            stated_time(args.at.as_deref(), "at")?.unwrap_or_else(|| self.host.now()).min(self.host.now());
        let message = match booked.as_slice() {
            [(made, pieces)] => {
                let (part_name, unit) = desk.part_head(&shelf, made.part.as_str())?;
                let total: i64 = pieces.iter().map(|(_, quantity)| quantity).sum();
                format!("已登记{} {part_name} {total} {unit}", kind.title())
            }
            several => format!("已登记{} {} 行", kind.title(), several.len()),
        };
        if let Some(id) = self.registered_under(&key)? {
            return Ok(already(&id, message));
        }
        let mut acts = Vec::with_capacity(booked.len());
        for (line, (made, pieces)) in booked.into_iter().enumerate() {
            for (serial, quantity) in pieces {
                let act = self.booking(&shelf, &Made { serial, quantity, ..made.clone() }, at, None);
                acts.push(act.map_err(|error| error.at(format!("lines.{line}.quantity")))?);
            }
        }
        self.put_acts(&acts, &key, message)
    }
}

impl Desk<'_> {
    fn check_new(&self, shelf: &Shelf, card: &PartCard) -> Result<(), DoorError> {
        let known: Option<i64> = rusqlite::OptionalExtension::optional(
            self.store
                .reader()
                .prepare_cached(
                    "SELECT 1 FROM stock_part WHERE log = ?1 AND name = ?2 AND model = ?3 AND closed = 0",
                )
                .map_err(StoreError::from)?
                .query_row(params![shelf.n, card.name, card.model], |row| row.get(0)),
        )
        .map_err(StoreError::from)?;
        match known {
            None => Ok(()),
            Some(_) => {
                Err(DoorError::bad_input("已有名称和规格型号相同的型号，请直接使用那一个。").at("card.model"))
            }
        }
    }

    fn has_moved(&self, shelf: &Shelf, part: &str) -> Result<bool, StoreError> {
        Ok(self
            .store
            .reader()
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM stock_movement WHERE log = ?1 AND part = ?2)")?
            .query_row(params![shelf.n, part], |row| row.get(0))?)
    }

    fn holds(&self, shelf: &Shelf, place: &EntityId) -> Result<bool, StoreError> {
        Ok(self
            .store
            .reader()
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM stock_balance WHERE log = ?1 AND place = ?2 AND quantity <> 0)",
            )?
            .query_row(params![shelf.n, place.as_str()], |row| row.get(0))?)
    }

    fn check_parent(&self, shelf: &Shelf, id: &EntityId, card: &PlaceCard) -> Result<(), DoorError> {
        let inside = shelf.inside(id.as_str());
        if card.parent.as_ref().is_some_and(|parent| inside.iter().any(|known| known == parent.as_str())) {
            return Err(DoorError::bad_input("库位不能放进自己或自己里面的库位。").at("parent"));
        }
        Ok(())
    }

    /// The place of a request.
    pub(super) fn place_of(
        &self,
        shelf: &Shelf,
        place: Option<&String>,
        field: &str,
    ) -> Result<Option<EntityId>, DoorError> {
        let Some(place) = filled(place) else { return Ok(None) };
        let known = shelf.place(&place).map(|(id, _)| id.clone());
        known
            .map(Some)
            .ok_or_else(|| DoorError::bad_input("没有这个库位，请重新选择，或先登记库位。").at(field))
    }

    /// Serial numbers, or a quantity, as the model is tracked.
    pub(super) fn pieces(
        &self,
        card: &PartCard,
        serials: &[String],
        quantity: i64,
        field: &str,
    ) -> Result<Pieces, DoorError> {
        let serials: Vec<String> = serials
            .iter()
            .map(|serial| serial.trim().to_owned())
            .filter(|serial| !serial.is_empty())
            .collect();
        let mut seen = BTreeSet::new();
        if let Some(twice) = serials.iter().find(|serial| !seen.insert(serial.as_str())) {
            return Err(
                DoorError::bad_input(format!("序列号 {twice} 填了两次。")).at(format!("{field}serials"))
            );
        }
        match card.tracking {
            Tracking::Serial if serials.is_empty() => {
                let message = format!("{}按序列号管理，请逐件填写或扫描序列号。", card.title());
                Err(DoorError::bad_input(message).at(format!("{field}serials")))
            }
            Tracking::Serial => {
                let sign = if quantity < 0 { -1 } else { 1 };
                Ok(serials.into_iter().map(|serial| (Some(serial), sign)).collect())
            }
            Tracking::Batch | Tracking::Plain if quantity == 0 => {
                Err(DoorError::bad_input("请填写数量。").at(format!("{field}quantity")))
            }
            Tracking::Batch | Tracking::Plain => Ok(vec![(None, quantity)]),
        }
    }

    /// The lines of a form, each with its pieces.
    fn movements_of(
        &self,
        shelf: &Shelf,
        kind: MovementKind,
        args: &StockMove,
    ) -> Result<Vec<(Made, Pieces)>, DoorError> {
        let is_about_one = args.answers.is_some() || args.corrects.is_some() || args.settles.is_some();
        let most = if is_about_one { 1 } else { LINES_MAX };
        if !(1..=most).contains(&args.lines.len()) {
            let message = if is_about_one {
                "归还、更正和结清一次只记一行。".to_owned()
            } else {
                format!("请填写备件，1 至 {LINES_MAX} 行。")
            };
            return Err(DoorError::bad_input(message).at("lines"));
        }
        let mut seen: BTreeSet<(EntityId, String)> = BTreeSet::new();
        let mut booked = Vec::with_capacity(args.lines.len());
        for (at, line) in args.lines.iter().enumerate() {
            let (made, pieces) = self.movement_of(shelf, kind, args, line, &format!("lines.{at}."))?;
            for serial in pieces.iter().filter_map(|(serial, _)| serial.clone()) {
                if !seen.insert((made.part.clone(), serial.clone())) {
                    let message = format!("序列号 {serial} 填了两次。");
                    return Err(DoorError::bad_input(message).at(format!("lines.{at}.serials")));
                }
            }
            booked.push((made, pieces));
        }
        Ok(booked)
    }

    /// One line of a form; `field` stands before the names of the line's own fields.
    fn movement_of(
        &self,
        shelf: &Shelf,
        kind: MovementKind,
        args: &StockMove,
        line: &MoveLine,
        field: &str,
    ) -> Result<(Made, Pieces), DoorError> {
        let named = format!("{field}part");
        let part = self.part(shelf, line.part.trim()).map_err(|error| error.at(&named))?;
        let settles = args.settles.as_ref().filter(|id| !id.trim().is_empty());
        let mut made =
            Made::new(kind, entity(&line.part, &named)?, 0, owner_of(&args.owner)?.unwrap_or_default());
        made.from = self.place_of(shelf, args.from.as_ref(), "from")?;
        made.to = self.place_of(shelf, args.to.as_ref(), "to")?;
        made.batch = filled(Some(&line.batch));
        made.reason = args.reason.trim().to_owned();
        made.document = args.document.trim().to_owned();
        made.due = stated_date(args.due.as_deref(), "due")?;
        made.custodian = filled(args.custodian.as_ref())
            .map(|user| {
                UserId::new(user).map_err(|_| DoorError::bad_input("请重新选择保管人。").at("custodian"))
            })
            .transpose()?;
        made.answers = filled(args.answers.as_ref()).map(|id| entity(&id, "answers")).transpose()?;
        made.corrects = filled(args.corrects.as_ref()).map(|id| entity(&id, "corrects")).transpose()?;
        if let Some(fault) = settles {
            self.settle(shelf, fault, &mut made)?;
        }
        self.check_kind(shelf, &made)?;
        // A note that clears up 账实不符 may move nothing.
        let pieces = if made.settles && line.quantity == 0 && line.serials.is_empty() {
            vec![(None, 0)]
        } else {
            self.pieces(&part.card, &line.serials, i64::from(line.quantity), field)?
        };
        self.check_answer(shelf, &made, &pieces, field)?;
        Ok((made, pieces))
    }

    /// A note about 账实不符 stands at its place and owner.
    fn settle(&self, shelf: &Shelf, fault: &str, made: &mut Made) -> Result<(), DoorError> {
        let unknown = || DoorError::bad_input("这条账实不符已经结清或不存在，请刷新后查看。").at("settles");
        let open = self.discrepancies_of(shelf, Some(made.part.as_str()))?;
        let open = open.into_iter().find(|row| row.id == fault.trim()).ok_or_else(unknown)?;
        if made.kind != MovementKind::Corrected {
            return Err(DoorError::bad_input("账实不符用“更正”结清。").at("kind"));
        }
        made.to = Some(entity(&open.place, "settles")?);
        made.owner = Owner::from_code(&open.owner).unwrap_or_default();
        made.settles = true;
        Ok(())
    }

    fn check_kind(&self, shelf: &Shelf, made: &Made) -> Result<(), DoorError> {
        use MovementKind as K;
        let bad = |field: &str, message: &str| Err(DoorError::bad_input(message).at(field));
        let kind_of = |place: &Option<EntityId>| {
            place.as_ref().and_then(|place| shelf.places.get(place)).map(|card| card.kind)
        };
        match made.kind {
            K::Received | K::Returned if made.to.is_none() => bad("to", "请选择入到哪个库位。"),
            K::Corrected if made.to.is_none() => bad("to", "请选择更正哪个库位的结存。"),
            K::Corrected if made.reason.is_empty() => bad("reason", "更正须写明缘由。"),
            K::Transferred | K::Borrowed | K::GivenBack | K::SentToRepair | K::BackFromRepair
                if made.from.is_none() =>
            {
                bad("from", "请选择从哪个库位出。")
            }
            K::Transferred | K::Borrowed | K::GivenBack | K::SentToRepair | K::BackFromRepair
                if made.to.is_none() =>
            {
                bad("to", "请选择到哪个库位。")
            }
            _ if made.from.is_some() && made.from == made.to => bad("to", "两个库位相同，请重新选择。"),
            K::Borrowed if kind_of(&made.to) != Some(PlaceKind::Loan) => {
                bad("to", "借出须到“借出”类别的库位；没有的请先登记一个。")
            }
            K::Borrowed if made.custodian.is_none() && made.reason.is_empty() => {
                bad("custodian", "请选择借用人，或在事由中写明借给谁。")
            }
            K::Borrowed if made.due.is_none() => bad("due", "请填写归还日期。"),
            K::SentToRepair if kind_of(&made.to) != Some(PlaceKind::Vendor) => {
                bad("to", "送修须到“送修厂商”类别的库位；没有的请先登记一个。")
            }
            K::GivenBack | K::BackFromRepair if made.answers.is_none() => {
                bad("answers", "请从借出或送修清单中选择归还的那一笔。")
            }
            _ => Ok(()),
        }
    }

    /// What comes back is what went out, and no more.
    fn check_answer(
        &self,
        shelf: &Shelf,
        made: &Made,
        pieces: &Pieces,
        field: &str,
    ) -> Result<(), DoorError> {
        let Some(answers) = &made.answers else { return Ok(()) };
        let state = self.in_store(shelf, answers.as_str())?;
        let first = state.as_ref().and_then(EntityState::movement).map(|movement| &movement.made);
        let wanted = match made.kind {
            MovementKind::GivenBack => MovementKind::Borrowed,
            _ => MovementKind::SentToRepair,
        };
        let Some(first) = first.filter(|first| first.kind == wanted && first.part == made.part) else {
            return Err(
                DoorError::bad_input("归还的型号与借出或送修的那一笔不同，请重新选择。").at("answers")
            );
        };
        let left = self.left(shelf, answers.as_str())?;
        let total: i64 = pieces.iter().map(|(_, quantity)| quantity).sum();
        if total > left {
            let message = format!("那一笔只剩 {left} 件未还，请核对数量。");
            return Err(DoorError::bad_input(message).at(format!("{field}quantity")));
        }
        let other = pieces.iter().any(|(serial, _)| first.serial.is_some() && *serial != first.serial);
        // A vendor may send another piece back; it is booked as what went out and what came in.
        if other {
            let message = "序列号与那一笔不同。厂商换了新件的，请把原件报废或退厂，新件另行入库。";
            return Err(DoorError::bad_input(message).at(format!("{field}serials")));
        }
        Ok(())
    }
}

/// The entity of a request.
pub(super) fn entity(id: &str, field: &str) -> Result<EntityId, DoorError> {
    EntityId::new(id.trim()).map_err(|_| DoorError::bad_input("编号不对，请刷新后重新选择。").at(field))
}

/// 坏件去向 of a request; of none, what `usual` says.
pub(super) fn fate_of(fate: &FateDto, usual: FateKind) -> Result<Fate, DoorError> {
    let kind = match fate.fate.trim() {
        "" => usual,
        code => FateKind::from_code(code).ok_or_else(|| {
            DoorError::bad_input("请选择坏件去向：留存甲方、消磁销毁、返厂或报废。").at("fate")
        })?,
    };
    let text = |text: &str| text.trim().to_owned();
    Ok(Fate {
        fate: kind,
        receiver: text(&fate.receiver),
        witness: text(&fate.witness),
        pass_no: text(&fate.pass_no),
        released_by: text(&fate.released_by),
    })
}

/// A card of a request.
pub(super) fn card_of(card: &CardDto) -> Result<PartCard, DoorError> {
    let text = |text: &str| text.trim().to_owned();
    let at = |field: &str, message: &str| DoorError::bad_input(message).at(format!("card.{field}"));
    let charge = match card.charge.trim() {
        "" => None,
        code => Some(Charge::from_code(code).ok_or_else(|| at("charge", "请重新选择结算方式。"))?),
    };
    let tracking = match card.tracking.trim() {
        "" => Tracking::Plain,
        code => Tracking::from_code(code).ok_or_else(|| at("tracking", "请选择管理方式。"))?,
    };
    let made = PartCard {
        name: text(&card.name),
        category: text(&card.category),
        maker: text(&card.maker),
        model: text(&card.model),
        unit: text(&card.unit),
        tracking,
        minimum: card.minimum,
        compatible: card.compatible.iter().map(|one| text(one)).filter(|one| !one.is_empty()).collect(),
        charge,
        charge_limit: text(&card.charge_limit),
        storage_medium: card.storage_medium,
        note: text(&card.note),
        closed: card.closed,
    };
    for (field, value) in [("name", &made.name), ("unit", &made.unit)] {
        if value.is_empty() {
            let what = if field == "name" {
                "请填写名称。"
            } else {
                "请填写单位，如 块、台、个。"
            };
            return Err(at(field, what));
        }
    }
    if made.is_sound() {
        return Ok(made);
    }
    Err(at(
        "name",
        "内容过长：各栏一行不超过 100 字，适用设备不超过 50 种，备注不超过 500 字，下限不超过 100000。",
    ))
}

/// Whether a card is of that name and 规格型号.
pub(super) fn fits_model(card: &PartCard, name: &str, model: &str) -> bool {
    card.name == name && card.model == model
}

/// Whether a card would change another.
pub(super) fn differs(known: &PartCard, card: &PartCard) -> Vec<(&'static str, String, String)> {
    let text = |card: &PartCard, field| card.field(field).unwrap_or_default();
    card.differing(known).into_iter().map(|field| (field, text(known, field), text(card, field))).collect()
}
