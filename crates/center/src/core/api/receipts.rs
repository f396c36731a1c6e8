//! Another program tells of parts that came into a store.

use serde::Serialize;
use zaigang_domain::contract::StockStoreSetting;
use zaigang_domain::event::{EntityId, EventId, LogName};
use zaigang_domain::order::Draft;
use zaigang_domain::people::{Deed, Source};
use zaigang_domain::stock::{
    Made, MovementKind, Owner, PartCard, PlaceCard, PlaceKind, Tracking, entity_of, tree,
};

use super::{ApiError, Caller, Once, Told};
use crate::core::Centre;
use crate::core::work::Work;
use crate::error::CentreError;

/// A line of a receipt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiptLine {
    /// Name of the model, as the store's card has it.
    pub name: String,
    /// 规格型号, as the store's card has it.
    pub model: String,
    /// How many; absent where serial numbers are given.
    pub quantity: Option<u32>,
    /// Serial numbers, for models kept by them.
    pub serials: Vec<String>,
    /// Batch.
    pub batch: Option<String>,
}

/// What a program says came in. Empty texts are absent ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiptAsk {
    /// Id of the store in the contract's settings.
    pub store: String,
    /// Name or path of the place; the store's first room where absent.
    pub place: Option<String>,
    /// Number of the paper in the other program.
    pub document: String,
    /// Whose they are.
    pub owner: Owner,
    /// In words.
    pub reason: String,
    /// What came in.
    pub lines: Vec<ReceiptLine>,
}

/// What became of it.
#[derive(Debug, Serialize)]
struct ReceiptTold {
    /// The store.
    store: String,
    /// Path of the place.
    place: String,
    /// Ids of the movements, in the order of the lines; one for each piece.
    movements: Vec<String>,
}

impl Centre {
    /// Books a receipt for a source: 201; all of its lines or none.
    ///
    /// # Errors
    /// [`ApiError`]; nothing is committed then.
    pub fn stock_receive(&mut self, source: &str, once: &Once, ask: &ReceiptAsk) -> Result<Told, ApiError> {
        self.once(source, Deed::Receive, once, |work, caller| Ok((201, work.receive(caller, ask)?)))
    }
}

