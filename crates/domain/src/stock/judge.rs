//! Who may do what in a store, and what the centre makes of it.

use super::{
    MovementKind, Noted, ScrapAct, ScrapStage, Scrapping, Sheet, Shipment, ShipmentAct, ShipmentStage, Slip,
    SlipAct, SlipStage, Take, TakeAct, TakeStage, Transfer, TransferAct, TransferStage, movement::Made,
    take::DIFFERENCES_MAX,
};
use crate::duty::Objection;
use crate::event::{EventId, Reason, Verdict};
use crate::judge::{Beside, EntityState, Fields, Incoming, Judgement, Wanted, expectation};
use crate::people::{Actor, Role, Source};

const MALFORMED: Judgement =
    Judgement { verdict: Verdict::Rejected, reason: Some(Reason::Malformed), winner: None };

/// The stage an act leads to; `None` where it is not the time for it.
pub(super) fn slip_next(slip: &Slip, act: &SlipAct) -> Option<SlipStage> {
    use SlipStage as S;
    match (slip.stage, act) {
        (S::Asked, SlipAct::Approved(_)) => Some(S::Approved),
        (S::Asked, SlipAct::Refused(_)) => Some(S::Refused),
        (S::Asked, SlipAct::Issued(_)) if slip.asked.emergency => Some(S::Taken),
        (S::Asked | S::Approved, SlipAct::Cancelled(_)) => Some(S::Cancelled),
        (S::Approved, SlipAct::Issued(_)) => Some(S::Issued),
        (S::Taken | S::Disputed, SlipAct::Approved(_)) => Some(S::Issued),
        (S::Taken, SlipAct::Refused(_)) => Some(S::Disputed),
        (S::Issued | S::Taken | S::Disputed, SlipAct::Returned(old)) => {
            let known = usize::try_from(old.line).is_ok_and(|line| line < slip.lines().len());
            known.then_some(slip.stage)
        }
        _ => None,
    }
}

/// The stage an act leads to; `None` where it is not the time for it. What arrives is received though it was taken
/// back meanwhile.
pub(super) fn transfer_next(transfer: &Transfer, act: &TransferAct) -> Option<TransferStage> {
    use TransferStage as S;
    match (transfer.stage, act) {
        (S::Asked, TransferAct::Approved(_)) => Some(S::Approved),
        (S::Asked, TransferAct::Refused(_)) => Some(S::Refused),
        (S::Asked | S::Approved, TransferAct::Cancelled(_)) => Some(S::Cancelled),
        (S::Approved | S::Cancelled | S::Received, TransferAct::Received(_)) => Some(S::Received),
        _ => None,
    }
}

/// The stage an act leads to; `None` where it is not the time for it.
pub(super) fn shipment_next(shipment: &Shipment, act: &ShipmentAct) -> Option<ShipmentStage> {
    let goes_on = matches!(act, ShipmentAct::Returned(_) | ShipmentAct::Settled(_));
    (goes_on && shipment.stage == ShipmentStage::Shipped).then_some(ShipmentStage::Shipped)
}

fn keeps(actor: &Actor) -> bool {
    actor.has(Role::StoreKeeper) || actor.has(Role::Supervisor)
}

/// Whether an act about a slip is legal.
///
/// # Errors
/// Why not, in Chinese.
pub fn legal_slip(slip: Option<&Slip>, act: &SlipAct, actor: &Actor) -> Result<(), Objection> {
    let Some(slip) = slip else {
        return match act {
            SlipAct::Asked(_) => Ok(()),
            _ => Err(Objection::new(Reason::NoEntity, "没有这张领用单，请同步后重试。")),
        };
    };
    if matches!(act, SlipAct::Asked(_)) {
        return Err(Objection::new(Reason::AlreadyExists, "这张领用单已经登记过。"));
    }
    if slip_next(slip, act).is_none() {
        let message = format!("领用单现为“{}”，不能再做这一步，请查看现状。", slip.stage.title());
        return Err(Objection { winner: Some(slip.touched), ..Objection::new(Reason::NotLegalNow, message) });
    }
    let own = actor.is(slip.by.as_ref());
    match act {
        SlipAct::Cancelled(_) if own || keeps(actor) => Ok(()),
        SlipAct::Cancelled(_) => {
            Err(Objection::new(Reason::NoRight, "只有领用人、库管员或项目经理可以撤回领用单。"))
        }
        SlipAct::Returned(_) => Ok(()),
        _ if own => Err(Objection::new(
            Reason::OwnRequest,
            "领用人不能审批或发放自己的领用单，请另一位库管员或项目经理办理。",
        )),
        _ if keeps(actor) => Ok(()),
        _ => Err(Objection::new(Reason::NoRight, "领用单由库管员或项目经理审批和发放。")),
    }
}

