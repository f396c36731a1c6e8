//! Parts used on orders: an event of the order and movements of the store, joined.

use super::Shelf;
use super::book::{entity, fate_of};
use super::parts::owner_of;
use crate::door::dto::{
    ClockDto, DoorError, OldPart, ReturnOld, SlipsArgs, StockUse, UseForm, UsedLine, Written,
};
use crate::order::{Desk, Pen, already, filled, key, stated_time};
use crate::store::{Act, Draft, StoreError};
use jiff::Timestamp;
use rusqlite::params;
use std::collections::BTreeSet;
use zaigang_domain::calendar::{format_instant, parse_instant};
use zaigang_domain::event::{EntityId, LogName};
use zaigang_domain::order::payload::{StockHalf, Swapped};
use zaigang_domain::order::table::Step;
use zaigang_domain::order::{Order, StepInput, decide};
use zaigang_domain::stock::{
    Asked, FateKind, LINES_MAX, Made, MovementKind, OldReturned, OrderRef, Owner, PartCard, SlipAct,
    SlipLine, Tracking, fate_allowed, legal_slip,
};

/// When an exchange is to be decided: while a part can still be fetched in time.
fn decide_by(clock: &ClockDto) -> Option<String> {
    let deadline = parse_instant(clock.deadline.as_deref()?).ok()?;
    Some(format_instant(deadline - jiff::SignedDuration::from_mins(i64::from(clock.warn_minutes))))
}