impl Work<'_> {
    fn receive(&mut self, caller: &Caller, ask: &ReceiptAsk) -> Result<ReceiptTold, ApiError> {
        let contract = caller.state.contract.clone();
        let profile = self
            .contract_in_force(&contract)?
            .ok_or_else(|| ApiError::NotNow(format!("合同 {contract} 尚未在中心端发布，请联系管理员。")))?
            .profile;
        let setting = profile.settings.stock_store.iter().find(|row| row.id == ask.store);
        let setting = setting.ok_or_else(|| {
            ApiError::field("store", "没有这个备件库，请按“合同与约定 / 备件库”中的编号填写。")
        })?;
        is_granted(caller, setting)?;
        let log =
            LogName::store(&contract, &setting.id).map_err(|error| CentreError::Store(error.to_string()))?;
        let n = self.log_or_new(log.as_str())?.n;
        let (to, place) = self.receipt_place(n, ask)?;
        let source = Source { id: caller.source.clone(), name: caller.state.name.clone() };
        let mut booked = Vec::new();
        for (at, line) in ask.lines.iter().enumerate() {
            let (part, card) = self.receipt_part(n, line, at)?;
            for (serial, quantity) in pieces(&card, line, at)? {
                booked.push(Made {
                    serial,
                    batch: line.batch.clone(),
                    to: Some(to.clone()),
                    document: ask.document.clone(),
                    reason: ask.reason.clone(),
                    source: Some(source.clone()),
                    ..Made::new(MovementKind::Received, part.clone(), quantity, ask.owner)
                });
            }
        }
        let mut movements = Vec::with_capacity(booked.len());
        for made in &booked {
            let payload = serde_json::to_string(made).map_err(CentreError::from)?;
            let entity = entity_of("movement", EventId(self.new_id()));
            let draft = Draft::new("movement.made", payload, self.now);
            self.act_for(&caller.actor, &log, &entity, &[draft])?;
            movements.push(entity.local().to_owned());
        }
        Ok(ReceiptTold { store: setting.id.clone(), place, movements })
    }

    /// The place of a receipt, with its path.
    fn receipt_place(&mut self, log: i64, ask: &ReceiptAsk) -> Result<(EntityId, String), ApiError> {
        let mut places = std::collections::BTreeMap::new();
        for name in self.names_of(log, "place")? {
            let state = self.held(log, name.as_str())?.state.as_ref();
            if let Some(place) = state.and_then(zaigang_domain::judge::EntityState::place) {
                places.insert(name, place.card.clone());
            }
        }
        let open = |card: &PlaceCard| !card.closed && card.kind.is_on_hand();
        let known: Vec<(EntityId, String)> = tree(&places)
            .into_iter()
            .filter(|(id, _, _)| places.get(id).is_some_and(open))
            .map(|(id, _, path)| (id, path))
            .collect();
        let of_id = |id: &EntityId| places.get(id);
        let found = match &ask.place {
            Some(asked) => known
                .iter()
                .find(|(id, path)| path == asked || of_id(id).is_some_and(|card| card.name == *asked)),
            None => known.iter().find(|(id, _)| of_id(id).is_some_and(|card| card.kind == PlaceKind::Store)),
        };
        found.cloned().ok_or_else(|| match &ask.place {
            Some(_) => ApiError::field("place", "没有这个库位，请按备件库中的名称或路径填写。"),
            None => ApiError::field("place", "备件库还没有登记库房，请先在工作台登记库位，或写明库位。"),
        })
    }

    /// The model of a line, by name and 规格型号.
    fn receipt_part(
        &mut self,
        log: i64,
        line: &ReceiptLine,
        at: usize,
    ) -> Result<(EntityId, PartCard), ApiError> {
        for name in self.names_of(log, "part")? {
            let state = self.held(log, name.as_str())?.state.as_ref();
            let part = state.and_then(zaigang_domain::judge::EntityState::part);
            if let Some(part) = part
                && !part.card.closed
                && part.card.name == line.name
                && part.card.model == line.model
            {
                let card = part.card.clone();
                return Ok((name, card));
            }
        }
        let message = "备件库没有这个名称和规格型号的型号，请先在工作台登记型号，再重发。";
        Err(ApiError::field(format!("lines.{at}.model"), message))
    }
}

/// A source of some divisions reaches the stores that serve one of them.
fn is_granted(caller: &Caller, setting: &StockStoreSetting) -> Result<(), ApiError> {
    let (own, served) = (&caller.state.divisions, &setting.divisions);
    if own.is_empty() || served.is_empty() || served.iter().any(|division| own.contains(division)) {
        return Ok(());
    }
    let message = format!("对接系统“{}”没有获准备件库“{}”，请联系管理员。", caller.state.name, setting.name);
    Err(ApiError::NotAllowed(message))
}

/// Serial numbers, or a quantity, as the model is kept.
fn pieces(card: &PartCard, line: &ReceiptLine, at: usize) -> Result<Vec<(Option<String>, i64)>, ApiError> {
    let wrong = |field: &str, message: String| Err(ApiError::field(format!("lines.{at}.{field}"), message));
    let title = card.title();
    match (card.tracking, line.quantity) {
        (Tracking::Serial, _) if line.serials.is_empty() => {
            wrong("serials", format!("{title}按序列号管理，请逐件给出 serials。"))
        }
        (Tracking::Serial, Some(quantity)) if u32::try_from(line.serials.len()) != Ok(quantity) => {
            wrong("quantity", format!("quantity 与 serials 的个数不符：{title}。"))
        }
        (Tracking::Serial, _) => {
            let mut seen = std::collections::BTreeSet::new();
            match line.serials.iter().find(|serial| !seen.insert(serial.as_str())) {
                Some(twice) => wrong("serials", format!("序列号 {twice} 给了两次。")),
                None => Ok(line.serials.iter().map(|serial| (Some(serial.clone()), 1)).collect()),
            }
        }
        _ if !line.serials.is_empty() => {
            wrong("serials", format!("{title}不按序列号管理，请只给 quantity。"))
        }
        (_, None | Some(0)) => wrong("quantity", "请给出数量，至少 1。".to_owned()),
        (_, Some(quantity)) => Ok(vec![(None, i64::from(quantity))]),
    }
}