/// Whether an act about a scrapping is legal.
///
/// # Errors
/// Why not, in Chinese.
pub fn legal_scrapping(state: Option<&Scrapping>, act: &ScrapAct, actor: &Actor) -> Result<(), Objection> {
    match (state, act) {
        (None, ScrapAct::Asked(_)) => Ok(()),
        (None, _) => Err(Objection::new(Reason::NoEntity, "没有这份报废，请同步后重试。")),
        (Some(_), ScrapAct::Asked(_)) => Err(Objection::new(Reason::AlreadyExists, "这份报废已经登记过。")),
        (Some(state), _) if state.stage != ScrapStage::Asked => {
            let message = format!("这份报废现为“{}”，请查看现状。", state.stage.title());
            Err(Objection { winner: Some(state.touched), ..Objection::new(Reason::NotLegalNow, message) })
        }
        (Some(state), _) if actor.is(state.by.as_ref()) => Err(Objection::new(
            Reason::OwnRequest,
            "报废须两人签字，第二个签字请另一位库管员或项目经理来签。",
        )),
        _ => Ok(()),
    }
}

/// Whether an act about the asking store's half of a transfer is legal.
///
/// # Errors
/// Why not, in Chinese.
pub fn legal_transfer(
    transfer: Option<&Transfer>,
    act: &TransferAct,
    actor: &Actor,
) -> Result<(), Objection> {
    let Some(transfer) = transfer else {
        return match act {
            TransferAct::Asked(_) => Ok(()),
            _ => Err(Objection::new(Reason::NoEntity, "没有这张调拨单，请同步后重试。")),
        };
    };
    if matches!(act, TransferAct::Asked(_)) {
        return Err(Objection::new(Reason::AlreadyExists, "这张调拨单已经登记过。"));
    }
    if transfer_next(transfer, act).is_none() {
        let message = format!("调拨单现为“{}”，不能再做这一步，请查看现状。", transfer.stage.title());
        let winner = Some(transfer.touched);
        return Err(Objection { winner, ..Objection::new(Reason::NotLegalNow, message) });
    }
    let decides = matches!(act, TransferAct::Approved(_) | TransferAct::Refused(_));
    if decides && actor.is(transfer.by.as_ref()) {
        return Err(Objection::new(
            Reason::OwnRequest,
            "申请人不能审批自己的调拨，请另一位库管员或项目经理办理。",
        ));
    }
    Ok(())
}

/// Whether an act about the shipping store's half of a transfer is legal.
///
/// # Errors
/// Why not, in Chinese.
pub fn legal_shipment(
    shipment: Option<&Shipment>,
    act: &ShipmentAct,
    actor: &Actor,
) -> Result<(), Objection> {
    let begins = matches!(act, ShipmentAct::Shipped(_) | ShipmentAct::Declined(_));
    match shipment {
        None if begins => Ok(()),
        None => Err(Objection::new(Reason::NoEntity, "这张调拨单还没有发货，请同步后重试。")),
        Some(shipment) if shipment_next(shipment, act).is_none() => {
            let message = format!("发货方已登记“{}”，不能再做这一步，请查看现状。", shipment.stage.title());
            let reason = if begins { Reason::AlreadyExists } else { Reason::NotLegalNow };
            Err(Objection { winner: Some(shipment.touched), ..Objection::new(reason, message) })
        }
        Some(shipment) if matches!(act, ShipmentAct::Settled(_)) && actor.is(shipment.said.by.as_ref()) => {
            Err(Objection::new(
                Reason::OwnRequest,
                "发货人不能结清自己发货的差异，请发货库的另一位库管员或项目经理办理。",
            ))
        }
        Some(_) => Ok(()),
    }
}