impl Desk<'_> {
    /// What the form of a use shows of an order.
    ///
    /// # Errors
    /// Not found for an order that is not here; not now where this console holds no store's log.
    pub fn use_form(&self, order: &str) -> Result<UseForm, DoorError> {
        let (id, order) = self.order(order)?;
        let shelf = self.shelf(None)?;
        let of_order =
            SlipsArgs { view: Some("all".to_owned()), order: Some(id.to_string()), ..SlipsArgs::default() };
        let mut slips = self.stock_slips(&of_order)?.rows;
        slips.retain(|slip| matches!(slip.stage.as_str(), "issued" | "taken"));
        let ids: Vec<String> = self
            .store
            .reader()
            .prepare_cached("SELECT id FROM stock_movement WHERE order_id = ?1 ORDER BY at, id")
            .and_then(|mut list| list.query_map([id.as_str()], |row| row.get(0))?.collect())
            .map_err(StoreError::from)?;
        let row = self.row(id.to_string(), &order)?;
        let swap = row.next_clock.filter(|clock| clock.target == "swap");
        Ok(UseForm {
            number: order.number.clone(),
            why_not: if self.store_may().ask {
                String::new()
            } else {
                "换件由处理工单的驻场工程师登记。".to_owned()
            },
            slips,
            movements: self.movement_rows(&shelf, &ids)?,
            missing: self.missing_halves(&id)?,
            swap_decide: swap.as_ref().and_then(decide_by).unwrap_or_default(),
            swap_due: swap.and_then(|clock| clock.deadline).unwrap_or_default(),
            order: id.to_string(),
        })
    }

    /// Exchanges an order tells of whose movements this console ought to hold and does not.
    fn missing_halves(&self, order: &EntityId) -> Result<Vec<String>, DoorError> {
        let mut missing = Vec::new();
        for step in self.store.timeline(order.as_str())? {
            let swapped = serde_json::from_str::<Swapped>(&step.payload).ok();
            let half = swapped.filter(|_| step.kind == "order.swapped").and_then(|swapped| swapped.stock);
            let Some(half) = half else { continue };
            let holds = self.store.logs()?.iter().any(|log| log.name == half.store);
            for movement in half.movements.iter().filter(|_| holds) {
                if self.store.entity_in(&half.store, movement.as_str())?.is_none() {
                    missing.push(
                        "工单记有更换备件，备件库中没有对应的出入库记录；请同步，仍没有的请在备件库补记。"
                            .to_owned(),
                    );
                }
            }
        }
        missing.dedup();
        Ok(missing)
    }

    /// The movement of an old part, where it may go where it is said to go.
    pub(super) fn old_part(
        &self,
        shelf: &Shelf,
        old: &OldPart,
        put_in: &EntityId,
    ) -> Result<(Made, PartCard), DoorError> {
        let id = match filled(old.part.as_ref()) {
            Some(part) => entity(&part, "old.part")?,
            None => put_in.clone(),
        };
        let card = self.part(shelf, id.as_str()).map_err(|error| error.at("old.part"))?.card;
        // The buyer keeps storage media; anything else is his too until he says otherwise.
        let fate = fate_of(&old.fate, FateKind::Kept).map_err(|error| error.at("old.fate.fate"))?;
        fate_allowed(&card, &fate, Some(&shelf.media_rule()))
            .map_err(|message| DoorError::bad_input(message).at("old.fate.released_by"))?;
        let serial = filled(Some(&old.serial));
        let unreadable = filled(Some(&old.unreadable)).filter(|_| serial.is_none());
        let is_piece = serial.is_some() || card.tracking == Tracking::Serial;
        if card.tracking == Tracking::Serial && serial.is_none() && unreadable.is_none() {
            let message = format!(
                "{}按序列号管理，请填写旧件的序列号；铭牌看不清的，请写明无法辨认的缘由。",
                card.title()
            );
            return Err(DoorError::bad_input(message).at("old.serial"));
        }
        let quantity = if is_piece { 1 } else { i64::from(old.quantity.max(1)) };
        let owner = owner_of(&old.owner)?.unwrap_or(Owner::Buyer);
        let to = self.place_of(shelf, old.place.as_ref(), "old.place")?;
        let reason = unreadable.map(|why| format!("{UNREADABLE}：{why}")).unwrap_or_default();
        let fate = Some(fate);
        let made =
            Made { serial, to, fate, reason, ..Made::new(MovementKind::Replaced, id, quantity, owner) };
        Ok((made, card))
    }

    /// Movements by which a slip handed a part out and no order has told of yet.
    fn handed_out_on(
        &self,
        shelf: &Shelf,
        slip: &str,
        part: &str,
        serials: &[String],
        order: &EntityId,
    ) -> Result<Vec<EntityId>, DoorError> {
        let ids: Vec<(String, Option<String>)> = self
            .store
            .reader()
            .prepare_cached(
                "SELECT id, serial FROM stock_movement
                 WHERE log = ?1 AND part = ?2 AND slip = ?3 AND +kind = 'issued' ORDER BY at, id",
            )
            .and_then(|mut list| {
                list.query_map(params![shelf.n, part, slip], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
            .map_err(StoreError::from)?;
        let told = self.told_by(order.as_str())?.unwrap_or_default();
        let wanted = |serial: &Option<String>| {
            serials.is_empty()
                || serial.as_ref().is_some_and(|serial| serials.iter().any(|one| one.trim() == serial))
        };
        let fitting = ids.into_iter().filter(|(id, serial)| wanted(serial) && !told.contains(id));
        let found: Result<Vec<EntityId>, DoorError> = fitting.map(|(id, _)| entity(&id, "slip")).collect();
        let found = found?;
        if found.is_empty() {
            let message = "这张领用单没有发放这个型号（或序列号），或已登记过更换，请核对。";
            return Err(DoorError::bad_input(message).at("slip"));
        }
        Ok(found)
    }
}

/// What is said instead of a serial number that cannot be read.
const UNREADABLE: &str = "序列号无法辨认";

/// The order a part is used on.
struct Used {
    id: EntityId,
    order: Order,
    at: Timestamp,
}

impl Used {
    fn reference(&self) -> OrderRef {
        OrderRef { entity: self.id.clone(), number: self.order.number.clone() }
    }
}

/// One line of what was used, read and checked.
struct UsedPart {
    line: SlipLine,
    /// The slip it was issued on.
    slip: Option<EntityId>,
    /// What takes it out now.
    made: Vec<Made>,
    /// Movements by which the slip handed it out.
    issued: Vec<EntityId>,
    /// What came out.
    old: Option<Made>,
    /// The old serial number, for the order.
    old_serial: String,
    /// What was done, for the order.
    text: String,
}

impl Desk<'_> {
    fn used_parts(&self, shelf: &Shelf, used: &Used, args: &StockUse) -> Result<Vec<UsedPart>, DoorError> {
        if !(1..=LINES_MAX).contains(&args.lines.len()) {
            let message = format!("请填写换上的备件，1 至 {LINES_MAX} 行。");
            return Err(DoorError::bad_input(message).at("lines"));
        }
        let mut seen: BTreeSet<(EntityId, String)> = BTreeSet::new();
        let mut parts = Vec::with_capacity(args.lines.len());
        for (at, line) in args.lines.iter().enumerate() {
            let part = self.used_part(shelf, used, args.text.trim(), at, line)?;
            for serial in &part.line.serials {
                if !seen.insert((part.line.part.clone(), serial.clone())) {
                    let message = format!("序列号 {serial} 填了两次。");
                    return Err(DoorError::bad_input(message).at(format!("lines.{at}.serials")));
                }
            }
            parts.push(part);
        }
        Ok(parts)
    }

    fn used_part(
        &self,
        shelf: &Shelf,
        used: &Used,
        text: &str,
        at: usize,
        given: &UsedLine,
    ) -> Result<UsedPart, DoorError> {
        let within = |error: DoorError| {
            let field = error.field.clone().unwrap_or_default();
            error.at(format!("lines.{at}.{field}"))
        };
        let (line, mut made) = self.handed_out(shelf, &given.line, at)?;
        let slip =
            filled(given.slip.as_ref()).map(|slip| entity(&slip, "slip")).transpose().map_err(within)?;
        let mut issued = Vec::new();
        if let Some(slip) = &slip {
            issued = self
                .handed_out_on(shelf, slip.as_str(), line.part.as_str(), &line.serials, &used.id)
                .map_err(within)?;
            made.clear();
        }
        for made in &mut made {
            made.order = Some(used.reference());
            made.reason = text.to_owned();
        }
        let (mut old, mut old_serial) = (None, String::new());
        if let Some(given) = &given.old {
            let (made, _) = self.old_part(shelf, given, &line.part).map_err(within)?;
            old_serial = match made.reason.as_str() {
                "" => made.serial.clone().unwrap_or_default(),
                _ => UNREADABLE.to_owned(),
            };
            let said: Vec<&str> = [text, &made.reason].into_iter().filter(|said| !said.is_empty()).collect();
            let reason = said.join("；");
            old = Some(Made { order: Some(used.reference()), reason, slip: slip.clone(), ..made });
        }
        let text = match text {
            "" => {
                let card = self.part(shelf, line.part.as_str())?.card;
                format!("{} {}", if old.is_some() { "更换" } else { "使用" }, card.title())
            }
            text => text.to_owned(),
        };
        Ok(UsedPart { line, slip, made, issued, old, old_serial, text })
    }
}

impl Pen<'_> {
    /// Uses parts on an order: all lines or none. For what was not issued on a slip, and is taken now, one slip
    /// to be approved within a workday is made.
    ///
    /// # Errors
    /// Bad input naming line and field; not allowed for a storage medium that leaves without a release.
    pub fn use_parts(&mut self, args: &StockUse) -> Result<Written, DoorError> {
        let key = key(self, "stock/use", &args.idempotency_key)?;
        let (id, order) = self.desk().order(&args.order).map_err(|error| error.at("order"))?;
        let message = match args.lines.len() {
            1 => format!("已登记更换备件，工单 {}", order.number),
            lines => format!("已登记更换备件 {lines} 行，工单 {}", order.number),
        };
        if self.is_repeated(&key)? {
            return Ok(already(&id, message));
        }
        let desk = self.desk();
        if !desk.store_may().ask {
            return Err(DoorError::not_allowed("换件由处理工单的驻场工程师登记。"));
        }
        let shelf = desk.shelf(args.store.as_deref())?;
        let now = self.host.now();
        let at = stated_time(args.at.as_deref(), "at")?.unwrap_or(now).min(now);
        let used = Used { id, order, at };
        let mut parts = desk.used_parts(&shelf, &used, args)?;
        let taken: Vec<SlipLine> =
            parts.iter().filter(|part| part.slip.is_none()).map(|part| part.line.clone()).collect();
        let slip = if taken.is_empty() { None } else { Some(self.taken_slip(&shelf, &used, taken)?) };
        let (mut told, mut acts): (Vec<Act>, Vec<Act>) = (Vec::new(), Vec::new());
        let mut is_told = true;
        for part in &mut parts {
            let halves = self.book_used(&shelf, &used, part, slip.as_ref(), &mut acts)?;
            match self.swapped(&used, part, StockHalf { store: shelf.log.to_string(), movements: halves })? {
                Some(act) => told.push(act),
                None => is_told = false,
            }
        }
        told.extend(acts);
        told.extend(slip);
        if is_told {
            return self.put_acts(&told, &key, message);
        }
        let message =
            format!("工单 {} 现状不能登记更换，已只记入备件台账，请由服务台核对", used.order.number);
        self.put_acts(&told, &key, message)
    }

    /// The movements of one line; gives their ids, with those by which a slip handed it out.
    fn book_used(
        &self,
        shelf: &Shelf,
        used: &Used,
        part: &mut UsedPart,
        taken: Option<&Act>,
        acts: &mut Vec<Act>,
    ) -> Result<Vec<EntityId>, DoorError> {
        let mut halves = std::mem::take(&mut part.issued);
        for made in &mut part.made {
            made.slip = taken.map(|slip| slip.entity.clone());
            made.custodian = self.actor.user().cloned();
        }
        for made in part.made.iter().chain(&part.old) {
            let act = self.booking(shelf, made, used.at, None)?;
            halves.push(act.entity.clone());
            acts.push(act);
        }
        Ok(halves)
    }

    /// The slip of parts that were taken in an emergency.
    fn taken_slip(&mut self, shelf: &Shelf, used: &Used, lines: Vec<SlipLine>) -> Result<Act, DoorError> {
        let asked = Asked {
            number: self.slip_number()?,
            order: Some(used.reference()),
            lines,
            reason: String::new(),
            emergency: true,
            taken: true,
        };
        self.asking(shelf, &asked)
    }

    /// The order's half; `None` where the order takes no exchange any more: what was used is booked all the same.
    fn swapped(&self, used: &Used, part: &UsedPart, half: StockHalf) -> Result<Option<Act>, DoorError> {
        let new_serial = part.line.serials.join("、");
        let fields =
            [("text", part.text.as_str()), ("old_serial", &part.old_serial), ("new_serial", &new_serial)];
        let input = StepInput { claimed_at: Some(used.at), ..StepInput::of(&fields) };
        let Ok(drafts) = decide(&used.order, Step::Swap, &input, self.actor, self.host.now()) else {
            return Ok(None);
        };
        let mut written = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let mut draft = Draft::from(draft);
            if draft.kind == "order.swapped" {
                let mut swapped: Swapped = serde_json::from_str(&draft.payload).map_err(DoorError::broken)?;
                swapped.stock = Some(half.clone());
                draft.payload = serde_json::to_string(&swapped).map_err(DoorError::broken)?;
            }
            written.push(draft);
        }
        let log = LogName::division(&used.order.contract, &used.order.division).map_err(DoorError::broken)?;
        Ok(Some(Act { log, entity: used.id.clone(), drafts: written, stands_on: None }))
    }

    /// Notes the old part of a slip.
    ///
    /// # Errors
    /// Bad input naming the field; not now before anything was handed out.
    pub fn return_old(&mut self, args: &ReturnOld) -> Result<Written, DoorError> {
        let (shelf, id, slip) = self.desk().slip(&args.slip)?;
        let key = key(self, &format!("slip.returned/{}", id.local()), &args.idempotency_key)?;
        let message = format!("已登记领用单 {} 的旧件", slip.asked.number);
        if self.is_repeated(&key)? {
            return Ok(already(&id, message));
        }
        let line = usize::try_from(args.line).ok().and_then(|at| slip.lines().get(at));
        let line = line.ok_or_else(|| DoorError::bad_input("领用单没有这一行，请刷新后重试。").at("line"))?;
        let (made, card) = self.desk().old_part(&shelf, &args.old, &line.part)?;
        let fate = made.fate.as_ref().map(|fate| fate.fate.title()).unwrap_or_default();
        let serial = made.serial.clone().map(|serial| format!("，序列号 {serial}")).unwrap_or_default();
        let unreadable = Some(&made.reason).filter(|text| !text.is_empty());
        let unreadable = unreadable.map(|text| format!("，{text}")).unwrap_or_default();
        let text = format!("{}{serial}{unreadable}，{fate}", card.title());
        let payload = OldReturned { line: args.line, text };
        legal_slip(Some(&slip), &SlipAct::Returned(payload.clone()), self.actor)?;
        let mut draft = self.fact("slip.returned", &payload)?;
        draft.deps = slip.pending.clone();
        let acts = [
            Act { log: shelf.log.clone(), entity: id.clone(), drafts: vec![draft], stands_on: None },
            self.booking(
                &shelf,
                &Made { order: slip.asked.order.clone(), slip: Some(id), ..made },
                self.host.now(),
                None,
            )?,
        ];
        self.put_acts(&acts, &key, message)
    }
}