/// Whether an act about a stocktake is legal.
///
/// # Errors
/// Why not, in Chinese.
pub fn legal_take(take: Option<&Take>, act: &TakeAct, actor: &Actor) -> Result<(), Objection> {
    let Some(take) = take else {
        return match act {
            TakeAct::Opened(_) => Ok(()),
            _ => Err(Objection::new(Reason::NoEntity, "没有这次盘点，请同步后重试。")),
        };
    };
    let stage = match act {
        TakeAct::Opened(_) => {
            return Err(Objection::new(Reason::AlreadyExists, "这次盘点已经登记过。"));
        }
        TakeAct::Counted(_) | TakeAct::Closed(_) => take.stage == TakeStage::Counting,
        TakeAct::Signed(_) => take.stage == TakeStage::Closed,
        TakeAct::Adjusted(_) => take.stage == TakeStage::Signed,
        TakeAct::Cancelled(_) => !matches!(take.stage, TakeStage::Adjusted | TakeStage::Cancelled),
    };
    if !stage {
        let message = format!("盘点现为“{}”，不能再做这一步，请查看现状。", take.stage.title());
        return Err(Objection { winner: Some(take.touched), ..Objection::new(Reason::NotLegalNow, message) });
    }
    let signed = take.signatures.iter().any(|signature| actor.is(Some(&signature.by)));
    match act {
        TakeAct::Signed(_) if signed => {
            Err(Objection::new(Reason::OwnRequest, "您已经签过字，第二个签字请另一位来签。"))
        }
        TakeAct::Closed(closed) if closed.differences.len() > DIFFERENCES_MAX => {
            let message = format!("差异超过 {DIFFERENCES_MAX} 行，请分库位盘点。");
            Err(Objection::new(Reason::Malformed, message))
        }
        _ => Ok(()),
    }
}

macro_rules! staged_fields {
    ($($state:ty),*) => {
        $(impl Fields for $state {
            fn field(&self, name: &str) -> Option<String> {
                (name == "stage").then(|| self.stage.code().to_owned())
            }

            fn touched(&self, _: &str) -> Option<EventId> {
                Some(self.touched)
            }
        })*
    };
}

staged_fields!(Slip, Scrapping, Take);

/// What is counted and not a stage: receipts, returns and settlements follow those their writer knew.
impl Fields for Transfer {
    fn field(&self, name: &str) -> Option<String> {
        match name {
            "stage" => Some(self.stage.code().to_owned()),
            "receipts" => Some(self.receipts.len().to_string()),
            _ => None,
        }
    }

    fn touched(&self, _: &str) -> Option<EventId> {
        Some(self.touched)
    }
}

impl Fields for Shipment {
    fn field(&self, name: &str) -> Option<String> {
        match name {
            "returns" => Some(self.returns.len().to_string()),
            "settled" => Some(self.settled.len().to_string()),
            _ => None,
        }
    }

    fn touched(&self, _: &str) -> Option<EventId> {
        Some(self.touched)
    }
}

impl<C: Sheet> Fields for Noted<C> {
    fn field(&self, name: &str) -> Option<String> {
        self.card.field(name)
    }

    fn touched(&self, name: &str) -> Option<EventId> {
        self.touched.get(name).copied().or(Some(self.first))
    }
}

/// What the rules of a store's event ask for beside its entity.
pub(crate) fn wanted_of(incoming: &Incoming<'_>) -> Vec<Wanted> {
    if incoming.kind != "movement.made" {
        return Vec::new();
    }
    let made = serde_json::from_str::<Made>(incoming.payload).ok();
    let named = made.and_then(|made| made.scrapping.or(made.take).or(made.transfer));
    named.map(Wanted::Entity).into_iter().collect()
}

/// Judges an event of a store's log.
pub(crate) fn on_stock(
    state: Option<&EntityState>,
    incoming: &Incoming<'_>,
    actor: &Actor,
    beside: &Beside,
) -> Judgement {
    match incoming.kind {
        "part.noted" => noted(state.and_then(EntityState::part), incoming),
        "place.noted" => noted(state.and_then(EntityState::place), incoming),
        "movement.made" => on_movement(state, incoming, actor, beside),
        kind if kind.starts_with("slip.") => {
            let slip = state.and_then(EntityState::slip);
            let act = SlipAct::read(kind, incoming.payload);
            let is_fact = matches!(act, Some(SlipAct::Returned(_)));
            staged(slip, act.as_ref(), incoming, is_fact, |act| legal_slip(slip, act, actor))
        }
        kind if kind.starts_with("scrapping.") => {
            let scrapping = state.and_then(EntityState::scrapping);
            let act = ScrapAct::read(kind, incoming.payload);
            staged(scrapping, act.as_ref(), incoming, false, |act| legal_scrapping(scrapping, act, actor))
        }
        kind if kind.starts_with("transfer.") => {
            let transfer = state.and_then(EntityState::transfer);
            let act = TransferAct::read(kind, incoming.payload);
            staged(transfer, act.as_ref(), incoming, false, |act| legal_transfer(transfer, act, actor))
        }
        kind if kind.starts_with("shipment.") => {
            let shipment = state.and_then(EntityState::shipment);
            let act = ShipmentAct::read(kind, incoming.payload);
            staged(shipment, act.as_ref(), incoming, false, |act| legal_shipment(shipment, act, actor))
        }
        kind => {
            let take = state.and_then(EntityState::take);
            let act = TakeAct::read(kind, incoming.payload);
            let is_fact = matches!(act, Some(TakeAct::Counted(_)));
            staged(take, act.as_ref(), incoming, is_fact, |act| legal_take(take, act, actor))
        }
    }
}

fn noted<C: Sheet>(state: Option<&Noted<C>>, incoming: &Incoming<'_>) -> Judgement {
    match serde_json::from_str::<C>(incoming.payload) {
        Ok(card) if card.is_sound() => {
            state.and_then(|state| expectation(state, incoming)).unwrap_or(Judgement::ACCEPTED)
        }
        _ => MALFORMED,
    }
}

fn staged<A>(
    state: Option<&impl Fields>,
    act: Option<&A>,
    incoming: &Incoming<'_>,
    is_fact: bool,
    legal: impl Fn(&A) -> Result<(), Objection>,
) -> Judgement {
    let Some(act) = act else { return MALFORMED };
    if let Some(lost) = state.filter(|_| !is_fact).and_then(|state| expectation(state, incoming)) {
        return lost;
    }
    match legal(act) {
        Ok(()) => Judgement::ACCEPTED,
        // What happened is kept and listed.
        Err(objection) if is_fact && objection.reason == Reason::NotLegalNow => {
            Judgement::unreconciled(objection.reason, objection.winner)
        }
        Err(objection) => objection.judgement(),
    }
}

/// A movement is booked once; who issues and who keeps is asked, what the balance is is not.
fn on_movement(
    state: Option<&EntityState>,
    incoming: &Incoming<'_>,
    actor: &Actor,
    beside: &Beside,
) -> Judgement {
    let Some(made) = serde_json::from_str::<Made>(incoming.payload).ok().filter(Made::is_sound) else {
        return MALFORMED;
    };
    if let Some(state) = state {
        let winner = state.movement().map(|movement| movement.event);
        return Judgement::unreconciled(Reason::AlreadyExists, winner);
    }
    match actor.source() {
        Some(source) if !is_receipt_of(&made, source) => return MALFORMED,
        None if made.source.is_some() => return MALFORMED,
        None if !made.is_for_engineers() && !keeps(actor) => return Judgement::parked(Reason::NoRight),
        _ => {}
    }
    let beside = |id: &crate::event::EntityId| beside.entities.get(id);
    if let Some(id) = &made.transfer {
        return founded(beside(id).is_some_and(|half| is_half(half, made.kind)));
    }
    match made.kind {
        MovementKind::Scrapped => {
            let Some(id) = &made.scrapping else { return MALFORMED };
            let signed = beside(id).and_then(EntityState::scrapping);
            founded(signed.is_some_and(|scrapping| scrapping.stage == ScrapStage::Signed))
        }
        MovementKind::Counted => {
            let Some(id) = &made.take else { return MALFORMED };
            let adjusted = beside(id).and_then(EntityState::take);
            founded(adjusted.is_some_and(|take| take.stage == TakeStage::Adjusted))
        }
        _ => Judgement::ACCEPTED,
    }
}

/// Whether a movement is what another program may book: what came in from outside, under its own name.
fn is_receipt_of(made: &Made, source: &Source) -> bool {
    let bare = made.slip.is_none() && made.transfer.is_none() && made.corrects.is_none() && !made.settles;
    made.kind == MovementKind::Received && made.from.is_none() && bare && made.source.as_ref() == Some(source)
}

/// Whether a transfer is so far that a movement books it.
fn is_half(half: &EntityState, kind: MovementKind) -> bool {
    match kind {
        MovementKind::Issued => {
            half.shipment().is_some_and(|shipment| shipment.stage == ShipmentStage::Shipped)
        }
        MovementKind::Returned => half.shipment().is_some_and(|shipment| !shipment.returns.is_empty()),
        _ => half.transfer().is_some_and(|transfer| !transfer.receipts.is_empty()),
    }
}

/// A booking that rests on signatures which are not there is kept and moves nothing.
fn founded(is_founded: bool) -> Judgement {
    if is_founded { Judgement::ACCEPTED } else { Judgement::unreconciled(Reason::NotLegalNow, None) }
}
